//! Groups: units, or whatever cases are grouped by, held against the whole.
//!
//! A group is held against the rest, never judged by its rank.

use std::collections::BTreeMap;

use polars::prelude::PolarsResult;

use super::Question;
use super::counts::{CaseCounts, by_group_and_period, frame};
use super::figures::{PeriodFigures, period_figures};
use super::funnel::{Compared, Counted, Differs, FunnelPlace, FunnelWindow, plus};
use super::headline::{CountsBecause, headline_place};
use super::trend::{Trend, TrendQuestion};
use crate::period::PeriodKind;
use crate::rulebook::Cohort;
use crate::tally::{GroupName, Groups, Tally, regrouped};

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

    /// The groups that differ from the rest in a window, by their number, in order.
    pub fn differing(&self, window: usize) -> impl Iterator<Item = (usize, Differs)> {
        let groups = self.groups.iter().enumerate();
        groups.filter_map(move |(number, group)| Some((number, group.places.get(window)?.as_ref()?.differs?)))
    }
}

/// What stands for small groups taken together: a blank, which no name is, for names are trimmed.
const TOGETHER: &str = " ";

/// The groups of each column in `question.columns`.
pub fn groupings(
    tally: &Tally,
    question: &Question<'_>,
    periods: &[PeriodFigures],
    trend: &TrendQuestion<'_>,
) -> PolarsResult<Vec<Grouping>> {
    let of_column: [fn(&GroupName) -> &String; 2] = [|name| &name.group, |name| &name.subgroup];
    if tally.groups.keys().all(|name| *name == GroupName::default()) {
        return Ok(Vec::new());
    }
    let columns = question.columns.iter().zip(of_column).map(|(column, pick)| {
        let by_column = regrouped(&tally.groups, |name| GroupName::from(pick(name).as_str()));
        grouping(column, &by_column, tally, question, periods, trend)
    });
    columns.collect()
}

fn grouping(
    column: &str,
    named: &Groups,
    tally: &Tally,
    question: &Question<'_>,
    of_control: &[PeriodFigures],
    trend: &TrendQuestion<'_>,
) -> PolarsResult<Grouping> {
    let (cohort, roll) = (question.control.rule.cohort, question.control.rule.roll);
    let current = question.kind.holding(question.as_of).index;
    let headline = &of_control[headline_place(of_control)];
    let periods = of_control[0].period.index..=current;
    let sums = by_group_and_period(&frame(named, roll)?, cohort, question.kind)?;
    // A year of periods, so that a group is not small for the first days of a period.
    let year = current - 12 / question.kind.months() + 1..=current;
    let in_a_year = |name: &str| -> u64 {
        let periods = sums.get(name).into_iter().flat_map(|periods| periods.range(year.clone()));
        periods.map(|(_, counts)| counts.cases).sum()
    };
    let small: Vec<&str> = named
        .keys()
        .map(|name| name.group.as_str())
        .filter(|name| in_a_year(name) < question.smallest_group)
        .collect();
    // One small group would only lose its name, which everyone must not read.
    let small = if small.len() > 1 || question.hides_lone_group { small } else { Vec::new() };
    let shown = regrouped(named, |name| {
        let together = small.contains(&name.group.as_str());
        if together { TOGETHER.into() } else { name.clone() }
    });
    let frame = frame(&shown, roll)?;
    let sums = by_group_and_period(&frame, cohort, question.kind)?;
    let points = by_group_and_period(&frame, cohort, question.trend.period)?;
    let none = BTreeMap::new();
    let by_month = by_group_and_period(&frame, cohort, PeriodKind::Month)?;
    let months: Vec<(&BTreeMap<i32, CaseCounts>, bool)> = shown
        .keys()
        .map(|name| (by_month.get(&name.group).unwrap_or(&none), name.group != TOGETHER))
        .collect();
    let funnels = compared(&months, headline, first_whole_month(tally, cohort))
        .funnels(headline.period, headline.counts_because().is_none());
    let mut groups: Vec<GroupFindings> = shown
        .iter()
        .zip(funnels.places)
        .map(|((GroupName { group: name, .. }, tally), places)| GroupFindings {
            name: if name == TOGETHER { String::new() } else { name.clone() },
            combined: if name == TOGETHER { small.len() } else { 0 },
            periods: period_figures(
                periods.clone(),
                sums.get(name).unwrap_or(&none),
                &BTreeMap::new(),
                [tally],
                question,
            ),
            trend: Trend::of(points.get(name).unwrap_or(&none), trend),
            places,
        })
        .collect();
    groups.sort_by_key(|group| group.combined);
    let (windows, dispersion) = (funnels.windows, funnels.dispersion);
    Ok(Grouping { column: column.to_owned(), groups, windows, dispersion })
}

/// The first month whose cases the export has all of, as far as its ends tell: cases that ended before the first end
/// are missing, and with them those that started or were due then.
fn first_whole_month(tally: &Tally, cohort: Cohort) -> i32 {
    let margins = &tally.whole.margins;
    match cohort {
        Cohort::Closed => i32::MIN,
        Cohort::Due | Cohort::Started => margins.by_end().next().map_or(i32::MIN, |(month, ..)| month),
    }
}

/// What is compared: groups by month, and whether each is one, up to the end of the headline's period. Nothing while
/// that cannot be judged.
fn compared(
    groups: &[(&BTreeMap<i32, CaseCounts>, bool)],
    headline: &PeriodFigures,
    first_whole: i32,
) -> Compared {
    let last = headline.period.last_day().month();
    let is_judged = matches!(headline.counts_because(), None | Some(CountsBecause::FewCases));
    let first = groups.iter().filter_map(|(months, _)| months.keys().next()).min().copied().unwrap_or(last);
    let months = if is_judged { first.max(first_whole)..=last } else { 1..=0 };
    let of = |counts: &BTreeMap<i32, CaseCounts>| -> Counted {
        months.clone().map(|month| Some(counts.get(&month).copied().unwrap_or_default())).collect()
    };
    let groups: Vec<(Counted, bool)> = groups.iter().map(|(counts, is_unit)| (of(counts), *is_unit)).collect();
    let all = |place: usize| groups.iter().map(|(counts, _)| counts[place]).fold(Some(CaseCounts::default()), plus);
    Compared {
        whole: (0..months.clone().count()).map(all).collect(),
        months: months.map(|month| PeriodKind::Month.holding_month(month)).collect(),
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
pub fn cross(tally: &Tally, question: &Question<'_>, headline: i32) -> PolarsResult<Option<Cross>> {
    let [group, subgroup] = question.columns.as_slice() else { return Ok(None) };
    let rule = &question.control.rule;
    // Numbers stand for names: a name could look like a pair of others.
    let numbers: BTreeMap<&GroupName, usize> = tally.groups.keys().zip(0..).collect();
    let numbered = regrouped(&tally.groups, |name| numbers[name].to_string().as_str().into());
    let sums = by_group_and_period(&frame(&numbered, rule.roll)?, rule.cohort, question.kind)?;
    let counts: BTreeMap<GroupName, CaseCounts> = numbers
        .iter()
        .filter_map(|(name, number)| Some(((*name).clone(), *sums.get(&number.to_string())?.get(&headline)?)))
        .collect();
    let distinct = |pick: fn(&GroupName) -> &String| {
        let mut found: Vec<String> = counts.keys().map(pick).cloned().collect();
        found.sort();
        found.dedup();
        found
    };
    let (groups, subgroups) = (distinct(|name| &name.group), distinct(|name| &name.subgroup));
    Ok(Some(Cross { columns: [group.clone(), subgroup.clone()], groups, subgroups, counts }))
}
