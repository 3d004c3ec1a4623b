//! What is seen of two numbers that belong together: cases, and deviations among them.

use super::pattern::ShownBefore;

/// Deviations and cases.
pub type Counts = (u64, u64);

/// Which of a pair of numbers are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    pub cases: bool,
    pub deviations: bool,
}

impl Seen {
    pub const ALL: Seen = Seen { cases: true, deviations: true };
    pub const NOTHING: Seen = Seen { cases: false, deviations: false };

    pub fn has(self, number: Number) -> bool {
        match number {
            Number::Cases => self.cases,
            Number::Deviations => self.deviations,
        }
    }

    pub fn show(&mut self, number: Number, is_shown: bool) {
        match number {
            Number::Cases => self.cases = is_shown,
            Number::Deviations => self.deviations = is_shown,
        }
    }
}

/// One of a pair of numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Number {
    Cases,
    Deviations,
}

impl Number {
    pub const BOTH: [Number; 2] = [Number::Cases, Number::Deviations];

    pub fn of(self, (deviations, cases): Counts) -> u64 {
        match self {
            Number::Cases => cases,
            Number::Deviations => deviations,
        }
    }

    pub fn shown(self, shown: &ShownBefore) -> Option<u64> {
        match self {
            Number::Cases => shown.cases,
            Number::Deviations => shown.deviations,
        }
    }
}
