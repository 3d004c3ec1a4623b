//! Publication: findings without the numbers that could tell of single people, and without what they tell.
//!
//! Shares, changes, limits and signals are worked out anew from the numbers that are left, so that nothing in the
//! published edition knows more than its visible counts. Which counts are hidden is decided by [`crate::suppression`]
//! over everything that adds up: groups and points of trends to periods, periods to the ledger, and all of it in the
//! editions published before.

mod cells;
mod earlier;
mod ledger;
mod pattern;
mod placed;
mod ties;

use std::collections::{BTreeMap, BTreeSet};

use super::counts::CaseCounts;
use super::figures::{Coverage, Figure, PeriodFigures, Shown, change};
use super::funnel::Compared;
use super::groups::{GroupFindings, Grouping};
use super::headline::{CountsBecause, headline_place, is_due};
use super::methods::method_changes;
use super::point::TrendPoint;
use super::trend::Trend;
use super::{ControlFindings, Question, methods_of};
use crate::ingest::Ledger;
use crate::period::Period;
use crate::rulebook::JudgedBy;
use crate::suppression::{CellId, Hidden, is_few, is_small};
use cells::{Cells, is_nested};
use earlier::hides_all_groups;
pub use earlier::{Earlier, Groups};
pub use ledger::{LedgerLine, publish_ledger};
use pattern::is_settled;
pub use pattern::{ControlPattern, Pattern, ShownBefore};
use placed::Pair;
use ties::Ties;

/// What is published of a control.
pub struct Publication {
    /// Its findings.
    pub findings: ControlFindings,
    /// The ledgers of its files.
    pub lines: Vec<LedgerLine>,
    /// What the files counted is the cases of the periods.
    pub ledgers_add_up: bool,
}

/// The findings of one control and the ledgers of its files, fit to be published after `earlier` editions. A number
/// below `smallest` is small.
///
/// # Errors
/// When earlier editions tell by themselves what they hide: of which periods, none for a ledger.
///
/// # Panics
/// When a number that is to be hidden could be worked out without them: our mistake, and no report.
pub fn publish(
    findings: &ControlFindings,
    ledgers: &[Ledger],
    question: &Question<'_>,
    smallest: u64,
    earlier: Earlier<'_>,
) -> Result<Publication, Vec<Period>> {
    // Where an edition showed nothing of groups, nothing is shown of them.
    let periods = earlier.editions.iter().flat_map(|edition| {
        let periods = edition.numbers.iter().map(|shown| shown.period);
        periods.filter(|period| hides_all_groups(edition, *period))
    });
    let mut unprinted: BTreeSet<Period> = periods.collect();
    let is_alone = earlier.editions.is_empty();
    publish_but(findings, ledgers, question, smallest, earlier, &unprinted).or_else(|told| {
        assert!(!is_alone, "a small number of {} could be derived", findings.rule.id);
        // What groups are shown beside may be what tells.
        unprinted.extend(told);
        publish_but(findings, ledgers, question, smallest, earlier, &unprinted)
    })
}

/// The same, without the groups in some periods.
fn publish_but(
    findings: &ControlFindings,
    ledgers: &[Ledger],
    question: &Question<'_>,
    smallest: u64,
    earlier: Earlier<'_>,
    unprinted: &BTreeSet<Period>,
) -> Result<Publication, Vec<Period>> {
    let mut cells = Cells::new(smallest);
    let periods = cells.of_periods(&findings.periods);
    // Units and their teams would tell of each other's few cases, so that the first column alone is published.
    let published_groupings = &findings.groupings[..findings.groupings.len().min(1)];
    let are_hidden = |period: Period| unprinted.contains(&period) || earlier.hides_groups(period);
    let groupings: Vec<Vec<Vec<Option<Pair>>>> = published_groupings
        .iter()
        .map(|grouping| cells.of_grouping(grouping, &periods, are_hidden))
        .collect();
    for period in unprinted.iter().filter(|period| !earlier.hides_groups(**period)) {
        let of_period =
            earlier.groups.iter().filter_map(|(name, periods)| Some((name, periods.get(period)?)));
        of_period.for_each(|(name, counts)| cells.unprinted(name, *period, *counts));
    }
    let trend = findings.trend.as_ref().filter(|_| is_nested(findings));
    let points = trend.map_or(Vec::new(), |trend| cells.of_trend(trend, findings, &periods));
    let lines: Vec<[CellId; 5]> = ledgers.iter().map(|ledger| cells.of_ledger(*ledger)).collect();
    let ledgers_add_up = cells.tie_ledgers(ledgers, &lines, findings, &periods);
    let is_settled = |period| is_settled(findings, period, question.as_of);
    Ties::new(&mut cells, earlier, &is_settled).tie(ledgers, &lines);
    let hidden = cells.hidden()?;

    let publisher = Publisher { hidden: &hidden, smallest };
    let judged =
        |period: &PeriodFigures| is_due(period.period, findings.cohort, &findings.rule, question.as_of);
    let published = publisher.periods(&findings.periods, &periods, true, &judged);
    // From what is published alone: which period it is tells nothing that is hidden.
    let place = headline_place(&published);
    let rebases = question.rebases();
    let figures = publisher.points(trend, &points, &published);
    let last = figures.keys().last().copied();
    let judged_until = &published[..=place];
    let groupings = published_groupings.iter().zip(&groupings);
    let findings = ControlFindings {
        rule: findings.rule.clone(),
        cohort: findings.cohort,
        target: findings.target,
        judged_by: methods_of(&published),
        trend: last
            .and_then(|last| Trend::of(&figures, last, &question.of_trend(&rebases)))
            .map(Trend::marked),
        groupings: groupings
            .map(|(grouping, pairs)| publisher.grouping(grouping, pairs, judged_until, &judged))
            .collect(),
        method_changes: method_changes(&published, &findings.rule),
        periods: published,
        headline_place: place,
        edges: findings.edges,
    };
    let lines = ledgers.iter().zip(&lines).map(|(ledger, cells)| publisher.ledger(*ledger, *cells));
    Ok(Publication { findings, lines: lines.collect(), ledgers_add_up })
}

/// Whether a period is judged, as far as the calendar tells.
type IsJudged<'a> = &'a dyn Fn(&PeriodFigures) -> bool;

/// What is shown of a period that was counted here and can be judged.
fn shown_counts(period: &PeriodFigures) -> Option<CaseCounts> {
    let (deviations, cases) = period.figure.ratio().filter(|_| period.mostly_judged)?;
    (period.earlier_report.is_none()).then(|| CaseCounts { cases, deviations, ..CaseCounts::default() })
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

    /// Figures by period; `with_more` keeps what only the whole control shows.
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
                (Figure::Counted(all), Some(pair)) => Figure::Counted(self.counts(all, *pair, with_more)),
                (Figure::Counted(_), None) => Figure::Counted(Shown::NOTHING),
                (figure @ Figure::Reported(_), _) => figure,
            };
            let mostly_judged = figure.is_hidden() || period.mostly_judged && is_judged(period);
            // Beside a share that is left out a change would tell that few of the cases are open.
            let before = published
                .last()
                .filter(|before| period.change.is_some() && mostly_judged && before.mostly_judged);
            // Open cases have methods too: beside no number, or a hidden one, a method tells that there are people.
            let has_cases = figure.shows_cases();
            published.push(PeriodFigures {
                period: period.period,
                complete: period.complete,
                is_cut: period.is_cut,
                figure,
                earlier_report: period.earlier_report.clone(),
                mostly_judged,
                // Beside the ledger it would tell of the open cases that are in time.
                open_overdue: None,
                change: before.and_then(|before| change(figure, before.figure)),
                judged_by: if with_more && has_cases { period.judged_by } else { JudgedBy::default() },
            });
        }
        published
    }

    /// What is shown of counts; by the reference method only of the whole control.
    fn counts(&self, all: Shown, pair: Pair, with_more: bool) -> Shown {
        let cases = all.cases.and_then(|cases| self.shown(pair.cases, cases));
        let deviations = all.deviations.and_then(|deviations| self.shown(pair.deviations, deviations));
        // The cases that only one method calls late are a number of people too.
        let tells = |reference: u64, (deviations, cases): (u64, u64)| {
            is_small(reference, cases, self.smallest) || is_few(reference.abs_diff(deviations), self.smallest)
        };
        let ratio = deviations.zip(cases).filter(|_| with_more);
        let reference_deviations =
            all.reference_deviations.filter(|reference| ratio.is_some_and(|ratio| !tells(*reference, ratio)));
        Shown { cases, deviations, reference_deviations, coverage: Coverage::Untold }
    }

    /// What is shown of the points of a trend, by index. The last points, most of whose cases are not judged yet, are
    /// left out, and so are those in periods that the export does not have the whole of.
    ///
    /// Where the whole periods begin depends on how long late cases lasted. It tells no number: neither of how many
    /// nor of whose, in which group or when. Of the time that the slowest took it tells no more than the first period
    /// that is whole, so that its months may not tell more either.
    fn points(
        &self,
        trend: Option<&Trend>,
        pairs: &[Pair],
        periods: &[PeriodFigures],
    ) -> BTreeMap<i32, Figure> {
        let all = trend.map_or(&[][..], |trend| &trend.points);
        let until = all.iter().rposition(|point| point.figure.is_mostly_judged()).map_or(0, |last| last + 1);
        let is_cut = |point: &TrendPoint| {
            let day = point.period.first_day();
            periods.iter().any(|period| {
                period.is_cut && day <= period.period.last_day() && period.period.first_day() <= day
            })
        };
        let drawn = all[..until].iter().zip(pairs).filter(|(point, _)| !is_cut(point));
        let points = drawn.map(|(point, pair)| {
            let all = point.figure.shown().filter(|_| point.figure.is_mostly_judged());
            let shown = all.map_or(Shown::NOTHING, |all| self.counts(all, *pair, false));
            (point.period.index, Figure::Counted(shown))
        });
        points.collect()
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
        // Before the first whole period that was counted here there is none to compare.
        let first = judged_until.iter().position(|period| period.earlier_report.is_none() && !period.is_cut);
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
}
