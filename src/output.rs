//! Output: folders and files that appear whole or not at all.
//!
//! Alone in writing files. Everything is written and synced beside its place first and moved there at the
//! end, so that a run that fails leaves what was there before. The place is tried before the work begins.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "this is where files are written")]

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tempfile::TempDir;

use crate::error::Error;
use crate::ingest::hex;

/// The file that lists the others; a folder without it is no report.
pub const MANIFEST: &str = "manifest.json";

/// A file of a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    /// Path inside the folder, with `/`.
    pub path: String,
    /// Length in bytes.
    pub bytes: u64,
    /// SHA-256 in hexadecimal.
    pub sha256: String,
}

/// The part of a manifest that says which files there are.
#[derive(Deserialize)]
struct Manifest {
    outputs: Vec<Listed>,
}

fn unwritable(path: &Path) -> impl Fn(io::Error) -> Error + use<> {
    let path = path.to_owned();
    move |error| Error::UnwritableOutput { path: path.clone(), cause: error.to_string() }
}

/// The folder that a path stands in.
fn parent_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    }
}

/// A place beside `target`, on the same volume, that is cleared away whatever happens.
fn beside(target: &Path) -> Result<TempDir, Error> {
    let parent = parent_of(target);
    fs::create_dir_all(parent).map_err(unwritable(parent))?;
    tempfile::Builder::new().prefix(".frist-").tempdir_in(parent).map_err(unwritable(target))
}

/// A folder in the making.
pub struct StagedFolder {
    target: PathBuf,
    staging: TempDir,
    listed: BTreeMap<String, Listed>,
}

impl StagedFolder {
    /// Begins a folder that is to stand at `target`, in the place of an earlier report if there is one.
    ///
    /// # Errors
    /// [`Error::ForeignOutput`] when `target` holds files that are not an earlier report's;
    /// [`Error::UnwritableOutput`].
    pub fn begin(target: &Path) -> Result<StagedFolder, Error> {
        // Through links and dots to the folder itself, which is what is replaced.
        let target = match target.exists() {
            true => fs::canonicalize(target).map_err(unwritable(target))?,
            false => target.to_owned(),
        };
        refuse_foreign_files(&target)?;
        let staging = beside(&target)?;
        // The temporary folder is for its owner alone; the report has the usual permissions.
        let folder = staging.path().join("report");
        fs::create_dir(&folder).map_err(unwritable(&target))?;
        Ok(StagedFolder { target, staging, listed: BTreeMap::new() })
    }

    fn place_of(&self, name: &str) -> PathBuf {
        self.staging.path().join("report").join(name)
    }

    /// Where the folder will stand.
    pub fn target(&self) -> &Path {
        &self.target
    }

    /// Writes a file; `name` may name a folder inside with `/`.
    ///
    /// # Errors
    /// [`Error::UnwritableOutput`].
    pub fn write(&mut self, name: &str, bytes: &[u8]) -> Result<(), Error> {
        let mut file = self.create(name)?;
        file.write_all(bytes).map_err(unwritable(&self.target.join(name)))?;
        self.finish(name, file)
    }

    /// Makes an empty file to be written bit by bit and handed back to [`StagedFolder::finish`].
    ///
    /// # Errors
    /// [`Error::UnwritableOutput`].
    pub fn create(&self, name: &str) -> Result<File, Error> {
        let place = self.place_of(name);
        let failed = unwritable(&self.target.join(name));
        fs::create_dir_all(parent_of(&place)).map_err(&failed)?;
        File::create(&place).map_err(&failed)
    }

    /// Syncs a file and lists it.
    ///
    /// # Errors
    /// [`Error::UnwritableOutput`].
    pub fn finish(&mut self, name: &str, file: File) -> Result<(), Error> {
        let failed = unwritable(&self.target.join(name));
        file.sync_all().map_err(&failed)?;
        let listed = listed(name, &self.place_of(name)).map_err(&failed)?;
        self.listed.insert(name.to_owned(), listed);
        Ok(())
    }

    /// The files so far, in order of name.
    pub fn listed(&self) -> Vec<Listed> {
        self.listed.values().cloned().collect()
    }

    /// Writes the manifest and puts the folder in its place.
    ///
    /// # Errors
    /// [`Error::UnwritableOutput`]; what was there before is then still there.
    pub fn publish(mut self, manifest: &[u8]) -> Result<(), Error> {
        self.write(MANIFEST, manifest)?;
        let folder = self.staging.path().join("report");
        let failed = unwritable(&self.target);
        sync_folder(&folder).map_err(&failed)?;
        if self.target.exists() {
            exchange(&folder, &self.target, self.staging.path()).map_err(&failed)?;
        } else {
            fs::rename(&folder, &self.target).map_err(&failed)?;
        }
        sync_folder(parent_of(&self.target)).map_err(&failed)
    }
}

/// A single file in the making.
pub struct StagedFile {
    target: PathBuf,
    staging: TempDir,
    /// The file to write into.
    pub file: File,
}

impl StagedFile {
    /// Begins a file that is to stand at `target`.
    ///
    /// # Errors
    /// [`Error::UnwritableOutput`].
    pub fn begin(target: &Path) -> Result<StagedFile, Error> {
        // A folder or a device would be replaced, not written.
        if target.exists() && !target.is_file() {
            let cause = io::Error::new(io::ErrorKind::InvalidInput, "not a file");
            return Err(unwritable(target)(cause));
        }
        let staging = beside(target)?;
        let file = File::create(staging.path().join("file")).map_err(unwritable(target))?;
        Ok(StagedFile { target: target.to_owned(), staging, file })
    }

    /// A folder for what does not fit into memory; it goes when the file is finished.
    pub fn scratch(&self) -> PathBuf {
        self.staging.path().to_owned()
    }

    /// Writes with `work`.
    ///
    /// # Errors
    /// [`Error::UnwritableOutput`].
    pub fn write(&mut self, work: impl FnOnce(&mut File) -> io::Result<()>) -> Result<(), Error> {
        work(&mut self.file).map_err(unwritable(&self.target))
    }

    /// Puts the file in its place.
    ///
    /// # Errors
    /// [`Error::UnwritableOutput`]; what was there before is then still there.
    pub fn publish(self) -> Result<(), Error> {
        let failed = unwritable(&self.target);
        self.file.sync_all().map_err(&failed)?;
        fs::rename(self.staging.path().join("file"), &self.target).map_err(&failed)
    }
}

/// Swaps the new folder with the old one; the old one is then in the temporary place and goes with it.
fn exchange(new: &Path, target: &Path, staging: &Path) -> io::Result<()> {
    #[cfg(target_os = "linux")]
    {
        use rustix::fs::{CWD, RenameFlags, renameat_with};
        match renameat_with(CWD, new, CWD, target, RenameFlags::EXCHANGE) {
            Ok(()) => return Ok(()),
            // Some file systems cannot; two moves then do it.
            Err(rustix::io::Errno::INVAL | rustix::io::Errno::NOSYS) => {}
            Err(error) => return Err(error.into()),
        }
    }
    let old = staging.join("old");
    fs::rename(target, &old)?;
    fs::rename(new, target).inspect_err(|_| {
        let _ = fs::rename(&old, target);
    })
}

#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

fn listed(name: &str, path: &Path) -> io::Result<Listed> {
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

/// Every file below a folder, as paths inside it with `/`, in order.
fn files_below(folder: &Path) -> io::Result<Vec<String>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if path.is_dir() {
            found.extend(files_below(&path)?.into_iter().map(|inner| format!("{name}/{inner}")));
        } else {
            found.push(name);
        }
    }
    found.sort();
    Ok(found)
}

fn manifest_of(folder: &Path) -> Option<Manifest> {
    serde_json::from_slice(&fs::read(folder.join(MANIFEST)).ok()?).ok()
}

/// Refuses a folder that has something in it.
///
/// # Errors
/// [`Error::ForeignOutput`] naming the first file, [`Error::UnwritableOutput`].
pub fn refuse_full_folder(folder: &Path) -> Result<(), Error> {
    if !folder.exists() {
        return Ok(());
    }
    match files_below(folder).map_err(unwritable(folder))?.into_iter().next() {
        Some(file) => Err(Error::ForeignOutput { path: folder.into(), file }),
        None => Ok(()),
    }
}

fn refuse_foreign_files(target: &Path) -> Result<(), Error> {
    let ours: Vec<String> = manifest_of(target)
        .map_or(Vec::new(), |manifest| manifest.outputs.into_iter().map(|file| file.path).collect());
    // A report inside a report would make the outer one look altered.
    if let Some(report) = target.ancestors().skip(1).find(|folder| manifest_of(folder).is_some()) {
        return Err(Error::ForeignOutput { path: report.into(), file: MANIFEST.into() });
    }
    if !target.exists() {
        return Ok(());
    }
    let found = files_below(target).map_err(unwritable(target))?;
    match found.into_iter().find(|file| !ours.contains(file) && (file != MANIFEST || ours.is_empty())) {
        Some(file) => Err(Error::ForeignOutput { path: target.into(), file }),
        None => Ok(()),
    }
}

/// Whether a report is whole and unaltered; gives the number of its files.
///
/// # Errors
/// [`Error::AlteredReport`] naming every file that is missing, altered or added; [`Error::MissingInput`]
/// when there is no report.
pub fn verify(folder: &Path) -> Result<usize, Error> {
    let manifest = manifest_of(folder).ok_or_else(|| Error::MissingInput { path: folder.join(MANIFEST) })?;
    let unreadable =
        |error: io::Error| Error::UnreadableInput { path: folder.into(), cause: error.to_string() };
    let mut wrong: Vec<String> = manifest
        .outputs
        .iter()
        .filter(|file| listed(&file.path, &folder.join(&file.path)).ok().as_ref() != Some(*file))
        .map(|file| file.path.clone())
        .collect();
    let known = |name: &String| name == MANIFEST || manifest.outputs.iter().any(|file| file.path == *name);
    wrong.extend(files_below(folder).map_err(unreadable)?.into_iter().filter(|name| !known(name)));
    if wrong.is_empty() {
        Ok(manifest.outputs.len() + 1)
    } else {
        Err(Error::AlteredReport { path: folder.into(), files: wrong })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn publish(target: &Path, name: &str, text: &str) -> Result<(), Error> {
        let mut folder = StagedFolder::begin(target)?;
        folder.write(name, text.as_bytes())?;
        let manifest = serde_json::json!({ "outputs": folder.listed() });
        folder.publish(manifest.to_string().as_bytes())
    }

    #[test]
    fn a_report_takes_the_place_of_an_earlier_one_and_leaves_nothing_beside_it() {
        let place = tempfile::tempdir().expect("a temporary folder");
        let target = place.path().join("deep/reports");
        publish(&target, "charts/a.svg", "one").expect("published");
        publish(&target, "b.txt", "two").expect("published");
        assert_eq!(files_below(&target).expect("listed"), ["b.txt", MANIFEST]);
        assert_eq!(files_below(place.path()).expect("listed").len(), 2);
        assert_eq!(verify(&target).expect("whole"), 2);
    }

    #[test]
    fn a_folder_with_other_files_is_refused_and_left_alone() {
        let place = tempfile::tempdir().expect("a temporary folder");
        let target = place.path().join("reports");
        publish(&target, "a.txt", "one").expect("published");
        fs::write(target.join("notes.docx"), "mine").expect("written");
        let error = publish(&target, "a.txt", "two").expect_err("refused");
        assert!(matches!(error, Error::ForeignOutput { file, .. } if file == "notes.docx"));
        assert_eq!(fs::read_to_string(target.join("a.txt")).expect("read"), "one");
        let other = place.path().join("other");
        fs::create_dir(&other).expect("made");
        fs::write(other.join(MANIFEST), "{}").expect("written");
        assert!(matches!(publish(&other, "a", "x"), Err(Error::ForeignOutput { .. })));
    }

    #[test]
    fn what_is_not_published_leaves_no_trace() {
        let place = tempfile::tempdir().expect("a temporary folder");
        let target = place.path().join("reports");
        let mut folder = StagedFolder::begin(&target).expect("begun");
        folder.write("a.txt", b"one").expect("written");
        drop(folder);
        assert_eq!(files_below(place.path()).expect("listed"), Vec::<String>::new());
    }

    #[test]
    fn altered_missing_and_added_files_are_found() {
        let place = tempfile::tempdir().expect("a temporary folder");
        let target = place.path().join("reports");
        publish(&target, "a.txt", "one").expect("published");
        fs::write(target.join("a.txt"), "two").expect("written");
        fs::write(target.join("b.txt"), "new").expect("written");
        let error = verify(&target).expect_err("altered");
        assert!(matches!(error, Error::AlteredReport { files, .. } if files == ["a.txt", "b.txt"]));
        fs::remove_file(target.join("a.txt")).expect("removed");
        assert!(verify(&target).is_err());
        assert!(matches!(verify(place.path()), Err(Error::MissingInput { .. })));
    }
}
