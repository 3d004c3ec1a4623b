//! Patterns of file names: which files in the folders below match.
//!
//! The `glob` crate compares names. The folders are walked here, because that crate skips what it cannot read.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Component, Path, PathBuf};

use glob::{Pattern, PatternError};

use super::files::{self, Kind, Parted};
use crate::error::{Error, Flaw};
use crate::values::composed;

/// Whether a text is a pattern for file names.
pub fn is_pattern(text: &str) -> bool {
    text.contains(['*', '?', '['])
}

/// A pattern, split at its folders.
pub struct FilePattern {
    /// The root of an absolute pattern.
    root: PathBuf,
    parts: Vec<Part>,
}

/// One component of a pattern.
enum Part {
    /// Any number of folders, or none.
    Folders,
    /// Exactly this name.
    Named(String),
    /// Every name that matches.
    Like(Pattern),
}

impl Part {
    fn new(text: &str) -> Result<Part, PatternError> {
        Ok(match text {
            "**" => Part::Folders,
            _ if is_pattern(text) => Part::Like(Pattern::new(&composed(text))?),
            _ => Part::Named(text.to_owned()),
        })
    }
}

impl FilePattern {
    /// Parses a pattern.
    ///
    /// # Errors
    /// If the text is not a pattern.
    pub fn new(text: &str) -> Result<FilePattern, PatternError> {
        let mut pattern = FilePattern { root: PathBuf::new(), parts: Vec::new() };
        for component in Path::new(text).components() {
            match component {
                Component::Prefix(_) | Component::RootDir => pattern.root.push(component),
                _ => pattern.parts.push(Part::new(&component.as_os_str().to_string_lossy())?),
            }
        }
        Ok(pattern)
    }

    /// The entries below a folder that match, whether or not they are files. Hidden entries match only a component that
    /// begins in the same way.
    ///
    /// # Errors
    /// If a folder, or something that could be one, cannot be read.
    pub fn matching(&self, folder: &Path) -> Result<BTreeSet<PathBuf>, Error> {
        let mut walk = Walk::default();
        walk.descend(&folder.join(&self.root), &self.parts)?;
        Ok(walk.found)
    }
}

/// The file with a name. On disk, its letters may be decomposed, as macOS writes them: a and a ring for å.
fn named(folder: &Path, name: &str) -> Result<Option<PathBuf>, Error> {
    let path = folder.join(name);
    if files::is_there(&path)? {
        return Ok(Some(path));
    }
    let parts = FilePattern::new(name).ok().filter(|_| !name.is_ascii());
    let found = parts.map(|parts| parts.matching(folder)).transpose()?;
    Ok(found.unwrap_or_default().pop_first())
}

/// The files that a pattern of a project file names, and those of them written by this program, each in order of name.
/// A file named in full is always an export, whoever wrote it. Folders are skipped, unless they are named like an
/// export.
fn named_by(folder: &Path, pattern: &str, project: &Path) -> Result<Parted, Error> {
    if !is_pattern(pattern) {
        return Ok((named(folder, pattern)?.into_iter().collect(), Vec::new()));
    }
    let compiled = FilePattern::new(pattern).map_err(|error| Error::UnusableProject {
        path: project.into(),
        flaw: Box::new(Flaw::new("no-pattern", &[("pattern", pattern), ("message", error.msg)])),
    })?;
    let mut found = Vec::new();
    for path in compiled.matching(folder)? {
        if files::at(&path)? != Some(Kind::Folder) || files::is_export_by_name(&path) {
            found.push(path);
        }
    }
    found.sort_by_cached_key(|path| files::natural_order(path));
    files::parted(found)
}

/// The files that a pattern of a project file names, and those of them written by this program, which are skipped, each
/// in order of name.
///
/// # Errors
/// [`Error::NoMatch`] if there are no files of the first kind; [`Error::UnusableProject`] if the text is not a pattern;
/// as [`files::open`].
pub fn matching(folder: &Path, pattern: &str, project: &Path) -> Result<Parted, Error> {
    let found = named_by(folder, pattern, project)?;
    match (found.0.is_empty(), is_pattern(pattern)) {
        (false, _) => Ok(found),
        (true, true) => Err(Error::NoMatch { pattern: pattern.into(), project: project.into() }),
        (true, false) => Err(Error::MissingInput { path: folder.join(pattern) }),
    }
}

/// A walk through folders.
#[derive(Default)]
struct Walk {
    found: BTreeSet<PathBuf>,
    /// Folders visited, each with how much of the pattern was left: links may lead back to them.
    seen: BTreeSet<(usize, PathBuf)>,
}

impl Walk {
    /// Adds the entries below a folder that the rest of a pattern names.
    fn descend(&mut self, folder: &Path, parts: &[Part]) -> Result<(), Error> {
        let Some((part, rest)) = parts.split_first() else { return Ok(()) };
        match part {
            Part::Folders => {
                let listed = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
                let real = fs::canonicalize(listed).map_err(|error| files::unreadable(folder, &error))?;
                if self.seen.insert((parts.len(), real)) {
                    self.descend(folder, rest)?;
                    for entry in sorted(folder, |name| !files::is_hidden(name))? {
                        self.enter(&entry, parts)?;
                    }
                }
            }
            Part::Named(name) => {
                let path = folder.join(name);
                if files::at(&path)?.is_some() {
                    self.take(path, rest)?;
                } else if !name.is_ascii() {
                    for entry in sorted(folder, |other| other == composed(name))? {
                        self.take(entry, rest)?;
                    }
                }
            }
            Part::Like(pattern) => {
                let names_hidden = files::is_hidden(pattern.as_str());
                let is_named =
                    |name: &str| pattern.matches(name) && (names_hidden || !files::is_hidden(name));
                for entry in sorted(folder, is_named)? {
                    self.take(entry, rest)?;
                }
            }
        }
        Ok(())
    }

    /// Adds a matching entry, or continues below it if more of the pattern is left.
    fn take(&mut self, entry: PathBuf, rest: &[Part]) -> Result<(), Error> {
        if rest.is_empty() {
            self.found.insert(entry);
            return Ok(());
        }
        self.enter(&entry, rest)
    }

    /// Continues below an entry if it is a folder.
    fn enter(&mut self, entry: &Path, parts: &[Part]) -> Result<(), Error> {
        match files::at(entry)? {
            Some(Kind::Folder) => self.descend(entry, parts),
            _ => Ok(()),
        }
    }
}

/// The entries of a folder whose names, with their letters composed, are wanted.
fn sorted(folder: &Path, is_wanted: impl Fn(&str) -> bool) -> Result<Vec<PathBuf>, Error> {
    let mut entries = files::entries(folder)?;
    entries.retain(|path| is_wanted(&composed(&path.file_name().unwrap_or_default().to_string_lossy())));
    entries.sort();
    Ok(entries)
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "tests make the files that are read")]
mod tests {
    use super::*;

    fn names(folder: &Path, pattern: &str) -> Vec<String> {
        let found = FilePattern::new(pattern).expect("sound").matching(folder).expect("readable");
        let name = |path: &PathBuf| path.strip_prefix(folder).expect("below").to_string_lossy().into_owned();
        found.iter().map(name).collect()
    }

    fn folder_with(files: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        for file in files {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().expect("a folder")).expect("made");
            fs::write(path, "x").expect("written");
        }
        folder
    }

    #[test]
    fn patterns_name_files_at_any_depth_and_hidden_ones_only_in_full() {
        let folder =
            folder_with(&["a.csv", "b.txt", ".c.csv", "~$d.csv", "n/e.csv", "n/m/f.csv", ".h/g.csv"]);
        assert_eq!(names(folder.path(), "*.csv"), ["a.csv"]);
        assert_eq!(names(folder.path(), "[ab].*"), ["a.csv", "b.txt"]);
        assert_eq!(names(folder.path(), "*/*.csv"), ["n/e.csv"]);
        assert_eq!(names(folder.path(), "*/e.csv"), ["n/e.csv"]);
        assert_eq!(names(folder.path(), "n/?.csv"), ["n/e.csv"]);
        assert_eq!(names(folder.path(), ".h/*.csv"), [".h/g.csv"]);
        assert_eq!(names(folder.path(), ".*.csv"), [".c.csv"]);
        assert_eq!(names(folder.path(), "**/*.csv"), ["a.csv", "n/e.csv", "n/m/f.csv"]);
        let absolute = format!("{}/*.csv", Pattern::escape(&folder.path().to_string_lossy()));
        assert_eq!(names(folder.path(), &absolute), ["a.csv"]);
        assert!(names(folder.path(), "none/*.csv").is_empty());
        assert!(FilePattern::new("[a/b].csv").is_err() && FilePattern::new("a**.csv").is_err());
    }

    #[test]
    fn composed_and_decomposed_letters_are_the_same() {
        let (composed, decomposed) = ("s\u{f6}der.csv", "so\u{308}der.csv");
        for (on_disk, wanted) in [(composed, decomposed), (decomposed, composed)] {
            let folder = folder_with(&[on_disk, &format!("\u{e5}r/{on_disk}"), "soder.csv"]);
            let file = |name: &str| {
                let (files, _) = matching(folder.path(), name, Path::new("frist.toml")).expect("a file");
                files
            };
            assert_eq!(file(wanted), [folder.path().join(on_disk)]);
            assert_eq!(file(&format!("a\u{30a}r/{wanted}")), [folder.path().join("\u{e5}r").join(on_disk)]);
            assert_eq!(names(folder.path(), &format!("{}*", &wanted[..wanted.len() - 4])), [on_disk]);
        }
    }

    #[cfg(unix)]
    #[test]
    fn loops_of_links_end_and_dead_links_are_errors() {
        use std::os::unix::fs::symlink;
        let folder = folder_with(&["n/e.csv"]);
        symlink("..", folder.path().join("n/up")).expect("a link");
        symlink("n", folder.path().join("same")).expect("a link");
        assert_eq!(names(folder.path(), "**/*.csv"), ["n/e.csv"]);
        symlink("gone", folder.path().join("s")).expect("a link");
        for pattern in ["*/*.csv", "**/*.csv", "s/*.csv"] {
            let dead = FilePattern::new(pattern).expect("sound").matching(folder.path());
            assert!(matches!(dead, Err(Error::NotAFile { kind: "dead-link", .. })), "{pattern}");
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn names_that_are_no_utf8_are_named_too() {
        use std::os::unix::ffi::OsStrExt;
        let folder = folder_with(&[]);
        let name = std::ffi::OsStr::from_bytes(b"\xE4.csv");
        fs::write(folder.path().join(name), "x").expect("written");
        let found = FilePattern::new("*.csv").expect("sound").matching(folder.path()).expect("readable");
        assert_eq!(found.len(), 1);
    }
}
