//! `frist due`: one deadline, with its reasoning and its law.

use clap::Args;
use serde::Serialize;

use super::options::{Format, Global, Law, Printed};
use super::terminal;
use crate::date::{Day, parse_stamp};
use crate::error::{Error, nearest};
use crate::judge::{DueDates, NotJudged};
use crate::moment::{SwedishTime, swedish_time};
use crate::rulebook::{Clock, Rule};
use crate::table::{Cell, Table};
use crate::text::due::{Deadline, DueAt, steps};
use crate::text::{Texts, fill};

/// Arguments of `frist due`.
#[derive(Args)]
pub struct DueArguments {
    /// The day on which the clock starts, 2023-10-31; for a rule in hours 2023-10-31T13:45
    start: String,
    /// The control; `frist rules` lists them
    #[arg(long, alias = "rule", value_name = "ID")]
    control: String,
    #[command(flatten)]
    law: Law,
    #[command(flatten)]
    printed: Printed,
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

impl Answer {
    fn of(deadline: &Deadline<'_>, texts: &Texts) -> Answer {
        let Deadline { rule, cited, start, due, reference, .. } = deadline;
        let in_hours = due.at.or(reference.and_then(|(_, reference)| reference.at)).is_some();
        let moment = start.moment.filter(|_| in_hours);
        Answer {
            rule: rule.id.clone(),
            start: DueAt { day: start.day, at: moment }.to_string(),
            due: due.to_string(),
            due_rolled: deadline.dues.rolled.to_string(),
            due_reference: reference.map(|(_, reference)| reference.to_string()),
            law: cited.citation.text(texts.language()).to_owned(),
            law_verified: cited.verified,
            steps: steps(deadline, texts),
        }
    }
}

/// Runs the command.
pub fn run(arguments: &DueArguments, global: &Global) -> Result<(), Error> {
    let texts = global.texts();
    let rulebook = arguments.law.own.read()?;
    let rule = rulebook.rule(&arguments.control).ok_or_else(|| Error::UnknownRule {
        id: arguments.control.clone(),
        known: rulebook.ids(),
        suggestion: nearest(&arguments.control, rulebook.rules.iter().map(|rule| rule.id.as_str())),
    })?;
    let stamp = parse_stamp(arguments.start.as_bytes())
        .map_err(|_| Error::Usage { reason: fill!(texts, "due.no-start", start = arguments.start) })?;
    let deadline = deadline(rule, swedish_time(stamp), arguments.law.as_of, texts)?;
    let answer = Answer::of(&deadline, texts);
    match arguments.printed.format {
        Format::Json => {
            let mut bytes = serde_json::to_vec_pretty(&answer).expect("an answer is JSON");
            bytes.push(b'\n');
            terminal::print(&bytes)
        }
        Format::Csv => {
            let mut table = Table::of_keys("rule,start,due,due_rolled,due_reference,law");
            let reference = answer.due_reference.unwrap_or_default();
            let cells = [answer.rule, answer.start, answer.due, answer.due_rolled, reference, answer.law];
            table.push(cells.map(Cell::Text).into());
            terminal::print_tables(&[table], arguments.printed.printing(global))
        }
        Format::Text => {
            let key = if rule.report_to.is_some() { "due.title-report" } else { "due.title" };
            let title = fill!(texts, key, rule = texts.name(rule), due = deadline.due.in_words(texts));
            let steps: Vec<String> = answer.steps.iter().map(|step| format!("  {step}\n")).collect();
            terminal::print(format!("{title}\n{}", steps.concat()).as_bytes())
        }
    }
}

/// Counts a deadline. It is cited by the law of its due date, or of the as-of date if that comes before.
fn deadline<'a>(
    rule: &'a Rule,
    start: SwedishTime,
    as_of: Option<Day>,
    texts: &Texts,
) -> Result<Deadline<'a>, Error> {
    let not_in_force = || Error::NotInForce { id: rule.id.clone(), day: start.day.to_string() };
    let law = rule.law_for_start(start.day).ok_or_else(not_in_force)?;
    let refused = |key: &str| Error::Usage { reason: fill!(texts, key, rule = rule.id) };
    let dues = DueDates::of(start.day, None, rule).map_err(|reason| match reason {
        NotJudged::MissingDue => refused("due.needs-case"),
        NotJudged::NoCalendar => refused("due.no-calendar"),
        _ => not_in_force(),
    })?;
    let at = |clock: Clock| match (clock, start.moment) {
        (Clock::Hours(hours), Some(moment)) => Some(moment.plus_hours(hours)),
        _ => None,
    };
    let due = DueAt { day: dues.lawful(rule.roll), at: at(law.method) };
    let reference = rule.reference.and_then(|clock| {
        let at = at(clock);
        let day = at.map_or(dues.reference, |moment| Some(moment.day()))?;
        Some((clock, DueAt { day, at }))
    });
    let cited_on = as_of.map_or(due.day, |as_of| as_of.min(due.day));
    let cited = rule.law_to_cite(start.day, cited_on).unwrap_or(law);
    Ok(Deadline { rule, law, cited, start, dues, due, reference })
}
