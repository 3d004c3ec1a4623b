//! The deviations of a control that has few.

use super::trend::{description, notes_of, title};
use super::{Caption, legend};
use crate::analysis::{RareMarks, Side, Trend};
use crate::rulebook::Rule;
use crate::text::{Texts, fill};

/// What stands above the chart.
pub fn caption(name: &str, rule: &Rule, trend: &Trend, marks: &RareMarks, texts: &Texts) -> Caption {
    let (kind, cohort) = (texts.kind(trend.settings.period), texts.cohort_begins(rule.cohort));
    let is_marked = |side: Side| trend.points.iter().any(|point| trend.mark(point) == Some(side));
    let legend = legend(
        &[(is_marked(Side::Above), "chart.legend-more"), (is_marked(Side::Below), "chart.legend-fewer")],
        texts,
    );
    Caption {
        title: title(name, &texts.duty(rule, "late"), trend, texts),
        subtitle: fill!(texts, "chart.rare-sub", kind, cohort, legend),
        notes: notes_of(trend, texts).into_iter().chain(notes(marks, texts)).collect(),
        description: description(rule, trend, texts),
    }
}

/// What the marks compare with.
fn notes(marks: &RareMarks, texts: &Texts) -> Vec<String> {
    let baseline = fill!(
        texts,
        "chart.rare-baseline",
        span = texts.months_between(marks.baseline.0, marks.baseline.1),
        deviations = texts.count(marks.counts.0),
        cases = texts.count(marks.counts.1)
    );
    let [upper, lower] = marks.shares.map(|share| texts.share(share));
    let unsure = (upper != lower).then(|| fill!(texts, "chart.rare-unsure", upper, lower));
    [baseline].into_iter().chain(unsure).collect()
}

/// The limit of the last month, by its line.
pub fn limit_name(unusual: u64, texts: &Texts) -> String {
    fill!(texts, "chart.rare-limit", n = texts.count(unusual))
}

/// Where the baseline ends.
pub fn baseline_end(texts: &Texts) -> &str {
    texts.get("chart.rare-end")
}
