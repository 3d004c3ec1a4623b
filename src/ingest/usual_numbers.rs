//! Usual case numbers: what those of an export look like, which shows whether a row is a case.

use std::collections::{BTreeMap, BTreeSet};

use super::labels::label;
use crate::values::bare;

/// The patterns of an export's case numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsualNumbers {
    patterns: BTreeSet<String>,
    /// By byte: whether a number may begin with it.
    begins: [bool; 256],
    are_the_rule: bool,
    /// Whether zero stands on several rows, so that it is none.
    repeat_zero: bool,
}

impl Default for UsualNumbers {
    fn default() -> UsualNumbers {
        UsualNumbers {
            patterns: BTreeSet::new(),
            begins: [false; 256],
            are_the_rule: false,
            repeat_zero: false,
        }
    }
}

impl UsualNumbers {
    /// Whether a cell looks like one of them. `pattern` is overwritten.
    pub fn include(&self, cell: &[u8], pattern: &mut String) -> bool {
        write_pattern(cell, pattern);
        self.patterns.contains(pattern.as_str())
    }

    /// Whether nearly every row has one of them, so that a row without one is no case, or an unusual one.
    pub fn are_the_rule(&self) -> bool {
        self.are_the_rule
    }

    /// Whether a cell holds none, although it is not empty: a word or a number to be filled in where nearly all have digits,
    /// or a zero that others have too. `is_usual` if it looks like the others.
    #[inline]
    pub fn lack(&self, cell: &[u8], is_usual: bool) -> bool {
        self.are_the_rule && (!is_usual && is_to_be_filled_in(cell) || self.repeat_zero && is_zero(cell))
    }

    /// Whether a cell begins and ends as they do, without a word that a label could begin with, unless it is `known`.
    /// Recognises most numbers without looking at each byte.
    #[inline]
    pub fn include_at_a_glance(&self, cell: &[u8], known: [u8; 3]) -> bool {
        let is_letter = |byte: &u8| byte.is_ascii_alphabetic() || !byte.is_ascii();
        let (Some(first), Some(last)) = (cell.first(), cell.last()) else { return false };
        self.begins[usize::from(*first)]
            && last.is_ascii_digit()
            && (!cell.get(2).is_some_and(is_letter) || cell.starts_with(&known))
    }
}

/// Rows by the pattern of their case number.
#[derive(Default)]
pub struct Patterns {
    /// Rows by pattern, and whether its number could be something else: a label such as `Antal: 40`, the count behind
    /// one, or a number to be filled in, such as `BU 2024-XXX`.
    rows: BTreeMap<String, (u64, bool)>,
    /// Rows with something else in its place, except for labels.
    others: u64,
    zeros: u64,
    pattern: String,
}

impl Patterns {
    /// A column with more patterns does not hold numbers.
    const MOST: usize = 1_000;

    /// Examines the number of a row that has a date; the row may begin with a label. No number is blank, or the zero of
    /// a formula.
    pub fn see(&mut self, cell: &[u8], has_label: &dyn Fn() -> bool) {
        if cell.is_empty() || is_zero(cell) {
            self.zeros += u64::from(!cell.is_empty());
            return;
        }
        write_pattern(cell, &mut self.pattern);
        if self.pattern.is_empty() {
            self.others += u64::from(label(cell).is_none());
        } else if let Some((rows, _)) = self.rows.get_mut(self.pattern.as_str()) {
            *rows += 1;
        } else if self.rows.len() < Self::MOST {
            let is_doubtful = label(cell).is_some() || is_to_be_filled_in(cell) || has_label();
            self.rows.insert(self.pattern.clone(), (1, is_doubtful));
        }
    }

    /// The usual numbers: those that could be something else only if a tenth of the rows, and more than one, are like
    /// them.
    pub fn usual(self) -> UsualNumbers {
        let is_rule = self.rows.len() < Self::MOST;
        let all: u64 = self.rows.values().map(|(rows, _)| rows).sum();
        let is_kept = |rows: u64, is_doubtful: bool| !is_doubtful || rows > 1 && rows * 10 >= all;
        let kept = self.rows.into_iter().filter(|(_, (rows, is_doubtful))| is_kept(*rows, *is_doubtful));
        let (mut usual, mut usual_rows) = (UsualNumbers::default(), 0);
        usual.repeat_zero = self.zeros > 1;
        for (pattern, (rows, _)) in kept {
            (0..=255).for_each(|byte: u8| usual.begins[usize::from(byte)] |= begins_with(&pattern, byte));
            usual.patterns.insert(pattern);
            usual_rows += rows;
        }
        usual.are_the_rule = is_rule && usual_rows > 0 && usual_rows >= self.others * 4;
        usual
    }
}

/// The zero that a formula gives for an empty cell.
pub fn is_zero(cell: &[u8]) -> bool {
    !cell.is_empty() && cell.iter().all(|byte| *byte == b'0')
}

/// Whether a number of this pattern may begin with a byte.
fn begins_with(pattern: &str, byte: u8) -> bool {
    match pattern.as_bytes().first() {
        Some(b'0') => byte.is_ascii_digit(),
        Some(b'A') => byte.is_ascii_uppercase(),
        Some(b'a') => byte.is_ascii_lowercase(),
        first => first == Some(&byte),
    }
}

/// Whether a cell in place of a number is none: it has no digit, or its last part is still to be filled in, as in
/// `BU 2024-XXX`.
pub fn is_to_be_filled_in(cell: &[u8]) -> bool {
    let text = String::from_utf8_lossy(cell);
    let last = text.rsplit(|letter: char| !letter.is_alphanumeric()).find(|part| !part.is_empty());
    let is_repeated = |part: &str| {
        let mut letters = part.chars();
        let first = letters.next();
        part.len() > 1
            && first.is_some_and(char::is_alphabetic)
            && letters.all(|letter| Some(letter) == first)
    };
    !cell.iter().any(u8::is_ascii_digit) || last.is_some_and(is_repeated)
}

/// `SN 2024/00099` as `AA 0/0`: letters by their case, digits in a row as one. Nothing for a cell without a digit.
fn write_pattern(cell: &[u8], pattern: &mut String) {
    pattern.clear();
    if !cell.iter().any(u8::is_ascii_digit) {
        return;
    }
    let text = String::from_utf8_lossy(cell);
    for letter in bare(&text).chars() {
        let sign = match letter {
            '0'..='9' => '0',
            _ if letter.is_whitespace() => ' ',
            _ if letter.is_uppercase() => 'A',
            _ if letter.is_lowercase() => 'a',
            _ => letter,
        };
        if !(matches!(sign, '0' | ' ') && pattern.ends_with(sign)) {
            pattern.push(sign);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usual(numbers: &[&str]) -> UsualNumbers {
        let mut patterns = Patterns::default();
        numbers.iter().for_each(|number| patterns.see(number.as_bytes(), &|| false));
        patterns.usual()
    }

    fn include(usual: &UsualNumbers, cell: &str) -> bool {
        usual.include(cell.as_bytes(), &mut String::new())
    }

    #[test]
    fn a_number_like_the_others_is_one_and_a_text_is_not() {
        let usual = usual(&["SN 2024/00001", "SN 2024/00002", "BU-17", "Summa", ""]);
        for number in ["SN 2024/00099", "VN  1999/7", "SN\u{a0}2024/00099", "=\"NU-1\""] {
            assert!(include(&usual, number), "{number}");
        }
        for text in
            ["Summa", "", "Sida 2", "Sida 2/7", "Enhet: 17", "17", "Bu-17", "Summa 2024/17", "SN 2024"]
        {
            assert!(!include(&usual, text), "{text}");
        }
        assert!(usual.are_the_rule(), "a label does not count");
    }

    #[test]
    fn a_label_with_a_count_and_an_example_are_numbers_only_if_many_are_like_them() {
        let mut numbers = vec!["BU 2024-1"; 40];
        numbers.extend(["Antal: 40", "BU 2024-XXX", "2024-17B"]);
        let few = usual(&numbers);
        assert!(few.are_the_rule());
        let found = ["BU 2024-7", "2024-9C", "Antal: 7", "BU 2024-XXX"].map(|cell| include(&few, cell));
        assert_eq!(found, [true, true, false, false]);
        let many = usual(&["SUM 2024", "SUM 2025", "BU-A", "BU 1-XX", "BU 2-XX"]);
        assert!(include(&many, "SUM 2023") && include(&many, "BU 3-XX"));
    }

    #[test]
    fn most_numbers_are_known_at_a_glance_and_no_label_is() {
        let usual = usual(&["SN 2024/00001", "SOCN 2024-17"]);
        let known = *b"SOC";
        for number in ["SN 2024/00099", "SOCN 2024-18"] {
            assert!(usual.include_at_a_glance(number.as_bytes(), known), "{number}");
        }
        for text in ["", "14", "Antal: 40", "SN 2024/XXX", "Summa 17", "Ö", "Période 1"] {
            assert!(!usual.include_at_a_glance(text.as_bytes(), known), "{text}");
        }
    }
}
