//! Ledgers: what became of every row of a file.

/// What became of the rows of one file that belong to one control. Every row is exactly one of counted,
/// open, excluded, rejected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Ledger {
    /// Cases that ended by the as-of date.
    pub counted: u64,
    /// Cases that had not ended by then.
    pub open: u64,
    /// Cases that started after the as-of date.
    pub not_started: u64,
    /// Repetitions of a row that was counted once.
    pub repeated: u64,
    /// Rows that a newer export has replaced.
    pub superseded: u64,
    /// Rows whose type belongs to no control.
    pub other_type: u64,
    /// Rows that are no cases: headings that are repeated, and totals.
    pub no_case: u64,
    /// Rows with a fault.
    pub rejected: u64,
}

impl Ledger {
    /// Rows left out for a reason that is no fault.
    pub fn excluded(self) -> u64 {
        self.not_started + self.repeated + self.superseded + self.other_type + self.no_case
    }

    /// Rows in all. There is no second count to compare with: this is the sum, and the tests hold it
    /// against the lines of the file.
    pub fn rows(self) -> u64 {
        self.counted + self.open + self.excluded() + self.rejected
    }

    /// Adds another ledger.
    pub fn add(&mut self, other: Ledger) {
        self.counted += other.counted;
        self.open += other.open;
        self.not_started += other.not_started;
        self.repeated += other.repeated;
        self.superseded += other.superseded;
        self.other_type += other.other_type;
        self.no_case += other.no_case;
        self.rejected += other.rejected;
    }
}
