//! A run: exports opened, judged and analysed, and what was found in either edition.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use super::added_up::AddedUp;
use super::earlier::patterns;
use super::numbered::numbered;
use super::{EarlierEdition, Edition, Findings, Internal, LedgerEntry, Published};
use crate::analysis::{
    ControlFindings, ControlPattern, Edges, Facts, LedgerLine, Pattern, Question, Strand, analyse, publish,
    publish_ledger,
};
use crate::date::{Day, LAST_INPUT_DAY};
use crate::error::{Error, Flaw, nearest};
use crate::ingest::manifest::{InputFile, InputKind};
use crate::ingest::{Export, Input, Ledger, Passed, Progress, shown};
use crate::pipeline::{
    CaseList, Control, Judged, Options, SeemingAsOf, judge_exports, personal_case_numbers, seeming_as_of,
    singling_out, unusable,
};
use crate::plan::register::Risk;
use crate::plan::{Plan, RiskSettings};
use crate::project::Settings;
use crate::rulebook::Rulebook;
use crate::text::{Texts, flaw_sentence};

/// Everything that is known before the first case is judged.
pub struct Run {
    /// What is read, and the settings that all goes by.
    pub input: Input,
    /// The rulebook, with the settings applied.
    pub rulebook: Rulebook,
    /// The exports that can be read.
    pub exports: Vec<Export>,
    /// Files beside them that may be exports, and that the project file does not name.
    pub unread: Vec<String>,
    /// The controls that have one, in the order of the rulebook.
    pub controls: Vec<Control>,
    /// The as-of date.
    pub as_of: Day,
    /// What the as-of date was taken from, where the settings have none.
    pub seeming: Option<SeemingAsOf>,
    /// The plan of internal control, once it is read.
    pub plan: Option<Plan>,
    /// The list of risks, once it is read.
    pub risks: Option<Vec<Risk>>,
    /// What was read besides exports, and what the report names as not read.
    pub read: Vec<InputFile>,
    /// The exports under numbers in place of names, for everyone.
    pub(super) numbered: OnceCell<Vec<Export>>,
    /// What was added up in place of reading exports.
    pub(super) added: Option<AddedUp>,
}

impl Run {
    /// Reads the headings of what was opened, and the as-of date from the exports where the settings have none.
    ///
    /// # Errors
    /// When an export, the rulebook or a setting cannot be used.
    pub fn open(input: Input, progress: &Progress<'_>) -> Result<Run, Error> {
        let (run, errors) = Run::look(input, progress)?;
        errors.into_iter().next().map_or(Ok(run), Err)
    }

    /// As [`Run::open`], with the exports that can be read, and what is wrong with each of the others.
    ///
    /// # Errors
    /// When nothing can be judged: the rulebook or a setting cannot be used.
    pub fn look(input: Input, progress: &Progress<'_>) -> Result<(Run, Vec<Error>), Error> {
        let (mut rulebook, rulebooks) = input.digested_rulebook()?;
        input.settings.apply_to(&mut rulebook);
        let (mut exports, mut errors) = (Vec::new(), Vec::new());
        for (_, looked) in input.look_at_each(&rulebook)? {
            match looked {
                Ok(found) => exports.extend(found),
                Err(error) => errors.push(error),
            }
        }
        let controls =
            controls_of(&exports, &input.settings, &rulebook).map_err(|flaw| refused(flaw, &input))?;
        errors.extend(ungrouped(&input.settings, &exports));
        let unread = input.unread(&exports, &errors)?;
        let named = |path: &String| InputFile { kind: InputKind::Unread, path: path.clone(), sha256: None };
        let read = input.project()?.into_iter().chain(rulebooks).chain(unread.iter().map(named)).collect();
        let mut run = Run {
            rulebook,
            unread,
            exports,
            controls,
            as_of: LAST_INPUT_DAY,
            seeming: None,
            plan: None,
            risks: None,
            read,
            numbered: OnceCell::new(),
            added: None,
            input,
        };
        run.seeming = match run.settings().as_of {
            None if !run.exports.is_empty() => {
                run.reading(progress, |options| seeming_as_of(&run.exports, options))?
            }
            _ => None,
        };
        if run.input.is_without_exports() && run.settings().as_of.is_none() {
            let reason = Texts::of(run.settings().language).get("usage.no-as-of").to_owned();
            errors.push(Error::Usage { reason });
        }
        // Without a row that can be read, judging says better why.
        let seeming = run.seeming.as_ref().map(|seeming| seeming.day);
        run.as_of = run.settings().as_of.or(seeming).unwrap_or(LAST_INPUT_DAY);
        Ok((run, errors))
    }

    /// What the run goes by.
    pub fn settings(&self) -> &Settings {
        &self.input.settings
    }

    /// Whether the as-of date was stated, or seen in the exports. Without a row that can be read it is only a stand-in
    /// that must not be shown.
    pub fn has_as_of(&self) -> bool {
        self.settings().as_of.is_some() || self.seeming.is_some()
    }

    /// Whether it adds up tallies some of which are coarse.
    pub fn is_coarse(&self) -> bool {
        self.added.as_ref().is_some_and(AddedUp::is_coarse)
    }

    fn reading<T>(&self, progress: &Progress<'_>, work: impl FnOnce(&Options<'_>) -> T) -> T {
        progress(Passed::Begin(self.exports.iter().map(|export| export.original.length()).sum()));
        work(&Options { threads: self.settings().threads.0, progress })
    }

    /// Reads and judges every export.
    ///
    /// # Errors
    /// The first of what forbids a report.
    pub fn judge(&self, cases: Option<CaseList<'_>>, progress: &Progress<'_>) -> Result<Judged, Error> {
        let (judged, errors) = self.judge_all(cases, progress)?;
        errors.into_iter().next().map_or(Ok(judged), Err)
    }

    /// As [`Run::judge`], with everything that forbids a report.
    ///
    /// # Errors
    /// When an export cannot be read to its end.
    pub fn judge_all(
        &self,
        cases: Option<CaseList<'_>>,
        progress: &Progress<'_>,
    ) -> Result<(Judged, Vec<Error>), Error> {
        let shows_numbers = cases.as_ref().is_some_and(|list| list.shows_numbers);
        let mut judged = self.reading(progress, |options| {
            judge_exports(&self.exports, &self.controls, self.as_of, options, cases)
        })?;
        let mut errors = unusable(&self.exports, &judged, self.as_of);
        if shows_numbers {
            errors.extend(personal_case_numbers(&self.exports, &judged, &self.settings().accept));
        }
        // The names of such groups may be of people, and `frist check` goes on to tell which it joined.
        if errors.iter().any(|error| matches!(error, Error::UnsuitableGroup { .. })) {
            judged.joined_names.clear();
        }
        Ok((judged, errors))
    }

    /// Reads the plan of internal control and the list of risks, where there are any.
    ///
    /// # Errors
    /// When one of them cannot be read or used; [`Error::NoExports`] when nothing is in them and there are no exports.
    pub fn read_plan(&mut self) -> Result<(), Error> {
        if let Some((plan, file)) = self.input.plan(&self.rulebook)? {
            self.plan = Some(plan);
            self.read.push(file);
        }
        if let Some((risks, file)) = self.input.risks(&self.risk_settings())? {
            self.risks = Some(risks);
            self.read.push(file);
        }
        let has_points = self.plan.as_ref().is_some_and(Plan::has_risk_points);
        let has_risks = self.risks.as_ref().is_some_and(|risks| !risks.is_empty());
        if self.added.is_none() && self.input.is_without_exports() && !has_points && !has_risks {
            return Err(self.input.no_exports());
        }
        Ok(())
    }

    fn risk_settings(&self) -> RiskSettings {
        self.plan.as_ref().map(|plan| plan.risks.clone()).unwrap_or_default()
    }

    /// What was found, for the inside.
    pub fn findings<'a>(&'a self, judged: &'a Judged) -> Findings<'a> {
        let ledger = judged.inputs.iter().map(|entry| entry.ledger.into());
        let (controls, internal) = self.analysed(judged, false);
        self.in_edition(judged, &self.exports, controls, ledger.collect(), Edition::Internal(internal))
    }

    /// What was found, for everyone: without numbers smaller than the settings allow, those that would tell them, alone
    /// or beside `earlier` editions, and names of files, which people's can be.
    ///
    /// # Errors
    /// [`Error::UnsuitableGroup`] when the groups could be people; [`Error::EditionsDiffer`] and
    /// [`Error::EditionTells`] when nothing can be published after `earlier` editions.
    pub fn published<'a>(
        &'a self,
        judged: &'a Judged,
        earlier: &[EarlierEdition],
    ) -> Result<Findings<'a>, Error> {
        if let Some(error) = singling_out(&self.exports, judged).into_iter().next() {
            return Err(error);
        }
        let smallest = self.settings().report.smallest_published;
        let mut lines: Vec<LedgerLine> =
            judged.inputs.iter().map(|entry| publish_ledger(entry.ledger, smallest, &[])).collect();
        let (mut controls, mut own_lines) = (Vec::new(), Vec::new());
        let (analysed, _) = self.analysed(judged, true);
        for (control, findings) in self.controls.iter().zip(analysed) {
            let own: Vec<usize> = (0..judged.inputs.len())
                .filter(|place| judged.inputs[*place].control.as_ref() == Some(&control.rule.id))
                .collect();
            let ledgers: Vec<Ledger> = own.iter().map(|place| judged.inputs[*place].ledger).collect();
            let question = self.question(control, judged, findings.edges.clone(), true);
            let before = patterns(earlier, &findings, &question)?;
            let (published, own_ledgers) = publish(&findings, &ledgers, &question, smallest, &before);
            own.iter().zip(own_ledgers).for_each(|(place, line)| lines[*place] = line);
            own_lines.push(own);
            controls.push(published);
        }
        // The rows of a file that is read for several controls would tell what each of them hides.
        let is_shared = |export| judged.inputs.iter().filter(|entry| entry.export == export).count() > 1;
        let entries = judged.inputs.iter().zip(&mut lines);
        entries
            .filter(|(entry, _)| is_shared(entry.export))
            .for_each(|(_, line)| *line = LedgerLine::default());
        // Coarse tallies do not tell what became of rows.
        if self.is_coarse() {
            lines.fill(LedgerLine::default());
        }
        let patterns = controls.iter().zip(own_lines).map(|(control, own)| {
            let own: Vec<LedgerLine> = own.iter().map(|place| lines[*place]).collect();
            ControlPattern::of(control, &own)
        });
        let pattern = Pattern { smallest, controls: patterns.collect() };
        let edition = Edition::Published(Published { smallest, pattern });
        let texts = Texts::of(self.settings().language);
        let exports = self.numbered.get_or_init(|| numbered(&self.exports, texts));
        let findings = self.in_edition(judged, exports, controls, lines, edition);
        Ok(Findings { plan: findings.plan.map(|plan| plan.published(smallest)), ..findings })
    }

    /// Every control with a closer look at it; `for_everyone` as in [`Question`].
    fn analysed<'a>(
        &'a self,
        judged: &'a Judged,
        for_everyone: bool,
    ) -> (Vec<ControlFindings>, Internal<'a>) {
        let edges: Vec<Edges> = self.controls.iter().map(|control| self.edges(control, judged)).collect();
        let facts = Facts::of(self.controls.iter().zip(&edges).map(|(Control { rule, .. }, edges)| {
            (rule, self.group_columns(&rule.id).len(), &judged.tallies[&rule.id], edges.clone())
        }));
        let (mut controls, mut details) = (Vec::new(), BTreeMap::new());
        for (control, edges) in self.controls.iter().zip(edges) {
            let id = &control.rule.id;
            let question = self.question(control, judged, edges, for_everyone);
            let (findings, detail) = analyse(&facts, &judged.tallies[id], &question);
            controls.push(findings);
            details.insert(id.clone(), detail);
        }
        let has_origin = self.added.is_some() || !self.exports.is_empty();
        let origin = self.origin(judged).filter(|_| has_origin).map(Box::new);
        (controls, Internal { judged, facts, unread: &self.unread, origin, details })
    }

    fn in_edition<'a>(
        &'a self,
        judged: &'a Judged,
        exports: &'a [Export],
        controls: Vec<ControlFindings>,
        lines: Vec<LedgerLine>,
        edition: Edition<'a>,
    ) -> Findings<'a> {
        let ledger = judged.inputs.iter().zip(lines).map(|(entry, line)| LedgerEntry {
            export: entry.export,
            file: self.added.as_ref().map_or_else(|| exports[entry.export].name.clone(), AddedUp::file),
            control: entry.control.clone(),
            line,
        });
        Findings {
            settings: self.settings(),
            as_of: self.as_of,
            exports,
            digests: &judged.digests,
            judged_by: &self.controls,
            controls,
            ledger: ledger.collect(),
            rulebook_version: &self.rulebook.version,
            plan: self.plan.clone(),
            risks: self.risks.as_deref(),
            risk_settings: self.risk_settings(),
            is_sum: self.added.is_some(),
            is_coarse: self.is_coarse(),
            edition,
        }
    }

    /// What the exports of a control have the whole of.
    pub(super) fn edges(&self, control: &Control, judged: &Judged) -> Edges {
        let id = &control.rule.id;
        match &self.added {
            Some(added) => added.edges[id].clone(),
            None => {
                let courses = judged.tallies[id].whole.courses.iter();
                let own = judged.read_for(id, &self.exports);
                Edges::of(courses, &Strand::all(own), self.as_of, self.settings().of_control(id).cases)
            }
        }
    }

    fn question<'a>(
        &'a self,
        control: &'a Control,
        judged: &Judged,
        edges: Edges,
        for_everyone: bool,
    ) -> Question<'a> {
        let id = &control.rule.id;
        Question {
            control,
            settings: self.settings(),
            columns: self.group_columns(id),
            for_everyone,
            as_of: self.as_of,
            rejected: judged.rejected(id, &self.exports),
            unjudged: judged.unjudged.get(id).cloned().unwrap_or_default(),
            without_time: judged.without_time(id),
            edges,
        }
    }

    /// The headings of the columns that a control's cases are grouped by, from the first of its exports that has the
    /// most of them.
    fn group_columns(&self, control: &str) -> Vec<String> {
        if let Some(added) = &self.added {
            return vec![added.column.clone()];
        }
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
}

/// The controls that have an export, in the order of the rulebook.
fn controls_of(exports: &[Export], settings: &Settings, rulebook: &Rulebook) -> Result<Vec<Control>, Flaw> {
    let used = |id: &str| exports.iter().any(|export| export.controls.ids().contains(&id));
    controls(used, settings, rulebook)
}

/// The controls that `are_used`, in the order of the rulebook.
///
/// # Errors
/// The first flaw of their rules.
pub fn controls(
    are_used: impl Fn(&str) -> bool,
    settings: &Settings,
    rulebook: &Rulebook,
) -> Result<Vec<Control>, Flaw> {
    let rules = rulebook.rules.iter().filter(|rule| are_used(&rule.id));
    rules
        .map(|rule| {
            rule.check()?;
            let of_control = settings.of_control(&rule.id);
            Ok(Control {
                rule: rule.clone(),
                extensions: of_control.extensions.unwrap_or(settings.extensions),
                without_times: of_control.without_times.unwrap_or(settings.without_times),
            })
        })
        .collect()
}

/// A rule that cannot be judged by: the command's clocks are to blame, or the project file.
pub fn refused(flaw: Flaw, input: &Input) -> Error {
    match input.settings.clocks {
        Some(_) => Error::Usage { reason: flaw_sentence(&flaw, Texts::of(input.settings.language)) },
        None => Error::UnusableProject {
            path: input.project_file.clone().unwrap_or_default(),
            flaw: Box::new(flaw),
        },
    }
}

/// Why cases cannot be grouped as the command asks: no export has the column.
fn ungrouped(settings: &Settings, exports: &[Export]) -> Option<Error> {
    let lacking = lacking(settings, exports);
    let (role, name, _) = lacking.into_iter().find(|(.., without)| without.len() == exports.len())?;
    let first = exports.first()?;
    let found = shown(&first.headings);
    let suggestion = nearest(name, found.iter().map(String::as_str));
    Some(Error::MissingColumn {
        path: first.path.clone(),
        role,
        named: Some(name.to_owned()),
        suggestion,
        found,
    })
}

/// The options that name a column to group by, their headings, and the exports without the column.
pub fn lacking<'a>(
    settings: &'a Settings,
    exports: &'a [Export],
) -> Vec<(&'static str, &'a str, Vec<&'a Export>)> {
    let Some(grouped_by) = &settings.grouped_by else { return Vec::new() };
    let without = |is_without: fn(&&Export) -> bool| exports.iter().filter(is_without).collect();
    let group = without(|export| export.columns.group.is_none());
    let subgroup = without(|export| export.columns.subgroup.is_none());
    let mut lacking = vec![("--group", grouped_by.group.as_str(), group)];
    lacking.extend(grouped_by.subgroup.as_deref().map(|name| ("--subgroup", name, subgroup)));
    lacking
}
