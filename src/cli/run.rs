//! `frist run`: judge all cases and write the report folder.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::cases::CaseGate;
use super::editions::Editions;
use super::limits::Limits;
use super::session::Session;
use super::{Format, Global, pseudonyms, terminal};
use crate::error::Error;
use crate::findings::Findings;
use crate::gate::Gate;
use crate::ingest::files;
use crate::language::Language;
use crate::output::{Recovered, StagedFolder, Unrecovered};
use crate::period::PeriodKind;
use crate::pipeline::{CaseList, CaseOutput, Judged};
use crate::project::{Asked, GroupedBy, PictureFile};
use crate::report::{
    self, Logo, Look, Part, RESULTS, Rendered, Setting, Templates, WordTemplate, all_periods, case_writer,
    cases_header, faults_csv, manifest_json, places, rejection_sentences, render, tables,
};
use crate::text::{Texts, fill, notes};

/// Arguments of `frist run`.
#[derive(Args)]
pub struct RunArguments {
    /// Project file, a folder that holds one, a folder of exports, or one export
    #[arg(default_value = ".")]
    path: PathBuf,
    /// Folder to write; replaces an earlier report
    #[arg(long, value_name = "DIR", default_value = "reports")]
    out: PathBuf,
    /// Length of the periods: month, quarter, tertial, half-year or year [default: the project's, or tertial]
    #[arg(long, value_name = "PERIOD")]
    period: Option<PeriodKind>,
    /// Group cases by the column with this heading in place of the unit
    #[arg(long, value_name = "HEADING")]
    group: Option<String>,
    /// Group them by a second column as well
    #[arg(long, value_name = "HEADING", requires = "group")]
    subgroup: Option<String>,
    /// Combine groups with fewer judged cases in the last year (not a privacy measure) [default: the project's, or 0]
    #[arg(long, value_name = "CASES")]
    smallest_group: Option<u64>,
    /// Also write cases.csv: one row per case, with case numbers
    #[arg(long)]
    cases: bool,
    /// Write pseudonyms in place of case numbers, with the key in this file, which is created if it does not exist
    #[arg(long, alias = "pseudonymize", value_name = "KEYFILE", requires = "cases")]
    pseudonymise: Option<PathBuf>,
    /// Who the report is for: internal has every figure and must not be published; published hides small numbers
    #[arg(long, value_name = "EDITION", default_value = "internal")]
    edition: Edition,
    /// Folders of editions that were published before, beside those of the project: what they hide stays hidden
    #[arg(long, value_name = "DIR", num_args = 1..)]
    published_before: Vec<PathBuf>,
    /// Forms of the report, separated by commas
    #[arg(long, value_name = "FORM", value_delimiter = ',', default_values_t = FORMS)]
    forms: Vec<Form>,
    /// Write the report's body alone, without the appendix
    #[arg(long, conflicts_with = "appendix")]
    body: bool,
    /// Write its appendix alone
    #[arg(long)]
    appendix: bool,
    /// Pictures of charts to write as files, separated by commas: svg, png, column-svg, column-png, or none
    /// [default: the project's, or svg,png]
    #[arg(long, value_name = "PICTURE", value_parser = parse_pictures)]
    pictures: Option<Pictures>,
    /// Folder with templates that replace the built-in ones of the same name
    #[arg(long, value_name = "DIR")]
    template_dir: Option<PathBuf>,
    /// Word file whose styles, page, header and footer are used for the .docx
    #[arg(long, value_name = "FILE")]
    reference_docx: Option<PathBuf>,
    #[command(flatten)]
    limits: Limits,
}

/// The pictures that are asked for: one value, since clap takes a plain list for values of their own.
#[derive(Debug, Clone)]
struct Pictures(Vec<PictureFile>);

fn parse_pictures(text: &str) -> Result<Pictures, String> {
    PictureFile::parse_list(text).map(Pictures).map_err(|wrong| {
        let known = PictureFile::ALL.map(PictureFile::id).join(", ");
        format!("{wrong} is no picture; there are {known}, and none")
    })
}

/// Who a report is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Edition {
    /// Internal: every figure.
    Internal,
    /// For publication: small numbers hidden.
    Published,
}

/// A form of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// Pages.
    Html,
    /// Accessible PDF.
    #[cfg(feature = "pdf")]
    Pdf,
    /// Workbook.
    Xlsx,
    /// Word.
    Docx,
    /// Markdown.
    Md,
}

impl std::fmt::Display for Form {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let value = self.to_possible_value();
        f.write_str(value.as_ref().map_or("", |value| value.get_name()))
    }
}

/// Every form.
#[cfg(feature = "pdf")]
const FORMS: [Form; 5] = [Form::Html, Form::Pdf, Form::Xlsx, Form::Docx, Form::Md];
/// Every form of a build without the feature `pdf`.
#[cfg(not(feature = "pdf"))]
const FORMS: [Form; 4] = [Form::Html, Form::Xlsx, Form::Docx, Form::Md];

impl From<Form> for report::Format {
    fn from(form: Form) -> report::Format {
        match form {
            Form::Html => report::Format::Html,
            #[cfg(feature = "pdf")]
            Form::Pdf => report::Format::Pdf,
            Form::Xlsx => report::Format::Xlsx,
            Form::Docx => report::Format::Docx,
            Form::Md => report::Format::Md,
        }
    }
}

/// Name of the case list in the report folder.
fn cases_name() -> String {
    places::data("cases.csv")
}

/// Name of the list of faults there.
fn faults_name() -> String {
    places::data("faults.csv")
}

/// Does it.
pub fn run(arguments: &RunArguments, global: &Global, language: &mut Language) -> Result<(), Error> {
    let group = arguments.group.clone();
    let asked = Asked {
        period: arguments.period,
        grouped_by: group.map(|group| GroupedBy { group, subgroup: arguments.subgroup.clone() }),
        smallest_group: arguments.smallest_group,
        pictures: arguments.pictures.clone().map(|Pictures(pictures)| pictures),
        ..Asked::default()
    };
    if arguments.cases && arguments.edition == Edition::Published {
        return Err(Error::Usage { reason: Texts::of(*language).get("usage.cases-published").to_owned() });
    }
    if !arguments.published_before.is_empty() && arguments.edition == Edition::Internal {
        return Err(Error::Usage { reason: Texts::of(*language).get("usage.published-before").to_owned() });
    }
    let mut session = Session::open(&arguments.path, asked, global, language)?;
    session.run.read_plan()?;
    let session = session;
    let texts = session.texts;
    let own = Own::read(arguments, &session)?;
    let editions = match arguments.edition {
        Edition::Internal => None,
        Edition::Published => {
            Some(Editions::read(&arguments.published_before, &arguments.out, &session.run.input)?)
        }
    };
    let gate = session.gate();
    let pseudonyms = pseudonyms::open(arguments.pseudonymise.as_deref(), Some(&arguments.out), texts)?;
    let mut folder = StagedFolder::begin(&arguments.out, texts.get("terminal.changed"), gate.clone())?;
    tell_of_recovered(folder.recovered(), texts);
    let judged = if arguments.cases {
        let name = cases_name();
        let mut file = folder.create(&name)?;
        let style = session.printing.csv;
        let case_gate = CaseGate::new(gate.clone(), style.separator());
        let inspect = |lines: &[u8]| case_gate.inspect(lines);
        let (header, render) = (cases_header(style), case_writer(style, pseudonyms.as_ref()));
        let path = folder.target().join(&name);
        let (output, shows_numbers) = (CaseOutput::File(&mut file, &path), pseudonyms.is_none());
        let list = CaseList { render: &render, inspect: &inspect, shows_numbers, header: &header, output };
        let judged = session.judge(Some(list))?;
        folder.finish(&name, file, |name, written| case_gate.check(name, written))?;
        judged
    } else {
        session.judge(None)?
    };
    arguments.limits.check(&judged, &session.run.exports)?;
    let findings = match &editions {
        None => session.run.findings(&judged),
        Some(editions) => session.run.published(&judged, &editions.given)?,
    };
    let formats: Vec<report::Format> = arguments.forms.iter().map(|form| (*form).into()).collect();
    let setting = Setting {
        formats: &formats,
        part: match (arguments.body, arguments.appendix) {
            (true, _) => Part::Body,
            (_, true) => Part::Appendix,
            _ => Part::Whole,
        },
        look: &own.look,
        templates: &own.templates,
        word_template: own.word_template.as_ref(),
    };
    let files = render(&findings, &setting)?;
    let written: Vec<(&str, &[u8])> = files.iter().map(|file| (&*file.name, &*file.bytes)).collect();
    folder.write_all(session.run.settings().threads.0, &written)?;
    if arguments.edition == Edition::Internal {
        write_faults(&session, &judged, &gate, &mut folder)?;
    }
    let manifest = manifest_json(&findings, folder.listed());
    folder.publish(&manifest.bytes)?.iter().for_each(|folder| tell_of_set_aside(folder, texts));

    // The report stands, whatever becomes of what is printed.
    print_results(&findings, &files, global, &session).map_err(|error| match error {
        Error::UnwritableOutput { cause, .. } => {
            Error::OutputStands { path: arguments.out.clone(), cause, kept: None, set_aside: None }
        }
        other => other,
    })?;
    match findings.internal() {
        Some(internal) => {
            let list = arguments.out.join(faults_name());
            let said = notes::doubts(internal.judged, &findings.controls, &internal.details, &list, texts);
            said.iter().for_each(|said| terminal::tell(said));
        }
        None if session.run.plan.is_some() || session.run.risks.is_some() => {
            terminal::tell(texts.get("terminal.read-texts"));
        }
        None => {}
    }
    for said in rejection_sentences(&findings, texts) {
        terminal::tell(&said);
    }
    editions.iter().filter_map(|editions| editions.suggestion(texts)).for_each(|said| terminal::tell(&said));
    let steps = notes::steps_outside(session.run.settings(), &findings.controls, texts);
    let incomplete = notes::incomplete(&findings.controls, findings.internal().is_none(), texts);
    steps.iter().chain(&incomplete).for_each(|said| terminal::tell(said));
    let path = arguments.out.join(file_to_open(&arguments.forms));
    terminal::tell(&fill!(texts, "terminal.written", path = path.display()));
    Ok(())
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

/// The report in the form that is read most easily.
fn file_to_open(forms: &[Form]) -> String {
    let form = FORMS.into_iter().find(|form| forms.contains(form)).unwrap_or(Form::Html);
    format!("{}.{form}", report::REPORT)
}

fn print_results(
    findings: &Findings<'_>,
    files: &[Rendered],
    global: &Global,
    session: &Session,
) -> Result<(), Error> {
    let (printing, texts) = (session.printing, session.texts);
    match global.format {
        Format::Json => {
            let results = files.iter().find(|file| file.name == places::data(RESULTS));
            terminal::print(&results.expect("every report has results").bytes)
        }
        Format::Csv => terminal::print_tables(&[all_periods(findings)], printing),
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
}

impl Own {
    /// Reads it before the work begins.
    fn read(arguments: &RunArguments, session: &Session) -> Result<Own, Error> {
        let settings = &session.run.settings().report;
        let logo = settings.logo.as_ref().map(|path| session.run.input.folder.join(path));
        let logo =
            logo.map(|path| Logo::read(files::read_bytes(&path, files::MOST_LOGO)?, &path)).transpose()?;
        let mut templates = Templates::built_in();
        if let Some(folder) = &arguments.template_dir {
            let files = files::files_in(folder, |name| templates.has(name))?;
            if files.is_empty() {
                let (path, place) = (folder.clone(), String::new());
                return Err(Error::UnusableTemplate { path, key: "no-templates", place });
            }
            // One by one: the first that is no template ends it, however many there are.
            for path in files {
                let text = files::read_text(&path, files::MOST_TEMPLATE)?.text;
                templates = templates.with(vec![(path, text)])?;
            }
        }
        let word = arguments.reference_docx.as_ref().map(|path| {
            WordTemplate::read(&files::read_bytes(path, files::MOST_REFERENCE)?).map_err(|problem| {
                Error::UnusableTemplate { path: path.clone(), key: problem.id(), place: String::new() }
            })
        });
        Ok(Own { look: Look { colour: settings.colour, logo }, templates, word_template: word.transpose()? })
    }
}
