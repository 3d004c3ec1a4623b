//! Proposals: a project file for exports that have been looked at.
//!
//! Everything that was decided about a file is written down with its reason, so that an analyst can read
//! it, change it and keep it. What could not be decided is asked in comments.

mod dates;
mod unrecognised;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use crate::date::Day;
use crate::encoding::Encoding;
use crate::error::Error;
use crate::ingest::{Controls, Export, FaultCode, Form, Glance, State, folded};
use crate::period::{PeriodKind, period_that_ends_soon};
use crate::personal_numbers::{self, may_name_a_person};
use crate::pipeline::{SeemingAsOf, Survey};
use crate::project::{Edition, SCHEMA_NAME};
use crate::rulebook::{Rule, Rulebook};
use crate::text::{Texts, notes, proposal as words, reading};
use crate::values::printable;

/// A file that was looked at.
pub enum LookedAt {
    /// It is an export.
    Export(Box<Export>, Survey),
    /// It is not, or not yet.
    Refused(Refused),
}

/// A file that is not recognised.
pub struct Refused {
    /// Its name in the folder.
    pub name: String,
    /// Why.
    pub error: Error,
    /// What is in it, as far as that can be seen.
    pub glances: Vec<Glance>,
}

/// What is said of the files of a project, a line each: which were recognised, and which not.
pub fn said_of(found: &[LookedAt], texts: &Texts) -> Vec<String> {
    let line = |file: &LookedAt| match file {
        LookedAt::Export(export, _) => words::recognised(export, texts),
        LookedAt::Refused(refused) => words::refused(&refused.name, texts),
    };
    found.iter().map(line).collect()
}

/// The control that a rule of the rulebook calls by this name, of a type or a file; figures in it, a year
/// say, do not count. A name that is only like one tells of none: adults are investigated too.
pub fn control_called(name: &str, rulebook: &Rulebook) -> Option<String> {
    let plain = |name: &str| folded(&name.replace(|letter: char| letter.is_ascii_digit(), ""));
    let wanted = plain(name);
    let calls = |rule: &&Rule| rule.headings.types.iter().any(|known| plain(known) == wanted);
    rulebook.rules.iter().find(calls).map(|rule| rule.id.clone())
}

/// What a proposal is made from.
pub struct Basis<'a> {
    /// Where the project file will stand.
    pub folder: &'a Path,
    /// What was found there.
    pub found: &'a [LookedAt],
    /// The rules that it can name.
    pub rulebook: &'a Rulebook,
    /// The words of its comments.
    pub texts: &'a Texts,
}

/// Writes the project file; `rulebook` is the path of the one that it names.
pub fn project_text(basis: &Basis<'_>, as_of: &AsOf, rulebook: Option<&str>) -> String {
    let mut text = String::new();
    begin(&mut text, as_of, basis.texts);
    if let Some(path) = rulebook {
        unrecognised::rulebook(&mut text, path);
    }
    let sources: Vec<Option<Proposed>> = basis
        .found
        .iter()
        .map(|file| match file {
            LookedAt::Export(export, survey) => Some(Proposed::new(basis, export, survey)),
            LookedAt::Refused(_) => None,
        })
        .collect();
    for (number, file) in basis.found.iter().enumerate() {
        text.push('\n');
        match file {
            LookedAt::Export(export, survey) => {
                describe(&mut text, export, survey, basis.texts);
                propose(&mut text, basis, &sources, number);
            }
            LookedAt::Refused(refused) => unrecognised::propose(&mut text, basis, refused),
        }
    }
    end(&mut text, basis.found, basis.texts);
    text
}

/// The source that is proposed for an export.
struct Proposed<'a> {
    export: &'a Export,
    /// As it is written.
    lines: String,
    /// What it says of how the file is read: files that are read alike may be named by one pattern.
    settings: toml::Table,
}

impl<'a> Proposed<'a> {
    fn new(basis: &Basis<'_>, export: &'a Export, survey: &Survey) -> Proposed<'a> {
        let mut lines = String::new();
        source(&mut lines, basis, export, survey);
        let mut settings: toml::Table = lines.parse().expect("a proposal is TOML");
        let sources = settings.get_mut("source").and_then(toml::Value::as_array_mut).into_iter().flatten();
        sources.filter_map(toml::Value::as_table_mut).for_each(|source| drop(source.remove("files")));
        Proposed { export, lines, settings }
    }
}

/// The as-of date of a proposal, and where it comes from.
pub enum AsOf {
    /// The command names it.
    Named(Day),
    /// The contents of the exports tell it.
    Seeming(SeemingAsOf),
    /// Nothing tells it.
    Unknown,
}

impl AsOf {
    /// The day that is proposed, and why it is.
    fn proposed(&self, texts: &Texts) -> Option<(Day, String)> {
        match self {
            AsOf::Named(day) => Some((*day, texts.get("init.as-of").to_owned())),
            AsOf::Seeming(seeming) => {
                let end = period_that_ends_soon(seeming.day, PeriodKind::Tertial).map(|(_, end)| end);
                Some((end.unwrap_or(seeming.day), words::as_of_reason(seeming, end, texts)))
            }
            AsOf::Unknown => None,
        }
    }
}

fn begin(text: &mut String, as_of: &AsOf, texts: &Texts) {
    line(text, &format!("#:schema ./{SCHEMA_NAME}"));
    comment(text, texts.get("init.begin"));
    text.push('\n');
    line(text, &format!("# organisation = \"{}\"", texts.get("init.organisation")));
    match as_of.proposed(texts) {
        Some((day, reason)) => setting(text, &format!("as_of    = {day}"), &reason),
        None => setting(text, "# as_of  = 2024-08-31", texts.get("init.as-of")),
    }
    setting(text, "period   = \"tertial\"", "month, quarter, tertial, half-year, year");
    setting(text, &format!("language = \"{}\"", texts.language().tag()), "sv, en");
    setting(text, &format!("edition  = \"{}\"", Edition::default().id()), texts.get("init.edition"));
}

/// Writes the source of an export, as a comment when what it may say of the file is not enough to name it alone.
fn propose(text: &mut String, basis: &Basis<'_>, sources: &[Option<Proposed<'_>>], number: usize) {
    let own = sources[number].as_ref().expect("an export has a source");
    let read_otherwise = || sources.iter().flatten().filter(|other| other.settings != own.settings);
    let unsafe_to_name = match () {
        () if fits_another(&own.export.path, basis.found, read_otherwise().map(|other| other.export)) => {
            Some("init.rename-file")
        }
        () if shares_sheet_name(own, sources) => Some("init.rename-sheet"),
        () => None,
    };
    match unsafe_to_name {
        None => text.push_str(&own.lines),
        Some(why) => {
            comment(text, basis.texts.get(why));
            comment(text, &own.lines);
        }
    }
}

/// Whether the pattern of a file takes another that is not recognised, or one of these exports.
fn fits_another<'a>(path: &Path, found: &'a [LookedAt], exports: impl Iterator<Item = &'a Export>) -> bool {
    let own_name = path.file_name().unwrap_or_default().to_string_lossy();
    let pattern = glob::Pattern::new(&pattern(path)).expect("it is escaped");
    let refused = found.iter().filter_map(|file| match file {
        LookedAt::Export(..) => None,
        LookedAt::Refused(refused) => Some(refused.name.as_str().into()),
    });
    let exports = exports.map(|export| export.path.file_name().unwrap_or_default().to_string_lossy());
    let mut names = refused.chain(exports);
    names.any(|name| name != own_name && pattern.matches(&name))
}

/// Whether another sheet of a workbook is shown by the name of an export's, and is not to be read or otherwise.
fn shares_sheet_name(own: &Proposed<'_>, sources: &[Option<Proposed<'_>>]) -> bool {
    let Some(sheet) = own.export.form.sheet() else { return false };
    sources.iter().flatten().filter(|other| other.export.path == own.export.path).any(|other| {
        let mut passed_over = other.export.unread_sheets.iter().chain(&other.export.left_out_sheets);
        let is_another = other.export.form.own_sheet() != own.export.form.own_sheet()
            && other.export.form.sheet() == Some(sheet);
        is_another && other.settings != own.settings || passed_over.any(|name| name == sheet)
    })
}

/// The source of an export.
fn source(text: &mut String, basis: &Basis<'_>, export: &Export, survey: &Survey) {
    let Basis { found, rulebook, texts, .. } = basis;
    line(text, "[[source]]");
    if let Controls::One(id) = &export.controls {
        let rule = rulebook.rule(id).expect("it was recognised in this rulebook");
        setting(text, &format!("control = {}", quoted(id)), rule.name.text(texts.language()));
    }
    line(text, &format!("files   = [{}]", quoted(&pattern(&export.path))));
    if let Form::Sheet { name, .. } = &export.form {
        line(text, &format!("sheet   = {}", quoted(name)));
    }
    columns(text, export);
    match &export.form {
        Form::Text { encoding: Encoding::Utf8, .. } | Form::Sheet { .. } => {}
        Form::Text { encoding, .. } => {
            setting(text, &format!("encoding = \"{}\"", encoding.id()), texts.get("init.encoding"))
        }
    }
    let told = |(role, column): (&'static str, usize)| {
        export.written[column].told.iter().map(move |format| (role, quoted(format.id())))
    };
    let formats = entries(export.columns.dates().flat_map(told));
    if !formats.is_empty() {
        setting(text, &format!("date_formats = {{ {formats} }}"), texts.get("init.date-formats"));
    }
    if survey.faults.contains_key(&FaultCode::TooFewCells) {
        setting(text, "# short_rows = \"empty\"", texts.get("init.short-rows"));
    }
    if overlaps(export, found) {
        setting(text, "# duplicates = \"newest\"", texts.get("init.overlap"));
        comment(text, &words::age(export, survey, texts));
    }
    end_words(text, export, survey, texts);
    status_words(text, export);
    types(text, export, survey, rulebook, texts);
}

/// Words that stand in place of an end on many rows.
fn end_words(text: &mut String, export: &Export, survey: &Survey, texts: &Texts) {
    let words = export.words_for_no_end(&survey.end_words, &survey.ends);
    let words: Vec<String> = words.into_iter().map(quoted).collect();
    if !words.is_empty() {
        setting(text, &format!("# empty = [{}]", words.join(", ")), texts.get("init.empty"));
    }
}

/// What the words of a column of status mean, when it is to decide.
fn status_words(text: &mut String, export: &Export) {
    let Some(status) = export.decisive_status() else { return };
    let of = |wanted: State| {
        let words = status.words.iter().filter(|(_, state)| **state == wanted);
        words.map(|(word, _)| quoted(word)).collect::<Vec<_>>().join(", ")
    };
    let (open, closed, void) = (of(State::Open), of(State::Closed), of(State::Void));
    line(text, &format!("status  = {{ open = [{open}], closed = [{closed}], void = [{void}] }}"));
}

/// Another file holds cases of the same control.
fn overlaps(export: &Export, found: &[LookedAt]) -> bool {
    found.iter().any(|file| match file {
        LookedAt::Export(other, _) => other.path != export.path && other.controls == export.controls,
        LookedAt::Refused(_) => false,
    })
}

/// What the file is, in comments above its source.
fn describe(text: &mut String, export: &Export, survey: &Survey, texts: &Texts) {
    comment(text, &format!("{}: {}.", export.name, reading(export, texts)));
    comment(text, &words::rows(survey, texts));
    if let Some(unused) = words::unused(export, texts) {
        comment(text, &unused);
    }
    let others = notes::not_read_for(export, texts).into_iter().chain(words::several_types(export, texts));
    others.for_each(|said| comment(text, &said));
}

fn columns(text: &mut String, export: &Export) {
    let status = export.decisive_status().map(|status| ("status", status.column));
    let named = export.roles().into_iter().chain(status);
    let columns = entries(named.map(|(role, column)| (role, quoted(&export.headings[column]))));
    line(text, &format!("columns = {{ {columns} }}"));
}

/// The entries of an inline table, of keys and values as TOML writes them: each key once, several values as a list.
fn entries<'a>(pairs: impl Iterator<Item = (&'a str, String)>) -> String {
    let mut by_key: Vec<(&str, Vec<String>)> = Vec::new();
    for (key, value) in pairs {
        match by_key.iter_mut().find(|(known, _)| *known == key) {
            Some((_, values)) if values.contains(&value) => {}
            Some((_, values)) => values.push(value),
            None => by_key.push((key, vec![value])),
        }
    }
    let entry = |(key, values): (&str, Vec<String>)| match values.as_slice() {
        [one] => format!("{key} = {one}"),
        several => format!("{key} = [{}]", several.join(", ")),
    };
    by_key.into_iter().map(entry).collect::<Vec<_>>().join(", ")
}

/// Which type belongs to which control, the others in comments with their rows.
fn types(text: &mut String, export: &Export, survey: &Survey, rulebook: &Rulebook, texts: &Texts) {
    if !matches!(export.controls, Controls::ByType { .. }) {
        return;
    }
    let told: BTreeMap<&String, String> =
        survey.other_types.keys().filter_map(|name| Some((name, control_called(name, rulebook)?))).collect();
    line(text, "[source.types]");
    let mut unnamed = 0;
    for (name, rows) in &survey.other_types {
        let called = told.get(name);
        if called.is_none() && may_name_a_person(name, *rows) {
            unnamed += rows;
            continue;
        }
        let rows = words::type_rows(*rows, texts);
        match called {
            Some(control) => setting(text, &format!("{} = {}", quoted(name), quoted(control)), &rows),
            None => setting(text, &format!("# {} = \"…\"", quoted(name)), &rows),
        }
    }
    if unnamed > 0 {
        comment(text, &words::types_unnamed(unnamed, texts));
    }
}

fn end(text: &mut String, found: &[LookedAt], texts: &Texts) {
    let mut controls: Vec<&str> = found
        .iter()
        .filter_map(|file| match file {
            LookedAt::Export(export, _) => Some(export.controls.ids()),
            LookedAt::Refused(_) => None,
        })
        .flatten()
        .collect();
    controls.sort_unstable();
    controls.dedup();
    if let Some(control) = controls.first() {
        text.push('\n');
        comment(text, texts.get("init.settings"));
        for example in [
            "[[control]]",
            &format!("id        = {}", quoted(control)),
            "target    = 0.0",
            "severe_at = 0.20",
            "cases     = \"started-since\"",
        ] {
            line(text, &format!("# {example}"));
        }
        text.push('\n');
        comment(text, texts.get("init.trend"));
        for example in [
            "[trend]",
            "chart   = \"p-prime\"",
            "signals = \"anhoej\"",
            "",
            "[[rebase]]",
            &format!("control = {}", quoted(control)),
            "from    = \"2024-01\"",
            "reason  = \"…\"",
        ] {
            line(text, format!("# {example}").trim_end());
        }
    }
}

/// The error as it reads from the folder of the project file.
fn relative(error: &Error, folder: &Path) -> Error {
    let mut error = error.clone();
    if let Some(path) = error.path_mut() {
        *path = path.strip_prefix(folder).unwrap_or(path).to_owned();
    }
    error
}

fn line(text: &mut String, content: &str) {
    writeln!(text, "{content}").expect("writing into memory does not fail");
}

fn setting(text: &mut String, setting: &str, comment: &str) {
    line(text, &format!("{setting:<32} # {comment}"));
}

/// A comment, as many lines as it has.
fn comment(text: &mut String, content: &str) {
    content.lines().for_each(|content| line(text, format!("# {content}").trim_end()));
}

/// A pattern that finds a file beside the project file. What its name must not tell stands open, letter by letter, so
/// that it takes as few others as can be.
fn pattern(path: &Path) -> String {
    const OPEN: char = '?';
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let shown = |part: &str| {
        let is_printable = |letter: &str| printable(letter) == letter;
        let open = |letter: char| if is_printable(letter.encode_utf8(&mut [0; 4])) { letter } else { OPEN };
        glob::Pattern::escape(part).chars().map(open).collect::<String>()
    };
    let (mut pattern, mut from) = (String::new(), 0);
    for number in personal_numbers::all(&name) {
        pattern += &shown(&name[from..number.start]);
        pattern.extend(name[number.clone()].chars().map(|_| OPEN));
        from = number.end;
    }
    pattern + &shown(&name[from..])
}

/// A text as TOML writes it.
fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_tells_nobodys_number() {
        let pattern = |name: &str| pattern(Path::new(name));
        assert_eq!(pattern("uttag/utredning 19121212-1212 [2].csv"), "utredning ????????????? [[]2[]].csv");
        assert_eq!(pattern("191212121212, 121212\u{2011}1212.csv"), "????????????, ???????????.csv");
        assert_eq!(pattern("a\u{1b}\n\u{a0}ö.csv"), "a??\u{a0}ö.csv");
    }

    #[test]
    fn names_tell_of_controls() {
        let rulebook = Rulebook::builtin();
        let called = |name: &str| control_called(name, &rulebook);
        for (name, control) in [
            ("Barnutredning", Some("child-investigation")),
            ("BARN- OCH UNGDOMSUTREDNINGAR", Some("child-investigation")),
            ("forhandsbedomningar_2024", Some("preliminary-assessment")),
            ("Samarbetssamtal", Some("cooperation-talks")),
            ("skyddsbedömning", Some("safety-assessment")),
            ("Vuxenutredning", None),
            ("Faderskapsutredning", None),
            ("Beslut om bistånd", None),
            ("Barnutredning Kalle", None),
            ("uttag", None),
        ] {
            assert_eq!(called(name).as_deref(), control, "{name}");
        }
    }

    #[test]
    fn entries_have_each_key_once() {
        let of =
            |pairs: &[(&'static str, &str)]| entries(pairs.iter().map(|(key, value)| (*key, quoted(value))));
        assert_eq!(of(&[]), "");
        assert_eq!(
            of(&[("start", "a"), ("end", "b"), ("start", "a"), ("end", "c")]),
            "start = \"a\", end = [\"b\", \"c\"]"
        );
    }

    #[test]
    fn texts_are_quoted_for_toml() {
        assert_eq!(quoted("a\"b\\c"), toml::Value::from("a\"b\\c").to_string());
        let parsed: toml::Table = format!("x = {}", quoted("a\"b\\c\nd")).parse().expect("TOML");
        assert_eq!(parsed["x"].as_str(), Some("a\"b\\c\nd"));
    }
}
