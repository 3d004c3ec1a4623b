//! `frist explain`: a code, what it means, where it comes from and what to do.

use clap::Args;

use super::{Format, Global, terminal};
use crate::catalogue;
use crate::error::{Error, nearest};
use crate::text::Texts;

/// Arguments of `frist explain`.
#[derive(Args)]
pub struct ExplainArguments {
    /// The code, as faults.csv and messages show it; all codes without one
    code: Option<String>,
}

/// Does it.
pub fn run(arguments: &ExplainArguments, global: &Global) -> Result<(), Error> {
    let texts = Texts::of(global.lang.unwrap_or_default());
    let page = match &arguments.code {
        Some(code) => {
            let entries = catalogue::entries();
            let entry = entries.iter().find(|entry| entry.code == code);
            let entry = entry.ok_or_else(|| Error::UnknownCode {
                code: code.clone(),
                suggestion: nearest(code, entries.iter().map(|entry| entry.code)),
            })?;
            if matches!(global.format, Format::Text) {
                catalogue::explained(entry, texts)
            } else {
                return print_all(&[entry.clone()], global, texts);
            }
        }
        None if matches!(global.format, Format::Text) => catalogue::page(texts),
        None => return print_all(&catalogue::entries(), global, texts),
    };
    terminal::print(page.as_bytes());
    Ok(())
}

fn print_all(entries: &[catalogue::Entry], global: &Global, texts: &Texts) -> Result<(), Error> {
    terminal::print_table(&catalogue::table(entries, texts), global.format);
    Ok(())
}
