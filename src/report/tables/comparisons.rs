//! Tables that hold one thing against another: methods, cohorts, times to close, groups by two columns.

use super::{Table, name_of};
use crate::analysis::{
    CaseCounts, ControlFindings, Convention, Detail, Forecast, Interval, Signal, Survival, Trend, TrendPoint,
    bounds,
};
use crate::period::{Period, PeriodKind};
use crate::rulebook::Cohort;
use crate::text::{Texts, sentence_case};

/// How much of the change between periods comes from the method, or nothing where there is none.
pub fn method_changes(control: &ControlFindings, texts: &Texts) -> Option<Table> {
    let reference = texts.clock(control.rule.reference?);
    let caption = format!("{}: {}", name_of(&control.rule, texts), texts.get("report.method-changes"));
    let keys = ["period", "before-by-reference", "now-by-law", "whole-change", "by-cases", "by-method"];
    let mut table = Table::new(format!("{}-method-changes", control.rule.id), caption, texts, &keys, 1);
    table.headings[1] = texts.fill("table.before-by-reference", &[("reference", &reference)]);
    table.headings[2] =
        texts.fill("table.now-by-law", &[("method", &texts.methods(&control.rule, control.judged_by))]);
    let points = |difference: f64| texts.fill("table.pp-short", &[("value", &texts.points(difference))]);
    for change in &control.method_changes {
        table.rows.push(vec![
            texts.period(change.period),
            format!("{} ({})", texts.share(change.from_share), texts.period(change.before)),
            texts.share(change.to_share),
            points(change.to_share - change.from_share),
            points(change.by_cases),
            points(change.by_method),
        ]);
    }
    (!table.rows.is_empty()).then_some(table)
}

/// Margins of closed cases by period, or nothing when none was closed.
pub fn margins(control: &ControlFindings, detail: &Detail, texts: &Texts) -> Option<Table> {
    let unit = control.rule.margin_unit();
    let caption =
        format!("{}: {}", name_of(&control.rule, texts), texts.get(&format!("report.margins-{unit}")));
    let keys = ["closed-in", "cases", "p10", "p25", "p50", "p75", "p90"];
    let mut table = Table::new(format!("{}-margins", control.rule.id), caption, texts, &keys, 1);
    for margins in &detail.margins {
        let mut row = vec![texts.period(margins.period), texts.count(margins.cases())];
        row.extend(margins.quantiles().map(|margin| texts.signed(margin)));
        table.rows.push(row);
    }
    (!table.rows.is_empty()).then_some(table)
}

/// Time to close by period of the start, or nothing without a case.
pub fn time_to_close(control: &ControlFindings, detail: &Detail, texts: &Texts) -> Option<Table> {
    let unit = control.rule.margin_unit();
    let caption =
        format!("{}: {}", name_of(&control.rule, texts), texts.get(&format!("report.close-{unit}")));
    let keys = ["started-in", "cases", "open", "open-after-due", "half-closed", "most-closed"];
    let mut table = Table::new(format!("{}-time-to-close", control.rule.id), caption, texts, &keys, 1);
    let none = || texts.get("table.none").to_owned();
    let whole = |period: &Period| !detail.is_before_edge(period.first_day().month());
    for (period, curve) in detail.time_to_close.periods.iter().filter(|(period, _)| whole(period)) {
        let reached = |share: f64, curve: &Survival| {
            curve.reached(share).map_or_else(none, |margin| texts.signed(margin))
        };
        table.rows.push(vec![
            texts.period(*period),
            texts.count(curve.cases),
            texts.count(curve.open),
            curve.open_after(0).map_or_else(none, |share| texts.share(share)),
            reached(0.5, curve),
            reached(0.1, curve),
        ]);
    }
    (!table.rows.is_empty()).then_some(table)
}

/// Every point of a trend with its limits and signals.
pub fn trend(control: &ControlFindings, trend: &Trend, texts: &Texts) -> Table {
    let caption = format!("{}: {}", name_of(&control.rule, texts), texts.get("report.trend"));
    let keys = ["period", "cases", "deviations", "share", "mean", "limits", "signals"];
    let mut table = Table::new(format!("{}-points", control.rule.id), caption, texts, &keys, 1);
    let none = || texts.get("table.none").to_owned();
    let shown = |number: Option<String>| number.unwrap_or_else(|| texts.get("table.hidden").to_owned());
    for point in &trend.points {
        let limits =
            point.limits.map(|(lower, upper)| Interval { low: lower.max(0.0), high: upper.min(1.0) });
        let signals = signal_names(trend, point, texts);
        table.rows.push(vec![
            texts.period_so_far(point.period, point.has_ended),
            shown(point.figure.cases().map(|cases| texts.count(cases))),
            shown(point.figure.deviations().map(|deviations| texts.count(deviations))),
            texts.point_share(point),
            point.center.map_or_else(none, |center| texts.share(center)),
            texts.interval(limits),
            if signals.is_empty() { none() } else { signals.join(", ") },
        ]);
    }
    table
}

/// The signals at a point, of the set in use and where they are to be shown.
pub fn signal_names<'t>(trend: &Trend, point: &TrendPoint, texts: &'t Texts) -> Vec<&'t str> {
    let shown = |signal: &&Signal| signal.is_of(trend.settings.signals) && trend.is_signal(point);
    point.signals.iter().filter(shown).map(|signal| texts.get(&format!("signal.{}", signal.id()))).collect()
}

/// Open cases at the end of each month that the export knows the whole of.
pub fn backlog(control: &ControlFindings, detail: &Detail, texts: &Texts) -> Option<Table> {
    let caption = format!("{}: {}", name_of(&control.rule, texts), texts.get("report.backlog"));
    let keys = ["month", "open", "open_overdue"];
    let mut table = Table::new(format!("{}-backlog", control.rule.id), caption, texts, &keys, 1);
    for at in detail.backlog.iter().filter(|at| !detail.is_before_edge(at.month)) {
        let month = texts.period(PeriodKind::Month.holding_month(at.month));
        table.rows.push(vec![month, texts.count(at.open), texts.count(at.open_overdue)]);
    }
    (!table.rows.is_empty()).then_some(table)
}

/// What the open cases will come to within some days and by month, or nothing where that cannot be told.
pub fn outlook(control: &ControlFindings, detail: &Detail, texts: &Texts) -> Option<Table> {
    let outlook = detail.outlook.as_ref()?;
    let caption = format!("{}: {}", name_of(&control.rule, texts), texts.get("report.outlook"));
    let keys = ["due-in", "open", "chance", "expected", "interval90", "held"];
    let mut table = Table::new(format!("{}-outlook", control.rule.id), caption, texts, &keys, 1);
    let row = |name: String, forecast: &Forecast, held: String| {
        vec![
            name,
            texts.count(forecast.open),
            texts.share(forecast.chance()),
            texts.rounded(forecast.expected),
            texts.count_interval(forecast.interval),
            held,
        ]
    };
    for ahead in &outlook.ahead {
        let name = texts.fill("table.within-days", &[("n", &texts.count(ahead.days as u64))]);
        let held = match ahead.trials.len() {
            0 => texts.get("table.none").to_owned(),
            all => {
                let (inside, all) = (texts.count(ahead.inside() as u64), texts.count(all as u64));
                texts.fill("table.held-of", &[("inside", &inside), ("trials", &all)])
            }
        };
        table.rows.push(row(name, &ahead.forecast, held));
    }
    for month in &outlook.months {
        let name = texts.days(month.due);
        table.rows.push(row(name, month, texts.get("table.none").to_owned()));
    }
    Some(table)
}

/// The same cases by the three cohorts, in one period or in all.
pub fn conventions(
    control: &ControlFindings,
    detail: &Detail,
    only: Option<Period>,
    texts: &Texts,
) -> Option<Table> {
    let caption = format!("{}: {}", name_of(&control.rule, texts), texts.get("report.conventions-table"));
    let keys = ["period", "cohort", "cases", "deviations", "share", "undetermined", "lowest", "highest"];
    let mut table = Table::new(format!("{}-conventions", control.rule.id), caption, texts, &keys, 2);
    let all = detail.conventions.first().map_or(0, |convention| convention.periods.len());
    let running = control.periods.last().filter(|last| !last.complete).map(|last| last.period);
    for index in 0..all {
        for convention in &detail.conventions {
            let (period, counts) = &convention.periods[index];
            if only.is_some_and(|only| only != *period) {
                continue;
            }
            let name = texts.period_so_far(*period, running != Some(*period));
            let is_whole =
                convention.cohort == Cohort::Closed || !detail.is_before_edge(period.first_day().month());
            table.rows.push(convention_row(name, convention, *counts, is_whole, texts));
        }
    }
    Some(table)
}

/// One cohort's counts of a period; shares only when the whole of its cases is in the export and most of them
/// can be judged.
fn convention_row(
    period: String,
    convention: &Convention,
    counts: CaseCounts,
    is_whole: bool,
    texts: &Texts,
) -> Vec<String> {
    let bounds = bounds(counts).filter(|_| is_whole);
    let ratio = |ratio: Option<(u64, u64)>| {
        ratio.map_or(texts.get("table.none").to_owned(), |(deviations, cases)| texts.ratio(deviations, cases))
    };
    vec![
        period,
        sentence_case(texts.get(&format!("cohort.{}", convention.cohort.id()))),
        texts.count(counts.cases),
        texts.count(counts.deviations),
        ratio((is_whole && counts.is_mostly_judged()).then_some((counts.deviations, counts.cases))),
        texts.count(counts.undetermined),
        ratio(bounds.map(|bounds| bounds.lowest)),
        ratio(bounds.map(|bounds| bounds.highest)),
    ]
}

/// How each cohort's cases add up to the case list.
pub fn case_list(control: &ControlFindings, detail: &Detail, texts: &Texts) -> Option<Table> {
    let caption = format!("{}: {}", name_of(&control.rule, texts), texts.get("report.case-list"));
    let keys = ["cohort", "in-periods", "later-periods", "no-period", "all-cases"];
    let mut table = Table::new(format!("{}-case-list", control.rule.id), caption, texts, &keys, 1);
    for convention in &detail.conventions {
        let placed = convention.cases() - convention.later - convention.none;
        table.rows.push(vec![
            sentence_case(texts.get(&format!("cohort.{}", convention.cohort.id()))),
            texts.count(placed),
            texts.count(convention.later),
            texts.count(convention.none),
            texts.count(convention.cases()),
        ]);
    }
    Some(table)
}

/// Groups by two columns in the headline's period, or nothing when cases are not grouped by two.
pub fn cross(control: &ControlFindings, detail: &Detail, texts: &Texts) -> Option<Table> {
    let cross = detail.cross.as_ref()?;
    let [group, subgroup] = &cross.columns;
    let headline = control.headline();
    let period = texts.period_so_far(headline.period, headline.complete);
    let both = texts.fill("report.cross", &[("group", group), ("subgroup", subgroup), ("period", &period)]);
    let caption = format!("{}: {both}", name_of(&control.rule, texts));
    let mut table = Table::new(format!("{}-cross", control.rule.id), caption, texts, &["group"], 1);
    let named = |name: &String| {
        if name.is_empty() { texts.get("report.no-group").to_owned() } else { name.clone() }
    };
    table.headings[0].clone_from(group);
    table.headings.extend(cross.subgroups.iter().map(named));
    for group in &cross.groups {
        let mut row = vec![named(group)];
        for subgroup in &cross.subgroups {
            let counts = cross.of(group, subgroup);
            let (deviations, cases) = (texts.count(counts.deviations), texts.count(counts.cases));
            row.push(match counts.cases {
                0 => texts.get("table.none").to_owned(),
                _ => format!("{} ({deviations}/{cases})", texts.ratio(counts.deviations, counts.cases)),
            });
        }
        table.rows.push(row);
    }
    (!table.rows.is_empty()).then_some(table)
}
