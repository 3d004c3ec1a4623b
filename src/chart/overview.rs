//! Chart: the trends of all controls at a glance, small and on one axis of time.

use super::frame::{Drawing, Plot, share_axis};
use super::icons;
use super::theme::{
    Anchor, BAND, BETTER, COLUMN, Canvas, INK, LAWFUL, LINE, SOFT_INK, WIDE, WORSE, width_of, wrapped,
};
use crate::analysis::{ControlFindings, Side, Trend};
use crate::text::{Texts, fill, period_lines};

/// Height of a panel in sizes of its labels.
const PANEL: f64 = 13.0;

/// The chart, or nothing when no control has a trend.
pub fn drawing<'a>(controls: &'a [ControlFindings], texts: &'a Texts) -> Option<Drawing<'a>> {
    let panels: Vec<(&ControlFindings, &Trend)> =
        controls.iter().filter_map(|control| Some((control, control.trend.as_ref()?))).collect();
    let kind = panels.first()?.1.settings.period;
    let count =
        |answer: &str| panels.iter().filter(|(_, trend)| trend.verdict.answer.id() == answer).count() as u64;
    let (worse, better) = (count("worse"), count("better"));
    let values = [("worse", texts.count(worse)), ("better", texts.count(better))];
    let values: Vec<(&str, &str)> = values.iter().map(|(key, value)| (*key, value.as_str())).collect();
    // Where points are hidden, nothing is known of the others.
    let is_judged = panels.iter().any(|(_, trend)| trend.verdict.answer.is_known())
        && !panels.iter().any(|(_, trend)| trend.current_segment().hides_points);
    let title = match (worse, better) {
        (0, 0) if !is_judged => texts.get("chart.overview-title-short").to_owned(),
        (0, 0) => texts.get("chart.overview-title-none").to_owned(),
        (_, 0) => texts.fill("chart.overview-title-worse", &values[..1]),
        (0, _) => texts.fill("chart.overview-title-better", &values[1..]),
        _ => texts.fill("chart.overview-title-both", &values),
    };
    let told: Vec<String> = panels
        .iter()
        .map(|(control, trend)| {
            let name = control.rule.name.text(texts.language());
            format!("{name}: {}", value_and_change(control, trend, texts).join(", "))
        })
        .collect();
    let kind_name = texts.get(&format!("period.kind-{}", kind.id()));
    Some(Drawing {
        title,
        subtitle: fill!(texts, "chart.overview-sub", kind = kind_name),
        notes: Vec::new(),
        description: told.join(". "),
        least: [(WIDE, 3), (COLUMN, 1)].map(|(shape, columns)| height_of(panels.len(), columns, shape.label)),
        draw: Box::new(move |canvas, top| draw(canvas, &panels, texts, top)),
    })
}

/// What the headline says, and its change.
fn value_and_change(control: &ControlFindings, trend: &Trend, texts: &Texts) -> Vec<String> {
    let headline = control.headline();
    let period = texts.period_so_far(headline.period, headline.complete);
    let mut parts = vec![format!("{} {period}", texts.headline(headline))];
    parts.extend(control.headline_change().map(|change| texts.change(Some(change))));
    parts.push(texts.get(&format!("verdict.{}", trend.verdict.answer.id())).to_owned());
    parts
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
    let name = control.rule.name.text(texts.language());
    for line in wrapped(name, size, true, width).into_iter().take(2) {
        canvas.text(&line, (left, y), size, true, INK, Anchor::Start);
        y += size * LINE * 0.95;
    }
    let headline = control.headline();
    let figure = texts.headline(headline);
    canvas.text(&figure, (left, y), size * 1.4, true, LAWFUL, Anchor::Start);
    let x = left + width_of(&figure, size * 1.4, true) + 8.0;
    let period = texts.period_so_far(headline.period, headline.complete);
    let rest = match control.headline_change() {
        Some(change) => format!("{period} ({})", texts.change(Some(change))),
        None => period,
    };
    if x + width_of(&rest, size, false) <= left + width {
        canvas.text(&rest, (x, y + size * 0.35), size, false, SOFT_INK, Anchor::Start);
    }
    y += size * 1.9;
    y = icons::row(canvas, trend, (left, y), width, texts);
    let highest = trend
        .points
        .iter()
        .flat_map(|point| [point.share(), point.limits.map(|limits| limits.1)])
        .flatten()
        .chain(trend.target)
        .fold(0.0, f64::max);
    let (limit, _) = share_axis(highest);
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
    let month = |index: i32| period_lines(crate::period::Period { kind, index }, texts).join(" ");
    let y = plot.bottom + size * 1.1;
    canvas.label(&month(across.1), &[(plot.right, y, Anchor::End)], false, SOFT_INK);
    if across.0 < across.1 {
        canvas.label(&month(across.0), &[(plot.left, y, Anchor::Start)], false, SOFT_INK);
    }
}

/// The trend itself, without names.
fn mini(canvas: &Canvas<'_>, plot: &Plot, trend: &Trend) {
    let x = |index: i32| plot.x(f64::from(index));
    let with_limits: Vec<_> = trend.points.iter().filter(|point| point.limits.is_some()).collect();
    for stretch in with_limits
        .chunk_by(|one, next| (one.segment, one.period.index + 1) == (next.segment, next.period.index))
    {
        let edge = |pick: fn((f64, f64)) -> f64| -> Vec<(f64, f64)> {
            let ends = stretch.iter().filter_map(|point| {
                let y = plot.y(pick(point.limits?));
                Some([-0.5, 0.5].map(|side| (plot.x(f64::from(point.period.index) + side), y)))
            });
            ends.flatten().collect()
        };
        let (upper, lower) = (edge(|limits| limits.1), edge(|limits| limits.0));
        let around: Vec<(f64, f64)> = upper.into_iter().chain(lower.into_iter().rev()).collect();
        canvas.area(&around, BAND, 1.0);
        let center: Vec<(f64, f64)> =
            stretch.iter().filter_map(|point| Some((x(point.period.index), plot.y(point.center?)))).collect();
        canvas.line(&center, SOFT_INK, 1);
    }
    canvas.line(&[(plot.left, plot.bottom), (plot.right, plot.bottom)], INK, 1);
    if let Some(target) = trend.target {
        let y = plot.y(target);
        canvas.dashes(&[(plot.left, y), (plot.right, y)], INK, 1, 2.0, 3.0);
    }
    let shares: Vec<_> =
        trend.points.iter().filter_map(|point| Some((point.period.index, point.share()?, point))).collect();
    for run in shares.chunk_by(|one, next| next.0 == one.0 + 1) {
        let line: Vec<(f64, f64)> = run.iter().map(|(index, share, _)| (x(*index), plot.y(*share))).collect();
        match line.as_slice() {
            [only] => canvas.dot(*only, 2.0, LAWFUL, false),
            _ => canvas.line(&line, LAWFUL, 2),
        }
    }
    for (index, share, point) in &shares {
        let at = (x(*index), plot.y(*share));
        match (trend.is_signal(point), point.side()) {
            (true, Some(Side::Above)) => canvas.triangle(at, 4.5, WORSE, true),
            (true, Some(Side::Below)) => canvas.triangle(at, 4.5, BETTER, false),
            _ => {}
        }
    }
    if let Some((index, share, point)) = shares.last() {
        canvas.dot((x(*index), plot.y(*share)), 3.5, LAWFUL, !point.complete);
    }
}

/// The least height of so many panels in so many columns.
fn height_of(panels: usize, columns: usize, label: f64) -> f64 {
    panels.div_ceil(columns) as f64 * PANEL * label
}
