//! Marks of the cases of an export: what of each tells whether another export has it too, under another number.

use std::collections::{BTreeSet, HashMap};

use crate::date::Day;
use crate::ingest::{Export, ReadRow};
use crate::moment::Moment;
use crate::project::Duplicates;

/// Cases of an export of one control, to be compared with those of another.
#[derive(Debug, Clone, Default)]
pub struct Marks {
    marks: Vec<Mark>,
    /// Those of cases without a number, although others have one.
    unnumbered: Vec<Mark>,
    is_too_many: bool,
}

/// A case: its start, its unit and its end, if it has one.
type Mark = (Point, u32, Option<Point>);

/// When a case starts or ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Point {
    /// In days from 1970.
    day: i32,
    /// In minutes from 1970, if the export has times of day and the rule counts hours.
    minute: Option<i64>,
}

impl Point {
    fn of(day: Day, at: Option<Moment>) -> Point {
        Point { day: day.0, minute: at.map(|at| at.0.div_euclid(60)) }
    }
}

/// In which unit of time cases are compared.
#[derive(Clone, Copy)]
enum Unit {
    Day,
    Minute,
}

impl Unit {
    /// That in which the starts of both exports are known.
    fn of(one: &[Mark], other: &[Mark]) -> Unit {
        let has_minutes = one.iter().chain(other).all(|(start, ..)| start.minute.is_some());
        if has_minutes { Unit::Minute } else { Unit::Day }
    }

    fn count(self, point: Point) -> i64 {
        match self {
            Unit::Day => i64::from(point.day),
            Unit::Minute => point.minute.unwrap_or(i64::from(point.day) * Unit::Minute.days(1)),
        }
    }

    fn days(self, days: i64) -> i64 {
        match self {
            Unit::Day => days,
            Unit::Minute => days * 24 * 60,
        }
    }
}

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
        let case = &row.case;
        let end = case.end.map(|end| Point::of(end, case.end_at));
        let mark = (Point::of(case.start, case.start_at), row.group, end);
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
    /// same start and unit, and the same end unless one is still open; and if that is more than chance. With `unnumbered`,
    /// of cases without a number.
    pub fn in_common(&self, other: &Marks, unnumbered: bool) -> Option<(u64, u64)> {
        /// Cases that start on fewer days may be alike by chance.
        const FEWEST_DAYS: usize = 5;
        if self.is_too_many || other.is_too_many {
            return None;
        }
        let [one, other] =
            [self, other].map(|marks| if unnumbered { &marks.unnumbered } else { &marks.marks });
        let (fewer, more) = if one.len() <= other.len() { (one, other) } else { (other, one) };
        let unit = Unit::of(fewer, more);
        let (common, days) = agreeing(fewer, more, unit, 0);
        let all = fewer.len() as u64;
        let are_alike = days >= FEWEST_DAYS && common * 5 >= all * 4;
        (are_alike && is_more_than_chance(common, fewer, more, unit)).then_some((common, all))
    }
}

/// How many cases have another among `more` once they are moved by some days, and on how many days those start.
fn agreeing(cases: &[Mark], more: &[Mark], unit: Unit, by_days: i64) -> (u64, usize) {
    let moved = unit.days(by_days);
    let mut ends: HashMap<(i64, u32), Vec<Option<i64>>> = HashMap::new();
    for (start, group, end) in more {
        let end = end.map(|end| unit.count(end));
        ends.entry((unit.count(*start), *group)).or_default().push(end);
    }
    let (mut common, mut days) = (0, BTreeSet::new());
    for (start, group, end) in cases {
        let end = end.map(|end| unit.count(end) + moved);
        let Some(ends) = ends.get_mut(&(unit.count(*start) + moved, *group)) else { continue };
        let same = ends.iter().position(|other| *other == end);
        let found = same.or_else(|| ends.iter().position(|other| other.is_none() || end.is_none()));
        if let Some(found) = found {
            ends.swap_remove(found);
            common += 1;
            days.insert(start.day);
        }
    }
    (common, days.len())
}

/// Whether as many cases agree as no chance explains. What chance gives is seen by moving all cases by whole weeks, after
/// which none is the same: where a unit has cases on every day that end on the day on which they start, or are all open,
/// they still find others.
fn is_more_than_chance(common: u64, cases: &[Mark], more: &[Mark], unit: Unit) -> bool {
    const WEEKS: [i64; 8] = [-4, -3, -2, -1, 1, 2, 3, 4];
    /// So many standard deviations above what is expected are no chance.
    const BEYOND: f64 = 3.0;
    let starts = || more.iter().map(|(start, ..)| i64::from(start.day));
    let (Some(first), Some(last)) = (starts().min(), starts().max()) else { return false };
    let (mut hits, mut tries) = (0, 0);
    for days in WEEKS.map(|weeks| weeks * 7) {
        let is_within = |start: Point| (first..=last).contains(&(i64::from(start.day) + days));
        tries += cases.iter().filter(|(start, ..)| is_within(*start)).count();
        hits += agreeing(cases, more, unit, days).0;
    }
    let (all, chance) = (cases.len() as f64, (hits as f64 + 0.5) / (tries as f64 + 1.0));
    common as f64 - all * chance >= BEYOND * (all * chance * (1.0 - chance)).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Cases by their days.
    fn marks(cases: impl IntoIterator<Item = (i32, u32, Option<i32>)>) -> Marks {
        let point = |day: i32| Point::of(Day(day), None);
        let mark = |(start, unit, end): (i32, u32, Option<i32>)| (point(start), unit, end.map(point));
        Marks { marks: cases.into_iter().map(mark).collect(), ..Marks::default() }
    }

    /// Cases on days that are seldom whole weeks apart.
    fn spread(cases: std::ops::Range<i32>, is_closed: impl Fn(i32) -> bool, later: i32) -> Marks {
        marks(cases.map(|case| {
            let start = case * case;
            (start, 0, is_closed(case).then_some(start + 9 + later))
        }))
    }

    #[test]
    fn the_same_cases_are_seen_although_some_have_ended_since() {
        let older = spread(0..10, |case| case < 3, 0);
        let newer = spread(0..30, |_| true, 0);
        assert_eq!(older.in_common(&newer, false), Some((10, 10)));
        assert_eq!(newer.in_common(&older, false), Some((10, 10)));
        let elsewhere = marks((0..30).map(|case| (case * case, 1, Some(case * case + 9))));
        assert_eq!(older.in_common(&elsewhere, false), None, "other units");
        let others = spread(0..30, |_| true, 1);
        assert_eq!(newer.in_common(&others, false), None, "other ends");
        let of_one_day = marks((0..10).map(|_| (0, 0, Some(9))));
        assert_eq!(of_one_day.in_common(&of_one_day, false), None);
        let (all_open, of_them) = (spread(0..30, |_| false, 0), spread(3..12, |_| false, 0));
        assert_eq!(of_them.in_common(&all_open, false), Some((9, 9)));
    }

    #[test]
    fn cases_that_agree_as_chance_has_it_are_not_the_same() {
        // Of another unit with cases on every day, as days go.
        let [of_one, of_other] =
            [3, 1].map(|every| marks((0..120).filter(|day| day % every == 0).map(|day| (day, 0, Some(day)))));
        assert_eq!(of_one.in_common(&of_other, false), None);
        let open = |every: i32| marks((0..120).filter(|day| day % every == 0).map(|day| (day, 0, None)));
        assert_eq!(open(4).in_common(&open(1), false), None);
        // The minute tells them apart, and shows the same ones.
        let at = |minutes: i64| {
            let mark = |day: i32| {
                let at = |minute| {
                    Some(Moment(i64::from(day) * 86_400 + i64::from(day * 37 % 600) * 60 + minute * 60))
                };
                (Point::of(Day(day), at(minutes)), 0, Some(Point::of(Day(day), at(minutes + 90))))
            };
            Marks { marks: (0..120).map(mark).collect(), ..Marks::default() }
        };
        assert_eq!(at(0).in_common(&at(0), false), Some((120, 120)));
        assert_eq!(at(0).in_common(&at(1), false), None);
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
