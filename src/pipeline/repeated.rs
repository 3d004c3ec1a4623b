//! Case numbers that occur more than once: finding them, and deciding which of their rows counts.
//!
//! The order of rows decides nothing, and the order of files only when the project says so.

use std::collections::BTreeMap;

use super::parts::{Parts, keep_repeated};
use crate::ingest::{Export, Fault, FaultCode, Ledger, SetAside};
use crate::project::Duplicates;

/// Hashes that occur more than once in all of `lists` together, sorted.
pub fn occurring_twice(lists: impl Iterator<Item = Parts<u64>>, threads: usize) -> Vec<u64> {
    Parts::look_through(lists, threads, twice_in)
}

fn twice_in(hashes: &mut Vec<u64>) -> Vec<u64> {
    keep_repeated(hashes, |hash| *hash);
    hashes.sort_unstable();
    let mut repeated: Vec<u64> =
        hashes.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0]).collect();
    repeated.dedup();
    repeated
}

/// What was decided on rows of repeated case numbers.
#[derive(Default)]
pub struct Settled {
    /// Rows that count, in order of place.
    pub counted: Vec<SetAside>,
    /// What is wrong with the others.
    pub faults: Vec<Fault>,
    /// What became of the others, by export and number of the control.
    pub ledgers: Vec<(usize, usize, Ledger)>,
}

/// Decides on the rows of every case number. Equal rows count once. Rows that differ contradict each
/// other and none counts, unless they stand in exports of different age and the newest is to win.
pub fn settle(exports: &[Export], rows: Vec<SetAside>) -> Settled {
    let mut by_case: BTreeMap<(String, String), Vec<SetAside>> = BTreeMap::new();
    for row in rows {
        let control = exports[row.place.export].controls.ids()[row.control].to_owned();
        by_case.entry((control, row.id.clone())).or_default().push(row);
    }
    let mut settled = Settled::default();
    for mut rows in by_case.into_values() {
        rows.sort_by_key(|row| row.place);
        settled.take_case(exports, rows);
    }
    settled.counted.sort_by_key(|row| row.place);
    settled
}

impl Settled {
    /// Decides on the rows of one case number, in order of place.
    fn take_case(&mut self, exports: &[Export], mut rows: Vec<SetAside>) {
        let newest = rows.last().expect("a case has rows").place.export;
        if exports[newest].duplicates == Duplicates::Newest {
            let first_of_newest =
                rows.iter().position(|row| row.place.export == newest).expect("it is there");
            let current = rows.split_off(first_of_newest);
            for row in rows {
                if row.rejected {
                    continue;
                }
                let same = are_equal(&row, &current[0]);
                let code = if same { FaultCode::RepeatedRow } else { FaultCode::SupersededRow };
                self.leave_out(exports, &row, &current[0], code);
            }
            rows = current;
            // What the newest export says of the case may be unreadable; what an older one says is old.
            rows.retain(|row| !row.rejected);
            if rows.is_empty() {
                return;
            }
        }
        let contradicted = rows.iter().any(|row| !are_equal(row, &rows[0]));
        if contradicted {
            for (index, row) in rows.iter().enumerate() {
                let other = if index == 0 { &rows[1] } else { &rows[0] };
                self.leave_out(exports, row, other, FaultCode::DuplicateCase);
            }
            return;
        }
        let mut rows = rows.into_iter();
        let first = rows.next().expect("a case has rows");
        for row in rows {
            self.leave_out(exports, &row, &first, FaultCode::RepeatedRow);
        }
        self.counted.push(first);
    }

    fn leave_out(&mut self, exports: &[Export], row: &SetAside, other: &SetAside, code: FaultCode) {
        let column = exports[row.place.export].columns.case_id;
        self.faults.push(Fault { place: row.place, column, code, other: Some(other.place) });
        let mut ledger = Ledger::default();
        *match code {
            FaultCode::SupersededRow => &mut ledger.superseded,
            FaultCode::RepeatedRow => &mut ledger.repeated,
            _ => &mut ledger.rejected,
        } = 1;
        self.ledgers.push((row.place.export, row.control, ledger));
    }
}

/// Whether two rows of one case number say the same: brothers and sisters in one case do not.
fn are_equal(one: &SetAside, other: &SetAside) -> bool {
    (one.dates, &one.group, one.person) == (other.dates, &other.group, other.person)
}
