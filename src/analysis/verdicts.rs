//! The verdicts of several controls at a glance.

use super::trend::Trend;

/// The verdicts of several trends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdicts {
    /// Those that got worse.
    pub worse: u64,
    /// Those that got better.
    pub better: u64,
    /// One of them is known.
    pub are_known: bool,
    /// Points of some are hidden, so that nothing is known of these.
    pub are_hidden: bool,
}

impl Verdicts {
    /// Counts them.
    pub fn of<'a>(trends: impl Iterator<Item = &'a Trend> + Clone) -> Verdicts {
        let count =
            |answer: &str| trends.clone().filter(|trend| trend.verdict.answer.id() == answer).count() as u64;
        Verdicts {
            worse: count("worse"),
            better: count("better"),
            are_known: trends.clone().any(|trend| trend.verdict.answer.is_known()),
            are_hidden: trends.clone().any(|trend| trend.current_segment().hides_points),
        }
    }
}
