//! The case list: every case with its due dates and outcomes, the audit trail.

use std::borrow::Cow;

use super::harmless;
use crate::moment::Moment;
use crate::pipeline::CaseRow;
use crate::project::CsvStyle;
use crate::pseudonyms::Pseudonyms;

/// The headings of a case list.
pub const CASE_HEADINGS: [&str; 13] = [
    "control",
    "case_id",
    "group",
    "start",
    "end",
    "due",
    "due_rolled",
    "due_reference",
    "outcome",
    "outcome_reference",
    "margin",
    "extended",
    "law",
];

/// The first line of `cases.csv`.
pub fn cases_header(style: CsvStyle) -> String {
    let separator = char::from(style.separator()).to_string();
    format!("{}{}\n", style.mark(), CASE_HEADINGS.join(&separator))
}

/// Writes lines of `cases.csv`. Dates are ISO 8601; where hours were counted, start, end and what is due by
/// them are moments with their offset. What is not known is empty. With pseudonyms they stand in place of case
/// numbers.
pub fn case_writer(
    style: CsvStyle,
    pseudonyms: Option<&Pseudonyms>,
) -> impl Fn(&CaseRow<'_>, &mut Vec<u8>) + Sync {
    move |row, line| write_cells(&cells(row, harmless, pseudonyms), style.separator(), line)
}

/// Writes a line of a case list that is read again, texts as they are, but for case numbers that have pseudonyms.
pub fn write_plain_case(row: &CaseRow<'_>, pseudonyms: Option<&Pseudonyms>, line: &mut Vec<u8>) {
    write_cells(&cells(row, |text| text.into(), pseudonyms), b',', line);
}

fn write_cells(cells: &[Cow<'_, str>; 13], separator: u8, line: &mut Vec<u8>) {
    /// A writer's own buffer has many times the bytes of a line, and is made anew for each.
    const LINE: usize = 256;
    let builder = &mut csv::WriterBuilder::new();
    let mut writer = builder.delimiter(separator).buffer_capacity(LINE).from_writer(line);
    writer.write_record(cells.iter().map(|cell| cell.as_bytes())).expect("writing into memory does not fail");
    writer.flush().expect("writing into memory does not fail");
}

/// A case's cells; texts of exports and rulebooks pass through `text`.
fn cells<'r>(
    row: &'r CaseRow<'r>,
    text: for<'t> fn(&'t str) -> Cow<'t, str>,
    pseudonyms: Option<&Pseudonyms>,
) -> [Cow<'r, str>; 13] {
    let verdict = row.verdict;
    let hours = verdict.due_at.is_some() || verdict.due_reference_at.is_some();
    let start = match row.case.start_at.filter(|_| hours) {
        Some(moment) => moment.to_rfc3339(),
        None => row.case.start.to_string(),
    };
    let end = verdict.ended.map(|ended| match row.case.end_at.filter(|_| hours) {
        Some(moment) => moment.to_rfc3339(),
        None => ended.to_string(),
    });
    let due = verdict.due_at.map_or_else(|| verdict.due.to_string(), Moment::to_rfc3339);
    let due_reference = verdict.due_reference_at.map(Moment::to_rfc3339);
    let due_reference = due_reference.or_else(|| verdict.due_reference.map(|day| day.to_string()));
    let law = row.rule.law_to_cite(row.case.start, verdict.due).expect("a judged case has a law");
    let reference = row.rule.reference.map(|_| verdict.cell.outcome_by_reference().id());
    let group = row.group.to_string();
    [
        row.rule.id.as_str().into(),
        pseudonyms.map_or_else(|| text(row.case_id), |pseudonyms| pseudonyms.of(row.case_id).into()),
        text(&group).into_owned().into(),
        start.into(),
        end.unwrap_or_default().into(),
        due.into(),
        verdict.due_rolled.to_string().into(),
        due_reference.unwrap_or_default().into(),
        verdict.cell.outcome(row.rule.roll).id().into(),
        reference.unwrap_or_default().into(),
        verdict.margin.map(|days| days.to_string()).unwrap_or_default().into(),
        if verdict.extended { "yes" } else { "no" }.into(),
        text(&law.citation.sv),
    ]
}
