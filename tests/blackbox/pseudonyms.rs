//! `--pseudonymise`: lists of cases without case numbers, and back to them.

use std::collections::BTreeSet;
use std::io::{Cursor, Read};

use crate::workspace::Workspace;

/// Two closed cases and two open ones; BU-3 and BU-4 are due on the same day.
const EXPORT: &str = "Ärendenr;Utredning inledd;Utredning avslutad;Enhet\n\
                      BU-1;2024-01-10;2024-05-10;Norr\n\
                      BU-2;2024-02-10;2024-07-10;Norr\n\
                      bu-4;2024-06-10;;Söder\n\
                      BU-3;2024-06-10;;Söder\n\
                      ;2024-06-20;;Söder\n";

fn workspace() -> Workspace {
    Workspace::new().file("uttag.csv", EXPORT)
}

/// A column of a CSV text, without its heading.
fn column(csv: &str, column: usize) -> Vec<String> {
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    reader.records().map(|record| record.expect("CSV")[column].to_owned()).collect()
}

/// Five groups of four consonants.
fn is_pseudonym(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    let is_group =
        |group: &&str| group.len() == 4 && group.bytes().all(|byte| b"bcdfghjkmnpqrtvw".contains(&byte));
    groups.len() == 5 && groups.iter().all(is_group)
}

#[test]
fn a_list_with_pseudonyms_is_the_list_without_but_for_the_numbers() {
    let workspace = workspace();
    workspace.frist(&["cases", "uttag.csv", "--out", "plain.csv"]).success();
    let told = workspace
        .frist(&["cases", "uttag.csv", "--out", "list.csv", "--pseudonymise", "nyckel"])
        .success()
        .stderr;
    assert!(told.contains("nyckel") && told.contains("Lämna aldrig ut den"), "{told}");
    let (plain, list) = (workspace.read("plain.csv"), workspace.read("list.csv"));
    for number in ["BU-", "bu-"] {
        assert!(plain.contains(number) && !list.contains(number), "{list}");
    }
    // The cases are in the same order, so a pseudonym can be looked up.
    for other in (0..13).filter(|other| *other != 1) {
        assert_eq!(column(&plain, other), column(&list, other));
    }
    let pseudonyms = column(&list, 1);
    assert_eq!(pseudonyms.iter().filter(|text| is_pseudonym(text)).count(), 4, "{pseudonyms:?}");
    assert_eq!(pseudonyms.iter().filter(|text| text.is_empty()).count(), 1, "{pseudonyms:?}");
    assert_eq!(pseudonyms.iter().collect::<BTreeSet<_>>().len(), 5);
}

#[test]
fn the_same_key_gives_the_same_pseudonyms_everywhere_and_another_key_others() {
    let workspace = workspace();
    let cases = |out: &str, key: &str| {
        workspace.frist(&["cases", "uttag.csv", "--out", out, "--pseudonymise", key]).success();
        column(&workspace.read(out), 1)
    };
    let first = cases("one.csv", "nyckel");
    let key = workspace.read("nyckel");
    assert_eq!(cases("two.csv", "nyckel"), first);
    assert_eq!(workspace.read("nyckel"), key);
    assert!(cases("three.csv", "annan").iter().all(|text| text.is_empty() || !first.contains(text)));

    // Another spelling of a number is the same case.
    workspace.write("uttag.csv", EXPORT.replace("BU-1;", "bu-1 ;"));
    assert_eq!(cases("four.csv", "nyckel"), first);

    let run = ["run", "uttag.csv", "--cases", "--pseudonymise", "nyckel"];
    workspace.frist(&run).success();
    assert_eq!(column(&workspace.read("reports/data/cases.csv"), 1), first);
    workspace.frist(&["verify", "reports"]).success();
}

#[test]
fn no_file_of_a_report_has_a_case_number_beside_pseudonyms() {
    // The second BU-1 is a fault, and faults have reasons.
    let workspace = Workspace::new()
        .file("uttag.csv", format!("{EXPORT}BU-1;2024-03-10;2024-05-11;Norr\nBU-9;x;;Norr\n"));
    workspace
        .frist(&["run", "uttag.csv", "--cases", "--pseudonymise", "nyckel", "--forms", "html,md"])
        .success();
    for name in workspace.names_in("reports") {
        let bytes = workspace.bytes(&format!("reports/{name}"));
        let text = String::from_utf8_lossy(&bytes).to_uppercase();
        for number in 1..=9 {
            assert!(!text.contains(&format!("BU-{number}")), "{name} has BU-{number}");
        }
    }
}

/// Every part of a workbook, concatenated.
fn texts_of_workbook(bytes: &[u8]) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("a workbook");
    let mut texts = String::new();
    for part in 0..archive.len() {
        archive.by_index(part).expect("a part").read_to_string(&mut texts).expect("XML");
    }
    texts
}

#[test]
fn a_workbook_has_the_same_pseudonyms() {
    let workspace = workspace();
    workspace.frist(&["cases", "uttag.csv", "--out", "list.csv", "--pseudonymise", "nyckel"]).success();
    workspace.frist(&["cases", "uttag.csv", "--out", "list.xlsx", "--pseudonymise", "nyckel"]).success();
    let texts = texts_of_workbook(&workspace.bytes("list.xlsx"));
    for pseudonym in column(&workspace.read("list.csv"), 1) {
        assert!(texts.contains(&pseudonym), "{pseudonym}");
    }
    assert!(!texts.to_uppercase().contains("BU-"), "{texts}");
}

#[test]
fn open_cases_stand_in_the_same_order_with_pseudonyms_and_without() {
    let workspace = workspace();
    let open = |more: &[&str]| {
        let arguments = [&["open", "uttag.csv", "--as-of", "2024-08-31", "--format", "csv"], more].concat();
        workspace.frist(&arguments).success().stdout
    };
    let (plain, shown) = (open(&[]), open(&["--pseudonymise", "nyckel"]));
    assert_eq!(column(&plain, 1), ["BU-3", "bu-4", ""]);
    for other in [0, 2, 3, 4, 5] {
        assert_eq!(column(&plain, other), column(&shown, other));
    }
    workspace.frist(&["cases", "uttag.csv", "--out", "list.csv", "--pseudonymise", "nyckel"]).success();
    let list = column(&workspace.read("list.csv"), 1);
    assert_eq!(column(&shown, 1), [list[3].clone(), list[2].clone(), String::new()]);
}

#[test]
fn changed_cases_have_pseudonyms_too() {
    let workspace = workspace();
    let compare = ["compare", "uttag.csv", "--method", "120 days", "--reference", "6 months"];
    workspace
        .frist(&[&compare[..], &["--changed", "changed.csv", "--pseudonymise", "nyckel"]].concat())
        .success();
    let changed = workspace.read("changed.csv");
    let pseudonyms = column(&changed, 1);
    assert!(!pseudonyms.is_empty() && pseudonyms.iter().all(|text| is_pseudonym(text)), "{changed}");
    workspace.frist(&[&compare[..], &["--pseudonymise", "nyckel"]].concat()).failure(2, &["--changed"]);
    workspace.frist(&["run", "uttag.csv", "--pseudonymise", "nyckel"]).failure(2, &["--cases"]);
}

#[test]
fn a_key_is_no_part_of_what_is_written_or_read() {
    let workspace = workspace();
    for key in ["reports/nyckel", "./reports/../reports/a/nyckel", "reports"] {
        let run = ["run", "uttag.csv", "--cases", "--pseudonymise", key];
        workspace.frist(&run).failure(78, &["(unusable-key)", "egen mapp"]);
    }
    workspace
        .frist(&["cases", "uttag.csv", "--out", "list.csv", "--pseudonymise", "list.csv"])
        .failure(78, &["(unusable-key)", "egen mapp"]);
    assert_eq!(workspace.names(), ["uttag.csv"]);

    // Beside the exports the key is not taken for one of them.
    workspace.frist(&["cases", ".", "--out", "ut/list.csv", "--pseudonymise", "nyckel.txt"]).success();
    workspace.frist(&["cases", ".", "--out", "ut/list.csv", "--pseudonymise", "nyckel.txt"]).success();
    // An export is not a key, and is left unchanged.
    workspace.frist(&["open", ".", "--pseudonymise", "uttag.csv"]).failure(78, &["(unusable-key)"]);
    assert_eq!(workspace.read("uttag.csv"), EXPORT);
}

#[test]
fn a_key_that_cannot_be_made_is_an_error_before_the_work() {
    let workspace = workspace();
    workspace
        .frist(&["cases", "uttag.csv", "--out", "list.csv", "--pseudonymise", "uttag.csv/nyckel"])
        .failure(74, &["uttag.csv/nyckel", "(unreadable-input)"]);
    assert_eq!(workspace.names(), ["uttag.csv"]);
}

#[cfg(unix)]
#[test]
fn a_key_is_for_its_owner_alone() {
    use std::fs::{Permissions, metadata, set_permissions};
    use std::os::unix::fs::PermissionsExt;
    let workspace = workspace();
    let open = ["open", "uttag.csv", "--pseudonymise", "nyckel"];
    // With a umask that removes no permissions.
    let script = "umask 000; exec \"$0\" \"$@\"";
    let frist = env!("CARGO_BIN_EXE_frist");
    workspace.command(std::process::Command::new("sh").args(["-c", script, frist]).args(open)).success();
    let mode = || metadata(workspace.path("nyckel")).expect("a key").permissions().mode() & 0o777;
    assert_eq!(mode(), 0o600);
    workspace.frist(&open).success();
    set_permissions(workspace.path("nyckel"), Permissions::from_mode(0o644)).expect("changed");
    let key = workspace.read("nyckel");
    workspace.frist(&open).failure(78, &["(unusable-key)", "chmod 600 nyckel"]);
    assert_eq!((workspace.read("nyckel"), mode()), (key, 0o644));
}
