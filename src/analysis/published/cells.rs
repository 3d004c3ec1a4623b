//! Cells: every number that is published, and what adds up to what, for [`crate::suppression`] to decide what is hidden.

use std::collections::BTreeMap;

use super::super::ControlFindings;
use super::super::figures::{Figure, PeriodFigures};
use super::super::groups::Grouping;
use super::super::point::TrendPoint;
use super::super::trend::Trend;
use super::placed::{Counts, Holder, Pair, Placed};
use crate::ingest::Ledger;
use crate::period::Period;
use crate::suppression::{CellId, Hidden, Tables, is_few, is_small};

/// What is hidden first where either would do: groups before points of trends before periods before ledgers.
const GROUPS: u8 = 0;
const POINTS: u8 = 1;
const PERIODS: u8 = 2;
const LEDGERS: u8 = 3;

/// Everything that is published and adds up.
pub struct Cells {
    pub(super) tables: Tables,
    pub(super) smallest: u64,
    /// The cells of periods, and of points of trends: several where they are the same.
    pub(super) placed: BTreeMap<(Holder, Period), Vec<Placed>>,
}

impl Cells {
    /// None yet; a number below `smallest` is small.
    pub fn new(smallest: u64) -> Cells {
        Cells { tables: Tables::new(smallest), smallest, placed: BTreeMap::new() }
    }

    /// What is hidden.
    ///
    /// # Errors
    /// The periods of numbers that could be worked out; none for those of a ledger.
    pub fn hidden(&self) -> Result<Hidden, Vec<Period>> {
        let hidden = self.tables.protect();
        match self.tables.audit(&hidden) {
            Ok(()) => Ok(hidden),
            Err(bare) => {
                let is_bare = |placed: &Placed| {
                    [placed.pair.cases, placed.pair.deviations, placed.others]
                        .iter()
                        .any(|cell| bare.contains(cell))
                };
                let told = self.placed.iter().filter(|(_, placed)| placed.iter().any(is_bare));
                let mut periods: Vec<Period> = told.map(|((_, period), _)| *period).collect();
                periods.sort_unstable();
                periods.dedup();
                Err(periods)
            }
        }
    }

    fn pair(&mut self, counts: Counts, rank: Option<u8>) -> Placed {
        let (deviations, cases) = counts;
        let (few, small) =
            (is_few(cases, self.smallest), cases > 0 && is_small(deviations, cases, self.smallest));
        let cells = match rank {
            Some(rank) => [self.tables.cell(cases, few, rank), self.tables.cell(deviations, small, rank)],
            None => [self.tables.unpublished(cases, few), self.tables.unpublished(deviations, small)],
        };
        let [cases, deviations] = cells;
        let others = self.tables.among(deviations, cases);
        Placed { pair: Pair { cases, deviations }, others, counts }
    }

    /// A number of people that nobody prints.
    pub fn few(&mut self, count: u64) -> CellId {
        let few = is_few(count, self.smallest);
        self.tables.unpublished(count, few)
    }

    /// The numbers of a group that is shown together with others.
    pub fn unseen(&mut self, counts: Counts) -> Placed {
        let pair = Pair { cases: self.few(counts.1), deviations: self.few(counts.0) };
        Placed { pair, others: self.tables.among(pair.deviations, pair.cases), counts }
    }

    /// A group in a period of which nothing is shown of groups.
    pub fn unprinted(&mut self, name: &str, period: Period, counts: Counts) {
        let pair = Pair {
            cases: self.tables.unpublished(counts.1, false),
            deviations: self.tables.unpublished(counts.0, false),
        };
        let others = self.tables.unpublished(counts.1 - counts.0, false);
        self.tables.sum(pair.cases, &[pair.deviations, others]);
        let key = (Holder::Group(name.to_owned()), period);
        self.placed.entry(key).or_default().push(Placed { pair, others, counts });
    }

    fn placed(&mut self, holder: Holder, period: Period, counts: Counts, rank: Option<u8>) -> Pair {
        let placed = self.pair(counts, rank);
        self.placed.entry((holder, period)).or_default().push(placed);
        placed.pair
    }

    /// A figure that was counted here.
    fn of_figure(&mut self, holder: Holder, period: &PeriodFigures, rank: u8) -> Option<Pair> {
        Some(self.placed(holder, period.period, period.figure.counted()?, Some(rank)))
    }

    /// The periods of a control.
    pub fn of_periods(&mut self, periods: &[PeriodFigures]) -> Vec<Option<Pair>> {
        periods.iter().map(|period| self.of_figure(Holder::Whole, period, PERIODS)).collect()
    }

    pub fn add_up(&mut self, whole: Pair, parts: &[Pair]) {
        let pick = |pick: fn(&Pair) -> CellId| parts.iter().map(pick).collect::<Vec<CellId>>();
        self.tables.sum(whole.cases, &pick(|pair| pair.cases));
        self.tables.sum(whole.deviations, &pick(|pair| pair.deviations));
    }

    /// The groups of a column, by group and period; they add up to each period. Nothing is shown of them in periods in
    /// which they `are_hidden`.
    pub fn of_grouping(
        &mut self,
        grouping: &Grouping,
        periods: &[Option<Pair>],
        are_hidden: impl Fn(Period) -> bool,
    ) -> Vec<Vec<Option<Pair>>> {
        let groups: Vec<Vec<Option<Pair>>> = grouping
            .groups
            .iter()
            .map(|group| {
                let pair = |period: &PeriodFigures| match are_hidden(period.period) {
                    true => None,
                    false => self.of_figure(Holder::of(&group.name, group.combined), period, GROUPS),
                };
                group.periods.iter().map(pair).collect()
            })
            .collect();
        for (place, whole) in periods.iter().enumerate() {
            let parts: Vec<Pair> = groups.iter().filter_map(|group| group[place]).collect();
            if let Some(whole) = whole.filter(|_| !parts.is_empty()) {
                self.add_up(whole, &parts);
            }
        }
        groups
    }

    /// The points of a trend; with what lies between them they add up to periods, or periods to them.
    pub fn of_trend(
        &mut self,
        trend: &Trend,
        findings: &ControlFindings,
        periods: &[Option<Pair>],
    ) -> Vec<Pair> {
        // A point with many undetermined cases is not shown, but it is in its period.
        let rank = |point: &TrendPoint| Some(POINTS).filter(|_| point.figure.is_mostly_judged());
        let points: Vec<Pair> = trend
            .points
            .iter()
            .map(|point| {
                let counts = point.figure.ratio().unwrap_or_default();
                self.placed(Holder::Whole, point.period, counts, rank(point))
            })
            .collect();
        let counted: Vec<(Span, Pair)> = findings
            .periods
            .iter()
            .zip(periods)
            .filter_map(|(period, pair)| Some((Span::of(period.period, period.figure)?, (*pair)?)))
            .collect();
        let drawn = trend.points.iter().zip(&points);
        let drawn: Vec<(Span, Pair)> =
            drawn.filter_map(|(point, pair)| Some((Span::of(point.period, point.figure)?, *pair))).collect();
        let finer = trend.settings.period.months()
            <= findings.periods.first().map_or(0, |period| period.period.kind.months());
        let (wholes, parts) = if finer { (&counted, &drawn) } else { (&drawn, &counted) };
        for (span, whole) in wholes {
            self.tie(*span, *whole, parts);
        }
        points
    }

    /// Says which parts a whole consists of; what they leave of it is a part that nobody sees.
    fn tie(&mut self, span: Span, whole: Pair, parts: &[(Span, Pair)]) {
        let inside: Vec<&(Span, Pair)> = parts.iter().filter(|(part, _)| part.is_inside(span)).collect();
        let sum = |pick: fn(&Span) -> u64| inside.iter().map(|(part, _)| pick(part)).sum::<u64>();
        let rest = (
            span.deviations.saturating_sub(sum(|part| part.deviations)),
            span.cases.saturating_sub(sum(|part| part.cases)),
        );
        let mut pairs: Vec<Pair> = inside.iter().map(|(_, pair)| *pair).collect();
        if rest.1 > 0 {
            pairs.push(self.pair(rest, None).pair);
        }
        if !pairs.is_empty() {
            self.add_up(whole, &pairs);
        }
    }

    pub fn of_ledger(&mut self, ledger: Ledger) -> [CellId; 5] {
        let cells =
            numbers(ledger).map(|number| self.tables.cell(number, is_few(number, self.smallest), LEDGERS));
        self.tables.sum(cells[0], &cells[1..]);
        cells
    }

    /// Where every counted row is a case of a period, the ledgers add up to the periods. Gives whether they do.
    pub fn tie_ledgers(
        &mut self,
        ledgers: &[Ledger],
        lines: &[[CellId; 5]],
        findings: &ControlFindings,
        periods: &[Option<Pair>],
    ) -> bool {
        let counted: u64 = ledgers.iter().map(|ledger| ledger.counted).sum();
        let cases: u64 = findings
            .periods
            .iter()
            .filter_map(|period| period.figure.counted())
            .map(|(_, cases)| cases)
            .sum();
        let parts: Vec<CellId> = periods.iter().flatten().map(|pair| pair.cases).collect();
        let add_up = counted == cases && !parts.is_empty() && !lines.is_empty();
        if add_up {
            let all = self.tables.unpublished(counted, is_few(counted, self.smallest));
            self.tables.sum(all, &parts);
            self.tables.sum(all, &lines.iter().map(|line| line[1]).collect::<Vec<CellId>>());
        }
        add_up
    }
}

/// The months of a period or point and what was counted in them.
#[derive(Debug, Clone, Copy)]
struct Span {
    /// First month and the one after the last.
    months: (i32, i32),
    cases: u64,
    deviations: u64,
}

impl Span {
    /// Of a figure that was counted here.
    fn of(period: Period, figure: Figure) -> Option<Span> {
        let (first, (deviations, cases)) = (period.first_day().month(), figure.counted()?);
        Some(Span { months: (first, first + period.kind.months()), cases, deviations })
    }

    fn is_inside(self, other: Span) -> bool {
        other.months.0 <= self.months.0 && self.months.1 <= other.months.1
    }
}

/// Points of the trend divide periods or periods divide points. Quarters and tertials do not: their differences
/// would tell of parts of both.
pub fn is_nested(findings: &ControlFindings) -> bool {
    let kinds = findings.trend.as_ref().zip(findings.periods.last());
    kinds.is_some_and(|(trend, last)| {
        let (point, period) = (trend.settings.period.months(), last.period.kind.months());
        point % period == 0 || period % point == 0
    })
}

/// Its numbers, the sum first.
pub fn numbers(ledger: Ledger) -> [u64; 5] {
    [ledger.rows(), ledger.counted, ledger.open, ledger.excluded(), ledger.rejected]
}
