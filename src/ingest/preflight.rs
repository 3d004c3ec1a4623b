//! Preflight: is a workbook safe to open?
//!
//! A workbook is a zip archive of XML, and both can be built to exhaust a machine. Everything the reader
//! will look at is inflated once here and counted while it is: what an archive declares can be forged.
//! Knows nothing of sheets and cells.

use std::io::{ErrorKind, Read, Seek};

use zip::ZipArchive;
use zip::result::ZipError;

use crate::error::WorkbookProblem;

/// A workbook file longer than this holds more than cases.
pub const LONGEST_FILE: u64 = 200 << 20;
/// Parts in a workbook; Excel's own have some dozens.
const MOST_PARTS: usize = 2_000;
/// Bytes that all parts read may inflate to: Excel's million rows with a dozen columns.
const MOST_INFLATED: u64 = 1 << 30;
/// Bytes that the texts of a workbook, which are held in memory, may inflate to.
const MOST_TEXT: u64 = 128 << 20;
/// A part is bounded by [`MOST_RATIO`] once it inflates to more than this.
const RATIO_COUNTS_ABOVE: u64 = 10 << 20;
/// Inflated bytes for one compressed; sheets of cases have 5 to 30.
const MOST_RATIO: u64 = 200;
/// The shortest element of a shared text, `<si/>`.
const SHORTEST_TEXT: u64 = 5;
/// Bytes inflated at a time.
const PIECE: usize = 64 * 1024;

/// What is wrong, and the part of the archive that shows it.
#[derive(Debug, PartialEq, Eq)]
pub struct Refusal {
    /// What is wrong.
    pub problem: WorkbookProblem,
    /// Name of the part; empty when it is the whole file.
    pub part: String,
}

impl Refusal {
    /// Of the whole file.
    pub fn whole(problem: WorkbookProblem) -> Refusal {
        Refusal { problem, part: String::new() }
    }
}

/// Looks through a workbook of `length` bytes.
///
/// # Errors
/// The first thing found that makes it unsafe or unreadable.
pub fn inspect(file: impl Read + Seek, length: u64) -> Result<(), Refusal> {
    if length > LONGEST_FILE {
        return Err(Refusal::whole(WorkbookProblem::TooLarge));
    }
    let mut archive = ZipArchive::new(file).map_err(|_| Refusal::whole(WorkbookProblem::Damaged))?;
    if archive.len() > MOST_PARTS {
        return Err(Refusal::whole(WorkbookProblem::TooLarge));
    }
    let names: Vec<String> = archive
        .file_names()
        .map(|name| name.map(|name| name.to_lowercase()))
        .collect::<Result<_, ZipError>>()
        .map_err(|_| Refusal::whole(WorkbookProblem::Damaged))?;
    let has = |part: &str| names.iter().any(|name| name == part);
    if !has("xl/workbook.xml") {
        let format = match () {
            () if has("xl/workbook.bin") => ".xlsb",
            () if has("content.xml") => ".ods",
            () => "zip",
        };
        return Err(Refusal { problem: WorkbookProblem::OtherFormat, part: format.into() });
    }
    let mut inflated = 0;
    for index in 0..archive.len() {
        inspect_part(&mut archive, index, &mut inflated)?;
    }
    Ok(())
}

fn inspect_part(
    archive: &mut ZipArchive<impl Read + Seek>,
    index: usize,
    inflated: &mut u64,
) -> Result<(), Refusal> {
    let raw = archive.by_index_raw(index).map_err(|_| Refusal::whole(WorkbookProblem::Damaged))?;
    let written = raw.name().map_err(|_| Refusal::whole(WorkbookProblem::Damaged))?.into_owned();
    let name = written.to_lowercase();
    let refuse = |problem| Err(Refusal { problem, part: shown(&written) });
    if raw.encrypted() {
        return refuse(WorkbookProblem::Encrypted);
    }
    // Pictures, printer settings and embedded files are never inflated.
    if !(name.ends_with(".xml") || name.ends_with(".rels")) {
        return Ok(());
    }
    let compressed = raw.compressed_size().max(1);
    drop(raw);
    let Ok(mut part) = archive.by_index(index) else { return refuse(WorkbookProblem::Damaged) };
    let is_text = name.ends_with("sharedstrings.xml");
    let (mut size, mut begin, mut window) = (0, Vec::new(), Window::default());
    let mut piece = vec![0; PIECE];
    loop {
        let read = match part.read(&mut piece) {
            Ok(0) => break,
            Ok(read) => read,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(_) => return refuse(WorkbookProblem::Damaged),
        };
        (size, *inflated) = (size + read as u64, *inflated + read as u64);
        if size > RATIO_COUNTS_ABOVE && size / compressed > MOST_RATIO {
            return refuse(WorkbookProblem::Bomb);
        }
        if *inflated > MOST_INFLATED || is_text && size > MOST_TEXT {
            return refuse(WorkbookProblem::TooLarge);
        }
        if begin.len() < PIECE {
            begin.extend_from_slice(&piece[..read]);
        }
        if window.holds_doctype(&piece[..read]) {
            return refuse(WorkbookProblem::Doctype);
        }
    }
    // In UTF-16 a document type could hide from the search above; no program writes workbooks so.
    if begin.iter().take(64).any(|byte| *byte == 0 || *byte >= 0xFE) {
        return refuse(WorkbookProblem::Damaged);
    }
    // The reader makes room for as many texts as are declared.
    if is_text && declared_texts(&begin) > size / SHORTEST_TEXT + 1 {
        return refuse(WorkbookProblem::ForgedCount);
    }
    Ok(())
}

/// A part's name as it may be printed.
fn shown(name: &str) -> String {
    name.chars().filter(|letter| !letter.is_control()).take(80).collect()
}

/// The largest `uniqueCount` in the beginning of the shared texts; 0 without one.
fn declared_texts(begin: &[u8]) -> u64 {
    const ATTRIBUTE: &[u8] = b"uniqueCount";
    let counts = memchr::memmem::find_iter(begin, ATTRIBUTE).map(|at| {
        let rest = begin[at + ATTRIBUTE.len()..].iter();
        let digits =
            rest.skip_while(|byte| byte.is_ascii_whitespace() || matches!(byte, b'=' | b'"' | b'\''));
        let number = digits.take_while(|byte| byte.is_ascii_digit());
        number.fold(0u64, |sum, digit| sum.saturating_mul(10).saturating_add(u64::from(digit - b'0')))
    });
    counts.max().unwrap_or(0)
}

/// Looks for a document type declaration across pieces.
#[derive(Default)]
struct Window {
    carried: Vec<u8>,
}

impl Window {
    fn holds_doctype(&mut self, piece: &[u8]) -> bool {
        const DECLARATION: &[u8] = b"<!DOCTYPE";
        let is_here = |bytes: &[u8]| {
            let mut places = memchr::memmem::find_iter(bytes, b"<!");
            places.any(|at| {
                bytes[at..].len() >= DECLARATION.len()
                    && bytes[at..][..DECLARATION.len()].eq_ignore_ascii_case(DECLARATION)
            })
        };
        let reach = DECLARATION.len() - 1;
        let begin = &piece[..piece.len().min(reach)];
        let seam = [&self.carried, begin].concat();
        let found = is_here(&seam) || is_here(piece);
        let end = if piece.len() < reach { &seam } else { piece };
        self.carried = end[end.len().saturating_sub(reach)..].to_vec();
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_type_is_found_wherever_pieces_are_cut() {
        let text = b"<?xml version=\"1.0\"?><!doctype a [<!ENTITY b 'c'>]><a/>";
        for size in 1..text.len() {
            let mut window = Window::default();
            assert!(text.chunks(size).any(|piece| window.holds_doctype(piece)), "pieces of {size}");
        }
        let mut window = Window::default();
        assert!(!window.holds_doctype(b"<a><![CDATA[x]]></a>"));
    }

    #[test]
    fn declared_counts_are_read() {
        assert_eq!(declared_texts(b"<sst count=\"3\" uniqueCount = '12'>"), 12);
        assert_eq!(declared_texts(b"<sst uniqueCount=\"99999999999999999999999\">"), u64::MAX);
        assert_eq!(declared_texts(b"<sst>"), 0);
    }
}
