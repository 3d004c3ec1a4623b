//! `frist licenses` lists what the program contains.

use std::collections::BTreeSet;
use std::process::Command;

use serde_json::Value;

use crate::workspace::Workspace;

/// Names and versions that the program lists, except for fonts and what comes with the compiler.
fn listed() -> BTreeSet<(String, String)> {
    let json = Workspace::new().frist(&["licenses", "--format", "json"]).success().stdout;
    let tables: Value = serde_json::from_str(&json).expect("JSON");
    let rows = tables["licenses"].as_array().expect("rows");
    let cell = |row: &Value, key: &str| row[key].as_str().expect("a text").to_owned();
    let all = rows.iter().map(|row| (cell(row, "name"), cell(row, "version")));
    all.filter(|(name, _)| !name.contains(' ')).collect()
}

fn of_cargo(arguments: &[&str]) -> String {
    let mut cargo = Command::new(env!("CARGO"));
    let output = cargo.args(arguments).current_dir(env!("CARGO_MANIFEST_DIR")).output().expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// Offline: whoever runs this test has built every crate for their own system.
#[cfg(all(any(target_os = "linux", windows), feature = "pdf"))]
#[test]
fn every_crate_that_is_linked_is_listed_and_no_other() {
    let tree = of_cargo(&[
        "tree",
        "--locked",
        "--offline",
        "-e",
        "normal,no-proc-macro",
        "--prefix",
        "none",
        "--format",
        "{p}",
    ]);
    let crates = tree.lines().filter_map(|line| line.split_once(" v"));
    let linked: BTreeSet<(String, String)> = crates
        .map(|(name, rest)| (name.to_owned(), rest.split(' ').next().unwrap_or_default().to_owned()))
        .filter(|(name, _)| name != "frist")
        .collect();
    let listed = listed();
    let missing: Vec<_> = linked.difference(&listed).collect();
    let idle: Vec<_> = listed.difference(&linked).collect();
    assert!(missing.is_empty() && idle.is_empty(), "missing {missing:?}, idle {idle:?}; run licenses/update");
    assert!(linked.len() > 300, "{}", linked.len());
}

#[test]
fn no_crate_speaks_http_or_tls() {
    let forbidden =
        ["reqwest", "hyper", "rustls", "openssl", "native-tls", "ureq", "isahc", "curl", "h2", "quinn"];
    let listed = listed();
    let found: Vec<_> = listed.iter().filter(|(name, _)| forbidden.contains(&name.as_str())).collect();
    assert!(found.is_empty(), "{found:?}");
    // The list names crates.
    assert!(listed.iter().any(|(name, _)| name == "polars"));
}

#[test]
fn the_texts_that_must_go_with_a_copy_are_printed() {
    let texts = Workspace::new().frist(&["licenses", "--texts"]).success().stdout;
    for wanted in [
        "Liberation Sans 2.1.5: OFL-1.1",
        "SIL OPEN FONT LICENSE Version 1.1",
        "Apache License\n",
        "TERMS AND CONDITIONS FOR USE, REPRODUCTION, AND DISTRIBUTION",
        "Permission is hereby granted, free of charge",
        "UNICODE LICENSE V3",
    ] {
        assert!(texts.contains(wanted), "{wanted}");
    }
    // Another font beside it would need a licence of its own.
    for name in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/fonts")).expect("fonts") {
        let name = name.expect("an entry").file_name().to_string_lossy().into_owned();
        assert!(name == "LICENSE" || name.starts_with("LiberationSans-"), "{name}");
    }
}
