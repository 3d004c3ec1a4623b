//! The command line that makes a report, as its manifest records it, so that the report can be made again.

use std::any::TypeId;
use std::path::PathBuf;

use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, Command};

use crate::error::Error;
use crate::ingest::Input;

/// Options that decide nothing of what a report holds, by id.
const WITHOUT_EFFECT: [&str; 5] = ["out", "threads", "format", "strict", "max_rejected"];
/// The option that names a key file, and what stands for it: a key is nobody else's business.
const KEY: (&str, &str) = ("pseudonymise", "KEYFILE");

/// The options that a command was given.
pub struct CommandLine {
    command: String,
    options: Vec<Given>,
}

/// An option with its values.
struct Given {
    id: String,
    long: String,
    /// `None` of a flag.
    values: Option<Vec<String>>,
    are_paths: bool,
}

impl CommandLine {
    /// The options of the command that was called, in the order of its help.
    pub fn of(program: &Command, matches: &ArgMatches) -> CommandLine {
        let (name, matches) = matches.subcommand().expect("clap asks for a command");
        let command = program.find_subcommand(name).expect("it was called");
        let options = command.get_arguments().filter_map(|option| given(option, matches));
        CommandLine { command: name.to_owned(), options: options.collect() }
    }

    /// The command, its options and what it reads, with paths as a manifest records them.
    ///
    /// # Errors
    /// If the file system does not say where a path leads.
    pub fn recorded(&self, subjects: Vec<String>, input: &Input) -> Result<Vec<String>, Error> {
        let mut words = vec![self.command.clone()];
        for Given { id, long, values, are_paths } in &self.options {
            let Some(values) = values else {
                words.push(format!("--{long}"));
                continue;
            };
            for value in values {
                let value = match are_paths {
                    _ if id == KEY.0 => KEY.1.to_owned(),
                    true => input.recorded_argument(value.as_ref())?,
                    false => value.clone(),
                };
                words.push(format!("--{long}={value}"));
            }
        }
        Ok(words.into_iter().chain(subjects).collect())
    }
}

fn given(option: &Arg, matches: &ArgMatches) -> Option<Given> {
    let (id, long) = (option.get_id().as_str(), option.get_long()?);
    // Help and version end the program before.
    let is_given = matches.try_contains_id(id).is_ok()
        && matches.value_source(id) == Some(ValueSource::CommandLine)
        && !WITHOUT_EFFECT.contains(&id);
    let values = || {
        let raw = matches.get_raw(id).into_iter().flatten();
        raw.map(|value| value.to_string_lossy().into_owned()).collect()
    };
    is_given.then(|| Given {
        id: id.to_owned(),
        long: long.to_owned(),
        values: option.get_action().takes_values().then(values),
        are_paths: option.get_value_parser().type_id() == TypeId::of::<PathBuf>(),
    })
}

#[cfg(test)]
mod tests {
    use super::super::help;
    use super::*;
    use crate::language::Language;

    fn recorded(words: &[&str]) -> Vec<String> {
        let program = help::program(Language::Sv);
        let matches = program.clone().try_get_matches_from(words).expect("it parses");
        let line = CommandLine::of(&program, &matches);
        line.recorded(Vec::new(), &Input::default()).expect("paths are found")
    }

    #[test]
    fn options_are_recorded_that_decide_what_a_report_holds() {
        let run = [
            "frist",
            "run",
            "uttag",
            "--lang",
            "en",
            "--threads",
            "2",
            "--cases",
            "--pseudonymise",
            "hos/mig.key",
            "--as-of=2024-08-31",
            "--forms",
            "md,html",
            "--out",
            "ut",
            "--strict",
            "--format",
            "json",
        ];
        assert_eq!(
            recorded(&run),
            [
                "run",
                "--cases",
                "--pseudonymise=KEYFILE",
                "--forms=md",
                "--forms=html",
                "--as-of=2024-08-31",
                "--lang=en",
            ]
        );
        assert_eq!(recorded(&["frist", "run"]), ["run"]);
        assert_eq!(
            recorded(&["frist", "add", "a", "--anonymous", "--rulebook", "/hos/mig/regler.toml"]),
            ["add", "--anonymous", "--rulebook=regler.toml"]
        );
    }

    #[test]
    fn what_is_not_recorded_is_an_option() {
        let program = help::program(Language::Sv);
        let commands = ["run", "add"].map(|name| program.find_subcommand(name).expect("a command"));
        let known: Vec<&str> = commands
            .iter()
            .flat_map(|command| command.get_arguments())
            .map(|arg| arg.get_id().as_str())
            .collect();
        for id in WITHOUT_EFFECT.iter().chain([&KEY.0]) {
            assert!(known.contains(id), "{id}");
        }
    }
}
