//! Files: the only place where input is opened.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::encoding::{Encoding, UTF8_BOM, Utf8Check};
use crate::error::Error;

/// File name endings of delimited exports.
const EXPORT_ENDINGS: [&str; 4] = ["csv", "tsv", "txt", "tab"];
/// Headings stand within this many bytes of the beginning.
const HEAD_BYTES: u64 = 256 * 1024;

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

/// The beginning of a file, where its headings are.
pub struct Head {
    /// The first bytes, without a byte order mark.
    pub bytes: Vec<u8>,
    /// Length of the byte order mark, 0 without one.
    pub mark_length: usize,
    /// The encoding, told from the whole file.
    pub encoding: Encoding,
}

/// Reads the beginning of a file and tells its encoding.
///
/// # Errors
/// As [`open`].
pub fn head(path: &Path) -> Result<Head, Error> {
    let mut file = open(path)?;
    let mut bytes = Vec::new();
    read_more(&mut file, path, &mut bytes, HEAD_BYTES)?;
    if bytes.starts_with(UTF8_BOM) {
        let bytes = bytes.split_off(UTF8_BOM.len());
        return Ok(Head { bytes, mark_length: UTF8_BOM.len(), encoding: Encoding::Utf8 });
    }
    let mut check = Utf8Check::default();
    check.feed(&bytes);
    let mut piece = Vec::new();
    while check.may_hold() && read_more(&mut file, path, &mut piece, 4 * HEAD_BYTES)? > 0 {
        check.feed(&piece);
        piece.clear();
    }
    let encoding = if check.holds() { Encoding::Utf8 } else { Encoding::Windows1252 };
    Ok(Head { bytes, mark_length: 0, encoding })
}

/// The exports of a folder in order of name; hidden files and other kinds of file are passed over.
///
/// # Errors
/// [`Error::NoExports`] when there is none.
pub fn exports_in(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let entries = fs::read_dir(folder).map_err(|error| unreadable(folder, &error))?;
    let mut files = Vec::new();
    for entry in entries {
        let path = entry.map_err(|error| unreadable(folder, &error))?.path();
        let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
        if path.is_file() && !hidden && ending.is_some_and(|ending| EXPORT_ENDINGS.contains(&ending.as_str()))
        {
            files.push(path);
        }
    }
    files.sort();
    if files.is_empty() { Err(Error::NoExports { path: folder.into() }) } else { Ok(files) }
}

/// The files that a pattern of a project file names, in order of name.
///
/// # Errors
/// [`Error::NoMatch`] when there is none; [`Error::UnusableProject`] when it is no pattern.
pub fn matching(folder: &Path, pattern: &str, project: &Path) -> Result<Vec<PathBuf>, Error> {
    let whole = Path::new(&glob::Pattern::escape(&folder.to_string_lossy())).join(pattern);
    let found = glob::glob(&whole.to_string_lossy()).map_err(|error| Error::UnusableProject {
        path: project.into(),
        reason: format!("'{pattern}' is not a file name or pattern: {error}"),
    })?;
    let mut files = Vec::new();
    for entry in found {
        let path = entry.map_err(|error| unreadable(error.path(), error.error()))?;
        if path.is_file() {
            files.push(path);
        }
    }
    files.sort();
    match (files.is_empty(), pattern.contains(['*', '?', '['])) {
        (false, _) => Ok(files),
        (true, true) => Err(Error::NoMatch { pattern: pattern.into(), project: project.into() }),
        (true, false) => Err(Error::MissingInput { path: folder.join(pattern) }),
    }
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
