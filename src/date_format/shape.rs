//! Shapes: what a cell looks like, and the date that it is in a column's notation.

use super::clock::{Time, split_time};
use super::marks::{is_first_of_spreadsheet, is_mark};
use super::names::{named_month, without_weekday};
use super::notation::{Class, Notation, Order, Separator, number};
use crate::date::{Day, FIRST_INPUT_DAY, LAST_INPUT_DAY, NotADate, Stamp};
use crate::serial::{SerialEpoch, stamp_of_serial};

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
            Shape::Date(date) if date.is_time_alone() => Err(NoStamp::Not(NotADate::Unreadable)),
            Shape::Date(date) if date.is_mark() => Err(NoStamp::Empty),
            Shape::Date(date) => date.read(notation),
            Shape::Clear(stamp) => stamp.map_err(NoStamp::Not),
            Shape::Serial(0.0) => Err(NoStamp::Empty),
            // A swapped cell may have been exported as its serial number.
            Shape::Serial(number) if notation.swapped => {
                from_serial(number, notation.serial.unwrap_or(SerialEpoch::From1900)).and_then(swapped_back)
            }
            Shape::Serial(number) => match notation.serial {
                Some(epoch) => from_serial(number, epoch),
                None => with_its_zero(number, notation),
            },
            Shape::Other => Err(NoStamp::Not(NotADate::Unreadable)),
        }
    }
}

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
        // Six digits that fit no other order are a year and a month, 202401.
        if self.class == Class::Short(Separator::None) && order == Order::YearDayMonth {
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
        self.is_day(is_mark)
    }

    /// The second of a time of day on a first day of spreadsheets, which write it beside a time that has no date.
    pub fn time_on_no_day(&self) -> Option<i32> {
        match self.time {
            Some(Ok((second, None))) => self.is_day(is_first_of_spreadsheet).then_some(second),
            _ => None,
        }
    }

    /// Whether the numbers are a time of day alone. Midnight on such a day is an empty date, and so is a time with an
    /// offset, whose day may have moved with UTC.
    pub fn is_time_alone(&self) -> bool {
        self.time_on_no_day().is_some_and(|second| second > 0)
    }

    /// Whether a year of four digits, a month and a day pass a test, in an order that they may have.
    fn is_day(&self, test: fn(i32, u32, u32) -> bool) -> bool {
        let year_first = self.class == Class::YearFirst;
        let orders = if year_first {
            [Order::YearMonthDay, Order::YearDayMonth]
        } else {
            [Order::DayMonthYear, Order::MonthDayYear]
        };
        !matches!(self.class, Class::Short(_))
            && orders.iter().any(|order| {
                let [year, month, day] = order.arrange(self.parts);
                test(year as i32, month, day)
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
    let (date, time) = split_time(without_weekday(text));
    if let Some((class, parts)) = named_month(date) {
        let numbers = Numbers { class, parts, padded: false, unpadded: false, wide: [true; 2], time };
        return match class {
            Class::YearLast(_) if !numbers.is_mark() => Shape::Clear(numbers.stamp(Order::DayMonthYear)),
            _ => Shape::Date(numbers),
        };
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
            // The day may have lost its zero: 5012024.
            7 | 8 if year_is_last(digits) => {
                let (day, rest) = digits.split_at(digits.len() - 6);
                numbers(Class::YearLast(Separator::None), [day, &rest[..2], &rest[2..]])
            }
            8 => numbers(Class::YearFirst, [&digits[..4], &digits[4..6], &digits[6..]]),
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
                    match numbers(class, parts) {
                        Shape::Date(date) if !date.is_mark() => Shape::Clear(date.stamp(Order::DayMonthYear)),
                        mark => mark,
                    }
                }
                _ => Shape::Other,
            }
        }
    }
}

/// Whether seven or eight digits end with a year: 19 or 20 in the place of the month is its century.
fn year_is_last(digits: &str) -> bool {
    let (day_and_month, year) = digits.split_at(digits.len() - 4);
    let [one, other] = [number(day_and_month) / 100, number(day_and_month) % 100];
    let is_day = (1..=31).contains(&one.max(other)) && (1..=12).contains(&one.min(other));
    is_day && matches!(number(&year[..2]), 19 | 20)
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
            // A spreadsheet or a program took the digits for a number: 20240831.0.
            ([whole, fraction], ["." | ","])
                if matches!(whole.len(), 6 | 8) && fraction.bytes().all(|byte| byte == b'0') =>
            {
                Some(Tokens::One(whole))
            }
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

/// The year that two digits stand for, 1970 to 2069.
pub fn whole_year(short: u32) -> i32 {
    if short < 70 { 2000 + short as i32 } else { 1900 + short as i32 }
}

fn from_serial(number: f64, epoch: SerialEpoch) -> Result<Stamp, NoStamp> {
    let (day, second) = stamp_of_serial(number, epoch).ok_or(NoStamp::Not(NotADate::Unreadable))?;
    let (year, month, of_month) = day.civil();
    if number.fract() != 0.0 && is_first_of_spreadsheet(year, month, of_month) {
        return Err(NoStamp::Not(NotADate::Unreadable));
    }
    if is_mark(year, month, of_month) {
        return Err(NoStamp::Empty);
    }
    if day < FIRST_INPUT_DAY || day > LAST_INPUT_DAY {
        return Err(NoStamp::Not(NotADate::OutOfRange));
    }
    let second_of_day = (number.fract() != 0.0).then_some(second);
    Ok(Stamp { day, second_of_day, offset_seconds: None })
}

/// A date of six digits with the day first that lost its zero, as a number does: 40924 is 4 September 2024.
fn with_its_zero(number: f64, notation: &Notation) -> Result<Stamp, NoStamp> {
    let day_first = notation.short[Separator::None as usize] == Some(Order::DayMonthYear);
    match shape_of(&format!("{number:06}")) {
        Shape::Date(date) if day_first && number > 9_999.0 => date.read(notation),
        _ => Err(NoStamp::Not(NotADate::Unreadable)),
    }
}

fn swapped_back(stamp: Stamp) -> Result<Stamp, NoStamp> {
    let (year, month, day) = stamp.day.civil();
    let day = Day::new(year, day, month).ok_or(NoStamp::Not(NotADate::Impossible))?;
    Ok(Stamp { day, ..stamp })
}
