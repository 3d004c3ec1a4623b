//! Date columns in every order and notation: no day is ever misread silently.
//!
//! Exports are generated with known days. A row that counts must have exactly these days; otherwise the file is refused
//! or the row rejected. `FRIST_DATE_COLUMNS` sets the number of exports; how often the program asks is printed.

use std::collections::BTreeMap;
use std::fs;

use frist::date::Day;
use frist::judge::Decided;
use frist::pipeline::CaseRow;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::judged::judge_folder;

const AS_OF: &str = "2024-08-31";
/// Number of exports without `FRIST_DATE_COLUMNS`.
const USUAL: u64 = 400;
/// Files with at least this many rows, some of them with days above 12, are seldom asked about.
const MANY_ROWS: usize = 50;
/// The share of them that may be asked about.
const SELDOM: f64 = 0.05;
/// The codes of a question. With the last, every row is rejected.
const ASKED: [&str; 4] = ["ambiguous-dates", "mixed-dates", "swapped-dates", "nothing-usable"];
const HEADINGS: [&str; 4] =
    ["Utredning inledd", "Utredning avslutad", "Förlängd till", "Beslut om förlängning"];
const WORDS: [&str; 6] = ["i maj", "se akt", "x", "okänt datum", "v. 12", "#REF!"];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    DayMonthYear,
    MonthDayYear,
    YearMonthDay,
    YearDayMonth,
}

use Order::{DayMonthYear, MonthDayYear, YearDayMonth, YearMonthDay};

/// How a column writes its days, apart from their order.
#[derive(Debug, Clone, Copy)]
struct Writing {
    /// Between the parts; a blank separates only the year.
    separator: &'static str,
    short_year: bool,
    padded: bool,
}

impl Writing {
    fn any(order: Order, rng: &mut ChaCha8Rng) -> Writing {
        let separators: &[&str] =
            if order == DayMonthYear { &["-", "/", ".", "", " "] } else { &["-", "/", ".", ""] };
        let separator = separators.choose(rng).expect("one");
        let short_year = *separator != " " && rng.random_bool(0.3);
        Writing { separator, short_year, padded: separator.is_empty() || rng.random_bool(0.7) }
    }

    /// Standards for these notations set the order if nothing contradicts it: a four-digit year comes before the month
    /// (ISO 8601), and in dates with dots the day does.
    fn is_settled_otherwise(self, order: Order) -> bool {
        order == YearDayMonth && !self.short_year || order == MonthDayYear && self.separator == "."
    }

    fn write(self, order: Order, (year, month, day): (i32, u32, u32)) -> String {
        let year = if self.short_year { format!("{:02}", year % 100) } else { year.to_string() };
        let part = |number: u32| if self.padded { format!("{number:02}") } else { number.to_string() };
        let (month, day) = (part(month), part(day));
        if self.separator == " " {
            return format!("{day}/{month} {year}");
        }
        let parts = match order {
            DayMonthYear => [day, month, year],
            MonthDayYear => [month, day, year],
            YearMonthDay => [year, month, day],
            YearDayMonth => [year, day, month],
        };
        parts.join(self.separator)
    }
}

/// The generated days of a row, by column.
type Days = [Option<Day>; 4];

/// A row of the file.
struct Row {
    days: Days,
    /// A column holds a date that does not exist.
    broken: bool,
    cells: Vec<String>,
}

struct Generated {
    order: Order,
    rows: Vec<Row>,
    columns: usize,
    text: String,
}

/// The day, or the next one whose number is at most 12.
fn low(day: Day) -> Day {
    let mut days = (0..31).map(|days| day.plus_days(days)).filter(|day| day.civil().2 <= 12);
    days.next().expect("a month has such days")
}

/// The days of a case, which is open or ended by the as-of date.
fn days(rng: &mut ChaCha8Rng, columns: usize, only_low: bool) -> Days {
    let day = |day: Day| if only_low { low(day) } else { day };
    let start = Day::parse_iso("2022-02-10").expect("a day").plus_days(rng.random_range(0..700));
    let end = (columns > 1 && rng.random_bool(0.8)).then(|| day(start.plus_days(rng.random_range(20..190))));
    let start = if only_low { low(start) } else { start };
    let extended = columns > 2 && rng.random_bool(0.3);
    let extended_to = extended.then(|| day(start.plus_days(rng.random_range(150..250))));
    let decided = (extended && columns > 3).then(|| day(start.plus_days(rng.random_range(60..110))));
    [Some(start), end.map(|end| end.max(start)), extended_to, decided]
}

/// The order of a row and column.
type Mix<'a> = &'a dyn Fn(usize, usize) -> Order;

/// An export whose columns have one order, or the orders given for each row and column.
fn generate(rng: &mut ChaCha8Rng, order: Order, rows: usize, noise: f64, mix: Option<Mix<'_>>) -> Generated {
    let columns = rng.random_range(1..=4);
    let columns = if mix.is_some() { columns.max(2) } else { columns };
    let mut usual = Writing::any(order, rng);
    if mix.is_some() {
        usual.separator = ["-", "/"].choose(rng).expect("one");
    }
    let writings: Vec<Writing> = (0..4)
        .map(|_| if mix.is_none() && rng.random_bool(0.15) { Writing::any(order, rng) } else { usual })
        .collect();
    let settled = writings.iter().any(|writing| writing.is_settled_otherwise(order));
    let only_low = mix.is_none() && !settled && rng.random_bool(0.15);
    let mut all = Vec::new();
    for row in 0..rows {
        let mut days = days(rng, columns, only_low);
        if settled && row % 2 == 0 {
            // A proof in every column that has a day.
            days = days.map(|day| day.map(|day| by_number(day, 28)));
        }
        let mut parts = days.map(|day| day.map(Day::civil));
        let mut words = None;
        if rng.random_bool(noise) {
            let column = rng.random_range(0..columns);
            match rng.random_range(0..3) {
                0 => words = Some((column, *WORDS.choose(rng).expect("one"))),
                1 => {
                    let year = days[0].expect("a start").civil().0;
                    let impossible = [(2, 30), (2, 31), (4, 31), (6, 31), (9, 31), (11, 31)];
                    let (month, day) = *impossible.choose(rng).expect("one");
                    parts[column] = Some((year, month, day));
                }
                _ => {
                    let start = days[0].expect("a start").civil();
                    let far = (start.0 + rng.random_range(15..40), start.1, start.2.min(28));
                    parts[column] = Some(far);
                    days[column] = Day::parse_iso(&format!("{}-{:02}-{:02}", far.0, far.1, far.2));
                }
            }
        }
        let cells = (0..columns.max(2)).map(|column| match (words, parts[column]) {
            (Some((noisy, word)), _) if noisy == column => word.to_owned(),
            (_, Some(parts)) => writings[column].write(mix.map_or(order, |mix| mix(row, column)), parts),
            (_, None) => String::new(),
        });
        let cells: Vec<String> = cells.collect();
        let is_day = |(column, parts): (usize, &Option<(i32, u32, u32)>)| {
            parts.is_none_or(|parts| days[column].map(Day::civil) == Some(parts))
        };
        let broken = words.is_some() || !parts.iter().enumerate().all(is_day);
        all.push(Row { days, broken, cells });
    }
    let mut text = format!("Ärendenr;{}\n", HEADINGS[..columns.max(2)].join(";"));
    for (number, row) in all.iter().enumerate() {
        text.push_str(&format!("N-{number};{}\n", row.cells.join(";")));
    }
    Generated { order, rows: all, columns, text }
}

/// The day of the same month with this number.
fn by_number(day: Day, number: i32) -> Day {
    day.plus_days(number - day.civil().2 as i32)
}

/// The days of each case that counts and the number of rows, or the code of the error.
fn said(text: &str) -> Result<(BTreeMap<usize, Days>, u64), String> {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("a.csv"), text).expect("a file");
    let render = |row: &CaseRow<'_>, line: &mut Vec<u8>| {
        let decided = row.case.extension.and_then(|extension| match extension.decided {
            Decided::On(day) => Some(day),
            Decided::NotInExport | Decided::Missing => None,
        });
        let days =
            [Some(row.case.start), row.case.end, row.case.extension.map(|extension| extension.to), decided];
        let days = days.map(|day| day.map_or(String::new(), |day| day.to_string()));
        line.extend(format!("{};{}\n", row.case_id, days.join(";")).bytes());
    };
    let as_of = Day::parse_iso(AS_OF).expect("a day");
    let outcome = judge_folder(folder.path(), "child-investigation", as_of, 1, &render)?;
    let cases = outcome.lines.lines().map(|line| {
        let cells: Vec<&str> = line.split(';').collect();
        let number = cells[0].strip_prefix("N-").and_then(|number| number.parse().ok()).expect("a number");
        (number, [1, 2, 3, 4].map(|cell| Day::parse_iso(cells[cell])))
    });
    Ok((cases.collect(), outcome.ledger.rows()))
}

/// What became of one export.
enum Fate {
    /// Read; nothing is wrong, and hardly any sound row was rejected.
    Read,
    /// Refused, or more sound rows rejected than the noise explains.
    Asked,
    /// Misread.
    Wrong(String),
}

fn fate(seed: u64, generated: &Generated) -> Fate {
    let context = |what: String| {
        let begin: Vec<&str> = generated.text.lines().take(6).collect();
        let (order, columns) = (generated.order, generated.columns);
        Fate::Wrong(format!("seed {seed}, {order:?}, {columns} columns: {what}\n{}", begin.join("\n")))
    };
    let (cases, rows) = match said(&generated.text) {
        Err(code) if ASKED.contains(&code.as_str()) => return Fate::Asked,
        Err(code) => return context(code),
        Ok(said) => said,
    };
    if rows != generated.rows.len() as u64 {
        return context(format!("{rows} rows of {}", generated.rows.len()));
    }
    let as_of = Day::parse_iso(AS_OF).expect("a day");
    // Days after the as-of date are not compared.
    let happened = |mut days: Days| {
        days[1] = days[1].filter(|end| *end <= as_of);
        days
    };
    for (number, days) in &cases {
        let row = &generated.rows[*number];
        if row.broken || happened(*days) != happened(row.days) {
            return context(format!("row {number} is {:?} and was read as {days:?}", row.cells));
        }
    }
    let lost =
        generated.rows.iter().enumerate().filter(|(number, row)| !row.broken && !cases.contains_key(number));
    if lost.count() * 20 > generated.rows.len() { Fate::Asked } else { Fate::Read }
}

fn has_days_above_12(generated: &Generated) -> bool {
    let days = generated.rows.iter().filter(|row| !row.broken).flat_map(|row| row.days);
    days.flatten().any(|day| day.civil().2 > 12)
}

/// Runs `check` for every seed, on two threads.
fn for_all<T: Send>(all: u64, check: impl Fn(u64) -> T + Sync) -> Vec<T> {
    let part = |part: u64| (part..all).step_by(2).map(&check).collect::<Vec<T>>();
    std::thread::scope(|scope| {
        let other = scope.spawn(|| part(1));
        let mut found = part(0);
        found.extend(other.join().expect("checking does not panic"));
        found
    })
}

fn how_many() -> u64 {
    std::env::var("FRIST_DATE_COLUMNS").map_or(USUAL, |text| text.parse().expect("a number"))
}

#[test]
#[allow(clippy::print_stdout, reason = "how many files are asked about is a result of the long run")]
fn no_day_is_read_wrong_and_few_files_are_asked_about() {
    let all = how_many();
    let fates = for_all(all, |seed| {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let order = *[DayMonthYear, MonthDayYear, YearMonthDay, YearDayMonth].choose(&mut rng).expect("one");
        // As many small files as large ones: 3 to 3,000 rows.
        let rows = (3.0 * 1000_f64.powf(rng.random_range(0.0..=1.0))).round() as usize;
        let noise = if rng.random() { 0.0 } else { rng.random_range(0.0..0.05) };
        let generated = generate(&mut rng, order, rows, noise, None);
        let seldom = generated.rows.len() >= MANY_ROWS && has_days_above_12(&generated);
        (seldom, fate(seed, &generated))
    });
    let many = |seldom: bool| fates.iter().filter(|(kind, _)| *kind == seldom).count();
    let asked = |seldom: bool| {
        fates.iter().filter(|(kind, fate)| *kind == seldom && matches!(fate, Fate::Asked)).count()
    };
    println!(
        "asked about {} of {} files with {MANY_ROWS} rows or more and days above 12, and about {} of {} others",
        asked(true),
        many(true),
        asked(false),
        many(false)
    );
    let wrong: Vec<&String> = fates
        .iter()
        .filter_map(|(_, fate)| match fate {
            Fate::Wrong(text) => Some(text),
            Fate::Read | Fate::Asked => None,
        })
        .collect();
    assert!(
        wrong.is_empty(),
        "{} of {all} are wrong, the first: {:#?}",
        wrong.len(),
        &wrong[..wrong.len().min(4)]
    );
    let share = asked(true) as f64 / many(true) as f64;
    assert!(share < SELDOM, "{} of {} are asked about", asked(true), many(true));
}

#[test]
fn columns_that_mix_two_orders_are_refused() {
    let all = (how_many() / 10).max(40);
    let wrong = for_all(all, |seed| {
        let mut rng = ChaCha8Rng::seed_from_u64(1_000_000 + seed);
        let pairs = [[DayMonthYear, MonthDayYear], [YearMonthDay, YearDayMonth]];
        let [one, other] = *pairs.choose(&mut rng).expect("one");
        // In one column, or each in its own.
        let (by_rows, share) = (rng.random::<bool>(), rng.random_range(2..5));
        let mix = move |row: usize, column: usize| {
            let is_other = if by_rows { row.is_multiple_of(share) } else { column % 2 == 1 };
            if is_other { other } else { one }
        };
        let rows = rng.random_range(60..400);
        let generated = generate(&mut rng, one, rows, 0.0, Some(&mix));
        match said(&generated.text) {
            Err(code) if ASKED.contains(&code.as_str()) => None,
            Err(code) => Some(format!("seed {seed}: {code}")),
            Ok((cases, _)) => {
                let begin: Vec<&str> = generated.text.lines().take(6).collect();
                Some(format!("seed {seed}: {} cases of {rows} are read\n{}", cases.len(), begin.join("\n")))
            }
        }
    });
    let wrong: Vec<String> = wrong.into_iter().flatten().collect();
    assert!(
        wrong.is_empty(),
        "{} of {all} are read, the first: {:#?}",
        wrong.len(),
        &wrong[..wrong.len().min(4)]
    );
}
