//! `tally.csv`: what is counted, by month, in a form that adds up across organisations. docs/tally.md describes it.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Display;
use std::io::Write;
use std::ops::RangeInclusive;
use std::str::from_utf8;

use csv::ByteRecord;

use crate::date::{Day, FIRST_INPUT_DAY, LAST_DUE_DAY};
use crate::judge::{Cell, Reading};
use crate::period::{Period, PeriodKind};
use crate::rulebook::{Cohort, JudgedBy, Rule};
use crate::table::harmless;
use crate::tally::{GroupName, GroupTally, MonthTally, Overdue, Tally};

/// The number of the form. It changes when a column changes its meaning or goes.
const SCHEMA: &str = "1";
/// The part whose rows tell of cases that were open and past their due date.
const OVERDUE: &str = "overdue";
/// What identifies a row: rows that are equal in these add up.
const KEYS: [&str; 7] = ["schema", "control", "group", "subgroup", "part", "month", "method"];
/// Counts of the part [`OVERDUE`].
const FLOWS: [&str; 2] = ["became_overdue", "ended_overdue"];

/// A row for each control, group, part and period that has cases; the periods of a control are of the kind beside its
/// rule. A count of 0 is empty.
pub fn tally_csv<'a>(controls: impl IntoIterator<Item = (&'a Rule, PeriodKind, &'a Tally)>) -> Vec<u8> {
    let mut file = File { writer: csv::Writer::from_writer(Vec::new()), cell: Vec::new() };
    headings().iter().for_each(|heading| file.text(heading));
    file.end_row();
    let cells: Vec<Cell> = cells().map(|(_, cell)| cell).collect();
    for (rule, kind, tally) in controls {
        let mut methods = Methods { rule, kind, last: Default::default() };
        for (name, group) in &tally.groups {
            file.group(name, group, &mut methods, &cells);
        }
    }
    file.writer.into_inner().expect(IN_MEMORY)
}

/// The headings, in order.
pub fn headings() -> Vec<String> {
    let counts = cells().map(|(heading, _)| heading);
    let all = KEYS.iter().map(|key| (*key).to_owned()).chain(counts);
    all.chain(FLOWS.iter().map(|flow| (*flow).to_owned())).collect()
}

/// Reads such a file for these rules, each with the kind of its periods, under the names of groups that `group_of` gives.
/// The cases of a period are in its first month.
///
/// # Errors
/// The first line that is not of this form, from 1.
pub fn read<'a>(
    bytes: &[u8],
    rules: impl IntoIterator<Item = (&'a Rule, PeriodKind)>,
    group_of: impl Fn(&str) -> Option<GroupName>,
) -> Result<BTreeMap<String, Tally>, u64> {
    let mut reader = csv::Reader::from_reader(bytes);
    // Of a database, where `group` is a word of its language.
    let plain = |found: &str| if found == "group_name" { "group".to_owned() } else { found.to_owned() };
    if !reader.headers().is_ok_and(|found| found.iter().map(plain).eq(headings())) {
        return Err(1);
    }
    let cells: Vec<Cell> = cells().map(|(_, cell)| cell).collect();
    let begun =
        |rule: &'a Rule, kind| Control { rule, kind, tally: Tally::default(), method: Default::default() };
    let mut controls: BTreeMap<&str, Control<'_>> =
        rules.into_iter().map(|(rule, kind)| (&*rule.id, begun(rule, kind))).collect();
    let (mut record, mut line) = (ByteRecord::new(), 1);
    while reader.read_byte_record(&mut record).map_err(|_| line + 1)? {
        line = record.position().map_or(line + 1, csv::Position::line);
        let control = key(&record, 1).and_then(|id| controls.get_mut(id));
        control.and_then(|control| control.take(&record, &cells, &group_of)).ok_or(line)?;
    }
    Ok(controls.into_iter().map(|(id, control)| (id.to_owned(), control.tally)).collect())
}

/// The key at a place of a row.
fn key(record: &ByteRecord, place: usize) -> Option<&str> {
    from_utf8(record.get(place)?).ok()
}

/// A control whose rows are being read.
struct Control<'a> {
    rule: &'a Rule,
    kind: PeriodKind,
    tally: Tally,
    /// The methods of the row before; one row after the other has the same.
    method: (String, JudgedBy),
}

impl Control<'_> {
    /// Adds a row; `None` if it is not of the form.
    fn take(
        &mut self,
        record: &ByteRecord,
        cells: &[Cell],
        group_of: impl Fn(&str) -> Option<GroupName>,
    ) -> Option<()> {
        /// Months outside have no case.
        const MONTHS: RangeInclusive<Day> = FIRST_INPUT_DAY..=LAST_DUE_DAY;
        let period = Period::parse(key(record, 5)?)
            .filter(|period| period.kind == self.kind && MONTHS.contains(&period.first_day()))?;
        let month = period.first_day().month();
        let group = self.tally.groups.entry(group_of(key(record, 2)?)?).or_default();
        let mut counts = record.iter().skip(KEYS.len()).map(count);
        let of_cells: Vec<u32> = counts.by_ref().take(cells.len()).collect::<Option<_>>()?;
        let [from, until] = [counts.next()??, counts.next()??];
        match (key(record, 0)?, key(record, 4)?) {
            (SCHEMA, OVERDUE) => {
                let overdue = group.overdue_in(month);
                overdue.add(&Overdue { from, until });
                are_countable([overdue.from, overdue.until])
            }
            (SCHEMA, part) => {
                let cohort = Cohort::ALL.into_iter().find(|cohort| cohort.id() == part)?;
                let name = key(record, 6)?;
                if self.method.0 != name {
                    self.method = (name.to_owned(), self.rule.judged_by(name)?);
                }
                let mut counted = MonthTally { judged_by: self.method.1, ..MonthTally::default() };
                cells.iter().zip(of_cells).for_each(|(cell, cases)| counted.counts.0[cell.index()] = cases);
                let of_month = group.month(cohort, month);
                of_month.add(&counted);
                are_countable(of_month.counts.0)
            }
            _ => None,
        }
    }
}

/// More cases than a group of a country has in a month; with fewer, sums of a thousand tallies stay countable.
const MOST: u32 = 1 << 22;

/// Rows that are equal in their keys add up, and may be many.
fn are_countable(counts: impl IntoIterator<Item = u32>) -> Option<()> {
    counts.into_iter().all(|cases| cases < MOST).then_some(())
}

/// A count; an empty one is 0.
fn count(cell: &[u8]) -> Option<u32> {
    if cell.is_empty() { Some(0) } else { from_utf8(cell).ok()?.parse().ok().filter(|cases| *cases < MOST) }
}

const IN_MEMORY: &str = "writing into memory does not fail";

/// The cells of a tally with their headings: `ended_late`, `open_in_time_late_by_reference` and so on.
fn cells() -> impl Iterator<Item = (String, Cell)> {
    let states = [("ended", false), ("open", true)];
    states.into_iter().flat_map(|(state, open)| {
        Reading::ALL.into_iter().flat_map(move |reading| {
            [("", false), ("_late_by_reference", true)].map(|(by_reference, late)| {
                (format!("{state}_{}{by_reference}", reading.id()), Cell::new(reading, late, open))
            })
        })
    })
}

/// The names of the methods that judged cases; one row after the other has the same.
struct Methods<'a> {
    rule: &'a Rule,
    kind: PeriodKind,
    last: (JudgedBy, String),
}

impl Methods<'_> {
    fn name(&mut self, judged_by: JudgedBy) -> &str {
        if self.last.0 != judged_by {
            self.last = (judged_by, self.rule.method_id(judged_by).unwrap_or_default());
        }
        &self.last.1
    }
}

/// The file, cell by cell.
struct File {
    writer: csv::Writer<Vec<u8>>,
    cell: Vec<u8>,
}

impl File {
    fn text(&mut self, text: &str) {
        self.writer.write_field(text).expect(IN_MEMORY);
    }

    fn value(&mut self, value: impl Display) {
        self.cell.clear();
        write!(self.cell, "{value}").expect(IN_MEMORY);
        self.writer.write_field(&self.cell).expect(IN_MEMORY);
    }

    fn count(&mut self, cases: u32) {
        if cases == 0 { self.text("") } else { self.value(cases) }
    }

    fn end_row(&mut self) {
        self.writer.write_record(None::<&[u8]>).expect(IN_MEMORY);
    }

    /// The rows of a group, in order of month and part.
    fn group(&mut self, name: &GroupName, group: &GroupTally, methods: &mut Methods<'_>, cells: &[Cell]) {
        let names = [&name.group, &name.subgroup].map(|name| harmless(name));
        let of_cohort =
            |cohort: Cohort| group.months(cohort).map(move |(month, tally)| ((month, cohort), tally));
        let months: BTreeMap<(i32, Cohort), &MonthTally> =
            Cohort::ALL.into_iter().flat_map(of_cohort).collect();
        for ((month, cohort), tally) in months {
            self.keys(methods, &names, cohort.id(), month);
            self.text(methods.name(tally.judged_by));
            cells.iter().for_each(|cell| self.count(tally.counts.0[cell.index()]));
            FLOWS.iter().for_each(|_| self.text(""));
            self.end_row();
        }
        for (month, overdue) in group.overdue() {
            self.keys(methods, &names, OVERDUE, month);
            self.text("");
            cells.iter().for_each(|_| self.text(""));
            [overdue.from, overdue.until].into_iter().for_each(|cases| self.count(cases));
            self.end_row();
        }
    }

    /// What identifies a row, but for the method.
    fn keys(&mut self, control: &Methods<'_>, names: &[Cow<'_, str>; 2], part: &str, month: i32) {
        let [group, subgroup] = names;
        [SCHEMA, &control.rule.id, group, subgroup, part].into_iter().for_each(|key| self.text(key));
        self.value(control.kind.holding_month(month));
    }
}
