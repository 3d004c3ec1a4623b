//! A plan of internal control and a list of risks without an export: the documents that can be made without cases.

use crate::workspace::{ALL_FORMS, HEADINGS, Workspace};
use serde_json::json;

const PLAN: &str = r#"
[[area]]
name = "Metoder"
aim = "Rättssäkerhet."
[[area.risk_point]]
name = "Utredningar i tid"
risk = "14"
[[area.risk_point.control_point]]
name = "Utredningstider"
department = "Barn och vuxna"
frequency = ["April", "Augusti", "december"]
method = "Alla avslutade utredningar."
status = "Ej påbörjad"
[[area.risk_point.control_point.result]]
control = "child-investigation"
target = 0.0
severe_at = 0.2
[[area.risk_point]]
name = "Krisberedskap"
[[area.risk_point.control_point]]
name = "Kontinuitetsplaner"
department = "Stöd"
frequency = ["AUGUST"]
method = "Räkning."
status = "Påbörjad"
severity = "Mindre allvarlig avvikelse"
severity_reason = "Planerna är utkast."
[[area.risk_point.control_point.result]]
name = "Utan avtal"
count = 1
of = 12
"#;

const RISKS: &str = "Nr;Risk;Sannolikhet;Konsekvens;Följer plan\n\
                     1;Handlingar till fel person;2;4;Ja\n\
                     14;Utredningar blir inte klara;2;3;\n";

const AS_OF: [&str; 2] = ["--as-of", "2025-04-30"];

fn run<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&["run", "."], &AS_OF[..], more].concat()
}

/// The names of the documents of a report, sorted.
fn documents(workspace: &Workspace) -> Vec<String> {
    let mut names = workspace.names_in("reports");
    names.retain(|name| name != "manifest.json");
    names.sort();
    names
}

fn named(document: &str) -> Vec<String> {
    let mut names: Vec<String> = ALL_FORMS.split(',').map(|form| format!("{document}.{form}")).collect();
    names.sort();
    names
}

/// A file with plain blanks.
fn text(workspace: &Workspace, name: &str) -> String {
    workspace.read(name).replace('\u{a0}', " ")
}

/// Nothing of a document or its data speaks of cases.
fn assert_no_cases(workspace: &Workspace, document: &str) {
    let results = workspace.json("reports/data/results.json");
    assert_eq!((&results["controls"], &results["inputs"]), (&json!([]), &json!([])));
    assert_eq!(results["as_of"], "2025-04-30");
    assert_eq!(workspace.names_in("reports/data"), ["results.json"]);
    assert!(workspace.json("reports/manifest.json").get("tally").is_none());
    let text = text(workspace, &format!("reports/{document}.md"));
    for word in ["ärende", "Ärende", "Andelarna", "tidskontroll", "Avstämning", "2100"] {
        assert!(!text.contains(word), "{word} in {text}");
    }
    assert!(text.contains("Läget den 30 april 2025."), "{text}");
    workspace.frist(&["verify", "reports"]).success();
}

#[test]
fn a_list_of_risks_alone_gives_its_follow_up_and_nothing_else() {
    let workspace = Workspace::new().file("risks.csv", RISKS);
    let outcome = workspace.frist(&run(&["--forms", ALL_FORMS])).success();
    assert!(outcome.stderr.contains("risks.html") && !outcome.stderr.contains("report.html"));
    assert!(outcome.stdout.starts_with("Bruttolistan innehåller 2 risker."), "{}", outcome.stdout);
    assert_eq!(documents(&workspace), named("risks"));
    assert_no_cases(&workspace, "risks");
}

#[test]
fn a_plan_alone_gives_the_report_with_grades_by_people_alone() {
    let workspace = Workspace::new().file("internal-control.toml", PLAN);
    let outcome = workspace.frist(&run(&["--forms", ALL_FORMS])).success();
    let summary = "Planen har två riskpunkter: en med mindre allvarlig avvikelse och en utan bedömning.\n";
    assert_eq!(outcome.stdout, summary);
    assert_eq!(documents(&workspace), named("report"));
    let results = workspace.json("reports/data/results.json");
    let points = &results["internal_control"]["control_points"];
    assert_eq!((&points[0]["severity"], &points[0]["status"]), (&json!(null), &json!("not-begun")));
    assert_eq!((&points[1]["severity"], &points[1]["status"]), (&json!("minor"), &json!("begun")));
    let page = workspace.read("reports/report.html");
    assert!(
        page.contains("Barn- och ungdomsutredningar: det finns inget uttag.") && page.contains("Ej bedömd")
    );
    assert!(
        page.contains("Internkontrollrapport per april 2025") && page.contains("April, augusti, december")
    );
    for id in ["controls", "rule_child-investigation", "quality", "conventions", "risk-register"] {
        assert!(!page.contains(&format!("id=\"{id}\"")), "{id}");
    }
    for element in ["<ul>\n</ul>", "<ul></ul>", "<tbody></tbody>"] {
        assert!(!page.contains(element), "{element}");
    }
}

#[test]
fn both_give_both_in_either_edition_and_language() {
    let workspace = Workspace::new().file("risks.csv", RISKS).file("internal-control.toml", PLAN);
    workspace.write("frist.toml", "as_of = 2025-04-30\norganisation = \"Nämnden\"\n");
    workspace.frist(&["run", ".", "--forms", "html,md"]).success();
    assert_eq!(documents(&workspace), ["report.html", "report.md", "risks.html", "risks.md"]);
    assert_no_cases(&workspace, "risks");
    let report = text(&workspace, "reports/report.html");
    assert!(report.contains("href=\"risks.html#risk_2\"") && report.contains("1 av 12"));
    let published = ["run", ".", "--forms", "md", "--lang", "en", "--edition", "published", "--out", "webb"];
    workspace.frist(&published).success();
    let report = text(&workspace, "webb/report.md");
    assert!(report.contains("there is no export") && report.contains("Utan avtal: hidden"), "{report}");
    assert!(!report.contains("1 of 12") && !report.contains("1 av 12"), "{report}");
    workspace.frist(&["verify", "webb"]).success();
    // And another after it.
    let after = [&published[..8], &["--published-before", "webb"]].concat();
    workspace.frist(&after).success();
}

#[test]
fn the_same_lists_give_the_same_bytes() {
    let workspace = Workspace::new().file("risks.csv", RISKS).file("internal-control.toml", PLAN);
    for (threads, out) in [("1", "one"), ("3", "other")] {
        workspace.frist(&run(&["--forms", ALL_FORMS, "--threads", threads, "--out", out])).success();
    }
    assert_eq!(workspace.read("one/manifest.json"), workspace.read("other/manifest.json"));
}

/// Nothing says which day they are of, and nobody asks the clock.
#[test]
fn without_an_as_of_date_nothing_is_written() {
    let workspace = Workspace::new().file("risks.csv", RISKS);
    workspace.frist(&["run", "."]).failure(2, &["Det finns inga uttag", "--as-of"]);
    workspace.frist(&["check", "."]).failure(2, &["--as-of"]);
    assert_eq!(workspace.names(), ["risks.csv"]);
}

#[test]
fn check_says_what_was_found() {
    let workspace = Workspace::new().file("risks.csv", RISKS).file("internal-control.toml", PLAN);
    let outcome = workspace.frist(&["check", ".", "--as-of", "2025-04-30"]).success();
    assert!(outcome.stdout.starts_with("Planen har två riskpunkter"), "{}", outcome.stdout);
    assert!(outcome.stdout.contains("\nBruttolistan innehåller 2 risker."), "{}", outcome.stdout);
}

/// What should have been an export is not passed over for a report without cases.
#[test]
fn exports_that_cannot_be_used_are_still_refused() {
    let lists = || Workspace::new().file("risks.csv", RISKS).file("internal-control.toml", PLAN);
    let refused = |workspace: &Workspace, code, says: &[&str]| {
        workspace.frist(&run(&[])).failure(code, says);
        assert!(!workspace.path("reports").exists());
    };
    refused(&lists().file("uttag.csv", "Kol1;Kol2\n1;2\n"), 65, &["uttag.csv"]);
    refused(&lists().file("utredningar.csv", HEADINGS), 65, &["utredningar.csv"]);
    refused(&lists().file("utredningar.xlsx", "no workbook"), 65, &["utredningar.xlsx"]);
    let sources = "[[source]]\nfiles = [\"utredningar*.csv\"]\n";
    refused(&lists().file("frist.toml", sources), 78, &["utredningar*.csv"]);
    refused(&Workspace::new().file("frist.toml", "[report]\nplan = \"plan.toml\"\n"), 74, &["plan.toml"]);
}

#[test]
fn a_folder_with_nothing_to_report_is_refused() {
    let says = ["no-exports", "internal-control.toml", "risks.csv"];
    Workspace::new().frist(&run(&[])).failure(65, &says);
    // Settings for risks that are not there.
    let settings = Workspace::new().file("internal-control.toml", "[risks]\nscale = 5\n");
    settings.frist(&run(&[])).failure(65, &["no-exports"]);
    let empty = Workspace::new().file("risks.csv", "Nr;Risk;Riskvärde\n");
    empty.frist(&run(&[])).failure(65, &["no-exports"]);
}

#[test]
fn commands_that_need_cases_are_refused() {
    let workspace = Workspace::new().file("risks.csv", RISKS).file("internal-control.toml", PLAN);
    let commands: [&[&str]; 6] = [
        &["open", "."],
        &["compare", "."],
        &["cases", ".", "--out", "cases.csv"],
        &["tally", ".", "--out", "tally"],
        &["run", ".", "--cases"],
        &["run", ".", "--group", "Enhet"],
    ];
    for command in commands {
        workspace.frist(&[command, &AS_OF[..]].concat()).failure(65, &["no-exports"]);
    }
    workspace.frist(&["init", "."]).failure(65, &["no-exports"]);
    assert_eq!(workspace.names(), ["internal-control.toml", "risks.csv"]);
}

/// Missing keys, unknown words and numbers that do not fit, with their lines.
#[test]
fn everything_that_is_wrong_with_a_plan_is_said_at_once() {
    let plan = PLAN
        .replace("department = \"Stöd\"\n", "")
        .replace("\"Augusti\"", "\"agusti\"")
        .replace("\"Påbörjad\"", "\"igång\"")
        .replace("count = 1\n", "count = 13\n");
    let workspace = Workspace::new().file("internal-control.toml", plan);
    let says = ["department", "agusti", "igång", "internal-control.toml:11:", "internal-control.toml:29:"];
    workspace.frist(&["check", ".", "--as-of", "2025-04-30"]).failure(78, &says);
    workspace.frist(&run(&[])).failure(78, &["agusti"]);
}
