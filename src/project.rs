//! The project file, `frist.toml`: what the analyst says about the exports and the report.
//!
//! Parses and checks the text; opens no file. What is typed is `ProjectText`, what it means [`Project`].

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::date::{Day, FIRST_INPUT_DAY, LAST_INPUT_DAY};
use crate::encoding::Encoding;
use crate::error::{Error, nearest};
use crate::judge::Extensions;
use crate::language::Language;
use crate::period::{Period, PeriodKind};
use crate::rulebook::{Clock, Cohort, Roll, Rulebook, day_of};

/// The project file's name in a folder.
pub const FILE_NAME: &str = "frist.toml";

/// Columns named by heading; what is not named is recognised.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColumnNames {
    /// Case number.
    pub case_id: Option<String>,
    /// Start of the clock.
    pub start: Option<String>,
    /// End of the case.
    pub end: Option<String>,
    /// New due date after an extension.
    pub extended_to: Option<String>,
    /// Day on which the extension was decided.
    pub extension_decided: Option<String>,
    /// Unit, or whatever the cases are grouped by.
    pub group: Option<String>,
    /// Type of case, in a file that holds several controls.
    #[serde(rename = "type")]
    pub case_type: Option<String>,
}

/// What to do with several rows of one case number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Duplicates {
    /// Equal rows count once; rows that differ contradict each other and are all rejected.
    #[default]
    Reject,
    /// The number is not a case's own: every row is a case.
    Keep,
}

/// Which control the rows of a source belong to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SourceControl {
    /// All to one.
    One(String),
    /// As the type column says: control by type.
    ByType(BTreeMap<String, String>),
    /// Whichever the headings tell.
    ByHeadings,
}

/// Files of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Which control.
    pub control: SourceControl,
    /// File names or patterns with `*`, relative to the project file.
    pub files: Vec<String>,
    /// Columns by name.
    pub columns: ColumnNames,
    /// Encoding, when the analyst knows better.
    pub encoding: Option<Encoding>,
    /// What to do with several rows of one case number.
    pub duplicates: Duplicates,
}

/// A figure from an earlier report.
#[derive(Debug, Clone, PartialEq)]
pub struct Published {
    /// The control.
    pub control: String,
    /// The period it is for.
    pub period: Period,
    /// What was published.
    pub figure: PublishedFigure,
    /// The method it was counted by.
    pub method: String,
    /// Where it was published.
    pub source: String,
}

/// What an earlier report gave.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum PublishedFigure {
    /// The share alone, 0–1.
    Share(f64),
    /// Cases and deviations.
    Counts {
        /// Judged cases.
        cases: u64,
        /// Deviations among them.
        deviations: u64,
    },
}

/// What the project file says of one control.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ControlSettings {
    /// The control.
    pub id: String,
    /// The share to stay at or below, 0–1.
    pub target: Option<f64>,
    /// The share from which deviations are severe, 0–1.
    pub severe_at: Option<f64>,
    /// Another cohort than the rule's.
    pub cohort: Option<Cohort>,
    /// Another reading of 2 § than the rule's.
    pub roll: Option<Roll>,
    /// Another reference method than the rule's.
    pub reference: Option<Clock>,
    /// Whether extensions count for this control.
    pub extensions: Option<Extensions>,
}

/// A project file that has been checked.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Project {
    /// The municipality's or committee's name.
    pub organisation: Option<String>,
    /// The as-of date.
    pub as_of: Option<Day>,
    /// The length of the periods.
    pub period: Option<PeriodKind>,
    /// The language.
    pub language: Option<Language>,
    /// A rulebook to put on top of the built-in one, relative to the project file.
    pub rulebook: Option<PathBuf>,
    /// Whether extensions count.
    pub extensions: Extensions,
    /// The exports.
    pub sources: Vec<Source>,
    /// Figures of earlier reports.
    pub published: Vec<Published>,
    /// Settings by control.
    pub controls: Vec<ControlSettings>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ProjectText {
    organisation: Option<String>,
    as_of: Option<toml::value::Datetime>,
    period: Option<String>,
    language: Option<Language>,
    rulebook: Option<PathBuf>,
    #[serde(default)]
    extensions: Extensions,
    #[serde(default)]
    source: Vec<SourceText>,
    #[serde(default)]
    published: Vec<PublishedText>,
    #[serde(default)]
    control: Vec<ControlSettings>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SourceText {
    control: Option<String>,
    types: Option<BTreeMap<String, String>>,
    files: Vec<String>,
    #[serde(default)]
    columns: ColumnNames,
    encoding: Option<Encoding>,
    #[serde(default)]
    duplicates: Duplicates,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PublishedText {
    control: String,
    period: String,
    share: Option<f64>,
    cases: Option<u64>,
    deviations: Option<u64>,
    method: String,
    source: String,
}

impl Project {
    /// Reads a project file's text. `path` is shown in errors.
    ///
    /// # Errors
    /// [`Error::UnusableProject`] when the text is no TOML, has an unknown key or a value out of place.
    pub fn parse(text: &str, path: &Path) -> Result<Project, Error> {
        let unusable = |reason: String| Error::UnusableProject { path: path.into(), reason };
        let typed: ProjectText = toml::from_str(text).map_err(|error| unusable(error.to_string()))?;
        resolve(typed).map_err(unusable)
    }

    /// Checks that every control named is a rule's.
    ///
    /// # Errors
    /// [`Error::UnusableProject`] naming the control and the nearest known one.
    pub fn check_controls(&self, rulebook: &Rulebook, path: &Path) -> Result<(), Error> {
        let of_sources = self.sources.iter().flat_map(|source| match &source.control {
            SourceControl::One(id) => vec![id],
            SourceControl::ByType(types) => types.values().collect(),
            SourceControl::ByHeadings => vec![],
        });
        let of_published = self.published.iter().map(|published| &published.control);
        let of_settings = self.controls.iter().map(|settings| &settings.id);
        let known = rulebook.ids();
        for id in of_sources.chain(of_published).chain(of_settings) {
            if !known.contains(id) {
                let hint = nearest(id, known.iter().map(String::as_str))
                    .map_or(format!("known controls: {}", known.join(", ")), |word| {
                        format!("did you mean '{word}'?")
                    });
                return Err(Error::UnusableProject {
                    path: path.into(),
                    reason: format!("control '{id}' is in no rulebook; {hint}"),
                });
            }
        }
        Ok(())
    }

    /// The settings of a control; empty ones when the file has none.
    pub fn settings(&self, id: &str) -> ControlSettings {
        let found = self.controls.iter().find(|settings| settings.id == id);
        found.cloned().unwrap_or(ControlSettings { id: id.to_owned(), ..ControlSettings::default() })
    }
}

fn resolve(typed: ProjectText) -> Result<Project, String> {
    for settings in &typed.control {
        for (key, share) in [("target", settings.target), ("severe_at", settings.severe_at)] {
            if share.is_some_and(|share| !(0.0..=1.0).contains(&share)) {
                return Err(format!("control '{}': {key} is a share and lies between 0 and 1", settings.id));
            }
        }
    }
    for (index, settings) in typed.control.iter().enumerate() {
        if typed.control[..index].iter().any(|other| other.id == settings.id) {
            return Err(format!("control '{}' is set twice", settings.id));
        }
    }
    for (index, figure) in typed.published.iter().enumerate() {
        let same =
            |other: &PublishedText| (&other.control, &other.period) == (&figure.control, &figure.period);
        if typed.published[..index].iter().any(same) {
            return Err(format!(
                "published figure for '{}' {} is given twice",
                figure.control, figure.period
            ));
        }
    }
    Ok(Project {
        organisation: typed.organisation,
        as_of: typed.as_of.map(as_of_day).transpose()?,
        period: typed.period.map(|text| text.parse()).transpose()?,
        language: typed.language,
        rulebook: typed.rulebook,
        extensions: typed.extensions,
        sources: typed.source.into_iter().map(resolve_source).collect::<Result<_, _>>()?,
        published: typed.published.into_iter().map(resolve_published).collect::<Result<_, _>>()?,
        controls: typed.control,
    })
}

fn as_of_day(value: toml::value::Datetime) -> Result<Day, String> {
    let day = day_of(value)?;
    if day < FIRST_INPUT_DAY || day > LAST_INPUT_DAY {
        return Err(format!("as_of: {day} lies outside {FIRST_INPUT_DAY} – {LAST_INPUT_DAY}"));
    }
    Ok(day)
}

fn resolve_source(typed: SourceText) -> Result<Source, String> {
    let control = match (typed.control, typed.types) {
        (Some(id), None) => SourceControl::One(id),
        (None, Some(types)) if typed.columns.case_type.is_none() => {
            let first = types.keys().next().map_or("…", String::as_str);
            return Err(format!(
                "a source with types ('{first}', …) needs columns.type, the heading of the type column"
            ));
        }
        (None, Some(types)) => SourceControl::ByType(types),
        (None, None) => SourceControl::ByHeadings,
        (Some(id), Some(_)) => {
            return Err(format!("a source has either control ('{id}') or types, not both"));
        }
    };
    if typed.files.is_empty() {
        return Err("a source needs at least one file in files".into());
    }
    Ok(Source {
        control,
        files: typed.files,
        columns: typed.columns,
        encoding: typed.encoding,
        duplicates: typed.duplicates,
    })
}

fn resolve_published(typed: PublishedText) -> Result<Published, String> {
    let name = format!("published figure for '{}' {}", typed.control, typed.period);
    let figure = match (typed.share, typed.cases, typed.deviations) {
        (Some(share), None, None) if (0.0..=1.0).contains(&share) => PublishedFigure::Share(share),
        (Some(_), None, None) => return Err(format!("{name}: the share lies between 0 and 1")),
        (None, Some(cases), Some(deviations)) if deviations <= cases => {
            PublishedFigure::Counts { cases, deviations }
        }
        (None, Some(_), Some(_)) => return Err(format!("{name}: more deviations than cases")),
        _ => return Err(format!("{name}: give either share, or cases and deviations")),
    };
    let period = Period::parse(&typed.period)
        .ok_or_else(|| format!("{name}: a period is written 2024-08, 2024-Q3, 2024-T2, 2024-H2 or 2024"))?;
    Ok(Published { control: typed.control, period, figure, method: typed.method, source: typed.source })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Project, String> {
        Project::parse(text, Path::new("frist.toml")).map_err(|error| match error {
            Error::UnusableProject { reason, .. } => reason,
            other => other.to_string(),
        })
    }

    #[test]
    fn the_example_of_the_design_is_read() {
        let project = parse(
            r#"
            organisation = "Exempelkommunen"
            as_of = 2024-08-31
            period = "tertial"
            language = "sv"
            [[source]]
            control = "child-investigation"
            files = ["utredningar*.csv"]
            columns = { case_id = "Ärendenr", start = "Utredning inledd", end = "Utredning avslutad", extended_to = "Förlängd till", group = "Enhet" }
            [[published]]
            control = "child-investigation"
            period = "2021-T3"
            share = 0.41
            method = "120 days"
            source = "Internkontrollrapport 2021"
            [[control]]
            id = "child-investigation"
            target = 0.0
            severe_at = 0.20
            cohort = "closed"
            "#,
        )
        .expect("a project");
        assert_eq!(project.as_of.map(|day| day.to_string()).as_deref(), Some("2024-08-31"));
        assert_eq!(project.sources[0].control, SourceControl::One("child-investigation".into()));
        assert_eq!(project.published[0].figure, PublishedFigure::Share(0.41));
        assert_eq!(project.settings("child-investigation").cohort, Some(Cohort::Closed));
        assert_eq!(project.settings("other").cohort, None);
        assert!(project.check_controls(&Rulebook::builtin(), Path::new("frist.toml")).is_ok());
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (text, wanted) in [
            ("as_off = 2024-08-31", "unknown field"),
            ("as_of = \"2024-08-31\"", "datetime"),
            ("as_of = 2024-08-31T10:00:00", "plain date"),
            ("as_of = 2101-01-01", "lies outside"),
            ("[[control]]\nid = \"x\"\n[[control]]\nid = \"x\"", "set twice"),
            ("period = \"termin\"", "not one of month"),
            ("[[source]]\nfiles = []", "at least one file"),
            ("[[source]]\nfiles = [\"a\"]\ncontrol = \"x\"\ntypes = { a = \"b\" }", "not both"),
            ("[[source]]\nfiles = [\"a\"]\ntypes = { a = \"b\" }", "columns.type"),
            ("[[control]]\nid = \"x\"\ntarget = 20", "between 0 and 1"),
            (
                "[[published]]\ncontrol = \"x\"\nperiod = \"2021-T3\"\nmethod = \"m\"\nsource = \"s\"",
                "either share",
            ),
            (
                "[[published]]\ncontrol = \"x\"\nperiod = \"T3 2021\"\nshare = 0.1\nmethod = \"m\"\nsource = \"s\"",
                "is written",
            ),
            (
                "[[published]]\ncontrol = \"x\"\nperiod = \"2021\"\ncases = 1\ndeviations = 2\nmethod = \"m\"\nsource = \"s\"",
                "more deviations",
            ),
        ] {
            let reason = parse(text).expect_err(text);
            assert!(reason.contains(wanted), "{text}: {reason}");
        }
    }

    #[test]
    fn an_unknown_control_gets_a_suggestion() {
        let project =
            parse("[[source]]\ncontrol = \"child-investigations\"\nfiles = [\"a.csv\"]").expect("a project");
        let error =
            project.check_controls(&Rulebook::builtin(), Path::new("frist.toml")).expect_err("unknown");
        assert!(error.to_string().contains("did you mean 'child-investigation'"), "{error}");
    }
}
