//! Which rows count, and for which control: by the words in columns of types, of status and of filters.

use super::{MOST_TYPES, RowReader};
use crate::ingest::dialect::Cells;
use crate::ingest::export::Controls;
use crate::ingest::faults::FaultCode;
use crate::ingest::heading_words::folded;
use crate::ingest::selection::State;
use crate::values::name;

impl RowReader<'_> {
    /// Whether a row passes the project file's filters.
    #[inline]
    pub(super) fn passes_filters(&mut self, cells: Cells<'_>) -> bool {
        let mut passes = true;
        for (number, filter) in self.export.filters.iter().enumerate() {
            let cell = cells.get(filter.column);
            let value = match self.values_met[number].get(cell) {
                Some(value) => *value,
                None => {
                    let value = filter.value(cell);
                    if self.values_met[number].len() < MOST_TYPES {
                        self.values_met[number].insert(cell.to_vec(), value);
                    }
                    value
                }
            };
            if let Some(value) = value {
                self.values_found[number][value] = true;
            }
            passes &= value.is_some() == filter.keeps;
        }
        passes
    }

    /// The state of the case by its status.
    #[inline]
    pub(super) fn state_of(&mut self, cells: Cells<'_>, line: u64) -> Option<State> {
        let status = self.export.status.as_ref()?;
        let cell = cells.get(status.column);
        let known = self.states_met.get(cell).copied();
        let state = known.unwrap_or_else(|| status.state(cell, &self.export.empty));
        if known.is_none() && self.states_met.len() < MOST_TYPES {
            self.states_met.insert(cell.to_vec(), state);
        }
        if state == Some(None) {
            self.fault(line, Some(status.column), FaultCode::UnknownStatus);
        }
        state.flatten()
    }

    #[inline]
    pub(super) fn control_of(&mut self, cells: Cells<'_>) -> Option<usize> {
        let Controls::ByType { column, .. } = self.export.controls else { return Some(0) };
        let cell = cells.get(column);
        if let Some(known) = self.types_met.get(cell).copied() {
            if known.is_none() {
                self.count_other_type(cell);
            }
            return known;
        }
        let found = folded(&name(cell, &self.export.empty));
        let control = self.types.iter().find(|(name, _)| *name == found).map(|(_, control)| *control);
        if self.types_met.len() < MOST_TYPES {
            self.types_met.insert(cell.to_vec(), control);
        }
        if control.is_none() {
            self.count_other_type(cell);
        }
        control
    }

    fn count_other_type(&mut self, cell: &[u8]) {
        let name = name(cell, &self.export.empty);
        if self.other_types.len() < MOST_TYPES || self.other_types.contains_key(&name) {
            *self.other_types.entry(name).or_default() += 1;
        }
    }
}
