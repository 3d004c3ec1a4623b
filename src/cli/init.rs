//! `frist init`: look at exports and write a project file that runs as it is.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;

use super::{Global, terminal};
use crate::date::Day;
use crate::error::Error;
use crate::ingest::{Export, Input, exports_beside};
use crate::language::Language;
use crate::output::StagedFile;
use crate::pipeline::{Options, Survey, seeming_as_of, survey};
use crate::project::{FILE_NAME, Project, SCHEMA_NAME, Source, SourceControl, schema_json};
use crate::proposal::{LookedAt, control_called, project_text};
use crate::rulebook::Rulebook;
use crate::text::Texts;

/// Arguments of `frist init`.
#[derive(Args)]
pub struct InitArguments {
    /// Folder with exports; the project file is written into it
    #[arg(default_value = ".")]
    folder: PathBuf,
    /// Write over a project file that is there
    #[arg(long)]
    force: bool,
}

/// Does it.
pub fn run(arguments: &InitArguments, global: &Global, language: &mut Language) -> Result<(), Error> {
    let texts = Texts::of(*language);
    let folder = &arguments.folder;
    let (project, schema) = (folder.join(FILE_NAME), folder.join(SCHEMA_NAME));
    if let (false, Some(path)) = (arguments.force, [&project, &schema].into_iter().find(|path| path.exists()))
    {
        return Err(Error::ProjectExists { path: path.clone() });
    }
    let rulebook = Input::default().rulebook(global.rulebook.as_deref())?;
    let mut found = Vec::new();
    for path in exports_beside(folder, &Project::default())? {
        found.extend(look_at(folder, &path, &rulebook, global));
    }
    // Nothing that could run: the first reason says best what to do.
    if !found.iter().any(|file| matches!(file, LookedAt::Export(..))) {
        let refused = found.into_iter().find_map(|file| match file {
            LookedAt::Refused(error) => Some(error),
            LookedAt::Export(..) => None,
        });
        return Err(refused.expect("a folder with exports has a file"));
    }
    write(&schema, &schema_json())?;
    let as_of = global.as_of.or_else(|| newest_of(&found));
    write(&project, project_text(folder, &found, as_of, &rulebook, texts).as_bytes())?;
    for file in &found {
        let key = if matches!(file, LookedAt::Export(..)) { "init.told" } else { "init.told-refused" };
        let name = match file {
            LookedAt::Export(export, _) => export.name.clone(),
            LookedAt::Refused(error) => error.clone().path_mut().map_or(String::new(), |path| {
                path.file_name().map_or(String::new(), |name| name.to_string_lossy().into_owned())
            }),
        };
        let controls = match file {
            LookedAt::Export(export, _) => export.controls.ids().join(", "),
            LookedAt::Refused(_) => String::new(),
        };
        terminal::tell(&texts.fill(key, &[("file", &name), ("controls", &controls)]));
    }
    let path = project.to_string_lossy();
    terminal::tell(&texts.fill("init.written", &[("path", &path), ("folder", &folder.to_string_lossy())]));
    Ok(())
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let mut file = StagedFile::begin(path)?;
    file.write(|file| file.write_all(bytes))?;
    file.publish()
}

/// What a file is: told by its headings, else by its name or its column of types.
fn look_at(folder: &Path, path: &Path, rulebook: &Rulebook, global: &Global) -> Vec<LookedAt> {
    let by_headings = read_as(folder, path, Source::default(), rulebook, global);
    let error = match by_headings {
        Ok(found) => return found,
        Err(error @ Error::UnknownHeadings { .. }) => error,
        Err(error) => return vec![LookedAt::Refused(error)],
    };
    let name = path.file_stem().map_or(String::new(), |stem| stem.to_string_lossy().into_owned());
    if let Some(found) = read_by_types(folder, path, rulebook, global) {
        return found;
    }
    if let Some(control) = control_called(&name, rulebook) {
        let source = Source { control: SourceControl::One(control), ..Source::default() };
        if let Ok(found) = read_as(folder, path, source, rulebook, global) {
            return found;
        }
    }
    vec![LookedAt::Refused(error)]
}

/// A file with a column of types, some of which tell of a control.
fn read_by_types(folder: &Path, path: &Path, rulebook: &Rulebook, global: &Global) -> Option<Vec<LookedAt>> {
    let read = |types| {
        let source = Source { control: SourceControl::ByType(types), ..Source::default() };
        let found = read_as(folder, path, source, rulebook, global).ok()?;
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
    global: &Global,
) -> Result<Vec<LookedAt>, Error> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let source = Source { files: vec![glob::Pattern::escape(&name)], ..source };
    let input = Input::of_source(folder, source, global.encoding);
    let exports: Vec<Export> = input.exports(rulebook)?;
    let surveys = survey(&exports, &Options { threads: 1, progress: &|_| () })?;
    let looked = exports.into_iter().zip(surveys).map(|(export, survey)| {
        let is_empty = survey.cases == 0 && survey.faults.is_empty() && survey.other_types.is_empty();
        match is_empty {
            true => LookedAt::Refused(Error::EmptyFile { path: export.path }),
            false => LookedAt::Export(Box::new(export), survey),
        }
    });
    Ok(looked.collect())
}

/// The as-of date that the exports seem to have: no later than cases start, lest an end be mistyped.
fn newest_of(found: &[LookedAt]) -> Option<Day> {
    let surveys = found.iter().filter_map(|file| match file {
        LookedAt::Export(_, survey) => Some(survey),
        LookedAt::Refused(_) => None,
    });
    seeming_as_of(surveys).map(|(as_of, _)| as_of)
}
