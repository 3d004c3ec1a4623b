//! The way of a case: exports are read, judged and tallied in one go, in parallel and bounded memory.
//!
//! Joins ingest, judge and tally and holds no rule of its own. A run over the same exports gives the same
//! result on any number of threads.

mod chains;
mod parts;
mod repeated;

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::Mutex;

use foldhash::quality::RandomState;
use parts::Parts;

use crate::date::Day;
use crate::error::Error;
use crate::ingest::{
    Batch, Chunk, Columns, Controls, Effect, Export, Fault, FaultCode, Ledger, Pass, PersonCase, Place,
    RowReader, SetAside, Wanted, for_each_chunk, shown,
};
use crate::judge::{Case, Decided, Extensions, Judge, NO_DAY, NotJudged, Verdict, VerdictColumns};
use crate::project::Duplicates;
use crate::rulebook::Rule;
use crate::tally::{Counter, GroupName, Tally};

/// A control of the run.
#[derive(Debug, Clone)]
pub struct Control {
    /// The rule, with the project's settings applied.
    pub rule: Rule,
    /// Whether its extensions count.
    pub extensions: Extensions,
}

/// How a run goes.
pub struct Options<'a> {
    /// Worker threads.
    pub threads: usize,
    /// Told the bytes read, now and then.
    pub progress: &'a dyn Fn(u64),
}

/// One judged case, for the case list.
pub struct CaseRow<'a> {
    /// The rule it was judged by.
    pub rule: &'a Rule,
    /// The case number, decoded.
    pub case_id: &'a str,
    /// The group.
    pub group: &'a GroupName,
    /// The case.
    pub case: Case,
    /// The verdict.
    pub verdict: Verdict,
}

/// Where the case list goes, and how a case is written into it; a case may be passed over.
pub struct CaseList<'a> {
    /// Writes one case behind what is there.
    pub render: &'a (dyn Fn(&CaseRow<'_>, &mut Vec<u8>) + Sync),
    /// Its first line.
    pub header: &'a str,
    /// The list. It is emptied when reading must begin anew.
    pub output: CaseOutput<'a>,
}

/// The place of a case list.
pub enum CaseOutput<'a> {
    /// In memory.
    Memory(&'a mut Vec<u8>),
    /// In a file, from where it stands now.
    File(&'a mut std::fs::File),
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
    pub faults: Vec<Fault>,
    /// The first day on which a case started.
    pub first_start: Option<Day>,
    /// By export: types of the type column that belong to no control, and their rows.
    pub other_types: BTreeMap<usize, BTreeMap<String, u64>>,
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
}

/// What is in an export, before anything is judged.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Survey {
    /// Rows that could be read.
    pub cases: u64,
    /// Rows by what is wrong with them.
    pub faults: BTreeMap<FaultCode, u64>,
    /// The first and the last day in its start and end columns.
    pub days: Option<(Day, Day)>,
    /// The last day in its start column.
    pub last_start: Option<Day>,
    /// Types of its type column that belong to no control, and their rows.
    pub other_types: BTreeMap<String, u64>,
}

impl Survey {
    fn add_day(&mut self, day: i32) {
        if day == NO_DAY {
            return;
        }
        let (first, last) = self.days.unwrap_or((Day(day), Day(day)));
        self.days = Some((first.min(Day(day)), last.max(Day(day))));
    }

    fn add(&mut self, other: Survey) {
        self.cases += other.cases;
        if let Some((first, last)) = other.days {
            self.add_day(first.0);
            self.add_day(last.0);
        }
        self.last_start = self.last_start.max(other.last_start);
        for (code, rows) in other.faults {
            *self.faults.entry(code).or_default() += rows;
        }
        for (name, rows) in other.other_types {
            *self.other_types.entry(name).or_default() += rows;
        }
    }
}

/// Looks through exports without judging them.
///
/// # Errors
/// When a file cannot be read.
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
            reader.read(&chunk.bytes, chunk.first_line);
            for batch in &reader.rows.batches {
                survey.cases += batch.start.len() as u64;
                let bounds = |days: &[i32]| {
                    let known = || days.iter().copied().filter(|day| *day != NO_DAY);
                    (known().min().unwrap_or(NO_DAY), known().max().unwrap_or(NO_DAY))
                };
                let (_, last_start) = bounds(&batch.start);
                survey.last_start = survey.last_start.max((last_start != NO_DAY).then_some(Day(last_start)));
                for (first, last) in [bounds(&batch.start), bounds(&batch.end)] {
                    survey.add_day(first);
                    survey.add_day(last);
                }
            }
            // Faults of one row stand together.
            let rows =
                reader.rows.faults.chunk_by(|one, next| (one.place, one.code) == (next.place, next.code));
            for fault in rows.map(|faults| faults[0]) {
                *survey.faults.entry(fault.code).or_default() += 1;
            }
        },
    )?;
    let mut surveys = vec![Survey::default(); exports.len()];
    for (number, (reader, mut survey)) in pass.workers.into_iter().flatten() {
        survey.other_types = reader.other_types;
        surveys[number].add(survey);
    }
    Ok(surveys)
}

/// The day that exports seem to speak of: the newest in them, and the newest there is when that lies so far
/// beyond the newest start that it must be mistyped. `None` when no row can be read.
///
/// # Errors
/// When a file cannot be read.
pub fn newest_day(exports: &[Export], options: &Options<'_>) -> Result<Option<(Day, Day)>, Error> {
    Ok(seeming_as_of(&survey(exports, options)?))
}

/// As [`newest_day`], from what was surveyed.
pub fn seeming_as_of<'a>(surveys: impl IntoIterator<Item = &'a Survey>) -> Option<(Day, Day)> {
    /// No export is so quiet that nothing starts for longer, while something ends.
    const QUIET_DAYS: i32 = 366;
    let mut all = Survey::default();
    surveys.into_iter().for_each(|survey| all.add(survey.clone()));
    let ((_, newest), start) = all.days.zip(all.last_start)?;
    Some((if newest.0 - start.0 > QUIET_DAYS { start } else { newest }, newest))
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
                let judge = Judge::new(&control.rule, as_of, control.extensions);
                (control.rule.id.as_str(), (control, judge))
            })
            .collect(),
        as_of,
        persons: RandomState::default(),
    };
    if let Some(list) = &mut cases {
        list.begin()?;
    }
    let mut once = run.pass(options, &[], cases.as_mut())?;
    let hashes = once.workers.iter_mut().map(|worker| std::mem::take(&mut worker.hashes));
    let suspects = repeated::occurring_twice(hashes, options.threads);
    let pass = if suspects.is_empty() {
        once
    } else {
        drop(once);
        // Case numbers that occur twice: read again, setting their rows aside until all are seen.
        if let Some(list) = &mut cases {
            list.begin()?;
        }
        run.pass(options, &suspects, cases.as_mut())?
    };
    run.settle(pass, cases, options.threads)
}

/// Why what was judged must not become a report: a file of which nothing could be used, or data that has
/// not begun on the as-of date, would give one that is wrong without looking so.
pub fn unusable(exports: &[Export], judged: &Judged, as_of: Day) -> Vec<Error> {
    let mut errors = Vec::new();
    for (number, export) in exports.iter().enumerate() {
        let mut ledger = Ledger::default();
        let entries = judged.inputs.iter().filter(|entry| entry.export == number);
        entries.for_each(|entry| ledger.add(entry.ledger));
        if ledger.rows() == 0 {
            errors.push(Error::EmptyFile { path: export.path.clone() });
        } else if ledger.rejected + ledger.other_type + ledger.no_case == ledger.rows() {
            errors.push(nothing_usable(number, export, ledger, &judged.faults));
        }
    }
    for (number, export) in exports.iter().enumerate() {
        let counts_each_row = export.columns.case_id.is_none() || export.duplicates == Duplicates::Keep;
        let same = |other: &usize| {
            let (one, other) = (export, &exports[*other]);
            (one.form.sheet(), &one.controls) == (other.form.sheet(), &other.controls)
        };
        let twin = (0..number).find(|other| judged.digests[*other] == judged.digests[number] && same(other));
        if let (true, Some(twin)) = (counts_each_row, twin) {
            errors.push(Error::SameFile { path: export.path.clone(), other: exports[twin].path.clone() });
        }
    }
    errors.extend(unsuitable_groups(exports, judged));
    let exist = |entry: &InputEntry| entry.ledger.counted + entry.ledger.open > 0;
    if let (Some(first), true, false) =
        (judged.first_start, errors.is_empty(), judged.inputs.iter().any(exist))
    {
        let (as_of, first_start) = (as_of.to_string(), first.to_string());
        errors.push(Error::AsOfBeforeData { as_of, first_start });
    }
    errors
}

/// Columns that are no grouping: most of many values stand on a row or two, as names and numbers do.
fn unsuitable_groups(exports: &[Export], judged: &Judged) -> Vec<Error> {
    /// So many values can be a list of units.
    const UNITS: usize = 50;
    /// A value on fewer rows may be a person's.
    const FEWEST_ROWS: u64 = 3;
    let mut errors = Vec::new();
    for (control, tally) in &judged.tallies {
        for is_first in [true, false] {
            let column_of = |columns: &Columns| if is_first { columns.group } else { columns.subgroup };
            let mut rows: BTreeMap<&String, u64> = BTreeMap::new();
            for (name, group) in &tally.groups {
                let value = if is_first { &name.group } else { &name.subgroup };
                *rows.entry(value).or_default() += group.cases();
            }
            let rare = rows.values().filter(|rows| **rows < FEWEST_ROWS).count();
            let of_control =
                exports.iter().filter(|export| export.controls.ids().contains(&control.as_str()));
            let place = of_control.filter_map(|export| Some((export, column_of(&export.columns)?))).next();
            if let (Some((export, column)), true) = (place, rows.len() > UNITS && rare * 2 > rows.len()) {
                let heading = shown(&export.headings)[column].clone();
                errors.push(Error::UnsuitableGroup { path: export.path.clone(), heading });
            }
        }
    }
    errors
}

fn unwritable(error: &io::Error) -> Error {
    Error::UnwritableOutput { path: "cases.csv".into(), cause: error.to_string() }
}

impl CaseList<'_> {
    /// Empties the list and writes its header.
    fn begin(&mut self) -> Result<(), Error> {
        let begun = self.output.restart().and_then(|()| self.output.write(self.header.as_bytes()));
        begun.map_err(|error| unwritable(&error))
    }
}

impl CaseOutput<'_> {
    fn restart(&mut self) -> io::Result<()> {
        match self {
            CaseOutput::Memory(bytes) => bytes.clear(),
            CaseOutput::File(file) => {
                file.set_len(0)?;
                io::Seek::rewind(file)?;
            }
        }
        Ok(())
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            CaseOutput::Memory(all) => all.extend_from_slice(bytes),
            CaseOutput::File(file) => file.write_all(bytes)?,
        }
        Ok(())
    }
}

/// Puts what workers rendered back into the order of the input.
struct InOrder<'o, 'a> {
    output: &'o mut CaseOutput<'a>,
    next: usize,
    waiting: BTreeMap<usize, Vec<u8>>,
    error: Option<io::Error>,
}

impl InOrder<'_, '_> {
    fn put(&mut self, number: usize, bytes: Vec<u8>) {
        self.waiting.insert(number, bytes);
        while let Some(bytes) = self.waiting.remove(&self.next) {
            self.next += 1;
            if self.error.is_none() {
                self.error = self.output.write(&bytes).err();
            }
        }
    }
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
}

/// What a worker makes.
struct Worker<'a> {
    exports: BTreeMap<usize, ExportState<'a>>,
    verdicts: VerdictColumns,
    faults: Vec<Fault>,
    set_aside: Vec<SetAside>,
    /// Persons' cases by control.
    persons: BTreeMap<String, Parts<PersonCase>>,
    /// Hashes of case numbers.
    hashes: Parts<u64>,
    first_start: i32,
}

impl Worker<'_> {
    fn new() -> Self {
        Worker {
            exports: BTreeMap::new(),
            verdicts: VerdictColumns::default(),
            faults: Vec::new(),
            set_aside: Vec::new(),
            persons: BTreeMap::new(),
            hashes: Parts::default(),
            first_start: i32::MAX,
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
        }
    }

    /// Reads every export once; rows whose case number is among the suspects are set aside.
    fn pass<'s>(
        &'s self,
        options: &Options<'_>,
        suspects: &'s [u64],
        cases: Option<&mut CaseList<'_>>,
    ) -> Result<Pass<Worker<'s>>, Error> {
        let wanted = Wanted { ids: cases.is_some(), suspects, persons: Some(&self.persons) };
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
            Some(error) => Err(unwritable(&error)),
            None => Ok(pass),
        }
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
        state.reader.read(&chunk.bytes, chunk.first_line);
        let export = &self.exports[chunk.export];
        let rows = &mut state.reader.rows;
        worker.faults.append(&mut rows.faults);
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
        rows.id_hashes.iter().flatten().for_each(|hash| worker.hashes.push(*hash, *hash));
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
        cases: Option<CaseList<'_>>,
        threads: usize,
    ) -> Result<Judged, Error> {
        let set_aside = pass.workers.iter_mut().flat_map(|worker| std::mem::take(&mut worker.set_aside));
        let settled = repeated::settle(self.exports, set_aside.collect());
        let mut last = Worker::new();
        let mut list = cases;
        for rows in settled.counted.chunk_by(|one, next| one.place.export == next.place.export) {
            let number = rows[0].place.export;
            let wanted = Wanted { ids: list.is_some(), ..Wanted::default() };
            let state = last.exports.entry(number).or_insert_with(|| self.export_state(number, wanted));
            state.reader.read(&[], 0);
            rows.iter().for_each(|row| state.reader.resume(row));
            let rendered = self.take_rows(&mut last, number, list.as_ref().map(|list| list.render));
            if let Some(list) = &mut list {
                list.output.write(&rendered).map_err(|error| unwritable(&error))?;
            }
        }
        last.faults.extend(settled.faults);
        for (export, control, ledger) in settled.ledgers {
            let state =
                last.exports.entry(export).or_insert_with(|| self.export_state(export, Wanted::default()));
            state.ledgers[control].add(ledger);
        }
        pass.workers.push(last);
        let chains = self.chains(&mut pass.workers, threads);
        let mut judged = self.added_up(pass);
        judged.faults.extend(chains);
        judged.faults.sort_unstable();
        Ok(judged)
    }

    /// Cases that may be the continuation of the same person's last one.
    fn chains(&self, workers: &mut [Worker<'_>], threads: usize) -> Vec<Fault> {
        let controls =
            self.judges.iter().filter_map(|(id, (control, _))| Some((*id, control.rule.chain_days?)));
        let mut faults = Vec::new();
        for (id, days) in controls {
            let lists = workers.iter_mut().filter_map(|worker| worker.persons.remove(id));
            let found = chains::possible(lists, self.as_of, days, threads);
            faults.extend(found.into_iter().map(|(later, earlier)| Fault {
                place: later,
                column: Some(self.exports[later.export].columns.start),
                code: FaultCode::PossibleChain,
                other: Some(earlier),
            }));
        }
        faults
    }

    fn added_up(&self, pass: Pass<Worker<'_>>) -> Judged {
        let mut judged = Judged { digests: pass.digests, ..Judged::default() };
        let mut ledgers: BTreeMap<(usize, usize), Ledger> = BTreeMap::new();
        let mut first_start = i32::MAX;
        for (number, export) in self.exports.iter().enumerate() {
            for (index, id) in export.controls.ids().into_iter().enumerate() {
                judged.tallies.entry(id.to_owned()).or_default();
                ledgers.insert((number, index), Ledger::default());
            }
        }
        for worker in pass.workers {
            judged.faults.extend(worker.faults);
            first_start = first_start.min(worker.first_start);
            for (number, state) in worker.exports {
                for (name, rows) in state.reader.other_types {
                    *judged.other_types.entry(number).or_default().entry(name).or_default() += rows;
                }
                let ids = self.exports[number].controls.ids();
                for (index, counter) in state.counters.into_iter().enumerate() {
                    let tally = judged.tallies.get_mut(ids[index]).expect("every control has one");
                    tally.add(&counter.named(&state.reader.groups.names));
                    tally.judged_by_day += state.judged_by_day[index];
                }
                for (index, ledger) in state.ledgers.into_iter().enumerate() {
                    ledgers.entry((number, index)).or_default().add(ledger);
                }
            }
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
            Err(NotJudged::NotInForce | NotJudged::EndsBeforeStart) => &mut ledger.rejected,
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
    faults: &mut Vec<Fault>,
) {
    let extensions = export.columns.extended_to.is_some() && control.extensions == Extensions::Honour;
    for case in 0..verdicts.len() {
        let found = match verdicts.status(case) {
            Ok(_) if extensions => doubt_of_extension(&batch.columns().case(case), Day(verdicts.due[case]))
                .map(|code| (code, export.columns.extension_decided)),
            Ok(_) | Err(NotJudged::NotStarted) => None,
            Err(NotJudged::NotInForce) => Some((FaultCode::NotInForce, Some(export.columns.start))),
            Err(NotJudged::EndsBeforeStart) => Some((FaultCode::EndBeforeStart, Some(export.columns.end))),
        };
        if let Some((code, column)) = found {
            let place = Place { export: number, line: batch.line[case] };
            faults.push(Fault { place, column, code, other: None });
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

fn nothing_usable(number: usize, export: &Export, ledger: Ledger, faults: &[Fault]) -> Error {
    // Faults are in order of place; a row with one fault in two cells is one row.
    let mut lines: BTreeMap<FaultCode, Vec<u64>> = BTreeMap::new();
    for fault in
        faults.iter().filter(|fault| fault.place.export == number && fault.code.effect() == Effect::Rejected)
    {
        lines.entry(fault.code).or_default().push(fault.place.line);
    }
    lines.values_mut().for_each(Vec::dedup);
    let commonest = lines.into_iter().max_by_key(|(_, lines)| lines.len());
    let (commonest, count, line) = match &commonest {
        Some((code, lines)) => (code.id(), lines.len() as u64, lines[0]),
        None => ("other-type", ledger.other_type, export.header_line + 1),
    };
    Error::NothingUsable { path: export.path.clone(), rows: ledger.rows(), commonest, count, line }
}
