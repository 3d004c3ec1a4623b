//! sample_data reproduces the source report, and reports/ is generated from it.

use std::collections::HashSet;
use std::fs;
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::workspace::{Workspace, last_period};
use serde_json::json;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

fn files_below(folder: &Path) -> Vec<String> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        if path.is_dir() {
            names.extend(files_below(&path).into_iter().map(|inner| format!("{name}/{inner}")));
        } else {
            names.push(name);
        }
    }
    names.sort();
    names
}

fn assert_same_files(one: &Path, other: &Path) {
    assert_eq!(files_below(one), files_below(other));
    for name in files_below(one) {
        let same = fs::read(one.join(&name)).expect("a file") == fs::read(other.join(&name)).expect("a file");
        assert!(same, "{name} differs; write it anew with the command in README.md");
    }
}

#[test]
fn the_committed_report_is_what_the_sample_data_gives() {
    let workspace = Workspace::new();
    let sample = root().join("sample_data");
    // Without --forms, which the manifest would record.
    let mut run = Command::new(env!("CARGO_BIN_EXE_frist"));
    workspace.command(run.args(["run", &sample.to_string_lossy(), "--out", "reports"])).success();
    assert_same_files(&root().join("reports"), &workspace.path("reports"));
}

/// The report is sent by mail, and every change of it is kept in the repository.
#[test]
fn the_committed_report_is_whole_and_small() {
    let reports = root().join("reports");
    Workspace::new().frist(&["verify", &reports.to_string_lossy()]).success();
    let sizes = files_below(&reports).into_iter().map(|name| {
        let bytes = fs::metadata(reports.join(&name)).expect("a file").len();
        (bytes, name)
    });
    let mut sizes: Vec<(u64, String)> = sizes.collect();
    sizes.sort_unstable_by(|one, other| other.cmp(one));
    let all: u64 = sizes.iter().map(|(bytes, _)| bytes).sum();
    assert!(all <= 5_000_000, "{all} bytes, most of them in {:?}", &sizes[..5]);
}

#[test]
fn the_sample_data_is_what_the_default_seed_gives() {
    let workspace = Workspace::new();
    workspace.frist(&["sample", "--out", "sample"]).success();
    assert_same_files(&root().join("sample_data"), &workspace.path("sample"));
}

/// Internkontrollrapport per augusti 2024: cases, deviations, share, and the tertial before.
#[test]
fn the_source_report_s_figures_come_out() {
    let text = fs::read_to_string(root().join("reports/data/results.json")).expect("results");
    let results: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let page = fs::read_to_string(root().join("reports/report.html")).expect("the page");
    for (control, cases, deviations, shown, before) in [
        ("child-investigation", 319, 110, "34,5", 0.375),
        ("preliminary-assessment", 1218, 41, "3,4", 0.059),
        ("cooperation-talks", 63, 6, "9,5", 0.065),
        ("safety-assessment", 1204, 0, "0,0", 0.0),
        ("unenforced-decision", 373, 9, "2,4", 0.071),
    ] {
        let last = last_period(&results, control);
        assert_eq!((&last["period"], &last["to"]), (&json!("2024-T2"), &json!("2024-08-31")), "{control}");
        assert_eq!((&last["cases"], &last["deviations"]), (&json!(cases), &json!(deviations)), "{control}");
        assert!(page.contains(&format!("{shown}\u{a0}%")), "{control}");
        let controls = results["controls"].as_array().expect("controls");
        let control = controls.iter().find(|known| known["id"] == control).expect("the control");
        let periods = control["periods"].as_array().expect("periods");
        let share = periods[periods.len() - 2]["share"].as_f64().expect("a share");
        assert!((share * 1000.0).round() == (before * 1000.0_f64).round(), "{share} {before}");
    }
    let child = last_period(&results, "child-investigation");
    assert_eq!((&child["reference_deviations"], &child["reference_share"]), (&json!(147), &json!(0.460815)));
}

/// Every export has a column with personal numbers, which is never shown.
#[test]
fn no_personal_number_reaches_the_report() {
    let workspace = Workspace::new();
    let sample = root().join("sample_data");
    let sample = sample.to_string_lossy();
    workspace
        .frist(&["run", &sample, "--cases", "--out", "reports", "--forms", "html,xlsx,docx,md,pptx"])
        .success();
    let export = fs::read(root().join("sample_data/utredningar_2024.csv")).expect("an export");
    let text: String = export.iter().map(|byte| char::from(*byte)).collect();
    let numbers: HashSet<&str> = text.lines().skip(1).filter_map(|line| line.split(';').nth(1)).collect();
    assert!(numbers.len() > 300 && numbers.iter().all(|number| number.len() == 13));
    for file in files_below(&workspace.path("reports")) {
        let bytes = fs::read(workspace.path(&format!("reports/{file}"))).expect("a file");
        for part in parts_of(&file, bytes) {
            let shown = String::from_utf8_lossy(&part);
            // A personal number has its hyphen after eight digits.
            let found = shown.match_indices('-').find(|(at, _)| {
                let around = at.checked_sub(8).and_then(|from| shown.get(from..at + 5));
                around.is_some_and(|number| numbers.contains(number))
            });
            assert_eq!(found, None, "{file}");
        }
    }
}

/// The contents of a packed file, or the file itself.
fn parts_of(name: &str, bytes: Vec<u8>) -> Vec<Vec<u8>> {
    if ![".xlsx", ".docx", ".pptx"].iter().any(|ending| name.ends_with(ending)) {
        return vec![bytes];
    }
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("an archive");
    let parts = (0..archive.len()).map(|number| {
        let mut inside = Vec::new();
        archive.by_index(number).expect("a part").read_to_end(&mut inside).expect("read");
        inside
    });
    parts.collect()
}
