//! How long before or after the due date the cases of a period were closed.

use super::Caption;
use crate::analysis::{ControlFindings, MarginBar, Margins, Near};
use crate::rulebook::Cohort;
use crate::text::{Texts, fill};

/// What stands above the chart of a period, with the one before in outline.
pub fn caption(
    findings: &ControlFindings,
    margins: &Margins,
    before: Option<&Margins>,
    texts: &Texts,
) -> Caption {
    let (period, cases) = (texts.months_of(margins.period), texts.count(margins.cases()));
    let sum = |pick: fn(&MarginBar) -> u64| texts.count(margins.bars.values().map(pick).sum());
    let outline = before.map(|margins| {
        let (before, cases) = (texts.months_of(margins.period), texts.count(margins.cases()));
        fill!(texts, "chart.margins-before", before, cases)
    });
    let others =
        (findings.cohort != Cohort::Closed).then(|| texts.get("chart.margins-other-cohort").to_owned());
    Caption {
        title: title(findings, margins, texts),
        subtitle: fill!(texts, format!("chart.margins-sub-{}", findings.rule.margin_unit()), period, cases),
        notes: outline.into_iter().chain(others).collect(),
        description: fill!(
            texts,
            "chart.margins-desc",
            early = sum(|bar| bar.in_time),
            only = sum(|bar| bar.late_only_by_reference),
            late = sum(|bar| bar.late + bar.late_only_by_law),
            in_time = texts.duty(&findings.rule, "in-time"),
            late_word = texts.duty(&findings.rule, "late"),
        ),
    }
}

/// How much is closed in the last days, or for a clock in hours how much with half of them left.
fn title(findings: &ControlFindings, margins: &Margins, texts: &Texts) -> String {
    let rule = texts.name(&findings.rule);
    let (near, found) = margins.near_due(findings.clock());
    if found == 0 {
        return fill!(texts, "chart.margins-title-none", rule);
    }
    let share = texts.ratio(found, margins.cases());
    match near {
        Near::HoursLeft(n) => fill!(texts, "chart.margins-title-hours", rule, share, n),
        Near::LastDay => fill!(texts, "chart.margins-title-day", rule, share),
        Near::LastDays(n) => fill!(texts, "chart.margins-title", rule, share, n),
    }
}

/// What the layers of a bar are, from below: in time, late by the reference alone, by the law alone, and by both.
pub fn layers(findings: &ControlFindings, texts: &Texts) -> [String; 4] {
    let [late, in_time] = ["late", "in-time"].map(|word| texts.duty(&findings.rule, word));
    let method = texts.methods(&findings.rule, findings.judged_by);
    let Some(reference) = findings.rule.reference.map(|clock| texts.clock(clock)) else {
        let only = || String::new();
        return [in_time, only(), only(), late];
    };
    [
        fill!(texts, "chart.in-time-both", in_time),
        fill!(texts, "chart.only-reference", late, reference),
        fill!(texts, "chart.only-law", late, method),
        fill!(texts, "chart.late-both", late),
    ]
}

/// How many cases were closed before the first bar, and after the last.
pub fn beyond(earlier: u64, later: u64, texts: &Texts) -> [String; 2] {
    [("chart.earlier", earlier), ("chart.later", later)].map(|(key, n)| fill!(texts, key, n = texts.count(n)))
}

/// The left axis.
pub fn axis(texts: &Texts) -> &str {
    texts.get("chart.cases-axis")
}
