//! Chart: when cases were closed in each period, as a box of quantiles round the due date.

use super::frame::{Drawing, LEAST, Plot, step};
use super::share::period_labels;
use super::theme::{Anchor, Canvas, IN_TIME, INK, LAWFUL, SOFT_INK, width_of};
use crate::analysis::{ControlFindings, Detail, Margins};
use crate::text::Texts;

/// The chart of one control, or nothing when cases were closed in fewer than two periods.
pub fn drawing<'a>(
    findings: &'a ControlFindings,
    detail: &'a Detail,
    texts: &'a Texts,
) -> Option<Drawing<'a>> {
    let all = detail.margins.as_slice();
    let [_, _, ..] = all else { return None };
    let last = detail.margins_until(findings.headline().period).last()?;
    let unit = findings.rule.margin_unit();
    let median = |margins: &Margins| margins.quantiles()[2];
    let name = findings.rule.name.text(texts.language());
    // The same part of the year, so that the season makes no difference.
    let year = 12 / last.period.kind.months();
    let before = all.iter().find(|margins| margins.period.index == last.period.index - year);
    let key = match before.map(median) {
        None => "chart.spread-title-now",
        Some(before) if before == median(last) => "chart.spread-title-same",
        Some(_) => "chart.spread-title",
    };
    let then = before.map_or(String::new(), |before| texts.to_due_date(median(before), unit));
    let (now, period) = (texts.to_due_date(median(last), unit), texts.period(last.period));
    let values = [("rule", name), ("now", &*now), ("period", &period), ("then", &then)];
    let told: Vec<String> = all
        .iter()
        .map(|margins| format!("{}: {}", texts.period(margins.period), texts.signed(median(margins))))
        .collect();
    Some(Drawing {
        title: texts.fill(key, &values),
        subtitle: texts.get(&format!("chart.spread-sub-{unit}")).to_owned(),
        notes: Vec::new(),
        description: texts.fill("chart.spread-desc", &[("points", &told.join("; "))]),
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
    let due = texts.get(&format!("chart.due-name-{}", findings.rule.margin_unit()));
    let right = width_of(due, size, false) + 12.0;
    let plot = Plot::below(canvas, top + size * 0.8, (room[0].max(room[1]) + 9.0, right), lines as f64)
        .scaled((-0.5, findings.periods.len() as f64 - 0.5), (low, high));
    plot.left_axis(canvas, step, |value| texts.signed(value as i32));
    plot.lower_axis(canvas, &labels);
    let y = plot.y(0.0);
    canvas.dashes(&[(plot.left, y), (plot.right + 6.0, y)], INK, 1, 4.0, 3.0);
    canvas.label(due, &[(plot.right + 8.0, y, Anchor::Start)], false, INK);
    let half = ((plot.x(1.0) - plot.x(0.0)) * 0.3).clamp(1.5, 26.0);
    for (index, [least, lower, median, upper, most]) in &boxes {
        let x = plot.x(*index as f64);
        let y = |margin: &i32| plot.y(f64::from(*margin));
        canvas.line(&[(x, y(least)), (x, y(most))], SOFT_INK, 1);
        canvas.bar((x - half, y(upper)), (x + half, y(lower)), IN_TIME);
        canvas.line(&[(x - half, y(median)), (x + half, y(median))], INK, 3);
    }
    for (number, (index, quantiles)) in boxes.iter().enumerate().rev() {
        let (x, y) = (plot.x(*index as f64), plot.y(f64::from(quantiles[4])) - size * 0.75);
        let last = number + 1 == boxes.len();
        canvas.label(&texts.signed(quantiles[2]), &[(x, y, Anchor::Middle)], last, LAWFUL);
    }
}
