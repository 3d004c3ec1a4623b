//! Report: findings become files.
//!
//! Renders bytes; `output` writes them. Text and numbers are formatted here and in `chart`, by `text`, and
//! nowhere else.

mod bounded;
mod cases;
mod chart_data;
mod contents;
pub mod document;
mod docx;
mod facts_csv;
mod html;
mod look;
mod manifest;
mod markdown;
#[cfg(feature = "pdf")]
mod pdf;
mod results;
mod sheets;
pub mod tables;
mod tally_csv;
mod templates;
mod trial;
mod units;
mod workbook;

pub use bounded::works_on_foreign;
pub use cases::{case_writer, cases_header, write_plain_case};
pub use contents::{rejection_sentences, validity};
pub use docx::{Template as WordTemplate, TemplateProblem};
pub use look::{Logo, Look};
pub use manifest::{Provenance, manifest_json};
pub use sheets::{faults_csv, periods_csv};
pub use templates::Templates;
pub use workbook::{MOST_CASES, write_case_list};

use std::collections::BTreeMap;

use crate::analysis::{ControlFindings, Facts, LedgerLine};
use crate::chart::{Chart, charts_of, overview, risk_matrix};
use crate::date::Day;
use crate::error::Error;
use crate::gate::Gate;
use crate::ingest::{Export, Fault, FaultCode};
use crate::language::Language;
use crate::period::PeriodKind;
use crate::pipeline::{Control, Judged, side_by_side};
use crate::plan::register::Risk;
use crate::plan::{Plan, RiskSettings};
use crate::project::CsvStyle;
use crate::text::Texts;
use contents::Assessed;
use document::{Document, Paper};
use html::Pages;

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
    /// Ledgers, faults and tallies; what is shown of the ledgers is in `ledger`.
    pub judged: &'a Judged,
    /// The controls as they were judged.
    pub judged_by: &'a [Control],
    /// Figures by control, in the order of the rulebook.
    pub controls: Vec<ControlFindings>,
    /// What the figures were made from; `None` in the published edition.
    pub facts: Option<Facts>,
    /// What became of the rows of every file, by control.
    pub ledger: Vec<LedgerEntry>,
    /// Version of the rulebook.
    pub rulebook_version: &'a str,
    /// The plan of internal control, when there is one.
    pub plan: Option<Plan>,
    /// The list of risks, when there is one.
    pub risks: Option<&'a [Risk]>,
    /// How risks are valued.
    pub risk_settings: RiskSettings,
    /// The edition: smaller numbers than this are hidden, or none when it is internal.
    pub smallest_published: Option<u64>,
}

/// What became of the rows of a file that belong to one control.
#[derive(Debug, Clone)]
pub struct LedgerEntry {
    /// Number of the export.
    pub export: usize,
    /// The control.
    pub control: Option<String>,
    /// The numbers that are shown.
    pub line: LedgerLine,
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
    /// The list of risks.
    risks: Option<Chart>,
}

/// A form that documents are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Pages.
    Html,
    /// Accessible PDF; not in a build without the feature `pdf`.
    Pdf,
    /// A workbook with the figures.
    Xlsx,
    /// Word.
    Docx,
    /// Markdown.
    Md,
}

/// How a report is to be set.
pub struct Setting<'a> {
    /// The forms of its documents.
    pub formats: &'a [Format],
    /// Colour and logo.
    pub look: &'a Look,
    /// How documents are set.
    pub templates: &'a Templates,
    /// The municipality's own Word template.
    pub word_template: Option<&'a WordTemplate>,
    /// How CSV files that people open are written.
    pub csv: CsvStyle,
    /// The language.
    pub language: Language,
    /// Worker threads.
    pub threads: usize,
    /// What texts pass through that cannot be read once they are set.
    pub gate: &'a Gate,
}

/// Every file of the report but the lists of cases and faults, which are too long to hold, and the manifest.
///
/// # Errors
/// [`Error::UnusableTemplate`] when a template or logo of the municipality's own is at fault.
pub fn render(findings: &Findings<'_>, setting: &Setting<'_>) -> Result<Vec<Rendered>, Error> {
    let texts = Texts::of(setting.language);
    let assessed = Assessed::of(findings);
    let charts = Charts {
        overview: overview(&findings.controls, texts),
        controls: side_by_side(setting.threads, findings.controls.iter(), |control| {
            charts_of(control, texts)
        }),
        risks: assessed.register.as_ref().and_then(|register| risk_matrix(register, texts)),
    };
    let units = units::Units::of(findings);
    let report = contents::report(findings, &assessed, &charts, &units, texts).printable();
    let risks = contents::risk_follow_up(findings, &assessed, &charts, texts).map(Document::printable);
    let file = |name: &str, bytes: Vec<u8>| Rendered { name: name.to_owned(), bytes };

    let data: [&(dyn Fn() -> Vec<Rendered> + Sync); 4] = [
        &|| chart_files(findings, &assessed, &charts, setting.threads),
        &|| vec![results_file(findings)],
        &|| match findings.smallest_published {
            None => vec![file("tally.csv", tally_csv::tally_csv(findings))],
            Some(_) => Vec::new(),
        },
        &|| {
            let facts = findings.facts.iter();
            facts.map(|facts| file("facts.csv", facts_csv::facts_csv(facts, &findings.controls))).collect()
        },
    ];
    let made = side_by_side(setting.threads, data.iter(), |make| make());
    let mut files: Vec<Rendered> = made.into_iter().flatten().collect();
    if setting.formats.contains(&Format::Html) {
        let pages = Pages::new(setting.look, setting.templates, setting.language)?;
        // Own templates are filled in one by one: what the program as a whole takes is charged to the one being set.
        let threads = if setting.templates.are_own(".jinja") { 1 } else { setting.threads };
        let of_units =
            units.pages(findings, texts, threads, |page| page_file(&page.printable(), "../", &pages));
        files.extend(of_units.into_iter().collect::<Result<Vec<_>, Error>>()?);
        for document in std::iter::once(&report).chain(&risks) {
            files.push(page_file(document, "", &pages)?);
        }
    }
    if setting.formats.contains(&Format::Xlsx) {
        files
            .push(file("report.xlsx", workbook::workbook(&report, findings, &assessed, setting.look, texts)));
    }
    let papers: Vec<Paper> = std::iter::once(&report).chain(&risks).map(Document::on_paper).collect();
    // Own templates are set one by one: what the program as a whole takes is charged to the one being set.
    let threads = if setting.templates.are_own(".typ") { 1 } else { setting.threads };
    let printed = side_by_side(threads, papers.iter(), |paper| printed(paper, &files, setting, texts));
    let printed: Vec<Vec<Rendered>> = printed.into_iter().collect::<Result<_, Error>>()?;
    files.extend(printed.into_iter().flatten());
    Ok(files)
}

fn page_file(document: &Document, root: &str, pages: &Pages<'_>) -> Result<Rendered, Error> {
    Ok(Rendered { name: format!("{}.html", document.name), bytes: pages.html(document, root)? })
}

/// A document in the forms of paper; its pictures are among the files.
fn printed(
    paper: &Paper,
    files: &[Rendered],
    setting: &Setting<'_>,
    texts: &Texts,
) -> Result<Vec<Rendered>, Error> {
    let document = paper.document();
    let mut made = Vec::new();
    let mut add = |ending: &str, bytes: Vec<u8>| {
        made.push(Rendered { name: format!("{}.{ending}", document.name), bytes });
    };
    let text = std::cell::LazyCell::new(|| markdown::markdown(paper));
    if setting.formats.contains(&Format::Docx) {
        let picture = |name: &str| {
            let name = format!("charts/{name}-column.png");
            files.iter().find(|file| file.name == name).map(|file| file.bytes.clone())
        };
        let logo = document.organisation.as_deref().unwrap_or_default();
        let words = docx::Words {
            contents: texts.get("report.contents"),
            page_of: texts.get("page.of"),
            logo: &format!("{} {logo}", texts.get("page.logo")),
        };
        add("docx", docx::docx(document, &picture, setting.look, &words, setting.word_template));
    }
    #[cfg(feature = "pdf")]
    if setting.formats.contains(&Format::Pdf) {
        check_before_setting(document, &text, setting.gate)?;
        add("pdf", pdf::pdf(paper, setting.look, setting.templates, texts)?);
    }
    if setting.formats.contains(&Format::Md) {
        add("md", text.clone());
    }
    Ok(made)
}

/// Checks the text of a PDF, its title and its pictures' descriptions: once it is set it is compressed. The pictures
/// themselves are checked as files of their own.
#[cfg(feature = "pdf")]
fn check_before_setting(document: &Document, text: &[u8], gate: &Gate) -> Result<(), Error> {
    let name = format!("{}.pdf", document.name);
    gate.check_text(&name, &String::from_utf8_lossy(text))?;
    document.figures().try_for_each(|figure| gate.check_text(&name, &figure.description))
}

/// Every chart in both shapes as SVG and PNG, and its data.
fn chart_files(
    findings: &Findings<'_>,
    assessed: &Assessed<'_>,
    charts: &Charts,
    threads: usize,
) -> Vec<Rendered> {
    let mut files = Vec::new();
    let mut data = |name: String, bytes: Vec<u8>| files.push(Rendered { name, bytes });
    let of_chart = |chart: &Chart| format!("charts/{}.csv", chart.name);
    for (control, charts) in findings.controls.iter().zip(&charts.controls) {
        charts.iter().for_each(|chart| data(of_chart(chart), chart_data::chart_csv(chart.kind, control)));
        if control.groupings.iter().any(|grouping| grouping.groups.iter().any(|group| group.trend.is_some()))
        {
            let name = chart_data::group_trends_name(&control.rule.id);
            data(name, chart_data::group_trends_csv(control));
        }
    }
    if let Some(chart) = &charts.overview {
        data(of_chart(chart), chart_data::overview_csv(&findings.controls));
    }
    if let (Some(chart), Some(register)) = (&charts.risks, &assessed.register) {
        data(of_chart(chart), chart_data::risks_csv(register));
    }
    let all: Vec<&Chart> =
        charts.controls.iter().flatten().chain(&charts.overview).chain(&charts.risks).collect();
    let pictures = side_by_side(threads, all.iter(), |chart| {
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

/// Faults by file and code, each added to its sum in order of place.
fn faults_by_code<'a, T: Default>(
    findings: &Findings<'a>,
    mut add: impl FnMut(&mut T, &Fault),
) -> BTreeMap<(&'a str, FaultCode), T> {
    let mut sums: BTreeMap<(&str, FaultCode), T> = BTreeMap::new();
    for fault in findings.judged.faults.iter() {
        let name = findings.exports[fault.place.export].name.as_str();
        add(sums.entry((name, fault.code)).or_default(), &fault);
    }
    sums
}

/// `results.json` alone.
pub fn results_file(findings: &Findings<'_>) -> Rendered {
    Rendered { name: "results.json".into(), bytes: results::results_json(findings) }
}

/// A text from an export as a CSV cell: one that a spreadsheet would take for a formula is disarmed
/// (OWASP, CSV injection).
fn harmless(text: &str) -> std::borrow::Cow<'_, str> {
    let dangerous = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];
    // A spreadsheet set to semicolons takes what stands behind one for a cell of its own.
    let begins_formula = |cell: &str| {
        cell.trim_start_matches(|letter: char| {
            letter.is_whitespace() || matches!(letter, '"' | '\'' | '\u{feff}' | '\u{200b}')
        })
        .starts_with(dangerous)
    };
    let printed = crate::values::printable(text);
    if printed.contains(';') && printed.split(';').any(begins_formula) {
        let disarmed: Vec<String> =
            printed
                .split(';')
                .map(|cell| {
                    if begins_formula(cell) { format!("'{}", cell.replace('"', "")) } else { cell.to_owned() }
                })
                .collect();
        return disarmed.join(";").into();
    }
    if begins_formula(&printed) { format!("'{printed}").into() } else { printed }
}
