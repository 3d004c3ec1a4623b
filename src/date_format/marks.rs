//! Marks: the days that people and programs write for "not yet" and "not known".

use crate::date::Day;

/// Whether a day that an export may name is none of the marks among such days.
#[inline]
pub fn is_real(day: Day) -> bool {
    day < FIRST_FAR_MARK && day != FIRST_OF_UNIX
}

/// The first placeholder for "no end" among the days that an export may name: 2079-06-06, the last of SQL Server's
/// smalldatetime.
const FIRST_FAR_MARK: Day = Day(39_968);
/// 1970-01-01, from which Unix counts time: a public holiday, on which no case begins or ends.
const FIRST_OF_UNIX: Day = Day(0);

/// The first days of spreadsheets, which programs write beside a time of day that has no date.
pub(super) fn is_first_of_spreadsheet(year: i32, month: u32, day: u32) -> bool {
    matches!((year, month, day), (1899, 12, 30 | 31) | (1900, 1, 0 | 1) | (1904, 1, 1))
}

/// Placeholder days: the first and last days of databases and spreadsheets. One of the last may have lost an hour or two
/// to UTC, and so a day.
pub(super) fn is_mark(year: i32, month: u32, day: u32) -> bool {
    is_first_of_spreadsheet(year, month, day)
        || matches!(
            (year, month, day),
            (0, 0 | 1, 0 | 1)
                | (1 | 1601 | 1753, 1, 1)
                | (1840, 12, 31)
                | (1858, 11, 17)
                | (1970, 1, 1)
                | (2079, 6, 6)
                | (2099, 12, 31)
                | (2999 | 4712 | 9998 | 9999, 12, 30 | 31)
                | (2100 | 2999 | 3000 | 9999, 1, 1)
                | (9999, 99, 99)
        )
}
