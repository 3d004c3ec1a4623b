//! `frist add`: tallies of several organisations become one report.

use std::path::PathBuf;

use clap::Args;

use super::options::{Global, OwnRules, Printed, Threads};
use super::report::{Edition, ReportArguments, Writing};
use super::session::Session;
use crate::error::Error;
use crate::language::Language;
use crate::project::Asked;

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
    #[command(flatten)]
    report: ReportArguments,
    #[command(flatten)]
    own: OwnRules,
    #[command(flatten)]
    threads: Threads,
    #[command(flatten)]
    printed: Printed,
}

/// Does it.
pub fn run(arguments: &AddArguments, global: &Global, language: &mut Language) -> Result<(), Error> {
    let AddArguments { tallies, project, anonymous, report, own, threads, printed } = arguments;
    let asked = Asked {
        language: global.lang,
        rulebook: own.rulebook.clone(),
        threads: threads.threads,
        ..report.asked(printed)
    };
    let (session, judged) =
        Session::adding(tallies, project.as_deref(), *anonymous, asked, printed.format, language)?;
    if session.run.is_coarse() && report.edition == Edition::Internal {
        return Err(Error::Usage { reason: session.texts.get("usage.coarse-internal").to_owned() });
    }
    Writing::begin(report, &session)?.finish(&session, &judged)
}
