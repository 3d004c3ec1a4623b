//! Reports: what the commands that write one have in common.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use sha2::{Digest, Sha256};

use super::editions::Editions;
use super::options::{Format, Printed, Unfit, one_of, periods, whole};
use super::session::Session;
use super::terminal;
use crate::error::Error;
use crate::findings::Findings;
use crate::gate::Gate;
use crate::ingest::files::{self, Text};
use crate::ingest::manifest::{InputFile, InputKind, Listed};
use crate::ingest::{Input, hex};
use crate::output::{Recovered, StagedFolder, Unrecovered};
use crate::period::PeriodKind;
use crate::pipeline::Judged;
use crate::project::{Asked, Edition, Form, PictureFile};
use crate::report::{
    self, Logo, Look, Part, RESULTS, Rendered, Setting, Templates, WordTemplate, all_periods, faults_csv,
    manifest_json, places, rejection_sentences, render, tables, without_cases_sentences,
};
use crate::text::{Texts, fill, notes};

/// How a report is written.
#[derive(Args)]
pub struct ReportArguments {
    /// Folder to write; replaces an earlier report
    #[arg(long, value_name = "DIR", default_value = "reports")]
    pub out: PathBuf,
    /// Length of the periods [default: the project's, or tertial]
    #[arg(long, value_name = "PERIOD", value_parser = periods())]
    pub period: Option<PeriodKind>,
    /// Combine groups with fewer judged cases in the last year (not a privacy measure) [default: the project's, or 0]
    #[arg(long, value_name = "CASES", value_parser = whole::<u64>(0..=u64::MAX))]
    pub smallest_group: Option<u64>,
    /// Who the report is for: internal has every figure and must not be published; published hides small numbers
    /// [default: the project's, or internal]
    #[arg(long, value_name = "EDITION", value_parser = one_of(Edition::ALL.map(|edition| (edition.id(), edition))))]
    pub edition: Option<Edition>,
    /// Folders of editions that were published before, beside those of the project: what they hide stays hidden
    #[arg(long, value_name = "DIR", num_args = 1..)]
    pub published_before: Vec<PathBuf>,
    /// Forms of the report, separated by commas; pptx is slides [default: the project's, or all but pptx]
    #[arg(long, value_name = "FORM", value_delimiter = ',', value_parser = form_parser())]
    pub forms: Vec<Form>,
    /// Write the report's body alone, without the appendix
    #[arg(long, conflicts_with = "appendix")]
    pub body: bool,
    /// Write its appendix alone
    #[arg(long)]
    pub appendix: bool,
    /// Pictures of charts to write as files, separated by commas: svg, png, column-svg, column-png, or none
    /// [default: the project's, or svg,png]
    #[arg(long, value_name = "PICTURE", value_parser = parse_pictures)]
    pub pictures: Option<Pictures>,
    /// Folder with templates that replace the built-in ones of the same name
    #[arg(long, value_name = "DIR")]
    pub template_dir: Option<PathBuf>,
    /// Word file whose styles, page, header and footer are used for the .docx
    #[arg(long, value_name = "FILE")]
    pub reference_docx: Option<PathBuf>,
}

impl ReportArguments {
    /// What they say in place of the project file.
    pub fn asked(&self, printed: &Printed) -> Asked {
        Asked {
            edition: self.edition,
            period: self.period,
            smallest_group: self.smallest_group,
            forms: self.forms.clone(),
            pictures: self.pictures.clone().map(|Pictures(pictures)| pictures),
            ..printed.asked()
        }
    }

    /// As `RunArguments::inside`.
    pub fn inside(self, folder: &Path, report: &Path) -> ReportArguments {
        let placed = |path: PathBuf| folder.join(path);
        ReportArguments {
            out: report.to_owned(),
            published_before: self.published_before.into_iter().map(placed).collect(),
            template_dir: self.template_dir.map(placed),
            reference_docx: self.reference_docx.map(placed),
            ..self
        }
    }
}

fn form_parser() -> impl TypedValueParser<Value = Form> {
    PossibleValuesParser::new(Form::ALL.map(Form::id))
        .map(|name| Form::named(&name).expect("only names of forms are possible"))
}

/// The pictures that are asked for: one value, since clap takes a plain list for values of their own.
#[derive(Debug, Clone)]
pub struct Pictures(Vec<PictureFile>);

fn parse_pictures(text: &str) -> Result<Pictures, Unfit> {
    PictureFile::parse_list(text).map(Pictures).map_err(|_| Unfit::Pictures)
}

/// Name of the list of faults in the folder.
fn faults_name() -> String {
    places::data("faults.csv")
}

/// Where a report is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In the folder that the command names, in place of an earlier report.
    Out,
    /// Beside the report there, to be compared with it and removed.
    Beside,
}

/// A report made again.
pub struct Remade {
    /// Its files.
    pub files: Vec<Listed>,
    /// Its manifest.
    pub manifest: Vec<u8>,
}

/// A report in the making.
pub struct Writing<'a> {
    arguments: &'a ReportArguments,
    /// The command, as the manifest records it.
    command: Vec<String>,
    own: Own,
    editions: Option<Editions>,
    /// What everything that is written passes through.
    pub gate: Gate,
    /// Where it is written.
    pub folder: StagedFolder,
}

impl<'a> Writing<'a> {
    /// Reads what a municipality puts in the place of ours and begins the folder, before the work.
    pub fn begin(
        arguments: &'a ReportArguments,
        place: Place,
        command: Vec<String>,
        session: &Session,
    ) -> Result<Writing<'a>, Error> {
        let (own, gate, texts) = (Own::read(arguments, session)?, session.gate(), session.texts);
        let editions = match session.run.settings().edition {
            Edition::Internal => None,
            Edition::Published => {
                Some(Editions::read(&arguments.published_before, &arguments.out, &session.run.input)?)
            }
        };
        let folder = match place {
            Place::Out => StagedFolder::begin(&arguments.out, texts.get("terminal.changed"), gate.clone())?,
            Place::Beside => StagedFolder::beside(&arguments.out, gate.clone())?,
        };
        tell_of_recovered(folder.recovered(), texts);
        Ok(Writing { arguments, command, own, editions, gate, folder })
    }

    /// Writes what was found, puts the folder in its place and says what a reader should know.
    pub fn finish(mut self, session: &Session, judged: &Judged) -> Result<(), Error> {
        let (arguments, texts) = (self.arguments, session.texts);
        let findings = self.findings(session, judged)?;
        let files = self.write(session, judged, &findings)?;
        let manifest = self.manifest(session, judged, &findings)?;
        self.folder.publish(&manifest)?.iter().for_each(|folder| tell_of_set_aside(folder, texts));

        // The report stands, whatever becomes of what is printed.
        print_results(&findings, &files, session).map_err(|error| match error {
            Error::UnwritableOutput { cause, .. } => {
                Error::OutputStands { path: arguments.out.clone(), cause, kept: None, set_aside: None }
            }
            other => other,
        })?;
        tell_of_findings(&findings, arguments, session);
        let suggestion = self.editions.as_ref().and_then(|editions| editions.suggestion(texts));
        suggestion.iter().for_each(|said| terminal::tell(said));
        let path = arguments.out.join(file_to_open(&files, &session.run.settings().report.forms));
        terminal::tell(&fill!(texts, "terminal.written", path = path.display()));
        Ok(())
    }

    /// Writes what was found and returns what was written, which goes away.
    pub fn remade(mut self, session: &Session, judged: &Judged) -> Result<Remade, Error> {
        let findings = self.findings(session, judged)?;
        self.write(session, judged, &findings)?;
        let manifest = self.manifest(session, judged, &findings)?;
        Ok(Remade { files: self.folder.listed(), manifest })
    }

    fn findings<'s>(&self, session: &'s Session, judged: &'s Judged) -> Result<Findings<'s>, Error> {
        match &self.editions {
            None => Ok(session.run.findings(judged)),
            Some(editions) => session.run.published(judged, &editions.given),
        }
    }

    fn manifest(
        &self,
        session: &Session,
        judged: &Judged,
        findings: &Findings<'_>,
    ) -> Result<Vec<u8>, Error> {
        let read = [session.run.files_read(judged)?, self.own.files.clone()].concat();
        Ok(manifest_json(findings, &self.command, &read, self.folder.listed()).bytes)
    }

    fn write(
        &mut self,
        session: &Session,
        judged: &Judged,
        findings: &Findings<'_>,
    ) -> Result<Vec<Rendered>, Error> {
        let setting = Setting {
            forms: &session.run.settings().report.forms,
            part: match (self.arguments.body, self.arguments.appendix) {
                (true, _) => Part::Body,
                (_, true) => Part::Appendix,
                _ => Part::Whole,
            },
            look: &self.own.look,
            templates: &self.own.templates,
            word_template: self.own.word_template.as_ref(),
        };
        let files = render(findings, &setting)?;
        let written: Vec<(&str, &[u8])> = files.iter().map(|file| (&*file.name, &*file.bytes)).collect();
        self.folder.write_all(session.run.settings().threads.0, &written)?;
        if findings.internal().is_some() && !findings.exports.is_empty() {
            write_faults(session, judged, &self.gate, &mut self.folder)?;
        }
        Ok(files)
    }
}

fn tell_of_findings(findings: &Findings<'_>, arguments: &ReportArguments, session: &Session) {
    let (run, texts) = (&session.run, session.texts);
    match findings.internal() {
        Some(internal) => {
            let list = (!findings.exports.is_empty()).then(|| arguments.out.join(faults_name()));
            let (controls, details) = (&findings.controls, &internal.details);
            let said = notes::doubts(internal.judged, controls, details, list.as_deref(), texts);
            said.iter().for_each(|said| terminal::tell(said));
        }
        None if run.plan.is_some() || run.risks.is_some() => {
            terminal::tell(texts.get("terminal.read-texts"));
        }
        None => {}
    }
    for said in rejection_sentences(findings, texts) {
        terminal::tell(&said);
    }
    let steps = notes::steps_outside(run.settings(), &findings.controls, texts);
    let incomplete = notes::incomplete(&findings.controls, findings.internal().is_none(), texts);
    steps.iter().chain(&incomplete).for_each(|said| terminal::tell(said));
}

/// Says what became of reports that killed runs had moved away, whatever becomes of this one.
fn tell_of_recovered(recovered: &Recovered, texts: &Texts) {
    recovered.set_aside.iter().for_each(|folder| tell_of_set_aside(folder, texts));
    for Unrecovered { target, place, cause } in &recovered.failed {
        let [path, place] = [target, place].map(|path| path.to_string_lossy());
        terminal::tell(&fill!(texts, "terminal.unrecovered", path, place, cause));
    }
}

fn tell_of_set_aside(folder: &Path, texts: &Texts) {
    terminal::tell(&fill!(texts, "terminal.set-aside", path = folder.display()));
}

/// The report in the form that is read most easily; the follow-up of risks where that is all there is.
fn file_to_open(files: &[Rendered], forms: &[Form]) -> String {
    let form = Form::ALL.into_iter().find(|form| forms.contains(form)).unwrap_or(Form::Html);
    let name = |document: &str| format!("{document}.{}", form.id());
    let risks = name(report::RISKS);
    let is_written = |name: &str| files.iter().any(|file| file.name == name);
    if is_written(&risks) && !is_written(&name(report::REPORT)) { risks } else { name(report::REPORT) }
}

fn print_results(findings: &Findings<'_>, files: &[Rendered], session: &Session) -> Result<(), Error> {
    let (printing, texts) = (session.printing, session.texts);
    match printing.format {
        Format::Json => {
            let results = files.iter().find(|file| file.name == places::data(RESULTS));
            terminal::print(&results.expect("every report has results").bytes)
        }
        Format::Csv => terminal::print_tables(&[all_periods(findings)], printing),
        Format::Text if findings.is_without_cases() => {
            terminal::print_lines(&without_cases_sentences(findings, texts))
        }
        Format::Text => {
            let tables = [tables::summary(findings, texts), tables::ledger(findings, texts)];
            terminal::print_tables(&tables, printing)
        }
    }
}

/// Writes the list of faults piece by piece.
fn write_faults(
    session: &Session,
    judged: &Judged,
    gate: &Gate,
    folder: &mut StagedFolder,
) -> Result<(), Error> {
    let (name, style, texts) = (faults_name(), session.printing.csv, session.texts);
    let mut file = folder.create(&name)?;
    let path = folder.target().join(&name);
    let unwritable =
        |error: std::io::Error| Error::UnwritableOutput { path: path.clone(), cause: error.to_string() };
    faults_csv(&judged.faults, &session.run.exports, style, texts, |piece| {
        file.write_all(piece).map_err(&unwritable)
    })?;
    folder.finish(&name, file, |name, written| gate.check_table(name, written))
}

/// What a municipality puts in the place of ours.
struct Own {
    look: Look,
    templates: Templates,
    word_template: Option<WordTemplate>,
    /// The files of it all.
    files: Vec<InputFile>,
}

impl Own {
    /// Reads it before the work begins.
    fn read(arguments: &ReportArguments, session: &Session) -> Result<Own, Error> {
        let (settings, input) = (&session.run.settings().report, &session.run.input);
        let mut files = Vec::new();
        let mut read = |kind, recorded, path: &Path, most| {
            let bytes = files::read_bytes(path, most)?;
            files.push(InputFile::read(kind, recorded, hex(&Sha256::digest(&bytes))));
            Ok(bytes)
        };
        let mut logo = None;
        if let Some(path) = settings.logo.as_ref().map(|path| input.folder.join(path)) {
            let bytes = read(InputKind::Logo, input.recorded(&path)?, &path, files::MOST_LOGO)?;
            logo = Some(Logo::read(bytes, &path)?);
        }
        let mut word_template = None;
        if let Some(path) = &arguments.reference_docx {
            let recorded = input.recorded_argument(path)?;
            let bytes = read(InputKind::WordTemplate, recorded, path, files::MOST_REFERENCE)?;
            let unusable = |key| Error::UnusableTemplate { path: path.clone(), key, place: String::new() };
            word_template = Some(WordTemplate::read(&bytes).map_err(|problem| unusable(problem.id()))?);
        }
        let templates = match &arguments.template_dir {
            None => Templates::built_in(),
            Some(folder) => templates_in(folder, input, &mut files)?,
        };
        Ok(Own { look: Look { colour: settings.colour, logo }, templates, word_template, files })
    }
}

/// The templates with those of a folder in place of the built-in ones.
fn templates_in(folder: &Path, input: &Input, read: &mut Vec<InputFile>) -> Result<Templates, Error> {
    let mut templates = Templates::built_in();
    let files = files::files_in(folder, |name| templates.has(name))?;
    if files.is_empty() {
        let (path, place) = (folder.to_owned(), String::new());
        return Err(Error::UnusableTemplate { path, key: "no-templates", place });
    }
    let inside = input.recorded_argument(folder)?;
    // One by one: the first that is no template ends it, however many there are.
    for path in files {
        let Text { text, sha256 } = files::read_text(&path, files::MOST_TEMPLATE)?;
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        read.push(InputFile::read(InputKind::Template, format!("{inside}/{name}"), sha256));
        templates = templates.with(vec![(path, text)])?;
    }
    Ok(templates)
}
