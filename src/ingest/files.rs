//! Files: the only place where input is opened.

use std::collections::HashMap;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::hex;
use crate::error::{Error, Flaw};

/// File name endings of exports; those of other spreadsheets are taken too, so that they are refused with
/// a remedy and not passed over.
const EXPORT_ENDINGS: [&str; 9] = ["csv", "tsv", "txt", "tab", "xlsx", "xlsm", "xls", "xlsb", "ods"];
/// The first headings of tables that this program writes: the case list, the faults and the tally.
const OWN_HEADINGS: [&str; 3] =
    ["control,case_id,group,start,", "file,line,column,code,", "control,group,subgroup,cohort,"];
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

/// The files that belong to the report in a folder, as its manifest lists them; none when there is no report.
fn listed_in(folder: &Path) -> Vec<String> {
    let text = read_text(&folder.join("manifest.json")).unwrap_or_default();
    let manifest: Value = serde_json::from_str(&text).unwrap_or_default();
    let is_own = manifest["schema"].as_str().is_some_and(|schema| schema.starts_with("frist/manifest/"));
    let outputs = manifest["outputs"].as_array().filter(|_| is_own).into_iter().flatten();
    outputs.filter_map(|file| file["path"].as_str().map(str::to_owned)).collect()
}

/// Parts files into others' and those that this program wrote: they have the headings of one of its tables, or the
/// manifest beside them lists them.
fn parted(files: Vec<PathBuf>) -> (Vec<PathBuf>, Vec<PathBuf>) {
    let mut listed: HashMap<PathBuf, Vec<String>> = HashMap::new();
    let mut is_listed = |path: &Path| {
        let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else { return false };
        let listed = listed.entry(folder.to_owned()).or_insert_with(|| listed_in(folder));
        listed.iter().any(|file| name.to_string_lossy() == file.as_str())
    };
    files.into_iter().partition(|path| !has_own_headings(path) && !is_listed(path))
}

/// Whether a file begins with the headings of a table that this program writes.
fn has_own_headings(path: &Path) -> bool {
    const BEGINNING: u64 = 256;
    let mut beginning = Vec::new();
    let read = open(path).and_then(|mut file| read_more(&mut file, path, &mut beginning, BEGINNING));
    let line = String::from_utf8_lossy(&beginning).replace('"', "").replace(';', ",");
    let line = line.trim_start_matches('\u{feff}');
    read.is_ok() && OWN_HEADINGS.iter().any(|headings| line.starts_with(headings))
}

/// Files that a pattern names and that were written by this program; one that is named in full is meant.
pub fn own_outputs_matching(folder: &Path, pattern: &str) -> Vec<PathBuf> {
    let whole = Path::new(&glob::Pattern::escape(&folder.to_string_lossy())).join(pattern);
    let found = glob::glob(&whole.to_string_lossy()).into_iter().flatten().flatten();
    parted(found.filter(|path| is_pattern(pattern) && path.is_file()).collect()).1
}

fn is_pattern(text: &str) -> bool {
    text.contains(['*', '?', '['])
}

/// The files of a folder that may be exports by their names, and those of that kind that this program wrote, each in
/// order of name; hidden files are passed over.
///
/// # Errors
/// As [`open`].
pub fn tables_in(folder: &Path) -> Result<(Vec<PathBuf>, Vec<PathBuf>), Error> {
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
    Ok(parted(files))
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
        if path.is_file() {
            files.push(path);
        }
    }
    if is_pattern(pattern) {
        files = parted(files).0;
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
    fn what_a_report_lists_is_no_export() {
        let folder = tempfile::tempdir().expect("a folder");
        let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).expect("written");
        let names = || {
            let (exports, own) = tables_in(folder.path()).expect("readable");
            [exports, own].map(|paths| paths.iter().map(|path| path.ends_with("b.csv")).collect::<Vec<_>>())
        };
        write("a.csv", "Nr;Start\n");
        write("b.csv", "Nr;Start\n");
        write("manifest.json", r#"{"schema": "frist/manifest/1", "outputs": [{"path": "b.csv"}]}"#);
        assert_eq!(names(), [vec![false], vec![true]]);
        write("manifest.json", r#"{"schema": "other/1", "outputs": [{"path": "b.csv"}]}"#);
        assert_eq!(names(), [vec![false, true], vec![]]);
    }

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
