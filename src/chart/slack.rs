//! Chart: how much the reference method adds, by month of the start, and why: the slack between the methods.

use super::canvas::{Anchor, Canvas};
use super::frame::{Drawing, LEAST, Plot, room_for_shares, share_axis};
use super::theme::{COLUMN, INK, REFERENCE, SOFT_INK};
use crate::analysis::{ControlFindings, Detail};
use crate::text::Texts;
use crate::text::charts::slack::{axis, below_month, caption};

/// The chart of one control, or nothing when its methods do not differ in days, or in the outcome of any case.
pub fn drawing<'a>(
    findings: &'a ControlFindings,
    detail: &'a Detail,
    texts: &'a Texts,
) -> Option<Drawing<'a>> {
    let reference = findings.rule.reference?;
    let slacks = detail.slacks()?;
    detail.start_months.iter().find(|counts| counts.changed() > 0)?;
    Some(Drawing {
        caption: caption(findings, detail, reference, &slacks, texts),
        least: LEAST,
        draw: Box::new(move |canvas, top| draw(canvas, detail, &slacks, texts, top)),
    })
}

fn draw(canvas: &Canvas<'_>, detail: &Detail, slacks: &[(i32, i32)], texts: &Texts, top: f64) {
    let size = canvas.shape.label;
    let shares: Vec<Option<f64>> = detail.start_months.iter().map(|counts| counts.changed_share()).collect();
    let (height, step) = share_axis(shares.iter().copied().flatten().fold(0.0, f64::max));
    let left = room_for_shares(texts, height, size);
    let plot = Plot::below(canvas, top + size * 1.2, (left, 4.0), 3.0).scaled((0.4, 12.6), (0.0, height));
    plot.left_axis(canvas, step, |share| texts.whole_percent(share));
    // Twelve labels in a column have room for a letter each.
    let is_narrow = canvas.shape == COLUMN;
    let labels: Vec<(f64, Vec<String>)> = slacks
        .iter()
        .enumerate()
        .map(|(month, slack)| (month as f64 + 1.0, below_month(month, *slack, is_narrow, texts)))
        .collect();
    plot.lower_axis(canvas, &labels);
    let below = (plot.middle().0, plot.bottom + size * 4.2);
    canvas.label(axis(texts), &[(below.0, below.1, Anchor::Middle)], false, SOFT_INK);
    for (month, share) in shares.iter().enumerate() {
        let Some(share) = share else { continue };
        let x = |value: f64| plot.x(month as f64 + 1.0 + value);
        if *share > 0.0 {
            canvas.bar((x(-0.36), plot.y(*share)), (x(0.36), plot.y(0.0)), REFERENCE);
        }
        let counts = detail.start_months[month];
        let at = (x(0.0), plot.y(*share) - size * 0.75, Anchor::Middle);
        canvas.label(&texts.ratio(counts.changed(), counts.cases), &[at], false, INK);
    }
}
