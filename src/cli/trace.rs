//! `frist trace`: the cases behind a figure of a report.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::Value;

use super::options::{Global, Printed, Printing, Reading, period};
use super::session::Session;
use super::{rerun, terminal};
use crate::date::Day;
use crate::error::{Error, nearest};
use crate::ingest::files::{self, MOST_MANIFEST};
use crate::language::Language;
use crate::output::{self, MANIFEST};
use crate::period::Period;
use crate::pipeline::{CaseList, CaseOutput, CaseRow};
use crate::project::{Asked, CsvStyle};
use crate::report::{NoFigure, RESULTS, TracedFigure, cases_header, places, write_plain_case};
use crate::text::{Texts, fill};

/// Arguments of `frist trace`.
#[derive(Args)]
pub struct TraceArguments {
    /// The report folder, of an internal edition
    report: PathBuf,
    /// The control, by its id
    control: String,
    /// The period, such as 2024-T2, or a month of the trend, such as 2024-08
    #[arg(value_parser = period)]
    period: Period,
    /// What the report was made from; not read where the report has data/cases.csv
    #[arg(default_value = ".")]
    path: PathBuf,
    /// The figure of this group, named as the report names it
    #[arg(long, value_name = "NAME")]
    group: Option<String>,
    #[command(flatten)]
    reading: Reading,
    #[command(flatten)]
    printed: Printed,
}

/// A report's figures are read up to this size; those of a thousand units have a tenth of it.
const MOST_RESULTS: u64 = 1 << 30;

/// A case list up to this size: ten million cases have a fifth of it.
const MOST_CASES: u64 = 1 << 33;

/// Runs the command.
pub fn run(arguments: &TraceArguments, global: &Global, language: &mut Language) -> Result<(), Error> {
    output::verify(&arguments.report)?;
    let texts = Texts::of(*language);
    let altered =
        |name: &str| Error::AlteredReport { path: arguments.report.clone(), files: vec![name.to_owned()] };
    let results_name = places::data(RESULTS);
    let results = files::read_bytes(&arguments.report.join(&results_name), MOST_RESULTS)?;
    let results: Value = serde_json::from_slice(&results).map_err(|_| altered(&results_name))?;
    let figure =
        TracedFigure::find(&results, &arguments.control, arguments.period, arguments.group.as_deref())
            .map_err(|none| refusal(none, arguments, texts))?;
    let cases_name = places::data("cases.csv");
    let list = arguments.report.join(&cases_name);
    let cases = match files::is_there(&list)? {
        true => files::read_bytes(&list, MOST_CASES)?,
        false => listed_again(arguments, &results, global, language)?,
    };
    let cases = figure.cases(&cases).map_err(|_| altered(&cases_name))?;
    let texts = Texts::of(*language);
    let found = TracedFigure::counted(&cases);
    let printing = Printing { language: *language, ..arguments.printed.printing(global) };
    terminal::print_tables(&[figure.table(cases, texts)], printing)?;
    terminal::tell(&match figure.counts {
        Some(counts) if counts == found => texts.get("trace.agrees").to_owned(),
        Some((deviations, cases)) => {
            let (deviations, cases) = (texts.count(deviations), texts.count(cases));
            fill!(texts, "trace.differs", deviations, cases)
        }
        None => texts.get("trace.no-counts").to_owned(),
    });
    Ok(())
}

/// Why nothing can be traced.
fn refusal(none: NoFigure, arguments: &TraceArguments, texts: &Texts) -> Error {
    let named = |key: &str, known: Vec<String>| fill!(texts, key, known = known.join(", "));
    let reason = match none {
        NoFigure::Published => texts.get("usage.trace-published").to_owned(),
        NoFigure::Group(known) => named("usage.trace-group", known),
        NoFigure::Period(known) => named("usage.trace-period", known),
        NoFigure::Control(known) => {
            let suggestion = nearest(&arguments.control, known.iter().map(String::as_str));
            return Error::UnknownRule { id: arguments.control.clone(), known, suggestion };
        }
    };
    Error::Usage { reason }
}

/// The cases of the control, judged again from the exports, which must be the very ones that the report was made from.
fn listed_again(
    arguments: &TraceArguments,
    results: &Value,
    global: &Global,
    language: &mut Language,
) -> Result<Vec<u8>, Error> {
    let as_of = results["as_of"].as_str().and_then(Day::parse_iso);
    let asked = arguments.reading.asked(global, arguments.printed.asked());
    let manifest = files::read_bytes(&arguments.report.join(MANIFEST), MOST_MANIFEST)?;
    let asked = Asked { as_of: asked.as_of.or(as_of), grouped_by: rerun::grouped_by(&manifest), ..asked };
    let session = Session::open(&arguments.path, asked, arguments.printed.format, language)?;
    let mut lines = cases_header(CsvStyle::Standard).into_bytes();
    let render = |row: &CaseRow<'_>, line: &mut Vec<u8>| {
        if row.rule.id == arguments.control {
            write_plain_case(row, None, &session.run.exports, line);
        }
    };
    let mut cases = Vec::new();
    let output = CaseOutput::Memory(&mut cases);
    let list = CaseList { render: &render, inspect: &|_| {}, shows_numbers: true, header: "", output };
    let judged = session.judge(Some(list))?;
    let shown: BTreeSet<&str> = results["inputs"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|input| input["sha256"].as_str())
        .collect();
    let other =
        session.run.exports.iter().zip(&judged.digests).find(|(_, digest)| !shown.contains(digest.as_str()));
    if let Some((export, _)) = other {
        return Err(other_export(&export.path, session.texts));
    }
    lines.append(&mut cases);
    Ok(lines)
}

fn other_export(path: &Path, texts: &Texts) -> Error {
    Error::Usage { reason: fill!(texts, "usage.trace-other-export", path = path.display()) }
}
