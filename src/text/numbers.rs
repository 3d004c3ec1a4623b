//! Numbers as they are written in each language (CLDR sv and en).

use super::{Texts, fill};
use crate::language::Language;

pub const NO_BREAK_SPACE: char = '\u{a0}';
pub const MINUS: char = '\u{2212}';

impl Texts {
    /// A count with grouped thousands, `1 218`.
    pub fn count(&self, number: u64) -> String {
        let digits = number.to_string();
        let group = match self.language() {
            Language::Sv => NO_BREAK_SPACE,
            Language::En => ',',
        };
        let mut text = String::new();
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && (digits.len() - index).is_multiple_of(3) {
                text.push(group);
            }
            text.push(digit);
        }
        text
    }

    /// A number of tenths, `34,5`.
    pub(super) fn tenths(&self, tenths: u64) -> String {
        let comma = match self.language() {
            Language::Sv => ',',
            Language::En => '.',
        };
        format!("{}{comma}{}", self.count(tenths / 10), tenths % 10)
    }

    /// What stands before decimals.
    pub fn comma(&self) -> &'static str {
        match self.language() {
            Language::Sv => ",",
            Language::En => ".",
        }
    }

    /// An expected number of cases: in whole cases from ten, else with one decimal.
    pub fn rounded(&self, number: f64) -> String {
        if number >= 10.0 { self.count(number.round() as u64) } else { self.tenths_of_cases(number) }
    }

    /// A mean number of cases, `1,4`.
    pub fn tenths_of_cases(&self, mean: f64) -> String {
        self.tenths((mean * 10.0).round() as u64)
    }

    /// An interval of counts, `23–38`.
    pub fn count_interval(&self, (low, high): (u64, u64)) -> String {
        format!("{}–{}", self.count(low), self.count(high))
    }

    /// A whole number with its sign, `+12`, `−3`, `0`.
    pub fn signed(&self, number: i32) -> String {
        let sign = match number {
            0 => String::new(),
            ..0 => MINUS.to_string(),
            _ => "+".to_owned(),
        };
        format!("{sign}{}", self.count(u64::from(number.unsigned_abs())))
    }

    /// A whole number, `−61`, `20`.
    pub fn whole(&self, number: i32) -> String {
        let sign = if number < 0 { MINUS.to_string() } else { String::new() };
        format!("{sign}{}", self.count(u64::from(number.unsigned_abs())))
    }

    /// A number in a sentence: in letters up to twelve.
    pub fn number_word(&self, number: u64) -> String {
        match number {
            0..=12 => self.get(&format!("number.{number}")).to_owned(),
            _ => self.count(number),
        }
    }

    /// Names in a sentence, `a, b och c`.
    pub fn list<S: AsRef<str>>(&self, names: &[S]) -> String {
        let names: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
        match names.as_slice() {
            [] => String::new(),
            [only] => (*only).to_owned(),
            [others @ .., last] => format!("{} {} {last}", others.join(", "), self.get("list.and")),
        }
    }
    /// Names with commas between them, as many as a reader looks through, and how many more there are.
    pub fn first_of<T: AsRef<str>>(&self, names: &[T]) -> String {
        const MOST: usize = 20;
        let shown: Vec<&str> = names.iter().take(MOST).map(AsRef::as_ref).collect();
        match names.len() {
            0..=MOST => shown.join(", "),
            all => {
                fill!(self, "list.more", names = shown.join(", "), count = self.count((all - MOST) as u64))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_list_ends_with_how_many_more_there_are() {
        let names: Vec<String> = (1..=1_022).map(|number| number.to_string()).collect();
        let texts = Texts::of(Language::Sv);
        assert!(texts.first_of(&names[..20]).ends_with("19, 20"));
        assert!(texts.first_of(&names).ends_with("19, 20 och 1\u{a0}002 till"));
    }

    #[test]
    fn numbers_are_written_as_the_language_does() {
        let (sv, en) = (Texts::of(Language::Sv), Texts::of(Language::En));
        assert_eq!(sv.count(1_234_567), "1\u{a0}234\u{a0}567");
        assert_eq!(en.count(1_234), "1,234");
        assert_eq!(sv.points(-0.0302), "\u{2212}3,0");
    }
}
