//! The cover: what the workbook is, where its sheets are, and what its marks and empty cells mean.

use std::io::{Cursor, Write};

use rust_xlsxwriter::{Format, FormatUnderline, Url, Worksheet, XlsxError};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use super::super::document::Document;
use super::super::office::properties;
use super::{Formats, fitting};
use crate::text::{Texts, fill};

/// Writes it; `sheets` are the keys of the sheets' names.
pub fn write<'s>(
    page: &mut Worksheet,
    sheets: impl Iterator<Item = &'s str>,
    document: &Document,
    is_published: bool,
    formats: &Formats,
    texts: &Texts,
) -> Result<(), XlsxError> {
    page.set_name(texts.get("sheet.cover"))?;
    page.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    page.write_string_with_format(0, 0, fitting(&document.title), &formats.title)?;
    let hidden = fill!(texts, "sheet.hidden", hidden = texts.get("table.hidden"));
    let said = document.organisation.iter().chain([&document.subtitle, &document.notice]);
    let notes = [texts.get("sheet.empty").to_owned(), document.made_by.clone()];
    let notes = is_published.then_some(hidden).into_iter().chain(notes);
    let mut row = 1;
    for line in said {
        page.write_string(row, 0, fitting(line))?;
        row += 1;
    }
    row = heading(page, row, "report.contents", texts)?;
    let link = Format::new().set_underline(FormatUnderline::Single).set_font_color(formats.colour);
    for key in sheets {
        let name = texts.get(&format!("sheet.{key}"));
        let url = Url::new(format!("internal:'{name}'!A1")).set_text(name);
        page.write_url_with_format(row, 0, url, &link)?;
        row += 1;
    }
    row = heading(page, row, "sheet.notes", texts)?;
    for note in notes {
        page.write_string(row, 0, fitting(&note))?;
        row += 1;
    }
    Ok(())
}

/// A heading after an empty row; the row below it.
fn heading(page: &mut Worksheet, row: u32, key: &str, texts: &Texts) -> Result<u32, XlsxError> {
    page.write_string_with_format(row + 1, 0, texts.get(key), &Format::new().set_bold())?;
    Ok(row + 2)
}

/// The workbook with the properties that every document has, its language among them.
pub fn with_properties(workbook: &[u8], document: &Document) -> Vec<u8> {
    const IN_MEMORY: &str = "the workbook was written just now";
    let core = properties::core(document);
    let mut read = ZipArchive::new(Cursor::new(workbook)).expect(IN_MEMORY);
    let mut written = ZipWriter::new(Cursor::new(Vec::new()));
    for number in 0..read.len() {
        let part = read.by_index_raw(number).expect(IN_MEMORY);
        if part.name().expect(IN_MEMORY) != core.name {
            written.raw_copy_file(part).expect(IN_MEMORY);
            continue;
        }
        let time = part.last_modified().unwrap_or_default();
        let options = SimpleFileOptions::default().last_modified_time(time);
        written.start_file(&core.name, options).expect(IN_MEMORY);
        written.write_all(core.text().as_bytes()).expect(IN_MEMORY);
    }
    written.finish().expect(IN_MEMORY).into_inner()
}
