//! Dates as exports write them, and how the dates of a column are read.
//!
//! Year first, `20240831`, `31.08.2024` and `31/8 2024` can be read one way only and are read in every
//! column. `03/04/2024`, `240831` and `45535` cannot: the cells of the column decide together, on
//! evidence that can be shown, and nothing is read on a guess.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::date::{Day, FIRST_INPUT_DAY, LAST_INPUT_DAY, NotADate, Stamp, parse_stamp, parse_time};
use crate::serial::{SerialEpoch, stamp_of_serial};
use crate::values::{bare, is_empty_marker};

/// How a column writes what can be read in several ways.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize, JsonSchema)]
pub enum DateFormat {
    /// Nothing of the kind: only what can be read one way.
    #[default]
    #[serde(rename = "yyyy-mm-dd")]
    YearFirst,
    /// Six digits, as in a birth number: 240831.
    #[serde(rename = "yymmdd")]
    ShortYearFirst,
    /// The day before the month: 31/08/2024.
    #[serde(rename = "dd/mm/yyyy")]
    DayFirst,
    /// The month before the day: 08/31/2024.
    #[serde(rename = "mm/dd/yyyy")]
    MonthFirst,
    /// Days as Excel counts them, from 1900: 45535.
    #[serde(rename = "excel-1900")]
    Serial1900,
    /// Days as Excel on old Macintoshes counted them, from 1904: 44073.
    #[serde(rename = "excel-1904")]
    Serial1904,
}

impl DateFormat {
    /// The name in project files and messages.
    pub fn id(self) -> &'static str {
        match self {
            DateFormat::YearFirst => "yyyy-mm-dd",
            DateFormat::ShortYearFirst => "yymmdd",
            DateFormat::DayFirst => "dd/mm/yyyy",
            DateFormat::MonthFirst => "mm/dd/yyyy",
            DateFormat::Serial1900 => "excel-1900",
            DateFormat::Serial1904 => "excel-1904",
        }
    }
}

/// Why a cell is no date of its column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoStamp {
    /// A blank cell, or one of the marks that stand for it.
    Empty,
    /// No date, or one that cannot be used.
    Not(NotADate),
    /// A date that can be read in two ways, in a column that does not tell which.
    Ambiguous,
}

/// Reads a cell. `empty` are further texts that stand for an empty cell.
///
/// # Errors
/// When there is no date in it that can be read one way.
pub fn read_stamp(cell: &[u8], format: DateFormat, empty: &[String]) -> Result<Stamp, NoStamp> {
    match parse_stamp(cell) {
        Ok(stamp) => Ok(stamp),
        Err(_) => read_unusual(cell, format, empty),
    }
}

#[cold]
fn read_unusual(cell: &[u8], format: DateFormat, empty: &[String]) -> Result<Stamp, NoStamp> {
    let text = String::from_utf8_lossy(cell);
    let text = bare(&text);
    if is_empty_marker(text, empty) {
        return Err(NoStamp::Empty);
    }
    match shape_of(text) {
        Shape::Clear(stamp) => stamp.map_err(NoStamp::Not),
        Shape::SixDigits(stamp) if format == DateFormat::ShortYearFirst => stamp.map_err(NoStamp::Not),
        Shape::Serial(number) => match format {
            DateFormat::Serial1900 => from_serial(number, SerialEpoch::From1900),
            DateFormat::Serial1904 => from_serial(number, SerialEpoch::From1904),
            _ => Err(NoStamp::Not(NotADate::Unreadable)),
        },
        Shape::Slashed(dates) => match format {
            DateFormat::DayFirst => dates.day_first.map_err(NoStamp::Not),
            DateFormat::MonthFirst => dates.month_first.map_err(NoStamp::Not),
            _ => dates.only_reading(),
        },
        Shape::SixDigits(_) | Shape::Other => Err(NoStamp::Not(NotADate::Unreadable)),
    }
}

fn from_serial(number: f64, epoch: SerialEpoch) -> Result<Stamp, NoStamp> {
    let (day, second) = stamp_of_serial(number, epoch).ok_or(NoStamp::Not(NotADate::Unreadable))?;
    if is_empty_marker(&day.to_string(), &[]) || number == 0.0 {
        return Err(NoStamp::Empty);
    }
    if day < FIRST_INPUT_DAY || day > LAST_INPUT_DAY {
        return Err(NoStamp::Not(NotADate::OutOfRange));
    }
    let second_of_day = (number.fract() != 0.0).then_some(second);
    Ok(Stamp { day, second_of_day, offset_seconds: None })
}

/// What a cell looks like.
enum Shape {
    /// One reading only.
    Clear(Result<Stamp, NotADate>),
    /// Six digits, read as year, month, day.
    SixDigits(Result<Stamp, NotADate>),
    /// A number that could count days.
    Serial(f64),
    /// Two small numbers and a year, between slashes or hyphens.
    Slashed(Slashed),
    /// None of these.
    Other,
}

/// A date with its day or its month first.
struct Slashed {
    day_first: Result<Stamp, NotADate>,
    month_first: Result<Stamp, NotADate>,
}

impl Slashed {
    /// The stamp, when only one way of reading gives a day that exists.
    fn only_reading(&self) -> Result<Stamp, NoStamp> {
        match (self.day_first, self.month_first) {
            (Ok(one), Ok(other)) if one == other => Ok(one),
            // Without evidence from the column not even 31/08/2024 is read: its neighbours would not be.
            (Ok(_), _) | (_, Ok(_)) => Err(NoStamp::Ambiguous),
            (Err(_), Err(problem)) => Err(NoStamp::Not(problem)),
        }
    }
}

fn shape_of(text: &str) -> Shape {
    let (date, time) = match split_time(text) {
        Some(parts) => parts,
        None => return Shape::Other,
    };
    let stamp = |year: i32, month: u32, day: u32| -> Result<Stamp, NotADate> {
        let day = Day::new(year, month, day).ok_or(NotADate::Impossible)?;
        if day < FIRST_INPUT_DAY || day > LAST_INPUT_DAY {
            return Err(NotADate::OutOfRange);
        }
        let (second_of_day, offset_seconds) = match &time {
            Some(time) => {
                let (second, offset) = parse_time(time.as_bytes())?;
                (Some(second), offset)
            }
            None => (None, None),
        };
        Ok(Stamp { day, second_of_day, offset_seconds })
    };
    let Some(tokens) = Tokens::of(date) else { return Shape::Other };
    match tokens {
        Tokens::One(digits) => match digits.len() {
            8 => {
                Shape::Clear(stamp(number(&digits[..4]) as i32, number(&digits[4..6]), number(&digits[6..])))
            }
            6 => Shape::SixDigits(stamp(
                whole_year(number(&digits[..2])),
                number(&digits[2..4]),
                number(&digits[4..]),
            )),
            1..=5 | 7 if time.is_none() => Shape::Serial(f64::from(number(digits))),
            _ => Shape::Other,
        },
        Tokens::Decimal(whole, fraction) if time.is_none() && whole.len() <= 7 => {
            format!("{whole}.{fraction}").parse().map_or(Shape::Other, Shape::Serial)
        }
        Tokens::Decimal(..) => Shape::Other,
        Tokens::Three([first, second, third], [before, after]) => {
            let (a, b, c) = (number(first), number(second), number(third));
            let small = |digits: &str| digits.len() <= 2;
            match (first.len(), third.len()) {
                (4, _) if small(second) && small(third) && before == after => {
                    Shape::Clear(stamp(a as i32, b, c))
                }
                (2, 2) if (before, after) == ("-", "-") && second.len() == 2 => {
                    Shape::SixDigits(stamp(whole_year(a), b, c))
                }
                (1 | 2, 4 | 2) if small(second) => {
                    let year = if third.len() == 2 { whole_year(c) } else { c as i32 };
                    match (before, after) {
                        // As they are written in Sweden and nowhere with the month first.
                        (".", ".") | ("/", " " | "-") => Shape::Clear(stamp(year, b, a)),
                        ("/", "/") | ("-", "-") => Shape::Slashed(Slashed {
                            day_first: stamp(year, b, a),
                            month_first: stamp(year, a, b),
                        }),
                        _ => Shape::Other,
                    }
                }
                _ => Shape::Other,
            }
        }
    }
}

/// A cell without its time of day, and that time as [`parse_time`] wants it: `T08:00`.
fn split_time(text: &str) -> Option<(&str, Option<String>)> {
    let Some(colon) = text.find(':') else { return Some((text, None)) };
    let begin = text[..colon].rfind([' ', 'T'])?;
    let (date, hour) = (text[..begin].trim_end(), &text[begin + 1..colon]);
    let padded = match hour.len() {
        1 => format!("T0{}", &text[begin + 1..]),
        2 => format!("T{}", &text[begin + 1..]),
        _ => return None,
    };
    Some((date, Some(padded)))
}

/// Numbers and what stands between them.
enum Tokens<'a> {
    One(&'a str),
    Decimal(&'a str, &'a str),
    Three([&'a str; 3], [&'a str; 2]),
}

impl<'a> Tokens<'a> {
    fn of(text: &'a str) -> Option<Tokens<'a>> {
        /// No number in a date, its fraction apart, has more digits.
        const MOST_DIGITS: usize = 8;
        let is_digit = |letter: char| letter.is_ascii_digit();
        let numbers: Vec<&str> =
            text.split(|letter| !is_digit(letter)).filter(|part| !part.is_empty()).collect();
        let between: Vec<&str> = text.split(is_digit).filter(|part| !part.is_empty()).collect();
        let bounded = text.starts_with(is_digit) && text.ends_with(is_digit);
        match (numbers.as_slice(), between.as_slice()) {
            _ if !bounded || numbers.first()?.len() > MOST_DIGITS => None,
            ([one], []) => Some(Tokens::One(one)),
            ([whole, fraction], ["." | ","]) if fraction.len() <= 15 => {
                Some(Tokens::Decimal(whole, fraction))
            }
            ([a, b, c], [before, after]) if b.len() <= 2 && c.len() <= 4 => {
                Some(Tokens::Three([a, b, c], [before, after]))
            }
            _ => None,
        }
    }
}

/// At most eight digits as a number.
fn number(digits: &str) -> u32 {
    digits.bytes().fold(0, |sum, digit| sum * 10 + u32::from(digit - b'0'))
}

/// A year of two digits: the calendar of exports begins in 1970.
fn whole_year(short: u32) -> i32 {
    if short < 70 { 2000 + short as i32 } else { 1900 + short as i32 }
}

/// What the cells of a column tell of how its dates are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Evidence {
    /// Cells with something in them.
    pub cells: u64,
    /// Cells of six digits.
    six_digits: u64,
    /// Cells that could count days.
    serials: u64,
    /// Cells with slashes that could be read two ways.
    slashed: u64,
    /// Of those, cells that are a day only with the day first.
    day_first: u64,
    /// Of those, cells that are a day only with the month first.
    month_first: u64,
}

impl Evidence {
    /// Looks at another cell.
    pub fn add(&mut self, cell: &[u8], empty: &[String]) {
        if cell.is_empty() {
            return;
        }
        if parse_stamp(cell).is_ok() {
            self.cells += 1;
            return;
        }
        let text = String::from_utf8_lossy(cell);
        let text = bare(&text);
        if is_empty_marker(text, empty) {
            return;
        }
        self.cells += 1;
        match shape_of(text) {
            Shape::SixDigits(_) => self.six_digits += 1,
            Shape::Serial(number) if number > 60.0 => self.serials += 1,
            Shape::Slashed(dates) => {
                self.slashed += 1;
                self.day_first += u64::from(dates.day_first.is_ok() && dates.month_first.is_err());
                self.month_first += u64::from(dates.month_first.is_ok() && dates.day_first.is_err());
            }
            Shape::Clear(_) | Shape::Serial(_) | Shape::Other => {}
        }
    }

    /// The format, or `None` when the slashes of the column can be read both ways throughout.
    pub fn format(&self, epoch: SerialEpoch) -> Option<DateFormat> {
        let half = |count: u64| count > 0 && count * 2 >= self.cells;
        match () {
            () if half(self.six_digits) => Some(DateFormat::ShortYearFirst),
            () if half(self.serials) => Some(match epoch {
                SerialEpoch::From1900 => DateFormat::Serial1900,
                SerialEpoch::From1904 => DateFormat::Serial1904,
            }),
            () if self.day_first > self.month_first => Some(DateFormat::DayFirst),
            () if self.month_first > self.day_first => Some(DateFormat::MonthFirst),
            () if half(self.slashed) => None,
            () => Some(DateFormat::YearFirst),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, format: DateFormat) -> Result<String, NoStamp> {
        let stamp = read_stamp(text.as_bytes(), format, &[])?;
        let second = stamp.second_of_day.map_or(String::new(), |second| format!(" {second}"));
        Ok(format!("{}{second}", stamp.day))
    }

    #[test]
    fn what_can_be_read_one_way_is_read_in_every_column() {
        for format in [DateFormat::YearFirst, DateFormat::MonthFirst, DateFormat::Serial1900] {
            for text in [
                "2024-08-31",
                "2024/08/31",
                "2024-8-31",
                "2024.08.31",
                "20240831",
                "31.08.2024",
                "31.8.2024",
                "31/8 2024",
                "31/8-24",
                "31.08.24",
                "'2024-08-31",
                "=\"2024-08-31\"",
                "\u{a0}2024-08-31\u{a0}",
            ] {
                assert_eq!(read(text, format).as_deref(), Ok("2024-08-31"), "{text}");
            }
            for text in ["2024-08-31 13:45", "2024-08-31T13:45:00", "20240831 13:45", "31.8.2024 13:45"] {
                assert_eq!(read(text, format).as_deref(), Ok("2024-08-31 49500"), "{text}");
            }
            assert_eq!(read("2024-08-31 8:05", format).as_deref(), Ok("2024-08-31 29100"));
        }
    }

    #[test]
    fn the_rest_is_read_as_the_column_says() {
        assert_eq!(read("03/04/2024", DateFormat::DayFirst).as_deref(), Ok("2024-04-03"));
        assert_eq!(read("03/04/2024", DateFormat::MonthFirst).as_deref(), Ok("2024-03-04"));
        assert_eq!(read("3-4-24", DateFormat::DayFirst).as_deref(), Ok("2024-04-03"));
        assert_eq!(read("03/04/2024", DateFormat::YearFirst), Err(NoStamp::Ambiguous));
        assert_eq!(read("31/08/2024", DateFormat::YearFirst), Err(NoStamp::Ambiguous));
        assert_eq!(read("04/04/2024", DateFormat::YearFirst).as_deref(), Ok("2024-04-04"));
        assert_eq!(read("240831", DateFormat::ShortYearFirst).as_deref(), Ok("2024-08-31"));
        assert_eq!(read("24-08-31", DateFormat::ShortYearFirst).as_deref(), Ok("2024-08-31"));
        assert_eq!(read("990831", DateFormat::ShortYearFirst).as_deref(), Ok("1999-08-31"));
        assert_eq!(read("45535", DateFormat::Serial1900).as_deref(), Ok("2024-08-31"));
        assert_eq!(read("45535,5", DateFormat::Serial1900).as_deref(), Ok("2024-08-31 43200"));
        assert_eq!(read("44073.5", DateFormat::Serial1904).as_deref(), Ok("2024-08-31 43200"));
        for text in ["240831", "45535"] {
            assert_eq!(read(text, DateFormat::YearFirst), Err(NoStamp::Not(NotADate::Unreadable)), "{text}");
        }
    }

    #[test]
    fn what_stands_for_nothing_is_nothing() {
        for text in [
            "",
            " ",
            "\u{a0}",
            "-",
            "–",
            "NULL",
            "null",
            "9999-12-31",
            "9999-12-31 00:00:00",
            "1900-01-01",
            "99991231",
        ] {
            assert_eq!(read(text, DateFormat::YearFirst), Err(NoStamp::Empty), "{text:?}");
        }
        for text in ["0", "1", "2958465"] {
            assert_eq!(read(text, DateFormat::Serial1900), Err(NoStamp::Empty), "{text:?}");
        }
        let empty = ["saknas".to_owned()];
        assert_eq!(read_stamp(b"Saknas", DateFormat::YearFirst, &empty), Err(NoStamp::Empty));
    }

    #[test]
    fn what_is_no_date_says_why() {
        let not = |problem| Err(NoStamp::Not(problem));
        for (text, format, wanted) in [
            ("20240230", DateFormat::YearFirst, not(NotADate::Impossible)),
            ("30.02.2024", DateFormat::YearFirst, not(NotADate::Impossible)),
            ("31.12.2101", DateFormat::YearFirst, not(NotADate::OutOfRange)),
            ("13/13/2024", DateFormat::YearFirst, not(NotADate::Impossible)),
            ("31/08/2024", DateFormat::MonthFirst, not(NotADate::Impossible)),
            ("2024-08-31 25:00", DateFormat::YearFirst, not(NotADate::Impossible)),
            ("20000", DateFormat::Serial1900, not(NotADate::OutOfRange)),
            ("snart", DateFormat::YearFirst, not(NotADate::Unreadable)),
            ("2024-08", DateFormat::YearFirst, not(NotADate::Unreadable)),
            ("12345678901234567890", DateFormat::YearFirst, not(NotADate::Unreadable)),
            ("#FORMULA", DateFormat::YearFirst, not(NotADate::Unreadable)),
        ] {
            assert_eq!(read(text, format), wanted, "{text}");
        }
    }

    #[test]
    fn a_column_decides_on_evidence() {
        let decided = |cells: &[&str]| {
            let mut evidence = Evidence::default();
            cells.iter().for_each(|cell| evidence.add(cell.as_bytes(), &[]));
            evidence.format(SerialEpoch::From1900)
        };
        assert_eq!(decided(&[]), Some(DateFormat::YearFirst));
        assert_eq!(decided(&["2024-08-31", "-", "31.8.2024"]), Some(DateFormat::YearFirst));
        assert_eq!(decided(&["03/04/2024", "31/08/2024"]), Some(DateFormat::DayFirst));
        assert_eq!(decided(&["03/04/2024", "08/31/2024"]), Some(DateFormat::MonthFirst));
        assert_eq!(decided(&["03/04/2024", "05/06/2024"]), None);
        assert_eq!(decided(&["03/04/2024", "2024-05-06", "2024-05-07"]), Some(DateFormat::YearFirst));
        assert_eq!(decided(&["240831", "240901"]), Some(DateFormat::ShortYearFirst));
        assert_eq!(decided(&["45535", "45536,5"]), Some(DateFormat::Serial1900));
    }
}
