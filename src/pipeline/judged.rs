//! The result of a run.

use std::collections::BTreeMap;

use super::possible::Possible;
use super::read::Read;
use super::same_cases::SameCases;
use crate::date::Day;
use crate::ingest::{Edge, Export, Faults, Ledger, NumberShapes};
use crate::tally::Tally;

/// What became of the rows of one file that belong to one control, or to none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputEntry {
    /// Index of the export.
    pub export: usize,
    /// The id of the control; `None` for rows of no control.
    pub control: Option<String>,
    /// Its ledger.
    pub ledger: Ledger,
}

/// The result of a run.
#[derive(Debug, Default)]
pub struct Judged {
    /// A tally for every control that has an export.
    pub tallies: BTreeMap<String, Tally>,
    /// Ledgers by export and control.
    pub inputs: Vec<InputEntry>,
    /// SHA-256 by export.
    pub digests: Vec<String>,
    /// Faults, in order of place.
    pub faults: Faults,
    /// The first day on which a case started.
    pub first_start: Option<Day>,
    /// By export: types of the type column that belong to no control, and their rows.
    pub other_types: BTreeMap<usize, BTreeMap<String, u64>>,
    /// By control: cases that were not judged.
    pub unjudged: BTreeMap<String, Possible>,
    /// By export: what its rows show besides their verdicts.
    pub read: Vec<Read>,
    /// By control and export: shapes of case numbers.
    pub numbers: BTreeMap<String, BTreeMap<usize, NumberShapes>>,
    /// Spellings of group names merged into another, because they differ only in capitals or blanks.
    pub joined_names: BTreeMap<String, String>,
    /// Two exports that contradict each other and are equally new, although the newer is to win.
    pub equally_new: Option<(usize, usize)>,
    /// The last day of each export that shows how new it is.
    pub ages: Vec<Option<Day>>,
    /// Exports of one control that hold the same cases, which their numbers do not show.
    pub same_cases: Vec<SameCases>,
    /// Where the dates of all exports together end.
    pub edge: Option<Edge>,
}

impl Judged {
    /// Rejected rows that belong to a control or could: in an export of several controls, a row that cannot be cut into
    /// cells could belong to any of them.
    pub fn rejected(&self, control: &str, exports: &[Export]) -> u64 {
        let could_be = |entry: &&InputEntry| match &entry.control {
            Some(id) => id == control,
            None => exports[entry.export].controls.ids().contains(&control),
        };
        self.inputs.iter().filter(could_be).map(|entry| entry.ledger.rejected).sum()
    }

    /// What was read of the exports of a control.
    pub fn read_for<'a>(&'a self, control: &'a str, exports: &'a [Export]) -> impl Iterator<Item = &'a Read> {
        let own = exports.iter().zip(&self.read);
        own.filter(move |(export, _)| export.controls.ids().contains(&control)).map(|(_, read)| read)
    }

    /// Cases of a control that were left out because its rule counts hours and they have no time of day.
    pub fn without_time(&self, control: &str) -> u64 {
        let own = self.inputs.iter().filter(|entry| entry.control.as_deref() == Some(control));
        own.map(|entry| entry.ledger.without_time).sum()
    }
}
