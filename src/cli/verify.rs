//! `frist verify`: is this report complete and unaltered, and is it what its inputs give?

use std::path::{Path, PathBuf};

use clap::Args;
use sha2::{Digest, Sha256};

use super::options::Global;
use super::rerun::{self, Report};
use super::terminal;
use crate::error::Error;
use crate::ingest::files::{self, Kind, MOST_MANIFEST};
use crate::ingest::hex;
use crate::ingest::manifest::InputFile;
use crate::output::{self, MANIFEST};
use crate::personal_numbers::shown_name;
use crate::report::Making;
use crate::text::{Texts, fill};

/// Arguments of `frist verify`.
#[derive(Args)]
pub struct VerifyArguments {
    /// The report folder
    #[arg(default_value = "reports")]
    folder: PathBuf,
    /// Also check that the files in this folder are those that the report was made from
    #[arg(long, value_name = "DIR", conflicts_with = "rerun")]
    inputs: Option<PathBuf>,
    /// As --inputs, and make the report again from the folder, to compare every byte
    #[arg(long, value_name = "DIR")]
    rerun: Option<PathBuf>,
    /// The key file of the report's pseudonyms, for --rerun
    #[arg(long, alias = "pseudonymize", value_name = "KEYFILE", requires = "rerun")]
    pseudonymise: Option<PathBuf>,
}

/// Runs the command.
pub fn run(arguments: &VerifyArguments, global: &Global) -> Result<(), Error> {
    let files = output::verify(&arguments.folder)?;
    let manifest = files::read_bytes(&arguments.folder.join(MANIFEST), MOST_MANIFEST)?;
    let (texts, sha256) = (global.texts(), hex(&Sha256::digest(&manifest)));
    let (path, files) = (arguments.folder.to_string_lossy(), texts.count(files as u64));
    terminal::say(&fill!(texts, "terminal.verified", path, files, sha256))?;
    let Some(given) = arguments.inputs.as_ref().or(arguments.rerun.as_ref()) else { return Ok(()) };
    let folder = folder_of(given)?;
    let refused = |key: &str| Err(Error::Usage { reason: texts.get(key).to_owned() });
    let Some(making) = Making::of(&manifest) else { return refused("usage.verify-unrecorded") };
    match (making.is_published(), &arguments.rerun) {
        _ if making.is_anonymous() => return refused("usage.verify-anonymous"),
        (true, None) => return refused("usage.verify-published"),
        (true, Some(_)) => terminal::say(texts.get("verify.published"))?,
        (false, _) => check_inputs(folder, &making.read, texts)?,
    }
    match arguments.rerun {
        Some(_) => {
            let report = Report { folder: &arguments.folder, making: &making, manifest: &manifest };
            rerun::compare(&report, folder, arguments.pseudonymise.as_deref(), texts)
        }
        None => Ok(()),
    }
}

/// The folder that is named, by itself or by a file in it.
fn folder_of(path: &Path) -> Result<&Path, Error> {
    match files::at(path)? {
        Some(Kind::Folder) => Ok(path),
        Some(Kind::File) => Ok(files::folder_of(path)),
        _ => Err(Error::MissingInput { path: path.to_owned() }),
    }
}

/// Whether a file in a folder is the one that a report was made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Same,
    Differs,
    Missing,
}

/// Checks that the files that a report was made from are in a folder, and names those there that it did not read.
fn check_inputs(folder: &Path, read: &[InputFile], texts: &Texts) -> Result<(), Error> {
    let (tables, _) = files::tables_beside(folder)?;
    let mut found = Vec::new();
    for file in read {
        let state = state_of(folder, file, &tables)?;
        let key = match state {
            State::Same if file.sha256.is_none() => "verify.unread",
            State::Same => "verify.same",
            State::Differs => "verify.differs",
            State::Missing => "verify.missing",
        };
        terminal::say(&fill!(texts, key, path = file.path))?;
        found.push((state, file.path.clone()));
    }
    let others = tables.iter().map(|path| shown_name_of(path));
    let mut others = others.filter(|name| !read.iter().any(|file| file.path == *name));
    others.try_for_each(|path| terminal::say(&fill!(texts, "verify.other", path)))?;
    let named =
        |state| found.iter().filter(move |(own, _)| *own == state).map(|(_, path)| path.clone()).collect();
    let (differing, missing): (Vec<String>, Vec<String>) = (named(State::Differs), named(State::Missing));
    if differing.is_empty() && missing.is_empty() {
        let (path, files) = (folder.to_string_lossy(), texts.count(read.len() as u64));
        return terminal::say(&fill!(texts, "verify.inputs", path, files));
    }
    Err(Error::OtherInputs { path: folder.to_owned(), differing, missing })
}

fn state_of(folder: &Path, file: &InputFile, tables: &[PathBuf]) -> Result<State, Error> {
    // A name that is not shown is recorded as it is shown.
    let hidden = tables.iter().filter(|path| shown_name_of(path) == file.path);
    let mut state = State::Missing;
    for path in std::iter::once(&folder.join(&file.path)).chain(hidden) {
        state = match (&file.sha256, files::at(path)?) {
            (_, None) => continue,
            (None, Some(_)) => return Ok(State::Same),
            (Some(sha256), Some(_)) if files::sha256_of(path)? == *sha256 => return Ok(State::Same),
            _ => State::Differs,
        };
    }
    Ok(state)
}

fn shown_name_of(path: &Path) -> String {
    shown_name(&path.file_name().unwrap_or_default().to_string_lossy())
}
