//! Slides: what was found of every control, a slide each, after one with all of them.

use super::super::document::{Block, Document, Figure as Picture, Section, Table as Shown};
use super::super::tables;
use super::super::{Charts, Findings};
use super::controls::{main_chart, said_in_short};
use super::{Assessed, summary};
use crate::analysis::ControlFindings;
use crate::chart::Chart;
use crate::table::{Cell, Row, Table};
use crate::text::{Texts, fill};

/// A document as slides, the report as a rule: a section is a slide, and what stands in the sections below it is said and
/// not shown.
pub fn slides(
    document: &Document,
    findings: &Findings<'_>,
    assessed: &Assessed<'_>,
    charts: &Charts,
    texts: &Texts,
) -> Document {
    let figures = tables::summary(findings, texts).hide_if(true, &IN_THE_FINDING);
    let controls = findings.controls.iter().zip(&charts.controls).zip(&figures.rows);
    let of_control = |((control, charts), row): ((&ControlFindings, &Vec<Chart>), &Row)| {
        let figures = figures_of(control, &figures, row, texts);
        of_control(control, charts, figures, findings, texts)
    };
    let mut sections = vec![summary::at_a_glance(findings, assessed, texts)];
    sections.extend(controls.map(of_control));
    Document { sections, ..document.clone() }
}

/// Columns of the summary that the title, the finding or the source of a slide says in words.
const IN_THE_FINDING: [&str; 4] = ["control", "period", "cases", "deviations"];

fn of_control(
    control: &ControlFindings,
    charts: &[Chart],
    figures: Shown,
    findings: &Findings<'_>,
    texts: &Texts,
) -> Section {
    let mut said = said_in_short(findings, control, texts).into_iter();
    let chart = charts.iter().find(|chart| chart.kind == main_chart(control));
    let shown = [
        said.next().map(Block::plain),
        Some(Block::Table(figures)),
        chart.map(|chart| Block::Figure(Picture::of(chart, None))),
        Some(Block::lead(source(control, findings, texts))),
    ];
    let id = format!("rule_{}", control.rule.id);
    let notes =
        Section { id: format!("{id}_notes"), blocks: said.map(Block::plain).collect(), ..Section::default() };
    Section {
        id,
        heading: texts.name(&control.rule).to_owned(),
        blocks: shown.into_iter().flatten().collect(),
        sections: vec![notes],
        ..Section::default()
    }
}

/// The figures of a control, one below the other, with its target and without those that there are not.
fn figures_of(control: &ControlFindings, summary: &Table, row: &Row, texts: &Texts) -> Shown {
    let cells = summary.headings().zip(summary.cells(row));
    let known = cells.filter(|(_, cell)| **cell != Cell::Unknown);
    let mut rows: Vec<Vec<String>> =
        known.map(|(heading, cell)| vec![heading.clone(), cell.shown(texts)]).collect();
    rows.extend(control.target.map(|target| vec![texts.get("table.target").to_owned(), texts.share(target)]));
    let id = format!("{}_figures", control.rule.id);
    Shown { id, caption: summary.caption.clone(), texts: vec![true, false], rows, ..Shown::default() }
}

/// Where the figures come from, of which period they are and how they were counted.
fn source(control: &ControlFindings, findings: &Findings<'_>, texts: &Texts) -> String {
    let period = control.headline();
    fill!(
        texts,
        "report.slide-source",
        as_of = texts.long_date(findings.as_of),
        period = texts.months_so_far(period.period, period.complete),
        cohort = texts.cohort(control.cohort),
        method = texts.method_of(&control.rule, period.judged_by)
    )
}
