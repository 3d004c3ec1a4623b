//! Permissions: a replacement is accessible to those who could access the original, and to nobody else.

use std::fs::{self, Metadata};
use std::io;
use std::path::Path;

/// Gives a new file or folder the permissions and the group of the one that it replaces; if the group cannot be set,
/// the new group gets no permissions.
#[cfg(all(unix, not(feature = "elsewhere")))]
pub fn take_over(new: &Path, old: &Metadata) -> io::Result<()> {
    use std::fs::Permissions;
    use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
    let is_of_group = std::fs::metadata(new)?.gid() == old.gid() || chown(new, None, Some(old.gid())).is_ok();
    std::fs::set_permissions(new, Permissions::from_mode(kept(old.mode(), is_of_group)))
}

/// The permissions that the new one may keep, given whether it has the same group.
#[cfg(all(unix, not(feature = "elsewhere")))]
fn kept(mode: u32, is_of_group: bool) -> u32 {
    /// The permissions of owner, group and others, and the special bits.
    const ALL: u32 = 0o7777;
    /// The permissions of the group.
    const OF_GROUP: u32 = 0o070;
    mode & if is_of_group { ALL } else { ALL & !OF_GROUP }
}

/// On other systems a new file inherits the permissions of its folder.
#[cfg(any(not(unix), feature = "elsewhere"))]
pub fn take_over(_: &Path, _: &Metadata) -> io::Result<()> {
    Ok(())
}

/// Removes a folder and everything in it. A folder that somebody made read-only would keep its files from being
/// removed, so it is made writable for its owner first.
pub fn remove_all(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
            open_to_owner(folder)?;
            fs::remove_dir_all(folder)
        }
        removed => removed,
    }
}

/// Gives the owner of a folder all permissions on it and on the folders below.
#[cfg(unix)]
fn open_to_owner(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mode = fs::metadata(folder)?.permissions().mode();
    fs::set_permissions(folder, fs::Permissions::from_mode(mode | 0o700))?;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        // A link to a folder is not a folder.
        if entry.file_type()?.is_dir() {
            open_to_owner(&entry.path())?;
        }
    }
    Ok(())
}

#[cfg(not(unix))]
fn open_to_owner(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(all(test, unix, not(feature = "elsewhere")))]
mod tests {
    use std::fs::Permissions;
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn another_group_gets_nothing() {
        assert_eq!([kept(0o100_674, true), kept(0o100_674, false)], [0o674, 0o604]);
    }

    #[test]
    fn folders_are_opened_and_links_are_not_followed() {
        let place = tempfile::tempdir().expect("a folder");
        let mode = |folder: &Path| fs::metadata(folder).expect("there").permissions().mode() & 0o777;
        let (inside, outside) = (place.path().join("report/charts"), place.path().join("outside"));
        fs::create_dir_all(&inside).expect("made");
        fs::create_dir(&outside).expect("made");
        std::os::unix::fs::symlink(&outside, place.path().join("report/link")).expect("linked");
        for folder in [&inside, &outside] {
            fs::set_permissions(folder, Permissions::from_mode(0o555)).expect("set");
        }
        open_to_owner(&place.path().join("report")).expect("opened");
        assert_eq!((mode(&inside), mode(&outside)), (0o755, 0o555));
        remove_all(&place.path().join("report")).expect("removed");
        assert!(outside.exists() && !inside.exists());
    }

    #[test]
    fn rights_are_kept() {
        let folder = tempfile::tempdir().expect("a folder");
        let [old, new] = ["old", "new"].map(|name| folder.path().join(name));
        for mode in [0o600, 0o640, 0o664, 0o444] {
            fs::write(&new, "new").expect("written");
            fs::write(&old, "old").expect("written");
            fs::set_permissions(&old, Permissions::from_mode(mode)).expect("set");
            take_over(&new, &fs::metadata(&old).expect("there")).expect("taken over");
            assert_eq!(fs::metadata(&new).expect("there").permissions().mode() & 0o777, mode);
            for path in [&old, &new] {
                fs::remove_file(path).expect("removed");
            }
        }
    }
}
