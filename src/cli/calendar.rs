//! `frist calendar`: public holidays and the days on which a deadline rolls.

use clap::Args;

use super::{Format, Global, terminal};
use crate::calendar::{FIRST_YEAR, LAST_YEAR, holidays, next_weekday};
use crate::error::Error;
use crate::report::tables::Table;
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
    let named = holidays(arguments.year).expect("the argument was checked");
    let machine = global.format != Format::Text;
    let rows = named.iter().map(|holiday| {
        let rolled = next_weekday(holiday.day).expect("the year lies in the calendar");
        let kind = match (holiday.name.is_eve(), machine) {
            (true, true) => "eve",
            (false, true) => "public",
            (true, false) => texts.get("table.eve"),
            (false, false) => texts.get("table.public-holiday"),
        };
        vec![
            holiday.day.to_string(),
            texts.weekday(holiday.day).to_owned(),
            texts.holiday(holiday.name).to_owned(),
            kind.to_owned(),
            rolled.to_string(),
        ]
    });
    let headings = ["date", "weekday", "name", "kind", "rolls-to"];
    let heading = |key: &&str| {
        if machine { key.replace('-', "_") } else { texts.get(&format!("table.{key}")).to_owned() }
    };
    let table = Table {
        id: "calendar".into(),
        caption: arguments.year.to_string(),
        headings: headings.iter().map(heading).collect(),
        text_columns: headings.len(),
        rows: rows.collect(),
        ..Table::default()
    };
    terminal::print_table(&table, global.printing())
}
