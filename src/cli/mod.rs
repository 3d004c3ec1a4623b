//! The command line: arguments in, library calls, something printed.
//!
//! Alone in knowing clap, and in writing to the terminal. Tables go to standard output, messages and
//! progress to standard error.

mod add;
mod calendar;
mod cases;
mod check;
mod compare;
mod due;
mod editions;
mod explain;
mod init;
mod licenses;
mod limits;
mod open;
mod panics;
mod pseudonyms;
mod report;
mod rules;
mod run;
mod sample;
mod session;
mod sql;
mod tally;
mod terminal;
mod threads;
mod trace;
mod verify;
mod version;

use std::panic;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::date::Day;
use crate::encoding::Encoding;
use crate::error::Error;
use crate::ingest::Input;
use crate::language::Language;
use crate::output;
use crate::project::{Asked, CsvStyle, Settings};
use crate::rulebook::Rulebook;
use crate::text::Texts;

/// Judges every case by the deadline that applied to it, and writes the report.
///
/// Runs only on this machine and opens no network connection: it contains no code for HTTP or TLS.
#[derive(Parser)]
#[command(name = "frist", version, max_term_width = 100, after_help = EXIT_CODES)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    global: Global,
}

/// What the exit codes mean; docs/commands.md has them too.
const EXIT_CODES: &str = "\
Exit codes:
   0  done
   1  more rows rejected than allowed, or a report that is incomplete or altered
   2  an argument that cannot be used
  65  exports that cannot be used
  70  a bug in the program
  74  something cannot be read or written
  78  a project file, rulebook, plan, list, key, template or logo that cannot be used
 130  stopped by Ctrl-C";

/// Options that mean the same everywhere.
#[derive(Args)]
struct Global {
    /// Language of reports and messages: sv or en
    #[arg(long, global = true, value_name = "LANG")]
    lang: Option<Language>,
    /// The day that the data describes; later events do not count
    #[arg(long, global = true, value_name = "DATE", value_parser = parse_day)]
    as_of: Option<Day>,
    /// Worker threads [default: one per processor]
    #[arg(long, global = true, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    threads: Option<u16>,
    /// How tables are printed
    #[arg(long, global = true, value_name = "FORMAT", default_value = "text")]
    format: Format,
    /// How CSV is written: standard, or excel-sv with semicolon, decimal comma and byte order mark [default: the
    /// project's, or standard]
    #[arg(long, global = true, value_name = "STYLE", value_parser = parse_csv_style)]
    csv: Option<CsvStyle>,
    /// Encoding of text exports: utf-8, utf-16le, utf-16be, windows-1252, iso-8859-1, cp850, macintosh or
    /// utf-8-twice [default: detected in
    /// each file]
    #[arg(long, global = true, value_name = "ENCODING", value_parser = parse_encoding)]
    encoding: Option<Encoding>,
    /// A rulebook whose rules override or extend the built-in ones and the project's
    #[arg(long, global = true, value_name = "FILE")]
    rulebook: Option<PathBuf>,
}

impl Global {
    /// What the command says in place of the project file, these options included.
    fn asked(&self, of_command: Asked) -> Asked {
        Asked {
            as_of: self.as_of.or(of_command.as_of),
            language: self.lang,
            rulebook: self.rulebook.clone(),
            csv: self.csv,
            encoding: self.encoding,
            threads: self.threads.map(usize::from),
            ..of_command
        }
    }

    /// What a command without exports goes by.
    fn settings(&self) -> Settings {
        let mut settings = Settings::default();
        settings.put(self.asked(Asked::default()));
        settings
    }

    /// The rulebook of a command without exports.
    fn rules(&self) -> Result<Rulebook, Error> {
        let mut input = Input::default();
        input.settings.put(self.asked(Asked::default()));
        input.rulebook()
    }

    /// How such a command prints a table.
    fn printing(&self) -> Printing {
        let Settings { csv, language, .. } = self.settings();
        Printing { format: self.format, csv, language }
    }
}

/// How tables are printed, and in which language.
#[derive(Debug, Clone, Copy)]
struct Printing {
    format: Format,
    csv: CsvStyle,
    language: Language,
}

/// How tables are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// For machines: JSON.
    Json,
    /// For machines: comma separated values.
    Csv,
}

#[derive(Subcommand)]
enum Command {
    /// Judge all cases and write the report folder
    Run(run::RunArguments),
    /// Write the counts alone, to be added to those of others
    Tally(tally::TallyArguments),
    /// Make one report from the tallies of several organisations
    Add(add::AddArguments),
    /// Write the law as tables and SQL, to count the cases in a database
    Sql(sql::SqlArguments),
    /// Examine exports and write a commented project file for them
    Init(init::InitArguments),
    /// List everything that is wrong with exports and project file; writes nothing
    Check(check::CheckArguments),
    /// Explain a code: what it means, where it comes from, what to do
    Explain(explain::ExplainArguments),
    /// Write every case with its due dates and outcomes: the audit trail
    Cases(cases::CasesArguments),
    /// Compare the lawful method with another way to count
    Compare(compare::CompareArguments),
    /// Show the cases behind a figure of a report
    Trace(trace::TraceArguments),
    /// List open cases, soonest deadline first
    Open(open::OpenArguments),
    /// Work out one deadline, with its reasoning and its law
    Due(due::DueArguments),
    /// Show the rulebook
    Rules,
    /// Show the public holidays of a year and the days on which a deadline rolls
    Calendar(calendar::CalendarArguments),
    /// Write synthetic exports, reproducible from a seed
    Sample(sample::SampleArguments),
    /// Show the third-party parts of the program, and their licences
    Licenses(licenses::LicensesArguments),
    /// Check that a report is complete and unaltered
    Verify(verify::VerifyArguments),
}

impl Command {
    /// Whether it analyses or sets anything: polars and typst begin threads of their own.
    fn uses_pools(&self) -> bool {
        matches!(
            self,
            Command::Run(_)
                | Command::Check(_)
                | Command::Cases(_)
                | Command::Compare(_)
                | Command::Open(_)
                | Command::Trace(_)
        )
    }
}

fn parse_day(text: &str) -> Result<Day, String> {
    Day::parse_iso(text).ok_or_else(|| "a day between 1930 and 2100 is written 2024-08-31".into())
}

fn parse_csv_style(text: &str) -> Result<CsvStyle, String> {
    let found = CsvStyle::ALL.into_iter().find(|style| style.id() == text);
    found.ok_or_else(|| format!("CSV is written as {}", CsvStyle::ALL.map(CsvStyle::id).join(" or ")))
}

fn parse_encoding(text: &str) -> Result<Encoding, String> {
    Encoding::named(text).ok_or_else(|| {
        let known = Encoding::ALL.map(Encoding::id).join(", ");
        format!("encodings that are read: {known}, iso-8859-1")
    })
}

/// Exit code of our own mistakes.
const INTERNAL_ERROR: u8 = 70;

/// Runs the program with the arguments of the process.
pub fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(said) => return told_by_clap(&said),
    };
    // Until a project file says otherwise.
    let language = arguments.global.lang.unwrap_or_default();
    panics::tell_in_our_words(language);
    if arguments.command.uses_pools() {
        threads::make_room();
    }
    output::clear_on_signals(move |was_writing| {
        let key = if was_writing { "terminal.stopped-writing" } else { "terminal.stopped" };
        terminal::tell_in_passing(Texts::of(language).get(key));
    });
    let outcome = panic::catch_unwind(panic::AssertUnwindSafe(|| dispatch(&arguments)));
    match outcome {
        Ok(Ok(())) => ExitCode::SUCCESS,
        Ok(Err(failure)) => {
            output::end_if_interrupted();
            told(&failure)
        }
        Err(_) => ExitCode::from(INTERNAL_ERROR),
    }
}

fn told(failure: &Failure) -> ExitCode {
    terminal::tell_error(&failure.error, Texts::of(failure.language));
    ExitCode::from(failure.error.exit_code())
}

/// Help and version, or what is wrong with the arguments.
fn told_by_clap(said: &clap::Error) -> ExitCode {
    if said.use_stderr() {
        // It repeats what was given.
        terminal::tell(said.render().to_string().trim_end());
        return ExitCode::from(2);
    }
    let text = match said.kind() {
        ErrorKind::DisplayVersion => version::version(),
        _ => said.render().to_string(),
    };
    match terminal::print(text.as_bytes()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => told(&Failure { error, language: Language::default() }),
    }
}

/// An error, and the language to tell it in.
struct Failure {
    error: Error,
    language: Language,
}

fn dispatch(arguments: &Arguments) -> Result<(), Failure> {
    let global = &arguments.global;
    let mut language = global.lang.unwrap_or_default();
    let result = match &arguments.command {
        Command::Run(run) => run::run(run, global, &mut language),
        Command::Tally(tally) => tally::run(tally, global, &mut language),
        Command::Add(add) => add::run(add, global, &mut language),
        Command::Sql(sql) => sql::run(sql, global, &mut language),
        Command::Init(init) => init::run(init, global, &mut language),
        Command::Check(check) => check::run(check, global, &mut language),
        Command::Explain(explain) => explain::run(explain, global),
        Command::Cases(cases) => cases::run(cases, global, &mut language),
        Command::Compare(compare) => compare::run(compare, global, &mut language),
        Command::Trace(trace) => trace::run(trace, global, &mut language),
        Command::Open(open) => open::run(open, global, &mut language),
        Command::Due(due) => due::run(due, global),
        Command::Rules => rules::run(global),
        Command::Calendar(calendar) => calendar::run(calendar, global),
        Command::Sample(sample) => sample::run(sample, global),
        Command::Licenses(licenses) => licenses::run(licenses, global),
        Command::Verify(verify) => verify::run(verify, global),
    };
    result.map_err(|error| Failure { error, language })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arguments_are_consistent() {
        use clap::CommandFactory;
        Arguments::command().debug_assert();
    }
}
