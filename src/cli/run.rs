//! `frist run`: judge all cases and write the report folder.

use std::path::PathBuf;

use clap::Args;

use super::cases::CaseGate;
use super::limits::Limits;
use super::options::{Global, Printed, Reading};
use super::pseudonyms;
use super::report::{Edition, ReportArguments, Writing};
use super::session::Session;
use crate::error::Error;
use crate::ingest::Input;
use crate::language::Language;
use crate::pipeline::{CaseList, CaseOutput};
use crate::project::{Asked, GroupedBy};
use crate::report::{case_writer, cases_header, places};
use crate::text::Texts;

/// Arguments of `frist run`.
#[derive(Args)]
pub struct RunArguments {
    /// Project file, a folder that holds one, a folder of exports, or one export
    #[arg(default_value = ".")]
    path: PathBuf,
    /// Group cases by the column with this heading in place of the unit
    #[arg(long, value_name = "HEADING")]
    group: Option<String>,
    /// Group them by a second column as well
    #[arg(long, value_name = "HEADING", requires = "group")]
    subgroup: Option<String>,
    /// Also write cases.csv: one row per case, with case numbers
    #[arg(long)]
    cases: bool,
    /// Write pseudonyms in place of case numbers, with the key in this file, which is created if it does not exist
    #[arg(long, alias = "pseudonymize", value_name = "KEYFILE", requires = "cases")]
    pseudonymise: Option<PathBuf>,
    #[command(flatten)]
    report: ReportArguments,
    #[command(flatten)]
    limits: Limits,
    #[command(flatten)]
    reading: Reading,
    #[command(flatten)]
    printed: Printed,
}

/// Name of the case list in the report folder.
fn cases_name() -> String {
    places::data("cases.csv")
}

/// Does it.
pub fn run(arguments: &RunArguments, global: &Global, language: &mut Language) -> Result<(), Error> {
    let group = arguments.group.clone();
    let asked = Asked {
        grouped_by: group.map(|group| GroupedBy { group, subgroup: arguments.subgroup.clone() }),
        ..arguments.report.asked(&arguments.printed)
    };
    let asked = arguments.reading.asked(global, asked);
    if arguments.cases && arguments.report.edition == Edition::Published {
        return Err(Error::Usage { reason: Texts::of(*language).get("usage.cases-published").to_owned() });
    }
    if !arguments.report.published_before.is_empty() && arguments.report.edition == Edition::Internal {
        return Err(Error::Usage { reason: Texts::of(*language).get("usage.published-before").to_owned() });
    }
    let asks_for_cases = arguments.cases || arguments.group.is_some();
    let open = if asks_for_cases { Input::open } else { Input::open_for_report };
    let mut session = Session::of(open(&arguments.path)?, asked, arguments.printed.format, language)?;
    session.run.read_plan()?;
    let session = session;
    let key = arguments.pseudonymise.as_deref();
    let pseudonyms = pseudonyms::open(key, Some(&arguments.report.out), session.texts)?;
    let mut writing = Writing::begin(&arguments.report, &session)?;
    let folder = &mut writing.folder;
    let judged = if arguments.cases {
        let name = cases_name();
        let mut file = folder.create(&name)?;
        let style = session.printing.csv;
        let case_gate = CaseGate::new(writing.gate.clone(), style.separator());
        let inspect = |lines: &[u8]| case_gate.inspect(lines);
        let (header, render) =
            (cases_header(style), case_writer(style, pseudonyms.as_ref(), &session.run.exports));
        let path = folder.target().join(&name);
        let (output, shows_numbers) = (CaseOutput::File(&mut file, &path), pseudonyms.is_none());
        let list = CaseList { render: &render, inspect: &inspect, shows_numbers, header: &header, output };
        let judged = session.judge(Some(list))?;
        folder.finish(&name, file, |name, written| case_gate.check(name, written))?;
        judged
    } else {
        session.judge(None)?
    };
    arguments.limits.check(&judged, &session.run.exports)?;
    writing.finish(&session, &judged)
}
