//! Chart: the funnel of a column's groups in the window that shows most, those that differ from the rest marked.

use super::canvas::{Anchor, Canvas};
use super::frame::{Drawing, LEAST, LineName, Plot, count_axis, room_for, room_for_shares, share_axis};
use super::theme::{BETTER, INK, LAWFUL, SOFT_INK, WORSE};
use crate::analysis::{
    ControlFindings, Differs, FunnelPlace, FunnelWindow, Grouping, Interval, Z95, Z998, funnel_limits,
};
use crate::text::Texts;
use crate::text::charts::funnel as words;

/// Of more groups only those that differ are named.
const MOST_NAMES: usize = 15;

/// The chart of one column, or nothing when fewer than two of its groups have a judged case, or no
/// case, or every case, is a deviation.
pub fn drawing<'a>(
    findings: &'a ControlFindings,
    grouping: &'a Grouping,
    texts: &'a Texts,
) -> Option<Drawing<'a>> {
    let (window, places) = grouping.compared()?;
    let (caption, names) = words::caption(findings, grouping, window, &places, texts)?;
    let places: Vec<(String, FunnelPlace)> =
        names.into_iter().zip(places).map(|(name, (_, place))| (name, place)).collect();
    Some(Drawing {
        caption,
        least: LEAST,
        draw: Box::new(move |canvas, top| draw(canvas, &places, window, texts, top)),
    })
}

fn draw(
    canvas: &Canvas<'_>,
    places: &[(String, FunnelPlace)],
    window: &FunnelWindow,
    texts: &Texts,
    top: f64,
) {
    let size = canvas.shape.label;
    let center = window.center();
    let share = |place: &FunnelPlace| place.deviations as f64 / place.cases as f64;
    let most = places.iter().map(|(_, place)| place.cases).max().unwrap_or(1) as f64;
    let fewest = places.iter().map(|(_, place)| place.cases).min().unwrap_or(1) as f64;
    let (across, across_step) = count_axis(most * 1.06);
    // The limits of the smallest group would make the axis: what lies beyond it is cut. Their ends are seen.
    let highest = places.iter().map(|(_, place)| share(place)).fold(0.0, f64::max);
    let limits_at_small = funnel_limits(center, (fewest * 1.5).max(4.0), Z998).high;
    let outer_end = funnel_limits(center, across, Z998).high * 1.02;
    let (height, step) = share_axis(highest.max(limits_at_small * 0.9).max(outer_end));
    let [all, inner, outer] = words::lines(window, texts);
    let names = [
        (all, center),
        (inner, funnel_limits(center, across, Z95).high),
        (outer, funnel_limits(center, across, Z998).high),
    ];
    // The name of a line that the picture does not reach would stand beside nothing.
    let names = names.into_iter().filter(|(_, share)| *share < height);
    let names: Vec<LineName> =
        names.map(|(text, value)| LineName { text, value, bold: false, colour: SOFT_INK }).collect();
    let room = room_for(&names, size);
    let left = room_for_shares(texts, height, size);
    let plot = Plot::below(canvas, top + size * 0.8, (left, room), 2.2).scaled((0.0, across), (0.0, height));
    plot.left_axis(canvas, step, |share| texts.whole_percent(share));
    let steps = (across / across_step).round() as u32;
    let labels: Vec<(f64, Vec<String>)> = (0..=steps)
        .map(|number| f64::from(number) * across_step)
        .map(|cases| (cases, vec![texts.count(cases as u64)]))
        .collect();
    plot.lower_axis(canvas, &labels);
    let axis = (plot.middle().0, plot.bottom + size * 2.75, Anchor::Middle);
    canvas.label(words::axis(texts), &[axis], false, SOFT_INK);
    canvas.line(&[(plot.left, plot.y(center)), (plot.right, plot.y(center))], INK, 1);
    for (z, dash) in [(Z95, 3.0), (Z998, 8.0)] {
        for end in [(|limits| limits.low) as fn(Interval) -> f64, |limits| limits.high] {
            let line = limit_line(&plot, across, |cases| end(funnel_limits(center, cases, z)));
            canvas.dashes(&line, SOFT_INK, 1, dash, 3.0);
        }
    }
    plot.names_at_right(canvas, plot.right + 6.0, &names);
    // A line through a name would strike it out.
    canvas.keep_clear((plot.left, plot.y(center) - 1.0), (plot.right, plot.y(center) + 1.0));
    points(canvas, &plot, places);
}

/// A limit for every size of group; where it lies above the picture it begins later.
fn limit_line(plot: &Plot, across: f64, limit: impl Fn(f64) -> f64) -> Vec<(f64, f64)> {
    const POINTS: u32 = 160;
    // Closer together where the funnel is steep.
    let sizes = (1..=POINTS).map(|number| across * (f64::from(number) / f64::from(POINTS)).powi(2));
    let inside = sizes.filter(|cases| *cases >= 0.5).map(|cases| (cases, limit(cases)));
    inside
        .filter(|(_, share)| *share < plot.up.1)
        .map(|(cases, share)| (plot.x(cases), plot.y(share)))
        .collect()
}

fn points(canvas: &Canvas<'_>, plot: &Plot, places: &[(String, FunnelPlace)]) {
    let (radius, size) = (canvas.shape.marker, canvas.shape.label);
    let at = |place: &FunnelPlace| {
        (plot.x(place.cases as f64), plot.y(place.deviations as f64 / place.cases as f64))
    };
    for (_, place) in places {
        let (x, y) = at(place);
        match place.differs {
            None => canvas.dot((x, y), radius, LAWFUL, false),
            Some(Differs::Higher) => canvas.triangle((x, y), radius * 1.5, WORSE, true),
            Some(Differs::Lower) => canvas.triangle((x, y), radius * 1.5, BETTER, false),
        }
        canvas.keep_clear((x - radius, y - radius), (x + radius, y + radius));
    }
    // Groups that differ are named first, then the largest; the table names all of them. Of many only those that
    // differ: names of the others would be a matter of where there is room.
    let is_named = |place: &FunnelPlace| places.len() <= MOST_NAMES || place.differs.is_some();
    let mut order: Vec<&(String, FunnelPlace)> = places.iter().filter(|(_, place)| is_named(place)).collect();
    order.sort_by_key(|(_, place)| (place.differs.is_none(), std::cmp::Reverse(place.cases)));
    for (name, place) in order {
        let (x, y) = at(place);
        let colour = match place.differs {
            None => INK,
            Some(Differs::Higher) => WORSE,
            Some(Differs::Lower) => BETTER,
        };
        let (beside, above) = (radius * 1.5 + 4.0, radius * 1.5 + size * 0.75);
        let around = [
            (x + beside, y, Anchor::Start),
            (x - beside, y, Anchor::End),
            (x, y - above, Anchor::Middle),
            (x, y + above, Anchor::Middle),
            (x + beside, y - above, Anchor::Start),
            (x + beside, y + above, Anchor::Start),
            (x - beside, y - above, Anchor::End),
            (x - beside, y + above, Anchor::End),
            (x, y - above * 1.5, Anchor::Middle),
            (x, y + above * 1.5, Anchor::Middle),
        ];
        canvas.label(name, &around, place.differs.is_some(), colour);
    }
}
