//! Chart: the lawful method and the reference method over time, with the gap between them.

use super::frame::{Drawing, LEAST, LineName, room_for};
use super::share::{hollow_notes, share_plot, so_far};
use super::theme::{Anchor, Canvas, INK, LAWFUL, LINE, MIDDLE, PAPER, REFERENCE, SOFT_INK, width_of};
use crate::analysis::ControlFindings;
use crate::rulebook::Clock;
use crate::text::{Texts, fill};

/// The chart of one control, or nothing when it has no reference method.
pub fn drawing<'a>(findings: &'a ControlFindings, texts: &'a Texts) -> Option<Drawing<'a>> {
    let clock = findings.rule.reference?;
    let reference = texts.clock(clock);
    let method = texts.methods(&findings.rule, findings.judged_by);
    let points = points(findings, clock);
    let kind = findings.periods.last().map_or("", |period| period.period.kind.id());
    let kind = texts.get(&format!("period.kind-{kind}"));
    let told: Vec<String> = points.iter().filter_map(|point| told(point, findings, texts)).collect();
    Some(Drawing {
        title: title(findings, &points, &reference, texts),
        subtitle: fill!(texts, "chart.methods-sub", kind),
        notes: hollow_notes(findings, texts),
        description: fill!(texts, "chart.methods-desc", kind, method, reference, points = told.join("; ")),
        least: LEAST,
        draw: Box::new(move |canvas, top| draw(canvas, findings, &points, [&method, &reference], texts, top)),
    })
}

/// The shares of one period.
#[derive(Clone, Copy)]
struct Point {
    index: usize,
    /// By the lawful method; not known for a figure of an earlier report.
    lawful: Option<f64>,
    reference: f64,
    has_ended: bool,
}

impl Point {
    fn gap(&self) -> Option<f64> {
        self.lawful.map(|lawful| self.reference - lawful)
    }
}

fn points(findings: &ControlFindings, reference: Clock) -> Vec<Point> {
    let periods = findings.periods.iter().enumerate();
    let points = periods.filter_map(|(index, period)| {
        let (lawful, reference) = (period.lawful_share(), period.reference_share(reference)?);
        Some(Point { index, lawful, reference, has_ended: period.complete })
    });
    points.collect()
}

fn told(point: &Point, findings: &ControlFindings, texts: &Texts) -> Option<String> {
    Some(fill!(
        texts,
        "chart.methods-point",
        period = texts.period_so_far(findings.periods[point.index].period, point.has_ended),
        share = texts.share(point.lawful?),
        reference = texts.share(point.reference)
    ))
}

fn title(findings: &ControlFindings, points: &[Point], reference: &str, texts: &Texts) -> String {
    let rule = findings.rule.name.text(texts.language());
    let headline = findings.headline();
    let period = texts.period_so_far(headline.period, headline.complete);
    let of_headline = points.iter().find(|point| point.index == findings.headline_place);
    let gap = of_headline.and_then(Point::gap).filter(|_| headline.counts_because().is_none());
    let Some(gap) = gap else {
        return fill!(texts, "chart.methods-title-none", rule, period);
    };
    let key = match gap {
        0.0 => "chart.methods-title-same",
        gap if gap > 0.0 => "chart.methods-title",
        _ => "chart.methods-title-less",
    };
    let gap = texts.points_apart(gap);
    fill!(texts, key, rule, reference, gap, period)
}

fn draw(
    canvas: &Canvas<'_>,
    findings: &ControlFindings,
    points: &[Point],
    [method, reference]: [&str; 2],
    texts: &Texts,
    top: f64,
) {
    let size = canvas.shape.label;
    let highest =
        points.iter().map(|point| point.lawful.unwrap_or(0.0).max(point.reference)).fold(0.0, f64::max);
    let names: Vec<(String, f64, bool)> = match points.last() {
        Some(last) => {
            let label = |name: &str, share: f64| {
                so_far(format!("{name} {}", texts.share(share)), last.has_ended, texts)
            };
            let lawful = last.lawful.map(|share| (label(method, share), share, true));
            lawful.into_iter().chain([(label(reference, last.reference), last.reference, false)]).collect()
        }
        None => Vec::new(),
    };
    let room = room_for(names.iter().map(|(name, ..)| name.as_str()), size);
    let plot = share_plot(canvas, &findings.periods, highest, (top + size * (LINE + 1.1), room), texts);
    // A line does not lead from an earlier report's figure to our own.
    let goes_on = |one: &Point, next: &Point| {
        next.index == one.index + 1 && one.lawful.is_some() == next.lawful.is_some()
    };
    for run in points.chunk_by(goes_on) {
        let line = |share: fn(&Point) -> Option<f64>| -> Vec<(f64, f64)> {
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
    let names: Vec<LineName> = names
        .into_iter()
        .map(|(text, share, lawful)| LineName {
            text,
            x: plot.right + 8.0,
            y: plot.y(share),
            bold: true,
            colour: if lawful { LAWFUL } else { REFERENCE },
        })
        .collect();
    plot.names_at_right(canvas, &names);
    gaps(canvas, points, |index| plot.x(index), plot.top - size * (LINE * 0.5 + 0.8), texts);
    if points.is_empty() {
        plot.nothing(canvas, texts.get("chart.no-data"));
    }
}

/// The gap of every period in percentage points, in a row above the plot.
fn gaps(canvas: &Canvas<'_>, points: &[Point], x: impl Fn(f64) -> f64, y: f64, texts: &Texts) {
    let size = canvas.shape.label;
    let gaps: Vec<(f64, String)> =
        points.iter().filter_map(|point| Some((x(point.index as f64), texts.points(point.gap()?)))).collect();
    if gaps.is_empty() {
        return;
    }
    let name = texts.get("chart.methods-gap");
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
