//! What `init` proposes, and what messages advise, is right when it is followed to the letter.

use crate::dead_ends::proposed;
use crate::workspace::Workspace;

/// Days after the start of 2024 on which twelve cases start and, after so many days, end; three are open.
const CASES: [(u32, Option<u32>); 12] = [
    (3, Some(80)),
    (9, Some(131)),
    (15, None),
    (24, Some(40)),
    (30, Some(119)),
    (41, Some(150)),
    (52, None),
    (60, Some(12)),
    (66, Some(99)),
    (71, Some(124)),
    (83, None),
    (90, Some(61)),
];

/// The day with this number in 2024.
fn day(number: u32) -> String {
    let (mut rest, mut month) = (number, 1);
    for length in [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] {
        if rest <= length {
            break;
        }
        (rest, month) = (rest - length, month + 1);
    }
    format!("2024-{month:02}-{rest:02}")
}

/// An export with these headings; each row has its case number, and the cells that are made of its start and length.
fn export(headings: &str, cells: &dyn Fn(u32, Option<u32>) -> Vec<String>) -> String {
    let row = |(number, (start, length)): (usize, &(u32, Option<u32>))| {
        format!("B-{number};{}\n", cells(*start, *length).join(";"))
    };
    format!("{headings}\n{}", CASES.iter().enumerate().map(row).collect::<String>())
}

fn end(start: u32, length: Option<u32>) -> String {
    length.map_or(String::new(), |length| day(start + length))
}

fn one(text: &str) -> Workspace {
    Workspace::new().file("a.csv", text)
}

/// The project file that `init` writes.
fn project(text: &str) -> String {
    let workspace = one(text);
    workspace.frist(&["init", ".", "--lang", "en"]).success();
    workspace.read("frist.toml")
}

#[test]
fn a_planned_day_is_not_proposed_as_the_end() {
    for planned in [
        "Klar senast",
        "Planerat slutdatum",
        "Förväntat slut",
        "Beräknat avslut",
        "Prel. slut",
        "Sista utredningsdag",
        "Tidsfrist",
        "Måldatum avslut",
        "Slutdatum (prognos)",
        "Due date",
        "Expected end",
        "Uppföljning",
    ] {
        for real in ["Avslutad", "Slutdatum", "Stängd den", "Upphörde"] {
            let cells = |start, length| vec![day(start), day(start + 122), end(start, length)];
            let text = export(&format!("Nr;Inledd;{planned};{real}"), &cells);
            let found = proposed(&text);
            assert!(found.contains(&format!("end = \"{real}\"")), "{planned}, {real}:\n{found}");
            let project = project(&text);
            assert!(project.contains(&format!("planned or last day: {planned}")), "{project}");
        }
    }
    // Days that are always equally long after the start are planned, whatever they are called.
    let cells = |start, length| vec![day(start), day(start + 120), end(start, length)];
    let project = project(&export("Nr;Inledd;Slut;Upphörde", &cells));
    assert!(project.contains("end = \"Upphörde\""), "{project}");
    assert!(project.contains("as planned days are: Slut\n"), "{project}");
}

#[test]
fn an_end_that_is_not_clear_is_left_open() {
    let gap = "end = \"…\"";
    let cells = |start, length: Option<u32>| {
        let closed = length.map_or(String::new(), |length| day(start + length + start % 7));
        vec![day(start), end(start, length), closed]
    };
    let both = project(&export("Nr;Inledd;Ärendet klart;Stängd", &cells));
    assert!(both.contains(gap), "{both}");
    for column in ["Ärendet klart (empty on 3 of 12 rows)", "Stängd (empty on 3 of 12 rows)"] {
        assert!(both.contains(column), "{both}");
    }
    // Nothing is proposed as an end where there is only a planned one, or none at all.
    let planned = project(&export("Nr;Inledd;Planerat slut", &|start, _| vec![day(start), day(start + 122)]));
    assert!(planned.contains(gap) && planned.contains("planned or last day: Planerat slut"), "{planned}");
    for heading in ["Ärendenr", "Diarienummer", "Nr"] {
        let none = project(&export(&format!("{heading};Utredning inledd"), &|start, _| vec![day(start)]));
        assert!(none.contains(gap) && none.contains("No column of end dates was found"), "{none}");
    }
}

#[test]
fn one_column_in_two_roles_is_refused() {
    let cells = |start, length| vec![day(start), end(start, length), "Öppen".to_owned()];
    let text = export("Ärendenr;Utredning inledd;Utredning avslutad;Läge", &cells);
    for columns in [
        "end = \"Ärendenr\"",
        "end = \"Utredning inledd\"",
        "case_id = \"Utredning inledd\"",
        "status = \"Utredning avslutad\"",
        "extended_to = \"Utredning avslutad\"",
        "extension_decided = \"Utredning inledd\"",
        "status = \"Ärendenr\"",
    ] {
        let project = format!(
            "[[source]]\nfiles = [\"a.csv\"]\ncontrol = \"child-investigation\"\ncolumns = {{ {columns} }}\n"
        );
        let workspace = one(&text).file("frist.toml", project);
        workspace.frist(&["check", "."]).failure(65, &["(shared-column)"]);
    }
    // A column that is named as a date is not recognised as something else too.
    let project = "[[source]]\nfiles = [\"a.csv\"]\ncontrol = \"child-investigation\"\n\
        columns = { end = \"Nytt slutdatum\" }\n";
    let text = text.replace("Utredning avslutad", "Nytt slutdatum");
    one(&text).file("frist.toml", project).frist(&["check", "."]).success();
}

#[test]
fn the_as_of_date_is_not_taken_from_plans_of_open_cases() {
    for [open, closed] in [["Pågående", "Avslutad"], ["Aktiv", "Stängd"], ["Under utredning", "Klar"]] {
        let cells = |start, length: Option<u32>| {
            let (state, end) = match length {
                Some(length) => (closed, day(start + length)),
                None => (open, day(start + 270)),
            };
            vec![state.to_owned(), day(start), end]
        };
        let text = export("Ärendenr;Status;Utredning inledd;Utredning avslutad", &cells);
        let (workspace, project) = (one(&text), project(&text));
        let last = day(195);
        assert!(project.contains(&format!("as_of    = {last}")), "{last}:\n{project}");
        assert!(project.contains("status = \"Status\"") && !project.contains("not used"), "{project}");
        workspace.write("frist.toml", project);
        assert!(workspace.frist(&["open", ".", "--format", "csv"]).success().stdout.contains("B-2"));
    }
}

#[test]
fn words_that_are_no_sign_of_an_open_case_are_not_advised_as_one() {
    let decided = |words: [&'static str; 2]| {
        move |start: u32, length: Option<u32>| {
            vec![day(start), words[start as usize % 2].to_owned(), end(start, length)]
        }
    };
    for words in [["Inleda", "Ej inleda"], ["Ja", "Nej"], ["Avslag", "Bifall"]] {
        let text = export("Ärendenr;Anmälan inkom;Beslut inleda/ej inleda;Beslutsdatum", &decided(words));
        let workspace = one(&text);
        let refused = workspace.frist(&["check", ".", "--lang", "en"]).failure(65, &["(no-dates)"]);
        assert!(
            refused.stderr.contains("Columns with dates: Anmälan inkom, Beslutsdatum."),
            "{}",
            refused.stderr
        );
        let proposed = proposed(&text);
        assert!(proposed.contains("end = \"Beslutsdatum\"") && !proposed.contains("empty"), "{proposed}");
        let project = format!(
            "[[source]]\nfiles = [\"a.csv\"]\n{}",
            "control = \"preliminary-assessment\"\n\
            columns = { end = \"Beslutsdatum\" }\n"
        );
        workspace.write("frist.toml", project);
        assert!(!workspace.frist(&["check", "."]).success().stdout.contains("empty ="));
    }
    // Beside dates: answers, errors of Excel and values of another column.
    for (word, is_advised) in
        [("Ja", false), ("#REF!", false), ("Norr", false), ("Enhet", false), ("Hos nämnden", true)]
    {
        let cells = |start: u32, length: Option<u32>| {
            let end = length.map_or(word.to_owned(), |length| day(start + length));
            vec!["Norr".to_owned(), day(start), end]
        };
        let text = export("Ärendenr;Enhet;Utredning inledd;Utredning avslutad", &cells);
        let workspace = one(&text);
        let said = workspace.frist(&["check", "."]).success();
        let fault = if word.starts_with('#') { "formula-in-date" } else { "unreadable-date" };
        assert!(said.stdout.contains(fault), "{}", said.stdout);
        assert_eq!(said.stdout.contains("empty ="), is_advised, "{}", said.stdout);
        assert_eq!(project(&text).contains("empty ="), is_advised, "{word}");
    }
}

#[test]
fn a_file_runs_as_proposed_though_one_of_its_controls_has_no_dates() {
    let cells = |start, length| vec![day(start), "Ja".to_owned(), end(start, length)];
    let workspace = one(&export("Ärendenr;Anmälan inkom;Skyddsbedömning;Förhandsbedömning klar", &cells));
    workspace.frist(&["init", ".", "--lang", "en"]).success();
    let project = workspace.read("frist.toml");
    assert!(project.contains("is not read for safety-assessment"), "{project}");
    assert_eq!(project.lines().filter(|line| *line == "[[source]]").count(), 1, "{project}");
    workspace.frist(&["run", "."]).success();
    let told = Workspace::new().file("a.csv", workspace.read("a.csv")).frist(&["check", "."]).success();
    assert!(told.stdout.contains("läses inte för safety-assessment"), "{}", told.stdout);
}

#[test]
fn own_words_of_a_status_are_added_to_the_usual_ones() {
    let rows = "1;Avslutad;2024-01-10;2024-05-10\n2;Makulerad;2024-01-10;2024-08-20\n\
        3;Hos arkivet;2024-01-10;2024-05-20\n4;Vilar;2024-01-10;2024-05-20\n5;Pågående;2024-01-10;\n";
    let text = format!("Ärendenr;Status;Utredning inledd;Utredning avslutad\n{rows}");
    let source = "[[source]]\nfiles = [\"a.csv\"]\ncolumns = { status = \"Status\" }\n";
    let workspace = one(&text).file("frist.toml", source);
    let said = workspace.frist(&["check", ".", "--as-of", "2024-08-31"]).success();
    assert!(said.stdout.contains("unknown-status"), "{}", said.stdout);
    // Only the two words that the message asks about.
    workspace.write(
        "frist.toml",
        format!("{source}status = {{ open = [\"Vilar\"], closed = [\"Hos arkivet\"] }}\n"),
    );
    let run = workspace.frist(&["run", ".", "--as-of", "2024-08-31"]).success();
    assert!(!run.stderr.contains("unknown-status"), "{}", run.stderr);
    let input = &workspace.json("reports/data/results.json")["inputs"][0];
    let counts = ["counted", "open", "excluded", "rejected"].map(|key| input[key].as_u64().expect("a count"));
    assert_eq!(counts, [2, 2, 1, 0]);
}

#[test]
fn types_of_another_kind_are_told_of_although_the_control_is_named() {
    let cells = |start: u32, length| {
        vec![
            ["Barnutredning", "Vuxenutredning"][start as usize % 2].to_owned(),
            day(start),
            end(start, length),
        ]
    };
    let text = export("Ärendenr;Ärendetyp;Utredning inledd;Utredning avslutad", &cells);
    let workspace = one(&text);
    workspace.frist(&["init", "."]).success();
    let said = workspace.frist(&["check", "."]).success();
    assert!(said.stdout.contains("Vuxenutredning"), "{}", said.stdout);
    assert!(said.stdout.contains("i stället för control: types = { \"…\" = \"child-investigation\" }"));
    for settled in [
        "types = { \"Barnutredning\" = \"child-investigation\" }",
        "control = \"child-investigation\"\nonly = { \"Ärendetyp\" = \"Barnutredning\" }",
    ] {
        workspace.write("frist.toml", format!("[[source]]\nfiles = [\"a.csv\"]\n{settled}\n"));
        let said = workspace.frist(&["check", "."]).success();
        assert!(!said.stdout.contains("flera typer"), "{}", said.stdout);
    }
}

#[test]
fn exports_that_end_long_before_the_as_of_date_are_told_of() {
    let cells = |start, length| vec![day(start), end(start, length)];
    let workspace = one(&export("Ärendenr;Utredning inledd;Utredning avslutad", &cells));
    let last = day(195);
    let told = format!("ett uttag slutar {last}, före uttagsdatum 2025-04-30");
    let run = workspace.frist(&["run", ".", "--as-of", "2025-04-30"]).success();
    assert!(run.stderr.contains(&told), "{}", run.stderr);
    assert!(workspace.read("reports/report.html").contains(&told));
    let run = workspace.frist(&["run", ".", "--as-of", "2024-12-31"]).success();
    assert!(!run.stderr.contains("ett uttag slutar"), "{}", run.stderr);
}

#[test]
fn a_start_that_depends_on_the_control_is_left_open() {
    let cells = |start, length| vec![day(start), day(start + 6), end(start, length)];
    let text = export("Dnr;Inkom;Utredning inledd;Slutdatum", &cells);
    let project = project(&text);
    assert!(project.contains("depends on the control: Inkom, Utredning inledd."), "{project}");
    assert!(project.contains("start = \"…\", end = \"Slutdatum\""), "{project}");
}
