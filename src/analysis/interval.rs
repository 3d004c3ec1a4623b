//! Intervals for shares and for differences between shares.

use schemars::JsonSchema;
use serde::Serialize;

use super::exact::as_exact;
use super::tails::hypergeometric;

/// A closed interval, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
pub struct Interval {
    /// Lower end.
    #[serde(serialize_with = "as_exact")]
    pub low: f64,
    /// Upper end.
    #[serde(serialize_with = "as_exact")]
    pub high: f64,
}

/// Φ⁻¹(0.975), for two-sided 95 % intervals.
pub const Z95: f64 = 1.959_963_984_540_054;

/// Φ⁻¹(0.999), for two-sided 99.8 % limits.
pub const Z998: f64 = 3.090_232_306_167_813_5;

/// The Wilson score interval, 95 %, of `deviations` among `cases`; `None` without cases (Wilson 1927).
pub fn wilson(deviations: u64, cases: u64) -> Option<Interval> {
    if cases == 0 {
        return None;
    }
    let (d, n, z2) = (deviations as f64, cases as f64, Z95 * Z95);
    let centre = 2.0 * d + z2;
    let reach = Z95 * (z2 + 4.0 * d * (1.0 - d / n)).sqrt();
    let width = 2.0 * (n + z2);
    // At the ends of the scale the formula gives the end itself but for rounding.
    let low = if deviations == 0 { 0.0 } else { (centre - reach) / width };
    let high = if deviations == cases { 1.0 } else { (centre + reach) / width };
    Some(Interval { low, high })
}

/// The exact 95 % interval of the share in a population of which a sample was drawn without replacement: every number
/// of deviations in it for which neither tail of the hypergeometric distribution is 2.5 % or less (Buonaccorsi 1987, The
/// American Statistician 41:215). `None` without a sample. A sample of all is its own share.
pub fn of_sample(deviations: u64, sampled: u64, population: u64) -> Option<Interval> {
    const TAIL: f64 = 0.025;
    if sampled == 0 {
        return None;
    }
    let chances = |marked: u64| hypergeometric(deviations, sampled, marked, population);
    let (fewest, most) = (deviations, population - (sampled - deviations));
    let low = first_from(fewest, most, |marked| chances(marked).at_least > TAIL);
    let above = first_from(low, most + 1, |marked| chances(marked).at_most <= TAIL);
    let share = |marked: u64| marked as f64 / population as f64;
    Some(Interval { low: share(low), high: share(above - 1) })
}

/// The first number from `first` on for which something holds that holds for all later ones; `end` if for none before.
fn first_from(first: u64, end: u64, holds: impl Fn(u64) -> bool) -> u64 {
    let (mut first, mut end) = (first, end);
    while first < end {
        let middle = first + (end - first) / 2;
        if holds(middle) { end = middle } else { first = middle + 1 }
    }
    first
}

/// The 95 % interval of the difference `now − before` between two shares, each given as deviations and
/// cases; `None` when one has no cases. Newcombe's hybrid score interval (1998, method 10), from the two
/// Wilson intervals.
pub fn newcombe(now: (u64, u64), before: (u64, u64)) -> Option<Interval> {
    let (now_wilson, before_wilson) = (wilson(now.0, now.1)?, wilson(before.0, before.1)?);
    let (p1, p2) = (now.0 as f64 / now.1 as f64, before.0 as f64 / before.1 as f64);
    let difference = p1 - p2;
    Some(Interval {
        low: difference - (p1 - now_wilson.low).hypot(before_wilson.high - p2),
        high: difference + (now_wilson.high - p1).hypot(p2 - before_wilson.low),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(interval: Option<Interval>, low: f64, high: f64) {
        let interval = interval.expect("an interval");
        assert!((interval.low - low).abs() < 5e-7 && (interval.high - high).abs() < 5e-7, "{interval:?}");
    }

    #[test]
    fn wilson_gives_the_published_values() {
        // statistics.md; the same in statsmodels' proportion_confint(method="wilson").
        close(wilson(65, 100), 0.552_544, 0.736_358);
        close(wilson(3, 12), 0.088_942, 0.532_305);
        close(wilson(0, 12), 0.0, 0.242_494);
        assert_eq!(wilson(0, 7).map(|interval| interval.low), Some(0.0));
        assert_eq!(wilson(7, 7).map(|interval| interval.high), Some(1.0));
        assert_eq!(wilson(0, 0), None);
    }

    /// Numbers of deviations in the population by exact fractions (Python).
    #[test]
    fn a_sample_s_interval_is_of_its_population() {
        for (sample, population, low, high) in [
            ((31, 152), 900, 134, 243),
            ((0, 20), 100, 0, 15),
            ((20, 20), 100, 85, 100),
            ((5, 13), 13, 5, 5),
            ((1, 50), 60, 1, 3),
            ((3, 10), 1000, 68, 651),
            ((0, 1), 1, 0, 0),
            ((1, 2), 3, 1, 2),
        ] {
            let share = |marked: u64| marked as f64 / population as f64;
            let wanted = Some(Interval { low: share(low), high: share(high) });
            assert_eq!(of_sample(sample.0, sample.1, population), wanted, "{sample:?} of {population}");
        }
        assert_eq!(of_sample(0, 0, 9), None);
        // Of a large population the interval is nearly that of the process.
        let (large, process) = (of_sample(31, 152, 10_000_000), wilson(31, 152));
        let (large, process) = (large.expect("an interval"), process.expect("an interval"));
        assert!((large.low - process.low).abs() < 0.01 && (large.high - process.high).abs() < 0.01);
    }

    #[test]
    fn newcombe_gives_the_paper_s_values() {
        // Newcombe (1998), table II, method 10: 56/70 − 48/80, 9/10 − 3/10, 10/10 − 0/20.
        let close4 = |interval: Option<Interval>, low: f64, high: f64| {
            let interval = interval.expect("an interval");
            assert!((interval.low - low).abs() < 5e-5 && (interval.high - high).abs() < 5e-5, "{interval:?}");
        };
        close4(newcombe((56, 70), (48, 80)), 0.0524, 0.3339);
        close4(newcombe((9, 10), (3, 10)), 0.1705, 0.8090);
        close4(newcombe((10, 10), (0, 20)), 0.6791, 1.0);
        assert_eq!(newcombe((1, 2), (0, 0)), None);
    }
}
