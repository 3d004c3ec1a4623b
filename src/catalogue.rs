//! The catalogue: every code of the program with its meaning, cause, remedy and an example.
//!
//! The codes stand in `error` and `ingest`, their words in `text`, the examples in `catalogue.toml`, where a
//! test runs each of them. `frist explain` and the pages in `docs/` are made from this.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::error::error_codes;
use crate::ingest::FaultCode;
use crate::table::{Cell, Table};
use crate::text::Texts;

/// One code.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Stable name.
    pub code: &'static str,
    /// What it is about: file, header, row, cell, case, project, rulebook, output, usage.
    pub family: &'static str,
    /// What becomes of the row, when the code is about one.
    pub effect: Option<&'static str>,
    /// An example.
    pub example: Option<&'static Example>,
}

/// Files and a command that give the code.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// The code.
    pub code: String,
    /// Files by name.
    #[serde(default)]
    pub files: BTreeMap<String, String>,
    /// Files that cannot be written as text, by name: which kind each is of.
    #[serde(default)]
    pub made: BTreeMap<String, String>,
    /// Arguments of the program.
    pub command: Vec<String>,
    /// Where the fault is, as `faults.csv` has it: file, line and column heading.
    pub place: Option<(String, u64, String)>,
    /// Exit code.
    #[serde(default)]
    pub exit: i32,
}

#[derive(Deserialize)]
struct Examples {
    example: Vec<Example>,
}

static EXAMPLES: LazyLock<Vec<Example>> = LazyLock::new(|| {
    let examples: Examples =
        toml::from_str(include_str!("catalogue.toml")).expect("a test reads the examples");
    examples.example
});

/// Every code: errors by what they are about, then faults.
pub fn entries() -> Vec<Entry> {
    let example = |code: &str| EXAMPLES.iter().find(|example| example.code == code);
    let errors = error_codes().map(|(code, family)| (code, family, None));
    let faults = FaultCode::ALL.iter().map(|code| (code.id(), code.family().id(), Some(code.effect().id())));
    errors
        .chain(faults)
        .map(|(code, family, effect)| Entry { code, family, effect, example: example(code) })
        .collect()
}

/// Meaning, cause and remedy of a code.
fn words<'a>(entry: &Entry, texts: &'a Texts) -> [&'a str; 3] {
    let keys = match entry.effect {
        Some(_) => ["reason", "cause", "remedy"].map(|key| format!("fault.{}.{key}", entry.code)),
        None => ["meaning", "cause", "remedy"].map(|key| format!("explain.{}.{key}", entry.code)),
    };
    keys.map(|key| texts.get(&key))
}

/// A code explained, in Markdown.
pub fn explained(entry: &Entry, texts: &Texts) -> String {
    let [meaning, cause, remedy] = words(entry, texts);
    let mut page = format!("### {}\n\n{meaning}\n\n", entry.code);
    let mut line = |key: &str, text: &str| {
        writeln!(page, "- {}: {text}", texts.get(key)).expect("writing into memory does not fail");
    };
    if let Some(effect) = entry.effect {
        line("explain.row", texts.get(&format!("effect.{effect}")));
    }
    line("explain.cause", cause);
    line("explain.remedy", remedy);
    if let Some(example) = entry.example {
        page.push_str(&example_text(example, texts));
    }
    page
}

fn example_text(example: &Example, texts: &Texts) -> String {
    let mut text = format!("\n{}\n\n", texts.get("explain.example"));
    for (name, content) in &example.files {
        writeln!(text, "    {name}").expect("writing into memory does not fail");
        for line in content.lines() {
            writeln!(text, "      {line}").expect("writing into memory does not fail");
        }
    }
    for (name, what) in &example.made {
        let what = texts.get(&format!("explain.made.{what}"));
        writeln!(text, "    {name}: {what}").expect("writing into memory does not fail");
    }
    let place = example.place.as_ref().map_or(String::new(), |(file, line, column)| {
        let column = if column.is_empty() { String::new() } else { format!(" ({column})") };
        format!("\n    → {file}:{line}{column}")
    });
    writeln!(text, "    $ frist {}{place}", example.command.join(" "))
        .expect("writing into memory does not fail");
    text
}

/// The whole catalogue, in Markdown.
pub fn page(texts: &Texts) -> String {
    let mut page = format!("# {}\n\n{}\n", texts.get("explain.title"), texts.get("explain.lead"));
    let entries = entries();
    for family in ["file", "header", "row", "cell", "case", "project", "rulebook", "output", "usage"] {
        write!(page, "\n## {}\n", texts.get(&format!("explain.family.{family}")))
            .expect("writing into memory does not fail");
        for entry in entries.iter().filter(|entry| entry.family == family) {
            page.push('\n');
            page.push_str(&explained(entry, texts));
        }
    }
    page
}

/// Codes as a table.
pub fn table(entries: &[Entry], texts: &Texts) -> Table {
    let keys = ["code", "kind", "meaning", "cause", "remedy"];
    let mut table = Table::new("codes", texts.get("explain.title")).columns(&keys, texts);
    for entry in entries {
        let [meaning, cause, remedy] = words(entry, texts);
        table.push([entry.code, entry.family, meaning, cause, remedy].map(Cell::text).into());
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Language;

    #[test]
    fn every_code_has_its_words_and_an_example() {
        // What small files and one command cannot give: it needs millions of rows, another run, or a disk that fails.
        let without = ["too-many-faults", "output-busy", "old-report-kept", "output-stands"];
        for entry in entries() {
            let is_without = without.contains(&entry.code);
            assert_eq!(entry.example.is_none(), is_without, "{}", entry.code);
            for language in [Language::Sv, Language::En] {
                assert!(words(&entry, Texts::of(language)).iter().all(|text| !text.is_empty()));
            }
        }
        assert_eq!(EXAMPLES.len() + without.len(), entries().len());
    }

    #[test]
    fn codes_are_unique() {
        let mut codes: Vec<&str> = entries().iter().map(|entry| entry.code).collect();
        codes.sort_unstable();
        assert!(codes.windows(2).all(|pair| pair[0] != pair[1]));
    }
}
