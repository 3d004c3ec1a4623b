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
mod ledger;
mod records;
mod rows;

pub use chunks::{Chunk, Pass, for_each_chunk, hex};
pub use export::{Controls, Export, Input};
pub use faults::{Fault, FaultCode, Place};
pub use headings::Columns;
pub use ledger::Ledger;
pub use rows::{Batch, Dates, Groups, RowReader, Rows, SetAside, Wanted};
