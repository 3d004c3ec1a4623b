//! A folder judged by the library itself, without a report: thousands of exports in a minute.

use std::path::Path;

use frist::date::Day;
use frist::error::Error;
use frist::ingest::{Export, Input, Ledger};
use frist::judge::{Extensions, WithoutTimes};
use frist::pipeline::{CaseList, CaseOutput, CaseRow, Control, Judged, Options, judge_exports, unusable};

/// What became of the exports of a folder.
pub struct Outcome {
    pub exports: Vec<Export>,
    pub judged: Judged,
    pub ledger: Ledger,
    /// A line for each case that counts, as the caller wrote it.
    pub lines: String,
}

/// Judges a folder by one control, or gives the code of the error.
pub fn judge_folder(
    folder: &Path,
    control: &str,
    as_of: Day,
    threads: usize,
    render: &(dyn Fn(&CaseRow<'_>, &mut Vec<u8>) + Sync),
) -> Result<Outcome, String> {
    let code = |error: Error| error.code().to_owned();
    let input = Input::open(folder).map_err(code)?;
    let rulebook = input.rulebook(None).map_err(code)?;
    let exports = input.exports(&rulebook).map_err(code)?;
    let rule = rulebook.rule(control).expect("a rule").clone();
    let controls = [Control { rule, extensions: Extensions::Honour, without_times: WithoutTimes::Exclude }];
    let options = Options { threads, progress: &|_| () };
    let mut lines = Vec::new();
    let output = CaseOutput::Memory(&mut lines);
    let cases = CaseList { render, inspect: &|_| {}, shows_numbers: true, header: "", output };
    let judged = judge_exports(&exports, &controls, as_of, &options, Some(cases)).map_err(code)?;
    if let Some(error) = unusable(&exports, &judged, as_of).into_iter().next() {
        return Err(code(error));
    }
    let mut ledger = Ledger::default();
    judged.inputs.iter().for_each(|entry| ledger.add(entry.ledger));
    Ok(Outcome { exports, judged, ledger, lines: String::from_utf8(lines).expect("UTF-8") })
}
