//! `frist cases`: every case with its due dates and outcomes.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use clap::Args;

use super::options::{Csv, Format, Global, Reading};
use super::session::Session;
use super::{pseudonyms, terminal};
use crate::error::Error;
use crate::gate::Gate;
use crate::language::Language;
use crate::output::StagedFile;
use crate::pipeline::{CaseList, CaseOutput, CaseRow, Judged};
use crate::project::Asked;
use crate::pseudonyms::Pseudonyms;
use crate::report::{MOST_CASES, case_writer, cases_header, write_case_list, write_plain_case};
use crate::text::{Texts, fill};

/// Arguments of `frist cases`.
#[derive(Args)]
pub struct CasesArguments {
    /// Project file, a folder that holds one, a folder of exports, or one export
    #[arg(default_value = ".")]
    path: PathBuf,
    /// File to write: CSV, or a workbook if its name ends in .xlsx
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Write pseudonyms in place of case numbers, with the key in this file, which is created if it does not exist
    #[arg(long, alias = "pseudonymize", value_name = "KEYFILE")]
    pseudonymise: Option<PathBuf>,
    #[command(flatten)]
    reading: Reading,
    #[command(flatten)]
    style: Csv,
}

/// Runs the command.
pub fn run(arguments: &CasesArguments, global: &Global, language: &mut Language) -> Result<(), Error> {
    let asked = Asked { csv: arguments.style.csv, ..Asked::default() };
    let asked = arguments.reading.asked(global, asked);
    let session = Session::open(&arguments.path, asked, Format::Text, language)?;
    session.refuse_to_lose(&arguments.out)?;
    let pseudonyms =
        pseudonyms::open(arguments.pseudonymise.as_deref(), Some(&arguments.out), session.texts)?;
    let mut staged = StagedFile::begin(&arguments.out)?;
    let judged = match is_workbook(&arguments.out) {
        true => write_workbook(&session, pseudonyms.as_ref(), &mut staged)?,
        false => write_csv(&session, pseudonyms.as_ref(), &mut staged, &|_| true)?,
    };
    staged.publish()?;
    let cases: u64 = judged.inputs.iter().map(|entry| entry.ledger.counted + entry.ledger.open).sum();
    terminal::tell(&fill!(
        session.texts,
        "terminal.cases-written",
        count = session.texts.count(cases),
        path = arguments.out.display()
    ));
    Ok(())
}

/// Whether a list is written as a workbook, by the name of its file.
pub fn is_workbook(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("xlsx"))
}

/// Refuses more cases than a sheet has room for.
pub fn refuse_too_many(found: u64, texts: &Texts) -> Result<(), Error> {
    if found <= MOST_CASES {
        return Ok(());
    }
    let [found, most] = [found, MOST_CASES].map(|count| texts.count(count));
    Err(Error::Usage { reason: fill!(texts, "usage.too-many-cases", found, most) })
}

/// The gate of a case list: looks at its lines as they are made, on every core.
pub struct CaseGate {
    gate: Gate,
    separator: u8,
    stops: AtomicBool,
}

impl CaseGate {
    /// For a list with this separator.
    pub fn new(gate: Gate, separator: u8) -> CaseGate {
        CaseGate { gate, separator, stops: AtomicBool::new(false) }
    }

    /// Looks at whole lines.
    pub fn inspect(&self, lines: &[u8]) {
        if self.gate.stops_cases(self.separator, lines) {
            self.stops.store(true, Ordering::Relaxed);
        }
    }

    /// Lets the list pass, or finds in what was written the place at which it stops.
    ///
    /// # Errors
    /// [`Error::PersonalNumberInOutput`].
    pub fn check(&self, name: &str, written: impl Read) -> Result<(), Error> {
        let lines = written.take(if self.stops.load(Ordering::Relaxed) { u64::MAX } else { 0 });
        self.gate.check_case_list(name, self.separator, lines)
    }
}

/// Judges, and writes the cases that are wanted as CSV.
pub fn write_csv(
    session: &Session,
    pseudonyms: Option<&Pseudonyms>,
    staged: &mut StagedFile,
    is_wanted: &(dyn Fn(&CaseRow<'_>) -> bool + Sync),
) -> Result<Judged, Error> {
    let style = session.printing.csv;
    let (header, write_case) = (cases_header(style), case_writer(style, pseudonyms, &session.run.exports));
    let render = |row: &CaseRow<'_>, line: &mut Vec<u8>| {
        if is_wanted(row) {
            write_case(row, line);
        }
    };
    let (file, path) = staged.parts();
    let output = CaseOutput::File(file, path);
    let shows_numbers = pseudonyms.is_none();
    let gate = CaseGate::new(session.gate(), style.separator());
    let inspect = |lines: &[u8]| gate.inspect(lines);
    let list = CaseList { render: &render, inspect: &inspect, shows_numbers, header: &header, output };
    let judged = session.judge(Some(list))?;
    staged.check(|name, written| gate.check(name, written))?;
    Ok(judged)
}

fn write_workbook(
    session: &Session,
    pseudonyms: Option<&Pseudonyms>,
    staged: &mut StagedFile,
) -> Result<Judged, Error> {
    let (cases, exports) = (AtomicU64::new(0), &session.run.exports);
    let render = |row: &CaseRow<'_>, line: &mut Vec<u8>| {
        // More than a sheet has room for are only counted.
        if cases.fetch_add(1, Ordering::Relaxed) < MOST_CASES {
            write_plain_case(row, pseudonyms, exports, line);
        }
    };
    let mut lines = Vec::new();
    let judged = session.judge(Some(CaseList {
        render: &render,
        // They are looked at as a whole, before they become a workbook.
        inspect: &|_| {},
        shows_numbers: pseudonyms.is_none(),
        header: "",
        output: CaseOutput::Memory(&mut lines),
    }))?;
    refuse_too_many(cases.into_inner(), session.texts)?;
    // The workbook would be read again whole, however large it is.
    staged.check_bytes(|name| session.gate().check_case_list(name, b',', lines.as_slice()))?;
    let scratch = staged.scratch();
    staged.write(|file| write_case_list(&lines, session.run.as_of, &scratch, file, session.texts))?;
    Ok(judged)
}
