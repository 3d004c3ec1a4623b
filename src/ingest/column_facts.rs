//! What the columns of a table hold, as far as its beginning shows: before it is decided which of them is what.

use std::collections::HashSet;

use super::case_numbers::{CaseNumber, key_of};
use crate::values::lacks_value;

/// What a column holds.
#[derive(Debug, Clone, Default)]
pub struct ColumnFacts {
    /// Cells that hold something other than a mark or a word for nothing; beyond the first they are only counted where
    /// the heading is one of case numbers.
    pub filled: u64,
    with_digits: u64,
    /// Those without a digit that have a small letter, as words do.
    words: u64,
    numbers: HashSet<Vec<u8>>,
}

impl ColumnFacts {
    /// Examines a cell.
    pub fn add(&mut self, cell: &[u8], empty: &[String], is_of_numbers: bool) {
        if cell.is_empty() || self.filled > 0 && !is_of_numbers {
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
            self.words += u64::from(!has_digit && cell.iter().any(u8::is_ascii_lowercase));
            self.numbers.insert(key_of(&number.shown).into_owned());
        }
    }

    /// Whether most of what it holds are numbers, and not texts.
    pub fn holds_numbers(&self) -> bool {
        self.with_digits * 2 > self.filled
    }

    /// Whether it holds nothing but words, each on two rows or more: the kind of the case, not its number.
    pub fn are_kinds(&self) -> bool {
        self.filled > 0 && self.words == self.filled && self.numbers.len() as u64 * 2 <= self.filled
    }

    /// Whether no number occurs twice.
    pub fn is_unique(&self) -> bool {
        self.numbers.len() as u64 == self.filled
    }
}
