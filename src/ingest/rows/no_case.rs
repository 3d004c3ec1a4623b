//! Rows that are not cases: headings that are repeated, totals, titles and empty rows.

use super::RowReader;
use crate::date_format::read_stamp;
use crate::ingest::dialect::Cells;
use crate::ingest::faults::FaultCode;
use crate::ingest::heading_words::folded;
use crate::values::bare;

/// Folded words that mark a row of totals or averages, as the first or the last word of its first text.
const TOTALS: [&str; 23] = [
    "summa",
    "delsumma",
    "totalsumma",
    "slutsumma",
    "totalt",
    "total",
    "totals",
    "sammanlagt",
    "antal",
    "sum",
    "s:a",
    "subtotal",
    "subtotals",
    "count",
    "medel",
    "medelvarde",
    "medeltal",
    "genomsnitt",
    "snitt",
    "median",
    "average",
    "mean",
    "medianvarde",
];

impl RowReader<'_> {
    /// Notes the first line with the headings of another table. Only called for rows that do not count.
    pub(super) fn note_other_table(&mut self, cells: Cells<'_>, line: u64) {
        if self.other_table.is_none() && self.export.other_table.begins_with(cells) {
            self.other_table = Some(line);
        }
    }

    /// Leaves out a row that is not a case; returns whether it did.
    pub(super) fn left_out(&mut self, cells: Cells<'_>, line: u64) -> bool {
        let Some(code) = self.no_case(cells) else { return false };
        self.fault(line, None, code);
        self.rows.no_case += 1;
        true
    }

    /// Why a row is not a case. Only called for rows that cannot be read as one.
    pub(super) fn no_case(&self, cells: Cells<'_>) -> Option<FaultCode> {
        let headings = &self.export.headings;
        let same =
            |index: usize| folded(&String::from_utf8_lossy(cells.get(index))) == folded(&headings[index]);
        if cells.len() >= self.needed && (0..self.needed).all(same) {
            return Some(FaultCode::RepeatedHeadings);
        }
        if self.is_of_a_case(cells) {
            return None;
        }
        let mut filled = (0..cells.len()).filter(|index| !cells.get(*index).is_empty());
        let column = filled.next()?;
        let first = String::from_utf8_lossy(cells.get(column));
        let mut words = bare(&first).split_whitespace().map(|word| folded(word.trim_end_matches(':')));
        let ends = [words.next(), words.next_back()];
        let adds_up = ends.iter().flatten().any(|word| TOTALS.contains(&word.as_str()));
        // A title, a page number or the name of a group is a row with words in the column of case numbers, which are
        // single words, and nothing else. In another column it could be the rest of a case.
        let stands_alone = self.export.columns.case_id == Some(column)
            && filled.next().is_none()
            && bare(&first).contains([' ', ':']);
        match () {
            () if adds_up => Some(FaultCode::TotalsRow),
            () if stands_alone => Some(FaultCode::TextRow),
            () => None,
        }
    }

    /// Whether a row that cannot be read as a case is about one nevertheless: its number looks like the others, or one of
    /// its dates can be read.
    fn is_of_a_case(&self, cells: Cells<'_>) -> bool {
        let export = self.export;
        let is_date = |column: usize| {
            read_stamp(cells.get(column), &export.written[column].reads, &export.empty).is_ok()
        };
        export.columns.case_id.is_some_and(|column| export.usual_numbers.include(cells.get(column)))
            || export.columns.dates().any(|(_, column)| is_date(column))
    }

    /// Whether every cell of a row is blank.
    pub(super) fn is_empty_row(cells: Cells<'_>) -> bool {
        cells.iter().all(|cell| bare(&String::from_utf8_lossy(cell)).is_empty())
    }
}
