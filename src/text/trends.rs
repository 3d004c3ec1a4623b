//! What a trend says, in sentences under its chart.

use super::Texts;
use crate::analysis::{Assurance, FULL_LIMITS, Interval, Signal, Stretch, Trend, TrendPoint};
use crate::project::SignalSet;

/// The sentences of a trend's present, most important first.
pub fn trend_sentences(trend: &Trend, texts: &Texts) -> Vec<String> {
    let segment = trend.current_segment();
    let points = trend.current_points();
    let mut said = Vec::new();
    if segment.hides_points {
        said.push(texts.get("trend.hidden").to_owned());
    } else if segment.baseline_points < FULL_LIMITS {
        let count = counted(segment.baseline_points as u64, trend, texts);
        let values = [("count", count.as_str()), ("wanted", &texts.number_word(FULL_LIMITS as u64))];
        said.push(texts.fill("trend.too-short", &values));
    } else if segment.too_few_deviations {
        said.extend(too_few(trend, texts));
    } else {
        said.extend(constant(trend, texts).map_or_else(|| signals(trend, texts), |said| vec![said]));
        if said.is_empty() {
            let center = points.first().and_then(|point| point.center);
            said.extend(
                center.map(|center| texts.fill("trend.no-signal", &[("center", &texts.share(center))])),
            );
        }
        said.extend(disagreement(trend, texts));
        said.extend(assurance(trend, texts));
    }
    if let Some(last) = trend.points.last().filter(|point| !point.complete && !point.is_hidden()) {
        said.push(sentence_case(&texts.fill("trend.incomplete", &[("period", &texts.period(last.period))])));
    }
    said
}

/// The share does not vary at all.
pub fn is_constant(trend: &Trend) -> bool {
    let points = trend.current_points();
    points.len() > 1 && points.iter().all(|point| point.share() == points[0].share())
}

/// How few deviations there are in a period.
fn too_few(trend: &Trend, texts: &Texts) -> Option<String> {
    let points = trend.current_points();
    let sum = |pick: fn(&TrendPoint) -> u64| points.iter().map(|point| pick(point)).sum::<u64>();
    let mean = sum(|point| point.deviations) as f64 / points.len() as f64;
    let kind = texts.get(&format!("period.kind-{}", trend.settings.period.id()));
    Some(texts.fill("trend.too-few", &[("kind", kind), ("mean", &texts.tenths_of_cases(mean))]))
}

/// The text with its first letter in upper case.
pub fn sentence_case(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

/// `nio månader`.
pub fn counted(count: u64, trend: &Trend, texts: &Texts) -> String {
    let kind = trend.settings.period.id();
    if count == 1 {
        return texts.get(&format!("trend.one-{kind}")).to_owned();
    }
    format!("{} {}", texts.number_word(count), texts.get(&format!("trend.many-{kind}")))
}

fn constant(trend: &Trend, texts: &Texts) -> Option<String> {
    let points = trend.current_points();
    let first = points.first().filter(|_| is_constant(trend))?;
    let share = texts.ratio(first.deviations, first.cases);
    let values = [("share", share.as_str()), ("count", &counted(points.len() as u64, trend, texts))];
    Some(texts.fill("trend.constant", &values))
}

/// The signals of the set in use.
fn signals(trend: &Trend, texts: &Texts) -> Vec<String> {
    let set = trend.settings.signals;
    let segment = trend.current_segment();
    let mut said: Vec<String> = segment
        .stretches
        .iter()
        .rev()
        .filter(|stretch| stretch.signal.is_of(set))
        .map(|stretch| stretch_sentence(stretch, trend, texts))
        .collect();
    let with = |signal: Signal| -> Vec<&TrendPoint> {
        trend.current_points().into_iter().filter(|point| point.signals.contains(&signal)).collect()
    };
    said.extend(outside(&with(Signal::Outside), trend, texts));
    if set == SignalSet::HealthService
        && let Some(last) = with(Signal::TwoOfThree).last()
    {
        said.push(texts.fill("trend.two-of-three", &[("period", &texts.period(last.period))]));
    }
    if let (SignalSet::Anhoej, true, Some(fewest)) =
        (set, segment.runs.too_few_crossings(), segment.runs.fewest_by_chance)
    {
        let (crossings, fewest) = (segment.runs.crossings.to_string(), fewest.to_string());
        said.push(texts.fill("trend.crossings", &[("crossings", &crossings), ("fewest", &fewest)]));
    }
    said
}

fn stretch_sentence(stretch: &Stretch, trend: &Trend, texts: &Texts) -> String {
    let last = trend.current_points().last().map(|point| point.period);
    let key = match (stretch.signal, stretch.upwards) {
        (Signal::Trend, true) => "trend.rising",
        (Signal::Trend, false) => "trend.falling",
        (_, true) => "trend.above",
        (_, false) => "trend.below",
    };
    let (first, end) = (texts.period(stretch.first), texts.period(stretch.last));
    let when = if last == Some(stretch.last) {
        texts.fill("trend.since", &[("first", &first)])
    } else {
        texts.fill("trend.between", &[("first", &first), ("last", &end)])
    };
    texts.fill(key, &[("count", &counted(stretch.points as u64, trend, texts)), ("when", &when)])
}

fn outside(points: &[&TrendPoint], trend: &Trend, texts: &Texts) -> Option<String> {
    let last = points.last()?;
    let (period, share) = (texts.period(last.period), texts.ratio(last.deviations, last.cases));
    let (lower, upper) = last.limits?;
    if let [_] = points {
        let limits = texts.interval(Some(Interval { low: lower.max(0.0), high: upper.min(1.0) }));
        let values = [("period", period.as_str()), ("share", &share), ("limits", &limits)];
        return Some(sentence_case(&texts.fill("trend.outside", &values)));
    }
    let count = counted(points.len() as u64, trend, texts);
    let values = [("count", count.as_str()), ("period", &period), ("share", &share)];
    Some(sentence_case(&texts.fill("trend.outside-several", &values)))
}

/// Where the two sets of rules see different things.
fn disagreement(trend: &Trend, texts: &Texts) -> Option<String> {
    let set = trend.settings.signals;
    let (ours, theirs) = (trend.finds(set), trend.finds(set.other()));
    let name = |set: SignalSet| texts.get(&format!("trend.set-{}", set.id()));
    let key = if ours { "trend.only-these" } else { "trend.only-others" };
    (ours != theirs)
        .then(|| sentence_case(&texts.fill(key, &[("these", name(set)), ("others", name(set.other()))])))
}

fn assurance(trend: &Trend, texts: &Texts) -> Option<String> {
    let key = match trend.assurance()? {
        Assurance::Met => "trend.target-met",
        Assurance::Missed => "trend.target-missed",
        Assurance::HitOrMiss => "trend.target-hit-or-miss",
    };
    Some(texts.fill(key, &[("target", &texts.share(trend.target?))]))
}
