//! Edges of exports: what an export cannot know is incomplete in every form, and never a share.

use serde_json::{Value, json};

use crate::workspace::{HEADINGS, Workspace};

/// Investigations of a stable process, as day numbers from 2020-01-01: one starts every other day, and every fifth
/// lasts 140 to 200 days, beyond its four months. Its first case is so old that nothing is missing.
fn process() -> Vec<(i32, i32)> {
    let cases = (0..900).map(|number| {
        let lasts = if number % 5 == 0 { 140 + number * 7 % 61 } else { 20 + number * 13 % 95 };
        (number * 2, number * 2 + lasts)
    });
    cases.collect()
}

/// The day of a number, by a calendar of its own.
fn day(number: i32) -> String {
    let (mut year, mut left) = (2020, number);
    let length = |year: i32| if year % 4 == 0 { 366 } else { 365 };
    while left >= length(year) {
        left -= length(year);
        year += 1;
    }
    let february = length(year) - 337;
    let mut month = 1;
    for days in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] {
        if left < days {
            break;
        }
        left -= days;
        month += 1;
    }
    format!("{year}-{month:02}-{:02}", left + 1)
}

/// 2022-01-01, since when exports are cut, and 2024-08-31.
const SINCE: i32 = 731;
const AS_OF: i32 = 1704;

/// Up to when an export that is too old was made, and a quarter in which no case ended according to another.
const MADE: i32 = 1_630;
const QUARTER: std::ops::Range<i32> = 1_186..1_277;

/// What the ways keep of a case that started and ended, or will end, on two days.
fn kept(way: &str, (start, end): (i32, i32)) -> bool {
    let is_open = end > AS_OF;
    start <= AS_OF
        && match way {
            "all" => true,
            "started-since" => start >= SINCE,
            "ended-since" => is_open || end >= SINCE,
            "decided-of-started" => !is_open && start >= SINCE,
            "made-early" => start <= MADE,
            "quarter-missing" => !QUARTER.contains(&end),
            "quarters-not-started" => ![200..300, 1_400..1_520].iter().any(|days| days.contains(&start)),
            "open" => is_open,
            _ => !is_open && end >= SINCE,
        }
}

/// The rows of an export; `unit` names the unit of a case that started on a day.
fn rows(way: &str, unit: impl Fn(i32) -> &'static str) -> String {
    let cases = process().into_iter().filter(|case| kept(way, *case)).enumerate();
    let row = |(number, (start, end)): (usize, (i32, i32))| {
        let known = if way == "made-early" { MADE } else { AS_OF };
        let end = if end > known { String::new() } else { day(end) };
        format!("{number};{};{end};{}\n", day(start), unit(start))
    };
    cases.map(row).collect()
}

fn export(way: &str) -> Workspace {
    let headings = HEADINGS.replace('\n', ";Enhet\n");
    let unit = |start: i32| if start > 1_100 && start % 4 == 0 { "Söder" } else { "Norr" };
    Workspace::new().file("utredningar.csv", format!("{headings}{}", rows(way, unit)))
}

const RUN: [&str; 4] = ["--as-of", "2024-08-31", "--forms", "html,md"];

fn control(results: &Value) -> &Value {
    &results["controls"][0]
}

fn periods(results: &Value) -> Vec<(&str, &Value, &Value)> {
    let periods = control(results)["periods"].as_array().expect("periods");
    let told = periods.iter().map(|period| {
        (period["period"].as_str().expect("a name"), &period["share"], &period["no_share_because"])
    });
    told.collect()
}

fn incomplete(results: &Value) -> Vec<&str> {
    let told = periods(results).into_iter();
    told.filter(|(.., because)| **because == "incomplete").map(|(name, ..)| name).collect()
}

#[test]
fn days_are_those_of_the_calendar() {
    let days = [0, 59, 60, 366, SINCE, 1_519, AS_OF].map(day);
    let wanted =
        ["2020-01-01", "2020-02-29", "2020-03-01", "2021-01-01", "2022-01-01", "2024-02-28", "2024-08-31"];
    assert_eq!(days, wanted);
}

/// Periods of the closed cohort that are shown have the share of the whole process.
#[test]
fn no_period_shows_a_share_that_the_export_made() {
    let truth = export("all").results(&RUN);
    for (way, wanted) in
        [("started-since", vec!["2022-T1"]), ("ended-since", vec![]), ("decided-since", vec![])]
    {
        let results = export(way).results(&RUN);
        let edges = &control(&results)["edges"];
        assert_eq!((&edges["cases"], &edges["stated"]), (&json!(way), &json!(false)), "{way}");
        assert_eq!(edges["since"], "2022-01-01", "{way}");
        // A tertial whose first half lacks late cases, and the one before in which the cases of the edge were late.
        let found = incomplete(&results);
        assert!(wanted.iter().all(|period| found.contains(period)) && found.len() <= 2, "{way} {found:?}");
        for (name, share, because) in periods(&results).into_iter().filter(|(.., because)| because.is_null())
        {
            let all = periods(&truth);
            let of_truth = all.iter().find(|(other, ..)| *other == name).expect("the period");
            assert_eq!(share, of_truth.1, "{way} {name} {because}");
        }
    }
}

/// An earlier period stands for the control then, and that is said wherever its share is.
#[test]
fn that_the_last_periods_are_incomplete_is_said_beside_the_one_before() {
    let workspace = export("quarters-not-started");
    let told = workspace.frist(&["run", ".", "--as-of", "2024-08-31", "--forms", "md"]).success().stderr;
    let report = workspace.read("reports/report.md");
    let said = "Därefter är perioderna september 2023–augusti 2024 ofullständiga i uttaget";
    assert_eq!(report.matches(said).count(), 2, "summary and section");
    let terminal =
        "Perioderna januari 2020–augusti 2021 och september 2023–augusti 2024 är därför ofullständiga";
    assert!(told.contains("saknas ärenden helt eller delvis") && told.contains(terminal), "{told}");
    let told = workspace.frist(&["check", ".", "--as-of", "2024-08-31"]).stdout;
    assert!(told.contains(terminal), "{told}");
    // Another time that is missing changes nothing for the months between.
    assert!(report.contains("T1 2022") && !report.contains("T1 2022 ofullständig"));
}

/// As before, of exports that lack cases in other ways.
#[test]
fn neither_does_one_of_an_export_that_is_old_or_lacks_others() {
    let truth = export("all").results(&RUN);
    let ways = [
        ("decided-of-started", json!("decided-since"), json!(null), json!(null)),
        ("made-early", json!("started-since"), json!(day(MADE)), json!(null)),
        // The first case after it ended on 3 July.
        ("quarter-missing", json!("started-since"), json!(null), json!([["2023-04-01", "2023-07-02"]])),
        (
            "quarters-not-started",
            json!("started-since"),
            json!(null),
            json!([[day(199), day(299)], [day(1_399), day(1_519)]]),
        ),
    ];
    for (way, cases, known_until, missing) in ways {
        let results = export(way).results(&RUN);
        let edges = &control(&results)["edges"];
        assert_eq!(edges["cases"], cases, "{way}");
        assert_eq!(edges["known_until"], known_until, "{way}");
        assert_eq!(edges["missing"], missing, "{way}");
        let all = periods(&truth);
        let shown: Vec<_> = periods(&results).into_iter().filter(|(.., because)| because.is_null()).collect();
        assert!(shown.len() >= 4, "{way}: {shown:?}");
        for (name, share, _) in shown {
            let of_truth = all.iter().find(|(other, ..)| *other == name).expect("the period");
            assert_eq!(share, of_truth.1, "{way} {name}");
        }
        // What is not known on the as-of date is not said of it.
        let last = control(&results)["periods"].as_array().and_then(|all| all.last()).expect("a period");
        assert_eq!(last["open_overdue"].is_null(), way != "quarter-missing", "{way}");
    }
}

#[test]
fn a_list_of_open_cases_has_no_share_but_tells_which_are_overdue() {
    let workspace = export("open");
    let results = workspace.results(&RUN);
    assert_eq!(control(&results)["edges"]["cases"], "open");
    assert!(periods(&results).iter().all(|(_, share, _)| share.is_null()));
    let last = control(&results)["periods"].as_array().and_then(|all| all.last()).expect("a period");
    assert!(last["open_overdue"].as_u64().is_some_and(|overdue| overdue > 0), "{last}");
    let text = workspace.read("reports/report.md");
    assert!(text.contains("bara öppna ärenden"), "{text}");
}

#[test]
fn an_incomplete_period_has_counts_and_says_why_in_every_form() {
    let workspace = export("started-since");
    let told = workspace.frist(&["run", ".", "--as-of", "2022-08-31", "--forms", "html,md"]).success();
    let all = format!("{}{}", told.stdout, told.stderr);
    assert!(all.contains("(ofullständig)"), "{all}");
    assert!(told.stderr.contains("har inletts från och med 1 januari 2022"), "{}", told.stderr);
    let results = workspace.json("reports/data/results.json");
    let headline = &control(&results)["headline"];
    assert_eq!((&headline["share"], &headline["counts_because"]), (&json!(null), &json!("incomplete")));
    for period in control(&results)["periods"].as_array().expect("periods") {
        assert!(period["cases"].as_u64().is_some_and(|cases| cases > 0), "{period}");
        for key in ["share", "ci95", "reference_share", "lawful_share", "change_pp"] {
            assert_eq!(period[key], Value::Null, "{key} of {period}");
        }
    }
    // August is the first month in which every late case is one that started since.
    let points = control(&results)["trend"]["points"].as_array().expect("points");
    assert!(points.iter().all(|point| point["period"].as_str() >= Some("2022-07")), "{points:?}");
    assert_eq!(control(&results)["outlook"], Value::Null);
    for file in ["reports/report.html", "reports/report.md"] {
        let text = workspace.read(file).replace('\u{a0}', " ");
        assert!(
            text.contains("ser ut att innehålla de ärenden som har inletts från och med 1 januari 2022"),
            "{file}"
        );
        assert!(text.contains("ofullständig") && text.contains("bygger på deras datum"), "{file}");
        assert!(text.contains("Uttaget för maj–augusti 2022 är ofullständigt"), "{file}");
    }
    let backlog = control(&results)["backlog"].as_array().expect("months");
    assert!(backlog.iter().all(|at| at["month"].as_str() >= Some("2022-06")), "{backlog:?}");
    let english = workspace.frist(&["compare", ".", "--as-of", "2022-08-31", "--lang", "en"]).success();
    assert!(english.stdout.contains("incomplete"), "{}", english.stdout);
}

#[test]
fn of_decided_cases_there_is_no_backlog_and_no_outlook() {
    let results = export("decided-since").results(&RUN);
    let control = control(&results);
    assert_eq!((&control["backlog"], &control["outlook"]), (&json!([]), &json!(null)));
    for period in control["periods"].as_array().expect("periods") {
        assert_eq!(period["open_overdue"], Value::Null, "{period}");
    }
    // By start and due date the newest are wanting too.
    for cohort in ["due", "started"] {
        let whole = |period: &str| {
            let conventions = control["conventions"].as_array().expect("periods");
            let of = conventions.iter().find(|of| of["cohort"] == cohort && of["period"] == period);
            !of.expect("the period")["share"].is_null()
        };
        assert_eq!(["2021-T3", "2023-T1", "2024-T2"].map(whole), [false, true, false], "{cohort}");
    }
    let curves = control["survival"]["curves"].as_array().expect("curves");
    assert!(curves.iter().all(|curve| curve["open"] == 0 && curve["to"].as_str() < Some("2024-04")));
}

#[test]
fn a_backlog_begins_where_the_export_tells_it() {
    let ended = export("ended-since").results(&RUN);
    assert_eq!(control(&ended)["backlog"][0]["month"], "2022-01");
    let started = export("started-since").results(&RUN);
    let first = control(&started)["backlog"][0]["month"].as_str().expect("a month");
    assert!(("2022-05".."2022-09").contains(&first), "{first}");
    let all = export("all").results(&RUN);
    let months = |results: &Value| control(results)["backlog"].as_array().expect("months").clone();
    for results in [&ended, &started] {
        assert!(months(results).iter().all(|month| months(&all).contains(month)));
    }
}

#[test]
fn the_project_file_says_how_cases_were_chosen() {
    let with = |cases: &str| {
        let project = format!(
            "as_of = 2024-08-31\n[[source]]\ncontrol = \"child-investigation\"\nfiles = [\"utredningar.csv\"]\n\
             [[control]]\nid = \"child-investigation\"\ncases = \"{cases}\"\n"
        );
        export("started-since").file("frist.toml", project)
    };
    let workspace = with("all");
    let results = workspace.results(&["--forms", "md"]);
    assert_eq!(incomplete(&results), Vec::<&str>::new());
    assert_eq!(control(&results)["edges"]["cases"], "all");
    assert!(!workspace.read("reports/report.md").contains("ofullständig"));
    let workspace = with("started-since");
    let results = workspace.results(&["--forms", "md"]);
    assert_eq!(control(&results)["edges"]["stated"], true);
    assert!(incomplete(&results).contains(&"2022-T1"));
    let text = workspace.read("reports/report.md");
    assert!(
        text.contains("innehåller enligt projektfilen") && !text.contains("en slutsats av deras datum"),
        "{text}"
    );
    with("some").frist(&["run", "."]).failure(78, &["cases"]);
}

/// A unit that began later lacks nothing: the others show since when the export has cases.
#[test]
fn a_unit_that_starts_later_is_judged_by_the_edges_of_all() {
    let results = export("ended-since").results(&RUN);
    let groups = control(&results)["groupings"][0]["groups"].as_array().expect("groups");
    let south = groups.iter().find(|group| group["name"] == "Söder").expect("the unit");
    let because = south["periods"].as_array().expect("periods").iter().map(|of| &of["no_share_because"]);
    assert!(because.clone().all(|because| *because != "incomplete"), "{:?}", because.collect::<Vec<_>>());
}

#[test]
fn few_cases_show_nothing_of_how_they_were_chosen() {
    let headings = HEADINGS;
    let few: String = (0..20)
        .map(|number| {
            format!("{number};{};{}\n", day(SINCE + 3 * number), day(SINCE + 60 + 3 * number + number % 9))
        })
        .collect();
    let workspace = Workspace::new().file("utredningar.csv", format!("{headings}{few}"));
    let results = workspace.results(&["--as-of", "2022-04-30"]);
    assert_eq!(control(&results)["edges"]["cases"], Value::Null);
    assert_eq!(incomplete(&results), Vec::<&str>::new());
}

/// Short deadlines and hours have short edges: a tertial is whole that lacks a few days.
#[test]
fn each_control_of_a_run_has_edges_of_its_own() {
    let rows = |lasts: &dyn Fn(i32) -> String| -> String {
        (SINCE..AS_OF - 20).map(|start| format!("{start};{};{}\n", day(start), lasts(start))).collect()
    };
    let within_days = rows(&|start| day(start + if start % 9 == 0 { 15 + start % 4 } else { start % 13 }));
    let within_hours = (SINCE..AS_OF - 20).map(|start| {
        let end = day(start + if start % 9 == 0 { 2 } else { 0 });
        format!("{start};{} 10:00;{end} 15:00\n", day(start))
    });
    let within_hours: String = within_hours.collect();
    let workspace = export("started-since")
        .file(
            "forhandsbedomningar.csv",
            format!("Ärendenr;Anmälan inkom;Förhandsbedömning klar\n{within_days}"),
        )
        .file("skydd.csv", format!("Ärendenr;Anmälan inkom;Skyddsbedömning gjord\n{within_hours}"));
    let results = workspace.results(&RUN);
    let because = |id: &str, period: usize| {
        let controls = results["controls"].as_array().expect("controls");
        let control = controls.iter().find(|control| control["id"] == id).expect("the control");
        control["periods"][period]["no_share_because"].clone()
    };
    assert_eq!(because("child-investigation", 0), "incomplete");
    assert_eq!(because("safety-assessment", 0), Value::Null);
    for id in ["child-investigation", "preliminary-assessment", "safety-assessment"] {
        assert_eq!(because(id, 2), Value::Null, "{id}");
    }
}

/// The published edition calls the same periods incomplete, and names no day on which a single case could have begun.
#[test]
fn the_published_edition_tells_no_day_of_an_edge() {
    let workspace = export("started-since");
    let results = workspace.results(&["--as-of", "2024-08-31", "--edition", "published", "--forms", "md"]);
    let edges = &control(&results)["edges"];
    assert_eq!(*edges, json!({ "cases": "started-since", "stated": false, "since": null }));
    assert!(incomplete(&results).contains(&"2022-T1"));
    let text = workspace.read("reports/report.md");
    assert!(
        text.contains("har inletts från och med januari 2022") && !text.contains("1 januari 2022"),
        "{text}"
    );
    // Limits and verdict are made of the periods that are whole.
    let trend = &control(&results)["trend"];
    assert_ne!(trend["verdict"]["answer"], "unknown", "{trend}");
}

/// The months of a part of the facts that are incomplete: the first and the last.
fn incomplete_facts(workspace: &Workspace, part: &str) -> Option<(String, String)> {
    let facts = workspace.read("reports/data/facts.csv");
    let mut reader = csv::Reader::from_reader(facts.as_bytes());
    let rows = reader.deserialize::<std::collections::BTreeMap<String, String>>();
    let of_part = rows.map(|row| row.expect("a row")).filter(|row| row["part"] == part);
    let months = of_part.filter(|row| row["incomplete"] == "1").map(|row| row["month"].clone());
    let months: Vec<String> = months.collect();
    months.iter().min().cloned().zip(months.iter().max().cloned())
}

#[test]
fn facts_name_their_incomplete_months() {
    let ended = export("ended-since");
    ended.results(&RUN);
    assert_eq!(incomplete_facts(&ended, "closed"), None);
    let due = incomplete_facts(&ended, "due").expect("months");
    assert!(due.0.as_str() < "2022-01" && due.1 == "2022-05", "{due:?}");
    let decided = export("decided-since");
    decided.results(&RUN);
    let (_, last) = incomplete_facts(&decided, "started").expect("months");
    assert_eq!(last, "2024-07");
    assert_eq!(incomplete_facts(&decided, "closed"), None);
}

#[test]
fn where_all_periods_are_incomplete_the_chart_of_shares_says_so() {
    let workspace = export("open");
    workspace.frist(&["run", ".", "--as-of", "2024-08-31", "--forms", "md"]).success();
    let chart = workspace.read("reports/charts/child-investigation-share.svg");
    assert!(chart.contains("Perioderna är ofullständiga, så ingen andel visas"), "{chart}");
    assert!(!chart.contains("Inga bedömda ärenden"), "{chart}");
}
