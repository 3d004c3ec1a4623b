//! Chart: the share of deviations per period, with its interval.

use super::canvas::{Anchor, Canvas};
use super::curve::target_line;
use super::frame::{Drawing, LEAST, LineName, Plot, room_for, room_for_shares, share_axis};
use super::letters::width_of;
use super::theme::{INK, LAWFUL};
use crate::analysis::{ControlFindings, Figure, PeriodFigures};
use crate::text::charts::share::{caption, no_share};
use crate::text::charts::{so_far, target as target_name};
use crate::text::{Texts, period_lines};

/// Of more points only the last is labelled.
const MOST_LABELS: usize = 14;

/// The chart of one control.
pub fn drawing<'a>(findings: &'a ControlFindings, texts: &'a Texts) -> Drawing<'a> {
    Drawing {
        caption: caption(findings, texts),
        least: LEAST,
        draw: Box::new(move |canvas, top| draw(canvas, findings, texts, top)),
    }
}

/// The labels of periods, each at its place 0, 1, 2, …
pub fn period_labels(periods: &[PeriodFigures], texts: &Texts) -> Vec<(f64, Vec<String>)> {
    let labels = periods.iter().enumerate();
    labels.map(|(index, period)| (index as f64, period_lines(period.period, texts))).collect()
}

/// The plot of shares by period: its axes drawn, room kept for names at the right.
pub fn share_plot(
    canvas: &Canvas<'_>,
    periods: &[PeriodFigures],
    highest: f64,
    (top, room): (f64, f64),
    texts: &Texts,
) -> Plot {
    let (height, step) = share_axis(highest);
    let labels = period_labels(periods, texts);
    let lines = labels.first().map_or(1, |label| label.1.len());
    let left = room_for_shares(texts, height, canvas.shape.label);
    let plot = Plot::below(canvas, top, (left, room), lines as f64)
        .scaled((-0.5, periods.len() as f64 - 0.5), (0.0, height));
    plot.left_axis(canvas, step, |share| texts.whole_percent(share));
    plot.lower_axis(canvas, &labels);
    plot
}

fn draw(canvas: &Canvas<'_>, findings: &ControlFindings, texts: &Texts, top: f64) {
    let (periods, size) = (&findings.periods, canvas.shape.label);
    let highest = periods
        .iter()
        .filter_map(|period| period.interval().map(|interval| interval.high).or(period.share()))
        .chain(findings.target)
        .fold(0.0, f64::max);
    let target = findings.target.map(|value| LineName {
        text: target_name(value, texts),
        value,
        bold: false,
        colour: INK,
    });
    let room = target.as_ref().map_or(10.0, |name| room_for(std::slice::from_ref(name), size));
    // So far: a label longer than the others, with nothing after it.
    let running = periods.last().filter(|last| !last.complete && last.share().is_some());
    let room = running.map_or(0.0, |last| width_of(&label(last, texts), size, true)).max(room);
    let plot = share_plot(canvas, periods, highest, (top + size * 1.3, room), texts);
    target_line(canvas, &plot, findings.target);
    plot.names_at_right(canvas, plot.right + 8.0, target.as_slice());
    for run in runs(periods) {
        let line: Vec<(f64, f64)> =
            run.iter().map(|(index, share)| (plot.x(*index as f64), plot.y(*share))).collect();
        canvas.line(&line, LAWFUL, 2);
    }
    let radius = plot.marker(canvas);
    let mut labels = Vec::new();
    for (index, period) in periods.iter().enumerate() {
        let Some(share) = period.share() else { continue };
        let x = plot.x(index as f64);
        let mut ends = (plot.y(share), plot.y(share));
        let after = periods.get(index + 1).and_then(PeriodFigures::share);
        if let Some(interval) = period.interval() {
            let (low, high) = (plot.y(interval.low), plot.y(interval.high));
            canvas.line(&[(x, low), (x, high)], LAWFUL, 1);
            for end in [low, high] {
                canvas.line(&[(x - radius * 0.8, end), (x + radius * 0.8, end)], LAWFUL, 1);
            }
            ends = (high, low);
        }
        let hollow = matches!(period.figure, Figure::Reported(_)) || !period.complete;
        canvas.dot((x, plot.y(share)), radius, LAWFUL, hollow);
        labels.push(PointLabel {
            text: label(period, texts),
            at: (x, plot.y(share)),
            ends,
            rises: after.is_some_and(|after| after > share),
        });
    }
    let among = labels.len().saturating_sub(usize::from(running.is_some()));
    let widest = labels[..among].iter().map(|label| width_of(&label.text, size, true)).fold(0.0, f64::max);
    let has_room = plot.x(1.0) - plot.x(0.0) > widest + radius * 2.0 + BESIDE * 2.0;
    // The last one first: where not all have room, it has; among many the others would hide the points.
    let shown = if labels.len() > MOST_LABELS { 1 } else { labels.len() };
    for (number, label) in labels.iter().rev().take(shown).enumerate() {
        let is_last = number == 0;
        label.draw(canvas, radius, has_room || (is_last && running.is_some()), is_last);
    }
    if labels.is_empty() {
        plot.nothing(canvas, no_share(findings, texts));
    }
}

/// What stands by the point of a period.
fn label(period: &PeriodFigures, texts: &Texts) -> String {
    so_far(texts.told(period.told_apart()), period.complete, texts)
}

/// From a point to its label.
const BESIDE: f64 = 4.0;

/// The label of a point. It stands by the point: at the end of an interval it would be read as the value there.
struct PointLabel {
    text: String,
    at: (f64, f64),
    /// The upper and the lower end of the interval.
    ends: (f64, f64),
    /// The line goes up to the next point.
    rises: bool,
}

impl PointLabel {
    /// Beside the point, off the line to the next one; without room for that above or below it, on its interval.
    fn draw(&self, canvas: &Canvas<'_>, radius: f64, has_room: bool, bold: bool) {
        let (size, (x, y)) = (canvas.shape.label, self.at);
        let aside = size * 0.75;
        let places = if has_room {
            let aside = if self.rises { aside } else { -aside };
            [aside, -aside].map(|aside| (x + radius + BESIDE, y + aside, Anchor::Start))
        } else {
            // The end of a short interval would be hidden.
            let from = |end: f64| if (y - end).abs() < radius + 2.0 * aside { end - y } else { 0.0 };
            let (above, below) = (from(self.ends.0).min(-radius), from(self.ends.1).max(radius));
            [above - aside, below + aside].map(|aside| (x, y + aside, Anchor::Middle))
        };
        canvas.label(&self.text, &places, bold, INK);
    }
}

/// Runs of neighbouring periods whose shares were counted alike: a line crosses neither a gap nor the step
/// from an earlier report's figure to our own.
fn runs(periods: &[PeriodFigures]) -> Vec<Vec<(usize, f64)>> {
    let mut runs: Vec<Vec<(usize, f64)>> = vec![Vec::new()];
    for (index, period) in periods.iter().enumerate() {
        match (period.figure, period.share()) {
            (Figure::Counted(_), Some(share)) => {
                runs.last_mut().expect("there is always one").push((index, share));
            }
            _ => runs.push(Vec::new()),
        }
    }
    runs.retain(|run| run.len() > 1);
    runs
}
