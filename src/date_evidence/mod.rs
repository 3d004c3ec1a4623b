//! How the dates of an export are written, decided on evidence.
//!
//! One decision covers all columns of an export, and of others with the same headings: [`Evidence`] gathers what the
//! cells of a column show and [`Rows`] what the cells of a row show together, in bounded memory; [`decide`] derives
//! [`Written`] from them for each column. Cells that look alike are read alike in every column, unless the project file
//! names a column's format. A column without evidence follows its neighbours; one with contradictory or too little
//! evidence is refused, with the readings that remain. Plausibility is evidence too: a case does not end before it
//! starts, and years do not spread over the days of a month.

mod decision;
mod evidence;
mod misnamed;
mod times;

pub use decision::{Column, Undecided, Written, decide};
pub use evidence::{Evidence, Rows};
pub use times::Times;
