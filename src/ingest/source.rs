//! Sources: a file as lines of UTF-8, whatever its encoding or format.
//!
//! Text is decoded, a sheet is laid out as lines ([`super::workbook`]); everything after that reads both alike. Digests
//! are of the bytes in the file.

use std::io::Cursor;
use std::ops::ControlFlow;
use std::path::Path;

use super::original::{Original, Passed, Progress, Reading};
use super::preflight::{self, Refusal};
use super::workbook::{SheetError, Take, Workbook};
use crate::encoding::{Encoding, Survey, Transcoder};
use crate::error::{Error, WorkbookProblem};
use crate::personal_numbers;
use crate::serial::SerialEpoch;

/// Bytes read at a time.
const PIECE: u64 = 1024 * 1024;
/// Headings, and the first evidence of date formats, are looked for within this many bytes of the beginning.
const HEAD: usize = 256 * 1024;
/// Bytes at the beginning that show what a file is.
const MAGIC: u64 = 4096;

/// How a file is turned into lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Form {
    /// Delimited text.
    Text {
        /// The encoding of the bytes.
        encoding: Encoding,
        /// Length of the byte order mark.
        mark: u64,
        /// Whether lines end with a lone carriage return.
        lone_cr: bool,
    },
    /// A sheet of a workbook.
    Sheet {
        /// Its name in a form that may be shown.
        name: String,
        /// Its name in the workbook, never shown.
        own: String,
        /// The epoch of its serial numbers.
        epoch: SerialEpoch,
        /// Whether it is hidden.
        hidden: bool,
        /// Whether the workbook has merged cells.
        has_merged: bool,
    },
}

impl Form {
    /// The sheet's name, if it is a sheet.
    pub fn sheet(&self) -> Option<&str> {
        match self {
            Form::Text { .. } => None,
            Form::Sheet { name, .. } => Some(name),
        }
    }

    /// The sheet's name in its workbook, by which it is found; never shown.
    pub fn own_sheet(&self) -> Option<&str> {
        match self {
            Form::Text { .. } => None,
            Form::Sheet { own, .. } => Some(own),
        }
    }

    /// The epoch of serial numbers in it.
    pub fn epoch(&self) -> SerialEpoch {
        match self {
            Form::Text { .. } => SerialEpoch::From1900,
            Form::Sheet { epoch, .. } => *epoch,
        }
    }
}

/// The forms in which a file can be read: one for text, or one for each sheet, hidden ones last. `encoding` overrides
/// the detected one.
///
/// # Errors
/// If the file cannot be read, or is of an unsupported kind.
pub fn forms(original: &Original, encoding: Option<Encoding>) -> Result<Vec<Form>, Error> {
    let (mut reading, mut beginning) = (original.glance()?, Vec::new());
    reading.more(&mut beginning, MAGIC)?;
    reading.leave()?;
    let refuse = |problem, part: &str| {
        Err(Error::Workbook { path: original.path().into(), problem, part: part.into() })
    };
    match Magic::of(&beginning) {
        Magic::Zip => {
            let (workbook, has_merged) = open_workbook(original)?;
            let epoch = workbook.epoch();
            let sheets = [false, true].into_iter().flat_map(|hidden| {
                let names = workbook.sheets(hidden).into_iter();
                names.map(move |own| {
                    let name = personal_numbers::shown_name(&own);
                    Form::Sheet { name, own, epoch, hidden, has_merged }
                })
            });
            Ok(sheets.collect())
        }
        Magic::Ole if contains(original, &utf16("EncryptedPackage"))? => {
            refuse(WorkbookProblem::Encrypted, "")
        }
        Magic::Ole => refuse(WorkbookProblem::OtherFormat, ".xls"),
        Magic::Other(format) => refuse(WorkbookProblem::OtherFormat, format),
        Magic::Text => Ok(vec![text_form(original, encoding)?]),
    }
}

/// What the first bytes show.
enum Magic {
    Zip,
    Ole,
    Other(&'static str),
    Text,
}

impl Magic {
    fn of(beginning: &[u8]) -> Magic {
        // Without zeros, so that the kind of a UTF-16 file shows too.
        let letters: Vec<u8> = beginning.iter().copied().filter(|byte| *byte != 0).collect();
        let text = String::from_utf8_lossy(&letters);
        let text = text.trim_start_matches(['\u{feff}', '\u{fffd}']).trim_start().to_lowercase();
        let is_markup = ["<html", "<!doctype", "<table", "<?xml"].iter().any(|tag| text.starts_with(tag));
        match beginning {
            [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => Magic::Zip,
            [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, ..] => Magic::Ole,
            [b'P', b'A', b'R', b'1', ..] => Magic::Other("Parquet"),
            [b'%', b'P', b'D', b'F', ..] => Magic::Other("PDF"),
            [0x1F, 0x8B, ..] => Magic::Other("gzip"),
            _ if is_markup => Magic::Other("HTML/XML"),
            // An interrupted copy, or a hole on a disk.
            _ if letters.is_empty() && !beginning.is_empty() => Magic::Other("NUL"),
            _ => Magic::Text,
        }
    }
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// Whether a file contains certain bytes.
fn contains(original: &Original, wanted: &[u8]) -> Result<bool, Error> {
    let (mut reading, mut window) = (original.glance()?, Vec::new());
    while reading.more(&mut window, PIECE)? > 0 {
        if memchr::memmem::find(&window, wanted).is_some() {
            return Ok(true);
        }
        window.drain(..window.len().saturating_sub(wanted.len()));
    }
    Ok(false)
}

fn text_form(original: &Original, encoding: Option<Encoding>) -> Result<Form, Error> {
    let mut reading = original.glance()?;
    let (mut survey, mut beginning) = (Survey::default(), Vec::new());
    let mut piece = Vec::new();
    while reading.more(&mut piece, PIECE)? > 0 {
        survey.feed(&piece);
        let settled = survey.is_settled();
        if beginning.is_empty() {
            beginning = std::mem::take(&mut piece);
        }
        if settled || encoding.is_some() {
            break;
        }
        piece.clear();
    }
    reading.leave()?;
    let encoding = encoding.unwrap_or_else(|| survey.decision());
    let mark = encoding.mark_length(&beginning);
    let mut text = Vec::new();
    Transcoder::new(encoding).push(&beginning[mark..], false, &mut text);
    // A line feed may occur inside a cell.
    let feeds = memchr::memchr_iter(b'\n', &text).count();
    let with_feed = memchr::memmem::find_iter(&text, b"\r\n").count();
    let lone = memchr::memchr_iter(b'\r', &text).count() - with_feed;
    let lone_cr = lone > 2 * feeds;
    Ok(Form::Text { encoding, mark: mark as u64, lone_cr })
}

/// Opens a workbook for the first time; returns whether some of its cells are merged.
fn open_workbook(original: &Original) -> Result<(Workbook, bool), Error> {
    let refused = |refusal| told(original.path(), SheetError::Refused(refusal));
    preflight::refuse_long(original.length()).map_err(refused)?;
    let (bytes, _) = original.bytes(&|_| ())?;
    let has_merged = preflight::inspect(Cursor::new(&bytes), original.length()).map_err(refused)?;
    Ok((Workbook::open(bytes).map_err(refused)?, has_merged))
}

/// Opens a workbook that has been inspected; also returns its SHA-256. The file is read whole first, so that the cells
/// come from the bytes with that digest.
fn reopened(original: &Original, progress: &Progress<'_>) -> Result<(Workbook, String), Error> {
    let (bytes, digest) = original.bytes(progress)?;
    let workbook =
        Workbook::open(bytes).map_err(|refusal| told(original.path(), SheetError::Refused(refusal)))?;
    Ok((workbook, digest))
}

fn told(path: &Path, error: SheetError) -> Error {
    match error {
        SheetError::Taker(error) => error,
        SheetError::Refused(Refusal { problem, part }) => {
            Error::Workbook { path: path.into(), problem, part }
        }
    }
}

/// Passes a file on as lines of UTF-8, piece by piece, and returns its SHA-256 in hexadecimal; `None` if `take` stops
/// before the end.
///
/// # Errors
/// If the file cannot be read or is no longer what it was at first; those of `take`.
pub fn read(
    original: &Original,
    form: &Form,
    progress: &Progress<'_>,
    take: &mut Take<'_>,
) -> Result<Option<String>, Error> {
    match form {
        Form::Text { .. } => {
            let (mut lines, mut buffer) = (TextLines::of(original, form, progress)?, Vec::new());
            loop {
                let at_end = lines.more(&mut buffer)?;
                if at_end && take(&mut buffer, true)?.is_continue() {
                    return lines.finish().map(Some);
                }
                if at_end || take(&mut buffer, false)?.is_break() {
                    return lines.leave().map(|()| None);
                }
            }
        }
        Form::Sheet { own, has_merged, .. } => {
            let (mut workbook, digest) = reopened(original, progress)?;
            workbook.read(own, *has_merged, take).map_err(|error| told(original.path(), error))?;
            Ok(Some(digest))
        }
    }
}

/// The lines of a text file as UTF-8, piece by piece.
pub struct TextLines<'a> {
    reading: Reading<'a>,
    progress: &'a Progress<'a>,
    /// `None` if the bytes already are as needed.
    decoder: Option<Transcoder>,
    raw: Vec<u8>,
    lone_cr: bool,
}

impl<'a> TextLines<'a> {
    /// Begins to read a text file.
    ///
    /// # Errors
    /// As [`read`].
    pub fn of(
        original: &'a Original,
        form: &Form,
        progress: &'a Progress<'a>,
    ) -> Result<TextLines<'a>, Error> {
        let Form::Text { encoding, mark, lone_cr } = form else { unreachable!("a sheet is no text") };
        let is_plain = *encoding == Encoding::Utf8 && !lone_cr;
        let decoder = (!is_plain).then(|| Transcoder::new(*encoding));
        let mut lines =
            TextLines { reading: original.reading()?, progress, decoder, raw: Vec::new(), lone_cr: *lone_cr };
        lines.read_into(&mut Vec::new(), *mark)?;
        Ok(lines)
    }

    /// Appends the next piece to `buffer`; returns whether it was the last.
    ///
    /// # Errors
    /// As [`read`].
    pub fn more(&mut self, buffer: &mut Vec<u8>) -> Result<bool, Error> {
        if self.decoder.is_none() {
            buffer.reserve_exact(PIECE as usize);
            return Ok(self.read_into(buffer, PIECE)? == 0);
        }
        let mut raw = std::mem::take(&mut self.raw);
        raw.clear();
        let at_end = self.read_into(&mut raw, PIECE)? == 0;
        let begin = buffer.len();
        self.decoder.iter_mut().for_each(|decoder| decoder.push(&raw, at_end, buffer));
        if self.lone_cr {
            let breaks = buffer[begin..].iter_mut().filter(|byte| **byte == b'\r');
            breaks.for_each(|byte| *byte = b'\n');
        }
        self.raw = raw;
        Ok(at_end)
    }

    fn read_into(&mut self, buffer: &mut Vec<u8>, bytes: u64) -> Result<usize, Error> {
        let read = self.reading.more(buffer, bytes)?;
        (self.progress)(Passed::Bytes(read as u64));
        Ok(read)
    }

    /// Ends a pass through the whole file; returns its SHA-256 in hexadecimal.
    ///
    /// # Errors
    /// If the file is no longer what it was at first.
    pub fn finish(self) -> Result<String, Error> {
        self.reading.finish()
    }

    /// Ends a pass through part of the file.
    ///
    /// # Errors
    /// As [`TextLines::finish`].
    pub fn leave(self) -> Result<(), Error> {
        self.reading.leave()
    }
}

/// The beginning of each form of a file as lines of UTF-8, and whether that is all of it.
///
/// # Errors
/// As [`read`]; a sheet that cannot be read gives an error in its own place.
pub fn heads(original: &Original, forms: &[Form]) -> Result<Vec<Result<Head, Error>>, Error> {
    let is_sheet = |form: &Form| matches!(form, Form::Sheet { .. });
    let mut workbook = if forms.iter().any(is_sheet) { Some(reopened(original, &|_| ())?.0) } else { None };
    let head = |form: &Form| {
        let mut head = (Vec::new(), false);
        let mut take = |buffer: &mut Vec<u8>, at_end: bool| {
            if buffer.len() < HEAD && !at_end {
                return Ok(ControlFlow::Continue(()));
            }
            let whole = at_end && buffer.len() <= HEAD;
            buffer.truncate(HEAD);
            head = (std::mem::take(buffer), whole);
            Ok(ControlFlow::Break(()))
        };
        match (form, &mut workbook) {
            (Form::Sheet { own, has_merged, .. }, Some(workbook)) => {
                workbook.read(own, *has_merged, &mut take).map_err(|error| told(original.path(), error))?;
            }
            _ => {
                read(original, form, &|_| (), &mut take)?;
            }
        }
        Ok(head)
    };
    Ok(forms.iter().map(head).collect())
}

/// A beginning, and whether it is the whole.
pub type Head = (Vec<u8>, bool);
