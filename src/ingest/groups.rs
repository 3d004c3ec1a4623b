//! Groups: names of units as exports write them, numbered in order of appearance.

use std::collections::{BTreeMap, HashMap, HashSet};

use foldhash::fast::FixedState;

use super::faults::FaultCode;
use crate::personal_numbers;
use crate::tally::GroupName;
use crate::values::{is_broken, lacks_value, name};

/// The most groups of a run. There are fewer units in all of Sweden; a column with more does not hold units, and counts
/// by group and month would exhaust memory.
pub const MOST_GROUPS: usize = 5_000;

/// The faults of a group's name, in its first cell and in its second.
pub type NameFaults = [Option<FaultCode>; 2];

/// Group names, numbered in order of appearance. A name occurs once for each kind of fault that its cells have.
#[derive(Default)]
pub struct Groups<'a> {
    /// Spellings that are merged into another.
    joined_names: Option<&'a BTreeMap<String, String>>,
    /// Numbers by cell, for the first cells of a file. A cell that is not among them is parsed again and gets the same
    /// number.
    by_cell: HashMap<Vec<u8>, u32, FixedState>,
    /// Some short cells, each packed into a word with its length, and their numbers: most rows are found here.
    by_word: Vec<(u128, u32)>,
    by_name: HashMap<(GroupName, NameFaults), u32, FixedState>,
    /// A buffer for two cells as one key.
    joined: Vec<u8>,
    /// Names by number.
    names: Vec<GroupName>,
    /// The faults of names, by number.
    faults: Vec<NameFaults>,
    /// Every distinct name, whatever its faults.
    distinct: HashSet<GroupName, FixedState>,
}

impl<'a> Groups<'a> {
    /// No groups yet; spellings in `joined_names` are merged into another.
    pub fn new(joined_names: Option<&'a BTreeMap<String, String>>) -> Groups<'a> {
        Groups { joined_names, ..Groups::default() }
    }

    /// Names by number.
    pub fn names(&self) -> &[GroupName] {
        &self.names
    }

    /// The name with a number.
    #[inline]
    pub fn name(&self, number: u32) -> &GroupName {
        &self.names[number as usize]
    }

    /// The faults in the cells of a name.
    #[inline]
    pub fn faults_of(&self, number: u32) -> NameFaults {
        self.faults[number as usize]
    }

    /// The most cells that are remembered: a name may be written in several ways.
    const MOST_CELLS: usize = 9 * MOST_GROUPS;

    /// The number of a group, given its cell or two.
    #[inline]
    pub fn number(&mut self, cells: [Option<&[u8]>; 2], empty: &[String]) -> u32 {
        // The second column is present in all rows of a file or in none, and likewise the first.
        let word = if cells[1].is_none() { word_of(cells[0].unwrap_or_default()) } else { None };
        let Some(word) = word else { return self.number_by_cells(cells, empty) };
        let place = place_of(word);
        match self.by_word.get(place) {
            Some((known, number)) if *known == word => *number,
            _ => {
                let number = self.number_by_cells(cells, empty);
                self.by_word.resize(WORDS, (0, 0));
                self.by_word[place] = (word, number);
                number
            }
        }
    }

    fn number_by_cells(&mut self, cells: [Option<&[u8]>; 2], empty: &[String]) -> u32 {
        let key = match cells {
            [Some(group), None] => group,
            _ => {
                let group = cells[0].unwrap_or_default();
                self.joined.clear();
                // The length marks where the second cell begins.
                self.joined.extend_from_slice(&group.len().to_le_bytes());
                self.joined.extend_from_slice(group);
                self.joined.extend_from_slice(cells[1].unwrap_or_default());
                &self.joined
            }
        };
        if let Some(number) = self.by_cell.get(key) {
            return *number;
        }
        let key = (self.by_cell.len() < Self::MOST_CELLS).then(|| key.to_vec());
        let [(group, fault), (subgroup, second_fault)] = cells.map(|cell| group_name(cell, empty));
        let joined =
            |name: String| self.joined_names.and_then(|joined| joined.get(&name).cloned()).unwrap_or(name);
        let name = GroupName { group: joined(group), subgroup: joined(subgroup) };
        let number = self.number_of(name, [fault, second_fault]);
        self.by_cell.extend(key.map(|key| (key, number)));
        number
    }

    /// The number of a name.
    fn number_of(&mut self, name: GroupName, faults: NameFaults) -> u32 {
        let key = (name, faults);
        if let Some(number) = self.by_name.get(&key) {
            return *number;
        }
        // The run will be refused, so further names need not be distinguished.
        if self.distinct.len() > MOST_GROUPS {
            return 0;
        }
        self.distinct.insert(key.0.clone());
        let number = self.names.len() as u32;
        self.names.push(key.0.clone());
        self.faults.push(faults);
        self.by_name.insert(key, number);
        number
    }
}

/// Slots for short cells.
const WORDS: usize = 4_096;

/// The slot of a word. Two words with the same slot displace each other.
fn place_of(word: u128) -> usize {
    /// The odd number nearest to 2⁶⁴ over the golden ratio (Knuth, The Art of Computer Programming 6.4).
    const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;
    let folded = (word as u64).wrapping_mul(GOLDEN) ^ (word >> 64) as u64;
    (folded.wrapping_mul(GOLDEN) >> 32) as usize % WORDS
}

/// A short cell and its length in one word, which is never 0; `None` for a longer cell.
fn word_of(cell: &[u8]) -> Option<u128> {
    const LONGEST: usize = size_of::<u128>() - 1;
    // The first and the last bytes, which may overlap.
    let word = match cell.len() {
        8..=LONGEST => {
            u128::from(u64::from_le_bytes(*cell.first_chunk()?))
                | u128::from(u64::from_le_bytes(*cell.last_chunk()?)) << ((cell.len() - 8) * 8)
        }
        4..8 => {
            u128::from(u32::from_le_bytes(*cell.first_chunk()?))
                | u128::from(u32::from_le_bytes(*cell.last_chunk()?)) << ((cell.len() - 4) * 8)
        }
        0..4 => cell.iter().rev().fold(0, |word, byte| word << 8 | u128::from(*byte)),
        _ => return None,
    };
    Some(word | (1 + cell.len() as u128) << (LONGEST * 8))
}

/// A group's name, and its fault.
fn group_name(cell: Option<&[u8]>, empty: &[String]) -> (String, Option<FaultCode>) {
    let Some(cell) = cell else { return (String::new(), None) };
    let text = name(cell, empty);
    if lacks_value(cell) && !text.is_empty() {
        return (String::new(), Some(FaultCode::FormulaInName));
    }
    // If the column is the wrong one, no person may become a unit of the report.
    if personal_numbers::holds(&text) {
        return (String::new(), Some(FaultCode::PersonInUnit));
    }
    (text, is_broken(cell).then_some(FaultCode::BrokenCharacter))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_one_number_whatever_its_cells_look_like() {
        let mut groups = Groups::default();
        let mut number = |cell: &str| groups.number([Some(cell.as_bytes()), None], &[]);
        let many: Vec<String> = (0..MOST_GROUPS).map(|number| format!("Enhet {number}")).collect();
        let numbers: Vec<u32> = many.iter().map(|name| number(name)).collect();
        assert_eq!(numbers, (0..MOST_GROUPS as u32).collect::<Vec<u32>>());
        assert_eq!(numbers, many.iter().map(|name| number(name)).collect::<Vec<u32>>());
        // One name more than the limit; from then on all names are one.
        let long = "Enheten för barn och unga i norra stadsdelen";
        assert_eq!(
            [number(long), number("Enhet 7"), number(long)],
            [MOST_GROUPS as u32, 7, MOST_GROUPS as u32]
        );
        assert_eq!([number("Ännu en enhet"), number("Och en till")], [0, 0]);
        assert_eq!(groups.names().len(), MOST_GROUPS + 1);
    }

    #[test]
    fn short_cells_are_the_same_word_only_when_they_are_equal() {
        let cell = |length: usize, byte: u8| [vec![b'x'; length], vec![byte]].concat();
        let mut words: Vec<u128> = Vec::new();
        for length in 0..15 {
            // Cells that differ in one byte, and cells of zero bytes.
            words.extend((0..=length).filter_map(|place| {
                let mut cell = cell(length, b'y');
                cell.rotate_left(place);
                word_of(&cell)
            }));
            words.extend(word_of(&vec![0; length + 1]));
        }
        let count = words.len();
        words.sort_unstable();
        words.dedup();
        assert_eq!((words.len(), count), (15 * 16 / 2 + 15, 15 * 16 / 2 + 15));
        assert_eq!([word_of(b""), word_of(&cell(15, b'y'))], [Some(1 << 120), None]);
    }

    #[test]
    fn cells_without_a_name_are_one_group() {
        let mut groups = Groups::default();
        let mut number = |cell: &str| groups.number([Some(cell.as_bytes()), None], &[]);
        assert_eq!([number("Norr"), number(""), number("-"), number("Norr")], [0, 1, 1, 0]);
    }

    #[test]
    fn a_formula_without_a_value_is_no_unit_but_a_fault() {
        let mut groups = Groups::default();
        let mut number = |cell: &str| groups.number([Some(cell.as_bytes()), None], &[]);
        let [failed, blank] = ["#SAKNAS!", ""].map(&mut number);
        assert_eq!(number("#FORMULA"), failed);
        assert_eq!([failed, blank].map(|number| groups.name(number).group.as_str()), ["", ""]);
        assert_eq!(groups.faults_of(failed), [Some(FaultCode::FormulaInName), None]);
        assert_eq!(groups.faults_of(blank), [None, None]);
    }

    #[test]
    fn two_cells_are_one_group() {
        let mut groups = Groups::default();
        let mut number =
            |one: &str, other: &str| groups.number([Some(one.as_bytes()), Some(other.as_bytes())], &[]);
        assert_eq!([number("a", "b"), number("ab", ""), number("", "ab"), number("a", "b")], [0, 1, 2, 0]);
    }
}
