//! Contents: findings become documents, sentences and tables in one language, before any format.

mod anchors;
mod areas;
mod controls;
mod prose;
mod quality;
mod results;
mod risks;
mod slides;
mod summary;

use super::document::{Document, Section};
use super::units::Units;
use super::{Charts, Findings};
use crate::assessment::{Assessment, Register, assess};
use crate::findings::{Edition, Published};
use crate::period::PeriodKind;
use crate::plan::Plan;
use crate::table::{REPORT, RISKS};
use crate::text::{Texts, fill};

pub use areas::control_points;
pub use controls::definition_texts;
pub use risks::risks_table;
pub use slides::slides;
pub use summary::rejection_sentences;

/// What a report compares its findings with: the plan, and the list of risks.
pub struct Assessed<'a> {
    /// The plan with what came out, when there is a plan.
    pub plan: Option<Assessment<'a>>,
    /// The list of risks, when there is one.
    pub register: Option<Register<'a>>,
}

impl<'a> Assessed<'a> {
    /// Compares the plan and the list of risks with the findings.
    pub fn of(findings: &'a Findings<'a>) -> Assessed<'a> {
        let plan = findings.plan.as_ref().map(|plan| assess(plan, &findings.controls, findings.settings));
        let register =
            findings.risks.map(|risks| Register::of(risks, &findings.risk_settings, plan.as_ref()));
        Assessed { plan, register }
    }
}

/// What the plan and the list of risks say where no case was judged; nothing where one was.
pub fn without_cases_sentences(findings: &Findings<'_>, texts: &Texts) -> Vec<String> {
    match findings.is_without_cases() {
        true => summary::without_cases(&Assessed::of(findings), texts),
        false => Vec::new(),
    }
}

/// The report: internal control when there is a plan, and the deadlines when there are cases; nothing without either.
pub fn report(
    findings: &Findings<'_>,
    assessed: &Assessed<'_>,
    charts: &Charts,
    units: &Units,
    texts: &Texts,
) -> Option<Document> {
    let has_points = findings.plan.as_ref().is_some_and(Plan::has_risk_points);
    if findings.is_without_cases() && !has_points {
        return None;
    }
    let with_cases = |make: &dyn Fn() -> Section| (!findings.is_without_cases()).then(make);
    let mut sections = vec![summary::section(findings, assessed, texts)];
    sections.extend(assessed.plan.as_ref().and_then(|assessment| areas::in_body(assessment, texts)));
    sections.extend(assessed.register.as_ref().map(|register| risks::in_report(register, findings, texts)));
    sections.extend(with_cases(&|| controls::in_body(findings, charts, texts)));
    let mut appendix: Vec<Section> = Vec::new();
    if let (Some(plan), Some(assessment)) = (&findings.plan, &assessed.plan) {
        appendix.extend(areas::section(assessment, findings, texts));
        appendix.extend(prose::background(&plan.background, texts));
        appendix.extend(areas::key(assessment, texts));
    }
    appendix.extend(with_cases(&|| controls::section(findings, charts, units, texts)));
    appendix.extend(with_cases(&|| quality::section(findings, texts)));
    appendix.extend(with_cases(&|| quality::conventions(findings, texts)));
    sections.extend((1..).zip(appendix).map(|(number, section)| in_appendix(number, section, texts)));
    Some(document(REPORT, title(findings, texts), subtitle(findings, texts), sections, findings, texts))
}

/// The title of the report: its plan's when there is a plan.
fn title(findings: &Findings<'_>, texts: &Texts) -> String {
    findings.plan.as_ref().map_or_else(
        || texts.get("report.title").to_owned(),
        |plan| plan.title.clone().unwrap_or_else(|| usual_title(findings, texts)),
    )
}

/// `Bilaga 1. Kontrollmoment`.
fn in_appendix(number: u64, section: Section, texts: &Texts) -> Section {
    let heading = fill!(texts, "report.appendix", number = texts.count(number), heading = section.heading);
    Section { heading, appendix: true, ..section }
}

/// The follow-up of critical risks, when there is a list of risks.
pub fn risk_follow_up(
    findings: &Findings<'_>,
    assessed: &Assessed<'_>,
    charts: &Charts,
    texts: &Texts,
) -> Option<Document> {
    let register = assessed.register.as_ref()?;
    let plan = assessed.plan.as_ref();
    let sections = risks::sections(register, plan, findings, charts.risks.as_ref(), texts);
    let title = risks_title(register, findings, texts);
    Some(document(RISKS, title, state_on(findings, texts), sections, findings, texts))
}

fn risks_title(register: &Register<'_>, findings: &Findings<'_>, texts: &Texts) -> String {
    let year = register.settings.year(findings.as_of).to_string();
    register.settings.title.clone().unwrap_or_else(|| fill!(texts, "risk.title", year))
}

/// `Läget den 31 augusti 2024.`
fn state_on(findings: &Findings<'_>, texts: &Texts) -> String {
    fill!(texts, "risk.subtitle", as_of = texts.long_date(findings.as_of))
}

/// `Internkontrollrapport per augusti 2024`.
fn usual_title(findings: &Findings<'_>, texts: &Texts) -> String {
    let month = texts.period(PeriodKind::Month.holding(findings.as_of));
    fill!(texts, "report.title-plan", month)
}

fn subtitle(findings: &Findings<'_>, texts: &Texts) -> String {
    if findings.is_without_cases() {
        return state_on(findings, texts);
    }
    let kind = findings.settings.period;
    let legend = match kind {
        PeriodKind::Month | PeriodKind::Year => "",
        _ => texts.get(&format!("period.parts-{}", kind.id())),
    };
    let kind = texts.kind(kind);
    fill!(texts, "report.subtitle", as_of = texts.long_date(findings.as_of), kind, legend)
}

/// A document with what every one of a run has.
pub fn document(
    name: impl Into<String>,
    title: String,
    subtitle: String,
    sections: Vec<Section>,
    findings: &Findings<'_>,
    texts: &Texts,
) -> Document {
    let notice = match findings.edition {
        Edition::Internal(_) => texts.get("report.internal").to_owned(),
        Edition::Published(Published { smallest, .. }) => {
            fill!(texts, "report.published", most = texts.count(smallest - 1))
        }
    };
    Document {
        name: name.into(),
        language: texts.language().tag(),
        title,
        organisation: findings.settings.organisation.clone(),
        subtitle,
        date: findings.as_of.to_string(),
        notice,
        internal: findings.internal().is_some(),
        sections,
        made_by: fill!(
            texts,
            "report.made-by",
            version = env!("CARGO_PKG_VERSION"),
            rulebook = findings.rulebook_version
        ),
    }
}
