//! What is said of a plan of internal control and its results.

use super::{Texts, fill, sentence_case};
use crate::analysis::wilson;
use crate::assessment::{AssessedPoint, AssessedResult, Assessment, Grade};
use crate::plan::{Counts, Ratio, ResultKind, Severity, Status};

/// How many risk points deviate.
pub fn plan_summary(assessment: &Assessment<'_>, texts: &Texts) -> String {
    let of = |severity: Option<Severity>| {
        let points = assessment.risk_points().filter(|point| point.severity() == severity);
        texts.count(points.count() as u64)
    };
    let all = texts.count(assessment.risk_points().count() as u64);
    fill!(
        texts,
        "plan.summary",
        all,
        severe = of(Some(Severity::Severe)),
        minor = of(Some(Severity::Minor)),
        none = of(Some(Severity::None)),
        ungraded = of(None)
    )
}

/// `Kontinuitetsplaner: 8 av 13 (4 av 13 förra gången).`
pub fn counts_sentence(counts: &Counts, texts: &Texts) -> String {
    let now = counts.now.map_or(texts.get("table.hidden").to_owned(), |now| ratio(now, texts));
    let name = &counts.name;
    match counts.before.map(|before| ratio(before, texts)) {
        None => fill!(texts, "plan.counted", name, now),
        Some(before) => fill!(texts, "plan.counted-before", name, now, before),
    }
}

fn ratio(ratio: Ratio, texts: &Texts) -> String {
    let Some(of) = ratio.of else { return texts.count(ratio.count) };
    fill!(texts, "plan.of", count = texts.count(ratio.count), of = texts.count(of))
}

/// How sure each computed grade is, in sentences.
pub fn certainty(point: &AssessedPoint<'_>, texts: &Texts) -> Vec<String> {
    let graded = point.results.iter().filter_map(|result| Some((result, result.grade?)));
    // What is in order and surely so needs no words.
    let told = graded.filter(|(_, grade)| grade.severity != Severity::None || !grade.is_sure());
    told.filter_map(|(result, grade)| certainty_of(result, grade, texts)).collect()
}

fn certainty_of(result: &AssessedResult<'_>, grade: Grade, texts: &Texts) -> Option<String> {
    let (name, interval) = match (&result.planned.result, result.control) {
        (ResultKind::Counts(counts), _) => {
            let (deviations, cases) = counts.deviations()?;
            (counts.name.as_str(), wilson(deviations, cases))
        }
        (_, Some(control)) => (texts.name(&control.rule), control.headline().interval()),
        _ => return None,
    };
    // With no deviation allowed and none found, the interval is of nothing that happened.
    if result.limits.target == Some(0.0) && grade.severity == Severity::None {
        return None;
    }
    let key = match (grade.severity, grade.lowest, grade.highest) {
        (Severity::Severe, ..) => "certainty.severe",
        (Severity::Minor, Severity::None, Severity::Severe) => "certainty.anything",
        (Severity::Minor, Severity::None, _) => "certainty.minor-or-none",
        (Severity::Minor, _, Severity::Severe) => "certainty.minor-or-severe",
        (Severity::Minor, ..) => "certainty.minor",
        (Severity::None, _, Severity::Severe) => "certainty.none-or-severe",
        (Severity::None, ..) => "certainty.none-or-minor",
    };
    let limit = |limit: Option<f64>| limit.map_or(String::new(), |share| texts.share(share));
    Some(fill!(
        texts,
        key,
        name,
        interval = texts.interval(interval),
        target = limit(result.limits.target),
        severe = limit(result.limits.severe_at)
    ))
}

/// The word of a grade.
pub fn severity_name(severity: Option<Severity>, texts: &Texts) -> &str {
    severity.map_or(texts.get("severity.not-graded"), |severity| {
        texts.get(&format!("severity.{}", severity.id()))
    })
}

/// The word of a status.
pub fn status_name(status: Status, texts: &Texts) -> &str {
    texts.get(&format!("status.{}", status.id()))
}

/// What a status means.
pub fn status_meaning(status: Status, texts: &Texts) -> &str {
    texts.get(&format!("status.{}-meaning", status.id()))
}

/// What a grade means.
pub fn severity_meaning(severity: Severity, texts: &Texts) -> &str {
    texts.get(&format!("severity.{}-meaning", severity.id()))
}

/// `April, augusti, december`.
pub fn frequency(point: &AssessedPoint<'_>, texts: &Texts) -> String {
    let months = point.point.frequency.iter().map(|month| texts.month(*month as u8));
    sentence_case(&months.collect::<Vec<&str>>().join(", "))
}

/// A computed grade that a person has replaced, with the reason.
pub fn overruled(computed: Severity, reason: &str, texts: &Texts) -> String {
    fill!(texts, "plan.overruled", computed = severity_name(Some(computed), texts).to_lowercase(), reason)
}

/// By what shares a result has no deviation, a minor one or a severe one.
pub fn grade_limits(target: f64, severe_at: Option<f64>, texts: &Texts) -> [String; 3] {
    let share = texts.share(target);
    let severe = severe_at.map(|from| fill!(texts, "plan.interval-from", share = texts.share(from)));
    [
        fill!(texts, "plan.at-most", share),
        fill!(texts, "plan.above", share),
        severe.unwrap_or_else(|| texts.get("table.none").to_owned()),
    ]
}
