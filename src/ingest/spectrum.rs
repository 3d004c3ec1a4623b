//! csv-spectrum: the cells read from its twelve files are those in its JSON. `tests/csv-spectrum/run` fetches the files
//! and runs this.

use std::fs;
use std::path::PathBuf;

use serde_json::{Map, Value};

use super::dialect::CellSplitter;
use super::layout::{self, Sought};
use super::records::{Cut, Scan, scan};

/// The rows of a text by heading.
fn rows(bytes: &[u8]) -> Vec<Map<String, Value>> {
    let layout = layout::find(bytes, true, &Sought::by(&|_| false, None)).expect("a first line");
    let headings: Vec<String> =
        layout.headings.iter().map(|cell| String::from_utf8(cell.clone()).expect("UTF-8")).collect();
    let (mut splitter, mut from, mut rows) =
        (CellSplitter::new(layout.separator), layout.body_offset, Vec::new());
    while from < bytes.len() {
        let Scan::Record { end, next, quoted } = scan(bytes, from, Cut::of_unknown(layout.separator), true)
        else {
            panic!("csv-spectrum has no broken quote");
        };
        let cells = splitter.split(&bytes[from..end], quoted);
        assert_eq!(cells.len(), headings.len());
        let text = |cell: &[u8]| Value::from(String::from_utf8(cell.to_vec()).expect("UTF-8"));
        rows.push(headings.iter().cloned().zip(cells.iter().map(text)).collect());
        from = next;
    }
    rows
}

/// The one place where a file of csv-spectrum and its JSON differ: a phone number.
fn with_number_of_json(bytes: &[u8]) -> Vec<u8> {
    let (in_file, in_json) = (b"2095257564", b"1234567890");
    let at =
        bytes.windows(in_file.len()).position(|part| part == in_file).expect("the number is in the file");
    [&bytes[..at], in_json, &bytes[at + in_file.len()..]].concat()
}

#[test]
#[ignore = "needs the files: tests/csv-spectrum/run"]
fn every_file_has_the_cells_it_says() {
    let folder = PathBuf::from(std::env::var("FRIST_CSV_SPECTRUM").expect("the folder of csv-spectrum"));
    let entries = fs::read_dir(folder.join("csvs")).expect("a folder");
    let mut checked = 0;
    for path in entries.map(|entry| entry.expect("an entry").path()) {
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        let wanted =
            fs::read_to_string(folder.join("json").join(format!("{name}.json"))).expect("JSON beside it");
        // A single row is not inside a list.
        let wanted = match serde_json::from_str(&wanted).expect("JSON") {
            Value::Array(rows) => rows,
            row => vec![row],
        };
        let mut bytes = fs::read(&path).expect("a file");
        if name == "location_coordinates" {
            bytes = with_number_of_json(&bytes);
        }
        let found: Vec<Value> = rows(&bytes).into_iter().map(Value::Object).collect();
        assert_eq!(found, wanted, "{name}");
        checked += 1;
    }
    assert_eq!(checked, 12);
}
