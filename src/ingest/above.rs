//! Rows above the headings: titles and selections are passed over, cases are not.

use super::dialect::Cells;
use super::export::{Export, each_row};
use super::headings::When;
use crate::date_evidence::Evidence;
use crate::error::Error;

/// Refuses an export with cases above its headings: someone sorted the headings among the rows, or another table with
/// other headings stands above. `head` is what stands above the first row, the headings included.
///
/// # Errors
/// If a row there has a case number like those below and a date, or several have a start and an end.
pub fn refuse(export: &Export, head: &[u8]) -> Result<(), Error> {
    /// A single one may be the period of the export.
    const FEWEST_DATED: usize = 2;
    let (mut numbered, mut dated, mut elsewhere) = (None, Vec::new(), Vec::new());
    each_row(export, head, 1, true, &mut |line, cells| {
        if numbered.is_none() && is_numbered(export, cells) {
            numbered = Some(line);
        }
        if is_dated(export, cells) {
            dated.push(line);
        }
        elsewhere.extend(is_numbered_elsewhere(export, cells).then_some(line));
    });
    let [dated, elsewhere] =
        [dated, elsewhere].map(|lines| lines.first().copied().filter(|_| lines.len() >= FEWEST_DATED));
    let Some(line) = numbered.or(dated).or(elsewhere) else { return Ok(()) };
    let (path, place) = (export.path.clone(), export.place(line, Some(0)));
    Err(Error::RowsAbove { path, place, line: export.header_line })
}

/// Whether a row has a case number and a date: in their columns or, in another table, the number first.
fn is_numbered(export: &Export, cells: Cells<'_>) -> bool {
    let in_place = export.columns.case_id.is_some_and(|column| is_number(export, cells.get(column)))
        && has_date(export, cells, &export.columns.start);
    let first = cells.iter().find(|cell| !cell.is_empty());
    in_place
        || first.is_some_and(|cell| stands_out(export, cell))
            && cells.iter().any(|cell| is_date(export, cell))
}

/// Whether a row has a case number and a date somewhere: one such row may say what was printed when, as in
/// `Dnr;SN 2024/301;;2024-09-01`.
fn is_numbered_elsewhere(export: &Export, cells: Cells<'_>) -> bool {
    cells.iter().any(|cell| stands_out(export, cell)) && cells.iter().any(|cell| is_date(export, cell))
}

/// Whether a row has a start and an end, and not a word where cases have numbers.
fn is_dated(export: &Export, cells: Cells<'_>) -> bool {
    let number = export.columns.case_id.map(|column| cells.get(column));
    let is_word = |cell: &[u8]| !cell.is_empty() && !cell.iter().any(u8::is_ascii_digit);
    !(export.usual_numbers.are_the_rule() && number.is_some_and(is_word))
        && has_date(export, cells, &export.columns.start)
        && has_date(export, cells, &export.columns.end)
}

fn is_number(export: &Export, cell: &[u8]) -> bool {
    export.usual_numbers.include(cell, &mut String::new())
}

/// Whether a cell is a case number, wherever it stands. A number of digits alone could be a count.
fn stands_out(export: &Export, cell: &[u8]) -> bool {
    !cell.iter().all(u8::is_ascii_digit) && is_number(export, cell) && !is_date(export, cell)
}

fn has_date(export: &Export, cells: Cells<'_>, whens: &[When]) -> bool {
    whens.iter().any(|when| is_date(export, cells.get(when.date)))
}

/// Whether a cell is a date in any notation.
fn is_date(export: &Export, cell: &[u8]) -> bool {
    let mut evidence = Evidence::default();
    evidence.add(cell, 0, export.form.epoch(), &export.empty);
    evidence.is_of_dates()
}
