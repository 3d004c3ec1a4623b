//! The data of each chart as CSV: ids, ISO dates and plain numbers, empty where there is no value.

use super::results::exact;
use super::{harmless, places};
use crate::analysis::{ControlFindings, Detail, Differs, Grouping, QUANTILES, Trend};
use crate::assessment::Register;
use crate::chart::ChartKind;
use crate::period::PeriodKind;

/// Rows under headings.
struct Sheet {
    headings: String,
    rows: Vec<Vec<String>>,
}

impl Sheet {
    fn new(headings: &str) -> Sheet {
        Sheet { headings: headings.to_owned(), rows: Vec::new() }
    }

    fn to_csv(&self) -> Vec<u8> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        let headings: Vec<&str> = self.headings.split(',').collect();
        writer.write_record(headings).expect("writing into memory does not fail");
        for row in &self.rows {
            writer.write_record(row).expect("writing into memory does not fail");
        }
        writer.into_inner().expect("writing into memory does not fail")
    }
}

fn number(value: impl Into<Option<f64>>) -> String {
    value.into().map_or(String::new(), |value| exact(value).to_string())
}

fn count(value: impl Into<Option<u64>>) -> String {
    value.into().map_or(String::new(), |value| value.to_string())
}

fn month(number: i32) -> String {
    PeriodKind::Month.holding_month(number).to_string()
}

/// The data of one chart of a control.
pub fn chart_csv(kind: ChartKind, control: &ControlFindings, detail: Option<&Detail>) -> Vec<u8> {
    // Charts of details are drawn only where there are any.
    let of_detail = |sheet: fn(&Detail) -> Sheet| detail.map_or_else(|| Sheet::new(""), sheet);
    let sheet = match kind {
        ChartKind::Trend | ChartKind::Overview | ChartKind::RiskMatrix => trend_sheet(control),
        ChartKind::Share => share_sheet(control),
        ChartKind::Methods => methods_sheet(control),
        ChartKind::Slack => of_detail(slack_sheet),
        ChartKind::Margins => detail.map_or_else(|| Sheet::new(""), |detail| margins_sheet(control, detail)),
        ChartKind::Spread => of_detail(spread_sheet),
        ChartKind::TimeToClose => of_detail(time_to_close_sheet),
        ChartKind::Backlog => of_detail(backlog_sheet),
        ChartKind::Outlook => of_detail(outlook_sheet),
        ChartKind::Funnel(column) => funnel_sheet(&control.groupings[column]),
    };
    sheet.to_csv()
}

const TREND: &str =
    "period,cases,deviations,undetermined,share,complete,segment,center,lower,upper,target,signals";

fn trend_rows(trend: &Trend) -> impl Iterator<Item = Vec<String>> {
    trend.points.iter().map(|point| {
        let signals: Vec<&str> = point.signals.iter().map(|signal| signal.id()).collect();
        vec![
            point.period.to_string(),
            count(point.figure.cases()),
            count(point.figure.deviations()),
            count(point.figure.counts().map(|counts| counts.undetermined)),
            number(point.share()),
            point.complete.to_string(),
            point.segment.to_string(),
            number(point.center),
            number(point.limits.map(|limits| limits.0)),
            number(point.limits.map(|limits| limits.1)),
            number(trend.target),
            signals.join(" "),
        ]
    })
}

fn trend_sheet(control: &ControlFindings) -> Sheet {
    let mut sheet = Sheet::new(TREND);
    sheet.rows.extend(control.trend.iter().flat_map(trend_rows));
    sheet
}

/// The risks of the list, with the likelihoods and values that are proposed.
pub fn risks_csv(register: &Register<'_>) -> Vec<u8> {
    let mut sheet =
        Sheet::new("risk,likelihood,consequence,value,critical,proposed_likelihood,proposed_value");
    let number = |number: Option<u8>| number.map_or(String::new(), |number| number.to_string());
    for risk in register.risks {
        let proposal = register.proposal(risk);
        sheet.rows.push(vec![
            harmless(&risk.id).into_owned(),
            number(risk.likelihood),
            number(risk.consequence),
            risk.value.to_string(),
            register.is_critical(risk.value).to_string(),
            number(proposal.map(|proposal| proposal.likelihood)),
            number(proposal.map(|proposal| proposal.value)),
        ]);
    }
    sheet.to_csv()
}

/// The trends of all controls, one below the other.
pub fn overview_csv(controls: &[ControlFindings]) -> Vec<u8> {
    let mut sheet = Sheet::new(&format!("control,{TREND}"));
    for control in controls {
        for row in control.trend.iter().flat_map(trend_rows) {
            sheet.rows.push([vec![control.rule.id.clone()], row].concat());
        }
    }
    sheet.to_csv()
}

/// The file with the trends of all groups of a control.
pub fn group_trends_name(control: &str) -> String {
    places::chart_data(&format!("{control}-group-trends"))
}

/// The trends of all groups of a control, one below the other.
pub fn group_trends_csv(control: &ControlFindings) -> Vec<u8> {
    let mut sheet = Sheet::new(&format!("column,group,combined,{TREND}"));
    for grouping in &control.groupings {
        for group in &grouping.groups {
            let of_group = [&grouping.column, &group.name].map(|name| harmless(name).into_owned());
            for row in group.trend.iter().flat_map(trend_rows) {
                sheet.rows.push([of_group.to_vec(), vec![group.combined.to_string()], row].concat());
            }
        }
    }
    sheet.to_csv()
}

fn share_sheet(control: &ControlFindings) -> Sheet {
    let mut sheet = Sheet::new("period,cases,deviations,share,ci_low,ci_high,target,source");
    for figures in &control.periods {
        let (ratio, interval) = (figures.figure.ratio(), figures.interval());
        sheet.rows.push(vec![
            figures.period.to_string(),
            count(ratio.map(|(_, cases)| cases)),
            count(ratio.map(|(deviations, _)| deviations)),
            number(figures.share()),
            number(interval.map(|interval| interval.low)),
            number(interval.map(|interval| interval.high)),
            number(control.target),
            if figures.earlier_report.is_some() { "reported" } else { "computed" }.to_owned(),
        ]);
    }
    sheet
}

fn methods_sheet(control: &ControlFindings) -> Sheet {
    let mut sheet = Sheet::new("period,cases,lawful_share,reference_share,reference_gap_pp,source");
    for figures in &control.periods {
        let reference = control.rule.reference;
        let by_reference = reference.and_then(|reference| figures.reference_share(reference));
        let gap = reference.and_then(|reference| figures.reference_gap(reference));
        sheet.rows.push(vec![
            figures.period.to_string(),
            count(figures.figure.ratio().map(|(_, cases)| cases)),
            number(figures.lawful_share()),
            number(by_reference),
            number(gap.map(|gap| gap * 100.0)),
            if figures.earlier_report.is_some() { "reported" } else { "computed" }.to_owned(),
        ]);
    }
    sheet
}

fn slack_sheet(detail: &Detail) -> Sheet {
    let mut sheet = Sheet::new("start_month,cases,changed,changed_share,slack_days_min,slack_days_max");
    for (index, (counts, slack)) in detail.start_months.iter().zip(detail.slack_days).enumerate() {
        let days = |pick: fn((i32, i32)) -> i32| slack.map_or(String::new(), |slack| pick(slack).to_string());
        sheet.rows.push(vec![
            (index + 1).to_string(),
            counts.cases.to_string(),
            counts.changed().to_string(),
            number(counts.changed_share()),
            days(|slack| slack.0),
            days(|slack| slack.1),
        ]);
    }
    sheet
}

fn margins_sheet(control: &ControlFindings, detail: &Detail) -> Sheet {
    let mut sheet = Sheet::new("period,margin,cases,in_time,late_only_by_reference,late_only_by_law,late");
    for margins in detail.margins_until(control.headline().period).iter().rev().take(2).rev() {
        for (margin, bar) in &margins.bars {
            let cells =
                [bar.cases(), bar.in_time, bar.late_only_by_reference, bar.late_only_by_law, bar.late];
            let place = [margins.period.to_string(), margin.to_string()];
            sheet.rows.push(place.into_iter().chain(cells.map(|cases| cases.to_string())).collect());
        }
    }
    sheet
}

fn spread_sheet(detail: &Detail) -> Sheet {
    let names = QUANTILES.map(|percent| format!("p{percent}")).join(",");
    let mut sheet = Sheet::new(&format!("period,cases,{names}"));
    for margins in &detail.margins {
        let quantiles = margins.quantiles().map(|margin| margin.to_string());
        let place = [margins.period.to_string(), margins.cases().to_string()];
        sheet.rows.push(place.into_iter().chain(quantiles).collect());
    }
    sheet
}

fn time_to_close_sheet(detail: &Detail) -> Sheet {
    let headings = "started_from,started_to,margin,at_risk,closed,censored,open_share,ci_low,ci_high";
    let mut sheet = Sheet::new(headings);
    for curve in &detail.time_to_close.years {
        for step in &curve.steps {
            sheet.rows.push(vec![
                month(curve.started.0),
                month(curve.started.1),
                step.margin.to_string(),
                step.at_risk.to_string(),
                step.closed.to_string(),
                step.censored.to_string(),
                number(step.open_share),
                number(step.interval.low),
                number(step.interval.high),
            ]);
        }
    }
    sheet
}

fn backlog_sheet(detail: &Detail) -> Sheet {
    let mut sheet = Sheet::new("month,open,open_overdue");
    for at in &detail.backlog {
        sheet.rows.push(vec![month(at.month), at.open.to_string(), at.open_overdue.to_string()]);
    }
    sheet
}

fn outlook_sheet(detail: &Detail) -> Sheet {
    let mut sheet = Sheet::new("made,from,to,open,chance,expected,low,high,deviations");
    let Some(outlook) = &detail.outlook else { return sheet };
    let ahead = outlook.farthest();
    let past = ahead.trials.iter().map(|trial| (trial.forecast, Some(trial.deviations)));
    for (forecast, deviations) in past.chain([(ahead.forecast, None)]) {
        sheet.rows.push(vec![
            forecast.made.to_string(),
            forecast.due.0.to_string(),
            forecast.due.1.to_string(),
            forecast.open.to_string(),
            number(forecast.chance()),
            number(forecast.expected),
            forecast.interval.0.to_string(),
            forecast.interval.1.to_string(),
            count(deviations),
        ]);
    }
    sheet
}

fn funnel_sheet(grouping: &Grouping) -> Sheet {
    let headings = "group,combined,from,to,cases,deviations,share,expected,target,lower95,upper95,lower998,upper998,z,differs";
    let mut sheet = Sheet::new(headings);
    let Some(drawn) = grouping.telling_window() else { return sheet };
    let window = &grouping.windows[drawn];
    for group in &grouping.groups {
        let Some(place) = group.places[drawn] else { continue };
        sheet.rows.push(vec![
            harmless(&group.name).into_owned(),
            group.combined.to_string(),
            window.first_day().to_string(),
            window.last_day().to_string(),
            place.cases.to_string(),
            place.deviations.to_string(),
            number(place.deviations as f64 / place.cases as f64),
            number(place.expected),
            number(window.center()),
            number(place.limits95.low),
            number(place.limits95.high),
            number(place.limits998.low),
            number(place.limits998.high),
            number(place.z),
            place.differs.map_or("", Differs::id).to_owned(),
        ]);
    }
    sheet
}
