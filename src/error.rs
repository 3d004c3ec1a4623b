//! Errors: why a run cannot go on.
//!
//! An error carries facts; `text::error_sentence` makes the sentences, in the reader's language. What is
//! wrong with single rows is not an error but a fault (`ingest::Fault`), and our own mistakes are panics.

mod all_flaws;
mod facts;
mod flaw;

use std::fmt;
use std::path::PathBuf;

pub use all_flaws::{all_flaws, sound};
pub use facts::{DateReading, Spot, WorkbookProblem};
pub use flaw::{Flaw, ListFlaw, nearest};

/// Declares the closed list once: the error, the file that it is about if it is about one, its codes, what the
/// catalogue lists it under, and the program's exit code.
macro_rules! errors {
    ($(
        $(#[$meaning:meta])*
        $error:ident $(at $path:ident)?, [$($code:literal),+], $family:literal, $exit:literal {
            $($(#[$about:meta])* $fact:ident: $type:ty,)*
        }
    )*) => {
        /// Why a run cannot go on. The list is closed and the codes are stable.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum Error {
            $($(#[$meaning])* $error { $($(#[$about])* $fact: $type,)* },)*
        }

        /// Every code, with what the catalogue lists it under.
        pub fn error_codes() -> impl Iterator<Item = (&'static str, &'static str)> {
            [$($(($code, $family),)+)*].into_iter()
        }

        impl Error {
            /// Its codes, and the exit code.
            fn codes(&self) -> (&'static [&'static str], u8) {
                match self { $(Error::$error { .. } => (&[$($code),+], $exit),)* }
            }

            /// The file that it is about.
            pub fn path(&self) -> Option<&PathBuf> {
                match self { $(Error::$error { $($path,)? .. } => None$(.or(Some($path)))?,)* }
            }

            /// The file that it is about, to be shown from another folder.
            pub fn path_mut(&mut self) -> Option<&mut PathBuf> {
                match self { $(Error::$error { $($path,)? .. } => None$(.or(Some($path)))?,)* }
            }
        }
    };
}

errors! {
    /// Nothing at this path.
    MissingInput at path, ["missing-input"], "file", 74 {
        /// The path as given.
        path: PathBuf,
    }
    /// The operating system would not let us read.
    UnreadableInput at path, ["unreadable-input"], "file", 74 {
        /// The file.
        path: PathBuf,
        /// The operating system's words.
        cause: String,
    }
    /// Something that is no file where one is read: a folder, a pipe, a device, a link to nothing.
    NotAFile at path, ["not-a-file"], "file", 74 {
        /// Where it is.
        path: PathBuf,
        /// What it is: a key of the text catalogues under `no-file`.
        kind: &'static str,
    }
    /// A file that is no longer what it was when it was first looked at.
    ChangedInput at path, ["changed-input"], "file", 74 {
        /// The file.
        path: PathBuf,
    }
    /// A folder without a project file and without exports.
    NoExports at path, ["no-exports"], "file", 65 {
        /// The folder.
        path: PathBuf,
    }
    /// A file without a single row below its headings, or nothing at all.
    EmptyFile at path, ["empty-file"], "file", 65 {
        /// The file.
        path: PathBuf,
    }
    /// A workbook that is not read, or another kind of file.
    Workbook at path, ["other-format", "workbook-encrypted", "workbook-damaged", "workbook-too-large", "workbook-bomb",
        "workbook-doctype", "workbook-forged-count"], "file", 65 {
        /// The file.
        path: PathBuf,
        /// Why.
        problem: WorkbookProblem,
        /// The part of the workbook that shows it, or the kind of file.
        part: String,
    }
    /// A sheet that is not in the workbook.
    UnknownSheet at path, ["unknown-sheet"], "file", 65 {
        /// The file.
        path: PathBuf,
        /// The sheet asked for; `None` when none is visible.
        sheet: Option<String>,
        /// The sheets there are.
        found: Vec<String>,
    }
    /// Several sheets that could be the export of one control.
    AmbiguousSheet at path, ["ambiguous-sheet"], "file", 65 {
        /// The file.
        path: PathBuf,
        /// These sheets.
        sheets: Vec<String>,
        /// Whether the last of them has no ends, so that it is not read.
        lacks_ends: bool,
    }
    /// Not one row of a file could be used.
    NothingUsable at path, ["nothing-usable"], "file", 65 {
        /// The file.
        path: PathBuf,
        /// Rows read.
        rows: u64,
        /// The commonest fault's code.
        commonest: &'static str,
        /// How many rows had it.
        count: u64,
        /// The first line that had it.
        line: u64,
    }
    /// More faults than a run can hold.
    TooManyFaults at path, ["too-many-faults"], "file", 65 {
        /// The file with the commonest of them.
        path: PathBuf,
        /// Faults of all files.
        found: u64,
        /// Faults that a run can hold.
        most: u64,
        /// The commonest fault's code.
        commonest: &'static str,
        /// How many rows of the file have it.
        count: u64,
        /// The first line that has it.
        line: u64,
    }
    /// Two files that are the same, in which every row would count twice.
    SameFile at path, ["same-file"], "file", 65 {
        /// The file.
        path: PathBuf,
        /// The other.
        other: PathBuf,
    }
    /// Exports of one control that overlap in time and have no case numbers.
    NoCaseNumbers at path, ["no-case-numbers"], "file", 65 {
        /// The file.
        path: PathBuf,
        /// The other.
        other: PathBuf,
    }
    /// Exports of one control that hold the same cases under other case numbers.
    SameCases at path, ["same-cases"], "file", 65 {
        /// The file.
        path: PathBuf,
        /// The other.
        other: PathBuf,
        /// Cases that agree.
        agreeing: u64,
        /// Cases of the smaller of the two.
        cases: u64,
    }
    /// Case numbers that stand only on the first row of each case.
    NumbersOnFirstRows at path, ["numbers-on-first-rows"], "file", 65 {
        /// The file.
        path: PathBuf,
        /// The heading of the column.
        heading: String,
        /// The first row without a number that agrees with the row above.
        place: String,
    }
    /// Case numbers that a program destroyed.
    DestroyedCaseNumbers at path, ["destroyed-case-numbers"], "file", 65 {
        /// The file.
        path: PathBuf,
        /// The heading of the column.
        heading: String,
        /// What it did: a key of the text catalogues under `destroyed`.
        kind: &'static str,
        /// The first place that shows it.
        place: String,
    }
    /// Case numbers of a case list that are persons' numbers.
    PersonalCaseNumbers at path, ["case-numbers-are-personal-numbers"], "header", 65 {
        /// The file.
        path: PathBuf,
        /// The heading of the column.
        heading: String,
        /// How many of them look so.
        count: u64,
        /// The first place that shows it.
        place: String,
    }
    /// Two exports of which the newer is to win, whose contents do not tell which that is.
    EquallyNew at path, ["equally-new"], "file", 65 {
        /// The file.
        path: PathBuf,
        /// The other.
        other: PathBuf,
        /// The last day in both.
        day: String,
    }
    /// Every case started after the as-of date.
    AsOfBeforeData, ["as-of-before-data"], "file", 65 {
        /// The as-of date.
        as_of: String,
        /// The first start in the exports.
        first_start: String,
    }
    /// More rows were rejected than the analyst allows.
    TooManyRejected at path, ["too-many-rejected"], "file", 1 {
        /// Rows that were rejected, or doubtful ones too when none is allowed.
        found: u64,
        /// Rows read.
        rows: u64,
        /// What is allowed, in hundredths of a per cent.
        allowed: u64,
        /// The file with the most of them.
        path: PathBuf,
    }
    /// A file whose headings do not tell which control it belongs to.
    UnknownHeadings at path, ["unknown-headings"], "header", 65 {
        /// The file.
        path: PathBuf,
        /// The headings found; cells that look like data are masked.
        found: Vec<String>,
        /// For each control the headings that would tell it.
        wanted: Vec<(String, String)>,
    }
    /// A column that is needed is not in the file.
    MissingColumn at path, ["missing-column"], "header", 65 {
        /// The file.
        path: PathBuf,
        /// The role in the project file, such as `start`, or the option of the command that names it.
        role: &'static str,
        /// The heading that was asked for, when one was named.
        named: Option<String>,
        /// The headings found; cells that look like data are masked.
        found: Vec<String>,
        /// A heading found that is nearly the one asked for.
        suggestion: Option<String>,
    }
    /// Two columns with the heading that was needed.
    AmbiguousColumn at path, ["ambiguous-column"], "header", 65 {
        /// The file.
        path: PathBuf,
        /// The role in the project file.
        role: &'static str,
        /// The headings that fit.
        headings: Vec<String>,
    }
    /// A column that is read in two roles that cannot be the same.
    SharedColumn at path, ["shared-column"], "header", 65 {
        /// The file.
        path: PathBuf,
        /// Its heading.
        heading: String,
        /// The roles in the project file.
        roles: [&'static str; 2],
    }
    /// A column that is read as the start or the end and in which there are words but no dates.
    NoDates at path, ["no-dates"], "header", 65 {
        /// The file.
        path: PathBuf,
        /// The controls whose start or end it would be.
        controls: Box<[String]>,
        /// The role in the project file.
        role: &'static str,
        /// The column's heading.
        heading: String,
        /// The headings of the columns that do hold dates.
        dated: Box<[String]>,
    }
    /// Ends that nearly always lie the same time after the start, as planned days do.
    PlannedEnds at path, ["planned-ends"], "header", 65 {
        /// The file.
        path: PathBuf,
        /// The heading of the column.
        heading: String,
        /// Cases that have an end.
        cases: u64,
        /// How many of their ends lie that time after the start.
        alike: u64,
        /// That time, in days; months differ in length.
        days: (u64, u64),
    }
    /// Headings in which letters were lost, so that their columns would be passed over.
    BrokenHeadings at path, ["broken-headings"], "header", 65 {
        /// The file.
        path: PathBuf,
        /// These headings; cells that look like data are masked.
        headings: Vec<String>,
    }
    /// A table whose headings stand in one cell, with separators between them.
    OneCell at path, ["one-cell"], "header", 65 {
        /// The file.
        path: PathBuf,
        /// The separator.
        separator: char,
    }
    /// A second table below the first or beside it, with other headings.
    OtherTable at path, ["other-table"], "header", 65 {
        /// The file.
        path: PathBuf,
        /// Where its headings stand.
        place: String,
        /// The line of them, if they stand below the first.
        line: Option<u64>,
    }
    /// Rows above the headings that look like cases.
    RowsAbove at path, ["rows-above"], "header", 65 {
        /// The file.
        path: PathBuf,
        /// Where the first of them stands.
        place: String,
        /// The line of the headings.
        line: u64,
    }
    /// Dates like 03/04/2024 that do not tell in which order their numbers stand.
    AmbiguousDates at path, ["ambiguous-dates"], "header", 65 {
        /// The file.
        path: PathBuf,
        /// The columns, each with its role in the project file and its heading.
        columns: Vec<(&'static str, String)>,
        /// The ways to read them that are left.
        readings: Vec<DateReading>,
    }
    /// Dates of one export that prove opposite orders.
    MixedDates at path, ["mixed-dates"], "header", 65 {
        /// The file.
        path: PathBuf,
        /// The columns, each with its role in the project file, its heading and the format of most of its cells.
        columns: Vec<(&'static str, String, &'static str)>,
    }
    /// Dates of which most do not exist in the format that the project file names.
    MisnamedDates at path, ["misnamed-dates"], "header", 65 {
        /// The file.
        path: PathBuf,
        /// The columns, each with its role in the project file, its heading and the format in which its cells exist.
        columns: Vec<(&'static str, String, &'static str)>,
    }
    /// Dates in which Excel took day for month where it could.
    SwappedDates at path, ["swapped-dates"], "header", 65 {
        /// The file.
        path: PathBuf,
        /// The columns, each with its role in the project file and its heading.
        columns: Vec<(&'static str, String)>,
        /// Places of dates that it took, each followed by that of a text which it left.
        places: Vec<String>,
    }
    /// A column that cases cannot be grouped by without singling people out.
    UnsuitableGroup at path, ["unsuitable-group"], "header", 65 {
        /// The file.
        path: PathBuf,
        /// The heading of the column.
        heading: String,
    }
    /// Columns by which cases fall into more groups than there are units.
    TooManyGroups at path, ["too-many-groups"], "header", 65 {
        /// The file.
        path: PathBuf,
        /// The headings of the columns that its cases are grouped by.
        headings: Vec<String>,
        /// Groups that a run can have.
        most: u64,
    }
    /// A tally that is none, was altered, or does not add up with the others.
    UnusableTally at path, ["unusable-tally"], "file", 65 {
        /// Its folder.
        path: PathBuf,
        /// Why.
        flaw: Box<Flaw>,
    }
    /// The project file cannot be used.
    UnusableProject at path, ["unusable-project"], "project", 78 {
        /// The project file.
        path: PathBuf,
        /// What is wrong, and where.
        flaw: Box<Flaw>,
    }
    /// The pattern of a `[[source]]` matches no file.
    NoMatch, ["no-match"], "project", 78 {
        /// The pattern as typed.
        pattern: String,
        /// The project file.
        project: PathBuf,
    }
    /// The project file or schema that would be written is there already.
    ProjectExists at path, ["project-exists"], "project", 74 {
        /// The file.
        path: PathBuf,
    }
    /// The plan of internal control cannot be used.
    UnusablePlan at path, ["unusable-plan"], "project", 78 {
        /// The plan.
        path: PathBuf,
        /// What is wrong, and where.
        flaw: Box<Flaw>,
    }
    /// The list of risks cannot be used.
    UnusableRisks at path, ["unusable-risks"], "project", 78 {
        /// The list.
        path: PathBuf,
        /// Everything that is wrong, and where.
        flaws: Vec<ListFlaw>,
    }
    /// A template or a picture of the municipality's own cannot be used.
    UnusableTemplate at path, ["unusable-template"], "project", 78 {
        /// The file.
        path: PathBuf,
        /// What is wrong: a key of the text catalogues under `template-flaw`.
        key: &'static str,
        /// Where, and what its reader said; empty when there is no more to say.
        place: String,
    }
    /// A folder that holds no published edition.
    UnusableEdition at path, ["unusable-edition"], "project", 78 {
        /// The folder.
        path: PathBuf,
        /// What is wrong: a key of the text catalogues under `edition-flaw`.
        flaw: &'static str,
    }
    /// An earlier published edition that was made otherwise, so that nobody can say what both together tell.
    EditionsDiffer at path, ["editions-differ"], "project", 78 {
        /// Its folder.
        path: PathBuf,
        /// The control.
        control: String,
        /// What differs: a key of the text catalogues under `editions-differ`.
        what: &'static str,
        /// What it is there.
        earlier: String,
    }
    /// An earlier published edition that hides other numbers than one before it: each tells what the other hides.
    EditionTells at path, ["edition-tells"], "project", 78 {
        /// Its folder.
        path: PathBuf,
        /// The control.
        control: String,
        /// The periods.
        periods: Vec<String>,
    }
    /// A file that cannot be the key of pseudonyms.
    UnusableKey at path, ["unusable-key"], "project", 78 {
        /// The key file.
        path: PathBuf,
        /// What is wrong: a key of the text catalogues under `key-flaw`.
        flaw: &'static str,
    }
    /// A file that is larger than what it is for.
    TooLarge at path, ["too-large"], "project", 78 {
        /// The file.
        path: PathBuf,
        /// Bytes that are read at most.
        most: u64,
    }
    /// A rulebook cannot be used.
    UnusableRulebook at path, ["unusable-rulebook"], "rulebook", 78 {
        /// The rulebook.
        path: PathBuf,
        /// What is wrong, and where.
        flaw: Box<Flaw>,
    }
    /// A control that no rule defines.
    UnknownRule, ["unknown-rule"], "rulebook", 2 {
        /// The id as given.
        id: String,
        /// The ids there are.
        known: Vec<String>,
        /// The known id that is nearly the one given.
        suggestion: Option<String>,
    }
    /// A rule that was not in force on the day asked about.
    NotInForce, ["not-in-force-on"], "rulebook", 2 {
        /// The rule.
        id: String,
        /// The day.
        day: String,
    }
    /// The operating system would not let us write.
    UnwritableOutput at path, ["unwritable-output"], "output", 74 {
        /// The place.
        path: PathBuf,
        /// The operating system's words.
        cause: String,
    }
    /// A place where nothing can be put.
    UnusableOutput at path, ["unusable-output"], "output", 74 {
        /// The place.
        path: PathBuf,
        /// What it is: a key of the text catalogues under `place`.
        problem: &'static str,
    }
    /// What is to be replaced is open in an office program.
    OutputInUse at path, ["output-in-use"], "output", 74 {
        /// What is to be replaced.
        path: PathBuf,
        /// The file that is open.
        file: String,
        /// The program.
        program: &'static str,
    }
    /// Another run is writing to the same place.
    OutputBusy at path, ["output-busy"], "output", 74 {
        /// What it writes.
        path: PathBuf,
        /// Its workplace.
        place: PathBuf,
    }
    /// The new report could not be put in its place, nor the old one back.
    OldReportKept at path, ["old-report-kept"], "output", 74 {
        /// The place.
        path: PathBuf,
        /// Where the old report is.
        kept: PathBuf,
        /// The operating system's words.
        cause: String,
    }
    /// What was written stands in its place, but something after that failed.
    OutputStands at path, ["output-stands"], "output", 74 {
        /// The place.
        path: PathBuf,
        /// The operating system's words.
        cause: String,
        /// Where the old report is, when it could not be cleared away.
        kept: Option<PathBuf>,
        /// The folder in which what people had changed in it was set aside.
        set_aside: Option<PathBuf>,
    }
    /// The output folder holds something that this program did not write.
    ForeignOutput at path, ["foreign-output"], "output", 74 {
        /// The output folder.
        path: PathBuf,
        /// A file in it that is not ours.
        file: String,
    }
    /// A personal number in what would be written.
    PersonalNumberInOutput at path, ["personal-number-in-output"], "output", 65 {
        /// The file that would hold it, as it is named in the report.
        path: PathBuf,
        /// Where in the file.
        spot: Spot,
        /// What stands around it: first letters of words, and no digit.
        excerpt: String,
    }
    /// A report that is incomplete or was altered.
    AlteredReport at path, ["altered-report"], "output", 1 {
        /// The report folder.
        path: PathBuf,
        /// Files that are missing, altered or added.
        files: Vec<String>,
    }
    /// Files that are not those that a report was made from.
    OtherInputs at path, ["other-inputs"], "output", 1 {
        /// The folder with the files.
        path: PathBuf,
        /// Files that differ.
        differing: Vec<String>,
        /// Files that are missing.
        missing: Vec<String>,
    }
    /// A report that its inputs do not give.
    NotRemade at path, ["not-remade"], "output", 1 {
        /// The report folder.
        path: PathBuf,
        /// Its files that differ from those that were made again.
        files: Vec<String>,
    }
    /// An argument that cannot be used.
    Usage, ["usage"], "usage", 2 {
        /// What is wrong and what is wanted.
        reason: String,
    }
    /// A code that is not in the catalogue.
    UnknownCode, ["unknown-code"], "usage", 2 {
        /// The code as given.
        code: String,
        /// The known code that is nearly the one given.
        suggestion: Option<String>,
    }
}

impl Error {
    /// Stable code: the key of its sentence in the text catalogues.
    pub fn code(&self) -> &'static str {
        match self {
            Error::Workbook { problem, .. } => problem.id(),
            _ => self.codes().0[0],
        }
    }

    /// The program's exit code: 1 more was found than allowed, 2 usage, 65 unusable data, 74 cannot read
    /// or write, 78 unusable project file, plan, template, key or rulebook.
    pub fn exit_code(&self) -> u8 {
        self.codes().1
    }
}

impl fmt::Display for Error {
    /// The facts, for logs and tests; people get the sentence of `text::error_sentence`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {self:?}", self.code())
    }
}

impl std::error::Error for Error {}
