//! `frist add`: tallies of several organisations become one report.

use std::path::{Path, PathBuf};

use clap::Args;

use super::command_line::CommandLine;
use super::options::{Global, OwnRules, Printed, Threads};
use super::report::{Place, Remade, ReportArguments, Writing};
use super::session::{Session, Sum};
use crate::error::Error;
use crate::ingest::Input;
use crate::language::Language;
use crate::pipeline::Judged;
use crate::project::{Asked, Edition};

/// Arguments of `frist add`.
#[derive(Args)]
pub struct AddArguments {
    /// Folders that frist tally, frist add or frist run wrote, or that hold the result of frist sql
    #[arg(required = true, value_name = "TALLY")]
    tallies: Vec<PathBuf>,
    /// Project file with the name, periods, targets and look of the sum's report
    #[arg(long, value_name = "FILE")]
    project: Option<PathBuf>,
    /// Numbers in place of the organisations' names; such a sum cannot be added to
    #[arg(long)]
    anonymous: bool,
    /// The folder that the manifest records paths from, if it is another than where the program runs.
    #[arg(skip)]
    recorded_from: PathBuf,
    #[command(flatten)]
    report: ReportArguments,
    #[command(flatten)]
    own: OwnRules,
    #[command(flatten)]
    threads: Threads,
    #[command(flatten)]
    printed: Printed,
}

impl AddArguments {
    /// As `RunArguments::inside`.
    pub fn inside(self, folder: &Path, report: &Path) -> AddArguments {
        AddArguments {
            tallies: self.tallies.iter().map(|path| folder.join(path)).collect(),
            project: self.project.map(|path| folder.join(path)),
            recorded_from: folder.to_owned(),
            report: self.report.inside(folder, report),
            own: self.own.inside(folder),
            ..self
        }
    }

    /// The tallies, as the manifest records them: of an anonymous sum none, since their names are organisations'.
    fn recorded(&self, input: &Input) -> Result<Vec<String>, Error> {
        let named = self.tallies.iter().filter(|_| !self.anonymous);
        named.map(|path| input.recorded_argument(path)).collect()
    }
}

/// Runs the command.
pub fn run(
    arguments: &AddArguments,
    global: &Global,
    line: &CommandLine,
    language: &mut Language,
) -> Result<(), Error> {
    let (session, judged) = added(arguments, global, language)?;
    let command = line.recorded(arguments.recorded(&session.run.input)?, &session.run.input)?;
    Writing::begin(&arguments.report, Place::Out, command, &session)?.finish(&session, &judged)
}

/// Makes the report again that a command made. Nothing of it stays.
pub fn remake(
    arguments: &AddArguments,
    global: &Global,
    command: &[String],
    language: &mut Language,
) -> Result<Remade, Error> {
    let (session, judged) = added(arguments, global, language)?;
    let writing = Writing::begin(&arguments.report, Place::Beside, command.to_vec(), &session)?;
    writing.remade(&session, &judged)
}

fn added(
    arguments: &AddArguments,
    global: &Global,
    language: &mut Language,
) -> Result<(Session, Judged), Error> {
    let AddArguments { tallies, project, anonymous, recorded_from, report, own, threads, printed } =
        arguments;
    let asked = Asked {
        language: global.lang,
        rulebook: own.rulebook.clone(),
        threads: threads.threads,
        ..report.asked(printed)
    };
    let sum = Sum { tallies, project: project.as_deref(), anonymous: *anonymous, recorded_from };
    let (session, judged) = Session::adding(&sum, asked, printed.format, language)?;
    if session.run.is_coarse() && session.run.settings().edition == Edition::Internal {
        return Err(Error::Usage { reason: session.texts.get("usage.coarse-internal").to_owned() });
    }
    Ok((session, judged))
}
