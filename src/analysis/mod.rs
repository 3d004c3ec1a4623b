//! Analysis: from tallies to findings.
//!
//! Reads tallies only. Counts by period, shares with intervals, changes, the comparison of methods and
//! the histogram of margins. Formats nothing and knows no language.

mod counts;
mod interval;
mod margins;

use std::collections::BTreeMap;

use polars::prelude::PolarsResult;

pub use counts::CaseCounts;
pub use interval::{Interval, newcombe, wilson};
pub use margins::{MarginBar, Margins};

use crate::date::Day;
use crate::period::{Period, PeriodKind};
use crate::pipeline::Control;
use crate::project::{ControlSettings, Published, PublishedFigure};
use crate::rulebook::{Cohort, Rule};
use crate::tally::{GroupTally, Tally};

/// What analysis is told besides the tally.
pub struct Question<'a> {
    /// The control, its rule as it was judged by.
    pub control: &'a Control,
    /// The project's settings for it.
    pub settings: &'a ControlSettings,
    /// Figures of earlier reports.
    pub published: &'a [Published],
    /// The as-of date of the tally.
    pub as_of: Day,
    /// The length of the periods.
    pub kind: PeriodKind,
    /// Rows of the control's exports that could not be judged.
    pub rejected: u64,
}

/// Everything found about one control.
#[derive(Debug, Clone)]
pub struct ControlFindings {
    /// The rule as it was judged by.
    pub rule: Rule,
    /// What ties its cases to periods.
    pub cohort: Cohort,
    /// The share to stay at or below, 0–1.
    pub target: Option<f64>,
    /// The share from which deviations are severe, 0–1.
    pub severe_at: Option<f64>,
    /// Every period from the first case or published figure to the as-of date, without gaps.
    pub periods: Vec<PeriodFigures>,
    /// The same for each group, in order of name; empty when the export has no groups.
    pub groups: Vec<GroupFindings>,
    /// All cases by calendar month of the start, January first.
    pub start_months: [CaseCounts; 12],
    /// Margins of the cases closed in the last period that has any.
    pub margins: Option<Margins>,
    /// Cases that belong to periods after the as-of date.
    pub later: u64,
    /// Cases of a rule in hours that were judged by days for want of times.
    pub judged_by_day: u64,
    /// Rows of its exports that could not be judged.
    pub rejected: u64,
}

impl ControlFindings {
    /// The period that holds the as-of date.
    pub fn current(&self) -> Option<&PeriodFigures> {
        self.periods.last()
    }

    /// What the rejected rows could do to the share of the current period: its deviations and cases if all
    /// of them belonged to it and had been in time, and if they had been late (Manski 1989, bounds without
    /// assumptions). `None` without a rejected row.
    pub fn bounds(&self) -> Option<Bounds> {
        let counts = self.current()?.figure.counts()?;
        let (deviations, cases) = (counts.deviations, counts.cases);
        (self.rejected > 0).then(|| Bounds {
            lowest: (deviations, cases + self.rejected),
            highest: (deviations + self.rejected, cases + self.rejected),
        })
    }
}

/// Between what a share lies, as deviations and cases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// If every unknown case had been in time.
    pub lowest: (u64, u64),
    /// If every unknown case had been late.
    pub highest: (u64, u64),
}

/// One group's figures.
#[derive(Debug, Clone)]
pub struct GroupFindings {
    /// The group's name; empty for cases without one.
    pub name: String,
    /// The same periods as the control's.
    pub periods: Vec<PeriodFigures>,
}

/// The figures of one period.
#[derive(Debug, Clone, PartialEq)]
pub struct PeriodFigures {
    /// The period.
    pub period: Period,
    /// The period has ended by the as-of date.
    pub complete: bool,
    /// The figure.
    pub figure: Figure,
    /// How and where a figure of an earlier report was made.
    pub publication: Option<Publication>,
    /// Cases open and past their due date at the period's end, or on the as-of date when that is earlier;
    /// not known for a figure of an earlier report.
    pub open_overdue: Option<u64>,
    /// Change from the period before, when both were counted by one method.
    pub change: Option<Change>,
}

/// How and where a figure of an earlier report was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publication {
    /// The method, a clock where it is one.
    pub method: String,
    /// The report.
    pub source: String,
}

/// Where a figure comes from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Figure {
    /// Counted from cases; there may be none.
    Computed(CaseCounts),
    /// From an earlier report.
    Published(PublishedFigure),
}

impl Figure {
    /// The share, 0–1, when there is one.
    pub fn share(self) -> Option<f64> {
        match self {
            Figure::Computed(counts) => counts.share(),
            Figure::Published(PublishedFigure::Share(share)) => Some(share),
            Figure::Published(PublishedFigure::Counts { cases: 0, .. }) => None,
            Figure::Published(PublishedFigure::Counts { cases, deviations }) => {
                Some(deviations as f64 / cases as f64)
            }
        }
    }

    /// Deviations and cases, when they are known.
    pub fn ratio(self) -> Option<(u64, u64)> {
        match self {
            Figure::Computed(counts) => Some((counts.deviations, counts.cases)),
            Figure::Published(PublishedFigure::Share(_)) => None,
            Figure::Published(PublishedFigure::Counts { cases, deviations }) => Some((deviations, cases)),
        }
    }

    /// The Wilson interval of the share, when its counts are known.
    pub fn interval(self) -> Option<Interval> {
        self.ratio().and_then(|(deviations, cases)| wilson(deviations, cases))
    }

    /// The counts, when they were computed here.
    pub fn counts(self) -> Option<CaseCounts> {
        match self {
            Figure::Computed(counts) => Some(counts),
            Figure::Published(_) => None,
        }
    }
}

/// A change between two periods, as a difference of shares (0.01 is one percentage point).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Change {
    /// Share now minus share before.
    pub difference: f64,
    /// Newcombe's interval, when both shares' counts are known.
    pub interval: Option<Interval>,
}

impl Change {
    /// The interval excludes no change.
    pub fn beyond_chance(self) -> bool {
        self.interval.is_some_and(|interval| interval.low > 0.0 || interval.high < 0.0)
    }
}

/// Finds everything about one control.
///
/// # Errors
/// Only when polars refuses a frame, which is our mistake.
pub fn analyse(tally: &Tally, question: &Question<'_>) -> PolarsResult<ControlFindings> {
    let rule = &question.control.rule;
    let cohort = rule.cohort;
    let frame = counts::frame(tally, rule.roll)?;
    let sums = counts::by_period(&frame, cohort, question.kind)?;
    let published: BTreeMap<i32, &Published> = question
        .published
        .iter()
        .filter(|figure| figure.control == rule.id && figure.period.kind == question.kind)
        .map(|figure| (figure.period.index, figure))
        .collect();
    let current = question.kind.holding(question.as_of).index;
    let first = sums.keys().chain(published.keys()).copied().min().unwrap_or(current).min(current);
    let periods = period_figures(first..=current, &sums, &published, tally.groups.values(), question);
    let by_group = counts::by_group_and_period(&frame, cohort, question.kind)?;
    let has_groups = tally.groups.keys().any(|name| !name.is_empty());
    let groups = tally.groups.iter().filter(|_| has_groups).map(|(name, group)| GroupFindings {
        name: name.clone(),
        periods: period_figures(
            first..=current,
            by_group.get(name).unwrap_or(&BTreeMap::new()),
            &BTreeMap::new(),
            [group],
            question,
        ),
    });
    Ok(ControlFindings {
        cohort,
        target: question.settings.target,
        severe_at: question.settings.severe_at,
        groups: groups.collect(),
        start_months: counts::by_start_month(&frame)?,
        margins: Margins::of_last_period(tally, question.kind, question.as_of, rule),
        later: sums.range(current + 1..).map(|(_, counts)| counts.cases + counts.undetermined).sum(),
        judged_by_day: tally.judged_by_day,
        rejected: question.rejected,
        rule: rule.clone(),
        periods,
    })
}

fn period_figures<'t>(
    indices: std::ops::RangeInclusive<i32>,
    sums: &BTreeMap<i32, CaseCounts>,
    published: &BTreeMap<i32, &Published>,
    groups: impl IntoIterator<Item = &'t GroupTally>,
    question: &Question<'_>,
) -> Vec<PeriodFigures> {
    let overdue = Overdue::of(groups);
    let lawful = question.control.rule.method().to_string();
    let mut figures: Vec<PeriodFigures> = Vec::new();
    for index in indices {
        let period = Period { kind: question.kind, index };
        let earlier = published.get(&index).filter(|_| !sums.contains_key(&index));
        let figure = match earlier {
            Some(published) => Figure::Published(published.figure),
            None => Figure::Computed(sums.get(&index).copied().unwrap_or_default()),
        };
        let publication = earlier.map(|published| Publication {
            method: published.method.clone(),
            source: published.source.clone(),
        });
        let method = |publication: &Option<Publication>| {
            publication.as_ref().map_or(lawful.clone(), |publication| publication.method.clone())
        };
        let before = figures.last().filter(|before| method(&before.publication) == method(&publication));
        let change = before.and_then(|before| change(figure, before.figure));
        let last_month = period.last_day().min(question.as_of).month();
        figures.push(PeriodFigures {
            period,
            complete: period.last_day() <= question.as_of,
            figure,
            open_overdue: publication.is_none().then(|| overdue.at_end_of_month(last_month)),
            publication,
            change,
        });
    }
    figures
}

fn change(now: Figure, before: Figure) -> Option<Change> {
    let interval = match (now.ratio(), before.ratio()) {
        (Some(now), Some(before)) => newcombe(now, before),
        _ => None,
    };
    Some(Change { difference: now.share()? - before.share()?, interval })
}

/// Cases open and past due at each month's end, from the tallies' flows.
struct Overdue {
    change_by_month: BTreeMap<i32, i64>,
}

impl Overdue {
    fn of<'t>(groups: impl IntoIterator<Item = &'t GroupTally>) -> Overdue {
        let mut change_by_month: BTreeMap<i32, i64> = BTreeMap::new();
        for (month, counts) in groups.into_iter().flat_map(GroupTally::months) {
            *change_by_month.entry(month).or_default() +=
                counts.overdue_from as i64 - counts.overdue_until as i64;
        }
        Overdue { change_by_month }
    }

    fn at_end_of_month(&self, month: i32) -> u64 {
        let open: i64 = self.change_by_month.range(..=month).map(|(_, change)| change).sum();
        u64::try_from(open).expect("a case leaves the overdue no earlier than it joins them")
    }
}
