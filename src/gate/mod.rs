//! The last gate: reads a finished file as its readers will, and refuses it if it contains a personal number.
//!
//! Examines text, tables, pages, pictures, workbooks, Word files and slides, and changes nothing; `personal_numbers` decides
//! what looks like a number. It does not examine PDFs, whose text is checked before it is typeset, or the pixels of a
//! bitmap, whose text is also in the SVG of the same chart. Case numbers in a case list are checked when they are read.

mod markup;
mod office;

use std::borrow::Cow;
use std::io::Read;
use std::ops::Range;
use std::path::Path;

use memchr::{memchr, memchr3, memrchr};
use serde_json::Value;

use crate::error::{Error, Spot};
use crate::personal_numbers::{find_unaccepted, masked};
use markup::{BREAK, Flat, Part, Style, flatten};

/// The column of a case list that holds the case number, from 0.
const CASE_NUMBER: usize = 1;

/// Lets only files without personal numbers pass.
#[derive(Debug, Clone, Default)]
pub struct Gate {
    /// Texts that look like a personal number but are not.
    accepted: Vec<String>,
}

/// A personal number in a file.
struct Found {
    spot: Spot,
    /// The text around it, veiled.
    excerpt: String,
}

impl Gate {
    /// A gate that also lets these texts pass: those under `accept` in the project file.
    pub fn new(accepted: &[String]) -> Gate {
        Gate { accepted: accepted.iter().filter(|text| !text.is_empty()).cloned().collect() }
    }

    /// Checks a whole file. The extension of its name determines the format.
    ///
    /// # Errors
    /// [`Error::PersonalNumberInOutput`]; [`Error::UnwritableOutput`] for an office file that cannot be read.
    pub fn check(&self, name: &str, bytes: &[u8]) -> Result<(), Error> {
        self.check_name(name)?;
        let found = match ending_of(name).as_str() {
            "csv" => return self.check_table(name, bytes),
            "html" | "svg" => self.in_page(bytes),
            "json" => self.in_json(bytes),
            "png" => self.in_png(bytes),
            "xlsx" | "docx" | "pptx" => {
                office::found(self, bytes).map_err(|error| unreadable(name, &error))?
            }
            "pdf" => None,
            _ if std::str::from_utf8(bytes).is_ok() => self.in_text(bytes),
            _ => None,
        };
        passed(name, found)
    }

    /// Checks a text that will be part of a file.
    ///
    /// # Errors
    /// [`Error::PersonalNumberInOutput`].
    pub fn check_text(&self, name: &str, text: &str) -> Result<(), Error> {
        let found = self.in_text(text.as_bytes());
        passed(name, found.map(|found| Found { spot: Spot::Text, ..found }))
    }

    /// Checks a CSV file piece by piece.
    ///
    /// # Errors
    /// [`Error::PersonalNumberInOutput`]; [`Error::UnwritableOutput`] if it cannot be read.
    pub fn check_table(&self, name: &str, lines: impl Read) -> Result<(), Error> {
        self.check_lines(name, lines, None, None)
    }

    /// Checks a case list piece by piece, except for its case numbers.
    ///
    /// # Errors
    /// As [`Gate::check_table`].
    pub fn check_case_list(&self, name: &str, separator: u8, lines: impl Read) -> Result<(), Error> {
        self.check_name(name)?;
        self.check_lines(name, lines, Some(separator), Some(CASE_NUMBER))
    }

    /// Whether complete lines of a case list contain a personal number outside the case numbers.
    pub fn stops_cases(&self, separator: u8, lines: &[u8]) -> bool {
        self.in_csv(lines, separator, 1, Some(CASE_NUMBER)).is_some()
    }

    fn check_lines(
        &self,
        name: &str,
        mut lines: impl Read,
        mut separator: Option<u8>,
        exempt: Option<usize>,
    ) -> Result<(), Error> {
        /// Bytes read at a time.
        const PIECE: u64 = 1 << 20;
        let (mut kept, mut line) = (Vec::new(), 1);
        loop {
            let known = kept.len();
            let read = lines.by_ref().take(PIECE).read_to_end(&mut kept);
            let is_last = read.map_err(|error| unreadable(name, &error))? == 0;
            let whole = match memrchr(b'\n', &kept[known..]) {
                Some(at) => known + at + 1,
                None if is_last => kept.len(),
                None => continue,
            };
            let separator = *separator.get_or_insert_with(|| separator_of(&kept));
            passed(name, self.in_csv(&kept[..whole], separator, line, exempt))?;
            if is_last {
                return Ok(());
            }
            line += lines_in(&kept[..whole]);
            kept.drain(..whole);
        }
    }

    /// Checks the name of a file.
    fn check_name(&self, name: &str) -> Result<(), Error> {
        let found = self.first(name.as_bytes());
        passed(name, found.map(|range| Found { spot: Spot::Name, excerpt: excerpt(name.as_bytes(), &range) }))
    }

    /// The place of the first number that is not accepted.
    fn first(&self, text: &[u8]) -> Option<Range<usize>> {
        find_unaccepted(text, &self.accepted)
    }

    fn in_text(&self, text: &[u8]) -> Option<Found> {
        let plain = without_emphasis(text);
        let range = self.first(&plain)?;
        let spot = Spot::Line { line: 1 + lines_in(&plain[..range.start]), column: None };
        Some(Found { spot, excerpt: excerpt(&plain, &range) })
    }

    /// Searches a table cell by cell, because no number crosses a separator. `exempt` is a column from 0.
    fn in_csv(&self, bytes: &[u8], separator: u8, first_line: u64, exempt: Option<usize>) -> Option<Found> {
        let mut from = 0;
        while let Some(range) = self.first(&bytes[from..]) {
            let range = from + range.start..from + range.end;
            let (column, cell) = cell_at(bytes, separator, range.start);
            if exempt == Some(column) {
                from = cell.end.max(range.end);
                continue;
            }
            let line = first_line + lines_in(&bytes[..range.start]);
            let inside = range.start - cell.start..range.end - cell.start;
            let spot = Spot::Line { line, column: Some(column as u64 + 1) };
            return Some(Found {
                spot,
                excerpt: excerpt(&bytes[cell.start..cell.end.max(range.end)], &inside),
            });
        }
        None
    }

    /// Searches a page or picture; the place is given by the heading above.
    fn in_page(&self, bytes: &[u8]) -> Option<Found> {
        let flat = flatten(bytes, Style::Page);
        if let Some(range) = self.first(&flat.text) {
            let spot = self.heading(&flat, |mark| mark.at <= range.start);
            return Some(Found { spot, excerpt: excerpt(&flat.text, &range) });
        }
        let range = self.first(&flat.aside)?;
        let spot = self.heading(&flat, |mark| mark.aside_at <= range.start);
        Some(Found { spot, excerpt: excerpt(&flat.aside, &range) })
    }

    /// The last heading above a place.
    fn heading(&self, flat: &Flat, is_above: impl Fn(&markup::Mark) -> bool) -> Spot {
        let headings = flat.marks.iter().filter(|mark| mark.part == Part::Heading && is_above(mark));
        let text = headings.last().map(|mark| {
            let rest = &flat.text[mark.at..];
            String::from_utf8_lossy(&rest[..memchr(BREAK, rest).unwrap_or(rest.len())]).trim().to_owned()
        });
        match text.filter(|text| !text.is_empty()) {
            // A name may stand beside a number.
            Some(text) if self.first(text.as_bytes()).is_some() => Spot::Heading(veiled(&text)),
            Some(text) => Spot::Heading(text),
            None => Spot::Text,
        }
    }

    fn in_json(&self, bytes: &[u8]) -> Option<Found> {
        // Escaped characters are only visible after parsing.
        if !has_escapes(bytes) && self.first(bytes).is_none() {
            return None;
        }
        match serde_json::from_slice::<Value>(bytes) {
            Ok(value) => self.in_value(&value, &mut Vec::new()),
            Err(_) => self.in_text(bytes),
        }
    }

    fn in_value(&self, value: &Value, way: &mut Vec<String>) -> Option<Found> {
        match value {
            Value::String(text) => self.in_member(text, way),
            // Numbers with decimals are shares and coordinates.
            Value::Number(number) if !number.is_f64() => self.in_member(&number.to_string(), way),
            Value::Array(values) => values.iter().enumerate().find_map(|(index, value)| {
                way.push(index.to_string());
                let found = self.in_value(value, way);
                way.pop();
                found
            }),
            Value::Object(members) => members.iter().find_map(|(key, value)| {
                let is_a_number = self.first(key.as_bytes()).is_some();
                way.push(if is_a_number { veiled(key) } else { key.clone() });
                let found = self.in_member(key, way).or_else(|| self.in_value(value, way));
                way.pop();
                found
            }),
            _ => None,
        }
    }

    fn in_member(&self, text: &str, way: &[String]) -> Option<Found> {
        let range = self.first(text.as_bytes())?;
        let pointer = format!("/{}", way.join("/"));
        Some(Found { spot: Spot::Pointer(pointer), excerpt: excerpt(text.as_bytes(), &range) })
    }

    /// Searches the uncompressed texts of a PNG (ISO/IEC 15948, 11.3.3).
    fn in_png(&self, bytes: &[u8]) -> Option<Found> {
        /// Length of the signature.
        const SIGNATURE: usize = 8;
        /// Length of a chunk's length and type before its data. The checksum follows the data.
        const HEAD: usize = 8;
        const SUM: usize = 4;
        let mut rest = bytes.get(SIGNATURE..)?;
        while let Some(([a, b, c, d, kind @ ..], _)) = rest.split_first_chunk::<HEAD>() {
            let length = u32::from_be_bytes([*a, *b, *c, *d]) as usize;
            let data = rest.get(HEAD..HEAD + length)?;
            if let (b"tEXt" | b"iTXt", Some(range)) = (kind, self.first(data)) {
                let spot = Spot::Part(String::from_utf8_lossy(kind).into_owned());
                return Some(Found { spot, excerpt: excerpt(data, &range) });
            }
            rest = rest.get(HEAD + length + SUM..)?;
        }
        None
    }
}

fn passed(name: &str, found: Option<Found>) -> Result<(), Error> {
    match found {
        None => Ok(()),
        Some(Found { spot, excerpt }) => {
            Err(Error::PersonalNumberInOutput { path: masked(name).into(), spot, excerpt })
        }
    }
}

fn unreadable(name: &str, error: &std::io::Error) -> Error {
    Error::UnwritableOutput { path: name.into(), cause: error.to_string() }
}

/// The extension of a name in lower case, without its dot.
fn ending_of(name: &str) -> String {
    Path::new(name).extension().map_or(String::new(), |ending| ending.to_string_lossy().to_lowercase())
}

fn lines_in(bytes: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', bytes).count() as u64
}

/// The separator of a table: a semicolon if its first line contains one.
fn separator_of(bytes: &[u8]) -> u8 {
    let line = &bytes[..memchr(b'\n', bytes).unwrap_or(bytes.len())];
    if memchr(b';', line).is_some() { b';' } else { b',' }
}

/// The cell at a place: its column, from 0, and its bytes.
fn cell_at(bytes: &[u8], separator: u8, at: usize) -> (usize, Range<usize>) {
    let line = memrchr(b'\n', &bytes[..at]).map_or(0, |end| end + 1);
    let (mut column, mut from, mut is_quoted) = (0, line, false);
    for (place, byte) in (line..).zip(&bytes[line..]) {
        match *byte {
            b'"' => is_quoted = !is_quoted,
            b'\n' | b'\r' if place >= at => return (column, from..place),
            byte if byte == separator && !is_quoted => {
                if place >= at {
                    return (column, from..place);
                }
                (column, from) = (column + 1, place + 1);
            }
            _ => {}
        }
    }
    (column, from..bytes.len())
}

/// A text without the Markdown signs that a reader does not see.
fn without_emphasis(text: &[u8]) -> Cow<'_, [u8]> {
    if memchr3(b'\\', b'*', b'`', text).is_none() {
        return text.into();
    }
    let is_seen = |byte: &u8| !matches!(byte, b'\\' | b'*' | b'`');
    text.iter().copied().filter(is_seen).collect::<Vec<u8>>().into()
}

/// Whether JSON contains escaped characters other than quotation marks.
fn has_escapes(bytes: &[u8]) -> bool {
    memchr::memchr_iter(b'\\', bytes)
        .any(|at| matches!(bytes.get(at + 1), Some(next) if !matches!(next, b'"' | b'\\')))
}

/// The text around a place, up to the ends of its line or cell, veiled.
fn excerpt(text: &[u8], place: &Range<usize>) -> String {
    /// Characters shown on each side.
    const BESIDE: usize = 20;
    /// Length of the longest character in bytes.
    const LONGEST: usize = 4;
    let is_end = |byte: &u8| matches!(*byte, b'\n' | b'\r' | 0 | BREAK);
    let before = &text[place.start.saturating_sub(BESIDE * LONGEST)..place.start];
    let before = &before[before.iter().rposition(is_end).map_or(0, |end| end + 1)..];
    let after = &text[place.end..text.len().min(place.end + BESIDE * LONGEST)];
    let after = &after[..after.iter().position(is_end).unwrap_or(after.len())];
    let [before, number, after] = [before, &text[place.clone()], after].map(String::from_utf8_lossy);
    let skipped = before.chars().count().saturating_sub(BESIDE);
    let shown: String =
        before.chars().skip(skipped).chain(number.chars()).chain(after.chars().take(BESIDE)).collect();
    veiled(shown.trim())
}

/// A text reduced to what its author needs to find it: the first letter of each word, and no digits.
fn veiled(text: &str) -> String {
    const VEIL: char = '•';
    let mut is_inside = false;
    let veil = text.chars().filter(|letter| *letter != char::REPLACEMENT_CHARACTER).map(|letter| {
        let hides = letter.is_numeric() || letter.is_alphabetic() && is_inside;
        is_inside = letter.is_alphanumeric();
        if hides { VEIL } else { letter }
    });
    veil.collect()
}

#[cfg(test)]
mod tests;
