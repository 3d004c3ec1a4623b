//! Times of day: the last moment of a day, and times in a column of their own.

use super::*;
use crate::workbook::{Cell, Sheet, serial, workbook_of};

/// A number of seconds as a fraction of a day.
fn part(seconds: f64) -> f64 {
    seconds / 86_400.0
}

const LAST_MOMENTS: [(&str, f64); 4] = [
    ("23:59:59.997", 86_399.997),
    ("23:59:59.700", 86_399.7),
    ("23:59:59.500", 86_399.5),
    ("23:59:59.000", 86_399.0),
];

/// Investigations from 9 January on, with the given times of start and end; the end is on the due date.
fn csv(start: &str, end: &str) -> String {
    let rows = (9..13).map(|day| format!("H-{day};2024-01-{day:02} {start};2024-05-{day:02} {end};Öst\n"));
    HEADINGS.to_owned() + &rows.collect::<String>()
}

/// The same as a workbook.
fn xlsx(start: f64, end: f64) -> Vec<u8> {
    let headings = ["Ärendenr", "Utredning inledd", "Utredning avslutad", "Enhet"].map(Cell::text).to_vec();
    let rows = (9..13).map(|day| {
        let moment = |month: u32, seconds: f64| {
            Cell::Moment(serial(&format!("2024-{month:02}-{day:02}")) + part(seconds))
        };
        vec![Cell::text(format!("H-{day}")), moment(1, start), moment(5, end), Cell::text("Öst")]
    });
    let rows: Vec<Vec<Cell>> = std::iter::once(headings).chain(rows).collect();
    workbook_of(&[Sheet::of_cells("Uttag", &rows)])
}

#[test]
fn the_last_moment_of_a_day_belongs_to_it() {
    let midnight = ("00:00:00.000", 0.0);
    for last in LAST_MOMENTS {
        // The end, the start, both.
        for (start, end) in [(midnight, last), (last, midnight), (last, last)] {
            let texts = Workspace::new().file("a.csv", csv(start.0, end.0));
            let sheets = Workspace::new().file("a.xlsx", xlsx(start.1, end.1));
            for workspace in [texts, sheets] {
                assert_eq!(said(&workspace, &AS_OF), Ok(Figures::closed(4, 0)), "{start:?} {end:?}");
                assert_eq!(column(&workspace, "start")[0], "2024-01-09", "{start:?} {end:?}");
                assert_eq!(column(&workspace, "end")[0], "2024-05-09", "{start:?} {end:?}");
            }
        }
    }
}

#[test]
fn the_first_moment_of_the_next_day_is_late() {
    let text = csv("00:00:00.000", "00:00:00.000").replace("2024-05-09", "2024-05-10");
    assert_eq!(said(&Workspace::new().file("a.csv", text), &AS_OF), Ok(Figures::closed(4, 1)));
}

/// Assessments within 24 hours: the second is late by 39 minutes, the fourth by 10.
const ASSESSMENTS: [[&str; 4]; 4] = [
    ["2024-05-13", "08:20", "2024-05-14", "08:15"],
    ["2024-05-13", "08:20", "2024-05-14", "08:59"],
    ["2024-05-13", "23:05", "2024-05-14", "22:10"],
    ["2024-05-13", "09:00", "2024-05-14", "09:10"],
];
const TWO_COLUMNS: &str = "as_of = 2024-08-31\n[[source]]\ncontrol = \"safety-assessment\"\nfiles = [\"a.*\"]\n\
    columns = { case_id = \"Ärendenr\", start = [\"Inkom datum\", \"Inkom tid\"], \
    end = [\"Skyddsbedömning datum\", \"Skyddsbedömning tid\"] }\n";
const TIME_HEADINGS: &str =
    "Ärendenr;Inkom datum;Inkom tid;Skyddsbedömning datum;Skyddsbedömning tid;Enhet\n";

fn assessments(time: impl Fn(&str) -> String) -> String {
    let row = |(cells, number): (&[&str; 4], u32)| {
        format!("K-{number};{};{};{};{};Öst\n", cells[0], time(cells[1]), cells[2], time(cells[3]))
    };
    TIME_HEADINGS.to_owned() + &ASSESSMENTS.iter().zip(1..).map(row).collect::<String>()
}

/// Hours and minutes.
fn clock(time: &str) -> (u32, u32) {
    let (hours, minutes) = time.split_once(':').expect("a time");
    (hours.parse().expect("hours"), minutes.parse().expect("minutes"))
}

#[test]
fn date_and_time_of_day_in_two_columns_are_one_moment() {
    let of_day = |time: &str| {
        let (hours, minutes) = clock(time);
        let (half, hours) = if hours < 12 { ("AM", hours) } else { ("PM", hours - 12) };
        format!("{}:{minutes:02} {half}", if hours == 0 { 12 } else { hours })
    };
    for text in [
        assessments(str::to_owned),
        assessments(|time| time.replace(':', ".")),
        assessments(|time| format!("{time}:00")),
        assessments(of_day),
        // A database writes a day without a time as its midnight.
        assessments(str::to_owned).replace("2024-05-13;", "2024-05-13 00:00:00;"),
    ] {
        let workspace = Workspace::new().file("a.csv", &text).file("frist.toml", TWO_COLUMNS);
        assert_eq!(said(&workspace, &[]), Ok(Figures::closed(4, 2)), "{text}");
    }
}

#[test]
fn times_in_a_column_of_a_workbook_are_parts_of_a_day() {
    let headings = TIME_HEADINGS.trim_end().split(';').map(Cell::text).collect();
    let rows = ASSESSMENTS.iter().zip(1..).map(|(cells, number)| {
        let time = |time: &str| {
            let (hours, minutes) = clock(time);
            Cell::Time(part(f64::from(hours * 3600 + minutes * 60)))
        };
        vec![
            Cell::text(format!("K-{number}")),
            Cell::day(cells[0]),
            time(cells[1]),
            Cell::day(cells[2]),
            time(cells[3]),
            Cell::text("Öst"),
        ]
    });
    let rows: Vec<Vec<Cell>> = std::iter::once(headings).chain(rows).collect();
    let workspace = Workspace::new()
        .file("a.xlsx", workbook_of(&[Sheet::of_cells("Uttag", &rows)]))
        .file("frist.toml", TWO_COLUMNS);
    assert_eq!(said(&workspace, &[]), Ok(Figures::closed(4, 2)));
}

#[test]
fn init_proposes_to_join_the_columns() {
    let workspace = Workspace::new().file("a.csv", assessments(str::to_owned));
    workspace.frist(&["init", "."]).success();
    let project = workspace.read("frist.toml");
    assert!(project.contains("[\"Inkom datum\", \"Inkom tid\"]"), "{project}");
    assert!(project.contains("[\"Skyddsbedömning datum\", \"Skyddsbedömning tid\"]"), "{project}");
}

#[test]
fn cases_without_a_time_of_day_get_no_share_by_hours() {
    // Two lack a time: one of the start, one of the end.
    let text = assessments(str::to_owned).replace("K-1;2024-05-13;08:20", "K-1;2024-05-13;");
    let text = text.replace("2024-05-14;22:10", "2024-05-14;");
    let workspace = Workspace::new().file("a.csv", text).file("frist.toml", TWO_COLUMNS);
    let right = Figures { counted: 2, open: 0, excluded: 2, rejected: 0, late: 2, overdue: 0 };
    assert_eq!(said(&workspace, &[]), Ok(right));
    let results = workspace.json("reports/data/results.json");
    assert_eq!(results["inputs"][0]["excluded_by_reason"]["without_time"], 2);
    let outcome = workspace.frist(&["check", "."]).success();
    assert!(outcome.stdout.contains("without_times"), "{}", outcome.stdout);
    // By day the two are in time: the next day is the last.
    workspace.write("frist.toml", format!("without_times = \"by-day\"\n{TWO_COLUMNS}"));
    assert_eq!(said(&workspace, &[]), Ok(Figures::closed(4, 2)));
}

#[test]
fn dates_alone_give_no_share_by_hours_at_all() {
    let rows =
        "Ärendenr;Anmälan inkom;Skyddsbedömning gjord\n1;2024-05-13;2024-05-14\n2;2024-05-13;2024-05-15\n";
    let workspace = Workspace::new().file("a.csv", rows);
    match said(&workspace, &AS_OF) {
        Ok(figures) => {
            assert_eq!((figures.counted, figures.excluded, figures.late), (0, 2, 0));
            let results = workspace.json("reports/data/results.json");
            let periods = results["controls"][0]["periods"].as_array().expect("periods");
            assert!(periods.iter().all(|period| period["share"].is_null()), "{periods:?}");
        }
        Err(code) => assert_eq!(code, "nothing-usable"),
    }
    workspace.write("frist.toml", "as_of = 2024-08-31\nwithout_times = \"by-day\"\n");
    assert_eq!(said(&workspace, &[]), Ok(Figures::closed(2, 1)));
}

/// The hour that comes twice when summer time ends is counted, and listed as doubtful; its neighbours are sure.
#[test]
fn the_doubled_hour_is_a_doubtful_row() {
    let rows = "1;2024-10-27 01:59;2024-10-27 15:00\n2;2024-10-27 02:00;2024-10-27 15:00\n\
                3;2024-10-26 15:00;2024-10-27 02:59\n4;2024-10-27 03:00;2024-10-27 15:00\n\
                5;2024-10-27T02:30:00+01:00;2024-10-27 15:00\n6;2024-10-27;2024-10-28\n";
    let headings = "Ärendenr;Inkom datum och tid;Skyddsbedömning gjord\n";
    let workspace = Workspace::new().file("a.csv", format!("{headings}{rows}"));
    let results = workspace.results(&["--as-of", "2024-10-31", "--forms", "md"]);
    assert_eq!(
        results["controls"][0]["periods"].as_array().and_then(|all| all.last()).expect("a period")["cases"],
        5
    );
    let faults = workspace.read("reports/data/faults.csv");
    let doubled: Vec<&str> = faults.lines().filter(|line| line.contains("doubled-hour")).collect();
    assert_eq!(doubled.len(), 2, "{faults}");
    assert!(doubled[0].contains(",3,") && doubled[1].contains(",4,"), "{faults}");
    // Days do not ask for the hour.
    let days = "Ärendenr;Utredning inledd;Utredning avslutad\n1;2023-10-29 02:30;2024-02-29 02:30\n";
    let workspace = Workspace::new().file("a.csv", days);
    workspace.results(&["--as-of", "2024-10-31", "--forms", "md"]);
    assert!(!workspace.read("reports/data/faults.csv").contains("doubled-hour"));
}
