//! Trends, time to close and groups, as `results.json` has them.

use serde::Serialize;

use super::super::chart_data;
use super::{Period, exact, period};
use crate::analysis::{
    Answer, Backlog, CaseCounts, ControlFindings, Convention, Cross, Differs, Forecast, FunnelPlace,
    FunnelWindow, Grouping, Outlook, Survival, TimeToClose, Trend, Verdict, bounds,
};
use crate::period::PeriodKind;
use crate::rulebook::Rule;

#[derive(Serialize)]
pub struct TrendResult {
    chart: &'static str,
    period: &'static str,
    signal_set: &'static str,
    points: Points,
    segments: Vec<SegmentResult>,
    verdict: VerdictResult,
    target: Option<TargetResult>,
}

/// Whether the share of the last months differs from that of the time before.
#[derive(Serialize)]
struct VerdictResult {
    /// worse, better, unchanged or unknown.
    answer: &'static str,
    /// Why it is unknown: too-short, too-few or hidden.
    unknown_because: Option<&'static str>,
    /// The window that it speaks of.
    months: Option<u32>,
    windows: Vec<WindowResult>,
    power: Option<PowerResult>,
}

#[derive(Serialize)]
struct WindowResult {
    months: u32,
    from: String,
    to: String,
    cases: u64,
    deviations: u64,
    cases_before: u64,
    deviations_before: u64,
    z: f64,
    dispersion: f64,
    differs: bool,
}

/// How often a doubling would be found that has lasted so many months.
#[derive(Serialize)]
struct PowerResult {
    months: u32,
    chance: f64,
}

#[derive(Serialize)]
struct TargetResult {
    /// met, missed or hit-or-miss; none with too few periods.
    assurance: Option<&'static str>,
    met: usize,
    periods: usize,
    present_cases: u64,
    present_deviations: u64,
    cases_a_period: u64,
    chance: f64,
}

fn verdict(verdict: &Verdict) -> VerdictResult {
    let windows = verdict.windows.iter().map(|window| WindowResult {
        months: window.months,
        from: window.first.to_string(),
        to: window.last.to_string(),
        cases: window.now.1,
        deviations: window.now.0,
        cases_before: window.before.1,
        deviations_before: window.before.0,
        z: exact(window.z),
        dispersion: exact(window.dispersion),
        differs: window.differs(),
    });
    let (unknown_because, months) = match verdict.answer {
        Answer::Changed(window) => (None, Some(window.months)),
        Answer::Unchanged => (None, None),
        Answer::Unknown(because) => (Some(because.id()), None),
    };
    VerdictResult {
        answer: verdict.answer.id(),
        unknown_because,
        months,
        windows: windows.collect(),
        power: verdict.power.map(|power| PowerResult { months: power.months, chance: exact(power.chance) }),
    }
}

/// Where the points of a trend are.
#[derive(Serialize)]
#[serde(untagged)]
enum Points {
    Here(Vec<Point>),
    /// The file of the report that has those of all groups.
    Elsewhere(String),
}

#[derive(Serialize)]
struct Point {
    period: String,
    cases: Option<u64>,
    deviations: Option<u64>,
    undetermined: Option<u64>,
    share: Option<f64>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    hidden: bool,
    complete: bool,
    segment: usize,
    center: Option<f64>,
    lower: Option<f64>,
    upper: Option<f64>,
    signals: Vec<&'static str>,
}

#[derive(Serialize)]
struct SegmentResult {
    from: String,
    reason: Option<String>,
    frozen_at: Option<String>,
    points: usize,
    baseline_points: usize,
    trial: bool,
    too_few_deviations: bool,
    sigma_z: Option<f64>,
    mean_moving_range: Option<f64>,
    useful: usize,
    longest_run: usize,
    longest_run_limit: Option<usize>,
    crossings: usize,
    crossings_limit: Option<usize>,
}

pub fn trend(trend: &Trend) -> TrendResult {
    trend_with(trend, Points::Here(points(trend)))
}

fn points(trend: &Trend) -> Vec<Point> {
    let points = trend.points.iter().map(|point| Point {
        period: point.period.to_string(),
        cases: point.figure.cases(),
        deviations: point.figure.deviations(),
        undetermined: point.figure.counts().map(|counts| counts.undetermined),
        share: point.share().map(exact),
        hidden: point.figure.is_hidden(),
        complete: point.complete,
        segment: point.segment,
        center: point.center.map(exact),
        lower: point.limits.map(|limits| exact(limits.0)),
        upper: point.limits.map(|limits| exact(limits.1)),
        signals: point.signals.iter().map(|signal| signal.id()).collect(),
    });
    points.collect()
}

fn trend_with(trend: &Trend, points: Points) -> TrendResult {
    let segments = trend.segments.iter().map(|segment| SegmentResult {
        from: segment.from.to_string(),
        reason: segment.reason.clone(),
        frozen_at: segment.frozen_at.map(|period| period.to_string()),
        points: segment.points,
        baseline_points: segment.baseline_points,
        trial: segment.is_trial(),
        too_few_deviations: segment.too_few_deviations,
        sigma_z: segment.sigma_z.map(exact),
        mean_moving_range: segment.mean_moving_range.map(exact),
        useful: segment.runs.useful,
        longest_run: segment.runs.longest,
        longest_run_limit: segment.runs.longest_by_chance,
        crossings: segment.runs.crossings,
        crossings_limit: segment.runs.fewest_by_chance,
    });
    TrendResult {
        chart: trend.settings.chart.id(),
        period: trend.settings.period.id(),
        signal_set: trend.settings.signals.id(),
        points,
        segments: segments.collect(),
        verdict: verdict(&trend.verdict),
        target: trend.target_record().map(|record| TargetResult {
            assurance: trend.assurance().map(|assurance| assurance.id()),
            met: record.met,
            periods: record.periods,
            present_cases: record.present.1,
            present_deviations: record.present.0,
            cases_a_period: record.cases,
            chance: exact(record.chance),
        }),
    }
}

/// A month as files name it.
fn month(number: i32) -> String {
    PeriodKind::Month.holding_month(number).to_string()
}

#[derive(Serialize)]
pub struct BacklogResult {
    month: String,
    open: u64,
    open_overdue: u64,
}

pub fn backlog(backlog: &[Backlog]) -> Vec<BacklogResult> {
    let months = backlog.iter().map(|at| BacklogResult {
        month: month(at.month),
        open: at.open,
        open_overdue: at.open_overdue,
    });
    months.collect()
}

#[derive(Serialize)]
pub struct OutlookResult {
    ahead: Vec<AheadResult>,
    months: Vec<ForecastResult>,
    /// Open cases that are in no forecast.
    late_already: u64,
    due_later: u64,
    /// Months of the last twelve that stand out too far to make chances from.
    months_left_out: usize,
}

#[derive(Serialize)]
struct AheadResult {
    days: i32,
    #[serde(flatten)]
    forecast: ForecastResult,
    trials: Vec<ForecastResult>,
    /// Trials whose truth lay in the interval.
    inside: usize,
}

#[derive(Serialize)]
struct ForecastResult {
    made: String,
    from: String,
    to: String,
    open: u64,
    chance: f64,
    expected: f64,
    low: u64,
    high: u64,
    /// What came of it, when that is known.
    deviations: Option<u64>,
}

pub fn outlook(outlook: &Outlook) -> OutlookResult {
    let forecast = |forecast: &Forecast, deviations| ForecastResult {
        made: forecast.made.to_string(),
        from: forecast.due.0.to_string(),
        to: forecast.due.1.to_string(),
        open: forecast.open,
        chance: exact(forecast.chance()),
        expected: exact(forecast.expected),
        low: forecast.interval.0,
        high: forecast.interval.1,
        deviations,
    };
    let ahead = outlook.ahead.iter().map(|ahead| AheadResult {
        days: ahead.days,
        forecast: forecast(&ahead.forecast, None),
        trials: ahead.trials.iter().map(|trial| forecast(&trial.forecast, Some(trial.deviations))).collect(),
        inside: ahead.inside(),
    });
    OutlookResult {
        ahead: ahead.collect(),
        months: outlook.months.iter().map(|month| forecast(month, None)).collect(),
        late_already: outlook.late_already,
        due_later: outlook.due_later,
        months_left_out: outlook.left_out,
    }
}

#[derive(Serialize)]
pub struct ConventionResult {
    period: String,
    cohort: &'static str,
    cases: u64,
    deviations: u64,
    share: Option<f64>,
    undetermined: u64,
    lowest: Option<f64>,
    highest: Option<f64>,
}

pub fn conventions(conventions: &[Convention]) -> Vec<ConventionResult> {
    let of_cohort = |convention: &Convention| -> Vec<ConventionResult> {
        let ratio = |(deviations, cases): (u64, u64)| exact(deviations as f64 / cases as f64);
        let periods = convention.periods.iter().map(|(period, counts)| ConventionResult {
            period: period.to_string(),
            cohort: convention.cohort.id(),
            cases: counts.cases,
            deviations: counts.deviations,
            share: counts.share().filter(|_| counts.is_mostly_judged()).map(exact),
            undetermined: counts.undetermined,
            lowest: bounds(*counts).map(|bounds| ratio(bounds.lowest)),
            highest: bounds(*counts).map(|bounds| ratio(bounds.highest)),
        });
        periods.collect()
    };
    conventions.iter().flat_map(of_cohort).collect()
}

#[derive(Serialize)]
pub struct CohortResult {
    cohort: &'static str,
    in_periods: u64,
    later: u64,
    no_period: u64,
}

/// How the cases of each cohort add up to the case list.
pub fn cohorts(conventions: &[Convention]) -> Vec<CohortResult> {
    let cohorts = conventions.iter().map(|convention| CohortResult {
        cohort: convention.cohort.id(),
        in_periods: convention.cases() - convention.later - convention.none,
        later: convention.later,
        no_period: convention.none,
    });
    cohorts.collect()
}

#[derive(Serialize)]
pub struct SurvivalResult {
    unit: &'static str,
    curves: Vec<Curve>,
    periods: Vec<SurvivalPeriod>,
}

#[derive(Serialize)]
struct Curve {
    from: String,
    to: String,
    cases: u64,
    open: u64,
    steps: Vec<StepResult>,
    open_after_due: Option<f64>,
    half_closed_at: Option<i32>,
    ninety_closed_at: Option<i32>,
}

#[derive(Serialize)]
struct StepResult {
    margin: i32,
    at_risk: u64,
    closed: u64,
    censored: u64,
    open_share: f64,
    low: f64,
    high: f64,
}

#[derive(Serialize)]
struct SurvivalPeriod {
    period: String,
    cases: u64,
    open: u64,
    open_after_due: Option<f64>,
    half_closed_at: Option<i32>,
    ninety_closed_at: Option<i32>,
}

pub fn survival(time_to_close: &TimeToClose, unit: &'static str) -> SurvivalResult {
    let curve = |curve: &Survival| Curve {
        from: month(curve.started.0),
        to: month(curve.started.1),
        cases: curve.cases,
        open: curve.open,
        steps: curve
            .steps
            .iter()
            .map(|step| StepResult {
                margin: step.margin,
                at_risk: step.at_risk,
                closed: step.closed,
                censored: step.censored,
                open_share: exact(step.open_share),
                low: exact(step.interval.low),
                high: exact(step.interval.high),
            })
            .collect(),
        open_after_due: curve.open_after(0).map(exact),
        half_closed_at: curve.reached(0.5),
        ninety_closed_at: curve.reached(0.1),
    };
    let periods = time_to_close.periods.iter().map(|(period, curve)| SurvivalPeriod {
        period: period.to_string(),
        cases: curve.cases,
        open: curve.open,
        open_after_due: curve.open_after(0).map(exact),
        half_closed_at: curve.reached(0.5),
        ninety_closed_at: curve.reached(0.1),
    });
    SurvivalResult {
        unit,
        curves: time_to_close.years.iter().map(curve).collect(),
        periods: periods.collect(),
    }
}

#[derive(Serialize)]
pub struct GroupingResult<'a> {
    column: &'a str,
    /// The variance of groups' deviations between months over that of chance, at least 1.
    dispersion: f64,
    windows: Vec<FunnelWindowResult>,
    groups: Vec<Group<'a>>,
}

#[derive(Serialize)]
struct FunnelWindowResult {
    from: String,
    to: String,
    cases: u64,
    deviations: u64,
    target: f64,
    /// The window that the chart shows.
    drawn: bool,
}

#[derive(Serialize)]
struct Group<'a> {
    name: &'a str,
    /// How many small groups were taken together; 0 for one of its own.
    combined: usize,
    periods: Vec<Period>,
    trend: Option<TrendResult>,
    /// By window, those left out that it has no judged case in.
    funnel: Vec<Funnel>,
}

#[derive(Serialize)]
struct Funnel {
    from: String,
    to: String,
    cases: u64,
    deviations: u64,
    share: f64,
    expected: f64,
    lower95: f64,
    upper95: f64,
    lower998: f64,
    upper998: f64,
    z: f64,
    differs: Option<&'static str>,
}

fn funnel(window: &FunnelWindow, place: FunnelPlace) -> Funnel {
    Funnel {
        from: window.first_day().to_string(),
        to: window.last_day().to_string(),
        cases: place.cases,
        deviations: place.deviations,
        share: exact(place.deviations as f64 / place.cases as f64),
        expected: exact(place.expected),
        lower95: exact(place.limits95.low),
        upper95: exact(place.limits95.high),
        lower998: exact(place.limits998.low),
        upper998: exact(place.limits998.high),
        z: exact(place.z),
        differs: place.differs.map(Differs::id),
    }
}

pub fn grouping<'a>(grouping: &'a Grouping, rule: &Rule) -> GroupingResult<'a> {
    let points = chart_data::group_trends_name(&rule.id);
    let groups = grouping.groups.iter().map(|group| Group {
        name: &group.name,
        combined: group.combined,
        periods: group.periods.iter().map(|figures| period(figures, rule)).collect(),
        trend: group.trend.as_ref().map(|trend| trend_with(trend, Points::Elsewhere(points.clone()))),
        funnel: grouping
            .windows
            .iter()
            .zip(&group.places)
            .filter_map(|(window, place)| Some(funnel(window, (*place)?)))
            .collect(),
    });
    let drawn = grouping.telling_window();
    let windows = grouping.windows.iter().enumerate().map(|(number, window)| FunnelWindowResult {
        from: window.first_day().to_string(),
        to: window.last_day().to_string(),
        cases: window.target.1,
        deviations: window.target.0,
        target: exact(window.center()),
        drawn: drawn == Some(number),
    });
    GroupingResult {
        column: &grouping.column,
        dispersion: exact(grouping.dispersion),
        windows: windows.collect(),
        groups: groups.collect(),
    }
}

#[derive(Serialize)]
pub struct CrossResult<'a> {
    columns: &'a [String; 2],
    cells: Vec<CrossCell<'a>>,
}

#[derive(Serialize)]
struct CrossCell<'a> {
    group: &'a str,
    subgroup: &'a str,
    cases: u64,
    deviations: u64,
    share: Option<f64>,
}

pub fn cross(cross: &Cross) -> CrossResult<'_> {
    let cells = cross.counts.iter().map(|(name, counts): (_, &CaseCounts)| CrossCell {
        group: &name.group,
        subgroup: &name.subgroup,
        cases: counts.cases,
        deviations: counts.deviations,
        share: counts.share().map(exact),
    });
    CrossResult { columns: &cross.columns, cells: cells.collect() }
}

#[derive(Serialize)]
pub struct MethodChangeResult {
    period: String,
    before: String,
    from_share: f64,
    to_share: f64,
    by_cases: f64,
    by_method: f64,
    /// In how many periods the method's part was measured.
    paths: u8,
}

pub fn method_changes(findings: &ControlFindings) -> Vec<MethodChangeResult> {
    let changes = findings.method_changes.iter().map(|change| MethodChangeResult {
        period: change.period.to_string(),
        before: change.before.to_string(),
        from_share: exact(change.from_share),
        to_share: exact(change.to_share),
        by_cases: exact(change.by_cases),
        by_method: exact(change.by_method),
        paths: if change.symmetric { 2 } else { 1 },
    });
    changes.collect()
}
