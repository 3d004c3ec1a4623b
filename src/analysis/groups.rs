//! Groups: units, or whatever cases are grouped by, held against the whole.
//!
//! A group's share is judged by funnel limits, which are wide for small groups, never by its rank.

use std::collections::BTreeMap;

use super::Question;
use super::counts::CaseCounts;
use super::facts::{ControlFacts, Series, Split};
use super::figures::{PeriodFigures, period_figures};
use super::headline::headline_place;
use super::interval::{Interval, Z95, Z998};
use super::trend::{Trend, TrendQuestion};
use crate::tally::{GroupName, Tally};

/// The groups of one column.
#[derive(Debug, Clone, PartialEq)]
pub struct Grouping {
    /// The column, as the export calls it.
    pub column: String,
    /// Its groups, in order of name, those taken together last.
    pub groups: Vec<GroupFindings>,
    /// Deviations and cases of all groups in the headline's period: the funnel's target.
    pub target: (u64, u64),
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
    /// Its place in the funnel of the headline's period; `None` without a judged case in it, and where the
    /// headline has counts in place of a share.
    pub place: Option<FunnelPlace>,
}

/// Where a group lies in the funnel.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FunnelPlace {
    /// Judged cases.
    pub cases: u64,
    /// Deviations among them.
    pub deviations: u64,
    /// The 95 % limits for so many cases.
    pub limits95: Interval,
    /// The 99.8 % limits.
    pub limits998: Interval,
    /// Which of them it lies beyond.
    pub position: Position,
}

/// Which funnel limits a share lies strictly beyond.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Position {
    /// Below the 99.8 % limit.
    Low998,
    /// Below the 95 % limit.
    Low95,
    /// Within both.
    Within,
    /// Above the 95 % limit.
    High95,
    /// Above the 99.8 % limit.
    High998,
}

impl Position {
    /// The name in files.
    pub fn id(self) -> &'static str {
        match self {
            Position::Low998 => "low-998",
            Position::Low95 => "low-95",
            Position::Within => "within",
            Position::High95 => "high-95",
            Position::High998 => "high-998",
        }
    }
}

/// The shares of `cases` cases whose Wilson interval just touches the target: the score test of the target
/// inverted (Spiegelhalter 2005, Statistics in Medicine 24; PHE's funnel limits). `cases` is above 0.
pub fn funnel_limits(target: f64, cases: f64, z: f64) -> Interval {
    let reach = z * (target * (1.0 - target) / cases).sqrt();
    Interval { low: (target - reach).max(0.0), high: (target + reach).min(1.0) }
}

impl FunnelPlace {
    /// The place of a group among the cases of all groups, `target`; `None` without a case.
    pub fn of(counts: CaseCounts, target: (u64, u64)) -> Option<FunnelPlace> {
        let share = counts.share().filter(|_| counts.is_mostly_judged())?;
        let center = target.0 as f64 / target.1 as f64;
        let limits = |z| funnel_limits(center, counts.cases as f64, z);
        let (limits95, limits998) = (limits(Z95), limits(Z998));
        let position = match share {
            share if share > limits998.high => Position::High998,
            share if share < limits998.low => Position::Low998,
            share if share > limits95.high => Position::High95,
            share if share < limits95.low => Position::Low95,
            _ => Position::Within,
        };
        let (cases, deviations) = (counts.cases, counts.deviations);
        Some(FunnelPlace { cases, deviations, limits95, limits998, position })
    }
}

/// The groups of each column in `question.columns`.
pub fn groupings(
    tally: &Tally,
    facts: ControlFacts<'_>,
    question: &Question<'_>,
    periods: &[PeriodFigures],
    trend: &TrendQuestion<'_>,
) -> Vec<Grouping> {
    if tally.groups.keys().all(|name| *name == GroupName::default()) {
        return Vec::new();
    }
    let splits = [Split::Group, Split::Subgroup];
    let rule = &question.control.rule;
    let columns = question.columns.iter().zip(splits).map(|(column, split)| {
        let series = facts.series(split, rule.cohort, question.kind, question.trend.period);
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
) -> Grouping {
    let current = question.kind.holding(question.as_of).index;
    let headline = &of_control[headline_place(of_control)];
    let periods = of_control[0].period.index..=current;
    let now = |series: &Series| series.counts.get(&headline.period.index).copied().unwrap_or_default();
    // A year of periods, so that a group is not small for the first days of a period.
    let year = current - 12 / question.kind.months() + 1..=current;
    let is_small = |(_, series): &(String, Series)| {
        let in_a_year = series.counts.range(year.clone()).map(|(_, counts)| counts.cases);
        in_a_year.sum::<u64>() < question.smallest_group
    };
    let few = named.iter().filter(|group| is_small(group)).count();
    // One small group would only lose its name, which everyone must not read.
    let takes_together = few > 1 || few == 1 && question.hides_lone_group;
    let (small, own): (Vec<_>, Vec<_>) =
        named.into_iter().partition(|group| takes_together && is_small(group));
    let mut shown: Vec<(String, usize, Series)> =
        own.into_iter().map(|(name, series)| (name, 0, series)).collect();
    if !small.is_empty() {
        let mut together = Series::default();
        small.iter().for_each(|(_, series)| together.add(series));
        shown.push((String::new(), small.len(), together));
    }
    let target = shown.iter().map(|(.., series)| now(series));
    let target = target.fold((0, 0), |sum, counts| (sum.0 + counts.deviations, sum.1 + counts.cases));
    let groups = shown.into_iter().map(|(name, combined, series)| GroupFindings {
        name,
        combined,
        periods: period_figures(periods.clone(), &series, &BTreeMap::new(), question),
        trend: Trend::of(&series.points, trend),
        place: FunnelPlace::of(now(&series), target).filter(|_| headline.counts_because().is_none()),
    });
    Grouping { column: column.to_owned(), groups: groups.collect(), target }
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
    let sums = facts.by_period(Split::Both, question.control.rule.cohort, question.kind);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_on_the_limit_has_a_wilson_interval_that_touches_the_target() {
        for (target, cases) in [(0.345, 25.0), (0.05, 400.0), (0.9, 12.0)] {
            let limits = funnel_limits(target, cases, Z95);
            for share in [limits.low, limits.high].into_iter().filter(|share| *share > 0.0 && *share < 1.0) {
                let (d, z2) = (share * cases, Z95 * Z95);
                let reach = Z95 * (z2 + 4.0 * d * (1.0 - share)).sqrt();
                let ends = [-1.0, 1.0].map(|sign| (2.0 * d + z2 + sign * reach) / (2.0 * (cases + z2)));
                assert!(ends.iter().any(|end| (end - target).abs() < 1e-12), "{target} {cases} {ends:?}");
            }
        }
    }

    #[test]
    fn limits_end_at_none_and_all() {
        assert_eq!(funnel_limits(0.02, 5.0, Z998).low, 0.0);
        assert_eq!(funnel_limits(0.98, 5.0, Z998).high, 1.0);
        assert_eq!(funnel_limits(0.0, 5.0, Z95), Interval { low: 0.0, high: 0.0 });
    }
}
