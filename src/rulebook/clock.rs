//! Clocks: how long a deadline is, and on which day it falls.
//!
//! A clock knows lag (1930:173) 1 § and nothing else: no holidays, no extensions, no law.

use std::fmt;
use std::str::FromStr;

use crate::date::{Day, months_after};

/// The length of a deadline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Clock {
    /// Calendar months, lag (1930:173) 1 §.
    Months(u32),
    /// Weeks, lag (1930:173) 1 §: the same weekday.
    Weeks(u32),
    /// Days; the start day is not counted.
    Days(u32),
    /// The day after the start day.
    NextDay,
    /// Elapsed hours. Without a time of day, [`Clock::due_from`] counts days instead.
    Hours(u32),
    /// The due date that the export itself gives, case by case: the day that the authority promised.
    DueColumn,
}

/// The longest clocks, ten years: every due date lies inside the calendar.
const LONGEST_DAYS: u32 = 3_650;
const LONGEST_MONTHS: u32 = 120;

/// How [`Clock::NextDay`] is written.
const NEXT_DAY: &str = "next day";
/// How [`Clock::DueColumn`] is written.
const DUE_COLUMN: &str = "due column";

impl Clock {
    /// The last day on which an end is in time, for a case that started on `start` and for which the export gives the
    /// due date `own`. `None` if the clock is that due date and there is none.
    ///
    /// Hours are counted in whole days: the day on which the last hour falls if the case started at the end of its day.
    /// 24 hours give the day after the start.
    pub fn due_from(self, start: Day, own: Option<Day>) -> Option<Day> {
        match self {
            Clock::Months(months) => Some(months_after(start, months).day),
            Clock::Weeks(weeks) => Some(start.plus_days(weeks as i32 * 7)),
            Clock::Days(days) => Some(start.plus_days(days as i32)),
            Clock::NextDay => Some(start.plus_days(1)),
            Clock::Hours(hours) => Some(start.plus_days(hours.div_ceil(24) as i32)),
            Clock::DueColumn => own,
        }
    }
}

impl fmt::Display for Clock {
    /// The form that is parsed: `4 months`, `1 week`, `120 days`, `next day`, `24 hours`, `due column`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (number, unit) = match *self {
            Clock::Months(number) => (number, "month"),
            Clock::Weeks(number) => (number, "week"),
            Clock::Days(number) => (number, "day"),
            Clock::Hours(number) => (number, "hour"),
            Clock::NextDay => return f.write_str(NEXT_DAY),
            Clock::DueColumn => return f.write_str(DUE_COLUMN),
        };
        write!(f, "{number} {unit}{}", if number == 1 { "" } else { "s" })
    }
}

impl FromStr for Clock {
    type Err = String;

    fn from_str(text: &str) -> Result<Clock, String> {
        let refused = |why: &str| {
            format!(
                "'{text}' is not a clock: {why} (examples: '4 months', '2 weeks', '14 days', '24 hours', '{NEXT_DAY}', '{DUE_COLUMN}')"
            )
        };
        match text {
            NEXT_DAY => return Ok(Clock::NextDay),
            DUE_COLUMN => return Ok(Clock::DueColumn),
            _ => {}
        }
        let (number, unit) =
            text.split_once(' ').ok_or_else(|| refused("a number, a blank and a unit are wanted"))?;
        let number: u32 = number.parse().map_err(|_| refused("the number is not a whole number"))?;
        let (clock, longest) = match unit.strip_suffix('s').unwrap_or(unit) {
            "month" => (Clock::Months(number), LONGEST_MONTHS),
            "week" => (Clock::Weeks(number), LONGEST_DAYS / 7),
            "day" => (Clock::Days(number), LONGEST_DAYS),
            "hour" => (Clock::Hours(number), LONGEST_DAYS * 24),
            _ => return Err(refused("the unit is not months, weeks, days or hours")),
        };
        if number == 0 || number > longest {
            return Err(refused("it must be longer than nothing and at most ten years"));
        }
        Ok(clock)
    }
}

impl<'de> serde::Deserialize<'de> for Clock {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Clock, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl serde::Serialize for Clock {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::date::{FIRST_INPUT_DAY, LAST_DUE_DAY, LAST_INPUT_DAY};

    #[test]
    fn clocks_make_the_round_trip() {
        for text in [
            "4 months",
            "1 month",
            "3 weeks",
            "1 week",
            "120 days",
            "1 day",
            "24 hours",
            "next day",
            "due column",
        ] {
            assert_eq!(text.parse::<Clock>().expect("a clock").to_string(), text);
        }
    }

    #[test]
    fn what_is_not_a_clock_is_refused() {
        for text in [
            "",
            "4",
            "months",
            "0 days",
            "-1 days",
            "4 years",
            "121 months",
            "522 weeks",
            "3651 days",
            "87601 hours",
            "four months",
            "column",
            "due columns",
        ] {
            assert!(text.parse::<Clock>().is_err(), "{text}");
        }
    }

    #[test]
    fn no_due_date_leaves_the_calendar() {
        for text in ["120 months", "521 weeks", "3650 days", "87600 hours"] {
            let clock: Clock = text.parse().expect("a clock");
            assert!(clock.due_from(LAST_INPUT_DAY, None) <= Some(LAST_DUE_DAY), "{text}");
        }
    }

    #[test]
    fn the_due_date_of_the_export_is_the_case_s_own() {
        let (start, own) = (Day(19_000), Some(Day(19_042)));
        assert_eq!(Clock::DueColumn.due_from(start, own), own);
        assert_eq!(Clock::DueColumn.due_from(start, None), None);
        assert_eq!(Clock::Days(14).due_from(start, own), Some(Day(19_014)));
        assert_eq!(Clock::Weeks(3).due_from(start, own), Some(Day(19_021)));
    }

    /// Four calendar months are never shorter than 120 days: a case late by four months is late by 120 days too.
    #[test]
    fn four_months_are_120_to_123_days_for_every_start() {
        for number in FIRST_INPUT_DAY.0..=LAST_INPUT_DAY.0 {
            let due = Clock::Months(4).due_from(Day(number), None).expect("months are counted");
            let length = due.0 - number;
            assert!((120..=123).contains(&length), "{} is {length} days", Day(number));
        }
    }
}
