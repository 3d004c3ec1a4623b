//! Quality of the data, and how everything is counted.

use super::super::document::{Block, Section};
use super::super::{Findings, tables};
use crate::analysis::Edges;
use crate::findings::{Edition, Internal, Published};
use crate::project::Selection;
use crate::rulebook::{Basis, Clock, Rule};
use crate::text::notes::stale;
use crate::text::{Texts, edges_sentence, fill};

/// What became of every row, and what is wrong with some.
pub fn section(findings: &Findings<'_>, texts: &Texts) -> Section {
    let mut blocks = vec![
        Block::plain(texts.get("report.quality-lead")),
        Block::table(&tables::ledger(findings, texts), texts),
    ];
    if findings.is_sum {
        blocks.push(Block::plain(texts.get("add.not-told")));
    }
    if findings.is_coarse {
        blocks.push(Block::plain(texts.get("add.not-told-coarse")));
    }
    blocks.extend(edges(findings, texts).into_iter().map(Block::plain));
    let without_numbers = findings.exports.iter().filter(|export| export.columns.case_id.is_none());
    let mut files: Vec<&str> = without_numbers.map(|export| export.name.as_str()).collect();
    files.dedup();
    if !files.is_empty() {
        let files = files.join(", ");
        blocks.push(Block::plain(fill!(texts, "report.without-case-numbers", files)));
    }
    if let Some(internal) = findings.internal() {
        let is_whole = |edges: &Edges| edges.is_stated && edges.selection == Selection::All;
        let is_untold = |edges: &Edges| edges.known_until.is_none() && !is_whole(edges);
        let untold = findings.controls.iter().filter(|control| is_untold(&control.edges));
        let rules = untold.map(|control| &control.rule);
        let stale = stale(findings.exports, rules, internal.judged, findings.as_of, texts);
        blocks.extend(stale.into_iter().map(Block::plain));
    }
    let unread = findings.internal().map_or(&[][..], |internal| internal.unread);
    if !unread.is_empty() {
        blocks.push(Block::plain(fill!(texts, "terminal.unread-files", files = texts.first_of(unread))));
    }
    Section {
        id: "quality".into(),
        heading: texts.get("report.quality").to_owned(),
        blocks,
        sections: findings.internal().map_or(Vec::new(), |internal| details(findings, internal, texts)),
        ..Section::default()
    }
}

/// How the cases of each control seem to have been chosen, which periods are incomplete for it, and how to correct that.
fn edges(findings: &Findings<'_>, texts: &Texts) -> Vec<String> {
    let for_everyone = findings.internal().is_none();
    let said = findings.controls.iter().filter_map(|control| {
        let said = edges_sentence(control, for_everyone, texts)?;
        Some(format!("{}: {said}", texts.name(&control.rule)))
    });
    let mut said: Vec<String> = said.collect();
    if findings.controls.iter().any(|control| control.edges.is_cut() && !control.edges.is_stated) {
        said.push(texts.get("edges.correct").to_owned());
    }
    said
}

/// Excluded rows and faults: about single rows, so for the internal edition only.
fn details(findings: &Findings<'_>, internal: &Internal<'_>, texts: &Texts) -> Vec<Section> {
    let part = |key: &str, heading: &str, blocks: Vec<Block>| Section {
        id: format!("quality_{key}"),
        heading: texts.get(heading).to_owned(),
        blocks,
        ..Section::default()
    };
    let lead = |key: &str| Block::plain(texts.get(key));
    let mut parts: Vec<Section> = tables::excluded(findings, internal, texts)
        .map(|excluded| {
            part(
                "excluded",
                "report.excluded",
                vec![lead("report.excluded-lead"), Block::table(&excluded, texts)],
            )
        })
        .into_iter()
        .collect();
    // Codes and remedies are for the one who runs the program: frist check and faults.csv have them.
    let faults = tables::faults(findings, internal, texts).map(|faults| {
        let faults = faults.hide_if(true, &["code", "remedy"]).show("effect", texts).text_columns(4);
        Block::table(&faults, texts)
    });
    let told = match (faults, findings.is_sum) {
        (Some(faults), _) => Some(vec![lead("report.faults-lead"), faults]),
        (None, false) => Some(vec![lead("report.no-faults")]),
        (None, true) => None,
    };
    parts.extend(told.map(|told| part("faults", "report.faults", told)));
    parts.extend(tables::bounds(findings, internal, texts).map(|bounds| {
        part("bounds", "report.bounds", vec![lead("report.bounds-lead"), Block::table(&bounds, texts)])
    }));
    parts
}

/// How everything is counted.
pub fn conventions(findings: &Findings<'_>, texts: &Texts) -> Section {
    let trend = &findings.settings.trend;
    let chart = texts.get(&format!("trend.chart-{}", trend.chart.id()));
    let signals = texts.get(&format!("trend.set-{}", trend.signals.id()));
    let text = fill!(texts, "report.conventions-text", chart, signals);
    let mut blocks = vec![Block::plain(counting(findings, texts))];
    blocks.extend(text.lines().map(Block::plain));
    if let Edition::Published(Published { smallest, .. }) = &findings.edition {
        let smallest = texts.count(*smallest);
        blocks.push(Block::plain(fill!(texts, "report.conventions-published", smallest)));
    }
    Section {
        id: "conventions".into(),
        heading: texts.get("report.conventions").to_owned(),
        blocks,
        ..Section::default()
    }
}

/// How due dates are counted, as far as the report's own rules need it.
fn counting(findings: &Findings<'_>, texts: &Texts) -> String {
    let any = |is: fn(&Rule) -> bool| findings.controls.iter().any(|control| is(&control.rule));
    let rolls = any(Rule::may_roll);
    let said = [
        ("report.count-months", any(|rule| rule.basis == Basis::Statute && is_in_months(rule))),
        ("report.count-days", any(|rule| rule.margin_unit() == "days")),
        (
            "report.count-targets",
            any(|rule| rule.basis == Basis::LocalTarget && rule.margin_unit() == "days"),
        ),
        ("report.count-hours", any(|rule| rule.margin_unit() == "hours")),
        ("report.count-roll", rolls),
        ("report.count-roll-column", rolls && findings.internal().is_some()),
        ("report.count-as-of", true),
    ];
    let said = said.into_iter().filter(|(_, applies)| *applies);
    said.map(|(key, _)| texts.get(key)).collect::<Vec<&str>>().join(" ")
}

fn is_in_months(rule: &Rule) -> bool {
    rule.laws.iter().any(|law| matches!(law.method, Clock::Months(_)))
}
