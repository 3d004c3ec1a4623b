//! Days as numbers: civil dates, months after a date, and reading dates from bytes.
//!
//! Knows nothing of holidays, rules, time zones or today. A [`Day`] counts days since 1970-01-01, so
//! that a deadline is an addition. The month arithmetic here is the
//! only one in the program; chrono's clamps without saying so, and is used by the tests as a second
//! opinion.

use std::borrow::Cow;
use std::fmt;
use std::sync::LazyLock;

use chrono::{Datelike, NaiveDate};

/// A calendar day, as the number of days since 1970-01-01 in the proleptic Gregorian calendar; earlier days are
/// negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub i32);

/// First day that an export may name, 1930-01-01: the law of counting, lag (1930:173), is of that year.
pub const FIRST_INPUT_DAY: Day = Day(-14_610);
/// Last day that an export may name, 2100-12-31.
pub const LAST_INPUT_DAY: Day = Day(47_846);
/// Last day that a due date may fall on, 2110-12-31: the calendar ends there.
pub const LAST_DUE_DAY: Day = Day(51_498);

/// Days from 0000-03-01 to 1970-01-01.
const EPOCH_SHIFT: i32 = 719_468;
/// Days in 400 Gregorian years.
const DAYS_PER_ERA: i32 = 146_097;

impl Day {
    /// The day `year`-`month`-`day`, or `None` when the calendar has no such day.
    pub fn new(year: i32, month: u32, day: u32) -> Option<Day> {
        if !(1..=12).contains(&month) || day == 0 || day > days_in_month(year, month) {
            return None;
        }
        // Years run from March, so that the leap day is the last day of its year and the lengths of
        // the months before any month are a linear formula (Hinnant, "chrono-compatible date algorithms").
        let year = if month <= 2 { year - 1 } else { year };
        let era = year.div_euclid(400);
        let year_of_era = year.rem_euclid(400);
        let month_from_march = (month as i32 + 9) % 12;
        let day_of_year = (153 * month_from_march + 2) / 5 + day as i32 - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        Some(Day(era * DAYS_PER_ERA + day_of_era - EPOCH_SHIFT))
    }

    /// Year, month 1–12 and day of the month 1–31: the inverse of [`Day::new`].
    pub fn civil(self) -> (i32, u32, u32) {
        let shifted = self.0 + EPOCH_SHIFT;
        let era = shifted.div_euclid(DAYS_PER_ERA);
        let day_of_era = shifted.rem_euclid(DAYS_PER_ERA);
        let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_from_march = (5 * day_of_year + 2) / 153;
        let day = (day_of_year - (153 * month_from_march + 2) / 5 + 1) as u32;
        let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
        let year = year_of_era + era * 400 + i32::from(month <= 2);
        (year, month as u32, day)
    }

    /// The day `days` later; earlier when negative.
    pub fn plus_days(self, days: i32) -> Day {
        Day(self.0 + days)
    }

    /// Day of the week, 1 = Monday to 7 = Sunday (ISO 8601).
    pub fn weekday(self) -> u32 {
        // 1970-01-01 was a Thursday.
        (self.0 + 3).rem_euclid(7) as u32 + 1
    }

    /// The month that holds the day, as months since January of year 0.
    #[inline]
    pub fn month(self) -> i32 {
        // An earlier day wraps to an index beyond the table.
        let place = self.0.wrapping_sub(FIRST_INPUT_DAY.0) as u32 as usize;
        MONTH_OF_DAY.get(place).copied().unwrap_or_else(|| self.month_by_year())
    }

    fn month_by_year(self) -> i32 {
        let (year, month, _) = self.civil();
        year * 12 + month as i32 - 1
    }

    /// The day in ISO 8601, `2024-08-31`, as ASCII; for the years 0 to 9999.
    #[inline]
    pub fn iso(self) -> [u8; 10] {
        let place = self.0.wrapping_sub(FIRST_INPUT_DAY.0) as u32 as usize;
        ISO_OF_DAY.get(place).copied().unwrap_or_else(|| self.iso_by_year())
    }

    fn iso_by_year(self) -> [u8; 10] {
        let (year, month, day) = self.civil();
        let digit = |number: u32| b'0' + (number % 10) as u8;
        let year = year as u32;
        let [y1, y2, y3, y4] = [year / 1000, year / 100, year / 10, year].map(digit);
        let [m1, m2, d1, d2] = [month / 10, month, day / 10, day].map(digit);
        [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2]
    }

    /// Parses `2024-08-31`; nothing else is a day in this program's own files and arguments.
    pub fn parse_iso(text: &str) -> Option<Day> {
        match parse_stamp(text.as_bytes()) {
            Ok(Stamp { day, second_of_day: None, .. }) => Some(day),
            _ => None,
        }
    }
}

impl fmt::Display for Day {
    /// ISO 8601, `2024-08-31`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.civil();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl From<NaiveDate> for Day {
    fn from(date: NaiveDate) -> Day {
        /// chrono counts days from 0000-12-31.
        const CHRONO_EPOCH: i32 = 719_163;
        Day(date.num_days_from_ce() - CHRONO_EPOCH)
    }
}

impl serde::Serialize for Day {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Day {
    /// As it is serialised.
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Day, D::Error> {
        let text = String::deserialize(deserializer)?;
        Day::parse_iso(&text).ok_or_else(|| serde::de::Error::custom("no day"))
    }
}

impl schemars::JsonSchema for Day {
    fn schema_name() -> Cow<'static, str> {
        "Day".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "format": "date" })
    }
}

/// Number of days in a month, 28–31; `month` is 1–12.
pub fn days_in_month(year: i32, month: u32) -> u32 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// First day of a month counted as in [`Day::month`].
pub fn first_day_of_month(month: i32) -> Day {
    let (year, month) = (month.div_euclid(12), month.rem_euclid(12) as u32 + 1);
    Day::new(year, month, 1).expect("the first is a day of every month")
}

/// Last day of a month counted as in [`Day::month`].
pub fn last_day_of_month(month: i32) -> Day {
    first_day_of_month(month + 1).plus_days(-1)
}

/// The day a number of calendar months after another, and whether the end month was too short for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MonthsAfter {
    /// Same day number in the end month, or that month's last day when it has no such number.
    pub day: Day,
    /// The end month has no day with the start day's number.
    pub end_month_too_short: bool,
}

/// Adds calendar months as lag (1930:173) 1 § does: the end day has the start day's number in the end
/// month, and is that month's last day when there is no such number. Always counted from the original
/// start: adding months in steps would lose the day number at the first short month.
pub fn months_after(start: Day, months: u32) -> MonthsAfter {
    let (_, _, day_number) = start.civil();
    let end_month = start.month() + months as i32;
    let length = days_in_month(end_month.div_euclid(12), end_month.rem_euclid(12) as u32 + 1);
    let first = first_day_of_month(end_month);
    MonthsAfter {
        day: first.plus_days(day_number.min(length) as i32 - 1),
        end_month_too_short: day_number > length,
    }
}

/// A date with, perhaps, a time of day and an offset from UTC, as an export wrote it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// The calendar day as written, not yet moved to Swedish time.
    pub day: Day,
    /// Seconds since midnight as written, 0–86 399; fractions of a second are cut off.
    pub second_of_day: Option<i32>,
    /// Offset from UTC in seconds, when written; `Z` is 0.
    pub offset_seconds: Option<i32>,
}

/// Why bytes are not a usable date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotADate {
    /// Not in a form that is read here.
    Unreadable,
    /// The right form, but a day or time that does not exist, such as 30 February.
    Impossible,
    /// A real day outside [`FIRST_INPUT_DAY`]`..=`[`LAST_INPUT_DAY`].
    OutOfRange,
}

/// Reads `2024-08-31`, `2024-08-31 13:45`, `2024-08-31T13:45:00.123+02:00` and the forms between them.
///
/// # Errors
/// If the text has another form, or names no day and time that an export may hold.
#[inline]
pub fn parse_stamp(bytes: &[u8]) -> Result<Stamp, NotADate> {
    let (date, rest) = bytes.split_first_chunk::<10>().ok_or(NotADate::Unreadable)?;
    let day = parse_day(date)?;
    if rest.is_empty() {
        return Ok(Stamp { day, second_of_day: None, offset_seconds: None });
    }
    let (second_of_day, offset_seconds) = parse_time(rest)?;
    Ok(Stamp { day, second_of_day: Some(second_of_day), offset_seconds })
}

/// The digits of a text such as `2024-08-31`, one per byte: those of year and month, with 0 in place of the hyphens,
/// and those of the day. `None` if the text has another form.
#[inline]
pub fn digits_of_day(date: &[u8; 10]) -> Option<(u64, u64)> {
    const HYPHENS: u64 = 0xFF00_00FF_0000_0000;
    let [y1, y2, y3, y4, hyphen, m1, m2, second, d1, d2] = *date;
    let word = u64::from_le_bytes([y1, y2, y3, y4, hyphen, m1, m2, second]);
    let word = word ^ u64::from_le_bytes(*b"0000-00-");
    let last = u64::from(u16::from_le_bytes([d1, d2]) ^ u16::from_le_bytes(*b"00"));
    (are_digits(word) && are_digits(last) && word & HYPHENS == 0).then_some((word, last))
}

/// Reads `2024-08-31`, all digits at once.
///
/// # Errors
/// If the text has another form, or is not a day that an export may name.
#[inline]
pub fn parse_day(date: &[u8; 10]) -> Result<Day, NotADate> {
    let (word, last) = digits_of_day(date).ok_or(NotADate::Unreadable)?;
    // Each byte and the one after it, read as a number of two digits.
    let pairs = |digits: u64| digits * 10 + (digits >> 8);
    let pair = |place: u32| (pairs(word) >> (place * 8)) as u32 & 0xFF;
    let (year, month, day) = (pair(0) * 100 + pair(2), pair(5), pairs(last) as u32 & 0xFF);
    let place = year.wrapping_sub(FIRST_YEAR).wrapping_mul(MONTHS_A_YEAR).wrapping_add(month);
    match MONTHS.get(place as usize).filter(|_| month < MONTHS_A_YEAR) {
        Some(Month { first, days }) if (1..=*days).contains(&day) => Ok(first.plus_days(day as i32 - 1)),
        _ => match Day::new(year as i32, month, day) {
            Some(_) => Err(NotADate::OutOfRange),
            None => Err(NotADate::Impossible),
        },
    }
}

/// Whether every byte of a word is a number below ten.
#[inline]
fn are_digits(word: u64) -> bool {
    const HIGH_HALVES: u64 = 0xF0F0_F0F0_F0F0_F0F0;
    // Adding six carries a digit above nine into the high half of its byte.
    (word | ((word & !HIGH_HALVES) + 0x0606_0606_0606_0606)) & HIGH_HALVES == 0
}

/// The month of every day from [`FIRST_INPUT_DAY`] to [`LAST_DUE_DAY`]: every case is counted by month, and a look-up
/// costs less than the divisions.
static MONTH_OF_DAY: LazyLock<Vec<i32>> = LazyLock::new(|| {
    (FIRST_INPUT_DAY.0..=LAST_DUE_DAY.0).map(|number| Day(number).month_by_year()).collect()
});

/// The ISO form of the same days: a case list prints five of them for each case.
static ISO_OF_DAY: LazyLock<Vec<[u8; 10]>> =
    LazyLock::new(|| (FIRST_INPUT_DAY.0..=LAST_DUE_DAY.0).map(|number| Day(number).iso_by_year()).collect());

/// A month of a year: its first day and its length.
#[derive(Clone, Copy)]
struct Month {
    first: Day,
    days: u32,
}

/// Years of [`FIRST_INPUT_DAY`] and [`LAST_INPUT_DAY`].
const FIRST_YEAR: u32 = 1930;
const LAST_YEAR: u32 = 2100;

/// Table slots for each year; slot 0 and those above 12 stay empty.
const MONTHS_A_YEAR: u32 = 16;

/// The months that an export may name, so that finding one needs no division.
static MONTHS: LazyLock<Vec<Month>> = LazyLock::new(|| {
    let years = FIRST_YEAR as i32..=LAST_YEAR as i32;
    let months = years.flat_map(|year| (0..MONTHS_A_YEAR).map(move |month| (year, month)));
    let month = |(year, month): (i32, u32)| match Day::new(year, month, 1) {
        Some(first) => Month { first, days: days_in_month(year, month) },
        None => Month { first: Day(0), days: 0 },
    };
    months.map(month).collect()
});

/// Reads `T13:45[:00[.123]][ ][Z|±02[:]00]`, the part of a timestamp after its date: the second of the day
/// and the offset in seconds, when there is one.
///
/// # Errors
/// If the text has another form, or there is no such time.
pub fn parse_time(bytes: &[u8]) -> Result<(i32, Option<i32>), NotADate> {
    let [b' ' | b'T', h1, h2, b':', m1, m2, rest @ ..] = bytes else {
        return Err(NotADate::Unreadable);
    };
    let (hour, minute) = (two_digits(&[*h1, *h2])?, two_digits(&[*m1, *m2])?);
    let (second, rest) = match rest {
        [b':', s1, s2, rest @ ..] => (two_digits(&[*s1, *s2])?, skip_fraction(rest)?),
        _ => (0, rest),
    };
    // 24:00 is the end of its day, which has no later second than the last.
    if (hour, minute, second) == (24, 0, 0) {
        return Ok((86_399, parse_offset(rest)?));
    }
    if hour > 23 || minute > 59 || second > 59 {
        return Err(NotADate::Impossible);
    }
    Ok((hour * 3600 + minute * 60 + second, parse_offset(rest)?))
}

fn skip_fraction(bytes: &[u8]) -> Result<&[u8], NotADate> {
    let [b'.' | b',', digits @ ..] = bytes else { return Ok(bytes) };
    let count = digits.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if count == 0 { Err(NotADate::Unreadable) } else { Ok(&digits[count..]) }
}

fn parse_offset(bytes: &[u8]) -> Result<Option<i32>, NotADate> {
    let bytes = bytes.strip_prefix(b" ").unwrap_or(bytes);
    let (sign, digits) = match bytes {
        [] => return Ok(None),
        [b'Z' | b'z'] => return Ok(Some(0)),
        [b'+', digits @ ..] => (1, digits),
        [b'-', digits @ ..] => (-1, digits),
        _ => return Err(NotADate::Unreadable),
    };
    let (hours, minutes) = match digits {
        [h1, h2] => (two_digits(&[*h1, *h2])?, 0),
        [h1, h2, m1, m2] | [h1, h2, b':', m1, m2] => (two_digits(&[*h1, *h2])?, two_digits(&[*m1, *m2])?),
        _ => return Err(NotADate::Unreadable),
    };
    // No place on earth is further from UTC than 14 hours.
    if hours > 14 || minutes > 59 {
        return Err(NotADate::Impossible);
    }
    Ok(Some(sign * (hours * 3600 + minutes * 60)))
}

fn two_digits(bytes: &[u8]) -> Result<i32, NotADate> {
    match bytes {
        [a @ b'0'..=b'9', b @ b'0'..=b'9'] => Ok(i32::from(a - b'0') * 10 + i32::from(b - b'0')),
        _ => Err(NotADate::Unreadable),
    }
}

#[cfg(test)]
#[allow(clippy::disallowed_types, reason = "chrono's months are the second opinion here")]
mod tests {
    use super::*;
    use chrono::Months;

    fn every_day() -> impl Iterator<Item = Day> {
        (FIRST_INPUT_DAY.0..=LAST_DUE_DAY.0).map(Day)
    }

    #[test]
    fn every_day_makes_the_round_trip_and_agrees_with_chrono() {
        let first = NaiveDate::from_ymd_opt(1930, 1, 1).expect("a date");
        for (day, date) in every_day().zip(first.iter_days()) {
            assert_eq!(day, Day::from(date));
            assert_eq!(day.civil(), (date.year(), date.month(), date.day()));
            let (year, month, number) = day.civil();
            assert_eq!(Day::new(year, month, number), Some(day));
            assert_eq!(day.weekday(), date.weekday().number_from_monday());
            assert_eq!(Day::parse_iso(&day.to_string()).is_some(), day <= LAST_INPUT_DAY);
            assert_eq!(day.iso(), day.to_string().as_bytes());
            assert_eq!(day.month(), year * 12 + month as i32 - 1);
            assert_eq!(day.to_string(), date.to_string());
        }
    }

    #[test]
    fn months_go_on_beyond_the_calendar() {
        for (day, month) in
            [(Day(FIRST_INPUT_DAY.0 - 1), 1929 * 12 + 11), (Day(LAST_DUE_DAY.0 + 1), 2111 * 12)]
        {
            assert_eq!(day.month(), month);
        }
    }

    #[test]
    fn the_named_limits_are_the_days_they_say() {
        assert_eq!(FIRST_INPUT_DAY.to_string(), "1930-01-01");
        assert_eq!(LAST_INPUT_DAY.to_string(), "2100-12-31");
        assert_eq!(LAST_DUE_DAY.to_string(), "2110-12-31");
    }

    #[test]
    fn months_after_agrees_with_chrono_for_every_day() {
        let first = NaiveDate::from_ymd_opt(1930, 1, 1).expect("a date");
        for (day, date) in every_day().zip(first.iter_days()) {
            for months in [1, 2, 3, 4, 6, 12, 24, 120] {
                let sum = date.checked_add_months(Months::new(months)).expect("in range");
                let ours = months_after(day, months);
                assert_eq!(ours.day, Day::from(sum), "{day} + {months} months");
                assert_eq!(ours.end_month_too_short, sum.day() != date.day());
            }
        }
    }

    #[test]
    fn stamps_are_read_in_each_form() {
        let day = Day::new(2024, 8, 31).expect("a date");
        let read = |text: &str| parse_stamp(text.as_bytes());
        let stamp = |second, offset| Stamp { day, second_of_day: second, offset_seconds: offset };
        assert_eq!(read("2024-08-31"), Ok(stamp(None, None)));
        assert_eq!(read("2024-08-31 13:45"), Ok(stamp(Some(49_500), None)));
        assert_eq!(read("2024-08-31T13:45:07"), Ok(stamp(Some(49_507), None)));
        assert_eq!(read("2024-08-31 13:45:07.688000+02:00"), Ok(stamp(Some(49_507), Some(7200))));
        assert_eq!(read("2024-08-31T13:45Z"), Ok(stamp(Some(49_500), Some(0))));
        assert_eq!(read("2024-08-31T13:45:00-0330"), Ok(stamp(Some(49_500), Some(-12_600))));
        assert_eq!(read("2024-08-31 00:00 +01"), Ok(stamp(Some(0), Some(3600))));
    }

    #[test]
    fn times_and_offsets_reach_as_far_as_clocks_do() {
        let read = |rest: &str| parse_time(rest.as_bytes());
        for (hour, minute, second) in [(0, 0, 0), (23, 0, 0), (0, 59, 0), (0, 0, 59), (23, 59, 59)] {
            let text = format!(" {hour:02}:{minute:02}:{second:02}");
            assert_eq!(read(&text), Ok((hour * 3600 + minute * 60 + second, None)), "{text}");
        }
        assert_eq!(read(" 24:00:00"), Ok((86_399, None)));
        for text in [" 24:01", " 99:00", " 00:60", " 00:99", " 00:00:60", " 00:00:99"] {
            assert_eq!(read(text), Err(NotADate::Impossible), "{text}");
        }
        for (text, seconds) in [("+14:00", 50_400), ("-14", -50_400), ("+0059", 3_540), ("-13:59", -50_340)] {
            assert_eq!(read(&format!(" 00:00{text}")), Ok((0, Some(seconds))), "{text}");
        }
        for text in ["+15:00", "-99", "+01:60", "-0199"] {
            assert_eq!(read(&format!(" 00:00{text}")), Err(NotADate::Impossible), "{text}");
        }
    }

    #[test]
    fn every_byte_in_every_place_is_read_as_digits_and_hyphens_are() {
        for text in ["2024-08-31", "1930-01-01", "2100-12-31", "1999-02-28"] {
            for (place, byte) in (0..10).flat_map(|place| (0..=u8::MAX).map(move |byte| (place, byte))) {
                let mut date: [u8; 10] = text.as_bytes().try_into().expect("ten letters");
                date[place] = byte;
                let is_right = |(place, byte): (usize, &u8)| match place {
                    4 | 7 => *byte == b'-',
                    _ => byte.is_ascii_digit(),
                };
                let number = |from: usize, to: usize| {
                    date[from..to].iter().fold(0, |sum, byte| sum * 10 + u32::from(byte - b'0'))
                };
                let wanted = match date.iter().enumerate().all(is_right) {
                    false => Err(NotADate::Unreadable),
                    true => match Day::new(number(0, 4) as i32, number(5, 7), number(8, 10)) {
                        None => Err(NotADate::Impossible),
                        Some(day) if day < FIRST_INPUT_DAY || day > LAST_INPUT_DAY => {
                            Err(NotADate::OutOfRange)
                        }
                        Some(day) => Ok(day),
                    },
                };
                assert_eq!(parse_day(&date), wanted, "{date:?}");
            }
        }
    }

    #[test]
    fn what_is_not_a_date_says_why() {
        for (text, why) in [
            ("", NotADate::Unreadable),
            ("2024-8-31", NotADate::Unreadable),
            ("31/08/2024", NotADate::Unreadable),
            ("2024-08-31x", NotADate::Unreadable),
            ("2024-08-31 13", NotADate::Unreadable),
            ("2024-08-31 13:45:00.", NotADate::Unreadable),
            ("2024-08-31 13:45 +1", NotADate::Unreadable),
            ("2024-02-30", NotADate::Impossible),
            ("2023-02-29", NotADate::Impossible),
            ("2024-13-01", NotADate::Impossible),
            ("1929-99-01", NotADate::Impossible),
            ("1930-16-01", NotADate::Impossible),
            ("0000-00-00", NotADate::Impossible),
            ("9999-99-99", NotADate::Impossible),
            ("2024-08-31 24:01", NotADate::Impossible),
            ("2024-08-31 13:45 +15:00", NotADate::Impossible),
            ("1929-12-31", NotADate::OutOfRange),
            ("2101-01-01", NotADate::OutOfRange),
            ("9999-12-31", NotADate::OutOfRange),
        ] {
            assert_eq!(parse_stamp(text.as_bytes()), Err(why), "{text:?}");
        }
    }
}
