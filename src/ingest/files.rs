//! Files: the only place where input is opened.
//!
//! Only a file that does not exist is absent. Anything else that keeps a file from being read is an error: a report on
//! only those cases that could be read would look right and be wrong.

use std::collections::HashMap;
use std::fs::{self, FileType};
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

use sha2::{Digest, Sha256};
use zip::ZipArchive;

use super::hex;
use super::manifest::{self, MANIFEST};
use crate::error::Error;

/// The author that this program writes into the properties of its workbooks of cases.
pub const AUTHOR: &str = "frist";
/// The most bytes of a project file or a rulebook; what people write by hand is a hundredth of it.
pub const MOST_SETTINGS: u64 = 1 << 20;
/// The most bytes of a plan of internal control: forty thousand words.
pub const MOST_PLAN: u64 = 256 << 10;
/// The most bytes of a template.
pub const MOST_TEMPLATE: u64 = 1 << 20;
/// The most bytes of a logo.
pub const MOST_LOGO: u64 = 10 << 20;
/// The most bytes of a Word file whose styles are used.
pub const MOST_REFERENCE: u64 = 20 << 20;
/// The most bytes of a report's manifest; an export takes some 300 of them.
pub const MOST_MANIFEST: u64 = 16 << 20;
/// File name extensions of exports; those of other spreadsheets are included so that they are refused with a remedy,
/// not skipped.
const EXPORT_ENDINGS: [&str; 9] = ["csv", "tsv", "txt", "tab", "xlsx", "xlsm", "xls", "xlsb", "ods"];
/// How files that this program writes begin: the case list, the list of open cases, the faults, the facts, the tally, and
/// a key of pseudonyms.
const OWN_HEADINGS: [&str; 6] = [
    CASE_HEADINGS,
    OPEN_HEADINGS,
    "file,line,column,code,",
    "control,grouping,group,subgroup,part,",
    "schema,control,group,subgroup,part,",
    KEY_MARK,
];
/// The first headings of a case list.
const CASE_HEADINGS: &str = "control,case_id,group,start,";
/// Those of a list of open cases.
const OPEN_HEADINGS: &str = "control,case,group,start,due,days_left";
/// What the head of a page of open cases has.
const OPEN_PAGE: &str = "<meta name=\"generator\" content=\"frist open\">";
/// The beginning of a key file for pseudonyms.
pub const KEY_MARK: &str = "# frist pseudonym key";

pub(super) fn unreadable(path: &Path, error: &io::Error) -> Error {
    match error.kind() {
        ErrorKind::NotFound => Error::MissingInput { path: path.into() },
        _ => Error::UnreadableInput { path: path.into(), cause: error.to_string() },
    }
}

/// What is at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A file.
    File,
    /// A folder.
    Folder,
    /// Something else, by its key under `no-file` in the text catalogues.
    Other(&'static str),
}

impl Kind {
    fn of(kind: FileType) -> Kind {
        match () {
            () if kind.is_file() => Kind::File,
            () if kind.is_dir() => Kind::Folder,
            () => Kind::Other(special(kind)),
        }
    }
}

#[cfg(all(unix, not(feature = "elsewhere")))]
fn special(kind: FileType) -> &'static str {
    use std::os::unix::fs::FileTypeExt;
    match () {
        () if kind.is_fifo() => "pipe",
        () if kind.is_socket() => "socket",
        () if kind.is_block_device() || kind.is_char_device() => "device",
        () => "other",
    }
}

#[cfg(any(not(unix), feature = "elsewhere"))]
fn special(_: FileType) -> &'static str {
    "other"
}

/// The folder that a file is in.
pub fn folder_of(file: &Path) -> &Path {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// What is at a path, following links; `None` if nothing is.
///
/// # Errors
/// [`Error::NotAFile`] if it is a link to nothing; [`Error::UnreadableInput`] if the system does not say.
pub fn at(path: &Path) -> Result<Option<Kind>, Error> {
    let is_nothing = |error: &io::Error| error.kind() == ErrorKind::NotFound;
    match fs::metadata(path) {
        Ok(facts) => Ok(Some(Kind::of(facts.file_type()))),
        Err(error) if is_nothing(&error) => match fs::symlink_metadata(path) {
            Ok(_) => Err(Error::NotAFile { path: path.into(), kind: "dead-link" }),
            Err(error) if is_nothing(&error) => Ok(None),
            Err(error) => Err(unreadable(path, &error)),
        },
        Err(error) => Err(unreadable(path, &error)),
    }
}

/// Whether a file is at a path.
///
/// # Errors
/// As [`at`]; [`Error::NotAFile`] if something else is there.
pub fn is_there(path: &Path) -> Result<bool, Error> {
    match at(path)? {
        None => Ok(false),
        Some(kind) => refuse_other(path, kind).map(|()| true),
    }
}

fn refuse_other(path: &Path, kind: Kind) -> Result<(), Error> {
    let kind = match kind {
        Kind::File => return Ok(()),
        Kind::Folder => "folder",
        Kind::Other(kind) => kind,
    };
    Err(Error::NotAFile { path: path.into(), kind })
}

/// Opens a file for reading. Pipes and devices are refused unopened: opening one may block forever or have an effect.
///
/// # Errors
/// [`Error::MissingInput`], [`Error::NotAFile`], [`Error::UnreadableInput`].
pub fn open(path: &Path) -> Result<fs::File, Error> {
    if !is_there(path)? {
        return Err(Error::MissingInput { path: path.into() });
    }
    let failed = |error: io::Error| unreadable(path, &error);
    let file = open_now(path).map_err(failed)?;
    // Another file may have taken its place since it was examined.
    refuse_other(path, Kind::of(file.metadata().map_err(failed)?.file_type()))?;
    Ok(file)
}

/// Opens a path without blocking, whatever it has become.
#[cfg(all(target_os = "linux", not(feature = "elsewhere")))]
fn open_now(path: &Path) -> io::Result<fs::File> {
    use rustix::fs::{Mode, OFlags};
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    Ok(rustix::fs::open(path, flags, Mode::empty())?.into())
}

#[cfg(any(not(target_os = "linux"), feature = "elsewhere"))]
fn open_now(path: &Path) -> io::Result<fs::File> {
    fs::File::open(path)
}

/// What shows that a file has changed, as far as the system records it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// Length in bytes.
    pub length: u64,
    /// Time of the last change, since 1970, on systems that have it. Network drives may update it seconds late.
    modified: Option<Duration>,
}

impl Stamp {
    /// The stamp of an open file.
    ///
    /// # Errors
    /// [`Error::UnreadableInput`].
    pub fn of(file: &fs::File, path: &Path) -> Result<Stamp, Error> {
        let facts = file.metadata().map_err(|error| unreadable(path, &error))?;
        let modified = facts.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        Ok(Stamp { length: facts.len(), modified })
    }
}

/// Reads a whole file of at most `most` bytes.
///
/// # Errors
/// As [`open`]; [`Error::TooLarge`]; [`Error::ChangedInput`] if it changes meanwhile.
pub fn read_bytes(path: &Path, most: u64) -> Result<Vec<u8>, Error> {
    let mut file = open(path)?;
    let before = Stamp::of(&file, path)?;
    let mut bytes = Vec::new();
    // One byte more detects a file that is longer than its length says.
    read_more(&mut file, path, &mut bytes, most + 1)?;
    if before.length > most || bytes.len() as u64 > most {
        return Err(Error::TooLarge { path: path.into(), most });
    }
    if Stamp::of(&file, path)? != before || bytes.len() as u64 != before.length {
        return Err(Error::ChangedInput { path: path.into() });
    }
    Ok(bytes)
}

/// A text and the SHA-256 of the bytes that it was read from, in hexadecimal.
#[derive(Debug, Clone)]
pub struct Text {
    /// The text.
    pub text: String,
    /// The digest.
    pub sha256: String,
}

/// The SHA-256 of a file of any length, in hexadecimal.
///
/// # Errors
/// As [`open`].
pub fn sha256_of(path: &Path) -> Result<String, Error> {
    const PIECE: u64 = 1 << 20;
    let (mut file, mut hasher, mut piece) = (open(path)?, Sha256::new(), Vec::new());
    while read_more(&mut file, path, &mut piece, PIECE)? > 0 {
        hasher.update(&piece);
        piece.clear();
    }
    Ok(hex(&hasher.finalize()))
}

/// The cause of a text that is in another encoding, which messages say in their own words.
pub const NOT_UTF8: &str = "not UTF-8";

/// Reads a text of at most `most` bytes: a project file, a rulebook, a template.
///
/// # Errors
/// As [`read_bytes`]; a file that is not UTF-8 is unreadable.
pub fn read_text(path: &Path, most: u64) -> Result<Text, Error> {
    let bytes = read_bytes(path, most)?;
    let sha256 = hex(&Sha256::digest(&bytes));
    let text = String::from_utf8(bytes)
        .map_err(|_| Error::UnreadableInput { path: path.into(), cause: NOT_UTF8.into() })?;
    Ok(Text { text, sha256 })
}

/// Appends the next piece of a file to `buffer`; returns its length, 0 at the end.
///
/// # Errors
/// [`Error::UnreadableInput`].
pub fn read_more(file: &mut fs::File, path: &Path, buffer: &mut Vec<u8>, bytes: u64) -> Result<usize, Error> {
    file.by_ref().take(bytes).read_to_end(buffer).map_err(|error| unreadable(path, &error))
}

/// The files of the report in a folder, as its manifest lists them; none if there is no report.
fn listed_in(folder: &Path) -> Result<Vec<String>, Error> {
    let path = folder.join(MANIFEST);
    if at(&path)? != Some(Kind::File) {
        return Ok(Vec::new());
    }
    let listed = manifest::listed(&read_bytes(&path, MOST_MANIFEST)?);
    Ok(listed.unwrap_or_default().into_iter().map(|file| file.path).collect())
}

/// Files of others, and files written by this program.
pub type Parted = (Vec<PathBuf>, Vec<PathBuf>);

/// Separates files of others from those written by this program.
pub(super) fn parted(files: Vec<PathBuf>) -> Result<Parted, Error> {
    let (mut marks, mut others, mut own) = (OwnMarks::default(), Vec::new(), Vec::new());
    for path in files {
        if marks.are_on(&path)? { own.push(path) } else { others.push(path) }
    }
    Ok((others, own))
}

/// Decides whether this program wrote a file: the file begins with the headings of one of its tables, or a manifest
/// beside or above it lists it.
#[derive(Default)]
struct OwnMarks {
    /// Paths that manifests list, by the manifest's folder.
    listed: HashMap<PathBuf, Vec<String>>,
}

impl OwnMarks {
    fn are_on(&mut self, path: &Path) -> Result<bool, Error> {
        /// A report has subfolders: a table of its charts is one or two folders below the manifest.
        const FOLDERS: usize = 3;
        for (above, folder) in path.ancestors().skip(1).take(FOLDERS).enumerate() {
            if !self.listed.contains_key(folder) {
                let listed = listed_in(folder);
                // Folders above may belong to others and be unreadable.
                let listed = if above == 0 { listed? } else { listed.unwrap_or_default() };
                self.listed.insert(folder.to_owned(), listed);
            }
            if self.listed[folder].contains(&written_path(path, folder)) {
                return Ok(true);
            }
        }
        has_headings(path, &OWN_HEADINGS)
    }
}

/// A path in the form used by the manifest of a folder above it: relative, with `/`.
pub(super) fn written_path(path: &Path, folder: &Path) -> String {
    let parts = path.strip_prefix(folder).unwrap_or(path).components();
    let parts: Vec<_> = parts.map(|part| part.as_os_str().to_string_lossy()).collect();
    parts.join("/")
}

/// The first bytes of a file, as far as they are a text.
pub(super) fn beginning(path: &Path) -> Result<String, Error> {
    const BEGINNING: u64 = 256;
    let mut bytes = Vec::new();
    read_more(&mut open(path)?, path, &mut bytes, BEGINNING)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Whether a file begins with headings of tables that this program writes.
fn has_headings(path: &Path, known: &[&str]) -> Result<bool, Error> {
    let line = beginning(path)?.replace('"', "").replace(';', ",");
    let line = line.trim_start_matches('\u{feff}');
    Ok(known.iter().any(|headings| line.starts_with(headings)))
}

/// Whether a file is a list of cases written by this program, or empty, so that another may replace it. A key file for
/// pseudonyms is not: without it they lead to no case.
///
/// # Errors
/// [`Error::UnreadableInput`].
pub fn is_own_list(path: &Path) -> Result<bool, Error> {
    const MOST: u64 = 1 << 16;
    let is_empty = open(path)?.metadata().is_ok_and(|facts| facts.len() == 0);
    if is_empty
        || has_headings(path, &[CASE_HEADINGS, OPEN_HEADINGS])?
        || beginning(path)?.contains(OPEN_PAGE)
    {
        return Ok(true);
    }
    let Ok(mut workbook) = ZipArchive::new(open(path)?) else { return Ok(false) };
    let mut properties = String::new();
    let read = workbook
        .by_name("docProps/core.xml")
        .map(|part| part.take(MOST).read_to_string(&mut properties).is_ok());
    Ok(matches!(read, Ok(true)) && properties.contains(&format!("<dc:creator>{AUTHOR}</dc:creator>")))
}

/// Whether a file name is hidden from people: Excel keeps `~$name.xlsx` beside an open workbook.
pub(super) fn is_hidden(name: &str) -> bool {
    name.starts_with('.') || name.starts_with("~$")
}

pub(super) fn is_hidden_entry(path: &Path) -> bool {
    is_hidden(&path.file_name().unwrap_or_default().to_string_lossy())
}

/// The entries of a folder, in no particular order.
///
/// # Errors
/// As [`open`].
pub(super) fn entries(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    // The folder of a file named without one.
    let listed = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let mut found = Vec::new();
    for entry in fs::read_dir(listed).map_err(|error| unreadable(listed, &error))? {
        found.push(folder.join(entry.map_err(|error| unreadable(listed, &error))?.file_name()));
    }
    Ok(found)
}

pub(super) fn is_export_by_name(path: &Path) -> bool {
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
    ending.is_some_and(|ending| EXPORT_ENDINGS.contains(&ending.as_str()))
}

/// The entries of a folder whose names may be those of exports, in order of name; hidden ones are skipped.
fn export_names_in(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let mut files = entries(folder)?;
    files.retain(|path| is_export_by_name(path) && !is_hidden_entry(path));
    files.sort_by_cached_key(|path| natural_order(path));
    Ok(files)
}

/// The files of a folder whose names may be those of exports, and those of them written by this program, each in order
/// of name; hidden files are skipped.
///
/// # Errors
/// As [`open`]; [`Error::NotAFile`] if something is named like an export but is not a file.
pub fn tables_in(folder: &Path) -> Result<Parted, Error> {
    parted(export_names_in(folder)?)
}

/// As [`tables_in`], for a folder whose exports the project file names: other files in it are only mentioned, and do
/// not stop the run if they cannot be read.
///
/// # Errors
/// If the folder cannot be read.
pub fn tables_beside(folder: &Path) -> Result<Parted, Error> {
    let mut marks = OwnMarks::default();
    let files = export_names_in(folder)?.into_iter();
    Ok(files.partition(|path| !marks.are_on(path).unwrap_or(false)))
}

/// A sort key that orders names as people do: `uttag-9` before `uttag-10`, ignoring case. The path itself orders names
/// that are alike.
pub(super) fn natural_order(path: &Path) -> (Vec<(String, u64)>, PathBuf) {
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

/// The files of a folder, in order of name. Hidden files are skipped, and so are folders, which may hold older files,
/// unless a folder has a known name and was meant to be a file.
///
/// # Errors
/// As [`at`].
pub fn files_in(folder: &Path, is_known: impl Fn(&str) -> bool) -> Result<Vec<PathBuf>, Error> {
    let mut files = Vec::new();
    for path in entries(folder)? {
        let is_known = || is_known(&path.file_name().unwrap_or_default().to_string_lossy());
        if !is_hidden_entry(&path) && (at(&path)? != Some(Kind::Folder) || is_known()) {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// The folders in the folder that a path stands in, in order of name; none where they cannot be read.
pub fn folders_beside(path: &Path) -> Vec<PathBuf> {
    let mut folders = entries(path.parent().unwrap_or(Path::new(""))).unwrap_or_default();
    folders.retain(|path| !is_hidden_entry(path) && matches!(at(path), Ok(Some(Kind::Folder))));
    folders.sort();
    folders
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "tests make the files that are read")]
mod tests {
    use super::super::patterns::matching;
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
        let outputs = r#""outputs": [{"path": "b.csv", "bytes": 1, "sha256": ""}]"#;
        write("manifest.json", &format!(r#"{{"schema": "frist/manifest/1", {outputs}}}"#));
        assert_eq!(names(), [vec![false], vec![true]]);
        write("manifest.json", &format!(r#"{{"schema": "other/1", {outputs}}}"#));
        assert_eq!(names(), [vec![false, true], vec![]]);
        write("manifest.json", r#"{"name": "a program's own", "schema": 1}"#);
        assert_eq!(names(), [vec![false, true], vec![]]);
    }

    #[test]
    fn what_a_report_lists_in_its_folders_is_no_export() {
        let folder = tempfile::tempdir().expect("a folder");
        let outputs = ["charts/a.csv", "charts/more/a.csv"]
            .map(|path| format!(r#"{{"path": "{path}", "bytes": 1, "sha256": ""}}"#));
        let manifest = format!(r#"{{"schema": "frist/manifest/1", "outputs": [{}]}}"#, outputs.join(", "));
        for (name, text) in [
            ("reports/manifest.json", manifest.as_str()),
            ("reports/charts/a.csv", "Nr;Start\n"),
            ("reports/charts/b.csv", "Nr;Start\n"),
            ("reports/charts/more/a.csv", "Nr;Start\n"),
            ("reports/a.csv", "Nr;Start\n"),
        ] {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().expect("a folder")).expect("made");
            fs::write(path, text).expect("written");
        }
        let (exports, own) = matching(folder.path(), "**/*.csv", Path::new("frist.toml")).expect("readable");
        let names = |paths: Vec<PathBuf>| -> Vec<String> {
            paths.iter().map(|path| written_path(path, folder.path())).collect()
        };
        assert_eq!(names(own), ["reports/charts/a.csv", "reports/charts/more/a.csv"]);
        assert_eq!(names(exports), ["reports/a.csv", "reports/charts/b.csv"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_manifest_that_cannot_be_read_matters_only_beside_a_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let below = folder.path().join("n");
        fs::create_dir(&below).expect("made");
        fs::write(below.join("a.csv"), "Nr;Start\n").expect("written");
        std::os::unix::fs::symlink("gone.json", folder.path().join("manifest.json")).expect("a link");
        let found = |folder: &Path| matching(folder, "*.csv", Path::new("frist.toml"));
        assert_eq!(found(&below), Ok((vec![below.join("a.csv")], Vec::new())));
        fs::write(folder.path().join("b.csv"), "Nr;Start\n").expect("written");
        assert!(matches!(found(folder.path()), Err(Error::NotAFile { kind: "dead-link", .. })));
    }

    #[test]
    fn a_file_has_the_digest_of_all_its_bytes() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.csv");
        for length in [0, 3, 1 << 20, (1 << 20) + 3] {
            let bytes = vec![7; length];
            fs::write(&path, &bytes).expect("written");
            assert_eq!(sha256_of(&path), Ok(hex(&Sha256::digest(&bytes))), "{length}");
        }
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

    #[test]
    fn a_file_is_read_up_to_its_limit() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.toml");
        fs::write(&path, "12345").expect("written");
        assert_eq!(read_text(&path, 5).expect("it fits").text, "12345");
        assert_eq!(read_bytes(&path, 4), Err(Error::TooLarge { path: path.clone(), most: 4 }));
        fs::write(&path, b"\xE4").expect("written");
        assert!(matches!(read_text(&path, 5), Err(Error::UnreadableInput { .. })));
    }

    #[test]
    fn what_is_not_there_is_told_from_what_cannot_be_read() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = |name: &str| folder.path().join(name);
        fs::write(path("a.csv"), "x").expect("written");
        assert_eq!(at(&path("a.csv")), Ok(Some(Kind::File)));
        assert_eq!(at(folder.path()), Ok(Some(Kind::Folder)));
        assert_eq!(at(&path("b.csv")), Ok(None));
        assert!(matches!(open(&path("b.csv")), Err(Error::MissingInput { .. })));
        assert!(matches!(open(folder.path()), Err(Error::NotAFile { kind: "folder", .. })));
    }

    #[cfg(unix)]
    #[test]
    fn links_that_lead_nowhere_and_paths_through_files_are_errors() {
        use std::os::unix::fs::symlink;
        let folder = tempfile::tempdir().expect("a folder");
        let path = |name: &str| folder.path().join(name);
        fs::write(path("a.csv"), "x").expect("written");
        symlink("gone.csv", path("dead.csv")).expect("a link");
        symlink("loop.csv", path("loop.csv")).expect("a link");
        symlink("a.csv", path("sound.csv")).expect("a link");
        symlink("/dev/zero", path("zero.csv")).expect("a link");
        assert!(matches!(at(&path("dead.csv")), Err(Error::NotAFile { kind: "dead-link", .. })));
        assert!(matches!(at(&path("loop.csv")), Err(Error::UnreadableInput { .. })));
        assert!(matches!(at(&path("a.csv/b.csv")), Err(Error::UnreadableInput { .. })));
        assert!(matches!(open(&path("zero.csv")), Err(Error::NotAFile { kind: "device", .. })));
        assert!(open(&path("sound.csv")).is_ok());
        assert!(matches!(tables_in(folder.path()), Err(Error::NotAFile { kind: "dead-link", .. })));
    }
}
