//! Imports between modules: each may use only those above it, and each crate is used only where it belongs.

use std::fs;
use std::path::{Path, PathBuf};

/// The modules from the top down, as the table in `src/lib.rs` lists them.
fn layers() -> Vec<String> {
    let lib = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs")).expect("lib.rs");
    let rows = lib.lines().filter_map(|line| line.strip_prefix("//! | [`"));
    let names = rows.flat_map(|row| {
        let modules = row.split(" | ").next().unwrap_or_default();
        modules
            .split("[`")
            .map(|name| name.split('`').next().unwrap_or_default().to_owned())
            .collect::<Vec<_>>()
    });
    names.collect()
}

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
            let code =
                text.split("\nmod tests {").next().and_then(|text| text.split("\npub mod tests {").next());
            let text = code.unwrap_or_default().to_owned();
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
    let layers = layers();
    let place = |module: &str| layers.iter().position(|layer| layer == module);
    for (module, path, text) in sources() {
        if module == "lib" || module == "main" {
            continue;
        }
        let own = place(&module).unwrap_or_else(|| panic!("{module} has no place among the layers"));
        let imported = imports(&place_of(&path), &text).into_iter().map(|path| path[0].clone());
        let code = code(&text).collect::<Vec<&str>>().join("\n");
        let named = code.split("crate::").skip(1).map(|rest| {
            rest.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect::<String>()
        });
        for used in imported.chain(named) {
            let is_below = place(&used).is_some_and(|other| other > own);
            assert!(!is_below, "{}: {module} knows {used}, which stands below it", path.display());
        }
    }
}

#[test]
fn each_crate_stays_where_it_belongs() {
    for (module, path, text) in sources() {
        let imported: Vec<String> =
            imports(&place_of(&path), &text).iter().map(|path| format!("{}::", path.join("::"))).collect();
        for line in code(&text).chain(imported.iter().map(String::as_str)) {
            for (name, modules) in KEPT_TO {
                let is_named = line.contains(&format!("{name}::"));
                assert!(!is_named || modules.contains(&module.as_str()), "{}: {line}", path.display());
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
fn lib_lists_every_module_once() {
    let lib = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs")).expect("lib.rs");
    let mut declared: Vec<&str> =
        lib.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';')).collect();
    let mut listed = layers();
    declared.sort_unstable();
    listed.sort_unstable();
    assert_eq!(listed, declared);
}

#[test]
fn one_file_names_polars() {
    let names_it = |text: &str| code(text).any(|line| line.contains("polars::"));
    let files: Vec<PathBuf> =
        sources().into_iter().filter(|(_, _, text)| names_it(text)).map(|(_, path, _)| path).collect();
    assert!(matches!(files.as_slice(), [only] if only.ends_with("analysis/facts.rs")), "{files:?}");
}

/// What a file imports, as paths from the crate's root or from a library's; re-exports are no use of one's own.
fn imports(own: &[String], text: &str) -> Vec<Vec<String>> {
    let code = code(text).collect::<Vec<&str>>().join("\n");
    let statements = code.split(';').filter_map(|statement| {
        let (before, tree) = statement.rsplit_once("use ")?;
        let is_import = before.trim_end().is_empty() || before.ends_with(['\n', ' ', '}', ']']);
        (is_import && !before.trim_end().ends_with("pub")).then_some(tree)
    });
    let mut found = Vec::new();
    for tree in statements {
        let tree: String = tree.split_whitespace().collect();
        let (base, rest) = match tree.split_once("::") {
            Some(("crate", rest)) => (Vec::new(), rest.to_owned()),
            Some(("self", rest)) => (own.to_vec(), rest.to_owned()),
            Some(("super", _)) => {
                let ups = tree.matches("super::").count();
                (own[..own.len() - ups].to_vec(), tree.replacen("super::", "", ups))
            }
            _ => (Vec::new(), tree),
        };
        spread(&base, &rest, &mut found);
    }
    found
}

/// The paths of a tree of imports such as `a::{b, c::d}`.
fn spread(base: &[String], tree: &str, found: &mut Vec<Vec<String>>) {
    let path = |text: &str| -> Vec<String> {
        let parts = text.split("::").filter(|part| !part.is_empty()).map(str::to_owned);
        base.iter().cloned().chain(parts).collect()
    };
    let Some((before, inside)) = tree.split_once('{') else { return found.push(path(tree)) };
    let base = path(before);
    let (mut depth, mut from) = (0, 0);
    let inside = inside.strip_suffix('}').unwrap_or(inside);
    for (at, letter) in inside.char_indices().chain([(inside.len(), ',')]) {
        match letter {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                if from < at {
                    spread(&base, &inside[from..at], found);
                }
                from = at + 1;
            }
            _ => {}
        }
    }
}

/// The place of a file among the modules: `ingest::rows` for src/ingest/rows.rs.
fn place_of(path: &Path) -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let relative = path.strip_prefix(root).expect("below src").with_extension("");
    let parts = relative.iter().map(|part| part.to_string_lossy().into_owned());
    parts.filter(|part| part != "mod").collect()
}

#[test]
fn no_files_import_each_other_in_a_circle() {
    let sources = sources();
    let files: Vec<Vec<String>> = sources.iter().map(|(_, path, _)| place_of(path)).collect();
    let file_of = |path: &[String]| {
        (1..=path.len()).rev().find_map(|length| files.iter().position(|file| *file == path[..length]))
    };
    let uses: Vec<Vec<usize>> = (0..files.len())
        .map(|file| {
            let imported = imports(&files[file], &sources[file].2);
            imported.iter().filter_map(|path| file_of(path)).filter(|other| *other != file).collect()
        })
        .collect();
    assert!(uses.iter().map(Vec::len).sum::<usize>() > 500, "imports are found");
    let mut left: Vec<usize> = (0..files.len()).collect();
    // What imports nothing that is left is in no circle.
    while let Some(place) = left.iter().position(|file| uses[*file].iter().all(|other| !left.contains(other)))
    {
        left.swap_remove(place);
    }
    let named: Vec<String> = left.iter().map(|file| files[*file].join("::")).collect();
    assert!(left.is_empty(), "circles, and what uses them: {named:?}");
}

#[test]
fn files_are_short_or_say_why_not() {
    for (_, path, text) in sources() {
        let lines = code(&text).filter(|line| !line.trim().is_empty()).count();
        let comment: String = text.lines().take_while(|line| line.starts_with("//!")).collect();
        assert!(lines <= 400 || comment.contains("one file"), "{}: {lines} lines of code", path.display());
    }
}

#[test]
fn half_of_all_functions_have_at_most_nine_lines() {
    let mut lengths = Vec::new();
    for (_, _, text) in sources() {
        let lines: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
        for (at, line) in lines.iter().enumerate() {
            let indent = line.len() - line.trim_start().len();
            let words: Vec<&str> = line.split_whitespace().take(4).collect();
            if !words.contains(&"fn") || line.trim_end().ends_with(';') {
                continue;
            }
            let is_end =
                |line: &&str| line.len() - line.trim_start().len() == indent && line.trim().starts_with('}');
            let body = lines[at..].iter().skip(1).take_while(|line| !is_end(line));
            lengths.push(2 + body.filter(|line| !line.trim().is_empty()).count());
        }
    }
    lengths.sort_unstable();
    assert!(lengths.len() > 1_000 && lengths[lengths.len() / 2] <= 9, "{}", lengths[lengths.len() / 2]);
}
