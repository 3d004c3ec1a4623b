//! Rows that wait for the other rows of their case number, in as few bytes as possible.
//!
//! If two exports overlap, every row in both is set aside: 72 bytes and the case number for each, in lists that
//! allocate nothing per row. The pipeline decides what becomes of them.

use std::num::NonZeroU64;

use super::faults::Place;
use super::unjudged::{ReadDays, ReadEnd};
use crate::date::Day;
use crate::judge::{Case, Decided, Extension};
use crate::moment::Moment;

/// A row that waits for the other rows of its case number, which is stored in [`Waiting`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetAside {
    /// Hash of the case number, the same for every export of the control.
    pub hash: u64,
    /// Hash of the person, if the export has that column.
    pub person: Option<NonZeroU64>,
    /// Where the case number begins in [`Waiting`].
    id: u64,
    export: u32,
    line: u32,
    control: u32,
    /// Number of its group in the latest numbering; meaningless for a row that cannot be judged.
    pub group: u32,
    start: i32,
    end: i32,
    extended_to: i32,
    /// [`NONE`] if it is missing, [`NOT_IN_EXPORT`] if it is missing for all.
    decided: i32,
    due: i32,
    /// Seconds from the start of the day in UTC.
    start_second: i32,
    end_second: i32,
    /// A fingerprint of the cells that are not read.
    pub rest: u16,
    known: Known,
}

/// A missing day or second.
const NONE: i32 = i32::MIN;
/// The export has no days of decision.
const NOT_IN_EXPORT: i32 = i32::MIN + 1;

/// What could be read of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Known {
    /// Everything that judging needs.
    Dates,
    /// Too little to judge it, but its end.
    End,
    /// Too little to judge it, but that it has not ended.
    Open,
    /// Too little to judge it, and not its end.
    NoEnd,
}

/// The content of a [`SetAside`].
#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// Where it is.
    pub place: Place,
    /// Index of its control among the export's.
    pub control: usize,
    /// Hash of the case number.
    pub hash: u64,
    /// Its dates or, for a row that cannot be judged and is already counted as rejected, what can be read of them. If
    /// the newest export is to win, such a row keeps an older row of the case from counting in its place.
    pub case: Result<Case, ReadDays>,
    /// Number of its group.
    pub group: u32,
    /// Hash of the person.
    pub person: Option<u64>,
    /// A fingerprint of the cells that are not read; meaningless for a row that cannot be judged.
    pub rest: u16,
}

/// Seconds in a day.
const DAY: i64 = 86_400;

fn packed(day: Option<Day>) -> i32 {
    day.map_or(NONE, |day| day.0)
}

fn unpacked(day: i32) -> Option<Day> {
    (day != NONE).then_some(Day(day))
}

/// A moment as seconds from its day; a date's day and moment are only hours apart.
fn second_of(moment: Option<Moment>, day: i32) -> i32 {
    moment.map_or(NONE, |moment| (moment.0 - i64::from(day) * DAY) as i32)
}

fn moment_of(second: i32, day: i32) -> Option<Moment> {
    (second != NONE).then(|| Moment(i64::from(day) * DAY + i64::from(second)))
}

impl SetAside {
    fn new(row: Row, id: u64) -> SetAside {
        let days = row.case.map_or_else(|days| days, ReadDays::from);
        let (end, open_or_not) = match days.end {
            ReadEnd::On(end) => (end.0, Known::End),
            ReadEnd::Open => (NONE, Known::Open),
            ReadEnd::Unreadable => (NONE, Known::NoEnd),
        };
        let case = row.case.ok();
        let extension = case.and_then(|case| case.extension);
        let start = packed(days.start);
        SetAside {
            hash: row.hash,
            // Only equality of hashes matters, and 0 would mean none.
            person: row.person.map(|hash| NonZeroU64::new(hash).unwrap_or(NonZeroU64::MIN)),
            id,
            export: u32::try_from(row.place.export).unwrap_or(u32::MAX),
            line: u32::try_from(row.place.line).unwrap_or(u32::MAX),
            control: u32::try_from(row.control).unwrap_or(u32::MAX),
            group: row.group,
            start,
            end,
            extended_to: packed(extension.map(|extension| extension.to)),
            decided: match extension.map(|extension| extension.decided) {
                Some(Decided::On(day)) => day.0,
                Some(Decided::NotInExport) => NOT_IN_EXPORT,
                Some(Decided::Missing) | None => NONE,
            },
            due: packed(case.and_then(|case| case.due)),
            start_second: second_of(case.and_then(|case| case.start_at), start),
            end_second: second_of(case.and_then(|case| case.end_at), end),
            rest: row.rest,
            known: if case.is_some() { Known::Dates } else { open_or_not },
        }
    }

    /// Where it is.
    pub fn place(&self) -> Place {
        Place { export: self.export as usize, line: u64::from(self.line) }
    }

    /// Index of its control among the export's.
    pub fn control(&self) -> usize {
        self.control as usize
    }

    /// Its dates, or what can be read of them.
    pub fn case(&self) -> Result<Case, ReadDays> {
        let end = match self.known {
            Known::Dates => return Ok(self.whole()),
            Known::End => ReadEnd::On(Day(self.end)),
            Known::Open => ReadEnd::Open,
            Known::NoEnd => ReadEnd::Unreadable,
        };
        Err(ReadDays { start: unpacked(self.start), end })
    }

    fn whole(&self) -> Case {
        let decided = match self.decided {
            NONE => Decided::Missing,
            NOT_IN_EXPORT => Decided::NotInExport,
            day => Decided::On(Day(day)),
        };
        Case {
            start: Day(self.start),
            end: unpacked(self.end),
            start_at: moment_of(self.start_second, self.start),
            end_at: moment_of(self.end_second, self.end),
            due: unpacked(self.due),
            extension: unpacked(self.extended_to).map(|to| Extension { to, decided }),
        }
    }

    /// Whether it can be judged.
    pub fn is_judgeable(&self) -> bool {
        self.known == Known::Dates
    }

    /// What can be read of its days.
    pub fn read_days(&self) -> ReadDays {
        self.case().map_or_else(|days| days, ReadDays::from)
    }
}

/// Rows that are set aside, and their case numbers.
#[derive(Debug, Clone, Default)]
pub struct Waiting {
    /// The rows.
    pub rows: Vec<SetAside>,
    /// Case numbers, each after its length in four bytes.
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

    /// Moves the rows of another list to the end of this one.
    pub fn append(&mut self, other: &mut Waiting) {
        let before = self.ids.len() as u64;
        self.ids.append(&mut other.ids);
        self.rows.extend(other.rows.drain(..).map(|row| SetAside { id: row.id + before, ..row }));
    }

    /// Removes all rows.
    pub fn clear(&mut self) {
        self.rows.clear();
        self.ids.clear();
    }

    /// Renumbers the groups of the rows that can be judged; `number` maps an export and the present number to the new
    /// one.
    pub fn renumber(&mut self, mut number: impl FnMut(usize, u32) -> u32) {
        for row in self.rows.iter_mut().filter(|row| row.is_judgeable()) {
            row.group = number(row.export as usize, row.group);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A row with these dates after it was set aside and taken out again.
    fn after(case: Result<Case, ReadDays>) -> Result<Case, ReadDays> {
        let place = Place { export: 2, line: 17 };
        let mut waiting = Waiting::default();
        waiting.push(Row { place, control: 1, hash: 5, case, group: 3, person: Some(0), rest: 7 }, b"BU 17");
        let row = waiting.rows[0];
        assert_eq!((row.place(), row.control(), row.hash, row.group), (place, 1, 5, 3));
        assert!(row.person.is_some(), "a person whose hash is 0 is one");
        row.case()
    }

    #[test]
    fn dates_and_what_is_left_of_them_survive_packing() {
        let plain = Case {
            start: Day(19_000),
            end: None,
            start_at: None,
            end_at: None,
            due: Some(Day(19_200)),
            extension: Some(Extension { to: Day(19_100), decided: Decided::Missing }),
        };
        // The first second of a Swedish summer day belongs to the day before in UTC.
        let timed = Case {
            end: Some(Day(19_001)),
            start_at: Some(Moment(19_000 * DAY - 7_200)),
            end_at: Some(Moment(19_002 * DAY - 3_601)),
            due: None,
            extension: Some(Extension { to: Day(19_100), decided: Decided::NotInExport }),
            ..plain
        };
        let old = Case {
            start: Day(-14_610),
            start_at: Some(Moment(-14_610 * DAY)),
            extension: Some(Extension { to: Day(0), decided: Decided::On(Day(0)) }),
            ..plain
        };
        for case in [plain, timed, old, Case { extension: None, ..plain }] {
            assert_eq!(after(Ok(case)), Ok(case));
        }
        for start in [None, Some(Day(0)), Some(Day(19_000))] {
            for end in [ReadEnd::On(Day(0)), ReadEnd::On(Day(19_000)), ReadEnd::Open, ReadEnd::Unreadable] {
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
            case: Err(days),
            group: 0,
            person: None,
            rest: 0,
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
