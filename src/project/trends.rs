//! What a project says of trend charts: how limits are made, when they are frozen, where they begin anew, and what is noted.

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use super::checked::period_kind;
use crate::error::{Flaw, sound};
use crate::period::{Period, PeriodKind};

/// How the limits of a trend chart are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum TrendChart {
    /// Laney's p′ chart: binomial limits widened or narrowed to how much shares really vary.
    #[default]
    PPrime,
    /// The p chart: binomial limits.
    P,
    /// The chart of individuals and moving ranges (XmR), of shares.
    Xmr,
}

impl TrendChart {
    /// The name in project files and results.
    pub fn id(self) -> &'static str {
        match self {
            TrendChart::PPrime => "p-prime",
            TrendChart::P => "p",
            TrendChart::Xmr => "xmr",
        }
    }
}

/// Which signals tell a change from chance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SignalSet {
    /// Beyond a limit or an unusually long run (Anhøj & Olesen 2014). Crossings of the centre are counted too, but unusually
    /// few say nothing about where: they are a number in results.json, and mark no point.
    #[default]
    Anhoej,
    /// Beyond a limit, seven on one side, seven rising or falling, two of three far out: NHS England,
    /// Making Data Count.
    HealthService,
}

impl SignalSet {
    /// The name in project files and results.
    pub fn id(self) -> &'static str {
        match self {
            SignalSet::Anhoej => "anhoej",
            SignalSet::HealthService => "health-service",
        }
    }
}

/// How trends are drawn and read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TrendSettings {
    /// How limits are made.
    pub chart: TrendChart,
    /// Which signals count.
    pub signals: SignalSet,
    /// What a point is.
    pub period: PeriodKind,
}

impl Default for TrendSettings {
    fn default() -> TrendSettings {
        let (chart, signals) = (TrendChart::default(), SignalSet::default());
        TrendSettings { chart, signals, period: PeriodKind::Month }
    }
}

/// A dated step from which on a trend has new limits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rebase {
    /// The control.
    pub control: String,
    /// The first period with the new limits.
    pub from: Period,
    /// What happened; it stands on the chart.
    pub reason: String,
    /// The last period that the new limits are made from, when later ones are not to move them.
    pub freeze: Option<Period>,
}

/// A period that is marked in a trend and moves no limits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// The control.
    pub control: String,
    /// The period.
    pub at: Period,
    /// What happened; it stands on the chart.
    pub text: String,
}

/// The names of [`PeriodKind`], for the schema.
#[derive(JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[allow(dead_code, reason = "only its schema is used")]
pub enum PeriodName {
    Month,
    Quarter,
    Tertial,
    HalfYear,
    Year,
}

#[derive(Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TrendText {
    /// How limits are made: p-prime, p or xmr.
    #[serde(default)]
    chart: TrendChart,
    /// Which signals count: anhoej or health-service.
    #[serde(default)]
    signals: SignalSet,
    /// What a point is: month, quarter, tertial, half-year or year; a month when not given.
    #[schemars(with = "Option<PeriodName>")]
    period: Option<Spanned<String>>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RebaseText {
    /// The control.
    #[schemars(with = "String")]
    pub control: Spanned<String>,
    /// The first period with the new limits, such as 2024-01.
    #[schemars(with = "String")]
    from: Spanned<String>,
    /// What happened; it stands on the chart.
    #[schemars(with = "String")]
    reason: Spanned<String>,
    /// The last period that the new limits are made from, when later ones are not to move them.
    #[schemars(with = "Option<String>")]
    freeze: Option<Spanned<String>>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NoteText {
    /// The control.
    #[schemars(with = "String")]
    pub control: Spanned<String>,
    /// The period that is marked, such as 2024-01.
    #[schemars(with = "String")]
    at: Spanned<String>,
    /// What happened; it stands on the chart.
    #[schemars(with = "String")]
    text: Spanned<String>,
}

/// What was typed of trends, checked.
pub fn resolve_trend(typed: TrendText, flaws: &mut Vec<Flaw>) -> TrendSettings {
    let period = sound(typed.period.map(period_kind), flaws);
    TrendSettings {
        chart: typed.chart,
        signals: typed.signals,
        period: period.unwrap_or(TrendSettings::default().period),
    }
}

/// The steps in order of time, those of one control each in another period.
pub fn resolve_rebases(typed: Vec<RebaseText>, kind: PeriodKind, flaws: &mut Vec<Flaw>) -> Vec<Rebase> {
    let mut rebases: Vec<Rebase> = Vec::new();
    for text in typed {
        let place = text.from.span();
        let Some(rebase) = sound(Some(resolve_rebase(text, kind)), flaws) else { continue };
        let same = |other: &Rebase| (&other.control, other.from) == (&rebase.control, rebase.from);
        if rebases.iter().any(same) {
            flaws.push(Flaw::new("rebase-twice", &[("period", &rebase.from.to_string())]).at(place));
            continue;
        }
        rebases.push(rebase);
    }
    rebases.sort_by(|one, other| (&one.control, one.from.index).cmp(&(&other.control, other.from.index)));
    rebases
}

fn resolve_rebase(typed: RebaseText, kind: PeriodKind) -> Result<Rebase, Flaw> {
    let from = point(&typed.from, kind)?;
    let freeze = typed.freeze.as_ref().map(|freeze| point(freeze, kind)).transpose()?;
    if let (Some(last), Some(typed)) = (freeze, &typed.freeze)
        && last.index < from.index
    {
        return Err(Flaw::new("freeze-before-rebase", &[("period", &from.to_string())]).at(typed.span()));
    }
    if typed.reason.get_ref().trim().is_empty() {
        return Err(Flaw::new("rebase-without-reason", &[]).at(typed.reason.span()));
    }
    let reason = typed.reason.into_inner().trim().to_owned();
    Ok(Rebase { control: typed.control.into_inner(), from, reason, freeze })
}

/// The notes by control, those of one in order of time and each in another period.
pub fn resolve_notes(typed: Vec<NoteText>, kind: PeriodKind, flaws: &mut Vec<Flaw>) -> Vec<Note> {
    let mut notes: Vec<Note> = Vec::new();
    for text in typed {
        let place = text.at.span();
        let Some(note) = sound(Some(resolve_note(text, kind)), flaws) else { continue };
        if notes.iter().any(|other| (&other.control, other.at) == (&note.control, note.at)) {
            flaws.push(Flaw::new("note-twice", &[("period", &note.at.to_string())]).at(place));
            continue;
        }
        notes.push(note);
    }
    notes.sort_by(|one, other| (&one.control, one.at.index).cmp(&(&other.control, other.at.index)));
    notes
}

fn resolve_note(typed: NoteText, kind: PeriodKind) -> Result<Note, Flaw> {
    let at = point(&typed.at, kind)?;
    let text = typed.text.get_ref().trim().to_owned();
    if text.is_empty() {
        return Err(Flaw::new("note-without-text", &[]).at(typed.text.span()));
    }
    Ok(Note { control: typed.control.into_inner(), at, text })
}

/// A period of the kind that trends have.
pub fn point(typed: &Spanned<String>, kind: PeriodKind) -> Result<Period, Flaw> {
    let period = Period::parse(typed.get_ref());
    let example = Period { kind, index: kind.holding_month(2024 * 12).index };
    period.filter(|period| period.kind == kind).ok_or_else(|| {
        let values = [("word", typed.get_ref().as_str()), ("kind", kind.id())];
        let example = example.to_string();
        Flaw::new("no-trend-period", &[values[0], values[1], ("example", &example)]).at(typed.span())
    })
}
