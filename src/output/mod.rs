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

pub use folder::{Listed, refuse_full_folder, verify};
use swap::NEW;
use workplace::{Kind, Workplace, undisturbed};
pub use workplace::{clear_on_signals, end_if_interrupted};

use crate::error::Error;
use crate::gate::Gate;
pub use crate::ingest::manifest::MANIFEST;
use crate::pipeline::side_by_side;

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
    set_aside: Vec<PathBuf>,
}

impl StagedFolder {
    /// Begins a folder that is to stand at `target`, in the place of an earlier report if there is one. What a killed
    /// run left is cleared away, and an old report that it moved is put back. `aside` is the word in the name of a
    /// folder for files that people changed: `reports (changed 2024-09-12)`. Everything passes `gate`.
    ///
    /// # Errors
    /// [`Error::ForeignOutput`] when `target` holds files and is no report, or lies in one; [`Error::UnusableOutput`]
    /// when nothing can be put there; [`Error::OutputInUse`], [`Error::OutputBusy`], [`Error::UnwritableOutput`].
    pub fn begin(target: &Path, aside: &str, gate: Gate) -> Result<StagedFolder, Error> {
        let target = match at(target)? {
            Some(facts) if !facts.is_dir() => return Err(unusable(target, "not-a-folder")),
            Some(_) => whole(target)?,
            None => target.to_owned(),
        };
        if is_mount_point(&target) {
            return Err(unusable(&target, "mount-point"));
        }
        // A report inside a report would make the outer one look altered.
        if let Some(report) =
            target.ancestors().skip(1).find(|folder| folder::is_report(folder).unwrap_or(false))
        {
            return Err(Error::ForeignOutput { path: report.into(), file: MANIFEST.into() });
        }
        let mut place = Workplace::take(&target, Kind::Folder)?;
        let recovered = swap::recover(&mut place, &target, aside).map_err(unwritable(&target))?;
        let mut set_aside = Vec::from_iter(recovered);
        for (mut place, target) in workplace::dead_beside(&target) {
            // What cannot be recovered stays: the next run may be luckier.
            set_aside.extend(swap::recover(&mut place, &target, aside).ok().flatten());
        }
        if target.exists() {
            refuse_open(&target, &target, |_| true)?;
            if !folder::is_report(&target).map_err(unwritable(&target))? {
                refuse_full_folder(&target)?;
            }
        }
        fs::create_dir(place.path().join(NEW)).map_err(unwritable(&target))?;
        Ok(StagedFolder { target, place, listed: BTreeMap::new(), aside: aside.to_owned(), gate, set_aside })
    }

    fn place_of(&self, name: &str) -> PathBuf {
        self.place.path().join(NEW).join(name)
    }

    /// Where the folder will stand.
    pub fn target(&self) -> &Path {
        &self.target
    }

    /// Folders in which files were set aside that people had changed in reports which killed runs had moved away.
    pub fn set_aside(&self) -> &[PathBuf] {
        &self.set_aside
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
        let mut file = self.create(name)?;
        let written = file.write_all(bytes).and_then(|()| file.sync_all());
        written.map_err(unwritable(&self.target.join(name)))?;
        Ok(Listed::of_bytes(name, bytes))
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
    pub fn create(&self, name: &str) -> Result<File, Error> {
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
        File::create(&place).map_err(&failed)
    }

    /// Finishes a table that was written bit by bit.
    ///
    /// # Errors
    /// [`Error::PersonalNumberInOutput`], [`Error::UnwritableOutput`].
    pub fn finish(&mut self, name: &str, file: File) -> Result<(), Error> {
        let written = File::open(self.place_of(name)).map_err(unwritable(&self.target.join(name)))?;
        self.gate.check_table(name, written).map_err(|error| self.placed(error))?;
        let listed = file.sync_all().and_then(|()| Listed::of(name, &self.place_of(name)));
        self.list(listed.map_err(unwritable(&self.target.join(name)))?);
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
        swap::put(self.place, &self.target, &self.aside)
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
        assert!(matches!(error, Error::ForeignOutput { path, .. } if path == target));
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
    fn what_a_killed_run_left_of_a_list_is_nobodys_file() {
        let place = tempfile::tempdir().expect("a temporary folder");
        let target = place.path().join("reports");
        publish(&target, "a.txt", "one").expect("published");
        let mut killed = StagedFile::begin(&target.join("cases.csv")).expect("begun");
        killed.parts().0.write_all(b"half").expect("written");
        killed.place.disown(&mut undisturbed());
        drop(killed);
        assert_eq!(fs::read_dir(&target).expect("a folder").count(), 3);
        assert_eq!(verify(&target).expect("whole"), 2);
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
