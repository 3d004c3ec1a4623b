//! Chunks: files read once, in order, and worked on in parallel in bounded memory.
//!
//! One thread reads and cuts where records end; workers take the chunks as they come. Only so many
//! chunks are under way at a time, whatever the size of the files.

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::{Arc, Mutex, mpsc};
use std::thread::Builder;

use super::export::Export;
use super::records::whole_records;
use super::source;
use crate::error::Error;

/// A line longer than this is no row of an export.
pub const LONGEST_LINE: usize = 64 * 1024 * 1024;

/// The error of a file with a longer one.
pub fn longest_line(path: &Path) -> Error {
    Error::UnreadableInput { path: path.into(), cause: format!("line > {LONGEST_LINE} bytes") }
}

/// Whole records of one export.
pub struct Chunk {
    /// Number of the export.
    pub export: usize,
    /// Number of the chunk in the run, from 0 without gaps.
    pub number: usize,
    /// Line of the first record, from 1.
    pub first_line: u64,
    /// The records.
    pub bytes: Vec<u8>,
}

/// What reading all exports once gave.
pub struct Pass<S> {
    /// What each worker made.
    pub workers: Vec<S>,
    /// SHA-256 of each export's file, in hexadecimal.
    pub digests: Vec<String>,
}

/// Reads every export once and has `threads` workers, each beginning with `init`, take its chunks with
/// `work`. `progress` gets the number of bytes read.
///
/// # Errors
/// When a file cannot be read to its end.
pub fn for_each_chunk<S: Send>(
    exports: &[Export],
    threads: usize,
    progress: &dyn Fn(u64),
    init: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, Chunk) + Sync,
) -> Result<Pass<S>, Error> {
    let (sender, receiver) = mpsc::sync_channel::<Chunk>(2 * threads);
    // Only the workers hold the receiving end: when all have panicked, sending fails instead of waiting.
    let receiver = Arc::new(Mutex::new(receiver));
    let (init, work) = (&init, &work);
    std::thread::scope(|scope| {
        let begun = (0..threads.max(1)).map_while(|_| {
            let receiver = Arc::clone(&receiver);
            let worker = move || {
                let next_chunk = || receiver.lock().expect("no worker panics while it waits").recv();
                let mut state = init();
                while let Ok(chunk) = next_chunk() {
                    work(&mut state, chunk);
                }
                state
            };
            // A thread that cannot be started is done without.
            Builder::new().spawn_scoped(scope, worker).ok()
        });
        let workers: Vec<_> = begun.collect();
        drop(receiver);
        if workers.is_empty() {
            let mut state = init();
            let digests = read_all(exports, progress, &mut |chunk| {
                work(&mut state, chunk);
                ControlFlow::Continue(())
            })?;
            return Ok(Pass { workers: vec![state], digests });
        }
        let digests = read_all(exports, progress, &mut |chunk| match sender.send(chunk) {
            Ok(()) => ControlFlow::Continue(()),
            // No worker is left: all have panicked, and joining them says so.
            Err(_) => ControlFlow::Break(()),
        });
        drop(sender);
        let workers = workers
            .into_iter()
            .map(|worker| worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        Ok(Pass { workers: workers.collect(), digests: digests? })
    })
}

fn read_all(
    exports: &[Export],
    progress: &dyn Fn(u64),
    hand_over: &mut dyn FnMut(Chunk) -> ControlFlow<()>,
) -> Result<Vec<String>, Error> {
    let mut number = 0;
    let mut digests = Vec::new();
    for (index, export) in exports.iter().enumerate() {
        let mut first_line = export.header_line + 1;
        // Bytes above the first row that are still to be passed over.
        let mut above = export.body_offset;
        let digest = source::read(&export.original, &export.form, progress, &mut |buffer, at_end| {
            let passed = above.min(buffer.len());
            buffer.drain(..passed);
            above -= passed;
            let whole = if at_end { buffer.len() } else { whole_records(buffer, export.cut()) };
            if buffer.len() - whole > LONGEST_LINE {
                return Err(longest_line(&export.path));
            }
            if whole == 0 {
                return Ok(ControlFlow::Continue(()));
            }
            let carried = buffer.split_off(whole);
            let bytes = std::mem::replace(buffer, carried);
            let lines = memchr::memchr_iter(b'\n', &bytes).count() as u64;
            let chunk = Chunk { export: index, number, first_line, bytes };
            if hand_over(chunk).is_break() {
                return Ok(ControlFlow::Break(()));
            }
            (number, first_line) = (number + 1, first_line + lines);
            Ok(ControlFlow::Continue(()))
        })?;
        // Nothing was read to its end when no worker is left.
        digests.push(digest.unwrap_or_default());
    }
    Ok(digests)
}
