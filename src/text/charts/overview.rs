//! The trends of all controls at a glance.

use super::{Caption, band_and_marks, legend};
use crate::analysis::{ControlFindings, Trend, Verdicts};
use crate::period::PeriodKind;
use crate::text::{Texts, fill, verdict_words};

/// What stands above the chart.
pub fn caption(panels: &[(&ControlFindings, &Trend)], kind: PeriodKind, texts: &Texts) -> Caption {
    let points: Vec<String> = panels.iter().map(|(control, trend)| point(control, trend, texts)).collect();
    let drawn: Vec<(bool, bool)> = panels.iter().map(|(_, trend)| band_and_marks(trend)).collect();
    let legend = legend(
        &[
            (drawn.iter().any(|(has_band, _)| *has_band), "chart.legend-band"),
            (drawn.iter().any(|(_, has_marks)| *has_marks), "chart.legend-marks"),
            (panels.len() > 1, "chart.legend-panels"),
        ],
        texts,
    );
    Caption {
        title: title(&Verdicts::of(panels.iter().map(|(_, trend)| *trend)), texts),
        subtitle: fill!(texts, "chart.overview-sub", kind = texts.kind(kind), legend).trim_end().to_owned(),
        notes: Vec::new(),
        description: points.join(". "),
    }
}

fn title(verdicts: &Verdicts, texts: &Texts) -> String {
    let (worse, better) = (texts.count(verdicts.worse), texts.count(verdicts.better));
    match (verdicts.worse, verdicts.better) {
        (0, 0) if verdicts.are_known && verdicts.are_hidden => {
            texts.get("chart.overview-title-shown").to_owned()
        }
        (0, 0) if verdicts.are_hidden => texts.get("chart.overview-title-hidden").to_owned(),
        (0, 0) if !verdicts.are_known => texts.get("chart.overview-title-short").to_owned(),
        (0, 0) => texts.get("chart.overview-title-none").to_owned(),
        (_, 0) => fill!(texts, "chart.overview-title-worse", worse),
        (0, _) => fill!(texts, "chart.overview-title-better", better),
        _ => fill!(texts, "chart.overview-title-both", worse, better),
    }
}

/// What the headline says, its change, and the verdict.
fn point(control: &ControlFindings, trend: &Trend, texts: &Texts) -> String {
    let (share, period, change) = headline(control, texts);
    let parts = [Some(format!("{share} {period}")), change, Some(verdict_words(trend, texts).to_owned())];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    format!("{}: {}", texts.name(&control.rule), parts.join(", "))
}

/// The share of a control's headline, and its period with the change.
pub fn figure(control: &ControlFindings, texts: &Texts) -> (String, String) {
    let (share, period, change) = headline(control, texts);
    (share, change.map_or(period.clone(), |change| format!("{period} ({change})")))
}

fn headline(control: &ControlFindings, texts: &Texts) -> (String, String, Option<String>) {
    let headline = control.headline();
    let change = control.headline_change().map(|change| texts.points_short(change.difference));
    (texts.told(headline.told_in_headline()), texts.period_so_far(headline.period, headline.complete), change)
}
