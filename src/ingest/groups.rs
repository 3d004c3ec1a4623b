//! Groups: names of units as exports write them, numbered as they come.

use std::collections::{BTreeMap, HashMap};

use foldhash::quality::FixedState;

use super::faults::FaultCode;
use crate::personal_numbers;
use crate::tally::GroupName;
use crate::values::{is_broken, name};

/// The most groups of a run. All of Sweden has fewer units than this; a column with more is none of units, and counts by
/// group and month would take the computer's memory.
pub const MOST_GROUPS: usize = 5_000;

/// What is wrong with a group's name, in its first cell and in the second.
type NameFaults = [Option<FaultCode>; 2];

/// Group names, numbered in order of appearance. A name stands here once for each kind of fault that its cells have.
#[derive(Default)]
pub struct Groups<'a> {
    /// Spellings that are joined with another.
    joined_names: Option<&'a BTreeMap<String, String>>,
    /// Numbers by cell, for the first cells of a file: reading a name anew gives the same number.
    by_cell: HashMap<Vec<u8>, u32, FixedState>,
    by_name: HashMap<(GroupName, NameFaults), u32, FixedState>,
    /// Two cells as one key.
    joined: Vec<u8>,
    /// Names by number.
    names: Vec<GroupName>,
    /// What is wrong with a name, by number.
    faults: Vec<NameFaults>,
}

impl<'a> Groups<'a> {
    /// No groups yet; spellings in `joined_names` are joined with another.
    pub fn new(joined_names: Option<&'a BTreeMap<String, String>>) -> Groups<'a> {
        Groups { joined_names, ..Groups::default() }
    }

    /// Names by number.
    pub fn names(&self) -> &[GroupName] {
        &self.names
    }

    /// The name with a number.
    pub fn name(&self, number: u32) -> &GroupName {
        &self.names[number as usize]
    }

    /// What is wrong with the cells of a name.
    pub fn faults_of(&self, number: u32) -> NameFaults {
        self.faults[number as usize]
    }

    /// A name's cells are whole, broken or a person's number: of so many numbers more than [`MOST_GROUPS`] differ in name.
    /// The run is refused then, and what comes after need not be told apart.
    const MOST_NUMBERS: usize = 9 * MOST_GROUPS;

    /// The number of a group, by its cell or two.
    pub fn number(&mut self, cells: [Option<&[u8]>; 2], empty: &[String]) -> u32 {
        let key = match cells {
            [Some(group), None] => group,
            _ => {
                let group = cells[0].unwrap_or_default();
                self.joined.clear();
                // The length tells where the second begins.
                self.joined.extend_from_slice(&group.len().to_le_bytes());
                self.joined.extend_from_slice(group);
                self.joined.extend_from_slice(cells[1].unwrap_or_default());
                &self.joined
            }
        };
        if let Some(number) = self.by_cell.get(key) {
            return *number;
        }
        let key = (self.by_cell.len() < Self::MOST_NUMBERS).then(|| key.to_vec());
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
        if self.names.len() >= Self::MOST_NUMBERS {
            return 0;
        }
        let number = self.names.len() as u32;
        self.names.push(key.0.clone());
        self.faults.push(faults);
        self.by_name.insert(key, number);
        number
    }
}

/// A group's name, and what is wrong with it.
fn group_name(cell: Option<&[u8]>, empty: &[String]) -> (String, Option<FaultCode>) {
    let Some(cell) = cell else { return (String::new(), None) };
    let text = name(cell, empty);
    // A wrong column: no person may become a unit of the report.
    if personal_numbers::holds(&text) {
        return (String::new(), Some(FaultCode::PersonInUnit));
    }
    (text, is_broken(cell).then_some(FaultCode::BrokenCharacter))
}
