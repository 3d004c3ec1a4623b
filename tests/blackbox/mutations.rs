//! Mutations: good exports damaged in every way we know of. Each must produce exactly the expected code, line and
//! column, and a ledger that adds up.
//!
//! The expected result follows from the damage alone, not from the program's output. `FRIST_MUTATIONS` sets how many
//! exports are damaged. The kinds of damage are in the modules, by subject.

mod case_rows;
mod dates;
mod export;
mod files;
mod rows;
mod texts;

use std::fs;

use frist::date::Day;
use frist::pipeline::CaseRow;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::judged::judge_folder;
use export::{Export, Fate, Line};

const AS_OF: &str = "2024-08-31";
/// Exports damaged in each way without `FRIST_MUTATIONS`.
const USUAL: u64 = 8;
/// The group of a case whose rows name several.
const MIXED: &str = "<mixed>";
/// Begins a cell of a workbook that holds a date, as a number of days.
const TYPED: char = '\u{E001}';

const ID: &str = "Ärendenr";
const START: &str = "Utredning inledd";
const END: &str = "Utredning avslutad";
const UNIT: &str = "Enhet";
const NOTE: &str = "Notering";
const PERSON: &str = "Personnummer";
const EXTENDED: &str = "Förlängd till";
const DECIDED: &str = "Beslut om förlängning";
const HEADINGS: [&str; 8] = [ID, START, END, UNIT, NOTE, PERSON, EXTENDED, DECIDED];

/// A kind of damage.
type Damage = fn(&mut Export, &mut ChaCha8Rng);

fn any(export: &Export, rng: &mut ChaCha8Rng) -> usize {
    export.some_case(rng, |_| true)
}

fn closed(export: &Export, rng: &mut ChaCha8Rng) -> usize {
    export.some_case(rng, |line| line.fate == Fate::Counted)
}

fn one_of(rng: &mut ChaCha8Rng, texts: &[&'static str]) -> &'static str {
    texts.choose(rng).expect("one")
}

/// The days between 1899-12-30 and the day.
fn serial(day: Day) -> i32 {
    day.0 + 25_569
}

/// A day written by its parts: year, month, number.
fn by_parts(day: Day, write: impl Fn(i32, u32, u32) -> String) -> String {
    let (year, month, number) = day.civil();
    write(year, month, number)
}

/// Every kind of damage.
fn damages() -> Vec<(&'static str, Damage)> {
    [rows::DAMAGES, files::DAMAGES, dates::DAMAGES, case_rows::DAMAGES, texts::DAMAGES].concat()
}

/// File, line, code and column of a fault.
type Finding = (usize, u64, String, Option<String>);

/// The ledger, the faults and the cases, or the code of the error.
type Said = Result<([u64; 4], Vec<Finding>, Vec<[String; 4]>), String>;

/// The program's output.
fn said(export: &Export, threads: usize) -> Said {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, bytes: &[u8]| fs::write(folder.path().join(name), bytes).expect("a file");
    export.files().iter().for_each(|(name, bytes)| write(name, bytes));
    if let Some(project) = export.project() {
        write("frist.toml", project.as_bytes());
        write("rulebook.toml", export.rulebook.as_bytes());
    }
    let as_of = Day::parse_iso(AS_OF).expect("a day");
    let render = |row: &CaseRow<'_>, line: &mut Vec<u8>| {
        let end = row.case.end.filter(|end| *end <= as_of).map_or(String::new(), |end| end.to_string());
        let start = row.case.start.to_string();
        line.extend([row.case_id, &row.group.to_string(), &start, &end].join("\u{1f}").bytes());
        line.push(b'\n');
    };
    let outcome = judge_folder(folder.path(), export.control, as_of, threads, &render)?;
    let faults = outcome.judged.faults.iter().map(|fault| {
        let of = &outcome.exports[fault.place.export];
        let heading = fault.column.map(|column| of.headings[column].clone());
        (fault.place.export, fault.place.line, fault.code.id().to_owned(), heading)
    });
    let mut faults: Vec<Finding> = faults.collect();
    faults.sort();
    let split = |line: &str| {
        let cells: Vec<String> = line.split('\u{1f}').map(str::to_owned).collect();
        <[String; 4]>::try_from(cells).expect("four cells")
    };
    let mut cases: Vec<[String; 4]> = outcome.lines.lines().map(split).collect();
    cases.sort();
    let ledger = outcome.ledger;
    Ok(([ledger.counted, ledger.open, ledger.excluded(), ledger.rejected], faults, cases))
}

/// The expected output for an export and those beside it.
fn wanted(export: &Export) -> Said {
    if let Some(error) = export.error {
        return Err(error.to_owned());
    }
    let (mut ledger, mut faults, mut cases) = ([0; 4], Vec::new(), Vec::new());
    for (file, export) in std::iter::once(export).chain(&export.beside).enumerate() {
        let numbers = match export.workbook {
            Some(_) => (1..=export.lines.len() as u64).collect(),
            None => export.text().1,
        };
        ledger.iter_mut().zip(export.ledger()).for_each(|(sum, rows)| *sum += rows);
        faults.extend(export.faults.iter().map(|(line, code, heading)| {
            (file, numbers[*line], (*code).to_owned(), heading.map(str::to_owned))
        }));
        cases.extend(export.cases());
    }
    faults.sort();
    cases.sort();
    Ok((ledger, faults, cases))
}

/// The difference between expected and actual output for one damaged export.
fn check(seed: u64) -> Option<String> {
    let all = damages();
    let (name, damage) = all[seed as usize % all.len()];
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut export = Export::good(&mut rng);
    damage(&mut export, &mut rng);
    let (said, wanted) = (said(&export, 1 + seed as usize % 3), wanted(&export));
    let context = || format!("seed {seed}, {name}, {}, {:?}", export.encoding, export.separator);
    let text = || export.project().unwrap_or_default() + &export.text().0;
    (said != wanted).then(|| format!("{}\n  said   {said:?}\n  wanted {wanted:?}\n{}", context(), text()))
}

#[test]
fn every_damage_is_named_and_placed_and_no_row_is_lost() {
    let many = std::env::var("FRIST_MUTATIONS").ok().map(|text| text.parse().expect("a number"));
    let kinds = damages().len() as u64;
    let all = many.unwrap_or(USUAL * kinds);
    assert!(kinds >= 90 && all >= kinds);
    let part = |part: u64| (part..all).step_by(2).filter_map(check).collect::<Vec<String>>();
    let wrong = std::thread::scope(|scope| {
        let other = scope.spawn(|| part(1));
        let mut wrong = part(0);
        wrong.extend(other.join().expect("checking does not panic"));
        wrong
    });
    assert!(
        wrong.is_empty(),
        "{} of {all} are wrong; all: {:#?}\nthe first:\n{}",
        wrong.len(),
        wrong.iter().filter_map(|text| text.lines().next()).collect::<Vec<&str>>(),
        wrong[..wrong.len().min(4)].join("\n")
    );
}
