//! Chart: the histogram of margins round the due date, coloured by the two verdicts, with the outline of the
//! period before.

use super::canvas::{Anchor, Canvas};
use super::frame::{Drawing, LEAST, Plot, count_axis, room_for_counts};
use super::legend::{Entry, Mark, legend};
use super::theme::{IN_TIME, INK, LATE, MIDDLE, ONLY_LAW, REFERENCE, SOFT_INK};
use crate::analysis::{ControlFindings, Detail, MarginBar, Margins};
use crate::text::Texts;
use crate::text::charts::{due_line, margin_axis, margins as words};
use plotters::style::RGBColor;

/// Margins further from the due date than this are counted beside the bars, not drawn: they would dwarf what happens near it.
const FURTHEST: i32 = 60;
/// The fewest days or hours on either side of the due date.
const NEAREST: i32 = 5;

/// The chart of one control, or nothing when no case was closed.
pub fn drawing<'a>(
    findings: &'a ControlFindings,
    detail: &'a Detail,
    texts: &'a Texts,
) -> Option<Drawing<'a>> {
    let all = detail.margins_until(findings.headline().period);
    let margins = all.last()?;
    let before = all.iter().rev().nth(1);
    let unit = findings.rule.margin_unit();
    Some(Drawing {
        caption: words::caption(findings, margins, before, texts),
        least: LEAST,
        draw: Box::new(move |canvas, top| {
            let top = legend(canvas, &entries(margins, words::layers(findings, texts)), top);
            draw(canvas, margins, before, unit, texts, top);
        }),
    })
}

/// What the colours mean, only those that occur.
fn entries(margins: &Margins, names: [String; 4]) -> Vec<Entry> {
    let colours = layers(&MarginBar::default()).map(|(colour, _)| colour);
    let occurs = |colour: RGBColor| {
        margins.bars.values().flat_map(layers).any(|(layer, cases)| layer == colour && cases > 0)
    };
    let entries = colours.into_iter().zip(names).filter(|(colour, _)| occurs(*colour));
    entries.map(|(colour, name)| Entry { mark: Mark::Bar, colour, name }).collect()
}

/// A bar's layers from below.
fn layers(bar: &MarginBar) -> [(RGBColor, u64); 4] {
    [
        (IN_TIME, bar.in_time),
        (REFERENCE, bar.late_only_by_reference),
        (ONLY_LAW, bar.late_only_by_law),
        (LATE, bar.late),
    ]
}

fn draw(
    canvas: &Canvas<'_>,
    margins: &Margins,
    before: Option<&Margins>,
    unit: &str,
    texts: &Texts,
    top: f64,
) {
    let size = canvas.shape.label;
    let ends = [Some(margins), before].into_iter().flatten().flat_map(|margins| margins.bars.keys().copied());
    let (first, last) = ends.fold((0, 0), |(first, last), margin| (first.min(margin), last.max(margin)));
    let (low, high) = (first.clamp(-FURTHEST, -NEAREST), last.clamp(NEAREST, FURTHEST));
    let bars: Vec<MarginBar> =
        (low..=high).map(|margin| margins.bars.get(&margin).copied().unwrap_or_default()).collect();
    // The period before in the size of this one, so that shapes can be compared.
    let outline: Vec<f64> =
        before.map_or_else(Vec::new, |before| before.scaled_to(margins.cases(), low..=high).collect());
    let highest =
        bars.iter().map(|bar| bar.cases() as f64).chain(outline.iter().copied()).fold(0.0, f64::max);
    let (height, step) = count_axis(highest);
    let left = room_for_counts(texts, height, size);
    let plot = Plot::below(canvas, top + size * 1.7, (left, 6.0), 2.2)
        .scaled((f64::from(low) - 0.7, f64::from(high) + 0.7), (0.0, height));
    plot.left_axis(canvas, step, |cases| texts.count(cases as u64));
    for (margin, bar) in (low..).zip(&bars) {
        let (left, right) = (plot.x(f64::from(margin) - 0.44), plot.x(f64::from(margin) + 0.44));
        let mut below = 0;
        for (colour, cases) in layers(bar).into_iter().filter(|(_, cases)| *cases > 0) {
            let (from, to) = (plot.y(below as f64), plot.y((below + cases) as f64));
            canvas.bar((left, to), (right, from), colour);
            below += cases;
        }
    }
    if before.is_some() {
        let line: Vec<(f64, f64)> = (low..)
            .zip(&outline)
            .flat_map(|(margin, cases)| {
                [-0.5, 0.5].map(|side| (plot.x(f64::from(margin) + side), plot.y(*cases)))
            })
            .collect();
        canvas.line(&line, INK, 1);
    }
    plot.mark(canvas, 0.5, due_line(unit, texts));
    plot.lower_axis(canvas, &labels(low, high, texts));
    let (earlier, later) = margins.beyond(low, high);
    let y = plot.bottom + size * 2.75;
    let [before, after] = words::beyond(earlier, later, texts);
    for (note, cases, x, anchor) in
        [(before, earlier, canvas.shape.side, Anchor::Start), (after, later, plot.right, Anchor::End)]
    {
        if cases > 0 {
            canvas.label(&note, &[(x, y, anchor)], true, INK);
        }
    }
    let axis = margin_axis(unit, texts);
    canvas.label(axis, &[(plot.middle().0, y, Anchor::Middle)], false, SOFT_INK);
    let corner = (canvas.shape.side, plot.top - size * (MIDDLE + 0.5));
    canvas.label(words::axis(texts), &[(corner.0, corner.1, Anchor::Start)], false, SOFT_INK);
}

/// Labels at round numbers.
fn labels(low: i32, high: i32, texts: &Texts) -> Vec<(f64, Vec<String>)> {
    let every = match high - low {
        61.. => 20,
        41.. => 10,
        _ => 5,
    };
    let round = (low..=high).filter(|margin| margin % every == 0);
    round.map(|margin| (f64::from(margin), vec![texts.signed(margin)])).collect()
}
