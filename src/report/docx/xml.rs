//! XML: escaping what is written, and a strict reader of tags for what a template holds.
//!
//! The reader knows no namespaces: every program that writes .docx uses the prefixes of the standard, and a
//! template that does not is refused.

use std::ops::Range;

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

/// Not well-formed, with a document type, or more intricate than any program writes it.
#[derive(Debug)]
pub(super) struct Malformed;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Open,
    Close,
    /// `<w:b/>`
    Empty,
}

/// A tag and its place in the text.
#[derive(Debug)]
pub(super) struct Tag<'a> {
    pub name: &'a str,
    pub shape: Shape,
    attributes: Vec<(&'a str, &'a str)>,
    pub range: Range<usize>,
}

impl Tag<'_> {
    /// The value of an attribute.
    pub fn attribute(&self, name: &str) -> Option<String> {
        self.attributes.iter().find(|(known, _)| *known == name).map(|(_, value)| unescaped(value))
    }

    /// Begins an element of this name.
    pub fn begins(&self, name: &str) -> bool {
        self.shape != Shape::Close && self.name == name
    }

    /// Ends an element of this name that has content.
    pub fn closes(&self, name: &str) -> bool {
        self.shape == Shape::Close && self.name == name
    }

    /// A property such as `w:titlePg`, which is on unless its value says no.
    pub fn is_on(&self) -> bool {
        !matches!(self.attribute("w:val").as_deref(), Some("0" | "false" | "off"))
    }
}

/// More elements within one another than any program writes.
const DEEPEST: usize = 256;
/// The same for attributes of an element: each is compared with the others.
const MOST_ATTRIBUTES: usize = 256;

/// The tags of a well-formed text without document type.
pub(super) fn tags(text: &str) -> Result<Vec<Tag<'_>>, Malformed> {
    let mut tags = Vec::new();
    let mut open: Vec<&str> = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find('<').map(|offset| at + offset) {
        check_text(&text[at..start], !open.is_empty())?;
        let rest = &text[start..];
        at = start
            + match rest.as_bytes().get(1) {
                Some(b'?') => past(rest, "?>")?,
                Some(b'!') if rest.starts_with("<!--") => past(rest, "-->")?,
                Some(b'!') if rest.starts_with("<![CDATA[") && !open.is_empty() => past(rest, "]]>")?,
                Some(b'!') => return Err(Malformed),
                _ => {
                    let length = length_of_tag(rest)?;
                    let tag = tag(&rest[..length], start)?;
                    let is_second_root = open.is_empty() && !tags.is_empty();
                    match tag.shape {
                        Shape::Close if open.pop() != Some(tag.name) => return Err(Malformed),
                        Shape::Open | Shape::Empty if is_second_root => return Err(Malformed),
                        Shape::Open if open.len() == DEEPEST => return Err(Malformed),
                        Shape::Open => open.push(tag.name),
                        Shape::Close | Shape::Empty => {}
                    }
                    tags.push(tag);
                    length
                }
            };
    }
    check_text(&text[at..], false)?;
    if tags.is_empty() || !open.is_empty() { Err(Malformed) } else { Ok(tags) }
}

fn past(text: &str, end: &str) -> Result<usize, Malformed> {
    text.find(end).map(|at| at + end.len()).ok_or(Malformed)
}

/// A tag ends at the first `>` outside quotes.
fn length_of_tag(text: &str) -> Result<usize, Malformed> {
    let mut quote = None;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match (quote, byte) {
            (_, b'<') => return Err(Malformed),
            (None, b'>') => return Ok(at + 1),
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(begun), byte) if begun == byte => quote = None,
            _ => {}
        }
    }
    Err(Malformed)
}

fn tag(text: &str, start: usize) -> Result<Tag<'_>, Malformed> {
    let inner = &text[1..text.len() - 1];
    let (inner, shape) = match (inner.strip_prefix('/'), inner.strip_suffix('/')) {
        (Some(inner), None) => (inner, Shape::Close),
        (None, Some(inner)) => (inner, Shape::Empty),
        (None, None) => (inner, Shape::Open),
        (Some(_), Some(_)) => return Err(Malformed),
    };
    let (name, mut rest) = inner.split_at(inner.find(is_blank).unwrap_or(inner.len()));
    check_name(name)?;
    let mut attributes: Vec<(&str, &str)> = Vec::new();
    while !rest.trim_matches(is_blank).is_empty() {
        let (name, after) = rest.split_once('=').ok_or(Malformed)?;
        let is_apart = name.starts_with(is_blank);
        let (name, after) = (name.trim_matches(is_blank), after.trim_start_matches(is_blank));
        let quote = after.chars().next().filter(|quote| matches!(quote, '"' | '\'')).ok_or(Malformed)?;
        let (value, after) = after[1..].split_once(quote).ok_or(Malformed)?;
        check_name(name)?;
        check_text(value, true)?;
        let is_new = attributes.iter().all(|(known, _)| *known != name);
        let is_full = attributes.len() == MOST_ATTRIBUTES;
        if !(is_apart && is_new) || is_full || shape == Shape::Close {
            return Err(Malformed);
        }
        attributes.push((name, value));
        rest = after;
    }
    Ok(Tag { name, shape, attributes, range: start..start + text.len() })
}

fn is_blank(letter: char) -> bool {
    matches!(letter, ' ' | '\t' | '\n' | '\r')
}

fn check_name(name: &str) -> Result<(), Malformed> {
    let begins = name.starts_with(|letter: char| letter.is_alphabetic() || letter == '_');
    let goes_on = name.chars().all(|letter| letter.is_alphanumeric() || "_:-.".contains(letter));
    if begins && goes_on { Ok(()) } else { Err(Malformed) }
}

/// Only blanks outside the root; entities that need no declaration, and letters that XML allows.
fn check_text(text: &str, inside: bool) -> Result<(), Malformed> {
    let is_allowed = |letter: char| match letter {
        '\u{fffe}' | '\u{ffff}' => false,
        letter => letter >= ' ' || is_blank(letter),
    };
    let text_is_allowed = text.chars().all(|letter| is_allowed(letter) && (inside || is_blank(letter)));
    let mut references = text.split('&').skip(1).map(|rest| rest.split_once(';').map(|(name, _)| name));
    if text_is_allowed && references.all(|name| name.and_then(referred).is_some_and(is_allowed)) {
        Ok(())
    } else {
        Err(Malformed)
    }
}

fn referred(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        name => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix('x') {
                Some(digits) => u32::from_str_radix(digits, 16),
                None => number.parse(),
            };
            code.ok().and_then(char::from_u32)
        }
    }
}

/// Text whose references [`check_text`] found sound.
pub(super) fn unescaped(text: &str) -> String {
    let mut pieces = text.split('&');
    let mut plain = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (name, rest) = piece.split_once(';').unwrap_or((piece, ""));
        plain.extend(referred(name));
        plain.push_str(rest);
    }
    plain
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
    fn only_well_formed_texts_have_tags() {
        let sound = [
            "<a/>",
            "<?xml version=\"1.0\"?>\n<a b='1' c=\"&gt;&#xe5;\"><!-- < --><b/>t<![CDATA[<]]></a>\n",
            "<w:a w:b=\"a>b\" >å</w:a >",
        ];
        for text in sound {
            assert!(tags(text).is_ok(), "{text}");
        }
        let unsound = [
            "",
            "text",
            "<a>",
            "<a></b>",
            "</a>",
            "<a/><b/>",
            "<a/>text",
            "<a b/>",
            "<a b=1/>",
            "<a b=\"1\"c=\"2\"/>",
            "<a b=\"1\" b=\"2\"/>",
            "<a b=\"<\"/>",
            "<a>&nbsp;</a>",
            "<a>& </a>",
            "<a>&#0;</a>",
            "<a>\u{1}</a>",
            "<!DOCTYPE a><a/>",
            "<a",
            "<a b=\"/>",
            "< a/>",
            "<1/>",
            "<a></a b=\"1\">",
            "<![CDATA[x]]>",
        ];
        for text in unsound {
            assert!(tags(text).is_err(), "{text}");
        }
    }

    #[test]
    fn what_no_program_writes_is_refused() {
        let nested = |depth| format!("{}{}", "<a>".repeat(depth), "</a>".repeat(depth));
        assert!(tags(&nested(DEEPEST)).is_ok() && tags(&nested(DEEPEST + 1)).is_err());
        let with = |count| (0..count).map(|number| format!(" a{number}=\"\"")).collect::<String>();
        assert!(tags(&format!("<a{}/>", with(MOST_ATTRIBUTES))).is_ok());
        assert!(tags(&format!("<a{}/>", with(MOST_ATTRIBUTES + 1))).is_err());
    }

    #[test]
    fn attributes_are_read_without_their_escapes() {
        let tags = tags("<w:name w:val=\"R &amp; D &#229;\"/>").unwrap();
        assert_eq!(tags[0].attribute("w:val").unwrap(), "R & D å");
        assert_eq!(tags[0].attribute("val"), None);
    }
}
