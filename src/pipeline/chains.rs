//! Chains: cases that may be the continuation of another.
//!
//! Closing an investigation and immediately opening a new one on the same questions is a way around the deadline (JO
//! 2565-2016, 2411-2017). Only a person can decide whether a case was one: such cases are counted as they are, and
//! listed.

use std::collections::BTreeMap;
use std::io;

use super::parts::{Parts, keep_repeated};
use crate::date::Day;
use crate::ingest::{PersonCase, Place};

/// The cases opened at most `days` days after the same person's last one closed, each with the place of that one, in
/// order of place. Anything after `as_of` is ignored.
///
/// # Errors
/// If a temporary file cannot be read.
pub fn possible(
    lists: impl Iterator<Item = Parts<PersonCase>>,
    as_of: Day,
    days: i32,
    threads: usize,
) -> io::Result<Vec<(Place, Place)>> {
    let mut found = Parts::look_through(lists, threads, |part| possible_in(part, as_of, days))?;
    found.sort_unstable();
    Ok(found)
}

fn possible_in(cases: &mut Vec<PersonCase>, as_of: Day, days: i32) -> Vec<(Place, Place)> {
    keep_repeated(cases, |case| case.person());
    cases.sort_unstable();
    // Equal rows are one case.
    cases.dedup_by(|case, before| case.equals(*before));
    let mut found = Vec::new();
    for person in cases.chunk_by(|one, next| one.person() == next.person()) {
        // The closed cases among those that began no later, by end.
        let mut closed: BTreeMap<Day, Place> = BTreeMap::new();
        for case in person.iter().filter(|case| case.start() <= as_of) {
            let before = closed.range(..=case.start()).next_back();
            if let Some((_, earlier)) = before.filter(|(end, _)| case.start().0 - end.0 <= days) {
                found.push((case.place(), *earlier));
            }
            // An end before the start is a fault, and an end after the as-of date closes nothing.
            if let Some(end) = case.end().filter(|end| (case.start()..=as_of).contains(end)) {
                closed.insert(end, case.place());
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The end of an open case.
    const OPEN: i32 = -1;

    fn lines(cases: &[(u64, i32, i32)]) -> Vec<(u64, u64)> {
        let mut list = Parts::new(usize::MAX);
        for ((person, start, end), line) in cases.iter().zip(1..) {
            let place = Place { export: 0, line };
            list.push(
                person << 60,
                PersonCase::new(person << 60, Day(*start), (*end != OPEN).then_some(Day(*end)), place),
            );
        }
        let found = possible([list].into_iter(), Day(1000), 14, 2).expect("nothing is set aside");
        found.into_iter().map(|(later, earlier)| (later.line, earlier.line)).collect()
    }

    #[test]
    fn a_case_opened_soon_after_the_last_one_closed_is_found() {
        assert_eq!(lines(&[(1, 100, 200), (1, 200, 300)]), [(2, 1)]);
        assert_eq!(lines(&[(1, 100, 200), (1, 214, OPEN)]), [(2, 1)]);
        assert_eq!(lines(&[(1, 100, 200), (1, 215, 300)]), []);
        assert_eq!(lines(&[(1, 100, 200), (2, 200, 300)]), []);
        assert_eq!(lines(&[(1, 100, OPEN), (1, 110, 300)]), []);
        assert_eq!(lines(&[(1, 100, 100), (1, 100, 100)]), [], "equal rows are one case");
        assert_eq!(lines(&[(1, 900, 995), (1, 1001, 1100)]), [], "it has not begun");
        assert_eq!(lines(&[(1, 100, 200), (1, 150, 205), (1, 210, 300)]), [(3, 2)]);
        assert_eq!(
            lines(&[(1, 100, 200), (1, 150, 900), (1, 210, 300)]),
            [(3, 1)],
            "the longer one hides none"
        );
    }
}
