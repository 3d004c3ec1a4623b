//! `frist explain`: a code, what it means, where it comes from and what to do.

use clap::Args;

use super::options::{Format, Global, Printed};
use super::terminal;
use crate::catalogue;
use crate::error::{Error, nearest};

/// Arguments of `frist explain`.
#[derive(Args)]
pub struct ExplainArguments {
    /// The code, as shown in faults.csv and messages; without one, all codes
    code: Option<String>,
    #[command(flatten)]
    printed: Printed,
}

/// Runs the command.
pub fn run(arguments: &ExplainArguments, global: &Global) -> Result<(), Error> {
    let texts = global.texts();
    let mut entries = catalogue::entries();
    if let Some(code) = &arguments.code {
        let suggestion = nearest(code, entries.iter().map(|entry| entry.code));
        entries.retain(|entry| entry.code.eq_ignore_ascii_case(code));
        if entries.is_empty() {
            return Err(Error::UnknownCode { code: code.clone(), suggestion });
        }
    }
    match (arguments.printed.format, arguments.code.is_some()) {
        (Format::Text, true) => terminal::print(catalogue::explained(&entries[0], texts).as_bytes()),
        (Format::Text, false) => terminal::print(catalogue::page(texts).as_bytes()),
        _ => terminal::print_tables(&[catalogue::table(&entries, texts)], arguments.printed.printing(global)),
    }
}
