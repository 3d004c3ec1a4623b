//! `frist run`: judge all cases and write the report folder.

use std::path::PathBuf;

use clap::Args;

use super::limits::Limits;
use super::session::{Overrides, Session};
use super::{Format, Global, terminal};
use crate::error::Error;
use crate::ingest::{Effect, GroupedBy};
use crate::language::Language;
use crate::output::StagedFolder;
use crate::period::{Period, PeriodKind};
use crate::pipeline::{CaseList, CaseOutput};
use crate::report::{
    CASES_HEADER, Findings, manifest_json, periods_csv, render, results_file, tables, write_case,
};

/// Arguments of `frist run`.
#[derive(Args)]
pub struct RunArguments {
    /// Project file, a folder that holds one, a folder of exports, or one export
    #[arg(default_value = ".")]
    path: PathBuf,
    /// Folder to write; takes the place of an earlier report
    #[arg(long, value_name = "DIR", default_value = "reports")]
    out: PathBuf,
    /// Length of the periods: month, quarter, tertial, half-year or year [default: the project's, or tertial]
    #[arg(long, value_name = "PERIOD")]
    period: Option<PeriodKind>,
    /// Group cases by the column with this heading in place of the unit
    #[arg(long, value_name = "HEADING")]
    group: Option<String>,
    /// Group them by a second column as well
    #[arg(long, value_name = "HEADING", requires = "group")]
    subgroup: Option<String>,
    /// Take groups with fewer judged cases in the last year together, which hides no one [default: the project's, or 0]
    #[arg(long, value_name = "CASES")]
    smallest_group: Option<u64>,
    /// Write cases.csv as well: one row a case, with case numbers
    #[arg(long)]
    cases: bool,
    #[command(flatten)]
    limits: Limits,
}

/// Name of the case list in the report folder.
const CASES: &str = "cases.csv";

/// Does it.
pub fn run(arguments: &RunArguments, global: &Global, language: &mut Language) -> Result<(), Error> {
    let group = arguments.group.clone();
    let overrides = Overrides {
        period: arguments.period,
        grouped_by: group.map(|group| GroupedBy { group, subgroup: arguments.subgroup.clone() }),
        smallest_group: arguments.smallest_group,
    };
    let session = Session::open(&arguments.path, overrides, global, language)?;
    let texts = session.texts;
    let mut folder = StagedFolder::begin(&arguments.out)?;
    let judged = if arguments.cases {
        let mut file = folder.create(CASES)?;
        let list =
            CaseList { render: &write_case, header: CASES_HEADER, output: CaseOutput::File(&mut file) };
        let judged = session.judge(Some(list))?;
        folder.finish(CASES, file)?;
        judged
    } else {
        session.judge(None)?
    };
    arguments.limits.check(&judged, &session.exports)?;
    let findings = session.findings(&judged);
    for file in render(&findings, texts, session.threads) {
        folder.write(&file.name, &file.bytes)?;
    }
    let manifest = manifest_json(&findings, &session.provenance, folder.listed());
    folder.publish(&manifest.bytes)?;

    match global.format {
        Format::Json => terminal::print(&results_file(&findings).bytes),
        Format::Csv => terminal::print(&periods_csv(&findings)),
        Format::Text => {
            terminal::print_table(&tables::summary(&findings, texts), global.format);
            terminal::print_table(&tables::ledger(&findings, texts), global.format);
        }
    }
    tell_of_doubts(&findings, arguments, texts);
    tell_of_steps(&session, &findings);
    let path = arguments.out.to_string_lossy();
    terminal::tell(&texts.fill("terminal.written", &[("path", &path)]));
    Ok(())
}

/// Steps and freezes of trends that lie where there is no point change nothing, which may be a slip.
fn tell_of_steps(session: &Session, findings: &Findings<'_>) {
    let project = &session.input.project;
    for control in &findings.controls {
        let Some(trend) = &control.trend else { continue };
        let (Some(first), Some(last)) = (trend.points.first(), trend.points.last()) else { continue };
        let inside = |period: Period| (first.period.index..=last.period.index).contains(&period.index);
        let rebases = project.rebases.iter().filter(|rebase| rebase.control == control.rule.id);
        let steps = rebases.clone().map(|rebase| ("terminal.step-outside", rebase.from));
        let freezes = rebases.filter_map(|rebase| rebase.freeze);
        let freezes = freezes.chain(project.settings(&control.rule.id).freeze);
        let freezes = freezes.map(|freeze| ("terminal.freeze-outside", freeze));
        for (key, period) in steps.chain(freezes).filter(|(_, period)| !inside(*period)) {
            let (first, last) = (first.period.to_string(), last.period.to_string());
            let values = [
                ("control", control.rule.name.text(session.texts.language())),
                ("period", &*period.to_string()),
                ("first", &first),
                ("last", &last),
            ];
            terminal::tell(&session.texts.fill(key, &values));
        }
    }
}

fn tell_of_doubts(findings: &Findings<'_>, arguments: &RunArguments, texts: &crate::text::Texts) {
    let faults = &findings.judged.faults;
    let rejected: u64 = findings.judged.inputs.iter().map(|entry| entry.ledger.rejected).sum();
    let doubtful = faults.iter().filter(|fault| fault.code.effect() == Effect::Doubtful).count() as u64;
    if rejected + doubtful > 0 {
        let (rejected, doubtful) = (texts.count(rejected), texts.count(doubtful));
        let path = arguments.out.join("faults.csv");
        let values =
            [("rejected", rejected.as_str()), ("doubtful", &doubtful), ("path", &path.to_string_lossy())];
        terminal::tell(&texts.fill("terminal.faults", &values));
    }
    for control in &findings.controls {
        let name = control.rule.name.text(texts.language());
        for (key, count) in [("terminal.by-day", control.judged_by_day), ("terminal.later", control.later)] {
            if count > 0 {
                terminal::tell(&texts.fill(key, &[("control", name), ("count", &texts.count(count))]));
            }
        }
    }
}
