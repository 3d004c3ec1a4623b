//! `frist open`: open cases, soonest deadline first.

use std::path::PathBuf;

use clap::Args;

use super::session::Session;
use super::{Global, pseudonyms, terminal};
use crate::date::Day;
use crate::error::Error;
use crate::language::Language;
use crate::pipeline::{CaseList, CaseOutput, CaseRow};
use crate::project::{Asked, CsvStyle};
use crate::report::case_writer;
use crate::report::tables::Table;

/// Arguments of `frist open`.
#[derive(Args)]
pub struct OpenArguments {
    /// Project file, a folder that holds one, a folder of exports, or one export
    path: PathBuf,
    /// Only cases whose last day is at most so many days ahead; overdue cases are always listed
    #[arg(long, value_name = "DAYS")]
    within: Option<u16>,
    /// Show pseudonyms in place of case numbers, by the key in this file; a file that does not exist is made
    #[arg(long, alias = "pseudonymize", value_name = "KEYFILE")]
    pseudonymise: Option<PathBuf>,
}

/// Does it.
pub fn run(arguments: &OpenArguments, global: &Global, language: &mut Language) -> Result<(), Error> {
    let session = Session::open(&arguments.path, Asked::default(), global, language)?;
    let (as_of, within) = (session.run.as_of, arguments.within.map_or(i32::MAX, i32::from));
    let pseudonyms = pseudonyms::open(arguments.pseudonymise.as_deref(), None, session.texts)?;
    let write_case = case_writer(CsvStyle::Standard, pseudonyms.as_ref());
    let write_open = |row: &CaseRow<'_>, line: &mut Vec<u8>| {
        if row.verdict.cell.open() && row.verdict.due.0 - as_of.0 <= within {
            // In front of the line, what it is sorted by: cases stand in the same order with pseudonyms and without.
            let number = row.case_id.replace('"', "\"\"");
            line.extend_from_slice(format!("{},\"{number}\",", row.verdict.due.0).as_bytes());
            write_case(row, line);
        }
    };
    let mut lines = Vec::new();
    let output = CaseOutput::Memory(&mut lines);
    let shows_numbers = pseudonyms.is_none();
    let list = CaseList { render: &write_open, inspect: &|_| {}, shows_numbers, header: "", output };
    session.judge(Some(list))?;
    let texts = session.texts;
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(lines.as_slice());
    let mut rows: Vec<(Day, String, String, Vec<String>)> = Vec::new();
    for record in reader.records() {
        let record = record.expect("these are our own lines");
        let due = Day(record[0].parse().expect("the number of a day"));
        let name = session.run.rulebook.rule(&record[2]).map_or("", |rule| rule.name.text(texts.language()));
        let left = (due.0 - as_of.0).to_string().replace('-', "\u{2212}");
        let [number, shown, group, start, last] = [1, 3, 4, 5, 7].map(|column| record[column].to_owned());
        rows.push((due, name.to_owned(), number, vec![name.to_owned(), shown, group, start, last, left]));
    }
    if let (true, Some(days)) = (rows.is_empty(), arguments.within) {
        terminal::tell(&texts.fill("terminal.no-open", &[("days", &days.to_string())]));
    }
    rows.sort();
    let headings = ["control", "case", "group", "start", "due", "days-left"];
    let table = Table {
        id: "open".into(),
        caption: texts.get("table.open").into(),
        headings: headings.iter().map(|key| texts.get(&format!("table.{key}")).to_owned()).collect(),
        text_columns: 5,
        rows: rows.into_iter().map(|(.., row)| row).collect(),
        ..Table::default()
    };
    terminal::print_table(&table, session.printing)
}
