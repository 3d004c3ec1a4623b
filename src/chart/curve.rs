//! What a trend is drawn of, large or small: its band, its line of shares, its target.

use super::canvas::Canvas;
use super::frame::Plot;
use super::theme::{BAND, LAWFUL};
use crate::analysis::{Trend, TrendPoint};

/// A point and its place on the lower axis.
pub type Placed<'a> = (i32, &'a TrendPoint);

/// The highest value that a trend's axis needs.
pub fn highest(trend: &Trend) -> f64 {
    let points = trend.points.iter();
    let values = points.flat_map(|point| [point.share(), point.limits.map(|limits| limits.1)]);
    values.flatten().chain(trend.target).fold(0.0, f64::max)
}

/// Neighbouring points of one segment that fit, each with its place.
pub fn stretches<'a>(points: &[Placed<'a>], fits: fn(&TrendPoint) -> bool) -> Vec<Vec<Placed<'a>>> {
    let fitting: Vec<Placed<'_>> = points.iter().filter(|(_, point)| fits(point)).copied().collect();
    let neighbours =
        |one: &Placed<'_>, next: &Placed<'_>| next.0 == one.0 + 1 && next.1.segment == one.1.segment;
    fitting.chunk_by(neighbours).map(<[_]>::to_vec).collect()
}

/// A line that keeps a value from half a point before to half a point after it.
pub fn stairs(
    plot: &Plot,
    points: &[Placed<'_>],
    value: impl Fn(&TrendPoint) -> Option<f64>,
) -> Vec<(f64, f64)> {
    let ends = points.iter().filter_map(|(place, point)| {
        let (x, y) = (f64::from(*place), plot.y(value(point)?));
        Some([(plot.x(x - 0.5), y), (plot.x(x + 0.5), y)])
    });
    ends.flatten().collect()
}

/// The area between the limits of a stretch.
pub fn band(canvas: &Canvas<'_>, plot: &Plot, points: &[Placed<'_>]) {
    let upper = stairs(plot, points, |point| point.limits.map(|limits| limits.1));
    let lower = stairs(plot, points, |point| point.limits.map(|limits| limits.0));
    if !upper.is_empty() {
        let around: Vec<(f64, f64)> = upper.into_iter().chain(lower.into_iter().rev()).collect();
        canvas.area(&around, BAND, 1.0);
    }
}

/// The line of a target.
pub fn target_line(canvas: &Canvas<'_>, plot: &Plot, target: Option<f64>) {
    if let Some(target) = target {
        canvas.reference((plot.left, plot.right), plot.y(target), 2.0);
    }
}

/// The points that have a share, with where it stands.
pub fn shares<'a>(plot: &Plot, points: &[Placed<'a>]) -> Vec<(i32, (f64, f64), &'a TrendPoint)> {
    let shares = points.iter().filter_map(|(place, point)| {
        Some((*place, (plot.x(f64::from(*place)), plot.y(point.share()?)), *point))
    });
    shares.collect()
}

/// Lines from share to share, broken where there is none between; one that stands alone is given to `alone`.
pub fn share_lines(
    canvas: &Canvas<'_>,
    shares: &[(i32, (f64, f64), &TrendPoint)],
    alone: impl Fn((f64, f64)),
) {
    for run in shares.chunk_by(|one, next| next.0 == one.0 + 1) {
        let line: Vec<(f64, f64)> = run.iter().map(|(_, at, _)| *at).collect();
        match line.as_slice() {
            [only] => alone(*only),
            _ => canvas.line(&line, LAWFUL, 2),
        }
    }
}
