//! Workplaces: hidden folders beside what is to be written, where it is made.
//!
//! A workplace is for its owner alone and named after its target, so that the next run finds what a killed one left.
//! A lock tells a living run from a dead one; the system lets go of it when a process dies. Within it stand `new`,
//! what is being made, and for a moment `old`, the report whose place it takes.

use std::ffi::OsStr;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use sha2::{Digest, Sha256};

use super::{parent_of, unwritable};
use crate::error::Error;
use crate::ingest::hex;

/// What the names of all workplaces begin with.
const PREFIX: &str = ".frist-";
/// The file that a living run holds locked; it has the name of the target in it.
const LOCK: &str = "lock";

/// The workplaces of this process. Whoever holds it keeps a signal from clearing them away meanwhile.
static LIVING: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// A signal is ending the program.
static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// Keeps a signal from ending the program while what it holds stands.
pub fn undisturbed() -> MutexGuard<'static, Vec<PathBuf>> {
    LIVING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// From now on Ctrl-C, a request to end and a closed terminal clear the workplaces away before the program ends.
pub fn clear_on_signals() {
    on_signals(|end| {
        INTERRUPTED.store(true, Ordering::SeqCst);
        let living = undisturbed();
        living.iter().for_each(|place| clear_while_used(place));
        end();
    });
}

/// Calls `clear` on a signal that asks the program to end, with what ends it.
#[cfg(unix)]
fn on_signals(clear: fn(&dyn Fn())) {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    use signal_hook::iterator::Signals;
    use signal_hook::low_level::emulate_default_handler;
    // Without a handler a signal leaves a workplace behind, which the next run clears away.
    let asked = [SIGHUP, SIGINT, SIGTERM].into_iter().filter(|signal| !is_ignored(*signal));
    let Ok(mut signals) = Signals::new(asked) else { return };
    let wait = move || {
        for signal in signals.forever() {
            clear(&|| drop(emulate_default_handler(signal)));
        }
    };
    let _ = std::thread::Builder::new().spawn(wait);
}

#[cfg(not(unix))]
fn on_signals(clear: fn(&dyn Fn())) {
    /// What a shell gives for a program ended by Ctrl-C.
    const ENDED: i32 = 130;
    let _ = ctrlc::set_handler(move || clear(&|| std::process::exit(ENDED)));
}

/// Whether the program was begun so that a signal does not end it, with nohup or in the background; only Linux tells.
#[cfg(unix)]
fn is_ignored(signal: i32) -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    mask.is_some_and(|mask| mask >> (signal - 1) & 1 == 1)
}

/// Waits for the end when a signal is ending the program: what fails then fails because of that.
pub fn end_if_interrupted() {
    while INTERRUPTED.load(Ordering::SeqCst) {
        std::thread::park();
    }
}

/// Removes a folder that another thread may still be writing into.
fn clear_while_used(folder: &Path) {
    const TRIES: usize = 100;
    for _ in 0..TRIES {
        if !matches!(fs::remove_dir_all(folder), Err(error) if error.kind() != io::ErrorKind::NotFound) {
            return;
        }
    }
}

/// A workplace of this run. It is cleared away when it is dropped.
pub struct Workplace {
    path: PathBuf,
    /// None where the file system knows no locks.
    lock: Option<File>,
}

impl Workplace {
    /// Takes the workplace of a target, which may be one that a killed run left: then it is as that run left it.
    ///
    /// # Errors
    /// [`Error::OutputBusy`] when another run has it; [`Error::UnwritableOutput`].
    pub fn take(target: &Path) -> Result<Workplace, Error> {
        let name = target.file_name().unwrap_or_default();
        let parent = parent_of(target);
        let path = parent.join(name_for(name));
        fs::create_dir_all(parent).map_err(unwritable(parent))?;
        let Some(place) = take_at(&path).map_err(unwritable(target))? else {
            return Err(Error::OutputBusy { path: target.into(), place: path });
        };
        fs::write(path.join(LOCK), name.as_encoded_bytes()).map_err(unwritable(target))?;
        Ok(place)
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Leaves the folder where it is, for the next run to find.
    pub fn leave(mut self) {
        undisturbed().retain(|place| *place != self.path);
        drop(self.lock.take());
        // Forgotten, so that it is not cleared away.
        std::mem::forget(self);
    }

    /// Removes what stands in it but the lock.
    pub fn empty(&self) -> io::Result<()> {
        for entry in fs::read_dir(&self.path)? {
            let entry = entry?;
            match (entry.file_type()?.is_dir(), entry.file_name() == LOCK) {
                (_, true) => {}
                (true, _) => fs::remove_dir_all(entry.path())?,
                (false, _) => fs::remove_file(entry.path())?,
            }
        }
        Ok(())
    }
}

impl Drop for Workplace {
    fn drop(&mut self) {
        let mut living = undisturbed();
        // The lock goes last: a run that finds the folder without it must not find anything else.
        if self.empty().is_ok() {
            let _ = fs::remove_file(self.path.join(LOCK));
        }
        drop(self.lock.take());
        let _ = fs::remove_dir(&self.path);
        living.retain(|place| *place != self.path);
    }
}

/// The name of a target's workplace: hidden, and no longer than any file system allows.
fn name_for(target: &OsStr) -> String {
    format!("{PREFIX}{}", &hex(&Sha256::digest(target.as_encoded_bytes()))[..16])
}

/// Takes a workplace; none when another run has it.
fn take_at(path: &Path) -> io::Result<Option<Workplace>> {
    /// Other runs may come and go meanwhile.
    const TRIES: usize = 100;
    let mut living = undisturbed();
    for _ in 0..TRIES {
        let is_new = match create_private_folder(path) {
            Ok(()) => true,
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => false,
            Err(error) => return Err(error),
        };
        // A link could lead anywhere, and what stands there would be cleared away.
        if !fs::symlink_metadata(path).is_ok_and(|facts| facts.is_dir()) {
            return Err(io::Error::new(io::ErrorKind::NotADirectory, path.to_string_lossy()));
        }
        let lock = path.join(LOCK);
        let file = match OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&lock) {
            Ok(file) => file,
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
            // Without locks nothing tells whether its run lives.
            Err(TryLockError::Error(_)) if is_new => None,
            Err(TryLockError::Error(_)) => return Ok(None),
        };
        living.push(path.to_owned());
        return Ok(Some(Workplace { path: path.to_owned(), lock }));
    }
    Ok(None)
}

/// The workplaces beside `target` that dead runs left, with the targets of theirs; `target`'s own is not among them.
pub fn dead_beside(target: &Path) -> Vec<(Workplace, PathBuf)> {
    let parent = parent_of(target);
    let own = name_for(target.file_name().unwrap_or_default());
    let Ok(entries) = fs::read_dir(parent) else { return Vec::new() };
    let mut dead = Vec::new();
    for entry in entries.flatten() {
        let name = entry.file_name();
        let Some(name) = name.to_str().filter(|name| name.starts_with(PREFIX) && *name != own) else {
            continue;
        };
        let of = fs::read_to_string(entry.path().join(LOCK)).unwrap_or_default();
        // One without a lock is empty, or no workplace; one of another name is not ours to judge.
        if of.is_empty() || name_for(OsStr::new(&of)) != name {
            let _ = fs::remove_dir(entry.path());
            continue;
        }
        if let Ok(Some(place)) = take_at(&entry.path()) {
            dead.push((place, parent.join(of)));
        }
    }
    dead
}

/// Whether an opened file still stands at a path: its owner may have removed it before it was locked.
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

/// Makes a folder that only its owner can enter.
#[cfg(all(unix, not(feature = "elsewhere")))]
fn create_private_folder(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().mode(0o700).create(path)
}

/// Elsewhere a folder has the rights of the one that it is made in.
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
        let place = Workplace::take(&target).expect("taken");
        fs::create_dir(place.path().join("new")).expect("made");
        assert!(matches!(Workplace::take(&target), Err(Error::OutputBusy { .. })));
        assert!(dead_beside(&target).is_empty());
        assert!(dead_beside(&folder.path().join("other")).is_empty(), "its run lives");
        drop(place);
        assert_eq!(names_in(folder.path()), Vec::<String>::new());
        assert!(Workplace::take(&target).is_ok());
    }

    #[test]
    fn what_a_dead_run_left_is_found_by_the_next() {
        let folder = tempfile::tempdir().expect("a folder");
        let target = folder.path().join("reports");
        let dead = folder.path().join(name_for(OsStr::new("reports")));
        fs::create_dir_all(dead.join("old")).expect("made");
        fs::write(dead.join(LOCK), "reports").expect("written");
        fs::create_dir(folder.path().join(".frist-0123")).expect("killed before it was locked");
        let found = dead_beside(&folder.path().join("other"));
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].0.path(), &found[0].1), (&*dead, &target));
        drop(found);
        assert_eq!(names_in(folder.path()), Vec::<String>::new());
    }

    #[cfg(unix)]
    #[test]
    fn a_link_in_the_place_of_a_workplace_is_not_followed() {
        let (folder, other) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("another"));
        fs::write(other.path().join("mine"), "x").expect("written");
        let target = folder.path().join("reports");
        let place = folder.path().join(name_for(OsStr::new("reports")));
        std::os::unix::fs::symlink(other.path(), place).expect("linked");
        assert!(matches!(Workplace::take(&target), Err(Error::UnwritableOutput { .. })));
        assert_eq!(names_in(other.path()), ["mine"]);
    }

    #[cfg(all(unix, not(feature = "elsewhere")))]
    #[test]
    fn a_workplace_is_for_its_owner_alone() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().expect("a folder");
        let place = Workplace::take(&folder.path().join("reports")).expect("taken");
        assert_eq!(fs::metadata(place.path()).expect("there").permissions().mode() & 0o777, 0o700);
    }
}
