//! Shapes: what a cell looks like, and the date that it is in a column's notation.

use super::notation::{Class, Notation, Order, Separator};
use crate::date::{Day, FIRST_INPUT_DAY, LAST_INPUT_DAY, NotADate, Stamp, parse_time};
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
pub fn clock_time(text: &str) -> Option<Time> {
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
pub fn number(digits: &str) -> u32 {
    digits.bytes().fold(0, |sum, digit| sum * 10 + u32::from(digit - b'0'))
}

/// The year that two digits stand for, 1970 to 2069.
pub fn whole_year(short: u32) -> i32 {
    if short < 70 { 2000 + short as i32 } else { 1900 + short as i32 }
}

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

/// The first placeholder for "no end" among the days that an export may name: 2079-06-06, the last of SQL Server's
/// smalldatetime.
pub const FIRST_FAR_MARK: Day = Day(39_968);

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
