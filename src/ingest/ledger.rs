//! Ledgers: what became of every row of a file.

/// What became of the rows of one file that belong to one control. Every row is exactly one of counted, open, excluded
/// or rejected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Deserialize, serde::Serialize)]
#[serde(default)]
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
    /// Rows that are not cases: repeated headings, totals, text, rows that are not filled in, and cases of another control
    /// that the file is read for.
    pub no_case: u64,
    /// Rows left out by the project file because of a column's value.
    pub filtered: u64,
    /// Rows whose status is void.
    pub void: u64,
    /// Cases without a time of day, of a rule that counts hours.
    pub without_time: u64,
    /// Rows with a fault.
    pub rejected: u64,
}

impl Ledger {
    /// Rows left out for reasons other than faults, by the reason's name in files and text catalogues.
    pub fn reasons(self) -> [(&'static str, u64); 8] {
        [
            ("started_after_as_of", self.not_started),
            ("repeated_row", self.repeated),
            ("superseded_row", self.superseded),
            ("other_type", self.other_type),
            ("headings_or_total", self.no_case),
            ("without_time", self.without_time),
            ("filtered", self.filtered),
            ("void", self.void),
        ]
    }

    /// Rows left out for reasons other than faults.
    pub fn excluded(self) -> u64 {
        self.reasons().iter().map(|(_, rows)| rows).sum()
    }

    /// All rows: the sum of the fields. Tests compare it with the number of lines in the file.
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
        self.filtered += other.filtered;
        self.void += other.void;
        self.without_time += other.without_time;
        self.rejected += other.rejected;
    }
}
