//! `frist rules`: the rulebook.

use super::session::rulebook_of;
use super::{Global, terminal};
use crate::error::Error;
use crate::report::tables::Table;
use crate::text::Texts;
use crate::text::definitions::{roll_name, validity};

/// Does it.
pub fn run(global: &Global) -> Result<(), Error> {
    let texts = Texts::of(global.lang.unwrap_or_default());
    let rulebook = rulebook_of(global)?;
    let headings = ["rule", "name", "method", "reference", "roll", "cohort", "valid", "verified", "law"];
    let mut rows = Vec::new();
    for rule in &rulebook.rules {
        for law in &rule.laws {
            rows.push(vec![
                rule.id.clone(),
                rule.name.text(texts.language()).to_owned(),
                texts.clock(law.method),
                rule.reference.map_or(texts.get("table.none").to_owned(), |clock| texts.clock(clock)),
                roll_name(rule.roll, texts).to_owned(),
                texts.cohort(rule.cohort).to_owned(),
                validity(law.first_day, law.last_day, texts),
                texts.get(if law.verified { "table.yes" } else { "table.no" }).to_owned(),
                law.citation.text(texts.language()).to_owned(),
            ]);
        }
    }
    let table = Table {
        id: "rules".into(),
        caption: format!("frist {} · {}", env!("CARGO_PKG_VERSION"), rulebook.version),
        headings: headings.iter().map(|key| texts.get(&format!("table.{key}")).to_owned()).collect(),
        text_columns: headings.len(),
        rows,
        ..Table::default()
    };
    terminal::print_table(&table, global.printing())
}
