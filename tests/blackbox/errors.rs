//! Bad input: a clear message, the right exit code, and the previous report as it was.

use std::process::Command;

use crate::workspace::{HEADINGS, Workspace};

const GOOD: &str = "1;2024-01-10;2024-05-10\n";

/// A folder with a report, whose export is then replaced; asserts that the run fails and the report is unchanged.
fn broken(content: &str, code: i32, says: &[&str]) {
    let workspace = Workspace::new().file("a.csv", format!("{HEADINGS}{GOOD}"));
    workspace.frist(&["run", "a.csv"]).success();
    let before = workspace.read("reports/data/results.json");
    workspace.write("a.csv", content);
    workspace.frist(&["run", "a.csv", "--as-of", "2024-08-31"]).failure(code, says);
    assert_eq!(workspace.read("reports/data/results.json"), before);
    workspace.frist(&["verify", "reports"]).success();
    assert_eq!(workspace.names(), ["a.csv", "reports"]);
}

#[test]
fn a_missing_file_is_named() {
    Workspace::new().frist(&["run", "nowhere"]).failure(74, &["nowhere finns inte"]);
    let project = "[[source]]\ncontrol = \"child-investigation\"\nfiles = [\"gone.csv\"]\n";
    Workspace::new().file("frist.toml", project).frist(&["run", "."]).failure(74, &["gone.csv finns inte"]);
    let project = "[[source]]\ncontrol = \"child-investigation\"\nfiles = [\"gone*.csv\"]\n";
    Workspace::new()
        .file("frist.toml", project)
        .frist(&["run", "."])
        .failure(78, &["gone*.csv", "passar ingen fil"]);
}

#[test]
fn a_file_that_cannot_be_read_is_named() {
    let workspace = Workspace::new().file("frist.toml", b"organisation = \"\xff\"".as_slice());
    workspace.frist(&["run", "."]).failure(74, &["frist.toml", "kan inte läsas"]);
}

#[test]
fn empty_files_and_folders_are_refused() {
    broken("", 65, &["a.csv", "inga ärenden"]);
    broken("\n\n", 65, &["a.csv", "inga ärenden"]);
    broken(HEADINGS, 65, &["a.csv", "inga ärenden"]);
    broken(&format!("{HEADINGS};;\n\n"), 65, &["a.csv", "inga ärenden"]);
    Workspace::new().frist(&["run", "."]).failure(65, &["ingen projektfil", "uttag"]);
}

#[test]
fn unknown_headings_are_told_with_those_that_are_wanted() {
    broken(
        "Nr;Från;Till\n1;2024-01-10;2024-05-10\n",
        65,
        &["Nr, Från, Till", "Utredning inledd + Utredning avslutad", "[[source]]", "files   = [\"a.csv\"]"],
    );
}

#[test]
fn a_file_without_headings_shows_no_person() {
    let workspace = Workspace::new().file("a.csv", "BU-1;19121212-1212;2024-01-10;2024-05-10\n");
    let outcome = workspace.frist(&["run", "a.csv"]).failure(65, &["(1), (2), (3), (4)"]);
    assert!(!outcome.stderr.contains("1212"));
}

#[test]
fn a_missing_date_column_is_told_with_what_there_is() {
    let project = "[[source]]\ncontrol = \"child-investigation\"\nfiles = [\"a.csv\"]\n";
    Workspace::new()
        .file("a.csv", "Ärendenr;Utredning inledd;Notering\n1;2024-01-10;x\n")
        .file("frist.toml", project)
        .frist(&["run", "."])
        .failure(65, &["kolumnen för end saknas", "Ärendenr, Utredning inledd, Notering", "columns = { end"]);
    let project = "[[source]]\ncontrol = \"child-investigation\"\nfiles = [\"a.csv\"]\ncolumns = { end = \"Utredning avslutat\" }\n";
    Workspace::new()
        .file("a.csv", format!("{HEADINGS}{GOOD}"))
        .file("frist.toml", project)
        .frist(&["run", "."])
        .failure(65, &["”Utredning avslutat”", "Menade du ”Utredning avslutad”?"]);
}

#[test]
fn a_file_with_nothing_usable_is_no_report() {
    broken(
        &format!("{HEADINGS}1;x;2024-05-10\n2;y;\n3;2024-01-10;2024-05-10;;z\n"),
        65,
        &["filens rader (3)", "(2 rader, först på rad 2)", "2024-08-31"],
    );
    broken(&format!("{HEADINGS}1;2024-05-10;2024-01-10\n"), 65, &["slutar innan det börjar"]);
    broken(&format!("{HEADINGS}1;1999-05-10;1999-06-10\n"), 65, &["Ingen lag i regelboken gällde"]);
    broken(&format!("{HEADINGS}1;2024-02-30;\n"), 65, &["finns inte"]);
    broken(
        &format!("{HEADINGS}1;2024-01-10;2024-05-10\n1;2024-01-11;2024-05-10\n"),
        65,
        &["står också på en annan rad"],
    );
}

#[test]
fn an_as_of_date_before_all_data_is_refused() {
    let workspace = Workspace::new().file("a.csv", format!("{HEADINGS}{GOOD}"));
    workspace
        .frist(&["run", "a.csv", "--as-of", "2024-01-09"])
        .failure(65, &["9 januari 2024", "10 januari 2024", "--as-of"]);
    Workspace::new()
        .file("a.csv", format!("{HEADINGS}1;x;y\n"))
        .frist(&["run", "a.csv"])
        .failure(65, &["filens rader (1)"]);
}

#[test]
fn an_output_that_cannot_be_written_is_tried_before_the_work() {
    let workspace = Workspace::new().file("a.csv", format!("{HEADINGS}{GOOD}")).file("taken", "x");
    workspace.frist(&["run", "a.csv", "--out", "taken/reports"]).failure(74, &["taken", "kan inte skrivas"]);
    workspace.frist(&["run", "a.csv", "--out", "taken"]).failure(74, &["taken"]);
    workspace.write("mine/notes.docx", "x");
    workspace.frist(&["run", "a.csv", "--out", "mine"]).failure(74, &["notes.docx", "--out"]);
    workspace.frist(&["cases", "a.csv", "--out", "mine"]).failure(74, &["mine"]);
    #[cfg(unix)]
    workspace.frist(&["run", "a.csv", "--out", "/"]).failure(74, &["roten", "--out reports"]);
    assert_eq!(workspace.read("mine/notes.docx"), "x");
}

#[test]
fn what_is_read_is_never_written_over() {
    let workspace = Workspace::new().file("a.csv", format!("{HEADINGS}{GOOD}"));
    workspace.frist(&["cases", "a.csv", "--out", "./a.csv"]).failure(74, &["a.csv"]);
    workspace.frist(&["compare", "a.csv", "--changed", "a.csv"]).failure(74, &["a.csv"]);
    assert_eq!(workspace.read("a.csv"), format!("{HEADINGS}{GOOD}"));
    for list in ["cases.csv", "cases.xlsx"] {
        workspace.write(list, "");
        for _ in 0..2 {
            workspace.frist(&["cases", "a.csv", "--out", list]).success();
        }
        let key = "# frist pseudonym key\nAAAA\n";
        for text in ["min lista", "PK\u{3}\u{4}", "control;start\n", key] {
            workspace.write(list, text);
            workspace.frist(&["cases", "a.csv", "--out", list]).failure(74, &[list, "annat filnamn"]);
            workspace.frist(&["compare", "a.csv", "--changed", list]).failure(74, &[list]);
            assert_eq!(workspace.read(list), text);
        }
    }
    workspace.frist(&["run", "a.csv"]).success();
    for output in ["reports/inner", "reports/charts/inner"] {
        workspace
            .frist(&["run", "a.csv", "--out", output])
            .failure(74, &[output, "finns en rapport av frist"]);
    }
    for list in ["reports/list.csv", "reports/list.xlsx", "reports/charts/list.csv"] {
        let told = ["(unusable-output)", list];
        workspace.frist(&["cases", "a.csv", "--out", list]).failure(74, &told);
        workspace.frist(&["compare", "a.csv", "--changed", list]).failure(74, &told);
    }
    workspace.frist(&["verify", "reports"]).success();
}

#[test]
fn exports_with_more_faults_than_a_run_can_hold_are_refused() {
    let good = "g;2024-01-10;2024-05-10\n".repeat(3);
    let rows = |number: usize| format!("{HEADINGS}{good}{}", ";;;x\n".repeat(number));
    let workspace =
        Workspace::new().file("b.csv", format!("{HEADINGS}{good}")).file("a.csv", rows(10_000_001));
    let told = |threads: &str| {
        let told = workspace.frist(&["run", ".", "--as-of", "2024-08-31", "--threads", threads]);
        let says = [
            "(too-many-faults)",
            "10\u{a0}000\u{a0}000",
            "a.csv (10\u{a0}000\u{a0}001 rader, först på rad 5)",
        ];
        told.failure(65, &says).stderr
    };
    assert_eq!(told("1"), told("3"));
    assert!(!workspace.path("reports").exists());
}

/// A limit on the size of files replaces a full disk: the write fails half-way.
#[cfg(unix)]
#[test]
fn a_full_disk_leaves_the_previous_report() {
    let workspace = Workspace::new().file("a.csv", format!("{HEADINGS}{GOOD}"));
    workspace.frist(&["run", "a.csv"]).success();
    let before = workspace.read("reports/data/results.json");
    let limited = |limit: &str| {
        let script = format!("trap '' XFSZ; ulimit -f {limit}; exec \"$0\" run a.csv --as-of 2024-08-31");
        workspace.command(Command::new("bash").args(["-c", &script, env!("CARGO_BIN_EXE_frist")]))
    };
    for limit in ["0", "1", "8", "40"] {
        limited(limit).failure(74, &["kan inte skrivas", "tidigare rapport är orörd"]);
        assert_eq!(workspace.read("reports/data/results.json"), before);
        workspace.frist(&["verify", "reports"]).success();
        assert_eq!(workspace.names(), ["a.csv", "reports"]);
    }
    limited("100000").success();
}

#[test]
fn an_unusable_project_file_or_rulebook_says_where() {
    Workspace::new()
        .file("frist.toml", "as_of = 2024-08-31\nperiodd = \"year\"\n")
        .frist(&["run", "."])
        .failure(78, &["frist.toml:2:1", "^^^^^^^ period", "Menade du ”period”?"]);
    let project = "[[source]]\ncontrol = \"child-investigations\"\nfiles = [\"a.csv\"]\n";
    Workspace::new()
        .file("a.csv", format!("{HEADINGS}{GOOD}"))
        .file("frist.toml", project)
        .frist(&["run", "."])
        .failure(78, &["frist.toml:2:11", "Menade du ”child-investigation”?"]);
    Workspace::new()
        .file("a.csv", format!("{HEADINGS}{GOOD}"))
        .file("regler.toml", "[[rule]]\nid = \"x\"\n")
        .frist(&["run", "a.csv", "--rulebook", "regler.toml"])
        .failure(78, &["regler.toml:1:1", "saknas"]);
}

#[test]
fn wrong_arguments_are_usage_errors() {
    let workspace = Workspace::new();
    workspace
        .frist(&["due", "2024-01-01", "--control", "child-investigations"])
        .failure(2, &["child-investigations", "Menade du ”child-investigation”?"]);
    workspace
        .frist(&["due", "1999-01-01", "--control", "child-investigation"])
        .failure(2, &["gällde inte den 1 januari 1999"]);
    workspace.frist(&["due", "2024-02-30", "--control", "child-investigation"]).failure(2, &["2024-02-30"]);
    workspace.frist(&["run", "--period", "termin"]).failure(2, &["half-year"]);
    workspace.frist(&["run", "--as-of", "31/8 2024"]).failure(2, &["2024-08-31"]);
    workspace.frist(&["calendar", "1969"]).failure(2, &["1970"]);
    workspace.frist(&["compare", ".", "--method", "4 moons"]).failure(2, &["4 months"]);
}

#[test]
fn messages_are_english_on_request_and_as_the_project_says() {
    Workspace::new().frist(&["run", "nowhere", "--lang", "en"]).failure(74, &["nowhere does not exist"]);
    let project =
        "language = \"en\"\n[[source]]\ncontrol = \"child-investigation\"\nfiles = [\"gone.csv\"]\n";
    Workspace::new().file("frist.toml", project).frist(&["run", "."]).failure(74, &["does not exist"]);
}
