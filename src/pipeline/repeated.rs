//! Case numbers that occur more than once: finding them, and deciding which of their rows counts.
//!
//! Rows of one number whose cases begin far apart are no older and newer state of one case: numbers may begin anew every
//! year, or be those of something else than the cases.
//!
//! The order of rows decides nothing; the order of files decides only if the project file says so.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io;

use super::parts::{Parts, keep_repeated};
use crate::date::Day;
use crate::ingest::{
    Export, Fault, FaultCode, Faults, Ledger, ReadDays, ReadEnd, SetAside, Waiting, key_of, with_key,
};
use crate::project::Duplicates;
use crate::tally::{GroupName, MIXED};

/// Hashes that occur more than once in all of `lists` together, sorted.
///
/// # Errors
/// If a temporary file cannot be read.
pub fn occurring_twice(lists: impl Iterator<Item = Parts<u64>>, threads: usize) -> io::Result<Vec<u64>> {
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

/// Group names, numbered alike for all workers and exports.
#[derive(Default)]
pub struct Names {
    names: Vec<GroupName>,
    numbers: HashMap<GroupName, u32>,
}

impl Names {
    /// The number of a name.
    pub fn number(&mut self, name: &GroupName) -> u32 {
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        let number = self.names.len() as u32;
        self.names.push(name.clone());
        self.numbers.insert(name.clone(), number);
        number
    }

    /// The name with a number.
    pub fn name(&self, number: u32) -> &GroupName {
        &self.names[number as usize]
    }

    /// The group of a case that several rows describe: their common one, or a name for differing ones.
    fn common(&mut self, rows: &[SetAside]) -> u32 {
        let first = rows[0].group;
        if rows.iter().all(|row| row.group == first) {
            return first;
        }
        let common = |pick: fn(&GroupName) -> &String| {
            let first = pick(self.name(first));
            if rows.iter().all(|row| pick(self.name(row.group)) == first) {
                first.clone()
            } else {
                MIXED.to_owned()
            }
        };
        let name = GroupName { group: common(|name| &name.group), subgroup: common(|name| &name.subgroup) };
        self.number(&name)
    }
}

/// What was decided about rows with repeated case numbers.
#[derive(Default)]
pub struct Settled {
    /// Faults of rows that do not count.
    pub faults: Faults,
    /// What became of the rows, by export and index of the control.
    pub ledgers: BTreeMap<(usize, usize), Ledger>,
    /// Two exports that contradict each other and are equally new, although the newer is to win.
    pub equally_new: Option<(usize, usize)>,
    /// Pairs of exports that have a case number in common.
    pub sharing: BTreeSet<(usize, usize)>,
    /// Control and case number of that contradiction: the first in order is reported, regardless of the order of rows.
    equally_new_case: Option<(String, Vec<u8>)>,
}

/// Settles the rows of every case number, and leaves in `waiting` those that count, in order of place. Rows that agree
/// on every date count once. Rows that differ contradict each other and none counts, unless they come from exports of
/// different age and the newest is to win, and begin near each other; `ages` are the last days of the exports. `names`
/// numbers the rows' groups.
/// `lost` is called for each case of which no row counts, with the control and what can be read of its rows.
pub fn settle(
    exports: &[Export],
    ages: &[Option<Day>],
    waiting: &mut Waiting,
    names: &mut Names,
    mut lost: impl FnMut(&str, &[ReadDays]),
) -> Settled {
    let controls: Vec<Vec<&str>> = exports.iter().map(|export| export.controls.ids()).collect();
    let mut rows = std::mem::take(&mut waiting.rows);
    let key = |row: &SetAside| key_of(waiting.id(row));
    let control = |row: &SetAside| controls[row.place().export][row.control()];
    // The hash settles nearly every comparison; alone it would merge two numbers that share it by chance.
    let of_cases = |one: &SetAside, other: &SetAside| -> Ordering {
        let by_hash = one.hash.cmp(&other.hash);
        let by_key = || with_key(waiting.id(one), |one| with_key(waiting.id(other), |other| one.cmp(other)));
        by_hash.then_with(|| control(one).cmp(control(other))).then_with(by_key)
    };
    rows.sort_unstable_by(|one, other| of_cases(one, other).then_with(|| one.place().cmp(&other.place())));
    let mut settled = Settled::default();
    let (mut kept, mut from) = (0, 0);
    while let Some(first) = rows.get(from).copied() {
        let case = rows[from..].iter().take_while(|row| of_cases(row, &first).is_eq()).count();
        let of_case = Case { exports, ages, control: control(&first), key: &|| key(&first).into_owned() };
        // At most one row a case is kept, so writing never overtakes reading.
        if let Some(row) = settled.take_case(&of_case, &rows[from..from + case], names, &mut lost) {
            rows[kept] = row;
            kept += 1;
        }
        from += case;
    }
    rows.truncate(kept);
    rows.sort_unstable_by_key(SetAside::place);
    waiting.rows = rows;
    settled
}

/// A case number, and what is needed besides its rows.
struct Case<'a> {
    exports: &'a [Export],
    ages: &'a [Option<Day>],
    control: &'a str,
    key: &'a dyn Fn() -> Vec<u8>,
}

impl Settled {
    /// Settles the rows of one case number, in order of place; returns the one that counts.
    fn take_case(
        &mut self,
        case: &Case<'_>,
        rows: &[SetAside],
        names: &mut Names,
        lost: &mut impl FnMut(&str, &[ReadDays]),
    ) -> Option<SetAside> {
        self.note_sharing(rows);
        // If the newest export's row cannot be read, an older one does not replace it.
        let current = self.of_newest(case, rows, lost);
        let judgeable: Vec<SetAside> = current.iter().filter(|row| row.is_judgeable()).copied().collect();
        let mut lose = || {
            let days: Vec<ReadDays> = current.iter().map(SetAside::read_days).collect();
            lost(case.control, &days);
        };
        let Some(first) = judgeable.first() else {
            lose();
            return None;
        };
        if judgeable.iter().any(|row| !agree(row, first)) {
            let span = Span::of(&judgeable);
            for (index, row) in judgeable.iter().enumerate() {
                let other = if index == 0 { &judgeable[1] } else { first };
                let code =
                    if span.is_apart(row) { FaultCode::ReusedNumber } else { FaultCode::DuplicateCase };
                self.leave_out(case.exports, row, other, code);
            }
            lose();
            return None;
        }
        if let Some(ended) = current.iter().find(|row| is_end_alone(row)).filter(|_| is_open(first)) {
            for row in &judgeable {
                self.leave_out(case.exports, row, ended, FaultCode::EndOnOtherRow);
            }
            lose();
            return None;
        }
        for row in &judgeable[1..] {
            let same_export = |other: &&SetAside| other.place().export == row.place().export;
            let differs = judgeable.iter().find(same_export).is_some_and(|other| other.rest != row.rest);
            self.leave_out(case.exports, row, first, code_of_repeated(row, first, differs));
        }
        let mut counted = *first;
        counted.group = names.common(&judgeable);
        Some(counted)
    }

    /// The rows of the newest export, if it is to win; the others are left out. What one source says holds for the rows
    /// of its cases in every export: they are asked about together.
    fn of_newest(
        &mut self,
        case: &Case<'_>,
        rows: &[SetAside],
        lost: &mut impl FnMut(&str, &[ReadDays]),
    ) -> Vec<SetAside> {
        let (exports, ages) = (case.exports, case.ages);
        let says = |way| rows.iter().any(|row| exports[row.place().export].duplicates == way);
        let goes_by_age = says(Duplicates::Newest);
        if !goes_by_age && !says(Duplicates::Last) {
            return rows.to_vec();
        }
        let by_age = |row: &SetAside| match row.place().export {
            export if goes_by_age => (ages[export], 0),
            export => (None, export),
        };
        let newest = rows.iter().map(by_age).max().expect("a case has rows");
        let (current, older): (Vec<SetAside>, Vec<SetAside>) =
            rows.iter().partition(|row| by_age(row) == newest);
        let first = current[0].place().export;
        let other = current.iter().find(|row| row.place().export != first);
        if let Some(other) = other.filter(|other| !agree(other, &current[0])) {
            self.note_equally_new(case, (first, other.place().export));
        }
        for row in older.iter().filter(|row| row.is_judgeable()) {
            let code = match &current[0] {
                newer if agree(row, newer) => code_of_repeated(row, newer, false),
                newer if Span::of(&[*newer]).is_apart(row) => FaultCode::ReusedNumber,
                _ => FaultCode::SupersededRow,
            };
            if code == FaultCode::ReusedNumber {
                lost(case.control, &[row.read_days()]);
            }
            self.leave_out(exports, row, &current[0], code);
        }
        current
    }

    /// Notes which exports have the number of a case, whose rows are in order of place.
    fn note_sharing(&mut self, rows: &[SetAside]) {
        let first = rows[0].place().export;
        if rows.iter().all(|row| row.place().export == first) {
            return;
        }
        let mut exports: Vec<usize> = rows.iter().map(|row| row.place().export).collect();
        exports.dedup();
        let pairs = exports
            .iter()
            .enumerate()
            .flat_map(|(at, one)| exports[at + 1..].iter().map(|other| (*one, *other)));
        self.sharing.extend(pairs);
    }

    fn note_equally_new(&mut self, case: &Case<'_>, exports: (usize, usize)) {
        let found_by = (case.control.to_owned(), (case.key)());
        if self.equally_new_case.as_ref().is_none_or(|before| found_by < *before) {
            self.equally_new = Some(exports);
            self.equally_new_case = Some(found_by);
        }
    }

    fn leave_out(&mut self, exports: &[Export], row: &SetAside, other: &SetAside, code: FaultCode) {
        let place = row.place();
        let column = exports[place.export].columns.case_id;
        self.faults.push(Fault { place, column, code, other: Some(other.place()) });
        let ledger = self.ledgers.entry((place.export, row.control())).or_default();
        *match code {
            FaultCode::SupersededRow => &mut ledger.superseded,
            FaultCode::RepeatedRow | FaultCode::RepeatedNumber => &mut ledger.repeated,
            _ => &mut ledger.rejected,
        } += 1;
    }
}

/// Whether a row cannot be judged, but shows that its case has ended.
fn is_end_alone(row: &SetAside) -> bool {
    !row.is_judgeable() && matches!(row.read_days().end, ReadEnd::On(_))
}

/// Whether a row has no end.
fn is_open(row: &SetAside) -> bool {
    row.read_days().end == ReadEnd::Open
}

/// Whether two rows of one case number have the same days.
fn agree(one: &SetAside, other: &SetAside) -> bool {
    one.case() == other.case()
}

/// The fault of a row that agrees with another, and may yet be a case of its own: that of a sibling, or if it differs in
/// what is not read.
fn code_of_repeated(row: &SetAside, other: &SetAside, differs: bool) -> FaultCode {
    let is_of_another = row.person.zip(other.person).is_some_and(|(person, other)| person != other);
    if differs || is_of_another { FaultCode::RepeatedNumber } else { FaultCode::RepeatedRow }
}

/// When rows of one case number begin, and when the first of them ends.
struct Span {
    starts: Option<(Day, Day)>,
    first_end: Option<Day>,
}

impl Span {
    fn of(rows: &[SetAside]) -> Span {
        let starts = || rows.iter().filter_map(|row| row.read_days().start);
        let ends = rows.iter().filter_map(|row| match row.read_days().end {
            ReadEnd::On(end) => Some(end),
            _ => None,
        });
        Span { starts: starts().min().zip(starts().max()), first_end: ends.min() }
    }

    /// Whether a row is another case than one of them: one begins after the other has ended, or long after it began.
    fn is_apart(&self, row: &SetAside) -> bool {
        /// A start is corrected by days or weeks.
        const LONG: i32 = 31;
        let days = row.read_days();
        let Some((start, (first, last))) = days.start.zip(self.starts) else { return false };
        start.0 - first.0 > LONG
            || last.0 - start.0 > LONG
            || matches!(days.end, ReadEnd::On(end) if end < last)
            || self.first_end.is_some_and(|end| end < start)
    }
}
