//! `frist verify --rerun`: a report made again from its inputs, and compared byte for byte.

use std::path::Path;

use clap::Parser;

use super::report::Remade;
use super::{Arguments, Command, add, run, terminal};
use crate::error::Error;
use crate::ingest::files;
use crate::ingest::manifest::Listed;
use crate::output::MANIFEST;
use crate::project::GroupedBy;
use crate::report::{Making, program};
use crate::text::{Texts, fill};

/// A report that is whole.
pub struct Report<'a> {
    /// Its folder.
    pub folder: &'a Path,
    /// What its manifest records.
    pub making: &'a Making,
    /// Its manifest.
    pub manifest: &'a [u8],
}

/// Makes a report again from the files in `inputs`, by the command in its manifest, and compares. `key` is the key file
/// of its pseudonyms.
///
/// # Errors
/// [`Error::NotRemade`] with the files that differ; those of the command; [`Error::Usage`] when the manifest does not
/// record enough, or the key is needed.
pub fn compare(report: &Report<'_>, inputs: &Path, key: Option<&Path>, texts: &Texts) -> Result<(), Error> {
    let Report { folder, making, manifest } = report;
    if making.program != program() {
        let (recorded, own) = (&making.program, program());
        terminal::say(&fill!(texts, "verify.other-version", recorded, own))?;
    }
    let remade = remade(report, inputs, key, texts)?;
    let mut differing = differing(&making.outputs, &remade.files);
    if differing.is_empty() && remade.manifest != *manifest {
        differing.push(MANIFEST.to_owned());
    }
    if !differing.is_empty() {
        return Err(Error::NotRemade { path: folder.to_path_buf(), files: differing });
    }
    let (path, command) = (inputs.to_string_lossy(), making.command.join(" "));
    let files = texts.count(making.outputs.len() as u64 + 1);
    terminal::say(&fill!(texts, "verify.remade", path, files, command))
}

fn remade(report: &Report<'_>, inputs: &Path, key: Option<&Path>, texts: &Texts) -> Result<Remade, Error> {
    let refused = |key: &str| Err(Error::Usage { reason: texts.get(key).to_owned() });
    let (command, mut language) = (&report.making.command, texts.language());
    match parsed(command) {
        Ok(Arguments { command: Command::Run(run), global }) => {
            match key {
                None if run.has_pseudonyms() => return refused("usage.verify-key"),
                // It would be made.
                Some(key) if !files::is_there(key)? => return Err(Error::MissingInput { path: key.into() }),
                _ => {}
            }
            run::remake(&run.inside(inputs, report.folder, key), &global, command, &mut language)
        }
        Ok(Arguments { command: Command::Add(add), global }) => {
            add::remake(&add.inside(inputs, report.folder), &global, command, &mut language)
        }
        _ => refused("usage.verify-unrecorded"),
    }
}

fn parsed(command: &[String]) -> Result<Arguments, clap::Error> {
    Arguments::try_parse_from(std::iter::once("frist").chain(command.iter().map(String::as_str)))
}

/// The columns that the command in a manifest groups cases by, in place of the project's.
pub fn grouped_by(manifest: &[u8]) -> Option<GroupedBy> {
    match parsed(&Making::of(manifest)?.command).ok()?.command {
        Command::Run(run) => run.grouped_by(),
        _ => None,
    }
}

/// The files that are in one of two lists alone, or differ, in order of name.
fn differing(one: &[Listed], other: &[Listed]) -> Vec<String> {
    let lacks = |list: &[Listed], file: &&Listed| !list.contains(file);
    let own = one.iter().filter(|file| lacks(other, file));
    let others = other.iter().filter(|file| lacks(one, file));
    let mut differing: Vec<String> = own.chain(others).map(|file| file.path.clone()).collect();
    differing.sort();
    differing.dedup();
    differing
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_differ_that_are_in_one_list_alone_or_have_another_digest() {
        let file = |path: &str, sha256: &str| Listed { path: path.into(), bytes: 1, sha256: sha256.into() };
        let (a, b) = (file("a", "1"), file("b", "2"));
        assert_eq!(differing(&[a.clone(), b.clone()], &[b.clone(), a.clone()]), Vec::<String>::new());
        assert_eq!(differing(&[a.clone(), b.clone()], std::slice::from_ref(&b)), ["a"]);
        assert_eq!(differing(&[a.clone(), file("b", "3")], &[file("c", "4"), b, a]), ["b", "c"]);
    }
}
