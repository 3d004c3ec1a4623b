//! Faults: what is wrong with a row of an export.
//!
//! A fault carries a code and a place, never the value of a cell: exports hold personal data. Sentences
//! are made in `text`.

/// What is wrong with a row. The list is closed and the ids are stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FaultCode {
    /// A quoted cell that is not closed properly.
    BrokenQuote,
    /// Fewer cells than headings.
    TooFewCells,
    /// More cells than headings.
    TooManyCells,
    /// The case has no start date.
    MissingStart,
    /// A cell that should hold a date holds something else.
    UnreadableDate,
    /// A day or time that does not exist.
    ImpossibleDate,
    /// A day outside 1970–2100.
    DateOutOfRange,
    /// The case ends before it starts.
    EndBeforeStart,
    /// No law of the control was in force when the case started.
    NotInForce,
    /// The same case number with other content on another row.
    DuplicateCase,
    /// Doubtful: an extension without a day of decision, in an export that has that column.
    ExtensionUndecided,
    /// Doubtful: an extension that was decided after the due date it was to replace.
    ExtensionDecidedLate,
    /// Doubtful: a time in the hour that is skipped when summer time begins.
    SkippedHour,
}

impl FaultCode {
    /// Every code, in order.
    pub const ALL: [FaultCode; 13] = [
        FaultCode::BrokenQuote,
        FaultCode::TooFewCells,
        FaultCode::TooManyCells,
        FaultCode::MissingStart,
        FaultCode::UnreadableDate,
        FaultCode::ImpossibleDate,
        FaultCode::DateOutOfRange,
        FaultCode::EndBeforeStart,
        FaultCode::NotInForce,
        FaultCode::DuplicateCase,
        FaultCode::ExtensionUndecided,
        FaultCode::ExtensionDecidedLate,
        FaultCode::SkippedHour,
    ];

    /// Stable name in files and text catalogues.
    pub fn id(self) -> &'static str {
        match self {
            FaultCode::BrokenQuote => "broken-quote",
            FaultCode::TooFewCells => "too-few-cells",
            FaultCode::TooManyCells => "too-many-cells",
            FaultCode::MissingStart => "missing-start",
            FaultCode::UnreadableDate => "unreadable-date",
            FaultCode::ImpossibleDate => "impossible-date",
            FaultCode::DateOutOfRange => "date-out-of-range",
            FaultCode::EndBeforeStart => "end-before-start",
            FaultCode::NotInForce => "not-in-force",
            FaultCode::DuplicateCase => "duplicate-case",
            FaultCode::ExtensionUndecided => "extension-undecided",
            FaultCode::ExtensionDecidedLate => "extension-decided-late",
            FaultCode::SkippedHour => "skipped-hour",
        }
    }

    /// A doubtful row is counted all the same; the others are rejected.
    pub fn is_doubt(self) -> bool {
        matches!(
            self,
            FaultCode::ExtensionUndecided | FaultCode::ExtensionDecidedLate | FaultCode::SkippedHour
        )
    }
}

/// A line of a file; files are known by their number in the run's list of exports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Number of the export.
    pub export: usize,
    /// Line as an editor shows it, from 1.
    pub line: u64,
}

/// What is wrong, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// Where the row begins.
    pub place: Place,
    /// Number of the column, from 0, when one cell is to blame.
    pub column: Option<usize>,
    /// What is wrong.
    pub code: FaultCode,
    /// The other row, when two contradict each other.
    pub other: Option<Place>,
}
