//! The way of a case: exports are read, judged and tallied in one go, in parallel and bounded memory.
//!
//! Joins ingest, judge and tally and holds no rule of its own. A run over the same exports gives the same
//! result on any number of threads.

mod case_list;
mod chains;
mod parts;
mod possible;
mod repeated;
mod spellings;
mod survey;
mod unusable;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use foldhash::quality::RandomState;
use parts::Parts;

use crate::date::Day;
use crate::error::Error;
use crate::ingest::{
    Batch, Chunk, Controls, DayCounts, Edge, Export, Fault, FaultCode, Faults, Ledger, MOST_GROUPS,
    NumberShapes, Pass, PersonCase, Place, ReadDays, ReadEnd, RowReader, Waiting, Wanted, for_each_chunk,
    shown,
};
use crate::judge::{Case, Decided, Extensions, Judge, NO_DAY, NotJudged, VerdictColumns, WithoutTimes};
use crate::personal_numbers::may_name_a_person;
use crate::rulebook::{Clock, Rule};
use crate::tally::{Counter, GroupName, Tally};

use case_list::InOrder;
pub use case_list::{CaseList, CaseOutput, CaseRow};
pub use parts::side_by_side;
pub use possible::Possible;
use possible::{months_of, months_of_any};
pub use survey::{SeemingAsOf, Survey, seeming_as_of, seeming_as_of_surveyed, survey};
pub use unusable::{personal_case_numbers, singling_out, unusable};

/// A control of the run.
#[derive(Debug, Clone)]
pub struct Control {
    /// The rule, with the project's settings applied.
    pub rule: Rule,
    /// Whether its extensions count.
    pub extensions: Extensions,
    /// What becomes of cases without a time of day, when the rule counts hours.
    pub without_times: WithoutTimes,
}

/// How a run goes.
pub struct Options<'a> {
    /// Worker threads.
    pub threads: usize,
    /// Told the bytes read, now and then.
    pub progress: &'a dyn Fn(u64),
}

/// What became of the rows of one file that belong to one control; rows of no control have none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputEntry {
    /// Number of the export.
    pub export: usize,
    /// The control.
    pub control: Option<String>,
    /// Its ledger.
    pub ledger: Ledger,
}

/// What a run found.
#[derive(Debug, Default)]
pub struct Judged {
    /// A tally for every control that has an export.
    pub tallies: BTreeMap<String, Tally>,
    /// Ledgers by export and control.
    pub inputs: Vec<InputEntry>,
    /// SHA-256 by export.
    pub digests: Vec<String>,
    /// Faults, in order of place.
    pub faults: Faults,
    /// The first day on which a case started.
    pub first_start: Option<Day>,
    /// By export: types of the type column that belong to no control, and their rows.
    pub other_types: BTreeMap<usize, BTreeMap<String, u64>>,
    /// By control: cases that were not judged.
    pub unjudged: BTreeMap<String, Possible>,
    /// By export: what its rows tell beside their verdicts.
    pub read: Vec<Read>,
    /// By control: shapes of case numbers.
    pub numbers: BTreeMap<String, NumberShapes>,
    /// Spellings of groups' names that were joined with another, by capitals and blanks.
    pub joined_names: BTreeMap<String, String>,
    /// Two exports of which the newer is to win, that are equally new and contradict each other.
    pub equally_new: Option<(usize, usize)>,
    /// Where the days of all exports end.
    pub edge: Option<Edge>,
}

impl Judged {
    /// Rows rejected that belong to a control, or could: in an export of several, a row that cannot be cut
    /// into cells could be of any.
    pub fn rejected(&self, control: &str, exports: &[Export]) -> u64 {
        let could_be = |entry: &&InputEntry| match &entry.control {
            Some(id) => id == control,
            None => exports[entry.export].controls.ids().contains(&control),
        };
        self.inputs.iter().filter(could_be).map(|entry| entry.ledger.rejected).sum()
    }

    /// Cases of a control that were left out because its rule counts hours and they have no time of day.
    pub fn without_time(&self, control: &str) -> u64 {
        let own = self.inputs.iter().filter(|entry| entry.control.as_deref() == Some(control));
        own.map(|entry| entry.ledger.without_time).sum()
    }
}

/// What the rows of an export tell beside their verdicts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Read {
    /// Days on which cases start.
    pub starts: DayCounts,
    /// Days on which they end.
    pub ends: DayCounts,
    /// Words in place of an end, and their rows.
    pub end_words: BTreeMap<String, u64>,
    /// For each filter of the export: which of its values a row has.
    pub values_found: Vec<Vec<bool>>,
    /// The first line whose case number is a person's, and how many there are; looked for when cases are listed.
    pub personal_ids: Option<(u64, u64)>,
}

impl Read {
    /// Starts and ends together.
    pub fn days(&self) -> DayCounts {
        let mut days = self.starts.clone();
        days.join(&self.ends);
        days
    }

    /// The last day that does not stand alone: how new the export is.
    pub fn age(&self) -> Option<Day> {
        self.days().edge().map(|edge| edge.last)
    }

    /// Words that stand in place of an end on many rows, and so for "no end yet"; fewer may be about someone.
    pub fn usual_words(&self) -> Vec<&str> {
        let many = self.end_words.iter().filter(|(word, rows)| !may_name_a_person(word, **rows));
        many.map(|(word, _)| word.as_str()).collect()
    }

    fn add(&mut self, reader: &RowReader<'_>) {
        self.starts.join(&reader.starts);
        self.ends.join(&reader.ends);
        self.personal_ids = match (self.personal_ids, reader.personal_ids) {
            (Some((one, count)), Some((other, more))) => Some((one.min(other), count + more)),
            (one, other) => one.or(other),
        };
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

/// Reads, judges and tallies every export as of a day.
///
/// # Errors
/// When a file cannot be read, or the case list cannot be written. Whether the result may become a report,
/// [`unusable`] says.
pub fn judge_exports(
    exports: &[Export],
    controls: &[Control],
    as_of: Day,
    options: &Options<'_>,
    mut cases: Option<CaseList<'_>>,
) -> Result<Judged, Error> {
    let run = Run {
        exports,
        judges: controls
            .iter()
            .map(|control| {
                let judge = Judge::new(&control.rule, as_of, control.extensions, control.without_times);
                (control.rule.id.as_str(), (control, judge))
            })
            .collect(),
        as_of,
        persons: RandomState::default(),
    };
    if let Some(list) = &mut cases {
        list.begin()?;
    }
    let nothing = Again::default();
    let mut once = run.pass(options, &nothing, cases.as_mut())?;
    let again = run.again(&mut once, options.threads);
    let pass = if again.is_needed(cases.is_some()) {
        drop(once);
        if let Some(list) = &mut cases {
            list.begin()?;
        }
        run.pass(options, &again, cases.as_mut())?
    } else {
        once
    };
    run.settle(pass, &again, cases, options.threads)
}

/// Days after the as-of date on which a date is no slip of the pen.
const SOON: i32 = 31;

/// Days after the last that an extension or a promise can speak of; one of years ahead is mistyped.
const LONGEST_PROMISE: i32 = 731;

/// What only a first reading tells, and a second needs.
#[derive(Default)]
struct Again {
    /// Hashes of case numbers that occur twice: their rows are set aside until all are seen.
    suspects: Vec<u64>,
    /// Days that stand alone beyond the rest, in order: rows with one are rejected.
    lone_days: Vec<i32>,
    /// The last day that an extension or a promise can speak of, when one goes beyond it.
    last_promise: Option<i32>,
    /// Names of groups that are joined with another, for the case list.
    joined_names: BTreeMap<String, String>,
    /// Where the days end.
    edge: Option<Edge>,
    /// The last days of the exports.
    ages: Vec<Option<Day>>,
}

impl Again {
    fn is_needed(&self, lists_cases: bool) -> bool {
        let joins = lists_cases && !self.joined_names.is_empty();
        !self.suspects.is_empty() || !self.lone_days.is_empty() || self.last_promise.is_some() || joins
    }
}

/// Rows of repeated case numbers that are judged at a time.
const RESUMED_AT_A_TIME: usize = 1 << 16;

/// The rows that workers set aside, and the names by which all of them number their groups.
fn gathered(workers: &mut [Worker<'_>]) -> (Waiting, repeated::Names) {
    let (mut all, mut names) = (Waiting::default(), repeated::Names::default());
    for worker in workers {
        let mut own = std::mem::take(&mut worker.set_aside);
        let numbers: BTreeMap<usize, Vec<u32>> = worker
            .exports
            .iter()
            .map(|(number, state)| {
                (*number, state.reader.groups.names.iter().map(|name| names.number(name)).collect())
            })
            .collect();
        own.renumber(|export, group| numbers[&export][group as usize]);
        all.append(&mut own);
    }
    (all, names)
}

/// Types of no control that are told.
const MOST_TYPES_TOLD: usize = 50;

/// What stays the same throughout a run.
struct Run<'a> {
    exports: &'a [Export],
    judges: BTreeMap<&'a str, (&'a Control, Judge)>,
    as_of: Day,
    /// Hashes persons with a key that is new in every run and never leaves memory.
    persons: RandomState,
}

/// What a worker knows of one export; counts by control in the order of [`Controls::ids`].
struct ExportState<'a> {
    reader: RowReader<'a>,
    counters: Vec<Counter>,
    /// One more than there are controls: the last is of rows of no control.
    ledgers: Vec<Ledger>,
    judged_by_day: Vec<u64>,
    /// So many of the reader's groups are among the worker's.
    groups_known: usize,
}

/// What a worker makes.
struct Worker<'a> {
    exports: BTreeMap<usize, ExportState<'a>>,
    verdicts: VerdictColumns,
    faults: Faults,
    set_aside: Waiting,
    /// Groups of all exports together: past [`MOST_GROUPS`] nothing more is counted, and the run is refused.
    groups: BTreeSet<GroupName>,
    /// Persons' cases by control.
    persons: BTreeMap<String, Parts<PersonCase>>,
    /// Hashes of case numbers.
    hashes: Parts<u64>,
    first_start: i32,
    /// Cases that were not judged, by control.
    unjudged: BTreeMap<String, Possible>,
}

impl Worker<'_> {
    fn new() -> Self {
        Worker {
            exports: BTreeMap::new(),
            verdicts: VerdictColumns::default(),
            faults: Faults::default(),
            set_aside: Waiting::default(),
            groups: BTreeSet::new(),
            persons: BTreeMap::new(),
            hashes: Parts::default(),
            first_start: i32::MAX,
            unjudged: BTreeMap::new(),
        }
    }

    /// Counts a case that was not judged.
    fn leave_unjudged(&mut self, control: &str, months: Option<(i32, i32)>) {
        if let Some(months) = months {
            self.unjudged.entry(control.to_owned()).or_default().add(months);
        }
    }
}

type Render<'a> = dyn Fn(&CaseRow<'_>, &mut Vec<u8>) + Sync + 'a;

impl<'a> Run<'a> {
    fn control(&self, id: &str) -> &(&'a Control, Judge) {
        &self.judges[id]
    }

    fn export_state<'s>(&'s self, number: usize, wanted: Wanted<'s>) -> ExportState<'s> {
        let export = &self.exports[number];
        let controls = export.controls.ids().len();
        ExportState {
            reader: RowReader::new(export, number, |id| self.control(id).1.counts_hours(), wanted),
            counters: vec![Counter::default(); controls],
            ledgers: vec![Ledger::default(); controls + 1],
            judged_by_day: vec![0; controls],
            groups_known: 0,
        }
    }

    /// What a second reading must know.
    fn again(&self, once: &mut Pass<Worker<'_>>, threads: usize) -> Again {
        let hashes = once.workers.iter_mut().map(|worker| std::mem::take(&mut worker.hashes));
        let suspects = repeated::occurring_twice(hashes, threads);
        let mut read = vec![Read::default(); self.exports.len()];
        for (number, state) in once.workers.iter().flat_map(|worker| &worker.exports) {
            read[*number].add(&state.reader);
        }
        let mut days = DayCounts::default();
        read.iter().for_each(|read| days.join(&read.days()));
        let edge = days.edge();
        let lone = edge.iter().filter(|edge| edge.lone).flat_map(|edge| &edge.beyond);
        let readers =
            once.workers.iter().flat_map(|worker| worker.exports.values()).map(|state| &state.reader);
        let promised = readers.map(|reader| reader.last_promise).max().unwrap_or(NO_DAY);
        let last_promise = edge.as_ref().map(|edge| edge.last.max(self.as_of).0 + LONGEST_PROMISE);
        let counts = once.workers.iter().flat_map(|worker| worker.exports.values()).flat_map(|state| {
            let of_control = |counter: &Counter| {
                state
                    .reader
                    .groups
                    .names
                    .iter()
                    .zip(counter.cases())
                    .map(|(name, cases)| (name.clone(), cases))
                    .collect::<Vec<_>>()
            };
            state.counters.iter().flat_map(of_control)
        });
        Again {
            suspects,
            // What comes soon after the as-of date has simply not happened yet.
            lone_days: lone.map(|(day, _)| day.0).filter(|day| *day > self.as_of.0 + SOON).collect(),
            last_promise: last_promise.filter(|last| promised > *last),
            joined_names: spellings::joined(counts),
            ages: read.iter().map(Read::age).collect(),
            edge,
        }
    }

    /// Reads every export once; rows whose case number is among the suspects are set aside.
    fn pass<'s>(
        &'s self,
        options: &Options<'_>,
        again: &'s Again,
        cases: Option<&mut CaseList<'_>>,
    ) -> Result<Pass<Worker<'s>>, Error> {
        let wanted = Wanted {
            ids: cases.is_some(),
            suspects: &again.suspects,
            lone_days: &again.lone_days,
            last_promise: again.last_promise,
            joined_names: Some(&again.joined_names),
            persons: Some(&self.persons),
        };
        let (render, output) = match cases {
            Some(list) => (Some(list.render), Some(&mut list.output)),
            None => (None, None),
        };
        let in_order = output
            .map(|output| Mutex::new(InOrder { output, next: 0, waiting: BTreeMap::new(), error: None }));
        let pass =
            for_each_chunk(self.exports, options.threads, options.progress, Worker::new, |worker, chunk| {
                let rendered = self.take_chunk(worker, &chunk, wanted, render);
                if let Some(in_order) = &in_order {
                    in_order.lock().expect("writing does not panic").put(chunk.number, rendered);
                }
            })?;
        match in_order.and_then(|in_order| in_order.into_inner().expect("writing does not panic").error) {
            Some(error) => Err(error),
            None => self.refuse_too_many_groups(&pass.workers).map(|()| pass),
        }
    }

    /// Refuses a column that has too many values for units; each worker has seen some of them.
    fn refuse_too_many_groups(&self, workers: &[Worker<'_>]) -> Result<(), Error> {
        let all: BTreeSet<&GroupName> = workers.iter().flat_map(|worker| &worker.groups).collect();
        if all.len() <= MOST_GROUPS {
            return Ok(());
        }
        let met = |number: usize| {
            let states = workers.iter().filter_map(|worker| worker.exports.get(&number));
            states.map(|state| state.groups_known).sum::<usize>()
        };
        let grouped = (0..self.exports.len()).filter(|number| self.exports[*number].columns.group.is_some());
        let export = &self.exports[grouped.rev().max_by_key(|number| met(*number)).unwrap_or_default()];
        let (headings, columns) = (shown(&export.headings), &export.columns);
        let heading = |column: usize| headings[column].clone();
        Err(Error::TooManyGroups {
            path: export.path.clone(),
            headings: [columns.group, columns.subgroup].into_iter().flatten().map(heading).collect(),
            most: MOST_GROUPS as u64,
        })
    }

    /// Reads, judges and counts one chunk; gives its part of the case list.
    fn take_chunk<'s>(
        &'s self,
        worker: &mut Worker<'s>,
        chunk: &Chunk,
        wanted: Wanted<'s>,
        render: Option<&Render<'_>>,
    ) -> Vec<u8> {
        let state =
            worker.exports.entry(chunk.export).or_insert_with(|| self.export_state(chunk.export, wanted));
        if worker.groups.len() > MOST_GROUPS {
            return Vec::new();
        }
        state.reader.read(&chunk.bytes, chunk.first_line);
        let names = &state.reader.groups.names;
        worker.groups.extend(names[state.groups_known..].iter().cloned());
        state.groups_known = names.len();
        let export = &self.exports[chunk.export];
        let rows = &mut state.reader.rows;
        worker.faults.extend(rows.faults.drain(..));
        worker.set_aside.append(&mut rows.set_aside);
        for (ledger, rejected) in state.ledgers.iter_mut().zip(&rows.rejected) {
            ledger.rejected += rejected;
        }
        let no_control = state.ledgers.last_mut().expect("one for rows of no control");
        no_control.other_type += rows.other_type;
        match export.controls {
            // Headings and totals of an export with one control are rows of that control's file.
            Controls::One(_) => state.ledgers[0].no_case += rows.no_case,
            Controls::ByType { .. } => no_control.no_case += rows.no_case,
        }
        for (ledger, left_out) in state.ledgers.iter_mut().zip(&rows.left_out) {
            ledger.filtered += left_out.filtered;
            ledger.void += left_out.void;
        }
        rows.id_hashes.iter().flatten().for_each(|hash| worker.hashes.push(*hash, *hash));
        let ids = export.controls.ids();
        for (control, days) in std::mem::take(&mut rows.unjudged) {
            // A row that cannot be cut into cells could be of any control.
            let controls = control.map_or(&ids[..], |control| std::slice::from_ref(&ids[control]));
            for id in controls {
                worker.leave_unjudged(id, months_of(days, self.control(id).0, self.as_of));
            }
        }
        self.take_rows(worker, chunk.export, render)
    }

    /// Judges and counts the rows that the export's reader holds; gives their part of the case list.
    fn take_rows(&self, worker: &mut Worker<'_>, number: usize, render: Option<&Render<'_>>) -> Vec<u8> {
        let state = worker.exports.get_mut(&number).expect("its rows were just read");
        let export = &self.exports[number];
        let mut rendered = Vec::new();
        for (index, id) in export.controls.ids().into_iter().enumerate() {
            let (control, judge) = self.control(id);
            let persons = &state.reader.rows.persons[index];
            if !persons.is_empty() {
                let parts = worker.persons.entry(id.to_owned()).or_default();
                persons.iter().for_each(|case| parts.push(case.person() << 16, *case));
            }
            let batch = &state.reader.rows.batches[index];
            judge.judge_columns(batch.columns(), &mut worker.verdicts);
            let verdicts = &worker.verdicts;
            worker.first_start =
                batch.start.iter().copied().min().unwrap_or(i32::MAX).min(worker.first_start);
            state.ledgers[index].add(ledger_of(verdicts));
            state.counters[index].count(&batch.start, &batch.group, verdicts);
            faults_of(batch, verdicts, number, export, control, &mut worker.faults);
            let mut unjudged = Possible::default();
            for case in 0..verdicts.len() {
                if verdicts.status(case).is_err_and(|why| why != NotJudged::NotStarted) {
                    let end = batch.end[case];
                    let end = if end == NO_DAY { ReadEnd::Open } else { ReadEnd::On(end) };
                    let days = ReadDays { start: Some(batch.start[case]), end };
                    if let Some(months) = months_of(days, control, self.as_of) {
                        unjudged.add(months);
                    }
                }
            }
            worker.unjudged.entry(id.to_owned()).or_default().join(&unjudged);
            if judge.counts_hours() {
                state.judged_by_day[index] += judged_by_day(batch, verdicts);
            }
            if let Some(render) = render {
                for case in 0..verdicts.len() {
                    if verdicts.status(case).is_err() {
                        continue;
                    }
                    let dates = batch.columns().case(case);
                    let row = CaseRow {
                        rule: &control.rule,
                        case_id: &String::from_utf8_lossy(batch.id(case)),
                        group: &state.reader.groups.names[batch.group[case] as usize],
                        case: dates,
                        verdict: judge.judge(&dates).expect("it was judged a moment ago"),
                    };
                    render(&row, &mut rendered);
                }
            }
        }
        rendered
    }

    /// Decides on the rows set aside and adds up what the workers made.
    fn settle<'s>(
        &'s self,
        mut pass: Pass<Worker<'s>>,
        again: &'s Again,
        cases: Option<CaseList<'_>>,
        threads: usize,
    ) -> Result<Judged, Error> {
        let (mut waiting, mut names) = gathered(&mut pass.workers);
        let mut last = Worker::new();
        let lost = |control: &str, rows: &[ReadDays]| {
            last.leave_unjudged(control, months_of_any(rows, self.control(control).0, self.as_of));
        };
        let mut settled = repeated::settle(self.exports, &again.ages, &mut waiting, &mut names, lost);
        let mut list = cases;
        let of_exports = waiting.rows.chunk_by(|one, next| one.place().export == next.place().export);
        for rows in of_exports.flat_map(|rows| rows.chunks(RESUMED_AT_A_TIME)) {
            let number = rows[0].place().export;
            let wanted = Wanted { ids: list.is_some(), ..Wanted::default() };
            let state = last.exports.entry(number).or_insert_with(|| self.export_state(number, wanted));
            state.reader.read(&[], 0);
            rows.iter().for_each(|row| state.reader.resume(row, waiting.id(row), names.name(row.group)));
            let rendered = self.take_rows(&mut last, number, list.as_ref().map(|list| list.render));
            if let Some(list) = &mut list {
                let written = list.output.write(&rendered);
                written.map_err(|error| list.output.unwritable(&error))?;
            }
        }
        drop(waiting);
        last.faults.append(&mut settled.faults);
        for ((export, control), ledger) in settled.ledgers {
            let state =
                last.exports.entry(export).or_insert_with(|| self.export_state(export, Wanted::default()));
            state.ledgers[control].add(ledger);
        }
        pass.workers.push(last);
        let mut chains = self.chains(&mut pass.workers, threads);
        let mut judged = self.added_up(pass, again);
        judged.equally_new = settled.equally_new;
        judged.faults.append(&mut chains);
        judged.faults.sort();
        Ok(judged)
    }

    /// Cases that may be the continuation of the same person's last one.
    fn chains(&self, workers: &mut [Worker<'_>], threads: usize) -> Faults {
        let controls =
            self.judges.iter().filter_map(|(id, (control, _))| Some((*id, control.rule.chain_days?)));
        let mut faults = Faults::default();
        for (id, days) in controls {
            let lists = workers.iter_mut().filter_map(|worker| worker.persons.remove(id));
            let found = chains::possible(lists, self.as_of, days, threads);
            faults.extend(found.into_iter().map(|(later, earlier)| Fault {
                place: later,
                column: Some(self.exports[later.export].columns.start[0].date),
                code: FaultCode::PossibleChain,
                other: Some(earlier),
            }));
        }
        faults
    }

    fn added_up(&self, pass: Pass<Worker<'_>>, again: &Again) -> Judged {
        let mut judged = Judged {
            digests: pass.digests,
            read: vec![Read::default(); self.exports.len()],
            joined_names: again.joined_names.clone(),
            edge: again.edge.clone(),
            ..Judged::default()
        };
        let mut ledgers: BTreeMap<(usize, usize), Ledger> = BTreeMap::new();
        let mut first_start = i32::MAX;
        for (number, export) in self.exports.iter().enumerate() {
            for (index, id) in export.controls.ids().into_iter().enumerate() {
                judged.tallies.entry(id.to_owned()).or_default();
                ledgers.insert((number, index), Ledger::default());
            }
        }
        for mut worker in pass.workers {
            judged.faults.append(&mut worker.faults);
            first_start = first_start.min(worker.first_start);
            for (control, cases) in &worker.unjudged {
                judged.unjudged.entry(control.clone()).or_default().join(cases);
            }
            for (number, state) in worker.exports {
                judged.read[number].add(&state.reader);
                for (id, shapes) in self.exports[number].controls.ids().iter().zip(&state.reader.numbers) {
                    judged.numbers.entry((*id).to_owned()).or_default().join(shapes);
                }
                for (name, rows) in state.reader.other_types {
                    *judged.other_types.entry(number).or_default().entry(name).or_default() += rows;
                }
                let ids = self.exports[number].controls.ids();
                for (index, counter) in state.counters.into_iter().enumerate() {
                    let tally = judged.tallies.get_mut(ids[index]).expect("every control has one");
                    counter.add_to(tally, &state.reader.groups.names);
                    tally.judged_by_day += state.judged_by_day[index];
                }
                for (index, ledger) in state.ledgers.into_iter().enumerate() {
                    ledgers.entry((number, index)).or_default().add(ledger);
                }
            }
        }
        if !again.joined_names.is_empty() {
            let tallies = judged.tallies.values_mut();
            tallies.for_each(|tally| {
                *tally = tally.regrouped(|name| spellings::rename(name, &again.joined_names))
            });
        }
        // With more, the column is not one of types; how many a worker met would depend on threads.
        judged.other_types.retain(|_, types| types.len() <= MOST_TYPES_TOLD);
        judged.first_start = (first_start != i32::MAX).then_some(Day(first_start));
        judged.inputs = ledgers
            .into_iter()
            .map(|((export, index), ledger)| {
                let ids = self.exports[export].controls.ids();
                InputEntry { export, control: ids.get(index).map(|id| (*id).to_owned()), ledger }
            })
            .filter(|entry| entry.control.is_some() || entry.ledger.rows() > 0)
            .collect();
        judged
    }
}

fn ledger_of(verdicts: &VerdictColumns) -> Ledger {
    let mut ledger = Ledger::default();
    for case in 0..verdicts.len() {
        *match verdicts.status(case) {
            Ok(cell) if cell.open() => &mut ledger.open,
            Ok(_) => &mut ledger.counted,
            Err(NotJudged::NotStarted) => &mut ledger.not_started,
            Err(NotJudged::WithoutTime) => &mut ledger.without_time,
            Err(
                NotJudged::NotInForce
                | NotJudged::EndsBeforeStart
                | NotJudged::MissingDue
                | NotJudged::NoCalendar,
            ) => &mut ledger.rejected,
        } += 1;
    }
    ledger
}

/// Cases of a rule in hours that lacked a time of day.
fn judged_by_day(batch: &Batch, verdicts: &VerdictColumns) -> u64 {
    let by_day = |case: &usize| {
        let dates = batch.columns().case(*case);
        let ended = verdicts.ended[*case] != NO_DAY;
        verdicts.status(*case).is_ok() && (dates.start_at.is_none() || ended && dates.end_at.is_none())
    };
    (0..verdicts.len()).filter(by_day).count() as u64
}

/// Faults and doubts that only judging can tell.
fn faults_of(
    batch: &Batch,
    verdicts: &VerdictColumns,
    number: usize,
    export: &Export,
    control: &Control,
    faults: &mut Faults,
) {
    let columns = &export.columns;
    let extensions = columns.extended_to.is_some() && control.extensions == Extensions::Honour;
    let own_reference = control.rule.reference == Some(Clock::DueColumn);
    for case in 0..verdicts.len() {
        let place = Place { export: number, line: batch.line[case] };
        let mut found = |code, column| faults.push(Fault { place, column, code, other: None });
        match verdicts.status(case) {
            Ok(_) => {
                let dates = batch.columns().case(case);
                let doubt = || doubt_of_extension(&dates, Day(verdicts.due[case]));
                if let Some(code) = extensions.then(doubt).flatten() {
                    found(code, columns.extension_decided);
                }
                if own_reference && dates.due.is_none() {
                    found(FaultCode::MissingReference, columns.due);
                }
            }
            Err(NotJudged::NotStarted | NotJudged::WithoutTime) => {}
            Err(NotJudged::NotInForce) => found(FaultCode::NotInForce, Some(columns.start[0].date)),
            Err(NotJudged::EndsBeforeStart) => found(FaultCode::EndBeforeStart, Some(columns.end[0].date)),
            Err(NotJudged::MissingDue) => found(FaultCode::MissingDue, columns.due),
            Err(NotJudged::NoCalendar) => found(FaultCode::NoCalendar, Some(columns.start[0].date)),
        }
    }
}

/// Why an extension beyond `due` was not honoured.
fn doubt_of_extension(case: &Case, due: Day) -> Option<FaultCode> {
    let extension = case.extension.filter(|extension| extension.to > due)?;
    match extension.decided {
        Decided::Missing => Some(FaultCode::ExtensionUndecided),
        Decided::On(day) if day > due => Some(FaultCode::ExtensionDecidedLate),
        Decided::On(_) | Decided::NotInExport => None,
    }
}
