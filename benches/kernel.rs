//! The judge kernel: a million cases, against the same rule written with chrono.
//!
//! Both sides assert what they compute.

use chrono::{Days, NaiveDate};
use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use frist::date::{Day, LAST_INPUT_DAY};
use frist::judge::{Case, Extensions, Judge, Outcome, WithoutTimes};
use frist::rulebook::{Roll, Rule, Rulebook};

fn main() {
    divan::main();
}

const CASES: usize = 1_000_000;

/// Starts from 2015 to 2024 and ends 90 to 150 days later, without random numbers.
fn cases() -> (Vec<i32>, Vec<i32>) {
    let first = Day::new(2015, 1, 1).expect("a day").0;
    let starts: Vec<i32> =
        (0..CASES as i32).map(|number| first + number.wrapping_mul(7919).rem_euclid(3500)).collect();
    let ends = starts.iter().zip(0..).map(|(start, number)| start + 90 + number % 61).collect();
    (starts, ends)
}

fn child_investigation() -> Rule {
    Rulebook::builtin().rule("child-investigation").expect("a rule").clone()
}

/// Late by four months and by 120 days, counted in the simplest way.
fn late_by_chrono(starts: &[i32], ends: &[i32]) -> (usize, usize) {
    let date = |number: i32| NaiveDate::from_epoch_days(number).expect("a date");
    let pairs = starts.iter().zip(ends).map(|(start, end)| (date(*start), date(*end)));
    pairs.fold((0, 0), |(late, reference), (start, end)| {
        #[allow(clippy::disallowed_types, reason = "the other side of the comparison")]
        let due = start.checked_add_months(chrono::Months::new(4)).expect("in range");
        let short = start.checked_add_days(Days::new(120)).expect("in range");
        (late + usize::from(end > due), reference + usize::from(end > short))
    })
}

fn late_by_judge(judge: &Judge, cases: &[Case]) -> (usize, usize) {
    cases.iter().filter_map(|case| judge.judge(case).ok()).fold((0, 0), |(late, reference), verdict| {
        let is_late = verdict.cell.outcome(Roll::None) == Outcome::Breached;
        (late + usize::from(is_late), reference + usize::from(verdict.cell.late_by_reference()))
    })
}

/// Due date, roll, reference, extension, margin and both outcomes of a million cases.
#[divan::bench]
fn judge(bencher: Bencher<'_, '_>) {
    let (starts, ends) = cases();
    let case = |(start, end): (&i32, &i32)| Case {
        start: Day(*start),
        end: Some(Day(*end)),
        start_at: None,
        end_at: None,
        due: None,
        extension: None,
    };
    let cases: Vec<Case> = starts.iter().zip(&ends).map(case).collect();
    let judge = Judge::new(&child_investigation(), LAST_INPUT_DAY, Extensions::Honour, WithoutTimes::Exclude);
    bencher.counter(ItemsCount::new(CASES)).bench_local(|| {
        for case in black_box(&cases) {
            let _ = black_box(judge.judge(case));
        }
    });
    assert_eq!(late_by_judge(&judge, &cases), late_by_chrono(&starts, &ends));
}

/// Only the two outcomes, with chrono's dates.
#[divan::bench]
fn chrono_dates(bencher: Bencher<'_, '_>) {
    let (starts, ends) = cases();
    bencher
        .counter(ItemsCount::new(CASES))
        .bench_local(|| late_by_chrono(black_box(&starts), black_box(&ends)));
}

/// Preparing a rule: the due dates of every start day from 1930 to 2100.
#[divan::bench]
fn prepare_rule() -> Judge {
    let rule = child_investigation();
    Judge::new(black_box(&rule), LAST_INPUT_DAY, Extensions::Honour, WithoutTimes::Exclude)
}
