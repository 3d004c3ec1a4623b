//! Rows: records become typed columns of cases, or faults.
//!
//! Only the columns that are needed are looked at, and of those only dates, the case number and the
//! group are kept.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::hash::BuildHasher;
use std::num::NonZeroU64;

use foldhash::quality::{FixedState, RandomState};

use super::case_numbers::{NumberShapes, case_number, key_of};
use super::days::DayCounts;
use super::dialect::{CellSplitter, Cells};
use super::export::{Controls, Export};
use super::faults::{Fault, FaultCode, Place};
use super::headings::{When, folded};
use super::persons::{PersonCase, hash_of};
use super::records::{Scan, scan};
use super::selection::State;
use super::swallowed::{Shape, cell_with_rows};
use super::waiting::{Row, SetAside, Waiting};
use crate::date::{Day, FIRST_INPUT_DAY, LAST_INPUT_DAY, NotADate, Stamp};
use crate::date_format::{NoStamp, read_stamp, read_time};
use crate::judge::{CaseColumns, NO_DAY, NO_MOMENT};
use crate::moment::{Moment, swedish_time};
use crate::personal_numbers;
use crate::project::{Duplicates, ShortRows};
use crate::tally::GroupName;
use crate::values::{bare, is_broken, name};

/// The dates of one case, as columns hold them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dates {
    /// Start day.
    pub start: i32,
    /// End day.
    pub end: i32,
    /// New due date after an extension.
    pub extended_to: i32,
    /// Day on which the extension was decided.
    pub extension_decided: i32,
    /// Moment of the start, when hours count.
    pub start_at: i64,
    /// Moment of the end, when hours count.
    pub end_at: i64,
    /// The export's own due date, when a clock is that.
    pub due: i32,
}

/// What can be read of the end of a row that cannot be judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReadEnd {
    /// The case ended on this day.
    On(i32),
    /// It has not ended.
    Open,
    /// It cannot be read.
    Unreadable,
}

/// What can be read of the days of a row that cannot be judged: in which periods it could belong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadDays {
    /// The start.
    pub start: Option<i32>,
    /// The end.
    pub end: ReadEnd,
}

impl ReadDays {
    /// Of a row whose cells cannot be told apart.
    const NONE: ReadDays = ReadDays { start: None, end: ReadEnd::Unreadable };
}

impl From<Dates> for ReadDays {
    /// Of a row whose days can be read.
    fn from(dates: Dates) -> ReadDays {
        let end = if dates.end == NO_DAY { ReadEnd::Open } else { ReadEnd::On(dates.end) };
        ReadDays { start: Some(dates.start), end }
    }
}

/// Cases of one control, in columns; all of one length but those that the export does not have.
#[derive(Debug, Clone, Default)]
pub struct Batch {
    /// Start days.
    pub start: Vec<i32>,
    /// End days.
    pub end: Vec<i32>,
    /// New due dates; empty without such a column.
    pub extended_to: Vec<i32>,
    /// Days of decision; empty without such a column.
    pub extension_decided: Vec<i32>,
    /// Moments of the starts; empty unless hours count.
    pub start_at: Vec<i64>,
    /// Moments of the ends; empty unless hours count.
    pub end_at: Vec<i64>,
    /// The export's own due dates; empty without such a column.
    pub due: Vec<i32>,
    /// Numbers of the groups.
    pub group: Vec<u32>,
    /// Lines.
    pub line: Vec<u64>,
    /// Case numbers, one after the other; empty unless they are wanted.
    ids: Vec<u8>,
    /// Ends of the case numbers.
    id_ends: Vec<usize>,
}

impl Batch {
    fn clear(&mut self) {
        self.start.clear();
        self.end.clear();
        self.extended_to.clear();
        self.extension_decided.clear();
        self.start_at.clear();
        self.end_at.clear();
        self.due.clear();
        self.group.clear();
        self.line.clear();
        self.ids.clear();
        self.id_ends.clear();
    }

    /// The columns to judge.
    pub fn columns(&self) -> CaseColumns<'_> {
        CaseColumns {
            start: &self.start,
            end: &self.end,
            extended_to: &self.extended_to,
            extension_decided: &self.extension_decided,
            start_at: &self.start_at,
            end_at: &self.end_at,
            due: &self.due,
        }
    }

    /// A case number, in UTF-8 but for characters that were lost.
    pub fn id(&self, index: usize) -> &[u8] {
        let Some(end) = self.id_ends.get(index) else { return &[] };
        let start = if index == 0 { 0 } else { self.id_ends[index - 1] };
        &self.ids[start..*end]
    }
}

/// The rows of one chunk.
#[derive(Debug, Default)]
pub struct Rows {
    /// Cases by control, in the order of [`Controls::ids`].
    pub batches: Vec<Batch>,
    /// Hashes of the case numbers by control, unless every row is a case of its own.
    pub id_hashes: Vec<Vec<u64>>,
    /// Rows rejected by control; the last is of rows whose control is not known.
    pub rejected: Vec<u64>,
    /// Rows whose type belongs to no control.
    pub other_type: u64,
    /// Rows that are no cases: headings that are repeated, and totals.
    pub no_case: u64,
    /// Rows by control that the project file leaves out by a column's value, and those whose status is void.
    pub left_out: Vec<LeftOut>,
    /// What can be read of rejected rows, each with its control; none when that is not known.
    pub unjudged: Vec<(Option<usize>, ReadDays)>,
    /// What is wrong.
    pub faults: Vec<Fault>,
    /// Rows whose case number is among the suspects.
    pub set_aside: Waiting,
    /// Persons' cases by control, when chains are looked for.
    pub persons: Vec<Vec<PersonCase>>,
}

/// Rows of a control that are left out on purpose.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LeftOut {
    /// By the value of a column.
    pub filtered: u64,
    /// By a status that is void.
    pub void: u64,
}

/// The most groups of a run. All of Sweden has fewer units than this; a column with more is none of units, and counts by
/// group and month would take the computer's memory.
pub const MOST_GROUPS: usize = 5_000;

/// What is wrong with a group's name, in its first cell and in the second.
type NameFaults = [Option<FaultCode>; 2];

/// Group names, numbered in order of appearance. A name stands here once for each kind of fault that its cells have.
#[derive(Default)]
pub struct Groups<'a> {
    /// Spellings that are joined with another.
    joined_names: Option<&'a BTreeMap<String, String>>,
    /// Numbers by cell, for the first cells of a file: reading a name anew gives the same number.
    by_cell: HashMap<Vec<u8>, u32, FixedState>,
    by_name: HashMap<(GroupName, NameFaults), u32, FixedState>,
    /// Two cells as one key.
    joined: Vec<u8>,
    /// Names by number.
    pub names: Vec<GroupName>,
    /// What is wrong with a name, by number.
    faults: Vec<NameFaults>,
}

impl Groups<'_> {
    /// A name's cells are whole, broken or a person's number: of so many numbers more than [`MOST_GROUPS`] differ in name.
    /// The run is refused then, and what comes after need not be told apart.
    const MOST_NUMBERS: usize = 9 * MOST_GROUPS;

    /// The number of a group, by its cell or two.
    fn number(&mut self, cells: [Option<&[u8]>; 2], empty: &[String]) -> u32 {
        let key = match cells {
            [Some(group), None] => group,
            _ => {
                let group = cells[0].unwrap_or_default();
                self.joined.clear();
                // The length tells where the second begins.
                self.joined.extend_from_slice(&group.len().to_le_bytes());
                self.joined.extend_from_slice(group);
                self.joined.extend_from_slice(cells[1].unwrap_or_default());
                &self.joined
            }
        };
        if let Some(number) = self.by_cell.get(key) {
            return *number;
        }
        let key = (self.by_cell.len() < Self::MOST_NUMBERS).then(|| key.to_vec());
        let [(group, fault), (subgroup, second_fault)] = cells.map(|cell| group_name(cell, empty));
        let joined =
            |name: String| self.joined_names.and_then(|joined| joined.get(&name).cloned()).unwrap_or(name);
        let name = GroupName { group: joined(group), subgroup: joined(subgroup) };
        let number = self.number_of(name, [fault, second_fault]);
        self.by_cell.extend(key.map(|key| (key, number)));
        number
    }

    /// The number of a name.
    fn number_of(&mut self, name: GroupName, faults: NameFaults) -> u32 {
        let key = (name, faults);
        if let Some(number) = self.by_name.get(&key) {
            return *number;
        }
        if self.names.len() >= Self::MOST_NUMBERS {
            return 0;
        }
        let number = self.names.len() as u32;
        self.names.push(key.0.clone());
        self.faults.push(faults);
        self.by_name.insert(key, number);
        number
    }
}

/// A group's name, and what is wrong with it.
fn group_name(cell: Option<&[u8]>, empty: &[String]) -> (String, Option<FaultCode>) {
    let Some(cell) = cell else { return (String::new(), None) };
    let text = name(cell, empty);
    // A wrong column: no person may become a unit of the report.
    if personal_numbers::holds(&text) {
        return (String::new(), Some(FaultCode::PersonInUnit));
    }
    (text, is_broken(cell).then_some(FaultCode::BrokenCharacter))
}

/// What a reader keeps beside the dates.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wanted<'a> {
    /// Case numbers, for the case list.
    pub ids: bool,
    /// Sorted hashes of case numbers whose rows are set aside.
    pub suspects: &'a [u64],
    /// Days that stand alone beyond the rest, sorted: rows with one are rejected.
    pub lone_days: &'a [i32],
    /// The last day that an extension or a promise can speak of, when that is known.
    pub last_promise: Option<i32>,
    /// Names of groups that are joined with another, when that is known.
    pub joined_names: Option<&'a BTreeMap<String, String>>,
    /// Hashes persons, when chains of cases are looked for.
    pub persons: Option<&'a RandomState>,
}

/// What a date cell says; [`NO_DAY`] when it is empty.
#[derive(Clone, Copy)]
struct CellTime {
    day: i32,
    at: i64,
    second_pass: i64,
}

impl CellTime {
    fn day(day: i32) -> CellTime {
        CellTime { day, at: NO_MOMENT, second_pass: NO_MOMENT }
    }
}

/// Types that are remembered: a column with more is not one of types.
const MOST_TYPES: usize = 1_000;
/// Words of rows that add up others, folded: the first of the row's first text, or the last.
const TOTALS: [&str; 7] = ["summa", "delsumma", "totalt", "total", "antal", "sum", "s:a"];

/// Reads the rows of one export. Keeps its buffers from chunk to chunk.
pub struct RowReader<'a> {
    export: &'a Export,
    number: usize,
    /// For each control of the export: whether its rule counts hours.
    counts_hours: Vec<bool>,
    /// For each control of the export: hashes its case numbers, alike in every export of the control.
    hashers: Vec<FixedState>,
    /// For each type of the export: the number of its control.
    types: Vec<(&'a str, usize)>,
    /// Types met so far, as the file writes them.
    types_met: HashMap<Vec<u8>, Option<usize>, FixedState>,
    /// Types that belong to no control, and their rows; a thousand at most.
    pub other_types: BTreeMap<String, u64>,
    /// States met so far, as the file writes them.
    states_met: HashMap<Vec<u8>, Option<Option<State>>, FixedState>,
    /// For each filter of the export: values met so far, and which of the wanted ones each is.
    values_met: Vec<HashMap<Vec<u8>, Option<usize>, FixedState>>,
    /// For each filter of the export: the wanted values that were met.
    pub values_found: Vec<Vec<bool>>,
    /// Words without a digit in the columns of ends, and their rows.
    pub end_words: BTreeMap<String, u64>,
    /// Starts by day.
    pub starts: DayCounts,
    /// Ends by day.
    pub ends: DayCounts,
    /// The last day of extensions, their decisions and promised due dates.
    pub last_promise: i32,
    /// Shapes of case numbers, by control.
    pub numbers: Vec<NumberShapes>,
    /// The first line whose case number is a person's, and how many there are; looked for when numbers are wanted.
    pub personal_ids: Option<(u64, u64)>,
    /// Cells that a row must have.
    needed: usize,
    wanted: Wanted<'a>,
    splitter: CellSplitter,
    /// Groups met so far.
    pub groups: Groups<'a>,
    /// The rows of the last chunk.
    pub rows: Rows,
}

impl<'a> RowReader<'a> {
    /// For the export with this number. `counts_hours` says of a control whether times of day matter.
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
            hashers: ids.iter().map(|id| FixedState::with_seed(FixedState::default().hash_one(id))).collect(),
            types,
            types_met: HashMap::default(),
            other_types: BTreeMap::new(),
            states_met: HashMap::default(),
            values_met: vec![HashMap::default(); export.filters.len()],
            values_found: export.filters.iter().map(|filter| vec![false; filter.values.len()]).collect(),
            end_words: BTreeMap::new(),
            starts: DayCounts::default(),
            ends: DayCounts::default(),
            last_promise: NO_DAY,
            numbers: vec![NumberShapes::default(); ids.len()],
            personal_ids: None,
            needed: export.needed_cells(),
            wanted,
            splitter: CellSplitter::new(export.separator),
            groups: Groups { joined_names: wanted.joined_names, ..Groups::default() },
            rows: Rows::default(),
        };
        reader.rows.batches.resize_with(ids.len(), Batch::default);
        reader.rows.id_hashes.resize_with(ids.len(), Vec::new);
        reader.rows.persons.resize_with(ids.len(), Vec::new);
        reader.rows.rejected.resize(ids.len() + 1, 0);
        reader.rows.left_out.resize(ids.len(), LeftOut::default());
        reader
    }

    /// Reads whole records into [`RowReader::rows`], which is overwritten.
    pub fn read(&mut self, bytes: &[u8], first_line: u64) {
        self.rows.batches.iter_mut().for_each(Batch::clear);
        self.rows.id_hashes.iter_mut().for_each(Vec::clear);
        self.rows.rejected.fill(0);
        (self.rows.other_type, self.rows.no_case) = (0, 0);
        self.rows.left_out.fill(LeftOut::default());
        self.rows.unjudged.clear();
        self.rows.faults.clear();
        self.rows.set_aside.clear();
        self.rows.persons.iter_mut().for_each(Vec::clear);
        let mut splitter = std::mem::replace(&mut self.splitter, CellSplitter::new(self.export.separator));
        let cut = self.export.cut();
        let (mut from, mut line) = (0, first_line);
        while from < bytes.len() {
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
                        self.read_row(cells, line);
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
    }

    /// Says that a text of several lines holds what looks like rows.
    fn note_swallowed(&mut self, cells: Cells<'_>, line: u64) {
        let export = self.export;
        let start = export.columns.start[0].date;
        let shape = Shape { separator: export.separator, columns: export.headings.len(), start };
        let is_date = |cell: &[u8]| read_stamp(cell, &export.written[start].reads, &export.empty).is_ok();
        if let Some(column) = cell_with_rows(cells, shape, &is_date) {
            self.fault(line, Some(column), FaultCode::RowsInText);
        }
    }

    /// Nothing but blanks and separators: not a row.
    fn is_blank(&self, record: &[u8]) -> bool {
        /// How DOS ended a file.
        const END_OF_FILE: u8 = 0x1A;
        let is_blank =
            |byte: &u8| *byte == self.export.separator || byte.is_ascii_whitespace() || *byte == END_OF_FILE;
        record.iter().all(is_blank)
    }

    /// Rejects a row whose cells cannot be told apart.
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

    /// Leaves out a row that is no case, if it is none.
    fn left_out(&mut self, cells: Cells<'_>, line: u64) -> bool {
        let Some(code) = self.no_case(cells) else { return false };
        self.fault(line, None, code);
        self.rows.no_case += 1;
        true
    }

    /// What a row is when it is no case. Asked only about rows that cannot be read as one.
    fn no_case(&self, cells: Cells<'_>) -> Option<FaultCode> {
        let headings = &self.export.headings;
        let same =
            |index: usize| folded(&String::from_utf8_lossy(cells.get(index))) == folded(&headings[index]);
        if cells.len() >= self.needed && (0..self.needed).all(same) {
            return Some(FaultCode::RepeatedHeadings);
        }
        let mut filled = (0..cells.len()).filter(|index| !cells.get(*index).is_empty());
        let column = filled.next()?;
        let first = String::from_utf8_lossy(cells.get(column));
        let mut words = bare(&first).split_whitespace().map(|word| folded(word.trim_end_matches(':')));
        let ends = [words.next(), words.next_back()];
        let adds_up = ends.iter().flatten().any(|word| TOTALS.contains(&word.as_str()));
        // A title, a page's number, the name of a group: words in place of a case number, which is one word,
        // and nothing else. In another column it could be what is left of a case.
        let stands_alone = self.export.columns.case_id == Some(column)
            && filled.next().is_none()
            && bare(&first).contains([' ', ':']);
        match () {
            () if adds_up => Some(FaultCode::TotalsRow),
            () if stands_alone => Some(FaultCode::TextRow),
            () => None,
        }
    }

    /// Whether every cell of a row stands for nothing.
    fn is_empty_row(cells: Cells<'_>) -> bool {
        cells.iter().all(|cell| bare(&String::from_utf8_lossy(cell)).is_empty())
    }

    fn fault(&mut self, line: u64, column: Option<usize>, code: FaultCode) {
        let place = Place { export: self.number, line };
        self.rows.faults.push(Fault { place, column, code, other: None });
    }

    fn read_row(&mut self, cells: Cells<'_>, line: u64) {
        if cells.len() < self.needed && self.export.short_rows == ShortRows::Reject {
            if !Self::is_empty_row(cells) && !self.left_out(cells, line) {
                self.reject_row(line, None, FaultCode::TooFewCells);
            }
            return;
        }
        let width = self.export.headings.len();
        if cells.len() > width && (width..cells.len()).any(|index| !cells.get(index).is_empty()) {
            return self.reject_row(line, None, FaultCode::TooManyCells);
        }
        let Some(control) = self.control_of(cells) else {
            if !Self::is_empty_row(cells) && !self.left_out(cells, line) {
                self.rows.other_type += 1;
            }
            return;
        };
        if !self.passes_filters(cells) {
            self.rows.left_out[control].filtered += 1;
            return;
        }
        let state = self.state_of(cells, line);
        if state == Some(State::Void) {
            self.rows.left_out[control].void += 1;
            return;
        }
        let faults_before = self.rows.faults.len();
        match self.read_dates(cells, control, state, line) {
            Ok(dates) => self.keep(cells, control, line, dates),
            Err(days) => {
                if Self::is_empty_row(cells) {
                    self.rows.faults.truncate(faults_before);
                } else if self.no_case(cells).is_some() {
                    self.rows.faults.truncate(faults_before);
                    self.left_out(cells, line);
                } else {
                    self.rows.rejected[control] += 1;
                    self.note_rejected(cells, control, line, days);
                }
            }
        }
    }

    /// Whether a row has the values that the project file wants, and none that it leaves out.
    fn passes_filters(&mut self, cells: Cells<'_>) -> bool {
        let mut passes = true;
        for (number, filter) in self.export.filters.iter().enumerate() {
            let cell = cells.get(filter.column);
            let value = match self.values_met[number].get(cell) {
                Some(value) => *value,
                None => {
                    let value = filter.value(cell);
                    if self.values_met[number].len() < MOST_TYPES {
                        self.values_met[number].insert(cell.to_vec(), value);
                    }
                    value
                }
            };
            if let Some(value) = value {
                self.values_found[number][value] = true;
            }
            passes &= value.is_some() == filter.keeps;
        }
        passes
    }

    /// What state the status says the case is in.
    fn state_of(&mut self, cells: Cells<'_>, line: u64) -> Option<State> {
        let status = self.export.status.as_ref()?;
        let cell = cells.get(status.column);
        let known = self.states_met.get(cell).copied();
        let state = known.unwrap_or_else(|| status.state(cell, &self.export.empty));
        if known.is_none() && self.states_met.len() < MOST_TYPES {
            self.states_met.insert(cell.to_vec(), state);
        }
        if state == Some(None) {
            self.fault(line, Some(status.column), FaultCode::UnknownStatus);
        }
        state.flatten()
    }

    /// Remembers a row that cannot be judged: what can be read of it, or, when its case number stands on several
    /// rows, the row itself.
    fn note_rejected(&mut self, cells: Cells<'_>, control: usize, line: u64, days: ReadDays) {
        let id = self.export.columns.case_id.map(|column| case_number(cells.get(column), &self.export.empty));
        let Some((hash, id)) = id.and_then(|id| Some((self.suspect(control, &id)?, id))) else {
            return self.rows.unjudged.push((Some(control), days));
        };
        let place = Place { export: self.number, line };
        let row = Row { place, control, hash, dates: Err(days), group: 0, person: None };
        self.rows.set_aside.push(row, &id);
    }

    /// Remembers a case number, unless every row is a case of its own; its hash, if it is among the suspects.
    fn suspect(&mut self, control: usize, id: &[u8]) -> Option<u64> {
        if id.is_empty() || self.export.duplicates == Duplicates::Keep {
            return None;
        }
        let hash = self.hashers[control].hash_one(&*key_of(id));
        self.rows.id_hashes[control].push(hash);
        self.wanted.suspects.binary_search(&hash).is_ok().then_some(hash)
    }

    fn control_of(&mut self, cells: Cells<'_>) -> Option<usize> {
        let Controls::ByType { column, .. } = self.export.controls else { return Some(0) };
        let cell = cells.get(column);
        if let Some(known) = self.types_met.get(cell).copied() {
            if known.is_none() {
                self.count_other_type(cell);
            }
            return known;
        }
        let found = folded(&name(cell, &self.export.empty));
        let control = self.types.iter().find(|(name, _)| *name == found).map(|(_, control)| *control);
        if self.types_met.len() < MOST_TYPES {
            self.types_met.insert(cell.to_vec(), control);
        }
        if control.is_none() {
            self.count_other_type(cell);
        }
        control
    }

    fn count_other_type(&mut self, cell: &[u8]) {
        let name = name(cell, &self.export.empty);
        if self.other_types.len() < MOST_TYPES || self.other_types.contains_key(&name) {
            *self.other_types.entry(name).or_default() += 1;
        }
    }

    /// The dates of a row, or what can be read of them and a fault for every cell that is to blame.
    fn read_dates(
        &mut self,
        cells: Cells<'_>,
        control: usize,
        state: Option<State>,
        line: u64,
    ) -> Result<Dates, ReadDays> {
        let export = self.export;
        let columns = &export.columns;
        let hours = self.counts_hours[control];
        let start = self.read_first(cells, &columns.start, hours, line);
        let end = self.read_end(cells, state, hours, line);
        let extended_to = self.read_optional(cells, columns.extended_to, line);
        let extension_decided = self.read_optional(cells, columns.extension_decided, line);
        let due = self.read_optional(cells, columns.due, line);
        let read_start = start.filter(|start| start.day != NO_DAY);
        if start.is_some() && read_start.is_none() {
            self.fault(line, Some(columns.start[0].date), FaultCode::MissingStart);
        }
        let read_end = match end {
            Some(CellTime { day: NO_DAY, .. }) => ReadEnd::Open,
            Some(end) => ReadEnd::On(end.day),
            None => ReadEnd::Unreadable,
        };
        let days = ReadDays { start: read_start.map(|start| start.day), end: read_end };
        let (Some(start), Some(end), Some(extended_to), Some(extension_decided), Some(due)) =
            (read_start, end, extended_to, extension_decided, due)
        else {
            return Err(days);
        };
        self.count_days(start.day, end.day);
        self.refuse_lone_days(cells, days, line)?;
        let promises = [
            (columns.extended_to, extended_to),
            (columns.extension_decided, extension_decided),
            (columns.due, due),
        ];
        for (column, day) in promises {
            self.last_promise = self.last_promise.max(day);
            if self.wanted.last_promise.is_some_and(|last| day > last) {
                self.fault(line, column, FaultCode::LoneDate);
                return Err(days);
            }
        }
        // A case that ends in the hour that comes twice, and before it starts, ended in the second pass.
        let end_at = if end.at < start.at && end.second_pass != NO_MOMENT { end.second_pass } else { end.at };
        Ok(Dates {
            start: start.day,
            end: end.day,
            extended_to,
            extension_decided,
            start_at: start.at,
            end_at,
            due,
        })
    }

    fn count_days(&mut self, start: i32, end: i32) {
        self.starts.add(Day(start));
        if end != NO_DAY {
            self.ends.add(Day(end));
        }
    }

    /// Rejects a row with a day that stands alone beyond the rest.
    fn refuse_lone_days(&mut self, cells: Cells<'_>, days: ReadDays, line: u64) -> Result<(), ReadDays> {
        let lone = self.wanted.lone_days;
        let (Some(first), Some(start)) = (lone.first(), days.start) else { return Ok(()) };
        let end = if let ReadEnd::On(end) = days.end { end } else { NO_DAY };
        if start < *first && end < *first {
            return Ok(());
        }
        let is_lone = |day: i32| lone.binary_search(&day).is_ok();
        let (columns, mut read) = (&self.export.columns, days);
        if is_lone(start) {
            read.start = None;
            self.fault(line, self.filled(cells, &columns.start), FaultCode::LoneDate);
        }
        if is_lone(end) {
            read.end = ReadEnd::Unreadable;
            self.fault(line, self.filled(cells, &columns.end), FaultCode::LoneDate);
        }
        if read == days { Ok(()) } else { Err(read) }
    }

    /// The end of a row: the status decides whether there is one.
    fn read_end(
        &mut self,
        cells: Cells<'_>,
        state: Option<State>,
        hours: bool,
        line: u64,
    ) -> Option<CellTime> {
        let export = self.export;
        if state != Some(State::Open) {
            let end = self.read_first(cells, &export.columns.end, hours, line)?;
            if state == Some(State::Closed) && end.day == NO_DAY {
                self.fault(line, Some(export.columns.end[0].date), FaultCode::ClosedWithoutEnd);
                return None;
            }
            return Some(end);
        }
        let column = self.filled(cells, &export.columns.end);
        if column.is_some() {
            self.fault(line, column, FaultCode::OpenWithEnd);
        }
        Some(CellTime::day(NO_DAY))
    }

    /// The column of the first of several dates that is filled.
    fn filled(&self, cells: Cells<'_>, whens: &[When]) -> Option<usize> {
        let export = self.export;
        let is_filled = |column: &usize| {
            let stamp = read_stamp(cells.get(*column), &export.written[*column].reads, &export.empty);
            stamp != Err(NoStamp::Empty)
        };
        whens.iter().map(|when| when.date).find(is_filled)
    }

    fn read_optional(&mut self, cells: Cells<'_>, column: Option<usize>, line: u64) -> Option<i32> {
        match column {
            Some(date) => self.read_date(cells, When { date, time: None }, false, line).map(|time| time.day),
            None => Some(NO_DAY),
        }
    }

    /// The first of several dates that is filled; `None` for a fault.
    fn read_first(&mut self, cells: Cells<'_>, whens: &[When], hours: bool, line: u64) -> Option<CellTime> {
        for when in whens {
            let time = self.read_date(cells, *when, hours, line)?;
            if time.day != NO_DAY {
                return Some(time);
            }
        }
        Some(CellTime::day(NO_DAY))
    }

    /// A date's day and, when hours count, its moment; `None` for a fault.
    fn read_date(&mut self, cells: Cells<'_>, when: When, hours: bool, line: u64) -> Option<CellTime> {
        let (export, column) = (self.export, when.date);
        let cell = cells.get(column);
        if cell.is_empty() {
            return Some(CellTime::day(NO_DAY));
        }
        let stamp = match read_stamp(cell, &export.written[column].reads, &export.empty) {
            Ok(stamp) => stamp,
            Err(NoStamp::Empty) => return Some(CellTime::day(NO_DAY)),
            Err(problem) => {
                self.fault(line, Some(column), code_of(problem));
                self.note_word(cell, column);
                return None;
            }
        };
        match when.time {
            Some(time) if hours => {
                let second = match read_time(cells.get(time), &export.empty) {
                    Ok(second) => Some(second),
                    // The date may have its time beside it all the same; midnight would be none.
                    Err(NoStamp::Empty) => stamp.second_of_day.filter(|second| *second != 0),
                    Err(problem) => {
                        self.fault(line, Some(time), code_of(problem));
                        return None;
                    }
                };
                self.moment_of(Stamp { second_of_day: second, ..stamp }, hours, column, line)
            }
            // Without an offset the written day is the Swedish day, and nothing need be worked out.
            _ if export.midnights[column] => Some(CellTime::day(stamp.day.0)),
            _ => self.moment_of(stamp, hours, column, line),
        }
    }

    fn moment_of(&mut self, stamp: Stamp, hours: bool, column: usize, line: u64) -> Option<CellTime> {
        if stamp.second_of_day.is_none() || (!hours && stamp.offset_seconds.is_none()) {
            return Some(CellTime::day(stamp.day.0));
        }
        let time = swedish_time(stamp);
        // An offset can carry the first or last day over the edge.
        if time.day < FIRST_INPUT_DAY || time.day > LAST_INPUT_DAY {
            self.fault(line, Some(column), FaultCode::DateOutOfRange);
            return None;
        }
        if time.in_skipped_hour {
            self.fault(line, Some(column), FaultCode::SkippedHour);
        }
        let seconds = |moment: Option<Moment>| moment.map_or(NO_MOMENT, |moment| moment.0);
        Some(CellTime { day: time.day.0, at: seconds(time.moment), second_pass: seconds(time.second_pass) })
    }

    /// Remembers a word in place of an end: on many rows it stands for "no end yet".
    fn note_word(&mut self, cell: &[u8], column: usize) {
        /// A longer text is no such word.
        const LONGEST: usize = 30;
        let is_end = self.export.columns.end.iter().any(|when| when.date == column);
        if !is_end || cell.len() > LONGEST || cell.iter().any(u8::is_ascii_digit) {
            return;
        }
        let word = name(cell, &self.export.empty);
        if self.end_words.len() < MOST_TYPES || self.end_words.contains_key(&word) {
            *self.end_words.entry(word).or_default() += 1;
        }
    }

    /// Adds a readable row to its batch, or sets it aside.
    fn keep(&mut self, cells: Cells<'_>, control: usize, line: u64, dates: Dates) {
        let columns = &self.export.columns;
        let place = Place { export: self.number, line };
        let person = columns.person.zip(self.wanted.persons);
        let person = person.and_then(|(column, keyed)| hash_of(cells.get(column), &self.export.empty, keyed));
        let id = columns.case_id.map_or(Cow::Borrowed(&[][..]), |column| {
            let cell = cells.get(column);
            if (!cell.is_ascii() || memchr::memchr(0, cell).is_some()) && is_broken(cell) {
                self.fault(line, Some(column), FaultCode::BrokenCharacter);
            }
            case_number(cell, &self.export.empty)
        });
        if self.export.duplicates != Duplicates::Keep {
            self.numbers[control].add(&id, place);
        }
        if self.wanted.ids && personal_numbers::find_in(&id).is_some() {
            let (first, count) = self.personal_ids.unwrap_or((line, 0));
            self.personal_ids = Some((first.min(line), count + 1));
        }
        let group_columns = [columns.group, columns.subgroup];
        let group_cells = group_columns.map(|column| column.map(|column| cells.get(column)));
        let number = self.groups.number(group_cells, &self.export.empty);
        for (column, code) in group_columns.into_iter().zip(self.groups.faults[number as usize]) {
            if let Some(code) = code {
                self.fault(line, column, code);
            }
        }
        if let Some(hash) = self.suspect(control, &id) {
            let row = Row { place, control, hash, dates: Ok(dates), group: number, person };
            return self.rows.set_aside.push(row, &id);
        }
        self.push(control, line, dates, number, &id);
        self.note_person(control, place, dates, person);
    }

    /// Chains are looked for among cases that count.
    fn note_person(&mut self, control: usize, place: Place, dates: Dates, person: Option<u64>) {
        let case = person.map(|person| PersonCase::new(person, dates.start, dates.end, place));
        self.rows.persons[control].extend(case);
    }

    /// Adds a row that was set aside and is to count after all, with its case number and its group.
    pub fn resume(&mut self, row: &SetAside, id: &[u8], group: &GroupName) {
        let Ok(dates) = row.dates() else { return };
        let cell = |name: &'_ str| (!name.is_empty()).then_some(name.as_bytes().to_vec());
        let cells = [cell(&group.group), cell(&group.subgroup)];
        let group = self.groups.number([cells[0].as_deref(), cells[1].as_deref()], &[]);
        self.push(row.control(), row.place().line, dates, group, id);
        self.note_person(row.control(), row.place(), dates, row.person.map(NonZeroU64::get));
    }

    fn push(&mut self, control: usize, line: u64, dates: Dates, group: u32, id: &[u8]) {
        let columns = &self.export.columns;
        let batch = &mut self.rows.batches[control];
        batch.start.push(dates.start);
        batch.end.push(dates.end);
        if columns.extended_to.is_some() {
            batch.extended_to.push(dates.extended_to);
        }
        if columns.extension_decided.is_some() {
            batch.extension_decided.push(dates.extension_decided);
        }
        if columns.due.is_some() {
            batch.due.push(dates.due);
        }
        if self.counts_hours[control] {
            batch.start_at.push(dates.start_at);
            batch.end_at.push(dates.end_at);
        }
        batch.group.push(group);
        batch.line.push(line);
        if self.wanted.ids {
            batch.ids.extend_from_slice(id);
            batch.id_ends.push(batch.ids.len());
        }
    }
}

/// What is wrong with a cell that holds no date, or no time of day.
fn code_of(problem: NoStamp) -> FaultCode {
    match problem {
        NoStamp::Not(NotADate::Impossible) => FaultCode::ImpossibleDate,
        NoStamp::Not(NotADate::OutOfRange) => FaultCode::DateOutOfRange,
        NoStamp::Ambiguous => FaultCode::AmbiguousDate,
        _ => FaultCode::UnreadableDate,
    }
}
