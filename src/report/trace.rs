//! The cases behind a figure of a report that was written before: from its case list, or one made again.

use serde::Deserialize;
use serde_json::Value;

use crate::period::Period;
use crate::rulebook::Cohort;
use crate::table::{Cell, Table};
use crate::text::{Texts, fill};

/// A figure that a report shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TracedFigure {
    /// The control's id.
    pub control: String,
    /// What ties its cases to the period.
    pub cohort: Cohort,
    /// The period.
    pub period: Period,
    /// The group that it is of; `None` for all of the control.
    pub group: Option<TracedGroup>,
    /// Deviations and judged cases; `None` where the report shows none, as for a figure of an earlier report.
    pub counts: Option<(u64, u64)>,
}

/// A group that a figure is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TracedGroup {
    name: String,
    /// Whether it is a value of the second column.
    is_subgroup: bool,
    /// Whether cases have a second column.
    is_split: bool,
    /// Other groups of its column whose names hold its own, `Norr / Öst` for `Norr`: a case of theirs is none of its.
    longer: Vec<String>,
}

impl TracedGroup {
    /// A group of a control by its name, in any column.
    fn find<'r>(control: &'r Value, name: &str) -> Result<(TracedGroup, &'r Value), NoFigure> {
        let groupings = list(&control["groupings"]);
        let all = || {
            let groups =
                |column: usize| list(&groupings[column]["groups"]).iter().map(move |group| (column, group));
            (0..groupings.len()).flat_map(groups)
        };
        let known = || all().filter_map(|(_, group)| group["name"].as_str().map(str::to_owned)).collect();
        let found = all().find(|(_, group)| group["name"] == name);
        let (column, figures) = found.ok_or_else(|| NoFigure::Group(known()))?;
        let of_column = list(&groupings[column]["groups"]).iter().filter_map(|group| group["name"].as_str());
        let mut group = TracedGroup {
            name: name.to_owned(),
            is_subgroup: column > 0,
            is_split: groupings.len() > 1,
            longer: Vec::new(),
        };
        group.longer =
            of_column.filter(|other| *other != name && group.is_in(name, other)).map(str::to_owned).collect();
        Ok((group, figures))
    }

    /// Whether a case belongs to it, whose group a case list shows as `Norr`, or as `Norr / 0–6` with a second column.
    fn holds(&self, shown: &str) -> bool {
        self.is_in(&self.name, shown) && !self.longer.iter().any(|name| self.is_in(name, shown))
    }

    /// Whether a case list shows a group of its column by this name.
    fn is_in(&self, name: &str, shown: &str) -> bool {
        match (self.is_subgroup, self.is_split) {
            (true, _) => shown.strip_suffix(name).is_some_and(|group| group.ends_with(" / ")),
            (false, true) => {
                let rest = shown.strip_prefix(name);
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(" / "))
            }
            (false, false) => shown == name,
        }
    }
}

/// Why a report has no such figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoFigure {
    /// The report is for everyone and has no cases behind it.
    Published,
    /// It has no such control, but these.
    Control(Vec<String>),
    /// It has no such group, but these.
    Group(Vec<String>),
    /// It has no such period, but these.
    Period(Vec<String>),
}

impl TracedFigure {
    /// The figure of a control in a period or in a month of its trend, as `results.json` has it.
    ///
    /// # Errors
    /// That it has none, and what it has.
    pub fn find(
        results: &Value,
        control: &str,
        period: Period,
        group: Option<&str>,
    ) -> Result<TracedFigure, NoFigure> {
        if results["edition"] != "internal" {
            return Err(NoFigure::Published);
        }
        let found = list(&results["controls"]).iter().find(|it| it["id"] == control);
        let found = found.ok_or_else(|| NoFigure::Control(names(&results["controls"], "id")))?;
        let (group, of) = match group {
            None => (None, found),
            Some(name) => TracedGroup::find(found, name).map(|(group, figures)| (Some(group), figures))?,
        };
        let is_it = |it: &&Value| it["period"] == period.to_string();
        let points = list(&of["trend"]["points"]);
        let figure = list(&of["periods"]).iter().chain(points).find(is_it);
        let figure = figure.ok_or_else(|| NoFigure::Period(names(&of["periods"], "period")))?;
        let cohort = Cohort::ALL.into_iter().find(|cohort| found["cohort"] == cohort.id());
        Ok(TracedFigure {
            control: control.to_owned(),
            cohort: cohort.unwrap_or(Cohort::Closed),
            period,
            group,
            counts: figure["deviations"].as_u64().zip(figure["cases"].as_u64()),
        })
    }

    /// Whether the figure counts a case of a case list.
    fn counts_case(&self, case: &ListedCase) -> bool {
        case.control == self.control
            && case.outcome != OPEN_WITHIN
            && self.group.as_ref().is_none_or(|group| group.holds(&case.group))
            && self.holds(case.day_of(self.cohort))
    }

    /// Whether a day or moment in ISO 8601 lies in the period.
    fn holds(&self, when: &str) -> bool {
        let day = when.get(..10).unwrap_or_default();
        let (first, last) = (self.period.first_day().to_string(), self.period.last_day().to_string());
        (first.as_str()..=last.as_str()).contains(&day)
    }

    /// The cases behind it in a case list, deviations first, each part by day and case number.
    ///
    /// # Errors
    /// What is wrong with the list as CSV.
    pub fn cases(&self, list: &[u8]) -> Result<Vec<ListedCase>, csv::Error> {
        let list = list.strip_prefix("\u{feff}".as_bytes()).unwrap_or(list);
        let separator = if list.starts_with(b"control;") { b';' } else { b',' };
        let mut reader = csv::ReaderBuilder::new().delimiter(separator).from_reader(list);
        let mut cases: Vec<ListedCase> = Vec::new();
        for case in reader.deserialize() {
            let case: ListedCase = case?;
            if self.counts_case(&case) {
                cases.push(case);
            }
        }
        cases.sort_by(|one, other| self.order(one).cmp(&self.order(other)));
        Ok(cases)
    }

    fn order<'c>(&self, case: &'c ListedCase) -> (bool, &'c str, &'c str) {
        (!case.is_deviation(), case.day_of(self.cohort), &case.case_id)
    }

    /// How many of the cases deviate, of how many.
    pub fn counted(cases: &[ListedCase]) -> (u64, u64) {
        let deviations = cases.iter().filter(|case| case.is_deviation()).count();
        (deviations as u64, cases.len() as u64)
    }

    /// The cases as a table.
    pub fn table(&self, cases: Vec<ListedCase>, texts: &Texts) -> Table {
        let keys = ["case", "group", "start", "end", "due", "outcome", "law", "file", "line"];
        let (deviations, all) = TracedFigure::counted(&cases);
        let (deviations, all) = (texts.count(deviations), texts.count(all));
        let period = texts.months_of(self.period);
        let caption = fill!(texts, "trace.title", control = self.control, period, deviations, all);
        let mut table = Table::new("cases", caption).text_columns(8).columns(&keys, texts);
        for case in cases {
            let outcome = texts.get(if case.is_deviation() { "trace.late" } else { "trace.in-time" });
            table.push(vec![
                Cell::Text(case.case_id),
                Cell::Text(case.group),
                Cell::Text(case.start),
                Cell::Text(case.end),
                Cell::Text(case.due),
                Cell::word(&case.outcome, outcome),
                Cell::Text(case.law),
                Cell::Text(case.file),
                Cell::Count(case.line),
            ]);
        }
        table
    }
}

const OPEN_WITHIN: &str = "open_within";

/// A line of a case list.
#[derive(Debug, Clone, Deserialize)]
pub struct ListedCase {
    control: String,
    case_id: String,
    group: String,
    start: String,
    end: String,
    due: String,
    outcome: String,
    law: String,
    file: String,
    line: u64,
}

impl ListedCase {
    /// It ended late, or is open and late.
    fn is_deviation(&self) -> bool {
        self.outcome == "breached" || self.outcome == "open_overdue"
    }

    /// What ties it to a period.
    fn day_of(&self, cohort: Cohort) -> &str {
        match cohort {
            Cohort::Closed => &self.end,
            Cohort::Due => &self.due,
            Cohort::Started => &self.start,
        }
    }
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn names(values: &Value, key: &str) -> Vec<String> {
    list(values).iter().filter_map(|value| value[key].as_str().map(str::to_owned)).collect()
}
