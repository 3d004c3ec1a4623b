//! Summary: what is wrong, what is to be decided, how sure that is, and what has changed.

use super::super::Findings;
use super::super::document::{Block, Role, Section, Span};
use super::anchors::{risk_id, risk_point_id};
use super::results::severity_cell;
use super::{Assessed, risks};
use crate::analysis::{ControlFindings, many_rejected};
use crate::assessment::{AssessedRiskPoint, Assessment, Decision, decisions};
use crate::rulebook::Rule;
use crate::table::{Cell, Row, Table, Target};
use crate::text::decisions::{question, subject};
use crate::text::plan::{certainty, judged_by_person, plan_summary};
use crate::text::quality::rejection_sentence;
use crate::text::risks::{gross_sentence, plan_sentence};
use crate::text::{Texts, fill, later_sentence, short_sentence, verdict_words};

/// The section.
pub fn section(findings: &Findings<'_>, assessed: &Assessed<'_>, texts: &Texts) -> Section {
    let mut blocks = Vec::new();
    if let Some(assessment) = &assessed.plan {
        blocks.push(Block::plain(plan_summary(assessment, texts)));
    }
    if let Some(register) = &assessed.register {
        blocks.push(Block::Paragraph {
            role: Role::Plain,
            spans: risks::in_summary(register, findings, texts),
        });
    }
    let linked = |rule: &Rule| Span::link(texts.name(rule), Target::control(&rule.id));
    blocks.extend(of_controls(findings, &linked, texts));
    blocks.extend(to_decide(findings, assessed, texts));
    let deviations = assessed.plan.as_ref().and_then(|assessment| deviations(assessment, texts));
    blocks.extend(deviations.map(|table| Block::table(&table, texts)));
    Section {
        id: "summary".into(),
        heading: texts.get("report.summary").to_owned(),
        blocks,
        ..Section::default()
    }
}

/// What the plan and the list of risks say by themselves.
pub fn without_cases(assessed: &Assessed<'_>, texts: &Texts) -> Vec<String> {
    let plan = assessed.plan.as_ref().filter(|assessment| assessment.risk_points().next().is_some());
    let mut said: Vec<String> = plan.map(|assessment| plan_summary(assessment, texts)).into_iter().collect();
    if let Some(register) = &assessed.register {
        said.extend([gross_sentence(register, texts), plan_sentence(register, texts)]);
    }
    said
}

/// The section without what needs a table: for a slide.
pub fn at_a_glance(findings: &Findings<'_>, assessed: &Assessed<'_>, texts: &Texts) -> Section {
    let plan = match findings.is_without_cases() {
        true => without_cases(assessed, texts),
        false => assessed.plan.iter().map(|assessment| plan_summary(assessment, texts)).collect(),
    };
    let strong = |rule: &Rule| Span::strong(texts.name(rule));
    Section {
        id: "summary".into(),
        heading: texts.get("report.summary").to_owned(),
        blocks: plan
            .into_iter()
            .map(Block::plain)
            .chain(of_controls(findings, &strong, texts))
            .chain(to_decide(findings, assessed, texts))
            .collect(),
        ..Section::default()
    }
}

/// What the committee is asked to take a position on; nothing when nothing calls for it.
fn to_decide(findings: &Findings<'_>, assessed: &Assessed<'_>, texts: &Texts) -> Vec<Block> {
    /// More questions than these are counted: a list to decide on is read as a whole.
    const MOST: usize = 5;
    let found = decisions(&findings.controls, assessed.plan.as_ref(), assessed.register.as_ref());
    if found.is_empty() {
        return Vec::new();
    }
    let item = |decision: &Decision<'_>| {
        let subject = Span::link(subject(decision, texts), leads_to(decision, assessed));
        vec![subject, Span::plain(format!(". {}", question(decision, texts)))]
    };
    let items = found.iter().take(MOST).map(item).collect();
    let more = found.len().saturating_sub(MOST) as u64;
    let more = (more > 0).then(|| Block::plain(fill!(texts, "decision.more", count = texts.count(more))));
    let lead = Block::Paragraph { role: Role::Plain, spans: vec![Span::strong(texts.get("decision.lead"))] };
    [lead, Block::Bullets { items }].into_iter().chain(more).collect()
}

/// Where a question is treated in full.
fn leads_to(decision: &Decision<'_>, assessed: &Assessed<'_>) -> Target {
    match decision {
        Decision::RiskPoint { place: (area, place), .. } => Target::in_report(risk_point_id(*area, *place)),
        Decision::NotAsPlanned(risk) | Decision::NotHandled(risk) => {
            let risks = assessed.register.as_ref().map_or(&[][..], |register| register.risks);
            Target::in_risks(risk_id(risks, risk))
        }
        Decision::Control { control, .. } => Target::control(&control.rule.id),
    }
}

/// What was found of every control, and of which files too many rows were rejected.
fn of_controls(findings: &Findings<'_>, name: &dyn Fn(&Rule) -> Span, texts: &Texts) -> Vec<Block> {
    let controls = findings.controls.iter();
    let items: Vec<Vec<Span>> =
        controls.map(|control| finding(control, name(&control.rule), texts)).collect();
    let items = (!findings.is_without_cases()).then_some(Block::Bullets { items });
    let rejections = rejection_sentences(findings, texts).into_iter();
    let rejections =
        rejections.map(|said| Block::Paragraph { role: Role::Plain, spans: vec![Span::strong(said)] });
    items.into_iter().chain(rejections).collect()
}

/// What a control's headline tells, and the verdict in a few words, after its name.
fn finding(control: &ControlFindings, name: Span, texts: &Texts) -> Vec<Span> {
    let mut spans = vec![name];
    let mut said = vec![short_sentence(&control.rule, control.headline(), texts)];
    said.extend(later_sentence(control, texts));
    said.extend(control.trend.as_ref().map(|trend| format!("{}.", verdict_words(trend, texts))));
    spans.push(Span::plain(format!(": {}", said.join(" "))));
    spans
}

/// Of which files so many rows were rejected that the figures may be of others than they say; by control.
pub fn rejection_sentences(findings: &Findings<'_>, texts: &Texts) -> Vec<String> {
    let lines = findings.ledger.iter().map(|entry| (entry.control.as_deref(), entry.line));
    let many = many_rejected(lines).into_iter().map(|(id, rejected, rows)| {
        let control = findings.controls.iter().find(|control| Some(&*control.rule.id) == id);
        rejection_sentence(control.map(|control| &control.rule), (rejected, rows), texts)
    });
    many.collect()
}

/// Risk points that deviate, worst first, with what will be done; nothing when none does.
fn deviations(assessment: &Assessment<'_>, texts: &Texts) -> Option<Table> {
    let keys = ["risk-point", "severity", "certainty", "planned-action"];
    let mut table = Table::new("deviations", texts.get("plan.deviations")).columns(&keys, texts);
    let mut found: Vec<(String, &AssessedRiskPoint<'_>)> = Vec::new();
    for (number, area) in assessment.areas.iter().enumerate() {
        let points = area.risk_points.iter().enumerate().filter(|(_, point)| point.deviates());
        found.extend(points.map(|(place, point)| (risk_point_id(number, place), point)));
    }
    found.sort_by_key(|(_, point)| std::cmp::Reverse(point.severity()));
    for (id, point) in found {
        let Some(severity) = point.severity() else { continue };
        let actions: Vec<&str> = point
            .control_points
            .iter()
            .map(|point| point.point.planned_action.as_str())
            .filter(|action| !action.is_empty())
            .collect();
        let actions = if actions.is_empty() { texts.get("plan.no-action").into() } else { actions.join(" ") };
        let certainty = point.control_points.iter().flat_map(|point| certainty(point, texts));
        let by_person = point.control_points.iter().filter_map(|point| judged_by_person(point, texts));
        let certainty: Vec<String> = certainty.chain(by_person).collect();
        let cells = vec![
            Cell::text(&point.risk_point.name),
            severity_cell(Some(severity), texts),
            Cell::Text(certainty.join(" ")),
            Cell::Text(actions),
        ];
        table.rows.push(Row { cells, to: Some(Target::in_report(id)), id: None });
    }
    table.if_any()
}
