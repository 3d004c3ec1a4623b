//! Chart: the share of cases still open, day by day round the due date.

use super::canvas::{Anchor, Canvas};
use super::frame::{Drawing, LEAST, Plot, room_for_shares, step};
use super::legend::{Entry, Mark, legend};
use super::theme::{BAND, EARLIER, LAWFUL, SOFT_INK};
use crate::analysis::{ControlFindings, Detail, Step, Survival};
use crate::text::Texts;
use crate::text::charts::{due_line, margin_axis, time_to_close as words};
use plotters::style::RGBColor;

/// Colour and dash of the last year's curve and of the one before.
const LOOKS: [(RGBColor, Option<f64>); 2] = [(LAWFUL, None), (EARLIER, Some(7.0))];
/// Margins further from the due date than this are not drawn.
const FURTHEST: i32 = 400;

/// The chart of one control, or nothing when no case started in the last two years.
pub fn drawing<'a>(
    findings: &'a ControlFindings,
    detail: &'a Detail,
    texts: &'a Texts,
) -> Option<Drawing<'a>> {
    let curves = detail.time_to_close.years.as_slice();
    let latest = curves.first()?;
    Some(Drawing {
        caption: words::caption(&findings.rule, curves, latest, texts),
        least: LEAST,
        draw: Box::new(move |canvas, top| draw(canvas, findings, curves, texts, top)),
    })
}

fn draw(canvas: &Canvas<'_>, findings: &ControlFindings, curves: &[Survival], texts: &Texts, top: f64) {
    let size = canvas.shape.label;
    let entries = curves.iter().zip(LOOKS).map(|(curve, (colour, dash))| {
        let name = words::line_name(&findings.rule, curve, texts);
        Entry { mark: Mark::Line(dash), colour, name }
    });
    let top = legend(canvas, &entries.collect::<Vec<Entry>>(), top);
    // From where the first cases are closed to where hardly any is left.
    let edge = |pick: fn(&Survival) -> Option<i32>| curves.iter().filter_map(pick).collect::<Vec<i32>>();
    let first = edge(|curve| curve.reached(0.995)).into_iter().min().unwrap_or(0);
    let last = edge(|curve| curve.reached(0.02).or(curve.steps.last().map(|step| step.margin)));
    let last = last.into_iter().max().unwrap_or(0);
    let pad = ((last - first) / 25).max(2);
    let (low, high) = ((first - pad).clamp(-FURTHEST, -2), (last + pad).clamp(2, FURTHEST));
    let left = room_for_shares(texts, 1.0, size);
    let plot = Plot::below(canvas, top + size * 1.7, (left, 8.0), 2.2)
        .scaled((f64::from(low), f64::from(high)), (0.0, 1.0));
    if let Some(curve) = curves.first() {
        band(canvas, &plot, curve);
    }
    plot.left_axis(canvas, 0.2, |share| texts.whole_percent(share));
    plot.lower_axis(canvas, &labels(low, high, texts));
    let unit = findings.rule.margin_unit();
    let axis = (plot.middle().0, plot.bottom + size * 2.75, Anchor::Middle);
    canvas.label(margin_axis(unit, texts), &[axis], false, SOFT_INK);
    plot.mark(canvas, 0.0, due_line(unit, texts));
    for (curve, (colour, dash)) in curves.iter().zip(LOOKS).rev() {
        let line = stairs(&plot, curve, |step| step.open_share);
        match dash {
            Some(dash) => canvas.dashes(&line, colour, 2, dash, 4.0),
            None => canvas.line(&line, colour, 2),
        }
        if let Some(open) = curve.open_after(0) {
            canvas.dot((plot.x(0.0), plot.y(open)), canvas.shape.marker, colour, false);
        }
    }
}

/// A line that falls where cases were closed.
fn stairs(plot: &Plot, curve: &Survival, share: impl Fn(&Step) -> f64) -> Vec<(f64, f64)> {
    let (low, high) = plot.across;
    let mut line = vec![(plot.x(low), plot.y(1.0))];
    let mut before = 1.0;
    for step in &curve.steps {
        let at = f64::from(step.margin);
        if at > high {
            break;
        }
        let now = share(step);
        if at >= low {
            line.push((plot.x(at), plot.y(before)));
            line.push((plot.x(at), plot.y(now)));
        } else {
            line[0].1 = plot.y(now);
        }
        before = now;
    }
    line
}

fn band(canvas: &Canvas<'_>, plot: &Plot, curve: &Survival) {
    let upper = stairs(plot, curve, |step| step.interval.high);
    let lower = stairs(plot, curve, |step| step.interval.low);
    let around: Vec<(f64, f64)> = upper.into_iter().chain(lower.into_iter().rev()).collect();
    canvas.area(&around, BAND, 1.0);
}

/// Labels at round numbers.
fn labels(low: i32, high: i32, texts: &Texts) -> Vec<(f64, Vec<String>)> {
    let every = step(f64::from(high - low), 8.0).max(1.0) as i32;
    let round = (low..=high).filter(|margin| margin % every == 0);
    round.map(|margin| (f64::from(margin), vec![texts.signed(margin)])).collect()
}
