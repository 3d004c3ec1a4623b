//! The case number of a row: whether other rows may have it, and what is wrong with it.

use std::hash::{BuildHasher, Hasher};

use foldhash::quality::FixedState;

use super::RowReader;
use crate::ingest::case_numbers::CaseNumber;
use crate::ingest::dialect::Cells;
use crate::ingest::faults::FaultCode;
use crate::project::Duplicates;
use crate::values::{is_broken, lacks_value, name};

impl RowReader<'_> {
    /// The case number in a cell; `is_usual` if it looks like the others. Two rows with a word in its place are not the same
    /// case.
    #[inline]
    pub(super) fn number_in<'c>(&self, cell: &'c [u8], is_usual: bool) -> CaseNumber<'c> {
        match self.export.usual_numbers.lack(cell, is_usual) {
            true => CaseNumber::none(),
            false => CaseNumber::of(cell, &self.export.empty),
        }
    }

    /// Stores the hash of a case number, unless every row is a case of its own; returns it if it is a suspect.
    #[inline]
    pub(super) fn suspect(&mut self, control: usize, id: &CaseNumber<'_>) -> Option<u64> {
        if id.shown.is_empty() || self.export.duplicates == Duplicates::Keep {
            return None;
        }
        let hasher = self.hashers.get(control)?;
        let hash = id.with_key(|key| hasher.hash_one(key));
        // If there are suspects, all hashes are already known.
        if self.wanted.suspects.is_empty() {
            self.rows.id_hashes[control].push(hash);
            return None;
        }
        self.wanted.suspects.binary_search(&hash).is_ok().then_some(hash)
    }

    /// Notes what is wrong with a case number that is not plain.
    pub(super) fn note_number(&mut self, column: usize, cell: &[u8], id: &CaseNumber<'_>, line: u64) {
        if is_broken(cell) {
            self.fault(line, Some(column), FaultCode::BrokenCharacter);
        }
        if lacks_value(cell) && !name(cell, &self.export.empty).is_empty() {
            self.fault(line, Some(column), FaultCode::FormulaInName);
        } else if id.shown.is_empty() && self.export.duplicates != Duplicates::Keep && !self.is_doubted(line)
        {
            self.fault(line, Some(column), FaultCode::MissingCaseNumber);
        }
    }

    /// Whether it has been said already that a row may be no case.
    fn is_doubted(&self, line: u64) -> bool {
        let last = self.rows.faults.last();
        last.is_some_and(|fault| fault.place.line == line && fault.code == FaultCode::UnusualNumber)
    }

    /// A fingerprint of the cells that are not read: rows that agree in all others may differ in them. It is the same in
    /// every run.
    pub(super) fn rest_of(&self, cells: Cells<'_>) -> u16 {
        let mut hasher = FixedState::with_seed(0).build_hasher();
        for column in &self.unread {
            hasher.write(cells.get(*column).trim_ascii());
            hasher.write_u8(u8::MAX);
        }
        hasher.finish() as u16
    }
}
