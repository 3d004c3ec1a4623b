//! Output: folders and files that appear whole or not at all.
//!
//! Alone in writing files. Everything is made in a `workplace` beside its place and moved there at the end, so that
//! a run that fails leaves what was there before; `swap` says how. The place is tried before the work begins.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "this is where files are written")]

mod folder;
mod rights;
mod swap;
mod workplace;

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

pub use folder::{Listed, refuse_full_folder, verify};
use swap::NEW;
use workplace::{Kind, Workplace, undisturbed};
pub use workplace::{clear_on_signals, end_if_interrupted};

use crate::error::Error;
use crate::gate::Gate;
pub use crate::ingest::manifest::MANIFEST;
use crate::ingest::{hex, paths};
use crate::pipeline::{Restart, side_by_side};

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

/// What is at a path, through links; none when nothing is.
///
/// # Errors
/// [`Error::UnusableOutput`] for a link to nothing; [`Error::UnwritableOutput`].
fn at(path: &Path) -> Result<Option<fs::Metadata>, Error> {
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(unwritable(path)(error)),
        Ok(facts) if !facts.is_symlink() => Ok(Some(facts)),
        Ok(_) => fs::metadata(path).map(Some).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => unusable(path, "dead-link"),
            _ => unwritable(path)(error),
        }),
    }
}

fn unusable(path: &Path, problem: &'static str) -> Error {
    Error::UnusableOutput { path: path.into(), problem }
}

/// The path of what is there, through links and dots: that is what is replaced.
fn whole(path: &Path) -> Result<PathBuf, Error> {
    fs::canonicalize(path).map_err(unwritable(path))
}

/// Refuses to replace what an office program has open: it would go on writing to what is gone.
fn refuse_open(path: &Path, folder: &Path, wanted: impl Fn(&str) -> bool) -> Result<(), Error> {
    match folder::open_in(folder, wanted) {
        Some((file, program)) => Err(Error::OutputInUse { path: path.into(), file, program }),
        None => Ok(()),
    }
}

/// Refuses a place inside a report: what stands there makes it look altered, and goes with it when the next report takes
/// its place.
fn refuse_inside_report(target: &Path) -> Result<(), Error> {
    let is_report = |folder: &Path| folder::is_report(folder).unwrap_or(false);
    match paths::settled(target)?.ancestors().skip(1).any(is_report) {
        true => Err(unusable(target, "inside-report")),
        false => Ok(()),
    }
}

/// Whether another file system begins at a folder: it cannot be replaced, only filled.
#[cfg(all(target_os = "linux", not(feature = "elsewhere")))]
fn is_mount_point(folder: &Path) -> bool {
    use rustix::fs::{AtFlags, CWD, StatxAttributes, StatxFlags, statx};
    statx(CWD, folder, AtFlags::empty(), StatxFlags::BASIC_STATS)
        .is_ok_and(|facts| facts.stx_attributes.contains(StatxAttributes::MOUNT_ROOT))
}

#[cfg(all(unix, not(target_os = "linux"), not(feature = "elsewhere")))]
fn is_mount_point(folder: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let of = |path: &Path| fs::metadata(path).map(|facts| facts.dev()).ok();
    matches!((of(folder), of(parent_of(folder))), (Some(own), Some(above)) if own != above)
}

#[cfg(any(not(unix), feature = "elsewhere"))]
fn is_mount_point(_: &Path) -> bool {
    false
}

#[cfg(all(unix, not(feature = "elsewhere")))]
fn sync_folder(folder: &Path) -> io::Result<()> {
    match File::open(folder)?.sync_all() {
        // Some network shares sync files only.
        Err(error) if error.kind() == io::ErrorKind::InvalidInput => Ok(()),
        synced => synced,
    }
}

#[cfg(any(not(unix), feature = "elsewhere"))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

/// A folder in the making.
pub struct StagedFolder {
    target: PathBuf,
    place: Workplace,
    listed: BTreeMap<String, Listed>,
    /// The word in the names of folders for what people changed.
    aside: String,
    gate: Gate,
    recovered: Recovered,
}

/// What became of reports that killed runs had moved away.
#[derive(Debug, Default)]
pub struct Recovered {
    /// Folders in which files were set aside that people had changed in them.
    pub set_aside: Vec<PathBuf>,
    /// Those of other places that could not be put back or cleared away; the next run tries again.
    pub failed: Vec<Unrecovered>,
}

/// What a killed run left and could not be recovered.
#[derive(Debug)]
pub struct Unrecovered {
    /// Where its report was to stand.
    pub target: PathBuf,
    /// Where it left what it left.
    pub place: PathBuf,
    /// The operating system's words.
    pub cause: String,
}

impl StagedFolder {
    /// Begins a folder that is to stand at `target`, in the place of an earlier report if there is one. What a killed
    /// run left is cleared away, and an old report that it moved is put back. `aside` is the word in the name of a
    /// folder for files that people changed: `reports (changed 2024-09-12)`. Everything passes `gate`.
    ///
    /// # Errors
    /// [`Error::ForeignOutput`] when `target` holds files and is no report; [`Error::UnusableOutput`] when nothing can be
    /// put there; [`Error::OutputInUse`], [`Error::OutputBusy`], [`Error::UnwritableOutput`].
    pub fn begin(target: &Path, aside: &str, gate: Gate) -> Result<StagedFolder, Error> {
        let target = match at(target)? {
            Some(facts) if !facts.is_dir() => return Err(unusable(target, "not-a-folder")),
            Some(_) => whole(target)?,
            None => target.to_owned(),
        };
        if target.parent().is_none() {
            return Err(unusable(&target, "root"));
        }
        if is_mount_point(&target) {
            return Err(unusable(&target, "mount-point"));
        }
        refuse_inside_report(&target)?;
        let mut place = Workplace::take(&target, Kind::Folder)?;
        let mut recovered = Recovered::default();
        recovered.set_aside.extend(swap::recover(&mut place, &target, aside).map_err(unwritable(&target))?);
        for (mut place, target) in workplace::dead_beside(&target) {
            match swap::recover(&mut place, &target, aside) {
                Ok(kept) => recovered.set_aside.extend(kept),
                Err(error) => {
                    let (place, cause) = (place.path().to_owned(), error.to_string());
                    recovered.failed.push(Unrecovered { target, place, cause });
                }
            }
        }
        if target.try_exists().map_err(unwritable(&target))? {
            refuse_open(&target, &target, |_| true)?;
            if !folder::is_report(&target).map_err(unwritable(&target))? {
                refuse_full_folder(&target)?;
            }
            folder::refuse_busy(&target)?;
        }
        fs::create_dir(place.path().join(NEW)).map_err(unwritable(&target))?;
        Ok(StagedFolder { target, place, listed: BTreeMap::new(), aside: aside.to_owned(), gate, recovered })
    }

    /// Begins a folder that is only to be compared with `report` and never to stand: it is made beside it, accessible
    /// only to its owner, and goes away when it is dropped. What other runs left is not looked at.
    ///
    /// # Errors
    /// [`Error::OutputBusy`] when the report is being compared already; [`Error::UnwritableOutput`].
    pub fn beside(report: &Path, gate: Gate) -> Result<StagedFolder, Error> {
        let report = whole(report)?;
        let mut name = report.file_name().unwrap_or_default().to_owned();
        name.push(" (rerun)");
        let target = parent_of(&report).join(name);
        // Of a file a killed run leaves nothing but its own beginning; of a folder, perhaps somebody's earlier report.
        let mut place = Workplace::take(&target, Kind::File)?;
        place.own(&mut undisturbed());
        place.empty().map_err(unwritable(&target))?;
        fs::create_dir(place.path().join(NEW)).map_err(unwritable(&target))?;
        let (listed, aside) = (BTreeMap::new(), String::new());
        Ok(StagedFolder { target, place, listed, aside, gate, recovered: Recovered::default() })
    }

    fn place_of(&self, name: &str) -> PathBuf {
        self.place.path().join(NEW).join(name)
    }

    /// Where the folder will stand.
    pub fn target(&self) -> &Path {
        &self.target
    }

    /// What became of reports that killed runs had moved away.
    pub fn recovered(&self) -> &Recovered {
        &self.recovered
    }

    /// Writes a file; `name` may name a folder inside with `/`.
    ///
    /// # Errors
    /// [`Error::PersonalNumberInOutput`], [`Error::UnwritableOutput`].
    pub fn write(&mut self, name: &str, bytes: &[u8]) -> Result<(), Error> {
        self.write_all(1, &[(name, bytes)])
    }

    /// Writes files, so many at a time.
    ///
    /// # Errors
    /// As [`StagedFolder::write`], of the first of them that fails.
    pub fn write_all(&mut self, threads: usize, files: &[(&str, &[u8])]) -> Result<(), Error> {
        for written in side_by_side(threads, files.iter(), |(name, bytes)| self.written(name, bytes)) {
            self.list(written?);
        }
        Ok(())
    }

    fn written(&self, name: &str, bytes: &[u8]) -> Result<Listed, Error> {
        self.gate.check(name, bytes).map_err(|error| self.placed(error))?;
        let mut draft = self.create(name)?;
        let written = draft.write_all(bytes).and_then(|()| draft.finish(name));
        written.map_err(unwritable(&self.target.join(name)))
    }

    /// An error about one of the files, named by where it would stand.
    fn placed(&self, mut error: Error) -> Error {
        if let Some(path) = error.path_mut() {
            *path = self.target.join(&*path);
        }
        error
    }

    /// Makes an empty file to be written bit by bit and handed back to [`StagedFolder::finish`].
    ///
    /// # Errors
    /// [`Error::UnwritableOutput`].
    pub fn create(&self, name: &str) -> Result<Draft, Error> {
        let place = self.place_of(name);
        let failed = unwritable(&self.target.join(name));
        // Only below what stands: a workplace that a signal has cleared away must not come back.
        let above: Vec<&Path> = Path::new(name).ancestors().skip(1).collect();
        for folder in above.iter().rev().filter(|folder| **folder != Path::new("")) {
            match fs::create_dir(self.place.path().join(NEW).join(folder)) {
                Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(failed(error)),
                _ => {}
            }
        }
        File::create(&place).map(Draft::new).map_err(&failed)
    }

    /// Finishes a file that was written bit by bit, when what has been written passes `check`.
    ///
    /// # Errors
    /// Those of `check`, named by where the file would stand; [`Error::UnwritableOutput`].
    pub fn finish(
        &mut self,
        name: &str,
        draft: Draft,
        check: impl FnOnce(&str, File) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let failed = unwritable(&self.target.join(name));
        let written = File::open(self.place_of(name)).map_err(&failed)?;
        check(name, written).map_err(|error| self.placed(error))?;
        self.list(draft.finish(name).map_err(&failed)?);
        Ok(())
    }

    fn list(&mut self, listed: Listed) {
        self.listed.insert(listed.path.clone(), listed);
    }

    /// The files so far, in order of name.
    pub fn listed(&self) -> Vec<Listed> {
        self.listed.values().cloned().collect()
    }

    /// Writes the manifest and puts the folder in its place. Gives the folder in which files of the earlier report were
    /// set aside that people had changed or added.
    ///
    /// # Errors
    /// [`Error::UnwritableOutput`], [`Error::OutputInUse`]: what was there before is then still there.
    /// [`Error::OldReportKept`], [`Error::OutputStands`].
    pub fn publish(mut self, manifest: &[u8]) -> Result<Option<PathBuf>, Error> {
        self.write(MANIFEST, manifest)?;
        sync_folder(&self.place.path().join(NEW)).map_err(unwritable(&self.target))?;
        refuse_open(&self.target, &self.target, |_| true)?;
        folder::refuse_busy(&self.target)?;
        swap::put(self.place, &self.target, &self.aside)
    }
}

/// A file of a folder in the making; its digest is taken as it is written.
pub struct Draft {
    file: File,
    hasher: Sha256,
    bytes: u64,
}

impl Draft {
    fn new(file: File) -> Draft {
        Draft { file, hasher: Sha256::new(), bytes: 0 }
    }

    fn finish(self, name: &str) -> io::Result<Listed> {
        self.file.sync_all()?;
        Ok(Listed { path: name.to_owned(), bytes: self.bytes, sha256: hex(&self.hasher.finalize()) })
    }
}

impl Write for Draft {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.hasher.update(&bytes[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Restart for Draft {
    fn restart(&mut self) -> io::Result<()> {
        self.file.restart()?;
        (self.hasher, self.bytes) = (Sha256::new(), 0);
        Ok(())
    }
}

/// A single file in the making.
pub struct StagedFile {
    target: PathBuf,
    place: Workplace,
    file: File,
}

impl StagedFile {
    /// Begins a file that is to stand at `target`.
    ///
    /// # Errors
    /// [`Error::UnusableOutput`] when no file can be put there; [`Error::OutputInUse`], [`Error::OutputBusy`],
    /// [`Error::UnwritableOutput`].
    pub fn begin(target: &Path) -> Result<StagedFile, Error> {
        let target = match at(target)? {
            // A folder or a device would be replaced, not written.
            Some(facts) if !facts.is_file() => return Err(unusable(target, "not-a-file")),
            Some(_) => whole(target)?,
            None => target.to_owned(),
        };
        refuse_inside_report(&target)?;
        let name = target.file_name().unwrap_or_default().to_string_lossy().into_owned();
        refuse_open(&target, parent_of(&target), |file| file == name)?;
        let mut place = Workplace::take(&target, Kind::File)?;
        // Of a file a killed run leaves nothing but its own beginning.
        place.own(&mut undisturbed());
        place.empty().map_err(unwritable(&target))?;
        let file = File::create(place.path().join(NEW)).map_err(unwritable(&target))?;
        Ok(StagedFile { target, place, file })
    }

    /// The file to write into, and where it will stand.
    pub fn parts(&mut self) -> (&mut File, &Path) {
        (&mut self.file, &self.target)
    }

    /// A folder for what does not fit into memory; it goes when the file is finished.
    pub fn scratch(&self) -> PathBuf {
        self.place.path().to_owned()
    }

    /// Writes with `work`.
    ///
    /// # Errors
    /// [`Error::UnwritableOutput`].
    pub fn write(&mut self, work: impl FnOnce(&mut File) -> io::Result<()>) -> Result<(), Error> {
        work(&mut self.file).map_err(unwritable(&self.target))
    }

    /// Reads what has been written with `check`, before it stands.
    ///
    /// # Errors
    /// Those of `check`, named by where the file would stand; [`Error::UnwritableOutput`].
    pub fn check(&self, check: impl FnOnce(&str, File) -> Result<(), Error>) -> Result<(), Error> {
        let written = File::open(self.place.path().join(NEW)).map_err(unwritable(&self.target))?;
        self.check_bytes(|name| check(name, written))
    }

    /// Checks what it is made of.
    ///
    /// # Errors
    /// Those of `check`, named by where the file would stand.
    pub fn check_bytes(&self, check: impl FnOnce(&str) -> Result<(), Error>) -> Result<(), Error> {
        let name = self.target.file_name().unwrap_or_default().to_string_lossy();
        check(&name).map_err(|mut error| {
            error.path_mut().into_iter().for_each(|path| path.clone_from(&self.target));
            error
        })
    }

    /// Puts the file in its place.
    ///
    /// # Errors
    /// [`Error::UnwritableOutput`]; what was there before is then still there.
    pub fn publish(self) -> Result<(), Error> {
        let failed = unwritable(&self.target);
        let new = self.place.path().join(NEW);
        self.file.sync_all().map_err(&failed)?;
        if let Some(old) = at(&self.target)? {
            rights::take_over(&new, &old).map_err(&failed)?;
        }
        // Elsewhere an open file cannot be moved.
        drop(self.file);
        let _undisturbed = workplace::undisturbed();
        fs::rename(new, &self.target).map_err(&failed)?;
        sync_folder(parent_of(&self.target)).map_err(|error| Error::OutputStands {
            path: self.target.clone(),
            cause: error.to_string(),
            kept: None,
            set_aside: None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::folder::files_below;
    use super::*;

    fn publish(target: &Path, name: &str, text: &str) -> Result<Option<PathBuf>, Error> {
        let mut folder = StagedFolder::begin(target, "changed", Gate::default())?;
        folder.write(name, text.as_bytes())?;
        let manifest = serde_json::json!({ "schema": "frist/manifest/1", "outputs": folder.listed() });
        folder.publish(manifest.to_string().as_bytes())
    }

    #[test]
    fn a_report_takes_the_place_of_an_earlier_one_and_leaves_nothing_beside_it() {
        let place = tempfile::tempdir().expect("a temporary folder");
        let target = place.path().join("deep/reports");
        publish(&target, "charts/a.svg", "one").expect("published");
        publish(&target, "b.txt", "two").expect("published");
        assert_eq!(files_below(&target).expect("listed"), ["b.txt", MANIFEST].map(PathBuf::from));
        assert_eq!(files_below(place.path()).expect("listed").len(), 2);
        assert_eq!(verify(&target).expect("whole"), 2);
    }

    #[test]
    fn a_folder_that_is_no_report_is_refused_and_left_alone() {
        let place = tempfile::tempdir().expect("a temporary folder");
        let target = place.path().join("reports");
        fs::create_dir(&target).expect("made");
        assert!(publish(&target, "a.txt", "one").is_ok(), "an empty folder is taken");
        for text in ["{}", "{\"schema\": \"other/1\", \"outputs\": []}"] {
            let other = place.path().join("other");
            fs::create_dir_all(&other).expect("made");
            fs::write(other.join(MANIFEST), text).expect("written");
            assert!(matches!(publish(&other, "a", "x"), Err(Error::ForeignOutput { .. })));
        }
        let error = publish(&target.join("inner"), "a", "x").expect_err("a report in a report");
        assert!(matches!(error, Error::UnusableOutput { problem: "inside-report", .. }));
        for list in [target.join("list.csv"), target.join("deep/list.csv")] {
            let error = StagedFile::begin(&list).err().expect("a list in a report");
            assert!(matches!(error, Error::UnusableOutput { problem: "inside-report", .. }));
        }
        assert!(StagedFile::begin(&target.join("../list.csv")).is_ok(), "it lies beside the report");
        assert_eq!(files_below(place.path()).expect("listed").len(), 3);
    }

    #[test]
    fn what_people_added_is_set_aside() {
        let place = tempfile::tempdir().expect("a temporary folder");
        let target = place.path().join("reports");
        publish(&target, "a.txt", "one").expect("published");
        fs::write(target.join("notes.docx"), "mine").expect("written");
        fs::write(target.join("Thumbs.db"), "the system's").expect("written");
        let aside = publish(&target, "a.txt", "two").expect("published").expect("set aside");
        assert_eq!(files_below(&aside).expect("listed"), [Path::new("notes.docx")]);
        assert_eq!(files_below(&target).expect("listed"), ["a.txt", MANIFEST].map(PathBuf::from));
    }

    #[test]
    fn a_folder_into_which_a_list_is_being_written_is_not_replaced() {
        let place = tempfile::tempdir().expect("a temporary folder");
        let target = place.path().join("reports");
        for list in ["list.csv", "deep/list.csv"] {
            let list = StagedFile::begin(&target.join(list)).expect("begun");
            let error = publish(&target, "a.txt", "one").expect_err("refused");
            assert!(matches!(error, Error::OutputBusy { path, .. } if path == target));
            drop(list);
        }
        let folder = StagedFolder::begin(&target, "changed", Gate::default()).expect("begun");
        let list = StagedFile::begin(&target.join("list.csv")).expect("begun");
        assert!(matches!(folder.publish(b"{}"), Err(Error::OutputBusy { .. })));
        list.publish().expect("published");
        assert_eq!(files_below(&target).expect("listed"), [Path::new("list.csv")]);
    }

    #[cfg(unix)]
    #[test]
    fn the_root_is_no_place_for_a_report() {
        let error = StagedFolder::begin(Path::new("/"), "changed", Gate::default()).err().expect("refused");
        assert!(matches!(error, Error::UnusableOutput { problem: "root", .. }));
    }

    #[test]
    fn what_cannot_be_recovered_for_another_report_is_told() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (target, other) = (folder.path().join("reports"), folder.path().join("other"));
        let mut dead = Workplace::take(&target, Kind::Folder).expect("taken");
        dead.disown(&mut undisturbed());
        // Changed files that cannot be brought out: no folder has such a name.
        fs::create_dir_all(dead.path().join("aside")).expect("made");
        let place = dead.path().to_owned();
        drop(dead);
        let begun = StagedFolder::begin(&other, "a/b", Gate::default()).expect("begun");
        let [failed] = begun.recovered().failed.as_slice() else { panic!("{:?}", begun.recovered()) };
        assert_eq!((&failed.target, &failed.place), (&target, &place));
        drop(begun);
        let begun = StagedFolder::begin(&other, "changed", Gate::default()).expect("begun");
        assert!(begun.recovered().failed.is_empty() && begun.recovered().set_aside.len() == 1);
    }

    #[test]
    fn what_a_killed_run_left_of_a_list_is_nobodys_file() {
        let place = tempfile::tempdir().expect("a temporary folder");
        let target = place.path().join("reports");
        fs::create_dir(&target).expect("made");
        let mut killed = StagedFile::begin(&target.join("cases.csv")).expect("begun");
        killed.parts().0.write_all(b"half").expect("written");
        killed.place.disown(&mut undisturbed());
        drop(killed);
        assert_eq!(fs::read_dir(&target).expect("a folder").count(), 1);
        assert_eq!(publish(&target, "a.txt", "one").expect("published"), None);
        assert_eq!(publish(&target, "a.txt", "two").expect("published"), None);
        assert_eq!(fs::read_dir(&target).expect("a folder").count(), 2);
    }

    #[test]
    fn a_report_that_is_open_in_a_program_is_refused_with_its_name() {
        let place = tempfile::tempdir().expect("a temporary folder");
        let target = place.path().join("reports");
        publish(&target, "report.txt", "one").expect("published");
        fs::write(target.join("report.docx"), "mine").expect("written");
        for (owner, wanted) in [("~$port.docx", "Word"), (".~lock.report.docx#", "LibreOffice")] {
            fs::write(target.join(owner), "").expect("written");
            let error = publish(&target, "report.txt", "two").expect_err("refused");
            let Error::OutputInUse { file, program, .. } = error else { panic!("{error:?}") };
            assert_eq!((file.as_str(), program), ("report.docx", wanted));
            fs::remove_file(target.join(owner)).expect("removed");
        }
        let list = place.path().join("cases.xlsx");
        fs::write(&list, "one").expect("written");
        fs::write(place.path().join("~$cases.xlsx"), "").expect("written");
        assert!(matches!(StagedFile::begin(&list), Err(Error::OutputInUse { program: "Excel", .. })));
        assert!(StagedFile::begin(&place.path().join("other.xlsx")).is_ok());
    }

    #[cfg(unix)]
    #[test]
    fn links_are_followed_and_dead_ones_refused() {
        let place = tempfile::tempdir().expect("a temporary folder");
        let (real, link) = (place.path().join("real"), place.path().join("link"));
        publish(&real, "a.txt", "one").expect("published");
        std::os::unix::fs::symlink(&real, &link).expect("linked");
        publish(&link, "a.txt", "two").expect("published");
        assert_eq!(fs::read_to_string(real.join("a.txt")).expect("read"), "two");
        fs::remove_dir_all(&real).expect("removed");
        let is_refused = |error| matches!(error, Error::UnusableOutput { problem: "dead-link", .. });
        assert!(is_refused(publish(&link, "a.txt", "x").expect_err("dead")));
        assert!(StagedFile::begin(&link).is_err_and(is_refused));
        let file = StagedFile::begin(Path::new("/dev/null"));
        assert!(matches!(file, Err(Error::UnusableOutput { problem: "not-a-file", .. })));
    }

    #[test]
    fn what_is_cleared_away_meanwhile_does_not_come_back() {
        let place = tempfile::tempdir().expect("a temporary folder");
        let target = place.path().join("reports");
        let mut folder = StagedFolder::begin(&target, "changed", Gate::default()).expect("begun");
        folder.write("charts/more/a.txt", b"one").expect("written");
        fs::remove_dir_all(folder.place.path()).expect("a signal clears it away");
        let all: Vec<String> = (0..20).map(|number| format!("units/{number}/a.txt")).collect();
        let all: Vec<(&str, &[u8])> = all.iter().map(|name| (name.as_str(), &b"two"[..])).collect();
        assert!(matches!(folder.write_all(2, &all), Err(Error::UnwritableOutput { .. })));
        drop(folder);
        assert_eq!(fs::read_dir(place.path()).expect("a folder").count(), 0);
    }

    #[test]
    fn what_is_not_published_leaves_no_trace() {
        let place = tempfile::tempdir().expect("a temporary folder");
        let target = place.path().join("reports");
        let mut folder = StagedFolder::begin(&target, "changed", Gate::default()).expect("begun");
        folder.write("a.txt", b"one").expect("written");
        assert!(matches!(
            StagedFolder::begin(&target, "changed", Gate::default()),
            Err(Error::OutputBusy { .. })
        ));
        drop(folder);
        assert_eq!(fs::read_dir(place.path()).expect("a folder").count(), 0);
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

    #[cfg(unix)]
    #[test]
    fn what_leads_out_of_a_report_is_not_followed() {
        let place = tempfile::tempdir().expect("a temporary folder");
        let target = place.path().join("reports");
        publish(&target, "charts/a.svg", "one").expect("published");
        fs::rename(target.join("charts"), place.path().join("elsewhere")).expect("moved");
        std::os::unix::fs::symlink(place.path().join("elsewhere"), target.join("charts")).expect("linked");
        assert!(verify(&target).is_err());
        let listed = serde_json::json!([{ "path": "../elsewhere/a.svg", "bytes": 3, "sha256": "x" }]);
        let manifest = serde_json::json!({ "schema": "frist/manifest/1", "outputs": listed });
        fs::write(target.join(MANIFEST), manifest.to_string()).expect("written");
        assert!(verify(&target).is_err());
    }
}
