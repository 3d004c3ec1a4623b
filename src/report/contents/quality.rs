//! Quality of the data, and how everything is counted.

use super::super::document::{Block, Section};
use super::super::{Findings, tables};
use crate::text::Texts;

/// What became of every row, and what is wrong with some.
pub fn section(findings: &Findings<'_>, texts: &Texts) -> Section {
    Section {
        id: "quality".into(),
        heading: texts.get("report.quality").to_owned(),
        blocks: vec![
            Block::plain(texts.get("report.quality-lead")),
            Block::Table(tables::ledger(findings, texts)),
        ],
        sections: if findings.smallest_published.is_none() { faults(findings, texts) } else { Vec::new() },
        ..Section::default()
    }
}

/// Faults tell of single rows, so that only the inside sees them.
fn faults(findings: &Findings<'_>, texts: &Texts) -> Vec<Section> {
    let part = |key: &str, blocks: Vec<Block>| Section {
        id: format!("quality_{key}"),
        heading: texts.get(&format!("report.{key}")).to_owned(),
        blocks,
        ..Section::default()
    };
    let Some(faults) = tables::faults(findings, texts) else {
        return vec![part("faults", vec![Block::plain(texts.get("report.no-faults"))])];
    };
    let lead = |key: &str| Block::plain(texts.get(key));
    let mut parts = vec![part("faults", vec![lead("report.faults-lead"), Block::Table(faults)])];
    parts.extend(
        tables::bounds(findings, texts)
            .map(|bounds| part("bounds", vec![lead("report.bounds-lead"), Block::Table(bounds)])),
    );
    parts
}

/// How everything is counted.
pub fn conventions(findings: &Findings<'_>, texts: &Texts) -> Section {
    let mut blocks = vec![Block::plain(texts.get("report.conventions-text"))];
    if let Some(smallest) = findings.smallest_published {
        let smallest = texts.count(smallest);
        blocks.push(Block::plain(texts.fill("report.conventions-published", &[("smallest", &smallest)])));
    }
    Section {
        id: "conventions".into(),
        heading: texts.get("report.conventions").to_owned(),
        blocks,
        ..Section::default()
    }
}
