//! Which rows of a table are cases: not the totals, texts and examples around them, and all of them.

use super::*;
use crate::workbook::{Cell, Sheet, days_and_texts, workbook_of};

/// Three investigations in time, one late and one open that is late too.
const CASES: &str = "BU 2024-11;2024-01-09;2024-05-08;Öst\nBU 2024-12;2024-01-16;2024-05-06;Väst\n\
    BU 2024-13;2024-02-06;2024-06-07;Öst\nBU 2024-14;2024-03-05;2024-07-04;Väst\nBU 2024-15;2024-03-12;;Öst\n";
const RIGHT: Figures = Figures { counted: 4, open: 1, excluded: 0, rejected: 0, late: 1, overdue: 1 };

fn of(text: impl AsRef<[u8]>) -> Workspace {
    Workspace::new().file("a.csv", text)
}

/// The codes of the faults of a run.
fn codes(workspace: &Workspace) -> Vec<String> {
    faults(workspace).into_iter().map(|[_, _, code]| code).collect()
}

#[test]
fn a_total_or_a_setting_with_dates_is_no_case() {
    for (row, code) in [
        ("Summa;2024-01-09;2024-07-04;5", "totals-row"),
        ("Totalt;2024-03-01;2024-05-30;", "totals-row"),
        ("Medel;2024-03-01;2024-05-30;", "totals-row"),
        ("Min;2024-01-09;2024-05-06;", "totals-row"),
        ("Högsta;2024-03-12;2024-07-04;", "totals-row"),
        ("Tidigast;2024-01-09;;", "totals-row"),
        ("Antal: 5;2024-08-31;;", "totals-row"),
        (";2024-03-01;2024-05-30;Öst Max", "totals-row"),
        ("Period;2024-01-01;2024-08-31;", "text-row"),
        ("Uttagsdatum;2024-08-31;;", "text-row"),
        ("Fr.o.m.;2024-01-01;;", "text-row"),
        ("Rapport skapad:;2024-08-31 08:12;;", "text-row"),
        ("EOF;20240831;;5", "text-row"),
        ("Exempel;2024-01-01;2024-02-01;", "text-row"),
        ("Urval från;2024-01-01;till;2024-08-31", "text-row"),
    ] {
        for text in [format!("{HEADINGS}{CASES}{row}\n"), format!("{HEADINGS}{row}\n{CASES}")] {
            let workspace = of(&text);
            assert_eq!(said(&workspace, &AS_OF), Ok(Figures { excluded: 1, ..RIGHT }), "{row}");
            assert_eq!(codes(&workspace), [code], "{row}");
        }
    }
}

#[test]
fn a_total_is_no_case_wherever_the_case_number_stands() {
    let headings = "Enhet;Ärendenr;Utredning inledd;Utredning avslutad\n";
    let cases = "Öst;BU 2024-11;2024-01-09;2024-05-08\nVäst;BU 2024-12;2024-01-16;2024-05-06\n\
        Öst;BU 2024-13;2024-02-06;2024-06-07\nVäst;BU 2024-14;2024-03-05;2024-07-04\nÖst;BU 2024-15;2024-03-12;\n";
    for row in [
        "Öst totalt;3;2024-01-09;2024-06-07",
        "Totalt;5;;",
        "Period;;2024-01-01;2024-08-31",
        "Öst;Summa;2024-01-09;2024-06-07",
        "Sida 2 av 2;;;",
        "(5 rows affected)",
        "Öst;;;",
        "Öst Max;;2024-03-12;2024-06-07",
    ] {
        let said = said(&of(format!("{headings}{cases}{row}\n")), &AS_OF);
        assert_eq!(said, Ok(Figures { excluded: 1, ..RIGHT }), "{row}");
    }
    // The line broken off is a case, whatever it begins with.
    for row in ["Öst;BU 2024-16;2024-05", "Öst", "Väst;BU 2024-1"] {
        let said = said(&of(format!("{headings}{cases}{row}\n")), &AS_OF);
        assert_eq!(said, Ok(Figures { rejected: 1, ..RIGHT }), "{row}");
    }
}

#[test]
fn a_case_is_never_taken_for_a_total() {
    // A number like the others, whatever words stand beside it; or a value of another column beside a date.
    let headings = "Kommentar;Ärendenr;Utredning inledd;Utredning avslutad;Enhet\n";
    let cases: String = CASES.lines().map(|line| format!(";{line}\n")).collect();
    for row in [
        "Totalt;BU 2024-16;2024-01-16;2024-05-06;Öst",
        "Antal barn 3;BU 2024-16;2024-01-16;2024-05-06;Öst",
        "Senast;bu 2024-16;2024-01-16;2024-05-06;Öst",
        "Snitt;;2024-01-16;2024-05-06;Öst",
        "Period 2;;2024-01-16;2024-05-06;Öst",
    ] {
        let said = said(&of(format!("{headings}{cases}{row}\n")), &AS_OF);
        assert_eq!(said, Ok(Figures { counted: 5, ..RIGHT }), "{row}");
    }
    // Numbers that begin with such a word, if they are usual.
    let sums = CASES.replace("BU 2024-", "SUM 2024-");
    assert_eq!(said(&of(format!("{HEADINGS}{sums}")), &AS_OF), Ok(RIGHT));
    // Where cases have no numbers, a unit may have any name.
    let headings = "Enhet;Utredning inledd;Utredning avslutad\n";
    let cases = "Max;2024-01-09;2024-05-08\nNorr total;2024-01-16;2024-05-06\nPeriod;2024-02-06;2024-06-07\n";
    assert_eq!(said(&of(format!("{headings}{cases}")), &AS_OF), Ok(Figures::closed(3, 1)));
    let total = of(format!("{headings}{cases}Summa;2024-01-09;2024-06-07\n"));
    assert_eq!(said(&total, &AS_OF), Ok(Figures { excluded: 1, ..Figures::closed(3, 1) }));
}

#[test]
fn a_row_that_may_be_no_case_is_counted_and_named() {
    for row in [
        "BU 2024-XXX;2024-01-16;2024-05-06;Öst",
        "Vet ej;2024-01-16;2024-05-06;Öst",
        ";2024-01-09;2024-05-08;",
    ] {
        let workspace = of(format!("{HEADINGS}{CASES}{row}\n"));
        assert_eq!(said(&workspace, &AS_OF), Ok(Figures { counted: 5, ..RIGHT }), "{row}");
        assert_eq!(faults(&workspace), [["7", "Ärendenr", "unusual-number"]], "{row}");
    }
    // A unit shows that someone meant a case, and another kind of number is one.
    for row in
        [";2024-01-16;2024-05-06;Öst", "2024-17B;2024-01-16;2024-05-06;Öst", "17;2024-01-16;2024-05-06;Öst"]
    {
        let workspace = of(format!("{HEADINGS}{CASES}{row}\n"));
        assert_eq!(said(&workspace, &AS_OF), Ok(Figures { counted: 5, ..RIGHT }), "{row}");
        assert!(!codes(&workspace).contains(&"unusual-number".to_owned()), "{row}");
    }
}

#[test]
fn lines_types_and_rows_that_nobody_filled_in_are_no_cases() {
    for (row, code) in [
        ("---------;----------;--------;----", "text-row"),
        ("=========", "text-row"),
        ("---------+----------+--------+----", "text-row"),
        ("nvarchar(20);date;date;nvarchar(50)", "text-row"),
        ("text;datum;datum;text", "text-row"),
        ("Ärendets nummer;ÅÅÅÅ-MM-DD;ÅÅÅÅ-MM-DD;Enhetens namn", "text-row"),
        ("NULL;NULL;NULL;NULL", "unfilled-row"),
        ("-;-;-;-", "unfilled-row"),
        (";;;121,5", "unfilled-row"),
        (";;;Öst", "unfilled-row"),
        ("0;0;0;0", "unfilled-row"),
        (";(ÅÅÅÅ-MM-DD);(ÅÅÅÅ-MM-DD);", "text-row"),
        ("5;;;", "totals-row"),
        (";5;4;", "totals-row"),
        ("5;;;Öst antal", "totals-row"),
    ] {
        let workspace = of(format!("{HEADINGS}{row}\n{CASES}"));
        assert_eq!(said(&workspace, &AS_OF), Ok(Figures { excluded: 1, ..RIGHT }), "{row}");
        assert_eq!(codes(&workspace), [code], "{row}");
    }
    // With a number or a date it is a case that lacks something.
    for (row, code) in [
        ("BU 2024-16;;;", "missing-start"),
        ("BU 2024-16;;;Öst", "missing-start"),
        (";;2024-05-06;Öst", "missing-start"),
        (";i maj;;Öst", "unreadable-date"),
    ] {
        let workspace = of(format!("{HEADINGS}{CASES}{row}\n"));
        assert_eq!(said(&workspace, &AS_OF), Ok(Figures { rejected: 1, ..RIGHT }), "{row}");
        assert_eq!(codes(&workspace), [code], "{row}");
    }
}

#[test]
fn a_text_cut_in_two_moves_the_cells_of_its_row() {
    let headings = "Ärendenr;Utredning inledd;Utredning avslutad;Orsak;Enhet;Kommentar\n";
    let row = |line: &str| line.replace(";Öst", ";Våld;Öst;\n").replace(";Väst", ";Våld;Väst;\n");
    let cases: String = CASES.lines().map(row).collect();
    assert_eq!(said(&of(format!("{headings}{cases}")), &AS_OF), Ok(RIGHT));
    for cut in
        ["BU 2024-16;2024-01-16;2024-05-06;Våld; hot;Öst;", "BU 2024-16;2024-01-16;2024-05-06;a; b; c;Öst;"]
    {
        let workspace = of(format!("{headings}{cases}{cut}\n"));
        assert_eq!(said(&workspace, &AS_OF), Ok(Figures { rejected: 1, ..RIGHT }), "{cut}");
        assert_eq!(codes(&workspace), ["too-many-cells"], "{cut}");
    }
    // Every row ends in a separator, and one of them was cut all the same.
    let ended = cases.replace(";\n", ";;\n");
    assert_eq!(said(&of(format!("{headings}{ended}")), &AS_OF), Ok(RIGHT));
    let cut = format!("{headings}{ended}BU 2024-16;2024-01-16;2024-05-06;Våld; hot;Öst;;\n");
    assert_eq!(said(&of(cut), &AS_OF), Ok(Figures { rejected: 1, ..RIGHT }));
    // A name with a comma in every row would make units of first names.
    let named: String = cases.replace(';', ",").replace("Våld", "Berg, Anna");
    let named = format!("{}{named}", headings.replace(';', ",").replace("Orsak", "Handläggare"));
    assert_eq!(said(&of(named), &AS_OF), Err("nothing-usable".to_owned()));
}

/// A sheet with these rows, cells separated by semicolons.
fn book(text: &str) -> Vec<u8> {
    let rows: Vec<Vec<Cell>> =
        text.lines().map(|line| days_and_texts(&line.split(';').collect::<Vec<_>>())).collect();
    workbook_of(&[Sheet::of_cells("Uttag", &rows)])
}

#[test]
fn a_note_beside_a_sheets_table_moves_no_cell() {
    for note in ["2024-06-07;Öst;sen p.g.a. sjukdom", "2024-06-07;Öst;;;kolla", "2024-06-07;Öst;2024-06-10"]
    {
        let text = format!("{HEADINGS}{}", CASES.replace("2024-06-07;Öst", note));
        let workspace = Workspace::new().file("a.xlsx", book(&text));
        assert_eq!(said(&workspace, &AS_OF), Ok(RIGHT), "{note}");
        let outcome = workspace.frist(&["check", ".", "--as-of", "2024-08-31", "--lang", "en"]).success();
        assert!(outcome.stdout.contains("cells without a heading"), "{note}: {}", outcome.stdout);
    }
    let plain = Workspace::new().file("a.xlsx", book(&format!("{HEADINGS}{CASES}")));
    let outcome = plain.frist(&["check", ".", "--as-of", "2024-08-31", "--lang", "en"]).success();
    assert!(!outcome.stdout.contains("without a heading"), "{}", outcome.stdout);
}

#[test]
fn cases_above_the_headings_are_refused() {
    let (above, below) = CASES.split_at(CASES.find("BU 2024-12").expect("the second case"));
    let swapped = "Dnr;Startdatum;Slutdatum\nBU 2024-9;2024-01-03;2024-03-23\n\n";
    let unknown = "Nr;Avdelning;Utr. startad;Utr. klar\nBU 2024-9;Norr;2024-01-03;2024-03-23\n";
    for (text, line) in [
        (format!("{above}{HEADINGS}{below}"), 2),
        (format!("Uttag 2024\n{above}{HEADINGS}{below}"), 3),
        (format!("{swapped}{HEADINGS}{CASES}"), 4),
        (format!("{unknown}{HEADINGS}{CASES}"), 3),
    ] {
        for workspace in [of(&text), Workspace::new().file("a.xlsx", book(&text))] {
            let refused = workspace.frist(&["run", ".", "--as-of", "2024-08-31"]);
            refused.failure(65, &["(rows-above)", &format!("header_line = {line}")]);
        }
        // The remedies: the headings first, or the line of the headings.
        let cases = if text.contains("Nr;") || text.contains("Dnr;") {
            RIGHT
        } else {
            Figures { counted: 3, ..RIGHT }
        };
        let workspace = of(&text).file("frist.toml", project(&format!("header_line = {line}")));
        assert_eq!(said(&workspace, &[]), Ok(cases));
    }
    assert_eq!(said(&of(format!("{HEADINGS}{above}{below}")), &AS_OF), Ok(RIGHT));
    // Without case numbers, several rows with a start and an end.
    let unnumbered = "Enhet;Start;Slut\nÖst;2024-01-03;2024-03-23\nÖst;2024-01-04;2024-03-24\n\
        Enhet;Utredning inledd;Utredning avslutad\nÖst;2024-01-09;2024-05-08\n";
    assert_eq!(said(&of(unnumbered), &AS_OF), Err("rows-above".to_owned()));
}

#[test]
fn what_stands_below_the_last_case_is_no_case() {
    for below in [
        "Handläggare;Alla;;\n",
        "Handläggare;Alla\n",
        "Enhet;Barn norr, Barn söder;;\nÄrendetyp;Barnutredning;;\n",
        "Status;Avslutad;;\n",
        "Urval;;;\nStatus;Avslutad;Enhet;Alla\n",
        "Handläggare;Alla;Enhet;Alla\n",
        "Kontakt;;;Kommunen\n",
        "varav sena;;3;\n",
        "Medeltid;;112;\n",
        "2024-09-01;;;\n",
        "1/2;;;\n",
    ] {
        let texts = below.lines().count() as u64;
        for text in [format!("{HEADINGS}{CASES}{below}"), format!("{HEADINGS}{CASES};;;\n{below};;;\n")] {
            let right = Figures { excluded: texts, ..RIGHT };
            let figures = said(&of(text.as_str()), &AS_OF);
            assert_eq!(figures, Ok(right), "{text}");
        }
    }
    // A row between cases, and one that may be a case without dates, are rejected and named.
    let (before, after) = CASES.split_at(CASES.find("BU 2024-12").expect("the second case"));
    for text in [
        format!("{before}Handläggare;Alla;;\n{after}"),
        format!("{CASES}Ej tilldelat;;;Öst\n"),
        format!("{CASES}BU 2024-99;;;Öst\n"),
        format!("{CASES}1999;;;Öst\n"),
        format!("{CASES}Nästa;2024-02-30;;Öst\n"),
    ] {
        let figures = said(&of(format!("{HEADINGS}{text}")), &AS_OF);
        assert_eq!(figures, Ok(Figures { rejected: 1, ..RIGHT }), "{text}");
    }
    // With rows of its own, a table below the first is another one.
    let second = "Status;Avslutad;Anmälan inkom;Enhet\n7;2024-01-10;2024-01-20;Öst\n";
    assert_eq!(said(&of(format!("{HEADINGS}{CASES}{second}")), &AS_OF), Err("other-table".into()));
}

#[test]
fn what_a_reporting_tool_prints_above_the_table_is_passed_over() {
    for above in [
        "Uttagsdatum: 2024-08-31\n\n",
        "Uttagsdatum;2024-08-31\n",
        "Period;2024-01-01;2024-08-31\n",
        "Från;2024-01-01\nTill;2024-08-31\nUttaget;2024-09-02\n",
        "Urval;Utredning avslutad;2024-01-01;2024-08-31\n\n",
        "Utredningar 2024;;Sida:;1\nUtskrivet:;2024-08-31;;\n",
        "Månad;Antal\n2024-01-31;2\n2024-02-29;1\n2024-03-31;2\n\n",
        "Ärende BU 2024-11 och följande, uttag 2024-08-31\n",
        "Dnr;BU 2024-301;;2024-09-01\n",
        "Utskriven;2024-09-01;BU 2024-1;\n",
        "Period;2024-01-01;2024-08-31\nJämförelse;2023-01-01;2023-08-31\n",
    ] {
        assert_eq!(said(&of(format!("{above}{HEADINGS}{CASES}")), &AS_OF), Ok(RIGHT), "{above}");
    }
    // A selection with the headings of the table: the error names the setting, and that works.
    let selection = "Utredning inledd;Utredning avslutad;Enhet\n2023-01-01 - 2024-08-31;Alla;Alla\n\n";
    let workspace = of(format!("{selection}{HEADINGS}{CASES}"));
    let refused = workspace.frist(&["run", ".", "--as-of", "2024-08-31"]);
    refused.failure(65, &["(other-table)", "header_line = 4"]);
    workspace.write("frist.toml", project("header_line = 4"));
    assert_eq!(said(&workspace, &[]), Ok(RIGHT));
}

#[test]
fn an_extension_before_the_case_is_named() {
    let headings = "Ärendenr;Utredning inledd;Utredning avslutad;Beslut om förlängning;Förlängd till\n";
    let text = "1;2024-01-15;2024-05-20;2024-05-02;2023-07-15\n2;2024-03-04;2024-07-05;2023-05-02;2024-08-15\n\
        3;2024-03-04;2024-07-05;2024-06-20;2024-08-15\n";
    let workspace = of(format!("{headings}{text}"));
    assert_eq!(said(&workspace, &AS_OF), Ok(Figures::closed(3, 1)));
    let found = |line: &str, column: &str| [line, column, "extension-before-start"].map(str::to_owned);
    assert_eq!(faults(&workspace), [found("2", "Förlängd till"), found("3", "Beslut om förlängning")]);
}

#[test]
fn what_is_written_like_a_total_can_be_a_name() {
    // A unit in an export without numbers, and a first name.
    let text = "Område;Utredning inledd;Utredning avslutad\nSA;2024-01-09;2024-05-08\nSB;2024-01-16;2024-05-06\n\
        SA;2024-02-06;2024-06-05\n";
    assert_eq!(said(&of(text), &AS_OF), Ok(Figures::closed(3, 0)));
    let headings = HEADINGS.replace("Enhet", "Handläggare");
    for name in ["Tom Ek", "Max", "Min Li"] {
        let workspace = of(format!("{headings}{CASES};2024-02-03;2024-06-01;{name}\n"));
        assert_eq!(said(&workspace, &AS_OF), Ok(Figures { counted: 5, ..RIGHT }), "{name}");
    }
}

#[test]
fn marks_for_no_number_do_not_hide_what_numbers_look_like() {
    for mark in ["", "NULL", "Saknas", "-"] {
        let rest = format!("{mark};2024-02-13;2024-06-03;Öst\n{mark};2024-02-14;2024-06-04;Öst\n");
        let workspace = of(format!("{HEADINGS}{CASES}{rest}Min;2024-01-09;2024-05-06;\n"));
        assert_eq!(said(&workspace, &AS_OF), Ok(Figures { counted: 6, excluded: 1, ..RIGHT }), "{mark}");
    }
}

#[test]
fn a_row_about_a_person_is_not_left_out() {
    let headings = HEADINGS.replace("Enhet", "Enhet;Handläggare");
    let cases = CASES.replace('\n', ";AB\n");
    let workspace = of(format!("{headings}{cases};;;Öst;CD\n"));
    assert_eq!(said(&workspace, &AS_OF), Ok(Figures { rejected: 1, ..RIGHT }));
    let workspace = of(format!("{headings}{cases};;;Öst;\n"));
    assert_eq!(said(&workspace, &AS_OF), Ok(Figures { excluded: 1, ..RIGHT }));
}

#[test]
fn a_second_table_that_begins_with_a_label_is_seen() {
    let second = "Rapport;Anmälan inkom;Förhandsbedömning klar;Enhet\n7;2024-01-10;2024-01-20;Öst\n";
    assert_eq!(said(&of(format!("{HEADINGS}{CASES}{second}")), &AS_OF), Err("other-table".into()));
}

#[test]
fn a_row_of_another_control_is_no_case_of_this_one() {
    let headings =
        "Ärendenr;Anmälan inkom;Förhandsbedömning klar;Utredning inledd;Utredning avslutad;Enhet\n";
    let rows = "1;2024-01-02;2024-01-12;2024-01-12;2024-05-13;Öst\n2;2024-01-08;2024-01-19;;;Öst\n\
        3;2024-01-15;2024-02-05;-;;Öst\n4;;;2024-02-12;2024-06-10;Öst\n";
    let workspace = of(format!("{headings}{rows}"));
    let right = Figures { excluded: 3, ..Figures::closed(5, 2) };
    assert_eq!(said(&workspace, &AS_OF), Ok(right));
    assert_eq!(codes(&workspace), ["other-control"; 3]);
    // Two sources that name the same file read it so too.
    let source = |control: &str| format!("[[source]]\ncontrol = \"{control}\"\nfiles = [\"a.csv\"]\n");
    let sources = [INVESTIGATION, "preliminary-assessment"].map(source).concat();
    workspace.write("frist.toml", format!("as_of = 2024-08-31\n{sources}"));
    assert_eq!(said(&workspace, &[]), Ok(right));
    // A row that shows a case of the control by its end still lacks its start, and so does one in a file of one control.
    for row in ["5;2024-02-12;2024-02-19;;2024-06-10;Öst", "5;2024-02-12;2024-02-19;i mars;;Öst", "5;;;;;Öst"]
    {
        let workspace = of(format!("{headings}{rows}{row}\n"));
        let rejected = said(&workspace, &AS_OF).map(|figures| (figures.excluded, figures.rejected > 0));
        assert_eq!(rejected, Ok((3, true)), "{row}");
    }
    let alone = "Ärendenr;Anmälan;Utredning inledd;Utredning avslutad\n1;2024-01-02;2024-01-12;2024-05-13\n2;2024-01-02;;\n";
    assert_eq!(said(&of(alone), &AS_OF), Ok(Figures { rejected: 1, ..Figures::closed(1, 1) }));
}

#[test]
fn rows_that_are_only_numbered_are_not_filled_in() {
    let headings = "Nr;Utredning inledd;Utredning avslutad;Enhet\n";
    let cases = "1;2024-01-09;2024-05-08;Öst\n2;2024-01-16;2024-05-20;Väst\n3;2024-03-12;;Öst\n";
    let right = Figures { counted: 2, open: 1, excluded: 2, rejected: 0, late: 1, overdue: 1 };
    for text in [format!("{headings}{cases}4;;;\n5;;;\n"), format!("{headings}4;;;\n{cases}5;;;\n")] {
        for workspace in [of(&text), Workspace::new().file("a.xlsx", book(&text))] {
            assert_eq!(said(&workspace, &AS_OF), Ok(right));
            assert_eq!(codes(&workspace), ["unfilled-row"; 2]);
        }
    }
    let with_unit = of(format!("{headings}{cases}4;;;Öst\n"));
    assert_eq!(said(&with_unit, &AS_OF), Ok(Figures { excluded: 0, rejected: 1, ..right }));
}
