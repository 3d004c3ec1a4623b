//! A case list as a workbook, row by row, so that a million cases need no memory.

use std::io::{self, Seek, Write};
use std::path::Path;

use rust_xlsxwriter::{DocProperties, Format, Workbook, Worksheet, XlsxError};

use super::super::bounded::guarded;
use super::super::cases::CASE_HEADINGS;
use super::{date, fitting};
use crate::date::Day;
use crate::ingest::files::AUTHOR;
use crate::text::Texts;

/// Cases that a sheet has room for below its headings.
pub const MOST_CASES: u64 = 1_048_575;

/// Columns of dates or moments, and of numbers.
const DATES: [&str; 5] = ["start", "end", "due", "due_rolled", "due_reference"];
const NUMBERS: [&str; 2] = ["margin", "line"];

/// Why, when the library does not say it.
const UNWRITTEN: &str = "cannot write the temporary file of the workbook";

/// Writes the case list to a file. `lines` is one as [`super::super::write_plain_case`] writes it; what does not
/// fit into memory lies in `scratch` meanwhile.
///
/// # Errors
/// When the file cannot be written.
pub fn write_case_list(
    lines: &[u8],
    as_of: Day,
    scratch: &Path,
    file: impl Write + Seek + Send,
    texts: &Texts,
) -> io::Result<()> {
    // The library panics where the file that it keeps rows in cannot be written.
    let written = guarded(|| write(lines, as_of, scratch, file, texts));
    written.map_or_else(|_| Err(io::Error::other(UNWRITTEN)), |written| written.map_err(io::Error::other))
}

fn write(
    lines: &[u8],
    as_of: Day,
    scratch: &Path,
    file: impl Write + Seek + Send,
    texts: &Texts,
) -> Result<(), XlsxError> {
    let mut workbook = Workbook::new();
    workbook.set_tempdir(scratch)?;
    workbook.set_properties(&DocProperties::new().set_author(AUTHOR).set_creation_datetime(&date(as_of)?));
    let page = workbook.add_worksheet_with_constant_memory()?;
    page.set_name(texts.get("sheet.cases"))?;
    page.set_freeze_panes(1, 0)?;
    let bold = Format::new().set_bold();
    for (column, heading) in (0..).zip(CASE_HEADINGS) {
        page.set_column_width(column, if DATES.contains(&heading) { 12 } else { 18 })?;
        page.write_string_with_format(0, column, heading, &bold)?;
    }
    let day = Format::new().set_num_format("yyyy-mm-dd");
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(lines);
    let mut rows = 0;
    for record in reader.records() {
        let record = record.expect("these are our own lines");
        rows += 1;
        for ((column, heading), cell) in (0..).zip(CASE_HEADINGS).zip(&record) {
            write_cell(page, (rows, column), heading, cell, &day)?;
        }
    }
    page.autofilter(0, 0, rows, CASE_HEADINGS.len() as u16 - 1)?;
    workbook.save_to_writer(file)
}

/// A day as a date, a number as a number, all else, moments too, as text: never as a formula.
fn write_cell(
    page: &mut Worksheet,
    (row, column): (u32, u16),
    heading: &str,
    cell: &str,
    day: &Format,
) -> Result<(), XlsxError> {
    let as_day = Day::parse_iso(cell).filter(|_| DATES.contains(&heading)).and_then(|day| date(day).ok());
    let as_number = cell.parse::<i32>().ok().filter(|_| NUMBERS.contains(&heading));
    match (as_day, as_number) {
        (Some(date), _) => page.write_datetime_with_format(row, column, date, day)?,
        (_, Some(number)) => page.write_number(row, column, number)?,
        _ if cell.is_empty() => page,
        _ => page.write_string(row, column, fitting(cell))?,
    };
    Ok(())
}
