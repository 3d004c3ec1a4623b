//! The body: title, contents, sections, and the last line.

use std::collections::BTreeMap;
use std::mem::take;

use super::frame::{PREFIXES, Words};
use super::inline::inline;
use super::parts::{MEDIA, MarginReference};
use super::styles::{
    BULLET, CAPTION, CELL, CONTENTS, CONTENTS_HEADING, FIGURE, HEADINGS, HYPERLINK, LEAD, MADE_BY, MEANING,
    NORMAL, NOTICE, SUBTITLE, Styles, TABLE, TERM, TITLE, TRAIL,
};
use super::table::{self, TableLook, text_run};
use super::template::Page;
use super::xml::property;
use crate::report::document::Table;
use crate::report::document::{Block, Document, Entry, Figure, Role, Section, Span};
use crate::report::look::Look;
use crate::report::office::drawing::Picture;
use crate::report::office::package::{HEAD, Part};
use crate::report::office::xml::push;

/// The most room for a picture: 16 cm wide, and no more height than leaves room on a page for what belongs to it.
const PICTURE: (i32, i32) = (9072, 11000);
/// Between two ways onward.
const BETWEEN_LINKS: &str = " · ";
/// Ids of pictures and bookmarks begin here; a template's header has lower ones.
const FIRST_ID: usize = 1001;

/// A body that is being written.
pub(super) struct Body<'a> {
    pictures: &'a dyn Fn(&str) -> Option<Vec<u8>>,
    styles: &'a Styles,
    look: &'a Look,
    page: &'a Page,
    /// The document part, with what it refers to.
    part: Part,
    media: Vec<Part>,
    /// The ids that something can lead to, with the number of their bookmark and whether it is set.
    targets: BTreeMap<String, (usize, bool)>,
    xml: String,
    /// What comes next stands right below a table, which has no room of its own around it.
    below_table: bool,
}

/// Paragraph properties besides the style, in the order of the standard: what keeps it with the next, its
/// list, its spacing.
#[derive(Default)]
struct Set<'a> {
    keep: bool,
    list: &'a str,
    spacing: &'a str,
}

impl<'a> Body<'a> {
    pub fn new(
        document: &Document,
        pictures: &'a dyn Fn(&str) -> Option<Vec<u8>>,
        styles: &'a Styles,
        look: &'a Look,
        page: &'a Page,
        part: Part,
    ) -> Body<'a> {
        let numbered = document.ids().into_iter().zip(FIRST_ID..);
        let targets = numbered.map(|(id, number)| (id.to_owned(), (number, false))).collect();
        Body {
            pictures,
            styles,
            look,
            page,
            part,
            media: Vec::new(),
            targets,
            xml: String::new(),
            below_table: false,
        }
    }

    /// The document part, and the pictures in it.
    pub fn write(
        mut self,
        document: &Document,
        words: &Words<'_>,
        margins: &[MarginReference],
    ) -> (Part, Vec<Part>) {
        self.text(TITLE, &document.title);
        self.text(SUBTITLE, &document.subtitle);
        self.text(NOTICE, &document.notice);
        self.contents(document, words);
        document.sections.iter().for_each(|section| self.section(section, 0));
        self.text(MADE_BY, &document.made_by);
        let section = section_properties(self.page, margins);
        let xml = format!("{HEAD}<w:document {PREFIXES}><w:body>{}{section}</w:body></w:document>", self.xml);
        (Part { bytes: xml.into_bytes(), ..self.part }, self.media)
    }

    /// A prebuilt table of contents. Only Word knows its page numbers, and it would ask the reader before it
    /// fills them in on opening; so there are none until the reader updates it.
    fn contents(&mut self, document: &Document, words: &Words<'_>) {
        let mut entries = Vec::new();
        for section in &document.sections {
            entries.push((CONTENTS[0], section));
            entries.extend(section.sections.iter().map(|part| (CONTENTS[1], part)));
        }
        let last = entries.len().saturating_sub(1);
        if entries.is_empty() {
            return;
        }
        self.xml.push_str(
            "<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val=\"Table of Contents\"/><w:docPartUnique/>\
             </w:docPartObj></w:sdtPr><w:sdtContent>",
        );
        self.text(CONTENTS_HEADING, words.contents);
        for (index, (style, section)) in entries.into_iter().enumerate() {
            let mut runs = String::new();
            if index == 0 {
                runs.push_str(
                    "<w:r><w:fldChar w:fldCharType=\"begin\"/></w:r>\
                     <w:r><w:instrText xml:space=\"preserve\"> TOC \\o \"1-2\" \\h \\z </w:instrText></w:r>\
                     <w:r><w:fldChar w:fldCharType=\"separate\"/></w:r>",
                );
            }
            let run = text_run(&section.heading, "");
            match self.anchor(&section.id) {
                Some(name) => runs.push_str(&leading_to(&name, &run)),
                None => runs.push_str(&run),
            }
            if index == last {
                runs.push_str("<w:r><w:fldChar w:fldCharType=\"end\"/></w:r>");
            }
            self.paragraph(style, &Set::default(), &runs);
        }
        self.xml.push_str("</w:sdtContent></w:sdt>");
    }

    fn section(&mut self, section: &Section, level: usize) {
        let bookmark = self.bookmark(&section.id);
        let style = HEADINGS[level.min(HEADINGS.len() - 1)];
        self.paragraph(style, &Set::default(), &format!("{bookmark}{}", text_run(&section.heading, "")));
        for (index, block) in section.blocks.iter().enumerate() {
            // What stands between a heading and a table or chart stays with both.
            let next = section.blocks.get(index + 1);
            let leads = index == 0 && matches!(next, Some(Block::Table(_) | Block::Figure(_)));
            self.block(block, leads);
        }
        section.sections.iter().for_each(|section| self.section(section, level + 1));
    }

    fn block(&mut self, block: &Block, leads: bool) {
        match block {
            Block::Paragraph { role: Role::Plain, spans } => self.spans(NORMAL, spans, leads),
            Block::Paragraph { role: Role::Lead, spans } => self.spans(LEAD, spans, true),
            Block::Paragraph { role: Role::Trail, spans } => self.trail(spans, true),
            Block::Bullets { items } => self.bullets(items),
            Block::Definitions { entries } => entries.iter().for_each(|entry| self.definition(entry)),
            Block::Table(table) => self.table(table),
            Block::Figure(figure) => self.figure(figure),
        }
    }

    fn bullets(&mut self, items: &[Vec<Span>]) {
        // The number of our list, where a template's style has no bullets.
        let list = match self.styles.bullets_in_paragraphs {
            true => {
                format!("<w:numPr><w:ilvl w:val=\"0\"/><w:numId w:val=\"{}\"/></w:numPr>", self.styles.list)
            }
            false => String::new(),
        };
        for item in items {
            let runs = self.runs(item);
            self.paragraph(BULLET, &Set { list: &list, ..Set::default() }, &runs);
        }
    }

    fn definition(&mut self, entry: &Entry) {
        let bookmark = entry.id.as_deref().map_or(String::new(), |id| self.bookmark(id));
        let term = text_run(&entry.term, "");
        self.paragraph(TERM, &Set::default(), &format!("{bookmark}{term}"));
        entry.paragraphs.iter().for_each(|spans| self.spans(MEANING, spans, false));
    }

    fn table(&mut self, table: &Table) {
        let bookmark = self.bookmark(&table.id);
        let caption = format!("{bookmark}{}", text_run(&table.caption, ""));
        self.paragraph(CAPTION, &Set { keep: true, ..Set::default() }, &caption);
        let look = TableLook {
            table_style: self.styles.id(TABLE),
            cell_style: self.styles.id(CELL),
            ground: self.look.ground(),
            width: self.page.text_width(),
            letters: self.styles.letters,
        };
        let xml = table::element(table, &look, |row, properties| self.first_cell(table, row, properties));
        self.xml.push_str(&xml);
        self.below_table = true;
        self.trail(&table.trail, false);
    }

    fn first_cell(&mut self, table: &Table, row: usize, properties: &str) -> String {
        let bookmark = table.row_ids.get(row).map_or(String::new(), |id| self.bookmark(id));
        let text = table.rows[row].first().map_or("", String::as_str);
        let link = table.links.get(row).and_then(Option::as_ref);
        let run = match link.and_then(|to| self.anchor(&to.id)) {
            Some(name) => leading_to(&name, &text_run(text, &format!("{}{properties}", self.link_style()))),
            None => text_run(text, properties),
        };
        format!("{bookmark}{run}")
    }

    fn figure(&mut self, figure: &Figure) {
        let bookmark = self.bookmark(&figure.id);
        let png = (self.pictures)(&figure.name);
        let Some((picture, png)) = png.and_then(|png| Some((Picture::png(&png)?, png))) else {
            let title = text_run(&figure.title, "");
            self.paragraph(CAPTION, &Set { keep: true, ..Set::default() }, &format!("{bookmark}{title}"));
            self.text(NORMAL, &figure.description);
            return;
        };
        let number = self.media.len() + 1;
        let medium = Part::png(format!("{MEDIA}figure{number}.png"), png);
        let relation = self.part.refer("image", &medium.name);
        self.media.push(medium);
        let size = picture.within(PICTURE.0.min(self.page.text_width()), PICTURE.1);
        let run = inline(size, &relation, FIRST_ID + number, &figure.name, &figure.alternative());
        self.paragraph(FIGURE, &Set::default(), &format!("{bookmark}{run}"));
    }

    /// Links to what stands behind figures, with the name before them; those below a heading stay with what follows them.
    fn trail(&mut self, spans: &[Span], keep: bool) {
        let mut runs = String::new();
        for (index, span) in spans.iter().enumerate() {
            if index > 0 && span.link.is_some() && spans[index - 1].link.is_some() {
                runs.push_str(&text_run(BETWEEN_LINKS, ""));
            }
            runs.push_str(&self.run(span));
        }
        if !runs.is_empty() {
            self.paragraph(TRAIL, &Set { keep, ..Set::default() }, &runs);
        }
    }

    fn spans(&mut self, style: &str, spans: &[Span], keep: bool) {
        let runs = self.runs(spans);
        if !runs.is_empty() {
            self.paragraph(style, &Set { keep, ..Set::default() }, &runs);
        }
    }

    fn runs(&self, spans: &[Span]) -> String {
        spans.iter().map(|span| self.run(span)).collect()
    }

    fn run(&self, span: &Span) -> String {
        let strong = if span.strong { "<w:b/>" } else { "" };
        match span.link.as_ref().and_then(|to| self.anchor(&to.id)) {
            Some(name) => leading_to(&name, &text_run(&span.text, &format!("{}{strong}", self.link_style()))),
            None => text_run(&span.text, strong),
        }
    }

    /// A paragraph of plain text; none when there is no text.
    fn text(&mut self, style: &str, text: &str) {
        if !text.is_empty() {
            self.paragraph(style, &Set::default(), &text_run(text, ""));
        }
    }

    fn paragraph(&mut self, style: &str, set: &Set<'_>, runs: &str) {
        let is_apart = HEADINGS.contains(&style) || style == CAPTION;
        let spacing = match take(&mut self.below_table) {
            true if !is_apart && set.spacing.is_empty() => "<w:spacing w:before=\"160\"/>",
            _ => set.spacing,
        };
        let keep = if set.keep { "<w:keepNext/>" } else { "" };
        let style = property("pStyle", self.styles.id(style));
        push!(self.xml, "<w:p><w:pPr>{style}{keep}{}{spacing}</w:pPr>{runs}</w:p>", set.list);
    }

    fn link_style(&self) -> String {
        property("rStyle", self.styles.id(HYPERLINK))
    }

    /// The bookmark at an id of this document.
    fn anchor(&self, id: &str) -> Option<String> {
        let (number, _) = self.targets.get(id)?;
        Some(bookmark_name(*number))
    }

    /// The bookmark of an id, once.
    fn bookmark(&mut self, id: &str) -> String {
        match self.targets.get_mut(id) {
            Some((number, is_set)) if !*is_set => {
                *is_set = true;
                format!(
                    "<w:bookmarkStart w:id=\"{number}\" w:name=\"{}\"/><w:bookmarkEnd w:id=\"{number}\"/>",
                    bookmark_name(*number)
                )
            }
            _ => String::new(),
        }
    }
}

/// Word takes no more than 40 letters, and hides a name that begins so from the reader.
fn bookmark_name(number: usize) -> String {
    format!("_frist_{number}")
}

fn leading_to(name: &str, run: &str) -> String {
    if run.is_empty() {
        return String::new();
    }
    format!("<w:hyperlink w:anchor=\"{name}\" w:history=\"1\">{run}</w:hyperlink>")
}

fn section_properties(page: &Page, margins: &[MarginReference]) -> String {
    let mut xml = "<w:sectPr>".to_owned();
    for MarginReference { kind, pages, id } in margins {
        push!(xml, "<w:{kind}Reference w:type=\"{pages}\" r:id=\"{id}\"/>");
    }
    let orientation = if page.width > page.height { " w:orient=\"landscape\"" } else { "" };
    push!(xml, "<w:pgSz w:w=\"{}\" w:h=\"{}\"{orientation}/>", page.width, page.height);
    push!(
        xml,
        "<w:pgMar w:top=\"{}\" w:right=\"{}\" w:bottom=\"{}\" w:left=\"{}\" w:header=\"{}\" w:footer=\"{}\" \
         w:gutter=\"0\"/>",
        page.top,
        page.right,
        page.bottom,
        page.left,
        page.header,
        page.footer
    );
    if page.first_differs {
        xml.push_str("<w:titlePg/>");
    }
    xml.push_str("</w:sectPr>");
    xml
}
