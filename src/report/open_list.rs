//! The list of open cases as a page, to read, search and print.

use super::document::{Block, Document, Section};
use super::html::Pages;
use super::look::Look;
use super::templates::Templates;
use crate::date::Day;
use crate::error::Error;
use crate::language::Language;
use crate::table::Table;
use crate::text::{Texts, fill};

/// What stands above and below a list on its page.
pub struct ListPage<'a> {
    /// The unit that it is of; all of them without one.
    pub unit: Option<&'a str>,
    /// Whose cases they are.
    pub organisation: Option<&'a str>,
    /// The day from which days are counted.
    pub as_of: Day,
    /// The version of the rulebook.
    pub rulebook: &'a str,
    /// The language.
    pub language: Language,
}

impl ListPage<'_> {
    /// The page of a list.
    ///
    /// # Errors
    /// None with the built-in templates, which it is made with.
    pub fn of(&self, list: &Table) -> Result<Vec<u8>, Error> {
        let (look, templates) = (Look::default(), Templates::built_in());
        Pages::new(&look, &templates, self.language)?.html(&self.document(list).printable(), "")
    }

    fn document(&self, list: &Table) -> Document {
        let texts = Texts::of(self.language);
        let title = texts.get("open-list.title").to_owned();
        let (version, rulebook) = (env!("CARGO_PKG_VERSION"), self.rulebook);
        let count = texts.count(list.rows.len() as u64);
        let block = match list.rows.is_empty() {
            true => Block::plain(texts.get("open-list.none")),
            false => Block::table(list, texts),
        };
        Document {
            name: "open".into(),
            language: texts.language().tag(),
            title: self.unit.map_or(title, |unit| fill!(texts, "open-list.unit-title", unit)),
            organisation: self.organisation.map(str::to_owned),
            subtitle: fill!(texts, "open-list.subtitle", as_of = texts.long_date(self.as_of), count),
            date: self.as_of.to_string(),
            notice: texts.get("open-list.notice").to_owned(),
            internal: true,
            sections: vec![Section {
                id: "list".into(),
                heading: texts.get("open-list.heading").to_owned(),
                blocks: vec![block],
                ..Section::default()
            }],
            made_by: fill!(texts, "report.made-by", version, rulebook),
        }
    }
}
