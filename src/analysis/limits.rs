//! Limits: what chance gives the shares of a segment, by the p, p′ and XmR charts.
//!
//! Formulas of Shewhart, Laney (2002, Quality Engineering 14(4)) and Wheeler.

use super::point::TrendPoint;
use super::signals::SAME;
use crate::project::TrendChart;

/// Below so many points limits are trial limits.
pub const FULL_LIMITS: usize = 12;
/// Limits lie so many standard deviations from the centre.
pub const SIGMAS: f64 = 3.0;
/// A point is far out beyond so many: two thirds of the way to a limit.
pub const FAR_SIGMAS: f64 = 2.0;
/// Mean moving range of two points in standard deviations (d₂ for n = 2).
const RANGE_IN_SIGMAS: f64 = 1.128;
/// A p′ chart's limits are never narrower than binomial ones: where σ_z is below 1, that is chance in σ_z more often
/// than in the process.
const NARROWEST: f64 = 1.0;
/// From the mean moving range to the limits of an XmR chart (3 / d₂).
const XMR_FACTOR: f64 = 2.66;
/// Moving ranges beyond so many times their mean are left out once (D₄ for n = 2).
const SCREEN: f64 = 3.267;
/// Below so many deviations a period, or cases in time, a share moves in leaps: limits and runs, which take it
/// to be spread evenly round its centre, would see signals in pure chance (Montgomery: n·p ≥ 5).
const ENOUGH_DEVIATIONS: f64 = 5.0;

/// A point that limits are made from.
#[derive(Clone, Copy)]
pub struct Observation {
    /// Its period.
    pub index: i32,
    /// Judged cases; above 0.
    pub cases: u64,
    /// Deviations among them.
    pub deviations: u64,
    /// The share, 0–1.
    pub share: f64,
}

impl Observation {
    /// A point that takes part in limits; `None` of another.
    pub fn of(point: &TrendPoint) -> Option<Observation> {
        let (deviations, cases) = point.figure.ratio().filter(|_| point.counts())?;
        let share = deviations as f64 / cases as f64;
        Some(Observation { index: point.period.index, cases, deviations, share })
    }
}

/// The centre of a segment, and how far from it chance reaches.
pub struct Limits {
    /// The centre line.
    pub center: f64,
    spread: Spread,
    /// Standard deviation of the points in binomial ones, as it is; p′ charts alone have it.
    pub sigma_z: Option<f64>,
    /// The mean moving range after screening: of z on p′ charts, of shares on XmR charts.
    pub mean_moving_range: Option<f64>,
}

/// One standard deviation.
enum Spread {
    /// So many binomial standard deviations.
    Binomial(f64),
    /// The same for every point.
    Constant(f64),
    /// Not known.
    Unknown,
}

impl Limits {
    /// The limits from the points of a baseline; `None` without any.
    pub fn of(baseline: &[Observation], chart: TrendChart) -> Option<Limits> {
        if baseline.is_empty() {
            return None;
        }
        let shares = || baseline.iter().map(|point| point.share);
        let center = match chart {
            TrendChart::P | TrendChart::PPrime => pooled_share(baseline),
            TrendChart::Xmr => shares().sum::<f64>() / baseline.len() as f64,
        };
        let moving_range = match chart {
            TrendChart::P => None,
            // Without spread by chance there is nothing to measure deviations in.
            TrendChart::PPrime if center == 0.0 || center == 1.0 => None,
            TrendChart::PPrime => {
                let z = |point: &Observation| (point.share - center) / binomial_sigma(center, point.cases);
                mean_moving_range(baseline, z)
            }
            TrendChart::Xmr => mean_moving_range(baseline, |point| point.share),
        };
        let (spread, sigma_z) = match (chart, moving_range) {
            (TrendChart::P, _) => (Spread::Binomial(1.0), None),
            (TrendChart::PPrime, _) if center == 0.0 || center == 1.0 => (Spread::Constant(0.0), None),
            (TrendChart::PPrime, Some(range)) => {
                let sigma_z = range / RANGE_IN_SIGMAS;
                (Spread::Binomial(sigma_z.max(NARROWEST)), Some(sigma_z))
            }
            (TrendChart::Xmr, Some(range)) => (Spread::Constant(range * XMR_FACTOR / SIGMAS), None),
            (TrendChart::PPrime | TrendChart::Xmr, None) => (Spread::Unknown, None),
        };
        Some(Limits { center, spread, sigma_z, mean_moving_range: moving_range })
    }

    /// So many standard deviations below and above the centre, for a point of so many cases.
    pub fn around(&self, cases: u64, sigmas: f64) -> Option<(f64, f64)> {
        let sigma = match self.spread {
            Spread::Binomial(times) => binomial_sigma(self.center, cases) * times,
            Spread::Constant(sigma) => sigma,
            Spread::Unknown => return None,
        };
        Some((self.center - sigmas * sigma, self.center + sigmas * sigma))
    }
}

/// All deviations of all cases, not the mean of shares.
fn pooled_share(baseline: &[Observation]) -> f64 {
    let sum = |pick: fn(&Observation) -> u64| baseline.iter().map(pick).sum::<u64>() as f64;
    sum(|point| point.deviations) / sum(|point| point.cases)
}

/// The standard deviation that chance gives a share of so many cases.
fn binomial_sigma(center: f64, cases: u64) -> f64 {
    (center * (1.0 - center) / cases as f64).sqrt()
}

/// The mean of the ranges between neighbouring periods, those far beyond the mean left out once; `None` when
/// no two periods are neighbours.
fn mean_moving_range(baseline: &[Observation], value: impl Fn(&Observation) -> f64) -> Option<f64> {
    let mean = |ranges: &[f64]| ranges.iter().sum::<f64>() / ranges.len() as f64;
    let neighbours = baseline.windows(2).filter(|pair| pair[1].index == pair[0].index + 1);
    let mut ranges: Vec<f64> = neighbours.map(|pair| (value(&pair[1]) - value(&pair[0])).abs()).collect();
    if ranges.is_empty() {
        return None;
    }
    let most = SCREEN * mean(&ranges);
    // What equals the limit stays, so that a constant series keeps its ranges of 0.
    ranges.retain(|range| *range <= most);
    Some(mean(&ranges))
}

/// Deviations, or cases in time, are so few that a share moves in leaps; without any it does not move at all.
pub fn too_few_deviations(baseline: &[Observation]) -> bool {
    let sum = |pick: fn(&Observation) -> u64| baseline.iter().map(pick).sum::<u64>();
    let (deviations, cases) = (sum(|point| point.deviations), sum(|point| point.cases));
    let rarer = deviations.min(cases - deviations);
    rarer > 0 && (rarer as f64) < ENOUGH_DEVIATIONS * baseline.len() as f64
}

/// Whether a share lies strictly beyond limits. Limits without spread are the centre: nothing is measured that a
/// point could lie beyond.
pub fn is_beyond(share: f64, (lower, upper): (f64, f64)) -> bool {
    upper - lower > SAME && (share > upper + SAME || share < lower - SAME)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::signals::{Runs, drifts, shifts, two_of_three};
    use super::super::signals::{Side, side};
    use super::*;

    #[test]
    fn published_charts_are_reproduced() {
        #[derive(serde::Deserialize)]
        struct Published {
            example: Vec<Example>,
        }
        #[derive(serde::Deserialize)]
        struct Example {
            name: String,
            chart: TrendChart,
            #[serde(default)]
            deviations: Vec<u64>,
            #[serde(default)]
            cases: Vec<u64>,
            #[serde(default)]
            values: Vec<f64>,
            screened: bool,
            center: Option<f64>,
            tolerance: f64,
            lower: Option<toml::Value>,
            upper: Option<toml::Value>,
            #[serde(default)]
            signals: BTreeMap<String, toml::Value>,
        }
        let text = include_str!("../../tests/vectors/published_trends.toml");
        let published: Published = toml::from_str(text).expect("the vectors are TOML");
        let mut checked = Vec::new();
        for example in published.example {
            let counts = example.deviations.iter().zip(&example.cases);
            let observations: Vec<Observation> = if example.values.is_empty() {
                counts
                    .map(|(deviations, cases)| (*deviations, *cases, *deviations as f64 / *cases as f64))
                    .zip(0..)
                    .map(|((deviations, cases, share), index)| Observation {
                        index,
                        cases,
                        deviations,
                        share,
                    })
                    .collect()
            } else {
                let values = example.values.iter().zip(0..);
                values
                    .map(|(value, index)| Observation { index, cases: 1, deviations: 0, share: *value })
                    .collect()
            };
            let ranges: Vec<f64> =
                observations.windows(2).map(|pair| (pair[1].share - pair[0].share).abs()).collect();
            let most = SCREEN * ranges.iter().sum::<f64>() / ranges.len() as f64;
            if !example.screened
                && example.chart == TrendChart::Xmr
                && ranges.iter().any(|range| *range > most)
            {
                // Made without screening, which frist always does.
                continue;
            }
            let limits = Limits::of(&observations, example.chart).expect("limits");
            let close = |what: &str, found: f64, wanted: f64| {
                let apart = (found - wanted).abs();
                assert!(apart <= example.tolerance, "{}: {what} {found}, published {wanted}", example.name);
            };
            if let Some(center) = example.center {
                close("centre", limits.center, center);
            }
            let number = |value: &toml::Value| {
                value.as_float().or(value.as_integer().map(|value| value as f64)).expect("a number")
            };
            let clamped = example.chart != TrendChart::Xmr;
            let around: Vec<(f64, f64)> = observations
                .iter()
                .map(|point| limits.around(point.cases, SIGMAS).expect("limits"))
                .map(|(low, high)| if clamped { (low.max(0.0), high.min(1.0)) } else { (low, high) })
                .collect();
            for (index, (low, high)) in around.iter().enumerate() {
                for (what, found, wanted) in [("lower", low, &example.lower), ("upper", high, &example.upper)]
                {
                    match wanted {
                        Some(toml::Value::Array(list)) => close(what, *found, number(&list[index])),
                        Some(value) => close(what, *found, number(value)),
                        None => {}
                    }
                }
            }
            let sides: Vec<Side> =
                observations.iter().map(|point| side(point.share, limits.center)).collect();
            let beyond = |share: f64, limits: (f64, f64)| share > limits.1 || share < limits.0;
            let outside: Vec<usize> = (0..observations.len())
                .filter(|index| beyond(observations[*index].share, around[*index]))
                .collect();
            let far: Vec<bool> = observations
                .iter()
                .map(|point| beyond(point.share, limits.around(point.cases, FAR_SIGMAS).expect("limits")))
                .collect();
            let runs = Runs::of(&sides);
            for (what, stated) in &example.signals {
                let listed = || -> Vec<usize> {
                    let list = stated.as_array().into_iter().flatten();
                    list.filter_map(toml::Value::as_integer).map(|index| index as usize).collect()
                };
                let count = stated.as_integer().map(|count| count as usize);
                match what.as_str() {
                    "outside" => assert_eq!(outside, listed(), "{}", example.name),
                    "shift" => assert_eq!(shifts(&sides).len(), listed().len(), "{}", example.name),
                    "trend" => {
                        let shares: Vec<f64> = observations.iter().map(|point| point.share).collect();
                        assert_eq!(drifts(&shares).len(), listed().len(), "{}", example.name);
                    }
                    "two_of_three" => assert_eq!(two_of_three(&sides, &far), listed(), "{}", example.name),
                    "longest_run" => assert_eq!(Some(runs.longest), count, "{}", example.name),
                    "longest_run_limit" => assert_eq!(runs.longest_by_chance, count, "{}", example.name),
                    "crossings" => assert_eq!(Some(runs.crossings), count, "{}", example.name),
                    "crossings_limit" => assert_eq!(runs.fewest_by_chance, count, "{}", example.name),
                    other => panic!("{}: no signal {other}", example.name),
                }
            }
            checked.push(example.name);
        }
        // NHSRplotthedots, PowerBI-SPC, Montgomery and pbcharts, among others.
        assert!(checked.len() >= 15, "{checked:?}");
    }
}
