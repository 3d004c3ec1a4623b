//! Workplaces: hidden folders beside an output, in which it is made.
//!
//! A workplace is accessible only to its owner and named after its target, so that the next run finds what a killed one
//! left. A lock distinguishes live runs from dead ones; the system releases it when a process dies. The workplace
//! contains `new`, which is being made, and for a moment `old`, the report that is being replaced.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use sha2::{Digest, Sha256};

use super::{parent_of, rights, unwritable};
use crate::error::Error;
use crate::ingest::hex;

/// How the names of all workplaces begin.
const PREFIX: &str = ".frist-";
/// The file that a live run holds locked; it contains the name of the target.
const LOCK: &str = "lock";

/// The workplaces of this process. Holding the lock keeps a signal from removing them meanwhile.
static LIVING: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// Whether a signal is ending the program.
static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// Keeps a signal from ending the program while the guard is held.
pub fn undisturbed() -> MutexGuard<'static, Vec<PathBuf>> {
    LIVING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// From now on Ctrl-C, a request to end and a closed terminal remove the workplaces before the program ends. Then
/// `tell` is called to report it, with true if something was being written.
pub fn clear_on_signals(tell: impl Fn(bool) + Send + 'static) {
    on_signals(move |end| {
        INTERRUPTED.store(true, Ordering::SeqCst);
        let living = undisturbed();
        living.iter().for_each(|place| clear_while_used(place));
        tell(!living.is_empty());
        end();
    });
}

/// Calls `clear` when a signal asks the program to end; its argument ends the program. Must be called before any thread
/// is started.
#[cfg(unix)]
fn on_signals(clear: impl Fn(&dyn Fn()) + Send + 'static) {
    use nix::sys::signal::{SigSet, Signal, raise};
    let asked = [Signal::SIGHUP, Signal::SIGINT, Signal::SIGTERM].into_iter();
    let asked: SigSet = asked.filter(|signal| !is_ignored(*signal)).collect();
    // All later threads block the signals, except the one that waits for them. A handler would have to wake that thread
    // through a socket pair, and this program opens no socket.
    let _ = asked.thread_block();
    let wait = move || {
        let Ok(signal) = asked.wait() else { return };
        clear(&|| {
            let _ = asked.thread_unblock();
            let _ = raise(signal);
        });
    };
    if std::thread::Builder::new().spawn(wait).is_err() {
        // A signal will then leave a workplace behind, which the next run removes.
        let _ = asked.thread_unblock();
    }
}

#[cfg(not(unix))]
fn on_signals(clear: impl Fn(&dyn Fn()) + Send + 'static) {
    /// The exit code of a shell for a program ended by Ctrl-C.
    const ENDED: i32 = 130;
    let _ = ctrlc::set_handler(move || clear(&|| std::process::exit(ENDED)));
}

/// Whether the program was started so that a signal does not end it, with nohup or in the background; only Linux shows
/// it.
#[cfg(unix)]
fn is_ignored(signal: nix::sys::signal::Signal) -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    mask.is_some_and(|mask| mask >> (signal as i32 - 1) & 1 == 1)
}

/// Waits for the end if a signal is ending the program: errors are then only a consequence of that.
pub fn end_if_interrupted() {
    while INTERRUPTED.load(Ordering::SeqCst) {
        std::thread::park();
    }
}

/// Removes a folder that another thread may still be writing into.
fn clear_while_used(folder: &Path) {
    const TRIES: usize = 100;
    const PAUSE: std::time::Duration = std::time::Duration::from_millis(2);
    for _ in 0..TRIES {
        if !matches!(rights::remove_all(folder), Err(error) if error.kind() != io::ErrorKind::NotFound) {
            return;
        }
        std::thread::sleep(PAUSE);
    }
}

/// A workplace held by this run. Dropping it, or a signal, removes it once everything in it is this run's own.
pub struct Workplace {
    path: PathBuf,
    /// `None` if the file system does not support locks.
    lock: Option<File>,
    is_own: bool,
}

/// The kind of a target: each has a workplace of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A folder. A killed run may have left the earlier one in its workplace.
    Folder,
    /// A file.
    File,
}

impl Workplace {
    /// Takes the workplace of a target. If a killed run left it, its content is kept until [`Workplace::own`] makes it
    /// this run's own.
    ///
    /// # Errors
    /// [`Error::OutputBusy`] if another run has it; [`Error::UnwritableOutput`].
    pub fn take(target: &Path, kind: Kind) -> Result<Workplace, Error> {
        let (parent, of) = (parent_of(target), label(target, kind));
        let path = parent.join(name_for(&of));
        fs::create_dir_all(parent).map_err(unwritable(parent))?;
        match take_at(&path, Some(&of)).map_err(unwritable(target))? {
            Some(place) => Ok(place),
            None => Err(Error::OutputBusy { path: target.into(), place: path }),
        }
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// From now on everything in it is this run's own; `living` are the workplaces that a signal removes.
    pub fn own(&mut self, living: &mut Vec<PathBuf>) {
        self.is_own = true;
        living.push(self.path.clone());
    }

    /// From now on it contains something that must not be lost.
    pub fn disown(&mut self, living: &mut Vec<PathBuf>) {
        self.is_own = false;
        living.retain(|place| *place != self.path);
    }

    /// Removes everything in it except the lock.
    pub fn empty(&self) -> io::Result<()> {
        for entry in fs::read_dir(&self.path)? {
            let entry = entry?;
            match (entry.file_type()?.is_dir(), entry.file_name() == LOCK) {
                (_, true) => {}
                (true, _) => rights::remove_all(&entry.path())?,
                (false, _) => fs::remove_file(entry.path())?,
            }
        }
        Ok(())
    }
}

impl Drop for Workplace {
    fn drop(&mut self) {
        let mut living = undisturbed();
        // The lock goes last: a run that finds the folder without it must not find anything else. Without support for
        // locks, the existence of the file is the lock.
        if self.is_own && self.empty().or_else(|_| self.empty()).is_ok() || self.lock.is_none() {
            let lock = self.path.join(LOCK);
            let _ = fs::remove_file(&lock).or_else(|_| fs::remove_file(&lock));
        }
        drop(self.lock.take());
        if self.is_own {
            let _ = fs::remove_dir(&self.path).or_else(|_| fs::remove_dir(&self.path));
        }
        self.disown(&mut living);
    }
}

/// The content of the lock of a target's workplace: the name of the target, followed by `/` for a folder.
fn label(target: &Path, kind: Kind) -> OsString {
    let mut label = target.file_name().unwrap_or_default().to_owned();
    if kind == Kind::Folder {
        label.push("/");
    }
    label
}

/// The name of a workplace: hidden, and short enough for any file system.
fn name_for(label: &OsStr) -> String {
    format!("{PREFIX}{}", &hex(&Sha256::digest(label.as_encoded_bytes()))[..16])
}

/// Takes a workplace; `None` if another run has it. `label` is written into its lock.
fn take_at(path: &Path, label: Option<&OsStr>) -> io::Result<Option<Workplace>> {
    /// Other runs may come and go meanwhile.
    const TRIES: usize = 100;
    for _ in 0..TRIES {
        // A signal waits until the workplace is registered: it would end the program and leave the folder behind.
        let mut living = undisturbed();
        let is_new = match create_private_folder(path) {
            Ok(()) => true,
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => false,
            Err(error) => return Err(error),
        };
        match fs::symlink_metadata(path) {
            Ok(facts) if facts.is_dir() => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            // A link could lead anywhere, and its target would be emptied.
            Ok(_) => return Err(io::Error::new(io::ErrorKind::NotADirectory, path.to_string_lossy())),
            Err(error) => {
                let _ = fs::remove_dir(path);
                return Err(error);
            }
        }
        let lock = path.join(LOCK);
        let (file, is_made) = match open_lock(&lock) {
            Ok(opened) => opened,
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => {
                let _ = fs::remove_dir(path);
                return Err(error);
            }
        };
        let lock = match file.try_lock() {
            Ok(()) if !is_at(&file, &lock) => continue,
            Ok(()) => Some(file),
            Err(TryLockError::WouldBlock) => return Ok(None),
            // Without support for locks, the run that created the file has it.
            Err(TryLockError::Error(_)) if is_made => None,
            Err(TryLockError::Error(_)) => return Ok(None),
        };
        let mut place = Workplace { path: path.to_owned(), lock, is_own: false };
        if is_new {
            place.own(&mut living);
        }
        drop(living);
        if let Some(label) = label {
            place.label(label)?;
        }
        return Ok(Some(place));
    }
    Ok(None)
}

/// Opens the lock of a workplace; returns whether it was created.
fn open_lock(path: &Path) -> io::Result<(File, bool)> {
    let mut options = OpenOptions::new();
    options.read(true).write(true);
    match options.clone().create_new(true).open(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok((options.open(path)?, false)),
        opened => Ok((opened?, true)),
    }
}

impl Workplace {
    /// Writes into the lock through the handle that holds it: on some systems no other may.
    fn label(&self, label: &OsStr) -> io::Result<()> {
        let Some(mut file) = self.lock.as_ref() else {
            return fs::write(self.path.join(LOCK), label.as_encoded_bytes());
        };
        file.set_len(0)?;
        file.write_all(label.as_encoded_bytes())
    }
}

/// The workplaces beside `target` that dead runs left, with their targets; the workplace of `target` itself, as a
/// folder, is not included.
pub fn dead_beside(target: &Path) -> Vec<(Workplace, PathBuf)> {
    let parent = parent_of(target);
    let own = name_for(&label(target, Kind::Folder));
    let Ok(entries) = fs::read_dir(parent) else { return Vec::new() };
    let mut dead = Vec::new();
    for entry in entries.flatten() {
        let name = entry.file_name();
        if !name.to_str().is_some_and(|name| name.starts_with(PREFIX) && name != own) {
            continue;
        }
        let Some((of, _)) = target_of(&entry.path()) else {
            // A folder without a lock is empty or not a workplace; one with another name is not ours to remove.
            let _ = fs::remove_dir(entry.path());
            continue;
        };
        if let Ok(Some(place)) = take_at(&entry.path(), None) {
            dead.push((place, parent.join(of)));
        }
    }
    dead
}

/// Whether another run has a workplace.
pub fn is_living(place: &Path) -> bool {
    matches!(take_at(place, None), Ok(None))
}

/// Removes what killed runs left of files in a folder.
pub fn clear_dead_files_in(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for place in entries.flatten().map(|entry| entry.path()).filter(|place| is_of_file(place)) {
        if let Ok(Some(mut place)) = take_at(&place, None) {
            place.own(&mut undisturbed());
        }
    }
}

/// The target of a workplace, and its kind, as its lock says; `None` for a folder that only looks like a workplace. A
/// lock that is a pipe or has no end does not count.
fn target_of(place: &Path) -> Option<(PathBuf, Kind)> {
    /// More than the length of the longest name.
    const LONGEST: u64 = 4096;
    let lock = place.join(LOCK);
    let facts = fs::symlink_metadata(&lock).ok()?;
    if !facts.is_file() || facts.len() > LONGEST {
        return None;
    }
    let mut name = fs::read(lock).ok()?;
    let kind = if name.last() == Some(&b'/') { Kind::Folder } else { Kind::File };
    name.truncate(name.len() - usize::from(kind == Kind::Folder));
    let target = PathBuf::from(name_of(name)?);
    let is_name = target.file_name() == Some(target.as_os_str());
    let is_its_own = place.file_name() == Some(OsStr::new(&name_for(&label(&target, kind))));
    (is_name && is_its_own).then_some((target, kind))
}

#[cfg(unix)]
fn name_of(bytes: Vec<u8>) -> Option<OsString> {
    Some(std::os::unix::ffi::OsStringExt::from_vec(bytes))
}

#[cfg(not(unix))]
fn name_of(bytes: Vec<u8>) -> Option<OsString> {
    String::from_utf8(bytes).ok().map(OsString::from)
}

/// Whether a folder is the workplace of a file: whatever a killed run left in it is only an unfinished output.
pub fn is_of_file(folder: &Path) -> bool {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    name.starts_with(PREFIX) && target_of(folder).is_some_and(|(_, kind)| kind == Kind::File)
}

/// Whether an open file is still at a path: its owner may have removed it before it was locked.
#[cfg(all(unix, not(feature = "elsewhere")))]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let identity = |facts: fs::Metadata| (facts.dev(), facts.ino());
    let (opened, there) = (file.metadata().map(identity), fs::metadata(path).map(identity));
    matches!((opened, there), (Ok(opened), Ok(there)) if opened == there)
}

#[cfg(any(not(unix), feature = "elsewhere"))]
fn is_at(_: &File, path: &Path) -> bool {
    path.exists()
}

/// Creates a folder that only its owner can enter.
#[cfg(all(unix, not(feature = "elsewhere")))]
fn create_private_folder(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().mode(0o700).create(path)
}

/// On other systems a folder inherits the permissions of its parent.
#[cfg(any(not(unix), feature = "elsewhere"))]
fn create_private_folder(path: &Path) -> io::Result<()> {
    fs::create_dir(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names_in(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).expect("a folder");
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect()
    }

    #[test]
    fn a_workplace_is_for_one_run_and_leaves_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let target = folder.path().join("reports");
        let place = Workplace::take(&target, Kind::Folder).expect("taken");
        fs::create_dir(place.path().join("new")).expect("made");
        assert!(matches!(Workplace::take(&target, Kind::Folder), Err(Error::OutputBusy { .. })));
        assert!(Workplace::take(&target, Kind::File).is_ok(), "a file's workplace is another");
        assert!(dead_beside(&target).is_empty());
        assert!(dead_beside(&folder.path().join("other")).is_empty(), "its run lives");
        drop(place);
        assert_eq!(names_in(folder.path()), Vec::<String>::new());
        assert!(Workplace::take(&target, Kind::Folder).is_ok());
    }

    #[test]
    fn what_a_dead_run_left_is_found_by_the_next_and_kept_until_it_is_its_own() {
        let folder = tempfile::tempdir().expect("a folder");
        let target = folder.path().join("reports");
        let mut dead = Workplace::take(&target, Kind::Folder).expect("taken");
        fs::create_dir(dead.path().join("old")).expect("made");
        dead.disown(&mut undisturbed());
        drop(dead);
        fs::create_dir(folder.path().join(".frist-0123")).expect("killed before it was locked");
        for _ in 0..2 {
            let found = dead_beside(&folder.path().join("other"));
            assert_eq!(found.len(), 1);
            assert_eq!(found[0].1, target);
            assert!(found[0].0.path().join("old").exists());
        }
        let mut place = Workplace::take(&target, Kind::Folder).expect("taken");
        place.own(&mut undisturbed());
        drop(place);
        assert_eq!(names_in(folder.path()), Vec::<String>::new());
    }

    #[cfg(all(unix, not(feature = "elsewhere")))]
    #[test]
    fn a_target_whose_name_is_in_another_encoding_is_found_too() {
        use std::os::unix::ffi::OsStrExt;
        let folder = tempfile::tempdir().expect("a folder");
        let target = folder.path().join(OsStr::from_bytes(b"m\xf6te"));
        let mut dead = Workplace::take(&target, Kind::Folder).expect("taken");
        dead.disown(&mut undisturbed());
        drop(dead);
        let found = dead_beside(&folder.path().join("other"));
        assert_eq!(found.iter().map(|(_, of)| of).collect::<Vec<_>>(), [&target]);
    }

    #[test]
    fn only_a_workplace_of_a_file_is_passed_over() {
        let folder = tempfile::tempdir().expect("a folder");
        let made = |name: &str, lock: &str| {
            let place = folder.path().join(name);
            fs::create_dir(&place).expect("made");
            fs::write(place.join(LOCK), lock).expect("written");
            place
        };
        let own = |label: &str| name_for(OsStr::new(label));
        assert!(is_of_file(&made(&own("cases.csv"), "cases.csv")));
        // Whatever somebody hides under such a name is inspected.
        for (name, lock) in [
            (own("reports/"), "reports/".to_owned()),
            (own("other.csv"), "cases.csv".to_owned()),
            (format!("{PREFIX}mine"), "mine".to_owned()),
            (own(&"x".repeat(5000)), "x".repeat(5000)),
        ] {
            assert!(!is_of_file(&made(&name, &lock)), "{name}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_lock_that_never_ends_is_not_read() {
        let folder = tempfile::tempdir().expect("a folder");
        let place = folder.path().join(name_for(OsStr::new("cases.csv")));
        fs::create_dir(&place).expect("made");
        std::os::unix::fs::symlink("/dev/zero", place.join(LOCK)).expect("linked");
        assert!(!is_of_file(&place));
        assert!(dead_beside(&folder.path().join("other")).is_empty());
    }

    #[test]
    fn a_lock_that_leads_elsewhere_is_not_followed() {
        let folder = tempfile::tempdir().expect("a folder");
        let planted = folder.path().join(name_for(OsStr::new("../reports/")));
        fs::create_dir_all(planted.join("old")).expect("made");
        fs::write(planted.join(LOCK), "../reports/").expect("written");
        assert!(dead_beside(&folder.path().join("other")).is_empty());
        assert!(planted.join("old").exists());
    }

    #[cfg(unix)]
    #[test]
    fn a_link_in_the_place_of_a_workplace_is_not_followed() {
        let (folder, other) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("another"));
        fs::write(other.path().join("mine"), "x").expect("written");
        let target = folder.path().join("reports");
        let place = folder.path().join(name_for(OsStr::new("reports/")));
        std::os::unix::fs::symlink(other.path(), place).expect("linked");
        assert!(matches!(Workplace::take(&target, Kind::Folder), Err(Error::UnwritableOutput { .. })));
        assert_eq!(names_in(other.path()), ["mine"]);
    }

    #[cfg(all(unix, not(feature = "elsewhere")))]
    #[test]
    fn a_workplace_is_for_its_owner_alone() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().expect("a folder");
        let place = Workplace::take(&folder.path().join("reports"), Kind::Folder).expect("taken");
        assert_eq!(fs::metadata(place.path()).expect("there").permissions().mode() & 0o777, 0o700);
    }
}
