//! Results of control points: in lines, as a table, with their grades and how sure these are.

use super::super::document::Span;
use super::super::tables::control_cell;
use super::prose;
use crate::analysis::{ControlFindings, Told};
use crate::assessment::{AssessedPoint, AssessedResult, Assessment};
use crate::language::Phrase;
use crate::plan::{GradeLimits, ResultKind, Scope, Severity};
use crate::table::{Cell, Row, Table, Target};
use crate::text::plan::{counts_sentences, grade_limits, severity_name};
use crate::text::{Texts, fill, later_sentence, main_sentence};

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
            ResultKind::Counts(counts) => lines.push(vec![Span::plain(counts_sentences(counts, texts))]),
            ResultKind::Control { name, .. } => lines.push(computed(name, result, texts)),
        }
    }
    lines
}

/// The lines as one text, for a cell.
pub fn result_text(point: &AssessedPoint<'_>, texts: &Texts) -> String {
    let line = |spans: Vec<Span>| spans.into_iter().map(|span| span.text).collect::<String>();
    result_lines(point, texts).into_iter().map(line).collect::<Vec<String>>().join(" ")
}

/// The lines in as few words as a table at a glance has room for: of controls their figures alone. The name of a group
/// stands before its first result.
pub fn short_result(point: &AssessedPoint<'_>, texts: &Texts) -> String {
    let mut group: Option<&str> = None;
    let short = point.results.iter().map(|result| {
        let own = result.planned.group.as_deref();
        let begins = own.filter(|name| group != Some(name));
        group = own;
        let name = begins.map_or(String::new(), |name| format!("{name}: "));
        name + &short_line(result, texts)
    });
    short.collect::<Vec<String>>().join(" ")
}

fn short_line(result: &AssessedResult<'_>, texts: &Texts) -> String {
    match (&result.planned.result, result.control) {
        (ResultKind::Text(text), _) => text.split_whitespace().collect::<Vec<_>>().join(" "),
        (ResultKind::Counts(counts), _) => counts_sentences(counts, texts),
        (ResultKind::Control { .. }, Some(control)) => short_headline(control, texts),
        (ResultKind::Control { name, .. }, None) => without_export(name, texts),
    }
}

/// `Skyddsbedömningar: 3 av 120 (2,5 %) avvek.`
fn short_headline(control: &ControlFindings, texts: &Texts) -> String {
    let (name, told) = (texts.name(&control.rule), control.headline().told_in_headline());
    match told {
        Told::Ratio(deviations, cases) => {
            let (counts, share) = (texts.counts(deviations, cases), texts.told(told));
            fill!(texts, "plan.short-share", control = name, counts, share)
        }
        _ => format!("{name}: {}.", texts.told(told)),
    }
}

/// A control of the rulebook in a sentence.
fn computed(name: &Phrase, result: &AssessedResult<'_>, texts: &Texts) -> Vec<Span> {
    let Some(control) = result.control else {
        return vec![Span::plain(without_export(name, texts))];
    };
    let mut said = vec![main_sentence(&control.rule, control.headline(), texts)];
    said.extend(later_sentence(control, texts));
    let link = Span::link(texts.name(&control.rule), Target::control(&control.rule.id));
    vec![link, Span::plain(format!(": {}", said.join(" ")))]
}

fn without_export(name: &Phrase, texts: &Texts) -> String {
    fill!(texts, "plan.no-export", control = name.text(texts.language()))
}

/// The controls among the results side by side, as a committee is used to see them; nothing without one.
pub fn computed_table(id: &str, point: &AssessedPoint<'_>, texts: &Texts) -> Option<Table> {
    let keys =
        ["control", "period", "severity", "cases", "deviations", "share", "interval", "before", "change"];
    let caption = fill!(texts, "plan.computed", point = point.point.name);
    let mut table =
        Table::new("results", caption).with_id(format!("{id}-results")).text_columns(3).columns(&keys, texts);
    for result in &point.results {
        let Some(control) = result.control else { continue };
        let period = control.headline();
        let count = |count: Option<u64>| count.map_or(Cell::Hidden, Cell::Count);
        let interval = period.interval().filter(|_| period.counts_because().is_none());
        let cells = vec![
            control_cell(control, texts),
            Cell::Period(period.period, period.complete),
            severity_cell(result.grade.map(|grade| grade.severity), texts),
            count(period.figure.cases()),
            count(period.figure.deviations()),
            Cell::told(period.told_in_headline(), texts),
            Cell::or_unknown(interval, Cell::Interval),
            before(control, texts),
            Cell::or_unknown(control.headline_change(), |change| Cell::Points(change.difference)),
        ];
        table.rows.push(Row { cells, to: Some(Target::control(&control.rule.id)), id: None });
    }
    table.if_any()
}

/// A grade, or that there is none.
pub fn severity_cell(severity: Option<Severity>, texts: &Texts) -> Cell {
    Cell::word(severity.map_or("not-graded", Severity::id), severity_name(severity, texts))
}

/// The share of the period before, with the method it was counted by when that is another.
fn before(control: &ControlFindings, texts: &Texts) -> Cell {
    let Some(before) = control.before_headline() else { return Cell::Unknown };
    match &before.earlier_report {
        Some(earlier_report) => Cell::told(before.told(), texts).noted(texts.method(&earlier_report.method)),
        None => Cell::told(before.told_apart(), texts),
    }
}

/// By what limits results are graded; nothing when none is.
pub fn grading(assessment: &Assessment<'_>, texts: &Texts) -> Option<Table> {
    let keys = ["graded", "severity-none", "severity-minor", "severity-severe"];
    let mut table = Table::new("grading", texts.get("plan.grading")).columns(&keys, texts);
    let points = assessment.risk_points().flat_map(|risk_point| &risk_point.control_points);
    for result in points.flat_map(|point| &point.results) {
        let GradeLimits { target: Some(target), severe_at } = result.limits else { continue };
        let (name, scope, to) = match (&result.planned.result, result.control) {
            (ResultKind::Counts(counts), _) => (Cell::text(&counts.name), counts.scope, None),
            (_, Some(control)) => {
                (control_cell(control, texts), Scope::Process, Some(Target::control(&control.rule.id)))
            }
            _ => continue,
        };
        let [none, minor, severe] = grade_limits(target, severe_at, scope, texts).map(Cell::Text);
        let severe = if severe_at.is_some() { severe } else { Cell::Unknown };
        let cells = vec![name, none, minor, severe];
        table.rows.push(Row { cells, to, id: None });
    }
    table.if_any()
}
