//! Panics: our own mistakes, told once, with what is needed to find them and nothing that could be a person's.

use std::backtrace::Backtrace;
use std::panic::{self, PanicHookInfo};
use std::sync::atomic::{AtomicBool, Ordering};

use clap::{Command, CommandFactory};

use super::{Arguments, terminal};
use crate::language::Language;
use crate::text::{Texts, fill};
use crate::{ingest, report};

/// Tells panics in our own words. A panic in one thread can bring others with it: the first is the cause.
pub fn tell_in_our_words(language: Language) {
    static TOLD: AtomicBool = AtomicBool::new(false);
    panic::set_hook(Box::new(move |panic| {
        // Readers may panic on what others wrote; that is caught and told as the file's fault.
        if ingest::reads_workbook() || report::works_on_foreign() || TOLD.swap(true, Ordering::Relaxed) {
            return;
        }
        let given = std::env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned());
        let command = command(given, Arguments::command());
        terminal::tell(&fill!(
            Texts::of(language),
            "terminal.internal",
            version = env!("CARGO_PKG_VERSION"),
            platform = format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
            place = place(panic),
            command
        ));
    }));
}

/// Where, never what: the message of a panic can hold a cell of an export.
fn place(panic: &PanicHookInfo<'_>) -> String {
    let Some(location) = panic.location() else { return "–".to_owned() };
    let file = shortened(location.file());
    let place = format!("{file}:{}", location.line());
    let caller =
        (!file.starts_with("src/")).then(|| our_caller(&Backtrace::force_capture().to_string())).flatten();
    caller.map_or(place.clone(), |caller| format!("{place}, {caller}"))
}

/// The path of a source without the machine that it was compiled on: ours from `src`, others' from their crate, that
/// of the language from its library.
fn shortened(file: &str) -> String {
    let file = file.replace('\\', "/");
    let parts: Vec<&str> = file.split('/').collect();
    let is_absolute = file.starts_with('/') || parts.first().is_some_and(|first| first.ends_with(':'));
    let source = parts.iter().rposition(|part| *part == "src");
    match source {
        Some(source) if is_absolute => {
            // library/std/src/…, polars-core-0.55.2/src/…, but src/… of a checkout.
            let ours = parts[source..].join("/");
            match parts.get(source.wrapping_sub(1)) {
                Some(name) if is_crate(name) || is_library(name) => format!("{name}/{ours}"),
                _ => ours,
            }
        }
        None if is_absolute => parts.last().copied().unwrap_or_default().to_owned(),
        _ => file,
    }
}

/// A name and a version, as registries write it.
fn is_crate(name: &str) -> bool {
    let version = name.rsplit_once('-').map_or("", |(_, version)| version);
    version.contains('.') && version.starts_with(|letter: char| letter.is_ascii_digit())
}

fn is_library(name: &str) -> bool {
    ["core", "alloc", "std"].contains(&name)
}

/// The innermost function of ours below what panicked, by a trace as the language writes it.
fn our_caller(trace: &str) -> Option<String> {
    let names = trace.lines().filter_map(|line| line.trim().split_once(": ").map(|(_, name)| name));
    let below = names.skip_while(|name| !name.contains("panic_with_hook")).skip(1);
    let ours = |name: &&str| name.trim_start_matches('<').starts_with("frist::");
    below.into_iter().find(ours).map(|name| match name.rsplit_once("::h") {
        // What a compiler appends to tell equal names apart.
        Some((name, number)) if number.len() == 16 => name.to_owned(),
        _ => name.to_owned(),
    })
}

/// The command that is called.
pub fn called<'a>(given: &[String], program: &'a Command) -> Option<&'a Command> {
    given.iter().find_map(|word| program.find_subcommand(word))
}

/// The command and the names of its options, as the program knows them, without anything that was given with them.
fn command(arguments: impl Iterator<Item = String>, program: Command) -> String {
    let given: Vec<String> = arguments.collect();
    let command = called(&given, &program);
    let options = program.get_arguments().chain(command.into_iter().flat_map(Command::get_arguments));
    let named = options.filter_map(|option| option.get_long()).filter(|long| {
        given.iter().any(|word| word.split('=').next().and_then(|word| word.strip_prefix("--")) == Some(long))
    });
    let words = command.map(|command| command.get_name().to_owned()).into_iter();
    words.chain(named.map(|long| format!("--{long}"))).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_name_no_machine() {
        let places = [
            ("src/report/mod.rs", "src/report/mod.rs"),
            ("src\\report\\mod.rs", "src/report/mod.rs"),
            ("/build/frist/src/date.rs", "src/date.rs"),
            ("D:\\build\\frist\\src\\cli\\mod.rs", "src/cli/mod.rs"),
            ("/build/registry/src/index-1949/polars-core-0.55.2/src/a/b.rs", "polars-core-0.55.2/src/a/b.rs"),
            ("/rustc/59807616e1/library/std/src/thread/scoped.rs", "std/src/thread/scoped.rs"),
            ("/build/generated/out.rs", "out.rs"),
        ];
        for (file, shown) in places {
            assert_eq!(shortened(file), shown, "{file}");
        }
    }

    #[test]
    fn the_caller_is_ours_and_below_the_panic() {
        let trace = "   0: frist::cli::panics::place\n             at ./src/cli/panics.rs:40:5\n   \
                     1: std::panicking::rust_panic_with_hook\n   2: core::panicking::panic_fmt\n   \
                     3: rayon_core::registry::global\n   4: frist::report::pdf::set::h0123456789abcdef\n   \
                     5: frist::main";
        assert_eq!(our_caller(trace).as_deref(), Some("frist::report::pdf::set"));
        let trace = "1: std::panicking::rust_panic_with_hook\n2: frist::report::html::filled_in";
        assert_eq!(our_caller(trace).as_deref(), Some("frist::report::html::filled_in"));
        assert_eq!(our_caller("   0: main"), None);
    }

    #[test]
    fn of_a_command_only_its_own_words_are_told() {
        let told =
            |given: &[&str]| command(given.iter().map(|word| (*word).to_owned()), Arguments::command());
        assert_eq!(
            told(&["run", "Anna Andersson", "--out=19121212-1212", "--as-of", "2024-08-31"]),
            "run --out --as-of"
        );
        assert_eq!(told(&["run", "--Anna-Andersson", "-x"]), "run");
        assert_eq!(told(&[]), "");
    }
}
