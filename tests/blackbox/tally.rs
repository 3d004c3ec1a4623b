//! The tally of the sample's report: the report's figures can be computed from it as docs/tally.md says.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use serde_json::Value;

type Row = BTreeMap<String, String>;

fn report(name: &str) -> String {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("reports");
    fs::read_to_string(folder.join(name)).expect("it is committed")
}

fn rows() -> Vec<Row> {
    let text = report("data/tally.csv");
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    reader.deserialize().map(|row| row.expect("a row")).collect()
}

fn count(row: &Row, column: &str) -> u64 {
    match row[column].as_str() {
        "" => 0,
        number => number.parse().expect("a count"),
    }
}

/// The sum of the columns that satisfy `wanted`.
fn sum<'a>(rows: impl IntoIterator<Item = &'a Row>, wanted: impl Fn(&str) -> bool) -> u64 {
    let columns = |row: &'a Row| row.iter().filter(|(column, _)| wanted(column)).map(|(column, _)| column);
    rows.into_iter().flat_map(|row| columns(row).map(move |column| count(row, column))).sum()
}

#[test]
fn periods_and_backlog_are_sums_of_the_tally() {
    let (rows, results) = (rows(), report("data/results.json"));
    let results: Value = serde_json::from_str(&results).expect("JSON");
    let mut compared = 0;
    for control in results["controls"].as_array().expect("controls") {
        let own = || rows.iter().filter(|row| control["id"] == row["control"].as_str());
        let rolls = control["roll"] != "none";
        let is_deviation = |column: &str| {
            let reading = column.strip_prefix("ended_").or(column.strip_prefix("open_")).unwrap_or_default();
            reading.starts_with("late") || !rolls && reading.starts_with("within_roll")
        };
        let is_judged =
            |column: &str| is_deviation(column) || column.starts_with("ended_") && column != "ended_overdue";
        let computed = |period: &&Value| period["source"] == "computed" && period["cases"].is_u64();
        for period in control["periods"].as_array().expect("periods").iter().filter(computed) {
            let [from, to] = ["from", "to"].map(|key| &period[key].as_str().expect("a day")[..7]);
            let cohort = control["cohort"].as_str().expect("a cohort");
            let within: Vec<&Row> =
                own().filter(|row| row["part"] == cohort && (from..=to).contains(&&*row["month"])).collect();
            let what = format!("{}, {}", control["id"], period["period"]);
            assert_eq!(period["cases"], sum(within.clone(), is_judged), "{what}");
            assert_eq!(period["deviations"], sum(within.clone(), is_deviation), "{what}");
            if period["reference_deviations"].is_u64() {
                let by_reference =
                    sum(within, |column| is_judged(column) && column.ends_with("_by_reference"));
                assert_eq!(period["reference_deviations"], by_reference, "{what}");
            }
            compared += 1;
        }
        for at in control["backlog"].as_array().expect("months") {
            let month = at["month"].as_str().expect("a month");
            let until: Vec<&Row> =
                own().filter(|row| row["part"] == "overdue" && *row["month"] <= *month).collect();
            let [became, ended] =
                ["became_overdue", "ended_overdue"].map(|flow| sum(until.clone(), |column| column == flow));
            assert_eq!(at["open_overdue"], became - ended, "{}, {month}", control["id"]);
            compared += 1;
        }
    }
    assert!(compared > 100, "{compared}");
}

#[test]
fn each_case_is_once_among_those_that_started_and_those_that_were_due() {
    let rows = rows();
    let of_part =
        |part: &str, wanted: fn(&str) -> bool| sum(rows.iter().filter(|row| row["part"] == part), wanted);
    let any = |column: &str| column.starts_with("ended_") || column.starts_with("open_");
    let ended = |column: &str| column.starts_with("ended_") && column != "ended_overdue";
    assert!(of_part("started", any) > 10_000);
    assert_eq!(of_part("started", any), of_part("due", any));
    assert_eq!(of_part("started", ended), of_part("closed", any));
    assert!(rows.iter().all(|row| row["schema"] == "1"));
}
