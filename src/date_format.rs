//! Dates as exports write them, and how the dates of a column are read.
//!
//! A year of four digits first, `20240831`, `31.08.2024` and `31/8 2024` can be read one way only and are
//! read in every column. `03/04/2024`, `240831`, `31.08.24` and `45535` cannot: the cells of the column
//! decide together, on evidence that can be shown, and nothing is read on a guess.

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
    /// The day before the month: 31/08/2024, 31.08.24, 310824.
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

/// What a lookup of a blank cell gives where a date is wanted.
const NO_DATE: &str = "0";

/// Days that stand for none: how databases write "no end" and "not known".
const NO_DAYS: [&str; 6] = ["9999-12-31", "99991231", "2999-12-31", "1900-01-01", "19000101", "0001-01-01"];

/// Whether a bare cell of a column of dates stands for an empty one; `more` are the project's own marks.
fn is_no_date(text: &str, more: &[String]) -> bool {
    // With a time of day, whichever.
    let day = text.split_once([' ', 'T']).map_or(text, |(day, _)| day);
    text == NO_DATE || NO_DAYS.contains(&day) || day == "0000-00-00" || is_empty_marker(text, more)
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
    if is_no_date(text, empty) {
        return Err(NoStamp::Empty);
    }
    match shape_of(text) {
        Shape::Clear(stamp) => stamp.map_err(NoStamp::Not),
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
        Shape::Short(dates) => match format {
            DateFormat::ShortYearFirst => dates.year_first.map_err(NoStamp::Not),
            DateFormat::DayFirst => dates.day_first.map_err(NoStamp::Not),
            DateFormat::MonthFirst => dates.month_first.map_err(NoStamp::Not),
            _ if dates.between.is_empty() => Err(NoStamp::Not(NotADate::Unreadable)),
            _ => Err(NoStamp::Ambiguous),
        },
        Shape::Other => Err(NoStamp::Not(NotADate::Unreadable)),
    }
}

fn from_serial(number: f64, epoch: SerialEpoch) -> Result<Stamp, NoStamp> {
    let (day, second) = stamp_of_serial(number, epoch).ok_or(NoStamp::Not(NotADate::Unreadable))?;
    if is_no_date(&day.to_string(), &[]) || number == 0.0 {
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
    /// Three pairs of digits.
    Short(Short),
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

/// A date whose year has two digits.
struct Short {
    year_first: Result<Stamp, NotADate>,
    day_first: Result<Stamp, NotADate>,
    month_first: Result<Stamp, NotADate>,
    /// The first and the last pair, one of which is the year.
    ends: (u32, u32),
    /// What stands between the pairs.
    between: &'static str,
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
    let short = |a: u32, b: u32, c: u32, between: &'static str| Short {
        year_first: stamp(whole_year(a), b, c),
        day_first: stamp(whole_year(c), b, a),
        month_first: stamp(whole_year(c), a, b),
        ends: (a, c),
        between,
    };
    let Some(tokens) = Tokens::of(date) else { return Shape::Other };
    match tokens {
        Tokens::One(digits) => match digits.len() {
            8 => {
                Shape::Clear(stamp(number(&digits[..4]) as i32, number(&digits[4..6]), number(&digits[6..])))
            }
            6 => Shape::Short(short(number(&digits[..2]), number(&digits[2..4]), number(&digits[4..]), "")),
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
                // Without its zeros it may have been cut off.
                (4, 2) if second.len() == 2 && before == after => Shape::Clear(stamp(a as i32, b, c)),
                (1 | 2, 2) if small(second) && (before, after) == ("/", "-") => {
                    Shape::Clear(stamp(whole_year(c), b, a))
                }
                (1 | 2, 2) if small(second) => match (before, after) {
                    ("-", "-") => Shape::Short(short(a, b, c, "-")),
                    ("/", "/") => Shape::Short(short(a, b, c, "/")),
                    (".", ".") => Shape::Short(short(a, b, c, ".")),
                    _ => Shape::Other,
                },
                (1 | 2, 4) if small(second) => {
                    let year = c as i32;
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

/// Whether the day or the month stands first in cells in which either could.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Order {
    cells: u64,
    /// Cells that are a day only with the day first.
    day_first: u64,
    /// Cells that are a day only with the month first.
    month_first: u64,
}

impl Order {
    fn add(&mut self, day_first: Result<Stamp, NotADate>, month_first: Result<Stamp, NotADate>) {
        self.cells += 1;
        self.day_first += u64::from(day_first.is_ok() && month_first.is_err());
        self.month_first += u64::from(month_first.is_ok() && day_first.is_err());
    }

    /// A day beyond 12 tells. One that is mistyped does not, nor do cells that contradict each other.
    fn format(self) -> Option<DateFormat> {
        /// Three of five days lie beyond the twelfth; where fewer than one in so many do, something is amiss.
        const ONE_IN: u64 = 5;
        let (most, least, format) = if self.day_first >= self.month_first {
            (self.day_first, self.month_first, DateFormat::DayFirst)
        } else {
            (self.month_first, self.day_first, DateFormat::MonthFirst)
        };
        (most > 0 && most * ONE_IN >= self.cells && most > ONE_IN * least).then_some(format)
    }
}

/// What the cells of a column tell of how its dates are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Evidence {
    /// Cells with something in them.
    cells: u64,
    /// Cells that could count days.
    serials: u64,
    /// Cells with a whole year that could be read two ways.
    slashed: Order,
    /// Cells of three pairs of digits.
    short: Order,
    /// Numbers met in the first and in the last pair, a bit each.
    ends: (u128, u128),
    /// What stands between the pairs, by the last such cell.
    between: Option<&'static str>,
    /// Cells with a time of day that is not midnight.
    timed: u64,
    /// Cells with midnight.
    midnights: u64,
}

impl Evidence {
    /// Looks at another cell.
    pub fn add(&mut self, cell: &[u8], empty: &[String]) {
        if cell.is_empty() {
            return;
        }
        if let Ok(stamp) = parse_stamp(cell) {
            self.cells += 1;
            self.add_time(stamp);
            return;
        }
        let text = String::from_utf8_lossy(cell);
        let text = bare(&text);
        if is_no_date(text, empty) {
            return;
        }
        self.cells += 1;
        match shape_of(text) {
            Shape::Clear(stamp) => stamp.into_iter().for_each(|stamp| self.add_time(stamp)),
            Shape::Serial(number) if number > 60.0 => self.serials += 1,
            Shape::Short(dates) => {
                self.ends.0 |= 1 << dates.ends.0;
                self.ends.1 |= 1 << dates.ends.1;
                self.between = Some(dates.between);
                self.short.add(dates.day_first, dates.month_first);
            }
            Shape::Slashed(dates) => self.slashed.add(dates.day_first, dates.month_first),
            Shape::Serial(_) | Shape::Other => {}
        }
    }

    fn add_time(&mut self, stamp: Stamp) {
        match stamp.second_of_day {
            Some(0) => self.midnights += 1,
            Some(_) => self.timed += 1,
            None => {}
        }
    }

    /// No cell has anything in it.
    pub fn is_empty(&self) -> bool {
        self.cells == 0
    }

    /// Every time in the column is midnight: its cells are dates, as some programs write them.
    pub fn only_midnights(&self) -> bool {
        self.midnights > 0 && self.timed == 0
    }

    /// The format, or `None` when the cells can be read in several ways throughout.
    pub fn format(&self, epoch: SerialEpoch) -> Option<DateFormat> {
        let half = |count: u64| count > 0 && count * 2 >= self.cells;
        match () {
            () if half(self.serials) => Some(match epoch {
                SerialEpoch::From1900 => DateFormat::Serial1900,
                SerialEpoch::From1904 => DateFormat::Serial1904,
            }),
            () if half(self.short.cells) => match self.year_stands_first()? {
                true => Some(DateFormat::ShortYearFirst),
                false => self.short.format(),
            },
            () if half(self.slashed.cells) => self.slashed.format(),
            // A few odd cells among others: read when they tell, each a fault when they do not.
            () => Some(self.slashed.format().unwrap_or_default()),
        }
    }

    /// Where the year of three pairs of digits stands: it has fewer different numbers than the day; where few
    /// cells tell, as it is written in Sweden.
    fn year_stands_first(&self) -> Option<bool> {
        /// So many more days than years leave no doubt.
        const CLEARLY: u32 = 3;
        let (first, last) = (self.ends.0.count_ones(), self.ends.1.count_ones());
        let usual = match self.between {
            Some("" | "-") => Some(true),
            Some(".") => Some(false),
            _ => None,
        };
        match () {
            () if last >= first + CLEARLY => Some(true),
            () if first >= last + CLEARLY => Some(false),
            () => usual,
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
                "2024.08.31",
                "20240831",
                "31.08.2024",
                "31.8.2024",
                "31/8 2024",
                "31/8-24",
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
        for text in ["31.08.24", "31-08-24", "31/8/24", "310824"] {
            assert_eq!(read(text, DateFormat::DayFirst).as_deref(), Ok("2024-08-31"), "{text}");
        }
        for text in ["31.08.24", "24-08-31", "24/08/31"] {
            assert_eq!(read(text, DateFormat::YearFirst), Err(NoStamp::Ambiguous), "{text}");
        }
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
            ("2024-08-3", DateFormat::YearFirst, not(NotADate::Unreadable)),
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
        assert_eq!(decided(&["03/04/2024", "31/08/2024", "08/31/2024"]), None, "they contradict each other");
        let mistyped = ["03/04/2024", "04/05/2024", "05/06/2024", "06/07/2024", "07/08/2024", "04/15/2024"];
        assert_eq!(decided(&mistyped), None, "one that is mistyped decides nothing");
        assert_eq!(decided(&["240831", "240901"]), Some(DateFormat::ShortYearFirst));
        assert_eq!(decided(&["24-08-31", "24-09-01"]), Some(DateFormat::ShortYearFirst));
        assert_eq!(decided(&["31.08.24", "30.09.24"]), Some(DateFormat::DayFirst));
        assert_eq!(decided(&["24/08/31", "24/09/01"]), None);
        let days = ["10-01-24", "13-02-24", "20-05-24", "31-08-24", "01-09-24"];
        assert_eq!(decided(&days), Some(DateFormat::DayFirst), "the year is what changes least");
        let days = ["100124", "130224", "200524", "310824", "010924"];
        assert_eq!(decided(&days), Some(DateFormat::DayFirst));
        assert_eq!(
            decided(&["24/01/10", "24/02/13", "24/05/20", "24/08/31"]),
            Some(DateFormat::ShortYearFirst)
        );
        assert_eq!(decided(&["45535", "45536,5"]), Some(DateFormat::Serial1900));
    }
}
