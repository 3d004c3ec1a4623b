//! What stands in and around charts: titles, notes, descriptions, and the names of lines and axes.

pub mod backlog;
pub mod funnel;
pub mod margins;
pub mod methods;
pub mod outlook;
pub mod overview;
pub mod rare;
pub mod risk_matrix;
pub mod share;
pub mod slack;
pub mod spread;
pub mod time_to_close;
pub mod trend;

use super::{Texts, fill};
use crate::analysis::Trend;
use crate::period::Period;

/// What stands above a chart, and what it says to those who do not see it.
pub struct Caption {
    /// What was found, in a sentence.
    pub title: String,
    /// What is measured.
    pub subtitle: String,
    /// Lines below the subtitle.
    pub notes: Vec<String>,
    /// For those who do not see the picture.
    pub description: String,
}

/// The axis of margins; `unit` is days or hours.
pub fn margin_axis<'t>(unit: &str, texts: &'t Texts) -> &'t str {
    texts.get(&format!("chart.{unit}-axis"))
}

/// The due date on that axis.
pub fn due_line<'t>(unit: &str, texts: &'t Texts) -> &'t str {
    texts.get(&format!("chart.due-line-{unit}"))
}

/// The line of a target, 0–1.
pub fn target(share: f64, texts: &Texts) -> String {
    fill!(texts, "chart.target", share = texts.whole_percent(share))
}

/// A label, of so far where its period has not ended.
pub fn so_far(share: String, has_ended: bool, texts: &Texts) -> String {
    if has_ended { share } else { fill!(texts, "chart.so-far", share) }
}

/// The sentences of what is drawn, each before a space.
fn legend(drawn: &[(bool, &str)], texts: &Texts) -> String {
    let shown = drawn.iter().filter(|(is_drawn, _)| *is_drawn);
    shown.map(|(_, key)| format!("{} ", texts.get(key))).collect()
}

/// Whether a trend has a band of limits, and whether points of it are marked.
fn band_and_marks(trend: &Trend) -> (bool, bool) {
    let has_band = trend.points.iter().any(|point| point.limits.is_some_and(|(lower, upper)| upper > lower));
    (has_band, trend.points.iter().any(|point| trend.mark(point).is_some()))
}

/// One point of a description, `T2 2024 34,5 %`.
fn point(period: Period, has_ended: bool, share: &str, texts: &Texts) -> String {
    fill!(texts, "chart.point", period = texts.period_so_far(period, has_ended), share)
}

/// Parts of a description.
fn joined(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<String>>().join("; ")
}
