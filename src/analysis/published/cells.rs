//! Cells: every number of the time that is published for the first time, and what adds up to what, for
//! [`crate::suppression`] to decide what is hidden.

use super::super::figures::{Figure, PeriodFigures};
use super::super::point::TrendPoint;
use super::seen::Seen;
use crate::period::Period;
use crate::suppression::{CellId, Hidden, Tables, is_few, is_small};

/// What is hidden first where either would do: groups before points of trends before periods.
const GROUPS: u8 = 0;
const POINTS: u8 = 1;
const PERIODS: u8 = 2;

/// The cells of cases and of deviations among them.
#[derive(Debug, Clone, Copy)]
pub struct Pair {
    cases: CellId,
    deviations: CellId,
}

impl Pair {
    /// Which of the two are shown.
    pub fn seen(self, hidden: &Hidden) -> Seen {
        Seen { cases: !hidden.is_hidden(self.cases), deviations: !hidden.is_hidden(self.deviations) }
    }
}

/// Everything that is published for the first time and adds up.
pub struct Cells {
    tables: Tables,
    smallest: u64,
}

impl Cells {
    /// None yet; a number below `smallest` is small.
    pub fn new(smallest: u64) -> Cells {
        Cells { tables: Tables::new(smallest), smallest }
    }

    /// What is hidden.
    ///
    /// # Panics
    /// When a number that is to be hidden could be worked out: our mistake, and no report.
    pub fn hidden(&self) -> Hidden {
        let hidden = self.tables.protect();
        assert_eq!(self.tables.audit(&hidden), Ok(()), "a small number could be derived");
        hidden
    }

    fn pair(&mut self, (deviations, cases): (u64, u64), rank: Option<u8>) -> Pair {
        let (few, small) =
            (is_few(cases, self.smallest), cases > 0 && is_small(deviations, cases, self.smallest));
        let cells = match rank {
            Some(rank) => [self.tables.cell(cases, few, rank), self.tables.cell(deviations, small, rank)],
            None => [self.tables.unpublished(cases, few), self.tables.unpublished(deviations, small)],
        };
        let [cases, deviations] = cells;
        self.tables.among(deviations, cases);
        Pair { cases, deviations }
    }

    /// The periods of a control; none for those of earlier reports.
    pub fn of_periods(&mut self, periods: &[PeriodFigures]) -> Vec<Option<Pair>> {
        self.of_figures(periods, PERIODS)
    }

    fn of_figures(&mut self, periods: &[PeriodFigures], rank: u8) -> Vec<Option<Pair>> {
        periods.iter().map(|period| Some(self.pair(period.figure.counted()?, Some(rank)))).collect()
    }

    fn add_up(&mut self, whole: Pair, parts: &[Pair]) {
        let pick = |pick: fn(&Pair) -> CellId| parts.iter().map(pick).collect::<Vec<CellId>>();
        self.tables.sum(whole.cases, &pick(|pair| pair.cases));
        self.tables.sum(whole.deviations, &pick(|pair| pair.deviations));
    }

    /// Groups, given the periods of each; they add up to those of all.
    pub fn of_groups(
        &mut self,
        groups: &[Vec<PeriodFigures>],
        periods: &[Option<Pair>],
    ) -> Vec<Vec<Option<Pair>>> {
        let groups: Vec<Vec<Option<Pair>>> =
            groups.iter().map(|group| self.of_figures(group, GROUPS)).collect();
        for (place, whole) in periods.iter().enumerate() {
            let parts: Vec<Pair> = groups.iter().filter_map(|group| group[place]).collect();
            if let Some(whole) = whole.filter(|_| !parts.is_empty()) {
                self.add_up(whole, &parts);
            }
        }
        groups
    }

    /// The points of a trend; with what lies between them they add up to periods, or periods to them.
    pub fn of_points(
        &mut self,
        points: &[TrendPoint],
        periods: &[PeriodFigures],
        pairs: &[Option<Pair>],
    ) -> Vec<Pair> {
        // A point with many undetermined cases is not shown, but it is in its period.
        let rank = |point: &TrendPoint| Some(POINTS).filter(|_| point.figure.is_mostly_judged());
        let of_point = |point: &TrendPoint| self.pair(point.figure.ratio().unwrap_or_default(), rank(point));
        let cells: Vec<Pair> = points.iter().map(of_point).collect();
        let counted: Vec<(Span, Pair)> = periods
            .iter()
            .zip(pairs)
            .filter_map(|(period, pair)| Some((Span::of(period.period, period.figure)?, (*pair)?)))
            .collect();
        let drawn = points.iter().zip(&cells);
        let drawn: Vec<(Span, Pair)> =
            drawn.filter_map(|(point, pair)| Some((Span::of(point.period, point.figure)?, *pair))).collect();
        let months = |period: Option<Period>| period.map_or(0, |period| period.kind.months());
        let finer = months(points.first().map(|point| point.period))
            <= months(periods.first().map(|period| period.period));
        let (wholes, parts) = if finer { (&counted, &drawn) } else { (&drawn, &counted) };
        for (span, whole) in wholes {
            self.tie(*span, *whole, parts);
        }
        cells
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
            pairs.push(self.pair(rest, None));
        }
        if !pairs.is_empty() {
            self.add_up(whole, &pairs);
        }
    }
}

/// A period or point and what was counted in it.
#[derive(Debug, Clone, Copy)]
struct Span {
    period: Period,
    cases: u64,
    deviations: u64,
}

impl Span {
    /// Of a figure that was counted here.
    fn of(period: Period, figure: Figure) -> Option<Span> {
        let (deviations, cases) = figure.counted()?;
        Some(Span { period, cases, deviations })
    }

    fn is_inside(self, other: Span) -> bool {
        self.period.is_inside(other.period)
    }
}
