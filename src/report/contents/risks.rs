//! The follow-up of critical risks, and what the report says of the list of risks.

use super::super::Findings;
use super::super::document::{self, Block, Entry, Figure, Role, Section, Span};
use super::anchors::{risk_id, risk_point_id};
use super::prose;
use crate::assessment::{Assessment, Proposal, Register};
use crate::chart::Chart;
use crate::plan::register::Risk;
use crate::table::{Cell, RISKS, Row, Table, Target};
use crate::text::risks::{
    answer, because, gross_sentence, method_text, plan_sentence, proposals_sentence, proposed_value, reasons,
    shares_text, value_text,
};
use crate::text::{Texts, fill, sentence_case};

/// The sections of the follow-up.
pub fn sections(
    register: &Register<'_>,
    plan: Option<&Assessment<'_>>,
    findings: &Findings<'_>,
    matrix: Option<&Chart>,
    texts: &Texts,
) -> Vec<Section> {
    let mut sections: Vec<Section> =
        prose::background(&register.settings.background, texts).into_iter().collect();
    sections.push(follow_up(register, texts));
    sections.push(critical(register, plan, texts));
    sections.push(gross_list(register, matrix, texts));
    let to_control = |proposal: &Proposal<'_>| Target::control(proposal.control);
    sections.push(proposals(register, findings, &to_control, texts));
    sections.push(candidates(register, texts));
    sections.push(method(register, findings, texts));
    sections.retain(|section| !section.blocks.is_empty() || !section.sections.is_empty());
    sections
}

/// What follows from the findings for the list of risks, in the report.
pub fn in_report(register: &Register<'_>, findings: &Findings<'_>, texts: &Texts) -> Section {
    let to_risk = |proposal: &Proposal<'_>| Target::in_risks(risk_id(register.risks, proposal.risk));
    let section = proposals(register, findings, &to_risk, texts);
    let whole = Span::link(texts.get("risk.whole"), Target::document(RISKS));
    let role = Role::Trail;
    let mut blocks = vec![Block::plain(plan_sentence(register, texts))];
    blocks.extend(section.blocks);
    blocks.push(Block::Paragraph { role, spans: vec![whole] });
    Section { id: "risk-register".into(), heading: texts.get("risk.register").to_owned(), blocks, ..section }
}

/// The same in a sentence of the summary; without cases nothing speaks for other values.
pub fn in_summary(register: &Register<'_>, findings: &Findings<'_>, texts: &Texts) -> Vec<Span> {
    let (said, section) = (plan_sentence(register, texts), Target::in_report("risk-register"));
    match findings.is_without_cases() {
        true => vec![Span::link(said, section)],
        false => {
            vec![Span::plain(format!("{said} ")), Span::link(proposals_sentence(register, texts), section)]
        }
    }
}

fn follow_up(register: &Register<'_>, texts: &Texts) -> Section {
    let mut blocks = vec![
        Block::plain(gross_sentence(register, texts)),
        Block::Paragraph { role: Role::Plain, spans: vec![Span::strong(plan_sentence(register, texts))] },
    ];
    let keys = ["risk-no", "process", "risk", "follows-plan", "risk-value"];
    let mut table =
        Table::new("critical-risks", texts.get("risk.critical")).text_columns(4).columns(&keys, texts);
    for risk in register.critical() {
        let cells = vec![
            Cell::text(&risk.id),
            Cell::text(&risk.process),
            Cell::text(&risk.risk),
            Cell::text(answer(risk.follows_plan, texts)),
            Cell::Count(risk.value.into()),
        ];
        table.rows.push(Row { cells, to: Some(Target::in_risks(risk_id(register.risks, risk))), id: None });
    }
    blocks.extend(table.if_any().map(|table| Block::table(&table, texts)));
    Section {
        id: "follow-up".into(),
        heading: texts.get("risk.follow-up").to_owned(),
        blocks,
        ..Section::default()
    }
}

/// Each critical risk with what is done about it.
fn critical(register: &Register<'_>, plan: Option<&Assessment<'_>>, texts: &Texts) -> Section {
    Section {
        id: "critical".into(),
        heading: texts.get("risk.each").to_owned(),
        blocks: if register.critical().next().is_none() {
            vec![Block::plain(texts.get("risk.none-critical"))]
        } else {
            Vec::new()
        },
        sections: register.critical().map(|risk| of_risk(register, risk, plan, texts)).collect(),
        ..Section::default()
    }
}

fn of_risk(register: &Register<'_>, risk: &Risk, plan: Option<&Assessment<'_>>, texts: &Texts) -> Section {
    let proposed = register.proposal(risk).map(|proposal| proposed_value(proposal, texts));
    let entries = [
        ("table.area", risk.area.clone()),
        ("table.process", risk.process.clone()),
        ("table.risk-value", value_text(risk, texts)),
        ("table.existing", risk.existing.clone()),
        ("table.handling", risk.handling.clone()),
        ("table.follows-plan", answer(risk.follows_plan, texts).to_owned()),
        ("table.comment", risk.comment.clone()),
        ("table.proposed-value", proposed.unwrap_or_default()),
    ];
    let entries = entries.into_iter().filter(|(_, text)| !text.is_empty()).map(|(key, text)| Entry {
        id: None,
        term: texts.get(key).to_owned(),
        paragraphs: vec![vec![Span::plain(text)]],
    });
    let controlled = controlled_in(risk, plan);
    let controlled = (!controlled.is_empty()).then(|| Entry {
        id: None,
        term: texts.get("table.controlled-in").to_owned(),
        paragraphs: controlled,
    });
    Section {
        id: risk_id(register.risks, risk),
        heading: format!("{}. {}", risk.id, risk.risk),
        blocks: vec![Block::Definitions { entries: entries.chain(controlled).collect() }],
        ..Section::default()
    }
}

/// The risk points of the report that name the risk.
fn controlled_in(risk: &Risk, plan: Option<&Assessment<'_>>) -> Vec<Vec<Span>> {
    let areas = plan.map_or(&[][..], |plan| &plan.areas);
    let links = areas.iter().enumerate().flat_map(|(number, area)| {
        let points = area.risk_points.iter().enumerate();
        points.filter(|(_, point)| point.risk_point.risk.as_ref() == Some(&risk.id)).map(
            move |(place, point)| {
                let section = Target::in_report(risk_point_id(number, place));
                vec![Span::link(&point.risk_point.name, section)]
            },
        )
    });
    links.collect()
}

/// Every risk: where people look for it, with what is done about it for workbooks. One that is critical has a section of
/// its own, the others are led to here.
pub fn risks_table(register: &Register<'_>, texts: &Texts) -> Table {
    let mut table = Table::new("risks", texts.get("risk.gross-list"))
        .with_id("gross-list")
        .text_columns(4)
        .columns(&["risk-no"], texts)
        .machine(&["area", "process"])
        .column("place", texts.get("table.area"))
        .columns(&["risk", "critical", "likelihood", "consequence", "risk-value"], texts)
        .machine(&["existing", "handling", "follows-plan", "comment", "proposed-value"]);
    let number = |number: Option<u8>| Cell::or_unknown(number, |number| Cell::Count(number.into()));
    for risk in register.risks {
        let is_critical = register.is_critical(risk.value);
        let id = risk_id(register.risks, risk);
        let cells = vec![
            Cell::text(&risk.id),
            Cell::text(&risk.area),
            Cell::text(&risk.process),
            Cell::text(if risk.area.is_empty() { &risk.process } else { &risk.area }),
            Cell::text(&risk.risk),
            Cell::Flag(is_critical),
            number(risk.likelihood),
            number(risk.consequence),
            Cell::Count(risk.value.into()),
            Cell::text(&risk.existing),
            Cell::text(&risk.handling),
            Cell::or_unknown(risk.follows_plan, Cell::Flag),
            Cell::text(&risk.comment),
            number(register.proposal(risk).map(|proposal| proposal.value)),
        ];
        let (to, id) = if is_critical { (Some(Target::in_risks(id)), None) } else { (None, Some(id)) };
        table.rows.push(Row { cells, to, id });
    }
    table
}

/// Every risk, and where it lies in the matrix.
fn gross_list(register: &Register<'_>, matrix: Option<&Chart>, texts: &Texts) -> Section {
    let table = risks_table(register, texts);
    let mut blocks: Vec<Block> =
        matrix.map(|chart| Block::Figure(Figure::of(chart, Some(table.id.clone())))).into_iter().collect();
    blocks.push(Block::table(&table, texts));
    Section {
        id: "gross".into(),
        heading: texts.get("risk.gross-list").to_owned(),
        blocks,
        ..Section::default()
    }
}

/// Proposed changes of value with the shares that speak for them, each with a link; without cases no word of either.
fn proposals(
    register: &Register<'_>,
    findings: &Findings<'_>,
    leads_to: &dyn Fn(&Proposal<'_>) -> Target,
    texts: &Texts,
) -> Section {
    let keys = ["risk-no", "risk", "risk-value", "proposed-value", "because"];
    let mut table = Table::new("proposals", texts.get("risk.proposals")).columns(&keys, texts);
    for proposal in &register.proposals {
        let control = findings.controls.iter().find(|control| control.rule.id == proposal.control);
        let Some(control) = control else { continue };
        let cells = vec![
            Cell::text(&proposal.risk.id),
            Cell::text(&proposal.risk.risk),
            Cell::Count(proposal.risk.value.into()),
            Cell::Text(proposed_value(proposal, texts)),
            Cell::Text(because(control, texts)),
        ];
        table.rows.push(Row { cells, to: Some(leads_to(proposal)), id: None });
    }
    let mut blocks = Vec::new();
    if !table.rows.is_empty() {
        blocks.push(Block::plain(texts.get("risk.proposals-lead")));
        blocks.push(Block::Table(document::Table::of(&table, texts)));
    } else if !findings.is_without_cases() {
        blocks.push(Block::plain(texts.get("risk.no-proposals")));
    }
    if !register.unknown.is_empty() {
        let ids = texts.list(&register.unknown);
        blocks.push(Block::plain(fill!(texts, "risk.unknown", ids)));
    }
    Section {
        id: "proposed".into(),
        heading: sentence_case(texts.get("risk.proposals")),
        blocks,
        ..Section::default()
    }
}

/// What next year's plan should look at.
fn candidates(register: &Register<'_>, texts: &Texts) -> Section {
    let items = register.candidates.iter().map(|candidate| {
        let risk = candidate.risk;
        let link = Span::link(
            format!("{}. {}", risk.id, risk.risk),
            Target::in_risks(risk_id(register.risks, risk)),
        );
        vec![link, Span::plain(reasons(candidate, texts))]
    });
    let items: Vec<Vec<Span>> = items.collect();
    let blocks = match items.is_empty() {
        true => vec![Block::plain(texts.get("risk.no-candidates"))],
        false => vec![Block::plain(texts.get("risk.candidates-lead")), Block::Bullets { items }],
    };
    Section {
        id: "candidates".into(),
        heading: texts.get("risk.candidates").to_owned(),
        blocks,
        ..Section::default()
    }
}

/// How risks are valued, and how shares change that where there are cases.
fn method(register: &Register<'_>, findings: &Findings<'_>, texts: &Texts) -> Section {
    let shares = (!findings.is_without_cases()).then(|| shares_text(register, texts));
    let text =
        [Some(method_text(register, texts)), shares].into_iter().flatten().collect::<Vec<_>>().join(" ");
    Section {
        id: "method".into(),
        heading: texts.get("risk.method").to_owned(),
        blocks: vec![Block::plain(text)],
        ..Section::default()
    }
}
