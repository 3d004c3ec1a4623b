//! Faults: what is wrong with a row of an export.
//!
//! A fault has a code and a place, never the value of a cell: exports hold personal data. Sentences are made in `text`.

use std::collections::BTreeMap;

/// The effect of a fault on its row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Effect {
    /// The row is not counted, because it cannot be judged.
    Rejected,
    /// The row is counted all the same.
    Doubtful,
    /// The row is left out, because it is not a case or not another one.
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
    /// The case that the row describes.
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

/// Declares the closed list once: code, stable name, family, effect.
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

            /// Whether the fault is about a row, a cell or a case.
            pub fn family(self) -> Family {
                match self { $(FaultCode::$code => Family::$family,)* }
            }

            /// The effect on the row.
            pub fn effect(self) -> Effect {
                match self { $(FaultCode::$code => Effect::$effect,)* }
            }
        }
    };
}

fault_codes! {
    /// A quoted cell that is not closed properly.
    BrokenQuote, "broken-quote", Row, Rejected;
    /// A valid quoted text that contains what look like whole rows.
    RowsInText, "rows-in-text", Row, Doubtful;
    /// Fewer cells than headings.
    TooFewCells, "too-few-cells", Row, Rejected;
    /// A quoted cell that holds the whole row.
    RowInQuotes, "row-in-quotes", Row, Rejected;
    /// More cells than headings.
    TooManyCells, "too-many-cells", Row, Rejected;
    /// The headings again.
    RepeatedHeadings, "repeated-headings", Row, LeftOut;
    /// A row of totals.
    TotalsRow, "totals-row", Row, LeftOut;
    /// A text around the cases: a title, a page number, the name of a group, a period, a line.
    TextRow, "text-row", Row, LeftOut;
    /// A row prepared for a case, without number, start and end.
    UnfilledRow, "unfilled-row", Row, LeftOut;
    /// A row with neither start nor end of this control, but dates of another that its file is read for.
    OtherControl, "other-control", Row, LeftOut;
    /// A case number unlike those of the other rows, or none and nothing but dates.
    UnusualNumber, "unusual-number", Cell, Doubtful;
    /// The case has no start date.
    MissingStart, "missing-start", Cell, Rejected;
    /// The lawful clock is the export's own due date, and the case has none.
    MissingDue, "missing-due", Cell, Rejected;
    /// The reference is the export's own due date, and the case has none: it follows the law.
    MissingReference, "missing-reference", Cell, Doubtful;
    /// A cell that should hold a date holds something else.
    UnreadableDate, "unreadable-date", Cell, Rejected;
    /// A formula without a value, or an error value, where a date should be.
    FormulaInDate, "formula-in-date", Cell, Rejected;
    /// A date that can be read in two ways.
    AmbiguousDate, "ambiguous-date", Cell, Rejected;
    /// A day or time that does not exist.
    ImpossibleDate, "impossible-date", Cell, Rejected;
    /// A day outside 1930–2100.
    DateOutOfRange, "date-out-of-range", Cell, Rejected;
    /// A lone day far beyond all others.
    LoneDate, "lone-date", Cell, Rejected;
    /// One of a few starts far before all others.
    EarlyStart, "early-start", Cell, Doubtful;
    /// The status says that the case has ended, and there is no end date.
    ClosedWithoutEnd, "closed-without-end", Cell, Rejected;
    /// The status says that the case is open, but there is an end date.
    OpenWithEnd, "open-with-end", Cell, Doubtful;
    /// A status that is in none of the lists.
    UnknownStatus, "unknown-status", Cell, Doubtful;
    /// A name or case number with a character that was lost in conversion.
    BrokenCharacter, "broken-character", Cell, Doubtful;
    /// A formula without a value, or an error value, where a name or case number should be.
    FormulaInName, "formula-in-name", Cell, Doubtful;
    /// No case number, although other rows have one.
    MissingCaseNumber, "missing-case-number", Cell, Doubtful;
    /// A unit that looks like a personal number.
    PersonInUnit, "person-in-unit", Cell, Doubtful;
    /// The case ends before it starts.
    EndBeforeStart, "end-before-start", Case, Rejected;
    /// No law of the control was in force when the case started.
    NotInForce, "not-in-force", Case, Rejected;
    /// The rule rolls, and the due date lies before the first day of the calendar.
    NoCalendar, "no-calendar", Case, Rejected;
    /// The same case number on another row with different content.
    DuplicateCase, "duplicate-case", Case, Rejected;
    /// The same case number on another row, of a case that begins at quite another time.
    ReusedNumber, "reused-number", Case, Rejected;
    /// The case is open on this row and has ended on another, which cannot be judged.
    EndOnOtherRow, "end-on-other-row", Case, Rejected;
    /// The same row again.
    RepeatedRow, "repeated-row", Case, LeftOut;
    /// The same case number and dates again, on a row that is another one in some other column.
    RepeatedNumber, "repeated-number", Case, LeftOut;
    /// A row that a newer export has replaced.
    SupersededRow, "superseded-row", Case, LeftOut;
    /// An extension without a day of decision, in an export that has such a column.
    ExtensionUndecided, "extension-undecided", Case, Doubtful;
    /// An extension to a day before the case started, or decided before that.
    ExtensionBeforeStart, "extension-before-start", Case, Doubtful;
    /// An extension decided after the due date that it should replace.
    ExtensionDecidedLate, "extension-decided-late", Case, Doubtful;
    /// A time in the hour that is skipped when summer time begins.
    SkippedHour, "skipped-hour", Cell, Doubtful;
    /// A time in the hour that comes twice when summer time ends.
    DoubledHour, "doubled-hour", Cell, Doubtful;
    /// A case opened so soon after the same person's last one closed that the two may be one.
    PossibleChain, "possible-chain", Case, Doubtful;
}

/// A line of a file, which is identified by its index in the run's list of exports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// Index of the export.
    pub export: usize,
    /// Line as editors show it, or row of a sheet, from 1.
    pub line: u64,
}

/// What is wrong, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// Where the row begins.
    pub place: Place,
    /// Index of the column, from 0, if one cell is at fault.
    pub column: Option<usize>,
    /// What is wrong.
    pub code: FaultCode,
    /// The other row, if the fault is about two.
    pub other: Option<Place>,
}

/// The most faults that a run holds, which take 160 MB: with more, no report can be made.
pub const MOST_FAULTS: usize = 10_000_000;

/// Faults, packed into sixteen bytes each: every row of an export with millions can be at fault.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Faults {
    held: Vec<PackedFault>,
    /// Whether further faults are only counted.
    only_counts: bool,
    noted: usize,
    rows: BTreeMap<(usize, FaultCode), FaultyRows>,
}

/// The rows of one export with the same fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FaultyRows {
    /// How many rows; a row with the fault in two cells counts once.
    pub count: u64,
    /// The first of these rows.
    pub first_line: u64,
    last_line: u64,
}

impl Faults {
    /// The number of faults.
    pub fn len(&self) -> usize {
        self.noted
    }

    /// Whether there are no faults.
    pub fn is_empty(&self) -> bool {
        self.noted == 0
    }

    /// The faults; in order of place after [`Faults::sort`].
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Fault> + '_ {
        self.held.iter().map(|packed| packed.fault())
    }

    /// Rows by export and fault.
    pub fn rows(&self) -> impl Iterator<Item = (usize, FaultCode, FaultyRows)> + '_ {
        self.rows.iter().map(|((export, code), rows)| (*export, *code, *rows))
    }

    /// Adds a fault; faults of one row with the same code must be added consecutively.
    pub fn push(&mut self, fault: Fault) {
        let line = fault.place.line;
        let new = FaultyRows { count: 0, first_line: line, last_line: 0 };
        let rows = self.rows.entry((fault.place.export, fault.code)).or_insert(new);
        rows.count += u64::from(line != rows.last_line);
        (rows.first_line, rows.last_line) = (rows.first_line.min(line), line);
        self.noted += 1;
        if !self.only_counts {
            self.held.push(PackedFault::new(fault));
        }
    }

    /// Drops the places of faults, and from now on only counts.
    pub fn only_count(&mut self) {
        (self.held, self.only_counts) = (Vec::new(), true);
    }

    /// Moves the faults of another list, about other rows, to the end of this one.
    pub fn append(&mut self, other: &mut Faults) {
        let mut other = std::mem::take(other);
        self.count(&other);
        self.held.append(&mut other.held);
        self.only_counts |= other.only_counts;
    }

    /// Counts the faults of another list, about other rows, without keeping them.
    pub fn count(&mut self, other: &Faults) {
        self.noted += other.noted;
        for (key, more) in &other.rows {
            let rows = self.rows.entry(*key).or_insert(FaultyRows { count: 0, ..*more });
            rows.count += more.count;
            rows.first_line = rows.first_line.min(more.first_line);
        }
    }

    /// Sorts by place, column and code.
    pub fn sort(&mut self) {
        self.held.sort_unstable();
    }
}

impl Extend<Fault> for Faults {
    fn extend<T: IntoIterator<Item = Fault>>(&mut self, faults: T) {
        faults.into_iter().for_each(|fault| self.push(fault));
    }
}

impl FromIterator<Fault> for Faults {
    fn from_iter<T: IntoIterator<Item = Fault>>(faults: T) -> Faults {
        let mut list = Faults::default();
        list.extend(faults);
        list
    }
}

/// A [`Fault`] in one number that sorts like the fault. From the highest bits: export, line, column, code, and export
/// and line of the other row, which are 0 if there is none. Values that do not fit are replaced by the largest that do:
/// a million exports, four thousand million lines, 65,000 columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct PackedFault(u128);

impl PackedFault {
    const EXPORT_BITS: u32 = 20;
    const LINE_BITS: u32 = 32;
    const COLUMN_BITS: u32 = 16;
    const CODE_BITS: u32 = 8;

    fn new(fault: Fault) -> PackedFault {
        let mut packed = 0;
        let mut put =
            |value: u64, bits: u32| packed = packed << bits | u128::from(value.min((1 << bits) - 1));
        put(fault.place.export as u64, Self::EXPORT_BITS);
        put(fault.place.line, Self::LINE_BITS);
        put(fault.column.map_or(0, |column| column as u64 + 1), Self::COLUMN_BITS);
        put(fault.code as u64, Self::CODE_BITS);
        let (export, line) = fault.other.map_or((0, 0), |other| (other.export, other.line));
        put(export as u64, Self::EXPORT_BITS);
        put(line, Self::LINE_BITS);
        PackedFault(packed)
    }

    fn fault(self) -> Fault {
        let mut rest = self.0;
        let mut take = |bits: u32| {
            let part = rest & ((1 << bits) - 1);
            rest >>= bits;
            part as u64
        };
        let other = Place { line: take(Self::LINE_BITS), export: take(Self::EXPORT_BITS) as usize };
        let code = FaultCode::ALL[take(Self::CODE_BITS) as usize];
        let column = take(Self::COLUMN_BITS).checked_sub(1).map(|column| column as usize);
        let place = Place { line: take(Self::LINE_BITS), export: take(Self::EXPORT_BITS) as usize };
        Fault { place, column, code, other: (other.line > 0).then_some(other) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Faults that differ in one part each, in order.
    fn faults() -> Vec<Fault> {
        let places = [(0, 1), (0, 2), (0, 4_000_000_000), (3, 1), (999_999, 7)];
        let places = places.map(|(export, line)| Place { export, line });
        let mut faults = Vec::new();
        for place in places {
            for column in [None, Some(0), Some(1), Some(16_383)] {
                for code in FaultCode::ALL {
                    let others = std::iter::once(None).chain(places.map(Some));
                    faults.extend(others.map(|other| Fault { place, column, code: *code, other }));
                }
            }
        }
        faults
    }

    #[test]
    fn a_fault_survives_packing_and_keeps_its_place_in_the_order() {
        let wanted = faults();
        assert!(wanted.is_sorted());
        let mut backwards: Faults = wanted.iter().rev().copied().collect();
        backwards.sort();
        assert!(backwards.iter().eq(wanted.iter().copied()));
        assert_eq!(backwards.len(), wanted.len());
    }

    #[test]
    fn rows_are_counted_once_for_a_fault_and_go_on_being_counted() {
        let at = |line, column, code| Fault { place: Place { export: 1, line }, column, code, other: None };
        let (bad, lone) = (FaultCode::UnreadableDate, FaultCode::LoneDate);
        let row = |line| [at(line, Some(1), bad), at(line, Some(2), bad), at(line, Some(2), lone)];
        let mut one: Faults = row(7).into_iter().chain(row(8)).collect();
        assert_eq!((one.len(), one.iter().len()), (6, 6));
        let mut other: Faults = row(3).into_iter().collect();
        other.only_count();
        other.extend(row(4));
        assert_eq!((other.len(), other.iter().len()), (6, 0));
        one.append(&mut other);
        assert_eq!(one.len(), 12);
        let told: Vec<_> =
            one.rows().map(|(export, code, rows)| (export, code, rows.count, rows.first_line)).collect();
        assert_eq!(told, [(1, bad, 4, 3), (1, lone, 4, 3)]);
    }

    #[test]
    fn a_line_beyond_all_numbers_stays_within_its_bits() {
        let place = Place { export: 1, line: u64::MAX };
        let fault =
            Fault { place, column: Some(usize::MAX - 1), code: FaultCode::LoneDate, other: Some(place) };
        let packed = PackedFault::new(fault).fault();
        let line = u64::from(u32::MAX);
        assert_eq!(packed.place, Place { export: 1, line });
        assert_eq!((packed.code, packed.other), (fault.code, Some(Place { export: 1, line })));
        assert_eq!(packed.column, Some(65_534));
    }
}
