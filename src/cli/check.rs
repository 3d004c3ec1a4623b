//! `frist check`: everything that is wrong, and nothing written.

use std::path::{Path, PathBuf};

use clap::Args;

use super::limits::Limits;
use super::notes;
use super::session::Session;
use super::{Format, Global, terminal};
use crate::error::Error;
use crate::ingest::Input;
use crate::language::Language;
use crate::personal_numbers::masked;
use crate::pipeline::Judged;
use crate::project::{Asked, Settings};
use crate::report::{faults_csv, tables};
use crate::text::Texts;

/// Arguments of `frist check`.
#[derive(Args)]
pub struct CheckArguments {
    /// Project files, folders that hold one, folders of exports, or exports
    #[arg(default_value = ".")]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    limits: Limits,
}

/// Does it.
pub fn run(arguments: &CheckArguments, global: &Global, language: &mut Language) -> Result<(), Error> {
    let mut errors = Vec::new();
    for path in &arguments.paths {
        match check(path, arguments, global, language) {
            Ok(found) => errors.extend(found),
            Err(error) => errors.extend(flaws_beside(path, global, error)),
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
    let (mut session, mut errors) = Session::look(path, Asked::default(), global, language)?;
    errors.extend(session.run.read_plan().err());
    if session.run.exports.is_empty() {
        return Ok(errors);
    }
    let (judged, unusable) = session.judge_all()?;
    errors.extend(unusable);
    errors.extend(arguments.limits.check(&judged, &session.run.exports).err());
    print(&session, &judged, global)?;
    let mut notes = session.notes.iter().cloned().chain(notes::after_judging(&session, &judged));
    if global.format == Format::Text {
        notes.try_for_each(|note| terminal::print(format!("{}\n", masked(&note)).as_bytes()))?;
    }
    if judged.faults.is_empty() && errors.is_empty() {
        terminal::tell(session.texts.get("terminal.no-faults"));
    }
    Ok(errors)
}

fn print(session: &Session, judged: &Judged, global: &Global) -> Result<(), Error> {
    let texts = session.texts;
    let findings = session.run.findings(judged);
    let Some(internal) = findings.internal() else { return Ok(()) };
    let readings = tables::readings(&session.run.exports, texts);
    let ledger = tables::ledger(&findings, texts);
    let excluded = tables::excluded(&findings, internal, texts);
    let faults = tables::faults(&findings, internal, texts);
    let bounds = tables::bounds(&findings, internal, texts);
    let types = tables::other_types(&findings, internal, texts);
    match global.format {
        Format::Csv => {
            let style = session.printing.csv;
            faults_csv(&judged.faults, &session.run.exports, style, texts, |piece| {
                terminal::print_csv(piece, style)
            })
        }
        Format::Json => {
            let optional = [&excluded, &faults, &bounds, &types].into_iter().filter_map(Option::as_ref);
            let tables: Vec<_> = [&readings, &ledger].into_iter().chain(optional).collect();
            terminal::print(&terminal::json(&tables))
        }
        Format::Text => {
            for row in &readings.rows {
                let [file, control, reading, columns] = row.as_slice() else { continue };
                terminal::print(format!("{file}: {control}\n    {reading}\n    {columns}\n").as_bytes())?;
            }
            terminal::print(b"\n")?;
            for export in &session.run.exports {
                for note in notes::unused(export, texts) {
                    terminal::print(format!("{}: {}\n", export.name, masked(&note)).as_bytes())?;
                }
            }
            terminal::print(b"\n")?;
            terminal::print_table(&ledger, session.printing)?;
            if let Some(excluded) = &excluded {
                terminal::print_table(excluded, session.printing)?;
            }
            for row in faults.iter().flat_map(|table| &table.rows) {
                let [file, code, reason, remedy, places, count] = row.as_slice() else { continue };
                let text = format!("{file}: {code}, {count}: {places}\n    {reason} {remedy}\n");
                terminal::print(text.as_bytes())?;
            }
            if faults.is_some() {
                terminal::print(b"\n")?;
            }
            let mut tables = [bounds, types].into_iter().flatten();
            tables.try_for_each(|table| terminal::print_table(&table, session.printing))
        }
    }
}

/// An error, or in place of a project file's first flaw all of them.
fn flaws_beside(path: &Path, global: &Global, error: Error) -> Vec<Error> {
    let Error::UnusableProject { path: project, .. } = &error else { return vec![error] };
    let Some(text) = Input::project_text(path) else { return vec![error] };
    let mut flaws = Settings::flaws(&text);
    if let Ok(mut input) = Input::open(path) {
        input.settings.put(global.asked(Asked::default()));
        flaws.extend(input.unknown_controls());
    }
    if flaws.is_empty() {
        return vec![error];
    }
    let unusable = |flaw| Error::UnusableProject { path: project.clone(), flaw: Box::new(flaw) };
    flaws.into_iter().map(unusable).collect()
}
