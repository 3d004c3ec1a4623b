//! Word: a document as .docx, for those who send it on or write in it.
//!
//! Written by hand rather than with a crate, for what published documents must have: languages, descriptions
//! of pictures and tables, heading rows, the same bytes for the same figures. Nothing in it makes Word ask
//! its reader, and nothing leads out of it.

mod body;
mod frame;
mod inline;
mod parts;
mod styles;
mod table;
mod template;
mod xml;

pub use frame::Words;
pub use template::{Template, TemplateProblem};

use self::body::Body;
use self::parts::{MarginReference, word};
use self::template::{Margin, Page};
use super::document::Paper;
use super::look::Look;
use super::office::package::{Part, archive};
use super::office::properties::{app, core};

/// Why nothing can be wrong with a template's parts.
const READ: &str = "a template is read only when it is well-formed";

/// The document as .docx, in the look of a template when there is one. `pictures` gives the PNG of a figure
/// by its name, in its wide shape; a figure without one is described in words.
pub fn docx(
    paper: &Paper,
    pictures: &dyn Fn(&str) -> Option<Vec<u8>>,
    look: &Look,
    words: &Words<'_>,
    template: Option<&Template>,
) -> Vec<u8> {
    let document = paper.document();
    let language = document.locale();
    let page = template.map_or(&Page::A4, |template| &template.page);

    let known = template.and_then(|template| template.numbering.as_ref());
    let (xml, number) = frame::numbering(known.map(Part::text)).expect(READ);
    let numbering = with_text(known, "numbering", xml);
    let known = template.map(|template| &template.styles);
    let styles = styles::styles(known.map(Part::text), look, number, language).expect(READ);
    let style_part = with_text(known, "styles", styles.xml.clone());

    let mut package = Package::new();
    package.add("styles", style_part);
    package.add("numbering", numbering);
    package.add("settings", frame::settings(language, page.even_differ));
    if let Some(template) = template {
        package.add_template(template);
    }
    if package.lacks("header")
        && let Some((header, logo)) = frame::header(document, look, words, &styles, page)
    {
        package.add_margin("header", header, page);
        package.others.extend(logo);
    }
    if package.lacks("footer") {
        package.add_margin("footer", frame::footer(document, words, &styles, page), page);
    }
    let Package { main, mut others, margins } = package;
    let (main, figures) =
        Body::new(document, pictures, &styles, look, page, main).write(document, words, &margins);
    others.extend(figures);
    others.extend([core(document), app()]);
    archive(&main, &others, &document.date)
}

/// The document part, what it refers to, and where its headers and footers go.
struct Package {
    main: Part,
    others: Vec<Part>,
    margins: Vec<MarginReference>,
}

impl Package {
    fn new() -> Package {
        let main = word("document.xml", "document.main", String::new());
        Package { main, others: Vec::new(), margins: Vec::new() }
    }

    fn add(&mut self, kind: &str, part: Part) -> String {
        let id = self.main.refer(kind, &part.name);
        self.others.push(part);
        id
    }

    fn add_template(&mut self, template: &Template) {
        for (kind, part) in &template.others {
            self.add(kind, part.clone());
        }
        for Margin { kind, pages, part } in &template.margins {
            let id = self.add(kind, part.clone());
            self.margins.push(MarginReference { kind, pages: pages.clone(), id });
        }
        self.others.extend(template.media.iter().cloned());
    }

    fn lacks(&self, kind: &str) -> bool {
        self.margins.iter().all(|margin| margin.kind != kind)
    }

    /// A header or footer of ours, the same on all pages.
    fn add_margin(&mut self, kind: &'static str, part: Part, page: &Page) {
        let id = self.add(kind, part);
        for (pages, differ) in [("default", true), ("first", page.first_differs), ("even", page.even_differ)]
        {
            if differ {
                self.margins.push(MarginReference { kind, pages: pages.to_owned(), id: id.clone() });
            }
        }
    }
}

/// A template's part with its text changed, or one of our own.
fn with_text(known: Option<&Part>, kind: &str, xml: String) -> Part {
    match known {
        Some(part) => Part { bytes: xml.into_bytes(), ..part.clone() },
        None => word(&format!("{kind}.xml"), kind, xml),
    }
}

#[cfg(test)]
pub(super) mod tests;
