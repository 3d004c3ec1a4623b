//! Headlines: which period represents a control, when it has a share, and how the smallest shares are written.

use serde_json::{Value, json};

use crate::workspace::{ALL_FORMS, HEADINGS, Workspace, last_period};

/// Cases closed on a day, `late` of them late.
fn closed(day: &str, cases: u32, late: u32) -> String {
    let row = |number: u32| {
        let start = if number < late { "2022-01-10" } else { day };
        format!("{day}-{number};{start};{day}\n")
    };
    (0..cases).map(row).collect()
}

fn workspace(rows: &[String]) -> Workspace {
    Workspace::new().file("a.csv", format!("{HEADINGS}{}", rows.concat()))
}

fn headline(results: &Value) -> (&Value, &Value, &Value) {
    let headline = &results["controls"][0]["headline"];
    (&headline["period"], &headline["share"], &headline["counts_because"])
}

/// The report in Markdown, with plain blanks.
fn markdown(workspace: &Workspace) -> String {
    workspace.read("reports/report.md").replace('\u{a0}', " ")
}

const MD: [&str; 2] = ["--forms", "md"];

/// A project whose cases belong to the period in which they started.
const BY_START: &str = "as_of = 2024-08-31\n[[control]]\nid = \"child-investigation\"\ncohort = \"started\"\n\
                        [[source]]\nfiles = [\"a.csv\"]\ncontrol = \"child-investigation\"\n";

/// Open cases that were due by day, each a number before a day.
fn overdue(name: &str, start: &str, cases: u32) -> String {
    (0..cases).map(|number| format!("{name}-{number};{start};\n")).collect()
}

#[test]
fn open_cases_are_told_with_their_day_where_the_as_of_date_lies_inside_a_period() {
    let open =
        [overdue("old", "2023-10-02", 2), overdue("mid", "2023-12-04", 3), overdue("new", "2024-01-22", 4)];
    let workspace =
        workspace(&[&[closed("2023-11-06", 20, 5), closed("2024-02-05", 20, 5)], &open[..]].concat());
    workspace.frist(&["run", ".", "--as-of", "2024-06-12", MD[0], MD[1]]).success();
    let text = markdown(&workspace);
    assert!(text.contains("| Öppna efter sista dag, den 12 juni 2024 |"), "{text}");
    assert!(text.contains("| T1 2024 | 20 | 5 | 25,0 % |") && text.contains("| 9 |"), "{text}");
    assert!(
        text.contains("Antalet öppna ärenden vars sista dag hade passerat var 9 den 12 juni 2024, mot 5 den 30 april 2024."),
        "{text}"
    );
    workspace.frist(&["run", ".", "--as-of", "2024-08-31", "--out", "whole", MD[0], MD[1]]).success();
    let text = workspace.read("whole/report.md").replace('\u{a0}', " ");
    assert!(
        text.contains("| Öppna efter sista dag, den 31 augusti 2024 |"),
        "the headline is a tertial older: {text}"
    );
    workspace.frist(&["run", ".", "--as-of", "2024-04-30", "--out", "april", MD[0], MD[1]]).success();
    let text = workspace.read("april/report.md").replace('\u{a0}', " ");
    assert!(text.contains("| Öppna efter sista dag |"), "{text}");
}

#[test]
fn fewer_than_ten_cases_are_told_as_counts_in_chart_and_results() {
    let workspace = workspace(&[closed("2024-02-05", 7, 1), closed("2024-05-06", 7, 2)]);
    workspace.frist(&["run", ".", "--as-of", "2024-08-31", MD[0], MD[1]]).success();
    let chart = workspace.read("reports/charts/child-investigation-share.svg").replace('\u{a0}', " ");
    assert!(chart.contains("2 av 7") && chart.contains("1 av 7"), "{chart}");
    assert!(!chart.contains("28,6 %") && !chart.contains("14,3 %"), "{chart}");
    assert!(
        markdown(&workspace).contains("| T2 2024 | 7 | 2 | 28,6 % |"),
        "tables have the share and its interval"
    );
}

#[test]
fn a_running_period_is_no_headline_and_has_a_share_so_far() {
    let workspace = workspace(&[closed("2024-02-05", 20, 5), closed("2024-05-06", 3, 0)]);
    let results = workspace.results(&["--as-of", "2024-05-20", MD[0], MD[1]]);
    assert_eq!(headline(&results), (&json!("2024-T1"), &json!(0.25), &json!(null)));
    let last = last_period(&results, "child-investigation");
    assert_eq!((&last["complete"], &last["share"]), (&json!(false), &json!(0.0)));
    let text = markdown(&workspace);
    let summary = text.split("## ").nth(1).expect("a summary");
    assert!(
        summary.contains("Av 20 ärenden som avslutades under januari–april 2024 hade 5 ")
            && !summary.contains("maj–augusti 2024"),
        "{summary}"
    );
    assert!(
        text.contains("Maj–augusti 2024 pågår: hittills har inget av 3 ärenden överskridit fristen."),
        "{text}"
    );
    assert!(text.contains("| T2 2024 (hittills) | 3 | 0 |"), "{text}");
    assert!(
        text.contains("![Barn- och ungdomsutredningar: 25,0 % för sena under januari–april 2024]"),
        "{text}"
    );
    let told = workspace.frist(&["run", ".", "--as-of", "2024-05-20"]).success().stdout;
    assert!(told.contains("T1 2024") && !told.contains("T2 2024"), "{told}");
    let share = workspace.read("reports/charts/child-investigation-share.svg");
    assert!(
        share.contains("T2 2024 (hittills)") && share.contains("maj–augusti 2024 pågår"),
        "a hollow mark has its note"
    );
    assert!(!workspace.read("reports/charts/overview.svg").contains("T2 2024"));
}

#[test]
fn on_the_last_day_of_a_period_it_has_ended() {
    let workspace = workspace(&[closed("2024-02-05", 20, 5), closed("2024-08-30", 10, 1)]);
    let results = workspace.results(&["--as-of", "2024-08-31"]);
    assert_eq!(headline(&results), (&json!("2024-T2"), &json!(0.1), &json!(null)));
    let results = workspace.results(&["--as-of", "2024-08-30"]);
    assert_eq!(headline(&results), (&json!("2024-T1"), &json!(0.25), &json!(null)));
}

#[test]
fn fewer_than_ten_cases_are_told_in_counts() {
    let few = workspace(&[closed("2024-02-05", 7, 3)]);
    let results = few.results(&["--as-of", "2024-04-30", MD[0], MD[1]]);
    assert_eq!(headline(&results), (&json!("2024-T1"), &json!(null), &json!("few-cases")));
    let text = markdown(&few);
    assert!(
        text.contains(
            "Av 7 ärenden som avslutades under januari–april 2024 hade 3 överskridit fristen. Ärendena är färre än tio"
        ),
        "{text}"
    );
    assert!(text.contains("| T1 2024 | 7 | 3 | 3 av 7 | – |"), "{text}");
    assert!(
        text.contains("![Barn- och ungdomsutredningar: 3 av 7 för sena under januari–april 2024]"),
        "{text}"
    );
    assert!(text.contains("![Barn- och ungdomsutredningar: 3 av 7 för sena i februari 2024]"), "{text}");
    // A period of nine cases after one of twenty: the headline is about the twenty, and the nine follow as counts.
    let after = workspace(&[closed("2024-02-05", 20, 5), closed("2024-05-06", 9, 9)]);
    let results = after.results(&["--as-of", "2024-08-31", MD[0], MD[1]]);
    assert_eq!(headline(&results), (&json!("2024-T1"), &json!(0.25), &json!(null)));
    assert!(
        markdown(&after)
            .contains("Av 9 ärenden som avslutades under maj–augusti 2024 hade 9 överskridit fristen. Ärendena är färre än tio")
    );
    let ten = workspace(&[closed("2024-02-05", 20, 5), closed("2024-05-06", 10, 9)]);
    let results = ten.results(&["--as-of", "2024-08-31"]);
    assert_eq!(headline(&results), (&json!("2024-T2"), &json!(0.9), &json!(null)));
}

#[test]
fn a_period_most_of_whose_slow_cases_are_open_has_no_share() {
    let open = |cases: u32| (0..cases).map(|number| format!("o{number};2024-07-20;\n")).collect::<String>();
    let with = |undetermined: u32| {
        let rows = [closed("2024-02-05", 20, 0), closed("2024-07-08", 38, 0), open(undetermined)];
        workspace(&rows).file("frist.toml", BY_START)
    };
    // Two of forty are 5 %, three of 41 are more.
    let results = with(2).results(&[]);
    assert_eq!(headline(&results), (&json!("2024-T2"), &json!(0.0), &json!(null)));
    let workspace = with(3);
    let results = workspace.results(&MD);
    assert_eq!(headline(&results).0, "2024-T1");
    let last = last_period(&results, "child-investigation");
    assert_eq!(
        (&last["cases"], &last["share"], &last["ci95"], &last["lawful_share"], &last["no_share_because"]),
        (&json!(38), &json!(null), &json!(null), &json!(null), &json!("undetermined"))
    );
    let points = results["controls"][0]["trend"]["points"].as_array().expect("points");
    let july = points.iter().find(|point| point["period"] == "2024-07").expect("July");
    assert_eq!((&july["cases"], &july["share"]), (&json!(38), &json!(null)));
    assert!(markdown(&workspace).contains("| T2 2024 | 38 | 0 | ännu ingen |"));
    let share = workspace.read("reports/data/charts/child-investigation-share.csv");
    assert!(share.contains("2024-T2,38,0,,,,"), "{share}");
}

#[test]
fn many_rejected_rows_stand_in_the_summary() {
    let broken = |rows: u32| (0..rows).map(|number| format!("b{number};;2024-02-05\n")).collect::<String>();
    // Five of a hundred are not many.
    let few = workspace(&[closed("2024-02-05", 95, 5), broken(5)]);
    assert!(!few.frist(&["run", ".", "--as-of", "2024-04-30"]).success().stderr.contains("avvisades"));
    let many = workspace(&[closed("2024-02-05", 95, 5), broken(6)]);
    let told = many.frist(&["run", ".", "--as-of", "2024-04-30", "--forms", ALL_FORMS]).success().stderr;
    assert!(told.contains("6 av 101 rader (5,9\u{a0}%) avvisades"), "{told}");
    let text = markdown(&many);
    let summary = text.split("## ").nth(1).expect("a summary");
    assert!(summary.contains("6 av 101 rader (5,9 %) avvisades"), "{summary}");
    assert!(many.read("reports/report.html").contains("6 av 101 rader"));
}

#[test]
fn some_is_never_none_in_any_form() {
    let workspace = workspace(&[closed("2024-02-05", 3000, 1)]);
    let run = ["run", ".", "--as-of", "2024-04-30", "--forms", "html,md,xlsx"];
    let told = workspace.frist(&run).success().stdout;
    assert!(told.contains("<\u{a0}0,1\u{a0}%"), "{told}");
    let page = workspace.read("reports/report.html");
    assert!(page.contains("&lt;\u{a0}0,1\u{a0}%") && !page.contains("hade 1 (0,0\u{a0}%"), "the page");
    assert!(markdown(&workspace).contains("hade 1 (&lt; 0,1 %) överskridit fristen."));
    let chart = workspace.read("reports/charts/child-investigation-share.svg");
    assert!(chart.contains("utredningar: &lt;\u{a0}0,1\u{a0}% för sena"), "the chart's title");
    let compared = workspace.frist(&["compare", ".", "--as-of", "2024-04-30"]).success();
    assert!(compared.stdout.contains("<\u{a0}0,1\u{a0}%"), "{}", compared.stdout);
    let english = workspace.frist(&["run", ".", "--as-of", "2024-04-30", "--lang", "en"]).success().stdout;
    assert!(english.contains("<\u{a0}0.1%"), "{english}");
    let results = workspace.json("reports/data/results.json");
    assert_eq!(last_period(&results, "child-investigation")["share"], json!(0.000333));
}

/// The period of the published headline depends only on what is published.
#[test]
fn the_published_headline_is_of_numbers_that_are_shown() {
    let rows = [closed("2024-02-05", 60, 20), closed("2024-05-06", 12, 2)];
    let workspace = workspace(&rows);
    let results = workspace.results(&["--as-of", "2024-08-31", "--edition", "published", MD[0], MD[1]]);
    let control = &results["controls"][0];
    let headline = &control["headline"];
    let periods = control["periods"].as_array().expect("periods");
    let of_headline =
        periods.iter().find(|period| period["period"] == headline["period"]).expect("the headline's period");
    assert_eq!(headline["cases"], of_headline["cases"]);
    assert_eq!(headline["deviations"], of_headline["deviations"]);
    assert!(headline["cases"].as_u64().is_none_or(|cases| cases >= 10), "{headline}");
    // The two late cases are hidden, and with them the share.
    let last = last_period(&results, "child-investigation");
    assert_eq!((&last["deviations"], &last["share"]), (&json!(null), &json!(null)));
}

/// What comes to a period later would tell of the few cases that came.
#[test]
fn the_published_edition_has_no_period_in_which_cases_can_still_be_in_time() {
    let rows = [closed("2024-02-05", 60, 0), closed("2024-07-08", 38, 0)];
    let workspace = workspace(&rows).file("frist.toml", BY_START);
    let published = ["--edition", "published", MD[0], MD[1]];
    let last = |results: &Value| last_period(results, "child-investigation").clone();
    let of_start = last(&workspace.results(&published));
    assert_eq!((&of_start["period"], &of_start["cases"]), (&json!("2024-T1"), &json!(60)));
    // A tertial that has not ended has cases to come, also of those that ended.
    workspace.write("frist.toml", "as_of = 2024-08-30\n");
    let running = last(&workspace.results(&published));
    assert_eq!(running["period"], json!("2024-T1"));
    workspace.write("frist.toml", "as_of = 2024-08-31\n");
    let over = last(&workspace.results(&published));
    assert_eq!(
        (&over["period"], &over["cases"], &over["share"]),
        (&json!("2024-T2"), &json!(38), &json!(0.0))
    );
    // When no period is over, nothing is shown.
    workspace.write("frist.toml", "as_of = 2024-04-29\n");
    let none = last(&workspace.results(&published));
    assert_eq!((&none["period"], &none["cases"]), (&json!("2024-T1"), &json!(null)));
}
