//! XML of Word: reading what a template holds.
//!
//! What is added to a part of a template has the prefix `w`, which every program that writes .docx uses.

use crate::report::office::xml::escaped;
use crate::xml::{self, Document, Node, XmlFlaw};

/// The namespace of Word's elements and attributes.
pub(super) const WORD: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";

/// A part of a template.
pub(super) fn parsed(text: &str) -> Result<Document<'_>, XmlFlaw> {
    /// Elements within one another; tables in tables take four each.
    const DEEPEST: usize = 256;
    const MOST_NODES: u32 = 1_000_000;
    xml::parsed(text, DEEPEST, MOST_NODES)
}

/// The elements of this name in a node, itself among them.
pub(super) fn elements<'a>(
    node: Node<'a, 'a>,
    name: &'static str,
) -> impl Iterator<Item = Node<'a, 'a>> + use<'a> {
    node.descendants().filter(move |node| node.has_tag_name((WORD, name)))
}

/// The value of an attribute of Word's.
pub(super) fn attribute<'a>(node: Node<'a, 'a>, name: &'static str) -> Option<&'a str> {
    node.attribute((WORD, name))
}

/// Whether a property such as `w:titlePg` is on, as it is unless its value says no.
pub(super) fn is_on(node: Node<'_, '_>) -> bool {
    !matches!(attribute(node, "val"), Some("0" | "false" | "off"))
}

/// Where the content of an element begins in its text; nothing when it is written as `<w:b/>`.
pub(super) fn opening(text: &str, node: Node<'_, '_>) -> Option<usize> {
    let end = closing(text, node)?;
    Some(node.first_child().map_or(end, |child| child.range().start))
}

/// Where it ends.
pub(super) fn closing(text: &str, node: Node<'_, '_>) -> Option<usize> {
    let range = node.range();
    text[range.clone()].rfind("</").map(|at| range.start + at)
}

/// `<w:name w:val="value"/>`
pub(super) fn property(name: &str, value: &str) -> String {
    format!("<w:{name} w:val=\"{}\"/>", escaped(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_of_a_content_is_found() {
        let places = |text: &str| {
            let read = xml::parsed(text, 9, 9).unwrap();
            (opening(text, read.root_element()), closing(text, read.root_element()))
        };
        assert_eq!(places("<a/>"), (None, None));
        assert_eq!(places("<a b=\">\"></a >"), (Some(9), Some(9)));
        assert_eq!(places("<a> <b></b>c</a><!-- </a> -->"), (Some(3), Some(12)));
    }
}
