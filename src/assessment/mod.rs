//! Assessment: what was found, compared with the plan of internal control and the list of risks.
//!
//! Grades control points and proposes values for risks; writes no sentence and knows no file. Facts are graded by their
//! number and samples by their interval; a person's grade goes before the computed one.

mod decisions;
mod risks;
mod severity;

use crate::analysis::ControlFindings;
use crate::plan::{
    Area, ControlPoint, Counts, GradeLimits, Plan, PlannedResult, ResultKind, RiskPoint, Scope, Severity,
};
use crate::project::Settings;

pub use decisions::{Decision, decisions};
pub use risks::{Candidate, CandidateReason, PlacedRisk, Proposal, Register, likelihood_of};
pub use severity::{Grade, Graded, grade};

/// The plan with what came out.
#[derive(Debug)]
pub struct Assessment<'a> {
    /// Areas, as in the plan.
    pub areas: Vec<AssessedArea<'a>>,
}

/// An area with what came out.
#[derive(Debug)]
pub struct AssessedArea<'a> {
    /// As planned.
    pub area: &'a Area,
    /// Its risk points.
    pub risk_points: Vec<AssessedRiskPoint<'a>>,
}

/// A risk point with what came out.
#[derive(Debug)]
pub struct AssessedRiskPoint<'a> {
    /// As planned.
    pub risk_point: &'a RiskPoint,
    /// Its control points.
    pub control_points: Vec<AssessedPoint<'a>>,
}

/// A control point with what came out.
#[derive(Debug)]
pub struct AssessedPoint<'a> {
    /// As planned.
    pub point: &'a ControlPoint,
    /// Its results.
    pub results: Vec<AssessedResult<'a>>,
}

/// A result and its grade.
#[derive(Debug)]
pub struct AssessedResult<'a> {
    /// As planned.
    pub planned: &'a PlannedResult,
    /// The findings of its control, when it has one and that has an export.
    pub control: Option<&'a ControlFindings>,
    /// What it is graded by.
    pub limits: GradeLimits,
    /// What is graded, when it is known.
    pub graded: Option<Graded>,
    /// The grade, when it can be graded.
    pub grade: Option<Grade>,
}

/// Holds findings against a plan.
pub fn assess<'a>(plan: &'a Plan, controls: &'a [ControlFindings], settings: &Settings) -> Assessment<'a> {
    let areas = plan.areas.iter().map(|area| AssessedArea {
        area,
        risk_points: area
            .risk_points
            .iter()
            .map(|risk_point| AssessedRiskPoint {
                risk_point,
                control_points: risk_point
                    .control_points
                    .iter()
                    .map(|point| AssessedPoint {
                        point,
                        results: point
                            .results
                            .iter()
                            .map(|planned| result(planned, controls, settings))
                            .collect(),
                    })
                    .collect(),
            })
            .collect(),
    });
    Assessment { areas: areas.collect() }
}

fn result<'a>(
    planned: &'a PlannedResult,
    controls: &'a [ControlFindings],
    settings: &Settings,
) -> AssessedResult<'a> {
    let (control, limits, graded) = match &planned.result {
        ResultKind::Text(_) => (None, GradeLimits::default(), None),
        ResultKind::Counts(counts) => (None, counts.limits, counted(counts)),
        ResultKind::Control { id, limits, .. } => {
            let control = controls.iter().find(|control| control.rule.id == *id);
            let of_control = control.map(|_| settings.of_control(id)).unwrap_or_default();
            let limits = GradeLimits {
                target: limits.target.or(of_control.target),
                severe_at: limits.severe_at.or(of_control.severe_at),
            };
            (control, limits, control.and_then(computed))
        }
    };
    let grade = graded.and_then(|graded| grade(graded, limits));
    AssessedResult { planned, control, limits, graded, grade }
}

fn counted(counts: &Counts) -> Option<Graded> {
    let (deviations, cases) = counts.deviations()?;
    Some(Graded { deviations, cases, scope: counts.scope, population: counts.population })
}

fn computed(control: &ControlFindings) -> Option<Graded> {
    let (deviations, cases) = settled(control)?;
    Some(Graded { deviations, cases, scope: Scope::Process, population: None })
}

/// Deviations and cases of the headline's period, when it has ended and is judged.
fn settled(control: &ControlFindings) -> Option<(u64, u64)> {
    control.headline().settled()
}

impl AssessedPoint<'_> {
    /// The worst grade of its results, when one can be graded.
    pub fn computed(&self) -> Option<Severity> {
        self.results.iter().filter_map(|result| result.grade).map(|grade| grade.severity).max()
    }

    /// A person's grade, or the computed one.
    pub fn severity(&self) -> Option<Severity> {
        self.point.severity.or(self.computed())
    }

    /// The computed grade that a person's goes before, when they differ.
    pub fn overruled(&self) -> Option<Severity> {
        self.computed().filter(|computed| self.point.severity.is_some_and(|severity| severity != *computed))
    }
}

impl AssessedRiskPoint<'_> {
    /// The worst grade of its control points.
    pub fn severity(&self) -> Option<Severity> {
        self.control_points.iter().filter_map(AssessedPoint::severity).max()
    }

    /// It deviates.
    pub fn deviates(&self) -> bool {
        self.severity().is_some_and(|severity| severity > Severity::None)
    }
}

impl<'a> Assessment<'a> {
    /// Every risk point, in order.
    pub fn risk_points(&self) -> impl Iterator<Item = &AssessedRiskPoint<'a>> {
        self.areas.iter().flat_map(|area| &area.risk_points)
    }
}
