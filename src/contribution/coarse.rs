//! Coarse tallies: every number is 0 or at least so many cases.
//!
//! A coarse tally is one table for each control: the judged cases of the control's cohort by period, and in each period
//! by outcome. No case is in two of its cells and no total stands beside them, so that a sum of cells is 0 or at
//! least as large as its smallest cell, and so is the difference of a sum and one of its parts. Nothing is hidden that a
//! linear program could find: whoever knows the cells knows all there is.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::analysis::{Edges, is_due};
use crate::date::Day;
use crate::judge::{Cell, Outcome, Reading};
use crate::period::{Period, PeriodKind};
use crate::rulebook::{Cohort, Roll, Rule};
use crate::suppression::is_few;
use crate::tally::{GroupName, MonthTally, Tally};

/// How coarse a control's tally is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coarse {
    /// Every number in it is 0 or at least this.
    pub smallest: u64,
    /// The periods whose cases it counts.
    pub period: PeriodKind,
    /// Whether it tells which cases are late by the reference method.
    pub reference: bool,
}

/// A control whose tally is to be made coarse.
pub struct Fine<'a> {
    /// Its rule as it was judged by.
    pub rule: &'a Rule,
    /// Its tally.
    pub tally: &'a Tally,
    /// What its exports have the whole of.
    pub edges: Edges,
    /// The as-of date.
    pub as_of: Day,
    /// The periods of its report.
    pub period: PeriodKind,
}

/// Cases by the index of their period.
type Periods = BTreeMap<i32, MonthTally>;

impl Fine<'_> {
    /// The tally by the periods of the report, or the next longer ones that consist of them, in which every number is 0 or
    /// at least `smallest`, and what it has the whole of. Cases late by the reference method are counted separately where that
    /// makes no period longer. `None` if years have smaller numbers too, or if there is no period to tell of.
    pub fn coarse(&self, smallest: u64) -> Option<(Tally, Coarse, Edges)> {
        let mut kinds = PeriodKind::ALL.into_iter().filter(|kind| kind.consists_of(self.period));
        kinds.find_map(|kind| {
            let by_outcome = self.periods(kind, false, smallest)?;
            let by_reference = self.rule.reference.and_then(|_| self.periods(kind, true, smallest));
            // The first period may be left out of one of them alone.
            let by_reference = by_reference.filter(|periods| periods.keys().eq(by_outcome.keys()));
            let coarse = Coarse { smallest, period: kind, reference: by_reference.is_some() };
            let periods = by_reference.unwrap_or(by_outcome);
            let first = Period { kind, index: *periods.keys().next()? };
            let edges = self.edges.from_period(self.rule.cohort, first, self.as_of);
            Some((tally_of(periods, kind, self.rule.cohort), coarse, edges))
        })
    }

    /// The periods of a kind, if no number in them is small. The first may be left out: exports mostly begin within it.
    fn periods(&self, kind: PeriodKind, by_reference: bool, smallest: u64) -> Option<Periods> {
        let mut periods = self.all_periods(kind, by_reference);
        if periods.first_key_value().is_some_and(|(_, first)| has_few(first, smallest)) {
            periods.pop_first();
        }
        let is_safe = !periods.is_empty() && !periods.values().any(|period| has_few(period, smallest));
        is_safe.then_some(periods)
    }

    fn all_periods(&self, kind: PeriodKind, by_reference: bool) -> Periods {
        let mut periods = Periods::new();
        for (month, counted) in self.tally.groups.values().flat_map(|group| group.months(self.rule.cohort)) {
            let period = kind.holding_month(month);
            if self.is_told(period) {
                let counted = coarsened(counted, self.rule.roll, by_reference);
                periods.entry(period.index).or_default().add(&counted);
            }
        }
        periods
    }

    /// Whether a period is over, all its cases fell due, and it does not begin before the exports do. What comes later
    /// would tell, by subtraction, of the few cases that came.
    fn is_told(&self, period: Period) -> bool {
        let cohort = self.rule.cohort;
        period.last_day() <= self.as_of
            && is_due(period, cohort, self.rule, self.as_of)
            && self.edges.has_begun(cohort, period)
    }
}

fn has_few(counted: &MonthTally, smallest: u64) -> bool {
    counted.counts.0.iter().any(|cases| is_few(u64::from(*cases), smallest))
}

/// The cases of a month by outcome alone, and if `by_reference` by the reference method.
pub fn coarsened(counted: &MonthTally, roll: Roll, by_reference: bool) -> MonthTally {
    let mut coarse = MonthTally { judged_by: counted.judged_by, ..MonthTally::default() };
    for cell in Cell::all() {
        let place = coarse_cell(cell, roll, by_reference).index();
        coarse.counts.0[place] += counted.counts.0[cell.index()];
    }
    coarse
}

/// The cell that stands for several: a deviation is late and a judged case has ended, whether by 2 §, with an extension
/// or not at all.
fn coarse_cell(cell: Cell, roll: Roll, by_reference: bool) -> Cell {
    if cell.outcome(roll) == Outcome::OpenWithin {
        return Cell::new(Reading::InTime, false, true);
    }
    let reading = if cell.reading().is_deviation(roll) { Reading::Late } else { Reading::InTime };
    Cell::new(reading, by_reference && cell.late_by_reference(), false)
}

/// A tally without groups, in which the cases of a period are in its first month.
fn tally_of(periods: Periods, kind: PeriodKind, cohort: Cohort) -> Tally {
    let mut tally = Tally::default();
    let group = tally.groups.entry(GroupName::default()).or_default();
    for (index, counted) in periods {
        *group.month(cohort, Period { kind, index }.first_day().month()) = counted;
    }
    tally
}
