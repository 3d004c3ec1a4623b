//! Sentences made of facts: errors and faults.

use std::path::PathBuf;

use super::{Texts, snippet};
use crate::error::{Error, Flaw, ListFlaw};
use crate::ingest::{Export, Fault, FaultCode};
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
    let fill = |values: &[(&str, &str)]| texts.fill(&key, values);
    let did_you_mean = |word: &Option<String>| {
        word.as_ref().map_or(String::new(), |word| texts.fill("error.did-you-mean", &[("word", word)]))
    };
    match error {
        Error::MissingInput { path } | Error::EmptyFile { path } | Error::NoExports { path } => {
            fill(&[("path", &path.to_string_lossy())])
        }
        Error::UnreadableInput { path, cause } | Error::UnwritableOutput { path, cause } => {
            fill(&[("path", &path.to_string_lossy()), ("cause", cause)])
        }
        Error::NotAFile { path, kind } => {
            let what = texts.get(&format!("no-file.{kind}"));
            fill(&[("path", &path.to_string_lossy()), ("what", what)])
        }
        Error::TooLarge { path, most } => {
            let most = match most >> 20 {
                0 => format!("{} kB", texts.count(most >> 10)),
                megabytes => format!("{} MB", texts.count(megabytes)),
            };
            fill(&[("path", &path.to_string_lossy()), ("most", &most)])
        }
        Error::NoMatch { pattern, project } => {
            fill(&[("pattern", pattern), ("project", &project.to_string_lossy())])
        }
        Error::UnknownHeadings { path, found, wanted } => {
            let wanted: Vec<String> =
                wanted.iter().map(|(control, headings)| format!("    {control}: {headings}")).collect();
            let file = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            fill(&[
                ("path", &path.to_string_lossy()),
                ("found", &found.join(", ")),
                ("wanted", &wanted.join("\n")),
                ("file", &file),
            ])
        }
        Error::MissingColumn { path, role, named, found, suggestion } => {
            let named = named.as_ref().map_or(String::new(), |name| {
                let suggestion = did_you_mean(suggestion);
                let key =
                    if role.starts_with("--") { "missing-option-named" } else { "missing-column-named" };
                texts.fill(&format!("error.{key}"), &[("name", name), ("suggestion", &suggestion)])
            });
            let key = match *role {
                option if option.starts_with("--") => "missing-option-remedy",
                // A filter names its column itself.
                "only" | "exclude" => "missing-filter-remedy",
                _ => "missing-column-remedy",
            };
            fill(&[
                ("path", &path.to_string_lossy()),
                ("role", role),
                ("named", &named),
                ("found", &found.join(", ")),
                ("remedy", &texts.fill(&format!("error.{key}"), &[("role", role)])),
            ])
        }
        Error::AmbiguousColumn { path, role, headings } => {
            fill(&[("path", &path.to_string_lossy()), ("role", role), ("headings", &headings.join(", "))])
        }
        Error::NothingUsable { path, rows, commonest, count, line } => fill(&[
            ("path", &path.to_string_lossy()),
            ("rows", &texts.count(*rows)),
            ("count", &texts.count(*count)),
            ("line", &line.to_string()),
            ("reason", texts.get(&format!("fault.{commonest}.reason"))),
            ("remedy", texts.get(&format!("fault.{commonest}.remedy"))),
        ]),
        Error::TooManyFaults { path, found, most, commonest, count, line } => fill(&[
            ("path", &path.to_string_lossy()),
            ("found", &texts.count(*found)),
            ("most", &texts.count(*most)),
            ("count", &texts.count(*count)),
            ("line", &line.to_string()),
            ("reason", texts.get(&format!("fault.{commonest}.reason"))),
            ("remedy", texts.get(&format!("fault.{commonest}.remedy"))),
        ]),
        Error::AsOfBeforeData { as_of, first_start } => {
            fill(&[("as_of", as_of), ("first_start", first_start)])
        }
        Error::UnusableProject { path, flaw }
        | Error::UnusablePlan { path, flaw }
        | Error::UnusableRulebook { path, flaw } => {
            let path = path.to_string_lossy();
            let place = snippet::of(flaw, &path).map_or(String::new(), |place| format!("\n{place}"));
            fill(&[("path", &path), ("reason", &flaw_sentence(flaw, texts)), ("place", &place)])
        }
        Error::UnusableRisks { path, flaws } => {
            let told: Vec<String> = flaws.iter().map(|flaw| list_flaw_sentence(flaw, texts)).collect();
            fill(&[("path", &path.to_string_lossy()), ("flaws", &told.join("\n"))])
        }
        Error::UnusableTemplate { path, key, place } => {
            let reason = texts.fill(&format!("template-flaw.{key}"), &[("place", place)]);
            fill(&[("path", &path.to_string_lossy()), ("reason", &reason)])
        }
        Error::UnusableKey { path, flaw } => {
            let path = path.to_string_lossy();
            let reason = texts.fill(&format!("key-flaw.{flaw}"), &[("path", &path)]);
            fill(&[("path", &path), ("reason", &reason)])
        }
        Error::Workbook { path, part, .. } => {
            let part = if part.is_empty() { String::new() } else { format!(" ({part})") };
            fill(&[("path", &path.to_string_lossy()), ("part", &part)])
        }
        Error::UnknownSheet { path, sheet, found } => {
            let path = path.to_string_lossy();
            match sheet {
                None => texts.fill("error.no-visible-sheet", &[("path", &path)]),
                Some(_) if found.is_empty() => texts.fill("error.sheet-of-text", &[("path", &path)]),
                Some(sheet) => fill(&[("path", &path), ("sheet", sheet), ("found", &found.join(", "))]),
            }
        }
        Error::AmbiguousSheet { path, sheets } => {
            let first = sheets.first().map_or("", String::as_str);
            fill(&[("path", &path.to_string_lossy()), ("sheets", &sheets.join(", ")), ("first", first)])
        }
        Error::BrokenHeadings { path, headings } => {
            fill(&[("path", &path.to_string_lossy()), ("headings", &headings.join(", "))])
        }
        Error::AmbiguousDates { path, columns, readings } => {
            let said = readings.iter().map(|reading| {
                let values = [
                    ("format", reading.format),
                    ("first", &reading.first),
                    ("last", &reading.last),
                    ("pairs", &texts.count(reading.pairs)),
                    ("backwards", &texts.count(reading.backwards)),
                ];
                texts.fill("error.date-reading", &values)
            });
            let remedies = readings.iter().map(|reading| date_formats(columns, reading.format));
            fill(&[
                ("path", &path.to_string_lossy()),
                ("headings", &headings_of(columns, texts)),
                ("readings", &said.collect::<Vec<_>>().join("\n")),
                ("remedies", &remedies.collect::<Vec<_>>().join("\n")),
            ])
        }
        Error::MixedDates { path, columns } => {
            let plain: Vec<_> = columns.iter().map(|(role, heading, _)| (*role, heading.clone())).collect();
            let mut formats: Vec<String> =
                columns.iter().map(|(role, _, format)| format!("{role} = \"{format}\"")).collect();
            formats.dedup_by_key(|format| format.split(' ').next().map(str::to_owned));
            let remedy = format!("  date_formats = {{ {} }}", formats.join(", "));
            fill(&[
                ("path", &path.to_string_lossy()),
                ("headings", &headings_of(&plain, texts)),
                ("remedy", &remedy),
            ])
        }
        Error::SwappedDates { path, columns, places } => fill(&[
            ("path", &path.to_string_lossy()),
            ("headings", &headings_of(columns, texts)),
            ("places", &places.join(", ")),
            ("remedy", &date_formats(columns, "swapped")),
            ("kept", &date_formats(columns, "dd/mm/yyyy")),
        ]),
        Error::NoCaseNumbers { path, other } => {
            fill(&[("path", &path.to_string_lossy()), ("other", &other.to_string_lossy())])
        }
        Error::DestroyedCaseNumbers { path, heading, kind, place } => {
            let what = texts.fill(&format!("destroyed.{kind}"), &[("place", place)]);
            fill(&[("path", &path.to_string_lossy()), ("heading", heading), ("what", &what)])
        }
        Error::PersonalCaseNumbers { path, heading, count, place } => fill(&[
            ("path", &path.to_string_lossy()),
            ("heading", heading),
            ("count", &texts.count(*count)),
            ("place", place),
        ]),
        Error::PersonalNumberInOutput { path, spot, excerpt } => {
            let (key, values) = spot.told();
            let values: Vec<(&str, &str)> =
                values.iter().map(|(name, value)| (*name, value.as_str())).collect();
            let spot = texts.fill(&format!("spot.{key}"), &values);
            fill(&[("path", &path.to_string_lossy()), ("spot", &spot), ("excerpt", excerpt)])
        }
        Error::EquallyNew { path, other, day } => {
            let name = |path: &std::path::Path| {
                path.file_name().map_or(String::new(), |name| name.to_string_lossy().into_owned())
            };
            fill(&[
                ("path", &path.to_string_lossy()),
                ("other", &other.to_string_lossy()),
                ("day", day),
                ("older", &name(other)),
                ("newer", &name(path)),
            ])
        }
        Error::UnsuitableGroup { path, heading } => {
            fill(&[("path", &path.to_string_lossy()), ("heading", heading)])
        }
        Error::TooManyGroups { path, headings, most } => fill(&[
            ("path", &path.to_string_lossy()),
            ("headings", &headings.join(" + ")),
            ("most", &texts.count(*most)),
        ]),
        Error::TooManyRejected { found, rows, allowed, path } => fill(&[
            ("found", &texts.count(*found)),
            ("rows", &texts.count(*rows)),
            ("allowed", &texts.share(*allowed as f64 / 10_000.0)),
            ("path", &path.to_string_lossy()),
        ]),
        Error::SameFile { path, other } => {
            fill(&[("path", &path.to_string_lossy()), ("other", &other.to_string_lossy())])
        }
        Error::ChangedInput { path } | Error::ProjectExists { path } => {
            fill(&[("path", &path.to_string_lossy())])
        }
        Error::UnknownCode { code, suggestion } => {
            fill(&[("code", code), ("suggestion", &did_you_mean(suggestion))])
        }
        Error::UnknownRule { id, known, suggestion } => {
            fill(&[("id", id), ("known", &known.join(", ")), ("suggestion", &did_you_mean(suggestion))])
        }
        Error::NotInForce { id, day } => fill(&[("id", id), ("day", day)]),
        Error::Usage { reason } => fill(&[("reason", reason)]),
        Error::UnusableOutput { path, problem } => {
            let path = path.to_string_lossy();
            let problem = texts.fill(&format!("place.{problem}"), &[("path", &path)]);
            fill(&[("path", &path), ("problem", &problem)])
        }
        Error::OutputInUse { path, file, program } => {
            fill(&[("path", &path.to_string_lossy()), ("file", file), ("program", program)])
        }
        Error::OutputBusy { path, place } => {
            fill(&[("path", &path.to_string_lossy()), ("place", &place.to_string_lossy())])
        }
        Error::OldReportKept { path, kept, cause } => {
            let (path, kept) = (path.to_string_lossy(), kept.to_string_lossy());
            fill(&[("path", &path), ("kept", &kept), ("cause", cause)])
        }
        Error::OutputStands { path, cause, kept, set_aside } => {
            let told = |key: &str, place: &Option<PathBuf>| {
                let place = place.as_ref().map(|place| place.to_string_lossy());
                place.map_or(String::new(), |place| texts.fill(key, &[("place", &place)]))
            };
            let kept = told("error.output-stands-kept", kept);
            let aside = told("error.output-stands-aside", set_aside);
            let path = path.to_string_lossy();
            fill(&[("path", &path), ("cause", cause), ("kept", &kept), ("aside", &aside)])
        }
        Error::ForeignOutput { path, file } => fill(&[("path", &path.to_string_lossy()), ("file", file)]),
        Error::AlteredReport { path, files } => {
            fill(&[("path", &path.to_string_lossy()), ("files", &files.join(", "))])
        }
    }
}

/// The headings of columns, each once.
fn headings_of(columns: &[(&'static str, String)], texts: &Texts) -> String {
    let quoted = columns.iter().map(|(_, heading)| texts.fill("list.quoted", &[("name", heading)]));
    quoted.collect::<Vec<_>>().join(", ")
}

/// The line of a project file that says how columns write their dates.
fn date_formats(columns: &[(&'static str, String)], format: &str) -> String {
    let mut roles: Vec<&str> = columns.iter().map(|(role, _)| *role).collect();
    roles.dedup();
    let formats: Vec<String> = roles.iter().map(|role| format!("{role} = \"{format}\"")).collect();
    format!("  date_formats = {{ {} }}", formats.join(", "))
}

/// What is wrong in a project file or rulebook, in one sentence.
pub fn flaw_sentence(flaw: &Flaw, texts: &Texts) -> String {
    let values: Vec<(&str, &str)> = flaw.values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let suggestion = flaw.suggestion.as_ref();
    let suggestion =
        suggestion.map_or(String::new(), |word| texts.fill("error.did-you-mean", &[("word", word)]));
    format!("{}{suggestion}", texts.fill(&format!("flaw.{}", flaw.key), &values))
}

/// What is wrong in a list, and where.
fn list_flaw_sentence(flaw: &ListFlaw, texts: &Texts) -> String {
    let line = flaw.line.map(|line| texts.fill("list-flaw.line", &[("line", &line.to_string())]));
    let suggestion = flaw.suggestion.as_ref();
    let suggestion =
        suggestion.map_or(String::new(), |word| texts.fill("error.did-you-mean", &[("word", word)]));
    let said = texts.fill(&format!("list-flaw.{}", flaw.key), &[("column", &flaw.column)]);
    format!("  {}{said}{suggestion}", line.unwrap_or_default())
}

/// Why a row is at fault, with the place of the row that contradicts it.
pub fn fault_reason(fault: &Fault, exports: &[Export], texts: &Texts) -> String {
    let reason = texts.get(&format!("fault.{}.reason", fault.code.id()));
    let other = fault.other.map(|place| {
        let place = exports[place.export].place(place.line, None);
        texts.fill("fault.other.place", &[("place", &place)])
    });
    format!("{reason}{}", other.unwrap_or_default())
}

/// What to do about a fault.
pub fn fault_remedy(code: FaultCode, texts: &Texts) -> &str {
    texts.get(&format!("fault.{}.remedy", code.id()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{DateReading, Spot, WorkbookProblem, error_codes};
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
    fn every_fault_has_its_texts_in_both_languages() {
        for language in [Language::Sv, Language::En] {
            for code in FaultCode::ALL.iter().copied() {
                assert!(!fault_remedy(code, Texts::of(language)).is_empty());
                assert!(!Texts::of(language).get(&format!("fault.{}.reason", code.id())).is_empty());
            }
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
