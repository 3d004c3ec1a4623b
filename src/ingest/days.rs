//! Days: how many dates of an export fall on each, and which are lone days far beyond the others.

use crate::date::Day;
use crate::tally::Dense;

/// Dates by day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DayCounts(Dense<u32>);

impl DayCounts {
    /// Counts a date.
    #[inline]
    pub fn add(&mut self, day: Day) {
        self.add_many(day.0, 1);
    }

    #[inline]
    fn add_many(&mut self, day: i32, count: u32) {
        let known = self.0.at(day);
        *known = known.saturating_add(count);
    }

    /// Adds other counts.
    pub fn join(&mut self, other: &DayCounts) {
        other.days().for_each(|(day, count)| self.add_many(day.0, count));
    }

    /// These dates and others.
    pub fn and(&self, other: &DayCounts) -> DayCounts {
        let mut both = self.clone();
        both.join(other);
        both
    }

    /// How many dates there are.
    pub fn total(&self) -> u64 {
        self.days().map(|(_, count)| u64::from(count)).sum()
    }

    /// Days with a date, in order.
    pub fn days(&self) -> impl DoubleEndedIterator<Item = (Day, u32)> {
        self.0.iter().filter(|(_, count)| **count > 0).map(|(day, count)| (Day(day), *count))
    }

    /// Whether every date is the first of a month, in many rows and several months: the days are not known, as in the
    /// dates that Excel makes of `maj-24`.
    pub fn are_months(&self) -> bool {
        const FEWEST_DATES: u64 = 12;
        const FEWEST_MONTHS: usize = 3;
        let is_first = |(day, _): (Day, u32)| day.civil().2 == 1;
        self.total() >= FEWEST_DATES && self.days().count() >= FEWEST_MONTHS && self.days().all(is_first)
    }

    /// Where the dates end, and which lone days lie beyond; `None` without dates.
    pub fn edge(&self) -> Option<Edge> {
        let days: Vec<(Day, u32)> = self.days().collect();
        let all = self.total();
        let mut beyond = 0;
        let mut end = days.len();
        for index in (1..days.len()).rev() {
            beyond += u64::from(days[index].1);
            let gap = days[index].0.0 - days[index - 1].0.0;
            // A few typing errors, or a placeholder day on many rows.
            let few = beyond <= (all / FEW_ONE_IN).max(2);
            let could_be_marks = days.len() - index <= MOST_MARKS;
            if !few && !could_be_marks {
                break;
            }
            if gap > widest_usual_gap(&days[..index]) && (few || gap > QUIET_DAYS) {
                end = index;
            }
        }
        let last = days[..end].last()?.0;
        let beyond = days[end..].to_vec();
        let usual_gap = widest_usual_gap(&days[..end]);
        let dates: u64 = beyond.iter().map(|(_, count)| u64::from(*count)).sum();
        Some(Edge { last, usual_gap, beyond, lone: dates <= (all / FEW_ONE_IN).max(2) })
    }

    /// The last of a few days that lie far before all others, if there are such: their cases are very old, or mistyped.
    pub fn last_early(&self) -> Option<Day> {
        let days: Vec<(Day, u32)> = self.days().collect();
        let all = self.total();
        let mut before = 0;
        let few = days.iter().take_while(|(_, count)| {
            before += u64::from(*count);
            before <= (all / FEW_ONE_IN).max(2)
        });
        let is_far = |index: &usize| {
            let later = &days[index + 1..];
            let gap = later.first().map_or(0, |(next, _)| next.0 - days[*index].0.0);
            gap > QUIET_DAYS.max(3 * widest_gap(later.iter().take(NEAREST).map(|(day, _)| *day)))
        };
        (0..few.count()).rev().find(is_far).map(|index| days[index].0)
    }
}

/// The longest time, in days, in which nothing starts or ends in an export.
const QUIET_DAYS: i32 = 366;
/// One date in this many may be mistyped.
const FEW_ONE_IN: u64 = 20;
/// The most placeholder days that an export uses.
const MOST_MARKS: usize = 3;

/// Only this many days beside a gap show how wide gaps are: those further away say nothing about that time.
const NEAREST: usize = 50;

/// How long a gap after these days is still usual: three times the longest so far.
fn widest_usual_gap(days: &[(Day, u32)]) -> i32 {
    /// With fewer days, nothing is known about gaps.
    const FEWEST: usize = 8;
    let latest = &days[days.len().saturating_sub(NEAREST)..];
    let least = if latest.len() < FEWEST { QUIET_DAYS } else { 31 };
    least.max(3 * widest_gap(latest.iter().map(|(day, _)| *day)))
}

/// The most days from one of these days, which are in order, to the next.
pub fn widest_gap(days: impl Iterator<Item = Day> + Clone) -> i32 {
    days.clone().zip(days.skip(1)).map(|(day, next)| next.0 - day.0).max().unwrap_or(0)
}

/// Where the dates of an export end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edge {
    /// The last day that is not a lone day far beyond the others.
    pub last: Day,
    /// How many days without a date are usual after it.
    pub usual_gap: i32,
    /// Lone days beyond it, with the number of dates on each.
    pub beyond: Vec<(Day, u32)>,
    /// Whether they are so few that they must be mistyped.
    pub lone: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edge(days: &[&str]) -> (String, Vec<String>) {
        let mut counts = DayCounts::default();
        days.iter().for_each(|day| counts.add(Day::parse_iso(day).expect("a day")));
        let edge = counts.edge().expect("there are days");
        (edge.last.to_string(), edge.beyond.iter().map(|(day, _)| day.to_string()).collect())
    }

    fn weekly(weeks: i32) -> Vec<String> {
        let first = Day::parse_iso("2024-01-01").expect("a day");
        (0..weeks).map(|week| first.plus_days(7 * week).to_string()).collect()
    }

    #[test]
    fn a_day_that_stands_alone_beyond_the_rest_is_not_the_edge() {
        let weeks = weekly(30);
        let mut days: Vec<&str> = weeks.iter().map(String::as_str).collect();
        assert_eq!(edge(&days), ("2024-07-22".into(), vec![]));
        days.push("2025-05-19");
        assert_eq!(edge(&days), ("2024-07-22".into(), vec!["2025-05-19".into()]));
        days.push("2025-06-09");
        assert_eq!(edge(&days).0, "2024-07-22", "two are as lone as one");
        days.truncate(30);
        days.push("2024-08-10");
        assert_eq!(edge(&days).0, "2024-08-10", "a quiet fortnight is none");
    }

    #[test]
    fn planned_days_that_thin_out_are_no_slips() {
        let weeks = weekly(30);
        let mut days: Vec<&str> = weeks.iter().map(String::as_str).collect();
        days.extend(["2024-08-05", "2024-08-22", "2024-09-10", "2024-09-30", "2024-10-28"]);
        assert_eq!(edge(&days).0, "2024-10-28");
    }

    #[test]
    fn a_far_day_on_many_rows_stands_for_none() {
        let weeks = weekly(30);
        let mut days: Vec<&str> = weeks.iter().map(String::as_str).collect();
        days.extend(["2050-01-01"; 20]);
        let mut counts = DayCounts::default();
        days.iter().for_each(|day| counts.add(Day::parse_iso(day).expect("a day")));
        let edge = counts.edge().expect("days");
        assert_eq!((edge.last.to_string().as_str(), edge.lone), ("2024-07-22", false));
    }

    #[test]
    fn a_start_more_than_a_year_before_the_rest_is_early() {
        let early = |before: &[&str]| {
            let weeks = weekly(30);
            let mut counts = DayCounts::default();
            let days = before.iter().copied().chain(weeks.iter().map(String::as_str));
            days.for_each(|day| counts.add(Day::parse_iso(day).expect("a day")));
            counts.last_early().map(|day| day.to_string())
        };
        assert_eq!(early(&[]), None);
        assert_eq!(early(&["2014-03-01"]), Some("2014-03-01".into()));
        assert_eq!(early(&["2004-03-01", "2014-03-01"]), Some("2014-03-01".into()), "both");
        assert_eq!(early(&["2014-03-01", "2023-11-01"]), Some("2014-03-01".into()), "one is near enough");
        assert_eq!(early(&["2022-12-30"]), Some("2022-12-30".into()));
        assert_eq!(early(&["2022-12-31"]), None, "a year before");
        assert_eq!(early(&["2014-03-01", "2016-03-01", "2018-03-01"]), None, "three of 33 are how it is");
        assert_eq!(early(&["2021-01-01", "2022-06-01"]), Some("2022-06-01".into()));
    }

    #[test]
    fn firsts_of_months_alone_are_months() {
        let are_months = |days: &[&str]| {
            let mut counts = DayCounts::default();
            days.iter().for_each(|day| counts.add(Day::parse_iso(day).expect("a day")));
            counts.are_months()
        };
        let firsts = ["2024-01-01", "2024-02-01", "2024-05-01"].repeat(4);
        assert!(are_months(&firsts));
        assert!(!are_months(&firsts[..11]), "few rows");
        assert!(!are_months(&["2024-01-01"; 12]), "one day of decision");
        assert!(!are_months(&[&firsts[..], &["2024-05-02"]].concat()));
    }

    #[test]
    fn few_days_tell_little() {
        assert_eq!(edge(&["2024-01-10", "2024-05-10"]).0, "2024-05-10");
        assert_eq!(edge(&["2024-01-10", "2024-05-10", "2042-05-10"]).0, "2024-05-10");
    }
}
