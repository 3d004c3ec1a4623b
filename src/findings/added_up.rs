//! Tallies added up: what a run goes by that has no exports.

use std::collections::BTreeMap;

use crate::analysis::Edges;
use crate::contribution::Contributor;

/// What a run goes by that adds up tallies.
pub(super) struct AddedUp {
    pub(super) contributors: Vec<Contributor>,
    pub(super) is_anonymous: bool,
    /// By control.
    pub(super) edges: BTreeMap<String, Edges>,
    /// What the contributors are called together.
    pub(super) column: String,
    pub(super) file: String,
}

impl AddedUp {
    /// What stands for the file in ledgers: how many tallies there were.
    pub(super) fn file(&self) -> String {
        self.file.clone()
    }

    /// Whether some tally is coarse.
    pub(super) fn is_coarse(&self) -> bool {
        self.contributors.iter().any(Contributor::is_coarse)
    }
}
