//! The risks of a list by likelihood and consequence.

use super::{Caption, joined};
use crate::assessment::{PlacedRisk, Register};
use crate::text::{Texts, fill};

/// What stands above the chart.
pub fn caption(register: &Register<'_>, placed: &[PlacedRisk<'_>], texts: &Texts) -> Caption {
    let all = register.risks.len();
    let critical = texts.count(register.critical().count() as u64);
    let missing = (all - placed.len()) as u64;
    let moved = placed.iter().any(|risk| risk.moves_to.is_some());
    let notes = [
        moved.then(|| texts.get("chart.risk-moved").to_owned()),
        (missing > 0).then(|| fill!(texts, "chart.risk-missing", count = texts.count(missing))),
    ];
    let points = joined(placed.iter().map(|risk| {
        let PlacedRisk { id, likelihood, consequence, .. } = risk;
        fill!(texts, "chart.risk-point", id, likelihood, consequence)
    }));
    Caption {
        title: fill!(texts, "chart.risk-title", critical, all = texts.count(all as u64)),
        subtitle: fill!(texts, "chart.risk-sub", at = register.settings.critical_at),
        notes: notes.into_iter().flatten().collect(),
        description: fill!(texts, "chart.risk-desc", points),
    }
}

/// The axes: likelihood, consequence.
pub fn axes(texts: &Texts) -> [&str; 2] {
    ["chart.risk-likelihood", "chart.risk-consequence"].map(|key| texts.get(key))
}
