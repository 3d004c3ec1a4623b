//! `report.html`: one self-contained page that needs no script.
//!
//! Sentences and tables are made here, their places on the page by `templates/report.html.jinja`.

use serde::Serialize;

use super::page::{PageFigure, render};
use super::tables::{self, Table};
use super::units::Units;
use super::{Charts, Findings};
use crate::analysis::{Change, ControlFindings, Figure, PeriodFigures, Trend, Variation};
use crate::chart::{Chart, ChartKind};
use crate::date::first_day_of_month;
use crate::judge::Extensions;
use crate::text::{Texts, trend_sentences};

#[derive(Serialize)]
struct Page<'a> {
    language: &'static str,
    title: String,
    organisation: Option<&'a str>,
    subtitle: String,
    summary: Vec<Finding>,
    summary_table: Table,
    overview: Vec<PageFigure>,
    controls: Vec<Section>,
    ledger: Table,
    faults: Option<Table>,
    bounds: Option<Table>,
    made_by: String,
}

/// A control's sentence in the summary.
#[derive(Serialize)]
struct Finding {
    id: String,
    name: String,
    sentence: String,
}

#[derive(Serialize)]
struct Section {
    id: String,
    name: String,
    sentences: Vec<String>,
    trend: Vec<PageFigure>,
    /// The points of the trend, folded away.
    points: Option<Table>,
    parts: Vec<Part>,
    definition: Vec<(String, String)>,
}

/// Charts and tables of one question.
#[derive(Serialize)]
struct Part {
    id: String,
    heading: String,
    lead: Option<String>,
    figures: Vec<PageFigure>,
    tables: Vec<Table>,
    /// A long table, folded away.
    folded: Option<Table>,
}

/// Renders the page.
pub fn report_html(findings: &Findings<'_>, charts: &Charts, units: &Units, texts: &Texts) -> Vec<u8> {
    let kind = texts.get(&format!("period.kind-{}", findings.kind.id()));
    let controls = findings.controls.iter().zip(&charts.controls);
    let overview = charts.overview.iter().map(|chart| PageFigure::of(chart, None, Vec::new()));
    let page = Page {
        language: texts.language().tag(),
        title: texts.get("report.title").to_owned(),
        organisation: findings.organisation,
        subtitle: texts
            .fill("report.subtitle", &[("as_of", &texts.long_date(findings.as_of)), ("kind", kind)]),
        summary: findings.controls.iter().map(|control| finding(control, texts)).collect(),
        summary_table: tables::summary(findings, texts),
        overview: overview.collect(),
        controls: controls
            .map(|(control, charts)| section(findings, control, charts, units, texts))
            .collect(),
        ledger: tables::ledger(findings, texts),
        faults: tables::faults(findings, texts),
        bounds: tables::bounds(findings, texts),
        made_by: made_by(findings, texts),
    };
    render("report.html", &page, texts.language())
}

/// The program and its rulebook.
pub fn made_by(findings: &Findings<'_>, texts: &Texts) -> String {
    let values = [("version", env!("CARGO_PKG_VERSION")), ("rulebook", findings.rulebook_version)];
    texts.fill("report.made-by", &values)
}

fn finding(control: &ControlFindings, texts: &Texts) -> Finding {
    Finding {
        id: control.rule.id.clone(),
        name: control.rule.name.text(texts.language()).to_owned(),
        sentence: control.current().map_or(String::new(), |period| main_sentence(period, texts)),
    }
}

/// How many of how many were late.
pub fn main_sentence(period: &PeriodFigures, texts: &Texts) -> String {
    let name = texts.period(period.period);
    match period.figure.ratio().filter(|(_, cases)| *cases > 0) {
        Some((deviations, cases)) => texts.fill(
            "report.sentence",
            &[
                ("period", &name),
                ("deviations", &texts.count(deviations)),
                ("cases", &texts.count(cases)),
                ("over", texts.get("report.over")),
                ("share", &texts.ratio(deviations, cases)),
                ("interval", &texts.interval(period.figure.interval())),
            ],
        ),
        None => texts.fill("report.sentence-none", &[("period", &name)]),
    }
}

fn section(
    findings: &Findings<'_>,
    control: &ControlFindings,
    charts: &[Chart],
    units: &Units,
    texts: &Texts,
) -> Section {
    let id = &control.rule.id;
    let sentences_of_trend =
        control.trend.as_ref().map_or(Vec::new(), |trend| sentences_of_trend(control, trend, texts));
    let trend = charts.iter().filter(|chart| chart.kind == ChartKind::Trend);
    Section {
        id: id.clone(),
        name: control.rule.name.text(texts.language()).to_owned(),
        sentences: sentences(findings, control, texts),
        trend: trend.map(|chart| PageFigure::of(chart, None, sentences_of_trend.clone())).collect(),
        points: control.trend.as_ref().map(|trend| tables::trend(control, trend, texts)),
        parts: parts(control, charts, units, texts),
        definition: definition(findings, control, texts),
    }
}

/// What the trend says, and how that goes with a change between periods that is beyond chance.
fn sentences_of_trend(control: &ControlFindings, trend: &Trend, texts: &Texts) -> Vec<String> {
    let mut said = trend_sentences(trend, texts);
    let changed = control.current().and_then(|period| period.change).is_some_and(Change::beyond_chance);
    let before = control.periods.iter().rev().nth(1);
    if let (Some(Variation::CommonCause), true, Some(before)) = (trend.variation(), changed, before) {
        let kinds = texts.get(&format!("trend.kinds-{}", trend.settings.period.id()));
        let values = [("before", &*texts.period(before.period)), ("kind", kinds)];
        said.insert(1.min(said.len()), texts.fill("trend.but-changed", &values));
    }
    said
}

/// The questions that a control's charts and tables answer, those without an answer left out.
fn parts(control: &ControlFindings, charts: &[Chart], units: &Units, texts: &Texts) -> Vec<Part> {
    let part = |key: &str, kinds: &[ChartKind], tables: Vec<Option<Table>>| {
        let tables: Vec<Table> = tables.into_iter().flatten().collect();
        let first_table = tables.first().map(|table| table.id.clone());
        let charts = charts.iter().filter(|chart| kinds.contains(&chart.kind));
        Part {
            id: format!("{}_{key}", control.rule.id),
            heading: texts.get(&format!("report.part-{key}")).to_owned(),
            lead: Some(texts.get(&format!("report.lead-{key}")).to_owned()).filter(|lead| !lead.is_empty()),
            figures: charts.map(|chart| PageFigure::of(chart, first_table.clone(), Vec::new())).collect(),
            tables,
            folded: None,
        }
    };
    let mut parts = vec![
        part("periods", &[ChartKind::Share], vec![Some(tables::periods(control, texts))]),
        part(
            "methods",
            &[ChartKind::Methods],
            vec![tables::comparison(control, texts), tables::method_changes(control, texts)],
        ),
        part("slack", &[ChartKind::Slack], vec![tables::start_months(control, texts)]),
        part("margins", &[ChartKind::Margins, ChartKind::Spread], vec![tables::margins(control, texts)]),
        with_edge(
            control,
            part("close", &[ChartKind::TimeToClose], vec![tables::time_to_close(control, texts)]),
            texts,
        ),
        with_edge(
            control,
            Part {
                folded: tables::backlog(control, texts),
                ..part("backlog", &[ChartKind::Backlog], vec![])
            },
            texts,
        ),
        outlook_part(
            control,
            part("outlook", &[ChartKind::Outlook], vec![tables::outlook(control, texts)]),
            texts,
        ),
    ];
    parts.extend(control.groupings.iter().enumerate().map(|(number, grouping)| {
        let table = tables::groups(control, number, texts).map(|mut table| {
            if number == 0 {
                table.links = units.links(control);
            }
            table
        });
        let mut part = part("groups", &[ChartKind::Funnel(number)], vec![table]);
        (part.id, part.heading) = (format!("{}-{number}", part.id), grouping.column.clone());
        part
    }));
    parts.extend(tables::cross(control, texts).map(|table| part("cross", &[], vec![Some(table)])));
    parts.push(part(
        "conventions",
        &[],
        vec![Some(tables::conventions(control, Some(1), texts)), Some(tables::case_list(control, texts))],
    ));
    if control.without_margin > 0 {
        let count = texts.count(control.without_margin);
        let timed = [format!("{}_margins", control.rule.id), format!("{}_close", control.rule.id)];
        for part in parts.iter_mut().filter(|part| timed.contains(&part.id)) {
            part.add_lead(texts.fill("report.without-margin", &[("count", &count)]));
        }
    }
    parts.retain(|part| !part.figures.is_empty() || !part.tables.is_empty());
    parts
}

impl Part {
    /// Says one thing more before the figures.
    fn add_lead(&mut self, sentence: String) {
        self.lead = Some(match self.lead.take() {
            Some(lead) => format!("{lead} {sentence}"),
            None => sentence,
        });
    }
}

/// With a word on where the export begins, when there are cases from before.
fn with_edge(control: &ControlFindings, mut part: Part, texts: &Texts) -> Part {
    if let Some(first) = control.edge() {
        let first = texts.long_date(first_day_of_month(first));
        part.add_lead(texts.fill("report.edge", &[("first", &first)]));
    }
    part
}

/// With how often earlier forecasts held.
fn outlook_part(control: &ControlFindings, mut part: Part, texts: &Texts) -> Part {
    let trials = control.outlook.as_ref().map_or(&[][..], |outlook| &outlook.trials);
    if !trials.is_empty() {
        let inside = trials.iter().filter(|trial| trial.is_inside()).count();
        let values = [("inside", texts.count(inside as u64)), ("trials", texts.count(trials.len() as u64))];
        let values: Vec<(&str, &str)> = values.iter().map(|(key, value)| (*key, value.as_str())).collect();
        part.add_lead(texts.fill("report.outlook-trials", &values));
    }
    part
}

/// What is to be said of a control in its current period, most important first.
fn sentences(findings: &Findings<'_>, control: &ControlFindings, texts: &Texts) -> Vec<String> {
    let Some(period) = control.current() else { return Vec::new() };
    let mut said = vec![main_sentence(period, texts)];
    if !period.complete {
        said.push(texts.fill("report.incomplete", &[("as_of", &texts.long_date(findings.as_of))]));
    }
    said.extend(
        change_sentence(control, period, texts).or_else(|| other_method_sentence(control, period, texts)),
    );
    if let Figure::Computed(counts) = period.figure {
        said.extend(method_sentences(control, period, texts));
        let counted = [
            ("report.overdue", period.open_overdue.unwrap_or(0)),
            ("report.extended", counts.extended),
            ("report.rolled", counts.deviations - counts.rolled_deviations),
            ("report.by-day", control.judged_by_day),
            ("report.later", control.later),
        ];
        for (key, count) in counted.into_iter().filter(|(_, count)| *count > 0) {
            said.push(texts.fill(key, &[("count", &texts.count(count))]));
        }
    }
    said
}

fn change_sentence(control: &ControlFindings, period: &PeriodFigures, texts: &Texts) -> Option<String> {
    let change = period.change?;
    let before = control.periods.iter().rev().nth(1)?;
    let key = match change.difference {
        0.0 => "report.change-none",
        difference if difference > 0.0 => "report.change-up",
        _ => "report.change-down",
    };
    let apart = texts.fill("table.pp", &[("value", &texts.points_apart(change.difference))]);
    let (name, share) = (texts.period(before.period), texts.figure(before.figure));
    let said =
        texts.fill(key, &[("change", apart.as_str()), ("before", name.as_str()), ("share", share.as_str())]);
    if change.difference == 0.0 {
        return Some(said);
    }
    let chance = match change.interval {
        None => texts.get("report.chance-unknown").to_owned(),
        Some(interval) => {
            let key = if change.beyond_chance() { "report.chance-beyond" } else { "report.chance-within" };
            texts.fill(
                key,
                &[("interval", &texts.fill("table.pp", &[("value", &texts.points_interval(interval))]))],
            )
        }
    };
    Some(format!("{said} {chance}"))
}

/// Why there is no change from an earlier report's figure.
fn other_method_sentence(control: &ControlFindings, period: &PeriodFigures, texts: &Texts) -> Option<String> {
    period.figure.share()?;
    let before = control.periods.iter().rev().nth(1)?;
    let publication = before.publication.as_ref()?;
    let (name, method) = (texts.period(before.period), texts.method(&publication.method));
    Some(texts.fill("report.change-other-method", &[("before", &name), ("method", &method)]))
}

fn method_sentences(control: &ControlFindings, period: &PeriodFigures, texts: &Texts) -> Vec<String> {
    let (Some(reference), Some(counts)) = (control.rule.reference, period.figure.counts()) else {
        return Vec::new();
    };
    let (reference, method) = (texts.clock(reference), texts.clock(control.rule.method()));
    let mut said = Vec::new();
    if counts.reference_deviations != counts.deviations {
        said.push(texts.fill(
            "report.method-gap",
            &[
                ("reference", &reference),
                ("deviations", &texts.count(counts.reference_deviations)),
                ("share", &texts.ratio(counts.reference_deviations, counts.cases)),
                ("only", &texts.count(counts.late_only_by_reference())),
                ("method", &method),
            ],
        ));
    }
    if counts.late_only_by_law() > 0 {
        let only = texts.count(counts.late_only_by_law());
        let values =
            [("only", only.as_str()), ("method", method.as_str()), ("reference", reference.as_str())];
        said.push(texts.fill("report.method-miss", &values));
    }
    said
}

fn definition(findings: &Findings<'_>, control: &ControlFindings, texts: &Texts) -> Vec<(String, String)> {
    let (rule, language) = (&control.rule, texts.language());
    let entry = |key: &str, value: String| (texts.get(&format!("report.definition-{key}")).to_owned(), value);
    let basis = match rule.basis {
        crate::rulebook::Basis::Statute => "basis.statute",
        crate::rulebook::Basis::LocalTarget => "basis.local-target",
    };
    let mut entries = vec![
        entry("start", rule.start.text(language).to_owned()),
        entry("end", rule.end.text(language).to_owned()),
        entry("method", format!("{} ({})", texts.clock(rule.method()), texts.get(basis))),
    ];
    for law in &rule.laws {
        let valid = validity(law.first_day, law.last_day, texts);
        let mark = if law.verified { String::new() } else { format!("; {}", texts.get("report.unverified")) };
        entries.push(entry("law", format!("{} ({valid}{mark})", law.citation.text(language))));
    }
    if let Some(reference) = rule.reference {
        entries.push(entry("reference", texts.clock(reference)));
    }
    let roll = match rule.roll {
        crate::rulebook::Roll::None => "roll.none",
        crate::rulebook::Roll::NextWeekday => "roll.next-weekday",
    };
    entries.push(entry("roll", texts.get(roll).to_owned()));
    entries.push(entry("cohort", texts.get(&format!("cohort.{}", control.cohort.id())).to_owned()));
    let judged_by = findings.judged_by.iter().find(|judged| judged.rule.id == rule.id);
    let extensions = match judged_by.map(|control| control.extensions) {
        Some(Extensions::Ignore) => "report.extensions-ignore",
        _ => "report.extensions-honour",
    };
    entries.push(entry("extensions", texts.get(extensions).to_owned()));
    for period in &control.periods {
        if let Some(publication) = &period.publication {
            let (name, share) = (texts.period(period.period), texts.figure(period.figure));
            let method = texts.method(&publication.method);
            entries.push(entry("published", format!("{name}: {share}, {method}. {}", publication.source)));
        }
    }
    entries
}

/// The days on which a law is in force, in words.
pub fn validity(first: Option<crate::date::Day>, last: Option<crate::date::Day>, texts: &Texts) -> String {
    let day = |day: crate::date::Day| day.to_string();
    match (first.map(day), last.map(day)) {
        (None, None) => texts.get("rules.always").to_owned(),
        (Some(from), None) => texts.fill("rules.from", &[("from", &from)]),
        (None, Some(to)) => texts.fill("rules.to", &[("to", &to)]),
        (Some(from), Some(to)) => texts.fill("rules.until", &[("from", &from), ("to", &to)]),
    }
}
