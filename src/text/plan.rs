//! What is said of a plan of internal control and its results.

use super::{Texts, fill, sentence_case};
use crate::assessment::{AssessedPoint, AssessedResult, Assessment, Grade, Graded};
use crate::plan::{Counts, Deviates, Ratio, ResultKind, Scope, Severity, Status};

/// How many risk points deviate.
pub fn plan_summary(assessment: &Assessment<'_>, texts: &Texts) -> String {
    let grades = [Some(Severity::Severe), Some(Severity::Minor), Some(Severity::None), None];
    let parts = grades.into_iter().filter_map(|severity| {
        let points = assessment.risk_points().filter(|point| point.severity() == severity).count() as u64;
        let key = format!("plan.summary-{}", severity.map_or("ungraded", Severity::id));
        (points > 0).then(|| fill!(texts, key, count = texts.number_word(points)))
    });
    let parts: Vec<String> = parts.collect();
    let parts = texts.list(&parts);
    let all = assessment.risk_points().count() as u64;
    fill!(texts, "plan.summary", all = texts.number_word(all), parts)
}

/// What was counted: `Krisberedskap: 5 av 13 saknar plan (förra perioden: 9 av 13); alla ska ha en.`
pub fn counts_sentences(counts: &Counts, texts: &Texts) -> String {
    // Without words for what deviates, a name may describe those that do not.
    let names_others = counts.deviates == Deviates::Rest && counts.deviation.is_none();
    let deviating = deviating(counts, texts);
    let before = counts.before.and_then(|before| match counts.deviates {
        Deviates::Rest if !names_others => {
            counts.deviating(before).map(|(deviations, of)| texts.counts(deviations, of))
        }
        _ => Some(ratio(before, texts)),
    });
    let now = match (&deviating, counts.now) {
        (_, None) => texts.get("table.hidden").to_owned(),
        (Some(deviating), _) if !names_others => deviating.clone(),
        (_, Some(now)) => ratio(now, texts),
    };
    let requirement = requirement(counts, texts).filter(|_| deviating.is_some());
    let requirement =
        requirement.map_or(String::new(), |it| fill!(texts, "plan.requirement", requirement = it));
    let before = before.map_or(String::new(), |before| fill!(texts, "plan.before", before));
    let name = &counts.name;
    let mut said = match deviating.filter(|_| names_others) {
        None => vec![fill!(texts, "plan.counted", name, now, before, requirement)],
        Some(deviating) => vec![
            fill!(texts, "plan.counted", name, now, before, requirement = ""),
            fill!(texts, "plan.deviating", deviating, requirement),
        ],
    };
    if let (Some(Ratio { of: Some(of), .. }), Some(population)) = (counts.now, counts.population) {
        said.push(fill!(texts, "plan.sample", sample = texts.counts(of, population)));
    }
    said.join(" ")
}

/// `8 av 13`, or `8` where it is not known of how many.
fn ratio(ratio: Ratio, texts: &Texts) -> String {
    match ratio.of {
        None => texts.count(ratio.count),
        Some(0) => texts.get("plan.none-to-check").to_owned(),
        Some(of) => texts.counts(ratio.count, of),
    }
}

/// `5 av 13 saknar plan`; with the share where the target is one.
fn deviating(counts: &Counts, texts: &Texts) -> Option<String> {
    let (deviations, of) = counts.deviations()?;
    if of == 0 {
        return Some(texts.get("plan.none-to-check").to_owned());
    }
    let number = texts.counts(deviations, of);
    let number = match counts.limits.target {
        Some(target) if target > 0.0 => format!("{number} ({})", texts.ratio(deviations, of)),
        _ => number,
    };
    let deviation = counts.deviation.as_deref().unwrap_or_else(|| texts.get("plan.deviates"));
    Some(format!("{number} {deviation}"))
}

/// `alla ska ha en`, or the target where the plan has no words for it.
fn requirement(counts: &Counts, texts: &Texts) -> Option<String> {
    counts.requirement.clone().or_else(|| match counts.limits.target? {
        0.0 => Some(texts.get("plan.target-none").to_owned()),
        target => Some(fill!(texts, "plan.target", share = texts.whole_percent(target))),
    })
}

/// How sure each computed grade is, in sentences.
pub fn certainty(point: &AssessedPoint<'_>, texts: &Texts) -> Vec<String> {
    let graded = point.results.iter().filter_map(|result| Some((result, result.graded?, result.grade?)));
    // What is in order and surely so needs no words.
    let told = graded.filter(|(_, _, grade)| grade.severity != Severity::None || !grade.is_sure());
    told.filter_map(|(result, graded, grade)| certainty_of(result, graded, grade, texts)).collect()
}

fn certainty_of(result: &AssessedResult<'_>, graded: Graded, grade: Grade, texts: &Texts) -> Option<String> {
    // With no deviation allowed and none found, the interval of a process is of nothing that happened.
    if graded.scope == Scope::Process && result.limits.target == Some(0.0) && grade.severity == Severity::None
    {
        return None;
    }
    let name = match (&result.planned.result, result.control) {
        (ResultKind::Counts(counts), _) if graded.scope == Scope::All => {
            let deviating = deviating(counts, texts)?;
            return Some(fill!(texts, "certainty.all", name = counts.name, deviating));
        }
        (ResultKind::Counts(counts), _) => counts.name.as_str(),
        (_, Some(control)) => texts.name(&control.rule),
        _ => return None,
    };
    let limit = |limit: Option<f64>| limit.map_or(String::new(), |share| texts.whole_percent(share));
    let said = |key: &str| {
        fill!(
            texts,
            key,
            name,
            share = texts.share_or_counts(graded.deviations, graded.cases),
            interval = texts.interval(graded.interval()),
            target = result.limits.target.map_or(String::new(), |target| texts.at_most(target)),
            severe = limit(result.limits.severe_at)
        )
    };
    if graded.scope == Scope::Process {
        let process = if grade.is_sure() { "certainty.process-too" } else { "certainty.process-unsure" };
        let fact = said(&format!("certainty.fact-{}", grade.severity.id()));
        return Some(format!("{fact} {}", said(process)));
    }
    Some(said(match (grade.severity, grade.lowest, grade.highest) {
        (Severity::Severe, ..) => "certainty.severe",
        (Severity::Minor, Severity::None, Severity::Severe) => "certainty.anything",
        (Severity::Minor, Severity::None, _) => "certainty.minor-or-none",
        (Severity::Minor, _, Severity::Severe) => "certainty.minor-or-severe",
        (Severity::Minor, ..) => "certainty.minor",
        (Severity::None, _, Severity::Severe) => "certainty.none-or-severe",
        (Severity::None, ..) => "certainty.none-or-minor",
    }))
}

/// A grade that a person has set, with the reason.
pub fn judged_by_person(point: &AssessedPoint<'_>, texts: &Texts) -> Option<String> {
    let reason = Some(&point.point.severity_reason).filter(|reason| !reason.is_empty())?;
    Some(fill!(texts, "plan.by-person", reason))
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
pub fn grade_limits(target: f64, severe_at: Option<f64>, scope: Scope, texts: &Texts) -> [String; 3] {
    let from = if scope == Scope::Sample { "plan.interval-from" } else { "plan.from" };
    let severe = severe_at.map(|share| fill!(texts, from, share = texts.whole_percent(share)));
    let above = match target {
        0.0 => texts.get("plan.at-least-one").to_owned(),
        _ => fill!(texts, "plan.above", share = texts.whole_percent(target)),
    };
    [texts.at_most(target), above, severe.unwrap_or_else(|| texts.get("table.none").to_owned())]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assessment::grade;
    use crate::language::Language;
    use crate::plan::{ControlPoint, GradeLimits, PlannedResult};

    /// 8 of 13, of which the others deviate, and 4 of 13 the time before.
    fn plans(scope: Scope, target: f64) -> Counts {
        Counts {
            name: "Processer".into(),
            now: Some(Ratio { count: 8, of: Some(13) }),
            before: Some(Ratio { count: 4, of: Some(13) }),
            deviates: Deviates::Rest,
            deviation: Some("saknar plan".into()),
            requirement: None,
            scope,
            population: (scope == Scope::Sample).then_some(40),
            persons: false,
            limits: GradeLimits { target: Some(target), severe_at: Some(0.2) },
        }
    }

    fn said(counts: &Counts) -> String {
        counts_sentences(counts, Texts::of(Language::Sv)).replace('\u{a0}', " ")
    }

    #[test]
    fn what_deviates_is_said_in_the_plan_s_words() {
        let plain = plans(Scope::All, 0.0);
        let required = Counts { requirement: Some("alla ska ha en".into()), ..plain.clone() };
        assert_eq!(
            said(&required),
            "Processer: 5 av 13 saknar plan (förra perioden: 9 av 13); alla ska ha en."
        );
        assert_eq!(said(&plain), "Processer: 5 av 13 saknar plan (förra perioden: 9 av 13); målet är noll.");
        let counted = Counts { deviates: Deviates::Count, deviation: None, ..plain.clone() };
        assert_eq!(said(&counted), "Processer: 8 av 13 avviker (förra perioden: 4 av 13); målet är noll.");
        let tolerated = Counts { before: None, ..plans(Scope::Process, 0.1) };
        assert_eq!(said(&tolerated), "Processer: 5 av 13 (38,5 %) saknar plan; målet är högst 10 %.");
        let sample = Counts { before: None, ..plans(Scope::Sample, 0.0) };
        assert_eq!(
            said(&sample),
            "Processer: 5 av 13 saknar plan; målet är noll. Stickprovet omfattar 13 av 40."
        );
    }

    #[test]
    fn a_plan_without_words_says_that_they_deviate() {
        let wordless = Counts { deviation: None, ..plans(Scope::All, 0.0) };
        assert_eq!(
            said(&wordless),
            "Processer: 8 av 13 (förra perioden: 4 av 13). 5 av 13 avviker; målet är noll."
        );
        let shown = Counts { deviates: Deviates::No, limits: GradeLimits::default(), ..wordless.clone() };
        assert_eq!(said(&shown), "Processer: 8 av 13 (förra perioden: 4 av 13).");
        let hidden = Counts { now: None, before: None, ..plans(Scope::Sample, 0.1) };
        assert_eq!(said(&hidden), "Processer: döljs.");
        // The time before is not known as one that deviates.
        let before = Some(Ratio { count: 4, of: None });
        assert_eq!(
            said(&Counts { before, ..plans(Scope::All, 0.0) }),
            "Processer: 5 av 13 saknar plan; målet är noll."
        );
    }

    fn certainty_of_counts(counts: Counts) -> String {
        let limits = counts.limits;
        let (deviations, cases) = counts.deviations().expect("they deviate");
        let graded = Graded { deviations, cases, scope: counts.scope, population: counts.population };
        let planned = PlannedResult { group: None, result: ResultKind::Counts(counts) };
        let grade = grade(graded, limits);
        let result = AssessedResult { planned: &planned, control: None, limits, graded: Some(graded), grade };
        let point = ControlPoint {
            name: String::new(),
            department: String::new(),
            frequency: Vec::new(),
            method: String::new(),
            status: Status::Begun,
            results: Vec::new(),
            comment: String::new(),
            planned_action: String::new(),
            severity: None,
            severity_reason: String::new(),
        };
        let point = AssessedPoint { point: &point, results: vec![result] };
        certainty(&point, Texts::of(Language::Sv)).join(" ").replace('\u{a0}', " ")
    }

    #[test]
    fn certainty_is_of_samples_and_processes_alone() {
        assert_eq!(
            certainty_of_counts(plans(Scope::All, 0.0)),
            "Processer: 5 av 13 saknar plan. Talet är säkert, eftersom alla fall är räknade."
        );
        assert_eq!(
            certainty_of_counts(plans(Scope::Process, 0.1)),
            "Processer: 38,5 %. Avvikelsen är graverande från och med 20 %. Bedömningen kan bero på slumpen: med samma sätt \
             att arbeta kan andelen bli 17,7–64,5 %, och då kan bedömningen bli en annan."
        );
        assert_eq!(
            certainty_of_counts(plans(Scope::Sample, 0.1)),
            "Processer: andelen ligger säkert över målet (högst 10 %). Det går inte att säga om avvikelsen är graverande, \
             eftersom intervallet (17,5–62,5 %) når gränsen 20 %."
        );
    }
}
