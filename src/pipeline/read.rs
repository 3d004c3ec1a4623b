//! What was read of an export besides the verdicts of its cases.

use std::collections::{BTreeMap, BTreeSet};

use crate::date::{Day, months_after};
use crate::ingest::{DayCounts, NumberShapes, RowReader};
use crate::tally::GroupName;

/// What the rows of an export show besides their verdicts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Read {
    /// Days on which cases start.
    pub starts: DayCounts,
    /// Days on which they end.
    pub ends: DayCounts,
    /// The units of its cases.
    pub units: BTreeSet<GroupName>,
    /// Days from start to end, unless the project file names the column of the end.
    pub spans: DayCounts,
    /// Rows with a case number that can be judged, unless each row is a case of its own.
    pub numbered: u64,
    /// Words found in place of an end, with the number of rows.
    pub end_words: BTreeMap<String, u64>,
    /// For each filter of the export: which of its values occur.
    pub values_found: Vec<Vec<bool>>,
    /// The first line whose case number is a personal number, and how many such lines there are; only filled if cases
    /// are listed.
    pub personal_ids: Option<(u64, u64)>,
    /// The first line with the headings of another table.
    pub other_table: Option<u64>,
    /// The last line with a row that is, or may be, a case.
    pub last_row: u64,
    /// The last line with what may be a text below the cases.
    pub last_text: Option<u64>,
}

/// The last day of each export that shows how new it is. Ends that have not happened yet are planned, and say nothing
/// about when an export was made: if there are such, the starts decide.
pub fn ages(read: &[Read], has_planned: bool) -> Vec<Option<Day>> {
    let last_start = |read: &Read| Some(read.starts.edge()?.last);
    read.iter().map(|read| if has_planned { last_start(read) } else { read.age() }).collect()
}

/// Whether spans of so many days can all be the same number of months.
fn are_of_months(least: i32, most: i32) -> bool {
    /// After so many months lengths of months say nothing.
    const MOST_MONTHS: u32 = 24;
    /// The days of four years, in which months have all their lengths.
    const STARTS: std::ops::Range<i32> = 0..1461;
    let spans = |months| STARTS.map(move |start| months_after(Day(start), months).day.0 - start);
    (1..=MOST_MONTHS).any(|months| spans(months).min() <= Some(least) && Some(most) <= spans(months).max())
}

impl Read {
    /// From which line on texts may stand below the last case, if there seem to be such.
    pub fn texts_from(&self) -> Option<u64> {
        self.last_text.filter(|text| *text > self.last_row).map(|_| self.last_row + 1)
    }

    /// The first line with the headings of another table that has rows.
    pub fn other_table(&self) -> Option<u64> {
        self.other_table.filter(|line| self.last_row > *line)
    }

    /// Starts and ends together.
    pub fn days(&self) -> DayCounts {
        self.starts.and(&self.ends)
    }

    /// The last day that is not a lone day far beyond the others: how new the export is.
    pub fn age(&self) -> Option<Day> {
        self.days().edge().map(|edge| edge.last)
    }

    /// The days from start to end, and how many cases have them, if nearly all cases have an end and it lies the same
    /// number of months after the start, or 14 or 120 days, as planned days do.
    pub fn usual_span(&self) -> Option<(u64, (u64, u64))> {
        /// Fewer cases, or cases of fewer days, may be alike by chance.
        const FEWEST: u64 = 10;
        /// The times in days that are set for cases.
        const TIMES: [i32; 2] = [14, 120];
        /// From this length on a span may be one of months, which differ by up to three days.
        const MONTH: i32 = 28;
        let all = self.spans.total();
        if all < FEWEST || all * 20 < self.starts.total() * 19 || (self.starts.days().count() as u64) < FEWEST
        {
            return None;
        }
        let within = |least: i32| {
            let most = if least < MONTH { least } else { least + 3 };
            let days = self.spans.days().filter(move |(day, _)| (least..=most).contains(&day.0));
            days.fold((0, least), |(rows, _), (day, count)| (rows + u64::from(count), day.0))
        };
        let spans = self.spans.days().map(|(day, _)| day.0).filter(|days| *days >= TIMES[0]);
        let mut found = spans.map(|least| (least, within(least)));
        let (least, (rows, most)) = found.find(|(_, (rows, _))| rows * 20 >= all * 19)?;
        let is_set = if least < most { are_of_months(least, most) } else { TIMES.contains(&least) };
        is_set.then_some((rows, (least as u64, most as u64)))
    }

    pub(super) fn add(&mut self, reader: &RowReader<'_>) {
        self.starts.join(&reader.starts);
        self.ends.join(&reader.ends);
        self.units.extend(reader.groups.names().iter().cloned());
        self.spans.join(&reader.spans);
        self.numbered += reader.numbers.iter().map(NumberShapes::all).sum::<u64>();
        self.personal_ids = match (self.personal_ids, reader.personal_ids) {
            (Some((one, count)), Some((other, more))) => Some((one.min(other), count + more)),
            (one, other) => one.or(other),
        };
        self.last_row = self.last_row.max(reader.last_row);
        self.last_text = self.last_text.max(reader.last_text);
        self.other_table = self.other_table.into_iter().chain(reader.other_table).min();
        for (word, rows) in &reader.end_words {
            *self.end_words.entry(word.clone()).or_default() += rows;
        }
        if self.values_found.is_empty() {
            self.values_found.clone_from(&reader.values_found);
        }
        for (mine, theirs) in self.values_found.iter_mut().flatten().zip(reader.values_found.iter().flatten())
        {
            *mine |= theirs;
        }
    }
}
