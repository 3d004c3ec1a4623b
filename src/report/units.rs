//! Units: which groups have pages of their own, and what their files are called.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::Findings;
use crate::analysis::{ControlFindings, GroupFindings};
use crate::personal_numbers::shown_name;
use crate::table::Target;

/// The groups that have pages, and what their files are called.
pub struct Units {
    /// File names by name of group.
    files: BTreeMap<String, String>,
}

/// The groups of a control's first column that have names.
pub fn named(control: &ControlFindings) -> impl Iterator<Item = &GroupFindings> {
    let groups = control.groupings.first().into_iter().flat_map(|grouping| &grouping.groups);
    groups.filter(|group| !group.name.is_empty())
}

impl Units {
    /// The named groups of the first column of every control; none in the published edition, where months of
    /// units would be few cases each.
    pub fn of(findings: &Findings<'_>) -> Units {
        if findings.internal().is_none() {
            return Units { files: BTreeMap::new() };
        }
        let names = findings.controls.iter().flat_map(named).map(|group| group.name.as_str());
        Units { files: file_names(names) }
    }

    /// Where the rows of a control's table of groups lead.
    pub fn links(&self, control: &ControlFindings) -> Vec<Option<Target>> {
        let groups = control.groupings.first().map_or(&[][..], |grouping| &grouping.groups);
        groups.iter().map(|group| self.files.get(&group.name).map(|file| unit(file))).collect()
    }

    /// Their names, with what their files are called.
    pub fn each(&self) -> impl Iterator<Item = (&String, &String)> {
        self.files.iter()
    }
}

/// What the files of units are called, by name: no two alike, and none with the number of a person.
pub fn file_names<'n>(names: impl Iterator<Item = &'n str>) -> BTreeMap<String, String> {
    let mut taken: HashSet<String> = HashSet::new();
    // In order of name, so that the same units have the same files.
    let names: BTreeSet<&str> = names.collect();
    let of_name = |name: &str| {
        let slug = slug(&shown_name(name));
        let numbered = (2..).map(|number| format!("{slug}-{number}"));
        let mut candidates = std::iter::once(slug.clone()).chain(numbered);
        candidates.find(|candidate| taken.insert(candidate.clone())).expect("numbers do not end")
    };
    let files: Vec<String> = names.iter().copied().map(of_name).collect();
    names.into_iter().map(str::to_owned).zip(files).collect()
}

/// The document of the group whose files are called so.
pub fn unit(file: &str) -> Target {
    Target::document(format!("units/{file}"))
}

/// A name for files: small letters, digits and hyphens.
fn slug(name: &str) -> String {
    /// Longer names would not fit every file system beside their folder.
    const LONGEST: usize = 60;
    let plain = name.chars().flat_map(char::to_lowercase).map(|letter| match letter {
        'å' | 'ä' | 'á' | 'à' | 'â' => 'a',
        'ö' | 'ø' | 'ó' | 'ô' => 'o',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'ü' | 'ú' => 'u',
        letter if letter.is_ascii_alphanumeric() => letter,
        _ => '-',
    });
    let words: String = plain.collect();
    let words: Vec<&str> = words.split('-').filter(|word| !word.is_empty()).collect();
    let slug: String = words.join("-").chars().take(LONGEST).collect();
    // Names such as "con" are no file names on every system.
    format!("unit-{}", slug.trim_end_matches('-')).trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_units_differ_and_name_no_person() {
        let names = ["Norr", "norr!", "Öster", "", "Lag 19121212-1212"];
        let files = file_names(names.into_iter());
        assert_eq!([&files["Norr"], &files["norr!"]], ["unit-norr", "unit-norr-2"]);
        assert_eq!([&files["Öster"], &files[""]], ["unit-oster", "unit"]);
        let person = &files["Lag 19121212-1212"];
        assert!(person.starts_with("unit-lag") && !person.contains("1212"), "{person}");
    }

    #[test]
    fn names_of_files_are_plain() {
        assert_eq!(slug("Barn & unga, Öster"), "unit-barn-unga-oster");
        assert_eq!(slug("../../etc"), "unit-etc");
        assert_eq!(slug("児童"), "unit");
        assert_eq!(slug("CON"), "unit-con");
        assert!(slug(&"x".repeat(500)).len() < 70);
    }
}
