//! `frist run`: judge all cases and write the report folder.

use std::path::{Path, PathBuf};

use clap::Args;

use super::cases::CaseGate;
use super::command_line::CommandLine;
use super::limits::Limits;
use super::options::{Global, Printed, Reading};
use super::pseudonyms;
use super::report::{Place, Remade, ReportArguments, Writing};
use super::session::Session;
use crate::error::Error;
use crate::ingest::{Input, files};
use crate::language::Language;
use crate::pipeline::{CaseList, CaseOutput, Judged};
use crate::project::{Asked, Edition, GroupedBy};
use crate::report::{case_writer, cases_header, places};

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

impl RunArguments {
    /// The same with paths that a manifest recorded, below the folder that holds the inputs. The report is the one that
    /// it is compared with; pseudonyms take their key from `key`.
    pub fn inside(self, folder: &Path, report: &Path, key: Option<&Path>) -> RunArguments {
        RunArguments {
            path: folder.join(self.path),
            pseudonymise: self.pseudonymise.and(key).map(Path::to_owned),
            report: self.report.inside(folder, report),
            reading: self.reading.inside(folder),
            ..self
        }
    }

    /// The columns that cases are grouped by, in place of the project's.
    pub fn grouped_by(&self) -> Option<GroupedBy> {
        let group = self.group.clone()?;
        Some(GroupedBy { group, subgroup: self.subgroup.clone() })
    }

    /// Whether case numbers are replaced.
    pub fn has_pseudonyms(&self) -> bool {
        self.pseudonymise.is_some()
    }

    /// What is read, as the manifest records it: nothing for the folder of the inputs.
    fn recorded(&self, input: &Input) -> Result<Vec<String>, Error> {
        let is_file = files::at(&self.path)? == Some(files::Kind::File);
        let named = input.project_file.as_ref().or_else(|| is_file.then_some(&self.path));
        Ok(named.map(|path| input.recorded(path)).transpose()?.into_iter().collect())
    }
}

/// Runs the command.
pub fn run(
    arguments: &RunArguments,
    global: &Global,
    line: &CommandLine,
    language: &mut Language,
) -> Result<(), Error> {
    let session = open(arguments, global, language)?;
    let command = line.recorded(arguments.recorded(&session.run.input)?, &session.run.input)?;
    let (writing, judged) = judged(arguments, Place::Out, command, &session)?;
    arguments.limits.check(&judged, &session.run.exports)?;
    writing.finish(&session, &judged)
}

/// Makes the report again that a command made. Nothing of it stays.
pub fn remake(
    arguments: &RunArguments,
    global: &Global,
    command: &[String],
    language: &mut Language,
) -> Result<Remade, Error> {
    let session = open(arguments, global, language)?;
    let (writing, judged) = judged(arguments, Place::Beside, command.to_vec(), &session)?;
    writing.remade(&session, &judged)
}

fn open(arguments: &RunArguments, global: &Global, language: &mut Language) -> Result<Session, Error> {
    let asked = Asked { grouped_by: arguments.grouped_by(), ..arguments.report.asked(&arguments.printed) };
    let asked = arguments.reading.asked(global, asked);
    let asks_for_cases = arguments.cases || arguments.group.is_some();
    let open = if asks_for_cases { Input::open } else { Input::open_for_report };
    let input = open(&arguments.path)?;
    let mut session = Session::open_for_report(input, asked, arguments.printed.format, language)?;
    let refused = match session.run.settings().edition {
        Edition::Published => arguments.cases.then_some("usage.cases-published"),
        Edition::Internal => {
            (!arguments.report.published_before.is_empty()).then_some("usage.published-before")
        }
    };
    if let Some(key) = refused {
        return Err(Error::Usage { reason: session.texts.get(key).to_owned() });
    }
    session.run.read_plan()?;
    Ok(session)
}

/// Judges every case and writes the list of them, if it is wanted.
fn judged<'a>(
    arguments: &'a RunArguments,
    place: Place,
    command: Vec<String>,
    session: &Session,
) -> Result<(Writing<'a>, Judged), Error> {
    let key = arguments.pseudonymise.as_deref();
    let pseudonyms = pseudonyms::open(key, Some(&arguments.report.out), session.texts)?;
    let mut writing = Writing::begin(&arguments.report, place, command, session)?;
    if !arguments.cases {
        return Ok((writing, session.judge(None)?));
    }
    let (folder, name, style) = (&mut writing.folder, cases_name(), session.printing.csv);
    let mut file = folder.create(&name)?;
    let case_gate = CaseGate::new(writing.gate.clone(), style.separator());
    let inspect = |lines: &[u8]| case_gate.inspect(lines);
    let (header, render) =
        (cases_header(style), case_writer(style, pseudonyms.as_ref(), &session.run.exports));
    let path = folder.target().join(&name);
    let (output, shows_numbers) = (CaseOutput::File(&mut file, &path), pseudonyms.is_none());
    let list = CaseList { render: &render, inspect: &inspect, shows_numbers, header: &header, output };
    let judged = session.judge(Some(list))?;
    folder.finish(&name, file, |name, written| case_gate.check(name, written))?;
    Ok((writing, judged))
}
