//! The plan as it is typed.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use toml::Spanned;

/// How far a control point has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Begun and not finished.
    Begun,
    /// Not begun.
    NotBegun,
    /// Paused.
    Paused,
    /// Finished.
    Completed,
}

impl Status {
    /// Every status, in the order of the key.
    pub const ALL: [Status; 4] = [Status::Begun, Status::NotBegun, Status::Paused, Status::Completed];

    /// Name in plans and text catalogues.
    pub fn id(self) -> &'static str {
        match self {
            Status::Begun => "begun",
            Status::NotBegun => "not-begun",
            Status::Paused => "paused",
            Status::Completed => "completed",
        }
    }
}

/// How bad deviations are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// No deviation.
    None,
    /// A minor deviation.
    Minor,
    /// A severe deviation.
    Severe,
}

impl Severity {
    /// Name in plans and text catalogues.
    pub fn id(self) -> &'static str {
        match self {
            Severity::None => "none",
            Severity::Minor => "minor",
            Severity::Severe => "severe",
        }
    }
}

/// Which of those counted are deviations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Deviates {
    /// None; the count is only shown.
    #[default]
    No,
    /// Those counted.
    Count,
    /// The others.
    Rest,
}

/// What a result counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// Everything there is: the count is a fact.
    #[default]
    All,
    /// A random sample: the share of the whole is estimated from it.
    Sample,
    /// The cases of a period: a fact about them, and a reading of how the process works.
    Process,
}

/// A month of the year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "months are their own names")]
pub enum Month {
    January = 1,
    February,
    March,
    April,
    May,
    June,
    July,
    August,
    September,
    October,
    November,
    December,
}

/// A plan as it is typed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanText {
    /// The title of the report, if it is not the default.
    pub title: Option<Spanned<String>>,
    /// What the report is based on: paragraphs separated by blank lines, lists whose items begin with a hyphen.
    #[serde(default)]
    pub background: String,
    /// Areas, in order.
    #[serde(default)]
    pub area: Vec<Spanned<AreaText>>,
    /// How risks are valued.
    pub risks: Option<RisksText>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AreaText {
    /// The name.
    pub name: Option<Spanned<String>>,
    /// What the area is for.
    #[serde(default)]
    pub aim: String,
    /// Its risk points, in order.
    #[serde(default)]
    pub risk_point: Vec<Spanned<RiskPointText>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RiskPointText {
    /// The name.
    pub name: Option<Spanned<String>>,
    /// The number of the risk in the list of risks.
    pub risk: Option<String>,
    /// Its control points, in order.
    #[serde(default)]
    pub control_point: Vec<Spanned<ControlPointText>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ControlPointText {
    /// The name.
    pub name: Option<Spanned<String>>,
    /// Who is responsible.
    pub department: Option<String>,
    /// The months in which it is reported.
    pub frequency: Option<Spanned<Vec<Spanned<String>>>>,
    /// How it is controlled.
    pub method: Option<String>,
    /// How far it has come.
    pub status: Option<Spanned<String>>,
    /// The results.
    #[serde(default)]
    pub result: Vec<ResultText>,
    /// A comment.
    #[serde(default)]
    pub comment: String,
    /// The planned action.
    #[serde(default)]
    pub planned_action: String,
    /// A grade set by a person, which overrides the computed one.
    pub severity: Option<Spanned<String>>,
    /// Why the grade differs from the computed one.
    pub severity_reason: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResultText {
    /// A heading for this result and the next ones with the same group.
    pub group: Option<String>,
    /// The control of the rulebook whose share is the result.
    pub control: Option<Spanned<String>>,
    /// What is counted.
    pub name: Option<String>,
    /// How many.
    pub count: Option<Spanned<u64>>,
    /// Of how many.
    pub of: Option<u64>,
    /// How many the time before.
    pub previous_count: Option<Spanned<u64>>,
    /// Of how many the time before.
    pub previous_of: Option<u64>,
    /// Which of them deviate: no, count or rest.
    #[serde(default)]
    pub deviates: Deviates,
    /// What is wrong with those that deviate, after their number: `saknar plan`.
    pub deviation: Option<Spanned<String>>,
    /// What is required of all: `alla ska ha en`.
    pub requirement: Option<Spanned<String>>,
    /// What is counted: all, sample or process.
    #[serde(default)]
    pub scope: Scope,
    /// Of how many a sample was drawn.
    pub population: Option<Spanned<u64>>,
    /// Whether they are people or people's cases, so that small numbers are hidden in the published edition.
    #[serde(default = "yes")]
    pub persons: bool,
    /// A share above it is a deviation, 0 to 1.
    pub target: Option<Spanned<f64>>,
    /// A share at or above it is a severe deviation, 0 to 1; of a sample, one whose whole interval is.
    pub severe_at: Option<Spanned<f64>>,
    /// The result in words.
    pub text: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RisksText {
    /// The title of the follow-up of risks, if it is not the default.
    pub title: Option<Spanned<String>>,
    /// What it is based on.
    #[serde(default)]
    pub background: String,
    /// The year of the plan that is followed up.
    pub year: Option<i32>,
    /// The highest likelihood and consequence: 4 or 5.
    pub scale: Option<Spanned<u8>>,
    /// A risk with this value or more is critical.
    pub critical_at: Option<Spanned<u8>>,
    /// The shares from which likelihood is 2, 3 and so on.
    pub likelihood_from: Option<Spanned<Vec<f64>>>,
}

fn yes() -> bool {
    true
}
