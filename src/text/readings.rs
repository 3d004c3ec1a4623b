//! How files were read: what was decided about each.

use super::{Texts, fill};
use crate::encoding::Encoding;
use crate::ingest::{Export, Form, shown};

/// How a file is written, in words.
pub fn reading(export: &Export, texts: &Texts) -> String {
    let line = export.header_line;
    match &export.form {
        Form::Text { encoding, .. } => {
            let separator = match export.separator {
                b'\t' => texts.get("reading.tab").to_owned(),
                other => char::from(other).to_string(),
            };
            fill!(texts, "reading.text", encoding = encoding.id(), separator, line)
        }
        Form::Sheet { name, .. } => fill!(texts, "reading.sheet", sheet = name, line),
    }
}

/// What was decided about files and is not the usual is said, so that it can be put right.
pub fn decisions(exports: &[Export], texts: &Texts) -> Vec<String> {
    let mut seen = None;
    let said = exports.iter().filter_map(|export| {
        let file = Some((&export.path, &export.form));
        if is_usual(export) || seen == file {
            return None;
        }
        seen = file;
        let headings = shown(&export.headings);
        let formats = export.columns.dates().filter_map(|(_, column)| {
            let written = &export.written[column];
            (!written.told.is_empty()).then(|| format!("{} = {}", headings[column], written.ids()))
        });
        let dates = export.columns.start.iter().chain(&export.columns.end);
        let joined =
            dates.filter_map(|when| Some(format!("{} + {}", headings[when.date], headings[when.time?])));
        let parts: Vec<String> =
            std::iter::once(reading(export, texts)).chain(formats).chain(joined).collect();
        Some(fill!(texts, "terminal.read-as", file = export.name, reading = parts.join(", ")))
    });
    said.collect()
}

/// UTF-8 or a sheet, with its headings first, and dates that can be read in one way.
fn is_usual(export: &Export) -> bool {
    let is_plain = match export.form {
        Form::Text { encoding, .. } => encoding == Encoding::Utf8,
        Form::Sheet { .. } => true,
    };
    is_plain
        && export.header_line == 1
        && export.written.iter().all(|written| written.told.is_empty())
        && export.columns.start.iter().chain(&export.columns.end).all(|when| when.time.is_none())
}
