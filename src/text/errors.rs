//! Errors as a person reads them: what, where, why it matters and what to do.

use std::fmt::Display;
use std::path::{Path, PathBuf};

use super::flaws::{did_you_mean, flaw_sentence, list_flaw_sentence};
use super::{Texts, fill, snippet};
use crate::date::Day;
use crate::error::{DateReading, Error};
use crate::ingest::files::NOT_UTF8;
use crate::personal_numbers;

/// An error as a person reads it: what, where, why it matters and what to do. Files and headings may be called after
/// people, and the line that is shown of a file may name one: numbers are masked in all of it.
pub fn error_sentence(error: &Error, texts: &Texts) -> String {
    let mut error = error.clone();
    // The line breaks of a sentence are ours.
    if let Some(path) = error.path_mut() {
        *path = personal_numbers::shown_name(&path.to_string_lossy()).into();
    }
    let lines: Vec<String> =
        sentence_of(&error, texts).split('\n').map(personal_numbers::shown_name).collect();
    lines.join("\n")
}

/// The sentence as its facts have it.
fn sentence_of(error: &Error, texts: &Texts) -> String {
    let key = format!("error.{}", error.code());
    let path = error.path().map_or(String::new(), |path| path.display().to_string());
    macro_rules! said {
        ($($values:tt)*) => { fill!(texts, key, path, $($values)*) };
    }
    let suggested = |word: &Option<String>| did_you_mean(word.as_deref(), texts);
    match error {
        Error::MissingInput { .. }
        | Error::EmptyFile { .. }
        | Error::NoExports { .. }
        | Error::ChangedInput { .. }
        | Error::ProjectExists { .. } => said!(),
        Error::UnreadableInput { cause, .. } if cause == NOT_UTF8 => {
            said!(cause = texts.get("error.unreadable-encoding"))
        }
        Error::UnreadableInput { cause, .. } | Error::UnwritableOutput { cause, .. } => said!(cause),
        Error::NotAFile { kind, .. } => said!(what = texts.get(&format!("no-file.{kind}"))),
        Error::TooLarge { most, .. } => said!(most = size(*most, texts)),
        Error::NoMatch { pattern, project } => said!(pattern, project = project.display()),
        Error::UnknownHeadings { path, found, wanted } => {
            let wanted = wanted.iter().map(|(control, headings)| format!("    {control}: {headings}"));
            let wanted = wanted.collect::<Vec<_>>().join("\n");
            said!(found = found.join(", "), wanted, file = name_of(path))
        }
        Error::MissingColumn { role, named, found, suggestion, .. } => {
            let is_option = role.starts_with("--");
            let (key, remedy) = match *role {
                _ if is_option => ("error.missing-option-named", "error.missing-option-remedy"),
                // A filter names its column itself.
                "only" | "exclude" => ("error.missing-column-named", "error.missing-filter-remedy"),
                _ => ("error.missing-column-named", "error.missing-column-remedy"),
            };
            let suggestion = suggested(suggestion);
            let named = named.as_ref().map(|name| fill!(texts, key, name, suggestion)).unwrap_or_default();
            said!(role, named, found = found.join(", "), remedy = fill!(texts, remedy, role))
        }
        Error::AmbiguousColumn { role, headings, .. } => said!(role, headings = headings.join(", ")),
        Error::SharedColumn { heading, roles: [one, other], .. } => said!(heading, one, other),
        Error::NoDates { controls, role, heading, dated, .. } => {
            let dated = match &**dated {
                [] => texts.get("error.no-dates-anywhere").to_owned(),
                dated => fill!(texts, "error.dates-elsewhere", columns = dated.join(", ")),
            };
            said!(controls = controls.join(", "), role, heading, dated)
        }
        Error::NothingUsable { rows, commonest, count, line, .. } => {
            let [rows, count] = [*rows, *count].map(|count| texts.count(count));
            let [reason, remedy] = about_fault(commonest, texts);
            said!(rows, count, line, reason, remedy)
        }
        Error::TooManyFaults { found, most, commonest, count, line, .. } => {
            let [found, most, count] = [*found, *most, *count].map(|count| texts.count(count));
            let [reason, remedy] = about_fault(commonest, texts);
            said!(found, most, count, line, reason, remedy)
        }
        Error::UnusableEdition { flaw, .. } => said!(what = texts.get(&format!("edition-flaw.{flaw}"))),
        Error::EditionsDiffer { control, what, earlier, .. } => {
            said!(control, what = fill!(texts, format!("editions-differ.{what}"), earlier))
        }
        Error::EditionTells { control, periods, .. } => {
            said!(control, periods = format!(" ({})", texts.first_of(periods)))
        }
        Error::AsOfBeforeData { as_of, first_start } => {
            said!(as_of = in_words(as_of, texts), first_start = in_words(first_start, texts))
        }
        Error::UnusableProject { flaw, .. }
        | Error::UnusablePlan { flaw, .. }
        | Error::UnusableRulebook { flaw, .. } => {
            let place = snippet::of(flaw, &path).map_or(String::new(), |place| format!("\n{place}"));
            said!(reason = flaw_sentence(flaw, texts), place)
        }
        Error::UnusableTally { flaw, .. } => said!(reason = flaw_sentence(flaw, texts)),
        Error::UnusableRisks { flaws, .. } => {
            let flaws: Vec<String> = flaws.iter().map(|flaw| list_flaw_sentence(flaw, texts)).collect();
            said!(flaws = flaws.join("\n"))
        }
        Error::UnusableTemplate { key, place, .. } => {
            said!(reason = fill!(texts, format!("template-flaw.{key}"), place))
        }
        Error::UnusableKey { flaw, .. } => said!(reason = fill!(texts, format!("key-flaw.{flaw}"), path)),
        Error::Workbook { part, .. } if part.is_empty() => said!(part),
        Error::Workbook { part, .. } => said!(part = format!(" ({part})")),
        Error::UnknownSheet { sheet, found, .. } => match sheet {
            None => fill!(texts, "error.no-visible-sheet", path),
            Some(_) if found.is_empty() => fill!(texts, "error.sheet-of-text", path),
            Some(sheet) => said!(sheet, found = found.join(", ")),
        },
        Error::AmbiguousSheet { sheets, lacks_ends, .. } => {
            let [first, last] = [sheets.first(), sheets.last()].map(|sheet| sheet.map_or("", String::as_str));
            match lacks_ends {
                true => fill!(texts, "error.sheet-without-ends", path, first, last),
                false => said!(sheets = sheets.join(", "), first),
            }
        }
        Error::BrokenHeadings { headings, .. } => said!(headings = headings.join(", ")),
        Error::OneCell { separator: '\t', .. } => said!(separator = texts.get("reading.tab")),
        Error::OneCell { separator, .. } => said!(separator),
        Error::OtherTable { place, line, .. } => {
            let below = line.map(|line| fill!(texts, "error.other-table-below", line)).unwrap_or_default();
            said!(place, below)
        }
        Error::RowsAbove { place, line, .. } => said!(place, line),
        Error::AmbiguousDates { columns, readings, .. } => {
            let said: Vec<String> = readings.iter().map(|reading| date_reading(reading, texts)).collect();
            let remedies = readings.iter().map(|reading| date_formats(columns, reading.format));
            let (readings, remedies) = (said.join("\n"), remedies.collect::<Vec<_>>().join("\n"));
            said!(headings = headings_of(columns, texts), readings, remedies)
        }
        Error::MixedDates { columns, .. } | Error::MisnamedDates { columns, .. } => {
            let plain: Vec<_> = columns.iter().map(|(role, heading, _)| (*role, heading.clone())).collect();
            let mut formats: Vec<String> =
                columns.iter().map(|(role, _, format)| format!("{role} = \"{format}\"")).collect();
            formats.dedup_by_key(|format| format.split(' ').next().map(str::to_owned));
            let remedy = format!("  date_formats = {{ {} }}", formats.join(", "));
            said!(headings = headings_of(&plain, texts), remedy)
        }
        Error::SwappedDates { columns, places, .. } => {
            let [remedy, kept] = ["swapped", "dd/mm/yyyy"].map(|format| date_formats(columns, format));
            said!(headings = headings_of(columns, texts), places = places.join(", "), remedy, kept)
        }
        Error::NoCaseNumbers { other, .. } | Error::SameFile { other, .. } => said!(other = other.display()),
        Error::SameCases { other, agreeing, cases, .. } => {
            let [agreeing, cases] = [*agreeing, *cases].map(|count| texts.count(count));
            said!(other = other.display(), agreeing, cases)
        }
        Error::NumbersOnFirstRows { heading, place, .. } => said!(heading, place),
        Error::PlannedEnds { heading, cases, alike, days: (least, most), .. } => {
            let [cases, alike] = [*cases, *alike].map(|count| texts.count(count));
            let span = if least == most { least.to_string() } else { format!("{least}–{most}") };
            said!(heading, cases, alike, span)
        }
        Error::DestroyedCaseNumbers { heading, kind, place, .. } => {
            said!(heading, what = fill!(texts, format!("destroyed.{kind}"), place))
        }
        Error::PersonalCaseNumbers { heading, count, place, .. } => {
            said!(heading, count = texts.count(*count), place)
        }
        Error::PersonalNumberInOutput { spot, excerpt, .. } => {
            let (key, values) = spot.told();
            let values: Vec<(&str, &dyn Display)> =
                values.iter().map(|(name, value)| (*name, value as &dyn Display)).collect();
            said!(spot = texts.filled(&format!("spot.{key}"), &values), excerpt)
        }
        Error::EquallyNew { path, other, day } => {
            said!(
                other = other.display(),
                day = in_words(day, texts),
                older = name_of(other),
                newer = name_of(path)
            )
        }
        Error::UnsuitableGroup { heading, .. } => said!(heading),
        Error::TooManyGroups { headings, most, .. } => {
            said!(headings = headings.join(" + "), most = texts.count(*most))
        }
        Error::TooManyRejected { found, rows, allowed, .. } => {
            let [found, rows] = [*found, *rows].map(|count| texts.count(count));
            said!(found, rows, allowed = texts.share(*allowed as f64 / 10_000.0))
        }
        Error::UnknownCode { code, suggestion } => said!(code, suggestion = suggested(suggestion)),
        Error::UnknownRule { id, known, suggestion } => {
            said!(id, known = known.join(", "), suggestion = suggested(suggestion))
        }
        Error::NotInForce { id, day } => said!(id, day = in_words(day, texts)),
        Error::Usage { reason } => said!(reason),
        Error::UnusableOutput { problem, .. } => {
            said!(problem = fill!(texts, format!("place.{problem}"), path))
        }
        Error::OutputInUse { file, program, .. } => said!(file, program),
        Error::OutputBusy { place, .. } => said!(place = place.display()),
        Error::OldReportKept { kept, cause, .. } => said!(kept = kept.display(), cause),
        Error::OutputStands { cause, kept, set_aside, .. } => {
            let said_of = |key: &str, place: &Option<PathBuf>| {
                place.as_ref().map_or(String::new(), |place| fill!(texts, key, place = place.display()))
            };
            let kept = said_of("error.output-stands-kept", kept);
            said!(cause, kept, aside = said_of("error.output-stands-aside", set_aside))
        }
        Error::ForeignOutput { file, .. } => said!(file),
        Error::AlteredReport { files, .. } | Error::NotRemade { files, .. } => {
            said!(files = texts.first_of(files))
        }
        Error::OtherInputs { differing, missing, .. } => {
            let named = |key: &str, files: &Vec<String>| match files.is_empty() {
                true => String::new(),
                false => fill!(texts, key, files = texts.first_of(files)),
            };
            let differing = named("error.other-inputs-differing", differing);
            said!(differing, missing = named("error.other-inputs-missing", missing))
        }
    }
}

/// A number of bytes, in kB or MB.
fn size(bytes: u64, texts: &Texts) -> String {
    match bytes >> 20 {
        0 => format!("{} kB", texts.count(bytes >> 10)),
        megabytes => format!("{} MB", texts.count(megabytes)),
    }
}

/// The name of a file without its folder.
fn name_of(path: &Path) -> String {
    path.file_name().map_or(String::new(), |name| name.to_string_lossy().into_owned())
}

/// Why a row is at fault, and what to do.
fn about_fault<'t>(code: &str, texts: &'t Texts) -> [&'t str; 2] {
    [texts.get(&format!("fault.{code}.reason")), texts.get(&format!("fault.{code}.remedy"))]
}

/// What becomes of dates that are read in one way.
fn date_reading(reading: &DateReading, texts: &Texts) -> String {
    let DateReading { format, first, last, pairs, backwards } = reading;
    let [pairs, backwards] = [*pairs, *backwards].map(|count| texts.count(count));
    fill!(texts, "error.date-reading", format, first, last, pairs, backwards)
}

/// The headings of columns, each once.
fn headings_of(columns: &[(&'static str, String)], texts: &Texts) -> String {
    let quoted = columns.iter().map(|(_, heading)| fill!(texts, "list.quoted", name = heading));
    quoted.collect::<Vec<_>>().join(", ")
}

/// The line of a project file that says how columns write their dates.
fn date_formats(columns: &[(&'static str, String)], format: &str) -> String {
    let mut roles: Vec<&str> = columns.iter().map(|(role, _)| *role).collect();
    roles.dedup();
    let formats: Vec<String> = roles.iter().map(|role| format!("{role} = \"{format}\"")).collect();
    format!("  date_formats = {{ {} }}", formats.join(", "))
}

/// A day that an error has in ISO 8601, in running text.
fn in_words(day: &str, texts: &Texts) -> String {
    Day::parse_iso(day).map_or_else(|| day.to_owned(), |day| texts.long_date(day))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{Flaw, ListFlaw, Spot, WorkbookProblem, error_codes};
    use crate::language::Language;

    #[test]
    fn nobodys_number_stands_in_a_sentence() {
        let path = "akter/Akt 19121212\u{2011}1212\u{1b}.csv".into();
        let found = vec!["121212-1212".to_owned()];
        let error = Error::UnknownSheet { path, sheet: Some("1212121212".into()), found };
        for language in [Language::Sv, Language::En] {
            let sentence = error_sentence(&error, Texts::of(language));
            assert!(!sentence.contains("1212") && !sentence.contains('\u{1b}'), "{sentence}");
            assert!(sentence.contains("akter/Akt ••••••.csv"), "{sentence}");
        }
    }

    #[test]
    fn everything_that_is_no_file_has_its_words() {
        for kind in ["folder", "pipe", "socket", "device", "dead-link", "other"] {
            for language in [Language::Sv, Language::En] {
                let error = Error::NotAFile { path: "a.csv".into(), kind };
                assert!(error_sentence(&error, Texts::of(language)).contains("a.csv"));
            }
        }
    }

    fn list_flaws() -> Vec<ListFlaw> {
        let keys = [
            "two-columns",
            "no-column",
            "same-id",
            "no-product",
            "no-value",
            "no-risk",
            "no-number",
            "no-answer",
            "person",
            "long-cell",
            "unclosed-quote",
            "too-many-rows",
        ];
        let flaw = |key| ListFlaw { key, line: Some(2), column: "x".into(), suggestion: None };
        keys.map(flaw).into()
    }

    #[test]
    fn every_flaw_of_a_key_names_a_remedy_in_both_languages() {
        for flaw in ["no-file", "open-to-others", "no-key", "in-output", "unprotected"] {
            for (language, wanted) in
                [(Language::Sv, ["ange ", "Ange ", "Lägg "]), (Language::En, ["name ", "Name ", "Put "])]
            {
                let error = Error::UnusableKey { path: "nyckel".into(), flaw };
                let sentence = error_sentence(&error, Texts::of(language));
                assert!(wanted.iter().any(|word| sentence.contains(word)), "{sentence}");
            }
        }
    }

    #[test]
    fn every_spot_has_its_phrase_in_both_languages() {
        let text = || String::from("x");
        let spots = [
            Spot::Text,
            Spot::Name,
            Spot::Line { line: 2, column: None },
            Spot::Line { line: 2, column: Some(3) },
            Spot::Heading(text()),
            Spot::Cell { sheet: text(), cell: text() },
            Spot::Paragraph(4),
            Spot::Pointer(text()),
            Spot::Part(text()),
        ];
        for (spot, language) in spots.iter().flat_map(|spot| [(spot, Language::Sv), (spot, Language::En)]) {
            let error = Error::PersonalNumberInOutput {
                path: "report.html".into(),
                spot: spot.clone(),
                excerpt: "E•••• ••••••-••••".into(),
            };
            let sentence = error_sentence(&error, Texts::of(language));
            assert!(sentence.contains("report.html") && sentence.contains("E•••• ••••••-••••"), "{sentence}");
            let (_, values) = spot.told();
            assert!(values.iter().all(|(_, value)| sentence.contains(value.as_str())), "{sentence}");
        }
    }

    #[test]
    fn every_error_has_its_sentence_in_both_languages() {
        let (path, text, list) =
            (std::path::PathBuf::from("a.csv"), || String::from("x"), || vec![String::from("y")]);
        let path = || path.clone();
        let errors = [
            Error::MissingInput { path: path() },
            Error::UnreadableInput { path: path(), cause: text() },
            Error::NotAFile { path: path(), kind: "pipe" },
            Error::TooLarge { path: path(), most: 1 << 20 },
            Error::ChangedInput { path: path() },
            Error::EmptyFile { path: path() },
            Error::NoExports { path: path() },
            Error::NoMatch { pattern: text(), project: path() },
            Error::UnknownHeadings { path: path(), found: list(), wanted: vec![(text(), text())] },
            Error::MissingColumn {
                path: path(),
                role: "start",
                named: Some(text()),
                found: list(),
                suggestion: Some(text()),
            },
            Error::AmbiguousColumn { path: path(), role: "start", headings: list() },
            Error::SharedColumn { path: path(), heading: text(), roles: ["start", "end"] },
            Error::NoDates {
                path: path(),
                controls: list().into(),
                role: "end",
                heading: text(),
                dated: list().into(),
            },
            Error::BrokenHeadings { path: path(), headings: list() },
            Error::OneCell { path: path(), separator: ';' },
            Error::OtherTable { path: path(), place: text(), line: Some(4) },
            Error::RowsAbove { path: path(), place: text(), line: 4 },
            Error::NothingUsable { path: path(), rows: 2, commonest: "other-type", count: 2, line: 2 },
            Error::TooManyFaults {
                path: path(),
                found: 4,
                most: 3,
                commonest: "broken-quote",
                count: 2,
                line: 2,
            },
            Error::AsOfBeforeData { as_of: text(), first_start: text() },
            Error::UnusableProject { path: path(), flaw: Box::new(Flaw::new("no-files", &[])) },
            Error::UnusableRulebook { path: path(), flaw: Box::new(Flaw::new("no-law", &[("rule", "x")])) },
            Error::UnusablePlan { path: path(), flaw: Box::new(Flaw::new("no-month", &[])) },
            Error::UnusableRisks { path: path(), flaws: list_flaws() },
            Error::UnusableTemplate { path: path(), key: "jinja", place: text() },
            Error::UnusableKey { path: path(), flaw: "open-to-others" },
            Error::PersonalCaseNumbers { path: path(), heading: text(), count: 2, place: text() },
            Error::PersonalNumberInOutput {
                path: path(),
                spot: Spot::Line { line: 2, column: Some(3) },
                excerpt: text(),
            },
            Error::Workbook { path: path(), problem: WorkbookProblem::Bomb, part: text() },
            Error::UnknownSheet { path: path(), sheet: Some(text()), found: list() },
            Error::AmbiguousSheet { path: path(), sheets: list(), lacks_ends: false },
            Error::AmbiguousDates {
                path: path(),
                columns: vec![("start", text())],
                readings: vec![DateReading {
                    format: "dd/mm/yyyy",
                    first: text(),
                    last: text(),
                    pairs: 2,
                    backwards: 1,
                }],
            },
            Error::MixedDates { path: path(), columns: vec![("start", text(), "dd/mm/yyyy")] },
            Error::MisnamedDates { path: path(), columns: vec![("start", text(), "dd/mm/yyyy")] },
            Error::SwappedDates { path: path(), columns: vec![("start", text())], places: list() },
            Error::NoCaseNumbers { path: path(), other: path() },
            Error::SameCases { path: path(), other: path(), agreeing: 9, cases: 10 },
            Error::NumbersOnFirstRows { path: path(), heading: text(), place: text() },
            Error::PlannedEnds { path: path(), heading: text(), cases: 20, alike: 19, days: (120, 123) },
            Error::DestroyedCaseNumbers { path: path(), heading: text(), kind: "decimal", place: text() },
            Error::EquallyNew { path: path(), other: path(), day: text() },
            Error::TooManyRejected { found: 2, rows: 3, allowed: 250, path: path() },
            Error::SameFile { path: path(), other: path() },
            Error::UnsuitableGroup { path: path(), heading: text() },
            Error::TooManyGroups { path: path(), headings: list(), most: 5_000 },
            Error::ProjectExists { path: path() },
            Error::UnknownCode { code: text(), suggestion: None },
            Error::UnknownRule { id: text(), known: list(), suggestion: Some(text()) },
            Error::NotInForce { id: text(), day: text() },
            Error::Usage { reason: text() },
            Error::UnwritableOutput { path: path(), cause: text() },
            Error::UnusableOutput { path: path(), problem: "mount-point" },
            Error::OutputInUse { path: path(), file: text(), program: "Word" },
            Error::OutputBusy { path: path(), place: path() },
            Error::OldReportKept { path: path(), kept: path(), cause: text() },
            Error::OutputStands { path: path(), cause: text(), kept: Some(path()), set_aside: Some(path()) },
            Error::ForeignOutput { path: path(), file: text() },
            Error::AlteredReport { path: path(), files: list() },
            Error::OtherInputs { path: path(), differing: list(), missing: list() },
            Error::NotRemade { path: path(), files: list() },
            Error::UnusableTally { path: path(), flaw: Box::new(Flaw::new("tally-altered", &[])) },
            Error::UnusableEdition { path: path(), flaw: "no-report" },
            Error::EditionsDiffer { path: path(), control: text(), what: "period", earlier: text() },
            Error::EditionTells { path: path(), control: text(), periods: list() },
        ];
        // Every code is a variant's or a workbook problem's.
        let mut codes: Vec<&str> = errors.iter().map(Error::code).collect();
        codes.extend(WorkbookProblem::ALL.map(WorkbookProblem::id));
        codes.sort_unstable();
        codes.dedup();
        let mut known: Vec<&str> = error_codes().map(|(code, _)| code).collect();
        known.sort_unstable();
        assert_eq!(codes, known);
        for error in &errors {
            for language in [Language::Sv, Language::En] {
                let sentence = error_sentence(error, Texts::of(language));
                assert!(
                    !sentence.contains(['{', '}'])
                        || matches!(
                            error.code(),
                            "unknown-headings"
                                | "missing-column"
                                | "ambiguous-dates"
                                | "mixed-dates"
                                | "misnamed-dates"
                                | "swapped-dates"
                                | "no-case-numbers"
                                | "same-cases"
                                | "planned-ends"
                                | "unsuitable-group"
                                | "broken-headings"
                                | "ambiguous-column"
                                | "no-dates"
                                | "shared-column"
                        )
                );
            }
        }
    }
}
