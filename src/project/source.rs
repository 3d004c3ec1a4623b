//! Sources: which files hold cases, and how their columns, dates and rows are read.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::OneOrMany;
use crate::date_format::{DateFormat, Notation};
use crate::encoding::Encoding;

/// Columns named by heading, the second of two equal ones as "Enhet#2"; what is not named is recognised.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ColumnNames {
    /// Case number.
    pub case_id: Option<String>,
    /// Start of the clock: a date, or a date and its time of day.
    pub start: Option<OneOrMany<String>>,
    /// End of the case: of several dates the first that is filled, each perhaps with its time of day.
    pub end: Option<OneOrMany<String>>,
    /// New due date after an extension.
    pub extended_to: Option<String>,
    /// Day on which the extension was decided.
    pub extension_decided: Option<String>,
    /// Due date that the export itself gives, for a rule whose clock is "due column".
    pub due: Option<String>,
    /// Unit, or whatever the cases are grouped by.
    pub group: Option<String>,
    /// A second column that the cases are grouped by.
    pub subgroup: Option<String>,
    /// Type of case, in a file that holds several controls.
    #[serde(rename = "type")]
    pub case_type: Option<String>,
    /// Person, to find chains of cases; never kept, never shown.
    pub person: Option<String>,
    /// What state the case is in; its words are those of `status` and the usual ones.
    pub status: Option<String>,
}

impl ColumnNames {
    /// Every heading that is named.
    pub fn all(&self) -> impl Iterator<Item = &String> {
        let dates = [&self.start, &self.end].into_iter().flatten().flat_map(OneOrMany::as_slice);
        let others = [
            &self.case_id,
            &self.extended_to,
            &self.extension_decided,
            &self.group,
            &self.subgroup,
            &self.case_type,
            &self.person,
            &self.status,
            &self.due,
        ];
        dates.chain(others.into_iter().flatten())
    }
}

/// What words of a column of status mean, in any case of letters; they count before the usual ones.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StatusWords {
    /// The case is open, whatever its end date says.
    #[serde(default)]
    pub open: Vec<String>,
    /// The case has ended, and must have an end date.
    #[serde(default)]
    pub closed: Vec<String>,
    /// The case does not count.
    #[serde(default)]
    pub void: Vec<String>,
}

/// Values by heading.
pub type ValuesByHeading = BTreeMap<String, OneOrMany<String>>;

/// How columns write their dates, by role.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DateFormats {
    /// Start of the clock.
    pub start: Option<OneOrMany<DateFormat>>,
    /// End of the case.
    pub end: Option<OneOrMany<DateFormat>>,
    /// New due date after an extension.
    pub extended_to: Option<OneOrMany<DateFormat>>,
    /// Day on which the extension was decided.
    pub extension_decided: Option<OneOrMany<DateFormat>>,
    /// Due date that the export itself gives.
    pub due: Option<OneOrMany<DateFormat>>,
}

impl DateFormats {
    /// What is said of a role.
    pub fn of(&self, role: &str) -> Option<Notation> {
        let formats = match role {
            "start" => &self.start,
            "end" => &self.end,
            "extended_to" => &self.extended_to,
            "extension_decided" => &self.extension_decided,
            "due" => &self.due,
            _ => &None,
        };
        formats.as_ref().map(|formats| Notation::named(formats.as_slice()))
    }
}

/// What a row is that ends before the last column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ShortRows {
    /// Broken off, and rejected.
    #[default]
    Reject,
    /// Whole: the program that wrote it leaves out empty cells at the end.
    Empty,
}

/// What to do with several rows of one case number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Duplicates {
    /// Equal rows count once; rows that differ contradict each other and are all rejected.
    #[default]
    Reject,
    /// Exports overlap: the row in the newest export counts. The newest is the one whose last day is latest.
    Newest,
    /// Exports overlap: the row in the export that `files` names last counts, each export by a name of its own.
    Last,
    /// The number is not a case's own: every row is a case.
    Keep,
}

/// Which sheets of a workbook are read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Sheets {
    /// Visible ones whose headings show a control; of one control only those with the same headings.
    #[default]
    Recognised,
    /// Every visible one whose headings show a control.
    All,
    /// These.
    Named(Vec<String>),
}

impl From<Option<OneOrMany<String>>> for Sheets {
    fn from(typed: Option<OneOrMany<String>>) -> Sheets {
        match typed.as_ref().map_or(&[][..], OneOrMany::as_slice) {
            [] => Sheets::Recognised,
            names if names.iter().any(|name| name == "*") => Sheets::All,
            names => Sheets::Named(names.to_vec()),
        }
    }
}

/// Which control the rows of a source belong to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum SourceControl {
    /// All to one.
    One(String),
    /// As the type column says: control by type.
    ByType(BTreeMap<String, String>),
    /// Whichever the headings tell.
    #[default]
    ByHeadings,
}

impl SourceControl {
    /// Whether rows of a control can be among those of the source.
    pub fn may_be(&self, control: &str) -> bool {
        match self {
            SourceControl::One(own) => own == control,
            SourceControl::ByType(types) => types.values().any(|own| own == control),
            SourceControl::ByHeadings => true,
        }
    }
}

/// Files of one kind.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Source {
    /// Which control.
    pub control: SourceControl,
    /// File names or patterns with `*`, relative to the project file.
    pub files: Vec<String>,
    /// Columns by name.
    pub columns: ColumnNames,
    /// Encoding, when the analyst knows better.
    pub encoding: Option<Encoding>,
    /// The line of the headings, when the analyst knows better.
    pub header_line: Option<u64>,
    /// The sheets of a workbook.
    pub sheets: Sheets,
    /// How columns write their dates, when the analyst knows better.
    pub date_formats: DateFormats,
    /// More texts that stand for an empty cell.
    pub empty: Vec<String>,
    /// What a row is that ends before the last column.
    pub short_rows: ShortRows,
    /// What to do with several rows of one case number.
    pub duplicates: Duplicates,
    /// What the words of the status mean, when the analyst says so.
    pub status: Option<StatusWords>,
    /// Rows that count: those with one of the values, by heading.
    pub only: ValuesByHeading,
    /// Rows that do not.
    pub exclude: ValuesByHeading,
}
