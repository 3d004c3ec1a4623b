//! What only the internal edition has of a control: figures of so few cases each that they are never published.

use std::collections::BTreeMap;

use super::{all, share};
use crate::analysis::{
    self, Backlog, Bounds, CaseCounts, ControlFindings, Convention, Forecast, MarginBar, Margins, QUANTILES,
    Step, Survival, TimeToClose, bounds, exact, rounded,
};
use crate::date::Day;
use crate::period::{Period, PeriodKind};
use crate::rulebook::Cohort;
use crate::tally::GroupName;

records! {
    /// What only the internal edition has.
    Detail of (control, detail): (&ControlFindings, &analysis::Detail) {
        /// Cases that belong to periods after the as-of date.
        later: u64 = detail.later,
        /// Cases of a rule in hours that were judged by days for want of times.
        judged_by_day: u64 = detail.judged_by_day,
        /// Cases of a rule in hours that were left out for want of times.
        without_time: u64 = detail.without_time,
        /// Rows that could not be judged.
        rejected_rows: u64 = detail.rejected,
        /// What these could do to the share of the headline's period.
        share_if_rejected: Option<ShareIfRejected> = detail.bounds(control.headline()).map(Into::into),
        /// The cases of whole months by calendar month of the start.
        start_months: Vec<StartMonth> = {
            let has_reference = control.rule.reference.is_some();
            let months = detail.start_months.iter().zip(detail.slack_days).zip(1..);
            months.map(|((counts, slack), month)| (month, *counts, slack, has_reference).into()).collect()
        },
        /// Margins of closed cases by whole period.
        margins: Vec<Histogram> = {
            let unit = control.rule.margin_unit();
            detail.margins.iter().map(|margins| (margins, unit).into()).collect()
        },
        /// How long cases are open (Kaplan and Meier).
        survival: Curves = (&detail.time_to_close, control.rule.margin_unit()).into(),
        /// Open cases at the end of each month that the export tells them of.
        backlog: Vec<Backlog> = detail.backlog.clone(),
        /// What the open cases will come to.
        outlook: Option<Outlook> = detail.outlook.as_ref().map(Into::into),
        /// Cases of a rule in hours without times: in no margin and no curve.
        without_margin: u64 = detail.without_margin,
        /// Cases in all, ended or open.
        case_list: u64 = detail.cases,
        /// For each cohort: in, after and without a period, which add up to the case list.
        cohorts: Vec<CohortSum> = all(&detail.conventions),
        /// The same cases by the three cohorts.
        conventions: Vec<OfCohort> = {
            let periods = detail.conventions.iter().flat_map(|convention| {
                convention.periods.iter().map(|(period, counts)| (convention.cohort, *period, *counts))
            });
            all(periods)
        },
        /// Two columns of groups crossed, in the headline's period.
        cross: Option<Cross> = detail.cross.as_ref().map(Into::into),
    }

    /// The share of the headline's period if every case that was not judged and may belong to it did.
    ShareIfRejected of bounds: Bounds {
        /// If they had been in time.
        in_time: f64 = rounded(bounds.lowest.0 as f64 / bounds.lowest.1 as f64, 6),
        /// If they had been late.
        late: f64 = rounded(bounds.highest.0 as f64 / bounds.highest.1 as f64, 6),
    }

    /// Cases by what both methods say.
    Verdicts of counts: CaseCounts {
        /// In time by both.
        in_time_by_both: u64 = counts.in_time_by_both(),
        /// Late only by the reference method.
        late_only_by_reference: u64 = counts.late_only_by_reference(),
        /// Late only by the lawful method.
        late_only_by_law: u64 = counts.late_only_by_law(),
        /// Late by both.
        late_by_both: u64 = counts.late_by_both,
    }

    /// The cases that started in a calendar month of any year.
    StartMonth of (month, counts, slack, has_reference): (usize, CaseCounts, Option<(i32, i32)>, bool) {
        /// The month, from 1.
        month: usize = month,
        /// Judged cases.
        cases: u64 = counts.cases,
        /// Deviations among them.
        deviations: u64 = counts.deviations,
        /// Deviations by the reference method.
        reference_deviations: u64 = counts.reference_deviations,
        /// The cases by what both methods say.
        groups_of_verdicts: Option<Verdicts> = has_reference.then(|| counts.into()),
        /// Cases that the methods do not agree on.
        changed: Option<u64> = has_reference.then(|| counts.changed()),
        /// The same as a share.
        changed_share: Option<f64> = counts.changed_share().filter(|_| has_reference).map(exact),
        /// Days from the reference due date to the lawful one, fewest and most.
        slack_days: Option<(i32, i32)> = slack,
    }

    /// Margins of the cases that were closed in a period: days or hours from the due date, above zero after it.
    Histogram of (margins, unit): (&Margins, &'static str) {
        period: Period = margins.period,
        /// What margins are counted in: days or hours.
        unit: &'static str = unit,
        /// Cases in all.
        cases: u64 = margins.cases(),
        /// The margin by which so many percent were closed: `p10` to `p90`.
        quantiles: BTreeMap<String, i32> = {
            let names = QUANTILES.map(|percent| format!("p{percent}"));
            names.into_iter().zip(margins.quantiles()).collect()
        },
        /// Margins that have cases, in order.
        bars: Vec<Bar> = all(&margins.bars),
    }

    /// The cases with a margin.
    Bar of (margin, bar): (&i32, &MarginBar) {
        margin: i32 = *margin,
        #[serde(flatten)]
        cases: MarginBar = *bar,
    }

    /// How long cases are open.
    Curves of (curves, unit): (&TimeToClose, &'static str) {
        /// What margins are counted in: days or hours.
        unit: &'static str = unit,
        /// Of the cases that started in the last twelve months, and in the twelve before them.
        curves: Vec<Curve> = all(&curves.years),
        /// By period of the start.
        periods: Vec<CurveOfPeriod> = all(&curves.periods),
    }

    /// How long the cases of some months are open.
    Curve of curve: &Survival {
        from: Period = month(curve.started.0),
        to: Period = month(curve.started.1),
        /// Cases in all.
        cases: u64 = curve.cases,
        /// Those open on the as-of date.
        open: u64 = curve.open,
        /// Every margin at which a case was closed or last seen open.
        steps: Vec<Step> = curve.steps.clone(),
        /// The share still open after the due date.
        open_after_due: Option<f64> = curve.open_after(0).map(exact),
        /// The margin by which half are closed.
        half_closed_at: Option<i32> = curve.reached(0.5),
        /// The margin by which nine of ten are closed.
        ninety_closed_at: Option<i32> = curve.reached(0.1),
    }

    /// How long the cases are open that started in a period.
    CurveOfPeriod of (period, curve): &(Period, Survival) {
        period: Period = *period,
        /// Cases in all.
        cases: u64 = curve.cases,
        /// Those open on the as-of date.
        open: u64 = curve.open,
        /// The share still open after the due date.
        open_after_due: Option<f64> = curve.open_after(0).map(exact),
        /// The margin by which half are closed.
        half_closed_at: Option<i32> = curve.reached(0.5),
        /// The margin by which nine of ten are closed.
        ninety_closed_at: Option<i32> = curve.reached(0.1),
    }

    /// What the open cases will come to.
    Outlook of outlook: &analysis::Outlook {
        /// By horizon, shortest first.
        ahead: Vec<Ahead> = all(&outlook.ahead),
        /// By month of the due date.
        months: Vec<ForecastLine> = outlook.months.iter().map(|month| (month, None).into()).collect(),
        /// Open cases that are late already: in no forecast.
        late_already: u64 = outlook.late_already,
        /// Open cases that fall due later: in no forecast.
        due_later: u64 = outlook.due_later,
        /// Months of the last twelve that stand out too far to make chances from.
        months_left_out: usize = outlook.left_out,
    }

    /// What is expected within some days.
    Ahead of ahead: &analysis::Ahead {
        /// How many days.
        days: i32 = ahead.days,
        /// The forecast.
        #[serde(flatten)]
        forecast: ForecastLine = (&ahead.forecast, None).into(),
        /// The same forecast, made earlier.
        trials: Vec<ForecastLine> =
            ahead.trials.iter().map(|trial| (&trial.forecast, Some(trial.deviations)).into()).collect(),
        /// Trials whose truth lay in the interval.
        inside: usize = ahead.inside(),
    }

    /// A forecast.
    ForecastLine of (forecast, deviations): (&Forecast, Option<u64>) {
        /// The day at whose end it is made.
        made: Day = forecast.made,
        /// The first due date of its cases.
        from: Day = forecast.due.0,
        to: Day = forecast.due.1,
        /// Open cases.
        open: u64 = forecast.open,
        /// The chance of its cases to go past their due date, on the average.
        chance: f64 = exact(forecast.chance()),
        /// Expected deviations.
        expected: f64 = exact(forecast.expected),
        /// The fewest deviations of the 90 % interval.
        low: u64 = forecast.interval.0,
        /// The most.
        high: u64 = forecast.interval.1,
        /// What came of it, when that is known.
        deviations: Option<u64> = deviations,
    }

    /// How the cases of a cohort add up to the case list.
    CohortSum of convention: &Convention {
        cohort: Cohort = convention.cohort,
        /// Cases of the periods.
        in_periods: u64 = convention.cases() - convention.later - convention.none,
        /// Cases of later periods.
        later: u64 = convention.later,
        /// Cases of no period yet.
        no_period: u64 = convention.none,
    }

    /// A period's cases by a cohort.
    OfCohort of (cohort, period, counts): (Cohort, Period, CaseCounts) {
        period: Period = period,
        cohort: Cohort = cohort,
        /// Judged cases.
        cases: u64 = counts.cases,
        /// Deviations among them.
        deviations: u64 = counts.deviations,
        /// The share.
        share: Option<f64> = counts.share().filter(|_| counts.is_mostly_judged()).map(exact),
        /// Open and not yet due.
        undetermined: u64 = counts.undetermined,
        /// The lowest that the share can become.
        lowest: Option<f64> = bounds(counts).map(|bounds| share(bounds.lowest)),
        /// The highest.
        highest: Option<f64> = bounds(counts).map(|bounds| share(bounds.highest)),
    }

    /// Two columns of groups crossed.
    Cross of cross: &analysis::Cross {
        /// The columns, as the export calls them.
        columns: [String; 2] = cross.columns.clone(),
        /// Pairs that have cases.
        cells: Vec<CrossCell> = all(&cross.counts),
    }

    /// A pair of groups.
    CrossCell of (name, counts): (&GroupName, &CaseCounts) {
        /// The group of the first column.
        group: String = name.group.to_string(),
        /// The group of the second.
        subgroup: String = name.subgroup.to_string(),
        /// Judged cases.
        cases: u64 = counts.cases,
        /// Deviations among them.
        deviations: u64 = counts.deviations,
        /// The share.
        share: Option<f64> = counts.share().filter(|_| counts.is_mostly_judged()).map(exact),
    }
}

fn month(number: i32) -> Period {
    PeriodKind::Month.holding_month(number)
}
