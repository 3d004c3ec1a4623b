//! Numbers, dates, periods and clocks as they are written in each language (CLDR sv and en).

use super::{Texts, fill};
use crate::analysis::FunnelWindow;
use crate::date::Day;
use crate::language::Language;
use crate::period::{Period, PeriodKind};
use crate::rulebook::{ByDay, Clock, JudgedBy, Method, Rule};

pub const NO_BREAK_SPACE: char = '\u{a0}';
pub const MINUS: char = '\u{2212}';

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
    pub(super) fn tenths(&self, tenths: u64) -> String {
        let comma = match self.language() {
            Language::Sv => ',',
            Language::En => '.',
        };
        format!("{}{comma}{}", self.count(tenths / 10), tenths % 10)
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
                fill!(self, key, month, year)
            }
            crate::period::PeriodKind::Year => fill!(self, key, year),
            _ => fill!(self, key, number, year),
        }
    }

    /// A period's name, told to be of so far when it has not ended, `T3 2024 (hittills)`.
    pub fn period_so_far(&self, period: Period, has_ended: bool) -> String {
        let name = self.period(period);
        if has_ended { name } else { fill!(self, "period.so-far", period = name) }
    }

    /// Days of one month, the first and the last: its name where they are all of it, else `1–29 november 2024`.
    pub fn days(&self, (first, last): (Day, Day)) -> String {
        let month = PeriodKind::Month.holding(first);
        if (first, last) == (month.first_day(), month.last_day()) {
            return self.period(month);
        }
        format!("{}–{}", first.civil().2, self.long_date(last))
    }

    /// The time in which groups are compared, `T2 2024` or `september 2021–augusti 2024`.
    pub fn window(&self, window: &FunnelWindow) -> String {
        match window.period {
            Some(period) => self.period(period),
            None => {
                let months = [window.first_day(), window.last_day()].map(Day::month);
                months.map(|month| self.period(PeriodKind::Month.holding_month(month))).join("–")
            }
        }
    }

    /// A period's name where there is little room: months are cut short, `aug 2024`.
    pub fn short_period(&self, period: Period) -> String {
        match period.kind {
            crate::period::PeriodKind::Month => {
                let month = self.get(&format!("month-short.{}", period.number_in_year()));
                fill!(self, "period.month", month, year = period.year().to_string())
            }
            _ => self.period(period),
        }
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
        fill!(self, format!("margin.{when}-{unit}"), n = self.clock(clock))
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

    /// The lawful methods that judged some cases: `4 månader`, or, when there are several, each with its days.
    /// The rule's newest when no case was judged.
    pub fn methods(&self, rule: &Rule, judged_by: JudgedBy) -> String {
        let methods = rule.methods_of(judged_by);
        match methods.as_slice() {
            [] => self.clock(rule.newest_method()),
            [only] => self.lawful(only),
            several => {
                let dated: Vec<String> = several.iter().map(|method| self.lawful_with_days(method)).collect();
                self.list(&dated.iter().map(String::as_str).collect::<Vec<&str>>())
            }
        }
    }

    /// The same for one period of several; a dash when none of its cases was judged.
    pub fn method_of(&self, rule: &Rule, judged_by: JudgedBy) -> String {
        if judged_by.is_empty() { self.get("table.none").to_owned() } else { self.methods(rule, judged_by) }
    }

    fn lawful(&self, method: &Method) -> String {
        let clock = self.clock(method.clock);
        match method.by_day {
            ByDay::No => clock,
            ByDay::Partly => fill!(self, "clock.partly-by-day", clock),
            ByDay::Wholly => fill!(self, "clock.by-day", clock),
        }
    }

    fn lawful_with_days(&self, method: &Method) -> String {
        let name = self.lawful(method);
        let day = |day: Option<Day>| day.map_or(String::new(), |day| day.to_string());
        let (from, to) = (day(method.first_day), day(method.last_day));
        let key = match (method.first_day, method.last_day) {
            (None, None) => return name,
            (Some(_), None) => "clock.started-from",
            (None, Some(_)) => "clock.started-to",
            (Some(_), Some(_)) => "clock.started-between",
        };
        fill!(self, key, clock = name, from, to)
    }

    /// A clock, `4 månader`.
    pub fn clock(&self, clock: Clock) -> String {
        let (number, unit) = match clock {
            Clock::Months(number) => (number, "month"),
            Clock::Weeks(number) => (number, "week"),
            Clock::Days(number) => (number, "day"),
            Clock::Hours(number) => (number, "hour"),
            Clock::NextDay => return self.get("clock.next-day").to_owned(),
            Clock::DueColumn => return self.get("clock.due-column").to_owned(),
        };
        let plural = if number == 1 { "" } else { "s" };
        fill!(self, format!("clock.{unit}{plural}"), n = number)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_dates_are_written_as_the_language_does() {
        let (sv, en) = (Texts::of(Language::Sv), Texts::of(Language::En));
        assert_eq!(sv.count(1_234_567), "1\u{a0}234\u{a0}567");
        assert_eq!(en.count(1_234), "1,234");
        assert_eq!(sv.points(-0.0302), "\u{2212}3,0");
        let day = Day::parse_iso("2024-08-31").expect("a date");
        assert_eq!(sv.long_date(day), "31 augusti 2024");
        assert_eq!(sv.period(Period::parse("2024-T2").expect("a period")), "T2 2024");
        assert_eq!(sv.clock(Clock::Months(4)), "4 månader");
        assert_eq!(sv.clock(Clock::Days(1)), "1 dag");
    }
}
