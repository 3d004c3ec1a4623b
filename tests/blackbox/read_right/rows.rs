//! Which rows are cases, and which of them are the same.

use super::*;

/// Four investigations in an older and a newer export: the first ended late, the others in time.
const OLDER: &str = "P-1;2023-08-21;;Öst\nP-2;2023-09-11;;Öst\nP-3;2023-11-13;;Öst\n";
const NEWER: &str = "P-1;2023-08-21;2024-01-08;Öst\nP-2;2023-09-11;2024-01-10;Öst\nP-3;2023-11-13;2024-03-12;Öst\n\
    P-4;2024-01-09;2024-04-23;Öst\n";

fn newest(older: &str, newer: &str) -> Workspace {
    let project = "as_of = 2024-04-30\n[[source]]\ncontrol = \"child-investigation\"\nfiles = [\"*.csv\"]\nduplicates = \"newest\"\n";
    Workspace::new()
        .file(older, format!("{HEADINGS}{OLDER}"))
        .file(newer, format!("{HEADINGS}{NEWER}"))
        .file("frist.toml", project)
}

#[test]
fn the_newest_export_is_told_by_its_content_and_never_by_its_name() {
    // A browser's second download; a copy; names whose years say the opposite; a plain sequence backwards.
    for (older, newer) in [
        ("uttag.csv", "uttag (1).csv"),
        ("uttag (1).csv", "uttag.csv"),
        ("uttag.csv", "Kopia av uttag.csv"),
        ("2024-08.csv", "2024-04.csv"),
        ("9.csv", "10.csv"),
    ] {
        let workspace = newest(older, newer);
        let right = Figures { counted: 4, open: 0, excluded: 3, rejected: 0, late: 1, overdue: 0 };
        assert_eq!(said(&workspace, &[]), Ok(right), "{older} and {newer}");
        let outcome = workspace.frist(&["check", "."]).success();
        let line = outcome.stdout.lines().any(|line| line.contains("2024-04-23"));
        assert!(line, "the last day of {newer} is not given as the reason: {}", outcome.stdout);
    }
}

#[test]
fn exports_of_which_neither_is_newer_are_asked_about() {
    let text = |end: &str| format!("{HEADINGS}P-1;2023-08-21;{end};Öst\nP-2;2024-01-09;2024-04-23;Öst\n");
    let workspace = newest("a.csv", "b.csv");
    workspace.write("a.csv", text("2024-01-08"));
    workspace.write("b.csv", text("2024-01-09"));
    workspace.frist(&["run", "."]).failure(65, &["(equally-new)", "a.csv", "b.csv", "duplicates = \"last\""]);
    // The remedy: the export that the project names last wins.
    let last = |files: &str| {
        format!(
            "as_of = 2024-04-30\n[[source]]\ncontrol = \"{INVESTIGATION}\"\nfiles = {files}\nduplicates = \"last\"\n"
        )
    };
    for (files, end) in [("[\"a.csv\", \"b.csv\"]", "2024-01-09"), ("[\"b.csv\", \"a.csv\"]", "2024-01-08")] {
        workspace.write("frist.toml", last(files));
        let right = Figures { counted: 2, open: 0, excluded: 2, rejected: 0, late: 1, overdue: 0 };
        assert_eq!(said(&workspace, &[]), Ok(right));
        assert!(column(&workspace, "end").contains(&end.to_owned()), "{files}");
    }
}

#[test]
fn overlapping_exports_without_case_numbers_are_known_or_refused() {
    let text = |heading: &str, rows: usize| {
        let cases = [
            "Ö-7;2024-01-09;2024-06-03;Öst\n",
            "Ö-8;2024-01-16;2024-05-06;Väst\n",
            "Ö-9;2024-02-06;2024-05-29;Öst\n",
        ];
        format!("{heading};Utredning inledd;Utredning avslutad;Enhet\n{}", cases[..rows].concat())
    };
    // Three cases, the first late. Five would count two of them twice.
    let right = Figures { counted: 3, open: 0, excluded: 2, rejected: 0, late: 1, overdue: 0 };
    for heading in ["Ärende", "Utr nr", "Ref", "Aktualisering", "Löpande nummer i systemet"] {
        let workspace = Workspace::new().file("a.csv", text(heading, 2)).file("b.csv", text(heading, 3));
        right_or_refused(&said(&workspace, &AS_OF), right, &["no-case-numbers"]);
    }
    // With the column named, it is read; with duplicates kept, all rows count.
    let workspace = Workspace::new().file("a.csv", text("Ref", 2)).file("b.csv", text("Ref", 3));
    workspace.write("frist.toml", project("columns = { case_id = \"Ref\" }"));
    assert_eq!(said(&workspace, &[]), Ok(right));
    workspace.write("frist.toml", project("duplicates = \"keep\""));
    assert_eq!(said(&workspace, &[]), Ok(Figures::closed(5, 2)));
}

#[test]
fn exports_of_different_times_need_no_case_numbers() {
    let headings = "Utredning inledd;Utredning avslutad;Enhet\n";
    let workspace = Workspace::new()
        .file("t1.csv", format!("{headings}2024-01-09;2024-03-08;Öst\n2024-01-10;2024-04-10;Öst\n"))
        .file("t2.csv", format!("{headings}2024-05-02;2024-06-10;Öst\n2024-05-06;2024-07-10;Öst\n"));
    assert_eq!(said(&workspace, &AS_OF), Ok(Figures::closed(4, 0)));
    // The program says that there is none.
    let outcome = workspace.frist(&["check", ".", "--as-of", "2024-08-31"]).success();
    assert!(outcome.stdout.to_lowercase().contains("ärendenummer"), "{}", outcome.stdout);
}

#[test]
fn headings_with_lost_letters_are_never_passed_over() {
    let text = |heading: &str, unit: &str, rows: usize| {
        let cases = [
            "?-7;2024-01-09;2024-06-03;?st\n",
            "?-8;2024-01-16;2024-05-06;V?st\n",
            "?-9;2024-02-06;2024-05-29;?st\n",
        ];
        format!("{heading};Utredning inledd;Utredning avslutad;{unit}\n{}", cases[..rows].concat())
    };
    let right = Figures { counted: 3, open: 0, excluded: 2, rejected: 0, late: 1, overdue: 0 };
    for heading in ["?rendenr", "\u{fffd}rendenr", "Ã„rendenr", "L?pnummer"] {
        let workspace = Workspace::new()
            .file("a.csv", text(heading, "Enhet", 2))
            .file("b.csv", text(heading, "Enhet", 3));
        right_or_refused(&said(&workspace, &AS_OF), right, &["broken-headings"]);
    }
    // One file, with the letter lost in a column that is not used for the figures.
    let workspace = Workspace::new().file("a.csv", text("Id", "Omr?de", 3));
    right_or_refused(&said(&workspace, &AS_OF), Figures::closed(3, 1), &["broken-headings"]);
    // A question mark at the end is no loss.
    let workspace = Workspace::new().file("a.csv", text("Id", "Förlängd?", 3));
    assert_eq!(said(&workspace, &AS_OF), Ok(Figures::closed(3, 1)));
}

#[test]
fn numbers_that_a_program_destroyed_are_refused() {
    let rows = ["2024-01-09;2024-06-03;Öst\n", "2024-01-16;2024-05-06;Öst\n", "2024-02-06;2024-05-29;Öst\n"];
    let text = |ids: &[&str]| {
        let rows = ids.iter().zip(rows).map(|(id, row)| format!("{id};{row}"));
        HEADINGS.to_owned() + &rows.collect::<String>()
    };
    let refused = |workspace: &Workspace| {
        workspace
            .frist(&["run", ".", "--as-of", "2024-08-31"])
            .failure(65, &["(destroyed-case-numbers)", "Ärendenr"]);
    };
    for ids in [
        ["2,024E+11", "2,024E+11", "2,024E+11"],
        ["2.024E+11", "2.024E+11", "2.024E+11"],
        ["202400000123", "2,024E+11", "2,02401E+11"],
        ["1,20240000017E+15", "1,20240000018E+15", "1,20240000019E+15"],
    ] {
        refused(&Workspace::new().file("a.csv", text(&ids)));
    }
    // Lost in one of two exports.
    let right = Figures { counted: 3, open: 0, excluded: 2, rejected: 0, late: 1, overdue: 0 };
    for (lost, kept) in [
        (["41", "42"], ["00041", "00042", "00043"]),
        (["41.0", "42.0"], ["41", "42", "43"]),
        (["202441", "202442"], ["0202441", "0202442", "0202443"]),
    ] {
        let workspace = Workspace::new().file("2024-04.csv", text(&lost)).file("2024-08.csv", text(&kept));
        right_or_refused(&said(&workspace, &AS_OF), right, &["destroyed-case-numbers"]);
    }
    // Numbers of different lengths are usual, and so are letters.
    for ids in [["8", "9", "10"], ["1E5", "2E5", "BU-0017"], ["2024-1", "2024-2", "2024-10"]] {
        assert_eq!(
            said(&Workspace::new().file("a.csv", text(&ids)), &AS_OF),
            Ok(Figures::closed(3, 1)),
            "{ids:?}"
        );
    }
}

#[test]
fn a_case_number_is_the_same_with_other_blanks_and_capitals() {
    let right = Figures { counted: 1, open: 0, excluded: 1, rejected: 0, late: 1, overdue: 0 };
    for (one, other) in [
        ("BU 2024-31", "BU  2024-31"),
        ("NU 2024-31", "NU  2024-31"),
        ("BU 2024-31", "BU\u{a0}2024-31"),
        ("BU 2024-31", " BU 2024-31 "),
        ("BU 2024-31", "bu 2024-31"),
        ("na 2024-31", "NA\u{2009}2024-31"),
        ("Ö-31", "O\u{308}-31"),
    ] {
        for setting in
            ["", "empty = [\"uppgift saknas\"]", "short_rows = \"empty\"", "duplicates = \"newest\""]
        {
            let row = "2024-01-09;2024-06-03;Öst\n";
            let workspace = Workspace::new().file("a.csv", format!("{HEADINGS}{one};{row}{other};{row}"));
            workspace.write("frist.toml", project(setting));
            assert_eq!(said(&workspace, &[]), Ok(right), "{one} and {other} with {setting}");
            // The same on two paths: each in an export of its own.
            let workspace = workspace.file("a.csv", format!("{HEADINGS}{one};{row}"));
            workspace.write("b.csv", format!("{HEADINGS}{other};{row}"));
            let said = said(&workspace, &[]);
            right_or_refused(&said, right, if setting.contains("newest") { &["equally-new"] } else { &[] });
        }
    }
}

#[test]
fn the_group_never_changes_a_total() {
    // Case 1 has three rows in two units, case 2 two rows in one; case 1 is late.
    let rows =
        ["1;2024-01-09;2024-06-03;Öst\n", "1;2024-01-09;2024-06-03;Väst\n", "2;2024-01-16;2024-05-06;Öst\n"];
    let right = Figures { counted: 3, open: 0, excluded: 3, rejected: 0, late: 1, overdue: 0 };
    let last = "3;2024-02-06;2024-05-29;Väst\n";
    for order in [[0, 1, 0, 2, 2], [2, 1, 2, 0, 0], [1, 2, 0, 2, 1]] {
        let text = HEADINGS.to_owned() + &order.map(|row| rows[row]).concat() + last;
        let workspace = Workspace::new().file("a.csv", &text);
        assert_eq!(said(&workspace, &AS_OF), Ok(right), "{text}");
        assert_eq!(of_group(&workspace, "<mixed>"), (1, 1), "{text}");
        assert_eq!((of_group(&workspace, "Öst"), of_group(&workspace, "Väst")), ((1, 0), (1, 0)), "{text}");
    }
    // Across two exports, and by another column.
    let workspace = Workspace::new()
        .file("a.csv", format!("{HEADINGS}{}{last}", rows[0]))
        .file("b.csv", format!("{HEADINGS}{}{}", rows[1], rows[2]));
    let two = Figures { excluded: 1, ..right };
    assert_eq!(said(&workspace, &AS_OF), Ok(two));
    let headings = "Ärendenr;Utredning inledd;Utredning avslutad;Avdelning;Enhet\n";
    let rows = "1;2024-01-09;2024-06-03;Barn;Öst\n1;2024-01-09;2024-06-03;Barn;Väst\n2;2024-01-16;2024-05-06;Barn;Öst\n3;2024-02-06;2024-05-29;Unga;Öst\n";
    for setting in
        ["columns = { group = \"Avdelning\" }", "columns = { group = \"Avdelning\", subgroup = \"Enhet\" }"]
    {
        let workspace = Workspace::new().file("a.csv", format!("{headings}{rows}"));
        workspace.write("frist.toml", project(setting));
        assert_eq!(said(&workspace, &[]), Ok(two), "{setting}");
    }
    // Rows that differ in a date contradict each other, regardless of their group.
    let text = "1;2024-01-09;2024-06-03;Öst\n1;2024-01-09;2024-06-04;Väst\n2;2024-01-16;2024-05-06;Öst\n";
    let workspace = Workspace::new().file("a.csv", format!("{HEADINGS}{text}"));
    let right = Figures { counted: 1, open: 0, excluded: 0, rejected: 2, late: 0, overdue: 0 };
    assert_eq!(said(&workspace, &AS_OF), Ok(right));
}

/// The column of ends holds planned ends of open cases.
const PLANNED: &str = "Ärendenr;Utredning inledd;Utredning avslutad;Status;Enhet\n\
    R-1;2024-01-09;2024-05-07;Avslutad;Öst\nR-2;2024-02-13;2024-06-12;Avslutad;Öst\nR-3;2024-03-05;2024-07-06;Avslutad;Öst\n\
    R-4;2024-04-23;2024-08-23;Pågående;Öst\nR-5;2024-05-21;2024-09-21;Pågående;Öst\nR-6;2024-06-11;2024-10-11;Pågående;Öst\n";

#[test]
fn the_status_decides_whether_a_case_is_open() {
    let status = "columns = { status = \"Status\" }\nstatus = { open = [\"Pågående\"], closed = [\"Avslutad\"], void = [\"Makulerad\"] }";
    let workspace = Workspace::new().file("a.csv", PLANNED).file("frist.toml", project(status));
    // R-3 ended a day after 5 July; R-4 was due on 23 August.
    let right = Figures { counted: 3, open: 3, excluded: 0, rejected: 0, late: 1, overdue: 1 };
    assert_eq!(said(&workspace, &[]), Ok(right));
    let open = |line: &str| [line, "Utredning avslutad", "open-with-end"].map(str::to_owned);
    assert_eq!(faults(&workspace), [open("5"), open("6"), open("7")]);
    // Closed without an end, void, and an unknown word, which is judged by its dates.
    let more = "R-7;2024-01-09;;avslutad;Öst\nR-8;2024-01-09;;Makulerad;Öst\nR-9;2024-01-09;2024-05-09;Hos handläggaren;Öst\n";
    let workspace = workspace.file("a.csv", format!("{PLANNED}{more}"));
    let right = Figures { counted: 4, open: 3, excluded: 1, rejected: 1, late: 1, overdue: 1 };
    assert_eq!(said(&workspace, &[]), Ok(right));
    let found = faults(&workspace);
    assert!(
        found.contains(&["8", "Utredning avslutad", "closed-without-end"].map(str::to_owned)),
        "{found:?}"
    );
    assert!(found.contains(&["10", "Status", "unknown-status"].map(str::to_owned)), "{found:?}");
    assert_eq!(workspace.json("reports/data/results.json")["inputs"][0]["excluded_by_reason"]["void"], 1);
}

#[test]
fn a_status_that_is_not_used_is_told_and_proposed() {
    let workspace = Workspace::new().file("a.csv", PLANNED);
    let outcome = workspace.frist(&["check", ".", "--as-of", "2024-08-31"]).success();
    assert!(outcome.stdout.contains("Status"), "{}", outcome.stdout);
    workspace.frist(&["init", "."]).success();
    let project = workspace.read("frist.toml");
    for wanted in ["status = \"Status\"", "\"Pågående\"", "\"Avslutad\""] {
        assert!(project.contains(wanted), "{wanted} is not in {project}");
    }
}
