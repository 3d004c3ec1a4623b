//! Which column holds what: columns that are empty, planned, or of words, headings with what cannot be seen, and what
//! lies beside the exports.

use super::*;
use crate::workbook::{Cell, Sheet, days_and_texts, workbook_of};

/// Starts and ends of twelve investigations; the second of each three is late. All are due on the same day four months
/// after the start.
fn cases() -> Vec<[String; 3]> {
    let case = |number: u32| {
        let (day, month) = (number * 2 + 3, number % 3 + 1);
        let due = format!("2024-{:02}-{day:02}", month + 4);
        let late = if number % 3 == 1 { 20 } else { 0 };
        let ended = format!("2024-{:02}-{:02}", month + 3 + late / 20, (day + late) % 29 + 1);
        [format!("2024-{month:02}-{day:02}"), due, ended]
    };
    (0..12).map(case).collect()
}

/// An export of them, with the cells that `row` makes of a start, a planned and a real end.
fn export(headings: &str, row: impl Fn(&[String; 3]) -> String) -> Workspace {
    let rows = cases()
        .iter()
        .zip(1..)
        .map(|(case, number)| format!("{number};{};Öst\n", row(case)))
        .collect::<String>();
    Workspace::new().file("a.csv", format!("{headings}\n{rows}"))
}

/// The figures with the real ends in the column that is always known.
fn right() -> Figures {
    let workspace = export("Ärendenr;Utredning inledd;Utredning avslutad;Enhet", |[start, _, end]| {
        format!("{start};{end}")
    });
    said(&workspace, &AS_OF).expect("figures")
}

/// All cases may be open, and the filled column hold planned days.
#[test]
fn an_empty_end_beside_a_filled_one_is_asked_about() {
    let right = right();
    assert!(right.counted == 12 && (1..12).contains(&right.late), "{right:?}");
    for other in ["Avslutad", "Slutdatum", "Utredning klar"] {
        let headings = format!("Ärendenr;Utredning inledd;{other};Utredning avslutad;Enhet");
        let workspace = export(&headings, |[start, _, end]| format!("{start};{end};"));
        assert_eq!(said(&workspace, &AS_OF), Err("ambiguous-column".into()), "{other}");
        workspace.write("frist.toml", project(&format!("columns = {{ end = \"{other}\" }}")));
        assert_eq!(said(&workspace, &[]), Ok(right), "{other}");
        workspace.write("frist.toml", project("columns = { end = \"Utredning avslutad\" }"));
        assert_eq!(said(&workspace, &[]).map(|figures| figures.open), Ok(12), "{other}");
    }
}

#[test]
fn an_empty_start_gives_way_to_a_filled_one() {
    for other in ["Startdatum", "Inledd"] {
        let headings = format!("Ärendenr;Utredning inledd;{other};Utredning avslutad;Enhet");
        let workspace = export(&headings, |[start, _, end]| format!(";{start};{end}"));
        assert_eq!(said(&workspace, &AS_OF), Ok(right()), "{other}");
    }
}

#[test]
fn of_two_equal_headings_the_filled_one_is_read() {
    let workspace = export("Ärendenr;Utredning inledd;Utredning avslutad;Enhet;Enhet", |[start, _, end]| {
        format!("{start};{end};")
    });
    assert_eq!(said(&workspace, &AS_OF), Ok(right()));
}

/// An answer or a decision, under a heading that also stands above days, says nothing about when.
#[test]
fn a_column_of_words_beside_one_of_dates_is_no_question() {
    for [headings, words] in [
        ["Ärendenr;Utredning inledd;Utredning klar;Utredning avslutad;Enhet", "Ja"],
        ["Ärendenr;Utredning inledd;Avslutad;Utredning avslutad;Enhet", "Avslutad"],
    ] {
        let workspace = export(headings, |[start, _, end]| format!("{start};{words};{end}"));
        assert_eq!(said(&workspace, &AS_OF), Ok(right()), "{headings}");
        let all_open = export(headings, |[start, ..]| format!("{start};Nej;"));
        assert_eq!(said(&all_open, &AS_OF).map(|figures| figures.open), Ok(12), "{headings}");
    }
    let row = |[start, _, end]: &[String; 3]| format!("Telefon;{start};Inleda ej;{end}");
    let headings = "Ärendenr;Anmälan inkom;Inkom datum;Beslut förhandsbedömning;Förhandsbedömning klar;Enhet";
    assert_eq!(said(&export(headings, row), &AS_OF).map(|figures| figures.counted), Ok(12));
    // Words in both, or in the only one, are refused.
    let headings = "Ärendenr;Utredning inledd;Utredning klar;Utredning avslutad;Enhet";
    let workspace = export(headings, |[start, ..]| format!("{start};Ja;Nej"));
    assert_eq!(said(&workspace, &AS_OF), Err("no-dates".into()));
    // A word for cases that go on may stand in the column of their ends.
    let workspace = export(headings, |[start, _, end]| format!("{start};pågår;{end}"));
    assert_eq!(said(&workspace, &AS_OF), Err("ambiguous-column".into()));
}

#[test]
fn equal_columns_are_no_question() {
    let headings = "Ärendenr;Inledd;Startdatum;Utredning klar;Utredning avslutad;Enhet";
    let both = |[start, _, end]: &[String; 3]| format!("{start};{start};{end};{end}");
    let workspace = export(headings, both);
    workspace.write("frist.toml", project(""));
    assert_eq!(said(&workspace, &[]), Ok(right()));
    let differing = |[start, due, end]: &[String; 3]| format!("{start};{start};{end};{due}");
    assert_eq!(said(&export(headings, differing), &AS_OF), Err("unknown-headings".into()));
    let workspace = export(headings, differing);
    workspace.write("frist.toml", project(""));
    assert_eq!(said(&workspace, &[]), Err("ambiguous-column".into()));
}

#[test]
fn counts_beside_the_table_are_no_columns_of_cases() {
    let rows = |beside: [&'static str; 3]| {
        let mut beside = beside.into_iter().chain(std::iter::repeat(";"));
        let mut number = 0;
        let rows = cases().iter().fold(String::new(), |rows, [start, _, end]| {
            number += 1;
            format!("{rows}{number};{start};{end};Öst;;{}\n", beside.next().expect("no end"))
        });
        Workspace::new().file("a.csv", rows)
    };
    for (headings, beside) in [
        ("Enhet;Antal", ["Öst;12", "Väst;0", "Alla;12"]),
        ("Månad;Utredning inledd", ["Januari;4", "Februari;4", "Mars;4"]),
    ] {
        let table = rows(beside);
        let text = std::fs::read_to_string(table.path("a.csv")).expect("the rows");
        let headings = format!("Ärendenr;Utredning inledd;Utredning avslutad;Enhet;;{headings}\n");
        table.write("a.csv", headings.clone() + &text);
        assert_eq!(said(&table, &AS_OF), Ok(right()), "{headings}");
    }
    // Dates behind a blank column belong to the cases.
    let headings = "Ärendenr;Utredning inledd;Utredning avslutad;;Utredning klar;Enhet";
    let workspace = export(headings, |[start, due, end]| format!("{start};{end};;{due}"));
    assert_eq!(said(&workspace, &AS_OF), Err("ambiguous-column".into()));
}

#[test]
fn several_general_ends_are_asked_about() {
    let workspace = export("Ärendenr;Startdatum;Slutdatum;Avslutad;Enhet", |days| days.join(";"));
    workspace.write("frist.toml", project(""));
    let message = workspace.frist(&["run", "."]).failure(65, &["(ambiguous-column)"]).stderr;
    assert!(message.contains("Slutdatum, Avslutad"), "{message}");
    workspace.write("frist.toml", project("columns = { end = \"Avslutad\" }"));
    assert_eq!(said(&workspace, &[]), Ok(right()));
}

#[test]
fn planned_ends_are_refused_and_can_be_confirmed() {
    let workspace =
        export("Ärendenr;Utredning inledd;Utredning slutdatum;Klar;Enhet", |days| days.join(";"));
    assert_eq!(said(&workspace, &AS_OF), Err("planned-ends".into()));
    workspace.write("frist.toml", project("columns = { end = \"Klar\" }"));
    assert_eq!(said(&workspace, &[]), Ok(right()));
    workspace.write("frist.toml", project("columns = { end = \"Utredning slutdatum\" }"));
    assert_eq!(said(&workspace, &[]), Ok(Figures::closed(12, 0)));
}

/// Days apart that are neither months nor a set time are no plan.
#[test]
fn ends_a_few_weeks_after_the_start_are_no_plan() {
    let ends_after = |days: [i32; 4]| {
        let row = |number: usize, [start, ..]: &[String; 3]| {
            let start = frist::date::Day::parse_iso(start).expect("a day");
            format!("{number};{start};{};Öst\n", start.plus_days(days[number % 4]))
        };
        let rows: String = cases().iter().enumerate().map(|(number, case)| row(number, case)).collect();
        Workspace::new().file("a.csv", format!("{HEADINGS}{rows}"))
    };
    for days in [[40, 41, 42, 43], [45, 46, 47, 48], [62, 63, 64, 65]] {
        assert_eq!(said(&ends_after(days), &AS_OF), Ok(Figures::closed(12, 0)), "{days:?}");
    }
    for days in [[28, 29, 30, 31], [59, 60, 61, 62], [89, 90, 91, 92], [120; 4]] {
        assert_eq!(said(&ends_after(days), &AS_OF), Err("planned-ends".into()), "{days:?}");
    }
}

#[test]
fn a_column_of_answers_is_no_day_of_decision() {
    let headings = "Ärendenr;Utredning inledd;Utredning avslutad;Beslut om förlängning;Enhet";
    let workspace = export(headings, |[start, _, end]| format!("{start};{end};Nej"));
    assert_eq!(said(&workspace, &AS_OF), Ok(right()));
    let said = workspace.frist(&["check", ".", "--as-of", "2024-08-31"]).success().stdout;
    assert!(said.contains("Beslut om förlängning”") && said.contains("extension_decided"), "{said}");
    workspace.write("frist.toml", project("columns = { extension_decided = \"Beslut om förlängning\" }"));
    assert_eq!(super::said(&workspace, &[]), Err("no-dates".into()));
}

/// The few cases with an extension have its day, and the others a word for no.
#[test]
fn a_word_for_no_is_no_extension() {
    for no in ["Nej", "nej", "Ej aktuellt"] {
        let headings =
            "Ärendenr;Utredning inledd;Utredning avslutad;Beslut om förlängning;Förlängd till;Enhet";
        let mut number = 0;
        let rows = cases().iter().fold(String::new(), |rows, [start, due, end]| {
            number += 1;
            let extension = if number == 2 { format!("{due};2024-12-31") } else { format!("{no};{no}") };
            format!("{rows}{number};{start};{end};{extension};Öst\n")
        });
        let workspace = Workspace::new().file("a.csv", format!("{headings}\n{rows}"));
        let right = right();
        assert_eq!(said(&workspace, &AS_OF), Ok(Figures { late: right.late - 1, ..right }), "{no}");
        let workspace = Workspace::new().file("a.csv", format!("{headings}\n{rows}").replacen(no, "Ja", 2));
        assert_eq!(said(&workspace, &AS_OF).map(|figures| figures.rejected), Ok(1), "yes is no day");
    }
}

#[test]
fn what_cannot_be_seen_in_a_heading_makes_no_other() {
    for heading in [
        "Utredning av\u{ad}slutad",
        "Utredning\u{200b} avslutad",
        "Utredning avslutad:",
        "Utredning avslutad *",
    ] {
        let headings = format!("Ärendenr;Utredning inledd;{heading};Enhet");
        assert_eq!(
            said(&export(&headings, |[start, _, end]| format!("{start};{end}")), &AS_OF),
            Ok(right()),
            "{heading:?}"
        );
    }
}

#[test]
fn columns_with_one_heading_are_told_apart() {
    let workspace = export(
        "Ärendenr;Utredning inledd;Utredning avslutad;utredning avslutad;Enhet",
        |[start, due, end]| format!("{start};{end};{due}"),
    );
    let message = workspace.frist(&["run", "."]).failure(65, &["(ambiguous-column)"]).stderr;
    assert!(message.contains("Utredning avslutad#1, utredning avslutad#2"), "{message}");
}

fn sheet<'a>(name: &'a str, rows: &[&[&str]]) -> Sheet<'a> {
    let rows: Vec<Vec<Cell>> = rows.iter().map(|row| days_and_texts(row)).collect();
    Sheet::of_cells(name, &rows)
}

#[test]
fn a_sheet_of_open_cases_without_ends_is_not_passed_over() {
    let closed = || {
        let headings: &[&str] = &["Ärendenr", "Utredning inledd", "Utredning avslutad"];
        sheet("Avslutade", &[headings, &["1", "2024-01-09", "2024-05-08"]])
    };
    let open = || sheet("Pågående", &[&["Ärendenr", "Utredning inledd"], &["2", "2024-06-03"]]);
    let workspace = Workspace::new().file("a.xlsx", workbook_of(&[closed(), open()]));
    let message = workspace.frist(&["run", "."]).failure(65, &["(ambiguous-sheet)"]).stderr;
    assert!(message.contains("bladet Pågående har ärendenummer"), "{message}");
    workspace.write("frist.toml", project_of("*.xlsx", "sheet = \"Avslutade\""));
    assert_eq!(said(&workspace, &[]), Ok(Figures::closed(1, 0)));
    let with_ends: &[&str] = &["Ärendenr", "Utredning inledd", "Utredning avslutad"];
    let completed = sheet("Pågående", &[with_ends, &["2", "2024-06-03", ""]]);
    let workspace = Workspace::new().file("a.xlsx", workbook_of(&[closed(), completed]));
    assert_eq!(said(&workspace, &AS_OF), Ok(Figures { open: 1, ..Figures::closed(1, 0) }));
    // Counts by month, under a heading of starts, are no cases.
    let counts = sheet("Antal", &[&["Månad", "Utredning inledd"], &["Januari", "17"]]);
    let workspace = Workspace::new().file("a.xlsx", workbook_of(&[closed(), counts]));
    assert_eq!(said(&workspace, &AS_OF), Ok(Figures::closed(1, 0)));
}

#[test]
fn tables_beside_each_other_are_refused() {
    let headings = "Ärendenr;Utredning inledd;Utredning avslutad;;Dnr;Anmälan inkom;Förhandsbedömning klar\n";
    let rows = "1;2024-01-09;2024-05-08;;F1;2024-03-01;2024-03-12\n2;2024-01-10;2024-05-08;;F2;2024-03-04;2024-03-12\n";
    let workspace = Workspace::new().file("a.csv", format!("{headings}{rows}"));
    assert_eq!(said(&workspace, &AS_OF), Err("other-table".into()));
}

#[test]
fn what_looks_like_exports_beside_them_is_named() {
    let text = format!("{HEADINGS}1;2024-01-09;2024-05-08;Öst\n");
    let workspace = Workspace::new().file("a.csv", &text).file("b.csv.gz", "packed").file("c.dat", &text);
    workspace.write("2023/a.csv", &text);
    let said = workspace.frist(&["check", ".", "--as-of", "2024-08-31"]).success().stdout;
    assert!(said.contains("läses inte: 2023, b.csv.gz, c.dat"), "{said}");
    // A folder that the project names is read.
    workspace.write("frist.toml", project_of("2023/*.csv", ""));
    let said = workspace.frist(&["check", "."]).success().stdout;
    assert!(said.contains("läses inte: b.csv.gz, c.dat"), "{said}");
}
