//! `frist verify`: is this report complete and unaltered?

use std::path::PathBuf;

use clap::Args;

use super::options::Global;
use super::terminal;
use crate::error::Error;
use crate::output;
use crate::text::fill;

/// Arguments of `frist verify`.
#[derive(Args)]
pub struct VerifyArguments {
    /// The report folder
    #[arg(default_value = "reports")]
    folder: PathBuf,
}

/// Does it.
pub fn run(arguments: &VerifyArguments, global: &Global) -> Result<(), Error> {
    let files = output::verify(&arguments.folder)?;
    let texts = global.texts();
    let (path, files) = (arguments.folder.to_string_lossy(), texts.count(files as u64));
    let said = fill!(texts, "terminal.verified", path, files);
    terminal::print(format!("{said}\n").as_bytes())
}
