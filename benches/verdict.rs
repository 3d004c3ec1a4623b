//! How often stable series are reported as changed, or marked where deviations are few, and doubled ones are detected: the
//! tables of docs/charts.md.
//!
//! cargo bench --bench verdict -- 20000
//!
//! 32 months by month; the number of series of each kind (2,000 by default), at each size.

#![allow(clippy::print_stdout, reason = "a bench prints what it found")]

use std::collections::BTreeMap;
use std::f64::consts::TAU;

use frist::analysis::{Answer, CaseCounts, Edges, Figure, Rare, Signal, Trend, TrendQuestion};
use frist::date::Day;
use frist::project::TrendSettings;
use frist::rulebook::Cohort;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

const MONTHS: i32 = 32;
/// May 2022: the series ends with 2024.
const FIRST: i32 = 2022 * 12 + 4;
const SERIES: usize = 2_000;
/// Cases a month, and the share that is late.
const SIZES: [(u64, f64); 8] =
    [(20, 0.005), (20, 0.05), (20, 0.4), (60, 0.02), (100, 0.1), (100, 0.4), (300, 0.01), (300, 0.4)];

/// The factor on the share by month, for one series.
type Course = fn(&mut ChaCha8Rng) -> Vec<f64>;

const KINDS: [(&str, Course); 5] = [
    ("stable", |_| vec![1.0; MONTHS as usize]),
    ("seasonal, ±30 %", |random| {
        let start: f64 = random.random();
        (0..MONTHS).map(|month| 1.0 + 0.3 * (TAU * (f64::from(month) / 12.0 + start)).sin()).collect()
    }),
    ("months apart by 30 %", |random| (0..MONTHS).map(|_| (0.3 * normal(random)).exp()).collect()),
    ("the same, each like the last (0.7)", |random| {
        let mut at = normal(random);
        let mut next = || {
            at = 0.7 * at + 0.51_f64.sqrt() * normal(random);
            (0.3 * at).exp()
        };
        (0..MONTHS).map(|_| next()).collect()
    }),
    ("doubled 8 months ago", |_| {
        (0..MONTHS).map(|month| if month < MONTHS - 8 { 1.0 } else { 2.0 }).collect()
    }),
];

/// Cases a month and the share that is late, where deviations are few.
const FEW: [(u64, f64); 5] = [(60, 0.01), (60, 0.02), (60, 0.04), (300, 0.004), (300, 0.01)];

/// A standard normal number (Box & Muller 1958).
fn normal(random: &mut ChaCha8Rng) -> f64 {
    let (radius, angle): (f64, f64) = (1.0 - random.random::<f64>(), random.random());
    (-2.0 * radius.ln()).sqrt() * (TAU * angle).cos()
}

fn main() {
    let asked = std::env::args().filter_map(|argument| argument.parse().ok()).next();
    let series = asked.unwrap_or(SERIES);
    let sizes: Vec<String> =
        SIZES.iter().map(|(cases, share)| format!("{cases} at {} %", share * 100.0)).collect();
    println!("| {series} series of each kind called changed, % | {} |", sizes.join(" | "));
    println!("|---|{}", "---:|".repeat(SIZES.len()));
    let mut random = ChaCha8Rng::seed_from_u64(16);
    for (name, course) in KINDS {
        let called = SIZES.map(|(cases, share)| {
            let changed = (0..series).filter(|_| {
                let factors = course(&mut random);
                let late = factors.iter().map(|factor| (share * factor).min(1.0));
                let counts: Vec<u64> =
                    late.map(|p| (0..cases).filter(|_| random.random_bool(p)).count() as u64).collect();
                matches!(trend(&counts, cases).verdict.answer, Answer::Changed(_))
            });
            format!("{:.1}", changed.count() as f64 * 100.0 / series as f64)
        });
        println!("| {name} | {} |", called.join(" | "));
    }
    few_deviations(series, &mut random);
}

/// How often series with few deviations have any mark, and how often a doubling is marked as one by the end.
fn few_deviations(series: usize, random: &mut ChaCha8Rng) {
    let sizes: Vec<String> =
        FEW.iter().map(|(cases, share)| format!("{cases} at {} %", share * 100.0)).collect();
    println!("\n| {series} series with few deviations marked, % | {} |", sizes.join(" | "));
    println!("|---|{}", "---:|".repeat(FEW.len()));
    for (name, doubled, of) in
        [("stable, any mark", 0, None), ("doubled 12 months ago", 12, Some(Signal::Doubling))]
    {
        let marked = FEW.map(|(cases, share)| {
            let marked = (0..series).filter(|_| {
                let share = |month: i32| if month < MONTHS - doubled { share } else { 2.0 * share };
                let late =
                    |month: i32| (0..cases).filter(|_| random.random_bool(share(month))).count() as u64;
                let counts: Vec<u64> = (0..MONTHS).map(late).collect();
                is_marked(&trend(&counts, cases), of)
            });
            format!("{:.1}", marked.count() as f64 * 100.0 / series as f64)
        });
        println!("| {name} | {} |", marked.join(" | "));
    }
}

/// Whether a trend has this mark, or any.
fn is_marked(trend: &Trend, wanted: Option<Signal>) -> bool {
    let Some(Rare::Marks(marks)) = trend.clone().marked().rare else { return false };
    let signals = marks.months.iter().flat_map(|month| month.signals());
    signals.into_iter().any(|signal| wanted.is_none_or(|wanted| wanted == signal))
}

fn trend(deviations: &[u64], cases: u64) -> Trend {
    let figures: BTreeMap<i32, Figure> = (FIRST..)
        .zip(deviations)
        .map(|(month, deviations)| {
            let counts = CaseCounts { cases, deviations: *deviations, ..CaseCounts::default() };
            (month, Figure::from(counts))
        })
        .collect();
    let question = TrendQuestion {
        settings: TrendSettings::default(),
        rebases: &[],
        notes: &[],
        freeze: None,
        target: None,
        as_of: Day::new(2024, 12, 31).expect("a day"),
        edges: &Edges::NONE,
        cohort: Cohort::Closed,
        last: FIRST + MONTHS - 1,
    };
    let trend = Trend::of(&figures, &question).expect("a trend");
    assert_eq!(trend.points.len(), MONTHS as usize);
    trend
}
