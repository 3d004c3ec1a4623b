//! Exports: which rows and columns of a file hold the cases of which controls.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use super::days::DayCounts;
use super::dialect::{CellSplitter, Cells};
use super::headings::Columns;
use super::original::Original;
use super::other_table::OtherTable;
use super::records::{Cut, Scan, scan};
use super::selection::{Filter, State, Status, UnnamedStatus, usual_state};
use super::source::Form;
use super::usual_numbers::UsualNumbers;
use crate::date_evidence::{Times, Written};
use crate::error::Error;
use crate::personal_numbers::may_name_a_person;
use crate::project::{Duplicates, ShortRows};
use crate::values::{bare, composed, printable};

/// A file, and its exports or the reason why it has none.
pub type Looked = (PathBuf, Result<Vec<Export>, Error>);

/// The control or controls of an export's rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Controls {
    /// All rows belong to one.
    One(String),
    /// A column decides.
    ByType {
        /// The column, from 0.
        column: usize,
        /// Types as they are compared, each with its control.
        types: Vec<(String, String)>,
    },
}

impl Controls {
    /// The controls that rows can belong to, each once.
    pub fn ids(&self) -> Vec<&str> {
        match self {
            Controls::One(id) => vec![id],
            Controls::ByType { types, .. } => {
                let mut ids: Vec<&str> = types.iter().map(|(_, id)| id.as_str()).collect();
                ids.sort_unstable();
                ids.dedup();
                ids
            }
        }
    }
}

/// A column with several types in an export whose rows all belong to one control.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeveralTypes {
    /// The column, from 0.
    pub column: usize,
    /// Its types that are named like cases of other kinds.
    pub other_kinds: Vec<String>,
}

/// An export, ready to be read.
#[derive(Debug, Clone)]
pub struct Export {
    /// The path.
    pub path: PathBuf,
    /// The file as it was when first examined.
    pub original: Arc<Original>,
    /// The path as reports show it.
    pub name: String,
    /// The control or controls of its rows.
    pub controls: Controls,
    /// Where to find things in a row.
    pub columns: Columns,
    /// How the file is turned into lines.
    pub form: Form,
    /// The separator between cells.
    pub separator: u8,
    /// The headings, decoded.
    pub headings: Vec<String>,
    /// The last line of the headings, from 1.
    pub header_line: u64,
    /// Bytes before the first row, once they are UTF-8.
    pub body_offset: usize,
    /// How each column writes its dates.
    pub written: Vec<Written>,
    /// The project's own marks for an empty cell.
    pub empty: Vec<String>,
    /// What to do with a row that ends before the last column.
    pub short_rows: ShortRows,
    /// What to do with several rows of one case number.
    pub duplicates: Duplicates,
    /// Visible sheets of the same workbook that are neither empty nor read; only on its first export.
    pub unread_sheets: Vec<String>,
    /// Sheets with headings of cases that are not read, because they are hidden or the project does not name them; only
    /// on the workbook's first export.
    pub left_out_sheets: Vec<String>,
    /// Whether the unit stands only on the first row of each block of rows.
    pub has_blocks: bool,
    /// Why the file is not read for other controls that its headings fit; only on its first export.
    pub not_read_for: Vec<Error>,
    /// Values that other columns than the dates have, in lower case.
    pub other_values: BTreeSet<String>,
    /// Whether the project file names the column of the end.
    pub is_end_named: bool,
    /// Columns with the heading of a role, which is named beside each, that hold words and no dates, and are not read.
    pub without_dates: Vec<(&'static str, usize)>,
    /// A column with several types, if all rows belong to one control.
    pub several_types: Option<SeveralTypes>,
    /// By column: whether its times of day are real.
    pub times: Vec<Times>,
    /// The column that says which state a case is in.
    pub status: Option<Status>,
    /// A column of status that the project file does not name.
    pub unnamed_status: Option<UnnamedStatus>,
    /// The filters that rows must pass.
    pub filters: Vec<Filter>,
    /// The most cells that a row of a text may have: as many as headings, or as most rows have if they all end in further
    /// separators.
    pub most_cells: usize,
    /// Whether something stands beside the table or under a blank heading.
    pub has_unheaded: bool,
    /// What the case numbers at its beginning look like.
    pub usual_numbers: UsualNumbers,
    /// Columns with starts and ends of other controls that the same rows are read for.
    pub other_dates: Vec<usize>,
    /// By what another table below this one is recognised.
    pub other_table: OtherTable,
}

impl Export {
    /// Every column that is read, each with its role in the project file.
    pub fn roles(&self) -> Vec<(&'static str, usize)> {
        let case_type = match &self.controls {
            Controls::One(_) => None,
            Controls::ByType { column, .. } => Some(("type", *column)),
        };
        self.columns.roles().chain(case_type).collect()
    }

    /// The columns without a role.
    pub fn unread_columns(&self) -> Vec<usize> {
        let roles = self.roles();
        (0..self.headings.len()).filter(|column| roles.iter().all(|(_, of_role)| of_role != column)).collect()
    }

    /// Of words in place of an end, with their numbers of rows, those that seem to say that a case has none yet. A rare
    /// one may be about a person; a value of another column was misplaced; yes, no and errors of Excel say nothing; and
    /// if no row has an end date, the words may be decisions.
    pub fn words_for_no_end<'a>(&self, words: &'a BTreeMap<String, u64>, ends: &DayCounts) -> Vec<&'a str> {
        const ANSWERS: [&str; 6] = ["ja", "nej", "yes", "no", "j", "n"];
        let has_ends = ends.days().next().is_some();
        let says_nothing = |word: &str| {
            let word = word.to_lowercase();
            word.starts_with('#') || ANSWERS.contains(&word.as_str()) || self.other_values.contains(&word)
        };
        let may_be = |word: &str| usual_state(word) == Some(State::Open) || has_ends && !says_nothing(word);
        let words = words.iter().filter(|(word, rows)| !may_name_a_person(word, **rows) && may_be(word));
        words.map(|(word, _)| word.as_str()).collect()
    }

    /// The number of cells that a row must have; trailing columns without a heading do not count.
    pub fn needed_cells(&self) -> usize {
        self.headings.iter().rposition(|heading| !heading.is_empty()).map_or(0, |last| last + 1)
    }

    /// A column of status that the project file does not name and that says more than the end dates.
    pub fn decisive_status(&self) -> Option<&UnnamedStatus> {
        self.unnamed_status.as_ref().filter(|status| status.found.any())
    }

    /// The export as it is read once its column of status decides, if that says more than the end dates.
    pub fn by_decisive_status(&self) -> Export {
        let Some(column) = self.decisive_status().map(|status| status.column) else { return self.clone() };
        let mut export = self.clone();
        export.columns.status = Some(column);
        export.status = Some(Status::new(column, None));
        export
    }

    /// How its records are cut.
    pub fn cut(&self) -> Cut {
        let fewest = match self.short_rows {
            ShortRows::Reject => self.needed_cells(),
            ShortRows::Empty => 0,
        };
        Cut { separator: self.separator, columns: self.headings.len(), fewest }
    }

    /// The path as reports show it, with the sheet of a workbook.
    pub fn named_with_sheet(&self) -> String {
        self.form.sheet().map_or_else(|| self.name.clone(), |sheet| format!("{} {sheet}", self.name))
    }

    /// A place in the file in the usual form: `fil.csv:17`, or `fil.xlsx Blad1!C17`.
    pub fn place(&self, line: u64, column: Option<usize>) -> String {
        match &self.form {
            Form::Text { .. } => format!("{}:{line}", self.name),
            Form::Sheet { name, .. } => {
                let column = column.map_or(String::new(), column_letters);
                format!("{} {name}!{column}{line}", self.name)
            }
        }
    }
}

/// The letters by which spreadsheets name a column: A is 0, AA is 26.
fn column_letters(column: usize) -> String {
    let (mut letters, mut rest) = (Vec::new(), column + 1);
    while rest > 0 {
        letters.push(char::from(b'A' + ((rest - 1) % 26) as u8));
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().collect()
}

/// A heading as it is shown and compared: on one line, composed, printable, without surrounding blanks.
pub(super) fn heading_text(cell: &[u8]) -> String {
    let text = String::from_utf8_lossy(cell);
    let words: Vec<&str> = bare(&text).split_whitespace().collect();
    printable(&composed(&words.join(" "))).into_owned()
}

/// Calls `look` with each row of an export and its line, counted from `first_line`.
pub(super) fn each_row(
    export: &Export,
    rows: &[u8],
    first_line: u64,
    at_end: bool,
    look: &mut dyn FnMut(u64, Cells<'_>),
) {
    each_row_cut(export.cut(), rows, first_line, at_end, look);
}

/// As [`each_row`], with records cut as `cut` says.
pub(super) fn each_row_cut(
    cut: Cut,
    rows: &[u8],
    first_line: u64,
    at_end: bool,
    look: &mut dyn FnMut(u64, Cells<'_>),
) {
    let mut splitter = CellSplitter::new(cut.separator);
    let (mut from, mut line) = (0, first_line);
    while from < rows.len() {
        let next = match scan(rows, from, cut, at_end) {
            Scan::Record { end, next, quoted } => {
                look(line, splitter.split(&rows[from..end], quoted));
                next
            }
            Scan::BrokenQuote { next, .. } => next,
            Scan::Incomplete => return,
        };
        line += memchr::memchr_iter(b'\n', &rows[from..next]).count() as u64;
        from = next;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_the_letters_of_spreadsheets() {
        let letters: Vec<String> = [0, 25, 26, 51, 52, 701, 702].map(column_letters).into();
        assert_eq!(letters, ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]);
    }
}
