//! The frame: header, footer, lists, settings and properties.

use super::inline::inline;
use super::parts::{MEDIA, word};
use super::styles::{FOOTER, HEADER, Styles};
use super::template::Page;
use super::xml::{attribute, closing, elements, parsed, property};
use crate::report::document::Document;
use crate::report::look::Look;
use crate::report::office::drawing::Picture;
use crate::report::office::package::{HEAD, Part};
use crate::report::office::xml::{escaped, push};
use crate::xml::XmlFlaw;

/// Words of a document that the file adds to it.
#[derive(Debug, Clone, Copy)]
pub struct Words<'a> {
    /// The heading of the contents.
    pub contents: &'a str,
    /// `Page {page} of {pages}`.
    pub page_of: &'a str,
    /// What the logo says to those who do not see it.
    pub logo: &'a str,
}

/// Declares the prefixes that our parts use.
pub(super) const PREFIXES: &str = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" \
    xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" \
    xmlns:wp=\"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing\" \
    xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" \
    xmlns:pic=\"http://schemas.openxmlformats.org/drawingml/2006/picture\"";

/// A logo is at most so large, in twentieths of a point: 6 cm by 1 cm.
const LOGO: (i32, i32) = (3402, 567);

/// The organisation to the left, its logo to the right; with the logo's part. Nothing when it has neither.
pub(super) fn header(
    document: &Document,
    look: &Look,
    words: &Words<'_>,
    styles: &Styles,
    page: &Page,
) -> Option<(Part, Option<Part>)> {
    let logo = look.logo.as_ref().and_then(|logo| Some((Picture::png(&logo.png)?, &logo.png)));
    if document.organisation.is_none() && logo.is_none() {
        return None;
    }
    let mut part = word("header-frist.xml", "header", String::new());
    let organisation = document.organisation.as_deref().unwrap_or_default();
    let mut inner = format!("<w:r><w:t xml:space=\"preserve\">{}</w:t></w:r>", escaped(organisation));
    let mut media = None;
    if let Some((picture, bytes)) = logo {
        let medium = Part::png(format!("{MEDIA}logo.png"), bytes.clone());
        let relation = part.refer("image", &medium.name);
        push!(
            inner,
            "<w:r><w:tab/></w:r>{}",
            inline(picture.within(LOGO.0, LOGO.1), &relation, 1, "logo", words.logo)
        );
        media = Some(medium);
    }
    part.bytes = margin("hdr", styles.id(HEADER), page, &inner).into_bytes();
    Some((part, media))
}

/// The title to the left, the page to the right.
pub(super) fn footer(document: &Document, words: &Words<'_>, styles: &Styles, page: &Page) -> Part {
    let mut inner = text_run(&document.title);
    inner.push_str("<w:r><w:tab/></w:r>");
    let mut rest = words.page_of;
    while let Some((before, place, after)) = next_place(rest) {
        push!(inner, "{}{}", text_run(before), field(place));
        rest = after;
    }
    inner.push_str(&text_run(rest));
    word("footer-frist.xml", "footer", margin("ftr", styles.id(FOOTER), page, &inner))
}

/// The text before the next `{page}` or `{pages}`, its field, and the text after it.
fn next_place(text: &str) -> Option<(&str, &'static str, &str)> {
    [("{page}", "PAGE"), ("{pages}", "NUMPAGES")]
        .into_iter()
        .filter_map(|(name, field)| text.split_once(name).map(|(before, after)| (before, field, after)))
        .min_by_key(|(before, _, _)| before.len())
}

fn text_run(text: &str) -> String {
    format!("<w:r><w:t xml:space=\"preserve\">{}</w:t></w:r>", escaped(text))
}

/// A field of ours; Word works it out whenever it lays out the page.
fn field(name: &str) -> String {
    let mark = |kind: &str| format!("<w:r><w:fldChar w:fldCharType=\"{kind}\"/></w:r>");
    format!(
        "{}<w:r><w:instrText xml:space=\"preserve\"> {name} </w:instrText></w:r>{}<w:r><w:t>1</w:t></w:r>{}",
        mark("begin"),
        mark("separate"),
        mark("end")
    )
}

fn margin(root: &str, style: &str, page: &Page, inner: &str) -> String {
    // A template's style may have tab stops for pages of another width.
    let tabs = format!(
        "<w:tabs><w:tab w:val=\"clear\" w:pos=\"4513\"/><w:tab w:val=\"clear\" w:pos=\"4536\"/>\
         <w:tab w:val=\"clear\" w:pos=\"4680\"/><w:tab w:val=\"clear\" w:pos=\"9026\"/>\
         <w:tab w:val=\"clear\" w:pos=\"9360\"/><w:tab w:val=\"right\" w:pos=\"{}\"/></w:tabs>",
        page.text_width()
    );
    format!(
        "{HEAD}<w:{root} {PREFIXES}><w:p><w:pPr>{}{tabs}</w:pPr>{inner}</w:p></w:{root}>",
        property("pStyle", style)
    )
}

/// A template's lists with ours among them; the number of ours comes with it.
pub(super) fn numbering(template: Option<&str>) -> Result<(String, u32), XmlFlaw> {
    let empty = format!("{HEAD}<w:numbering {PREFIXES}></w:numbering>");
    let text = template.unwrap_or(&empty);
    let read = parsed(text)?;
    let root = read.root_element();
    let highest = |name: &'static str, key: &'static str| {
        let ids = elements(root, name).filter_map(|list| attribute(list, key)?.parse().ok());
        ids.max().unwrap_or(0_u32).saturating_add(1)
    };
    let list = highest("abstractNum", "abstractNumId");
    let number = highest("num", "numId");
    // Kinds of lists come before lists, and those before the rest.
    let begin_of = |name| elements(root, name).next().map(|element| element.range().start);
    let end = begin_of("numIdMacAtCleanup").or(closing(text, root)).ok_or(XmlFlaw::Malformed)?;
    let first = begin_of("num").unwrap_or(end);
    let xml = format!(
        "{}<w:abstractNum w:abstractNumId=\"{list}\"><w:multiLevelType w:val=\"singleLevel\"/>\
         <w:lvl w:ilvl=\"0\"><w:start w:val=\"1\"/><w:numFmt w:val=\"bullet\"/><w:lvlText w:val=\"•\"/>\
         <w:lvlJc w:val=\"left\"/><w:pPr><w:ind w:left=\"397\" w:hanging=\"284\"/></w:pPr></w:lvl>\
         </w:abstractNum>\
         {}<w:num w:numId=\"{number}\"><w:abstractNumId w:val=\"{list}\"/></w:num>{}",
        &text[..first],
        &text[first..end],
        &text[end..]
    );
    Ok((xml, number))
}

/// What Word asks about the document as a whole. Nothing in it makes Word ask the reader.
pub(super) fn settings(language: &str, even_differ: bool) -> Part {
    let even = if even_differ { "<w:evenAndOddHeaders/>" } else { "" };
    let xml = format!(
        "{HEAD}<w:settings {PREFIXES}><w:defaultTabStop w:val=\"1304\"/>{even}<w:compat>\
         <w:compatSetting w:name=\"compatibilityMode\" w:uri=\"http://schemas.microsoft.com/office/word\" \
         w:val=\"15\"/></w:compat><w:themeFontLang w:val=\"{language}\"/></w:settings>"
    );
    word("settings.xml", "settings", xml)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::docx::xml::WORD;

    #[test]
    fn our_list_stands_among_a_templates() {
        let template = format!(
            "<w:numbering xmlns:w=\"{WORD}\"><w:abstractNum w:abstractNumId=\"4\"/>\
             <w:num w:numId=\"9\"></w:num><w:numIdMacAtCleanup w:val=\"1\"/></w:numbering>"
        );
        let (xml, number) = numbering(Some(&template)).unwrap();
        assert_eq!(number, 10);
        let read = parsed(&xml).unwrap();
        let names: Vec<&str> = read.root_element().children().map(|child| child.tag_name().name()).collect();
        assert_eq!(names, ["abstractNum", "abstractNum", "num", "num", "numIdMacAtCleanup"]);
        assert_eq!(numbering(None).unwrap().1, 1);
    }

    #[test]
    fn the_page_of_pages_is_two_fields() {
        assert_eq!(next_place("Sida {page} av {pages}"), Some(("Sida ", "PAGE", " av {pages}")));
        assert_eq!(next_place(" av {pages}"), Some((" av ", "NUMPAGES", "")));
        assert_eq!(next_place("x"), None);
    }
}
