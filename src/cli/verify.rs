//! `frist verify`: is this report complete and unaltered?

use std::path::PathBuf;

use clap::Args;
use sha2::{Digest, Sha256};

use super::options::Global;
use super::terminal;
use crate::error::Error;
use crate::ingest::files::{self, MOST_MANIFEST};
use crate::ingest::hex;
use crate::output::{self, MANIFEST};
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
    let manifest = files::read_bytes(&arguments.folder.join(MANIFEST), MOST_MANIFEST)?;
    let (texts, sha256) = (global.texts(), hex(&Sha256::digest(&manifest)));
    let (path, files) = (arguments.folder.to_string_lossy(), texts.count(files as u64));
    let said = fill!(texts, "terminal.verified", path, files, sha256);
    terminal::print(format!("{said}\n").as_bytes())
}
