//! Verdict: whether the share of the last months differs from that of the time before. The one answer to that
//! question; summaries, titles, icons and files read it, and limits and signals only mark where.
//!
//! The last 4, 8 and 12 months are compared with all earlier ones since the last step. A window's deviations are
//! hypergeometric given all deviations among all cases; what that gives is divided by the dispersion of the earlier
//! months, which chance alone would leave at 1. How often the answer is wrong, and how often a doubling is found, is
//! simulated in `benches/verdict.rs`; the figures are in docs/charts.md.

use schemars::JsonSchema;
use serde::Serialize;

use super::exact::as_exact;
use super::limits::{Limits, Observation};
use super::point::TrendPoint;
use super::tails::{binomial_chances, conditional_z, normal_quantile};
use crate::period::{Period, PeriodKind};
use crate::project::TrendChart;

/// Months that are compared with the time before them.
const WINDOWS: [u32; 3] = [4, 8, 12];
/// Judged months that a window must have before it.
const MONTHS_BEFORE: u32 = 12;
/// Months of the blocks between which dispersion is measured, besides between neighbours: long enough for seasons.
const BLOCK: u32 = 4;
/// The chance that a window of a stable series is called different.
const LEVEL: f64 = 0.005;
/// Fewest deviations before a window for its likeness to mean anything.
pub const FEWEST_DEVIATIONS: u64 = 3;
/// A doubling that is found so often can be relied on to be found.
const RELIABLY: f64 = 0.8;

/// Whether the share of the last months differs from that of the time before, and what says so.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// The answer.
    pub answer: Answer,
    /// The windows that could be compared, shortest first.
    pub windows: Vec<Window>,
    /// How soon a doubling would be found; `None` when deviations are not few, or nothing can be said.
    pub power: Option<Power>,
}

/// The answer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Answer {
    /// The share of this window's months is higher or lower than that of the time before, beyond what chance explains.
    Changed(Window),
    /// No window differs beyond what chance explains.
    Unchanged,
    /// It cannot be answered.
    Unknown(Unknown),
}

/// Why it cannot be answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unknown {
    /// There are too few months to compare.
    TooShort {
        /// The fewest: those of the shortest window, and twelve before it.
        fewest: u32,
    },
    /// There are months enough, but no judged case in the last so many.
    NoneNow {
        /// Those of the shortest window.
        months: u32,
    },
    /// There are fewer than three deviations, or cases in time, before the last months.
    TooFew {
        /// Deviations.
        deviations: u64,
        /// Cases in time.
        in_time: u64,
    },
    /// Some months are hidden.
    Hidden,
}

/// The last months beside the time before them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Window {
    /// How many months it has.
    pub months: u32,
    /// Its first period.
    pub first: Period,
    /// Its last period.
    pub last: Period,
    /// Its deviations and judged cases.
    pub now: (u64, u64),
    /// Those of the time before.
    pub before: (u64, u64),
    /// How far its share lies from that of the time before, in standard deviations; above 0 when it is higher.
    pub z: f64,
    /// How many times wider than chance alone shares varied before it; at least 1.
    pub dispersion: f64,
}

/// How often a share twice as high would be found.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
pub struct Power {
    /// Months that the share has been doubled.
    pub months: u32,
    /// The chance that it is found by then.
    #[serde(serialize_with = "as_exact")]
    pub chance: f64,
}

impl Power {
    /// Whether a doubling would be found in at least four cases of five.
    pub fn is_reliable(self) -> bool {
        self.chance >= RELIABLY
    }
}

impl Window {
    /// `z` with the dispersion taken out of it.
    pub fn distance(&self) -> f64 {
        self.z / self.dispersion
    }

    /// Its share is the higher one.
    pub fn is_higher(&self) -> bool {
        self.z > 0.0
    }

    /// It differs from the time before beyond what chance explains, at the level of a single series.
    pub fn differs(&self) -> bool {
        self.distance().abs() > critical(1.0)
    }
}

impl Answer {
    /// The name in files and text catalogues.
    pub fn id(self) -> &'static str {
        match self {
            Answer::Changed(window) if window.is_higher() => "worse",
            Answer::Changed(_) => "better",
            Answer::Unchanged => "unchanged",
            Answer::Unknown(_) => "unknown",
        }
    }

    /// Whether there is an answer.
    pub fn is_known(self) -> bool {
        !matches!(self, Answer::Unknown(_))
    }
}

impl Unknown {
    /// The name in files and text catalogues.
    pub fn id(self) -> &'static str {
        match self {
            Unknown::TooShort { .. } => "too-short",
            Unknown::NoneNow { .. } => "none-now",
            Unknown::TooFew { .. } => "too-few",
            Unknown::Hidden => "hidden",
        }
    }
}

impl Verdict {
    /// No answer.
    pub fn unknown(because: Unknown) -> Verdict {
        Verdict { answer: Answer::Unknown(because), windows: Vec::new(), power: None }
    }

    /// The verdict on the points of one segment, gaps among them; `are_few` asks for the power as well.
    pub fn of(points: &[TrendPoint], kind: PeriodKind, are_few: bool) -> Verdict {
        // Months that have not ended, or are not judged yet, are not the last ones.
        let whole = points.iter().rposition(|point| point.complete).map_or(0, |last| last + 1);
        let points = &points[..whole];
        let windows: Vec<Window> =
            WINDOWS.iter().filter_map(|months| window(points, kind, *months)).collect();
        let answer =
            answer(&windows, 1.0).unwrap_or_else(|| Answer::Unknown(nothing_to_compare(points, kind)));
        let mut verdict = Verdict { answer, windows, power: None };
        if are_few && verdict.answer == Answer::Unchanged {
            verdict.power = power(points, kind);
        }
        verdict
    }

    /// The window that differs most from the time before.
    pub fn furthest(&self) -> Option<&Window> {
        furthest(&self.windows)
    }

    fn distance(&self) -> f64 {
        self.furthest().map_or(0.0, |window| window.distance().abs())
    }
}

/// The window that differs most, the shortest of several.
fn furthest(windows: &[Window]) -> Option<&Window> {
    windows.iter().reduce(
        |furthest, next| {
            if next.distance().abs() > furthest.distance().abs() { next } else { furthest }
        },
    )
}

/// Answers for groups of one column together, so that among many stable ones hardly any is called changed
/// (Benjamini & Hochberg 1995, at the level of a single series).
pub fn judge_together<'a>(verdicts: impl Iterator<Item = &'a mut Verdict>) {
    let mut verdicts: Vec<&mut Verdict> = verdicts.filter(|verdict| !verdict.windows.is_empty()).collect();
    verdicts.sort_by(|one, other| other.distance().total_cmp(&one.distance()));
    let all = verdicts.len() as f64;
    let part = |rank: usize| rank as f64 / all;
    let named = (1..=verdicts.len()).rfind(|rank| verdicts[rank - 1].distance() > critical(part(*rank)));
    for verdict in &mut verdicts {
        if matches!(verdict.answer, Answer::Changed(_)) {
            verdict.answer = answer(&verdict.windows, part(named.unwrap_or(1)))
                .expect("only verdicts with windows are left");
        }
    }
}

/// What a window's distance must be beyond, at a part of the level.
fn critical(part: f64) -> f64 {
    -normal_quantile(LEVEL * part / 2.0)
}

/// Why there is no window.
fn nothing_to_compare(points: &[TrendPoint], kind: PeriodKind) -> Unknown {
    let shortest = WINDOWS.into_iter().find(|months| points_in(*months, kind).is_some());
    let months = shortest.expect("every kind of period makes a year");
    let judged = points.iter().filter(|point| point.counts()).count() as u32 * kind.months() as u32;
    let fewest = months + MONTHS_BEFORE;
    if judged < fewest { Unknown::TooShort { fewest } } else { Unknown::NoneNow { months } }
}

/// The answer of windows, at a part of the level; `None` without any.
fn answer(windows: &[Window], part: f64) -> Option<Answer> {
    let shortest = windows.first()?;
    if let Some(window) = furthest(windows).filter(|window| window.distance().abs() > critical(part)) {
        return Some(Answer::Changed(*window));
    }
    let (deviations, cases) = shortest.before;
    let (in_time, late) = (cases - deviations, deviations + shortest.now.0);
    // A share that has always been none or all has not changed, however few the cases.
    let varies = 0 < late && late < cases + shortest.now.1;
    Some(match varies && deviations.min(in_time) < FEWEST_DEVIATIONS {
        true => Answer::Unknown(Unknown::TooFew { deviations, in_time }),
        false => Answer::Unchanged,
    })
}

/// The last months beside those before; `None` when too few are judged.
fn window(points: &[TrendPoint], kind: PeriodKind, months: u32) -> Option<Window> {
    let length = points_in(months, kind)?;
    let (before, now) = points.split_at(points.len().checked_sub(length)?);
    let judged = before.iter().filter(|point| point.counts()).count();
    let counts = (sum(now), sum(before));
    if judged as i32 * kind.months() < MONTHS_BEFORE as i32 || counts.0.1 == 0 {
        return None;
    }
    Some(Window {
        months,
        first: now.first()?.period,
        last: now.last()?.period,
        now: counts.0,
        before: counts.1,
        z: conditional_z(counts.0, counts.1),
        dispersion: dispersion(before, kind),
    })
}

/// How many points make so many months; `None` when none do.
fn points_in(months: u32, kind: PeriodKind) -> Option<usize> {
    let each = kind.months() as u32;
    months.is_multiple_of(each).then_some((months / each) as usize)
}

/// Deviations and cases of the points that take part.
fn sum(points: &[TrendPoint]) -> (u64, u64) {
    let counted = points.iter().filter_map(Observation::of);
    counted.fold((0, 0), |(deviations, cases), point| (deviations + point.deviations, cases + point.cases))
}

/// How many times wider than chance alone shares vary: between neighbours (σ_z of the p′ chart) or between blocks of
/// four months, whichever is more, and at least 1.
fn dispersion(points: &[TrendPoint], kind: PeriodKind) -> f64 {
    let observations: Vec<Observation> = points.iter().filter_map(Observation::of).collect();
    let neighbours = Limits::of(&observations, TrendChart::PPrime).and_then(|limits| limits.sigma_z);
    neighbours.unwrap_or(1.0).max(between_blocks(points, kind)).max(1.0)
}

/// The root mean square of the standardised deviations of blocks, counted back from the last point.
fn between_blocks(points: &[TrendPoint], kind: PeriodKind) -> f64 {
    let (deviations, cases) = sum(points);
    let length = BLOCK.div_ceil(kind.months() as u32) as usize;
    let (p, all) = (deviations as f64 / cases as f64, cases as f64);
    let squares = points.rchunks_exact(length).map(sum).filter(|block| block.1 > 0).map(|block| {
        let (found, drawn) = (block.0 as f64, block.1 as f64);
        // The hypergeometric variance: the block is part of the whole that it is compared with.
        let variance = drawn * p * (1.0 - p) * (all - drawn) / (all - 1.0);
        if variance > 0.0 { (found - drawn * p).powi(2) / variance } else { 0.0 }
    });
    let (count, total) = squares.fold((0.0, 0.0), |(count, total), square| (count + 1.0, total + square));
    if count > 0.0 { f64::sqrt(total / count) } else { 0.0 }
}

/// The shortest window in which a doubling would reliably be found, or the longest with its chance: the share of the
/// segment so far, and from now on twice as much. `None` where twice as much is more than all.
fn power(points: &[TrendPoint], kind: PeriodKind) -> Option<Power> {
    let ((deviations, cases), months) = (sum(points), points.len() as f64 * f64::from(kind.months()));
    let share = deviations as f64 / cases as f64;
    if share > 0.5 || deviations == 0 {
        return None;
    }
    let reach = critical(1.0) * dispersion(points, kind);
    let chance = |window: u32| {
        let now = (cases as f64 / months * f64::from(window)).round() as u64;
        Power { months: window, chance: chance_of_finding((now, 2.0 * share), (cases, share), reach) }
    };
    let mut windows = WINDOWS.iter().map(|months| chance(*months));
    let longest = WINDOWS[WINDOWS.len() - 1];
    windows.find(|power| power.is_reliable() || power.months == longest)
}

/// The chance that a window of so many cases, each late with a chance, lies further above the time before than `reach`.
fn chance_of_finding((now, p_now): (u64, f64), (before, p_before): (u64, f64), reach: f64) -> f64 {
    /// What is so rare does not matter to a chance of four in five.
    const NOTHING: f64 = 1e-7;
    let mut at_least = binomial_chances(now, p_now);
    for events in (0..at_least.len() - 1).rev() {
        at_least[events] += at_least[events + 1];
    }
    let mut fewest = 0;
    let earlier = binomial_chances(before, p_before).into_iter().enumerate();
    let found = earlier.filter(|(_, chance)| *chance > NOTHING).map(|(deviations, chance)| {
        // The more deviations before, the more it takes.
        while fewest <= now && conditional_z((fewest, now), (deviations as u64, before)) <= reach {
            fewest += 1;
        }
        chance * at_least.get(fewest as usize).copied().unwrap_or(0.0)
    });
    found.sum()
}

#[cfg(test)]
mod tests {
    use rand::{RngExt, SeedableRng};

    use super::super::trend::tests::monthly;
    use super::*;

    fn of(counts: &[(u64, u64)]) -> Verdict {
        monthly(counts).verdict
    }

    /// So many months of one share, then so many of another.
    fn step(before: (u64, u64), count: usize, after: (u64, u64), last: usize) -> Vec<(u64, u64)> {
        [vec![before; count], vec![after; last]].concat()
    }

    #[test]
    fn sixteen_months_are_the_fewest() {
        let months = |verdict: &Verdict| -> Vec<u32> { verdict.windows.iter().map(|it| it.months).collect() };
        assert_eq!(of(&[(8, 40); 15]).answer, Answer::Unknown(Unknown::TooShort { fewest: 16 }));
        assert_eq!(months(&of(&[(8, 40); 16])), [4]);
        assert_eq!(months(&of(&[(8, 40); 20])), [4, 8]);
        assert_eq!(months(&of(&[(8, 40); 24])), [4, 8, 12]);
        // Months without a case are no months to compare with.
        let mut gap = vec![(8, 40); 16];
        gap[3] = (0, 0);
        assert_eq!(of(&gap).answer, Answer::Unknown(Unknown::TooShort { fewest: 16 }));
    }

    #[test]
    fn why_nothing_can_be_compared_is_what_is_wanting() {
        // Sixteen months and more, and then four without a case.
        let silent = [vec![(8, 40); 20], vec![(0, 0); 3]].concat();
        assert_eq!(of(&silent).answer, Answer::Unchanged);
        let silent = [vec![(8, 40); 12], vec![(0, 0); 12], vec![(8, 40); 4], vec![(0, 0); 12]].concat();
        assert_eq!(of(&silent).answer, Answer::Unknown(Unknown::NoneNow { months: 4 }));
        // No four months are whole quarters: it takes a year and one before it.
        for (kind, fewest) in [(PeriodKind::Month, 16), (PeriodKind::Tertial, 16), (PeriodKind::Quarter, 24)]
        {
            assert_eq!(nothing_to_compare(&[], kind), Unknown::TooShort { fewest });
        }
    }

    #[test]
    fn the_window_that_differs_most_is_told_with_its_direction() {
        let verdict = of(&step((8, 40), 24, (20, 40), 4));
        let Answer::Changed(window) = verdict.answer else { panic!("{verdict:?}") };
        assert_eq!((window.months, window.now, window.before), (4, (80, 160), (192, 960)));
        assert_eq!((window.first.to_string(), window.last.to_string()), ("2024-01".into(), "2024-04".into()));
        assert!(window.is_higher() && window.dispersion == 1.0);
        assert_eq!(of(&step((20, 40), 24, (8, 40), 8)).answer.id(), "better");
        // The 12 months differ less than the 8, of which they hold 4 as before.
        let eight = of(&step((8, 40), 24, (20, 40), 8));
        assert!(matches!(eight.answer, Answer::Changed(window) if window.months == 8), "{eight:?}");
    }

    #[test]
    fn what_varies_by_itself_must_differ_more() {
        // Half a year at 10 %, half a year at 30 %, in turn: the last four months are as high as such months were.
        let seasons: Vec<(u64, u64)> =
            (0..34).map(|month| (if month / 6 % 2 == 0 { 10 } else { 30 }, 100)).collect();
        let verdict = of(&seasons);
        assert_eq!(verdict.answer, Answer::Unchanged, "{verdict:?}");
        assert!(verdict.windows[0].z.abs() > 5.0 && verdict.windows[0].dispersion > 3.0, "{verdict:?}");
    }

    #[test]
    fn under_three_deviations_before_nothing_can_be_said_unless_it_is_plain() {
        assert_eq!(of(&step((0, 60), 24, (0, 60), 4)).answer, Answer::Unchanged, "none was always none");
        let answer = |late: u64| {
            let mut counts = vec![(0, 60); 28];
            (counts[3], counts[27]) = ((2, 60), (late, 60));
            of(&counts).answer
        };
        assert_eq!(answer(1), Answer::Unknown(Unknown::TooFew { deviations: 2, in_time: 1438 }));
        assert_eq!(answer(20).id(), "worse");
        // Late always, but for two: cases in time are as few.
        let all_but: Vec<(u64, u64)> = (0..28).map(|month| (if month == 5 { 58 } else { 60 }, 60)).collect();
        assert!(matches!(of(&all_but).answer, Answer::Unknown(Unknown::TooFew { in_time: 2, .. })));
        let three: Vec<(u64, u64)> = (0..28).map(|month| (u64::from(month % 9 == 0), 60)).collect();
        assert_eq!(of(&three).answer, Answer::Unchanged);
    }

    #[test]
    fn tertials_have_windows_of_one_two_and_three() {
        use crate::analysis::TrendQuestion;
        let months = monthly(&step((8, 40), 24, (20, 40), 4));
        let tertials = months.points.chunks(4).zip(0..).map(|(points, index)| {
            let (deviations, cases) = sum(points);
            let counts = super::super::CaseCounts { cases, deviations, ..Default::default() };
            (2022 * 3 + index, counts.into())
        });
        let settings = crate::project::TrendSettings { period: PeriodKind::Tertial, ..months.settings };
        let as_of = months.points[27].period.last_day();
        let last = 2022 * 3 + 6;
        let question = TrendQuestion {
            settings,
            rebases: &[],
            notes: &[],
            freeze: None,
            target: None,
            as_of,
            edges: &super::super::Edges::NONE,
            cohort: crate::rulebook::Cohort::Closed,
            last,
        };
        let trend = super::super::Trend::of(&tertials.collect(), &question).expect("a trend");
        let (one, other) = (trend.verdict, months.verdict);
        assert_eq!(one.windows.len(), 3);
        for (one, other) in one.windows.iter().zip(&other.windows) {
            assert_eq!(
                (one.months, one.now, one.before, one.z),
                (other.months, other.now, other.before, other.z)
            );
        }
    }

    #[test]
    fn units_are_judged_together() {
        let stable = of(&[(8, 40); 28]);
        // Beyond the level of one series, 2.81, and of five among ten, 3.02, but not of one or two: 3.48 and 3.29.
        let mut counts = step((8, 40), 24, (13, 40), 4);
        counts[27] = (12, 40);
        let somewhat = of(&counts);
        let surely = of(&step((8, 40), 24, (20, 40), 4));
        assert!((3.1..3.28).contains(&somewhat.distance()), "{}", somewhat.distance());
        let judged = |odd: &[&Verdict]| -> Vec<&str> {
            let mut all = vec![stable.clone(); 10 - odd.len()];
            all.extend(odd.iter().map(|verdict| (*verdict).clone()));
            judge_together(all.iter_mut());
            all[10 - odd.len()..].iter().map(|verdict| verdict.answer.id()).collect()
        };
        assert_eq!(judged(&[&somewhat]), ["unchanged"]);
        assert_eq!(judged(&[&surely, &somewhat]), ["worse", "unchanged"]);
        assert_eq!(judged(&[&surely, &surely, &surely, &surely, &somewhat]), ["worse"; 5]);
        let mut alone = [somewhat.clone()];
        judge_together(alone.iter_mut());
        assert_eq!(alone[0].answer.id(), "worse");
    }

    /// Draws numbers of events with the chances that they add up to.
    struct Draw(Vec<f64>);

    impl Draw {
        fn of(trials: u64, p: f64) -> Draw {
            let mut below = 0.0;
            let sums = binomial_chances(trials, p).into_iter().map(|chance| {
                below += chance;
                below
            });
            Draw(sums.collect())
        }

        fn next(&self, random: &mut rand_chacha::ChaCha8Rng) -> u64 {
            let at: f64 = random.random();
            self.0.partition_point(|below| *below < at).min(self.0.len() - 1) as u64
        }
    }

    /// How many of so many random series of 32 months are called changed; the share is by month and by the month of
    /// the year in which the series begins.
    fn called(series: usize, cases: u64, share: impl Fn(usize, usize) -> f64) -> usize {
        let mut random = rand_chacha::ChaCha8Rng::seed_from_u64(cases);
        let draws: Vec<Vec<Draw>> = (0..12)
            .map(|begin| (0..32).map(|month| Draw::of(cases, share(month, begin))).collect())
            .collect();
        let changed = (0..series).filter(|number| {
            let months = draws[number % 12].iter();
            let counts: Vec<(u64, u64)> = months.map(|draw| (draw.next(&mut random), cases)).collect();
            matches!(of(&counts).answer, Answer::Changed(_))
        });
        changed.count()
    }

    #[test]
    fn a_stable_series_is_seldom_called_changed_and_a_doubled_one_found() {
        // The figures of docs/charts.md, with few series and wide bounds: 2 % and 4 % of 500, and 90 % and 65 % of 200.
        for (cases, share) in [(20, 0.05), (100, 0.1), (300, 0.01), (60, 0.4)] {
            let stable = called(500, cases, |_, _| share);
            assert!(stable <= 12, "{cases} at {share}: {stable}");
            let season = |month: usize, begin: usize| {
                share * (1.0 + 0.3 * (std::f64::consts::TAU * (month + begin) as f64 / 12.0).sin())
            };
            let seasonal = called(500, cases, season);
            assert!(seasonal <= 20, "{cases} at {share}: {seasonal}");
        }
        let doubled =
            |cases, share: f64| called(200, cases, |month, _| if month < 24 { share } else { 2.0 * share });
        assert!(doubled(100, 0.1) >= 190);
        assert!(doubled(300, 0.01) >= 115);
    }

    #[test]
    fn the_power_is_that_of_simulated_doublings() {
        // 60 cases a month, two late: stated for four, eight and twelve months.
        let (cases, share) = (60_u64, 1.0 / 30.0);
        let mut random = rand_chacha::ChaCha8Rng::seed_from_u64(7);
        for months in WINDOWS {
            let window = u64::from(months) * cases;
            let stated = chance_of_finding((window, 2.0 * share), (24 * cases, share), critical(1.0));
            let (last, earlier) = (Draw::of(window, 2.0 * share), Draw::of(24 * cases, share));
            let found = (0..1000).filter(|_| {
                let (now, before) = (last.next(&mut random), earlier.next(&mut random));
                conditional_z((now, window), (before, 24 * cases)) > critical(1.0)
            });
            let found = found.count() as f64 / 1000.0;
            assert!((found - stated).abs() < 0.05, "{months}: {found} {stated}");
        }
        let verdict = of(&(0..28).map(|month| (2 + month % 3, 60)).collect::<Vec<_>>());
        let power = verdict.power.expect("deviations are few");
        assert!(power.is_reliable() && power.months == 8, "{power:?}");
    }
}
