//! `frist licenses`: the parts of others in the program, and the texts that go with every copy of it.

use clap::Args;
use serde::Deserialize;

use super::options::{Global, Printed};
use super::terminal;
use crate::error::Error;
use crate::table::{Cell, Table};
use crate::text::{Texts, fill};

/// Arguments of `frist licenses`.
#[derive(Args)]
pub struct LicensesArguments {
    /// Also print the texts of the licences, which must accompany every copy of the program
    #[arg(long)]
    texts: bool,
    #[command(flatten)]
    printed: Printed,
}

/// What `licenses/licenses.toml` holds.
#[derive(Deserialize)]
struct Holdings {
    part: Vec<Part>,
    text: Vec<LicenceText>,
}

/// A crate, a font or a library in the program.
#[derive(Deserialize)]
struct Part {
    name: String,
    /// Empty for a part that comes with the compiler.
    version: String,
    /// As an SPDX expression.
    license: String,
    /// The numbers of its texts, from 1.
    texts: Vec<usize>,
    /// The only system whose program holds it.
    only: Option<String>,
}

#[derive(Deserialize)]
struct LicenceText {
    text: String,
}

/// What this program holds.
fn holdings() -> Holdings {
    let text = include_str!("../../licenses/licenses.toml");
    let mut all: Holdings = toml::from_str(text).expect("a test reads the list");
    // A system that the list does not know is shown all of it.
    if cfg!(any(target_os = "linux", windows)) {
        let system = if cfg!(windows) { "windows" } else { "linux" };
        all.part.retain(|part| part.only.as_ref().is_none_or(|only| only == system));
    }
    all
}

/// Runs the command.
pub fn run(arguments: &LicensesArguments, global: &Global) -> Result<(), Error> {
    let texts = global.texts();
    let held = holdings();
    if arguments.texts {
        terminal::print(with_texts(&held, texts).as_bytes())
    } else {
        terminal::print_tables(&[table(&held, texts)], arguments.printed.printing(global))
    }
}

fn table(held: &Holdings, texts: &Texts) -> Table {
    let mut table = Table::new("licenses", caption(texts)).columns(&["name", "version", "license"], texts);
    for part in &held.part {
        table.push([&part.name, &part.version, &part.license].map(Cell::text).into());
    }
    table
}

fn caption(texts: &Texts) -> String {
    fill!(texts, "licenses.caption", version = env!("CARGO_PKG_VERSION"))
}

/// A line for every part, then each text below the names of the parts that it belongs to.
fn with_texts(held: &Holdings, texts: &Texts) -> String {
    let mut page = format!("{}\n\n", caption(texts));
    for part in &held.part {
        let named = [part.name.as_str(), &part.version].join(" ");
        page.push_str(&format!("{}: {}\n", named.trim_end(), part.license));
    }
    for (number, text) in (1..).zip(&held.text) {
        let mut owners = held.part.iter().filter(|part| part.texts.contains(&number)).map(|part| &*part.name);
        let Some(first) = owners.next() else { continue };
        let owners = owners.fold(first.to_owned(), |all, name| format!("{all}, {name}"));
        page.push_str(&format!("\n{}\n{owners}\n\n{}", "=".repeat(80), text.text));
    }
    page
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Language;

    #[test]
    fn every_part_has_a_licence_and_its_texts_and_every_text_a_part() {
        let all: Holdings = toml::from_str(include_str!("../../licenses/licenses.toml")).expect("a list");
        for part in &all.part {
            assert!(!part.license.is_empty(), "{}", part.name);
            assert!(part.texts.iter().all(|number| (1..=all.text.len()).contains(number)), "{}", part.name);
            // 0BSD alone asks for nothing.
            assert!(!part.texts.is_empty() || part.license.contains("0BSD"), "{}", part.name);
        }
        for (number, text) in (1..).zip(&all.text) {
            assert!(all.part.iter().any(|part| part.texts.contains(&number)), "text {number}");
            assert!(text.text.len() > 200, "text {number}");
        }
    }

    #[test]
    fn another_systems_crates_are_not_shown() {
        let system = if cfg!(windows) { "windows" } else { "linux" };
        let held = holdings();
        assert!(held.part.iter().all(|part| part.only.as_ref().is_none_or(|only| only == system)));
    }

    #[test]
    fn texts_stand_once_below_the_names_of_their_parts() {
        let part = |name: &str, texts: &[usize]| Part {
            name: name.into(),
            version: "1.0".into(),
            license: "MIT".into(),
            texts: texts.into(),
            only: None,
        };
        let text = |text: &str| LicenceText { text: text.into() };
        let held = Holdings {
            part: vec![part("a", &[1]), part("b", &[1, 3])],
            text: vec![text("One.\n"), text("Two.\n"), text("Three.\n")],
        };
        let page = with_texts(&held, Texts::of(Language::En));
        let line = "=".repeat(80);
        assert!(page.ends_with(&format!(
            "\n\na 1.0: MIT\nb 1.0: MIT\n\n{line}\na, b\n\nOne.\n\n{line}\nb\n\nThree.\n"
        )));
    }
}
