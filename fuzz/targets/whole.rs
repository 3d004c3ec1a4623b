//! What the targets that read a file share.

use std::path::Path;

use frist::date::Day;
use frist::ingest::{Input, Ledger};
use frist::judge::{Extensions, WithoutTimes};
use frist::pipeline::{Control, Options, judge_exports};
use frist::rulebook::Rulebook;

/// Reads and judges a file as `frist run` does. Whatever the file contains, each row has one fate, the faults are on
/// its lines, and a second reading gives the same result.
pub fn judge(path: &Path) {
    let rulebook = Rulebook::builtin();
    let Ok(input) = Input::open(path) else { return };
    let Ok(exports) = input.exports(&rulebook) else { return };
    let used = |id: &str| exports.iter().any(|export| export.controls.ids().contains(&id));
    let controls: Vec<Control> = rulebook
        .rules
        .iter()
        .filter(|rule| used(&rule.id))
        .map(|rule| Control {
            rule: rule.clone(),
            extensions: Extensions::Honour,
            without_times: WithoutTimes::ByDay,
        })
        .collect();
    let as_of = Day::parse_iso("2024-08-31").expect("a day");
    let options = Options { threads: 1, progress: &|_| () };
    let Ok(judged) = judge_exports(&exports, &controls, as_of, &options, None) else { return };
    let again = judge_exports(&exports, &controls, as_of, &options, None).expect("it was read before");
    assert_eq!((&judged.inputs, &judged.faults), (&again.inputs, &again.faults));
    let mut all = Ledger::default();
    judged.inputs.iter().for_each(|entry| all.add(entry.ledger));
    let in_tallies: u64 = judged
        .tallies
        .values()
        .flat_map(|tally| tally.groups.values())
        .flat_map(|group| group.months())
        .map(|(_, month)| month.cohorts[2].cases(|_| true))
        .sum();
    assert_eq!(all.counted + all.open, in_tallies, "every judged case started in one month");
    assert!(judged.faults.iter().all(|fault| fault.place.line > 0));
}
