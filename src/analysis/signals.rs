//! Signals: what in a series is not chance, by runs round its centre.
//!
//! Works on the sides of points, so a chart of any kind can ask. Points beyond a limit are the chart's to
//! find. Two sets of rules: Anhøj's, and those of the health service.

use std::ops::Range;

/// Where a point lies to the centre.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Below the centre.
    Below,
    /// On it.
    On,
    /// Above it.
    Above,
}

/// Shares of at most a million cases differ by more than this, or are the same.
pub const SAME: f64 = 1e-12;

/// Where a share lies to a centre.
pub fn side(share: f64, center: f64) -> Side {
    match share - center {
        apart if apart > SAME => Side::Above,
        apart if apart < -SAME => Side::Below,
        _ => Side::On,
    }
}

/// The runs of a series round its centre (Anhøj & Olesen 2014, PLoS ONE 9(11): e113825). Points on the centre
/// are left out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Runs {
    /// Points that are not on the centre, n′.
    pub useful: usize,
    /// The most points in a row on one side.
    pub longest: usize,
    /// The longest run that chance gives: round(log₂ n′) + 3; `None` without a useful point.
    pub longest_by_chance: Option<usize>,
    /// How often the series crosses the centre.
    pub crossings: usize,
    /// The fewest crossings that chance gives: the lower 5 % quantile of Binomial(n′ − 1, ½); `None` without
    /// a useful point.
    pub fewest_by_chance: Option<usize>,
    /// Runs longer than chance gives, as ranges of the series from their first to their last useful point.
    pub unusual: Vec<Range<usize>>,
}

impl Runs {
    /// The runs of a series.
    pub fn of(sides: &[Side]) -> Runs {
        let useful: Vec<usize> = (0..sides.len()).filter(|point| sides[*point] != Side::On).collect();
        if useful.is_empty() {
            return Runs::default();
        }
        let runs: Vec<&[usize]> = useful.chunk_by(|one, next| sides[*one] == sides[*next]).collect();
        let by_chance = (useful.len() as f64).log2().round() as usize + 3;
        Runs {
            useful: useful.len(),
            longest: runs.iter().map(|run| run.len()).max().unwrap_or(0),
            longest_by_chance: Some(by_chance),
            crossings: runs.len() - 1,
            fewest_by_chance: Some(lower_quantile_of_halves(useful.len() - 1)),
            unusual: runs
                .iter()
                .filter(|run| run.len() > by_chance)
                .map(|run| run[0]..run[run.len() - 1] + 1)
                .collect(),
        }
    }
}

/// The lower 5 % quantile of Binomial(n, ½): the smallest count that is not exceeded with a chance of 5 % or
/// more.
fn lower_quantile_of_halves(trials: usize) -> usize {
    const LEVEL: f64 = 0.05;
    let n = trials as f64;
    // ln C(n, k) step by step; ½ⁿ alone would vanish beyond a thousand trials.
    let (mut below, mut log_choices) = (0.0, 0.0);
    for count in 0..trials {
        below += (log_choices - n * std::f64::consts::LN_2).exp();
        if below >= LEVEL {
            return count;
        }
        let k = count as f64;
        log_choices += ((n - k) / (k + 1.0)).ln();
    }
    trials
}

/// Points in a row that the health service's rules require.
pub const IN_A_ROW: usize = 7;

/// Stretches of seven or more points on one side of the centre; a point on it ends a stretch.
pub fn shifts(sides: &[Side]) -> Vec<Range<usize>> {
    stretches(sides.len(), IN_A_ROW, |point| sides[point - 1] == sides[point] && sides[point] != Side::On)
}

/// Stretches of seven or more points that strictly rise, or strictly fall.
pub fn drifts(values: &[f64]) -> Vec<Range<usize>> {
    let step = |by: fn(f64, f64) -> bool| {
        stretches(values.len(), IN_A_ROW, |point| by(values[point - 1], values[point]))
    };
    let mut found = step(|before, now| now > before);
    found.extend(step(|before, now| now < before));
    found.sort_by_key(|range| range.start);
    found
}

/// Points far out, beyond two thirds of the way to a limit, that have another such within three points which
/// all lie on one side.
pub fn two_of_three(sides: &[Side], far: &[bool]) -> Vec<usize> {
    let mut found: Vec<usize> = Vec::new();
    for first in 0..sides.len().saturating_sub(2) {
        let window = first..first + 3;
        let one_side = sides[window.clone()].iter().all(|side| *side == sides[first]);
        let far_out: Vec<usize> = window.filter(|point| far[*point]).collect();
        if one_side && sides[first] != Side::On && far_out.len() >= 2 {
            found.extend(far_out);
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// Ranges of at least `least` points in which each point but the first goes with the one before.
fn stretches(points: usize, least: usize, goes_on: impl Fn(usize) -> bool) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut first = 0;
    for point in 1..=points {
        if point == points || !goes_on(point) {
            if point - first >= least {
                found.push(first..point);
            }
            first = point;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sides(text: &str) -> Vec<Side> {
        text.chars()
            .map(|letter| match letter {
                '+' => Side::Above,
                '-' => Side::Below,
                _ => Side::On,
            })
            .collect()
    }

    #[test]
    fn limits_of_runs_are_those_of_the_published_table() {
        let published: toml::Table =
            include_str!("../../tests/vectors/published_trends.toml").parse().expect("the vectors are TOML");
        let table = &published["anhoej"];
        let numbers = |key: &str| -> Vec<i64> {
            table[key].as_array().expect("a list").iter().filter_map(toml::Value::as_integer).collect()
        };
        let from = table["from"].as_integer().expect("a number") as usize;
        let (longest, crossings) = (numbers("longest_run_limits"), numbers("crossings_limits"));
        assert!(longest.len() == crossings.len() && longest.len() > 90);
        for (index, limits) in longest.iter().zip(&crossings).enumerate() {
            let runs = Runs::of(&vec![Side::Above; from + index]);
            let found = (runs.longest_by_chance, runs.fewest_by_chance);
            assert_eq!(found, (Some(*limits.0 as usize), Some(*limits.1 as usize)), "n = {}", from + index);
        }
    }

    #[test]
    fn quantiles_of_long_series_do_not_vanish() {
        // scipy.stats.binom.ppf(0.05, n, 0.5)
        for (trials, quantile) in [(0, 0), (1, 0), (5, 1), (1500, 718), (20_000, 9884)] {
            assert_eq!(lower_quantile_of_halves(trials), quantile, "{trials}");
        }
    }

    #[test]
    fn points_on_the_centre_are_no_points() {
        let runs = Runs::of(&sides("++0++-0-+"));
        assert_eq!((runs.useful, runs.longest, runs.crossings), (7, 4, 2));
        assert_eq!(Runs::of(&sides("000")), Runs::default());
        let long = Runs::of(&sides("+++0++++-"));
        assert_eq!(long.unusual.first(), Some(&(0..8)));
    }

    #[test]
    fn stretches_of_seven_are_found_and_of_six_not() {
        assert_eq!(shifts(&sides("+++++++-")).first(), Some(&(0..7)));
        assert!(shifts(&sides("++++++-")).is_empty());
        assert!(shifts(&sides("+++0++++")).is_empty());
        assert_eq!(drifts(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]).first(), Some(&(0..7)));
        assert!(drifts(&[1.0, 2.0, 3.0, 4.0, 4.0, 5.0, 6.0, 7.0]).is_empty());
        assert_eq!(drifts(&[7.0, 6.0, 5.0, 4.0, 3.0, 2.0, 1.0, 0.0, 1.0]).first(), Some(&(0..8)));
    }

    #[test]
    fn two_of_three_want_one_side() {
        assert_eq!(two_of_three(&sides("+++"), &[true, false, true]), [0, 2]);
        assert!(two_of_three(&sides("+-+"), &[true, false, true]).is_empty());
        assert!(two_of_three(&sides("++"), &[true, true]).is_empty());
    }
}
