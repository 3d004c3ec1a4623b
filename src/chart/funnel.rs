//! Chart: the funnel of a column's groups, each held against the limits for its size.

use super::frame::{Drawing, LEAST, LineName, Plot, count_axis, room_for, room_for_shares, share_axis};
use super::group_name;
use super::theme::{Anchor, BETTER, Canvas, INK, LAWFUL, SOFT_INK, WORSE};
use crate::analysis::{ControlFindings, FunnelPlace, Grouping, Interval, Position, Z95, Z998, funnel_limits};
use crate::text::{Texts, sentence_case};

/// Of more groups only those beyond a limit are named.
const MOST_NAMES: usize = 15;

/// The chart of one column, or nothing when fewer than two of its groups have a judged case, or no
/// case, or every case, is a deviation.
pub fn drawing<'a>(
    findings: &'a ControlFindings,
    grouping: &'a Grouping,
    texts: &'a Texts,
) -> Option<Drawing<'a>> {
    let places: Vec<(String, FunnelPlace)> = grouping
        .groups
        .iter()
        .enumerate()
        .filter_map(|(index, group)| Some((group_name(grouping, index, texts), group.place?)))
        .collect();
    // Without a deviation, or without a case in time, there is nothing to compare.
    let (deviations, cases) = grouping.target;
    let differ = deviations > 0 && deviations < cases;
    if places.len() < 2 || !differ {
        return None;
    }
    // Among many groups one or two lie beyond 95 % by chance: only what lies beyond 99.8 % is a finding.
    let beyond = |wanted: Position| -> Vec<&str> {
        let fitting = places.iter().filter(|(_, place)| place.position == wanted);
        fitting.map(|(name, _)| name.as_str()).collect()
    };
    let (high, low) = (beyond(Position::High998), beyond(Position::Low998));
    let name = findings.rule.name.text(texts.language());
    let listed = |names: &[&str]| match names {
        [_, _, _, _, ..] => texts.fill("chart.funnel-many", &[("n", &texts.count(names.len() as u64))]),
        names => texts.list(names),
    };
    let title = match (high.as_slice(), low.as_slice()) {
        ([], []) => texts.fill("chart.funnel-title-none", &[("rule", name)]),
        (high, []) => texts.fill("chart.funnel-title-high", &[("rule", name), ("high", &listed(high))]),
        ([], low) => texts.fill("chart.funnel-title-low", &[("rule", name), ("low", &listed(low))]),
        (high, low) => {
            let values = [("rule", name), ("high", &*listed(high)), ("low", &*listed(low))];
            texts.fill("chart.funnel-title-both", &values)
        }
    };
    let cohort = sentence_case(texts.get(&format!("cohort.{}", findings.cohort.id())));
    let told: Vec<String> = places
        .iter()
        .map(|(name, place)| {
            format!("{name}: {} ({})", texts.ratio(place.deviations, place.cases), texts.count(place.cases))
        })
        .collect();
    let subtitle = [
        ("column", grouping.column.to_lowercase()),
        ("period", texts.period(findings.headline().period)),
        ("cohort", cohort),
    ];
    let subtitle: Vec<(&str, &str)> = subtitle.iter().map(|(key, value)| (*key, value.as_str())).collect();
    Some(Drawing {
        title,
        subtitle: texts.fill("chart.funnel-sub", &subtitle),
        notes: Vec::new(),
        description: texts.fill("chart.funnel-desc", &[("points", &told.join("; "))]),
        least: LEAST,
        draw: Box::new(move |canvas, top| draw(canvas, &places, grouping.target, texts, top)),
    })
}

fn draw(canvas: &Canvas<'_>, places: &[(String, FunnelPlace)], target: (u64, u64), texts: &Texts, top: f64) {
    let size = canvas.shape.label;
    let center = target.0 as f64 / target.1 as f64;
    let share = |place: &FunnelPlace| place.deviations as f64 / place.cases as f64;
    let most = places.iter().map(|(_, place)| place.cases).max().unwrap_or(1) as f64;
    let fewest = places.iter().map(|(_, place)| place.cases).min().unwrap_or(1) as f64;
    let (across, across_step) = count_axis(most * 1.06);
    // The limits of the smallest group would make the axis: what lies beyond it is cut.
    let highest = places.iter().map(|(_, place)| share(place)).fold(0.0, f64::max);
    let limits_at_small = funnel_limits(center, (fewest * 1.5).max(4.0), Z998).high;
    let (height, step) = share_axis(highest.max(limits_at_small * 0.9).max(center));
    let names = [
        (texts.fill("chart.funnel-all", &[("share", &texts.ratio(target.0, target.1))]), center),
        ("95\u{a0}%".to_owned(), funnel_limits(center, across, Z95).high),
        ("99,8\u{a0}%".replace(',', texts.comma()), funnel_limits(center, across, Z998).high),
    ];
    // The name of a line that the picture does not reach would stand beside nothing.
    let names: Vec<(String, f64)> = names.into_iter().filter(|(_, share)| *share < height).collect();
    let room = room_for(names.iter().map(|(name, _)| name.as_str()), size);
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
    canvas.label(texts.get("chart.funnel-axis"), &[axis], false, SOFT_INK);
    canvas.line(&[(plot.left, plot.y(center)), (plot.right, plot.y(center))], INK, 1);
    for (z, dash) in [(Z95, 3.0), (Z998, 8.0)] {
        for end in [(|limits| limits.low) as fn(Interval) -> f64, |limits| limits.high] {
            let line = limit_line(&plot, across, |cases| end(funnel_limits(center, cases, z)));
            canvas.dashes(&line, SOFT_INK, 1, dash, 3.0);
        }
    }
    let names: Vec<LineName> = names
        .into_iter()
        .map(|(text, share)| LineName {
            text,
            x: plot.right + 6.0,
            y: plot.y(share),
            bold: false,
            colour: SOFT_INK,
        })
        .collect();
    plot.names_at_right(canvas, &names);
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
        match place.position {
            Position::Within => canvas.dot((x, y), radius, LAWFUL, false),
            Position::High95 | Position::High998 => canvas.triangle((x, y), radius * 1.5, WORSE, true),
            Position::Low95 | Position::Low998 => canvas.triangle((x, y), radius * 1.5, BETTER, false),
        }
        canvas.keep_clear((x - radius, y - radius), (x + radius, y + radius));
    }
    // Groups beyond the limits are named first, then the largest; the table names all of them. Of many only
    // those beyond: names of the others would be a matter of where there is room.
    let is_named = |place: &FunnelPlace| places.len() <= MOST_NAMES || place.position != Position::Within;
    let mut order: Vec<&(String, FunnelPlace)> = places.iter().filter(|(_, place)| is_named(place)).collect();
    order.sort_by_key(|(_, place)| (place.position == Position::Within, std::cmp::Reverse(place.cases)));
    for (name, place) in order {
        let (x, y) = at(place);
        let colour = match place.position {
            Position::Within => INK,
            Position::High95 | Position::High998 => WORSE,
            Position::Low95 | Position::Low998 => BETTER,
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
        canvas.label(name, &around, place.position != Position::Within, colour);
    }
}
