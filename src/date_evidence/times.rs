//! Times of day: whether those in a column are real, or what programs write beside a date that has none.

use crate::date::Stamp;
use crate::moment::{Moment, swedish_time};

/// Whether the times of day in a column are real.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Times {
    /// They are, or there are none.
    #[default]
    Real,
    /// All are the first or the last moment of a day: the cells are dates, and the written day is meant.
    EdgeOfDay,
    /// All are midnight in Sweden, or every cell has noon: the cells are dates, and the day in Sweden is meant.
    Same,
}

/// The times of day seen in a column.
#[derive(Debug, Clone, Default)]
pub(super) struct TimesSeen {
    cells: u64,
    /// The first, as written, in seconds since midnight.
    first: Option<i32>,
    /// Whether another differs from it.
    differ: bool,
    /// Whether one is not midnight in Sweden.
    not_midnight: bool,
    /// Whether one has an offset from UTC.
    pub(super) has_offsets: bool,
}

impl TimesSeen {
    /// Adds the time of a date, if it has one.
    pub(super) fn add(&mut self, stamp: Stamp) {
        let Some(second) = stamp.second_of_day else { return };
        self.cells += 1;
        self.differ |= *self.first.get_or_insert(second) != second;
        self.has_offsets |= stamp.offset_seconds.is_some();
        self.not_midnight = self.not_midnight || !is_swedish_midnight(stamp, second);
    }

    /// Adds those seen in other rows.
    pub(super) fn join(&mut self, other: &TimesSeen) {
        self.cells += other.cells;
        self.differ |=
            other.differ || self.first.is_some_and(|first| other.first.is_some_and(|it| it != first));
        self.first = self.first.or(other.first);
        self.not_midnight |= other.not_midnight;
        self.has_offsets |= other.has_offsets;
    }

    /// Whether they are real; `filled` is the number of cells in the column.
    pub(super) fn are(&self, filled: u64) -> Times {
        /// Fewer times can be the same by chance.
        const FEWEST: u64 = 8;
        /// The last minute of a day, in which programs let it end.
        const LAST_MINUTE: i32 = 86_340;
        /// What some programs write for a day without a time.
        const NOON: i32 = 43_200;
        match self.first {
            None => Times::Real,
            Some(0 | LAST_MINUTE..) if !self.differ => Times::EdgeOfDay,
            Some(_) if !self.not_midnight => Times::Same,
            Some(NOON) if !self.differ && self.cells >= FEWEST && self.cells == filled => Times::Same,
            Some(_) => Times::Real,
        }
    }
}

/// Whether a date with this time is the first moment of a day in Sweden.
fn is_swedish_midnight(stamp: Stamp, second: i32) -> bool {
    if stamp.offset_seconds.is_none() {
        return second == 0;
    }
    let time = swedish_time(stamp);
    time.moment.is_some_and(|moment| moment.0 == Moment::end_of(time.day.plus_days(-1)).0 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::date::parse_stamp;

    fn times(cells: &[&str]) -> Times {
        let (mut first, mut rest) = (TimesSeen::default(), TimesSeen::default());
        for (number, cell) in cells.iter().enumerate() {
            let part = if number == 0 { &mut first } else { &mut rest };
            part.add(parse_stamp(cell.as_bytes()).expect("a date"));
        }
        first.join(&rest);
        first.are(cells.len() as u64)
    }

    #[test]
    fn one_time_for_all_is_none() {
        assert_eq!(times(&[]), Times::Real);
        assert_eq!(times(&["2024-05-10", "2024-05-11"]), Times::Real);
        assert_eq!(times(&["2024-05-10 00:00", "2024-05-11"]), Times::EdgeOfDay);
        assert_eq!(times(&["2024-01-10T00:00:00Z", "2024-05-11T00:00:00Z"]), Times::EdgeOfDay);
        assert_eq!(times(&["2024-01-10T23:59:59.997Z", "2024-05-11T23:59:59Z"]), Times::EdgeOfDay);
        assert_eq!(
            times(&["2024-01-09T23:00:00Z", "2024-05-10T22:00:00Z"]),
            Times::Same,
            "midnight in Sweden"
        );
        assert_eq!(times(&["2024-05-10T22:00:00Z", "2024-05-11T00:00:00Z"]), Times::Real);
        assert_eq!(times(&["2024-05-10 00:00", "2024-05-11 08:15"]), Times::Real);
        assert_eq!(times(&["2024-05-10 12:00"; 8]), Times::Same);
        assert_eq!(times(&["2024-05-10 12:00"; 7]), Times::Real, "by chance");
        let one_without = [&["2024-05-10 12:00"; 8][..], &["2024-05-11"]].concat();
        assert_eq!(times(&one_without), Times::Real, "some have none");
    }
}
