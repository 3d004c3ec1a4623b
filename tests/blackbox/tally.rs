//! The tally of the sample's report: the report's figures can be computed from it as docs/tally.md says. Coarse tallies:
//! no small number follows from them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use crate::workspace::{HEADINGS, Workspace};

type Row = BTreeMap<String, String>;

fn report(name: &str) -> String {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("reports");
    fs::read_to_string(folder.join(name)).expect("it is committed")
}

fn rows() -> Vec<Row> {
    let text = report("data/tally.csv");
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    reader.deserialize().map(|row| row.expect("a row")).collect()
}

fn count(row: &Row, column: &str) -> u64 {
    match row[column].as_str() {
        "" => 0,
        number => number.parse().expect("a count"),
    }
}

/// The sum of the columns that satisfy `wanted`.
fn sum<'a>(rows: impl IntoIterator<Item = &'a Row>, wanted: impl Fn(&str) -> bool) -> u64 {
    let columns = |row: &'a Row| row.iter().filter(|(column, _)| wanted(column)).map(|(column, _)| column);
    rows.into_iter().flat_map(|row| columns(row).map(move |column| count(row, column))).sum()
}

#[test]
fn periods_and_backlog_are_sums_of_the_tally() {
    let (rows, results) = (rows(), report("data/results.json"));
    let results: Value = serde_json::from_str(&results).expect("JSON");
    let mut compared = 0;
    for control in results["controls"].as_array().expect("controls") {
        let own = || rows.iter().filter(|row| control["id"] == row["control"].as_str());
        let rolls = control["roll"] != "none";
        let is_deviation = |column: &str| {
            let reading = column.strip_prefix("ended_").or(column.strip_prefix("open_")).unwrap_or_default();
            reading.starts_with("late") || !rolls && reading.starts_with("within_roll")
        };
        let is_judged =
            |column: &str| is_deviation(column) || column.starts_with("ended_") && column != "ended_overdue";
        let computed = |period: &&Value| period["source"] == "computed" && period["cases"].is_u64();
        for period in control["periods"].as_array().expect("periods").iter().filter(computed) {
            let [from, to] = ["from", "to"].map(|key| &period[key].as_str().expect("a day")[..7]);
            let cohort = control["cohort"].as_str().expect("a cohort");
            let within: Vec<&Row> =
                own().filter(|row| row["part"] == cohort && (from..=to).contains(&&*row["month"])).collect();
            let what = format!("{}, {}", control["id"], period["period"]);
            assert_eq!(period["cases"], sum(within.clone(), is_judged), "{what}");
            assert_eq!(period["deviations"], sum(within.clone(), is_deviation), "{what}");
            if period["reference_deviations"].is_u64() {
                let by_reference =
                    sum(within, |column| is_judged(column) && column.ends_with("_by_reference"));
                assert_eq!(period["reference_deviations"], by_reference, "{what}");
            }
            compared += 1;
        }
        for at in control["backlog"].as_array().expect("months") {
            let month = at["month"].as_str().expect("a month");
            let until: Vec<&Row> =
                own().filter(|row| row["part"] == "overdue" && *row["month"] <= *month).collect();
            let [became, ended] =
                ["became_overdue", "ended_overdue"].map(|flow| sum(until.clone(), |column| column == flow));
            assert_eq!(at["open_overdue"], became - ended, "{}, {month}", control["id"]);
            compared += 1;
        }
    }
    assert!(compared > 100, "{compared}");
}

#[test]
fn each_case_is_once_among_those_that_started_and_those_that_were_due() {
    let rows = rows();
    let of_part =
        |part: &str, wanted: fn(&str) -> bool| sum(rows.iter().filter(|row| row["part"] == part), wanted);
    let any = |column: &str| column.starts_with("ended_") || column.starts_with("open_");
    let ended = |column: &str| column.starts_with("ended_") && column != "ended_overdue";
    assert!(of_part("started", any) > 10_000);
    assert_eq!(of_part("started", any), of_part("due", any));
    assert_eq!(of_part("started", ended), of_part("closed", any));
    assert!(rows.iter().all(|row| row["schema"] == "1"));
}

/// An organisation whose cases come at random: so many a year for four years, due after four months.
fn organisation(workspace: &Workspace, name: &str, a_year: u32, settings: &str) {
    let mut seed =
        name.bytes().fold(a_year, |seed, byte| seed.wrapping_mul(31).wrapping_add(u32::from(byte)));
    let mut next = move |below: u32| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (seed >> 8) % below
    };
    let mut rows = HEADINGS.to_owned();
    for case in 0..a_year * 4 {
        let (month, day) = (next(44), 1 + next(28));
        let end = month + 2 + next(4);
        let end = match end < 44 {
            true => format!("{}-{:02}-{:02}", 2021 + end / 12, end % 12 + 1, 1 + next(28)),
            false => String::new(),
        };
        let start = format!("{}-{:02}-{day:02}", 2021 + month / 12, month % 12 + 1);
        rows += &format!("{case};{start};{end}\n");
    }
    workspace.write(&format!("{name}/utredningar.csv"), rows);
    let project = format!("organisation = \"Kommun {name}\"\nas_of = 2024-08-31\n{settings}");
    workspace.write(&format!("{name}/frist.toml"), project);
}

fn rows_of(workspace: &Workspace, name: &str) -> Vec<Row> {
    let text = workspace.read(name);
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    reader.deserialize().map(|row| row.expect("a row")).collect()
}

/// The first and the last month of a period.
fn months(period: &str) -> (String, String) {
    let (year, rest) = period.split_at(4);
    let number = |digits: &str| digits.parse::<u32>().expect("a number");
    let (length, number) = match rest.get(1..2) {
        None => (12, 1),
        Some("Q") => (3, number(&rest[2..])),
        Some("T") => (4, number(&rest[2..])),
        Some("H") => (6, number(&rest[2..])),
        _ => (1, number(&rest[1..])),
    };
    let month = |month: u32| format!("{year}-{month:02}");
    (month((number - 1) * length + 1), month(number * length))
}

/// A deviation by the columns of a tally, where 2 § does not count.
fn is_late(column: &str) -> bool {
    ["ended_late", "open_late", "ended_within_roll", "open_within_roll"]
        .iter()
        .any(|it| column.starts_with(it))
}

fn is_case(column: &str) -> bool {
    column.starts_with("ended_") && column != "ended_overdue" || is_late(column)
}

#[test]
fn a_coarse_tally_has_no_small_number_and_none_follows_from_it() {
    let workspace = Workspace::new();
    let mut kinds = BTreeSet::new();
    for (number, a_year) in [8, 20, 45, 90, 200, 500, 1_200].into_iter().enumerate() {
        for cohort in ["closed", "due", "started"] {
            let name = format!("{cohort}{number}");
            let period = if number % 2 == 0 { "tertial" } else { "month" };
            let settings = format!(
                "period = \"{period}\"\n[[control]]\nid = \"child-investigation\"\ncohort = \"{cohort}\"\n"
            );
            organisation(&workspace, &name, a_year, &settings);
            workspace.frist(&["tally", &name, "--out", "fine"]).success();
            let coarse = workspace.frist(&["tally", &name, "--out", "coarse", "--smallest", "5"]);
            if coarse.code != 0 {
                assert!(a_year < 90, "{name}: {}", coarse.stderr);
                coarse.failure(2, &["inte ens per år"]);
                continue;
            }
            attack(&workspace, cohort);
            let (fine, coarse) =
                (rows_of(&workspace, "fine/tally.csv"), rows_of(&workspace, "coarse/tally.csv"));
            for row in &coarse {
                let (from, to) = months(&row["month"]);
                let all =
                    fine.iter().filter(|it| it["part"] == cohort && (&from..=&to).contains(&&it["month"]));
                let all: Vec<&Row> = all.collect();
                for wanted in [is_case, is_late] {
                    assert_eq!(sum([row], wanted), sum(all.clone(), wanted), "{name}, {}", row["month"]);
                }
            }
            kinds.insert(coarse[0]["month"].len());
            assert!(!coarse.iter().any(|row| row["month"].as_str() > "2024-T2"), "{name}");
        }
    }
    // Months, tertials or the like, and years.
    assert!(kinds.len() >= 2, "{kinds:?}");
}

/// Whatever adds up or is a part of something else in the folder `coarse`: each is 0 or at least 5.
fn attack(workspace: &Workspace, cohort: &str) {
    let coarse = rows_of(workspace, "coarse/tally.csv");
    assert!(!coarse.is_empty() && coarse.iter().all(|row| row["part"] == cohort), "one table alone");
    let columns =
        ["ended_in_time", "ended_in_time_late_by_reference", "ended_late", "ended_late_late_by_reference"];
    let columns: Vec<&str> = columns.into_iter().chain(["open_in_time"]).collect();
    let is_safe = |cases: u64, what: &str| assert!(cases == 0 || cases >= 5, "{cases} {what}");
    for row in &coarse {
        let all = sum([row], |column| column.starts_with("ended_") || column.starts_with("open_"));
        assert_eq!(all, sum([row], |column| columns.contains(&column)), "{row:?}");
    }
    // Every choice of columns over every run of periods; the difference of two that nest is another such sum or two.
    for choice in 1..1_u32 << columns.len() {
        let chosen =
            |column: &str| columns.iter().zip(0..).any(|(it, bit)| *it == column && choice >> bit & 1 == 1);
        for first in 0..coarse.len() {
            for last in first..coarse.len() {
                let within = sum(&coarse[first..=last], chosen);
                is_safe(within, "in a run of periods");
                is_safe(sum(&coarse, chosen) - within, "outside a run of periods");
                is_safe(
                    sum(&coarse[first..=last], |column| columns.contains(&column)) - within,
                    "not chosen",
                );
            }
        }
    }
    let manifest = workspace.json("coarse/manifest.json");
    let own = &manifest["tally"]["contributors"][0]["controls"][0];
    let known: Vec<&String> = own.as_object().expect("a control").keys().collect();
    assert_eq!(known, ["coarse", "control", "edges", "started"], "nothing else with a number");
    assert_eq!((&own["coarse"]["smallest"], &own["started"]), (&5.into(), &Value::Null));
    assert!(own["edges"]["since"].is_null() && manifest["inputs"].is_null());
}

#[test]
fn coarse_tallies_add_up_in_a_published_edition() {
    let workspace = Workspace::new();
    for (name, a_year) in [("a", 500), ("b", 900), ("c", 200), ("d", 700)] {
        organisation(&workspace, name, a_year, "");
        let smallest: &[&str] = if name == "d" { &[] } else { &["--smallest", "5"] };
        workspace.frist(&[&["tally", name, "--out", &format!("t{name}")], smallest].concat()).success();
    }
    let add = |more: &[&str]| {
        let all = ["add", "ta", "tb", "tc", "td", "--out", "sum", "--forms", "md", "--pictures", "none"];
        workspace.frist(&[&all, more].concat())
    };
    add(&["--period", "year"]).failure(2, &["--edition published"]);
    add(&["--period", "month", "--edition", "published"]).failure(2, &["--period"]);
    add(&["--period", "year", "--edition", "published"]).success();
    let results = workspace.json("sum/data/results.json");
    let control = &results["controls"][0];
    let all: Vec<Row> = ["a", "b", "c", "d"]
        .iter()
        .flat_map(|name| rows_of(&workspace, &format!("t{name}/tally.csv")))
        .collect();
    let mut compared = 0;
    for period in control["periods"].as_array().expect("periods").iter().filter(|it| it["cases"].is_u64()) {
        let year = period["period"].as_str().expect("a year");
        let own: Vec<&Row> =
            all.iter().filter(|it| it["part"] == "closed" && it["month"].starts_with(year)).collect();
        assert_eq!(period["cases"], sum(own.clone(), is_case), "{year}");
        assert_eq!(period["deviations"], sum(own, is_late), "{year}");
        compared += 1;
    }
    assert!(compared >= 2, "{compared}");
    let report = workspace.read("sum/report.md");
    assert!(report.contains("Minst en av räkningarna är grov"), "{report}");
    assert_eq!(control["backlog"], Value::Null);
    // The same cases could be in two of one organisation.
    organisation(&workspace, "e", 300, "");
    workspace.write("e/frist.toml", workspace.read("a/frist.toml"));
    workspace.frist(&["tally", "e", "--out", "te"]).success();
    workspace.frist(&["add", "ta", "te", "--out", "no"]).failure(65, &["minst en av räkningarna är grov"]);
    workspace.frist(&["tally", "a", "--out", "no", "--smallest", "2"]).failure(2, &["3"]);
}
