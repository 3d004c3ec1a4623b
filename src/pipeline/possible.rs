//! The periods in which a row that was not judged could belong, by the days that can be read from it. The bounds of a
//! share are computed from them.

use std::collections::BTreeMap;

use super::Control;
use crate::date::Day;
use crate::ingest::{ReadDays, ReadEnd};
use crate::judge::DueDates;
use crate::rulebook::Cohort;

/// A first and a last month, as in [`Day::month`].
type Months = (i32, i32);

/// Cases that were not judged, by the months in which they could belong.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Possible(BTreeMap<Months, u64>);

impl Possible {
    /// Counts a case, if it can belong to any month.
    pub fn add(&mut self, months: Option<Months>) {
        if let Some(months) = months {
            *self.0.entry(months).or_default() += 1;
        }
    }

    /// Adds other cases.
    pub fn join(&mut self, other: &Possible) {
        for (months, cases) in &other.0 {
            *self.0.entry(*months).or_default() += cases;
        }
    }

    /// Cases that could belong to a period, by its first and last day.
    pub fn in_period(&self, first: Day, last: Day) -> u64 {
        let (first, last) = (first.month(), last.month());
        let could_be = self.0.iter().filter(|((from, to), _)| *from <= last && first <= *to);
        could_be.map(|(_, cases)| cases).sum()
    }
}

/// The first month there is.
const EVER: i32 = i32::MIN;

/// The months in which a case could belong; `None` if it belongs to no period up to the as-of date.
pub fn months_of(days: ReadDays, control: &Control, as_of: Day) -> Option<Months> {
    let now = as_of.month();
    let ended = match days.end {
        ReadEnd::On(end) if end <= as_of => Some(end),
        _ => None,
    };
    match (control.rule.cohort, days.start) {
        // One of the two days is wrong, and it is not known which.
        (_, Some(start)) if ended.is_some_and(|end| end < start) => Some((EVER, now)),
        (_, Some(start)) if start > as_of => None,
        (Cohort::Closed, start) => match (days.end, ended) {
            (_, Some(end)) => Some((end.month(), end.month())),
            (ReadEnd::Unreadable, None) => Some((start.map_or(EVER, Day::month), now)),
            _ => None,
        },
        (Cohort::Started, Some(start)) => Some((start.month(), start.month())),
        (Cohort::Started, None) => Some((EVER, ended.map_or(now, Day::month))),
        (Cohort::Due, Some(start)) => {
            let rule = &control.rule;
            let due = DueDates::of(start, None, rule).ok().map(|dues| dues.lawful(rule.roll).month());
            Some(due.map_or((start.month(), now), |due| (due, due)))
        }
        (Cohort::Due, None) => Some((EVER, now)),
    }
}

/// The months of a case that several rows describe.
pub fn months_of_any(rows: &[ReadDays], control: &Control, as_of: Day) -> Option<Months> {
    let all = rows.iter().filter_map(|days| months_of(*days, control, as_of));
    all.reduce(|one, other| (one.0.min(other.0), one.1.max(other.1)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::{Extensions, WithoutTimes};
    use crate::rulebook::{Roll, Rulebook};

    fn day(text: &str) -> Day {
        Day::parse_iso(text).expect("a day")
    }

    fn months(cohort: Cohort, start: Option<&str>, end: ReadEnd) -> Option<(String, String)> {
        let mut rule = Rulebook::builtin().rules[0].clone();
        rule.cohort = cohort;
        let control =
            Control { rule, extensions: Extensions::Honour, without_times: WithoutTimes::default() };
        let days = ReadDays { start: start.map(day), end };
        let text = |month: i32| match month {
            EVER => "ever".to_owned(),
            month => format!("{}-{:02}", month / 12, month % 12 + 1),
        };
        months_of(days, &control, day("2024-08-31")).map(|(first, last)| (text(first), text(last)))
    }

    #[test]
    fn a_row_can_belong_where_its_days_allow() {
        let on = |text: &str| ReadEnd::On(day(text));
        let told = |first: &str, last: &str| Some((first.to_owned(), last.to_owned()));
        use Cohort::{Closed, Due, Started};
        assert_eq!(months(Closed, None, on("2024-05-10")), told("2024-05", "2024-05"));
        assert_eq!(months(Closed, Some("2024-01-10"), ReadEnd::Unreadable), told("2024-01", "2024-08"));
        assert_eq!(months(Closed, None, ReadEnd::Unreadable), told("ever", "2024-08"));
        assert_eq!(months(Closed, None, ReadEnd::Open), None, "an open case is no closed one");
        assert_eq!(months(Closed, None, on("2024-09-10")), None, "it has not ended yet");
        assert_eq!(months(Due, Some("2024-01-10"), ReadEnd::Unreadable), told("2024-05", "2024-05"));
        assert_eq!(months(Due, None, on("2024-05-10")), told("ever", "2024-08"));
        assert_eq!(months(Started, Some("2024-01-10"), ReadEnd::Unreadable), told("2024-01", "2024-01"));
        assert_eq!(months(Started, None, on("2024-05-10")), told("ever", "2024-05"));
        assert_eq!(months(Closed, Some("2024-06-10"), on("2024-05-10")), told("ever", "2024-08"));
    }

    #[test]
    fn a_case_is_due_in_the_month_to_which_its_day_moves() {
        let rule = Rulebook::builtin().rules[0].clone();
        let rule = crate::rulebook::Rule { cohort: Cohort::Due, roll: Roll::NextWeekday, ..rule };
        let control =
            Control { rule, extensions: Extensions::Honour, without_times: WithoutTimes::default() };
        // Due on the Saturday of Easter, which moves to the Tuesday after it.
        let days = ReadDays { start: Some(day("2023-11-30")), end: ReadEnd::Unreadable };
        let april = day("2024-04-02").month();
        assert_eq!(months_of(days, &control, day("2024-08-31")), Some((april, april)));
    }

    #[test]
    fn cases_are_counted_in_every_period_they_could_belong_to() {
        let mut possible = Possible::default();
        possible.add(Some((24_288, 24_290)));
        possible.add(None);
        possible.add(Some((EVER, 24_288)));
        let month = |month: i32| crate::date::first_day_of_month(month);
        assert_eq!(possible.in_period(month(24_288), month(24_288)), 2);
        assert_eq!(possible.in_period(month(24_289), month(24_292)), 1);
        assert_eq!(possible.in_period(month(24_291), month(24_292)), 0);
    }
}
