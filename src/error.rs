//! Errors: why a run cannot go on.
//!
//! An error carries facts; `text::error_sentence` makes the sentences, in the reader's language. What is
//! wrong with single rows is not an error but a fault (`ingest::Fault`), and our own mistakes are panics.

use std::fmt;
use std::path::PathBuf;

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
        /// The role in the project file, such as `start`.
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
    /// Every case started after the as-of date.
    AsOfBeforeData {
        /// The as-of date.
        as_of: String,
        /// The first start in the exports.
        first_start: String,
    },
    /// Exports without any date from which an as-of date could be taken.
    NoAsOf,
    /// The project file cannot be used.
    UnusableProject {
        /// The project file.
        path: PathBuf,
        /// What is wrong, with its line when it has one.
        reason: String,
    },
    /// A rulebook cannot be used.
    UnusableRulebook {
        /// The rulebook.
        path: PathBuf,
        /// What is wrong, with its line when it has one.
        reason: String,
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
    /// The output folder holds something that this program did not write.
    ForeignOutput {
        /// The output folder.
        path: PathBuf,
        /// A file in it that is not ours.
        file: String,
    },
    /// A report that is incomplete or was altered.
    AlteredReport {
        /// The report folder.
        path: PathBuf,
        /// Files that are missing, altered or added.
        files: Vec<String>,
    },
}

impl Error {
    /// Stable code: the key of its sentence in the text catalogues.
    pub fn code(&self) -> &'static str {
        match self {
            Error::MissingInput { .. } => "missing-input",
            Error::UnreadableInput { .. } => "unreadable-input",
            Error::EmptyFile { .. } => "empty-file",
            Error::NoExports { .. } => "no-exports",
            Error::NoMatch { .. } => "no-match",
            Error::UnknownHeadings { .. } => "unknown-headings",
            Error::MissingColumn { .. } => "missing-column",
            Error::AmbiguousColumn { .. } => "ambiguous-column",
            Error::NothingUsable { .. } => "nothing-usable",
            Error::AsOfBeforeData { .. } => "as-of-before-data",
            Error::NoAsOf => "no-as-of",
            Error::UnusableProject { .. } => "unusable-project",
            Error::UnusableRulebook { .. } => "unusable-rulebook",
            Error::UnknownRule { .. } => "unknown-rule",
            Error::NotInForce { .. } => "not-in-force",
            Error::Usage { .. } => "usage",
            Error::UnwritableOutput { .. } => "unwritable-output",
            Error::ForeignOutput { .. } => "foreign-output",
            Error::AlteredReport { .. } => "altered-report",
        }
    }

    /// The program's exit code: 1 more was found than allowed, 2 usage, 65 unusable data, 74 cannot read
    /// or write, 78 unusable project file or rulebook.
    pub fn exit_code(&self) -> u8 {
        match self {
            Error::AlteredReport { .. } => 1,
            Error::Usage { .. } | Error::UnknownRule { .. } | Error::NotInForce { .. } => 2,
            Error::EmptyFile { .. }
            | Error::NoExports { .. }
            | Error::UnknownHeadings { .. }
            | Error::MissingColumn { .. }
            | Error::AmbiguousColumn { .. }
            | Error::NothingUsable { .. }
            | Error::AsOfBeforeData { .. }
            | Error::NoAsOf => 65,
            Error::MissingInput { .. }
            | Error::UnreadableInput { .. }
            | Error::UnwritableOutput { .. }
            | Error::ForeignOutput { .. } => 74,
            Error::NoMatch { .. } | Error::UnusableProject { .. } | Error::UnusableRulebook { .. } => 78,
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
