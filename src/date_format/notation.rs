//! Notations: the formats that a column's dates may have, and how a project file names them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::serial::SerialEpoch;

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
    pub(super) fn arrange(self, [a, b, c]: [u32; 3]) -> [u32; 3] {
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

    pub(super) fn of(text: &str) -> Option<Separator> {
        match text {
            // Besides the hyphen, the non-breaking one, the dash and the minus that texts have.
            "-" | "\u{2011}" | "\u{2013}" | "\u{2212}" => Some(Separator::Hyphen),
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
    pub fn order(&self, class: Class) -> Option<Order> {
        match class {
            Class::YearFirst if self.day_second => Some(Order::YearDayMonth),
            Class::YearFirst => Some(Order::YearMonthDay),
            Class::YearLast(separator) => self.year_last[separator as usize],
            Class::Short(separator) => self.short[separator as usize],
        }
    }
}

/// The number that at most eight digits form.
pub(super) fn number(digits: &str) -> u32 {
    digits.bytes().fold(0, |sum, digit| sum * 10 + u32::from(digit - b'0'))
}
