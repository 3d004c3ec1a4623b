//! Workbooks: the sheets of an .xlsx file as lines of UTF-8.
//!
//! A sheet becomes the same as a delimited file, with one line for each row, so that everything after that reads both
//! alike: line 17 is row 17. Opens only what [`super::preflight`] has accepted.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::io::{Cursor, Read};
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{
    DataRef, ExcelDateTime, Reader, SheetType, SheetVisible, Xlsx, XlsxError, XlsxFormulaMetadata,
};
use zip::ZipArchive;

use super::merged::Merged;
use super::preflight::Refusal;
use crate::error::{Error, WorkbookProblem};
use crate::serial::{SerialEpoch, stamp_of_serial};

/// The separator between the cells of a line; no keyboard types it.
pub const SHEET_SEPARATOR: u8 = 0x1F;
/// The most visible sheets that can be exports, and the most hidden ones that are examined.
const MOST_SHEETS: usize = 100;
/// The most characters of a sheet's name.
const LONGEST_NAME: usize = 64;
/// The most columns of a sheet that can be an export.
const MOST_COLUMNS: u32 = 1_024;
/// The most cells, including empty ones between others, of a sheet that can be an export.
const MOST_CELLS: u64 = 50_000_000;
/// The bytes of a cell that are kept.
const LONGEST_CELL: usize = 4_096;
/// The text of a formula cell without a stored result, or with one that is another every day.
const NOT_WORKED_OUT: &str = "#FORMULA";
/// Bytes passed on at a time.
const PIECE: usize = 1 << 20;

/// Takes lines out of a growing buffer; the flag is true when nothing follows.
pub type Take<'a> = dyn FnMut(&mut Vec<u8>, bool) -> Result<ControlFlow<()>, Error> + 'a;

/// An open workbook.
pub struct Workbook {
    inner: Xlsx<Cursor<Vec<u8>>>,
    /// Whether its formulas were never calculated: their results are empty, or the zero that a program wrote for all.
    is_uncalculated: bool,
}

/// Why a sheet was not read to its end.
pub enum SheetError {
    /// The workbook is at fault.
    Refused(Refusal),
    /// The receiver of the lines stopped.
    Taker(Error),
}

impl From<WorkbookProblem> for SheetError {
    fn from(problem: WorkbookProblem) -> SheetError {
        SheetError::Refused(Refusal::whole(problem))
    }
}

impl Workbook {
    /// Opens a workbook that was inspected.
    ///
    /// # Errors
    /// If its XML is not that of a workbook.
    pub fn open(bytes: Vec<u8>) -> Result<Workbook, Refusal> {
        let is_uncalculated = is_to_be_calculated(&bytes);
        let opened = guarded(|| Xlsx::new(Cursor::new(bytes)));
        let workbook = Workbook { inner: opened.map_err(Refusal::whole)?, is_uncalculated };
        let sheets = workbook.sheets(false);
        if sheets.len() > MOST_SHEETS {
            return Err(Refusal::whole(WorkbookProblem::TooLarge));
        }
        // Excel's own limit is 31 characters; the name is printed and written.
        let is_name =
            |name: &String| name.chars().count() <= LONGEST_NAME && !name.chars().any(char::is_control);
        if !sheets.iter().chain(&workbook.sheets(true)).all(is_name) {
            return Err(Refusal::whole(WorkbookProblem::Damaged));
        }
        Ok(workbook)
    }

    /// The names of the visible sheets, or of the hidden ones, in order.
    pub fn sheets(&self, hidden: bool) -> Vec<String> {
        let sheets = self.inner.sheets_metadata().iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
        let sheets = sheets.filter(|sheet| (sheet.visible != SheetVisible::Visible) == hidden);
        let most = if hidden { MOST_SHEETS } else { usize::MAX };
        sheets.map(|sheet| sheet.name.clone()).take(most).collect()
    }

    /// The epoch of serial numbers.
    pub fn epoch(&self) -> SerialEpoch {
        if self.inner.has_1904_epoch() { SerialEpoch::From1904 } else { SerialEpoch::From1900 }
    }

    /// Passes a sheet on as lines of UTF-8. `has_merged` is true if some cells may be merged; their places come after
    /// the rows, so the sheet is then read twice.
    ///
    /// # Errors
    /// If the sheet is damaged or too large; those of `take`.
    pub fn read(&mut self, sheet: &str, has_merged: bool, take: &mut Take<'_>) -> Result<(), SheetError> {
        let epoch = self.epoch();
        let regions = match has_merged {
            true => guarded(|| self.inner.merge_cells_by_sheet_name(sheet))?,
            false => Vec::new(),
        };
        let mut cells = guarded(|| self.inner.worksheet_cells_reader(sheet))?;
        let merged = Merged::new(regions, MOST_COLUMNS);
        let mut lines = Lines { epoch, merged, ..Lines::default() };
        let mut of_today = OfToday::default();
        while let Some(record) = guarded(|| cells.next_cell_with_formula_metadata())? {
            let ((row, column), mut value) = (record.pos, record.value);
            if let Some(formula) = record.formula {
                let is_of_today = of_today.has(&formula);
                let is_zero = matches!(value, DataRef::Float(0.0) | DataRef::Int(0)) || is_no_day(&value);
                value = match value {
                    DataRef::Empty => DataRef::SharedString(NOT_WORKED_OUT),
                    _ if is_zero && self.is_uncalculated => DataRef::SharedString(NOT_WORKED_OUT),
                    DataRef::DateTime(_) if is_of_today => DataRef::SharedString(NOT_WORKED_OUT),
                    // A lookup of a blank cell returns 0.
                    _ if is_no_day(&value) => DataRef::Empty,
                    value => value,
                };
            }
            lines.put(row, column, &value)?;
            if lines.text.len() >= PIECE
                && take(&mut lines.text, false).map_err(SheetError::Taker)?.is_break()
            {
                return Ok(());
            }
        }
        lines.end_row();
        take(&mut lines.text, true).map(|_| ()).map_err(SheetError::Taker)
    }
}

/// Whether a program wrote the workbook without calculating its formulas, and asks Excel to do so. Excel itself removes
/// that mark.
fn is_to_be_calculated(bytes: &[u8]) -> bool {
    let mut xml = String::new();
    let read = ZipArchive::new(Cursor::new(bytes))
        .ok()
        .and_then(|mut archive| archive.by_name("xl/workbook.xml").ok()?.read_to_string(&mut xml).ok());
    read.is_some() && ["\"1\"", "\"true\""].iter().any(|yes| xml.contains(&format!("fullCalcOnLoad={yes}")))
}

/// Whether a cell formatted as a date holds the number 0.
fn is_no_day(value: &DataRef<'_>) -> bool {
    matches!(value, DataRef::DateTime(time) if time.as_f64() == 0.0)
}

/// Formulas whose result is another every day: a date from them is that of the last time someone opened the workbook.
#[derive(Default)]
struct OfToday {
    /// Formulas of this kind that other cells share, by their index.
    shared: BTreeSet<usize>,
}

impl OfToday {
    /// Whether a formula is of this kind; asked of each in order, since the first of those that share one holds its text.
    fn has(&mut self, formula: &XlsxFormulaMetadata) -> bool {
        let is_of_today = |text: &str| ["TODAY(", "NOW("].iter().any(|name| text.contains(name));
        match formula {
            XlsxFormulaMetadata::Normal { formula } => is_of_today(formula),
            XlsxFormulaMetadata::Shared { shared_index, formula, .. } => {
                let is_of_today = is_of_today(formula);
                is_of_today.then(|| self.shared.insert(*shared_index));
                is_of_today
            }
            XlsxFormulaMetadata::SharedDerived { shared_index } => self.shared.contains(shared_index),
            _ => false,
        }
    }
}

thread_local! {
    /// Whether this thread is inside the reader.
    static READING: Cell<bool> = const { Cell::new(false) };
}

/// Whether a panic of this thread is caused by a workbook.
pub fn reads_workbook() -> bool {
    READING.get()
}

/// Runs the reader, which may panic on damaged files.
fn guarded<T>(work: impl FnOnce() -> Result<T, XlsxError>) -> Result<T, WorkbookProblem> {
    READING.set(true);
    let outcome = catch_unwind(AssertUnwindSafe(work));
    READING.set(false);
    match outcome {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(XlsxError::Password)) => Err(WorkbookProblem::Encrypted),
        Ok(Err(_)) | Err(_) => Err(WorkbookProblem::Damaged),
    }
}

/// Cells that are being assembled into lines.
#[derive(Default)]
struct Lines {
    epoch: SerialEpoch,
    text: Vec<u8>,
    /// The row of the cells gathered so far, from 0.
    row: u32,
    /// Its cells, by column.
    cells: Vec<(u32, String)>,
    merged: Merged,
    slots: u64,
}

impl Lines {
    fn put(&mut self, row: u32, column: u32, value: &DataRef<'_>) -> Result<(), WorkbookProblem> {
        // Excel ends at row 1 048 576; up to there rows may be left out but never go back.
        if row < self.row || row >= 1 << 20 {
            return Err(WorkbookProblem::Damaged);
        }
        while self.row < row {
            self.end_row();
        }
        let text = cell_text(value, self.epoch);
        if text.is_empty() {
            return Ok(());
        }
        if column >= MOST_COLUMNS {
            return Err(WorkbookProblem::TooLarge);
        }
        self.cells.push((column, text));
        if self.cells.len() > 2 * MOST_COLUMNS as usize || self.slots > MOST_CELLS {
            return Err(WorkbookProblem::TooLarge);
        }
        Ok(())
    }

    fn end_row(&mut self) {
        // A damaged sheet may contain a cell twice; the first counts.
        self.cells.sort_by_key(|(column, _)| *column);
        self.cells.dedup_by_key(|(column, _)| *column);
        self.merged.fill(self.row, &mut self.cells);
        let mut at = 0;
        for (column, text) in self.cells.drain(..) {
            self.text.extend(std::iter::repeat_n(SHEET_SEPARATOR, (column - at) as usize));
            at = column;
            push_cell(&text, &mut self.text);
        }
        self.slots += u64::from(at) + 1;
        self.text.push(b'\n');
        self.row += 1;
    }
}

/// Writes a cell so that it remains one cell on one line.
fn push_cell(text: &str, line: &mut Vec<u8>) {
    let end = text.floor_char_boundary(LONGEST_CELL);
    let bytes = text[..end].bytes();
    let plain = bytes.map(|byte| if matches!(byte, b'\n' | b'\r' | SHEET_SEPARATOR) { b' ' } else { byte });
    if text.starts_with('"') {
        line.push(b'"');
        for byte in plain {
            line.extend(std::iter::repeat_n(byte, if byte == b'"' { 2 } else { 1 }));
        }
        line.push(b'"');
    } else {
        line.extend(plain);
    }
}

fn cell_text(value: &DataRef<'_>, epoch: SerialEpoch) -> String {
    match value {
        DataRef::Empty => String::new(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number.to_string(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            text.trim().to_owned()
        }
        DataRef::SharedString(text) => text.trim().to_owned(),
        DataRef::Bool(value) => value.to_string(),
        DataRef::DateTime(time) => date_text(time, epoch),
        DataRef::Error(error) => error.to_string(),
    }
}

/// A cell formatted as a date, in ISO 8601; a number that is not a date stays a number.
fn date_text(time: &ExcelDateTime, epoch: SerialEpoch) -> String {
    let number = time.as_f64();
    match stamp_of_serial(number, epoch).filter(|_| time.is_datetime()) {
        // Midnight, in a column of times.
        Some((day, 0)) if number == 0.0 => format!("{day} 00:00:00"),
        Some((day, 0)) => day.to_string(),
        Some((day, second)) => {
            format!("{day} {:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60)
        }
        None => number.to_string(),
    }
}
