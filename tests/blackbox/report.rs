//! The report folder: what it contains, that it is complete, and that the same input produces the same bytes.

use std::fs;
use std::io::{Cursor, Read};
use std::process::Command;

use crate::workspace::{ALL_FORMS, HEADINGS, Workspace, last_period};
use serde_json::json;
use sha2::{Digest, Sha256};

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
            "charts",
            "data",
            "manifest.json",
            "report.docx",
            "report.html",
            "report.md",
            "report.pdf",
            "report.pptx",
            "report.xlsx"
        ]
    );
    for name in ["cases.csv", "charts", "facts.csv", "faults.csv", "results.json", "tally.csv"] {
        assert!(workspace.path("reports/data").join(name).exists(), "{name}");
    }
    let verified = workspace.frist(&["verify", "reports"]).success();
    assert!(verified.stdout.contains("hel och oförändrad"));
    let digest = Sha256::digest(workspace.bytes("reports/manifest.json"));
    let manifest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    assert!(verified.stdout.contains(&manifest), "{}", verified.stdout);
    workspace.write("reports/data/tally.csv", "x");
    workspace.frist(&["verify", "reports"]).failure(1, &["data/tally.csv"]);
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
    let data = ["results.json", "facts.csv", "tally.csv", "faults.csv", "cases.csv"]
        .map(|name| format!("data/{name}"));
    let files = [&data[..], &["manifest.json".to_owned(), "report.html".to_owned()]].concat();
    let read = |out: &str| -> Vec<String> {
        files.iter().map(|file| workspace.read(&format!("{out}/{file}"))).collect()
    };
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
fn reported_figures_stand_for_periods_whose_cases_are_gone() {
    let project = r#"
        as_of = 2024-08-31
        [[source]]
        control = "child-investigation"
        files = ["a.csv"]
        [[reported]]
        control = "child-investigation"
        period = "2023-T2"
        cases = 200
        deviations = 50
        method = "4 months"
        source = "x"
        [[reported]]
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
        (&json!("2023-T2"), &json!(0.25), &json!("reported"))
    );
    assert_eq!(
        (&periods[1]["share"], &periods[1]["cases"], &periods[1]["ci95"]),
        (&json!(0.4), &json!(null), &json!(null))
    );
    // A figure by 120 days says nothing about the change to one by four months; one by four months does.
    assert_eq!((&periods[2]["change_pp"], &periods[2]["change_ci95"]), (&json!(null), &json!(null)));
    assert_eq!(periods[1]["reported_method"], "120 days");
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
    // Each chart in a wide and a column shape.
    let wide = workspace.names_in("reports/charts").iter().filter(|name| name.ends_with(".svg")).count();
    assert_eq!(page.matches("<svg").count(), wide * 2);
    let data = workspace.names_in("reports/data/charts");
    assert!(data.contains(&"child-investigation-trend.csv".to_owned()), "{data:?}");
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
        csv.contains("child-investigation,closed,4 months,2024-T2,2024-05-01,2024-08-31,true,2,2,1,0.34238,"),
        "{csv}"
    );
    let json = workspace().frist(&["run", ".", "--as-of", "2024-08-31", "--format", "json"]).success().stdout;
    let results: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(results["schema"], "frist/results/2");
}

#[test]
fn pictures_are_those_that_are_asked_for() {
    let workspace = workspace();
    let kinds = |workspace: &Workspace| -> Vec<String> {
        if !workspace.path("reports/charts").exists() {
            return Vec::new();
        }
        let share = "child-investigation-share";
        let mut names = workspace.names_in("reports/charts");
        names.sort();
        names.iter().filter_map(|name| name.strip_prefix(share)).map(str::to_owned).collect()
    };
    let run = ["run", ".", "--as-of", "2024-08-31", "--forms", "docx,md"];
    let asked = |pictures: &'static str| [&run[..], &["--pictures", pictures]].concat();
    let text = |workspace: &Workspace| workspace.read("reports/report.md");
    workspace.frist(&run).success();
    assert_eq!(kinds(&workspace), [".png", ".svg"]);
    assert!(text(&workspace).contains("](charts/child-investigation-share.png)"));
    let word = workspace.bytes("reports/report.docx");
    workspace.frist(&asked("column-svg,svg")).success();
    assert_eq!(kinds(&workspace), ["-column.svg", ".svg"]);
    assert!(text(&workspace).contains("](charts/child-investigation-share.svg)"));
    workspace.frist(&asked("column-png")).success();
    assert_eq!(kinds(&workspace), ["-column.png"]);
    assert!(text(&workspace).contains("](charts/child-investigation-share-column.png)"));
    workspace.frist(&asked("none")).success();
    assert_eq!(kinds(&workspace), [""; 0]);
    assert!(!text(&workspace).contains("charts/") && text(&workspace).contains("Punktdiagram"));
    assert!(workspace.bytes("reports/report.docx") == word, "Word holds its own pictures");
    assert!(workspace.names_in("reports/data/charts").contains(&"child-investigation-share.csv".to_owned()));
    workspace.frist(&asked("jpg")).failure(2, &["jpg", "column-svg"]);

    let project = "as_of = 2024-08-31\n[report]\npictures = ";
    let run = ["run", ".", "--forms", "md"];
    workspace.write("frist.toml", format!("{project}[\"column-svg\"]\n"));
    workspace.frist(&run).success();
    assert_eq!(kinds(&workspace), ["-column.svg"]);
    workspace.frist(&[&run[..], &["--pictures", "png"]].concat()).success();
    assert_eq!(kinds(&workspace), [".png"], "what the command says goes first");
    workspace.write("frist.toml", format!("{project}[]\n"));
    workspace.frist(&run).success();
    assert_eq!(kinds(&workspace), [""; 0]);
    workspace.write("frist.toml", format!("{project}[\"svgz\"]\n"));
    workspace.frist(&run).failure(78, &["svgz", "column-svg"]);
}

#[test]
fn the_end_of_a_run_names_the_file_to_open() {
    let workspace = workspace();
    for (forms, file) in
        [("md,html", "report.html"), ("md,docx", "report.docx"), ("md", "report.md"), ("pptx", "report.pptx")]
    {
        let run = ["run", ".", "--as-of", "2024-08-31", "--pictures", "none", "--forms", forms];
        let told = workspace.frist(&run).success().stderr;
        let last = told.lines().last().unwrap_or_default().to_owned();
        assert!(
            last.ends_with(&format!("reports/{file}"))
                && workspace.names_in("reports").contains(&file.to_owned()),
            "{last}"
        );
    }
}

#[test]
fn the_project_file_names_forms_and_the_command_replaces_them() {
    let workspace = workspace().file("frist.toml", "[report]\nforms = [\"pptx\", \"md\"]\n");
    let documents = |arguments: &[&str]| -> Vec<String> {
        let run = [&["run", ".", "--as-of", "2024-08-31", "--pictures", "none"], arguments].concat();
        workspace.command(Command::new(env!("CARGO_BIN_EXE_frist")).args(run)).success();
        let names = workspace.names_in("reports").into_iter();
        let mut documents: Vec<String> = names.filter(|name| name.starts_with("report.")).collect();
        documents.sort();
        documents
    };
    assert_eq!(documents(&[]), ["report.md", "report.pptx"]);
    assert_eq!(documents(&["--forms", "html"]), ["report.html"]);
}

/// The text of a part of a packed file without tags; none without the part.
fn text_of(bytes: &[u8], part: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("an archive");
    let mut xml = String::new();
    if let Ok(mut part) = archive.by_name(part) {
        part.read_to_string(&mut xml).expect("text");
    }
    xml.split('<')
        .filter_map(|piece| piece.split_once('>').map(|(_, text)| text))
        .collect::<Vec<_>>()
        .join("|")
}

#[test]
fn slides_say_what_the_report_says_in_either_edition() {
    let in_time = (3..15).map(|number| format!("{number};2024-04-10;2024-06-10\n")).collect::<String>();
    let rows = format!("{HEADINGS}1;2024-01-10;2024-05-11\n2;2024-01-10;2024-06-01\n{in_time}");
    let workspace = Workspace::new().file("a.csv", rows);
    for (edition, shown, hidden) in [("internal", "hade 2", "skyddas"), ("published", "skyddas", "hade 2")] {
        let run = ["run", ".", "--as-of", "2024-08-31", "--edition", edition, "--forms", "md,pptx"];
        workspace.frist(&run).success();
        let report = workspace.read("reports/report.md");
        let slides = workspace.bytes("reports/report.pptx");
        let [overview, control, notes] =
            ["slides/slide1.xml", "slides/slide2.xml", "notesSlides/notesSlide2.xml"]
                .map(|part| text_of(&slides, &format!("ppt/{part}")));
        let finding = control
            .split('|')
            .find(|text| text.starts_with("Av ") || text.starts_with("Talen "))
            .expect("a finding");
        assert!(report.contains(finding), "{edition}: {finding} in {report}");
        assert!(overview.contains(finding), "{edition}: {finding} in {overview}");
        for text in [&overview, &control] {
            assert!(text.contains(shown) && !text.contains(hidden), "{edition}: {text}");
        }
        assert_eq!(notes.is_empty(), edition == "published", "what is hidden is not said either");
        for said in notes.split('|').filter(|said| said.contains(' ')) {
            assert!(report.contains(said), "{edition}: {said}");
        }
    }
}

#[test]
fn the_version_names_what_judges() {
    let told = workspace().frist(&["--version"]).success().stdout;
    let version = format!("frist {}\n", env!("CARGO_PKG_VERSION"));
    assert!(
        told.starts_with(&version) && told.contains("\nrulebook: ") && told.contains("features: report"),
        "{told}"
    );
    assert!(told.contains("\ncommit: "), "{told}");
    assert_eq!(workspace().frist(&["-V"]).success().stdout, told);
}

/// A difference is rounded on its exact fraction, and a share that an earlier report printed whole stays whole.
#[test]
fn small_truths_of_rounding_hold_in_every_form() {
    let closed = |month: u32, late: u32, cases: u32| {
        (0..cases).map(move |number| {
            let start = if number < late { "2023-01-10" } else { "2024-01-10" };
            format!("{month}-{number};{start};2024-{month:02}-{:02}\n", number % 8 + 1)
        })
    };
    let rows: String = closed(4, 49, 80).chain(closed(5, 63, 90)).collect();
    let project = "as_of = 2024-08-31\n[[reported]]\ncontrol = \"child-investigation\"\nperiod = \"2021-T3\"\nshare = 0.41\n\
                   method = \"120 days\"\nsource = \"A\"\n[[reported]]\ncontrol = \"child-investigation\"\nperiod = \"2022-T1\"\n\
                   share = 0.345\nmethod = \"120 days\"\nsource = \"A\"\n[[control]]\nid = \"child-investigation\"\ncases = \"all\"\n";
    let workspace = Workspace::new().file("a.csv", format!("{HEADINGS}{rows}")).file("frist.toml", project);
    workspace.results(&["--forms", "md"]);
    let text = workspace.read("reports/report.md").replace('\u{a0}', " ");
    assert!(text.contains("+8,8 procentenheter") && text.contains("+8,8 pe"), "{text}");
    assert!(
        !text.contains("8,7 p")
            && text.contains("september–december 2021: 41 %, 120 dagar")
            && text.contains("januari–april 2022: 34,5 %"),
        "{text}"
    );
    assert!(text.contains("| 41 % |") && !text.contains("41,0 %"), "{text}");
}
