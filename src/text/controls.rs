//! What is said of a control: its headline, what changed, what the methods differ in, what else was counted.

use super::{Texts, differing_sentence, fill, sentence_case};
use crate::analysis::{Answer, CaseCounts, ControlFindings, CountsBecause, Detail, PeriodFigures};
use crate::date::Day;
use crate::rulebook::Rule;

/// What is to be said of a control in its headline's period and after it, most important first.
pub fn control_sentences(
    control: &ControlFindings,
    detail: Option<&Detail>,
    as_of: Day,
    texts: &Texts,
) -> Vec<String> {
    let period = control.headline();
    let rule = &control.rule;
    let mut said = vec![main_sentence(rule, period, texts)];
    said.extend(change_sentence(control, texts).or_else(|| other_method_sentence(control, texts)));
    said.extend(is_change_uncertain(control).then(|| texts.get("report.change-not-certain").to_owned()));
    let counted = detail.and_then(|detail| Some((detail, detail.whole.of_period(period)?)));
    if period.counts_because().is_none() {
        said.extend(method_sentences(control, period, counted.map(|(_, counts)| counts), texts));
    }
    // A figure of an earlier report stands in the table, with its source.
    let later = control.after_headline().iter();
    let later = later.filter(|period| period.figure.cases() != Some(0) && period.earlier_report.is_none());
    said.extend(later.map(|period| main_sentence(rule, period, texts)));
    // Where the last period has a sentence of its own, it says so.
    if control
        .periods
        .last()
        .is_some_and(|last| !last.complete && last.counts_because() != Some(CountsBecause::Running))
    {
        said.push(fill!(texts, "report.incomplete", as_of = texts.long_date(as_of)));
    }
    said.extend(control.groupings.first().and_then(|grouping| differing_sentence(grouping, texts)));
    if let Some((detail, counts)) = counted {
        let counted = [
            ("report.extended", counts.extended),
            ("report.rolled", counts.deviations - counts.rolled_deviations),
            ("report.by-day", detail.judged_by_day),
            ("report.without-time", detail.without_time),
            ("report.later", detail.later),
        ];
        for (key, count) in counted.into_iter().filter(|(_, count)| *count > 0) {
            said.push(fill!(texts, key, count = texts.count(count)));
        }
    }
    said
}

/// How many of how many were late, with their share where it can stand alone, and its interval.
pub fn main_sentence(rule: &Rule, period: &PeriodFigures, texts: &Texts) -> String {
    figure_sentence(rule, period, "report.sentence", texts)
}

/// The same without the interval.
pub fn short_sentence(rule: &Rule, period: &PeriodFigures, texts: &Texts) -> String {
    figure_sentence(rule, period, "report.sentence-short", texts)
}

fn figure_sentence(rule: &Rule, period: &PeriodFigures, with_share: &str, texts: &Texts) -> String {
    let key = match period.counts_because() {
        None => with_share.to_owned(),
        Some(because) => format!("report.sentence-{}", because.id()),
    };
    let those = texts.those_in(rule.cohort, period.period);
    let (figure, is_cut, period) = (period.figure, period.is_cut, texts.months_of(period.period));
    let said = match figure.ratio().filter(|(_, cases)| *cases > 0) {
        Some((deviations, cases)) => fill!(
            texts,
            key,
            period,
            deviations = none_or_count(deviations, texts),
            cases = texts.count(cases),
            those,
            had = texts.duty(rule, "had"),
            have = texts.duty_of(rule, "have", deviations),
            gone = texts.duty(rule, "gone"),
            share = texts.ratio(deviations, cases),
            interval = texts.interval(figure.interval())
        ),
        None if figure.is_hidden() => fill!(texts, "report.sentence-hidden", period),
        None if is_cut => fill!(texts, "report.sentence-incomplete-none", period),
        None => fill!(texts, "report.sentence-no-cases", period),
    };
    sentence_case(&said)
}

/// `inget` av 12 ärenden, or the number.
fn none_or_count(number: u64, texts: &Texts) -> String {
    if number == 0 { texts.get("report.none-of").to_owned() } else { texts.count(number) }
}

/// How many open cases are past their due date, and how many were when the last period before the as-of date ended;
/// nothing without any.
pub fn overdue_sentence(control: &ControlFindings, as_of: Day, texts: &Texts) -> Option<String> {
    let now = control.open_overdue().filter(|open| *open > 0)?;
    let (count, as_of) = (texts.count(now), texts.long_date(as_of));
    let before = control.before_as_of().and_then(|period| Some((period.period, period.open_overdue?)));
    Some(match before {
        Some((period, before)) => {
            let (before, day) = (texts.count(before), texts.long_date(period.last_day()));
            fill!(texts, "report.overdue-before", count, as_of, before, day)
        }
        None => fill!(texts, "report.overdue", count, as_of),
    })
}

/// How far the headline's share lies from that of the period before: a difference and its interval.
pub fn change_sentence(control: &ControlFindings, texts: &Texts) -> Option<String> {
    let interval = control.headline_change()?.interval.map(|interval| texts.points_interval(interval));
    let key = if interval.is_some() { "report.change" } else { "report.change-without-interval" };
    told_change(control, key, interval, texts)
}

/// Whether the interval of the change leaves out zero, while the verdict finds no certain change.
fn is_change_uncertain(control: &ControlFindings) -> bool {
    let interval = control.headline_change().and_then(|change| change.interval);
    let answer = control.trend.as_ref().map(|trend| trend.verdict.answer);
    answer == Some(Answer::Unchanged) && interval.is_some_and(|it| it.low > 0.0 || it.high < 0.0)
}

/// How far it lies from it, without the interval.
pub fn short_change_sentence(control: &ControlFindings, texts: &Texts) -> Option<String> {
    told_change(control, "report.change-short", None, texts)
}

fn told_change(
    control: &ControlFindings,
    key: &str,
    interval: Option<String>,
    texts: &Texts,
) -> Option<String> {
    let (change, before) = (control.headline_change()?, control.before_headline()?);
    let (share, before) = (texts.told(before.figure.told()), texts.months_of(before.period));
    let (change, interval) = (texts.points(change.difference), interval.unwrap_or_default());
    Some(fill!(texts, key, change, before, share, interval))
}

/// Why there is no change from an earlier report's figure that was counted otherwise.
fn other_method_sentence(control: &ControlFindings, texts: &Texts) -> Option<String> {
    control.headline().share()?;
    let before = control.before_headline()?;
    let method = control.rule.method_id(control.headline().judged_by);
    let earlier_report = before.earlier_report.as_ref().filter(|it| Some(&it.method) != method.as_ref())?;
    let (method, before) = (texts.method(&earlier_report.method), texts.months_of(before.period));
    Some(fill!(texts, "report.change-other-method", before, method))
}

/// `counts` are in full. In the published edition the two groups are not distinguished: their numbers are small.
fn method_sentences(
    control: &ControlFindings,
    period: &PeriodFigures,
    counts: Option<CaseCounts>,
    texts: &Texts,
) -> Vec<String> {
    let (Some(reference), Some((late, cases)), Some((deviations, _))) =
        (control.rule.reference, period.figure.reference_ratio(), period.figure.ratio())
    else {
        return Vec::new();
    };
    let (reference, method) = (texts.clock(reference), texts.methods(&control.rule, period.judged_by));
    let mut said = Vec::new();
    if late != deviations {
        let key = if counts.is_some() { "report.method-gap" } else { "report.method-gap-published" };
        said.push(fill!(
            texts,
            key,
            reference,
            deviations = texts.count(late),
            share = texts.ratio(late, cases),
            would = texts.duty(&control.rule, "would"),
            only = counts.map_or(String::new(), |counts| texts.count(counts.late_only_by_reference())),
            method
        ));
    }
    let missed = counts.map_or(0, |counts| counts.late_only_by_law());
    if missed > 0 {
        let only = texts.count(missed);
        said.push(fill!(texts, "report.method-miss", only, method, reference));
    }
    said
}
