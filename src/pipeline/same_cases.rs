//! Exports of one control that hold the same cases under other case numbers, as one system may write them otherwise than
//! another, or without numbers: each case would count twice.

use std::collections::{BTreeMap, BTreeSet};

use super::marks::Marks;
use super::repeated::Names;
use super::worker::Worker;
use super::{Again, Run, spellings};

/// Two exports of one control that hold the same cases, which their numbers do not show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SameCases {
    /// The exports.
    pub exports: (usize, usize),
    /// Whether the cases have no number; otherwise the two exports have none in common.
    pub unnumbered: bool,
    /// Cases of the smaller that the other has too.
    pub agreeing: u64,
    /// All its cases.
    pub cases: u64,
}

impl Run<'_> {
    /// Exports that hold the same cases, which their numbers do not show.
    pub(super) fn same_cases(
        &self,
        workers: &mut [Worker<'_>],
        again: &Again,
        sharing: &BTreeSet<(usize, usize)>,
    ) -> Vec<SameCases> {
        let mut names = Names::default();
        let mut marks: BTreeMap<usize, BTreeMap<usize, Marks>> = BTreeMap::new();
        for (number, state) in workers.iter_mut().flat_map(|worker| &mut worker.exports) {
            let own = state.reader.groups.names().iter();
            let units: Vec<u32> =
                own.map(|name| names.number(&spellings::rename(name, &again.joined_names))).collect();
            for control in &mut state.controls {
                let Some(of_worker) = control.marks.take() else { continue };
                let of_export = marks.entry(control.number).or_default().entry(*number).or_default();
                of_export.join(of_worker, |group| units[group as usize]);
            }
        }
        marks.values().flat_map(|marks| found(marks, sharing)).collect()
    }
}

/// Of exports with their cases of one control, those that hold the same cases: all of them under other numbers, or, if
/// they have numbers in common, those without one.
fn found(marks: &BTreeMap<usize, Marks>, sharing: &BTreeSet<(usize, usize)>) -> Vec<SameCases> {
    let mut found = Vec::new();
    for (number, own) in marks {
        for (other, theirs) in marks.range(number + 1..) {
            let exports = (*number, *other);
            let unnumbered = sharing.contains(&exports);
            let same = own.in_common(theirs, unnumbered);
            found.extend(same.map(|(agreeing, cases)| SameCases { exports, unnumbered, agreeing, cases }));
        }
    }
    found
}
