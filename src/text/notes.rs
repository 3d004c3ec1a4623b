//! Notes: what was decided, left out or passed over, and would otherwise be so in silence.
//!
//! `frist run` says them beside its tables, `frist check` among what it found.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::{Texts, error_sentence, fill, incomplete_sentence};
use crate::analysis::{ControlFindings, Detail, Strand, first_early_end};
use crate::date::Day;
use crate::ingest::{Controls, Effect, Export, shown};
use crate::period::{PeriodKind, period_that_ends_soon};
use crate::pipeline::{Control, Judged, Read, SeemingAsOf};
use crate::project::{Duplicates, Selection, Settings};
use crate::rulebook::Rule;

/// What is known before the first case is judged. `own` are files of earlier reports, `unread` files of no control.
pub fn before_judging(exports: &[Export], own: &[String], unread: &[String], texts: &Texts) -> Vec<String> {
    let mut notes = Vec::new();
    note_shared_files(exports, texts, &mut notes);
    note_sheets(exports, texts, &mut notes);
    exports.iter().for_each(|export| note_export(export, texts, &mut notes));
    for (key, files) in [("terminal.own-outputs", own), ("terminal.unread-files", unread)] {
        if !files.is_empty() {
            notes.push(fill!(texts, key, files = texts.first_of(files)));
        }
    }
    notes
}

/// What lies beside the exports and looks like more of them, but is not read because of its name.
pub fn overlooked(paths: &[String], texts: &Texts) -> Option<String> {
    let files = texts.first_of(paths);
    (!paths.is_empty()).then(|| fill!(texts, "terminal.overlooked", files))
}

/// A file whose headings fit several controls is read for each, which its owner should know.
fn note_shared_files(exports: &[Export], texts: &Texts, notes: &mut Vec<String>) {
    for pair in exports.chunk_by(|one, next| (&one.path, &one.form) == (&next.path, &next.form)) {
        if pair.len() > 1 {
            let controls: Vec<&str> = pair.iter().flat_map(|export| export.controls.ids()).collect();
            notes.push(fill!(texts, "terminal.several", file = pair[0].name, controls = controls.join(", ")));
        }
    }
}

/// Sheets that are read together are named: one may be a copy of the others.
fn note_sheets(exports: &[Export], texts: &Texts, notes: &mut Vec<String>) {
    for pair in exports.chunk_by(|one, next| (&one.path, &one.controls) == (&next.path, &next.controls)) {
        let sheets: Vec<&str> = pair.iter().filter_map(|export| export.form.sheet()).collect();
        if sheets.len() > 1 {
            notes.push(fill!(
                texts,
                "terminal.sheets-together",
                file = pair[0].name,
                sheets = sheets.join(", ")
            ));
        }
    }
}

/// What an export has and is not read, and what every row is taken for: it may have been meant otherwise.
fn note_export(export: &Export, texts: &Texts, notes: &mut Vec<String>) {
    if !export.unread_sheets.is_empty() {
        notes.push(fill!(
            texts,
            "terminal.unread-sheets",
            file = export.name,
            sheets = export.unread_sheets.join(", ")
        ));
    }
    if !export.left_out_sheets.is_empty() {
        notes.push(fill!(
            texts,
            "terminal.left-out-sheets",
            file = export.name,
            sheets = export.left_out_sheets.join(", ")
        ));
    }
    if let (true, Some(column)) = (export.has_blocks, export.columns.group) {
        notes.push(fill!(
            texts,
            "terminal.blocks",
            file = export.name,
            column = shown(&export.headings)[column]
        ));
    }
    notes.extend(not_read_for(export, texts));
    notes.extend(several_types(export, texts));
    if let Some(status) = export.decisive_status() {
        let found = status.found;
        notes.push(fill!(
            texts,
            "terminal.unnamed-status",
            file = export.name,
            column = shown(&export.headings)[status.column],
            open = texts.count(found.open_with_end),
            closed = texts.count(found.closed_without_end),
            void = texts.count(found.void)
        ));
    }
    for (role, column) in &export.without_dates {
        let column = &shown(&export.headings)[*column];
        notes.push(fill!(texts, "terminal.not-dates", file = export.name, column, role));
    }
    if export.columns.case_id.is_none() && export.duplicates != Duplicates::Keep {
        notes.push(fill!(texts, "terminal.no-case-number", file = export.name));
    }
}

/// Why the file is not read for other controls that its headings fit.
pub fn not_read_for(export: &Export, texts: &Texts) -> Vec<String> {
    let said = export.not_read_for.iter().map(|error| {
        let mut error = error.clone();
        if let Some(path) = error.path_mut() {
            *path = export.name.clone().into();
        }
        error_sentence(&error, texts)
    });
    said.collect()
}

/// That the rows of an export are of several types, all taken for one control.
pub fn several_types(export: &Export, texts: &Texts) -> Option<String> {
    let types = export.several_types.as_ref()?;
    let kinds = match types.other_kinds.as_slice() {
        [] => String::new(),
        kinds => fill!(texts, "terminal.other-kinds", kinds = kinds.join(", ")),
    };
    Some(fill!(
        texts,
        "terminal.several-types",
        file = export.name,
        column = shown(&export.headings)[types.column],
        control = export.controls.ids().join(", "),
        kinds
    ))
}

/// Columns that are not read, and roles that no column has, with what follows.
pub fn unused(export: &Export, texts: &Texts) -> Vec<String> {
    let used: Vec<usize> = export.roles().into_iter().map(|(_, column)| column).collect();
    let filtered = export.filters.iter().map(|filter| filter.column);
    let used: Vec<usize> = used.into_iter().chain(filtered).collect();
    let headings = shown(&export.headings).into_iter().enumerate();
    let unused = headings.filter(|(column, heading)| !used.contains(column) && !heading.is_empty());
    let unheaded = export.has_unheaded.then(|| texts.get("terminal.without-heading").to_owned());
    let unused: Vec<String> = unused.map(|(_, heading)| heading).chain(unheaded).collect();
    let columns = &export.columns;
    let roles =
        [("case_id", columns.case_id), ("group", columns.group), ("extended_to", columns.extended_to)];
    let missing = roles.iter().filter(|(_, column)| column.is_none());
    let missing: Vec<&str> = missing.map(|(role, _)| texts.get(&format!("missing-role.{role}"))).collect();
    let mut notes = Vec::new();
    if !unused.is_empty() {
        notes.push(fill!(texts, "terminal.unused-columns", columns = unused.join(", ")));
    }
    if !missing.is_empty() {
        notes.push(fill!(texts, "terminal.missing-roles", roles = missing.join("; ")));
    }
    notes
}

/// What judging shows.
pub fn after_judging(
    exports: &[Export],
    controls: &[Control],
    judged: &Judged,
    settings: &Settings,
    as_of: Day,
    texts: &Texts,
) -> Vec<String> {
    let mut notes = Vec::new();
    for entry in judged.inputs.iter().filter(|entry| entry.ledger.rows() == 0) {
        let export = &exports[entry.export];
        if let (Controls::ByType { .. }, Some(control)) = (&export.controls, &entry.control) {
            notes.push(fill!(texts, "terminal.no-such-type", file = export.name, control));
        }
    }
    note_times(controls, judged, texts, &mut notes);
    note_rows(exports, judged, texts, &mut notes);
    note_ages(exports, judged, texts, &mut notes);
    let is_whole = |rule: &&Rule| settings.of_control(&rule.id).cases == Some(Selection::All);
    let rules = controls.iter().map(|control| &control.rule).filter(|rule| !is_whole(rule));
    notes.extend(stale(exports, rules, judged, as_of, texts));
    notes
}

/// Controls of which an export ends so long before the as-of date that what has happened since is missing.
pub fn stale<'a>(
    exports: &[Export],
    rules: impl Iterator<Item = &'a Rule>,
    judged: &Judged,
    as_of: Day,
    texts: &Texts,
) -> Vec<String> {
    /// Half a year: between the reports of two tertials an export is made.
    const LONG: i32 = 183;
    let said = rules.filter_map(|rule| {
        let strands = Strand::all(judged.read_for(&rule.id, exports));
        let newest = judged.read_for(&rule.id, exports).filter_map(Read::age).max()?;
        let last =
            first_early_end(&strands, as_of).or_else(|| (as_of.0 - newest.0 > LONG).then_some(newest))?;
        Some(fill!(texts, "terminal.stale", control = texts.name(rule), last, as_of))
    });
    said.collect()
}

/// Cases without a time of day are left out where hours are counted, or counted otherwise.
fn note_times(controls: &[Control], judged: &Judged, texts: &Texts, notes: &mut Vec<String>) {
    for control in controls {
        let id = &control.rule.id;
        let name = texts.name(&control.rule);
        let by_day = judged.tallies.get(id).map_or(0, |tally| tally.whole.judged_by_day);
        let counts = [("terminal.without-time", judged.without_time(id)), ("terminal.by-day", by_day)];
        for (key, count) in counts.into_iter().filter(|(_, count)| *count > 0) {
            let count = texts.count(count);
            notes.push(fill!(texts, key, control = name, count));
        }
    }
}

/// Names that were joined, values that no row has, and words that stand in place of an end.
fn note_rows(exports: &[Export], judged: &Judged, texts: &Texts, notes: &mut Vec<String>) {
    for (name, kept) in &judged.joined_names {
        notes.push(fill!(texts, "terminal.joined-names", name, kept));
    }
    for (export, read) in exports.iter().zip(&judged.read) {
        let headings = shown(&export.headings);
        for (filter, found) in export.filters.iter().zip(&read.values_found) {
            for (value, _) in filter.values.iter().zip(found).filter(|(_, found)| !**found) {
                notes.push(fill!(
                    texts,
                    "terminal.no-such-value",
                    file = export.name,
                    value,
                    column = headings[filter.column]
                ));
            }
        }
        let dates = [(&read.starts, &export.columns.start), (&read.ends, &export.columns.end)];
        for (_, whens) in dates.iter().filter(|(days, _)| days.are_months()) {
            let column = &headings[whens[0].date];
            notes.push(fill!(texts, "terminal.only-months", file = export.name, column));
        }
        let words = export.words_for_no_end(&read.end_words, &read.ends);
        if !words.is_empty() {
            let list: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
            notes.push(fill!(texts, "terminal.end-words", file = export.name, words = list.join(", ")));
        }
    }
}

/// Which of the exports that replace each other is the newest, and why.
fn note_ages(exports: &[Export], judged: &Judged, texts: &Texts, notes: &mut Vec<String>) {
    let say_newest = exports.iter().filter(|export| export.duplicates == Duplicates::Newest);
    let controls: BTreeSet<&str> = say_newest.flat_map(|export| export.controls.ids()).collect();
    let is_asked = |export: &Export| export.controls.ids().iter().any(|id| controls.contains(id));
    let asked = exports.iter().zip(&judged.ages).filter(|(export, _)| is_asked(export));
    let mut ages: Vec<(Option<Day>, String)> =
        asked.map(|(export, age)| (*age, export.named_with_sheet())).collect();
    ages.sort();
    if ages.len() > 1 {
        let told = ages.iter().map(|(age, name)| {
            let age = age.map_or(texts.get("table.none").to_owned(), |day| day.to_string());
            format!("{name} ({age})")
        });
        let list: Vec<String> = told.collect();
        notes.push(fill!(texts, "terminal.order-of-age", files = list.join(" < ")));
    }
}

/// What is said of an as-of date that was taken from the exports.
pub fn as_of(guess: &SeemingAsOf, kind: PeriodKind, texts: &Texts) -> Vec<String> {
    let as_of = texts.long_date(guess.day);
    let text = |day: Option<Day>| day.map_or(texts.get("table.none").to_owned(), |day| texts.long_date(day));
    let (start, end) = (text(guess.last_start), text(guess.last_end));
    let mut notes = vec![fill!(texts, "terminal.as-of-guessed", as_of, start, end)];
    if !guess.edge.beyond.is_empty() {
        let days: Vec<String> = guess.edge.beyond.iter().map(|(day, _)| texts.long_date(*day)).collect();
        notes.push(fill!(texts, "terminal.as-of-beyond", as_of, days = days.join(", ")));
    }
    if let Some((period, end)) = period_that_ends_soon(guess.day, kind) {
        notes.push(fill!(texts, "terminal.as-of-period", as_of, period = texts.months_of(period), end));
    }
    notes
}

/// That some files lack a column that cases are grouped by.
pub fn not_grouped(column: &str, without: &[&Export], texts: &Texts) -> String {
    let files: Vec<&str> = without.iter().map(|export| export.name.as_str()).collect();
    fill!(texts, "terminal.not-grouped", column, files = texts.first_of(&files))
}

/// Steps, freezes and notes of trends that lie where there is no point change nothing, which may be a slip.
pub fn steps_outside(settings: &Settings, controls: &[ControlFindings], texts: &Texts) -> Vec<String> {
    let mut notes = Vec::new();
    for control in controls {
        let Some(trend) = &control.trend else { continue };
        let (Some(first), Some(last)) = (trend.points.first(), trend.points.last()) else { continue };
        let (first, last) = (first.period, last.period);
        let rebases = settings.rebases.iter().filter(|rebase| rebase.control == control.rule.id);
        let steps = rebases.clone().map(|rebase| ("terminal.step-outside", rebase.from));
        let freezes = rebases.filter_map(|rebase| rebase.freeze);
        let freezes = freezes.chain(settings.of_control(&control.rule.id).freeze);
        let noted = settings.notes_of(&control.rule.id).iter().map(|note| ("terminal.note-outside", note.at));
        let all = steps.chain(freezes.map(|freeze| ("terminal.freeze-outside", freeze))).chain(noted);
        let name = texts.name(&control.rule);
        for (key, period) in all.filter(|(_, period)| !(first.index..=last.index).contains(&period.index)) {
            notes.push(fill!(texts, key, control = name, period, first, last));
        }
    }
    notes
}

/// Why there is no share or no change in the period that stands for a control or in a later one, where cases are missing.
pub fn incomplete(controls: &[ControlFindings], for_everyone: bool, texts: &Texts) -> Vec<String> {
    let is_incomplete = |control: &&ControlFindings| {
        let near = control.before_headline().into_iter().chain([control.headline()]);
        near.chain(control.after_headline()).any(|period| period.is_cut)
    };
    let said = controls.iter().filter(is_incomplete).filter_map(|control| {
        let said = incomplete_sentence(control, for_everyone, texts)?;
        Some(format!("{}: {said}", texts.name(&control.rule)))
    });
    said.collect()
}

/// How much was rejected or is doubtful, with the list of it at a path if there is one, and which cases belong to later
/// periods.
pub fn doubts(
    judged: &Judged,
    controls: &[ControlFindings],
    details: &BTreeMap<String, Detail>,
    path: Option<&Path>,
    texts: &Texts,
) -> Vec<String> {
    let rejected: u64 = judged.inputs.iter().map(|entry| entry.ledger.rejected).sum();
    let doubtful =
        judged.faults.iter().filter(|fault| fault.code.effect() == Effect::Doubtful).count() as u64;
    let faults = path.filter(|_| rejected + doubtful > 0).map(|path| {
        let [rejected, doubtful] = [rejected, doubtful].map(|count| texts.count(count));
        fill!(texts, "terminal.faults", rejected, doubtful, path = path.display())
    });
    let later = controls.iter().filter_map(|control| {
        let later = Some(details[&control.rule.id].later).filter(|later| *later > 0)?;
        Some(fill!(texts, "terminal.later", control = texts.name(&control.rule), count = texts.count(later)))
    });
    faults.into_iter().chain(later).collect()
}
