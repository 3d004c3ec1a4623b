//! The lawful method against the reference method: the slack between them by start month, and how much of a
//! change of the share comes from the method alone.

use schemars::JsonSchema;
use serde::Serialize;

use super::exact::as_exact;
use super::figures::PeriodFigures;
use super::{ControlFindings, Detail};
use crate::date::{Day, first_day_of_month, last_day_of_month};
use crate::judge::DueDates;
use crate::period::Period;
use crate::rulebook::{Clock, Rule};

/// A change between two periods that are reported by different methods: before by the reference, now by the law.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct MethodChange {
    /// The period told by the lawful method.
    pub period: Period,
    /// The period before, told by the reference method.
    pub before: Period,
    /// The share before, by the reference method, 0–1.
    #[serde(serialize_with = "as_exact")]
    pub from_share: f64,
    /// The share now, by the lawful method, 0–1.
    #[serde(serialize_with = "as_exact")]
    pub to_share: f64,
    /// What the cases changed.
    #[serde(serialize_with = "as_exact")]
    pub by_cases: f64,
    /// What the change of method changed; with `by_cases` it adds up to the whole change.
    #[serde(serialize_with = "as_exact")]
    pub by_method: f64,
    /// The method's part was measured in both periods and averaged (Kitagawa 1955, Journal of the American
    /// Statistical Association 50); otherwise in the later one alone, for the earlier cases are gone.
    #[serde(skip)]
    pub symmetric: bool,
}

/// The parts of the change to each period from the one before. A figure of an earlier report takes part when
/// it was counted by the reference method.
pub fn method_changes(periods: &[PeriodFigures], rule: &Rule) -> Vec<MethodChange> {
    let Some(reference) = rule.reference else { return Vec::new() };
    periods.windows(2).filter_map(|pair| method_change(&pair[0], &pair[1], reference)).collect()
}

fn method_change(before: &PeriodFigures, now: &PeriodFigures, reference: Clock) -> Option<MethodChange> {
    let (lawful_now, reference_now) = (now.lawful_share()?, now.reference_share(reference)?);
    let from_share = before.reference_share(reference)?;
    let (by_cases, by_method, symmetric) = match before.lawful_share() {
        Some(lawful_before) => {
            let by_cases = ((lawful_now - lawful_before) + (reference_now - from_share)) / 2.0;
            let by_method = ((lawful_before - from_share) + (lawful_now - reference_now)) / 2.0;
            (by_cases, by_method, true)
        }
        None => (reference_now - from_share, lawful_now - reference_now, false),
    };
    let (period, before) = (now.period, before.period);
    Some(MethodChange { period, before, from_share, to_share: lawful_now, by_cases, by_method, symmetric })
}

/// The shares of one period by both methods.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MethodPoint {
    /// The place of the period among those of its control.
    pub index: usize,
    /// By the lawful method, 0–1; not known for a figure of an earlier report.
    pub lawful: Option<f64>,
    /// By the reference, 0–1.
    pub reference: f64,
    /// Its period has ended.
    pub has_ended: bool,
}

impl MethodPoint {
    /// What the reference adds.
    pub fn gap(&self) -> Option<f64> {
        self.lawful.map(|lawful| self.reference - lawful)
    }
}

impl ControlFindings {
    /// Every period whose share by the reference is known.
    pub fn method_points(&self, reference: Clock) -> Vec<MethodPoint> {
        let points = self.periods.iter().enumerate().filter_map(|(index, period)| {
            let (lawful, reference) = (period.lawful_share(), period.reference_share(reference)?);
            Some(MethodPoint { index, lawful, reference, has_ended: period.complete })
        });
        points.collect()
    }
}

impl Detail {
    /// The days between the methods by start month, when they differ in days in every month.
    pub fn slacks(&self) -> Option<Vec<(i32, i32)>> {
        self.slack_days.iter().copied().collect()
    }
}

/// For each calendar month, January first: the fewest and the most days from the reference due date to the
/// lawful one, over the start days of some years. `None` where days are not what differs.
pub fn slack_days(rule: &Rule, years: std::ops::RangeInclusive<i32>) -> [Option<(i32, i32)>; 12] {
    let is_other = |clock: Clock| matches!(clock, Clock::Hours(_) | Clock::DueColumn);
    if rule.reference.is_none_or(is_other) || rule.laws.iter().any(|law| is_other(law.method)) {
        return [None; 12];
    }
    let slack = |day: Day| {
        let dues = DueDates::of(day, None, rule).ok()?;
        Some(dues.lawful(rule.roll).0 - dues.reference?.0)
    };
    std::array::from_fn(|month| {
        let days = years.clone().flat_map(|year| {
            let month = year * 12 + month as i32;
            (first_day_of_month(month).0..=last_day_of_month(month).0).map(Day)
        });
        let slacks: Vec<i32> = days.filter_map(slack).collect();
        Some((*slacks.iter().min()?, *slacks.iter().max()?))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rulebook::{Roll, Rulebook};

    #[test]
    fn four_months_are_120_to_123_days() {
        let rulebook = Rulebook::builtin();
        let rule = rulebook.rule("child-investigation").expect("a rule");
        // peers.md section 7, the starts of 2025.
        let days =
            [(0, 0), (0, 0), (2, 2), (2, 2), (2, 3), (2, 2), (2, 3), (2, 2), (2, 2), (0, 3), (0, 0), (0, 1)];
        assert_eq!(slack_days(rule, 2025..=2025), days.map(Some));
        // What rolls is later still, by up to the days of a long weekend.
        let rolled = Rule { roll: Roll::NextWeekday, ..rule.clone() };
        let slacks = slack_days(&rolled, 2025..=2025);
        assert!(slacks.iter().zip(days).all(|(slack, (least, most))| {
            slack.is_some_and(|slack| slack.0 >= least && (most..=most + 5).contains(&slack.1))
        }));
        assert_eq!(slacks[2], Some((2, 4)));
    }
}
