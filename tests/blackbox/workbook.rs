//! Small workbooks, made by hand.

use std::io::{Cursor, Write};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

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

/// A workbook of sheets, each given as the XML of its rows; style 1 is a date.
pub fn workbook(sheets: &[(&str, &str)]) -> Vec<u8> {
    let numbered = || sheets.iter().zip(1..);
    let list: String = numbered()
        .map(|((name, _), number)| {
            format!("<sheet name=\"{name}\" sheetId=\"{number}\" r:id=\"rId{number}\"/>")
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
            format!("<styleSheet xmlns=\"{MAIN}\"><cellXfs count=\"2\"><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/></cellXfs></styleSheet>").into(),
        ),
    ];
    for ((_, rows), number) in numbered() {
        let sheet = format!("<worksheet xmlns=\"{MAIN}\"><sheetData>{rows}</sheetData></worksheet>");
        parts.push((format!("xl/worksheets/sheet{number}.xml"), sheet.into()));
    }
    let parts: Vec<(&str, &[u8])> =
        parts.iter().map(|(name, content)| (name.as_str(), content.as_slice())).collect();
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
