//! Moments: points in time, for the rules that count hours.
//!
//! Turns what an export wrote into Swedish civil time and elapsed seconds. A time without an offset is
//! Swedish local time. Never reads the clock.

use chrono::{DateTime, MappedLocalTime, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeZone, Utc};
use chrono_tz::Europe::Stockholm;
use chrono_tz::Tz;

use crate::date::{Day, Stamp};

/// A point in time, in whole seconds since 1970-01-01 00:00 UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(pub i64);

/// A [`Stamp`] in Swedish time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SwedishTime {
    /// The calendar day in Sweden.
    pub day: Day,
    /// The moment, when the stamp has a time of day.
    pub moment: Option<Moment>,
    /// The stamp names an hour that was skipped when summer time began.
    pub in_skipped_hour: bool,
    /// The moment of the second pass, when the stamp names the hour that comes twice when summer time ends.
    pub second_pass: Option<Moment>,
}

/// Reads a stamp as Swedish time.
///
/// The hour that comes twice when summer time ends is read as its first pass; the hour that is skipped
/// when it begins is read with the offset before the change, and marked.
pub fn swedish_time(stamp: Stamp) -> SwedishTime {
    let Some(second_of_day) = stamp.second_of_day else {
        return SwedishTime { day: stamp.day, moment: None, in_skipped_hour: false, second_pass: None };
    };
    let as_if_utc = i64::from(stamp.day.0) * 86_400 + i64::from(second_of_day);
    if let Some(offset) = stamp.offset_seconds {
        let moment = Moment(as_if_utc - i64::from(offset));
        let day = moment.day();
        return SwedishTime { day, moment: Some(moment), in_skipped_hour: false, second_pass: None };
    }
    let (moment, in_skipped_hour, second_pass) = match Stockholm.from_local_datetime(&naive(as_if_utc)) {
        MappedLocalTime::Single(time) => (Moment(time.timestamp()), false, None),
        MappedLocalTime::Ambiguous(first, second) => {
            (Moment(first.timestamp()), false, Some(Moment(second.timestamp())))
        }
        MappedLocalTime::None => {
            let before = Moment(as_if_utc - 86_400).local();
            let offset = i64::from(before.offset().fix().local_minus_utc());
            (Moment(as_if_utc - offset), true, None)
        }
    };
    SwedishTime { day: stamp.day, moment: Some(moment), in_skipped_hour, second_pass }
}

impl Moment {
    /// The moment a number of elapsed hours later, regardless of changes to and from summer time.
    pub fn plus_hours(self, hours: u32) -> Moment {
        Moment(self.0 + i64::from(hours) * 3600)
    }

    /// The calendar day in Sweden.
    pub fn day(self) -> Day {
        Day::from(self.local().date_naive())
    }

    /// The last second of a day in Sweden.
    pub fn end_of(day: Day) -> Moment {
        let midnight = naive((i64::from(day.0) + 1) * 86_400);
        // Swedish summer time changes at 02:00 or 03:00, so midnight always exists once.
        let time = Stockholm.from_local_datetime(&midnight).earliest().expect("midnight exists");
        Moment(time.timestamp() - 1)
    }

    /// RFC 3339 in Swedish time with its offset, `2024-10-27T02:30:00+01:00`.
    pub fn to_rfc3339(self) -> String {
        self.local().to_rfc3339()
    }

    /// The hour and the minute in Sweden, each of two digits.
    pub fn clock(self) -> (String, String) {
        let time = self.local();
        (time.format("%H").to_string(), time.format("%M").to_string())
    }

    fn local(self) -> DateTime<Tz> {
        naive(self.0).and_local_timezone(Utc).earliest().expect("UTC has no gaps").with_timezone(&Stockholm)
    }
}

fn naive(seconds: i64) -> NaiveDateTime {
    let days = seconds.div_euclid(86_400);
    let date = NaiveDate::from_epoch_days(days as i32).expect("days of this program are chrono's too");
    let second = seconds.rem_euclid(86_400) as u32;
    date.and_time(NaiveTime::from_num_seconds_from_midnight_opt(second, 0).expect("below a day"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::date::parse_stamp;

    #[test]
    fn an_offset_in_the_export_decides_the_moment_and_the_day() {
        let read = |text: &str| swedish_time(parse_stamp(text.as_bytes()).expect("a stamp"));
        let day = |text: &str| crate::date::Day::parse_iso(text).expect("a day");
        for (text, wanted, on) in [
            ("2024-08-31T21:59:00Z", "2024-08-31T23:59:00+02:00", "2024-08-31"),
            ("2024-08-31T22:00:00Z", "2024-09-01T00:00:00+02:00", "2024-09-01"),
            ("2024-01-10T13:45:00-05:00", "2024-01-10T19:45:00+01:00", "2024-01-10"),
        ] {
            let time = read(text);
            assert_eq!(time.moment.expect("a moment").to_rfc3339(), wanted);
            assert_eq!(time.day, day(on));
        }
    }

    fn at(text: &str) -> SwedishTime {
        swedish_time(parse_stamp(text.as_bytes()).expect("a stamp"))
    }

    #[test]
    fn an_offset_decides_the_moment_and_the_day_is_sweden_s() {
        assert_eq!(at("2024-06-30T23:30:00Z").day, Day::new(2024, 7, 1).expect("a date"));
        assert_eq!(at("2024-06-30T23:30:00Z").moment, at("2024-07-01 01:30").moment);
        assert_eq!(at("2024-01-31T23:30:00Z").moment, at("2024-02-01 00:30").moment);
    }

    #[test]
    fn hours_are_elapsed_hours_across_both_changes() {
        // Summer time began on Sunday 2024-03-31 at 02:00 and ended on Sunday 2024-10-27 at 03:00.
        let spring = at("2024-03-30 12:00").moment.expect("a time").plus_hours(24);
        assert_eq!(spring.to_rfc3339(), "2024-03-31T13:00:00+02:00");
        let autumn = at("2024-10-26 12:00").moment.expect("a time").plus_hours(24);
        assert_eq!(autumn.to_rfc3339(), "2024-10-27T11:00:00+01:00");
    }

    #[test]
    fn the_doubled_hour_is_its_first_pass_and_the_skipped_hour_is_marked() {
        let doubled = at("2024-10-27 02:30");
        assert_eq!(doubled.moment.expect("a time").to_rfc3339(), "2024-10-27T02:30:00+02:00");
        assert!(!doubled.in_skipped_hour);
        let skipped = at("2024-03-31 02:30");
        assert_eq!(skipped.moment.expect("a time").to_rfc3339(), "2024-03-31T03:30:00+02:00");
        assert!(skipped.in_skipped_hour);
    }

    #[test]
    fn a_day_ends_one_second_before_the_next() {
        let day = Day::new(2024, 10, 27).expect("a date");
        assert_eq!(Moment::end_of(day).to_rfc3339(), "2024-10-27T23:59:59+01:00");
        for number in crate::date::FIRST_INPUT_DAY.0..=crate::date::LAST_DUE_DAY.0 {
            assert_eq!(Moment::end_of(Day(number)).day(), Day(number));
        }
    }
}
