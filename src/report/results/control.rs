//! Controls: their periods, their headline, their groups.

use super::detail::{Detail, Verdicts};
use super::trend::{Points, Trend};
use super::{Findings, all, pair, share};
use crate::analysis::{
    CaseCounts, ControlFindings, CountsBecause, Differs, Edges, Figure, FunnelPlace, FunnelWindow,
    GroupFindings, Grouping, MethodChange, PeriodFigures, Series, exact, rounded,
};
use crate::date::Day;
use crate::period::Period;
use crate::project::Selection;
use crate::rulebook::{Cohort, Roll, Rule};

records! {
    /// A control's figures.
    Control of (findings, control): (&Findings<'_>, &ControlFindings) {
        /// Its rule.
        id: String = control.rule.id.clone(),
        /// What ties its cases to periods.
        cohort: Cohort = control.cohort,
        /// The lawful method that judged its cases, or the methods with their days.
        method: String = control
            .rule
            .method_id(control.judged_by)
            .unwrap_or_else(|| control.rule.newest_method().to_string()),
        /// The method that it is compared with.
        reference_method: Option<String> = control.rule.reference.map(|clock| clock.to_string()),
        /// Whether last days on days off roll.
        roll: Roll = control.rule.roll,
        /// The share to stay at or below, 0–1.
        target: Option<f64> = control.target,
        /// The share from which deviations are severe, 0–1.
        severe_at: Option<f64> = findings.settings.of_control(&control.rule.id).severe_at,
        /// The period that stands for the control.
        headline: Headline = control.into(),
        /// Every period, without gaps.
        periods: Vec<Figures> = {
            let in_full = findings.detail(control).map(|detail| &detail.whole);
            periods(&control.periods, &control.rule, in_full)
        },
        trend: Option<Trend> =
            control.trend.as_ref().map(|trend| Trend::of(trend, Points::here(trend, findings.detail(control)))),
        /// What a change of method does to the change between periods.
        method_change: Vec<MethodChanged> = all(&control.method_changes),
        /// The groups of each column that cases are grouped by.
        groupings: Vec<Groups> =
            (0..).zip(&control.groupings).map(|(column, grouping)| {
                let in_full = findings.detail(control).map(|detail| &detail.groups[column][..]);
                (grouping, &control.rule, in_full).into()
            }).collect(),
        /// What its exports have the whole of.
        edges: EdgesOfExport = (&control.edges, findings.internal().is_some()).into(),
        /// What only the internal edition has.
        #[serde(flatten)]
        detail: Option<Detail> = findings.detail(control).map(|detail| (control, detail).into()),
    }

    /// How the cases of an export were chosen, and what is whole in it.
    EdgesOfExport of (edges, is_internal): (&Edges, bool) {
        /// How they were chosen; `null` where that cannot be seen.
        cases: Option<Selection> =
            (edges.is_stated || edges.since.is_some() || edges.selection == Selection::Open)
                .then_some(edges.selection),
        /// The project file says so; else it was recognised.
        stated: bool = edges.is_stated,
        /// The day since which they started or were closed; in the internal edition alone.
        since: Option<Day> = edges.since.filter(|_| is_internal),
        /// The last day on which all is known, where an export ends before the as-of date; in the internal edition alone.
        #[serde(skip_serializing_if = "Option::is_none")]
        known_until: Option<Day> = edges.known_until.filter(|_| is_internal),
        /// The first and last day of each time of which an export seems to be missing; in the internal edition alone.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        missing: Vec<(Day, Day)> = edges.missing.iter().filter(|_| is_internal).map(|missing| missing.days).collect(),
        /// The days between which no case is missing, by cohort; in the internal edition alone.
        #[serde(skip_serializing_if = "Option::is_none")]
        whole: Option<Vec<WholeDays>> =
            is_internal.then(|| Cohort::ALL.iter().map(|cohort| (edges, *cohort).into()).collect()),
    }

    /// The days of a cohort between which no case is missing.
    WholeDays of (edges, cohort): (&Edges, Cohort) {
        cohort: Cohort = cohort,
        /// The first; `null` when all do from the first case on.
        from: Option<Day> = edges.first_whole(cohort),
        /// The last; `null` when all do up to the as-of date.
        to: Option<Day> = edges.last_whole(cohort),
    }

    /// The period that stands for the control.
    Headline of control: &ControlFindings {
        period: Period = control.headline().period,
        /// Judged cases.
        cases: Option<u64> = control.headline().figure.cases(),
        /// Deviations among them.
        deviations: Option<u64> = control.headline().figure.deviations(),
        /// The share, 0–1.
        share: Option<f64> = {
            let share = control.headline().share();
            share.filter(|_| control.headline().counts_because().is_none()).map(|share| rounded(share, 6))
        },
        /// Why there are counts and no share.
        counts_because: Option<CountsBecause> = control.headline().counts_because(),
    }

    /// The figures of a period.
    Figures of (figures, rule, counts): (&PeriodFigures, &Rule, Option<CaseCounts>) {
        period: Period = figures.period,
        from: Day = figures.period.first_day(),
        to: Day = figures.period.last_day(),
        /// It has ended by the as-of date.
        complete: bool = figures.complete,
        /// The lawful method that judged its cases, or the methods with their days.
        method: Option<String> = rule.method_id(figures.judged_by),
        /// Judged cases.
        cases: Option<u64> = figures.figure.cases(),
        /// Deviations among them.
        deviations: Option<u64> = figures.figure.deviations(),
        /// The share, 0–1.
        share: Option<f64> = figures.share().map(|share| rounded(share, 6)),
        /// Why there is no share.
        no_share_because: Option<CountsBecause> = figures.no_share_because(),
        /// Wilson's interval of the share, 95 %.
        ci95: Option<[f64; 2]> = figures.interval().map(|interval| pair(interval, 1.0, 6)),
        /// Deviations by the reference method.
        reference_deviations: Option<u64> =
            rule.reference.and_then(|_| figures.figure.reference_ratio()).map(|(deviations, _)| deviations),
        /// The share by the lawful method; `share` may be one of an earlier report.
        lawful_share: Option<f64> = figures.lawful_share().map(|share| rounded(share, 6)),
        /// The share by the reference method.
        reference_share: Option<f64> = {
            let share = rule.reference.and_then(|reference| figures.reference_share(reference));
            share.map(|share| rounded(share, 6))
        },
        /// The share by the reference method less that by the law, in percentage points.
        reference_gap_pp: Option<f64> = {
            let gap = rule.reference.and_then(|reference| figures.reference_gap(reference));
            gap.map(|gap| exact(gap * 100.0))
        },
        /// The cases by what both methods say.
        groups_of_verdicts: Option<Verdicts> =
            counts.filter(|_| rule.reference.is_some()).map(Into::into),
        /// Deviations even when last days on days off roll.
        rolled_deviations: Option<u64> = counts.map(|counts| counts.rolled_deviations),
        /// Past the plain period, within a valid extension.
        extended: Option<u64> = counts.map(|counts| counts.extended),
        /// Open and not yet due.
        undetermined: Option<u64> = counts.map(|counts| counts.undetermined),
        /// Open and past their due date at its end.
        open_overdue: Option<u64> = figures.open_overdue,
        /// The share less that of the period before, in percentage points.
        change_pp: Option<f64> = figures.change.map(|change| rounded(change.difference * 100.0, 4)),
        /// Newcombe's interval of the change, 95 %.
        change_ci95: Option<[f64; 2]> =
            figures.change.and_then(|change| change.interval).map(|interval| pair(interval, 100.0, 4)),
        /// Computed from cases, or reported in an earlier report.
        source: &'static str = match figures.figure {
            Figure::Counted(_) => "computed",
            Figure::Reported(_) => "reported",
        },
        /// A number is not in it, because it is small or one that is could be worked out from it.
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        hidden: bool = figures.figure.is_hidden(),
        /// The method of an earlier report.
        #[serde(skip_serializing_if = "Option::is_none")]
        reported_method: Option<String> =
            figures.earlier_report.as_ref().map(|earlier_report| earlier_report.method.clone()),
        /// The earlier report.
        #[serde(skip_serializing_if = "Option::is_none")]
        reported_in: Option<String> =
            figures.earlier_report.as_ref().map(|earlier_report| earlier_report.source.clone()),
    }

    /// What a change of method does to the change from one period to the next.
    MethodChanged of change: &MethodChange {
        /// The change and its parts, as differences of shares.
        #[serde(flatten)]
        change: MethodChange = change.clone(),
        /// In how many periods the method's part was measured.
        paths: u8 = if change.symmetric { 2 } else { 1 },
    }

    /// The groups of a column.
    Groups of (grouping, rule, in_full): (&Grouping, &Rule, Option<&[Series]>) {
        /// The column, as the export calls it.
        column: String = grouping.column.clone(),
        /// The variance of groups' deviations between months over that of chance, at least 1.
        dispersion: f64 = exact(grouping.dispersion),
        /// The times in which groups are compared.
        windows: Vec<GroupWindow> = {
            let drawn = grouping.telling_window();
            let windows = grouping.windows.iter().enumerate();
            windows.map(|(number, window)| (window, drawn == Some(number)).into()).collect()
        },
        groups: Vec<Group> = {
            let groups = grouping.groups.iter().enumerate();
            groups.map(|(place, group)| (group, grouping, rule, in_full.map(|all| &all[place])).into()).collect()
        },
    }

    /// A time in which groups are compared.
    GroupWindow of (window, drawn): (&FunnelWindow, bool) {
        from: Day = window.first_day(),
        to: Day = window.last_day(),
        /// Judged cases of all groups.
        cases: u64 = window.target.1,
        /// Deviations among them.
        deviations: u64 = window.target.0,
        /// Their share.
        target: f64 = exact(window.center()),
        /// The window that the chart shows.
        drawn: bool = drawn,
    }

    /// A group.
    Group of (group, grouping, rule, in_full): (&GroupFindings, &Grouping, &Rule, Option<&Series>) {
        /// Its name; empty for cases without one and for groups taken together.
        name: String = group.name.clone(),
        /// How many small groups were taken together; 0 for one of its own.
        combined: usize = group.combined,
        /// The same periods as the control's.
        periods: Vec<Figures> = periods(&group.periods, rule, in_full),
        /// Its trend, whose points are in a file of all groups.
        trend: Option<Trend> =
            group.trend.as_ref().map(|trend| Trend::of(trend, Points::of_groups(rule))),
        /// By window, those left out that it has no judged case in.
        funnel: Vec<Place> = {
            let places = grouping.windows.iter().zip(&group.places);
            places.filter_map(|(window, place)| Some((window, (*place)?).into())).collect()
        },
    }

    /// Where a group lies in the funnel of a window.
    Place of (window, place): (&FunnelWindow, FunnelPlace) {
        from: Day = window.first_day(),
        to: Day = window.last_day(),
        /// Judged cases.
        cases: u64 = place.cases,
        /// Deviations among them.
        deviations: u64 = place.deviations,
        /// The share.
        share: f64 = share((place.deviations, place.cases)),
        /// Deviations if the share were that of all groups.
        expected: f64 = exact(place.expected),
        /// The lower limit for so many cases, 95 %.
        lower95: f64 = exact(place.limits95.low),
        /// The upper limit, 95 %.
        upper95: f64 = exact(place.limits95.high),
        /// The lower limit, 99.8 %.
        lower998: f64 = exact(place.limits998.low),
        /// The upper limit, 99.8 %.
        upper998: f64 = exact(place.limits998.high),
        /// How far the share lies from that of the rest, in standard deviations.
        z: f64 = exact(place.z),
        /// Whether and how it differs from that of the rest.
        differs: Option<Differs> = place.differs,
    }
}

fn periods(figures: &[PeriodFigures], rule: &Rule, in_full: Option<&Series>) -> Vec<Figures> {
    let counts = |figures| in_full.and_then(|series| series.of_period(figures));
    figures.iter().map(|figures| (figures, rule, counts(figures)).into()).collect()
}
