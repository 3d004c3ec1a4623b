//! Trials: templates of a municipality's own are filled in with a small document before the work begins.

use std::path::PathBuf;

use super::document::{Block, Document, Entry, Section, Span};
use super::html;
use super::look::Look;
#[cfg(feature = "pdf")]
use super::pdf;
use super::templates::Templates;
use crate::error::Error;
use crate::language::Language;
use crate::table::{Cell, Table};
use crate::text::Texts;

impl Templates {
    /// The templates, with files in the place of those of the same name, which are tried on a small document: what cannot be read
    /// or does not end is refused whatever forms are asked for.
    ///
    /// # Errors
    /// [`Error::UnusableTemplate`] when a file is the template of nothing, its name may be misspelt, or fails the trial.
    pub fn with(self, files: Vec<(PathBuf, String)>) -> Result<Templates, Error> {
        let templates = self.replaced(files)?;
        try_out(&templates)?;
        Ok(templates)
    }
}

/// Fills in every kind of template that is not built in, whatever forms are asked for.
///
/// # Errors
/// [`Error::UnusableTemplate`] when one cannot be read, or does not end.
fn try_out(templates: &Templates) -> Result<(), Error> {
    let (look, language) = (Look::default(), Language::Sv);
    if templates.are_own(".jinja") {
        html::try_out(small(), &look, templates, language)?;
    }
    #[cfg(feature = "pdf")]
    if templates.are_own(".typ") {
        pdf::try_out(small(), &look, templates, language)?;
    }
    Ok(())
}

/// A document with a block of each kind but pictures.
fn small() -> Document {
    let words = |text: &str| text.to_owned();
    let mut table = Table::new("table", "Tabell").text_columns(1);
    table = table.column("period", "Period").column("count", "Antal");
    table.push(vec![Cell::text("2024-T2"), Cell::Count(3)]);
    table.push(vec![Cell::text("2024-T1"), Cell::Count(4)]);
    let meaning = Entry { id: None, term: words("Ord"), paragraphs: vec![vec![Span::plain("Betydelse.")]] };
    let inner = Section {
        id: words("inner"),
        heading: words("Underrubrik"),
        blocks: vec![Block::table(&table, Texts::of(Language::Sv))],
        ..Section::default()
    };
    let outer = Section {
        id: words("outer"),
        heading: words("Rubrik"),
        blocks: vec![
            Block::lead("Ingress."),
            Block::plain("Text."),
            Block::Bullets { items: vec![vec![Span::plain("Punkt")]] },
            Block::Definitions { entries: vec![meaning] },
        ],
        sections: vec![inner],
        ..Section::default()
    };
    Document {
        name: words("report"),
        language: "sv",
        title: words("Rapport"),
        organisation: Some(words("Nämnden")),
        subtitle: words("2024"),
        date: words("2024-08-31"),
        notice: words("Internt."),
        internal: true,
        sections: vec![outer],
        made_by: words("frist"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_templates_hold_with_the_small_document() {
        let (look, templates) = (Look::default(), Templates::built_in());
        let page = html::Pages::new(&look, &templates, Language::Sv)
            .and_then(|pages| pages.html(&small(), ""))
            .expect("a page");
        assert!(String::from_utf8(page).expect("UTF-8").contains("Underrubrik"));
        #[cfg(feature = "pdf")]
        pdf::pdf(&small().on_paper(), &look, &templates, Texts::of(Language::Sv)).expect("a PDF");
    }
}
