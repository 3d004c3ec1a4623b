//! Faults: what is wrong with a row of an export.
//!
//! A fault carries a code and a place, never the value of a cell: exports hold personal data. Sentences
//! are made in `text`.

/// What becomes of the row that a fault is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Effect {
    /// It is not counted, because it cannot be judged.
    Rejected,
    /// It is counted all the same.
    Doubtful,
    /// It is left out, because it is no case or no further one.
    LeftOut,
}

impl Effect {
    /// Stable name in files and text catalogues.
    pub fn id(self) -> &'static str {
        match self {
            Effect::Rejected => "rejected",
            Effect::Doubtful => "doubtful",
            Effect::LeftOut => "left-out",
        }
    }
}

/// What a fault is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Family {
    /// The row as a whole.
    Row,
    /// One cell.
    Cell,
    /// The case that the row tells of.
    Case,
}

impl Family {
    /// Stable name in files and text catalogues.
    pub fn id(self) -> &'static str {
        match self {
            Family::Row => "row",
            Family::Cell => "cell",
            Family::Case => "case",
        }
    }
}

/// Declares the closed list once: code, stable name, what it is about, what becomes of the row.
macro_rules! fault_codes {
    ($($(#[$meaning:meta])* $code:ident, $id:literal, $family:ident, $effect:ident;)*) => {
        /// What is wrong with a row. The list is closed and the ids are stable.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum FaultCode {
            $($(#[$meaning])* $code,)*
        }

        impl FaultCode {
            /// Every code, in order.
            pub const ALL: &[FaultCode] = &[$(FaultCode::$code,)*];

            /// Stable name in files and text catalogues.
            pub fn id(self) -> &'static str {
                match self { $(FaultCode::$code => $id,)* }
            }

            /// What it is about.
            pub fn family(self) -> Family {
                match self { $(FaultCode::$code => Family::$family,)* }
            }

            /// What becomes of the row.
            pub fn effect(self) -> Effect {
                match self { $(FaultCode::$code => Effect::$effect,)* }
            }
        }
    };
}

fault_codes! {
    /// A quoted cell that is not closed properly.
    BrokenQuote, "broken-quote", Row, Rejected;
    /// A valid text in quotes that holds what looks like whole rows.
    RowsInText, "rows-in-text", Row, Doubtful;
    /// Fewer cells than headings.
    TooFewCells, "too-few-cells", Row, Rejected;
    /// More cells than headings.
    TooManyCells, "too-many-cells", Row, Rejected;
    /// The headings once more.
    RepeatedHeadings, "repeated-headings", Row, LeftOut;
    /// A row that adds up others.
    TotalsRow, "totals-row", Row, LeftOut;
    /// Words that stand alone in a row: a title, a page's number, the name of a group.
    TextRow, "text-row", Row, LeftOut;
    /// The case has no start date.
    MissingStart, "missing-start", Cell, Rejected;
    /// The lawful clock is the export's own due date, and the case has none.
    MissingDue, "missing-due", Cell, Rejected;
    /// The reference is the export's own due date, and the case has none: it follows the law.
    MissingReference, "missing-reference", Cell, Doubtful;
    /// A cell that should hold a date holds something else.
    UnreadableDate, "unreadable-date", Cell, Rejected;
    /// A date that can be read in two ways.
    AmbiguousDate, "ambiguous-date", Cell, Rejected;
    /// A day or time that does not exist.
    ImpossibleDate, "impossible-date", Cell, Rejected;
    /// A day outside 1930–2100.
    DateOutOfRange, "date-out-of-range", Cell, Rejected;
    /// A day that stands alone far beyond all others.
    LoneDate, "lone-date", Cell, Rejected;
    /// The status says that the case has ended, and there is no end date.
    ClosedWithoutEnd, "closed-without-end", Cell, Rejected;
    /// The status says that the case is open, and there is an end date.
    OpenWithEnd, "open-with-end", Cell, Doubtful;
    /// A status that is in none of the lists.
    UnknownStatus, "unknown-status", Cell, Doubtful;
    /// A name or case number with a character that was lost on the way.
    BrokenCharacter, "broken-character", Cell, Doubtful;
    /// A unit that looks like a personal number.
    PersonInUnit, "person-in-unit", Cell, Doubtful;
    /// The case ends before it starts.
    EndBeforeStart, "end-before-start", Case, Rejected;
    /// No law of the control was in force when the case started.
    NotInForce, "not-in-force", Case, Rejected;
    /// The rule rolls, and the due date lies before the first day of the calendar.
    NoCalendar, "no-calendar", Case, Rejected;
    /// The same case number with other content on another row.
    DuplicateCase, "duplicate-case", Case, Rejected;
    /// The same row once more.
    RepeatedRow, "repeated-row", Case, LeftOut;
    /// A row that a newer export has replaced.
    SupersededRow, "superseded-row", Case, LeftOut;
    /// An extension without a day of decision, in an export that has that column.
    ExtensionUndecided, "extension-undecided", Case, Doubtful;
    /// An extension that was decided after the due date it was to replace.
    ExtensionDecidedLate, "extension-decided-late", Case, Doubtful;
    /// A time in the hour that is skipped when summer time begins.
    SkippedHour, "skipped-hour", Cell, Doubtful;
    /// A case opened so soon after the same person's last one closed that they may be one.
    PossibleChain, "possible-chain", Case, Doubtful;
}

/// A line of a file; files are known by their number in the run's list of exports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// Number of the export.
    pub export: usize,
    /// Line as an editor shows it, or row of a sheet, from 1.
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
    /// The other row, when it is about two.
    pub other: Option<Place>,
}
