//! The project file, `frist.toml`: what the analyst says about the exports and the report.
//!
//! Parses and checks the text; opens no file. What is typed is in `typed`, what it means is [`Settings`].

mod csv_style;
mod one_or_many;
mod pictures;
mod report;
mod resolve;
mod trends;
mod typed;

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

use resolve::resolve;
use schemars::JsonSchema;
use serde::Deserialize;
use typed::ProjectText;

use crate::date::Day;
use crate::date_format::{DateFormat, Notation};
use crate::encoding::Encoding;
use crate::error::{Error, Flaw};
use crate::judge::{Extensions, WithoutTimes};
use crate::language::Language;
use crate::period::{Period, PeriodKind};
use crate::rulebook::{Clock, Cohort, Roll, Rulebook};

pub use csv_style::CsvStyle;
pub use one_or_many::OneOrMany;
pub use pictures::PictureFile;
pub use report::{Colour, ReportSettings};
pub use trends::{Rebase, SignalSet, TrendChart, TrendSettings};

/// The project file's name in a folder.
pub const FILE_NAME: &str = "frist.toml";

/// The name of its schema, which lies beside it.
pub const SCHEMA_NAME: &str = "frist.schema.json";

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
    /// What state the case is in; its words are those of `status`, or the usual ones.
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

/// What the words of a column of status mean, in any case of letters.
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

/// A figure from an earlier report.
#[derive(Debug, Clone, PartialEq)]
pub struct Reported {
    /// The control.
    pub control: String,
    /// The period it is for.
    pub period: Period,
    /// What was reported.
    pub figure: ReportedFigure,
    /// The method it was counted by.
    pub method: String,
    /// Where it was reported.
    pub source: String,
}

/// What an earlier report gave.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ReportedFigure {
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
#[derive(Debug, Clone, PartialEq, Default)]
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
    /// What becomes of its cases without a time of day, when its rule counts hours.
    pub without_times: Option<WithoutTimes>,
    /// The last period that the limits of its trend are made from, when later ones are not to move them.
    pub freeze: Option<Period>,
}

/// A project file that has been checked.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Settings {
    /// The municipality's or committee's name.
    pub organisation: Option<String>,
    /// The as-of date.
    pub as_of: Option<Day>,
    /// The length of the periods.
    pub period: PeriodKind,
    /// The language.
    pub language: Option<Language>,
    /// A rulebook to put on top of the built-in one, relative to the project file.
    pub rulebook: Option<PathBuf>,
    /// Whether extensions count.
    pub extensions: Extensions,
    /// What becomes of cases without a time of day whose rule counts hours.
    pub without_times: WithoutTimes,
    /// The exports.
    pub sources: Vec<Source>,
    /// Figures of earlier reports.
    pub reported: Vec<Reported>,
    /// Settings by control.
    pub controls: Vec<ControlSettings>,
    /// How trends are drawn and read.
    pub trend: TrendSettings,
    /// Steps of trends, in order of time.
    pub rebases: Vec<Rebase>,
    /// Groups with fewer judged cases in the last year are shown together.
    pub smallest_group: u64,
    /// Texts that look like a personal number and are none, and headings of columns of case numbers that do.
    pub accept: Vec<String>,
    /// How CSV files that people open are written.
    pub csv: CsvStyle,
    /// How the report looks and what goes into it.
    pub report: ReportSettings,
    /// Every control that is named, and where.
    named: Vec<(String, Range<usize>)>,
    /// The file's text, to show places in.
    text: String,
}

/// The JSON schema of project files, for editors.
pub fn schema_json() -> Vec<u8> {
    let schema = schemars::schema_for!(ProjectText);
    let mut bytes = serde_json::to_vec_pretty(&schema).expect("a schema is JSON");
    bytes.push(b'\n');
    bytes
}

/// Flaws that are looked for at once.
const MOST_FLAWS: usize = 20;

impl Settings {
    /// Reads a project file's text. `path` is shown in errors.
    ///
    /// # Errors
    /// [`Error::UnusableProject`] when the text is no TOML, has an unknown key or a value out of place.
    pub fn parse(text: &str, path: &Path) -> Result<Settings, Error> {
        let unusable =
            |flaw: Flaw| Error::UnusableProject { path: path.into(), flaw: Box::new(flaw.inside(text)) };
        let typed: ProjectText = toml::from_str(text).map_err(|error| unusable(flaw_of(&error, text)))?;
        let first = |flaws: Vec<Flaw>| unusable(flaws.into_iter().next().expect("there is a flaw"));
        let mut project = resolve(typed).map_err(first)?;
        project.text = text.to_owned();
        Ok(project)
    }

    /// A project of one source and nothing else.
    pub fn of_source(source: Source) -> Settings {
        Settings { sources: vec![source], ..Settings::default() }
    }

    /// Everything that is wrong with a text, but not more than a person would read, as far as it can be told apart.
    pub fn flaws(text: &str) -> Vec<Flaw> {
        let (mut flaws, mut rest) = (Vec::new(), text.to_owned());
        loop {
            let flaw = match toml::from_str::<ProjectText>(&rest) {
                Ok(typed) => {
                    flaws.extend(resolve(typed).err().unwrap_or_default());
                    break;
                }
                Err(error) => flaw_of(&error, text),
            };
            if let ("old-key", Some(span)) = (flaw.key, flaw.span.clone()) {
                rest.replace_range(span, "reported ");
                flaws.push(flaw);
                continue;
            }
            // A word that does not exist hides what comes after: look again without its line.
            let unknown = flaw.span.clone().filter(|_| matches!(flaw.key, "unknown-key" | "unknown-word"));
            // What is missing or wrong without those lines need not be with them.
            if flaws.iter().all(|flaw| flaw.key == "old-key") || unknown.is_some() {
                flaws.push(flaw);
            }
            let Some(span) = unknown.filter(|_| flaws.len() < MOST_FLAWS) else { break };
            let begin = rest[..span.start].rfind('\n').map_or(0, |at| at + 1);
            let end = rest[span.start..].find('\n').map_or(rest.len(), |at| span.start + at);
            rest.replace_range(begin..end, &"#".repeat(end - begin));
        }
        flaws.into_iter().map(|flaw| flaw.inside(text)).collect()
    }

    /// Controls that are named and no rule's.
    pub fn unknown_controls(&self, rulebook: &Rulebook) -> Vec<Flaw> {
        let known = rulebook.ids();
        let unknown = self.named.iter().filter(|(id, _)| !known.contains(id));
        unknown
            .map(|(id, span)| {
                Flaw::new("unknown-control", &[("control", id), ("known", &known.join(", "))])
                    .suggest(id, known.iter().map(String::as_str))
                    .at(span.clone())
                    .inside(&self.text)
            })
            .collect()
    }

    /// The settings of a control; empty ones when the file has none.
    pub fn of_control(&self, id: &str) -> ControlSettings {
        let found = self.controls.iter().find(|settings| settings.id == id);
        found.cloned().unwrap_or(ControlSettings { id: id.to_owned(), ..ControlSettings::default() })
    }
}

/// What is wrong with a text that cannot be read: a key that was renamed has the new one in its flaw.
fn flaw_of(error: &toml::de::Error, text: &str) -> Flaw {
    let is_old =
        |span: &Range<usize>| text[..span.start].ends_with("[[") && text[span.clone()] == *"published";
    match error.span().filter(is_old) {
        Some(span) => Flaw::new("old-key", &[("old", "[[published]]"), ("new", "[[reported]]")]).at(span),
        None => Flaw::of_toml(error, text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Settings, String> {
        Settings::parse(text, Path::new("frist.toml")).map_err(|error| match error {
            Error::UnusableProject { flaw, .. } => {
                format!("{} {:?} {:?}", flaw.key, flaw.values, flaw.suggestion)
            }
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
            [[reported]]
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
        assert_eq!(project.reported[0].figure, ReportedFigure::Share(0.41));
        assert_eq!(project.of_control("child-investigation").cohort, Some(Cohort::Closed));
        assert_eq!(project.of_control("other").cohort, None);
        assert!(project.unknown_controls(&Rulebook::builtin()).is_empty());
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (text, wanted) in [
            ("as_off = 2024-08-31", "unknown-key"),
            ("as_of = \"2024-08-31\"", "no-plain-day"),
            ("as_of = 2024-08-31T10:00:00", "no-plain-day"),
            ("as_of = 2101-01-01", "day-out-of-range"),
            ("[[control]]\nid = \"x\"\n[[control]]\nid = \"x\"", "control-twice"),
            ("period = \"termin\"", "unknown-word"),
            ("[report]\ncolour = \"blue\"", "no-colour"),
            ("[report]\ncolour = \"#ffcc00\"", "pale-colour"),
            ("[report]\nsmallest_published = 2", "smallest-published"),
            ("[[source]]\nfiles = []", "no-files"),
            ("[[source]]\nfiles = [\"a\"]\ncontrol = \"x\"\ntypes = { a = \"b\" }", "control-and-types"),
            ("[[control]]\nid = \"x\"\ntarget = 20", "no-share"),
            ("[[control]]\nid = \"x\"\nfreeze = \"2023-T1\"", "no-trend-period"),
            ("[trend]\nperiod = \"manad\"", "unknown-word"),
            ("[trend]\nchart = \"u\"", "unknown-word"),
            ("[[rebase]]\ncontrol = \"x\"\nfrom = \"2023\"\nreason = \"r\"", "no-trend-period"),
            ("[[rebase]]\ncontrol = \"x\"\nfrom = \"2023-02\"\nreason = \" \"", "rebase-without-reason"),
            (
                "[[rebase]]\ncontrol = \"x\"\nfrom = \"2023-02\"\nreason = \"r\"\nfreeze = \"2023-01\"",
                "freeze-before-rebase",
            ),
            (
                "[[rebase]]\ncontrol = \"x\"\nfrom = \"2023-02\"\nreason = \"r\"\n[[rebase]]\ncontrol = \"x\"\nfrom = \"2023-02\"\nreason = \"s\"",
                "rebase-twice",
            ),
            (
                "[[reported]]\ncontrol = \"x\"\nperiod = \"2021-T3\"\nmethod = \"m\"\nsource = \"s\"",
                "share-or-counts",
            ),
            (
                "[[reported]]\ncontrol = \"x\"\nperiod = \"T3 2021\"\nshare = 0.1\nmethod = \"m\"\nsource = \"s\"",
                "no-period",
            ),
            (
                "[[reported]]\ncontrol = \"x\"\nperiod = \"2021\"\ncases = 1\ndeviations = 2\nmethod = \"m\"\nsource = \"s\"",
                "more-deviations-than-cases",
            ),
        ] {
            let reason = parse(text).expect_err(text);
            assert!(reason.contains(wanted), "{text}: {reason}");
        }
    }

    #[test]
    fn accepted_texts_are_kept_as_they_stand() {
        let project = parse("accept = [\"Dnr 20240812-1234\", \"Ärendenr\"]").expect("a project");
        assert_eq!(project.accept, ["Dnr 20240812-1234", "Ärendenr"]);
        assert_eq!(parse("").expect("a project").accept, Vec::<String>::new());
        assert!(parse("accept = \"20240812-1234\"").is_err());
    }

    #[test]
    fn an_unknown_control_gets_a_suggestion() {
        let project =
            parse("[[source]]\ncontrol = \"child-investigations\"\nfiles = [\"a.csv\"]").expect("a project");
        let flaws = project.unknown_controls(&Rulebook::builtin());
        let flaw = &flaws[0];
        assert_eq!(flaw.suggestion.as_deref(), Some("child-investigation"));
        assert_eq!(flaw.span.clone().map(|span| &flaw.text[span]), Some("\"child-investigations\""));
    }

    #[test]
    fn all_flaws_are_found_at_once() {
        let text =
            "as_off = 1\nperiod = \"termin\"\nlangage = \"sv\"\n[[control]]\nid = \"x\"\ntarget = 20\n";
        let flaws = Settings::flaws(text);
        let found: Vec<(&str, &str)> =
            flaws.iter().map(|flaw| (flaw.key, flaw.span.clone().map_or("", |span| &text[span]))).collect();
        assert_eq!(
            found,
            [
                ("unknown-key", "as_off"),
                ("unknown-key", "langage"),
                ("unknown-word", "\"termin\""),
                ("no-share", "20")
            ]
        );
        assert_eq!(Settings::flaws("as_of = ")[0].key, "toml");
        let keys = |text| Settings::flaws(text).iter().map(|flaw| flaw.key).collect::<Vec<_>>();
        assert_eq!(
            keys("[[published]]\ncontrol = \"x\"\n[[published]]\n"),
            ["old-key", "old-key", "missing-key"]
        );
        assert_eq!(Settings::flaws("as_of = 2024-08-31"), []);
    }

    #[test]
    fn the_schema_knows_every_key() {
        let schema: serde_json::Value = serde_json::from_slice(&schema_json()).expect("JSON");
        let keys: Vec<&str> =
            schema["properties"].as_object().expect("keys").keys().map(String::as_str).collect();
        assert!(keys.contains(&"as_of") && keys.contains(&"source"), "{keys:?}");
        assert_eq!(schema["additionalProperties"], false);
    }
}
