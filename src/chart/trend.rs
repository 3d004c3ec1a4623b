//! Chart: the trend with its limits, steps, target and signals.

use super::frame::{Drawing, LEAST, LineName, Plot, room_for, room_for_shares, share_axis};
use super::icons;
use super::share::so_far;
use super::theme::{BAND, BETTER, Canvas, INK, LAWFUL, SOFT_INK, WORSE};
use crate::analysis::{Answer, FULL_LIMITS, Side, Trend, TrendPoint};
use crate::rulebook::Cohort;
use crate::text::{Texts, counted, is_constant, period_lines, sentence_case, trend_sentences};
use plotters::style::RGBColor;

/// The chart of a trend of a control or group.
pub fn drawing<'a>(name: &str, trend: &'a Trend, cohort: Cohort, texts: &'a Texts) -> Drawing<'a> {
    let kind = texts.get(&format!("period.kind-{}", trend.settings.period.id()));
    let cohort = sentence_case(texts.get(&format!("cohort.{}", cohort.id())));
    let chart = texts.get(&format!("trend.chart-{}", trend.settings.chart.id()));
    let signals = texts.get(&format!("trend.set-{}", trend.settings.signals.id()));
    let values = [("kind", kind), ("cohort", &*cohort), ("chart", chart), ("signals", signals)];
    let subtitle = texts.fill("chart.trend-sub", &values);
    let sentences = trend_sentences(trend, texts).join(" ");
    let points: Vec<String> = trend
        .points
        .iter()
        .map(|point| {
            let values = [
                ("period", texts.period_so_far(point.period, point.has_ended)),
                ("share", texts.point_share(point)),
            ];
            texts.fill("chart.point", &[(values[0].0, &values[0].1), (values[1].0, &values[1].1)])
        })
        .collect();
    Drawing {
        title: title(name, trend, texts),
        subtitle,
        notes: notes(trend, texts),
        description: format!("{sentences} {}.", points.join("; ")),
        least: LEAST,
        draw: Box::new(move |canvas, top| draw(canvas, trend, texts, top)),
    }
}

/// The finding: the verdict, with the share that it speaks of or that of the last point.
fn title(name: &str, trend: &Trend, texts: &Texts) -> String {
    // The last that is whole, or the last.
    let last = |fits: fn(&TrendPoint) -> bool| trend.points.iter().rev().find(|point| fits(point));
    let last = || last(TrendPoint::counts).or_else(|| last(|point| point.figure.shows_cases()));
    if trend.points.last().is_some_and(|point| point.figure.is_hidden()) {
        return texts.fill("chart.trend-title-hidden", &[("rule", name)]);
    }
    let counted = last().expect("a trend has a case");
    let key = match trend.verdict.answer {
        Answer::Changed(window) => {
            let months = texts.number_word(u64::from(window.months));
            let values =
                [("rule", name), ("months", &months), ("share", &texts.ratio(window.now.0, window.now.1))];
            return texts.fill(&format!("chart.trend-title-{}", trend.verdict.answer.id()), &values);
        }
        Answer::Unchanged if is_constant(trend) => {
            let share = texts.figure(counted.figure);
            return texts.fill("chart.trend-title-constant", &[("rule", name), ("share", &share)]);
        }
        Answer::Unchanged => "chart.trend-title-unchanged",
        Answer::Unknown(_) => "chart.trend-title",
    };
    texts.fill(
        key,
        &[
            ("rule", name),
            ("share", &share(counted, texts)),
            ("period", &texts.period_so_far(counted.period, counted.has_ended)),
        ],
    )
}

/// What a title says of a point: its share, or counts where it has none that can stand there.
fn share(point: &TrendPoint, texts: &Texts) -> String {
    let (deviations, cases) = point.figure.ratio().unwrap_or_default();
    match point.complete {
        true => texts.share_or_counts(deviations, cases),
        false => texts.counts(deviations, cases),
    }
}

/// The steps, each with the letter that stands on the chart, and what else must be known of the limits.
fn notes(trend: &Trend, texts: &Texts) -> Vec<String> {
    let steps = trend.segments.iter().skip(1).zip(letters()).map(|(segment, letter)| {
        let (from, reason) = (texts.period(segment.from), segment.reason.as_deref().unwrap_or_default());
        texts.fill("chart.trend-step", &[("letter", &letter), ("from", &from), ("reason", reason)])
    });
    let frozen = trend
        .current_segment()
        .frozen_at
        .map(|last| texts.fill("chart.trend-frozen", &[("last", &texts.period(last))]));
    let segment = trend.current_segment();
    let hidden = segment.hides_points.then(|| texts.get("chart.trend-hidden").to_owned());
    let trial = (segment.is_trial() && !segment.hides_points).then(|| {
        let count = counted(segment.baseline_points as u64, trend, texts);
        let values = [("count", count.as_str()), ("wanted", &texts.number_word(FULL_LIMITS as u64))];
        texts.fill("chart.trend-trial", &values)
    });
    let few =
        (segment.too_few_deviations && !segment.is_trial()).then(|| texts.get("chart.trend-few").to_owned());
    let hollow = trend.points.last().filter(|point| !point.has_ended && point.share().is_some());
    let hollow =
        hollow.map(|point| texts.fill("chart.trend-incomplete", &[("period", &texts.period(point.period))]));
    steps.chain(frozen).chain(hidden).chain(trial).chain(few).chain(hollow).collect()
}

/// A, B, … Z, AA, …
fn letters() -> impl Iterator<Item = String> {
    (0..).map(|number: u32| {
        let letter = char::from(b'A' + (number % 26) as u8).to_string();
        letter.repeat(1 + (number / 26) as usize)
    })
}

fn draw(canvas: &Canvas<'_>, trend: &Trend, texts: &Texts, top: f64) {
    let shape = canvas.shape;
    let top = icons::row(canvas, trend, (shape.side, top), shape.width - 2.0 * shape.side, texts);
    let highest = trend
        .points
        .iter()
        .flat_map(|point| [point.share(), point.limits.map(|limits| limits.1)])
        .flatten()
        .chain(trend.target)
        .fold(0.0, f64::max);
    let (height, step) = share_axis(highest);
    let names = names(trend, texts);
    let room = room_for(names.iter().map(|(name, ..)| name.as_str()), shape.label);
    let left = room_for_shares(texts, height, shape.label);
    let steps_room = if trend.segments.len() > 1 { shape.label * 1.3 } else { 4.0 };
    let (_, lines) = labels(trend, texts).first().map_or((0.0, Vec::new()), Clone::clone);
    let plot = Plot::below(canvas, top + steps_room, (left, room), lines.len().max(1) as f64)
        .scaled((-0.6, trend.points.len() as f64 - 0.4), (0.0, height));
    for stretch in with_limits(trend) {
        band(canvas, &plot, &stretch);
    }
    plot.left_axis(canvas, step, |share| texts.whole_percent(share));
    plot.lower_axis(canvas, &labels(trend, texts));
    for stretch in with_limits(trend) {
        limit_lines(canvas, &plot, &stretch);
    }
    if let Some(target) = trend.target {
        let y = plot.y(target);
        canvas.dashes(&[(plot.left, y), (plot.right, y)], INK, 1, 2.0, 3.0);
    }
    steps(canvas, &plot, trend);
    line_and_points(canvas, &plot, trend);
    let names: Vec<LineName> = names
        .into_iter()
        .map(|(text, share, bold, colour)| LineName {
            text,
            x: plot.right + 8.0,
            y: plot.y(share),
            bold,
            colour,
        })
        .collect();
    plot.names_at_right(canvas, &names);
}

/// The labels of the points.
fn labels(trend: &Trend, texts: &Texts) -> Vec<(f64, Vec<String>)> {
    let points = trend.points.iter().enumerate();
    points.map(|(index, point)| (index as f64, period_lines(point.period, texts))).collect()
}

/// A name at the right edge: text, share, whether bold, colour.
type Name = (String, f64, bool, RGBColor);

fn names(trend: &Trend, texts: &Texts) -> Vec<Name> {
    let mut names: Vec<Name> = Vec::new();
    let named = |key: &str, share: f64| texts.fill(key, &[("share", &texts.share(share))]);
    if let Some(last) = trend.points.iter().rev().find(|point| point.center.is_some()) {
        names.extend(last.center.map(|center| (named("chart.mean", center), center, false, SOFT_INK)));
        if let Some((lower, upper)) = last.limits
            && upper - lower > 0.0
        {
            names.push((named("chart.upper-limit", upper), upper.min(1.0), false, SOFT_INK));
            if lower > 0.0 {
                names.push((named("chart.lower-limit", lower), lower, false, SOFT_INK));
            }
        }
    }
    names.extend(trend.target.map(|target| (named("chart.target", target), target, false, INK)));
    if let Some((last, share)) = trend.points.last().and_then(|last| Some((last, last.share()?))) {
        let label = so_far(texts.figure(last.figure), last.has_ended, texts);
        names.push((label, share, true, colour_of(last, trend)));
    }
    names
}

/// Neighbouring points of one segment that have a centre, each with its place.
fn with_limits(trend: &Trend) -> Vec<Vec<(usize, &TrendPoint)>> {
    let points: Vec<(usize, &TrendPoint)> =
        trend.points.iter().enumerate().filter(|(_, point)| point.center.is_some()).collect();
    let neighbours = |one: &(usize, &TrendPoint), next: &(usize, &TrendPoint)| {
        next.0 == one.0 + 1 && next.1.segment == one.1.segment
    };
    points.chunk_by(neighbours).map(<[_]>::to_vec).collect()
}

/// A line that keeps a value from half a point before to half a point after it.
fn stairs(
    plot: &Plot,
    points: &[(usize, &TrendPoint)],
    value: impl Fn(&TrendPoint) -> Option<f64>,
) -> Vec<(f64, f64)> {
    let ends = points.iter().filter_map(|(index, point)| {
        let (x, y) = (*index as f64, plot.y(value(point)?));
        Some([(plot.x(x - 0.5), y), (plot.x(x + 0.5), y)])
    });
    ends.flatten().collect()
}

fn band(canvas: &Canvas<'_>, plot: &Plot, points: &[(usize, &TrendPoint)]) {
    let upper = stairs(plot, points, |point| point.limits.map(|limits| limits.1));
    let lower = stairs(plot, points, |point| point.limits.map(|limits| limits.0));
    if !upper.is_empty() {
        let around: Vec<(f64, f64)> = upper.into_iter().chain(lower.into_iter().rev()).collect();
        canvas.area(&around, BAND, 1.0);
    }
}

fn limit_lines(canvas: &Canvas<'_>, plot: &Plot, points: &[(usize, &TrendPoint)]) {
    for limit in [|limits: (f64, f64)| limits.0, |limits: (f64, f64)| limits.1] {
        let line = stairs(plot, points, |point| point.limits.map(limit));
        canvas.dashes(&line, SOFT_INK, 1, 5.0, 3.0);
    }
    canvas.line(&stairs(plot, points, |point| point.center), SOFT_INK, 1);
}

/// Where new limits begin, each with its letter.
fn steps(canvas: &Canvas<'_>, plot: &Plot, trend: &Trend) {
    for (segment, letter) in trend.segments.iter().skip(1).zip(letters()) {
        let index = trend.points.iter().position(|point| point.period == segment.from).unwrap_or_default();
        plot.mark(canvas, index as f64 - 0.5, &letter);
    }
}

/// What a point's mark is coloured by: whether the set of signals in use sees something, and where.
fn colour_of(point: &TrendPoint, trend: &Trend) -> RGBColor {
    match (trend.is_signal(point), point.side()) {
        (true, Some(Side::Above)) => WORSE,
        (true, Some(Side::Below)) => BETTER,
        _ => LAWFUL,
    }
}

fn line_and_points(canvas: &Canvas<'_>, plot: &Plot, trend: &Trend) {
    let places: Vec<(usize, f64, &TrendPoint)> = trend
        .points
        .iter()
        .enumerate()
        .filter_map(|(index, point)| Some((index, point.share()?, point)))
        .collect();
    for run in places.chunk_by(|one, next| next.0 == one.0 + 1) {
        let line: Vec<(f64, f64)> =
            run.iter().map(|(index, share, _)| (plot.x(*index as f64), plot.y(*share))).collect();
        canvas.line(&line, LAWFUL, 2);
    }
    let radius = plot.marker(canvas);
    for (index, share, point) in places {
        let at = (plot.x(index as f64), plot.y(share));
        let colour = colour_of(point, trend);
        match point.side().filter(|_| trend.is_signal(point)) {
            None | Some(Side::On) => canvas.dot(at, radius, colour, !point.complete),
            Some(side) => canvas.triangle(at, radius * 1.5, colour, side == Side::Above),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use rand::{RngExt, SeedableRng};

    use super::*;
    use crate::analysis::Assurance;
    use crate::language::Language;
    use crate::text::{trend_of, verdict_words};

    #[test]
    fn nothing_that_is_said_of_a_trend_contradicts_its_verdict() {
        let mut random = rand_chacha::ChaCha8Rng::seed_from_u64(16);
        let languages = [Language::Sv, Language::En].map(Texts::of);
        let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
        for _ in 0..3_000 {
            let (months, cases) = (random.random_range(1..40), random.random_range(1..200));
            let share: f64 = random.random::<f64>().powi(3);
            let (step, factor) = (random.random_range(0..months + 1), random.random_range(0.2..3.0));
            let counts: Vec<(u64, u64)> = (0..months)
                .map(|month| {
                    let level = if month < step { share } else { share * factor };
                    let late = level * random.random_range(0.7..1.3) * cases as f64;
                    ((late.round() as u64).min(cases), cases)
                })
                .collect();
            let trend = trend_of(&counts, f64::from(random.random_range(0..3)) * 0.1);
            let answer = trend.verdict.answer.id();
            *seen.entry(answer).or_default() += 1;
            for texts in &languages {
                let (title, sentences) =
                    (title("x", &trend, texts), trend_sentences(&trend, texts).join(" "));
                let said = format!("{title} {sentences}").to_lowercase();
                for other in ["worse", "better"].into_iter().filter(|other| *other != answer) {
                    let words = texts.get(&format!("verdict.{other}")).to_lowercase();
                    assert!(!said.contains(&words), "{answer}: {said}");
                }
                if matches!(trend.verdict.answer, Answer::Changed(_)) {
                    let words = verdict_words(&trend, texts).to_lowercase();
                    assert_eq!(said.matches(&words).count(), 2, "{said}");
                    assert!(!said.contains(&texts.get("verdict.unchanged").to_lowercase()), "{said}");
                }
                // Met at times only where a period met it and another did not.
                let record = trend.target_record().expect("there is a target");
                if trend.assurance() == Some(Assurance::HitOrMiss) {
                    assert!(0 < record.met && record.met < record.periods, "{record:?}");
                }
            }
        }
        assert!(
            ["worse", "better", "unchanged", "unknown"].iter().all(|answer| seen[answer] > 30),
            "{seen:?}"
        );
    }
}
