//! Delimited exports: any bytes, or any bytes below known headings.

#![no_main]

mod whole;

use std::fs;

use libfuzzer_sys::fuzz_target;

const HEADINGS: &str = "Ärendenr;Utredning inledd;Utredning avslutad;Enhet;Förlängd till;Personnummer\n";

fuzz_target!(|data: &[u8]| {
    let Some((mode, rest)) = data.split_first() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a.csv");
    let content = if mode % 2 == 0 { [HEADINGS.as_bytes(), rest].concat() } else { rest.to_vec() };
    fs::write(&path, content).expect("a file");
    whole::judge(&path);
});
