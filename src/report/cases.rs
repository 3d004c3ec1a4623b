//! `cases.csv`: every case with its due dates and outcomes, the audit trail.

use super::harmless;
use crate::pipeline::CaseRow;

/// The headings of `cases.csv`.
pub const CASES_HEADER: &str = "control,case_id,group,start,end,due,due_rolled,due_reference,outcome,outcome_reference,margin,extended,law\n";

/// Writes one line of `cases.csv`. Dates are ISO 8601; where hours were counted, start, end and due are
/// moments with their offset. What is not known is empty.
pub fn write_case(row: &CaseRow<'_>, line: &mut Vec<u8>) {
    let verdict = row.verdict;
    let hours = verdict.due_at.is_some();
    let start = match row.case.start_at.filter(|_| hours) {
        Some(moment) => moment.to_rfc3339(),
        None => row.case.start.to_string(),
    };
    let end = verdict.ended.map(|ended| match row.case.end_at.filter(|_| hours) {
        Some(moment) => moment.to_rfc3339(),
        None => ended.to_string(),
    });
    let due = verdict.due_at.map_or_else(|| verdict.due.to_string(), |moment| moment.to_rfc3339());
    let law = row.rule.law_to_cite(row.case.start, verdict.due).expect("a judged case has a law");
    let reference = row.rule.reference.map(|_| verdict.cell.outcome_by_reference().id());
    let group = row.group.to_string();
    let mut writer = csv::WriterBuilder::new().has_headers(false).from_writer(line);
    let record = [
        row.rule.id.as_str(),
        &harmless(row.case_id),
        &harmless(&group),
        &start,
        &end.unwrap_or_default(),
        &due,
        &verdict.due_rolled.to_string(),
        &verdict.due_reference.map(|day| day.to_string()).unwrap_or_default(),
        verdict.cell.outcome(row.rule.roll).id(),
        reference.unwrap_or_default(),
        &verdict.margin.map(|days| days.to_string()).unwrap_or_default(),
        if verdict.extended { "yes" } else { "no" },
        &harmless(&law.citation.sv),
    ];
    writer.write_record(record).expect("writing into memory does not fail");
    writer.flush().expect("writing into memory does not fail");
}
