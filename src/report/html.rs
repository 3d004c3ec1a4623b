//! `report.html`: one self-contained page that needs no script.
//!
//! Sentences and tables are made here, their places on the page by `report.html.jinja`.

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value};
use serde::Serialize;

use super::Findings;
use super::tables::{self, Table};
use crate::analysis::{ControlFindings, Figure, PeriodFigures};
use crate::chart::Chart;
use crate::judge::Extensions;
use crate::text::Texts;

const TEMPLATE: &str = include_str!("report.html.jinja");

#[derive(Serialize)]
struct Page<'a> {
    language: &'static str,
    title: String,
    organisation: Option<&'a str>,
    subtitle: String,
    summary: Vec<Finding>,
    summary_table: Table,
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
    figures: Vec<PageFigure>,
    periods: Table,
    comparison: Option<Table>,
    start_months: Option<Table>,
    groups: Option<Table>,
    groups_lead: String,
    definition: Vec<(String, String)>,
}

#[derive(Serialize)]
struct PageFigure {
    /// Our own SVG, every text in it escaped.
    svg: Value,
    title: String,
    /// The table with the same figures, when there is one.
    table: Option<String>,
}

/// Renders the page.
pub fn report_html(findings: &Findings<'_>, charts: &[Vec<Chart>], texts: &Texts) -> Vec<u8> {
    let kind = texts.get(&format!("period.kind-{}", findings.kind.id()));
    let controls = findings.controls.iter().zip(charts);
    let page = Page {
        language: texts.language().tag(),
        title: texts.get("report.title").to_owned(),
        organisation: findings.organisation,
        subtitle: texts
            .fill("report.subtitle", &[("as_of", &texts.long_date(findings.as_of)), ("kind", kind)]),
        summary: findings.controls.iter().map(|control| finding(control, texts)).collect(),
        summary_table: tables::summary(findings, texts),
        controls: controls.map(|(control, charts)| section(findings, control, charts, texts)).collect(),
        ledger: tables::ledger(findings, texts),
        faults: tables::faults(findings, texts),
        bounds: tables::bounds(findings, texts),
        made_by: texts.fill(
            "report.made-by",
            &[("version", env!("CARGO_PKG_VERSION")), ("rulebook", findings.rulebook_version)],
        ),
    };
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    let mut syntax = SyntaxConfig::builder();
    environment.set_syntax(syntax.trim_blocks(true).lstrip_blocks(true).build().expect("the usual syntax"));
    let language = texts.language();
    environment.add_function("t", move |key: &str| Texts::of(language).get(key).to_owned());
    environment.add_template("report.html", TEMPLATE).expect("a test renders the template");
    let template = environment.get_template("report.html").expect("it was just added");
    template.render(Value::from(Serde(&page))).expect("a test renders the template").into_bytes()
}

fn finding(control: &ControlFindings, texts: &Texts) -> Finding {
    Finding {
        id: control.rule.id.clone(),
        name: control.rule.name.text(texts.language()).to_owned(),
        sentence: control.current().map_or(String::new(), |period| main_sentence(period, texts)),
    }
}

/// How many of how many were late.
fn main_sentence(period: &PeriodFigures, texts: &Texts) -> String {
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

fn section(findings: &Findings<'_>, control: &ControlFindings, charts: &[Chart], texts: &Texts) -> Section {
    let id = &control.rule.id;
    let comparison = tables::comparison(control, texts);
    let table_of = |chart: &Chart| match chart.name.strip_prefix(&format!("{id}-")) {
        Some("share") => Some(format!("{id}-periods")),
        Some("methods") => Some(format!("{id}-comparison")),
        _ => None,
    };
    let figures = charts.iter().map(|chart| PageFigure {
        svg: Value::from_safe_string(chart.picture.svg.clone()),
        title: chart.picture.title.clone(),
        table: table_of(chart),
    });
    let current = control.current().map_or(String::new(), |period| texts.period(period.period));
    Section {
        id: id.clone(),
        name: control.rule.name.text(texts.language()).to_owned(),
        sentences: sentences(findings, control, texts),
        figures: figures.collect(),
        periods: tables::periods(control, texts),
        comparison,
        start_months: tables::start_months(control, texts),
        groups: tables::groups(control, texts),
        groups_lead: texts.fill("report.groups-lead", &[("period", &current)]),
        definition: definition(findings, control, texts),
    }
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
