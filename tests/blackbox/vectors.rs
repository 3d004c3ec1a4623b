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
        "tiden går ut den 29 februari 2024",
        "startdagen räknas inte",
        "ingen dag med nummer 31. Sista dagen är därför månadens sista dag, 29 februari 2024",
        "1 § lagen (1930:173)",
        "Räknat som 120 dagar: den 28 februari 2024, 1 dag tidigare",
        "11 kap. 2 § andra stycket socialtjänstlagen (2001:453)",
    ] {
        assert!(answer.stdout.contains(step), "'{step}' is not in: {}", answer.stdout);
    }
    let holiday =
        Workspace::new().frist(&["due", "2024-01-01", "--control", "child-investigation"]).success();
    assert!(holiday.stdout.contains("Den 1 maj 2024 är första maj"), "{}", holiday.stdout);
    assert!(holiday.stdout.contains("den 2 maj 2024 (torsdag)"), "{}", holiday.stdout);
    let english = Workspace::new()
        .frist(&["due", "2025-06-01", "--control", "child-investigation", "--lang", "en"])
        .success();
    assert!(english.stdout.contains("Social Services Act (2025:400)"), "{}", english.stdout);
}

#[test]
fn due_counts_hours_across_the_change_of_summer_time() {
    let answer =
        Workspace::new().frist(&["due", "2024-03-30T12:00", "--control", "safety-assessment"]).success();
    let said =
        "24 timmar efter den 30 mars 2024 kl. 12.00 är den 31 mars 2024 kl. 13.00, räknat i verkliga timmar";
    assert!(answer.stdout.contains(said), "{}", answer.stdout);
    assert!(answer.stdout.contains("senast den 31 mars 2024 kl. 13.00 är det i tid"), "{}", answer.stdout);
    let english = ["due", "2024-03-30T12:00", "--control", "safety-assessment", "--lang", "en"];
    let english = Workspace::new().frist(&english).success().stdout;
    assert!(english.contains("no later than 31 March 2024 at 13:00 is in time"), "{english}");
}
