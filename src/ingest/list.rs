//! Lists other than exports: a small table, such as the list of risks, read as a whole.

use std::ops::ControlFlow;
use std::path::Path;

use super::dialect::CellSplitter;
use super::layout;
use super::layout::Sought;
use super::original::Original;
use super::records::{Cut, Scan, scan};
use super::source::{self, Form};
use crate::encoding::Encoding;
use crate::error::{Error, ListFlaw};
use crate::plan::register::List;
use crate::values::composed;

/// The most bytes of the file; a workbook may contain pictures.
const MOST_BYTES: u64 = 16 << 20;
/// The most bytes of its text; no list kept by a person is longer.
const MOST_TEXT: u64 = 2 << 20;
/// The most rows below the headings. A thousand take a gigabyte of memory and minutes to typeset; the flaw's text
/// states this number.
const MOST_ROWS: usize = 500;

/// Reads a list from delimited text, or from the sheet of a workbook with the most known headings. Also returns the
/// SHA-256 of the file.
///
/// # Errors
/// If the file cannot be read, is of an unsupported kind, is empty or too long, or a quote is never closed.
pub fn list(
    path: &Path,
    encoding: Option<Encoding>,
    is_known: &dyn Fn(&str) -> bool,
) -> Result<(List, String), Error> {
    let original = Original::of(path)?;
    if original.length() > MOST_BYTES {
        return Err(Error::TooLarge { path: path.into(), most: MOST_BYTES });
    }
    let mut best: Option<(usize, List, String)> = None;
    for form in source::forms(&original, encoding)? {
        if matches!(form, Form::Sheet { hidden: true, .. }) {
            continue;
        }
        let Some((list, digest)) = read(&original, &form, is_known)? else { continue };
        let known = list.headings.iter().filter(|heading| is_known(heading)).count();
        if best.as_ref().is_none_or(|(most, ..)| known > *most) {
            best = Some((known, list, digest));
        }
    }
    best.map(|(_, list, digest)| (list, digest)).ok_or_else(|| Error::EmptyFile { path: path.into() })
}

/// The rows in one form of a file, and the file's SHA-256; `None` if there is no line.
fn read(
    original: &Original,
    form: &Form,
    is_known: &dyn Fn(&str) -> bool,
) -> Result<Option<(List, String)>, Error> {
    let (path, mut text) = (original.path(), Vec::new());
    let digest = source::read(original, form, &|_| (), &mut |buffer, _| {
        text.append(buffer);
        match text.len() as u64 > MOST_TEXT {
            true => Err(Error::TooLarge { path: path.into(), most: MOST_TEXT }),
            false => Ok(ControlFlow::Continue(())),
        }
    })?;
    let digest = digest.expect("nothing breaks off before the end");
    let separator = form.sheet().map(|_| super::workbook::SHEET_SEPARATOR);
    let Some(layout) = layout::find(&text, true, &Sought::by(is_known, separator)) else { return Ok(None) };
    let headings: Vec<String> = layout.headings.iter().map(|cell| cell_text(cell)).collect();
    let cut = Cut { separator: layout.separator, columns: headings.len(), fewest: 0 };
    let mut splitter = CellSplitter::new(layout.separator);
    let (mut from, mut line) = (layout.body_offset, layout.header_line + 1);
    let mut rows = Vec::new();
    while from < text.len() {
        let Scan::Record { end, next, quoted } = scan(&text, from, cut, true) else {
            return Err(flawed(path, "unclosed-quote", line));
        };
        let cells: Vec<String> = splitter.split(&text[from..end], quoted).iter().map(cell_text).collect();
        if cells.iter().any(|cell| !cell.is_empty()) {
            rows.push((line, cells));
        }
        if rows.len() > MOST_ROWS {
            return Err(flawed(path, "too-many-rows", line));
        }
        line += memchr::memchr_iter(b'\n', &text[from..next]).count() as u64;
        from = next;
    }
    Ok(Some((List { headings, rows }, digest)))
}

fn flawed(path: &Path, key: &'static str, line: u64) -> Error {
    let flaw = ListFlaw { key, line: Some(line), column: String::new(), suggestion: None };
    Error::UnusableRisks { path: path.into(), flaws: vec![flaw] }
}

/// A cell's text, with line breaks replaced by blanks.
fn cell_text(cell: &[u8]) -> String {
    let text = String::from_utf8_lossy(cell);
    let words: Vec<&str> = text.split_whitespace().collect();
    composed(&words.join(" ")).into_owned()
}
