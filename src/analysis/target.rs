//! Target: how often it was met, and the chance of meeting it at the present share.

use super::point::TrendPoint;
use super::signals::SAME;
use super::tails::binomial_at_least;
use crate::period::PeriodKind;

/// The present is so many months.
const PRESENT: i32 = 12;

/// How often a target was met since the last step, and the chance of meeting it now.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TargetRecord {
    /// The share to stay at or below, 0–1.
    pub target: f64,
    /// Periods whose share met it.
    pub met: usize,
    /// Periods in all.
    pub periods: usize,
    /// How many of the last periods the present share is of: a year's, or as many as there are.
    pub recent: usize,
    /// Deviations and cases of these.
    pub present: (u64, u64),
    /// Judged cases of a usual one of these.
    pub cases: u64,
    /// The chance, 0–1, that a period of so many cases meets the target at the present share (binomial).
    pub chance: f64,
}

impl TargetRecord {
    /// The record of the points that take part, in order; `None` without one.
    pub fn of(points: &[&TrendPoint], target: f64, kind: PeriodKind) -> Option<TargetRecord> {
        let met = points.iter().filter(|point| point.share().is_some_and(|share| share <= target + SAME));
        let recent = points.len().min((PRESENT / kind.months()) as usize);
        let last = &points[points.len() - recent..];
        let present = last.iter().filter_map(|point| point.figure.ratio());
        let (deviations, all) =
            present.fold((0, 0), |(sum, all), (deviations, cases)| (sum + deviations, all + cases));
        let cases = (all as f64 / recent as f64).round() as u64;
        let allowed = (target * cases as f64 + SAME).floor() as u64;
        (all > 0).then(|| TargetRecord {
            target,
            met: met.count(),
            periods: points.len(),
            recent,
            present: (deviations, all),
            cases,
            chance: 1.0 - binomial_at_least(allowed + 1, cases, deviations as f64 / all as f64),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::trend::tests::against;

    #[test]
    fn none_late_is_met_in_some_months_and_by_a_chance() {
        // 20 cases a month, one late in each second: (1 − 0.025)²⁰ by the binomial distribution.
        let counts: Vec<(u64, u64)> = (0..24).map(|month| (month % 2, 20)).collect();
        let record = against(&counts, 0.0).target_record().expect("a record");
        assert_eq!((record.met, record.periods, record.recent), (12, 24, 12));
        assert_eq!((record.present, record.cases), ((6, 240), 20));
        assert!((record.chance - 0.975_f64.powi(20)).abs() < 1e-12, "{}", record.chance);
        // At most one of twenty: one more term of the distribution.
        let record = against(&counts, 0.05).target_record().expect("a record");
        let chance = 0.975_f64.powi(20) + 20.0 * 0.025 * 0.975_f64.powi(19);
        assert_eq!(record.met, 24);
        assert!((record.chance - chance).abs() < 1e-12, "{}", record.chance);
    }
}
