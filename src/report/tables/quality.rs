//! Views of what was read: files, their ledgers and their faults.

use super::{Findings, control_cell};
use crate::analysis::ControlFindings;
use crate::findings::Internal;
use crate::ingest::{Export, Fault, Faults, Form, Place, shown};
use crate::personal_numbers;
use crate::report::faults_by_code;
use crate::table::{Cell, Row, Table};
use crate::text::{Texts, fault_reason, fault_remedy, reading};

/// The control with an id.
fn control_of<'f>(findings: &'f Findings<'_>, id: Option<&String>) -> Option<&'f ControlFindings> {
    findings.controls.iter().find(|control| Some(&control.rule.id) == id)
}

/// The ledger of every file. The first file of each control can be led to.
pub fn ledger(findings: &Findings<'_>, texts: &Texts) -> Table {
    let keys = ["file", "control", "rows", "counted", "open", "excluded", "rejected"];
    let mut table = Table::new("ledger", texts.get("terminal.ledger")).text_columns(2).columns(&keys, texts);
    for entry in &findings.ledger {
        let control = control_of(findings, entry.control.as_ref());
        let line = entry.line;
        let id = control.map(|control| format!("{}_ledger", control.rule.id));
        let id = id.filter(|id| !table.rows.iter().any(|row| row.id.as_ref() == Some(id)));
        let mut cells =
            vec![Cell::text(&entry.file), Cell::or_unknown(control, |control| control_cell(control, texts))];
        let numbers = [line.rows, line.counted, line.open, line.excluded, line.rejected];
        cells.extend(numbers.map(|number| number.map_or(Cell::Hidden, Cell::Count)));
        table.rows.push(Row { cells, to: None, id });
    }
    table
}

/// Why rows were left out though nothing is wrong with them, by file and reason, or nothing when none was.
pub fn excluded(findings: &Findings<'_>, internal: &Internal<'_>, texts: &Texts) -> Option<Table> {
    let keys = ["file", "control", "excluded-because", "rows"];
    let mut table =
        Table::new("excluded", texts.get("report.excluded")).text_columns(3).columns(&keys, texts);
    for (entry, shown) in internal.judged.inputs.iter().zip(&findings.ledger) {
        let control = control_of(findings, entry.control.as_ref());
        for (reason, rows) in entry.ledger.reasons().into_iter().filter(|(_, rows)| *rows > 0) {
            table.push(vec![
                Cell::text(&shown.file),
                Cell::or_unknown(control, |control| control_cell(control, texts)),
                Cell::word(reason, texts.get(&format!("excluded.{reason}"))),
                Cell::Count(rows),
            ]);
        }
    }
    table.if_any()
}

/// How each file was read: what was decided, and on which column.
pub fn readings(exports: &[Export], texts: &Texts) -> Table {
    let keys = ["file", "control", "read-as", "columns"];
    let mut table = Table::new("readings", texts.get("terminal.readings")).columns(&keys, texts);
    for export in exports {
        table.push(vec![
            Cell::text(&export.name),
            Cell::Text(export.controls.ids().join(", ")),
            Cell::Text(reading(export, texts)),
            Cell::Text(columns(export)),
        ]);
    }
    table
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
    let mut table = Table::new("bounds", texts.get("report.bounds")).text_columns(2).columns(&keys, texts);
    for control in &findings.controls {
        let headline = control.headline();
        let Some(bounds) = internal.details[&control.rule.id].bounds(headline) else { continue };
        table.push(vec![
            control_cell(control, texts),
            Cell::Period(headline.period, headline.complete),
            Cell::Count(bounds.unknown),
            Cell::told(headline.told_in_headline(), texts),
            Cell::Ratio(bounds.lowest.0, bounds.lowest.1),
            Cell::Ratio(bounds.highest.0, bounds.highest.1),
        ]);
    }
    table.if_any()
}

/// Rows with a fault, and where the first of them stand.
#[derive(Default)]
struct FaultyRows {
    count: u64,
    last: Option<Place>,
    places: Vec<String>,
}

/// Places of faults that are shown; all of them stand in `faults.csv`.
const PLACES: usize = 3;

/// Faults by file and code with their first places, or nothing when there is none.
pub fn faults(findings: &Findings<'_>, internal: &Internal<'_>, texts: &Texts) -> Option<Table> {
    let mut table = Table::new("faults", texts.get("report.faults"))
        .text_columns(5)
        .columns(&["file", "code"], texts)
        .machine(&["effect"])
        .columns(&["reason", "remedy", "places", "count"], texts);
    let add = |rows: &mut FaultyRows, fault: &Fault| rows.add(fault, findings.exports);
    for ((name, code), rows) in faults_by_code(&internal.judged.faults, findings.exports, add) {
        let effect = code.effect().id();
        let effect_name = texts.get(&format!("effect.{effect}"));
        table.push(vec![
            Cell::text(name),
            Cell::text(code.id()).noted(effect_name),
            Cell::word(effect, effect_name),
            Cell::text(texts.get(&format!("fault.{}.reason", code.id()))),
            Cell::text(fault_remedy(code, texts)),
            Cell::Text(rows.places.join(", ")),
            Cell::Count(rows.count),
        ]);
    }
    table.if_any()
}

impl FaultyRows {
    fn add(&mut self, fault: &Fault, exports: &[Export]) {
        // In order of place two faults of one row stand together.
        if self.last.replace(fault.place) != Some(fault.place) {
            self.count += 1;
        }
        // A file of a million rows can have a fault in each.
        if self.places.len() > PLACES {
            return;
        }
        let place = place_in_file(fault, &exports[fault.place.export]);
        match self.places.len() {
            _ if self.places.last() == Some(&place) => {}
            PLACES => self.places.push("…".to_owned()),
            _ => self.places.push(place),
        }
    }
}

/// A fault's line, or cell of a sheet, without the name of the file.
fn place_in_file(fault: &Fault, export: &Export) -> String {
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
}

/// The first `most` faults, one by one: where, what and why; never what the cell holds.
pub fn single_faults(faults: &Faults, exports: &[Export], most: usize, texts: &Texts) -> Table {
    let keys = ["file", "line", "column", "code", "effect", "reason"];
    let mut table = Table::new("faults", texts.get("report.faults")).machine(&keys);
    let headings: Vec<Vec<String>> = exports.iter().map(|export| shown(&export.headings)).collect();
    for fault in faults.iter().take(most) {
        let column = fault.column.map(|column| headings[fault.place.export][column].clone());
        let effect = fault.code.effect().id();
        table.push(vec![
            Cell::text(&exports[fault.place.export].name),
            Cell::Count(fault.place.line),
            Cell::or_unknown(column, Cell::Text),
            Cell::text(fault.code.id()),
            Cell::word(effect, texts.get(&format!("effect.{effect}"))),
            Cell::Text(fault_reason(&fault, exports, texts)),
        ]);
    }
    table
}

/// Types of a type column that belong to no control, or nothing when there is none.
pub fn other_types(findings: &Findings<'_>, internal: &Internal<'_>, texts: &Texts) -> Option<Table> {
    let keys = ["file", "type", "count"];
    let mut table =
        Table::new("other-types", texts.get("terminal.other-types")).text_columns(2).columns(&keys, texts);
    for (number, types) in &internal.judged.other_types {
        for (name, count) in types {
            let masked = personal_numbers::may_name_a_person(name, *count);
            let name = if masked { "…".to_owned() } else { name.clone() };
            table.push(vec![
                Cell::text(&findings.exports[*number].name),
                Cell::Text(name),
                Cell::Count(*count),
            ]);
        }
    }
    table.if_any()
}
