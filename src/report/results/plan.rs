//! Internal control and risks.

use schemars::JsonSchema;
use serde::Serialize;

use super::all;
use crate::analysis::exact;
use crate::assessment::{self, AssessedPoint, AssessedResult, Assessment, Grade, Graded};
use crate::plan::register::Risk;
use crate::plan::{Ratio, ResultKind, Scope, Severity, Status};

records! {
    /// The plan of internal control with what came out.
    Plan of assessment: &Assessment<'_> {
        /// Its control points, in order.
        control_points: Vec<ControlPoint> = {
            let areas = assessment.areas.iter();
            let risk_points =
                areas.flat_map(|area| area.risk_points.iter().map(move |point| (&area.area.name, point)));
            let points = risk_points.flat_map(|(area, risk_point)| {
                let named = risk_point.risk_point;
                let points = risk_point.control_points.iter();
                points.map(move |point| (area.as_str(), named.name.as_str(), named.risk.as_deref(), point))
            });
            all(points)
        },
    }

    /// A control point.
    ControlPoint of (area, risk_point, risk, point): (&str, &str, Option<&str>, &AssessedPoint<'_>) {
        area: String = area.to_owned(),
        risk_point: String = risk_point.to_owned(),
        /// The number of the risk point's risk in the list of risks.
        risk: Option<String> = risk.map(str::to_owned),
        name: String = point.point.name.clone(),
        /// How far it has come.
        status: Status = point.point.status,
        /// Its grade, a person's where there is one.
        severity: Option<Severity> = point.severity(),
        /// The computed grade.
        computed_severity: Option<Severity> = point.computed(),
        /// What came out.
        results: Vec<Outcome> = all(&point.results),
    }

    /// The list of risks with what follows for it.
    Register of register: &assessment::Register<'_> {
        /// The highest likelihood and consequence.
        scale: u8 = register.settings.scale,
        /// The value from which a risk is critical.
        critical_at: u8 = register.settings.critical_at,
        risks: Vec<RiskLine> = register.risks.iter().map(|risk| (register, risk).into()).collect(),
    }

    /// A risk.
    RiskLine of (register, risk): (&assessment::Register<'_>, &Risk) {
        /// Its number in the list.
        id: String = risk.id.clone(),
        area: String = risk.area.clone(),
        process: String = risk.process.clone(),
        risk: String = risk.risk.clone(),
        /// How likely it is.
        likelihood: Option<u8> = risk.likelihood,
        /// How bad it is.
        consequence: Option<u8> = risk.consequence,
        /// Likelihood times consequence, or what the list says.
        value: u8 = risk.value,
        /// Its value is that of critical risks.
        critical: bool = register.is_critical(risk.value),
        /// It is handled as planned.
        follows_plan: Option<bool> = risk.follows_plan,
        /// The likelihood that a control's share speaks for.
        proposed_likelihood: Option<u8> = register.proposal(risk).map(|proposal| proposal.likelihood),
        /// The value with that likelihood.
        proposed_value: Option<u8> = register.proposal(risk).map(|proposal| proposal.value),
        proposed_by: Option<String> = register.proposal(risk).map(|proposal| proposal.control.to_owned()),
        /// Why next year's plan should look at it; empty when nothing says so.
        candidate_because: Vec<&'static str> = {
            let candidate = register.candidates.iter().find(|candidate| candidate.risk.id == risk.id);
            candidate.map_or(Vec::new(), |it| it.reasons.iter().map(|reason| reason.id()).collect())
        },
    }
}

/// What came out of a control point.
#[derive(Serialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
enum Outcome {
    /// The share of a control.
    Control {
        control: String,
        /// The share to stay at or below.
        target: Option<f64>,
        /// The share from which deviations are severe.
        severe_at: Option<f64>,
        grade: Option<Grade>,
    },
    /// What a person counted.
    Counts {
        /// What was counted.
        name: String,
        /// How many.
        now: Option<Ratio>,
        /// How many the last time.
        before: Option<Ratio>,
        /// What was counted: everything there is, a sample, or the cases of a period.
        scope: Scope,
        /// Of how many a sample was drawn.
        population: Option<u64>,
        /// How many of them deviate; `null` if that is hidden or nothing counted is a deviation.
        deviations: Option<u64>,
        /// The 95 % interval of the deviating share: in the population of a sample, or of the process; `null` for a count
        /// of everything, which is a fact.
        ci95: Option<[f64; 2]>,
        grade: Option<Grade>,
    },
    /// What a person wrote.
    Text { text: String },
}

impl From<&AssessedResult<'_>> for Outcome {
    fn from(result: &AssessedResult<'_>) -> Outcome {
        let grade = result.grade;
        match &result.planned.result {
            ResultKind::Text(text) => Outcome::Text { text: text.clone() },
            ResultKind::Counts(counts) => Outcome::Counts {
                name: counts.name.clone(),
                now: counts.now,
                before: counts.before,
                scope: counts.scope,
                population: counts.population,
                deviations: result.graded.map(|graded| graded.deviations),
                ci95: result.graded.and_then(Graded::interval).map(|it| [exact(it.low), exact(it.high)]),
                grade,
            },
            ResultKind::Control { id, .. } => Outcome::Control {
                control: id.clone(),
                target: result.limits.target.map(exact),
                severe_at: result.limits.severe_at.map(exact),
                grade,
            },
        }
    }
}
