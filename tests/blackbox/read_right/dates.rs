//! Dates whose order, year or place in the calendar is easily misread.

use super::*;
use crate::workbook::{Cell, Sheet, workbook_of};

/// Twelve investigations of 2024, of which four are late: 2, 5, 8 and 11 by a day.
const TWELVE: [[&str; 2]; 12] = [
    ["2024-01-03", "2024-05-03"],
    ["2024-01-16", "2024-05-17"], // due 16 May
    ["2024-01-23", "2024-03-04"],
    ["2024-02-05", "2024-03-09"],
    ["2024-02-09", "2024-06-10"], // due 9 June
    ["2024-02-20", "2024-06-19"],
    ["2024-03-04", "2024-07-04"],
    ["2024-03-11", "2024-07-12"], // due 11 July
    ["2024-03-26", "2024-07-25"],
    ["2024-04-02", "2024-05-02"],
    ["2024-04-08", "2024-08-09"], // due 8 August
    ["2024-04-24", "2024-08-23"],
];

fn twelve_late() -> Figures {
    Figures::closed(12, 4)
}

/// Year, month and day as they are written.
fn parts(day: &str) -> [&str; 3] {
    <[&str; 3]>::try_from(day.split('-').collect::<Vec<&str>>()).expect("three parts")
}

/// What a spreadsheet that expects the month first makes of a day written as 31/12/2024.
fn opened_month_first(day: &str) -> Cell {
    let [year, month, number] = parts(day);
    match number.parse::<u32>().expect("a number") {
        ..=12 => Cell::day(&format!("{year}-{number}-{month}")),
        _ => Cell::text(format!("{number}/{month}/{year}")),
    }
}

/// What a spreadsheet that expects the day first makes of a day written as 12/31/2024.
fn opened_day_first(day: &str) -> Cell {
    let [year, month, number] = parts(day);
    match opened_month_first(day) {
        Cell::Text(_) => Cell::text(format!("{month}/{number}/{year}")),
        swapped => {
            assert_eq!(swapped, Cell::day(&format!("{year}-{number}-{month}")));
            swapped
        }
    }
}

/// A workbook of the twelve, each of its two date columns written by a function.
fn twelve(start: fn(&str) -> Cell, end: fn(&str) -> Cell) -> Vec<u8> {
    let headings = ["Ärendenr", "Utredning inledd", "Utredning avslutad", "Enhet"].map(Cell::text).to_vec();
    let rows = TWELVE.iter().zip(1..).map(|(days, number)| {
        vec![Cell::text(format!("F-{number}")), start(days[0]), end(days[1]), Cell::text("Öst")]
    });
    let rows: Vec<Vec<Cell>> = std::iter::once(headings).chain(rows).collect();
    workbook_of(&[Sheet::of_cells("Uttag", &rows)])
}

/// The same as text.
fn twelve_as_text(write: impl Fn(&str) -> String) -> String {
    let row =
        |(days, number): (&[&str; 2], u32)| format!("F-{number};{};{};Öst\n", write(days[0]), write(days[1]));
    HEADINGS.to_owned() + &TWELVE.iter().zip(1..).map(row).collect::<String>()
}

/// Asserts that a file is refused as swapped, with the evidence, and read if the project says so.
fn is_swapped(name: &str, bytes: impl AsRef<[u8]>, swapped: &str) {
    let workspace = Workspace::new().file(name, bytes);
    let refused = workspace.frist(&["run", ".", "--as-of", "2024-08-31"]);
    refused.failure(65, &["(swapped-dates)", name, "12", "date_formats", "\"swapped\""]);
    workspace.write("frist.toml", project_of(name, &format!("date_formats = {{ {swapped} }}")));
    assert_eq!(said(&workspace, &[]), Ok(twelve_late()), "{name}, {swapped}");
}

#[test]
fn days_and_months_that_a_spreadsheet_swapped_are_refused_and_read_back() {
    let both = "start = \"swapped\", end = \"swapped\"";
    is_swapped("uttag.xlsx", twelve(opened_month_first, opened_month_first), both);
    // The other way round: month-first text in a spreadsheet that expects the day first.
    is_swapped("uttag.xlsx", twelve(opened_day_first, opened_day_first), both);
    // One column alone; the other is of real dates, and has days above 12 among them.
    is_swapped("uttag.xlsx", twelve(Cell::day, opened_month_first), "end = \"swapped\"");
    is_swapped("uttag.xlsx", twelve(opened_month_first, Cell::day), "start = \"swapped\"");
}

#[test]
fn swapped_days_are_seen_in_text_too() {
    // The same workbook saved as CSV: the real dates come out as the system writes them.
    let saved = twelve_as_text(|day| match opened_month_first(day) {
        Cell::Text(text) => text,
        _ => {
            let [year, month, number] = parts(day);
            format!("{year}-{number}-{month}")
        }
    });
    is_swapped("uttag.csv", saved, "start = \"swapped\", end = \"swapped\"");
}

#[test]
fn dates_that_nobody_swapped_are_read() {
    let typed = |write: fn(&str) -> Cell| Workspace::new().file("a.xlsx", twelve(write, write));
    assert_eq!(said(&typed(Cell::day), &AS_OF), Ok(twelve_late()));
    // Some cells are text, but those that are dates have days above 12 among them.
    let mixed: fn(&str) -> Cell = |day| match parts(day)[1] {
        "01" | "05" => {
            let [year, month, number] = parts(day);
            Cell::text(format!("{number}/{month}/{year}"))
        }
        _ => Cell::day(day),
    };
    assert_eq!(said(&typed(mixed), &AS_OF), Ok(twelve_late()));
    // Text alone: the days above 12 prove that the day comes first.
    let text = twelve_as_text(|day| {
        let [year, month, number] = parts(day);
        format!("{number}/{month}/{year}")
    });
    assert_eq!(said(&Workspace::new().file("a.csv", text), &AS_OF), Ok(twelve_late()));
}

/// Eight investigations as of the end of April, three of them closed in time, none overdue: short years, and
/// no end that proves by itself which number is the day.
const EIGHT: [[&str; 2]; 8] = [
    ["2024-01-03", "2024-04-25"],
    ["2024-01-08", "2024-04-28"],
    ["2024-01-18", "2024-04-30"],
    ["2024-01-29", ""],
    ["2024-02-13", ""],
    ["2024-02-27", ""],
    ["2024-03-12", ""],
    ["2024-03-26", ""],
];

fn eight(
    headings: &str,
    write: impl Fn([&str; 3]) -> String,
    row: impl Fn(usize, String, String) -> String,
) -> String {
    let write = |day: &str| if day.is_empty() { String::new() } else { write(parts(day)) };
    let rows = EIGHT.iter().zip(1..).map(|(days, number)| row(number, write(days[0]), write(days[1])));
    headings.to_owned() + &rows.collect::<String>()
}

#[test]
fn short_years_have_one_order_in_the_whole_export() {
    let right = Figures { counted: 3, open: 5, excluded: 0, rejected: 0, late: 0, overdue: 0 };
    let as_of = ["--as-of", "2024-04-30"];
    let short = |year: &str| year[2..].to_owned();
    let usual = |number: usize, start: String, end: String| format!("C{number};{start};{end};Öst\n");
    let ends_first = |number: usize, start: String, end: String| format!("{end};Öst;C{number};{start}\n");
    let day_first = |separator: &'static str| {
        move |[year, month, number]: [&str; 3]| {
            [number.to_owned(), month.to_owned(), short(year)].join(separator)
        }
    };
    let month_first =
        |[year, month, number]: [&str; 3]| [month.to_owned(), number.to_owned(), short(year)].join("/");
    let year_first =
        |[year, month, number]: [&str; 3]| [short(year), month.to_owned(), number.to_owned()].join("-");
    let turned = "Utredning avslutad;Enhet;Ärendenr;Utredning inledd\n";
    for text in [
        eight(HEADINGS, day_first("-"), usual),
        eight(turned, day_first("-"), ends_first),
        eight(HEADINGS, day_first("."), usual),
        eight(HEADINGS, month_first, usual),
    ] {
        assert_eq!(said(&Workspace::new().file("a.csv", &text), &as_of), Ok(right), "{text}");
    }
    // With the year first, more evidence is needed to know that the 24 is not a day.
    let text = eight(turned, year_first, ends_first);
    right_or_refused(&said(&Workspace::new().file("a.csv", text), &as_of), right, &["ambiguous-dates"]);
}

#[test]
fn columns_that_prove_opposite_orders_are_refused() {
    let starts_day_first =
        "1;13/01/2024;05/13/2024;A\n2;14/01/2024;05/14/2024;A\n3;15/02/2024;06/15/2024;A\n";
    let workspace = Workspace::new().file("a.csv", format!("{HEADINGS}{starts_day_first}"));
    let refused = workspace.frist(&["run", ".", "--as-of", "2024-08-31"]);
    refused.failure(65, &["(mixed-dates)", "a.csv", "Utredning inledd", "Utredning avslutad"]);
    // If the project names each column's format, they are read.
    let formats = "date_formats = { start = \"dd/mm/yyyy\", end = \"mm/dd/yyyy\" }";
    workspace.write("frist.toml", project(formats));
    assert_eq!(said(&workspace, &[]), Ok(Figures::closed(3, 0)));
    // Two systems may write in two orders, each in its own export.
    let one = "11;13/01/2024;13/05/2024;A\n12;14/01/2024;14/05/2024;A\n";
    let other =
        "Utredning inledd,Utredning avslutad,Ärendenr\n01/13/2024,05/13/2024,13\n01/14/2024,05/15/2024,14\n";
    let workspace = Workspace::new().file("a.csv", format!("{HEADINGS}{one}")).file("b.csv", other);
    assert_eq!(said(&workspace, &AS_OF), Ok(Figures::closed(4, 1)), "case 14 is a day late");
}

#[test]
fn few_dates_are_asked_about_with_both_readings() {
    let text = format!("{HEADINGS}1;03/04/2024;04/05/2024;A\n2;05/06/2024;;A\n");
    let workspace = Workspace::new().file("a.csv", text);
    let both = ["(ambiguous-dates)", "2024-04-03", "2024-03-04", "dd/mm/yyyy", "mm/dd/yyyy"];
    workspace.frist(&["run", ".", "--as-of", "2024-08-31"]).failure(65, &both);
}

#[test]
fn a_few_extensions_take_the_order_that_the_starts_prove() {
    let headings = "Ärendenr;Utredning inledd;Utredning avslutad;Beslut om förlängning;Förlängd till;Enhet\n";
    let rows = [
        ["G-1", "2024-01-03", "2024-06-19", "2024-04-28", "2024-06-30"], // extended in time: by 30 June
        ["G-2", "2024-01-10", "2024-05-10", "", ""],
        ["G-3", "2024-01-18", "2024-05-21", "", ""], // late: due 18 May
        ["G-4", "2024-02-15", "2024-06-14", "", ""],
        ["G-5", "2024-02-27", "", "", ""], // overdue since 27 June
        ["G-6", "2024-03-12", "2024-07-24", "2024-06-11", "2024-07-02"], // late: extended to a day before 12 July
    ];
    let right = Figures { counted: 5, open: 1, excluded: 0, rejected: 0, late: 2, overdue: 1 };
    let file = |write: &dyn Fn([&str; 3]) -> String| {
        let cell = |text: &str| if text.contains("2024-") { write(parts(text)) } else { text.to_owned() };
        let row = |cells: &[&str; 5]| format!("{};Öst\n", cells.map(cell).join(";"));
        headings.to_owned() + &rows.iter().map(row).collect::<String>()
    };
    let day_first = |[year, month, number]: [&str; 3]| format!("{number}-{month}-{}", &year[2..]);
    let month_first = |[year, month, number]: [&str; 3]| format!("{month}/{number}/{}", &year[2..]);
    let dotted = |[year, month, number]: [&str; 3]| format!("{number}.{month}.{}", &year[2..]);
    for write in [&day_first as &dyn Fn([&str; 3]) -> String, &month_first, &dotted] {
        let workspace = Workspace::new().file("a.csv", file(write));
        assert_eq!(said(&workspace, &AS_OF), Ok(right), "{}", file(write));
        let by_id: Vec<(String, String)> =
            column(&workspace, "case_id").into_iter().zip(column(&workspace, "due")).collect();
        assert!(by_id.contains(&("G-1".into(), "2024-06-30".into())), "{by_id:?}");
        assert!(by_id.contains(&("G-6".into(), "2024-07-12".into())), "{by_id:?}");
    }
}

#[test]
fn many_ways_to_write_a_day_are_read_or_can_be_named() {
    // 10 January to 10 May and 13 March to 14 July, which is a day late.
    let written = |start: &str, end: &str, second: &str, late: &str| {
        format!("{HEADINGS}1;{start};{end};A\n2;{second};{late};A\n")
    };
    let right = Ok(Figures::closed(2, 1));
    for text in [
        written("2024-1-10", "2024-5-10", "2024-3-13", "2024-7-14"),
        written("10 jan 2024", "10 maj 2024", "13 mars 2024", "14 juli 2024"),
        written("10 januari 2024", "10 MAJ 2024", "13 Mar. 2024", "14 jul 2024"),
        written("10-JAN-24", "10-MAY-24", "13-MAR-24", "14-JUL-24"),
        written("2024-01-10 13.45", "2024-05-10 23.59", "2024-03-13 00.01", "2024-07-14 08.05"),
        written("2024-01-10 01:45 PM", "2024-05-10 11:59 PM", "2024-03-13 12:05 AM", "2024-07-14 08:05 am"),
    ] {
        assert_eq!(said(&Workspace::new().file("a.csv", &text), &AS_OF), right, "{text}");
    }
    // The month last, after a year of four digits: proven here, and named where nothing proves it.
    let turned = written("2024-10-01", "2024-10-05", "2024-13-03", "2024-14-07");
    let workspace = Workspace::new().file("a.csv", turned);
    right_or_refused(&said(&workspace, &AS_OF), Figures::closed(2, 1), &["ambiguous-dates", "mixed-dates"]);
    workspace.write("frist.toml", project("date_formats = { start = \"yyyy-dd-mm\", end = \"yyyy-dd-mm\" }"));
    assert_eq!(said(&workspace, &[]), right);
}

/// Fourteen investigations that end after 118 days, which is in time, one a week, and eight that are open. The
/// end of one may be mistyped.
fn weekly(first: &str, mistyped: Option<(i32, &str)>) -> String {
    let first = frist::date::Day::parse_iso(first).expect("a day");
    let rows = (0..22).map(|week| {
        let start = first.plus_days(7 * week);
        let end = if week < 14 { start.plus_days(118).to_string() } else { String::new() };
        let end = mistyped.filter(|(row, _)| *row == week).map_or(end, |(_, typed)| typed.to_owned());
        format!("{week};{start};{end};Öst\n")
    });
    HEADINGS.to_owned() + &rows.collect::<String>()
}

#[test]
fn one_mistyped_year_moves_neither_the_as_of_date_nor_a_figure() {
    // The last correct end is 118 days after 9 April: 5 August. The open cases began on 16 April or later, so the first
    // of them is due on 16 August.
    let right = Figures { counted: 13, open: 8, excluded: 0, rejected: 1, late: 0, overdue: 0 };
    for typed in ["2025-05-20", "2029-05-20", "2042-05-20"] {
        let workspace = Workspace::new().file("a.csv", weekly("2024-01-09", Some((2, typed))));
        assert_eq!(said(&workspace, &[]), Ok(right), "{typed}");
        assert_eq!(workspace.json("reports/data/results.json")["as_of"], "2024-08-05", "{typed}");
        assert_eq!(faults(&workspace), [["4", "Utredning avslutad", "lone-date"]], "{typed}");
        // Once the tertial has ended, three are overdue: of 16, 23 and 30 April. The row counts in the bounds.
        assert_eq!(said(&workspace, &AS_OF), Ok(Figures { overdue: 3, ..right }), "{typed}");
        let bounds = workspace.json("reports/data/results.json")["controls"][0]["share_if_rejected"].clone();
        assert_eq!((&bounds["in_time"], &bounds["late"]), (&0.0.into(), &0.071_429.into()), "{typed}");
    }
    // No mistyped day: everything as before.
    let right = Figures { counted: 14, rejected: 0, ..right };
    assert_eq!(said(&Workspace::new().file("a.csv", weekly("2024-01-09", None)), &[]), Ok(right));
}

/// A day that has been agreed lies within a year of the start; with a year too much, an end lies further away.
#[test]
fn a_day_that_is_agreed_far_ahead_leaves_its_case_open() {
    for (row, agreed) in [(20, "2025-01-07"), (21, "2025-06-03")] {
        let workspace = Workspace::new().file("a.csv", weekly("2024-01-09", Some((row, agreed))));
        let right = Figures { open: 8, overdue: 3, ..Figures::closed(14, 0) };
        assert_eq!(said(&workspace, &AS_OF), Ok(right), "{agreed}");
    }
    for (row, mistyped) in [(2, "2025-01-23"), (20, "2025-05-28"), (21, "2026-01-07")] {
        let workspace = Workspace::new().file("a.csv", weekly("2024-01-09", Some((row, mistyped))));
        assert_eq!(said(&workspace, &AS_OF).map(|figures| figures.rejected), Ok(1), "{mistyped}");
        assert_eq!(faults(&workspace)[0][2], "lone-date", "{mistyped}");
    }
}

/// An export made long after the as-of date has the ends of the cases that lasted longest, further and further apart.
#[test]
fn late_ends_of_an_export_that_goes_on_are_not_mistyped() {
    let first = frist::date::Day::parse_iso("2022-01-01").expect("a day");
    let case = |start: i32, end: i32| {
        format!("{start}-{end};{};{};Öst\n", first.plus_days(start), first.plus_days(end))
    };
    let export = |tail: i32| {
        let usual = (0..300).map(|start| case(start, start + 100));
        let late = (0..tail).map(|number| case(number * 10, 740 + number * 90));
        Workspace::new().file("a.csv", HEADINGS.to_owned() + &usual.chain(late).collect::<String>())
    };
    let as_of = ["--as-of", "2022-12-31"];
    let right = Figures { open: 35 + 12, overdue: 12, ..Figures::closed(265, 0) };
    assert_eq!(said(&export(12), &as_of), Ok(right));
    // Fewer may be slips.
    assert_eq!(said(&export(5), &as_of), Ok(Figures { open: 35, overdue: 0, rejected: 5, ..right }));
}

/// `empty` takes a day that a system writes for "not yet", in whatever notation.
#[test]
fn a_day_that_the_project_calls_empty_is_none() {
    for mark in ["1980-01-01", "19800101", "1980-01-01 00:00:00"] {
        let text = weekly("2024-01-09", None).replace(";;Öst", &format!(";{mark};Öst"));
        let workspace = Workspace::new().file("a.csv", text);
        workspace.write("frist.toml", project(&format!("empty = [\"{mark}\"]")));
        let right = Figures { open: 8, overdue: 3, ..Figures::closed(14, 0) };
        assert_eq!(said(&workspace, &[]), Ok(right), "{mark}");
    }
}

#[test]
fn a_mistyped_start_moves_nothing_either() {
    let text = weekly("2024-01-09", None).replace("21;2024-06-04;", "21;2026-06-04;");
    let workspace = Workspace::new().file("a.csv", text);
    let right = Figures { counted: 14, open: 7, excluded: 0, rejected: 1, late: 0, overdue: 0 };
    assert_eq!(said(&workspace, &[]), Ok(right));
    assert_eq!(workspace.json("reports/data/results.json")["as_of"], "2024-08-05");
    assert_eq!(faults(&workspace), [["23", "Utredning inledd", "lone-date"]]);
}

#[test]
fn a_start_far_before_the_others_is_counted_and_named() {
    let text = weekly("2024-01-09", None).replace("3;2024-01-30;", "3;2014-01-30;");
    let workspace = Workspace::new().file("a.csv", text);
    let right = Figures { counted: 14, open: 8, excluded: 0, rejected: 0, late: 1, overdue: 0 };
    assert_eq!(said(&workspace, &[]), Ok(right));
    assert_eq!(faults(&workspace), [["5", "Utredning inledd", "early-start"]]);
}

#[test]
fn a_guess_just_before_the_end_of_a_period_names_both_readings() {
    // The newest day is 29 August, two days before the second tertial ends.
    let workspace = Workspace::new().file("a.csv", weekly("2024-02-02", None));
    let outcome = workspace.frist(&["run", "."]).success();
    for day in ["29 augusti 2024", "--as-of 2024-08-31"] {
        assert!(outcome.stderr.contains(day), "{day} is not in {}", outcome.stderr);
    }
    workspace.frist(&["init", "."]).success();
    let project = workspace.read("frist.toml");
    let as_of = project.lines().find(|line| line.starts_with("as_of")).expect("an as-of date");
    assert!(as_of.contains("2024-08-31"), "{as_of}");
}

#[test]
fn days_before_1970_are_read_where_a_rule_covers_them() {
    let rulebook = "[[rule]]\nid = \"old\"\nname = { sv = \"Gamla\", en = \"Old\" }\nstart = { sv = \"in\", en = \"in\" }\n\
        end = { sv = \"ut\", en = \"out\" }\nbasis = \"local-target\"\nmethod = \"4 months\"\nroll = \"none\"\ncohort = \"closed\"\n\
        headings = { start = [\"In\"], end = [\"Ut\"] }\n[[rule.law]]\ncitation = { sv = \"mål\", en = \"target\" }\nverified = true\n";
    let rows = "Ärendenr;In;Ut\n1;1961-01-10;1961-05-10\n2;1969-11-30;1970-03-31\n3;1958-02-28;1958-06-29\n";
    let workspace = Workspace::new().file("a.csv", rows).file("rulebook.toml", rulebook);
    workspace.write("frist.toml", "as_of = 1971-01-01\nperiod = \"year\"\nrulebook = \"rulebook.toml\"\n");
    // Case 2 is due on 30 March, case 3 on 28 June: both a day late.
    assert_eq!(said(&workspace, &[]), Ok(Figures::closed(3, 2)));
}
