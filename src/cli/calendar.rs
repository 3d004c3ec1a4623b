//! `frist calendar`: public holidays and the days on which a deadline rolls.

use clap::Args;

use super::{Global, terminal};
use crate::calendar::{FIRST_YEAR, LAST_YEAR, holidays, next_weekday};
use crate::error::Error;
use crate::table::{Cell, Table};
use crate::text::Texts;

/// Arguments of `frist calendar`.
#[derive(Args)]
pub struct CalendarArguments {
    /// The year
    #[arg(value_parser = clap::value_parser!(i32).range(i64::from(FIRST_YEAR)..=i64::from(LAST_YEAR)))]
    year: i32,
}

/// Does it.
pub fn run(arguments: &CalendarArguments, global: &Global) -> Result<(), Error> {
    let texts = Texts::of(global.lang.unwrap_or_default());
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
    terminal::print_tables(&[table], global.printing())
}
