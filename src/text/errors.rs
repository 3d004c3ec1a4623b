//! Errors as a person reads them: what, where, why it matters and what to do.

use std::fmt::Display;
use std::path::PathBuf;

use super::flaws::{did_you_mean, flaw_sentence, list_flaw_sentence};
use super::{Texts, fill, snippet};
use crate::error::{DateReading, Error};
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
    macro_rules! said {
        ($($values:tt)*) => { fill!(texts, key, $($values)*) };
    }
    match error {
        Error::MissingInput { path } | Error::EmptyFile { path } | Error::NoExports { path } => {
            said!(path = path.display())
        }
        Error::UnreadableInput { path, cause } | Error::UnwritableOutput { path, cause } => {
            said!(path = path.display(), cause)
        }
        Error::NotAFile { path, kind } => {
            let what = texts.get(&format!("no-file.{kind}"));
            said!(path = path.display(), what)
        }
        Error::TooLarge { path, most } => {
            let most = match most >> 20 {
                0 => format!("{} kB", texts.count(most >> 10)),
                megabytes => format!("{} MB", texts.count(megabytes)),
            };
            said!(path = path.display(), most)
        }
        Error::NoMatch { pattern, project } => {
            said!(pattern, project = project.display())
        }
        Error::UnknownHeadings { path, found, wanted } => {
            let wanted: Vec<String> =
                wanted.iter().map(|(control, headings)| format!("    {control}: {headings}")).collect();
            let file = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            said!(path = path.display(), found = found.join(", "), wanted = wanted.join("\n"), file)
        }
        Error::MissingColumn { path, role, named, found, suggestion } => {
            let named = named.as_ref().map_or(String::new(), |name| {
                let suggestion = did_you_mean(suggestion.as_deref(), texts);
                let key = match role.starts_with("--") {
                    true => "error.missing-option-named",
                    false => "error.missing-column-named",
                };
                fill!(texts, key, name, suggestion)
            });
            let key = match *role {
                option if option.starts_with("--") => "error.missing-option-remedy",
                // A filter names its column itself.
                "only" | "exclude" => "error.missing-filter-remedy",
                _ => "error.missing-column-remedy",
            };
            said!(
                path = path.display(),
                role,
                named,
                found = found.join(", "),
                remedy = fill!(texts, key, role)
            )
        }
        Error::AmbiguousColumn { path, role, headings } => {
            said!(path = path.display(), role, headings = headings.join(", "))
        }
        Error::NothingUsable { path, rows, commonest, count, line } => said!(
            path = path.display(),
            rows = texts.count(*rows),
            count = texts.count(*count),
            line,
            reason = texts.get(&format!("fault.{commonest}.reason")),
            remedy = texts.get(&format!("fault.{commonest}.remedy"))
        ),
        Error::TooManyFaults { path, found, most, commonest, count, line } => said!(
            path = path.display(),
            found = texts.count(*found),
            most = texts.count(*most),
            count = texts.count(*count),
            line,
            reason = texts.get(&format!("fault.{commonest}.reason")),
            remedy = texts.get(&format!("fault.{commonest}.remedy"))
        ),
        Error::AsOfBeforeData { as_of, first_start } => {
            said!(as_of, first_start)
        }
        Error::UnusableProject { path, flaw }
        | Error::UnusablePlan { path, flaw }
        | Error::UnusableRulebook { path, flaw } => {
            let path = path.to_string_lossy();
            let place = snippet::of(flaw, &path).map_or(String::new(), |place| format!("\n{place}"));
            said!(path, reason = flaw_sentence(flaw, texts), place)
        }
        Error::UnusableRisks { path, flaws } => {
            let told: Vec<String> = flaws.iter().map(|flaw| list_flaw_sentence(flaw, texts)).collect();
            said!(path = path.display(), flaws = told.join("\n"))
        }
        Error::UnusableTemplate { path, key, place } => {
            let reason = fill!(texts, format!("template-flaw.{key}"), place);
            said!(path = path.display(), reason)
        }
        Error::UnusableKey { path, flaw } => {
            let path = path.to_string_lossy();
            let reason = fill!(texts, format!("key-flaw.{flaw}"), path);
            said!(path, reason)
        }
        Error::Workbook { path, part, .. } => {
            let part = if part.is_empty() { String::new() } else { format!(" ({part})") };
            said!(path = path.display(), part)
        }
        Error::UnknownSheet { path, sheet, found } => {
            let path = path.to_string_lossy();
            match sheet {
                None => fill!(texts, "error.no-visible-sheet", path),
                Some(_) if found.is_empty() => fill!(texts, "error.sheet-of-text", path),
                Some(sheet) => said!(path, sheet, found = found.join(", ")),
            }
        }
        Error::AmbiguousSheet { path, sheets } => {
            let first = sheets.first().map_or("", String::as_str);
            said!(path = path.display(), sheets = sheets.join(", "), first)
        }
        Error::BrokenHeadings { path, headings } => {
            said!(path = path.display(), headings = headings.join(", "))
        }
        Error::AmbiguousDates { path, columns, readings } => {
            let said = readings.iter().map(|reading| {
                let DateReading { format, first, last, pairs, backwards } = reading;
                let [pairs, backwards] = [*pairs, *backwards].map(|count| texts.count(count));
                fill!(texts, "error.date-reading", format, first, last, pairs, backwards)
            });
            let remedies = readings.iter().map(|reading| date_formats(columns, reading.format));
            said!(
                path = path.display(),
                headings = headings_of(columns, texts),
                readings = said.collect::<Vec<_>>().join("\n"),
                remedies = remedies.collect::<Vec<_>>().join("\n")
            )
        }
        Error::MixedDates { path, columns } => {
            let plain: Vec<_> = columns.iter().map(|(role, heading, _)| (*role, heading.clone())).collect();
            let mut formats: Vec<String> =
                columns.iter().map(|(role, _, format)| format!("{role} = \"{format}\"")).collect();
            formats.dedup_by_key(|format| format.split(' ').next().map(str::to_owned));
            let remedy = format!("  date_formats = {{ {} }}", formats.join(", "));
            said!(path = path.display(), headings = headings_of(&plain, texts), remedy)
        }
        Error::SwappedDates { path, columns, places } => said!(
            path = path.display(),
            headings = headings_of(columns, texts),
            places = places.join(", "),
            remedy = date_formats(columns, "swapped"),
            kept = date_formats(columns, "dd/mm/yyyy")
        ),
        Error::NoCaseNumbers { path, other } => {
            said!(path = path.display(), other = other.display())
        }
        Error::DestroyedCaseNumbers { path, heading, kind, place } => {
            let what = fill!(texts, format!("destroyed.{kind}"), place);
            said!(path = path.display(), heading, what)
        }
        Error::PersonalCaseNumbers { path, heading, count, place } => {
            said!(path = path.display(), heading, count = texts.count(*count), place)
        }
        Error::PersonalNumberInOutput { path, spot, excerpt } => {
            let (key, values) = spot.told();
            let values: Vec<(&str, &dyn Display)> =
                values.iter().map(|(name, value)| (*name, value as &dyn Display)).collect();
            let spot = texts.filled(&format!("spot.{key}"), &values);
            said!(path = path.display(), spot, excerpt)
        }
        Error::EquallyNew { path, other, day } => {
            let name = |path: &std::path::Path| {
                path.file_name().map_or(String::new(), |name| name.to_string_lossy().into_owned())
            };
            said!(
                path = path.display(),
                other = other.display(),
                day,
                older = name(other),
                newer = name(path)
            )
        }
        Error::UnsuitableGroup { path, heading } => {
            said!(path = path.display(), heading)
        }
        Error::TooManyGroups { path, headings, most } => {
            said!(path = path.display(), headings = headings.join(" + "), most = texts.count(*most))
        }
        Error::TooManyRejected { found, rows, allowed, path } => said!(
            found = texts.count(*found),
            rows = texts.count(*rows),
            allowed = texts.share(*allowed as f64 / 10_000.0),
            path = path.display()
        ),
        Error::SameFile { path, other } => {
            said!(path = path.display(), other = other.display())
        }
        Error::ChangedInput { path } | Error::ProjectExists { path } => {
            said!(path = path.display())
        }
        Error::UnknownCode { code, suggestion } => {
            said!(code, suggestion = did_you_mean(suggestion.as_deref(), texts))
        }
        Error::UnknownRule { id, known, suggestion } => {
            said!(id, known = known.join(", "), suggestion = did_you_mean(suggestion.as_deref(), texts))
        }
        Error::NotInForce { id, day } => said!(id, day),
        Error::Usage { reason } => said!(reason),
        Error::UnusableOutput { path, problem } => {
            let path = path.to_string_lossy();
            let problem = fill!(texts, format!("place.{problem}"), path);
            said!(path, problem)
        }
        Error::OutputInUse { path, file, program } => {
            said!(path = path.display(), file, program)
        }
        Error::OutputBusy { path, place } => {
            said!(path = path.display(), place = place.display())
        }
        Error::OldReportKept { path, kept, cause } => {
            let (path, kept) = (path.to_string_lossy(), kept.to_string_lossy());
            said!(path, kept, cause)
        }
        Error::OutputStands { path, cause, kept, set_aside } => {
            let told = |key: &str, place: &Option<PathBuf>| {
                let place = place.as_ref().map(|place| place.to_string_lossy());
                place.map_or(String::new(), |place| fill!(texts, key, place))
            };
            let kept = told("error.output-stands-kept", kept);
            let aside = told("error.output-stands-aside", set_aside);
            let path = path.to_string_lossy();
            said!(path, cause, kept, aside)
        }
        Error::ForeignOutput { path, file } => said!(path = path.display(), file),
        Error::AlteredReport { path, files } => {
            said!(path = path.display(), files = files.join(", "))
        }
    }
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
            Error::BrokenHeadings { path: path(), headings: list() },
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
            Error::AmbiguousSheet { path: path(), sheets: list() },
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
            Error::SwappedDates { path: path(), columns: vec![("start", text())], places: list() },
            Error::NoCaseNumbers { path: path(), other: path() },
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
                                | "swapped-dates"
                                | "no-case-numbers"
                                | "unsuitable-group"
                                | "broken-headings"
                                | "ambiguous-column"
                        )
                );
            }
        }
    }
}
