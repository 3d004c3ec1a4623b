//! Settings: what a run goes by, resolved once.

use std::ops::Range;
use std::path::PathBuf;

use super::{
    CsvStyle, Edition, Form, Note, PictureFile, Rebase, ReportSettings, Selection, Source, TrendSettings,
};
use crate::date::Day;
use crate::encoding::Encoding;
use crate::error::Flaw;
use crate::judge::{Extensions, WithoutTimes};
use crate::language::Language;
use crate::period::{Period, PeriodKind};
use crate::rulebook::{Clock, Cohort, Roll, Rulebook};

/// A figure from an earlier report.
#[derive(Debug, Clone, PartialEq)]
pub struct Reported {
    /// The control.
    pub control: String,
    /// The period it is for.
    pub period: Period,
    /// What was reported.
    pub figure: ReportedFigure,
    /// The method it was counted by.
    pub method: String,
    /// Where it was reported.
    pub source: String,
}

/// What an earlier report gave.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ReportedFigure {
    /// The share alone, 0–1.
    Share(f64),
    /// Cases and deviations.
    Counts {
        /// Judged cases.
        cases: u64,
        /// Deviations among them.
        deviations: u64,
    },
}

/// What the project file says of one control.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ControlSettings {
    /// The control.
    pub id: String,
    /// The share to stay at or below, 0–1.
    pub target: Option<f64>,
    /// The share from which deviations are severe, 0–1.
    pub severe_at: Option<f64>,
    /// Another cohort than the rule's.
    pub cohort: Option<Cohort>,
    /// Another reading of 2 § than the rule's.
    pub roll: Option<Roll>,
    /// Another reference method than the rule's.
    pub reference: Option<Clock>,
    /// Whether extensions count for this control.
    pub extensions: Option<Extensions>,
    /// What becomes of its cases without a time of day, when its rule counts hours.
    pub without_times: Option<WithoutTimes>,
    /// How the cases of its exports were chosen; told from their days without it.
    pub cases: Option<Selection>,
    /// The last period that the limits of its trend are made from, when later ones are not to move them.
    pub freeze: Option<Period>,
}

/// What a run goes by: what a command says, over the project file, over what is usual.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Settings {
    /// The municipality's or committee's name.
    pub organisation: Option<String>,
    /// The as-of date; without one the exports show it.
    pub as_of: Option<Day>,
    /// The length of the periods.
    pub period: PeriodKind,
    /// The language.
    pub language: Language,
    /// Who the report is for.
    pub edition: Edition,
    /// A rulebook to put on top of the built-in one, relative to the project file.
    pub rulebook: Option<PathBuf>,
    /// A rulebook on top of both, relative to where the program runs.
    pub rulebook_on_top: Option<PathBuf>,
    /// Whether extensions count.
    pub extensions: Extensions,
    /// What becomes of cases without a time of day whose rule counts hours.
    pub without_times: WithoutTimes,
    /// The exports.
    pub sources: Vec<Source>,
    /// Figures of earlier reports.
    pub reported: Vec<Reported>,
    /// What is said of each control.
    pub controls: Vec<ControlSettings>,
    /// How trends are drawn and read.
    pub trend: TrendSettings,
    /// Steps of trends, in order of time.
    pub rebases: Vec<Rebase>,
    /// What is marked in trends, by control and in order of time.
    pub notes: Vec<Note>,
    /// Groups with fewer judged cases in the last year are shown together.
    pub smallest_group: u64,
    /// Texts that look like a personal number and are none, and headings of columns of case numbers that do.
    pub accept: Vec<String>,
    /// How CSV files that people open are written.
    pub csv: CsvStyle,
    /// How the report looks and what goes into it.
    pub report: ReportSettings,
    /// The encoding of exports that are text, when the command names one.
    pub encoding: Option<Encoding>,
    /// What cases are grouped by in place of what columns show.
    pub grouped_by: Option<GroupedBy>,
    /// Clocks to judge by in place of the rules' own.
    pub clocks: Option<Clocks>,
    /// Worker threads.
    pub threads: Threads,
    /// Every control that is named, and where.
    pub(super) named: Vec<(String, Range<usize>)>,
    /// The file's text, to show places in.
    pub(super) text: String,
}

/// What a command says in place of the project file.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// The as-of date.
    pub as_of: Option<Day>,
    /// The length of the periods.
    pub period: Option<PeriodKind>,
    /// The language.
    pub language: Option<Language>,
    /// A rulebook on top of all.
    pub rulebook: Option<PathBuf>,
    /// Groups with fewer judged cases in the last year are taken together.
    pub smallest_group: Option<u64>,
    /// How CSV files that people open are written.
    pub csv: Option<CsvStyle>,
    /// Who the report is for.
    pub edition: Option<Edition>,
    /// The forms of the report; none for those of the project file.
    pub forms: Vec<Form>,
    /// The pictures of charts that are written as files.
    pub pictures: Option<Vec<PictureFile>>,
    /// The encoding of exports that are text.
    pub encoding: Option<Encoding>,
    /// What cases are grouped by.
    pub grouped_by: Option<GroupedBy>,
    /// Clocks to judge by.
    pub clocks: Option<Clocks>,
    /// Worker threads.
    pub threads: Option<usize>,
}

/// What cases are grouped by in place of what the project says, by headings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupedBy {
    /// The first column.
    pub group: String,
    /// The second.
    pub subgroup: Option<String>,
}

/// Clocks to judge by in place of the rules' own.
#[derive(Debug, Clone, PartialEq)]
pub struct Clocks {
    /// Of this control alone.
    pub control: Option<String>,
    /// The lawful clock.
    pub method: Option<Clock>,
    /// The reference.
    pub reference: Option<Clock>,
}

/// A number of worker threads; one a processor is usual.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Threads(pub usize);

impl Default for Threads {
    fn default() -> Threads {
        Threads(std::thread::available_parallelism().map_or(1, usize::from))
    }
}

impl Settings {
    /// Whether trends have steps or frozen limits, which begin or end with one of their points.
    pub fn has_dated_trends(&self) -> bool {
        !self.rebases.is_empty() || self.controls.iter().any(|control| control.freeze.is_some())
    }

    /// Those of one source, whose encoding the command may name, and nothing else.
    pub fn of_source(source: Source, encoding: Option<Encoding>) -> Settings {
        Settings { sources: vec![source], encoding, ..Settings::default() }
    }

    /// Puts what a command says over the rest.
    pub fn put(&mut self, asked: Asked) {
        self.as_of = asked.as_of.or(self.as_of);
        self.period = asked.period.unwrap_or(self.period);
        self.language = asked.language.unwrap_or(self.language);
        self.rulebook_on_top = asked.rulebook;
        self.smallest_group = asked.smallest_group.unwrap_or(self.smallest_group);
        self.csv = asked.csv.unwrap_or(self.csv);
        self.edition = asked.edition.unwrap_or(self.edition);
        self.encoding = asked.encoding;
        self.grouped_by = asked.grouped_by;
        self.clocks = asked.clocks;
        self.threads = asked.threads.map_or(self.threads, Threads);
        if !asked.forms.is_empty() {
            self.report.forms = asked.forms;
        }
        if let Some(pictures) = asked.pictures {
            self.report.pictures = pictures;
        }
    }

    /// Puts the settings of controls into their rules. It is done before headings are read: whether a column of due
    /// dates is needed depends on the clocks.
    pub fn apply_to(&self, rulebook: &mut Rulebook) {
        for rule in &mut rulebook.rules {
            let of_control = self.of_control(&rule.id);
            *rule = rule.with_clocks(None, of_control.reference);
            rule.cohort = of_control.cohort.unwrap_or(rule.cohort);
            rule.roll = of_control.roll.unwrap_or(rule.roll);
            let is_meant = |clocks: &&Clocks| clocks.control.as_ref().is_none_or(|id| *id == rule.id);
            if let Some(clocks) = self.clocks.as_ref().filter(is_meant) {
                *rule = rule.with_clocks(clocks.method, clocks.reference);
            }
        }
    }

    /// Controls that are named and no rule's.
    pub fn unknown_controls(&self, rulebook: &Rulebook) -> Vec<Flaw> {
        let known = rulebook.ids();
        let unknown = self.named.iter().filter(|(id, _)| !known.contains(id));
        unknown
            .map(|(id, span)| {
                Flaw::new("unknown-control", &[("control", id), ("known", &known.join(", "))])
                    .suggest(id, known.iter().map(String::as_str))
                    .at(span.clone())
                    .inside(&self.text)
            })
            .collect()
    }

    /// What is noted of a control, in order of time.
    pub fn notes_of(&self, id: &str) -> &[Note] {
        let mut controls = self.notes.chunk_by(|one, next| one.control == next.control);
        controls.find(|notes| notes[0].control == id).unwrap_or_default()
    }

    /// The settings of a control; empty ones when the file has none.
    pub fn of_control(&self, id: &str) -> ControlSettings {
        let found = self.controls.iter().find(|settings| settings.id == id);
        found.cloned().unwrap_or(ControlSettings { id: id.to_owned(), ..ControlSettings::default() })
    }
}
