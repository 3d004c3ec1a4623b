//! Funnel: which groups' shares differ from those of the others, over the last period and over longer time.
//!
//! Each group is compared with the rest by the exact tails of the hypergeometric distribution, divided by the
//! dispersion between months, and one false discovery rate over all groups and windows decides which are named. Charts,
//! sentences, tables and files read that decision; limits are lines for the eye and decide nothing.

use schemars::JsonSchema;
use serde::Serialize;

use super::counts::CaseCounts;
use super::headline::FEWEST_IN_HEADLINE;
use super::interval::{Interval, Z95, Z998};
use super::tails::{conditional_z, normal_quantile};
use crate::date::Day;
use crate::period::Period;

/// Months of the longer windows.
const LONGER: [i32; 2] = [12, 36];
/// The share of the groups named that may be named by chance (Benjamini & Hochberg 1995, JRSS B 57).
const FALSE_DISCOVERIES: f64 = 0.05;
/// Fewest deviations of a group that is named for many, and fewest expected of one that is named for few.
const FEWEST_DEVIATIONS: f64 = 3.0;

/// A time in which groups are compared.
#[derive(Debug, Clone, PartialEq)]
pub struct FunnelWindow {
    /// Its first and last month, or period of the published edition.
    pub ends: (Period, Period),
    /// The headline's period, when it is that one.
    pub period: Option<Period>,
    /// Deviations and judged cases of all groups.
    pub target: (u64, u64),
}

impl FunnelWindow {
    /// Its first day.
    pub fn first_day(&self) -> Day {
        self.ends.0.first_day()
    }

    /// Its last day.
    pub fn last_day(&self) -> Day {
        self.ends.1.last_day()
    }

    /// The share of all groups, 0–1.
    pub fn center(&self) -> f64 {
        self.target.0 as f64 / self.target.1 as f64
    }
}

/// Where a group lies in the funnel of a window.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FunnelPlace {
    /// Judged cases.
    pub cases: u64,
    /// Deviations among them.
    pub deviations: u64,
    /// Deviations if its share were that of all groups.
    pub expected: f64,
    /// The 95 % limits for so many cases.
    pub limits95: Interval,
    /// The 99.8 % limits.
    pub limits998: Interval,
    /// How far its share lies from that of the rest, in standard deviations of what chance and the dispersion between
    /// months give; above 0 when it is higher.
    pub z: f64,
    /// Its share differs from that of the rest: it is named.
    pub differs: Option<Differs>,
}

/// How a group's share differs from that of the rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Differs {
    /// It is higher.
    Higher,
    /// It is lower.
    Lower,
}

impl Differs {
    /// The name in files and text catalogues.
    pub fn id(self) -> &'static str {
        match self {
            Differs::Higher => "higher",
            Differs::Lower => "lower",
        }
    }
}

/// The shares of `cases` cases whose Wilson interval just touches the target: the score test of the target
/// inverted (Spiegelhalter 2005, Statistics in Medicine 24; PHE's funnel limits). `cases` is above 0.
pub fn funnel_limits(target: f64, cases: f64, z: f64) -> Interval {
    let reach = z * (target * (1.0 - target) / cases).sqrt();
    Interval { low: (target - reach).max(0.0), high: (target + reach).min(1.0) }
}

/// What was counted in each of some months, or periods of the published edition; `None` where that is hidden.
pub type Counted = Vec<Option<CaseCounts>>;

/// Groups that are compared.
pub struct Compared {
    /// The months, up to the end of the headline's period and as far back as the export knows all of them.
    pub months: Vec<Period>,
    /// What was counted of all groups.
    pub whole: Counted,
    /// What was counted of each group, and whether it is one: those taken together are not.
    pub groups: Vec<(Counted, bool)>,
}

/// A funnel for each window.
pub struct Funnels {
    /// The windows, shortest first; none where no group can be compared.
    pub windows: Vec<FunnelWindow>,
    /// The variance between months over that of chance, at least 1.
    pub dispersion: f64,
    /// Places by group and window; `None` without a judged case, or where more than 5 % are undetermined.
    pub places: Vec<Vec<Option<FunnelPlace>>>,
}

impl Compared {
    /// The funnels; `period` is the headline's, `has_share` whether it has one.
    pub fn funnels(&self, period: Period, has_share: bool) -> Funnels {
        let slot = self.months.last().map_or(1, |last| last.kind.months());
        let lengths = [period.kind.months(), LONGER[0], LONGER[1]].map(|months| (months / slot) as usize);
        let mut windows: Vec<(FunnelWindow, usize)> = Vec::new();
        for (number, length) in lengths.into_iter().enumerate() {
            // The period is itself however short the export; longer windows end where it does.
            let length = length.min(self.months.len());
            let is_new = windows.last().is_none_or(|(_, before)| length > *before);
            let Some(all) = sum(last(&self.whole, length)).filter(|_| is_new && (number > 0 || has_share))
            else {
                continue;
            };
            // Of one group there is no rest.
            let has_cases =
                |(counted, _): &&(Counted, bool)| sum(last(counted, length)).is_none_or(|own| own.cases > 0);
            let are_two = self.groups.iter().filter(has_cases).nth(1).is_some();
            if all.cases < FEWEST_IN_HEADLINE || !all.is_mostly_judged() || !are_two || !self.compares(length)
            {
                continue;
            }
            let ends = (self.months[self.months.len() - length], self.months[self.months.len() - 1]);
            let period = (number == 0).then_some(period);
            windows.push((FunnelWindow { ends, period, target: (all.deviations, all.cases) }, length));
        }
        let dispersion = self.dispersion(windows.last().map_or(0, |(_, length)| *length));
        let place = |counted: &Counted, (window, length): &(FunnelWindow, usize)| {
            FunnelPlace::of(sum(last(counted, *length))?, window.target, dispersion)
        };
        let mut places: Vec<Vec<Option<FunnelPlace>>> = self
            .groups
            .iter()
            .map(|(counted, _)| windows.iter().map(|window| place(counted, window)).collect())
            .collect();
        let units = places.iter_mut().zip(&self.groups).filter(|(_, (_, is_unit))| *is_unit);
        name_those_that_differ(units.flat_map(|(places, _)| places.iter_mut().flatten()).collect());
        Funnels { windows: windows.into_iter().map(|(window, _)| window).collect(), dispersion, places }
    }

    /// Whether a group has a place in the last so many months: in the published edition all of them may be hidden.
    fn compares(&self, length: usize) -> bool {
        let units = self.groups.iter().filter(|(_, is_unit)| *is_unit);
        let mut shown = units.filter_map(|(counted, _)| sum(last(counted, length)));
        shown.any(|own| own.cases > 0 && own.is_mostly_judged())
    }

    /// The variance of groups' deviations between months over that of the hypergeometric distribution, at least 1
    /// (Pearson), in the last so many months. What all groups had in common in a month is no dispersion between them,
    /// and a group that is always higher disperses nothing either: deviations are expected by the share of all in the
    /// month, times the group's own level.
    fn dispersion(&self, length: usize) -> f64 {
        let (mut squares, mut variances, mut free) = (0.0, 0.0, 0.0);
        let mut cells = 0.0;
        for (counted, _) in &self.groups {
            let months = last(counted, length).iter().zip(last(&self.whole, length));
            let months: Vec<(f64, f64, f64)> =
                months.filter_map(|(own, all)| month(&(*own)?, &(*all)?)).collect();
            let found: f64 = months.iter().map(|(deviations, ..)| deviations).sum();
            let expected: f64 = months.iter().map(|(_, expected, _)| expected).sum();
            if months.len() < 2 || found == 0.0 {
                continue;
            }
            let level = found / expected;
            for (deviations, expected, variance) in &months {
                squares += (deviations - expected * level).powi(2);
                variances += variance * level;
            }
            cells += months.len() as f64;
            free += months.len() as f64 - 1.0;
        }
        if free > 0.0 { (squares / variances * cells / free).max(1.0) } else { 1.0 }
    }
}

/// Deviations of a group in a month, those expected by the share of all, and their hypergeometric variance; `None`
/// where nothing can differ.
fn month(own: &CaseCounts, all: &CaseCounts) -> Option<(f64, f64, f64)> {
    let [cases, all_cases, late] = [own.cases, all.cases, all.deviations].map(|count| count as f64);
    if own.cases == 0 || own.cases >= all.cases || all.deviations == 0 || all.deviations == all.cases {
        return None;
    }
    let share = late / all_cases;
    let variance = cases * share * (1.0 - share) * (all_cases - cases) / (all_cases - 1.0);
    Some((own.deviations as f64, cases * share, variance))
}

fn last(counted: &Counted, length: usize) -> &[Option<CaseCounts>] {
    &counted[counted.len() - length..]
}

/// The sum of some months; `None` when one is hidden.
fn sum(months: &[Option<CaseCounts>]) -> Option<CaseCounts> {
    months.iter().copied().fold(Some(CaseCounts::default()), plus)
}

/// Two counts together; `None` when one is hidden.
fn plus(one: Option<CaseCounts>, other: Option<CaseCounts>) -> Option<CaseCounts> {
    let mut sum = one?;
    sum += other?;
    Some(sum)
}

impl FunnelPlace {
    /// The place of a group among all groups, `target`, before it is decided who is named.
    fn of(own: CaseCounts, target: (u64, u64), dispersion: f64) -> Option<FunnelPlace> {
        if own.cases == 0 || !own.is_mostly_judged() {
            return None;
        }
        let center = target.0 as f64 / target.1 as f64;
        let limits = |z| funnel_limits(center, own.cases as f64, z);
        let rest = (target.0 - own.deviations, target.1 - own.cases);
        Some(FunnelPlace {
            cases: own.cases,
            deviations: own.deviations,
            expected: own.cases as f64 * center,
            limits95: limits(Z95),
            limits998: limits(Z998),
            z: conditional_z((own.deviations, own.cases), rest) / dispersion.sqrt(),
            differs: None,
        })
    }

    /// Deviations and cases of the rest.
    pub fn rest(&self, window: &FunnelWindow) -> (u64, u64) {
        (window.target.0 - self.deviations, window.target.1 - self.cases)
    }

    /// How it would differ, if there are deviations enough to speak of.
    fn direction(&self) -> Option<Differs> {
        match self.z {
            z if z > 0.0 => (self.deviations as f64 >= FEWEST_DEVIATIONS).then_some(Differs::Higher),
            z if z < 0.0 => (self.expected >= FEWEST_DEVIATIONS).then_some(Differs::Lower),
            _ => None,
        }
    }
}

/// Decides over all groups and windows together which differ: those up to the last whose deviate is beyond what its
/// rank wants (Benjamini & Hochberg).
fn name_those_that_differ(mut places: Vec<&mut FunnelPlace>) {
    places.sort_by(|one, other| other.z.abs().total_cmp(&one.z.abs()));
    let all = places.len() as f64;
    let wanted = |rank: usize| -normal_quantile(FALSE_DISCOVERIES * rank as f64 / all / 2.0);
    let last = (1..=places.len()).rev().find(|rank| places[rank - 1].z.abs() >= wanted(*rank)).unwrap_or(0);
    for place in &mut places[..last] {
        place.differs = place.direction();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::period::PeriodKind;

    fn counts(deviations: u64, cases: u64) -> Option<CaseCounts> {
        Some(CaseCounts { cases, deviations, ..CaseCounts::default() })
    }

    /// Groups of so many deviations and cases in each month up to August 2024.
    fn compared(groups: &[&[(u64, u64)]]) -> Compared {
        let length = groups[0].len();
        let last = Period::parse("2024-08").expect("a month").index;
        let months = (0..length).map(|back| Period { kind: PeriodKind::Month, index: last - back as i32 });
        let all = |place: usize| {
            let all =
                groups.iter().fold((0, 0), |sum, group| (sum.0 + group[place].0, sum.1 + group[place].1));
            counts(all.0, all.1)
        };
        let of = |group: &&[(u64, u64)]| (group.iter().map(|(d, n)| counts(*d, *n)).collect(), true);
        Compared {
            months: months.rev().collect(),
            whole: (0..length).map(all).collect(),
            groups: groups.iter().map(of).collect(),
        }
    }

    fn funnels(compared: &Compared) -> Funnels {
        compared.funnels(Period::parse("2024-T2").expect("a tertial"), true)
    }

    fn named(funnels: &Funnels) -> Vec<Vec<Option<Differs>>> {
        let of = |places: &Vec<Option<FunnelPlace>>| {
            places.iter().map(|place| place.and_then(|place| place.differs)).collect()
        };
        funnels.places.iter().map(of).collect()
    }

    #[test]
    fn a_share_on_the_limit_has_a_wilson_interval_that_touches_the_target() {
        for (target, cases) in [(0.345, 25.0), (0.05, 400.0), (0.9, 12.0)] {
            let limits = funnel_limits(target, cases, Z95);
            for share in [limits.low, limits.high].into_iter().filter(|share| *share > 0.0 && *share < 1.0) {
                let (d, z2) = (share * cases, Z95 * Z95);
                let reach = Z95 * (z2 + 4.0 * d * (1.0 - share)).sqrt();
                let ends = [-1.0, 1.0].map(|sign| (2.0 * d + z2 + sign * reach) / (2.0 * (cases + z2)));
                assert!(ends.iter().any(|end| (end - target).abs() < 1e-12), "{target} {cases} {ends:?}");
            }
        }
    }

    #[test]
    fn limits_end_at_none_and_all() {
        assert_eq!(funnel_limits(0.02, 5.0, Z998).low, 0.0);
        assert_eq!(funnel_limits(0.98, 5.0, Z998).high, 1.0);
        assert_eq!(funnel_limits(0.0, 5.0, Z95), Interval { low: 0.0, high: 0.0 });
    }

    #[test]
    fn what_is_above_all_the_time_is_named_for_the_long_windows() {
        // Eight tertials of 47 % of 720 against 38 %: no tertial alone tells.
        let own: Vec<(u64, u64)> = (0..32).map(|month| (10 + month % 2, 22 + month % 2)).collect();
        let rest: Vec<(u64, u64)> = (0..32).map(|month| (27 + month % 3, 74)).collect();
        let found = funnels(&compared(&[&own, &rest]));
        assert_eq!(found.windows.len(), 3);
        let ends = found.windows[2].ends;
        assert_eq!((ends.0.to_string(), ends.1.to_string()), ("2022-01".into(), "2024-08".into()));
        let [high, low] = [Some(Differs::Higher), Some(Differs::Lower)];
        assert_eq!(named(&found), [[None, high, high], [None, low, low]]);
        assert_eq!(found.dispersion, 1.0);
    }

    #[test]
    fn windows_are_no_longer_than_the_export_and_none_comes_twice() {
        let lengths = |months: usize| {
            let series = vec![(3, 20); months];
            let found = funnels(&compared(&[&series, &series]));
            let of = |window: &FunnelWindow| window.ends.1.index - window.ends.0.index + 1;
            found.windows.iter().map(of).collect::<Vec<i32>>()
        };
        assert_eq!(lengths(60), [4, 12, 36]);
        assert_eq!(lengths(20), [4, 12, 20]);
        assert_eq!(lengths(12), [4, 12]);
        assert_eq!(lengths(3), [3]);
    }

    #[test]
    fn nobody_is_named_on_a_case_or_two() {
        // Two of two late among hundreds in time; and none of a group in which two and a half were expected.
        let with =
            |one: &[(u64, u64)], many: &[(u64, u64)]| named(&funnels(&compared(&[one, many])))[0].clone();
        assert_eq!(with(&[(0, 0), (2, 2)], &[(0, 300), (0, 300)]), [None]);
        assert_eq!(with(&[(0, 0), (3, 3)], &[(0, 300), (0, 300)]), [Some(Differs::Higher)]);
        assert_eq!(with(&[(0, 2), (0, 1)], &[(300, 300), (270, 300)]), [None]);
        assert_eq!(with(&[(0, 3), (0, 2)], &[(300, 300), (270, 300)]), [Some(Differs::Lower)]);
    }

    #[test]
    fn what_varies_much_from_month_to_month_is_named_later() {
        // 30 % against 20 % in both; in the second by months of none and of many.
        let even = [(6, 20); 36];
        let uneven: Vec<(u64, u64)> =
            (0..36).map(|month| (if month % 3 == 0 { 18 } else { 0 }, 20)).collect();
        let rest = [(20, 100); 36];
        let (calm, wild) = (funnels(&compared(&[&even, &rest])), funnels(&compared(&[&uneven, &rest])));
        assert_eq!(named(&calm)[0][2], Some(Differs::Higher));
        assert_eq!(named(&wild)[0][2], None);
        assert!(calm.dispersion == 1.0 && wild.dispersion > 5.0, "{}", wild.dispersion);
        assert!(
            (calm.places[0][2].expect("a place").z / wild.dispersion.sqrt()
                - wild.places[0][2].expect("a place").z)
                .abs()
                < 1e-9
        );
    }

    #[test]
    fn a_window_with_a_hidden_number_places_nobody() {
        let mut hidden = compared(&[&[(3, 20); 36], &[(9, 20); 36]]);
        hidden.groups[0].0[20] = None;
        let found = funnels(&hidden);
        let known: Vec<bool> = found.places[0].iter().map(Option::is_some).collect();
        assert_eq!(known, [true, true, false]);
        hidden.whole[20] = None;
        assert_eq!(funnels(&hidden).windows.len(), 2);
    }

    #[test]
    fn where_every_group_is_hidden_none_is_compared() {
        let all = compared(&[&[(9, 20); 36], &[(3, 20); 36]]);
        let hidden = all.groups.iter().map(|(counted, is_unit)| (vec![None; counted.len()], *is_unit));
        assert!(funnels(&Compared { groups: hidden.collect(), ..all }).windows.is_empty());
    }

    #[test]
    fn of_one_group_or_without_a_deviation_nothing_differs() {
        assert!(funnels(&compared(&[&[(9, 20); 36]])).windows.is_empty());
        for share in [0, 20] {
            let found = funnels(&compared(&[&[(share, 20); 36], &[(share, 20); 36]]));
            assert!(named(&found).iter().flatten().all(Option::is_none));
            assert!(found.places.iter().flatten().flatten().all(|place| place.z == 0.0));
        }
    }
}
