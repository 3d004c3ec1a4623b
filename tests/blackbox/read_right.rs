//! Exports that were once read wrong, each with its right answer or the refusal it must get.
//!
//! Each test covers one kind of export and variants of it. The inputs are invented, and the answers worked out by hand:
//! an investigation that starts on 10 January must end by 10 May.

mod cases_folder;
mod cells;
mod columns;
mod dates;
mod lists;
mod numbers;
mod rows;
mod times;
mod which_rows;
mod workbooks;

use crate::workspace::Workspace;

/// The control of most tests: four months.
const INVESTIGATION: &str = "child-investigation";
const HEADINGS: &str = "Ärendenr;Utredning inledd;Utredning avslutad;Enhet\n";
const AS_OF: [&str; 2] = ["--as-of", "2024-08-31"];

/// The figures of a run for all its exports together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Figures {
    counted: u64,
    open: u64,
    excluded: u64,
    rejected: u64,
    /// Counted cases that ended late.
    late: u64,
    /// Open cases that are past their due date.
    overdue: u64,
}

impl Figures {
    /// For exports in which every row is a closed case.
    fn closed(counted: u64, late: u64) -> Figures {
        Figures { counted, open: 0, excluded: 0, rejected: 0, late, overdue: 0 }
    }
}

/// The figures of a run of the folder, or the code of the error that refuses it.
fn said(workspace: &Workspace, arguments: &[&str]) -> Result<Figures, String> {
    let all = [&["run", ".", "--cases"], arguments].concat();
    let outcome = workspace.frist(&all);
    if outcome.code != 0 {
        return Err(code_in(&outcome.stderr));
    }
    let results = workspace.json("reports/data/results.json");
    let inputs = results["inputs"].as_array().expect("inputs");
    let sum = |what: &str| inputs.iter().map(|input| input[what].as_u64().expect("a count")).sum::<u64>();
    let outcomes = column(workspace, "outcome");
    let many = |wanted: &str| outcomes.iter().filter(|outcome| *outcome == wanted).count() as u64;
    Ok(Figures {
        counted: sum("counted"),
        open: sum("open"),
        excluded: sum("excluded"),
        rejected: sum("rejected"),
        late: many("breached"),
        overdue: many("open_overdue"),
    })
}

/// The code of an error, in parentheses before its sentence.
fn code_in(message: &str) -> String {
    let code = ["Fel (", "Error ("].iter().find_map(|begin| message.split_once(begin)?.1.split_once(')'));
    code.unwrap_or_else(|| panic!("no code is in: {message}")).0.to_owned()
}

/// A column of the case list, row by row. No cell of these tests holds a comma or a quote.
fn column(workspace: &Workspace, heading: &str) -> Vec<String> {
    let list = workspace.read("reports/data/cases.csv");
    let mut lines = list.lines();
    let headings = lines.next().expect("headings");
    let column = headings.split(',').position(|known| known == heading).expect("the column");
    lines.map(|line| line.split(',').nth(column).expect("a cell").to_owned()).collect()
}

/// Judged and late cases of a group.
fn of_group(workspace: &Workspace, group: &str) -> (usize, usize) {
    let (groups, outcomes) = (column(workspace, "group"), column(workspace, "outcome"));
    let outcomes = || groups.iter().zip(&outcomes).filter(|(known, _)| *known == group);
    (outcomes().count(), outcomes().filter(|(_, outcome)| *outcome == "breached").count())
}

/// The faults of a run: line, column and code, in the order of the list.
fn faults(workspace: &Workspace) -> Vec<[String; 3]> {
    let list = workspace.read("reports/data/faults.csv");
    let rows = list.lines().skip(1).map(|line| {
        let cells: Vec<&str> = line.split(',').collect();
        [cells[1], cells[2], cells[3]].map(str::to_owned)
    });
    rows.collect()
}

/// A project with one source of investigations, with the as-of date of these tests.
fn project_of(files: &str, source: &str) -> String {
    format!(
        "as_of = 2024-08-31\n[[source]]\ncontrol = \"{INVESTIGATION}\"\nfiles = [\"{files}\"]\n{source}\n"
    )
}

/// The same, of every CSV file.
fn project(source: &str) -> String {
    project_of("*.csv", source)
}

/// Asserts that exports are read right, or refused with one of these codes.
fn right_or_refused(said: &Result<Figures, String>, right: Figures, codes: &[&str]) {
    match said {
        Ok(figures) => assert_eq!(*figures, right),
        Err(code) => assert!(codes.contains(&code.as_str()), "{code}"),
    }
}
