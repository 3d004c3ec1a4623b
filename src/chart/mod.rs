//! Charts: pictures of findings, as SVG text and PNG bytes.
//!
//! Alone in knowing plotters and resvg. Computes no statistics and writes no file.

mod frame;
mod margins;
mod methods;
mod share;
mod theme;

pub use margins::margins_chart;
pub use methods::methods_chart;
pub use share::share_chart;
pub use theme::Picture;

use crate::analysis::ControlFindings;
use crate::text::Texts;

/// A picture and what it shows.
#[derive(Debug, Clone)]
pub struct Chart {
    /// File name without ending, `child-investigation-share`.
    pub name: String,
    /// The picture.
    pub picture: Picture,
}

/// Every chart of one control.
pub fn charts_of(findings: &ControlFindings, texts: &Texts) -> Vec<Chart> {
    let id = &findings.rule.id;
    let named = |kind: &str, picture: Picture| Chart { name: format!("{id}-{kind}"), picture };
    let mut charts = vec![named("share", share_chart(findings, texts))];
    charts.extend(methods_chart(findings, texts).map(|picture| named("methods", picture)));
    charts.extend(margins_chart(findings, texts).map(|picture| named("margins", picture)));
    charts
}
