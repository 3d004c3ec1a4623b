//! Runs of tallies in place of exports, and the tallies of runs.

use std::cell::OnceCell;

use sha2::{Digest, Sha256};

use super::added_up::AddedUp;
use super::run::Run;
use crate::analysis::Edges;
use crate::contribution::{Added, Contributor, ControlOrigin, Fine, Origin};
use crate::ingest::manifest::InputFile;
use crate::ingest::{Input, Ledger, hex};
use crate::period::PeriodKind;
use crate::pipeline::{InputEntry, Judged};
use crate::rulebook::{Cohort, Rulebook};
use crate::tally::{GroupTally, Tally};
use crate::text::{Texts, fill};

impl Run {
    /// A run whose cases were judged by others, and its result. Each contributor is a group; `read` are the files of it
    /// all.
    pub fn of_tallies(input: Input, rulebook: Rulebook, added: Added, read: Vec<InputFile>) -> (Run, Judged) {
        let texts = Texts::of(input.settings.language);
        let by_control = added.by_control();
        let digests: Vec<&str> =
            added.contributors.iter().flat_map(|own| &own.tallies).map(String::as_str).collect();
        let digest = hex(&Sha256::digest(digests.join("\n")));
        let of_ledger = |(number, (control, (_, ledger))): (usize, (&String, &(Edges, Ledger)))| InputEntry {
            export: number,
            control: Some(control.clone()),
            ledger: *ledger,
        };
        let judged = Judged {
            digests: vec![digest; by_control.len()],
            inputs: by_control.iter().enumerate().map(of_ledger).collect(),
            tallies: added.tallies,
            ..Judged::default()
        };
        let up = AddedUp {
            file: fill!(texts, "add.file", count = texts.count(added.contributors.len() as u64)),
            contributors: added.contributors,
            is_anonymous: added.is_anonymous,
            edges: by_control.into_iter().map(|(control, (edges, _))| (control, edges)).collect(),
            column: texts.get("add.organisation").to_owned(),
        };
        let run = Run {
            rulebook,
            exports: Vec::new(),
            unread: Vec::new(),
            controls: added.controls,
            as_of: added.as_of,
            seeming: None,
            plan: None,
            risks: None,
            read,
            numbered: OnceCell::new(),
            added: Some(up),
            input,
        };
        (run, judged)
    }

    /// The origin of the run's tallies; `None` where it must not be told.
    pub(super) fn origin(&self, judged: &Judged) -> Option<Origin> {
        match &self.added {
            Some(added) if added.is_anonymous => None,
            Some(added) => Some(Origin::new(&self.controls, added.contributors.clone())),
            None => Some(self.own_origin(judged)),
        }
    }

    /// The origin of tallies of the run's own organisation.
    pub fn own_origin(&self, judged: &Judged) -> Origin {
        Origin::new(&self.controls, vec![self.contributor(judged)])
    }

    /// The tallies of the controls that have one whose numbers are 0 or at least `smallest`, and their origin. The cases
    /// of a period are in its first month.
    pub fn coarse(&self, judged: &Judged, smallest: u64) -> (Vec<Tally>, Origin) {
        let (mut controls, mut tallies, mut origins) = (Vec::new(), Vec::new(), Vec::new());
        for control in &self.controls {
            let (rule, tally) = (&control.rule, &judged.tallies[&control.rule.id]);
            let (edges, period) = (self.edges(control, judged), self.settings().period);
            let fine = Fine { rule, tally, edges, as_of: self.as_of, period };
            let Some((tally, coarse, edges)) = fine.coarse(smallest) else { continue };
            let (control_id, coarse) = (rule.id.clone(), Some(coarse));
            origins.push(ControlOrigin { control: control_id, started: None, edges, ledger: None, coarse });
            controls.push(control.clone());
            tallies.push(tally);
        }
        (tallies, Origin::new(&controls, vec![self.contributor_with(origins)]))
    }

    /// The run's own organisation.
    fn contributor(&self, judged: &Judged) -> Contributor {
        let controls = self.controls.iter().map(|control| {
            let id = &control.rule.id;
            let mut ledger = Ledger::default();
            let own = judged.inputs.iter().filter(|entry| entry.control.as_ref() == Some(id));
            own.for_each(|entry| ledger.add(entry.ledger));
            ControlOrigin {
                control: id.clone(),
                started: started(&judged.tallies[id]),
                edges: self.edges(control, judged).in_months(),
                ledger: Some(ledger),
                coarse: None,
            }
        });
        self.contributor_with(controls.collect())
    }

    fn contributor_with(&self, controls: Vec<ControlOrigin>) -> Contributor {
        let organisation = self.settings().organisation.clone().unwrap_or_default();
        Contributor { organisation, as_of: self.as_of, tallies: Vec::new(), controls }
    }
}

/// The first and the last month in which cases started.
fn started(tally: &Tally) -> Option<[String; 2]> {
    let months =
        |group: &GroupTally| group.months(Cohort::Started).map(|(month, _)| month).collect::<Vec<_>>();
    let all: Vec<i32> = tally.groups.values().flat_map(months).collect();
    let name = |month: &i32| PeriodKind::Month.holding_month(*month).to_string();
    Some([name(all.iter().min()?), name(all.iter().max()?)])
}
