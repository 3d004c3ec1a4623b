//! Publication: findings without the numbers that could tell of single people, and without what they tell.
//!
//! Shares, changes, limits and signals are worked out anew from the numbers that are left, so that nothing in the
//! published edition knows more than its visible counts. Of what is published for the first time
//! [`crate::suppression`] decides what is hidden, over everything that adds up ([`cells`]); of what an earlier edition
//! has, those editions do ([`earlier`]). What became of a file's rows follows from both ([`ledger`]).

mod cells;
mod earlier;
mod ledger;
mod over;
mod pattern;
mod seen;

use std::collections::BTreeMap;

use super::counts::CaseCounts;
use super::figures::{Coverage, Figure, PeriodFigures, Shown, change};
use super::funnel::Compared;
use super::groups::{GroupFindings, Grouping};
use super::headline::{CountsBecause, headline_place};
use super::methods::method_changes;
use super::point::TrendPoint;
use super::trend::{Trend, TrendQuestion};
use super::{ControlFindings, Question, methods_of};
use crate::ingest::Ledger;
use crate::rulebook::JudgedBy;
use crate::suppression::{is_few, is_small};
pub use earlier::told_by_both;
pub use ledger::{LedgerLine, publish_ledger};
use over::{AllSeen, Over};
pub use pattern::{ControlPattern, Pattern, ShownBefore};
use seen::Seen;

/// The findings of one control and the ledgers of its files, fit to be published after `earlier` editions. A number
/// below `smallest` is small.
///
/// Only of periods that are over, and all of whose cases fell due, anything is published: what came later would tell,
/// by subtraction, of the few cases that came.
///
/// # Panics
/// When a number that is to be hidden could be worked out: our mistake, and no report.
pub fn publish(
    findings: &ControlFindings,
    ledgers: &[Ledger],
    question: &Question<'_>,
    smallest: u64,
    earlier: &[&ControlPattern],
) -> (ControlFindings, Vec<LedgerLine>) {
    let over = Over::of(findings, question, smallest);
    let seen = over.seen(earlier);
    let published = over.published(&seen, &Publisher { smallest }, question);
    let lines = over.ledgers(ledgers, &seen, earlier);
    (published, lines)
}

impl Over<'_> {
    /// What is published.
    fn published(&self, seen: &AllSeen, publisher: &Publisher, question: &Question<'_>) -> ControlFindings {
        let findings = self.findings;
        let published = publisher.periods(self.periods, &seen.periods, true);
        // From what is published alone: which period it is tells nothing that is hidden.
        let place = headline_place(&published);
        let rebases = question.rebases();
        let figures = publisher.points(self.points, &seen.points, &published);
        let last = figures.keys().last().copied();
        let judged_until = &published[..=place];
        let groupings =
            self.grouping.map(|grouping| publisher.grouping(grouping, &seen.groups, judged_until));
        ControlFindings {
            rule: findings.rule.clone(),
            cohort: findings.cohort,
            target: findings.target,
            judged_by: methods_of(&published),
            trend: self
                .trend
                .zip(last)
                .and_then(|(_, last)| {
                    Trend::of(&figures, &TrendQuestion { last, ..question.of_trend(&rebases) })
                })
                .map(Trend::marked),
            groupings: groupings.into_iter().collect(),
            method_changes: method_changes(&published, &findings.rule),
            periods: published,
            headline_place: place,
            edges: findings.edges.clone(),
        }
    }

    /// The ledgers of the control's files. What they counted is the cases of all periods, and would tell those of a
    /// period whose cases are hidden, or of those that are not over.
    fn ledgers(&self, ledgers: &[Ledger], seen: &AllSeen, earlier: &[&ControlPattern]) -> Vec<LedgerLine> {
        let counted = self.periods.iter().filter(|period| period.earlier_report.is_none());
        let cases: u64 = counted.filter_map(|period| period.figure.cases()).sum();
        let others = ledgers.iter().map(|ledger| ledger.counted).sum::<u64>().abs_diff(cases);
        let is_shown =
            |(period, seen): (&PeriodFigures, &Seen)| period.earlier_report.is_some() || seen.cases;
        let are_shown =
            self.periods.iter().zip(&seen.periods).all(is_shown) && !is_few(others, self.smallest);
        let before: Vec<[Option<u64>; 5]> =
            earlier.iter().flat_map(|edition| edition.ledgers.iter().copied()).collect();
        let line = |ledger: &Ledger| match are_shown {
            true => publish_ledger(*ledger, self.smallest, &before),
            false => LedgerLine::default(),
        };
        ledgers.iter().map(line).collect()
    }
}

/// What is shown of a period that was counted here and can be judged.
fn shown_counts(period: &PeriodFigures) -> Option<CaseCounts> {
    let (deviations, cases) = period.figure.ratio().filter(|_| period.mostly_judged)?;
    (period.earlier_report.is_none()).then(|| CaseCounts { cases, deviations, ..CaseCounts::default() })
}

/// Leaves out what is hidden.
struct Publisher {
    smallest: u64,
}

impl Publisher {
    /// Figures by period; `with_more` keeps what only the whole control shows.
    fn periods(&self, periods: &[PeriodFigures], seen: &[Seen], with_more: bool) -> Vec<PeriodFigures> {
        let mut published: Vec<PeriodFigures> = Vec::new();
        for (period, seen) in periods.iter().zip(seen) {
            let figure = match period.figure {
                Figure::Counted(all) => Figure::Counted(self.counts(all, *seen, with_more)),
                figure @ Figure::Reported(_) => figure,
            };
            let mostly_judged = figure.is_hidden() || period.mostly_judged;
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
    fn counts(&self, all: Shown, seen: Seen, with_more: bool) -> Shown {
        let cases = all.cases.filter(|_| seen.cases);
        let deviations = all.deviations.filter(|_| seen.deviations);
        // The cases that only one method calls late are a number of people too.
        let tells = |reference: u64, (deviations, cases): (u64, u64)| {
            is_small(reference, cases, self.smallest) || is_few(reference.abs_diff(deviations), self.smallest)
        };
        let ratio = deviations.zip(cases).filter(|_| with_more);
        let reference_deviations =
            all.reference_deviations.filter(|reference| ratio.is_some_and(|ratio| !tells(*reference, ratio)));
        Shown { cases, deviations, reference_deviations, coverage: Coverage::Untold }
    }

    /// What is shown of the points of a trend, by index. The last ones, most of whose cases are not judged yet, are left
    /// out, and so are those in periods that the export does not have the whole of.
    ///
    /// Where the whole periods begin depends on how long late cases lasted. It tells no number: neither of how many
    /// nor of whose, in which group or when. Of the time that the slowest took it tells no more than the first period
    /// that is whole, so that its months may not tell more either.
    fn points(
        &self,
        points: &[TrendPoint],
        seen: &[Seen],
        periods: &[PeriodFigures],
    ) -> BTreeMap<i32, Figure> {
        let is_cut = |point: &TrendPoint| {
            let day = point.period.first_day();
            periods.iter().any(|period| {
                period.is_cut && day <= period.period.last_day() && period.period.first_day() <= day
            })
        };
        let until =
            points.iter().rposition(|point| point.figure.is_mostly_judged()).map_or(0, |last| last + 1);
        let drawn = points[..until].iter().zip(seen).filter(|(point, _)| !is_cut(point));
        let points = drawn.map(|(point, seen)| {
            let all = point.figure.shown().filter(|_| point.figure.is_mostly_judged());
            let shown = all.map_or(Shown::NOTHING, |all| self.counts(all, *seen, false));
            (point.period.index, Figure::Counted(shown))
        });
        points.collect()
    }

    /// The groups of a column. Their trends are left out: months of units are few cases each. They are compared by
    /// what is shown of the periods up to the headline's.
    fn grouping(&self, grouping: &Grouping, seen: &[Vec<Seen>], judged_until: &[PeriodFigures]) -> Grouping {
        let groups = grouping.groups.iter().zip(seen);
        let periods: Vec<Vec<PeriodFigures>> =
            groups.map(|(group, seen)| self.periods(&group.periods, seen, false)).collect();
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
