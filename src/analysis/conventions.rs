//! Conventions side by side: one list of cases, counted by the day they were closed, fell due or started.

use std::collections::BTreeMap;

use polars::prelude::{DataFrame, PolarsResult};

use super::Bounds;
use super::counts::{CaseCounts, by_period};
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
        self.periods.iter().map(|(_, counts)| counts.cases + counts.undetermined).sum::<u64>()
            + self.later
            + self.none
    }
}

/// What a share can become once the undetermined cases of its period are judged; `None` without a case.
pub fn bounds(counts: CaseCounts) -> Option<Bounds> {
    let all = counts.cases + counts.undetermined;
    (all > 0).then_some(Bounds {
        unknown: counts.undetermined,
        lowest: (counts.deviations, all),
        highest: (counts.deviations + counts.undetermined, all),
    })
}

/// Every cohort's counts over the same cases; `all` is the number of cases.
pub fn conventions(
    frame: &DataFrame,
    kind: PeriodKind,
    current: i32,
    all: u64,
) -> PolarsResult<Vec<Convention>> {
    let sums: Vec<(Cohort, BTreeMap<i32, CaseCounts>)> = Cohort::ALL
        .into_iter()
        .map(|cohort| Ok((cohort, by_period(frame, cohort, kind)?)))
        .collect::<PolarsResult<_>>()?;
    let first = sums.iter().filter_map(|(_, sums)| sums.keys().next()).min().copied();
    let first = first.unwrap_or(current).min(current);
    let of_cohort = |(cohort, sums): (Cohort, BTreeMap<i32, CaseCounts>)| {
        let cases = |counts: &CaseCounts| counts.cases + counts.undetermined;
        let periods: Vec<(Period, CaseCounts)> = (first..=current)
            .map(|index| (Period { kind, index }, sums.get(&index).copied().unwrap_or_default()))
            .collect();
        let placed: u64 = sums.values().map(cases).sum();
        let later = sums.range(current + 1..).map(|(_, counts)| cases(counts)).sum();
        Convention { cohort, periods, later, none: all - placed }
    };
    Ok(sums.into_iter().map(of_cohort).collect())
}
