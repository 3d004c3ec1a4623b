//! Chart: the trends of all controls at a glance, small and on one axis of time.

use super::canvas::{Anchor, Canvas};
use super::curve::{Placed, band, highest, share_lines, shares, stretches, target_line};
use super::frame::{Drawing, Plot, share_axis};
use super::icons;
use super::letters::{width_of, wrapped};
use super::theme::{BETTER, COLUMN, INK, LAWFUL, LINE, SOFT_INK, WIDE, WORSE};
use crate::analysis::{ControlFindings, Side, Trend};
use crate::period::Period;
use crate::text::charts::overview::{caption, figure};
use crate::text::{Texts, period_lines};

/// Height of a panel in sizes of its labels.
const PANEL: f64 = 13.0;

/// The chart, or nothing when no control has a trend.
pub fn drawing<'a>(controls: &'a [ControlFindings], texts: &'a Texts) -> Option<Drawing<'a>> {
    let panels: Vec<(&ControlFindings, &Trend)> =
        controls.iter().filter_map(|control| Some((control, control.drawn_trend()?))).collect();
    let kind = panels.first()?.1.settings.period;
    Some(Drawing {
        caption: caption(&panels, kind, texts),
        least: [(WIDE, 3), (COLUMN, 1)].map(|(shape, columns)| height_of(panels.len(), columns, shape.label)),
        draw: Box::new(move |canvas, top| draw(canvas, &panels, texts, top)),
    })
}

fn draw(canvas: &Canvas<'_>, panels: &[(&ControlFindings, &Trend)], texts: &Texts, top: f64) {
    let columns = if canvas.shape == COLUMN { 1 } else { panels.len().min(3) };
    let rows = panels.len().div_ceil(columns);
    let side = canvas.shape.side;
    let between = side;
    let width = (canvas.shape.width - 2.0 * side + between) / columns as f64 - between;
    let height = (canvas.height - top) / rows as f64;
    let ends = panels.iter().flat_map(|(_, trend)| {
        [trend.points.first(), trend.points.last()].into_iter().flatten().map(|point| point.period.index)
    });
    let across = ends.fold((i32::MAX, i32::MIN), |(first, last), index| (first.min(index), last.max(index)));
    for (number, (control, trend)) in panels.iter().enumerate() {
        let left = side + (number % columns) as f64 * (width + between);
        let top = top + (number / columns) as f64 * height;
        panel(canvas, control, trend, (left, top, width, height), across, texts);
    }
}

type Frame = (f64, f64, f64, f64);

fn panel(
    canvas: &Canvas<'_>,
    control: &ControlFindings,
    trend: &Trend,
    (left, top, width, height): Frame,
    across: (i32, i32),
    texts: &Texts,
) {
    let size = canvas.shape.label;
    let mut y = top;
    for line in wrapped(texts.name(&control.rule), size, true, width).into_iter().take(2) {
        canvas.text(&line, (left, y), size, true, INK, Anchor::Start);
        y += size * LINE * 0.95;
    }
    let (figure, rest) = figure(control, texts);
    canvas.text(&figure, (left, y), size * 1.4, true, LAWFUL, Anchor::Start);
    let x = left + width_of(&figure, size * 1.4, true) + 8.0;
    if x + width_of(&rest, size, false) <= left + width {
        canvas.text(&rest, (x, y + size * 0.35), size, false, SOFT_INK, Anchor::Start);
    }
    y += size * 1.9;
    y = icons::row(canvas, trend, (left, y), width, texts);
    let (limit, _) = share_axis(highest(trend));
    let label = texts.whole_percent(limit);
    let plot = Plot {
        left: left + width_of(&label, size, false) + 6.0,
        right: left + width - 6.0,
        top: y + size * 0.5,
        bottom: top + height - size * 2.4,
        across: (f64::from(across.0) - 0.6, f64::from(across.1) + 0.6),
        up: (0.0, limit),
    };
    mini(canvas, &plot, trend);
    for value in [0.0, limit] {
        let at = (plot.left - 5.0, plot.y(value), Anchor::End);
        canvas.label(&texts.whole_percent(value), &[at], false, SOFT_INK);
    }
    let kind = trend.settings.period;
    let month = |index: i32| period_lines(Period { kind, index }, texts).join(" ");
    let y = plot.bottom + size * 1.1;
    canvas.label(&month(across.1), &[(plot.right, y, Anchor::End)], false, SOFT_INK);
    if across.0 < across.1 {
        canvas.label(&month(across.0), &[(plot.left, y, Anchor::Start)], false, SOFT_INK);
    }
}

/// The trend itself, without names.
fn mini(canvas: &Canvas<'_>, plot: &Plot, trend: &Trend) {
    let points: Vec<Placed<'_>> = trend.points.iter().map(|point| (point.period.index, point)).collect();
    for stretch in stretches(&points, |point| point.limits.is_some()) {
        band(canvas, plot, &stretch);
        let center = stretch.iter().filter_map(|(place, point)| Some((*place, point.center?)));
        let center: Vec<(f64, f64)> =
            center.map(|(place, share)| (plot.x(f64::from(place)), plot.y(share))).collect();
        canvas.line(&center, SOFT_INK, 1);
    }
    canvas.line(&[(plot.left, plot.bottom), (plot.right, plot.bottom)], INK, 1);
    target_line(canvas, plot, trend.target);
    let shares = shares(plot, &points);
    share_lines(canvas, &shares, |only| canvas.dot(only, 2.0, LAWFUL, false));
    for (_, at, point) in &shares {
        match trend.mark(point) {
            Some(Side::Above) => canvas.triangle(*at, 4.5, WORSE, true),
            Some(Side::Below) => canvas.triangle(*at, 4.5, BETTER, false),
            Some(Side::On) | None => {}
        }
    }
    if let Some((_, at, point)) = shares.last() {
        canvas.dot(*at, 3.5, LAWFUL, !point.complete);
    }
}

/// The least height of so many panels in so many columns.
fn height_of(panels: usize, columns: usize, label: f64) -> f64 {
    panels.div_ceil(columns) as f64 * PANEL * label
}
