//! Few deviations: marks for a series whose shares move in leaps, where limits by standard deviations mean nothing.
//!
//! Each month has an exact upper limit of its number of deviations (binomial), and two cumulative sums follow the months
//! after the baseline: one for a doubling of the odds, one for a halving (Steiner et al. 2000; Neuburger et al. 2017, BMJ
//! Quality & Safety 26:919). Their limits come from an exact Markov chain over the months' own numbers of cases, such that
//! a process that stays as it was has any mark in at most one series of twenty, what the baseline does not know of its share
//! included. They are marks and show where; whether the share has changed is said by the verdict.

use super::limits::{FULL_LIMITS, Observation};
use super::point::{Signal, TrendPoint};
use super::tails::{binomial_at_least, binomial_chances};
use super::verdict::FEWEST_DEVIATIONS;
use crate::period::Period;

/// The chance of any mark in a series of an unchanged process.
const FALSE_MARKS: f64 = 0.05;
/// With fewer deviations in the baseline its share is too uncertain to start from.
const SURE_BASELINE: u64 = 10;
/// The tail beyond either end of the interval that is started from instead.
const UNSURE_TAIL: f64 = 0.2;
/// What is so unlikely is left out.
const NOTHING: f64 = 1e-9;

/// Marks of a series with few deviations.
#[derive(Debug, Clone, PartialEq)]
pub struct RareMarks {
    /// The first and the last period of the baseline.
    pub baseline: (Period, Period),
    /// Its deviations and cases.
    pub counts: (u64, u64),
    /// The share that the chart of a doubling starts from, and that of the chart of a halving, 0–1.
    pub shares: [f64; 2],
    /// The limits of the two charts.
    pub limits: [f64; 2],
    /// So many usual months in a row without a deviation reach the limit of the chart of a halving.
    pub quiet_months: u64,
    /// The periods of the segment that take part, in order.
    pub months: Vec<RareMonth>,
}

/// A period of such a series.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RareMonth {
    /// The period.
    pub period: Period,
    /// Its deviations.
    pub deviations: u64,
    /// The fewest deviations that are unusually many for its number of cases.
    pub unusual: u64,
    /// The sums of the charts of a doubling and of a halving; `None` in the baseline.
    pub sums: Option<[f64; 2]>,
    /// Which of them reached its limit, and begins again from 0.
    pub reached: [bool; 2],
}

impl RareMonth {
    /// What marks it.
    pub fn signals(&self) -> Vec<Signal> {
        let marks = [
            (self.deviations >= self.unusual, Signal::Many),
            (self.reached[0], Signal::Doubling),
            (self.reached[1], Signal::Halving),
        ];
        marks.into_iter().filter(|(is_marked, _)| *is_marked).map(|(_, signal)| signal).collect()
    }
}

/// What a series with few deviations allows.
#[derive(Debug, Clone, PartialEq)]
pub enum Rare {
    /// Marks.
    Marks(RareMarks),
    /// None: the baseline has fewer than three deviations.
    TooFew {
        /// Its deviations.
        deviations: u64,
        /// About so many more months of the same kind would give it three.
        months: u64,
    },
}

impl Rare {
    /// The marks of the points of a segment, of which the baseline is what it is frozen to, or its first half. `None` where
    /// points are too few for limits, none comes after the baseline, or a frozen baseline has too few deviations: it will
    /// never have more.
    pub fn of(points: &[&TrendPoint], frozen_at: Option<Period>) -> Option<Rare> {
        let observed = points.iter().filter_map(|point| Some((point.period, Observation::of(point)?)));
        let counted: Vec<(Period, Observation)> = observed.collect();
        let length = frozen_at.map_or(counted.len() / 2, |last| {
            counted.partition_point(|(period, _)| period.index <= last.index)
        });
        let (deviations, cases) = sum(&counted);
        let is_watched = length < counted.len();
        if counted.len() < FULL_LIMITS || !is_watched || 2 * deviations > cases {
            return None;
        }
        let counts = sum(&counted[..length]);
        if counts.0 < FEWEST_DEVIATIONS {
            if frozen_at.is_some() {
                return None;
            }
            let wanted = FEWEST_DEVIATIONS as usize * counted.len() * counted.len();
            let months = wanted.div_ceil(length * deviations as usize).saturating_sub(counted.len());
            return Some(Rare::TooFew { deviations: counts.0, months: months.max(1) as u64 });
        }
        Some(Rare::Marks(marks(&counted, length, counts)))
    }
}

fn sum(counted: &[(Period, Observation)]) -> (u64, u64) {
    counted.iter().fold((0, 0), |sum, (_, point)| (sum.0 + point.deviations, sum.1 + point.cases))
}

fn marks(counted: &[(Period, Observation)], length: usize, counts: (u64, u64)) -> RareMarks {
    let shares = starting_shares(counts);
    let truths = Truths::after(counts);
    let cases: Vec<u64> = counted.iter().map(|(_, point)| point.cases).collect();
    let a_month = FALSE_MARKS / 3.0 / cases.len() as f64;
    let unusual: Vec<u64> = cases.iter().map(|cases| truths.fewest_beyond(*cases, a_month)).collect();
    let (early, watched) = cases.split_at(length);
    let in_baseline: f64 =
        early.iter().zip(&unusual).map(|(cases, unusual)| truths.at_least(*unusual, *cases)).sum();
    let [doubling, halving] = [Cusum::doubling(shares[0]), Cusum::halving(shares[1])];
    let limits = [
        doubling.limit(watched, &unusual[length..], &truths, FALSE_MARKS * 2.0 / 3.0 - in_baseline),
        halving.limit(watched, &vec![u64::MAX; watched.len()], &truths, FALSE_MARKS / 3.0),
    ];
    let mut sums = [0.0; 2];
    let months = counted.iter().zip(unusual).enumerate().map(|(index, ((period, point), unusual))| {
        let mut month = RareMonth {
            period: *period,
            deviations: point.deviations,
            unusual,
            sums: None,
            reached: [false; 2],
        };
        if index >= length {
            for (which, chart) in [&doubling, &halving].into_iter().enumerate() {
                let before: f64 = if sums[which] >= limits[which] { 0.0 } else { sums[which] };
                sums[which] = (before + chart.step(point.deviations, point.cases)).max(0.0);
                month.reached[which] = sums[which] >= limits[which];
            }
            month.sums = Some(sums);
        }
        month
    });
    let usual = watched.iter().chain(early).sum::<u64>() as f64 / counted.len() as f64;
    RareMarks {
        baseline: (counted[0].0, counted[length - 1].0),
        counts,
        shares,
        limits,
        quiet_months: (limits[1] / (usual * halving.a_case)).ceil() as u64,
        months: months.collect(),
    }
}

/// The baseline's share; where it is unsure, the upper end of its one-sided 80 % interval for a doubling and the lower
/// for a halving (Clopper and Pearson).
fn starting_shares((deviations, cases): (u64, u64)) -> [f64; 2] {
    if deviations >= SURE_BASELINE {
        return [deviations as f64 / cases as f64; 2];
    }
    let upper = halved(|share| 1.0 - binomial_at_least(deviations + 1, cases, share) <= UNSURE_TAIL);
    let lower = halved(|share| binomial_at_least(deviations, cases, share) >= UNSURE_TAIL);
    [upper, lower]
}

/// The least share, 0–1, from which on something holds.
fn halved(holds: impl Fn(f64) -> bool) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..50 {
        let middle = (low + high) / 2.0;
        if holds(middle) { high = middle } else { low = middle }
    }
    high
}

/// What the true share may be after a baseline, each with its chance: the posterior of Jeffreys' prior at thirteen points of the
/// logarithm of the share, from three standard deviations below to four above its mode.
struct Truths(Vec<(f64, f64)>);

impl Truths {
    fn after((deviations, cases): (u64, u64)) -> Truths {
        // In the logarithm of the share the density has one more factor of the share.
        let (late, in_time) = (deviations as f64 + 0.5, ((cases - deviations) as f64 - 0.5).max(0.5));
        let mode = late / (late + in_time);
        let apart = 0.6 / late.sqrt();
        let ln_density = |share: f64| late * share.ln() + in_time * (-share).ln_1p();
        let at = |step: i32| mode * (f64::from(step) * apart).exp();
        let weighed = (-5..=7).map(at).filter(|share| *share < 1.0);
        let points: Vec<(f64, f64)> =
            weighed.map(|share| (share, (ln_density(share) - ln_density(mode)).exp())).collect();
        let all: f64 = points.iter().map(|(_, weight)| weight).sum();
        Truths(points.into_iter().map(|(share, weight)| (share, weight / all)).collect())
    }

    fn mean(&self, chance: impl Fn(f64) -> f64) -> f64 {
        self.0.iter().map(|(share, weight)| weight * chance(*share)).sum()
    }

    /// The chance of at least so many deviations.
    fn at_least(&self, deviations: u64, cases: u64) -> f64 {
        self.mean(|share| binomial_at_least(deviations, cases, share))
    }

    /// The fewest deviations that are reached with at most this chance.
    fn fewest_beyond(&self, cases: u64, chance: f64) -> u64 {
        (0..=cases).find(|deviations| self.at_least(*deviations, cases) <= chance).unwrap_or(cases + 1)
    }
}

/// A cumulative sum of log-likelihood ratios of two odds; it never falls below 0.
#[derive(Debug, Clone, Copy)]
struct Cusum {
    /// What a deviation adds.
    a_deviation: f64,
    /// What a case adds, late or not.
    a_case: f64,
}

impl Cusum {
    /// For odds twice those of a share.
    fn doubling(share: f64) -> Cusum {
        Cusum::of(share, 2.0)
    }

    /// For odds half those of a share.
    fn halving(share: f64) -> Cusum {
        Cusum::of(share, 0.5)
    }

    fn of(share: f64, ratio: f64) -> Cusum {
        Cusum { a_deviation: ratio.ln(), a_case: -(share * (ratio - 1.0)).ln_1p() }
    }

    /// What a month adds.
    fn step(&self, deviations: u64, cases: u64) -> f64 {
        deviations as f64 * self.a_deviation + cases as f64 * self.a_case
    }

    /// The limit that months of so many cases, or a month with unusually many deviations, reach with at most this chance.
    fn limit(&self, cases: &[u64], unusual: &[u64], truths: &Truths, chance: f64) -> f64 {
        /// Sums to tell apart: the limit is printed with two decimals at most.
        const HALVINGS: usize = 14;
        let chances: Vec<Vec<Vec<f64>>> = truths.0.iter().map(|(share, _)| months(cases, *share)).collect();
        let reached = |limit: f64| -> f64 {
            let of_truths = truths.0.iter().zip(&chances);
            of_truths
                .map(|((_, weight), chances)| weight * self.reaches(limit, cases, chances, unusual))
                .sum()
        };
        let (mut low, mut high) = (0.0, 16.0);
        for _ in 0..HALVINGS {
            let middle = (low + high) / 2.0;
            if reached(middle) <= chance { high = middle } else { low = middle }
        }
        high
    }

    /// The chance that the sum reaches a limit, or a month has unusually many deviations. The sum is that of the months
    /// since it last was 0, and so it takes one value for each such month and number of deviations since: the chain is
    /// exact.
    fn reaches(&self, limit: f64, cases: &[u64], chances: &[Vec<f64>], unusual: &[u64]) -> f64 {
        let (mut at_zero, mut reached) = (1.0, 0.0);
        // By the month since which the sum has been above 0: what its cases added, and the chances of its deviations.
        let mut above: Vec<(f64, Vec<f64>)> = Vec::new();
        for ((cases, chances), unusual) in cases.iter().zip(chances).zip(unusual) {
            above.push((0.0, vec![at_zero]));
            at_zero = 0.0;
            for (added, since) in &mut above {
                *added += *cases as f64 * self.a_case;
                let mut next = vec![0.0; since.len() + chances.len() - 1];
                for (before, chance) in since.iter().enumerate().filter(|(_, chance)| **chance > NOTHING) {
                    for (deviations, more) in chances.iter().enumerate() {
                        let (all, chance) = (before + deviations, chance * more);
                        let sum = *added + all as f64 * self.a_deviation;
                        if sum >= limit || deviations as u64 >= *unusual {
                            reached += chance;
                        } else if sum <= 0.0 {
                            at_zero += chance;
                        } else {
                            next[all] += chance;
                        }
                    }
                }
                *since = next;
            }
            above.retain(|(_, since)| since.iter().any(|chance| *chance > NOTHING));
        }
        reached
    }
}

/// The chances of 0, 1, 2, … deviations in each month, as far as they matter.
fn months(cases: &[u64], share: f64) -> Vec<Vec<f64>> {
    let of = |cases: &u64| {
        let mut chances = binomial_chances(*cases, share);
        let last = chances.iter().rposition(|chance| *chance > NOTHING).unwrap_or(0);
        chances.truncate(last + 1);
        chances
    };
    cases.iter().map(of).collect()
}

#[cfg(test)]
mod tests {
    use rand::{RngExt, SeedableRng};

    use super::super::trend::tests::monthly;
    use super::*;

    fn of(counts: &[(u64, u64)]) -> Option<Rare> {
        monthly(counts).marked().rare
    }

    fn marks_of(counts: &[(u64, u64)]) -> RareMarks {
        match of(counts) {
            Some(Rare::Marks(marks)) => marks,
            other => panic!("{other:?}"),
        }
    }

    fn marked_months(marks: &RareMarks, signal: Signal) -> Vec<usize> {
        let months = marks.months.iter().enumerate();
        months.filter(|(_, month)| month.signals().contains(&signal)).map(|(index, _)| index).collect()
    }

    /// A month of each of these numbers of deviations among so many cases.
    fn series(deviations: &[u64], cases: u64) -> Vec<(u64, u64)> {
        deviations.iter().map(|deviations| (*deviations, cases)).collect()
    }

    #[test]
    fn limits_are_those_of_the_literature_where_the_share_is_known() {
        // 36 months of 60 cases, one chart alone at 5 %: from the simulation that ../shared/statistics.md reports.
        for (deviations, wanted) in [(0.5, 3.8), (1.0, 4.3), (2.0, 4.6), (3.0, 4.8), (5.0, 4.9)] {
            let share = deviations / 60.0;
            let known = Truths(vec![(share, 1.0)]);
            let limit = Cusum::doubling(share).limit(&[60; 36], &[u64::MAX; 36], &known, 0.05);
            assert!((limit - wanted).abs() < 0.1, "{deviations}: {limit}, not {wanted}");
        }
    }

    #[test]
    fn the_chain_is_the_sum_over_every_course() {
        let (cases, share, limit) = ([4, 7, 3, 5], 0.2, 1.1);
        let unusual = [4, 5, 3, 4];
        for chart in [Cusum::doubling(0.15), Cusum::halving(0.3)] {
            let mut wanted = 0.0;
            for course in 0..(5 * 8 * 4 * 6) {
                let each = [course % 5, course / 5 % 8, course / 40 % 4, course / 160];
                let (mut sum, mut chance, mut is_reached) = (0.0_f64, 1.0, false);
                for month in 0..4 {
                    chance *= binomial_chances(cases[month], share)[each[month]];
                    sum = (sum + chart.step(each[month] as u64, cases[month])).max(0.0);
                    is_reached |= sum >= limit || each[month] as u64 >= unusual[month];
                }
                wanted += if is_reached { chance } else { 0.0 };
            }
            let found = chart.reaches(limit, &cases, &months(&cases, share), &unusual);
            assert!((found - wanted).abs() < 1e-7 && wanted > 0.01, "{found} {wanted}");
        }
    }

    #[test]
    fn a_doubling_is_marked_after_it_came_and_a_stable_series_is_not() {
        let stable = [1, 0, 2, 1, 0, 1, 1, 2, 0, 1, 1, 0, 1, 2, 0, 1, 1, 0, 2, 1, 0, 1, 1, 1];
        let marks = marks_of(&series(&stable, 60));
        assert_eq!(marks.counts, (10, 720));
        assert!(marks.months.iter().all(|month| month.signals().is_empty()), "{marks:?}");
        assert!(marks.months[11].sums.is_none() && marks.months[12].sums.is_some());
        let mut worse = stable;
        worse[14..].copy_from_slice(&[3, 4, 3, 3, 4, 3, 4, 3, 3, 4]);
        let doubled = marks_of(&series(&worse, 60));
        let found = marked_months(&doubled, Signal::Doubling);
        assert!(!found.is_empty() && found[0] > 14, "{found:?}");
        // After its limit the sum begins again from 0.
        let [at, next] = [found[0], found[0] + 1].map(|month| doubled.months[month]);
        let step = Cusum::doubling(doubled.shares[0]).step(next.deviations, 60);
        assert!(at.sums.expect("watched")[0] >= doubled.limits[0]);
        assert!((next.sums.expect("watched")[0] - step.max(0.0)).abs() < 1e-9);
    }

    #[test]
    fn many_in_one_month_are_marked_also_in_the_baseline() {
        for spike in [3, 20] {
            let mut counts = [1; 24];
            counts[spike] = 9;
            let marks = marks_of(&series(&counts, 60));
            assert_eq!(marked_months(&marks, Signal::Many), [spike], "{marks:?}");
        }
        // The limit is each month's own.
        let mut cases = series(&[1; 24], 60);
        cases[20] = (2, 600);
        let marks = marks_of(&cases);
        assert!(marks.months[20].unusual > 2 * marks.months[19].unusual, "{marks:?}");
    }

    #[test]
    fn a_halving_is_marked_and_so_many_quiet_months_would_be() {
        let before = vec![4; 36];
        let marks = marks_of(&series(&[before.clone(), vec![1; 36]].concat(), 100));
        assert!(!marked_months(&marks, Signal::Halving).is_empty(), "{:?}", marks.limits);
        assert!(marked_months(&marks, Signal::Doubling).is_empty());
        let quiet = marks_of(&series(&[before, vec![0; 36]].concat(), 100));
        let first = marked_months(&quiet, Signal::Halving)[0];
        assert_eq!((first - 35) as u64, quiet.quiet_months);
    }

    #[test]
    fn an_unsure_baseline_starts_from_the_ends_of_its_interval() {
        let nine: Vec<u64> = (0..24).map(|month| u64::from(month % 4 != 0)).collect();
        let marks = marks_of(&series(&nine, 60));
        assert_eq!(marks.counts, (9, 720));
        // scipy.stats.beta.ppf(0.8, 10, 711) and ppf(0.2, 9, 712).
        assert!((marks.shares[0] - 0.017_344_6).abs() < 1e-6, "{:?}", marks.shares);
        assert!((marks.shares[1] - 0.008_938_2).abs() < 1e-6, "{:?}", marks.shares);
    }

    #[test]
    fn with_fewer_than_three_it_is_said_how_long_it_would_take() {
        let counts: Vec<u64> = (0..24).map(|month| u64::from(month == 2 || month > 20)).collect();
        assert_eq!(of(&series(&counts, 60)), Some(Rare::TooFew { deviations: 1, months: 12 }));
        // So many more months of the same kind are enough.
        let longer: Vec<u64> = (0..36).map(|month| u64::from(month % 6 == 0)).collect();
        assert!(matches!(of(&series(&longer, 60)), Some(Rare::Marks(_))));
    }

    #[test]
    fn a_frozen_baseline_is_followed_or_marks_nothing() {
        let trend = monthly(&series(&[[1, 0, 2].repeat(4), vec![1; 12]].concat(), 60));
        let frozen = |months: usize| Rare::of(&trend.current_points(), Some(trend.points[months - 1].period));
        let Some(Rare::Marks(marks)) = frozen(18) else { panic!("no marks") };
        assert_eq!((marks.counts, marks.baseline.1), ((18, 1080), trend.points[17].period));
        assert!(marks.months[17].sums.is_none() && marks.months[18].sums.is_some());
        // Nothing comes after it, or it has one deviation and will have no more.
        assert_eq!((frozen(24), frozen(2)), (None, None));
    }

    #[test]
    fn where_deviations_are_not_few_or_most_are_late_nothing_is_marked() {
        assert_eq!(of(&series(&[6; 24], 60)), None);
        assert_eq!(of(&series(&[1; 11], 60)), None);
        assert_eq!(of(&series(&[59; 24], 60)), None);
        assert_eq!(of(&series(&[0; 24], 60)), None);
    }

    #[test]
    fn a_stable_series_has_a_mark_in_at_most_one_of_twenty() {
        let mut random = rand_chacha::ChaCha8Rng::seed_from_u64(3);
        let (mut told, mut wrong) = (0, 0);
        for number in 0..300 {
            let share = [0.01, 0.02, 0.04][number % 3];
            let counts: Vec<(u64, u64)> = (0..32)
                .map(|_| ((0..60).filter(|_| random.random::<f64>() < share).count() as u64, 60))
                .collect();
            if let Some(Rare::Marks(marks)) = of(&counts) {
                told += 1;
                wrong += u32::from(marks.months.iter().any(|month| !month.signals().is_empty()));
            }
        }
        // Two standard errors above 5 % of them.
        assert!(told > 250 && f64::from(wrong) < 0.076 * f64::from(told), "{wrong} of {told}");
    }
}
