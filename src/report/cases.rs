//! The case list: every case with its due dates and outcomes, the audit trail.

use std::borrow::Cow;
use std::fmt::Display;
use std::io::Write;

use memchr::{memchr, memchr3};

use super::harmless;
use crate::date::Day;
use crate::ingest::Export;
use crate::moment::Moment;
use crate::pipeline::CaseRow;
use crate::project::CsvStyle;
use crate::pseudonyms::Pseudonyms;

/// The headings of a case list.
pub const CASE_HEADINGS: [&str; 15] = [
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
    "file",
    "line",
];

/// The first line of `cases.csv`.
pub fn cases_header(style: CsvStyle) -> String {
    let separator = char::from(style.separator()).to_string();
    format!("{}{}\n", style.mark(), CASE_HEADINGS.join(&separator))
}

/// Writes lines of `cases.csv`. Dates are ISO 8601; where hours were counted, start, end and what is due by
/// them are moments with their offset. What is not known is empty. Each names the export and the line that it was read
/// from. With pseudonyms they stand in place of case numbers.
pub fn case_writer(
    style: CsvStyle,
    pseudonyms: Option<&Pseudonyms>,
    exports: &[Export],
) -> impl Fn(&CaseRow<'_>, &mut Vec<u8>) + Sync {
    move |row, line| {
        write_case(row, harmless, pseudonyms, exports, Line { bytes: line, separator: style.separator() })
    }
}

/// Writes a line of a case list that is read again, texts as they are, but for case numbers that have pseudonyms.
pub fn write_plain_case(
    row: &CaseRow<'_>,
    pseudonyms: Option<&Pseudonyms>,
    exports: &[Export],
    line: &mut Vec<u8>,
) {
    write_case(row, |text| text.into(), pseudonyms, exports, Line { bytes: line, separator: b',' });
}

/// A case's cells; texts of exports and rulebooks pass through `text`.
fn write_case(
    row: &CaseRow<'_>,
    text: for<'t> fn(&'t str) -> Cow<'t, str>,
    pseudonyms: Option<&Pseudonyms>,
    exports: &[Export],
    mut line: Line<'_>,
) {
    let verdict = row.verdict;
    let hours = verdict.due_at.is_some() || verdict.due_reference_at.is_some();
    let law = row.rule.law_to_cite(row.case.start, verdict.cited_on).expect("a judged case has a law");
    let reference = row.rule.reference.map(|_| verdict.cell.outcome_by_reference().id());
    line.word(&row.rule.id);
    match pseudonyms {
        Some(pseudonyms) => line.word(&pseudonyms.of(row.case_id)),
        None => line.text(&text(row.case_id)),
    }
    match row.group.subgroup.as_str() {
        "" => line.text(&text(&row.group.group)),
        _ => line.text(&text(&row.group.to_string())),
    }
    line.when(row.case.start_at.filter(|_| hours), Some(row.case.start));
    line.when(row.case.end_at.filter(|_| hours && verdict.ended.is_some()), verdict.ended);
    line.when(verdict.due_at, Some(verdict.due));
    line.when(None, Some(verdict.due_rolled));
    line.when(verdict.due_reference_at, verdict.due_reference);
    line.word(verdict.cell.outcome(row.rule.roll).id());
    line.word(reference.unwrap_or_default());
    line.number(verdict.margin);
    line.word(if verdict.extended { "yes" } else { "no" });
    line.text(&text(&law.citation.sv));
    line.text(&text(&exports[row.place.export].name));
    line.number(Some(row.place.line));
    line.end();
}

/// A line of CSV, cell by cell.
struct Line<'l> {
    bytes: &'l mut Vec<u8>,
    separator: u8,
}

impl Line<'_> {
    /// A cell without a letter that would have to be quoted.
    fn word(&mut self, word: &str) {
        self.bytes.extend_from_slice(word.as_bytes());
        self.bytes.push(self.separator);
    }

    /// Any text.
    fn text(&mut self, text: &str) {
        let text = text.as_bytes();
        if memchr3(self.separator, b'"', b'\n', text).or(memchr(b'\r', text)).is_none() {
            self.bytes.extend_from_slice(text);
        } else {
            let from = self.bytes.len();
            // Two quotes, and each letter may be one.
            self.bytes.resize(from + 2 + 2 * text.len(), 0);
            let quoted = &mut self.bytes[from..];
            quoted[0] = b'"';
            let (_, _, written) = csv_core::quote(text, &mut quoted[1..], b'"', b'"', true);
            quoted[1 + written] = b'"';
            self.bytes.truncate(from + 2 + written);
        }
        self.bytes.push(self.separator);
    }

    /// A moment where there is one, else a day.
    fn when(&mut self, moment: Option<Moment>, day: Option<Day>) {
        match (moment, day) {
            (Some(moment), _) => self.bytes.extend_from_slice(moment.to_rfc3339().as_bytes()),
            (None, Some(day)) => self.bytes.extend_from_slice(&day.iso()),
            (None, None) => {}
        }
        self.bytes.push(self.separator);
    }

    fn number(&mut self, number: Option<impl Display>) {
        if let Some(number) = number {
            write!(self.bytes, "{number}").expect("writing into memory does not fail");
        }
        self.bytes.push(self.separator);
    }

    /// Ends the line: its last separator was one too many.
    fn end(self) {
        self.bytes.pop();
        self.bytes.push(b'\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_as_a_library_quotes_them() {
        let texts = ["", "Norr", "a,b", "a;b", "\"", "\"\"x\"", "a\nb", "a\rb", " å,\"ö\"\r\n", "'=1+1"];
        for separator in [b',', b';'] {
            let mut bytes = Vec::new();
            let mut line = Line { bytes: &mut bytes, separator };
            texts.iter().for_each(|text| line.text(text));
            line.end();
            let mut library = csv::WriterBuilder::new().delimiter(separator).from_writer(Vec::new());
            library.write_record(texts).expect("written");
            assert_eq!(bytes, library.into_inner().expect("written"));
        }
    }
}
