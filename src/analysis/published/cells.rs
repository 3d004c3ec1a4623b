//! Cells: every number that is published, and what adds up to what, for [`crate::suppression`] to decide what is hidden.

use super::super::ControlFindings;
use super::super::figures::{Figure, PeriodFigures};
use super::super::groups::Grouping;
use super::super::point::TrendPoint;
use super::super::trend::Trend;
use crate::ingest::Ledger;
use crate::period::Period;
use crate::suppression::{CellId, Hidden, Tables, is_few, is_small};

/// What is hidden first where either would do: groups before points of trends before periods before ledgers.
const GROUPS: u8 = 0;
const POINTS: u8 = 1;
const PERIODS: u8 = 2;
const LEDGERS: u8 = 3;

/// The cells of cases and of deviations among them.
#[derive(Debug, Clone, Copy)]
pub struct Pair {
    pub cases: CellId,
    pub deviations: CellId,
}

/// Everything that is published and adds up.
pub struct Cells {
    tables: Tables,
    smallest: u64,
}

impl Cells {
    /// None yet; a number below `smallest` is small.
    pub fn new(smallest: u64) -> Cells {
        Cells { tables: Tables::new(smallest), smallest }
    }

    /// What is hidden of `whose` numbers.
    ///
    /// # Panics
    /// When a number that is to be hidden could be worked out: our mistake, and no report.
    pub fn hidden(&mut self, whose: &str) -> Hidden {
        let hidden = self.tables.protect();
        assert!(self.tables.audit(&hidden).is_ok(), "a small number of {whose} could be derived");
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

    /// A figure that was counted here.
    fn of_figure(&mut self, figure: Figure, rank: u8) -> Option<Pair> {
        figure.counted().map(|counted| self.pair(counted, Some(rank)))
    }

    /// The periods of a control.
    pub fn of_periods(&mut self, periods: &[PeriodFigures]) -> Vec<Option<Pair>> {
        periods.iter().map(|period| self.of_figure(period.figure, PERIODS)).collect()
    }

    fn add_up(&mut self, whole: Pair, parts: &[Pair]) {
        let pick = |pick: fn(&Pair) -> CellId| parts.iter().map(pick).collect::<Vec<CellId>>();
        self.tables.sum(whole.cases, &pick(|pair| pair.cases));
        self.tables.sum(whole.deviations, &pick(|pair| pair.deviations));
    }

    /// The groups of a column, by group and period; they add up to each period.
    pub fn of_grouping(&mut self, grouping: &Grouping, periods: &[Option<Pair>]) -> Vec<Vec<Option<Pair>>> {
        let groups: Vec<Vec<Option<Pair>>> = grouping
            .groups
            .iter()
            .map(|group| group.periods.iter().map(|period| self.of_figure(period.figure, GROUPS)).collect())
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
            .map(|point| self.pair(point.figure.ratio().unwrap_or_default(), rank(point)))
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
            pairs.push(self.pair(rest, None));
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

    /// Where every counted row is a case of a period, the ledgers add up to the periods.
    pub fn tie_ledgers(
        &mut self,
        ledgers: &[Ledger],
        lines: &[[CellId; 5]],
        findings: &ControlFindings,
        periods: &[Option<Pair>],
    ) {
        let counted: u64 = ledgers.iter().map(|ledger| ledger.counted).sum();
        let cases: u64 = findings
            .periods
            .iter()
            .filter_map(|period| period.figure.counted())
            .map(|(_, cases)| cases)
            .sum();
        let parts: Vec<CellId> = periods.iter().flatten().map(|pair| pair.cases).collect();
        if counted == cases && !parts.is_empty() && !lines.is_empty() {
            let all = self.tables.unpublished(counted, is_few(counted, self.smallest));
            self.tables.sum(all, &parts);
            self.tables.sum(all, &lines.iter().map(|line| line[1]).collect::<Vec<CellId>>());
        }
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
