//! Views: which figures stand in a table, under which columns; every format takes them from here.

mod comparisons;
mod quality;

pub use comparisons::{
    backlog, case_list, conventions, cross, margins, method_changes, methods, outlook, time_to_close, trend,
};
pub use quality::{bounds, excluded, faults, ledger, other_types, readings, single_faults};

use super::Findings;
use crate::analysis::{CaseCounts, ControlFindings, Detail, Figure, PeriodFigures, Series};
use crate::date::Day;
use crate::rulebook::{ByDay, Rule};
use crate::table::{Cell, Row, Table, Target};
use crate::text::{Texts, fill, group_cell, group_name, sentence_case, verdict_words};

fn name_of<'a>(rule: &'a Rule, texts: &Texts) -> &'a str {
    rule.name.text(texts.language())
}

/// A control, by its id and its name.
pub fn control_cell(control: &ControlFindings, texts: &Texts) -> Cell {
    Cell::word(&control.rule.id, name_of(&control.rule, texts))
}

/// A table of one control, which machines see in each row.
fn table_of(control: &ControlFindings, name: &'static str, about: &str, texts: &Texts) -> Table {
    let caption = format!("{}: {about}", name_of(&control.rule, texts));
    let table = Table::new(name, caption).with_id(format!("{}-{name}", control.rule.id)).text_columns(1);
    Table { first: vec![control_cell(control, texts)], ..table.machine(&["control"]) }
}

/// Each control in the period that stands for it.
pub fn summary(findings: &Findings<'_>, texts: &Texts) -> Table {
    let caption = fill!(texts, "terminal.summary", as_of = texts.long_date(findings.as_of));
    let mut table = Table::new("summary", caption)
        .with_id("summary-table")
        .text_columns(2)
        .columns(&["control", "period", "cases", "deviations", "share", "interval"], texts)
        .column("change-points", texts.get("table.change"))
        .machine(&["change-low", "change-high"])
        .columns(&["verdict", "reference"], texts)
        .column("open_overdue", open_overdue(&findings.controls, findings.as_of, texts))
        .machine(&["target"])
        .hide_if(findings.internal().is_none(), &["open_overdue"])
        .hide_if(findings.controls.iter().all(|it| it.rule.reference.is_none()), &["reference"]);
    for control in &findings.controls {
        let to = Some(Target::control(&control.rule.id));
        table.rows.push(Row { cells: summary_cells(findings, control, texts), to, id: None });
    }
    table
}

/// The heading of cases that are open past their due date on the as-of date; with the day where a row stands for a period
/// that ended on another.
pub fn open_overdue(controls: &[ControlFindings], as_of: Day, texts: &Texts) -> String {
    match controls.iter().all(|control| control.headline().period.last_day() == as_of) {
        true => texts.get("table.open_overdue").to_owned(),
        false => fill!(texts, "table.open-overdue-on", as_of = texts.long_date(as_of)),
    }
}

fn summary_cells(findings: &Findings<'_>, control: &ControlFindings, texts: &Texts) -> Vec<Cell> {
    let period = control.headline();
    let stands_alone = period.counts_because().is_none();
    let alone = |cell: Cell| if stands_alone { cell } else { Cell::Unknown };
    let [cases, deviations, _, interval] = figure_cells(period, texts);
    let change = control.headline_change();
    let ends = change.and_then(|change| change.interval);
    let verdict = control.trend.as_ref().map(|trend| verdict_words(trend, texts));
    vec![
        named_in_summary(findings, control, texts),
        period_cell(period, texts),
        cases,
        deviations,
        Cell::told(period.told_in_headline(), texts),
        alone(interval),
        Cell::or_unknown(change, |change| Cell::Points(change.difference)),
        Cell::or_unknown(ends, |interval| Cell::Points(interval.low)),
        Cell::or_unknown(ends, |interval| Cell::Points(interval.high)),
        Cell::or_unknown(verdict, Cell::text),
        alone(reference_cell(control, period, texts)),
        Cell::or_unknown(control.open_overdue().or(period.open_overdue), Cell::Count),
        Cell::or_unknown(control.target, Cell::Share),
    ]
}

/// A control's name and, in a sum, how many of the organisations it is of when that is not all of them.
fn named_in_summary(findings: &Findings<'_>, control: &ControlFindings, texts: &Texts) -> Cell {
    let name = named_with_method(control, control.headline(), texts);
    let origin = findings.internal().and_then(|internal| internal.origin.as_ref());
    let contributors = origin.map_or(&[][..], |origin| &origin.contributors);
    let own = contributors.iter().filter(|it| it.of_control(&control.rule.id).is_some()).count();
    if own == contributors.len() {
        return name;
    }
    let [own, all] = [own, contributors.len()].map(|number| texts.count(number as u64));
    name.noted(fill!(texts, "add.part", own, all))
}

/// A control's name, and how its cases of a period were judged when that is not as the rule says.
fn named_with_method(control: &ControlFindings, period: &PeriodFigures, texts: &Texts) -> Cell {
    let name = control_cell(control, texts);
    let methods = control.rule.methods_of(period.judged_by);
    if methods.iter().all(|method| method.by_day == ByDay::No) {
        return name;
    }
    name.noted(texts.method_of(&control.rule, period.judged_by))
}

/// Whether a table must say of each period by which method its cases were judged: there are several, or it is
/// not the rule's own.
fn methods_vary(control: &ControlFindings) -> bool {
    let methods = control.rule.methods_of(control.judged_by);
    methods.len() > 1 || methods.iter().any(|method| method.by_day != ByDay::No)
}

/// By which method the cases of a period were judged.
fn method_cell(control: &ControlFindings, period: &PeriodFigures, texts: &Texts) -> Cell {
    let name = texts.method_of(&control.rule, period.judged_by);
    Cell::or_unknown(control.rule.method_id(period.judged_by), |id| Cell::word(id, &*name))
}

/// Every period of one control.
pub fn periods(findings: &Findings<'_>, control: &ControlFindings, texts: &Texts) -> Table {
    let in_full = findings.detail(control).map(|detail| &detail.whole);
    periods_of(findings, control, &control.periods, in_full, texts)
}

/// Every period of a control or of one of its groups. Only the internal edition has their counts in full and shows open
/// cases, extensions and 2 §.
pub fn periods_of(
    findings: &Findings<'_>,
    control: &ControlFindings,
    periods: &[PeriodFigures],
    in_full: Option<&Series>,
    texts: &Texts,
) -> Table {
    let mut table = table_of(control, "periods", &texts.get("report.periods").to_lowercase(), texts)
        .columns(&["period"], texts)
        .machine(&["from", "to"])
        .columns(&["cases", "deviations", "share", "interval"], texts)
        .column("change-points", texts.get("table.change"))
        .columns(&["reference", "open_overdue", "extended", "rolled", "method"], texts)
        .machine(&["source"])
        .hide_if(in_full.is_none(), &["open_overdue", "extended", "rolled"])
        .hide_if(control.rule.reference.is_none(), &["reference"])
        .hide_if(!findings.has_extensions(control), &["extended"])
        .hide_if(!control.rule.may_roll(), &["rolled"])
        .hide_if(!methods_vary(control), &["method"]);
    for period in periods {
        let [cases, deviations, share, interval] = figure_cells(period, texts);
        let counts = in_full.and_then(|series| series.of_period(period));
        table.push(vec![
            period_cell(period, texts),
            Cell::Day(period.period.first_day()),
            Cell::Day(period.period.last_day()),
            cases,
            deviations,
            share,
            interval,
            Cell::or_unknown(period.change, |change| Cell::Points(change.difference)),
            reference_cell(control, period, texts),
            Cell::or_unknown(period.open_overdue, Cell::Count),
            Cell::or_unknown(counts, |counts| Cell::Count(counts.extended)),
            Cell::or_unknown(counts, |counts| Cell::Count(counts.rolled_deviations)),
            method_cell(control, period, texts),
            match &period.earlier_report {
                None => Cell::text(texts.get("table.computed")),
                Some(earlier_report) => Cell::text(&earlier_report.source),
            },
        ]);
    }
    table
}

/// A period.
pub fn period_of(period: &PeriodFigures) -> Cell {
    Cell::Period(period.period, period.complete)
}

/// A period, and how it was counted in an earlier report.
fn period_cell(period: &PeriodFigures, texts: &Texts) -> Cell {
    let name = period_of(period);
    match &period.earlier_report {
        None => name,
        Some(earlier_report) => {
            let method = texts.method(&earlier_report.method);
            name.noted(format!("{}, {method}", texts.get("table.reported")))
        }
    }
}

/// A count. In the published edition one that is missing is hidden.
fn count_cell(count: Option<u64>, figure: Figure) -> Cell {
    match count {
        Some(count) => Cell::Count(count),
        None if matches!(figure, Figure::Counted(_)) => Cell::Hidden,
        None => Cell::Unknown,
    }
}

/// Cases, deviations, share and interval.
fn figure_cells(period: &PeriodFigures, texts: &Texts) -> [Cell; 4] {
    [
        count_cell(period.figure.cases(), period.figure),
        count_cell(period.figure.deviations(), period.figure),
        Cell::told(period.told(), texts),
        Cell::or_unknown(period.interval(), Cell::Interval),
    ]
}

/// The share by the reference method, with its name.
fn reference_cell(control: &ControlFindings, period: &PeriodFigures, texts: &Texts) -> Cell {
    match (control.rule.reference, period.figure.reference_ratio()) {
        (Some(_), Some((_, 0))) if !period.is_cut => Cell::Unknown,
        (None, _) => Cell::Unknown,
        (Some(_), Some(_)) if !period.mostly_judged => Cell::told(period.no_share(), texts),
        (Some(clock), Some((deviations, cases))) => Cell::Ratio(deviations, cases).noted(texts.clock(clock)),
        (Some(_), None) => count_cell(None, period.figure),
    }
}

/// The four groups of verdicts by period, or nothing without a reference method.
pub fn comparison(control: &ControlFindings, detail: Option<&Detail>, texts: &Texts) -> Option<Table> {
    let about = texts.get("report.comparison").to_lowercase();
    let method = match control.rule.methods_of(control.judged_by).len() {
        0 | 1 => texts.methods(&control.rule, control.judged_by),
        // The last column shows which of them.
        _ => texts.get("table.method-in-force").to_owned(),
    };
    let table = table_of(control, "comparison", &about, texts).columns(&["period"], texts);
    let mut table = with_verdicts(table, control, &method, texts)?
        .columns(&["method"], texts)
        .hide_if(!methods_vary(control), &["method"]);
    for period in &control.periods {
        let Some(counts) = detail.and_then(|detail| detail.whole.of_period(period)) else { continue };
        let first = Cell::Period(period.period, period.complete);
        let mut cells = verdict_cells(control, first, counts);
        if period.share().is_none() {
            let shares = cells.len() - 2..;
            cells[shares].fill(Cell::told(period.told(), texts));
        }
        cells.push(method_cell(control, period, texts));
        table.push(cells);
    }
    Some(table)
}

/// The four groups of verdicts by start month, or nothing without a reference method.
pub fn start_months(control: &ControlFindings, detail: &Detail, texts: &Texts) -> Option<Table> {
    let about = texts.get("report.start-months").to_lowercase();
    let method = texts.methods(&control.rule, detail.judged_by);
    let table = table_of(control, "start-months", &about, texts).columns(&["start-month"], texts);
    let mut table = with_verdicts(table, control, &method, texts)?;
    for (month, counts) in (1..).zip(&detail.start_months) {
        table.push(verdict_cells(control, Cell::Month(month), *counts));
    }
    Some(table)
}

fn with_verdicts(table: Table, control: &ControlFindings, method: &str, texts: &Texts) -> Option<Table> {
    let reference = texts.clock(control.rule.reference?);
    let [late, in_time] = ["late", "in-time"].map(|word| texts.duty(&control.rule, word));
    let [in_time_by_both, only_reference, only_law, late_by_both] = [
        fill!(texts, "table.both-in-time", in_time),
        fill!(texts, "table.only-reference", late, reference),
        fill!(texts, "table.only-law", late, method),
        fill!(texts, "table.both-late", late),
    ]
    .map(|heading| sentence_case(&heading));
    let table = table
        .columns(&["cases"], texts)
        .column("in-time-by-both", in_time_by_both)
        .column("late-only-by-reference", only_reference)
        .column("late-only-by-law", only_law)
        .column("late-by-both", late_by_both)
        .machine(&["reference-method"])
        .column("lawful-share", method)
        .column("reference-share", reference);
    Some(table)
}

fn verdict_cells(control: &ControlFindings, first: Cell, counts: CaseCounts) -> Vec<Cell> {
    vec![
        first,
        Cell::Count(counts.cases),
        Cell::Count(counts.in_time_by_both()),
        Cell::Count(counts.late_only_by_reference()),
        Cell::Count(counts.late_only_by_law()),
        Cell::Count(counts.late_by_both),
        Cell::or_unknown(control.rule.reference, Cell::Clock),
        Cell::Ratio(counts.deviations, counts.cases),
        Cell::Ratio(counts.reference_deviations, counts.cases),
    ]
}

/// The groups of a column in the headline's period; `number` is the column's.
pub fn groups(findings: &Findings<'_>, control: &ControlFindings, number: usize, texts: &Texts) -> Table {
    let grouping = &control.groupings[number];
    let headline = control.headline();
    let period = texts.months_so_far(headline.period, headline.complete);
    let mut table = table_of(control, "groups", &format!("{}, {period}", grouping.column), texts)
        .with_id(format!("{}-groups-{number}", control.rule.id))
        .column("group", &*grouping.column)
        .columns(&["cases", "deviations", "share", "interval", "funnel"], texts)
        .column("change-points", texts.get("table.change"))
        .column("open_overdue", open_overdue(std::slice::from_ref(control), findings.as_of, texts))
        .hide_if(findings.internal().is_none(), &["open_overdue"]);
    for (index, group) in grouping.groups.iter().enumerate() {
        let period = &group.periods[control.headline_place];
        let [cases, deviations, share, interval] = figure_cells(period, texts);
        let overdue = group.periods.last().and_then(|period| period.open_overdue);
        table.push(vec![
            Cell::Text(group_name(grouping, index, texts)),
            cases,
            deviations,
            share,
            interval,
            Cell::or_unknown(group_cell(grouping, index, texts), Cell::Text),
            Cell::or_unknown(period.change, |change| Cell::Points(change.difference)),
            Cell::or_unknown(overdue, Cell::Count),
        ]);
    }
    table
}

/// The groups of every column in every period.
pub fn all_groups(control: &ControlFindings, texts: &Texts) -> Table {
    let keys = ["column", "group", "period", "cases", "deviations", "share", "interval"];
    let mut table = table_of(control, "groups", texts.get("sheet.groups"), texts).machine(&keys);
    for grouping in &control.groupings {
        for (index, group) in grouping.groups.iter().enumerate() {
            for period in &group.periods {
                let mut cells = vec![
                    Cell::text(&grouping.column),
                    Cell::Text(group_name(grouping, index, texts)),
                    period_cell(period, texts),
                ];
                cells.extend(figure_cells(period, texts));
                table.push(cells);
            }
        }
    }
    table
}
