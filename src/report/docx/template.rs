//! Templates: the parts of a municipality's own .docx that a report reuses, and why one is refused.
//!
//! Taken are styles, theme, fonts, lists, page, headers and footers; its text is not. A report must not
//! fetch or run anything, so neither must what it takes.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use zip::ZipArchive;
use zip::result::ZipError;

use super::parts::WORD_TYPE;
use super::xml::{WORD, attribute, closing, elements, is_on, parsed};
use crate::report::office::package::{Part, RELATIONS, Relation};
use crate::xml::{Document, Node, XmlFlaw};

/// Why a template is not used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TemplateProblem {
    /// No .docx or .dotx.
    NotWord,
    /// It is encrypted.
    Encrypted,
    /// It holds macros, or its header or footer an embedded object.
    Active,
    /// Its header, footer or styles fetch something from elsewhere, or lead there.
    External,
    /// It inflates to more than 50 MB, or a part of it that is text to more than 10 MB.
    TooLarge,
    /// Cut off, or not what it says it is.
    Damaged,
}

impl TemplateProblem {
    /// Every problem, in order.
    pub const ALL: [TemplateProblem; 6] = [
        TemplateProblem::NotWord,
        TemplateProblem::Encrypted,
        TemplateProblem::Active,
        TemplateProblem::External,
        TemplateProblem::TooLarge,
        TemplateProblem::Damaged,
    ];

    /// Stable code: the key of its sentence in the text catalogues.
    pub fn id(self) -> &'static str {
        match self {
            TemplateProblem::NotWord => "template-not-word",
            TemplateProblem::Encrypted => "template-encrypted",
            TemplateProblem::Active => "template-active",
            TemplateProblem::External => "template-external",
            TemplateProblem::TooLarge => "template-too-large",
            TemplateProblem::Damaged => "template-damaged",
        }
    }
}

impl From<XmlFlaw> for TemplateProblem {
    fn from(_: XmlFlaw) -> TemplateProblem {
        TemplateProblem::Damaged
    }
}

/// The parts of a template that a report reuses.
#[derive(Debug, Clone)]
pub struct Template {
    pub(super) styles: Part,
    pub(super) numbering: Option<Part>,
    /// Theme and fonts, with the kind of their relation to the document.
    pub(super) others: Vec<(String, Part)>,
    pub(super) margins: Vec<Margin>,
    /// Pictures and fonts that the parts above refer to.
    pub(super) media: Vec<Part>,
    pub(super) page: Page,
}

/// A header or footer.
#[derive(Debug, Clone)]
pub(super) struct Margin {
    /// `header` or `footer`.
    pub kind: &'static str,
    /// The pages that have it: `default`, `first` or `even`.
    pub pages: String,
    pub part: Part,
}

/// A page, in twentieths of a point.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Page {
    pub width: i32,
    pub height: i32,
    pub top: i32,
    pub right: i32,
    pub bottom: i32,
    pub left: i32,
    pub header: i32,
    pub footer: i32,
    /// The first page has a header and footer of its own.
    pub first_differs: bool,
    /// Even pages have.
    pub even_differ: bool,
}

impl Page {
    /// A4 with margins of 2.5 cm.
    pub const A4: Page = Page {
        width: 11906,
        height: 16838,
        top: 1417,
        right: 1417,
        bottom: 1417,
        left: 1417,
        header: 680,
        footer: 680,
        first_differs: false,
        even_differ: false,
    };

    /// The room between the margins.
    pub fn text_width(&self) -> i32 {
        self.width - self.left - self.right
    }

    /// Between 6 cm and half a metre of text: Word opens no page beyond 22 inches.
    fn is_sane(&self) -> bool {
        let inside = [self.top, self.right, self.bottom, self.left, self.header, self.footer];
        (3400..=31680).contains(&self.width)
            && (3400..=31680).contains(&self.height)
            && inside.iter().all(|margin| (-31680..=31680).contains(margin))
            && (3400..=self.width).contains(&self.text_width())
            && self.height - self.top.abs() - self.bottom.abs() >= 3400
    }
}

/// More than any template needs.
const MOST_BYTES: u64 = 50_000_000;
/// The same for a part that is text.
const MOST_TEXT: u64 = 10_000_000;
/// The same for the number of its parts.
const MOST_PARTS: usize = 2_000;
/// Old Office files and encrypted new ones begin so.
const COMPOUND: [u8; 8] = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
/// The namespace of references to other parts.
const REFERENCES: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
/// Fields that fetch or call when Word shows or updates them.
const FETCHING: [&str; 9] =
    ["INCLUDEPICTURE", "INCLUDETEXT", "INCLUDE", "IMPORT", "LINK", "DDE", "DDEAUTO", "DATABASE", "HYPERLINK"];

impl Template {
    /// Takes from the bytes of a .docx or .dotx what a report needs.
    pub fn read(bytes: &[u8]) -> Result<Template, TemplateProblem> {
        let mut source = Source::open(bytes)?;
        let main = source.main.clone();
        let relations = source.relations(&main)?;
        let of_kind = |kind: &str| relations.iter().find(|relation| relation.kind == kind);
        let mut taken = Taken::default();
        let styles = of_kind("styles").ok_or(TemplateProblem::Damaged)?;
        let styles = taken.take(&mut source, styles, "styles.xml", &word_type("styles"))?;
        check_root(styles.text(), "styles")?;
        let numbering = of_kind("numbering")
            .map(|found| taken.take(&mut source, found, "numbering.xml", &word_type("numbering")))
            .transpose()?;
        if let Some(part) = &numbering {
            check_root(part.text(), "numbering")?;
        }
        let mut others = Vec::new();
        let theme_type = "application/vnd.openxmlformats-officedocument.theme+xml";
        for (kind, name, content_type) in
            [("theme", "theme1.xml", theme_type), ("fontTable", "fontTable.xml", &word_type("fontTable"))]
        {
            if let Some(found) = of_kind(kind) {
                others.push((kind.to_owned(), taken.take(&mut source, found, name, content_type)?));
            }
        }
        let even_differ = match of_kind("settings") {
            Some(settings) => {
                let settings = source.text(&settings.target)?;
                elements(parsed(&settings)?.root_element(), "evenAndOddHeaders").any(is_on)
            }
            None => false,
        };
        let document = source.text(&main)?;
        let (page, references) = last_section(&parsed(&document)?);
        let mut margins = Vec::new();
        for ((kind, pages), id) in references {
            let found = relations
                .iter()
                .find(|relation| relation.id == id && relation.kind == kind)
                .ok_or(TemplateProblem::Damaged)?;
            let name = format!("{kind}-{pages}.xml");
            let part = taken.take(&mut source, found, &name, &word_type(kind))?;
            margins.push(Margin { kind, pages, part });
        }
        let page = Page { even_differ, ..page };
        Ok(Template { styles, numbering, others, margins, media: taken.media, page })
    }
}

fn word_type(kind: &str) -> String {
    format!("{WORD_TYPE}{kind}+xml")
}

/// The root has this name, the namespace of Word by its usual prefix, and content: there is room for ours.
fn check_root(text: &str, name: &'static str) -> Result<(), TemplateProblem> {
    let read = parsed(text)?;
    let root = read.root_element();
    let has_prefix = root.lookup_namespace_uri(Some("w")) == Some(WORD);
    let is_right = root.has_tag_name((WORD, name)) && has_prefix && closing(text, root).is_some();
    if is_right { Ok(()) } else { Err(TemplateProblem::Damaged) }
}

type References = BTreeMap<(&'static str, String), String>;

/// The page of the last section and its headers and footers. A section inherits those that it does not name.
fn last_section(document: &Document<'_>) -> (Page, References) {
    let is_former =
        |section: &Node<'_, '_>| section.ancestors().any(|outer| outer.has_tag_name((WORD, "sectPrChange")));
    let mut page = Page::A4;
    let mut references = References::new();
    for section in elements(document.root_element(), "sectPr").filter(|section| !is_former(section)) {
        page = Page::A4;
        section.children().for_each(|property| take_property(property, &mut page, &mut references));
    }
    let first_differs = page.first_differs;
    (if page.is_sane() { page } else { Page { first_differs, ..Page::A4 } }, references)
}

fn take_property(property: Node<'_, '_>, page: &mut Page, references: &mut References) {
    let number = |name: &'static str, other: i32| {
        attribute(property, name).and_then(|number| number.parse().ok()).unwrap_or(other)
    };
    match property.tag_name().name() {
        "pgSz" => {
            page.width = number("w", page.width);
            page.height = number("h", page.height);
        }
        "pgMar" => {
            page.top = number("top", page.top);
            page.right = number("right", page.right);
            page.bottom = number("bottom", page.bottom);
            page.left = number("left", page.left) + number("gutter", 0).clamp(0, 2880);
            page.header = number("header", page.header).max(0);
            page.footer = number("footer", page.footer).max(0);
        }
        "titlePg" => page.first_differs = is_on(property),
        "headerReference" => references.extend(reference("header", property)),
        "footerReference" => references.extend(reference("footer", property)),
        _ => {}
    }
}

fn reference(kind: &'static str, property: Node<'_, '_>) -> Option<((&'static str, String), String)> {
    let pages = attribute(property, "type").filter(|pages| matches!(*pages, "default" | "first" | "even"))?;
    Some(((kind, pages.to_owned()), property.attribute((REFERENCES, "id"))?.to_owned()))
}

/// Parts that are taken, under names of our own: a template's names could be those of our parts.
#[derive(Default)]
struct Taken {
    media: Vec<Part>,
    /// Where pictures and fonts went, by their name in the template.
    names: BTreeMap<String, String>,
}

impl Taken {
    fn take(
        &mut self,
        source: &mut Source<'_>,
        found: &Relation,
        name: &str,
        content_type: &str,
    ) -> Result<Part, TemplateProblem> {
        let text = source.text(&found.target)?;
        if fetches(&text)? {
            return Err(TemplateProblem::External);
        }
        let mut relations = source.relations(&found.target)?;
        for relation in &mut relations {
            match &*relation.kind {
                "image" | "font" => relation.target = self.take_medium(source, &relation.target)?,
                _ => return Err(TemplateProblem::Active),
            }
        }
        let (name, content_type) = (format!("word/{name}"), content_type.to_owned());
        Ok(Part { name, content_type, bytes: text.into_bytes(), relations })
    }

    fn take_medium(&mut self, source: &mut Source<'_>, target: &str) -> Result<String, TemplateProblem> {
        if let Some(name) = self.names.get(target) {
            return Ok(name.clone());
        }
        let content_type = source.content_type(target);
        let ending = match &*content_type {
            "image/png" => "png",
            "image/jpeg" | "image/jpg" => "jpeg",
            "image/gif" => "gif",
            "image/bmp" => "bmp",
            "image/tiff" => "tiff",
            "image/svg+xml" => "svg",
            "image/x-emf" => "emf",
            "image/x-wmf" => "wmf",
            "application/vnd.openxmlformats-officedocument.obfuscatedFont" => "odttf",
            _ => return Err(TemplateProblem::Active),
        };
        let name = format!("word/media/template{}.{ending}", self.media.len() + 1);
        let bytes = source.bytes(target)?;
        if ending == "svg" {
            check_svg(&bytes)?;
        }
        self.media.push(Part { name: name.clone(), content_type, bytes, relations: Vec::new() });
        self.names.insert(target.to_owned(), name.clone());
        Ok(name)
    }
}

/// An SVG leads nowhere and runs nothing. What Word's own have that a logo may not have, such as shadows, may stay:
/// whoever opens the report has the template's look already.
fn check_svg(bytes: &[u8]) -> Result<(), TemplateProblem> {
    let text = std::str::from_utf8(bytes).map_err(|_| TemplateProblem::Damaged)?;
    match crate::chart::leads_out(text) {
        Some(true) => Err(TemplateProblem::External),
        Some(false) => Ok(()),
        None => Err(TemplateProblem::Damaged),
    }
}

/// Some field in it fetches or leads elsewhere. Word may cut a field's words into several runs.
fn fetches(text: &str) -> Result<bool, TemplateProblem> {
    let mut words = String::new();
    for node in parsed(text)?.descendants() {
        match node.tag_name().name() {
            "instrText" => {
                words.extend(node.descendants().filter(Node::is_text).filter_map(|text| text.text()))
            }
            "fldChar" => words.push(' '),
            _ => {}
        }
        words.extend(attribute(node, "instr").map(|words| format!(" {words} ")));
    }
    let words = words.to_uppercase();
    Ok(words.split_whitespace().any(|word| FETCHING.contains(&word)))
}

/// The template's archive, with what may still be inflated.
struct Source<'a> {
    zip: ZipArchive<Cursor<&'a [u8]>>,
    left: u64,
    main: String,
    types: BTreeMap<String, String>,
}

impl<'a> Source<'a> {
    fn open(bytes: &'a [u8]) -> Result<Source<'a>, TemplateProblem> {
        if bytes.starts_with(&COMPOUND) {
            let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
            let is_encrypted = bytes.windows(name.len()).any(|window| window == name);
            return Err(if is_encrypted { TemplateProblem::Encrypted } else { TemplateProblem::NotWord });
        }
        let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|_| TemplateProblem::NotWord)?;
        if zip.len() > MOST_PARTS {
            return Err(TemplateProblem::TooLarge);
        }
        let mut declared: u64 = 0;
        for index in 0..zip.len() {
            let entry = zip.by_index_raw(index).map_err(|_| TemplateProblem::Damaged)?;
            declared = declared.saturating_add(entry.size());
            let name = entry.name().map_err(|_| TemplateProblem::Damaged)?;
            if name.to_lowercase().contains("vbaproject") {
                return Err(TemplateProblem::Active);
            }
        }
        if declared > MOST_BYTES {
            return Err(TemplateProblem::TooLarge);
        }
        let mut source = Source { zip, left: MOST_BYTES, main: String::new(), types: BTreeMap::new() };
        if source.zip.index_for_name("[Content_Types].xml").is_none() {
            return Err(TemplateProblem::NotWord);
        }
        source.types = content_types(&source.text("[Content_Types].xml")?)?;
        let main = source.relations("")?.into_iter().find(|relation| relation.kind == "officeDocument");
        source.main = main.ok_or(TemplateProblem::NotWord)?.target;
        match &*source.content_type(&source.main) {
            kind if kind.contains("macroEnabled") => return Err(TemplateProblem::Active),
            kind if kind == word_type("document.main") || kind == word_type("template.main") => {}
            _ => return Err(TemplateProblem::NotWord),
        }
        let document = source.text(&source.main.clone())?;
        check_root(&document, "document").map_err(|_| TemplateProblem::NotWord)?;
        Ok(source)
    }

    fn content_type(&self, name: &str) -> String {
        let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending).to_lowercase();
        let found = self.types.get(&format!("/{name}")).or_else(|| self.types.get(&ending));
        found.cloned().unwrap_or_default()
    }

    fn bytes(&mut self, name: &str) -> Result<Vec<u8>, TemplateProblem> {
        self.bytes_up_to(name, self.left)
    }

    fn bytes_up_to(&mut self, name: &str, most: u64) -> Result<Vec<u8>, TemplateProblem> {
        let most = most.min(self.left);
        let entry = self.zip.by_name(name).map_err(|error| match error {
            ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => TemplateProblem::Encrypted,
            _ => TemplateProblem::Damaged,
        })?;
        let mut bytes = Vec::new();
        // An entry may hold more than it declares.
        entry.take(most + 1).read_to_end(&mut bytes).map_err(|_| TemplateProblem::Damaged)?;
        if bytes.len() as u64 > most {
            return Err(TemplateProblem::TooLarge);
        }
        self.left -= bytes.len() as u64;
        Ok(bytes)
    }

    fn text(&mut self, name: &str) -> Result<String, TemplateProblem> {
        let text =
            String::from_utf8(self.bytes_up_to(name, MOST_TEXT)?).map_err(|_| TemplateProblem::Damaged)?;
        Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
    }

    /// What a part refers to, by name; the root's with an empty name. What leads elsewhere has no place in a
    /// part that is taken, but the text may hold links: it stays behind.
    fn relations(&mut self, name: &str) -> Result<Vec<Relation>, TemplateProblem> {
        let file = Part::relations_name(name);
        if self.zip.index_for_name(&file).is_none() {
            return Ok(Vec::new());
        }
        let text = self.text(&file)?;
        let folder = name.rsplit_once('/').map_or("", |(folder, _)| folder);
        let mut relations = Vec::new();
        for found in parsed(&text)?.descendants().filter(|node| node.tag_name().name() == "Relationship") {
            if found.attribute("TargetMode") == Some("External") {
                match name == self.main || name.is_empty() {
                    true => continue,
                    false => return Err(TemplateProblem::External),
                }
            }
            let of = |key: &'static str| found.attribute(key).ok_or(TemplateProblem::Damaged);
            let (id, kind, target) = (of("Id")?.to_owned(), of("Type")?, of("Target")?);
            // Relations of other standards are none that we need, except in a part that is taken whole.
            let kind = kind.strip_prefix(RELATIONS).unwrap_or("other").to_owned();
            relations.push(Relation { id, kind, target: resolved(folder, target)? });
        }
        Ok(relations)
    }
}

fn content_types(text: &str) -> Result<BTreeMap<String, String>, TemplateProblem> {
    let mut types = BTreeMap::new();
    for part in parsed(text)?.root_element().children() {
        let key = match part.tag_name().name() {
            "Default" => part.attribute("Extension").map(str::to_lowercase),
            "Override" => part.attribute("PartName").map(str::to_owned),
            _ => None,
        };
        types.extend(key.zip(part.attribute("ContentType").map(str::to_owned)));
    }
    Ok(types)
}

/// The name of a part that is referred to from a folder.
fn resolved(folder: &str, target: &str) -> Result<String, TemplateProblem> {
    let from_root = target.starts_with('/');
    let mut steps: Vec<&str> = if from_root { Vec::new() } else { folder.split('/').collect() };
    for step in target.split('/') {
        match step {
            "" | "." => {}
            ".." => drop(steps.pop().ok_or(TemplateProblem::Damaged)?),
            step => steps.push(step),
        }
    }
    steps.retain(|step| !step.is_empty());
    Ok(steps.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn in_body(inner: &str) -> String {
        format!("<w:body xmlns:w=\"{WORD}\" xmlns:r=\"{REFERENCES}\">{inner}</w:body>")
    }

    #[test]
    fn targets_are_found_from_the_folder_of_their_part() {
        assert_eq!(resolved("word", "media/a.png").unwrap(), "word/media/a.png");
        assert_eq!(resolved("word", "../media/a.png").unwrap(), "media/a.png");
        assert_eq!(resolved("word", "/word/./a.xml").unwrap(), "word/a.xml");
        assert_eq!(resolved("", "word/document.xml").unwrap(), "word/document.xml");
        assert_eq!(resolved("word", "../../../a"), Err(TemplateProblem::Damaged));
    }

    #[test]
    fn the_last_section_inherits_headers_but_no_page() {
        let text = in_body(
            "<w:sectPr><w:headerReference w:type=\"default\" r:id=\"a\"/><w:titlePg/>\
            <w:pgSz w:w=\"9000\" w:h=\"12000\"/></w:sectPr>\
            <w:sectPr><w:footerReference w:type=\"default\" r:id=\"b\"/>\
            <w:pgMar w:left=\"1000\" w:right=\"1100\"/>\
            <w:sectPrChange><w:sectPr><w:titlePg/></w:sectPr></w:sectPrChange></w:sectPr>",
        );
        let (page, references) = last_section(&parsed(&text).unwrap());
        assert_eq!(page, Page { left: 1000, right: 1100, ..Page::A4 });
        let found: Vec<&str> = references.values().map(String::as_str).collect();
        assert_eq!(found, ["b", "a"]);
    }

    #[test]
    fn a_page_without_room_is_not_taken() {
        let text = in_body("<w:sectPr><w:pgSz w:w=\"2000\" w:h=\"99999999\"/></w:sectPr>");
        assert_eq!(last_section(&parsed(&text).unwrap()).0, Page::A4);
    }

    #[test]
    fn fields_that_fetch_are_found_in_pieces() {
        let pieces =
            "<w:p><w:instrText> INC<!-- -->LUDE</w:instrText><w:instrText>PICTURE x</w:instrText></w:p>";
        assert!(fetches(&in_body(pieces)).unwrap());
        assert!(fetches(&in_body("<w:p><w:fldSimple w:instr=\"dde a b\"/></w:p>")).unwrap());
        assert!(!fetches(&in_body("<w:p><w:instrText> PAGE </w:instrText></w:p>")).unwrap());
    }
}
