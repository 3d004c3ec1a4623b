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
    let (mut numbered, mut dated) = (None, Vec::new());
    each_row(export, head, 1, true, &mut |line, cells| {
        if numbered.is_none() && is_numbered(export, cells) {
            numbered = Some(line);
        }
        if has_date(export, cells, &export.columns.start) && has_date(export, cells, &export.columns.end) {
            dated.push(line);
        }
    });
    let dated = dated.first().copied().filter(|_| dated.len() >= FEWEST_DATED);
    let Some(line) = numbered.or(dated) else { return Ok(()) };
    let (path, place) = (export.path.clone(), export.place(line, Some(0)));
    Err(Error::RowsAbove { path, place, line: export.header_line })
}

/// Whether a row has a case number and a date: in their columns or, in another table, in any.
fn is_numbered(export: &Export, cells: Cells<'_>) -> bool {
    let is_number = |cell: &[u8]| export.usual_numbers.include(cell, &mut String::new());
    let in_place = export.columns.case_id.is_some_and(|column| is_number(cells.get(column)))
        && has_date(export, cells, &export.columns.start);
    // A number of digits alone could be a count.
    let stands_out =
        |cell: &&[u8]| !cell.iter().all(u8::is_ascii_digit) && is_number(cell) && !is_date(export, cell);
    in_place || cells.iter().any(|cell| stands_out(&cell)) && cells.iter().any(|cell| is_date(export, cell))
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
