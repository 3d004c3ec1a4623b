//! Results of control points: in lines, as a table, with their grades and how sure these are.

use super::super::document::Span;
use super::super::tables::Table;
use super::prose;
use crate::assessment::{AssessedPoint, AssessedResult, Assessment};
use crate::plan::{GradeLimits, ResultKind};
use crate::text::plan::{counts_sentence, grade_limits, severity_name, share_before};
use crate::text::{Texts, fill, main_sentence};

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
            ResultKind::Counts(counts) => lines.push(vec![Span::plain(counts_sentence(counts, texts))]),
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

/// A control of the rulebook in a sentence.
fn computed(id: &str, result: &AssessedResult<'_>, texts: &Texts) -> Vec<Span> {
    let Some(control) = result.control else {
        return vec![Span::plain(fill!(texts, "plan.no-export", control = id))];
    };
    let name = texts.name(&control.rule);
    let said = main_sentence(control.headline(), texts);
    vec![Span::link(name, format!("#rule_{id}")), Span::plain(format!(": {said}"))]
}

/// The controls among the results side by side, as a committee is used to see them; nothing without one.
pub fn computed_table(id: &str, point: &AssessedPoint<'_>, texts: &Texts) -> Option<Table> {
    let keys =
        ["control", "period", "severity", "cases", "deviations", "share", "interval", "before", "change"];
    let caption = fill!(texts, "plan.computed", point = point.point.name);
    let mut table = Table::new(format!("{id}-results"), caption, texts, &keys, 3);
    for result in &point.results {
        let Some(control) = result.control else { continue };
        let period = control.headline();
        let hidden = texts.get("table.hidden");
        let grade = severity_name(result.grade.map(|grade| grade.severity), texts);
        let deviations = period.figure.deviations().map(|deviations| texts.count(deviations));
        table.links.push(format!("#rule_{}", control.rule.id));
        table.rows.push(vec![
            texts.name(&control.rule).to_owned(),
            texts.period_so_far(period.period, period.complete),
            grade.to_owned(),
            period.figure.cases().map_or(hidden.to_owned(), |cases| texts.count(cases)),
            deviations.unwrap_or_else(|| hidden.to_owned()),
            texts.headline(period),
            texts.interval(period.interval().filter(|_| period.counts_because().is_none())),
            share_before(control, texts),
            texts.change(control.headline_change()),
        ]);
    }
    (!table.rows.is_empty()).then_some(table)
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
                (texts.name(&control.rule).to_owned(), format!("#rule_{}", control.rule.id))
            }
            _ => continue,
        };
        let [none, minor, severe] = grade_limits(target, severe_at, texts);
        table.links.push(link);
        table.rows.push(vec![name, none, minor, severe]);
    }
    (!table.rows.is_empty()).then_some(table)
}
