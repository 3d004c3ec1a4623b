//! Units: which groups have pages of their own, and what their files are called.

use std::collections::{BTreeMap, HashSet};

use super::Findings;
use crate::analysis::{ControlFindings, GroupFindings};
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
        let mut files: BTreeMap<String, String> = BTreeMap::new();
        let mut taken: HashSet<String> = HashSet::new();
        let mut names: Vec<&String> =
            findings.controls.iter().flat_map(named).map(|group| &group.name).collect();
        names.sort();
        names.dedup();
        for name in names {
            let slug = slug(name);
            let numbered = (2..).map(|number| format!("{slug}-{number}"));
            let mut candidates = std::iter::once(slug.clone()).chain(numbered);
            let free =
                candidates.find(|candidate| taken.insert(candidate.clone())).expect("numbers do not end");
            files.insert(name.clone(), free);
        }
        Units { files }
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
    fn names_of_files_are_plain() {
        assert_eq!(slug("Barn & unga, Öster"), "unit-barn-unga-oster");
        assert_eq!(slug("../../etc"), "unit-etc");
        assert_eq!(slug("児童"), "unit");
        assert_eq!(slug("CON"), "unit-con");
        assert!(slug(&"x".repeat(500)).len() < 70);
    }
}
