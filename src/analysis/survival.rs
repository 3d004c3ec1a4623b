//! Time to close: how many cases are still open, day by day round the due date (Kaplan & Meier 1958).
//!
//! Time is the margin: days, or hours, from the due date, so that cases with different due dates lie on one
//! axis. A case that is open on the as-of date is censored there: it was open at least so long. A case that ended before
//! the export begins is not in it, so that only months of which all that started are there count.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::edges::Edges;
use super::exact::as_exact;
use super::interval::{Interval, Z95};
use crate::period::{Period, PeriodKind};
use crate::rulebook::Cohort;
use crate::tally::MarginTally;

/// What happened at one margin.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
pub struct Step {
    /// Days or hours after the due date; before it when negative.
    pub margin: i32,
    /// Cases open until then.
    pub at_risk: u64,
    /// Cases closed then.
    pub closed: u64,
    /// Cases that were last seen open then.
    pub censored: u64,
    /// The estimated share still open after it, 0–1.
    #[serde(serialize_with = "as_exact")]
    pub open_share: f64,
    /// Its 95 % interval, by the log–log transformation and Greenwood's variance (Kalbfleisch & Prentice).
    #[serde(flatten)]
    pub interval: Interval,
}

/// The curve of some cases.
#[derive(Debug, Clone, PartialEq)]
pub struct Survival {
    /// First and last month in which the cases started, as in [`crate::date::Day::month`].
    pub started: (i32, i32),
    /// Cases in all.
    pub cases: u64,
    /// Those open on the as-of date.
    pub open: u64,
    /// Every margin at which a case was closed or last seen open, in order.
    pub steps: Vec<Step>,
}

/// Cases closed and last seen open, by margin.
type Ends = BTreeMap<i32, (u64, u64)>;

impl Survival {
    /// The curve of the cases that started in a range of months; `None` without any.
    fn of(ends: &BTreeMap<i32, Ends>, started: (i32, i32)) -> Option<Survival> {
        let mut all: Ends = BTreeMap::new();
        for (margin, (closed, censored)) in ends.range(started.0..=started.1).flat_map(|(_, ends)| ends) {
            let sums = all.entry(*margin).or_default();
            *sums = (sums.0 + closed, sums.1 + censored);
        }
        let cases: u64 = all.values().map(|(closed, censored)| closed + censored).sum();
        let open = all.values().map(|(_, censored)| censored).sum();
        (cases > 0).then(|| Survival { started, cases, open, steps: steps(&all, cases) })
    }

    /// The estimated share still open after a margin, 0–1; `None` where the longest open case does not
    /// reach.
    pub fn open_after(&self, margin: i32) -> Option<f64> {
        let last = self.steps.iter().rfind(|step| step.margin <= margin);
        let known = self.steps.last().is_some_and(|end| end.margin >= margin || end.open_share == 0.0);
        known.then(|| last.map_or(1.0, |step| step.open_share))
    }

    /// The first margin after which no more than `share` is open; `None` when it was not reached.
    pub fn reached(&self, share: f64) -> Option<i32> {
        // A share such as 1/2 is a product of fractions that rounds in its last bit.
        const SAME: f64 = 1e-12;
        self.steps.iter().find(|step| step.open_share <= share + SAME).map(|step| step.margin)
    }
}

fn steps(ends: &Ends, cases: u64) -> Vec<Step> {
    let (mut at_risk, mut open_share, mut variance) = (cases, 1.0, 0.0);
    ends.iter()
        .map(|(margin, (closed, censored))| {
            let (risk, events) = (at_risk as f64, *closed as f64);
            if *closed > 0 {
                open_share *= 1.0 - events / risk;
                variance += events / (risk * (risk - events));
            }
            if *closed == at_risk {
                // No more than rounding is left of it.
                open_share = 0.0;
            }
            let step = Step {
                margin: *margin,
                at_risk,
                closed: *closed,
                censored: *censored,
                open_share,
                interval: log_log(open_share, variance),
            };
            at_risk -= closed + censored;
            step
        })
        .collect()
}

/// The interval of a share open, from Greenwood's sum.
fn log_log(share: f64, variance: f64) -> Interval {
    if share == 0.0 || share == 1.0 {
        return Interval { low: share, high: share };
    }
    let log = share.ln();
    let reach = Z95 * variance.sqrt() / log.abs();
    let at = |reach: f64| (log * reach.exp()).exp();
    Interval { low: at(reach), high: at(-reach) }
}

/// Time to close of one control.
#[derive(Debug, Clone, PartialEq)]
pub struct TimeToClose {
    /// Of the cases that started in the twelve months up to the as-of date, and in the twelve before them: the last
    /// months of these in a row that the export has all of; years without a case are left out.
    pub years: Vec<Survival>,
    /// The same by period of the start, for whole periods that have a case.
    pub periods: Vec<(Period, Survival)>,
}

/// How long cases were open, by month and period of their start.
pub fn time_to_close(
    margins: &MarginTally,
    kind: PeriodKind,
    as_of_month: i32,
    edges: &Edges,
) -> TimeToClose {
    let mut ends: BTreeMap<i32, Ends> = BTreeMap::new();
    for (month, margin, cases) in margins.by_start() {
        ends.entry(month).or_default().insert(margin, (cases.ended.into(), cases.open.into()));
    }
    // What has happened to open cases since the exports ended is not known.
    let is_whole = |period: &Period| edges.known_until.is_none() && edges.is_whole(Cohort::Started, *period);
    let is_whole_month = |month: &i32| is_whole(&PeriodKind::Month.holding_month(*month));
    let year = |last: i32| {
        let months = last - 11..=last;
        let last = months.clone().rev().find(is_whole_month)?;
        let first = (*months.start()..=last).rev().take_while(is_whole_month).last()?;
        Survival::of(&ends, (first, last))
    };
    let years = [year(as_of_month), year(as_of_month - 12)].into_iter().flatten().collect();
    let mut indices: Vec<i32> = ends.keys().map(|month| kind.holding_month(*month).index).collect();
    indices.dedup();
    let periods = indices.into_iter().map(|index| Period { kind, index });
    let periods = periods.filter(is_whole).filter_map(|period| {
        let first = period.index * kind.months();
        Some((period, Survival::of(&ends, (first, first + kind.months() - 1))?))
    });
    TimeToClose { years, periods: periods.collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Closed and open cases by margin.
    fn curve(ends: &[(i32, u64, u64)]) -> Survival {
        let ends = ends.iter().map(|(margin, closed, open)| (*margin, (*closed, *open))).collect();
        Survival::of(&BTreeMap::from([(0, ends)]), (0, 0)).expect("a curve")
    }

    #[test]
    fn the_estimate_is_kaplan_and_meier_s() {
        // Kaplan & Meier (1958), section 2: deaths at 0.8, 3.1, 5.4 and 9.2, losses at 1.0, 2.7, 7.0 and 12.1,
        // in tenths: 7/8, 7/8 · 4/5, 7/8 · 4/5 · 3/4, 7/8 · 4/5 · 3/4 · 1/2.
        let curve = curve(&[
            (8, 1, 0),
            (10, 0, 1),
            (27, 0, 1),
            (31, 1, 0),
            (54, 1, 0),
            (70, 0, 1),
            (92, 1, 0),
            (121, 0, 1),
        ]);
        let shares: Vec<f64> =
            curve.steps.iter().filter(|step| step.closed > 0).map(|step| step.open_share).collect();
        for (share, wanted) in shares.iter().zip([0.875, 0.7, 0.525, 0.2625]) {
            assert!((share - wanted).abs() < 1e-12, "{shares:?}");
        }
        assert_eq!((curve.cases, curve.open), (8, 4));
        assert_eq!((curve.reached(0.7), curve.reached(0.5), curve.reached(0.1)), (Some(31), Some(92), None));
        assert_eq!((curve.open_after(0), curve.open_after(130)), (Some(1.0), None));
    }

    #[test]
    fn all_closed_on_the_due_date_leaves_nothing_open() {
        let curve = curve(&[(0, 7, 0)]);
        assert_eq!(
            (curve.open_after(-1), curve.open_after(0), curve.open_after(99)),
            (Some(1.0), Some(0.0), Some(0.0))
        );
        assert_eq!(curve.steps[0].interval, Interval { low: 0.0, high: 0.0 });
    }

    #[test]
    fn all_open_tells_nothing_of_the_end() {
        let curve = curve(&[(-30, 0, 5)]);
        assert_eq!((curve.open_after(-30), curve.open_after(0), curve.reached(0.5)), (Some(1.0), None, None));
    }
}
