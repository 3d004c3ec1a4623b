//! Rows: records become typed columns of cases, or faults.
//!
//! Only the columns that are needed are looked at, and of those only dates, the case number and the
//! group are kept.

use std::collections::HashMap;
use std::hash::BuildHasher;

use foldhash::quality::FixedState;

use super::dialect::{CellSplitter, Cells};
use super::export::{Controls, Export};
use super::faults::{Fault, FaultCode, Place};
use super::records::{Scan, scan};
use crate::date::{FIRST_INPUT_DAY, LAST_INPUT_DAY, NotADate, parse_stamp};
use crate::judge::{CaseColumns, NO_DAY, NO_MOMENT};
use crate::moment::{Moment, swedish_time};
use crate::project::Duplicates;

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
    /// Case numbers, one after the other, as the file writes them; empty unless they are wanted.
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

    /// A case number as the file writes it.
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
    /// The case number, decoded.
    pub id: String,
    /// Its dates.
    pub dates: Dates,
    /// Its group, decoded.
    pub group: String,
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
    /// What is wrong.
    pub faults: Vec<Fault>,
    /// Rows whose case number is among the suspects.
    pub set_aside: Vec<SetAside>,
}

/// Group names, numbered in order of appearance.
#[derive(Default)]
pub struct Groups {
    numbers: HashMap<Vec<u8>, u32, FixedState>,
    /// Names by number.
    pub names: Vec<String>,
}

impl Groups {
    fn number(&mut self, raw: &[u8], export: &Export) -> u32 {
        if let Some(number) = self.numbers.get(raw) {
            return *number;
        }
        let number = self.names.len() as u32;
        self.numbers.insert(raw.to_vec(), number);
        self.names.push(export.encoding.decode(raw).into_owned());
        number
    }
}

/// What a reader keeps beside the dates.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wanted<'a> {
    /// Case numbers, for the case list.
    pub ids: bool,
    /// Sorted hashes of case numbers whose rows are set aside.
    pub suspects: &'a [u64],
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

/// Reads the rows of one export. Keeps its buffers from chunk to chunk.
pub struct RowReader<'a> {
    export: &'a Export,
    number: usize,
    /// For each control of the export: whether its rule counts hours.
    counts_hours: Vec<bool>,
    /// For each control of the export: hashes its case numbers, alike in every export of the control.
    hashers: Vec<FixedState>,
    /// For each type of the export: the number of its control.
    types: Vec<(&'a [u8], usize)>,
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
                .map(|(name, id)| (name.as_slice(), ids.binary_search(&id.as_str()).expect("ids are sorted")))
                .collect(),
        };
        let mut reader = RowReader {
            export,
            number,
            counts_hours: ids.iter().map(|id| counts_hours(id)).collect(),
            hashers: ids.iter().map(|id| FixedState::with_seed(FixedState::default().hash_one(id))).collect(),
            types,
            wanted,
            splitter: CellSplitter::new(export.separator),
            groups: Groups::default(),
            rows: Rows::default(),
        };
        reader.rows.batches.resize_with(ids.len(), Batch::default);
        reader.rows.id_hashes.resize_with(ids.len(), Vec::new);
        reader.rows.rejected.resize(ids.len() + 1, 0);
        reader
    }

    /// Reads whole records into [`RowReader::rows`], which is overwritten.
    pub fn read(&mut self, bytes: &[u8], first_line: u64) {
        self.rows.batches.iter_mut().for_each(Batch::clear);
        self.rows.id_hashes.iter_mut().for_each(Vec::clear);
        self.rows.rejected.fill(0);
        self.rows.other_type = 0;
        self.rows.faults.clear();
        self.rows.set_aside.clear();
        let mut splitter = std::mem::replace(&mut self.splitter, CellSplitter::new(self.export.separator));
        let (mut from, mut line) = (0, first_line);
        while from < bytes.len() {
            let next = match scan(bytes, from, self.export.separator, true) {
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
                Scan::BrokenQuote { next } => {
                    self.reject_row(line, FaultCode::BrokenQuote);
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
        record.iter().all(|byte| *byte == self.export.separator || byte.is_ascii_whitespace())
    }

    /// Rejects a row whose cells cannot be told apart.
    fn reject_row(&mut self, line: u64, code: FaultCode) {
        let control = match self.export.controls {
            Controls::One(_) => 0,
            Controls::ByType { .. } => self.rows.rejected.len() - 1,
        };
        self.fault(line, None, code);
        self.rows.rejected[control] += 1;
    }

    fn fault(&mut self, line: u64, column: Option<usize>, code: FaultCode) {
        let place = Place { export: self.number, line };
        self.rows.faults.push(Fault { place, column, code, other: None });
    }

    fn read_row(&mut self, cells: Cells<'_>, line: u64) {
        let width = self.export.headings.len();
        if cells.len() < width {
            return self.reject_row(line, FaultCode::TooFewCells);
        }
        if cells.len() > width && (width..cells.len()).any(|index| !cells.get(index).is_empty()) {
            return self.reject_row(line, FaultCode::TooManyCells);
        }
        let Some(control) = self.control_of(cells) else {
            self.rows.other_type += 1;
            return;
        };
        match self.read_dates(cells, control, line) {
            Some(dates) => self.keep(cells, control, line, dates),
            None => self.rows.rejected[control] += 1,
        }
    }

    fn control_of(&self, cells: Cells<'_>) -> Option<usize> {
        match self.export.controls {
            Controls::One(_) => Some(0),
            Controls::ByType { column, .. } => {
                let found = cells.get(column);
                self.types.iter().find(|(name, _)| *name == found).map(|(_, control)| *control)
            }
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
        match parse_stamp(cell) {
            // Without an offset the written day is the Swedish day, and nothing need be worked out.
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
            Err(problem) => {
                let code = match problem {
                    NotADate::Unreadable => FaultCode::UnreadableDate,
                    NotADate::Impossible => FaultCode::ImpossibleDate,
                    NotADate::OutOfRange => FaultCode::DateOutOfRange,
                };
                self.fault(line, Some(column), code);
                None
            }
        }
    }

    /// Adds a readable row to its batch, or sets it aside.
    fn keep(&mut self, cells: Cells<'_>, control: usize, line: u64, dates: Dates) {
        let columns = self.export.columns;
        let group = columns.group.map_or(&[][..], |column| cells.get(column));
        let id = columns.case_id.map_or(&[][..], |column| cells.get(column));
        if !id.is_empty() && self.export.duplicates == Duplicates::Reject {
            let hasher = &self.hashers[control];
            // Exports of one control may differ in encoding.
            let hash = match id.is_ascii() {
                true => hasher.hash_one(id),
                false => hasher.hash_one(self.export.encoding.decode(id).as_bytes()),
            };
            self.rows.id_hashes[control].push(hash);
            if self.wanted.suspects.binary_search(&hash).is_ok() {
                let place = Place { export: self.number, line };
                let decode = |bytes| self.export.encoding.decode(bytes).into_owned();
                let (id, group) = (decode(id), decode(group));
                self.rows.set_aside.push(SetAside { control, place, id, dates, group });
                return;
            }
        }
        let group = self.groups.number(group, self.export);
        self.push(control, line, dates, group, id);
    }

    /// Adds a row that was set aside and is to count after all.
    pub fn resume(&mut self, row: &SetAside) {
        let encoding = self.export.encoding;
        let group = self.groups.number(&encoding.encode(&row.group), self.export);
        self.push(row.control, row.place.line, row.dates, group, &encoding.encode(&row.id));
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
