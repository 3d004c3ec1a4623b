//! `frist due`: one deadline, with its reasoning and its law.

use clap::Args;
use serde::Serialize;

use super::{Format, Global, terminal};
use crate::calendar::{FIRST_CALENDAR_DAY, RollReason, roll_reason};
use crate::date::{Day, months_after, parse_stamp};
use crate::error::{Error, nearest};
use crate::judge::{DueDates, NotJudged};
use crate::moment::{Moment, SwedishTime, swedish_time};
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
    let rulebook = global.rules()?;
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
            terminal::print(&bytes)
        }
        Format::Csv => {
            let style = global.csv.unwrap_or_default();
            let mut writer = csv::WriterBuilder::new().delimiter(style.separator()).from_writer(Vec::new());
            let reference = answer.due_reference.unwrap_or_default();
            let records = [
                ["rule", "start", "due", "due_rolled", "due_reference", "law"],
                [&answer.rule, &answer.start, &answer.due, &answer.due_rolled, &reference, &answer.law],
            ];
            records.iter().for_each(|record| writer.write_record(record).expect("memory"));
            terminal::print_csv(&writer.into_inner().expect("memory"), style)
        }
        Format::Text => {
            let name = rule.name.text(texts.language());
            let title = texts.fill("due.title", &[("rule", name), ("due", &answer.due)]);
            let steps: Vec<String> = answer.steps.iter().map(|step| format!("  {step}\n")).collect();
            terminal::print(format!("{title}\n{}", steps.concat()).as_bytes())
        }
    }
}

/// A deadline and the steps that lead to it.
fn explain(rule: &Rule, start: SwedishTime, texts: &Texts) -> Result<Answer, Error> {
    let not_in_force = || Error::NotInForce { id: rule.id.clone(), day: start.day.to_string() };
    let law = rule.law_for_start(start.day).ok_or_else(not_in_force)?;
    let refused = |key: &str| Error::Usage { reason: texts.fill(key, &[("rule", &rule.id)]) };
    let dues = DueDates::of(start.day, None, rule).map_err(|reason| match reason {
        NotJudged::MissingDue => refused("due.needs-case"),
        NotJudged::NoCalendar => refused("due.no-calendar"),
        _ => not_in_force(),
    })?;
    let at = |clock: Clock| match (clock, start.moment) {
        (Clock::Hours(hours), Some(moment)) => Some(moment.plus_hours(hours)),
        _ => None,
    };
    let (due_at, reference_at) = (at(law.method), rule.reference.and_then(at));
    let reference_day = reference_at.map_or(dues.reference, |moment| Some(moment.day()));
    let mut steps = Vec::new();
    if let (Some(from), Some(to), Clock::Hours(hours)) = (start.moment, due_at, law.method) {
        let (from, to) = (from.to_rfc3339(), to.to_rfc3339());
        steps.push(texts.fill("due.hours-at", &[("n", &hours.to_string()), ("start", &from), ("due", &to)]));
    } else {
        let day = start.day.to_string();
        steps.push(texts.fill("due.start", &[("start", &day), ("weekday", texts.weekday(start.day))]));
        steps.extend(counting_step(law.method, start.day, dues.strict, texts));
    }
    let due = dues.lawful(rule.roll);
    if due_at.is_none() {
        steps.extend(rolling_steps(rule, dues, texts));
        steps.push(texts.fill("due.span", &[("days", &days_in_words(due.0 - start.day.0, texts))]));
    }
    if let (Some(clock), Some(day)) = (rule.reference, reference_day) {
        steps.push(reference_step(clock, (day, reference_at), (due, due_at), texts));
    }
    let cited = rule.law_to_cite(start.day, due).unwrap_or(law);
    steps.extend(law_steps(law, cited, texts));
    let in_time = shown(due_at.map_or(due, Moment::day), due_at);
    steps.push(texts.fill("due.in-time", &[("due", &in_time)]));
    Ok(Answer {
        rule: rule.id.clone(),
        start: start
            .moment
            .filter(|_| due_at.or(reference_at).is_some())
            .map_or_else(|| start.day.to_string(), |at| at.to_rfc3339()),
        due: in_time,
        due_rolled: dues.rolled.to_string(),
        due_reference: reference_day.map(|day| shown(day, reference_at)),
        law: cited.citation.text(texts.language()).to_owned(),
        law_verified: cited.verified,
        steps,
    })
}

/// A due date, as a moment where hours were counted.
fn shown(day: Day, at: Option<Moment>) -> String {
    at.map_or_else(|| day.to_string(), Moment::to_rfc3339)
}

/// How the due date is counted; a due date of the export's own is not.
fn counting_step(clock: Clock, start: Day, due: Day, texts: &Texts) -> Option<String> {
    let day = due.to_string();
    let (key, number) = match clock {
        Clock::Months(1) => ("due.month", 1),
        Clock::Months(number) => ("due.months", number),
        Clock::Weeks(number) => ("due.weeks", number),
        Clock::Days(number) => ("due.days", number),
        Clock::NextDay => ("due.next-day", 1),
        Clock::Hours(number) => ("due.hours", number),
        Clock::DueColumn => return None,
    };
    let number = number.to_string();
    if let Clock::Months(months) = clock
        && months_after(start, months).end_month_too_short
    {
        let (_, _, start_number) = start.civil();
        let start_number = start_number.to_string();
        let values = [("n", number.as_str()), ("number", &start_number), ("day", &day)];
        return Some(texts.fill("due.too-short", &values));
    }
    Some(texts.fill(key, &[("n", &number), ("day", &day)]))
}

fn rolling_steps(rule: &Rule, dues: DueDates, texts: &Texts) -> Vec<String> {
    let day = dues.strict.to_string();
    if dues.strict < FIRST_CALENDAR_DAY {
        return vec![texts.fill("due.before-calendar", &[("day", &day)])];
    }
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

/// What the reference gives and how far that is from the lawful due date: in hours where both are moments.
fn reference_step(
    clock: Clock,
    reference: (Day, Option<Moment>),
    due: (Day, Option<Moment>),
    texts: &Texts,
) -> String {
    let (order, apart, same) = match (reference.1, due.1) {
        (Some(reference), Some(due)) => {
            let hours = (reference.0.abs_diff(due.0) / 3600) as u32;
            (reference.cmp(&due), texts.clock(Clock::Hours(hours)), "due.same-time")
        }
        _ => (reference.0.cmp(&due.0), days_in_words(reference.0.0 - due.0.0, texts), "due.same"),
    };
    let difference = match order {
        std::cmp::Ordering::Less => texts.fill("due.earlier", &[("days", &apart)]),
        std::cmp::Ordering::Equal => texts.get(same).to_owned(),
        std::cmp::Ordering::Greater => texts.fill("due.later", &[("days", &apart)]),
    };
    let (clock, day) = (texts.clock(clock), shown(reference.0, reference.1));
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
