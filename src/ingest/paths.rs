//! Paths: what they lead to. Two can lead to one file, and what cannot be looked at is not taken for nothing.

use std::ffi::OsStr;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::files::{unreadable, written_path};
use crate::error::Error;
use crate::personal_numbers;

/// The path of what is there, through links and dots; `None` if nothing is.
///
/// # Errors
/// [`Error::UnreadableInput`] if the system does not say.
pub fn real(path: &Path) -> Result<Option<PathBuf>, Error> {
    match fs::canonicalize(path) {
        Ok(real) => Ok(Some(real)),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(None),
        Err(error) => Err(unreadable(path, &error)),
    }
}

/// A path through links and dots, also if its end is not there yet.
///
/// # Errors
/// As [`real`].
pub fn settled(path: &Path) -> Result<PathBuf, Error> {
    let whole = std::path::absolute(path).map_err(|error| unreadable(path, &error))?;
    for part in whole.ancestors() {
        if let Some(real) = real(part)? {
            let end = whole.strip_prefix(part).expect("it is an ancestor");
            return Ok(if end.as_os_str().is_empty() { real } else { real.join(end) });
        }
    }
    Ok(whole)
}

/// A path as a manifest records it, which names no folder of this computer: from `folder` for what is in it, is named
/// through it, or is in the folder that the program runs in as `folder` is; the name alone for what is elsewhere.
///
/// # Errors
/// As [`real`].
pub fn path_from(folder: &Path, path: &Path) -> Result<String, Error> {
    let here = settled(Path::new("."))?;
    let (whole, base) = (settled(path)?, settled(&here.join(folder))?);
    let through = path.strip_prefix(folder).ok().filter(|_| !folder.as_os_str().is_empty());
    let found = match (whole.strip_prefix(&base), through) {
        (Ok(inside), _) | (_, Some(inside)) => inside.to_owned(),
        _ if whole.starts_with(&here) && base.starts_with(&here) => relative(&base, &whole),
        _ => whole.file_name().unwrap_or_default().into(),
    };
    Ok(personal_numbers::shown_name(&written_path(&found, Path::new(""))))
}

/// The way from one folder to a path, both without links and dots.
fn relative(from: &Path, to: &Path) -> PathBuf {
    let common = from.iter().zip(to).take_while(|(one, other)| one == other).count();
    let up = from.iter().skip(common).map(|_| OsStr::new(".."));
    up.chain(to.iter().skip(common)).collect()
}

/// Whether two paths lead to the same existing file or folder.
///
/// # Errors
/// As [`real`].
pub fn are_the_same(one: &Path, other: &Path) -> Result<bool, Error> {
    Ok(matches!((real(one)?, real(other)?), (Some(one), Some(other)) if one == other))
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "tests make the files that are looked at")]
mod tests {
    use super::*;

    #[test]
    fn recorded_paths_name_no_folder_of_this_computer() {
        let folder = tempfile::tempdir().expect("a folder");
        let of = |folder: &Path, path: &Path| path_from(folder, path).expect("it is found");
        let project = folder.path().join("projekt");
        fs::create_dir(&project).expect("made");
        assert_eq!(of(&project, &project.join("mallar/sida.css")), "mallar/sida.css");
        assert_eq!(of(&project, &project.join("../mallar")), "../mallar");
        assert_eq!(of(&project, &folder.path().join("mallar")), "mallar");
        // Tests run in the folder of the package.
        assert_eq!(of(Path::new("src/cli"), Path::new("src/text/sv.toml")), "../text/sv.toml");
        assert_eq!(of(Path::new("src"), Path::new("src/text/sv.toml")), "text/sv.toml");
        assert_eq!(of(Path::new(""), Path::new("src/text/sv.toml")), "src/text/sv.toml");
        let hidden = of(Path::new(""), Path::new("src/19121212-1212.toml"));
        assert!(hidden.starts_with("src/") && !hidden.contains("1212"), "{hidden}");
        assert_eq!(of(Path::new(""), &folder.path().join("sv.toml")), "sv.toml");
    }

    #[test]
    fn a_path_is_settled_as_far_as_it_is_there() {
        let folder = tempfile::tempdir().expect("a folder");
        let whole = fs::canonicalize(folder.path()).expect("there");
        fs::write(whole.join("a.csv"), "").expect("written");
        assert_eq!(settled(&folder.path().join("new/report")), Ok(whole.join("new/report")));
        assert_eq!(settled(&folder.path().join("a.csv")), Ok(whole.join("a.csv")));
        // Below a file nothing can be.
        assert_eq!(real(&folder.path().join("a.csv/b")), Ok(None));
        assert_eq!(real(&folder.path().join("b")), Ok(None));
        assert_eq!(are_the_same(&whole.join("./a.csv"), &whole.join("a.csv")), Ok(true));
        assert_eq!(are_the_same(&whole.join("b"), &whole.join("b")), Ok(false), "nothing is there");
    }
}
