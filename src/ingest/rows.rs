//! Rows: records become typed columns of cases, or faults.
//!
//! Only the columns that are needed are looked at, and of those only dates, the case number and the
//! group are kept.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::hash::BuildHasher;

use foldhash::quality::{FixedState, RandomState};

use super::dialect::{CellSplitter, Cells};
use super::export::{Controls, Export};
use super::faults::{Fault, FaultCode, Place};
use super::headings::folded;
use super::persons::{PersonCase, hash_of};
use super::records::{Scan, scan};
use crate::date::{FIRST_INPUT_DAY, LAST_INPUT_DAY, NotADate};
use crate::date_format::{NoStamp, read_stamp};
use crate::judge::{CaseColumns, NO_DAY, NO_MOMENT};
use crate::moment::{Moment, swedish_time};
use crate::project::{Duplicates, ShortRows};
use crate::tally::GroupName;
use crate::values::{bare, holds_personal_number, is_broken, name};

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
}

impl Dates {
    /// Of a row in which none can be read.
    const NONE: Dates = Dates {
        start: NO_DAY,
        end: NO_DAY,
        extended_to: NO_DAY,
        extension_decided: NO_DAY,
        start_at: NO_MOMENT,
        end_at: NO_MOMENT,
    };
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
        }
    }

    /// A case number, in UTF-8 but for characters that were lost.
    pub fn id(&self, index: usize) -> &[u8] {
        let Some(end) = self.id_ends.get(index) else { return &[] };
        let start = if index == 0 { 0 } else { self.id_ends[index - 1] };
        &self.ids[start..*end]
    }
}

/// A row that waits for the other rows of its case number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetAside {
    /// Number of the control among the export's.
    pub control: usize,
    /// Where it stands.
    pub place: Place,
    /// The case number.
    pub id: String,
    /// Its dates.
    pub dates: Dates,
    /// Its group.
    pub group: GroupName,
    /// Hash of the person, when the export has that column.
    pub person: Option<u64>,
    /// It cannot be judged, and is counted as rejected already. Where the newest export is to win, it keeps an
    /// older row of the case from counting in its place.
    pub rejected: bool,
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
    /// What is wrong.
    pub faults: Vec<Fault>,
    /// Rows whose case number is among the suspects.
    pub set_aside: Vec<SetAside>,
    /// Persons' cases by control, when chains are looked for.
    pub persons: Vec<Vec<PersonCase>>,
}

/// Group names, numbered in order of appearance.
#[derive(Default)]
pub struct Groups {
    numbers: HashMap<Vec<u8>, u32, FixedState>,
    /// Two cells as one key.
    joined: Vec<u8>,
    /// Names by number.
    pub names: Vec<GroupName>,
    /// What is wrong with a name, by number: in the first cell and in the second.
    faults: Vec<[Option<FaultCode>; 2]>,
}

impl Groups {
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
        if let Some(number) = self.numbers.get(key) {
            return *number;
        }
        let number = self.names.len() as u32;
        self.numbers.insert(key.to_vec(), number);
        let [(group, fault), (subgroup, second_fault)] = cells.map(|cell| group_name(cell, empty));
        self.names.push(GroupName { group, subgroup });
        self.faults.push([fault, second_fault]);
        number
    }
}

/// A group's name, and what is wrong with it.
fn group_name(cell: Option<&[u8]>, empty: &[String]) -> (String, Option<FaultCode>) {
    let Some(cell) = cell else { return (String::new(), None) };
    let text = name(cell, empty);
    // A wrong column: no person may become a unit of the report.
    if holds_personal_number(&text) {
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
    /// Cells that a row must have.
    needed: usize,
    wanted: Wanted<'a>,
    splitter: CellSplitter,
    /// Groups met so far.
    pub groups: Groups,
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
            // Columns without a heading at the end are not missed.
            needed: export
                .headings
                .iter()
                .rposition(|heading| !heading.is_empty())
                .map_or(0, |last| last + 1),
            wanted,
            splitter: CellSplitter::new(export.separator),
            groups: Groups::default(),
            rows: Rows::default(),
        };
        reader.rows.batches.resize_with(ids.len(), Batch::default);
        reader.rows.id_hashes.resize_with(ids.len(), Vec::new);
        reader.rows.persons.resize_with(ids.len(), Vec::new);
        reader.rows.rejected.resize(ids.len() + 1, 0);
        reader
    }

    /// Reads whole records into [`RowReader::rows`], which is overwritten.
    pub fn read(&mut self, bytes: &[u8], first_line: u64) {
        self.rows.batches.iter_mut().for_each(Batch::clear);
        self.rows.id_hashes.iter_mut().for_each(Vec::clear);
        self.rows.rejected.fill(0);
        (self.rows.other_type, self.rows.no_case) = (0, 0);
        self.rows.faults.clear();
        self.rows.set_aside.clear();
        self.rows.persons.iter_mut().for_each(Vec::clear);
        let mut splitter = std::mem::replace(&mut self.splitter, CellSplitter::new(self.export.separator));
        let (mut from, mut line) = (0, first_line);
        while from < bytes.len() {
            let next = match scan(bytes, from, self.export.cut(), true) {
                Scan::Record { end, next, quoted } => {
                    let record = &bytes[from..end];
                    if !self.is_blank(record) {
                        self.read_row(splitter.split(record, quoted), line);
                    }
                    line += if quoted {
                        memchr::memchr_iter(b'\n', &bytes[from..next]).count() as u64
                    } else {
                        1
                    };
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
        let faults_before = self.rows.faults.len();
        match self.read_dates(cells, control, line) {
            Some(dates) => self.keep(cells, control, line, dates),
            None => {
                if Self::is_empty_row(cells) {
                    self.rows.faults.truncate(faults_before);
                } else if self.no_case(cells).is_some() {
                    self.rows.faults.truncate(faults_before);
                    self.left_out(cells, line);
                } else {
                    self.rows.rejected[control] += 1;
                    self.note_rejected(cells, control, line);
                }
            }
        }
    }

    /// Remembers the case number of a row that cannot be judged, where the newest export is to win.
    fn note_rejected(&mut self, cells: Cells<'_>, control: usize, line: u64) {
        let (Duplicates::Newest, Some(column)) = (self.export.duplicates, self.export.columns.case_id) else {
            return;
        };
        let id = case_number(cells.get(column), &self.export.empty);
        if self.is_suspect(control, &id) {
            let place = Place { export: self.number, line };
            let id = String::from_utf8_lossy(&id).into_owned();
            let (dates, group, person) = (Dates::NONE, GroupName::default(), None);
            self.rows.set_aside.push(SetAside { control, place, id, dates, group, person, rejected: true });
        }
    }

    /// Remembers a case number, unless every row is a case of its own; says whether it is among the suspects.
    fn is_suspect(&mut self, control: usize, id: &[u8]) -> bool {
        if id.is_empty() || self.export.duplicates == Duplicates::Keep {
            return false;
        }
        let hash = self.hashers[control].hash_one(id);
        self.rows.id_hashes[control].push(hash);
        self.wanted.suspects.binary_search(&hash).is_ok()
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

    /// The dates of a row, or `None` and a fault for every cell that is to blame.
    fn read_dates(&mut self, cells: Cells<'_>, control: usize, line: u64) -> Option<Dates> {
        let columns = self.export.columns;
        let hours = self.counts_hours[control];
        let start = self.read_date(cells, columns.start, hours, line);
        let end = self.read_date(cells, columns.end, hours, line);
        let extended_to = self.read_optional(cells, columns.extended_to, line);
        let extension_decided = self.read_optional(cells, columns.extension_decided, line);
        if let Some(CellTime { day: NO_DAY, .. }) = start {
            self.fault(line, Some(columns.start), FaultCode::MissingStart);
            return None;
        }
        let (start, end) = (start?, end?);
        // A case that ends in the hour that comes twice, and before it starts, ended in the second pass.
        let end_at = if end.at < start.at && end.second_pass != NO_MOMENT { end.second_pass } else { end.at };
        Some(Dates {
            start: start.day,
            end: end.day,
            extended_to: extended_to?,
            extension_decided: extension_decided?,
            start_at: start.at,
            end_at,
        })
    }

    fn read_optional(&mut self, cells: Cells<'_>, column: Option<usize>, line: u64) -> Option<i32> {
        match column {
            Some(column) => self.read_date(cells, column, false, line).map(|time| time.day),
            None => Some(NO_DAY),
        }
    }

    /// A cell's day and, when hours count, its moment; `None` for a fault.
    fn read_date(&mut self, cells: Cells<'_>, column: usize, hours: bool, line: u64) -> Option<CellTime> {
        let cell = cells.get(column);
        if cell.is_empty() {
            return Some(CellTime::day(NO_DAY));
        }
        match read_stamp(cell, self.export.formats[column], &self.export.empty) {
            // Without an offset the written day is the Swedish day, and nothing need be worked out.
            Ok(stamp) if self.export.midnights[column] => Some(CellTime::day(stamp.day.0)),
            Ok(stamp) if stamp.second_of_day.is_none() || (!hours && stamp.offset_seconds.is_none()) => {
                Some(CellTime::day(stamp.day.0))
            }
            Ok(stamp) => {
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
                Some(CellTime {
                    day: time.day.0,
                    at: seconds(time.moment),
                    second_pass: seconds(time.second_pass),
                })
            }
            Err(NoStamp::Empty) => Some(CellTime::day(NO_DAY)),
            Err(problem) => {
                let code = match problem {
                    NoStamp::Not(NotADate::Impossible) => FaultCode::ImpossibleDate,
                    NoStamp::Not(NotADate::OutOfRange) => FaultCode::DateOutOfRange,
                    NoStamp::Ambiguous => FaultCode::AmbiguousDate,
                    _ => FaultCode::UnreadableDate,
                };
                self.fault(line, Some(column), code);
                None
            }
        }
    }

    /// Adds a readable row to its batch, or sets it aside.
    fn keep(&mut self, cells: Cells<'_>, control: usize, line: u64, dates: Dates) {
        let columns = self.export.columns;
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
        let group_columns = [columns.group, columns.subgroup];
        let group_cells = group_columns.map(|column| column.map(|column| cells.get(column)));
        let number = self.groups.number(group_cells, &self.export.empty);
        for (column, code) in group_columns.into_iter().zip(self.groups.faults[number as usize]) {
            if let Some(code) = code {
                self.fault(line, column, code);
            }
        }
        if self.is_suspect(control, &id) {
            let id = String::from_utf8_lossy(&id).into_owned();
            let group = self.groups.names[number as usize].clone();
            self.rows.set_aside.push(SetAside { control, place, id, dates, group, person, rejected: false });
            return;
        }
        self.push(control, line, dates, number, &id);
        self.note_person(control, place, dates, person);
    }

    /// Chains are looked for among cases that count.
    fn note_person(&mut self, control: usize, place: Place, dates: Dates, person: Option<u64>) {
        let case = person.map(|person| PersonCase::new(person, dates.start, dates.end, place));
        self.rows.persons[control].extend(case);
    }

    /// Adds a row that was set aside and is to count after all.
    pub fn resume(&mut self, row: &SetAside) {
        let cell = |name: &'_ str| (!name.is_empty()).then_some(name.as_bytes().to_vec());
        let cells = [cell(&row.group.group), cell(&row.group.subgroup)];
        let group = self.groups.number([cells[0].as_deref(), cells[1].as_deref()], &[]);
        self.push(row.control, row.place.line, row.dates, group, row.id.as_bytes());
        self.note_person(row.control, row.place, row.dates, row.person);
    }

    fn push(&mut self, control: usize, line: u64, dates: Dates, group: u32, id: &[u8]) {
        let columns = self.export.columns;
        let batch = &mut self.rows.batches[control];
        batch.start.push(dates.start);
        batch.end.push(dates.end);
        if columns.extended_to.is_some() {
            batch.extended_to.push(dates.extended_to);
        }
        if columns.extension_decided.is_some() {
            batch.extension_decided.push(dates.extension_decided);
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

/// A case number as it is compared. Most are plain and stay where they are.
fn case_number<'a>(cell: &'a [u8], empty: &[String]) -> Cow<'a, [u8]> {
    match cell.first() {
        // What stands for an empty cell begins with a mark, a zero of a year or one of null's letters.
        Some(first)
            if first.is_ascii_alphanumeric()
                && !matches!(first, b'n' | b'N')
                && cell.is_ascii()
                && empty.is_empty() =>
        {
            cell.into()
        }
        _ => name(cell, empty).into_bytes().into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_numbers_are_compared_bare() {
        let number =
            |text: &str| String::from_utf8(case_number(text.as_bytes(), &[]).into_owned()).expect("UTF-8");
        assert_eq!(number("2024-17"), "2024-17");
        assert_eq!(number("=\"0017\""), "0017");
        assert_eq!(number("NULL"), "");
        assert_eq!(number("-"), "");
    }
}
