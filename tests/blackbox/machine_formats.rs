//! `--format json` and `--format csv` of every command that has them, read into types.
//!
//! A key that is missing, one too many or a value that is no number, date or id is an error of the reading.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::path::Path;

use chrono::{DateTime, FixedOffset};
use frist::date::Day;
use frist::period::Period;
use frist::rulebook::Clock;
use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::workspace::Workspace;

/// A value that is written as text.
#[derive(Debug, Clone, PartialEq)]
struct Written<T>(T);

impl<'de> Deserialize<'de> for Written<Day> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Day::parse_iso(&text).map(Written).ok_or_else(|| D::Error::custom(format!("{text} is no day")))
    }
}

impl<'de> Deserialize<'de> for Written<Period> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Period::parse(&text).map(Written).ok_or_else(|| D::Error::custom(format!("{text} is no period")))
    }
}

impl<'de> Deserialize<'de> for Written<DateTime<FixedOffset>> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        DateTime::parse_from_rfc3339(&text).map(Written).map_err(D::Error::custom)
    }
}

/// A day, or a moment where hours are counted.
#[derive(Debug, PartialEq, Deserialize)]
#[serde(untagged)]
enum When {
    Day(Written<Day>),
    Moment(Written<DateTime<FixedOffset>>),
}

impl When {
    fn day(&self) -> String {
        match self {
            When::Day(day) => day.0.to_string(),
            When::Moment(moment) => moment.0.date_naive().to_string(),
        }
    }
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Open {
    control: String,
    case: String,
    group: String,
    start: When,
    due: When,
    days_left: i32,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rule {
    rule: String,
    name: String,
    method: Clock,
    reference: Option<Clock>,
    roll: Roll,
    cohort: Cohort,
    valid_from: Option<Written<Day>>,
    valid_to: Option<Written<Day>>,
    verified: bool,
    law: String,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Roll {
    None,
    NextWeekday,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Cohort {
    Closed,
    Due,
    Started,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct NamedDay {
    date: Written<Day>,
    weekday: String,
    name: String,
    kind: DayKind,
    rolls_to: Written<Day>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum DayKind {
    Public,
    Eve,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Code {
    code: String,
    kind: String,
    meaning: String,
    cause: String,
    remedy: String,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Part {
    name: String,
    version: String,
    license: String,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Due {
    rule: String,
    start: Written<Day>,
    due: Written<Day>,
    due_rolled: Written<Day>,
    due_reference: Option<Written<Day>>,
    law: String,
    /// In JSON alone.
    law_verified: Option<bool>,
    #[serde(default)]
    steps: Vec<String>,
}

/// The verdicts of a period or of a start month.
#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Verdicts {
    control: String,
    period: Option<Written<Period>>,
    start_month: Option<u32>,
    cases: u64,
    in_time_by_both: u64,
    late_only_by_reference: u64,
    late_only_by_law: u64,
    late_by_both: u64,
    reference_method: Clock,
    lawful_share: Option<f64>,
    reference_share: Option<f64>,
    method: Option<String>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct MethodChange {
    control: String,
    period: Written<Period>,
    before: Written<Period>,
    from_share: f64,
    to_share: f64,
    change_points: f64,
    by_cases_points: f64,
    by_method_points: f64,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Convention {
    control: String,
    period: Written<Period>,
    cohort: Cohort,
    cases: u64,
    deviations: u64,
    share: Option<f64>,
    undetermined: u64,
    lowest: Option<f64>,
    highest: Option<f64>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct CaseList {
    control: String,
    cohort: Cohort,
    in_periods: u64,
    later: u64,
    no_period: u64,
    all_cases: u64,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Reading {
    file: String,
    control: String,
    read_as: String,
    columns: String,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Ledger {
    file: String,
    control: Option<String>,
    rows: u64,
    counted: u64,
    open: u64,
    excluded: u64,
    rejected: u64,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Excluded {
    file: String,
    control: String,
    excluded_because: String,
    rows: u64,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Faults {
    file: String,
    code: String,
    effect: String,
    reason: String,
    remedy: String,
    places: String,
    count: u64,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Fault {
    file: String,
    line: u64,
    column: Option<String>,
    code: String,
    state: String,
    place: String,
    control: String,
    reason: String,
    remedy: String,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Bounds {
    control: String,
    period: Written<Period>,
    may_belong: u64,
    share: Option<f64>,
    lowest: f64,
    highest: f64,
}

/// The tables of a command as JSON, taken out by kind.
struct Printed(BTreeMap<String, Value>);

impl Printed {
    fn of(workspace: &Workspace, command: &[&str]) -> Printed {
        let printed = workspace.frist(&[command, &["--format", "json"]].concat()).success().stdout;
        Printed(serde_json::from_str(&printed).expect("an object of tables"))
    }

    fn take<T: DeserializeOwned>(&mut self, kind: &str) -> Vec<T> {
        let rows = self.0.remove(kind).unwrap_or_else(|| panic!("no {kind}: {:?}", self.0.keys()));
        serde_json::from_value(rows).unwrap_or_else(|error| panic!("{kind}: {error}"))
    }

    /// There is no other table.
    fn end(self) {
        assert!(self.0.is_empty(), "{:?}", self.0.keys());
    }
}

/// What a command prints as CSV; of tables of several kinds the rows of one.
fn csv_rows<T: DeserializeOwned>(workspace: &Workspace, command: &[&str], kind: Option<&str>) -> Vec<T> {
    let printed = workspace.frist(&[command, &["--format", "csv"]].concat()).success().stdout;
    let mut reader = csv::Reader::from_reader(printed.as_bytes());
    let headers = reader.headers().expect("CSV").clone();
    assert_eq!(headers.iter().any(|header| header == "table"), kind.is_some(), "{headers:?}");
    let of_kind = |record: &csv::StringRecord| kind.is_none_or(|kind| &record[0] == kind);
    let records = reader.records().map(|record| record.expect("CSV")).filter(of_kind);
    let rows = records.map(|record| {
        // A table has none of the columns that are there for others and empty in all its rows.
        let fields = headers.iter().zip(&record).filter(|(header, _)| *header != "table");
        let (headers, record): (Vec<&str>, Vec<&str>) = match kind {
            Some(_) => fields.filter(|(_, field)| !field.is_empty()).unzip(),
            None => fields.unzip(),
        };
        let headers = csv::StringRecord::from(headers);
        csv::StringRecord::from(record).deserialize(Some(&headers)).expect("the columns of the table")
    });
    rows.collect()
}

/// A command whose only table is the same in both formats.
fn only_table<T: DeserializeOwned + Debug + PartialEq>(
    workspace: &Workspace,
    command: &[&str],
    kind: &str,
) -> Vec<T> {
    let mut printed = Printed::of(workspace, command);
    let rows = printed.take(kind);
    printed.end();
    assert_eq!(csv_rows::<T>(workspace, command, None), rows);
    rows
}

/// A table of a command that has several, the same in both formats.
fn one_of_many<T: DeserializeOwned + Debug + PartialEq>(
    printed: &mut Printed,
    workspace: &Workspace,
    command: &[&str],
    kind: &str,
) -> Vec<T> {
    let rows = printed.take(kind);
    assert_eq!(csv_rows::<T>(workspace, command, Some(kind)), rows);
    rows
}

const SAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/sample_data");

/// The results of the sample data.
fn results() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("reports/data/results.json");
    serde_json::from_str(&std::fs::read_to_string(path).expect("the committed results")).expect("JSON")
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().unwrap_or_else(|| panic!("no {key}"))
}

fn control_of<'a>(results: &'a Value, id: &str) -> &'a Value {
    list(results, "controls").iter().find(|control| control["id"] == id).expect("the control")
}

/// Equal to the digits that the results have.
fn assert_same(one: Option<f64>, results: &Value, times: f64) {
    let apart = one.zip(results.as_f64()).map(|(one, other)| (one - other * times).abs());
    assert!(apart.map_or(one.is_none() && results.is_null(), |apart| apart < 1e-6), "{one:?}, {results}");
}

#[test]
fn the_methods_are_compared_in_figures_that_the_results_have() {
    let (workspace, results, command) = (Workspace::new(), results(), ["compare", SAMPLE]);
    let mut printed = Printed::of(&workspace, &command);
    let periods: Vec<Verdicts> = one_of_many(&mut printed, &workspace, &command, "comparison");
    assert!(periods.len() > 20);
    for row in &periods {
        let written = row.period.as_ref().expect("a period").0.to_string();
        let of_period = |period: &&Value| period["period"] == *written && period["source"] == "computed";
        let period = list(control_of(&results, &row.control), "periods").iter().find(of_period);
        let period = period.expect("the period");
        let verdicts = &period["groups_of_verdicts"];
        assert_eq!(period["cases"], row.cases);
        assert_eq!(verdicts["in_time_by_both"], row.in_time_by_both);
        assert_eq!(verdicts["late_only_by_reference"], row.late_only_by_reference);
        assert_eq!(verdicts["late_only_by_law"], row.late_only_by_law);
        assert_eq!(verdicts["late_by_both"], row.late_by_both);
        assert_eq!(period["method"].as_str(), row.method.as_deref());
        assert_same(row.lawful_share, &period["lawful_share"], 1.0);
        assert_same(row.reference_share, &period["reference_share"], 1.0);
    }
    let months: Vec<Verdicts> = one_of_many(&mut printed, &workspace, &command, "start_months");
    for row in &months {
        let month = row.start_month.expect("a month") as usize;
        let of_month = &list(control_of(&results, &row.control), "start_months")[month - 1];
        assert_eq!((&of_month["month"], &of_month["cases"]), (&month.into(), &row.cases.into()));
    }
    let changes: Vec<MethodChange> = one_of_many(&mut printed, &workspace, &command, "method_changes");
    assert!(!changes.is_empty());
    for row in &changes {
        let written = row.period.0.to_string();
        let of_period = |change: &&Value| change["period"] == *written;
        let all = list(control_of(&results, &row.control), "method_change");
        let change = all.iter().find(of_period).expect("the period");
        assert_eq!(change["before"], row.before.0.to_string());
        assert_same(Some(row.from_share), &change["from_share"], 1.0);
        assert_same(Some(row.to_share), &change["to_share"], 1.0);
        assert_same(Some(row.by_cases_points), &change["by_cases"], 100.0);
        assert_same(Some(row.by_method_points), &change["by_method"], 100.0);
        assert!((row.by_cases_points + row.by_method_points - row.change_points).abs() < 1e-9);
    }
    printed.end();
}

#[test]
fn the_cohorts_are_compared_in_figures_that_the_results_have() {
    let (workspace, results, command) = (Workspace::new(), results(), ["compare", SAMPLE, "--cohorts"]);
    let mut printed = Printed::of(&workspace, &command);
    let rows: Vec<Convention> = one_of_many(&mut printed, &workspace, &command, "conventions");
    assert!(rows.len() > 20);
    for row in &rows {
        let (period, cohort) = (row.period.0.to_string(), format!("{:?}", row.cohort).to_lowercase());
        let of_row = |other: &&Value| other["period"] == *period && other["cohort"] == *cohort;
        let other = list(control_of(&results, &row.control), "conventions").iter().find(of_row);
        let other = other.expect("the period");
        assert_eq!(other["cases"], row.cases);
        assert_eq!(other["deviations"], row.deviations);
        assert_eq!(other["undetermined"], row.undetermined);
        // Where earlier cases are missing no share is printed.
        if row.lowest.is_some() {
            assert_same(row.share, &other["share"], 1.0);
            assert_same(row.lowest, &other["lowest"], 1.0);
            assert_same(row.highest, &other["highest"], 1.0);
        }
    }
    let lists: Vec<CaseList> = one_of_many(&mut printed, &workspace, &command, "case_list");
    for row in &lists {
        assert_eq!(control_of(&results, &row.control)["case_list"], row.all_cases);
        assert_eq!(row.in_periods + row.later + row.no_period, row.all_cases);
    }
    printed.end();
}

#[test]
fn open_cases_have_days_and_a_minus() {
    let workspace = Workspace::new().file(
        "a.csv",
        "Ärendenr;Utredning inledd;Utredning avslutad;Enhet\n4;2024-05-20;;Norr\n5;2024-03-01;;=1+1\n",
    );
    let command = ["open", "a.csv", "--as-of", "2024-08-31"];
    let mut printed = Printed::of(&workspace, &command);
    let rows: Vec<Open> = printed.take("open");
    printed.end();
    let days: Vec<(&str, i32)> = rows.iter().map(|row| (row.case.as_str(), row.days_left)).collect();
    assert_eq!(days, [("5", -61), ("4", 20)]);
    assert!(rows.iter().all(|row| row.control == "child-investigation"));
    assert_eq!((rows[0].due.day(), rows[1].start.day()), ("2024-07-01".into(), "2024-05-20".into()));
    // A spreadsheet would run what JSON holds as it is.
    let as_csv: Vec<Open> = csv_rows(&workspace, &command, None);
    assert_eq!((rows[0].group.as_str(), as_csv[0].group.as_str()), ("=1+1", "'=1+1"));
    assert_eq!(as_csv[1], rows[1]);
}

#[test]
fn the_sample_s_open_cases_are_as_many_as_the_ledger_says() {
    let rows: Vec<Open> = only_table(&Workspace::new(), &["open", SAMPLE], "open");
    let open: u64 =
        list(&results(), "inputs").iter().map(|input| input["open"].as_u64().expect("a count")).sum();
    assert_eq!(rows.len() as u64, open);
    assert!(rows.windows(2).all(|pair| pair[0].days_left <= pair[1].days_left));
}

#[test]
fn what_no_export_decides_is_typed_too() {
    let workspace = Workspace::new();
    let rules: Vec<Rule> = only_table(&workspace, &["rules"], "rules");
    let builtin = frist::rulebook::Rulebook::builtin();
    assert_eq!(rules.len(), builtin.rules.iter().map(|rule| rule.laws.len()).sum::<usize>());
    assert_eq!(rules.iter().filter(|rule| rule.valid_to.is_some()).count(), 5);
    let days: Vec<NamedDay> = only_table(&workspace, &["calendar", "2026"], "calendar");
    assert!(days.iter().all(|day| day.rolls_to.0 > day.date.0));
    let codes: Vec<Code> = only_table(&workspace, &["explain"], "codes");
    let one: Vec<Code> = only_table(&workspace, &["explain", "unreadable-date"], "codes");
    assert!(codes.contains(&one[0]) && one.len() == 1);
    let parts: Vec<Part> = only_table(&workspace, &["licenses"], "licenses");
    assert!(parts.len() > 100);
}

#[test]
fn a_deadline_is_an_object_and_a_row() {
    let workspace = Workspace::new();
    let command = ["due", "2023-10-31", "--control", "child-investigation"];
    let printed = workspace.frist(&[&command[..], &["--format", "json"]].concat()).success().stdout;
    let answer: Due = serde_json::from_str(&printed).expect("an answer");
    assert_eq!(answer.due.0.to_string(), "2024-02-29");
    assert!(answer.law_verified.is_some() && !answer.steps.is_empty());
    let [row] = <[Due; 1]>::try_from(csv_rows::<Due>(&workspace, &command, None)).expect("one row");
    assert_eq!(row, Due { law_verified: None, steps: Vec::new(), ..answer });
}

#[test]
fn a_check_counts_as_the_results_do() {
    let rows = "1;2024-01-10;2024-05-10;Norr\n2;2024-01-10;snart;Norr\n3;2024-09-10;;Norr\n4;x;y;Norr\n";
    let headings = "Ärendenr;Utredning inledd;Utredning avslutad;Enhet\n";
    let workspace = Workspace::new().file("a.csv", format!("{headings}{rows}"));
    let command = ["check", ".", "--as-of", "2024-08-31"];
    let mut printed = Printed::of(&workspace, &command);
    assert_eq!(printed.take::<Reading>("readings").len(), 1);
    let [ledger] = <[Ledger; 1]>::try_from(printed.take::<Ledger>("ledger")).expect("one file");
    let input = &workspace.results(&["--as-of", "2024-08-31"])["inputs"][0];
    for (key, count) in [
        ("rows", ledger.rows),
        ("counted", ledger.counted),
        ("open", ledger.open),
        ("excluded", ledger.excluded),
        ("rejected", ledger.rejected),
    ] {
        assert_eq!(input[key], count, "{key}");
    }
    let excluded: Vec<Excluded> = printed.take("excluded");
    assert_eq!(excluded.iter().map(|row| row.rows).sum::<u64>(), ledger.excluded);
    assert!(input["excluded_by_reason"][&excluded[0].excluded_because].is_u64());
    let bounds: Vec<Bounds> = printed.take("bounds");
    assert!(bounds.iter().all(|row| row.lowest <= row.highest && row.may_belong > 0));
    let by_code: Vec<Faults> = printed.take("faults");
    printed.end();
    let faults: Vec<Fault> = csv_rows(&workspace, &command, None);
    for row in &by_code {
        assert!(faults.iter().any(|fault| fault.code == row.code && fault.state == row.effect), "{row:?}");
    }
    assert!(faults.iter().all(|fault| by_code.iter().any(|row| row.code == fault.code)), "{faults:?}");
}

#[test]
fn an_excel_of_swedish_gets_its_own_numbers() {
    let workspace = Workspace::new();
    let command = ["compare", SAMPLE, "--format", "csv", "--csv", "excel-sv"];
    let printed = workspace.frist(&command).success().stdout;
    assert!(printed.starts_with("\u{feff}table;control;period;"), "{printed:.80}");
    assert!(printed.contains(";0,3448275862"), "110 of 319");
    assert!(!printed.contains(['\u{2212}', '\u{a0}', '%']), "no number for people");
}
