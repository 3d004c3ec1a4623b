//! A project file's text: what it means, or what is wrong with it.

use std::ops::Range;
use std::path::Path;

use toml::Spanned;

use super::checked::{period_kind, share};
use super::report::resolve_report;
use super::settings::{ControlSettings, Reported, ReportedFigure, Settings};
use super::source::{Source, SourceControl};
use super::trends::{point, resolve_notes, resolve_rebases, resolve_trend};
use super::typed::{ControlText, ProjectText, ReportedText, SourceText};
use crate::date::{Day, FIRST_INPUT_DAY, LAST_INPUT_DAY};
use crate::error::{Error, Flaw, all_flaws, sound};
use crate::period::{Period, PeriodKind};
use crate::rulebook::day_of;
use crate::values::printable;

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
        all_flaws(text, |error| flaw_of(error, text), |typed| resolve(typed).err().unwrap_or_default())
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
        edition: typed.edition,
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
        notes: resolve_notes(typed.note, trend.period, &mut flaws),
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
    let of_notes = typed.note.iter().map(|note| &note.control);
    let all = of_sources.chain(of_reported).chain(of_settings).chain(of_rebases).chain(of_notes);
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

fn as_of_day(value: Spanned<toml::value::Datetime>) -> Result<Day, Flaw> {
    let day = day_of(*value.get_ref()).map_err(|flaw| flaw.at(value.span()))?;
    if day < FIRST_INPUT_DAY || day > LAST_INPUT_DAY {
        let (first, last) = (FIRST_INPUT_DAY.to_string(), LAST_INPUT_DAY.to_string());
        return Err(Flaw::new("day-out-of-range", &[("first", &first), ("last", &last)]).at(value.span()));
    }
    Ok(day)
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
        cases: typed.cases,
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
