//! Report: findings become files.
//!
//! Renders bytes; `output` writes them. Text and numbers are formatted by `text`.

mod bounded;
mod cases;
mod chart_data;
mod contents;
pub mod document;
mod docx;
mod facts_csv;
mod faults_csv;
mod html;
mod look;
mod manifest;
mod markdown;
mod office;
mod open_list;
#[cfg(feature = "pdf")]
mod packed;
#[cfg(feature = "pdf")]
mod pdf;
pub mod places;
mod pptx;
mod results;
pub mod tables;
mod templates;
mod trace;
mod trial;
mod unit_page;
mod units;
mod workbook;

pub use crate::table::{REPORT, RISKS};
pub use bounded::works_on_foreign;
pub use cases::{case_writer, cases_header, write_plain_case};
pub use chart_data::all_periods;
pub use contents::rejection_sentences;
pub use contents::without_cases_sentences;
pub use document::Part;
pub use docx::{Template as WordTemplate, TemplateProblem};
pub use faults_csv::faults_csv;
pub use look::{Logo, Look};
pub use manifest::{Making, law_manifest, manifest_json, program, published_pattern};
pub use open_list::ListPage;
pub use templates::Templates;
pub use trace::{NoFigure, TracedFigure};
pub use units::file_names;
pub use workbook::{MOST_CASES, write_case_list, write_list};

use std::collections::{BTreeMap, HashSet};

use crate::chart::{Chart, charts_of, overview, risk_matrix};
use crate::contribution::{TALLY, tally_csv};
use crate::error::Error;
use crate::findings::{Edition, Findings, Internal};
use crate::gate::Gate;
use crate::ingest::{Export, Fault, FaultCode, Faults};
use crate::period::PeriodKind;
use crate::pipeline::side_by_side;
use crate::project::{Form, PictureFile};
use crate::table::harmless;
use crate::text::Texts;
use contents::Assessed;
use document::{Document, Paper};
use html::Pages;

/// A file of the report.
pub struct Rendered {
    /// Path inside the folder, with `/`.
    pub name: String,
    /// Content.
    pub bytes: Vec<u8>,
}

impl Rendered {
    fn new(name: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Rendered {
        Rendered { name: name.into(), bytes: bytes.into() }
    }
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

impl Charts {
    fn of(findings: &Findings<'_>, assessed: &Assessed<'_>, threads: usize, texts: &Texts) -> Charts {
        Charts {
            overview: overview(&findings.controls, texts),
            controls: side_by_side(threads, findings.controls.iter(), |control| {
                charts_of(control, findings.detail(control), texts)
            }),
            risks: assessed.register.as_ref().and_then(|register| risk_matrix(register, texts)),
        }
    }

    fn all(&self) -> impl Iterator<Item = &Chart> {
        self.controls.iter().flatten().chain(&self.overview).chain(&self.risks)
    }
}

/// How the documents of a report are set; the rest is in the findings' settings.
pub struct Setting<'a> {
    /// The forms of its documents.
    pub forms: &'a [Form],
    /// What is written of the report.
    pub part: Part,
    /// Colour and logo.
    pub look: &'a Look,
    /// How documents are set.
    pub templates: &'a Templates,
    /// The municipality's own Word template.
    pub word_template: Option<&'a WordTemplate>,
}

/// The results for machines.
pub const RESULTS: &str = "results.json";

/// Makes some files of the report.
type Work<'a> = Box<dyn Fn() -> Result<Vec<Rendered>, Error> + Sync + 'a>;

/// Every file of the report but the lists of cases and faults, which are too long to hold, and the manifest.
///
/// # Errors
/// [`Error::UnusableTemplate`] when a template or logo of the municipality's own is at fault.
pub fn render(findings: &Findings<'_>, setting: &Setting<'_>) -> Result<Vec<Rendered>, Error> {
    let settings = findings.settings;
    let pictures = settings.report.pictures.as_slice();
    let gate = &Gate::new(&settings.accept);
    let texts = Texts::of(settings.language);
    let assessed = Assessed::of(findings);
    let charts = Charts::of(findings, &assessed, settings.threads.0, texts);
    let units = units::Units::of(findings);
    let report = contents::report(findings, &assessed, &charts, &units, texts);
    let report = report.map(|report| report.only(setting.part).printable());
    let risks = contents::risk_follow_up(findings, &assessed, &charts, texts).map(Document::printable);
    let documents: Vec<Document> = report.into_iter().chain(risks).collect();
    let main = documents.first();
    let papers: Vec<Paper> = documents.iter().map(Document::on_paper).collect();
    let pages = Pages::new(setting.look, setting.templates, settings.language)?;
    let wants = |form: Form| setting.forms.contains(&form);

    // What takes longest comes first, and Word after the pictures that it holds.
    let mut work: Vec<Work<'_>> = Vec::new();
    // Own templates are set one by one: what the program as a whole takes is charged to the one being set.
    let mut alone: Vec<Work<'_>> = Vec::new();
    #[cfg(feature = "pdf")]
    if wants(Form::Pdf) {
        let list = if setting.templates.are_own(".typ") { &mut alone } else { &mut work };
        list.extend(
            papers
                .iter()
                .map(|paper| -> Work<'_> { Box::new(move || pdf_file(paper, setting, gate, texts)) }),
        );
    }
    #[cfg(not(feature = "pdf"))]
    work.push(Box::new(|| {
        Ok(vec![Rendered::new("report.pdf.txt", format!("{}\n", texts.get("report.no-pdf")))])
    }));
    if wants(Form::Html) {
        let list = if setting.templates.are_own(".jinja") { &mut alone } else { &mut work };
        list.extend(documents.iter().map(|document| -> Work<'_> {
            let pages = &pages;
            Box::new(move || page_file(document, "", pages))
        }));
        list.extend(units.each().map(|(name, file)| -> Work<'_> {
            let pages = &pages;
            Box::new(move || {
                page_file(&unit_page::page(findings, name, file, texts).printable(), "../", pages)
            })
        }));
    }
    let in_word: HashSet<&str> = match wants(Form::Docx) {
        true => papers.iter().flat_map(|paper| paper.document().figures()).map(|it| &*it.name).collect(),
        false => HashSet::new(),
    };
    work.extend(charts.all().map(|chart| -> Work<'_> {
        let is_in_word = in_word.contains(&*chart.name);
        Box::new(move || picture_files(chart, is_in_word, pictures, gate))
    }));
    work.extend(main.filter(|_| wants(Form::Xlsx)).map(|document| -> Work<'_> {
        Box::new(|| {
            let bytes = workbook::workbook(document, findings, &assessed, setting.look, texts);
            Ok(vec![Rendered::new(format!("{}.xlsx", document.name), bytes)])
        })
    }));
    work.extend(main.filter(|_| wants(Form::Pptx)).map(|document| -> Work<'_> {
        Box::new(|| Ok(vec![slides_file(document, findings, &assessed, &charts, setting, texts)]))
    }));
    work.push(Box::new(|| Ok(data_files(findings, &assessed, &charts))));
    work.extend(papers.iter().map(|paper| -> Work<'_> {
        let charts = &charts;
        Box::new(move || Ok(text_files(paper, charts, setting, pictures, texts)))
    }));
    let mut made = side_by_side(1, alone.iter(), |make| make());
    made.extend(side_by_side(settings.threads.0, work.iter(), |make| make()));
    let made: Vec<Vec<Rendered>> = made.into_iter().collect::<Result<_, Error>>()?;
    Ok(made.into_iter().flatten().collect())
}

fn page_file(document: &Document, root: &str, pages: &Pages<'_>) -> Result<Vec<Rendered>, Error> {
    Ok(vec![Rendered::new(format!("{}.html", document.name), pages.html(document, root)?)])
}

#[cfg(feature = "pdf")]
fn pdf_file(
    paper: &Paper,
    setting: &Setting<'_>,
    gate: &Gate,
    texts: &Texts,
) -> Result<Vec<Rendered>, Error> {
    let document = paper.document();
    check_before_setting(paper, gate)?;
    let bytes = pdf::pdf(paper, setting.look, setting.templates, texts)?;
    Ok(vec![Rendered::new(format!("{}.pdf", document.name), bytes)])
}

/// A document as Word and Markdown.
fn text_files(
    paper: &Paper,
    charts: &Charts,
    setting: &Setting<'_>,
    pictures: &[PictureFile],
    texts: &Texts,
) -> Vec<Rendered> {
    let document = paper.document();
    let mut files = Vec::new();
    if setting.forms.contains(&Form::Docx) {
        let picture =
            |name: &str| charts.all().find(|chart| chart.name == name).map(|chart| chart.wide.png().to_vec());
        let words = docx::Words {
            contents: texts.get("report.contents"),
            page_of: texts.get("page.of"),
            logo: &logo_words(document, texts),
        };
        let bytes = docx::docx(paper, &picture, setting.look, &words, setting.word_template);
        files.push(Rendered::new(format!("{}.docx", document.name), bytes));
    }
    if setting.forms.contains(&Form::Md) {
        // Wherever text is written PNG can be pasted.
        let liked = [PictureFile::Png, PictureFile::Svg, PictureFile::ColumnPng, PictureFile::ColumnSvg];
        let picture = liked.into_iter().find(|file| pictures.contains(file));
        files.push(Rendered::new(format!("{}.md", document.name), markdown::markdown(paper, picture)));
    }
    files
}

/// A document as slides, each chart in the shape whose text is largest on them.
fn slides_file(
    document: &Document,
    findings: &Findings<'_>,
    assessed: &Assessed<'_>,
    charts: &Charts,
    setting: &Setting<'_>,
    texts: &Texts,
) -> Rendered {
    let document = contents::slides(document, findings, assessed, charts, texts).printable();
    let picture =
        |name: &str| charts.all().find(|chart| chart.name == name).map(|chart| chart.column.png().to_vec());
    let words = pptx::Words {
        logo: &logo_words(&document, texts),
        overview: texts.get("report.summary"),
        control: texts.get("table.control"),
    };
    let bytes = pptx::pptx(&document.on_paper(), &picture, setting.look, &words);
    Rendered::new(format!("{}.pptx", document.name), bytes)
}

/// What the logo says to those who do not see it.
fn logo_words(document: &Document, texts: &Texts) -> String {
    format!("{} {}", texts.get("page.logo"), document.organisation.as_deref().unwrap_or_default())
}

/// Checks the text of a PDF, descriptions of pictures included: once it is set it is compressed.
#[cfg(feature = "pdf")]
fn check_before_setting(paper: &Paper, gate: &Gate) -> Result<(), Error> {
    let text = markdown::markdown(paper, None);
    gate.check_text(&format!("{}.pdf", paper.document().name), &String::from_utf8_lossy(&text))
}

/// A chart as the pictures that are written as files; one that is in Word as well is drawn for it. What stands in it is
/// checked here: nobody can read it in pixels, or in a PDF.
fn picture_files(
    chart: &Chart,
    is_in_word: bool,
    pictures: &[PictureFile],
    gate: &Gate,
) -> Result<Vec<Rendered>, Error> {
    let name = |file| places::picture(&chart.name, file);
    gate.check(&name(PictureFile::Svg), chart.wide.svg.as_bytes())?;
    gate.check(&name(PictureFile::ColumnSvg), chart.column.svg.as_bytes())?;
    if is_in_word {
        chart.wide.png();
    }
    let bytes = |file| match file {
        PictureFile::Svg => chart.wide.svg.as_bytes(),
        PictureFile::Png => chart.wide.png(),
        PictureFile::ColumnSvg => chart.column.svg.as_bytes(),
        PictureFile::ColumnPng => chart.column.png(),
    };
    Ok(pictures.iter().map(|file| Rendered::new(name(*file), bytes(*file))).collect())
}

/// What programs read: the results, what adds up, and the figures of every chart.
fn data_files(findings: &Findings<'_>, assessed: &Assessed<'_>, charts: &Charts) -> Vec<Rendered> {
    let mut files = vec![Rendered::new(places::data(RESULTS), results::results_json(findings, assessed))];
    if let Edition::Internal(Internal { judged, facts, .. }) = &findings.edition
        && !findings.is_without_cases()
    {
        let controls = &findings.controls;
        let tallies = controls
            .iter()
            .map(|control| (&control.rule, PeriodKind::Month, &judged.tallies[&control.rule.id]));
        files.push(Rendered::new(places::data(TALLY), tally_csv(tallies)));
        files.push(Rendered::new(places::data("facts.csv"), facts_csv::facts_csv(facts, controls)));
    }
    let of_chart = |chart: &Chart, bytes| Rendered::new(places::chart_data(&chart.name), bytes);
    for (control, charts) in findings.controls.iter().zip(&charts.controls) {
        let detail = findings.detail(control);
        let data = |chart: &Chart| chart_data::chart_csv(chart.kind, control, detail);
        files.extend(charts.iter().map(|chart| of_chart(chart, data(chart))));
        if control.groupings.iter().any(|grouping| grouping.groups.iter().any(|group| group.trend.is_some()))
        {
            let name = chart_data::group_trends_name(&control.rule.id);
            files.push(Rendered::new(name, chart_data::group_trends_csv(control, detail)));
        }
    }
    if let Some(chart) = &charts.overview {
        files.push(of_chart(chart, chart_data::overview_csv(findings)));
    }
    if let (Some(chart), Some(register)) = (&charts.risks, &assessed.register) {
        files.push(of_chart(chart, chart_data::risks_csv(register)));
    }
    files
}

/// Faults by file and code, each added to its sum in order of place.
fn faults_by_code<'a, T: Default>(
    faults: &Faults,
    exports: &'a [Export],
    mut add: impl FnMut(&mut T, &Fault),
) -> BTreeMap<(&'a str, FaultCode), T> {
    let mut sums: BTreeMap<(&str, FaultCode), T> = BTreeMap::new();
    for fault in faults.iter() {
        let name = exports[fault.place.export].name.as_str();
        add(sums.entry((name, fault.code)).or_default(), &fault);
    }
    sums
}
