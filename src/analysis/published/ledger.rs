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
    /// Its numbers, in the order of `numbers`.
    pub fn numbers(self) -> [Option<u64>; 5] {
        [self.rows, self.counted, self.open, self.excluded, self.rejected]
    }

    fn of([rows, counted, open, excluded, rejected]: [Option<u64>; 5]) -> LedgerLine {
        LedgerLine { rows, counted, open, excluded, rejected }
    }
}

/// The ledger of a file that belongs to no control, fit to be published.
///
/// # Panics
/// When a number that is to be hidden could be worked out: our mistake, and no report.
pub fn publish_ledger(ledger: Ledger, smallest: u64) -> LedgerLine {
    let mut cells = Cells::new(smallest);
    let line = cells.of_ledger(ledger);
    let hidden = cells.hidden().expect("the numbers of a ledger can be hidden");
    Publisher { hidden: &hidden, smallest }.ledger(ledger, line)
}

impl Publisher<'_> {
    pub fn ledger(&self, ledger: Ledger, cells: [CellId; 5]) -> LedgerLine {
        let numbers = numbers(ledger);
        LedgerLine::of(std::array::from_fn(|place| self.shown(cells[place], numbers[place])))
    }
}
