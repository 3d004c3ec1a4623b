//! Numbers, shares, dates, periods and clocks as they are written in each language (CLDR sv and en).

use super::Texts;
use crate::analysis::{Change, Figure, Interval};
use crate::date::Day;
use crate::language::Language;
use crate::period::Period;
use crate::rulebook::Clock;

/// What stands where there is no value.
pub const NO_VALUE: &str = "–";
const NO_BREAK_SPACE: char = '\u{a0}';
const MINUS: char = '\u{2212}';

impl Texts {
    /// A count with grouped thousands, `1 218`.
    pub fn count(&self, number: u64) -> String {
        let digits = number.to_string();
        let group = match self.language() {
            Language::Sv => NO_BREAK_SPACE,
            Language::En => ',',
        };
        let mut text = String::new();
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && (digits.len() - index).is_multiple_of(3) {
                text.push(group);
            }
            text.push(digit);
        }
        text
    }

    /// A number of tenths, `34,5`.
    fn tenths(&self, tenths: u64) -> String {
        let comma = match self.language() {
            Language::Sv => ',',
            Language::En => '.',
        };
        format!("{}{comma}{}", self.count(tenths / 10), tenths % 10)
    }

    fn percent(&self, tenths: u64) -> String {
        match self.language() {
            Language::Sv => format!("{}{NO_BREAK_SPACE}%", self.tenths(tenths)),
            Language::En => format!("{}%", self.tenths(tenths)),
        }
    }

    /// A share 0–1 as percent with one decimal, half up; for shares whose counts are not known.
    pub fn share(&self, share: f64) -> String {
        self.percent(tenths_of(share))
    }

    /// A share of counts as percent with one decimal, half up on the exact ratio; a dash without cases.
    pub fn ratio(&self, deviations: u64, cases: u64) -> String {
        if cases == 0 {
            return NO_VALUE.into();
        }
        let (deviations, cases) = (u128::from(deviations), u128::from(cases));
        self.percent(((deviations * 2000 + cases) / (2 * cases)) as u64)
    }

    /// A figure's share.
    pub fn figure(&self, figure: Figure) -> String {
        match (figure.ratio(), figure.share()) {
            (Some((deviations, cases)), _) => self.ratio(deviations, cases),
            (None, Some(share)) => self.share(share),
            (None, None) if figure.is_hidden() => self.get("table.hidden").to_owned(),
            (None, None) => NO_VALUE.into(),
        }
    }

    /// An interval of shares, `29,5–39,9 %`.
    pub fn interval(&self, interval: Option<Interval>) -> String {
        interval.map_or(NO_VALUE.into(), |interval| {
            format!("{}–{}", self.tenths(tenths_of(interval.low)), self.percent(tenths_of(interval.high)))
        })
    }

    /// A difference of shares in percentage points with its sign, `−3,0`.
    pub fn points(&self, difference: f64) -> String {
        let tenths = tenths_of(difference.abs());
        let sign = match (tenths, difference < 0.0) {
            (0, _) => String::new(),
            (_, true) => MINUS.to_string(),
            (_, false) => "+".to_owned(),
        };
        format!("{sign}{}", self.tenths(tenths))
    }

    /// A difference without its sign, `3,0`.
    pub fn points_apart(&self, difference: f64) -> String {
        self.tenths(tenths_of(difference.abs()))
    }

    /// An interval of differences in percentage points, `−10,4 till +4,5`.
    pub fn points_interval(&self, interval: Interval) -> String {
        format!("{} … {}", self.points(interval.low), self.points(interval.high))
    }

    /// A change in short, `−3,0 pe`; a dash when there is none.
    pub fn change(&self, change: Option<Change>) -> String {
        change.map_or(NO_VALUE.into(), |change| {
            self.fill("table.pp-short", &[("value", &self.points(change.difference))])
        })
    }

    /// A date in running text, `31 augusti 2024`.
    pub fn long_date(&self, day: Day) -> String {
        let (year, month, number) = day.civil();
        format!("{number} {} {year}", self.get(&format!("month.{month}")))
    }

    /// The day of the week.
    pub fn weekday(&self, day: Day) -> &str {
        self.get(&format!("weekday.{}", day.weekday()))
    }

    /// A period's name, `T2 2024`.
    pub fn period(&self, period: Period) -> String {
        let (year, number) = (period.year().to_string(), period.number_in_year().to_string());
        let key = format!("period.{}", period.kind.id());
        match period.kind {
            crate::period::PeriodKind::Month => {
                let month = self.get(&format!("month.{number}"));
                self.fill(&key, &[("month", month), ("year", &year)])
            }
            crate::period::PeriodKind::Year => self.fill(&key, &[("year", &year)]),
            _ => self.fill(&key, &[("number", &number), ("year", &year)]),
        }
    }

    /// A period's name where there is little room: months are cut short, `aug 2024`.
    pub fn short_period(&self, period: Period) -> String {
        match period.kind {
            crate::period::PeriodKind::Month => {
                let month = self.get(&format!("month-short.{}", period.number_in_year()));
                self.fill("period.month", &[("month", month), ("year", &period.year().to_string())])
            }
            _ => self.period(period),
        }
    }

    /// A share on an axis, `40 %`; with a decimal where the axis has such steps.
    pub fn whole_percent(&self, share: f64) -> String {
        let percent = (share * 100.0).round() as u64;
        if (share * 100.0 - percent as f64).abs() > 1e-6 {
            return self.share(share);
        }
        match self.language() {
            Language::Sv => format!("{percent}{NO_BREAK_SPACE}%"),
            Language::En => format!("{percent}%"),
        }
    }

    /// A share without its sign, `34,5`, for the first of two.
    pub fn bare_share(&self, share: f64) -> String {
        self.tenths(tenths_of(share))
    }

    /// What stands before decimals.
    pub fn comma(&self) -> &'static str {
        match self.language() {
            Language::Sv => ",",
            Language::En => ".",
        }
    }

    /// An expected number of cases: in whole cases from ten, else with one decimal.
    pub fn rounded(&self, number: f64) -> String {
        if number >= 10.0 {
            self.count(number.round() as u64)
        } else {
            self.tenths((number * 10.0).round() as u64)
        }
    }

    /// A mean number of cases, `1,4`.
    pub fn tenths_of_cases(&self, mean: f64) -> String {
        self.tenths((mean * 10.0).round() as u64)
    }

    /// An interval of counts, `23–38`.
    pub fn count_interval(&self, (low, high): (u64, u64)) -> String {
        format!("{}–{}", self.count(low), self.count(high))
    }

    /// A whole number with its sign, `+12`, `−3`, `0`.
    pub fn signed(&self, number: i32) -> String {
        let sign = match number {
            0 => String::new(),
            ..0 => MINUS.to_string(),
            _ => "+".to_owned(),
        };
        format!("{sign}{}", self.count(u64::from(number.unsigned_abs())))
    }

    /// A margin in words, `12 dagar före sista dagen`; `unit` is days or hours.
    pub fn to_due_date(&self, margin: i32, unit: &str) -> String {
        let when = match margin {
            0 => return self.get(&format!("margin.on-{unit}")).to_owned(),
            ..0 => "before",
            _ => "after",
        };
        let number = margin.unsigned_abs();
        let clock = if unit == "hours" { Clock::Hours(number) } else { Clock::Days(number) };
        self.fill(&format!("margin.{when}-{unit}"), &[("n", &self.clock(clock))])
    }

    /// A number in a sentence: in letters up to twelve.
    pub fn number_word(&self, number: u64) -> String {
        match number {
            0..=12 => self.get(&format!("number.{number}")).to_owned(),
            _ => self.count(number),
        }
    }

    /// Names in a sentence, `a, b och c`.
    pub fn list(&self, names: &[&str]) -> String {
        match names {
            [] => String::new(),
            [only] => (*only).to_owned(),
            [others @ .., last] => format!("{} {} {last}", others.join(", "), self.get("list.and")),
        }
    }

    /// A method of an earlier report: a clock where it is one, else as it was typed.
    pub fn method(&self, method: &str) -> String {
        method.parse().map_or_else(|_| method.to_owned(), |clock| self.clock(clock))
    }

    /// A clock, `4 månader`.
    pub fn clock(&self, clock: Clock) -> String {
        let (number, unit) = match clock {
            Clock::Months(number) => (number, "month"),
            Clock::Weeks(number) => (number, "week"),
            Clock::Days(number) => (number, "day"),
            Clock::Hours(number) => (number, "hour"),
            Clock::NextDay => return self.get("clock.next-day").to_owned(),
        };
        let plural = if number == 1 { "" } else { "s" };
        self.fill(&format!("clock.{unit}{plural}"), &[("n", &number.to_string())])
    }
}

/// A period's name below an axis, in lines: a month stands above its year.
pub fn period_lines(period: Period, texts: &Texts) -> Vec<String> {
    match period.kind {
        crate::period::PeriodKind::Month => {
            let month = texts.get(&format!("month-short.{}", period.number_in_year()));
            vec![month.to_owned(), period.year().to_string()]
        }
        _ => vec![texts.period(period)],
    }
}

/// Tenths of a percent, half up.
fn tenths_of(share: f64) -> u64 {
    (share * 1000.0 + 0.5).floor() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_source_report_s_shares_are_shown_as_it_showed_them() {
        let sv = Texts::of(Language::Sv);
        for (deviations, cases, shown) in
            [(110, 319, "34,5"), (147, 319, "46,1"), (41, 1218, "3,4"), (6, 63, "9,5"), (9, 373, "2,4")]
        {
            assert_eq!(sv.ratio(deviations, cases), format!("{shown}\u{a0}%"));
        }
        assert_eq!(sv.ratio(0, 5), "0,0\u{a0}%");
        assert_eq!(sv.ratio(0, 0), "–");
        assert_eq!(Texts::of(Language::En).ratio(110, 319), "34.5%");
    }

    #[test]
    fn rounding_is_half_up_on_the_exact_ratio() {
        let sv = Texts::of(Language::Sv);
        // 1/2000 is exactly 0,05 %, which no double is.
        assert_eq!(sv.ratio(1, 2000), "0,1\u{a0}%");
        assert_eq!(sv.ratio(49_999, 100_000_000), "0,0\u{a0}%");
        assert_eq!(sv.ratio(1999, 2000), "100,0\u{a0}%");
    }

    #[test]
    fn numbers_and_dates_are_written_as_the_language_does() {
        let (sv, en) = (Texts::of(Language::Sv), Texts::of(Language::En));
        assert_eq!(sv.count(1_234_567), "1\u{a0}234\u{a0}567");
        assert_eq!(en.count(1_234), "1,234");
        assert_eq!(sv.points(-0.0302), "\u{2212}3,0");
        assert_eq!(sv.points(0.00049), "0,0");
        let day = Day::parse_iso("2024-08-31").expect("a date");
        assert_eq!(sv.long_date(day), "31 augusti 2024");
        assert_eq!(sv.period(Period::parse("2024-T2").expect("a period")), "T2 2024");
        assert_eq!(sv.clock(Clock::Months(4)), "4 månader");
        assert_eq!(sv.clock(Clock::Days(1)), "1 dag");
    }
}
