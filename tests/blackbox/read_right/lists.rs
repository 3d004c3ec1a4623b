//! Lists of cases as authorities publish them: texts of many lines, selections above the headings, rules of other
//! countries, and rows distinguished by a status.

use super::*;

/// A rulebook of one rule, in a project that uses it.
fn with_rule(settings: &str, rule: &str, laws: &str, source: &str) -> Workspace {
    let names = "name = { sv = \"Ärenden\", en = \"Cases\" }\nstart = { sv = \"in\", en = \"in\" }\nend = { sv = \"ut\", en = \"out\" }";
    let laws = if laws.is_empty() {
        "[[rule.law]]\ncitation = { sv = \"mål\", en = \"target\" }\nverified = true\n"
    } else {
        laws
    };
    let rule = format!(
        "[[rule]]\nid = \"list\"\n{names}\nbasis = \"local-target\"\nroll = \"none\"\n{rule}\n\n{laws}"
    );
    let source = format!("[[source]]\ncontrol = \"list\"\nfiles = [\"*.csv\"]\n{source}\n");
    Workspace::new()
        .file("rulebook.toml", rule)
        .file("frist.toml", format!("rulebook = \"rulebook.toml\"\n{settings}\n{source}"))
}

#[test]
fn a_selection_above_the_table_is_not_its_headings() {
    let table = "Ärendenr;Utredning inledd;Utredning avslutad;Enhet;Handläggare;Status\n\
        1;2024-01-09;2024-05-09;Öst;QR;Avslutad\n2;2024-01-16;2024-05-18;Öst;ST;Avslutad\n";
    // Case 2 was due on 16 May.
    let right = Figures::closed(2, 1);
    for block in [
        "Urval\nEnhet;Handläggare;Status\nAlla;Alla;Avslutade\n\n",
        "Enhet;Status\nAlla;Alla\n",
        "Urval;;;;;\nUtredning inledd;2024-01-01;2024-08-31;;;\nEnhet;Alla;;;;\n\n",
        "Uttag 2024-09-01\n\nAntal ärenden;2\nEnhet;Status\nÖst;Avslutad\n\n",
    ] {
        let text = format!("{block}{table}");
        let line = 1 + block.lines().count();
        let workspace = Workspace::new().file("a.csv", &text);
        right_or_refused(&said(&workspace, &AS_OF), right, &["unknown-headings", "missing-column"]);
        workspace.write("frist.toml", project(&format!("header_line = {line}")));
        assert_eq!(said(&workspace, &[]), Ok(right), "{text}");
        assert_eq!(workspace.json("reports/data/results.json")["inputs"][0]["read_as"]["header_line"], line);
    }
    // The reported block is read without help, and so is one with fewer words.
    for block in ["Urval\nEnhet;Handläggare;Status\nAlla;Alla;Avslutade\n\n", "Enhet;Status\nAlla;Alla\n"] {
        let workspace = Workspace::new().file("a.csv", format!("{block}{table}"));
        assert_eq!(said(&workspace, &AS_OF), Ok(right));
    }
}

#[test]
fn a_valid_text_of_several_lines_is_no_fault() {
    let separators = |separator: &str| separator.repeat(14);
    for separator in [",", ";", "\t", "|"] {
        let many = separators(separator);
        for text in [
            format!("\"\nett{many}två\""),
            format!("\"{many}\n{many}\n\""),
            format!("\"hon sa \"\"nej\"\"{separator}\n\n{many} och gick\""),
            format!("\"\n{many}\"\"{many}\n\"\"\""),
        ] {
            let headings =
                ["Ärendenr", "Notering", "Utredning inledd", "Utredning avslutad", "Enhet"].join(separator);
            let row =
                |id: &str, text: &str, days: [&str; 2]| [id, text, days[0], days[1], "Öst"].join(separator);
            let rows = [
                row("1", &text, ["2024-01-09", "2024-05-09"]),
                row("2", "kort", ["2024-01-16", "2024-05-18"]),
                row("3", &text, ["2024-02-06", "2024-05-29"]),
            ];
            let file = format!("{headings}\n{}\n", rows.join("\n"));
            let workspace = Workspace::new().file("a.csv", &file);
            assert_eq!(said(&workspace, &AS_OF), Ok(Figures::closed(3, 1)), "{file}");
            assert_eq!(faults(&workspace), Vec::<[String; 3]>::new(), "{file}");
        }
    }
}

/// A law of 150 days until the end of 2009, of 90 days since.
const TWO_LAWS: &str = "[[rule.law]]\nto = 2009-12-31\ncitation = { sv = \"lag ett\", en = \"law one\" }\nmethod = \"150 days\"\nverified = false\n\n\
    [[rule.law]]\nfrom = 2010-01-01\ncitation = { sv = \"lag två\", en = \"law two\" }\nverified = false\n";

#[test]
fn the_method_that_judged_is_the_method_that_is_named() {
    let rule = "method = \"90 days\"\nreference = \"3 months\"\ncohort = \"started\"";
    let source = "columns = { case_id = \"Id\", start = \"In\", end = \"Ut\" }";
    let settings = "language = \"sv\"\nperiod = \"quarter\"\nas_of = 2009-06-30\n";
    // 150 days after 5 January 2009 is 4 June; three months is 5 April.
    let rows = "Id;In;Ut\n1;2009-01-05;2009-06-04\n2;2009-01-05;2009-06-05\n3;2009-01-05;2009-04-05\n";
    let workspace = with_rule(settings, rule, TWO_LAWS, source).file("a.csv", rows);
    assert_eq!(said(&workspace, &[]), Ok(Figures::closed(3, 1)));
    let results = workspace.json("reports/data/results.json");
    let control = &results["controls"][0];
    assert_eq!(control["method"], "150 days");
    assert_eq!(control["periods"][0]["reference_deviations"], 2);
    let compared = workspace.frist(&["compare", "."]).success().stdout;
    assert!(compared.contains("150 dagar") && !compared.contains("90 dagar"), "{compared}");
    let page = workspace.read("reports/report.html").replace('\u{a0}', " ");
    assert!(page.contains("150 dagar"));
    let captions = page.split("<caption").skip(1).filter_map(|rest| rest.split_once("</caption>"));
    let titles = page.split("<title").skip(1).filter_map(|rest| rest.split_once("</title>"));
    let named: Vec<&str> = captions.chain(titles).map(|(named, _)| named).collect();
    assert!(named.iter().all(|named| !named.contains("90 dagar")), "{named:?}");
}

#[test]
fn a_law_that_changes_inside_the_data_is_named_in_each_period() {
    let rule = "method = \"90 days\"\nreference = \"3 months\"\ncohort = \"started\"";
    let source = "columns = { case_id = \"Id\", start = \"In\", end = \"Ut\" }";
    let settings = "language = \"sv\"\nperiod = \"year\"\nas_of = 2010-12-31\n";
    // After 100 days: in time by the law of 2009, late by that of 2010.
    let rows = "Id;In;Ut\n1;2009-03-02;2009-06-10\n2;2010-03-02;2010-06-10\n";
    let workspace = with_rule(settings, rule, TWO_LAWS, source).file("a.csv", rows);
    assert_eq!(said(&workspace, &[]), Ok(Figures::closed(2, 1)));
    let compared = workspace.frist(&["compare", "."]).success().stdout.replace('\u{a0}', " ");
    assert!(compared.contains("150 dagar") && compared.contains("90 dagar"), "{compared}");
    let due =
        workspace.frist(&["due", "2009-03-02", "--control", "list", "--rulebook", "rulebook.toml"]).success();
    assert!(due.stdout.contains("150 dagar"), "{}", due.stdout);
}

#[test]
fn a_reference_in_hours_has_a_due_moment() {
    let rule = "method = \"1 hour\"\nreference = \"3 hours\"\ncohort = \"started\"";
    let source = "columns = { case_id = \"Id\", start = \"In\", end = \"Ut\" }";
    let settings = "as_of = 2014-12-31\nperiod = \"quarter\"\n";
    // After 59 minutes, 61, and 3 hours and a second; the last over midnight.
    let rows = "Id;In;Ut\n1;2014/10/22 11:15:41.000;2014/10/22 12:14:41.000\n2;2014/10/22 11:15:41.000;2014/10/22 12:16:41.000\n\
        3;2014/10/22 22:30:00.000;2014/10/23 01:30:01.000\n";
    let workspace = with_rule(settings, rule, "", source).file("a.csv", rows);
    assert_eq!(said(&workspace, &[]), Ok(Figures::closed(3, 2)));
    let results = workspace.json("reports/data/results.json");
    let last = &results["controls"][0]["periods"][0];
    assert_eq!((&last["deviations"], &last["reference_deviations"]), (&2.into(), &1.into()));
    let references = column(&workspace, "due_reference");
    for (due, wanted) in
        references.iter().zip(["2014-10-22T14:15:41", "2014-10-22T14:15:41", "2014-10-23T01:30:00"])
    {
        assert!(due.starts_with(wanted), "{references:?}");
    }
    // A reference in days beside hours is a day.
    let rule = "method = \"1 hour\"\nreference = \"1 day\"\ncohort = \"started\"";
    let workspace = with_rule(settings, rule, "", source).file("a.csv", rows);
    said(&workspace, &[]).expect("a report");
    assert_eq!(column(&workspace, "due_reference"), ["2014-10-23", "2014-10-23", "2014-10-23"]);
}

#[test]
fn a_list_of_which_half_has_no_start_says_so_and_makes_no_headline_of_the_rest() {
    let rule = "method = \"12 weeks\"\nreference = \"3 months\"\ncohort = \"started\"";
    let source = "columns = { case_id = \"Saksnr\", start = \"Søknad mottatt\", end = \"Vedtak\", group = \"Kategori\" }";
    let settings = "language = \"sv\"\nperiod = \"half-year\"\nas_of = 2026-07-10\n";
    // Of each start 12 cases: 12 in time in the first half of 2026 (5 weeks), 6 quick ones since July.
    let mut rows = String::from("Saksnr;Søknad mottatt;Vedtak;Kategori\n");
    for number in 0..12 {
        rows.push_str(&format!("B{number};13.01.2026;17.02.2026;garasje/påbygg\n"));
    }
    for number in 12..18 {
        rows.push_str(&format!("B{number};02.07.2026;{:02}.07.2026;bod\n", number - 9));
    }
    for number in 18..36 {
        rows.push_str(&format!("B{number};;29.12.2025;\n"));
    }
    let bytes: Vec<u8> =
        rows.chars().map(|letter| u8::try_from(u32::from(letter)).expect("Latin-1")).collect();
    let workspace = with_rule(settings, rule, "", source).file("a.csv", bytes);
    let right = Figures { counted: 18, open: 0, excluded: 0, rejected: 18, late: 0, overdue: 0 };
    assert_eq!(said(&workspace, &[]), Ok(right));
    assert!(faults(&workspace).iter().all(|fault| fault[2] == "missing-start"));
    let results = workspace.json("reports/data/results.json");
    let periods = results["controls"][0]["periods"].as_array().expect("periods");
    assert_eq!((&periods[0]["cases"], &periods[1]["cases"]), (&12.into(), &6.into()));
    assert_eq!(periods[1]["complete"], false);
    // The summary mentions it before the first table.
    let page = workspace.read("reports/report.html").replace('\u{a0}', " ");
    let summary = page.split_once("id=\"summary\"").expect("a summary").1;
    let summary = summary.split_once("<h2").map_or(summary, |(summary, _)| summary);
    assert!(summary.contains("50,0 %") && summary.contains("avvisa"), "{summary}");
}

/// Requests, some of them cancelled, as shown by a status and by a date of their own.
const REQUESTS: &str = "\"REQUESTID\",\"STATUS\",\"GROUP\",\"DATETIMEINIT\",\"DATETIMECLOSED\",\"DATECANCELLED\"\n\
    \"71\",\"CLOSED\",\"Parks\",\"2012-01-03 09:10:00.0\",\"2012-02-03 10:00:00.0\",\"\"\n\
    \"72\",\"CLOSED\",\"Parks\",\"2012-01-04 09:10:00.0\",\"2012-02-05 10:00:00.0\",\"\"\n\
    \"73\",\"CANCEL\",\"Street\",\"2012-01-05 09:10:00.0\",\"\",\"2012-01-20 10:00:00.0\"\n\
    \"74\",\"CANCEL\",\"Street\",\"2012-01-05 09:10:00.0\",\"\",\"2012-02-20 10:00:00.0\"\n\
    \"75\",\"OPEN\",\"Street\",\"2012-01-06 09:10:00.0\",\"\",\"\"\n";

#[test]
fn cancelled_rows_are_left_out_or_have_an_end_of_their_own() {
    let rule = "method = \"1 month\"\nreference = \"30 days\"\ncohort = \"closed\"";
    let columns = |end: &str, more: &str| {
        format!(
            "columns = {{ case_id = \"REQUESTID\", start = \"DATETIMEINIT\", end = {end}, group = \"GROUP\"{more} }}"
        )
    };
    let settings = "language = \"en\"\nperiod = \"quarter\"\nas_of = 2012-12-31\n";
    let figures = |source: &str| said(&with_rule(settings, rule, "", source).file("a.csv", REQUESTS), &[]);
    let closed = "\"DATETIMECLOSED\"";
    // All rows: 72 was due on 4 February, the last three are open and overdue.
    let all = Figures { counted: 2, open: 3, excluded: 0, rejected: 0, late: 1, overdue: 3 };
    assert_eq!(figures(&columns(closed, "")), Ok(all));
    let without = Figures { open: 1, excluded: 2, overdue: 1, ..all };
    let only = |what: &str| format!("{}\n{what}", columns(closed, ""));
    assert_eq!(figures(&only("exclude = { STATUS = [\"CANCEL\"] }")), Ok(without));
    assert_eq!(figures(&only("exclude = { STATUS = [\"cancel \"] }")), Ok(without));
    assert_eq!(figures(&only("only = { STATUS = [\"CLOSED\", \"OPEN\"] }")), Ok(without));
    let void = columns(closed, ", status = \"STATUS\"")
        + "\nstatus = { open = [\"OPEN\"], closed = [\"CLOSED\"], void = [\"CANCEL\"] }";
    assert_eq!(figures(&void), Ok(without));
    let parks = Figures { open: 0, excluded: 3, overdue: 0, ..all };
    assert_eq!(figures(&only("only = { GROUP = [\"Parks\"] }")), Ok(parks));
    // Several ends: the first that is filled. 74 was cancelled on 20 February, due on the fifth.
    let ends = "[\"DATETIMECLOSED\", \"DATECANCELLED\"]";
    let several = Figures { counted: 4, open: 1, excluded: 0, rejected: 0, late: 2, overdue: 1 };
    assert_eq!(figures(&columns(ends, "")), Ok(several));
}

#[test]
fn a_due_date_can_stand_in_a_column() {
    let rule = "method = \"due column\"\nreference = \"1 month\"\ncohort = \"closed\"";
    let source = "columns = { case_id = \"Id\", start = \"In\", end = \"Ut\", due = \"Utlovad\" }";
    let settings = "as_of = 2024-08-31\n";
    let rows = "Id;In;Ut;Utlovad\n1;2024-01-09;2024-03-01;2024-03-01\n2;2024-01-09;2024-03-02;2024-03-01\n3;2024-05-09;;2024-08-30\n\
        4;2024-05-09;;2024-09-01\n5;2024-01-09;2024-03-01;\n";
    let workspace = with_rule(settings, rule, "", source).file("a.csv", rows);
    let right = Figures { counted: 2, open: 2, excluded: 0, rejected: 1, late: 1, overdue: 1 };
    assert_eq!(said(&workspace, &[]), Ok(right));
    assert_eq!(faults(&workspace), [["6", "Utlovad", "missing-due"]]);
    assert_eq!(column(&workspace, "due")[0], "2024-03-01");
}
