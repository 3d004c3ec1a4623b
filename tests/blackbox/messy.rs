//! Exports as they really come, and the commands that help with them.

use serde_json::json;

use crate::workbook::{row, workbook};
use crate::workspace::{HEADINGS, Workspace, last_period};

const CASES: &str = "1;2024-01-10;2024-05-10\n2;2024-01-11;2024-05-13\n3;2024-05-02;\n";

#[test]
fn a_sheet_is_read_like_text_and_its_places_have_letters() {
    let rows = [
        row(1, &["Uttag"]),
        row(3, &["Ärendenr", "Utredning inledd", "Utredning avslutad"]),
        row(4, &["1", "45301", "45422"]),
        row(6, &["2", "45302", "i maj"]),
    ];
    let workspace = Workspace::new().file("a.xlsx", workbook(&[("Blad 1", &rows.concat())]));
    let results = workspace.results(&["--as-of", "2024-08-31"]);
    assert_eq!(last_period(&results, "child-investigation")["cases"], 1);
    assert_eq!(results["inputs"][0]["read_as"]["sheet"], "Blad 1");
    let faults = workspace.read("reports/data/faults.csv");
    assert!(
        faults.contains("a.xlsx,6,Utredning avslutad,unreadable-date,rejected,a.xlsx Blad 1!C6,"),
        "{faults}"
    );
}

#[test]
fn sheets_of_different_controls_are_all_read_and_of_one_control_are_asked_about() {
    let investigations =
        [row(1, &["Ärendenr", "Utredning inledd", "Utredning avslutad"]), row(2, &["1", "45301", "45422"])]
            .concat();
    let assessments =
        [row(1, &["Anmälan inkom", "Förhandsbedömning klar"]), row(2, &["45301", "45310"])].concat();
    let both = workbook(&[("A", &investigations), ("Tomt", ""), ("B", &assessments)]);
    let results = Workspace::new().file("a.xlsx", both).results(&["--as-of", "2024-08-31"]);
    assert_eq!(results["inputs"].as_array().map(Vec::len), Some(2));
    let wider = [
        row(1, &["Ärendenr", "Utredning inledd", "Utredning avslutad", "Enhet"]),
        row(2, &["2", "45301", "45422"]),
    ]
    .concat();
    let twice = workbook(&[("A", &investigations), ("B", &wider)]);
    let workspace = Workspace::new().file("a.xlsx", twice);
    workspace.frist(&["run", "."]).failure(65, &["inte lika: A, B", "sheet = \"A\"", "sheet = \"*\""]);
    let project =
        |sheet: &str| format!("as_of = 2024-08-31\n[[source]]\nfiles = [\"a.xlsx\"]\nsheet = {sheet}\n");
    for (sheet, read) in [("\"B\"", vec!["B"]), ("\"*\"", vec!["A", "B"]), ("[\"A\", \"B\"]", vec!["A", "B"])]
    {
        workspace.write("frist.toml", project(sheet));
        let results = workspace.results(&[]);
        let inputs = results["inputs"].as_array().expect("inputs");
        let sheets: Vec<&str> =
            inputs.iter().map(|input| input["read_as"]["sheet"].as_str().expect("a name")).collect();
        assert_eq!(sheets, read, "{sheet}");
    }
    workspace.write("frist.toml", project("[\"A\", \"C\"]"));
    workspace.frist(&["run", "."]).failure(65, &["”C”", "A, B"]);
}

/// Rows of two closed cases each, one late; the numbers are the sheet's own.
fn month(first: u32) -> String {
    let headings = row(1, &["Ärendenr", "Utredning inledd", "Utredning avslutad"]);
    let late = row(2, &[&format!("Ä{first}"), "45301", "45431"]);
    [headings, late, row(3, &[&format!("Ä{}", first + 1), "45301", "45322"])].concat()
}

#[test]
fn sheets_with_the_same_headings_are_read_together_and_the_others_are_named() {
    let [january, february, hidden] = [month(1), month(3), month(5)];
    let to_come = row(1, &["ÄRENDENR", "Utredning avslutad", "Utredning inledd"]);
    let cover = row(1, &["Uttag ur systemet", "2024"]);
    // The name carries the attribute that hides the sheet.
    let sheets = [
        ("Försättsblad", cover.as_str()),
        ("Januari", &january),
        ("Februari", &february),
        ("Mars", &to_come),
        ("Gammalt\" state=\"hidden", &hidden),
        ("Listor\" state=\"veryHidden", &cover),
    ];
    let workspace = Workspace::new().file("a.xlsx", workbook(&sheets));
    let outcome = workspace.frist(&["run", ".", "--as-of", "2024-08-31"]).success();
    for wanted in
        ["Januari, Februari, Mars läses tillsammans", "Försättsblad läses inte", "bladen Gammalt har"]
    {
        assert!(outcome.stderr.contains(wanted), "'{wanted}' is not in {}", outcome.stderr);
    }
    assert!(!outcome.stderr.contains("Listor"), "{}", outcome.stderr);
    let results = workspace.json("reports/data/results.json");
    let rows: Vec<u64> = results["inputs"]
        .as_array()
        .expect("inputs")
        .iter()
        .map(|input| input["rows"].as_u64().expect("rows"))
        .collect();
    assert_eq!(rows, [2, 2, 0]);
    workspace.write(
        "frist.toml",
        "as_of = 2024-08-31\n[[source]]\nfiles = [\"a.xlsx\"]\nsheet = [\"Gammalt\", \"Januari\"]\n",
    );
    let outcome = workspace.frist(&["run", "."]).success();
    assert!(outcome.stderr.contains("bladen Februari, Mars har"), "{}", outcome.stderr);
    assert_eq!(workspace.json("reports/data/results.json")["inputs"].as_array().map(Vec::len), Some(2));
}

#[test]
fn merged_cells_belong_to_all_their_rows() {
    let rows = [
        row(1, &["Enhet", "Utredning inledd", "Utredning avslutad"]),
        row(2, &["Norr", "45301", "45431"]),
        "<row r=\"3\"><c r=\"B3\" s=\"1\"><v>45301</v></c><c r=\"C3\" s=\"1\"><v>45322</v></c></row>".to_owned(),
        "<row r=\"4\"><c r=\"A4\"/><c r=\"B4\" s=\"1\"><v>45301</v></c></row>".to_owned(),
        row(5, &["Söder", "45301", "45431"]),
        "</sheetData><mergeCells count=\"2\"><mergeCell ref=\"A2:A4\"/><mergeCell ref=\"E1:F1\"/></mergeCells><sheetData>".to_owned(),
    ];
    let workspace = Workspace::new().file("a.xlsx", workbook(&[("Blad1", &rows.concat())]));
    let outcome = workspace.frist(&["run", ".", "--as-of", "2024-08-31", "--cases"]).success();
    assert!(!outcome.stderr.contains("varje block"), "{}", outcome.stderr);
    let cases = workspace.read("reports/data/cases.csv");
    assert_eq!((cases.matches(",Norr,").count(), cases.matches(",Söder,").count()), (3, 1), "{cases}");
}

#[test]
fn a_unit_on_the_first_row_of_each_block_is_told_of() {
    let headings = "Enhet;Utredning inledd;Utredning avslutad\n";
    let rows = "Norr;2024-01-10;2024-05-10\n;2024-01-11;\n;2024-01-12;\nSöder;2024-01-10;\n;2024-01-15;\n";
    let workspace = Workspace::new().file("a.csv", format!("{headings}{rows}"));
    for command in ["run", "check"] {
        let outcome = workspace.frist(&[command, ".", "--as-of", "2024-08-31"]).success();
        let said = outcome.stdout + &outcome.stderr;
        assert!(said.contains("”Enhet” står bara på den första raden"), "{said}");
    }
    let often_missing = rows.replace("Söder", "Norr");
    workspace.write("a.csv", format!("{headings}{often_missing}"));
    let outcome = workspace.frist(&["run", ".", "--as-of", "2024-08-31"]).success();
    assert!(!outcome.stderr.contains("den första raden"), "{}", outcome.stderr);
}

#[test]
fn the_encoding_is_told_and_can_be_set() {
    let cp850 = b"\x8Erendenr;Utredning inledd;Utredning avslutad;Enhet\n1;2024-01-10;2024-05-10;\x99stra\n";
    let workspace = Workspace::new().file("a.csv", cp850);
    let outcome = workspace.frist(&["run", ".", "--as-of", "2024-08-31"]).success();
    assert!(outcome.stderr.contains("a.csv läses som cp850"), "{}", outcome.stderr);
    assert_eq!(
        workspace.json("reports/data/results.json")["controls"][0]["groupings"][0]["groups"][0]["name"],
        "Östra"
    );
    workspace.frist(&["run", ".", "--as-of", "2024-08-31", "--encoding", "windows-1252"]).success();
    assert_eq!(
        workspace.json("reports/data/results.json")["controls"][0]["groupings"][0]["groups"][0]["name"],
        "™stra"
    );
    workspace.frist(&["run", ".", "--encoding", "latin9"]).failure(2, &["windows-1252"]);
}

#[test]
fn mac_roman_and_utf8_encoded_twice_are_read() {
    let text =
        format!("Ärendenr;Utredning inledd;Utredning avslutad;Enhet\n{}", "1;2024-01-10;2024-05-10;Östra\n");
    let twice: String = text.bytes().map(char::from).collect();
    // Lines end with a carriage return alone, as on old Macs.
    let mac = encoding_rs::MACINTOSH.encode(&text.replace('\n', "\r")).0.into_owned();
    for (bytes, id) in [
        (mac, "macintosh"),
        (twice.clone().into_bytes(), "utf-8-twice"),
        ([b"\xEF\xBB\xBF", twice.as_bytes()].concat(), "utf-8-twice"),
    ] {
        let workspace = Workspace::new().file("a.csv", bytes);
        let results = workspace.results(&["--as-of", "2024-08-31"]);
        assert_eq!(results["inputs"][0]["read_as"]["encoding"], id);
        assert_eq!(results["controls"][0]["groupings"][0]["groups"][0]["name"], "Östra", "{id}");
    }
}

#[test]
fn headings_with_lost_letters_are_refused_and_questions_are_not() {
    let rows = "1;2024-01-10;2024-05-10;x\n2;2024-01-11;;x\n";
    for lost in ["?rendenr", "\u{fffd}rendenr", "Ã„rendenr", "├ärendenr"] {
        let text = format!("{lost};Utredning inledd;Utredning avslutad;Är åtgärden på väg åt öster\n{rows}");
        let workspace = Workspace::new().file("a.csv", text);
        workspace.frist(&["run", "."]).failure(65, &["bokstäver har gått förlorade", lost]);
        // The remedies, to the letter: as it is named, and as it should be.
        workspace.write(
            "frist.toml",
            format!(
                "as_of = 2024-08-31\n[[source]]\nfiles = [\"a.csv\"]\ncolumns = {{ case_id = \"{lost}\" }}\n"
            ),
        );
        assert_eq!(workspace.results(&[])["inputs"][0]["rows"], 2);
    }
    let text = format!("Ärendenr;Utredning inledd;Utredning avslutad;Klar?\n{rows}");
    assert_eq!(
        Workspace::new().file("a.csv", text).results(&["--as-of", "2024-08-31"])["inputs"][0]["rows"],
        2
    );
}

#[test]
fn a_selection_above_the_table_is_passed_over_and_the_line_can_be_said() {
    let rows = "1;2024-01-10;2024-05-10;N\n2;2024-01-11;2024-05-12;N\n";
    for selection in [
        "Urval\nEnhet;Handläggare;Status\nAlla;Alla;Avslutade\n\n",
        "Fr.o.m.;T.o.m.;Enhet;Status\n2024-01-01;2024-08-31;Alla;Alla\n",
    ] {
        let text = format!("{selection}Ärendenr;Utredning inledd;Utredning avslutad;Enhet\n{rows}");
        let results = Workspace::new().file("a.csv", text).results(&["--as-of", "2024-08-31"]);
        assert_eq!((&results["inputs"][0]["rows"], &results["inputs"][0]["counted"]), (&json!(2), &json!(2)));
    }
    let text = format!(
        "Ärendenr;Utredning inledd;Utredning avslutad\n9;2024-01-01;\nÄrendenr;Utredning inledd;Utredning avslutad;Enhet\n{rows}"
    );
    let workspace = Workspace::new().file("a.csv", text);
    assert_eq!(workspace.results(&["--as-of", "2024-08-31"])["inputs"][0]["open"], 1);
    workspace.write("frist.toml", "as_of = 2024-08-31\n[[source]]\nfiles = [\"a.csv\"]\nheader_line = 3\n");
    assert_eq!(workspace.results(&[])["inputs"][0]["counted"], 2);
}

#[test]
fn what_the_program_wrote_is_passed_over_with_a_word() {
    let workspace = Workspace::new().file("a.csv", format!("{HEADINGS}{CASES}"));
    workspace.frist(&["run", ".", "--as-of", "2024-08-31", "--cases", "--out", "rapport"]).success();
    for name in ["cases.csv", "facts.csv", "faults.csv", "tally.csv"] {
        workspace.write(name, workspace.bytes(&format!("rapport/data/{name}")));
    }
    let outcome = workspace.frist(&["check", ".", "--as-of", "2024-08-31"]).success();
    assert!(
        outcome.stdout.contains("frist har skrivit dem: cases.csv, facts.csv, faults.csv, tally.csv"),
        "{}",
        outcome.stdout
    );
    workspace.write("frist.toml", "as_of = 2024-08-31\n[[source]]\nfiles = [\"*.csv\", \"*/*/*.csv\"]\n");
    workspace.write("2024/mars/b.csv", format!("{HEADINGS}7;2024-01-10;2024-05-10\n"));
    let outcome = workspace.frist(&["run", "."]).success();
    assert!(outcome.stderr.contains("rapport/data/cases.csv"), "{}", outcome.stderr);
    assert_eq!(workspace.json("reports/data/results.json")["inputs"].as_array().map(Vec::len), Some(2));
    workspace.frist(&["run", "rapport"]).failure(65, &["rapport"]);
}

#[test]
fn units_in_composed_and_decomposed_letters_are_one() {
    let headings = "Utredning inledd;Utredning avslutad;Enhet\n";
    let rows = "2024-01-10;2024-05-10;Östra\n2024-01-10;2024-05-10;O\u{308}stra\u{a0}\n";
    let results =
        Workspace::new().file("a.csv", format!("{headings}{rows}")).results(&["--as-of", "2024-08-31"]);
    let groups = results["controls"][0]["groupings"][0]["groups"].as_array().expect("groups");
    assert_eq!((groups.len(), &groups[0]["name"]), (1, &json!("Östra")));
}

#[test]
fn dates_that_do_not_tell_are_refused_until_the_project_says() {
    let text = format!("{HEADINGS}1;03/04/2024;04/05/2024\n2;05/06/2024;\n");
    let workspace = Workspace::new().file("a.csv", text);
    let refused = workspace.frist(&["run", ".", "--as-of", "2024-08-31"]);
    refused.failure(
        65,
        &["”Utredning inledd”", "date_formats = { start = \"dd/mm/yyyy\", end = \"dd/mm/yyyy\" }"],
    );
    let project = "as_of = 2024-08-31\n[[source]]\nfiles = [\"a.csv\"]\n\
                   date_formats = { start = \"dd/mm/yyyy\", end = \"dd/mm/yyyy\" }\n";
    workspace.write("frist.toml", project);
    assert_eq!(workspace.results(&["--cases"])["inputs"][0]["counted"], 1);
    assert!(workspace.read("reports/data/cases.csv").contains("2024-04-03,2024-05-04"));
}

#[test]
fn the_evidence_for_dates_is_sought_in_the_whole_file() {
    let mut text = HEADINGS.to_owned();
    for number in 0..20_000 {
        text.push_str(&format!("{number};03/04/2024;04/05/2024\n"));
    }
    for number in 20_000..30_000 {
        text.push_str(&format!("{number};31/03/2024;30/04/2024\n"));
    }
    let results = Workspace::new().file("a.csv", text).results(&["--as-of", "2024-08-31"]);
    assert_eq!(results["inputs"][0]["counted"], 30_000);
    assert_eq!(results["inputs"][0]["read_as"]["date_formats"]["start"], "dd/mm/yyyy");
}

#[test]
fn the_newest_export_by_content_wins_when_the_project_says_so() {
    let old = format!("{HEADINGS}1;2024-01-10;\n2;2024-01-11;2024-05-13\n3;2024-02-01;2024-03-01\n");
    let new = format!("{HEADINGS}1;2024-01-10;2024-05-15\n2;2024-01-11;2024-05-13\n4;2024-05-02;\n");
    let workspace = Workspace::new().file("2024-04.csv", old).file("2024-08.csv", new);
    let results = workspace.results(&["--as-of", "2024-08-31"]);
    assert_eq!(results["inputs"][0]["rejected"], 1, "they contradict each other");
    workspace.write(
        "frist.toml",
        "as_of = 2024-08-31\n[[source]]\nfiles = [\"2024-*.csv\"]\nduplicates = \"newest\"\n",
    );
    let results = workspace.results(&["--cases"]);
    let (first, second) = (&results["inputs"][0], &results["inputs"][1]);
    assert_eq!(
        (&first["counted"], &first["excluded"], &first["rejected"]),
        (&json!(1), &json!(2), &json!(0))
    );
    assert_eq!((&second["counted"], &second["open"]), (&json!(2), &json!(1)));
    let why = &first["excluded_by_reason"];
    assert_eq!((&why["superseded_row"], &why["repeated_row"]), (&json!(1), &json!(1)));
    let faults = workspace.read("reports/data/faults.csv");
    assert!(faults.contains("2024-04.csv,2,Ärendenr,superseded-row,left-out"), "{faults}");
    assert!(faults.contains("2024-08.csv:2"), "{faults}");
    assert_eq!(workspace.read("reports/data/cases.csv").lines().count(), 1 + 4);
}

#[test]
fn one_source_that_lets_the_newest_win_is_enough_whichever_it_is() {
    let old = format!("{HEADINGS}1;2024-01-10;\n2;2024-01-11;2024-03-13\n");
    let new = format!("{HEADINGS}1;2024-01-10;2024-05-15\n4;2024-05-02;\n");
    let workspace = Workspace::new().file("old.csv", old).file("new.csv", new);
    let sources = |says: [&str; 2]| {
        let source = |file: &str, says: &str| format!("[[source]]\nfiles = [\"{file}.csv\"]\n{says}\n");
        format!("as_of = 2024-08-31\n{}{}", source("old", says[0]), source("new", says[1]))
    };
    let newest = "duplicates = \"newest\"";
    for says in [[newest, ""], ["", newest], [newest, newest], ["duplicates = \"last\"", newest]] {
        workspace.write("frist.toml", sources(says));
        let said = workspace.frist(&["check", "."]).stdout;
        assert!(said.contains("old.csv (2024-03-13) < new.csv (2024-05-15)"), "{said}");
        let inputs = workspace.results(&[])["inputs"].clone();
        let of =
            |file: &str| inputs.as_array().and_then(|all| all.iter().find(|it| it["path"] == file)).cloned();
        let (old, new) = (of("old.csv").expect("read"), of("new.csv").expect("read"));
        assert_eq!(
            (&old["counted"], &old["excluded_by_reason"]["superseded_row"]),
            (&json!(1), &json!(1)),
            "{says:?}"
        );
        assert_eq!((&new["counted"], &new["open"]), (&json!(1), &json!(1)), "{says:?}");
    }
}

#[test]
fn an_unreadable_row_in_the_newest_export_brings_no_older_one_back() {
    let workspace = Workspace::new()
        .file("3.csv", format!("{HEADINGS}1;2024-01-10;\n2;2024-01-11;x\n3;2024-01-11;\n"))
        .file("2.csv", format!("{HEADINGS}1;2024-01-10;3024-05-10\n2;2024-01-11;2024-05-10\n4;2024-02-01;\n"))
        .file("frist.toml", "as_of = 2024-08-31\n[[source]]\nfiles = [\"*.csv\"]\nduplicates = \"newest\"\n");
    let results = workspace.results(&[]);
    let (new, old) = (&results["inputs"][0], &results["inputs"][1]);
    assert_eq!((&old["open"], &old["rejected"], &old["excluded"]), (&json!(1), &json!(1), &json!(1)));
    assert_eq!((&new["counted"], &new["rejected"], &new["open"]), (&json!(1), &json!(1), &json!(1)));
}

#[test]
fn repeated_rows_are_listed_with_both_places() {
    let workspace = Workspace::new()
        .file("a.csv", format!("{HEADINGS}{CASES}"))
        .file("b.csv", format!("{HEADINGS}{CASES}"));
    let results = workspace.results(&["--as-of", "2024-08-31"]);
    assert_eq!(results["inputs"][1]["excluded_by_reason"]["repeated_row"], 3);
    let faults = workspace.read("reports/data/faults.csv");
    assert!(
        faults.contains("b.csv,2,Ärendenr,repeated-row,left-out") && faults.contains("a.csv:2"),
        "{faults}"
    );
}

#[test]
fn a_possible_chain_is_listed_and_the_person_is_nowhere() {
    let text = "Ärendenr;Utredning inledd;Utredning avslutad;Personnummer\n\
                1;2024-01-10;2024-04-10;19121212-1212\n2;2024-04-20;;121212-1212\n3;2024-04-20;;20121212-1212\n";
    let workspace = Workspace::new().file("a.csv", text);
    let results = workspace.results(&["--as-of", "2024-08-31", "--cases"]);
    assert_eq!(results["inputs"][0]["open"], 2);
    let faults = workspace.read("reports/data/faults.csv");
    assert!(
        faults.contains("a.csv,3,Utredning inledd,possible-chain,doubtful") && faults.contains("a.csv:2"),
        "{faults}"
    );
    for name in workspace.names_in("reports") {
        assert!(
            !workspace.bytes(&format!("reports/{name}")).windows(6).any(|part| part == b"121212"),
            "{name}"
        );
    }
}

#[test]
fn types_are_compared_folded_and_those_of_no_control_are_named() {
    let text = "Ärendetyp;Startdatum;Slutdatum\nBARNUTREDNING ;2024-01-10;2024-05-10\nAnnat;2024-01-10;\nAnnat;2024-01-10;\nAnnat;2024-01-10;\n";
    let project = "as_of = 2024-08-31\n[[source]]\nfiles = [\"a.csv\"]\n\
                   types = { \"Barnutredning\" = \"child-investigation\" }\n";
    let workspace = Workspace::new().file("a.csv", text).file("frist.toml", project);
    assert_eq!(last_period(&workspace.results(&[]), "child-investigation")["cases"], 1);
    let outcome = workspace.frist(&["check", "."]).success();
    assert!(outcome.stdout.contains("Annat"), "{}", outcome.stdout);
}

#[test]
fn rows_that_end_early_are_cut_off_unless_the_project_says_otherwise() {
    let text =
        "Ärendenr;Utredning inledd;Utredning avslutad;Enhet\n1;2024-01-10;2024-05-10;A\n2;2024-01-10\n";
    let workspace = Workspace::new().file("a.csv", text);
    assert_eq!(workspace.results(&["--as-of", "2024-08-31"])["inputs"][0]["rejected"], 1);
    workspace
        .write("frist.toml", "as_of = 2024-08-31\n[[source]]\nfiles = [\"a.csv\"]\nshort_rows = \"empty\"\n");
    assert_eq!(workspace.results(&[])["inputs"][0]["open"], 1);
}

#[test]
fn a_project_can_name_its_own_marks_of_nothing() {
    let workspace = Workspace::new()
        .file("a.csv", format!("{HEADINGS}1;2024-01-10;pågår\n"))
        .file("frist.toml", "as_of = 2024-08-31\n[[source]]\nfiles = [\"a.csv\"]\nempty = [\"Pågår\"]\n");
    assert_eq!(workspace.results(&[])["inputs"][0]["open"], 1);
}

#[test]
fn what_may_be_wrong_can_be_limited_and_then_nothing_is_written() {
    let text = format!("{HEADINGS}{CASES}4;x;\n");
    let workspace = Workspace::new().file("a.csv", text);
    let run = ["run", ".", "--as-of", "2024-08-31"];
    workspace.frist(&[&run[..], &["--max-rejected", "25%"]].concat()).success();
    let before = workspace.read("reports/manifest.json");
    workspace
        .frist(&[&run[..], &["--max-rejected", "24,9 %"]].concat())
        .failure(1, &["1 av 4", "24,9\u{a0}%", "a.csv"]);
    workspace.frist(&[&run[..], &["--strict"]].concat()).failure(1, &["1 av 4"]);
    assert_eq!(workspace.read("reports/manifest.json"), before);
    workspace.frist(&["check", ".", "--as-of", "2024-08-31"]).success();
    workspace.frist(&["check", ".", "--as-of", "2024-08-31", "--strict"]).failure(1, &["1 av 4"]);
    workspace.frist(&[&run[..], &["--max-rejected", "101%"]].concat()).failure(2, &["0–100"]);
}

#[test]
fn the_effect_of_faults_on_a_share_is_bounded() {
    let cases = "1;2024-01-10;2024-05-10\n2;2024-01-11;2024-05-13\n";
    let bounds = |rejected: &str| {
        let text = format!("{HEADINGS}{cases}{rejected}");
        let results = Workspace::new().file("a.csv", text).results(&["--as-of", "2024-08-31"]);
        let control = &results["controls"][0];
        (control["rejected_rows"].clone(), control["share_if_rejected"].clone())
    };
    let two = json!({ "in_time": 0.25, "late": 0.75 });
    assert_eq!(bounds("4;x;2024-06-10\n5;;2024-07-10\n"), (json!(2), two.clone()));
    assert_eq!(bounds("4;x;\n5;;\n"), (json!(2), json!(null)), "open cases belong to no period");
    assert_eq!(bounds("4;x;2024-03-10\n"), (json!(1), json!(null)), "it ended in another period");
    assert_eq!(bounds("4;2024-02-01;x\n5;2024-02-01;y\n"), (json!(2), two), "the end could lie in it");
    let one = json!({ "in_time": 0.333333, "late": 0.666667 });
    let contradicting = "4;2024-02-01;2024-06-01\n4;2024-02-01;2024-06-02\n";
    assert_eq!(bounds(contradicting), (json!(2), one), "two rows are one case");
}

#[test]
fn init_writes_a_project_file_that_runs_as_it_is() {
    let rows = ["1;240110;240510", "2;240117;240516", "3;240131;240529", "4;240222;"].join("\r\n");
    let windows: Vec<u8> = format!("Ärendenr;Utredning inledd;Utredning avslutad\r\n{rows}\r\n")
        .chars()
        .map(|letter| u8::try_from(u32::from(letter)).expect("Latin-1"))
        .collect();
    let workspace = Workspace::new()
        .file("utredningar [1].csv", windows)
        .file(
            "skydd.xlsx",
            workbook(&[(
                "Uttag",
                &[row(1, &["Anmälan inkom", "Skyddsbedömning"]), row(2, &["45301", "45301"])].concat(),
            )]),
        )
        .file(
            "allt.csv",
            "Ärendetyp;Startdatum;Slutdatum\nFörhandsbedömning;2024-01-10;2024-01-20\nÖvrigt;2024-01-10;\nÖvrigt;2024-01-11;\nÖvrigt;2024-01-12;\nKalle Testsson;2024-01-12;\n",
        )
        .file("samarbetssamtal 2024.csv", "Id,Start,Slut\n1,2024-01-10,2024-02-10\n")
        .file("annat.csv", "a;b\n1;2\n");
    workspace.frist(&["init", "."]).success();
    let project = workspace.read("frist.toml");
    assert!(project.starts_with("#:schema ./frist.schema.json\n"), "{project}");
    for wanted in [
        "as_of    = 2024-05-29",
        "encoding = \"windows-1252\"",
        "date_formats = { start = \"yymmdd\", end = \"yymmdd\" }",
        "sheet   = \"Uttag\"",
        "\"Förhandsbedömning\" = \"preliminary-assessment\"",
        "# \"Övrigt\" = \"…\"",
        "control = \"cooperation-talks\"",
        "# annat.csv: rubrikerna visar inte",
    ] {
        assert!(project.contains(wanted), "'{wanted}' is not in\n{project}");
    }
    assert!(!project.contains("Kalle"), "{project}");
    let results = workspace.results(&[]);
    let counted = |control: &str| last_period(&results, control)["cases"].clone();
    for control in ["child-investigation", "safety-assessment", "preliminary-assessment", "cooperation-talks"]
    {
        assert!(results["controls"].as_array().expect("controls").iter().any(|known| known["id"] == control));
    }
    assert_eq!(counted("child-investigation"), 3);
    workspace.frist(&["init", "."]).failure(74, &["--force"]);
    workspace.frist(&["init", ".", "--force"]).success();
    assert_eq!(workspace.read("frist.toml"), project);
    let schema = workspace.json("frist.schema.json");
    assert_eq!(schema["properties"]["source"]["type"], "array");
}

#[test]
fn init_without_a_file_it_knows_writes_what_helps() {
    let rows = "A1;2024-01-10;Norr;2024-05-10\nA2;2024-01-11;Norr;2024-05-12\nA3;2024-02-01;Norr;\n";
    let workspace = Workspace::new().file("annat.csv", format!("Ref;Kom in;Del;Gick ut\n{rows}"));
    workspace.frist(&["init", "annat.csv"]).success();
    let project = workspace.read("frist.toml");
    for wanted in [
        "# Funna rubriker: Ref, Kom in, Del, Gick ut",
        "# Kan vara start: Kom in",
        "# Kan vara end: Gick ut",
        "# columns = { start = \"Kom in\", end = \"Gick ut\", case_id = \"Ref\", group = \"Del\" }",
    ] {
        assert!(project.contains(wanted), "'{wanted}' is not in\n{project}");
    }
    let source = project.lines().skip_while(|line| *line != "# [[source]]");
    let source: Vec<&str> = source.filter_map(|line| line.strip_prefix("# ")).collect();
    assert!(project.contains("# control = \"…\""), "{project}");
    let source = source.join("\n").replace("control = \"…\"", "control = \"child-investigation\"");
    workspace.write("frist.toml", format!("as_of = 2024-08-31\n{source}\n"));
    assert_eq!(workspace.results(&[])["inputs"][0]["counted"], 2);
}

#[test]
fn check_says_everything_at_once_and_writes_nothing() {
    let workspace = Workspace::new()
        .file("a.csv", format!("{HEADINGS}{CASES}4;x;\n"))
        .file("b.csv", "a;b\n1;2\n")
        .file("c.csv", format!("{HEADINGS}1;03/04/2024;\n"))
        .file("d.xls", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1");
    let outcome = workspace.frist(&["check", ".", "--as-of", "2024-08-31"]);
    assert!(outcome.stdout.contains("a.csv: unreadable-date"), "{}", outcome.stdout);
    outcome.failure(65, &["b.csv", "Funna rubriker", "c.csv", "03/04/2024", "d.xls", ".xlsx"]);
    assert_eq!(workspace.names(), ["a.csv", "b.csv", "c.csv", "d.xls"]);
    workspace.write("frist.toml", "as_off = 1\nperiod = \"termin\"\n[[control]]\nid = \"x\"\ntarget = 20\n");
    let outcome = workspace.frist(&["check", "."]);
    outcome.failure(78, &["as_off", "Menade du ”as_of”?", "termin", "mellan 0 och 1", "frist.toml:2:10"]);
}

#[test]
fn a_code_is_explained_in_both_languages() {
    let workspace = Workspace::new();
    let swedish = workspace.frist(&["explain", "unreadable-date"]).success();
    assert!(
        swedish.stdout.contains("Åtgärd") && swedish.stdout.contains("→ utredningar.csv:3"),
        "{}",
        swedish.stdout
    );
    let english = workspace.frist(&["explain", "unreadable-date", "--lang", "en"]).success();
    assert!(english.stdout.contains("Remedy"), "{}", english.stdout);
    workspace.frist(&["explain", "unreadble-date"]).failure(2, &["Menade du ”unreadable-date”?"]);
}

#[test]
fn a_quote_that_swallows_rows_is_a_fault() {
    let headings = "Ärendenr;Enhet;Utredning inledd;Utredning avslutad;Anteckning\n";
    // Opened in the last column, closed in the one before: no row has so many cells.
    let rows =
        "1;N;2024-01-10;2024-05-10;\"Hej\n2;N;2024-01-10;2024-05-20;hon sa\n3;N;2024-01-10;2024-05-10\";x\n";
    let workspace = Workspace::new().file("a.csv", format!("{headings}{rows}"));
    let results = workspace.results(&["--as-of", "2024-08-31"]);
    assert_eq!((&results["inputs"][0]["counted"], &results["inputs"][0]["rejected"]), (&json!(1), &json!(2)));
    assert!(workspace.read("reports/data/faults.csv").contains("a.csv,2,Anteckning,broken-quote"));
}

#[test]
fn a_valid_text_that_holds_rows_is_a_text_and_is_told_of() {
    let headings = "Ärendenr;Enhet;Utredning inledd;Utredning avslutad;Anteckning\n";
    let rows = "1;N;2024-01-10;2024-05-10;\"Hej\n2;N;2024-01-10;2024-05-20;hon sa nej\"\n3;N;2024-01-10;2024-05-10;x\n";
    let workspace = Workspace::new().file("a.csv", format!("{headings}{rows}"));
    let results = workspace.results(&["--as-of", "2024-08-31"]);
    assert_eq!((&results["inputs"][0]["counted"], &results["inputs"][0]["rejected"]), (&json!(2), &json!(0)));
    assert!(workspace.read("reports/data/faults.csv").contains("a.csv,2,Anteckning,rows-in-text,doubtful"));
}

#[test]
fn long_texts_with_lines_and_separators_are_valid_cells() {
    let headings = "Ärendenr,Anteckning,Utredning inledd,Utredning avslutad\n";
    let text = format!("\n{}\n\nSlut ", "ett, två, tre, fyra, fem\n".repeat(20_000));
    let rows: String =
        (0..4).map(|number| format!("{number},\"{text}\",2024-01-10,2024-05-10\r\n")).collect();
    let workspace = Workspace::new().file("a.csv", format!("{headings}{rows}9,,2024-01-10,2024-05-20\n"));
    let results = workspace.results(&["--as-of", "2024-08-31"]);
    let ledger = &results["inputs"][0];
    assert_eq!((&ledger["rows"], &ledger["counted"]), (&json!(5), &json!(5)));
    assert_eq!(workspace.read("reports/data/faults.csv").lines().count(), 1);
}

#[test]
fn brothers_and_sisters_in_one_case_count_once_and_are_named() {
    let headings = "Ärendenr;Utredning inledd;Utredning avslutad;Personnummer\n";
    let rows = "1;2024-01-10;2024-05-20;19121212-1212\n1;2024-01-10;2024-05-20;20121212-1220\n";
    let workspace = Workspace::new().file("a.csv", format!("{headings}{rows}2;2024-01-10;;20121212-1213\n"));
    let ledger = &workspace.results(&["--as-of", "2024-08-31"])["inputs"][0];
    assert_eq!(
        ["counted", "excluded", "rejected"].map(|what| ledger[what].as_u64()),
        [Some(1), Some(1), Some(0)]
    );
    let faults = workspace.read("reports/data/faults.csv");
    assert!(faults.contains("a.csv,3,Ärendenr,repeated-number"), "{faults}");
}

#[test]
fn what_lies_beside_what_is_read_is_told() {
    let sheet = [row(1, &["Utredning inledd", "Utredning avslutad"]), row(2, &["45301", "45422"])].concat();
    let other = [row(1, &["Startdatum", "Slutdatum"]), row(2, &["45301", "45422"])].concat();
    let workspace = Workspace::new()
        .file("a.xlsx", workbook(&[("2024", &sheet), ("2023", &other)]))
        .file("b.csv", format!("Ärendetyp;{HEADINGS}Barn;1;2024-01-10;\nVuxen;2;2024-01-10;\n"))
        .file("c.csv", format!("{HEADINGS}{CASES}"))
        .file(
            "frist.toml",
            "as_of = 2024-08-31\n[[source]]\nfiles = [\"a.xlsx\", \"b.csv\"]\nduplicates = \"keep\"\n",
        );
    let outcome = workspace.frist(&["run", "."]).success();
    for wanted in ["bladen 2023 läses inte", "”Ärendetyp” har flera typer", "inte nämns i frist.toml: c.csv"]
    {
        assert!(outcome.stderr.contains(wanted), "'{wanted}' is not in {}", outcome.stderr);
    }
}

#[test]
fn a_mistyped_end_does_not_move_the_as_of_date() {
    let workspace = Workspace::new().file("a.csv", format!("{HEADINGS}{CASES}4;2024-05-01;2042-05-10\n"));
    let outcome = workspace.frist(&["run", "."]).success();
    assert!(outcome.stderr.contains("10 maj 2042"), "{}", outcome.stderr);
    assert_eq!(workspace.json("reports/data/results.json")["as_of"], "2024-05-13");
    assert_eq!(workspace.json("reports/data/results.json")["inputs"][0]["rejected"], 1);
}

#[test]
fn midnight_throughout_is_no_time_of_day() {
    let headings = "Anmälan inkom;Skyddsbedömning\n";
    let dates = "2024-01-10;2024-01-11\n";
    let midnights = "2024-01-10 00:00:00;2024-01-11 00:00\n";
    for rows in [dates, midnights] {
        let results =
            Workspace::new().file("a.csv", format!("{headings}{rows}")).results(&["--as-of", "2024-04-30"]);
        assert_eq!(results["controls"][0]["without_time"], 1, "{rows}");
    }
}
