//! Persons: a hash for the person of a case, which means nothing outside the run.
//!
//! The hash has a new key in every run and never leaves memory. A case takes sixteen bytes, since exports with millions
//! of cases are searched for chains.

use std::hash::BuildHasher;

use foldhash::quality::RandomState;

use super::faults::Place;
use crate::date::{Day, FIRST_INPUT_DAY};
use crate::values::{lacks_value, name};

/// A case and its person: 48 bits of the person's hash, 16 of the start, 16 of the end, 16 of the export, 32 of the
/// line. In this order, cases of one person are adjacent, oldest first. Of ten million persons, two share their 48 bits
/// in one run out of six, and their cases would have to follow each other within days to be taken for a chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct PersonCase(u128);

/// Means no day; days are stored as offsets from [`FIRST_INPUT_DAY`], and input days end long before this one.
const NO_DAY: u16 = u16::MAX;

impl PersonCase {
    /// A case of the person with this hash.
    pub fn new(hash: u64, start: Day, end: Option<Day>, place: Place) -> PersonCase {
        let day = |day: Day| u16::try_from(day.0 - FIRST_INPUT_DAY.0).unwrap_or(NO_DAY);
        let export = u16::try_from(place.export).unwrap_or(u16::MAX);
        let line = u32::try_from(place.line).unwrap_or(u32::MAX);
        let days = u128::from(day(start)) << 64 | u128::from(end.map_or(NO_DAY, day)) << 48;
        PersonCase(u128::from(hash >> 16) << 80 | days | u128::from(export) << 32 | u128::from(line))
    }

    /// All fields in one number.
    pub fn bits(self) -> u128 {
        self.0
    }

    /// The inverse of [`PersonCase::bits`].
    pub fn from_bits(bits: u128) -> PersonCase {
        PersonCase(bits)
    }

    /// The person's hash.
    pub fn person(self) -> u64 {
        (self.0 >> 80) as u64
    }

    /// Start day.
    pub fn start(self) -> Day {
        FIRST_INPUT_DAY.plus_days(i32::from((self.0 >> 64) as u16))
    }

    /// End day; `None` while the case is open.
    pub fn end(self) -> Option<Day> {
        let day = (self.0 >> 48) as u16;
        (day != NO_DAY).then(|| FIRST_INPUT_DAY.plus_days(i32::from(day)))
    }

    /// Where the case is.
    pub fn place(self) -> Place {
        Place { export: usize::from((self.0 >> 32) as u16), line: u64::from(self.0 as u32) }
    }

    /// Whether person, start and end are the same.
    pub fn equals(self, other: PersonCase) -> bool {
        self.0 >> 48 == other.0 >> 48
    }
}

/// Digits of YYYYMMDDNNNC, a birth number with its century.
const WITH_CENTURY: u32 = 12;
/// The part of a birth number after its century is below this.
const WITHOUT_CENTURY: u64 = 10_000_000_000;
/// The most digits of a number that fits.
const MOST_DIGITS: u32 = 19;

/// Hashes a person so that two exports agree: letters and digits only, a birth number without its century. `None` for
/// an empty cell and a formula without a value.
pub fn hash_of(cell: &[u8], empty: &[String], keyed: &RandomState) -> Option<u64> {
    if let (Some(number), true) = (Number::of(cell), empty.is_empty()) {
        return Some(keyed.hash_one(number));
    }
    if lacks_value(cell) {
        return None;
    }
    let text = name(cell, empty);
    let mut plain: String = text.chars().filter(|letter| letter.is_alphanumeric()).collect();
    plain.make_ascii_uppercase();
    match Number::of(plain.as_bytes()) {
        Some(number) => Some(keyed.hash_one(number)),
        // The last four places of a birth number may contain a letter if it is an interim number.
        None if plain.len() == WITH_CENTURY as usize
            && plain.bytes().take(8).all(|byte| byte.is_ascii_digit()) =>
        {
            Some(keyed.hash_one(&plain[2..]))
        }
        None => (!plain.is_empty()).then(|| keyed.hash_one(&plain)),
    }
}

/// A person's number that consists of digits.
#[derive(PartialEq, Eq, Hash)]
struct Number {
    value: u64,
    digits: u32,
}

impl Number {
    fn of(cell: &[u8]) -> Option<Number> {
        let (mut value, mut digits) = (0u64, 0);
        for byte in cell {
            match byte {
                b'0'..=b'9' if digits < MOST_DIGITS => {
                    (value, digits) = (value * 10 + u64::from(byte - b'0'), digits + 1);
                }
                b'-' | b'+' | b' ' => {}
                _ => return None,
            }
        }
        match digits {
            0 => None,
            WITH_CENTURY => Some(Number { value: value % WITHOUT_CENTURY, digits: digits - 2 }),
            _ => Some(Number { value, digits }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_person_are_one() {
        let keyed = RandomState::default();
        let hash = |text: &str| hash_of(text.as_bytes(), &[], &keyed);
        let wanted = hash("1212121212");
        assert!(wanted.is_some());
        for text in
            ["19121212-1212", "121212-1212", "1912 1212 1212", "\u{a0}19121212-1212", "=\"121212-1212\""]
        {
            assert_eq!(hash(text), wanted, "{text}");
        }
        assert_eq!(hash("20121212-T212"), hash("121212-t212"));
        assert_ne!(hash("17"), hash("017"));
        assert_eq!(hash("p17"), hash("P-17"));
        assert_ne!(hash("p17"), hash("p18"));
        for text in ["", "-", "NULL"] {
            assert_eq!(hash(text), None, "{text}");
        }
        assert_ne!(hash(&"7".repeat(40)), hash(&"7".repeat(41)));
    }

    #[test]
    fn a_case_keeps_what_it_is_made_of() {
        let place = Place { export: 7, line: 4_000_000_000 };
        let case = PersonCase::new(u64::MAX, Day(47_846), None, place);
        assert_eq!((case.start(), case.end(), case.place()), (Day(47_846), None, place));
        assert_eq!(PersonCase::new(1 << 20, Day(0), Some(Day(5)), place).end(), Some(Day(5)));
    }
}
