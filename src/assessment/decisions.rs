//! What a committee needs to take a position on: findings that planned measures do not answer, most pressing first.

use super::{AssessedRiskPoint, Assessment, Register};
use crate::analysis::{Answer, ControlFindings};
use crate::plan::Severity;
use crate::plan::register::Risk;

/// A question for the committee.
#[derive(Debug, Clone, Copy)]
pub enum Decision<'a> {
    /// A risk point with a severe deviation, or with a minor one for which nothing is planned.
    RiskPoint {
        /// The risk point.
        point: &'a AssessedRiskPoint<'a>,
        /// The numbers of its area and of its place there, from 0.
        place: (usize, usize),
        /// How bad it is.
        severity: Severity,
    },
    /// A critical risk that is not handled as planned.
    NotAsPlanned(&'a Risk),
    /// A critical risk without a decided handling, in a list that has one for others.
    NotHandled(&'a Risk),
    /// A control above its target, or surely worse than before, that belongs to none of the risk points.
    Control {
        /// The control.
        control: &'a ControlFindings,
        /// The share of its headline and the target that it exceeds.
        above: Option<(f64, f64)>,
        /// The share is surely higher than before.
        is_worse: bool,
        /// A risk point that it belongs to has a planned action.
        has_action: bool,
    },
}

/// The questions that follow from findings, plan and list of risks; none when nothing calls for an answer.
pub fn decisions<'a>(
    controls: &'a [ControlFindings],
    plan: Option<&'a Assessment<'a>>,
    register: Option<&Register<'a>>,
) -> Vec<Decision<'a>> {
    let points = plan.map_or(Vec::new(), risk_points);
    let belongs = |control: &ControlFindings| points.iter().any(|decision| decision.is_of(control));
    let of_controls: Vec<Decision<'a>> =
        controls.iter().filter(|control| !belongs(control)).filter_map(|it| of_control(it, plan)).collect();
    points.into_iter().chain(register.into_iter().flat_map(risks)).chain(of_controls).collect()
}

/// Severe deviations, those without a planned action first, and minor ones without.
fn risk_points<'a>(plan: &'a Assessment<'a>) -> Vec<Decision<'a>> {
    let areas = plan.areas.iter().enumerate();
    let points = areas.flat_map(|(area, it)| {
        it.risk_points.iter().enumerate().map(move |(number, point)| (point, (area, number)))
    });
    let mut found: Vec<(&AssessedRiskPoint<'_>, (usize, usize), Severity)> = points
        .filter_map(|(point, place)| Some((point, place, point.severity()?)))
        .filter(|(point, _, severity)| match severity {
            Severity::Severe => true,
            Severity::Minor => !point.has_action(),
            Severity::None => false,
        })
        .collect();
    found.sort_by_key(|(point, _, severity)| (std::cmp::Reverse(*severity), point.has_action()));
    let decisions = found.into_iter();
    decisions.map(|(point, place, severity)| Decision::RiskPoint { point, place, severity }).collect()
}

/// Critical risks that are not handled as planned, and those without a handling where others have one.
fn risks<'a>(register: &Register<'a>) -> Vec<Decision<'a>> {
    let states_handling = register.risks.iter().any(|risk| !risk.handling.is_empty());
    let astray = register.critical().filter(|risk| risk.follows_plan == Some(false));
    let is_unhandled = |risk: &&Risk| states_handling && risk.handling.is_empty();
    let unhandled = register.critical().filter(|risk| risk.follows_plan != Some(false)).filter(is_unhandled);
    astray.map(Decision::NotAsPlanned).chain(unhandled.map(Decision::NotHandled)).collect()
}

/// A control above its target or surely worse than before.
fn of_control<'a>(control: &'a ControlFindings, plan: Option<&Assessment<'_>>) -> Option<Decision<'a>> {
    let headline = control.headline();
    let share = headline.share().filter(|_| headline.counts_because().is_none());
    let above = share.zip(control.target).filter(|(share, target)| share > target);
    let answer = control.trend.as_ref().map(|trend| trend.verdict.answer);
    let is_worse = matches!(answer, Some(Answer::Changed(window)) if window.is_higher());
    let has_action = plan
        .into_iter()
        .flat_map(Assessment::risk_points)
        .any(|point| point.has_control(control) && point.has_action());
    (above.is_some() || is_worse).then_some(Decision::Control { control, above, is_worse, has_action })
}

impl Decision<'_> {
    /// A risk point whose results the control is one of.
    fn is_of(&self, control: &ControlFindings) -> bool {
        matches!(self, Decision::RiskPoint { point, .. } if point.has_control(control))
    }
}

impl AssessedRiskPoint<'_> {
    /// A control point has a planned action.
    pub fn has_action(&self) -> bool {
        self.control_points.iter().any(|point| !point.point.planned_action.is_empty())
    }

    fn has_control(&self, control: &ControlFindings) -> bool {
        let results = self.control_points.iter().flat_map(|point| &point.results);
        results.filter_map(|result| result.control).any(|it| it.rule.id == control.rule.id)
    }
}
