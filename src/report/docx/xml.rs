//! XML of Word: escaping what is written, and reading what a template holds.
//!
//! What is added to a part of a template has the prefix `w`, which every program that writes .docx uses.

use crate::xml::{self, Document, Node, XmlFlaw};

/// The namespace of Word's elements and attributes.
pub(super) const WORD: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";

/// Text for content and attributes. What XML cannot hold is left out, and so are marks that make text run
/// backwards: they let a name show as something else.
pub(super) fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\t' | '\n' | '\r' => safe.push(' '),
            '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {}
            '\u{fffe}' | '\u{ffff}' => {}
            letter if letter.is_control() => {}
            letter => safe.push(letter),
        }
    }
    safe
}

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

/// Appends a piece to XML that is being written.
macro_rules! push {
    ($xml:expr, $($piece:tt)*) => {
        std::fmt::Write::write_fmt(&mut $xml, format_args!($($piece)*))
            .expect("writing into memory does not fail")
    };
}
pub(super) use push;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_text_is_read_as_xml() {
        assert_eq!(escaped("<a b=\"&\">"), "&lt;a b=&quot;&amp;&quot;&gt;");
        assert_eq!(escaped("a\u{0}b\u{1b}c\nd\u{202e}e\u{2066}f\u{ffff}g\u{85}"), "abc defg");
    }

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
