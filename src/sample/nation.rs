//! A nation's export: child investigations of many units over many years, in the four columns that matter, as large as
//! time and memory are to be measured with.
//!
//! What a case is follows from its number alone, so that the same cases can be written in any order and none is held.

use std::io::{self, Write};

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::days::AS_OF;
use crate::date::{Day, months_after};

/// Name of the file.
pub const FILE_NAME: &str = "utredningar.csv";
/// Most years over which starts are spread: the law of the built-in rulebook is of 2002.
pub const MOST_YEARS: u16 = 22;

const HEADER: &str = "Ärendenr;Enhet;Utredning inledd;Utredning avslutad\r\n";
/// The deadline of a child investigation.
const MONTHS: u32 = 4;
/// Days of the longest.
const LONGEST: usize = 400;
/// Random words that a case may use.
const WORDS_PER_CASE: u128 = 16;

/// Begins and ends of the units' names. Put together they are places that may or may not exist.
const BEGINS: [&str; 40] = [
    "Alm", "Ask", "Asp", "Berg", "Björk", "Bok", "Dal", "Ek", "En", "Fors", "Gran", "Gräs", "Hag", "Hassel",
    "Hav", "Hed", "Hägg", "Kalk", "Klint", "Kvarn", "Lid", "Lind", "Ljung", "Lund", "Lönn", "Löv", "Mal",
    "Norr", "Rönn", "Sand", "Sjö", "Skog", "Sten", "Strand", "Söder", "Torn", "Val", "Väster", "Äng",
    "Öster",
];
const ENDS: [&str; 25] = [
    "arp", "bro", "bruk", "by", "fjärd", "hamn", "hult", "hyttan", "kulla", "köping", "lösa", "mo", "näs",
    "rum", "ryd", "sala", "sta", "stad", "sund", "sätra", "torp", "tuna", "vad", "vik", "änge",
];

/// What is to be written.
#[derive(Debug, Clone, Copy)]
pub struct Nation {
    /// Cases in all.
    pub cases: u64,
    /// Units, at least one.
    pub units: u16,
    /// Years up to the as-of date over which starts are spread, 1 to [`MOST_YEARS`].
    pub years: u16,
    /// Neither in order of start nor of case numbers; the cases are the same.
    pub shuffled: bool,
    /// The same seed gives the same bytes.
    pub seed: u64,
}

/// Writes the export, row by row: UTF-8, in order of start as case systems write them.
///
/// # Errors
/// When `out` cannot be written.
pub fn write(nation: &Nation, out: &mut dyn Write) -> io::Result<()> {
    let mut maker = Maker::new(nation);
    let step = if nation.shuffled { step_through(nation.cases) } else { 1 };
    out.write_all(HEADER.as_bytes())?;
    let mut number = 0;
    for _ in 0..nation.cases {
        maker.write_case(number, out)?;
        number = (number + step) % nation.cases;
    }
    Ok(())
}

/// A step that meets each of so many once before it comes back, and puts neighbours far apart: near the golden ratio
/// of them all, without a divisor in common.
fn step_through(count: u64) -> u64 {
    const GOLDEN_RATIO: u128 = 0x9E37_79B9_7F4A_7C15;
    let near = (u128::from(count) * GOLDEN_RATIO) >> u64::BITS;
    (near as u64..=count).find(|step| greatest_common_divisor(*step, count) == 1).unwrap_or(1)
}

fn greatest_common_divisor(one: u64, other: u64) -> u64 {
    if other == 0 { one } else { greatest_common_divisor(other, one % other) }
}

/// Makes the cases.
struct Maker {
    rng: ChaCha8Rng,
    cases: u64,
    /// Digits of a case number.
    digits: usize,
    units: Vec<String>,
    /// Every day on which a case may start, up to the as-of date, as it is written.
    days: Vec<String>,
    /// Days that a case has which starts on each of them.
    limits: Vec<usize>,
}

impl Maker {
    fn new(nation: &Nation) -> Maker {
        let as_of = Day::parse_iso(AS_OF).expect("a date");
        let (year, month, _) = as_of.civil();
        let first = Day::new(year - i32::from(nation.years), month + 1, 1).expect("a first of a month");
        let days = (first.0..=as_of.0).map(Day);
        Maker {
            rng: ChaCha8Rng::seed_from_u64(nation.seed),
            cases: nation.cases,
            digits: nation.cases.to_string().len(),
            units: (0..usize::from(nation.units)).map(unit_name).collect(),
            limits: days.clone().map(|day| (months_after(day, MONTHS).day.0 - day.0) as usize).collect(),
            days: days.map(|day| day.to_string()).collect(),
        }
    }

    /// Writes a case, counted from 0 in order of start.
    fn write_case(&mut self, number: u64, out: &mut dyn Write) -> io::Result<()> {
        self.rng.set_word_pos(u128::from(number) * WORDS_PER_CASE);
        let start = (u128::from(number) * self.days.len() as u128 / u128::from(self.cases)) as usize;
        let (unit, days) = (self.unit(), self.duration(self.limits[start]));
        // What ends after the as-of date is still open.
        let end = self.days.get(start + days).map_or("", String::as_str);
        let (unit, start, id, digits) = (&self.units[unit], &self.days[start], number + 1, self.digits);
        write!(out, "BU-{id:0digits$};{unit};{start};{end}\r\n")
    }

    /// Units differ in size: the first has about three times as many cases as the last.
    fn unit(&mut self) -> usize {
        let mut any = || self.rng.random_range(0..self.units.len());
        let (one, other) = (any(), any());
        if self.rng.random() { one.min(other) } else { one }
    }

    /// Days from start to end: any number, or, for every second case, one of the last before its limit.
    fn duration(&mut self, limit: usize) -> usize {
        if self.rng.random() {
            return self.rng.random_range(1..=LONGEST);
        }
        let mut days_left = || self.rng.random_range(0..limit / 3);
        limit - days_left().min(days_left()).min(days_left())
    }
}

/// The name of a unit: no two have the same.
fn unit_name(number: usize) -> String {
    let (begin, turn) = (number % BEGINS.len(), number / BEGINS.len());
    let name = format!("{}{}", BEGINS[begin], ENDS[(begin + turn) % ENDS.len()]);
    match turn / ENDS.len() {
        0 => name,
        again => format!("{name} {}", again + 1),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::ops::Range;

    use super::*;

    const SMALL: Nation = Nation { cases: 20_000, units: 29, years: 10, shuffled: false, seed: 1 };

    fn text(nation: Nation) -> String {
        let mut bytes = Vec::new();
        write(&nation, &mut bytes).expect("written into memory");
        String::from_utf8(bytes).expect("UTF-8")
    }

    /// Case number, unit, start and end of each row.
    fn rows(text: &str) -> Vec<[&str; 4]> {
        let rows = text.strip_prefix(HEADER).expect("the header").split_terminator("\r\n");
        rows.map(|row| row.split(';').collect::<Vec<_>>().try_into().expect("four cells")).collect()
    }

    fn day(text: &str) -> Day {
        Day::parse_iso(text).expect("a day")
    }

    #[test]
    fn cases_are_spread_over_units_years_and_durations() {
        let text = text(SMALL);
        let rows = rows(&text);
        assert_eq!(rows.len(), 20_000);
        assert!(rows.is_sorted_by_key(|row| (row[0], row[2])));
        assert_eq!((rows[0][0], rows[0][2]), ("BU-00001", "2014-09-01"));
        assert_eq!((rows[19_999][0], rows[19_999][2]), ("BU-20000", "2024-08-31"));
        assert_eq!(rows.iter().map(|row| row[1]).collect::<HashSet<_>>().len(), 29);

        let closed = || rows.iter().filter(|row| !row[3].is_empty()).map(|row| (day(row[2]), day(row[3])));
        let days = || closed().map(|(start, end)| end.0 - start.0);
        assert_eq!((days().min(), days().max()), (Some(1), Some(400)));
        let left = |wanted: Range<i32>| {
            let left = closed().map(|(start, end)| months_after(start, MONTHS).day.0 - end.0);
            left.filter(|left| wanted.contains(left)).count()
        };
        assert!(left(0..7) > 2 * left(14..21), "most end near the deadline");
        assert!(left(0..7) > 10 * left(-7..0), "and not after it");

        assert!(rows.iter().all(|row| row[3] <= AS_OF));
        let open: Vec<_> = rows.iter().filter(|row| row[3].is_empty()).collect();
        assert!((200..1500).contains(&open.len()), "{} are open", open.len());
        assert!(open.iter().all(|row| row[2] >= "2023-07-28"), "older cases have ended");
    }

    #[test]
    fn shuffled_rows_are_the_same_in_another_order() {
        for cases in [0, 1, 2, 3, 6, 1000, 1024] {
            let nation = Nation { cases, ..SMALL };
            let (in_order, shuffled) = (text(nation), text(Nation { shuffled: true, ..nation }));
            let (in_order, mut shuffled) = (rows(&in_order), rows(&shuffled));
            let neighbours = shuffled.windows(2).filter(|pair| pair[0][2] <= pair[1][2]).count();
            assert!(cases < 1000 || neighbours < shuffled.len() * 2 / 3, "{neighbours} are in order");
            shuffled.sort_unstable();
            assert_eq!(in_order, shuffled, "{cases} cases");
        }
    }

    #[test]
    fn the_seed_decides() {
        assert_eq!(text(SMALL), text(SMALL));
        assert_ne!(text(SMALL), text(Nation { seed: 2, ..SMALL }));
    }

    #[test]
    fn no_two_units_have_the_same_name() {
        let count = 3 * BEGINS.len() * ENDS.len();
        assert_eq!((0..count).map(unit_name).collect::<HashSet<_>>().len(), count);
    }
}
