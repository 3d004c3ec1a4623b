//! `frist calendar`: public holidays and the days on which a deadline rolls.

use clap::Args;

use super::options::{Global, Printed, whole};
use super::terminal;
use crate::calendar::{FIRST_YEAR, LAST_YEAR, holidays, next_weekday};
use crate::error::Error;
use crate::table::{Cell, Table};

/// Arguments of `frist calendar`.
#[derive(Args)]
pub struct CalendarArguments {
    /// The year
    #[arg(value_parser = whole::<i32>(FIRST_YEAR.unsigned_abs().into()..=LAST_YEAR.unsigned_abs().into()))]
    year: i32,
    #[command(flatten)]
    printed: Printed,
}

/// Runs the command.
pub fn run(arguments: &CalendarArguments, global: &Global) -> Result<(), Error> {
    let texts = global.texts();
    let keys = ["date", "weekday", "name", "kind", "rolls-to"];
    let mut table = Table::new("calendar", arguments.year.to_string()).columns(&keys, texts);
    for holiday in holidays(arguments.year).expect("the argument was checked") {
        let kind = match holiday.name.is_eve() {
            true => Cell::word("eve", texts.get("table.eve")),
            false => Cell::word("public", texts.get("table.public-holiday")),
        };
        table.push(vec![
            Cell::Day(holiday.day),
            Cell::text(texts.weekday(holiday.day)),
            Cell::text(texts.holiday(holiday.name)),
            kind,
            Cell::Day(next_weekday(holiday.day).expect("the year lies in the calendar")),
        ]);
    }
    terminal::print_tables(&[table], arguments.printed.printing(global))
}
