//! Courses: when the cases of a control began, when they were due and when they ended, by day.
//!
//! Never written to a file, since a day can have a single case. The outlook is computed from them.

use std::collections::HashMap;

use foldhash::fast::FixedState;

use super::dense::Dense;
use crate::date::Day;
use crate::judge::{Case, Decided, Extension, Verdict};

/// A valid extension.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Extended {
    /// The new due date.
    pub to: Day,
    /// The day of the decision, if the export has it.
    pub decided: Option<Day>,
}

/// The days that some cases have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Course {
    /// The day on which they started.
    pub start: Day,
    /// The day on which they ended; `None` while they are open.
    pub ended: Option<Day>,
    /// The lawful due date before any extension.
    pub due: Day,
    /// The extension.
    pub extended: Option<Extended>,
}

impl Course {
    #[inline]
    pub(super) fn of(case: &Case, verdict: &Verdict) -> Course {
        let extension = case.extension.filter(|_| verdict.extended);
        let extended = extension.map(|extension| Extended {
            to: extension.to,
            decided: match extension.decided {
                Decided::On(day) => Some(day),
                Decided::NotInExport | Decided::Missing => None,
            },
        });
        Course { start: case.start, ended: verdict.ended, due: verdict.due_unextended, extended }
    }

    /// A case with these days.
    pub fn case(&self) -> Case {
        let extension = self.extended.map(|Extended { to, decided }| Extension {
            to,
            decided: decided.map_or(Decided::NotInExport, Decided::On),
        });
        Case { extension, ..Case::of_days(self.start, self.ended) }
    }

    /// The lawful due date, extension included.
    pub fn last_due(&self) -> Day {
        self.extended.map_or(self.due, |extended| extended.to)
    }
}

/// Durations in days below this are counted in an array; longer ones are few.
const LASTING: usize = 1_024;

/// The cases without extension that started on one day and are due on the same day.
#[derive(Debug, Clone, Default)]
struct OfDay {
    due: Option<Day>,
    open: u32,
    /// By duration in days.
    ended: Vec<u32>,
}

impl OfDay {
    fn courses(&self, start: Day) -> impl Iterator<Item = (Course, u32)> + Clone {
        let course = move |due: Day, ended: Option<Day>| Course { start, ended, due, extended: None };
        self.due.into_iter().flat_map(move |due| {
            let ended = self
                .ended
                .iter()
                .zip(0..)
                .map(move |(cases, days)| (course(due, Some(start.plus_days(days))), *cases));
            ended.chain([(course(due, None), self.open)])
        })
    }
}

/// The number of cases of each course. 32 bits are enough: more cases with the same start and end would need an export
/// of a hundred gigabytes.
#[derive(Debug, Clone, Default)]
pub struct Courses {
    /// By start day.
    plain: Dense<OfDay>,
    others: HashMap<Course, u32, FixedState>,
}

impl Courses {
    /// Counts `cases` cases of a course.
    #[inline]
    pub(super) fn count(&mut self, course: Course, cases: u32) {
        let day = self.plain.at(course.start.0);
        let lasted = course.ended.map(|end| (end.0 - course.start.0) as usize);
        let is_plain = *day.due.get_or_insert(course.due) == course.due && course.extended.is_none();
        match lasted {
            None if is_plain => day.open += cases,
            Some(days) if is_plain && days < LASTING => {
                if days >= day.ended.len() {
                    day.ended.resize(days + 1, 0);
                }
                day.ended[days] += cases;
            }
            _ => *self.others.entry(course).or_default() += cases,
        }
    }

    /// Every course with its number of cases, in no particular order.
    pub fn iter(&self) -> impl Iterator<Item = (Course, u64)> + Clone {
        let plain = self.plain.iter().flat_map(|(start, day)| day.courses(Day(start)));
        let all = plain.chain(self.others.iter().map(|(course, cases)| (*course, *cases)));
        all.filter(|(_, cases)| *cases > 0).map(|(course, cases)| (course, u64::from(cases)))
    }

    pub(super) fn add(&mut self, other: &Courses) {
        for (course, cases) in other.iter() {
            self.count(course, cases as u32);
        }
    }
}
