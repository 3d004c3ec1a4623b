//! Report: findings become files.
//!
//! Renders bytes; `output` writes them. Text and numbers are formatted here and in `chart`, by `text`, and
//! nowhere else.

mod cases;
mod html;
mod manifest;
mod results;
mod sheets;
pub mod tables;

pub use cases::{CASES_HEADER, write_case};
pub use html::validity;
pub use manifest::{Provenance, manifest_json};
pub use sheets::{faults_csv, periods_csv};

use std::collections::BTreeMap;

use crate::analysis::ControlFindings;
use crate::chart::{Chart, charts_of};
use crate::date::Day;
use crate::ingest::{Export, Fault, FaultCode};
use crate::period::PeriodKind;
use crate::pipeline::{Control, Judged};
use crate::text::Texts;

/// Everything a report tells of.
pub struct Findings<'a> {
    /// Whose report it is.
    pub organisation: Option<&'a str>,
    /// The as-of date.
    pub as_of: Day,
    /// The length of the periods.
    pub kind: PeriodKind,
    /// What was read.
    pub exports: &'a [Export],
    /// Ledgers, faults and tallies.
    pub judged: &'a Judged,
    /// The controls as they were judged.
    pub judged_by: &'a [Control],
    /// Figures by control, in the order of the rulebook.
    pub controls: Vec<ControlFindings>,
    /// Version of the rulebook.
    pub rulebook_version: &'a str,
}

/// A file of the report.
pub struct Rendered {
    /// Path inside the folder, with `/`.
    pub name: String,
    /// Content.
    pub bytes: Vec<u8>,
}

/// Every file of the report but the case list and the manifest.
pub fn render(findings: &Findings<'_>, texts: &Texts) -> Vec<Rendered> {
    let charts: Vec<Vec<Chart>> = std::thread::scope(|scope| {
        let drawing: Vec<_> =
            findings.controls.iter().map(|control| scope.spawn(|| charts_of(control, texts))).collect();
        let drawn = drawing.into_iter().map(|thread| thread.join());
        drawn.map(|charts| charts.unwrap_or_else(|panic| std::panic::resume_unwind(panic))).collect()
    });
    let file = |name: &str, bytes: Vec<u8>| Rendered { name: name.to_owned(), bytes };
    let mut files = vec![
        file("report.html", html::report_html(findings, &charts, texts)),
        results_file(findings),
        file("tally.csv", sheets::tally_csv(findings)),
        file("faults.csv", sheets::faults_csv(findings, texts)),
    ];
    for chart in charts.into_iter().flatten() {
        files.push(Rendered {
            name: format!("charts/{}.svg", chart.name),
            bytes: chart.picture.svg.into_bytes(),
        });
        files.push(Rendered { name: format!("charts/{}.png", chart.name), bytes: chart.picture.png });
    }
    files
}

/// The places of faults, in order, by file and code.
fn fault_counts<'a>(findings: &Findings<'a>) -> BTreeMap<(&'a str, FaultCode), Vec<&'a Fault>> {
    let mut counts: BTreeMap<(&str, FaultCode), Vec<&Fault>> = BTreeMap::new();
    for fault in &findings.judged.faults {
        let name = findings.exports[fault.place.export].name.as_str();
        counts.entry((name, fault.code)).or_default().push(fault);
    }
    counts
}

/// `results.json` alone.
pub fn results_file(findings: &Findings<'_>) -> Rendered {
    Rendered { name: "results.json".into(), bytes: results::results_json(findings) }
}

/// A text from an export as a CSV cell: one that a spreadsheet would take for a formula is disarmed
/// (OWASP, CSV injection).
fn harmless(text: &str) -> std::borrow::Cow<'_, str> {
    let dangerous = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];
    if text.trim_start_matches(' ').starts_with(dangerous) { format!("'{text}").into() } else { text.into() }
}
