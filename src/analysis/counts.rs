//! Counts: how many cases of a period, and how each method judged them.

use std::ops::AddAssign;

use crate::judge::{Cell, Outcome, Reading};
use crate::rulebook::Roll;
use crate::tally::Counts;

/// Counts of the judged cases of some period, group or the whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CaseCounts {
    /// Judged cases: ended, or open past the due date where the cohort has such.
    pub cases: u64,
    /// Late by the lawful method.
    pub deviations: u64,
    /// Late by the reference method.
    pub reference_deviations: u64,
    /// Late by both.
    pub late_by_both: u64,
    /// Late even with the roll of 2 §.
    pub rolled_deviations: u64,
    /// Past the plain period but within a valid extension.
    pub extended: u64,
    /// Open and not yet due: not judged.
    pub undetermined: u64,
    /// They are of a time that the export does not have the whole of: [`super::Edges`].
    pub is_cut: bool,
}

impl CaseCounts {
    /// The names of the counts in files, in the order in which they are declared.
    pub const NAMES: [&str; 7] = [
        "cases",
        "deviations",
        "reference_deviations",
        "late_by_both",
        "rolled_deviations",
        "extended",
        "undetermined",
    ];

    /// Sums the cells of one month by the rule's reading of 2 §.
    pub fn of(counts: &Counts, roll: Roll) -> CaseCounts {
        let mut sums = CaseCounts::default();
        let cells = Cell::all().map(|cell| (cell, u64::from(counts.0[cell.index()])));
        for (cell, cases) in cells.filter(|(_, cases)| *cases > 0) {
            if cell.outcome(roll) == Outcome::OpenWithin {
                sums.undetermined += cases;
                continue;
            }
            let if_so = |is_so: bool| if is_so { cases } else { 0 };
            let (reading, by_reference) = (cell.reading(), cell.late_by_reference());
            let late = reading.is_deviation(roll);
            sums.cases += cases;
            sums.deviations += if_so(late);
            sums.reference_deviations += if_so(by_reference);
            sums.late_by_both += if_so(late && by_reference);
            sums.rolled_deviations += if_so(reading == Reading::Late);
            sums.extended += if_so(reading == Reading::WithinExtension);
        }
        sums
    }

    /// The counts in the order of [`CaseCounts::NAMES`].
    pub fn from_measures(values: [u64; 7]) -> CaseCounts {
        let [
            cases,
            deviations,
            reference_deviations,
            late_by_both,
            rolled_deviations,
            extended,
            undetermined,
        ] = values;
        CaseCounts {
            cases,
            deviations,
            reference_deviations,
            late_by_both,
            rolled_deviations,
            extended,
            undetermined,
            is_cut: false,
        }
    }

    /// The counts in the order of [`CaseCounts::NAMES`].
    pub fn measures(self) -> [u64; 7] {
        [
            self.cases,
            self.deviations,
            self.reference_deviations,
            self.late_by_both,
            self.rolled_deviations,
            self.extended,
            self.undetermined,
        ]
    }

    /// Cases, judged or not.
    pub fn all(self) -> u64 {
        self.cases + self.undetermined
    }

    /// The share of deviations, 0–1; `None` without judged cases.
    pub fn share(self) -> Option<f64> {
        (self.cases > 0).then(|| self.deviations as f64 / self.cases as f64)
    }

    /// The share by the reference method, 0–1; `None` without judged cases.
    pub fn reference_share(self) -> Option<f64> {
        (self.cases > 0).then(|| self.reference_deviations as f64 / self.cases as f64)
    }

    /// None is missing from the export, and at most one case in twenty is undetermined. The cases judged first are the
    /// quick ones, so where more are left the share looks better than it will be.
    pub fn is_mostly_judged(self) -> bool {
        !self.is_cut && self.undetermined * 20 <= self.all()
    }

    /// Cases that the two methods do not agree on.
    pub fn changed(self) -> u64 {
        self.late_only_by_reference() + self.late_only_by_law()
    }

    /// Their share, 0–1; `None` without judged cases.
    pub fn changed_share(self) -> Option<f64> {
        (self.cases > 0).then(|| self.changed() as f64 / self.cases as f64)
    }

    /// In time by both methods.
    pub fn in_time_by_both(self) -> u64 {
        self.cases - self.deviations - self.late_only_by_reference()
    }

    /// Late by the reference method and lawful.
    pub fn late_only_by_reference(self) -> u64 {
        self.reference_deviations - self.late_by_both
    }

    /// Late by the lawful method and passed over by the reference method.
    pub fn late_only_by_law(self) -> u64 {
        self.deviations - self.late_by_both
    }
}

impl AddAssign for CaseCounts {
    fn add_assign(&mut self, added: CaseCounts) {
        let (own, other) = (self.measures(), added.measures());
        let is_cut = self.is_cut || added.is_cut;
        let sums = CaseCounts::from_measures(std::array::from_fn(|count| own[count] + other[count]));
        *self = CaseCounts { is_cut, ..sums };
    }
}
