//! Slides: a document as .pptx, to show a committee.
//!
//! A section is a slide: its heading the title, its blocks what is shown, and the sections below it what the speaker says.
//! Written by hand for the same reasons as Word, with the same package, pictures and properties.

mod layout;
mod masters;
mod parts;
mod shapes;
mod slide;
mod theme;

pub use self::parts::Words;

use self::masters::Masters;
use self::parts::{INHERITED, MASTER, NOTES_MASTER, PREFIXES, part};
use self::slide::Slide;
use super::document::Paper;
use super::look::Look;
use super::office::package::{HEAD, Part, archive};
use super::office::properties::{app, core};

/// The document as .pptx. `pictures` gives the PNG of a figure by its name; a figure without one is described in words.
pub fn pptx(
    paper: &Paper,
    pictures: &dyn Fn(&str) -> Option<Vec<u8>>,
    look: &Look,
    words: &Words<'_>,
) -> Vec<u8> {
    let document = paper.document();
    let masters = Masters::of(look, words, document.locale());
    let slides = slide::slides(document, pictures, masters.logo_width());
    let mut main = part("presentation.xml", "presentation.main", String::new());
    let master = main.refer("slideMaster", MASTER);
    let notes = main.refer("notesMaster", NOTES_MASTER);
    let mut listed = String::new();
    let mut others = masters.parts();
    for (number, slide) in (1..).zip(slides) {
        let parts = written(slide, number, document.locale());
        let id = main.refer("slide", &parts[0].name);
        listed.push_str(&format!("<p:sldId id=\"{}\" r:id=\"{id}\"/>", FIRST_SLIDE + number));
        others.extend(parts);
    }
    let (width, height) = layout::SLIDE;
    let xml = format!(
        "{HEAD}<p:presentation {PREFIXES} saveSubsetFonts=\"1\"><p:sldMasterIdLst>\
         <p:sldMasterId id=\"{}\" r:id=\"{master}\"/></p:sldMasterIdLst>\
         <p:notesMasterIdLst><p:notesMasterId r:id=\"{notes}\"/></p:notesMasterIdLst>\
         <p:sldIdLst>{listed}</p:sldIdLst><p:sldSz cx=\"{width}\" cy=\"{height}\"/>\
         <p:notesSz cx=\"6858000\" cy=\"9144000\"/></p:presentation>",
        masters::FIRST_ID
    );
    others.extend([core(document), app()]);
    archive(&Part { bytes: xml.into_bytes(), ..main }, &others, &document.date)
}

/// The ids of slides begin above this.
const FIRST_SLIDE: usize = 255;

/// A slide, what the speaker says and its picture.
fn written(slide: Slide, number: usize, locale: &str) -> Vec<Part> {
    let mut own = part(&format!("slides/slide{number}.xml"), "slide", String::new());
    own.refer("slideLayout", slide.layout.part());
    let medium = slide.picture.map(|png| Part::png(format!("ppt/media/picture{number}.png"), png));
    if let Some(medium) = &medium {
        // The next id after that of the layout: the slide names it.
        own.refer("image", &medium.name);
    }
    let notes = (!slide.notes.is_empty()).then(|| {
        let mut notes = part(&format!("notesSlides/notesSlide{number}.xml"), "notesSlide", String::new());
        notes.bytes = masters::notes(&slide.notes, locale);
        notes.refer("notesMaster", NOTES_MASTER);
        notes.refer("slide", &own.name);
        own.refer("notesSlide", &notes.name);
        notes
    });
    own.bytes = shapes::sheet("sld", "", &slide.shapes, INHERITED);
    [Some(own), notes, medium].into_iter().flatten().collect()
}

#[cfg(test)]
mod tests;
