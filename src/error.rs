//! Errors: why a run cannot go on.
//!
//! An error carries facts; `text::error_sentence` makes the sentences, in the reader's language. What is
//! wrong with single rows is not an error but a fault (`ingest::Fault`), and our own mistakes are panics.

use std::fmt;
use std::ops::Range;
use std::path::PathBuf;

/// Why a workbook is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum WorkbookProblem {
    /// It wants a password.
    Encrypted,
    /// Cut off, or not what it says it is.
    Damaged,
    /// More rows, columns, parts or bytes than cases can have.
    TooLarge,
    /// A small part that inflates to a huge one.
    Bomb,
    /// A document type declaration, which can make a reader fetch files or run out of memory.
    Doctype,
    /// More texts declared than there can be.
    ForgedCount,
    /// Another kind of file.
    OtherFormat,
}

impl WorkbookProblem {
    /// Every problem, in order.
    pub const ALL: [WorkbookProblem; 7] = [
        WorkbookProblem::Encrypted,
        WorkbookProblem::Damaged,
        WorkbookProblem::TooLarge,
        WorkbookProblem::Bomb,
        WorkbookProblem::Doctype,
        WorkbookProblem::ForgedCount,
        WorkbookProblem::OtherFormat,
    ];

    /// Stable code: the key of its sentence in the text catalogues.
    pub fn id(self) -> &'static str {
        match self {
            WorkbookProblem::Encrypted => "workbook-encrypted",
            WorkbookProblem::Damaged => "workbook-damaged",
            WorkbookProblem::TooLarge => "workbook-too-large",
            WorkbookProblem::Bomb => "workbook-bomb",
            WorkbookProblem::Doctype => "workbook-doctype",
            WorkbookProblem::ForgedCount => "workbook-forged-count",
            WorkbookProblem::OtherFormat => "other-format",
        }
    }
}

/// Where something stands in a file that would be written; lines, columns and paragraphs from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Spot {
    /// Anywhere in its text.
    Text,
    /// In its name.
    Name,
    /// On a line, and in a column when the file is a table.
    Line {
        /// The line.
        line: u64,
        /// The column.
        column: Option<u64>,
    },
    /// Under a heading.
    Heading(String),
    /// In a cell.
    Cell {
        /// The sheet.
        sheet: String,
        /// The cell, such as B7.
        cell: String,
    },
    /// In a paragraph, those in tables counted too.
    Paragraph(u64),
    /// At a JSON pointer (RFC 6901).
    Pointer(String),
    /// In a part that readers seldom see, such as `docProps/core.xml`.
    Part(String),
}

impl Spot {
    /// The key of its phrase in the text catalogues under `spot`, and the values in it.
    pub fn told(&self) -> (&'static str, Vec<(&'static str, String)>) {
        match self {
            Spot::Text => ("text", Vec::new()),
            Spot::Name => ("name", Vec::new()),
            Spot::Line { line, column: None } => ("line", vec![("line", line.to_string())]),
            Spot::Line { line, column: Some(column) } => {
                ("line-and-column", vec![("line", line.to_string()), ("column", column.to_string())])
            }
            Spot::Heading(heading) => ("heading", vec![("heading", heading.clone())]),
            Spot::Cell { sheet, cell } => ("cell", vec![("sheet", sheet.clone()), ("cell", cell.clone())]),
            Spot::Paragraph(number) => ("paragraph", vec![("number", number.to_string())]),
            Spot::Pointer(pointer) => ("pointer", vec![("pointer", pointer.clone())]),
            Spot::Part(part) => ("part", vec![("part", part.clone())]),
        }
    }
}

/// What is wrong in a project file or rulebook: a key of the text catalogues under `flaw`, the values in
/// its sentence, and the place in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    /// Key of the sentence.
    pub key: &'static str,
    /// Values in the sentence.
    pub values: Vec<(&'static str, String)>,
    /// Bytes of the file that are to blame, when it is some of them.
    pub span: Option<Range<usize>>,
    /// A word that may have been meant.
    pub suggestion: Option<String>,
    /// The file's text, to show the place in; empty when the flaw has none.
    pub text: String,
}

impl Flaw {
    /// A flaw without a place.
    pub fn new(key: &'static str, values: &[(&'static str, &str)]) -> Flaw {
        let values = values.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        Flaw { key, values, span: None, suggestion: None, text: String::new() }
    }

    /// With the place, unless it has a nearer one.
    pub fn at(mut self, span: Range<usize>) -> Flaw {
        self.span = self.span.or(Some(span));
        self
    }

    /// With the file's text.
    pub fn inside(mut self, text: &str) -> Flaw {
        self.text = text.to_owned();
        self
    }

    /// With a word of `known` that is nearly the one typed.
    pub fn suggest<'a>(mut self, typed: &str, known: impl IntoIterator<Item = &'a str>) -> Flaw {
        self.suggestion = nearest(typed, known);
        self
    }

    /// What the TOML reader found wrong.
    pub fn of_toml(error: &toml::de::Error, text: &str) -> Flaw {
        let message = error.message().lines().next().unwrap_or_default();
        // serde says: unknown field `as_off`, expected one of `as_of`, `period`.
        let words: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
        let flaw = match words.as_slice() {
            [typed, known @ ..] if message.starts_with("unknown field") => {
                Flaw::new("unknown-key", &[("key", typed), ("known", &known.join(", "))])
                    .suggest(typed, known.iter().copied())
            }
            [typed, known @ ..] if message.starts_with("unknown variant") => {
                Flaw::new("unknown-word", &[("word", typed), ("known", &known.join(", "))])
                    .suggest(typed, known.iter().copied())
            }
            [missing] if message.starts_with("missing field") => {
                Flaw::new("missing-key", &[("key", missing)])
            }
            _ if message.contains("expected a TOML datetime") => Flaw::new("no-plain-day", &[]),
            _ if message.contains("expected a sequence") => Flaw::new("no-list", &[]),
            _ if message.starts_with("invalid type") || message.starts_with("invalid value") => {
                Flaw::new("wrong-kind", &[("message", message)])
            }
            _ => Flaw::new("toml", &[("message", message)]),
        };
        let flaw = flaw.inside(text);
        match error.span() {
            Some(span) => flaw.at(span),
            None => flaw,
        }
    }
}

/// What is wrong with a list: a key of the text catalogues under `list-flaw`, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListFlaw {
    /// Key of the sentence.
    pub key: &'static str,
    /// The line, when it is one.
    pub line: Option<u64>,
    /// The heading of the column, when it is one; never what a cell holds.
    pub column: String,
    /// A heading that may have been meant.
    pub suggestion: Option<String>,
}

/// A way to read the dates of an export, and what it would make of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DateReading {
    /// The format as project files name it.
    pub format: &'static str,
    /// The first day; empty when there is none.
    pub first: String,
    /// The last day.
    pub last: String,
    /// Rows with a start and an end.
    pub pairs: u64,
    /// Those of them that would end before they start.
    pub backwards: u64,
}

/// Why a run cannot go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    /// Nothing at this path.
    MissingInput {
        /// The path as given.
        path: PathBuf,
    },
    /// The operating system would not let us read.
    UnreadableInput {
        /// The file.
        path: PathBuf,
        /// The operating system's words.
        cause: String,
    },
    /// Something that is no file where one is read: a folder, a pipe, a device, a link to nothing.
    NotAFile {
        /// Where it is.
        path: PathBuf,
        /// What it is: a key of the text catalogues under `no-file`.
        kind: &'static str,
    },
    /// A file that is larger than what it is for.
    TooLarge {
        /// The file.
        path: PathBuf,
        /// Bytes that are read at most.
        most: u64,
    },
    /// A file that is no longer what it was when it was first looked at.
    ChangedInput {
        /// The file.
        path: PathBuf,
    },
    /// A file without a single row below its headings, or nothing at all.
    EmptyFile {
        /// The file.
        path: PathBuf,
    },
    /// A folder without a project file and without exports.
    NoExports {
        /// The folder.
        path: PathBuf,
    },
    /// The pattern of a `[[source]]` matches no file.
    NoMatch {
        /// The pattern as typed.
        pattern: String,
        /// The project file.
        project: PathBuf,
    },
    /// A file whose headings do not tell which control it belongs to.
    UnknownHeadings {
        /// The file.
        path: PathBuf,
        /// The headings found; cells that look like data are masked.
        found: Vec<String>,
        /// For each control the headings that would tell it.
        wanted: Vec<(String, String)>,
    },
    /// A column that is needed is not in the file.
    MissingColumn {
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
    },
    /// Two columns with the heading that was needed.
    AmbiguousColumn {
        /// The file.
        path: PathBuf,
        /// The role in the project file.
        role: &'static str,
        /// The headings that fit.
        headings: Vec<String>,
    },
    /// Headings in which letters were lost, so that their columns would be passed over.
    BrokenHeadings {
        /// The file.
        path: PathBuf,
        /// These headings; cells that look like data are masked.
        headings: Vec<String>,
    },
    /// Not one row of a file could be used.
    NothingUsable {
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
    },
    /// More faults than a run can hold.
    TooManyFaults {
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
    },
    /// A workbook that is not read, or another kind of file.
    Workbook {
        /// The file.
        path: PathBuf,
        /// Why.
        problem: WorkbookProblem,
        /// The part of the workbook that shows it, or the kind of file.
        part: String,
    },
    /// A sheet that is not in the workbook.
    UnknownSheet {
        /// The file.
        path: PathBuf,
        /// The sheet asked for; `None` when none is visible.
        sheet: Option<String>,
        /// The sheets there are.
        found: Vec<String>,
    },
    /// Several sheets that could be the export of one control.
    AmbiguousSheet {
        /// The file.
        path: PathBuf,
        /// These sheets.
        sheets: Vec<String>,
    },
    /// Dates like 03/04/2024 that do not tell in which order their numbers stand.
    AmbiguousDates {
        /// The file.
        path: PathBuf,
        /// The columns, each with its role in the project file and its heading.
        columns: Vec<(&'static str, String)>,
        /// The ways to read them that are left.
        readings: Vec<DateReading>,
    },
    /// Dates of one export that prove opposite orders.
    MixedDates {
        /// The file.
        path: PathBuf,
        /// The columns, each with its role in the project file, its heading and the format of most of its cells.
        columns: Vec<(&'static str, String, &'static str)>,
    },
    /// Dates in which Excel took day for month where it could.
    SwappedDates {
        /// The file.
        path: PathBuf,
        /// The columns, each with its role in the project file and its heading.
        columns: Vec<(&'static str, String)>,
        /// Places of dates that it took, each followed by that of a text which it left.
        places: Vec<String>,
    },
    /// Exports of one control that overlap in time and have no case numbers.
    NoCaseNumbers {
        /// The file.
        path: PathBuf,
        /// The other.
        other: PathBuf,
    },
    /// Case numbers that a program destroyed.
    DestroyedCaseNumbers {
        /// The file.
        path: PathBuf,
        /// The heading of the column.
        heading: String,
        /// What it did: a key of the text catalogues under `destroyed`.
        kind: &'static str,
        /// The first place that shows it.
        place: String,
    },
    /// Case numbers of a case list that are persons' numbers.
    PersonalCaseNumbers {
        /// The file.
        path: PathBuf,
        /// The heading of the column.
        heading: String,
        /// How many of them look so.
        count: u64,
        /// The first place that shows it.
        place: String,
    },
    /// Two exports of which the newer is to win, whose contents do not tell which that is.
    EquallyNew {
        /// The file.
        path: PathBuf,
        /// The other.
        other: PathBuf,
        /// The last day in both.
        day: String,
    },
    /// A column that cases cannot be grouped by without singling people out.
    UnsuitableGroup {
        /// The file.
        path: PathBuf,
        /// The heading of the column.
        heading: String,
    },
    /// Columns by which cases fall into more groups than there are units.
    TooManyGroups {
        /// The file.
        path: PathBuf,
        /// The headings of the columns that its cases are grouped by.
        headings: Vec<String>,
        /// Groups that a run can have.
        most: u64,
    },
    /// Two files that are the same, in which every row would count twice.
    SameFile {
        /// The file.
        path: PathBuf,
        /// The other.
        other: PathBuf,
    },
    /// More rows were rejected than the analyst allows.
    TooManyRejected {
        /// Rows that were rejected, or doubtful ones too when none is allowed.
        found: u64,
        /// Rows read.
        rows: u64,
        /// What is allowed, in hundredths of a per cent.
        allowed: u64,
        /// The file with the most of them.
        path: PathBuf,
    },
    /// The project file or schema that would be written is there already.
    ProjectExists {
        /// The file.
        path: PathBuf,
    },
    /// A code that is not in the catalogue.
    UnknownCode {
        /// The code as given.
        code: String,
        /// The known code that is nearly the one given.
        suggestion: Option<String>,
    },
    /// Every case started after the as-of date.
    AsOfBeforeData {
        /// The as-of date.
        as_of: String,
        /// The first start in the exports.
        first_start: String,
    },
    /// The project file cannot be used.
    UnusableProject {
        /// The project file.
        path: PathBuf,
        /// What is wrong, and where.
        flaw: Box<Flaw>,
    },
    /// The plan of internal control cannot be used.
    UnusablePlan {
        /// The plan.
        path: PathBuf,
        /// What is wrong, and where.
        flaw: Box<Flaw>,
    },
    /// The list of risks cannot be used.
    UnusableRisks {
        /// The list.
        path: PathBuf,
        /// Everything that is wrong, and where.
        flaws: Vec<ListFlaw>,
    },
    /// A template or a picture of the municipality's own cannot be used.
    UnusableTemplate {
        /// The file.
        path: PathBuf,
        /// What is wrong: a key of the text catalogues under `template-flaw`.
        key: &'static str,
        /// Where, and what its reader said; empty when there is no more to say.
        place: String,
    },
    /// A rulebook cannot be used.
    UnusableRulebook {
        /// The rulebook.
        path: PathBuf,
        /// What is wrong, and where.
        flaw: Box<Flaw>,
    },
    /// A file that cannot be the key of pseudonyms.
    UnusableKey {
        /// The key file.
        path: PathBuf,
        /// What is wrong: a key of the text catalogues under `key-flaw`.
        flaw: &'static str,
    },
    /// A control that no rule defines.
    UnknownRule {
        /// The id as given.
        id: String,
        /// The ids there are.
        known: Vec<String>,
        /// The known id that is nearly the one given.
        suggestion: Option<String>,
    },
    /// A rule that was not in force on the day asked about.
    NotInForce {
        /// The rule.
        id: String,
        /// The day.
        day: String,
    },
    /// An argument that cannot be used.
    Usage {
        /// What is wrong and what is wanted.
        reason: String,
    },
    /// The operating system would not let us write.
    UnwritableOutput {
        /// The place.
        path: PathBuf,
        /// The operating system's words.
        cause: String,
    },
    /// A place where nothing can be put.
    UnusableOutput {
        /// The place.
        path: PathBuf,
        /// What it is: a key of the text catalogues under `place`.
        problem: &'static str,
    },
    /// What is to be replaced is open in an office program.
    OutputInUse {
        /// What is to be replaced.
        path: PathBuf,
        /// The file that is open.
        file: String,
        /// The program.
        program: &'static str,
    },
    /// Another run is writing to the same place.
    OutputBusy {
        /// What it writes.
        path: PathBuf,
        /// Its workplace.
        place: PathBuf,
    },
    /// The new report could not be put in its place, nor the old one back.
    OldReportKept {
        /// The place.
        path: PathBuf,
        /// Where the old report is.
        kept: PathBuf,
        /// The operating system's words.
        cause: String,
    },
    /// What was written stands in its place, but something after that failed.
    OutputStands {
        /// The place.
        path: PathBuf,
        /// The operating system's words.
        cause: String,
        /// Where the old report is, when it could not be cleared away.
        kept: Option<PathBuf>,
        /// The folder in which what people had changed in it was set aside.
        set_aside: Option<PathBuf>,
    },
    /// The output folder holds something that this program did not write.
    ForeignOutput {
        /// The output folder.
        path: PathBuf,
        /// A file in it that is not ours.
        file: String,
    },
    /// A personal number in what would be written.
    PersonalNumberInOutput {
        /// The file that would hold it, as it is named in the report.
        path: PathBuf,
        /// Where in the file.
        spot: Spot,
        /// What stands around it: first letters of words, and no digit.
        excerpt: String,
    },
    /// A report that is incomplete or was altered.
    AlteredReport {
        /// The report folder.
        path: PathBuf,
        /// Files that are missing, altered or added.
        files: Vec<String>,
    },
}

/// The path of an error, as it is borrowed.
macro_rules! path_of {
    ($error:expr) => {
        match $error {
            Error::MissingInput { path }
            | Error::UnreadableInput { path, .. }
            | Error::NotAFile { path, .. }
            | Error::TooLarge { path, .. }
            | Error::ChangedInput { path }
            | Error::EmptyFile { path }
            | Error::NoExports { path }
            | Error::UnknownHeadings { path, .. }
            | Error::MissingColumn { path, .. }
            | Error::AmbiguousColumn { path, .. }
            | Error::BrokenHeadings { path, .. }
            | Error::NothingUsable { path, .. }
            | Error::TooManyFaults { path, .. }
            | Error::Workbook { path, .. }
            | Error::UnknownSheet { path, .. }
            | Error::AmbiguousSheet { path, .. }
            | Error::AmbiguousDates { path, .. }
            | Error::MixedDates { path, .. }
            | Error::SwappedDates { path, .. }
            | Error::NoCaseNumbers { path, .. }
            | Error::DestroyedCaseNumbers { path, .. }
            | Error::EquallyNew { path, .. }
            | Error::UnsuitableGroup { path, .. }
            | Error::TooManyGroups { path, .. }
            | Error::SameFile { path, .. }
            | Error::TooManyRejected { path, .. }
            | Error::ProjectExists { path }
            | Error::UnusableProject { path, .. }
            | Error::UnusablePlan { path, .. }
            | Error::UnusableRisks { path, .. }
            | Error::UnusableTemplate { path, .. }
            | Error::UnusableRulebook { path, .. }
            | Error::UnusableKey { path, .. }
            | Error::UnwritableOutput { path, .. }
            | Error::UnusableOutput { path, .. }
            | Error::OutputInUse { path, .. }
            | Error::OutputBusy { path, .. }
            | Error::OldReportKept { path, .. }
            | Error::OutputStands { path, .. }
            | Error::ForeignOutput { path, .. }
            | Error::PersonalCaseNumbers { path, .. }
            | Error::PersonalNumberInOutput { path, .. }
            | Error::AlteredReport { path, .. } => Some(path),
            Error::NoMatch { .. }
            | Error::AsOfBeforeData { .. }
            | Error::UnknownRule { .. }
            | Error::NotInForce { .. }
            | Error::Usage { .. }
            | Error::UnknownCode { .. } => None,
        }
    };
}

impl Error {
    /// Stable code: the key of its sentence in the text catalogues.
    pub fn code(&self) -> &'static str {
        match self {
            Error::MissingInput { .. } => "missing-input",
            Error::UnreadableInput { .. } => "unreadable-input",
            Error::NotAFile { .. } => "not-a-file",
            Error::TooLarge { .. } => "too-large",
            Error::ChangedInput { .. } => "changed-input",
            Error::EmptyFile { .. } => "empty-file",
            Error::NoExports { .. } => "no-exports",
            Error::NoMatch { .. } => "no-match",
            Error::UnknownHeadings { .. } => "unknown-headings",
            Error::MissingColumn { .. } => "missing-column",
            Error::AmbiguousColumn { .. } => "ambiguous-column",
            Error::BrokenHeadings { .. } => "broken-headings",
            Error::NothingUsable { .. } => "nothing-usable",
            Error::TooManyFaults { .. } => "too-many-faults",
            Error::Workbook { problem, .. } => problem.id(),
            Error::UnknownSheet { .. } => "unknown-sheet",
            Error::AmbiguousSheet { .. } => "ambiguous-sheet",
            Error::AmbiguousDates { .. } => "ambiguous-dates",
            Error::MixedDates { .. } => "mixed-dates",
            Error::SwappedDates { .. } => "swapped-dates",
            Error::NoCaseNumbers { .. } => "no-case-numbers",
            Error::DestroyedCaseNumbers { .. } => "destroyed-case-numbers",
            Error::EquallyNew { .. } => "equally-new",
            Error::UnsuitableGroup { .. } => "unsuitable-group",
            Error::TooManyGroups { .. } => "too-many-groups",
            Error::SameFile { .. } => "same-file",
            Error::TooManyRejected { .. } => "too-many-rejected",
            Error::ProjectExists { .. } => "project-exists",
            Error::UnknownCode { .. } => "unknown-code",
            Error::AsOfBeforeData { .. } => "as-of-before-data",
            Error::UnusableProject { .. } => "unusable-project",
            Error::UnusablePlan { .. } => "unusable-plan",
            Error::UnusableRisks { .. } => "unusable-risks",
            Error::UnusableTemplate { .. } => "unusable-template",
            Error::UnusableRulebook { .. } => "unusable-rulebook",
            Error::UnusableKey { .. } => "unusable-key",
            Error::UnknownRule { .. } => "unknown-rule",
            Error::NotInForce { .. } => "not-in-force-on",
            Error::Usage { .. } => "usage",
            Error::UnwritableOutput { .. } => "unwritable-output",
            Error::UnusableOutput { .. } => "unusable-output",
            Error::OutputInUse { .. } => "output-in-use",
            Error::OutputBusy { .. } => "output-busy",
            Error::OldReportKept { .. } => "old-report-kept",
            Error::OutputStands { .. } => "output-stands",
            Error::ForeignOutput { .. } => "foreign-output",
            Error::PersonalCaseNumbers { .. } => "case-numbers-are-personal-numbers",
            Error::PersonalNumberInOutput { .. } => "personal-number-in-output",
            Error::AlteredReport { .. } => "altered-report",
        }
    }

    /// The file that it is about.
    pub fn path(&self) -> Option<&PathBuf> {
        path_of!(self)
    }

    /// The file that it is about, to be shown from another folder.
    pub fn path_mut(&mut self) -> Option<&mut PathBuf> {
        path_of!(self)
    }

    /// The program's exit code: 1 more was found than allowed, 2 usage, 65 unusable data, 74 cannot read
    /// or write, 78 unusable project file, plan, template, key or rulebook.
    pub fn exit_code(&self) -> u8 {
        match self {
            Error::AlteredReport { .. } | Error::TooManyRejected { .. } => 1,
            Error::Usage { .. }
            | Error::UnknownCode { .. }
            | Error::UnknownRule { .. }
            | Error::NotInForce { .. } => 2,
            Error::EmptyFile { .. }
            | Error::NoExports { .. }
            | Error::UnknownHeadings { .. }
            | Error::MissingColumn { .. }
            | Error::AmbiguousColumn { .. }
            | Error::BrokenHeadings { .. }
            | Error::NothingUsable { .. }
            | Error::TooManyFaults { .. }
            | Error::Workbook { .. }
            | Error::UnknownSheet { .. }
            | Error::AmbiguousSheet { .. }
            | Error::AmbiguousDates { .. }
            | Error::MixedDates { .. }
            | Error::SwappedDates { .. }
            | Error::NoCaseNumbers { .. }
            | Error::DestroyedCaseNumbers { .. }
            | Error::EquallyNew { .. }
            | Error::UnsuitableGroup { .. }
            | Error::TooManyGroups { .. }
            | Error::SameFile { .. }
            | Error::PersonalCaseNumbers { .. }
            | Error::PersonalNumberInOutput { .. }
            | Error::AsOfBeforeData { .. } => 65,
            Error::MissingInput { .. }
            | Error::UnreadableInput { .. }
            | Error::NotAFile { .. }
            | Error::ChangedInput { .. }
            | Error::UnwritableOutput { .. }
            | Error::UnusableOutput { .. }
            | Error::OutputInUse { .. }
            | Error::OutputBusy { .. }
            | Error::OldReportKept { .. }
            | Error::OutputStands { .. }
            | Error::ForeignOutput { .. }
            | Error::ProjectExists { .. } => 74,
            Error::NoMatch { .. }
            | Error::TooLarge { .. }
            | Error::UnusableProject { .. }
            | Error::UnusablePlan { .. }
            | Error::UnusableRisks { .. }
            | Error::UnusableTemplate { .. }
            | Error::UnusableRulebook { .. }
            | Error::UnusableKey { .. } => 78,
        }
    }
}

impl fmt::Display for Error {
    /// The facts, for logs and tests; people get the sentence of `text::error_sentence`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {self:?}", self.code())
    }
}

impl std::error::Error for Error {}

/// The code of every error, and what it is about: the closed list of the catalogue.
pub const ERROR_CODES: &[(&str, &str)] = &[
    ("missing-input", "file"),
    ("unreadable-input", "file"),
    ("not-a-file", "file"),
    ("changed-input", "file"),
    ("no-exports", "file"),
    ("empty-file", "file"),
    ("other-format", "file"),
    ("workbook-encrypted", "file"),
    ("workbook-damaged", "file"),
    ("workbook-too-large", "file"),
    ("workbook-bomb", "file"),
    ("workbook-doctype", "file"),
    ("workbook-forged-count", "file"),
    ("unknown-sheet", "file"),
    ("ambiguous-sheet", "file"),
    ("nothing-usable", "file"),
    ("too-many-faults", "file"),
    ("same-file", "file"),
    ("no-case-numbers", "file"),
    ("destroyed-case-numbers", "file"),
    ("case-numbers-are-personal-numbers", "header"),
    ("equally-new", "file"),
    ("as-of-before-data", "file"),
    ("too-many-rejected", "file"),
    ("unknown-headings", "header"),
    ("missing-column", "header"),
    ("ambiguous-column", "header"),
    ("broken-headings", "header"),
    ("ambiguous-dates", "header"),
    ("mixed-dates", "header"),
    ("swapped-dates", "header"),
    ("unsuitable-group", "header"),
    ("too-many-groups", "header"),
    ("unusable-project", "project"),
    ("no-match", "project"),
    ("project-exists", "project"),
    ("unusable-plan", "project"),
    ("unusable-risks", "project"),
    ("unusable-template", "project"),
    ("unusable-key", "project"),
    ("too-large", "project"),
    ("unusable-rulebook", "rulebook"),
    ("unknown-rule", "rulebook"),
    ("not-in-force-on", "rulebook"),
    ("unwritable-output", "output"),
    ("unusable-output", "output"),
    ("output-in-use", "output"),
    ("output-busy", "output"),
    ("old-report-kept", "output"),
    ("output-stands", "output"),
    ("foreign-output", "output"),
    ("personal-number-in-output", "output"),
    ("altered-report", "output"),
    ("usage", "usage"),
    ("unknown-code", "usage"),
];

/// The known word that is nearly `typed`, for a "did you mean".
pub fn nearest<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    /// Below this Jaro–Winkler similarity a suggestion confuses more than it helps.
    const ENOUGH: f64 = 0.8;
    known
        .into_iter()
        .map(|word| (strsim::jaro_winkler(&typed.to_lowercase(), &word.to_lowercase()), word))
        .filter(|(similarity, _)| *similarity >= ENOUGH)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, word)| word.to_owned())
}
