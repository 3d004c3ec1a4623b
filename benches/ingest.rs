//! Ingest of a million rows: reading alone, and reading, judging and tallying, compared with the csv crate's bare loop
//! over the same file.

use divan::Bencher;
use divan::counter::BytesCount;
use frist::date::Day;
use frist::ingest::{Export, Input};
use frist::judge::{Extensions, WithoutTimes};
use frist::pipeline::{Control, Options, judge_exports, seeming_as_of};
use frist::rulebook::Rulebook;
use frist::sample::large_set;

fn main() {
    divan::main();
}

const CASES: u64 = 1_000_000;

/// A folder with one export.
struct Folder {
    place: tempfile::TempDir,
    bytes: usize,
}

fn folder() -> Folder {
    let place = tempfile::tempdir().expect("a temporary folder");
    let mut bytes = Vec::new();
    large_set("child-investigation", CASES, 1, &mut bytes).expect("written into memory");
    #[allow(clippy::disallowed_methods, reason = "the bench's own file")]
    std::fs::write(place.path().join("a.csv"), &bytes).expect("written");
    Folder { bytes: bytes.len(), place }
}

fn exports(folder: &Folder, rulebook: &Rulebook) -> Vec<Export> {
    let input = Input::open(folder.place.path()).expect("a folder of exports");
    input.exports(rulebook).expect("exports")
}

#[divan::bench(args = [1, 2], sample_count = 10)]
fn read_dates(bencher: Bencher<'_, '_>, threads: usize) {
    let (folder, rulebook) = (folder(), Rulebook::builtin());
    let exports = exports(&folder, &rulebook);
    let options = Options { threads, progress: &|_| {} };
    bencher
        .counter(BytesCount::new(folder.bytes))
        .bench_local(|| seeming_as_of(&exports, &options).expect("a day"));
}

#[divan::bench(args = [1, 2], sample_count = 10)]
fn read_judge_and_tally(bencher: Bencher<'_, '_>, threads: usize) {
    let (folder, rulebook) = (folder(), Rulebook::builtin());
    let exports = exports(&folder, &rulebook);
    let rule = rulebook.rule("child-investigation").expect("a rule").clone();
    let without_times = WithoutTimes::Exclude;
    let controls = [Control { rule, extensions: Extensions::Honour, without_times }];
    let options = Options { threads, progress: &|_| {} };
    let as_of = Day::new(2024, 8, 31).expect("a day");
    bencher.counter(BytesCount::new(folder.bytes)).bench_local(|| {
        let judged = judge_exports(&exports, &controls, as_of, &options, None).expect("judged");
        assert_eq!(judged.inputs[0].ledger.rows(), CASES);
        judged
    });
}

/// Only finding the cells, on one thread.
#[divan::bench(sample_count = 10)]
fn csv_crate_alone(bencher: Bencher<'_, '_>) {
    let folder = folder();
    bencher.counter(BytesCount::new(folder.bytes)).bench_local(|| {
        let path = folder.place.path().join("a.csv");
        let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_path(path).expect("the file");
        let (mut record, mut rows) = (csv::ByteRecord::new(), 0);
        while reader.read_byte_record(&mut record).expect("a record") {
            rows += 1;
        }
        assert_eq!(rows, CASES);
    });
}
