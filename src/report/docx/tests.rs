//! Whole files: what must hold of every one of them.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read, Write};

use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use super::parts::WORD_TYPE;
use super::xml::{elements, parsed};
use super::*;
use crate::project::Colour;
use crate::report::Logo;
use crate::report::document::{Block, Document, Entry, Figure, Role, Section, Span, Table};
use crate::report::office::package::{CORE, RELATIONS};
use crate::table::Target;
use crate::xml;

pub(in crate::report) fn look() -> Look {
    let logo = Logo { bytes: png(), kind: "png", png: png() };
    Look { colour: Colour { parts: [0, 90, 150] }, logo: Some(logo) }
}

const WORDS: Words<'static> =
    Words { contents: "Innehåll", page_of: "Sida {page} av {pages}", logo: "Kommunens vapen" };
const DOCUMENT: &str = "word/document.xml";
pub(in crate::report) const HOSTILE: &str =
    "</w:t><w:instrText>INCLUDETEXT \"x\"</w:instrText> & \u{0}\u{1b}\u{202e}\u{ffff}{page} ]]>";

/// As much of a PNG as is looked at.
pub(in crate::report) fn png() -> Vec<u8> {
    b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\x03\x70\0\0\x03\x20".to_vec()
}

pub(in crate::report) fn pictures(name: &str) -> Option<Vec<u8>> {
    (name != "missing").then(png)
}

fn link(text: &str, id: &str) -> Span {
    Span::link(text, Target::in_report(id))
}

fn words(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

fn table(id: &str, folded: bool) -> Table {
    Table {
        id: id.to_owned(),
        caption: format!("Tabell {HOSTILE}"),
        headings: words(&["Kontroll", "Ärenden"]),
        texts: vec![true],
        rows: vec![words(&[HOSTILE, "12"]), words(&["b"]), words(&["c", "1", "för många"])],
        links: vec![
            Some(Target::in_report("part")),
            Some(Target::document("units/a")),
            Some(Target::in_report("left_out")),
        ],
        row_ids: vec![format!("{id}_row"), String::new(), String::new()],
        trail: vec![
            link("raden", &format!("{id}_row")),
            Span::link("ute", Target::in_risks("risk_1")),
            link("borta", "folded"),
        ],
        folded,
        ..Table::default()
    }
}

fn figure(name: &str) -> Block {
    Block::Figure(Figure {
        id: format!("figure_{name}"),
        name: name.to_owned(),
        title: format!("Vad den visar {HOSTILE}"),
        description: "En linje som faller".to_owned(),
        table: None,
        wide: "".into(),
        column: "".into(),
    })
}

fn paragraph(role: Role, spans: Vec<Span>) -> Block {
    Block::Paragraph { role, spans }
}

fn section(id: &str, blocks: Vec<Block>, sections: Vec<Section>) -> Section {
    Section { id: id.to_owned(), heading: format!("{id} {HOSTILE}"), blocks, sections, ..Section::default() }
}

/// A document with everything in it, much of it hostile.
fn document() -> Document {
    let links = vec![
        link("begreppet", "term"),
        Span::link("filen", Target::document("units/a")),
        link("närmare", "left_out"),
        link("skript", "javascript:alert(1)"),
        Span::strong(HOSTILE),
    ];
    let entry = Entry {
        id: Some("term".to_owned()),
        term: HOSTILE.to_owned(),
        paragraphs: vec![links.clone(), vec![link("figuren", "figure_missing")]],
    };
    let part =
        section("part", vec![Block::Table(table("t2", false)), figure("b"), figure("missing")], vec![]);
    let closer = Section { detail: true, ..section("left_out", vec![figure("c")], vec![]) };
    let empty = section("empty", vec![Block::Table(table("folded", true))], vec![]);
    let trails = vec![
        paragraph(Role::Trail, vec![Span::plain("namn: "), link("delen", "part"), link("ute", "first.html")]),
        paragraph(Role::Trail, vec![Span::plain("ensamt: "), link("vikt", "folded")]),
    ];
    let mut blocks = vec![
        paragraph(Role::Lead, vec![Span::plain(HOSTILE)]),
        paragraph(Role::Plain, links),
        Block::Bullets { items: vec![vec![Span::plain(HOSTILE)], vec![link("delen", "part")]] },
        Block::Definitions { entries: vec![entry] },
        Block::Table(table("t1", false)),
        figure("a"),
    ];
    blocks.extend(trails);
    Document {
        name: "report".into(),
        language: "sv",
        title: format!("Rapport {HOSTILE}"),
        organisation: Some(format!("Nämnden {HOSTILE}")),
        subtitle: "Läget".to_owned(),
        date: "2024-08-31".to_owned(),
        notice: "Intern".to_owned(),
        internal: true,
        sections: vec![section("first", blocks, vec![part, closer, empty])],
        made_by: "frist".to_owned(),
    }
}

fn made(template: Option<&Template>) -> Vec<u8> {
    docx(&document().on_paper(), &pictures, &look(), &WORDS, template)
}

/// The parts of a package, by name.
pub(in crate::report) fn parts(bytes: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut parts = BTreeMap::new();
    for index in 0..zip.len() {
        let mut entry = zip.by_index(index).unwrap();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).unwrap();
        parts.insert(entry.name().unwrap().to_string(), bytes);
    }
    parts
}

pub(in crate::report) fn text(parts: &BTreeMap<String, Vec<u8>>, name: &str) -> String {
    String::from_utf8(parts[name].clone()).unwrap()
}

fn body(template: Option<&Template>) -> String {
    text(&parts(&made(template)), DOCUMENT)
}

/// The values of an attribute of all elements of a name, whatever their prefixes.
pub(in crate::report) fn values(text: &str, name: &str, key: &str) -> Vec<String> {
    let read = parsed(text).unwrap_or_else(|flaw| panic!("{flaw:?}: {text}"));
    let value = |element: xml::Node<'_, '_>| {
        let attribute = element.attributes().find(|attribute| attribute.name() == key);
        attribute.map_or(String::new(), |attribute| attribute.value().to_owned())
    };
    let named = read.descendants().filter(|element| element.tag_name().name() == name);
    named.map(value).collect()
}

/// A package of the given texts.
fn zipped(parts: &BTreeMap<String, Vec<u8>>) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        zip.start_file(name.as_str(), SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

const W: &str = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" \
    xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"";

fn relations_of(list: &[(&str, &str, &str)]) -> Vec<u8> {
    let lines: String = list
        .iter()
        .map(|(id, kind, target)| {
            format!("<Relationship Id=\"{id}\" Type=\"{}{kind}\" Target=\"{target}\"/>", RELATIONS)
        })
        .collect();
    format!("<Relationships>{lines}</Relationships>").into_bytes()
}

/// The parts of a municipality's template, its text with a link that stays behind.
fn template_parts() -> BTreeMap<String, Vec<u8>> {
    let types = format!(
        "<Types><Default Extension=\"png\" ContentType=\"image/png\"/><Override PartName=\"/word/main.xml\" \
         ContentType=\"{}template.main+xml\"/></Types>",
        WORD_TYPE
    );
    let outside = "<Relationship Id=\"x\" Type=\"t/hyperlink\" Target=\"https://kommun.example\" \
                   TargetMode=\"External\"/></Relationships>";
    let relations = relations_of(&[
        ("s", "styles", "styles.xml"),
        ("n", "numbering", "numbering.xml"),
        ("h", "header", "document.xml"),
    ]);
    let relations = String::from_utf8(relations).unwrap().replace("</Relationships>", outside);
    let texts = [
        ("[Content_Types].xml", types),
        (
            "word/main.xml",
            format!(
                "<w:document {W}><w:body><w:p/><w:sectPr><w:headerReference w:type=\"default\" r:id=\"h\"/>\
                 <w:pgSz w:w=\"12000\" w:h=\"16000\"/>\
                 <w:pgMar w:left=\"2000\" w:right=\"1000\" w:top=\"900\"/>\
                 </w:sectPr></w:body></w:document>"
            ),
        ),
        ("word/_rels/main.xml.rels", relations),
        (
            "word/styles.xml",
            format!(
                "<w:styles {W}><w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"Brd\">\
                 <w:name w:val=\"Normal\"/></w:style><w:style w:type=\"paragraph\" w:styleId=\"Rubrik1\">\
                 <w:name w:val=\"heading 1\"/></w:style><w:style w:type=\"paragraph\" w:styleId=\"Punkt\">\
                 <w:name w:val=\"List Bullet\"/></w:style></w:styles>"
            ),
        ),
        (
            "word/numbering.xml",
            format!(
                "<w:numbering {W}><w:abstractNum w:abstractNumId=\"0\"/><w:num w:numId=\"3\"/></w:numbering>"
            ),
        ),
        // Named like a part of ours.
        ("word/document.xml", format!("<w:hdr {W}><w:p>Vapen</w:p></w:hdr>")),
    ];
    let mut parts: BTreeMap<String, Vec<u8>> =
        texts.into_iter().map(|(name, text)| (name.to_owned(), text.into_bytes())).collect();
    parts.insert("_rels/.rels".to_owned(), relations_of(&[("m", "officeDocument", "word/main.xml")]));
    parts.insert("word/_rels/document.xml.rels".to_owned(), relations_of(&[("i", "image", "media/a.png")]));
    parts.insert("word/media/a.png".to_owned(), png());
    parts
}

fn template() -> Template {
    Template::read(&zipped(&template_parts())).unwrap()
}

/// Everything that must hold of a file, with a template or without.
fn check(bytes: &[u8]) {
    let parts = parts(bytes);
    let types = text(&parts, "[Content_Types].xml");
    for (name, bytes) in parts.iter().filter(|(name, _)| !name.ends_with(".png")) {
        let text = String::from_utf8(bytes.clone()).unwrap();
        assert!(!text.contains("External"), "{name}");
        assert!(!text.contains('\u{202e}'), "{name}");
        for field in values(&text, "instrText", "space") {
            assert_eq!(field, "preserve");
        }
        if name.ends_with(".rels") {
            let folder = name.split("_rels/").next().unwrap_or_default();
            for target in values(&text, "Relationship", "Target") {
                assert!(parts.contains_key(&format!("{folder}{target}")), "{name}: {target}");
            }
        } else if !name.starts_with('[') {
            assert!(types.contains(&format!("\"/{name}\"")), "{name} has no type");
        }
    }
    let body = text(&parts, DOCUMENT);
    let relations = text(&parts, "word/_rels/document.xml.rels");
    for (element, key) in [("blip", "embed"), ("headerReference", "id"), ("footerReference", "id")] {
        for id in values(&body, element, key) {
            assert!(relations.contains(&format!("Id=\"{id}\"")), "{element} {id}");
        }
    }
    let names = values(&body, "bookmarkStart", "name");
    let unique: BTreeSet<&String> = names.iter().collect();
    assert_eq!(unique.len(), names.len());
    let anchors = values(&body, "hyperlink", "anchor");
    assert!(!anchors.is_empty());
    assert!(anchors.iter().all(|anchor| unique.contains(anchor)), "{anchors:?} {names:?}");
    let styles = text(&parts, "word/styles.xml");
    for element in ["pStyle", "rStyle", "tblStyle"] {
        for style in values(&body, element, "val") {
            assert!(styles.contains(&format!("w:styleId=\"{style}\"")), "{style}");
        }
    }
}

#[test]
fn every_file_holds_together() {
    check(&made(None));
    check(&made(Some(&template())));
}

#[test]
fn the_same_document_gives_the_same_bytes() {
    assert_eq!(made(None), made(None));
    let template = template();
    assert_eq!(made(Some(&template)), made(Some(&template)));
}

#[test]
fn a_file_is_a_good_template_for_the_next() {
    let own = Template::read(&made(None)).unwrap();
    check(&made(Some(&own)));
    assert!(Template::read(&made(Some(&own))).is_ok());
}

#[test]
fn pictures_are_described() {
    let body = body(None);
    let descriptions = values(&body, "docPr", "descr");
    assert_eq!(descriptions.len(), 2);
    assert!(descriptions.iter().all(|text| text.starts_with("Vad den visar ") && text.ends_with("faller")));
    let ids: BTreeSet<String> = values(&body, "docPr", "id").into_iter().collect();
    assert_eq!(ids.len(), 2);
    // 16 cm wide, in the shape of the picture.
    assert_eq!(values(&body, "extent", "cx"), ["5760720"; 2]);
    assert_eq!(values(&body, "extent", "cy"), ["5237018"; 2]);
    // The one without a picture is told in words.
    assert_eq!(body.matches("<w:t xml:space=\"preserve\">En linje som faller</w:t>").count(), 1);
}

#[test]
fn tables_have_heading_rows_captions_and_descriptions() {
    let body = body(None);
    let read = parsed(&body).unwrap();
    let count = |name| elements(read.root_element(), name).count();
    assert_eq!(count("tbl"), 2);
    for name in ["tblHeader", "tblCaption", "tblDescription"] {
        assert_eq!(count(name), 2, "{name}");
    }
    assert_eq!(count("cantSplit"), count("tr"));
    assert_eq!(count("tc"), 3 * count("tr"));
    assert_eq!(values(&body, "tblDescription", "val"), ["Kontroll, Ärenden"; 2]);
}

#[test]
fn only_links_inside_the_document_lead_anywhere() {
    let body = body(None);
    let runs = |text: &str| {
        body.split("<w:hyperlink ")
            .skip(1)
            .filter(|rest| {
                rest.split("</w:hyperlink>").next().unwrap_or_default().contains(&format!(">{text}</w:t>"))
            })
            .count()
    };
    assert_eq!(runs("begreppet"), 2);
    assert_eq!(runs("raden"), 2);
    assert_eq!(runs("figuren"), 1);
    for text in ["filen", "närmare", "skript"] {
        assert_eq!(runs(text), 0, "{text}");
        assert!(body.contains(&format!(">{text}</w:t>")), "{text}");
    }
    // Trails are links, and the name before them.
    assert!(body.contains(">namn: </w:t>"));
    for text in ["ute", "borta", "vikt", "ensamt: "] {
        assert!(!body.contains(&format!(">{text}</w:t>")), "{text}");
    }
    assert_eq!(body.matches("w:val=\"FristTrail\"").count(), 3);
}

#[test]
fn what_is_dear_on_paper_is_left_out() {
    let body = body(None);
    assert!(!body.contains("left_out") && !body.contains(">empty "));
    let headings: Vec<String> =
        values(&body, "pStyle", "val").into_iter().filter(|style| style.starts_with("Heading")).collect();
    assert_eq!(headings, ["Heading1", "Heading2"]);
}

#[test]
fn no_text_becomes_a_field() {
    let parts = parts(&made(None));
    let fields = |name: &str| -> Vec<String> {
        let text = text(&parts, name);
        text.split("<w:instrText xml:space=\"preserve\">")
            .skip(1)
            .map(|rest| rest.split('<').next().unwrap_or_default().trim().to_owned())
            .collect()
    };
    assert_eq!(fields(DOCUMENT), ["TOC \\o \"1-2\" \\h \\z"]);
    assert_eq!(fields("word/footer-frist.xml"), ["PAGE", "NUMPAGES"]);
    assert!(!text(&parts, "word/settings.xml").contains("updateFields"));
}

#[test]
fn language_and_properties_are_the_documents() {
    let english = Document { language: "en", ..document() };
    for (document, language) in [(document(), "sv-SE"), (english, "en-GB")] {
        let parts = parts(&docx(&document.on_paper(), &pictures, &look(), &WORDS, None));
        assert!(text(&parts, "word/styles.xml").contains(&format!("<w:lang w:val=\"{language}\"")));
        assert!(
            text(&parts, "word/settings.xml").contains(&format!("<w:themeFontLang w:val=\"{language}\""))
        );
        let core = text(&parts, CORE);
        assert!(core.contains(&format!("<dc:language>{language}</dc:language>")));
        assert!(core.contains("<dc:title>Rapport ") && core.contains("<dc:creator>Nämnden "));
        assert_eq!(core.matches("2024-08-31T00:00:00Z").count(), 2);
    }
}

#[test]
fn a_report_has_the_look_of_its_template() {
    let parts = parts(&made(Some(&template())));
    let body = text(&parts, DOCUMENT);
    assert!(body.contains("<w:pStyle w:val=\"Rubrik1\"/>"));
    assert!(body.contains("<w:pgSz w:w=\"12000\" w:h=\"16000\"/>"));
    assert!(body.contains("w:left=\"2000\""));
    // Its bullets are no list, so the paragraphs name ours.
    assert!(body.contains("<w:pStyle w:val=\"Punkt\"/><w:numPr><w:ilvl w:val=\"0\"/><w:numId w:val=\"4\"/>"));
    assert!(text(&parts, "word/header-default.xml").contains("Vapen"));
    assert_eq!(parts["word/media/template1.png"], png());
    assert!(parts.contains_key("word/footer-frist.xml") && !parts.contains_key("word/header-frist.xml"));
}

#[test]
fn templates_that_reach_out_or_are_none_are_refused() {
    let refusal = |bytes: &[u8]| Template::read(bytes).map(|_| ()).unwrap_err();
    let without = |name: &str| {
        let mut parts = template_parts();
        parts.remove(name).unwrap();
        refusal(&zipped(&parts))
    };
    let put = |name: &str, text: &str| {
        let mut parts = template_parts();
        parts.insert(name.to_owned(), text.as_bytes().to_vec());
        refusal(&zipped(&parts))
    };
    let header_relations = "word/_rels/document.xml.rels";
    let external = "<Relationships><Relationship Id=\"i\" Type=\"image\" Target=\"//host/a.png\" \
                    TargetMode=\"External\"/></Relationships>";
    let object = String::from_utf8(relations_of(&[("i", "oleObject", "a.bin")])).unwrap();
    let fetching = format!("<w:hdr {W}><w:p><w:instrText>INCLUDEPICTURE x</w:instrText></w:p></w:hdr>");
    let doctype = format!("<!DOCTYPE a><w:styles {W}></w:styles>");
    let cases = [
        (put("word/vbaProject.bin", ""), TemplateProblem::Active),
        (put(header_relations, &object), TemplateProblem::Active),
        (put(header_relations, external), TemplateProblem::External),
        (put("word/document.xml", &fetching), TemplateProblem::External),
        (put("word/styles.xml", &doctype), TemplateProblem::Damaged),
        (put("word/styles.xml", "<w:styles>"), TemplateProblem::Damaged),
        (put("word/numbering.xml", "<w:styles></w:styles>"), TemplateProblem::Damaged),
        (put("word/main.xml", "<w:document/>"), TemplateProblem::NotWord),
        (without("word/styles.xml"), TemplateProblem::Damaged),
        (without("[Content_Types].xml"), TemplateProblem::NotWord),
        (put("word/media/b.png", &"0".repeat(50_000_000)), TemplateProblem::TooLarge),
    ];
    for (index, (found, wanted)) in cases.into_iter().enumerate() {
        assert_eq!(found, wanted, "case {index}");
    }
    let mut compound = vec![0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
    assert_eq!(refusal(&compound), TemplateProblem::NotWord);
    compound.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    assert_eq!(refusal(&compound), TemplateProblem::Encrypted);
    assert_eq!(refusal(b"%PDF-1.7"), TemplateProblem::NotWord);
    assert_eq!(refusal(b""), TemplateProblem::NotWord);
}

#[test]
fn damaged_templates_cause_no_panic() {
    let bytes = zipped(&template_parts());
    for length in 0..bytes.len() {
        assert!(Template::read(&bytes[..length]).is_err());
    }
    for at in (0..bytes.len()).step_by(5) {
        let mut damaged = bytes.clone();
        damaged[at] ^= 0x55;
        // Whatever is read is written.
        if let Ok(template) = Template::read(&damaged) {
            check(&made(Some(&template)));
        }
    }
}

#[test]
fn an_empty_document_is_a_document() {
    let empty = Document { organisation: None, sections: Vec::new(), ..document() };
    let look = Look { logo: None, ..look() };
    let parts = parts(&docx(&empty.on_paper(), &pictures, &look, &WORDS, None));
    let body = text(&parts, DOCUMENT);
    assert!(!body.contains("<w:sdt>") && !body.contains("headerReference"));
    assert_eq!(values(&body, "body", "none").len(), 1);
}
