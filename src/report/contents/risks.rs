//! The follow-up of critical risks, and what the report says of the list of risks.

use super::super::Findings;
use super::super::document::{Block, Entry, Figure, Role, Section, Span};
use super::super::tables::Table;
use super::areas::risk_point_id;
use super::prose;
use crate::analysis::ControlFindings;
use crate::assessment::{Assessment, Proposal, Register};
use crate::chart::Chart;
use crate::plan::register::Risk;
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
    let proposed = register.proposals.len() as u64;
    let key = match proposed {
        0 => "risk.summary-none",
        1 => "risk.summary-one",
        _ => "risk.summary",
    };
    let values = [("count", &*texts.number_word(proposed))];
    vec![
        Span::plain(format!("{} ", plan_sentence(register, texts))),
        Span::plain(sentence_case(&texts.fill(key, &values[..usize::from(proposed > 1)]))),
        Span::plain(" "),
        Span::link(texts.get("risk.register"), "#risk-register"),
    ]
}

/// `Alla kritiska risker utom en följer beslutad planering.`
fn plan_sentence(register: &Register<'_>, texts: &Texts) -> String {
    let answers =
        |answer: Option<bool>| register.critical().filter(|risk| risk.follows_plan == answer).count() as u64;
    let (all, follow, astray, unknown) =
        (register.critical().count() as u64, answers(Some(true)), answers(Some(false)), answers(None));
    let values = [
        ("count", texts.number_word(astray)),
        ("follow", texts.number_word(follow)),
        ("unknown", texts.number_word(unknown)),
    ];
    let fill = |key: &str, names: &[usize]| {
        let values: Vec<(&str, &str)> =
            names.iter().map(|at| (values[*at].0, values[*at].1.as_str())).collect();
        sentence_case(&texts.fill(key, &values))
    };
    let said = match (all, astray) {
        (0, _) => return texts.get("risk.none-critical").to_owned(),
        _ if unknown == all => return texts.get("risk.no-answers").to_owned(),
        (_, 0) if unknown == 0 => fill("risk.all-follow", &[]),
        (all, astray) if astray == all => fill("risk.none-follow", &[]),
        (_, 0) => fill("risk.some-follow", &[1]),
        (_, 1) if unknown == 0 => fill("risk.all-but-one", &[]),
        _ if unknown == 0 => fill("risk.all-but", &[0]),
        _ => fill("risk.some-follow-some-not", &[1, 0]),
    };
    if unknown == 0 { said } else { format!("{said} {}", fill("risk.some-unanswered", &[2])) }
}

fn follow_up(register: &Register<'_>, texts: &Texts) -> Section {
    let critical = register.critical().count() as u64;
    let mut blocks = vec![
        Block::plain(fill!(
            texts,
            "risk.gross",
            all = texts.count(register.risks.len() as u64),
            critical = texts.count(critical),
            at = register.settings.critical_at
        )),
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

fn answer(follows_plan: Option<bool>, texts: &Texts) -> &str {
    match follows_plan {
        Some(true) => texts.get("risk.yes"),
        Some(false) => texts.get("risk.no"),
        None => texts.get("risk.not-answered"),
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
    let value = match risk.likelihood.zip(risk.consequence) {
        Some((likelihood, consequence)) => {
            fill!(texts, "risk.product", value = risk.value, likelihood, consequence)
        }
        None => risk.value.to_string(),
    };
    let proposed = register.proposal(risk).map(|proposal| proposed_value(proposal, texts));
    let entries = [
        ("area", risk.area.clone()),
        ("process", risk.process.clone()),
        ("risk-value", value),
        ("existing", risk.existing.clone()),
        ("handling", risk.handling.clone()),
        ("follows-plan", answer(risk.follows_plan, texts).to_owned()),
        ("comment", risk.comment.clone()),
        ("proposed-value", proposed.unwrap_or_default()),
    ];
    let entries = entries.into_iter().filter(|(_, text)| !text.is_empty()).map(|(key, text)| Entry {
        id: None,
        term: texts.get(&format!("table.{key}")).to_owned(),
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

fn proposed_value(proposal: &Proposal<'_>, texts: &Texts) -> String {
    let (value, likelihood) = (proposal.value.to_string(), proposal.likelihood.to_string());
    fill!(texts, "risk.proposed", value, likelihood)
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
        let name = control.rule.name.text(texts.language());
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

/// The share that speaks for a proposal.
fn because(control: &ControlFindings, texts: &Texts) -> String {
    let name = control.rule.name.text(texts.language());
    let share = texts.headline(control.headline());
    let interval = texts.interval(control.headline().interval());
    fill!(texts, "risk.because", control = name, share, interval)
}

/// What next year's plan should look at.
fn candidates(register: &Register<'_>, texts: &Texts) -> Section {
    let items = register.candidates.iter().map(|candidate| {
        let reasons: Vec<&str> =
            candidate.reasons.iter().map(|reason| texts.get(&format!("candidate.{}", reason.id()))).collect();
        let risk = candidate.risk;
        let link =
            Span::link(format!("{}. {}", risk.id, risk.risk), format!("#{}", risk_id(register.risks, risk)));
        vec![link, Span::plain(format!(": {}.", texts.list(&reasons)))]
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
    let settings = register.settings;
    let steps = settings.likelihood_from.iter().zip(2..).map(|(from, step): (&f64, u32)| {
        fill!(texts, "risk.step", likelihood = step, share = texts.share(*from))
    });
    let steps: Vec<String> = steps.collect();
    let steps: Vec<&str> = steps.iter().map(String::as_str).collect();
    Section {
        id: "method".into(),
        heading: texts.get("risk.method").to_owned(),
        blocks: vec![Block::plain(fill!(
            texts,
            "risk.method-text",
            scale = settings.scale,
            at = settings.critical_at,
            steps = texts.list(&steps)
        ))],
        ..Section::default()
    }
}
