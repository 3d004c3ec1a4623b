//! Exports that look right and would be read wrongly: they are refused, or their rows are named.

use crate::workbook::{Cell, Sheet, days_and_texts, row_of, workbook, workbook_of};
use crate::workspace::{HEADINGS, Workspace};

const WITH_UNITS: &str = "Ärendenr;Enhet;Utredning inledd;Utredning avslutad\n";
const UNITS: &str = "BU-1;Norr;2024-01-10;2024-05-10\nBU-2;Norr;2024-01-11;2024-05-13\n";

/// What `frist check` prints in English, whatever its exit code.
fn checked(workspace: &Workspace) -> (i32, String) {
    let outcome = workspace.frist(&["check", ".", "--as-of", "2024-08-31", "--lang", "en"]);
    (outcome.code, format!("{}{}", outcome.stdout, outcome.stderr))
}

fn check_csv(text: &str) -> (i32, String) {
    checked(&Workspace::new().file("u.csv", text))
}

#[test]
fn another_table_below_the_first_stops_the_run() {
    for below in [
        "Ärendenr;Enhet;Anmälan inkom;Förhandsbedömning klar\nFB-1;Söder;2024-05-02;2024-05-12\n",
        "Ärendenr;Anmälan inkom;Utredning inledd;Utredning avslutad\n11;2024-01-02;2024-01-11;2024-06-23\n",
        "Ärendenr;Utredning inledd;Utredning avslutad\nBU-9;2024-01-11;2024-06-23\n",
        "Ärendenr;Enhet;Anmälan inkom;Förhandsbedömning klar;Barn\nFB-1;Söder;2024-05-02;2024-05-12;2\n",
    ] {
        for between in ["", "\n", ";;;\n\n", "Förhandsbedömningar\n"] {
            let (code, said) = check_csv(&format!("{WITH_UNITS}{UNITS}{between}{below}"));
            let line = 4 + between.matches('\n').count();
            assert!(code == 65 && said.contains("other-table"), "{below}{said}");
            assert!(said.contains(&format!("u.csv:{line} another table")), "{below}{said}");
        }
    }
}

#[test]
fn another_table_is_seen_where_its_rows_would_be_left_out() {
    let export = "Ärendenr;Ärendetyp;Utredning inledd;Utredning avslutad\n1;Barn;2024-01-10;2024-05-10\n\
                  Ärendenr;Ärendetyp;Anmälan inkom;Förhandsbedömning klar\n2;Barn;2024-05-02;2024-05-12\n";
    for source in [
        "control = \"child-investigation\"\nonly = { \"Ärendetyp\" = [\"Barn\"] }",
        "types = { \"Barn\" = \"child-investigation\" }",
    ] {
        let project = format!("[[source]]\nfiles = [\"u.csv\"]\n{source}\n");
        let workspace = Workspace::new().file("u.csv", export).file("frist.toml", project);
        let (code, said) = checked(&workspace);
        assert!(code == 65 && said.contains("other-table"), "{source}{said}");
    }
}

#[test]
fn another_table_of_a_sheet_is_named_by_its_cell() {
    let rows = [
        &["Ärendenr", "Utredning inledd", "Utredning avslutad"][..],
        &["1", "2024-01-10", "2024-05-10"],
        &[""],
        &["Ärendenr", "Anmälan inkom", "Förhandsbedömning klar"],
        &["2", "2024-05-02", "2024-05-12"],
    ];
    let rows: Vec<Vec<Cell>> = rows.iter().map(|row| days_and_texts(row)).collect();
    let book = workbook_of(&[Sheet::of_cells("Uttag", &rows)]);
    let (code, said) = checked(&Workspace::new().file("u.xlsx", book));
    assert!(code == 65 && said.contains("Uttag!A4 another table"), "{said}");
}

#[test]
fn headings_that_mean_the_same_are_no_other_table() {
    for again in [
        WITH_UNITS,
        "ÄRENDENUMMER;Avdelning;Inledd;Avslutad\n",
        "Dnr;Enhet;Utredning inledd;Utredning avslutad\n",
    ] {
        let (code, said) = check_csv(&format!("{WITH_UNITS}{UNITS}{again}BU-3;Norr;2024-02-01;2024-05-20\n"));
        assert!(code == 0 && said.contains("u.csv"), "{again}{said}");
    }
}

#[test]
fn a_row_with_a_case_number_or_a_date_is_a_case_whatever_its_words() {
    let spaced = "Dnr;Utredning inledd;Utredning avslutad\nSN 2024/00001;2024-01-10;2024-05-10\n";
    for (row, code) in [("SN 2024/00099;;\n", "missing-start"), ("SN 2024/00098\n", "too-few-cells")] {
        let (_, said) = check_csv(&format!("{spaced}{row}"));
        assert!(said.contains(code) && !said.contains("text-row"), "{row}{said}");
    }
    let with_notes =
        "Kommentar;Ärendenr;Enhet;Utredning inledd;Utredning avslutad\n;B1;N;2024-01-10;2024-05-10\n";
    for row in [
        "Familjen har ett stort antal;B77;N;2024-01-10;31 maj\n",
        "Antal barn 3;B78;N;;2024-06-01\n",
        "Placeras total;B79;N;2024-13-32;i juni\n",
        "Snitt;;N;2024-01-10;i maj\n",
    ] {
        let (_, said) = check_csv(&format!("{with_notes}{row}"));
        assert!(said.contains("(rejected), 1") && !said.contains("totals-row"), "{row}{said}");
    }
}

#[test]
fn totals_and_averages_are_left_out_by_their_words() {
    for row in [
        "Totalsumma;11;;",
        "Totalsumma;;11;",
        "Medelvärde;;;121",
        "Genomsnitt:;;;121,5",
        "Delsumma Norr;;2;",
        ";Norr Totalt;2;2",
        "Grand Total;;2;",
        "Median;;;120",
    ] {
        let (code, said) = check_csv(&format!("{WITH_UNITS}{UNITS}{row}\n"));
        assert!(code == 0 && said.contains("totals-row (left out"), "{row}{said}");
    }
}

#[test]
fn a_formula_without_a_value_is_a_fault_wherever_it_stands() {
    for (row, code) in [
        ("BU-3;#SAKNAS!;2024-01-12;2024-05-13", "formula-in-name (doubtful"),
        ("#REFERENS!;Norr;2024-01-12;2024-05-13", "formula-in-name (doubtful"),
        ("BU-3;Norr;#N/A;2024-05-13", "formula-in-date (rejected"),
        ("BU-3;Norr;2024-01-12;########", "formula-in-date (rejected"),
    ] {
        let (_, said) = check_csv(&format!("{WITH_UNITS}{UNITS}{row}\n"));
        assert!(said.contains(code) && said.contains("Open the file in Excel"), "{row}{said}");
    }
    let formula = |cell: &str| format!("<c r=\"{cell}\"><f>X9</f></c>");
    let cells = |texts: &[&str]| row_of(2, &days_and_texts(texts));
    let headings =
        row_of(1, &days_and_texts(&["Ärendenr", "Utredning inledd", "Utredning avslutad", "Enhet"]));
    for (texts, cell, code) in [
        (["1", "2024-01-10", "2024-05-10", ""], "D2", "formula-in-name (doubtful"),
        (["", "2024-01-10", "2024-05-10", "Norr"], "A2", "formula-in-name (doubtful"),
        (["1", "2024-01-10", "", "Norr"], "C2", "formula-in-date (rejected"),
    ] {
        let row = cells(&texts).replace("</row>", &format!("{}</row>", formula(cell)));
        let book = workbook(&[("Blad1", &format!("{headings}{row}"))]);
        let (_, said) = checked(&Workspace::new().file("u.xlsx", book));
        assert!(said.contains(code) && said.contains(&format!("Blad1!{cell}")), "{cell}{said}");
    }
}

#[test]
fn rows_with_a_word_or_an_error_for_a_number_are_not_the_same_case() {
    for number in ["#REFERENS!", "Saknas", "X", "okänt"] {
        let row = format!("{number};Norr;2024-01-12;2024-05-13\n");
        let (code, said) = check_csv(&format!("{WITH_UNITS}{UNITS}{row}{row}"));
        assert!(code == 0 && !said.contains("repeated-row"), "{number}{said}");
        assert!(!said.contains("rejected), "), "{number}{said}");
    }
}

#[test]
fn case_numbers_that_became_dates_are_refused() {
    let export = |numbers: &[&str]| {
        let rows = numbers.iter().map(|number| format!("{number};2024-01-10;2024-05-10\n"));
        format!("{HEADINGS}{}", rows.collect::<String>())
    };
    let (code, said) = check_csv(&export(&["jan-24", "feb-24", "13-24"]));
    assert!(code == 65 && said.contains("destroyed-case-numbers") && said.contains("jan-24"), "{said}");
    let (code, said) = check_csv(&export(&["2024-08-29", "2024-08-30", "2024-08-31"]));
    assert!(code == 0, "{said}");
    // One file was saved by Excel, the other was not.
    let rows = [
        &["Ärendenr", "Utredning inledd", "Utredning avslutad"][..],
        &["2024-01-01", "2024-01-10", "2024-05-10"],
        &["2024-02-01", "2024-01-10", "2024-05-10"],
    ];
    let rows: Vec<Vec<Cell>> = rows.iter().map(|row| days_and_texts(row)).collect();
    let book = workbook_of(&[Sheet::of_cells("Uttag", &rows)]);
    let workspace = Workspace::new().file("a.xlsx", book).file("b.csv", export(&["1-24", "2-24"]));
    let (code, said) = checked(&workspace);
    assert!(code == 65 && said.contains("destroyed-case-numbers") && said.contains("Uttag!A2"), "{said}");
}

#[test]
fn a_table_in_one_column_is_named_for_what_it_is() {
    let lines = ["Ärendenr;Utredning inledd;Utredning avslutad", "1;2024-01-10;2024-05-10"];
    let rows: Vec<Vec<Cell>> = lines.iter().map(|line| vec![Cell::text(*line)]).collect();
    let book = workbook_of(&[Sheet::of_cells("Uttag", &rows)]);
    let quoted: String = lines.iter().map(|line| format!("\"{line}\"\n")).collect();
    for workspace in [Workspace::new().file("u.xlsx", book), Workspace::new().file("u.csv", quoted)] {
        let (code, said) = checked(&workspace);
        assert!(code == 65 && said.contains("one-cell") && said.contains("Text to Columns"), "{said}");
    }
    let (code, said) =
        check_csv("Ärendenr,Utredning inledd,Utredning avslutad\n\"1,2024-01-10,2024-05-10\"\n");
    assert!(code == 65 && said.contains("row-in-quotes") && !said.contains("short_rows"), "{said}");
}

#[test]
fn a_file_is_found_by_its_name_composed_or_not() {
    let project = "[[source]]\nfiles = [\"s\u{f6}der.csv\"]\n";
    let workspace =
        Workspace::new().file("so\u{308}der.csv", format!("{WITH_UNITS}{UNITS}")).file("frist.toml", project);
    let (code, said) = checked(&workspace);
    assert!(code == 0 && said.contains("child-investigation"), "{said}");
}

#[test]
fn without_an_as_of_date_no_period_is_named() {
    let workspace = Workspace::new().file("u.csv", format!("{HEADINGS}1;i maj;i juni\n"));
    let outcome = workspace.frist(&["check", "."]);
    assert!(!outcome.stdout.contains("2100"), "{}", outcome.stdout);
    outcome.failure(65, &["nothing-usable"]);
}
