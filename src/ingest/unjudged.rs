//! Rows that cannot be judged, and what is known about their days.

use crate::date::Day;
use crate::judge::Case;

/// What is known about the end of a row that cannot be judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReadEnd {
    /// The case ended on this day.
    On(Day),
    /// It has not ended.
    Open,
    /// The end cannot be read.
    Unreadable,
}

/// What is known about the days of a row that cannot be judged: it decides in which periods the row could belong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadDays {
    /// The start.
    pub start: Option<Day>,
    /// The end.
    pub end: ReadEnd,
}

impl ReadDays {
    /// A row that cannot be cut into cells.
    pub const NONE: ReadDays = ReadDays { start: None, end: ReadEnd::Unreadable };
}

impl From<Case> for ReadDays {
    /// A row whose days can be read.
    fn from(case: Case) -> ReadDays {
        ReadDays { start: Some(case.start), end: case.end.map_or(ReadEnd::Open, ReadEnd::On) }
    }
}
