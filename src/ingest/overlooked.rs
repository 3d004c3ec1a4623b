//! What lies beside exports and looks like more of them, but is not read because of its name: folders, packed files, and
//! files with another ending or none.

use std::path::{Path, PathBuf};

use zip::ZipArchive;

use super::files::{
    self, Kind, beginning, entries, is_export_by_name, is_hidden_entry, natural_order, tables_beside,
};
use super::heading_words::is_expected;
use crate::project;

/// Endings of files that may be exports by what they hold.
const ENDINGS: [&str; 5] = ["", "dat", "asc", "prn", "zip"];

/// What in a folder looks like exports and is not read, in order of name. What cannot be read is passed over: it is only
/// mentioned.
pub fn overlooked_in(folder: &Path) -> Vec<PathBuf> {
    let mut found = entries(folder).unwrap_or_default();
    found.retain(|path| !is_hidden_entry(path) && !is_export_by_name(path) && looks_like_exports(path));
    found.sort_by_cached_key(|path| natural_order(path));
    found
}

fn looks_like_exports(path: &Path) -> bool {
    match files::at(path) {
        Ok(Some(Kind::Folder)) => {
            let is_project = path.join(project::FILE_NAME).exists();
            !is_project && tables_beside(path).is_ok_and(|(tables, _)| !tables.is_empty())
        }
        Ok(Some(Kind::File)) => is_packed_or_renamed(path) || has_name_of_any(path) && holds_exports(path),
        _ => false,
    }
}

/// `uttag.csv.gz`, `uttag.xlsx.bak`.
fn is_packed_or_renamed(path: &Path) -> bool {
    path.file_stem().is_some_and(|stem| is_export_by_name(Path::new(stem)))
}

fn has_name_of_any(path: &Path) -> bool {
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase()).unwrap_or_default();
    ENDINGS.contains(&ending.as_str())
}

/// Whether a file is packed exports, a workbook, or a text whose first line has headings of exports.
fn holds_exports(path: &Path) -> bool {
    /// A single known heading can occur in any text.
    const FEWEST_KNOWN: usize = 2;
    let Ok(file) = files::open(path) else { return false };
    if let Ok(packed) = ZipArchive::new(file) {
        let mut names = packed.file_names().filter_map(Result::ok);
        return names.any(|name| &*name == "xl/workbook.xml" || is_export_by_name(Path::new(&*name)));
    }
    let text = beginning(path).unwrap_or_default();
    let headings = text.lines().next().unwrap_or_default().split([';', ',', '\t', '|']);
    headings.filter(|heading| is_expected(heading.trim_matches('"'))).count() >= FEWEST_KNOWN
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "tests make the files that are looked at")]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn what_looks_like_exports_is_told_from_what_does_not() {
        let folder = tempfile::tempdir().expect("a folder");
        let headings = "Dnr;Enhet;Utredning inledd;Utredning avslutad\n";
        for (name, text) in [
            ("a.csv", headings),
            ("b.dat", headings),
            ("c.csv.gz", "packed"),
            ("d.xlsx.bak", "old"),
            ("e", headings),
            ("2023/a.csv", headings),
            ("projekt/a.csv", headings),
            ("projekt/frist.toml", ""),
            ("bilder/a.png", ""),
            ("f.dat", "something else\n"),
            ("LICENSE", "Enhet\n"),
            (".g.csv.gz", "hidden"),
            ("frist.toml", ""),
            ("h.md", headings),
        ] {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().expect("a folder")).expect("made");
            fs::write(path, text).expect("written");
        }
        let found = overlooked_in(folder.path());
        let names: Vec<_> =
            found.iter().map(|path| path.strip_prefix(folder.path()).expect("in it")).collect();
        assert_eq!(names, ["2023", "b.dat", "c.csv.gz", "d.xlsx.bak", "e"].map(Path::new));
    }
}
