//! Pages of groups: each unit with its own trend in every control that it has cases of.

use super::Findings;
use super::contents;
use super::document::{Block, Document, Figure, Role, Section, Span};
use super::tables;
use super::units::{named, unit};
use crate::analysis::ControlFindings;
use crate::chart::group_trend;
use crate::table::Target;
use crate::text::{Texts, fill, group_sentences, main_sentence, trend_sentences};

/// The page of a group.
pub fn page(findings: &Findings<'_>, name: &str, file: &str, texts: &Texts) -> Document {
    let of_unit = |control: &&ControlFindings| named(control).any(|group| group.name == name);
    let controls = findings.controls.iter().filter(of_unit);
    let subtitle = fill!(texts, "report.unit-subtitle", as_of = texts.long_date(findings.as_of));
    let sections = controls.map(|control| section(findings, control, name, texts)).collect();
    contents::document(unit(file).document, name.to_owned(), subtitle, sections, findings, texts)
}

fn section(findings: &Findings<'_>, control: &ControlFindings, name: &str, texts: &Texts) -> Section {
    let group = named(control).find(|group| group.name == name).expect("the control has the unit");
    let id = &control.rule.id;
    let mut blocks =
        vec![Block::plain(main_sentence(&control.rule, &group.periods[control.headline_place], texts))];
    let grouping = &control.groupings[0];
    let index = grouping.groups.iter().position(|known| std::ptr::eq(known, group));
    let compared = index.map(|index| group_sentences(grouping, index, texts));
    blocks.extend(compared.into_iter().flatten().map(Block::plain));
    if let Some(trend) = &group.trend {
        let chart = group_trend(&format!("{id}-trend"), control, name, trend, texts);
        blocks.push(Block::Figure(Figure::of(&chart, None)));
        blocks.extend(trend_sentences(&control.rule, trend, texts).into_iter().map(Block::plain));
    }
    let in_full = findings.detail(control).zip(index).map(|(detail, index)| &detail.groups[0][index]);
    blocks.push(Block::table(&tables::periods_of(findings, control, &group.periods, in_full, texts), texts));
    let back = Span::link(texts.get("report.back-control"), Target::control(id));
    blocks.push(Block::Paragraph { role: Role::Trail, spans: vec![back] });
    Section {
        id: format!("rule_{id}"),
        heading: control.rule.name.text(texts.language()).to_owned(),
        blocks,
        ..Section::default()
    }
}
