//! The files that a run read, for its manifest.

use super::run::Run;
use crate::error::Error;
use crate::ingest::manifest::{InputFile, InputKind};
use crate::pipeline::Judged;

impl Run {
    /// Every file that was read, and those that the report names as not read.
    ///
    /// # Errors
    /// If the file system does not say where a path leads.
    pub fn files_read(&self, judged: &Judged) -> Result<Vec<InputFile>, Error> {
        let mut files = self.read.clone();
        for (export, digest) in self.exports.iter().zip(&judged.digests) {
            let path = self.input.recorded(&export.path)?;
            let file = InputFile::read(InputKind::Export, path, digest.clone());
            // Several sheets, or one file for several controls.
            if !files.contains(&file) {
                files.push(file);
            }
        }
        Ok(files)
    }
}
