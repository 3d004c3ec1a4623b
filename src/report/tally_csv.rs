//! `tally.csv`: what is counted, by month, in a form that adds up across organisations. docs/tally.md describes it.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Display;
use std::io::Write;

use super::harmless;
use crate::analysis::ControlFindings;
use crate::judge::{Cell, Reading};
use crate::period::PeriodKind;
use crate::rulebook::{Cohort, JudgedBy, Rule};
use crate::tally::{GroupName, GroupTally, MonthTally, Tally};

/// The number of the form. It changes when a column changes its meaning or goes.
const SCHEMA: &str = "1";
/// The part whose rows tell of cases that were open and past their due date.
const OVERDUE: &str = "overdue";
/// What identifies a row: rows that are equal in these add up.
const KEYS: [&str; 7] = ["schema", "control", "group", "subgroup", "part", "month", "method"];
/// Counts of the part [`OVERDUE`].
const FLOWS: [&str; 2] = ["became_overdue", "ended_overdue"];

/// A row for each control, group, part and month that has cases. A count of 0 is empty.
pub fn tally_csv(tallies: &BTreeMap<String, Tally>, controls: &[ControlFindings]) -> Vec<u8> {
    let mut file = File { writer: csv::Writer::from_writer(Vec::new()), cell: Vec::new() };
    let columns: Vec<(String, Cell)> = cells().collect();
    KEYS.iter().for_each(|key| file.text(key));
    columns.iter().for_each(|(heading, _)| file.text(heading));
    FLOWS.iter().for_each(|flow| file.text(flow));
    file.end_row();
    let cells: Vec<Cell> = columns.into_iter().map(|(_, cell)| cell).collect();
    for control in controls {
        let tally = tallies.get(&control.rule.id);
        let mut methods = Methods { rule: &control.rule, last: Default::default() };
        for (name, group) in tally.iter().flat_map(|tally| &tally.groups) {
            file.group(name, group, &mut methods, &cells);
        }
    }
    file.writer.into_inner().expect(IN_MEMORY)
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
            self.keys(methods.rule, &names, cohort.id(), month);
            self.text(methods.name(tally.judged_by));
            cells.iter().for_each(|cell| self.count(tally.counts.0[cell.index()]));
            FLOWS.iter().for_each(|_| self.text(""));
            self.end_row();
        }
        for (month, overdue) in group.overdue() {
            self.keys(methods.rule, &names, OVERDUE, month);
            self.text("");
            cells.iter().for_each(|_| self.text(""));
            [overdue.from, overdue.until].into_iter().for_each(|cases| self.count(cases));
            self.end_row();
        }
    }

    /// What identifies a row, but for the method.
    fn keys(&mut self, rule: &Rule, names: &[Cow<'_, str>; 2], part: &str, month: i32) {
        let [group, subgroup] = names;
        [SCHEMA, &rule.id, group, subgroup, part].into_iter().for_each(|key| self.text(key));
        self.value(PeriodKind::Month.holding_month(month));
    }
}
