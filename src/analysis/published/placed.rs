//! Whose numbers have which cells.

use crate::suppression::CellId;

/// Deviations and cases.
pub type Counts = (u64, u64);

/// Whose number it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Holder {
    /// All cases of a control.
    Whole,
    /// A group of its own.
    Group(String),
    /// Groups taken together.
    Few,
}

impl Holder {
    /// A group by its name, and how many were taken together.
    pub fn of(name: &str, combined: usize) -> Holder {
        if combined > 0 { Holder::Few } else { Holder::Group(name.to_owned()) }
    }
}

/// The cells of cases and of deviations among them.
#[derive(Debug, Clone, Copy)]
pub struct Pair {
    pub cases: CellId,
    pub deviations: CellId,
}

/// The numbers of a period or of a group in it, and their cells.
#[derive(Debug, Clone, Copy)]
pub struct Placed {
    pub pair: Pair,
    /// Cases without a deviation.
    pub others: CellId,
    pub counts: Counts,
}
