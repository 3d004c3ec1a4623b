//! Earlier editions: what they show and hide of a control, and whose groups those of now are.

use std::collections::{BTreeMap, BTreeSet};

use super::pattern::{ControlPattern, ShownBefore};
use super::placed::{Counts, Holder};
use crate::period::Period;

/// Every group of a control, also those that are shown together, by period.
pub type Groups = BTreeMap<String, BTreeMap<Period, Counts>>;

/// What earlier editions show and hide of a control.
#[derive(Debug, Clone, Copy)]
pub struct Earlier<'a> {
    /// The editions.
    pub editions: &'a [&'a ControlPattern],
    /// The control's groups as they are now.
    pub groups: &'a Groups,
}

/// Whether an edition shows no number of any group of a period: it tells nothing of them.
pub fn hides_all_groups(edition: &ControlPattern, period: Period) -> bool {
    let mut groups = Earlier::of_groups(edition, period).peekable();
    groups.peek().is_some() && groups.all(|shown| (shown.cases, shown.deviations) == (None, None))
}

/// Whose a number of an edition is.
pub fn holder_of(shown: &ShownBefore) -> Holder {
    shown.group.as_ref().map_or(Holder::Whole, |name| Holder::of(name, shown.combined))
}

impl<'a> Earlier<'a> {
    /// What an edition shows of groups in a period.
    pub fn of_groups(edition: &'a ControlPattern, period: Period) -> impl Iterator<Item = &'a ShownBefore> {
        edition.numbers.iter().filter(move |shown| shown.group.is_some() && shown.period == period)
    }

    /// The groups with a case in a period that an edition does not name.
    pub fn unnamed(&self, edition: &ControlPattern, period: Period) -> BTreeSet<&'a str> {
        let named: BTreeSet<Holder> = Earlier::of_groups(edition, period).map(holder_of).collect();
        self.with_cases(period, |name| !named.contains(&Holder::Group(name.to_owned())))
    }

    /// The groups with a case in a period that are meant.
    pub fn with_cases(&self, period: Period, is_meant: impl Fn(&str) -> bool) -> BTreeSet<&'a str> {
        let has_cases = |periods: &BTreeMap<Period, Counts>| periods.get(&period).is_some_and(|it| it.1 > 0);
        let groups = self.groups.iter().filter(|(name, periods)| has_cases(periods) && is_meant(name));
        groups.map(|(name, _)| name.as_str()).collect()
    }

    /// Whether no number of a group is shown of a period: an edition has groups there that do not exist any more, or
    /// lacks some that do, so that nobody can say how its groups and those of now overlap.
    pub fn hides_groups(&self, period: Period) -> bool {
        self.editions.iter().any(|edition| {
            let shown: Vec<&ShownBefore> = Earlier::of_groups(edition, period).collect();
            let is_gone = |shown: &&ShownBefore| match holder_of(shown) {
                Holder::Group(name) => shown.cases != Some(0) && !self.groups.contains_key(&name),
                Holder::Whole | Holder::Few => false,
            };
            let has_few = shown.iter().any(|shown| shown.combined > 0);
            let is_unknown = !has_few && !self.unnamed(edition, period).is_empty();
            !shown.is_empty() && (shown.iter().any(is_gone) || is_unknown)
        })
    }
}
