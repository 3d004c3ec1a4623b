//! `frist rules`: the rulebook.

use clap::Args;

use super::options::{Global, OwnRules, Printed};
use super::terminal;
use crate::error::Error;
use crate::rulebook::{Law, Roll, Rule};
use crate::table::{Cell, Table};
use crate::text::Texts;
use crate::text::definitions::roll_name;

/// Arguments of `frist rules`.
#[derive(Args)]
pub struct RulesArguments {
    #[command(flatten)]
    own: OwnRules,
    #[command(flatten)]
    printed: Printed,
}

/// Runs the command.
pub fn run(arguments: &RulesArguments, global: &Global) -> Result<(), Error> {
    let texts = global.texts();
    let rulebook = arguments.own.read()?;
    let keys = ["rule", "name", "method", "reference", "roll", "cohort", "valid", "verified", "law"];
    let caption = format!("frist {} · {}", env!("CARGO_PKG_VERSION"), rulebook.version);
    let mut table = Table::new("rules", caption).columns(&keys, texts);
    for rule in &rulebook.rules {
        rule.laws.iter().for_each(|law| table.push(cells(rule, law, texts)));
    }
    terminal::print_tables(&[table], arguments.printed.printing(global))
}

fn cells(rule: &Rule, law: &Law, texts: &Texts) -> Vec<Cell> {
    vec![
        Cell::text(&rule.id),
        Cell::text(rule.name.text(texts.language())),
        Cell::Clock(law.method),
        Cell::or_unknown(rule.reference, Cell::Clock),
        Cell::word(roll_id(rule.roll), if rule.may_roll() { roll_name(rule.roll, texts) } else { NO_ROLL }),
        Cell::word(rule.cohort.id(), texts.cohort(rule.cohort)),
        Cell::Days(law.first_day, law.last_day),
        Cell::Flag(law.verified),
        Cell::text(law.citation.text(texts.language())),
    ]
}

/// What stands where 2 § cannot be asked about.
const NO_ROLL: &str = "–";

/// As rulebooks and results write it.
fn roll_id(roll: Roll) -> &'static str {
    match roll {
        Roll::None => "none",
        Roll::NextWeekday => "next-weekday",
    }
}
