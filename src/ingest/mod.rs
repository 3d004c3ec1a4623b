//! Ingest: from the bytes of exports to typed columns of cases, and faults.
//!
//! Alone in opening input files. Knows how exports are written, not what a deadline is: it asks a rule
//! only for its headings.

mod chunks;
mod dialect;
mod export;
mod faults;
pub mod files;
mod headings;
mod layout;
mod ledger;
mod list;
mod persons;
mod preflight;
mod records;
mod rows;
mod source;
#[cfg(test)]
mod spectrum;
mod workbook;

pub use chunks::{Chunk, Pass, for_each_chunk};
pub use export::{Controls, Export, Input, exports_beside};
pub use faults::{Effect, Family, Fault, FaultCode, Place};
pub use headings::{Columns, GroupedBy, folded, is_usual, shown};
pub use ledger::Ledger;
pub use list::list;
pub use persons::PersonCase;
pub use rows::{Batch, Dates, Groups, RowReader, Rows, SetAside, Wanted};
pub use source::Form;
pub use workbook::reads_workbook;

/// Bytes in hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
