//! No network: no command opens a socket.
//!
//! tokio, mio and socket2 are linked through polars, so a statement is not enough. `strace` sees every system call of
//! the program and its threads; without it these tests fail, so they run only in the gate, which installs it: `cargo
//! test --test blackbox no_network -- --ignored`.

use std::process::Command;

use crate::workspace::{ALL_FORMS, Workspace};

/// Runs a command under strace; returns its exit code and the calls that involve sockets.
fn calls(workspace: &Workspace, command: &[&str]) -> (i32, String) {
    let mut strace = Command::new("strace");
    strace.args(["-f", "--seccomp-bpf", "-qq", "-e", "trace=%network", "-e", "signal=none", "-o", "calls"]);
    strace.args(command);
    let version = Command::new("strace").arg("--version").output();
    assert!(version.is_ok(), "strace is not installed: apt-get install strace");
    let outcome = workspace.command(&mut strace);
    (outcome.code, workspace.read("calls"))
}

/// The counter-example: a program that opens a socket is seen.
#[test]
#[ignore = "needs strace; the gate runs it"]
fn no_network_strace_sees_a_socket() {
    let workspace = Workspace::new();
    let (_, calls) = calls(&workspace, &["bash", "-c", "exec 3<>/dev/udp/127.0.0.1/9"]);
    assert!(calls.contains("socket(AF_INET"), "{calls}");
}

#[test]
#[ignore = "needs strace; the gate runs it"]
fn no_network_no_command_opens_a_socket() {
    let workspace = Workspace::new();
    let commands: [(i32, &[&str]); 20] = [
        (0, &["sample", "--cases", "500", "--seed", "1", "--out", "uttag"]),
        (0, &["run", "uttag", "--threads", "2", "--cases", "--forms", ALL_FORMS]),
        (0, &["run", "uttag", "--edition", "published", "--out", "ut", "--forms", ALL_FORMS]),
        (0, &["verify", "reports", "--rerun", "uttag"]),
        (0, &["check", "uttag"]),
        (0, &["init", "uttag"]),
        (0, &["cases", "uttag", "--out", "cases.csv", "--pseudonymise", "nyckel"]),
        (0, &["cases", "uttag", "--out", "cases.xlsx"]),
        (0, &["compare", "uttag", "--changed", "changed.csv"]),
        (0, &["compare", "uttag", "--cohorts"]),
        (0, &["open", "uttag", "--within", "30"]),
        (0, &["due", "2024-01-10", "--control", "child-investigation"]),
        (0, &["rules"]),
        (0, &["calendar", "2026"]),
        (0, &["explain"]),
        (0, &["licenses", "--texts"]),
        (0, &["--version"]),
        // A failing command asks nobody either, and an address is a path like any other.
        (74, &["run", "nowhere"]),
        (74, &["run", "https://example.com/uttag.csv"]),
        (2, &["due", "1990-01-01", "--control", "child-investigation"]),
    ];
    for (code, command) in commands {
        let (answered, calls) = calls(&workspace, &[&[env!("CARGO_BIN_EXE_frist")], command].concat());
        assert_eq!(answered, code, "{command:?}");
        assert_eq!(calls, "", "{command:?}");
    }
}
