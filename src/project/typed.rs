//! The project file as it is typed.

use std::collections::BTreeMap;
use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use super::report::ReportText;
use super::source::{ColumnNames, DateFormats, Duplicates, ShortRows, StatusWords, ValuesByHeading};
use super::trends::{NoteText, PeriodName, RebaseText, TrendText};
use super::{CsvStyle, Edition, OneOrMany, Selection};
use crate::encoding::Encoding;
use crate::judge::{Extensions, WithoutTimes};
use crate::language::Language;
use crate::rulebook::{Clock, Cohort, Roll};

/// A project file as it is typed.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(
    title = "frist.toml",
    description = "Project file of frist: what the exports are and how they are reported."
)]
pub struct ProjectText {
    /// The municipality's or committee's name.
    pub organisation: Option<String>,
    /// The as-of date, such as 2024-08-31: what happened later has not happened yet.
    #[schemars(with = "Option<String>")]
    pub as_of: Option<Spanned<toml::value::Datetime>>,
    /// The length of the periods: month, quarter, tertial, half-year or year.
    #[schemars(with = "Option<PeriodName>")]
    pub period: Option<Spanned<String>>,
    /// The language of report and messages.
    pub language: Option<Language>,
    /// Who the report is for: internal has every number and must not be published; published hides small numbers.
    #[serde(default)]
    pub edition: Edition,
    /// A rulebook on top of the built-in one; the path is relative to this file.
    pub rulebook: Option<PathBuf>,
    /// Whether a valid extension replaces the due date.
    #[serde(default)]
    pub extensions: Extensions,
    /// What becomes of cases without a time of day whose rule counts hours.
    #[serde(default)]
    pub without_times: WithoutTimes,
    /// Exports of one kind.
    #[serde(default)]
    pub source: Vec<SourceText>,
    /// Figures of earlier reports whose cases are gone.
    #[serde(default)]
    pub reported: Vec<ReportedText>,
    /// Settings by control.
    #[serde(default)]
    pub control: Vec<ControlText>,
    /// How trends are drawn and read.
    #[serde(default)]
    pub trend: TrendText,
    /// Dated steps from which on a trend has new limits.
    #[serde(default)]
    pub rebase: Vec<RebaseText>,
    /// Periods that are marked in a trend, without moving its limits.
    #[serde(default)]
    pub note: Vec<NoteText>,
    /// Groups with fewer judged cases in the last year are shown together.
    #[serde(default)]
    pub smallest_group: u64,
    /// Texts that look like a personal number and are none, each as it stands in its source; and headings of columns
    /// whose case numbers look like personal numbers and are none.
    #[serde(default)]
    pub accept: Vec<String>,
    /// How the CSV files that people open are written: standard, or excel-sv with semicolon, decimal comma and
    /// byte order mark.
    #[serde(default)]
    pub csv: CsvStyle,
    /// How the report looks and what goes into it.
    #[serde(default)]
    pub report: ReportText,
}

/// Exports of one kind as they are typed.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SourceText {
    /// The control that all rows belong to; told by the headings when neither control nor types is given.
    #[schemars(with = "Option<String>")]
    pub control: Option<Spanned<String>>,
    /// In a file with several controls: which type belongs to which control.
    #[schemars(with = "Option<BTreeMap<String, String>>")]
    pub types: Option<Spanned<BTreeMap<String, Spanned<String>>>>,
    /// File names or patterns with *, relative to this file, older exports before newer ones.
    #[schemars(with = "Vec<String>")]
    pub files: Spanned<Vec<String>>,
    /// Columns by heading; those not named are recognised.
    #[serde(default)]
    pub columns: ColumnNames,
    /// How the bytes are text; told from the file when not given.
    pub encoding: Option<Encoding>,
    /// The line on which the headings stand, from 1; told from the file when not given.
    pub header_line: Option<u64>,
    /// The sheet of a workbook, several in brackets, or "*" for every visible one; without it those whose headings
    /// show a control, as long as the headings of one control's sheets are the same.
    pub sheet: Option<OneOrMany<String>>,
    /// How columns write their dates; told from the column when not given.
    #[serde(default)]
    pub date_formats: DateFormats,
    /// More texts that stand for an empty cell, beside -, NULL, 9999-12-31 and the like.
    #[serde(default)]
    pub empty: Vec<String>,
    /// What a row is that ends before the last column.
    #[serde(default)]
    pub short_rows: ShortRows,
    /// What to do with several rows of one case number.
    #[serde(default)]
    pub duplicates: Duplicates,
    /// What the words of the column of status mean, beside the usual ones.
    pub status: Option<StatusWords>,
    /// Only rows with one of these values count, by heading; the others are excluded.
    #[serde(default)]
    pub only: ValuesByHeading,
    /// Rows with one of these values are excluded, by heading.
    #[serde(default)]
    pub exclude: ValuesByHeading,
}

/// A figure of an earlier report as it is typed.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportedText {
    /// The control.
    #[schemars(with = "String")]
    pub control: Spanned<String>,
    /// The period, such as 2024-08, 2024-Q3, 2024-T2, 2024-H2 or 2024.
    #[schemars(with = "String")]
    pub period: Spanned<String>,
    /// The share of deviations, 0 to 1, when the counts are not known.
    #[schemars(with = "Option<f64>")]
    pub share: Option<Spanned<f64>>,
    /// Judged cases.
    pub cases: Option<u64>,
    /// Deviations among them.
    pub deviations: Option<u64>,
    /// The method it was counted by, such as 120 days.
    pub method: String,
    /// Where it was reported.
    pub source: String,
}

/// The settings of a control as they are typed.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ControlText {
    /// The control.
    #[schemars(with = "String")]
    pub id: Spanned<String>,
    /// The share to stay at or below, 0 to 1.
    #[schemars(with = "Option<f64>")]
    pub target: Option<Spanned<f64>>,
    /// The share from which deviations are severe, 0 to 1.
    #[schemars(with = "Option<f64>")]
    pub severe_at: Option<Spanned<f64>>,
    /// What ties a case to a period.
    pub cohort: Option<Cohort>,
    /// Whether lag (1930:173) 2 § moves a last day that is no working day.
    pub roll: Option<Roll>,
    /// The way to count that is shown beside the lawful one, such as 120 days.
    #[schemars(with = "Option<String>")]
    pub reference: Option<Clock>,
    /// Whether extensions count for this control.
    pub extensions: Option<Extensions>,
    /// What becomes of its cases without a time of day, when its rule counts hours.
    pub without_times: Option<WithoutTimes>,
    /// How the cases of its exports were chosen; told from their days when not given.
    pub cases: Option<Selection>,
    /// The last period that the limits of its trend are made from, such as 2023-12, when later ones are not
    /// to move them.
    #[schemars(with = "Option<String>")]
    pub freeze: Option<Spanned<String>>,
}

/// The JSON schema of project files, for editors.
pub fn schema_json() -> Vec<u8> {
    let schema = schemars::schema_for!(ProjectText);
    let mut bytes = serde_json::to_vec_pretty(&schema).expect("a schema is JSON");
    bytes.push(b'\n');
    bytes
}
