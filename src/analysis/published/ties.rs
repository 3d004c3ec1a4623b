//! Ties to earlier editions: what they show is public, and what they hide stays hidden.
//!
//! Whoever has several editions puts them side by side. Each is a set of counts of its own with sums of its own. Of a
//! count that was not changed since, all editions show the same number: where one shows it, it is public, and
//! where one hides it, it stays hidden and moves together with that of the other edition. So it does where it was
//! changed and both hide it, as if the attacker knew by how much it was. Where an earlier edition shows another number, that number
//! is a constant of that edition's sums alone: by how much a count was corrected nobody knows but from those sums, and
//! moves go no further from the true number than `smallest`, so that even knowing that corrections are small excludes none.

use std::collections::{BTreeMap, BTreeSet};

use super::cells::{Cells, numbers};
use super::earlier::{Earlier, hides_all_groups, holder_of};
use super::pattern::{ControlPattern, ShownBefore};
use super::placed::{Holder, Pair, Placed};
use crate::ingest::Ledger;
use crate::period::{Period, PeriodKind};
use crate::suppression::CellId;

/// Ties the cells of the present to what earlier editions show and hide.
pub struct Ties<'a> {
    pub cells: &'a mut Cells,
    pub earlier: Earlier<'a>,
    /// Whether all cases of a period are there and judged, as far as the calendar tells.
    pub is_settled: &'a dyn Fn(Period) -> bool,
    /// Groups that are shown under their names or together, by period.
    members: BTreeMap<(String, Period), Placed>,
}

impl<'a> Ties<'a> {
    /// Between these.
    pub fn new(
        cells: &'a mut Cells,
        earlier: Earlier<'a>,
        is_settled: &'a dyn Fn(Period) -> bool,
    ) -> Ties<'a> {
        Ties { cells, earlier, is_settled, members: BTreeMap::new() }
    }

    /// Ties them all. `lines` are the cells of `ledgers`.
    pub fn tie(mut self, ledgers: &[Ledger], lines: &[[CellId; 5]]) {
        self.split_those_taken_together();
        for edition in self.earlier.editions {
            self.mark_public(edition);
            self.mark_public_lines(edition, ledgers, lines);
        }
        for edition in self.earlier.editions {
            self.add_sums(edition, ledgers, lines);
        }
    }

    /// Groups that are shown together now may have been shown by themselves, or with others.
    fn split_those_taken_together(&mut self) {
        for ((holder, period), placed) in self.cells.placed.clone() {
            match (holder, &placed[..]) {
                (Holder::Group(name), [placed, ..]) => {
                    self.members.insert((name, period), *placed);
                }
                (Holder::Few, [few, ..]) => self.split(*few, period),
                _ => {}
            }
        }
    }

    fn split(&mut self, few: Placed, period: Period) {
        let placed = &self.cells.placed;
        let is_member = |name: &str| !placed.contains_key(&(Holder::Group(name.to_owned()), period));
        let names = self.earlier.with_cases(period, is_member);
        let mut parts = Vec::new();
        for name in &names {
            let counts = self.earlier.groups[*name][&period];
            let placed = if names.len() == 1 { few } else { self.cells.unseen(counts) };
            parts.push(placed.pair);
            self.members.insert(((*name).to_owned(), period), placed);
        }
        if names.len() > 1 {
            self.cells.add_up(few.pair, &parts);
        }
    }

    /// The cells of now that hold the same as what an edition shows.
    fn now(&self, edition: &ControlPattern, shown: &ShownBefore) -> Vec<Placed> {
        let placed = |holder| self.cells.placed.get(&(holder, shown.period)).cloned().unwrap_or_default();
        match holder_of(shown) {
            Holder::Whole => placed(Holder::Whole),
            Holder::Group(name) => self.members.get(&(name, shown.period)).copied().into_iter().collect(),
            Holder::Few => {
                let is_shown = |name: &str| {
                    !self.cells.placed.contains_key(&(Holder::Group(name.to_owned()), shown.period))
                };
                let now = self.earlier.with_cases(shown.period, is_shown);
                if now == self.earlier.unnamed(edition, shown.period) {
                    placed(Holder::Few)
                } else {
                    Vec::new()
                }
            }
        }
    }

    /// What an edition shows is public, and what it hides stays hidden. A number that must not be told now is not the
    /// one shown then where the other of its pair was changed.
    fn mark_public(&mut self, edition: &ControlPattern) {
        for shown in &edition.numbers {
            let is_of_group = shown.group.is_some();
            if !self.is_bound(edition, shown) || is_of_group && hides_all_groups(edition, shown.period) {
                continue;
            }
            for Placed { pair, others, counts } in self.now(edition, shown) {
                let tables = &mut self.cells.tables;
                let cells =
                    [(shown.cases, counts.1, pair.cases), (shown.deviations, counts.0, pair.deviations)];
                let is_changed =
                    cells.iter().any(|(shown, count, _)| shown.is_some_and(|shown| shown != *count));
                for (shown, count, cell) in cells {
                    match shown {
                        Some(shown) if shown == count && !(is_changed && tables.is_sensitive(cell)) => {
                            tables.out(cell)
                        }
                        Some(_) => {}
                        None => tables.keep(cell),
                    }
                }
                if (shown.cases, shown.deviations) == (Some(counts.1), Some(counts.0)) {
                    tables.out(others);
                }
            }
        }
    }

    /// Whether a number that an edition hides is taken for that of now. Of a period to which more was to come it is so
    /// only where nothing came.
    fn is_bound(&self, edition: &ControlPattern, shown: &ShownBefore) -> bool {
        !shown.unsettled || self.is_still(edition, shown.period)
    }

    /// Whether a period has the cases that it had in an edition, or all that it would have.
    fn is_still(&self, edition: &ControlPattern, period: Period) -> bool {
        let whole = edition.numbers.iter().find(|it| it.group.is_none() && it.period == period);
        let now = self.whole(period).map(|now| now.counts.1);
        whole.is_some_and(|whole| !whole.unsettled || whole.cases.is_some() && whole.cases == now)
    }

    fn add_sums(&mut self, edition: &ControlPattern, ledgers: &[Ledger], lines: &[[CellId; 5]]) {
        let numbers: Vec<(&ShownBefore, Pair)> =
            edition.numbers.iter().map(|shown| (shown, self.place(edition, shown))).collect();
        let wholes: BTreeMap<Period, Pair> = numbers
            .iter()
            .filter(|(shown, _)| shown.group.is_none())
            .map(|(shown, pair)| (shown.period, *pair))
            .collect();
        let earlier = self.earlier;
        let is_told = |period: Period| !earlier.hides_groups(period) && !hides_all_groups(edition, period);
        for (period, whole) in wholes.iter().filter(|(period, _)| is_told(**period)) {
            let groups = numbers.iter().filter(|(shown, _)| shown.group.is_some() && shown.period == *period);
            let groups: Vec<Pair> = groups.map(|(_, pair)| *pair).collect();
            if !groups.is_empty() {
                self.add_up(*whole, &groups);
            }
        }
        if let Some(trend) = edition.trend.filter(|trend| *trend != edition.period) {
            self.add_points(edition, &wholes, trend);
        }
        let of_periods = wholes.iter().filter(|(period, _)| period.kind == edition.period);
        let periods: Vec<CellId> = of_periods.map(|(_, pair)| pair.cases).collect();
        let cases = periods.iter().map(|cell| self.cells.tables.value(*cell)).sum();
        let counted = self.lines(edition, ledgers, lines, cases);
        if edition.ledgers_add_up && !counted.is_empty() {
            let sum = counted.iter().map(|cell| self.cells.tables.value(*cell)).sum();
            let all = self.cells.tables.unpublished(sum, false);
            self.cells.tables.sum(all, &counted);
            self.sum(all, periods);
        }
    }

    /// Says that the parts of an edition add up to its whole.
    fn add_up(&mut self, whole: Pair, parts: &[Pair]) {
        self.sum(whole.cases, parts.iter().map(|pair| pair.cases).collect());
        self.sum(whole.deviations, parts.iter().map(|pair| pair.deviations).collect());
    }

    /// Those that it hides are taken to be as they are now. Where they do not add up then, some were changed since, and
    /// nobody knows which: that one gives way to the others, as far as it can if it was changed alone.
    fn sum(&mut self, whole: CellId, mut parts: Vec<CellId>) {
        let tables = &mut self.cells.tables;
        let now: u64 = parts.iter().map(|part| tables.value(*part)).sum();
        if now != tables.value(whole) {
            let changed = tables.value(whole).saturating_sub(now);
            parts.push(tables.unpublished(changed, false));
        }
        tables.sum(whole, &parts);
    }

    /// Longer spans are made of shorter ones; one that an edition does not have is as it is now.
    fn add_points(&mut self, edition: &ControlPattern, wholes: &BTreeMap<Period, Pair>, trend: PeriodKind) {
        let mut kinds = [edition.period, trend];
        kinds.sort_by_key(|kind| kind.months());
        let [short, long] = kinds;
        for (span, whole) in wholes.iter().filter(|(period, _)| period.kind == long) {
            let first = span.first_day().month();
            let parts = (first..first + long.months()).step_by(short.months() as usize);
            let parts: Vec<Period> = parts.map(|month| short.holding_month(month)).collect();
            // Before the first point of a trend there may be cases that no point has.
            let is_all = parts.iter().all(|part| wholes.contains_key(part))
                || self.is_still(edition, *span) && self.is_made_of(*span, &parts);
            let pair = |part: &Period| wholes.get(part).copied().or_else(|| Some(self.whole(*part)?.pair));
            let pairs: Vec<Pair> = parts.iter().filter_map(pair).collect();
            if is_all {
                self.add_up(*whole, &pairs);
            }
        }
    }

    /// Whether some spans have all cases of a longer one now.
    fn is_made_of(&self, span: Period, parts: &[Period]) -> bool {
        let cases = parts.iter().filter_map(|part| self.whole(*part)).map(|part| part.counts.1).sum::<u64>();
        self.whole(span).is_some_and(|whole| whole.counts.1 == cases)
    }

    /// All cases of a period, now.
    fn whole(&self, period: Period) -> Option<Placed> {
        self.cells.placed.get(&(Holder::Whole, period)).and_then(|placed| placed.first()).copied()
    }

    /// The cells of what an edition shows or hides: those of now where they are bound to be the same.
    fn place(&mut self, edition: &ControlPattern, shown: &ShownBefore) -> Pair {
        let now = self.now(edition, shown);
        if now.is_empty() && shown.combined > 0 && !self.earlier.hides_groups(shown.period) {
            return self.place_together(edition, shown);
        }
        let is_bound = self.is_bound(edition, shown);
        for placed in &now {
            self.came_since(shown, *placed);
        }
        let now = now.first().copied();
        let cases = self.count(shown.cases, now.map(|it| (it.pair.cases, it.counts.1)), is_bound);
        let deviations =
            self.count(shown.deviations, now.map(|it| (it.pair.deviations, it.counts.0)), is_bound);
        match now.filter(|it| (it.pair.cases, it.pair.deviations) == (cases, deviations)) {
            Some(now) => now.pair,
            None => {
                if shown.cases.is_none() || shown.deviations.is_none() {
                    self.cells.tables.among(deviations, cases);
                }
                Pair { cases, deviations }
            }
        }
    }

    /// A number of an edition: `now` is its cell and count.
    fn count(&mut self, shown: Option<u64>, now: Option<(CellId, u64)>, is_bound: bool) -> CellId {
        match (shown, now) {
            (Some(count), Some((cell, value))) if count == value && self.cells.tables.is_out(cell) => cell,
            (Some(count), _) => self.cells.tables.known(count),
            (None, Some((cell, _))) if is_bound => cell,
            (None, _) => self.cells.tables.unpublished(self.cells.smallest, false),
        }
    }

    /// Groups that were shown together in an edition, and now are not, or with others.
    fn place_together(&mut self, edition: &ControlPattern, shown: &ShownBefore) -> Pair {
        let named: BTreeSet<Holder> = Earlier::of_groups(edition, shown.period).map(holder_of).collect();
        let names =
            self.earlier.groups.keys().filter(|name| !named.contains(&Holder::Group((*name).clone())));
        let placed = names.filter_map(|name| self.members.get(&(name.clone(), shown.period)));
        let parts: Vec<Placed> = placed.copied().collect();
        let sum = |pick: fn(&Placed) -> u64| parts.iter().map(pick).sum::<u64>();
        let counts = (sum(|part| part.counts.0), sum(|part| part.counts.1));
        let is_bound = self.is_bound(edition, shown) && !parts.is_empty();
        let is_same = shown.cases.is_none_or(|cases| cases == counts.1)
            && shown.deviations.is_none_or(|deviations| deviations == counts.0);
        let mut cell = |shown: Option<u64>, value: u64, pick: fn(&Placed) -> CellId| {
            let tables = &mut self.cells.tables;
            let cell = match shown {
                Some(count) => tables.known(count),
                None => tables.unpublished(value, is_bound),
            };
            if is_bound && (shown.is_none() || is_same) {
                tables.sum(cell, &parts.iter().map(pick).collect::<Vec<CellId>>());
            }
            cell
        };
        let cases = cell(shown.cases, counts.1, |part| part.pair.cases);
        let deviations = cell(shown.deviations, counts.0, |part| part.pair.deviations);
        Pair { cases, deviations }
    }

    /// Of a period to which more was to come, what came since is a number of people as well.
    fn came_since(&mut self, shown: &ShownBefore, now: Placed) {
        if !shown.unsettled && (self.is_settled)(shown.period) {
            return;
        }
        let counts = [
            (shown.cases, now.counts.1, now.pair.cases),
            (shown.deviations, now.counts.0, now.pair.deviations),
        ];
        let came = counts.map(|(before, count, cell)| {
            let is_new = |before: &u64| *before != count && !self.cells.tables.is_out(cell);
            let before = before.filter(is_new)?;
            let came = self.cells.few(before.abs_diff(count));
            let known = self.cells.tables.known(before);
            let (whole, part) = if count > before { (cell, known) } else { (known, cell) };
            self.cells.tables.sum(whole, &[part, came]);
            Some((came, count > before))
        });
        if let [Some((cases, more)), Some((deviations, more_deviations))] = came
            && more == more_deviations
        {
            self.cells.tables.among(deviations, cases);
        }
    }

    /// The lines of now that could be an edition's line: nothing that it shows is another number. Of one that shows
    /// nothing it is that in its place, where there are several.
    fn lines_like(edition: &ControlPattern, place: usize, ledgers: &[Ledger]) -> Option<usize> {
        let line = edition.ledgers[place];
        let is_like = |ledger: &Ledger| {
            let numbers = numbers(*ledger);
            line.iter().zip(numbers).all(|(shown, number)| shown.is_none_or(|shown| shown == number))
        };
        match line.iter().all(Option::is_none) {
            true => (ledgers.len() > 1 && place < ledgers.len()).then_some(place),
            false => ledgers.iter().position(is_like),
        }
    }

    fn mark_public_lines(&mut self, edition: &ControlPattern, ledgers: &[Ledger], lines: &[[CellId; 5]]) {
        for (place, line) in edition.ledgers.iter().enumerate() {
            let Some(like) = Ties::lines_like(edition, place, ledgers) else { continue };
            for (shown, cell) in line.iter().zip(lines[like]) {
                let tables = &mut self.cells.tables;
                if shown.is_some() { tables.out(cell) } else { tables.keep(cell) }
            }
        }
    }

    /// The lines of an edition, whose periods hold so many cases; gives the cells of what its files counted.
    fn lines(
        &mut self,
        edition: &ControlPattern,
        ledgers: &[Ledger],
        lines: &[[CellId; 5]],
        cases: u64,
    ) -> Vec<CellId> {
        let places = 0..edition.ledgers.len();
        let like: Vec<Option<usize>> =
            places.map(|place| Ties::lines_like(edition, place, ledgers)).collect();
        let counted = |(line, like): (&[Option<u64>; 5], &Option<usize>)| {
            line[1].or(like.map(|like| numbers(ledgers[like])[1]))
        };
        let counted: Vec<Option<u64>> = edition.ledgers.iter().zip(&like).map(counted).collect();
        let unknown = counted.iter().filter(|count| count.is_none()).count() as u64;
        let left = cases.saturating_sub(counted.iter().flatten().sum());
        let each = left.checked_div(unknown).filter(|_| edition.ledgers_add_up);
        let line_of = |(line, like): (&[Option<u64>; 5], &Option<usize>)| match like {
            Some(like) => lines[*like][1],
            None => self.line(*line, each),
        };
        edition.ledgers.iter().zip(&like).map(line_of).collect()
    }

    /// A line that no file has now; gives the cell of what was counted. What it hides is at most what the rest leaves.
    fn line(&mut self, line: [Option<u64>; 5], counted: Option<u64>) -> CellId {
        let mut numbers = line;
        numbers[1] = line[1].or(counted);
        let known = numbers[1..].iter().flatten().sum::<u64>();
        let mut left = numbers[0].map_or(0, |rows| rows.saturating_sub(known));
        let values = numbers.map(|number| number.unwrap_or_else(|| std::mem::take(&mut left)));
        let cells: [CellId; 5] = std::array::from_fn(|place| match line[place] {
            Some(count) => self.cells.tables.known(count),
            None => {
                let value = if place == 0 { values[1..].iter().sum() } else { values[place] };
                self.cells.tables.unpublished(value, line.iter().any(Option::is_some))
            }
        });
        self.sum(cells[0], cells[1..].to_vec());
        cells[1]
    }
}
