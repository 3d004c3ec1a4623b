//! Cells that say less than a day, or the same time of day in every row, and columns whose dates change their order.

use super::*;
use crate::workbook::{Cell, Sheet, serial, uncalculated, workbook_of};

/// The headings of assessments within 24 hours.
const ASSESSED: &str = "Ärendenr;Inkom datum och tid;Skyddsbedömning gjord\n";

/// A workbook with one sheet: headings, and rows that a number makes.
fn sheet_of(headings: &str, rows: impl Iterator<Item = Vec<Cell>>) -> Vec<u8> {
    let headings = headings.trim_end().split(';').map(Cell::text).collect();
    let rows: Vec<Vec<Cell>> = std::iter::once(headings).chain(rows).collect();
    workbook_of(&[Sheet::of_cells("Uttag", &rows)])
}

/// A time of day of the 14th of May.
fn moment(part: f64) -> Cell {
    Cell::Moment(serial("2024-05-14") + part)
}

#[test]
fn a_time_of_day_alone_is_no_sign_of_an_open_case() {
    let rows = |alone: u32| {
        (0..8).map(move |number| {
            let end = if number < alone { Cell::Time(0.57) } else { moment(0.57) };
            vec![Cell::text(format!("T-{number}")), moment(0.4), end]
        })
    };
    let workspace = Workspace::new().file("a.xlsx", sheet_of(ASSESSED, rows(3)));
    let right = Figures { rejected: 3, ..Figures::closed(5, 0) };
    assert_eq!(said(&workspace, &AS_OF), Ok(right));
    assert_eq!(faults(&workspace)[0], ["2", "Skyddsbedömning gjord", "unreadable-date"]);
    let workspace = Workspace::new().file("a.xlsx", sheet_of(ASSESSED, rows(8)));
    assert_eq!(said(&workspace, &AS_OF), Err("nothing-usable".into()));
}

#[test]
fn midnight_in_a_column_of_times_is_a_time() {
    let headings = "Ärendenr;Inkom datum;Inkom tid;Skyddsbedömning datum;Skyddsbedömning tid";
    let rows = (0..6).map(|number| {
        let hour = |hour: u32| Cell::Time(f64::from(hour) / 24.0);
        let (start, end) = ((number + 22) % 24, (number + 23) % 24);
        let day = |after: u32| Cell::day(if number < after { "2024-05-14" } else { "2024-05-15" });
        vec![Cell::text(format!("T-{number}")), day(2), hour(start), day(1), hour(end)]
    });
    let workspace = Workspace::new().file("a.xlsx", sheet_of(headings, rows));
    assert_eq!(said(&workspace, &AS_OF), Ok(Figures::closed(6, 0)));
}

#[test]
fn a_year_and_a_month_are_no_day() {
    let rows = (1..9).map(|month| {
        let of_month = |month: u32| Cell::Number(f64::from(202_400 + month));
        vec![Cell::text(format!("M-{month}")), of_month(month), of_month(month + 3), Cell::text("Öst")]
    });
    let workspace = Workspace::new().file("a.xlsx", sheet_of(HEADINGS, rows));
    assert_eq!(said(&workspace, &AS_OF), Err("nothing-usable".into()));
    let text = format!("{HEADINGS}1;2024-01-10;202405;A\n2;2024-01-11;2024-05-10;A\n");
    let workspace = Workspace::new().file("a.csv", text);
    assert_eq!(said(&workspace, &AS_OF), Ok(Figures { rejected: 1, ..Figures::closed(1, 0) }));
}

#[test]
fn dates_that_are_all_the_first_of_a_month_are_named() {
    let rows = |day: &'static str| {
        (1..13).map(move |month| {
            let end = Cell::day(&format!("2024-{:02}-{day}", (month + 3) / 2));
            vec![Cell::text(format!("M-{month}")), Cell::day("2024-01-17"), end, Cell::text("Öst")]
        })
    };
    let note = |day| {
        let workspace = Workspace::new().file("a.xlsx", sheet_of(HEADINGS, rows(day)));
        let outcome = workspace.frist(&["check", ".", "--as-of", "2024-12-31"]).success();
        outcome.stdout.contains("Utredning avslutad är den första i en månad")
    };
    assert!(note("01") && !note("02"));
}

/// Investigations that start in winter and in summer and end on the due date or, one of them, a day late.
const FOUR: [[&str; 2]; 4] = [
    ["2024-01-10", "2024-05-10"],
    ["2024-02-29", "2024-06-29"],
    ["2024-04-05", "2024-08-06"],
    ["2023-11-01", "2024-03-01"],
];

fn four(start: impl Fn(&str) -> String, end: impl Fn(&str) -> String) -> String {
    let row =
        |(days, number): (&[&str; 2], u32)| format!("F-{number};{};{};Öst\n", start(days[0]), end(days[1]));
    HEADINGS.to_owned() + &FOUR.iter().zip(1..).map(row).collect::<String>()
}

/// A day as its midnight in Sweden is written in UTC.
fn midnight_in_utc(day: &str) -> String {
    let before = frist::date::Day::parse_iso(day).expect("a day").plus_days(-1);
    let is_summer = ("2024-04-01".."2024-10-27").contains(&day);
    format!("{before}T{}:00:00Z", if is_summer { 22 } else { 23 })
}

#[test]
fn a_time_that_is_the_same_in_every_row_moves_no_day() {
    let with = |time: &'static str| move |day: &str| format!("{day}{time}");
    for text in [
        four(with("T00:00:00Z"), with("T23:59:59Z")),
        four(with("T00:00:00Z"), with("T23:59:59.999Z")),
        four(with(""), with("T23:59Z")),
        four(midnight_in_utc, midnight_in_utc),
        four(with(" 24:00"), with(" 24:00")),
    ] {
        assert_eq!(said(&Workspace::new().file("a.csv", &text), &AS_OF), Ok(Figures::closed(4, 1)), "{text}");
    }
}

#[test]
fn dates_as_midnights_of_another_zone_are_not_judged_by_hours() {
    let days = ["2024-03-04", "2024-03-05", "2024-06-03", "2024-06-04"];
    let days = days.iter().zip(1..);
    let dates = days.clone().map(|(day, number)| format!("{number};{};{0}\n", midnight_in_utc(day)));
    let last = days.map(|(day, number)| format!("{number};{day} 0{number}:15;{day} 23:59:59\n"));
    for rows in [dates.collect::<String>(), last.collect()] {
        let rows = rows.lines().map(|row| {
            let cells: Vec<&str> = row.split(';').collect();
            format!("{};{};{}\n", cells[0], cells[1], if cells[2] == "0" { cells[1] } else { cells[2] })
        });
        let workspace = Workspace::new().file("a.csv", ASSESSED.to_owned() + &rows.collect::<String>());
        let right = Figures { excluded: 4, ..Figures::closed(0, 0) };
        right_or_refused(&said(&workspace, &AS_OF), right, &["nothing-usable"]);
    }
}

#[test]
fn exports_that_agree_on_every_day_agree_whatever_their_times() {
    let with = |time: &'static str| move |day: &str| format!("{day}{time}");
    let workspace = Workspace::new()
        .file("a.csv", four(with("T08:15:00Z"), with("T09:30:00+02:00")))
        .file("b.csv", four(str::to_owned, str::to_owned));
    let right = Figures { excluded: 4, ..Figures::closed(4, 1) };
    assert_eq!(said(&workspace, &AS_OF), Ok(right));
}

/// More rows than the beginning of a file that is examined, and as many in another form, of which one is late.
fn long(first: impl Fn([&str; 3]) -> String, then: impl Fn([&str; 3]) -> String) -> String {
    let mut text = HEADINGS.to_owned();
    let begin = frist::date::Day::parse_iso("2022-01-03").expect("a day");
    for number in 0..12_000 {
        let write = |days: i32| {
            let day = begin.plus_days(number % 600 + days).to_string();
            let parts = <[&str; 3]>::try_from(day.split('-').collect::<Vec<&str>>()).expect("three");
            if number < 8_000 { first(parts) } else { then(parts) }
        };
        text += &format!("L-{number};{};{};Öst\n", write(0), write(100));
    }
    text
}

#[test]
fn an_order_that_changes_far_into_a_file_is_seen() {
    let day_first = |[year, month, day]: [&str; 3]| format!("{day}/{month}/{year}");
    let month_first = |[year, month, day]: [&str; 3]| format!("{month}/{day}/{year}");
    let iso = |parts: [&str; 3]| parts.join("-");
    let day_second = |[year, month, day]: [&str; 3]| format!("{year}-{day}-{month}");
    for text in [long(day_first, month_first), long(iso, day_second)] {
        let workspace = Workspace::new().file("a.csv", text);
        assert_eq!(said(&workspace, &AS_OF), Err("mixed-dates".into()));
        assert_eq!(said(&workspace, &[]), Err("mixed-dates".into()), "without an as-of date");
    }
    // Few are slips.
    let text = long(day_first, day_first).replacen(";13/01/2023;", ";01/13/2023;", 4);
    let said = said(&Workspace::new().file("a.csv", text), &AS_OF).expect("it is read");
    assert_eq!((said.counted, said.rejected), (11_996, 4));
}

#[test]
fn a_time_that_changes_far_into_a_file_is_seen() {
    let at_midnight = |parts: [&str; 3]| parts.join("-") + "T00:00:00Z";
    let in_utc = |parts: [&str; 3]| midnight_in_utc(&parts.join("-"));
    let workspace = Workspace::new().file("a.csv", long(at_midnight, in_utc));
    said(&workspace, &AS_OF).expect("it is read");
    let list = workspace.read("reports/data/cases.csv");
    let row = list.lines().find(|line| line.contains("L-11999,")).expect("the last");
    // 599 days after 3 January 2022.
    assert!(row.contains(",2023-08-25,"), "{row}");
}

#[test]
fn a_named_format_that_the_dates_contradict_is_refused() {
    let rows = (13..29).map(|day| format!("{day};01/{day}/2024;05/{day}/2024;A\n"));
    let workspace = Workspace::new().file("a.csv", HEADINGS.to_owned() + &rows.collect::<String>());
    let named = |format: &str| format!("date_formats = {{ start = \"{format}\", end = \"{format}\" }}");
    workspace.write("frist.toml", project(&named("dd/mm/yyyy")));
    let refused = workspace.frist(&["run", "."]);
    refused.failure(65, &["(misnamed-dates)", "a.csv", "Utredning inledd", &named("mm/dd/yyyy")]);
    workspace.write("frist.toml", project(&named("mm/dd/yyyy")));
    assert_eq!(said(&workspace, &[]), Ok(Figures::closed(16, 0)));
}

#[test]
fn database_dates_have_the_day_first_beside_any_others() {
    let rows = [
        "240102;240422",
        "240108;240508",
        "240115;240520",
        "240226;240604",
        "240229;240629",
        "240318;240719",
    ];
    let rows = rows.iter().zip(1..).map(|(dates, number)| format!("{number};{dates};Öst\n"));
    let workspace = Workspace::new()
        .file("a.csv", HEADINGS.to_owned() + &rows.collect::<String>())
        .file("b.csv", format!("{HEADINGS}11;04-SEP-23;05-JAN-24;Öst\n12;14-SEP-23;23-DEC-23;Öst\n"));
    // Late are 3, due on 15 May, 6, due on 18 July, and 11, due on 4 January.
    assert_eq!(said(&workspace, &AS_OF), Ok(Figures::closed(8, 3)));
}

/// A sheet of investigations whose ends are formulas with a stored value.
fn with_formulas(formula: &str, value: f64) -> Vec<u8> {
    let cell = |column: &str, number: u32, content: String| {
        format!("<c r=\"{column}{number}\" s=\"1\">{content}</c>")
    };
    let rows = (2..6).map(|number| {
        let text = format!("<c r=\"A{number}\" t=\"inlineStr\"><is><t>R-{number}</t></is></c>");
        let start = cell("B", number, format!("<v>{}</v>", serial("2024-01-10")));
        let end = cell("C", number, format!("<f>{formula}</f><v>{value}</v>"));
        format!("<row r=\"{number}\">{text}{start}{end}</row>")
    });
    let headings = crate::workbook::row(1, &["Ärendenr", "Utredning inledd", "Utredning avslutad"]);
    crate::workbook::workbook(&[("Uttag", &(headings + &rows.collect::<String>()))])
}

#[test]
fn formulas_that_were_not_calculated_are_no_dates() {
    let nothing = Err("nothing-usable".to_owned());
    let open = Figures { open: 4, overdue: 4, ..Figures::closed(0, 0) };
    let file = |bytes: Vec<u8>| said(&Workspace::new().file("a.xlsx", bytes), &AS_OF);
    assert_eq!(file(uncalculated(with_formulas("B2+100", 0.0))), nothing);
    assert_eq!(file(with_formulas("VLOOKUP(A2,Blad2!A:B,2)", 0.0)), Ok(open), "a blank cell");
    let ended = serial("2024-05-08");
    assert_eq!(file(uncalculated(with_formulas("B2+100", ended))), Ok(Figures::closed(4, 0)));
    assert_eq!(file(with_formulas("IF(E2=\"\",TODAY(),E2)", ended)), nothing);
}
