//! Ledgers for publication: what became of a file's rows, where a number may be hidden.

use crate::ingest::Ledger;
use crate::suppression::{CellId, Tables, is_few};

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
    /// Its numbers: rows, counted, open, excluded, rejected.
    pub fn numbers(self) -> [Option<u64>; 5] {
        [self.rows, self.counted, self.open, self.excluded, self.rejected]
    }

    fn of([rows, counted, open, excluded, rejected]: [Option<u64>; 5]) -> LedgerLine {
        LedgerLine { rows, counted, open, excluded, rejected }
    }
}

fn numbers(ledger: Ledger) -> [u64; 5] {
    [ledger.rows(), ledger.counted, ledger.open, ledger.excluded(), ledger.rejected]
}

/// A ledger fit to be published, without numbers that could be small, and without those that earlier editions hide in
/// ledgers of the same control. What was counted follows from the periods: it is shown, or nothing is.
///
/// # Panics
/// When a number that is to be hidden could be worked out: our mistake, and no report.
pub fn publish_ledger(ledger: Ledger, smallest: u64, earlier: &[[Option<u64>; 5]]) -> LedgerLine {
    let stays_hidden = |place: usize| earlier.iter().any(|line| line[place].is_none());
    let numbers = numbers(ledger);
    let [rows, counted, ..] = numbers;
    if is_few(counted, smallest) || stays_hidden(1) {
        return LedgerLine::default();
    }
    let mut tables = Tables::new(smallest);
    let others = [rows - counted, numbers[2], numbers[3], numbers[4]];
    let cells: [CellId; 4] = std::array::from_fn(|place| {
        let is_kept = stays_hidden(if place == 0 { 0 } else { place + 1 });
        tables.cell(others[place], is_few(others[place], smallest) || is_kept, 0)
    });
    tables.sum(cells[0], &cells[1..]);
    let hidden = tables.protect();
    assert_eq!(tables.audit(&hidden), Ok(()), "a small number of a ledger could be derived");
    let shown = |place: usize, number: u64| (!hidden.is_hidden(cells[place])).then_some(number);
    LedgerLine {
        rows: shown(0, rows),
        counted: Some(counted),
        open: shown(1, numbers[2]),
        excluded: shown(2, numbers[3]),
        rejected: shown(3, numbers[4]),
    }
}
