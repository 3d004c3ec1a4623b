//! The package: parts, how they refer to each other, and the zip archive around them.

use std::io::{Cursor, Write};
use std::iter;

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::xml::escaped;

/// What relationship types of the standard begin with.
pub const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/";
const RELATIONS_TYPE: &str = "application/vnd.openxmlformats-package.relationships+xml";

/// How one part refers to another.
#[derive(Debug, Clone)]
pub struct Relation {
    pub id: String,
    /// The last word of its type: `image`.
    pub kind: String,
    /// The name of the part referred to.
    pub target: String,
}

/// A file of the package.
#[derive(Debug, Clone)]
pub struct Part {
    /// Its path: `word/styles.xml`.
    pub name: String,
    pub content_type: String,
    pub bytes: Vec<u8>,
    pub relations: Vec<Relation>,
}

impl Part {
    /// A part of our own that is XML.
    pub fn xml(name: impl Into<String>, content_type: impl Into<String>, xml: String) -> Part {
        let (name, content_type) = (name.into(), content_type.into());
        Part { name, content_type, bytes: xml.into_bytes(), relations: Vec::new() }
    }

    /// A picture.
    pub fn png(name: String, bytes: Vec<u8>) -> Part {
        Part { name, content_type: "image/png".to_owned(), bytes, relations: Vec::new() }
    }

    /// The text of a part that is XML.
    pub fn text(&self) -> &str {
        str::from_utf8(&self.bytes).expect("what is taken or made as XML is text")
    }

    /// Refers to another part; gives the id of the reference.
    pub fn refer(&mut self, kind: &str, target: &str) -> String {
        let id = format!("rId{}", self.relations.len() + 1);
        self.relations.push(Relation { id: id.clone(), kind: kind.to_owned(), target: target.to_owned() });
        id
    }

    /// Where its relationships stand: `word/_rels/styles.xml.rels`.
    pub fn relations_name(name: &str) -> String {
        let (folder, file) = name.rsplit_once('/').map_or(("", name), |(folder, file)| (folder, file));
        let slash = if folder.is_empty() { "" } else { "/" };
        format!("{folder}{slash}_rels/{file}.rels")
    }
}

/// The archive of a main part and the others, in this order, with the time of the day.
pub fn archive(main: &Part, others: &[Part], date: &str) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let time = time_of(date);
    let mut write = |name: &str, bytes: &[u8]| {
        // Pictures are compressed already.
        let method =
            if name.ends_with(".png") { CompressionMethod::Stored } else { CompressionMethod::Deflated };
        let options = SimpleFileOptions::default().compression_method(method).last_modified_time(time);
        zip.start_file(name, options).expect("writing into memory does not fail");
        zip.write_all(bytes).expect("writing into memory does not fail");
    };
    write("[Content_Types].xml", content_types(main, others).as_bytes());
    write("_rels/.rels", root_relations(main).as_bytes());
    for part in iter::once(main).chain(others) {
        write(&part.name, &part.bytes);
        if !part.relations.is_empty() {
            write(&Part::relations_name(&part.name), relations(part).as_bytes());
        }
    }
    zip.finish().expect("writing into memory does not fail").into_inner()
}

/// Midnight of a day; the first that zip knows when there is none.
fn time_of(date: &str) -> DateTime {
    let mut numbers = date.split('-').map(|number| number.parse::<u16>().unwrap_or_default());
    let mut next = || numbers.next().unwrap_or_default();
    let (year, month, day) = (next(), next(), next());
    let small = |number: u16| u8::try_from(number).unwrap_or_default();
    DateTime::from_date_and_time(year, small(month), small(day), 0, 0, 0).unwrap_or_default()
}

fn content_types(main: &Part, others: &[Part]) -> String {
    let overrides: String = iter::once(main)
        .chain(others)
        .map(|part| {
            format!(
                "<Override PartName=\"/{}\" ContentType=\"{}\"/>",
                escaped(&part.name),
                escaped(&part.content_type)
            )
        })
        .collect();
    format!(
        "{HEAD}<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
         <Default Extension=\"rels\" ContentType=\"{RELATIONS_TYPE}\"/>\
         <Default Extension=\"xml\" ContentType=\"application/xml\"/>{overrides}</Types>"
    )
}

fn root_relations(main: &Part) -> String {
    format!(
        "{HEAD}<Relationships xmlns=\"{PACKAGE}relationships\">\
         <Relationship Id=\"rId1\" Type=\"{RELATIONS}officeDocument\" Target=\"{}\"/>\
         <Relationship Id=\"rId2\" Type=\"{PACKAGE}relationships/metadata/core-properties\" \
         Target=\"{CORE}\"/>\
         <Relationship Id=\"rId3\" Type=\"{RELATIONS}extended-properties\" Target=\"{APP}\"/></Relationships>",
        escaped(&main.name)
    )
}

fn relations(part: &Part) -> String {
    let lines: String = part
        .relations
        .iter()
        .map(|relation| {
            format!(
                "<Relationship Id=\"{}\" Type=\"{RELATIONS}{}\" Target=\"{}\"/>",
                escaped(&relation.id),
                escaped(&relation.kind),
                escaped(&relative(&part.name, &relation.target))
            )
        })
        .collect();
    format!("{HEAD}<Relationships xmlns=\"{PACKAGE}relationships\">{lines}</Relationships>")
}

/// The way from one part to another: from `ppt/slides/slide1.xml` to `ppt/media/a.png` it is `../media/a.png`.
fn relative(from: &str, to: &str) -> String {
    let folders: Vec<&str> = from.split('/').rev().skip(1).collect();
    let shared = folders.iter().rev().zip(to.split('/')).take_while(|(one, other)| **one == *other).count();
    let up = "../".repeat(folders.len() - shared);
    up + &to.split('/').skip(shared).collect::<Vec<&str>>().join("/")
}

/// What every part begins with.
pub const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
/// The parts with the properties.
pub const CORE: &str = "docProps/core.xml";
pub const APP: &str = "docProps/app.xml";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006/";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relationships_stand_beside_their_part() {
        assert_eq!(Part::relations_name("word/document.xml"), "word/_rels/document.xml.rels");
        assert_eq!(Part::relations_name("document.xml"), "_rels/document.xml.rels");
    }

    #[test]
    fn parts_refer_to_each_other_from_where_they_stand() {
        assert_eq!(relative("word/document.xml", "word/media/a.png"), "media/a.png");
        assert_eq!(relative("ppt/slides/slide1.xml", "ppt/slides/slide2.xml"), "slide2.xml");
        assert_eq!(relative("ppt/slides/slide1.xml", "ppt/media/a.png"), "../media/a.png");
        assert_eq!(relative("document.xml", "media/a.png"), "media/a.png");
    }

    #[test]
    fn a_date_that_is_none_gives_the_first_time() {
        assert_eq!(time_of("2024-08-31").to_string(), "2024-08-31 00:00:00");
        assert_eq!(time_of("igår"), DateTime::default());
    }
}
