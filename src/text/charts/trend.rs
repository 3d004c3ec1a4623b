//! A trend with its limits, steps, notes, target and signals.

use super::{Caption, band_and_marks, joined, legend, point, so_far};
use crate::analysis::{Answer, FEWEST_DEVIATIONS, FULL_LIMITS, Rare, Trend, TrendPoint};
use crate::project::Note;
use crate::rulebook::Rule;
use crate::text::{Texts, counted, fill, sentence_case, trend_sentences};

/// What stands above the chart of a control's trend, or of one of its groups'.
pub fn caption(name: &str, rule: &Rule, trend: &Trend, texts: &Texts) -> Caption {
    let (kind, cohort) = (texts.kind(trend.settings.period), texts.cohort_begins(rule.cohort));
    let (has_band, has_marks) = band_and_marks(trend);
    let legend = legend(&[(has_band, "chart.legend-band"), (has_marks, "chart.legend-marks")], texts);
    Caption {
        title: title(name, &texts.duty(rule, "late"), trend, texts),
        subtitle: fill!(texts, "chart.trend-sub", kind, cohort, legend),
        notes: notes(trend, texts),
        description: description(rule, trend, texts),
    }
}

/// What it says to those who do not see it.
pub fn description(rule: &Rule, trend: &Trend, texts: &Texts) -> String {
    let sentences = trend_sentences(rule, trend, texts).join(" ");
    let points = trend.points.iter();
    let points = joined(points.map(|at| point(at.period, at.has_ended, &texts.told(at.told()), texts)));
    let noted = trend.notes.iter().map(|note| format!(" {}", noted(note, texts)));
    format!("{sentences} {points}.{}", noted.collect::<String>())
}

/// `Mars 2024: ny handläggare.`
fn noted(note: &Note, texts: &Texts) -> String {
    let text = note.text.trim_end_matches('.');
    sentence_case(&fill!(texts, "chart.trend-noted", at = texts.months_of(note.at), text))
}

/// The finding: the verdict, with the share of `late` ones that it speaks of or that of the last point.
pub fn title(rule: &str, late: &str, trend: &Trend, texts: &Texts) -> String {
    if trend.points.last().is_some_and(|point| point.figure.is_hidden()) {
        return fill!(texts, "chart.trend-title-hidden", rule);
    }
    let last = trend.last_counted();
    let key = match trend.verdict.answer {
        Answer::Changed(window) => {
            let months = texts.number_word(u64::from(window.months));
            let share = texts.ratio(window.now.0, window.now.1);
            let key = format!("chart.trend-title-{}", trend.verdict.answer.id());
            return fill!(texts, key, rule, months, share, late);
        }
        Answer::Unchanged if trend.is_constant() => {
            let share = texts.told(last.figure.told());
            return fill!(texts, "chart.trend-title-constant", rule, share, late);
        }
        Answer::Unchanged => "chart.trend-title-unchanged",
        Answer::Unknown(_) => "chart.trend-title",
    };
    let (deviations, cases) = last.figure.ratio().unwrap_or_default();
    let share = match last.complete {
        true => texts.share_or_counts(deviations, cases),
        false => texts.counts(deviations, cases),
    };
    fill!(texts, key, rule, share, late, period = texts.months_so_far(last.period, last.has_ended))
}

/// The steps and notes, and what else must be known of the limits.
fn notes(trend: &Trend, texts: &Texts) -> Vec<String> {
    let segment = trend.current_segment();
    let few = (segment.too_few_deviations && !segment.is_trial()).then(|| few(trend, texts));
    let hollow = trend.points.last().filter(|point| !point.has_ended && point.share().is_some());
    let hollow =
        hollow.map(|point| fill!(texts, "chart.trend-incomplete", period = texts.months_of(point.period)));
    notes_of(trend, texts).into_iter().chain(few).chain(hollow).collect()
}

/// That deviations are too few to mark points, and how many more months it would take to mark any.
fn few(trend: &Trend, texts: &Texts) -> String {
    match trend.rare {
        Some(Rare::TooFew { deviations, months }) => {
            let (count, later) = (texts.number_word(deviations), counted(months, trend, texts));
            let fewest = texts.number_word(FEWEST_DEVIATIONS);
            fill!(texts, "chart.trend-too-few", count, fewest, later)
        }
        Some(Rare::Marks(_)) | None => {
            let key = if is_mostly_late(trend) { "chart.trend-few-in-time" } else { "chart.trend-few" };
            texts.get(key).to_owned()
        }
    }
}

/// Whether most cases of the present segment are deviations, so that it is those in time that are few.
fn is_mostly_late(trend: &Trend) -> bool {
    let shares = trend.current_points().into_iter().filter_map(|point| point.figure.ratio());
    let (late, cases) = shares.fold((0, 0), |sum, point| (sum.0 + point.0, sum.1 + point.1));
    2 * late > cases
}

/// The steps and what is noted, each with the letter that stands on the chart, and from how much limits are made.
pub fn notes_of(trend: &Trend, texts: &Texts) -> Vec<String> {
    let mut letters = letters();
    let mut said: Vec<String> = Vec::new();
    for (segment, letter) in trend.segments.iter().skip(1).zip(&mut letters) {
        let reason = segment.reason.as_deref().unwrap_or_default();
        said.push(fill!(texts, "chart.trend-step", letter, from = texts.months_of(segment.from), reason));
    }
    for (note, letter) in trend.notes.iter().zip(letters) {
        said.push(fill!(texts, "chart.trend-note", letter, at = texts.months_of(note.at), text = note.text));
    }
    let segment = trend.current_segment();
    let frozen =
        segment.frozen_at.map(|last| fill!(texts, "chart.trend-frozen", last = texts.months_of(last)));
    let hidden = segment.hides_points.then(|| texts.get("chart.trend-hidden").to_owned());
    let trial = (segment.is_trial() && !segment.hides_points).then(|| {
        let count = counted(segment.baseline_points as u64, trend, texts);
        fill!(texts, "chart.trend-trial", count, wanted = texts.number_word(FULL_LIMITS as u64))
    });
    said.extend(frozen.into_iter().chain(hidden).chain(trial));
    said
}

/// The letters of steps and notes: A, B, … Z, AA, …
pub fn letters() -> impl Iterator<Item = String> {
    (0..).map(|number: u32| {
        let letter = char::from(b'A' + (number % 26) as u8).to_string();
        letter.repeat(1 + (number / 26) as usize)
    })
}

/// The mean of the present, by its line.
pub fn mean(share: f64, texts: &Texts) -> String {
    fill!(texts, "chart.mean", share = texts.share(share))
}

/// Its limits, by their lines: lower, upper.
pub fn limits((lower, upper): (f64, f64), texts: &Texts) -> [String; 2] {
    [("chart.lower-limit", lower), ("chart.upper-limit", upper)]
        .map(|(key, share)| fill!(texts, key, share = texts.share(share)))
}

/// The share of the last point, beside it.
pub fn last_share(last: &TrendPoint, texts: &Texts) -> String {
    so_far(texts.told(last.figure.told()), last.has_ended, texts)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use rand::{RngExt, SeedableRng};

    use super::*;
    use crate::analysis::Assurance;
    use crate::language::Language;
    use crate::rulebook::Rulebook;
    use crate::text::{trend_of, verdict_words};

    #[test]
    fn nothing_that_is_said_of_a_trend_contradicts_its_verdict() {
        let rulebook = Rulebook::builtin();
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
                let rule = &rulebook.rules[0];
                let title = title("x", &texts.duty(rule, "late"), &trend, texts);
                let sentences = trend_sentences(rule, &trend, texts).join(" ");
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
