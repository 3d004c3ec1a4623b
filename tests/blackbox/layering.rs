//! Imports between modules: each may use only those above it, and each crate is used only where it belongs.

use std::fs;
use std::path::{Path, PathBuf};

/// The modules from the top down.
const LAYERS: [&str; 35] = [
    "error",
    "language",
    "date",
    "moment",
    "calendar",
    "period",
    "encoding",
    "xml",
    "values",
    "personal_numbers",
    "serial",
    "date_format",
    "date_evidence",
    "rulebook",
    "judge",
    "tally",
    "project",
    "plan",
    "ingest",
    "pseudonyms",
    "pipeline",
    "suppression",
    "analysis",
    "assessment",
    "text",
    "table",
    "findings",
    "chart",
    "gate",
    "output",
    "report",
    "catalogue",
    "proposal",
    "sample",
    "cli",
];

/// Crates and calls that only some modules may name.
const KEPT_TO: [(&str, &[&str]); 21] = [
    ("calamine", &["ingest"]),
    ("zip", &["gate", "ingest", "report"]),
    ("flate2", &["report"]),
    ("png", &["chart"]),
    ("typst", &["report"]),
    ("typst_pdf", &["report"]),
    ("rust_xlsxwriter", &["report"]),
    ("microlp", &["suppression"]),
    ("hmac", &["pseudonyms"]),
    ("getrandom", &["pseudonyms"]),
    ("annotate_snippets", &["text"]),
    ("polars", &["analysis"]),
    ("plotters", &["chart"]),
    ("resvg", &["chart"]),
    ("roxmltree", &["xml"]),
    ("clap", &["cli"]),
    ("minijinja", &["report"]),
    ("indicatif", &["cli"]),
    ("comfy_table", &["cli"]),
    ("chrono_tz", &["moment"]),
    // The case list is written into a file that output has opened; a key is created once and is not an output.
    ("std::fs", &["ingest", "output", "pipeline", "pseudonyms"]),
];

/// Nothing reads the clock or uses the network.
const FORBIDDEN: [&str; 5] = ["SystemTime", "Instant::", "Utc::now", "Local::now", "std::net"];

fn sources() -> Vec<(String, PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    collect(&root, &root, &mut found);
    found
}

fn collect(root: &Path, folder: &Path, found: &mut Vec<(String, PathBuf, String)>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(root, &path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") && !path.ends_with("tests.rs") {
            let relative = path.strip_prefix(root).expect("below src");
            let first = relative.components().next().expect("a name").as_os_str().to_string_lossy();
            let text = fs::read_to_string(&path).expect("a source");
            // Tests may look at anything.
            let text = text.split("#[cfg(test)]").next().unwrap_or_default().to_owned();
            found.push((first.trim_end_matches(".rs").to_owned(), path.clone(), text));
        }
    }
}

/// Lines of code without comments.
fn code(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(|line| line.split("//").next().unwrap_or_default())
}

#[test]
fn each_module_knows_only_what_stands_above_it() {
    let place = |module: &str| LAYERS.iter().position(|layer| *layer == module);
    for (module, path, text) in sources() {
        if module == "lib" || module == "main" {
            continue;
        }
        let own = place(&module).unwrap_or_else(|| panic!("{module} has no place among the layers"));
        for line in code(&text) {
            for used in line.split("crate::").skip(1) {
                let used: String =
                    used.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect();
                if let Some(other) = place(&used) {
                    assert!(other <= own, "{}: {module} knows {used}, which stands below it", path.display());
                }
            }
        }
    }
}

#[test]
fn each_crate_stays_where_it_belongs() {
    for (module, path, text) in sources() {
        for line in code(&text) {
            for (name, modules) in KEPT_TO {
                assert!(
                    !line.contains(&format!("{name}::")) || modules.contains(&module.as_str()),
                    "{}: {line}",
                    path.display()
                );
            }
            for name in FORBIDDEN {
                assert!(!line.contains(name), "{}: {line}", path.display());
            }
        }
    }
}

#[test]
fn charts_make_no_words() {
    for (_, path, text) in sources().into_iter().filter(|(module, ..)| module == "chart") {
        for line in code(&text) {
            assert!(!line.contains("fill!(") && !line.contains("texts.get("), "{}: {line}", path.display());
        }
    }
}

#[test]
fn lib_names_every_module() {
    let lib = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs")).expect("lib.rs");
    for module in LAYERS {
        assert!(lib.contains(&format!("pub mod {module};")), "{module}");
    }
}

#[test]
fn one_file_names_polars() {
    let names_it = |text: &str| code(text).any(|line| line.contains("polars::"));
    let files: Vec<PathBuf> =
        sources().into_iter().filter(|(_, _, text)| names_it(text)).map(|(_, path, _)| path).collect();
    assert!(matches!(files.as_slice(), [only] if only.ends_with("analysis/facts.rs")), "{files:?}");
}
