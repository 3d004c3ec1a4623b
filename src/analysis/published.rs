//! Publication: findings without the numbers that could tell of single people, and without what they tell.
//!
//! Shares, changes, limits and signals are worked out anew from the numbers that are left, so that nothing in the
//! published edition knows more than its visible counts. Which counts are hidden is decided by [`crate::privacy`]
//! over everything that adds up: groups and points of trends to periods, periods to the ledger.

use std::collections::BTreeMap;

use super::counts::{CaseCounts, is_mostly_judged};
use super::figures::{Figure, PeriodFigures, Protected, change};
use super::funnel::Compared;
use super::groups::{GroupFindings, Grouping};
use super::headline::{CountsBecause, headline_place, is_due};
use super::methods::method_changes;
use super::trend::{Trend, TrendPoint};
use super::{ControlFindings, Question, methods_of};
use crate::ingest::Ledger;
use crate::period::Period;
use crate::privacy::{CellId, Hidden, Tables, is_small};
use crate::project::Rebase;
use crate::rulebook::JudgedBy;

/// What is hidden first where either would do: groups before points of trends before periods before ledgers.
const GROUPS: u8 = 0;
const POINTS: u8 = 1;
const PERIODS: u8 = 2;
const LEDGERS: u8 = 3;

/// A ledger as it is shown; `None` where a number is hidden.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LedgerLine {
    /// Rows in all.
    pub rows: Option<u64>,
    /// Cases that ended by the as-of date.
    pub counted: Option<u64>,
    /// Cases that had not ended by then.
    pub open: Option<u64>,
    /// Rows left out for a reason that is no fault.
    pub excluded: Option<u64>,
    /// Rows with a fault.
    pub rejected: Option<u64>,
}

impl From<Ledger> for LedgerLine {
    /// Everything is shown.
    fn from(ledger: Ledger) -> LedgerLine {
        LedgerLine::of(numbers(ledger).map(Some))
    }
}

impl LedgerLine {
    fn of([rows, counted, open, excluded, rejected]: [Option<u64>; 5]) -> LedgerLine {
        LedgerLine { rows, counted, open, excluded, rejected }
    }
}

fn numbers(ledger: Ledger) -> [u64; 5] {
    [ledger.rows(), ledger.counted, ledger.open, ledger.excluded(), ledger.rejected]
}

/// The findings of one control and the ledgers of its files, fit to be published. A number below `smallest` is
/// small.
///
/// # Panics
/// When a number that is to be hidden could be worked out: our mistake, and no report.
pub fn publish(
    findings: &ControlFindings,
    ledgers: &[Ledger],
    question: &Question<'_>,
    smallest: u64,
) -> (ControlFindings, Vec<LedgerLine>) {
    let mut cells = Cells { tables: Tables::new(smallest), smallest };
    let periods: Vec<Option<Pair>> =
        findings.periods.iter().map(|period| cells.of_figure(period.figure, PERIODS)).collect();
    // Units and their teams would tell of each other's few cases, so that the first column alone is published.
    let published_groupings = &findings.groupings[..findings.groupings.len().min(1)];
    let groupings: Vec<Vec<Vec<Option<Pair>>>> =
        published_groupings.iter().map(|grouping| cells.of_grouping(grouping, &periods)).collect();
    let trend = findings.trend.as_ref().filter(|_| is_nested(findings));
    let points = trend.map_or(Vec::new(), |trend| cells.of_trend(trend, findings, &periods));
    let lines: Vec<[CellId; 5]> = ledgers.iter().map(|ledger| cells.of_ledger(*ledger)).collect();
    cells.tie_ledgers(ledgers, &lines, findings, &periods);
    let hidden = cells.tables.protect();
    assert!(cells.tables.audit(&hidden).is_ok(), "a small number of {} could be derived", findings.rule.id);

    let publisher = Publisher { hidden: &hidden, smallest };
    let judged =
        |period: &PeriodFigures| is_due(period.period, findings.cohort, &findings.rule, question.as_of);
    let published = publisher.periods(&findings.periods, &periods, true, &judged);
    // From what is published alone: which period it is tells nothing that is hidden.
    let place = headline_place(&published);
    let rebases: Vec<&Rebase> =
        question.rebases.iter().filter(|rebase| rebase.control == findings.rule.id).collect();
    let (visible, left) = publisher.points(trend, &points);
    let last = visible.keys().chain(left.keys()).max().copied();
    let judged_until = &published[..=place];
    let groupings = published_groupings.iter().zip(&groupings);
    let control = ControlFindings {
        rule: findings.rule.clone(),
        cohort: findings.cohort,
        target: findings.target,
        severe_at: findings.severe_at,
        judged_by: methods_of(&published),
        trend: Trend::of(&visible, &question.of_trend(&rebases))
            .zip(last)
            .map(|(trend, last)| trend.hiding(&left).until(last)),
        groupings: groupings
            .map(|(grouping, pairs)| publisher.grouping(grouping, pairs, judged_until, &judged))
            .collect(),
        method_changes: method_changes(&published, &findings.rule),
        periods: published,
        headline_place: place,
        detail: None,
    };
    let lines = ledgers.iter().zip(&lines).map(|(ledger, cells)| publisher.ledger(*ledger, *cells));
    (control, lines.collect())
}

/// The ledger of a file that belongs to no control, fit to be published.
pub fn publish_ledger(ledger: Ledger, smallest: u64) -> LedgerLine {
    let mut cells = Cells { tables: Tables::new(smallest), smallest };
    let line = cells.of_ledger(ledger);
    let hidden = cells.tables.protect();
    assert!(cells.tables.audit(&hidden).is_ok(), "a small number of a ledger could be derived");
    Publisher { hidden: &hidden, smallest }.ledger(ledger, line)
}

/// Points of the trend divide periods or periods divide points. Quarters and tertials do not: their differences
/// would tell of parts of both.
fn is_nested(findings: &ControlFindings) -> bool {
    let kinds = findings.trend.as_ref().zip(findings.periods.last());
    kinds.is_some_and(|(trend, last)| {
        let (point, period) = (trend.settings.period.months(), last.period.kind.months());
        point % period == 0 || period % point == 0
    })
}

/// The cells of cases and of deviations among them.
#[derive(Debug, Clone, Copy)]
struct Pair {
    cases: CellId,
    deviations: CellId,
}

/// Everything that is published and adds up.
struct Cells {
    tables: Tables,
    smallest: u64,
}

impl Cells {
    fn is_few(&self, count: u64) -> bool {
        0 < count && count < self.smallest
    }

    fn pair(&mut self, (deviations, cases): (u64, u64), rank: Option<u8>) -> Pair {
        let (few, small) = (self.is_few(cases), cases > 0 && is_small(deviations, cases, self.smallest));
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
        figure.counts().map(|counts| self.pair((counts.deviations, counts.cases), Some(rank)))
    }

    fn add_up(&mut self, whole: Pair, parts: &[Pair]) {
        let pick = |pick: fn(&Pair) -> CellId| parts.iter().map(pick).collect::<Vec<CellId>>();
        self.tables.sum(whole.cases, &pick(|pair| pair.cases));
        self.tables.sum(whole.deviations, &pick(|pair| pair.deviations));
    }

    /// The groups of a column, by group and period; they add up to each period.
    fn of_grouping(&mut self, grouping: &Grouping, periods: &[Option<Pair>]) -> Vec<Vec<Option<Pair>>> {
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
    fn of_trend(&mut self, trend: &Trend, findings: &ControlFindings, periods: &[Option<Pair>]) -> Vec<Pair> {
        // A point with many undetermined cases is not shown, but it is in its period.
        let rank = |point: &TrendPoint| Some(POINTS).filter(|_| is_shown(point));
        let points: Vec<Pair> = trend
            .points
            .iter()
            .map(|point| self.pair((point.deviations, point.cases), rank(point)))
            .collect();
        let counted: Vec<(Span, Pair)> = findings
            .periods
            .iter()
            .zip(periods)
            .filter_map(|(period, pair)| Some((Span::of_figures(period)?, (*pair)?)))
            .collect();
        let drawn: Vec<(Span, Pair)> =
            trend.points.iter().map(Span::of_point).zip(points.iter().copied()).collect();
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

    fn of_ledger(&mut self, ledger: Ledger) -> [CellId; 5] {
        let cells = numbers(ledger).map(|number| {
            let few = self.is_few(number);
            self.tables.cell(number, few, LEDGERS)
        });
        self.tables.sum(cells[0], &cells[1..]);
        cells
    }

    /// Where every counted row is a case of a period, the ledgers add up to the periods.
    fn tie_ledgers(
        &mut self,
        ledgers: &[Ledger],
        lines: &[[CellId; 5]],
        findings: &ControlFindings,
        periods: &[Option<Pair>],
    ) {
        let counted: u64 = ledgers.iter().map(|ledger| ledger.counted).sum();
        let cases: u64 =
            findings.periods.iter().filter_map(|period| period.figure.counts()).map(|it| it.cases).sum();
        let parts: Vec<CellId> = periods.iter().flatten().map(|pair| pair.cases).collect();
        if counted == cases && !parts.is_empty() && !lines.is_empty() {
            let few = self.is_few(counted);
            let all = self.tables.unpublished(counted, few);
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
    fn of(period: Period, (deviations, cases): (u64, u64)) -> Span {
        let first = period.first_day().month();
        Span { months: (first, first + period.kind.months()), cases, deviations }
    }

    fn of_figures(period: &PeriodFigures) -> Option<Span> {
        let counts = period.figure.counts()?;
        Some(Span::of(period.period, (counts.deviations, counts.cases)))
    }

    fn of_point(point: &TrendPoint) -> Span {
        Span::of(point.period, (point.deviations, point.cases))
    }

    fn is_inside(self, other: Span) -> bool {
        other.months.0 <= self.months.0 && self.months.1 <= other.months.1
    }
}

/// Most cases of the point are judged: what is, tells of the whole.
fn is_shown(point: &TrendPoint) -> bool {
    is_mostly_judged(point.cases, point.undetermined)
}

/// Whether a period is judged, as far as the calendar tells.
type IsJudged<'a> = &'a dyn Fn(&PeriodFigures) -> bool;

/// What is shown of a period that was counted here and can be judged.
fn shown_counts(period: &PeriodFigures) -> Option<CaseCounts> {
    let (deviations, cases) = period.figure.ratio().filter(|_| period.mostly_judged)?;
    (period.publication.is_none()).then(|| CaseCounts { cases, deviations, ..CaseCounts::default() })
}

/// Leaves out what is hidden.
struct Publisher<'a> {
    hidden: &'a Hidden,
    smallest: u64,
}

impl Publisher<'_> {
    fn shown(&self, cell: CellId, count: u64) -> Option<u64> {
        (!self.hidden.is_hidden(cell)).then_some(count)
    }

    /// Figures by period; `with_more` keeps what is told of the whole control only.
    fn periods(
        &self,
        periods: &[PeriodFigures],
        pairs: &[Option<Pair>],
        with_more: bool,
        is_judged: IsJudged<'_>,
    ) -> Vec<PeriodFigures> {
        let mut published: Vec<PeriodFigures> = Vec::new();
        for (period, pair) in periods.iter().zip(pairs) {
            let figure = match (period.figure, pair) {
                (Figure::Computed(counts), Some(pair)) => self.figure(counts, *pair, with_more),
                (figure, _) => figure,
            };
            let mostly_judged = figure.is_hidden() || period.mostly_judged && is_judged(period);
            // Beside a share that is left out a change would tell that few of the cases are open.
            let before = published
                .last()
                .filter(|before| period.change.is_some() && mostly_judged && before.mostly_judged);
            // Open cases have methods too: beside no number, or a hidden one, a method tells that there are people.
            let has_cases = figure.ratio().is_some_and(|(_, cases)| cases > 0);
            published.push(PeriodFigures {
                figure,
                mostly_judged,
                // Beside the ledger it would tell of the open cases that are in time.
                open_overdue: None,
                change: before.and_then(|before| change(figure, before.figure)),
                judged_by: if with_more && has_cases { period.judged_by } else { JudgedBy::default() },
                ..period.clone()
            });
        }
        published
    }

    fn figure(&self, counts: CaseCounts, pair: Pair, with_more: bool) -> Figure {
        let (cases, deviations) =
            (self.shown(pair.cases, counts.cases), self.shown(pair.deviations, counts.deviations));
        // The cases that only one method calls late are a number of people too.
        let apart = counts.reference_deviations.abs_diff(counts.deviations);
        let tells = is_small(counts.reference_deviations, counts.cases, self.smallest)
            || (1..self.smallest).contains(&apart);
        let reference = Some(counts.reference_deviations)
            .filter(|_| with_more && !tells && cases.is_some() && deviations.is_some());
        Figure::Protected(Protected { cases, deviations, reference_deviations: reference })
    }

    /// The points of a trend that are whole, and what is left of the others, both by index.
    fn points(
        &self,
        trend: Option<&Trend>,
        pairs: &[Pair],
    ) -> (BTreeMap<i32, CaseCounts>, BTreeMap<i32, Protected>) {
        let (mut whole, mut left) = (BTreeMap::new(), BTreeMap::new());
        let all = trend.map_or(&[][..], |trend| &trend.points);
        // The last points, most of whose cases are not judged yet, are left out.
        let until = all.iter().rposition(is_shown).map_or(0, |last| last + 1);
        for (point, pair) in all[..until].iter().zip(pairs) {
            let shown = Protected {
                cases: self.shown(pair.cases, point.cases),
                deviations: self.shown(pair.deviations, point.deviations),
                reference_deviations: None,
            };
            match (shown.cases, shown.deviations) {
                // Nothing keeps the counts of a point that is not shown.
                _ if !is_shown(point) => drop(left.insert(point.period.index, Protected::default())),
                (Some(cases), Some(deviations)) => {
                    let counts = CaseCounts { cases, deviations, ..CaseCounts::default() };
                    whole.insert(point.period.index, counts);
                }
                _ => {
                    left.insert(point.period.index, shown);
                }
            }
        }
        (whole, left)
    }

    /// The groups of a column. Their trends are left out: months of units are few cases each. They are compared by
    /// what is shown of the periods up to the headline's.
    fn grouping(
        &self,
        grouping: &Grouping,
        pairs: &[Vec<Option<Pair>>],
        judged_until: &[PeriodFigures],
        is_judged: IsJudged<'_>,
    ) -> Grouping {
        let groups = grouping.groups.iter().zip(pairs);
        let periods: Vec<Vec<PeriodFigures>> =
            groups.map(|(group, pairs)| self.periods(&group.periods, pairs, false, is_judged)).collect();
        let headline = &judged_until[judged_until.len() - 1];
        let because = headline.counts_because();
        // Before the first period that was counted here there is none to compare.
        let first = judged_until.iter().position(|period| period.publication.is_none());
        let is_judged = matches!(because, None | Some(CountsBecause::FewCases));
        let range = first.filter(|_| is_judged).unwrap_or(judged_until.len())..judged_until.len();
        let compared = Compared {
            months: judged_until[range.clone()].iter().map(|period| period.period).collect(),
            whole: judged_until[range.clone()].iter().map(shown_counts).collect(),
            groups: grouping
                .groups
                .iter()
                .zip(&periods)
                .map(|(group, periods)| {
                    (periods[range.clone()].iter().map(shown_counts).collect(), group.combined == 0)
                })
                .collect(),
        };
        let funnels = compared.funnels(headline.period, because.is_none());
        let groups = grouping.groups.iter().zip(periods).zip(funnels.places);
        Grouping {
            column: grouping.column.clone(),
            groups: groups
                .map(|((group, periods), places)| GroupFindings {
                    name: group.name.clone(),
                    combined: group.combined,
                    periods,
                    trend: None,
                    places,
                })
                .collect(),
            windows: funnels.windows,
            dispersion: funnels.dispersion,
        }
    }

    fn ledger(&self, ledger: Ledger, cells: [CellId; 5]) -> LedgerLine {
        let numbers = numbers(ledger);
        LedgerLine::of(std::array::from_fn(|place| self.shown(cells[place], numbers[place])))
    }
}
