//! What is over: the periods of a control that can be published, and which of their numbers are shown.

use super::super::figures::PeriodFigures;
use super::super::groups::Grouping;
use super::super::headline::is_due;
use super::super::point::TrendPoint;
use super::super::trend::Trend;
use super::super::{ControlFindings, Question};
use super::cells::{Cells, Pair};
use super::earlier::{Earlier, Holder, Part, Whole, has};
use super::pattern::ControlPattern;
use super::seen::Seen;
use crate::period::Period;

/// Which numbers of a control are shown, by their place.
pub struct AllSeen {
    pub periods: Vec<Seen>,
    /// By group and period.
    pub groups: Vec<Vec<Seen>>,
    pub points: Vec<Seen>,
}

/// What can be published of a control: the periods that are over, with their groups and points.
pub struct Over<'a> {
    pub findings: &'a ControlFindings,
    /// The periods; all of them, with nothing to be shown, when none is over.
    pub periods: &'a [PeriodFigures],
    is_any: bool,
    /// Units and their teams would tell of each other's few cases, so that the first column alone is published.
    pub grouping: Option<&'a Grouping>,
    pub trend: Option<&'a Trend>,
    pub points: &'a [TrendPoint],
    pub smallest: u64,
}

impl<'a> Over<'a> {
    /// What is published of a control. Numbers below `smallest` are small.
    pub fn of(findings: &'a ControlFindings, question: &Question<'_>, smallest: u64) -> Over<'a> {
        let is_over = |period: Period| {
            period.last_day() <= question.as_of
                && is_due(period, findings.cohort, &findings.rule, question.as_of)
        };
        let count = findings.periods.partition_point(|period| is_over(period.period));
        // Figures of earlier reports alone are no finding.
        let is_counted = findings.periods[..count].iter().any(|period| period.earlier_report.is_none());
        let count = if is_counted { count } else { 0 };
        let (is_any, shown) = (count > 0, if count > 0 { count } else { findings.periods.len() });
        let periods = &findings.periods[..shown];
        let trend = findings.trend.as_ref().filter(|_| is_any && is_nested(findings));
        let points = trend.map_or(&[][..], |trend| &trend.points);
        let last_day = periods[shown - 1].period.last_day();
        let points = &points[..points.partition_point(|point| point.period.last_day() <= last_day)];
        Over { findings, periods, is_any, grouping: findings.groupings.first(), trend, points, smallest }
    }

    /// Which numbers are shown.
    pub fn seen(&self, earlier: &[&ControlPattern]) -> AllSeen {
        let groups = self.grouping.map_or(&[][..], |grouping| &grouping.groups);
        let mut seen = AllSeen {
            periods: vec![Seen::NOTHING; self.periods.len()],
            groups: vec![vec![Seen::NOTHING; self.periods.len()]; groups.len()],
            points: vec![Seen::NOTHING; self.points.len()],
        };
        if !self.is_any {
            return seen;
        }
        self.see_again(&mut seen, earlier);
        self.see_first(&mut seen, earlier);
        self.see_sums(&mut seen, earlier);
        seen
    }

    /// Decides on points of several periods, one of which an earlier edition has.
    fn see_sums(&self, seen: &mut AllSeen, earlier: &[&ControlPattern]) {
        let is_sum = |point: &TrendPoint| {
            point.period.kind.months() > self.periods[0].period.kind.months()
                && self.was_published(point.period, earlier)
        };
        for (place, point) in self.points.iter().enumerate().filter(|(_, point)| is_sum(point)) {
            let Some(counts) = point.figure.counted() else { continue };
            let is_inside = |place: &usize| self.periods[*place].period.is_inside(point.period);
            let inside: Vec<usize> = (0..self.periods.len()).filter(is_inside).collect();
            let part = |period, counts| Part { holder: Holder::Whole, period, counts };
            let parts = inside.iter().map(|place| {
                let period = &self.periods[*place];
                part(period.period, period.figure.counted().unwrap_or_default())
            });
            let whole = Whole {
                all: part(point.period, counts),
                is_cut: false,
                divided: [Vec::new(), parts.collect()],
            };
            let parts = inside.iter().map(|place| seen.periods[*place]).collect();
            seen.points[place] = Earlier::of(earlier, &whole, self.smallest).seen_as_sum(parts);
        }
    }

    /// Decides on what an earlier edition has.
    fn see_again(&self, seen: &mut AllSeen, earlier: &[&ControlPattern]) {
        for (place, period) in self.periods.iter().enumerate().filter(|(_, it)| is_in(earlier, it.period)) {
            let Some(counts) = period.figure.counted() else { continue };
            let part = |holder, period, counts| Part { holder, period, counts };
            let groups = self.grouping.iter().flat_map(|grouping| &grouping.groups);
            let groups = groups.map(|group| {
                let counts = group.periods[place].figure.counted().unwrap_or_default();
                part(Holder::of(&group.name, group.combined), period.period, counts)
            });
            let inside = |point: &TrendPoint| point.period.is_inside(period.period);
            let points: Vec<usize> =
                (0..self.points.len()).filter(|point| inside(&self.points[*point])).collect();
            let parts = points.iter().map(|point| {
                let point = &self.points[*point];
                part(Holder::Whole, point.period, point.figure.counted().unwrap_or_default())
            });
            let whole = Whole {
                all: part(Holder::Whole, period.period, counts),
                is_cut: period.is_cut,
                divided: [groups.collect(), parts.collect()],
            };
            let of_period = Earlier::of(earlier, &whole, self.smallest).seen();
            seen.periods[place] = of_period.all;
            let [of_groups, of_points] = of_period.divided;
            seen.groups.iter_mut().zip(of_groups).for_each(|(group, seen)| group[place] = seen);
            points.into_iter().zip(of_points).for_each(|(point, it)| seen.points[point] = it);
        }
    }

    /// Decides on what is published for the first time.
    fn see_first(&self, seen: &mut AllSeen, earlier: &[&ControlPattern]) {
        let are_new = |place: &usize| !is_in(earlier, self.periods[*place].period);
        let places: Vec<usize> = (0..self.periods.len()).filter(are_new).collect();
        let picked = |periods: &[PeriodFigures]| -> Vec<PeriodFigures> {
            places.iter().map(|place| periods[*place].clone()).collect()
        };
        let mut cells = Cells::new(self.smallest);
        let periods = picked(self.periods);
        let pairs = cells.of_periods(&periods);
        let groups = self.grouping.iter().flat_map(|grouping| &grouping.groups);
        let groups: Vec<Vec<PeriodFigures>> = groups.map(|group| picked(&group.periods)).collect();
        let groups = cells.of_groups(&groups, &pairs);
        let is_new = |place: &usize| !self.was_published(self.points[*place].period, earlier);
        let point_places: Vec<usize> = (0..self.points.len()).filter(is_new).collect();
        let points: Vec<TrendPoint> = point_places.iter().map(|place| self.points[*place].clone()).collect();
        let points = cells.of_points(&points, &periods, &pairs);
        let hidden = cells.hidden();
        let of_pair = |pair: Option<Pair>| pair.map_or(Seen::NOTHING, |pair| pair.seen(&hidden));
        for (place, pair) in places.iter().zip(pairs) {
            seen.periods[*place] = of_pair(pair);
        }
        for (seen, pairs) in seen.groups.iter_mut().zip(groups) {
            places.iter().zip(pairs).for_each(|(place, pair)| seen[*place] = of_pair(pair));
        }
        for (place, pair) in point_places.iter().zip(points) {
            seen.points[*place] = pair.seen(&hidden);
        }
    }

    /// Whether an earlier edition has a period that shares days with a point.
    fn was_published(&self, point: Period, earlier: &[&ControlPattern]) -> bool {
        let shared = self.periods.iter().map(|period| period.period);
        let mut shared = shared.filter(|period| period.is_inside(point) || point.is_inside(*period));
        shared.any(|period| is_in(earlier, period))
    }
}

/// Whether an earlier edition has a period.
fn is_in(earlier: &[&ControlPattern], period: Period) -> bool {
    earlier.iter().any(|edition| has(edition, period))
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
