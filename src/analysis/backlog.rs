//! Backlog: cases open, and open past their due date, at the end of each month.

use std::collections::BTreeMap;

use crate::rulebook::Cohort;
use crate::tally::GroupTally;

/// Open cases at the end of a month, or on the as-of date in the month that holds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backlog {
    /// The month, as in [`crate::date::Day::month`].
    pub month: i32,
    /// Open cases.
    pub open: u64,
    /// Those past their due date.
    pub open_overdue: u64,
}

/// Open cases by month, from the flows in tallies.
pub struct Flows {
    /// Change of open and open overdue cases by month.
    changes: BTreeMap<i32, (i64, i64)>,
}

impl Flows {
    /// The flows of some groups.
    pub fn of<'t>(groups: impl IntoIterator<Item = &'t GroupTally>) -> Flows {
        let mut changes: BTreeMap<i32, (i64, i64)> = BTreeMap::new();
        for group in groups {
            for (cohort, sign) in [(Cohort::Started, 1), (Cohort::Closed, -1)] {
                for (month, tally) in group.months(cohort) {
                    changes.entry(month).or_default().0 += sign * tally.counts.cases(|_| true) as i64;
                }
            }
            for (month, overdue) in group.overdue() {
                changes.entry(month).or_default().1 += i64::from(overdue.from) - i64::from(overdue.until);
            }
        }
        Flows { changes }
    }

    /// The backlog at the end of a month.
    pub fn at_end_of(&self, month: i32) -> Backlog {
        let (mut open, mut overdue) = (0, 0);
        for (_, change) in self.changes.range(..=month) {
            (open, overdue) = (open + change.0, overdue + change.1);
        }
        let count = |cases: i64| u64::try_from(cases).expect("a case is no longer open only after it was");
        Backlog { month, open: count(open), open_overdue: count(overdue) }
    }

    /// The backlog of every month from the first with a case to the last wanted.
    pub fn until(&self, last: i32) -> Vec<Backlog> {
        let first = self.changes.keys().next().copied().unwrap_or(last + 1);
        (first..=last).map(|month| self.at_end_of(month)).collect()
    }
}
