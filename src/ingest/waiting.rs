//! Rows that wait for the other rows of their case number, in as few bytes as can be.
//!
//! Two exports that overlap set every row aside that both have: 72 bytes and the case number for each, in lists that
//! allocate nothing per row. What becomes of the rows is decided in the pipeline.

use std::num::NonZeroU64;

use super::faults::Place;
use super::rows::{Dates, ReadDays, ReadEnd};
use crate::judge::{NO_DAY, NO_MOMENT};

/// A row that waits for the other rows of its case number, which [`Waiting`] holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetAside {
    /// Hash of the case number, alike in every export of the control.
    pub hash: u64,
    /// Hash of the person, when the export has that column.
    pub person: Option<NonZeroU64>,
    /// Where the case number begins.
    id: u64,
    export: u32,
    line: u32,
    control: u32,
    /// Number of its group, by whoever numbered it last; meaningless for a row that cannot be judged.
    pub group: u32,
    start: i32,
    end: i32,
    extended_to: i32,
    extension_decided: i32,
    due: i32,
    /// Seconds from the start of the day in UTC; [`NO_DAY`] without a moment.
    start_second: i32,
    end_second: i32,
    known: Known,
}

/// What could be read of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Known {
    /// All that judging needs.
    Dates,
    /// Too little to judge it; its end.
    End,
    /// Too little to judge it; that it has not ended.
    Open,
    /// Too little to judge it, nor its end.
    NoEnd,
}

/// What a [`SetAside`] is made of.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// Where it stands.
    pub place: Place,
    /// Number of the control among the export's.
    pub control: usize,
    /// Hash of the case number.
    pub hash: u64,
    /// Its dates; or, of a row that cannot be judged and is counted as rejected already, what can be read of them.
    /// Where the newest export is to win, such a row keeps an older one of the case from counting in its place.
    pub dates: Result<Dates, ReadDays>,
    /// Number of its group.
    pub group: u32,
    /// Hash of the person.
    pub person: Option<u64>,
}

/// Seconds in a day.
const DAY: i64 = 86_400;

/// A moment as seconds from its day; days and moments of one date lie within hours of each other.
fn second_of(moment: i64, day: i32) -> i32 {
    match moment {
        NO_MOMENT => NO_DAY,
        moment => (moment - i64::from(day) * DAY) as i32,
    }
}

fn moment_of(second: i32, day: i32) -> i64 {
    match second {
        NO_DAY => NO_MOMENT,
        second => i64::from(day) * DAY + i64::from(second),
    }
}

impl SetAside {
    fn new(row: Row, id: u64) -> SetAside {
        let none = Dates {
            start: NO_DAY,
            end: NO_DAY,
            extended_to: NO_DAY,
            extension_decided: NO_DAY,
            start_at: NO_MOMENT,
            end_at: NO_MOMENT,
            due: NO_DAY,
        };
        let (dates, known) = match row.dates {
            Ok(dates) => (dates, Known::Dates),
            Err(read) => {
                let (end, known) = match read.end {
                    ReadEnd::On(end) => (end, Known::End),
                    ReadEnd::Open => (NO_DAY, Known::Open),
                    ReadEnd::Unreadable => (NO_DAY, Known::NoEnd),
                };
                (Dates { start: read.start.unwrap_or(NO_DAY), end, ..none }, known)
            }
        };
        SetAside {
            hash: row.hash,
            // Of the hash only equality counts, and 0 would be none.
            person: row.person.map(|hash| NonZeroU64::new(hash).unwrap_or(NonZeroU64::MIN)),
            id,
            export: u32::try_from(row.place.export).unwrap_or(u32::MAX),
            line: u32::try_from(row.place.line).unwrap_or(u32::MAX),
            control: u32::try_from(row.control).unwrap_or(u32::MAX),
            group: row.group,
            start: dates.start,
            end: dates.end,
            extended_to: dates.extended_to,
            extension_decided: dates.extension_decided,
            due: dates.due,
            start_second: second_of(dates.start_at, dates.start),
            end_second: second_of(dates.end_at, dates.end),
            known,
        }
    }

    /// Where it stands.
    pub fn place(&self) -> Place {
        Place { export: self.export as usize, line: u64::from(self.line) }
    }

    /// Number of the control among the export's.
    pub fn control(&self) -> usize {
        self.control as usize
    }

    /// Its dates, or what can be read of them.
    pub fn dates(&self) -> Result<Dates, ReadDays> {
        let end = match self.known {
            Known::Dates => {
                return Ok(Dates {
                    start: self.start,
                    end: self.end,
                    extended_to: self.extended_to,
                    extension_decided: self.extension_decided,
                    start_at: moment_of(self.start_second, self.start),
                    end_at: moment_of(self.end_second, self.end),
                    due: self.due,
                });
            }
            Known::End => ReadEnd::On(self.end),
            Known::Open => ReadEnd::Open,
            Known::NoEnd => ReadEnd::Unreadable,
        };
        Err(ReadDays { start: (self.start != NO_DAY).then_some(self.start), end })
    }

    /// Whether it can be judged.
    pub fn is_judgeable(&self) -> bool {
        self.known == Known::Dates
    }

    /// What can be read of its days.
    pub fn read_days(&self) -> ReadDays {
        self.dates().map_or_else(|days| days, ReadDays::from)
    }
}

/// Rows that are set aside, and their case numbers.
#[derive(Debug, Clone, Default)]
pub struct Waiting {
    /// The rows.
    pub rows: Vec<SetAside>,
    /// Case numbers, each behind its length in four bytes.
    ids: Vec<u8>,
}

/// Bytes of a length.
const LENGTH: usize = size_of::<u32>();

impl Waiting {
    /// Adds a row.
    pub fn push(&mut self, row: Row, id: &[u8]) {
        self.rows.push(SetAside::new(row, self.ids.len() as u64));
        let length = u32::try_from(id.len()).expect("a line is shorter than that");
        self.ids.extend(length.to_le_bytes());
        self.ids.extend_from_slice(id);
    }

    /// The case number of a row of this list, as it is shown.
    pub fn id(&self, row: &SetAside) -> &[u8] {
        let (length, id) =
            self.ids[row.id as usize..].split_first_chunk::<LENGTH>().expect("a length is before each");
        &id[..u32::from_le_bytes(*length) as usize]
    }

    /// Moves the rows of another list behind these.
    pub fn append(&mut self, other: &mut Waiting) {
        let before = self.ids.len() as u64;
        self.ids.append(&mut other.ids);
        self.rows.extend(other.rows.drain(..).map(|row| SetAside { id: row.id + before, ..row }));
    }

    /// Forgets all rows.
    pub fn clear(&mut self) {
        self.rows.clear();
        self.ids.clear();
    }

    /// Numbers the groups of the rows that can be judged anew, by export and the number so far.
    pub fn renumber(&mut self, mut number: impl FnMut(usize, u32) -> u32) {
        for row in self.rows.iter_mut().filter(|row| row.is_judgeable()) {
            row.group = number(row.export as usize, row.group);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a row with these dates is after it was set aside.
    fn after(dates: Result<Dates, ReadDays>) -> Result<Dates, ReadDays> {
        let place = Place { export: 2, line: 17 };
        let mut waiting = Waiting::default();
        waiting.push(Row { place, control: 1, hash: 5, dates, group: 3, person: Some(0) }, b"BU 17");
        let row = waiting.rows[0];
        assert_eq!((row.place(), row.control(), row.hash, row.group), (place, 1, 5, 3));
        assert!(row.person.is_some(), "a person whose hash is 0 is one");
        row.dates()
    }

    #[test]
    fn dates_and_what_is_left_of_them_survive_packing() {
        let plain = Dates {
            start: 19_000,
            end: NO_DAY,
            extended_to: 19_100,
            extension_decided: NO_DAY,
            start_at: NO_MOMENT,
            end_at: NO_MOMENT,
            due: 19_200,
        };
        // The first second of a Swedish summer day is the day before in UTC.
        let timed =
            Dates { end: 19_001, start_at: 19_000 * DAY - 7_200, end_at: 19_002 * DAY - 3_601, ..plain };
        for dates in [plain, timed, Dates { start: -14_610, start_at: -14_610 * DAY, ..plain }] {
            assert_eq!(after(Ok(dates)), Ok(dates));
        }
        for start in [None, Some(0), Some(19_000)] {
            for end in [ReadEnd::On(0), ReadEnd::On(19_000), ReadEnd::Open, ReadEnd::Unreadable] {
                assert_eq!(after(Err(ReadDays { start, end })), Err(ReadDays { start, end }));
            }
        }
    }

    #[test]
    fn lists_keep_their_case_numbers_when_they_are_joined() {
        let days = ReadDays { start: None, end: ReadEnd::Open };
        let row = |line| Row {
            place: Place { export: 0, line },
            control: 0,
            hash: 0,
            dates: Err(days),
            group: 0,
            person: None,
        };
        let (mut one, mut other) = (Waiting::default(), Waiting::default());
        one.push(row(1), b"A");
        other.push(row(2), b"");
        other.push(row(3), "Å-17".as_bytes());
        one.append(&mut other);
        let ids: Vec<&[u8]> = one.rows.iter().map(|row| one.id(row)).collect();
        assert_eq!(ids, [&b"A"[..], b"", "Å-17".as_bytes()]);
        assert!(other.rows.is_empty());
    }

    #[test]
    fn a_row_takes_no_more_than_nine_words() {
        assert!(size_of::<SetAside>() <= 72, "{}", size_of::<SetAside>());
    }
}
