//! `results.json`: every figure, for machines. Schema `frist/results/2`.

mod layout;
mod plan;
mod trends;

use std::collections::BTreeMap;

use serde::Serialize;

use super::contents::Assessed;
use super::{Findings, faults_by_code};
use crate::analysis::{
    CaseCounts, ControlFindings, CountsBecause, Detail, Figure, Interval, LedgerLine, PeriodFigures,
    QUANTILES,
};
use crate::date::Day;
use crate::encoding::Encoding;
use crate::findings::{Edition, Published};
use crate::ingest::{Export, Faults, Form, shown};
use crate::period::PeriodKind;
use crate::rulebook::{Clock, Rule};
use trends::{
    BacklogResult, CohortResult, ConventionResult, CrossResult, GroupingResult, MethodChangeResult,
    OutlookResult, SurvivalResult, TrendResult,
};

#[derive(Serialize)]
struct Results<'a> {
    schema: &'static str,
    as_of: Day,
    period: &'static str,
    organisation: Option<&'a str>,
    edition: &'static str,
    /// Smaller numbers are hidden in the published edition.
    #[serde(skip_serializing_if = "Option::is_none")]
    smallest_published: Option<u64>,
    inputs: Vec<Input<'a>>,
    /// Faults tell of single rows, so that only the internal edition counts them.
    #[serde(skip_serializing_if = "Option::is_none")]
    faults: Option<Vec<FaultCount<'a>>>,
    controls: Vec<Control<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    internal_control: Option<plan::PlanResult<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    risks: Option<plan::RegisterResult<'a>>,
}

/// One entry of `inputs`: `rows = counted + open + excluded + rejected`.
#[derive(Serialize)]
pub struct Input<'a> {
    path: &'a str,
    sha256: &'a str,
    control: Option<&'a str>,
    rows: Option<u64>,
    counted: Option<u64>,
    open: Option<u64>,
    excluded: Option<u64>,
    rejected: Option<u64>,
    /// A number is hidden.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    hidden: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    excluded_by_reason: Option<BTreeMap<&'static str, u64>>,
    read_as: ReadAs<'a>,
}

/// How the file was read.
#[derive(Serialize)]
struct ReadAs<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    encoding: Option<Encoding>,
    #[serde(skip_serializing_if = "Option::is_none")]
    separator: Option<char>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sheet: Option<&'a str>,
    header_line: u64,
    columns: BTreeMap<&'static str, String>,
    date_formats: BTreeMap<&'static str, String>,
}

fn read_as(export: &Export) -> ReadAs<'_> {
    let (encoding, sheet) = match &export.form {
        Form::Text { encoding, .. } => (Some(*encoding), None),
        Form::Sheet { name, .. } => (None, Some(name.as_str())),
    };
    let headings = shown(&export.headings);
    ReadAs {
        encoding,
        separator: encoding.map(|_| char::from(export.separator)),
        sheet,
        header_line: export.header_line,
        columns: by_role(export.roles().into_iter().map(|(role, column)| (role, headings[column].clone()))),
        date_formats: by_role(
            export.columns.dates().map(|(role, column)| (role, export.written[column].ids())),
        ),
    }
}

/// What belongs to each role; where several columns have it, joined by a plus sign.
fn by_role(all: impl Iterator<Item = (&'static str, String)>) -> BTreeMap<&'static str, String> {
    let mut roles: BTreeMap<&'static str, String> = BTreeMap::new();
    for (role, text) in all {
        roles.entry(role).and_modify(|known| *known = format!("{known} + {text}")).or_insert(text);
    }
    roles
}

#[derive(Serialize)]
struct FaultCount<'a> {
    path: &'a str,
    code: &'static str,
    effect: &'static str,
    count: u64,
}

#[derive(Serialize)]
struct Control<'a> {
    id: &'a str,
    cohort: &'static str,
    method: String,
    reference_method: Option<String>,
    roll: crate::rulebook::Roll,
    target: Option<f64>,
    severe_at: Option<f64>,
    headline: Headline,
    periods: Vec<Period>,
    trend: Option<TrendResult>,
    method_change: Vec<MethodChangeResult>,
    groupings: Vec<GroupingResult<'a>>,
    #[serde(flatten)]
    detail: Option<Details<'a>>,
}

/// The period that stands for the control.
#[derive(Serialize)]
struct Headline {
    period: String,
    cases: Option<u64>,
    deviations: Option<u64>,
    share: Option<f64>,
    /// Why there are counts and no share: hidden, no-cases, undetermined, not-due, running or few-cases.
    counts_because: Option<&'static str>,
}

fn headline(findings: &ControlFindings) -> Headline {
    let period = findings.headline();
    let because = period.counts_because();
    Headline {
        period: period.period.to_string(),
        cases: period.figure.cases(),
        deviations: period.figure.deviations(),
        share: period.share().filter(|_| because.is_none()).map(|share| rounded(share, 6)),
        counts_because: because.map(CountsBecause::id),
    }
}

/// What only the internal edition has.
#[derive(Serialize)]
struct Details<'a> {
    later: u64,
    judged_by_day: u64,
    without_time: u64,
    rejected_rows: u64,
    share_if_rejected: Option<ShareIfRejected>,
    start_months: Vec<StartMonth>,
    margins: Vec<Margins>,
    survival: SurvivalResult,
    backlog: Vec<BacklogResult>,
    outlook: Option<OutlookResult>,
    /// The first month in which a case ended, when earlier ones are missing.
    edge: Option<String>,
    /// Cases of a rule in hours without times: in no margin and no curve.
    without_margin: u64,
    /// Cases in all, ended or open.
    case_list: u64,
    /// For each cohort: in, after and without a period, which add up to the case list.
    cohorts: Vec<CohortResult>,
    conventions: Vec<ConventionResult>,
    cross: Option<CrossResult<'a>>,
}

/// The share of the headline's period if every case that was not judged and may belong to it did.
#[derive(Serialize)]
struct ShareIfRejected {
    in_time: f64,
    late: f64,
}

#[derive(Serialize)]
pub struct Period {
    period: String,
    from: Day,
    to: Day,
    complete: bool,
    /// The lawful method that judged its cases, or the methods with their days.
    method: Option<String>,
    cases: Option<u64>,
    deviations: Option<u64>,
    share: Option<f64>,
    /// Why there is no share: hidden, no-cases, undetermined (more than 5 % of its cases) or, in the published
    /// edition, not-due.
    no_share_because: Option<&'static str>,
    ci95: Option<[f64; 2]>,
    reference_deviations: Option<u64>,
    /// By the lawful method; `share` may be a reported one.
    lawful_share: Option<f64>,
    reference_share: Option<f64>,
    reference_gap_pp: Option<f64>,
    groups_of_verdicts: Option<Verdicts>,
    rolled_deviations: Option<u64>,
    extended: Option<u64>,
    undetermined: Option<u64>,
    open_overdue: Option<u64>,
    change_pp: Option<f64>,
    change_ci95: Option<[f64; 2]>,
    source: &'static str,
    /// A number is not in it, because it is small or would tell one that is.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    hidden: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    reported_method: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reported_in: Option<String>,
}

#[derive(Serialize)]
struct Verdicts {
    in_time_by_both: u64,
    late_only_by_reference: u64,
    late_only_by_law: u64,
    late_by_both: u64,
}

#[derive(Serialize)]
struct StartMonth {
    month: usize,
    cases: u64,
    deviations: u64,
    reference_deviations: u64,
    groups_of_verdicts: Option<Verdicts>,
    /// Cases that the methods do not agree on.
    changed: Option<u64>,
    /// The same as a share.
    changed_share: Option<f64>,
    /// Days from the reference due date to the lawful one, fewest and most.
    slack_days: Option<(i32, i32)>,
}

#[derive(Serialize)]
struct Margins {
    period: String,
    /// What margins are counted in: days or hours.
    unit: &'static str,
    cases: u64,
    /// The margin by which so many percent were closed: `p10` to `p90`.
    quantiles: BTreeMap<String, i32>,
    bars: Vec<Bar>,
}

#[derive(Serialize)]
struct Bar {
    margin: i32,
    in_time: u64,
    late_only_by_reference: u64,
    late_only_by_law: u64,
    late: u64,
}

/// Renders the findings.
pub fn results_json(findings: &Findings<'_>, assessed: &Assessed<'_>) -> Vec<u8> {
    let (edition, smallest_published) = match findings.edition {
        Edition::Internal(_) => ("internal", None),
        Edition::Published(Published { smallest }) => ("published", Some(smallest)),
    };
    let results = Results {
        schema: "frist/results/2",
        as_of: findings.as_of,
        period: findings.settings.period.id(),
        organisation: findings.settings.organisation.as_deref(),
        edition,
        smallest_published,
        inputs: inputs(findings),
        faults: findings.internal().map(|internal| fault_results(&internal.judged.faults, findings.exports)),
        controls: findings.controls.iter().map(|of_control| control(findings, of_control)).collect(),
        internal_control: assessed.plan.as_ref().map(plan::plan),
        risks: assessed.register.as_ref().map(plan::register),
    };
    layout::to_bytes(&results)
}

fn fault_results<'a>(faults: &Faults, exports: &'a [Export]) -> Vec<FaultCount<'a>> {
    let counts = faults_by_code(faults, exports, |count: &mut u64, _| *count += 1);
    let faults = counts.into_iter().map(|((path, code), count)| FaultCount {
        path,
        code: code.id(),
        effect: code.effect().id(),
        count,
    });
    faults.collect()
}

/// The ledgers, as results and manifest list them.
pub fn inputs<'a>(findings: &'a Findings<'_>) -> Vec<Input<'a>> {
    let reasons = |number: usize| findings.internal().map(|it| it.judged.inputs[number].ledger.reasons());
    let inputs = findings.ledger.iter().enumerate().map(|(number, shown)| {
        let LedgerLine { rows, counted, open, excluded, rejected } = shown.line;
        Input {
            path: &findings.exports[shown.export].name,
            sha256: &findings.digests[shown.export],
            control: shown.control.as_deref(),
            rows,
            counted,
            open,
            excluded,
            rejected,
            hidden: [rows, counted, open, excluded, rejected].contains(&None),
            excluded_by_reason: reasons(number).map(|reasons| reasons.into_iter().collect()),
            read_as: read_as(&findings.exports[shown.export]),
        }
    });
    inputs.collect()
}

fn control<'a>(all: &'a Findings<'_>, findings: &'a ControlFindings) -> Control<'a> {
    let reference = findings.rule.reference;
    Control {
        id: &findings.rule.id,
        cohort: findings.cohort.id(),
        method: findings
            .rule
            .method_id(findings.judged_by)
            .unwrap_or_else(|| findings.rule.newest_method().to_string()),
        reference_method: reference.map(|clock| clock.to_string()),
        roll: findings.rule.roll,
        target: findings.target,
        severe_at: all.settings.of_control(&findings.rule.id).severe_at,
        headline: headline(findings),
        periods: findings.periods.iter().map(|figures| period(figures, &findings.rule)).collect(),
        trend: findings.trend.as_ref().map(trends::trend),
        method_change: trends::method_changes(findings),
        groupings: findings
            .groupings
            .iter()
            .map(|grouping| trends::grouping(grouping, &findings.rule))
            .collect(),
        detail: all.detail(findings).map(|detail| details(findings, detail)),
    }
}

fn details<'a>(findings: &ControlFindings, detail: &'a Detail) -> Details<'a> {
    let unit = findings.rule.margin_unit();
    Details {
        later: detail.later,
        judged_by_day: detail.judged_by_day,
        without_time: detail.without_time,
        rejected_rows: detail.rejected,
        share_if_rejected: detail.bounds(findings.headline()).map(|bounds| ShareIfRejected {
            in_time: rounded(bounds.lowest.0 as f64 / bounds.lowest.1 as f64, 6),
            late: rounded(bounds.highest.0 as f64 / bounds.highest.1 as f64, 6),
        }),
        start_months: start_months(detail, findings.rule.reference.is_some()),
        margins: detail.margins.iter().map(|of_period| margins(of_period, unit)).collect(),
        survival: trends::survival(&detail.time_to_close, unit),
        backlog: trends::backlog(&detail.backlog),
        outlook: detail.outlook.as_ref().map(trends::outlook),
        edge: detail.edge().map(|month| PeriodKind::Month.holding_month(month).to_string()),
        without_margin: detail.without_margin,
        case_list: detail.cases,
        cohorts: trends::cohorts(&detail.conventions),
        conventions: trends::conventions(&detail.conventions),
        cross: detail.cross.as_ref().map(trends::cross),
    }
}

fn start_months(detail: &Detail, has_reference: bool) -> Vec<StartMonth> {
    let months = detail.start_months.iter().enumerate().map(|(index, counts)| StartMonth {
        month: index + 1,
        cases: counts.cases,
        deviations: counts.deviations,
        reference_deviations: counts.reference_deviations,
        groups_of_verdicts: verdicts(*counts, has_reference),
        changed: has_reference.then(|| counts.changed()),
        changed_share: counts.changed_share().filter(|_| has_reference).map(exact),
        slack_days: detail.slack_days[index],
    });
    months.collect()
}

fn margins(margins: &crate::analysis::Margins, unit: &'static str) -> Margins {
    let bars = margins.bars.iter().map(|(margin, bar)| Bar {
        margin: *margin,
        in_time: bar.in_time,
        late_only_by_reference: bar.late_only_by_reference,
        late_only_by_law: bar.late_only_by_law,
        late: bar.late,
    });
    let names = QUANTILES.map(|percent| format!("p{percent}"));
    Margins {
        period: margins.period.to_string(),
        unit,
        cases: margins.cases(),
        quantiles: names.into_iter().zip(margins.quantiles()).collect(),
        bars: bars.collect(),
    }
}

fn verdicts(counts: CaseCounts, has_reference: bool) -> Option<Verdicts> {
    has_reference.then(|| Verdicts {
        in_time_by_both: counts.in_time_by_both(),
        late_only_by_reference: counts.late_only_by_reference(),
        late_only_by_law: counts.late_only_by_law(),
        late_by_both: counts.late_by_both,
    })
}

fn period(figures: &PeriodFigures, rule: &Rule) -> Period {
    let counts = figures.figure.counts();
    let reference: Option<Clock> = rule.reference;
    let by_reference = counts.filter(|_| reference.is_some());
    let hidden = figures.figure.is_hidden();
    Period {
        period: figures.period.to_string(),
        from: figures.period.first_day(),
        to: figures.period.last_day(),
        complete: figures.complete,
        method: rule.method_id(figures.judged_by),
        cases: figures.figure.cases(),
        deviations: figures.figure.deviations(),
        share: figures.share().map(|share| rounded(share, 6)),
        no_share_because: figures.no_share_because().map(CountsBecause::id),
        ci95: figures.interval().map(|interval| pair(interval, 1.0, 6)),
        reference_deviations: reference
            .and_then(|_| figures.figure.reference_ratio())
            .map(|(deviations, _)| deviations),
        lawful_share: figures.lawful_share().map(|share| rounded(share, 6)),
        reference_share: reference
            .and_then(|reference| figures.reference_share(reference))
            .map(|share| rounded(share, 6)),
        reference_gap_pp: reference
            .and_then(|reference| figures.reference_gap(reference))
            .map(|gap| exact(gap * 100.0)),
        groups_of_verdicts: by_reference.and_then(|counts| verdicts(counts, true)),
        rolled_deviations: counts.map(|counts| counts.rolled_deviations),
        extended: counts.map(|counts| counts.extended),
        undetermined: counts.map(|counts| counts.undetermined),
        open_overdue: figures.open_overdue,
        change_pp: figures.change.map(|change| rounded(change.difference * 100.0, 4)),
        change_ci95: figures
            .change
            .and_then(|change| change.interval)
            .map(|interval| pair(interval, 100.0, 4)),
        source: match figures.figure {
            Figure::Computed(_) | Figure::Protected(_) => "computed",
            Figure::Reported(_) => "reported",
        },
        hidden,
        reported_method: figures.earlier_report.as_ref().map(|earlier_report| earlier_report.method.clone()),
        reported_in: figures.earlier_report.as_ref().map(|earlier_report| earlier_report.source.clone()),
    }
}

fn pair(interval: Interval, times: f64, decimals: i32) -> [f64; 2] {
    [rounded(interval.low * times, decimals), rounded(interval.high * times, decimals)]
}

/// A computed value as it is, but for bits that machines could differ in.
pub fn exact(value: f64) -> f64 {
    rounded(value, 12)
}

/// Rounded so that the last bits of a computation do not show.
fn rounded(value: f64, decimals: i32) -> f64 {
    let power = 10f64.powi(decimals);
    // Adding zero turns −0 into 0.
    (value * power).round() / power + 0.0
}
