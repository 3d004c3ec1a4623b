//! `frist check`: everything that is wrong, and nothing written.

use std::path::{Path, PathBuf};

use clap::Args;

use super::limits::Limits;
use super::options::{Format, Global, Printed, Reading};
use super::session::Session;
use super::terminal;
use crate::error::Error;
use crate::ingest::Input;
use crate::language::Language;
use crate::personal_numbers::masked;
use crate::pipeline::Judged;
use crate::plan::Plan;
use crate::project::{Asked, Settings};
use crate::report::{faults_csv, tables, without_cases_sentences};
use crate::rulebook::Rulebook;
use crate::table::Table;
use crate::text::{Texts, notes};

/// Arguments of `frist check`.
#[derive(Args)]
pub struct CheckArguments {
    /// Project files, folders that hold one, folders of exports, or exports
    #[arg(default_value = ".")]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    limits: Limits,
    #[command(flatten)]
    reading: Reading,
    #[command(flatten)]
    printed: Printed,
}

impl CheckArguments {
    fn asked(&self, global: &Global) -> Asked {
        self.reading.asked(global, self.printed.asked())
    }
}

/// Runs the command.
pub fn run(arguments: &CheckArguments, global: &Global, language: &mut Language) -> Result<(), Error> {
    let mut errors = Vec::new();
    for path in &arguments.paths {
        match check(path, arguments, global, language) {
            Ok(found) => errors.extend(found),
            Err(error) => errors.extend(flaws_beside(path, arguments.asked(global), error)),
        }
    }
    let texts = Texts::of(*language);
    // The last is told by whoever called.
    let last = errors.pop();
    for error in errors {
        terminal::tell_error(&error, texts);
    }
    last.map_or(Ok(()), Err)
}

/// Checks one path and prints what it found; gives the errors.
fn check(
    path: &Path,
    arguments: &CheckArguments,
    global: &Global,
    language: &mut Language,
) -> Result<Vec<Error>, Error> {
    let format = arguments.printed.format;
    let input = Input::open_for_report(path)?;
    let (mut session, mut errors) = Session::look(input, arguments.asked(global), format, language)?;
    if let Err(error) = session.run.read_plan() {
        errors.extend(flaws_of_plan(error, &session.run.rulebook));
    }
    if session.run.exports.is_empty() && !session.run.input.is_without_exports() {
        return Ok(errors);
    }
    let (judged, unusable) = session.judge_all()?;
    errors.extend(unusable);
    errors.extend(arguments.limits.check(&judged, &session.run.exports).err());
    print(&session, &judged)?;
    let mut notes = session.notes.iter().cloned().chain(session.notes_after(&judged));
    if format == Format::Text {
        notes.try_for_each(|note| terminal::print(format!("{}\n", masked(&note)).as_bytes()))?;
    }
    if judged.faults.is_empty() && errors.is_empty() {
        terminal::tell(session.texts.get("terminal.no-faults"));
    }
    Ok(errors)
}

fn print(session: &Session, judged: &Judged) -> Result<(), Error> {
    let (texts, printing) = (session.texts, session.printing);
    let findings = session.run.findings(judged);
    if findings.is_without_cases() && printing.format == Format::Text {
        return terminal::print_lines(&without_cases_sentences(&findings, texts));
    }
    let Some(internal) = findings.internal() else { return Ok(()) };
    let found = [tables::excluded, tables::faults, tables::bounds, tables::other_types];
    let [excluded, faults, bounds, types] = found.map(|table| table(&findings, internal, texts));
    // Without an as-of date there is no period to name.
    let bounds = bounds.filter(|_| session.run.has_as_of());
    let (readings, ledger) =
        (tables::readings(&session.run.exports, texts), tables::ledger(&findings, texts));
    match printing.format {
        Format::Csv => {
            let print = |piece: &[u8]| terminal::print_csv(piece, printing.csv);
            faults_csv(&judged.faults, &session.run.exports, printing.csv, texts, print)
        }
        Format::Json => {
            let optional = [excluded, faults, bounds, types].into_iter().flatten();
            let tables: Vec<Table> = [readings, ledger].into_iter().chain(optional).collect();
            terminal::print_tables(&tables, printing)
        }
        Format::Text => {
            print_readings(session, &readings)?;
            let before: Vec<Table> = std::iter::once(ledger).chain(excluded).collect();
            terminal::print_tables(&before, printing)?;
            if let Some(faults) = &faults {
                print_faults(faults, texts)?;
            }
            let after: Vec<Table> = [bounds, types].into_iter().flatten().collect();
            terminal::print_tables(&after, printing)?;
            let incomplete = notes::incomplete(&findings.controls, false, texts);
            terminal::print_lines(
                &incomplete.into_iter().filter(|_| session.run.has_as_of()).collect::<Vec<_>>(),
            )
        }
    }
}

/// How each file was read, in lines, and what of it is not used.
fn print_readings(session: &Session, readings: &Table) -> Result<(), Error> {
    let texts = session.texts;
    let mut lines = String::new();
    for row in &readings.rows {
        let cell = |key| readings.shown(row, key, texts);
        let (file, control) = (cell("file"), cell("control"));
        lines += &format!("{file}: {control}\n    {}\n    {}\n", cell("read-as"), cell("columns"));
    }
    lines.push('\n');
    for export in &session.run.exports {
        for note in notes::unused(export, texts) {
            lines += &format!("{}: {}\n", export.name, masked(&note));
        }
    }
    lines.push('\n');
    terminal::print(lines.as_bytes())
}

/// Faults in lines: their sentences are too long for a table.
fn print_faults(faults: &Table, texts: &Texts) -> Result<(), Error> {
    let mut lines = String::new();
    for row in &faults.rows {
        let cell = |key| faults.shown(row, key, texts);
        lines += &format!("{}: {}, {}: {}\n", cell("file"), cell("code"), cell("count"), cell("places"));
        lines += &format!("    {} {}\n", cell("reason"), cell("remedy"));
    }
    lines.push('\n');
    terminal::print(lines.as_bytes())
}

/// An error, or in place of a plan's first flaw all of them; none is shown beside what names a person.
fn flaws_of_plan(error: Error, rulebook: &Rulebook) -> Vec<Error> {
    let Error::UnusablePlan { path, flaw } = &error else { return vec![error] };
    let flaws = match flaw.key {
        "person-in-text" | "too-many-parts" => return vec![error],
        _ => Plan::flaws(&flaw.text, rulebook),
    };
    let unusable = |flaw| Error::UnusablePlan { path: path.clone(), flaw: Box::new(flaw) };
    flaws.into_iter().map(unusable).collect()
}

/// An error, or in place of a project file's first flaw all of them.
fn flaws_beside(path: &Path, asked: Asked, error: Error) -> Vec<Error> {
    let Error::UnusableProject { path: project, .. } = &error else { return vec![error] };
    let Some(text) = Input::project_text(path) else { return vec![error] };
    let mut flaws = Settings::flaws(&text);
    if let Ok(mut input) = Input::open(path) {
        input.settings.put(asked);
        flaws.extend(input.unknown_controls());
    }
    if flaws.is_empty() {
        return vec![error];
    }
    let unusable = |flaw| Error::UnusableProject { path: project.clone(), flaw: Box::new(flaw) };
    flaws.into_iter().map(unusable).collect()
}
