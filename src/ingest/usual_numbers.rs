//! Usual case numbers: what those of an export look like, which shows whether a row without dates is a case.

use std::collections::BTreeSet;

use crate::values::bare;

/// The patterns of an export's case numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UsualNumbers(BTreeSet<String>);

impl UsualNumbers {
    /// A column with more patterns does not hold numbers.
    const MOST: usize = 1_000;

    /// Examines the number of a row that has a date.
    pub fn see(&mut self, cell: &[u8]) {
        if self.0.len() < Self::MOST {
            self.0.extend(pattern(cell));
        }
    }

    /// Whether a cell looks like one of them.
    pub fn include(&self, cell: &[u8]) -> bool {
        pattern(cell).is_some_and(|pattern| self.0.contains(&pattern))
    }
}

/// `SN 2024/00099` as `AA 0/0`: letters by their case, digits in a row as one. `None` for a cell without a digit.
fn pattern(cell: &[u8]) -> Option<String> {
    if !cell.iter().any(u8::is_ascii_digit) {
        return None;
    }
    let text = String::from_utf8_lossy(cell);
    let mut pattern = String::new();
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
    Some(pattern)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usual(numbers: &[&str]) -> UsualNumbers {
        let mut usual = UsualNumbers::default();
        numbers.iter().for_each(|number| usual.see(number.as_bytes()));
        usual
    }

    #[test]
    fn a_number_like_the_others_is_one_and_a_text_is_not() {
        let usual = usual(&["SN 2024/00001", "SN 2024/00002", "BU-17", "Summa", ""]);
        for number in ["SN 2024/00099", "VN  1999/7", "SN\u{a0}2024/00099", "=\"NU-1\""] {
            assert!(usual.include(number.as_bytes()), "{number}");
        }
        for text in
            ["Summa", "", "Sida 2", "Sida 2/7", "Enhet: 17", "17", "Bu-17", "Summa 2024/17", "SN 2024"]
        {
            assert!(!usual.include(text.as_bytes()), "{text}");
        }
    }
}
