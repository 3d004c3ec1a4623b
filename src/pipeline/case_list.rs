//! The case list: judged cases, written as they are read and in the order of the input.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::ingest::Place;
use crate::judge::{Case, Verdict};
use crate::rulebook::Rule;
use crate::tally::GroupName;

/// One judged case, for the case list.
pub struct CaseRow<'a> {
    /// The rule it was judged by.
    pub rule: &'a Rule,
    /// The case number, decoded.
    pub case_id: &'a str,
    /// The group.
    pub group: &'a GroupName,
    /// The case.
    pub case: Case,
    /// The verdict.
    pub verdict: Verdict,
    /// Where it was read.
    pub place: Place,
}

/// Appends one case to the buffer.
pub type Render<'a> = dyn Fn(&CaseRow<'_>, &mut Vec<u8>) + Sync + 'a;

/// Where the case list goes, and how cases are written into it; `render` may leave a case out.
pub struct CaseList<'a> {
    /// Appends one case to the buffer.
    pub render: &'a Render<'a>,
    /// Inspects whole lines before they are written.
    pub inspect: &'a (dyn Fn(&[u8]) + Sync),
    /// Whether it shows case numbers, not pseudonyms.
    pub shows_numbers: bool,
    /// Its first line.
    pub header: &'a str,
    /// The list. It is emptied if reading must start over.
    pub output: CaseOutput<'a>,
}

/// The destination of a case list.
pub enum CaseOutput<'a> {
    /// In memory.
    Memory(&'a mut Vec<u8>),
    /// A file, whose content is replaced; with the path where it will finally stand, for errors.
    File(&'a mut dyn Restart, &'a Path),
}

/// An output that can be rewritten from its beginning.
pub trait Restart: Write + Send {
    /// Empties it.
    ///
    /// # Errors
    /// Those of the file system.
    fn restart(&mut self) -> io::Result<()>;
}

impl Restart for File {
    fn restart(&mut self) -> io::Result<()> {
        self.set_len(0)?;
        io::Seek::rewind(self)
    }
}

impl CaseList<'_> {
    /// Empties the list and writes its header.
    pub(super) fn begin(&mut self) -> Result<(), Error> {
        let begun = self.output.restart().and_then(|()| self.output.write(self.header.as_bytes()));
        begun.map_err(|error| self.output.unwritable(&error))
    }
}

impl CaseOutput<'_> {
    pub(super) fn unwritable(&self, error: &io::Error) -> Error {
        let path = match self {
            CaseOutput::Memory(_) => PathBuf::new(),
            CaseOutput::File(_, path) => path.to_path_buf(),
        };
        Error::UnwritableOutput { path, cause: error.to_string() }
    }

    fn restart(&mut self) -> io::Result<()> {
        match self {
            CaseOutput::Memory(bytes) => bytes.clear(),
            CaseOutput::File(file, _) => file.restart()?,
        }
        Ok(())
    }

    pub(super) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            CaseOutput::Memory(all) => all.extend_from_slice(bytes),
            CaseOutput::File(file, _) => file.write_all(bytes)?,
        }
        Ok(())
    }
}

/// Puts what workers rendered back into the order of the input.
pub(super) struct InOrder<'o, 'a> {
    output: &'o mut CaseOutput<'a>,
    next: usize,
    waiting: BTreeMap<usize, Vec<u8>>,
    /// Buffers that have been written and can be reused.
    free: Vec<Vec<u8>>,
}

impl<'o, 'a> InOrder<'o, 'a> {
    pub(super) fn new(output: &'o mut CaseOutput<'a>) -> InOrder<'o, 'a> {
        InOrder { output, next: 0, waiting: BTreeMap::new(), free: Vec::new() }
    }

    /// Takes a rendered part and returns a buffer for the next one, so that memory is reused.
    pub(super) fn put(&mut self, number: usize, bytes: Vec<u8>) -> Result<Vec<u8>, Error> {
        self.waiting.insert(number, bytes);
        while let Some(mut bytes) = self.waiting.remove(&self.next) {
            self.output.write(&bytes).map_err(|error| self.output.unwritable(&error))?;
            self.next += 1;
            bytes.clear();
            self.free.push(bytes);
        }
        Ok(self.free.pop().unwrap_or_default())
    }
}
