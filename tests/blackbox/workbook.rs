//! Small workbooks, written by hand.

use std::io::{Cursor, Read, Write};

use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";

/// A zip archive.
pub fn archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        writer.start_file(*name, SimpleFileOptions::default()).expect("a part");
        writer.write_all(content).expect("memory");
    }
    writer.finish().expect("memory").into_inner()
}

/// A workbook with visible sheets, each given as the XML of its rows; style 1 is a date.
pub fn workbook(sheets: &[(&str, &str)]) -> Vec<u8> {
    let sheets = sheets.iter().map(|(name, rows)| Sheet::new(name, *rows)).collect::<Vec<Sheet<'_>>>();
    workbook_of(&sheets)
}

/// A sheet, with the XML of its rows.
pub struct Sheet<'a> {
    pub name: &'a str,
    pub rows: String,
    /// Regions of merged cells, as `A2:A4`; the first cell holds the content.
    pub merged: Vec<String>,
    pub hidden: bool,
}

impl<'a> Sheet<'a> {
    pub fn new(name: &'a str, rows: impl Into<String>) -> Sheet<'a> {
        Sheet { name, rows: rows.into(), merged: Vec::new(), hidden: false }
    }

    /// A sheet of rows of cells, the first in row 1.
    pub fn of_cells(name: &'a str, rows: &[Vec<Cell>]) -> Sheet<'a> {
        Sheet::new(
            name,
            rows.iter().zip(1..).map(|(cells, number)| row_of(number, cells)).collect::<String>(),
        )
    }

    pub fn merge(mut self, region: &str) -> Sheet<'a> {
        self.merged.push(region.to_owned());
        self
    }

    pub fn hide(mut self) -> Sheet<'a> {
        self.hidden = true;
        self
    }

    fn xml(&self) -> String {
        let regions = self.merged.iter().map(|region| format!("<mergeCell ref=\"{region}\"/>"));
        let merged = match self.merged.len() {
            0 => String::new(),
            many => format!("<mergeCells count=\"{many}\">{}</mergeCells>", regions.collect::<String>()),
        };
        let rows = &self.rows;
        format!("<worksheet xmlns=\"{MAIN}\"><sheetData>{rows}</sheetData>{merged}</worksheet>")
    }
}

/// A workbook of sheets. Style 1 is a date, style 2 a date with a time of day, style 3 a time of day.
pub fn workbook_of(sheets: &[Sheet<'_>]) -> Vec<u8> {
    let numbered = || sheets.iter().zip(1..);
    let list: String = numbered()
        .map(|(sheet, number)| {
            let state = if sheet.hidden { " state=\"hidden\"" } else { "" };
            format!("<sheet name=\"{}\" sheetId=\"{number}\"{state} r:id=\"rId{number}\"/>", sheet.name)
        })
        .collect();
    let relations: String = numbered()
        .map(|(_, number)| {
            format!(
                "<Relationship Id=\"rId{number}\" Type=\"{RELATIONS}/worksheet\" Target=\"worksheets/sheet{number}.xml\"/>"
            )
        })
        .collect();
    let mut parts: Vec<(String, Vec<u8>)> = vec![
        (
            "_rels/.rels".into(),
            format!(
                "<Relationships xmlns=\"{PACKAGE}/relationships\"><Relationship Id=\"r\" Type=\"{RELATIONS}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            )
            .into(),
        ),
        ("[Content_Types].xml".into(), format!("<Types xmlns=\"{PACKAGE}/content-types\"/>").into()),
        (
            "xl/workbook.xml".into(),
            format!("<workbook xmlns=\"{MAIN}\" xmlns:r=\"{RELATIONS}\"><sheets>{list}</sheets></workbook>").into(),
        ),
        (
            "xl/_rels/workbook.xml.rels".into(),
            format!(
                "<Relationships xmlns=\"{PACKAGE}/relationships\">{relations}<Relationship Id=\"rIdS\" Type=\"{RELATIONS}/sharedStrings\" Target=\"sharedStrings.xml\"/></Relationships>"
            )
            .into(),
        ),
        (
            "xl/styles.xml".into(),
            format!("<styleSheet xmlns=\"{MAIN}\"><cellXfs count=\"4\"><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"22\"/><xf numFmtId=\"21\"/></cellXfs></styleSheet>").into(),
        ),
    ];
    for (sheet, number) in numbered() {
        parts.push((format!("xl/worksheets/sheet{number}.xml"), sheet.xml().into()));
    }
    let parts: Vec<(&str, &[u8])> =
        parts.iter().map(|(name, content)| (name.as_str(), content.as_slice())).collect();
    archive(&parts)
}

/// The workbook as a program writes it that leaves its formulas for Excel to calculate.
pub fn uncalculated(workbook: Vec<u8>) -> Vec<u8> {
    let mut parts = ZipArchive::new(Cursor::new(workbook)).expect("an archive");
    let many = parts.len();
    let read = |number: usize| {
        let mut part = parts.by_index(number).expect("a part");
        let (name, mut xml) = (part.name().expect("a name").into_owned(), String::new());
        part.read_to_string(&mut xml).expect("XML");
        (name, xml.replace("</sheets>", "</sheets><calcPr calcId=\"124519\" fullCalcOnLoad=\"1\"/>"))
    };
    let parts: Vec<(String, String)> = (0..many).map(read).collect();
    let parts: Vec<(&str, &[u8])> = parts.iter().map(|(name, xml)| (name.as_str(), xml.as_bytes())).collect();
    archive(&parts)
}

/// A row of texts and, written as numbers, dates.
pub fn row(number: u32, cells: &[&str]) -> String {
    let cells = cells.iter().zip('A'..).map(|(cell, letter)| match cell.parse::<f64>() {
        Ok(serial) => format!("<c r=\"{letter}{number}\" s=\"1\"><v>{serial}</v></c>"),
        Err(_) => format!("<c r=\"{letter}{number}\" t=\"inlineStr\"><is><t>{cell}</t></is></c>"),
    });
    format!("<row r=\"{number}\">{}</row>", cells.collect::<String>())
}

/// A cell of a sheet.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    Blank,
    Text(String),
    /// A number without a style.
    Number(f64),
    /// Days since 1899-12-30, styled as a date.
    Date(f64),
    /// The same, styled as a date with a time of day.
    Moment(f64),
    /// A part of a day, styled as a time of day.
    Time(f64),
}

impl Cell {
    pub fn text(text: impl Into<String>) -> Cell {
        Cell::Text(text.into())
    }

    /// A date cell, of a day as 2024-08-31.
    pub fn day(text: &str) -> Cell {
        Cell::Date(serial(text))
    }
}

/// Days between 1899-12-30 and a day in the form 2024-08-31.
pub fn serial(day: &str) -> f64 {
    f64::from(frist::date::Day::parse_iso(day).expect("a day").0 + 25_569)
}

/// A row of texts: a day as 2024-08-31 becomes a date cell, an empty text a blank one.
pub fn days_and_texts(texts: &[&str]) -> Vec<Cell> {
    let cell = |text: &&str| match frist::date::Day::parse_iso(text) {
        Some(_) => Cell::day(text),
        None if text.is_empty() => Cell::Blank,
        None => Cell::text(*text),
    };
    texts.iter().map(cell).collect()
}

/// A row of cells.
pub fn row_of(number: u32, cells: &[Cell]) -> String {
    let cells = cells.iter().zip('A'..).map(|(cell, letter)| {
        let styled = |style: u8, value: f64| format!("<c r=\"{letter}{number}\" s=\"{style}\"><v>{value}</v></c>");
        match cell {
            Cell::Blank => String::new(),
            Cell::Text(text) => {
                let text = text.replace('&', "&amp;").replace('<', "&lt;");
                format!("<c r=\"{letter}{number}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">{text}</t></is></c>")
            }
            Cell::Number(value) => styled(0, *value),
            Cell::Date(value) => styled(1, *value),
            Cell::Moment(value) => styled(2, *value),
            Cell::Time(value) => styled(3, *value),
        }
    });
    format!("<row r=\"{number}\">{}</row>", cells.collect::<String>())
}
