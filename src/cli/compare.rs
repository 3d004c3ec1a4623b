//! `frist compare`: the lawful method against another way to count, or the same cases by other cohorts.

use std::path::{Path, PathBuf};

use clap::Args;

use super::cases::write_csv;
use super::options::{Global, Printed, Reading, clock, periods};
use super::session::Session;
use super::{pseudonyms, terminal};
use crate::error::Error;
use crate::language::Language;
use crate::output::StagedFile;
use crate::period::PeriodKind;
use crate::pipeline::Judged;
use crate::project::{Asked, Clocks};
use crate::report::tables;
use crate::rulebook::Clock;
use crate::table::Table;
use crate::tally::Tally;

/// Arguments of `frist compare`.
#[derive(Args)]
pub struct CompareArguments {
    /// Project file, a folder that holds one, a folder of exports, or one export
    #[arg(default_value = ".")]
    path: PathBuf,
    /// Only this control
    #[arg(long, value_name = "ID")]
    control: Option<String>,
    /// Judge by this clock in place of the rule's, e.g. "4 months"
    #[arg(long, value_name = "CLOCK", value_parser = clock)]
    method: Option<Clock>,
    /// Compare with this clock in place of the rule's reference, e.g. "120 days"
    #[arg(long, value_name = "CLOCK", value_parser = clock)]
    reference: Option<Clock>,
    /// Length of the periods [default: the project's, or tertial]
    #[arg(long, value_name = "PERIOD", value_parser = periods())]
    period: Option<PeriodKind>,
    /// Show each share by closed, due and started cases, reconciled to the same case list, in place of methods
    #[arg(long, conflicts_with_all = ["method", "reference", "changed"])]
    cohorts: bool,
    /// Write the cases whose outcome changes to this file
    #[arg(long, value_name = "FILE")]
    changed: Option<PathBuf>,
    /// Write pseudonyms in place of case numbers, with the key in this file, which is created if it does not exist
    #[arg(long, alias = "pseudonymize", value_name = "KEYFILE", requires = "changed")]
    pseudonymise: Option<PathBuf>,
    #[command(flatten)]
    reading: Reading,
    #[command(flatten)]
    printed: Printed,
}

/// Runs the command.
pub fn run(arguments: &CompareArguments, global: &Global, language: &mut Language) -> Result<(), Error> {
    let clocks = Clocks {
        control: arguments.control.clone(),
        method: arguments.method,
        reference: arguments.reference,
    };
    let asked = Asked { period: arguments.period, clocks: Some(clocks), ..arguments.printed.asked() };
    let asked = arguments.reading.asked(global, asked);
    let session = Session::open(&arguments.path, asked, arguments.printed.format, language)?;
    if let Some(id) = &arguments.control {
        session.refuse_unknown(id)?;
    }
    let chosen = |id: &str| arguments.control.as_ref().is_none_or(|control| control == id);
    let mut judged = match &arguments.changed {
        Some(path) => write_changed(&session, arguments.pseudonymise.as_deref(), path, &chosen)?,
        None => session.judge(None)?,
    };
    // Nothing of what is printed tells groups apart.
    judged.tallies.values_mut().for_each(Tally::forget_groups);
    let findings = session.run.findings(&judged);
    let mut tables: Vec<Table> = Vec::new();
    for control in findings.controls.iter().filter(|control| chosen(&control.rule.id)) {
        let Some(detail) = findings.detail(control) else { continue };
        if arguments.cohorts {
            tables.extend(tables::conventions(control, detail, None, session.texts));
            tables.extend(tables::case_list(control, detail, session.texts));
            continue;
        }
        tables.extend(tables::comparison(control, Some(detail), session.texts));
        tables.extend(tables::method_changes(control, session.texts));
        tables.extend(tables::start_months(control, detail, session.texts));
    }
    terminal::print_tables(&tables, session.printing)
}

/// Judges, and writes the cases of some controls whose outcome changes.
fn write_changed(
    session: &Session,
    key: Option<&Path>,
    path: &Path,
    is_chosen: &(dyn Fn(&str) -> bool + Sync),
) -> Result<Judged, Error> {
    let pseudonyms = pseudonyms::open(key, Some(path), session.texts)?;
    session.refuse_to_lose(path)?;
    let mut staged = StagedFile::begin(path)?;
    let judged = write_csv(session, pseudonyms.as_ref(), &mut staged, &|row| {
        let (rule, cell) = (row.rule, row.verdict.cell);
        let changes = rule.reference.is_some() && cell.outcome(rule.roll) != cell.outcome_by_reference();
        changes && is_chosen(&rule.id)
    })?;
    staged.publish()?;
    Ok(judged)
}
