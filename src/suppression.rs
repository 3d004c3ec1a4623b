//! Which counts of published tables are hidden, so that no small number can be derived.
//!
//! A number of people between 1 and `smallest − 1` can point at somebody. Hiding it is not enough: a total and
//! the other parts give it back. So other counts are hidden too (cell suppression: Willenborg and de Waal 2001,
//! Elements of Statistical Disclosure Control), until every hidden count could be anything in a range at least
//! `smallest` wide (sliding protection).
//!
//! The attacker knows every visible count, which counts add up to which, that some are among others, and that
//! none is below 0 (Fischetti and Salazar 2001, Management Science 47). A *move* is a change of hidden counts
//! that breaks none of it, so the attacker cannot tell the moved tables from the true ones, and a count is
//! protected by two moves in which it differs by `smallest`. An integer program finds those that need the
//! cheapest other counts hidden. The moves are kept: [`Tables::audit`] checks them exactly, without a solver.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use microlp::{ComparisonOp, OptimizationDirection, Problem, Solution, SolveOptions, Variable};

/// Whether a share reveals few: of 1 to `smallest − 1` deviations, cases without one, or cases.
pub fn is_small(deviations: u64, cases: u64, smallest: u64) -> bool {
    [deviations, cases.saturating_sub(deviations), cases].iter().any(|count| is_few(*count, smallest))
}

/// Whether a count is one of 1 to `smallest − 1`.
pub fn is_few(count: u64, smallest: u64) -> bool {
    (1..smallest).contains(&count)
}

/// A count's place in [`Tables`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CellId(usize);

/// A count that is published, or that follows from those that are.
#[derive(Debug, Clone, Copy)]
struct Cell {
    value: u64,
    /// It must not be derived.
    is_sensitive: bool,
    /// The lower, the sooner it is hidden for the sake of others; `None`: it is never published.
    rank: Option<u8>,
}

impl Cell {
    /// Whether it is hidden before anything else is.
    fn begins_hidden(&self) -> bool {
        self.is_sensitive || self.rank.is_none()
    }

    /// Whether the count may be hidden for another's sake, when those up to a rank may.
    fn is_within(&self, rank: u8) -> bool {
        self.rank.is_some_and(|own| own <= rank)
    }

    /// What hiding it costs for each unit that it moves by: least for the smallest that gives way enough by
    /// itself, much for 0, which only looks as if there were something to hide.
    fn price(&self, smallest: u64) -> f64 {
        let (price, most) = match self.value {
            0 => (4.0, smallest),
            value => (1.0 + (value as f64).log2() / 64.0, value.min(smallest)),
        };
        price / most as f64 * f64::from(1 + self.rank.unwrap_or(0))
    }
}

/// Counts to be published, and what they add up to.
#[derive(Debug, Clone)]
pub struct Tables {
    smallest: u64,
    cells: Vec<Cell>,
    /// The counts of each sum with the signs that make them add up to nothing.
    sums: Vec<Vec<(CellId, i64)>>,
    /// The sums that a cell is in, with its sign there.
    sums_of: Vec<Vec<(usize, i64)>>,
}

/// The changes of a move, in order of cells.
type Move = Vec<(CellId, i64)>;

/// Which counts are hidden, and the moves that keep anyone from deriving them.
#[derive(Debug, Clone)]
pub struct Hidden {
    is_hidden: Vec<bool>,
    moves: Vec<Move>,
    /// How far the moves take each cell down and up.
    ranges: Vec<[i64; 2]>,
}

impl Hidden {
    /// Whether the count is to be left out.
    pub fn is_hidden(&self, cell: CellId) -> bool {
        self.is_hidden[cell.0]
    }

    /// Keeps a move and hides what it changes; gives the cells that were visible. A move is good for ever: what
    /// is hidden after it only leaves the attacker more.
    fn keep(&mut self, changes: Move) -> Vec<CellId> {
        widen(&mut self.ranges, &changes);
        let is_new = |cell: &CellId| !std::mem::replace(&mut self.is_hidden[cell.0], true);
        let newly_hidden = changes.iter().map(|(cell, _)| *cell).filter(is_new).collect();
        self.moves.push(changes);
        newly_hidden
    }
}

impl Tables {
    /// No counts yet; 1 to `smallest − 1` are small.
    pub fn new(smallest: u64) -> Tables {
        Tables { smallest, cells: Vec::new(), sums: Vec::new(), sums_of: Vec::new() }
    }

    /// Adds a count. One of a lower `rank` is hidden rather than one of a higher where either would do.
    pub fn cell(&mut self, value: u64, is_sensitive: bool, rank: u8) -> CellId {
        self.add(Cell { value, is_sensitive, rank: Some(rank) })
    }

    /// Adds a count that is never printed, but that follows from printed ones as a part or a sum.
    pub fn unpublished(&mut self, value: u64, is_sensitive: bool) -> CellId {
        self.add(Cell { value, is_sensitive, rank: None })
    }

    /// Says that the parts add up to the total.
    pub fn sum(&mut self, total: CellId, parts: &[CellId]) {
        let terms: Vec<(CellId, i64)> = parts.iter().map(|part| (*part, 1)).chain([(total, -1)]).collect();
        for (cell, sign) in &terms {
            self.sums_of[cell.0].push((self.sums.len(), *sign));
        }
        self.sums.push(terms);
    }

    /// Says that `some` are among `all`, as deviations are among cases. Nobody prints how many the others are,
    /// but it must not be derived when they are few.
    pub fn among(&mut self, some: CellId, all: CellId) {
        let others = self.cells[all.0].value.saturating_sub(self.cells[some.0].value);
        let others = self.unpublished(others, is_few(others, self.smallest));
        self.sum(all, &[some, others]);
    }

    fn add(&mut self, cell: Cell) -> CellId {
        self.cells.push(cell);
        self.sums_of.push(Vec::new());
        CellId(self.cells.len() - 1)
    }

    /// Hides the sensitive counts and as many others as it takes.
    pub fn protect(&self) -> Hidden {
        let mut hidden = Hidden {
            is_hidden: self.cells.iter().map(Cell::begins_hidden).collect(),
            moves: Vec::new(),
            ranges: vec![[0, 0]; self.cells.len()],
        };
        let mut waiting: VecDeque<CellId> = self.ids().filter(|id| self.cells[id.0].is_sensitive).collect();
        while let Some(cell) = waiting.pop_front() {
            if !self.is_wide(hidden.ranges[cell.0]) {
                let moves = self.moves_for(cell, &hidden);
                waiting.extend(moves.into_iter().flat_map(|changes| hidden.keep(changes)));
            }
        }
        hidden
    }

    /// Two moves that take a cell far enough apart: of hidden cells alone where they do, otherwise of visible
    /// ones of the lowest ranks as well. None when the solver finds none.
    fn moves_for(&self, cell: CellId, hidden: &Hidden) -> Vec<Move> {
        let mut moves = self.moves_of_hidden(cell, hidden);
        let ranks: BTreeSet<u8> = self.cells.iter().filter_map(|cell| cell.rank).collect();
        for rank in ranks {
            let changes = moves.iter().flatten().filter(|(changed, _)| *changed == cell);
            if self.is_wide(changes.fold([0, 0], |range, (_, change)| widened(range, *change))) {
                break;
            }
            moves = self.cheapest_moves(cell, hidden, rank);
        }
        moves
    }

    /// Moves of hidden cells. The others that still need moves are drawn apart as well, neighbours against each
    /// other since they mostly share a sum: one solution then does for many.
    fn moves_of_hidden(&self, cell: CellId, hidden: &Hidden) -> Vec<Move> {
        const DRAW: f64 = 1e-3;
        let region = self.region(cell, |id| hidden.is_hidden(id));
        let needs_moves: Vec<bool> = region.iter().map(|id| !self.is_wide(hidden.ranges[id.0])).collect();
        let costs = |which: usize, place: usize| {
            let draw = if (which + place).is_multiple_of(2) { DRAW } else { -DRAW };
            if needs_moves[place] { [draw, -draw] } else { [0.0, 0.0] }
        };
        AttackersProblem::new(self, region, costs).pull_apart(cell, self.smallest)
    }

    /// Moves that may change visible cells up to a rank, at their price.
    fn cheapest_moves(&self, cell: CellId, hidden: &Hidden, rank: u8) -> Vec<Move> {
        let region = self.region(cell, |id| hidden.is_hidden(id) || self.cells[id.0].is_within(rank));
        let price =
            |id: &CellId| if hidden.is_hidden(*id) { 0.0 } else { self.cells[id.0].price(self.smallest) };
        let prices: Vec<f64> = region.iter().map(price).collect();
        AttackersProblem::new(self, region, |_, place| [prices[place]; 2]).pull_apart(cell, self.smallest)
    }

    /// The cells that can move when `cell` does, in order.
    fn region(&self, cell: CellId, can_move: impl Fn(CellId) -> bool) -> Vec<CellId> {
        let mut region = BTreeSet::from([cell]);
        let mut unseen = vec![cell];
        while let Some(seen) = unseen.pop() {
            for (sum, _) in &self.sums_of[seen.0] {
                for (neighbour, _) in &self.sums[*sum] {
                    if can_move(*neighbour) && region.insert(*neighbour) {
                        unseen.push(*neighbour);
                    }
                }
            }
        }
        region.into_iter().collect()
    }

    /// Checks the moves by the sums alone. Gives the sensitive and the hidden counts that are not shown to be
    /// protected, in order.
    pub fn audit(&self, hidden: &Hidden) -> Result<(), Vec<CellId>> {
        let mut ranges = vec![[0, 0]; self.cells.len()];
        hidden
            .moves
            .iter()
            .filter(|changes| self.is_sound(hidden, changes))
            .for_each(|changes| widen(&mut ranges, changes));
        let is_protected = |id: CellId| hidden.is_hidden(id) && self.is_wide(ranges[id.0]);
        let must_be = |id: CellId| {
            let cell = &self.cells[id.0];
            cell.is_sensitive || (cell.rank.is_some() && hidden.is_hidden(id))
        };
        let bare: Vec<CellId> = self.ids().filter(|id| must_be(*id) && !is_protected(*id)).collect();
        if bare.is_empty() { Ok(()) } else { Err(bare) }
    }

    /// Whether a move changes hidden counts only, takes none below 0 and keeps all sums.
    fn is_sound(&self, hidden: &Hidden, changes: &Move) -> bool {
        let mut left_over: BTreeMap<usize, i64> = BTreeMap::new();
        for (cell, change) in changes {
            for (sum, sign) in &self.sums_of[cell.0] {
                *left_over.entry(*sum).or_default() += sign * change;
            }
        }
        let is_possible = |(cell, change): &(CellId, i64)| {
            hidden.is_hidden(*cell) && self.cells[cell.0].value.checked_add_signed(*change).is_some()
        };
        changes.iter().all(is_possible) && left_over.values().all(|count| *count == 0)
    }

    /// Whether a count with such a range is protected.
    fn is_wide(&self, [low, high]: [i64; 2]) -> bool {
        low.abs_diff(high) >= self.smallest
    }

    fn ids(&self) -> impl Iterator<Item = CellId> + use<> {
        (0..self.cells.len()).map(CellId)
    }
}

/// Lets the ranges of cells hold the changes of a move.
fn widen(ranges: &mut [[i64; 2]], changes: &Move) {
    for (cell, change) in changes {
        ranges[cell.0] = widened(ranges[cell.0], *change);
    }
}

fn widened([low, high]: [i64; 2], change: i64) -> [i64; 2] {
    [low.min(change), high.max(change)]
}

/// By how much a cell rises and by how much it falls in a move.
struct Step {
    rise: Variable,
    fall: Variable,
}

impl Step {
    /// Its change, `times` over, as terms of a sum.
    fn terms(&self, times: f64) -> [(Variable, f64); 2] {
        [(self.rise, times), (self.fall, -times)]
    }
}

/// Two moves of a region's cells, as unknowns.
///
/// Unknown are changes of at most `smallest`, not counts of up to millions: a solver that is right to 1e-7 is then
/// as right for large tables as for small. Its answer is rounded, and audited exactly. That a cell changes no more
/// loses nothing where sums are totals of totals, for there every move is made of circuits.
struct AttackersProblem {
    problem: Problem,
    region: Vec<CellId>,
    /// The steps of the region's cells in the first and in the second move.
    moves: [Vec<Step>; 2],
}

impl AttackersProblem {
    /// The unknowns and the sums that they keep. `costs` are those of a cell's rise and fall, by move and place.
    fn new(
        tables: &Tables,
        region: Vec<CellId>,
        costs: impl Fn(usize, usize) -> [f64; 2],
    ) -> AttackersProblem {
        let mut problem = Problem::new(OptimizationDirection::Minimize);
        let mut step = |which: usize, place: usize| {
            let value = tables.cells[region[place].0].value;
            let [rise, fall] = costs(which, place);
            Step {
                rise: problem.add_integer_var(rise, (0, tables.smallest as i32)),
                fall: problem.add_integer_var(fall, (0, value.min(tables.smallest) as i32)),
            }
        };
        let moves = [0, 1].map(|which| (0..region.len()).map(|place| step(which, place)).collect());
        let mut this = AttackersProblem { problem, region, moves };
        this.keep_sums(tables);
        this
    }

    fn keep_sums(&mut self, tables: &Tables) {
        let sums_of = self.region.iter().flat_map(|cell| &tables.sums_of[cell.0]);
        let sums: BTreeSet<usize> = sums_of.map(|(sum, _)| *sum).collect();
        let in_region = |(cell, sign): &(CellId, i64)| Some((self.region.binary_search(cell).ok()?, *sign));
        // Editions of one report say the same of most sums.
        let mut seen: BTreeSet<Vec<(usize, i64)>> = BTreeSet::new();
        let rows = sums.into_iter().map(|sum| tables.sums[sum].iter().filter_map(in_region).collect());
        let rows: Vec<Vec<(usize, i64)>> = rows
            .filter(|row: &Vec<(usize, i64)>| {
                let mut row = row.clone();
                row.sort_unstable();
                seen.insert(row)
            })
            .collect();
        for steps in &self.moves {
            for row in &rows {
                let terms = row.iter().flat_map(|(place, sign)| steps[*place].terms(*sign as f64));
                let terms: Vec<(Variable, f64)> = terms.collect();
                self.problem.add_constraint(terms, ComparisonOp::Eq, 0.0);
            }
        }
    }

    /// The moves that take a cell as far apart as they can up to `wanted`, at the least cost; none when the
    /// solver finds none.
    fn pull_apart(mut self, cell: CellId, wanted: u64) -> Vec<Move> {
        /// Worth more than all costs, and not so much more that they drown in it.
        const REWARD: f64 = 1e4;
        let Ok(place) = self.region.binary_search(&cell) else { return Vec::new() };
        let apart = self.problem.add_integer_var(-REWARD, (0, wanted as i32));
        let [first, second] = self.moves.each_ref().map(|steps| &steps[place]);
        let terms = [&first.terms(1.0)[..], &second.terms(-1.0), &[(apart, -1.0)]].concat();
        self.problem.add_constraint(terms, ComparisonOp::Eq, 0.0);
        let Some(solution) = self.solve() else { return Vec::new() };
        self.moves.iter().map(|steps| self.changes(steps, &solution)).collect()
    }

    fn solve(&self) -> Option<Solution> {
        let mut options = SolveOptions::default();
        // Where sums are totals of totals the first node is whole already.
        options.node_limit = Some(1_000);
        self.problem.solve_with(options).ok()?.into_solution().ok()
    }

    fn changes(&self, steps: &[Step], solution: &Solution) -> Move {
        let change =
            |step: &Step| (solution.var_value(step.rise) - solution.var_value(step.fall)).round() as i64;
        let changes = self.region.iter().zip(steps).map(|(cell, step)| (*cell, change(step)));
        changes.filter(|(_, change)| *change != 0).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A total and its parts, visible but for those that are sensitive.
    fn sum_of(tables: &mut Tables, parts: &[(u64, bool)]) -> (CellId, Vec<CellId>) {
        let total = tables.cell(parts.iter().map(|(value, _)| value).sum(), false, 1);
        let parts: Vec<CellId> = parts.iter().map(|(value, small)| tables.cell(*value, *small, 0)).collect();
        tables.sum(total, &parts);
        (total, parts)
    }

    /// Which of the cells are hidden, when all is protected.
    fn hidden_of(tables: &Tables, cells: &[CellId]) -> Vec<bool> {
        let hidden = tables.protect();
        assert_eq!(tables.audit(&hidden), Ok(()));
        cells.iter().map(|cell| hidden.is_hidden(*cell)).collect()
    }

    #[test]
    fn few_are_1_to_4_deviations_others_or_cases() {
        assert!(is_small(1, 100, 5) && is_small(4, 100, 5) && is_small(96, 100, 5) && is_small(0, 4, 5));
        assert!(!is_small(0, 100, 5) && !is_small(100, 100, 5) && !is_small(5, 10, 5) && !is_small(0, 0, 5));
    }

    /// Counts from the one that is hidden first to the one that is hidden last, when 1 to 4 are small.
    #[test]
    fn what_gives_way_enough_by_itself_is_hidden_first_and_higher_ranks_later() {
        let counts = [(5, 0), (8, 0), (4, 0), (1_000_000, 0), (8, 1), (2, 0), (8, 2), (0, 0), (1, 0), (0, 1)];
        let price = |(value, rank)| Cell { value, is_sensitive: false, rank: Some(rank) }.price(5);
        let prices = counts.map(price);
        assert!(prices.is_sorted_by(|one, next| 0.0 < *one && one < next), "{prices:?}");
    }

    #[test]
    fn a_move_hides_what_it_changes_once_and_widens_ranges_for_good() {
        let mut hidden = Hidden { is_hidden: vec![false; 3], moves: Vec::new(), ranges: vec![[0, 0]; 3] };
        let [first, second, third] = [0, 1, 2].map(CellId);
        assert_eq!(hidden.keep(vec![(first, -2), (second, 2)]), [first, second]);
        assert_eq!(hidden.keep(vec![(first, 1), (second, 1), (third, -1)]), [third]);
        assert_eq!(hidden.ranges, [[-2, 1], [0, 2], [-1, 0]]);
        assert_eq!(hidden.is_hidden, [true; 3]);
    }

    #[test]
    fn one_solution_does_for_many() {
        let mut draw = Draw(42);
        let mut tables = Tables::new(5);
        let parts: Vec<(u64, bool)> = (0..200).map(|_| (1 + draw.below(12), true)).collect();
        sum_of(&mut tables, &parts);
        let hidden = tables.protect();
        assert_eq!(tables.audit(&hidden), Ok(()));
        assert!(hidden.moves.len() < 10, "{} moves", hidden.moves.len());
    }

    #[test]
    fn nothing_small_hides_nothing() {
        let mut tables = Tables::new(5);
        let (total, parts) = sum_of(&mut tables, &[(7, false), (0, false), (30, false)]);
        assert_eq!(hidden_of(&tables, &[&parts[..], &[total]].concat()), [false; 4]);
    }

    #[test]
    fn a_small_part_takes_the_smallest_that_gives_way_enough_with_it() {
        let mut tables = Tables::new(5);
        let (total, parts) = sum_of(&mut tables, &[(2, true), (30, false), (8, false), (0, false)]);
        assert_eq!(hidden_of(&tables, &parts), [true, false, true, false]);
        assert_eq!(hidden_of(&tables, &[total]), [false]);
    }

    #[test]
    fn two_small_parts_with_a_small_total_take_a_third() {
        // 1 + 1 = 2 would leave each 0 to 2.
        let mut tables = Tables::new(5);
        let (_, parts) = sum_of(&mut tables, &[(1, true), (1, true), (6, false), (9, false)]);
        assert_eq!(hidden_of(&tables, &parts), [true, true, true, false]);
    }

    #[test]
    fn a_single_part_takes_its_total() {
        let mut tables = Tables::new(5);
        let (total, parts) = sum_of(&mut tables, &[(3, true)]);
        assert_eq!(hidden_of(&tables, &[total, parts[0]]), [true, true]);
    }

    #[test]
    fn zeros_are_hidden_when_nothing_else_is_left() {
        let mut tables = Tables::new(5);
        let (total, parts) = sum_of(&mut tables, &[(6, true), (0, false)]);
        assert_eq!(hidden_of(&tables, &[total, parts[0], parts[1]]), [false, true, true]);
    }

    #[test]
    fn all_hidden_needs_no_more() {
        let mut tables = Tables::new(5);
        let total = tables.cell(3, true, 1);
        let parts = [1, 2].map(|value| tables.cell(value, true, 0));
        tables.sum(total, &parts);
        assert_eq!(hidden_of(&tables, &[total, parts[0], parts[1]]), [true; 3]);
    }

    #[test]
    fn few_cases_without_a_deviation_are_protected_though_nobody_prints_them() {
        let mut tables = Tables::new(5);
        let (deviations, cases) = (tables.cell(97, false, 0), tables.cell(100, false, 1));
        tables.among(deviations, cases);
        assert_eq!(hidden_of(&tables, &[deviations, cases]), [true, false]);
    }

    #[test]
    fn others_that_are_none_or_not_few_hide_nothing() {
        for deviations in [95, 100] {
            let mut tables = Tables::new(5);
            let (deviations, cases) = (tables.cell(deviations, false, 0), tables.cell(100, false, 1));
            tables.among(deviations, cases);
            assert_eq!(hidden_of(&tables, &[deviations, cases]), [false, false]);
        }
    }

    #[test]
    fn a_cell_without_room_makes_the_whole_narrow() {
        // 2 of 3: the deviations could only be 0 to 3, so the cases are hidden too.
        let mut tables = Tables::new(5);
        let (deviations, cases) = (tables.cell(2, true, 0), tables.cell(3, false, 1));
        tables.among(deviations, cases);
        assert_eq!(hidden_of(&tables, &[deviations, cases]), [true, true]);
    }

    #[test]
    fn a_small_total_is_protected_in_both_of_its_sums() {
        let mut tables = Tables::new(5);
        let total = tables.cell(4, true, 1);
        let groups = [4, 0].map(|value| tables.cell(value, value > 0, 0));
        let months = [4, 0, 0].map(|value| tables.cell(value, false, 0));
        tables.sum(total, &groups);
        tables.sum(total, &months);
        assert_eq!(hidden_of(&tables, &groups), [true, false]);
        assert_eq!(hidden_of(&tables, &months), [true, false, false]);
    }

    #[test]
    fn what_a_solver_gets_wrong_is_found() {
        let mut tables = Tables::new(5);
        let (_, parts) = sum_of(&mut tables, &[(2, true), (30, false), (8, false)]);
        let sound = tables.protect();
        let mut seen = sound.clone();
        seen.is_hidden[parts[2].0] = false;
        assert_eq!(tables.audit(&seen), Err(vec![parts[0]]));
        let mut unbalanced = sound.clone();
        unbalanced.moves[0][0].1 += 1;
        assert_eq!(tables.audit(&unbalanced), Err(vec![parts[0], parts[2]]));
        let mut negative = sound.clone();
        negative.moves.iter_mut().flatten().for_each(|(_, change)| *change *= 100);
        assert_eq!(tables.audit(&negative), Err(vec![parts[0], parts[2]]));
        let mut unproved = sound;
        unproved.moves.clear();
        assert_eq!(tables.audit(&unproved), Err(vec![parts[0], parts[2]]));
    }

    #[test]
    fn ten_millions_are_protected_like_tens() {
        let mut tables = Tables::new(5);
        let (_, parts) = sum_of(&mut tables, &[(1, true), (9_999_999, false), (10_000_000, false)]);
        assert_eq!(hidden_of(&tables, &parts), [true, true, false]);
    }

    /// Every table that agrees with what is visible, with counts up to `smallest` above the true ones; gives
    /// the lowest and the highest count of each cell.
    struct Attack<'a> {
        tables: &'a Tables,
        hidden: &'a Hidden,
        counts: Vec<u64>,
        ranges: Vec<(u64, u64)>,
    }

    impl Attack<'_> {
        fn ranges(tables: &Tables, hidden: &Hidden) -> Vec<(u64, u64)> {
            let ranges = vec![(u64::MAX, 0); tables.cells.len()];
            let mut attack = Attack { tables, hidden, counts: Vec::new(), ranges };
            attack.try_next();
            attack.ranges
        }

        fn try_next(&mut self) {
            let next = self.counts.len();
            let Some(cell) = self.tables.cells.get(next) else {
                for (range, count) in self.ranges.iter_mut().zip(&self.counts) {
                    *range = (range.0.min(*count), range.1.max(*count));
                }
                return;
            };
            let most = cell.value + self.tables.smallest;
            let tried = if self.hidden.is_hidden[next] { 0..=most } else { cell.value..=cell.value };
            for count in tried {
                self.counts.push(count);
                if self.tables.sums.iter().all(|sum| self.may_add_up(sum)) {
                    self.try_next();
                }
                self.counts.pop();
            }
        }

        /// False for a sum whose counts are all tried and that does not add up.
        fn may_add_up(&self, sum: &[(CellId, i64)]) -> bool {
            let counts =
                sum.iter().map(|(cell, sign)| Some(sign * i64::try_from(*self.counts.get(cell.0)?).ok()?));
            counts.sum::<Option<i64>>().is_none_or(|left| left == 0)
        }
    }

    /// Numbers that look random (Marsaglia 2003, xorshift).
    struct Draw(u64);

    impl Draw {
        fn below(&mut self, end: u64) -> u64 {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            (self.0 >> 11) % end
        }

        /// Deviations among a few cases.
        fn share(&mut self) -> (u64, u64) {
            let cases = self.below(7);
            (self.below(cases + 1), cases)
        }
    }

    /// A period with two groups and, as often as not, the same cases by month.
    fn random_tables(draw: &mut Draw) -> Tables {
        let mut tables = Tables::new(3);
        let groups = [draw.share(), draw.share()];
        let total = (groups[0].0 + groups[1].0, groups[0].1 + groups[1].1);
        let mut parts = vec![groups];
        if draw.below(2) == 0 {
            let others = total.1 - total.0;
            let (late, in_time) = (draw.below(total.0 + 1), draw.below(others + 1));
            let first = (late, late + in_time);
            parts.push([first, (total.0 - first.0, total.1 - first.1)]);
        }
        let mut add = |(deviations, cases), rank| {
            let is_few = |count| 0 < count && count < 3;
            let all = tables.cell(cases, is_few(cases), rank);
            let some = tables.cell(deviations, is_few(deviations) || is_few(cases), rank);
            tables.among(some, all);
            [some, all]
        };
        let parts: Vec<[[CellId; 2]; 2]> = parts.iter().map(|pair| pair.map(|share| add(share, 0))).collect();
        let total = add(total, 1);
        for [first, second] in parts {
            tables.sum(total[0], &[first[0], second[0]]);
            tables.sum(total[1], &[first[1], second[1]]);
        }
        tables
    }

    #[test]
    fn no_hidden_count_can_be_derived_by_trying_all_tables() {
        let mut draw = Draw(20_240_831);
        for _ in 0..300 {
            let tables = random_tables(&mut draw);
            let hidden = tables.protect();
            assert_eq!(tables.audit(&hidden), Ok(()), "{tables:?}");
            for (id, (low, high)) in tables.ids().zip(Attack::ranges(&tables, &hidden)) {
                let cell = &tables.cells[id.0];
                let must_be_wide = cell.is_sensitive || (cell.rank.is_some() && hidden.is_hidden(id));
                assert!(!must_be_wide || high - low >= 3, "{id:?}: {low} to {high}, {tables:?}");
            }
        }
    }

    #[test]
    fn the_same_tables_hide_the_same_counts() {
        let tables = random_tables(&mut Draw(7));
        assert_eq!(tables.protect().is_hidden, tables.clone().protect().is_hidden);
    }
}
