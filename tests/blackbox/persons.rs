//! Nobody's number, name or address is shown: not by units, types, headings, names of files and sheets, or small
//! groups.

use serde_json::{Value, json};

use crate::workbook::{Sheet, days_and_texts, workbook_of};
use crate::workspace::{HEADINGS, Workspace};

const AS_OF: [&str; 2] = ["--as-of", "2024-08-31"];
const CASES: &str = "1;2024-01-10;2024-05-10\n2;2024-01-10;2024-05-11\n3;2024-02-10;2024-05-11\n";
const WITH_UNIT: &str = "Ärendenr;Utredning inledd;Utredning avslutad;Enhet\n";

/// One number in all kinds of spelling; any of them in an output contains one of [`TRACES`].
const SPELLINGS: [&str; 14] = [
    "19121212-1212",
    "121212-1212",
    "191212121212",
    "1212121212",
    "121212+1212",
    "19121212–1212",
    "121212\u{2011}1212",
    "121212\u{a0}1212",
    "121212.1212",
    "19121212/1212",
    "121212_1212",
    "1912-12-12-1212",
    "121272-1212",
    "121212-T212",
];
const TRACES: [&str; 4] = ["121212", "121272", "12-12-1212", "-T212"];

fn traces_in(text: &str) -> Vec<&str> {
    TRACES.into_iter().filter(|trace| text.contains(trace)).collect()
}

/// All text in a report.
fn texts_of_report(workspace: &Workspace) -> Vec<(String, String)> {
    let names = workspace.names_in("reports");
    let texts = names.into_iter().map(|name| (workspace.bytes(&format!("reports/{name}")), name));
    texts.filter_map(|(bytes, name)| Some((name, String::from_utf8(bytes).ok()?))).collect()
}

/// Runs the program and lists where a trace of the number, or an escape code, was shown.
fn leaks(workspace: &Workspace, arguments: &[&str], code: i32) -> Vec<String> {
    let outcome = workspace.frist(arguments);
    assert_eq!(outcome.code, code, "{arguments:?}: {}", outcome.stderr);
    let mut texts = vec![("stdout".to_owned(), outcome.stdout), ("stderr".to_owned(), outcome.stderr)];
    if workspace.path("reports").exists() {
        texts.extend(texts_of_report(workspace));
    }
    let leaking = texts.iter().filter(|(_, text)| !traces_in(text).is_empty() || text.contains('\u{1b}'));
    leaking.map(|(name, text)| format!("{name}: {text}")).collect()
}

fn rows(units: &[(&str, u32)]) -> String {
    let of_unit = |(unit, cases): &(&str, u32)| {
        (0..*cases).map(|number| format!("{unit}{number};2024-05-20;2024-08-15;{unit}\n")).collect::<String>()
    };
    units.iter().map(of_unit).collect()
}

/// The groups of the first grouping, with the number of groups that each combines.
fn groups(results: &Value) -> Vec<(String, u64)> {
    let groups = results["controls"][0]["groupings"][0]["groups"].as_array().expect("groups").iter();
    let text = |group: &Value| group["name"].as_str().expect("a name").to_owned();
    groups.map(|group| (text(group), group["combined"].as_u64().expect("a number"))).collect()
}

#[test]
fn units_in_every_spelling_are_a_persons() {
    for spelling in SPELLINGS {
        let export = format!("{WITH_UNIT}1;2024-01-10;2024-05-10;Akt {spelling}\n");
        let workspace = Workspace::new().file("a.csv", export);
        let run = [&["run", ".", "--forms", "html,md"], &AS_OF[..]].concat();
        assert_eq!(leaks(&workspace, &run, 0), [""; 0], "{spelling}");
        assert!(workspace.read("reports/data/faults.csv").contains("person-in-unit"), "{spelling}");
    }
}

#[test]
fn dates_organisations_and_case_numbers_are_units() {
    let units = ["2024-01-10", "20240110-20240331", "BU-2024-00017", "556677-8899", "0701212121"];
    let rows: String = units.iter().map(|unit| format!("{unit};2024-01-10;2024-05-10;{unit}\n")).collect();
    let workspace = Workspace::new().file("a.csv", format!("{WITH_UNIT}{rows}"));
    let results = workspace.results(&AS_OF);
    assert_eq!(groups(&results).len(), units.len());
    assert!(!workspace.read("reports/data/faults.csv").contains("person-in-unit"));
}

#[test]
fn names_of_files_are_masked_wherever_they_are_shown() {
    for spelling in SPELLINGS.iter().filter(|spelling| !spelling.contains('/')) {
        let name = format!("utredning {spelling}.csv");
        let faulty = format!("{HEADINGS}{CASES}4;inget datum;2024-05-11\n");
        let workspace = Workspace::new().file(&name, faulty).file("okänd 121212-1212.csv", "");
        let project = format!("[[source]]\nfiles = [\"{name}\"]\n");
        workspace.write("frist.toml", project);
        let run = [&["run", "."], &AS_OF[..]].concat();
        assert_eq!(leaks(&workspace, &run, 0), [""; 0], "{spelling}");
        let path = workspace.json("reports/data/results.json")["inputs"][0]["path"].clone();
        assert_eq!(path, json!("utredning ••••••.csv"), "{spelling}");
        assert_eq!(leaks(&workspace, &[&["check", "."], &AS_OF[..]].concat(), 0), [""; 0], "{spelling}");
    }
}

#[test]
fn errors_mask_the_path() {
    let workspace =
        Workspace::new().file("Akt 121212-1212.csv", "").file("1912-12-12-1212.csv", "a;b\n1;2\n");
    for (arguments, code) in [
        (["check", "Akt 121212-1212.csv"], 65),
        (["run", "1912-12-12-1212.csv"], 65),
        (["run", "finns inte 191212121212.csv"], 74),
    ] {
        assert_eq!(leaks(&workspace, &arguments, code), [""; 0], "{arguments:?}");
        let outcome = workspace.frist(&arguments);
        let told = [outcome.stdout, outcome.stderr].concat();
        assert!(told.contains("••••••"), "{arguments:?}: {told}");
    }
}

#[test]
fn names_of_sheets_are_masked_and_can_still_be_named() {
    let table = |first: &str| {
        let rows = [
            ["Ärendenr", "Utredning inledd", "Utredning avslutad"],
            [first, "2024-01-10", "2024-05-10"],
            ["B", "inget datum", "2024-05-11"],
        ];
        rows.map(|row| days_and_texts(&row))
    };
    let sheets =
        [Sheet::of_cells("19121212-1212", &table("1")), Sheet::of_cells("20121212-1213", &table("2"))];
    let workspace = Workspace::new().file("a.xlsx", workbook_of(&sheets));
    assert_eq!(leaks(&workspace, &[&["run", "."], &AS_OF[..]].concat(), 0), [""; 0]);
    // Two sheets with the same mask remain two sheets.
    let rows = |results: &Value| {
        let inputs = results["inputs"].as_array().expect("inputs").iter();
        inputs.map(|entry| entry["rows"].as_u64().expect("rows")).sum::<u64>()
    };
    let results = workspace.json("reports/data/results.json");
    assert_eq!((rows(&results), &results["inputs"][0]["read_as"]["sheet"]), (4, &json!("••••••")));
    workspace.write("frist.toml", "[[source]]\nfiles = [\"a.xlsx\"]\nsheet = \"20121212-1213\"\n");
    assert_eq!(rows(&workspace.results(&AS_OF)), 2);
}

#[test]
fn a_proposal_names_nobody_and_works() {
    let workspace = Workspace::new()
        .file("utredning 19121212-1212.csv", format!("{HEADINGS}{CASES}"))
        .file("övrigt 121212–1212.csv", "Namn;Start\n1;2024-01-10\n");
    assert_eq!(leaks(&workspace, &["init", "."], 0), [""; 0]);
    let proposed = workspace.read("frist.toml");
    assert!(
        traces_in(&proposed).is_empty() && proposed.contains("\"utredning ?????????????.csv\""),
        "{proposed}"
    );
    let inputs = workspace.results(&AS_OF)["inputs"].as_array().expect("inputs").len();
    assert_eq!(inputs, 1);
}

#[test]
fn headings_are_masked_one_by_one() {
    let headings = "Ärendenr;Enhet;Utredning inledd;Status;19121212-1212;Anna Andersson\n";
    let workspace = Workspace::new().file("a.csv", format!("{headings}1;Norr;2024-01-10;;;\n"));
    for command in ["run", "check"] {
        let outcome = workspace.frist(&[command, "a.csv"]);
        let told = [outcome.stdout, outcome.stderr].concat();
        assert!(told.contains("Ärendenr, Enhet, Utredning inledd, Status, (5), (6)"), "{told}");
        assert!(traces_in(&told).is_empty() && !told.contains("Andersson"), "{told}");
    }
}

#[test]
fn columns_that_name_persons_are_no_grouping() {
    for heading in ["Namn", "Klient", "Klientens namn", "Handläggare", "Personnr", "E-post", "Handläggare 2"]
    {
        let export =
            format!("Ärendenr;Utredning inledd;Utredning avslutad;{heading}\n{}", rows(&[("x", 40)]));
        let workspace = Workspace::new().file("a.csv", export);
        for edition in ["internal", "published"] {
            let run = ["run", "a.csv", "--edition", edition, "--group", heading];
            workspace.frist(&run).failure(65, &[heading, "kan inte vara indelning"]);
        }
        let project = format!("[[source]]\nfiles = [\"a.csv\"]\ncolumns = {{ group = \"{heading}\" }}\n");
        workspace.write("frist.toml", project);
        workspace.frist(&["run", "."]).failure(65, &[heading, "kan inte vara indelning"]);
        assert!(!workspace.path("reports").exists(), "nothing was written");
    }
}

#[test]
fn the_published_edition_shows_no_group_of_few() {
    let published = [&AS_OF[..], &["--edition", "published", "--forms", "html,md,xlsx"]].concat();
    let workspace =
        |units: &[(&str, u32)]| Workspace::new().file("a.csv", format!("{WITH_UNIT}{}", rows(units)));
    // A small group alone is shown without its name, two are combined; a group of five is shown.
    for (units, wanted) in [
        (&[("Norr", 40), ("Väst", 3)][..], &[("Norr", 0), ("", 1)][..]),
        (&[("Norr", 40), ("Väst", 3), ("Öst", 4)], &[("Norr", 0), ("", 2)]),
        (&[("Norr", 40), ("Väst", 5)], &[("Norr", 0), ("Väst", 0)]),
    ] {
        let workspace = workspace(units);
        let results = workspace.results(&published);
        let wanted: Vec<(String, u64)> =
            wanted.iter().map(|(name, combined)| ((*name).to_owned(), *combined)).collect();
        assert_eq!(groups(&results), wanted);
        for (name, text) in texts_of_report(&workspace) {
            let is_small = |(unit, cases): &&(&str, u32)| *cases < 5 && text.contains(unit);
            assert_eq!(units.iter().find(is_small), None, "{name}");
        }
    }
    // In the internal edition a lone small group keeps its name.
    let results = workspace(&[("Norr", 40), ("Väst", 3)]).results(&AS_OF);
    assert_eq!(groups(&results), [("Norr".to_owned(), 0), ("Väst".to_owned(), 0)]);
}

#[test]
fn a_column_of_rare_values_is_refused() {
    let people = ["Anna A", "Bo B", "Cia C", "Dag D"];
    let few: Vec<(&str, u32)> = people.iter().map(|name| (*name, 2)).collect();
    let export = |rows: String| format!("Ärendenr;Utredning inledd;Utredning avslutad;Barn\n{rows}");
    let workspace = Workspace::new().file("a.csv", export(rows(&few)));
    let run = [&["run", ".", "--group", "Barn"], &AS_OF[..]].concat();
    let published = workspace.frist(&[&run[..], &["--edition", "published"]].concat());
    let published = published.failure(65, &["Barn", "kan inte vara indelning"]);
    assert!(people.iter().all(|name| !published.stderr.contains(name)), "{}", published.stderr);
    workspace.frist(&run).success();
    // Many names are refused in the internal edition too.
    let many: Vec<String> = (0..12).map(|number| format!("Namn {number} Efternamn")).collect();
    let many: Vec<(&str, u32)> = many.iter().map(|name| (name.as_str(), 1)).collect();
    let workspace = Workspace::new().file("a.csv", export(rows(&many)));
    workspace.frist(&run).failure(65, &["Barn", "kan inte vara indelning"]);
}

#[test]
fn the_published_edition_numbers_files_and_sheets() {
    let rows = |first: &str| {
        let rows =
            [["Ärendenr", "Utredning inledd", "Utredning avslutad"], [first, "2024-01-10", "2024-05-10"]];
        rows.map(|row| days_and_texts(&row))
    };
    let sheets = [Sheet::of_cells("Beata", &rows("1")), Sheet::of_cells("Xerxes", &rows("2"))];
    let workspace = Workspace::new()
        .file("Kalle Andersson.csv", "Utredning inledd;Utredning avslutad\n2024-01-10;2024-05-10\n")
        .file("uttag BU-2024-00017.xlsx", workbook_of(&sheets));
    let project = "as_of = 2024-08-31\n[[source]]\nfiles = [\"*.csv\"]\nduplicates = \"keep\"\n\
                   [[source]]\nfiles = [\"*.xlsx\"]\nduplicates = \"keep\"\n";
    workspace.write("frist.toml", project);
    let results = workspace.results(&["--edition", "published", "--forms", "html,md"]);
    let inputs = results["inputs"].as_array().expect("inputs").iter();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let names: Vec<[String; 2]> =
        inputs.map(|entry| [text(&entry["path"]), text(&entry["read_as"]["sheet"])]).collect();
    assert_eq!(names, [["Fil 1", ""], ["Fil 2", "blad 1"], ["Fil 2", "blad 2"]]);
    for (name, text) in texts_of_report(&workspace) {
        for identifier in ["Kalle", "Andersson", "BU-2024", "Beata", "Xerxes"] {
            assert!(!text.contains(identifier), "{identifier} is in {name}");
        }
    }
}

#[cfg(unix)]
#[test]
fn control_characters_of_names_reach_nobody() {
    let export = format!("{WITH_UNIT}1;2024-01-10;2024-05-10;No\u{1b}[31mrr\n2;inget;2024-05-10;Syd\n");
    let workspace = Workspace::new()
        .file("a\u{1b}[2J.csv", export.replace("Enhet", "En\u{1b}het"))
        .file("b\u{7}\n.csv", "x;y\n1;2\n");
    let run = [&["run", ".", "--forms", "html,md"], &AS_OF[..]].concat();
    workspace.write("frist.toml", "organisation = \"Nämnden\\u001b[1m\"\n[[source]]\nfiles = [\"a*.csv\"]\n");
    assert_eq!(leaks(&workspace, &run, 0), [""; 0]);
    assert!(!workspace.read("reports/data/results.json").contains("\\u001b"));
    std::fs::remove_file(workspace.path("frist.toml")).expect("the project file");
    assert_eq!(leaks(&workspace, &["check", "."], 65), [""; 0]);
    assert_eq!(leaks(&workspace, &["init", ".", "--force"], 0), [""; 0]);
    let proposed = workspace.read("frist.toml");
    assert!(!proposed.contains(|letter: char| letter.is_control() && letter != '\n'), "{proposed:?}");
    assert!(!proposed.contains("\\u001b") && !proposed.contains("\\u0007"), "{proposed}");
}

#[test]
fn a_number_in_a_rulebook_is_refused_by_every_command_that_would_show_it() {
    let rulebook = "[[rule]]\nid = \"own\"\nname = { sv = \"Eget\", en = \"Own\" }\n\
        start = { sv = \"in\", en = \"in\" }\nend = { sv = \"ut\", en = \"out\" }\nbasis = \"local-target\"\n\
        method = \"30 days\"\nroll = \"none\"\ncohort = \"closed\"\n\
        headings = { start = [\"Inlett den\"], end = [\"Klart den\"] }\n\
        [[rule.law]]\ncitation = { sv = \"19121212-1212\", en = \"x\" }\nverified = true\n";
    let workspace = Workspace::new()
        .file("a.csv", "Nr;Inlett den;Klart den\n1;2024-01-10;2024-05-10\n2;2024-01-10;2024-05-10\n")
        .file("own.toml", rulebook)
        .file("frist.toml", "rulebook = \"own.toml\"\n[[source]]\nfiles = [\"a.csv\"]\n");
    let commands: [&[&str]; 7] = [
        &["rules", "--rulebook", "own.toml"],
        &["due", "2024-01-10", "--control", "own", "--rulebook", "own.toml"],
        &["check", "."],
        &["compare", "."],
        &["open", "."],
        &["cases", ".", "--out", "list.csv"],
        &["run", "."],
    ];
    for command in commands {
        let shown = workspace.frist(command).failure(78, &["(unusable-rulebook)", "own.toml", "Rad 12"]);
        assert!(!shown.stderr.contains("1212-1212"), "{command:?}: {}", shown.stderr);
    }
    // One that is none can be named, as it stands.
    workspace.write(
        "frist.toml",
        "rulebook = \"own.toml\"\naccept = [\"19121212-1212\"]\n[[source]]\nfiles = [\"a.csv\"]\n",
    );
    workspace.frist(&["cases", ".", "--out", "list.csv"]).success();
}
