//! Areas of internal control: risk points and control points with what came out, and how to read them.

use super::super::Findings;
use super::super::document::{Block, Entry, Role, Section, Span};
use super::anchors::{risk_id, risk_point_id};
use super::controls::trail;
use super::prose;
use super::results::{computed_table, grading, result_lines, result_text, severity_cell, short_result};
use crate::assessment::{AssessedArea, AssessedPoint, AssessedRiskPoint, Assessment};
use crate::plan::{Severity, Status};
use crate::table::{Cell, Row, Table, Target};
use crate::text::plan::{
    certainty, frequency, overruled, severity_meaning, severity_name, status_meaning, status_name,
};
use crate::text::{Texts, fill};

/// What the words of status and grade mean, and by what limits is graded; nothing for an empty plan.
pub fn key(assessment: &Assessment<'_>, texts: &Texts) -> Option<Section> {
    assessment.risk_points().next()?;
    let entry = |term: &str, meaning: String| Entry {
        id: None,
        term: term.to_owned(),
        paragraphs: vec![vec![Span::plain(meaning)]],
    };
    let statuses = Status::ALL.map(|status| {
        let meaning = status_meaning(status, texts).to_owned();
        entry(status_name(status, texts), meaning)
    });
    let severities = [Severity::None, Severity::Minor, Severity::Severe].map(|severity| {
        let meaning = severity_meaning(severity, texts).to_owned();
        entry(severity_name(Some(severity), texts), meaning)
    });
    let mut blocks = vec![
        Block::Definitions { entries: statuses.into() },
        Block::plain(texts.get("plan.key-severities")),
        Block::Definitions { entries: severities.into() },
    ];
    blocks.extend(grading(assessment, texts).map(|table| Block::table(&table, texts)));
    Some(Section {
        id: "key".into(),
        heading: texts.get("plan.key").to_owned(),
        blocks,
        ..Section::default()
    })
}

/// The areas at a glance; nothing for an empty plan.
pub fn in_body(assessment: &Assessment<'_>, texts: &Texts) -> Option<Section> {
    assessment.risk_points().next()?;
    let areas = assessment.areas.iter().enumerate();
    Some(Section {
        id: "areas".into(),
        heading: texts.get("plan.areas").to_owned(),
        blocks: areas
            .map(|(number, area)| Block::table(&control_points(number, area, texts), texts))
            .collect(),
        ..Section::default()
    })
}

/// Every control point of every area; nothing for an empty plan.
pub fn section(assessment: &Assessment<'_>, findings: &Findings<'_>, texts: &Texts) -> Option<Section> {
    assessment.risk_points().next()?;
    let areas = assessment.areas.iter().enumerate();
    Some(Section {
        id: "control-points".into(),
        heading: texts.get("plan.control-points").to_owned(),
        sections: areas.map(|(number, area)| of_area(number, area, findings, texts)).collect(),
        ..Section::default()
    })
}

/// An area with its risk points.
fn of_area(number: usize, area: &AssessedArea<'_>, findings: &Findings<'_>, texts: &Texts) -> Section {
    let blocks = prose::blocks(&area.area.aim);
    let risk_points = area.risk_points.iter().enumerate();
    Section {
        id: format!("area_{}", number + 1),
        heading: area.area.name.clone(),
        blocks,
        sections: risk_points
            .map(|(place, point)| risk_point(risk_point_id(number, place), point, findings, texts))
            .collect(),
        ..Section::default()
    }
}

/// The control points of an area: at a glance for people, with what came out for workbooks.
pub fn control_points(number: usize, area: &AssessedArea<'_>, texts: &Texts) -> Table {
    let caption = fill!(texts, "plan.overview", area = area.area.name);
    let mut table = Table::new("control-points", caption)
        .with_id(format!("area_{}-overview", number + 1))
        .text_columns(4)
        .machine(&["area", "risk-point"])
        .columns(&["control-point"], texts)
        .machine(&["department", "frequency"])
        .columns(&["status", "result", "severity"], texts)
        .machine(&["full-result", "comment", "planned-action"]);
    for (place, risk_point) in area.risk_points.iter().enumerate() {
        for (order, point) in risk_point.control_points.iter().enumerate() {
            let planned = point.point;
            let cells = vec![
                Cell::text(&area.area.name),
                Cell::text(&risk_point.risk_point.name),
                Cell::text(&planned.name),
                Cell::text(&planned.department),
                Cell::Text(frequency(point, texts)),
                Cell::word(planned.status.id(), status_name(planned.status, texts)),
                Cell::Text(short_result(point, texts)),
                severity_cell(point.severity(), texts),
                Cell::Text(result_text(point, texts)),
                Cell::text(&planned.comment),
                Cell::text(&planned.planned_action),
            ];
            let to = Some(Target::in_report(point_id(&risk_point_id(number, place), order)));
            table.rows.push(Row { cells, to, id: None });
        }
    }
    table
}

fn point_id(risk_point: &str, order: usize) -> String {
    format!("{risk_point}-{}", order + 1)
}

fn risk_point(
    id: String,
    risk_point: &AssessedRiskPoint<'_>,
    findings: &Findings<'_>,
    texts: &Texts,
) -> Section {
    let points = risk_point.control_points.iter().enumerate();
    let named = risk_point.risk_point.risk.as_ref();
    let risks = findings.risks.unwrap_or_default();
    let risk = risks.iter().find(|risk| Some(&risk.id) == named).map(|risk| {
        let text = fill!(texts, "plan.in-register", id = risk.id);
        let link = Span::link(text, Target::in_risks(risk_id(risks, risk)));
        Block::Paragraph { role: Role::Trail, spans: vec![link] }
    });
    Section {
        heading: risk_point.risk_point.name.clone(),
        blocks: risk.into_iter().collect(),
        sections: points.map(|(order, point)| control_point(point_id(&id, order), point, texts)).collect(),
        id,
        ..Section::default()
    }
}

fn control_point(id: String, point: &AssessedPoint<'_>, texts: &Texts) -> Section {
    let entry = |key: &str, paragraphs: Vec<Vec<Span>>| Entry {
        id: None,
        term: texts.get(key).to_owned(),
        paragraphs,
    };
    let text = |text: String| vec![vec![Span::plain(text)]];
    let planned = point.point;
    let entries = [
        entry("plan.department", text(planned.department.clone())),
        entry("plan.frequency", text(frequency(point, texts))),
        entry("plan.method", prose::paragraphs(&planned.method)),
        entry("plan.status", text(status_name(planned.status, texts).to_owned())),
        entry("plan.result", result_lines(point, texts)),
        entry("plan.severity", severity(point, texts)),
        entry("plan.comment", prose::paragraphs(&planned.comment)),
        entry("plan.planned-action", prose::paragraphs(&planned.planned_action)),
    ];
    let mut blocks = vec![Block::Definitions {
        entries: entries.into_iter().filter(|entry| !entry.paragraphs.is_empty()).collect(),
    }];
    blocks.extend(computed_table(&id, point, texts).map(|table| Block::table(&table, texts)));
    blocks.extend(point.results.iter().filter_map(|result| result.control).map(|control| {
        let name = texts.name(&control.rule);
        let mut spans = vec![Span::plain(format!("{name}: "))];
        spans.extend(trail(control, texts));
        Block::Paragraph { role: Role::Trail, spans }
    }));
    Section { heading: planned.name.clone(), id, blocks, ..Section::default() }
}

/// The grade, how sure it is, and a person's reason for another one.
fn severity(point: &AssessedPoint<'_>, texts: &Texts) -> Vec<Vec<Span>> {
    let mut paragraphs = vec![vec![Span::strong(severity_name(point.severity(), texts))]];
    if let Some(computed) = point.overruled() {
        let said = overruled(computed, &point.point.severity_reason, texts);
        paragraphs.push(vec![Span::plain(said)]);
    } else if !point.point.severity_reason.is_empty() {
        paragraphs.push(vec![Span::plain(point.point.severity_reason.clone())]);
    }
    paragraphs.extend(certainty(point, texts).into_iter().map(|said| vec![Span::plain(said)]));
    paragraphs
}
