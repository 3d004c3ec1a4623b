//! Files: the only place where input is opened.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::hex;
use crate::error::{Error, Flaw};

/// File name endings of exports; those of other spreadsheets are taken too, so that they are refused with
/// a remedy and not passed over.
const EXPORT_ENDINGS: [&str; 9] = ["csv", "tsv", "txt", "tab", "xlsx", "xlsm", "xls", "xlsb", "ods"];
/// The first headings of tables that this program writes: the case list, the faults and the tally.
const OWN_HEADINGS: [&str; 3] =
    ["control,case_id,group,start,", "file,line,column,code,", "control,group,subgroup,cohort,"];
/// Where a report's manifest lists what belongs to it.
const OWN_OUTPUTS: &str = "\"outputs\"";
/// Bytes read at a time.
const PIECE: u64 = 1024 * 1024;

fn unreadable(path: &Path, error: &std::io::Error) -> Error {
    match error.kind() {
        std::io::ErrorKind::NotFound => Error::MissingInput { path: path.into() },
        _ => Error::UnreadableInput { path: path.into(), cause: error.to_string() },
    }
}

/// Opens a file for reading.
///
/// # Errors
/// [`Error::MissingInput`], [`Error::UnreadableInput`].
pub fn open(path: &Path) -> Result<fs::File, Error> {
    fs::File::open(path).map_err(|error| unreadable(path, &error))
}

/// Reads a small text file whole: a project file or rulebook.
///
/// # Errors
/// As [`open`]; a file that is not UTF-8 is unreadable.
pub fn read_text(path: &Path) -> Result<String, Error> {
    fs::read_to_string(path).map_err(|error| unreadable(path, &error))
}

/// Reads a whole file.
///
/// # Errors
/// As [`open`].
pub fn read_bytes(path: &Path) -> Result<Vec<u8>, Error> {
    fs::read(path).map_err(|error| unreadable(path, &error))
}

/// Reads the next piece of a file into `buffer` behind what is there; 0 at the end.
///
/// # Errors
/// [`Error::UnreadableInput`].
pub fn read_more(file: &mut fs::File, path: &Path, buffer: &mut Vec<u8>, bytes: u64) -> Result<usize, Error> {
    file.by_ref().take(bytes).read_to_end(buffer).map_err(|error| unreadable(path, &error))
}

/// Whether bytes occur in a file.
///
/// # Errors
/// As [`open`].
pub fn contains(path: &Path, wanted: &[u8]) -> Result<bool, Error> {
    let (mut file, mut window) = (open(path)?, Vec::new());
    while read_more(&mut file, path, &mut window, PIECE)? > 0 {
        if memchr::memmem::find(&window, wanted).is_some() {
            return Ok(true);
        }
        window.drain(..window.len().saturating_sub(wanted.len()));
    }
    Ok(false)
}

/// SHA-256 of a file, in hexadecimal. `progress` is told the bytes read.
///
/// # Errors
/// As [`open`].
pub fn digest(path: &Path, progress: &dyn Fn(u64)) -> Result<String, Error> {
    let (mut file, mut hasher, mut piece) = (open(path)?, Sha256::new(), Vec::new());
    while read_more(&mut file, path, &mut piece, PIECE)? > 0 {
        hasher.update(&piece);
        progress(piece.len() as u64);
        piece.clear();
    }
    Ok(hex(&hasher.finalize()))
}

/// Whether this program wrote a file: it has the headings of one of its tables, or the manifest beside it lists it.
fn is_own_output(path: &Path) -> bool {
    const BEGINNING: u64 = 256;
    let mut beginning = Vec::new();
    let read = open(path).and_then(|mut file| read_more(&mut file, path, &mut beginning, BEGINNING));
    let line = String::from_utf8_lossy(&beginning).replace('"', "").replace(';', ",");
    let line = line.trim_start_matches('\u{feff}');
    if read.is_ok() && OWN_HEADINGS.iter().any(|headings| line.starts_with(headings)) {
        return true;
    }
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else { return false };
    let manifest = read_text(&folder.join("manifest.json")).unwrap_or_default();
    let outputs = manifest.split_once(OWN_OUTPUTS).map_or("", |(_, outputs)| outputs);
    manifest.contains("frist/manifest/") && outputs.contains(&format!("\"{}\"", name.to_string_lossy()))
}

/// Files of a folder that look like exports and were written by this program.
///
/// # Errors
/// As [`open`].
pub fn own_outputs_in(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let mut files = tables_in(folder)?;
    files.retain(|path| is_own_output(path));
    Ok(files)
}

/// Files that a pattern names and that were written by this program; one that is named in full is meant.
pub fn own_outputs_matching(folder: &Path, pattern: &str) -> Vec<PathBuf> {
    let whole = Path::new(&glob::Pattern::escape(&folder.to_string_lossy())).join(pattern);
    let found = glob::glob(&whole.to_string_lossy()).into_iter().flatten().flatten();
    found.filter(|path| is_pattern(pattern) && path.is_file() && is_own_output(path)).collect()
}

fn is_pattern(text: &str) -> bool {
    text.contains(['*', '?', '['])
}

/// The exports of a folder in order of name; hidden files, other kinds of file and what this program wrote are passed
/// over.
///
/// # Errors
/// [`Error::NoExports`] when there is none.
pub fn exports_in(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let mut files = tables_in(folder)?;
    files.retain(|path| !is_own_output(path));
    if files.is_empty() { Err(Error::NoExports { path: folder.into() }) } else { Ok(files) }
}

/// The files of a folder that may be exports by their names, in order of name.
fn tables_in(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let entries = fs::read_dir(folder).map_err(|error| unreadable(folder, &error))?;
    let mut files = Vec::new();
    for entry in entries {
        let path = entry.map_err(|error| unreadable(folder, &error))?.path();
        // Excel keeps ~$name.xlsx beside a workbook that is open.
        let hidden = |name: &std::ffi::OsStr| {
            let name = name.to_string_lossy();
            name.starts_with('.') || name.starts_with("~$")
        };
        let hidden = path.file_name().is_some_and(hidden);
        let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
        if path.is_file() && !hidden && ending.is_some_and(|ending| EXPORT_ENDINGS.contains(&ending.as_str()))
        {
            files.push(path);
        }
    }
    files.sort_by_cached_key(|path| natural_order(path));
    Ok(files)
}

/// The files that a pattern of a project file names, in order of name; what this program wrote is passed over.
///
/// # Errors
/// [`Error::NoMatch`] when there is none; [`Error::UnusableProject`] when it is no pattern.
pub fn matching(folder: &Path, pattern: &str, project: &Path) -> Result<Vec<PathBuf>, Error> {
    let whole = Path::new(&glob::Pattern::escape(&folder.to_string_lossy())).join(pattern);
    let found = glob::glob(&whole.to_string_lossy()).map_err(|error| Error::UnusableProject {
        path: project.into(),
        flaw: Box::new(Flaw::new("no-pattern", &[("pattern", pattern), ("message", error.msg)])),
    })?;
    let mut files = Vec::new();
    for entry in found {
        let path = entry.map_err(|error| unreadable(error.path(), error.error()))?;
        if path.is_file() && !(is_pattern(pattern) && is_own_output(&path)) {
            files.push(path);
        }
    }
    files.sort_by_cached_key(|path| natural_order(path));
    match (files.is_empty(), is_pattern(pattern)) {
        (false, _) => Ok(files),
        (true, true) => Err(Error::NoMatch { pattern: pattern.into(), project: project.into() }),
        (true, false) => Err(Error::MissingInput { path: folder.join(pattern) }),
    }
}

/// Names in the order of people: `uttag-9` before `uttag-10`, capitals as other letters. The name itself
/// decides between names that are alike.
fn natural_order(path: &Path) -> (Vec<(String, u64)>, PathBuf) {
    let name = path.to_string_lossy().to_lowercase();
    let (mut parts, mut word, mut number) = (Vec::new(), String::new(), None::<u64>);
    for letter in name.chars() {
        match letter.to_digit(10) {
            Some(digit) => number = Some(number.unwrap_or(0).saturating_mul(10).saturating_add(digit.into())),
            None => {
                if let Some(number) = number.take() {
                    parts.push((std::mem::take(&mut word), number));
                }
                word.push(letter);
            }
        }
    }
    parts.push((word, number.unwrap_or(0)));
    (parts, path.to_owned())
}

/// The texts of a folder's files, in order of name; hidden files and folders are passed over.
///
/// # Errors
/// As [`open`].
pub fn texts_in(folder: &Path) -> Result<Vec<(PathBuf, String)>, Error> {
    let entries = fs::read_dir(folder).map_err(|error| unreadable(folder, &error))?;
    let mut files = Vec::new();
    for entry in entries {
        let path = entry.map_err(|error| unreadable(folder, &error))?.path();
        let is_hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if path.is_file() && !is_hidden {
            files.push((path.clone(), read_text(&path)?));
        }
    }
    files.sort();
    Ok(files)
}

/// Length of a file in bytes.
///
/// # Errors
/// As [`open`].
pub fn length(path: &Path) -> Result<u64, Error> {
    fs::metadata(path).map(|facts| facts.len()).map_err(|error| unreadable(path, &error))
}

/// Whether two paths lead to one existing file.
pub fn are_the_same(one: &Path, other: &Path) -> bool {
    matches!((fs::canonicalize(one), fs::canonicalize(other)), (Ok(one), Ok(other)) if one == other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_ordered_as_people_would() {
        let mut names = ["uttag-10.csv", "Augusti.csv", "uttag-9.csv", "april.csv", "uttag-2024-08.csv"]
            .map(PathBuf::from);
        names.sort_by_cached_key(|path| natural_order(path));
        assert_eq!(
            names,
            ["april.csv", "Augusti.csv", "uttag-9.csv", "uttag-10.csv", "uttag-2024-08.csv"]
                .map(PathBuf::from)
        );
    }
}
