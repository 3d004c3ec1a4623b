//! Workbooks, Word files and slides: every part of their archive.

use std::io::{self, Cursor, Read};

use memchr::memmem;
use zip::ZipArchive;

use super::markup::{Flat, Part, Style, flatten};
use super::{Found, Gate, ending_of, excerpt};
use crate::error::Spot;

type Archive<'b> = ZipArchive<Cursor<&'b [u8]>>;

/// The first personal number in any part.
///
/// # Errors
/// If the file is not a sound archive.
pub fn found(gate: &Gate, bytes: &[u8]) -> io::Result<Option<Found>> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(io::Error::other)?;
    for index in 0..archive.len() {
        let (name, part) = part_at(&mut archive, index)?;
        let found = match ending_of(&name).as_str() {
            "xml" | "rels" | "vml" => in_part(gate, &name, &part, &mut archive)?,
            "png" => gate.in_png(&part),
            "xlsx" | "docx" | "pptx" => found(gate, &part)?,
            _ => None,
        };
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

fn part_at(archive: &mut Archive<'_>, index: usize) -> io::Result<(String, Vec<u8>)> {
    let mut part = archive.by_index(index).map_err(io::Error::other)?;
    let (name, mut bytes) = (part.name().map_err(io::Error::other)?.into_owned(), Vec::new());
    part.read_to_end(&mut bytes)?;
    Ok((name, bytes))
}

fn in_part(gate: &Gate, name: &str, part: &[u8], archive: &mut Archive<'_>) -> io::Result<Option<Found>> {
    let flat = flatten(part, Style::Office);
    let in_text = gate.first(&flat.text).map(|range| (range.start, excerpt(&flat.text, &range)));
    if let Some((at, excerpt)) = in_text {
        let spot = spot(name, part, &flat, at, archive)?;
        return Ok(Some(Found { spot, excerpt }));
    }
    let aside = gate.first(&flat.aside);
    Ok(aside.map(|range| Found { spot: Spot::Part(name.into()), excerpt: excerpt(&flat.aside, &range) }))
}

/// A place in the running text of a part, in the terms of its readers.
fn spot(name: &str, part: &[u8], flat: &Flat, at: usize, archive: &mut Archive<'_>) -> io::Result<Spot> {
    let before = |wanted: Part| flat.marks.iter().filter(move |mark| mark.part == wanted && mark.at <= at);
    let cell = match name {
        "word/document.xml" => return Ok(Spot::Paragraph(before(Part::Paragraph).count() as u64)),
        "xl/sharedStrings.xml" => {
            let number = before(Part::Item).count().saturating_sub(1);
            cell_with(number, archive)?
        }
        _ => before(Part::Cell).next_back().map(|mark| (name.to_owned(), text(&part[mark.label.clone()]))),
    };
    let Some((sheet, cell)) = cell else { return Ok(Spot::Part(name.into())) };
    let sheet = sheet_named(&sheet, archive)?;
    Ok(sheet.map_or_else(|| Spot::Part(name.into()), |sheet| Spot::Cell { sheet, cell }))
}

/// The part of the sheet, and the first cell, that show a shared string.
fn cell_with(number: usize, archive: &mut Archive<'_>) -> io::Result<Option<(String, String)>> {
    for index in 0..archive.len() {
        let (name, part) = part_at(archive, index)?;
        if !name.starts_with("xl/worksheets/") {
            continue;
        }
        let value = format!("<v>{number}</v>");
        for at in memmem::find_iter(&part, &value) {
            let Some(open) = memmem::rfind(&part[..at], b"<c ") else { continue };
            let cell = &part[open..at];
            if memmem::find(cell, b"t=\"s\"").is_some() {
                return Ok(attribute(cell, b" r=\"").map(|place| (name, place)));
            }
        }
    }
    Ok(None)
}

/// The name of the sheet that a part such as `xl/worksheets/sheet2.xml` holds: they are numbered in order.
fn sheet_named(part: &str, archive: &mut Archive<'_>) -> io::Result<Option<String>> {
    let number = part.strip_prefix("xl/worksheets/sheet").and_then(|rest| rest.strip_suffix(".xml"));
    let Some(number) = number.and_then(|number| number.parse::<usize>().ok()) else { return Ok(None) };
    let mut book = Vec::new();
    archive.by_name("xl/workbook.xml").map_err(io::Error::other)?.read_to_end(&mut book)?;
    let open = memmem::find_iter(&book, b"<sheet ").nth(number.saturating_sub(1));
    Ok(open.and_then(|open| attribute(&book[open..], b" name=\"")))
}

/// The value of an attribute, given how it begins.
fn attribute(tag: &[u8], begin: &[u8]) -> Option<String> {
    let from = memmem::find(tag, begin)? + begin.len();
    let length = tag[from..].iter().position(|byte| *byte == b'"')?;
    Some(text(&tag[from..from + length]))
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
