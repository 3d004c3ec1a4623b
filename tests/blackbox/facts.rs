//! The facts of a report: its figures are sums of them, as docs/facts.md says, and docs/facts.md lists their columns.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use crate::workspace::Workspace;

type Row = BTreeMap<String, String>;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The facts and the results of a report.
struct Report {
    rows: Vec<Row>,
    results: Value,
}

impl Report {
    fn of(workspace: &Workspace) -> Report {
        let facts = workspace.read("reports/data/facts.csv");
        let mut reader = csv::Reader::from_reader(facts.as_bytes());
        let rows = reader.deserialize().map(|row| row.expect("a row")).collect();
        Report { rows, results: workspace.json("reports/data/results.json") }
    }

    fn controls(&self) -> &Vec<Value> {
        self.results["controls"].as_array().expect("controls")
    }

    /// The rows of a control with these values, in months from one to another.
    fn rows(&self, control: &Value, keys: &[(&str, &Value)], months: (&str, &str)) -> Vec<&Row> {
        let (first, last) = months;
        let is_wanted = |row: &&Row| {
            let has_keys = keys.iter().all(|(key, value)| **value == row[*key].as_str());
            has_keys && control["id"] == row["control"].as_str() && (first..=last).contains(&&*row["month"])
        };
        self.rows.iter().filter(is_wanted).collect()
    }
}

const ALWAYS: (&str, &str) = ("0000", "9999");

/// Whether the export has all cases that started in a month, but for a day.
fn is_whole(control: &Value, month: &str) -> bool {
    let whole = control["edges"]["whole"].as_array().expect("cohorts");
    let started = whole.iter().find(|of| of["cohort"] == "started").expect("the cohort");
    started["from"].as_str().is_none_or(|from| *from <= *format!("{month}-02"))
        && started["to"].as_str().is_none_or(|to| *to >= *format!("{month}-30"))
}

/// The sum of a column; cells that do not apply count as 0.
fn sum(rows: &[&Row], column: &str) -> u64 {
    rows.iter().map(|row| row[column].parse::<u64>().unwrap_or_default()).sum()
}

/// Compares the figures of periods with the facts of a group; returns their number.
fn compare_periods(report: &Report, control: &Value, periods: &Value, keys: &[(&str, &Value)]) -> usize {
    let is_computed = |period: &&Value| period["source"] == "computed" && period["cases"].is_u64();
    let periods = periods.as_array().expect("periods").iter().filter(is_computed);
    let keys = [keys, &[("part", &control["cohort"])]].concat();
    periods
        .inspect(|period| {
            let [first, last] = ["from", "to"].map(|key| &period[key].as_str().expect("a day")[..7]);
            let rows = report.rows(control, &keys, (first, last));
            for count in [
                "cases",
                "deviations",
                "reference_deviations",
                "rolled_deviations",
                "extended",
                "undetermined",
            ] {
                let is_known = !period[count].is_null();
                assert!(!is_known || period[count] == sum(&rows, count), "{count}: {period}, {keys:?}");
                assert!(is_known || rows.iter().all(|row| row[count].is_empty()), "{count}: {period}");
            }
            let both = &period["groups_of_verdicts"]["late_by_both"];
            assert!(both.is_null() || *both == sum(&rows, "late_by_both"), "{period}, {keys:?}");
        })
        .count()
}

/// Compares everything in the results that is a sum of facts with them; returns the number of figures.
fn compare(report: &Report) -> usize {
    let word = |word: &str| Value::from(word);
    let (none, both, overdue) = (word("none"), word("both"), word("overdue"));
    let (closed, started) = (word("closed"), word("started"));
    let mut compared = 0;
    for control in report.controls() {
        compared += compare_periods(report, control, &control["periods"], &[("grouping", &none)]);
        for (grouping, by) in
            control["groupings"].as_array().expect("groupings").iter().zip(["group", "subgroup"])
        {
            for group in grouping["groups"].as_array().expect("groups") {
                assert_eq!(group["combined"], 0);
                let keys = [("grouping", &word(by)), (by, &group["name"])];
                compared += compare_periods(report, control, &group["periods"], &keys);
            }
        }
        for month in control["start_months"].as_array().expect("months") {
            let rows = report.rows(control, &[("grouping", &none), ("part", &started)], ALWAYS);
            let number = format!("-{:02}", month["month"].as_u64().expect("a number"));
            let is_in = |row: &&Row| row["month"].ends_with(&number) && is_whole(control, &row["month"]);
            let rows: Vec<&Row> = rows.into_iter().filter(is_in).collect();
            assert_eq!(month["cases"], sum(&rows, "cases"), "{month}");
            assert_eq!(month["deviations"], sum(&rows, "deviations"), "{month}");
            compared += 1;
        }
        for at in control["backlog"].as_array().expect("months") {
            let until = ("0000", at["month"].as_str().expect("a month"));
            let rows = |part| report.rows(control, &[("grouping", &none), ("part", part)], until);
            let all = |rows: Vec<&Row>| sum(&rows, "cases") + sum(&rows, "undetermined");
            assert_eq!(at["open"], all(rows(&started)) - all(rows(&closed)), "{at}");
            let rows = rows(&overdue);
            assert_eq!(
                at["open_overdue"],
                sum(&rows, "became_overdue") - sum(&rows, "ended_overdue"),
                "{at}"
            );
            compared += 1;
        }
        for cohort in control["cohorts"].as_array().expect("cohorts") {
            let rows = report.rows(control, &[("grouping", &none), ("part", &cohort["cohort"])], ALWAYS);
            let placed = ["in_periods", "later"].map(|key| cohort[key].as_u64().expect("a count"));
            assert_eq!(placed.iter().sum::<u64>(), sum(&rows, "cases") + sum(&rows, "undetermined"));
            compared += 1;
        }
        for cell in control["cross"]["cells"].as_array().into_iter().flatten() {
            let headline = &control["headline"]["period"];
            let periods = control["periods"].as_array().expect("periods");
            let period = periods.iter().find(|period| period["period"] == *headline).expect("a period");
            let [first, last] = ["from", "to"].map(|key| &period[key].as_str().expect("a day")[..7]);
            let keys = [
                ("grouping", &both),
                ("group", &cell["group"]),
                ("subgroup", &cell["subgroup"]),
                ("part", &control["cohort"]),
            ];
            let rows = report.rows(control, &keys, (first, last));
            assert_eq!(cell["cases"], sum(&rows, "cases"), "{cell}");
            assert_eq!(cell["deviations"], sum(&rows, "deviations"), "{cell}");
            compared += 1;
        }
    }
    compared
}

/// The sample data's report.
fn sample() -> Report {
    let workspace = Workspace::new();
    let sample = root().join("sample_data");
    workspace.frist(&["run", &sample.to_string_lossy(), "--out", "reports"]).success();
    Report::of(&workspace)
}

/// Cases of four units and three ages, some extended, some open, some due at a weekend.
fn two_columns() -> Report {
    let rows: String = (0..1200_u32)
        .map(|number| {
            let (year, month, day) = (2022 + number % 3, number % 8 + 1, number % 28 + 1);
            let end = match number % 11 {
                0 => String::new(),
                1 => format!("{}-02-{day:02}", year + 1),
                late if late < 4 => format!("{year}-{:02}-{day:02}", month + 4),
                _ => format!("{year}-{:02}-{:02}", month + 3, 29 - day),
            };
            let (unit, age) = (["Norr", "Söder", "Väst", ""][number as usize % 4], number / 7 % 3);
            format!("{year}-{month:02}-{day:02};{end};{unit};{age}\n")
        })
        .collect();
    let headings = "Utredning inledd;Utredning avslutad;Enhet;Ålder\n";
    let workspace = Workspace::new().file("a.csv", format!("{headings}{rows}"));
    workspace.results(&["--as-of", "2024-08-31", "--group", "Enhet", "--subgroup", "Ålder"]);
    Report::of(&workspace)
}

#[test]
fn figures_of_the_sample_are_sums_of_its_facts() {
    let report = sample();
    let compared = compare(&report);
    assert!(compared > 300, "{compared}");
    // A control without a reference method has no count by it.
    let by_reference = |control: &str| {
        let mut own = report.rows.iter().filter(|row| row["control"] == control && row["part"] != "overdue");
        own.all(|row| row["reference_deviations"].is_empty() && row["late_by_both"].is_empty())
    };
    assert!(by_reference("preliminary-assessment") && !by_reference("child-investigation"));
}

#[test]
fn figures_by_two_columns_are_sums_of_the_facts() {
    let report = two_columns();
    let control = &report.controls()[0];
    assert_eq!(control["cross"]["cells"].as_array().map(Vec::len), Some(12));
    let compared = compare(&report);
    assert!(compared > 100, "{compared}");
    // Each way of grouping has every case.
    let of_grouping = |grouping: &str, column: &str| {
        let rows: Vec<&Row> = report.rows.iter().filter(|row| row["grouping"] == grouping).collect();
        sum(&rows, column)
    };
    for column in ["cases", "deviations", "undetermined", "became_overdue", "ended_overdue"] {
        let all = of_grouping("none", column);
        assert!(all > 0, "{column}");
        assert_eq!(["group", "subgroup", "both"].map(|by| of_grouping(by, column)), [all; 3], "{column}");
    }
}

#[test]
fn each_row_is_one_and_what_does_not_apply_to_it_is_empty() {
    for report in [sample(), two_columns()] {
        let keys = |row: &Row| {
            ["control", "grouping", "group", "subgroup", "part", "month"].map(|key| row[key].clone())
        };
        let mut all: Vec<_> = report.rows.iter().map(keys).collect();
        all.sort_unstable();
        assert!(all.windows(2).all(|pair| pair[0] != pair[1]));
        for row in &report.rows {
            let is_overdue = row["part"] == "overdue";
            assert_eq!([row["cases"].is_empty(), row["undetermined"].is_empty()], [is_overdue; 2], "{row:?}");
            assert_eq!(row["became_overdue"].is_empty(), !is_overdue, "{row:?}");
            assert!(row["grouping"] != "none" || row["group"].is_empty() && row["subgroup"].is_empty());
        }
    }
}

#[test]
fn the_page_has_every_column_in_order() {
    let page = std::fs::read_to_string(root().join("docs/facts.md")).expect("the page");
    let table = page.split("\n## ").find(|part| part.starts_with("Columns")).expect("a table");
    let names = table.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next());
    let workspace =
        Workspace::new().file("a.csv", "Utredning inledd;Utredning avslutad\n2024-01-10;2024-05-10\n");
    workspace.results(&["--as-of", "2024-08-31"]);
    let facts = workspace.read("reports/data/facts.csv");
    assert_eq!(facts.lines().next(), Some(&*names.collect::<Vec<_>>().join(",")));
}
