//! A folder judged by the library, without a report: thousands of exports in a minute.

use std::io::{self, Write};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use frist::date::Day;
use frist::error::Error;
use frist::ingest::{Export, Input, Ledger, Passed};
use frist::judge::{Extensions, WithoutTimes};
use frist::pipeline::{
    CaseList, CaseOutput, CaseRow, Control, Judged, Options, Restart, judge_exports, unusable,
};

use crate::workspace::HEADINGS;

/// The result for the exports of a folder.
pub struct Outcome {
    pub exports: Vec<Export>,
    pub judged: Judged,
    pub ledger: Ledger,
    /// A line for each case that counts, as the caller wrote it.
    pub lines: String,
}

/// Judges a folder by one control, or returns the code of the error.
pub fn judge_folder(
    folder: &Path,
    control: &str,
    as_of: Day,
    threads: usize,
    render: &(dyn Fn(&CaseRow<'_>, &mut Vec<u8>) + Sync),
) -> Result<Outcome, String> {
    let code = |error: Error| error.code().to_owned();
    let input = Input::open(folder).map_err(code)?;
    let rulebook = input.rulebook().map_err(code)?;
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

/// A case list that accepts its header and nothing more.
struct Full(usize);

impl Write for Full {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += 1;
        if self.0 > 1 { Err(io::ErrorKind::StorageFull.into()) } else { Ok(bytes.len()) }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Restart for Full {
    fn restart(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_case_list_that_cannot_be_written_ends_the_reading() {
    let folder = tempfile::tempdir().expect("a folder");
    let rows: String = (0..1_000_000).map(|number| format!("{number};2024-01-10;2024-05-10\n")).collect();
    std::fs::write(folder.path().join("a.csv"), format!("{HEADINGS}{rows}")).expect("written");
    let input = Input::open(folder.path()).expect("opened");
    let rulebook = input.rulebook().expect("built in");
    let exports = input.exports(&rulebook).expect("an export");
    let rule = rulebook.rule("child-investigation").expect("a rule").clone();
    let controls = [Control { rule, extensions: Extensions::Honour, without_times: WithoutTimes::Exclude }];
    let as_of = Day::new(2024, 8, 31).expect("a day");
    for threads in [1, 3] {
        let read = AtomicU64::new(0);
        let progress = |passed| match passed {
            Passed::Bytes(bytes) => drop(read.fetch_add(bytes, Ordering::Relaxed)),
            Passed::Begin(_) | Passed::Lines(_) => {}
        };
        let options = Options { threads, progress: &progress };
        let (mut full, path) = (Full(0), Path::new("list.csv"));
        let output = CaseOutput::File(&mut full, path);
        let render = |_: &CaseRow<'_>, line: &mut Vec<u8>| line.extend_from_slice(b"x\n");
        let list = CaseList { render: &render, inspect: &|_| {}, shows_numbers: true, header: "h\n", output };
        let error = judge_exports(&exports, &controls, as_of, &options, Some(list)).expect_err("refused");
        assert!(matches!(&error, Error::UnwritableOutput { path: named, .. } if named == path), "{error}");
        let read = read.into_inner();
        assert!(read < exports[0].original.length() / 2, "{read} bytes were read");
    }
}
