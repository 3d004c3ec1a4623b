//! What the text of a logo says: only what draws lines and colours, and refers to nothing outside the file.

use crate::xml::Node;

use super::{INTRICATE, LINK, LogoFlaw, PART, flaw};

/// Elements of a picture of lines and colours, and what people and programs write about it.
const ELEMENTS: [&str; 25] = [
    "svg",
    "g",
    "defs",
    "symbol",
    "use",
    "switch",
    "view",
    "path",
    "rect",
    "circle",
    "ellipse",
    "line",
    "polyline",
    "polygon",
    "text",
    "tspan",
    "linearGradient",
    "radialGradient",
    "stop",
    "clipPath",
    "mask",
    "style",
    "title",
    "desc",
    "metadata",
];
/// Others of SVG and HTML, which a message may name.
const REFUSED: [&str; 20] = [
    "script",
    "foreignObject",
    "image",
    "feImage",
    "filter",
    "pattern",
    "marker",
    "a",
    "animate",
    "animateMotion",
    "animateTransform",
    "set",
    "textPath",
    "font",
    "font-face",
    "iframe",
    "video",
    "audio",
    "link",
    "object",
];
/// The namespace of SVG.
pub const SVG: &str = "http://www.w3.org/2000/svg";
const XHTML: &str = "http://www.w3.org/1999/xhtml";
/// The namespace of `xml:base`.
pub const XML: &str = "http://www.w3.org/XML/1998/namespace";

/// Whether a node is an element of SVG.
pub fn is_svg(node: Node<'_, '_>) -> bool {
    node.is_element() && node.tag_name().namespace() == Some(SVG)
}

/// Only what draws lines and colours, and refers to nothing outside the file. What editors add in namespaces of
/// their own is drawn by nobody.
pub fn check_node(node: Node<'_, '_>) -> Result<(), LogoFlaw> {
    if node.is_pi() {
        return Err(flaw(LINK, "<?…?>"));
    }
    let name = node.tag_name();
    match name.namespace() {
        Some(SVG) if ELEMENTS.contains(&name.name()) => {}
        Some(SVG | XHTML) => {
            let shown = REFUSED.iter().find(|known| **known == name.name()).unwrap_or(&"…");
            return Err(flaw(PART, format!("<{shown}>")));
        }
        _ => return Ok(()),
    }
    for attribute in node.attributes() {
        let (name, value) = (attribute.name(), attribute.value());
        if attribute.namespace() == Some(XML) && name == "base" {
            return Err(flaw(LINK, "xml:base"));
        }
        if name == "href" && !value.trim_start().starts_with('#') {
            return Err(flaw(LINK, "href"));
        }
        if attribute.namespace().is_none() {
            if name.to_lowercase().starts_with("on") {
                return Err(flaw(PART, "on…"));
            }
            if name == "filter" && value.trim() != "none" {
                return Err(flaw(PART, "filter"));
            }
            check_style(value)?;
        }
    }
    if name.name() == "style" {
        check_sheet(node)?;
    }
    Ok(())
}

/// More of a style sheet than a logo needs: every rule is matched against every element.
const MOST_STYLE: usize = 64 * 1024;

/// All of a style sheet: comments part it.
pub fn sheet_of(node: Node<'_, '_>) -> String {
    node.descendants().filter(Node::is_text).filter_map(|node| node.text()).collect()
}

fn check_sheet(node: Node<'_, '_>) -> Result<(), LogoFlaw> {
    let text = sheet_of(node);
    if text.len() > MOST_STYLE {
        return Err(flaw(INTRICATE, "<style>"));
    }
    // Rules that fetch begin so, and letters can be written as numbers behind a backslash.
    if text.contains(['@', '\\']) {
        return Err(flaw(LINK, "<style>"));
    }
    check_style(&text)
}

/// A value or a style sheet refers to nothing outside the file and has no effects.
fn check_style(text: &str) -> Result<(), LogoFlaw> {
    let text = text.to_lowercase();
    if fetches(&text) {
        return Err(flaw(LINK, "url()"));
    }
    let is_effect = |rest: &str| {
        let value = rest.trim_start().strip_prefix(':').map(str::trim_start);
        value.is_some_and(|value| !value.starts_with("none"))
    };
    match text.split("filter").skip(1).any(is_effect) {
        true => Err(flaw(PART, "filter")),
        false => Ok(()),
    }
}

/// Whether a value or style sheet, in small letters, refers to anything outside the file.
pub fn fetches(text: &str) -> bool {
    let blank = |letter: char| letter.is_whitespace() || letter == '"' || letter == '\'';
    let leads_out = |rest: &str| !rest.trim_start_matches(blank).starts_with('#');
    text.split("url(").skip(1).any(leads_out) || text.contains("image-set(") || text.contains("@import")
}
