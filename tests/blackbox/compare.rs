//! `frist compare`, `frist open` and `frist cases`.

use crate::workspace::{HEADINGS, Workspace};

/// In time by both, late only by 120 days, late by both, and open.
const ROWS: &str = "1;2024-01-10;2024-05-01\n2;2024-01-10;2024-05-10\n3;2024-01-10;2024-05-11\n4;2024-05-20;\n5;2024-03-01;\n";

fn workspace() -> Workspace {
    Workspace::new().file("a.csv", format!("{HEADINGS}{ROWS}"))
}

#[test]
fn the_four_groups_add_up_and_the_changed_cases_are_listed() {
    let workspace = workspace();
    let arguments =
        ["compare", "a.csv", "--as-of", "2024-08-31", "--format", "json", "--changed", "changed.csv"];
    let outcome = workspace.frist(&arguments).success();
    let tables: serde_json::Value = serde_json::from_str(&outcome.stdout).expect("JSON");
    let row = tables["comparison"].as_array().and_then(|rows| rows.last()).expect("a row");
    let keys = ["cases", "in_time_by_both", "late_only_by_reference", "late_only_by_law", "late_by_both"];
    assert_eq!(
        (&row["period"], keys.map(|key| row[key].as_u64())),
        (&"2024-T2".into(), [3, 1, 1, 0, 1].map(Some))
    );
    let changed = workspace.read("changed.csv");
    assert_eq!(changed.lines().count(), 2);
    assert!(changed.contains(
        "child-investigation,2,,2024-01-10,2024-05-10,2024-05-10,2024-05-10,2024-05-09,met,breached,0,no,"
    ));
}

#[test]
fn any_two_clocks_can_be_compared() {
    let arguments = [
        "compare",
        "a.csv",
        "--as-of",
        "2024-08-31",
        "--method",
        "3 months",
        "--reference",
        "90 days",
        "--format",
        "csv",
    ];
    let outcome = workspace().frist(&arguments).success();
    // Three months from 10 January 2024 are 91 days: 90 days is the shorter.
    assert!(outcome.stdout.contains("2024-T2,3,0,0,0,3,90 days,1,1,3 months,"), "{}", outcome.stdout);
    let arguments = [
        "compare",
        "a.csv",
        "--as-of",
        "2024-08-31",
        "--method",
        "120 days",
        "--reference",
        "4 months",
        "--format",
        "csv",
    ];
    let outcome = workspace().frist(&arguments).success();
    // The other way round, the group that only the method finds is the one that is filled.
    assert!(outcome.stdout.contains("2024-T2,3,1,0,1,1,4 months,"), "{}", outcome.stdout);
}

#[test]
fn open_cases_stand_soonest_first() {
    let outcome = workspace().frist(&["open", "a.csv", "--as-of", "2024-08-31", "--format", "csv"]).success();
    let lines: Vec<&str> = outcome.stdout.lines().collect();
    assert_eq!(lines[1], "child-investigation,5,,2024-03-01,2024-07-01,-61");
    assert_eq!(lines[2], "child-investigation,4,,2024-05-20,2024-09-20,20");
    let shown = workspace().frist(&["open", "a.csv", "--as-of", "2024-08-31"]).success().stdout;
    assert!(shown.contains("Barn- och ungdomsutredningar") && shown.contains(" \u{2212}61 "), "{shown}");
    let soon = workspace()
        .frist(&["open", "a.csv", "--as-of", "2024-08-31", "--within", "14", "--format", "csv"])
        .success();
    assert_eq!(soon.stdout.lines().count(), 2);
}

#[test]
fn open_cases_of_one_unit_that_can_still_be_in_time() {
    let export = "Ärendenr;Utredning inledd;Utredning avslutad;Enhet\n1;2024-03-01;;Norr\n2;2024-05-20;;Norr\n\
                  3;2024-05-21;;Söder\n4;2024-04-30;;Norr\n5;2024-01-02;2024-02-02;Norr\n6;2024-01-02;2024-02-03;Söder\n";
    let workspace = Workspace::new().file("a.csv", export);
    let open = |more: &[&str]| {
        let command = ["open", "--as-of", "2024-08-31", "--format", "csv"];
        let stdout = workspace.frist(&[&command, more].concat()).success().stdout;
        let case = |line: &str| line.split(',').nth(1).unwrap_or_default().to_owned();
        stdout.lines().skip(1).map(case).collect::<Vec<String>>()
    };
    assert_eq!(open(&[]), ["1", "4", "2", "3"]);
    assert_eq!(open(&["--group", "Norr"]), ["1", "4", "2"]);
    // Four months after 30 April are over with 30 August; a case due on 31 August would still be in time.
    assert_eq!(open(&["--group", "Norr", "--no-overdue"]), ["2"]);
    assert_eq!(open(&["--group", "Norr", "--group", "Söder", "--no-overdue", "--within", "20"]), ["2"]);
    assert_eq!(open(&["--control", "child-investigation", "--within", "0"]), ["1", "4"]);
    let command = ["open", "--as-of", "2024-08-31"];
    workspace.frist(&[&command[..], &["--group", "Nor"]].concat()).failure(2, &["”Nor”", "Norr, Söder"]);
    workspace.frist(&[&command[..], &["--control", "child"]].concat()).failure(2, &["child-investigation"]);
}

#[test]
fn open_cases_are_written_to_a_file() {
    let export =
        "Ärendenr;Utredning inledd;Utredning avslutad;Enhet\n1;2024-03-01;;Norr\n2;2024-05-20;;Söder\n";
    let workspace = Workspace::new().file("uttag/a.csv", export).file("foreign.csv", "a;b\n1;2\n");
    let open = |more: &[&str]| workspace.frist(&[&["open", "uttag", "--as-of", "2024-08-31"], more].concat());
    let printed = open(&["--format", "csv"]).success().stdout;
    for _ in 0..2 {
        let written = open(&["--out", "uttag/open.csv"]).success();
        assert_eq!((written.stdout.as_str(), workspace.read("uttag/open.csv")), ("", printed.clone()));
        open(&["--out", "open.xlsx"]).success();
    }
    open(&["--out", "foreign.csv"]).failure(74, &["foreign.csv"]);
    open(&["--out", "foreign.xlsx", "--format", "csv"]).failure(2, &["--format"]);
    open(&["--out", "named.csv", "--pseudonymise", "key"]).success();
    let named = workspace.read("named.csv");
    assert!(named.lines().count() == 3 && !named.contains(",1,"), "{named}");
}

#[test]
fn cases_are_listed_in_the_order_of_the_input_with_their_law() {
    let workspace = workspace();
    workspace.frist(&["cases", "a.csv", "--out", "cases.csv", "--as-of", "2024-08-31"]).success();
    let cases = workspace.read("cases.csv");
    let ids: Vec<&str> =
        cases.lines().skip(1).map(|line| line.split(',').nth(1).expect("a number")).collect();
    assert_eq!(ids, ["1", "2", "3", "4", "5"]);
    assert!(
        cases.contains(
            "4,,2024-05-20,,2024-09-20,2024-09-20,2024-09-17,open_within,open_within,,no,11 kap. 2 §"
        ),
        "{cases}"
    );
    assert!(cases.contains("open_overdue,open_overdue,,no"));
}

#[test]
fn hours_are_listed_as_moments() {
    let rows = "Ärendenr;Inkom datum och tid;Skyddsbedömning gjord\n1;2024-03-30 12:00;2024-03-31 13:30\n";
    let workspace = Workspace::new().file("a.csv", rows);
    workspace.frist(&["cases", "a.csv", "--out", "cases.csv", "--as-of", "2024-08-31"]).success();
    assert!(
        workspace.read("cases.csv").contains(
            "1,,2024-03-30T12:00:00+01:00,2024-03-31T13:30:00+02:00,2024-03-31T13:00:00+02:00,2024-03-31,2024-03-31,breached,met,1,no"
        ),
        "{}",
        workspace.read("cases.csv")
    );
}

#[test]
fn a_text_that_a_spreadsheet_would_run_is_disarmed() {
    let rows = "Ärendenr;Utredning inledd;Utredning avslutad;Enhet\n=1+1;2024-01-10;2024-05-01;@SUM(A1)\n";
    let workspace = Workspace::new().file("a.csv", rows);
    workspace.results(&["--cases", "--as-of", "2024-08-31"]);
    assert!(workspace.read("reports/data/cases.csv").contains("child-investigation,'=1+1,'@SUM(A1),"));
    assert!(workspace.read("reports/data/facts.csv").contains("child-investigation,group,'@SUM(A1),"));
    assert!(workspace.read("reports/data/tally.csv").contains("child-investigation,'@SUM(A1),"));
}
