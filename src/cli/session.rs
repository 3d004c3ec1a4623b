//! What the commands that read exports have in common: arguments become settings, and what is decided is said.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use super::notes;
use super::{Global, Printing, terminal};
use crate::date::Day;
use crate::encoding::Encoding;
use crate::error::Error;
use crate::findings::Run;
use crate::gate::Gate;
use crate::ingest::files::{self, Kind};
use crate::ingest::{Export, Form, Input, Passed, shown};
use crate::language::Language;
use crate::period::period_that_ends_soon;
use crate::pipeline::{CaseList, Judged};
use crate::project::Asked;
use crate::report::tables;
use crate::text::Texts;

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

impl Session {
    /// Opens the input, reads the headings and settles the as-of date. `asked` is what the command has to say beside
    /// `global`. `language` is set as soon as the project file has told it, so that later errors are in the right one.
    pub fn open(
        path: &Path,
        asked: Asked,
        global: &Global,
        language: &mut Language,
    ) -> Result<Session, Error> {
        let (session, errors) = Session::look(path, asked, global, language)?;
        if let Some(error) = errors.into_iter().next() {
            return Err(error);
        }
        session.notes.iter().for_each(|note| terminal::tell(note));
        tell_of_decisions(&session.run.exports, session.texts);
        Ok(session)
    }

    /// As [`Session::open`], but with the exports that can be read, and what is wrong with each of the
    /// others.
    pub fn look(
        path: &Path,
        asked: Asked,
        global: &Global,
        language: &mut Language,
    ) -> Result<(Session, Vec<Error>), Error> {
        let mut input = Input::open(path)?;
        input.settings.put(global.asked(asked));
        *language = input.settings.language;
        let texts = Texts::of(*language);
        let (run, errors) = with_progress(texts, |progress| Run::look(input, progress))?;
        tell_of_as_of(&run, texts);
        let notes = notes::before_judging(&run, &errors, texts)?;
        let printing = Printing { csv: run.settings().csv, language: *language, format: global.format };
        Ok((Session { run, texts, printing, notes }, errors))
    }

    /// Reads and judges every export.
    pub fn judge(&self, cases: Option<CaseList<'_>>) -> Result<Judged, Error> {
        // What is refused may be refused because it names people, and the notes name groups.
        let judged = with_progress(self.texts, |progress| self.run.judge(cases, progress))?;
        notes::after_judging(self, &judged).iter().for_each(|note| terminal::tell(note));
        Ok(judged)
    }

    /// As [`Session::judge`], with everything that forbids a report.
    pub fn judge_all(&self) -> Result<(Judged, Vec<Error>), Error> {
        with_progress(self.texts, |progress| self.run.judge_all(None, progress))
    }

    /// What everything that is written passes through.
    pub fn gate(&self) -> Gate {
        Gate::new(&self.run.settings().accept)
    }

    /// Refuses to write a list over what is read, or over any file but an earlier list.
    pub fn refuse_to_lose(&self, output: &Path) -> Result<(), Error> {
        let exports = self.run.exports.iter().map(|export| export.path.clone());
        let rulebook = self.run.input.settings.rulebook.as_ref().map(|path| self.run.input.folder.join(path));
        let lists = self.run.input.plan_file()?.into_iter().chain(self.run.input.risks_file()?);
        let mut inputs = exports.chain(self.run.input.project_file.clone()).chain(rulebook).chain(lists);
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
}

/// Shows how far a reading has come.
fn with_progress<T>(texts: &Texts, work: impl FnOnce(&(dyn Fn(Passed) + Sync)) -> T) -> T {
    let (bar, lines) = (terminal::progress(), AtomicU64::new(0));
    let result = work(&|passed| match passed {
        Passed::Begin(bytes) => bar.set_length(bytes),
        Passed::Bytes(bytes) => bar.inc(bytes),
        Passed::Lines(more) => {
            let lines = lines.fetch_add(more, Ordering::Relaxed) + more;
            bar.set_message(texts.fill("terminal.reading", &[("lines", &texts.count(lines))]));
        }
    });
    bar.finish_and_clear();
    result
}

/// Says which as-of date the exports showed, where nobody gave one.
fn tell_of_as_of(run: &Run, texts: &Texts) {
    let Some(seeming) = &run.seeming else { return };
    let text = |day: Option<Day>| day.map_or(texts.get("table.none").to_owned(), |day| day.to_string());
    let as_of = seeming.day.to_string();
    let values = [("as_of", &*as_of), ("start", &text(seeming.last_start)), ("end", &text(seeming.last_end))];
    terminal::tell(&texts.fill("terminal.as-of-guessed", &values));
    if !seeming.edge.beyond.is_empty() {
        let days: Vec<String> = seeming.edge.beyond.iter().map(|(day, _)| day.to_string()).collect();
        let values = [("as_of", &*as_of), ("days", &days.join(", "))];
        terminal::tell(&texts.fill("terminal.as-of-beyond", &values));
    }
    if let Some((period, end)) = period_that_ends_soon(seeming.day, run.settings().period) {
        let values = [("as_of", &*as_of), ("period", &texts.period(period)), ("end", &end.to_string())];
        terminal::tell(&texts.fill("terminal.as-of-period", &values));
    }
}

/// What was decided about a file and is not the usual is said, so that it can be put right.
fn tell_of_decisions(exports: &[Export], texts: &Texts) {
    let mut told = None;
    for export in exports {
        let usual = match export.form {
            Form::Text { encoding, .. } => encoding == Encoding::Utf8,
            Form::Sheet { .. } => true,
        };
        let usual = usual
            && export.header_line == 1
            && export.written.iter().all(|written| written.told.is_empty())
            && export.columns.start.iter().chain(&export.columns.end).all(|when| when.time.is_none());
        if usual || told == Some((&export.path, &export.form)) {
            continue;
        }
        told = Some((&export.path, &export.form));
        let formats = export.columns.dates().filter_map(|(_, column)| {
            let written = &export.written[column];
            (!written.told.is_empty())
                .then(|| format!("{} = {}", shown(&export.headings)[column], written.ids()))
        });
        let joined = export.columns.start.iter().chain(&export.columns.end).filter_map(|when| {
            let headings = shown(&export.headings);
            Some(format!("{} + {}", headings[when.date], headings[when.time?]))
        });
        let parts: Vec<String> =
            std::iter::once(tables::reading(export, texts)).chain(formats).chain(joined).collect();
        let values = [("file", export.name.as_str()), ("reading", &parts.join(", "))];
        terminal::tell(&texts.fill("terminal.read-as", &values));
    }
}
