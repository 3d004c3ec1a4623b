//! Conventions side by side: one list of cases, counted by the day they were closed, fell due or started.

use std::collections::BTreeMap;

use super::Bounds;
use super::counts::CaseCounts;
use super::edges::Edges;
use super::facts::ControlFacts;
use crate::period::{Period, PeriodKind};
use crate::rulebook::Cohort;

/// The counts of one cohort.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Convention {
    /// What ties a case to a period.
    pub cohort: Cohort,
    /// Counts of each period from the first of any cohort to the one that holds the as-of date.
    pub periods: Vec<(Period, CaseCounts)>,
    /// Cases that belong to later periods.
    pub later: u64,
    /// Cases that belong to no period yet: those not closed.
    pub none: u64,
}

impl Convention {
    /// Cases of the periods, of later ones and of none: the whole case list.
    pub fn cases(&self) -> u64 {
        self.periods.iter().map(|(_, counts)| counts.all()).sum::<u64>() + self.later + self.none
    }
}

/// What a share can become once the undetermined cases of its period are judged; `None` without a case, and where
/// cases are missing.
pub fn bounds(counts: CaseCounts) -> Option<Bounds> {
    let all = counts.all();
    (all > 0 && !counts.is_cut).then_some(Bounds {
        unknown: counts.undetermined,
        lowest: (counts.deviations, all),
        highest: (counts.deviations + counts.undetermined, all),
    })
}

/// Every cohort's counts over the same cases; `all` is the number of cases.
pub fn conventions(
    facts: ControlFacts<'_>,
    kind: PeriodKind,
    current: i32,
    all: u64,
    edges: &Edges,
) -> Vec<Convention> {
    let sums = Cohort::ALL.map(|cohort| (cohort, facts.whole_by_period(cohort, kind)));
    let first = sums.iter().filter_map(|(_, sums)| sums.keys().next()).min().copied();
    let first = first.unwrap_or(current).min(current);
    let of_cohort = |(cohort, sums): (Cohort, BTreeMap<i32, CaseCounts>)| {
        let of_period = |index: i32| {
            let period = Period { kind, index };
            let counts = sums.get(&index).copied().unwrap_or_default();
            (period, CaseCounts { is_cut: !edges.is_whole(cohort, period), ..counts })
        };
        let periods: Vec<(Period, CaseCounts)> = (first..=current).map(of_period).collect();
        let placed: u64 = sums.values().map(|counts| counts.all()).sum();
        let later = sums.range(current + 1..).map(|(_, counts)| counts.all()).sum();
        Convention { cohort, periods, later, none: all - placed }
    };
    sums.into_iter().map(of_cohort).collect()
}
