//! Cells: what stands around their text, what stands for an empty one, and when two are the same.

use std::borrow::Cow;

use unicode_normalization::{UnicodeNormalization, is_nfc};

/// Texts that stand for an empty cell, folded to lower case. A year 9999 is how databases write "no end".
const EMPTY_MARKERS: [&str; 14] = [
    "-",
    "--",
    "–",
    "—",
    ".",
    "null",
    "(null)",
    "n/a",
    "none",
    "nat",
    "9999-12-31",
    "1900-01-01",
    "99991231",
    "19000101",
];

/// A cell without the blanks around it, no-break spaces and byte order marks included, and without the
/// ways to keep Excel from reading it as a number: `="…"` and a leading apostrophe.
pub fn bare(text: &str) -> &str {
    let invisible = |letter: char| {
        letter.is_whitespace()
            || matches!(letter, '\u{feff}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2060}')
    };
    let text = text.trim_matches(invisible);
    let unwrapped = text.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"'));
    let text = unwrapped.or_else(|| text.strip_prefix('\'')).unwrap_or(text);
    text.trim_matches(invisible)
}

/// Whether a bare cell stands for an empty one; `more` are the project's own marks.
pub fn is_empty_marker(text: &str, more: &[String]) -> bool {
    let folded = text.to_lowercase();
    let midnight =
        folded.split_once([' ', 't']).filter(|(_, time)| time.starts_with("00:00")).map(|(day, _)| day);
    let known = |text: &str| EMPTY_MARKERS.contains(&text);
    text.is_empty()
        || known(&folded)
        || midnight.is_some_and(known)
        || more.iter().any(|mark| mark.to_lowercase() == folded)
}

/// The text of a cell that names something: bare, composed (å as one character), empty when it stands
/// for nothing.
pub fn name(cell: &[u8], empty: &[String]) -> String {
    let text = String::from_utf8_lossy(cell);
    let text = bare(&text);
    if is_empty_marker(text, empty) { String::new() } else { composed(text).into_owned() }
}

/// A text with its letters composed: å is one character, not a and a ring (Unicode NFC).
pub fn composed(text: &str) -> Cow<'_, str> {
    if is_nfc(text) { text.into() } else { text.nfc().collect::<String>().into() }
}

/// Something in a name that no keyboard writes: a broken character, a zero byte, a control character.
pub fn is_broken(cell: &[u8]) -> bool {
    match std::str::from_utf8(cell) {
        Ok(text) => {
            text.chars().any(|letter| letter == '\u{FFFD}' || letter.is_control() && !letter.is_whitespace())
        }
        Err(_) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_composed_and_bare() {
        assert_eq!(name("O\u{308}stra\u{a0}".as_bytes(), &[]), "Östra");
        assert_eq!(name(b"=\"0012\"", &[]), "0012");
        assert_eq!(name(b"NULL", &[]), "");
        assert_eq!(name("saknas".as_bytes(), &["Saknas".into()]), "");
    }

    #[test]
    fn broken_characters_are_seen() {
        assert!(is_broken(b"V\xE4st") && is_broken("V\u{FFFD}st".as_bytes()) && is_broken(b"V\0st"));
        assert!(!is_broken("Väst\n2".as_bytes()));
    }
}
