//! `frist verify`: is this report complete and unaltered?

use std::path::PathBuf;

use clap::Args;

use super::{Global, terminal};
use crate::error::Error;
use crate::output;
use crate::text::{Texts, fill};

/// Arguments of `frist verify`.
#[derive(Args)]
pub struct VerifyArguments {
    /// The report folder
    folder: PathBuf,
}

/// Does it.
pub fn run(arguments: &VerifyArguments, global: &Global) -> Result<(), Error> {
    let files = output::verify(&arguments.folder)?;
    let texts = Texts::of(global.lang.unwrap_or_default());
    let (path, files) = (arguments.folder.to_string_lossy(), texts.count(files as u64));
    let said = fill!(texts, "terminal.verified", path, files);
    terminal::print(format!("{said}\n").as_bytes())
}
