//! Cells: their text without decoration, the marks for an empty cell, and names that are safe to show.

use std::borrow::Cow;

use unicode_normalization::{UnicodeNormalization, is_nfc};

/// Marks for an empty cell, folded to lower case: those of people, databases, R and pandas.
const EMPTY_MARKERS: [&str; 18] = [
    "-", "--", "---", "–", "—", ".", "?", "null", "(null)", "<null>", "[null]", "\\n", "n/a", "<na>", "none",
    "nat", "nan", "nil",
];

/// Characters in the longest of them.
const LONGEST_EMPTY: usize = 6;

/// Marks in a column of dates for a day that has not come, folded to lower case.
const NO_DAY_YET: [&str; 32] = [
    "0",
    "00000000",
    "na",
    "pågår",
    "pågående",
    "öppen",
    "öppet",
    "öppna",
    "ej avslutad",
    "ännu ej avslutad",
    "löpande",
    "tillsvidare",
    "ej avslutat",
    "inte avslutad",
    "inte avslutat",
    "ej klar",
    "ej klart",
    "inte klar",
    "ej verkställd",
    "ej verkställt",
    "ej beslutad",
    "ej beslutat",
    "tills vidare",
    "tv",
    "tom",
    "(tom)",
    "saknas",
    "inget",
    "open",
    "ongoing",
    "pending",
    "not closed",
];

/// Characters in the longest of them.
const LONGEST_NO_DAY: usize = 16;

/// Every mark in a column of dates for a day that is not there, but for placeholder days.
pub fn no_day_marks() -> impl Iterator<Item = &'static str> {
    EMPTY_MARKERS.into_iter().chain(NO_DAY_YET)
}

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

/// Whether a bare cell holds a mark for an empty cell; `more` are the project's own marks.
pub fn is_empty_marker(text: &str, more: &[String]) -> bool {
    is_one_of(text, &[&EMPTY_MARKERS], LONGEST_EMPTY, more)
}

/// Whether a bare cell of a column of dates says that there is no day, or none yet. Placeholder days such as 9999-12-31
/// are handled in [`crate::date_format`].
pub fn is_no_day_yet(text: &str, more: &[String]) -> bool {
    is_one_of(text, &[&EMPTY_MARKERS, &NO_DAY_YET], LONGEST_NO_DAY, more)
}

/// Whether a text is empty or, ignoring case, in one of the lists or in `more`. Its length or first digit rules most
/// texts out.
fn is_one_of(text: &str, lists: &[&[&str]], longest: usize, more: &[String]) -> bool {
    if text.is_empty() {
        return true;
    }
    // Lower-casing never makes a text shorter, and makes a mark no longer than it has bytes.
    let longest = more.iter().map(String::len).fold(longest, usize::max);
    let is_longer = text.len() > longest && text.chars().nth(longest).is_some();
    // The marks in the lists that begin with a digit are all zeros.
    let is_number =
        text.starts_with(|first: char| first.is_ascii_digit()) && text.bytes().any(|byte| byte != b'0');
    if is_longer || is_number && more.is_empty() {
        return false;
    }
    let folded = text.to_lowercase();
    lists.iter().any(|list| list.contains(&folded.as_str()))
        || more.iter().any(|mark| mark.to_lowercase() == folded)
}

/// The text of a cell that names something: bare, composed (å as one character) and [`printable`]; empty if the cell
/// holds a mark for an empty cell.
pub fn name(cell: &[u8], empty: &[String]) -> String {
    let text = String::from_utf8_lossy(cell);
    let text = bare(&text);
    if is_empty_marker(text, empty) {
        return String::new();
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    printable(&composed(&words.join(" "))).into_owned()
}

/// The text without characters that a reader cannot see: control characters, those that XML does not allow, and marks
/// that change the direction of text and could make it read differently from how it is stored (UTR 36).
pub fn printable(text: &str) -> Cow<'_, str> {
    let is_printable = |letter: char| {
        !letter.is_control()
            && !matches!(letter, '\u{fffe}' | '\u{ffff}' | '\u{200e}' | '\u{200f}')
            && !matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fff9}'..='\u{fffb}')
    };
    // Most texts are cleared by their bytes alone.
    let is_plain = |byte: u8| byte >= b' ' && !matches!(byte, 0x7F | 0xE2 | 0xEF);
    let bytes = text.as_bytes();
    let all_plain = bytes.iter().fold(true, |plain, byte| plain & is_plain(*byte));
    // Control characters from U+0080; § and no-break spaces begin with the same byte.
    let is_control = |(first, second): (&u8, &u8)| (*first == 0xC2) & (*second < 0xA0);
    let has_control = || bytes.iter().zip(&bytes[1..]).fold(false, |found, pair| found | is_control(pair));
    if bytes.is_empty() || all_plain && !has_control() || text.chars().all(is_printable) {
        return Cow::Borrowed(text);
    }
    // Line breaks and tabs become blanks.
    let blanks = text.chars().map(|letter| if matches!(letter, '\n' | '\r' | '\t') { ' ' } else { letter });
    Cow::Owned(blanks.filter(|letter| is_printable(*letter)).collect())
}

/// A text with its letters composed: å is one character, not a and a ring (Unicode NFC).
pub fn composed(text: &str) -> Cow<'_, str> {
    if is_nfc(text) { text.into() } else { text.nfc().collect::<String>().into() }
}

/// Whether a cell shows that a spreadsheet's formula has no value: `#FORMULA` for one that was never calculated, an
/// error value such as `#REF!` or `#SAKNAS!`, or the `####` of a column too narrow for its dates.
pub fn lacks_value(cell: &[u8]) -> bool {
    const WITHOUT_MARK: [&str; 4] = ["N/A", "FORMULA", "GETTING_DATA", "HÄMTAR_DATA"];
    let [b'#', rest @ ..] = cell else { return false };
    let Ok(rest) = std::str::from_utf8(rest) else { return false };
    let named = rest.strip_suffix(['!', '?']).unwrap_or_default();
    let is_of_a_name = |letter: char| letter.is_uppercase() || matches!(letter, '/' | '_' | '0');
    let is_error = named.starts_with(char::is_uppercase) && named.chars().all(is_of_a_name);
    let is_narrow = rest.len() >= 2 && rest.bytes().all(|byte| byte == b'#');
    is_error || is_narrow || WITHOUT_MARK.contains(&rest)
}

/// Whether a name contains something that no keyboard types: a broken character, a zero byte, a control character.
pub fn is_broken(cell: &[u8]) -> bool {
    /// å, ä, ö, Å, Ä and Ö that were UTF-8 and read as windows-1252.
    const TWICE_READ: [&str; 6] = ["Ã¥", "Ã¤", "Ã¶", "Ã…", "Ã„", "Ã–"];
    match std::str::from_utf8(cell) {
        Ok(text) if TWICE_READ.iter().any(|letter| text.contains(letter)) => true,
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
        assert_eq!(name("No\0rr\u{1b}\u{202e}".as_bytes(), &[]), "Norr");
        assert_eq!(name("Enhet  Norr".as_bytes(), &[]), "Enhet Norr");
        assert_eq!(name(b"NULL", &[]), "");
        assert_eq!(name("saknas".as_bytes(), &["Saknas".into()]), "");
    }

    #[test]
    fn control_characters_are_no_letters_wherever_they_stand() {
        for letter in '\0'..='\u{ff}' {
            let seen = match letter {
                '\n' | '\r' | '\t' => " ".to_owned(),
                '\0'..'\u{20}' | '\u{7f}'..='\u{9f}' => String::new(),
                letter => letter.to_string(),
            };
            for (before, after) in [("", ""), ("§", ""), ("", "\u{a0}§"), ("11\u{a0}§ å", "ö")] {
                assert_eq!(printable(&format!("{before}{letter}{after}")), format!("{before}{seen}{after}"));
            }
        }
    }

    #[test]
    fn marks_are_seen_in_any_case_of_letters() {
        for mark in EMPTY_MARKERS {
            assert!(is_empty_marker(&mark.to_uppercase(), &[]) && is_no_day_yet(mark, &[]), "{mark}");
        }
        for mark in NO_DAY_YET {
            assert!(is_no_day_yet(&mark.to_uppercase(), &[]) && !is_empty_marker(mark, &[]), "{mark}");
        }
        assert!(is_empty_marker("", &[]) && is_no_day_yet("", &[]));
        for text in
            ["00", "0000000", "000000000", "1", "31/12/2024", "0 dagar", "ej avslutad än", "öppna ärenden"]
        {
            assert!(!is_no_day_yet(text, &[]), "{text}");
        }
    }

    #[test]
    fn marks_of_a_project_are_seen_too() {
        let more = ["Hos nämnden i väntan på svar".to_owned(), "1900".to_owned(), "\u{130}".to_owned()];
        for text in ["HOS NÄMNDEN I VÄNTAN PÅ SVAR", "1900", "i\u{307}", "-", "NULL", ""] {
            assert!(is_empty_marker(text, &more) && is_no_day_yet(text, &more), "{text}");
        }
        for text in ["1901", "Hos nämnden i väntan på svaret", "Hos nämnden"] {
            assert!(!is_empty_marker(text, &more) && !is_no_day_yet(text, &more), "{text}");
        }
    }

    #[test]
    fn no_mark_is_longer_than_is_looked_for_or_begins_with_another_digit() {
        let longest = |marks: &[&str]| marks.iter().map(|mark| mark.chars().count()).max();
        assert_eq!(longest(&EMPTY_MARKERS), Some(LONGEST_EMPTY));
        assert_eq!(longest(&NO_DAY_YET), Some(LONGEST_NO_DAY));
        for mark in EMPTY_MARKERS.iter().chain(&NO_DAY_YET) {
            let begins = mark.starts_with(|first: char| first.is_ascii_digit());
            assert!(!begins || mark.bytes().all(|byte| byte == b'0'), "{mark}");
        }
    }

    #[test]
    fn formulas_without_a_value_are_told_from_names() {
        for cell in [
            "#FORMULA",
            "#N/A",
            "#REF!",
            "#DIV/0!",
            "#NAME?",
            "#VALUE!",
            "#NULL!",
            "#SAKNAS!",
            "#REFERENS!",
            "#DIVISION/0!",
            "#NAMN?",
            "#VÄRDEFEL!",
            "#OGILTIGT!",
            "#SKÄRNING!",
            "#SPILL!",
            "########",
        ] {
            assert!(lacks_value(cell.as_bytes()), "{cell}");
        }
        for name in ["", "#", "#1", "##", "#17!", "#Norr!", "# 17", "#A17", "REF!", "Saknas", "#N", "C#"] {
            assert!(!lacks_value(name.as_bytes()), "{name}");
        }
    }

    #[test]
    fn broken_characters_are_seen() {
        assert!(is_broken(b"V\xE4st") && is_broken("V\u{FFFD}st".as_bytes()) && is_broken(b"V\0st"));
        assert!(is_broken("VÃ¤st".as_bytes()));
        assert!(!is_broken("Väst\n2".as_bytes()));
    }
}
