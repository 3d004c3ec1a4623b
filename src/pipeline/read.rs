//! What was read of an export besides the verdicts of its cases.

use std::collections::{BTreeMap, BTreeSet};

use crate::date::Day;
use crate::ingest::{DayCounts, RowReader};
use crate::tally::GroupName;

/// What the rows of an export show besides their verdicts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Read {
    /// Days on which cases start.
    pub starts: DayCounts,
    /// Days on which they end.
    pub ends: DayCounts,
    /// The units of its cases.
    pub units: BTreeSet<GroupName>,
    /// Words found in place of an end, with the number of rows.
    pub end_words: BTreeMap<String, u64>,
    /// For each filter of the export: which of its values occur.
    pub values_found: Vec<Vec<bool>>,
    /// The first line whose case number is a personal number, and how many such lines there are; only filled if cases
    /// are listed.
    pub personal_ids: Option<(u64, u64)>,
    /// The first line with the headings of another table.
    pub other_table: Option<u64>,
}

impl Read {
    /// Starts and ends together.
    pub fn days(&self) -> DayCounts {
        let mut days = self.starts.clone();
        days.join(&self.ends);
        days
    }

    /// The last day that is not a lone day far beyond the others: how new the export is.
    pub fn age(&self) -> Option<Day> {
        self.days().edge().map(|edge| edge.last)
    }

    pub(super) fn add(&mut self, reader: &RowReader<'_>) {
        self.starts.join(&reader.starts);
        self.ends.join(&reader.ends);
        self.units.extend(reader.groups.names().iter().cloned());
        self.personal_ids = match (self.personal_ids, reader.personal_ids) {
            (Some((one, count)), Some((other, more))) => Some((one.min(other), count + more)),
            (one, other) => one.or(other),
        };
        self.other_table = self.other_table.into_iter().chain(reader.other_table).min();
        for (word, rows) in &reader.end_words {
            *self.end_words.entry(word.clone()).or_default() += rows;
        }
        if self.values_found.is_empty() {
            self.values_found.clone_from(&reader.values_found);
        }
        for (mine, theirs) in self.values_found.iter_mut().flatten().zip(reader.values_found.iter().flatten())
        {
            *mine |= theirs;
        }
    }
}
