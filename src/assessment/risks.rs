//! The list of risks compared with what was found: critical risks, proposed values, next year's candidates.

use super::{AssessedRiskPoint, Assessment, settled};
use crate::analysis::wilson;
use crate::plan::register::Risk;
use crate::plan::{RiskSettings, Severity};

/// The list of risks with what follows from the findings.
#[derive(Debug)]
pub struct Register<'a> {
    /// The gross list.
    pub risks: &'a [Risk],
    /// How risks are valued.
    pub settings: &'a RiskSettings,
    /// Proposed changes of value, in the order of the list.
    pub proposals: Vec<Proposal<'a>>,
    /// What next year's plan should look at, in the order of the list.
    pub candidates: Vec<Candidate<'a>>,
    /// Risks that the plan names and the list does not have.
    pub unknown: Vec<&'a str>,
}

/// A risk in its cell of the matrix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlacedRisk<'a> {
    /// Its number in the list.
    pub id: &'a str,
    /// Its likelihood.
    pub likelihood: u8,
    /// Its consequence.
    pub consequence: u8,
    /// Another likelihood that is proposed.
    pub moves_to: Option<u8>,
}

/// Another likelihood than the list's, because of a share.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Proposal<'a> {
    /// The risk.
    pub risk: &'a Risk,
    /// The control whose share speaks for it.
    pub control: &'a str,
    /// The likelihood that its interval comes nearest to.
    pub likelihood: u8,
    /// The value with it.
    pub value: u8,
}

/// A risk for next year's plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate<'a> {
    /// The risk.
    pub risk: &'a Risk,
    /// Why, most important first.
    pub reasons: Vec<CandidateReason>,
}

/// Why a risk should be looked at next year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CandidateReason {
    /// It is critical and its handling does not follow the plan.
    NotAsPlanned,
    /// It is critical and nobody has said whether its handling follows the plan.
    NotAnswered,
    /// It would be critical with the value that is proposed.
    Proposed,
    /// Its risk point has severe deviations.
    Severe,
}

impl CandidateReason {
    /// Name in text catalogues.
    pub fn id(self) -> &'static str {
        match self {
            CandidateReason::NotAsPlanned => "not-as-planned",
            CandidateReason::NotAnswered => "not-answered",
            CandidateReason::Proposed => "proposed",
            CandidateReason::Severe => "severe",
        }
    }
}

/// The likelihoods of the ends of an interval: 1, and one more for each of the shares in `from` that is reached.
pub fn likelihood_of(deviations: u64, cases: u64, from: &[f64]) -> Option<(u8, u8)> {
    let interval = wilson(deviations, cases)?;
    let step = |share: f64| 1 + from.iter().filter(|reached| share >= **reached).count() as u8;
    Some((step(interval.low), step(interval.high)))
}

impl<'a> Register<'a> {
    /// Holds the list against an assessment, when there is a plan.
    pub fn of(
        risks: &'a [Risk],
        settings: &'a RiskSettings,
        assessment: Option<&Assessment<'a>>,
    ) -> Register<'a> {
        let points: Vec<&AssessedRiskPoint<'_>> =
            assessment.into_iter().flat_map(Assessment::risk_points).collect();
        let mut register =
            Register { risks, settings, proposals: Vec::new(), candidates: Vec::new(), unknown: Vec::new() };
        let mut severe: Vec<&str> = Vec::new();
        for risk in risks {
            let own: Vec<&&AssessedRiskPoint<'_>> =
                points.iter().filter(|point| point.risk_point.risk.as_ref() == Some(&risk.id)).collect();
            if own.iter().any(|point| point.severity() == Some(Severity::Severe)) {
                severe.push(&risk.id);
            }
            let results = own.iter().flat_map(|point| &point.control_points).flat_map(|point| &point.results);
            let shares = results
                .filter_map(|result| result.control)
                .filter_map(|control| Some((control.rule.id.as_str(), settled(control)?)));
            register.proposals.extend(proposal(risk, shares, settings));
        }
        let known = |id: &&str| risks.iter().any(|risk| risk.id == **id);
        let named = points.iter().filter_map(|point| point.risk_point.risk.as_deref());
        register.unknown = named.filter(|id| !known(id)).collect();
        register.unknown.dedup();
        register.candidates = risks.iter().filter_map(|risk| register.candidate(risk, &severe)).collect();
        register
    }

    /// Whether a value is critical.
    pub fn is_critical(&self, value: u8) -> bool {
        value >= self.settings.critical_at
    }

    /// The critical risks, in the order of the list.
    pub fn critical(&self) -> impl Iterator<Item = &'a Risk> {
        let at = self.settings.critical_at;
        self.risks.iter().filter(move |risk| risk.value >= at)
    }

    /// The proposal for a risk.
    pub fn proposal(&self, risk: &Risk) -> Option<&Proposal<'a>> {
        self.proposals.iter().find(|proposal| proposal.risk.id == risk.id)
    }

    /// The risks that have both likelihood and consequence.
    pub fn placed(&self) -> Vec<PlacedRisk<'a>> {
        let placed = self.risks.iter().filter_map(|risk| {
            let (likelihood, consequence) = risk.likelihood.zip(risk.consequence)?;
            let moves_to = self.proposal(risk).map(|proposal| proposal.likelihood);
            Some(PlacedRisk { id: &risk.id, likelihood, consequence, moves_to })
        });
        placed.collect()
    }

    fn candidate(&self, risk: &'a Risk, severe: &[&str]) -> Option<Candidate<'a>> {
        let is_critical = self.is_critical(risk.value);
        let proposed = self.proposal(risk).map(|proposal| proposal.value);
        let reasons = [
            (is_critical && risk.follows_plan == Some(false), CandidateReason::NotAsPlanned),
            (proposed.is_some_and(|value| self.is_critical(value)), CandidateReason::Proposed),
            (severe.contains(&risk.id.as_str()), CandidateReason::Severe),
            (is_critical && risk.follows_plan.is_none(), CandidateReason::NotAnswered),
        ];
        let reasons: Vec<CandidateReason> =
            reasons.into_iter().filter(|(holds, _)| *holds).map(|(_, reason)| reason).collect();
        (!reasons.is_empty()).then_some(Candidate { risk, reasons })
    }
}

/// The likelihood that is proposed: the list's, moved to the nearest end of the control's interval. Of several
/// controls the one with the highest likelihood speaks.
fn proposal<'a>(
    risk: &'a Risk,
    shares: impl Iterator<Item = (&'a str, (u64, u64))>,
    settings: &RiskSettings,
) -> Option<Proposal<'a>> {
    let (listed, consequence) = risk.likelihood.zip(risk.consequence)?;
    let proposed = shares.filter_map(|(control, (deviations, cases))| {
        let (low, high) = likelihood_of(deviations, cases, &settings.likelihood_from)?;
        Some((listed.clamp(low, high), control))
    });
    // The first of those that are alike.
    let (likelihood, control) = proposed.reduce(|most, next| if next.0 > most.0 { next } else { most })?;
    let value = likelihood * consequence;
    (likelihood != listed).then_some(Proposal { risk, control, likelihood, value })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn risk(id: &str, likelihood: u8, consequence: u8, follows_plan: Option<bool>) -> Risk {
        Risk {
            id: id.into(),
            area: String::new(),
            process: String::new(),
            risk: "r".into(),
            likelihood: Some(likelihood),
            consequence: Some(consequence),
            value: likelihood * consequence,
            existing: String::new(),
            handling: String::new(),
            follows_plan,
            comment: String::new(),
        }
    }

    #[test]
    fn a_value_is_proposed_only_where_the_whole_interval_asks_for_it() {
        let settings = RiskSettings::default();
        let proposed = |likelihood, shares: &[(u64, u64)]| {
            let risk = risk("1", likelihood, 3, None);
            let shares: Vec<(&str, (u64, u64))> = shares.iter().map(|share| ("c", *share)).collect();
            proposal(&risk, shares.into_iter(), &settings)
                .map(|proposal| (proposal.likelihood, proposal.value))
        };
        // 34.5 % of 319: surely above 20 %.
        assert_eq!(proposed(2, &[(110, 319)]), Some((4, 12)));
        assert_eq!(proposed(4, &[(110, 319)]), None);
        // A quarter of 20 lies between 11 and 47 %: 3 or 4.
        assert_eq!(proposed(3, &[(5, 20)]), None);
        assert_eq!(proposed(2, &[(5, 20)]), Some((3, 9)));
        // None of 1204: surely below 2 %.
        assert_eq!(proposed(2, &[(0, 1204)]), Some((1, 3)));
        assert_eq!(proposed(2, &[(0, 1204), (110, 319)]), Some((4, 12)));
        assert_eq!(proposed(2, &[]), None);
    }

    #[test]
    fn candidates_have_their_reasons() {
        let risks = [risk("1", 2, 4, Some(false)), risk("2", 2, 4, Some(true)), risk("3", 3, 3, None)];
        let settings = RiskSettings::default();
        let register = Register::of(&risks, &settings, None);
        let found: Vec<(&str, &[CandidateReason])> = register
            .candidates
            .iter()
            .map(|candidate| (candidate.risk.id.as_str(), candidate.reasons.as_slice()))
            .collect();
        assert_eq!(
            found,
            [("1", &[CandidateReason::NotAsPlanned][..]), ("3", &[CandidateReason::NotAnswered][..])]
        );
        assert_eq!(register.critical().count(), 3);
    }
}
