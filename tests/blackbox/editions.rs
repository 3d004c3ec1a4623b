//! Editions published one after another: what one hides stays hidden in the next.

use serde_json::{Value, json};

use crate::workspace::Workspace;

/// Cases closed in time or late, by unit and month of their end.
fn export(cases: &[(&str, &str, u32, u32)]) -> String {
    let mut rows = String::from("Ärendenr;Utredning inledd;Utredning avslutad;Enhet\n");
    for (unit, end, in_time, late) in cases {
        for number in 0..in_time + late {
            let start = if number < *in_time { &format!("{end}-01") } else { "2023-01-10" };
            rows += &format!("{unit}{end}{number};{start};{end}-20;{unit}\n");
        }
    }
    rows
}

/// In the first tertial Norr has few late cases, which West hides.
const FIRST: [(&str, &str, u32, u32); 3] =
    [("Norr", "2024-03", 30, 2), ("West", "2024-03", 30, 8), ("Öst", "2024-03", 30, 12)];

fn first_edition() -> Workspace {
    let workspace = Workspace::new().file("uttag/a.csv", export(&FIRST));
    publish(&workspace, "2024-04-30", "t1", &[]).success();
    workspace
}

fn publish(workspace: &Workspace, as_of: &str, out: &str, more: &[&str]) -> crate::workspace::Outcome {
    let run = ["run", "uttag", "--as-of", as_of, "--edition", "published", "--out", out, "--forms", "md"];
    workspace.frist(&[&run[..], more].concat())
}

/// The deviations of each unit in a period.
fn of_units(workspace: &Workspace, out: &str, period: &str) -> Vec<(String, Value)> {
    let results = workspace.json(&format!("{out}/data/results.json"));
    let groups = results["controls"][0]["groupings"][0]["groups"].as_array().expect("groups").clone();
    let of_period = |group: Value| {
        let periods = group["periods"].as_array().expect("periods").iter();
        let mut periods = periods.filter(|it| it["period"] == period);
        Some((group["name"].as_str()?.to_owned(), periods.next()?["deviations"].clone()))
    };
    groups.into_iter().filter_map(of_period).collect()
}

fn named(units: &[(&str, Value)]) -> Vec<(String, Value)> {
    units.iter().map(|(name, count)| ((*name).to_owned(), count.clone())).collect()
}

#[test]
fn what_was_hidden_stays_hidden_though_another_number_would_do() {
    let workspace = first_edition();
    let hidden = named(&[("Norr", json!(null)), ("West", json!(null)), ("Öst", json!(12))]);
    assert_eq!(of_units(&workspace, "t1", "2024-T1"), hidden);
    // West's number was corrected since: by itself this edition would rather hide Öst's.
    let corrected = [
        FIRST[0],
        ("West", "2024-03", 30, 40),
        FIRST[2],
        ("West", "2024-06", 30, 9),
        ("Öst", "2024-06", 30, 9),
    ];
    workspace.write("uttag/a.csv", export(&corrected));
    publish(&workspace, "2024-08-31", "t2-alone", &[]).success();
    let alone = named(&[("Norr", json!(null)), ("West", json!(40)), ("Öst", json!(null))]);
    assert_eq!(of_units(&workspace, "t2-alone", "2024-T1"), alone);
    publish(&workspace, "2024-08-31", "t2", &["--published-before", "t1"]).success();
    assert_eq!(of_units(&workspace, "t2", "2024-T1"), hidden, "Norr's is 22 less 12 less 8 otherwise");
}

#[test]
fn a_renamed_unit_shows_no_number_of_the_time_before_and_the_others_theirs() {
    let workspace = first_edition();
    let renamed = [FIRST[0], ("Väst", "2024-03", 30, 8), FIRST[2], ("Öst", "2024-06", 30, 9)];
    workspace.write("uttag/a.csv", export(&renamed));
    publish(&workspace, "2024-08-31", "t2", &["--published-before", "t1"]).success();
    let units = named(&[("Norr", json!(null)), ("Väst", json!(null)), ("Öst", json!(12))]);
    assert_eq!(of_units(&workspace, "t2", "2024-T1"), units);
    let now = of_units(&workspace, "t2", "2024-T2");
    assert!(now.contains(&("Öst".to_owned(), json!(9))), "{now:?}");
}

#[test]
fn the_manifest_has_the_pattern_and_no_digest_of_an_export() {
    let workspace = first_edition();
    let manifest = workspace.json("t1/manifest.json");
    assert_eq!(manifest["inputs"][0].get("sha256"), None);
    assert_eq!(workspace.json("t1/data/results.json")["inputs"][0].get("sha256"), None);
    let (published, control) = (&manifest["published"], &manifest["published"]["controls"][0]);
    assert_eq!((&published["smallest"], &control["control"]), (&json!(5), &json!("child-investigation")));
    let numbers = control["numbers"].as_array().expect("numbers");
    let norr = json!({ "period": "2024-T1", "group": "Norr", "cases": 32, "deviations": null });
    assert!(numbers.contains(&norr), "{numbers:?}");
    workspace.frist(&["run", "uttag", "--as-of", "2024-04-30", "--out", "inne", "--forms", "md"]).success();
    let internal = workspace.json("inne/manifest.json");
    assert!(internal["inputs"][0]["sha256"].is_string() && internal.get("published").is_none());
}

#[test]
fn editions_beside_the_new_one_are_suggested_and_not_used() {
    let workspace = first_edition();
    workspace.frist(&["run", "uttag", "--as-of", "2024-04-30", "--out", "inne", "--forms", "md"]).success();
    let told = publish(&workspace, "2024-04-30", "t1 igen", &[]).success().stderr;
    assert!(told.contains("--published-before t1\n"), "{told}");
    let told = publish(&workspace, "2024-04-30", "t2", &["--published-before", "t1"]).success().stderr;
    assert!(told.contains("--published-before \"t1 igen\"\n"), "{told}");
    // The project names them relative to itself.
    workspace.write("uttag/frist.toml", "[report]\npublished_before = [\"../t1\", \"../t1 igen\"]\n");
    let told = publish(&workspace, "2024-04-30", "t2", &["--published-before", "t1"]).success().stderr;
    assert!(!told.contains("--published-before"), "{told}");
}

#[test]
fn an_edition_made_otherwise_is_refused_with_what_to_do() {
    let workspace = first_edition();
    let after = ["--published-before", "t1"];
    let again = |more: &[&str]| publish(&workspace, "2024-04-30", "t2", &[&after[..], more].concat());
    again(&["--period", "quarter"]).failure(78, &["(editions-differ)", "--period tertial"]);
    workspace.write("uttag/frist.toml", "[report]\nsmallest_published = 3\n");
    again(&[]).failure(78, &["smallest_published = 5"]);
    workspace.write("uttag/frist.toml", "[trend]\nperiod = \"tertial\"\n");
    again(&[]).failure(78, &["period = \"month\""]);
    workspace.write("uttag/frist.toml", "[[control]]\nid = \"child-investigation\"\ncohort = \"due\"\n");
    again(&[]).failure(78, &["cohort = \"closed\""]);
    workspace.write("uttag/frist.toml", "");
    again(&["--period", "tertial"]).success();
    workspace.frist(&["run", "uttag", "--published-before", "t1"]).failure(2, &["--edition published"]);
    publish(&workspace, "2024-04-30", "t2", &["--published-before", "uttag"]).failure(78, &["manifest.json"]);
}

#[test]
fn an_edition_with_more_deviations_than_cases_is_none() {
    let workspace = first_edition();
    let manifest = workspace.read("t1/manifest.json");
    let west = "\"group\": \"West\", \"cases\": 38, \"deviations\": ";
    let other = manifest.replace(&format!("{west}null"), &format!("{west}39"));
    assert_ne!(other, manifest);
    workspace.write("t1/manifest.json", other);
    publish(&workspace, "2024-08-31", "t2", &["--published-before", "t1"])
        .failure(78, &["(unusable-edition)", "t1"]);
}

#[test]
fn editions_that_tell_together_are_refused_until_one_is_withdrawn() {
    let workspace = first_edition();
    let manifest = workspace.read("t1/manifest.json");
    // As if it had been published without the first: West's number is shown.
    let shown =
        |unit: &str, count: &str| format!("\"group\": \"{unit}\", \"cases\": {count}, \"deviations\": ");
    let (west, east) = (shown("West", "38"), shown("Öst", "42"));
    let other = manifest.replace(&format!("{west}null"), &format!("{west}8"));
    assert_ne!(other, manifest);
    workspace.write("t1-b/manifest.json", other.replace(&format!("{east}12"), &format!("{east}null")));
    let both = ["--published-before", "t1", "t1-b"];
    let told = publish(&workspace, "2024-04-30", "t2", &both);
    told.failure(78, &["(edition-tells)", "t1-b", "2024-T1"]);
    publish(&workspace, "2024-04-30", "t2", &["--published-before", "t1"]).success();
}

#[test]
fn what_the_edition_leaves_out_is_not_spoken_of_as_if_it_stood_there() {
    let months = ["2023-09", "2023-10", "2023-11", "2023-12", "2024-01", "2024-02", "2024-03", "2024-04"];
    let cases = months.map(|month| ("Norr", month, 5, 3));
    let workspace = Workspace::new().file("uttag/a.csv", export(&cases));
    publish(&workspace, "2024-04-30", "published", &[]).success();
    let text = workspace.read("published/report.md");
    assert!(text.contains("av 32 ärenden") || text.contains("Av 32 ärenden"), "{text}");
    let no_verdict =
        "I den här utgåvan anges inte om andelen har ändrats: de antal som bedömningen bygger på visas inte.";
    assert_eq!(text.matches(no_verdict).count(), 2, "in the body and in the appendix: {text}");
    assert!(!text.contains("De fyra grupperna"), "their table is left out: {text}");
    workspace.frist(&["run", "uttag", "--as-of", "2024-04-30", "--out", "own", "--forms", "md"]).success();
    let own = workspace.read("own/report.md");
    assert!(own.contains("De fyra grupperna") && !own.contains(no_verdict), "{own}");
}
