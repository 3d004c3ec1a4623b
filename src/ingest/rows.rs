//! Rows: records become cases, one by one as they are read, or faults.
//!
//! Only columns with a role are read; only dates, the case number, the group and the hash of the person are passed on.

mod cells;
mod choice;
mod dates;
mod no_case;
mod numbers;

use std::collections::{BTreeMap, HashMap};
use std::hash::BuildHasher;
use std::num::NonZeroU64;

use foldhash::quality::{FixedState, RandomState};

use super::case_numbers::NumberShapes;
use super::days::DayCounts;
use super::dialect::{CellSplitter, Cells};
use super::export::{Controls, Export};
use super::faults::{Fault, FaultCode, Place};
use super::groups::{Groups, NameFaults};
use super::labels::Label;
use super::persons::hash_of;
use super::records::{Scan, scan};
use super::selection::State;
use super::unjudged::ReadDays;
use super::waiting::{Row, SetAside, Waiting};
use crate::date::Day;
use crate::judge::Case;
use crate::personal_numbers;
use crate::project::{Duplicates, ShortRows};
use crate::tally::GroupName;

/// A row that can be judged.
#[derive(Debug, Clone, Copy)]
pub struct ReadRow<'a> {
    /// Index of its control among the export's.
    pub control: usize,
    /// Its line.
    pub line: u64,
    /// Its dates.
    pub case: Case,
    /// Number of its group.
    pub group: u32,
    /// Name of its group.
    pub group_name: &'a GroupName,
    /// Its case number in UTF-8, apart from lost characters.
    pub case_id: &'a [u8],
    /// Hash of the person, if chains are looked for.
    pub person: Option<u64>,
}

/// What the rows of one chunk show besides their cases.
#[derive(Debug, Default)]
pub struct Rows {
    /// Hashes of the case numbers by control, unless every row is a case of its own.
    pub id_hashes: Vec<Vec<u64>>,
    /// Rejected rows by control; the last entry is for rows whose control is not known.
    pub rejected: Vec<u64>,
    /// Rows whose type belongs to no control.
    pub other_type: u64,
    /// Rows that are not cases: repeated headings, totals, text, rows that are not filled in, and cases of another control
    /// that the file is read for.
    pub no_case: u64,
    /// Rows left out by the project file because of a column's value or a void status, by control.
    pub left_out: Vec<LeftOut>,
    /// What can be read of rejected rows, each with its control; `None` if that is not known.
    pub unjudged: Vec<(Option<usize>, ReadDays)>,
    /// Faults.
    pub faults: Vec<Fault>,
    /// Rows with a suspect case number.
    pub set_aside: Waiting,
}

/// Rows of a control that are left out on purpose.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LeftOut {
    /// Because of a column's value.
    pub filtered: u64,
    /// Because of a void status.
    pub void: u64,
}

/// What a reader needs to know or keep besides the dates.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wanted<'a> {
    /// Whether case numbers are kept, for the case list.
    pub ids: bool,
    /// Sorted hashes of suspect case numbers, whose rows are set aside.
    pub suspects: &'a [u64],
    /// Lone days far beyond the others, sorted: rows with one are rejected.
    pub lone_days: &'a [Day],
    /// The last of a few starts far before all others, if there are such.
    pub last_early: Option<Day>,
    /// The last plausible day of an extension or a promise, if that is known.
    pub last_promise: Option<Day>,
    /// By export: from which line on texts may stand below its last case, if there seem to be such.
    pub texts_from: &'a [Option<u64>],
    /// Group names merged into another, if that is known.
    pub joined_names: Option<&'a BTreeMap<String, String>>,
    /// Hashes case numbers and persons, if repeated numbers and chains are looked for.
    pub keyed: Option<&'a RandomState>,
}

/// After this many faults a reader returns, so that they can be collected: a chunk can have millions of short lines.
const ENOUGH_FAULTS: usize = 1 << 16;
/// The most types that are remembered: a column with more is not one of types.
const MOST_TYPES: usize = 1_000;

/// Reads the rows of one export, and reuses its buffers from chunk to chunk.
pub struct RowReader<'a> {
    export: &'a Export,
    number: usize,
    /// By control of the export: whether its rule counts hours.
    counts_hours: Vec<bool>,
    /// By control of the export: the hasher of its case numbers, the same for every export of the control. Empty if
    /// hashes are not needed.
    hashers: Vec<FixedState>,
    /// By type of the export: the index of its control.
    types: Vec<(&'a str, usize)>,
    /// Types seen so far, as the file writes them.
    types_met: HashMap<Vec<u8>, Option<usize>, FixedState>,
    /// Types that belong to no control, with their numbers of rows; at most a thousand.
    pub other_types: BTreeMap<String, u64>,
    /// States seen so far, as the file writes them.
    states_met: HashMap<Vec<u8>, Option<Option<State>>, FixedState>,
    /// By filter of the export: values seen so far, and which of the filter's values each is.
    values_met: Vec<HashMap<Vec<u8>, Option<usize>, FixedState>>,
    /// By filter of the export: which of the filter's values have been seen.
    pub values_found: Vec<Vec<bool>>,
    /// Words without a digit in the columns of ends, with their numbers of rows.
    pub end_words: BTreeMap<String, u64>,
    /// By column, how many dates do not exist in the order in which it is read but do in another.
    pub other_orders: BTreeMap<usize, u64>,
    /// Starts by day.
    pub starts: DayCounts,
    /// Ends by day.
    pub ends: DayCounts,
    /// Days from start to end, unless the project file names the column of the end.
    pub spans: DayCounts,
    /// The last day among extensions, their decisions and promised due dates.
    pub last_promise: Option<Day>,
    /// Shapes of case numbers, by control.
    pub numbers: Vec<NumberShapes>,
    /// The first line whose case number is a personal number, and how many such lines there are; only filled if case
    /// numbers are kept.
    pub personal_ids: Option<(u64, u64)>,
    /// The first line with the headings of another table.
    pub other_table: Option<u64>,
    /// The last line with a row that is, or may be, a case.
    pub last_row: u64,
    /// The last line with what may be a text below the cases.
    pub last_text: Option<u64>,
    /// Texts seen so far that begin rows without a usual case number, and what they say about the row.
    labels_met: HashMap<Vec<u8>, Option<Label>, FixedState>,
    /// How the last usual case number began that had to be looked at in full.
    usual_begin: [u8; 3],
    /// Overwritten for each of them.
    pattern: String,
    /// The number of cells that a row must have.
    needed: usize,
    /// The number of cells in which the cells of a row stand under their headings. Those of a sheet always do.
    width: usize,
    /// The columns without a role.
    unread: Vec<usize>,
    wanted: Wanted<'a>,
    splitter: CellSplitter,
    /// Ends of the cells of a record.
    cell_ends: Vec<usize>,
    /// Groups seen so far.
    pub groups: Groups<'a>,
    /// The rows of the last chunk.
    pub rows: Rows,
}

impl<'a> RowReader<'a> {
    /// A reader for the export with this index. `counts_hours` returns whether a control's rule counts hours.
    pub fn new(
        export: &'a Export,
        number: usize,
        counts_hours: impl Fn(&str) -> bool,
        wanted: Wanted<'a>,
    ) -> RowReader<'a> {
        let ids = export.controls.ids();
        let types = match &export.controls {
            Controls::One(_) => Vec::new(),
            Controls::ByType { types, .. } => types
                .iter()
                .map(|(name, id)| (name.as_str(), ids.binary_search(&id.as_str()).expect("ids are sorted")))
                .collect(),
        };
        let mut reader = RowReader {
            export,
            number,
            counts_hours: ids.iter().map(|id| counts_hours(id)).collect(),
            hashers: wanted.keyed.map_or_else(Vec::new, |keyed| {
                ids.iter().map(|id| FixedState::with_seed(keyed.hash_one(id))).collect()
            }),
            types,
            types_met: HashMap::default(),
            other_types: BTreeMap::new(),
            states_met: HashMap::default(),
            values_met: vec![HashMap::default(); export.filters.len()],
            values_found: export.filters.iter().map(|filter| vec![false; filter.values.len()]).collect(),
            end_words: BTreeMap::new(),
            other_orders: BTreeMap::new(),
            starts: DayCounts::default(),
            ends: DayCounts::default(),
            spans: DayCounts::default(),
            last_promise: None,
            numbers: vec![NumberShapes::default(); ids.len()],
            personal_ids: None,
            other_table: None,
            last_row: 0,
            last_text: None,
            labels_met: HashMap::default(),
            usual_begin: [0; 3],
            pattern: String::new(),
            needed: export.needed_cells(),
            width: export.form.sheet().map_or(export.headings.len(), |_| usize::MAX),
            unread: export.unread_columns(),
            wanted,
            splitter: CellSplitter::new(export.separator),
            cell_ends: Vec::new(),
            groups: Groups::new(wanted.joined_names),
            rows: Rows::default(),
        };
        reader.rows.id_hashes.resize_with(ids.len(), Vec::new);
        reader.rows.rejected.resize(ids.len() + 1, 0);
        reader.rows.left_out.resize(ids.len(), LeftOut::default());
        reader
    }

    /// Reads whole records: passes those that can be judged to `take`, and stores the rest in [`RowReader::rows`],
    /// which is overwritten. Stops after many faults; returns the number of bytes read, and the line of the next
    /// record.
    pub fn read(
        &mut self,
        bytes: &[u8],
        first_line: u64,
        take: &mut impl FnMut(ReadRow<'_>),
    ) -> (usize, u64) {
        self.rows.id_hashes.iter_mut().for_each(Vec::clear);
        self.rows.rejected.fill(0);
        (self.rows.other_type, self.rows.no_case) = (0, 0);
        self.rows.left_out.fill(LeftOut::default());
        self.rows.unjudged.clear();
        self.rows.faults.clear();
        self.rows.set_aside.clear();
        if memchr::memchr(b'"', bytes).is_none() {
            return self.read_plain(bytes, first_line, take);
        }
        let mut splitter = std::mem::replace(&mut self.splitter, CellSplitter::new(self.export.separator));
        let cut = self.export.cut();
        let (mut from, mut line) = (0, first_line);
        while from < bytes.len() && self.rows.faults.len() < ENOUGH_FAULTS {
            let next = match scan(bytes, from, cut, true) {
                Scan::Record { end, next, quoted } => {
                    let record = &bytes[from..end];
                    let lines = if quoted {
                        memchr::memchr_iter(b'\n', &bytes[from..next]).count() as u64
                    } else {
                        1
                    };
                    if !self.is_blank(record) {
                        let cells = splitter.split(record, quoted);
                        self.read_row(cells, line, take);
                        if lines > 1 {
                            self.note_swallowed(cells, line);
                        }
                    }
                    line += lines;
                    next
                }
                Scan::BrokenQuote { next, cell } => {
                    let column = (cell < self.export.headings.len()).then_some(cell);
                    self.reject_row(line, column, FaultCode::BrokenQuote);
                    line += 1;
                    next
                }
                Scan::Incomplete => unreachable!("a chunk holds whole records"),
            };
            from = next;
        }
        self.splitter = splitter;
        (from, line)
    }

    /// Reads records without a quote, where every line is one.
    fn read_plain(
        &mut self,
        bytes: &[u8],
        first_line: u64,
        take: &mut impl FnMut(ReadRow<'_>),
    ) -> (usize, u64) {
        let mut ends = std::mem::take(&mut self.cell_ends);
        let (mut from, mut line) = (0, first_line);
        let last = (!bytes.ends_with(b"\n")).then_some(bytes.len());
        for at in memchr::memchr2_iter(self.export.separator, b'\n', bytes).chain(last) {
            if bytes.get(at) == Some(&self.export.separator) {
                ends.push(at - from);
                continue;
            }
            let record = &bytes[from..at];
            let record = record.strip_suffix(b"\r").unwrap_or(record);
            if !self.is_blank(record) {
                ends.push(record.len());
                self.read_row(Cells::unquoted(record, &ends), line, take);
            }
            ends.clear();
            (from, line) = (bytes.len().min(at + 1), line + 1);
            if self.rows.faults.len() >= ENOUGH_FAULTS {
                break;
            }
        }
        self.cell_ends = ends;
        (from, line)
    }

    /// Whether a record has only blanks and separators, so that it is not a row.
    #[inline]
    fn is_blank(&self, record: &[u8]) -> bool {
        /// The character that ended files in DOS.
        const END_OF_FILE: u8 = 0x1A;
        let is_blank =
            |byte: &u8| *byte == self.export.separator || byte.is_ascii_whitespace() || *byte == END_OF_FILE;
        record.iter().all(is_blank)
    }

    /// Rejects a row that cannot be cut into cells.
    fn reject_row(&mut self, line: u64, column: Option<usize>, code: FaultCode) {
        let control = match self.export.controls {
            Controls::One(_) => 0,
            Controls::ByType { .. } => self.rows.rejected.len() - 1,
        };
        self.fault(line, column, code);
        self.rows.rejected[control] += 1;
        let known = matches!(self.export.controls, Controls::One(_)).then_some(control);
        self.rows.unjudged.push((known, ReadDays::NONE));
    }

    fn fault(&mut self, line: u64, column: Option<usize>, code: FaultCode) {
        let place = Place { export: self.number, line };
        self.rows.faults.push(Fault { place, column, code, other: None });
    }

    fn read_row(&mut self, cells: Cells<'_>, line: u64, take: &mut impl FnMut(ReadRow<'_>)) {
        if self.is_in_quotes(cells) {
            return self.reject_row(line, None, FaultCode::RowInQuotes);
        }
        if cells.len() < self.needed && self.export.short_rows == ShortRows::Reject {
            self.note_other_table(cells, line);
            if !Self::is_empty_row(cells) && !self.left_out(cells, line) {
                self.note_last(cells, line);
                self.reject_row(line, None, FaultCode::TooFewCells);
            }
            return;
        }
        if cells.len() > self.width && self.is_too_wide(cells) {
            self.note_other_table(cells, line);
            if !Self::is_empty_row(cells) && !self.left_out(cells, line) {
                self.note_last(cells, line);
                self.reject_row(line, None, FaultCode::TooManyCells);
            }
            return;
        }
        let by_type = matches!(self.export.controls, Controls::ByType { .. });
        let Some(control) = (if by_type { self.control_of(cells) } else { Some(0) }) else {
            self.note_other_table(cells, line);
            if !Self::is_empty_row(cells) && !self.left_out(cells, line) {
                self.rows.other_type += 1;
            }
            return;
        };
        if !self.export.filters.is_empty() && !self.passes_filters(cells) {
            self.note_other_table(cells, line);
            self.note_last(cells, line);
            self.rows.left_out[control].filtered += 1;
            return;
        }
        let state = if self.export.status.is_some() { self.state_of(cells, line) } else { None };
        if state == Some(State::Void) {
            self.note_last(cells, line);
            self.rows.left_out[control].void += 1;
            return;
        }
        let is_numbered = self.is_numbered(cells);
        if !is_numbered && let Some(code) = self.labelled(cells) {
            self.note_other_table(cells, line);
            return self.leave_out(line, code);
        }
        let faults_before = self.rows.faults.len();
        match self.read_dates(cells, control, state, line) {
            Ok(case) => {
                self.last_row = self.last_row.max(line);
                if !is_numbered {
                    self.doubt_number(cells, line);
                }
                self.keep(cells, control, line, (case, is_numbered), take);
            }
            Err(days) => {
                self.note_other_table(cells, line);
                if Self::is_empty_row(cells) {
                    self.rows.faults.truncate(faults_before);
                } else if let Some(code) = self
                    .no_case(cells)
                    .or_else(|| self.other_control(cells))
                    .or_else(|| self.text_below(cells, line))
                {
                    self.rows.faults.truncate(faults_before);
                    self.leave_out(line, code);
                } else {
                    self.note_last(cells, line);
                    self.rows.rejected[control] += 1;
                    self.note_rejected(cells, control, line, days);
                }
            }
        }
    }

    /// Stores a row that cannot be judged: what can be read of it or, if its case number occurs on several rows, the
    /// row itself.
    fn note_rejected(&mut self, cells: Cells<'_>, control: usize, line: u64, days: ReadDays) {
        let id = self.export.columns.case_id.map(|column| self.number_in(cells.get(column), false));
        let Some((hash, id)) = id.and_then(|id| Some((self.suspect(control, &id)?, id))) else {
            return self.rows.unjudged.push((Some(control), days));
        };
        let place = Place { export: self.number, line };
        let row = Row { place, control, hash, case: Err(days), group: 0, person: None, rest: 0 };
        self.rows.set_aside.push(row, &id.shown);
    }

    /// Passes a readable row on, or sets it aside.
    #[inline]
    fn keep(
        &mut self,
        cells: Cells<'_>,
        control: usize,
        line: u64,
        (case, is_numbered): (Case, bool),
        take: &mut impl FnMut(ReadRow<'_>),
    ) {
        let columns = &self.export.columns;
        let place = Place { export: self.number, line };
        let person = columns.person.zip(self.wanted.keyed);
        let person = person.and_then(|(column, keyed)| hash_of(cells.get(column), &self.export.empty, keyed));
        let cell = columns.case_id.map_or(&[][..], |column| cells.get(column));
        let id = self.number_in(cell, is_numbered);
        if let (Some(column), false) = (columns.case_id, id.is_plain()) {
            self.note_number(column, cell, &id, line);
        }
        if self.export.duplicates != Duplicates::Keep {
            self.numbers[control].add(&id.shown, place);
        }
        if let (Some(end), false) = (case.end, self.export.is_end_named) {
            self.spans.add(Day(end.0 - case.start.0));
        }
        if self.wanted.ids && personal_numbers::holds(&id.shown) {
            let (first, count) = self.personal_ids.unwrap_or((line, 0));
            self.personal_ids = Some((first.min(line), count + 1));
        }
        let cell = |column: Option<usize>| column.map(|column| cells.get(column));
        let group = self.groups.number([cell(columns.group), cell(columns.subgroup)], &self.export.empty);
        if self.groups.faults_of(group) != NameFaults::default() {
            for (column, code) in
                [columns.group, columns.subgroup].into_iter().zip(self.groups.faults_of(group))
            {
                code.into_iter().for_each(|code| self.fault(line, column, code));
            }
        }
        if let Some(hash) = self.suspect(control, &id) {
            let row = Row { place, control, hash, case: Ok(case), group, person, rest: self.rest_of(cells) };
            return self.rows.set_aside.push(row, &id.shown);
        }
        let (group_name, case_id) = (self.groups.name(group), &*id.shown);
        take(ReadRow { control, line, case, group, group_name, case_id, person });
    }

    /// Passes on a row that was set aside and counts after all, with its case number and its group.
    pub fn resume(
        &mut self,
        row: &SetAside,
        case_id: &[u8],
        group: &GroupName,
        take: &mut impl FnMut(ReadRow<'_>),
    ) {
        let Ok(case) = row.case() else { return };
        let cell = |name: &'_ str| (!name.is_empty()).then_some(name.as_bytes().to_vec());
        let cells = [cell(&group.group), cell(&group.subgroup)];
        let group = self.groups.number([cells[0].as_deref(), cells[1].as_deref()], &[]);
        let (control, line) = (row.control(), row.place().line);
        let (group_name, person) = (self.groups.name(group), row.person.map(NonZeroU64::get));
        take(ReadRow { control, line, case, group, group_name, case_id, person });
    }
}
