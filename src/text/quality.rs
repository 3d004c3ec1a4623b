//! What is said of the quality of the data.

use super::{Texts, fill};
use crate::rulebook::Rule;

/// How many of how many rows of a control, or of none, were rejected.
pub fn rejection_sentence(rule: Option<&Rule>, (rejected, rows): (u64, u64), texts: &Texts) -> String {
    let control = rule.map_or(texts.get("report.no-control"), |rule| texts.name(rule));
    let share = texts.ratio(rejected, rows);
    let [rejected, rows] = [rejected, rows].map(|count| texts.count(count));
    fill!(texts, "report.many-rejected", control, rejected, rows, share)
}
