//! Passes the program the commit that it was built from, if it is built for use in a clone of its own.

// Cargo reads its instructions from standard output.
#![allow(clippy::print_stdout, reason = "cargo reads it")]

use std::env;
use std::path::Path;
use std::process::Command;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=FRIST_COMMIT");
    // Those who build without git can set it themselves. A test build is not rebuilt for every commit.
    let is_for_use = env::var("PROFILE").is_ok_and(|profile| profile == "release");
    let commit = env::var("FRIST_COMMIT").ok().or_else(|| if is_for_use { commit() } else { None });
    if let Some(commit) = commit {
        println!("cargo::rustc-env=FRIST_COMMIT={commit}");
    }
}

/// The commit that is checked out; `None` outside a clone, and in a clone of something else.
fn commit() -> Option<String> {
    let own = env::var("CARGO_MANIFEST_DIR").ok()?;
    let top = git(&["rev-parse", "--show-toplevel"])?;
    if Path::new(&top).canonicalize().ok()? != Path::new(&own).canonicalize().ok()? {
        return None;
    }
    let commit = git(&["rev-parse", "--short=12", "HEAD"])?;
    // Every commit and every change of branch appends a line to it. A file that does not exist would always count as
    // changed.
    if let Some(log) = git(&["rev-parse", "--git-path", "logs/HEAD"]).filter(|log| Path::new(log).exists()) {
        println!("cargo::rerun-if-changed={log}");
    }
    Some(commit)
}

/// The output of git; `None` if it fails or is missing.
fn git(arguments: &[&str]) -> Option<String> {
    let said = Command::new("git").args(arguments).output().ok()?;
    let said = said.status.success().then_some(said.stdout)?;
    Some(String::from_utf8(said).ok()?.trim().to_owned())
}
