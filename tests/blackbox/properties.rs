//! Laws that hold for every case and every set of exports.

use std::collections::BTreeMap;

use frist::date::{Day, FIRST_INPUT_DAY, LAST_INPUT_DAY};
use frist::ingest::Input;
use frist::judge::{Case, Decided, Extension, Extensions, Judge, Outcome, WithoutTimes};
use frist::pipeline::{Control, Judged, Options, judge_exports};
use frist::rulebook::{Clock, Cohort, Roll, Rulebook};
use proptest::prelude::*;

use crate::workspace::Workspace;

#[test]
fn a_later_start_never_gives_an_earlier_due_date() {
    for text in ["1 month", "3 months", "4 months", "12 months", "3 weeks", "14 days", "24 hours", "next day"]
    {
        let clock: Clock = text.parse().expect("a clock");
        for number in FIRST_INPUT_DAY.0..LAST_INPUT_DAY.0 {
            let [one, next] = [number, number + 1].map(|start| clock.due_from(Day(start), None));
            assert!(one <= next, "{text} from {}", Day(number));
        }
    }
}

fn any_extension() -> impl Strategy<Value = Option<Extension>> {
    let decided = prop_oneof![
        Just(Decided::NotInExport),
        Just(Decided::Missing),
        (19_000..20_500).prop_map(|day| Decided::On(Day(day))),
    ];
    proptest::option::of(
        (19_000..20_500, decided).prop_map(|(to, decided)| Extension { to: Day(to), decided }),
    )
}

proptest! {
    #[test]
    fn late_by_four_months_is_late_by_120_days(
        start in 19_000i32..20_000,
        length in proptest::option::of(0i32..300),
        extension in any_extension(),
        as_of in 19_500i32..20_400,
    ) {
        let rule = Rulebook::builtin().rule("child-investigation").expect("a rule").clone();
        let end = length.map(|length| Day(start + length));
        let case = Case { start: Day(start), end, start_at: None, end_at: None, due: None, extension };
        if let Ok(verdict) = Judge::new(&rule, Day(as_of), Extensions::Honour, WithoutTimes::Exclude).judge(&case) {
            let outcome = verdict.cell.outcome(Roll::None);
            let late = matches!(outcome, Outcome::Breached | Outcome::OpenOverdue);
            prop_assert!(!late || verdict.cell.late_by_reference());
            prop_assert!(verdict.due <= verdict.due_rolled);
            // Outcome and margin agree.
            prop_assert_eq!(verdict.margin.map(|days| days > 0), verdict.ended.map(|_| late));
        }
    }
}

/// A row of an export: start, end, extended to, unit.
fn any_row() -> impl Strategy<Value = String> {
    let day = (19_300i32..20_000).prop_map(|day| Day(day).to_string());
    let cell = prop_oneof![8 => day, 1 => Just(String::new()), 1 => Just("2024-02-30".to_owned()), 1 => Just("?".to_owned())];
    let unit = prop_oneof![Just("Norr"), Just("Söder"), Just("\"Öst;\nVäst\""), Just("")];
    let number = 0u32..400;
    (number, cell.clone(), cell.clone(), cell, unit)
        .prop_map(|(number, start, end, to, unit)| format!("N{number};{start};{end};{to};{unit}\n"))
}

const HEADINGS: &str = "Ärendenr;Utredning inledd;Utredning avslutad;Förlängd till;Enhet\n";

fn judged(files: &[Vec<String>], threads: usize) -> Judged {
    let workspace = Workspace::new();
    for (number, rows) in files.iter().enumerate() {
        workspace.write(&format!("{number:02}.csv"), format!("{HEADINGS}{}", rows.concat()));
    }
    let rulebook = Rulebook::builtin();
    let input = Input::open(&workspace.path("")).expect("a folder of exports");
    let exports = input.exports(&rulebook).expect("exports");
    let rule = rulebook.rule("child-investigation").expect("a rule").clone();
    let without_times = WithoutTimes::Exclude;
    let controls = [Control { rule, extensions: Extensions::Honour, without_times }];
    let options = Options { threads, progress: &|_| {} };
    judge_exports(&exports, &controls, Day(19_900), &options, None).expect("some row is good")
}

/// All counts, without places.
fn facts(judged: &Judged) -> (String, BTreeMap<&'static str, usize>, [u64; 5]) {
    let tally = &judged.tallies["child-investigation"];
    let groups = tally.groups.iter().map(|(name, group)| {
        let months = Cohort::ALL.map(|cohort| group.months(cohort).collect::<Vec<_>>());
        format!("{name} {months:?} {:?}", group.overdue().collect::<Vec<_>>())
    });
    let by_end = tally.whole.margins.by_end().map(|ended| format!("ended {ended:?}"));
    let by_start = tally.whole.margins.by_start().map(|started| format!("started {started:?}"));
    let mut courses: Vec<_> = tally.whole.courses.iter().collect();
    courses.sort_unstable();
    let courses = courses.iter().map(|course| format!("{course:?}"));
    let counts: Vec<String> = groups.chain(by_end).chain(by_start).chain(courses).collect();
    let mut codes = BTreeMap::new();
    judged.faults.iter().for_each(|fault| *codes.entry(fault.code.id()).or_default() += 1);
    let sum =
        |pick: fn(&frist::ingest::Ledger) -> u64| judged.inputs.iter().map(|entry| pick(&entry.ledger)).sum();
    let ledger = [
        sum(|it| it.rows()),
        sum(|it| it.counted),
        sum(|it| it.open),
        sum(|it| it.excluded()),
        sum(|it| it.rejected),
    ];
    (counts.join("\n"), codes, ledger)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn order_and_split_of_files_change_nothing_and_ledgers_add_up(
        rows in proptest::collection::vec(any_row(), 1..120),
        shuffled in any::<prop::sample::Index>(),
        split in any::<prop::sample::Index>(),
    ) {
        // A good row, so that no file is refused as a whole.
        let good = |number: u32| format!("G{number};2024-01-10;2024-03-01;;Norr\n");
        let mut whole: Vec<String> = rows.clone();
        whole.extend([good(1), good(2)]);
        let mut turned = whole.clone();
        turned.rotate_left(shuffled.index(whole.len()));
        turned.reverse();
        let at = split.index(rows.len());
        let first = [&rows[..at], &[good(1)]].concat();
        let second = [&rows[at..], &[good(2)]].concat();

        let one = facts(&judged(&[whole.clone()], 1));
        let [all, counted, open, excluded, rejected] = one.2;
        prop_assert_eq!(all, whole.len() as u64);
        prop_assert_eq!(all, counted + open + excluded + rejected);
        prop_assert_eq!(&one, &facts(&judged(&[turned], 2)));
        prop_assert_eq!(&one, &facts(&judged(&[first, second], 3)));
    }
}
