//! Report folders on disk: what is in them, and whether it is what their manifest lists.
//!
//! Links are not followed, and only files are opened: somebody else may be able to write to the folder.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};

use sha2::{Digest, Sha256};

use super::{unwritable, workplace};
use crate::error::Error;
use crate::ingest::hex;
pub use crate::ingest::manifest::Listed;
use crate::ingest::manifest::{self, MANIFEST};

impl Listed {
    /// A file as it is on disk.
    pub fn of(name: &str, path: &Path) -> io::Result<Listed> {
        let mut file = File::open(path)?;
        let (mut hasher, mut bytes) = (Sha256::new(), 0);
        let mut piece = vec![0; 1024 * 1024];
        loop {
            match file.read(&mut piece)? {
                0 => return Ok(Listed { path: name.to_owned(), bytes, sha256: hex(&hasher.finalize()) }),
                length => {
                    hasher.update(&piece[..length]);
                    bytes += length as u64;
                }
            }
        }
    }

    /// Whether the file in a folder is still this one.
    ///
    /// # Errors
    /// If it cannot be read.
    fn is_unaltered_in(&self, folder: &Path) -> io::Result<bool> {
        let inside = Path::new(&self.path).components().all(|part| matches!(part, Component::Normal(_)));
        let path = folder.join(&self.path);
        // A link in the path would lead out of the folder.
        let is_linked = || path.ancestors().take_while(|above| *above != folder).any(Path::is_symlink);
        let facts = if inside && !is_linked() { present(&path)? } else { None };
        let is_likely = facts.is_some_and(|facts| facts.is_file() && facts.len() == self.bytes);
        Ok(is_likely && Listed::of(&self.path, &path)? == *self)
    }
}

/// What is at a path, without following links; `None` if nothing is.
fn present(path: &Path) -> io::Result<Option<fs::Metadata>> {
    match fs::symlink_metadata(path) {
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            Ok(None)
        }
        facts => facts.map(Some),
    }
}

/// The files that the manifest of a report lists; `None` if the folder is not a report.
///
/// # Errors
/// If the system does not let it be read.
pub fn listed_in(folder: &Path) -> io::Result<Option<Vec<Listed>>> {
    /// No report has a longer manifest.
    const LONGEST: u64 = 64 * 1024 * 1024;
    let path = folder.join(MANIFEST);
    let facts = present(&path)?;
    if !facts.is_some_and(|facts| facts.is_file() && facts.len() <= LONGEST) {
        return Ok(None);
    }
    Ok(manifest::listed(&fs::read(path)?))
}

/// Whether a folder is a report.
///
/// # Errors
/// As [`listed_in`].
pub fn is_report(folder: &Path) -> io::Result<bool> {
    Ok(listed_in(folder)?.is_some())
}

/// An entry below a folder.
enum Below {
    /// Anything but a folder, as a path inside the folder.
    File(PathBuf),
    /// The workplace of a list, with its path.
    Workplace(PathBuf),
}

/// Walks through everything below a folder, folder by folder, until `look` returns a value. Files that systems and
/// office programs leave in folders are skipped.
fn look_below<T>(folder: &Path, mut look: impl FnMut(Below) -> Option<T>) -> io::Result<Option<T>> {
    let mut folders = vec![PathBuf::new()];
    while let Some(inside) = folders.pop() {
        let mut entries: Vec<_> = fs::read_dir(folder.join(&inside))?.collect::<io::Result<_>>()?;
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            let below = match (entry.file_type()?.is_dir(), entry.file_name()) {
                (true, _) if workplace::is_of_file(&entry.path()) => Below::Workplace(entry.path()),
                (true, name) => {
                    folders.push(inside.join(name));
                    continue;
                }
                (false, name) if is_kept_by_programs(&name.to_string_lossy()) => continue,
                (false, name) => Below::File(inside.join(name)),
            };
            if let Some(found) = look(below) {
                return Ok(Some(found));
            }
        }
    }
    Ok(None)
}

/// Every file below a folder, as paths inside it, in order. Unfinished lists of killed runs are skipped.
pub fn files_below(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    look_below(folder, |below| {
        if let Below::File(file) = below {
            found.push(file);
        }
        None::<()>
    })?;
    found.sort();
    Ok(found)
}

/// A path inside a report in the form used by its manifest and messages, with `/`.
fn shown(path: &Path) -> String {
    path.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/")
}

/// Whether a file is one that systems leave in folders that were viewed, or office programs beside open files.
fn is_kept_by_programs(name: &str) -> bool {
    matches!(name, ".DS_Store" | "Thumbs.db" | "desktop.ini") || program_of(name).is_some()
}

/// The program that creates a file with this name beside one that it has open.
fn program_of(name: &str) -> Option<&'static str> {
    let ending = Path::new(name.trim_end_matches('#')).extension()?.to_str()?;
    match (name.strip_prefix("~$"), name.strip_prefix(".~lock."), ending) {
        (Some(_), _, "docx") => Some("Word"),
        (Some(_), _, "pptx") => Some("PowerPoint"),
        (Some(_), _, "xlsx" | "csv") => Some("Excel"),
        (_, Some(_), _) if name.ends_with('#') => Some("LibreOffice"),
        _ => None,
    }
}

/// A file in a folder that an office program has open, and the program. `wanted` selects names.
pub fn open_in(folder: &Path, wanted: impl Fn(&str) -> bool) -> Option<(String, &'static str)> {
    let entries = fs::read_dir(folder).ok()?;
    let names: Vec<String> =
        entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.iter().find_map(|name| {
        let program = program_of(name)?;
        let of = name.trim_start_matches("~$").trim_start_matches(".~lock.").trim_end_matches('#');
        // Word leaves out the first two letters of a long name.
        let is_whole = |other: &&String| *other != name && other.get(2..) == Some(of);
        let file = names.iter().find(is_whole).filter(|_| program == "Word").map_or(of, String::as_str);
        wanted(file).then(|| (file.to_owned(), program))
    })
}

/// Files of a report that differ from its manifest: altered and added ones, and also missing ones if `missing`.
fn differing(folder: &Path, listed: &[Listed], missing: bool) -> io::Result<Vec<PathBuf>> {
    let mut differing = files_below(folder)?;
    let found: HashSet<PathBuf> = differing.iter().cloned().collect();
    let known: HashSet<&Path> = listed.iter().map(|file| Path::new(&file.path)).collect();
    let is_known = |path: &Path| known.contains(path) || path == Path::new(MANIFEST) && !listed.is_empty();
    differing.retain(|path| !is_known(path));
    for file in listed {
        let path = PathBuf::from(&file.path);
        if (missing || found.contains(&path)) && !file.is_unaltered_in(folder)? {
            differing.push(path);
        }
    }
    differing.sort();
    Ok(differing)
}

/// Files of a report that somebody altered or added; all files of a folder that is not a report.
///
/// # Errors
/// If it cannot be read.
pub fn touched_in(folder: &Path) -> io::Result<Vec<PathBuf>> {
    differing(folder, &listed_in(folder)?.unwrap_or_default(), false)
}

/// Refuses a folder that is not empty, apart from unfinished lists of killed runs, which are removed.
///
/// # Errors
/// [`Error::ForeignOutput`] naming the first file, [`Error::UnwritableOutput`].
pub fn refuse_full_folder(folder: &Path) -> Result<(), Error> {
    if present(folder).map_err(unwritable(folder))?.is_none() {
        return Ok(());
    }
    workplace::clear_dead_files_in(folder);
    let found = match present(&folder.join(MANIFEST)).map_err(unwritable(folder))? {
        Some(_) => Some(MANIFEST.into()),
        // A system folder can contain millions of files.
        None => look_below(folder, |below| match below {
            Below::File(file) => Some(file),
            Below::Workplace(_) => None,
        })
        .map_err(unwritable(folder))?,
    };
    match found {
        Some(file) => Err(Error::ForeignOutput { path: folder.into(), file: shown(&file) }),
        None => Ok(()),
    }
}

/// Refuses to replace a folder into which another run is writing a list: the list would be lost.
///
/// # Errors
/// [`Error::OutputBusy`], [`Error::UnwritableOutput`].
pub fn refuse_busy(folder: &Path) -> Result<(), Error> {
    if present(folder).map_err(unwritable(folder))?.is_none() {
        return Ok(());
    }
    let living = look_below(folder, |below| match below {
        Below::Workplace(place) => workplace::is_living(&place).then_some(place),
        Below::File(_) => None,
    });
    match living.map_err(unwritable(folder))? {
        Some(place) => Err(Error::OutputBusy { path: folder.into(), place }),
        None => Ok(()),
    }
}

/// Checks that a report is complete and unaltered; returns the number of its files.
///
/// # Errors
/// [`Error::AlteredReport`] naming every file that is missing, altered or added; [`Error::MissingInput`] if there is no
/// report.
pub fn verify(folder: &Path) -> Result<usize, Error> {
    let unreadable =
        |error: io::Error| Error::UnreadableInput { path: PathBuf::from(folder), cause: error.to_string() };
    let Some(listed) = listed_in(folder).map_err(unreadable)? else {
        // A manifest that is not a report's was replaced.
        return Err(match present(&folder.join(MANIFEST)) {
            Ok(Some(_)) => Error::AlteredReport { path: folder.into(), files: vec![MANIFEST.into()] },
            _ => Error::MissingInput { path: folder.join(MANIFEST) },
        });
    };
    match differing(folder, &listed, true).map_err(unreadable)? {
        wrong if wrong.is_empty() => Ok(listed.len() + 1),
        files => {
            let files = files.iter().map(|file| shown(file)).collect();
            Err(Error::AlteredReport { path: folder.into(), files })
        }
    }
}
