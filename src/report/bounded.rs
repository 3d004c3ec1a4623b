//! Bounds: what others wrote, a template or a logo, is worked on for a while and in some memory, and then no longer.
//!
//! Nothing can stop a reader of templates from outside: the work goes on in a thread that is left behind, and ends
//! with the program, which has nothing to do after the error that this gives.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::Builder;
use std::time::Duration;

use crate::ingest::resident_bytes;

/// How long something may take, and how much memory.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    seconds: u32,
    bytes: u64,
}

/// For a small document, before the work begins.
pub const TRIAL: Bounds = Bounds { seconds: 5, bytes: 400_000_000 };
/// For a document of the report.
pub const SETTING: Bounds = Bounds { seconds: 60, bytes: 1_000_000_000 };

/// Why there is no outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Excess {
    /// It takes longer, or more memory, than it may.
    Endless,
    /// Its reader panicked.
    Panic,
}

thread_local! {
    /// Whether this thread works on what others wrote.
    static WORKING: Cell<bool> = const { Cell::new(false) };
}

/// Whether a panic of this thread would be a template's or logo's fault, not ours.
pub fn works_on_foreign() -> bool {
    WORKING.get()
}

/// Works within bounds. Where no thread can be started, the work is done without them.
pub fn within<R: Send + 'static>(
    bounds: Bounds,
    work: impl FnOnce() -> R + Send + 'static,
) -> Result<R, Excess> {
    /// Readers call themselves for what lies within one another. Only what is used of it is taken.
    const STACK: usize = 256 * 1024 * 1024;
    // A thread that cannot be started drops its work, so the work is shared with it.
    let work = Arc::new(Mutex::new(Some(work)));
    let taken = |work: &Mutex<Option<_>>| work.lock().unwrap_or_else(PoisonError::into_inner).take();
    let (sender, receiver) = channel();
    let shared = Arc::clone(&work);
    let begun = Builder::new().stack_size(STACK).spawn(move || {
        if let Some(work) = taken(&shared) {
            // Nobody listens any more when it took too long.
            let _ = sender.send(guarded(work));
        }
    });
    if begun.is_err() {
        let work = taken(&work).expect("no thread has taken it");
        return guarded(work);
    }
    let before = resident_bytes();
    for _ in 0..bounds.ticks() {
        match receiver.recv_timeout(TICK) {
            Ok(outcome) => return outcome,
            Err(RecvTimeoutError::Disconnected) => return Err(Excess::Panic),
            Err(RecvTimeoutError::Timeout) => {}
        }
        let grown = resident_bytes().zip(before).map_or(0, |(now, before)| now.saturating_sub(before));
        if grown > bounds.bytes {
            return Err(Excess::Endless);
        }
    }
    Err(Excess::Endless)
}

/// Memory is looked at so often.
const TICK: Duration = Duration::from_millis(10);

impl Bounds {
    fn ticks(self) -> u32 {
        /// A program that is not optimised takes longer.
        const SLOWER: u32 = if cfg!(debug_assertions) { 6 } else { 1 };
        self.seconds * SLOWER * 1_000 / TICK.as_millis() as u32
    }
}

/// Works without bounds, and takes a panic for the fault of what is worked on.
///
/// # Errors
/// [`Excess::Panic`].
pub fn guarded<R>(work: impl FnOnce() -> R) -> Result<R, Excess> {
    WORKING.set(true);
    let outcome = catch_unwind(AssertUnwindSafe(work));
    WORKING.set(false);
    outcome.map_err(|_| Excess::Panic)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHORT: Bounds = Bounds { seconds: 1, bytes: 50_000_000 };

    #[test]
    fn work_that_ends_has_an_outcome() {
        assert_eq!(within(SHORT, || 7), Ok(7));
        assert!(within(SHORT, works_on_foreign) == Ok(true) && !works_on_foreign());
    }

    #[test]
    fn work_that_does_not_end_is_left() {
        let never = || std::thread::sleep(Duration::from_secs(60));
        assert_eq!(within(Bounds { seconds: 1, ..SHORT }, never), Err(Excess::Endless));
    }

    #[test]
    #[cfg(all(target_os = "linux", not(feature = "elsewhere")))]
    fn work_that_takes_memory_is_left() {
        let greedy = || {
            let held = vec![1_u8; 300_000_000];
            std::thread::sleep(Duration::from_secs(2));
            held.len()
        };
        assert_eq!(within(Bounds { seconds: 60, ..SHORT }, greedy), Err(Excess::Endless));
    }

    #[test]
    fn a_panic_is_told_from_an_outcome() {
        let hook = std::panic::take_hook();
        std::panic::set_hook(Box::new(|_| {}));
        let outcome = within(SHORT, || -> u8 { panic!("as a reader would") });
        std::panic::set_hook(hook);
        assert_eq!(outcome, Err(Excess::Panic));
    }
}
