//! `frist open`: open cases, earliest deadline first.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use clap::Args;

use super::cases::{is_workbook, refuse_too_many};
use super::options::{Global, Printed, Reading, whole};
use super::session::Session;
use super::{pseudonyms, terminal};
use crate::date::Day;
use crate::error::Error;
use crate::language::Language;
use crate::output::StagedFile;
use crate::pipeline::{CaseList, CaseOutput, CaseRow};
use crate::pseudonyms::Pseudonyms;
use crate::report::{ListPage, file_names, write_list};
use crate::table::{self, Cell, Table};
use crate::text::{NO_VALUE, Texts, fill};

/// Arguments of `frist open`.
#[derive(Args)]
pub struct OpenArguments {
    /// Project file, a folder that holds one, a folder of exports, or one export
    #[arg(default_value = ".")]
    path: PathBuf,
    /// Only cases whose last day is at most this many days ahead; overdue cases are always listed
    #[arg(long, value_name = "DAYS", value_parser = whole::<u16>(0..=u64::from(u16::MAX)))]
    within: Option<u16>,
    /// Only cases of this group, named as the report names it; may be given several times
    #[arg(long, value_name = "NAME")]
    group: Vec<String>,
    /// Only this control; may be given several times
    #[arg(long, value_name = "ID")]
    control: Vec<String>,
    /// Only cases that can still be in time
    #[arg(long)]
    no_overdue: bool,
    /// Write the list to this file in place of showing it: a workbook if its name ends in .xlsx, a page if it ends in .html,
    /// else CSV
    #[arg(long, value_name = "FILE", conflicts_with = "format")]
    out: Option<PathBuf>,
    /// Write a file for each unit, its name added to that of --out
    #[arg(long, requires = "out")]
    per_unit: bool,
    /// Show pseudonyms in place of case numbers, with the key in this file, which is created if it does not exist
    #[arg(long, alias = "pseudonymize", value_name = "KEYFILE")]
    pseudonymise: Option<PathBuf>,
    #[command(flatten)]
    reading: Reading,
    #[command(flatten)]
    printed: Printed,
}

/// An open case.
#[derive(Clone)]
struct OpenCase {
    /// What it stands in order by, with a pseudonym or without: due date, control and case number.
    order: (Day, String, String),
    unit: String,
    cells: Vec<Cell>,
}

/// Runs the command.
pub fn run(arguments: &OpenArguments, global: &Global, language: &mut Language) -> Result<(), Error> {
    let asked = arguments.reading.asked(global, arguments.printed.asked());
    let session = Session::open(&arguments.path, asked, arguments.printed.format, language)?;
    let texts = session.texts;
    let out = arguments.out.as_deref();
    if !arguments.per_unit {
        out.map_or(Ok(()), |path| session.refuse_to_lose(path))?;
    }
    let pseudonyms = pseudonyms::open(arguments.pseudonymise.as_deref(), out, texts)?;
    let wanted = arguments.wanted(&session)?;
    let (mut cases, units) = open_cases(&session, &wanted, pseudonyms.as_ref())?;
    if cases.is_empty() {
        let days = arguments.within.map(|days| fill!(texts, "terminal.no-open", days = days.to_string()));
        terminal::tell(&days.unwrap_or_else(|| texts.get("terminal.no-open-at-all").to_owned()));
    }
    cases.sort_by(|one, other| one.order.cmp(&other.order));
    match out {
        Some(path) if arguments.per_unit => write_units(&cases, &units, path, &session),
        Some(path) => write(&table_of(&cases, texts), path, &session),
        None => terminal::print_tables(&[table_of(&cases, texts)], session.printing),
    }
}

fn table_of<'c>(cases: impl IntoIterator<Item = &'c OpenCase>, texts: &Texts) -> Table {
    let keys = ["control", "case", "group", "start", "due", "days-left"];
    let mut table = Table::new("open", texts.get("table.open")).text_columns(5).columns(&keys, texts);
    cases.into_iter().for_each(|case| table.push(case.cells.clone()));
    table
}

/// Writes one list to a file.
fn write(table: &Table, path: &Path, session: &Session) -> Result<(), Error> {
    staged(table, path, None, session)?.publish()?;
    let count = session.texts.count(table.rows.len() as u64);
    terminal::tell(&fill!(session.texts, "terminal.cases-written", count, path = path.display()));
    Ok(())
}

/// Writes a list for each unit, also for those without a case: an earlier list of theirs would be out of date. All are
/// made and checked before the first of them stands.
fn write_units(
    cases: &[OpenCase],
    units: &BTreeSet<String>,
    path: &Path,
    session: &Session,
) -> Result<(), Error> {
    let texts = session.texts;
    let files = file_names(units.iter().map(String::as_str));
    let mut made = Vec::new();
    for (unit, name) in &files {
        let own = beside(path, name);
        session.refuse_to_lose(&own)?;
        let table = table_of(cases.iter().filter(|case| case.unit == *unit), texts);
        let shown = if unit.is_empty() { texts.get("report.no-group") } else { unit };
        made.push(staged(&table, &own, Some(shown), session)?);
    }
    let (lists, count) = (texts.count(made.len() as u64), texts.count(cases.len() as u64));
    made.into_iter().try_for_each(StagedFile::publish)?;
    let path = beside(path, "*");
    terminal::tell(&fill!(texts, "terminal.lists-written", lists, count, path = path.display()));
    Ok(())
}

/// The path of a file with more at the end of its name: `lista-unit-norr.html`.
fn beside(path: &Path, more: &str) -> PathBuf {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let ending = path.extension().map_or(String::new(), |it| format!(".{}", it.to_string_lossy()));
    path.with_file_name(format!("{stem}-{more}{ending}"))
}

/// A list in the form that the file's name asks for, once no personal number stands in it outside the case numbers.
fn staged(table: &Table, path: &Path, unit: Option<&str>, session: &Session) -> Result<StagedFile, Error> {
    let (style, texts, gate) = (session.printing.csv, session.texts, session.gate());
    let mut staged = StagedFile::begin(path)?;
    if !is_workbook(path) && !is_page(path) {
        let list = table::csv(std::slice::from_ref(table), style);
        staged.check_bytes(|name| gate.check_case_list(name, style.separator(), list.as_slice()))?;
        staged.write(|file| file.write_all(style.mark().as_bytes()).and_then(|()| file.write_all(&list)))?;
        return Ok(staged);
    }
    let shown = shown_lines(table, texts);
    staged.check_bytes(|name| gate.check_case_list(name, b',', shown.as_slice()))?;
    if is_workbook(path) {
        refuse_too_many(table.rows.len() as u64, texts)?;
        staged.write(|file| write_list(table, session.run.as_of, file, texts))?;
    } else {
        let organisation = session.run.settings().organisation.as_deref();
        let around = [organisation, unit].into_iter().flatten();
        around.into_iter().try_for_each(|text| staged.check_bytes(|name| gate.check_text(name, text)))?;
        let language = texts.language();
        let rulebook = &session.run.rulebook.version;
        let page = ListPage { unit, organisation, as_of: session.run.as_of, rulebook, language }.of(table)?;
        staged.write(|file| file.write_all(&page))?;
    }
    Ok(staged)
}

/// Whether a list is written as a page, by the name of its file.
fn is_page(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ["html", "htm"].iter().any(|it| ending.eq_ignore_ascii_case(it)))
}

/// The rows as people see them.
fn shown_lines(table: &Table, texts: &Texts) -> Vec<u8> {
    let in_memory = "writing into memory does not fail";
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in &table.rows {
        writer.write_record(table.cells(row).map(|cell| cell.shown(texts))).expect(in_memory);
    }
    writer.into_inner().expect(in_memory)
}

/// Which open cases are wanted.
struct Wanted<'a> {
    groups: &'a [String],
    controls: &'a [String],
    /// Most days to the last day.
    within: i32,
    no_overdue: bool,
}

impl OpenArguments {
    /// Which cases are asked for.
    fn wanted(&self, session: &Session) -> Result<Wanted<'_>, Error> {
        for id in &self.control {
            session.refuse_unknown(id)?;
        }
        let within = self.within.map_or(i32::MAX, i32::from);
        Ok(Wanted { groups: &self.group, controls: &self.control, within, no_overdue: self.no_overdue })
    }
}

impl Wanted<'_> {
    fn has(&self, row: &CaseRow<'_>, as_of: Day) -> bool {
        let is_of = |named: &[String], name: &str| named.is_empty() || named.iter().any(|it| it == name);
        let is_of_group =
            is_of(self.groups, &row.group.group) || self.groups.contains(&row.group.to_string());
        row.verdict.cell.open()
            && row.verdict.due.0 - as_of.0 <= self.within
            && !(self.no_overdue && row.verdict.overdue_from.is_some())
            && is_of_group
            && is_of(self.controls, &row.rule.id)
    }
}

/// The open cases that are wanted, in the order of the exports, and the units that are wanted or have one.
fn open_cases(
    session: &Session,
    wanted: &Wanted<'_>,
    pseudonyms: Option<&Pseudonyms>,
) -> Result<(Vec<OpenCase>, BTreeSet<String>), Error> {
    let as_of = session.run.as_of;
    // A line of the list is the place of a case in here: cases come in any order, and again when reading begins anew.
    let found: Mutex<Vec<OpenCase>> = Mutex::default();
    let render = |row: &CaseRow<'_>, line: &mut Vec<u8>| {
        if wanted.has(row, as_of) {
            let mut found = found.lock().expect("adding a case does not panic");
            line.extend(found.len().to_ne_bytes());
            found.push(open_case(row, as_of, pseudonyms, session.texts));
        }
    };
    let mut places = Vec::new();
    let output = CaseOutput::Memory(&mut places);
    let shows_numbers = pseudonyms.is_none();
    let list = CaseList { render: &render, inspect: &|_| {}, shows_numbers, header: "", output };
    let judged = session.judge(Some(list))?;
    let groups = || judged.tallies.values().flat_map(|tally| tally.groups.keys());
    let is_unknown = |name: &&String| !groups().any(|it| it.group == **name || it.to_string() == **name);
    if let Some(name) = wanted.groups.iter().find(is_unknown) {
        let known: BTreeSet<&str> =
            groups().map(|it| it.group.as_str()).filter(|it| !it.is_empty()).collect();
        let known = if known.is_empty() { BTreeSet::from([NO_VALUE]) } else { known };
        let known = session.texts.first_of(&known.into_iter().collect::<Vec<_>>());
        return Err(Error::Usage { reason: fill!(session.texts, "usage.unknown-group", name, known) });
    }
    let found = found.into_inner().expect("adding a case does not panic");
    let place = |bytes: &[u8]| usize::from_ne_bytes(bytes.try_into().expect("as many bytes as were written"));
    let cases = places.chunks_exact(size_of::<usize>()).map(|bytes| found[place(bytes)].clone());
    let cases: Vec<OpenCase> = cases.collect();
    let asked =
        groups().map(|it| &it.group).filter(|it| wanted.groups.is_empty() || wanted.groups.contains(it));
    let units = asked.chain(cases.iter().map(|case| &case.unit)).cloned().collect();
    Ok((cases, units))
}

fn open_case(row: &CaseRow<'_>, as_of: Day, pseudonyms: Option<&Pseudonyms>, texts: &Texts) -> OpenCase {
    let verdict = row.verdict;
    let name = row.rule.name.text(texts.language());
    let in_hours = verdict.due_at.is_some() || verdict.due_reference_at.is_some();
    let start_at = row.case.start_at.filter(|_| in_hours);
    let cells = vec![
        Cell::word(&row.rule.id, name),
        Cell::Text(pseudonyms.map_or_else(|| row.case_id.to_owned(), |names| names.of(row.case_id))),
        Cell::Text(row.group.to_string()),
        start_at.map_or(Cell::Day(row.case.start), Cell::Moment),
        verdict.due_at.map_or(Cell::Day(verdict.due), Cell::Moment),
        Cell::Whole(verdict.due.0 - as_of.0),
    ];
    OpenCase {
        order: (verdict.due, name.to_owned(), row.case_id.to_owned()),
        unit: row.group.group.clone(),
        cells,
    }
}
