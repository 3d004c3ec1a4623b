//! The pattern of a published edition: which numbers it shows, and which it hides.

use serde::{Deserialize, Serialize};

use super::super::ControlFindings;
use super::super::figures::PeriodFigures;
use super::super::headline::is_due;
use super::ledger::LedgerLine;
use crate::date::Day;
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
    /// What its files counted is the cases of its periods.
    pub ledgers_add_up: bool,
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
    /// More of its cases were still to come, or to be judged.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unsettled: bool,
}

fn is_none(count: &usize) -> bool {
    *count == 0
}

/// Whether all cases of a period are there and judged, as far as the calendar tells.
pub fn is_settled(findings: &ControlFindings, period: Period, as_of: Day) -> bool {
    period.last_day() <= as_of && is_due(period, findings.cohort, &findings.rule, as_of)
}

impl ControlPattern {
    /// That of what is published of a control and of its files.
    pub fn of(
        published: &ControlFindings,
        lines: &[LedgerLine],
        ledgers_add_up: bool,
        as_of: Day,
    ) -> ControlPattern {
        let shown = |group: Option<&str>, combined, period, cases, deviations| ShownBefore {
            period,
            group: group.map(str::to_owned),
            combined,
            cases,
            deviations,
            unsettled: !is_settled(published, period, as_of),
        };
        let period = published.periods[0].period.kind;
        let points = published.trend.iter().flat_map(|trend| &trend.points);
        let points = points.filter(|point| point.period.kind != period);
        let counted = |of: &[PeriodFigures], group: Option<&str>, combined| -> Vec<ShownBefore> {
            let counted = of.iter().filter(|period| period.earlier_report.is_none());
            let of_period = |period: &PeriodFigures| {
                let figure = period.figure;
                shown(group, combined, period.period, figure.cases(), figure.deviations())
            };
            counted.map(of_period).collect()
        };
        let mut numbers = counted(&published.periods, None, 0);
        numbers.extend(
            points.map(|point| shown(None, 0, point.period, point.figure.cases(), point.figure.deviations())),
        );
        for group in published.groupings.iter().flat_map(|grouping| &grouping.groups) {
            numbers.extend(counted(&group.periods, Some(&group.name), group.combined));
        }
        ControlPattern {
            control: published.rule.id.clone(),
            cohort: published.cohort,
            period,
            trend: published.trend.as_ref().map(|trend| trend.settings.period),
            ledgers_add_up,
            ledgers: lines.iter().map(|line| line.numbers()).collect(),
            numbers,
        }
    }
}
