//! XML of others, read by roxmltree within bounds: what its reader compares with everything before it is counted first.

pub use roxmltree::{Attribute, Document, Node};

/// Why a text is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum XmlFlaw {
    /// It has a document type, which can make a reader fetch files or run out of memory.
    DocumentType,
    /// More elements, or more within one another, or more attributes than any program writes.
    Intricate,
    /// It is not well-formed.
    Malformed,
}

/// More attributes than any program gives an element: each is compared with the others.
const MOST_ATTRIBUTES: usize = 200;
/// The same for declared namespaces: each that is in force is copied to every element that declares one.
const MOST_NAMESPACES: usize = 2_000;

/// Reads a text of at most `most_nodes` elements, texts and comments, at most `deepest` of them within one another.
///
/// # Errors
/// [`XmlFlaw`] when it is not well-formed, has a document type, or goes beyond the bounds.
pub fn parsed(text: &str, deepest: usize, most_nodes: u32) -> Result<Document<'_>, XmlFlaw> {
    check_nesting(text, deepest)?;
    if text.matches("xmlns").nth(MOST_NAMESPACES).is_some() {
        return Err(XmlFlaw::Intricate);
    }
    let options =
        roxmltree::ParsingOptions { allow_dtd: false, nodes_limit: most_nodes, entity_resolver: None };
    Document::parse_with_options(text, options).map_err(|error| match error {
        roxmltree::Error::DtdDetected => XmlFlaw::DocumentType,
        roxmltree::Error::NodesLimitReached => XmlFlaw::Intricate,
        _ => XmlFlaw::Malformed,
    })
}

/// Tags within one another, counted without a reader: one that calls itself for each could run out of stack.
fn check_nesting(text: &str, deepest: usize) -> Result<(), XmlFlaw> {
    let (mut depth, mut rest) = (0_usize, text);
    while let Some(at) = rest.find('<') {
        rest = &rest[at..];
        let end = |mark: &str| rest.find(mark).map_or(rest.len(), |at| at + mark.len());
        let length = match rest.as_bytes().get(1) {
            Some(b'!') if rest.starts_with("<!--") => end("-->"),
            Some(b'!') if rest.starts_with("<![CDATA[") => end("]]>"),
            Some(b'?') => end("?>"),
            _ => length_of_tag(rest)?,
        };
        let tag = &rest[..length];
        if tag.starts_with("</") {
            depth = depth.saturating_sub(1);
        } else if !tag.starts_with("<!") && !tag.starts_with("<?") && !tag.ends_with("/>") {
            depth += 1;
        }
        if depth > deepest {
            return Err(XmlFlaw::Intricate);
        }
        rest = &rest[length..];
    }
    Ok(())
}

/// The length of a tag, which ends at the first `>` outside quotes.
fn length_of_tag(text: &str) -> Result<usize, XmlFlaw> {
    let (mut quote, mut attributes) = (None, 0);
    for (at, byte) in text.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return Ok(at + 1),
            (None, b'"' | b'\'') => {
                quote = Some(byte);
                attributes += 1;
            }
            (Some(begun), byte) if begun == byte => quote = None,
            _ => {}
        }
        if attributes > MOST_ATTRIBUTES {
            return Err(XmlFlaw::Intricate);
        }
    }
    Ok(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_program_writes_is_not_read() {
        let flaw = |text: &str| parsed(text, 10, 50).map(|_| ()).unwrap_err();
        let nested = |depth| format!("{}{}", "<a>".repeat(depth), "</a>".repeat(depth));
        assert!(parsed(&nested(10), 10, 50).is_ok());
        assert_eq!(flaw(&nested(11)), XmlFlaw::Intricate);
        let with = |count| format!("<a{}/>", (0..count).map(|it| format!(" a{it}=\"\"")).collect::<String>());
        assert!(parsed(&with(MOST_ATTRIBUTES), 10, 50).is_ok());
        assert_eq!(flaw(&with(MOST_ATTRIBUTES + 1)), XmlFlaw::Intricate);
        assert_eq!(flaw(&format!("<a>{}</a>", "<b/>".repeat(50))), XmlFlaw::Intricate);
        let declared = "<b xmlns:n=\"n\"/>".repeat(MOST_NAMESPACES + 1);
        assert_eq!(parsed(&format!("<a>{declared}</a>"), 10, 9_999).map(|_| ()), Err(XmlFlaw::Intricate));
        assert_eq!(flaw("<!DOCTYPE a><a/>"), XmlFlaw::DocumentType);
        assert_eq!(flaw("<a></b>"), XmlFlaw::Malformed);
    }
}
