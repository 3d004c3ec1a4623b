//! A look through exports without judging: how many rows, which days, which faults.

use std::collections::BTreeMap;

use super::Options;
use crate::date::Day;
use crate::error::Error;
use crate::ingest::{DayCounts, Edge, Export, FaultCode, RowReader, Wanted, for_each_chunk};

/// What an export contains, without judging it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Survey {
    /// Rows that could be read.
    pub cases: u64,
    /// Rows left out by the project file.
    pub left_out: u64,
    /// Rows by fault.
    pub faults: BTreeMap<FaultCode, u64>,
    /// Days on which cases start.
    pub starts: DayCounts,
    /// Days on which they end.
    pub ends: DayCounts,
    /// Types in its type column that belong to no control, with the number of rows.
    pub other_types: BTreeMap<String, u64>,
    /// Words in place of an end, with the number of rows.
    pub end_words: BTreeMap<String, u64>,
}

impl Survey {
    fn add(&mut self, other: &Survey) {
        self.cases += other.cases;
        self.left_out += other.left_out;
        self.starts.join(&other.starts);
        self.ends.join(&other.ends);
        for (code, rows) in &other.faults {
            *self.faults.entry(*code).or_default() += rows;
        }
        for (mine, theirs) in
            [(&mut self.other_types, &other.other_types), (&mut self.end_words, &other.end_words)]
        {
            for (name, rows) in theirs {
                *mine.entry(name.clone()).or_default() += rows;
            }
        }
    }

    /// Starts and ends together.
    pub fn days(&self) -> DayCounts {
        self.starts.and(&self.ends)
    }
}

/// Surveys exports without judging them.
///
/// # Errors
/// If a file cannot be read.
pub fn survey(exports: &[Export], options: &Options<'_>) -> Result<Vec<Survey>, Error> {
    let new_reader = |number: usize| RowReader::new(&exports[number], number, |_| false, Wanted::default());
    let pass = for_each_chunk(
        exports,
        options.threads,
        options.progress,
        BTreeMap::new,
        |seen: &mut BTreeMap<usize, (RowReader<'_>, Survey)>, chunk| {
            let (reader, survey) =
                seen.entry(chunk.export).or_insert_with(|| (new_reader(chunk.export), Survey::default()));
            let (mut rest, mut line) = (chunk.bytes, chunk.first_line);
            while !rest.is_empty() {
                let (read, next) = reader.read(rest, line, &mut |_| survey.cases += 1);
                (rest, line) = (&rest[read..], next);
                let left_out = reader.rows.left_out.iter().map(|rows| rows.filtered + rows.void);
                survey.left_out += left_out.sum::<u64>();
                // Faults of one row are adjacent.
                let rows =
                    reader.rows.faults.chunk_by(|one, next| (one.place, one.code) == (next.place, next.code));
                for fault in rows.map(|faults| faults[0]) {
                    *survey.faults.entry(fault.code).or_default() += 1;
                }
            }
            Ok(())
        },
    )?;
    let mut surveys = vec![Survey::default(); exports.len()];
    for (number, (reader, mut survey)) in pass.workers.into_iter().flatten() {
        survey.other_types = reader.other_types;
        survey.end_words = reader.end_words;
        (survey.starts, survey.ends) = (reader.starts, reader.ends);
        surveys[number].add(&survey);
    }
    Ok(surveys)
}

/// The as-of date that exports suggest, with the evidence for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeemingAsOf {
    /// The last day in them that is not a lone day far beyond the others.
    pub day: Day,
    /// The last start up to that day.
    pub last_start: Option<Day>,
    /// The last end up to that day.
    pub last_end: Option<Day>,
    /// Where the dates end, and which lone days lie beyond.
    pub edge: Edge,
}

/// The as-of date that exports suggest: their last day, apart from mistyped ones. `None` if no row can be read.
///
/// # Errors
/// If a file cannot be read.
pub fn seeming_as_of(exports: &[Export], options: &Options<'_>) -> Result<Option<SeemingAsOf>, Error> {
    Ok(seeming_as_of_surveyed(&survey(exports, options)?))
}

/// As [`seeming_as_of`], from surveys.
pub fn seeming_as_of_surveyed<'a>(surveys: impl IntoIterator<Item = &'a Survey>) -> Option<SeemingAsOf> {
    let mut all = Survey::default();
    surveys.into_iter().for_each(|survey| all.add(survey));
    let edge = all.days().edge()?;
    let last = |days: &DayCounts| days.days().map(|(day, _)| day).rfind(|day| *day <= edge.last);
    Some(SeemingAsOf { day: edge.last, last_start: last(&all.starts), last_end: last(&all.ends), edge })
}
