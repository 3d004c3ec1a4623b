//! What is said of the list of risks.

use super::{Texts, fill, sentence_case};
use crate::analysis::ControlFindings;
use crate::assessment::{Candidate, Proposal, Register};
use crate::plan::register::Risk;

/// `Alla kritiska risker utom nr 4 följer beslutad planering.`
pub fn plan_sentence(register: &Register<'_>, texts: &Texts) -> String {
    let answers =
        |answer: Option<bool>| register.critical().filter(|risk| risk.follows_plan == answer).count() as u64;
    let (follows, strays, lack) = (answers(Some(true)), answers(Some(false)), answers(None));
    let all = follows + strays + lack;
    let [follow, count, unknown] = [follows, strays, lack].map(|number| texts.number_word(number));
    let said = match (all, strays) {
        (0, _) => return texts.get("risk.none-critical").to_owned(),
        _ if lack == all => return texts.get("risk.no-answers").to_owned(),
        (_, 0) if lack == 0 => texts.get("risk.all-follow").to_owned(),
        (all, astray) if astray == all => texts.get("risk.none-follow").to_owned(),
        (_, 0) => fill!(texts, "risk.some-follow", follow),
        _ if lack == 0 => fill!(texts, "risk.all-but", ids = numbers(astray_risks(register), texts)),
        _ => fill!(texts, "risk.some-follow-some-not", follow, count),
    };
    let unanswered = (lack > 0).then(|| fill!(texts, "risk.some-unanswered", unknown));
    let said: Vec<String> =
        [Some(said), unanswered].into_iter().flatten().map(|it| sentence_case(&it)).collect();
    said.join(" ")
}

/// Critical risks that do not follow the decided planning.
fn astray_risks<'r>(register: &'r Register<'_>) -> impl Iterator<Item = &'r Risk> {
    register.critical().filter(|risk| risk.follows_plan == Some(false))
}

/// The numbers of risks, `3, 7 och 9`.
fn numbers<'r>(risks: impl Iterator<Item = &'r Risk>, texts: &Texts) -> String {
    texts.list(&risks.map(|risk| risk.id.as_str()).collect::<Vec<&str>>())
}

/// Which changes of value are proposed.
pub fn proposals_sentence(register: &Register<'_>, texts: &Texts) -> String {
    match register.proposals.as_slice() {
        [] => texts.get("risk.summary-none").to_owned(),
        [Proposal { risk, value, .. }] => {
            fill!(texts, "risk.summary-one", id = risk.id, value = risk.value, proposed = value)
        }
        proposals => {
            fill!(texts, "risk.summary", ids = numbers(proposals.iter().map(|it| it.risk), texts))
        }
    }
}

/// How many risks there are, and how many are critical.
pub fn gross_sentence(register: &Register<'_>, texts: &Texts) -> String {
    let (all, critical) = (register.risks.len() as u64, register.critical().count() as u64);
    let (all, critical) = (texts.count(all), texts.count(critical));
    fill!(texts, "risk.gross", all, critical, at = register.settings.critical_at)
}

/// The value of a risk, with what it is the product of where that is known.
pub fn value_text(risk: &Risk, texts: &Texts) -> String {
    match (risk.likelihood, risk.consequence) {
        (Some(likelihood), Some(consequence)) => {
            fill!(texts, "risk.product", value = risk.value, likelihood, consequence)
        }
        _ => risk.value.to_string(),
    }
}

/// Why next year's plan should look at a risk, `: a och b.`
pub fn reasons(candidate: &Candidate<'_>, texts: &Texts) -> String {
    let reasons = candidate.reasons.iter().map(|reason| texts.get(&format!("candidate.{}", reason.id())));
    format!(": {}.", texts.list(&reasons.collect::<Vec<&str>>()))
}

/// How risks are valued.
pub fn method_text(register: &Register<'_>, texts: &Texts) -> String {
    let settings = register.settings;
    fill!(texts, "risk.method-text", scale = settings.scale, at = settings.critical_at)
}

/// Which likelihood a share of deviations corresponds to.
pub fn shares_text(register: &Register<'_>, texts: &Texts) -> String {
    let settings = register.settings;
    let steps = settings.likelihood_from.iter().zip(2..).map(|(from, likelihood): (&f64, u32)| {
        fill!(texts, "risk.step", likelihood, share = texts.whole_percent(*from))
    });
    let steps: Vec<String> = steps.collect();
    let steps = texts.list(&steps);
    fill!(texts, "risk.method-shares", steps)
}

/// Whether the planning is followed.
pub fn answer(follows_plan: Option<bool>, texts: &Texts) -> &str {
    match follows_plan {
        Some(true) => texts.get("risk.yes"),
        Some(false) => texts.get("risk.no"),
        None => texts.get("risk.not-answered"),
    }
}

/// A proposed value.
pub fn proposed_value(proposal: &Proposal<'_>, texts: &Texts) -> String {
    let (value, likelihood) = (proposal.value.to_string(), proposal.likelihood.to_string());
    fill!(texts, "risk.proposed", value, likelihood)
}

/// The share that speaks for a proposal.
pub fn because(control: &ControlFindings, texts: &Texts) -> String {
    let name = control.rule.name.text(texts.language());
    let share = texts.told(control.headline().told_in_headline());
    let interval = texts.interval(control.headline().interval());
    fill!(texts, "risk.because", control = name, share, interval)
}
