//! Dates as exports write them, and how the dates of a column are read.
//!
//! A year of four digits first, `20240831`, `31/8 2024` and `3 jan 2024` can be read one way and are read in every
//! column. `03/04/2024`, `240831`, `31.08.24` and `45535` cannot: the cells of the export decide together
//! ([`crate::date_evidence`]), on evidence that can be shown, and nothing is read on a guess.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::date::{
    Day, FIRST_INPUT_DAY, LAST_INPUT_DAY, NotADate, Stamp, parse_day, parse_stamp, parse_time,
};
use crate::serial::{SerialEpoch, stamp_of_serial};
use crate::values::{bare, is_no_day_yet};

/// A date format as project files name it: how a column writes dates that could be read in several ways.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, PartialOrd, Ord, Deserialize, Serialize, JsonSchema)]
pub enum DateFormat {
    /// Only what can be read one way: 2024-08-31.
    #[default]
    #[serde(rename = "yyyy-mm-dd")]
    YearFirst,
    /// The year first, without leading zeros: 2024-8-1.
    #[serde(rename = "yyyy-m-d")]
    Unpadded,
    /// The year first and the day before the month: 2024-31-08.
    #[serde(rename = "yyyy-dd-mm")]
    YearDayFirst,
    /// A year of two digits first, as in a birth number: 240831.
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
    /// Excel swapped day and month where the day is 12 or less: 2024-04-03 is 4 March, 31/08/2024 stayed text.
    #[serde(rename = "swapped")]
    Swapped,
}

impl DateFormat {
    /// Every format.
    pub const ALL: [DateFormat; 9] = [
        DateFormat::YearFirst,
        DateFormat::Unpadded,
        DateFormat::YearDayFirst,
        DateFormat::ShortYearFirst,
        DateFormat::DayFirst,
        DateFormat::MonthFirst,
        DateFormat::Serial1900,
        DateFormat::Serial1904,
        DateFormat::Swapped,
    ];

    /// The name in project files and messages.
    pub fn id(self) -> &'static str {
        match self {
            DateFormat::YearFirst => "yyyy-mm-dd",
            DateFormat::Unpadded => "yyyy-m-d",
            DateFormat::YearDayFirst => "yyyy-dd-mm",
            DateFormat::ShortYearFirst => "yymmdd",
            DateFormat::DayFirst => "dd/mm/yyyy",
            DateFormat::MonthFirst => "mm/dd/yyyy",
            DateFormat::Serial1900 => "excel-1900",
            DateFormat::Serial1904 => "excel-1904",
            DateFormat::Swapped => "swapped",
        }
    }
}

/// The order of the three numbers of a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Order {
    /// 2024-08-31, 240831.
    YearMonthDay,
    /// 31/08/2024.
    DayMonthYear,
    /// 08/31/2024.
    MonthDayYear,
    /// 2024-31-08.
    YearDayMonth,
}

impl Order {
    /// Every order.
    pub const ALL: [Order; 4] =
        [Order::YearMonthDay, Order::DayMonthYear, Order::MonthDayYear, Order::YearDayMonth];

    /// Whether the year stands first.
    pub fn is_year_first(self) -> bool {
        matches!(self, Order::YearMonthDay | Order::YearDayMonth)
    }

    /// The format by which a project file names this order, for dates whose year has two digits or stands last.
    pub fn format(self) -> DateFormat {
        match self {
            Order::YearMonthDay => DateFormat::ShortYearFirst,
            Order::DayMonthYear => DateFormat::DayFirst,
            Order::MonthDayYear => DateFormat::MonthFirst,
            Order::YearDayMonth => DateFormat::YearDayFirst,
        }
    }

    /// Year, month and day of three numbers in this order.
    fn arrange(self, [a, b, c]: [u32; 3]) -> [u32; 3] {
        match self {
            Order::YearMonthDay => [a, b, c],
            Order::DayMonthYear => [c, b, a],
            Order::MonthDayYear => [c, a, b],
            Order::YearDayMonth => [a, c, b],
        }
    }
}

/// What stands between the numbers of a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Separator {
    /// Nothing: 240831.
    None,
    /// 31-08-24.
    Hyphen,
    /// 31/08/24.
    Slash,
    /// 31.08.24.
    Dot,
    /// 31 08 24.
    Blank,
    /// The month is a name: 31-AUG-24.
    Name,
}

impl Separator {
    /// Every separator.
    pub const ALL: [Separator; 6] = [
        Separator::None,
        Separator::Hyphen,
        Separator::Slash,
        Separator::Dot,
        Separator::Blank,
        Separator::Name,
    ];

    fn of(text: &str) -> Option<Separator> {
        match text {
            "-" => Some(Separator::Hyphen),
            "/" => Some(Separator::Slash),
            "." | ". " => Some(Separator::Dot),
            " " => Some(Separator::Blank),
            _ => None,
        }
    }
}

/// Dates of the same appearance, which are read alike throughout an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// A year of four digits first.
    YearFirst,
    /// A year of four digits last.
    YearLast(Separator),
    /// A year of two digits, wherever.
    Short(Separator),
}

/// How a column reads dates of each class; a class without an order is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Notation {
    /// Dates whose four-digit year stands first may lack leading zeros.
    pub unpadded: bool,
    /// In those dates the day stands before the month.
    pub day_second: bool,
    /// [`Class::YearLast`], by separator.
    pub year_last: [Option<Order>; 6],
    /// [`Class::Short`], by separator.
    pub short: [Option<Order>; 6],
    /// Numbers count days, from this epoch.
    pub serial: Option<SerialEpoch>,
    /// Excel swapped day and month where the day is 12 or less.
    pub swapped: bool,
}

impl Default for Notation {
    /// What is read without any evidence: with dots, and with the name of the month, the day comes first.
    fn default() -> Notation {
        let mut notation = Notation {
            unpadded: false,
            day_second: false,
            year_last: [None; 6],
            short: [None; 6],
            serial: None,
            swapped: false,
        };
        notation.year_last[Separator::Dot as usize] = Some(Order::DayMonthYear);
        notation.short[Separator::Name as usize] = Some(Order::DayMonthYear);
        notation
    }
}

impl Notation {
    /// The notation that the formats of a project file describe.
    pub fn named(formats: &[DateFormat]) -> Notation {
        let mut notation = Notation::default();
        for format in formats {
            match format {
                DateFormat::YearFirst => {}
                DateFormat::Unpadded => notation.unpadded = true,
                DateFormat::YearDayFirst => {
                    notation.day_second = true;
                    notation.short = [Some(Order::YearDayMonth); 6];
                }
                DateFormat::ShortYearFirst => notation.short = [Some(Order::YearMonthDay); 6],
                DateFormat::DayFirst => notation.read_year_last(Order::DayMonthYear),
                DateFormat::MonthFirst => notation.read_year_last(Order::MonthDayYear),
                DateFormat::Serial1900 => notation.serial = Some(SerialEpoch::From1900),
                DateFormat::Serial1904 => notation.serial = Some(SerialEpoch::From1904),
                DateFormat::Swapped => (notation.swapped, notation.day_second) = (true, true),
            }
        }
        notation
    }

    fn read_year_last(&mut self, order: Order) {
        self.year_last = [Some(order); 6];
        for short in &mut self.short {
            *short = short.filter(|known| known.is_year_first()).or(Some(order));
        }
    }

    /// Every class read in one order, to see which dates that order gives.
    pub fn throughout(order: Order) -> Notation {
        Notation {
            unpadded: true,
            day_second: order == Order::YearDayMonth,
            year_last: [(!order.is_year_first()).then_some(order); 6],
            short: [Some(order); 6],
            ..Notation::default()
        }
    }

    /// The formats that describe it in a project file; none if it is the default.
    pub fn formats(&self) -> Vec<DateFormat> {
        let usual = Notation::default();
        let mut formats = Vec::new();
        if self.swapped {
            formats.push(DateFormat::Swapped);
        } else if self.day_second {
            formats.push(DateFormat::YearDayFirst);
        }
        if self.unpadded {
            formats.push(DateFormat::Unpadded);
        }
        let decided = [(&self.year_last, &usual.year_last), (&self.short, &usual.short)];
        for (orders, usual) in decided {
            let unusual = orders.iter().zip(usual).filter(|(order, usual)| order != usual);
            formats.extend(unusual.filter_map(|(order, _)| order.map(Order::format)));
        }
        formats.extend(self.serial.map(|epoch| match epoch {
            SerialEpoch::From1900 => DateFormat::Serial1900,
            SerialEpoch::From1904 => DateFormat::Serial1904,
        }));
        formats.sort_unstable();
        formats.dedup();
        formats
    }

    /// The order in which a class is read.
    fn order(&self, class: Class) -> Option<Order> {
        match class {
            Class::YearFirst if self.day_second => Some(Order::YearDayMonth),
            Class::YearFirst => Some(Order::YearMonthDay),
            Class::YearLast(separator) => self.year_last[separator as usize],
            Class::Short(separator) => self.short[separator as usize],
        }
    }
}

/// Why a cell could not be read as a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoStamp {
    /// The cell is blank, or holds a mark for an empty cell.
    Empty,
    /// Not a date, or not a usable one.
    Not(NotADate),
    /// A date that can be read in two ways, in a column without evidence of which.
    Ambiguous,
}

/// Reads a cell that holds exactly a date such as `2024-08-31`; `None` if it holds anything else, or needs a closer
/// look.
#[inline]
pub fn read_plain_day(cell: &[u8], notation: &Notation) -> Option<Day> {
    let day = cell.try_into().ok().and_then(|date| parse_day(date).ok())?;
    (!notation.day_second && day < FIRST_FAR_MARK).then_some(day)
}

/// Reads a cell. `empty` are the project's own marks for an empty cell.
///
/// # Errors
/// If the cell is empty, or holds no date that can be read in exactly one way.
pub fn read_stamp(cell: &[u8], notation: &Notation, empty: &[String]) -> Result<Stamp, NoStamp> {
    match parse_stamp(cell) {
        Ok(stamp) if !notation.day_second && stamp.day < FIRST_FAR_MARK => Ok(stamp),
        _ => read_unusual(cell, notation, empty),
    }
}

#[cold]
fn read_unusual(cell: &[u8], notation: &Notation, empty: &[String]) -> Result<Stamp, NoStamp> {
    let text = String::from_utf8_lossy(cell);
    let text = bare(&text);
    if is_no_day_yet(text, empty) {
        return Err(NoStamp::Empty);
    }
    shape_of(text).read(notation)
}

/// Reads a cell that holds only a time of day: the second of the day.
///
/// # Errors
/// If the cell is empty or holds no time of day.
pub fn read_time(cell: &[u8], empty: &[String]) -> Result<i32, NoStamp> {
    let text = String::from_utf8_lossy(cell);
    let text = bare(&text);
    if is_no_day_yet(text, empty) {
        return Err(NoStamp::Empty);
    }
    // Spreadsheets export a time of day with the day before their first.
    let text = BEFORE_THE_FIRST.iter().find_map(|day| text.strip_prefix(day)).unwrap_or(text).trim();
    let digits = text.bytes().all(|byte| byte.is_ascii_digit()).then_some(text.len());
    let fraction = text.replace(',', ".").parse::<f64>().ok();
    match (digits, fraction) {
        (Some(3 | 4), _) => {
            let (hour, minute) = (number(text) / 100, number(text) % 100);
            let exists = hour < 24 && minute < 60;
            exists.then_some((hour * 3600 + minute * 60) as i32).ok_or(NoStamp::Not(NotADate::Impossible))
        }
        (None, Some(part)) if (0.0..1.0).contains(&part) && text.starts_with("0") => {
            let stamp = stamp_of_serial(part, SerialEpoch::From1904);
            stamp.map(|(_, second)| second).ok_or(NoStamp::Not(NotADate::Unreadable))
        }
        _ => match clock_time(text) {
            Some(time) => time.map(|(second, _)| second).map_err(NoStamp::Not),
            None => Err(NoStamp::Not(NotADate::Unreadable)),
        },
    }
}

/// The day before a spreadsheet's first day, and the first, which programs write beside a time of day.
const BEFORE_THE_FIRST: [&str; 5] = ["1899-12-30", "1899-12-31", "1900-01-00", "1900-01-01", "1904-01-01"];

fn from_serial(number: f64, epoch: SerialEpoch) -> Result<Stamp, NoStamp> {
    let (day, second) = stamp_of_serial(number, epoch).ok_or(NoStamp::Not(NotADate::Unreadable))?;
    let (year, month, of_month) = day.civil();
    if number == 0.0 || is_mark(year, month, of_month) {
        return Err(NoStamp::Empty);
    }
    if day < FIRST_INPUT_DAY || day > LAST_INPUT_DAY {
        return Err(NoStamp::Not(NotADate::OutOfRange));
    }
    let second_of_day = (number.fract() != 0.0).then_some(second);
    Ok(Stamp { day, second_of_day, offset_seconds: None })
}

fn swapped_back(stamp: Stamp) -> Result<Stamp, NoStamp> {
    let (year, month, day) = stamp.day.civil();
    let day = Day::new(year, day, month).ok_or(NoStamp::Not(NotADate::Impossible))?;
    Ok(Stamp { day, ..stamp })
}

/// Whether a cell holds a time of day on a placeholder day, as spreadsheets export it. Midnight on such a day is an
/// empty date.
pub fn is_time_on_no_day(text: &str) -> bool {
    BEFORE_THE_FIRST.iter().any(|day| text.starts_with(day))
        && read_time(text.as_bytes(), &[]).is_ok_and(|second| second > 0)
}

/// The first placeholder for "no end" among the days that an export may name: 2079-06-06, the last of SQL Server's
/// smalldatetime.
const FIRST_FAR_MARK: Day = Day(39_968);

/// Placeholder days: the first and last days of databases and spreadsheets, which people and programs write for "not
/// yet" and "not known".
fn is_mark(year: i32, month: u32, day: u32) -> bool {
    matches!(
        (year, month, day),
        (0, 0 | 1, 0 | 1)
            | (1 | 1601 | 1753, 1, 1)
            | (1840, 12, 31)
            | (1858, 11, 17)
            | (1899, 12, 30 | 31)
            | (1900, 1, 0 | 1)
            | (2079, 6, 6)
            | (2099 | 2999 | 4712 | 9998 | 9999, 12, 31)
            | (2100 | 3000 | 9999, 1, 1)
    )
}

/// What a cell looks like.
pub enum Shape {
    /// Three numbers that form a date, in an order that the column decides.
    Date(Numbers),
    /// A date that can be read in one way only.
    Clear(Result<Stamp, NotADate>),
    /// A number that could count days.
    Serial(f64),
    /// None of these.
    Other,
}

impl Shape {
    /// The date, read with a column's notation.
    ///
    /// # Errors
    /// If there is no date, or more than one way to read it.
    pub fn read(&self, notation: &Notation) -> Result<Stamp, NoStamp> {
        match *self {
            Shape::Date(date) if date.is_mark() => Err(NoStamp::Empty),
            Shape::Date(date) => date.read(notation),
            Shape::Clear(stamp) => stamp.map_err(NoStamp::Not),
            // A swapped cell may have been exported as its serial number.
            Shape::Serial(number) if notation.swapped => {
                from_serial(number, notation.serial.unwrap_or(SerialEpoch::From1900)).and_then(swapped_back)
            }
            Shape::Serial(number) => match notation.serial {
                Some(epoch) => from_serial(number, epoch),
                None => Err(NoStamp::Not(NotADate::Unreadable)),
            },
            Shape::Other => Err(NoStamp::Not(NotADate::Unreadable)),
        }
    }
}

/// A time of day, and its offset from UTC in seconds.
type Time = Result<(i32, Option<i32>), NotADate>;

/// Three numbers that form a date.
#[derive(Debug, Clone, Copy)]
pub struct Numbers {
    /// What they look like.
    pub class: Class,
    /// In the order in which they stand.
    pub parts: [u32; 3],
    /// Month or day has a leading zero.
    pub padded: bool,
    /// Month or day has a single digit.
    pub unpadded: bool,
    /// Whether the first and the last have two digits or more, as a year has.
    wide: [bool; 2],
    time: Option<Time>,
}

impl Numbers {
    /// The date that the numbers give in an order.
    ///
    /// # Errors
    /// If there is no such day.
    pub fn stamp(&self, order: Order) -> Result<Stamp, NotADate> {
        let named = matches!(self.class, Class::YearLast(Separator::Name) | Class::Short(Separator::Name));
        if named && !matches!(order, Order::DayMonthYear | Order::YearMonthDay) {
            return Err(NotADate::Impossible);
        }
        let [year, month, day] = order.arrange(self.parts);
        let year = match self.class {
            Class::Short(_) if self.wide[usize::from(!order.is_year_first())] => whole_year(year),
            Class::Short(_) => return Err(NotADate::Impossible),
            _ => year as i32,
        };
        let day = Day::new(year, month, day).ok_or(NotADate::Impossible)?;
        if day < FIRST_INPUT_DAY || day > LAST_INPUT_DAY {
            return Err(NotADate::OutOfRange);
        }
        let (second_of_day, offset_seconds) = match self.time {
            Some(time) => time.map(|(second, offset)| (Some(second), offset))?,
            None => (None, None),
        };
        Ok(Stamp { day, second_of_day, offset_seconds })
    }

    /// Whether the numbers are a placeholder day.
    pub fn is_mark(&self) -> bool {
        let year_first = self.class == Class::YearFirst;
        let orders = if year_first {
            [Order::YearMonthDay, Order::YearDayMonth]
        } else {
            [Order::DayMonthYear, Order::MonthDayYear]
        };
        !matches!(self.class, Class::Short(_))
            && orders.iter().any(|order| {
                let [year, month, day] = order.arrange(self.parts);
                is_mark(year as i32, month, day)
            })
    }

    fn read(&self, notation: &Notation) -> Result<Stamp, NoStamp> {
        let ends_with_day = notation.order(self.class).is_some_and(Order::is_year_first);
        if ends_with_day && self.unpadded && !notation.unpadded {
            // Without leading zeros the date may have been truncated.
            return Err(NoStamp::Not(NotADate::Unreadable));
        }
        if notation.swapped && self.class != Class::YearFirst {
            return self.only_reading();
        }
        match notation.order(self.class) {
            Some(order) => self.stamp(order).map_err(NoStamp::Not),
            None if matches!(self.class, Class::Short(Separator::None)) => {
                Err(NoStamp::Not(NotADate::Unreadable))
            }
            None if matches!(self.class, Class::Short(_)) => Err(NoStamp::Ambiguous),
            // Without evidence from the column, not even 31/08/2024 is read: the cells beside it would not be.
            None => match (self.stamp(Order::DayMonthYear), self.stamp(Order::MonthDayYear)) {
                (Ok(one), Ok(other)) if one == other => Ok(one),
                (Err(_), Err(problem)) => Err(NoStamp::Not(problem)),
                _ => Err(NoStamp::Ambiguous),
            },
        }
    }

    /// The date, if only one of day first and month first gives an existing day, or both give the same.
    fn only_reading(&self) -> Result<Stamp, NoStamp> {
        match (self.stamp(Order::DayMonthYear), self.stamp(Order::MonthDayYear)) {
            (Ok(one), Ok(other)) if one == other => Ok(one),
            (Ok(one), Err(_)) | (Err(_), Ok(one)) => Ok(one),
            (Ok(_), Ok(_)) => Err(NoStamp::Ambiguous),
            (Err(_), Err(problem)) => Err(NoStamp::Not(problem)),
        }
    }
}

/// What a bare cell looks like.
pub fn shape_of(text: &str) -> Shape {
    let (date, time) = split_time(text);
    if let Some(found) = named_month(date, time) {
        return found;
    }
    let Some(tokens) = Tokens::of(date) else { return Shape::Other };
    let numbers = |class, parts: [&str; 3]| {
        let of_day = match class {
            Class::YearFirst => &parts[1..],
            // The year may stand at either end.
            Class::Short(_) => &parts[..],
            Class::YearLast(_) => &parts[..2],
        };
        Shape::Date(Numbers {
            class,
            parts: parts.map(number),
            padded: of_day.iter().any(|part| part.starts_with('0')),
            unpadded: of_day.iter().any(|part| part.len() == 1),
            wide: [parts[0].len() > 1, parts[2].len() > 1],
            time,
        })
    };
    match tokens {
        Tokens::One(digits) => match digits.len() {
            8 => {
                let year_first = [&digits[..4], &digits[4..6], &digits[6..]];
                let year_last = [&digits[..2], &digits[2..4], &digits[4..]];
                // 19 or 20 in the place of the month is the century of a year that stands last.
                let [one, other] = [number(year_last[0]), number(year_last[1])];
                let is_day = (1..=31).contains(&one.max(other)) && (1..=12).contains(&one.min(other));
                match number(year_first[1]) {
                    19 | 20 if is_day => numbers(Class::YearLast(Separator::None), year_last),
                    _ => numbers(Class::YearFirst, year_first),
                }
            }
            6 => numbers(Class::Short(Separator::None), [&digits[..2], &digits[2..4], &digits[4..]]),
            1..=5 | 7 if time.is_none() => Shape::Serial(f64::from(number(digits))),
            _ => Shape::Other,
        },
        Tokens::Decimal(whole, fraction) if time.is_none() && whole.len() <= 7 => {
            format!("{whole}.{fraction}").parse().map_or(Shape::Other, |serial: f64| {
                // So few decimals stand for a whole second, which rounding must not carry into the next day.
                const SECONDS: f64 = 86_400.0;
                let second = (serial.fract() * SECONDS).round().min(SECONDS - 1.0);
                Shape::Serial(if fraction.len() < 8 { serial.trunc() + second / SECONDS } else { serial })
            })
        }
        Tokens::Decimal(..) => Shape::Other,
        Tokens::Three(parts, [before, after]) => {
            let separator = Separator::of(before).filter(|_| before == after);
            let small = parts[..2].iter().all(|part| part.len() <= 2);
            match (parts[0].len(), parts[2].len(), separator) {
                (4, 1 | 2, Some(_)) if parts[1].len() <= 2 => numbers(Class::YearFirst, parts),
                (1 | 2, 4, Some(separator)) if small => numbers(Class::YearLast(separator), parts),
                (1 | 2, 1 | 2, Some(separator)) if small => numbers(Class::Short(separator), parts),
                // Swedish ways of writing, never used with the month first: 31/8 2024, 31/8-24.
                (1 | 2, 2 | 4, None) if small && matches!((before, after), ("/", " " | "-")) => {
                    let class = if parts[2].len() == 4 {
                        Class::YearLast(Separator::Slash)
                    } else {
                        Class::Short(Separator::Slash)
                    };
                    let Shape::Date(date) = numbers(class, parts) else { return Shape::Other };
                    Shape::Clear(date.stamp(Order::DayMonthYear))
                }
                _ => Shape::Other,
            }
        }
    }
}

/// How names of months begin, in the languages of the systems in use.
const MONTHS: [&[&str]; 12] = [
    &["jan"],
    &["feb"],
    &["mar", "mär"],
    &["apr"],
    &["maj", "may", "mai"],
    &["jun"],
    &["jul"],
    &["aug"],
    &["sep"],
    &["okt", "oct"],
    &["nov"],
    &["dec", "des", "dez"],
];

/// A date whose month is a name: 3 jan 2024, 31-AUG-24, Aug 31, 2024.
fn named_month(date: &str, time: Option<Time>) -> Option<Shape> {
    let is_between = |letter: char| matches!(letter, ' ' | '-' | '/' | '.' | ',');
    let parts: Vec<&str> = date.split(is_between).filter(|part| !part.is_empty()).collect();
    let [a, b, c] = <[&str; 3]>::try_from(parts).ok()?;
    let month_of = |word: &str| {
        let word = word.to_lowercase();
        let is_word = word.chars().count() <= 9 && word.chars().all(char::is_alphabetic);
        let begins = |names: &[&str]| names.iter().any(|name| word.starts_with(name));
        MONTHS.iter().position(|names| is_word && begins(names)).map(|index| index as u32 + 1)
    };
    let digits = |part: &str| {
        (!part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit())).then_some(part.len())
    };
    let (class, parts) = match (digits(a), digits(b), digits(c)) {
        (Some(1 | 2), None, Some(4)) => {
            (Class::YearLast(Separator::Name), [number(a), month_of(b)?, number(c)])
        }
        (Some(4), None, Some(1 | 2)) => {
            (Class::YearLast(Separator::Name), [number(c), month_of(b)?, number(a)])
        }
        (None, Some(1 | 2), Some(4)) => {
            (Class::YearLast(Separator::Name), [number(b), month_of(a)?, number(c)])
        }
        (Some(1 | 2), None, Some(2)) => (Class::Short(Separator::Name), [number(a), month_of(b)?, number(c)]),
        _ => return None,
    };
    let numbers = Numbers { class, parts, padded: false, unpadded: false, wide: [true; 2], time };
    Some(match class {
        Class::Short(_) => Shape::Date(numbers),
        _ => Shape::Clear(numbers.stamp(Order::DayMonthYear)),
    })
}

/// Splits a cell into its date and its time of day, written 13:45, 13.45 or 1:45 PM.
fn split_time(text: &str) -> (&str, Option<Time>) {
    let begin = match text.find(':') {
        Some(colon) => text[..colon].rfind([' ', 'T']),
        None => text.rfind(' ').map(|last| match text[last..].trim().to_lowercase().as_str() {
            // AM or PM follows the time.
            "am" | "pm" | "a.m." | "p.m." => text[..last].trim_end().rfind(' ').unwrap_or(last),
            _ => last,
        }),
    };
    let Some(begin) = begin else { return (text, None) };
    match clock_time(text[begin + 1..].trim_start()) {
        Some(time) => {
            let date = text[..begin].trim_end_matches([' ', ',']);
            let date = [" kl.", " kl"].iter().find_map(|word| date.strip_suffix(word)).unwrap_or(date);
            (date.trim_end(), Some(time))
        }
        None => (text, None),
    }
}

/// A time of day as clocks show it; `None` if the text does not look like one.
fn clock_time(text: &str) -> Option<Time> {
    let lower = text.to_lowercase();
    let (text, half) = [("a.m.", 0), ("p.m.", 12), ("am", 0), ("pm", 12)]
        .iter()
        .find_map(|(word, hours)| Some((lower.strip_suffix(word)?.trim_end(), Some(*hours))))
        .unwrap_or((lower.as_str(), None));
    let text = text.strip_prefix("kl").map_or(text, |rest| rest.trim_start_matches(['.', ' ']));
    let hour = text.bytes().take_while(u8::is_ascii_digit).count();
    let rest = text.get(hour..)?;
    if !matches!(hour, 1 | 2) || !rest.starts_with([':', '.']) {
        return None;
    }
    let mut written = format!("T{:0>2}{rest}", &text[..hour]);
    if rest.starts_with('.') {
        // 13.45 and 13.45.30, with nothing after them.
        let parts: Vec<&str> = text.split('.').collect();
        let is_pair = |part: &&str| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
        if !(2..=3).contains(&parts.len()) || !parts[1..].iter().all(is_pair) {
            return None;
        }
        written = written.replace('.', ":");
    }
    written = written.replace('z', "Z");
    let time = parse_time(written.as_bytes());
    Some(match (time, half) {
        (Ok((second, offset)), Some(hours)) if (3600..13 * 3600).contains(&second) => {
            Ok((second % (12 * 3600) + hours * 3600, offset))
        }
        (Ok(_), Some(_)) => Err(NotADate::Impossible),
        (time, _) => time,
    })
}

/// The numbers of a date and the separators between them.
enum Tokens<'a> {
    One(&'a str),
    Decimal(&'a str, &'a str),
    Three([&'a str; 3], [&'a str; 2]),
}

impl<'a> Tokens<'a> {
    fn of(text: &'a str) -> Option<Tokens<'a>> {
        /// The most digits that a number in a date has, fractions aside.
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
            ([a, b, c], [before, after]) if a.len() <= 4 && b.len() <= 2 && c.len() <= 4 => {
                Some(Tokens::Three([a, b, c], [before, after]))
            }
            _ => None,
        }
    }
}

/// The number that at most eight digits form.
fn number(digits: &str) -> u32 {
    digits.bytes().fold(0, |sum, digit| sum * 10 + u32::from(digit - b'0'))
}

/// The year that two digits stand for, 1970 to 2069.
pub fn whole_year(short: u32) -> i32 {
    if short < 70 { 2000 + short as i32 } else { 1900 + short as i32 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, format: DateFormat) -> Result<String, NoStamp> {
        let stamp = read_stamp(text.as_bytes(), &Notation::named(&[format]), &[])?;
        let second = stamp.second_of_day.map_or(String::new(), |second| format!(" {second}"));
        Ok(format!("{}{second}", stamp.day))
    }

    #[test]
    fn what_can_be_read_one_way_is_read_in_every_column() {
        for format in [DateFormat::YearFirst, DateFormat::DayFirst, DateFormat::Serial1900] {
            for text in [
                "2024-08-31",
                "2024/08/31",
                "2024.08.31",
                "20240831",
                "31.08.2024",
                "31.8.2024",
                "31/8 2024",
                "31 aug 2024",
                "31 Augusti 2024",
                "31-AUG-2024",
                "31-AUG-24",
                "Aug 31, 2024",
                "2024-aug-31",
                "'2024-08-31",
                "=\"2024-08-31\"",
                "\u{a0}2024-08-31\u{a0}",
            ] {
                assert_eq!(read(text, format).as_deref(), Ok("2024-08-31"), "{text}");
            }
            for text in [
                "2024-08-31 13:45",
                "2024-08-31T13:45:00",
                "20240831 13:45",
                "31.8.2024 13:45",
                "2024-08-31 13.45",
                "31/8 2024 13.45.00",
                "2024-08-31 1:45 PM",
                "2024-08-31 01:45:00 pm",
                "31 aug 2024 kl. 13.45",
            ] {
                assert_eq!(read(text, format).as_deref(), Ok("2024-08-31 49500"), "{text}");
            }
            assert_eq!(read("2024-08-31 8:05", format).as_deref(), Ok("2024-08-31 29100"));
            assert_eq!(read("2024-08-31 12:05 AM", format).as_deref(), Ok("2024-08-31 300"));
        }
        assert_eq!(read("3 jan 2024", DateFormat::YearFirst).as_deref(), Ok("2024-01-03"));
        assert_eq!(read("10 maj 2024", DateFormat::YearFirst).as_deref(), Ok("2024-05-10"));
    }

    #[test]
    fn the_rest_is_read_as_the_column_says() {
        assert_eq!(read("03/04/2024", DateFormat::DayFirst).as_deref(), Ok("2024-04-03"));
        assert_eq!(read("03/04/2024", DateFormat::MonthFirst).as_deref(), Ok("2024-03-04"));
        assert_eq!(read("3-4-24", DateFormat::DayFirst).as_deref(), Ok("2024-04-03"));
        assert_eq!(read("03.04.2024", DateFormat::MonthFirst).as_deref(), Ok("2024-03-04"));
        assert_eq!(read("31082024", DateFormat::DayFirst).as_deref(), Ok("2024-08-31"));
        assert_eq!(read("2024-31-08", DateFormat::YearDayFirst).as_deref(), Ok("2024-08-31"));
        assert_eq!(read("2024-03-04", DateFormat::YearDayFirst).as_deref(), Ok("2024-04-03"));
        assert_eq!(read("2024-1-5", DateFormat::Unpadded).as_deref(), Ok("2024-01-05"));
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
        assert_eq!(read("45535,99999", DateFormat::Serial1900).as_deref(), Ok("2024-08-31 86399"));
        assert_eq!(read("44073.5", DateFormat::Serial1904).as_deref(), Ok("2024-08-31 43200"));
        for text in ["240831", "45535"] {
            assert_eq!(read(text, DateFormat::YearFirst), Err(NoStamp::Not(NotADate::Unreadable)), "{text}");
        }
    }

    #[test]
    fn days_and_months_that_excel_swapped_are_swapped_back() {
        assert_eq!(read("2024-04-03", DateFormat::Swapped).as_deref(), Ok("2024-03-04"));
        assert_eq!(read("31/08/2024", DateFormat::Swapped).as_deref(), Ok("2024-08-31"));
        assert_eq!(read("08/31/2024", DateFormat::Swapped).as_deref(), Ok("2024-08-31"));
        assert_eq!(read("03/04/2024", DateFormat::Swapped), Err(NoStamp::Ambiguous));
        assert_eq!(read("45352", DateFormat::Swapped).as_deref(), Ok("2024-01-03"), "2024-03-01 as a number");
        assert_eq!(read("45382", DateFormat::Swapped), Err(NoStamp::Not(NotADate::Impossible)));
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
            "\\N",
            "NaN",
            "NaT",
            "NA",
            "pågår",
            "Ej avslutad",
            "9999-12-31",
            "9999-12-31 00:00:00",
            "31/12/9999",
            "12/31/9999",
            "31.12.9999",
            "2099-12-31",
            "1900-01-01",
            "1900-01-00",
            "0000-00-00",
            "0000-00-00 00:00:00",
            "1753-01-01",
            "1899-12-30",
            "01/01/1900",
            "1/1/0001 00:00:00",
            "99991231",
            "00000000",
        ] {
            assert_eq!(read(text, DateFormat::YearFirst), Err(NoStamp::Empty), "{text:?}");
        }
        for text in ["0", "1", "2958465"] {
            assert_eq!(read(text, DateFormat::Serial1900), Err(NoStamp::Empty), "{text:?}");
        }
        let empty = ["väntar".to_owned()];
        assert_eq!(read_stamp("Väntar".as_bytes(), &Notation::default(), &empty), Err(NoStamp::Empty));
    }

    #[test]
    fn what_is_no_date_says_why() {
        let not = |problem| Err(NoStamp::Not(problem));
        for (text, format, wanted) in [
            ("20240230", DateFormat::YearFirst, not(NotADate::Impossible)),
            ("30.02.2024", DateFormat::YearFirst, not(NotADate::Impossible)),
            ("31.12.2101", DateFormat::YearFirst, not(NotADate::OutOfRange)),
            ("2204-01-01", DateFormat::YearFirst, not(NotADate::OutOfRange)),
            ("13/13/2024", DateFormat::YearFirst, not(NotADate::Impossible)),
            ("31/08/2024", DateFormat::MonthFirst, not(NotADate::Impossible)),
            ("2024-08-31 25:00", DateFormat::YearFirst, not(NotADate::Impossible)),
            ("2024-08-31 13:45 PM", DateFormat::YearFirst, not(NotADate::Impossible)),
            ("10000", DateFormat::Serial1900, not(NotADate::OutOfRange)),
            ("snart", DateFormat::YearFirst, not(NotADate::Unreadable)),
            ("2024-08", DateFormat::YearFirst, not(NotADate::Unreadable)),
            ("2024-08-3", DateFormat::YearFirst, not(NotADate::Unreadable)),
            ("3-8-2", DateFormat::DayFirst, not(NotADate::Impossible)),
            ("12345678901234567890", DateFormat::YearFirst, not(NotADate::Unreadable)),
            ("#FORMULA", DateFormat::YearFirst, not(NotADate::Unreadable)),
            ("10 mai 24 x", DateFormat::YearFirst, not(NotADate::Unreadable)),
        ] {
            assert_eq!(read(text, format), wanted, "{text}");
        }
    }

    #[test]
    fn times_of_day_are_read_alone() {
        let time = |text: &str| read_time(text.as_bytes(), &[]);
        for text in [
            "13:45",
            "13.45",
            "1:45 PM",
            "13:45:00",
            "1345",
            "0,572916666666667",
            "1899-12-30 13:45:00",
            "1900-01-00 13:45",
        ] {
            assert_eq!(time(text), Ok(49_500), "{text}");
        }
        assert_eq!(time("815"), Ok(29_700));
        assert_eq!(time(""), Err(NoStamp::Empty));
        for text in ["25:00", "2460", "på morgonen", "2024-08-31", "2024"] {
            assert!(matches!(time(text), Err(NoStamp::Not(_))) || text == "2024", "{text}");
        }
    }

    #[test]
    fn formats_and_notations_make_the_round_trip() {
        // The first is the default.
        assert_eq!(Notation::named(&DateFormat::ALL[..1]), Notation::default());
        for format in &DateFormat::ALL[1..] {
            assert_eq!(Notation::named(&[*format]).formats(), [*format]);
        }
        let both = [DateFormat::ShortYearFirst, DateFormat::DayFirst];
        assert_eq!(Notation::named(&both).formats(), both);
    }
}
