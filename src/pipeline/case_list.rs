//! The case list: judged cases written as they are read, in the order of the input.

use std::collections::BTreeMap;
use std::io::{self, Write};

use crate::error::Error;
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
}

/// Where the case list goes, and how a case is written into it; a case may be passed over.
pub struct CaseList<'a> {
    /// Writes one case behind what is there.
    pub render: &'a (dyn Fn(&CaseRow<'_>, &mut Vec<u8>) + Sync),
    /// Its first line.
    pub header: &'a str,
    /// The list. It is emptied when reading must begin anew.
    pub output: CaseOutput<'a>,
}

/// The place of a case list.
pub enum CaseOutput<'a> {
    /// In memory.
    Memory(&'a mut Vec<u8>),
    /// In a file, from where it stands now.
    File(&'a mut std::fs::File),
}

pub(super) fn unwritable(error: &io::Error) -> Error {
    Error::UnwritableOutput { path: "cases.csv".into(), cause: error.to_string() }
}

impl CaseList<'_> {
    /// Empties the list and writes its header.
    pub(super) fn begin(&mut self) -> Result<(), Error> {
        let begun = self.output.restart().and_then(|()| self.output.write(self.header.as_bytes()));
        begun.map_err(|error| unwritable(&error))
    }
}

impl CaseOutput<'_> {
    fn restart(&mut self) -> io::Result<()> {
        match self {
            CaseOutput::Memory(bytes) => bytes.clear(),
            CaseOutput::File(file) => {
                file.set_len(0)?;
                io::Seek::rewind(file)?;
            }
        }
        Ok(())
    }

    pub(super) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            CaseOutput::Memory(all) => all.extend_from_slice(bytes),
            CaseOutput::File(file) => file.write_all(bytes)?,
        }
        Ok(())
    }
}

/// Puts what workers rendered back into the order of the input.
pub(super) struct InOrder<'o, 'a> {
    pub(super) output: &'o mut CaseOutput<'a>,
    pub(super) next: usize,
    pub(super) waiting: BTreeMap<usize, Vec<u8>>,
    pub(super) error: Option<io::Error>,
}

impl InOrder<'_, '_> {
    pub(super) fn put(&mut self, number: usize, bytes: Vec<u8>) {
        self.waiting.insert(number, bytes);
        while let Some(bytes) = self.waiting.remove(&self.next) {
            self.next += 1;
            if self.error.is_none() {
                self.error = self.output.write(&bytes).err();
            }
        }
    }
}
