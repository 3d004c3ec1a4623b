//! Margins: how many days, or hours, before or after the due date cases are closed.

use std::collections::BTreeMap;
use std::collections::btree_map::Range;
use std::ops::RangeInclusive;

use schemars::JsonSchema;
use serde::Serialize;

use super::Detail;
use crate::date::Day;
use crate::judge::Cell;
use crate::period::{Period, PeriodKind};
use crate::rulebook::{Clock, Rule};
use crate::tally::MarginTally;

/// Cases closed with one margin, by their two verdicts. Files leave zeros out: most bars have cases of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, JsonSchema)]
pub struct MarginBar {
    /// In time by both methods.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub in_time: u64,
    /// Late only by the reference method.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub late_only_by_reference: u64,
    /// Late only by the lawful method.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub late_only_by_law: u64,
    /// Late by both methods, or by the only one.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub late: u64,
}

fn is_zero(count: &u64) -> bool {
    *count == 0
}

impl MarginBar {
    fn place(&mut self, cell: Cell, rule: &Rule) -> &mut u64 {
        match (cell.reading().is_deviation(rule.roll), cell.late_by_reference()) {
            (false, false) => &mut self.in_time,
            (false, true) => &mut self.late_only_by_reference,
            (true, false) if rule.reference.is_some() => &mut self.late_only_by_law,
            (true, _) => &mut self.late,
        }
    }

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
    /// Bars by margin; margins without cases are left out.
    pub bars: BTreeMap<i32, MarginBar>,
}

/// The time right before a due date in which most is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Near {
    /// Up to when this many hours were left, half of the clock's.
    HoursLeft(i32),
    /// The due date itself.
    LastDay,
    /// So many days up to the due date, with it.
    LastDays(i32),
}

/// Days of a clock that differs from case to case: a promised due date lies most often some weeks away.
const TYPICAL_DAYS: i32 = 30;

impl Near {
    /// The time before a due date that a clock gives: more days the longer it runs.
    fn of(clock: Clock) -> Near {
        let length = clock.due_from(Day(0), None).map_or(TYPICAL_DAYS, |due| due.0);
        match (clock, length) {
            (Clock::Hours(hours), _) => Near::HoursLeft((hours / 2) as i32),
            (_, ..7) => Near::LastDay,
            (_, 7..60) => Near::LastDays(3),
            (_, 60..) => Near::LastDays(10),
        }
    }
}

/// The shares of cases at which a histogram's quantiles are read, in percent.
pub const QUANTILES: [u64; 5] = [10, 25, 50, 75, 90];

impl Margins {
    /// The histogram of every period up to the as-of date in which a case was closed, in order.
    pub fn by_period(margins: &MarginTally, kind: PeriodKind, as_of: Day, rule: &Rule) -> Vec<Margins> {
        let mut periods: BTreeMap<i32, BTreeMap<i32, MarginBar>> = BTreeMap::new();
        for (month, margin, cells) in margins.by_end().filter(|(month, ..)| *month <= as_of.month()) {
            let bars = periods.entry(kind.holding_month(month).index).or_default();
            let bar = bars.entry(margin).or_default();
            for (cell, cases) in Cell::all().zip(cells) {
                *bar.place(cell, rule) += u64::from(cases);
            }
        }
        periods.into_iter().map(|(index, bars)| Margins { period: Period { kind, index }, bars }).collect()
    }

    /// All cases.
    pub fn cases(&self) -> u64 {
        self.bars.values().map(|bar| bar.cases()).sum()
    }

    /// The time right before the due date that a clock gives, and the cases closed in it.
    pub fn near_due(&self, clock: Clock) -> (Near, u64) {
        let near = Near::of(clock);
        let margins = match near {
            Near::HoursLeft(hours) => i32::MIN..=-hours,
            Near::LastDay => 0..=0,
            Near::LastDays(days) => 1 - days..=0,
        };
        (near, self.bars.range(margins).map(|(_, bar)| bar.cases()).sum())
    }

    /// Cases closed before a margin, and after another.
    pub fn beyond(&self, low: i32, high: i32) -> (u64, u64) {
        let cases = |bars: Range<'_, i32, MarginBar>| bars.map(|(_, bar)| bar.cases()).sum();
        (cases(self.bars.range(..low)), cases(self.bars.range(high + 1..)))
    }

    /// The cases of each margin of a range, had there been so many in all.
    pub fn scaled_to(&self, all: u64, margins: RangeInclusive<i32>) -> impl Iterator<Item = f64> {
        let scale = all as f64 / self.cases() as f64;
        margins.map(move |margin| self.bars.get(&margin).map_or(0.0, |bar| bar.cases() as f64) * scale)
    }

    /// The margin by which half of the cases were closed.
    pub fn median(&self) -> i32 {
        self.quantiles()[2]
    }

    /// For each of [`QUANTILES`] the smallest margin by which at least so many cases were closed.
    pub fn quantiles(&self) -> [i32; 5] {
        let all = self.cases();
        QUANTILES.map(|percent| {
            let mut closed = 0;
            let reached = self.bars.iter().find(|(_, bar)| {
                closed += bar.cases();
                closed * 100 >= percent * all
            });
            *reached.expect("a histogram has a case").0
        })
    }
}

impl Detail {
    /// The margins of a period and of those before it; where no case was closed by then, all.
    pub fn margins_until(&self, period: Period) -> &[Margins] {
        match self.margins.iter().rposition(|margins| margins.period.index <= period.index) {
            Some(last) => &self.margins[..=last],
            None => &self.margins,
        }
    }

    /// The margins of the same part of the year before, so that the season makes no difference.
    pub fn margins_a_year_before(&self, margins: &Margins) -> Option<&Margins> {
        let year = 12 / margins.period.kind.months();
        self.margins.iter().find(|before| before.period.index == margins.period.index - year)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_margins_that_cases_have() {
        let bar = |cases| MarginBar { in_time: cases, ..MarginBar::default() };
        let of = |bars: &[(i32, u64)]| {
            let bars = bars.iter().map(|(margin, cases)| (*margin, bar(*cases))).collect();
            let period = PeriodKind::Year.holding_month(0);
            Margins { period, bars }.quantiles()
        };
        assert_eq!(of(&[(-5, 1)]), [-5; 5]);
        assert_eq!(of(&[(-20, 5), (0, 4), (7, 1)]), [-20, -20, -20, 0, 0]);
        assert_eq!(of(&[(-20, 1), (-10, 1), (0, 1), (30, 1)]), [-20, -20, -10, 0, 30]);
    }

    #[test]
    fn the_time_before_a_due_date_is_longer_for_a_longer_clock() {
        let bar = MarginBar { in_time: 1, ..MarginBar::default() };
        let bars = (-30..=5).map(|margin| (margin, bar)).collect();
        let margins = Margins { period: PeriodKind::Year.holding_month(0), bars };
        for (clock, near) in [
            (Clock::Hours(24), (Near::HoursLeft(12), 19)),
            (Clock::NextDay, (Near::LastDay, 1)),
            (Clock::Days(14), (Near::LastDays(3), 3)),
            (Clock::DueColumn, (Near::LastDays(3), 3)),
            (Clock::Months(4), (Near::LastDays(10), 10)),
        ] {
            assert_eq!(margins.near_due(clock), near, "{clock:?}");
        }
        assert_eq!(margins.beyond(-28, 3), (2, 2));
    }
}
