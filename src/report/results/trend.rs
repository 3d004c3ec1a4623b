//! Trends: points, segments, verdict and target.

use schemars::JsonSchema;
use serde::Serialize;

use super::super::chart_data;
use super::all;
use crate::analysis::{
    self, Answer, Assurance, Detail, Power, RareMarks, RareMonth, Segment, Signal, TargetRecord, TrendPoint,
    Verdict, exact,
};
use crate::period::{Period, PeriodKind};
use crate::project::{Note, SignalSet, TrendChart};
use crate::rulebook::Rule;

/// A series of shares with its limits and signals.
#[derive(Serialize, JsonSchema)]
pub struct Trend {
    /// How limits are made.
    chart: TrendChart,
    /// The length of its periods.
    period: PeriodKind,
    /// Which signals mark points.
    signal_set: SignalSet,
    /// Its points, or the file that has them.
    points: Points,
    /// Its segments: stretches with limits of their own.
    segments: Vec<SegmentLine>,
    /// What is marked at one of its points, when anything is.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    notes: Vec<NoteLine>,
    /// Whether the share has changed.
    verdict: VerdictLine,
    /// Marks where deviations are few.
    rare: Option<RareLine>,
    /// Whether the target is met.
    target: Option<Target>,
}

/// Where the points of a trend are.
#[derive(Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Points {
    /// In this file.
    Here(Vec<Point>),
    /// In the file of the report that has those of all groups.
    Elsewhere(String),
}

impl Points {
    /// Those of a control's trend.
    pub fn here(trend: &analysis::Trend, detail: Option<&Detail>) -> Points {
        let undetermined = |point| detail.map(|detail| detail.whole.undetermined_of(point));
        Points::Here(trend.points.iter().map(|point| (point, undetermined(point)).into()).collect())
    }

    /// The points of a control's groups.
    pub fn of_groups(rule: &Rule) -> Points {
        Points::Elsewhere(chart_data::group_trends_name(&rule.id))
    }
}

impl Trend {
    /// A trend whose points are there.
    pub fn of(trend: &analysis::Trend, points: Points) -> Trend {
        Trend {
            chart: trend.settings.chart,
            period: trend.settings.period,
            signal_set: trend.settings.signals,
            points,
            segments: all(&trend.segments),
            notes: all(&trend.notes),
            verdict: (&trend.verdict).into(),
            rare: trend.rare_marks().map(RareLine::from),
            target: trend.target_record().map(|record| (record, trend.assurance()).into()),
        }
    }
}

records! {
    /// A point of a trend.
    Point of (point, undetermined): (&TrendPoint, Option<u64>) {
        period: Period = point.period,
        /// Judged cases.
        cases: Option<u64> = point.figure.cases(),
        /// Deviations among them.
        deviations: Option<u64> = point.figure.deviations(),
        /// Open and not yet due.
        undetermined: Option<u64> = undetermined,
        /// The share, 0–1.
        share: Option<f64> = point.share().map(exact),
        /// A number of it is hidden.
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        hidden: bool = point.figure.is_hidden(),
        /// It has ended, and hardly a case of it is undetermined.
        complete: bool = point.complete,
        /// The number of its segment, from 0.
        segment: usize = point.segment,
        /// The centre line.
        center: Option<f64> = point.center.map(exact),
        /// The lower limit.
        lower: Option<f64> = point.limits.map(|limits| exact(limits.0)),
        /// The upper limit.
        upper: Option<f64> = point.limits.map(|limits| exact(limits.1)),
        /// What marks it as unusual, of both sets.
        signals: Vec<Signal> = point.signals.clone(),
    }

    /// A stretch of a trend with limits of its own.
    SegmentLine of segment: &Segment {
        from: Period = segment.from,
        /// Why it begins.
        reason: Option<String> = segment.reason.clone(),
        /// The last period that its limits are made from.
        frozen_at: Option<Period> = segment.frozen_at,
        /// Points that take part.
        points: usize = segment.points,
        /// Those that its limits are made from.
        baseline_points: usize = segment.baseline_points,
        /// These are too few for limits to rest on.
        trial: bool = segment.is_trial(),
        /// There are too few deviations a period to tell a change from chance.
        too_few_deviations: bool = segment.too_few_deviations,
        /// The standard deviation of the points in binomial standard deviations.
        sigma_z: Option<f64> = segment.sigma_z.map(exact),
        /// The mean moving range after screening.
        mean_moving_range: Option<f64> = segment.mean_moving_range.map(exact),
        /// Points that are not on the centre.
        useful: usize = segment.runs.useful,
        /// The most points in a row on one side.
        longest_run: usize = segment.runs.longest,
        /// The longest run that chance gives.
        longest_run_limit: Option<usize> = segment.runs.longest_by_chance,
        /// How often the series crosses the centre.
        crossings: usize = segment.runs.crossings,
        /// The fewest crossings that chance gives.
        crossings_limit: Option<usize> = segment.runs.fewest_by_chance,
    }

    /// A period that is marked in a trend, without moving its limits.
    NoteLine of note: &Note {
        /// The period.
        at: Period = note.at,
        /// What happened.
        text: String = note.text.clone(),
    }

    /// Marks where deviations are few: unusual months, and cumulative sums for a doubling and a halving of the odds.
    RareLine of marks: &RareMarks {
        /// The first period of the baseline.
        baseline_from: Period = marks.baseline.0,
        /// Its last.
        baseline_to: Period = marks.baseline.1,
        /// Its judged cases.
        cases: u64 = marks.counts.1,
        /// Its deviations.
        deviations: u64 = marks.counts.0,
        /// The share, 0–1, that a doubling is counted from, and that of a halving.
        shares: [f64; 2] = marks.shares.map(exact),
        /// The limits of the two sums.
        limits: [f64; 2] = marks.limits.map(exact),
        /// So many usual months in a row without a deviation reach the limit of a halving.
        quiet_months: u64 = marks.quiet_months,
        /// The periods that take part.
        months: Vec<RareMonthLine> = all(&marks.months),
    }

    /// A period with few deviations.
    RareMonthLine of month: &RareMonth {
        period: Period = month.period,
        /// The fewest deviations that are unusually many.
        unusual: u64 = month.unusual,
        /// The sums for a doubling and a halving; none in the baseline.
        sums: Option<[f64; 2]> = month.sums.map(|sums| sums.map(exact)),
        /// What marks it.
        signals: Vec<Signal> = month.signals(),
    }

    /// Whether the share of the last months differs from that of the time before.
    VerdictLine of verdict: &Verdict {
        /// worse, better, unchanged or unknown.
        answer: &'static str = verdict.answer.id(),
        /// Why it is unknown: too-short, none-now (no judged case in the last months), too-few or hidden.
        unknown_because: Option<&'static str> = match verdict.answer {
            Answer::Unknown(because) => Some(because.id()),
            Answer::Changed(_) | Answer::Unchanged => None,
        },
        /// The months of the window in which it changed.
        months: Option<u32> = match verdict.answer {
            Answer::Changed(window) => Some(window.months),
            Answer::Unchanged | Answer::Unknown(_) => None,
        },
        /// The windows that could be compared, shortest first.
        windows: Vec<Window> = all(&verdict.windows),
        /// How often a doubling would be found.
        power: Option<Power> = verdict.power,
    }

    /// The last months beside the time before them.
    Window of window: &analysis::Window {
        /// How many months it has.
        months: u32 = window.months,
        from: Period = window.first,
        to: Period = window.last,
        /// Judged cases.
        cases: u64 = window.now.1,
        /// Deviations among them.
        deviations: u64 = window.now.0,
        /// Judged cases of the time before.
        cases_before: u64 = window.before.1,
        /// Deviations among them.
        deviations_before: u64 = window.before.0,
        /// How far its share lies from that of the time before, in standard deviations.
        z: f64 = exact(window.z),
        /// How many times wider than chance alone shares varied before it.
        dispersion: f64 = exact(window.dispersion),
        /// It differs beyond what chance explains, taken alone: of units together `answer` decides.
        differs: bool = window.differs(),
    }

    /// Whether the target is met.
    Target of (record, assurance): (TargetRecord, Option<Assurance>) {
        /// The answer; none with too few periods.
        assurance: Option<Assurance> = assurance,
        /// Periods whose share met it.
        met: usize = record.met,
        /// Periods in all.
        periods: usize = record.periods,
        /// Judged cases of the last year.
        present_cases: u64 = record.present.1,
        /// Deviations among them.
        present_deviations: u64 = record.present.0,
        /// Judged cases of a usual period of that year.
        cases_a_period: u64 = record.cases,
        /// The chance, 0–1, that such a period meets the target.
        chance: f64 = exact(record.chance),
    }
}
