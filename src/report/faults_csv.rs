//! `faults.csv`.

use super::harmless;
use crate::ingest::{Controls, Export, Fault, Faults, shown};
use crate::project::CsvStyle;
use crate::text::{Texts, fault_reason, fault_remedy};

/// A file in a style: its mark is written already.
fn writer(style: CsvStyle) -> csv::Writer<Vec<u8>> {
    csv::WriterBuilder::new().delimiter(style.separator()).from_writer(style.mark().into())
}

/// Every fault: where, what and what to do; never what the cell holds. Millions of faults make a gigabyte, so `put` takes
/// the file piece by piece, whole lines in each.
///
/// # Errors
/// Those of `put`.
pub fn faults_csv<E>(
    faults: &Faults,
    exports: &[Export],
    style: CsvStyle,
    texts: &Texts,
    mut put: impl FnMut(&[u8]) -> Result<(), E>,
) -> Result<(), E> {
    /// About 200 kB.
    const FAULTS_IN_A_PIECE: usize = 1_000;
    let in_memory = "writing into memory does not fail";
    let mut first = writer(style);
    let headings = ["file", "line", "column", "code", "state", "place", "control", "reason", "remedy"];
    first.write_record(headings).expect(in_memory);
    put(&first.into_inner().expect(in_memory))?;
    let headings: Vec<Vec<String>> = exports.iter().map(|export| shown(&export.headings)).collect();
    let mut faults = faults.iter().peekable();
    while faults.peek().is_some() {
        let mut piece = csv::WriterBuilder::new().delimiter(style.separator()).from_writer(Vec::new());
        for fault in faults.by_ref().take(FAULTS_IN_A_PIECE) {
            piece.write_record(fault_record(&fault, exports, &headings, texts)).expect(in_memory);
        }
        put(&piece.into_inner().expect(in_memory))?;
    }
    Ok(())
}

/// A fault's line of `faults.csv`.
fn fault_record(fault: &Fault, exports: &[Export], headings: &[Vec<String>], texts: &Texts) -> [String; 9] {
    let export = &exports[fault.place.export];
    let column = fault.column.map_or("", |index| headings[fault.place.export][index].as_str());
    let control = match &export.controls {
        Controls::One(id) => id.as_str(),
        Controls::ByType { .. } => "",
    };
    [
        harmless(&export.name).into_owned(),
        fault.place.line.to_string(),
        harmless(column).into_owned(),
        fault.code.id().to_owned(),
        fault.code.effect().id().to_owned(),
        harmless(&export.place(fault.place.line, fault.column)).into_owned(),
        control.to_owned(),
        fault_reason(fault, exports, texts),
        fault_remedy(fault.code, texts).to_owned(),
    ]
}
