//! Chunks: files read once, in order, and worked on in parallel in bounded memory.
//!
//! One thread reads and cuts where records end; workers take the chunks as they come. Only so many
//! chunks are under way at a time, whatever the size of the files.

use std::sync::{Arc, Mutex, mpsc};

use sha2::{Digest, Sha256};

use super::export::Export;
use super::files;
use super::records::whole_records;
use crate::error::Error;

/// Bytes read at a time.
const CHUNK_BYTES: u64 = 1024 * 1024;
/// A line longer than this is no row of an export.
const LONGEST_LINE: usize = 64 * 1024 * 1024;

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
/// `work`. `progress` is told the bytes read.
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
        let workers: Vec<_> = (0..threads.max(1))
            .map(|_| {
                let receiver = Arc::clone(&receiver);
                scope.spawn(move || {
                    let next_chunk = || receiver.lock().expect("no worker panics while it waits").recv();
                    let mut state = init();
                    while let Ok(chunk) = next_chunk() {
                        work(&mut state, chunk);
                    }
                    state
                })
            })
            .collect();
        drop(receiver);
        let digests = read_all(exports, progress, sender);
        let workers = workers
            .into_iter()
            .map(|worker| worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        Ok(Pass { workers: workers.collect(), digests: digests? })
    })
}

fn read_all(
    exports: &[Export],
    progress: &dyn Fn(u64),
    sender: mpsc::SyncSender<Chunk>,
) -> Result<Vec<String>, Error> {
    let mut number = 0;
    let mut digests = Vec::new();
    for (index, export) in exports.iter().enumerate() {
        let mut file = files::open(&export.path)?;
        let mut hasher = Sha256::new();
        let mut head = Vec::new();
        files::read_more(&mut file, &export.path, &mut head, export.body_offset as u64)?;
        hasher.update(&head);
        let mut first_line = export.header_line + 1;
        let mut carried = Vec::new();
        loop {
            let mut bytes = std::mem::take(&mut carried);
            bytes.reserve_exact(CHUNK_BYTES as usize);
            let read = files::read_more(&mut file, &export.path, &mut bytes, CHUNK_BYTES)?;
            hasher.update(&bytes[bytes.len() - read..]);
            progress(read as u64);
            let whole = if read == 0 { bytes.len() } else { whole_records(&bytes, export.separator) };
            if bytes.len() - whole > LONGEST_LINE {
                return Err(Error::UnreadableInput {
                    path: export.path.clone(),
                    cause: format!("line {first_line}: longer than {LONGEST_LINE} bytes"),
                });
            }
            carried.extend_from_slice(&bytes[whole..]);
            bytes.truncate(whole);
            if !bytes.is_empty() {
                let lines = memchr::memchr_iter(b'\n', &bytes).count() as u64;
                let chunk = Chunk { export: index, number, first_line, bytes };
                if sender.send(chunk).is_err() {
                    // No worker is left: all have panicked, and joining them says so.
                    return Ok(digests);
                }
                (number, first_line) = (number + 1, first_line + lines);
            }
            if read == 0 {
                break;
            }
        }
        digests.push(hex(&hasher.finalize()));
    }
    Ok(digests)
}

/// Bytes in hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
