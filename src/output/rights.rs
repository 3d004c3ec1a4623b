//! Rights: what takes the place of a file or folder is open to those that it was open to, and to nobody else.

use std::fs::Metadata;
use std::io;
use std::path::Path;

/// Gives a new file or folder the rights and the group of the one whose place it takes; when it cannot be given the
/// group, its own group gets no rights.
#[cfg(all(unix, not(feature = "elsewhere")))]
pub fn take_over(new: &Path, old: &Metadata) -> io::Result<()> {
    use std::fs::Permissions;
    use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
    let is_of_group = std::fs::metadata(new)?.gid() == old.gid() || chown(new, None, Some(old.gid())).is_ok();
    std::fs::set_permissions(new, Permissions::from_mode(kept(old.mode(), is_of_group)))
}

/// The rights of the old one that the new one may have, which may be of another group.
#[cfg(all(unix, not(feature = "elsewhere")))]
fn kept(mode: u32, is_of_group: bool) -> u32 {
    /// What the owner, the group and others may do, and the bits before those.
    const ALL: u32 = 0o7777;
    /// What the group may do.
    const OF_GROUP: u32 = 0o070;
    mode & if is_of_group { ALL } else { ALL & !OF_GROUP }
}

/// Elsewhere what is new has the rights of the folder that it is put in.
#[cfg(any(not(unix), feature = "elsewhere"))]
pub fn take_over(_: &Path, _: &Metadata) -> io::Result<()> {
    Ok(())
}

#[cfg(all(test, unix, not(feature = "elsewhere")))]
mod tests {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn another_group_gets_nothing() {
        assert_eq!([kept(0o100_674, true), kept(0o100_674, false)], [0o674, 0o604]);
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
