//! A worker: judges and counts each row as it is read, so that verdict, ledger, tally, faults and case list come from
//! the same judging.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::Ordering;

use super::case_list::{CaseRow, Render};
use super::parts::{Parts, kept_in_memory};
use super::possible::{Possible, months_of};
use super::{Control, Run};
use crate::date::Day;
use crate::ingest::{
    Chunk, Columns, Controls, Export, Fault, FaultCode, Faults, Ledger, MOST_FAULTS, MOST_GROUPS, PersonCase,
    Place, ReadDays, ReadRow, RowReader, SetAside, Waiting, Wanted,
};
use crate::judge::{Case, Decided, Extensions, Judge, NotJudged, Verdict};
use crate::rulebook::Clock;
use crate::tally::{Counter, Entry, GroupName, Whole};

/// A control with its judge.
pub struct Judging<'a> {
    /// The control.
    pub control: &'a Control,
    /// Its judge.
    pub judge: Judge,
}

impl<'a> Judging<'a> {
    /// Prepares the judge of a control.
    pub fn new(control: &'a Control, as_of: Day) -> Judging<'a> {
        let judge = Judge::new(&control.rule, as_of, control.extensions, control.without_times);
        Judging { control, judge }
    }
}

/// A worker's counts of one control in one export.
pub struct ControlState<'a> {
    /// Index of the control in the run.
    number: usize,
    judging: &'a Judging<'a>,
    /// Its cases by group.
    pub counter: Counter,
    /// Cases judged but not counted yet.
    entries: Vec<Entry>,
    /// What became of its rows.
    pub ledger: Ledger,
}

impl ControlState<'_> {
    /// Counts the judged cases, here and in `of_run`, the control's counts for the run.
    fn settle(&mut self, of_run: &mut Counted) {
        self.counter.count(&self.entries);
        of_run.whole.count(&self.entries);
        self.entries.clear();
    }
}

/// A worker's state for one export.
pub struct ExportState<'a> {
    /// Reads its rows.
    pub reader: RowReader<'a>,
    /// Its controls, in the order of [`Controls::ids`].
    pub controls: Vec<ControlState<'a>>,
    /// What became of rows of no control.
    pub no_control: Ledger,
    /// How many of the reader's groups are in [`Worker::groups`].
    pub groups_known: usize,
}

/// A worker's counts of one control in all exports.
pub struct Counted {
    /// Its cases, regardless of group.
    pub whole: Whole,
    /// Persons and their cases.
    pub persons: Parts<PersonCase>,
    /// Cases that were not judged.
    pub unjudged: Possible,
}

/// A worker and what it has gathered.
pub struct Worker<'a> {
    /// By index of the export.
    pub exports: BTreeMap<usize, ExportState<'a>>,
    /// By index of the control in the run.
    pub controls: Vec<Counted>,
    /// Faults.
    pub faults: Faults,
    /// Rows set aside until all rows of their case number are known.
    pub set_aside: Waiting,
    /// Groups of all exports together: beyond [`MOST_GROUPS`] nothing more is counted, and the run is refused.
    pub groups: BTreeSet<GroupName>,
    /// Hashes of case numbers.
    pub hashes: Parts<u64>,
    /// The first day on which a case started.
    pub first_start: Option<Day>,
    /// A buffer for the next part of the case list.
    pub room: Vec<u8>,
}

impl<'a> Worker<'a> {
    /// A worker that has read nothing, in a run with this many controls and threads.
    pub fn new(controls: usize, threads: usize) -> Worker<'a> {
        let most = kept_in_memory(threads);
        let counted = || Counted {
            whole: Whole::default(),
            persons: Parts::new(most / controls.max(1)),
            unjudged: Possible::default(),
        };
        Worker {
            exports: BTreeMap::new(),
            controls: std::iter::repeat_with(counted).take(controls).collect(),
            faults: Faults::default(),
            set_aside: Waiting::default(),
            groups: BTreeSet::new(),
            hashes: Parts::new(most),
            first_start: None,
            room: Vec::new(),
        }
    }
}

impl<'a> ExportState<'a> {
    /// The state before anything is read.
    pub fn new(run: &'a Run<'_>, number: usize, wanted: Wanted<'a>) -> ExportState<'a> {
        let export = &run.exports[number];
        let of_control = |id: &str| {
            let number = run.number_of(id);
            let (counter, ledger) = (Counter::default(), Ledger::default());
            let entries = Vec::with_capacity(Entry::AT_A_TIME);
            ControlState { number, judging: &run.judgings[number], counter, entries, ledger }
        };
        let counts_hours = |id: &str| run.judgings[run.number_of(id)].judge.counts_hours();
        ExportState {
            reader: RowReader::new(export, number, counts_hours, wanted),
            controls: export.controls.ids().into_iter().map(of_control).collect(),
            no_control: Ledger::default(),
            groups_known: 0,
        }
    }
}

impl Run<'_> {
    /// Reads, judges and counts one chunk; returns its part of the case list.
    pub fn take_chunk<'s>(
        &'s self,
        worker: &mut Worker<'s>,
        chunk: Chunk<'_>,
        wanted: Wanted<'s>,
        render: Option<&Render<'_>>,
    ) -> Vec<u8> {
        if worker.groups.len() > MOST_GROUPS {
            return Vec::new();
        }
        let (mut rest, mut line, mut rendered) = (chunk.bytes, chunk.first_line, Vec::new());
        while !rest.is_empty() {
            let known = worker.faults.len();
            rendered.append(&mut self.with_export(worker, chunk.export, wanted, render, |reader, taker| {
                let (read, next) = reader.read(rest, line, &mut |row| taker.take(row));
                (rest, line) = (&rest[read..], next);
            }));
            self.take_rest(worker, chunk.export);
            let more = worker.faults.len() - known;
            if self.faults.fetch_add(more, Ordering::Relaxed) + more > MOST_FAULTS {
                worker.faults.only_count();
            }
        }
        rendered
    }

    /// Judges and counts rows of one export that were set aside; returns their part of the case list.
    pub fn resume<'s, 'r>(
        &'s self,
        worker: &mut Worker<'s>,
        rows: impl Iterator<Item = (&'r SetAside, &'r [u8], &'r GroupName)>,
        wanted: Wanted<'s>,
        render: Option<&Render<'_>>,
    ) -> Vec<u8> {
        let mut rows = rows.peekable();
        let Some(number) = rows.peek().map(|(row, ..)| row.place().export) else { return Vec::new() };
        self.with_export(worker, number, wanted, render, |reader, taker| {
            rows.for_each(|(row, id, group)| reader.resume(row, id, group, &mut |row| taker.take(row)));
        })
    }

    /// Lets `read` run on the rows of an export; returns their part of the case list.
    fn with_export<'s>(
        &'s self,
        worker: &mut Worker<'s>,
        number: usize,
        wanted: Wanted<'s>,
        render: Option<&Render<'_>>,
        read: impl FnOnce(&mut RowReader<'s>, &mut Taker<'_, 's>),
    ) -> Vec<u8> {
        let state = worker.exports.entry(number).or_insert_with(|| ExportState::new(self, number, wanted));
        let mut taker = Taker {
            export: (number, &self.exports[number]),
            as_of: self.as_of,
            of_export: &mut state.controls,
            of_run: &mut worker.controls,
            faults: &mut worker.faults,
            first_start: &mut worker.first_start,
            last_early: wanted.last_early,
            render,
            rendered: std::mem::take(&mut worker.room),
        };
        read(&mut state.reader, &mut taker);
        let rendered = taker.rendered;
        state.controls.iter_mut().for_each(|control| control.settle(&mut worker.controls[control.number]));
        rendered
    }

    /// Collects what the rows of a chunk show besides their cases.
    fn take_rest(&self, worker: &mut Worker<'_>, number: usize) {
        let state = worker.exports.get_mut(&number).expect("its rows were just read");
        let names = state.reader.groups.names();
        worker.groups.extend(names[state.groups_known..].iter().cloned());
        state.groups_known = names.len();
        let rows = &mut state.reader.rows;
        worker.faults.extend(rows.faults.drain(..));
        worker.set_aside.append(&mut rows.set_aside);
        let (last, rejected) = rows.rejected.split_last().expect("one for rows of no control");
        for (((control, rejected), left_out), hashes) in
            state.controls.iter_mut().zip(rejected).zip(&rows.left_out).zip(&rows.id_hashes)
        {
            control.ledger.rejected += rejected;
            control.ledger.filtered += left_out.filtered;
            control.ledger.void += left_out.void;
            hashes.iter().for_each(|hash| worker.hashes.push(*hash, *hash));
        }
        state.no_control.rejected += last;
        state.no_control.other_type += rows.other_type;
        match self.exports[number].controls {
            // In an export with one control, headings and totals belong to that control's ledger.
            Controls::One(_) => state.controls[0].ledger.no_case += rows.no_case,
            Controls::ByType { .. } => state.no_control.no_case += rows.no_case,
        }
        for (control, days) in rows.unjudged.drain(..) {
            // A row that cannot be cut into cells could belong to any control.
            let all = 0..state.controls.len();
            for index in control.map_or(all, |control| control..control + 1) {
                let ControlState { number, judging, .. } = &state.controls[index];
                worker.controls[*number].unjudged.add(months_of(days, judging.control, self.as_of));
            }
        }
    }
}

/// Takes the rows of one export.
struct Taker<'w, 'a> {
    export: (usize, &'a Export),
    as_of: Day,
    of_export: &'w mut [ControlState<'a>],
    of_run: &'w mut [Counted],
    faults: &'w mut Faults,
    first_start: &'w mut Option<Day>,
    /// The last of a few starts far before all others.
    last_early: Option<Day>,
    /// Renders the case list, if there is one.
    render: Option<&'w Render<'w>>,
    rendered: Vec<u8>,
}

impl Taker<'_, '_> {
    /// Judges a row, and counts it.
    fn take(&mut self, row: ReadRow<'_>) {
        let of_export = &mut self.of_export[row.control];
        let of_run = &mut self.of_run[of_export.number];
        let Judging { control, judge } = of_export.judging;
        let (number, export) = self.export;
        let place = Place { export: number, line: row.line };
        let case = &row.case;
        if self.first_start.is_none_or(|first| case.start < first) {
            *self.first_start = Some(case.start);
        }
        if let Some(person) = row.person {
            let case = PersonCase::new(person, case.start, case.end, place);
            of_run.persons.push(case.person() << 16, case);
        }
        let mut note = |code, column| self.faults.push(Fault { place, column, code, other: None });
        match judge.judge(case) {
            Ok(verdict) => {
                of_export.entries.push(Entry::new(row.group, case, &verdict));
                if of_export.entries.len() == Entry::AT_A_TIME {
                    of_export.settle(of_run);
                }
                of_run.whole.count_margin(case, &verdict, judge);
                *if verdict.cell.open() {
                    &mut of_export.ledger.open
                } else {
                    &mut of_export.ledger.counted
                } += 1;
                if judge.counts_hours() && lacks_time(case, &verdict) {
                    of_run.whole.judged_by_day += 1;
                }
                doubts(case, &verdict, control, export, &mut note);
                if Some(case.start) <= self.last_early {
                    note(FaultCode::EarlyStart, Some(export.columns.start[0].date));
                }
                if let Some(render) = self.render {
                    let case_id = &String::from_utf8_lossy(row.case_id);
                    let rule = &control.rule;
                    render(
                        &CaseRow { rule, case_id, group: row.group_name, case: *case, verdict, place },
                        &mut self.rendered,
                    );
                }
            }
            Err(why) => {
                let ledger = &mut of_export.ledger;
                *match why {
                    NotJudged::NotStarted => &mut ledger.not_started,
                    NotJudged::WithoutTime => &mut ledger.without_time,
                    _ => &mut ledger.rejected,
                } += 1;
                fault_of(why, export).into_iter().for_each(|(code, column)| note(code, column));
                if why != NotJudged::NotStarted {
                    of_run.unjudged.add(months_of(ReadDays::from(*case), control, self.as_of));
                }
            }
        }
    }
}

/// Whether a case lacks a time of day that a rule in hours needs.
fn lacks_time(case: &Case, verdict: &Verdict) -> bool {
    case.start_at.is_none() || verdict.ended.is_some() && case.end_at.is_none()
}

/// The fault of a row that cannot be judged, and its column; `None` if nothing is wrong with the row.
fn fault_of(why: NotJudged, export: &Export) -> Option<(FaultCode, Option<usize>)> {
    let columns = &export.columns;
    let (start, end) = (Some(columns.start[0].date), Some(columns.end[0].date));
    match why {
        NotJudged::NotStarted | NotJudged::WithoutTime => None,
        NotJudged::NotInForce => Some((FaultCode::NotInForce, start)),
        NotJudged::EndsBeforeStart => Some((FaultCode::EndBeforeStart, end)),
        NotJudged::MissingDue => Some((FaultCode::MissingDue, columns.due)),
        NotJudged::NoCalendar => Some((FaultCode::NoCalendar, start)),
    }
}

/// Notes what is doubtful about a judged case.
fn doubts(
    case: &Case,
    verdict: &Verdict,
    control: &Control,
    export: &Export,
    note: &mut impl FnMut(FaultCode, Option<usize>),
) {
    let columns = &export.columns;
    if control.extensions == Extensions::Honour {
        if let Some(column) = extension_before_start(case, columns) {
            note(FaultCode::ExtensionBeforeStart, column);
        } else if let Some(code) = doubt_of_extension(case, verdict.due) {
            note(code, columns.extension_decided);
        }
    }
    if control.rule.reference == Some(Clock::DueColumn) && case.due.is_none() {
        note(FaultCode::MissingReference, columns.due);
    }
}

/// The column of an extension, or of its decision, that lies before the case.
fn extension_before_start(case: &Case, columns: &Columns) -> Option<Option<usize>> {
    let extension = case.extension?;
    let decided = matches!(extension.decided, Decided::On(day) if day < case.start);
    match () {
        () if extension.to < case.start => Some(columns.extended_to),
        () if decided => Some(columns.extension_decided),
        () => None,
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
