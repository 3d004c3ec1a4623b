//! Styles: ours, or a template's of the same names with ours for what it lacks.
//!
//! Styles are known by their names. Ids vary with the language of the Word that made a template; the names
//! of built-in styles do not.

use std::collections::BTreeMap;
use std::ops::Range;

use super::xml::{attribute, closing, elements, opening, parsed, property};
use crate::report::look::Look;
use crate::report::office::package::HEAD;
use crate::report::office::xml::{escaped, push};
use crate::xml::{Node, XmlFlaw};

pub(super) const NORMAL: &str = "Normal";
pub(super) const TITLE: &str = "Title";
pub(super) const SUBTITLE: &str = "Subtitle";
pub(super) const HEADINGS: [&str; 6] =
    ["heading 1", "heading 2", "heading 3", "heading 4", "heading 5", "heading 6"];
pub(super) const CAPTION: &str = "caption";
pub(super) const BULLET: &str = "List Bullet";
pub(super) const CONTENTS_HEADING: &str = "TOC Heading";
pub(super) const CONTENTS: [&str; 2] = ["toc 1", "toc 2"];
pub(super) const HEADER: &str = "header";
pub(super) const FOOTER: &str = "footer";
pub(super) const HYPERLINK: &str = "Hyperlink";
pub(super) const TABLE: &str = "Table Grid";
pub(super) const NOTICE: &str = "Frist Notice";
pub(super) const LEAD: &str = "Frist Lead";
pub(super) const TRAIL: &str = "Frist Trail";
pub(super) const TERM: &str = "Frist Term";
pub(super) const MEANING: &str = "Frist Meaning";
pub(super) const CELL: &str = "Frist Cell";
pub(super) const FIGURE: &str = "Frist Figure";
pub(super) const MADE_BY: &str = "Frist Made By";

/// Text that is softer than black, 7:1 on white.
const SOFT: &str = "555555";

/// A style of ours.
struct Style {
    kind: &'static str,
    name: &'static str,
    based_on: Option<&'static str>,
    /// The style of the paragraph after it, if another.
    next: Option<&'static str>,
    /// What stands below it: properties of paragraph, run and table.
    properties: String,
}

fn paragraph(name: &'static str, paragraph: &str, run: &str) -> Style {
    let mut properties = String::new();
    for (element, inner) in [("pPr", paragraph), ("rPr", run)] {
        if !inner.is_empty() {
            push!(properties, "<w:{element}>{inner}</w:{element}>");
        }
    }
    let based_on = (name != NORMAL).then_some(NORMAL);
    Style { kind: "paragraph", name, based_on, next: None, properties }
}

fn heading(level: usize, rule: &str, half_points: u32, before: u32) -> Style {
    let rule = if level == 0 {
        format!("<w:pBdr><w:bottom w:val=\"single\" w:sz=\"8\" w:space=\"3\" w:color=\"{rule}\"/></w:pBdr>")
    } else {
        String::new()
    };
    let set = format!(
        "<w:keepNext/><w:keepLines/>{rule}<w:spacing w:before=\"{before}\" w:after=\"100\" \
         w:line=\"250\" w:lineRule=\"auto\"/><w:outlineLvl w:val=\"{level}\"/>"
    );
    Style { next: Some(NORMAL), ..paragraph(HEADINGS[level], &set, &format!("<w:b/>{}", size(half_points))) }
}

fn size(half_points: u32) -> String {
    format!("<w:sz w:val=\"{half_points}\"/><w:szCs w:val=\"{half_points}\"/>")
}

fn spacing(before: u32, after: u32) -> String {
    format!("<w:spacing w:before=\"{before}\" w:after=\"{after}\"/>")
}

/// Every style that a report uses.
fn own(look: &Look, number: u32) -> Vec<Style> {
    let ink = look.ink();
    let soft = property("color", SOFT);
    let link = property("color", &ink);
    let spaced = spacing;
    let line = |side: &str, color: &str, width: u32, space: u32| {
        format!("<w:{side} w:val=\"single\" w:sz=\"{width}\" w:space=\"{space}\" w:color=\"{color}\"/>")
    };
    let table = {
        let borders: String = [("top", &*ink, 8), ("bottom", &ink, 8), ("insideH", "C8C8C8", 4)]
            .map(|(side, color, width)| line(side, color, width, 0))
            .concat();
        format!(
            "<w:pPr><w:spacing w:before=\"0\" w:after=\"0\" w:line=\"240\" w:lineRule=\"auto\"/></w:pPr>\
             <w:tblPr><w:tblBorders>{borders}</w:tblBorders><w:tblCellMar>\
             <w:left w:w=\"85\" w:type=\"dxa\"/><w:right w:w=\"85\" w:type=\"dxa\"/></w:tblCellMar></w:tblPr>"
        )
    };
    let notice = ["top", "left", "bottom", "right"]
        .map(|side| if side == "left" { line(side, "B25500", 36, 8) } else { line(side, "F6D9B3", 4, 5) })
        .concat();
    vec![
        paragraph(NORMAL, "", ""),
        Style {
            next: Some(SUBTITLE),
            ..paragraph(
                TITLE,
                "<w:keepNext/><w:keepLines/><w:spacing w:before=\"240\" w:after=\"80\" w:line=\"240\" \
                 w:lineRule=\"auto\"/>",
                &format!("<w:b/>{}", size(48)),
            )
        },
        paragraph(SUBTITLE, &spaced(0, 240), &format!("{soft}{}", size(24))),
        heading(0, &ink, 32, 480),
        heading(1, &ink, 25, 320),
        heading(2, &ink, 22, 240),
        heading(3, &ink, 21, 200),
        heading(4, &ink, 21, 200),
        heading(5, &ink, 21, 200),
        paragraph(CAPTION, &format!("<w:keepLines/>{}", spaced(200, 80)), &format!("<w:b/>{}", size(19))),
        paragraph(BULLET, &format!("<w:numPr><w:numId w:val=\"{number}\"/></w:numPr>{}", spaced(0, 60)), ""),
        paragraph(
            CONTENTS_HEADING,
            &format!("<w:keepNext/>{}", spaced(360, 100)),
            &format!("<w:b/>{}", size(26)),
        ),
        paragraph(CONTENTS[0], &spaced(80, 20), ""),
        paragraph(CONTENTS[1], &format!("{}<w:ind w:left=\"284\"/>", spaced(0, 10)), &size(20)),
        paragraph(HEADER, &spaced(0, 120), &format!("{soft}{}", size(18))),
        paragraph(FOOTER, &spaced(0, 0), &format!("{soft}{}", size(18))),
        Style {
            kind: "character",
            name: HYPERLINK,
            based_on: None,
            next: None,
            properties: format!("<w:rPr>{link}<w:u w:val=\"single\"/></w:rPr>"),
        },
        Style { kind: "table", name: TABLE, based_on: None, next: None, properties: table },
        paragraph(
            NOTICE,
            &format!(
                "<w:keepLines/><w:pBdr>{notice}</w:pBdr>{}{}<w:ind w:left=\"227\" w:right=\"113\"/>",
                "<w:shd w:val=\"clear\" w:color=\"auto\" w:fill=\"FFF4E5\"/>",
                spaced(120, 240)
            ),
            &property("color", "1A1A1A"),
        ),
        paragraph(LEAD, &spaced(0, 120), &soft),
        paragraph(TRAIL, &spaced(60, 160), &size(19)),
        paragraph(TERM, &format!("<w:keepNext/><w:keepLines/>{}", spaced(100, 0)), "<w:b/>"),
        paragraph(MEANING, &format!("{}<w:ind w:left=\"397\"/>", spaced(0, 60)), ""),
        paragraph(
            CELL,
            "<w:spacing w:before=\"40\" w:after=\"40\" w:line=\"240\" w:lineRule=\"auto\"/>",
            &size(18),
        ),
        paragraph(FIGURE, &spaced(160, 240), ""),
        paragraph(
            MADE_BY,
            &format!("<w:pBdr>{}</w:pBdr>{}", line("top", "C8C8C8", 4, 6), spaced(480, 0)),
            &format!("{soft}{}", size(18)),
        ),
    ]
}

/// The part's text, and the id of each style by its name.
pub(super) struct Styles {
    pub xml: String,
    ids: BTreeMap<&'static str, String>,
    /// Bullets are the paragraph's to ask for: the template's style has none.
    pub bullets_in_paragraphs: bool,
    /// The number of our list.
    pub list: u32,
    /// How wide letters are, in hundredths of Arial's. A template's font is not measured, only allowed for.
    pub letters: i32,
}

impl Styles {
    /// The id of a style of ours.
    pub fn id(&self, name: &str) -> &str {
        self.ids.get(name).unwrap_or_else(|| panic!("no style '{name}'"))
    }
}

/// A style of a template.
struct Known<'a> {
    id: &'a str,
    kind: &'a str,
    name: &'a str,
    has_bullets: bool,
}

/// The styles of a report, with a template's when there is one; `number` is that of our list.
pub(super) fn styles(
    template: Option<&str>,
    look: &Look,
    number: u32,
    language: &str,
) -> Result<Styles, XmlFlaw> {
    let text = match template {
        Some(text) => in_language(text, language)?,
        None => bare(language),
    };
    let letters = if template.is_some() { 118 } else { 100 };
    let read = parsed(&text)?;
    let end = closing(&text, read.root_element()).ok_or(XmlFlaw::Malformed)?;
    let known = known(read.root_element());
    let mut ids = BTreeMap::new();
    let mut missing = Vec::new();
    let mut bullets_in_paragraphs = false;
    for style in own(look, number) {
        let named = known
            .iter()
            .find(|known| known.kind == style.kind && known.name.to_lowercase() == style.name.to_lowercase());
        let id = match named {
            Some(found) => found.id.to_owned(),
            None => free_id(style.name, &known),
        };
        bullets_in_paragraphs |= style.name == BULLET && named.is_some_and(|found| !found.has_bullets);
        ids.insert(style.name, id);
        if named.is_none() {
            missing.push(style);
        }
    }
    let added: String = missing.iter().map(|style| element(style, &ids)).collect();
    let xml = format!("{}{added}{}", &text[..end], &text[end..]);
    Ok(Styles { xml, ids, bullets_in_paragraphs, list: number, letters })
}

/// `heading 1` is `Heading1`, unless a style of another name has that id.
fn free_id(name: &str, known: &[Known<'_>]) -> String {
    let mut id = String::new();
    for word in name.split(' ') {
        let (first, rest) = word.split_at(1);
        push!(id, "{}{rest}", first.to_uppercase());
    }
    while known.iter().any(|known| known.id.eq_ignore_ascii_case(&id)) {
        id.push_str("Frist");
    }
    id
}

fn known<'a>(root: Node<'a, 'a>) -> Vec<Known<'a>> {
    let known = |style: Node<'a, 'a>| {
        let name = elements(style, "name").next().and_then(|name| attribute(name, "val"));
        Some(Known {
            id: attribute(style, "styleId")?,
            kind: attribute(style, "type").unwrap_or("paragraph"),
            name: name.unwrap_or_default(),
            has_bullets: elements(style, "numPr").next().is_some(),
        })
    };
    elements(root, "style").filter_map(known).collect()
}

fn element(style: &Style, ids: &BTreeMap<&'static str, String>) -> String {
    let Style { kind, name, properties, .. } = style;
    let id = &ids[name];
    let is_default = if *name == NORMAL { " w:default=\"1\"" } else { "" };
    let is_ours = if name.starts_with("Frist") { " w:customStyle=\"1\"" } else { "" };
    let mut xml = format!("<w:style w:type=\"{kind}\"{is_default}{is_ours} w:styleId=\"{}\">", escaped(id));
    push!(xml, "{}", property("name", name));
    for (element, other) in [("basedOn", style.based_on), ("next", style.next)] {
        if let Some(other) = other {
            push!(xml, "{}", property(element, &ids[other]));
        }
    }
    push!(xml, "<w:qFormat/>{properties}</w:style>");
    xml
}

/// Styles with nothing but defaults.
fn bare(language: &str) -> String {
    format!(
        "{}<w:styles xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\">\
         <w:docDefaults><w:rPrDefault><w:rPr>\
         <w:rFonts w:ascii=\"Arial\" w:hAnsi=\"Arial\" w:eastAsia=\"Arial\" w:cs=\"Arial\"/>\
         {}{}</w:rPr></w:rPrDefault>\
         <w:pPrDefault><w:pPr><w:spacing w:after=\"120\" w:line=\"271\" w:lineRule=\"auto\"/></w:pPr>\
         </w:pPrDefault>\
         </w:docDefaults></w:styles>",
        HEAD,
        size(21),
        language_element(language),
    )
}

fn language_element(language: &str) -> String {
    format!("<w:lang w:val=\"{language}\" w:eastAsia=\"{language}\" w:bidi=\"ar-SA\"/>")
}

/// A template's styles with every language made ours, and ours as the default: all text is in it.
fn in_language(text: &str, language: &str) -> Result<String, XmlFlaw> {
    let read = parsed(text)?;
    let root = read.root_element();
    let ours = language_element(language);
    let mut edits: Vec<(Range<usize>, String)> =
        elements(root, "lang").map(|lang| (lang.range(), ours.clone())).collect();
    let defaults = elements(root, "docDefaults").next();
    if defaults.is_none_or(|defaults| elements(defaults, "lang").next().is_none()) {
        edits.push(default_language(text, root, defaults, ours).ok_or(XmlFlaw::Malformed)?);
    }
    edits.sort_by_key(|(range, _)| range.start);
    let mut changed = String::new();
    let mut at = 0;
    for (range, instead) in edits {
        changed.push_str(&text[at..range.start]);
        changed.push_str(&instead);
        at = range.end;
    }
    changed.push_str(&text[at..]);
    Ok(changed)
}

/// The edit that adds a language to defaults without one: in the deepest element of them that is there. The language
/// stands last in the run; the run's defaults stand first among the defaults.
fn default_language(
    text: &str,
    root: Node<'_, '_>,
    defaults: Option<Node<'_, '_>>,
    mut ours: String,
) -> Option<(Range<usize>, String)> {
    for name in ["rPr", "rPrDefault", "docDefaults"] {
        if let Some(found) = defaults.and_then(|defaults| elements(defaults, name).next()) {
            let place = if name == "docDefaults" { opening(text, found) } else { closing(text, found) };
            return Some(match place {
                Some(at) => (at..at, ours),
                None => (found.range(), format!("<w:{name}>{ours}</w:{name}>")),
            });
        }
        ours = format!("<w:{name}>{ours}</w:{name}>");
    }
    opening(text, root).map(|at| (at..at, ours))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::docx::tests::look;
    use crate::report::docx::xml::WORD;

    const TEMPLATE: &str = "<w:styles \
        xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\">\
        <w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"a\"><w:name w:val=\"Normal\"/></w:style>\
        <w:style w:type=\"paragraph\" w:styleId=\"Rubrik1\"><w:name w:val=\"Heading 1\"/>\
        <w:rPr><w:lang w:val=\"en-US\"/></w:rPr></w:style>\
        <w:style w:type=\"paragraph\" w:styleId=\"Punktlista\"><w:name w:val=\"List Bullet\"/></w:style>\
        <w:style w:type=\"character\" w:styleId=\"heading2\"><w:name w:val=\"heading 2\"/></w:style>\
        </w:styles>";

    #[test]
    fn a_templates_styles_are_found_by_name_and_kind() {
        let styles = styles(Some(TEMPLATE), &look(), 7, "sv-SE").unwrap();
        assert_eq!(styles.id(NORMAL), "a");
        assert_eq!(styles.id(HEADINGS[0]), "Rubrik1");
        assert_eq!(styles.id(HEADINGS[1]), "Heading2Frist");
        assert_eq!(styles.id(BULLET), "Punktlista");
        assert!(styles.bullets_in_paragraphs);
        assert!(styles.xml.contains("<w:basedOn w:val=\"a\"/>"));
        assert!(!styles.xml.contains("en-US"));
        assert_eq!(styles.xml.matches("<w:docDefaults>").count(), 1);
        parsed(&styles.xml).unwrap();
    }

    #[test]
    fn defaults_get_a_language_where_it_belongs() {
        let ours = language_element("sv-SE");
        let run = format!("<w:rPr>{ours}</w:rPr>");
        let whole = format!("<w:docDefaults><w:rPrDefault>{run}</w:rPrDefault></w:docDefaults>");
        let cases = [
            ("", whole.clone()),
            ("<w:docDefaults/>", whole.clone()),
            ("<w:docDefaults></w:docDefaults>", whole.clone()),
            ("<w:docDefaults><w:rPrDefault/></w:docDefaults>", whole.clone()),
            ("<w:docDefaults><w:rPrDefault><w:rPr/></w:rPrDefault></w:docDefaults>", whole.clone()),
            (
                "<w:docDefaults><w:rPrDefault><w:rPr><w:lang w:val=\"fi\"></w:lang></w:rPr></w:rPrDefault>\
                 </w:docDefaults>",
                whole.clone(),
            ),
            (
                "<w:docDefaults><w:pPrDefault/></w:docDefaults>",
                format!("<w:docDefaults><w:rPrDefault>{run}</w:rPrDefault><w:pPrDefault/></w:docDefaults>"),
            ),
        ];
        for (before, after) in cases {
            let styles = |inner: &str| format!("<w:styles xmlns:w=\"{WORD}\">{inner}</w:styles>");
            let changed = in_language(&styles(before), "sv-SE").unwrap();
            assert_eq!(changed, styles(&after), "{before}");
        }
    }

    #[test]
    fn our_own_styles_taken_as_a_template_are_found_again() {
        let first = styles(None, &look(), 1, "sv-SE").unwrap();
        let again = styles(Some(&first.xml), &look(), 1, "en-GB").unwrap();
        assert_eq!(first.ids, again.ids);
        assert_eq!(again.xml, first.xml.replace("sv-SE", "en-GB"));
        assert!(!again.bullets_in_paragraphs);
    }
}
