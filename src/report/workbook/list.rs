//! A list of open cases as a workbook: one sheet to sort, filter and print.

use std::io::{self, Seek, Write};

use rust_xlsxwriter::{DocProperties, Workbook, XlsxError};

use super::{Formats, date, write_cell};
use crate::date::Day;
use crate::ingest::files::AUTHOR;
use crate::report::Look;
use crate::table::Table;
use crate::text::{Texts, fill};

/// Writes a list to a file. The sheet is named by the as-of date, from which its days are counted.
///
/// # Errors
/// When the file cannot be written.
pub fn write_list(list: &Table, as_of: Day, file: impl Write + Seek + Send, texts: &Texts) -> io::Result<()> {
    let written = made(list, as_of, texts).and_then(|mut workbook| workbook.save_to_writer(file));
    written.map_err(io::Error::other)
}

fn made(list: &Table, as_of: Day, texts: &Texts) -> Result<Workbook, XlsxError> {
    let formats = Formats::of(&Look::default(), texts);
    let mut workbook = Workbook::new();
    workbook.set_properties(&DocProperties::new().set_author(AUTHOR).set_creation_datetime(&date(as_of)?));
    let page = workbook.add_worksheet();
    page.set_name(fill!(texts, "sheet.open", as_of))?;
    page.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    page.set_repeat_rows(0, 0)?.set_header("&L&A&R&P (&N)");
    for (column, heading) in (0..).zip(list.headings()) {
        page.write_string_with_format(0, column, heading, &formats.heading)?;
    }
    for (row, cells) in (1..).zip(&list.rows) {
        for (column, cell) in (0..).zip(list.cells(cells)) {
            write_cell(page, (row, column), cell, &formats, texts)?;
        }
    }
    page.autofilter(0, 0, list.rows.len() as u32, list.columns.len() as u16 - 1)?;
    page.set_freeze_panes(1, 0)?.autofit();
    Ok(workbook)
}
