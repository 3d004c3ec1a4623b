//! One deadline: the steps that lead to it.

use std::cmp::Ordering;
use std::fmt;

use super::{Texts, fill, sentence_case};
use crate::calendar::{FIRST_CALENDAR_DAY, RollReason, roll_reason};
use crate::date::{Day, months_after};
use crate::judge::DueDates;
use crate::moment::{Moment, SwedishTime};
use crate::rulebook::{Basis, Clock, Law, Roll, Rule};

/// A deadline with what it was counted from.
pub struct Deadline<'a> {
    /// The rule.
    pub rule: &'a Rule,
    /// The law by whose method it was counted.
    pub law: &'a Law,
    /// The law to cite.
    pub cited: &'a Law,
    /// When the clock started.
    pub start: SwedishTime,
    /// The due dates in days.
    pub dues: DueDates,
    /// The lawful one.
    pub due: DueAt,
    /// The reference, where the rule has one.
    pub reference: Option<(Clock, DueAt)>,
}

/// A due date, and the moment where hours were counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DueAt {
    /// The day.
    pub day: Day,
    /// The moment.
    pub at: Option<Moment>,
}

impl fmt::Display for DueAt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.at {
            Some(at) => f.write_str(&at.to_rfc3339()),
            None => self.day.fmt(f),
        }
    }
}

impl DueAt {
    /// In running text, `31 augusti 2024`, with the time of day where there is one.
    pub fn in_words(self, texts: &Texts) -> String {
        self.at.map_or_else(|| texts.long_date(self.day), |moment| texts.moment(moment))
    }
}

/// How a deadline is reached, step by step.
pub fn steps(deadline: &Deadline<'_>, texts: &Texts) -> Vec<String> {
    let Deadline { rule, law, start, dues, due, .. } = *deadline;
    let due_in_words = due.in_words(texts);
    let mut steps = match (start.moment, due.at, law.method) {
        (Some(from), Some(_), Clock::Hours(_)) => {
            let n = texts.clock(law.method);
            vec![fill!(texts, "due.hours-at", n, start = texts.moment(from), due = due_in_words)]
        }
        // Of hours without a time of day there is only the day by which they have passed.
        (_, None, Clock::Hours(_)) => {
            counting_step(law.method, start.day, dues.strict, texts).into_iter().collect()
        }
        _ => {
            let (first, weekday) = (texts.long_date(start.day), texts.weekday(start.day));
            let begins = fill!(texts, "due.start", start = first, weekday);
            std::iter::once(begins).chain(counting_step(law.method, start.day, dues.strict, texts)).collect()
        }
    };
    let is_in_hours = matches!(law.method, Clock::Hours(_));
    if !is_in_hours {
        steps.extend(rolling_step(rule, dues, texts));
        steps.push(fill!(texts, "due.span", days = days_in_words(due.day.0 - start.day.0, texts)));
    }
    steps.extend(deadline.reference.map(|(clock, reference)| reference_step(clock, reference, due, texts)));
    steps.extend(law_steps(rule, law, deadline.cited, texts));
    steps.extend(ending_step(rule, due, is_in_hours, &due_in_words, texts));
    steps
}

/// What follows from the due date; nothing can be said of hours without a time of day.
fn ending_step(
    rule: &Rule,
    due: DueAt,
    is_in_hours: bool,
    due_in_words: &str,
    texts: &Texts,
) -> Option<String> {
    if is_in_hours && due.at.is_none() {
        return None;
    }
    Some(match &rule.report_to {
        None => fill!(texts, "due.in-time", due = due_in_words),
        Some(to) => fill!(texts, "due.report", due = due_in_words, to = to.text(texts.language())),
    })
}

/// How the due date is counted; a due date of the export's own is not.
fn counting_step(clock: Clock, start: Day, day: Day, texts: &Texts) -> Option<String> {
    let (key, n) = match clock {
        Clock::Months(1) => ("due.month", String::new()),
        Clock::Months(number) => ("due.months", number.to_string()),
        Clock::Weeks(_) => ("due.weeks", texts.clock(clock)),
        Clock::Days(_) => ("due.days", texts.clock(clock)),
        Clock::NextDay => ("due.next-day", String::new()),
        Clock::Hours(_) => ("due.hours", texts.clock(clock)),
        Clock::DueColumn => return None,
    };
    let day = texts.long_date(day);
    if let Clock::Months(months) = clock
        && months_after(start, months).end_month_too_short
    {
        let (_, _, number) = start.civil();
        return Some(fill!(texts, "due.too-short", number, day));
    }
    Some(fill!(texts, key, n, day))
}

/// What 2 § does with the due date; nothing is said where it cannot be asked about.
fn rolling_step(rule: &Rule, dues: DueDates, texts: &Texts) -> Option<String> {
    let (day, rolled) = (dues.strict, dues.rolled);
    if !rule.may_roll() {
        return None;
    }
    if day < FIRST_CALENDAR_DAY {
        return Some(fill!(texts, "due.before-calendar", day = texts.long_date(day)));
    }
    if rule.roll == Roll::None && !rule.roll_unsettled {
        return None;
    }
    let Some(reason) = roll_reason(day) else {
        return Some(fill!(texts, "due.stays", day = texts.long_date(day), weekday = texts.weekday(day)));
    };
    let reason = match reason {
        RollReason::Saturday => texts.get("due.saturday"),
        RollReason::Sunday => texts.get("due.sunday"),
        RollReason::Named(name) => texts.holiday(name),
    };
    let key = if rule.roll_unsettled { "due.unsettled" } else { "due.rolls" };
    let weekday = texts.weekday(rolled);
    let [day, rolled, counted] = [day, rolled, dues.lawful(rule.roll)].map(|day| texts.long_date(day));
    Some(fill!(texts, key, day, reason, rolled, weekday, counted))
}

/// What the reference gives and how far that is from the lawful due date: in hours where both are moments.
fn reference_step(clock: Clock, reference: DueAt, due: DueAt, texts: &Texts) -> String {
    let (order, days, same) = match (reference.at, due.at) {
        (Some(reference), Some(due)) => {
            let hours = (reference.0.abs_diff(due.0) / 3600) as u32;
            (reference.cmp(&due), texts.clock(Clock::Hours(hours)), "due.same-time")
        }
        _ => {
            let days = days_in_words(reference.day.0 - due.day.0, texts);
            (reference.day.cmp(&due.day), days, "due.same")
        }
    };
    let difference = match order {
        Ordering::Less => fill!(texts, "due.earlier", days),
        Ordering::Equal => texts.get(same).to_owned(),
        Ordering::Greater => fill!(texts, "due.later", days),
    };
    fill!(texts, "due.reference", reference = texts.clock(clock), day = reference.in_words(texts), difference)
}

fn days_in_words(days: i32, texts: &Texts) -> String {
    texts.clock(Clock::Days(days.unsigned_abs()))
}

fn law_steps(rule: &Rule, law: &Law, cited: &Law, texts: &Texts) -> Vec<String> {
    let citation = |law: &Law| law.citation.text(texts.language()).to_owned();
    let mut steps = vec![match rule.basis {
        Basis::Statute => fill!(texts, "due.law", citation = citation(law)),
        // It says that the target is local.
        Basis::LocalTarget => sentence_case(&fill!(texts, "due.target", citation = citation(law))),
    }];
    if let Some(from) = cited.first_day.filter(|_| cited != law) {
        steps.push(fill!(texts, "due.cite", from = texts.long_date(from), citation = citation(cited)));
    }
    if !cited.verified {
        steps.push(texts.get("due.unverified").to_owned());
    }
    steps
}
