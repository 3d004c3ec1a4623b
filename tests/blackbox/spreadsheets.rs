//! Files for spreadsheet programs: case lists as workbooks, faults as a sheet, CSV for a Swedish Excel.

use std::io::{Cursor, Read};

use crate::workspace::{HEADINGS, Workspace};

const AS_OF: [&str; 2] = ["--as-of", "2024-08-31"];

fn workspace() -> Workspace {
    let rows =
        "1;2023-12-10;2024-04-01\n=2+3;2024-01-10;2024-06-01\n3;2024-05-20;\n4;vet inte än;2024-06-01\n";
    Workspace::new().file("a.csv", format!("{HEADINGS}{rows}"))
}

/// A part of a workbook.
fn part(workbook: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(workbook)).expect("a workbook");
    let mut text = String::new();
    archive.by_name(name).expect("the part").read_to_string(&mut text).expect("XML");
    text
}

#[test]
fn a_case_list_is_a_workbook_when_its_name_says_so() {
    let workspace = workspace();
    workspace.frist(&["cases", "a.csv", "--out", "arenden.XLSX", AS_OF[0], AS_OF[1]]).success();
    let workbook = workspace.bytes("arenden.XLSX");
    assert!(part(&workbook, "xl/workbook.xml").contains("name=\"Ärenden\""));
    let sheet = part(&workbook, "xl/worksheets/sheet1.xml");
    // 2023-12-10 is day 45270 in Excel, formatted as a date.
    assert!(sheet.contains("<c r=\"D2\" s=\"2\"><v>45270</v></c>"), "{sheet}");
    assert!(sheet.contains("state=\"frozen\"") && sheet.contains("<autoFilter ref=\"A1:O4\"/>"), "{sheet}");
    // A text, neither a formula nor with an apostrophe; a margin is a number.
    assert!(sheet.contains("=2+3") && !sheet.contains("<f>") && !sheet.contains("&apos;=2"), "{sheet}");
    assert!(!sheet.contains("'=2"), "{sheet}");
    assert!(sheet.contains("<c r=\"K2\"><v>-9</v></c>"), "{sheet}");
    // Where the case was read.
    assert!(sheet.contains("<t>a.csv</t></is></c><c r=\"O2\"><v>2</v></c>"), "{sheet}");
    assert_eq!(workspace.names(), ["a.csv", "arenden.XLSX"], "nothing is left beside it");
    workspace.frist(&["cases", "a.csv", "--out", "igen.xlsx", AS_OF[0], AS_OF[1]]).success();
    assert_eq!(workbook, workspace.bytes("igen.xlsx"), "the same input gives the same bytes");
}

#[test]
fn open_cases_are_a_sheet_of_dates_and_numbers() {
    let workspace = workspace();
    workspace.frist(&["open", "a.csv", "--out", "oppna.xlsx", AS_OF[0], AS_OF[1]]).success();
    let workbook = workspace.bytes("oppna.xlsx");
    assert!(part(&workbook, "xl/workbook.xml").contains("name=\"Öppna 2024-08-31\""));
    let sheet = part(&workbook, "xl/worksheets/sheet1.xml");
    // 2024-05-20 and 2024-09-20 are days 45432 and 45555 in Excel; twenty days are left.
    let cells = ["<v>45432</v>", "<v>45555</v>", "<v>20</v>", "<autoFilter ref=\"A1:F2\"/>"];
    assert!(cells.iter().all(|cell| sheet.contains(cell)), "{sheet}");
    workspace.frist(&["open", "a.csv", "--out", "igen.xlsx", AS_OF[0], AS_OF[1]]).success();
    assert_eq!(workbook, workspace.bytes("igen.xlsx"), "the same input gives the same bytes");
}

#[test]
fn a_personal_number_stops_a_list_of_open_cases() {
    let rule = "[[source]]\nfiles = [\"a.csv\"]\ncontrol = \"child-investigation\"\n";
    let workspace = workspace().file("frist.toml", format!("as_of = 2024-08-31\n{rule}"));
    for list in ["19121212-1212.csv", "19121212-1212.xlsx"] {
        workspace.frist(&["open", ".", "--out", list]).failure(65, &["personal-number-in-output"]);
    }
    assert_eq!(workspace.names(), ["a.csv", "frist.toml"]);
}

#[test]
fn moments_of_a_case_list_stand_with_their_offset() {
    let headings = "Ärendenr;Anmälan inkom;Skyddsbedömning\n";
    let workspace =
        Workspace::new().file("s.csv", format!("{headings}1;2024-05-01 10:00;2024-05-02 11:00\n"));
    workspace.frist(&["cases", "s.csv", "--out", "c.csv", AS_OF[0], AS_OF[1]]).success();
    workspace.frist(&["cases", "s.csv", "--out", "c.xlsx", AS_OF[0], AS_OF[1]]).success();
    let (list, sheet) =
        (workspace.read("c.csv"), part(&workspace.bytes("c.xlsx"), "xl/worksheets/sheet1.xml"));
    let moment = list.split(',').find(|cell| cell.contains('T') && cell.contains('+')).expect("a moment");
    assert!(sheet.contains(moment), "{moment}: {sheet}");
}

#[test]
fn faults_are_a_sheet_of_the_internal_workbook_alone() {
    let workspace = workspace();
    workspace.frist(&["run", ".", AS_OF[0], AS_OF[1], "--forms", "xlsx"]).success();
    let workbook = workspace.bytes("reports/report.xlsx");
    assert!(part(&workbook, "xl/workbook.xml").contains("name=\"Fel i underlaget\""));
    let strings = part(&workbook, "xl/sharedStrings.xml");
    for wanted in ["unreadable-date", "Utredning inledd", "Följd"] {
        assert!(strings.contains(wanted), "{wanted}");
    }
    assert!(!strings.contains("vet inte än"), "what a cell holds is not shown");
    workspace.frist(&["run", ".", AS_OF[0], AS_OF[1], "--forms", "xlsx", "--edition", "published"]).success();
    let workbook = workspace.bytes("reports/report.xlsx");
    assert!(!part(&workbook, "xl/workbook.xml").contains("Fel i underlaget"));
}

#[test]
fn csv_for_a_swedish_excel_has_its_separator_comma_and_mark() {
    let project = "csv = \"excel-sv\"\n[[source]]\nfiles = [\"a.csv\"]\ncontrol = \"child-investigation\"\n";
    let set = workspace().file("frist.toml", project);
    let asked = workspace();
    let csv = ["--csv", "excel-sv"];
    let run = ["run", ".", AS_OF[0], AS_OF[1], "--cases"];
    set.frist(&run).success();
    asked.frist(&[&run[..], &csv].concat()).success();
    for workspace in [&set, &asked] {
        let cases = workspace.read("reports/data/cases.csv");
        assert!(cases.starts_with("\u{feff}control;case_id;group;start;"), "{cases}");
        assert!(cases.contains("\nchild-investigation;'=2+3;;2024-01-10;2024-06-01;"), "{cases}");
        assert!(workspace.read("reports/data/faults.csv").starts_with("\u{feff}file;line;column;"));
        // Files that programs depend on are unchanged.
        assert!(workspace.read("reports/data/facts.csv").starts_with("control,grouping,group,"));
        assert!(workspace.read("reports/data/tally.csv").starts_with("schema,control,group,"));
        assert!(
            workspace.read("reports/data/charts/child-investigation-share.csv").starts_with("period,cases,")
        );
    }
    set.frist(&["compare", ".", AS_OF[0], AS_OF[1], "--changed", "changed.csv"]).success();
    assert!(set.read("changed.csv").starts_with("\u{feff}control;"));
    let told = set.frist(&["run", ".", AS_OF[0], AS_OF[1], "--format", "csv"]).success().stdout;
    assert!(told.starts_with("\u{feff}control;cohort;") && told.contains(";1;1;1;0,2"), "{told}");
    // The argument overrides the project file.
    let plain = ["run", ".", AS_OF[0], AS_OF[1], "--format", "csv", "--csv", "standard"];
    assert!(set.frist(&plain).success().stdout.starts_with("control,cohort,"));
    set.frist(&["rules", "--csv", "excel"]).failure(2, &["standard, excel-sv"]);
}
