//! Groups: units, or whatever cases are grouped by, compared with each other.
//!
//! A group is compared with the rest, never ranked.

use std::collections::BTreeMap;

use super::Question;
use super::counts::CaseCounts;
use super::edges::Edges;
use super::facts::{ControlFacts, Series, Split};
use super::figures::{PeriodFigures, computed, period_figures};
use super::funnel::{Compared, Counted, Differs, FunnelPlace, FunnelWindow};
use super::headline::{CountsBecause, headline_place};
use super::trend::{Trend, TrendQuestion};
use crate::date::Day;
use crate::period::{Period, PeriodKind};
use crate::rulebook::Cohort;
use crate::tally::{GroupName, Tally};

/// The groups of one column.
#[derive(Debug, Clone, PartialEq)]
pub struct Grouping {
    /// The column, as the export calls it.
    pub column: String,
    /// Its groups, in order of name, those taken together last.
    pub groups: Vec<GroupFindings>,
    /// The times in which they are compared, shortest first; none while the headline's period cannot be judged.
    pub windows: Vec<FunnelWindow>,
    /// The variance of groups' deviations between months over that of chance, at least 1.
    pub dispersion: f64,
}

/// One group's figures.
#[derive(Debug, Clone, PartialEq)]
pub struct GroupFindings {
    /// The group's name; empty for cases without one, and for groups taken together.
    pub name: String,
    /// How many small groups were taken together; 0 for a group of its own.
    pub combined: usize,
    /// The same periods as the control's.
    pub periods: Vec<PeriodFigures>,
    /// Its trend; `None` when no case was judged up to the as-of date.
    pub trend: Option<Trend>,
    /// Its place in the funnel of each window; `None` without a judged case in it.
    pub places: Vec<Option<FunnelPlace>>,
}

impl Grouping {
    /// The window that stands for the column: the one in which most groups differ, the longest of several; without
    /// any the shortest. `None` when no group can be compared.
    pub fn telling_window(&self) -> Option<usize> {
        let differing = |window: usize| self.differing(window).count();
        let most = (0..self.windows.len()).max_by_key(|window| differing(*window))?;
        Some(if differing(most) > 0 { most } else { 0 })
    }

    /// The window that stands for the column, and the place in it of every group that has one, by its number. `None`
    /// when there is nothing to compare: fewer than two groups have a judged case, or no case, or every one, is a
    /// deviation.
    pub fn compared(&self) -> Option<(&FunnelWindow, Vec<(usize, FunnelPlace)>)> {
        let telling = self.telling_window()?;
        let window = &self.windows[telling];
        let groups = self.groups.iter().enumerate();
        let places: Vec<_> =
            groups.filter_map(|(index, group)| Some((index, group.places[telling]?))).collect();
        let (deviations, cases) = window.target;
        (places.len() >= 2 && deviations > 0 && deviations < cases).then_some((window, places))
    }

    /// The groups that differ from the rest in a window, by their number, in order.
    pub fn differing(&self, window: usize) -> impl Iterator<Item = (usize, Differs)> {
        let groups = self.groups.iter().enumerate();
        groups.filter_map(move |(number, group)| Some((number, group.places.get(window)?.as_ref()?.differs?)))
    }
}

/// The groups of each column in `question.columns`, with the counts of each in full.
pub fn groupings(
    tally: &Tally,
    facts: ControlFacts<'_>,
    question: &Question<'_>,
    periods: &[PeriodFigures],
    trend: &TrendQuestion<'_>,
) -> Vec<(Grouping, Vec<Series>)> {
    if tally.groups.keys().all(|name| *name == GroupName::default()) {
        return Vec::new();
    }
    let splits = [Split::Group, Split::Subgroup];
    let rule = &question.control.rule;
    let columns = question.columns.iter().zip(splits).map(|(column, split)| {
        let series =
            facts.series(split, rule.cohort, question.settings.period, question.settings.trend.period);
        let name = |group| match facts.name(group) {
            GroupName { group, .. } if split == Split::Group => group.clone(),
            GroupName { subgroup, .. } => subgroup.clone(),
        };
        let named = series.into_iter().map(|(group, series)| (name(group), series));
        grouping(column, named.collect(), question, periods, trend)
    });
    columns.collect()
}

/// `named` is in order of name.
fn grouping(
    column: &str,
    named: Vec<(String, Series)>,
    question: &Question<'_>,
    of_control: &[PeriodFigures],
    trend: &TrendQuestion<'_>,
) -> (Grouping, Vec<Series>) {
    let current = question.settings.period.holding(question.as_of).index;
    let headline = &of_control[headline_place(of_control)];
    let periods = of_control[0].period.index..=current;
    // A year of periods, so that a group is not small for the first days of a period.
    let year = current - 12 / question.settings.period.months() + 1..=current;
    let is_small = |(_, series): &(String, Series)| {
        let in_a_year = series.counts.range(year.clone()).map(|(_, counts)| counts.cases);
        in_a_year.sum::<u64>() < question.smallest_group()
    };
    let few = named.iter().filter(|group| is_small(group)).count();
    // One small group would only lose its name, which everyone must not read.
    let takes_together = few > 1 || few == 1 && question.for_everyone;
    let (small, own): (Vec<_>, Vec<_>) =
        named.into_iter().partition(|group| takes_together && is_small(group));
    let mut shown: Vec<(String, usize, Series)> =
        own.into_iter().map(|(name, series)| (name, 0, series)).collect();
    if !small.is_empty() {
        let mut together = Series::default();
        small.iter().for_each(|(_, series)| together.add(series));
        shown.push((String::new(), small.len(), together));
    }
    let cohort = question.control.rule.cohort;
    let funnels = compared(&shown, headline, cohort, &question.edges)
        .funnels(headline.period, headline.counts_because().is_none());
    let groups = shown.into_iter().zip(funnels.places).map(|((name, combined, series), places)| {
        let group = GroupFindings {
            name,
            combined,
            periods: period_figures(periods.clone(), &series, &BTreeMap::new(), question),
            trend: Trend::of(&computed(&series.points), trend),
            places,
        };
        (group, series)
    });
    let (groups, series) = groups.unzip();
    let column = column.to_owned();
    (Grouping { column, groups, windows: funnels.windows, dispersion: funnels.dispersion }, series)
}

/// What is compared: each group by month, up to the end of the headline's period and as far back as the export has
/// whole months. Nothing while that period cannot be judged.
fn compared(
    groups: &[(String, usize, Series)],
    headline: &PeriodFigures,
    cohort: Cohort,
    edges: &Edges,
) -> Compared {
    let [own_first, last] = [headline.period.first_day(), headline.period.last_day()].map(Day::month);
    let is_judged = matches!(headline.counts_because(), None | Some(CountsBecause::FewCases));
    let first = groups.iter().filter_map(|(.., series)| series.months.keys().next()).min();
    let first = first.copied().unwrap_or(last);
    let is_whole = |month: &i32| edges.is_whole(cohort, PeriodKind::Month.holding_month(*month));
    let first = (first..own_first).find(is_whole).unwrap_or(first.max(own_first));
    let months: Vec<i32> = if is_judged { (first..=last).collect() } else { Vec::new() };
    let of = |series: &Series| -> Counted {
        let counts = months.iter().map(|month| series.months.get(month).copied().unwrap_or_default());
        // A whole period may begin with a month that lacks a few days.
        let misses = months.iter().map(|month| edges.misses(cohort, PeriodKind::Month.holding_month(*month)));
        counts.zip(misses).map(|(counts, is_cut)| Some(CaseCounts { is_cut, ..counts })).collect()
    };
    let groups: Vec<(Counted, bool)> =
        groups.iter().map(|(_, combined, series)| (of(series), *combined == 0)).collect();
    let all = |place: usize| {
        groups.iter().try_fold(CaseCounts::default(), |mut sum, (counted, _)| {
            sum += counted[place]?;
            Some(sum)
        })
    };
    Compared {
        whole: (0..months.len()).map(all).collect(),
        months: months.iter().map(|month| Period { kind: PeriodKind::Month, index: *month }).collect(),
        groups,
    }
}

/// Two columns crossed: judged cases of the headline's period.
#[derive(Debug, Clone, PartialEq)]
pub struct Cross {
    /// The columns, as the export calls them.
    pub columns: [String; 2],
    /// Names of the first column, in order.
    pub groups: Vec<String>,
    /// Names of the second column, in order.
    pub subgroups: Vec<String>,
    /// Counts by group and subgroup; pairs that no case has are left out.
    pub counts: BTreeMap<GroupName, CaseCounts>,
}

impl Cross {
    /// The counts of a pair.
    pub fn of(&self, group: &str, subgroup: &str) -> CaseCounts {
        let name = GroupName { group: group.to_owned(), subgroup: subgroup.to_owned() };
        self.counts.get(&name).copied().unwrap_or_default()
    }
}

/// The two columns crossed, or nothing when cases are not grouped by two.
/// `headline` is the index of the period.
pub fn cross(facts: ControlFacts<'_>, question: &Question<'_>, headline: i32) -> Option<Cross> {
    let [group, subgroup] = question.columns.as_slice() else { return None };
    let sums = facts.by_period(Split::Both, question.control.rule.cohort, question.settings.period);
    let counts: BTreeMap<GroupName, CaseCounts> = sums
        .iter()
        .filter_map(|(number, periods)| Some((facts.name(*number).clone(), *periods.get(&headline)?)))
        .collect();
    let distinct = |pick: fn(&GroupName) -> &String| {
        let mut found: Vec<String> = counts.keys().map(pick).cloned().collect();
        found.sort();
        found.dedup();
        found
    };
    let (groups, subgroups) = (distinct(|name| &name.group), distinct(|name| &name.subgroup));
    Some(Cross { columns: [group.clone(), subgroup.clone()], groups, subgroups, counts })
}
