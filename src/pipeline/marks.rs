//! Marks of the cases of an export: what of each tells whether another export has it too, under another number.

use std::collections::{BTreeSet, HashMap};

use crate::ingest::{Export, ReadRow};
use crate::project::Duplicates;

/// Cases of an export of one control, to be compared with those of another.
#[derive(Debug, Clone, Default)]
pub struct Marks {
    marks: Vec<Mark>,
    /// Those of cases without a number, although others have one.
    unnumbered: Vec<Mark>,
    is_too_many: bool,
}

/// A case: its start, its unit and its end, in days from 1970, if it has one.
type Mark = (i32, u32, Option<i32>);

impl Marks {
    /// Exports with more cases are not compared.
    const MOST: usize = 1 << 16;

    /// Whether an export's cases are to be compared: they have numbers, and so have those of another export of the
    /// control.
    pub fn are_needed(exports: &[Export], number: usize, control: &str) -> bool {
        let is_compared = |export: &Export| {
            export.columns.case_id.is_some()
                && export.duplicates != Duplicates::Keep
                && export.controls.ids().contains(&control)
        };
        is_compared(&exports[number])
            && exports.iter().enumerate().any(|(other, export)| other != number && is_compared(export))
    }

    /// Adds a case.
    #[inline]
    pub fn add(&mut self, row: &ReadRow<'_>) {
        if self.marks.len() == Self::MOST {
            self.is_too_many = true;
            return;
        }
        let mark = (row.case.start.0, row.group, row.case.end.map(|end| end.0));
        self.marks.push(mark);
        if row.case_id.is_empty() {
            self.unnumbered.push(mark);
        }
    }

    /// Adds the cases that another worker met, whose units have other numbers.
    pub fn join(&mut self, other: Marks, unit: impl Fn(u32) -> u32) {
        self.is_too_many |= other.is_too_many || self.marks.len() + other.marks.len() > Self::MOST;
        if !self.is_too_many {
            let renumbered = |(start, group, end)| (start, unit(group), end);
            self.marks.extend(other.marks.into_iter().map(renumbered));
            self.unnumbered.extend(other.unnumbered.into_iter().map(renumbered));
        }
    }

    /// How many cases of the smaller of two exports the other has too, and how many it has itself, if they are most: the
    /// same start and unit, and the same end unless one is still open. With `unnumbered`, of cases without a number.
    pub fn in_common(&self, other: &Marks, unnumbered: bool) -> Option<(u64, u64)> {
        /// Cases that start on fewer days may be alike by chance.
        const FEWEST_DAYS: usize = 5;
        if self.is_too_many || other.is_too_many {
            return None;
        }
        let [one, other] =
            [self, other].map(|marks| if unnumbered { &marks.unnumbered } else { &marks.marks });
        let (fewer, more) = if one.len() <= other.len() { (one, other) } else { (other, one) };
        let mut ends: HashMap<(i32, u32), Vec<Option<i32>>> = HashMap::new();
        more.iter().for_each(|(start, unit, end)| ends.entry((*start, *unit)).or_default().push(*end));
        let (mut common, mut days) = (0, BTreeSet::new());
        for (start, unit, end) in fewer {
            let Some(ends) = ends.get_mut(&(*start, *unit)) else { continue };
            let same = ends.iter().position(|other| other == end);
            let found = same.or_else(|| ends.iter().position(|other| other.is_none() || end.is_none()));
            if let Some(found) = found {
                ends.swap_remove(found);
                common += 1;
                days.insert(*start);
            }
        }
        let all = fewer.len() as u64;
        (days.len() >= FEWEST_DAYS && common * 5 >= all * 4).then_some((common, all))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marks(cases: impl IntoIterator<Item = Mark>) -> Marks {
        Marks { marks: cases.into_iter().collect(), ..Marks::default() }
    }

    #[test]
    fn the_same_cases_are_seen_although_some_have_ended_since() {
        let older = marks((0..10).map(|day| (day, 0, (day < 3).then_some(day + 9))));
        let newer = marks((0..30).map(|day| (day, 0, Some(day + 9))));
        assert_eq!(older.in_common(&newer, false), Some((10, 10)));
        assert_eq!(newer.in_common(&older, false), Some((10, 10)));
        let elsewhere = marks((0..30).map(|day| (day, 1, Some(day + 9))));
        assert_eq!(older.in_common(&elsewhere, false), None, "other units");
        let others = marks((0..30).map(|day| (day, 0, Some(day + 10))));
        assert_eq!(newer.in_common(&others, false), None, "other ends");
        let of_one_day = marks((0..10).map(|_| (0, 0, Some(9))));
        assert_eq!(of_one_day.in_common(&of_one_day, false), None);
    }

    #[test]
    fn each_case_is_found_once() {
        let twice = marks((0..10).flat_map(|day| [(day, 0, None), (day, 0, None)]));
        let once = marks(
            (0..10).flat_map(|day| [(day, 0, Some(day + 1)), (day + 100, 0, None), (day + 200, 0, None)]),
        );
        assert_eq!(twice.in_common(&once, false), None);
    }
}
