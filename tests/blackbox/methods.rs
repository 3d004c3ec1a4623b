//! The clock that judged: hours without times of day, due dates of the export's own, days before 1970, and laws
//! whose method changes.

use serde_json::{Value, json};

use crate::workspace::{Workspace, last_period};

const HOURS: &str = "Ärendenr;Anmälan inkom;Skyddsbedömning gjord\n";

/// Two with times, in time and late; three without, on either side; one that has not begun.
const MIXED: &str = "1;2024-05-06 10:00;2024-05-07 10:00\n2;2024-05-06 10:00;2024-05-07 10:01\n\
                     3;2024-05-06;2024-05-07\n4;2024-05-06 10:00;2024-05-07\n5;2024-05-06;\n6;2024-09-06;\n";

fn hours(project: &str) -> (Workspace, Value) {
    let workspace = Workspace::new()
        .file("a.csv", format!("{HOURS}{MIXED}"))
        .file("frist.toml", format!("as_of = 2024-08-31\n{project}"));
    let results = workspace.results(&[]);
    (workspace, results)
}

#[test]
fn cases_without_times_are_left_out_of_a_share_by_hours() {
    let (workspace, results) = hours("");
    let input = &results["inputs"][0];
    assert_eq!((&input["counted"], &input["excluded"], &input["rows"]), (&json!(2), &json!(4), &json!(6)));
    assert_eq!(input["excluded_by_reason"]["without_time"], 3);
    assert_eq!(input["excluded_by_reason"]["started_after_as_of"], 1);
    let control = &results["controls"][0];
    assert_eq!((&control["method"], &control["without_time"]), (&json!("24 hours"), &json!(3)));
    let last = last_period(&results, "safety-assessment");
    assert_eq!(
        (&last["cases"], &last["deviations"], &last["method"]),
        (&json!(2), &json!(1), &json!("24 hours"))
    );
    // The ended ones are in the bounds: 1 of 4 if both were in time, 3 of 4 if both were late.
    assert_eq!(control["share_if_rejected"], json!({ "in_time": 0.25, "late": 0.75 }));
    let outcome = workspace.frist(&["check", "."]).success();
    assert!(outcome.stdout.contains("kan inte bedömas i timmar") && outcome.stdout.contains("by-day"));
    assert!(outcome.stdout.contains("Tiden räknas i timmar, och klockslag saknas"), "{}", outcome.stdout);
    let page = workspace.read("reports/report.html");
    assert!(page.contains("eftersom tiden räknas i timmar och klockslag saknas, är 3"));
}

#[test]
fn a_file_of_cases_without_times_gives_a_report_without_a_share() {
    let workspace = Workspace::new().file("a.csv", format!("{HOURS}1;2024-05-06;2024-05-07\n"));
    let outcome = workspace.frist(&["run", ".", "--as-of", "2024-08-31"]).success();
    assert!(outcome.stderr.contains("undantagna: 1"), "{}", outcome.stderr);
    let results = workspace.json("reports/data/results.json");
    assert_eq!(last_period(&results, "safety-assessment")["share"], Value::Null);
}

#[test]
fn a_share_by_day_is_named_so() {
    for project in [
        "without_times = \"by-day\"\n",
        "[[control]]\nid = \"safety-assessment\"\nwithout_times = \"by-day\"\n",
    ] {
        let (workspace, results) = hours(project);
        let control = &results["controls"][0];
        assert_eq!(control["method"], "24 hours, partly by day", "{project}");
        assert_eq!((&control["judged_by_day"], &control["without_time"]), (&json!(3), &json!(0)));
        let last = last_period(&results, "safety-assessment");
        assert_eq!((&last["cases"], &last["method"]), (&json!(4), &json!("24 hours, partly by day")));
        let page = workspace.read("reports/report.html");
        assert!(page.contains("24 timmar, delvis räknat i hela dagar"), "the page names it");
        let compared = workspace.frist(&["compare", "."]).success();
        assert!(compared.stdout.contains("24 timmar, delvis räknat i hela dagar"), "{}", compared.stdout);
    }
    let workspace = Workspace::new()
        .file("a.csv", format!("{HOURS}1;2024-05-06;2024-05-07\n"))
        .file("frist.toml", "as_of = 2024-08-31\nwithout_times = \"by-day\"\n");
    assert_eq!(last_period(&workspace.results(&[]), "safety-assessment")["method"], "24 hours, by day");
    let summary = workspace.frist(&["run", "."]).success().stdout;
    assert!(summary.contains("24 timmar, räknat i hela dagar"), "{summary}");
}

/// A rulebook with one rule of permits.
fn permits(more: &str, laws: &str) -> String {
    format!(
        "[[rule]]\nid = \"permit\"\nname = {{ sv = \"Bygglov\", en = \"Permits\" }}\n\
         start = {{ sv = \"inkommen\", en = \"received\" }}\nend = {{ sv = \"beslut\", en = \"decision\" }}\n\
         basis = \"statute\"\ncohort = \"closed\"\n{more}\n\
         headings = {{ start = [\"Inkommen\"], end = [\"Beslutad\"] }}\n{laws}"
    )
}

const ONE_LAW: &str = "[[rule.law]]\ncitation = { sv = \"lagen\", en = \"the law\" }\nverified = true\n";

/// Decided on the promised day and one day after it, both within eight weeks and a day; one without a promise;
/// one open; one promised later than eight weeks.
const PROMISED: &str = "Ärendenr;Inkommen;Beslutad;Deadline\n1;2024-01-08;2024-02-01;2024-02-01\n\
                        2;2024-01-08;2024-02-02;2024-02-01\n3;2024-01-08;2024-02-02;\n4;2024-01-08;;2024-02-01\n\
                        5;2024-01-08;2024-04-01;2024-04-01\n";

fn promised(rule: &str) -> Workspace {
    Workspace::new()
        .file("a.csv", PROMISED)
        .file("regler.toml", permits(rule, ONE_LAW))
        .file("frist.toml", "as_of = 2024-04-30\nperiod = \"year\"\nrulebook = \"regler.toml\"\n")
}

#[test]
fn the_due_date_of_the_export_can_be_the_lawful_clock() {
    let workspace = promised("method = \"due column\"\nreference = \"8 weeks\"\nroll = \"none\"");
    let results = workspace.results(&["--cases"]);
    let last = last_period(&results, "permit");
    assert_eq!((&last["cases"], &last["deviations"]), (&json!(3), &json!(1)));
    assert_eq!((&last["reference_deviations"], &last["open_overdue"]), (&json!(1), &json!(1)));
    assert_eq!(last["method"], "due column");
    assert_eq!(results["inputs"][0]["read_as"]["columns"]["due"], "Deadline");
    let faults = workspace.read("reports/data/faults.csv");
    assert!(faults.contains("a.csv,4,Deadline,missing-due,rejected"), "{faults}");
    let cases = workspace.read("reports/data/cases.csv");
    assert!(
        cases.contains("permit,2,,2024-01-08,2024-02-02,2024-02-01,2024-02-01,2024-03-04,breached,met,1,no,"),
        "{cases}"
    );
    let arguments = ["due", "2024-01-08", "--control", "permit", "--rulebook", "regler.toml"];
    workspace.frist(&arguments).failure(2, &["permit", "frist cases"]);
}

#[test]
fn the_due_date_of_the_export_can_be_the_reference() {
    let workspace = promised("method = \"8 weeks\"\nreference = \"due column\"\nroll = \"none\"");
    let results = workspace.results(&["--cases"]);
    let last = last_period(&results, "permit");
    assert_eq!((&last["cases"], &last["deviations"]), (&json!(4), &json!(1)));
    // By the promise only the second is late: the third has none and follows the law.
    assert_eq!(last["reference_deviations"], 1);
    let faults = workspace.read("reports/data/faults.csv");
    assert!(faults.contains("a.csv,4,Deadline,missing-reference,doubtful"), "{faults}");
    let cases = workspace.read("reports/data/cases.csv");
    assert!(cases.contains("permit,3,,2024-01-08,2024-02-02,2024-03-04,2024-03-04,,met,met,"), "{cases}");
    let page = workspace.read("reports/report.html");
    assert!(page.contains("uttagets egen sista dag"));
}

#[test]
fn any_rule_can_be_compared_with_the_due_date_of_the_export() {
    let rows = "Ärendenr;Utredning inledd;Utredning avslutad;Sista dag\n1;2024-01-10;2024-05-10;2024-04-30\n";
    let workspace = Workspace::new().file("a.csv", rows);
    let arguments =
        ["compare", "a.csv", "--as-of", "2024-08-31", "--reference", "due column", "--format", "csv"];
    let outcome = workspace.frist(&arguments).success();
    assert!(outcome.stdout.contains("2024-T2,1,0,1,0,0,due column,0,1,4 months"), "{}", outcome.stdout);
    let project =
        "as_of = 2024-08-31\n[[control]]\nid = \"child-investigation\"\nreference = \"due column\"\n";
    let results = Workspace::new().file("a.csv", rows).file("frist.toml", project).results(&[]);
    assert_eq!(last_period(&results, "child-investigation")["reference_deviations"], 1);
    // Without such a column the program asks for it; a column that no clock uses is not read.
    let without = Workspace::new()
        .file("a.csv", "Ärendenr;Utredning inledd;Utredning avslutad\n1;2024-01-10;2024-05-10\n");
    without.frist(&arguments).failure(65, &["due", "columns"]);
    let unread = Workspace::new().file("a.csv", rows.replace("2024-04-30", "snarast"));
    assert_eq!(unread.results(&["--as-of", "2024-08-31"])["inputs"][0]["rejected"], 0);
}

#[test]
fn the_column_of_due_dates_can_be_named_and_roll() {
    let workspace = Workspace::new()
        .file(
            "a.csv",
            "Nr;Från;Till;Lovat\n1;08/01/2024;05/02/2024;03/02/2024\n2;08/01/2024;06/02/2024;03/02/2024\n",
        )
        .file("regler.toml", permits("method = \"due column\"\nroll = \"next-weekday\"", ONE_LAW))
        .file(
            "frist.toml",
            "as_of = 2024-04-30\nrulebook = \"regler.toml\"\n[[source]]\ncontrol = \"permit\"\n\
             files = [\"a.csv\"]\n\
             columns = { case_id = \"Nr\", start = \"Från\", end = \"Till\", due = \"Lovat\" }\n\
             date_formats = { start = \"dd/mm/yyyy\", end = \"dd/mm/yyyy\", due = \"dd/mm/yyyy\" }\n",
        );
    // 3 February 2024 is a Saturday: until Monday the 5th it is in time.
    let results = workspace.results(&[]);
    let first = &results["controls"][0]["periods"][0];
    assert_eq!((&first["cases"], &first["deviations"]), (&json!(2), &json!(1)));
}

/// Ninety days in place of 150 for those who started from July 2023 on.
const TWO_LAWS: &str = "[[rule.law]]\nto = 2023-06-30\nmethod = \"150 days\"\n\
                        citation = { sv = \"gamla\", en = \"old\" }\nverified = true\n\
                        [[rule.law]]\nfrom = 2023-07-01\ncitation = { sv = \"nya\", en = \"new\" }\nverified = true\n";

fn two_laws(rows: &str) -> Workspace {
    let rule = "method = \"90 days\"\nreference = \"3 months\"\nroll = \"none\"";
    Workspace::new()
        .file("a.csv", format!("Ärendenr;Inkommen;Beslutad\n{rows}"))
        .file("regler.toml", permits(rule, TWO_LAWS))
        .file("frist.toml", "as_of = 2023-12-31\nperiod = \"quarter\"\nrulebook = \"regler.toml\"\n")
}

#[test]
fn the_method_that_judged_is_the_one_that_is_named() {
    let workspace = two_laws("1;2023-01-10;2023-06-01\n2;2023-02-10;2023-07-09\n");
    let results = workspace.results(&[]);
    let control = &results["controls"][0];
    assert_eq!(control["method"], "150 days");
    let methods: Vec<&Value> =
        control["periods"].as_array().expect("periods").iter().map(|period| &period["method"]).collect();
    assert_eq!(methods, [&json!("150 days"), &json!("150 days"), &Value::Null]);
    let compared = workspace.frist(&["compare", "."]).success().stdout;
    assert!(compared.contains("150 dagar") && !compared.contains("90 dagar"), "{compared}");
    let page = workspace.read("reports/report.html");
    assert!(page.contains("150 dagar") && !page.contains("90 dagar"), "no law judged by 90 days");
    let periods = workspace.frist(&["run", ".", "--format", "csv"]).success().stdout;
    assert!(periods.contains("permit,closed,150 days,2023-Q2"), "{periods}");
}

#[test]
fn periods_of_two_methods_name_both_with_their_days() {
    let rows = "1;2023-05-10;2023-07-20\n2;2023-07-03;2023-08-01\n3;2023-07-03;2023-10-02\n";
    let workspace = two_laws(rows);
    let results = workspace.results(&[]);
    let methods: Vec<&Value> = results["controls"][0]["periods"]
        .as_array()
        .expect("periods")
        .iter()
        .map(|period| &period["method"])
        .collect();
    assert_eq!(methods, [&json!("150 days to 2023-06-30; 90 days from 2023-07-01"), &json!("90 days")]);
    let compared = workspace.frist(&["compare", ".", "--format", "csv"]).success().stdout;
    let row = |period: &str| {
        let start = format!("comparison,permit,{period},");
        compared.lines().find(|line| line.starts_with(&start)).unwrap_or_default()
    };
    assert!(row("2023-Q3").contains(",150 days to 2023-06-30; 90 days from 2023-07-01,"), "{compared}");
    assert!(row("2023-Q4").contains(",90 days,"), "{compared}");
    let shown = workspace.frist(&["compare", "."]).success().stdout;
    let both = "150 dagar (start till och med 2023-06-30) och 90 dagar (start från 2023-07-01)";
    assert!(shown.contains(both), "{shown}");
    assert!(shown.contains("För sena bara enligt gällande räknesätt"), "{shown}");
}

#[test]
fn a_reference_in_hours_is_due_at_a_moment() {
    let rule = "method = \"1 hour\"\nreference = \"3 hours\"\nroll = \"none\"";
    let rows = "Ärendenr;Inkommen;Beslutad\n1;2024-03-31 01:30;2024-03-31 05:00\n2;2024-03-31 01:30;\n";
    let workspace = Workspace::new().file("a.csv", rows).file("regler.toml", permits(rule, ONE_LAW));
    let arguments =
        ["cases", "a.csv", "--out", "cases.csv", "--as-of", "2024-04-30", "--rulebook", "regler.toml"];
    workspace.frist(&arguments).success();
    let cases = workspace.read("cases.csv");
    // Summer time begins: three hours after half past one it is half past five. 2 § moves no hour.
    assert!(
        cases.contains("T03:30:00+02:00,2024-03-31,2024-03-31T05:30:00+02:00,breached,met,1,no,"),
        "{cases}"
    );
    let arguments =
        ["due", "2024-03-31T01:30", "--control", "permit", "--rulebook", "regler.toml", "--format", "json"];
    let answer: Value = serde_json::from_str(&workspace.frist(&arguments).success().stdout).expect("JSON");
    assert_eq!(answer["due_reference"], "2024-03-31T05:30:00+02:00");
    assert!(
        answer["steps"]
            .as_array()
            .expect("steps")
            .iter()
            .any(|step| { step.as_str().is_some_and(|step| step.contains("2 timmar senare")) })
    );
}

#[test]
fn days_before_the_calendar_are_read_where_a_rule_covers_them() {
    let rows = "Ärendenr;Inkommen;Beslutad\n1;1930-01-01;1930-02-26\n2;1958-05-09;1958-07-05\n3;1929-12-31;1930-02-01\n";
    let old = |roll: &str| {
        let rule = format!("method = \"8 weeks\"\nroll = \"{roll}\"");
        Workspace::new()
            .file("a.csv", rows)
            .file("regler.toml", permits(&rule, ONE_LAW))
            .file("frist.toml", "as_of = 1960-12-31\nperiod = \"year\"\nrulebook = \"regler.toml\"\n")
    };
    let workspace = old("none");
    let results = workspace.results(&["--cases"]);
    assert_eq!((&results["inputs"][0]["counted"], &results["inputs"][0]["rejected"]), (&json!(2), &json!(1)));
    let periods = results["controls"][0]["periods"].as_array().expect("periods");
    assert_eq!((&periods[0]["period"], &periods[0]["deviations"]), (&json!("1930"), &json!(0)));
    let late = periods.iter().find(|period| period["period"] == "1958").expect("the year");
    assert_eq!(
        (&late["cases"], &late["deviations"], &late["rolled_deviations"]),
        (&json!(1), &json!(1), &json!(1))
    );
    assert!(workspace.read("reports/data/cases.csv").contains("1958-07-04,1958-07-04,"));
    // A Sunday's roll is not known then.
    let outcome = old("next-weekday").frist(&["check", "."]);
    assert!(outcome.stdout.contains("no-calendar (avvisad), 2"), "{}", outcome.stdout);
    let due = ["due", "1958-05-09", "--control", "permit", "--rulebook", "regler.toml"];
    let answer = old("none").frist(&due).success();
    assert!(answer.stdout.contains("4 juli 1958") && answer.stdout.contains("1970"), "{}", answer.stdout);
    old("next-weekday").frist(&due).failure(2, &["1970"]);
}
