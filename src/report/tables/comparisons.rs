//! Views that compare: methods, cohorts, times to close, groups by two columns.

use super::{count_cell, period_cell, table_of};
use crate::analysis::{
    CaseCounts, ControlFindings, Convention, Detail, Figure, Forecast, Interval, Survival, Trend, TrendPoint,
    bounds,
};
use crate::period::{Period, PeriodKind};
use crate::rulebook::Cohort;
use crate::table::{Cell, Table};
use crate::text::{Texts, fill, sentence_case};

/// Every period by both methods, or nothing without a reference method.
pub fn methods(control: &ControlFindings, texts: &Texts) -> Option<Table> {
    let reference = control.rule.reference?;
    let keys = [
        "period",
        "method",
        "deviations",
        "share",
        "reference-method",
        "reference-deviations",
        "reference-share",
        "difference",
    ];
    let mut table = table_of(control, "methods", texts.get("sheet.methods"), texts).machine(&keys);
    for period in &control.periods {
        let figure = period.figure;
        let lawful = Some(figure).filter(|_| period.earlier_report.is_none());
        table.push(vec![
            period_cell(period, texts),
            Cell::Text(texts.method_of(&control.rule, period.judged_by)),
            count_cell(lawful.and_then(Figure::deviations), figure),
            Cell::or_unknown(period.lawful_share(), Cell::Share),
            Cell::Clock(reference),
            count_cell(figure.reference_ratio().map(|(deviations, _)| deviations), figure),
            Cell::or_unknown(period.reference_share(reference), Cell::Share),
            Cell::or_unknown(period.reference_gap(reference), Cell::Points),
        ]);
    }
    Some(table)
}

/// How much of the change between periods comes from the method, or nothing where there is none.
pub fn method_changes(control: &ControlFindings, texts: &Texts) -> Option<Table> {
    let reference = texts.clock(control.rule.reference?);
    let method = texts.methods(&control.rule, control.judged_by);
    let mut table = table_of(control, "method-changes", texts.get("report.method-changes"), texts)
        .columns(&["period"], texts)
        .machine(&["before"])
        .column("from-share", fill!(texts, "table.before-by-reference", reference))
        .column("to-share", fill!(texts, "table.now-by-law", method))
        .column("change-points", texts.get("table.whole-change"))
        .column("by-cases-points", texts.get("table.by-cases"))
        .column("by-method-points", texts.get("table.by-method"));
    for change in &control.method_changes {
        table.push(vec![
            Cell::Period(change.period, true),
            Cell::Period(change.before, true),
            Cell::Share(change.from_share).noted(texts.period(change.before)),
            Cell::Share(change.to_share),
            Cell::Points(change.to_share - change.from_share),
            Cell::Points(change.by_cases),
            Cell::Points(change.by_method),
        ]);
    }
    table.if_any()
}

/// Margins of closed cases by period, or nothing when none was closed.
pub fn margins(control: &ControlFindings, detail: &Detail, texts: &Texts) -> Option<Table> {
    let about = texts.get(&format!("report.margins-{}", control.rule.margin_unit()));
    let mut table = table_of(control, "margins", about, texts)
        .columns(&["closed-in", "cases", "p10", "p25", "p50", "p75", "p90"], texts);
    for margins in &detail.margins {
        let mut cells = vec![Cell::Period(margins.period, true), Cell::Count(margins.cases())];
        cells.extend(margins.quantiles().map(Cell::Margin));
        table.push(cells);
    }
    table.if_any()
}

/// Time to close by period of the start, or nothing without a case.
pub fn time_to_close(control: &ControlFindings, detail: &Detail, texts: &Texts) -> Option<Table> {
    let about = texts.get(&format!("report.close-{}", control.rule.margin_unit()));
    let keys = ["started-in", "cases", "open", "open-after-due", "half-closed", "most-closed"];
    let mut table = table_of(control, "time-to-close", about, texts).columns(&keys, texts);
    let reached = |share: f64, curve: &Survival| Cell::or_unknown(curve.reached(share), Cell::Margin);
    for (period, curve) in &detail.time_to_close.periods {
        table.push(vec![
            Cell::Period(*period, true),
            Cell::Count(curve.cases),
            Cell::Count(curve.open),
            Cell::or_unknown(curve.open_after(0), Cell::Share),
            reached(0.5, curve),
            reached(0.1, curve),
        ]);
    }
    table.if_any()
}

/// Every point of a trend with its signals and its limits; where deviations are few, people see the fewest that would be
/// unusually many in their place.
pub fn trend(control: &ControlFindings, trend: &Trend, texts: &Texts) -> Table {
    let is_rare = trend.rare_marks().is_some();
    let mut table = table_of(control, "trend", texts.get("report.trend"), texts)
        .with_id(format!("{}-points", control.rule.id))
        .columns(&["period"], texts)
        .machine(&["from"])
        .columns(&["cases", "deviations", "share", "mean", "limits", "unusual", "signals"], texts)
        .hide_if(is_rare, &["limits"])
        .hide_if(!is_rare, &["unusual"]);
    let count = |count: Option<u64>| count.map_or(Cell::Hidden, Cell::Count);
    for point in &trend.points {
        let signals = signal_names(trend, point, texts);
        table.push(vec![
            Cell::Period(point.period, point.has_ended),
            Cell::Day(point.period.first_day()),
            count(point.figure.cases()),
            count(point.figure.deviations()),
            Cell::told(point.told(), texts),
            Cell::or_unknown(point.center, Cell::Share),
            Cell::or_unknown(point.limits.map(|(low, high)| Interval { low, high }), Cell::Interval),
            Cell::or_unknown(trend.rare_month(point).map(|month| month.unusual), Cell::Count),
            if signals.is_empty() { Cell::Unknown } else { Cell::Text(signals.join(", ")) },
        ]);
    }
    table
}

/// The signals at a point that are to be shown.
fn signal_names<'t>(trend: &Trend, point: &TrendPoint, texts: &'t Texts) -> Vec<&'t str> {
    trend.signals(point).iter().map(|signal| texts.get(&format!("signal.{}", signal.id()))).collect()
}

/// Open cases at the end of each month that the export knows the whole of.
pub fn backlog(control: &ControlFindings, detail: &Detail, texts: &Texts) -> Option<Table> {
    let mut table = table_of(control, "backlog", texts.get("report.backlog"), texts)
        .columns(&["month", "open", "open_overdue"], texts);
    for at in &detail.backlog {
        table.push(vec![
            Cell::Period(PeriodKind::Month.holding_month(at.month), true),
            Cell::Count(at.open),
            Cell::Count(at.open_overdue),
        ]);
    }
    table.if_any()
}

/// What the open cases will come to within some days and by month, or nothing where that cannot be told.
pub fn outlook(control: &ControlFindings, detail: &Detail, texts: &Texts) -> Option<Table> {
    let outlook = detail.outlook.as_ref()?;
    let mut table = table_of(control, "outlook", texts.get("report.outlook"), texts)
        .columns(&["due-in", "open", "chance", "expected", "interval90", "held"], texts);
    let cells = |name: String, forecast: &Forecast, held: Cell| {
        vec![
            Cell::Text(name),
            Cell::Count(forecast.open),
            Cell::Share(forecast.chance()),
            Cell::Number(forecast.expected),
            Cell::Counts(forecast.interval.0, forecast.interval.1),
            held,
        ]
    };
    for ahead in &outlook.ahead {
        let name = fill!(texts, "table.within-days", n = texts.count(ahead.days as u64));
        let held = match ahead.trials.len() {
            0 => Cell::Unknown,
            all => Cell::OutOf(ahead.inside() as u64, all as u64),
        };
        table.push(cells(name, &ahead.forecast, held));
    }
    for month in &outlook.months {
        table.push(cells(texts.days(month.due), month, Cell::Unknown));
    }
    Some(table)
}

/// A cohort, by its id and its name.
fn cohort_cell(cohort: Cohort, texts: &Texts) -> Cell {
    Cell::word(cohort.id(), sentence_case(texts.get(&format!("cohort.{}", cohort.id()))))
}

/// The same cases by the three cohorts, in one period or in all.
pub fn conventions(
    control: &ControlFindings,
    detail: &Detail,
    only: Option<Period>,
    texts: &Texts,
) -> Option<Table> {
    let keys = ["period", "cohort", "cases", "deviations", "share", "undetermined", "lowest", "highest"];
    let mut table = table_of(control, "conventions", texts.get("report.conventions-table"), texts)
        .text_columns(2)
        .columns(&keys, texts);
    let all = detail.conventions.first().map_or(0, |convention| convention.periods.len());
    let running = control.periods.last().filter(|last| !last.complete).map(|last| last.period);
    for index in 0..all {
        for convention in &detail.conventions {
            let (period, counts) = &convention.periods[index];
            if only.is_some_and(|only| only != *period) {
                continue;
            }
            let mut cells = vec![Cell::Period(*period, running != Some(*period))];
            cells.extend(convention_cells(convention, *counts, texts));
            table.push(cells);
        }
    }
    Some(table)
}

/// One cohort's counts of a period; shares only when the whole of its cases is in the export and most of them
/// can be judged.
fn convention_cells(convention: &Convention, counts: CaseCounts, texts: &Texts) -> [Cell; 7] {
    let bounds = bounds(counts);
    let share = counts.is_mostly_judged().then_some((counts.deviations, counts.cases));
    let ratio = |ratio: Option<(u64, u64)>| {
        Cell::or_unknown(ratio, |(deviations, cases)| Cell::Ratio(deviations, cases))
    };
    [
        cohort_cell(convention.cohort, texts),
        Cell::Count(counts.cases),
        Cell::Count(counts.deviations),
        if counts.is_cut { Cell::Incomplete } else { ratio(share) },
        Cell::Count(counts.undetermined),
        ratio(bounds.map(|bounds| bounds.lowest)),
        ratio(bounds.map(|bounds| bounds.highest)),
    ]
}

/// How each cohort's cases add up to the case list.
pub fn case_list(control: &ControlFindings, detail: &Detail, texts: &Texts) -> Option<Table> {
    let mut table = table_of(control, "case-list", texts.get("report.case-list"), texts)
        .columns(&["cohort", "in-periods"], texts)
        .column("later", texts.get("table.later-periods"))
        .columns(&["no-period", "all-cases"], texts);
    for convention in &detail.conventions {
        let placed = convention.cases() - convention.later - convention.none;
        table.push(vec![
            cohort_cell(convention.cohort, texts),
            Cell::Count(placed),
            Cell::Count(convention.later),
            Cell::Count(convention.none),
            Cell::Count(convention.cases()),
        ]);
    }
    Some(table)
}

/// Groups by two columns in the headline's period, or nothing when cases are not grouped by two.
pub fn cross(control: &ControlFindings, detail: &Detail, texts: &Texts) -> Option<Table> {
    let cross = detail.cross.as_ref()?;
    let [group, subgroup] = &cross.columns;
    let headline = control.headline();
    let period = texts.months_so_far(headline.period, headline.complete);
    let about = fill!(texts, "report.cross", group, subgroup, period);
    let named = |name: &String| {
        if name.is_empty() { texts.get("report.no-group").to_owned() } else { name.clone() }
    };
    let table = table_of(control, "cross", &about, texts).column("group", group);
    let mut table = cross.subgroups.iter().fold(table, |table, name| table.column(name.clone(), named(name)));
    for group in &cross.groups {
        let mut cells = vec![Cell::Text(named(group))];
        cells.extend(cross.subgroups.iter().map(|subgroup| {
            let counts = cross.of(group, subgroup);
            let CaseCounts { deviations, cases, .. } = counts;
            match cases {
                0 => Cell::Unknown,
                _ if !counts.is_mostly_judged() => Cell::OutOf(deviations, cases),
                _ => Cell::Ratio(deviations, cases).noted(format!(
                    "{}/{}",
                    texts.count(deviations),
                    texts.count(cases)
                )),
            }
        }));
        table.push(cells);
    }
    table.if_any()
}
