//! `report.pdf`: a document set by typst as an accessible PDF (ISO 14289-1, PDF/UA-1).
//!
//! The template is `templates/document.typ`; everything else reaches it as data, so that no text is read as
//! markup. typst refuses what breaks PDF/UA.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Serialize;
use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Duration, Smart};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Feature, Library, LibraryExt, World, WorldExt};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

use super::bounded::{SETTING, TRIAL};
use super::document::{Document, Paper};
use super::look::Look;
use super::packed::packed;
use super::templates::{ENDLESS, Templates, endless_only};
use crate::chart;
use crate::error::Error;
use crate::language::Language;
use crate::text::Texts;

/// The template of a printed document.
const TEMPLATE: &str = "document.typ";

/// What the template is told.
#[derive(Serialize)]
struct Data<'a> {
    document: &'a Document,
    words: Words<'a>,
    look: DataLook,
}

#[derive(Serialize)]
struct Words<'a> {
    contents: &'a str,
    page_of: &'a str,
    table: &'a str,
}

#[derive(Serialize)]
struct DataLook {
    colour: String,
    logo: Option<String>,
    logo_alt: String,
}

/// Sets a document. A template of the municipality's own is worked on within bounds.
///
/// # Errors
/// [`Error::UnusableTemplate`] when a template of the municipality's own is at fault.
pub fn pdf(paper: &Paper, look: &Look, templates: &Templates, texts: &Texts) -> Result<Vec<u8>, Error> {
    let document = paper.document().clone();
    if templates.are_own(TEMPLATE) {
        let (look, language) = (look.clone(), texts.language());
        templates
            .within(TEMPLATE, SETTING, move |templates| set(document, &look, templates, Texts::of(language)))
    } else {
        set(document, look, templates, texts)
    }
}

/// Sets a small document with a template of the municipality's own: what never ends is found before the work.
///
/// # Errors
/// [`Error::UnusableTemplate`] when the template cannot be read, or does not end. Other faults may be the small
/// document's.
pub fn try_out(
    document: Document,
    look: &Look,
    templates: &Templates,
    language: Language,
) -> Result<(), Error> {
    let texts = Texts::of(language);
    let (shown, its_look, look) = (document.clone(), look.clone(), look.clone());
    templates.within(TEMPLATE, TRIAL, move |templates| check_syntax(&shown, &its_look, templates, texts))?;
    endless_only(templates.within(TEMPLATE, TRIAL, move |templates| set(document, &look, templates, texts)))
}

fn check_syntax(document: &Document, look: &Look, templates: &Templates, texts: &Texts) -> Result<(), Error> {
    let world = Papers::of(document, look, templates, texts);
    let (errors, _) = world.main.root().errors_and_warnings();
    let errors: Vec<SourceDiagnostic> = errors.into_iter().map(Into::into).collect();
    if errors.is_empty() { Ok(()) } else { Err(world.told(&errors, templates)) }
}

fn set(mut document: Document, look: &Look, templates: &Templates, texts: &Texts) -> Result<Vec<u8>, Error> {
    document.for_each_text(&mut |text| replace_unknown(text));
    let world = Papers::of(&document, look, templates, texts);
    let told = |found: &[SourceDiagnostic]| world.told(found, templates);
    let set = typst::compile::<PagedDocument>(&world).output.map_err(|found| told(&found))?;
    let standards = PdfStandards::new(&[PdfStandard::Ua_1]).expect("one standard contradicts no other");
    let options = PdfOptions {
        ident: Smart::Custom(format!("frist {} {}", document.name, document.date)),
        creator: Smart::Custom(Some(document.made_by.clone())),
        standards,
        ..PdfOptions::default()
    };
    let bytes = typst_pdf::pdf(&set, &options).map_err(|found| told(&found))?;
    Ok(packed(&bytes).unwrap_or(bytes))
}

static FONTS: LazyLock<Vec<Font>> = LazyLock::new(|| {
    let fonts = chart::FONTS.map(|bytes| Font::new(Bytes::new(bytes), 0));
    fonts.into_iter().map(|font| font.expect("the embedded fonts are fonts")).collect()
});

/// What the fonts cannot show is shown as a box: a missing letter is an error of PDF/UA.
fn replace_unknown(text: &mut String) {
    const BOX: char = '□';
    let is_known = |letter: char| {
        letter.is_ascii() || FONTS.iter().all(|font| font.info().coverage.contains(u32::from(letter)))
    };
    if !text.chars().all(is_known) {
        *text = text.chars().map(|letter| if is_known(letter) { letter } else { BOX }).collect();
    }
}

/// The files that typst may read, none of them on a disk.
struct Papers {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    main: Source,
    files: BTreeMap<String, Bytes>,
}

impl Papers {
    fn of(document: &Document, look: &Look, templates: &Templates, texts: &Texts) -> Papers {
        let logo = look.logo.as_ref().map(|logo| format!("logo.{}", logo.kind));
        let data = Data {
            document,
            words: Words {
                contents: texts.get("report.contents"),
                page_of: texts.get("page.of"),
                table: texts.get("report.figure-table"),
            },
            look: DataLook {
                colour: look.colour.to_string(),
                logo: logo.clone(),
                logo_alt: match &document.organisation {
                    Some(organisation) => format!("{} {organisation}", texts.get("page.logo")),
                    None => texts.get("page.logo").to_owned(),
                },
            },
        };
        let json = serde_json::to_vec(&data).expect("a document is JSON");
        let mut files = BTreeMap::from([("document.json".to_owned(), Bytes::new(json))]);
        for figure in document.figures() {
            let mut picture = figure.wide.to_string();
            replace_unknown(&mut picture);
            files.insert(format!("charts/{}.svg", figure.name), Bytes::from_string(picture));
        }
        if let (Some(name), Some(logo)) = (logo, &look.logo) {
            files.insert(name, Bytes::new(logo.bytes.clone()));
        }
        let features = [Feature::A11yExtras].into_iter().collect();
        Papers {
            library: LazyHash::new(Library::builder().with_features(features).build()),
            book: LazyHash::new(FontBook::from_fonts(FONTS.iter())),
            main: Source::new(file_id(TEMPLATE), templates.text(TEMPLATE).to_owned()),
            files,
        }
    }

    /// The first thing that typst found wrong, at its line of the template.
    fn told(&self, found: &[SourceDiagnostic], templates: &Templates) -> Error {
        let first = found.first();
        let line = first
            .and_then(|first| self.range(first.span))
            .and_then(|range| self.main.lines().byte_to_line(range.start))
            .map_or(String::new(), |line| format!("{}: ", line + 1));
        let message = first.map_or("", |first| first.message.as_str());
        // typst tells its own bounds in words alone.
        if ["seems to be infinite", "depth exceeded"].iter().any(|words| message.contains(words)) {
            let line = line.trim_end_matches(": ");
            return templates.unusable(
                TEMPLATE,
                ENDLESS,
                if line.is_empty() { "–" } else { line }.to_owned(),
            );
        }
        templates.unusable(TEMPLATE, "typst", format!("{line}{message}"))
    }
}

fn file_id(name: &str) -> FileId {
    let path = VirtualPath::new(name).expect("our own names are paths");
    RootedPath::new(VirtualRoot::Project, path).intern()
}

impl World for Papers {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.book
    }

    fn main(&self) -> FileId {
        self.main.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.main.id() { Ok(self.main.clone()) } else { Err(missing(id)) }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        let name = id.vpath().get_without_slash();
        self.files.get(name).cloned().ok_or_else(|| missing(id))
    }

    fn font(&self, index: usize) -> Option<Font> {
        FONTS.get(index).cloned()
    }

    /// Nobody asks the clock.
    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

fn missing(id: FileId) -> FileError {
    FileError::NotFound(id.vpath().get_without_slash().into())
}
