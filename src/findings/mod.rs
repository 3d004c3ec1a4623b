//! Findings: everything that a run found, in one of two editions.
//!
//! A [`Run`] opens exports, judges them and joins what analysis, plan and ledgers say; it formats nothing. What only the
//! internal edition may show stands in [`Internal`], and the published edition has no way to it.

mod added;
mod added_up;
mod earlier;
mod numbered;
mod read;
mod run;

use std::collections::BTreeMap;

use crate::analysis::{ControlFindings, Detail, Facts, LedgerLine, Pattern};
use crate::contribution::Origin;
use crate::date::Day;
use crate::ingest::Export;
use crate::pipeline::{Control, Judged};
use crate::plan::register::Risk;
use crate::plan::{Plan, RiskSettings};
use crate::project::Settings;

pub use earlier::EarlierEdition;
pub use run::{Run, controls, lacking, refused};

/// Everything that a report shows.
pub struct Findings<'a> {
    /// What the run goes by.
    pub settings: &'a Settings,
    /// The as-of date.
    pub as_of: Day,
    /// What was read; in the published edition under numbers in place of names.
    pub exports: &'a [Export],
    /// SHA-256 by export.
    pub digests: &'a [String],
    /// The controls as they were judged.
    pub judged_by: &'a [Control],
    /// Figures by control, in the order of the rulebook.
    pub controls: Vec<ControlFindings>,
    /// What became of the rows of every file, by control.
    pub ledger: Vec<LedgerEntry>,
    /// Version of the rulebook.
    pub rulebook_version: &'a str,
    /// The plan of internal control, when there is one.
    pub plan: Option<Plan>,
    /// The list of risks, when there is one.
    pub risks: Option<&'a [Risk]>,
    /// How risks are valued.
    pub risk_settings: RiskSettings,
    /// Tallies were added up, and no export was read.
    pub is_sum: bool,
    /// Some of them are coarse.
    pub is_coarse: bool,
    /// Who the findings are for, and what only they may see.
    pub edition: Edition<'a>,
}

/// Who findings are for.
///
/// Faults, tallies and cases can be reached from the internal edition alone. This compiles:
///
/// ```
/// # use frist::findings::Edition;
/// fn faults(edition: &Edition<'_>) -> Option<usize> {
///     match edition {
///         Edition::Internal(internal) => Some(internal.judged.faults.len()),
///         Edition::Published(_) => None,
///     }
/// }
/// ```
///
/// And this does not:
///
/// ```compile_fail,E0609
/// # use frist::findings::Edition;
/// fn faults(edition: &Edition<'_>) -> Option<usize> {
///     match edition {
///         Edition::Internal(internal) => Some(internal.judged.faults.len()),
///         Edition::Published(published) => Some(published.judged.faults.len()),
///     }
/// }
/// ```
///
/// Nor does this, for a figure has only what is shown; counts in full are in [`Internal::details`]:
///
/// ```compile_fail,E0609
/// # use frist::analysis::Shown;
/// fn extended(shown: Shown) -> u64 {
///     shown.extended
/// }
/// ```
pub enum Edition<'a> {
    /// Those who work with the cases: every number, however small.
    Internal(Internal<'a>),
    /// Everyone: small numbers are hidden, and others that would tell them.
    Published(Published),
}

/// What only the internal edition has.
pub struct Internal<'a> {
    /// Tallies, faults and ledgers.
    pub judged: &'a Judged,
    /// What the figures were made from.
    pub facts: Facts,
    /// Files that may be exports, and that the project file does not name.
    pub unread: &'a [String],
    /// Where the tallies come from; `None` where that must not be told.
    pub origin: Option<Box<Origin>>,
    /// A closer look at each control.
    pub details: BTreeMap<String, Detail>,
}

/// What only the published edition has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// A smaller number than this is hidden.
    pub smallest: u64,
    /// What it shows and hides, for later editions.
    pub pattern: Pattern,
}

/// What became of the rows of a file that belong to one control.
#[derive(Debug, Clone)]
pub struct LedgerEntry {
    /// Number of the file.
    pub export: usize,
    /// The file, under a number in place of its name in the published edition.
    pub file: String,
    /// The control.
    pub control: Option<String>,
    /// The numbers that are shown.
    pub line: LedgerLine,
}

impl<'a> Findings<'a> {
    /// What only the internal edition has; `None` of the published.
    pub fn internal(&self) -> Option<&Internal<'a>> {
        match &self.edition {
            Edition::Internal(internal) => Some(internal),
            Edition::Published(_) => None,
        }
    }

    /// Whether no case was judged: the plan and the list of risks are all there is.
    pub fn is_without_cases(&self) -> bool {
        self.exports.is_empty() && !self.is_sum
    }

    /// Whether cases of a control can have been extended: an export of it says so, or tallies have such cases.
    pub fn has_extensions(&self, control: &ControlFindings) -> bool {
        let id = control.rule.id.as_str();
        let mut exports = self.exports.iter().filter(|export| export.controls.ids().contains(&id));
        let counts = self.detail(control).into_iter().flat_map(|detail| detail.whole.counts.values());
        exports.any(|export| export.columns.extended_to.is_some())
            || counts.into_iter().any(|it| it.extended > 0)
    }

    /// The closer look at a control that only the internal edition has.
    pub fn detail(&self, control: &ControlFindings) -> Option<&Detail> {
        self.internal()?.details.get(&control.rule.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::Input;

    /// By their fields, which `Debug` prints with their types.
    #[test]
    fn published_figures_are_of_types_without_tallies_faults_cases_and_counts_in_full() {
        let input = Input::open(std::path::Path::new("sample_data")).expect("there is a project file");
        let run = Run::open(input, &|_| {}).expect("its exports are readable");
        let judged = run.judge(None, &|_| {}).expect("and usable");
        let published = run.published(&judged, &[]).expect("its groups are no people");
        assert!(published.internal().is_none());
        let printed = format!("{:?}{:?}{:?}", published.controls, published.ledger, published.plan);
        let found = run.findings(&judged);
        let internal = found.internal().expect("it is the internal edition");
        let internal = format!("{:?}{:?}{:?}", internal.details, internal.judged, found.controls);
        assert!(printed.contains("Shown {") && internal.contains("Shown {"));
        for name in
            ["CaseCounts", "Series", "Tally", "Counts(", "Faults", "Detail", "undetermined: ", "Margins"]
        {
            assert!(!printed.contains(name), "{name}");
            assert!(
                internal.contains(name),
                "{name} is no longer printed, so that its absence shows nothing"
            );
        }
    }
}
