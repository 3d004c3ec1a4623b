//! Dead ends: each message that refuses an export is followed to the letter, and leads to a report.
//!
//! TOML that a message shows is copied into `frist.toml`; where it leaves a gap, `"…"`, the one thing that only the
//! analyst knows is filled in, and nothing else.

mod remedies;

use remedies::{OF_SOURCE, filled, merged, project, settings_in};

use crate::workbook::{Cell, Sheet, days_and_texts, workbook_of};
use crate::workspace::{Outcome, Workspace};

const HEADINGS: &str = "Ärendenr;Utredning inledd;Utredning avslutad;Enhet\n";
fn run(workspace: &Workspace) -> Outcome {
    workspace.frist(&["run", ".", "--as-of", "2024-08-31"])
}

/// Asserts that there is a report with this many counted cases.
fn reports(workspace: &Workspace, counted: u64, after: &str) {
    let outcome = workspace.frist(&["run", ".", "--as-of", "2024-08-31"]);
    assert_eq!(outcome.code, 0, "{}\nafter\n{after}", outcome.stderr);
    let results = workspace.json("reports/data/results.json");
    let inputs = results["inputs"].as_array().expect("inputs");
    let sum: u64 = inputs.iter().map(|input| input["counted"].as_u64().expect("a count")).sum();
    assert_eq!(sum, counted, "after\n{after}");
}

/// Runs the folder, which is refused with a code; follows the message; asserts the report.
fn follow(workspace: &Workspace, code: &str, files: &str, gaps: &[&str], counted: u64) {
    let message = run(workspace).failure(65, &[&format!("({code})")]).stderr;
    let settings = filled(settings_in(&message), gaps);
    assert!(!settings.is_empty(), "no remedy is in: {message}");
    let before =
        if workspace.path("frist.toml").exists() { workspace.read("frist.toml") } else { String::new() };
    let text = project(&merged(&before, settings), files);
    workspace.write("frist.toml", &text);
    reports(workspace, counted, &format!("{message}\n{text}"));
}

/// Uncomments the settings that `init` proposes, and fills their gaps.
fn follow_init(workspace: &Workspace, arguments: &[&str], gaps: &[&str], counted: u64) {
    workspace.frist(&[&["init"], arguments].concat()).success();
    let proposed = workspace.read("frist.toml");
    let is_setting = |line: &str| {
        let key = line.split('=').next().unwrap_or_default().trim();
        line.trim() == "[[source]]" || line.contains('=') && OF_SOURCE.contains(&key)
    };
    let uncommented = |line: &str| match line.strip_prefix('#').map(str::trim_start) {
        Some(rest) if is_setting(rest) => rest.to_owned(),
        _ => line.to_owned(),
    };
    let (mut lines, mut keys): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    let mut gaps = gaps.iter();
    for line in proposed.lines().map(uncommented) {
        let key = line.split('=').next().unwrap_or_default().trim().to_owned();
        if line.trim() == "[[source]]" {
            keys.clear();
        } else if OF_SOURCE.contains(&key.as_str()) {
            // Of several proposals, the first is used.
            if keys.contains(&key) {
                continue;
            }
            keys.push(key);
        }
        let (setting, comment) = line.split_once(" #").unwrap_or((&line, ""));
        let mut setting = setting.to_owned();
        while setting.contains('…') && !setting.starts_with('#') {
            let gap = gaps.next().unwrap_or_else(|| panic!("a gap is left in {setting}"));
            setting = setting.replacen('…', gap, 1);
        }
        lines.push(if comment.is_empty() { setting } else { format!("{setting} #{comment}") });
    }
    let text = lines.join("\n") + "\n";
    workspace.write("frist.toml", &text);
    reports(workspace, counted, &text);
}

/// Two investigations that end in time, under other headings.
fn two(headings: &str) -> String {
    format!("{headings}\n1;2024-01-09;2024-05-08;Öst\n2;2024-01-16;2024-05-14;Väst\n")
}

fn one(text: impl AsRef<[u8]>) -> Workspace {
    Workspace::new().file("a.csv", text)
}

fn both(first: &str, second: &str) -> Workspace {
    Workspace::new().file("a.csv", first).file("b.csv", second)
}

#[test]
fn settings_are_found_in_messages() {
    let message = "Fel (x): a.csv har = fel. Ange under [[source]]: date_formats = { start = \"dd/mm/yyyy\" } eller \"mm/dd/yyyy\".\n\
        [[source]]\n  control = \"a\"\n  files   = [\"b.csv\"]\n  columns = { start = \"…\", end = \"…\" }\nheader_line = 6 eller sheet = \"*\". as_of = 2024-08-31";
    let found = settings_in(message);
    let found: Vec<(&str, &str)> = found.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    assert_eq!(
        found,
        [
            ("date_formats", "{ start = \"dd/mm/yyyy\" }"),
            ("control", "\"a\""),
            ("files", "[\"b.csv\"]"),
            ("columns", "{ start = \"…\", end = \"…\" }"),
            ("header_line", "6"),
            ("sheet", "\"*\""),
            ("as_of", "2024-08-31"),
        ]
    );
}

#[test]
fn unknown_headings() {
    let workspace = one(two("Nr;Inlett den;Klart den;Del"));
    follow(&workspace, "unknown-headings", "[\"a.csv\"]", &["Inlett den", "Klart den"], 2);
}

#[test]
fn a_missing_column() {
    let workspace = one(two("Ärendenr;Utredning inledd;Klart den;Enhet"));
    workspace.write("frist.toml", "[[source]]\ncontrol = \"child-investigation\"\nfiles = [\"a.csv\"]\n");
    follow(&workspace, "missing-column", "[\"a.csv\"]", &["Klart den"], 2);
    workspace.write(
        "frist.toml",
        "[[source]]\ncontrol = \"child-investigation\"\nfiles = [\"a.csv\"]\ncolumns = { start = \"Utredning inledd\", end = \"Klar den\" }\n",
    );
    follow(&workspace, "missing-column", "[\"a.csv\"]", &["Klart den"], 2);
}

#[test]
fn a_missing_column_of_a_filter() {
    for (setting, counted) in [("only", 1), ("exclude", 1)] {
        let workspace = one(two("Ärendenr;Utredning inledd;Utredning avslutad;Enhet"));
        let filter = format!("{setting} = {{ \"Enheten\" = [\"Öst\"] }}");
        workspace.write("frist.toml", format!("[[source]]\nfiles = [\"a.csv\"]\n{filter}\n"));
        follow(&workspace, "missing-column", "[\"a.csv\"]", &["Enhet", "Öst"], counted);
    }
}

#[test]
fn two_columns_of_one_heading() {
    let text = "Ärendenr;Utredning inledd;Utredning avslutad;Enhet;Enhet\n1;2024-01-09;2024-05-08;Öst;A\n2;2024-01-16;2024-05-14;Öst;B\n";
    follow(&one(text), "ambiguous-column", "[\"a.csv\"]", &["Enhet#2"], 2);
    let text = "Ärendenr;Utredning inledd;Utredning avslutad;Utredning avslutad\n1;2024-01-09;2024-05-08;\n2;2024-01-16;2024-05-14;2024-05-15\n";
    follow(&one(text), "ambiguous-column", "[\"a.csv\"]", &["Utredning avslutad#1"], 2);
}

fn sheet<'a>(name: &'a str, headings: &[&str]) -> Sheet<'a> {
    let rows: Vec<Vec<Cell>> = [
        days_and_texts(headings),
        days_and_texts(&["1", "2024-01-09", "2024-05-08"]),
        days_and_texts(&["2", "2024-01-16", "2024-05-14"]),
    ]
    .into();
    Sheet::of_cells(name, &rows)
}

#[test]
fn sheets_that_could_both_be_the_export() {
    let sheets = [
        sheet("Norr", &["Ärendenr", "Utredning inledd", "Utredning avslutad"]),
        sheet("Sammandrag", &["Dnr", "Utredning from", "Utredning tom"]),
    ];
    let workspace = Workspace::new().file("a.xlsx", workbook_of(&sheets));
    follow(&workspace, "ambiguous-sheet", "[\"a.xlsx\"]", &["Norr"], 2);
}

#[test]
fn a_sheet_that_is_not_there() {
    let sheets = [sheet("Norr", &["Ärendenr", "Utredning inledd", "Utredning avslutad"])];
    let workspace = Workspace::new().file("a.xlsx", workbook_of(&sheets));
    workspace.write("frist.toml", "[[source]]\nfiles = [\"a.xlsx\"]\nsheet = \"Söder\"\n");
    follow(&workspace, "unknown-sheet", "[\"a.xlsx\"]", &["Norr"], 2);
}

#[test]
fn dates_that_do_not_tell() {
    let text = format!("{HEADINGS}1;03/04/2024;04/05/2024;Öst\n2;05/06/2024;07/08/2024;Öst\n");
    follow(&one(text), "ambiguous-dates", "[\"a.csv\"]", &[], 2);
}

#[test]
fn dates_that_prove_opposite_orders() {
    let text = format!(
        "{HEADINGS}1;13/01/2024;04/15/2024;Öst\n2;14/01/2024;04/16/2024;Öst\n3;15/01/2024;04/17/2024;Öst\n"
    );
    follow(&one(text), "mixed-dates", "[\"a.csv\"]", &[], 3);
}

#[test]
fn days_and_months_that_were_swapped() {
    // 2 March, 13 March, 4 March and 20 March to 5 June, 14 June, 7 June and 21 June.
    let days = [
        ["2024-02-03", "2024-05-06"],
        ["13/03/2024", "14/06/2024"],
        ["2024-04-03", "2024-07-06"],
        ["20/03/2024", "21/06/2024"],
    ];
    let rows =
        days.iter().zip(["1", "2", "3", "4"]).map(|([start, end], id)| days_and_texts(&[id, start, end]));
    let headings = days_and_texts(&["Ärendenr", "Utredning inledd", "Utredning avslutad"]);
    let rows: Vec<Vec<Cell>> = std::iter::once(headings).chain(rows).collect();
    let workspace = Workspace::new().file("a.xlsx", workbook_of(&[Sheet::of_cells("Blad1", &rows)]));
    follow(&workspace, "swapped-dates", "[\"a.xlsx\"]", &[], 4);
}

#[test]
fn exports_of_which_neither_is_newer() {
    let text = |end: &str| format!("{HEADINGS}1;2024-01-09;{end};Öst\n2;2024-01-16;2024-05-14;Öst\n");
    let workspace = both(&text("2024-05-07"), &text("2024-05-08"));
    workspace.write("frist.toml", "[[source]]\nfiles = [\"a.csv\", \"b.csv\"]\nduplicates = \"newest\"\n");
    follow(&workspace, "equally-new", "[\"a.csv\", \"b.csv\"]", &["a.csv", "b.csv"], 2);
}

#[test]
fn overlapping_exports_without_case_numbers() {
    let first = two("Uppgift;Utredning inledd;Utredning avslutad;Enhet");
    let second = format!("{first}3;2024-02-06;2024-05-29;Öst\n");
    let workspace = both(&first, &second);
    follow(&workspace, "no-case-numbers", "[\"a.csv\", \"b.csv\"]", &["Uppgift"], 3);
}

#[test]
fn the_same_cases_under_other_numbers() {
    let days = ["2024-01-08", "2024-01-15", "2024-01-29", "2024-02-05", "2024-02-12"];
    let text = |number: &str| {
        let rows =
            days.iter().zip(1..).map(|(day, case)| format!("{number}{case};{case};{day};2024-05-06\n"));
        format!("Ärendenr;Ref;Utredning inledd;Utredning avslutad\n{}", rows.collect::<String>())
    };
    follow(&both(&text("BU"), &text("N")), "same-cases", "[\"a.csv\", \"b.csv\"]", &["Ref"], 5);
}

#[test]
fn ends_that_are_planned() {
    let rows = (1..=12).map(|case| {
        let (month, day) = (case % 3 + 1, case + 8);
        format!("{case};2024-0{month}-{day:02};2024-0{}-{day:02};2024-04-1{}\n", month + 4, case % 7)
    });
    let text = format!("Ärendenr;Utredning inledd;Utredning avslutad;Klar\n{}", rows.collect::<String>());
    follow(&one(text), "planned-ends", "[\"a.csv\"]", &["Klar"], 12);
}

#[test]
fn case_numbers_that_were_destroyed() {
    let text = "Ärendenr;Dnr;Utredning inledd;Utredning avslutad\n2,024E+11;1;2024-01-09;2024-05-08\n2,024E+11;2;2024-01-16;2024-05-14\n";
    follow(&one(text), "destroyed-case-numbers", "[\"a.csv\"]", &["Dnr"], 2);
}

#[test]
fn a_column_that_is_no_grouping() {
    let workspace = one(two("Ärendenr;Utredning inledd;Utredning avslutad;Enhet"));
    workspace.write("frist.toml", "[[source]]\nfiles = [\"a.csv\"]\ncolumns = { group = \"Ärendenr\" }\n");
    follow(&workspace, "unsuitable-group", "[\"a.csv\"]", &["Enhet"], 2);
}

#[test]
fn headings_with_lost_letters() {
    let workspace = one(two("?rendenr;Utredning inledd;Utredning avslutad;Enhet"));
    follow(&workspace, "broken-headings", "[\"a.csv\"]", &["?rendenr"], 2);
}

#[test]
fn init_in_a_folder_in_which_nothing_is_known() {
    let workspace = one(two("Nr;Inlett den;Klart den;Del"));
    follow_init(&workspace, &["."], &["child-investigation"], 2);
    // The same with ambiguous dates, columns and sheets.
    let text = format!("{HEADINGS}1;03/04/2024;04/05/2024;Öst\n2;05/06/2024;07/08/2024;Öst\n");
    follow_init(&one(text), &["."], &[], 2);
    let text = two("Ärendenr;Utredning inledd;Utredning avslutad;Utredning avslutad");
    follow_init(&one(text.replace(";Öst", ";").replace(";Väst", ";")), &["."], &[], 2);
    let sheets = [
        sheet("Norr", &["Ärendenr", "Utredning inledd", "Utredning avslutad"]),
        sheet("Sammandrag", &["Dnr", "Utredning from", "Utredning tom"]),
    ];
    follow_init(&Workspace::new().file("a.xlsx", workbook_of(&sheets)), &["."], &[], 2);
}

#[test]
fn init_on_a_file() {
    let workspace = one(two("Ärendenr;Utredning inledd;Utredning avslutad;Enhet"));
    follow_init(&workspace, &["a.csv"], &[], 2);
    let workspace = one(two("Nr;Inlett den;Klart den;Del"));
    follow_init(&workspace, &["a.csv"], &["child-investigation"], 2);
}

#[test]
fn init_writes_the_control_that_fits_and_the_rulebook_it_was_given() {
    let workspace = Workspace::new().file("Ej verkställda beslut.csv", two("Nr;Fattat den;Gjort den;Del"));
    workspace.frist(&["init", "."]).success();
    let project = workspace.read("frist.toml");
    assert!(project.contains("\"unenforced-decision\""), "{project}");
    let rulebook = "[[rule]]\nid = \"own\"\nname = { sv = \"Eget\", en = \"Own\" }\nstart = { sv = \"in\", en = \"in\" }\n\
        end = { sv = \"ut\", en = \"out\" }\nbasis = \"local-target\"\nmethod = \"30 days\"\nroll = \"none\"\ncohort = \"closed\"\n\
        headings = { start = [\"Inlett den\"], end = [\"Klart den\"] }\n[[rule.law]]\ncitation = { sv = \"mål\", en = \"target\" }\nverified = true\n";
    let workspace = one(two("Nr;Inlett den;Klart den;Del")).file("own.toml", rulebook);
    follow_init(&workspace, &[".", "--rulebook", "own.toml"], &[], 2);
}

#[test]
fn a_stray_file_beside_exports() {
    let workspace = both(&two("Ärendenr;Utredning inledd;Utredning avslutad;Enhet"), "Namn;Belopp\nX;12\n");
    let outcome = run(&workspace);
    if outcome.code != 0 {
        // The message names frist init.
        assert!(outcome.stderr.contains("frist init"), "{}", outcome.stderr);
        workspace.frist(&["init", "."]).success();
    }
    reports(&workspace, 2, &outcome.stderr);
}

#[test]
fn the_program_s_own_outputs_beside_exports() {
    let workspace = one(two("Ärendenr;Utredning inledd;Utredning avslutad;Enhet"));
    workspace.frist(&["run", ".", "--as-of", "2024-08-31", "--cases"]).success();
    for name in ["cases.csv", "faults.csv"] {
        workspace.write(name, workspace.bytes(&format!("reports/data/{name}")));
    }
    let outcome = run(&workspace).success();
    assert!(outcome.stderr.contains("cases.csv"), "{}", outcome.stderr);
    reports(&workspace, 2, &outcome.stderr);
}

#[test]
fn words_for_a_case_that_goes_on() {
    let rows = (0..12).map(|number| {
        let end = if number % 3 == 0 { "hos nämnden" } else { "2024-05-06" };
        format!("{number};2024-01-{:02};{end};Öst\n", number + 9)
    });
    let workspace = one(HEADINGS.to_owned() + &rows.collect::<String>());
    let outcome = workspace.frist(&["check", ".", "--as-of", "2024-08-31"]).success();
    let settings = settings_in(&outcome.stdout);
    let empty = settings.iter().find(|(key, _)| key == "empty").expect("a remedy");
    assert!(empty.1.contains("hos nämnden"), "{}", outcome.stdout);
    let text = project(std::slice::from_ref(empty), "[\"a.csv\"]");
    workspace.write("frist.toml", &text);
    reports(&workspace, 8, &text);
    assert_eq!(workspace.json("reports/data/results.json")["inputs"][0]["open"], 4);
}

#[test]
fn times_of_day_that_are_missing() {
    let workspace = one(
        "Ärendenr;Anmälan inkom;Skyddsbedömning gjord\n1;2024-05-13;2024-05-14\n2;2024-05-13;2024-05-15\n",
    );
    let outcome = workspace.frist(&["check", ".", "--as-of", "2024-08-31"]);
    let message = outcome.stdout + &outcome.stderr;
    let without =
        settings_in(&message).into_iter().find(|(key, _)| key == "without_times").expect("a remedy");
    let text = project(&[without], "[\"a.csv\"]");
    workspace.write("frist.toml", &text);
    reports(&workspace, 2, &text);
}

/// What `init` proposes for an export with these headings and rows: the source, uncommented.
pub fn proposed(text: &str) -> String {
    let workspace = one(text);
    workspace.frist(&["init", "."]).success();
    let project = workspace.read("frist.toml");
    let source = project.lines().skip_while(|line| *line != "# [[source]]");
    source.map_while(|line| line.strip_prefix("# ")).collect::<Vec<_>>().join("\n")
}

/// Asserts that `init` proposes this start and this end.
fn proposes(text: &str, start: &str, end: &str) {
    let found = proposed(text);
    let wanted = format!("columns = {{ start = \"{start}\", end = \"{end}\"");
    assert!(found.contains(&wanted), "'{wanted}' is not in\n{found}\nof\n{text}");
}

#[test]
fn init_takes_the_earlier_of_two_dates_for_the_start() {
    let rows = "1;2024-01-09;2024-05-08\n2;2024-01-16;2024-05-14\n3;2024-02-01;\n";
    let swapped = "1;2024-05-08;2024-01-09\n2;2024-05-14;2024-01-16\n3;;2024-02-01\n";
    for [start, end] in [
        ["Öppnat datum", "Beslut taget"],
        ["Öppnat datum", "Stängt datum"],
        ["Aktualiserad", "Ställningstagande"],
        ["Kom", "Gick"],
        ["Beslut fattat", "Anmälan"],
    ] {
        proposes(&format!("Nr;{start};{end}\n{rows}"), start, end);
        proposes(&format!("Nr;{end};{start}\n{swapped}"), start, end);
    }
    // Written with the day first; a slip on one row of four.
    proposes(
        "Nr;Gick;Kom\n1;13/02/2024;1/2/2024\n2;21/03/2024;4/2/2024\n3;7/5/2024;16/2/2024\n4;1/1/2024;17/2/2024\n",
        "Kom",
        "Gick",
    );
    // Times of day on the same day.
    proposes(
        "Nr;Gick;Kom\n1;2024-05-13 15:00;2024-05-13 08:00\n2;2024-05-14 09:00;2024-05-14 08:30\n",
        "Kom",
        "Gick",
    );
}

#[test]
fn init_goes_by_the_headings_where_the_dates_of_two_columns_do_not_tell() {
    let days = "1;2024-01-09;2024-01-09\n2;2024-01-16;2024-01-16\n";
    let reversed = "1;2024-01-09;2024-01-10\n2;2024-01-17;2024-01-16\n";
    let apart = "1;2024-01-09;\n2;;2024-01-16\n";
    for rows in [days, reversed, apart] {
        proposes(&format!("Nr;Stängt;Öppnat\n{rows}"), "Öppnat", "Stängt");
        proposes(&format!("Nr;A;B\n{rows}"), "A", "B");
    }
}

#[test]
fn init_chooses_among_three_columns_of_dates() {
    let rows = "1;2024-01-09;2024-03-01;2024-05-08\n2;2024-01-16;2024-03-04;2024-05-14\n";
    proposes(&format!("Nr;Öppnat;Ändrat;Stängt\n{rows}"), "Öppnat", "Stängt");
    proposes(&format!("Nr;Registrerad;Påminnelse;Färdigt\n{rows}"), "Registrerad", "Färdigt");
    let births = "1;2011-04-05;2024-01-09;2024-05-08\n2;2015-06-07;2024-01-16;2024-05-14\n";
    proposes(&format!("Nr;Född;Öppnat;Stängt\n{births}"), "Öppnat", "Stängt");
}

#[test]
fn init_asks_for_the_control_where_the_headings_do_not_show_it() {
    let of = |headings: &str| proposed(&two(headings));
    assert!(of("Nr;Öppnat datum;Beslut taget;Del").contains("control = \"…\""));
    assert!(of("Nr;Startad;Slutad;Del").contains("control = \"…\""));
    assert!(of("Nr;Utredning öppnad;Utredning stängd;Del").contains("control = \"child-investigation\""));
    assert!(of("Nr;Beslut fattat den;Verkställt den;Del").contains("control = \"unenforced-decision\""));
    let workspace = one(two("Nr;Öppnat datum;Beslut taget;Del"));
    let child = "child-investigation";
    follow_init(&workspace, &["."], &[child], 2);
}

#[test]
fn a_file_that_the_project_file_leaves_out_is_told_of() {
    let workspace = both(&two("Ärendenr;Utredning inledd;Utredning avslutad;Enhet"), &two("Nr;In;Ut;Del"));
    workspace.write("frist.toml", "[[source]]\ncontrol = \"child-investigation\"\nfiles = [\"a.csv\"]\n");
    let told = "Filer som ligger i mappen men inte läses, eftersom de inte nämns i frist.toml: b.csv.";
    let outcome = workspace.frist(&["run", ".", "--as-of", "2024-08-31"]).success();
    assert!(outcome.stderr.contains(told), "{}", outcome.stderr);
    assert!(workspace.read("reports/report.html").contains(told));
    let outcome = workspace.frist(&["check", ".", "--as-of", "2024-08-31"]).success();
    assert!(outcome.stdout.contains(told), "{}", outcome.stdout);
    workspace
        .frist(&["run", ".", "--as-of", "2024-08-31", "--edition", "published", "--out", "public"])
        .success();
    assert!(!workspace.read("public/report.html").contains("b.csv"), "names of files can be people's");
}

#[test]
fn a_project_file_in_another_encoding() {
    let workspace = one(two("Ärendenr;Utredning inledd;Utredning avslutad;Enhet"));
    workspace.write("frist.toml", b"organisation = \"\xc5m\xe5l\"\n");
    let said = run(&workspace).failure(74, &["(unreadable-input)", "är inte sparad som UTF-8"]);
    assert!(!said.stderr.contains("not UTF-8"), "{}", said.stderr);
    workspace.frist(&["run", ".", "--lang", "en"]).failure(74, &["is not saved as UTF-8"]);
    workspace.write("frist.toml", "organisation = \"Åmål\"\n");
    reports(&workspace, 2, "saved as UTF-8");
}
