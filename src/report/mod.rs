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
pub use contents::{rejection_sentences, without_cases_sentences};
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

use crate::analysis::ControlFindings;
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

    fn named(&self, name: &str) -> Option<&Chart> {
        self.all().find(|chart| chart.name == name)
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

/// Every file of the report but the lists of cases and faults, which are too long to hold, and the manifest.
///
/// # Errors
/// [`Error::UnusableTemplate`] when a template or logo of the municipality's own is at fault.
pub fn render(findings: &Findings<'_>, setting: &Setting<'_>) -> Result<Vec<Rendered>, Error> {
    let report = Report::of(findings, setting)?;
    // Own templates are set one by one: what the program as a whole takes is charged to the one being set.
    let (alone, together): (Vec<_>, Vec<_>) = report.work().into_iter().partition(|(form, _)| match form {
        #[cfg(feature = "pdf")]
        Some(Form::Pdf) => setting.templates.are_own(".typ"),
        Some(Form::Html) => setting.templates.are_own(".jinja"),
        _ => false,
    });
    let mut made = side_by_side(1, alone.iter(), |(_, make)| make());
    made.extend(side_by_side(findings.settings.threads.0, together.iter(), |(_, make)| make()));
    let made: Vec<Vec<Rendered>> = made.into_iter().collect::<Result<_, Error>>()?;
    Ok(made.into_iter().flatten().collect())
}

/// Makes some files of the report, of one form if that is named.
type Work<'a> = (Option<Form>, Box<dyn Fn() -> Result<Vec<Rendered>, Error> + Sync + 'a>);

/// What the files of a report are made from.
struct Report<'a> {
    findings: &'a Findings<'a>,
    setting: &'a Setting<'a>,
    texts: &'a Texts,
    gate: Gate,
    assessed: Assessed<'a>,
    charts: Charts,
    units: units::Units,
    /// The report, and the follow-up of risks.
    documents: Vec<Document>,
    papers: Vec<Paper>,
    pages: Pages<'a>,
}

impl<'a> Report<'a> {
    fn of(findings: &'a Findings<'a>, setting: &'a Setting<'a>) -> Result<Report<'a>, Error> {
        let settings = findings.settings;
        let texts = Texts::of(settings.language);
        let assessed = Assessed::of(findings);
        let charts = Charts::of(findings, &assessed, settings.threads.0, texts);
        let units = units::Units::of(findings);
        let report = contents::report(findings, &assessed, &charts, &units, texts);
        let report = report.map(|report| report.only(setting.part).printable());
        let risks = contents::risk_follow_up(findings, &assessed, &charts, texts).map(Document::printable);
        let documents: Vec<Document> = report.into_iter().chain(risks).collect();
        Ok(Report {
            findings,
            setting,
            texts,
            gate: Gate::new(&settings.accept),
            assessed,
            charts,
            units,
            papers: documents.iter().map(Document::on_paper).collect(),
            documents,
            pages: Pages::new(setting.look, setting.templates, settings.language)?,
        })
    }

    /// The work of making all files: what takes longest comes first, and Word after the pictures that it holds.
    fn work(&self) -> Vec<Work<'_>> {
        let wants = |form: &Form| self.setting.forms.contains(form);
        let in_word = if wants(&Form::Docx) { self.in_word() } else { HashSet::new() };
        let pictures = self.charts.all().map(|chart| -> Work<'_> {
            let is_in_word = in_word.contains(&*chart.name);
            (None, Box::new(move || self.pictures(chart, is_in_word)))
        });
        let texts =
            self.papers.iter().map(|paper| -> Work<'_> { (None, Box::new(|| Ok(self.text_files(paper)))) });
        let mut work: Vec<Work<'_>> = self.pdfs();
        work.extend(self.html());
        work.extend(pictures);
        if let Some(document) = self.documents.first() {
            work.push((Some(Form::Xlsx), Box::new(|| Ok(vec![self.workbook(document)]))));
            work.push((Some(Form::Pptx), Box::new(|| Ok(vec![self.slides(document)]))));
        }
        work.push((None, Box::new(|| Ok(self.data()))));
        work.extend(texts);
        work.retain(|(form, _)| form.as_ref().is_none_or(wants));
        work
    }

    /// The names of the charts in Word.
    fn in_word(&self) -> HashSet<&str> {
        self.papers.iter().flat_map(|paper| paper.document().figures()).map(|it| &*it.name).collect()
    }

    #[cfg(feature = "pdf")]
    fn pdfs(&self) -> Vec<Work<'_>> {
        let pdf = |paper| -> Work<'_> { (Some(Form::Pdf), Box::new(move || Ok(vec![self.pdf(paper)?]))) };
        self.papers.iter().map(pdf).collect()
    }

    /// That there is no PDF.
    #[cfg(not(feature = "pdf"))]
    fn pdfs(&self) -> Vec<Work<'_>> {
        let text = || Rendered::new("report.pdf.txt", format!("{}\n", self.texts.get("report.no-pdf")));
        vec![(None, Box::new(move || Ok(vec![text()])))]
    }

    #[cfg(feature = "pdf")]
    fn pdf(&self, paper: &Paper) -> Result<Rendered, Error> {
        let name = format!("{}.pdf", paper.document().name);
        // The text, descriptions of pictures included: once it is set it is compressed.
        let text = markdown::markdown(paper, None);
        self.gate.check_text(&name, &String::from_utf8_lossy(&text))?;
        Ok(Rendered::new(name, pdf::pdf(paper, self.setting.look, self.setting.templates, self.texts)?))
    }

    /// The pages: the documents, and one for each unit.
    fn html(&self) -> Vec<Work<'_>> {
        let page = |document: &Document, root: &str| {
            let name = format!("{}.html", document.name);
            Ok(vec![Rendered::new(name, self.pages.html(document, root)?)])
        };
        let of_documents = self
            .documents
            .iter()
            .map(|document| -> Work<'_> { (Some(Form::Html), Box::new(move || page(document, ""))) });
        let of_units = self.units.each().map(|(name, file)| -> Work<'_> {
            let document = move || unit_page::page(self.findings, name, file, self.texts).printable();
            (Some(Form::Html), Box::new(move || page(&document(), "../")))
        });
        of_documents.chain(of_units).collect()
    }

    /// A chart as the pictures that are written as files; one that is in Word as well is drawn for it. What stands in it
    /// is checked here: nobody can read it in pixels, or in a PDF.
    fn pictures(&self, chart: &Chart, is_in_word: bool) -> Result<Vec<Rendered>, Error> {
        let name = |file| places::picture(&chart.name, file);
        self.gate.check(&name(PictureFile::Svg), chart.wide.svg.as_bytes())?;
        self.gate.check(&name(PictureFile::ColumnSvg), chart.column.svg.as_bytes())?;
        if is_in_word {
            chart.wide.png();
        }
        let bytes = |file| match file {
            PictureFile::Svg => chart.wide.svg.as_bytes(),
            PictureFile::Png => chart.wide.png(),
            PictureFile::ColumnSvg => chart.column.svg.as_bytes(),
            PictureFile::ColumnPng => chart.column.png(),
        };
        let wanted = self.findings.settings.report.pictures.as_slice();
        Ok(wanted.iter().map(|file| Rendered::new(name(*file), bytes(*file))).collect())
    }

    fn workbook(&self, document: &Document) -> Rendered {
        let name = format!("{}.xlsx", document.name);
        let look = self.setting.look;
        Rendered::new(name, workbook::workbook(document, self.findings, &self.assessed, look, self.texts))
    }

    /// A document as slides, each chart in the shape whose text is largest on them.
    fn slides(&self, document: &Document) -> Rendered {
        let texts = self.texts;
        let slides =
            contents::slides(document, self.findings, &self.assessed, &self.charts, texts).printable();
        let words = pptx::Words {
            logo: &logo_words(&slides, texts),
            overview: texts.get("report.summary"),
            control: texts.get("table.control"),
        };
        let picture = |name: &str| self.charts.named(name).map(|chart| chart.column.png().to_vec());
        let bytes = pptx::pptx(&slides.on_paper(), &picture, self.setting.look, &words);
        Rendered::new(format!("{}.pptx", slides.name), bytes)
    }

    /// A document as Word and Markdown.
    fn text_files(&self, paper: &Paper) -> Vec<Rendered> {
        let (document, texts, setting) = (paper.document(), self.texts, self.setting);
        let mut files = Vec::new();
        if setting.forms.contains(&Form::Docx) {
            let words = docx::Words {
                contents: texts.get("report.contents"),
                page_of: texts.get("page.of"),
                logo: &logo_words(document, texts),
            };
            let picture = |name: &str| self.charts.named(name).map(|chart| chart.wide.png().to_vec());
            let bytes = docx::docx(paper, &picture, setting.look, &words, setting.word_template);
            files.push(Rendered::new(format!("{}.docx", document.name), bytes));
        }
        if setting.forms.contains(&Form::Md) {
            // Wherever text is written PNG can be pasted.
            let liked = [PictureFile::Png, PictureFile::Svg, PictureFile::ColumnPng, PictureFile::ColumnSvg];
            let written = &self.findings.settings.report.pictures;
            let picture = liked.into_iter().find(|file| written.contains(file));
            files.push(Rendered::new(format!("{}.md", document.name), markdown::markdown(paper, picture)));
        }
        files
    }

    /// What programs read: the results, what adds up, and the figures of every chart.
    fn data(&self) -> Vec<Rendered> {
        let Report { findings, assessed, .. } = self;
        let results = results::results_json(findings, assessed);
        let mut files = vec![Rendered::new(places::data(RESULTS), results)];
        if let Edition::Internal(Internal { judged, facts, .. }) = &findings.edition
            && !findings.is_without_cases()
        {
            let controls = &findings.controls;
            let tally = |control: &'a ControlFindings| {
                (&control.rule, PeriodKind::Month, &judged.tallies[&control.rule.id])
            };
            files.push(Rendered::new(places::data(TALLY), tally_csv(controls.iter().map(tally))));
            files.push(Rendered::new(places::data("facts.csv"), facts_csv::facts_csv(facts, controls)));
        }
        files.extend(self.chart_data());
        files
    }

    fn chart_data(&self) -> Vec<Rendered> {
        let Report { findings, assessed, charts, .. } = self;
        let of_chart = |chart: &Chart, bytes| Rendered::new(places::chart_data(&chart.name), bytes);
        let mut files = Vec::new();
        for (control, charts) in findings.controls.iter().zip(&charts.controls) {
            let detail = findings.detail(control);
            let data = |chart: &Chart| chart_data::chart_csv(chart.kind, control, detail);
            files.extend(charts.iter().map(|chart| of_chart(chart, data(chart))));
            let mut groups = control.groupings.iter().flat_map(|grouping| &grouping.groups);
            if groups.any(|group| group.trend.is_some()) {
                let name = chart_data::group_trends_name(&control.rule.id);
                files.push(Rendered::new(name, chart_data::group_trends_csv(control, detail)));
            }
        }
        files.extend(charts.overview.iter().map(|chart| of_chart(chart, chart_data::overview_csv(findings))));
        let risks = charts.risks.iter().zip(&assessed.register);
        files.extend(risks.map(|(chart, register)| of_chart(chart, chart_data::risks_csv(register))));
        files
    }
}

/// What the logo says to those who do not see it.
fn logo_words(document: &Document, texts: &Texts) -> String {
    format!("{} {}", texts.get("page.logo"), document.organisation.as_deref().unwrap_or_default())
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
