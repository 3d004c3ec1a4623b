//! `frist due`: one deadline, with its reasoning and its law.

use clap::Args;
use serde::Serialize;

use super::session::rulebook_of;
use super::{Format, Global, terminal};
use crate::calendar::{RollReason, roll_reason};
use crate::date::{Day, months_after, parse_stamp};
use crate::error::{Error, nearest};
use crate::judge::DueDates;
use crate::moment::swedish_time;
use crate::rulebook::{Clock, Law, Roll, Rule};
use crate::text::Texts;

/// Arguments of `frist due`.
#[derive(Args)]
pub struct DueArguments {
    /// The day the clock starts, 2023-10-31; for a rule in hours 2023-10-31T13:45
    start: String,
    /// The rule; `frist rules` lists them
    #[arg(long, value_name = "ID")]
    rule: String,
}

#[derive(Serialize)]
struct Answer {
    rule: String,
    start: String,
    due: String,
    due_rolled: String,
    due_reference: Option<String>,
    law: String,
    law_verified: bool,
    steps: Vec<String>,
}

/// Does it.
pub fn run(arguments: &DueArguments, global: &Global) -> Result<(), Error> {
    let texts = Texts::of(global.lang.unwrap_or_default());
    let rulebook = rulebook_of(global)?;
    let rule = rulebook.rule(&arguments.rule).ok_or_else(|| Error::UnknownRule {
        id: arguments.rule.clone(),
        known: rulebook.ids(),
        suggestion: nearest(&arguments.rule, rulebook.rules.iter().map(|rule| rule.id.as_str())),
    })?;
    let stamp = parse_stamp(arguments.start.as_bytes())
        .map_err(|_| Error::Usage { reason: texts.fill("due.no-start", &[("start", &arguments.start)]) })?;
    let answer = explain(rule, swedish_time(stamp), texts)?;
    match global.format {
        Format::Json => {
            let mut bytes = serde_json::to_vec_pretty(&answer).expect("an answer is JSON");
            bytes.push(b'\n');
            terminal::print(&bytes);
        }
        Format::Csv => {
            let mut writer = csv::Writer::from_writer(Vec::new());
            let reference = answer.due_reference.unwrap_or_default();
            let records = [
                ["rule", "start", "due", "due_rolled", "due_reference", "law"],
                [&answer.rule, &answer.start, &answer.due, &answer.due_rolled, &reference, &answer.law],
            ];
            records.iter().for_each(|record| writer.write_record(record).expect("memory"));
            terminal::print(&writer.into_inner().expect("memory"));
        }
        Format::Text => {
            let name = rule.name.text(texts.language());
            let title = texts.fill("due.title", &[("rule", name), ("due", &answer.due)]);
            let steps: Vec<String> = answer.steps.iter().map(|step| format!("  {step}\n")).collect();
            terminal::print(format!("{title}\n{}", steps.concat()).as_bytes());
        }
    }
    Ok(())
}

/// A deadline and the steps that lead to it.
fn explain(rule: &Rule, start: crate::moment::SwedishTime, texts: &Texts) -> Result<Answer, Error> {
    let not_in_force = || Error::NotInForce { id: rule.id.clone(), day: start.day.to_string() };
    let law = rule.law_for_start(start.day).ok_or_else(not_in_force)?;
    let dues = DueDates::counted_from(start.day, rule).ok_or_else(not_in_force)?;
    let due_at = match (law.method, start.moment) {
        (Clock::Hours(hours), Some(moment)) => Some(moment.plus_hours(hours)),
        _ => None,
    };
    let mut steps = Vec::new();
    if let (Some(from), Some(to), Clock::Hours(hours)) = (start.moment, due_at, law.method) {
        let (from, to) = (from.to_rfc3339(), to.to_rfc3339());
        steps.push(texts.fill("due.hours-at", &[("n", &hours.to_string()), ("start", &from), ("due", &to)]));
    } else {
        let day = start.day.to_string();
        steps.push(texts.fill("due.start", &[("start", &day), ("weekday", texts.weekday(start.day))]));
        steps.push(counting_step(law.method, start.day, dues.strict, texts));
    }
    let due = if rule.roll == Roll::NextWeekday { dues.rolled } else { dues.strict };
    if due_at.is_none() {
        steps.extend(rolling_steps(rule, dues, texts));
        steps.push(texts.fill("due.span", &[("days", &days_in_words(due.0 - start.day.0, texts))]));
    }
    if let (Some(clock), Some(day)) = (rule.reference, dues.reference) {
        steps.push(reference_step(clock, day, due, texts));
    }
    let cited = rule.law_to_cite(start.day, due).unwrap_or(law);
    steps.extend(law_steps(law, cited, texts));
    let shown = due_at.map_or_else(|| due.to_string(), |moment| moment.to_rfc3339());
    steps.push(texts.fill("due.in-time", &[("due", &shown)]));
    Ok(Answer {
        rule: rule.id.clone(),
        start: start
            .moment
            .filter(|_| due_at.is_some())
            .map_or_else(|| start.day.to_string(), |at| at.to_rfc3339()),
        due: shown,
        due_rolled: dues.rolled.to_string(),
        due_reference: dues.reference.map(|day| day.to_string()),
        law: cited.citation.text(texts.language()).to_owned(),
        law_verified: cited.verified,
        steps,
    })
}

fn counting_step(clock: Clock, start: Day, due: Day, texts: &Texts) -> String {
    let day = due.to_string();
    let (key, number) = match clock {
        Clock::Months(1) => ("due.month", 1),
        Clock::Months(number) => ("due.months", number),
        Clock::Weeks(number) => ("due.weeks", number),
        Clock::Days(number) => ("due.days", number),
        Clock::NextDay => ("due.next-day", 1),
        Clock::Hours(number) => ("due.hours", number),
    };
    let number = number.to_string();
    if let Clock::Months(months) = clock
        && months_after(start, months).end_month_too_short
    {
        let (_, _, start_number) = start.civil();
        let start_number = start_number.to_string();
        let values = [("n", number.as_str()), ("number", &start_number), ("day", &day)];
        return texts.fill("due.too-short", &values);
    }
    texts.fill(key, &[("n", &number), ("day", &day)])
}

fn rolling_steps(rule: &Rule, dues: DueDates, texts: &Texts) -> Vec<String> {
    let day = dues.strict.to_string();
    let Some(reason) = roll_reason(dues.strict) else {
        let weekday = texts.weekday(dues.strict);
        return vec![texts.fill("due.stays", &[("day", &day), ("weekday", weekday)])];
    };
    let reason = match reason {
        RollReason::Saturday => texts.get("due.saturday").to_owned(),
        RollReason::Sunday => texts.get("due.sunday").to_owned(),
        RollReason::Named(name) => texts.get(&format!("holiday.{}", name.key())).to_owned(),
    };
    let (rolled, weekday) = (dues.rolled.to_string(), texts.weekday(dues.rolled));
    let rolls = texts.fill(
        "due.rolls",
        &[("day", day.as_str()), ("reason", &reason), ("rolled", &rolled), ("weekday", weekday)],
    );
    let (key, stays) = match rule.roll {
        Roll::None => ("due.roll-none", &day),
        Roll::NextWeekday => ("due.roll-next", &rolled),
    };
    vec![rolls, texts.fill(key, &[("day", stays)])]
}

fn reference_step(clock: Clock, day: Day, due: Day, texts: &Texts) -> String {
    let apart = days_in_words(day.0 - due.0, texts);
    let difference = match day.cmp(&due) {
        std::cmp::Ordering::Less => texts.fill("due.earlier", &[("days", &apart)]),
        std::cmp::Ordering::Equal => texts.get("due.same").to_owned(),
        std::cmp::Ordering::Greater => texts.fill("due.later", &[("days", &apart)]),
    };
    let (clock, day) = (texts.clock(clock), day.to_string());
    let values = [("reference", clock.as_str()), ("day", day.as_str()), ("difference", difference.as_str())];
    texts.fill("due.reference", &values)
}

fn days_in_words(days: i32, texts: &Texts) -> String {
    texts.clock(Clock::Days(days.unsigned_abs()))
}

fn law_steps(law: &Law, cited: &Law, texts: &Texts) -> Vec<String> {
    let citation = |law: &Law| law.citation.text(texts.language()).to_owned();
    let mut steps = vec![texts.fill("due.law", &[("citation", &citation(law))])];
    if cited != law {
        steps.push(texts.fill("due.cite", &[("citation", &citation(cited))]));
    }
    if !cited.verified {
        steps.push(texts.get("due.unverified").to_owned());
    }
    steps
}
