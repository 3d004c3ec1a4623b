//! Chart: the deviations of a control that has few, with how many would be unusual and what the cumulative sums mark.

use super::canvas::Canvas;
use super::frame::{Drawing, LEAST, LineName, Plot, count_axis, room_for, room_for_counts};
use super::icons;
use super::theme::{BETTER, IN_TIME, INK, LAWFUL, SOFT_INK, WORSE};
use super::trend::{labels, steps_and_notes};
use crate::analysis::{RareMarks, Side, Trend};
use crate::rulebook::Rule;
use crate::text::Texts;
use crate::text::charts::rare::{baseline_end, caption, limit_name};

/// The chart of a trend with such marks.
pub fn drawing<'a>(
    name: &str,
    rule: &Rule,
    trend: &'a Trend,
    marks: &'a RareMarks,
    texts: &'a Texts,
) -> Drawing<'a> {
    Drawing {
        caption: caption(name, rule, trend, marks, texts),
        least: LEAST,
        draw: Box::new(move |canvas, top| draw(canvas, trend, marks, texts, top)),
    }
}

fn draw(canvas: &Canvas<'_>, trend: &Trend, marks: &RareMarks, texts: &Texts, top: f64) {
    let (shape, size) = (canvas.shape, canvas.shape.label);
    let top = icons::row(canvas, trend, (shape.side, top), shape.width - 2.0 * shape.side, texts);
    let deviations = trend.points.iter().filter_map(|point| point.figure.deviations());
    let highest = deviations.chain(marks.months.iter().map(|month| month.unusual)).max().unwrap_or(0);
    // A mark stands above its bar.
    let (height, step) = count_axis(highest as f64 * 1.08);
    let names = names(marks, texts);
    let room = (room_for_counts(texts, height, size), room_for(&names, size));
    let labels = labels(trend, texts);
    let lines = labels.first().map_or(1, |(_, lines)| lines.len());
    let plot = Plot::below(canvas, top + size * 1.3, room, lines as f64)
        .scaled((-0.6, trend.points.len() as f64 - 0.4), (0.0, height));
    plot.left_axis(canvas, step, |cases| texts.count(cases as u64));
    plot.lower_axis(canvas, &labels);
    bars(canvas, &plot, trend);
    limits(canvas, &plot, trend);
    steps_and_notes(canvas, &plot, trend);
    if let Some(index) = trend.points.iter().position(|point| point.period == marks.baseline.1) {
        plot.mark(canvas, index as f64 + 0.5, baseline_end(texts));
    }
    canvas.line(&[(plot.left, plot.bottom), (plot.right, plot.bottom)], INK, 1);
    plot.names_at_right(canvas, plot.right + 8.0, &names);
}

/// The name of the limit, beside its end.
fn names(marks: &RareMarks, texts: &Texts) -> Vec<LineName> {
    let last = marks.months.last();
    let name = |unusual: u64| LineName {
        text: limit_name(unusual, texts),
        value: unusual as f64 - 0.5,
        bold: false,
        colour: SOFT_INK,
    };
    last.map(|month| name(month.unusual)).into_iter().collect()
}

fn bars(canvas: &Canvas<'_>, plot: &Plot, trend: &Trend) {
    let radius = plot.marker(canvas) * 1.3;
    for (index, point) in (0..).zip(&trend.points) {
        let deviations = point.figure.deviations().unwrap_or_default() as f64;
        let (left, right) = (plot.x(f64::from(index) - 0.36), plot.x(f64::from(index) + 0.36));
        let mark = trend.mark(point);
        let colour = match mark {
            _ if !point.complete => IN_TIME,
            Some(Side::Above) => WORSE,
            _ => LAWFUL,
        };
        if deviations > 0.0 {
            canvas.bar((left, plot.y(deviations)), (right, plot.bottom), colour);
        }
        let above = (plot.x(f64::from(index)), plot.y(deviations) - radius * 1.5);
        match mark {
            Some(Side::Above) => canvas.triangle(above, radius, WORSE, true),
            Some(Side::Below) => canvas.triangle(above, radius, BETTER, false),
            Some(Side::On) | None => {}
        }
    }
}

/// A line above each month's usual numbers: a bar that crosses it is unusual.
fn limits(canvas: &Canvas<'_>, plot: &Plot, trend: &Trend) {
    let placed = (0..).zip(&trend.points);
    let unusual: Vec<(i32, f64)> = placed
        .filter_map(|(index, point)| Some((index, trend.rare_month(point)?.unusual as f64 - 0.5)))
        .collect();
    for stretch in unusual.chunk_by(|one, next| next.0 == one.0 + 1) {
        let ends = stretch.iter().flat_map(|(index, value)| {
            [-0.5, 0.5].map(|side| (plot.x(f64::from(*index) + side), plot.y(*value)))
        });
        canvas.dashes(&ends.collect::<Vec<_>>(), SOFT_INK, 1, 5.0, 3.0);
    }
}
