//! `frist init`: look at exports and write a project file that runs as it is.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;

use super::options::{Global, Reading};
use super::terminal;
use crate::error::Error;
use crate::gate::Gate;
use crate::ingest::files::{self, Kind};
use crate::ingest::{Export, Input, exports_beside, glance};
use crate::output::StagedFile;
use crate::pipeline::{Options, SeemingAsOf, Survey, seeming_as_of_surveyed, survey};
use crate::project::{FILE_NAME, SCHEMA_NAME, Settings, Source, SourceControl, schema_json};
use crate::proposal::{AsOf, Basis, LookedAt, Refused, control_called, project_text, said_of};
use crate::rulebook::Rulebook;
use crate::text::fill;

/// Arguments of `frist init`.
#[derive(Args)]
pub struct InitArguments {
    /// Folder with exports, or one export; the project file is written beside them
    #[arg(default_value = ".")]
    path: PathBuf,
    /// Overwrite an existing project file
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    reading: Reading,
}

/// Runs the command.
pub fn run(arguments: &InitArguments, global: &Global) -> Result<(), Error> {
    let (texts, reading) = (global.texts(), &arguments.reading);
    let (folder, exports) = exports_at(&arguments.path)?;
    let (project, schema) = (folder.join(FILE_NAME), folder.join(SCHEMA_NAME));
    for path in [&project, &schema] {
        if files::at(path)?.is_some() && !arguments.force {
            return Err(Error::ProjectExists { path: path.clone() });
        }
    }
    let rulebook = reading.law.own.read()?;
    let mut found = Vec::new();
    for path in exports {
        found.extend(look_at(&folder, &path, &rulebook, reading)?);
    }
    if let Some(error) = nothing_seen(&found) {
        return Err(error);
    }
    let as_of = match reading.law.as_of {
        Some(day) => AsOf::Named(day),
        None => seeming_of(&found).map_or(AsOf::Unknown, AsOf::Seeming),
    };
    let rulebook_path = reading.law.own.rulebook.as_deref().map(|path| beside(path, &folder));
    let basis = Basis { folder: &folder, found: &found, rulebook: &rulebook, texts };
    let text = project_text(&basis, &as_of, rulebook_path.as_deref());
    // Neither stands without the other.
    let files = [staged(&project, text.as_bytes())?, staged(&schema, &schema_json())?];
    files.into_iter().try_for_each(StagedFile::publish)?;
    said_of(&found, texts).iter().for_each(|line| terminal::tell(line));
    let is_export = |file: &LookedAt| matches!(file, LookedAt::Export(..));
    let key = if found.iter().any(is_export) { "init.written" } else { "init.written-comments" };
    terminal::tell(&fill!(texts, key, path = project.display(), folder = folder.display()));
    Ok(())
}

/// The folder of a path, and the exports in it or the one that it is.
fn exports_at(path: &Path) -> Result<(PathBuf, Vec<PathBuf>), Error> {
    if files::at(path)? == Some(Kind::Folder) {
        return Ok((path.to_owned(), exports_beside(path, &Settings::default())?));
    }
    if !files::is_there(path)? {
        return Err(Error::MissingInput { path: path.to_owned() });
    }
    Ok((files::folder_of(path).to_owned(), vec![path.to_owned()]))
}

/// A path as a project file in a folder names it.
fn beside(path: &Path, folder: &Path) -> String {
    let absolute = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let (path, folder) = (absolute(path), absolute(folder));
    path.strip_prefix(&folder).unwrap_or(&path).to_string_lossy().replace('\\', "/")
}

fn staged(path: &Path, bytes: &[u8]) -> Result<StagedFile, Error> {
    let mut file = StagedFile::begin(path)?;
    file.check_bytes(|name| Gate::default().check(name, bytes))?;
    file.write(|file| file.write_all(bytes))?;
    Ok(file)
}

/// Why no project file is proposed: nothing is seen in any file, so that there is no line to fill in.
fn nothing_seen(found: &[LookedAt]) -> Option<Error> {
    let errors: Option<Vec<&Error>> = found
        .iter()
        .map(|file| match file {
            LookedAt::Refused(refused) if refused.glances.is_empty() => Some(&refused.error),
            _ => None,
        })
        .collect();
    errors?.first().map(|error| (*error).clone())
}

/// What a file is: told by its headings, else by its name or its column of types.
///
/// # Errors
/// When the system does not let it be read.
fn look_at(
    folder: &Path,
    path: &Path,
    rulebook: &Rulebook,
    reading: &Reading,
) -> Result<Vec<LookedAt>, Error> {
    let by_headings = read_as(folder, path, Source::default(), rulebook, reading);
    let error = match by_headings {
        Ok(found) => return Ok(found),
        Err(error @ Error::UnknownHeadings { .. }) => error,
        Err(
            error @ (Error::MissingInput { .. }
            | Error::NotAFile { .. }
            | Error::UnreadableInput { .. }
            | Error::ChangedInput { .. }),
        ) => return Err(error),
        Err(error) => return Ok(vec![refused(path, error, rulebook, reading)]),
    };
    let name = path.file_stem().map_or(String::new(), |stem| stem.to_string_lossy().into_owned());
    if let Some(found) = read_by_types(folder, path, rulebook, reading) {
        return Ok(found);
    }
    if let Some(control) = control_called(&name, rulebook) {
        let source = Source { control: SourceControl::One(control), ..Source::default() };
        if let Ok(found) = read_as(folder, path, source, rulebook, reading) {
            return Ok(found);
        }
    }
    Ok(vec![refused(path, error, rulebook, reading)])
}

/// A file that is not recognised, with what can be seen of it.
fn refused(path: &Path, error: Error, rulebook: &Rulebook, reading: &Reading) -> LookedAt {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let glances = glance(path, reading.encoding, rulebook).unwrap_or_default();
    LookedAt::Refused(Refused { name, error, glances })
}

/// A file with a column of types, some of which tell of a control.
fn read_by_types(
    folder: &Path,
    path: &Path,
    rulebook: &Rulebook,
    reading: &Reading,
) -> Option<Vec<LookedAt>> {
    let read = |types| {
        let source = Source { control: SourceControl::ByType(types), ..Source::default() };
        let found = read_as(folder, path, source, rulebook, reading).ok()?;
        found.into_iter().next()
    };
    // First with no type known, to learn which there are.
    let LookedAt::Export(_, first) = read(BTreeMap::new())? else { return None };
    let told =
        first.other_types.keys().filter_map(|name| Some((name.clone(), control_called(name, rulebook)?)));
    let told: BTreeMap<String, String> = told.collect();
    if told.is_empty() {
        return None;
    }
    let LookedAt::Export(export, survey) = read(told)? else { return None };
    Some(vec![LookedAt::Export(export, Survey { other_types: first.other_types, ..survey })])
}

/// A file read as one of a source.
fn read_as(
    folder: &Path,
    path: &Path,
    source: Source,
    rulebook: &Rulebook,
    reading: &Reading,
) -> Result<Vec<LookedAt>, Error> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let source = Source { files: vec![glob::Pattern::escape(&name)], ..source };
    let input = Input::of_source(folder, source, reading.encoding);
    let exports: Vec<Export> = input.exports(rulebook)?;
    // With the column of status that the proposal names: ends of cases that are open are plans.
    let proposed: Vec<Export> = exports.iter().map(Export::by_decisive_status).collect();
    let surveys = survey(&proposed, &Options { threads: reading.threads.count(), progress: &|_| () })?;
    let looked = exports.into_iter().zip(surveys).map(|(export, survey)| {
        let rows = survey.cases + survey.left_out;
        let is_empty = rows == 0 && survey.faults.is_empty() && survey.other_types.is_empty();
        match is_empty {
            true => refused(&export.path.clone(), Error::EmptyFile { path: export.path }, rulebook, reading),
            false => LookedAt::Export(Box::new(export), survey),
        }
    });
    Ok(looked.collect())
}

/// The as-of date that the exports seem to have.
fn seeming_of(found: &[LookedAt]) -> Option<SeemingAsOf> {
    let surveys = found.iter().filter_map(|file| match file {
        LookedAt::Export(_, survey) => Some(survey),
        LookedAt::Refused(_) => None,
    });
    seeming_as_of_surveyed(surveys)
}
