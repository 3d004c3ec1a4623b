//! Threads: what happens where few can be started.
//!
//! Our own work makes do with the threads that start. polars and typst begin a pool each of one thread a processor
//! and panic when one of them does not start; how many it is they take from the environment alone.

use std::thread::{Builder, available_parallelism, park};

/// What polars and typst read, and what says that they were told.
const POOLS: [&str; 2] = ["POLARS_MAX_THREADS", "RAYON_NUM_THREADS"];

/// Begins the program anew with pools of one thread where more could not be started. Returns where there is room, or
/// no way to do it: then a pool that cannot start is an internal fault, not a hang.
pub fn make_room() {
    let is_told = POOLS.iter().all(|name| std::env::var_os(name).is_some());
    let processors = available_parallelism().map_or(1, usize::from);
    if !is_told && !can_start(POOLS.len() * processors + 1) {
        begin_anew();
    }
}

/// Whether so many threads can be there at once.
fn can_start(wanted: usize) -> bool {
    let begun: Vec<_> = (0..wanted).map_while(|_| Builder::new().spawn(park).ok()).collect();
    let count = begun.len();
    for thread in begun {
        thread.thread().unpark();
        // It does nothing that could panic.
        let _ = thread.join();
    }
    count == wanted
}

#[cfg(all(unix, not(feature = "elsewhere")))]
fn begin_anew() {
    use std::os::unix::process::CommandExt;
    let Ok(program) = std::env::current_exe() else { return };
    let mut command = std::process::Command::new(program);
    let missing = POOLS.iter().filter(|name| std::env::var_os(name).is_none());
    command.args(std::env::args_os().skip(1)).envs(missing.map(|name| (name, "1")));
    // Returns only when it fails.
    let _ = command.exec();
}

#[cfg(any(not(unix), feature = "elsewhere"))]
fn begin_anew() {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_threads_can_be_started() {
        assert!(can_start(0) && can_start(3));
    }
}
