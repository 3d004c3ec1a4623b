//! The follow-up of critical risks, and what the report says of the list of risks.

use super::super::Findings;
use super::super::document::{Block, Entry, Figure, Role, Section, Span};
use super::super::tables::Table;
use super::areas::risk_point_id;
use super::prose;
use crate::assessment::{Assessment, Register};
use crate::chart::Chart;
use crate::plan::register::Risk;
use crate::text::risks::{
    answer, because, gross_sentence, method_text, plan_sentence, proposals_sentence, proposed_value, reasons,
    value_text,
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
    sections.push(proposals(register, findings, "report.html", texts));
    sections.push(candidates(register, texts));
    sections.push(method(register, texts));
    sections
}

/// The id of a risk's section or row: by its place in the list, for its number may hold any letter.
pub fn risk_id(risks: &[Risk], risk: &Risk) -> String {
    let place = risks.iter().position(|other| other.id == risk.id).map_or(0, |place| place + 1);
    format!("risk_{place}")
}

/// What follows from the findings for the list of risks, in the report.
pub fn in_report(register: &Register<'_>, findings: &Findings<'_>, texts: &Texts) -> Section {
    let section = proposals(register, findings, "", texts);
    let whole = Span::link(texts.get("risk.whole"), "risks.html");
    let role = Role::Trail;
    let mut blocks = vec![Block::plain(plan_sentence(register, texts))];
    blocks.extend(section.blocks);
    blocks.push(Block::Paragraph { role, spans: vec![whole] });
    Section { id: "risk-register".into(), heading: texts.get("risk.register").to_owned(), blocks, ..section }
}

/// The same in a sentence of the summary.
pub fn in_summary(register: &Register<'_>, texts: &Texts) -> Vec<Span> {
    vec![
        Span::plain(format!("{} ", plan_sentence(register, texts))),
        Span::plain(proposals_sentence(register, texts)),
        Span::plain(" "),
        Span::link(texts.get("risk.register"), "#risk-register"),
    ]
}

fn follow_up(register: &Register<'_>, texts: &Texts) -> Section {
    let critical = register.critical().count() as u64;
    let mut blocks = vec![
        Block::plain(gross_sentence(register, texts)),
        Block::Paragraph { role: Role::Plain, spans: vec![Span::strong(plan_sentence(register, texts))] },
    ];
    let keys = ["risk-no", "process", "risk", "follows-plan", "risk-value"];
    let mut table = Table::new("critical-risks", texts.get("risk.critical"), texts, &keys, 4);
    for risk in register.critical() {
        table.links.push(format!("#{}", risk_id(register.risks, risk)));
        table.rows.push(vec![
            risk.id.clone(),
            risk.process.clone(),
            risk.risk.clone(),
            answer(risk.follows_plan, texts).to_owned(),
            risk.value.to_string(),
        ]);
    }
    if critical > 0 {
        blocks.push(Block::Table(table));
    }
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
                let link = format!("report.html#{}", risk_point_id(number, place));
                vec![Span::link(&point.risk_point.name, link)]
            },
        )
    });
    links.collect()
}

/// Every risk, and where it lies in the matrix.
fn gross_list(register: &Register<'_>, matrix: Option<&Chart>, texts: &Texts) -> Section {
    let keys = ["risk-no", "area", "risk", "critical", "likelihood", "consequence", "risk-value"];
    let mut table = Table::new("gross-list", texts.get("risk.gross-list"), texts, &keys, 4);
    let is_critical = |risk: &Risk| register.is_critical(risk.value);
    for risk in register.risks {
        let number = |number: Option<u8>| {
            number.map_or(texts.get("table.none").to_owned(), |number| number.to_string())
        };
        let link =
            if is_critical(risk) { format!("#{}", risk_id(register.risks, risk)) } else { String::new() };
        table.links.push(link);
        // A risk that is no section of its own is led to here.
        let id = if is_critical(risk) { String::new() } else { risk_id(register.risks, risk) };
        table.row_ids.push(id);
        table.rows.push(vec![
            risk.id.clone(),
            if risk.area.is_empty() { risk.process.clone() } else { risk.area.clone() },
            risk.risk.clone(),
            texts.get(if is_critical(risk) { "table.yes" } else { "table.no" }).to_owned(),
            number(risk.likelihood),
            number(risk.consequence),
            risk.value.to_string(),
        ]);
    }
    let mut blocks: Vec<Block> =
        matrix.map(|chart| Block::Figure(Figure::of(chart, Some(table.id.clone())))).into_iter().collect();
    blocks.push(Block::Table(table));
    Section {
        id: "gross".into(),
        heading: texts.get("risk.gross-list").to_owned(),
        blocks,
        ..Section::default()
    }
}

/// Proposed changes of value with the shares that speak for them. `report` is the file of the report, empty in
/// the report itself.
fn proposals(register: &Register<'_>, findings: &Findings<'_>, report: &str, texts: &Texts) -> Section {
    let keys = ["risk-no", "risk", "risk-value", "proposed-value", "because"];
    let mut table = Table::new("proposals", texts.get("risk.proposals"), texts, &keys, keys.len());
    let to_risks = if report.is_empty() { "risks.html" } else { "" };
    let mut trails: Vec<Span> = Vec::new();
    for proposal in &register.proposals {
        let control = findings.controls.iter().find(|control| control.rule.id == proposal.control);
        let Some(control) = control else { continue };
        table.links.push(format!("{to_risks}#{}", risk_id(register.risks, proposal.risk)));
        table.rows.push(vec![
            proposal.risk.id.clone(),
            proposal.risk.risk.clone(),
            proposal.risk.value.to_string(),
            proposed_value(proposal, texts),
            because(control, texts),
        ]);
        let name = texts.name(&control.rule);
        trails.push(Span::link(name, format!("{report}#rule_{}", control.rule.id)));
    }
    trails.dedup();
    table.trail = trails;
    let mut blocks = Vec::new();
    if table.rows.is_empty() {
        blocks.push(Block::plain(texts.get("risk.no-proposals")));
    } else {
        blocks.push(Block::plain(texts.get("risk.proposals-lead")));
        blocks.push(Block::Table(table));
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
        let link =
            Span::link(format!("{}. {}", risk.id, risk.risk), format!("#{}", risk_id(register.risks, risk)));
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

/// How risks are valued.
fn method(register: &Register<'_>, texts: &Texts) -> Section {
    Section {
        id: "method".into(),
        heading: texts.get("risk.method").to_owned(),
        blocks: vec![Block::plain(method_text(register, texts))],
        ..Section::default()
    }
}
