//! The report folder: what is in it, that it is whole, and that the same input gives the same bytes.

use std::fs;

use crate::workspace::{ALL_FORMS, HEADINGS, Workspace, last_period};
use serde_json::json;

const ROWS: &str =
    "1;2023-12-10;2024-04-01\n2;2024-01-10;2024-05-11\n3;2024-01-10;2024-06-01\n4;2024-05-20;\n";

fn workspace() -> Workspace {
    Workspace::new().file("a.csv", format!("{HEADINGS}{ROWS}"))
}

#[test]
fn the_folder_holds_what_the_contract_says() {
    let workspace = workspace();
    workspace.results(&["--as-of", "2024-08-31", "--cases", "--forms", ALL_FORMS]);
    let mut names: Vec<String> = fs::read_dir(workspace.path("reports"))
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    assert_eq!(
        names,
        [
            "cases.csv",
            "charts",
            "facts.csv",
            "faults.csv",
            "manifest.json",
            "report.docx",
            "report.html",
            "report.md",
            "report.pdf",
            "report.xlsx",
            "results.json",
            "tally.csv"
        ]
    );
    let verified = workspace.frist(&["verify", "reports"]).success();
    assert!(verified.stdout.contains("hel och oförändrad"));
    workspace.write("reports/tally.csv", "x");
    workspace.frist(&["verify", "reports"]).failure(1, &["tally.csv"]);
}

#[test]
fn the_same_input_gives_the_same_bytes_on_any_number_of_threads() {
    let rows: String = (0..60_000)
        .map(|number| {
            let day = number % 28 + 1;
            format!(
                "N{number};2023-{:02}-{day:02};2024-{:02}-{day:02};Enhet {}\n",
                number % 12 + 1,
                number % 8 + 1,
                number % 7
            )
        })
        .collect();
    let workspace =
        Workspace::new().file("a.csv", format!("Ärendenr;Utredning inledd;Utredning avslutad;Enhet\n{rows}"));
    let files = ["results.json", "facts.csv", "tally.csv", "faults.csv", "manifest.json", "report.html", "cases.csv"];
    let read = |out: &str| files.map(|file| workspace.read(&format!("{out}/{file}")));
    for threads in ["1", "2", "7"] {
        let out = format!("out{threads}");
        let arguments =
            ["run", "a.csv", "--as-of", "2024-08-31", "--cases", "--threads", threads, "--out", &out];
        workspace.frist(&arguments).success();
    }
    assert_eq!(read("out1"), read("out2"));
    assert_eq!(read("out1"), read("out7"));
}

#[test]
fn periods_are_listed_from_the_first_case_to_the_as_of_date() {
    let results = workspace().results(&["--as-of", "2024-10-15", "--period", "month"]);
    let periods = results["controls"][0]["periods"].as_array().expect("periods");
    let names: Vec<&str> = periods.iter().map(|period| period["period"].as_str().expect("a name")).collect();
    assert_eq!(names, ["2024-04", "2024-05", "2024-06", "2024-07", "2024-08", "2024-09", "2024-10"]);
    // A month without cases has no share; the last one is not over.
    assert_eq!(
        (&periods[3]["cases"], &periods[3]["share"], &periods[3]["ci95"]),
        (&json!(0), &json!(null), &json!(null))
    );
    assert_eq!((&periods[5]["complete"], &periods[6]["complete"]), (&json!(true), &json!(false)));
    // The case of 20 May was due on 20 September.
    assert_eq!((&periods[4]["open_overdue"], &periods[5]["open_overdue"]), (&json!(0), &json!(1)));
}

#[test]
fn published_figures_stand_for_periods_whose_cases_are_gone() {
    let project = r#"
        as_of = 2024-08-31
        [[source]]
        control = "child-investigation"
        files = ["a.csv"]
        [[published]]
        control = "child-investigation"
        period = "2023-T2"
        cases = 200
        deviations = 50
        method = "4 months"
        source = "x"
        [[published]]
        control = "child-investigation"
        period = "2023-T3"
        share = 0.4
        method = "120 days"
        source = "y"
    "#;
    let results = workspace().file("frist.toml", project).results(&[]);
    let periods = results["controls"][0]["periods"].as_array().expect("periods");
    assert_eq!(
        (&periods[0]["period"], &periods[0]["share"], &periods[0]["source"]),
        (&json!("2023-T2"), &json!(0.25), &json!("published"))
    );
    assert_eq!(
        (&periods[1]["share"], &periods[1]["cases"], &periods[1]["ci95"]),
        (&json!(0.4), &json!(null), &json!(null))
    );
    // A figure by 120 days says nothing of the change to one by four months; one by four months does.
    assert_eq!((&periods[2]["change_pp"], &periods[2]["change_ci95"]), (&json!(null), &json!(null)));
    assert_eq!(periods[1]["published_method"], "120 days");
    assert_eq!((&periods[1]["open_overdue"], &periods[1]["change_pp"]), (&json!(null), &json!(null)));
    let lawful = project.replace("120 days", "4 months");
    let results = workspace().file("frist.toml", lawful).results(&[]);
    let periods = results["controls"][0]["periods"].as_array().expect("periods");
    assert_eq!((&periods[1]["change_pp"], &periods[1]["change_ci95"]), (&json!(15.0), &json!(null)));
    assert_eq!(periods[2]["change_pp"], json!(-40.0));
}

#[test]
fn cohorts_tie_a_case_to_its_own_period() {
    let with = |cohort: &str| {
        let project =
            format!("as_of = 2024-08-31\n[[control]]\nid = \"child-investigation\"\ncohort = \"{cohort}\"\n");
        workspace().file("frist.toml", project).results(&[])
    };
    let (closed, due, started) = (with("closed"), with("due"), with("started"));
    let counts = |results: &serde_json::Value| {
        let last = last_period(results, "child-investigation");
        (last["cases"].clone(), last["deviations"].clone(), last["undetermined"].clone())
    };
    assert_eq!(counts(&closed), (json!(2), json!(2), json!(0)));
    assert_eq!(counts(&due), (json!(2), json!(2), json!(0)));
    assert_eq!(counts(&started), (json!(0), json!(0), json!(1)));
    assert_eq!(due["controls"][0]["later"], 1);
}

#[test]
fn the_rolled_reading_is_counted_beside_the_lawful_one() {
    // Due on Saturday 11 May 2024; closed on Monday 13 May.
    let workspace = Workspace::new().file("a.csv", format!("{HEADINGS}1;2024-01-11;2024-05-13\n"));
    let results = workspace.results(&["--as-of", "2024-08-31"]);
    let last = last_period(&results, "child-investigation");
    assert_eq!((&last["deviations"], &last["rolled_deviations"]), (&json!(1), &json!(0)));
    workspace.write(
        "frist.toml",
        "as_of = 2024-08-31\n[[control]]\nid = \"child-investigation\"\nroll = \"next-weekday\"\n",
    );
    let results = workspace.results(&[]);
    assert_eq!(last_period(&results, "child-investigation")["deviations"], 0);
}

#[test]
fn the_page_is_whole_and_escaped() {
    let rows = "Ärendenr;Utredning inledd;Utredning avslutad;Enhet\n1;2024-01-10;2024-05-01;<script>alert(1)</script>\n";
    let workspace = Workspace::new().file("a.csv", rows);
    workspace.results(&["--as-of", "2024-08-31"]);
    let page = workspace.read("reports/report.html");
    assert!(page.contains("&lt;script&gt;alert(1)"), "the group is shown");
    // The page's own script sorts tables; no other may run.
    assert_eq!(page.matches("<script").count(), 1);
    let policy = "default-src 'none'; style-src 'sha256-";
    assert!(page.contains(&policy.replace('\'', "&#x27;")), "the policy");
    assert!(page.contains("<html lang=\"sv\">"));
    // Each chart wide and for a column, its data and its name in the folder.
    let charts = workspace.names_in("reports/charts");
    let wide = charts.iter().filter(|name| name.ends_with(".svg") && !name.ends_with("-column.svg"));
    assert_eq!(page.matches("<svg").count(), wide.count() * 2);
    assert!(charts.contains(&"child-investigation-trend.csv".to_owned()), "{charts:?}");
    let english = Workspace::new().file("a.csv", rows);
    english.results(&["--as-of", "2024-08-31", "--lang", "en"]);
    assert!(english.read("reports/report.html").contains("<html lang=\"en\">"));
}

#[test]
fn tables_are_printed_for_people_and_machines() {
    let text = workspace().frist(&["run", ".", "--as-of", "2024-08-31"]).success().stdout;
    assert!(text.contains("Barn- och ungdomsutredningar") && text.contains("2 av 2"), "{text}");
    assert!(text.contains("Avstämning"), "{text}");
    let csv = workspace().frist(&["run", ".", "--as-of", "2024-08-31", "--format", "csv"]).success().stdout;
    assert!(csv.starts_with("control,cohort,method,period,from,to,complete,cases,"), "{csv}");
    assert!(
        csv.contains("child-investigation,closed,4 months,2024-T2,2024-05-01,2024-08-31,true,2,2,1.000000,"),
        "{csv}"
    );
    let json = workspace().frist(&["run", ".", "--as-of", "2024-08-31", "--format", "json"]).success().stdout;
    let results: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(results["schema"], "frist/results/1");
}
