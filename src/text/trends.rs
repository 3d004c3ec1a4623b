//! What a trend says, in sentences under its chart.

use super::{Texts, fill};
use crate::analysis::{
    Answer, Assurance, ControlFindings, FEWEST_DEVIATIONS, FULL_LIMITS, Interval, Power, RareMarks, Signal,
    Stretch, TargetRecord, Trend, TrendPoint, Unknown, Window,
};
use crate::project::SignalSet;
use crate::rulebook::Rule;

/// The sentences of a trend's present: its verdict, its target, and what its chart marks.
pub fn trend_sentences(rule: &Rule, trend: &Trend, texts: &Texts) -> Vec<String> {
    let segment = trend.current_segment();
    let mut said = vec![verdict_sentence(rule, trend, texts)];
    let shows_limits = !segment.hides_points && segment.baseline_points >= FULL_LIMITS;
    if shows_limits {
        said.extend(trend.target_record().map(|record| target(&record, trend, texts)));
    }
    match trend.rare_marks() {
        Some(rare) => said.extend(rare_marks(rare, trend, texts)),
        None if shows_limits && !segment.too_few_deviations => said.extend(marks(trend, texts)),
        None => {}
    }
    if let Some(last) = trend.points.last().filter(|point| !point.complete && !point.figure.is_hidden()) {
        said.push(sentence_case(&fill!(texts, "trend.incomplete", period = texts.months_of(last.period))));
    }
    said
}

/// The verdict in two or three words, the same in icons, tables and files.
pub fn verdict_words<'t>(trend: &Trend, texts: &'t Texts) -> &'t str {
    texts.get(&format!("verdict.{}", trend.verdict.answer.id()))
}

/// Whether the target is met, in a few words.
pub fn assurance_words(assurance: Assurance, texts: &Texts) -> &str {
    texts.get(&format!("assurance.{}", assurance.id()))
}

/// The verdict, with the shares that it is made from, or why there is none.
pub fn verdict_sentence(rule: &Rule, trend: &Trend, texts: &Texts) -> String {
    match trend.verdict.answer {
        Answer::Changed(window) => changed(rule, &window, trend, texts),
        Answer::Unchanged => {
            let said = constant(trend, texts).or_else(|| unchanged(trend, texts));
            let power = trend.verdict.power.map(|power| power_sentence(power, trend, texts));
            let said: Vec<String> = said.into_iter().chain(power).collect();
            said.join(" ")
        }
        Answer::Unknown(Unknown::Hidden) => texts.get("verdict.because-hidden").to_owned(),
        Answer::Unknown(Unknown::NoneNow { months }) => {
            let months = texts.number_word(u64::from(months));
            fill!(texts, "verdict.because-none-now", months)
        }
        Answer::Unknown(Unknown::TooShort { fewest }) => {
            let count = counted(trend.current_segment().points as u64, trend, texts);
            let key = match trend.segments.len() {
                1 => "verdict.because-too-short",
                _ => "verdict.because-too-short-after-step",
            };
            let from = texts.months_of(trend.current_segment().from);
            let fewest = texts.number_word(u64::from(fewest));
            fill!(texts, key, count, from, fewest)
        }
        Answer::Unknown(Unknown::TooFew { deviations, in_time }) => {
            let (key, count) = match deviations <= in_time {
                true => ("verdict.because-too-few", deviations),
                false => ("verdict.because-too-few-in-time", in_time),
            };
            let fewest = texts.number_word(FEWEST_DEVIATIONS);
            let count = match (count, deviations <= in_time) {
                (1, false) => texts.get("number.one-case").to_owned(),
                _ => texts.number_word(count),
            };
            fill!(texts, key, count, fewest)
        }
    }
}

/// What of change is said of a control: the verdict of its trend, or for everyone that there is none to show.
pub fn verdict_of(control: &ControlFindings, for_everyone: bool, texts: &Texts) -> Option<String> {
    let headline = control.headline();
    match &control.trend {
        Some(trend) => Some(verdict_sentence(&control.rule, trend, texts)),
        None => (for_everyone && headline.counts_because().is_none() && headline.share().is_some())
            .then(|| texts.get("verdict.because-not-shown").to_owned()),
    }
}

fn changed(rule: &Rule, window: &Window, trend: &Trend, texts: &Texts) -> String {
    let period = |(deviations, cases): (u64, u64)| texts.ratio(deviations, cases);
    fill!(
        texts,
        format!("verdict.sentence-{}", trend.verdict.answer.id()),
        months = texts.number_word(u64::from(window.months)),
        span = texts.months_between(window.first, window.last),
        deviations = texts.count(window.now.0),
        cases = texts.count(window.now.1),
        had = texts.duty(rule, "had"),
        gone = texts.duty(rule, "gone"),
        share = period(window.now),
        before = period(window.before),
        earlier = earlier(trend, texts)
    )
}

/// Since when the time before a window is counted.
fn earlier(trend: &Trend, texts: &Texts) -> String {
    match trend.segments.as_slice() {
        [.., _, current] => {
            fill!(texts, "verdict.before-since-step", from = texts.months_of(current.from))
        }
        _ => texts.get("verdict.before-all").to_owned(),
    }
}

fn unchanged(trend: &Trend, texts: &Texts) -> Option<String> {
    let window = trend.verdict.furthest()?;
    let (now, before) =
        (texts.ratio(window.now.0, window.now.1), texts.ratio(window.before.0, window.before.1));
    let months = texts.number_word(u64::from(window.months));
    // Alone it would be called a change, but not among all the groups.
    let key = match window.differs() {
        true => "verdict.sentence-unchanged-together",
        false => "verdict.sentence-unchanged",
    };
    let span = texts.months_between(window.first, window.last);
    Some(fill!(texts, key, months, span, share = now, before, earlier = earlier(trend, texts)))
}

/// How often a doubling would be found.
fn power_sentence(power: Power, trend: &Trend, texts: &Texts) -> String {
    let points = trend.current_points();
    let deviations: u64 = points.iter().filter_map(|point| point.figure.deviations()).sum();
    let mean = texts.tenths_of_cases(deviations as f64 / points.len() as f64);
    let tenths = (power.chance * 10.0) as u64;
    let key = match tenths {
        _ if power.is_reliable() => "verdict.power",
        0 => "verdict.power-hardly",
        _ => "verdict.power-seldom",
    };
    let kind = texts.kind(trend.settings.period);
    let [months, tenths] = [u64::from(power.months), tenths].map(|number| texts.number_word(number));
    fill!(texts, key, mean, kind, months, tenths)
}

/// How often the target was met, and the chance of meeting it now.
fn target(record: &TargetRecord, trend: &Trend, texts: &Texts) -> String {
    let kind = trend.settings.period.id();
    let key = match record.met {
        0 => "trend.target-never",
        met if met == record.periods => "trend.target-always",
        _ => "trend.target-sometimes",
    };
    let now = if record.present.0 == 0 { "trend.target-now-none" } else { "trend.target-chance" };
    [key, now]
        .map(|key| {
            fill!(
                texts,
                key,
                target = texts.at_most(record.target),
                kind = texts.kind(trend.settings.period),
                met = texts.count(record.met as u64),
                periods = texts.count(record.periods as u64),
                kinds = texts.get(&format!("trend.many-{kind}")),
                share = texts.ratio(record.present.0, record.present.1),
                chance = texts.chance(record.chance),
                cases = texts.count(record.cases),
                one = texts.get(&format!("trend.one-{kind}"))
            )
        })
        .join(" ")
}

/// The text with its first letter in upper case.
pub fn sentence_case(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

/// `nio månader`.
pub fn counted(count: u64, trend: &Trend, texts: &Texts) -> String {
    let kind = trend.settings.period.id();
    let kinds = texts.get(&format!("trend.many-{kind}"));
    match count {
        0 => fill!(texts, "trend.no", kinds),
        1 => texts.get(&format!("trend.one-{kind}")).to_owned(),
        _ => format!("{} {kinds}", texts.number_word(count)),
    }
}

fn constant(trend: &Trend, texts: &Texts) -> Option<String> {
    let points = trend.current_points();
    let first = points.first().filter(|_| trend.is_constant())?;
    let share = texts.told(first.figure.told());
    Some(fill!(texts, "trend.constant", share, count = counted(points.len() as u64, trend, texts)))
}

/// What the set in use marks on the chart: where shares are unusual, not whether the share has changed.
fn marks(trend: &Trend, texts: &Texts) -> Option<String> {
    let set = trend.settings.signals;
    let stretches = trend.current_segment().stretches.iter().rev();
    let mut marks: Vec<String> = stretches
        .filter(|stretch| stretch.signal.is_of(set))
        .map(|stretch| stretch_mark(stretch, trend, texts))
        .collect();
    let with = |signal: Signal| -> Vec<&TrendPoint> {
        trend.current_points().into_iter().filter(|point| point.signals.contains(&signal)).collect()
    };
    marks.extend(outside(&with(Signal::Outside), trend, texts));
    if set == SignalSet::HealthService
        && let Some(last) = with(Signal::TwoOfThree).last()
    {
        marks.push(fill!(texts, "trend.two-of-three", period = texts.months_of(last.period)));
    }
    (!marks.is_empty()).then(|| fill!(texts, "trend.marks", marks = marks.join("; ")))
}

/// What is marked where deviations are few, and what would be.
fn rare_marks(rare: &RareMarks, trend: &Trend, texts: &Texts) -> Vec<String> {
    let of = |signal: Signal| rare.months.iter().filter(move |month| month.signals().contains(&signal));
    let many = of(Signal::Many).map(|month| {
        let (period, count) = (texts.months_of(month.period), texts.count(month.deviations));
        fill!(texts, "trend.rare-many", period, count)
    });
    let sums = [Signal::Doubling, Signal::Halving].into_iter().flat_map(|signal| {
        let key = format!("trend.rare-{}", signal.id());
        of(signal).map(move |month| fill!(texts, key, period = texts.months_of(month.period)))
    });
    let marks: Vec<String> = many.chain(sums).collect();
    let said = match marks.is_empty() {
        true => {
            let kind = texts.kind(trend.settings.period);
            fill!(texts, "trend.rare-none", kind, last = texts.months_of(rare.baseline.1))
        }
        false => fill!(texts, "trend.marks", marks = marks.join("; ")),
    };
    // Where a halving is marked already, it has been spoken of.
    let is_halved = of(Signal::Halving).next().is_some();
    let quiet = (!is_halved)
        .then(|| fill!(texts, "trend.rare-quiet", count = counted(rare.quiet_months, trend, texts)));
    [said].into_iter().chain(quiet).collect()
}

fn stretch_mark(stretch: &Stretch, trend: &Trend, texts: &Texts) -> String {
    let last = trend.current_points().last().map(|point| point.period);
    let key = match (stretch.signal, stretch.upwards) {
        (Signal::Trend, true) => "trend.rising",
        (Signal::Trend, false) => "trend.falling",
        (_, true) => "trend.above",
        (_, false) => "trend.below",
    };
    let (first, end) = (texts.months_of(stretch.first), texts.months_of(stretch.last));
    let when = if last == Some(stretch.last) {
        fill!(texts, "trend.since", first)
    } else {
        fill!(texts, "trend.between", first, last = end)
    };
    fill!(texts, key, count = counted(stretch.points as u64, trend, texts), when)
}

fn outside(points: &[&TrendPoint], trend: &Trend, texts: &Texts) -> Option<String> {
    let last = points.last()?;
    let (period, share) = (texts.months_of(last.period), texts.told(last.figure.told()));
    let (lower, upper) = last.limits?;
    if let [_] = points {
        let limits = texts.interval(Some(Interval { low: lower, high: upper }));
        return Some(fill!(texts, "trend.outside", period, share, limits));
    }
    let count = counted(points.len() as u64, trend, texts);
    Some(fill!(texts, "trend.outside-several", count, period, share))
}

#[cfg(test)]
pub mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::analysis::{CaseCounts, Edges, Figure, TrendQuestion};
    use crate::language::Language;
    use crate::period::{Period, PeriodKind};
    use crate::project::{Rebase, TrendSettings};
    use crate::rulebook::{Cohort, Rulebook};

    /// The trend by month of deviations and cases from January 2022.
    pub fn trend(counts: &[(u64, u64)], target: f64) -> Trend {
        trend_of(counts, target, &[])
    }

    fn trend_of(counts: &[(u64, u64)], target: f64, rebases: &[&Rebase]) -> Trend {
        let first = Period::parse("2022-01").expect("a month").index;
        let by_month: BTreeMap<i32, Figure> = (first..)
            .zip(counts)
            .map(|(index, (deviations, cases))| {
                let counts = CaseCounts { cases: *cases, deviations: *deviations, ..CaseCounts::default() };
                (index, counts.into())
            })
            .collect();
        let last = Period { kind: PeriodKind::Month, index: first + counts.len() as i32 - 1 };
        let question = TrendQuestion {
            settings: TrendSettings::default(),
            rebases,
            notes: &[],
            freeze: None,
            target: Some(target),
            as_of: last.last_day(),
            edges: &Edges::NONE,
            cohort: Cohort::Closed,
            last: last.index,
        };
        Trend::of(&by_month, &question).expect("a trend")
    }

    #[test]
    fn the_verdict_is_told_with_its_shares_and_its_months() {
        let (texts, rulebook) = (Texts::of(Language::Sv), Rulebook::builtin());
        let rule = &rulebook.rules[0];
        let step = [vec![(8, 40); 24], vec![(20, 40); 4]].concat();
        assert_eq!(
            verdict_sentence(rule, &trend(&step, 0.1), texts),
            "Sämre än tidigare: de senaste fyra månaderna (januari–april 2024) hade 80 av 160 ärenden \
             (50,0\u{a0}%) överskridit fristen, mot 20,0\u{a0}% under hela tiden dessförinnan. Skillnaden är större än andelens vanliga variation."
        );
        let few: Vec<(u64, u64)> = (0..28).map(|month| (u64::from(month % 3 == 0), 60)).collect();
        let said = trend_sentences(rule, &trend(&few, 0.0), texts);
        let few = "Ingen säker förändring: andelen var 0,8\u{a0}% de senaste fyra månaderna (januari–april 2024) mot \
                   0,6\u{a0}% under hela tiden dessförinnan. Skillnaden ryms inom andelens vanliga variation. \
                   Avvikelserna är få, i genomsnitt 0,4 per månad. En fördubbling som har varat i tolv månader skulle";
        assert!(said[0].starts_with(few), "{said:?}");
        assert_eq!(
            said[1],
            "Målet, inga avvikelser, nåddes under 18 av 28 månader. Med det senaste årets \
             andel (0,6\u{a0}%) är sannolikheten ungefär 72\u{a0}% att målet nås under en månad med 60 ärenden."
        );
        assert_eq!(
            verdict_sentence(rule, &trend(&[(8, 40); 7], 0.1), texts),
            "Det går inte att säga om andelen har ändrats: underlaget omfattar sju månader, men minst 16 månader behövs."
        );
    }

    #[test]
    fn few_cases_in_time_are_told_with_their_gender() {
        let (texts, rulebook) = (Texts::of(Language::Sv), Rulebook::builtin());
        let counts = [vec![(39, 40)], vec![(40, 40); 27]].concat();
        let said = verdict_sentence(&rulebook.rules[0], &trend(&counts, 0.1), texts);
        assert!(said.contains("antalet ärenden i tid att jämföra med är ett, men"), "{said}");
    }

    #[test]
    fn after_a_step_the_time_before_begins_there() {
        let (texts, rulebook) = (Texts::of(Language::Sv), Rulebook::builtin());
        let from = Period::parse("2023-01").expect("a month");
        let step = Rebase { control: String::new(), from, reason: "ny rutin".into(), freeze: None };
        let said = |counts: &[(u64, u64)]| {
            verdict_sentence(&rulebook.rules[0], &trend_of(counts, 0.1, &[&step]), texts)
        };
        let since = "dessförinnan, räknat från nivåändringen i januari 2023.";
        let usual: Vec<(u64, u64)> = (0..32).map(|month| (7 + month % 3, 40)).collect();
        assert!(said(&usual).contains(since));
        assert!(said(&[vec![(8, 40); 28], vec![(20, 40); 4]].concat()).contains(since));
        let too_short = said(&[(8, 40); 20]);
        assert!(
            too_short.contains("sedan nivåändringen i januari 2023 omfattar underlaget åtta månader"),
            "{too_short}"
        );
    }

    #[test]
    fn a_halving_that_is_marked_is_not_yet_to_come() {
        let (texts, rulebook) = (Texts::of(Language::Sv), Rulebook::builtin());
        let said = |counts: &[(u64, u64)]| {
            trend_sentences(&rulebook.rules[0], &trend(counts, 0.1).marked(), texts).join(" ")
        };
        let few = [vec![(3, 20); 18], vec![(0, 20); 12]].concat();
        let (halved, as_before) = (said(&few), said(&[(3, 20); 30]));
        assert!(halved.contains("tecken på en halvering") && !halved.contains("Först efter"), "{halved}");
        assert!(as_before.contains("Först efter"), "{as_before}");
    }

    #[test]
    fn a_change_in_what_is_to_be_reported_is_told_so() {
        let (texts, rulebook) = (Texts::of(Language::Sv), Rulebook::builtin());
        let rule = rulebook.rule("unenforced-decision").expect("a rule");
        let step = [vec![(8, 40); 24], vec![(20, 40); 4]].concat();
        let said = verdict_sentence(rule, &trend(&step, 0.1), texts);
        let reported = "skulle 80 av 160 ärenden (50,0\u{a0}%) rapporteras till Inspektionen för vård och omsorg (IVO) och kommunens revisorer, mot";
        assert!(said.contains(reported) && !said.contains("fristen"), "{said}");
    }
}
