//! Which case a row is: numbers that are missing, written in two ways, or those of something else.

use super::*;

/// Rows of six investigations in two units, with the numbers that `number` gives them; the second and the fifth are late.
fn rows(number: impl Fn(usize) -> String) -> Vec<String> {
    let cases = [
        "2024-01-08;2024-05-08;Öst\n",
        "2024-01-15;2024-05-20;Väst\n",
        "2024-01-29;2024-04-12;Öst\n",
        "2024-02-05;2024-06-03;Öst\n",
        "2024-02-12;2024-06-14;Väst\n",
        "2024-02-19;2024-05-27;Öst\n",
    ];
    cases.iter().enumerate().map(|(case, row)| format!("{};{row}", number(case + 1))).collect()
}

/// Two exports, of which the second has the cases of the first and one more.
fn two(headings: &str, first: &[String], second: &[String]) -> Workspace {
    Workspace::new()
        .file("april.csv", format!("{headings}{}", first[..5].concat()))
        .file("augusti.csv", format!("{headings}{}", second.concat()))
}

const SIX: Figures = Figures { counted: 6, open: 0, excluded: 5, rejected: 0, late: 2, overdue: 0 };

#[test]
fn an_empty_column_of_numbers_is_none() {
    for empty in ["", "NULL", "Saknas", "-"] {
        let rows = rows(|_| empty.to_owned());
        assert_eq!(said(&two(HEADINGS, &rows, &rows), &AS_OF), Err("no-case-numbers".into()), "{empty}");
        // A single export is read; that it has no numbers is said once, not for every row.
        let alone = Workspace::new().file("a.csv", format!("{HEADINGS}{}", rows.concat()));
        assert_eq!(said(&alone, &AS_OF), Ok(Figures::closed(6, 2)));
        assert!(faults(&alone).is_empty());
        let said = alone.frist(&["check", ".", "--as-of", "2024-08-31"]).success().stdout;
        assert!(said.contains("ingen kolumn med ärendenummer"), "{said}");
    }
    // The same where some rows have a number.
    let half = rows(|_| String::new());
    let text = format!("{HEADINGS}BU-1;2024-03-04;2024-05-03;Öst\n{}", half.concat());
    let workspace =
        Workspace::new().file("a.csv", &text).file("b.csv", format!("{text}BU-2;2024-03-05;;Öst\n"));
    assert_eq!(said(&workspace, &AS_OF), Err("no-case-numbers".into()));
    // A filled column of numbers is read in place of an empty one.
    let headings = "Ärendenr;Dnr;Utredning inledd;Utredning avslutad;Enhet\n";
    let rows = rows(|case| format!(";BU-{case}"));
    assert_eq!(said(&two(headings, &rows, &rows), &AS_OF), Ok(SIX));
}

#[test]
fn rows_without_a_number_beside_others_are_named() {
    let rows = rows(|case| if case == 3 { String::new() } else { format!("BU-{case}") });
    let workspace = Workspace::new().file("a.csv", format!("{HEADINGS}{}", rows.concat()));
    assert_eq!(said(&workspace, &AS_OF), Ok(Figures::closed(6, 2)));
    assert_eq!(faults(&workspace), [["4", "Ärendenr", "missing-case-number"]]);
    workspace.write("frist.toml", project("duplicates = \"keep\""));
    assert_eq!(said(&workspace, &[]), Ok(Figures::closed(6, 2)));
    assert!(faults(&workspace).is_empty());
}

#[test]
fn a_number_on_the_first_of_a_cases_rows_is_refused() {
    let numbered = rows(|case| format!("BU-{case}"));
    let rows: String =
        numbered.iter().flat_map(|row| [row, &row[row.find(';').expect("a cell")..]]).collect();
    let workspace = Workspace::new().file("a.csv", format!("{HEADINGS}{rows}"));
    assert_eq!(said(&workspace, &AS_OF), Err("numbers-on-first-rows".into()));
    workspace.write("frist.toml", project("duplicates = \"keep\""));
    assert_eq!(said(&workspace, &[]), Ok(Figures::closed(12, 4)));
    // Cases of the same days that have no number at all are not rows of the case above.
    let one = "2024-01-08;2024-05-08;Öst\n";
    let text = format!("{HEADINGS}BU-1;{one};2024-01-09;2024-05-08;Öst\n;2024-01-09;2024-05-08;Öst\n");
    let workspace = Workspace::new().file("a.csv", text);
    assert_eq!(said(&workspace, &AS_OF), Ok(Figures::closed(3, 0)));
}

#[test]
fn blanks_and_kinds_of_dashes_make_no_other_number() {
    for (one, other) in [
        ("BU2024-10", "BU 2024-10"),
        ("BU-10", "BU\u{2013}10"),
        ("BU-10", "bu \u{2212} 10"),
        ("1230", "1 230"),
        ("1230", "1\u{a0}230"),
    ] {
        let first = rows(|case| format!("{one}{case}"));
        let second = rows(|case| format!("{other}{case}"));
        assert_eq!(said(&two(HEADINGS, &first, &second), &AS_OF), Ok(SIX), "{one} and {other}");
    }
}

#[test]
fn the_same_cases_under_other_numbers_are_refused() {
    let first = rows(|case| format!("BU 2024/{case}"));
    for other in ["BU 2024-", "2024/", "SN BU 2024/"] {
        let second = rows(|case| format!("{other}{case}"));
        let workspace = two(HEADINGS, &first, &second);
        assert_eq!(said(&workspace, &AS_OF), Err("same-cases".into()), "{other}");
        // One that was open in the older export has ended in the newer.
        let older = [&first[..4], &["BU 2024/5;2024-02-12;;Väst\n".to_owned()]].concat();
        assert_eq!(said(&two(HEADINGS, &older, &second), &AS_OF), Err("same-cases".into()));
        workspace.write("frist.toml", project("duplicates = \"keep\""));
        assert_eq!(said(&workspace, &[]), Ok(Figures::closed(11, 4)));
    }
    // Other units have other cases, although they begin and end on the same days.
    let second: Vec<String> = rows(|case| format!("NU-{case}"))
        .iter()
        .map(|row| row.replace("Öst", "Norr").replace("Väst", "Syd"))
        .collect();
    assert_eq!(said(&two(HEADINGS, &first, &second), &AS_OF), Ok(Figures::closed(11, 4)));
}

/// Two units without a column for them: assessments on the day of the report, and lists of open cases, have the days of
/// others by chance.
#[test]
fn cases_of_two_units_that_agree_by_chance_are_counted() {
    let first = frist::date::Day::parse_iso("2024-03-01").expect("a day");
    let day = |case: i32| first.plus_days(case * 17 % 120);
    for (headings, ends) in [
        ("Ärendenr;Anmälan inkom;Förhandsbedömning klar\n", true),
        ("Ärendenr;Utredning inledd;Utredning avslutad\n", false),
    ] {
        let row = |number: String, case: i32| {
            let end = if ends { day(case).to_string() } else { String::new() };
            format!("{number};{};{end}\n", day(case))
        };
        let of = |unit: &str, cases: i32, step: i32| {
            let rows = (0..cases).map(|case| row(format!("{unit}-{case}"), case * step)).collect::<String>();
            format!("{headings}{rows}")
        };
        let workspace = Workspace::new().file("a.csv", of("N", 300, 1)).file("b.csv", of("S", 20, 7));
        let outcome = workspace.frist(&["check", ".", "--as-of", "2024-08-31"]).success();
        assert!(!outcome.stderr.contains("same-cases"), "{}", outcome.stderr);
    }
}

#[test]
fn a_start_and_an_end_on_two_rows_are_no_open_case() {
    let text = "1;2024-01-08;;Öst\n1;;2024-05-08;Öst\n2;2024-01-15;2024-05-14;Öst\n3;2024-06-03;;Öst\n";
    let workspace = Workspace::new().file("a.csv", format!("{HEADINGS}{text}"));
    let right = Figures { counted: 1, open: 1, excluded: 0, rejected: 2, late: 0, overdue: 0 };
    assert_eq!(said(&workspace, &AS_OF), Ok(right));
    let wanted = [["2", "Ärendenr", "end-on-other-row"], ["3", "Utredning inledd", "missing-start"]];
    assert_eq!(faults(&workspace), wanted);
}

#[test]
fn rows_that_differ_in_another_column_are_named() {
    let text = "Ärendenr;Insats;Beslutsdatum;Verkställighetsdatum\n1;Hemtjänst;2024-01-08;2024-01-29\n\
        1;Trygghetslarm;2024-01-08;2024-01-29\n2;Hemtjänst;2024-01-10;2024-01-31\n2;Hemtjänst;2024-01-10;2024-01-31\n";
    let workspace = Workspace::new().file("a.csv", text);
    let right = Figures { excluded: 2, ..Figures::closed(2, 0) };
    assert_eq!(said(&workspace, &AS_OF), Ok(right));
    assert_eq!(faults(&workspace), [["3", "Ärendenr", "repeated-number"], ["5", "Ärendenr", "repeated-row"]]);
}

#[test]
fn the_controls_own_number_tells_cases_apart_where_a_general_one_repeats() {
    let headings = "Ärendenr;Utredningsnr;Utredning inledd;Utredning avslutad;Enhet\n";
    let siblings = rows(|case| format!("BU-{};U{case}", case.min(2)));
    let workspace = Workspace::new().file("a.csv", format!("{headings}{}", siblings.concat()));
    assert_eq!(said(&workspace, &AS_OF), Ok(Figures::closed(6, 2)));
    assert!(column(&workspace, "case_id").contains(&"U6".to_owned()));
    // A row for each decision of an investigation is no investigation.
    let headings = "Ärendenr;Beslutsnr;Utredning inledd;Utredning avslutad;Enhet\n";
    let decisions: String =
        (1..=2).map(|decision| format!("BU-1;B{decision};2024-01-08;2024-05-08;Öst\n")).collect();
    let workspace = Workspace::new().file("a.csv", format!("{headings}{decisions}"));
    assert_eq!(said(&workspace, &AS_OF), Ok(Figures { excluded: 1, ..Figures::closed(1, 0) }));
}

#[test]
fn a_controls_own_number_is_known_by_its_other_names() {
    // Two reports of one day in one matter, and an investigation that begins with another of the same child.
    let headings = "Ärendenr;Aktualiseringsnr;Anmälan inkom;Förhandsbedömning klar\n";
    let reports =
        "F-1;A-1;2024-01-08;2024-01-15\nF-1;A-2;2024-01-08;2024-01-15\nF-2;A-3;2024-05-06;2024-05-27\n";
    let workspace = Workspace::new().file("a.csv", format!("{headings}{reports}"));
    assert_eq!(said(&workspace, &AS_OF), Ok(Figures::closed(3, 1)));
    let headings = "Dnr;Utr nr;Utredning inledd;Utredning avslutad;Enhet\n";
    let rows = rows(|case| format!("SN {};{case}", case.min(2)));
    let workspace = Workspace::new().file("a.csv", format!("{headings}{}", rows.concat()));
    assert_eq!(said(&workspace, &AS_OF), Ok(Figures::closed(6, 2)));
    assert_eq!(column(&workspace, "case_id"), ["1", "2", "3", "4", "5", "6"]);
}

#[test]
fn a_unique_number_tells_cases_apart_that_begin_on_different_days() {
    let headings = "Id;Aktnr;Utredning inledd;Utredning avslutad;Enhet\n";
    let again = rows(|case| format!("{case};{}", 1000 + case % 5));
    let workspace = Workspace::new().file("a.csv", format!("{headings}{}", again.concat()));
    assert_eq!(said(&workspace, &AS_OF), Ok(Figures::closed(6, 2)));
    // In several exports it may count the rows of each.
    workspace.write("b.csv", format!("{headings}7;1009;2024-03-04;2024-06-03;Öst\n"));
    assert_eq!(said(&workspace, &AS_OF), Ok(Figures { rejected: 2, ..Figures::closed(5, 2) }));
    // A row for each child of an investigation is no investigation.
    let twice = rows(|case| format!("{};{}", case * 2, 1000 + case));
    let twice: String = twice.iter().flat_map(|row| [row.clone(), format!("9{row}")]).collect();
    let workspace = Workspace::new().file("a.csv", format!("{headings}{twice}"));
    assert_eq!(said(&workspace, &AS_OF), Ok(Figures { excluded: 6, ..Figures::closed(6, 2) }));
}

#[test]
fn siblings_in_one_investigation_are_one_case_whether_or_not_persons_are_read() {
    for person in ["Barn", "Personnummer"] {
        let headings = format!("Ärendenr;{person};Utredning inledd;Utredning avslutad\n");
        let text = "BU-1;20120110-1003;2024-01-08;2024-05-08\nBU-1;20140211-1007;2024-01-08;2024-05-08\n\
            BU-2;20110310-1011;2024-01-15;2024-05-20\n";
        let workspace = Workspace::new().file("a.csv", format!("{headings}{text}"));
        let right = Figures { excluded: 1, ..Figures::closed(2, 1) };
        assert_eq!(said(&workspace, &AS_OF), Ok(right), "{person}");
        assert_eq!(faults(&workspace), [["3", "Ärendenr", "repeated-number"]], "{person}");
    }
    // A sibling in another export is named too.
    let headings = "Ärendenr;Personnummer;Utredning inledd;Utredning avslutad\n";
    let row = |person: &str| format!("{headings}BU-1;{person};2024-01-08;2024-05-08\n");
    let workspace = Workspace::new().file("a.csv", row("20120110-1003")).file("b.csv", row("20140211-1007"));
    assert_eq!(said(&workspace, &AS_OF), Ok(Figures { excluded: 1, ..Figures::closed(1, 0) }));
    assert_eq!(faults(&workspace), [["2", "Ärendenr", "repeated-number"]]);
    workspace.write("b.csv", row("120110-1003"));
    assert_eq!(said(&workspace, &AS_OF), Ok(Figures { excluded: 1, ..Figures::closed(1, 0) }));
    assert_eq!(faults(&workspace), [["2", "Ärendenr", "repeated-row"]]);
}

#[test]
fn numbers_that_begin_anew_replace_no_case() {
    let of_year = |year: u32, rest: &str| {
        format!("{HEADINGS}1;{year}-01-08;{year}-05-08;Öst\n2;{year}-02-05;{year}-06-17;Öst\n{rest}")
    };
    let workspace = Workspace::new()
        .file("2023.csv", of_year(2023, "3;2023-12-04;;Öst\n4;2023-11-06;2024-01-09;Öst\n"))
        .file("2024.csv", of_year(2024, "3;2023-12-04;2024-03-11;Öst\n5;2024-03-04;2024-05-06;Öst\n"));
    let rejected = Figures { counted: 2, open: 0, excluded: 0, rejected: 6, late: 0, overdue: 0 };
    assert_eq!(said(&workspace, &AS_OF), Ok(rejected));
    let codes = |workspace: &Workspace| -> Vec<String> {
        faults(workspace).into_iter().map(|[_, _, code]| code).collect()
    };
    let (reused, duplicate) = ("reused-number", "duplicate-case");
    assert_eq!(codes(&workspace), [reused, reused, duplicate, reused, reused, duplicate]);
    // What has another start is no older state of the case.
    workspace.write("frist.toml", project("duplicates = \"newest\""));
    assert_eq!(
        said(&workspace, &[]),
        Ok(Figures { counted: 5, excluded: 1, rejected: 2, late: 1, ..rejected })
    );
    assert_eq!(codes(&workspace), [reused, reused, "superseded-row"]);
    workspace.write("frist.toml", project("duplicates = \"keep\""));
    assert_eq!(said(&workspace, &[]).map(|figures| figures.rejected), Ok(0));
    // A start that was corrected by some days is the same case.
    let row = |start: &str, end: &str| format!("{HEADINGS}1;{start};{end};Öst\n2;2024-02-05;;Öst\n");
    let workspace =
        Workspace::new().file("a.csv", row("2024-01-08", "")).file("b.csv", row("2024-01-15", "2024-05-08"));
    workspace.write("frist.toml", project("duplicates = \"newest\""));
    assert_eq!(said(&workspace, &[]).map(|figures| (figures.excluded, figures.rejected)), Ok((2, 0)));
}

#[test]
fn a_word_in_place_of_a_number_is_none_on_several_rows_too() {
    for word in ["Ej tilldelat", "Nytt", "Kommer", "Skyddad", "...", "BU 2024-XXX", "0"] {
        let rows = rows(|case| if case < 3 { word.to_owned() } else { format!("BU 2024-{case}") }).concat();
        let more: String =
            (1..=20).map(|case| format!("BU 2024-1{case};2024-03-{case:02};2024-05-06;Öst\n")).collect();
        let workspace = Workspace::new().file("a.csv", format!("{HEADINGS}{rows}{more}"));
        assert_eq!(said(&workspace, &AS_OF), Ok(Figures::closed(26, 2)), "{word}");
        let code = if word == "0" { "missing-case-number" } else { "unusual-number" };
        assert_eq!(faults(&workspace), [["2", "Ärendenr", code], ["3", "Ärendenr", code]], "{word}");
    }
    // A single zero may be the first of all numbers, and where none has a digit, letters are numbers.
    let counted = rows(|case| (case - 1).to_string()).concat();
    let workspace = Workspace::new().file("a.csv", format!("{HEADINGS}{counted}"));
    assert_eq!(said(&workspace, &AS_OF), Ok(Figures::closed(6, 2)));
    assert!(faults(&workspace).is_empty());
    let letters = rows(|case| format!("BU-{}", ["A", "A", "B", "C", "D", "E"][case - 1])).concat();
    let workspace = Workspace::new().file("a.csv", format!("{HEADINGS}{letters}"));
    assert_eq!(said(&workspace, &AS_OF), Ok(Figures { rejected: 2, ..Figures::closed(4, 1) }));
}

#[test]
fn the_newest_cases_may_have_no_number_yet() {
    let rows = rows(|case| format!("BU-{case}")).concat();
    let newest = "BU-7;2024-08-30;;Öst\n;2024-08-30;;Öst\n;2024-08-30;;Öst\n";
    let workspace = Workspace::new().file("a.csv", format!("{HEADINGS}{rows}{newest}"));
    assert_eq!(said(&workspace, &AS_OF), Ok(Figures { open: 3, ..Figures::closed(6, 2) }));
    let missing = ["9", "10"].map(|line| [line, "Ärendenr", "missing-case-number"]);
    assert_eq!(faults(&workspace), missing);
    // Below several numbers they are further rows of those cases.
    let siblings: String =
        (1..=3).map(|case| format!("BU-1{case};2024-07-0{case};;Öst\n;2024-07-0{case};;Öst\n")).collect();
    let workspace = Workspace::new().file("a.csv", format!("{HEADINGS}{rows}{siblings}"));
    assert_eq!(said(&workspace, &AS_OF), Err("numbers-on-first-rows".into()));
}

#[test]
fn exports_named_after_their_units_need_no_numbers() {
    let headings = "Enhet;Utredning inledd;Utredning avslutad\n";
    let export = |unit: &str, day: u32| {
        let rows =
            (1..=6).map(|month| format!("{unit};2024-0{month}-{day:02};2024-0{}-{day:02}\n", month + 2));
        format!("{headings}{}", rows.collect::<String>())
    };
    let workspace =
        Workspace::new().file("Norr.csv", export("Norr", 8)).file("söder 2024.csv", export("Söder", 12));
    assert_eq!(said(&workspace, &AS_OF).map(|figures| figures.counted), Ok(12));
    // One unit may have two names, and a file another than its unit.
    for (file, unit) in [("söder 2024.csv", "Norr"), ("norra 2024.csv", "Norra"), ("april.csv", "Söder")] {
        let workspace = Workspace::new().file("Norr.csv", export("Norr", 8)).file(file, export(unit, 12));
        assert_eq!(said(&workspace, &AS_OF), Err("no-case-numbers".into()), "{file}");
    }
}

#[test]
fn texts_alone_are_no_numbers() {
    let headings = "Ärende;Utredning inledd;Utredning avslutad;Enhet\n";
    let rows =
        rows(|case| if case % 2 == 0 { "Barnutredning".to_owned() } else { "Ungdomsutredning".to_owned() });
    let workspace = Workspace::new().file("a.csv", format!("{headings}{}", rows.concat()));
    assert_eq!(said(&workspace, &AS_OF), Ok(Figures::closed(6, 2)));
    let said = workspace.frist(&["check", ".", "--as-of", "2024-08-31"]).success().stdout;
    assert!(said.contains("ingen kolumn med ärendenummer"), "{said}");
    let proposed = workspace.frist(&["init", "a.csv"]).success().stdout;
    assert!(!proposed.contains("case_id    = \"Ärende\""), "{proposed}");
}

#[test]
fn a_column_of_texts_is_not_one_of_numbers() {
    let headings = "Id;Ärende;Utredning inledd;Utredning avslutad;Enhet\n";
    let rows =
        rows(|case| format!("BU-{case};{}", if case % 2 == 0 { "Polisanmälan" } else { "Orosanmälan" }));
    let workspace = Workspace::new().file("a.csv", format!("{headings}{}", rows.concat()));
    assert_eq!(said(&workspace, &AS_OF), Ok(Figures::closed(6, 2)));
    assert!(column(&workspace, "case_id").contains(&"BU-6".to_owned()));
}

#[test]
fn two_systems_may_write_numbers_with_and_without_zeros() {
    let first = rows(|case| format!("{case:06}"));
    let export = |number: usize| {
        let rows = rows(|case| (number + case).to_string()).concat();
        format!("{HEADINGS}{}", rows.replace("Öst", "Norr").replace("Väst", "Syd"))
    };
    let workspace = Workspace::new().file("a.csv", format!("{HEADINGS}{}", first.concat()));
    workspace.write("b.csv", export(4500));
    assert_eq!(said(&workspace, &AS_OF), Ok(Figures::closed(12, 4)));
    workspace.write("b.csv", export(0));
    assert_eq!(said(&workspace, &AS_OF), Err("destroyed-case-numbers".into()));
}

#[test]
fn planned_ends_do_not_make_an_export_newer() {
    let settings = "as_of = 2024-08-31\n[[source]]\nfiles = [\"*.csv\"]\nduplicates = \"newest\"\n";
    let workspace = Workspace::new()
        .file("april.csv", format!("{HEADINGS}1;2024-04-08;2024-09-20;Öst\n2;2024-04-15;2024-10-15;Öst\n"))
        .file(
            "augusti.csv",
            format!("{HEADINGS}1;2024-04-08;2024-08-07;Öst\n2;2024-04-15;;Öst\n3;2024-08-26;;Öst\n"),
        )
        .file("frist.toml", settings);
    let right = Figures { counted: 1, open: 2, excluded: 2, rejected: 0, late: 0, overdue: 1 };
    assert_eq!(said(&workspace, &[]), Ok(right));
}

#[test]
fn two_exports_of_one_system_are_told_apart_by_one_column() {
    let headings = "Ärendenr;Utredningsnr;Utredning inledd;Utredning avslutad;Enhet\n";
    let row = |case: u32| {
        let end = case * 3 % 29 + 1;
        format!("A{case};U{case};2024-01-{:02};2024-05-{end:02};Öst\n", case + 5)
    };
    let first: String = (1..=12).map(row).collect();
    // One case number on two investigations.
    let second = (7..=20).map(row).collect::<String>() + "A20;U21;2024-02-01;2024-05-30;Öst\n";
    let workspace = Workspace::new().file("a.csv", format!("{headings}{first}"));
    workspace.write("b.csv", format!("{headings}{second}"));
    assert_eq!(said(&workspace, &AS_OF), Err("ambiguous-column".into()));
    workspace.write("frist.toml", project("columns = { case_id = \"Utredningsnr\" }"));
    assert_eq!(said(&workspace, &[]).map(|figures| figures.counted), Ok(21));
}
