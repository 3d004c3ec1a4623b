//! Contributions: the tally of an organisation, and what it must say of itself to be added to others.
//!
//! Counts by month leave the organisation, cases do not. A contribution is a folder: `tally.csv`, and a manifest that
//! names the organisation, the as-of date and the law. Adding is exact and commutative, or refused with its reason. A
//! coarse one has no small number.

mod coarse;
mod form;
mod origin;
mod reading;
mod sum;

pub use coarse::{Coarse, Fine};
pub use form::{headings, tally_csv};
pub use origin::{Contributor, ControlOrigin, Origin, Terms};
pub use reading::{CONTRIBUTION_FILES, Contribution, LEDGER, TALLY};
pub use sum::{Added, add};
