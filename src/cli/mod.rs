//! The command line: arguments in, library calls, something printed.
//!
//! Alone in knowing clap, and in writing to the terminal. Tables go to standard output, messages and
//! progress to standard error.

mod add;
mod calendar;
mod cases;
mod check;
mod command_line;
mod compare;
mod completions;
mod due;
mod editions;
mod explain;
mod help;
mod init;
mod licenses;
mod limits;
mod man;
mod open;
mod options;
mod panics;
mod pseudonyms;
mod report;
mod rerun;
mod rules;
mod run;
mod sample;
mod session;
mod sql;
mod tally;
mod terminal;
mod threads;
mod trace;
mod usage;
mod verify;
mod version;

use std::panic;
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{FromArgMatches, Parser, Subcommand};

use self::command_line::CommandLine;
use crate::error::Error;
use crate::language::Language;
use crate::output;
use crate::text::Texts;

/// Judges every case by the deadline that applied to it, and writes the report. Runs only on this machine and opens no
/// network connection.
#[derive(Parser)]
#[command(name = "frist", version, max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    global: options::Global,
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
    /// List open cases, earliest deadline first
    Open(open::OpenArguments),
    /// Work out one deadline, with its reasoning and its law
    Due(due::DueArguments),
    /// Show the rulebook
    Rules(rules::RulesArguments),
    /// Show the public holidays of a year and the days on which a deadline rolls
    Calendar(calendar::CalendarArguments),
    /// Write synthetic exports, reproducible from a seed
    Sample(sample::SampleArguments),
    /// Show the third-party parts of the program, and their licences
    Licenses(licenses::LicensesArguments),
    /// Check that a report is complete and unaltered
    Verify(verify::VerifyArguments),
    /// Write what a shell needs to complete commands and options
    Completions(completions::CompletionsArguments),
    /// Write the manual as a man page
    Man(man::ManArguments),
}

impl Command {
    /// Whether it analyses or sets anything: polars and typst begin threads of their own.
    fn uses_pools(&self) -> bool {
        matches!(
            self,
            Command::Run(_) | Command::Add(_) | Command::Check(_) | Command::Compare(_) | Command::Verify(_)
        )
    }
}

/// Exit code of our own mistakes.
const INTERNAL_ERROR: u8 = 70;

/// Runs the program with the arguments of the process.
pub fn main() -> ExitCode {
    // Until a project file says otherwise.
    let language = usage::asked_language();
    let (arguments, line) = match parsed(language) {
        Ok(parsed) => parsed,
        Err(said) => return told_by_clap(&said, language),
    };
    panics::tell_in_our_words(language);
    if arguments.command.uses_pools() {
        threads::make_room();
    }
    output::clear_on_signals(move |was_writing| {
        let key = if was_writing { "terminal.stopped-writing" } else { "terminal.stopped" };
        terminal::tell_in_passing(Texts::of(language).get(key));
    });
    let outcome = panic::catch_unwind(panic::AssertUnwindSafe(|| dispatch(&arguments, &line)));
    match outcome {
        Ok(Ok(())) => ExitCode::SUCCESS,
        Ok(Err(failure)) => {
            output::end_if_interrupted();
            told(&failure)
        }
        Err(_) => ExitCode::from(INTERNAL_ERROR),
    }
}

fn parsed(language: Language) -> Result<(Arguments, CommandLine), clap::Error> {
    let program = help::program(language);
    let matches = program.clone().try_get_matches()?;
    Ok((Arguments::from_arg_matches(&matches)?, CommandLine::of(&program, &matches)))
}

fn told(failure: &Failure) -> ExitCode {
    terminal::tell_error(&failure.error, Texts::of(failure.language));
    ExitCode::from(failure.error.exit_code())
}

/// Help and version, or what is wrong with the arguments.
fn told_by_clap(said: &clap::Error, language: Language) -> ExitCode {
    let failure = |error| told(&Failure { error, language });
    let text = match said.kind() {
        ErrorKind::DisplayVersion => version::version(),
        ErrorKind::DisplayHelp => said.render().to_string(),
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            terminal::tell(said.render().to_string().trim_end());
            return ExitCode::from(2);
        }
        _ => return failure(Error::Usage { reason: usage::sentence(said, Texts::of(language)) }),
    };
    terminal::print(text.as_bytes()).map_or_else(failure, |()| ExitCode::SUCCESS)
}

/// An error, and the language to tell it in.
struct Failure {
    error: Error,
    language: Language,
}

fn dispatch(arguments: &Arguments, line: &CommandLine) -> Result<(), Failure> {
    let global = &arguments.global;
    let mut language = global.lang.unwrap_or_default();
    let result = match &arguments.command {
        Command::Run(run) => run::run(run, global, line, &mut language),
        Command::Tally(tally) => tally::run(tally, global, &mut language),
        Command::Add(add) => add::run(add, global, line, &mut language),
        Command::Sql(sql) => sql::run(sql, global, &mut language),
        Command::Init(init) => init::run(init, global),
        Command::Check(check) => check::run(check, global, &mut language),
        Command::Explain(explain) => explain::run(explain, global),
        Command::Cases(cases) => cases::run(cases, global, &mut language),
        Command::Compare(compare) => compare::run(compare, global, &mut language),
        Command::Trace(trace) => trace::run(trace, global, &mut language),
        Command::Open(open) => open::run(open, global, &mut language),
        Command::Due(due) => due::run(due, global),
        Command::Rules(rules) => rules::run(rules, global),
        Command::Calendar(calendar) => calendar::run(calendar, global),
        Command::Sample(sample) => sample::run(sample, global),
        Command::Licenses(licenses) => licenses::run(licenses, global),
        Command::Verify(verify) => verify::run(verify, global),
        Command::Completions(completions) => completions::run(completions, global),
        Command::Man(man) => man::run(man, global),
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
