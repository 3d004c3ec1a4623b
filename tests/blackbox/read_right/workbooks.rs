//! Workbooks: merged cells, and a sheet for each month.

use super::*;
use crate::workbook::{Cell, Sheet, days_and_texts, workbook_of};

/// Five investigations: the first three of one unit, of which the second is late; the last two of another, of
/// which the first is late.
const FIVE: [[&str; 4]; 5] = [
    ["Öst", "S-1", "2024-01-09", "2024-05-08"],
    ["", "S-2", "2024-01-10", "2024-05-12"],
    ["", "S-3", "2024-02-01", "2024-05-30"],
    ["Väst", "S-4", "2024-02-05", "2024-06-07"],
    ["", "S-5", "2024-02-06", "2024-06-05"],
];
const FIVE_HEADINGS: [&str; 4] = ["Enhet", "Ärendenr", "Utredning inledd", "Utredning avslutad"];

/// A sheet of headings and rows, with its columns in another order.
fn sheet<'a, const N: usize>(name: &'a str, rows: &[[&str; N]], order: [usize; N]) -> Sheet<'a> {
    let rows: Vec<Vec<Cell>> =
        rows.iter().map(|row| days_and_texts(&order.map(|column| row[column]))).collect();
    Sheet::of_cells(name, &rows)
}

#[test]
fn a_merged_cell_belongs_to_all_its_rows() {
    let rows = [&[FIVE_HEADINGS][..], &FIVE].concat();
    let first = || sheet("Uttag", &rows, [0, 1, 2, 3]);
    let last = || sheet("Uttag", &rows, [1, 2, 3, 0]);
    for sheet in [
        first().merge("A2:A4").merge("A5:A6"),
        first().merge("A5:A6").merge("A2:A4"),
        last().merge("D2:D4").merge("D5:D6"),
        last().merge("D5:D6").merge("D2:D4"),
    ] {
        let workspace = Workspace::new().file("a.xlsx", workbook_of(&[sheet]));
        assert_eq!(said(&workspace, &AS_OF), Ok(Figures::closed(5, 2)));
        assert_eq!((of_group(&workspace, "Öst"), of_group(&workspace, "Väst")), ((3, 1), (2, 1)));
    }
}

#[test]
fn a_merged_date_belongs_to_all_its_rows() {
    // Two children of one report: start and end are merged. Due on 9 May and 12 June; both are late.
    let rows = [
        ["Ärendenr", "Utredning inledd", "Utredning avslutad"],
        ["1", "2024-01-09", "2024-05-10"],
        ["2", "", ""],
        ["3", "2024-02-12", "2024-06-13"],
    ];
    let merged = sheet("Uttag", &rows, [0, 1, 2]).merge("B2:B3").merge("C2:C3");
    let workspace = Workspace::new().file("a.xlsx", workbook_of(&[merged]));
    assert_eq!(said(&workspace, &AS_OF), Ok(Figures::closed(3, 3)));
    // A title merged across the columns is not a row.
    let rows = [&[["Uttag ur systemet", "", ""]][..], &rows].concat();
    let titled = sheet("Uttag", &rows, [0, 1, 2]).merge("A1:C1").merge("B3:B4").merge("C3:C4");
    let workspace = Workspace::new().file("a.xlsx", workbook_of(&[titled]));
    assert_eq!(said(&workspace, &AS_OF), Ok(Figures::closed(3, 3)));
}

#[test]
fn a_unit_on_the_first_row_of_each_block_of_text_is_told_of() {
    let text = |fill: bool| {
        let mut unit = "";
        let rows = FIVE.iter().map(|row| {
            unit = if row[0].is_empty() && fill { unit } else { row[0] };
            format!("{unit};{};{};{}\n", row[1], row[2], row[3])
        });
        format!("{}\n{}", FIVE_HEADINGS.join(";"), rows.collect::<String>())
    };
    let lines_on_the_unit = |text: String| {
        let workspace = Workspace::new().file("a.csv", text);
        let outcome = workspace.frist(&["check", ".", "--as-of", "2024-08-31"]).success();
        let all = outcome.stdout + &outcome.stderr;
        all.lines().filter(|line| line.contains("Enhet")).count()
    };
    assert!(lines_on_the_unit(text(false)) > lines_on_the_unit(text(true)));
}

/// A sheet for a month: a case that ends in time and one that is a day late.
fn month(number: u32) -> [[String; 4]; 2] {
    let case = |case: u32, end: u32| {
        let id = format!("{number}-{case}");
        [id, format!("2024-{number:02}-08"), format!("2024-{:02}-{end:02}", number + 4), "Öst".to_owned()]
    };
    [case(1, 8), case(2, 9)]
}

fn month_sheet(name: &str, number: u32, order: [usize; 4]) -> Sheet<'_> {
    let rows = month(number);
    let headings = ["Ärendenr", "Utredning inledd", "Utredning avslutad", "Enhet"];
    let rows: Vec<[&str; 4]> =
        std::iter::once(headings).chain(rows.iter().map(|row| row.each_ref().map(String::as_str))).collect();
    sheet(name, &rows, order)
}

const MONTHS: [&str; 4] = ["Januari", "Februari", "Mars", "April"];

fn months() -> Vec<Sheet<'static>> {
    MONTHS.iter().zip(1..).map(|(name, number)| month_sheet(name, number, [0, 1, 2, 3])).collect()
}

#[test]
fn sheets_with_the_same_headings_are_read_together() {
    let workspace = Workspace::new().file("a.xlsx", workbook_of(&months()));
    assert_eq!(said(&workspace, &AS_OF), Ok(Figures::closed(8, 4)));
    // Each has its line in the ledger.
    let inputs = workspace.json("reports/data/results.json")["inputs"].clone();
    let inputs = inputs.as_array().expect("inputs");
    assert_eq!(inputs.len(), 4);
    for (input, month) in inputs.iter().zip(MONTHS) {
        assert_eq!((&input["read_as"]["sheet"], &input["counted"]), (&month.into(), &2.into()));
    }
}

#[test]
fn sheets_can_be_chosen() {
    let workspace = Workspace::new().file("a.xlsx", workbook_of(&months()));
    let source = |sheet: &str| project_of("a.xlsx", sheet);
    workspace.write("frist.toml", source("sheet = [\"Mars\", \"Januari\"]"));
    assert_eq!(said(&workspace, &[]), Ok(Figures::closed(4, 2)));
    workspace.write("frist.toml", source("sheet = \"April\""));
    assert_eq!(said(&workspace, &[]), Ok(Figures::closed(2, 1)));
    workspace.write("frist.toml", source("sheet = \"*\""));
    assert_eq!(said(&workspace, &[]), Ok(Figures::closed(8, 4)));
    workspace.write("frist.toml", source("sheet = [\"Januari\", \"Maj\"]"));
    workspace.frist(&["run", "."]).failure(65, &["(unknown-sheet)", "”Maj”", "Januari"]);
}

#[test]
fn a_sheet_of_cases_that_is_not_read_is_named() {
    // A hidden sheet is not read, and mentioned; one with its columns in another order is read; notes are not cases.
    let mut sheets = months();
    sheets.push(month_sheet("Gamla", 1, [0, 1, 2, 3]).hide());
    sheets.push(sheet("Om uttaget", &[["Uttaget är gjort den 1 september"]], [0]));
    let workspace = Workspace::new().file("a.xlsx", workbook_of(&sheets));
    let outcome = workspace.frist(&["check", ".", "--as-of", "2024-08-31"]).success();
    assert!((outcome.stdout + &outcome.stderr).contains("Gamla"));
    assert_eq!(said(&workspace, &AS_OF), Ok(Figures::closed(8, 4)));
    let mut sheets = months();
    sheets[2] = month_sheet("Mars", 3, [3, 2, 0, 1]);
    let workspace = Workspace::new().file("a.xlsx", workbook_of(&sheets));
    right_or_refused(&said(&workspace, &AS_OF), Figures::closed(8, 4), &["ambiguous-sheet"]);
}

#[test]
fn case_numbers_that_a_workbook_keeps_as_numbers_are_whole() {
    let headings = days_and_texts(&["Ärendenr", "Utredning inledd", "Utredning avslutad"]);
    let days = [["2024-01-09", "2024-06-03"], ["2024-01-16", "2024-05-06"]];
    let rows = days.iter().zip([202_400_000_017.0, 202_400_000_018.0]).map(|(days, number)| {
        let days = days_and_texts(days);
        std::iter::once(Cell::Number(number)).chain(days).collect()
    });
    let rows: Vec<Vec<Cell>> = std::iter::once(headings).chain(rows).collect();
    let workspace = Workspace::new().file("a.xlsx", workbook_of(&[Sheet::of_cells("Uttag", &rows)]));
    assert_eq!(said(&workspace, &AS_OF), Ok(Figures::closed(2, 1)));
    assert_eq!(column(&workspace, "case_id"), ["202400000017", "202400000018"]);
    // The same cases as text, in another export.
    let text = "Ärendenr;Utredning inledd;Utredning avslutad\n202400000017;2024-01-09;2024-06-03\n";
    workspace.write("b.csv", text);
    let right = Figures { excluded: 1, ..Figures::closed(2, 1) };
    assert_eq!(said(&workspace, &AS_OF), Ok(right));
}

#[test]
fn sheets_of_units_need_no_numbers_and_others_are_named() {
    let headings = ["Enhet", "Utredning inledd", "Utredning avslutad"];
    let of_unit = |unit: &'static str| {
        [
            headings,
            [unit, "2024-01-09", "2024-05-08"],
            [unit, "2024-01-10", "2024-05-13"],
            [unit, "2024-03-01", ""],
        ]
    };
    let book = |names: [&str; 2], units: [&'static str; 2]| {
        let rows = units.map(of_unit);
        let sheets = [sheet(names[0], &rows[0], [0, 1, 2]), sheet(names[1], &rows[1], [0, 1, 2])];
        Workspace::new().file("a.xlsx", workbook_of(&sheets))
    };
    let right = Figures { open: 2, overdue: 2, ..Figures::closed(4, 2) };
    assert_eq!(said(&book(["Norr", "Söder"], ["Norr", "Söder"]), &AS_OF), Ok(right));
    let months = book(["April", "Augusti"], ["Norr", "Söder"]);
    months
        .frist(&["run", ".", "--as-of", "2024-08-31"])
        .failure(65, &["(no-case-numbers)", "a.xlsx April", "a.xlsx Augusti"]);
}
