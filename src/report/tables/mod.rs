//! Tables: the report's figures as text in rows and columns, once for page, terminal and CSV.

mod comparisons;

use serde::Serialize;

pub use comparisons::{
    backlog, case_list, conventions, cross, margins, method_changes, outlook, signal_names, time_to_close,
    trend,
};

use super::document::Span;
use super::{Findings, faults_by_code};
use crate::analysis::{CaseCounts, ControlFindings, Detail, Figure, PeriodFigures};
use crate::findings::Internal;
use crate::ingest::{Export, Fault, Form, Place, shown};
use crate::language::Language;
use crate::personal_numbers;
use crate::project::CsvStyle;
use crate::rulebook::{ByDay, Rule};
use crate::text::{Texts, fault_remedy, group_cell, group_name, verdict_words};

/// A table; the first cell of a row names it.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Table {
    /// Unique on the page.
    pub id: String,
    /// What it shows.
    pub caption: String,
    /// Headings.
    pub headings: Vec<String>,
    /// How many of the first columns are text; the others hold numbers.
    pub text_columns: usize,
    /// The rows.
    pub rows: Vec<Vec<String>>,
    /// Where the first cell of a row leads, by row; empty where nowhere, or altogether.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<String>,
    /// The ids of rows that something leads to, in the same way.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub row_ids: Vec<String>,
    /// Links from its figures to what stands behind them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub trail: Vec<Span>,
    /// A long table, folded away on the page.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub folded: bool,
}

impl Table {
    /// A table without rows; headings are keys of the text catalogues.
    pub fn new(
        id: impl Into<String>,
        caption: impl Into<String>,
        texts: &Texts,
        keys: &[&str],
        text_columns: usize,
    ) -> Table {
        Table {
            id: id.into(),
            caption: caption.into(),
            headings: keys.iter().map(|key| texts.get(&format!("table.{key}")).to_owned()).collect(),
            text_columns,
            ..Table::default()
        }
    }

    /// The table as CSV with its headings, without the mark that a file in the style begins with.
    pub fn to_csv(&self, style: CsvStyle, language: Language) -> Vec<u8> {
        let mut writer = csv::WriterBuilder::new().delimiter(style.separator()).from_writer(Vec::new());
        let mut write = |row: &[String]| writer.write_record(row).expect("writing into memory does not fail");
        write(&self.headings);
        for row in &self.rows {
            let cells = row.iter().enumerate().map(|(column, cell)| match language {
                // Swedish numbers have their comma already.
                Language::En if column >= self.text_columns => style.number(cell),
                _ => cell.clone(),
            });
            write(&cells.collect::<Vec<String>>());
        }
        writer.into_inner().expect("writing into memory does not fail")
    }
}

fn name_of<'a>(rule: &'a Rule, texts: &Texts) -> &'a str {
    rule.name.text(texts.language())
}

/// Each control in the period that stands for it.
pub fn summary(findings: &Findings<'_>, texts: &Texts) -> Table {
    let caption = texts.fill("terminal.summary", &[("as_of", &findings.as_of.to_string())]);
    let keys = [
        "control",
        "period",
        "cases",
        "deviations",
        "share",
        "interval",
        "change",
        "verdict",
        "reference",
        "open_overdue",
    ];
    let columns = if findings.internal().is_some() { keys.len() } else { keys.len() - 1 };
    let mut table = Table::new("summary-table", caption, texts, &keys[..columns], 2);
    for control in &findings.controls {
        let mut row = vec![name_with_method(control, control.headline(), texts)];
        let [period, cases, deviations, share, interval, change, reference, overdue] =
            headline_cells(control, texts);
        let verdict =
            control.trend.as_ref().map_or(texts.get("table.none"), |trend| verdict_words(trend, texts));
        row.extend([
            period,
            cases,
            deviations,
            share,
            interval,
            change,
            verdict.to_owned(),
            reference,
            overdue,
        ]);
        row.truncate(columns);
        table.links.push(format!("#rule_{}", control.rule.id));
        table.rows.push(row);
    }
    table
}

/// A control's name, and how its cases of a period were judged when that is not as the rule says.
fn name_with_method(control: &ControlFindings, period: &PeriodFigures, texts: &Texts) -> String {
    let name = name_of(&control.rule, texts);
    let methods = control.rule.methods_of(period.judged_by);
    if methods.iter().all(|method| method.by_day == ByDay::No) {
        return name.to_owned();
    }
    format!("{name} ({})", texts.method_of(&control.rule, period.judged_by))
}

/// Whether a table must say of each period by which method its cases were judged: there are several, or it is
/// not the rule's own.
fn methods_vary(control: &ControlFindings) -> bool {
    let methods = control.rule.methods_of(control.judged_by);
    methods.len() > 1 || methods.iter().any(|method| method.by_day != ByDay::No)
}

/// Every period of one control.
pub fn periods(findings: &Findings<'_>, control: &ControlFindings, texts: &Texts) -> Table {
    periods_of(findings, control, &control.periods, texts)
}

/// Every period of a control or of one of its groups.
pub fn periods_of(
    findings: &Findings<'_>,
    control: &ControlFindings,
    periods: &[PeriodFigures],
    texts: &Texts,
) -> Table {
    let keys = [
        "period",
        "cases",
        "deviations",
        "share",
        "interval",
        "change",
        "reference",
        "open_overdue",
        "extended",
        "rolled",
    ];
    // Open cases, extensions and 2 § are told of in the internal edition alone.
    let keys = if findings.internal().is_some() { &keys[..] } else { &keys[..7] };
    let caption =
        format!("{}: {}", name_of(&control.rule, texts), texts.get("report.periods").to_lowercase());
    let mut table = Table::new(format!("{}-periods", control.rule.id), caption, texts, keys, 1);
    let with_method = methods_vary(control);
    table.headings.extend(with_method.then(|| texts.get("table.method").to_owned()));
    for period in periods {
        let mut row = period_cells(control, period, texts).to_vec();
        let counts = period.figure.counts();
        for value in [counts.map(|counts| counts.extended), counts.map(|counts| counts.rolled_deviations)] {
            row.push(value.map_or(texts.get("table.none").to_owned(), |value| texts.count(value)));
        }
        row.truncate(keys.len());
        row.extend(with_method.then(|| texts.method_of(&control.rule, period.judged_by)));
        table.rows.push(row);
    }
    table
}

/// The headline's figures, with a share only where it can stand alone, and what is overdue on the as-of date.
fn headline_cells(control: &ControlFindings, texts: &Texts) -> [String; 8] {
    let period = control.headline();
    let mut cells = period_cells(control, period, texts);
    if period.counts_because().is_some() {
        cells[3] = texts.headline(period);
        cells[4..7].fill(texts.get("table.none").to_owned());
    }
    if let Some(overdue) = control.open_overdue() {
        cells[7] = texts.count(overdue);
    }
    cells
}

fn period_cells(control: &ControlFindings, period: &PeriodFigures, texts: &Texts) -> [String; 8] {
    let protected = matches!(period.figure, Figure::Protected(_));
    let none = || texts.get("table.none").to_owned();
    // In the published edition a number that is missing is one that is hidden.
    let missing = || texts.get(if protected { "table.hidden" } else { "table.none" }).to_owned();
    let reference = match (control.rule.reference, period.figure.reference_ratio()) {
        (Some(_), Some((_, 0))) | (None, _) => none(),
        (Some(_), Some(_)) if !period.mostly_judged => texts.get("table.too-early").to_owned(),
        (Some(clock), Some((deviations, cases))) => {
            format!("{} ({})", texts.ratio(deviations, cases), texts.clock(clock))
        }
        (Some(_), None) => missing(),
    };
    let name = match &period.earlier_report {
        None => texts.period_so_far(period.period, period.complete),
        Some(earlier_report) => format!(
            "{} ({}, {})",
            texts.period(period.period),
            texts.get("table.reported"),
            texts.method(&earlier_report.method)
        ),
    };
    let count = |count: Option<u64>| count.map_or_else(missing, |count| texts.count(count));
    let open_overdue = count(period.open_overdue);
    [
        name,
        count(period.figure.cases()),
        count(period.figure.deviations()),
        texts.period_share(period),
        texts.interval(period.interval()),
        texts.change(period.change),
        reference,
        open_overdue,
    ]
}

/// The four groups of verdicts by period, or nothing without a reference method.
pub fn comparison(control: &ControlFindings, texts: &Texts) -> Option<Table> {
    let caption =
        format!("{}: {}", name_of(&control.rule, texts), texts.get("report.comparison").to_lowercase());
    let with_method = methods_vary(control);
    let method = match control.rule.methods_of(control.judged_by).len() {
        0 | 1 => texts.methods(&control.rule, control.judged_by),
        // The last column tells which of them.
        _ => texts.get("table.method-in-force").to_owned(),
    };
    let mut table = verdicts_table(control, "comparison", caption, ("period", method), texts)?;
    table.headings.extend(with_method.then(|| texts.get("table.method").to_owned()));
    for period in &control.periods {
        if let Figure::Computed(counts) = period.figure {
            let name = texts.period_so_far(period.period, period.complete);
            let mut cells = verdict_cells(name, counts, texts);
            if !period.mostly_judged {
                let shares = cells.len() - 2..;
                cells[shares].fill(texts.get("table.too-early").to_owned());
            }
            cells.extend(with_method.then(|| texts.method_of(&control.rule, period.judged_by)));
            table.rows.push(cells);
        }
    }
    Some(table)
}

/// The four groups of verdicts by start month, or nothing without a reference method.
pub fn start_months(control: &ControlFindings, detail: &Detail, texts: &Texts) -> Option<Table> {
    let caption =
        format!("{}: {}", name_of(&control.rule, texts), texts.get("report.start-months").to_lowercase());
    let first = ("start-month", texts.methods(&control.rule, detail.judged_by));
    let mut table = verdicts_table(control, "start-months", caption, first, texts)?;
    for (index, counts) in detail.start_months.iter().enumerate() {
        let month = texts.get(&format!("month.{}", index + 1)).to_owned();
        table.rows.push(verdict_cells(month, *counts, texts));
    }
    Some(table)
}

fn verdicts_table(
    control: &ControlFindings,
    id: &str,
    caption: String,
    (first, method): (&str, String),
    texts: &Texts,
) -> Option<Table> {
    let reference = texts.clock(control.rule.reference?);
    let mut table =
        Table::new(format!("{}-{id}", control.rule.id), caption, texts, &[first, "cases", "both-in-time"], 1);
    table.headings.push(texts.fill("table.only-reference", &[("reference", &reference)]));
    table.headings.push(texts.fill("table.only-law", &[("method", &method)]));
    table.headings.push(texts.get("table.both-late").to_owned());
    table.headings.push(method);
    table.headings.push(reference);
    Some(table)
}

fn verdict_cells(name: String, counts: CaseCounts, texts: &Texts) -> Vec<String> {
    vec![
        name,
        texts.count(counts.cases),
        texts.count(counts.in_time_by_both()),
        texts.count(counts.late_only_by_reference()),
        texts.count(counts.late_only_by_law()),
        texts.count(counts.late_by_both),
        texts.ratio(counts.deviations, counts.cases),
        texts.ratio(counts.reference_deviations, counts.cases),
    ]
}

/// The groups of a column in the headline's period; `number` is the column's.
pub fn groups(
    findings: &Findings<'_>,
    control: &ControlFindings,
    number: usize,
    texts: &Texts,
) -> Option<Table> {
    let grouping = &control.groupings[number];
    let headline = control.headline();
    let name = name_of(&control.rule, texts);
    let period = texts.period_so_far(headline.period, headline.complete);
    let caption = format!("{name}: {}, {period}", grouping.column);
    let keys = ["group", "cases", "deviations", "share", "interval", "funnel", "change", "open_overdue"];
    let keys = if findings.internal().is_some() { &keys[..] } else { &keys[..7] };
    let mut table = Table::new(format!("{}-groups-{number}", control.rule.id), caption, texts, keys, 1);
    table.headings[0].clone_from(&grouping.column);
    for (index, group) in grouping.groups.iter().enumerate() {
        let cells = period_cells(control, &group.periods[control.headline_place], texts);
        let [_, cases, deviations, share, interval, change, ..] = cells;
        let overdue = group.periods.last().and_then(|period| period.open_overdue);
        let overdue = overdue.map_or(texts.get("table.none").to_owned(), |count| texts.count(count));
        let name = group_name(grouping, index, texts);
        let differs = group_cell(grouping, index, texts);
        let mut row = vec![name, cases, deviations, share, interval, differs, change, overdue];
        row.truncate(keys.len());
        table.rows.push(row);
    }
    Some(table)
}

/// The ledger of every file. The first file of each control can be led to.
pub fn ledger(findings: &Findings<'_>, texts: &Texts) -> Table {
    let keys = ["file", "control", "rows", "counted", "open", "excluded", "rejected"];
    let mut table = Table::new("ledger", texts.get("terminal.ledger"), texts, &keys, 2);
    let shown = |number: Option<u64>| {
        number.map_or(texts.get("table.hidden").to_owned(), |number| texts.count(number))
    };
    for entry in &findings.ledger {
        let control =
            entry.control.as_ref().and_then(|id| findings.controls.iter().find(|known| known.rule.id == *id));
        let line = entry.line;
        let id = control.map_or(String::new(), |control| format!("{}_ledger", control.rule.id));
        let is_first = !table.row_ids.contains(&id);
        table.row_ids.push(if is_first { id } else { String::new() });
        table.rows.push(vec![
            findings.exports[entry.export].name.clone(),
            control.map_or(texts.get("table.none"), |control| name_of(&control.rule, texts)).to_owned(),
            shown(line.rows),
            shown(line.counted),
            shown(line.open),
            shown(line.excluded),
            shown(line.rejected),
        ]);
    }
    table
}

/// Why rows were left out though nothing is wrong with them, by file and reason, or nothing when none was.
pub fn excluded(findings: &Findings<'_>, internal: &Internal<'_>, texts: &Texts) -> Option<Table> {
    let keys = ["file", "control", "excluded-because", "rows"];
    let mut table = Table::new("excluded", texts.get("report.excluded"), texts, &keys, 3);
    for entry in &internal.judged.inputs {
        let control =
            entry.control.as_ref().and_then(|id| findings.controls.iter().find(|known| known.rule.id == *id));
        for (reason, rows) in entry.ledger.reasons().into_iter().filter(|(_, rows)| *rows > 0) {
            table.rows.push(vec![
                findings.exports[entry.export].name.clone(),
                control.map_or(texts.get("table.none"), |control| name_of(&control.rule, texts)).to_owned(),
                texts.get(&format!("excluded.{reason}")).to_owned(),
                texts.count(rows),
            ]);
        }
    }
    (!table.rows.is_empty()).then_some(table)
}

/// How each file was read: what was decided, and on which column.
pub fn readings(exports: &[Export], texts: &Texts) -> Table {
    let keys = ["file", "control", "read-as", "columns"];
    let mut table = Table::new("readings", texts.get("terminal.readings"), texts, &keys, 4);
    for export in exports {
        table.rows.push(vec![
            export.name.clone(),
            export.controls.ids().join(", "),
            reading(export, texts),
            columns(export),
        ]);
    }
    table
}

/// How a file is written, in words.
pub fn reading(export: &Export, texts: &Texts) -> String {
    let line = export.header_line.to_string();
    match &export.form {
        Form::Text { encoding, .. } => {
            let separator = match export.separator {
                b'\t' => texts.get("reading.tab").to_owned(),
                other => char::from(other).to_string(),
            };
            let values = [("encoding", encoding.id()), ("separator", &separator), ("line", &line)];
            texts.fill("reading.text", &values)
        }
        Form::Sheet { name, .. } => texts.fill("reading.sheet", &[("sheet", name), ("line", &line)]),
    }
}

/// Which column is what, and how its dates are written when that was decided.
fn columns(export: &Export) -> String {
    let headings = shown(&export.headings);
    let named = export.roles().into_iter().map(|(role, column)| {
        let written = &export.written[column];
        let format = if written.told.is_empty() { String::new() } else { format!(" ({})", written.ids()) };
        format!("{role} = {}{format}", headings[column])
    });
    let all: Vec<String> = named.collect();
    all.join(", ")
}

/// What the cases that were not judged could do to the share of each control, or nothing without such cases.
pub fn bounds(findings: &Findings<'_>, internal: &Internal<'_>, texts: &Texts) -> Option<Table> {
    let keys = ["control", "period", "may-belong", "share", "lowest", "highest"];
    let mut table = Table::new("bounds", texts.get("report.bounds"), texts, &keys, 2);
    for control in &findings.controls {
        let headline = control.headline();
        let Some(bounds) = internal.details[&control.rule.id].bounds(headline) else { continue };
        table.rows.push(vec![
            name_of(&control.rule, texts).to_owned(),
            texts.period_so_far(headline.period, headline.complete),
            texts.count(bounds.unknown),
            texts.headline(headline),
            texts.ratio(bounds.lowest.0, bounds.lowest.1),
            texts.ratio(bounds.highest.0, bounds.highest.1),
        ]);
    }
    (!table.rows.is_empty()).then_some(table)
}

/// Rows with a fault, and where the first of them stand.
#[derive(Default)]
struct FaultyRows {
    count: u64,
    last: Option<Place>,
    places: Vec<String>,
}

/// Faults by file and code with their first places, or nothing when there is none.
pub fn faults(findings: &Findings<'_>, internal: &Internal<'_>, texts: &Texts) -> Option<Table> {
    /// Places shown; all of them stand in `faults.csv`.
    const PLACES: usize = 3;
    let keys = ["file", "code", "reason", "remedy", "places", "count"];
    let mut table = Table::new("faults", texts.get("report.faults"), texts, &keys, 5);
    let place = |fault: &Fault| {
        let export = &findings.exports[fault.place.export];
        match (&export.form, fault.column) {
            (Form::Text { .. }, Some(column)) => {
                format!("{} ({})", fault.place.line, shown(&export.headings)[column])
            }
            (Form::Text { .. }, None) => fault.place.line.to_string(),
            (Form::Sheet { .. }, column) => {
                let place = export.place(fault.place.line, column);
                place.strip_prefix(&export.name).unwrap_or(&place).trim_start().to_owned()
            }
        }
    };
    let add = |rows: &mut FaultyRows, fault: &Fault| {
        // In order of place two faults of one row stand together.
        if rows.last.replace(fault.place) != Some(fault.place) {
            rows.count += 1;
        }
        // A file of a million rows can have a fault in each.
        if rows.places.len() > PLACES {
            return;
        }
        let place = place(fault);
        match rows.places.len() {
            _ if rows.places.last() == Some(&place) => {}
            PLACES => rows.places.push("…".to_owned()),
            _ => rows.places.push(place),
        }
    };
    for ((name, code), rows) in faults_by_code(&internal.judged.faults, findings.exports, add) {
        let effect = texts.get(&format!("effect.{}", code.effect().id()));
        table.rows.push(vec![
            name.to_owned(),
            format!("{} ({effect})", code.id()),
            texts.get(&format!("fault.{}.reason", code.id())).to_owned(),
            fault_remedy(code, texts).to_owned(),
            rows.places.join(", "),
            texts.count(rows.count),
        ]);
    }
    (!table.rows.is_empty()).then_some(table)
}

/// Types of a type column that belong to no control, or nothing when there is none.
pub fn other_types(findings: &Findings<'_>, internal: &Internal<'_>, texts: &Texts) -> Option<Table> {
    let keys = ["file", "type", "count"];
    let mut table = Table::new("other-types", texts.get("terminal.other-types"), texts, &keys, 2);
    for (number, types) in &internal.judged.other_types {
        for (name, count) in types {
            let masked = personal_numbers::may_name_a_person(name, *count);
            let name = if masked { "…".to_owned() } else { name.clone() };
            table.rows.push(vec![findings.exports[*number].name.clone(), name, texts.count(*count)]);
        }
    }
    (!table.rows.is_empty()).then_some(table)
}
