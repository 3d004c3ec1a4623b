//! A glance at a file that is not, or not yet, recognised as an export: its sheets and headings, and what its columns
//! seem to hold. Proposals of project files are made from it.

use std::collections::BTreeMap;
use std::path::Path;

use super::export::{each_row_cut, heading_text};
use super::heading_words::{
    is_case_id, is_usual, known_headings, masks, names_persons, rank_of_headings, shown,
};
use super::headings::HeadingRow;
use super::layout::Sought;
use super::original::Original;
use super::records::Cut;
use super::source::{self, Form};
use super::workbook::SHEET_SEPARATOR;
use super::{folded, layout};
use crate::date::Stamp;
use crate::date_evidence::{Column, Evidence, Rows, decide};
use crate::date_format::{Notation, Order, read_stamp};
use crate::encoding::Encoding;
use crate::error::Error;
use crate::personal_numbers;
use crate::project::ColumnNames;
use crate::rulebook::Rulebook;
use crate::values::name;

/// A text, or a sheet of a workbook.
#[derive(Debug, Clone)]
pub struct Glance {
    /// The sheet, for a workbook.
    pub sheet: Option<String>,
    /// The columns that have a heading.
    pub columns: Vec<ColumnGlance>,
    /// Controls whose start and end headings are present.
    pub controls: Vec<String>,
}

/// A column of such a file.
#[derive(Debug, Clone)]
pub struct ColumnGlance {
    /// Its heading as it may be shown: `Enhet#2` is the second of two equal ones.
    pub name: String,
    /// Its heading as a project file names it; `None` if it looks like data.
    pub heading: Option<String>,
    /// Whether exports usually have it.
    pub is_usual: bool,
    /// Whether most of its cells are dates.
    pub holds_dates: bool,
    /// Whether most of its cells are times of day.
    pub holds_times: bool,
    /// Whether most of its cells differ, so that it could hold case numbers.
    pub is_unique: bool,
    /// Whether it has so few values that they could be units, and does not name persons.
    pub is_grouping: bool,
    /// Rows in which it is filled, and all rows.
    pub filled: (u64, u64),
    /// The columns whose dates are later than its own on most rows that have both.
    pub before: Vec<String>,
    /// The columns whose dates are, on nearly every row, the same time before its own: it seems to be calculated from
    /// them, as a planned day is.
    pub calculated_from: Vec<String>,
}

/// Examines a file.
///
/// # Errors
/// If it cannot be read, or is of a kind that is not read.
pub fn glance(path: &Path, encoding: Option<Encoding>, rulebook: &Rulebook) -> Result<Vec<Glance>, Error> {
    let original = Original::of(path)?;
    let mut forms = source::forms(&original, encoding)?;
    forms.retain(|form| !matches!(form, Form::Sheet { hidden: true, .. }));
    let heads = source::heads(&original, &forms)?;
    let looked = forms.iter().zip(heads).map(|(form, head)| Ok(look(path, form, &head?, rulebook)));
    Ok(looked.collect::<Result<Vec<_>, Error>>()?.into_iter().flatten().collect())
}

fn look(path: &Path, form: &Form, (head, whole): &source::Head, rulebook: &Rulebook) -> Option<Glance> {
    let known = known_headings(rulebook, &ColumnNames::default());
    let separator = form.sheet().map(|_| SHEET_SEPARATOR);
    let is_known = |heading: &str| known.contains(&folded(heading));
    let rank = |cells: &[Vec<u8>]| rank_of_headings(rulebook, cells);
    let layout = layout::find(head, *whole, &Sought { rank: &rank, ..Sought::by(&is_known, separator) })?;
    let headings: Vec<String> = layout.headings.iter().map(|cell| heading_text(cell)).collect();
    let mut seen: Vec<Seen> = vec![Seen::default(); headings.len()];
    let cut = Cut { separator: layout.separator, columns: headings.len(), fewest: headings.len() };
    let body = &head[layout.body_offset..];
    each_row_cut(cut, body, 0, *whole, &mut |_, cells| {
        if cells.iter().any(|cell| !cell.is_empty()) {
            seen.iter_mut().enumerate().for_each(|(column, seen)| seen.add(cells.get(column), form));
        }
    });
    let mut order = DateOrder::of(&seen, form);
    each_row_cut(cut, body, 0, *whole, &mut |_, cells| order.add(&|column| cells.get(column)));
    let row = HeadingRow::new(path, &headings);
    let controls = row.controls(rulebook).unwrap_or_default();
    let alike: Vec<String> = headings.iter().map(|heading| folded(heading)).collect();
    let columns = shown(&headings).into_iter().zip(masks(&headings)).enumerate();
    let columns = columns.filter(|(column, _)| !headings[*column].is_empty());
    let glances: Vec<(usize, ColumnGlance)> = columns
        .map(|(column, (shown, is_masked))| {
            let heading = (!is_masked).then(|| named(&alike, column, &headings[column]));
            (column, seen[column].told(named(&alike, column, &shown), heading))
        })
        .collect();
    let columns = glances.iter().map(|(column, glance)| {
        let those = |is: &dyn Fn(usize) -> bool| {
            let those = glances.iter().filter(|(other, _)| is(*other));
            those.map(|(_, other)| other.name.clone()).collect()
        };
        ColumnGlance {
            before: those(&|other| order.precedes(*column, other)),
            calculated_from: those(&|other| order.is_calculated(other, *column)),
            ..glance.clone()
        }
    });
    Some(Glance {
        sheet: form.sheet().map(str::to_owned),
        columns: columns.collect(),
        controls: controls.into_iter().map(|rule| rule.id.clone()).collect(),
    })
}

/// A heading, in full or as it is shown, with its number among those that are equal when folded.
fn named(alike: &[String], column: usize, heading: &str) -> String {
    let same = |other: &&String| **other == alike[column];
    match alike.iter().filter(same).count() {
        1 => heading.to_owned(),
        _ => format!("{heading}#{}", alike[..=column].iter().filter(same).count()),
    }
}

/// Evidence from the cells of a column.
#[derive(Clone, Default)]
struct Seen {
    dates: Evidence,
    rows: u64,
    filled: u64,
    /// Values with their numbers of rows, while there are few.
    values: BTreeMap<String, u64>,
    persons: bool,
}

impl Seen {
    /// A column with more values is not examined further.
    const MOST_VALUES: usize = 10_000;

    fn add(&mut self, cell: &[u8], form: &Form) {
        self.rows += 1;
        let value = name(cell, &[]);
        if value.is_empty() {
            return;
        }
        self.filled += 1;
        self.dates.add(cell, 0, form.epoch(), &[]);
        self.persons |= personal_numbers::holds(&value);
        if self.values.len() < Self::MOST_VALUES {
            *self.values.entry(value).or_default() += 1;
        }
    }

    fn told(&self, name: String, heading: Option<String>) -> ColumnGlance {
        /// The most values that can be a list of units.
        const MOST_UNITS: usize = 50;
        let (values, filled) = (self.values.len() as u64, self.filled);
        // Case numbers can look like dates: 20240117, 45500.
        let names_cases = is_case_id(&name);
        let holds_dates = self.dates.is_of_dates() && !names_cases;
        let holds_times = self.dates.is_of_times();
        let is_other = holds_dates || holds_times || self.persons || names_persons(&name);
        let repeats = self.values.values().filter(|rows| **rows >= 3).count() * 2 >= self.values.len();
        ColumnGlance {
            is_usual: is_usual(&name),
            holds_dates,
            holds_times,
            is_unique: !is_other && filled > 1 && values * 10 >= filled * 9,
            is_grouping: !is_other && (1..=MOST_UNITS as u64).contains(&values) && repeats,
            filled: (filled, self.rows),
            before: Vec::new(),
            calculated_from: Vec::new(),
            name,
            heading,
        }
    }
}

/// In which order the dates of each row come, in the first columns of dates.
struct DateOrder {
    /// The columns of dates, and how their cells are read.
    columns: Vec<(usize, Notation)>,
    /// For each two of them, on how many more rows the one is earlier than the other than the reverse.
    leads: Vec<Vec<i64>>,
    /// For each two of them, the numbers of days from the one to the other, with their numbers of rows.
    distances: Vec<Vec<BTreeMap<i64, u64>>>,
}

impl DateOrder {
    /// No export has more columns of dates.
    const MOST: usize = 50;

    fn of(seen: &[Seen], form: &Form) -> DateOrder {
        let dates: Vec<(usize, &Evidence)> = seen
            .iter()
            .enumerate()
            .filter(|(_, seen)| seen.dates.is_of_dates())
            .map(|(column, seen)| (column, &seen.dates))
            .take(Self::MOST)
            .collect();
        let evidence: Vec<Column<'_>> =
            dates.iter().map(|(_, evidence)| Column { evidence, named: None }).collect();
        // Where the cells do not tell, they are read as most Swedish texts have it: it is only a proposal.
        let notations = decide(&evidence, &Rows::default(), form.epoch()).map_or_else(
            |_| vec![Notation::throughout(Order::DayMonthYear); dates.len()],
            |written| written.into_iter().map(|written| written.reads).collect(),
        );
        let columns: Vec<(usize, Notation)> =
            dates.iter().map(|(column, _)| *column).zip(notations).collect();
        let (leads, distances) = (vec![0; columns.len()], vec![BTreeMap::new(); columns.len()]);
        DateOrder { leads: vec![leads; columns.len()], distances: vec![distances; columns.len()], columns }
    }

    fn add<'a>(&mut self, cell: &dyn Fn(usize) -> &'a [u8]) {
        let read = |(column, notation): &(usize, Notation)| read_stamp(cell(*column), notation, &[]).ok();
        let stamps: Vec<Option<Stamp>> = self.columns.iter().map(read).collect();
        for (first, one) in stamps.iter().enumerate() {
            for (second, other) in stamps.iter().enumerate() {
                if let (Some(one), Some(other)) = (one, other) {
                    self.leads[first][second] +=
                        i64::from(is_earlier(one, other)) - i64::from(is_earlier(other, one));
                    let days = i64::from(other.day.0) - i64::from(one.day.0);
                    *self.distances[first][second].entry(days).or_default() += 1;
                }
            }
        }
    }

    /// Whether one column's dates are earlier than another's on most rows that have both.
    fn precedes(&self, one: usize, other: usize) -> bool {
        self.places(one, other).is_some_and(|(one, other)| self.leads[one][other] > 0)
    }

    /// Whether a column's dates are nearly always the same time after another's. Fewer rows may be so by chance, and
    /// cases that are closed within days are all closed equally soon.
    fn is_calculated(&self, from: usize, column: usize) -> bool {
        const FEWEST_ROWS: u64 = 5;
        const FEWEST_DAYS: i64 = 7;
        /// Four months are 120 to 123 days, and a day off moves the last of them.
        const SPREAD: i64 = 4;
        let Some((from, column)) = self.places(from, column) else { return false };
        let distances = &self.distances[from][column];
        let rows: u64 = distances.values().sum();
        let alike = |least: i64| distances.range(least..=least + SPREAD).map(|(_, rows)| rows).sum::<u64>();
        let is_usual = |least: &i64| *least >= FEWEST_DAYS && alike(*least) * 10 >= rows * 9;
        rows >= FEWEST_ROWS && distances.keys().any(is_usual)
    }

    /// The places of two columns among those of dates.
    fn places(&self, one: usize, other: usize) -> Option<(usize, usize)> {
        let place = |wanted| self.columns.iter().position(|(column, _)| *column == wanted);
        place(one).zip(place(other))
    }
}

/// Whether a date is earlier than another; on the same day only if both have a time of day.
fn is_earlier(one: &Stamp, other: &Stamp) -> bool {
    let times = one.second_of_day.zip(other.second_of_day);
    one.day < other.day || one.day == other.day && times.is_some_and(|(one, other)| one < other)
}
