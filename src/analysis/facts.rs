//! The facts of a run: one polars frame, and the queries of it that figures are made from.
//!
//! A row is a control, a grouping, a part, a group and a month, and rows lie in that order. What a query asks for
//! therefore lies side by side: it is cut out, and runs of equal keys are added up. No other file names polars.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use polars::prelude::{
    ChunkedArray, Column, DataFrame, Int32Type, Int64Chunked, IntoColumn, PolarsNumericType, UInt32Type,
    UInt64Type,
};
use polars::series::IsSorted;

use super::backlog::Flows;
use super::counts::CaseCounts;
use super::edges::Edges;
use crate::period::{Period, PeriodKind};
use crate::rulebook::{Cohort, JudgedBy, Roll, Rule};
use crate::tally::{GroupName, GroupTally, Groups, Overdue, Tally, regrouped};

/// How cases are split into groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Split {
    /// Not at all: a control's cases are one group.
    None,
    /// By the first column.
    Group,
    /// By the second column.
    Subgroup,
    /// By both, crossed.
    Both,
}

impl Split {
    /// Every split, in the order of the rows.
    pub const ALL: [Split; 4] = [Split::None, Split::Group, Split::Subgroup, Split::Both];

    /// The name in files.
    pub fn id(self) -> &'static str {
        match self {
            Split::None => "none",
            Split::Group => "group",
            Split::Subgroup => "subgroup",
            Split::Both => "both",
        }
    }

    /// The splits of a control whose export has so many columns with groups.
    fn of_columns(columns: usize) -> &'static [Split] {
        match columns {
            0 => &[Split::None],
            1 => &[Split::None, Split::Group],
            _ => &Split::ALL,
        }
    }

    fn groups_of(self, groups: &Groups) -> Cow<'_, Groups> {
        let own = |group: &str, subgroup: &str| GroupName { group: group.into(), subgroup: subgroup.into() };
        match self {
            Split::None => Cow::Owned(regrouped(groups, |_| GroupName::default())),
            Split::Group => Cow::Owned(regrouped(groups, |name| own(&name.group, ""))),
            Split::Subgroup => Cow::Owned(regrouped(groups, |name| own("", &name.subgroup))),
            Split::Both => Cow::Borrowed(groups),
        }
    }
}

/// Which cases a row counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Those of a cohort that belong to the month.
    Of(Cohort),
    /// Those that became overdue in the month, or were so no more.
    Overdue,
}

impl Part {
    /// Every part, in the order of the rows.
    pub const ALL: [Part; 4] =
        [Part::Of(Cohort::Closed), Part::Of(Cohort::Due), Part::Of(Cohort::Started), Part::Overdue];

    /// The name in files.
    pub fn id(self) -> &'static str {
        match self {
            Part::Of(cohort) => cohort.id(),
            Part::Overdue => "overdue",
        }
    }

    fn number(self) -> u32 {
        match self {
            Part::Of(cohort) => cohort as u32,
            Part::Overdue => 3,
        }
    }
}

/// One row, as it is written for others.
#[derive(Debug, Clone, Copy)]
pub struct Fact<'f> {
    /// The number of its control among those the facts were made from.
    pub control: usize,
    /// How its cases are split.
    pub split: Split,
    /// The group; empty where it is not of a column, and for cases without one.
    pub name: &'f GroupName,
    /// Which cases it counts.
    pub part: Part,
    /// The month, as in [`crate::date::Day::month`].
    pub month: i32,
    /// The cases of a cohort; none of [`Part::Overdue`].
    pub counts: CaseCounts,
    /// The cases of [`Part::Overdue`]; none of a cohort.
    pub overdue: Overdue,
}

/// The columns that identify a row, but for the month; in the order of the rows.
const KEYS: [&str; 4] = ["control", "grouping", "part", "group"];
const MONTH: &str = "month";
/// The methods that judged its cases, as bits.
const METHODS: &str = "methods";
/// The columns that add up, beside those of [`CaseCounts`].
const FLOWS: [&str; 2] = ["became_overdue", "ended_overdue"];
/// Why an error of polars is ours.
const OWN: &str = "the frame has the columns that it was made with";

/// The facts of the controls of a run.
#[derive(Debug, Clone)]
pub struct Facts {
    frame: DataFrame,
    /// The rules' ids, by their number.
    controls: Vec<String>,
    /// The groups' names, by their number; those of a control and grouping are in order of name.
    names: Vec<GroupName>,
    /// The edges of the controls' exports, by their number.
    edges: Vec<Edges>,
}

impl Facts {
    /// The facts of some controls: the rule of each, how many columns its cases are grouped by, its tally, and the
    /// edges of its exports.
    pub fn of<'a>(controls: impl IntoIterator<Item = (&'a Rule, usize, &'a Tally, Edges)>) -> Facts {
        let (mut ids, mut names, mut edges) = (Vec::new(), Vec::new(), Vec::new());
        let mut rows = Rows::default();
        for (rule, columns, tally, of_control) in controls {
            for split in Split::of_columns(columns) {
                let groups = split.groups_of(&tally.groups);
                for part in Part::ALL {
                    for (number, group) in (names.len()..).zip(groups.values()) {
                        rows.keys = [ids.len() as u32, *split as u32, part.number(), number as u32];
                        rows.add(part, group, rule.roll);
                    }
                }
                names.extend(groups.keys().cloned());
            }
            ids.push(rule.id.clone());
            edges.push(of_control);
        }
        Facts { frame: rows.frame(), controls: ids, names, edges }
    }

    /// The facts of one control.
    pub fn of_control(&self, id: &str) -> ControlFacts<'_> {
        let number = self.controls.iter().position(|control| control == id);
        ControlFacts { facts: self, control: number.unwrap_or(self.controls.len()) as u32 }
    }

    /// Every row, in order.
    pub fn iter(&self) -> impl Iterator<Item = Fact<'_>> {
        let keys = KEYS.map(|name| values::<UInt32Type>(&self.frame, name));
        let months = values::<Int32Type>(&self.frame, MONTH);
        let sums = Sums::of(&self.frame);
        months.iter().enumerate().map(move |(row, month)| {
            let [control, split, part, group] = keys.map(|key| key[row] as usize);
            let [from, until] = sums.flows(row..row + 1);
            Fact {
                control,
                split: Split::ALL[split],
                name: &self.names[group],
                part: Part::ALL[part],
                month: *month,
                counts: sums.counts(row..row + 1),
                overdue: Overdue { from: from as u32, until: until as u32 },
            }
        })
    }
}

/// Rows on their way into the frame.
#[derive(Default)]
struct Rows {
    /// The keys of the rows that are added next.
    keys: [u32; KEYS.len()],
    key_columns: [Vec<u32>; KEYS.len()],
    months: Vec<i32>,
    methods: Vec<u32>,
    counts: [Vec<u64>; CaseCounts::NAMES.len()],
    flows: [Vec<u64>; FLOWS.len()],
}

impl Rows {
    /// Adds the months of a group.
    fn add(&mut self, part: Part, group: &GroupTally, roll: Roll) {
        match part {
            Part::Of(cohort) => group.months(cohort).for_each(|(month, tally)| {
                self.push(month, tally.judged_by, CaseCounts::of(&tally.counts, roll), Overdue::default());
            }),
            Part::Overdue => group.overdue().for_each(|(month, overdue)| {
                self.push(month, JudgedBy::default(), CaseCounts::default(), *overdue);
            }),
        }
    }

    fn push(&mut self, month: i32, judged_by: JudgedBy, counts: CaseCounts, overdue: Overdue) {
        self.key_columns.iter_mut().zip(self.keys).for_each(|(column, key)| column.push(key));
        self.months.push(month);
        self.methods.push(judged_by.bits());
        self.counts.iter_mut().zip(counts.measures()).for_each(|(column, count)| column.push(count));
        let flows = [overdue.from, overdue.until].map(u64::from);
        self.flows.iter_mut().zip(flows).for_each(|(column, count)| column.push(count));
    }

    fn frame(self) -> DataFrame {
        let height = self.months.len();
        let mut columns = Vec::new();
        for (name, keys) in KEYS.iter().zip(self.key_columns) {
            columns.push(Column::new((*name).into(), keys));
        }
        columns.push(Column::new(MONTH.into(), self.months));
        columns.push(Column::new(METHODS.into(), self.methods));
        for (name, counts) in CaseCounts::NAMES.iter().zip(self.counts).chain(FLOWS.iter().zip(self.flows)) {
            columns.push(Column::new((*name).into(), counts));
        }
        DataFrame::new(height, columns).expect(OWN)
    }
}

/// The values of a column.
fn values<'f, T: PolarsNumericType>(frame: &'f DataFrame, name: &str) -> &'f [T::Native] {
    let column = frame.column(name).expect(OWN).as_materialized_series();
    column.unpack::<T>().and_then(ChunkedArray::cont_slice).expect(OWN)
}

/// What adds up of some rows.
struct Sums<'f> {
    methods: &'f [u32],
    counts: [&'f [u64]; CaseCounts::NAMES.len()],
    flows: [&'f [u64]; FLOWS.len()],
}

impl<'f> Sums<'f> {
    fn of(rows: &'f DataFrame) -> Sums<'f> {
        Sums {
            methods: values::<UInt32Type>(rows, METHODS),
            counts: CaseCounts::NAMES.map(|name| values::<UInt64Type>(rows, name)),
            flows: FLOWS.map(|name| values::<UInt64Type>(rows, name)),
        }
    }

    fn counts(&self, rows: Range<usize>) -> CaseCounts {
        CaseCounts::from_measures(self.counts.map(|column| column[rows.clone()].iter().sum()))
    }

    fn flows(&self, rows: Range<usize>) -> [u64; FLOWS.len()] {
        self.flows.map(|column| column[rows.clone()].iter().sum())
    }

    fn judged_by(&self, rows: Range<usize>) -> JudgedBy {
        let methods = self.methods[rows].iter().map(|bits| JudgedBy::from_bits(*bits));
        methods.fold(JudgedBy::default(), JudgedBy::with)
    }
}

/// The rows among `rows` whose key is `key`; they are in order of it.
fn with_key(frame: &DataFrame, name: &str, rows: Range<usize>, key: u32) -> Range<usize> {
    let keys = &values::<UInt32Type>(frame, name)[rows.clone()];
    let place = |is_before: fn(u32, u32) -> bool| keys.partition_point(|own| is_before(*own, key));
    rows.start + place(|own, key| own < key)..rows.start + place(|own, key| own <= key)
}

/// Of every group, by its number: what is asked for, by the number of a period.
pub type ByGroup<T> = BTreeMap<u32, BTreeMap<i32, T>>;

/// What figures and trends of a group, or of a control, are made from.
#[derive(Debug, Clone, Default)]
pub struct Series {
    /// Counts by period.
    pub counts: BTreeMap<i32, CaseCounts>,
    /// The lawful methods that judged, by period.
    pub methods: BTreeMap<i32, JudgedBy>,
    /// Counts by period of trends.
    pub points: BTreeMap<i32, CaseCounts>,
    /// Counts by month.
    pub months: BTreeMap<i32, CaseCounts>,
    /// Open cases as they come and go.
    pub flows: Flows,
}

impl Series {
    /// Adds another group's.
    pub fn add(&mut self, other: &Series) {
        let counts = [
            (&mut self.counts, &other.counts),
            (&mut self.points, &other.points),
            (&mut self.months, &other.months),
        ];
        for (own, other) in counts {
            other.iter().for_each(|(period, counts)| *own.entry(*period).or_default() += *counts);
        }
        for (period, methods) in &other.methods {
            let own = self.methods.entry(*period).or_default();
            *own = own.with(*methods);
        }
        self.flows.add(&other.flows);
    }
}

/// The facts of one control.
#[derive(Clone, Copy)]
pub struct ControlFacts<'f> {
    facts: &'f Facts,
    control: u32,
}

impl<'f> ControlFacts<'f> {
    /// The name of a group.
    pub fn name(self, group: u32) -> &'f GroupName {
        &self.facts.names[group as usize]
    }

    /// Counts of a cohort by group and period.
    pub fn by_period(self, split: Split, cohort: Cohort, kind: PeriodKind) -> ByGroup<CaseCounts> {
        let mut counted = self.sums(split, Part::Of(cohort), kind, |sums, rows| sums.counts(rows));
        let edges = self.facts.edges.get(self.control as usize);
        for (index, counts) in counted.values_mut().flatten() {
            let is_whole = edges.is_none_or(|edges| edges.is_whole(cohort, Period { kind, index: *index }));
            counts.is_cut = !is_whole;
        }
        counted
    }

    /// Counts of all cases of a cohort by period.
    pub fn whole_by_period(self, cohort: Cohort, kind: PeriodKind) -> BTreeMap<i32, CaseCounts> {
        self.by_period(Split::None, cohort, kind).into_values().next().unwrap_or_default()
    }

    /// Counts of the cases of whole months by calendar month of the start, January first.
    pub fn by_start_month(self) -> [CaseCounts; 12] {
        let mut months = [CaseCounts::default(); 12];
        let started = self.whole_by_period(Cohort::Started, PeriodKind::Month).into_iter();
        for (month, counts) in started.filter(|(_, counts)| !counts.is_cut) {
            months[month.rem_euclid(12) as usize] += counts;
        }
        months
    }

    /// The lawful methods that judged the cases of a cohort, by group and period.
    pub fn methods(self, split: Split, cohort: Cohort, kind: PeriodKind) -> ByGroup<JudgedBy> {
        self.sums(split, Part::Of(cohort), kind, |sums, rows| sums.judged_by(rows))
    }

    /// Open cases of each group as they come and go: what the backlog is made from.
    pub fn flows(self, split: Split) -> BTreeMap<u32, Flows> {
        let mut flows: BTreeMap<u32, Flows> = BTreeMap::new();
        for (cohort, sign) in [(Cohort::Started, 1), (Cohort::Closed, -1)] {
            for (group, months) in self.by_period(split, cohort, PeriodKind::Month) {
                let own = flows.entry(group).or_default();
                months.iter().for_each(|(month, counts)| own.change(*month, sign * counts.all() as i64, 0));
            }
        }
        for (group, months) in
            self.sums(split, Part::Overdue, PeriodKind::Month, |sums, rows| sums.flows(rows))
        {
            let own = flows.entry(group).or_default();
            for (month, [became, ended]) in months {
                own.change(month, 0, became as i64 - ended as i64);
            }
        }
        flows
    }

    /// The series of each group: of a cohort, by period and by period of trends.
    pub fn series(
        self,
        split: Split,
        cohort: Cohort,
        kind: PeriodKind,
        of_trends: PeriodKind,
    ) -> BTreeMap<u32, Series> {
        let (mut counts, mut methods, mut points, mut months) = (
            self.by_period(split, cohort, kind),
            self.methods(split, cohort, kind),
            self.by_period(split, cohort, of_trends),
            self.by_period(split, cohort, PeriodKind::Month),
        );
        let mut flows = self.flows(split);
        // Every group has cases that started, and so flows, but in a coarse tally those of the cohort are all there is.
        for group in counts.keys() {
            flows.entry(*group).or_default();
        }
        let of_group = |(group, flows): (u32, Flows)| {
            let series = Series {
                counts: counts.remove(&group).unwrap_or_default(),
                methods: methods.remove(&group).unwrap_or_default(),
                points: points.remove(&group).unwrap_or_default(),
                months: months.remove(&group).unwrap_or_default(),
                flows,
            };
            (group, series)
        };
        flows.into_iter().map(of_group).collect()
    }

    /// Adds up the rows of a part by group and period.
    fn sums<T>(
        self,
        split: Split,
        part: Part,
        kind: PeriodKind,
        sum: impl Fn(&Sums<'_>, Range<usize>) -> T,
    ) -> ByGroup<T> {
        let frame = &self.facts.frame;
        let [control, grouping, of_part, group] = KEYS;
        let wanted = [(control, self.control), (grouping, split as u32), (of_part, part.number())];
        let rows =
            wanted.into_iter().fold(0..frame.height(), |rows, (name, key)| with_key(frame, name, rows, key));
        let frame = frame.slice(rows.start as i64, rows.len());
        let (groups, months) = (values::<UInt32Type>(&frame, group), values::<Int32Type>(&frame, MONTH));
        let period = |row: usize| kind.holding_month(months[row]).index;
        let keys = (0..frame.height()).map(|row| i64::from(groups[row]) << 32 | i64::from(period(row)));
        let mut keys = Int64Chunked::from_vec("key".into(), keys.collect());
        // So that runs of equal keys are looked for, and nothing is hashed.
        keys.set_sorted_flag(IsSorted::Ascending);
        let grouped = frame.group_by_with_series(vec![keys.into_column()], false, true).expect(OWN);
        let sums = Sums::of(&frame);
        let mut by_group = ByGroup::new();
        for [first, length] in grouped.get_groups().unwrap_slice() {
            let (first, length) = (*first as usize, *length as usize);
            let of_group = by_group.entry(groups[first]).or_default();
            of_group.insert(period(first), sum(&sums, first..first + length));
        }
        by_group
    }
}
