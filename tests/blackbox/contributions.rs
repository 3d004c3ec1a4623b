//! Tallies of several organisations: they add up to the tally of all cases, in any order, or are refused with a reason.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;

use serde_json::Value;

use crate::workspace::{HEADINGS, Workspace};

/// The cases of an organisation: number, start and end, which is empty for a case that is open.
fn cases(organisation: u32, first_year: u32, last_year: u32) -> Vec<(String, String, String)> {
    let mut seed = organisation;
    let mut next = move |below: u32| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (seed >> 8) % below
    };
    let of_year = |year: u32| -> Vec<(String, String, String)> {
        let mut cases = Vec::new();
        for month in 1..=12 {
            for _ in 0..4 + next(6) {
                let start = format!("{year}-{month:02}-{:02}", 1 + next(28));
                let months = month - 1 + 2 + next(4);
                let (year, month) = (year + months / 12, months % 12 + 1);
                let end = format!("{year}-{month:02}-{:02}", 1 + next(28));
                let number = format!("{organisation}-{year}{month}-{}", cases.len());
                cases.push((number, start, end));
            }
        }
        cases
    };
    let mut cases: Vec<_> = (first_year..=last_year).flat_map(of_year).collect();
    for (place, (number, _, end)) in cases.iter_mut().enumerate() {
        *number = format!("{number}-{place}");
        if end.as_str() > "2024-08-31" {
            end.clear();
        }
    }
    cases.retain(|(_, start, _)| start.as_str() <= "2024-08-31");
    cases
}

fn project(name: &str, more: &str) -> String {
    format!("organisation = \"{name}\"\nas_of = 2024-08-31\n{more}")
}

/// Folders `a`, `b` … with an export each, and the tallies `ta`, `tb` … made from them.
fn municipalities(names: &[&str]) -> Workspace {
    let workspace = Workspace::new();
    for (number, name) in names.iter().enumerate() {
        give(
            &workspace,
            name,
            &project(&format!("Kommun {name}"), ""),
            &cases(number as u32 + 1, 2021, 2024),
        );
    }
    workspace
}

fn give(workspace: &Workspace, name: &str, project: &str, cases: &[(String, String, String)]) {
    let rows = cases.iter().fold(HEADINGS.to_owned(), |mut rows, (number, start, end)| {
        writeln!(rows, "{number};{start};{end}").expect("text");
        rows
    });
    workspace.write(&format!("{name}/utredningar.csv"), rows);
    workspace.write(&format!("{name}/frist.toml"), project);
    workspace.frist(&["tally", name, "--out", &format!("t{name}")]).success();
}

fn add(workspace: &Workspace, tallies: &[&str], out: &str, more: &[&str]) {
    let arguments =
        [&["add"], tallies, &["--out", out, "--forms", "md", "--pictures", "none"], more].concat();
    workspace.frist(&arguments).success();
}

/// Every file of a folder with its content.
fn content(workspace: &Workspace, folder: &str) -> BTreeMap<String, Vec<u8>> {
    let (mut found, mut folders) = (BTreeMap::new(), vec![workspace.path(folder)]);
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(workspace.path(folder)).expect("inside").to_string_lossy();
                found.insert(name.into_owned(), fs::read(&path).expect("a file"));
            }
        }
    }
    found
}

/// Four municipalities added up, and all their cases in one run: the controls of both reports. `settings` go into every
/// project file.
fn sum_and_all_together(workspace: &Workspace, settings: &str) -> [Value; 2] {
    let mut all = HEADINGS.trim_end().to_owned() + ";Enhet\n";
    for (number, name) in ["a", "b", "c", "d"].into_iter().enumerate() {
        let own = cases(number as u32 + 1, 2021, 2024);
        give(workspace, name, &project(&format!("Kommun {name}"), settings), &own);
        for (id, start, end) in own {
            writeln!(all, "{id};{start};{end};Kommun {name}").expect("text");
        }
    }
    workspace.write("all/utredningar.csv", all);
    workspace.write("all/frist.toml", project("Alla", settings));
    workspace.frist(&["run", "all", "--out", "together"]).success();
    add(workspace, &["ta", "tb", "tc", "td"], "sum", &[]);
    assert_eq!(workspace.read("sum/data/tally.csv"), workspace.read("together/data/tally.csv"));
    ["sum", "together"].map(|out| workspace.json(&format!("{out}/data/results.json"))["controls"][0].clone())
}

#[test]
fn they_add_up_to_the_tally_of_all_cases() {
    let workspace = Workspace::new();
    let chosen = "[[control]]\nid = \"child-investigation\"\ncases = \"all\"\n";
    let [sum, together] = sum_and_all_together(&workspace, chosen);
    assert!(sum["backlog"].as_array().is_some_and(|months| months.len() == 44), "{}", sum["backlog"]);
    for key in ["periods", "trend", "backlog"] {
        assert_eq!(sum[key], together[key], "{key}");
    }
    // The organisations of a sum stand where the units of an export do.
    let [organisations, mut units] = [&sum, &together].map(|it| it["groupings"].clone());
    units[0]["column"] = "Organisation".into();
    assert_eq!(organisations, units);
}

#[test]
fn a_sum_begins_where_the_last_of_its_exports_does() {
    let workspace = Workspace::new();
    let [sum, together] = sum_and_all_together(&workspace, "");
    assert_eq!(sum["periods"], together["periods"]);
    // A manifest names whole months alone. All cases together have their first whole day in the month before.
    let open_from = |name: &str| {
        let own = &workspace.json(&format!("t{name}/manifest.json"))["tally"]["contributors"][0]["controls"];
        own[0]["edges"]["open_from"].as_str().expect("a day")[..7].to_owned()
    };
    let first = ["a", "b", "c", "d"].map(open_from).into_iter().max();
    let [sum, together] = [sum, together].map(|it| it["backlog"].as_array().expect("months").clone());
    let of_together: Vec<Value> =
        together.iter().filter(|at| at["month"].as_str() >= first.as_deref()).cloned().collect();
    assert_eq!(sum[0]["month"].as_str(), first.as_deref());
    assert_eq!((sum.len(), &sum), (38, &of_together));
}

#[test]
fn order_and_grouping_change_no_byte() {
    let workspace = municipalities(&["a", "b", "c"]);
    add(&workspace, &["ta", "tb", "tc"], "sum", &[]);
    add(&workspace, &["tc", "ta", "tb"], "turned", &[]);
    add(&workspace, &["tb", "tc"], "some", &[]);
    add(&workspace, &["some", "ta"], "stepwise", &[]);
    // But for how it was added.
    let made = |name: &str| {
        let mut files = content(&workspace, name);
        let mut manifest: Value = serde_json::from_slice(&files["manifest.json"]).expect("JSON");
        let facts = manifest.as_object_mut().expect("an object");
        assert!(facts.remove("command").is_some() && facts.remove("read").is_some());
        files.insert("manifest.json".to_owned(), manifest.to_string().into_bytes());
        files
    };
    let sum = made("sum");
    assert!(sum.contains_key("data/tally.csv") && sum.contains_key("report.md"));
    assert_eq!(sum, made("turned"));
    assert_eq!(sum, made("stepwise"));
}

#[test]
fn what_leaves_an_organisation_holds_no_case_and_no_unit() {
    let workspace = municipalities(&["a"]);
    assert_eq!(content(&workspace, "ta").keys().collect::<Vec<_>>(), ["manifest.json", "tally.csv"]);
    let left = workspace.read("ta/manifest.json") + &workspace.read("ta/tally.csv");
    for (number, start, end) in cases(1, 2021, 2024) {
        // The law and the as-of date begin and end with months.
        let is_single = |day: &str| !day.is_empty() && !day.ends_with("-01") && !day.ends_with("-31");
        let days = [&start, &end].into_iter().filter(|day| is_single(day));
        assert!(!left.contains(&number) && days.into_iter().all(|day| !left.contains(day)), "{number}");
    }
    assert!(!left.contains("utredningar.csv"));
}

#[test]
fn a_sum_names_what_it_cannot_tell() {
    let workspace = municipalities(&["a", "b"]);
    add(&workspace, &["ta", "tb"], "sum", &["--lang", "sv"]);
    let report = workspace.read("sum/report.md");
    assert!(report.contains("inga uppgifter om enskilda ärenden har lämnats ut"), "{report}");
    assert!(!report.contains("# Tid till avslut"), "{report}");
    let results = workspace.json("sum/data/results.json");
    assert!(results["controls"][0]["backlog"].as_array().is_some_and(|months| !months.is_empty()));
}

#[test]
fn tallies_that_do_not_fit_are_refused_with_the_reason() {
    let workspace = municipalities(&["a", "b"]);
    let more = |name: &str, settings: &str| {
        give(&workspace, name, &project("Kommun c", settings), &cases(3, 2021, 2024));
        format!("t{name}")
    };
    let cohort = more("c", "[[control]]\nid = \"child-investigation\"\ncohort = \"due\"\n");
    let roll = more("d", "[[control]]\nid = \"child-investigation\"\nroll = \"next-weekday\"\n");
    let clock = more("e", "[[control]]\nid = \"child-investigation\"\nreference = \"100 days\"\n");
    give(&workspace, "f", "organisation = \"Kommun f\"\nas_of = 2024-07-31\n", &cases(4, 2021, 2024));
    give(&workspace, "g", &project("kommun  A", ""), &cases(5, 2021, 2024));
    give(&workspace, "h", &project("Kommun a", ""), &cases(5, 2021, 2024));
    give(&workspace, "i", &project("Kommun i", ""), &cases(1, 2021, 2024));
    for (other, says) in [
        (cohort.as_str(), "cohort"),
        (&roll, "roll"),
        (&clock, "reference"),
        ("tf", "2024-07-31"),
        ("tg", "skrivs nästan lika"),
        ("th", "överlappar i tid"),
        ("ti", "räknas två gånger"),
        ("ta", "räknas två gånger"),
    ] {
        workspace.frist(&["add", "ta", "tb", other, "--out", "sum"]).failure(65, &[says]);
        assert!(!workspace.path("sum").exists(), "{other}");
    }
    workspace.frist(&["add", "a", "--out", "sum"]).failure(74, &["manifest.json"]);
}

#[test]
fn altered_and_foreign_tallies_are_refused() {
    let workspace = municipalities(&["a"]);
    let (tally, manifest) = (workspace.read("ta/tally.csv"), workspace.read("ta/manifest.json"));
    let refused = |tally: &str, manifest: &str, says: &str| {
        workspace.write("ta/tally.csv", tally);
        workspace.write("ta/manifest.json", manifest);
        workspace.frist(&["add", "ta", "--out", "sum"]).failure(65, &[says]);
    };
    refused(&tally.replacen(",1,", ",2,", 1), &manifest, "inte längre den");
    // Without the list of files, as beside what a database wrote.
    let of_database = without_outputs(&manifest);
    let line = tally.lines().nth(1).expect("a row");
    refused(&format!("{tally}{line}\n"), &of_database, "avstämning");
    refused(&tally.replacen("started", "begun", 1), &of_database, "rad 2");
    refused(&tally.replacen("4 months", "4 weeks", 1), &of_database, "rad 2");
    refused(&tally, &of_database.replace("child-investigation", "child"), "finns inte i regelboken");
    refused(&tally, &of_database.replace("\"4 months\"", "\"5 months\""), "en annan lag");
    refused(&tally, &of_database.replace("Kommun a", ""), "vems den är");
    refused(&tally, "{}", "vems räkningen är");
    // Rows that are equal in their keys add up; no number of them wraps.
    let cells = line.split(',').enumerate();
    let many: Vec<&str> =
        cells.map(|(place, cell)| if place > 6 && !cell.is_empty() { "4000000" } else { cell }).collect();
    let many = many.join(",");
    let at = tally.lines().count() + 2;
    refused(&format!("{tally}{many}\n{many}\n"), &of_database, &format!("rad {at}"));
    // Only the file that the manifest lists is read, wherever another stands.
    workspace.write("ta/tally.csv", &tally);
    workspace.write("ta/manifest.json", &manifest);
    workspace.frist(&["add", "ta", "--out", "report"]).success();
    workspace.write("report/tally.csv", tally.replacen(",1,", ",2,", 1));
    let sum = |out: &str| workspace.frist(&["add", "report", "--out", out]);
    sum("again").success();
    assert_eq!(workspace.read("again/data/tally.csv"), workspace.read("report/data/tally.csv"));
}

fn without_outputs(manifest: &str) -> String {
    let begin = manifest.find("\"outputs\"").expect("a list");
    format!("{}\"outputs\": []\n}}\n", &manifest[..begin])
}

#[test]
fn a_tally_of_cases_that_are_erased_goes_on_the_series() {
    let workspace = municipalities(&["a"]);
    let all = cases(9, 2019, 2024);
    let (early, late): (Vec<_>, Vec<_>) =
        all.iter().cloned().partition(|(_, start, _)| start.as_str() < "2022");
    give(&workspace, "all", &project("Kommun z", ""), &all);
    give(&workspace, "late", &project("Kommun z", ""), &late);
    let early_project = "organisation = \"Kommun z\"\nas_of = 2022-12-31\n";
    give(&workspace, "early", early_project, &early);
    add(&workspace, &["ta", "tall"], "whole", &[]);
    add(&workspace, &["tearly", "ta", "tlate"], "parts", &[]);
    assert_eq!(workspace.read("parts/data/tally.csv"), workspace.read("whole/data/tally.csv"));
    // Of cases that were open then it is not known what became of them.
    give(&workspace, "early", "organisation = \"Kommun z\"\nas_of = 2021-12-31\n", &early);
    workspace.frist(&["add", "tearly", "ta", "tlate", "--out", "sum"]).failure(65, &["öppna ärenden"]);
}

#[test]
fn anonymous_contributors_are_named_nowhere() {
    let workspace = municipalities(&["a", "b", "c"]);
    add(&workspace, &["ta", "tb", "tc"], "sum", &["--anonymous"]);
    let files = content(&workspace, "sum");
    for (name, bytes) in &files {
        assert!(!String::from_utf8_lossy(bytes).contains("Kommun"), "{name}");
    }
    assert!(String::from_utf8_lossy(&files["report.md"]).contains("Organisation 3"));
    workspace.frist(&["add", "sum", "--out", "again"]).failure(65, &["vems räkningen är"]);
}

#[test]
fn small_contributors_are_hidden_from_everyone_as_units_are() {
    let workspace = municipalities(&["a", "b", "c"]);
    give(&workspace, "small", &project("Lilla kommunen", ""), &cases(7, 2024, 2024)[..3]);
    add(&workspace, &["ta", "tb", "tc", "tsmall"], "sum", &["--edition", "published"]);
    let files = content(&workspace, "sum");
    assert!(!files.contains_key("data/tally.csv"));
    for (name, bytes) in &files {
        assert!(!String::from_utf8_lossy(bytes).contains("Lilla kommunen"), "{name}");
    }
    assert!(String::from_utf8_lossy(&files["report.md"]).contains("Kommun a"));
    assert!(!String::from_utf8_lossy(&files["manifest.json"]).contains("contributors"));
}

#[test]
fn a_tally_without_a_name_is_refused_where_it_is_made() {
    let workspace = Workspace::new().file("utredningar.csv", format!("{HEADINGS}1;2024-01-10;2024-05-10\n"));
    workspace.frist(&["tally", ".", "--out", "t", "--as-of", "2024-08-31"]).failure(2, &["organisation"]);
}

#[test]
fn the_law_for_databases_has_the_same_bytes_and_needs_an_as_of_date() {
    let workspace = Workspace::new().file("frist.toml", project("Staten", ""));
    for out in ["one", "other"] {
        workspace.frist(&["sql", "frist.toml", "--out", out]).success();
    }
    let files = content(&workspace, "one");
    assert_eq!(files, content(&workspace, "other"));
    for name in ["due.csv", "calendar.csv", "frist.sql", "load-spark.sql", "expected.csv", "manifest.json"] {
        assert!(files.contains_key(name), "{name}");
    }
    let sql = String::from_utf8_lossy(&files["frist.sql"]).to_lowercase();
    for word in ["cast(", "interval", "date_add", "add_months", "current_date", "::", "trim("] {
        assert!(!sql.contains(word), "{word}");
    }
    workspace.frist(&["verify", "one"]).success();
    workspace.frist(&["sql", "--out", "third"]).failure(2, &["as_of"]);
}
