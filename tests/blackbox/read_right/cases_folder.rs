//! The cases in the folder that `FRIST_CASES` names, each run and compared with its `expected.json`. Without the
//! variable the test does nothing.

use std::fs;
use std::path::Path;

use serde_json::{Map, Value, json};

use crate::workspace::Workspace;

/// `results.json`, in the form of an `expected.json`.
fn as_expected(results: &Value, control: &str) -> Value {
    let inputs = results["inputs"].as_array().expect("inputs");
    let inputs = || inputs.iter().filter(|input| input["control"] == control || input["control"].is_null());
    let sum = |what: &str| inputs().filter_map(|input| input[what].as_u64()).sum::<u64>();
    let controls = results["controls"].as_array().expect("controls");
    let found = controls.iter().find(|known| known["id"] == control).expect("the control");
    let periods = found["periods"].as_array().expect("periods");
    let overdue = periods.last().map_or(Value::Null, |last| last["open_overdue"].clone());
    let judged = periods.iter().filter(|period| period["cases"].as_u64() > Some(0)).map(|period| {
        let figures = json!([period["cases"], period["deviations"], period["reference_deviations"]]);
        (period["period"].as_str().expect("a name").to_owned(), figures)
    });
    let ledger = ["counted", "open", "excluded", "rejected"].map(|what| (what.to_owned(), json!(sum(what))));
    json!({
        "control": control,
        "ledger": Map::from_iter(ledger),
        "open_overdue": overdue,
        "periods": judged.collect::<Map<String, Value>>(),
    })
}

/// What is wrong with the figures of one folder.
fn check(folder: &Path) -> Option<String> {
    let workspace = Workspace::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        if path.is_file() && name != "expected.json" {
            workspace.write(&name, fs::read(&path).expect("a file"));
        }
    }
    let mut expected: Value =
        serde_json::from_slice(&fs::read(folder.join("expected.json")).expect("a file")).expect("JSON");
    expected.as_object_mut().expect("an object").remove("note");
    let control = expected["control"].as_str().expect("a control").to_owned();
    let outcome = workspace.frist(&["run", "."]);
    if outcome.code != 0 {
        return Some(format!("{}: {}", folder.display(), outcome.stderr));
    }
    let found = as_expected(&workspace.json("reports/data/results.json"), &control);
    (found != expected).then(|| format!("{}\n  said   {found}\n  wanted {expected}", folder.display()))
}

#[test]
fn the_cases_of_a_folder_give_their_figures() {
    let Some(cases) = std::env::var_os("FRIST_CASES") else { return };
    let entries =
        fs::read_dir(cases).expect("the folder of cases").map(|entry| entry.expect("an entry").path());
    let folders: Vec<_> = entries.filter(|path| path.join("expected.json").is_file()).collect();
    assert!(!folders.is_empty());
    let wrong: Vec<String> = folders.iter().filter_map(|folder| check(folder)).collect();
    assert!(wrong.is_empty(), "{} of {} are wrong:\n{}", wrong.len(), folders.len(), wrong.join("\n"));
}
