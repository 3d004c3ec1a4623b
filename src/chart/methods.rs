//! Chart: the lawful method and the reference method over time, with the gap between them.

use super::canvas::{Anchor, Canvas};
use super::frame::{Drawing, LEAST, LineName, room_for};
use super::letters::width_of;
use super::share::share_plot;
use super::theme::{INK, LAWFUL, LINE, MIDDLE, PAPER, REFERENCE, SOFT_INK};
use crate::analysis::{ControlFindings, MethodPoint};
use crate::rulebook::Clock;
use crate::text::Texts;
use crate::text::charts::methods;

/// The chart of one control, or nothing when it has no reference method, or no case is late by either.
pub fn drawing<'a>(findings: &'a ControlFindings, texts: &'a Texts) -> Option<Drawing<'a>> {
    let reference = findings.rule.reference?;
    let points = findings.method_points(reference);
    let is_late = |point: &MethodPoint| point.reference > 0.0 || point.lawful > Some(0.0);
    points.iter().find(|point| is_late(point))?;
    Some(Drawing {
        caption: methods::caption(findings, reference, &points, texts),
        least: LEAST,
        draw: Box::new(move |canvas, top| draw(canvas, findings, reference, &points, texts, top)),
    })
}

fn draw(
    canvas: &Canvas<'_>,
    findings: &ControlFindings,
    reference: Clock,
    points: &[MethodPoint],
    texts: &Texts,
    top: f64,
) {
    let size = canvas.shape.label;
    let highest =
        points.iter().map(|point| point.lawful.unwrap_or(0.0).max(point.reference)).fold(0.0, f64::max);
    let names: Vec<LineName> = points.last().map_or_else(Vec::new, |last| {
        let (lawful, by_reference) = methods::names(findings, reference, *last, texts);
        let name = |text, value, colour| LineName { text, value, bold: true, colour };
        let lawful = lawful.zip(last.lawful).map(|(text, share)| name(text, share, LAWFUL));
        lawful.into_iter().chain([name(by_reference, last.reference, REFERENCE)]).collect()
    });
    let room = room_for(&names, size);
    let plot = share_plot(canvas, &findings.periods, highest, (top + size * (LINE + 1.1), room), texts);
    // A line does not lead from an earlier report's figure to our own.
    let goes_on = |one: &MethodPoint, next: &MethodPoint| {
        next.index == one.index + 1 && one.lawful.is_some() == next.lawful.is_some()
    };
    for run in points.chunk_by(goes_on) {
        let line = |share: fn(&MethodPoint) -> Option<f64>| -> Vec<(f64, f64)> {
            let shares = run.iter().filter_map(|point| Some((point.index, share(point)?)));
            shares.map(|(index, share)| (plot.x(index as f64), plot.y(share))).collect()
        };
        let (lawful, by_reference) = (line(|point| point.lawful), line(|point| Some(point.reference)));
        let both = line(|point| point.lawful.map(|_| point.reference));
        let between: Vec<(f64, f64)> = lawful.iter().chain(both.iter().rev()).copied().collect();
        canvas.area(&between, REFERENCE, 0.16);
        canvas.dashes(&by_reference, REFERENCE, 2, 8.0, 4.0);
        canvas.line(&lawful, LAWFUL, 2);
    }
    let radius = plot.marker(canvas);
    for point in points {
        let x = plot.x(point.index as f64);
        canvas.square((x, plot.y(point.reference)), radius * 0.9, REFERENCE);
        if point.lawful.is_none() || !point.has_ended {
            canvas.square((x, plot.y(point.reference)), radius * 0.5, PAPER);
        }
        if let Some(lawful) = point.lawful {
            canvas.dot((x, plot.y(lawful)), radius, LAWFUL, !point.has_ended);
        }
    }
    plot.names_at_right(canvas, plot.right + 8.0, &names);
    gaps(canvas, points, |index| plot.x(index), plot.top - size * (LINE * 0.5 + 0.8), texts);
}

/// The gap of every period in percentage points, in a row above the plot.
fn gaps(canvas: &Canvas<'_>, points: &[MethodPoint], x: impl Fn(f64) -> f64, y: f64, texts: &Texts) {
    let size = canvas.shape.label;
    let gaps: Vec<(f64, String)> =
        points.iter().filter_map(|point| Some((x(point.index as f64), texts.points(point.gap()?)))).collect();
    if gaps.is_empty() {
        return;
    }
    let name = methods::gaps(texts);
    let left = canvas.shape.side;
    let ends = left + width_of(name, size, false) + 10.0;
    canvas.text(name, (left, y - size * MIDDLE), size, false, SOFT_INK, Anchor::Start);
    let room = gaps.iter().map(|(_, gap)| width_of(gap, size, false)).fold(0.0, f64::max);
    let apart = gaps.windows(2).map(|pair| pair[1].0 - pair[0].0).fold(f64::MAX, f64::min);
    let every = ((room + 8.0) / apart).ceil().max(1.0) as usize;
    for (x, gap) in gaps.iter().rev().step_by(every).filter(|(x, _)| x - room / 2.0 > ends) {
        canvas.label(gap, &[(*x, y, Anchor::Middle)], false, INK);
    }
}
