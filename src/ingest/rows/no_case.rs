//! Rows that are not cases: headings that are repeated, totals, texts, and rows that nobody has filled in.

use super::RowReader;
use crate::date_format::{NoStamp, is_date_in_any_order, read_stamp};
use crate::ingest::case_numbers::CaseNumber;
use crate::ingest::dialect::Cells;
use crate::ingest::export::Export;
use crate::ingest::faults::FaultCode;
use crate::ingest::heading_words::{folded, names_persons};
use crate::ingest::labels::{Label, first_text, has_letter, is_ruled, is_type_of_dates, label};
use crate::ingest::usual_numbers::{is_to_be_filled_in, is_zero};
use crate::project::ShortRows;
use crate::values::{bare, is_empty_marker, lacks_value};

impl RowReader<'_> {
    /// Notes the first line with the headings of another table. Only called for rows that do not count.
    pub(super) fn note_other_table(&mut self, cells: Cells<'_>, line: u64) {
        if self.other_table.is_none() && self.export.other_table.begins_with(cells) {
            self.other_table = Some(line);
        }
    }

    /// Leaves out a row that cannot be read and is not a case; returns whether it did.
    pub(super) fn left_out(&mut self, cells: Cells<'_>, line: u64) -> bool {
        let code = self.no_case(cells).or_else(|| self.text_below(cells, line));
        code.into_iter().for_each(|code| self.leave_out(line, code));
        code.is_some()
    }

    pub(super) fn leave_out(&mut self, line: u64, code: FaultCode) {
        self.fault(line, None, code);
        self.rows.no_case += 1;
    }

    /// Whether the row is certain to be a case: its case number looks like the others. In an export without such numbers,
    /// a row that begins with a digit has no label either.
    #[inline]
    pub(super) fn is_numbered(&mut self, cells: Cells<'_>) -> bool {
        let Some(column) = self.export.columns.case_id else {
            return cells.get(0).first().is_some_and(u8::is_ascii_digit);
        };
        let (number, usual) = (cells.get(column), &self.export.usual_numbers);
        if usual.include_at_a_glance(number, self.usual_begin) {
            return true;
        }
        if !usual.are_the_rule() {
            return number.iter().any(u8::is_ascii_digit);
        }
        let is_usual = usual.include(number, &mut self.pattern);
        if let (true, Some(begin)) = (is_usual, number.first_chunk()) {
            self.usual_begin = *begin;
        }
        is_usual
    }

    /// Why a row without a usual number is no case, although it may have dates. Remembers the texts it has seen.
    pub(super) fn labelled(&mut self, cells: Cells<'_>) -> Option<FaultCode> {
        for column in [self.export.columns.case_id, first_text(cells)].into_iter().flatten() {
            let label = self.label_of(cells.get(column)).filter(|label| self.is_meant(*label, cells, column));
            if let Some(label) = label {
                return Some(label.code);
            }
        }
        None
    }

    fn label_of(&mut self, cell: &[u8]) -> Option<Label> {
        if cell.first().is_none_or(u8::is_ascii_digit) {
            return None;
        }
        if let Some(known) = self.labels_met.get(cell) {
            return *known;
        }
        let found = label(cell);
        if self.labels_met.len() < super::MOST_TYPES {
            self.labels_met.insert(cell.to_vec(), found);
        }
        found
    }

    /// Whether the label in a column means the row, rather than being a value of a case: it stands in place of a case
    /// number, or beside nothing but dates and figures. Where cases have no numbers, only a single word for a total is
    /// certain.
    fn is_meant(&self, label: Label, cells: Cells<'_>, column: usize) -> bool {
        let columns = &self.export.columns;
        if !self.export.usual_numbers.are_the_rule() && !label.is_certain {
            return false;
        }
        let mut others = (0..cells.len()).filter(|index| *index != column && !is_dated(self.export, *index));
        // Max, Min and Tom are first names.
        let is_of_persons = self.export.headings.get(column).is_some_and(|heading| names_persons(heading));
        columns.case_id == Some(column) || !is_of_persons && !others.any(|index| has_letter(cells.get(index)))
    }

    /// Doubts a row that can be read, whose case number does not look like the others: it has no digit where they have
    /// one, or there is none and nothing but dates.
    pub(super) fn doubt_number(&mut self, cells: Cells<'_>, line: u64) {
        let export = self.export;
        let (Some(column), true) = (export.columns.case_id, export.usual_numbers.are_the_rule()) else {
            return;
        };
        let cell = cells.get(column);
        let is_odd = if is_without_number(export, cell) {
            !lacks_value(cell) && has_only_dates(export, cells)
        } else {
            is_to_be_filled_in(cell)
        };
        if is_odd {
            self.fault(line, Some(column), FaultCode::UnusualNumber);
        }
    }

    /// Why a row is not a case. Only called for rows that cannot be read as one.
    pub(super) fn no_case(&self, cells: Cells<'_>) -> Option<FaultCode> {
        let (export, columns) = (self.export, &self.export.columns);
        let same = |index: usize| {
            folded(&String::from_utf8_lossy(cells.get(index))) == folded(&export.headings[index])
        };
        if cells.len() >= self.needed && (0..self.needed).all(same) {
            return Some(FaultCode::RepeatedHeadings);
        }
        let number = columns.case_id.map(|column| cells.get(column));
        if number.is_some_and(|number| export.usual_numbers.include(number, &mut String::new())) {
            return None;
        }
        let has_date = columns.dates().any(|(_, column)| stamp(export, cells, column).is_ok());
        let said = first_text(cells).and_then(|column| Some((column, label(cells.get(column))?)));
        if let Some((_, label)) =
            said.filter(|(column, label)| !has_date || self.is_meant(*label, cells, *column))
        {
            return Some(label.code);
        }
        if has_date {
            return None;
        }
        // A row that ends early may be the beginning of a case.
        let is_whole = cells.len() >= self.needed || export.short_rows == ShortRows::Empty;
        let mut filled = (0..cells.len()).filter(|index| !cells.get(*index).is_empty());
        let alone = filled.next().filter(|_| filled.next().is_none());
        let title = alone.filter(|column| columns.case_id == Some(*column));
        let is_title = title.is_some_and(|column| self.is_text(cells.get(column), is_whole));
        match () {
            () if is_title || is_drawn(export, cells) => Some(FaultCode::TextRow),
            () if is_whole && is_unfilled(export, cells) => Some(FaultCode::UnfilledRow),
            () if is_whole && alone.is_some_and(|column| self.counts_rows(column, cells)) => {
                Some(FaultCode::UnfilledRow)
            }
            () if is_whole && export.usual_numbers.are_the_rule() && has_only_counts(cells) => {
                Some(FaultCode::TotalsRow)
            }
            () => None,
        }
    }

    /// Whether a whole row is a case of another control that its file is read for, and none of this one: it has none of
    /// this one's dates.
    pub(super) fn other_control(&self, cells: Cells<'_>) -> Option<FaultCode> {
        let export = self.export;
        let is_undated = |column: usize| stamp(export, cells, column) == Err(NoStamp::Empty);
        let is_dated = |column: &usize| cells.get(*column).iter().any(u8::is_ascii_digit);
        let is_other = export.other_dates.iter().any(is_dated)
            && export.columns.dates().all(|(_, column)| is_undated(column));
        is_other.then_some(FaultCode::OtherControl)
    }

    /// Notes where the last case and the last text may stand. Only called for rows that do not count.
    pub(super) fn note_last(&mut self, cells: Cells<'_>, line: u64) {
        if self.may_be_text(cells) {
            self.last_text = self.last_text.max(Some(line));
        } else {
            self.last_row = self.last_row.max(line);
        }
    }

    /// Why a row below the last case, as far as that is known, is none.
    pub(super) fn text_below(&self, cells: Cells<'_>, line: u64) -> Option<FaultCode> {
        let from = self.wanted.texts_from.get(self.number).copied().flatten();
        (from.is_some_and(|from| line >= from) && self.may_be_text(cells)).then_some(FaultCode::TextRow)
    }

    /// Whether a row may be a text below the cases, such as `Enhet;Alla`: where numbers are the rule it has none, no start
    /// and no date, and names no one. A single date or page number is one too.
    fn may_be_text(&self, cells: Cells<'_>) -> bool {
        let (export, columns) = (self.export, &self.export.columns);
        let Some(number) = columns.case_id.map(|column| cells.get(column)) else { return false };
        let has_digit = |cell: &[u8]| cell.iter().any(u8::is_ascii_digit);
        let is_usual = || export.usual_numbers.include(number, &mut String::new());
        if !export.usual_numbers.are_the_rule() || has_digit(number) && is_usual() {
            return false;
        }
        let filled = (0..cells.len()).filter(|index| !cells.get(*index).is_empty()).count();
        if has_digit(number) {
            return filled == 1 && (is_date_in_any_order(number) || is_page(number));
        }
        let has_start = columns.start.iter().any(|when| has_digit(cells.get(when.date)));
        let has_date = || columns.dates().any(|(_, column)| stamp(export, cells, column).is_ok());
        // The date behind a word, as in Datum;2024-09-01.
        let may_have_date = filled <= 2;
        !is_without_number(export, number)
            && !says_no_number_yet(number)
            && !has_start
            && !has_date()
            && (may_have_date || !cells.iter().any(is_date_in_any_order))
            && names_no_one(export, cells)
    }

    /// Whether what stands alone in the column of case numbers is a title, a page number or the name of a group: several
    /// words, or one without a digit where all numbers have one.
    fn is_text(&self, cell: &[u8], is_whole: bool) -> bool {
        let text = String::from_utf8_lossy(cell);
        let is_word =
            is_whole && self.export.usual_numbers.are_the_rule() && !cell.iter().any(u8::is_ascii_digit);
        bare(&text).contains([' ', ':']) || is_word
    }

    /// Whether what stands alone is a number that counts the rows of a list whose cases have no numbers.
    fn counts_rows(&self, column: usize, cells: Cells<'_>) -> bool {
        self.export.columns.case_id.is_none()
            && self.unread.contains(&column)
            && cells.get(column).iter().all(u8::is_ascii_digit)
    }

    /// Whether every cell of a row is blank.
    pub(super) fn is_empty_row(cells: Cells<'_>) -> bool {
        cells.iter().all(|cell| bare(&String::from_utf8_lossy(cell)).is_empty())
    }
}

fn stamp(export: &Export, cells: Cells<'_>, column: usize) -> Result<crate::date::Stamp, NoStamp> {
    read_stamp(cells.get(column), &export.written[column].reads, &export.empty)
}

/// Whether a row belongs to the headings: a line below them, or the types of the columns.
fn is_drawn(export: &Export, cells: Cells<'_>) -> bool {
    cells.iter().all(|cell| cell.is_empty() || is_ruled(cell))
        && !cells.iter().all(|cell| is_marked(export, cell))
        || is_type_of_dates(cells.get(export.columns.start[0].date))
}

/// Whether a cell is empty, or holds a mark for that.
fn is_marked(export: &Export, cell: &[u8]) -> bool {
    is_empty_marker(bare(&String::from_utf8_lossy(cell)), &export.empty)
}

/// Whether a row is prepared for a case that there is none of: no number, no start and no end, where other rows have all
/// of them, and no person; or nothing but marks for empty cells.
fn is_unfilled(export: &Export, cells: Cells<'_>) -> bool {
    let columns = &export.columns;
    let is_undated =
        |column: usize| stamp(export, cells, column) == Err(NoStamp::Empty) || is_zero(cells.get(column));
    let number = columns.case_id.map(|column| cells.get(column));
    let is_unnumbered = export.usual_numbers.are_the_rule()
        && number.is_some_and(|number| is_without_number(export, number) || is_zero(number));
    is_unnumbered && columns.dates().all(|(_, column)| is_undated(column)) && names_no_one(export, cells)
        || cells.iter().all(|cell| is_marked(export, cell))
}

/// Whether the columns of persons are empty.
fn names_no_one(export: &Export, cells: Cells<'_>) -> bool {
    let mut of_persons = (0..export.headings.len()).filter(|column| names_persons(&export.headings[*column]));
    of_persons.all(|column| is_marked(export, cells.get(column)))
}

/// Whether a word in place of a case number says that the case has none yet.
fn says_no_number_yet(cell: &[u8]) -> bool {
    const FIRST_WORDS: [&str; 9] =
        ["ej", "inte", "inget", "utan", "saknas", "ny", "nytt", "okant", "reserverat"];
    let text = String::from_utf8_lossy(cell);
    let first = bare(&text).split_whitespace().next().map(folded);
    first.is_some_and(|first| FIRST_WORDS.contains(&first.as_str()))
}

/// Whether a cell is the number of a page and of all pages: 1/2.
fn is_page(cell: &[u8]) -> bool {
    let mut parts = cell.split(|byte| *byte == b'/');
    let is_count = |part: Option<&[u8]>| {
        part.is_some_and(|part| (1..4).contains(&part.len()) && part.iter().all(u8::is_ascii_digit))
    };
    is_count(parts.next()) && is_count(parts.next()) && parts.next().is_none()
}

/// Whether a cell in the column of case numbers holds none.
fn is_without_number(export: &Export, cell: &[u8]) -> bool {
    CaseNumber::of(cell, &export.empty).shown.is_empty()
}

/// Whether a row has nothing but dates, although its export has other columns.
fn has_only_dates(export: &Export, cells: Cells<'_>) -> bool {
    let mut others = (0..export.headings.len())
        .filter(|index| export.columns.case_id != Some(*index) && !is_dated(export, *index))
        .peekable();
    others.peek().is_some() && others.all(|index| is_marked(export, cells.get(index)))
}

/// Whether a column holds dates or times of day.
fn is_dated(export: &Export, index: usize) -> bool {
    let columns = &export.columns;
    let is_time = columns.start.iter().chain(&columns.end).any(|when| when.time == Some(index));
    is_time || columns.dates().any(|(_, column)| column == index)
}

/// Whether a row has nothing but counts, shorter than a year.
fn has_only_counts(cells: Cells<'_>) -> bool {
    cells.iter().all(|cell| cell.len() < 4 && cell.iter().all(u8::is_ascii_digit))
}
