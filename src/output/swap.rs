//! The swap: a new report replaces the old one, and at every moment one of them can be found.
//!
//! If the system can exchange two folders atomically, it does. Elsewhere (network shares, Windows) the old report is
//! moved into the workplace and the new one to its place; if that fails, the old one is moved back. What people changed
//! in the old report is set aside beside it before the rest is removed. If this is interrupted, the next run completes
//! it.

use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};

use super::folder::{Listed, files_below, touched_in};
use super::workplace::{Workplace, undisturbed};
use super::{MANIFEST, parent_of, rights, sync_folder, unwritable};
use crate::error::Error;
use crate::moment::Moment;

/// Inside a workplace: what is being made.
pub const NEW: &str = "new";
/// The report that is being replaced, for a moment.
const OLD: &str = "old";
/// What people changed in it, until all of that is gathered.
const ASIDE: &str = "aside";
/// The old report while it is being removed.
const GONE: &str = "gone";
/// Announces an exchange, with the digest of the new report's manifest.
const EXCHANGE: &str = "exchange";

/// Puts the new report of a workplace at `target`. Returns the folder in which changed files of the old report were set
/// aside; `aside` is the word in its name.
///
/// # Errors
/// [`Error::UnwritableOutput`]: the old report is where it was. [`Error::OldReportKept`]: it is in the workplace, from
/// which the next run restores it. [`Error::OutputStands`]: the new report is in place, but something after that
/// failed.
pub fn put(mut place: Workplace, target: &Path, aside: &str) -> Result<Option<PathBuf>, Error> {
    // A signal waits until this is done; nothing that it could destroy is left then.
    let mut living = undisturbed();
    place.disown(&mut living);
    let outcome = swap(&place, target, aside);
    let holds_old =
        matches!(outcome, Err(Error::OldReportKept { .. } | Error::OutputStands { kept: Some(_), .. }));
    if !holds_old {
        place.own(&mut living);
    }
    // The workplace is dropped next, and locks the list itself.
    drop(living);
    outcome
}

fn swap(place: &Workplace, target: &Path, aside: &str) -> Result<Option<PathBuf>, Error> {
    let (new, old) = (place.path().join(NEW), place.path().join(OLD));
    match fs::symlink_metadata(target) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            fs::rename(&new, target).map_err(unwritable(target))?;
        }
        Err(error) => return Err(unwritable(target)(error)),
        Ok(facts) => replace(place, target, &facts)?,
    }
    let mut set_aside = None;
    let finished = sync_folder(parent_of(target)).and_then(|()| finish(&old, target, aside, &mut set_aside));
    match finished {
        Ok(()) => Ok(set_aside),
        Err(error) => Err(Error::OutputStands {
            path: target.into(),
            cause: error.to_string(),
            kept: old.exists().then_some(old),
            set_aside,
        }),
    }
}

/// Moves the old report into the workplace and the new one to its place.
fn replace(place: &Workplace, target: &Path, facts: &Metadata) -> Result<(), Error> {
    let (new, old) = (place.path().join(NEW), place.path().join(OLD));
    take_over_rights(&new, target, facts).map_err(unwritable(target))?;
    if exchange(place, target).map_err(unwritable(target))? {
        // With this name the next run recognises it, if this one is stopped here.
        return fs::rename(&new, &old).map_err(|error| Error::OutputStands {
            path: target.into(),
            cause: error.to_string(),
            kept: Some(new),
            set_aside: None,
        });
    }
    move_both(&new, &old, target)
}

/// Does the same with two moves; if the second fails, the first is undone.
fn move_both(new: &Path, old: &Path, target: &Path) -> Result<(), Error> {
    fs::rename(target, old).map_err(unwritable(target))?;
    let Err(error) = fs::rename(new, target) else { return Ok(()) };
    match fs::rename(old, target) {
        Ok(()) => Err(unwritable(target)(error)),
        Err(_) => {
            Err(Error::OldReportKept { path: target.into(), kept: old.into(), cause: error.to_string() })
        }
    }
}

/// Exchanges the new report and the old one atomically; false if the system or the file system cannot.
#[cfg(all(target_os = "linux", not(feature = "elsewhere")))]
fn exchange(place: &Workplace, target: &Path) -> io::Result<bool> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    use rustix::io::Errno;
    let (new, note) = (place.path().join(NEW), place.path().join(EXCHANGE));
    // After the exchange the old report has the new one's name: the digest identifies the new one.
    fs::write(&note, digest_of(&new)?)?;
    match renameat_with(CWD, &new, CWD, target, RenameFlags::EXCHANGE) {
        Ok(()) => Ok(true),
        Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP | Errno::PERM) => {
            fs::remove_file(note)?;
            Ok(false)
        }
        Err(error) => Err(error.into()),
    }
}

#[cfg(any(not(target_os = "linux"), feature = "elsewhere"))]
fn exchange(_: &Workplace, _: &Path) -> io::Result<bool> {
    Ok(false)
}

fn digest_of(report: &Path) -> io::Result<String> {
    Ok(Listed::of(MANIFEST, &report.join(MANIFEST))?.sha256)
}

/// Gives the new report, and those of its files that the old report also has, the permissions of the old ones.
fn take_over_rights(new: &Path, old: &Path, facts: &Metadata) -> io::Result<()> {
    for file in files_below(new)? {
        let above = file.ancestors().skip(1).filter(|folder| *folder != Path::new(""));
        for path in above.chain([&*file]) {
            match fs::symlink_metadata(old.join(path)) {
                Ok(facts) if !facts.is_symlink() => rights::take_over(&new.join(path), &facts)?,
                _ => {}
            }
        }
    }
    rights::take_over(new, facts)
}

/// Finishes or undoes what a killed run left in a workplace, and empties it, which makes it this run's own. Returns the
/// folder in which changed files of the old report were set aside.
///
/// # Errors
/// If the file system refuses; nothing is lost then.
pub fn recover(place: &mut Workplace, target: &Path, aside: &str) -> io::Result<Option<PathBuf>> {
    let (new, old) = (place.path().join(NEW), place.path().join(OLD));
    let mut living = undisturbed();
    let announced = if_there(fs::read_to_string(place.path().join(EXCHANGE)))?;
    let was_exchanged = announced.is_some() && if_there(digest_of(target))? == announced;
    if was_exchanged && new.try_exists()? && !old.try_exists()? {
        fs::rename(&new, &old)?;
    }
    let mut kept = None;
    if old.try_exists()? {
        match if_there(fs::symlink_metadata(target))? {
            Some(_) => finish(&old, target, aside, &mut kept)?,
            None => fs::rename(&old, target)?,
        }
    }
    bring_out(&place.path().join(ASIDE), target, aside, &mut kept)?;
    place.empty()?;
    place.own(&mut living);
    Ok(kept)
}

/// The result of a read, or `None` if nothing is there. Something that cannot be read may be something that must not be
/// lost.
fn if_there<T>(read: io::Result<T>) -> io::Result<Option<T>> {
    match read {
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            Ok(None)
        }
        read => read.map(Some),
    }
}

/// Sets aside what people changed in the old report, and removes the rest. Stores in `kept` the folder beside the
/// report in which it was set aside, even if something fails later.
fn finish(old: &Path, target: &Path, aside: &str, kept: &mut Option<PathBuf>) -> io::Result<()> {
    if !old.try_exists()? {
        return Ok(());
    }
    for file in touched_in(old)? {
        let place = old.with_file_name(ASIDE).join(&file);
        fs::create_dir_all(parent_of(&place))?;
        fs::rename(old.join(file), place)?;
    }
    bring_out(&old.with_file_name(ASIDE), target, aside, kept)?;
    // Renamed first: half removed, it would look as if people had changed it.
    let gone = old.with_file_name(GONE);
    fs::rename(old, &gone)?;
    rights::remove_all(&gone)
}

/// Moves the files that people changed, once all are gathered, out of the workplace into a folder beside the new
/// report. It is named after the report and the day of the last change, `reports (ändrade 2024-09-12)`.
fn bring_out(changed: &Path, target: &Path, aside: &str, kept: &mut Option<PathBuf>) -> io::Result<()> {
    /// Characters of the report's name that are used: more could make the folder's name too long.
    const LONGEST: usize = 50;
    if !changed.try_exists()? {
        return Ok(());
    }
    let days = files_below(changed)?.into_iter().filter_map(|file| changed_on(&changed.join(file)));
    let day = days.max().unwrap_or_default();
    let name: String =
        target.file_name().unwrap_or_default().to_string_lossy().chars().take(LONGEST).collect();
    let folder = free_place(parent_of(target), &format!("{name} ({aside}{day})"));
    fs::rename(changed, &folder)?;
    *kept = Some(folder);
    sync_folder(parent_of(target))
}

/// The Swedish day on which a file was changed, preceded by a blank.
fn changed_on(path: &Path) -> Option<String> {
    /// 2100-01-01: later times come from a wrong clock.
    const LATEST: u64 = 4_102_444_800;
    let changed = fs::symlink_metadata(path).ok()?.modified().ok()?;
    let seconds = changed.duration_since(std::time::UNIX_EPOCH).ok()?.as_secs();
    (seconds < LATEST).then(|| format!(" {}", Moment(seconds as i64).day()))
}

/// A path with this name where nothing exists, with a number appended if necessary.
fn free_place(parent: &Path, name: &str) -> PathBuf {
    let numbered = (2..).map(|number| format!("{name} {number}"));
    let mut places = std::iter::once(name.to_owned()).chain(numbered).map(|name| parent.join(name));
    places.find(|place| fs::symlink_metadata(place).is_err()).expect("numbers do not end")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::folder::{is_report, verify};
    use crate::output::workplace::Kind;

    /// Writes a report with one file.
    fn report(folder: &Path, text: &str) {
        fs::create_dir_all(folder).expect("made");
        fs::write(folder.join("a.txt"), text).expect("written");
        let listed = [Listed::of("a.txt", &folder.join("a.txt")).expect("read")];
        let manifest = serde_json::json!({ "schema": "frist/manifest/1", "outputs": listed });
        fs::write(folder.join(MANIFEST), manifest.to_string()).expect("written");
    }

    /// A folder with an old report, and a workplace with a new one.
    fn before() -> (tempfile::TempDir, PathBuf, Workplace) {
        let folder = tempfile::tempdir().expect("a folder");
        let target = folder.path().join("reports");
        report(&target, "old");
        let mut place = Workplace::take(&target, Kind::Folder).expect("taken");
        place.disown(&mut undisturbed());
        report(&place.path().join(NEW), "new");
        (folder, target, place)
    }

    fn text_of(report: &Path) -> String {
        fs::read_to_string(report.join("a.txt")).expect("read")
    }

    fn names_in(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).expect("a folder");
        let name = |entry: fs::DirEntry| entry.file_name().to_string_lossy().into_owned();
        let mut names: Vec<String> = entries.map(|entry| name(entry.expect("an entry"))).collect();
        names.sort();
        names
    }

    /// Recovers the workplace as the next run does.
    fn next(target: &Path) -> Option<PathBuf> {
        let mut place = Workplace::take(target, Kind::Folder).expect("taken");
        recover(&mut place, target, "changed").expect("recovered")
    }

    #[test]
    fn two_moves_do_it_and_a_second_that_fails_is_undone() {
        let (_folder, target, place) = before();
        let [new, old, none] = [NEW, OLD, "none"].map(|name| place.path().join(name));
        assert!(matches!(move_both(&none, &old, &target), Err(Error::UnwritableOutput { .. })));
        assert!(text_of(&target) == "old" && !old.exists());
        move_both(&new, &old, &target).expect("moved");
        assert_eq!((text_of(&target), text_of(&old)), ("new".into(), "old".into()));
    }

    #[test]
    fn an_old_report_that_a_killed_run_moved_away_is_put_back() {
        let (folder, target, place) = before();
        fs::rename(&target, place.path().join(OLD)).expect("moved");
        drop(place);
        assert_eq!(next(&target), None);
        assert_eq!((text_of(&target).as_str(), names_in(folder.path()).len()), ("old", 1));
        assert_eq!(verify(&target).expect("whole"), 2);
    }

    #[test]
    fn what_a_run_left_that_was_killed_before_or_after_the_exchange_goes() {
        for exchanged in [false, true] {
            let (folder, target, place) = before();
            let new = place.path().join(NEW);
            fs::write(target.join("mine.txt"), "mine").expect("written");
            fs::write(place.path().join(EXCHANGE), digest_of(&new).expect("read")).expect("written");
            if exchanged {
                let between = folder.path().join("between");
                for (from, to) in [(&target, &between), (&new, &target), (&between, &new)] {
                    fs::rename(from, to).expect("moved");
                }
            }
            drop(place);
            let set_aside = next(&target);
            assert_eq!(text_of(&target), if exchanged { "new" } else { "old" });
            assert_eq!(set_aside.is_some(), exchanged);
            let mine = set_aside.as_deref().unwrap_or(&target).join("mine.txt");
            assert_eq!(fs::read_to_string(mine).expect("kept"), "mine");
        }
    }

    #[cfg(unix)]
    #[test]
    fn what_cannot_be_read_is_not_taken_for_absent() {
        let (folder, target, place) = before();
        let (new, old) = (place.path().join(NEW), folder.path().join("between"));
        fs::write(target.join("mine.txt"), "mine").expect("written");
        // As after an exchange whose note is a folder, which nobody can read as a file.
        fs::create_dir(place.path().join(EXCHANGE)).expect("made");
        for (from, to) in [(&target, &old), (&new, &target), (&old, &new)] {
            fs::rename(from, to).expect("moved");
        }
        drop(place);
        let mut place = Workplace::take(&target, Kind::Folder).expect("taken");
        assert!(recover(&mut place, &target, "changed").is_err());
        assert_eq!(fs::read_to_string(place.path().join(NEW).join("mine.txt")).expect("kept"), "mine");
    }

    #[test]
    fn what_people_changed_is_set_aside_under_the_day_it_was_changed_on() {
        let (folder, target, place) = before();
        fs::write(target.join("a.txt"), "corrected").expect("written");
        fs::create_dir(target.join("notes")).expect("made");
        fs::write(target.join("notes/b.docx"), "mine").expect("written");
        let day = std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_726_100_000);
        for file in ["a.txt", "notes/b.docx"] {
            let file = fs::File::options().write(true).open(target.join(file)).expect("opened");
            file.set_modified(day).expect("set");
        }
        let aside = put(place, &target, "changed").expect("put").expect("set aside");
        assert_eq!(aside, folder.path().join("reports (changed 2024-09-12)"));
        assert_eq!(text_of(&aside), "corrected");
        assert_eq!(fs::read_to_string(aside.join("notes/b.docx")).expect("kept"), "mine");
        assert_eq!((text_of(&target).as_str(), verify(&target).is_ok()), ("new", true));
        assert_eq!(names_in(folder.path()), ["reports", "reports (changed 2024-09-12)"]);
        assert!(!is_report(&aside).expect("it can be read"));
    }

    #[test]
    fn what_a_killed_run_had_begun_to_set_aside_goes_on_in_one_folder() {
        for taken_away in [false, true] {
            let (folder, target, place) = before();
            for name in ["mine.txt", "more.txt"] {
                fs::write(target.join(name), "mine").expect("written");
            }
            fs::rename(&target, place.path().join(OLD)).expect("moved");
            fs::rename(place.path().join(NEW), &target).expect("moved");
            fs::create_dir(place.path().join(ASIDE)).expect("made");
            fs::rename(place.path().join(OLD).join("mine.txt"), place.path().join(ASIDE).join("mine.txt"))
                .expect("moved");
            if taken_away {
                fs::remove_dir_all(&target).expect("removed");
            }
            drop(place);
            let aside = next(&target).expect("set aside");
            let wanted: &[&str] = if taken_away { &["mine.txt"] } else { &["mine.txt", "more.txt"] };
            assert_eq!(names_in(&aside), wanted);
            assert_eq!(target.join("more.txt").exists(), taken_away, "the old report was put back");
            assert_eq!(names_in(folder.path()).len(), 2);
        }
    }

    #[test]
    fn files_that_were_put_into_an_empty_folder_meanwhile_are_set_aside() {
        let (_folder, target, place) = before();
        fs::remove_file(target.join(MANIFEST)).expect("removed");
        let aside = put(place, &target, "changed").expect("put").expect("set aside");
        assert_eq!((text_of(&aside).as_str(), text_of(&target).as_str()), ("old", "new"));
    }

    #[cfg(unix)]
    #[test]
    fn names_in_another_encoding_are_set_aside_too() {
        use std::os::unix::ffi::OsStrExt;
        let (_folder, target, place) = before();
        let name = std::ffi::OsStr::from_bytes(b"m\xf6te.docx");
        fs::write(target.join(name), "mine").expect("written");
        let aside = put(place, &target, "changed").expect("put").expect("set aside");
        assert_eq!(fs::read_to_string(aside.join(name)).expect("kept"), "mine");
    }

    #[test]
    fn what_cannot_be_set_aside_stays_for_the_next_run() {
        let (_folder, target, place) = before();
        fs::write(target.join("mine.txt"), "mine").expect("written");
        fs::rename(&target, place.path().join(OLD)).expect("moved");
        fs::rename(place.path().join(NEW), &target).expect("moved");
        drop(place);
        let mut place = Workplace::take(&target, Kind::Folder).expect("taken");
        // No folder can have this name.
        assert!(recover(&mut place, &target, "a/b").is_err());
        drop(place);
        let aside = next(&target).expect("set aside");
        assert_eq!(fs::read_to_string(aside.join("mine.txt")).expect("kept"), "mine");
    }

    #[cfg(unix)]
    #[test]
    fn a_report_that_cannot_be_put_in_place_leaves_the_old_one() {
        let (_folder, target, place) = before();
        fs::remove_dir_all(place.path().join(NEW)).expect("removed");
        assert!(matches!(put(place, &target, "changed"), Err(Error::UnwritableOutput { .. })));
        assert_eq!(text_of(&target), "old");
    }
}
