//! From a figure of a report back to its cases.

use serde_json::Value;

use crate::workspace::{HEADINGS, Workspace};

/// Fifteen cases that closed in the second tertial of 2024, four of them late, and two that did not.
fn workspace() -> Workspace {
    let closed = |number: u32| {
        let end = if number < 4 { "2024-08-20" } else { "2024-05-05" };
        format!(
            "{number};2024-01-{:02};{end};{}\n",
            number + 10,
            if number.is_multiple_of(2) { "Norr" } else { "Söder" }
        )
    };
    let rows: String = (0..15).map(closed).collect();
    let others = "x;2024-08-01;;Norr\ny;2023-01-10;2023-03-01;Norr\n";
    let headings = HEADINGS.replace('\n', ";Enhet\n");
    Workspace::new().file("a.csv", format!("{headings}{rows}{others}"))
}

const AS_OF: [&str; 2] = ["--as-of", "2024-08-31"];

fn traced(workspace: &Workspace, more: &[&str]) -> (Vec<Value>, String) {
    let asked = ["trace", "reports", "child-investigation", "2024-T2", "--format", "json"];
    let outcome = workspace.frist(&[&asked, more].concat()).success();
    let tables: Value = serde_json::from_str(&outcome.stdout).expect("JSON");
    (tables["cases"].as_array().expect("cases").clone(), outcome.stderr)
}

#[test]
fn a_figure_is_traced_to_its_cases_with_or_without_a_case_list() {
    let workspace = workspace();
    workspace.frist(&["run", ".", AS_OF[0], AS_OF[1], "--cases"]).success();
    let (listed, said) = traced(&workspace, &[]);
    assert!(said.contains("Antalen är de som rapporten visar."), "{said}");
    assert_eq!(listed.len(), 15);
    let late = listed.iter().take_while(|case| case["outcome"] == "breached").count();
    assert_eq!(late, 4, "deviations stand first");
    // Every case is where the list says it is.
    let export = workspace.read("a.csv");
    for case in &listed {
        let line = case["line"].as_u64().expect("a line") as usize;
        let row = export.lines().nth(line - 1).expect("the line");
        let (number, start) =
            (case["case"].as_str().expect("a number"), case["start"].as_str().expect("a day"));
        assert!(row.starts_with(&format!("{number};{start};")) && case["file"] == "a.csv", "{case}: {row}");
    }
    workspace.frist(&["run", ".", AS_OF[0], AS_OF[1]]).success();
    assert_eq!(traced(&workspace, &["."]).0, listed);
    assert_eq!(traced(&workspace, &[]).0, listed, "the exports are looked for here");
    let (north, said) = traced(&workspace, &["--group", "Norr"]);
    assert_eq!(north.len(), 8);
    assert!(said.contains("Antalen är de som rapporten visar."), "{said}");
    let month = workspace.frist(&["trace", "reports", "child-investigation", "2024-08"]).success();
    assert!(month.stdout.contains("4 av 4") && month.stderr.contains("Antalen är de"), "{}", month.stdout);
}

/// Groups of either column, also where the command names the columns.
#[test]
fn groups_of_two_columns_are_traced_with_or_without_a_case_list() {
    let headings = HEADINGS.replace('\n', ";Enhet;Ålder\n");
    let row = |number: u32| {
        let unit = ["Norr", "Norr / Öst"][number as usize % 2];
        let age = ["0–6", "7–12", "13–17"][number as usize % 3];
        format!("{number};2024-01-{:02};2024-05-{:02};{unit};{age}\n", number % 28 + 1, number * 5 % 28 + 1)
    };
    let rows: String = (1..25).map(row).collect();
    let workspace = Workspace::new().file("a.csv", format!("{headings}{rows}"));
    let grouped = ["--group", "Enhet", "--subgroup", "Ålder"];
    for cases in [&["--cases"][..], &[]] {
        let run = ["run", "a.csv", AS_OF[0], AS_OF[1], "--smallest-group", "0"];
        workspace.frist(&[&run[..], &grouped, cases].concat()).success();
        for (group, count) in [("Norr", 12), ("Norr / Öst", 12), ("0–6", 8), ("13–17", 8)] {
            let (found, said) = traced(&workspace, &["a.csv", "--group", group]);
            assert_eq!(found.len(), count, "{group}");
            assert!(said.contains("Antalen är de som rapporten visar."), "{group}: {said}");
        }
    }
    // Of one column, a group is not taken for part of another.
    workspace
        .frist(&["run", "a.csv", AS_OF[0], AS_OF[1], "--smallest-group", "0", "--group", "Enhet"])
        .success();
    assert_eq!(traced(&workspace, &["a.csv", "--group", "Norr"]).0.len(), 12);
}

#[test]
fn what_cannot_be_traced_is_refused_with_what_there_is() {
    let workspace = workspace();
    workspace.frist(&["run", ".", AS_OF[0], AS_OF[1]]).success();
    let trace = |more: &[&str]| workspace.frist(&[&["trace", "reports"], more].concat());
    trace(&["child-investigations", "2024-T2"]).failure(2, &["child-investigation"]);
    trace(&["child-investigation", "2025-T2"]).failure(2, &["2024-T2"]);
    trace(&["child-investigation", "2024-T2", "--group", "Väster"]).failure(2, &["Norr, Söder"]);
    let other = workspace.read("a.csv").replace("2024-05-05", "2024-05-06");
    let workspace = workspace.file("b/a.csv", other);
    workspace
        .frist(&["trace", "reports", "child-investigation", "2024-T2", "b"])
        .failure(2, &["inte den fil som rapporten är gjord av"]);
    workspace.frist(&["run", "a.csv", AS_OF[0], AS_OF[1], "--edition", "published"]).success();
    workspace
        .frist(&["trace", "reports", "child-investigation", "2024-T2", "a.csv"])
        .failure(2, &["publicerad utgåva"]);
}

/// Cases that belong to the period of their due date, which 2 § moves over a holiday into the next.
#[test]
fn a_figure_by_due_dates_is_traced_by_the_lawful_ones() {
    let rows: String = (1..=28).map(|day| format!("{day};2023-12-{day:02};2024-05-10\n")).collect();
    let project = "[[control]]\nid = \"child-investigation\"\nroll = \"next-weekday\"\ncohort = \"due\"\n";
    let workspace = Workspace::new().file("a.csv", format!("{HEADINGS}{rows}")).file("frist.toml", project);
    workspace.frist(&["run", ".", AS_OF[0], AS_OF[1]]).success();
    for month in ["2024-04", "2024-T1"] {
        let outcome = workspace.frist(&["trace", "reports", "child-investigation", month]).success();
        assert!(outcome.stderr.contains("Antalen är de som rapporten visar."), "{}", outcome.stderr);
        assert!(outcome.stdout.contains("28 av 28"), "{}", outcome.stdout);
    }
}
