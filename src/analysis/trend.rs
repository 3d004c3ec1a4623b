//! Trend charts: a series of shares with its verdict, and limits and signals that mark where it is unusual.
//!
//! A series falls into segments at the dated steps that a person has set; everything is worked out within a
//! segment. Improvement is downwards. A period without a judged case is a gap, and one that has not ended
//! takes part in neither limits nor signals.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::counts::CaseCounts;
use super::edges::Edges;
use super::figures::Figure;
use super::limits::{FAR_SIGMAS, FULL_LIMITS, Limits, Observation, SIGMAS, is_beyond, too_few_deviations};
use super::point::{Signal, TrendPoint};
use super::rare::{Rare, RareMarks, RareMonth};
use super::signals::{Runs, SAME, Side, drifts, shifts, side, two_of_three};
use super::target::TargetRecord;
use super::verdict::{Unknown, Verdict};
use crate::date::Day;
use crate::period::Period;
use crate::project::{Note, Rebase, TrendChart, TrendSettings};
use crate::rulebook::Cohort;

/// Below so many points there are no icons.
const ICONS: usize = 13;
/// The chance of a point beyond a limit of three standard deviations, on one side.
const BEYOND_LIMIT: f64 = 0.001_35;

/// Points in a row that are unusual by chance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stretch {
    /// A run, a shift or a trend.
    pub signal: Signal,
    /// Its first period.
    pub first: Period,
    /// Its last period.
    pub last: Period,
    /// Its points; those on the centre are no part of a run.
    pub points: usize,
    /// Above the centre, or rising.
    pub upwards: bool,
}

/// A stretch of a trend with limits of its own.
#[derive(Debug, Clone, PartialEq)]
pub struct Segment {
    /// Its first period.
    pub from: Period,
    /// Why it begins, when it is not the first.
    pub reason: Option<String>,
    /// The last period that its limits are made from, when later ones are not to move them.
    pub frozen_at: Option<Period>,
    /// Points that take part.
    pub points: usize,
    /// Those that its limits are made from.
    pub baseline_points: usize,
    /// There are deviations, but too few a period to tell a change from chance.
    pub too_few_deviations: bool,
    /// Standard deviation of the points in binomial standard deviations; p′ charts alone have it.
    pub sigma_z: Option<f64>,
    /// The mean moving range after screening: of z on p′ charts, of shares on XmR charts.
    pub mean_moving_range: Option<f64>,
    /// Runs round the centre.
    pub runs: Runs,
    /// Points in a row that are signals of either set, in order of time.
    pub stretches: Vec<Stretch>,
    /// Some of its points are hidden, so that it has neither limits nor signals.
    pub hides_points: bool,
}

impl Segment {
    /// Too few points for limits to rest on.
    pub fn is_trial(&self) -> bool {
        self.baseline_points < FULL_LIMITS
    }
}

/// Whether the target is met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Assurance {
    /// Every period met it, or chance alone will not miss it.
    Met,
    /// No period met it, or chance alone will not reach it.
    Missed,
    /// Some did, and chance decides.
    HitOrMiss,
}

impl Assurance {
    /// The name in files.
    pub fn id(self) -> &'static str {
        match self {
            Assurance::Met => "met",
            Assurance::Missed => "missed",
            Assurance::HitOrMiss => "hit-or-miss",
        }
    }
}

/// A series of shares with its limits and signals.
#[derive(Debug, Clone, PartialEq)]
pub struct Trend {
    /// How it is drawn and read.
    pub settings: TrendSettings,
    /// Every period from the first with a judged case to the as-of date, as far as the export has the whole of them.
    pub points: Vec<TrendPoint>,
    /// Its segments.
    pub segments: Vec<Segment>,
    /// What is marked at one of its points, in order of time.
    pub notes: Vec<Note>,
    /// The share to stay at or below, 0–1.
    pub target: Option<f64>,
    /// Whether the share has changed.
    pub verdict: Verdict,
    /// What marks its present segment where deviations are few; whole controls alone have it.
    pub rare: Option<Rare>,
}

/// What a trend depends on beside its counts.
#[derive(Debug, Clone, Copy)]
pub struct TrendQuestion<'a> {
    /// How it is drawn and read.
    pub settings: TrendSettings,
    /// The control's dated steps, in order.
    pub rebases: &'a [&'a Rebase],
    /// What is marked in it, in order.
    pub notes: &'a [Note],
    /// The last period of the first baseline.
    pub freeze: Option<Period>,
    /// The share to stay at or below, 0–1.
    pub target: Option<f64>,
    /// The as-of date.
    pub as_of: Day,
    /// What the exports have the whole of.
    pub edges: &'a Edges,
    /// What ties the cases to periods.
    pub cohort: Cohort,
    /// The index of the last period to show, whether a case is in it or not.
    pub last: i32,
}

impl Trend {
    /// The trend of figures by period index, of the last run of those that the export has the whole of; `None` where none
    /// of them shows a judged case. A segment in which a figure is hidden has neither limits nor signals: made from the
    /// others alone they would be wrong, for it is the points with few deviations that are hidden.
    pub fn of(figures: &BTreeMap<i32, Figure>, question: &TrendQuestion<'_>) -> Option<Trend> {
        let kind = question.settings.period;
        let earliest = *figures.keys().next()?;
        let is_whole = |index: &i32| {
            question.edges.is_whole(question.cohort, Period { kind, index: *index })
                && !figures.get(index).is_some_and(|figure| figure.is_cut())
        };
        let last = (earliest..=question.last).rev().find(is_whole)?;
        let has_cases = |index: &i32| figures.get(index).is_some_and(|figure| figure.cases() != Some(0));
        let first = (earliest..=last).rev().take_while(is_whole).filter(has_cases).last()?;
        figures.range(first..=last).find(|(_, figure)| figure.shows_cases())?;
        let starts: Vec<&Rebase> = question
            .rebases
            .iter()
            .copied()
            .filter(|rebase| rebase.from.index > first && rebase.from.index <= last)
            .collect();
        let point = |index: i32| {
            let period = Period { kind, index };
            let figure = figures.get(&index).copied().unwrap_or_else(|| CaseCounts::default().into());
            let has_ended = period.last_day() <= question.as_of;
            TrendPoint {
                period,
                figure,
                has_ended,
                complete: figure.is_mostly_judged() && has_ended,
                segment: starts.iter().filter(|rebase| rebase.from.index <= index).count(),
                center: None,
                limits: None,
                signals: Vec::new(),
            }
        };
        let mut points: Vec<TrendPoint> = (first..=last).map(point).collect();
        let segments: Vec<Segment> = points
            .chunk_by_mut(|one, next| one.segment == next.segment)
            .map(|points| {
                let rebase = points[0].segment.checked_sub(1).map(|number| starts[number]);
                // A step at or before the first case begins the first segment.
                let earlier = question.rebases.iter().rfind(|rebase| rebase.from.index <= first);
                let frozen_at = match (rebase, earlier) {
                    (Some(rebase), _) => rebase.freeze,
                    (None, Some(earlier)) => earlier.freeze,
                    (None, None) => question.freeze,
                };
                let reason = rebase.map(|rebase| rebase.reason.clone());
                segment(points, reason, frozen_at, question.settings.chart)
            })
            .collect();
        let at_a_point = |note: &&Note| (first..=last).contains(&note.at.index);
        let current = segments.last()?;
        let verdict = match current.hides_points {
            true => Verdict::unknown(Unknown::Hidden),
            false => {
                let of_current = points.partition_point(|point| point.segment + 1 < segments.len());
                Verdict::of(&points[of_current..], kind, current.too_few_deviations)
            }
        };
        Some(Trend {
            settings: question.settings,
            points,
            segments,
            notes: question.notes.iter().filter(at_a_point).cloned().collect(),
            target: question.target,
            verdict,
            rare: None,
        })
    }

    /// The same with the marks that few deviations allow.
    pub fn marked(self) -> Trend {
        let segment = self.current_segment();
        let rare = (segment.too_few_deviations && !segment.hides_points)
            .then(|| Rare::of(&self.current_points(), segment.frozen_at))
            .flatten();
        Trend { rare, ..self }
    }

    /// The segment of the present.
    pub fn current_segment(&self) -> &Segment {
        self.segments.last().expect("a trend has a point, and so a segment")
    }

    /// Points of the segment of the present that take part, in order.
    pub fn current_points(&self) -> Vec<&TrendPoint> {
        let last = self.segments.len() - 1;
        self.points.iter().filter(|point| point.segment == last && point.counts()).collect()
    }

    /// The newest point that takes part, or without one the newest with a case.
    pub fn last_counted(&self) -> &TrendPoint {
        let last = |fits: fn(&TrendPoint) -> bool| self.points.iter().rev().find(|point| fits(point));
        let counted = last(TrendPoint::counts).or_else(|| last(|point| point.figure.shows_cases()));
        counted.expect("a trend has a case")
    }

    /// The share of the present does not vary at all.
    pub fn is_constant(&self) -> bool {
        let points = self.current_points();
        points.len() > 1 && points.iter().all(|point| point.share() == points[0].share())
    }

    /// How often the target was met in the segment of the present; `None` without a target or a whole period.
    pub fn target_record(&self) -> Option<TargetRecord> {
        let is_shown = !self.current_segment().hides_points;
        let target = self.target.filter(|_| is_shown)?;
        TargetRecord::of(&self.current_points(), target, self.settings.period)
    }

    /// Whether the target is met; `None` without a target or enough points. Limits decide, or the binomial chance
    /// where there are no limits to go by: of a target of none late, and of few deviations. A target that no period
    /// met is missed, one that every period met is met.
    pub fn assurance(&self) -> Option<Assurance> {
        let (record, segment) = (self.target_record()?, self.current_segment());
        let last = self.current_points().last().copied()?;
        if segment.baseline_points < ICONS {
            return None;
        }
        let (is_met, is_missed) = match last.limits {
            Some((lower, upper)) if record.target > 0.0 && !segment.too_few_deviations => {
                (record.target > upper + SAME, record.target < lower - SAME)
            }
            _ => (record.chance > 1.0 - BEYOND_LIMIT, record.chance < BEYOND_LIMIT),
        };
        Some(match record.met {
            0 => Assurance::Missed,
            met if is_met || met == record.periods => Assurance::Met,
            _ if is_missed => Assurance::Missed,
            _ => Assurance::HitOrMiss,
        })
    }

    /// The signals of a point that are to be shown: those of the set in use, where there are deviations enough.
    pub fn signals(&self, point: &TrendPoint) -> Vec<Signal> {
        if let Some(month) = self.rare_month(point) {
            return month.signals();
        }
        match self.segments[point.segment].too_few_deviations {
            true => Vec::new(),
            false => {
                let of_set = |signal: &Signal| signal.is_of(self.settings.signals);
                point.signals.iter().copied().filter(of_set).collect()
            }
        }
    }

    /// On which side a point is marked as unusual; `None` where it is not.
    pub fn mark(&self, point: &TrendPoint) -> Option<Side> {
        let signals = self.signals(point);
        match signals.first()? {
            Signal::Many | Signal::Doubling => Some(Side::Above),
            Signal::Halving => Some(Side::Below),
            _ => point.side(),
        }
    }

    /// Its marks where deviations are few.
    pub fn rare_marks(&self) -> Option<&RareMarks> {
        match &self.rare {
            Some(Rare::Marks(marks)) => Some(marks),
            Some(Rare::TooFew { .. }) | None => None,
        }
    }

    /// A point's among them.
    pub fn rare_month(&self, point: &TrendPoint) -> Option<&RareMonth> {
        self.rare_marks()?.months.iter().find(|month| month.period == point.period)
    }
}

/// Gives the points of a segment their limits and signals.
fn segment(
    points: &mut [TrendPoint],
    reason: Option<String>,
    frozen_at: Option<Period>,
    chart: TrendChart,
) -> Segment {
    // A freeze before the first point would leave nothing to make limits from.
    let frozen_at = frozen_at
        .filter(|last| points.iter().any(|point| point.counts() && point.period.index <= last.index));
    let hides_points = points.iter().any(|point| point.figure.is_hidden());
    let in_baseline =
        |point: &&TrendPoint| !hides_points && frozen_at.is_none_or(|last| point.period.index <= last.index);
    let baseline: Vec<Observation> = points.iter().filter(in_baseline).filter_map(Observation::of).collect();
    let limits = Limits::of(&baseline, chart);
    if let Some(limits) = &limits {
        for point in points.iter_mut() {
            let Some((_, cases @ 1..)) = point.figure.ratio() else { continue };
            point.center = Some(limits.center);
            let limits = limits.around(cases, SIGMAS);
            point.limits = limits.map(|(lower, upper)| (lower.max(0.0), upper.min(1.0)));
        }
    }
    let (runs, stretches) = limits.as_ref().map(|limits| mark_signals(points, limits)).unwrap_or_default();
    Segment {
        from: points[0].period,
        reason,
        frozen_at,
        points: points.iter().filter(|point| point.counts()).count(),
        baseline_points: baseline.len(),
        too_few_deviations: too_few_deviations(&baseline),
        sigma_z: limits.as_ref().and_then(|limits| limits.sigma_z),
        mean_moving_range: limits.as_ref().and_then(|limits| limits.mean_moving_range),
        runs,
        stretches,
        hides_points,
    }
}

/// Marks the signals of a segment; gives its runs and stretches.
fn mark_signals(points: &mut [TrendPoint], limits: &Limits) -> (Runs, Vec<Stretch>) {
    let mut counted: Vec<&mut TrendPoint> = points.iter_mut().filter(|point| point.counts()).collect();
    let observations: Vec<Observation> = counted.iter().filter_map(|point| Observation::of(point)).collect();
    let shares: Vec<f64> = observations.iter().map(|point| point.share).collect();
    let sides: Vec<Side> = shares.iter().map(|share| side(*share, limits.center)).collect();
    let beyond =
        |share: f64, limits: Option<(f64, f64)>| limits.is_some_and(|limits| is_beyond(share, limits));
    let far: Vec<bool> = observations
        .iter()
        .map(|point| beyond(point.share, limits.around(point.cases, FAR_SIGMAS)))
        .collect();
    let runs = Runs::of(&sides);
    for (share, point) in shares.iter().zip(&mut counted) {
        if beyond(*share, point.limits) {
            point.signals.push(Signal::Outside);
        }
    }
    for index in two_of_three(&sides, &far) {
        counted[index].signals.push(Signal::TwoOfThree);
    }
    let mut stretches = Vec::new();
    let unusual = runs.unusual.iter().cloned().map(|range| (Signal::Run, range));
    let shifts = shifts(&sides).into_iter().map(|range| (Signal::Shift, range));
    let drifts = drifts(&shares).into_iter().map(|range| (Signal::Trend, range));
    for (signal, range) in unusual.chain(shifts).chain(drifts) {
        let is_drift = signal == Signal::Trend;
        let upwards = if is_drift {
            shares[range.start + 1] > shares[range.start]
        } else {
            sides[range.start] == Side::Above
        };
        let (first, last) = (counted[range.start].period, counted[range.end - 1].period);
        let members: Vec<usize> = range.filter(|index| is_drift || sides[*index] != Side::On).collect();
        stretches.push(Stretch { signal, first, last, points: members.len(), upwards });
        members.into_iter().for_each(|index| counted[index].signals.push(signal));
    }
    stretches.sort_by_key(|stretch| stretch.last.index);
    for point in counted {
        // A peak can end one stretch and begin the next.
        point.signals.sort_unstable();
        point.signals.dedup();
    }
    (runs, stretches)
}

#[cfg(test)]
pub mod tests {
    use super::super::verdict::Answer;
    use super::*;
    use crate::period::PeriodKind;
    use crate::project::SignalSet;

    fn month(text: &str) -> Period {
        Period::parse(text).expect("a month")
    }

    /// The trend of deviations and cases by month from January 2022, as of the end of the last.
    fn trend(counts: &[(u64, u64)], chart: TrendChart, rebases: &[Rebase], freeze: Option<&str>) -> Trend {
        let first = month("2022-01").index;
        let by_month = counts.iter().zip(first..).map(|((deviations, cases), index)| {
            let counts = CaseCounts { cases: *cases, deviations: *deviations, ..CaseCounts::default() };
            (index, Figure::from(counts))
        });
        let last = Period { kind: PeriodKind::Month, index: first + counts.len() as i32 - 1 };
        let question = TrendQuestion {
            settings: TrendSettings { chart, ..TrendSettings::default() },
            rebases: &rebases.iter().collect::<Vec<_>>(),
            notes: &[],
            freeze: freeze.map(month),
            target: Some(0.1),
            as_of: last.last_day(),
            edges: &Edges::NONE,
            cohort: Cohort::Closed,
            last: last.index,
        };
        Trend::of(&by_month.collect(), &question).expect("a trend")
    }

    /// The usual trend of deviations and cases by month from January 2022, as of the end of the last.
    pub fn monthly(counts: &[(u64, u64)]) -> Trend {
        trend(counts, TrendChart::PPrime, &[], None)
    }

    /// The same with a target.
    pub fn against(counts: &[(u64, u64)], target: f64) -> Trend {
        Trend { target: Some(target), ..monthly(counts) }
    }

    fn rebase(from: &str, freeze: Option<&str>) -> Rebase {
        Rebase { control: "x".into(), from: month(from), reason: "moved".into(), freeze: freeze.map(month) }
    }

    #[test]
    fn a_constant_series_has_no_signal_and_limits_of_chance() {
        for share in [(0, 20), (20, 20), (10, 30)] {
            for chart in [TrendChart::P, TrendChart::PPrime, TrendChart::Xmr] {
                let trend = trend(&[share; 24], chart, &[], None);
                assert!(trend.points.iter().all(|point| point.signals.is_empty()), "{share:?} {chart:?}");
                assert_eq!(trend.verdict.answer, Answer::Unchanged);
                let (lower, upper) = trend.points[5].limits.expect("limits");
                // Chance alone would make shares of some of the cases vary.
                let on_center = chart == TrendChart::Xmr || share.0 == 0 || share.0 == share.1;
                assert_eq!((upper - lower).abs() < 1e-9, on_center, "{share:?} {chart:?}");
            }
        }
    }

    #[test]
    fn limits_of_shares_are_shares_on_every_chart() {
        let wild: Vec<(u64, u64)> =
            (0..24).map(|month| if month % 2 == 0 { (1, 20) } else { (19, 20) }).collect();
        let rare: Vec<(u64, u64)> = (0..24).map(|month| (month % 3, 40)).collect();
        for (series, chart) in [&wild, &rare].into_iter().flat_map(|series| {
            [TrendChart::P, TrendChart::PPrime, TrendChart::Xmr].map(|chart| (series, chart))
        }) {
            let points = trend(series, chart, &[], None).points;
            let inside = |(lower, upper): (f64, f64)| 0.0 <= lower && lower < upper && upper <= 1.0;
            assert!(points.iter().filter_map(|point| point.limits).all(inside), "{chart:?}");
        }
        let limits = trend(&wild, TrendChart::Xmr, &[], None).points[0].limits;
        assert_eq!(limits, Some((0.0, 1.0)));
    }

    #[test]
    fn a_gap_is_no_zero_and_no_neighbour() {
        let with_gap = trend(&[(2, 10), (3, 10), (0, 0), (2, 10), (3, 10)], TrendChart::Xmr, &[], None);
        assert_eq!(with_gap.points[2].share(), None);
        assert_eq!((with_gap.points[2].center, with_gap.points[2].limits), (None, None));
        // 0.1 twice; the 0.1 across the gap is none of them.
        let range = with_gap.segments[0].mean_moving_range.expect("a range");
        assert!((range - 0.1).abs() < 1e-12);
        assert_eq!(with_gap.segments[0].points, 4);
        let lonely = trend(&[(2, 10), (0, 0), (3, 10)], TrendChart::PPrime, &[], None);
        assert_eq!(lonely.points[0].limits, None);
        assert!(lonely.points[0].center.is_some());
    }

    #[test]
    fn one_point_and_one_case_a_month_are_drawn_as_they_are() {
        let single = trend(&[(1, 4)], TrendChart::PPrime, &[], None);
        assert_eq!((single.points[0].center, single.points[0].limits), (Some(0.25), None));
        assert_eq!(single.verdict.answer, Answer::Unknown(Unknown::TooShort { fewest: 16 }));
        assert_eq!(single.assurance(), None);
        let ones: Vec<(u64, u64)> = (0..24).map(|month| (u64::from(month % 3 == 0), 1)).collect();
        let trend = trend(&ones, TrendChart::P, &[], None);
        assert_eq!(trend.points[0].limits, Some((0.0, 1.0)));
        assert!(trend.points.iter().all(|point| !point.signals.contains(&Signal::Outside)));
    }

    #[test]
    fn no_judged_case_is_no_trend() {
        let question = TrendQuestion {
            settings: TrendSettings::default(),
            rebases: &[],
            notes: &[],
            freeze: None,
            target: None,
            as_of: month("2024-01").last_day(),
            edges: &Edges::NONE,
            cohort: Cohort::Closed,
            last: month("2024-01").index,
        };
        let open = Figure::from(CaseCounts { undetermined: 5, ..CaseCounts::default() });
        let figures = BTreeMap::from([(month("2023-05").index, open)]);
        assert_eq!(Trend::of(&figures, &question), None);
    }

    #[test]
    fn a_month_that_has_not_ended_takes_no_part() {
        let first = month("2022-01").index;
        let counts = (first..first + 24)
            .map(|index| {
                let deviations = if index == first + 23 { 40 } else { 8 + (index % 2) as u64 };
                (index, Figure::from(CaseCounts { cases: 40, deviations, ..CaseCounts::default() }))
            })
            .collect();
        let question = TrendQuestion {
            settings: TrendSettings::default(),
            rebases: &[],
            notes: &[],
            freeze: None,
            target: None,
            as_of: month("2023-12").first_day().plus_days(10),
            edges: &Edges::NONE,
            cohort: Cohort::Closed,
            last: first + 23,
        };
        let trend = Trend::of(&counts, &question).expect("a trend");
        let last = trend.points.last().expect("a point");
        assert!(!last.complete && last.signals.is_empty() && last.center.is_some());
        assert_eq!(trend.segments[0].points, 23);
        assert_eq!(trend.verdict.answer, Answer::Unchanged);
        assert_eq!(trend.verdict.windows[0].last, month("2023-11"));
    }

    #[test]
    fn limits_begin_anew_at_a_step_and_can_be_frozen() {
        let mut counts = vec![(8, 20); 15];
        counts.extend([(2, 20), (3, 20), (2, 20), (3, 20), (2, 20), (10, 20)]);
        let trend = trend(&counts, TrendChart::P, &[rebase("2023-04", Some("2023-08"))], None);
        let [before, after] = trend.segments.as_slice() else { panic!("two segments") };
        assert_eq!((before.points, after.points, after.baseline_points), (15, 6, 5));
        assert_eq!((trend.points[14].center, trend.points[15].center), (Some(0.4), Some(0.12)));
        assert_eq!(after.reason.as_deref(), Some("moved"));
        assert!(trend.points[20].signals.contains(&Signal::Outside));
        assert!(after.is_trial() && !before.is_trial());
    }

    #[test]
    fn limits_decide_about_the_target() {
        let of = |one: u64, other: u64| monthly(&[(one, 100), (other, 100)].repeat(12)).assurance();
        assert_eq!(of(0, 0), Some(Assurance::Met));
        assert_eq!(of(9, 11), Some(Assurance::HitOrMiss));
        assert_eq!(of(50, 50), Some(Assurance::Missed));
        // The target is 10 %, inside the limits: what no month reached is missed, what every month reached is met.
        assert_eq!(of(11, 13), Some(Assurance::Missed));
        assert_eq!(of(8, 10), Some(Assurance::Met));
    }

    #[test]
    fn none_late_is_judged_by_how_often_it_was_met() {
        let of = |counts: &[(u64, u64)]| against(&counts.repeat(12), 0.0).assurance();
        assert_eq!(of(&[(0, 20), (0, 20)]), Some(Assurance::Met));
        assert_eq!(of(&[(0, 20), (1, 20)]), Some(Assurance::HitOrMiss));
        assert_eq!(of(&[(1, 20), (2, 20)]), Some(Assurance::Missed));
        // Met once and long ago: not to be expected again.
        let mut counts = vec![(20, 100); 24];
        counts[2] = (0, 100);
        assert_eq!(against(&counts, 0.0).assurance(), Some(Assurance::Missed));
    }

    #[test]
    fn rare_deviations_show_nothing() {
        // One case late in two years: screening leaves ranges of 0, and limits that are no limits.
        let mut counts = vec![(0, 20); 24];
        counts[7] = (1, 20);
        for chart in [TrendChart::P, TrendChart::PPrime, TrendChart::Xmr] {
            let trend = trend(&counts, chart, &[], None);
            assert!(trend.segments[0].too_few_deviations, "{chart:?}");
            let (deviations, in_time) = (1, 399);
            assert_eq!(trend.verdict.answer, Answer::Unknown(Unknown::TooFew { deviations, in_time }));
            assert!(trend.points.iter().all(|point| trend.signals(point).is_empty()), "{chart:?}");
        }
    }

    #[test]
    fn a_step_without_other_spread_is_measured_against_chance() {
        let counts: Vec<(u64, u64)> = (0..24).map(|month| (if month < 12 { 20 } else { 40 }, 200)).collect();
        let trend = trend(&counts, TrendChart::PPrime, &[], None);
        assert_eq!(trend.segments[0].sigma_z, Some(0.0));
        // σ_z is shown as it is, and limits are those of chance: 15 % of 200, three times 2.52 % each way.
        let (lower, upper) = trend.points[3].limits.expect("limits");
        assert!((lower - 0.074_25).abs() < 1e-4 && (upper - 0.225_75).abs() < 1e-4, "{lower} {upper}");
        assert_eq!(trend.verdict.answer.id(), "worse");
    }

    #[test]
    fn pure_chance_seldom_shows_as_a_signal() {
        use rand::{RngExt, SeedableRng};
        let mut random = rand_chacha::ChaCha8Rng::seed_from_u64(2024);
        for (chance, cases) in [(0.002, 20), (0.01, 20), (0.02, 280), (0.05, 280), (0.3, 80)] {
            for chart in [TrendChart::P, TrendChart::PPrime, TrendChart::Xmr] {
                let (mut shown, mut points) = (0, 0);
                for _ in 0..100 {
                    let mut late = || (0..cases).filter(|_| random.random_bool(chance)).count() as u64;
                    let counts: Vec<(u64, u64)> = (0..24).map(|_| (late(), cases)).collect();
                    let trend = trend(&counts, chart, &[], None);
                    let marked =
                        trend.points.iter().filter(|point| trend.signals(point).contains(&Signal::Outside));
                    shown += marked.count();
                    points += trend.points.len();
                }
                assert!(shown * 50 < points, "{chart:?}, {chance}: {shown} of {points}");
            }
        }
    }

    /// The figures of docs/charts.md: how many of a hundred stable series have a mark.
    #[test]
    fn stable_series_are_marked_as_often_as_documented() {
        use rand::{RngExt, SeedableRng};
        let mut random = rand_chacha::ChaCha8Rng::seed_from_u64(16);
        let marked = |counts: &[(u64, u64)], set: SignalSet| {
            let trend = monthly(counts);
            trend.points.iter().any(|point| point.signals.iter().any(|signal| signal.is_of(set)))
        };
        const SETS: usize = 400;
        for (months, anhoej, health_service) in [(32, 3..=12, 14..=27), (60, 9..=22, 36..=52)] {
            for (cases, chance) in [(60, 0.2), (100, 0.1), (150, 0.4)] {
                let mut found = [0; 2];
                for _ in 0..SETS {
                    let mut late = || (0..cases).filter(|_| random.random_bool(chance)).count() as u64;
                    let counts: Vec<(u64, u64)> = (0..months).map(|_| (late(), cases)).collect();
                    for (found, set) in found.iter_mut().zip([SignalSet::Anhoej, SignalSet::HealthService]) {
                        *found += usize::from(marked(&counts, set));
                    }
                }
                let [of_anhoej, of_health_service] = found.map(|found| found * 100 / SETS);
                assert!(anhoej.contains(&of_anhoej), "{months}, {cases}, {chance}: {of_anhoej}");
                assert!(
                    health_service.contains(&of_health_service),
                    "{months}, {cases}: {of_health_service}"
                );
            }
        }
    }

    #[test]
    fn a_freeze_before_the_first_point_is_none() {
        let trend = trend(&[(8, 20); 15], TrendChart::P, &[], Some("2021-06"));
        assert_eq!((trend.segments[0].frozen_at, trend.segments[0].baseline_points), (None, 15));
    }

    #[test]
    fn a_month_with_many_undetermined_cases_takes_no_part() {
        let first = month("2022-01").index;
        let counts = (first..first + 24).map(|index| {
            let undetermined = if index > first + 21 { 30 } else { 0 };
            let deviations = if undetermined > 0 { 0 } else { 10 };
            let counts = CaseCounts { cases: 40, deviations, undetermined, ..CaseCounts::default() };
            (index, Figure::from(counts))
        });
        let question = TrendQuestion {
            settings: TrendSettings::default(),
            rebases: &[],
            notes: &[],
            freeze: None,
            target: None,
            as_of: month("2023-12").last_day(),
            edges: &Edges::NONE,
            cohort: Cohort::Closed,
            last: first + 23,
        };
        let trend = Trend::of(&counts.collect(), &question).expect("a trend");
        assert_eq!(trend.segments[0].points, 22);
        assert!(trend.points.iter().all(|point| point.signals.is_empty()));
    }

    #[test]
    fn a_trend_begins_and_ends_with_what_the_export_has_the_whole_of() {
        let first = month("2022-01").index;
        let counts = (first..first + 24).map(|index| {
            let is_cut = !(first + 3..first + 22).contains(&index);
            let counts = CaseCounts { cases: 40, deviations: 10, is_cut, ..CaseCounts::default() };
            (index, Figure::from(counts))
        });
        let question = TrendQuestion {
            settings: TrendSettings::default(),
            rebases: &[],
            notes: &[],
            freeze: None,
            target: None,
            as_of: month("2023-12").last_day(),
            edges: &Edges::NONE,
            cohort: Cohort::Closed,
            last: first + 23,
        };
        let trend = Trend::of(&counts.clone().collect(), &question).expect("a trend");
        let ends = (trend.points[0].period.index, trend.last_counted().period.index, trend.points.len());
        assert_eq!(ends, (first + 3, first + 21, 19));
        let cut = counts.clone().filter(|(_, figure)| figure.is_cut());
        assert_eq!(Trend::of(&cut.collect(), &question), None);
        // What lies before a time that is missing is not the present.
        let gap = counts.map(|(index, figure)| {
            let missing = CaseCounts { cases: 40, is_cut: true, ..CaseCounts::default() };
            (index, if (8..12).contains(&(index - first)) { missing.into() } else { figure })
        });
        let trend = Trend::of(&gap.collect(), &question).expect("a trend");
        let ends = (trend.points[0].period.index, trend.last_counted().period.index);
        assert_eq!(ends, (first + 12, first + 21));
    }

    #[test]
    fn a_long_run_is_a_concern_above_and_an_improvement_below() {
        let level = |first: u64, last: u64| -> Vec<(u64, u64)> {
            (0..12).map(|_| (first, 50)).chain((0..12).map(|_| (last, 50))).collect()
        };
        let worse = trend(&level(10, 20), TrendChart::PPrime, &[], None);
        let better = trend(&level(20, 10), TrendChart::PPrime, &[], None);
        assert_eq!(worse.verdict.answer.id(), "worse");
        assert_eq!(better.verdict.answer.id(), "better");
        let run = worse.current_segment().stretches.iter().find(|stretch| stretch.signal == Signal::Run);
        let last_run =
            worse.current_segment().stretches.iter().rfind(|stretch| stretch.signal == Signal::Run);
        assert!(run.is_some_and(|run| !run.upwards && run.points == 12));
        assert!(last_run.is_some_and(|run| run.upwards && run.last == month("2023-12")));
        let runs = &worse.current_segment().runs;
        assert!(Some(runs.crossings) < runs.fewest_by_chance);
    }
}
