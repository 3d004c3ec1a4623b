//! Case numbers that occur more than once: finding them, and deciding which of their rows counts.
//!
//! The order of rows decides nothing, and the order of files only when the project says so.

use std::collections::BTreeMap;

use super::parts::{Parts, keep_repeated};
use crate::date::Day;
use crate::ingest::{Export, Fault, FaultCode, Ledger, ReadDays, SetAside};
use crate::project::Duplicates;
use crate::tally::{GroupName, MIXED};

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
    /// Cases of which no row counts: their control, and what can be read of their rows.
    pub unjudged: Vec<(String, Vec<ReadDays>)>,
    /// Two exports of which the newer is to win, that are equally new and contradict each other.
    pub equally_new: Option<(usize, usize)>,
}

/// Decides on the rows of every case number. Rows that agree on every date count once. Rows that differ contradict
/// each other and none counts, unless they stand in exports of different age and the newest is to win; `ages` are
/// the last days of the exports.
pub fn settle(exports: &[Export], ages: &[Option<Day>], rows: Vec<SetAside>) -> Settled {
    let mut by_case: BTreeMap<(String, Vec<u8>), Vec<SetAside>> = BTreeMap::new();
    for row in rows {
        let control = exports[row.place.export].controls.ids()[row.control].to_owned();
        by_case.entry((control, row.key())).or_default().push(row);
    }
    let mut settled = Settled::default();
    for ((control, _), mut rows) in by_case {
        rows.sort_by_key(|row| row.place);
        settled.take_case(exports, ages, &control, rows);
    }
    settled.counted.sort_by_key(|row| row.place);
    settled
}

impl Settled {
    /// Decides on the rows of one case number, in order of place.
    fn take_case(&mut self, exports: &[Export], ages: &[Option<Day>], control: &str, rows: Vec<SetAside>) {
        let read_days = |rows: &[SetAside]| rows.iter().map(SetAside::read_days).collect::<Vec<ReadDays>>();
        let mut current = self.of_newest(exports, ages, rows);
        let (all, judgeable) = (read_days(&current), current.iter().any(|row| row.dates.is_ok()));
        // What the newest export says of the case may be unreadable; what an older one says is old.
        current.retain(|row| row.dates.is_ok());
        if !judgeable {
            return self.unjudged.push((control.to_owned(), all));
        }
        if current.iter().any(|row| !agree(row, &current[0])) {
            for (index, row) in current.iter().enumerate() {
                let other = if index == 0 { &current[1] } else { &current[0] };
                self.leave_out(exports, row, other, FaultCode::DuplicateCase);
            }
            return self.unjudged.push((control.to_owned(), all));
        }
        let group = common_group(&current);
        let mut rows = current.into_iter();
        let first = rows.next().expect("a case has rows");
        for row in rows {
            self.leave_out(exports, &row, &first, FaultCode::RepeatedRow);
        }
        self.counted.push(SetAside { group, ..first });
    }

    /// The rows of the newest export, where it is to win; the others are left out.
    fn of_newest(&mut self, exports: &[Export], ages: &[Option<Day>], rows: Vec<SetAside>) -> Vec<SetAside> {
        let by_age = |row: &SetAside| match exports[row.place.export].duplicates {
            Duplicates::Newest => (ages[row.place.export], 0),
            _ => (None, row.place.export),
        };
        let wins = |row: &SetAside| {
            matches!(exports[row.place.export].duplicates, Duplicates::Newest | Duplicates::Last)
        };
        if !rows.iter().any(wins) {
            return rows;
        }
        let newest = rows.iter().map(by_age).max().expect("a case has rows");
        let (current, older): (Vec<SetAside>, Vec<SetAside>) =
            rows.into_iter().partition(|row| by_age(row) == newest);
        let other = current.iter().find(|row| row.place.export != current[0].place.export);
        if let Some(other) = other.filter(|other| !agree(other, &current[0])) {
            self.equally_new.get_or_insert((current[0].place.export, other.place.export));
        }
        for row in older.iter().filter(|row| row.dates.is_ok()) {
            let code =
                if agree(row, &current[0]) { FaultCode::RepeatedRow } else { FaultCode::SupersededRow };
            self.leave_out(exports, row, &current[0], code);
        }
        current
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

/// Whether two rows of one case number say the same of its days: brothers and sisters in one case do not.
fn agree(one: &SetAside, other: &SetAside) -> bool {
    (one.dates, one.person) == (other.dates, other.person)
}

/// The group of a case of which several rows tell: theirs, or that they differ.
fn common_group(rows: &[SetAside]) -> GroupName {
    let common = |pick: fn(&GroupName) -> &String| {
        let first = pick(&rows[0].group);
        if rows.iter().all(|row| pick(&row.group) == first) { first.clone() } else { MIXED.to_owned() }
    };
    GroupName { group: common(|name| &name.group), subgroup: common(|name| &name.subgroup) }
}
