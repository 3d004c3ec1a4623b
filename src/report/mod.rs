//! Report: findings become files.
//!
//! Renders bytes; `output` writes them. Text and numbers are formatted here and in `chart`, by `text`, and
//! nowhere else.

mod cases;
mod chart_data;
mod html;
mod manifest;
mod page;
mod results;
mod sheets;
pub mod tables;
mod units;

pub use cases::{CASES_HEADER, write_case};
pub use html::validity;
pub use manifest::{Provenance, manifest_json};
pub use sheets::{faults_csv, periods_csv};

use std::collections::BTreeMap;

use crate::analysis::ControlFindings;
use crate::chart::{Chart, charts_of, overview};
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

/// The charts of a report.
pub struct Charts {
    /// All controls at a glance.
    overview: Option<Chart>,
    /// By control.
    controls: Vec<Vec<Chart>>,
}

/// Every file of the report but the case list and the manifest, drawn on so many threads.
pub fn render(findings: &Findings<'_>, texts: &Texts, threads: usize) -> Vec<Rendered> {
    let charts = Charts {
        overview: overview(&findings.controls, texts),
        controls: side_by_side(threads, &findings.controls, |control| charts_of(control, texts)),
    };
    let units = units::Units::of(findings);
    let file = |name: &str, bytes: Vec<u8>| Rendered { name: name.to_owned(), bytes };
    let mut files = vec![
        file("report.html", html::report_html(findings, &charts, &units, texts)),
        results_file(findings),
        file("tally.csv", sheets::tally_csv(findings)),
        file("faults.csv", sheets::faults_csv(findings, texts)),
    ];
    files.extend(units.pages(findings, texts, threads));
    files.extend(chart_files(findings, &charts, threads));
    files
}

/// Every chart in both shapes as SVG and PNG, and its data.
fn chart_files(findings: &Findings<'_>, charts: &Charts, threads: usize) -> Vec<Rendered> {
    let mut files = Vec::new();
    let mut data = |name: &str, bytes: Vec<u8>| {
        files.push(Rendered { name: format!("charts/{name}.csv"), bytes });
    };
    for (control, charts) in findings.controls.iter().zip(&charts.controls) {
        charts.iter().for_each(|chart| data(&chart.name, chart_data::chart_csv(chart.kind, control)));
        if !control.groupings.is_empty() {
            data(&format!("{}-group-trends", control.rule.id), chart_data::group_trends_csv(control));
        }
    }
    if let Some(chart) = &charts.overview {
        data(&chart.name, chart_data::overview_csv(&findings.controls));
    }
    let all: Vec<&Chart> = charts.controls.iter().flatten().chain(&charts.overview).collect();
    let pictures = side_by_side(threads, &all, |chart| {
        let shapes = [("", &chart.wide), ("-column", &chart.column)];
        shapes.map(|(suffix, picture)| {
            let name = |ending: &str| format!("charts/{}{suffix}.{ending}", chart.name);
            [
                Rendered { name: name("svg"), bytes: picture.svg.clone().into_bytes() },
                Rendered { name: name("png"), bytes: picture.png() },
            ]
        })
    });
    files.extend(pictures.into_iter().flatten().flatten());
    files
}

/// Works on all items, so many at a time; results in the order of the items.
fn side_by_side<T: Sync, R: Send>(threads: usize, items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = std::sync::atomic::AtomicUsize::new(0);
    let worker = || {
        let mut done = Vec::new();
        loop {
            let index = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            let Some(item) = items.get(index) else { return done };
            done.push((index, work(item)));
        }
    };
    let mut done: Vec<(usize, R)> = std::thread::scope(|scope| {
        let working: Vec<_> =
            (0..threads.clamp(1, items.len().max(1))).map(|_| scope.spawn(worker)).collect();
        let joined = working.into_iter().map(|thread| thread.join());
        joined.flat_map(|done| done.unwrap_or_else(|panic| std::panic::resume_unwind(panic))).collect()
    });
    done.sort_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, result)| result).collect()
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
