//! Exports as analysts have them: dialects, encodings, headings, several files, several controls.

use crate::workspace::{HEADINGS, Workspace, last_period};
use serde_json::{Value, json};

/// Two closed cases, one of them late, and an open one.
const ROWS: &str = "1;2024-01-10;2024-05-10\n2;2024-01-11;2024-05-13\n3;2024-05-02;\n";

fn run(name: &str, content: impl AsRef<[u8]>) -> Value {
    Workspace::new().file(name, content).results(&["--as-of", "2024-08-31"])
}

fn figures(results: &Value) -> (Value, Value, Value) {
    let last = last_period(results, "child-investigation");
    (last["cases"].clone(), last["deviations"].clone(), results["inputs"][0]["rows"].clone())
}

#[test]
fn every_separator_encoding_and_line_end_gives_the_same_figures() {
    for separator in [";", ",", "\t", "|"] {
        for line_end in ["\n", "\r\n"] {
            let text = format!("{HEADINGS}{ROWS}").replace(';', separator).replace('\n', line_end);
            let windows: Vec<u8> =
                text.chars().map(|letter| u8::try_from(u32::from(letter)).expect("Latin-1")).collect();
            for bytes in [text.clone().into_bytes(), [b"\xEF\xBB\xBF", text.as_bytes()].concat(), windows] {
                let results = run("a.csv", bytes);
                assert_eq!(figures(&results), (json!(2), json!(1), json!(3)), "{separator:?} {line_end:?}");
            }
        }
    }
}

#[test]
fn quoted_cells_may_hold_separators_and_line_breaks() {
    let text = "Ärendenr;Notering;Utredning inledd;Utredning avslutad\n\
                1;\"a;b\nc \"\"d\"\"\";2024-01-10;2024-05-10\n\"2\";5\" rör;\"2024-01-11\";2024-05-13\n";
    let results = run("a.csv", text);
    assert_eq!(figures(&results), (json!(2), json!(1), json!(2)));
}

#[test]
fn timestamps_are_days_to_a_clock_that_counts_days() {
    let text = format!(
        "{HEADINGS}1;2024-01-10 13:00:00.123+01:00;2024-01-10T12:00:00+01:00\n2;2024-01-10T23:30Z;2024-05-11 08:00\n"
    );
    let results = run("a.csv", text);
    // The second began on 11 January in Sweden, so it was in time on 11 May.
    assert_eq!(figures(&results).1, json!(0));
    assert_eq!(results["inputs"][0]["rejected"], 0);
}

#[test]
fn a_broken_row_is_named_and_the_rows_beside_it_count() {
    let text = "Ärendenr;Utredning inledd;Utredning avslutad;Enhet\r\n\
                1;2024-01-10;2024-05-10;A\r\n\
                2;2024-02-30;2024-05-10;A\r\n\
                3;;2024-05-10;A\r\n\
                \r\n\
                4;2024-03-10;2024-01-10;A\r\n\
                5;10 januari;19121212-1212;A\r\n\
                6;2024-01-10\r\n\
                7;2024-01-10;2024-05-10;A;extra\r\n\
                8;\"2024-01-10;2024-05-10;A\r\n\
                9;1920-01-10;2024-05-10;A\r\n\
                10;2001-01-10;2001-05-10;A\r\n\
                11;2024-01-10;2024-05-10;A\r\n";
    let workspace = Workspace::new().file("a.csv", text);
    let results = workspace.results(&["--as-of", "2024-08-31"]);
    let ledger = &results["inputs"][0];
    assert_eq!(
        (&ledger["rows"], &ledger["counted"], &ledger["rejected"]),
        (&json!(11), &json!(2), &json!(9))
    );
    let faults = workspace.read("reports/data/faults.csv");
    let places: Vec<Vec<&str>> =
        faults.lines().skip(1).map(|line| line.split(',').take(4).collect()).collect();
    assert_eq!(
        places,
        [
            ["a.csv", "3", "Utredning inledd", "impossible-date"],
            ["a.csv", "4", "Utredning inledd", "missing-start"],
            ["a.csv", "6", "Utredning avslutad", "end-before-start"],
            ["a.csv", "7", "Utredning inledd", "unreadable-date"],
            ["a.csv", "7", "Utredning avslutad", "unreadable-date"],
            ["a.csv", "8", "", "too-few-cells"],
            ["a.csv", "9", "", "too-many-cells"],
            ["a.csv", "10", "Utredning inledd", "broken-quote"],
            ["a.csv", "11", "Utredning inledd", "date-out-of-range"],
            ["a.csv", "12", "Utredning inledd", "not-in-force"],
        ]
    );
    for name in ["reports/data/faults.csv", "reports/report.html", "reports/data/results.json"] {
        assert!(!workspace.read(name).contains("19121212"), "{name} shows a cell");
    }
}

#[test]
fn rows_after_the_as_of_date_are_excluded_and_ends_after_it_have_not_happened() {
    let text = format!("{HEADINGS}1;2024-01-10;2024-09-10\n2;2024-09-01;\n3;2024-01-10;2024-02-10\n");
    let results = run("a.csv", text);
    let ledger = &results["inputs"][0];
    assert_eq!((&ledger["counted"], &ledger["open"], &ledger["excluded"]), (&json!(1), &json!(1), &json!(1)));
    assert_eq!(last_period(&results, "child-investigation")["open_overdue"], 1);
}

#[test]
fn repeated_rows_count_once_and_contradictions_count_not_at_all() {
    let text = format!(
        "{HEADINGS}1;2024-01-10;2024-05-10\n2;2024-01-10;2024-05-20\n1;2024-01-10;2024-05-10\n3;2024-01-10;2024-05-10\n2;2024-01-10;2024-05-10\n"
    );
    let workspace = Workspace::new().file("a.csv", text);
    let results = workspace.results(&["--as-of", "2024-08-31", "--cases"]);
    let ledger = &results["inputs"][0];
    assert_eq!(
        (&ledger["counted"], &ledger["excluded"], &ledger["rejected"]),
        (&json!(2), &json!(1), &json!(2))
    );
    let faults = workspace.read("reports/data/faults.csv");
    assert!(faults.contains("a.csv,3,Ärendenr,duplicate-case") && faults.contains("a.csv:6"), "{faults}");
    assert!(faults.contains("a.csv,6,Ärendenr,duplicate-case") && faults.contains("a.csv:3"), "{faults}");
    assert_eq!(workspace.read("reports/data/cases.csv").lines().count(), 3);
}

#[test]
fn a_case_number_that_is_not_the_case_s_own_can_be_said_to_be_so() {
    let workspace = Workspace::new()
        .file("a.csv", format!("{HEADINGS}1;2024-01-10;2024-05-10\n1;2024-01-10;2024-05-20\n"))
        .file("frist.toml", "as_of = 2024-08-31\n[[source]]\nfiles = [\"a.csv\"]\nduplicates = \"keep\"\n");
    assert_eq!(workspace.results(&[])["inputs"][0]["counted"], 2);
}

#[test]
fn a_file_that_two_patterns_name_is_read_once() {
    let workspace = Workspace::new()
        .file("a.csv", "Utredning inledd;Utredning avslutad\n2024-01-10;2024-05-10\n")
        .file("frist.toml", "as_of = 2024-08-31\n[[source]]\nfiles = [\"a.csv\", \"*.csv\"]\n");
    assert_eq!(workspace.results(&[])["inputs"].as_array().map(Vec::len), Some(1));
}

#[test]
fn an_offset_cannot_carry_a_date_over_the_edge_of_the_calendar() {
    let rows =
        "1;1930-01-01T00:30+14:00;2024-05-10\n2;2024-01-10;2100-12-31T23:30-05:00\n3;2024-01-10;2024-05-10\n";
    let results = run("a.csv", format!("{HEADINGS}{rows}"));
    assert_eq!(results["inputs"][0]["rejected"], 2);
    assert_eq!(results["faults"][0]["code"], "date-out-of-range");
}

#[test]
fn columns_can_be_named_and_a_file_can_hold_several_controls() {
    let project = r#"
        as_of = 2024-08-31
        [[source]]
        files = ["a.csv"]
        columns = { case_id = "Nr", start = "Börjar", end = "Slutar", type = "Sort", group = "Del" }
        types = { "Barnutredning" = "child-investigation", "Förhandsbedömning" = "preliminary-assessment" }
    "#;
    let rows = "Nr;Sort;Börjar;Slutar;Del\n1;Barnutredning;2024-01-10;2024-05-10;Öst\n\
                2;Förhandsbedömning;2024-05-10;2024-05-25;Väst\n3;Tillsyn;2024-01-10;2024-05-10;Öst\n4;Barnutredning;x;;Öst\n";
    let results = Workspace::new().file("a.csv", rows).file("frist.toml", project).results(&[]);
    let ledgers: Vec<(Value, Value, Value, Value)> = results["inputs"]
        .as_array()
        .expect("inputs")
        .iter()
        .map(|entry| {
            (
                entry["control"].clone(),
                entry["counted"].clone(),
                entry["excluded"].clone(),
                entry["rejected"].clone(),
            )
        })
        .collect();
    assert_eq!(
        ledgers,
        [
            (json!("child-investigation"), json!(1), json!(0), json!(1)),
            (json!("preliminary-assessment"), json!(1), json!(0), json!(0)),
            (Value::Null, json!(0), json!(1), json!(0)),
        ]
    );
    assert_eq!(last_period(&results, "preliminary-assessment")["deviations"], 1);
    assert_eq!(results["controls"][0]["groupings"][0]["groups"][0]["name"], "Öst");
}

#[test]
fn a_file_with_the_headings_of_two_controls_is_read_for_both() {
    let rows = "Ärendenr;Anmälan inkom;Förhandsbedömning klar;Skyddsbedömning gjord\n1;2024-05-10;2024-05-25;2024-05-10\n";
    let workspace = Workspace::new().file("a.csv", rows);
    let outcome = workspace.frist(&["run", ".", "--as-of", "2024-08-31"]).success();
    assert!(outcome.stderr.contains("flera tidskontroller"), "{}", outcome.stderr);
    let results = workspace.json("reports/data/results.json");
    assert_eq!(last_period(&results, "preliminary-assessment")["deviations"], 1);
    // Dates alone cannot be compared with 24 hours.
    assert_eq!(last_period(&results, "safety-assessment")["cases"], 0);
    assert_eq!(results["controls"][1]["without_time"], 1);
}

#[test]
fn without_an_as_of_date_the_newest_in_the_exports_is_used_and_said() {
    let workspace = Workspace::new().file("a.csv", format!("{HEADINGS}{ROWS}"));
    let outcome = workspace.frist(&["run", "a.csv"]).success();
    assert!(outcome.stderr.contains("13 maj 2024 används"), "{}", outcome.stderr);
    assert_eq!(workspace.json("reports/data/results.json")["as_of"], "2024-05-13");
}

#[test]
fn an_extension_is_honoured_when_it_was_decided_in_time() {
    let rows = "Ärendenr;Utredning inledd;Utredning avslutad;Beslut om förlängning;Förlängd till\n\
                1;2024-01-10;2024-06-10;2024-05-01;2024-07-01\n2;2024-01-10;2024-06-10;2024-05-11;2024-07-01\n\
                3;2024-01-10;2024-06-10;;2024-07-01\n";
    let workspace = Workspace::new().file("a.csv", rows);
    let results = workspace.results(&["--as-of", "2024-08-31"]);
    let last = last_period(&results, "child-investigation");
    assert_eq!((&last["deviations"], &last["extended"]), (&json!(2), &json!(1)));
    let faults = workspace.read("reports/data/faults.csv");
    assert!(faults.contains("a.csv,3,Beslut om förlängning,extension-decided-late,doubtful"), "{faults}");
    assert!(faults.contains("a.csv,4,Beslut om förlängning,extension-undecided,doubtful"), "{faults}");
    assert_eq!(results["inputs"][0]["rejected"], 0);
}

/// Hours run out inside a day: the case is overdue at that day's end, not the next one's.
#[test]
fn open_overdue_in_hours_is_counted_from_the_day_they_run_out() {
    let rows = "Ärendenr;Inkom datum och tid;Skyddsbedömning gjord\n\
                1;2024-07-30 10:00;2024-08-01 09:00\n2;2024-08-30 08:00;\n";
    let results =
        Workspace::new().file("a.csv", rows).results(&["--as-of", "2024-08-31", "--period", "month"]);
    let last = last_period(&results, "safety-assessment");
    assert_eq!(last["open_overdue"], 1);
    let results =
        Workspace::new().file("a.csv", rows).results(&["--as-of", "2024-07-31", "--period", "month"]);
    assert_eq!(last_period(&results, "safety-assessment")["open_overdue"], 1);
}

#[test]
fn a_case_that_ends_in_the_second_pass_of_the_doubled_hour_is_no_fault() {
    let rows = "Ärendenr;Inkom datum och tid;Skyddsbedömning gjord\n1;2023-10-29 02:50;2023-10-29 02:10\n";
    let results = Workspace::new().file("a.csv", rows).results(&["--as-of", "2024-08-31"]);
    assert_eq!(results["inputs"][0]["counted"], 1);
}

#[test]
fn a_case_number_is_the_same_in_any_encoding() {
    let row = "BÖ-1;2024-01-10;2024-05-10\n";
    let text = format!("{HEADINGS}{row}");
    let windows: Vec<u8> =
        text.chars().map(|letter| u8::try_from(u32::from(letter)).expect("Latin-1")).collect();
    let results =
        Workspace::new().file("a.csv", text).file("b.csv", windows).results(&["--as-of", "2024-08-31"]);
    assert_eq!((&results["inputs"][0]["counted"], &results["inputs"][1]["excluded"]), (&json!(1), &json!(1)));
}

#[test]
fn headings_with_line_breaks_are_known_and_lines_are_an_editor_s() {
    let rows = "Ärendenr;\"Utredning\ninledd\";Utredning avslutad\n1;2024-01-10;2024-05-10\n2;x;2024-05-10\n";
    let workspace = Workspace::new().file("a.csv", rows);
    workspace.results(&["--as-of", "2024-08-31"]);
    assert!(
        workspace.read("reports/data/faults.csv").contains("a.csv,4,"),
        "{}",
        workspace.read("reports/data/faults.csv")
    );
}
