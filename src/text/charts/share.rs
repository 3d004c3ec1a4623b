//! The share of deviations per period.

use super::{Caption, joined, point};
use crate::analysis::{ControlFindings, PeriodFigures, Told};
use crate::text::{Texts, fill};

/// What stands above the chart.
pub fn caption(findings: &ControlFindings, texts: &Texts) -> Caption {
    let headline = findings.headline();
    let (rule, kind) = (texts.name(&findings.rule), texts.kind(headline.period.kind));
    let (share, period) =
        (texts.told(headline.told_in_headline()), texts.months_so_far(headline.period, headline.complete));
    let points = findings.periods.iter();
    let told = |period: &PeriodFigures| texts.told(period.told_apart());
    let points = joined(points.map(|period| point(period.period, period.complete, &told(period), texts)));
    Caption {
        title: match headline.figure.ratio() {
            Some((_, 1..)) => {
                fill!(
                    texts,
                    "chart.share-title",
                    rule,
                    share,
                    period,
                    late = texts.duty(&findings.rule, "late")
                )
            }
            _ => fill!(texts, "chart.share-title-none", rule, period),
        },
        subtitle: fill!(texts, "chart.share-sub", kind, cohort = texts.cohort_begins(findings.cohort)),
        notes: hollow_notes(findings, texts),
        description: fill!(texts, "chart.share-desc", kind, points),
    }
}

/// In place of data, where no period has a share: why that of the headline has none.
pub fn no_share<'t>(findings: &ControlFindings, texts: &'t Texts) -> &'t str {
    texts.get(match findings.headline().told() {
        Told::Hidden => "chart.no-share-hidden",
        Told::Incomplete => "chart.no-share-incomplete",
        Told::TooEarly => "chart.no-share-too-early",
        _ => "chart.no-share-none",
    })
}

/// What hollow points are, where there are any.
pub fn hollow_notes(findings: &ControlFindings, texts: &Texts) -> Vec<String> {
    let running = findings.periods.last().filter(|last| !last.complete && last.share().is_some());
    let running = running.map(|last| fill!(texts, "chart.running", period = texts.months_of(last.period)));
    earlier_reports(findings, texts).into_iter().chain(running).collect()
}

fn earlier_reports(findings: &ControlFindings, texts: &Texts) -> Option<String> {
    let reports = findings.periods.iter().filter_map(|period| period.earlier_report.as_ref());
    let mut methods: Vec<String> = reports.map(|report| texts.method(&report.method)).collect();
    methods.sort();
    methods.dedup();
    (!methods.is_empty()).then(|| fill!(texts, "chart.reported", methods = methods.join(", ")))
}
