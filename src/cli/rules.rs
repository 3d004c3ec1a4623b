//! `frist rules`: the rulebook.

use super::{Global, terminal};
use crate::error::Error;
use crate::report::tables::Table;
use crate::report::validity;
use crate::text::Texts;

/// Does it.
pub fn run(global: &Global) -> Result<(), Error> {
    let texts = Texts::of(global.lang.unwrap_or_default());
    let rulebook = global.rules()?;
    let headings = ["rule", "name", "method", "reference", "roll", "cohort", "valid", "verified", "law"];
    let mut rows = Vec::new();
    for rule in &rulebook.rules {
        for law in &rule.laws {
            rows.push(vec![
                rule.id.clone(),
                rule.name.text(texts.language()).to_owned(),
                texts.clock(law.method),
                rule.reference.map_or(texts.get("table.none").to_owned(), |clock| texts.clock(clock)),
                texts
                    .get(if rule.roll == crate::rulebook::Roll::None {
                        "roll.none"
                    } else {
                        "roll.next-weekday"
                    })
                    .to_owned(),
                texts.get(&format!("cohort.{}", rule.cohort.id())).to_owned(),
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
