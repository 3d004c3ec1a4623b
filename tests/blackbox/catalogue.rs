//! Every code of the catalogue: its example produces it, and the pages in docs/ are generated from it.

use std::fs;
use std::path::Path;

use frist::catalogue::{Entry, entries, page};
use frist::language::Language;
use frist::text::Texts;

use crate::workbook::{archive, workbook};
use crate::workspace::{HEADINGS, Workspace};

/// The headings of a sheet.
fn headings(more: &str) -> String {
    let cell =
        |place: &str, text: &str| format!("<c r=\"{place}\" t=\"inlineStr\"><is><t>{text}</t></is></c>");
    let cells = [cell("A1", "Utredning inledd"), cell("B1", "Utredning avslutad"), more.to_owned()];
    format!("<row r=\"1\">{}</row>", cells.concat())
}

/// Files that an example cannot contain as text.
fn made(kind: &str) -> Vec<u8> {
    let no_sheet: (&str, &[u8]) = ("xl/workbook.xml", b"<workbook/>");
    match kind {
        "one-sheet" => workbook(&[("Blad1", &headings(""))]),
        "two-sheets" => workbook(&[
            ("Norr", &headings("")),
            ("Söder", &headings("<c r=\"Z1\" t=\"inlineStr\"><is><t>Anteckning</t></is></c>")),
        ]),
        "too-large" => workbook(&[("Blad1", &headings("<c r=\"BXX1\"><v>1</v></c>"))]),
        "bomb" => archive(&[no_sheet, ("xl/worksheets/sheet1.xml", &vec![b' '; 11 << 20])]),
        "doctype" => archive(&[("xl/workbook.xml", b"<!DOCTYPE workbook><workbook/>")]),
        "forged-count" => {
            archive(&[no_sheet, ("xl/sharedStrings.xml", b"<sst uniqueCount=\"4000000000\"/>")])
        }
        "damaged" => {
            let whole = made("one-sheet");
            whole[..whole.len() / 2].to_vec()
        }
        "encrypted" => {
            let mut bytes = vec![0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
            bytes.resize(512, 0);
            bytes.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
            bytes
        }
        "large" => vec![b'#'; 2 << 20],
        "growing" => format!("{HEADINGS}1;2024-01-10;2024-05-10\n").into_bytes(),
        "many-units" => crate::groups::export_of_units(5_001).into_bytes(),
        "not-utf8" => b"organisation = \"Exempeln\xE4mnden\"\n".to_vec(),
        _ => panic!("no recipe for '{kind}'"),
    }
}

fn show(entry: &Entry) {
    // A code that files and one command cannot produce has no example: a test of the catalogue lists those.
    let Some(example) = entry.example else { return };
    let mut workspace = Workspace::new();
    for (name, content) in &example.files {
        workspace = workspace.file(name, content);
    }
    for (name, kind) in &example.made {
        workspace = workspace.file(name, made(kind));
    }
    let mut arguments: Vec<&str> = example.command.iter().map(String::as_str).collect();
    if example.place.is_some() {
        arguments.extend(["--format", "csv"]);
    }
    let outcome = match example.made.iter().find(|(_, kind)| *kind == "growing") {
        Some((name, _)) => workspace.while_growing(name, || workspace.frist(&arguments)),
        None => workspace.frist(&arguments),
    };
    assert_eq!(outcome.code, example.exit, "{}: {}", entry.code, outcome.stderr);
    match &example.place {
        Some((file, line, column)) => {
            let wanted =
                format!("{file},{line},{column},{},{}", entry.code, entry.effect.expect("a row's code"));
            assert!(outcome.stdout.contains(&wanted), "{wanted} is not in\n{}", outcome.stdout);
        }
        None => {
            let texts = Texts::of(Language::Sv);
            for wanted in plain_parts(texts.get(&format!("error.{}", entry.code))) {
                assert!(
                    outcome.stderr.contains(&wanted),
                    "{}: '{wanted}' is not in {}",
                    entry.code,
                    outcome.stderr
                );
            }
            assert!(outcome.stderr.contains(&format!("({})", entry.code)), "{}", outcome.stderr);
        }
    }
}

/// The lines of a sentence between its values.
fn plain_parts(sentence: &str) -> Vec<String> {
    let mut parts = Vec::new();
    let pieces = sentence.replace("{{", "\n").replace("}}", "\n");
    // Every other piece is the name of a value.
    for piece in pieces.split(['{', '}']).step_by(2) {
        parts.extend(piece.lines().map(str::to_owned));
    }
    parts.retain(|part| !part.trim().is_empty());
    parts
}

#[test]
fn every_example_gives_its_code() {
    entries().iter().for_each(show);
}

#[test]
fn the_pages_are_made_from_the_catalogue() {
    for (name, language) in [("felkatalog.md", Language::Sv), ("fault-catalogue.md", Language::En)] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(name);
        let written = fs::read_to_string(&path).unwrap_or_default();
        let command = format!("target/debug/frist explain --lang {} > docs/{name}", language.tag());
        assert_eq!(written, page(Texts::of(language)), "{name} is old; write it anew: {command}");
    }
}
