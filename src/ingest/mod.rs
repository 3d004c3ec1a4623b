//! Ingest: from the bytes of exports to cases, row by row, and faults.
//!
//! The only module that opens input files. Knows how exports are written, not how a deadline is counted: of a rule it
//! needs the headings, whether its clocks count hours or use the export's own due date, and whether it looks for
//! chains.

mod above;
mod beside;
mod blocks;
mod case_numbers;
mod chunks;
mod column_facts;
mod dates;
mod days;
mod dialect;
mod export;
mod faults;
pub mod files;
mod first_look;
mod glance;
mod groups;
mod heading_words;
mod headings;
mod input;
mod labels;
mod layout;
mod ledger;
mod list;
pub mod manifest;
mod memory;
mod merged;
mod original;
mod other_table;
mod overlooked;
pub mod paths;
mod patterns;
mod persons;
mod preflight;
mod records;
mod rows;
mod selection;
mod sheets;
mod source;
#[cfg(test)]
mod spectrum;
mod swallowed;
mod table;
mod unjudged;
mod usual_numbers;
mod waiting;
mod workbook;

pub use case_numbers::{Destroyed, NumberShapes, key_of, with_key};
pub use chunks::{Chunk, Pass, for_each_chunk};
pub use dates::refuse_another_order;
pub use days::{DayCounts, Edge, widest_gap};
pub use export::{Controls, Export};
pub use faults::{Effect, Family, Fault, FaultCode, Faults, MOST_FAULTS, Place};
pub use glance::{ColumnGlance, Glance, glance};
pub use groups::{Groups, MOST_GROUPS};
pub use heading_words::{
    ANY_END, ANY_START, DUE, EXTENDED_TO, EXTENSION_DECIDED, folded, is_usual, names_persons, names_units,
    shown,
};
pub use headings::{Columns, When};
pub use input::{Input, exports_beside};
pub use ledger::Ledger;
pub use list::list;
pub use memory::resident_bytes;
pub use original::{Original, Passed, Progress};
pub use persons::PersonCase;
pub use rows::{LeftOut, ReadRow, RowReader, Rows, Wanted};
pub use selection::{Contradictions, Filter, State, Status, UnnamedStatus, usual_state, usual_words};
pub use source::Form;
pub use unjudged::{ReadDays, ReadEnd};
pub use waiting::{SetAside, Waiting};
pub use workbook::reads_workbook;

/// Bytes in hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
