//! Charts: pictures of findings, as SVG text and PNG bytes.
//!
//! Alone in knowing plotters and resvg. Draws only: what is shown comes from `analysis`, what is said of it from `text`.
//! Every chart is drawn in two shapes, wide and for a column.

mod backlog;
mod canvas;
mod curve;
mod frame;
mod funnel;
mod icons;
mod legend;
mod letters;
mod logo;
mod margins;
mod methods;
mod outlook;
mod overview;
mod png;
mod rare;
mod risk_matrix;
mod share;
mod slack;
mod spread;
mod svg;
mod theme;
mod time_to_close;
mod trend;

pub use letters::wrapped;
pub use logo::{CheckedLogo, LogoFlaw, checked_logo, leads_out};
pub use svg::Picture;
pub use theme::FONTS;

use crate::analysis::{ControlFindings, Detail, Trend};
use crate::assessment::Register;
use crate::text::Texts;
use frame::Drawing;

/// What a chart shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChartKind {
    /// The trends of all controls, small.
    Overview,
    /// The risks of the list by likelihood and consequence.
    RiskMatrix,
    /// Shares by month with limits and signals.
    Trend,
    /// Shares per period with their intervals.
    Share,
    /// The lawful and the reference method over time.
    Methods,
    /// What the methods differ in, by month of the start.
    Slack,
    /// Margins of the current period and the one before.
    Margins,
    /// Margins of every period.
    Spread,
    /// Time to close.
    TimeToClose,
    /// Open cases at month ends.
    Backlog,
    /// Deviations to expect among open cases.
    Outlook,
    /// The groups of a column, given by its number, in a funnel.
    Funnel(usize),
}

impl ChartKind {
    /// The part of file names that distinguishes the charts of one control.
    pub fn id(self) -> &'static str {
        match self {
            ChartKind::Overview => "overview",
            ChartKind::RiskMatrix => "risk-matrix",
            ChartKind::Trend => "trend",
            ChartKind::Share => "share",
            ChartKind::Methods => "methods",
            ChartKind::Slack => "slack",
            ChartKind::Margins => "margins",
            ChartKind::Spread => "spread",
            ChartKind::TimeToClose => "time-to-close",
            ChartKind::Backlog => "backlog",
            ChartKind::Outlook => "outlook",
            ChartKind::Funnel(0) => "funnel",
            ChartKind::Funnel(_) => "funnel-2",
        }
    }
}

/// A picture in both shapes and what it shows.
#[derive(Debug, Clone)]
pub struct Chart {
    /// File name without ending, `child-investigation-share`.
    pub name: String,
    /// What it shows.
    pub kind: ChartKind,
    /// The title, for a heading or alternative text.
    pub title: String,
    /// What it shows, for those who do not see it.
    pub description: String,
    /// For slides and wide pages.
    pub wide: Picture,
    /// For columns of print and telephones.
    pub column: Picture,
}

impl Chart {
    fn of(name: String, kind: ChartKind, drawing: &Drawing<'_>) -> Chart {
        let [wide, column] = drawing.pictures(&name);
        let (title, description) = (drawing.caption.title.clone(), drawing.caption.description.clone());
        Chart { name, kind, title, description, wide, column }
    }
}

/// Every chart of one control, in the order in which they are read.
pub fn charts_of(findings: &ControlFindings, detail: Option<&Detail>, texts: &Texts) -> Vec<Chart> {
    let name = texts.name(&findings.rule);
    let trend = findings.drawn_trend().map(|trend| match trend.rare_marks() {
        Some(marks) => rare::drawing(name, &findings.rule, trend, marks, texts),
        None => trend::drawing(name, &findings.rule, trend, texts),
    });
    let funnels =
        findings.groupings.iter().enumerate().map(|(number, grouping)| {
            (ChartKind::Funnel(number), funnel::drawing(findings, grouping, texts))
        });
    let drawings = [
        (ChartKind::Trend, trend),
        (ChartKind::Share, Some(share::drawing(findings, texts))),
        (ChartKind::Methods, methods::drawing(findings, texts)),
        (ChartKind::Slack, detail.and_then(|detail| slack::drawing(findings, detail, texts))),
        (ChartKind::Margins, detail.and_then(|detail| margins::drawing(findings, detail, texts))),
        (ChartKind::Spread, detail.and_then(|detail| spread::drawing(findings, detail, texts))),
        (ChartKind::TimeToClose, detail.and_then(|detail| time_to_close::drawing(findings, detail, texts))),
        (ChartKind::Backlog, detail.and_then(|detail| backlog::drawing(findings, detail, texts))),
        (ChartKind::Outlook, detail.and_then(|detail| outlook::drawing(findings, detail, texts))),
    ];
    let drawn = drawings.into_iter().chain(funnels).filter_map(|(kind, drawing)| Some((kind, drawing?)));
    drawn
        .map(|(kind, drawing)| Chart::of(format!("{}-{}", findings.rule.id, kind.id()), kind, &drawing))
        .collect()
}

/// The trends of all controls on one page; nothing when none has one.
pub fn overview(controls: &[ControlFindings], texts: &Texts) -> Option<Chart> {
    let drawing = overview::drawing(controls, texts)?;
    Some(Chart::of(ChartKind::Overview.id().to_owned(), ChartKind::Overview, &drawing))
}

/// The risks of the list; nothing when none has both likelihood and consequence.
pub fn risk_matrix(register: &Register<'_>, texts: &Texts) -> Option<Chart> {
    let drawing = risk_matrix::drawing(register, texts)?;
    Some(Chart::of(ChartKind::RiskMatrix.id().to_owned(), ChartKind::RiskMatrix, &drawing))
}

/// The trend of one group; `id` is unique on its page.
pub fn group_trend(id: &str, findings: &ControlFindings, group: &str, trend: &Trend, texts: &Texts) -> Chart {
    let name = format!("{}, {group}", texts.name(&findings.rule));
    let drawing = trend::drawing(&name, &findings.rule, trend, texts);
    Chart::of(id.to_owned(), ChartKind::Trend, &drawing)
}
