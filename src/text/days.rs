//! Days, months and periods as they are written in each language (CLDR sv and en).

use std::fmt::Display;

use super::{Texts, fill};
use crate::analysis::FunnelWindow;
use crate::calendar::HolidayName;
use crate::date::Day;
use crate::moment::Moment;
use crate::period::{Period, PeriodKind};
use crate::rulebook::Clock;

impl Texts {
    /// A date in running text, `31 augusti 2024`.
    pub fn long_date(&self, day: Day) -> String {
        let (year, month, number) = day.civil();
        format!("{number} {} {year}", self.month(month))
    }

    /// A moment in running text, `31 augusti 2024 kl. 16.45`, in Swedish time.
    pub fn moment(&self, moment: Moment) -> String {
        let (hour, minute) = moment.clock();
        fill!(self, "due.at", date = self.long_date(moment.day()), hour, minute)
    }

    /// A month of the year, January 1.
    pub fn month(&self, month: impl Display) -> &str {
        self.get(&format!("month.{month}"))
    }

    /// A month where there is little room, `jan`.
    pub fn short_month(&self, month: impl Display) -> &str {
        self.get(&format!("month-short.{month}"))
    }

    /// The day of the week.
    pub fn weekday(&self, day: Day) -> &str {
        self.get(&format!("weekday.{}", day.weekday()))
    }

    /// A holiday.
    pub fn holiday(&self, name: HolidayName) -> &str {
        self.get(&format!("holiday.{}", name.key()))
    }

    /// A period's name, `T2 2024`.
    pub fn period(&self, period: Period) -> String {
        let (year, number) = (period.year().to_string(), period.number_in_year().to_string());
        let key = format!("period.{}", period.kind.id());
        match period.kind {
            PeriodKind::Month => {
                let month = self.month(&number);
                fill!(self, key, month, year)
            }
            PeriodKind::Year => fill!(self, key, year),
            _ => fill!(self, key, number, year),
        }
    }

    /// A period in a sentence, `maj–augusti 2024`.
    pub fn months_of(&self, period: Period) -> String {
        match period.kind {
            PeriodKind::Month | PeriodKind::Year => self.period(period),
            _ => self.months_of_days(period.first_day(), period.last_day()),
        }
    }

    /// The same with a note when it has not ended, `september–december 2024 (hittills)`.
    pub fn months_so_far(&self, period: Period, has_ended: bool) -> String {
        self.so_far(self.months_of(period), has_ended)
    }

    /// From one period to another in a sentence, `januari 2022–augusti 2024`, or `januari–augusti 2024` within a year.
    pub fn months_between(&self, first: Period, last: Period) -> String {
        if first == last {
            return self.months_of(first);
        }
        self.months_of_days(first.first_day(), last.last_day())
    }

    /// From the month of a day to that of another.
    fn months_of_days(&self, first: Day, last: Day) -> String {
        let [first, last] = [first, last].map(|day| PeriodKind::Month.holding(day));
        match first.year() == last.year() {
            true => format!("{}–{}", self.month(first.number_in_year()), self.period(last)),
            false => format!("{}–{}", self.period(first), self.period(last)),
        }
    }

    /// A period's name, with a note when it has not ended, `T3 2024 (hittills)`.
    pub fn period_so_far(&self, period: Period, has_ended: bool) -> String {
        self.so_far(self.period(period), has_ended)
    }

    fn so_far(&self, period: String, has_ended: bool) -> String {
        if has_ended { period } else { fill!(self, "period.so-far", period) }
    }

    /// Days of one month, the first and the last: its name where they are all of it, else `1–29 november 2024`.
    pub fn days(&self, (first, last): (Day, Day)) -> String {
        let month = PeriodKind::Month.holding(first);
        if (first, last) == (month.first_day(), month.last_day()) {
            return self.period(month);
        }
        format!("{}–{}", first.civil().2, self.long_date(last))
    }

    /// The time in which groups are compared, `maj–augusti 2024` or `september 2021–augusti 2024`.
    pub fn window(&self, window: &FunnelWindow) -> String {
        match window.period {
            Some(period) => self.months_of(period),
            None => self.months_of_days(window.first_day(), window.last_day()),
        }
    }

    /// A period's name where there is little room: months are cut short, `aug 2024`.
    pub fn short_period(&self, period: Period) -> String {
        match period.kind {
            PeriodKind::Month => {
                let month = self.short_month(period.number_in_year());
                fill!(self, "period.month", month, year = period.year().to_string())
            }
            _ => self.period(period),
        }
    }

    /// The length of periods, `tertial`.
    pub fn kind(&self, kind: PeriodKind) -> &str {
        self.get(&format!("period.kind-{}", kind.id()))
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
}

/// A period's name below an axis, in lines: a month stands above its year.
pub fn period_lines(period: Period, texts: &Texts) -> Vec<String> {
    match period.kind {
        PeriodKind::Month => {
            let month = texts.short_month(period.number_in_year());
            vec![month.to_owned(), period.year().to_string()]
        }
        _ => vec![texts.period(period)],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Language;

    #[test]
    fn dates_are_written_as_the_language_does() {
        let sv = Texts::of(Language::Sv);
        let day = Day::parse_iso("2024-08-31").expect("a date");
        assert_eq!(sv.long_date(day), "31 augusti 2024");
        let [first, last] = ["2022-T1", "2024-T2"].map(|period| Period::parse(period).expect("a period"));
        assert_eq!(sv.period(last), "T2 2024");
        assert_eq!(sv.months_so_far(last, true), "maj–augusti 2024");
        assert_eq!(sv.months_so_far(last, false), "maj–augusti 2024 (hittills)");
        assert_eq!(sv.months_between(first, last), "januari 2022–augusti 2024");
        assert_eq!(sv.months_between(last, last), "maj–augusti 2024");
        let first = Period::parse("2024-T1").expect("a period");
        assert_eq!(sv.months_between(first, last), "januari–augusti 2024");
    }
}
