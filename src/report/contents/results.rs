//! Results of control points: in lines, as a table, with their grades and how sure these are.

use super::super::document::Span;
use super::super::tables::Table;
use super::controls::main_sentence;
use super::prose;
use crate::analysis::ControlFindings;
use crate::assessment::{AssessedPoint, AssessedResult, Assessment, Grade};
use crate::plan::{Counts, GradeLimits, Ratio, ResultKind, Severity};
use crate::text::Texts;

/// What came out, a line a result; those of a group under its name.
pub fn result_lines(point: &AssessedPoint<'_>, texts: &Texts) -> Vec<Vec<Span>> {
    let mut lines: Vec<Vec<Span>> = Vec::new();
    let mut group: Option<&str> = None;
    for result in &point.results {
        let own = result.planned.group.as_deref();
        if let Some(name) = own.filter(|name| group != Some(name)) {
            lines.push(vec![Span::strong(name)]);
        }
        group = own;
        match &result.planned.result {
            ResultKind::Text(text) => lines.extend(prose::paragraphs(text)),
            ResultKind::Counts(counts) => lines.push(vec![Span::plain(counted(counts, texts))]),
            ResultKind::Control { id, .. } => lines.push(computed(id, result, texts)),
        }
    }
    lines
}

/// The lines as one text, for a cell.
pub fn result_text(point: &AssessedPoint<'_>, texts: &Texts) -> String {
    let line = |spans: Vec<Span>| spans.into_iter().map(|span| span.text).collect::<String>();
    result_lines(point, texts).into_iter().map(line).collect::<Vec<String>>().join(" ")
}

/// `Kontinuitetsplaner: 8 av 13 (4 av 13 förra gången).`
fn counted(counts: &Counts, texts: &Texts) -> String {
    let now = counts.now.map_or(texts.get("table.hidden").to_owned(), |now| ratio(now, texts));
    match counts.before.map(|before| ratio(before, texts)) {
        None => texts.fill("plan.counted", &[("name", &counts.name), ("now", &now)]),
        Some(before) => {
            let values = [("name", counts.name.as_str()), ("now", &now), ("before", &before)];
            texts.fill("plan.counted-before", &values)
        }
    }
}

fn ratio(ratio: Ratio, texts: &Texts) -> String {
    let Some(of) = ratio.of else { return texts.count(ratio.count) };
    texts.fill("plan.of", &[("count", &texts.count(ratio.count)), ("of", &texts.count(of))])
}

/// A control of the rulebook in a sentence.
fn computed(id: &str, result: &AssessedResult<'_>, texts: &Texts) -> Vec<Span> {
    let Some(control) = result.control else {
        return vec![Span::plain(texts.fill("plan.no-export", &[("control", id)]))];
    };
    let name = control.rule.name.text(texts.language());
    let said = main_sentence(control.headline(), texts);
    vec![Span::link(name, format!("#rule_{id}")), Span::plain(format!(": {said}"))]
}

/// The controls among the results side by side, as a committee is used to see them; nothing without one.
pub fn computed_table(id: &str, point: &AssessedPoint<'_>, texts: &Texts) -> Option<Table> {
    let keys =
        ["control", "period", "severity", "cases", "deviations", "share", "interval", "before", "change"];
    let caption = texts.fill("plan.computed", &[("point", &point.point.name)]);
    let mut table = Table::new(format!("{id}-results"), caption, texts, &keys, 3);
    for result in &point.results {
        let Some(control) = result.control else { continue };
        let period = control.headline();
        let hidden = texts.get("table.hidden");
        let grade = result.grade.map(|grade| texts.get(&format!("severity.{}", grade.severity.id())));
        let deviations = period.figure.deviations().map(|deviations| texts.count(deviations));
        table.links.push(format!("#rule_{}", control.rule.id));
        table.rows.push(vec![
            control.rule.name.text(texts.language()).to_owned(),
            texts.period_so_far(period.period, period.complete),
            grade.unwrap_or(texts.get("severity.not-graded")).to_owned(),
            period.figure.cases().map_or(hidden.to_owned(), |cases| texts.count(cases)),
            deviations.unwrap_or_else(|| hidden.to_owned()),
            texts.headline(period),
            texts.interval(period.interval().filter(|_| period.counts_because().is_none())),
            before(control, texts),
            texts.change(control.headline_change()),
        ]);
    }
    (!table.rows.is_empty()).then_some(table)
}

/// The share of the period before, with the method it was counted by when that is another.
fn before(control: &ControlFindings, texts: &Texts) -> String {
    let Some(before) = control.before_headline() else {
        return texts.get("table.none").to_owned();
    };
    let share = texts.period_share(before);
    match &before.earlier_report {
        Some(earlier_report) => format!("{share} ({})", texts.method(&earlier_report.method)),
        None => share,
    }
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
            (counts.name.as_str(), crate::analysis::wilson(deviations, cases))
        }
        (_, Some(control)) => (control.rule.name.text(texts.language()), control.headline().interval()),
        _ => return None,
    };
    // With no deviation allowed and none found, the interval tells of nothing that happened.
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
    let values = [
        ("name", name.to_owned()),
        ("interval", texts.interval(interval)),
        ("target", limit(result.limits.target)),
        ("severe", limit(result.limits.severe_at)),
    ];
    let values: Vec<(&str, &str)> = values.iter().map(|(key, value)| (*key, value.as_str())).collect();
    Some(texts.fill(key, &values))
}

/// By what limits results are graded; nothing when none is.
pub fn grading(assessment: &Assessment<'_>, texts: &Texts) -> Option<Table> {
    let keys = ["graded", "severity-none", "severity-minor", "severity-severe"];
    let mut table = Table::new("grading", texts.get("plan.grading"), texts, &keys, keys.len());
    let points = assessment.risk_points().flat_map(|risk_point| &risk_point.control_points);
    for result in points.flat_map(|point| &point.results) {
        let GradeLimits { target: Some(target), severe_at } = result.limits else { continue };
        let (name, link) = match (&result.planned.result, result.control) {
            (ResultKind::Counts(counts), _) => (counts.name.clone(), String::new()),
            (_, Some(control)) => {
                (control.rule.name.text(texts.language()).to_owned(), format!("#rule_{}", control.rule.id))
            }
            _ => continue,
        };
        let target = texts.share(target);
        let severe = severe_at.map_or(texts.get("table.none").to_owned(), |severe_at| {
            texts.fill("plan.interval-from", &[("share", &texts.share(severe_at))])
        });
        table.links.push(link);
        table.rows.push(vec![
            name,
            texts.fill("plan.at-most", &[("share", &target)]),
            texts.fill("plan.above", &[("share", &target)]),
            severe,
        ]);
    }
    (!table.rows.is_empty()).then_some(table)
}
