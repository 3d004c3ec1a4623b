//! Tallies: counts of judged cases.
//!
//! A tally is a commutative monoid: two tallies add up, in any order, to the tally of both inputs, so cases can be read
//! in parallel and forgotten. It holds no case number and knows no share, period or language. It consists of small
//! parts, each for its own questions: one joint table would be as large as the cases themselves.

mod courses;
mod dense;
mod margins;

use std::collections::BTreeMap;

pub use courses::{Course, Courses, Extended};
pub use dense::Dense;
pub use margins::{Ended, EndedOrOpen, MarginTally};

use crate::date::Day;
use crate::judge::{Case, Cell, Judge, Verdict};
use crate::rulebook::{Cohort, JudgedBy};

/// Cases by [`Cell`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts(pub [u32; Cell::COUNT]);

impl Counts {
    /// Cases in the cells that satisfy `wanted`.
    pub fn cases(&self, wanted: impl Fn(Cell) -> bool) -> u64 {
        Cell::all().filter(|cell| wanted(*cell)).map(|cell| u64::from(self.0[cell.index()])).sum()
    }
}

/// The cases of one cohort that belong to one month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MonthTally {
    /// The counts.
    pub counts: Counts,
    /// The lawful methods that judged them.
    pub judged_by: JudgedBy,
}

impl MonthTally {
    #[inline]
    fn count(&mut self, entry: &Entry) {
        self.counts.0[entry.cell.index()] += 1;
        self.judged_by = self.judged_by.with(entry.judged_by);
    }

    /// Adds other cases.
    pub fn add(&mut self, other: &MonthTally) {
        self.counts.0.iter_mut().zip(&other.counts.0).for_each(|(cell, count)| *cell += count);
        self.judged_by = self.judged_by.with(other.judged_by);
    }
}

/// Cases that become overdue and cease to be, by month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Overdue {
    /// Cases that became overdue in the month.
    pub from: u32,
    /// Cases, overdue before they ended, that ended in the month.
    pub until: u32,
}

impl Overdue {
    /// Adds other cases.
    pub fn add(&mut self, other: &Overdue) {
        self.from += other.from;
        self.until += other.until;
    }
}

/// The group of a case whose rows name different groups; no unit can have this name.
pub const MIXED: &str = "<mixed>";

/// The name of a group: the values of the one or two columns that cases are grouped by.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GroupName {
    /// Value of the first column; empty for cases without one.
    pub group: String,
    /// Value of the second column; empty without such a column.
    pub subgroup: String,
}

impl From<&str> for GroupName {
    /// A group of one column.
    fn from(group: &str) -> GroupName {
        GroupName { group: group.to_owned(), subgroup: String::new() }
    }
}

impl std::fmt::Display for GroupName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let between = if self.subgroup.is_empty() { "" } else { " / " };
        write!(f, "{}{between}{}", self.group, self.subgroup)
    }
}

/// The tally of one group of one control. Months are as in [`Day::month`].
#[derive(Debug, Clone, Default)]
pub struct GroupTally {
    /// In the order of [`Cohort::ALL`].
    cohorts: [Dense<MonthTally>; 3],
    overdue: Dense<Overdue>,
}

impl GroupTally {
    /// The months of a cohort that have cases, in order.
    pub fn months(&self, cohort: Cohort) -> impl Iterator<Item = (i32, &MonthTally)> {
        let months = self.cohorts[cohort as usize].iter();
        months.filter(|(_, month)| month.counts != Counts::default())
    }

    /// The months in which cases became or ceased to be overdue, in order.
    pub fn overdue(&self) -> impl Iterator<Item = (i32, &Overdue)> {
        self.overdue.iter().filter(|(_, overdue)| **overdue != Overdue::default())
    }

    /// Cases in all, ended or open.
    pub fn cases(&self) -> u64 {
        self.cases_in(|_| true)
    }

    /// Cases in the cells that satisfy `wanted`. They are all among those that started, but a coarse tally has one cohort
    /// alone.
    pub fn cases_in(&self, wanted: impl Fn(Cell) -> bool) -> u64 {
        let of = |cohort| self.months(cohort).map(|(_, month)| month.counts.cases(&wanted)).sum();
        Cohort::ALL.into_iter().map(of).max().unwrap_or_default()
    }

    /// The tally of a cohort's month, to be added to.
    pub fn month(&mut self, cohort: Cohort, month: i32) -> &mut MonthTally {
        self.cohorts[cohort as usize].at(month)
    }

    /// The overdue cases of a month, to be added to.
    pub fn overdue_in(&mut self, month: i32) -> &mut Overdue {
        self.overdue.at(month)
    }

    /// Puts other counts in the place of each month's of every cohort.
    pub fn replace_months(&mut self, counted: impl Fn(&MonthTally) -> MonthTally) {
        for cohort in Cohort::ALL {
            let months: Vec<_> = self.months(cohort).map(|(month, tally)| (month, counted(tally))).collect();
            months.into_iter().for_each(|(month, tally)| *self.month(cohort, month) = tally);
        }
    }

    fn add(&mut self, other: &GroupTally) {
        for (mine, theirs) in self.cohorts.iter_mut().zip(&other.cohorts) {
            mine.add(theirs, MonthTally::add);
        }
        self.overdue.add(&other.overdue, Overdue::add);
    }
}

/// A judged case before it is counted. Entries are gathered and counted in batches: counting waits for memory, and in a
/// batch the processor fetches what the next entries need meanwhile.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    group: u32,
    course: Course,
    overdue_from: Option<Day>,
    cell: Cell,
    judged_by: JudgedBy,
}

impl Entry {
    /// Entries per batch: more would not stay in the processor's cache.
    pub const AT_A_TIME: usize = 512;

    /// The entry of a case of the group with a number.
    #[inline]
    pub fn new(group: u32, case: &Case, verdict: &Verdict) -> Entry {
        let Verdict { overdue_from, cell, judged_by, .. } = *verdict;
        Entry { group, course: Course::of(case, verdict), overdue_from, cell, judged_by }
    }
}

/// The counts of a group in a month.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
struct GroupMonth {
    cohorts: [MonthTally; 3],
    overdue: Overdue,
}

/// Tallies of groups by number, which a worker fills before names are known. Exports are mostly in order of time, so
/// the groups of a month are stored together.
#[derive(Debug, Clone, Default)]
pub struct Counter {
    /// By month and group.
    months: Dense<Vec<GroupMonth>>,
}

impl Counter {
    /// Counts cases.
    pub fn count(&mut self, entries: &[Entry]) {
        for entry in entries {
            let Entry { group, course, overdue_from, .. } = entry;
            self.at(course.start.month(), *group).cohorts[Cohort::Started as usize].count(entry);
            self.at(course.last_due().month(), *group).cohorts[Cohort::Due as usize].count(entry);
            if let Some(from) = overdue_from {
                self.at(from.month(), *group).overdue.from += 1;
            }
            if let Some(ended) = course.ended {
                let month = self.at(ended.month(), *group);
                month.cohorts[Cohort::Closed as usize].count(entry);
                month.overdue.until += u32::from(overdue_from.is_some());
            }
        }
    }

    /// The counts of a group in a month.
    #[inline]
    fn at(&mut self, month: i32, group: u32) -> &mut GroupMonth {
        let (groups, group) = (self.months.at(month), group as usize);
        if group >= groups.len() {
            groups.resize(group + 1, GroupMonth::default());
        }
        &mut groups[group]
    }

    /// The numbers of groups with cases and how many cases they have, in no particular order.
    pub fn cases(&self) -> impl Iterator<Item = (usize, u64)> {
        let all = self.months.iter().flat_map(|(_, groups)| groups.iter().enumerate());
        let started = |month: &GroupMonth| month.cohorts[Cohort::Started as usize].counts.cases(|_| true);
        all.map(move |(group, month)| (group, started(month))).filter(|(_, cases)| *cases > 0)
    }

    /// Adds the counts to a tally, once the groups have names; `names` is in the order of their numbers.
    pub fn add_to(self, tally: &mut Tally, names: &[GroupName]) {
        for (number, name) in names.iter().enumerate() {
            let mut group = GroupTally::default();
            for (month, groups) in self.months.iter() {
                let Some(counted) = groups.get(number) else { continue };
                for (months, counted) in group.cohorts.iter_mut().zip(&counted.cohorts) {
                    if *counted != MonthTally::default() {
                        months.at(month).add(counted);
                    }
                }
                if counted.overdue != Overdue::default() {
                    group.overdue.at(month).add(&counted.overdue);
                }
            }
            if group.cases() > 0 {
                tally.groups.entry(name.clone()).or_default().add(&group);
            }
        }
    }
}

/// What is counted for a control as a whole, regardless of groups.
#[derive(Debug, Clone, Default)]
pub struct Whole {
    /// The margins.
    pub margins: MarginTally,
    /// The days.
    pub courses: Courses,
    /// Cases of a rule in hours that had no times and were judged by days.
    pub judged_by_day: u64,
}

impl Whole {
    /// Counts the days of cases.
    pub fn count(&mut self, entries: &[Entry]) {
        entries.iter().for_each(|entry| self.courses.count(entry.course, 1));
    }

    /// Counts a case's margin, unless `judge` needs the days alone: [`Whole::count_margins`] then counts all margins at
    /// the end.
    #[inline]
    pub fn count_margin(&mut self, case: &Case, verdict: &Verdict, judge: &Judge) {
        if !judge.goes_by_days_alone() {
            self.margins.count(case.start, verdict, 1);
        }
    }

    /// Counts the margins that follow from the days, after all cases are counted: there are far fewer courses than
    /// cases.
    pub fn count_margins(&mut self, judge: &Judge) {
        if !judge.goes_by_days_alone() {
            return;
        }
        for (course, cases) in self.courses.iter() {
            let verdict = judge.judge(&course.case()).expect("it was judged before");
            self.margins.count(course.start, &verdict, cases as u32);
        }
    }

    /// Adds the counts of other cases.
    pub fn add(&mut self, other: &Whole) {
        self.margins.add(&other.margins);
        self.courses.add(&other.courses);
        self.judged_by_day += other.judged_by_day;
    }
}

/// Tallies by group name.
pub type Groups = BTreeMap<GroupName, GroupTally>;

/// The same cases under new group names; groups whose new names are equal are merged.
pub fn regrouped(groups: &Groups, rename: impl Fn(&GroupName) -> GroupName) -> Groups {
    let mut renamed = Groups::default();
    for (name, group) in groups {
        renamed.entry(rename(name)).or_default().add(group);
    }
    renamed
}

/// The tally of one control, by group; cases without a group are in the group with the empty name.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    /// Tallies by group name.
    pub groups: Groups,
    /// All groups together.
    pub whole: Whole,
}

impl Tally {
    /// Merges all groups into one without a name.
    pub fn forget_groups(&mut self) {
        self.groups = regrouped(&self.groups, |_| GroupName::default());
    }

    /// Whether the days of its cases are known; from a file only their months are.
    pub fn knows_days(&self) -> bool {
        self.whole.courses.iter().next().is_some()
    }

    /// Adds other cases.
    pub fn add(&mut self, other: &Tally) {
        for (name, group) in &other.groups {
            self.groups.entry(name.clone()).or_default().add(group);
        }
        self.whole.add(&other.whole);
    }

    /// Cases in all, ended or open.
    pub fn cases(&self) -> u64 {
        self.groups.values().map(GroupTally::cases).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::{Decided, Extension, Extensions, WithoutTimes};
    use crate::rulebook::{Clock, Rulebook};

    fn day(text: &str) -> Day {
        Day::parse_iso(text).expect("a date")
    }

    /// By 120 days for those that started before 2022, by four months from then on.
    fn tally(cases: &[(&str, &str, u32)]) -> Tally {
        let mut tally = Tally::default();
        count(cases, &mut tally);
        tally
    }

    /// Adds cases to a tally, as a worker's are added.
    fn count(cases: &[(&str, &str, u32)], tally: &mut Tally) {
        let mut rule = Rulebook::builtin().rule("child-investigation").expect("a rule").clone();
        rule.laws[0].last_day = Day::parse_iso("2021-12-31");
        rule.laws[0].method = Clock::Days(120);
        rule.laws[1].first_day = Day::parse_iso("2022-01-01");
        let judge = Judge::new(&rule, day("2024-08-20"), Extensions::Honour, WithoutTimes::Exclude);
        let (mut counter, mut whole) = (Counter::default(), Whole::default());
        for (start, end, group) in cases {
            let end = (!end.is_empty()).then(|| day(end));
            let extension = (*start == EXTENDED)
                .then(|| Extension { to: day("2024-07-01"), decided: Decided::On(day("2024-03-01")) });
            let case = Case { start: day(start), end, start_at: None, end_at: None, due: None, extension };
            let verdict = judge.judge(&case).expect("judged");
            let entries = [Entry::new(*group, &case, &verdict)];
            counter.count(&entries);
            whole.count(&entries);
            whole.count_margin(&case, &verdict, &judge);
        }
        whole.count_margins(&judge);
        counter.add_to(tally, &["North".into(), "South".into()]);
        tally.whole.add(&whole);
    }

    /// Cases that start on this day are extended.
    const EXTENDED: &str = "2024-01-15";

    fn overdue_at_month_ends(tally: &Tally) -> Vec<(i32, i64)> {
        let mut change: BTreeMap<i32, i64> = BTreeMap::new();
        for (month, overdue) in tally.groups.values().flat_map(GroupTally::overdue) {
            *change.entry(month).or_default() += i64::from(overdue.from) - i64::from(overdue.until);
        }
        let mut open = 0;
        change
            .into_iter()
            .map(|(month, by)| {
                open += by;
                (month % 12 + 1, open)
            })
            .filter(|(_, overdue)| *overdue > 0)
            .collect()
    }

    #[test]
    fn each_case_is_in_one_month_of_each_cohort_it_belongs_to() {
        let tally = tally(&[("2024-01-10", "2024-03-05", 0), ("2024-01-20", "", 1)]);
        let cohort = |group: &str, cohort: Cohort| -> Vec<(i32, u64)> {
            let months = tally.groups[&GroupName::from(group)].months(cohort);
            months.map(|(month, tally)| (month % 12 + 1, tally.counts.cases(|_| true))).collect()
        };
        assert_eq!(cohort("North", Cohort::Started), [(1, 1)]);
        assert_eq!(cohort("North", Cohort::Due), [(5, 1)]);
        assert_eq!(cohort("North", Cohort::Closed), [(3, 1)]);
        assert_eq!(cohort("South", Cohort::Due), [(5, 1)]);
        assert_eq!(cohort("South", Cohort::Closed), []);
        assert_eq!(tally.cases(), 2);
    }

    #[test]
    fn open_overdue_is_what_was_past_due_and_not_ended_at_the_month_s_end() {
        // Due 2024-02-29, the last day of its month: not overdue at February's end.
        assert_eq!(overdue_at_month_ends(&tally(&[("2023-10-31", "2024-04-30", 0)])), [(3, 1)]);
        // Due 2024-05-10, ended in the same month: never overdue at a month's end.
        assert_eq!(overdue_at_month_ends(&tally(&[("2024-01-10", "2024-05-30", 0)])), []);
        // Ended after the as-of date: still open.
        assert_eq!(overdue_at_month_ends(&tally(&[("2024-01-10", "2024-08-21", 0)])), [(5, 1)]);
    }

    #[test]
    fn each_month_knows_the_methods_that_judged_its_cases() {
        // The first is due on 2022-04-30 by the old method, the second on 2022-05-01 by the new one.
        let cases = [("2021-12-31", "2022-05-02", 0), ("2022-01-01", "2022-05-01", 1)];
        let methods = |tally: &Tally, cohort: Cohort| -> Vec<(i32, JudgedBy)> {
            let mut methods: BTreeMap<i32, JudgedBy> = BTreeMap::new();
            for (month, tally) in tally.groups.values().flat_map(|group| group.months(cohort)) {
                let known = methods.entry(month % 12 + 1).or_default();
                *known = known.with(tally.judged_by);
            }
            methods.into_iter().collect()
        };
        let (old, new) = (JudgedBy::method(0, false), JudgedBy::method(1, false));
        let whole = tally(&cases);
        assert_eq!(methods(&whole, Cohort::Started), [(1, new), (12, old)]);
        assert_eq!(methods(&whole, Cohort::Due), [(4, old), (5, new)]);
        assert_eq!(methods(&whole, Cohort::Closed), [(5, old.with(new))]);
        let mut sum = tally(&cases[..1]);
        count(&cases[1..], &mut sum);
        assert_eq!(methods(&sum, Cohort::Closed), methods(&whole, Cohort::Closed));
    }

    #[test]
    fn courses_and_margins_are_those_of_the_cases() {
        let cases = [
            ("2024-01-10", "2024-03-05", 0),
            ("2024-01-10", "2024-03-05", 1),
            ("2024-01-10", "2024-05-12", 0),
            ("2024-04-01", "", 1),
            ("2024-01-10", "2024-08-25", 0),
            (EXTENDED, "2024-06-20", 0),
            (EXTENDED, "", 0),
            // Longer than the array of durations reaches.
            ("2015-01-10", "2024-06-20", 1),
        ];
        let tally = tally(&cases);
        let course = |start: &str, ended: Option<&str>, due: &str| Course {
            start: day(start),
            ended: ended.map(day),
            due: day(due),
            extended: None,
        };
        let extended = Some(Extended { to: day("2024-07-01"), decided: Some(day("2024-03-01")) });
        let mut wanted = vec![
            (course("2024-01-10", Some("2024-03-05"), "2024-05-10"), 2),
            (course("2024-01-10", Some("2024-05-12"), "2024-05-10"), 1),
            (course("2024-01-10", None, "2024-05-10"), 1),
            (course("2024-04-01", None, "2024-08-01"), 1),
            (Course { extended, ..course(EXTENDED, Some("2024-06-20"), "2024-05-15") }, 1),
            (Course { extended, ..course(EXTENDED, None, "2024-05-15") }, 1),
            (course("2015-01-10", Some("2024-06-20"), "2015-05-10"), 1),
        ];
        let mut counted: Vec<(Course, u64)> = tally.whole.courses.iter().collect();
        wanted.sort_unstable();
        counted.sort_unstable();
        assert_eq!(counted, wanted);
        assert_eq!(
            wanted
                .iter()
                .map(|(course, _)| course.last_due())
                .filter(|due| *due == day("2024-07-01"))
                .count(),
            2
        );

        // As of 2024-08-20.
        let started: Vec<(i32, i32, u32, u32)> = tally
            .whole
            .margins
            .by_start()
            .map(|(month, margin, cases)| (month - 2024 * 12 + 1, margin, cases.ended, cases.open))
            .collect();
        assert_eq!(
            started,
            [
                (-107, 3329, 1, 0),
                (1, -66, 2, 0),
                (1, -11, 1, 0),
                (1, 2, 1, 0),
                (1, 50, 0, 1),
                (1, 102, 0, 1),
                (4, 19, 0, 1)
            ]
        );
        let ended: Vec<(i32, i32, u32)> = tally
            .whole
            .margins
            .by_end()
            .map(|(month, margin, cells)| (month - 2024 * 12 + 1, margin, cells.iter().sum()))
            .collect();
        assert_eq!(ended, [(3, -66, 2), (5, 2, 1), (6, -11, 1), (6, 3329, 1)]);
        assert_eq!((tally.cases(), tally.whole.margins.cases()), (8, 8));
    }

    #[test]
    fn margins_in_hours_are_counted_case_by_case() {
        let rule = Rulebook::builtin().rule("safety-assessment").expect("a rule").clone();
        let judge = Judge::new(&rule, day("2024-08-20"), Extensions::Honour, WithoutTimes::ByDay);
        let at = |text: &str| {
            let stamp = crate::date::parse_stamp(text.as_bytes()).expect("a stamp");
            crate::moment::swedish_time(stamp).moment
        };
        let case = Case {
            start_at: at("2024-05-06 10:00"),
            end_at: at("2024-05-07 12:30"),
            ..Case::of_days(day("2024-05-06"), Some(day("2024-05-07")))
        };
        let verdict = judge.judge(&case).expect("judged");
        let mut whole = Whole::default();
        whole.count(&[Entry::new(0, &case, &verdict)]);
        whole.count_margin(&case, &verdict, &judge);
        whole.count_margins(&judge);
        let mut sum = Whole { judged_by_day: 2, ..Whole::default() };
        sum.add(&whole);
        sum.add(&Whole { judged_by_day: 3, ..Whole::default() });
        let margins: Vec<(i32, u32)> =
            sum.margins.by_start().map(|(_, margin, cases)| (margin, cases.ended)).collect();
        assert_eq!((margins, sum.judged_by_day), (vec![(3, 1)], 5));
    }

    #[test]
    fn groups_have_names_and_can_be_taken_together() {
        let both = GroupName { group: "North".into(), subgroup: "0–6".into() };
        assert_eq!(
            (both.to_string(), GroupName::from("North").to_string()),
            ("North / 0–6".into(), "North".into())
        );
        let mut tally =
            tally(&[("2024-01-10", "2024-03-05", 0), ("2024-01-20", "", 1), ("2024-02-20", "", 1)]);
        let of = |groups: &Groups| -> Vec<(String, u64)> {
            groups.iter().map(|(name, group)| (name.to_string(), group.cases())).collect()
        };
        assert_eq!(of(&tally.groups), [("North".to_owned(), 1), ("South".to_owned(), 2)]);
        let short = regrouped(&tally.groups, |name| name.group[..1].into());
        assert_eq!(of(&short), [("N".to_owned(), 1), ("S".to_owned(), 2)]);
        tally.forget_groups();
        assert_eq!(of(&tally.groups), [(String::new(), 3)]);
        let ended = |cell: Cell| !cell.open();
        let months = tally.groups[&GroupName::default()].months(Cohort::Started);
        assert_eq!(months.map(|(_, month)| month.counts.cases(ended)).collect::<Vec<u64>>(), [1, 0]);
    }

    #[test]
    fn a_tally_is_filled_month_by_month_and_then_knows_no_day() {
        let north = GroupName::from("North");
        let mut filled = Tally::default();
        let group = filled.groups.entry(north.clone()).or_default();
        let mut three = MonthTally::default();
        three.counts.0[0] = 3;
        group.month(Cohort::Due, 24_300).add(&three);
        group.overdue_in(24_301).add(&Overdue { from: 2, until: 1 });
        assert_eq!((filled.cases(), filled.knows_days()), (3, false));
        // One case that is open and overdue since May 2024.
        let mut sum = tally(&[("2024-01-10", "", 0)]);
        assert!(sum.knows_days());
        sum.add(&filled);
        assert_eq!(sum.cases(), 4);
        let group = sum.groups.get_mut(&north).expect("a group");
        let overdue: Vec<Overdue> = group.overdue().map(|(_, overdue)| *overdue).collect();
        assert_eq!(overdue, [Overdue { from: 1, until: 0 }, Overdue { from: 2, until: 1 }]);
        group.replace_months(|_| three);
        let counted = Cohort::ALL.map(|cohort| {
            group.months(cohort).map(|(_, month)| month.counts.cases(|_| true)).collect::<Vec<u64>>()
        });
        assert_eq!(counted, [vec![], vec![3, 3], vec![3]]);
    }

    #[test]
    fn a_counter_knows_its_groups_before_they_have_names() {
        let rule = Rulebook::builtin().rule("child-investigation").expect("a rule").clone();
        let judge = Judge::new(&rule, day("2024-08-20"), Extensions::Honour, WithoutTimes::Exclude);
        let entry = |group: u32, start: &str| {
            let case = Case::of_days(day(start), None);
            Entry::new(group, &case, &judge.judge(&case).expect("judged"))
        };
        let mut counter = Counter::default();
        counter.count(&[
            entry(2, "2024-01-10"),
            entry(0, "2024-01-11"),
            entry(2, "2024-03-11"),
            entry(2, "2024-03-12"),
        ]);
        let mut cases = [0; 3];
        for (group, more) in counter.cases() {
            assert!(more > 0);
            cases[group] += more;
        }
        assert_eq!(cases, [1, 0, 3]);
        let mut tally = Tally::default();
        counter.add_to(&mut tally, &["A".into(), "B".into(), "C".into()]);
        assert!(tally.groups.keys().map(ToString::to_string).eq(["A", "C"]));
    }

    #[test]
    fn tallies_add_up_in_any_order() {
        let cases = [
            ("2024-01-10", "2024-03-05", 0),
            ("2023-01-10", "2023-08-05", 1),
            ("2022-05-31", "2022-09-30", 0),
            ("2024-04-01", "", 1),
            ("2023-11-01", "", 0),
            (EXTENDED, "2024-06-20", 0),
            (EXTENDED, "2024-06-20", 1),
            ("2015-01-10", "2024-06-20", 1),
        ];
        let facts = |tally: &Tally| -> Vec<String> {
            let months = tally.groups.iter().flat_map(|(name, group)| {
                let months = Cohort::ALL.map(|cohort| group.months(cohort).collect::<Vec<_>>());
                [format!("{name} {months:?} {:?}", group.overdue().collect::<Vec<_>>())]
            });
            let by_end = tally.whole.margins.by_end().map(|ended| format!("ended {ended:?}"));
            let by_start = tally.whole.margins.by_start().map(|started| format!("started {started:?}"));
            let mut courses: Vec<(Course, u64)> = tally.whole.courses.iter().collect();
            courses.sort_unstable();
            let courses = courses.iter().map(|course| format!("{course:?}"));
            months.chain(by_end).chain(by_start).chain(courses).collect()
        };
        let whole = tally(&cases);
        for split in 0..=cases.len() {
            let (one, two) = cases.split_at(split);
            for (first, second) in [(one, two), (two, one)] {
                let mut sum = tally(first);
                count(second, &mut sum);
                assert_eq!(facts(&sum), facts(&whole), "split at {split}");
            }
        }
    }
}
