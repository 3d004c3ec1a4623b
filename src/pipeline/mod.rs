//! The way of a case: exports are read, judged and tallied in one go, in parallel and bounded memory.
//!
//! Connects ingest, judging and tallying. Its own decisions are those that need all exports together: which of the rows
//! with the same case number counts, which days are mistyped, and what must not become a report. A run over the same
//! exports gives the same result on any number of threads.

mod case_list;
mod chains;
mod judged;
mod marks;
mod parts;
mod possible;
mod read;
mod repeated;
mod same_cases;
mod spellings;
mod survey;
mod unusable;
mod worker;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use foldhash::quality::RandomState;

use crate::date::Day;
use crate::error::Error;
use crate::ingest::{
    DayCounts, Edge, Export, Fault, FaultCode, Faults, Ledger, MOST_FAULTS, MOST_GROUPS, Pass, Progress,
    ReadDays, Waiting, Wanted, for_each_chunk, refuse_another_order, shown,
};
use crate::judge::{Extensions, WithoutTimes};
use crate::rulebook::Rule;
use crate::tally::{GroupName, regrouped};

use case_list::InOrder;
pub use case_list::{CaseList, CaseOutput, CaseRow, Restart};
pub use judged::{InputEntry, Judged};
use parts::Parts;
pub use parts::side_by_side;
pub use possible::Possible;
use possible::months_of_any;
pub use read::Read;
pub use same_cases::SameCases;
pub use survey::{SeemingAsOf, Survey, seeming_as_of, seeming_as_of_surveyed, survey};
pub use unusable::{personal_case_numbers, singling_out, unusable};
use worker::{ExportState, Judging, Worker};

/// A control of the run.
#[derive(Debug, Clone)]
pub struct Control {
    /// The rule, with the project's settings applied.
    pub rule: Rule,
    /// Whether its extensions count.
    pub extensions: Extensions,
    /// What to do with cases without a time of day, if the rule counts hours.
    pub without_times: WithoutTimes,
}

/// Settings of a run that do not affect its result.
pub struct Options<'a> {
    /// Worker threads.
    pub threads: usize,
    /// Called now and then with what has been read.
    pub progress: &'a Progress<'a>,
}

/// Reads, judges and tallies every export as of a day.
///
/// # Errors
/// If a file cannot be read or the case list cannot be written. Whether the result may become a report is decided by
/// [`unusable`].
pub fn judge_exports(
    exports: &[Export],
    controls: &[Control],
    as_of: Day,
    options: &Options<'_>,
    mut cases: Option<CaseList<'_>>,
) -> Result<Judged, Error> {
    let run = Run {
        exports,
        judgings: controls.iter().map(|control| Judging::new(control, as_of)).collect(),
        as_of,
        keyed: RandomState::default(),
        faults: AtomicUsize::new(0),
    };
    if let Some(list) = &mut cases {
        list.begin()?;
    }
    let nothing = Again::default();
    let mut once = run.pass(options, &nothing, cases.as_mut())?;
    let again = run.again(&mut once, options.threads)?;
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

/// A date at most this many days after the as-of date is not treated as mistyped.
const SOON: i32 = 31;

/// So many days beyond the others are not mistyped, if exports go on after the as-of date anyway.
const FEWEST_OF_TAIL: usize = 10;

/// Extensions and promises reach at most this many days beyond the last day of the exports; later ones are mistyped.
const LONGEST_PROMISE: i32 = 731;

/// What the first reading shows, used in a second reading and in settling the result.
#[derive(Default)]
struct Again {
    /// Hashes of case numbers that occur more than once: their rows are set aside until all have been read.
    suspects: Vec<u64>,
    /// Lone days far beyond the others, in order: rows with one are rejected.
    lone_days: Vec<Day>,
    /// The last of a few starts far before all others.
    last_early: Option<Day>,
    /// The last plausible day of an extension or a promise, if some row exceeds it.
    last_promise: Option<Day>,
    /// Group names merged into another, for the case list.
    joined_names: BTreeMap<String, String>,
    /// Where the dates of all exports together end.
    edge: Option<Edge>,
    /// The last day of each export.
    ages: Vec<Option<Day>>,
    /// From which line of each export on texts may stand below its last case, if there seem to be such.
    texts_from: Vec<Option<u64>>,
}

impl Again {
    fn is_needed(&self, lists_cases: bool) -> bool {
        let joins = lists_cases && !self.joined_names.is_empty();
        let doubts = [self.last_early, self.last_promise].iter().any(Option::is_some)
            || self.texts_from.iter().any(Option::is_some);
        !self.suspects.is_empty() || !self.lone_days.is_empty() || doubts || joins
    }
}

/// Rows with repeated case numbers judged in one batch.
const RESUMED_AT_A_TIME: usize = 1 << 16;

/// The rows that workers set aside, and one numbering of their groups.
fn gathered(workers: &mut [Worker<'_>]) -> (Waiting, repeated::Names) {
    let (mut all, mut names) = (Waiting::default(), repeated::Names::default());
    for worker in workers {
        let mut own = std::mem::take(&mut worker.set_aside);
        let numbers: BTreeMap<usize, Vec<u32>> = worker
            .exports
            .iter()
            .map(|(number, state)| {
                (*number, state.reader.groups.names().iter().map(|name| names.number(name)).collect())
            })
            .collect();
        own.renumber(|export, group| numbers[&export][group as usize]);
        all.append(&mut own);
    }
    (all, names)
}

/// The most unknown types that are reported.
const MOST_TYPES_TOLD: usize = 50;

/// The error of a temporary file that cannot be read.
fn unreadable_aside(error: std::io::Error) -> Error {
    Error::UnreadableInput { path: std::env::temp_dir(), cause: error.to_string() }
}

/// What is constant throughout a run.
struct Run<'a> {
    exports: &'a [Export],
    judgings: Vec<Judging<'a>>,
    as_of: Day,
    /// Hashes case numbers and persons with a key that is new in every run and never leaves memory.
    keyed: RandomState,
    /// Faults noted in this pass by all workers.
    faults: AtomicUsize,
}

impl<'a> Run<'a> {
    /// The index of a control in the run.
    fn number_of(&self, id: &str) -> usize {
        self.judgings
            .iter()
            .position(|judging| judging.control.rule.id == id)
            .expect("every export has its control")
    }

    /// What the first reading shows about all exports; takes the hashes of case numbers out of the workers.
    fn again(&self, once: &mut Pass<Worker<'_>>, threads: usize) -> Result<Again, Error> {
        let hashes =
            once.workers.iter_mut().map(|worker| std::mem::replace(&mut worker.hashes, Parts::new(0)));
        let suspects = repeated::occurring_twice(hashes, threads).map_err(unreadable_aside)?;
        let mut read = vec![Read::default(); self.exports.len()];
        for (number, state) in once.workers.iter().flat_map(|worker| &worker.exports) {
            read[*number].add(&state.reader);
        }
        let (mut days, mut starts) = (DayCounts::default(), DayCounts::default());
        for read in &read {
            days.join(&read.days());
            starts.join(&read.starts);
        }
        let edge = days.edge();
        let lone = edge.iter().filter(|edge| edge.lone).flat_map(|edge| &edge.beyond);
        // Exports made long after the as-of date have a tail: the ends of the cases that lasted longest.
        let goes_on = edge.as_ref().is_some_and(|edge| {
            edge.last > self.as_of.plus_days(SOON) && edge.beyond.len() >= FEWEST_OF_TAIL
        });
        let readers =
            once.workers.iter().flat_map(|worker| worker.exports.values()).map(|state| &state.reader);
        let promised = readers.filter_map(|reader| reader.last_promise).max();
        let last_promise = edge.as_ref().map(|edge| edge.last.max(self.as_of).plus_days(LONGEST_PROMISE));
        let counts = once.workers.iter().flat_map(|worker| worker.exports.values()).flat_map(|state| {
            let names = state.reader.groups.names();
            let cases = state.controls.iter().flat_map(|control| control.counter.cases());
            cases.map(|(group, cases)| (names[group].clone(), cases))
        });
        Ok(Again {
            suspects,
            // A date soon after the as-of date is not mistyped: it has just not happened yet.
            lone_days: lone
                .map(|(day, _)| *day)
                .filter(|day| *day > self.as_of.plus_days(SOON) && !goes_on)
                .collect(),
            last_early: starts.last_early(),
            last_promise: last_promise.filter(|last| promised > Some(*last)),
            texts_from: read.iter().map(Read::texts_from).collect(),
            joined_names: spellings::joined(counts),
            ages: read::ages(&read, edge.as_ref().is_some_and(|edge| edge.last > self.as_of)),
            edge,
        })
    }

    /// Reads every export once; rows with a suspect case number are set aside.
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
            last_early: again.last_early,
            last_promise: again.last_promise,
            texts_from: &again.texts_from,
            joined_names: Some(&again.joined_names),
            keyed: Some(&self.keyed),
        };
        let (writing, output) = match cases {
            Some(list) => (Some((list.render, list.inspect)), Some(&mut list.output)),
            None => (None, None),
        };
        let in_order = output.map(|output| Mutex::new(InOrder::new(output)));
        let new = || Worker::new(self.judgings.len(), options.threads);
        self.faults.store(0, Ordering::Relaxed);
        let pass = for_each_chunk(self.exports, options.threads, options.progress, new, |worker, chunk| {
            let number = chunk.number;
            let rendered = self.take_chunk(worker, chunk, wanted, writing.map(|(render, _)| render));
            if let (Some(in_order), Some((_, inspect))) = (&in_order, writing) {
                inspect(&rendered);
                worker.room = in_order.lock().expect("writing does not panic").put(number, rendered)?;
            }
            Ok(())
        })?;
        self.refuse_other_orders(&pass.workers)?;
        self.refuse_too_many_faults(&pass.workers)?;
        self.refuse_too_many_groups(&pass.workers)?;
        Ok(pass)
    }

    /// Refuses exports whose dates are written otherwise than their beginnings show. Up to one in so many is a slip.
    fn refuse_other_orders(&self, workers: &[Worker<'_>]) -> Result<(), Error> {
        const SLIP_ONE_IN: u64 = 200;
        for (number, export) in self.exports.iter().enumerate() {
            let (mut read, mut others): (u64, BTreeMap<usize, u64>) = (0, BTreeMap::new());
            for state in workers.iter().filter_map(|worker| worker.exports.get(&number)) {
                read += state.reader.starts.days().map(|(_, rows)| u64::from(rows)).sum::<u64>();
                for (column, dates) in &state.reader.other_orders {
                    *others.entry(*column).or_default() += dates;
                }
            }
            if others.values().any(|dates| dates * SLIP_ONE_IN > read) {
                refuse_another_order(export)?;
            }
        }
        Ok(())
    }

    /// Refuses exports with so many faults that a report would be useless.
    fn refuse_too_many_faults(&self, workers: &[Worker<'_>]) -> Result<(), Error> {
        let mut all = Faults::default();
        workers.iter().for_each(|worker| all.count(&worker.faults));
        if all.len() <= MOST_FAULTS {
            return Ok(());
        }
        let (export, code, rows) = all.rows().max_by_key(|(.., rows)| rows.count).expect("there are faults");
        Err(Error::TooManyFaults {
            path: self.exports[export].path.clone(),
            found: all.len() as u64,
            most: MOST_FAULTS as u64,
            commonest: code.id(),
            count: rows.count,
            line: rows.first_line,
        })
    }

    /// Refuses a column with too many values for units; each worker has seen only some of them.
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

    /// Settles the rows set aside and adds up the workers' results.
    fn settle<'s>(
        &'s self,
        mut pass: Pass<Worker<'s>>,
        again: &'s Again,
        cases: Option<CaseList<'_>>,
        threads: usize,
    ) -> Result<Judged, Error> {
        let (mut waiting, mut names) = gathered(&mut pass.workers);
        let mut last = Worker::new(self.judgings.len(), threads);
        let lost = |control: &str, rows: &[ReadDays]| {
            let number = self.number_of(control);
            let months = months_of_any(rows, self.judgings[number].control, self.as_of);
            last.controls[number].unjudged.add(months);
        };
        let mut settled = repeated::settle(self.exports, &again.ages, &mut waiting, &mut names, lost);
        let mut list = cases;
        let of_exports = waiting.rows.chunk_by(|one, next| one.place().export == next.place().export);
        for rows in of_exports.flat_map(|rows| rows.chunks(RESUMED_AT_A_TIME)) {
            let rows = rows.iter().map(|row| (row, waiting.id(row), names.name(row.group)));
            let wanted = Wanted { ids: list.is_some(), last_early: again.last_early, ..Wanted::default() };
            let rendered = self.resume(&mut last, rows, wanted, list.as_ref().map(|list| list.render));
            if let Some(list) = &mut list {
                (list.inspect)(&rendered);
                let written = list.output.write(&rendered);
                written.map_err(|error| list.output.unwritable(&error))?;
            }
        }
        drop(waiting);
        last.faults.append(&mut settled.faults);
        for ((export, control), ledger) in settled.ledgers {
            let state = last.exports.entry(export);
            let state = state.or_insert_with(|| ExportState::new(self, export, Wanted::default()));
            state.controls[control].ledger.add(ledger);
        }
        pass.workers.push(last);
        let mut chains = self.chains(&mut pass.workers, threads)?;
        let same_cases = self.same_cases(&mut pass.workers, again, &settled.sharing);
        let mut judged = self.added_up(pass, again);
        judged.equally_new = settled.equally_new;
        judged.same_cases = same_cases;
        judged.faults.append(&mut chains);
        judged.faults.sort();
        Ok(judged)
    }

    /// Cases that may continue the same person's last one.
    fn chains(&self, workers: &mut [Worker<'_>], threads: usize) -> Result<Faults, Error> {
        let mut faults = Faults::default();
        for (number, judging) in self.judgings.iter().enumerate() {
            let Some(days) = judging.control.rule.chain_days else { continue };
            let lists = workers
                .iter_mut()
                .map(|worker| std::mem::replace(&mut worker.controls[number].persons, Parts::new(0)));
            let found = chains::possible(lists, self.as_of, days, threads).map_err(unreadable_aside)?;
            faults.extend(found.into_iter().map(|(later, earlier)| Fault {
                place: later,
                column: Some(self.exports[later.export].columns.start[0].date),
                code: FaultCode::PossibleChain,
                other: Some(earlier),
            }));
        }
        Ok(faults)
    }

    fn added_up(&self, pass: Pass<Worker<'_>>, again: &Again) -> Judged {
        let mut judged = Judged {
            digests: pass.digests,
            read: vec![Read::default(); self.exports.len()],
            joined_names: again.joined_names.clone(),
            edge: again.edge.clone(),
            ages: again.ages.clone(),
            ..Judged::default()
        };
        let mut ledgers: BTreeMap<(usize, usize), Ledger> = BTreeMap::new();
        for (number, export) in self.exports.iter().enumerate() {
            for (index, id) in export.controls.ids().into_iter().enumerate() {
                judged.tallies.entry(id.to_owned()).or_default();
                ledgers.insert((number, index), Ledger::default());
            }
        }
        for mut worker in pass.workers {
            judged.faults.append(&mut worker.faults);
            judged.first_start = judged.first_start.into_iter().chain(worker.first_start).min();
            for (judging, counted) in self.judgings.iter().zip(worker.controls) {
                let id = &judging.control.rule.id;
                let Some(tally) = judged.tallies.get_mut(id) else { continue };
                tally.whole.add(&counted.whole);
                judged.unjudged.entry(id.clone()).or_default().join(&counted.unjudged);
            }
            for (number, state) in worker.exports {
                judged.read[number].add(&state.reader);
                let ids = self.exports[number].controls.ids();
                for (id, shapes) in ids.iter().zip(&state.reader.numbers) {
                    let of_control = judged.numbers.entry((*id).to_owned()).or_default();
                    of_control.entry(number).or_default().join(shapes);
                }
                let names = state.reader.groups.names();
                for (index, control) in state.controls.into_iter().enumerate() {
                    let tally = judged.tallies.get_mut(ids[index]).expect("every control has one");
                    control.counter.add_to(tally, names);
                    ledgers.entry((number, index)).or_default().add(control.ledger);
                }
                ledgers.entry((number, ids.len())).or_default().add(state.no_control);
                for (name, rows) in state.reader.other_types {
                    *judged.other_types.entry(number).or_default().entry(name).or_default() += rows;
                }
            }
        }
        for judging in &self.judgings {
            let tally = judged.tallies.get_mut(&judging.control.rule.id);
            tally.into_iter().for_each(|tally| tally.whole.count_margins(&judging.judge));
        }
        if !again.joined_names.is_empty() {
            let tallies = judged.tallies.values_mut();
            tallies.for_each(|tally| {
                tally.groups = regrouped(&tally.groups, |name| spellings::rename(name, &again.joined_names));
            });
        }
        // With more, the column is not one of types; how many a single worker met would depend on threads.
        judged.other_types.retain(|_, types| types.len() <= MOST_TYPES_TOLD);
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
