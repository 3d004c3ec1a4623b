//! Controls: the section of each with its sentences, charts, tables and definition, and a closer look.

use super::super::document::{self, Block, Entry, Figure as Picture, Role, Section, Span};
use super::super::tables;
use super::super::units::Units;
use super::super::{Charts, Findings};
use crate::analysis::{ControlFindings, Detail};
use crate::chart::{Chart, ChartKind};
use crate::table::{Row, Table, Target};
use crate::text::definitions::{Defined, LAW, definition};
use crate::text::{
    Texts, control_sentences, differing_groups, differing_sentence, fill, groups_lead, incomplete_sentence,
    later_sentence, outlook_sentences, overdue_sentence, sentence_case, short_change_sentence,
    short_sentence, trend_sentences, verdict_of,
};

/// Every control with its headline, what has changed, and one chart.
pub fn in_body(findings: &Findings<'_>, charts: &Charts, texts: &Texts) -> Section {
    let controls = findings.controls.iter().zip(&charts.controls);
    Section {
        id: "controls".into(),
        heading: texts.get("report.controls").to_owned(),
        blocks: vec![
            Block::lead(texts.get("report.summary-lead")),
            Block::table(&tables::summary(findings, texts).hide_if(true, &NOT_IN_BODY), texts),
        ],
        sections: controls.map(|(control, charts)| in_short(findings, control, charts, texts)).collect(),
        ..Section::default()
    }
}

/// Columns of the summary that the body says in words.
const NOT_IN_BODY: [&str; 2] = ["change-points", "reference"];

fn in_short(findings: &Findings<'_>, control: &ControlFindings, charts: &[Chart], texts: &Texts) -> Section {
    let said = said_in_short(findings, control, texts);
    let id = &control.rule.id;
    let figure = charts.iter().find(|chart| chart.kind == main_chart(control));
    let figure = figure.map(|chart| Block::Figure(Picture::of(chart, None)));
    let mut ways = trail(control, texts);
    ways.push(Span::link(texts.get("report.more"), Target::in_report(format!("{id}_more"))));
    Section {
        id: format!("rule_{id}"),
        heading: control.rule.name.text(texts.language()).to_owned(),
        blocks: [Block::Paragraph { role: Role::Trail, spans: ways }, Block::plain(said.join(" "))]
            .into_iter()
            .chain(figure)
            .collect(),
        ..Section::default()
    }
}

/// What a control's headline is, what has changed, which groups differ, and what is overdue: a sentence or two each.
pub fn said_in_short(findings: &Findings<'_>, control: &ControlFindings, texts: &Texts) -> Vec<String> {
    let mut said = vec![short_sentence(&control.rule, control.headline(), texts)];
    said.extend(later_sentence(control, texts));
    said.extend(short_change_sentence(control, texts));
    said.extend(verdict_of(control, findings.internal().is_none(), texts));
    said.extend(control.groupings.first().and_then(|grouping| differing_sentence(grouping, texts)));
    said.extend(overdue_sentence(control, findings.as_of, texts));
    said
}

/// The one chart of a control that the report shows first: both methods where they differ, otherwise its shares.
pub fn main_chart(control: &ControlFindings) -> ChartKind {
    let gap = control.rule.reference.and_then(|reference| control.headline().reference_gap(reference));
    if gap.is_some_and(|gap| gap.abs() > f64::EPSILON) { ChartKind::Methods } else { ChartKind::Share }
}

/// All that is known of every control.
pub fn section(findings: &Findings<'_>, charts: &Charts, units: &Units, texts: &Texts) -> Section {
    let controls = findings.controls.iter().zip(&charts.controls);
    let overview = charts.overview.iter().map(|chart| Block::Figure(Picture::of(chart, None)));
    Section {
        id: "controls-more".into(),
        heading: texts.get("report.controls-more").to_owned(),
        blocks: [Block::lead(texts.get("report.controls-lead"))].into_iter().chain(overview).collect(),
        sections: controls
            .map(|(control, charts)| of_control(findings, control, charts, units, texts))
            .collect(),
        ..Section::default()
    }
}

/// Links from a control's figures to what stands behind them: definition, law, ledger and chart.
pub fn trail(control: &ControlFindings, texts: &Texts) -> Vec<Span> {
    let id = &control.rule.id;
    let chart = if control.drawn_trend().is_some() { "trend" } else { "share" };
    [
        ("report.trail-definition", format!("{id}_definition")),
        ("report.trail-law", format!("{id}_law")),
        ("report.trail-ledger", format!("{id}_ledger")),
        ("report.trail-chart", format!("figure_{id}-{chart}")),
    ]
    .into_iter()
    .map(|(key, place)| Span::link(texts.get(key), Target::in_report(place)))
    .collect()
}

fn of_control(
    findings: &Findings<'_>,
    control: &ControlFindings,
    charts: &[Chart],
    units: &Units,
    texts: &Texts,
) -> Section {
    let mut blocks = vec![Block::Paragraph { role: Role::Trail, spans: trail(control, texts) }];
    let said = control_sentences(control, findings.detail(control), findings.as_of, texts);
    blocks.extend(said.into_iter().map(Block::plain));
    blocks.extend(trend_blocks(findings, control, charts, texts));
    let mut sections = parts(findings, control, charts, units, texts);
    sections.push(Section {
        id: format!("{}_definition", control.rule.id),
        heading: texts.get("report.definition").to_owned(),
        blocks: vec![Block::Definitions { entries: definition_entries(findings, control, texts) }],
        ..Section::default()
    });
    Section {
        id: format!("{}_more", control.rule.id),
        heading: control.rule.name.text(texts.language()).to_owned(),
        blocks,
        sections,
        ..Section::default()
    }
}

/// The trend, what it says, and its points folded away; without one why.
fn trend_blocks(
    findings: &Findings<'_>,
    control: &ControlFindings,
    charts: &[Chart],
    texts: &Texts,
) -> Vec<Block> {
    let Some(trend) = &control.trend else {
        let said = verdict_of(control, findings.internal().is_none(), texts);
        return said.into_iter().map(Block::plain).collect();
    };
    let points = tables::trend(control, trend, texts);
    let charts = charts.iter().filter(|chart| chart.kind == ChartKind::Trend);
    let mut blocks: Vec<Block> = charts.map(|chart| Block::Figure(Picture::of(chart, None))).collect();
    blocks.extend(trend_sentences(&control.rule, trend, texts).into_iter().map(Block::plain));
    blocks.push(with_trail(&points, true, control, texts));
    blocks
}

/// A table of a control, with links to what stands behind its figures.
fn with_trail(table: &Table, folded: bool, control: &ControlFindings, texts: &Texts) -> Block {
    let table = document::Table::of(table, texts);
    Block::Table(document::Table { trail: trail(control, texts), folded, ..table })
}

/// The questions that a control's charts and tables answer, those without an answer left out.
fn parts(
    findings: &Findings<'_>,
    control: &ControlFindings,
    charts: &[Chart],
    units: &Units,
    texts: &Texts,
) -> Vec<Section> {
    let maker = Parts { findings, control, charts, texts };
    let incomplete = incomplete_sentence(control, findings.internal().is_none(), texts);
    let periods =
        maker.part("periods", &[ChartKind::Share], vec![Some(tables::periods(findings, control, texts))]);
    let mut parts = vec![with_lead(periods, incomplete.into_iter()), maker.methods()];
    parts.extend((0..control.groupings.len()).map(|number| maker.groups(number, units)));
    parts.extend(findings.detail(control).into_iter().flat_map(|detail| maker.details(detail)));
    parts.retain(|part| part.blocks.iter().any(|block| matches!(block, Block::Figure(_) | Block::Table(_))));
    parts
}

/// Makes the parts of a control's section.
struct Parts<'a> {
    findings: &'a Findings<'a>,
    control: &'a ControlFindings,
    charts: &'a [Chart],
    texts: &'a Texts,
}

impl Parts<'_> {
    /// Charts and tables of one question below what it is about.
    fn part(&self, key: &str, kinds: &[ChartKind], tables: Vec<Option<Table>>) -> Section {
        self.part_with(key, self.texts.get(&format!("report.lead-{key}")), kinds, tables)
    }

    fn part_with(&self, key: &str, lead: &str, kinds: &[ChartKind], tables: Vec<Option<Table>>) -> Section {
        let tables: Vec<Table> =
            tables.into_iter().flatten().filter(|table| !table.rows.is_empty()).collect();
        let folded = key == "backlog";
        // What unfolds a table says already that it has the same figures.
        let table = tables.first().filter(|_| !folded).map(|table| table.id.clone());
        let shown = main_chart(self.control);
        let charts = self.charts.iter().filter(|it| kinds.contains(&it.kind) && it.kind != shown);
        let mut blocks: Vec<Block> =
            Some(lead).filter(|lead| !lead.is_empty()).map(Block::plain).into_iter().collect();
        blocks.extend(charts.map(|chart| Block::Figure(Picture::of(chart, table.clone()))));
        blocks.extend(tables.iter().map(|table| with_trail(table, folded, self.control, self.texts)));
        Section {
            id: format!("{}_{key}", self.control.rule.id),
            heading: self.texts.get(&format!("report.part-{key}")).to_owned(),
            blocks,
            ..Section::default()
        }
    }

    /// The two methods; each table is spoken of where it stands.
    fn methods(&self) -> Section {
        let (control, texts) = (self.control, self.texts);
        let groups =
            tables::comparison(control, self.findings.detail(control), texts).and_then(Table::if_any);
        let changes = tables::method_changes(control, texts);
        let said = [("report.methods-groups", &groups), ("report.methods-changes", &changes)];
        let said = said.into_iter().filter(|(_, table)| table.is_some()).map(|(key, _)| texts.get(key));
        let lead: Vec<&str> = [texts.get("report.lead-methods")].into_iter().chain(said).collect();
        self.part_with("methods", &lead.join(" "), &[ChartKind::Methods], vec![groups, changes])
    }

    /// The groups of a column.
    fn groups(&self, number: usize, units: &Units) -> Section {
        let mut table = tables::groups(self.findings, self.control, number, self.texts);
        if number == 0 {
            let rows = table.rows.into_iter().zip(units.links(self.control));
            table.rows = rows.map(|(row, to)| Row { to, ..row }).collect();
        }
        let grouping = &self.control.groupings[number];
        let lead = groups_lead(grouping, self.texts);
        let mut part = self.part_with("groups", &lead, &[ChartKind::Funnel(number)], vec![Some(table)]);
        if grouping.telling_window() != Some(0) {
            part.blocks.iter_mut().for_each(without_table);
        }
        let said = differing_groups(grouping, self.texts);
        let said = said.iter().map(|said| format!("{}.", sentence_case(said)));
        let (id, heading) = (format!("{}-{number}", part.id), grouping.column.clone());
        with_lead(Section { id, heading, ..part }, said)
    }

    /// The closer look of the internal edition.
    fn details(&self, detail: &Detail) -> Vec<Section> {
        let (control, texts) = (self.control, self.texts);
        let edge = control.edges.is_cut().then(|| texts.get("report.edge").to_owned());
        let untimed = (detail.without_margin > 0)
            .then(|| fill!(texts, "report.without-margin", count = texts.count(detail.without_margin)));
        let parts = [
            (
                self.part("slack", &[ChartKind::Slack], vec![tables::start_months(control, detail, texts)]),
                vec![],
            ),
            (
                self.part(
                    "margins",
                    &[ChartKind::Margins, ChartKind::Spread],
                    vec![tables::margins(control, detail, texts)],
                ),
                vec![untimed.clone()],
            ),
            (
                self.part(
                    "close",
                    &[ChartKind::TimeToClose],
                    vec![tables::time_to_close(control, detail, texts)],
                ),
                vec![edge.clone(), untimed],
            ),
            (
                self.part("backlog", &[ChartKind::Backlog], vec![tables::backlog(control, detail, texts)]),
                vec![edge],
            ),
            (
                self.part("outlook", &[ChartKind::Outlook], vec![tables::outlook(control, detail, texts)]),
                outlook_sentences(detail, texts).into_iter().map(Some).collect(),
            ),
            (self.part("cross", &[], vec![tables::cross(control, detail, texts)]), vec![]),
            (
                self.part(
                    "conventions",
                    &[],
                    vec![
                        tables::conventions(control, detail, Some(control.headline().period), texts),
                        tables::case_list(control, detail, texts),
                    ],
                ),
                vec![],
            ),
        ];
        parts
            .into_iter()
            .map(|(part, more)| Section { detail: true, ..with_lead(part, more.into_iter().flatten()) })
            .collect()
    }
}

/// A chart of other months than those of the table beside it.
fn without_table(block: &mut Block) {
    if let Block::Figure(figure) = block {
        figure.table = None;
    }
}

/// Says more before the figures, in the same paragraph as what is said already.
fn with_lead(mut part: Section, more: impl Iterator<Item = String>) -> Section {
    let more: Vec<String> = more.collect();
    match part.blocks.first_mut() {
        _ if more.is_empty() => {}
        Some(Block::Paragraph { spans, .. }) => spans.push(Span::plain(format!(" {}", more.join(" ")))),
        _ => part.blocks.insert(0, Block::plain(more.join(" "))),
    }
    part
}

/// The definition of a control as terms and texts.
pub fn definition_texts(
    findings: &Findings<'_>,
    control: &ControlFindings,
    texts: &Texts,
) -> Vec<(String, String)> {
    let defined = defined(findings, control, texts).into_iter();
    defined.map(|Defined { term, paragraphs, .. }| (term, paragraphs.join(" "))).collect()
}

fn definition_entries(findings: &Findings<'_>, control: &ControlFindings, texts: &Texts) -> Vec<Entry> {
    let entries =
        defined(findings, control, texts).into_iter().map(|Defined { key, term, paragraphs }| Entry {
            id: (key == LAW).then(|| format!("{}_law", control.rule.id)),
            term,
            paragraphs: paragraphs.into_iter().map(|text| vec![Span::plain(text)]).collect(),
        });
    entries.collect()
}

fn defined(findings: &Findings<'_>, control: &ControlFindings, texts: &Texts) -> Vec<Defined> {
    let judged_by = findings.judged_by.iter().find(|judged| judged.rule.id == control.rule.id);
    definition(control, judged_by, findings.has_extensions(control), findings.as_of, texts)
}
