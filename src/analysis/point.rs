//! Points: one period of a trend, where it lies and what marks it.

use schemars::JsonSchema;
use serde::Serialize;

use super::facts::Series;
use super::figures::Figure;
use super::signals::{Side, side};
use crate::period::Period;
use crate::project::SignalSet;

/// What marks a point as unusual.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Signal {
    /// Beyond a limit.
    Outside,
    /// In an unusually long run on one side (Anhøj).
    Run,
    /// In a stretch of seven or more on one side (health service).
    Shift,
    /// In a stretch of seven or more rising or falling (health service).
    Trend,
    /// One of two out of three that are far out (health service).
    TwoOfThree,
    /// More deviations than its number of cases gives by chance, where deviations are few.
    Many,
    /// The cumulative sum for a doubling reaches its limit.
    Doubling,
    /// The cumulative sum for a halving reaches its limit.
    Halving,
}

impl Signal {
    /// The name in files.
    pub fn id(self) -> &'static str {
        match self {
            Signal::Outside => "outside",
            Signal::Run => "run",
            Signal::Shift => "shift",
            Signal::Trend => "trend",
            Signal::TwoOfThree => "two-of-three",
            Signal::Many => "many",
            Signal::Doubling => "doubling",
            Signal::Halving => "halving",
        }
    }

    /// Whether a set has this signal.
    pub fn is_of(self, set: SignalSet) -> bool {
        match self {
            Signal::Outside | Signal::Many | Signal::Doubling | Signal::Halving => true,
            Signal::Run => set == SignalSet::Anhoej,
            Signal::Shift | Signal::Trend | Signal::TwoOfThree => set == SignalSet::HealthService,
        }
    }
}

/// One period of a trend.
#[derive(Debug, Clone, PartialEq)]
pub struct TrendPoint {
    /// The period.
    pub period: Period,
    /// Its counts, or what the published edition shows of them.
    pub figure: Figure,
    /// The period has ended by the as-of date.
    pub has_ended: bool,
    /// And hardly a case of it is undetermined.
    pub complete: bool,
    /// Number of its segment.
    pub segment: usize,
    /// The centre line, 0–1; `None` for a gap, or when there is nothing to make it from.
    pub center: Option<f64>,
    /// Lower and upper limit, 0–1.
    pub limits: Option<(f64, f64)>,
    /// Signals of both sets, in order.
    pub signals: Vec<Signal>,
}

impl TrendPoint {
    /// The share, 0–1, so far where the period has not ended; `None` without a judged case, or while more than
    /// 5 % are undetermined.
    pub fn share(&self) -> Option<f64> {
        self.figure.share().filter(|_| self.figure.is_mostly_judged())
    }

    /// Whether the point takes part in limits and signals.
    pub fn counts(&self) -> bool {
        self.figure.shows_cases() && self.complete
    }

    /// Where it lies to the centre; `None` without a share or a centre.
    pub fn side(&self) -> Option<Side> {
        Some(side(self.share()?, self.center?))
    }
}

impl Series {
    /// How many cases of a point are open and not yet due.
    pub fn undetermined_of(&self, point: &TrendPoint) -> u64 {
        self.points.get(&point.period.index).map_or(0, |counts| counts.undetermined)
    }
}
