//! The project file as it is typed, and what it means.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use super::checked::{PeriodName, as_of_day, period_kind, share, sound};
use super::report::{ReportText, resolve_report};
use super::settings::{ControlSettings, Reported, ReportedFigure, Settings};
use super::source::{
    ColumnNames, DateFormats, Duplicates, ShortRows, Source, SourceControl, StatusWords, ValuesByHeading,
};
use super::trends::{RebaseText, TrendText, point, resolve_rebases, resolve_trend};
use super::{CsvStyle, OneOrMany};
use crate::encoding::Encoding;
use crate::error::{Error, Flaw};
use crate::judge::{Extensions, WithoutTimes};
use crate::language::Language;
use crate::period::{Period, PeriodKind};
use crate::rulebook::{Clock, Cohort, Roll};
use crate::values::printable;

/// A project file as it is typed.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(
    title = "frist.toml",
    description = "Project file of frist: what the exports are and how they are reported."
)]
struct ProjectText {
    /// The municipality's or committee's name.
    organisation: Option<String>,
    /// The as-of date, such as 2024-08-31: what happened later has not happened yet.
    #[schemars(with = "Option<String>")]
    as_of: Option<Spanned<toml::value::Datetime>>,
    /// The length of the periods: month, quarter, tertial, half-year or year.
    #[schemars(with = "Option<PeriodName>")]
    period: Option<Spanned<String>>,
    /// The language of report and messages.
    language: Option<Language>,
    /// A rulebook on top of the built-in one; the path is relative to this file.
    rulebook: Option<PathBuf>,
    /// Whether a valid extension replaces the due date.
    #[serde(default)]
    extensions: Extensions,
    /// What becomes of cases without a time of day whose rule counts hours.
    #[serde(default)]
    without_times: WithoutTimes,
    /// Exports of one kind.
    #[serde(default)]
    source: Vec<SourceText>,
    /// Figures of earlier reports whose cases are gone.
    #[serde(default)]
    reported: Vec<ReportedText>,
    /// Settings by control.
    #[serde(default)]
    control: Vec<ControlText>,
    /// How trends are drawn and read.
    #[serde(default)]
    trend: TrendText,
    /// Dated steps from which on a trend has new limits.
    #[serde(default)]
    rebase: Vec<RebaseText>,
    /// Groups with fewer judged cases in the last year are shown together.
    #[serde(default)]
    smallest_group: u64,
    /// Texts that look like a personal number and are none, each as it stands in its source; and headings of columns
    /// whose case numbers look like personal numbers and are none.
    #[serde(default)]
    accept: Vec<String>,
    /// How the CSV files that people open are written: standard, or excel-sv with semicolon, decimal comma and
    /// byte order mark.
    #[serde(default)]
    csv: CsvStyle,
    /// How the report looks and what goes into it.
    #[serde(default)]
    report: ReportText,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct SourceText {
    /// The control that all rows belong to; told by the headings when neither control nor types is given.
    #[schemars(with = "Option<String>")]
    control: Option<Spanned<String>>,
    /// In a file with several controls: which type belongs to which control.
    #[schemars(with = "Option<BTreeMap<String, String>>")]
    types: Option<Spanned<BTreeMap<String, Spanned<String>>>>,
    /// File names or patterns with *, relative to this file, older exports before newer ones.
    #[schemars(with = "Vec<String>")]
    files: Spanned<Vec<String>>,
    /// Columns by heading; those not named are recognised.
    #[serde(default)]
    columns: ColumnNames,
    /// How the bytes are text; told from the file when not given.
    encoding: Option<Encoding>,
    /// The line on which the headings stand, from 1; told from the file when not given.
    header_line: Option<u64>,
    /// The sheet of a workbook, several in brackets, or "*" for every visible one; without it those whose headings
    /// show a control, as long as the headings of one control's sheets are the same.
    sheet: Option<OneOrMany<String>>,
    /// How columns write their dates; told from the column when not given.
    #[serde(default)]
    date_formats: DateFormats,
    /// More texts that stand for an empty cell, beside -, NULL, 9999-12-31 and the like.
    #[serde(default)]
    empty: Vec<String>,
    /// What a row is that ends before the last column.
    #[serde(default)]
    short_rows: ShortRows,
    /// What to do with several rows of one case number.
    #[serde(default)]
    duplicates: Duplicates,
    /// What the words of the column of status mean.
    status: Option<StatusWords>,
    /// Only rows with one of these values count, by heading; the others are excluded.
    #[serde(default)]
    only: ValuesByHeading,
    /// Rows with one of these values are excluded, by heading.
    #[serde(default)]
    exclude: ValuesByHeading,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ReportedText {
    /// The control.
    #[schemars(with = "String")]
    control: Spanned<String>,
    /// The period, such as 2024-08, 2024-Q3, 2024-T2, 2024-H2 or 2024.
    #[schemars(with = "String")]
    period: Spanned<String>,
    /// The share of deviations, 0 to 1, when the counts are not known.
    #[schemars(with = "Option<f64>")]
    share: Option<Spanned<f64>>,
    /// Judged cases.
    cases: Option<u64>,
    /// Deviations among them.
    deviations: Option<u64>,
    /// The method it was counted by, such as 120 days.
    method: String,
    /// Where it was reported.
    source: String,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ControlText {
    /// The control.
    #[schemars(with = "String")]
    id: Spanned<String>,
    /// The share to stay at or below, 0 to 1.
    #[schemars(with = "Option<f64>")]
    target: Option<Spanned<f64>>,
    /// The share from which deviations are severe, 0 to 1.
    #[schemars(with = "Option<f64>")]
    severe_at: Option<Spanned<f64>>,
    /// What ties a case to a period.
    cohort: Option<Cohort>,
    /// Whether lag (1930:173) 2 § moves a last day that is no working day.
    roll: Option<Roll>,
    /// The way to count that is shown beside the lawful one, such as 120 days.
    #[schemars(with = "Option<String>")]
    reference: Option<Clock>,
    /// Whether extensions count for this control.
    extensions: Option<Extensions>,
    /// What becomes of its cases without a time of day, when its rule counts hours.
    without_times: Option<WithoutTimes>,
    /// The last period that the limits of its trend are made from, such as 2023-12, when later ones are not
    /// to move them.
    #[schemars(with = "Option<String>")]
    freeze: Option<Spanned<String>>,
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
            if flaws.is_empty() || unknown.is_some() {
                flaws.push(flaw);
            }
            let Some(span) = unknown.filter(|_| flaws.len() < MOST_FLAWS) else { break };
            let begin = rest[..span.start].rfind('\n').map_or(0, |at| at + 1);
            let end = rest[span.start..].find('\n').map_or(rest.len(), |at| span.start + at);
            rest.replace_range(begin..end, &"#".repeat(end - begin));
        }
        flaws.into_iter().map(|flaw| flaw.inside(text)).collect()
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

/// What a text means, or everything that is wrong with it.
fn resolve(typed: ProjectText) -> Result<Settings, Vec<Flaw>> {
    let mut flaws = twice_given(&typed);
    let named = controls_named(&typed);
    let trend = resolve_trend(typed.trend, &mut flaws);
    let report = resolve_report(typed.report, &mut flaws);
    let settings = Settings {
        organisation: typed.organisation.map(|name| printable(&name).into_owned()),
        as_of: sound(typed.as_of.map(as_of_day), &mut flaws),
        period: sound(typed.period.map(period_kind), &mut flaws).unwrap_or_default(),
        language: typed.language.unwrap_or_default(),
        rulebook: typed.rulebook,
        extensions: typed.extensions,
        without_times: typed.without_times,
        sources: typed
            .source
            .into_iter()
            .filter_map(|it| sound(Some(resolve_source(it)), &mut flaws))
            .collect(),
        reported: typed
            .reported
            .into_iter()
            .filter_map(|it| sound(Some(resolve_reported(it)), &mut flaws))
            .collect(),
        controls: typed
            .control
            .into_iter()
            .filter_map(|it| sound(Some(resolve_control(it, trend.period)), &mut flaws))
            .collect(),
        rebases: resolve_rebases(typed.rebase, trend.period, &mut flaws),
        trend,
        smallest_group: typed.smallest_group,
        accept: typed.accept,
        csv: typed.csv,
        report,
        named,
        ..Settings::default()
    };
    if flaws.is_empty() { Ok(settings) } else { Err(flaws) }
}

fn controls_named(typed: &ProjectText) -> Vec<(String, Range<usize>)> {
    let of_sources = typed.source.iter().flat_map(|source| {
        let of_types = source.types.iter().flat_map(|types| types.get_ref().values());
        source.control.iter().chain(of_types)
    });
    let of_reported = typed.reported.iter().map(|figure| &figure.control);
    let of_settings = typed.control.iter().map(|settings| &settings.id);
    let of_rebases = typed.rebase.iter().map(|rebase| &rebase.control);
    let all = of_sources.chain(of_reported).chain(of_settings).chain(of_rebases);
    all.map(|id| (id.get_ref().clone(), id.span())).collect()
}

/// Figures and settings that are given twice.
fn twice_given(typed: &ProjectText) -> Vec<Flaw> {
    let mut flaws = Vec::new();
    for (index, figure) in typed.reported.iter().enumerate() {
        let key = |figure: &ReportedText| (figure.control.get_ref().clone(), figure.period.get_ref().clone());
        if typed.reported[..index].iter().any(|other| key(other) == key(figure)) {
            flaws.push(Flaw::new("reported-twice", &[]).at(figure.period.span()));
        }
    }
    for (index, settings) in typed.control.iter().enumerate() {
        let id = settings.id.get_ref();
        if typed.control[..index].iter().any(|other| other.id.get_ref() == id) {
            flaws.push(Flaw::new("control-twice", &[("control", id)]).at(settings.id.span()));
        }
    }
    flaws
}

fn resolve_control(typed: ControlText, trend: PeriodKind) -> Result<ControlSettings, Flaw> {
    Ok(ControlSettings {
        id: typed.id.into_inner(),
        target: share(typed.target, "target")?,
        severe_at: share(typed.severe_at, "severe_at")?,
        cohort: typed.cohort,
        roll: typed.roll,
        reference: typed.reference,
        extensions: typed.extensions,
        without_times: typed.without_times,
        freeze: typed.freeze.as_ref().map(|freeze| point(freeze, trend)).transpose()?,
    })
}

fn resolve_source(typed: SourceText) -> Result<Source, Flaw> {
    let control = match (typed.control, typed.types) {
        (Some(id), None) if typed.columns.case_type.is_some() => {
            return Err(Flaw::new("column-without-types", &[]).at(id.span()));
        }
        (Some(id), None) => SourceControl::One(id.into_inner()),
        (None, Some(types)) => SourceControl::ByType(
            types.into_inner().into_iter().map(|(name, id)| (name, id.into_inner())).collect(),
        ),
        (None, None) => SourceControl::ByHeadings,
        (Some(_), Some(types)) => return Err(Flaw::new("control-and-types", &[]).at(types.span())),
    };
    if typed.files.get_ref().is_empty() {
        return Err(Flaw::new("no-files", &[]).at(typed.files.span()));
    }
    Ok(Source {
        control,
        files: typed.files.into_inner(),
        columns: typed.columns,
        encoding: typed.encoding,
        header_line: typed.header_line,
        sheets: typed.sheet.into(),
        date_formats: typed.date_formats,
        empty: typed.empty,
        short_rows: typed.short_rows,
        duplicates: typed.duplicates,
        status: typed.status,
        only: typed.only,
        exclude: typed.exclude,
    })
}

fn resolve_reported(typed: ReportedText) -> Result<Reported, Flaw> {
    let place = typed.period.span();
    let flaw = |key| Flaw::new(key, &[]).at(place.clone());
    let figure = match (share(typed.share, "share")?, typed.cases, typed.deviations) {
        (Some(share), None, None) => ReportedFigure::Share(share),
        (None, Some(cases), Some(deviations)) if deviations <= cases => {
            ReportedFigure::Counts { cases, deviations }
        }
        (None, Some(_), Some(_)) => return Err(flaw("more-deviations-than-cases")),
        _ => return Err(flaw("share-or-counts")),
    };
    let period = Period::parse(typed.period.get_ref()).ok_or_else(|| flaw("no-period"))?;
    Ok(Reported {
        control: typed.control.into_inner(),
        period,
        figure,
        method: typed.method,
        source: typed.source,
    })
}
