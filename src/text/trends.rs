//! What a trend says, in sentences under its chart.

use super::Texts;
use crate::analysis::{Assurance, FULL_LIMITS, Signal, Stretch, Trend, TrendPoint};
use crate::project::SignalSet;

/// The sentences of a trend's present, most important first.
pub fn trend_sentences(trend: &Trend, texts: &Texts) -> Vec<String> {
    let points = trend.current_points();
    let mut said = match (points.first(), points.last()) {
        (Some(first), Some(_))
            if points.len() > 1 && points.iter().all(|point| point.share() == first.share()) =>
        {
            vec![constant(trend, first, points.len(), texts)]
        }
        _ => signals(trend, texts),
    };
    if said.is_empty() && !points.is_empty() {
        said.extend(
            points[0].center.map(|center| texts.fill("trend.no-signal", &[("center", &texts.share(center))])),
        );
    }
    said.extend(disagreement(trend, texts));
    said.extend(assurance(trend, texts));
    if trend.current_segment().is_trial() {
        let made_from = counted(trend.current_segment().baseline_points as u64, trend, texts);
        let values = [("count", made_from.as_str()), ("wanted", &texts.number_word(FULL_LIMITS as u64))];
        said.push(sentence_case(&texts.fill("trend.trial", &values)));
    }
    if let Some(last) = trend.points.last().filter(|point| !point.complete) {
        said.push(sentence_case(&texts.fill("trend.incomplete", &[("period", &texts.period(last.period))])));
    }
    said
}

/// The text with its first letter in upper case.
pub fn sentence_case(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

/// `nio månader`.
fn counted(count: u64, trend: &Trend, texts: &Texts) -> String {
    let kind = trend.settings.period.id();
    if count == 1 {
        return texts.get(&format!("trend.one-{kind}")).to_owned();
    }
    format!("{} {}", texts.number_word(count), texts.get(&format!("trend.many-{kind}")))
}

fn constant(trend: &Trend, first: &TrendPoint, count: usize, texts: &Texts) -> String {
    let share = texts.ratio(first.deviations, first.cases);
    texts.fill("trend.constant", &[("share", &share), ("count", &counted(count as u64, trend, texts))])
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
        let limits = format!("{}–{}", texts.bare_share(lower.max(0.0)), texts.share(upper.min(1.0)));
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
