//! Earlier editions: what may be shown of a period that one of them has.
//!
//! Whoever has several editions puts them side by side, and may know of every number whether it was changed between
//! them. So an edition tells nothing new of what is hidden in a period that was published before:
//!
//! - what an earlier edition shows, and none hides, is shown again while it is the same;
//! - the corrected number of a whole is shown where what is not known of its parts, the corrected and the hidden
//!   ones, is at least two parts and not small, and where the correction does not tell a small number;
//! - corrected parts are shown where none of their kind is hidden in any edition, and none is small;
//! - what would follow from the rest is not hidden; what would tell a hidden whole is, and all groups of one are.
//!
//! Everything else in that period is hidden. Cases are decided on before deviations.

use std::collections::BTreeSet;

use super::pattern::{ControlPattern, ShownBefore};
use super::seen::{Counts, Number, Seen};
use crate::period::Period;
use crate::suppression::{is_few, is_small};

/// Whose number it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Holder {
    /// All cases of a control.
    Whole,
    /// A group of its own.
    Group(String),
    /// Groups taken together.
    Few,
}

impl Holder {
    /// A group by its name, and how many were taken together.
    pub fn of(name: &str, combined: usize) -> Holder {
        if combined > 0 { Holder::Few } else { Holder::Group(name.to_owned()) }
    }

    fn of_shown(shown: &ShownBefore) -> Holder {
        shown.group.as_ref().map_or(Holder::Whole, |name| Holder::of(name, shown.combined))
    }
}

/// Numbers as they are now.
#[derive(Debug, Clone)]
pub struct Part {
    /// Whose they are.
    pub holder: Holder,
    /// The period they belong to.
    pub period: Period,
    /// Deviations and cases.
    pub counts: Counts,
}

/// A period as it is now.
pub struct Whole {
    /// All its cases.
    pub all: Part,
    /// The export does not have the whole of it.
    pub is_cut: bool,
    /// By group, and by shorter period; none where it is not divided so.
    pub divided: [Vec<Part>; 2],
}

/// What is shown of a whole and of its parts.
pub struct WholeSeen {
    pub all: Seen,
    pub divided: [Vec<Seen>; 2],
}

/// What earlier editions show and hide of a period and its parts.
pub struct Earlier<'a> {
    /// What each of those that have it shows.
    editions: Vec<Vec<&'a ShownBefore>>,
    whole: &'a Whole,
    /// Numbers below this are small.
    smallest: u64,
    /// Every edition with groups names the same ones with a case as now, so that those taken together are the same too.
    are_named_alike: bool,
}

/// Whether an edition has a period.
pub fn has(edition: &ControlPattern, period: Period) -> bool {
    edition.numbers.iter().any(|shown| shown.period == period)
}

impl<'a> Earlier<'a> {
    /// What earlier editions have of a period. Numbers below `smallest` are small.
    pub fn of(editions: &[&'a ControlPattern], whole: &'a Whole, smallest: u64) -> Earlier<'a> {
        let is_inside = |shown: &&ShownBefore| shown.period.is_inside(whole.all.period);
        let editions = editions.iter().map(|edition| edition.numbers.iter().filter(is_inside).collect());
        let mut earlier = Earlier { editions: editions.collect(), whole, smallest, are_named_alike: true };
        let now = whole.divided[0].iter().filter(|part| part.counts.1 > 0).map(|part| &part.holder);
        let now: BTreeSet<Holder> = now.cloned().collect();
        let are_named_alike = earlier.with_groups().all(|groups| {
            let with_case = groups.iter().filter(|shown| shown.cases != Some(0));
            with_case.map(|shown| Holder::of_shown(shown)).collect::<BTreeSet<Holder>>() == now
        });
        earlier.are_named_alike = are_named_alike;
        earlier
    }

    /// What is shown of it.
    pub fn seen(&self) -> WholeSeen {
        let whole = self.whole;
        let mut seen = WholeSeen {
            all: self.again(&whole.all),
            divided: whole.divided.each_ref().map(|parts| parts.iter().map(|it| self.again(it)).collect()),
        };
        for number in Number::BOTH {
            self.decide(number, &mut seen);
            for place in [0, 1] {
                if seen.all.has(number) && self.are_open(number, place) {
                    seen.divided[place].iter_mut().for_each(|part| part.show(number, true));
                }
            }
            // Twice: what one division needs, the other may have to follow.
            for place in [0, 1, 0, 1] {
                self.settle(number, &mut seen, place);
            }
        }
        seen
    }

    /// Whether it is shown as the sum of shorter periods, of which these are.
    pub fn seen_as_sum(&self, parts: Vec<Seen>) -> Seen {
        let mut seen = WholeSeen { all: self.again(&self.whole.all), divided: [Vec::new(), parts] };
        for number in Number::BOTH {
            self.decide(number, &mut seen);
            match seen.divided[1].iter().filter(|part| !part.has(number)).count() {
                0 => seen.all.show(number, true),
                1 => seen.all.show(number, false),
                _ => {}
            }
        }
        seen.all
    }

    /// Shows a whole that may be.
    fn decide(&self, number: Number, seen: &mut WholeSeen) {
        let may_be = self.is_open(number, &self.whole.all)
            && [0, 1].into_iter().all(|place| {
                self.are_open(number, place)
                    || self.leaves_enough(number, seen, place) && !self.tells_corrected(number, place)
            });
        if may_be {
            seen.all.show(number, true);
        }
    }

    /// Of each edition with groups, what it shows of them.
    fn with_groups(&self) -> impl Iterator<Item = Vec<&'a ShownBefore>> {
        let period = self.whole.all.period;
        let groups = self.editions.iter().map(move |shown| {
            shown.iter().filter(|it| it.period == period && it.group.is_some()).copied().collect()
        });
        groups.filter(|groups: &Vec<&ShownBefore>| !groups.is_empty())
    }

    /// What each edition that has it shows of a part.
    fn shown(&self, part: &Part) -> Vec<&'a ShownBefore> {
        self.editions.iter().filter_map(|shown| find(shown, part)).collect()
    }

    /// Which numbers one shows and none hides, that are still the same; and that a new group had no case.
    fn again(&self, part: &Part) -> Seen {
        let (_, cases) = part.counts;
        let editions: Vec<Vec<&ShownBefore>> = match part.holder {
            Holder::Whole => Vec::new(),
            Holder::Group(_) | Holder::Few => self.with_groups().collect(),
        };
        if part.holder == Holder::Few && !self.are_named_alike && !editions.is_empty() {
            return Seen::NOTHING;
        }
        // One that had a case may have been among those taken together.
        let has_none = |shown: &&ShownBefore| {
            let holder = Holder::of_shown(shown);
            shown.cases == Some(0) || holder != Holder::Few && holder != part.holder
        };
        if part.holder != Holder::Whole && cases == 0 && editions.iter().flatten().all(has_none) {
            return Seen::ALL;
        }
        let shown = self.shown(part);
        let is_named = part.holder == Holder::Whole || shown.len() == editions.len();
        let is_again = |number: Number| {
            let is_shown = shown.iter().all(|shown| number.shown(shown).is_some());
            let is_same = |shown: &&ShownBefore| self.is_same(number, shown, part);
            is_named && is_shown && shown.iter().any(is_same)
        };
        let seen = Seen { cases: is_again(Number::Cases), deviations: is_again(Number::Deviations) };
        // Of two editions: together they may tell of few cases without a deviation.
        let (deviations, cases) = part.counts;
        let is_told = seen == Seen::ALL && is_small(deviations, cases, self.smallest);
        Seen { deviations: seen.deviations && !is_told, ..seen }
    }

    /// What is known of a part: what is shown now, and what any edition shows and was not changed since.
    fn known(&self, part: &Part, seen: Seen) -> Seen {
        let is_known = |number: Number| {
            let is_same = |shown: &&ShownBefore| self.is_same(number, shown, part);
            seen.has(number) || self.shown(part).iter().any(is_same)
        };
        Seen { cases: is_known(Number::Cases), deviations: is_known(Number::Deviations) }
    }

    /// Whether an edition shows the number of now. None of no case is not the same as none of some.
    fn is_same(&self, number: Number, shown: &ShownBefore, part: &Part) -> bool {
        number.shown(shown) == Some(number.of(part.counts))
            && (shown.cases == Some(0)) == (part.counts.1 == 0)
    }

    /// Whether no edition hides a number, and that of now may be shown.
    fn is_open(&self, number: Number, part: &Part) -> bool {
        let (deviations, cases) = part.counts;
        let is_small = match number {
            Number::Cases => {
                let tells_others = self.again(part).deviations && is_small(deviations, cases, self.smallest);
                is_few(cases, self.smallest) || tells_others
            }
            Number::Deviations => is_small(deviations, cases, self.smallest),
        };
        !self.whole.is_cut && !is_small && self.shown(part).iter().all(|shown| number.shown(shown).is_some())
    }

    /// Whether that is so of all parts of a division, and no edition has others, of which it could hide some.
    fn are_open(&self, number: Number, place: usize) -> bool {
        let period = self.whole.all.period;
        let before: Vec<&ShownBefore> = match place {
            0 => self.with_groups().flatten().collect(),
            _ => self.editions.iter().flatten().filter(|shown| shown.period != period).copied().collect(),
        };
        (before.is_empty() || place == 1 || self.are_named_alike)
            && before.iter().all(|shown| number.shown(shown).is_some())
            && self.whole.divided[place].iter().all(|part| self.is_open(number, part))
    }

    /// Whether what is not known of the parts is nothing, or two of them at least and no small number. With cases and
    /// deviations cases without a deviation are known too.
    fn leaves_enough(&self, number: Number, seen: &WholeSeen, place: usize) -> bool {
        let parts = || {
            let parts = self.whole.divided[place].iter().zip(&seen.divided[place]);
            parts.map(|(part, seen)| (part, self.known(part, *seen)))
        };
        let leaves = |number: &dyn Fn(Counts) -> u64, is_known: &dyn Fn(Seen) -> bool| {
            let unknown = parts().filter(|(_, seen)| !is_known(*seen)).map(|(part, _)| number(part.counts));
            let known = parts().filter(|(_, seen)| is_known(*seen)).map(|(part, _)| number(part.counts));
            let rest = number(self.whole.all.counts).saturating_sub(known.sum());
            // Cases of no part are one that nobody sees.
            let unseen = usize::from(unknown.clone().sum::<u64>() < rest);
            match unknown.count() + unseen {
                0 => true,
                1 => false,
                _ => rest > 0 && !is_few(rest, self.smallest),
            }
        };
        let tells_others = number == Number::Deviations && seen.all.cases;
        leaves(&|counts| number.of(counts), &|seen| seen.has(number))
            && (!tells_others || leaves(&others, &|seen| seen == Seen::ALL))
    }

    /// Whether the change of the whole since an edition tells small numbers of parts that it shows: to the attacker
    /// all others are unchanged.
    fn tells_corrected(&self, number: Number, place: usize) -> bool {
        let tells = |then: &dyn Fn(&ShownBefore) -> Option<u64>, now: &dyn Fn(Counts) -> u64| {
            self.editions.iter().any(|edition| {
                let is_corrected = |part: &&Part| {
                    let then = find(edition, part).and_then(then);
                    then.is_some_and(|then| then != now(part.counts))
                };
                let corrected = self.whole.divided[place].iter().filter(is_corrected);
                is_few(corrected.map(|part| now(part.counts)).sum(), self.smallest)
            })
        };
        let others_then = |shown: &ShownBefore| Some(shown.cases? - shown.deviations?);
        tells(&|shown| number.shown(shown), &|counts| number.of(counts)) || tells(&others_then, &others)
    }

    /// Shows the one part that follows from what is shown, and hides the parts that would tell a hidden whole.
    fn settle(&self, number: Number, seen: &mut WholeSeen, place: usize) {
        let parts = &self.whole.divided[place];
        let counted: u64 = parts.iter().map(|part| number.of(part.counts)).sum();
        let has_unseen = counted < number.of(self.whole.all.counts);
        let is_unknown = |part: &usize| !self.known(&parts[*part], seen.divided[place][*part]).has(number);
        let unknown: Vec<usize> = (0..parts.len()).filter(is_unknown).collect();
        match (&unknown[..], seen.all.has(number)) {
            // With a whole that is hidden groups would tell how it has changed.
            (_, false) if place == 0 => {
                seen.divided[0].iter_mut().for_each(|part| part.show(number, false));
            }
            _ if has_unseen || parts.is_empty() => {}
            ([], false) => seen.divided[place].iter_mut().for_each(|part| part.show(number, false)),
            ([part], true) if self.is_open(number, &parts[*part]) => {
                seen.divided[place][*part].show(number, true);
            }
            ([_], true) => seen.all.show(number, false),
            _ => {}
        }
    }
}

fn others((deviations, cases): Counts) -> u64 {
    cases - deviations
}

/// What an edition shows of a part.
fn find<'a>(edition: &[&'a ShownBefore], part: &Part) -> Option<&'a ShownBefore> {
    let mut shown = edition.iter();
    shown.find(|it| it.period == part.period && Holder::of_shown(it) == part.holder).copied()
}

/// The periods of which two editions hide different numbers, so that they tell each other's. An edition that was made
/// after another hides at least what that one does.
pub fn told_by_both(one: &ControlPattern, other: &ControlPattern) -> BTreeSet<Period> {
    let hides = |edition: &ControlPattern, shown: &ShownBefore, number: Number| {
        let holder = Holder::of_shown(shown);
        let mut same = edition.numbers.iter();
        let same = same.find(|it| it.period == shown.period && Holder::of_shown(it) == holder);
        // Those taken together may be others.
        same.filter(|_| holder != Holder::Few).is_some_and(|same| number.shown(same).is_none())
    };
    let told = |by: &ControlPattern, of: &ControlPattern| -> BTreeSet<Period> {
        let is_told = |shown: &&ShownBefore| {
            Number::BOTH.into_iter().any(|it| it.shown(shown).is_some() && hides(of, shown, it))
        };
        by.numbers.iter().filter(is_told).map(|shown| shown.period).collect()
    };
    told(one, other).intersection(&told(other, one)).copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::period::PeriodKind;
    use crate::rulebook::Cohort;

    const TERTIAL: Period = Period { kind: PeriodKind::Tertial, index: 3 * 2024 };

    /// Units with their deviations and cases, none hidden below 0.
    type Units<'a> = &'a [(&'a str, i64, i64)];

    fn shown(group: Option<&str>, period: Period, deviations: i64, cases: i64) -> ShownBefore {
        let number = |number: i64| u64::try_from(number).ok();
        ShownBefore {
            period,
            group: group.map(str::to_owned),
            combined: usize::from(group == Some("")) * 2,
            cases: number(cases),
            deviations: number(deviations),
        }
    }

    /// An edition of one period; −1 is hidden. Units without a name are several taken together.
    fn edition(all: (i64, i64), units: Units<'_>) -> ControlPattern {
        let groups =
            units.iter().map(|(name, deviations, cases)| shown(Some(name), TERTIAL, *deviations, *cases));
        ControlPattern {
            control: "child-investigation".into(),
            cohort: Cohort::Closed,
            period: PeriodKind::Tertial,
            trend: None,
            ledgers: Vec::new(),
            numbers: [shown(None, TERTIAL, all.0, all.1)].into_iter().chain(groups).collect(),
        }
    }

    fn now(units: &[(&str, u64, u64)]) -> Whole {
        let part = |(name, deviations, cases): &(&str, u64, u64)| Part {
            holder: Holder::of(name, usize::from(name.is_empty())),
            period: TERTIAL,
            counts: (*deviations, *cases),
        };
        let sum = |pick: fn(&(&str, u64, u64)) -> u64| units.iter().map(pick).sum();
        let all = (sum(|unit| unit.1), sum(|unit| unit.2));
        Whole {
            all: Part { holder: Holder::Whole, period: TERTIAL, counts: all },
            is_cut: false,
            divided: [units.iter().map(part).collect(), Vec::new()],
        }
    }

    /// What is shown after editions of all and of each unit: cases, then deviations; `-` is hidden.
    fn seen(editions: &[&ControlPattern], units: &[(&str, u64, u64)]) -> String {
        let whole = now(units);
        let seen = Earlier::of(editions, &whole, 5).seen();
        let told = |seen: &Seen, (deviations, cases): Counts| {
            let number = |is_shown: bool, count: u64| if is_shown { count.to_string() } else { "-".into() };
            format!("{}/{}", number(seen.cases, cases), number(seen.deviations, deviations))
        };
        let parts = seen.divided[0].iter().zip(&whole.divided[0]);
        let parts = parts.map(|(seen, part)| told(seen, part.counts));
        [told(&seen.all, whole.all.counts)].into_iter().chain(parts).collect::<Vec<String>>().join(" ")
    }

    #[test]
    fn what_is_the_same_is_shown_and_hidden_as_before() {
        let before = edition((40, 90), &[("A", -1, 30), ("B", -1, 30), ("C", 30, 30)]);
        assert_eq!(seen(&[&before], &[("A", 2, 30), ("B", 8, 30), ("C", 30, 30)]), "90/40 30/- 30/- 30/30");
        // By themselves the hidden ones may have changed: nobody sees it.
        assert_eq!(seen(&[&before], &[("A", 9, 30), ("B", 1, 30), ("C", 30, 30)]), "90/40 30/- 30/- 30/30");
    }

    #[test]
    fn a_corrected_whole_is_shown_where_it_tells_nothing_of_the_hidden() {
        let before = edition((40, 90), &[("A", -1, 30), ("B", -1, 30), ("C", 30, 30)]);
        // One more: 11 are left for A and B.
        assert_eq!(seen(&[&before], &[("A", 2, 30), ("B", 9, 31), ("C", 30, 30)]), "91/41 30/- 31/- 30/30");
        // Only 4 are left for A and B.
        assert_eq!(seen(&[&before], &[("A", 2, 30), ("B", 2, 30), ("C", 30, 30)]), "90/- 30/- 30/- 30/-");
        // What C lost is what the whole lost, and C's own number is not small.
        assert_eq!(seen(&[&before], &[("A", 2, 30), ("B", 8, 30), ("C", 20, 30)]), "90/30 30/- 30/- 30/-");
        // C's is small now: the whole would tell it.
        assert_eq!(seen(&[&before], &[("A", 2, 30), ("B", 8, 30), ("C", 3, 30)]), "90/- 30/- 30/- 30/-");
    }

    #[test]
    fn corrected_parts_are_shown_where_none_of_their_kind_is_hidden_and_none_is_small() {
        let before = edition((40, 90), &[("A", 10, 30), ("B", 10, 30), ("C", 20, 30)]);
        assert_eq!(
            seen(&[&before], &[("A", 11, 31), ("B", 10, 30), ("C", 20, 30)]),
            "91/41 31/11 30/10 30/20"
        );
        // Of 30 cases 27 are late: the three others would be told, by the other groups beside the whole too.
        assert_eq!(seen(&[&before], &[("A", 27, 30), ("B", 10, 30), ("C", 20, 30)]), "90/- 30/- 30/- 30/-");
    }

    #[test]
    fn new_and_renamed_units_show_of_the_time_before_what_follows_and_that_they_had_no_case() {
        let before = edition((40, 90), &[("A", -1, 30), ("B", -1, 30), ("C", 30, 30)]);
        // How many cases the renamed one had follows from the others.
        let renamed = [("Ny", 2, 30), ("B", 8, 30), ("C", 30, 30), ("D", 0, 0)];
        assert_eq!(seen(&[&before], &renamed), "90/40 30/- 30/- 30/30 0/0");
        // D may have been one of several that were taken together.
        let together = edition((40, 90), &[("A", -1, 30), ("", -1, 30), ("C", 30, 30)]);
        assert_eq!(
            seen(&[&together], &[("A", 2, 30), ("B", 8, 30), ("C", 30, 30), ("D", 0, 0)]),
            "90/40 30/- -/- 30/30 -/-"
        );
    }

    #[test]
    fn a_part_that_would_tell_a_hidden_whole_is_hidden() {
        let before = edition((-1, 60), &[("A", 0, 30), ("B", 0, 29), ("C", -1, 1)]);
        assert_eq!(seen(&[&before], &[("A", 0, 30), ("B", 0, 30)]), "60/- 30/- 30/-");
    }

    #[test]
    fn editions_that_hide_different_numbers_tell_each_others() {
        let one = edition((40, 90), &[("A", -1, 30), ("B", -1, 30), ("C", 30, 30)]);
        let other = edition((40, 90), &[("A", -1, 30), ("B", 8, 30), ("C", -1, 30)]);
        assert_eq!(told_by_both(&one, &other), BTreeSet::from([TERTIAL]));
        let more = edition((40, 90), &[("A", -1, 30), ("B", -1, 30), ("C", -1, 30)]);
        assert_eq!(told_by_both(&one, &more), BTreeSet::new());
        // What one of them hides stays hidden.
        assert_eq!(
            seen(&[&one, &more], &[("A", 2, 30), ("B", 8, 30), ("C", 30, 30)]),
            "90/40 30/- 30/- 30/-"
        );
    }
}
