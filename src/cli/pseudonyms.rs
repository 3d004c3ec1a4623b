//! The option `--pseudonymise`.

use std::path::Path;

use super::terminal;
use crate::error::Error;
use crate::pseudonyms::{Pseudonyms, refuse_key_in};
use crate::text::{Texts, fill};

/// Pseudonyms with the key of a file, when one is named; says so when it makes a key. `output` is what will be written.
pub fn open(key: Option<&Path>, output: Option<&Path>, texts: &Texts) -> Result<Option<Pseudonyms>, Error> {
    let Some(path) = key else { return Ok(None) };
    if let Some(output) = output {
        refuse_key_in(output, path)?;
    }
    let (pseudonyms, is_new) = Pseudonyms::open(path)?;
    if is_new {
        terminal::tell(&fill!(texts, "terminal.key-made", path = path.display()));
    }
    Ok(Some(pseudonyms))
}
