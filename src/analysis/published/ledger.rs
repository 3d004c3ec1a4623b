//! Ledgers for publication: what became of a file's rows, where a number may be hidden.

use super::Publisher;
use super::cells::{Cells, numbers};
use crate::ingest::Ledger;
use crate::suppression::CellId;

/// A ledger as it is shown; `None` where a number is hidden.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LedgerLine {
    /// Rows in all.
    pub rows: Option<u64>,
    /// Cases that ended by the as-of date.
    pub counted: Option<u64>,
    /// Cases that had not ended by then.
    pub open: Option<u64>,
    /// Rows left out for a reason that is no fault.
    pub excluded: Option<u64>,
    /// Rows with a fault.
    pub rejected: Option<u64>,
}

impl From<Ledger> for LedgerLine {
    /// Everything is shown.
    fn from(ledger: Ledger) -> LedgerLine {
        LedgerLine::of(numbers(ledger).map(Some))
    }
}

impl LedgerLine {
    fn of([rows, counted, open, excluded, rejected]: [Option<u64>; 5]) -> LedgerLine {
        LedgerLine { rows, counted, open, excluded, rejected }
    }
}

/// The ledger of a file that belongs to no control, fit to be published.
pub fn publish_ledger(ledger: Ledger, smallest: u64) -> LedgerLine {
    let mut cells = Cells::new(smallest);
    let line = cells.of_ledger(ledger);
    Publisher { hidden: &cells.hidden("a ledger"), smallest }.ledger(ledger, line)
}

impl Publisher<'_> {
    pub fn ledger(&self, ledger: Ledger, cells: [CellId; 5]) -> LedgerLine {
        let numbers = numbers(ledger);
        LedgerLine::of(std::array::from_fn(|place| self.shown(cells[place], numbers[place])))
    }
}
