//! Chart: when cases were closed in each period, as a box of quantiles round the due date.

use super::canvas::{Anchor, Canvas};
use super::frame::{Drawing, LEAST, Plot, step};
use super::letters::width_of;
use super::share::period_labels;
use super::theme::{IN_TIME, INK, LAWFUL, SOFT_INK};
use crate::analysis::{ControlFindings, Detail, Margins};
use crate::text::Texts;
use crate::text::charts::spread::{caption, due_name};

/// The chart of one control, or nothing when cases were closed in fewer than two periods.
pub fn drawing<'a>(
    findings: &'a ControlFindings,
    detail: &'a Detail,
    texts: &'a Texts,
) -> Option<Drawing<'a>> {
    let all @ [_, _, ..] = detail.margins.as_slice() else { return None };
    let last = detail.margins_until(findings.headline().period).last()?;
    let before = detail.margins_a_year_before(last);
    Some(Drawing {
        caption: caption(&findings.rule, all, last, before, texts),
        least: LEAST,
        draw: Box::new(move |canvas, top| draw(canvas, findings, all, texts, top)),
    })
}

fn draw(canvas: &Canvas<'_>, findings: &ControlFindings, all: &[Margins], texts: &Texts, top: f64) {
    let size = canvas.shape.label;
    let boxes: Vec<(usize, [i32; 5])> = findings
        .periods
        .iter()
        .enumerate()
        .filter_map(|(index, period)| {
            let margins = all.iter().find(|margins| margins.period == period.period)?;
            Some((index, margins.quantiles()))
        })
        .collect();
    let ends = || boxes.iter().flat_map(|(_, quantiles)| quantiles.iter().copied());
    let (low, high) = (ends().min().unwrap_or(0).min(-1), ends().max().unwrap_or(0).max(1));
    let step = step(f64::from(high - low), 6.0).max(1.0);
    let (low, high) = ((f64::from(low) / step).floor() * step, (f64::from(high) / step).ceil() * step);
    let room = [low, high].map(|value| width_of(&texts.signed(value as i32), size, false));
    let labels = period_labels(&findings.periods, texts);
    let lines = labels.first().map_or(1, |label| label.1.len());
    let due = due_name(findings.rule.margin_unit(), texts);
    let right = width_of(due, size, false) + 12.0;
    let plot = Plot::below(canvas, top + size * 0.8, (room[0].max(room[1]) + 9.0, right), lines as f64)
        .scaled((-0.5, findings.periods.len() as f64 - 0.5), (low, high));
    plot.left_axis(canvas, step, |value| texts.signed(value as i32));
    plot.lower_axis(canvas, &labels);
    let y = plot.y(0.0);
    canvas.reference((plot.left, plot.right + 6.0), y, 4.0);
    canvas.label(due, &[(plot.right + 8.0, y, Anchor::Start)], false, INK);
    let apart = plot.x(1.0) - plot.x(0.0);
    let half = (apart * 0.2).clamp(1.5, 26.0);
    for (index, [least, lower, median, upper, most]) in &boxes {
        let x = plot.x(*index as f64);
        let y = |margin: &i32| plot.y(f64::from(*margin));
        canvas.line(&[(x, y(least)), (x, y(most))], SOFT_INK, 1);
        canvas.bar((x - half, y(upper)), (x + half, y(lower)), IN_TIME);
        canvas.line(&[(x - half, y(median)), (x + half, y(median))], INK, 3);
    }
    // Medians beside their lines, the last one alone where boxes leave no room.
    let medians: Vec<(f64, i32)> =
        boxes.iter().rev().map(|(index, quantiles)| (plot.x(*index as f64), quantiles[2])).collect();
    let widest = medians.iter().map(|(_, median)| width_of(&texts.signed(*median), size, true));
    let has_room = apart - half * 2.0 > widest.fold(0.0, f64::max) + 9.0;
    let shown = if has_room { medians.len() } else { 1 };
    for (number, (x, median)) in medians.iter().take(shown).enumerate() {
        let y = plot.y(f64::from(*median));
        // Off the line of the due date, and off its name.
        let asides = [0.0, -1.0, 1.0, -1.5, 1.5];
        let places = asides.map(|aside| (x + half + 6.0, y + aside * size, Anchor::Start));
        canvas.label(&texts.signed(*median), &places, number == 0, LAWFUL);
    }
}
