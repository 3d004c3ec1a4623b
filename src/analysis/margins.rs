//! Margins: how many days before or after the due date cases are closed.

use std::collections::BTreeMap;

use crate::date::Day;
use crate::period::{Period, PeriodKind};
use crate::rulebook::Rule;
use crate::tally::{GroupTally, Tally};

/// Cases closed with one margin, by their two verdicts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MarginBar {
    /// In time by both methods.
    pub in_time: u64,
    /// Late only by the reference method.
    pub late_only_by_reference: u64,
    /// Late only by the lawful method.
    pub late_only_by_law: u64,
    /// Late by both methods, or by the only one.
    pub late: u64,
}

impl MarginBar {
    /// All cases of the bar.
    pub fn cases(self) -> u64 {
        self.in_time + self.late_only_by_reference + self.late_only_by_law + self.late
    }
}

/// The histogram of margins of one period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Margins {
    /// The period in which the cases were closed.
    pub period: Period,
    /// Bars by margin in days; margins without cases are left out.
    pub bars: BTreeMap<i32, MarginBar>,
}

impl Margins {
    /// The histogram of the last period up to the as-of date in which a case was closed.
    pub fn of_last_period(tally: &Tally, kind: PeriodKind, as_of: Day, rule: &Rule) -> Option<Margins> {
        let all = tally.groups.values().flat_map(GroupTally::margins);
        let keys: Vec<_> = all.filter(|(key, _)| key.month <= as_of.month()).collect();
        let period = kind.holding_month(keys.iter().map(|(key, _)| key.month).max()?);
        let mut bars: BTreeMap<i32, MarginBar> = BTreeMap::new();
        for (key, count) in keys.into_iter().filter(|(key, _)| kind.holding_month(key.month) == period) {
            let bar = bars.entry(key.margin).or_default();
            let late = key.cell.reading().is_deviation(rule.roll);
            *match (late, key.cell.late_by_reference()) {
                (false, false) => &mut bar.in_time,
                (false, true) => &mut bar.late_only_by_reference,
                (true, false) if rule.reference.is_some() => &mut bar.late_only_by_law,
                (true, _) => &mut bar.late,
            } += count;
        }
        Some(Margins { period, bars })
    }
}
