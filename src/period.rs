//! Reporting periods: months, quarters, tertials, half-years and years.
//!
//! A period is a run of whole months that never crosses a new year. Both ends are included. Knows
//! nothing of cases.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use crate::date::{Day, first_day_of_month, last_day_of_month};

/// The length of a period.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Default,
    serde::Serialize,
    serde::Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum PeriodKind {
    /// Calendar month.
    Month,
    /// January–March and so on.
    Quarter,
    /// Tertial, Swedish `delår`: January–April, May–August, September–December; the usual one.
    #[default]
    Tertial,
    /// January–June, July–December.
    HalfYear,
    /// Calendar year.
    Year,
}

impl PeriodKind {
    /// Every kind, shortest first.
    pub const ALL: [PeriodKind; 5] =
        [PeriodKind::Month, PeriodKind::Quarter, PeriodKind::Tertial, PeriodKind::HalfYear, PeriodKind::Year];

    /// Length in months.
    pub fn months(self) -> i32 {
        match self {
            PeriodKind::Month => 1,
            PeriodKind::Quarter => 3,
            PeriodKind::Tertial => 4,
            PeriodKind::HalfYear => 6,
            PeriodKind::Year => 12,
        }
    }

    /// Whether each of its periods consists of whole periods of another kind.
    pub fn consists_of(self, other: PeriodKind) -> bool {
        self.months() % other.months() == 0
    }

    /// The name in arguments, project files and results: `month`, `quarter`, `tertial`, `half-year`, `year`.
    pub fn id(self) -> &'static str {
        match self {
            PeriodKind::Month => "month",
            PeriodKind::Quarter => "quarter",
            PeriodKind::Tertial => "tertial",
            PeriodKind::HalfYear => "half-year",
            PeriodKind::Year => "year",
        }
    }

    /// The period that holds a month counted as in [`Day::month`].
    pub fn holding_month(self, month: i32) -> Period {
        Period { kind: self, index: month.div_euclid(self.months()) }
    }

    /// The period that holds a day.
    pub fn holding(self, day: Day) -> Period {
        self.holding_month(day.month())
    }
}

impl FromStr for PeriodKind {
    type Err = String;

    fn from_str(text: &str) -> Result<PeriodKind, String> {
        PeriodKind::ALL.into_iter().find(|kind| kind.id() == text).ok_or_else(|| {
            let known = PeriodKind::ALL.map(PeriodKind::id).join(", ");
            format!("'{text}' is not one of {known}")
        })
    }
}

/// One period: its kind, and its number counted from January of year 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Period {
    /// The length.
    pub kind: PeriodKind,
    /// How many periods of this kind after the one that began in January of year 0.
    pub index: i32,
}

impl Period {
    /// First day, included.
    pub fn first_day(self) -> Day {
        first_day_of_month(self.index * self.kind.months())
    }

    /// Last day, included.
    pub fn last_day(self) -> Day {
        last_day_of_month((self.index + 1) * self.kind.months() - 1)
    }

    /// Whether all its days are in another.
    pub fn is_inside(self, other: Period) -> bool {
        other.first_day() <= self.first_day() && self.last_day() <= other.last_day()
    }

    /// Calendar year.
    pub fn year(self) -> i32 {
        self.index.div_euclid(12 / self.kind.months())
    }

    /// Which one of its year, from 1.
    pub fn number_in_year(self) -> i32 {
        self.index.rem_euclid(12 / self.kind.months()) + 1
    }

    /// Reads a name such as `2024-08`, `2024-Q3`, `2024-T2`, `2024-H2` or `2024`.
    pub fn parse(text: &str) -> Option<Period> {
        let (year, rest) = text.split_at_checked(4)?;
        let year: i32 = year.parse().ok().filter(|_| year.bytes().all(|b| b.is_ascii_digit()))?;
        let (kind, number) = match rest.as_bytes() {
            [] => (PeriodKind::Year, 1),
            [b'-', b'Q', digit @ b'1'..=b'4'] => (PeriodKind::Quarter, i32::from(digit - b'0')),
            [b'-', b'T', digit @ b'1'..=b'3'] => (PeriodKind::Tertial, i32::from(digit - b'0')),
            [b'-', b'H', digit @ b'1'..=b'2'] => (PeriodKind::HalfYear, i32::from(digit - b'0')),
            [b'-', tens @ b'0'..=b'1', ones @ b'0'..=b'9'] => {
                (PeriodKind::Month, i32::from(tens - b'0') * 10 + i32::from(ones - b'0'))
            }
            _ => return None,
        };
        let per_year = 12 / kind.months();
        (1..=per_year).contains(&number).then(|| Period { kind, index: year * per_year + number - 1 })
    }
}

impl serde::Serialize for Period {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Period {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Period, D::Error> {
        let name: String = serde::Deserialize::deserialize(deserializer)?;
        Period::parse(&name).ok_or_else(|| serde::de::Error::custom("no period"))
    }
}

impl schemars::JsonSchema for Period {
    fn schema_name() -> Cow<'static, str> {
        "Period".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "A month, quarter, tertial, half-year or year.",
            "type": "string",
            "pattern": "^[0-9]{4}(-([0-9]{2}|[QTH][1-4]))?$",
        })
    }
}

impl fmt::Display for Period {
    /// The name that [`Period::parse`] reads.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, number) = (self.year(), self.number_in_year());
        match self.kind {
            PeriodKind::Month => write!(f, "{year:04}-{number:02}"),
            PeriodKind::Quarter => write!(f, "{year:04}-Q{number}"),
            PeriodKind::Tertial => write!(f, "{year:04}-T{number}"),
            PeriodKind::HalfYear => write!(f, "{year:04}-H{number}"),
            PeriodKind::Year => write!(f, "{year:04}"),
        }
    }
}

/// The period that ends one to five days after a day, and its last day: an export that ends so close to the end of a
/// period may cover all of it.
pub fn period_that_ends_soon(day: Day, kind: PeriodKind) -> Option<(Period, Day)> {
    const SOON: i32 = 5;
    let period = kind.holding(day);
    let left = period.last_day().0 - day.0;
    (1..=SOON).contains(&left).then(|| (period, period.last_day()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_partition_time() {
        let first = Day::new(1999, 1, 1).expect("a date");
        for kind in PeriodKind::ALL {
            for number in first.0..first.0 + 4000 {
                let day = Day(number);
                let period = kind.holding(day);
                assert!(period.first_day() <= day && day <= period.last_day(), "{day} in {period}");
                assert_eq!(
                    Period { index: period.index - 1, kind }.last_day().plus_days(1),
                    period.first_day()
                );
                assert_eq!(Period::parse(&period.to_string()), Some(period));
            }
        }
    }

    #[test]
    fn names_are_read_and_others_refused() {
        let tertial = Period::parse("2024-T2").expect("a period");
        assert_eq!(tertial.first_day().to_string(), "2024-05-01");
        assert_eq!(tertial.last_day().to_string(), "2024-08-31");
        for text in ["2024-T4", "2024-Q0", "2024-H3", "2024-13", "2024-00", "24", "2024-", "+024", "2024-t2"]
        {
            assert_eq!(Period::parse(text), None, "{text}");
        }
    }
}
