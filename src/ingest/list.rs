//! Lists that are no exports: a small table of text, such as the list of risks, read whole.

use std::ops::ControlFlow;
use std::path::Path;

use super::dialect::CellSplitter;
use super::layout::Sought;
use super::records::{Cut, Scan, scan};
use super::source::{self, Form};
use super::{files, layout};
use crate::encoding::Encoding;
use crate::error::{Error, ListFlaw};
use crate::plan::register::List;
use crate::values::composed;

/// A longer list is none that a person keeps.
const MOST_BYTES: u64 = 16 * 1024 * 1024;

/// Reads a list from delimited text or from the sheet of a workbook with the most headings that are known.
///
/// # Errors
/// When the file cannot be read, is of a kind that is not read, or is empty; when a quote is never closed.
pub fn list(path: &Path, encoding: Option<Encoding>, is_known: &dyn Fn(&str) -> bool) -> Result<List, Error> {
    if files::length(path)? > MOST_BYTES {
        return Err(Error::UnreadableInput { path: path.into(), cause: "> 16 MB".into() });
    }
    let mut best: Option<(usize, List)> = None;
    for form in source::forms(path, encoding)? {
        if matches!(form, Form::Sheet { hidden: true, .. }) {
            continue;
        }
        let Some(list) = read(path, &form, is_known)? else { continue };
        let known = list.headings.iter().filter(|heading| is_known(heading)).count();
        if best.as_ref().is_none_or(|(most, _)| known > *most) {
            best = Some((known, list));
        }
    }
    best.map(|(_, list)| list).ok_or_else(|| Error::EmptyFile { path: path.into() })
}

/// The rows of one form of a file; nothing when it has no line.
fn read(path: &Path, form: &Form, is_known: &dyn Fn(&str) -> bool) -> Result<Option<List>, Error> {
    let mut text = Vec::new();
    source::read(path, form, &|_| (), &mut |buffer, _| {
        text.append(buffer);
        Ok(ControlFlow::Continue(()))
    })?;
    let separator = form.sheet().map(|_| super::workbook::SHEET_SEPARATOR);
    let Some(layout) = layout::find(&text, true, &Sought::by(is_known, separator)) else { return Ok(None) };
    let headings: Vec<String> = layout.headings.iter().map(|cell| cell_text(cell)).collect();
    let cut = Cut { separator: layout.separator, columns: headings.len(), fewest: 0 };
    let mut splitter = CellSplitter::new(layout.separator);
    let (mut from, mut line) = (layout.body_offset, layout.header_line + 1);
    let mut rows = Vec::new();
    while from < text.len() {
        let Scan::Record { end, next, quoted } = scan(&text, from, cut, true) else {
            return Err(unclosed_quote(path, line));
        };
        let cells: Vec<String> = splitter.split(&text[from..end], quoted).iter().map(cell_text).collect();
        if cells.iter().any(|cell| !cell.is_empty()) {
            rows.push((line, cells));
        }
        line += memchr::memchr_iter(b'\n', &text[from..next]).count() as u64;
        from = next;
    }
    Ok(Some(List { headings, rows }))
}

fn unclosed_quote(path: &Path, line: u64) -> Error {
    let flaw = ListFlaw { key: "unclosed-quote", line: Some(line), column: String::new(), suggestion: None };
    Error::UnusableRisks { path: path.into(), flaws: vec![flaw] }
}

/// A cell's text; line breaks inside it are blanks.
fn cell_text(cell: &[u8]) -> String {
    let text = String::from_utf8_lossy(cell);
    let words: Vec<&str> = text.split_whitespace().collect();
    composed(&words.join(" ")).into_owned()
}
