//! Properties of a file: whose it is, of what day, and what made it.

use super::package::{APP, CORE, HEAD, Part};
use super::xml::escaped;
use crate::report::document::Document;

/// Title, owner, language and day. The day is that of the document, or two runs would differ.
pub fn core(document: &Document) -> Part {
    let creator = document
        .organisation
        .as_deref()
        .map_or(String::new(), |organisation| format!("<dc:creator>{}</dc:creator>", escaped(organisation)));
    let day = escaped(&document.date);
    let xml = format!(
        "{HEAD}<cp:coreProperties \
         xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:dcterms=\"http://purl.org/dc/terms/\" \
         xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">\
         <dc:title>{}</dc:title>{creator}<dc:language>{}</dc:language>\
         <dcterms:created xsi:type=\"dcterms:W3CDTF\">{day}T00:00:00Z</dcterms:created>\
         <dcterms:modified xsi:type=\"dcterms:W3CDTF\">{day}T00:00:00Z</dcterms:modified>\
         </cp:coreProperties>",
        escaped(&document.title),
        document.locale()
    );
    Part::xml(CORE, "application/vnd.openxmlformats-package.core-properties+xml", xml)
}

/// The program that made it.
pub fn app() -> Part {
    let xml = format!(
        "{HEAD}<Properties \
         xmlns=\"http://schemas.openxmlformats.org/officeDocument/2006/extended-properties\">\
         <Application>frist</Application></Properties>"
    );
    Part::xml(APP, "application/vnd.openxmlformats-officedocument.extended-properties+xml", xml)
}
