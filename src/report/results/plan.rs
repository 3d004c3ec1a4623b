//! Internal control and risks, as `results.json` has them.

use serde::Serialize;

use super::exact;
use crate::assessment::{AssessedPoint, AssessedResult, Assessment, Register};
use crate::plan::register::Risk;
use crate::plan::{Ratio, ResultKind, Severity, Status};

#[derive(Serialize)]
pub struct PlanResult<'a> {
    control_points: Vec<PointResult<'a>>,
}

#[derive(Serialize)]
struct PointResult<'a> {
    area: &'a str,
    risk_point: &'a str,
    risk: Option<&'a str>,
    name: &'a str,
    status: Status,
    severity: Option<Severity>,
    computed_severity: Option<Severity>,
    results: Vec<ItemResult<'a>>,
}

#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
enum ItemResult<'a> {
    Control {
        control: &'a str,
        target: Option<f64>,
        severe_at: Option<f64>,
        grade: Option<GradeResult>,
    },
    Counts {
        name: &'a str,
        now: Option<RatioResult>,
        before: Option<RatioResult>,
        grade: Option<GradeResult>,
    },
    Text {
        text: &'a str,
    },
}

#[derive(Serialize)]
struct RatioResult {
    count: u64,
    of: Option<u64>,
}

#[derive(Serialize)]
struct GradeResult {
    severity: Severity,
    lowest: Severity,
    highest: Severity,
}

pub fn plan<'a>(assessment: &Assessment<'a>) -> PlanResult<'a> {
    let mut control_points = Vec::new();
    for area in &assessment.areas {
        for risk_point in &area.risk_points {
            let of_point = |point: &AssessedPoint<'a>| PointResult {
                area: &area.area.name,
                risk_point: &risk_point.risk_point.name,
                risk: risk_point.risk_point.risk.as_deref(),
                name: &point.point.name,
                status: point.point.status,
                severity: point.severity(),
                computed_severity: point.computed(),
                results: point.results.iter().map(item).collect(),
            };
            control_points.extend(risk_point.control_points.iter().map(of_point));
        }
    }
    PlanResult { control_points }
}

fn item<'a>(result: &AssessedResult<'a>) -> ItemResult<'a> {
    let grade = result.grade.map(|grade| GradeResult {
        severity: grade.severity,
        lowest: grade.lowest,
        highest: grade.highest,
    });
    let ratio = |ratio: Ratio| RatioResult { count: ratio.count, of: ratio.of };
    match &result.planned.result {
        ResultKind::Text(text) => ItemResult::Text { text },
        ResultKind::Counts(counts) => ItemResult::Counts {
            name: &counts.name,
            now: counts.now.map(ratio),
            before: counts.before.map(ratio),
            grade,
        },
        ResultKind::Control { id, .. } => ItemResult::Control {
            control: id,
            target: result.limits.target.map(exact),
            severe_at: result.limits.severe_at.map(exact),
            grade,
        },
    }
}

#[derive(Serialize)]
pub struct RegisterResult<'a> {
    scale: u8,
    critical_at: u8,
    risks: Vec<RiskResult<'a>>,
}

#[derive(Serialize)]
struct RiskResult<'a> {
    id: &'a str,
    area: &'a str,
    process: &'a str,
    risk: &'a str,
    likelihood: Option<u8>,
    consequence: Option<u8>,
    value: u8,
    critical: bool,
    follows_plan: Option<bool>,
    proposed_likelihood: Option<u8>,
    proposed_value: Option<u8>,
    proposed_by: Option<&'a str>,
    candidate_because: Vec<&'static str>,
}

pub fn register<'a>(register: &Register<'a>) -> RegisterResult<'a> {
    RegisterResult {
        scale: register.settings.scale,
        critical_at: register.settings.critical_at,
        risks: register.risks.iter().map(|risk| of_risk(register, risk)).collect(),
    }
}

fn of_risk<'a>(register: &Register<'a>, risk: &'a Risk) -> RiskResult<'a> {
    let proposal = register.proposal(risk);
    let candidate = register.candidates.iter().find(|candidate| candidate.risk.id == risk.id);
    RiskResult {
        id: &risk.id,
        area: &risk.area,
        process: &risk.process,
        risk: &risk.risk,
        likelihood: risk.likelihood,
        consequence: risk.consequence,
        value: risk.value,
        critical: register.is_critical(risk.value),
        follows_plan: risk.follows_plan,
        proposed_likelihood: proposal.map(|proposal| proposal.likelihood),
        proposed_value: proposal.map(|proposal| proposal.value),
        proposed_by: proposal.map(|proposal| proposal.control),
        candidate_because: candidate
            .map_or(Vec::new(), |candidate| candidate.reasons.iter().map(|reason| reason.id()).collect()),
    }
}
