//! Cases grouped by any column, by two at a time, and small groups combined.

use serde_json::{Value, json};

use crate::workspace::Workspace;

const EXPORT: &str = "Ärendenr;Utredning inledd;Utredning avslutad;Enhet;Kön;Ålder\n\
    1;2024-01-10;2024-05-10;Norr;Flicka;0–6\n\
    2;2024-01-10;2024-05-11;Norr;Pojke;7–12\n\
    3;2024-01-10;2024-05-11;Söder;Flicka;7–12\n\
    4;2024-01-10;2024-05-10;Väst;Pojke;0–6\n\
    5;2024-01-10;2024-05-12;Öst;Pojke;7–12\n\
    6;2024-01-10;2024-05-12;Öst;;7–12\n";

fn workspace() -> Workspace {
    Workspace::new().file("a.csv", EXPORT)
}

/// Name, cases and deviations of the groups of a grouping in the last period.
fn groups(grouping: &Value) -> Vec<(String, Value, Value)> {
    let groups = grouping["groups"].as_array().expect("groups").iter();
    let last =
        |group: &Value| group["periods"].as_array().expect("periods").last().expect("a period").clone();
    let name = |group: &Value| match group["combined"].as_u64() {
        Some(0) => group["name"].as_str().expect("a name").to_owned(),
        combined => format!("{} together", combined.expect("a number")),
    };
    groups
        .map(|group| (name(group), last(group)["cases"].clone(), last(group)["deviations"].clone()))
        .collect()
}

fn row(name: &str, cases: u64, deviations: u64) -> (String, Value, Value) {
    (name.to_owned(), json!(cases), json!(deviations))
}

#[test]
fn any_column_groups_the_cases_and_two_are_crossed() {
    let arguments = ["--as-of", "2024-08-31", "--group", "kön", "--subgroup", "Ålder"];
    let results = workspace().results(&arguments);
    let control = &results["controls"][0];
    assert_eq!(control["groupings"][0]["column"], "Kön");
    assert_eq!(groups(&control["groupings"][0]), [row("", 1, 1), row("Flicka", 2, 1), row("Pojke", 3, 2)]);
    assert_eq!(groups(&control["groupings"][1]), [row("0–6", 2, 0), row("7–12", 4, 4)]);
    let cells: Vec<(&str, &str, u64, u64)> = control["cross"]["cells"]
        .as_array()
        .expect("cells")
        .iter()
        .map(|cell| {
            let text = |key: &str| cell[key].as_str().expect("a text");
            let number = |key: &str| cell[key].as_u64().expect("a number");
            (text("group"), text("subgroup"), number("cases"), number("deviations"))
        })
        .collect();
    assert_eq!(
        cells,
        [
            ("", "7–12", 1, 1),
            ("Flicka", "0–6", 1, 0),
            ("Flicka", "7–12", 1, 1),
            ("Pojke", "0–6", 1, 0),
            ("Pojke", "7–12", 2, 2)
        ]
    );
}

#[test]
fn a_project_file_can_name_both_columns() {
    let project = "as_of = 2024-08-31\n[[source]]\nfiles = [\"a.csv\"]\n\
                   columns = { group = \"Enhet\", subgroup = \"Kön\" }\n";
    let results = workspace().file("frist.toml", project).results(&[]);
    let groupings = results["controls"][0]["groupings"].as_array().expect("groupings");
    assert_eq!((&groupings[0]["column"], &groupings[1]["column"]), (&json!("Enhet"), &json!("Kön")));
}

#[test]
fn small_groups_are_taken_together_and_stand_last() {
    let results = workspace().results(&["--as-of", "2024-08-31", "--smallest-group", "2"]);
    let grouping = &results["controls"][0]["groupings"][0];
    assert_eq!(groups(grouping), [row("Norr", 2, 1), row("Öst", 2, 2), row("2 together", 2, 1)]);
    // Combining one small group alone would only hide its name.
    let one = "Ärendenr;Utredning inledd;Utredning avslutad;Enhet\n1;2024-01-10;2024-05-10;Norr\n\
               2;2024-01-10;2024-05-10;Norr\n3;2024-01-10;2024-05-10;Syd\n";
    let results =
        Workspace::new().file("a.csv", one).results(&["--as-of", "2024-08-31", "--smallest-group", "2"]);
    assert_eq!(groups(&results["controls"][0]["groupings"][0]), [row("Norr", 2, 0), row("Syd", 1, 0)]);
}

#[test]
fn a_column_that_no_file_has_is_refused_and_one_that_some_lack_is_told() {
    let refused = workspace().frist(&["run", ".", "--as-of", "2024-08-31", "--group", "Könn"]);
    let refused = refused.failure(65, &["--group saknas", "Kommandot anger ”Könn”", "Menade du ”Kön”?"]);
    assert!(!refused.stderr.contains("frist.toml"), "{}", refused.stderr);
    let both = ["run", ".", "--as-of", "2024-08-31", "--group", "Kön", "--subgroup", "Åldr"];
    workspace().frist(&both).failure(65, &["--subgroup saknas", "Kommandot anger ”Åldr”"]);
    let project = "[[source]]\nfiles = [\"a.csv\"]\ncolumns = { group = \"Könn\" }\n";
    let refused = workspace().file("frist.toml", project).frist(&["run", ".", "--as-of", "2024-08-31"]);
    refused.failure(65, &["I projektfilen heter den ”Könn”", "columns = { group"]);
    let other = "Ärendenr;Anmälan inkom;Förhandsbedömning klar\nF1;2024-05-01;2024-05-10\n";
    let told = workspace()
        .file("b.csv", other)
        .frist(&["run", ".", "--as-of", "2024-08-31", "--group", "Kön"])
        .success();
    assert!(told.stderr.contains("saknas i b.csv"), "{}", told.stderr);
}

#[test]
fn no_person_becomes_a_group() {
    let export = "Ärendenr;Utredning inledd;Utredning avslutad;Barn\n1;2024-01-10;2024-05-10;20140203-2386\n";
    let workspace = Workspace::new().file("a.csv", export);
    workspace.results(&["--as-of", "2024-08-31", "--group", "Barn"]);
    assert!(workspace.read("reports/data/faults.csv").contains("person-in-unit"));
    for name in ["data/results.json", "report.html", "data/facts.csv", "data/tally.csv", "data/faults.csv"] {
        assert!(!workspace.read(&format!("reports/{name}")).contains("2386"), "{name}");
    }
}

#[test]
fn the_three_cohorts_add_up_to_the_same_cases() {
    let workspace = Workspace::new().file(
        "a.csv",
        "Utredning inledd;Utredning avslutad\n2024-01-10;2024-05-01\n2024-02-10;\n2024-07-10;\n2024-01-10;2024-06-01\n",
    );
    let arguments = ["compare", ".", "--as-of", "2024-08-31", "--cohorts", "--format", "json"];
    let tables: Value = serde_json::from_str(&workspace.frist(&arguments).success().stdout).expect("JSON");
    let rows = |kind: &str| tables[kind].as_array().expect("rows").clone();
    let of = |row: &Value, keys: &[&str]| keys.iter().map(|key| row[key].clone()).collect::<Value>();
    let counts = ["cohort", "cases", "deviations"];
    let conventions = rows("conventions");
    let [.., closed, due, started] = conventions.as_slice() else { panic!("three cohorts") };
    // Closed: one of two late. Due in T2: 2024-05-10 twice, 2024-06-10 open. Started: one, not due yet.
    assert_eq!(of(closed, &counts), json!(["closed", 2, 1]));
    assert_eq!(of(due, &counts), json!(["due", 3, 2]));
    assert_eq!(of(started, &counts), json!(["started", 0, 0]));
    assert_eq!(of(started, &["share", "undetermined", "lowest", "highest"]), json!([null, 1, 0.0, 1.0]));
    let totals: Vec<Value> = rows("case_list").iter().map(|row| row["all_cases"].clone()).collect();
    assert_eq!(totals, [4, 4, 4]);
    workspace.frist(&["compare", ".", "--cohorts", "--method", "4 months"]).failure(2, &["--cohorts"]);
}

#[test]
fn a_column_that_singles_people_out_is_refused() {
    for heading in ["Ärendenr", "Utredning inledd"] {
        let refused = workspace().frist(&["run", ".", "--as-of", "2024-08-31", "--group", heading]);
        refused.failure(65, &[heading, "kan inte vara indelning"]);
    }
    let twice = ["run", ".", "--as-of", "2024-08-31", "--group", "Kön", "--subgroup", "Kön"];
    workspace().frist(&twice).failure(65, &["kan inte vara indelning"]);
    let rows: String = (0..120)
        .map(|number| format!("{number};2024-01-10;2024-05-10;Förnamn{number} Efternamn\n"))
        .collect();
    let names = format!("Ärendenr;Utredning inledd;Utredning avslutad;Barnets namn\n{rows}");
    let workspace = Workspace::new().file("a.csv", names);
    let refused = workspace.frist(&["run", ".", "--as-of", "2024-08-31", "--group", "Barnets namn"]);
    refused.failure(65, &["Barnets namn", "kan inte vara indelning"]);
    assert!(!workspace.path("reports").exists(), "nothing was written");
}

/// An export in which each case has a unit of its own.
pub fn export_of_units(units: usize) -> String {
    let rows: String =
        (0..units).map(|number| format!("{number};2024-01-10;2024-05-10;Enhet {number}\n")).collect();
    format!("Ärendenr;Utredning inledd;Utredning avslutad;Enhet\n{rows}")
}

#[test]
fn more_groups_than_there_are_units_are_refused_while_they_are_read() {
    let run = |export: String, threads: &str| {
        let workspace = Workspace::new().file("a.csv", export);
        workspace.frist(&["run", ".", "--as-of", "2024-08-31", "--threads", threads])
    };
    for threads in ["1", "2", "16"] {
        // The empty cell is a group too.
        let one_empty = export_of_units(5_000) + "x;2024-01-10;2024-05-10;\n";
        run(one_empty, threads).failure(65, &["too-many-groups", "a.csv", "”Enhet”"]);
        run(export_of_units(20_000), threads).failure(65, &["too-many-groups"]);
        // As many as a run can have; here each is on one row, which is why it is refused.
        run(export_of_units(5_000), threads).failure(65, &["unsuitable-group"]);
    }
    // None of many persons in the column of units becomes a group.
    let person = |number: u32| {
        let (year, month, day) = (2000 + number / 336, 1 + number / 28 % 12, 1 + number % 28);
        format!("{number};2024-01-10;2024-05-10;{year}{month:02}{day:02}-{:04}\n", 1_000 + number % 9_000)
    };
    let persons: String = (0..5_200).map(person).collect();
    let told = run(format!("Ärendenr;Utredning inledd;Utredning avslutad;Enhet\n{persons}"), "2");
    assert!(!told.stderr.contains("too-many-groups"), "{}", told.stderr);
}

#[test]
fn spellings_and_files_share_their_groups() {
    // The same two units in four files, each in many spellings: two groups in all.
    let mut workspace = Workspace::new();
    for file in 0..4 {
        let rows: String = (0..3_000)
            .map(|row| {
                let blanks = " ".repeat(row % 40);
                format!("{file}-{row};2024-01-10;2024-05-10;Enhet{blanks} {}\n", row % 2)
            })
            .collect();
        let name = format!("{file}.csv");
        workspace =
            workspace.file(&name, format!("Ärendenr;Utredning inledd;Utredning avslutad;Enhet\n{rows}"));
    }
    let results = workspace.results(&["--as-of", "2024-08-31"]);
    let units = groups(&results["controls"][0]["groupings"][0]);
    assert_eq!(units, [row("Enhet 0", 6_000, 0), row("Enhet 1", 6_000, 0)]);
}

#[test]
fn steps_outside_the_series_are_told() {
    let project = "as_of = 2024-08-31\n[[source]]\nfiles = [\"a.csv\"]\n\
                   [[control]]\nid = \"child-investigation\"\nfreeze = \"2030-01\"\n\
                   [[rebase]]\ncontrol = \"child-investigation\"\nfrom = \"1990-01\"\nreason = \"r\"\n";
    let told = workspace().file("frist.toml", project).frist(&["run", "."]).success();
    assert!(
        told.stderr.contains("steget 1990-01") && told.stderr.contains("frysas 2030-01"),
        "{}",
        told.stderr
    );
}

#[test]
fn a_note_stands_in_the_trend_and_moves_no_limits() {
    let project = |notes: &str| format!("as_of = 2024-08-31\n[[source]]\nfiles = [\"a.csv\"]\n{notes}");
    let note = |at: &str, text: &str| {
        format!("[[note]]\ncontrol = \"child-investigation\"\nat = \"{at}\"\ntext = \"{text}\"\n")
    };
    let run = |notes: &str| {
        let workspace = workspace().file("frist.toml", project(notes));
        let outcome = workspace.frist(&["run", ".", "--forms", "html,md"]).success();
        let mut trend = workspace.json("reports/data/results.json")["controls"][0]["trend"].take();
        (outcome.stderr, trend["notes"].take(), trend, workspace.read("reports/report.html"))
    };
    let (told, none, plain, _) = run("");
    assert!(!told.contains("noteringen") && none.is_null());
    let last =
        plain["points"].as_array().and_then(|points| points.last()).expect("a point")["period"].clone();
    let at = last.as_str().expect("a period");
    let (told, notes, trend, page) = run(&(note(at, "Ny handläggare") + &note("1990-01", "Före")));
    assert_eq!(notes, serde_json::json!([{ "at": at, "text": "Ny handläggare" }]));
    assert_eq!(trend, plain);
    assert!(told.contains("noteringen 1990-01"), "{told}");
    assert!(page.contains("Ny handläggare"));
}

#[test]
fn a_note_on_a_person_is_not_written() {
    let project = "as_of = 2024-08-31\n[[source]]\nfiles = [\"a.csv\"]\n[[note]]\n\
                   control = \"child-investigation\"\nat = \"2024-08\"\ntext = \"Akt 19121212-1212\"\n";
    let rows: String =
        (1..=60).map(|row| format!("{row};2024-04-{:02};2024-08-20;Norr\n", row % 28 + 1)).collect();
    let export = format!("Ärendenr;Utredning inledd;Utredning avslutad;Enhet\n{rows}");
    let workspace = Workspace::new().file("a.csv", export).file("frist.toml", project);
    for edition in ["internal", "published"] {
        let failed = workspace.frist(&["run", ".", "--edition", edition]);
        failed.failure(65, &["personal-number-in-output"]);
    }
}

/// A unit of which no case has begun stands nowhere, wherever its rows stand; nor does its spelling count.
#[test]
fn the_order_of_rows_changes_nothing() {
    let (headings, rows) = EXPORT.split_once('\n').expect("headings");
    let later =
        ["7;2024-09-02;;Nyöppnad;Pojke;0–6", "8;2024-09-02;;NORR;Flicka;0–6", "9;2024-09-03;;NORR;Pojke;0–6"];
    let rows: Vec<&str> = rows.lines().chain(later).collect();
    let told = |rows: &[&str]| {
        let workspace = Workspace::new().file("a.csv", format!("{headings}\n{}\n", rows.join("\n")));
        let arguments = ["--as-of", "2024-08-31", "--group", "Enhet", "--subgroup", "Kön", "--forms", "md"];
        let mut results = workspace.results(&arguments);
        // The file is another one.
        results["inputs"][0]["sha256"] = Value::Null;
        let files = ["report.md", "data/tally.csv", "data/facts.csv"];
        (results, files.map(|name| workspace.read(&format!("reports/{name}"))))
    };
    let first = told(&rows);
    assert!(!first.1.concat().contains("Nyöppnad") && !first.1.concat().contains("NORR"));
    for turn in 1..rows.len() {
        let mut rows = rows.clone();
        rows.rotate_left(turn);
        assert_eq!(told(&rows), first, "{turn} rows on");
        rows.reverse();
        assert_eq!(told(&rows), first, "{turn} rows on, backwards");
    }
}
