//! The dates of a row: what its cells say, and the fault of each that says nothing.

use super::{MOST_TYPES, RowReader};
use crate::date::{Day, FIRST_INPUT_DAY, LAST_INPUT_DAY, NotADate, Stamp, months_after};
use crate::date_evidence::Times;
use crate::date_format::{NoStamp, is_date_in_any_order, read_plain_day, read_stamp, read_time};
use crate::ingest::dialect::Cells;
use crate::ingest::faults::FaultCode;
use crate::ingest::headings::When;
use crate::ingest::selection::State;
use crate::ingest::unjudged::{ReadDays, ReadEnd};
use crate::judge::{Case, Decided, Extension};
use crate::moment::{Moment, swedish_time};
use crate::values::{bare, lacks_value, name};

/// What a date cell says.
#[derive(Clone, Copy)]
struct CellTime {
    day: Day,
    at: Option<Moment>,
    second_pass: Option<Moment>,
}

impl CellTime {
    fn day(day: Day) -> CellTime {
        CellTime { day, at: None, second_pass: None }
    }
}

/// A cell cannot be read; its fault has been noted.
struct Faulty;

impl RowReader<'_> {
    /// The dates of a row, or what can be read of them and a fault for every cell that cannot.
    pub(super) fn read_dates(
        &mut self,
        cells: Cells<'_>,
        control: usize,
        state: Option<State>,
        line: u64,
    ) -> Result<Case, ReadDays> {
        let export = self.export;
        let columns = &export.columns;
        let hours = self.counts_hours[control];
        if let Some((start, end)) = self.plain_days(cells, hours, state) {
            self.starts.add(start);
            end.iter().for_each(|end| self.ends.add(*end));
            return Ok(Case::of_days(start, end));
        }
        let start = self.read_first(cells, &columns.start, hours, line);
        let end = self.read_end(cells, state, hours, line);
        let extended_to = self.read_extension(cells, columns.extended_to, line);
        let decided = self.read_extension(cells, columns.extension_decided, line);
        let due = self.read_optional(cells, columns.due, line);
        if matches!(start, Ok(None)) {
            self.fault(line, Some(columns.start[0].date), FaultCode::MissingStart);
        }
        let read_end = match &end {
            Ok(None) => ReadEnd::Open,
            Ok(Some(end)) => ReadEnd::On(end.day),
            Err(Faulty) => ReadEnd::Unreadable,
        };
        let read_start = start.ok().flatten();
        let days = ReadDays { start: read_start.map(|start| start.day), end: read_end };
        let (Some(start), Ok(end), Ok(extended_to), Ok(decided), Ok(due)) =
            (read_start, end, extended_to, decided, due)
        else {
            return Err(days);
        };
        self.starts.add(start.day);
        end.iter().for_each(|end| self.ends.add(end.day));
        self.refuse_lone_days(cells, days, line)?;
        let promises =
            [(columns.extended_to, extended_to), (columns.extension_decided, decided), (columns.due, due)];
        for (column, day) in promises {
            self.last_promise = self.last_promise.max(day);
            if self.wanted.last_promise.is_some_and(|last| day > Some(last)) {
                self.fault(line, column, FaultCode::LoneDate);
                return Err(days);
            }
        }
        let decided = match columns.extension_decided {
            None => Decided::NotInExport,
            Some(_) => decided.map_or(Decided::Missing, Decided::On),
        };
        Ok(Case {
            start: start.day,
            end: end.map(|end| end.day),
            start_at: start.at,
            end_at: end.and_then(|end| end_after(start, end)),
            due,
            extension: extended_to.map(|to| Extension { to, decided }),
        })
    }

    /// Start and end of a row with nothing but one or two plain days, as most have.
    #[inline]
    fn plain_days(&self, cells: Cells<'_>, hours: bool, state: Option<State>) -> Option<(Day, Option<Day>)> {
        let columns = &self.export.columns;
        let promises = [columns.extended_to, columns.extension_decided, columns.due];
        if hours || state.is_some() || promises.iter().flatten().any(|column| !cells.get(*column).is_empty())
        {
            return None;
        }
        let export = self.export;
        let day = |cell, column: usize| read_plain_day(cell, &export.written[column].reads, &export.empty);
        let (start, ends) = (columns.start[0].date, &columns.end);
        let start = day(cells.get(start), start)?;
        let end = match cells.get(ends[0].date) {
            [] if ends.len() == 1 => None,
            cell => Some(day(cell, ends[0].date)?),
        };
        let is_lone =
            self.wanted.lone_days.first().is_some_and(|first| start.max(end.unwrap_or(start)) >= *first);
        (!is_lone).then_some((start, end))
    }

    /// Rejects a row with a lone day far beyond the others.
    fn refuse_lone_days(&mut self, cells: Cells<'_>, days: ReadDays, line: u64) -> Result<(), ReadDays> {
        let lone = self.wanted.lone_days;
        let (Some(first), Some(start)) = (lone.first(), days.start) else { return Ok(()) };
        let end = if let ReadEnd::On(end) = days.end { Some(end) } else { None };
        if start.max(end.unwrap_or(start)) < *first {
            return Ok(());
        }
        let is_lone = |day: Day| lone.binary_search(&day).is_ok();
        let (columns, mut read) = (&self.export.columns, days);
        if is_lone(start) {
            read.start = None;
            self.fault(line, self.filled(cells, &columns.start), FaultCode::LoneDate);
        }
        if end.is_some_and(|end| is_lone(end) && !is_plan(start, end)) {
            read.end = ReadEnd::Unreadable;
            self.fault(line, self.filled(cells, &columns.end), FaultCode::LoneDate);
        }
        if read == days { Ok(()) } else { Err(read) }
    }

    /// The end of a row; the status decides whether there is one.
    fn read_end(
        &mut self,
        cells: Cells<'_>,
        state: Option<State>,
        hours: bool,
        line: u64,
    ) -> Result<Option<CellTime>, Faulty> {
        let export = self.export;
        if state != Some(State::Open) {
            let end = self.read_first(cells, &export.columns.end, hours, line)?;
            if state == Some(State::Closed) && end.is_none() {
                self.fault(line, Some(export.columns.end[0].date), FaultCode::ClosedWithoutEnd);
                return Err(Faulty);
            }
            return Ok(end);
        }
        let column = self.filled(cells, &export.columns.end);
        if column.is_some() {
            self.fault(line, column, FaultCode::OpenWithEnd);
        }
        Ok(None)
    }

    /// The column of the first of several dates that is not empty.
    fn filled(&self, cells: Cells<'_>, whens: &[When]) -> Option<usize> {
        let export = self.export;
        let is_filled = |column: &usize| {
            let stamp = read_stamp(cells.get(*column), &export.written[*column].reads, &export.empty);
            stamp != Err(NoStamp::Empty)
        };
        whens.iter().map(|when| when.date).find(is_filled)
    }

    /// As [`Self::read_optional`], of an extension: a word for no is none.
    #[inline]
    fn read_extension(
        &mut self,
        cells: Cells<'_>,
        column: Option<usize>,
        line: u64,
    ) -> Result<Option<Day>, Faulty> {
        let column = column.filter(|column| !says_no(cells.get(*column)));
        self.read_optional(cells, column, line)
    }

    #[inline]
    fn read_optional(
        &mut self,
        cells: Cells<'_>,
        column: Option<usize>,
        line: u64,
    ) -> Result<Option<Day>, Faulty> {
        let Some(date) = column else { return Ok(None) };
        Ok(self.read_date(cells, When { date, time: None }, false, line)?.map(|time| time.day))
    }

    /// The first of several dates that is not empty.
    #[inline]
    fn read_first(
        &mut self,
        cells: Cells<'_>,
        whens: &[When],
        hours: bool,
        line: u64,
    ) -> Result<Option<CellTime>, Faulty> {
        for when in whens {
            let time = self.read_date(cells, *when, hours, line)?;
            if time.is_some() {
                return Ok(time);
            }
        }
        Ok(None)
    }

    /// A date's day and, if hours count, its moment; `None` for an empty cell.
    #[inline]
    fn read_date(
        &mut self,
        cells: Cells<'_>,
        when: When,
        hours: bool,
        line: u64,
    ) -> Result<Option<CellTime>, Faulty> {
        let (export, column) = (self.export, when.date);
        let cell = cells.get(column);
        if cell.is_empty() {
            return Ok(None);
        }
        // Most cells hold a day and nothing else.
        let plain =
            if hours { None } else { read_plain_day(cell, &export.written[column].reads, &export.empty) };
        if let Some(day) = plain {
            return Ok(Some(CellTime::day(day)));
        }
        let stamp = match read_stamp(cell, &export.written[column].reads, &export.empty) {
            Ok(stamp) => stamp,
            Err(NoStamp::Empty) => return Ok(None),
            Err(problem) => {
                self.fault(line, Some(column), code_of(cell, problem));
                self.note_word(cell, column);
                self.note_other_order(cell, column, problem);
                return Err(Faulty);
            }
        };
        match when.time {
            Some(time) if hours => {
                let of_time = cells.get(time);
                let second = match read_time(of_time, &export.empty) {
                    Ok(second) => Some(second),
                    // The date may still have a time of day beside it; midnight would mean none.
                    Err(NoStamp::Empty) => stamp.second_of_day.filter(|second| *second != 0),
                    Err(problem) => {
                        self.fault(line, Some(time), code_of(of_time, problem));
                        return Err(Faulty);
                    }
                };
                self.moment_of(Stamp { second_of_day: second, ..stamp }, hours, column, line).map(Some)
            }
            _ => match export.times[column] {
                Times::Real => self.moment_of(stamp, hours, column, line).map(Some),
                Times::EdgeOfDay => Ok(Some(CellTime::day(stamp.day))),
                Times::Same => self.moment_of(stamp, false, column, line).map(Some),
            },
        }
    }

    fn moment_of(&mut self, stamp: Stamp, hours: bool, column: usize, line: u64) -> Result<CellTime, Faulty> {
        if stamp.second_of_day.is_none() || (!hours && stamp.offset_seconds.is_none()) {
            return Ok(CellTime::day(stamp.day));
        }
        let time = swedish_time(stamp);
        // An offset can move the first or last day out of range.
        if time.day < FIRST_INPUT_DAY || time.day > LAST_INPUT_DAY {
            self.fault(line, Some(column), FaultCode::DateOutOfRange);
            return Err(Faulty);
        }
        if time.in_skipped_hour {
            self.fault(line, Some(column), FaultCode::SkippedHour);
        }
        if time.second_pass.is_some() {
            self.fault(line, Some(column), FaultCode::DoubledHour);
        }
        if !hours {
            return Ok(CellTime::day(time.day));
        }
        Ok(CellTime { day: time.day, at: time.moment, second_pass: time.second_pass })
    }

    /// Counts a date that does not exist in the order that its column's beginning shows, but does in another.
    fn note_other_order(&mut self, cell: &[u8], column: usize, problem: NoStamp) {
        let may_be = problem == NoStamp::Not(NotADate::Impossible) && !self.export.written[column].is_named;
        if may_be && is_date_in_any_order(cell) {
            *self.other_orders.entry(column).or_default() += 1;
        }
    }

    /// Counts a word in place of an end: on many rows it means "no end yet".
    fn note_word(&mut self, cell: &[u8], column: usize) {
        /// A longer text is not such a word.
        const LONGEST: usize = 30;
        let is_end = self.export.columns.end.iter().any(|when| when.date == column);
        if !is_end || cell.len() > LONGEST || cell.iter().any(u8::is_ascii_digit) || lacks_value(cell) {
            return;
        }
        let word = name(cell, &self.export.empty);
        if self.end_words.len() < MOST_TYPES || self.end_words.contains_key(&word) {
            *self.end_words.entry(word).or_default() += 1;
        }
    }
}

/// Whether a lone end far beyond the other days may be planned: within a year of the start. With a year that is mistyped as
/// the next, it would lie further away.
fn is_plan(start: Day, end: Day) -> bool {
    end < months_after(start, 12).day
}

/// Whether a cell says that there is no extension.
fn says_no(cell: &[u8]) -> bool {
    const WORDS: [&str; 7] = ["nej", "no", "n", "ingen", "ej aktuellt", "inte aktuellt", "ej förlängd"];
    cell.first().is_some_and(|first| !first.is_ascii_digit())
        && WORDS.contains(&bare(&String::from_utf8_lossy(cell)).to_lowercase().as_str())
}

/// A case that ends before it starts, in the hour that occurs twice, ended in the second pass of that hour.
fn end_after(start: CellTime, end: CellTime) -> Option<Moment> {
    match (start.at, end.at, end.second_pass) {
        (Some(start), Some(end), Some(second)) if end < start => Some(second),
        _ => end.at,
    }
}

/// The fault of a cell that holds no date, or no time of day.
fn code_of(cell: &[u8], problem: NoStamp) -> FaultCode {
    match problem {
        _ if lacks_value(cell) => FaultCode::FormulaInDate,
        NoStamp::Not(NotADate::Impossible) => FaultCode::ImpossibleDate,
        NoStamp::Not(NotADate::OutOfRange) => FaultCode::DateOutOfRange,
        NoStamp::Ambiguous => FaultCode::AmbiguousDate,
        _ => FaultCode::UnreadableDate,
    }
}
