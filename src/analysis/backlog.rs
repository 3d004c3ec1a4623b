//! Backlog: cases open, and open past their due date, at the end of each month.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::edges::Edges;
use super::exact::as_month;
use crate::date::{Day, last_day_of_month};
use crate::period::Period;

/// Open cases at the end of a month, or on the as-of date in the month that holds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Backlog {
    /// The month, as in [`crate::date::Day::month`].
    #[serde(serialize_with = "as_month")]
    #[schemars(with = "Period")]
    pub month: i32,
    /// Open cases.
    pub open: u64,
    /// Those past their due date.
    pub open_overdue: u64,
}

/// How the numbers of open cases change from month to month.
#[derive(Debug, Clone, Default)]
pub struct Flows {
    /// Change of open and of open overdue cases by month.
    changes: BTreeMap<i32, (i64, i64)>,
}

impl Flows {
    /// Adds what changed in a month.
    pub fn change(&mut self, month: i32, open: i64, overdue: i64) {
        let changes = self.changes.entry(month).or_default();
        *changes = (changes.0 + open, changes.1 + overdue);
    }

    /// Adds the changes of other cases.
    pub fn add(&mut self, other: &Flows) {
        other.changes.iter().for_each(|(month, (open, overdue))| self.change(*month, *open, *overdue));
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

    /// The backlog of every month from the first with a case to that of the as-of date, as far as the export tells it.
    pub fn until(&self, as_of: Day, edges: &Edges) -> Vec<Backlog> {
        let last = as_of.month();
        let first = self.changes.keys().next().copied().unwrap_or(last + 1);
        let told = (first..=last).filter(|month| edges.tells_open(last_day_of_month(*month).min(as_of)));
        told.map(|month| self.at_end_of(month)).collect()
    }
}
