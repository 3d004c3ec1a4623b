//! Extents: how far the exports of a control reach.
//!
//! Exports that share a unit follow one another, and are one strand. Exports of other units are strands of their own: a
//! control is whole where all of its strands are, but for those that hold hardly any of its cases.

use std::collections::BTreeSet;

use crate::date::Day;
use crate::ingest::{DayCounts, widest_gap};
use crate::pipeline::Read;
use crate::tally::{Dense, GroupName};

/// So many dates would be expected of a time without any before they are taken to be missing: by chance one such time in
/// four hundred has none (Poisson).
pub const EXPECTED: f64 = 6.0;
/// Fewer cases, or cases of fewer days, show nothing of how they usually come.
const FEWEST: u64 = 100;
const FEWEST_DAYS: usize = 60;
/// Nor do dates on fewer days of the half-year beside a time without any: they come in batches.
const FEWEST_NEAR: usize = 20;
const HALF_YEAR: i32 = 182;
/// Days without a date that holidays can explain where few are expected.
const QUIET: i32 = 31;
/// Days without a date that mean nothing, however many are expected.
const SHORT: i32 = 10;
/// A strand with one case in so many may be left out of account.
const PART: u64 = 20;
/// Days in which the usual pace is measured.
pub const YEAR: i32 = 365;

/// The dates in exports that share units.
#[derive(Debug, Clone, Default)]
pub struct Strand {
    /// Their units.
    pub units: BTreeSet<GroupName>,
    /// Days on which cases start.
    pub starts: DayCounts,
    /// Days on which they end.
    pub ends: DayCounts,
}

/// A time in which no case started, or none ended, although some must have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gap {
    /// The days of it.
    pub days: (Day, Day),
    /// Whether it is one of ends, not of starts.
    pub is_of_ends: bool,
}

impl Strand {
    /// The strands of a control's exports.
    pub fn all<'a>(exports: impl Iterator<Item = &'a Read>) -> Vec<Strand> {
        let mut strands: Vec<Strand> = Vec::new();
        for read in exports {
            let mut units = read.units.clone();
            // Cases without a unit show nothing where others have one.
            if units.len() > 1 {
                units.remove(&GroupName::default());
            }
            let mut strand = Strand { units, starts: read.starts.clone(), ends: read.ends.clone() };
            let is_same = |other: &mut Strand| !other.units.is_disjoint(&strand.units);
            for other in strands.extract_if(.., is_same).collect::<Vec<_>>() {
                strand.units.extend(other.units);
                strand.starts.join(&other.starts);
                strand.ends.join(&other.ends);
            }
            strands.push(strand);
        }
        strands
    }

    /// Its cases.
    pub fn cases(&self) -> u64 {
        self.starts.total()
    }

    /// Whether some case has not ended, even after the as-of date.
    pub fn has_open(&self) -> bool {
        self.starts.total() > self.ends.total()
    }

    /// The last day of its dates, if what has happened between it and the as-of date is missing.
    fn ends_early(&self, as_of: Day) -> Option<Day> {
        let days = self.starts.and(&self.ends);
        if self.cases() < FEWEST || days.days().count() < FEWEST_DAYS {
            return None;
        }
        let last = days.edge()?.last;
        let from = last.plus_days(1 - YEAR);
        if days_between(&days, last.plus_days(1 - HALF_YEAR), last) < FEWEST_NEAR {
            return None;
        }
        let used: Vec<Day> = usual(&days, last).filter(|day| *day >= from).collect();
        let quiet = as_of.0 - last.0;
        let expected = pace(&days, from, last) * f64::from(quiet);
        // In a month or less, of which little comes in the holidays, many must be expected.
        let wanted = if quiet > QUIET { EXPECTED } else { 10.0 * EXPECTED };
        (quiet > SHORT.max(3 * widest_gap(used.iter().copied())) && expected >= wanted).then_some(last)
    }
}

/// The last day on which all is known, if it is not the as-of date: the first on which a strand ends of those that count.
pub fn known_until(strands: &[Strand], as_of: Day) -> Option<Day> {
    strictest(strands, |strand| early_end(strand, strands, as_of).map(|day| -day.0)).map(|day| Day(-day))
}

/// The first day on which a strand ends early, whether or not it counts.
pub fn first_early_end(strands: &[Strand], as_of: Day) -> Option<Day> {
    strands.iter().filter_map(|strand| early_end(strand, strands, as_of)).min()
}

/// The day on which a strand ends early; one without open cases is that of a unit that is no more, unless all are without.
fn early_end(strand: &Strand, all: &[Strand], as_of: Day) -> Option<Day> {
    let is_over = !strand.has_open() && all.iter().any(Strand::has_open);
    strand.ends_early(as_of).filter(|_| !is_over)
}

/// The first day from which on all strands are there that count: that of the last of those that begin later than
/// `since`, by the day on which each begins.
pub fn begun_since(strands: &[Strand], since: Day, begins: impl Fn(&Strand) -> Option<Day>) -> Day {
    let later = |strand: &Strand| {
        let first = begins(strand)?;
        let expected = pace(&strand.starts, first, first.plus_days(YEAR - 1)) * f64::from(first.0 - since.0);
        (expected >= EXPECTED).then_some(first.0)
    };
    strictest(strands, later).map_or(since, Day)
}

/// The highest bound of the strands, without those that hold a twentieth of the cases or less together.
fn strictest(strands: &[Strand], bound: impl Fn(&Strand) -> Option<i32>) -> Option<i32> {
    let all: u64 = strands.iter().map(Strand::cases).sum();
    let mut bounds: Vec<(i32, u64)> =
        strands.iter().filter_map(|strand| Some((bound(strand)?, strand.cases()))).collect();
    bounds.sort_unstable();
    let mut passed = 0;
    let counts = |(_, cases): &&(i32, u64)| {
        passed += cases;
        passed * PART > all
    };
    bounds.iter().rev().find(counts).map(|(bound, _)| *bound)
}

/// The gaps in the dates of the strands that count.
pub fn gaps(strands: &[Strand], as_of: Day) -> impl Iterator<Item = Gap> {
    let all: u64 = strands.iter().map(Strand::cases).sum();
    let counts = move |strand: &&Strand| strand.cases() >= FEWEST && strand.cases() * PART > all;
    strands.iter().filter(counts).flat_map(move |strand| {
        // Where cases are chosen by their ends, those that started before the first of these thin out.
        let from = usual(&strand.ends, as_of).next();
        let of = |days: &DayCounts, is_of_ends| {
            let found = from.map(|from| gaps_in(days, from, as_of)).unwrap_or_default();
            found.into_iter().map(move |days| Gap { days, is_of_ends })
        };
        of(&strand.starts, false).chain(of(&strand.ends, true))
    })
}

/// The days with a date up to the as-of date, without the few long before the others.
fn usual(days: &DayCounts, as_of: Day) -> impl Iterator<Item = Day> {
    let early = days.last_early();
    days.days().map(|(day, _)| day).filter(move |day| *day <= as_of && Some(*day) > early)
}

/// The gaps between dates from one day to another that are three times as wide as any near them, and in which many dates
/// would be expected by the pace of the half-years around them.
fn gaps_in(days: &DayCounts, from: Day, to: Day) -> Vec<(Day, Day)> {
    /// So many days on either side show how wide gaps are: more than a year, for what comes every year.
    const NEAR: i32 = 400;
    const SHORTEST: i32 = 28;
    let used: Vec<Day> = usual(days, to).filter(|day| *day >= from).collect();
    let width = |place: usize| used[place + 1].0 - used[place].0;
    let is_gap = |place: &usize| {
        let is_near = |other: &usize| other != place && (used[*other].0 - used[*place].0).abs() <= NEAR;
        let widest = (0..used.len() - 1).filter(is_near).map(width).max().unwrap_or(i32::MAX / 3);
        let sides = [
            (used[*place].plus_days(1 - HALF_YEAR), used[*place]),
            (used[place + 1], used[place + 1].plus_days(HALF_YEAR - 1)),
        ];
        let come_steadily = sides.iter().all(|(from, to)| days_between(days, *from, *to) >= FEWEST_NEAR);
        let expected = sides.iter().map(|(from, to)| pace(days, *from, *to)).sum::<f64>() / 2.0
            * f64::from(width(*place) - 1);
        // In July a tenth of the usual number is no wonder, so up to six weeks need more expected dates.
        let wanted = if width(*place) > QUIET + QUIET / 2 { 3.0 * EXPECTED } else { 10.0 * EXPECTED };
        come_steadily && width(*place) > 3 * widest && expected >= wanted
    };
    let wide = (0..used.len().saturating_sub(1)).filter(|place| width(*place) >= SHORTEST);
    wide.filter(is_gap).map(|place| (used[place].plus_days(1), used[place + 1].plus_days(-1))).collect()
}

/// Days with dates between two days.
fn days_between(days: &DayCounts, from: Day, to: Day) -> usize {
    days.days().filter(|(day, _)| (from..=to).contains(day)).count()
}

/// Dates a day between two days.
fn pace(days: &DayCounts, from: Day, to: Day) -> f64 {
    let within = days.days().filter(|(day, _)| (from..=to).contains(day));
    within.map(|(_, count)| f64::from(count)).sum::<f64>() / f64::from((to.0 - from.0 + 1).max(1))
}

/// The same dates, in numbers that can hold those of several exports.
pub fn dense(days: &DayCounts) -> Dense<u64> {
    let mut dense = Dense::default();
    days.days().for_each(|(day, count)| *dense.at(day.0) += u64::from(count));
    dense
}

#[cfg(test)]
mod tests {
    use rand::rngs::StdRng;
    use rand::{RngExt, SeedableRng};

    use super::*;

    const AS_OF: Day = Day(1_000);

    /// A unit's cases: one every `every` days from one day to another, each open for 60 days, and open still if it would
    /// end after the last day.
    fn strand(unit: &str, (from, to): (i32, i32), every: i32) -> Strand {
        let mut strand = Strand { units: BTreeSet::from([unit.into()]), ..Strand::default() };
        for start in (from..=to).step_by(every as usize) {
            strand.starts.add(Day(start));
            if start + 60 <= to {
                strand.ends.add(Day(start + 60));
            }
        }
        strand
    }

    #[test]
    fn an_export_that_ends_before_the_as_of_date_is_known_until_then() {
        let until = |strands: &[Strand]| known_until(strands, AS_OF).map(|day| day.0);
        let whole = strand("Norr", (0, 1_000), 2);
        assert_eq!(until(std::slice::from_ref(&whole)), None);
        assert_eq!(until(&[strand("Norr", (0, 970), 2)]), None, "a month in which nothing happens");
        assert_eq!(until(&[strand("Norr", (0, 970), 1)]), Some(970), "in which much would happen");
        assert_eq!(until(&[strand("Norr", (0, 985), 1)]), None, "two weeks");
        let mut much = strand("Norr", (0, 985), 1);
        for _ in 0..2 {
            much.starts.join(&strand("Norr", (0, 985), 1).starts);
            much.ends.join(&strand("Norr", (0, 985), 1).ends);
        }
        assert_eq!(until(&[much]), Some(985), "in which very much would happen");
        assert_eq!(until(&[strand("Norr", (0, 950), 2)]), Some(950));
        assert_eq!(until(&[strand("Norr", (0, 950), 30)]), None, "hardly anything happens anyway");
        assert_eq!(until(&[whole.clone(), strand("Syd", (0, 800), 2)]), Some(800));
        assert_eq!(until(&[whole.clone(), strand("Syd", (0, 800), 60)]), None, "so few do not count");
        // A unit that is no more has no open cases.
        let mut closed = strand("Syd", (0, 800), 2);
        (742..=800).step_by(2).for_each(|_| closed.ends.add(Day(800)));
        assert_eq!(until(&[whole, closed]), None);
    }

    #[test]
    fn exports_of_one_unit_follow_one_another() {
        let read = |unit: &str, days| {
            let Strand { units, starts, ends } = strand(unit, days, 2);
            Read { units, starts, ends, ..Read::default() }
        };
        let exports = [read("Norr", (0, 500)), read("Syd", (0, 1_000)), read("Norr", (502, 1_000))];
        let strands = Strand::all(exports.iter());
        assert_eq!(strands.len(), 2);
        assert_eq!(known_until(&strands, AS_OF), None);
        assert_eq!(strands.iter().map(Strand::cases).sum::<u64>(), 251 + 501 + 250);
    }

    #[test]
    fn a_strand_that_begins_later_moves_the_beginning_if_its_cases_would_be_missed() {
        let since = |strands: &[Strand]| {
            begun_since(strands, Day(0), |strand| strand.starts.days().next().map(|(day, _)| day)).0
        };
        let whole = strand("Norr", (0, 1_000), 2);
        assert_eq!(since(&[whole.clone(), strand("Syd", (400, 1_000), 2)]), 400);
        assert_eq!(since(&[whole.clone(), strand("Syd", (8, 1_000), 2)]), 0, "by chance");
        assert_eq!(since(&[whole, strand("Syd", (400, 1_000), 70)]), 0, "so few do not count");
    }

    /// Dates every few days, but for some days.
    fn dates(every: usize, gap: std::ops::RangeInclusive<i32>) -> DayCounts {
        let mut days = DayCounts::default();
        (0..1_000).step_by(every).filter(|day| !gap.contains(day)).for_each(|day| days.add(Day(day)));
        days
    }

    #[test]
    fn a_time_without_dates_is_a_gap_if_many_would_be_expected() {
        let found = |days: &DayCounts| {
            let gaps = gaps_in(days, Day(0), AS_OF);
            assert!(gaps.len() < 2);
            gaps.first().map(|(from, to)| (from.0, to.0))
        };
        assert_eq!(found(&dates(1, 400..=490)), Some((400, 490)), "a quarter");
        let mut twice = dates(1, 400..=430);
        assert_eq!(found(&twice), None, "a month without thirty");
        twice.join(&dates(1, 400..=430));
        assert_eq!(found(&twice), Some((400, 430)), "without sixty");
        assert_eq!(found(&dates(4, 400..=490)), Some((397, 491)), "a quarter of few cases");
        assert_eq!(found(&dates(12, 402..=490)), None, "of fewer");
        assert_eq!(found(&dates(1, 400..=420)), None, "three weeks");
        assert_eq!(found(&dates(1, 2_000..=2_000)), None);
        // Two that lie far from each other are found both.
        let mut both = DayCounts::default();
        (0..2_000)
            .filter(|day| !(400..=490).contains(day) && !(1_200..=1_300).contains(day))
            .for_each(|day| both.add(Day(day)));
        assert_eq!(gaps_in(&both, Day(0), Day(2_000)).len(), 2);
        // A few old dates show no pace, and what comes in batches comes when it does.
        let mut old = dates(1, 0..=347);
        (0..10).for_each(|_| old.add(Day(0)));
        assert_eq!(found(&old), None);
        let mut batches = DayCounts::default();
        for day in [0, 41, 82, 130, 171, 400, 441, 480] {
            (0..90).for_each(|_| batches.add(Day(day)));
        }
        assert_eq!(found(&batches), None);
        // Nothing is expected between the dates of quarters.
        let mut quarters = DayCounts::default();
        (0..11).for_each(|quarter| (0..30).for_each(|_| quarters.add(Day(quarter * 91))));
        assert_eq!(found(&quarters), None);
    }

    /// Hardly anything happens in July and around the turn of the year; nothing is missing for that.
    #[test]
    fn holidays_are_no_gaps() {
        let mut rng = StdRng::seed_from_u64(7);
        let [first, last] = ["2021-01-01", "2024-08-31"].map(|day| Day::parse_iso(day).expect("a day"));
        let mut found = 0;
        for set in 0..300 {
            let a_day: f64 = rng.random_range(0.1..3.0);
            let last = last.plus_days(-rng.random_range(0..YEAR));
            let quiet = [0.1, 0.3][set % 2];
            let mut dates = || {
                let mut days = DayCounts::default();
                for day in first.0..=last.0 {
                    let is_quiet = matches!(Day(day).month().rem_euclid(12), 6 | 11);
                    let pace = if is_quiet { a_day * quiet } else { a_day };
                    // Twenty draws make a number near enough to a Poisson one.
                    (0..20).filter(|_| rng.random_bool(pace / 20.0)).for_each(|_| days.add(Day(day)));
                }
                days
            };
            let strand = Strand { starts: dates(), ends: dates(), ..Strand::default() };
            let strands = std::slice::from_ref(&strand);
            found += u64::from(gaps(strands, last).next().is_some() || known_until(strands, last).is_some());
        }
        assert!(found <= 6, "{found} of 300");
    }
}
