//! The data of each chart as CSV: ids, ISO dates and plain numbers, empty where there is no value.

use super::{Findings, places};
use crate::analysis::{
    ControlFindings, Detail, Differs, Grouping, PeriodFigures, QUANTILES, Series, Signal, Trend, rounded,
};
use crate::assessment::Register;
use crate::chart::ChartKind;
use crate::period::{Period, PeriodKind};
use crate::project::CsvStyle;
use crate::table::{Cell, Table, csv};

fn to_csv(table: Table) -> Vec<u8> {
    csv(&[table], CsvStyle::Standard)
}

fn number(value: impl Into<Option<f64>>) -> Cell {
    Cell::or_unknown(value.into(), Cell::Number)
}

fn count(value: impl Into<Option<u64>>) -> Cell {
    Cell::or_unknown(value.into(), Cell::Count)
}

fn period(period: Period) -> Cell {
    Cell::Period(period, true)
}

fn month(number: i32) -> Cell {
    period(PeriodKind::Month.holding_month(number))
}

/// The data of one chart of a control.
pub fn chart_csv(kind: ChartKind, control: &ControlFindings, detail: Option<&Detail>) -> Vec<u8> {
    // Charts of details are drawn only where there are any.
    let of_detail = |sheet: fn(&Detail) -> Table| detail.map_or_else(|| Table::of_keys(""), sheet);
    let sheet = match kind {
        ChartKind::Trend | ChartKind::Overview | ChartKind::RiskMatrix => trend_sheet(control, detail),
        ChartKind::Share => share_sheet(control),
        ChartKind::Methods => methods_sheet(control),
        ChartKind::Slack => of_detail(slack_sheet),
        ChartKind::Margins => {
            detail.map_or_else(|| Table::of_keys(""), |detail| margins_sheet(control, detail))
        }
        ChartKind::Spread => of_detail(spread_sheet),
        ChartKind::TimeToClose => of_detail(time_to_close_sheet),
        ChartKind::Backlog => of_detail(backlog_sheet),
        ChartKind::Outlook => of_detail(outlook_sheet),
        ChartKind::Funnel(column) => funnel_sheet(&control.groupings[column]),
    };
    to_csv(sheet)
}

const TREND: &str = "period,cases,deviations,undetermined,share,complete,segment,center,lower,upper,target,signals,unusual,doubling,halving,marks";

fn trend_rows<'t>(trend: &'t Trend, in_full: Option<&'t Series>) -> impl Iterator<Item = Vec<Cell>> {
    trend.points.iter().map(move |point| {
        let rare = trend.rare_month(point);
        let ids = |signals: &[Signal]| signals.iter().map(|it| it.id()).collect::<Vec<&str>>().join(" ");
        let sum = |chart: usize| rare?.sums.map(|sums| sums[chart]);
        vec![
            period(point.period),
            count(point.figure.cases()),
            count(point.figure.deviations()),
            count(in_full.map(|series| series.undetermined_of(point))),
            number(point.share()),
            Cell::Flag(point.complete),
            Cell::Count(point.segment as u64),
            number(point.center),
            number(point.limits.map(|limits| limits.0)),
            number(point.limits.map(|limits| limits.1)),
            number(trend.target),
            Cell::Text(ids(&point.signals)),
            count(rare.map(|month| month.unusual)),
            number(sum(0)),
            number(sum(1)),
            Cell::Text(rare.map_or(String::new(), |month| ids(&month.signals()))),
        ]
    })
}

/// The points of a control's trend.
fn of_control<'f>(
    control: &'f ControlFindings,
    detail: Option<&'f Detail>,
) -> impl Iterator<Item = Vec<Cell>> {
    let in_full = detail.map(|detail| &detail.whole);
    control.trend.iter().flat_map(move |trend| trend_rows(trend, in_full))
}

fn trend_sheet(control: &ControlFindings, detail: Option<&Detail>) -> Table {
    let mut sheet = Table::of_keys(TREND);
    of_control(control, detail).for_each(|row| sheet.push(row));
    sheet
}

/// The risks of the list, with the likelihoods and values that are proposed.
pub fn risks_csv(register: &Register<'_>) -> Vec<u8> {
    let mut sheet =
        Table::of_keys("risk,likelihood,consequence,value,critical,proposed_likelihood,proposed_value");
    let number = |number: Option<u8>| count(number.map(u64::from));
    for risk in register.risks {
        let proposal = register.proposal(risk);
        sheet.push(vec![
            Cell::text(&risk.id),
            number(risk.likelihood),
            number(risk.consequence),
            Cell::Count(risk.value.into()),
            Cell::Flag(register.is_critical(risk.value)),
            number(proposal.map(|proposal| proposal.likelihood)),
            number(proposal.map(|proposal| proposal.value)),
        ]);
    }
    to_csv(sheet)
}

/// The trends of all controls, one below the other.
pub fn overview_csv(findings: &Findings<'_>) -> Vec<u8> {
    let mut sheet = Table::of_keys(&format!("control,{TREND}"));
    for control in &findings.controls {
        for row in of_control(control, findings.detail(control)) {
            sheet.push([vec![Cell::text(&control.rule.id)], row].concat());
        }
    }
    to_csv(sheet)
}

/// The file with the trends of all groups of a control.
pub fn group_trends_name(control: &str) -> String {
    places::chart_data(&format!("{control}-group-trends"))
}

/// The trends of all groups of a control, one below the other.
pub fn group_trends_csv(control: &ControlFindings, detail: Option<&Detail>) -> Vec<u8> {
    let mut sheet = Table::of_keys(&format!("column,group,combined,{TREND}"));
    for (column, grouping) in control.groupings.iter().enumerate() {
        for (number, group) in grouping.groups.iter().enumerate() {
            let in_full = detail.map(|detail| &detail.groups[column][number]);
            let of_group =
                [Cell::text(&grouping.column), Cell::text(&group.name), Cell::Count(group.combined as u64)];
            for row in group.trend.iter().flat_map(|trend| trend_rows(trend, in_full)) {
                sheet.push([&of_group[..], &row].concat());
            }
        }
    }
    to_csv(sheet)
}

fn share_sheet(control: &ControlFindings) -> Table {
    let mut sheet = Table::of_keys("period,cases,deviations,share,ci_low,ci_high,target,source");
    for figures in &control.periods {
        let (ratio, interval) = (figures.figure.ratio(), figures.interval());
        sheet.push(vec![
            period(figures.period),
            count(ratio.map(|(_, cases)| cases)),
            count(ratio.map(|(deviations, _)| deviations)),
            number(figures.share()),
            number(interval.map(|interval| interval.low)),
            number(interval.map(|interval| interval.high)),
            number(control.target),
            source(figures),
        ]);
    }
    sheet
}

/// Every period of every control, as `frist run --format csv` prints them.
pub fn all_periods(findings: &Findings<'_>) -> Table {
    let headings = "control,cohort,method,period,from,to,complete,cases,deviations,share,ci_low,ci_high,\
                    reference_method,reference_deviations,rolled_deviations,extended,open_overdue,source";
    let mut sheet = Table::of_keys(headings);
    let share = |share: Option<f64>| number(share.map(|share| rounded(share, 6)));
    for control in &findings.controls {
        let (rule, detail) = (&control.rule, findings.detail(control));
        for figures in &control.periods {
            let (ratio, interval) = (figures.figure.ratio(), figures.interval());
            let counts = detail.and_then(|detail| detail.whole.of_period(figures));
            let by_reference = counts.filter(|_| rule.reference.is_some());
            sheet.push(vec![
                Cell::text(&rule.id),
                Cell::text(control.cohort.id()),
                Cell::or_unknown(rule.method_id(figures.judged_by), Cell::Text),
                period(figures.period),
                Cell::Day(figures.period.first_day()),
                Cell::Day(figures.period.last_day()),
                Cell::Flag(figures.complete),
                count(ratio.map(|(_, cases)| cases)),
                count(ratio.map(|(deviations, _)| deviations)),
                share(figures.share()),
                share(interval.map(|interval| interval.low)),
                share(interval.map(|interval| interval.high)),
                Cell::or_unknown(rule.reference, Cell::Clock),
                count(by_reference.map(|counts| counts.reference_deviations)),
                count(counts.map(|counts| counts.rolled_deviations)),
                count(counts.map(|counts| counts.extended)),
                count(figures.open_overdue),
                source(figures),
            ]);
        }
    }
    sheet
}

fn source(figures: &PeriodFigures) -> Cell {
    Cell::text(if figures.earlier_report.is_some() { "reported" } else { "computed" })
}

fn methods_sheet(control: &ControlFindings) -> Table {
    let mut sheet = Table::of_keys("period,cases,lawful_share,reference_share,reference_gap_pp,source");
    for figures in &control.periods {
        let reference = control.rule.reference;
        let by_reference = reference.and_then(|reference| figures.reference_share(reference));
        let gap = reference.and_then(|reference| figures.reference_gap(reference));
        sheet.push(vec![
            period(figures.period),
            count(figures.figure.ratio().map(|(_, cases)| cases)),
            number(figures.lawful_share()),
            number(by_reference),
            number(gap.map(|gap| gap * 100.0)),
            source(figures),
        ]);
    }
    sheet
}

fn slack_sheet(detail: &Detail) -> Table {
    let mut sheet = Table::of_keys("start_month,cases,changed,changed_share,slack_days_min,slack_days_max");
    for (index, (counts, slack)) in detail.start_months.iter().zip(detail.slack_days).enumerate() {
        let days = |pick: fn((i32, i32)) -> i32| Cell::or_unknown(slack.map(pick), Cell::Whole);
        sheet.push(vec![
            Cell::Month(index as u32 + 1),
            count(counts.cases),
            count(counts.changed()),
            number(counts.changed_share()),
            days(|slack| slack.0),
            days(|slack| slack.1),
        ]);
    }
    sheet
}

fn margins_sheet(control: &ControlFindings, detail: &Detail) -> Table {
    let mut sheet =
        Table::of_keys("period,margin,cases,in_time,late_only_by_reference,late_only_by_law,late");
    for margins in detail.margins_until(control.headline().period).iter().rev().take(2).rev() {
        for (margin, bar) in &margins.bars {
            let cells =
                [bar.cases(), bar.in_time, bar.late_only_by_reference, bar.late_only_by_law, bar.late];
            let place = [period(margins.period), Cell::Margin(*margin)];
            sheet.push(place.into_iter().chain(cells.map(Cell::Count)).collect());
        }
    }
    sheet
}

fn spread_sheet(detail: &Detail) -> Table {
    let names = QUANTILES.map(|percent| format!("p{percent}")).join(",");
    let mut sheet = Table::of_keys(&format!("period,cases,{names}"));
    for margins in &detail.margins {
        let place = [period(margins.period), count(margins.cases())];
        sheet.push(place.into_iter().chain(margins.quantiles().map(Cell::Margin)).collect());
    }
    sheet
}

fn time_to_close_sheet(detail: &Detail) -> Table {
    let headings = "started_from,started_to,margin,at_risk,closed,censored,open_share,ci_low,ci_high";
    let mut sheet = Table::of_keys(headings);
    for curve in &detail.time_to_close.years {
        for step in &curve.steps {
            sheet.push(vec![
                month(curve.started.0),
                month(curve.started.1),
                Cell::Margin(step.margin),
                count(step.at_risk),
                count(step.closed),
                count(step.censored),
                number(step.open_share),
                number(step.interval.low),
                number(step.interval.high),
            ]);
        }
    }
    sheet
}

fn backlog_sheet(detail: &Detail) -> Table {
    let mut sheet = Table::of_keys("month,open,open_overdue");
    for at in &detail.backlog {
        sheet.push(vec![month(at.month), count(at.open), count(at.open_overdue)]);
    }
    sheet
}

fn outlook_sheet(detail: &Detail) -> Table {
    let mut sheet = Table::of_keys("made,from,to,open,chance,expected,low,high,deviations");
    let Some(outlook) = &detail.outlook else { return sheet };
    let ahead = outlook.farthest();
    let past = ahead.trials.iter().map(|trial| (trial.forecast, Some(trial.deviations)));
    for (forecast, deviations) in past.chain([(ahead.forecast, None)]) {
        sheet.push(vec![
            Cell::Day(forecast.made),
            Cell::Day(forecast.due.0),
            Cell::Day(forecast.due.1),
            count(forecast.open),
            number(forecast.chance()),
            number(forecast.expected),
            count(forecast.interval.0),
            count(forecast.interval.1),
            count(deviations),
        ]);
    }
    sheet
}

fn funnel_sheet(grouping: &Grouping) -> Table {
    let headings = "group,combined,from,to,cases,deviations,share,expected,target,lower95,upper95,lower998,upper998,z,differs";
    let mut sheet = Table::of_keys(headings);
    let Some(drawn) = grouping.telling_window() else { return sheet };
    let window = &grouping.windows[drawn];
    for group in &grouping.groups {
        let Some(place) = group.places[drawn] else { continue };
        sheet.push(vec![
            Cell::text(&group.name),
            Cell::Count(group.combined as u64),
            Cell::Day(window.first_day()),
            Cell::Day(window.last_day()),
            count(place.cases),
            count(place.deviations),
            number(place.deviations as f64 / place.cases as f64),
            number(place.expected),
            number(window.center()),
            number(place.limits95.low),
            number(place.limits95.high),
            number(place.limits998.low),
            number(place.limits998.high),
            number(place.z),
            Cell::or_unknown(place.differs.map(Differs::id), Cell::text),
        ]);
    }
    sheet
}
