//! The pattern of a published edition: which numbers it shows, and which it hides.

use serde::{Deserialize, Serialize};

use super::super::ControlFindings;
use super::super::figures::{Figure, PeriodFigures};
use super::ledger::LedgerLine;
use crate::period::{Period, PeriodKind};
use crate::rulebook::Cohort;

/// What a published edition shows and hides of its controls. It holds nothing that the edition itself does not show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pattern {
    /// Smaller numbers are hidden.
    pub smallest: u64,
    /// Its controls.
    pub controls: Vec<ControlPattern>,
}

impl Pattern {
    /// Whether no more cases deviate anywhere than there are.
    pub fn is_possible(&self) -> bool {
        let mut numbers = self.controls.iter().flat_map(|control| &control.numbers);
        numbers.all(|shown| {
            shown.cases.zip(shown.deviations).is_none_or(|(cases, deviations)| deviations <= cases)
        })
    }
}

/// What a published edition shows and hides of a control.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ControlPattern {
    /// The control.
    pub control: String,
    /// What ties its cases to periods.
    pub cohort: Cohort,
    /// The length of its periods.
    pub period: PeriodKind,
    /// The length of its trend's points, when it has a trend.
    pub trend: Option<PeriodKind>,
    /// Of each of its files: rows, counted, open, excluded and rejected; `None` where a number is hidden.
    pub ledgers: Vec<[Option<u64>; 5]>,
    /// Its periods, the points of its trend, and the periods of its groups.
    pub numbers: Vec<ShownBefore>,
}

/// What is shown of a period, or of a group in it; `None` where a number is hidden.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShownBefore {
    /// The period.
    pub period: Period,
    /// The group; empty for cases without one, and for groups taken together. Without it, all cases.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// How many small groups were taken together; 0 for a group of its own.
    #[serde(default, skip_serializing_if = "is_none")]
    pub combined: usize,
    /// Judged cases.
    pub cases: Option<u64>,
    /// Deviations among them.
    pub deviations: Option<u64>,
}

fn is_none(count: &usize) -> bool {
    *count == 0
}

impl ControlPattern {
    /// That of what is published of a control and of its files.
    pub fn of(published: &ControlFindings, lines: &[LedgerLine]) -> ControlPattern {
        let period = published.periods[0].period.kind;
        let points = published.trend.iter().flat_map(|trend| &trend.points);
        let points = points.filter(|point| point.period.kind != period);
        let mut numbers = counted(&published.periods, None, 0);
        numbers.extend(points.map(|point| shown(point.period, None, 0, point.figure)));
        for group in published.groupings.iter().flat_map(|grouping| &grouping.groups) {
            numbers.extend(counted(&group.periods, Some(&group.name), group.combined));
        }
        ControlPattern {
            control: published.rule.id.clone(),
            cohort: published.cohort,
            period,
            trend: published.trend.as_ref().map(|trend| trend.settings.period),
            ledgers: lines.iter().map(|line| line.numbers()).collect(),
            numbers,
        }
    }
}

fn counted(periods: &[PeriodFigures], group: Option<&str>, combined: usize) -> Vec<ShownBefore> {
    let counted = periods.iter().filter(|period| period.earlier_report.is_none());
    counted.map(|period| shown(period.period, group, combined, period.figure)).collect()
}

fn shown(period: Period, group: Option<&str>, combined: usize, figure: Figure) -> ShownBefore {
    let (cases, deviations) = (figure.cases(), figure.deviations());
    ShownBefore { period, group: group.map(str::to_owned), combined, cases, deviations }
}
