//! Preflight: is a workbook safe to open?
//!
//! A workbook is a zip archive of XML, and both can be crafted to exhaust a machine, or to show one thing to Excel and
//! another to the reader. Every part is inflated here and inspected meanwhile, because the sizes that an archive
//! declares can be forged. Knows nothing of sheets and cells.

use std::collections::BTreeSet;
use std::io::{ErrorKind, Read, Seek, SeekFrom};

use memchr::memmem;
use zip::ZipArchive;
use zip::result::ZipError;

use crate::error::WorkbookProblem;

/// The most bytes of a workbook file, all of which is held in memory while it is read; larger files hold more than
/// cases.
const LONGEST_FILE: u64 = 200 << 20;
/// The most parts of a workbook; Excel's own have some dozens.
const MOST_PARTS: usize = 2_000;
/// The most bytes of all parts together when inflated: half a million rows with a dozen columns.
const MOST_INFLATED: u64 = 512 << 20;
/// Above this many inflated bytes, [`MOST_RATIO`] limits parts and whole files.
const RATIO_COUNTS_ABOVE: u64 = 10 << 20;
/// The most inflated bytes for each compressed one; sheets of cases have 5 to 30.
const MOST_RATIO: u64 = 200;
/// The most bytes of the workbook's texts, which the reader holds in memory.
const MOST_TEXT: u64 = 64 << 20;
/// The most texts; the reader takes some fifty bytes for each besides its letters.
const MOST_TEXTS: u64 = 2_000_000;
/// The most merged cells, of which the reader makes a list.
const MOST_MERGED: u64 = 200_000;
/// The most bytes of the styles. The reader copies the names in them for every format.
const MOST_STYLES: u64 = 12 << 20;
/// The most cell formats; Excel allows 65 490.
const MOST_FORMATS: u64 = 65_490;
/// The most bytes of one tag in the styles.
const LONGEST_STYLE_TAG: usize = 4 << 10;
/// The most bytes of a tag, or between two tags; a cell holds 32 767 characters.
const LONGEST_PIECE_OF_XML: usize = 1 << 20;
/// The length of the shortest element of a shared text, `<si/>`.
const SHORTEST_TEXT: u64 = 5;
/// Bytes inflated at a time.
const PIECE: usize = 64 << 10;
/// Bytes at the beginning of a part that show what it is.
const BEGINNING: usize = 4 << 10;

/// What is wrong, and the part of the archive that shows it.
#[derive(Debug, PartialEq, Eq)]
pub struct Refusal {
    /// What is wrong.
    pub problem: WorkbookProblem,
    /// Name of the part; empty for the whole file.
    pub part: String,
}

impl Refusal {
    /// A refusal of the whole file.
    pub fn whole(problem: WorkbookProblem) -> Refusal {
        Refusal { problem, part: String::new() }
    }
}

/// Refuses a workbook of `length` bytes before it is read if it is too long.
///
/// # Errors
/// [`WorkbookProblem::TooLarge`].
pub fn refuse_long(length: u64) -> Result<(), Refusal> {
    if length > LONGEST_FILE { Err(Refusal::whole(WorkbookProblem::TooLarge)) } else { Ok(()) }
}

/// Inspects a workbook of `length` bytes; returns whether some of its cells are merged.
///
/// # Errors
/// The first thing found that makes it unsafe or unreadable.
pub fn inspect(mut file: impl Read + Seek, length: u64) -> Result<bool, Refusal> {
    let damaged = || Refusal::whole(WorkbookProblem::Damaged);
    refuse_long(length)?;
    if parts_declared(&mut file, length).ok_or_else(damaged)? > MOST_PARTS {
        return Err(Refusal::whole(WorkbookProblem::TooLarge));
    }
    let mut archive = ZipArchive::new(file).map_err(|_| damaged())?;
    let names: Vec<String> = archive
        .file_names()
        .map(|name| name.map(|name| name.to_lowercase()))
        .collect::<Result<_, ZipError>>()
        .map_err(|_| damaged())?;
    if archive.len() > MOST_PARTS {
        return Err(Refusal::whole(WorkbookProblem::TooLarge));
    }
    // If two parts have the same name, two programs may read different ones.
    let different: BTreeSet<&String> = names.iter().collect();
    if different.len() < names.len() || archive.has_duplicate_names() {
        return Err(damaged());
    }
    let has = |part: &str| names.iter().any(|name| name == part);
    if !has("xl/workbook.xml") {
        let format = match () {
            () if has("xl/workbook.bin") => ".xlsb",
            () if has("content.xml") => ".ods",
            () => "zip",
        };
        return Err(Refusal { problem: WorkbookProblem::OtherFormat, part: format.into() });
    }
    let (mut inflated, mut merged) = (0, 0);
    for index in 0..archive.len() {
        merged += inspect_part(&mut archive, index, length, &mut inflated)?;
    }
    Ok(merged > 0)
}

/// The number of parts declared at the end of the archive, before they are listed; `None` if the archive has no end.
fn parts_declared(file: &mut (impl Read + Seek), length: u64) -> Option<usize> {
    /// The signature of the end record, and its distance from the end with the longest comment.
    const END: &[u8] = b"PK\x05\x06";
    const REACH: u64 = 22 + 65_535;
    file.seek(SeekFrom::Start(length.saturating_sub(REACH))).ok()?;
    let mut end = Vec::new();
    file.take(REACH).read_to_end(&mut end).ok()?;
    let at = memmem::rfind(&end, END)?;
    let count = end.get(at + 10..at + 12)?;
    file.rewind().ok()?;
    Some(usize::from(u16::from_le_bytes([count[0], count[1]])))
}

/// Inspects one part; returns the number of merged cells in it.
fn inspect_part(
    archive: &mut ZipArchive<impl Read + Seek>,
    index: usize,
    length: u64,
    inflated: &mut u64,
) -> Result<u64, Refusal> {
    let raw = archive.by_index_raw(index).map_err(|_| Refusal::whole(WorkbookProblem::Damaged))?;
    let name = raw.name().map_err(|_| Refusal::whole(WorkbookProblem::Damaged))?.into_owned();
    let refuse = |problem| Err(Refusal { problem, part: shown(&name) });
    if raw.encrypted() {
        return refuse(WorkbookProblem::Encrypted);
    }
    let compressed = raw.compressed_size().clamp(1, length.max(1));
    drop(raw);
    let Ok(mut part) = archive.by_index(index) else { return refuse(WorkbookProblem::Damaged) };
    let mut look = Look::default();
    let mut piece = vec![0; PIECE];
    loop {
        let read = match part.read(&mut piece) {
            Ok(0) => break,
            Ok(read) => read,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(_) => return refuse(WorkbookProblem::Damaged),
        };
        *inflated += read as u64;
        if look.size > RATIO_COUNTS_ABOVE && look.size / compressed > MOST_RATIO
            || *inflated > 4 * RATIO_COUNTS_ABOVE && *inflated / length.max(1) > MOST_RATIO
        {
            return refuse(WorkbookProblem::Bomb);
        }
        if *inflated > MOST_INFLATED {
            return refuse(WorkbookProblem::TooLarge);
        }
        if let Err(problem) = look.at(&piece[..read]) {
            return refuse(problem);
        }
    }
    let merged = look.merged;
    look.end(&name).map(|()| merged).map_err(|problem| Refusal { problem, part: shown(&name) })
}

/// A part's name in a form that may be printed.
fn shown(name: &str) -> String {
    name.chars().filter(|letter| !letter.is_control()).take(80).collect()
}

/// The kind of XML in a part, by its first element: relations can give it any name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Kind {
    /// Nothing that the reader uses.
    #[default]
    Other,
    Texts,
    Styles,
    /// Sheets and the workbook itself.
    Data,
}

/// The inspection of one part while it is inflated.
#[derive(Default)]
struct Look {
    size: u64,
    beginning: Vec<u8>,
    kind: Kind,
    /// The end of the last piece, which may contain the beginning of a word.
    carried: Vec<u8>,
    /// Bytes since the last tag ended.
    since_tag: usize,
    texts_declared: u64,
    /// Tags of texts; each text has two.
    texts: u64,
    formats: u64,
    merged: u64,
}

/// At least the length of any word that is looked for.
const SEAM: usize = 64;

impl Look {
    fn at(&mut self, piece: &[u8]) -> Result<(), WorkbookProblem> {
        self.size += piece.len() as u64;
        if self.beginning.len() < BEGINNING {
            self.beginning.extend_from_slice(&piece[..piece.len().min(BEGINNING - self.beginning.len())]);
            // A name may be cut by the end of a piece.
            self.kind = kind_of(&self.beginning);
        }
        let carried = std::mem::take(&mut self.carried);
        let window = [&carried, piece].concat();
        self.check_words(&window, carried.len())?;
        self.check_lengths(piece)?;
        self.carried = window[window.len().saturating_sub(SEAM)..].to_vec();
        match self.kind {
            Kind::Texts if self.size > MOST_TEXT || self.texts / 2 > MOST_TEXTS => {
                Err(WorkbookProblem::TooLarge)
            }
            Kind::Styles if self.size > MOST_STYLES || self.formats > MOST_FORMATS => {
                Err(WorkbookProblem::TooLarge)
            }
            Kind::Data if self.merged > MOST_MERGED => Err(WorkbookProblem::TooLarge),
            _ => Ok(()),
        }
    }

    /// Looks for words that must not occur, and counts those for which the reader allocates memory. Only words that
    /// begin in the last [`SEAM`] carried bytes, or after them, are new.
    fn check_words(&mut self, window: &[u8], carried: usize) -> Result<(), WorkbookProblem> {
        let is_new = |at: usize, length: usize| at + length > carried;
        // A long comment may precede the element that shows the kind.
        if self.kind == Kind::Other {
            self.kind = kind_of(window);
        }
        for at in memmem::find_iter(window, b"<!") {
            let rest = &window[at + 2..];
            if rest.len() >= 7 && rest[..7].eq_ignore_ascii_case(b"DOCTYPE") {
                return Err(WorkbookProblem::Doctype);
            }
            // Excel writes no comments or CDATA, and the reader would treat such a cell as empty.
            if self.kind != Kind::Other && rest.first().is_some_and(|byte| matches!(byte, b'-' | b'[')) {
                return Err(WorkbookProblem::Damaged);
            }
        }
        match self.kind {
            // The reader would treat a number written with escapes as an empty cell.
            Kind::Data if memmem::find(window, b"<v>&#").is_some() => return Err(WorkbookProblem::Damaged),
            Kind::Texts => {
                let texts = memmem::find_iter(window, b"si>").chain(memmem::find_iter(window, b"si/>"));
                self.texts += texts.filter(|at| is_new(*at, 3)).count() as u64;
                self.texts_declared = self.texts_declared.max(declared_texts(window));
            }
            Kind::Styles => {
                self.formats += memmem::find_iter(window, b"<xf").filter(|at| is_new(*at, 3)).count() as u64;
            }
            Kind::Data => {
                let tags = memmem::find_iter(window, b"mergeCell ");
                self.merged += tags.filter(|at| is_new(*at, 10)).count() as u64;
            }
            Kind::Other => {}
        }
        Ok(())
    }

    /// The reader holds each tag, and the text between two, in memory.
    fn check_lengths(&mut self, piece: &[u8]) -> Result<(), WorkbookProblem> {
        let longest = match self.kind {
            Kind::Other => return Ok(()),
            Kind::Styles => LONGEST_STYLE_TAG,
            Kind::Texts | Kind::Data => LONGEST_PIECE_OF_XML,
        };
        let mut from = 0;
        for at in memchr::memchr_iter(b'>', piece) {
            if self.since_tag + at - from > longest {
                return Err(WorkbookProblem::TooLarge);
            }
            (self.since_tag, from) = (0, at + 1);
        }
        self.since_tag += piece.len() - from;
        if self.since_tag > longest { Err(WorkbookProblem::TooLarge) } else { Ok(()) }
    }

    /// Checks what is only known at the end of the part.
    fn end(self, name: &str) -> Result<(), WorkbookProblem> {
        let name = name.to_lowercase();
        let is_xml = name.ends_with(".xml") || name.ends_with(".rels");
        // In UTF-16 a document type could escape the search; no program writes workbooks in it.
        let in_utf16 = self.beginning.starts_with(b"\xFF\xFE") || self.beginning.starts_with(b"\xFE\xFF");
        if in_utf16 || is_xml && self.beginning.iter().take(SEAM).any(|byte| *byte == 0) {
            return Err(WorkbookProblem::Damaged);
        }
        // The reader allocates memory for as many texts as are declared.
        if self.texts_declared > self.size / SHORTEST_TEXT + 1 {
            return Err(WorkbookProblem::ForgedCount);
        }
        Ok(())
    }
}

fn kind_of(beginning: &[u8]) -> Kind {
    let has = |name: &[u8]| memmem::find(beginning, name).is_some();
    match () {
        () if has(b"<sst") || has(b":sst") => Kind::Texts,
        () if has(b"<styleSheet") || has(b":styleSheet") => Kind::Styles,
        () if has(b"<worksheet") || has(b":worksheet") || has(b"<workbook") || has(b":workbook") => {
            Kind::Data
        }
        () => Kind::Other,
    }
}

/// The largest `uniqueCount`; 0 if there is none.
fn declared_texts(xml: &[u8]) -> u64 {
    const ATTRIBUTE: &[u8] = b"uniqueCount";
    let counts = memmem::find_iter(xml, ATTRIBUTE).map(|at| {
        let rest = xml[at + ATTRIBUTE.len()..].iter();
        let digits =
            rest.skip_while(|byte| byte.is_ascii_whitespace() || matches!(byte, b'=' | b'"' | b'\''));
        let number = digits.take_while(|byte| byte.is_ascii_digit());
        number.fold(0u64, |sum, digit| sum.saturating_mul(10).saturating_add(u64::from(digit - b'0')))
    });
    counts.max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn looked(xml: &[u8], size: usize) -> Result<(), WorkbookProblem> {
        let mut look = Look::default();
        xml.chunks(size).try_for_each(|piece| look.at(piece))?;
        look.end("xl/a.xml")
    }

    #[test]
    fn what_may_not_be_there_is_found_wherever_pieces_are_cut() {
        let doctype = b"<?xml version=\"1.0\"?><!doctype a [<!ENTITY b 'c'>]><worksheet/>";
        let cdata = b"<worksheet><c><v><![CDATA[1]]></v></c></worksheet>";
        let escaped = b"<worksheet><c><v>&#52;5402</v></c></worksheet>";
        let forged = b"<sst count=\"3\" uniqueCount = '4000'><si><t>a</t></si></sst>";
        for size in 1..60 {
            assert_eq!(looked(doctype, size), Err(WorkbookProblem::Doctype), "pieces of {size}");
            assert_eq!(looked(cdata, size), Err(WorkbookProblem::Damaged), "pieces of {size}");
            assert_eq!(looked(escaped, size), Err(WorkbookProblem::Damaged), "pieces of {size}");
            assert_eq!(looked(forged, size), Err(WorkbookProblem::ForgedCount), "pieces of {size}");
        }
        let behind = [&b"<!--"[..], &vec![b'x'; 2 * BEGINNING], b"-->", forged].concat();
        assert_eq!(looked(&behind, 1000), Err(WorkbookProblem::ForgedCount));
        assert_eq!(looked(b"<worksheet><c><v>1</v></c></worksheet>", 7), Ok(()));
        assert_eq!(looked(b"<customXml><![CDATA[1]]></customXml>", 7), Ok(()));
    }

    #[test]
    fn what_the_reader_would_hold_in_memory_is_bounded() {
        let many = [&b"<sst>"[..], &b"<si><t>a</t></si>".repeat(MOST_TEXTS as usize + 10)].concat();
        assert_eq!(looked(&many, PIECE), Err(WorkbookProblem::TooLarge));
        let some = [&b"<sst>"[..], &b"<si><t>a</t></si>".repeat(MOST_TEXTS as usize / 2)].concat();
        assert_eq!(looked(&some, PIECE), Ok(()));
        let long = [&b"<worksheet>"[..], &vec![b'x'; LONGEST_PIECE_OF_XML + 1]].concat();
        assert_eq!(looked(&long, PIECE), Err(WorkbookProblem::TooLarge));
        let merged =
            [&b"<worksheet>"[..], &b"<mergeCell ref=\"A1:A2\"/>".repeat(MOST_MERGED as usize + 1)].concat();
        assert_eq!(looked(&merged, PIECE), Err(WorkbookProblem::TooLarge));
        let formats = [&b"<styleSheet>"[..], &b"<xf/>".repeat(MOST_FORMATS as usize + 1)].concat();
        assert_eq!(looked(&formats, PIECE), Err(WorkbookProblem::TooLarge));
    }

    #[test]
    fn declared_counts_are_read() {
        assert_eq!(declared_texts(b"<sst count=\"3\" uniqueCount = '12'>"), 12);
        assert_eq!(declared_texts(b"<sst uniqueCount=\"99999999999999999999999\">"), u64::MAX);
        assert_eq!(declared_texts(b"<sst>"), 0);
    }
}
