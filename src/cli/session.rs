//! What the commands that read exports have in common: arguments become settings, and what is decided is said.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use super::options::{Format, Printing};
use super::terminal;
use crate::contribution::{Added, CONTRIBUTION_FILES, Contribution, add};
use crate::error::{Error, nearest};
use crate::findings::{Run, lacking};
use crate::gate::Gate;
use crate::ingest::files::{self, Kind};
use crate::ingest::manifest::{InputFile, InputKind};
use crate::ingest::{Input, Passed, paths};
use crate::language::Language;
use crate::period::PeriodKind;
use crate::pipeline::{CaseList, Judged, side_by_side};
use crate::project::{Asked, Settings};
use crate::text::{Texts, decisions, fill, notes};

/// A run, and how a command speaks of it.
pub struct Session {
    /// The run.
    pub run: Run,
    /// The words.
    pub texts: &'static Texts,
    /// How tables are printed and CSV is written.
    pub printing: Printing,
    /// What was decided, left out or passed over before judging.
    pub notes: Vec<String>,
}

/// What is added up.
pub struct Sum<'a> {
    /// The folders of the tallies.
    pub tallies: &'a [PathBuf],
    /// The settings of the sum's report.
    pub project: Option<&'a Path>,
    /// Numbers stand in place of the organisations' names.
    pub anonymous: bool,
    /// The folder that the manifest records paths from.
    pub recorded_from: &'a Path,
}

impl Session {
    /// Opens the input, reads the headings and settles the as-of date. `asked` is what the command has to say.
    /// `language` is set as soon as the project file has told it, so that later errors are in the right one.
    pub fn open(
        path: &Path,
        asked: Asked,
        format: Format,
        language: &mut Language,
    ) -> Result<Session, Error> {
        Session::begun(Session::look(Input::open(path)?, asked, format, language)?)
    }

    /// The session, if nothing is wrong; says what was decided.
    fn begun((session, errors): (Session, Vec<Error>)) -> Result<Session, Error> {
        if let Some(error) = errors.into_iter().next() {
            return Err(error);
        }
        session.notes.iter().for_each(|note| terminal::tell(note));
        decisions(&session.run.exports, session.texts).iter().for_each(|said| terminal::tell(said));
        Ok(session)
    }

    /// As [`Session::open`], for a report on an input that may be a plan and a list of risks without exports: says first
    /// who it is for.
    pub fn open_for_report(
        input: Input,
        asked: Asked,
        format: Format,
        language: &mut Language,
    ) -> Result<Session, Error> {
        let input = Session::asked_of(input, asked, language);
        tell_edition(&input.settings, Texts::of(*language));
        Session::begun(Session::look_at(input, format)?)
    }

    /// As [`Session::open_for_report`], but with the exports that can be read, and what is wrong with each of the
    /// others.
    pub fn look(
        input: Input,
        asked: Asked,
        format: Format,
        language: &mut Language,
    ) -> Result<(Session, Vec<Error>), Error> {
        Session::look_at(Session::asked_of(input, asked, language), format)
    }

    fn asked_of(mut input: Input, asked: Asked, language: &mut Language) -> Input {
        input.settings.put(asked);
        *language = input.settings.language;
        input
    }

    fn look_at(input: Input, format: Format) -> Result<(Session, Vec<Error>), Error> {
        let language = input.settings.language;
        let texts = Texts::of(language);
        let (run, errors) = with_progress(texts, |progress| Run::look(input, progress))?;
        if let Some(seeming) = &run.seeming {
            let said = notes::as_of(seeming, run.settings().period, texts);
            said.iter().for_each(|said| terminal::tell(said));
        }
        let notes = notes_before(&run, texts)?;
        let printing = Printing { csv: run.settings().csv, language, format };
        Ok((Session { run, texts, printing, notes }, errors))
    }

    /// Adds up tallies in place of reading exports.
    pub fn adding(
        sum: &Sum<'_>,
        asked: Asked,
        format: Format,
        language: &mut Language,
    ) -> Result<(Session, Judged), Error> {
        let Sum { tallies, project, anonymous, recorded_from } = *sum;
        let mut input = project.map(Input::of_settings).transpose()?.unwrap_or_default();
        input.settings.put(asked);
        input.recorded_from = Some(recorded_from.to_owned());
        *language = input.settings.language;
        let texts = Texts::of(*language);
        tell_edition(&input.settings, texts);
        let (rulebook, rulebooks) = input.digested_rulebook()?;
        let printing = Printing { csv: input.settings.csv, language: *language, format };
        let threads = input.settings.threads.0;
        let read = side_by_side(threads, tallies.iter(), |path| Contribution::read(path, &rulebook));
        let mut added = add(read.into_iter().collect::<Result<_, Error>>()?, &rulebook)?;
        fit_periods(&mut input.settings, &added, texts)?;
        if anonymous {
            let width = added.contributors.len().to_string().len();
            added =
                added.anonymous(|number| fill!(texts, "add.number", number = format!("{number:0width$}")));
        }
        let mut files: Vec<InputFile> = input.project()?.into_iter().chain(rulebooks).collect();
        if !anonymous {
            files.extend(files_of(tallies, &input)?);
        }
        let (run, judged) = Run::of_tallies(input, rulebook, added, files);
        Ok((Session { run, texts, printing, notes: Vec::new() }, judged))
    }

    /// Reads and judges every export.
    pub fn judge(&self, cases: Option<CaseList<'_>>) -> Result<Judged, Error> {
        // What is refused may be refused because it names people, and the notes name groups.
        let judged = with_progress(self.texts, |progress| self.run.judge(cases, progress))?;
        self.notes_after(&judged).iter().for_each(|note| terminal::tell(note));
        Ok(judged)
    }

    /// As [`Session::judge`], with everything that forbids a report.
    pub fn judge_all(&self) -> Result<(Judged, Vec<Error>), Error> {
        with_progress(self.texts, |progress| self.run.judge_all(None, progress))
    }

    /// What judging showed.
    pub fn notes_after(&self, judged: &Judged) -> Vec<String> {
        notes::after_judging(
            &self.run.exports,
            &self.run.controls,
            judged,
            self.run.settings(),
            self.run.as_of,
            self.texts,
        )
    }

    /// What everything that is written passes through.
    pub fn gate(&self) -> Gate {
        Gate::new(&self.run.settings().accept)
    }

    /// Refuses a control that no export is judged by.
    pub fn refuse_unknown(&self, control: &str) -> Result<(), Error> {
        let known: Vec<String> = self.run.controls.iter().map(|it| it.rule.id.clone()).collect();
        if known.iter().any(|id| id == control) {
            return Ok(());
        }
        let suggestion = nearest(control, known.iter().map(String::as_str));
        Err(Error::UnknownRule { id: control.to_owned(), known, suggestion })
    }

    /// Refuses to write a list over what is read, or over any file but an earlier list.
    pub fn refuse_to_lose(&self, output: &Path) -> Result<(), Error> {
        let exports = self.run.exports.iter().map(|export| export.path.clone());
        let rulebook = self.run.input.settings.rulebook.as_ref().map(|path| self.run.input.folder.join(path));
        let lists = self.run.input.plan_file()?.into_iter().chain(self.run.input.risks_file()?);
        for input in exports.chain(self.run.input.project_file.clone()).chain(rulebook).chain(lists) {
            if paths::are_the_same(&input, output)? {
                let file = output.to_string_lossy().into_owned();
                return Err(Error::ForeignOutput { path: output.into(), file });
            }
        }
        match files::at(output) {
            Ok(Some(Kind::File)) if !files::is_own_list(output)? => {
                Err(Error::UnusableOutput { path: output.into(), problem: "other-file" })
            }
            // What else may stand there is refused where the file is begun.
            _ => Ok(()),
        }
    }
}

/// Says who a report is for.
fn tell_edition(settings: &Settings, texts: &Texts) {
    terminal::tell(texts.get(&format!("terminal.edition-{}", settings.edition.id())));
}

/// The files of tallies.
fn files_of(tallies: &[PathBuf], input: &Input) -> Result<Vec<InputFile>, Error> {
    let mut files = Vec::new();
    for folder in tallies {
        let recorded = input.recorded_argument(folder)?;
        for name in CONTRIBUTION_FILES {
            let path = folder.join(name);
            if files::is_there(&path)? {
                let (path, sha256) = (format!("{recorded}/{name}"), files::sha256_of(&path)?);
                files.push(InputFile::read(InputKind::Tally, path, sha256));
            }
        }
    }
    Ok(files)
}

/// Refuses periods that cannot be made of those of a coarse tally, and makes the points of trends fit.
fn fit_periods(settings: &mut Settings, added: &Added, texts: &Texts) -> Result<(), Error> {
    let fits = |kind: PeriodKind| added.coarse().all(|(.., coarse)| kind.consists_of(coarse.period));
    let mut unfit = added.coarse().filter(|(.., coarse)| !settings.period.consists_of(coarse.period));
    if let Some((organisation, control, coarse)) = unfit.next() {
        let wanted = PeriodKind::ALL.into_iter().find(|kind| fits(*kind)).unwrap_or(PeriodKind::Year);
        let period = texts.get(&format!("period.kind-{}", coarse.period.id()));
        let wanted = wanted.id();
        let reason = fill!(texts, "usage.coarse-period", organisation, control, period, wanted);
        return Err(Error::Usage { reason });
    }
    if !fits(settings.trend.period) {
        if settings.has_dated_trends() {
            let reason = fill!(texts, "usage.coarse-trend", period = settings.period.id());
            return Err(Error::Usage { reason });
        }
        settings.trend.period = settings.period;
    }
    Ok(())
}

/// Shows how far a reading has come.
fn with_progress<T>(texts: &Texts, work: impl FnOnce(&(dyn Fn(Passed) + Sync)) -> T) -> T {
    let (bar, lines) = (terminal::progress(), AtomicU64::new(0));
    let result = work(&|passed| match passed {
        Passed::Begin(bytes) => bar.set_length(bytes),
        Passed::Bytes(bytes) => bar.inc(bytes),
        Passed::Lines(more) => {
            let lines = lines.fetch_add(more, Ordering::Relaxed) + more;
            bar.set_message(fill!(texts, "terminal.reading", lines = texts.count(lines)));
        }
    });
    bar.finish_and_clear();
    result
}

/// What is known before the first case is judged.
fn notes_before(run: &Run, texts: &Texts) -> Result<Vec<String>, Error> {
    let lacking = lacking(run.settings(), &run.exports).into_iter();
    let some = lacking.filter(|(.., without)| !without.is_empty() && without.len() < run.exports.len());
    let ungrouped = some.map(|(_, column, without)| notes::not_grouped(column, &without, texts));
    let own = run.input.own_outputs()?;
    let overlooked = run.input.overlooked(&run.exports);
    let before = notes::before_judging(&run.exports, &own, &run.unread, texts);
    Ok(ungrouped.chain(before).chain(notes::overlooked(&overlooked, texts)).collect())
}
