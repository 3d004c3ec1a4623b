//! What the columns of a table hold, as far as its beginning shows: before it is decided which of them is what.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::case_numbers::{CaseNumber, key_of};
use super::selection::{State, usual_state};
use crate::date_format::is_date_in_any_order;
use crate::values::{lacks_value, name};

/// What a column holds.
#[derive(Debug, Clone, Default)]
pub struct ColumnFacts {
    /// Cells that hold something other than a mark or a word for nothing; beyond the first they are only counted where
    /// the heading is one of case numbers.
    pub filled: u64,
    with_digits: u64,
    /// Those in place of numbers that have a small letter and no digit, as names of kinds do.
    kinds: u64,
    numbers: HashSet<Vec<u8>>,
    /// Cells with a word, until there are enough of them.
    words: u64,
    has_other_than_words: bool,
    has_dates: bool,
    content: DefaultHasher,
}

/// Whether a cell holds a word without a digit that is no error of Excel and does not say that a case goes on: a decision,
/// or yes and no.
pub fn is_word(cell: &str) -> bool {
    !cell.contains(|letter: char| letter.is_ascii_digit())
        && !cell.starts_with('#')
        && usual_state(cell) != Some(State::Open)
}

/// Fewer words in place of dates can be slips.
pub const FEWEST_WORDS: u64 = 3;

impl ColumnFacts {
    /// Examines a cell.
    pub fn add(&mut self, cell: &[u8], empty: &[String], is_of_numbers: bool) {
        cell.hash(&mut self.content);
        if cell.is_empty() {
            return;
        }
        self.see_words(cell, empty);
        if self.filled > 0 && !is_of_numbers {
            return;
        }
        let number = CaseNumber::of(cell, empty);
        // A formula without a value is a fault of its row, not an empty cell.
        if number.shown.is_empty() && !lacks_value(cell) {
            return;
        }
        self.filled += 1;
        if is_of_numbers {
            let has_digit = cell.iter().any(u8::is_ascii_digit);
            self.with_digits += u64::from(has_digit);
            self.kinds += u64::from(!has_digit && cell.iter().any(u8::is_ascii_lowercase));
            self.numbers.insert(key_of(&number.shown).into_owned());
        }
    }

    fn see_words(&mut self, cell: &[u8], empty: &[String]) {
        let has_digit = cell.iter().any(u8::is_ascii_digit);
        self.has_dates = self.has_dates || has_digit && is_date_in_any_order(cell);
        self.has_other_than_words |= has_digit;
        if !self.has_other_than_words && self.words < FEWEST_WORDS {
            let text = name(cell, empty);
            self.words += u64::from(!text.is_empty() && is_word(&text));
        }
    }

    /// Whether it holds words, and nothing that could be a date.
    pub fn is_of_words(&self) -> bool {
        !self.has_other_than_words && self.words >= FEWEST_WORDS
    }

    /// Whether a cell is a date.
    pub fn has_dates(&self) -> bool {
        self.has_dates
    }

    /// Makes the content of a column differ from that of all others.
    pub fn set_apart(&mut self, column: usize) {
        column.hash(&mut self.content);
    }

    /// Whether it holds something, and the same as another column in every row.
    pub fn is_same(&self, other: &ColumnFacts) -> bool {
        self.filled > 0 && self.content.finish() == other.content.finish()
    }

    /// Whether most of what it holds are numbers, and not texts.
    pub fn holds_numbers(&self) -> bool {
        self.with_digits * 2 > self.filled
    }

    /// Whether it holds nothing but words, each on two rows or more: the kind of the case, not its number.
    pub fn are_kinds(&self) -> bool {
        self.filled > 0 && self.kinds == self.filled && self.numbers.len() as u64 * 2 <= self.filled
    }

    /// Whether no number occurs twice.
    pub fn is_unique(&self) -> bool {
        self.numbers.len() as u64 == self.filled
    }
}
