//! How bad deviations are: a share and its interval against two limits.
//!
//! | grade | when |
//! |---|---|
//! | no deviation | the share is at or below the target |
//! | minor | the share is above the target |
//! | severe | the whole interval is at or above `severe_at` |
//!
//! The grades of the interval's ends tell how sure the grade is.

use schemars::JsonSchema;
use serde::Serialize;

use crate::analysis::wilson;
use crate::plan::{GradeLimits, Severity};

/// A grade and between which grades it lies, as far as chance can tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Grade {
    /// The grade.
    pub severity: Severity,
    /// The grade of the interval's lower end.
    pub lowest: Severity,
    /// The grade of the interval's upper end.
    pub highest: Severity,
}

impl Grade {
    /// Every share in the interval has this grade.
    pub fn is_sure(self) -> bool {
        self.lowest == self.severity && self.highest == self.severity
    }
}

/// The grade of `deviations` among `cases`; `None` without a case or without a target. The interval is
/// Wilson's, 95 %.
pub fn grade(deviations: u64, cases: u64, limits: GradeLimits) -> Option<Grade> {
    let target = limits.target?;
    let interval = wilson(deviations, cases)?;
    let of = |share: f64| match share {
        share if share <= target => Severity::None,
        share if limits.severe_at.is_some_and(|severe_at| share >= severe_at) => Severity::Severe,
        _ => Severity::Minor,
    };
    let share = deviations as f64 / cases as f64;
    let (lowest, highest) = (of(interval.low), of(interval.high));
    let severity = if lowest == Severity::Severe { lowest } else { of(share).min(Severity::Minor) };
    Some(Grade { severity, lowest, highest })
}

#[cfg(test)]
mod tests {
    use super::*;
    use Severity::{Minor, None as Fine, Severe};

    const LIMITS: GradeLimits = GradeLimits { target: Some(0.05), severe_at: Some(0.20) };

    fn graded(deviations: u64, cases: u64) -> (Severity, Severity, Severity) {
        let grade = grade(deviations, cases, LIMITS).expect("a grade");
        (grade.severity, grade.lowest, grade.highest)
    }

    #[test]
    fn a_grade_sees_the_interval() {
        // 34.5 % of 319: the interval begins at 29.5 %.
        assert_eq!(graded(110, 319), (Severe, Severe, Severe));
        // A quarter of 20 may be 11 %: above the limit, and not surely.
        assert_eq!(graded(5, 20), (Minor, Minor, Severe));
        assert_eq!(graded(41, 1218), (Fine, Fine, Fine));
        assert_eq!(graded(6, 63), (Minor, Fine, Minor));
        assert_eq!(graded(1, 40), (Fine, Fine, Minor));
        assert_eq!(graded(0, 5), (Fine, Fine, Severe));
    }

    #[test]
    fn a_target_of_none_is_missed_by_one() {
        let limits = GradeLimits { target: Some(0.0), severe_at: None };
        assert_eq!(grade(1, 1000, limits).map(|grade| grade.severity), Some(Minor));
        assert_eq!(grade(0, 1000, limits).map(|grade| grade.severity), Some(Fine));
        assert_eq!(grade(1000, 1000, limits).map(|grade| grade.severity), Some(Minor));
    }

    #[test]
    fn without_a_case_or_a_target_there_is_no_grade() {
        assert_eq!(grade(0, 0, LIMITS), None);
        assert_eq!(grade(1, 2, GradeLimits { target: None, severe_at: Some(0.2) }), None);
    }
}
