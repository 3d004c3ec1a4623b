//! Adding contributions: exact, in any order and in any grouping, or refused.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use super::coarse::{Coarse, coarsened};
use super::origin::{Contributor, ControlOrigin, Terms};
use super::reading::Contribution;
use crate::analysis::Edges;
use crate::date::Day;
use crate::error::{Error, Flaw};
use crate::ingest::{Ledger, folded};
use crate::judge::Cell;
use crate::pipeline::Control;
use crate::rulebook::{Cohort, Rulebook};
use crate::tally::{GroupName, GroupTally, Tally, regrouped};

/// The sum of contributions.
#[derive(Debug, Clone)]
pub struct Added {
    /// The as-of date of them all.
    pub as_of: Day,
    /// The controls, in the order of the rulebook.
    pub controls: Vec<Control>,
    /// Whose cases are in it, in order of name.
    pub contributors: Vec<Contributor>,
    /// By control; each contributor is a group.
    pub tallies: BTreeMap<String, Tally>,
    /// Numbers stand in place of names.
    pub is_anonymous: bool,
}

/// Adds contributions. Those of one organisation go on its series if no case can be in two of them.
///
/// # Errors
/// [`Error::UnusableTally`] for the first that does not fit those before it.
pub fn add(contributions: Vec<Contribution>, rulebook: &Rulebook) -> Result<Added, Error> {
    let mut sum = Sum::default();
    for contribution in contributions {
        let path = contribution.path.clone();
        sum.take(contribution).map_err(|flaw| Error::UnusableTally { path, flaw: Box::new(flaw) })?;
    }
    sum.finish(rulebook)
}

#[derive(Default)]
struct Sum {
    controls: BTreeMap<String, Control>,
    contributors: BTreeMap<String, Contributor>,
    tallies: BTreeMap<String, Tally>,
    /// Where each contribution came from, for what shows itself at the end.
    paths: BTreeMap<String, PathBuf>,
}

impl Sum {
    fn take(&mut self, contribution: Contribution) -> Result<(), Flaw> {
        let Contribution { path, controls, contributors, tallies } = contribution;
        for control in controls {
            let id = control.rule.id.clone();
            let known = self.controls.entry(id.clone()).or_insert_with(|| control.clone());
            if let Some(key) = Terms::of(known).difference(&Terms::of(&control)) {
                return Err(Flaw::new("tally-terms", &[("control", &id), ("key", key)]));
            }
        }
        for contributor in contributors {
            let name = contributor.organisation.clone();
            self.refuse_twice(&contributor)?;
            let joined = match self.contributors.remove(&name) {
                None => contributor,
                Some(known) => self.joined(known, contributor, &tallies)?,
            };
            self.paths.insert(name.clone(), path.clone());
            self.contributors.insert(name, joined);
        }
        for (control, tally) in tallies {
            self.tallies.entry(control).or_default().add(&tally);
        }
        Ok(())
    }

    /// Refuses a tally that is there already under whatever name, and a name that is there already but for its spelling.
    fn refuse_twice(&self, contributor: &Contributor) -> Result<(), Flaw> {
        let has_same = |known: &&Contributor| {
            known.tallies.iter().any(|own| contributor.tallies.contains(own))
                || known.organisation != contributor.organisation
                    && folded(&known.organisation) == folded(&contributor.organisation)
        };
        match self.contributors.values().find(has_same) {
            None => Ok(()),
            Some(known) => Err(Flaw::new(
                "tally-twice",
                &[("organisation", &contributor.organisation), ("other", &known.organisation)],
            )),
        }
    }

    /// A contributor with what another of its tallies adds.
    fn joined(
        &self,
        one: Contributor,
        other: Contributor,
        tallies: &BTreeMap<String, Tally>,
    ) -> Result<Contributor, Flaw> {
        if one.is_coarse() || other.is_coarse() {
            return Err(Flaw::new("tally-coarse-twice", &[("organisation", &one.organisation)]));
        }
        let organisation = one.organisation;
        let earlier = if one.as_of < other.as_of { &one.controls } else { &other.controls };
        if one.as_of != other.as_of
            && earlier.iter().any(|control| control.ledger.is_some_and(|ledger| ledger.open > 0))
        {
            return Err(Flaw::new("tally-still-open", &[("organisation", &organisation)]));
        }
        let name = GroupName::from(organisation.as_str());
        let group = |tallies: &BTreeMap<String, Tally>, control: &str| {
            tallies.get(control).and_then(|tally| tally.groups.get(&name)).cloned().unwrap_or_default()
        };
        let mut controls = one.controls;
        for more in other.controls {
            let Some(place) = controls.iter().position(|known| known.control == more.control) else {
                controls.push(more);
                continue;
            };
            let [known, new] = [group(&self.tallies, &more.control), group(tallies, &more.control)];
            if !are_apart(&known, &new) {
                let values = [("organisation", &*organisation), ("control", &*more.control)];
                return Err(Flaw::new("tally-overlap", &values));
            }
            controls[place] = controls[place].clone().joined(more);
        }
        let all: BTreeSet<String> = one.tallies.into_iter().chain(other.tallies).collect();
        let as_of = one.as_of.max(other.as_of);
        Ok(Contributor { organisation, as_of, tallies: all.into_iter().collect(), controls })
    }

    fn finish(self, rulebook: &Rulebook) -> Result<Added, Error> {
        let as_of = self.contributors.values().map(|contributor| contributor.as_of).max();
        let as_of = as_of.expect("there is a contribution");
        if let Some(late) = self.contributors.values().find(|contributor| contributor.as_of != as_of) {
            let (path, [own, wanted]) = (self.paths[&late.organisation].clone(), [late.as_of, as_of]);
            let [own, wanted] = [own, wanted].map(|day| day.to_string());
            let flaw = Flaw::new("tally-as-of", &[("own", &own), ("wanted", &wanted)]);
            return Err(Error::UnusableTally { path, flaw: Box::new(flaw) });
        }
        let order = |id: &str| rulebook.rules.iter().position(|rule| rule.id == id);
        let mut controls: Vec<Control> = self.controls.into_values().collect();
        controls.sort_by_key(|control| order(&control.rule.id));
        let mut contributors: Vec<Contributor> = self.contributors.into_values().collect();
        for contributor in &mut contributors {
            contributor.controls.sort_by_key(|control| order(&control.control));
        }
        let mut added = Added { as_of, controls, contributors, tallies: self.tallies, is_anonymous: false };
        added.forget_references();
        Ok(added)
    }
}

/// Whether no case can be in both of two tallies: each started in a month of one, or ended in a month of one and at most
/// one has cases that are open.
fn are_apart(one: &GroupTally, other: &GroupTally) -> bool {
    let shares = |cohort: Cohort| {
        let months: BTreeSet<i32> = one.months(cohort).map(|(month, _)| month).collect();
        other.months(cohort).any(|(month, _)| months.contains(&month))
    };
    let has_open = |group: &GroupTally| group.cases_in(Cell::open) > 0;
    let may_share_open = has_open(one) && has_open(other);
    !(shares(Cohort::Started) && (shares(Cohort::Closed) || may_share_open))
}

impl ControlOrigin {
    /// With what another tally of the same organisation tells.
    fn joined(self, other: ControlOrigin) -> ControlOrigin {
        let month = |own: &ControlOrigin, end: usize| own.started.clone().map(|months| months[end].clone());
        let [first, last] = [0, 1].map(|end| {
            let mut both = [&self, &other];
            both.sort_by_key(|own| month(own, end));
            both[end].clone()
        });
        let mut ledger = self.ledger.unwrap_or_default();
        ledger.add(other.ledger.unwrap_or_default());
        ControlOrigin {
            control: self.control.clone(),
            started: month(&first, 0).zip(month(&last, 1)).map(|(first, last)| [first, last]),
            edges: first.edges.until(&last.edges),
            ledger: Some(ledger),
            coarse: None,
        }
    }
}

impl Added {
    /// What the exports of all have the whole of, and what became of their rows, by control.
    pub fn by_control(&self) -> BTreeMap<String, (Edges, Ledger)> {
        let mut all: BTreeMap<String, (Edges, Ledger)> = BTreeMap::new();
        for own in self.contributors.iter().flat_map(|contributor| &contributor.controls) {
            let known = all.entry(own.control.clone()).or_insert((Edges::NONE, Ledger::default()));
            known.0 = known.0.with(&own.edges);
            known.1.add(own.ledger.unwrap_or_default());
        }
        all
    }

    /// How coarse the tallies are, by organisation and control; nothing of those that are not.
    pub fn coarse(&self) -> impl Iterator<Item = (&str, &str, Coarse)> {
        self.contributors.iter().flat_map(|contributor| {
            let coarse = contributor.controls.iter().filter_map(|own| Some((&*own.control, own.coarse?)));
            coarse.map(|(control, coarse)| (&*contributor.organisation, control, coarse))
        })
    }

    /// A control has no reference method in the sum if some tally does not tell of it.
    fn forget_references(&mut self) {
        let untold = self.coarse().filter(|(.., coarse)| !coarse.reference);
        let untold: BTreeSet<String> = untold.map(|(_, control, _)| control.to_owned()).collect();
        for Control { rule, .. } in self.controls.iter_mut().filter(|it| untold.contains(&it.rule.id)) {
            rule.reference = None;
            let groups =
                self.tallies.get_mut(&rule.id).into_iter().flat_map(|tally| tally.groups.values_mut());
            groups.for_each(|group| group.replace_months(|month| coarsened(month, rule.roll, false)));
        }
    }

    /// With numbers in place of names, which `name` writes. They follow the digests of what was given and tell nothing of
    /// names; the sum cannot be added to.
    #[must_use]
    pub fn anonymous(mut self, name: impl Fn(usize) -> String) -> Added {
        self.contributors.sort_by(|one, other| one.tallies.cmp(&other.tallies));
        let mut names: BTreeMap<String, GroupName> = BTreeMap::new();
        for (contributor, number) in self.contributors.iter_mut().zip(1..) {
            let own = std::mem::replace(&mut contributor.organisation, name(number));
            names.insert(own, GroupName::from(contributor.organisation.as_str()));
        }
        for tally in self.tallies.values_mut() {
            tally.groups = regrouped(&tally.groups, |group| names[&group.group].clone());
        }
        Added { is_anonymous: true, ..self }
    }
}
