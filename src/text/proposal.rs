//! What is said in a proposed project file, and of the files that it is for.

use super::{Texts, fill};
use crate::date::Day;
use crate::ingest::{Effect, Export, FaultCode, is_usual};
use crate::personal_numbers;
use crate::pipeline::{SeemingAsOf, Survey};

/// Why an as-of date is proposed: the last day of the exports, or the end of a period that ends soon after it.
pub fn as_of_reason(seeming: &SeemingAsOf, end: Option<Day>, texts: &Texts) -> String {
    let mut reason = match end {
        Some(_) => fill!(texts, "init.as-of-period", last = seeming.day),
        None => texts.get("init.as-of").to_owned(),
    };
    if !seeming.edge.beyond.is_empty() {
        let days: Vec<String> = seeming.edge.beyond.iter().map(|(day, _)| day.to_string()).collect();
        reason += &fill!(texts, "init.as-of-beyond", days = days.join(", "));
    }
    reason
}

/// How many rows a file has, over what time, and how many of them are rejected.
pub fn rows(survey: &Survey, texts: &Texts) -> String {
    let days = survey.days();
    let none = || texts.get("table.none").to_owned();
    let day = |day: Option<(Day, u32)>| day.map_or_else(none, |(day, _)| day.to_string());
    let (first, last) = (day(days.days().next()), day(days.days().next_back()));
    let is_rejected = |code: &FaultCode| code.effect() == Effect::Rejected;
    let rejected = survey.faults.iter().filter(|(code, _)| is_rejected(code)).map(|(_, rows)| rows).sum();
    let [rows, rejected] = [survey.cases, rejected].map(|rows| texts.count(rows));
    fill!(texts, "init.rows", rows, first, last, rejected)
}

/// The columns that are not used, or nothing. What no export is known to have as a heading could be a note about
/// someone: it is counted, not named.
pub fn unused(export: &Export, texts: &Texts) -> Option<String> {
    let status = export.decisive_status().map(|status| status.column);
    let used: Vec<usize> = export.roles().into_iter().map(|(_, column)| column).chain(status).collect();
    let unused = (0..export.headings.len()).filter(|column| !used.contains(column));
    let unused = unused.map(|column| &export.headings[column]).filter(|heading| !heading.is_empty());
    let (named, unnamed): (Vec<&String>, Vec<&String>) = unused.partition(|heading| is_usual(heading));
    let count = texts.count(unnamed.len() as u64);
    let others = (!unnamed.is_empty()).then(|| fill!(texts, "init.others", count));
    let columns: Vec<String> = named.into_iter().cloned().chain(others).collect();
    (!columns.is_empty()).then(|| fill!(texts, "init.unused", columns = columns.join(", ")))
}

/// That the rows of an export are of several types, all taken for one control.
pub fn several_types(export: &Export, texts: &Texts) -> Option<String> {
    let column = &export.headings[export.several_types.as_ref()?.column];
    let control = export.controls.ids().join(", ");
    Some(fill!(texts, "terminal.several-types", file = export.name, column, control, kinds = ""))
}

/// The last day of one of several files for the same control.
pub fn age(export: &Export, survey: &Survey, texts: &Texts) -> String {
    let last = survey.days().edge().map(|edge| edge.last.to_string());
    let day = last.unwrap_or_else(|| texts.get("table.none").to_owned());
    fill!(texts, "init.age", file = export.name, day)
}

/// How many rows are of a type.
pub fn type_rows(rows: u64, texts: &Texts) -> String {
    fill!(texts, "init.type-rows", rows = texts.count(rows))
}

/// How many rows are of types that are not named.
pub fn types_unnamed(rows: u64, texts: &Texts) -> String {
    fill!(texts, "init.types-unnamed", rows = texts.count(rows))
}

/// That a file was recognised.
pub fn recognised(export: &Export, texts: &Texts) -> String {
    fill!(texts, "init.told", file = export.name, controls = export.controls.ids().join(", "))
}

/// That a file was not.
pub fn refused(name: &str, texts: &Texts) -> String {
    fill!(texts, "init.told-refused", file = personal_numbers::shown_name(name))
}
