//! What a committee is asked to take a position on.

use super::{Texts, fill, verdict_words};
use crate::assessment::Decision;
use crate::plan::Severity;

/// What a question is about, without a full stop: the name of a risk point or control, or a risk with its number.
pub fn subject(decision: &Decision<'_>, texts: &Texts) -> String {
    let name = match decision {
        Decision::RiskPoint { point, .. } => point.risk_point.name.clone(),
        Decision::NotAsPlanned(risk) | Decision::NotHandled(risk) => {
            fill!(texts, "decision.risk", id = risk.id, risk = risk.risk)
        }
        Decision::Control { control, .. } => texts.name(&control.rule).to_owned(),
    };
    name.trim_end_matches('.').to_owned()
}

/// What was found, and the question.
pub fn question(decision: &Decision<'_>, texts: &Texts) -> String {
    match *decision {
        Decision::RiskPoint { point, severity, .. } => {
            let key = match (severity, point.has_action()) {
                (Severity::Severe, true) => "decision.severe",
                (Severity::Severe, false) => "decision.severe-no-action",
                _ => "decision.minor-no-action",
            };
            texts.get(key).to_owned()
        }
        Decision::NotAsPlanned(_) => texts.get("decision.not-as-planned").to_owned(),
        Decision::NotHandled(_) => texts.get("decision.not-handled").to_owned(),
        Decision::Control { control, above, is_worse, has_action } => {
            let headline = control.headline();
            let above = above.map(|(_, target)| {
                let key = if target == 0.0 { "decision.above-none" } else { "decision.above" };
                let (period, share) =
                    (texts.months_of(headline.period), texts.told_above(headline.told_in_headline(), target));
                fill!(texts, key, period, share, target = texts.whole_percent(target))
            });
            let worse = control.trend.as_ref().filter(|_| is_worse);
            let worse = worse.map(|trend| format!("{}.", verdict_words(trend, texts)));
            let asked = if has_action { "decision.enough" } else { "decision.what" };
            let said = above.into_iter().chain(worse).chain([texts.get(asked).to_owned()]);
            said.collect::<Vec<String>>().join(" ")
        }
    }
}
