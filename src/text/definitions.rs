//! The definition of a control: what is counted, by which law, and how.

use super::{Texts, fill};
use crate::analysis::{ControlFindings, PeriodFigures};
use crate::date::Day;
use crate::judge::{Extensions, WithoutTimes};
use crate::pipeline::Control;
use crate::rulebook::{Basis, Law, Roll, Rule};

/// A term of a definition.
pub struct Defined {
    /// The key of its term; the laws have an id of their own by it.
    pub key: &'static str,
    /// The term.
    pub term: String,
    /// What it means.
    pub paragraphs: Vec<String>,
}

/// The key of the laws.
pub const LAW: &str = "report.definition-law";

/// What a control is: its terms in order. `judged_by` is how its cases were judged. A law that is not in force by the as-of
/// date has judged none of them. `has_extensions` says whether cases of it can have been extended.
pub fn definition(
    control: &ControlFindings,
    judged_by: Option<&Control>,
    has_extensions: bool,
    as_of: Day,
    texts: &Texts,
) -> Vec<Defined> {
    let (rule, language) = (&control.rule, texts.language());
    let basis = match rule.basis {
        Basis::Statute => "basis.statute",
        Basis::LocalTarget => "basis.local-target",
    };
    let method = format!("{} ({})", texts.methods(rule, control.judged_by), texts.get(basis));
    let one = |key: &'static str, text: String| Some((key, vec![text]));
    let laws = rule.laws.iter().filter(|law| law.first_day.is_none_or(|first| first <= as_of));
    let terms = [
        one("report.definition-start", rule.start.text(language).to_owned()),
        one("report.definition-end", rule.end.text(language).to_owned()),
        one("report.definition-method", method),
        Some((LAW, laws.map(|law| cited(law, texts)).collect())),
        rule.reference.and_then(|clock| one("report.definition-reference", texts.clock(clock))),
        rule.report_to.as_ref().and_then(|to| {
            one("report.definition-report", fill!(texts, "report.duty-to-report", to = to.text(language)))
        }),
        rule.may_roll().then(|| ("report.definition-roll", vec![roll_text(rule, texts).to_owned()])),
        one("report.definition-cohort", texts.cohort(control.cohort).to_owned()),
        (rule.margin_unit() == "hours")
            .then(|| ("report.definition-times", vec![times(judged_by, texts).to_owned()])),
        has_extensions
            .then(|| ("report.definition-extensions", vec![extensions(judged_by, texts).to_owned()])),
    ];
    let earlier = control.periods.iter().filter_map(|period| earlier_figure(period, texts));
    let earlier = earlier.map(|text| ("report.definition-reported", vec![text]));
    let defined = terms.into_iter().flatten().chain(earlier);
    defined.map(|(key, paragraphs)| Defined { key, term: texts.get(key).to_owned(), paragraphs }).collect()
}

/// A law, when it is in force, and whether it is verified.
fn cited(law: &Law, texts: &Texts) -> String {
    let valid = validity(law.first_day, law.last_day, texts);
    let mark = if law.verified { String::new() } else { format!("; {}", texts.get("report.unverified")) };
    format!("{} ({valid}{mark})", law.citation.text(texts.language()))
}

/// Whether due dates roll, or that this is not settled.
fn roll_text<'t>(rule: &Rule, texts: &'t Texts) -> &'t str {
    match (rule.roll_unsettled, rule.roll) {
        (false, roll) => roll_name(roll, texts),
        (true, Roll::None) => texts.get("report.roll-unsettled"),
        (true, Roll::NextWeekday) => texts.get("report.roll-unsettled-moved"),
    }
}

/// Whether due dates roll.
pub fn roll_name(roll: Roll, texts: &Texts) -> &str {
    texts.get(match roll {
        Roll::None => "roll.none",
        Roll::NextWeekday => "roll.next-weekday",
    })
}

fn times<'t>(judged_by: Option<&Control>, texts: &'t Texts) -> &'t str {
    texts.get(match judged_by.map(|control| control.without_times) {
        Some(WithoutTimes::ByDay) => "report.times-by-day",
        _ => "report.times-exclude",
    })
}

fn extensions<'t>(judged_by: Option<&Control>, texts: &'t Texts) -> &'t str {
    texts.get(match judged_by.map(|control| control.extensions) {
        Some(Extensions::Ignore) => "report.extensions-ignore",
        _ => "report.extensions-honour",
    })
}

/// The figure of an earlier report.
fn earlier_figure(period: &PeriodFigures, texts: &Texts) -> Option<String> {
    let earlier_report = period.earlier_report.as_ref()?;
    let (name, share) = (texts.months_of(period.period), texts.told(period.figure.told()));
    Some(format!("{name}: {share}, {}. {}", texts.method(&earlier_report.method), earlier_report.source))
}

/// The days on which a law is in force, in words.
pub fn validity(first: Option<Day>, last: Option<Day>, texts: &Texts) -> String {
    match (first, last) {
        (None, None) => texts.get("rules.always").to_owned(),
        (Some(from), None) => fill!(texts, "rules.from", from),
        (None, Some(to)) => fill!(texts, "rules.to", to),
        (Some(from), Some(to)) => fill!(texts, "rules.until", from, to),
    }
}
