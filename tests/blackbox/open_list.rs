//! `frist open --out`: the list as a page, and a list for each unit.

use crate::workspace::{Outcome, Workspace};

const EXPORT: &str = "Ärendenr;Utredning inledd;Utredning avslutad;Enhet\n\
                      1;2024-03-01;;Norr\n2;2024-05-20;;Söder & Väst\n3;2024-05-02;;norr!\n\
                      4;2024-01-10;2024-02-01;Öster\n5;2024-05-10;;\n";

fn workspace() -> Workspace {
    let project = "organisation = \"Socialnämnden <A>\"\nas_of = 2024-08-31\n\
                   [[source]]\nfiles = [\"a.csv\"]\ncontrol = \"child-investigation\"\n";
    Workspace::new().file("a.csv", EXPORT).file("frist.toml", project)
}

fn open(workspace: &Workspace, more: &[&str]) -> Outcome {
    workspace.frist(&[&["open", "."], more].concat())
}

/// The case numbers of a page, in order.
fn cases(page: &str) -> Vec<String> {
    let rows = page.split("<tr>").skip(2);
    let case =
        |row: &str| row.split("<td").nth(1)?.split_once('>')?.1.split("</td>").next().map(str::to_owned);
    rows.filter_map(case).collect()
}

#[test]
fn a_list_of_open_cases_can_be_a_page() {
    let workspace = workspace();
    for _ in 0..2 {
        open(&workspace, &["--out", "lista.html"]).success();
    }
    let page = workspace.read("lista.html");
    assert_eq!(cases(&page), ["1", "3", "5", "2"], "{page}");
    for part in [
        "<html lang=\"sv\">",
        "<title>Öppna ärenden – Socialnämnden &lt;A&gt;</title>",
        "Läget den 31 augusti 2024. Antal ärenden i listan: 4.",
        "kan omfattas av sekretess",
        "<meta name=\"robots\" content=\"noindex\">",
        "http-equiv=\"Content-Security-Policy\"",
        "<th scope=\"col\">Enhet</th>",
        "Söder &amp; Väst",
    ] {
        assert!(page.contains(part), "'{part}' is not in: {page}");
    }
    let first = page.clone();
    open(&workspace, &["--out", "igen.HTML", "--lang", "sv"]).success();
    assert_eq!(workspace.read("igen.HTML"), first, "the same input gives the same bytes");
    open(&workspace, &["--out", "english.html", "--lang", "en"]).success();
    assert!(workspace.read("english.html").contains("<html lang=\"en\">"));
    open(&workspace, &["--out", "tom.html", "--within", "0", "--no-overdue"]).success();
    assert!(workspace.read("tom.html").contains("Listan innehåller inga ärenden."));
}

#[test]
fn a_page_takes_the_place_of_no_other_file() {
    let workspace = workspace().file("startsida.html", "<!DOCTYPE html><title>Startsida</title>");
    open(&workspace, &["--out", "startsida.html"]).failure(74, &["startsida.html"]);
    workspace.frist(&["run", ".", "--forms", "html", "--out", "rapport"]).success();
    workspace.write("kopia.html", workspace.bytes("rapport/report.html"));
    open(&workspace, &["--out", "kopia.html"]).failure(74, &["kopia.html"]);
}

#[test]
fn each_unit_has_a_list_of_its_own() {
    let workspace = workspace();
    for _ in 0..2 {
        open(&workspace, &["--per-unit", "--out", "lista.html"]).success();
    }
    let of = |name: &str| cases(&workspace.read(&format!("lista-unit{name}.html")));
    assert_eq!([of("-norr"), of("-norr-2"), of("-soder-vast"), of("")], [["1"], ["3"], ["2"], ["5"]]);
    // One without open cases has an empty list in the place of an earlier one.
    assert!(of("-oster").is_empty());
    let pages: Vec<String> = workspace.names().into_iter().filter(|name| name.ends_with(".html")).collect();
    assert_eq!(pages.len(), 5, "{pages:?}");
    assert!(workspace.read("lista-unit-norr.html").contains("<h1>Öppna ärenden, Norr</h1>"));
    assert!(workspace.read("lista-unit.html").contains("<h1>Öppna ärenden, (utan enhet)</h1>"));
    open(&workspace, &["--per-unit", "--out", "lista.csv", "--group", "Norr"]).success();
    assert_eq!(workspace.read("lista-unit-norr.csv").lines().count(), 2);
    assert!(!workspace.names().contains(&"lista-unit-oster.csv".to_owned()));
    open(&workspace, &["--per-unit", "--out", "lista.xlsx"]).success();
    assert!(workspace.names().contains(&"lista-unit-soder-vast.xlsx".to_owned()));
    open(&workspace, &["--per-unit"]).failure(2, &["--out"]);
}

/// Where one list cannot be written, none is.
#[test]
fn lists_of_units_stand_together_or_not_at_all() {
    let workspace = workspace().file("lista-unit-soder-vast.csv", "a;b\n1;2\n");
    open(&workspace, &["--per-unit", "--out", "lista.csv"]).failure(74, &["lista-unit-soder-vast.csv"]);
    assert_eq!(workspace.names(), ["a.csv", "frist.toml", "lista-unit-soder-vast.csv"]);
}

#[test]
fn a_personal_number_stops_a_page() {
    let workspace = workspace();
    let project = workspace.read("frist.toml");
    workspace.write("frist.toml", project.replace("<A>", "19121212-1212"));
    open(&workspace, &["--out", "lista.html"]).failure(65, &["personal-number-in-output"]);
    workspace.write("frist.toml", project);
    // One in the name of a unit is no name: its case is of no unit.
    workspace.write("a.csv", EXPORT.replace("Söder & Väst", "Lag 19121212-1212"));
    let outcome = open(&workspace, &["--per-unit", "--out", "lista.html"]).success();
    assert!(!outcome.stderr.contains("1212"), "{}", outcome.stderr);
    let pages: Vec<String> = workspace.names().into_iter().filter(|name| name.ends_with(".html")).collect();
    assert!(pages.len() == 4 && pages.iter().all(|name| !name.contains("1212")), "{pages:?}");
    assert!(pages.iter().all(|name| !workspace.read(name).contains("1212-1212")));
}

#[test]
fn a_page_shows_pseudonyms_where_they_are_asked_for() {
    let workspace = workspace();
    open(&workspace, &["--out", "lista.html", "--pseudonymise", "nyckel"]).success();
    let shown = cases(&workspace.read("lista.html"));
    assert!(shown.len() == 4 && shown.iter().all(|case| case.len() > 8), "{shown:?}");
}
