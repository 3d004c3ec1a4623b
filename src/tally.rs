//! Tallies: counts of judged cases, all that analysis reads.
//!
//! A tally is a commutative monoid: two of them add up, in any order, to the tally of both inputs, so
//! cases can be read in parallel and forgotten. It holds no case and knows no share, period or language.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use foldhash::fast::FixedState;

use crate::date::{Day, FIRST_INPUT_DAY, LAST_DUE_DAY};
use crate::judge::{Cell, NO_DAY, VerdictColumns};
use crate::rulebook::{Cohort, JudgedBy};

/// Cases by [`Cell`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts(pub [u64; Cell::COUNT]);

impl Counts {
    /// Cases in the cells that `wanted` picks.
    pub fn cases(&self, wanted: impl Fn(Cell) -> bool) -> u64 {
        Cell::all().filter(|cell| wanted(*cell)).map(|cell| self.0[cell.index()]).sum()
    }
}

/// What is counted for one month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MonthTally {
    /// Cases that belong to the month, for each cohort in the order of [`Cohort::ALL`].
    pub cohorts: [Counts; 3],
    /// The lawful methods that judged them.
    pub judged_by: [JudgedBy; 3],
    /// Cases that were open and past their due date at a month's end for the first time.
    pub overdue_from: u64,
    /// Cases of those that had ended at a month's end for the first time.
    pub overdue_until: u64,
}

impl MonthTally {
    fn count(&mut self, cohort: Cohort, cell: Cell, judged_by: JudgedBy) {
        self.cohorts[cohort as usize].0[cell.index()] += 1;
        let methods = &mut self.judged_by[cohort as usize];
        *methods = methods.with(judged_by);
    }
}

/// A case's place in the histogram of margins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MarginKey {
    /// Month of the start, as in [`Day::month`].
    pub started: i32,
    /// Month of the due date.
    pub due: i32,
    /// Month of the end; [`NO_DAY`] while open.
    pub ended: i32,
    /// From due date to end, or to the as-of date while open, in days or, where the rule counts them, hours.
    pub margin: i32,
    /// Outcome and readings.
    pub cell: Cell,
}

/// A [`MarginKey`] in one number, in the order of the keys: hashing it is all that a case costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct PackedMargin(u64);

impl PackedMargin {
    const CELL_BITS: u32 = 4;
    const MARGIN_BITS: u32 = 24;
    const MONTH_BITS: u32 = 12;
    /// Months are stored from the one before the first that an export may name, 1930-01, which an open case is
    /// said to end in.
    const NO_MONTH: i32 = 1930 * 12 - 1;
    /// Margins are stored from 0.
    const ZERO: i32 = 1 << (Self::MARGIN_BITS - 1);

    fn new(key: MarginKey) -> PackedMargin {
        let ended = if key.ended == NO_DAY { Self::NO_MONTH } else { key.ended };
        let mut packed = 0;
        for month in [key.started, key.due, ended] {
            packed = packed << Self::MONTH_BITS | (month - Self::NO_MONTH) as u64;
        }
        packed = packed << Self::MARGIN_BITS | (key.margin + Self::ZERO) as u64;
        PackedMargin(packed << Self::CELL_BITS | key.cell.index() as u64)
    }

    fn key(self) -> MarginKey {
        let mut rest = self.0;
        let mut take = |bits: u32| {
            let part = rest & ((1 << bits) - 1);
            rest >>= bits;
            part
        };
        let cell = take(Self::CELL_BITS) as usize;
        let margin = take(Self::MARGIN_BITS) as i32 - Self::ZERO;
        let [ended, due, started] = [(); 3].map(|()| take(Self::MONTH_BITS) as i32 + Self::NO_MONTH);
        let ended = if ended == Self::NO_MONTH { NO_DAY } else { ended };
        let cell = Cell::all().nth(cell).expect("four bits are a cell");
        MarginKey { started, due, ended, margin, cell }
    }
}

/// The name of a group for cases whose rows differ in the group; no unit is called so.
pub const MIXED: &str = "<mixed>";

/// What a group is called: the values of the one or two columns that cases are grouped by.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GroupName {
    /// Of the first column; empty for cases without a value.
    pub group: String,
    /// Of the second column; empty without such a column.
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

/// The tally of one group of one control.
#[derive(Debug, Clone, Default)]
pub struct GroupTally {
    first_month: i32,
    months: Vec<MonthTally>,
    margins: HashMap<PackedMargin, u64, FixedState>,
}

impl GroupTally {
    /// The months with something in them, in order, each with its number as in [`Day::month`].
    pub fn months(&self) -> impl Iterator<Item = (i32, &MonthTally)> {
        (self.first_month..).zip(&self.months).filter(|(_, month)| **month != MonthTally::default())
    }

    /// Cases in all, ended or open.
    pub fn cases(&self) -> u64 {
        let started = |month: &MonthTally| month.cohorts[Cohort::Started as usize].cases(|_| true);
        self.months().map(|(_, month)| started(month)).sum()
    }

    /// The histogram of margins, in order.
    pub fn margins(&self) -> Vec<(MarginKey, u64)> {
        let mut margins: Vec<_> = self.margins.iter().map(|(key, count)| (*key, *count)).collect();
        margins.sort_unstable();
        margins.into_iter().map(|(key, count)| (key.key(), count)).collect()
    }

    /// The month's counts, made when it is the first time.
    fn month(&mut self, month: i32) -> &mut MonthTally {
        if self.months.is_empty() {
            self.first_month = month;
        }
        if month < self.first_month {
            let missing = (self.first_month - month) as usize;
            self.months.splice(0..0, std::iter::repeat_n(MonthTally::default(), missing));
            self.first_month = month;
        }
        let index = (month - self.first_month) as usize;
        if index >= self.months.len() {
            self.months.resize(index + 1, MonthTally::default());
        }
        &mut self.months[index]
    }

    /// Counts one judged case.
    fn count(&mut self, case: Counted) {
        let Counted { start, due, ended, margin, overdue_from, cell, judged_by } = case;
        let started = month_of(start);
        self.month(started).count(Cohort::Started, cell, judged_by);
        let due = month_of(due);
        self.month(due).count(Cohort::Due, cell, judged_by);
        let ended_month = if ended == NO_DAY { NO_DAY } else { month_of(ended) };
        if ended != NO_DAY {
            self.month(ended_month).count(Cohort::Closed, cell, judged_by);
        }
        if margin != NO_DAY {
            let key = PackedMargin::new(MarginKey { started, due, ended: ended_month, margin, cell });
            *self.margins.entry(key).or_default() += 1;
        }
        if overdue_from != NO_DAY {
            self.month(month_of(overdue_from)).overdue_from += 1;
            if ended != NO_DAY {
                self.month(month_of(ended)).overdue_until += 1;
            }
        }
    }

    /// Adds another tally.
    fn add(&mut self, other: &GroupTally) {
        for (month, counts) in other.months() {
            let mine = self.month(month);
            for (cohort, added) in mine.cohorts.iter_mut().zip(&counts.cohorts) {
                for (cell, count) in cohort.0.iter_mut().zip(&added.0) {
                    *cell += count;
                }
            }
            for (cohort, added) in mine.judged_by.iter_mut().zip(&counts.judged_by) {
                *cohort = cohort.with(*added);
            }
            mine.overdue_from += counts.overdue_from;
            mine.overdue_until += counts.overdue_until;
        }
        for (key, count) in &other.margins {
            *self.margins.entry(*key).or_default() += count;
        }
    }
}

/// What is counted of one case; days as numbers, an end or margin that is not there [`NO_DAY`].
#[derive(Debug, Clone, Copy)]
struct Counted {
    start: i32,
    due: i32,
    ended: i32,
    margin: i32,
    overdue_from: i32,
    cell: Cell,
    judged_by: JudgedBy,
}

/// Tallies of groups that are known by number: what a worker fills before names are known.
#[derive(Debug, Clone, Default)]
pub struct Counter {
    groups: Vec<GroupTally>,
}

impl Counter {
    /// Counts the judged cases of a batch; `group` gives each case's group number. Cases without a verdict
    /// are passed over: their ledger is the reader's.
    pub fn count(&mut self, start: &[i32], group: &[u32], verdicts: &VerdictColumns) {
        for index in 0..verdicts.len() {
            let Ok(cell) = verdicts.status(index) else { continue };
            let group = group[index] as usize;
            if group >= self.groups.len() {
                self.groups.resize_with(group + 1, GroupTally::default);
            }
            let case = Counted {
                start: start[index],
                due: verdicts.due[index],
                ended: verdicts.ended[index],
                margin: verdicts.margin_in_clock_units[index],
                overdue_from: verdicts.overdue_from[index],
                cell,
                judged_by: verdicts.judged_by[index],
            };
            self.groups[group].count(case);
        }
    }

    /// Cases of each group, in the order of their numbers.
    pub fn cases(&self) -> impl Iterator<Item = u64> {
        self.groups.iter().map(GroupTally::cases)
    }

    /// Adds it to a tally, once the groups have names; `names` is in the order of their numbers. What the tally does not
    /// have yet is not copied.
    pub fn add_to(self, tally: &mut Tally, names: &[GroupName]) {
        for (group, name) in self.groups.into_iter().zip(names) {
            match tally.groups.entry(name.clone()) {
                Entry::Vacant(place) => {
                    place.insert(group);
                }
                Entry::Occupied(mut known) => known.get_mut().add(&group),
            }
        }
    }
}

/// The tally of one control, by group; a case without a group is in the group without a name.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    /// Tallies by group name.
    pub groups: BTreeMap<GroupName, GroupTally>,
    /// Cases of a rule in hours that had no times and were judged by days.
    pub judged_by_day: u64,
}

impl Tally {
    /// Adds another tally of the same control and as-of date.
    pub fn add(&mut self, other: &Tally) {
        for (name, group) in &other.groups {
            self.groups.entry(name.clone()).or_default().add(group);
        }
        self.judged_by_day += other.judged_by_day;
    }

    /// The same cases in other groups: those whose new names are equal become one.
    pub fn regrouped(&self, rename: impl Fn(&GroupName) -> GroupName) -> Tally {
        let mut tally = Tally { judged_by_day: self.judged_by_day, ..Tally::default() };
        for (name, group) in &self.groups {
            tally.groups.entry(rename(name)).or_default().add(group);
        }
        tally
    }

    /// Cases in all, ended or open.
    pub fn cases(&self) -> u64 {
        self.groups.values().map(GroupTally::cases).sum()
    }
}

/// The days by which a roll and the day after it may lie beyond [`LAST_DUE_DAY`].
const BEYOND: i32 = 4;

/// The month of every day from the first that an export may name: a look-up in place of a division a case.
static MONTH_OF_DAY: LazyLock<Vec<i32>> = LazyLock::new(|| {
    (FIRST_INPUT_DAY.0..=LAST_DUE_DAY.0 + BEYOND).map(|number| Day(number).month()).collect()
});

fn month_of(day: i32) -> i32 {
    MONTH_OF_DAY[(day - FIRST_INPUT_DAY.0) as usize]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::{CaseColumns, Extensions, Judge, WithoutTimes};
    use crate::rulebook::{Clock, Rulebook};

    fn day(text: &str) -> i32 {
        Day::parse_iso(text).expect("a date").0
    }

    /// By 120 days for those that started before 2022, by four months from then on.
    fn tally(cases: &[(&str, &str, u32)]) -> Tally {
        let mut rule = Rulebook::builtin().rule("child-investigation").expect("a rule").clone();
        rule.laws[0].last_day = Day::parse_iso("2021-12-31");
        rule.laws[0].method = Clock::Days(120);
        rule.laws[1].first_day = Day::parse_iso("2022-01-01");
        let as_of = Day(day("2024-08-20"));
        let judge = Judge::new(&rule, as_of, Extensions::Honour, WithoutTimes::Exclude);
        let start: Vec<i32> = cases.iter().map(|case| day(case.0)).collect();
        let end: Vec<i32> =
            cases.iter().map(|case| if case.1.is_empty() { NO_DAY } else { day(case.1) }).collect();
        let group: Vec<u32> = cases.iter().map(|case| case.2).collect();
        let mut verdicts = VerdictColumns::default();
        judge.judge_columns(CaseColumns { start: &start, end: &end, ..Default::default() }, &mut verdicts);
        let mut counter = Counter::default();
        counter.count(&start, &group, &verdicts);
        let mut tally = Tally::default();
        counter.add_to(&mut tally, &["North".into(), "South".into()]);
        tally
    }

    fn overdue_at_month_ends(tally: &Tally) -> Vec<(i32, i64)> {
        let mut change: BTreeMap<i32, i64> = BTreeMap::new();
        for (month, counts) in tally.groups.values().flat_map(GroupTally::months) {
            *change.entry(month).or_default() += counts.overdue_from as i64 - counts.overdue_until as i64;
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
            tally.groups[&GroupName::from(group)]
                .months()
                .map(|(month, counts)| (month % 12 + 1, counts.cohorts[cohort as usize].cases(|_| true)))
                .filter(|(_, cases)| *cases > 0)
                .collect()
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
    fn a_margin_s_place_survives_packing() {
        let first = FIRST_INPUT_DAY.month();
        let last = LAST_DUE_DAY.month() + 1;
        let mut before = None;
        for started in [first, last] {
            for ended in [NO_DAY, first, last] {
                for margin in [-2_000_000, -1, 0, 1, 2_000_000] {
                    for cell in Cell::all() {
                        let key = MarginKey { started, due: last, ended, margin, cell };
                        assert_eq!(PackedMargin::new(key).key(), key);
                        assert!(before < Some(PackedMargin::new(key)), "in order: {key:?}");
                        before = Some(PackedMargin::new(key));
                    }
                }
            }
        }
    }

    #[test]
    fn each_month_knows_the_methods_that_judged_its_cases() {
        // The first is due on 2022-04-30 by the old method, the second on 2022-05-01 by the new one.
        let cases = [("2021-12-31", "2022-05-02", 0), ("2022-01-01", "2022-05-01", 1)];
        let methods = |tally: &Tally, cohort: Cohort| -> Vec<(i32, JudgedBy)> {
            let mut methods: BTreeMap<i32, JudgedBy> = BTreeMap::new();
            for (month, counts) in tally.groups.values().flat_map(GroupTally::months) {
                let known = methods.entry(month % 12 + 1).or_default();
                *known = known.with(counts.judged_by[cohort as usize]);
            }
            methods.into_iter().filter(|(_, methods)| !methods.is_empty()).collect()
        };
        let (old, new) = (JudgedBy::method(0, false), JudgedBy::method(1, false));
        let whole = tally(&cases);
        assert_eq!(methods(&whole, Cohort::Started), [(1, new), (12, old)]);
        assert_eq!(methods(&whole, Cohort::Due), [(4, old), (5, new)]);
        assert_eq!(methods(&whole, Cohort::Closed), [(5, old.with(new))]);
        let mut sum = tally(&cases[..1]);
        sum.add(&tally(&cases[1..]));
        assert_eq!(methods(&sum, Cohort::Closed), methods(&whole, Cohort::Closed));
    }

    #[test]
    fn tallies_add_up_in_any_order() {
        let cases = [
            ("2024-01-10", "2024-03-05", 0),
            ("2023-01-10", "2023-08-05", 1),
            ("2022-05-31", "2022-09-30", 0),
            ("2024-04-01", "", 1),
            ("2023-11-01", "", 0),
        ];
        let facts = |tally: &Tally| -> Vec<String> {
            tally
                .groups
                .iter()
                .flat_map(|(name, group)| {
                    group
                        .months()
                        .map(|(month, counts)| format!("{name} {month} {counts:?}"))
                        .chain(group.margins().into_iter().map(|margin| format!("{name} {margin:?}")))
                        .collect::<Vec<_>>()
                })
                .collect()
        };
        let whole = tally(&cases);
        for split in 0..=cases.len() {
            let (one, two) = (tally(&cases[..split]), tally(&cases[split..]));
            for (first, second) in [(&one, &two), (&two, &one)] {
                let mut sum = first.clone();
                sum.add(second);
                assert_eq!(facts(&sum), facts(&whole), "split at {split}");
            }
        }
    }
}
