//! Spellings: group names that differ only in capitals or blanks are one group.

use std::collections::BTreeMap;

use crate::tally::{GroupName, MIXED};

/// The spellings that are merged into another, each with the one that most cases have.
pub fn joined(counts: impl Iterator<Item = (GroupName, u64)>) -> BTreeMap<String, String> {
    let mut by_name: BTreeMap<String, BTreeMap<String, u64>> = BTreeMap::new();
    for (name, cases) in counts {
        // The placeholder for several names is not a spelling.
        for spelling in [name.group, name.subgroup].into_iter().filter(|spelling| *spelling != MIXED) {
            *by_name.entry(folded(&spelling)).or_default().entry(spelling).or_default() += cases;
        }
    }
    let mut joined = BTreeMap::new();
    for (_, spellings) in by_name.into_iter().filter(|(_, spellings)| spellings.len() > 1) {
        // Of equally common spellings the first in order wins, so that the result does not depend on threads.
        let most = spellings.iter().max_by(|one, other| one.1.cmp(other.1).then(other.0.cmp(one.0)));
        let kept = most.expect("there are several").0.clone();
        joined.extend(spellings.into_keys().filter(|name| *name != kept).map(|name| (name, kept.clone())));
    }
    joined
}

fn folded(name: &str) -> String {
    name.chars().filter(|letter| !letter.is_whitespace()).flat_map(char::to_lowercase).collect()
}

/// A group's name in the spelling that is kept.
pub fn rename(name: &GroupName, joined: &BTreeMap<String, String>) -> GroupName {
    let kept = |spelling: &String| joined.get(spelling).unwrap_or(spelling).clone();
    GroupName { group: kept(&name.group), subgroup: kept(&name.subgroup) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_spelling_that_most_cases_have_is_kept() {
        let counts = [("barn norr", 3), ("Barn Norr", 5), ("Barn  norr", 5), ("Barn syd", 9), ("", 4)];
        let counts = counts.map(|(name, cases)| (GroupName::from(name), cases));
        let joined = joined(counts.into_iter());
        assert_eq!(joined.get("barn norr").map(String::as_str), Some("Barn  norr"));
        assert_eq!(joined.get("Barn Norr").map(String::as_str), Some("Barn  norr"));
        assert_eq!(joined.len(), 2);
        assert_eq!(rename(&"Barn Norr".into(), &joined).group, "Barn  norr");
        let mixed = GroupName { group: MIXED.to_owned(), subgroup: "Barn Norr".to_owned() };
        assert_eq!(
            rename(&mixed, &joined).subgroup,
            "Barn  norr",
            "the subgroup of a mixed group is joined too"
        );
    }

    #[test]
    fn what_stands_for_several_names_is_no_spelling() {
        let counts = [(MIXED, 1), ("<Mixed>", 5)].map(|(name, cases)| (GroupName::from(name), cases));
        assert_eq!(joined(counts.into_iter()), BTreeMap::new());
    }
}
