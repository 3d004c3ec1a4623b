//! Chains: cases that may be one.
//!
//! Closing an investigation and opening a new one at once, on the same questions, is a way round the
//! deadline (JO 2565-2016, 2411-2017). Whether it was one only a person can tell: such cases are counted
//! as they are, and listed.

use crate::date::Day;
use crate::ingest::{PersonCase, Place};
use crate::judge::NO_DAY;

/// The cases that opened no more than `days` days after the same person's last one closed, each with the
/// place of that one. What happened after `as_of` has not happened.
pub fn possible(mut cases: Vec<PersonCase>, as_of: Day, days: i32) -> Vec<(Place, Place)> {
    cases.retain(|case| case.start <= as_of.0);
    cases.sort_unstable_by_key(|case| (case.person, case.start, case.end, case.place));
    // Equal rows are one case.
    cases.dedup_by_key(|case| (case.person, case.start, case.end));
    let mut found = Vec::new();
    for person in cases.chunk_by(|one, next| one.person == next.person) {
        for (index, later) in person.iter().enumerate() {
            let closed_before = person[..index].iter().filter(|earlier| {
                earlier.end != NO_DAY
                    && (earlier.start..=as_of.0).contains(&earlier.end)
                    && (0..=days).contains(&(later.start - earlier.end))
            });
            if let Some(last) = closed_before.max_by_key(|earlier| (earlier.end, earlier.place)) {
                found.push((later.place, last.place));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(cases: &[(u64, i32, i32)]) -> Vec<(u64, u64)> {
        let cases = cases.iter().zip(1..).map(|((person, start, end), line)| {
            let place = Place { export: 0, line };
            PersonCase { control: 0, person: *person, start: *start, end: *end, place }
        });
        let found = possible(cases.collect(), Day(1000), 14);
        found.into_iter().map(|(later, earlier)| (later.line, earlier.line)).collect()
    }

    #[test]
    fn a_case_opened_soon_after_the_last_one_closed_is_found() {
        assert_eq!(lines(&[(1, 100, 200), (1, 200, 300)]), [(2, 1)]);
        assert_eq!(lines(&[(1, 100, 200), (1, 214, NO_DAY)]), [(2, 1)]);
        assert_eq!(lines(&[(1, 100, 200), (1, 215, 300)]), []);
        assert_eq!(lines(&[(1, 100, 200), (2, 200, 300)]), []);
        assert_eq!(lines(&[(1, 100, NO_DAY), (1, 110, 300)]), []);
        assert_eq!(lines(&[(1, 100, 100), (1, 100, 100)]), [], "equal rows are one case");
        assert_eq!(lines(&[(1, 900, 995), (1, 1001, 1100)]), [], "it has not begun");
        assert_eq!(lines(&[(1, 100, 200), (1, 150, 205), (1, 210, 300)]), [(3, 2)]);
    }
}
