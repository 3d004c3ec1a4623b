//! Notes: what was decided, left out or passed over, and would otherwise be so in silence.
//!
//! `frist run` says them beside its tables, `frist check` among what it found.

use super::session::Session;
use crate::date::Day;
use crate::error::Error;
use crate::findings::{Run, lacking};
use crate::ingest::{Controls, Export, shown};
use crate::pipeline::Judged;
use crate::project::Duplicates;
use crate::text::Texts;

/// What is known before the first case is judged.
///
/// # Errors
/// When the folder of the project cannot be read.
pub fn before_judging(run: &Run, errors: &[Error], texts: &Texts) -> Result<Vec<String>, Error> {
    let (input, exports, mut notes) = (&run.input, &run.exports, Vec::new());
    note_ungrouped(run, texts, &mut notes);
    note_shared_files(exports, texts, &mut notes);
    note_sheets(exports, texts, &mut notes);
    exports.iter().for_each(|export| note_export(export, texts, &mut notes));
    let own = input.own_outputs()?;
    if !own.is_empty() {
        notes.push(texts.fill("terminal.own-outputs", &[("files", &own.join(", "))]));
    }
    let unread = input.unread(exports, errors);
    if !unread.is_empty() {
        notes.push(texts.fill("terminal.unread-files", &[("files", &unread.join(", "))]));
    }
    Ok(notes)
}

/// Exports that lack a column that cases are to be grouped by, which others have.
fn note_ungrouped(run: &Run, texts: &Texts, notes: &mut Vec<String>) {
    for (_, column, without) in lacking(run.settings(), &run.exports) {
        if !without.is_empty() && without.len() < run.exports.len() {
            let files: Vec<&str> = without.iter().map(|export| export.name.as_str()).collect();
            notes.push(
                texts.fill("terminal.not-grouped", &[("column", column), ("files", &files.join(", "))]),
            );
        }
    }
}

/// A file whose headings fit several controls is read for each, which its owner should know.
fn note_shared_files(exports: &[Export], texts: &Texts, notes: &mut Vec<String>) {
    for pair in exports.chunk_by(|one, next| (&one.path, &one.form) == (&next.path, &next.form)) {
        if pair.len() > 1 {
            let controls: Vec<&str> = pair.iter().flat_map(|export| export.controls.ids()).collect();
            let values = [("file", pair[0].name.as_str()), ("controls", &controls.join(", "))];
            notes.push(texts.fill("terminal.several", &values));
        }
    }
}

/// Sheets that are read together are named: one may be a copy of the others.
fn note_sheets(exports: &[Export], texts: &Texts, notes: &mut Vec<String>) {
    for pair in exports.chunk_by(|one, next| (&one.path, &one.controls) == (&next.path, &next.controls)) {
        let sheets: Vec<&str> = pair.iter().filter_map(|export| export.form.sheet()).collect();
        if sheets.len() > 1 {
            let values = [("file", pair[0].name.as_str()), ("sheets", &sheets.join(", "))];
            notes.push(texts.fill("terminal.sheets-together", &values));
        }
    }
}

/// What an export has and is not read, and what every row is taken for: it may have been meant otherwise.
fn note_export(export: &Export, texts: &Texts, notes: &mut Vec<String>) {
    if !export.unread_sheets.is_empty() {
        let values = [("file", export.name.as_str()), ("sheets", &export.unread_sheets.join(", "))];
        notes.push(texts.fill("terminal.unread-sheets", &values));
    }
    if !export.left_out_sheets.is_empty() {
        let values = [("file", export.name.as_str()), ("sheets", &export.left_out_sheets.join(", "))];
        notes.push(texts.fill("terminal.left-out-sheets", &values));
    }
    if let (true, Some(column)) = (export.has_blocks, export.columns.group) {
        let values = [("file", export.name.as_str()), ("column", &shown(&export.headings)[column])];
        notes.push(texts.fill("terminal.blocks", &values));
    }
    notes.extend(several_types(export, texts));
    if let Some(status) = export.unnamed_status.as_ref().filter(|status| status.found.any()) {
        let found = status.found;
        let values = [
            ("file", export.name.as_str()),
            ("column", &shown(&export.headings)[status.column]),
            ("open", &texts.count(found.open_with_end)),
            ("closed", &texts.count(found.closed_without_end)),
            ("void", &texts.count(found.void)),
        ];
        notes.push(texts.fill("terminal.unnamed-status", &values));
    }
    if export.columns.case_id.is_none() && export.duplicates != Duplicates::Keep {
        notes.push(texts.fill("terminal.no-case-number", &[("file", &export.name)]));
    }
}

/// That the rows of an export are of several types, all taken for one control.
pub fn several_types(export: &Export, texts: &Texts) -> Option<String> {
    let types = export.several_types.as_ref()?;
    let kinds = match types.other_kinds.as_slice() {
        [] => String::new(),
        kinds => texts.fill("terminal.other-kinds", &[("kinds", &kinds.join(", "))]),
    };
    let values = [
        ("file", export.name.as_str()),
        ("column", &shown(&export.headings)[types.column]),
        ("control", &export.controls.ids().join(", ")),
        ("kinds", &kinds),
    ];
    Some(texts.fill("terminal.several-types", &values))
}

/// Columns that are not read, and roles that no column has, with what follows.
pub fn unused(export: &Export, texts: &Texts) -> Vec<String> {
    let used: Vec<usize> = export.roles().into_iter().map(|(_, column)| column).collect();
    let filtered = export.filters.iter().map(|filter| filter.column);
    let used: Vec<usize> = used.into_iter().chain(filtered).collect();
    let headings = shown(&export.headings).into_iter().enumerate();
    let unused = headings.filter(|(column, heading)| !used.contains(column) && !heading.is_empty());
    let unused: Vec<String> = unused.map(|(_, heading)| heading).collect();
    let columns = &export.columns;
    let roles =
        [("case_id", columns.case_id), ("group", columns.group), ("extended_to", columns.extended_to)];
    let missing = roles.iter().filter(|(_, column)| column.is_none());
    let missing: Vec<&str> = missing.map(|(role, _)| texts.get(&format!("missing-role.{role}"))).collect();
    let mut notes = Vec::new();
    if !unused.is_empty() {
        notes.push(texts.fill("terminal.unused-columns", &[("columns", &unused.join(", "))]));
    }
    if !missing.is_empty() {
        notes.push(texts.fill("terminal.missing-roles", &[("roles", &missing.join("; "))]));
    }
    notes
}

/// What judging tells.
pub fn after_judging(session: &Session, judged: &Judged) -> Vec<String> {
    let (texts, mut notes) = (session.texts, Vec::new());
    for entry in judged.inputs.iter().filter(|entry| entry.ledger.rows() == 0) {
        let export = &session.run.exports[entry.export];
        if let (Controls::ByType { .. }, Some(control)) = (&export.controls, &entry.control) {
            let values = [("file", export.name.as_str()), ("control", control)];
            notes.push(texts.fill("terminal.no-such-type", &values));
        }
    }
    note_times(session, judged, &mut notes);
    note_rows(session, judged, &mut notes);
    note_ages(session, judged, &mut notes);
    notes
}

/// Cases without a time of day are left out where hours are counted, or counted otherwise.
fn note_times(session: &Session, judged: &Judged, notes: &mut Vec<String>) {
    for control in &session.run.controls {
        let id = &control.rule.id;
        let name = control.rule.name.text(session.texts.language());
        let by_day = judged.tallies.get(id).map_or(0, |tally| tally.whole.judged_by_day);
        let counts = [("terminal.without-time", judged.without_time(id)), ("terminal.by-day", by_day)];
        for (key, count) in counts.into_iter().filter(|(_, count)| *count > 0) {
            let count = session.texts.count(count);
            notes.push(session.texts.fill(key, &[("control", name), ("count", &count)]));
        }
    }
}

/// Names that were joined, values that no row has, and words that stand in place of an end.
fn note_rows(session: &Session, judged: &Judged, notes: &mut Vec<String>) {
    let texts = session.texts;
    for (name, kept) in &judged.joined_names {
        notes.push(texts.fill("terminal.joined-names", &[("name", name), ("kept", kept)]));
    }
    for (export, read) in session.run.exports.iter().zip(&judged.read) {
        let headings = shown(&export.headings);
        for (filter, found) in export.filters.iter().zip(&read.values_found) {
            for (value, _) in filter.values.iter().zip(found).filter(|(_, found)| !**found) {
                let values =
                    [("file", &*export.name), ("value", value), ("column", &headings[filter.column])];
                notes.push(texts.fill("terminal.no-such-value", &values));
            }
        }
        let words = read.usual_words();
        if !words.is_empty() {
            let list: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
            let values = [("file", export.name.as_str()), ("words", &list.join(", "))];
            notes.push(texts.fill("terminal.end-words", &values));
        }
    }
}

/// Which of the exports that replace each other is the newest, and why.
fn note_ages(session: &Session, judged: &Judged, notes: &mut Vec<String>) {
    let texts = session.texts;
    let newest = session.run.exports.iter().zip(&judged.read);
    let newest = newest.filter(|(export, _)| export.duplicates == Duplicates::Newest);
    let mut ages: Vec<(Option<Day>, &str)> =
        newest.map(|(export, read)| (read.age(), export.name.as_str())).collect();
    ages.sort();
    if ages.len() > 1 {
        let told = ages.iter().map(|(age, name)| {
            let age = age.map_or(texts.get("table.none").to_owned(), |day| day.to_string());
            format!("{name} ({age})")
        });
        let list: Vec<String> = told.collect();
        notes.push(texts.fill("terminal.order-of-age", &[("files", &list.join(" < "))]));
    }
}
