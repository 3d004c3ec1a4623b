//! The finished report: the plan of internal control and the list of risks, compared with the findings.

use crate::workspace::{ALL_FORMS, HEADINGS, Workspace};
use serde_json::{Value, json};

const PLAN: &str = r#"
background = """
Rapporten ingår i nämndens uppföljning.

- Lagar följs.
- Medel används rätt.
"""
[[area]]
name = "Metoder"
aim = "Rättssäkerhet."
[[area.risk_point]]
name = "Utredningar i tid"
risk = "14"
[[area.risk_point.control_point]]
name = "Utredningstider"
department = "Barn och vuxna"
frequency = ["april", "august", "december"]
method = "Alla avslutade utredningar."
status = "begun"
planned_action = """En handlingsplan
finns."""
[[area.risk_point.control_point.result]]
control = "child-investigation"
target = 0.05
severe_at = 0.20
[[area.risk_point]]
name = "Krisberedskap"
[[area.risk_point.control_point]]
name = "Kontinuitetsplaner"
department = "Stöd"
frequency = ["august"]
method = "Räkning."
status = "not-begun"
[[area.risk_point.control_point.result]]
name = "Processer med plan"
count = 8
of = 13
previous_count = 4
previous_of = 13
persons = false
[[area.risk_point.control_point.result]]
group = "Placeringar"
name = "Utan avtal"
count = 1
of = 12
"#;

const RISKS: &str = "Nr;Område;Risk;Sannolikhet;Konsekvens;Riskvärde;Följer plan;Kommentar\n\
                     1;A;Handlingar till fel person;2;4;8;Ja;Tas upp.\n\
                     2;A;Uppdragstagare;2;4;8;Nej;Försenat.\n\
                     14;B;Utredningar blir inte klara;2;3;6;;\n";

/// The cases of August are all that there are.
const PROJECT: &str = "organisation = \"Exempelnämnden\"\nas_of = 2024-08-31\n\
                       [[control]]\nid = \"child-investigation\"\ncases = \"all\"\n";

/// `late` of `cases` investigations late, closed in August 2024, with a plan and a list of risks.
fn workspace(late: u32, cases: u32) -> Workspace {
    exports(late, cases).file("internal-control.toml", PLAN).file("risks.csv", RISKS)
}

/// The same without plan and risks.
fn exports(late: u32, cases: u32) -> Workspace {
    let rows: String = (0..cases)
        .map(|number| {
            let start = if number < late { "2024-03-20" } else { "2024-05-20" };
            format!("{number};{start};2024-08-{:02}\n", number % 28 + 1)
        })
        .collect();
    Workspace::new().file("utredningar.csv", format!("{HEADINGS}{rows}")).file("frist.toml", PROJECT)
}

fn risk<'a>(results: &'a Value, id: &str) -> &'a Value {
    let risks = results["risks"]["risks"].as_array().expect("risks");
    risks.iter().find(|risk| risk["id"] == id).expect("the risk")
}

/// The chain of a share beyond its limit: control point, risk point, summary, list of risks.
#[test]
fn a_share_beyond_its_limit_is_followed_to_the_list_of_risks() {
    let workspace = workspace(40, 100);
    let results = workspace.results(&[]);
    let points = results["internal_control"]["control_points"].as_array().expect("points");
    assert_eq!((&points[0]["severity"], &points[0]["risk"]), (&json!("severe"), &json!("14")));
    assert_eq!(points[0]["results"][0]["grade"]["lowest"], "severe");
    let risk = risk(&results, "14");
    assert_eq!(
        (&risk["value"], &risk["proposed_value"], &risk["critical"]),
        (&json!(6), &json!(12), &json!(false))
    );
    assert_eq!(risk["candidate_because"], json!(["proposed", "severe"]));
    let page = workspace.read("reports/report.html");
    let summary = &page[page.find("id=\"deviations\"").expect("the table")..];
    let summary = &summary[..summary.find("</table>").expect("its end")];
    assert!(summary.contains("Graverande avvikelse") && summary.contains("En handlingsplan finns."));
    assert!(
        summary.contains("href=\"#risk-point_1-1\"")
            && summary.contains("Bedömningen håller också när slumpen räknas in"),
        "{summary}"
    );
    assert!(page.contains("href=\"risks.html#risk_3\""));
    let risks = workspace.read("reports/risks.html");
    assert!(
        risks.contains("12 (sannolikhet 4)")
            && risks.contains("href=\"report.html#rule_child-investigation\"")
    );
}

#[test]
fn a_share_within_its_limit_changes_nothing() {
    let workspace = workspace(0, 300);
    let results = workspace.results(&[]);
    assert_eq!(results["internal_control"]["control_points"][0]["severity"], "none");
    let risk = risk(&results, "14");
    // None of 300 is surely below 2 %: likelihood 1.
    assert_eq!((&risk["proposed_value"], &risk["candidate_because"]), (&json!(3), &json!([])));
    assert!(!workspace.read("reports/report.html").contains("id=\"deviations\""));
}

/// What the summary asks the committee to take a position on: the items of its list, and the line after it.
fn to_decide(workspace: &Workspace) -> Vec<String> {
    workspace.frist(&["run", "--forms", "md"]).success();
    let text = workspace.read("reports/report.md").replace('\u{a0}', " ");
    let Some((_, rest)) = text.split_once("**Att ta ställning till:**\n\n") else { return Vec::new() };
    let lines = rest.lines().take_while(|line| !line.starts_with("**") && !line.starts_with('#'));
    lines.filter(|line| !line.is_empty()).map(|line| line.trim_start_matches("- ").to_owned()).collect()
}

#[test]
fn the_summary_asks_what_the_committee_has_to_decide() {
    let risk =
        "Risk nr 2: Uppdragstagare. Hanteringen följer inte beslutad planering. Ska planeringen ändras?";
    let severe = "Utredningar i tid. Avvikelsen är graverande. Räcker de planerade åtgärderna?";
    assert_eq!(to_decide(&workspace(40, 100)), [severe, risk]);
    let plan = PLAN.replace("planned_action = \"\"\"En handlingsplan\nfinns.\"\"\"", "");
    let unplanned = |late| to_decide(&workspace(late, 100).file("internal-control.toml", &plan));
    let ask =
        "Utredningar i tid. Avvikelsen är graverande, och ingen åtgärd är planerad. Vilka åtgärder behövs?";
    assert_eq!(unplanned(40), [ask, risk]);
    let ask =
        "Utredningar i tid. Avvikelsen är mindre allvarlig, men ingen åtgärd är planerad. Behövs åtgärder?";
    assert_eq!(unplanned(10), [ask, risk]);
}

#[test]
fn a_minor_deviation_with_a_planned_action_leaves_nothing_to_decide() {
    let risks = RISKS.replace("Nej", "Ja");
    assert_eq!(to_decide(&workspace(10, 100).file("risks.csv", risks)), [""; 0]);
}

#[test]
fn without_a_plan_a_share_above_its_target_is_to_be_decided_on() {
    let asked = |late: u32, target: &str| {
        to_decide(&exports(late, 100).file("frist.toml", format!("{PROJECT}target = {target}\n")))
    };
    let name = "Barn- och ungdomsutredningar. Under maj–augusti 2024 var andelen avvikelser";
    assert_eq!(asked(40, "0.05"), [format!("{name} 40,0 %; målet är högst 5 %. Vilka åtgärder behövs?")]);
    assert_eq!(asked(1, "0.0"), [format!("{name} 1,0 %; målet är noll. Vilka åtgärder behövs?")]);
    assert_eq!(asked(5, "0.05"), [""; 0]);
}

#[test]
fn a_list_to_decide_on_has_five_items_at_most() {
    let more = (20..26).map(|id| format!("{id};C;Risk {id};3;4;12;Nej;\n"));
    let asked =
        to_decide(&workspace(0, 300).file("risks.csv", format!("{RISKS}{}", more.collect::<String>())));
    assert_eq!(asked.len(), 6);
    assert!(asked[4].starts_with("Risk nr 23: ") && asked[5].contains("(antal: 2)"), "{asked:?}");
}

/// A critical risk without a decided handling is asked about where other risks have one.
#[test]
fn a_critical_risk_that_nobody_handles_is_to_be_decided_on() {
    let list = "Nr;Risk;Sannolikhet;Konsekvens;Riskvärde;Hantering;Följer plan\n\
                1;Bortglömd;2;4;8;;\n2;Omhändertagen;2;4;8;Rutin;Ja\n3;Liten;1;1;1;;\n";
    let asked = to_decide(&workspace(0, 300).file("risks.csv", list));
    assert_eq!(
        asked,
        ["Risk nr 1: Bortglömd. Risken är kritisk, men ingen hantering är beslutad. Hur ska den hanteras?"]
    );
}

/// What is counted decides: one number is a fact, a reading of a process, or a sample with its own interval.
#[test]
fn facts_samples_and_processes_are_graded_and_worded_apart() {
    let result = |keys: &str| {
        let plan = PLAN.replace(
            "previous_count = 4\nprevious_of = 13",
            &format!("deviates = \"rest\"\ntarget = 0.10\nsevere_at = 0.30\n{keys}"),
        );
        let workspace = workspace(1, 100).file("internal-control.toml", plan);
        let results = workspace.results(&["--forms", "md"]);
        let point = &results["internal_control"]["control_points"][1];
        (point["results"][0].clone(), workspace.read("reports/report.md").replace('\u{a0}', " "))
    };
    let (all, text) = result("deviation = \"saknar plan\"\nrequirement = \"alla ska ha en\"");
    assert_eq!((&all["scope"], &all["deviations"], &all["ci95"]), (&json!("all"), &json!(5), &json!(null)));
    assert_eq!(all["grade"], json!({"severity": "severe", "lowest": "severe", "highest": "severe"}));
    assert!(
        text.contains("5 av 13 (38,5 %) saknar plan; alla ska ha en.")
            && text.contains("eftersom alla fall är räknade.")
    );
    let (process, text) = result("scope = \"process\"");
    assert_eq!(process["grade"], json!({"severity": "severe", "lowest": "minor", "highest": "severe"}));
    assert!(text.contains("5 av 13 (38,5 %) avviker; målet är högst 10 %."), "{text}");
    assert!(text.contains("kan andelen bli 17,7–64,5 %, och då kan bedömningen bli en annan"), "{text}");
    let (sample, text) = result("scope = \"sample\"\npopulation = 40");
    assert_eq!((&sample["population"], &sample["ci95"]), (&json!(40), &json!([0.175, 0.625])));
    assert_eq!(sample["grade"]["severity"], "minor");
    assert!(
        text.contains("Stickprovet omfattar 13 av 40.") && text.contains("Det går inte att säga"),
        "{text}"
    );
}

#[test]
fn the_follow_up_says_which_risks_follow_their_plan() {
    let sentence = |risks: String| {
        let workspace = workspace(1, 100).file("risks.csv", risks);
        workspace.results(&[]);
        let page = workspace.read("reports/risks.html");
        let start = page.find("<strong>").expect("the sentence") + "<strong>".len();
        page[start..start + page[start..].find('<').expect("its end")].to_owned()
    };
    assert_eq!(sentence(RISKS.into()), "Alla kritiska risker utom nr 2 följer beslutad planering.");
    assert_eq!(sentence(RISKS.replace("Nej", "Ja")), "Alla kritiska risker följer beslutad planering.");
    assert_eq!(sentence(RISKS.replace("Ja;Tas", "Nej;Tas")), "Ingen kritisk risk följer beslutad planering.");
    assert_eq!(
        sentence(RISKS.replace("Nej", "")),
        "Av de kritiska riskerna är det en som följer beslutad planering. För en av dem är frågan inte besvarad."
    );
    assert_eq!(sentence(RISKS.replace(";2;4;8;", ";2;3;6;")), "Ingen risk är kritisk.");
}

#[test]
fn a_person_can_overrule_a_grade_with_a_reason_that_is_printed() {
    let overruled = PLAN.replace(
        "status = \"begun\"",
        "status = \"begun\"\nseverity = \"minor\"\nseverity_reason = \"Fyra ärenden gäller samma familj.\"",
    );
    let workspace = workspace(40, 100).file("internal-control.toml", overruled);
    let results = workspace.results(&[]);
    let point = &results["internal_control"]["control_points"][0];
    assert_eq!((&point["severity"], &point["computed_severity"]), (&json!("minor"), &json!("severe")));
    assert!(workspace.read("reports/report.html").contains("Skäl: Fyra ärenden gäller samma familj."));
}

#[test]
fn both_documents_come_in_every_form_and_either_language() {
    let workspace = workspace(40, 100);
    workspace.results(&["--forms", ALL_FORMS, "--lang", "en"]);
    let names = workspace.names_in("reports");
    for name in ["report.html", "report.pdf", "report.docx", "report.md", "report.xlsx"] {
        assert!(names.contains(&name.to_owned()), "{name}");
    }
    for name in ["risks.html", "risks.pdf", "risks.docx", "risks.md"] {
        assert!(names.contains(&name.to_owned()), "{name}");
    }
    assert!(workspace.read("reports/report.md").starts_with("# Internal control report, August 2024\n"));
    assert!(
        workspace
            .read("reports/risks.md")
            .contains("All critical risks except no. 2 follow the decided plan.")
    );
    let pdf = workspace.bytes("reports/report.pdf");
    let holds = |text: &[u8]| pdf.windows(text.len()).any(|part| part == text);
    assert!(pdf.starts_with(b"%PDF-1.7") && holds(b"/ObjStm") && !holds(b"/StructElem"), "it is packed");
    workspace.frist(&["verify", "reports"]).success();
}

#[test]
fn every_form_is_the_same_on_any_number_of_threads() {
    let workspace = workspace(40, 100);
    for threads in ["1", "4"] {
        workspace
            .frist(&["run", ".", "--threads", threads, "--out", threads, "--forms", ALL_FORMS])
            .success();
    }
    let one = workspace.names_in("1");
    assert_eq!(one, workspace.names_in("4"));
    for name in one {
        let same = workspace.bytes(&format!("1/{name}")) == workspace.bytes(&format!("4/{name}"));
        assert!(same, "{name} differs");
    }
}

#[test]
fn the_published_edition_holds_no_small_number_and_nothing_by_case() {
    let workspace = workspace(2, 100);
    let published = ["--edition", "published", "--forms", ALL_FORMS];
    let results = workspace.results(&published);
    assert_eq!((&results["edition"], &results["smallest_published"]), (&json!("published"), &json!(5)));
    let periods = results["controls"][0]["periods"].as_array().expect("periods");
    let last = periods.last().expect("a period");
    assert_eq!(
        (&last["cases"], &last["deviations"], &last["share"], &last["hidden"]),
        (&json!(100), &json!(null), &json!(null), &json!(true))
    );
    for key in ["margins", "survival", "backlog", "conventions", "case_list", "rejected_rows"] {
        assert_eq!(results["controls"][0].get(key), None, "{key}");
    }
    assert_eq!(results.get("faults"), None);
    // A grade would reveal where a hidden share lies.
    let points = results["internal_control"]["control_points"].as_array().expect("points");
    assert_eq!((&points[0]["severity"], &points[0]["results"][0]["grade"]), (&json!(null), &json!(null)));
    assert_eq!(risk(&results, "14")["proposed_value"], json!(null));
    // Counts of people are hidden, counts of processes are not.
    assert_eq!(points[1]["results"][0]["now"]["count"], 8);
    assert_eq!(points[1]["results"][1]["now"], json!(null));
    let names = [workspace.names_in("reports"), workspace.names_in("reports/data")].concat();
    assert!(names.contains(&"results.json".to_owned()), "{names:?}");
    for name in ["facts.csv", "tally.csv", "faults.csv", "cases.csv"] {
        assert!(!names.contains(&name.to_owned()), "{name}");
    }
    let text = workspace.read("reports/report.md");
    assert!(text.contains("Utan avtal: döljs") && text.contains("små antal skyddas"), "{text}");
    assert!(text.contains("Publicerad utgåva.") && !text.contains("får inte publiceras"));
    workspace.frist(&["run", ".", "--edition", "published", "--cases"]).failure(2, &["ingenting per ärende"]);
}

/// One unit's few cases are hidden, and another's with them, so that the total reveals neither.
#[test]
fn the_published_edition_hides_what_would_tell_a_small_number() {
    let row = |number: u32, unit: &str, late: bool| {
        let start = if late { "2024-03-20" } else { "2024-05-20" };
        format!("{unit}{number};{start};2024-08-15;{unit};{unit} 1\n")
    };
    let unit = |unit: &'static str, late: u32, cases: u32| {
        (0..cases).map(move |number| row(number, unit, number < late)).collect::<String>()
    };
    let rows = [unit("Norr", 2, 40), unit("Öst", 12, 40), unit("Syd", 20, 60)].concat();
    let headings = "Ärendenr;Utredning inledd;Utredning avslutad;Enhet;Team\n";
    let workspace = Workspace::new().file("utredningar.csv", format!("{headings}{rows}"));
    let arguments =
        ["--as-of", "2024-08-31", "--group", "Enhet", "--subgroup", "Team", "--edition", "published"];
    let results = workspace.results(&arguments);
    let control = &results["controls"][0];
    let groupings = control["groupings"].as_array().expect("groupings");
    // A team is part of its unit, which nothing here says.
    assert_eq!(groupings.len(), 1);
    let now: Vec<&Value> = groupings[0]["groups"]
        .as_array()
        .expect("groups")
        .iter()
        .map(|group| &group["periods"].as_array().and_then(|periods| periods.last()).expect("a period")["deviations"])
        .collect();
    assert_eq!(now, [&json!(null), &json!(20), &json!(null)], "the cheapest other count is hidden");
    let last = crate::workspace::last_period(&results, "child-investigation");
    assert_eq!((&last["deviations"], &last["open_overdue"]), (&json!(34), &json!(null)));
}

#[test]
fn what_is_wrong_in_a_list_of_risks_is_told_all_at_once() {
    let risks = "Nr;Risk;Sannolikhet;Konsekvens;Riskvärde;Följer plan\n1;x;2;4;9;Ja\n2;y;2;4;8;Kanske\n";
    let workspace = workspace(1, 10).file("risks.csv", risks);
    let told = workspace.frist(&["run", "."]);
    let told = told.failure(78, &["Rad 2: ”Riskvärde”", "Rad 3: ”Följer plan”"]);
    assert!(!told.stderr.contains("Kanske"), "what a cell holds is not shown");
    workspace.frist(&["check", "."]).failure(78, &["Rad 2"]);
    workspace.write("risks.csv", "Nr;Risk;Riskvärde\n1;\"x;8\n");
    workspace.frist(&["run", "."]).failure(78, &["Rad 2", "citattecken"]);
}

#[test]
fn a_list_of_risks_may_be_a_workbook() {
    let cell =
        |place: &str, text: &str| format!("<c r=\"{place}\" t=\"inlineStr\"><is><t>{text}</t></is></c>");
    let row = |number: u32, cells: [&str; 3]| {
        let cells: Vec<String> = ["A", "B", "C"]
            .iter()
            .zip(cells)
            .map(|(column, text)| cell(&format!("{column}{number}"), text))
            .collect();
        format!("<row r=\"{number}\">{}</row>", cells.concat())
    };
    let sheet = [row(1, ["Nr", "Risk", "Riskvärde"]), row(2, ["14", "x", "8"])].concat();
    let book = crate::workbook::workbook(&[("Läs mig", &row(1, ["a", "b", "c"])), ("Risker", &sheet)]);
    let workspace = workspace(1, 10);
    std::fs::remove_file(workspace.path("risks.csv")).expect("removed");
    workspace.write("risks.xlsx", book);
    let results = workspace.results(&[]);
    assert_eq!(risk(&results, "14")["value"], 8);
}

#[test]
fn a_plan_that_cannot_be_used_is_told_at_its_place() {
    let workspace = workspace(1, 10).file("internal-control.toml", PLAN.replace("begun\"\np", "begunn\"\np"));
    workspace.frist(&["run", "."]).failure(78, &["internal-control.toml", "begunn", "begun"]);
    workspace.write("internal-control.toml", PLAN.replace("Alla avslutade", "Barnet 20110203-1234, alla"));
    let told = workspace.frist(&["run", "."]).failure(78, &["personnummer"]);
    assert!(!told.stderr.contains("0203-1234"), "{}", told.stderr);
}

#[test]
fn templates_can_be_replaced() {
    let workspace = workspace(1, 100)
        .file("mallar/page.html.jinja", "<!DOCTYPE html><title>{{ document.title }}</title><h1>Vår egen</h1>")
        .file("mallar/document.typ", "#let d = json(\"document.json\").document\n#set document(title: d.title)\n#set text(lang: \"sv\")\n= #d.title\n");
    let own = ["--template-dir", "mallar", "--forms", "html,pdf"];
    workspace.results(&own);
    assert!(workspace.read("reports/report.html").ends_with("<h1>Vår egen</h1>"));
    assert!(workspace.bytes("reports/report.pdf").starts_with(b"%PDF"));
    let run = ["run", ".", "--template-dir", "mallar", "--forms", "html,pdf"];
    workspace.write("mallar/page.html.jinja", "<h1>\n{{ document.titel }}</h1>");
    workspace.frist(&run).failure(78, &["page.html.jinja", "rad 2"]);
    workspace.write("mallar/page.html.jinja", "<h1>");
    // A picture without a description is no PDF/UA.
    workspace.write("mallar/document.typ", "= a\n#image(\"charts/overview.svg\")\n");
    workspace.frist(&run).failure(78, &["document.typ", "rad"]);
}

#[test]
fn a_logo_and_a_colour_are_the_municipality_s_own() {
    let logo = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"40\" height=\"20\">\
                <rect width=\"40\" height=\"20\" fill=\"#800\"/></svg>";
    let project = "organisation = \"Exempelnämnden\"\nas_of = 2024-08-31\n[report]\nlogo = \"logo.svg\"\ncolour = \"#800000\"\n";
    let workspace = workspace(1, 10).file("logo.svg", logo).file("frist.toml", project);
    workspace.results(&["--forms", ALL_FORMS]);
    let page = workspace.read("reports/report.html");
    assert!(
        page.contains("alt=\"Logotyp Exempelnämnden\"") && page.contains("src=\"data:image/svg+xml;base64,")
    );
    assert!(page.contains("--house: #800000;") && page.matches("<script").count() == 1);
    workspace.write("logo.svg", "<svg");
    workspace.frist(&["run", "."]).failure(78, &["logo.svg", "SVG"]);
}
