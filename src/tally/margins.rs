//! Margins of a control: how long before or after their due date cases ended, or open cases stand, by month.

use std::collections::BTreeMap;

use super::dense::Dense;
use crate::date::Day;
use crate::judge::{Cell, Verdict};

/// Margins up to this distance from 0 are counted in an array; those farther away are few.
const NEAR: i32 = 1_024;

/// Values by margin.
#[derive(Debug, Clone, Default)]
struct ByMargin<T> {
    near: Dense<T>,
    far: BTreeMap<i32, T>,
}

impl<T: Clone + Default> ByMargin<T> {
    #[inline]
    fn at(&mut self, margin: i32) -> &mut T {
        if margin.unsigned_abs() <= NEAR.unsigned_abs() {
            self.near.at(margin)
        } else {
            self.far.entry(margin).or_default()
        }
    }

    /// The values with their margins, in order; some may still be the default.
    fn iter(&self) -> impl Iterator<Item = (i32, &T)> {
        let far = |from: i32, to: i32| self.far.range(from..to).map(|(margin, value)| (*margin, value));
        far(i32::MIN, -NEAR).chain(self.near.iter()).chain(far(NEAR, i32::MAX))
    }

    fn add(&mut self, other: &ByMargin<T>, add: impl Fn(&mut T, &T)) {
        for (margin, value) in other.iter() {
            add(self.at(margin), value);
        }
    }
}

/// Counts of ended cases by [`Cell::index`], in which ended cases come first.
pub type Ended = [u32; Cell::COUNT / 2];

/// Cases that ended, and cases that are open.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct EndedOrOpen {
    /// Ended, with this margin.
    pub ended: u32,
    /// Open, with this margin on the as-of date.
    pub open: u32,
}

/// The margins of a control's cases, in the unit of its clock: days or hours. Cases without a margin are not included.
#[derive(Debug, Clone, Default)]
pub struct MarginTally {
    by_end: Dense<ByMargin<Ended>>,
    by_start: Dense<ByMargin<EndedOrOpen>>,
}

impl MarginTally {
    /// Counts `cases` cases with this start and verdict.
    pub(super) fn count(&mut self, start: Day, verdict: &Verdict, cases: u32) {
        let Some(margin) = verdict.margin_in_clock_units else { return };
        let of_start = self.by_start.at(start.month()).at(margin);
        let Some(ended) = verdict.ended else {
            of_start.open += cases;
            return;
        };
        of_start.ended += cases;
        self.by_end.at(ended.month()).at(margin)[verdict.cell.index()] += cases;
    }

    /// Month of the end (as in [`Day::month`]), margin and cases, in order.
    pub fn by_end(&self) -> impl Iterator<Item = (i32, i32, Ended)> {
        used(&self.by_end)
    }

    /// Month of the start, margin and cases, in order.
    pub fn by_start(&self) -> impl Iterator<Item = (i32, i32, EndedOrOpen)> {
        used(&self.by_start)
    }

    /// Cases with a margin.
    pub fn cases(&self) -> u64 {
        self.by_start().map(|(_, _, cases)| u64::from(cases.ended) + u64::from(cases.open)).sum()
    }

    pub(super) fn add(&mut self, other: &MarginTally) {
        self.by_end.add(&other.by_end, |mine, theirs| {
            mine.add(theirs, |mine, theirs| {
                mine.iter_mut().zip(theirs).for_each(|(mine, more)| *mine += more)
            });
        });
        self.by_start.add(&other.by_start, |mine, theirs| {
            mine.add(theirs, |mine, theirs| {
                mine.ended += theirs.ended;
                mine.open += theirs.open;
            });
        });
    }
}

/// The values that are not the default, with month and margin.
fn used<T: Copy + Default + PartialEq>(months: &Dense<ByMargin<T>>) -> impl Iterator<Item = (i32, i32, T)> {
    let all = months
        .iter()
        .flat_map(|(month, margins)| margins.iter().map(move |(margin, value)| (month, margin, *value)));
    all.filter(|(_, _, value)| *value != T::default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn margins_far_away_stand_in_order_with_the_near_ones() {
        let mut margins = ByMargin::<u32>::default();
        let all = [-80_000, -NEAR - 1, -NEAR, -1, 0, NEAR, NEAR + 1, 90_000];
        for margin in all.into_iter().rev() {
            *margins.at(margin) += 1;
        }
        let found: Vec<i32> =
            margins.iter().filter(|(_, count)| **count == 1).map(|(margin, _)| margin).collect();
        assert_eq!(found, all);
    }
}
