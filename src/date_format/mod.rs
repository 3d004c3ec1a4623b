//! Dates as exports write them, and how the dates of a column are read.
//!
//! A year of four digits first, `20240831`, `31/8 2024` and `3 jan 2024` can be read one way and are read in every
//! column. `03/04/2024`, `240831`, `31.08.24` and `45535` cannot: the cells of the export decide together
//! ([`crate::date_evidence`]), on evidence that can be shown, and nothing is read on a guess.

mod clock;
mod marks;
mod names;
mod notation;
mod reading;
mod shape;

pub use marks::is_real;
pub use notation::{Class, DateFormat, Notation, Order, Separator};
pub use reading::{is_date_in_any_order, is_own_mark, read_plain_day, read_stamp, read_time};
pub use shape::{NoStamp, Numbers, Shape, shape_of, whole_year};
