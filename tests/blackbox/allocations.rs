//! Allocations of reading, judging and counting: none per case, once the first cases have been seen.

use allocation_counter::measure;
use frist::date::Day;
use frist::ingest::Input;
use frist::judge::{Extensions, WithoutTimes};
use frist::pipeline::{Control, Options, judge_exports};
use frist::rulebook::{Rule, Rulebook};

use crate::workspace::Workspace;

/// An export with this many cases, repeating a thousand days and ten units.
fn export(cases: u32) -> String {
    let mut text = String::from("Ärendenr;Personnummer;Enhet;Utredning inledd;Utredning avslutad\n");
    for number in 0..cases {
        let start = Day(18_000 + (number % 1_000) as i32);
        let end = start.plus_days((number % 7 * 30) as i32);
        text += &format!("BU-{number:07};19{number:010};Enhet {};{start};{end}\n", number % 10);
    }
    text
}

/// Allocations of one thread that reads, judges and counts this many cases.
fn allocations(cases: u32) -> u64 {
    let workspace = Workspace::new().file("a.csv", export(cases));
    let rulebook = Rulebook::builtin();
    let input = Input::open(&workspace.path("")).expect("a folder of exports");
    let exports = input.exports(&rulebook).expect("exports");
    // The search for chains takes one person in sixteen for two by chance, and allocates a list for each.
    let rule = Rule { chain_days: None, ..rulebook.rule("child-investigation").expect("a rule").clone() };
    let without_times = WithoutTimes::Exclude;
    let controls = [Control { rule, extensions: Extensions::Honour, without_times }];
    let options = Options { threads: 1, progress: &|_| () };
    let counted = measure(|| {
        let judged = judge_exports(&exports, &controls, Day(19_900), &options, None).expect("judged");
        assert_eq!(judged.tallies["child-investigation"].cases(), u64::from(cases));
    });
    counted.count_total
}

#[test]
fn a_case_allocates_nothing_after_the_first() {
    let (few, many) = (allocations(30_000), allocations(130_000));
    // Growing lists are moved now and then, each time to twice the room.
    assert!(many < few + 1_000, "{few} for 30 000 cases, {many} for 130 000");
    assert!(few > 0, "they are counted");
}
