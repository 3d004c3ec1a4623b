//! Case numbers: when two are the same, and signs that a program has destroyed them.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

use super::faults::Place;
use crate::values::{composed, is_empty_marker, name, printable};

/// A case number, as shown and as compared.
pub struct CaseNumber<'a> {
    /// As it is shown.
    pub shown: Cow<'a, [u8]>,
    is_plain: bool,
}

impl<'a> CaseNumber<'a> {
    /// The number in a cell. Most are plain and are borrowed.
    #[inline]
    pub fn of(cell: &'a [u8], empty: &[String]) -> CaseNumber<'a> {
        let is_plain = is_plain(cell) && empty.is_empty();
        CaseNumber { shown: if is_plain { cell.into() } else { shown(cell, empty) }, is_plain }
    }

    /// Whether the number has only one spelling and nothing broken in it.
    pub fn is_plain(&self) -> bool {
        self.is_plain
    }

    /// As it is compared.
    #[inline]
    pub fn key(&self) -> Cow<'_, [u8]> {
        if self.is_plain { Cow::Borrowed(&self.shown) } else { key_of(&self.shown) }
    }
}

#[cold]
fn shown<'a>(cell: &'a [u8], empty: &[String]) -> Cow<'a, [u8]> {
    match tidy(cell) {
        Some(text) if is_empty_marker(text, empty) => Cow::default(),
        Some(_) => cell.into(),
        None => name(cell, empty).into_bytes().into(),
    }
}

/// A case number as it is compared: blanks, case, invisible characters and the Unicode form make no difference.
pub fn key_of(number: &[u8]) -> Cow<'_, [u8]> {
    if is_plain(number) {
        return number.into();
    }
    if tidy(number).is_some() {
        let has_small = number.iter().any(u8::is_ascii_lowercase);
        return if has_small { number.to_ascii_uppercase().into() } else { number.into() };
    }
    let is_invisible =
        |letter: &char| matches!(letter, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}');
    let text = String::from_utf8_lossy(number);
    let text: String = printable(&text).nfkc().filter(|letter| !is_invisible(letter)).collect();
    let words: Vec<&str> = text.split_whitespace().collect();
    composed(&words.join(" ").to_uppercase()).into_owned().into_bytes().into()
}

/// Whether the number has only one spelling and is not a mark for an empty cell.
#[inline]
fn is_plain(cell: &[u8]) -> bool {
    // Marks for an empty cell begin with punctuation or the N of null.
    let begins = cell.first().is_some_and(|first| !matches!(first, b'N' | b'-' | b'/' | b':'));
    begins && cell.iter().fold(true, |plain, byte| plain & IS_PLAIN[usize::from(*byte)])
}

/// Digits, capitals and common separators.
const IS_PLAIN: [bool; 256] = {
    let mut plain = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        plain[byte] = matches!(byte as u8, b'0'..=b'9' | b'A'..=b'Z' | b'-' | b'/' | b':');
        byte += 1;
    }
    plain
};

/// ASCII text that is shown unchanged: single blanks between words, none around them, and no prefix that keeps Excel
/// from reading it as a number.
fn tidy(cell: &[u8]) -> Option<&str> {
    let has_mark = matches!(cell, [b'=' | b'\'', ..]);
    let has_other_blanks = cell.iter().any(u8::is_ascii_control);
    let has_idle_blanks = cell.split(|byte| *byte == b' ').any(<[u8]>::is_empty);
    let is_tidy = cell.is_ascii() && !has_mark && !has_other_blanks && !has_idle_blanks;
    std::str::from_utf8(cell).ok().filter(|_| is_tidy)
}

/// What a program did to case numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Destroyed {
    /// 2,024E+11: digits are gone.
    Scientific,
    /// 17.0: a number without its text.
    Decimal,
    /// Sixteen digits or more, all of which end in 0: spreadsheets keep fifteen.
    Rounded,
    /// 17 beside 000018: zeros are gone.
    LostZeros,
}

impl Destroyed {
    /// The key of its sentence in the text catalogues.
    pub fn id(self) -> &'static str {
        match self {
            Destroyed::Scientific => "scientific",
            Destroyed::Decimal => "decimal",
            Destroyed::Rounded => "rounded",
            Destroyed::LostZeros => "lost-zeros",
        }
    }
}

/// The first place where something occurs, and how often it does.
type Met = Option<(Place, u64)>;

fn join(one: Met, other: Met) -> Met {
    match (one, other) {
        (Some((place, count)), Some((second, more))) => Some((place.min(second), count + more)),
        (one, other) => one.or(other),
    }
}

/// The shapes that the case numbers of a control have, in all exports together.
#[derive(Debug, Clone, Copy, Default)]
pub struct NumberShapes {
    scientific: Met,
    /// `17.0` and `17,0`; and numbers with other decimals, which are numbers of another kind.
    decimal_zero: Met,
    other_decimal: u64,
    /// Numbers of sixteen digits or more that end in 0, and those that end in another digit.
    rounded: Met,
    exact: u64,
    /// The length of the longest number with a leading zero.
    longest_led_by_zero: usize,
    /// The length of the shortest number without one, and its place.
    shortest: Option<(usize, Place)>,
}

impl NumberShapes {
    /// Examines another number.
    #[inline]
    pub fn add(&mut self, number: &[u8], place: Place) {
        let digits = number.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if digits == 0 {
            return;
        }
        if digits == number.len() {
            return self.add_digits(number, place);
        }
        let met = Some((place, 1));
        match &number[digits..] {
            [b'.' | b',', b'0'] => self.decimal_zero = join(self.decimal_zero, met),
            [b'.' | b',', rest @ ..] if !rest.is_empty() && rest.iter().all(u8::is_ascii_digit) => {
                self.other_decimal += 1;
            }
            rest if is_exponent(rest) => self.scientific = join(self.scientific, met),
            _ => {}
        }
    }

    fn add_digits(&mut self, number: &[u8], place: Place) {
        /// Digits of a number that spreadsheets keep.
        const KEPT: usize = 15;
        let length = number.len();
        match number {
            [b'0', _, ..] => self.longest_led_by_zero = self.longest_led_by_zero.max(length),
            _ => {
                let this = (length, place);
                self.shortest = Some(self.shortest.map_or(this, |shortest| shortest.min(this)));
            }
        }
        if length > KEPT {
            match number.last() {
                Some(b'0') => self.rounded = join(self.rounded, Some((place, 1))),
                _ => self.exact += 1,
            }
        }
    }

    /// Adds the shapes of other rows.
    pub fn join(&mut self, other: &NumberShapes) {
        self.scientific = join(self.scientific, other.scientific);
        self.decimal_zero = join(self.decimal_zero, other.decimal_zero);
        self.rounded = join(self.rounded, other.rounded);
        self.other_decimal += other.other_decimal;
        self.exact += other.exact;
        self.longest_led_by_zero = self.longest_led_by_zero.max(other.longest_led_by_zero);
        self.shortest = match (self.shortest, other.shortest) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
    }

    /// What a program did to the numbers, and the first place that shows it.
    pub fn destroyed(&self) -> Option<(Destroyed, Place)> {
        /// With fewer numbers, the last digit may be 0 by chance.
        const FEWEST_ROUNDED: u64 = 3;
        let lost = self.shortest.filter(|(length, _)| *length < self.longest_led_by_zero);
        let decimal = self.decimal_zero.filter(|_| self.other_decimal == 0);
        let rounded = self.rounded.filter(|(_, count)| self.exact == 0 && *count >= FEWEST_ROUNDED);
        let found = [
            (Destroyed::Scientific, self.scientific.map(|(place, _)| place)),
            (Destroyed::Decimal, decimal.map(|(place, _)| place)),
            (Destroyed::Rounded, rounded.map(|(place, _)| place)),
            (Destroyed::LostZeros, lost.map(|(_, place)| place)),
        ];
        found.into_iter().find_map(|(what, place)| Some((what, place?)))
    }
}

/// `,024E+11` after the first digits of a number.
fn is_exponent(rest: &[u8]) -> bool {
    let fraction = match rest {
        [b'.' | b',', rest @ ..] => rest,
        rest => rest,
    };
    let digits = fraction.iter().take_while(|byte| byte.is_ascii_digit()).count();
    matches!(&fraction[digits..], [b'E' | b'e', b'+', power @ ..] if !power.is_empty() && power.iter().all(u8::is_ascii_digit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_numbers_are_shown_bare_and_compared_without_what_varies() {
        let number = |text: &str| {
            String::from_utf8(CaseNumber::of(text.as_bytes(), &[]).shown.into_owned()).expect("UTF-8")
        };
        assert_eq!(number("2024-17"), "2024-17");
        assert_eq!(number("=\"0017\""), "0017");
        assert_eq!(number("NULL"), "");
        assert_eq!(number("-"), "");
        let key =
            |text: &str| String::from_utf8(key_of(number(text).as_bytes()).into_owned()).expect("UTF-8");
        for (one, other) in [
            ("BU 2024-17", "BU  2024-17"),
            ("NU 2024-17", "NU\u{a0}2024-17"),
            ("bu-17", "BU-17"),
            ("Å-1", "A\u{30a}-1"),
            ("n17", "N17"),
            ("=\"17\"", "17"),
            ("BU\u{200b}17", "BU17"),
            ("BU\u{ad}17", "BU17"),
            ("ＢＵ１７", "BU17"),
        ] {
            assert_eq!(key(one), key(other), "{one}");
        }
        assert_ne!(key("BU 1"), key("BU 11"));
    }

    #[test]
    fn tidy_numbers_are_read_as_others_are() {
        let none = Vec::new();
        let empty = vec!["saknas".to_owned(), "0".to_owned()];
        for text in [
            "",
            " ",
            "n17",
            "N17",
            "bu 17",
            "BU 17.1",
            "BU  17",
            " BU 17",
            "BU 17 ",
            "BU\t17",
            "BU\n17",
            "'17",
            "' 17",
            "=\"17\"",
            "=\"n 17\"",
            "=17",
            "nan",
            "NULL",
            "n/a",
            "-",
            "- 1",
            ".",
            "\\N",
            "Saknas",
            "0",
            "BU\u{a0}17",
            "Å 17",
            "bu\u{0}17",
            "bu\u{1c}17",
        ] {
            for empty in [&none, &empty] {
                let shown = CaseNumber::of(text.as_bytes(), empty).shown;
                assert_eq!(shown, name(text.as_bytes(), empty).into_bytes(), "{text:?}");
            }
            let text_seen = printable(text);
            let words: Vec<&str> = text_seen.split_whitespace().collect();
            let key = composed(&words.join(" ").to_uppercase()).into_owned();
            assert_eq!(key_of(text.as_bytes()), key.into_bytes(), "{text:?}");
        }
        assert!(matches!(CaseNumber::of(b"bu 17.1", &none).shown, Cow::Borrowed(_)));
        assert!(matches!(key_of(b"BU 17.1"), Cow::Borrowed(_)));
    }

    fn destroyed(numbers: &[&str]) -> Option<Destroyed> {
        let mut shapes = NumberShapes::default();
        let place = |line| Place { export: 0, line };
        numbers.iter().zip(1..).for_each(|(number, line)| shapes.add(number.as_bytes(), place(line)));
        shapes.destroyed().map(|(what, _)| what)
    }

    #[test]
    fn destroyed_numbers_are_seen_and_others_are_not() {
        assert_eq!(destroyed(&["2,024E+11", "17"]), Some(Destroyed::Scientific));
        assert_eq!(destroyed(&["2.02400E+11"]), Some(Destroyed::Scientific));
        assert_eq!(destroyed(&["2E+11"]), Some(Destroyed::Scientific));
        assert_eq!(destroyed(&["17.0", "18.0"]), Some(Destroyed::Decimal));
        assert_eq!(destroyed(&["17,0"]), Some(Destroyed::Decimal));
        assert_eq!(destroyed(&["000017", "18"]), Some(Destroyed::LostZeros));
        assert_eq!(destroyed(&["2024000000001230"; 3]), Some(Destroyed::Rounded));
        for sound in [
            &["17", "18", "104"][..],
            &["000017", "000018", "123456"],
            &["12.0", "12.1", "12.10"],
            &["2024-17", "BU 17", "2E5", "17E"],
            &["2024000000001230", "2024000000001231", "2024000000001240", "2024000000001250"],
            &["0", "17"],
        ] {
            assert_eq!(destroyed(sound), None, "{sound:?}");
        }
    }
}
