//! Chunks: files read once and processed in parallel, in bounded memory.
//!
//! Workers take turns to read: each reads the next chunk, in the order of the files, and cuts it where a record ends;
//! it then processes the chunk in parallel with the others. A sheet of a workbook can only be read as a whole, and one
//! worker processes it as it is read.

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Mutex;
use std::thread::Builder;

use super::export::Export;
use super::original::{Passed, Progress};
use super::records::whole_records;
use super::source::{self, Form, TextLines};
use crate::error::Error;

/// A longer line is not a row of an export.
pub const LONGEST_LINE: usize = 64 * 1024 * 1024;

/// The error of a file with a longer line.
pub fn longest_line(path: &Path) -> Error {
    Error::UnreadableInput { path: path.into(), cause: format!("line > {LONGEST_LINE} bytes") }
}

/// Whole records of one export.
pub struct Chunk<'a> {
    /// Index of the export.
    pub export: usize,
    /// Number of the chunk in the run, from 0 without gaps.
    pub number: usize,
    /// Line of the first record, from 1.
    pub first_line: u64,
    /// The records.
    pub bytes: &'a [u8],
}

/// The result of reading all exports once.
pub struct Pass<S> {
    /// The final state of each worker.
    pub workers: Vec<S>,
    /// SHA-256 of each export's file, in hexadecimal.
    pub digests: Vec<String>,
}

/// Reads every export once. Each of `threads` workers begins with the state that `init` returns, and processes its
/// chunks with `work`.
///
/// # Errors
/// If a file cannot be read to its end; those of `work`, after which reading stops.
pub fn for_each_chunk<S: Send>(
    exports: &[Export],
    threads: usize,
    progress: &Progress<'_>,
    init: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, Chunk<'_>) -> Result<(), Error> + Sync,
) -> Result<Pass<S>, Error> {
    let feed =
        Mutex::new(Feed { exports, progress, open: None, chunks: 0, digests: Vec::new(), error: None });
    let stop = |error| {
        if let Ok(mut feed) = feed.lock() {
            feed.error.get_or_insert(error);
        }
    };
    let worker = || {
        let (mut state, mut bytes) = (init(), Vec::new());
        // A worker that panicked reports it when it is joined.
        while let Ok(mut feed) = feed.lock() {
            match feed.next(&mut bytes) {
                Next::Chunk { export, number, first_line } => {
                    drop(feed);
                    if let Err(error) = work(&mut state, Chunk { export, number, first_line, bytes: &bytes })
                    {
                        stop(error);
                    }
                }
                Next::Sheet => feed.read_sheet(&mut |chunk| work(&mut state, chunk)),
                Next::End => break,
            }
        }
        state
    };
    let workers = std::thread::scope(|scope| {
        // If a thread cannot be started, this one works alone.
        let helpers = (1..threads).map_while(|_| Builder::new().spawn_scoped(scope, worker).ok());
        let helpers: Vec<_> = helpers.collect();
        let mut workers = vec![worker()];
        for helper in helpers {
            workers.push(helper.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        }
        workers
    });
    let feed = feed.into_inner().expect("a worker that panicked was joined");
    match feed.error {
        Some(error) => Err(error),
        None => Ok(Pass { workers, digests: feed.digests }),
    }
}

/// What a worker does next.
enum Next {
    /// Work on a chunk, whose bytes are in the worker's buffer.
    Chunk { export: usize, number: usize, first_line: u64 },
    /// Read a sheet, and work on it as it is read.
    Sheet,
    /// Stop.
    End,
}

/// What remains to be read.
struct Feed<'a> {
    exports: &'a [Export],
    progress: &'a Progress<'a>,
    open: Option<Open<'a>>,
    /// Chunks read so far.
    chunks: usize,
    /// Digests of the exports that have been read to their end.
    digests: Vec<String>,
    error: Option<Error>,
}

impl<'a> Feed<'a> {
    /// Reads the next chunk of a text into `bytes`.
    fn next(&mut self, bytes: &mut Vec<u8>) -> Next {
        if self.error.is_some() {
            return Next::End;
        }
        self.try_next(bytes).unwrap_or_else(|error| {
            self.error = Some(error);
            Next::End
        })
    }

    fn try_next(&mut self, bytes: &mut Vec<u8>) -> Result<Next, Error> {
        loop {
            let number = self.digests.len();
            let Some(export) = self.exports.get(number) else { return Ok(Next::End) };
            if matches!(export.form, Form::Sheet { .. }) {
                return Ok(Next::Sheet);
            }
            let open = match self.open.take() {
                Some(open) => self.open.insert(open),
                None => self.open.insert(Open::new(export, self.progress)?),
            };
            bytes.clear();
            if let Some(first_line) = open.fill(bytes)? {
                self.chunks += 1;
                return Ok(Next::Chunk { export: number, number: self.chunks - 1, first_line });
            }
            let done = self.open.take().expect("it was just read");
            self.digests.push(done.lines.finish()?);
        }
    }

    /// Reads the next sheet.
    fn read_sheet(&mut self, work: &mut dyn FnMut(Chunk<'_>) -> Result<(), Error>) {
        let number = self.digests.len();
        let export: &'a Export = &self.exports[number];
        let (progress, chunks) = (self.progress, &mut self.chunks);
        let mut cutter = Cutter::new(export, progress);
        let read = source::read(&export.original, &export.form, progress, &mut |buffer, at_end| {
            if let Some((whole, first_line)) = cutter.cut(buffer, at_end)? {
                work(Chunk { export: number, number: *chunks, first_line, bytes: &buffer[..whole] })?;
                *chunks += 1;
                buffer.drain(..whole);
            }
            Ok(ControlFlow::Continue(()))
        });
        match read {
            Ok(digest) => self.digests.push(digest.expect("it was not broken off")),
            Err(error) => self.error = Some(error),
        }
    }
}

/// A text that is being read.
struct Open<'a> {
    lines: TextLines<'a>,
    cutter: Cutter<'a>,
    /// The record that the end of the last chunk cut.
    carried: Vec<u8>,
    at_end: bool,
}

impl<'a> Open<'a> {
    fn new(export: &'a Export, progress: &'a Progress<'a>) -> Result<Open<'a>, Error> {
        let lines = TextLines::of(&export.original, &export.form, progress)?;
        Ok(Open { lines, cutter: Cutter::new(export, progress), carried: Vec::new(), at_end: false })
    }

    /// Fills `bytes` with whole records; returns the line of the first, or `None` at the end.
    fn fill(&mut self, bytes: &mut Vec<u8>) -> Result<Option<u64>, Error> {
        bytes.append(&mut self.carried);
        while !self.at_end {
            self.at_end = self.lines.more(bytes)?;
            if let Some((whole, first_line)) = self.cutter.cut(bytes, self.at_end)? {
                self.carried.extend_from_slice(&bytes[whole..]);
                bytes.truncate(whole);
                return Ok(Some(first_line));
            }
        }
        Ok(None)
    }
}

/// Finds where the records of an export end, and counts its lines.
struct Cutter<'a> {
    export: &'a Export,
    /// Bytes above the first row that are still to be skipped.
    above: usize,
    /// The line of the next record.
    line: u64,
    progress: &'a Progress<'a>,
}

impl<'a> Cutter<'a> {
    fn new(export: &'a Export, progress: &'a Progress<'a>) -> Cutter<'a> {
        Cutter { export, above: export.body_offset, line: export.header_line + 1, progress }
    }

    /// The length of the whole records at the beginning of a buffer, and the line of the first; `None` if there is no
    /// whole record.
    fn cut(&mut self, buffer: &mut Vec<u8>, at_end: bool) -> Result<Option<(usize, u64)>, Error> {
        let passed = self.above.min(buffer.len());
        buffer.drain(..passed);
        self.above -= passed;
        let whole = if at_end { buffer.len() } else { whole_records(buffer, self.export.cut()) };
        if buffer.len() - whole > LONGEST_LINE {
            return Err(longest_line(&self.export.path));
        }
        if whole == 0 {
            return Ok(None);
        }
        let first_line = self.line;
        let lines = memchr::memchr_iter(b'\n', &buffer[..whole]).count() as u64;
        self.line += lines;
        (self.progress)(Passed::Lines(lines));
        Ok(Some((whole, first_line)))
    }
}
