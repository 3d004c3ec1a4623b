//! The charts of the sample report: their colours, and their data in separate files and in results.json.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

fn reports() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("reports")
}

fn results() -> Value {
    let text = fs::read(reports().join("data/results.json")).expect("the sample report has results");
    serde_json::from_slice(&text).expect("JSON")
}

/// The files in a folder with an extension, by name.
fn files(folder: &str, ending: &str) -> BTreeMap<String, String> {
    let entries = fs::read_dir(reports().join(folder)).expect("the sample report has charts");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    paths
        .filter(|path| path.extension().is_some_and(|found| found == ending))
        .map(|path| {
            let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
            (name, fs::read_to_string(path).expect("text"))
        })
        .collect()
}

/// Relative luminance of a colour `#rrggbb`, WCAG 2.
fn luminance(colour: &str) -> f64 {
    let part = |at: usize| {
        let value = f64::from(u8::from_str_radix(&colour[at..at + 2], 16).expect("a colour")) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5)
}

fn contrast(one: &str, other: &str) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// The colour in an attribute of an element.
fn colour<'a>(element: &'a str, attribute: &str) -> Option<&'a str> {
    let (_, rest) = element.split_once(&format!("{attribute}=\"#"))?;
    Some(&rest[..6])
}

#[test]
fn every_colour_in_use_stands_out_from_what_it_lies_on() {
    /// Paper, and the band of chance.
    const GROUNDS: [&str; 2] = ["#FFFFFF", "#EEF1F4"];
    /// The ground of critical risks, beside a frame of its own.
    const CRITICAL: &str = "#F3D9D9";
    /// Grid lines and the grounds themselves: nothing is lost without them.
    const DECORATION: [&str; 4] = ["#DDDDDD", "#EEF1F4", "#FFFFFF", CRITICAL];
    let (mut texts, mut marks) = (BTreeSet::new(), BTreeSet::new());
    for (name, svg) in files("charts", "svg") {
        let critical = name.starts_with("risk-matrix").then_some(CRITICAL);
        let grounds: Vec<&str> = GROUNDS.into_iter().chain(critical).collect();
        for element in svg.split('<').skip(1) {
            let kind = element.split([' ', '>']).next().unwrap_or_default();
            for attribute in ["fill", "stroke"] {
                let Some(found) = colour(element, attribute).map(|digits| format!("#{digits}")) else {
                    continue;
                };
                // The halo of a label has the colour of paper.
                let is_halo = attribute == "stroke" && found == GROUNDS[0];
                if kind == "text" && !is_halo {
                    assert!(grounds.iter().all(|ground| contrast(&found, ground) >= 4.5), "{name}: {found}");
                    texts.insert(found);
                } else if !DECORATION.contains(&found.as_str()) {
                    assert!(contrast(&found, GROUNDS[0]) >= 3.0, "{name}: {found}");
                    marks.insert(found);
                }
            }
        }
    }
    assert!(texts.len() >= 5 && marks.len() >= 7, "{texts:?} {marks:?}");
}

/// Rows of a CSV file as cells by heading.
fn rows(csv: &str) -> Vec<BTreeMap<String, String>> {
    let mut lines = csv.lines().map(|line| line.split(',').map(str::to_owned).collect::<Vec<_>>());
    let headings = lines.next().expect("headings");
    lines.map(|cells| headings.iter().cloned().zip(cells).collect()).collect()
}

/// Whether a cell and a value of results.json are equal; cells are empty where results have null.
fn same(cell: &str, value: &Value) -> bool {
    match value {
        Value::Null => cell.is_empty(),
        Value::Number(number) => {
            let (found, wanted) = (cell.parse::<f64>(), number.as_f64().expect("a number"));
            // Shares of periods are written with six decimals in results.json.
            found.is_ok_and(|found| (found - wanted).abs() < 5.1e-7)
        }
        Value::String(text) => cell == text,
        Value::Bool(truth) => cell == truth.to_string(),
        Value::Array(list) => {
            let words: Vec<&str> = list.iter().filter_map(Value::as_str).collect();
            cell == words.join(" ")
        }
        Value::Object(_) => false,
    }
}

/// Asserts that every row of the file is an element of the list, cell by cell; `renamed` lists headings that differ
/// from keys, as `heading=key`, or as `heading=` if there is no such key.
fn assert_same(name: &str, csv: &str, list: &[Value], renamed: &[&str]) {
    let rows = rows(csv);
    assert_eq!(rows.len(), list.len(), "{name}");
    for (row, element) in rows.iter().zip(list) {
        for (heading, cell) in row {
            let renamed = renamed.iter().find_map(|pair| pair.strip_prefix(&format!("{heading}=")));
            let pointer = match renamed {
                Some("") => continue,
                Some(path) => format!("/{path}"),
                None => format!("/{heading}"),
            };
            // A part of a missing object is missing.
            let parent = pointer.rsplit_once('/').map_or("", |(parent, _)| parent);
            let of_nothing = element.pointer(parent).filter(|parent| parent.is_null());
            let value = element.pointer(&pointer).or(of_nothing);
            let value = value.unwrap_or_else(|| panic!("{name}: no {pointer}"));
            assert!(same(cell, value), "{name}, {heading}: {cell} in the file, {value} in results.json");
        }
    }
}

/// The months of each group, which are in a file of their own, add up to its periods.
fn assert_groups_add_up(control: &Value, data: &BTreeMap<String, String>) {
    let grouping = &control["groupings"][0];
    for group in grouping["groups"].as_array().expect("a list") {
        let Some(file) = group["trend"]["points"].as_str() else { continue };
        let name =
            file.strip_prefix("data/charts/").and_then(|name| name.strip_suffix(".csv")).expect("a chart's");
        let months = rows(&data[name]);
        let own: Vec<_> = months.iter().filter(|row| same(&row["group"], &group["name"])).collect();
        assert!(!own.is_empty(), "{name}");
        for period in group["periods"].as_array().expect("a list") {
            let [from, to] = ["from", "to"].map(|key| period[key].as_str().expect("a day")[..7].to_owned());
            // Months that the export does not have the whole of are in no trend.
            if *from < *control["trend"]["points"][0]["period"].as_str().expect("a month") {
                continue;
            }
            for count in ["cases", "deviations"] {
                let within = own.iter().filter(|row| (&*from..=&*to).contains(&&*row["period"]));
                let sum: u64 = within.map(|row| row[count].parse::<u64>().expect("a count")).sum();
                assert_eq!(period[count], sum, "{name}, {}, {}", group["name"], period["period"]);
            }
        }
    }
}

/// What marks trends with few deviations stands by period in a list of its own.
const MARKS: [&str; 4] = ["unusual=", "doubling=", "halving=", "marks="];

#[test]
fn every_chart_has_its_data_in_a_file_and_in_results() {
    let (data, results) = (files("data/charts", "csv"), results());
    for name in files("charts", "svg").keys() {
        assert!(data.contains_key(name), "{name}.csv");
    }
    let list = |value: &Value| value.as_array().expect("a list").clone();
    let mut checked = 0;
    for control in results["controls"].as_array().expect("controls") {
        let id = control["id"].as_str().expect("an id");
        let mut check = |kind: &str, elements: Vec<Value>, renamed: &[&str]| {
            let name = format!("{id}-{kind}");
            let Some(csv) = data.get(&name) else { return };
            assert_same(&name, csv, &elements, renamed);
            checked += 1;
        };
        let with = |mut element: Value, key: &str, value: &Value| {
            element[key] = value.clone();
            element
        };
        let targeted = |key: &str| -> Vec<Value> {
            let elements = list(control.pointer(key).expect("a list"));
            elements.into_iter().map(|element| with(element, "target", &control["target"])).collect()
        };
        check("trend", targeted("/trend/points"), &MARKS);
        check("share", targeted("/periods"), &["ci_low=ci95/0", "ci_high=ci95/1"]);
        check("backlog", list(&control["backlog"]), &[]);
        if let Some(farthest) = control["outlook"]["ahead"].as_array().and_then(|ahead| ahead.last()) {
            check("outlook", [list(&farthest["trials"]), vec![farthest.clone()]].concat(), &[]);
        }
        let margins = control["margins"].as_array().expect("a list");
        check(
            "spread",
            margins.clone(),
            &[
                "p10=quantiles/p10",
                "p25=quantiles/p25",
                "p50=quantiles/p50",
                "p75=quantiles/p75",
                "p90=quantiles/p90",
            ],
        );
        let bars = margins[margins.len().saturating_sub(2)..].iter().flat_map(|margins| {
            let bars = list(&margins["bars"]).into_iter().map(|bar| with(bar, "period", &margins["period"]));
            // Kinds without a case are left out.
            let kinds = ["in_time", "late_only_by_reference", "late_only_by_law", "late"];
            let whole = |bar| {
                kinds.iter().fold(
                    bar,
                    |bar: Value, kind| if bar[*kind].is_null() { with(bar, kind, &0.into()) } else { bar },
                )
            };
            bars.map(whole).collect::<Vec<_>>()
        });
        check("margins", bars.collect(), &["cases="]);
        check(
            "slack",
            list(&control["start_months"]),
            &["start_month=month", "slack_days_min=slack_days/0", "slack_days_max=slack_days/1"],
        );
        check("methods", list(&control["periods"]), &[]);
        let steps = control["survival"]["curves"].as_array().expect("a list").iter().flat_map(|curve| {
            let steps = list(&curve["steps"]).into_iter();
            steps
                .map(|step| with(with(step, "started_from", &curve["from"]), "started_to", &curve["to"]))
                .collect::<Vec<_>>()
        });
        check("time-to-close", steps.collect(), &["ci_low=low", "ci_high=high"]);
        let grouping = &control["groupings"][0];
        let windows = grouping["windows"].as_array().cloned().unwrap_or_default();
        let drawn = windows.iter().find(|window| window["drawn"] == true);
        let groups = grouping["groups"].as_array().cloned().unwrap_or_default();
        let funnel = groups.iter().filter_map(|group| {
            let drawn = drawn?;
            let places = group["funnel"].as_array().expect("a list");
            let place = places.iter().find(|place| place["from"] == drawn["from"])?.clone();
            let element = with(with(place, "group", &group["name"]), "target", &drawn["target"]);
            Some(with(element, "combined", &group["combined"]))
        });
        check("funnel", funnel.collect(), &[]);
        assert_groups_add_up(control, &data);
    }
    assert!(checked > 40, "{checked}");
    let all = results["controls"].as_array().expect("controls").iter().flat_map(|control| {
        let points = control["trend"]["points"].as_array().cloned().unwrap_or_default();
        let of_control = points.into_iter().map(|mut point| {
            point["control"] = control["id"].clone();
            point["target"] = control["target"].clone();
            point
        });
        of_control.collect::<Vec<_>>()
    });
    assert_same("overview", &data["overview"], &all.collect::<Vec<_>>(), &MARKS);
}
