//! Chart: the share of deviations per period, with its interval.

use super::frame::{Drawing, LEAST, LineName, Plot, room_for, room_for_shares, share_axis};
use super::theme::{Anchor, Canvas, INK, LAWFUL};
use crate::analysis::{ControlFindings, Figure, PeriodFigures};
use crate::text::{Texts, period_lines, sentence_case};

/// Of more points only the last is labelled.
const MOST_LABELS: usize = 14;

/// The chart of one control.
pub fn drawing<'a>(findings: &'a ControlFindings, texts: &'a Texts) -> Drawing<'a> {
    let name = findings.rule.name.text(texts.language());
    let headline = findings.headline();
    let (share, period) = (texts.headline(headline), texts.period_so_far(headline.period, headline.complete));
    let title = match headline.figure.ratio() {
        Some((_, 1..)) => {
            texts.fill("chart.share-title", &[("rule", name), ("share", &share), ("period", &period)])
        }
        _ => texts.fill("chart.share-title-none", &[("rule", name), ("period", &period)]),
    };
    let kind = findings.periods.last().map_or("", |period| period.period.kind.id());
    let kind = texts.get(&format!("period.kind-{kind}"));
    let cohort = sentence_case(texts.get(&format!("cohort.{}", findings.cohort.id())));
    let points: Vec<String> = findings
        .periods
        .iter()
        .map(|period| {
            let name = texts.period_so_far(period.period, period.complete);
            let share = texts.period_share(period);
            texts.fill("chart.point", &[("period", &name), ("share", &share)])
        })
        .collect();
    Drawing {
        title,
        subtitle: texts.fill("chart.share-sub", &[("kind", kind), ("cohort", &cohort)]),
        notes: hollow_notes(findings, texts),
        description: texts.fill("chart.share-desc", &[("kind", kind), ("points", &points.join("; "))]),
        least: LEAST,
        draw: Box::new(move |canvas, top| draw(canvas, findings, texts, top)),
    }
}

/// What hollow points are, where there are any.
pub fn hollow_notes(findings: &ControlFindings, texts: &Texts) -> Vec<String> {
    let running = findings.periods.last().filter(|last| !last.complete && last.share().is_some());
    let running = running.map(|last| texts.fill("chart.running", &[("period", &texts.period(last.period))]));
    reported_note(findings, texts).into_iter().chain(running).collect()
}

fn reported_note(findings: &ControlFindings, texts: &Texts) -> Option<String> {
    let earlier_reports = findings.periods.iter().filter_map(|period| period.earlier_report.as_ref());
    let mut methods: Vec<String> =
        earlier_reports.map(|earlier_report| texts.method(&earlier_report.method)).collect();
    methods.sort();
    methods.dedup();
    let note = texts.fill("chart.reported", &[("methods", &methods.join(", "))]);
    (!methods.is_empty()).then_some(note)
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
    let target = findings
        .target
        .map(|target| (target, texts.fill("chart.target", &[("share", &texts.share(target))])));
    let room = target.as_ref().map_or(10.0, |(_, label)| room_for([label.as_str()], size));
    let plot = share_plot(canvas, periods, highest, (top + size * 1.3, room), texts);
    if let Some((target, text)) = target {
        let y = plot.y(target);
        canvas.dashes(&[(plot.left, y), (plot.right, y)], INK, 1, 2.0, 3.0);
        let name = LineName { text, x: plot.right + 8.0, y, bold: false, colour: INK };
        plot.names_at_right(canvas, &[name]);
    }
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
        let mut above = plot.y(share) - radius;
        if let Some(interval) = period.interval() {
            let (low, high) = (plot.y(interval.low), plot.y(interval.high));
            canvas.line(&[(x, low), (x, high)], LAWFUL, 1);
            for end in [low, high] {
                canvas.line(&[(x - radius * 0.8, end), (x + radius * 0.8, end)], LAWFUL, 1);
            }
            above = high;
        }
        let hollow = matches!(period.figure, Figure::Reported(_)) || !period.complete;
        canvas.dot((x, plot.y(share)), radius, LAWFUL, hollow);
        labels.push((so_far(texts.figure(period.figure), period.complete, texts), x, above - size * 0.8));
    }
    // The last one first: where not all have room, it has; among many the others would hide the points.
    let shown = if labels.len() > MOST_LABELS { 1 } else { labels.len() };
    for (number, (label, x, y)) in labels.iter().rev().take(shown).enumerate() {
        canvas.label(label, &[(*x, *y, Anchor::Middle)], number == 0, INK);
    }
    if labels.is_empty() {
        plot.nothing(canvas, texts.get("chart.no-data"));
    }
}

/// A label, told to be of so far where its period has not ended.
pub fn so_far(label: String, has_ended: bool, texts: &Texts) -> String {
    if has_ended { label } else { texts.fill("chart.so-far", &[("share", &label)]) }
}

/// Runs of neighbouring periods whose shares were counted alike: a line crosses neither a gap nor the step
/// from an earlier report's figure to our own.
fn runs(periods: &[PeriodFigures]) -> Vec<Vec<(usize, f64)>> {
    let mut runs: Vec<Vec<(usize, f64)>> = vec![Vec::new()];
    for (index, period) in periods.iter().enumerate() {
        match (period.figure, period.share()) {
            (Figure::Computed(_), Some(share)) => {
                runs.last_mut().expect("there is always one").push((index, share));
            }
            _ => runs.push(Vec::new()),
        }
    }
    runs.retain(|run| run.len() > 1);
    runs
}
