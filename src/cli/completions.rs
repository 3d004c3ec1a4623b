//! `frist completions`: what a shell needs to complete commands and options.

use clap::Args;
use clap_complete::{Shell, generate};

use super::options::Global;
use super::{help, terminal};
use crate::error::Error;

/// Arguments of `frist completions`.
#[derive(Args)]
pub struct CompletionsArguments {
    /// The shell
    shell: Shell,
}

/// Runs the command.
pub fn run(arguments: &CompletionsArguments, global: &Global) -> Result<(), Error> {
    let mut script = Vec::new();
    let mut program = help::described(global.lang.unwrap_or_default());
    generate(arguments.shell, &mut program, "frist", &mut script);
    terminal::print(&script)
}
