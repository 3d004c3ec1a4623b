//! The shared vectors of deadlines, `tests/vectors/deadlines.csv`, through the program.

use std::path::Path;

use crate::workspace::Workspace;
use frist::date::Day;
use frist::judge::DueDates;
use frist::rulebook::{Clock, Rulebook};

/// start, clock, due, rolled, source
fn vectors() -> Vec<[String; 5]> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/deadlines.csv");
    let mut reader = csv::Reader::from_path(path).expect("the vectors");
    let rows = reader.records().map(|record| {
        let record = record.expect("a row");
        std::array::from_fn(|index| record[index].to_owned())
    });
    rows.collect()
}

#[test]
fn every_vector_holds() {
    let rows = vectors();
    assert!(rows.len() >= 30);
    let child = Rulebook::builtin().rule("child-investigation").expect("a rule").clone();
    for [start, clock, due, rolled, source] in rows {
        let clock: Clock = clock.parse().expect("a clock");
        let rule = child.with_clocks(Some(clock), None);
        let dues = DueDates::of(Day::parse_iso(&start).expect("a date"), None, &rule).expect("in force");
        assert_eq!(
            (dues.strict.to_string(), dues.rolled.to_string()),
            (due, rolled),
            "{start} + {clock}: {source}"
        );
    }
}

#[test]
fn due_explains_each_step() {
    let answer = Workspace::new().frist(&["due", "2023-10-31", "--control", "child-investigation"]).success();
    for step in [
        "tiden går ut 2024-02-29",
        "startdagen räknas inte",
        "ingen dag med nummer 31. Sista dagen är därför månadens sista dag, 2024-02-29",
        "1 § lagen (1930:173)",
        "Räknat som 120 dagar: 2024-02-28, 1 dag tidigare",
        "11 kap. 2 § andra stycket socialtjänstlagen (2001:453)",
    ] {
        assert!(answer.stdout.contains(step), "'{step}' is not in: {}", answer.stdout);
    }
    let holiday =
        Workspace::new().frist(&["due", "2024-01-01", "--control", "child-investigation"]).success();
    assert!(holiday.stdout.contains("2024-05-01 är första maj"), "{}", holiday.stdout);
    assert!(holiday.stdout.contains("2024-05-02 (torsdag)"), "{}", holiday.stdout);
    let english = Workspace::new()
        .frist(&["due", "2025-06-01", "--control", "child-investigation", "--lang", "en"])
        .success();
    assert!(english.stdout.contains("Social Services Act (2025:400)"), "{}", english.stdout);
}

#[test]
fn due_counts_hours_across_the_change_of_summer_time() {
    let answer =
        Workspace::new().frist(&["due", "2024-03-30T12:00", "--control", "safety-assessment"]).success();
    assert!(answer.stdout.contains("2024-03-31T13:00:00+02:00"), "{}", answer.stdout);
}
