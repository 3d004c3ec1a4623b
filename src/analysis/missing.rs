//! Missing exports: times without dates among times that have many, and what is incomplete for it.

use serde::{Deserialize, Serialize};

use super::extent::Gap;
use crate::date::{Day, first_day_of_month, last_day_of_month};
use crate::rulebook::Cohort;

/// A time in which no case started, or none ended, although some must have: an export is missing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Missing {
    /// The first and the last day of it.
    pub days: (Day, Day),
    /// The first and the last day of which cases are missing for it, by [`Cohort`].
    affected: [(Day, Day); 3],
}

impl Missing {
    /// What lacks for gaps, if cases are due within `deadline` days of their start and end within `longest`.
    pub fn all(gaps: impl Iterator<Item = Gap>, deadline: i32, longest: i32) -> Vec<Missing> {
        Missing::joined(gaps.map(|gap| Missing::of(gap, deadline, longest)).collect())
    }

    /// Exports of cases by their ends lack those that ended in a gap, and exports by their starts those that started.
    fn of(gap: Gap, deadline: i32, longest: i32) -> Missing {
        let (from, to) = gap.days;
        let affected = |cohort: &Cohort| match (cohort, gap.is_of_ends) {
            (Cohort::Closed, true) | (Cohort::Started, false) => (from, to),
            (Cohort::Closed, false) => (from, to.plus_days(longest)),
            (Cohort::Started, true) => (from.plus_days(-longest), to),
            (Cohort::Due, true) => (from.plus_days(deadline - longest), to.plus_days(deadline)),
            (Cohort::Due, false) => (from.plus_days(deadline), to.plus_days(longest)),
        };
        Missing { days: gap.days, affected: Cohort::ALL.each_ref().map(affected) }
    }

    /// The same in order of time, with those that overlap as one.
    pub fn joined(mut all: Vec<Missing>) -> Vec<Missing> {
        let span = |one: (Day, Day), other: (Day, Day)| (one.0.min(other.0), one.1.max(other.1));
        all.sort_by_key(|missing| missing.days);
        let mut joined: Vec<Missing> = Vec::new();
        for next in all {
            match joined.last_mut().filter(|last| next.days.0 <= last.days.1.plus_days(1)) {
                Some(last) => {
                    last.days = span(last.days, next.days);
                    last.affected =
                        std::array::from_fn(|cohort| span(last.affected[cohort], next.affected[cohort]));
                }
                None => joined.push(next),
            }
        }
        joined
    }

    /// The same in whole months: a day can be that of a single case.
    pub fn in_months(&self) -> Missing {
        let months =
            |(from, to): (Day, Day)| (first_day_of_month(from.month()), last_day_of_month(to.month()));
        Missing { days: months(self.days), affected: self.affected.map(months) }
    }

    /// The first and the last day of which cases of a cohort are missing.
    pub fn of_cohort(&self, cohort: Cohort) -> (Day, Day) {
        self.affected[cohort as usize]
    }

    /// Whether open cases of the end of a day are missing: who started in a gap was open until the end of the longest
    /// case, and who ended in it from the start of the longest.
    pub fn hides_open(&self, day: Day) -> bool {
        let [closed, started] = [Cohort::Closed, Cohort::Started].map(|cohort| self.of_cohort(cohort));
        (closed.0.min(started.0)..=closed.1.max(started.1)).contains(&day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gap(from: i32, to: i32, is_of_ends: bool) -> Gap {
        Gap { days: (Day(from), Day(to)), is_of_ends }
    }

    fn affected(missing: &Missing) -> [(i32, i32); 3] {
        Cohort::ALL.map(|cohort| missing.of_cohort(cohort)).map(|(from, to)| (from.0, to.0))
    }

    #[test]
    fn what_started_in_a_gap_lacks_until_it_has_ended() {
        let [missing] = &Missing::all([gap(500, 600, false)].into_iter(), 120, 200)[..] else { panic!() };
        assert_eq!(affected(missing), [(500, 800), (620, 800), (500, 600)]);
        assert_eq!([499, 500, 800, 801].map(|day| missing.hides_open(Day(day))), [false, true, true, false]);
    }

    #[test]
    fn what_ended_in_a_gap_lacks_from_its_start() {
        let [missing] = &Missing::all([gap(500, 600, true)].into_iter(), 120, 200)[..] else { panic!() };
        assert_eq!(affected(missing), [(500, 600), (420, 720), (300, 600)]);
        assert_eq!([299, 300, 600, 601].map(|day| missing.hides_open(Day(day))), [false, true, true, false]);
    }

    #[test]
    fn gaps_that_lie_apart_stay_apart() {
        let gaps = [gap(900, 950, true), gap(100, 150, false), gap(151, 170, true), gap(120, 130, true)];
        let all = Missing::all(gaps.into_iter(), 10, 20);
        let days: Vec<(i32, i32)> = all.iter().map(|missing| (missing.days.0.0, missing.days.1.0)).collect();
        assert_eq!(days, [(100, 170), (900, 950)]);
        assert_eq!(affected(&all[0])[Cohort::Closed as usize], (100, 170));
        assert_eq!(affected(&all[0])[Cohort::Started as usize], (100, 170));
    }
}
