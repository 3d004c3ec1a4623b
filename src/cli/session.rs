//! What the commands that read exports have in common: from arguments to judged cases.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use super::{Global, Printing, terminal};
use crate::analysis::{ControlFindings, Facts, LedgerLine, Question, analyse, publish, publish_ledger};
use crate::date::{Day, LAST_INPUT_DAY};
use crate::error::{Error, Flaw, nearest};
use crate::findings::{Edition, Findings, Internal, LedgerEntry, Published};
use crate::gate::Gate;
use crate::ingest::files::Kind;
use crate::ingest::{Export, Form, GroupedBy, Input, Ledger, Passed, files, shown};
use crate::language::Language;
use crate::period::PeriodKind;
use crate::pipeline::{
    CaseList, Control, Judged, Options, judge_exports, personal_case_numbers, seeming_as_of, singling_out,
    unusable,
};
use crate::plan::register::Risk;
use crate::plan::{Plan, RiskSettings};
use crate::project::ControlSettings;
use crate::report::Provenance;
use crate::rulebook::{Clock, Rulebook};
use crate::text::{Texts, decisions, flaw_sentence, notes};

/// Everything that is known before the first case is judged.
pub struct Session {
    pub texts: &'static Texts,
    pub input: Input,
    pub rulebook: Rulebook,
    pub exports: Vec<Export>,
    pub controls: Vec<Control>,
    pub as_of: Day,
    pub kind: PeriodKind,
    pub provenance: Provenance,
    pub plan: Option<Plan>,
    pub risks: Option<Vec<Risk>>,
    smallest_group: u64,
    /// The exports under numbers in place of names, for everyone.
    numbered: OnceCell<Vec<Export>>,
    pub threads: usize,
    /// What was decided, left out or passed over before judging.
    pub notes: Vec<String>,
    /// How tables are printed and CSV is written.
    pub printing: Printing,
}

/// What a command says in place of the project file.
#[derive(Default)]
pub struct Overrides {
    /// The length of the periods.
    pub period: Option<PeriodKind>,
    /// What cases are grouped by.
    pub grouped_by: Option<GroupedBy>,
    /// Groups with fewer cases are taken together.
    pub smallest_group: Option<u64>,
    /// Clocks in place of the rules' own.
    pub clocks: Option<Clocks>,
}

/// Clocks to judge by in place of the rules' own.
pub struct Clocks {
    /// Of this control alone.
    pub control: Option<String>,
    /// The lawful clock.
    pub method: Option<Clock>,
    /// The reference.
    pub reference: Option<Clock>,
}

impl From<Option<PeriodKind>> for Overrides {
    fn from(period: Option<PeriodKind>) -> Overrides {
        Overrides { period, ..Overrides::default() }
    }
}

/// The rulebook of a command that reads no exports.
pub fn rulebook_of(global: &Global) -> Result<Rulebook, Error> {
    Input::default().rulebook(global.rulebook.as_deref())
}

impl Session {
    /// Opens the input, reads the headings and settles the as-of date. `language` is set as soon as the
    /// project file has told it, so that later errors are in the right one.
    pub fn open(
        path: &Path,
        overrides: impl Into<Overrides>,
        global: &Global,
        language: &mut Language,
    ) -> Result<Session, Error> {
        let (session, errors) = Session::look(path, overrides, global, language)?;
        if let Some(error) = errors.into_iter().next() {
            return Err(error);
        }
        session.notes.iter().for_each(|note| terminal::tell(note));
        decisions(&session.exports, session.texts).iter().for_each(|said| terminal::tell(said));
        Ok(session)
    }

    /// As [`Session::open`], but with the exports that can be read, and what is wrong with each of the
    /// others.
    pub fn look(
        path: &Path,
        overrides: impl Into<Overrides>,
        global: &Global,
        language: &mut Language,
    ) -> Result<(Session, Vec<Error>), Error> {
        let overrides = overrides.into();
        let mut input = Input::open(path)?;
        input.encoding = global.encoding;
        input.grouped_by = overrides.grouped_by;
        input.settings.period = overrides.period.unwrap_or(input.settings.period);
        if let (None, Some(of_project)) = (global.lang, input.settings.language) {
            *language = of_project;
        }
        let texts = Texts::of(*language);
        let (mut rulebook, rulebooks_sha256) = input.digested_rulebook(global.rulebook.as_deref())?;
        apply_settings(&mut rulebook, &input, overrides.clocks.as_ref());
        let (mut exports, mut errors) = (Vec::new(), Vec::new());
        for (_, looked) in input.look_at_each(&rulebook)? {
            match looked {
                Ok(found) => exports.extend(found),
                Err(error) => errors.push(error),
            }
        }
        let unread = input.unread(&exports, &errors);
        let notes = notes::before_judging(&exports, &input.own_outputs()?, &unread, texts);
        let controls = controls_of(&exports, &input, &rulebook).map_err(|flaw| match overrides.clocks {
            Some(_) => Error::Usage { reason: flaw_sentence(&flaw, texts) },
            None => Error::UnusableProject {
                path: input.project_file.clone().unwrap_or_default(),
                flaw: Box::new(flaw),
            },
        })?;
        errors.extend(ungrouped(&input, &exports, texts));
        let threads = match global.threads {
            Some(threads) => usize::from(threads),
            None => std::thread::available_parallelism().map_or(1, usize::from),
        };
        let mut session = Session {
            texts,
            kind: input.settings.period,
            provenance: Provenance {
                project_sha256: input.project_sha256.clone(),
                rulebooks_sha256,
                ..Provenance::default()
            },
            plan: None,
            risks: None,
            rulebook,
            exports,
            controls,
            as_of: Day(0),
            smallest_group: overrides.smallest_group.unwrap_or(input.settings.smallest_group),
            numbered: OnceCell::new(),
            threads,
            notes,
            printing: Printing {
                csv: global.csv.unwrap_or(input.settings.csv),
                language: *language,
                ..global.printing()
            },
            input,
        };
        session.as_of = match global.as_of.or(session.input.settings.as_of) {
            Some(day) => day,
            None if session.exports.is_empty() => LAST_INPUT_DAY,
            None => session.guess_as_of()?,
        };
        Ok((session, errors))
    }

    fn guess_as_of(&self) -> Result<Day, Error> {
        // Without a row that can be read, judging says better why.
        let Some(guess) = self.with_progress(|options| seeming_as_of(&self.exports, options))? else {
            return Ok(LAST_INPUT_DAY);
        };
        notes::as_of(&guess, self.kind, self.texts).iter().for_each(|said| terminal::tell(said));
        Ok(guess.day)
    }

    fn with_progress<T>(&self, work: impl FnOnce(&Options<'_>) -> Result<T, Error>) -> Result<T, Error> {
        let bytes = self.exports.iter().map(|export| export.original.length()).sum();
        let (bar, lines) = (terminal::progress(bytes), AtomicU64::new(0));
        let tell = |passed| match passed {
            Passed::Bytes(bytes) => bar.inc(bytes),
            Passed::Lines(more) => {
                let lines = lines.fetch_add(more, Ordering::Relaxed) + more;
                bar.set_message(self.texts.fill("terminal.reading", &[("lines", &self.texts.count(lines))]));
            }
        };
        let result = work(&Options { threads: self.threads, progress: &tell });
        bar.finish_and_clear();
        result
    }

    /// Reads and judges every export.
    pub fn judge(&self, cases: Option<CaseList<'_>>) -> Result<Judged, Error> {
        let (judged, errors) = self.judge_all(cases)?;
        // What is refused may be refused because it names people, and the notes name groups.
        if let Some(error) = errors.into_iter().next() {
            return Err(error);
        }
        notes::after_judging(&self.exports, &self.controls, &judged, self.texts)
            .iter()
            .for_each(|note| terminal::tell(note));
        Ok(judged)
    }

    /// As [`Session::judge`], with everything that forbids a report.
    pub fn judge_all(&self, cases: Option<CaseList<'_>>) -> Result<(Judged, Vec<Error>), Error> {
        let shows_numbers = cases.as_ref().is_some_and(|list| list.shows_numbers);
        let mut judged = self.with_progress(|options| {
            judge_exports(&self.exports, &self.controls, self.as_of, options, cases)
        })?;
        let mut errors = unusable(&self.exports, &judged, self.as_of);
        if shows_numbers {
            errors.extend(personal_case_numbers(&self.exports, &judged, &self.input.settings.accept));
        }
        // The names of such groups may be of people, and `frist check` goes on to tell which it joined.
        if errors.iter().any(|error| matches!(error, Error::UnsuitableGroup { .. })) {
            judged.joined_names.clear();
        }
        Ok((judged, errors))
    }

    /// What everything that is written passes through.
    pub fn gate(&self) -> Gate {
        Gate::new(&self.input.settings.accept)
    }

    /// Refuses to write a list over what is read, or over any file but an earlier list.
    pub fn refuse_to_lose(&self, output: &Path) -> Result<(), Error> {
        let exports = self.exports.iter().map(|export| export.path.clone());
        let rulebook = self.input.settings.rulebook.as_ref().map(|path| self.input.folder.join(path));
        let lists = self.input.plan_file()?.into_iter().chain(self.input.risks_file()?);
        let mut inputs = exports.chain(self.input.project_file.clone()).chain(rulebook).chain(lists);
        if inputs.any(|input| files::are_the_same(&input, output)) {
            let file = output.to_string_lossy().into_owned();
            return Err(Error::ForeignOutput { path: output.into(), file });
        }
        match files::at(output) {
            Ok(Some(Kind::File)) if !files::is_own_list(output)? => {
                Err(Error::UnusableOutput { path: output.into(), problem: "other-file" })
            }
            // What else may stand there is refused where the file is begun.
            _ => Ok(()),
        }
    }

    /// The headings of the columns that a control's cases are grouped by, from the
    /// first of its exports that has the most of them.
    fn group_columns(&self, control: &str) -> Vec<String> {
        let of_control = self.exports.iter().filter(|export| export.controls.ids().contains(&control));
        let grouped = of_control.filter_map(|export| Some((export, export.columns.group?)));
        let columns = grouped.map(|(export, group)| {
            let headings = shown(&export.headings);
            let columns = [Some(group), export.columns.subgroup];
            columns.into_iter().flatten().map(|column| headings[column].clone()).collect()
        });
        columns
            .reduce(|first: Vec<String>, next| if next.len() > first.len() { next } else { first })
            .unwrap_or_default()
    }

    /// Reads the plan of internal control and the list of risks, where there are any.
    pub fn read_plan(&mut self) -> Result<(), Error> {
        if let Some((plan, sha256)) = self.input.plan(&self.rulebook)? {
            (self.plan, self.provenance.plan_sha256) = (Some(plan), Some(sha256));
        }
        let usual = RiskSettings::default();
        let settings = self.plan.as_ref().map_or(&usual, |plan| &plan.risks);
        if let Some((risks, sha256)) = self.input.risks(settings)? {
            (self.risks, self.provenance.risks_sha256) = (Some(risks), Some(sha256));
        }
        Ok(())
    }

    /// Analyses what was judged, for the inside.
    pub fn findings<'a>(&'a self, judged: &'a Judged) -> Findings<'a> {
        self.analysed(judged, None)
    }

    /// Analyses what was judged; for publication with groups of at least so many cases.
    fn analysed<'a>(&'a self, judged: &'a Judged, smallest_published: Option<u64>) -> Findings<'a> {
        let facts = Facts::of(self.controls.iter().map(|Control { rule, .. }| {
            (rule, self.group_columns(&rule.id).len(), &judged.tallies[&rule.id])
        }));
        let (mut controls, mut details) = (Vec::new(), BTreeMap::new());
        for control in &self.controls {
            let settings = self.input.settings.of_control(&control.rule.id);
            let question = self.question(control, &settings, judged, smallest_published);
            let (findings, detail) = analyse(&facts, &judged.tallies[&control.rule.id], &question);
            controls.push(findings);
            details.insert(control.rule.id.clone(), detail);
        }
        let ledger = judged.inputs.iter().map(|entry| LedgerEntry {
            export: entry.export,
            control: entry.control.clone(),
            line: entry.ledger.into(),
        });
        Findings {
            settings: &self.input.settings,
            as_of: self.as_of,
            exports: &self.exports,
            digests: &judged.digests,
            judged_by: &self.controls,
            controls,
            ledger: ledger.collect(),
            rulebook_version: &self.rulebook.version,
            plan: self.plan.clone(),
            risks: self.risks.as_deref(),
            risk_settings: self.plan.as_ref().map(|plan| plan.risks.clone()).unwrap_or_default(),
            edition: Edition::Internal(Internal { judged, facts, details }),
        }
    }

    /// The same for publication: without numbers smaller than the project allows, and those that would tell them, and
    /// without names of files, which people's can be.
    ///
    /// # Errors
    /// [`Error::UnsuitableGroup`] when the groups could be people.
    pub fn published<'a>(&'a self, judged: &'a Judged) -> Result<Findings<'a>, Error> {
        if let Some(error) = singling_out(&self.exports, judged).into_iter().next() {
            return Err(error);
        }
        let smallest = self.input.settings.report.smallest_published;
        let mut findings = self.analysed(judged, Some(smallest));
        findings.exports = self.numbered.get_or_init(|| numbered(&self.exports, self.texts));
        let mut lines: Vec<LedgerLine> =
            judged.inputs.iter().map(|entry| publish_ledger(entry.ledger, smallest)).collect();
        let mut controls: Vec<ControlFindings> = Vec::new();
        for (control, findings) in self.controls.iter().zip(&findings.controls) {
            let settings = self.input.settings.of_control(&control.rule.id);
            let question = self.question(control, &settings, judged, Some(smallest));
            let own: Vec<(usize, Ledger)> = (0..)
                .zip(&judged.inputs)
                .filter(|(_, entry)| entry.control.as_ref() == Some(&control.rule.id))
                .map(|(place, entry)| (place, entry.ledger))
                .collect();
            let ledgers: Vec<Ledger> = own.iter().map(|(_, ledger)| *ledger).collect();
            let (published, shown) = publish(findings, &ledgers, &question, smallest);
            own.iter().zip(shown).for_each(|((place, _), line)| lines[*place] = line);
            controls.push(published);
        }
        findings.controls = controls;
        findings.edition = Edition::Published(Published { smallest });
        // The rows of a file that is read for several controls would tell what each of them hides.
        let is_shared = |export| judged.inputs.iter().filter(|entry| entry.export == export).count() > 1;
        for (entry, line) in findings.ledger.iter_mut().zip(lines) {
            entry.line = if is_shared(entry.export) { LedgerLine::default() } else { line };
        }
        findings.plan = findings.plan.map(|plan| plan.published(smallest));
        Ok(findings)
    }

    fn question<'a>(
        &'a self,
        control: &'a Control,
        settings: &'a ControlSettings,
        judged: &Judged,
        smallest_published: Option<u64>,
    ) -> Question<'a> {
        let project = &self.input.settings;
        Question {
            control,
            settings,
            reported: &project.reported,
            trend: project.trend,
            rebases: &project.rebases,
            columns: self.group_columns(&control.rule.id),
            smallest_group: self.smallest_group.max(smallest_published.unwrap_or_default()),
            hides_lone_group: smallest_published.is_some(),
            as_of: self.as_of,
            kind: self.kind,
            rejected: judged.rejected(&control.rule.id, &self.exports),
            unjudged: judged.unjudged.get(&control.rule.id).cloned().unwrap_or_default(),
            without_time: judged.without_time(&control.rule.id),
        }
    }
}

/// The exports with numbers in place of the names of files and sheets, in the order in which they are read.
fn numbered(exports: &[Export], texts: &Texts) -> Vec<Export> {
    let number = |place: usize| (place + 1).to_string();
    let (mut files, mut sheets): (Vec<&Path>, Vec<(&Path, &str)>) = (Vec::new(), Vec::new());
    let mut all = exports.to_vec();
    for (export, numbered) in exports.iter().zip(&mut all) {
        let file = place_in(&mut files, export.path.as_path());
        numbered.name = texts.fill("report.file-number", &[("number", &number(file))]);
        if let (Some(own), Form::Sheet { name, .. }) = (export.form.own_sheet(), &mut numbered.form) {
            place_in(&mut sheets, (export.path.as_path(), own));
            let mut of_file = sheets.iter().filter(|(path, _)| *path == export.path);
            let sheet = of_file.position(|(_, sheet)| *sheet == own).unwrap_or_default();
            *name = texts.fill("report.sheet-number", &[("number", &number(sheet))]);
        }
    }
    all
}

/// The place of a thing in a list, to which it is added when it is new.
fn place_in<T: PartialEq>(list: &mut Vec<T>, thing: T) -> usize {
    list.iter().position(|known| *known == thing).unwrap_or_else(|| {
        list.push(thing);
        list.len() - 1
    })
}

/// Why cases cannot be grouped as the command wants: no file has the column. That some lack it is said.
fn ungrouped(input: &Input, exports: &[Export], texts: &Texts) -> Option<Error> {
    let names = input.grouped_by.as_ref()?;
    for (role, name) in [("--group", Some(&names.group)), ("--subgroup", names.subgroup.as_ref())] {
        let Some(name) = name else { continue };
        let is_without = |export: &&Export| match role {
            "--group" => export.columns.group.is_none(),
            _ => export.columns.subgroup.is_none(),
        };
        let without: Vec<&Export> = exports.iter().filter(is_without).collect();
        if without.len() == exports.len() {
            let first = exports.first()?;
            let found = shown(&first.headings);
            let suggestion = nearest(name, found.iter().map(String::as_str));
            let (path, named) = (first.path.clone(), Some(name.clone()));
            return Some(Error::MissingColumn { path, role, named, suggestion, found });
        }
        if !without.is_empty() {
            terminal::tell(&notes::not_grouped(name, &without, texts));
        }
    }
    None
}

/// Puts the project's settings into its rules, and then what the command says. It is done before headings are
/// read: whether a column of due dates is needed depends on the clocks.
fn apply_settings(rulebook: &mut Rulebook, input: &Input, clocks: Option<&Clocks>) {
    for rule in &mut rulebook.rules {
        let settings = input.settings.of_control(&rule.id);
        *rule = rule.with_clocks(None, settings.reference);
        rule.cohort = settings.cohort.unwrap_or(rule.cohort);
        rule.roll = settings.roll.unwrap_or(rule.roll);
        let is_meant = |clocks: &&Clocks| clocks.control.as_ref().is_none_or(|id| *id == rule.id);
        if let Some(clocks) = clocks.filter(is_meant) {
            *rule = rule.with_clocks(clocks.method, clocks.reference);
        }
    }
}

/// The controls that have an export, in the order of the rulebook, with the project's settings.
fn controls_of(exports: &[Export], input: &Input, rulebook: &Rulebook) -> Result<Vec<Control>, Flaw> {
    let used = |id: &str| exports.iter().any(|export| export.controls.ids().contains(&id));
    let rules = rulebook.rules.iter().filter(|rule| used(&rule.id));
    let project = &input.settings;
    rules
        .map(|rule| {
            rule.check()?;
            let settings = project.of_control(&rule.id);
            Ok(Control {
                rule: rule.clone(),
                extensions: settings.extensions.unwrap_or(project.extensions),
                without_times: settings.without_times.unwrap_or(project.without_times),
            })
        })
        .collect()
}
