//! How bad deviations are: a share against two limits.
//!
//! | grade | when |
//! |---|---|
//! | no deviation | the share is at or below the target |
//! | minor | the share is above the target |
//! | severe | the share is at or above `severe_at`; of a sample, its whole interval is |
//!
//! A count of everything and the cases of a period are facts: their number is graded. A sample is graded by its interval.
//! The grades of the interval's ends tell how sure the grade of a sample is, and what the process may give.

use schemars::JsonSchema;
use serde::Serialize;

use crate::analysis::{Interval, of_sample, wilson};
use crate::plan::{GradeLimits, Scope, Severity};

/// Deviations that can be graded, and what they are counted among.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Graded {
    /// Those that deviate.
    pub deviations: u64,
    /// All that were counted or looked at.
    pub cases: u64,
    /// What is counted.
    pub scope: Scope,
    /// Of how many a sample was drawn.
    pub population: Option<u64>,
}

impl Graded {
    /// The 95 % interval of the share: of the population of a sample (hypergeometric), or of the process behind the
    /// cases of a period (Wilson). A count of everything has none.
    pub fn interval(self) -> Option<Interval> {
        match (self.scope, self.population) {
            (Scope::All, _) => None,
            (Scope::Sample, Some(population)) => of_sample(self.deviations, self.cases, population),
            (Scope::Sample, None) | (Scope::Process, _) => wilson(self.deviations, self.cases),
        }
    }
}

/// A grade and between which grades the share lies as far as chance can tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Grade {
    /// The grade.
    pub severity: Severity,
    /// The grade of the interval's lower end; of a count of everything, the grade itself.
    pub lowest: Severity,
    /// The grade of the interval's upper end; of a count of everything, the grade itself.
    pub highest: Severity,
}

impl Grade {
    /// Every share in the interval has this grade.
    pub fn is_sure(self) -> bool {
        self.lowest == self.severity && self.highest == self.severity
    }
}

/// The grade of what was counted; `None` without a case or without a target.
pub fn grade(graded: Graded, limits: GradeLimits) -> Option<Grade> {
    let target = limits.target?;
    if graded.cases == 0 {
        return None;
    }
    let of = |share: f64| match share {
        share if share <= target => Severity::None,
        share if limits.severe_at.is_some_and(|severe_at| share >= severe_at) => Severity::Severe,
        _ => Severity::Minor,
    };
    let by_number = of(graded.deviations as f64 / graded.cases as f64);
    let ends = graded.interval().map(|interval| (of(interval.low), of(interval.high)));
    let (lowest, highest) = ends.unwrap_or((by_number, by_number));
    let severity = match graded.scope {
        Scope::Sample if lowest < Severity::Severe => by_number.min(Severity::Minor),
        Scope::Sample => lowest,
        Scope::All | Scope::Process => by_number,
    };
    Some(Grade { severity, lowest, highest })
}

#[cfg(test)]
mod tests {
    use super::*;
    use Severity::{Minor, None as Fine, Severe};

    const LIMITS: GradeLimits = GradeLimits { target: Some(0.05), severe_at: Some(0.20) };

    fn graded(deviations: u64, cases: u64, scope: Scope) -> (Severity, Severity, Severity) {
        let population = (scope == Scope::Sample).then_some(10_000);
        let grade = grade(Graded { deviations, cases, scope, population }, LIMITS).expect("a grade");
        (grade.severity, grade.lowest, grade.highest)
    }

    #[test]
    fn a_sample_is_graded_by_its_interval() {
        let sample = |deviations, cases| graded(deviations, cases, Scope::Sample);
        // 34.5 % of 319: the interval begins at 29.3 %.
        assert_eq!(sample(110, 319), (Severe, Severe, Severe));
        // A quarter of 20 may be 9 %: above the limit, and not surely.
        assert_eq!(sample(5, 20), (Minor, Minor, Severe));
        assert_eq!(sample(41, 1218), (Fine, Fine, Fine));
        assert_eq!(sample(6, 63), (Minor, Fine, Minor));
        assert_eq!(sample(0, 5), (Fine, Fine, Severe));
        // Half of the population looked at: what is left can no longer bring the share under the limit.
        let half = Graded { deviations: 5, cases: 20, scope: Scope::Sample, population: Some(21) };
        assert_eq!(grade(half, LIMITS).map(|grade| grade.severity), Some(Severe));
    }

    #[test]
    fn a_fact_is_graded_by_its_number() {
        for scope in [Scope::All, Scope::Process] {
            let severity = |deviations, cases| graded(deviations, cases, scope).0;
            assert_eq!(severity(110, 319), Severe);
            assert_eq!(severity(5, 20), Severe);
            // Exactly at a limit: 20 % is severe, 5 % is no deviation.
            assert_eq!([severity(1, 5), severity(1, 20)], [Severe, Fine]);
            assert_eq!([severity(6, 63), severity(0, 5)], [Minor, Fine]);
        }
        // A count of everything is certain; the share of a process has an interval beside it.
        assert_eq!(graded(5, 20, Scope::All), (Severe, Severe, Severe));
        assert_eq!(graded(5, 20, Scope::Process), (Severe, Minor, Severe));
        assert_eq!(graded(6, 63, Scope::Process), (Minor, Fine, Minor));
    }

    #[test]
    fn a_target_of_none_is_missed_by_one() {
        let limits = GradeLimits { target: Some(0.0), severe_at: None };
        let severity = |deviations, scope| {
            let population = Some(5_000);
            grade(Graded { deviations, cases: 1000, scope, population }, limits).map(|grade| grade.severity)
        };
        for scope in [Scope::All, Scope::Sample, Scope::Process] {
            assert_eq!(severity(1, scope), Some(Minor));
            assert_eq!(severity(0, scope), Some(Fine));
            assert_eq!(severity(1000, scope), Some(Minor));
        }
    }

    #[test]
    fn without_a_case_or_a_target_there_is_no_grade() {
        let none = |cases, limits| {
            grade(Graded { deviations: 0, cases, scope: Scope::All, population: None }, limits)
        };
        assert_eq!(none(0, LIMITS), None);
        assert_eq!(none(2, GradeLimits { target: None, severe_at: Some(0.2) }), None);
    }
}
