//! Chart: the trend with its limits, steps, notes, target and signals.

use super::canvas::Canvas;
use super::curve::{Placed, band, highest, share_lines, shares, stairs, stretches, target_line};
use super::frame::{Drawing, LEAST, LineName, Plot, room_for, room_for_shares, share_axis};
use super::icons;
use super::theme::{BETTER, INK, LAWFUL, SOFT_INK, WORSE};
use crate::analysis::{Side, Trend, TrendPoint};
use crate::rulebook::Rule;
use crate::text::charts::target as target_name;
use crate::text::charts::trend::{caption, last_share, letters, limits, mean};
use crate::text::{Texts, period_lines};
use plotters::style::RGBColor;

/// The chart of a trend of a control or group.
pub fn drawing<'a>(name: &str, rule: &Rule, trend: &'a Trend, texts: &'a Texts) -> Drawing<'a> {
    Drawing {
        caption: caption(name, rule, trend, texts),
        least: LEAST,
        draw: Box::new(move |canvas, top| draw(canvas, trend, texts, top)),
    }
}

fn draw(canvas: &Canvas<'_>, trend: &Trend, texts: &Texts, top: f64) {
    let shape = canvas.shape;
    let top = icons::row(canvas, trend, (shape.side, top), shape.width - 2.0 * shape.side, texts);
    let (height, step) = share_axis(highest(trend));
    let names = names(trend, texts);
    let room = room_for(&names, shape.label);
    let left = room_for_shares(texts, height, shape.label);
    let steps_room =
        if trend.segments.len() > 1 || !trend.notes.is_empty() { shape.label * 1.3 } else { 4.0 };
    let (_, lines) = labels(trend, texts).first().map_or((0.0, Vec::new()), Clone::clone);
    let plot = Plot::below(canvas, top + steps_room, (left, room), lines.len().max(1) as f64)
        .scaled((-0.6, trend.points.len() as f64 - 0.4), (0.0, height));
    let points: Vec<Placed<'_>> = (0..).zip(&trend.points).collect();
    let with_limits = stretches(&points, |point| point.center.is_some());
    with_limits.iter().for_each(|stretch| band(canvas, &plot, stretch));
    plot.left_axis(canvas, step, |share| texts.whole_percent(share));
    plot.lower_axis(canvas, &labels(trend, texts));
    with_limits.iter().for_each(|stretch| limit_lines(canvas, &plot, stretch));
    target_line(canvas, &plot, trend.target);
    steps_and_notes(canvas, &plot, trend);
    line_and_points(canvas, &plot, &points, trend);
    plot.names_at_right(canvas, plot.right + 8.0, &names);
}

/// The labels of the points.
pub fn labels(trend: &Trend, texts: &Texts) -> Vec<(f64, Vec<String>)> {
    let points = trend.points.iter().enumerate();
    points.map(|(index, point)| (index as f64, period_lines(point.period, texts))).collect()
}

fn names(trend: &Trend, texts: &Texts) -> Vec<LineName> {
    let soft = |text: String, value: f64| LineName { text, value, bold: false, colour: SOFT_INK };
    let mut names: Vec<LineName> = Vec::new();
    if let Some(last) = trend.points.iter().rev().find(|point| point.center.is_some()) {
        names.extend(last.center.map(|center| soft(mean(center, texts), center)));
        if let Some((lower, upper)) = last.limits
            && upper - lower > 0.0
        {
            let [lower_name, upper_name] = limits((lower, upper), texts);
            names.push(soft(upper_name, upper));
            if lower > 0.0 {
                names.push(soft(lower_name, lower));
            }
        }
    }
    names.extend(
        trend.target.map(|target| LineName { colour: INK, ..soft(target_name(target, texts), target) }),
    );
    if let Some((last, share)) = trend.points.last().and_then(|last| Some((last, last.share()?))) {
        let (text, colour) = (last_share(last, texts), colour_of(last, trend));
        names.push(LineName { text, value: share, bold: true, colour });
    }
    names
}

fn limit_lines(canvas: &Canvas<'_>, plot: &Plot, points: &[Placed<'_>]) {
    for limit in [|limits: (f64, f64)| limits.0, |limits: (f64, f64)| limits.1] {
        let line = stairs(plot, points, |point| point.limits.map(limit));
        canvas.dashes(&line, SOFT_INK, 1, 5.0, 3.0);
    }
    canvas.line(&stairs(plot, points, |point| point.center), SOFT_INK, 1);
}

/// Where new limits begin, and the points that are noted, each with its letter.
pub fn steps_and_notes(canvas: &Canvas<'_>, plot: &Plot, trend: &Trend) {
    let place =
        |period| trend.points.iter().position(|point| point.period == period).unwrap_or_default() as f64;
    let steps = trend.segments.iter().skip(1).map(|segment| place(segment.from) - 0.5);
    let notes = trend.notes.iter().map(|note| place(note.at));
    plot.letters(canvas, steps.chain(notes).zip(letters()).collect());
}

/// What a point's mark is coloured by: whether the set of signals in use sees something, and where.
fn colour_of(point: &TrendPoint, trend: &Trend) -> RGBColor {
    match trend.mark(point) {
        Some(Side::Above) => WORSE,
        Some(Side::Below) => BETTER,
        Some(Side::On) | None => LAWFUL,
    }
}

fn line_and_points(canvas: &Canvas<'_>, plot: &Plot, points: &[Placed<'_>], trend: &Trend) {
    let shares = shares(plot, points);
    share_lines(canvas, &shares, |only| canvas.line(&[only], LAWFUL, 2));
    let radius = plot.marker(canvas);
    for (_, at, point) in shares {
        let colour = colour_of(point, trend);
        match trend.mark(point) {
            None | Some(Side::On) => canvas.dot(at, radius, colour, !point.complete),
            Some(side) => canvas.triangle(at, radius * 1.5, colour, side == Side::Above),
        }
    }
}
