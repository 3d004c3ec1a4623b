//! Pages, pictures and the parts of office files as running text: tags are removed, and what a reader sees as one text
//! stays one text.

use std::ops::Range;

use memchr::{memchr, memmem};

use crate::personal_numbers::character_reference;

/// Separates unrelated texts, so that no number is formed from two of them.
pub const BREAK: u8 = 0x1f;

/// The format of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// HTML and SVG: running text, interrupted by all tags except those within lines.
    Page,
    /// The parts of .docx, .pptx and .xlsx: text in `t` elements, split into runs and interrupted by paragraphs and cells.
    Office,
}

/// The kind of part that a mark identifies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// A heading, title or caption.
    Heading,
    /// A paragraph of Word.
    Paragraph,
    /// A cell of a sheet; its label is its reference.
    Cell,
    /// A shared string of cells.
    Item,
}

/// Where a part of a document begins.
#[derive(Debug, Clone)]
pub struct Mark {
    /// The kind of part.
    pub part: Part,
    /// Its position in the running text.
    pub at: usize,
    /// Its position in the text aside.
    pub aside_at: usize,
    /// Its label in the source.
    pub label: Range<usize>,
}

/// A document as plain text.
#[derive(Debug, Clone, Default)]
pub struct Flat {
    /// The running text.
    pub text: Vec<u8>,
    /// Text aside: attributes, comments, scripts and styles.
    pub aside: Vec<u8>,
    /// Where its parts begin.
    pub marks: Vec<Mark>,
}

/// Elements within a line of a page; every other element ends the text before it.
const INSIDE_LINES: [&[u8]; 31] = [
    b"a", b"abbr", b"b", b"bdi", b"bdo", b"cite", b"code", b"data", b"del", b"dfn", b"em", b"font", b"i",
    b"ins", b"kbd", b"label", b"mark", b"q", b"s", b"samp", b"small", b"span", b"strong", b"sub", b"sup",
    b"time", b"tspan", b"tt", b"u", b"var", b"wbr",
];

/// Elements of an office file that end the text before them.
const BREAKS: [&[u8]; 10] = [b"p", b"tc", b"tr", b"tab", b"br", b"cr", b"si", b"is", b"c", b"row"];

/// Attributes that hold the geometry of a drawing.
const GEOMETRY: [&[u8]; 8] =
    [b"d", b"points", b"viewBox", b"transform", b"fmla", b"path", b"coordsize", b"adj"];

/// Attributes whose value is a text even if it consists of digits; in others digits are ids and measures.
const TEXTS: [&[u8]; 12] = [
    b"name",
    b"title",
    b"alt",
    b"descr",
    b"content",
    b"value",
    b"aria-label",
    b"placeholder",
    b"label",
    b"display",
    b"tooltip",
    b"Target",
];

/// How markup other than tags begins after its bracket, and how it ends: comments, plain text, declarations,
/// instructions.
const NO_TAGS: [(&str, &str); 4] = [("!--", "-->"), ("![CDATA[", "]]>"), ("!", ">"), ("?", ">")];

/// The length of the shortest personal number.
const SHORTEST: usize = 10;

/// The plain text of a document.
pub fn flatten(source: &[u8], style: Style) -> Flat {
    let mut reader = Reader { source, style, inside: b"", flat: Flat::default() };
    let mut at = 0;
    while at < source.len() {
        let open = memchr(b'<', &source[at..]).map_or(source.len(), |found| at + found);
        reader.piece(&source[at..open]);
        at = if open < source.len() { reader.tag(open) } else { open };
    }
    reader.flat
}

struct Reader<'s> {
    source: &'s [u8],
    style: Style,
    /// The last element opened, if none was closed since.
    inside: &'s [u8],
    flat: Flat,
}

impl<'s> Reader<'s> {
    /// Adds the text between two tags.
    fn piece(&mut self, piece: &[u8]) {
        let runs_on = self.style == Style::Page || matches!(self.inside, b"t" | b"delText");
        if runs_on {
            decode(piece, &mut self.flat.text);
        } else if !piece.iter().all(u8::is_ascii_whitespace) {
            self.end_text();
            decode(piece, &mut self.flat.text);
            self.end_text();
        }
    }

    fn end_text(&mut self) {
        if self.flat.text.last().is_some_and(|last| *last != BREAK) {
            self.flat.text.push(BREAK);
        }
    }

    /// Adds text that stands on its own, aside from the running text.
    fn aside(&mut self, text: &[u8]) {
        if text.len() >= SHORTEST {
            self.flat.aside.push(BREAK);
            without_base64(text, |rest| decode(rest, &mut self.flat.aside));
        }
    }

    /// Reads the tag at a place; returns the index after it.
    fn tag(&mut self, open: usize) -> usize {
        let source = self.source;
        let rest = &source[open + 1..];
        for (begin, end) in NO_TAGS {
            let Some(inner) = rest.strip_prefix(begin.as_bytes()) else { continue };
            let length = memmem::find(inner, end.as_bytes()).unwrap_or(inner.len());
            match begin {
                "![CDATA[" => self.flat.text.extend_from_slice(&inner[..length]),
                _ => self.aside(&inner[..length]),
            }
            return (open + 1 + begin.len() + length + end.len()).min(source.len());
        }
        let closes = rest.first() == Some(&b'/');
        let name = name_at(source, open + 1 + usize::from(closes));
        if name.is_empty() {
            // A bracket that begins no tag.
            self.flat.text.push(b'<');
            return open + 1;
        }
        let (label, end) = self.attributes(name.end);
        let name = local(&source[name]);
        self.inside = if closes { b"" } else { name };
        self.begin(name, closes, label);
        if self.style == Style::Page && !closes && matches!(name, b"script" | b"style") {
            return self.raw(name, end);
        }
        end
    }

    /// Reads attributes up to the end of their tag; returns the place of the one that names a cell, and the end.
    fn attributes(&mut self, from: usize) -> (Range<usize>, usize) {
        let source = self.source;
        let (mut label, mut at) = (0..0, from);
        while let Some(byte) = source.get(at) {
            match byte {
                b'>' => return (label, at + 1),
                b'/' | b'=' | b'"' | b'\'' => at += 1,
                _ if byte.is_ascii_whitespace() => at += 1,
                _ => {
                    let (key, value) = attribute_at(source, at);
                    let (name, text) = (local(&source[key.clone()]), &source[value.clone()]);
                    if is_told(name, text) {
                        self.aside(text);
                    }
                    if name == b"r" {
                        label = value.clone();
                    }
                    // The quotation mark that ends a value is skipped as a blank is.
                    at = value.end.max(key.end);
                    at += usize::from(matches!(source.get(at), Some(b'"' | b'\'')));
                }
            }
        }
        (label, source.len())
    }

    /// Applies the effect of an element on the text around it.
    fn begin(&mut self, name: &[u8], closes: bool, label: Range<usize>) {
        match self.style {
            Style::Page if INSIDE_LINES.contains(&name) => return,
            Style::Office if name == b"noBreakHyphen" => self.flat.text.push(b'-'),
            Style::Office if !BREAKS.contains(&name) => return,
            _ => self.end_text(),
        }
        let part = match (self.style, name) {
            (Style::Page, b"h1" | b"h2" | b"h3" | b"h4" | b"h5" | b"h6" | b"title" | b"caption") => {
                Part::Heading
            }
            (Style::Office, b"p") => Part::Paragraph,
            (Style::Office, b"c") => Part::Cell,
            (Style::Office, b"si") => Part::Item,
            _ => return,
        };
        if !closes {
            let (at, aside_at) = (self.flat.text.len(), self.flat.aside.len());
            self.flat.marks.push(Mark { part, at, aside_at, label });
        }
    }

    /// Reads the content of a script or style, which is not markup; returns the place of the closing tag.
    fn raw(&mut self, name: &[u8], from: usize) -> usize {
        let end = [b"</", name].concat();
        let length = memmem::find(&self.source[from..], &end).unwrap_or(self.source.len() - from);
        self.aside(&self.source[from..from + length]);
        from + length
    }
}

/// The name that begins at a place: a letter, and characters that may follow it.
fn name_at(source: &[u8], at: usize) -> Range<usize> {
    let rest = source.get(at..).unwrap_or_default();
    if !rest.first().is_some_and(u8::is_ascii_alphabetic) {
        return at..at;
    }
    let is_of_name = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b':' | b'-' | b'_' | b'.');
    at..at + rest.iter().take_while(is_of_name).count()
}

/// A name without the prefix of its namespace.
fn local(name: &[u8]) -> &[u8] {
    name.iter().rposition(|byte| *byte == b':').map_or(name, |colon| &name[colon + 1..])
}

/// The key and the value of the attribute that begins at a place; the value is empty if there is none.
fn attribute_at(source: &[u8], at: usize) -> (Range<usize>, Range<usize>) {
    let ends_key = |byte: &u8| matches!(byte, b'=' | b'>' | b'/') || byte.is_ascii_whitespace();
    let until = |from: usize, ends: &dyn Fn(&u8) -> bool| {
        source[from..].iter().position(ends).map_or(source.len(), |length| from + length)
    };
    let blanks = |from: usize| until(from, &|byte| !byte.is_ascii_whitespace());
    let key = at..until(at, &ends_key).max(at + 1);
    let equals = blanks(key.end);
    if source.get(equals) != Some(&b'=') {
        return (key.clone(), key.end..key.end);
    }
    let from = blanks(equals + 1);
    let value = match source.get(from) {
        Some(quote @ (b'"' | b'\'')) => {
            let inner = &source[from + 1..];
            from + 1..from + 1 + memchr(*quote, inner).unwrap_or(inner.len())
        }
        _ => from..until(from, &|byte| *byte == b'>' || byte.is_ascii_whitespace()),
    };
    (key, value)
}

/// Whether the value of an attribute may be text that a reader sees.
fn is_told(name: &[u8], value: &[u8]) -> bool {
    value.len() >= SHORTEST && !GEOMETRY.contains(&name) && (!is_measure(value) || TEXTS.contains(&name))
}

/// Whether a value is one number, perhaps with a unit.
fn is_measure(value: &[u8]) -> bool {
    /// Length of the longest unit.
    const UNIT: usize = 3;
    let number = value.strip_prefix(b"-").unwrap_or(value);
    let digits = number.iter().take_while(|byte| byte.is_ascii_digit() || **byte == b'.').count();
    let unit = &number[digits..];
    let points = number[..digits].iter().filter(|byte| **byte == b'.').count();
    let is_unit = unit.len() <= UNIT && unit.iter().all(|byte| byte.is_ascii_alphabetic() || *byte == b'%');
    digits > 0 && points <= 1 && is_unit
}

/// Passes a text on piece by piece, leaving out files embedded as base64.
fn without_base64(text: &[u8], mut give: impl FnMut(&[u8])) {
    const BEGIN: &[u8] = b"base64,";
    let mut rest = text;
    // Shorter texts contain no file.
    while let Some(found) =
        Some(rest).filter(|rest| rest.len() > 64).and_then(|rest| memmem::find(rest, BEGIN))
    {
        give(&rest[..found]);
        rest = &rest[found + BEGIN.len()..];
        let is_of_file = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
        rest = &rest[rest.iter().take_while(is_of_file).count()..];
    }
    give(rest);
}

/// Appends a text with its character references resolved.
fn decode(text: &[u8], out: &mut Vec<u8>) {
    let mut rest = text;
    while let Some(found) = memchr(b'&', rest) {
        out.extend_from_slice(&rest[..found]);
        rest = &rest[found..];
        let (letter, length) = character_reference(rest).unwrap_or(('&', 1));
        out.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
        rest = &rest[length..];
    }
    out.extend_from_slice(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(source: &str, style: Style) -> (Vec<String>, Vec<String>) {
        let flat = flatten(source.as_bytes(), style);
        let cut = |bytes: &[u8]| {
            let parts = bytes.split(|byte| *byte == BREAK).filter(|part| !part.is_empty());
            parts.map(|part| String::from_utf8_lossy(part).into_owned()).collect::<Vec<_>>()
        };
        (cut(&flat.text), cut(&flat.aside))
    }

    #[test]
    fn a_page_is_read_in_the_pieces_that_are_seen() {
        let page = "<p class=\"lead of page\">12<b>12</b>12</p><td>a</td><td>b&amp;c</td>\
                    <!-- kept by hand --><i title='1212121212'>x < 3</i><path d=\"M 121212 121212\" width=\"1212121212\"/>";
        let (text, aside) = texts(page, Style::Page);
        assert_eq!(text, ["121212", "a", "b&c", "x < 3"]);
        assert_eq!(aside, ["lead of page", " kept by hand ", "1212121212"]);
    }

    #[test]
    fn scripts_and_styles_are_no_markup_and_files_in_them_no_text() {
        let file = "QUJD".repeat(40);
        let page = format!(
            "<style>a {{ src: url(data:x;base64,{file}==) }}</style><script>if (a<b) {{}} // all</script><p>c"
        );
        let (text, aside) = texts(&page, Style::Page);
        assert_eq!(text, ["c"]);
        assert_eq!(aside, ["a { src: url(data:x;) }", "if (a<b) {} // all"]);
    }

    #[test]
    fn runs_of_an_office_file_are_joined_and_cells_are_not() {
        let word = "<w:p><w:pPr><w:ind w:left=\"1\"/></w:pPr><w:r><w:t>19121212</w:t></w:r>\n<w:r><w:rPr><w:b/></w:rPr>\
                    <w:noBreakHyphen/><w:t xml:space=\"preserve\">12</w:t></w:r></w:p>\
                    <w:p><w:drawing><wp:posOffset>9144</wp:posOffset><wp:posOffset>1212</wp:posOffset></w:drawing></w:p>";
        assert_eq!(texts(word, Style::Office).0, ["19121212-12", "9144", "1212"]);
        let sheet = "<row r=\"1\"><c r=\"A1\"><v>1912</v></c><c r=\"B1\" t=\"inlineStr\"><is><r><t>a</t></r><r><t>b</t></r></is></c></row>";
        assert_eq!(texts(sheet, Style::Office).0, ["1912", "ab"]);
        let flat = flatten(sheet.as_bytes(), Style::Office);
        let labels = flat.marks.iter().map(|mark| &sheet[mark.label.clone()]);
        assert_eq!(labels.collect::<Vec<_>>(), ["A1", "B1"]);
    }

    #[test]
    fn what_is_no_markup_ends() {
        for source in [
            "<",
            "</",
            "<a",
            "<a b",
            "<a b=",
            "<a b='",
            "<a b=c",
            "<!--",
            "<![CDATA[x",
            "&",
            "&#x",
            "<a '=>",
            "<script>",
        ] {
            for style in [Style::Page, Style::Office] {
                flatten(source.as_bytes(), style);
            }
        }
        let (text, _) = texts("a&#x2f;b&#45;c&nbsp;d&bogus;e&", Style::Page);
        assert_eq!(text, ["a/b-c\u{a0}d&bogus;e&"]);
    }

    #[test]
    fn measures_are_no_texts() {
        for value in ["1212121212", "-1212121212", "1212121.212", "1212121212px"] {
            assert!(!is_told(b"width", value.as_bytes()), "{value}");
            assert!(is_told(b"title", value.as_bytes()), "{value}");
        }
        assert!(is_told(b"id", b"121212-1212") && is_told(b"x", b"121212 1212"));
        assert!(!is_told(b"points", b"121212 1212") && !is_told(b"title", b"121212"));
    }
}
