//! How the exports of a run write their dates: evidence is gathered from their columns, and one decision is made for
//! all exports with the same headings.

use std::cell::OnceCell;
use std::ops::ControlFlow;
use std::path::PathBuf;

use super::chunks::{LONGEST_LINE, longest_line};
use super::dialect::Cells;
use super::export::{Controls, Export, Looked, each_row};
use super::heading_words::shown;
use super::headings::{Columns, HeadingRow, When};
use super::records::whole_records;
use super::source;
use super::usual_numbers::UsualNumbers;
use crate::date_evidence::{Column, Evidence, Rows, Times, Undecided, Written, decide};
use crate::date_format::{DateFormat, Order};
use crate::error::{DateReading, Error};
use crate::project::DateFormats;

/// An export whose date formats are not decided yet.
pub struct Candidate {
    /// The export.
    pub export: Export,
    /// Evidence from the beginning of the file, or from all of it.
    pub seen: Seen,
    /// Whether `seen` covers all of the file.
    pub whole: bool,
    /// Evidence from all of the file, once a member of its family needs it.
    pub throughout: OnceCell<Seen>,
    /// The date formats that the project file names.
    pub named: DateFormats,
    /// Whether one of its rules counts hours.
    pub counts_hours: bool,
    /// A column of unique numbers that tells its cases apart where the case number repeats, and what its numbers look
    /// like.
    pub unique: Option<(usize, UsualNumbers)>,
}

impl Candidate {
    /// Evidence from all of the file.
    fn seen_throughout(&self) -> Result<&Seen, Error> {
        match self.throughout.get() {
            _ if self.whole => Ok(&self.seen),
            Some(seen) => Ok(seen),
            None => {
                let seen = seen_throughout(&self.export)?;
                Ok(self.throughout.get_or_init(|| seen))
            }
        }
    }
}

/// How the columns of an export are read: their dates, and their times.
type Decided = (Vec<Written>, Vec<Times>);

/// A file, and its candidates or what is wrong with it.
pub type Found = (PathBuf, Result<Vec<Candidate>, Error>);

/// The candidates of a file; one whose start or end holds no dates is passed over if there are others.
pub fn with_dates(looked: Vec<Result<Candidate, Error>>) -> Result<Vec<Candidate>, Error> {
    let (mut found, mut without) = (Vec::new(), Vec::new());
    for candidate in looked {
        match candidate {
            Ok(candidate) => found.push(candidate),
            Err(error @ Error::NoDates { .. }) => without.push(error),
            Err(error) => return Err(error),
        }
    }
    match found.first_mut() {
        Some(first) => first.export.not_read_for = without,
        None => without.into_iter().next().map_or(Ok(()), Err)?,
    }
    Ok(found)
}

/// Evidence from rows about their dates.
#[derive(Clone)]
pub struct Seen {
    /// By column.
    columns: Vec<Evidence>,
    rows: Rows,
}

impl Seen {
    /// Examines the rows of an export. `at_end` is true if no more follow.
    pub fn of(export: &Export, rows: &[u8], at_end: bool) -> Seen {
        let mut seen =
            Seen { columns: vec![Evidence::default(); export.headings.len()], rows: Rows::default() };
        seen.gather(export, rows, export.header_line + 1, at_end);
        seen
    }

    fn gather(&mut self, export: &Export, rows: &[u8], first_line: u64, at_end: bool) {
        let epoch = export.form.epoch();
        let columns: Vec<usize> = export.columns.dates_and_times().map(|(_, column)| column).collect();
        each_row(export, rows, first_line, at_end, &mut |line, cells| {
            for column in &columns {
                self.columns[*column].add(cells.get(*column), line, epoch, &export.empty);
            }
            let of = |whens: &[When]| first_filled(cells, whens);
            let optional = [export.columns.extended_to, export.columns.extension_decided];
            let optional = optional.map(|column| column.map_or(&[][..], |column| cells.get(column)));
            let dates = [of(&export.columns.start), of(&export.columns.end), optional[0], optional[1]];
            self.rows.add(&dates, &export.empty);
        });
    }

    fn join(&mut self, other: &Seen) {
        self.columns.iter_mut().zip(&other.columns).for_each(|(mine, theirs)| mine.join(theirs));
        self.rows.join(&other.rows);
    }
}

/// The first of several dates that is not empty.
fn first_filled<'a>(cells: Cells<'a>, whens: &[When]) -> &'a [u8] {
    whens.iter().map(|when| cells.get(when.date)).find(|cell| !cell.is_empty()).unwrap_or_default()
}

/// Joins dates with the columns that hold their times of day: those that the project file lists after them and, if
/// hours count, those whose headings fit.
pub fn join_times(columns: &mut Columns, row: &HeadingRow<'_>, seen: &Seen, offered: [Option<usize>; 2]) {
    for (whens, offered) in [&mut columns.start, &mut columns.end].into_iter().zip(offered) {
        let mut joined: Vec<When> = Vec::new();
        for when in whens.drain(..) {
            let evidence = &seen.columns[when.date];
            let is_time = evidence.is_of_times() || row.is_of_times(when.date) && !evidence.is_of_dates();
            match joined.last_mut() {
                Some(before) if is_time && before.time.is_none() => before.time = Some(when.date),
                _ if offered == Some(when.date) => {}
                _ => joined.push(when),
            }
        }
        *whens = joined;
    }
}

/// Decides for every export how its dates are written and which column holds its case numbers.
pub fn settle(mut found: Vec<Found>) -> Vec<Looked> {
    number_lone_exports(&mut found);
    let all = || found.iter().filter_map(|(_, found)| found.as_ref().ok()).flatten();
    let mut decided: Vec<Result<Decided, Error>> = Vec::new();
    for candidate in all() {
        let family: Vec<&Candidate> =
            all().filter(|other| are_alike(&candidate.export, &other.export)).collect();
        decided.push(decide_in(candidate, &family));
    }
    let exports: Vec<&Export> = all().map(|candidate| &candidate.export).collect();
    let others: Vec<Vec<usize>> =
        exports.iter().map(|export| dates_of_other_controls(export, &exports)).collect();
    let mut decided = decided.into_iter().zip(others);
    let settle = |candidate: Candidate, (decided, other_dates): (Result<Decided, Error>, Vec<usize>)| {
        let mut export = candidate.export;
        (export.written, export.times) = decided?;
        export.other_dates = other_dates;
        Ok(export)
    };
    found
        .into_iter()
        .map(|(path, candidates)| {
            let exports = candidates.and_then(|candidates| {
                // Each gets its own decision, even if one before it is refused.
                let settled: Vec<Result<Export, Error>> = candidates
                    .into_iter()
                    .map(|candidate| settle(candidate, decided.next().expect("one a candidate")))
                    .collect();
                settled.into_iter().collect()
            });
            (path, exports)
        })
        .collect()
}

/// Gives the only export of a control its unique numbers in place of one that repeats. In several, Id may count the rows
/// of each.
fn number_lone_exports(found: &mut [Found]) {
    let all = found.iter().filter_map(|(_, found)| found.as_ref().ok()).flatten();
    let controls: Vec<Controls> = all.map(|candidate| candidate.export.controls.clone()).collect();
    let candidates = found.iter_mut().filter_map(|(_, found)| found.as_mut().ok()).flatten();
    for Candidate { export, unique, .. } in candidates {
        let ids = export.controls.ids();
        let shares = |other: &&Controls| other.ids().iter().any(|id| ids.contains(id));
        let is_lone = controls.iter().filter(shares).count() == 1;
        if let Some((column, usual)) = unique.take().filter(|_| is_lone) {
            (export.columns.case_id, export.usual_numbers) = (Some(column), usual);
        }
    }
}

/// Starts and ends of the other controls that the table of an export is read for, if it is read for the same rows.
fn dates_of_other_controls(export: &Export, all: &[&Export]) -> Vec<usize> {
    let is_same_table = |other: &&&Export| {
        let of_one = |export: &Export| matches!(export.controls, Controls::One(_));
        (&other.path, other.form.own_sheet()) == (&export.path, export.form.own_sheet())
            && other.filters == export.filters
            && of_one(export)
            && of_one(other)
            && other.controls != export.controls
    };
    let dates = |export: &Export| -> Vec<usize> {
        export.columns.start.iter().chain(&export.columns.end).map(|when| when.date).collect()
    };
    let own = dates(export);
    let others = all.iter().filter(is_same_table).flat_map(|other| dates(other));
    others.filter(|column| !own.contains(column)).collect()
}

/// Whether exports were written by one system: with the same headings and separator.
fn are_alike(one: &Export, other: &Export) -> bool {
    let facts = |export: &Export| (export.separator, export.form.epoch());
    one.headings == other.headings && facts(one) == facts(other)
}

/// Refuses exports of one system whose case numbers were found in different columns: a case in both would count twice.
fn refuse_other_numbers(candidate: &Candidate, family: &[&Candidate]) -> Result<(), Error> {
    let own = &candidate.export;
    let others = family.iter().map(|other| &other.export).filter(|other| other.controls == own.controls);
    let number = own.columns.case_id;
    let other = others
        .filter_map(|other| other.columns.case_id)
        .find(|other| number.is_some_and(|own| own != *other));
    let Some((number, other)) = number.zip(other) else { return Ok(()) };
    let shown = shown(&own.headings);
    let headings = [number, other].map(|column| shown[column].clone()).into();
    Err(Error::AmbiguousColumn { path: own.path.clone(), role: "case_id", headings })
}

/// Decides for one export on the evidence from its whole family; files are read to their end only if their beginnings
/// show too little.
fn decide_in(candidate: &Candidate, family: &[&Candidate]) -> Result<Decided, Error> {
    refuse_other_numbers(candidate, family)?;
    let seen = |whole: bool| {
        let mut all: Option<Seen> = None;
        for member in family {
            let own = if whole { member.seen_throughout()? } else { &member.seen };
            match &mut all {
                None => all = Some(own.clone()),
                Some(all) => all.join(own),
            }
        }
        Ok::<Seen, Error>(all.expect("an export is one of its family"))
    };
    let first = seen(false)?;
    let outcome = decide_on(candidate, family, &first);
    // Open cases are no evidence of how ends are written.
    let columns = &candidate.export.columns;
    let unseen = [("start", &columns.start), ("end", &columns.end)].iter().any(|(role, whens)| {
        candidate.named.of(role).is_none() && whens.iter().any(|when| first.columns[when.date].is_empty())
    });
    // Another time may come later.
    let times = |seen: &Seen| -> Vec<Times> {
        seen.columns.iter().map(|evidence| evidence.times(candidate.counts_hours)).collect()
    };
    let unsure = times(&first).iter().any(|times| *times != Times::Real);
    if (outcome.is_ok() && !unseen && !unsure) || family.iter().all(|member| member.whole) {
        let outcome =
            outcome.map_err(|undecided| told(&candidate.export, &date_columns(family), &first, undecided));
        return outcome.map(|written| (written, times(&first)));
    }
    let whole = seen(true)?;
    let outcome = decide_on(candidate, family, &whole);
    let outcome =
        outcome.map_err(|undecided| told(&candidate.export, &date_columns(family), &whole, undecided));
    outcome.map(|written| (written, times(&whole)))
}

fn decide_on(candidate: &Candidate, family: &[&Candidate], seen: &Seen) -> Result<Vec<Written>, Undecided> {
    let mut written = vec![Written::default(); candidate.export.headings.len()];
    let columns = date_columns(family);
    let column_of = |column: &usize| {
        let named = |member: &Candidate| {
            let (role, _) = member.export.columns.dates().find(|(_, known)| known == column)?;
            member.named.of(role)
        };
        let own = named(candidate).or_else(|| family.iter().find_map(|member| named(member)));
        Column { evidence: &seen.columns[*column], named: own }
    };
    let all: Vec<Column<'_>> = columns.iter().map(|(_, column)| column_of(column)).collect();
    let decided = decide(&all, &seen.rows, candidate.export.form.epoch())?;
    columns.into_iter().zip(decided).for_each(|((_, column), decided)| written[column] = decided);
    Ok(written)
}

/// The columns that hold dates in any of the exports, in order, each with its role in the first that has it.
fn date_columns(family: &[&Candidate]) -> Vec<(&'static str, usize)> {
    in_order(family.iter().flat_map(|member| member.export.columns.dates()))
}

fn in_order(columns: impl Iterator<Item = (&'static str, usize)>) -> Vec<(&'static str, usize)> {
    let mut columns: Vec<(&'static str, usize)> = columns.collect();
    columns.sort_by_key(|(_, column)| *column);
    columns.dedup_by_key(|(_, column)| *column);
    columns
}

/// Refuses an export whose dates are written otherwise further on than at its beginning, which alone was examined.
///
/// # Errors
/// [`Error::MixedDates`] and its like, or if the file cannot be read.
pub fn refuse_another_order(export: &Export) -> Result<(), Error> {
    let seen = seen_throughout(export)?;
    let columns = in_order(export.columns.dates());
    let written = || columns.iter().map(|(_, column)| &export.written[*column]);
    let all = columns.iter().zip(written()).map(|((_, column), written)| Column {
        evidence: &seen.columns[*column],
        named: written.is_named.then_some(written.reads),
    });
    let decided = decide(&all.collect::<Vec<_>>(), &seen.rows, export.form.epoch());
    let decided = decided.map_err(|undecided| told(export, &columns, &seen, undecided))?;
    let orders = |written: &Written| (written.reads.day_second, written.reads.year_last, written.reads.short);
    let others =
        decided.iter().zip(written()).enumerate().filter(|(_, (now, then))| orders(now) != orders(then));
    let others: Vec<(usize, DateFormat)> =
        others.map(|(number, (now, _))| (number, now.told.first().copied().unwrap_or_default())).collect();
    match others.is_empty() {
        true => Ok(()),
        false => Err(told(export, &columns, &seen, Undecided::Mixed(others))),
    }
}

/// Evidence from all rows of a file.
fn seen_throughout(export: &Export) -> Result<Seen, Error> {
    let mut seen = Seen::of(export, &[], true);
    let (mut above, mut line) = (export.body_offset, export.header_line + 1);
    source::read(&export.original, &export.form, &|_| (), &mut |buffer, at_end| {
        let passed = above.min(buffer.len());
        above -= passed;
        buffer.drain(..passed);
        let records = if at_end { buffer.len() } else { whole_records(buffer, export.cut()) };
        if buffer.len() - records > LONGEST_LINE {
            return Err(longest_line(&export.path));
        }
        seen.gather(export, &buffer[..records], line, true);
        line += memchr::memchr_iter(b'\n', &buffer[..records]).count() as u64;
        buffer.drain(..records);
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(seen)
}

/// The error that explains why dates are not read.
fn told(export: &Export, all: &[(&'static str, usize)], seen: &Seen, undecided: Undecided) -> Error {
    let path = export.path.clone();
    let headings = shown(&export.headings);
    let of = |number: usize| (all[number].0, headings[all[number].1].clone());
    let columns = |numbers: &[usize]| numbers.iter().map(|number| of(*number)).collect::<Vec<_>>();
    let with_formats = |found: Vec<(usize, DateFormat)>| {
        let one = |(number, format): (usize, DateFormat)| (of(number).0, of(number).1, format.id());
        found.into_iter().map(one).collect()
    };
    match undecided {
        Undecided::Ambiguous(numbers, orders) => {
            let reading = |order: Order| {
                let seen = seen.rows.of(order);
                let day =
                    |pick: usize| seen.days.map_or(String::new(), |days| [days.0, days.1][pick].to_string());
                DateReading {
                    format: order.format().id(),
                    first: day(0),
                    last: day(1),
                    pairs: seen.pairs,
                    backwards: seen.backwards,
                }
            };
            let readings = orders.into_iter().map(reading).collect();
            Error::AmbiguousDates { path, columns: columns(&numbers), readings }
        }
        Undecided::Mixed(found) => Error::MixedDates { path, columns: with_formats(found) },
        Undecided::Misnamed(found) => Error::MisnamedDates { path, columns: with_formats(found) },
        Undecided::Swapped(numbers) => {
            let places = numbers.iter().filter_map(|number| {
                let (_, column) = all[*number];
                let [date, text] = seen.columns[column].first_lines();
                Some([export.place(date?, Some(column)), export.place(text?, Some(column))])
            });
            Error::SwappedDates { path, columns: columns(&numbers), places: places.flatten().collect() }
        }
    }
}
