//! `frist cases`: every case with its due dates and outcomes.

use std::path::PathBuf;

use clap::Args;

use super::session::Session;
use super::{Global, terminal};
use crate::error::Error;
use crate::language::Language;
use crate::output::StagedFile;
use crate::pipeline::{CaseList, CaseOutput};
use crate::report::{CASES_HEADER, write_case};

/// Arguments of `frist cases`.
#[derive(Args)]
pub struct CasesArguments {
    /// Project file, a folder that holds one, a folder of exports, or one export
    path: PathBuf,
    /// File to write
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

/// Does it.
pub fn run(arguments: &CasesArguments, global: &Global, language: &mut Language) -> Result<(), Error> {
    let session = Session::open(&arguments.path, None, global, language)?;
    session.refuse_inputs(&arguments.out)?;
    let mut staged = StagedFile::begin(&arguments.out)?;
    let list =
        CaseList { render: &write_case, header: CASES_HEADER, output: CaseOutput::File(&mut staged.file) };
    let judged = session.judge(Some(list))?;
    staged.publish()?;
    let cases: u64 = judged.inputs.iter().map(|entry| entry.ledger.counted + entry.ledger.open).sum();
    let values =
        [("count", session.texts.count(cases)), ("path", arguments.out.to_string_lossy().into_owned())];
    let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    terminal::tell(&session.texts.fill("terminal.cases-written", &values));
    Ok(())
}
