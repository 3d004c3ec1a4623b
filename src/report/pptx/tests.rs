//! Whole files: what must hold of every one of them.

use std::collections::BTreeMap;

use super::layout::{FINDING_SIZES, OVERVIEW_SIZES, SLIDE};
use super::*;
use crate::report::document::{Block, Document, Figure, Section, Span, Table};
use crate::report::docx::tests::{HOSTILE, look, parts, pictures, png, text, values};

const WORDS: Words<'static> =
    Words { logo: "Kommunens vapen", overview: "Sammanfattning", control: "Kontrollmoment" };

fn section(id: &str, blocks: Vec<Block>, said: &[&str]) -> Section {
    let notes = Section {
        id: format!("{id}_notes"),
        blocks: said.iter().map(|said| Block::plain(*said)).collect(),
        ..Section::default()
    };
    let heading = format!("{id} {HOSTILE}");
    Section { id: id.to_owned(), heading, blocks, sections: vec![notes], ..Section::default() }
}

fn figures(value: &str) -> Block {
    let rows = ["Andel", "Intervall", "Trend"].map(|name| vec![name.to_owned(), value.to_owned()]);
    Block::Table(Table { id: "tal".into(), caption: "Tal".into(), rows: rows.to_vec(), ..Table::default() })
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

/// A document whose overview has so many findings.
fn document(findings: usize) -> Document {
    let finding =
        |number| vec![Span::strong(format!("Kontroll {number}")), Span::plain(format!(": {HOSTILE}"))];
    let overview =
        vec![Block::plain("Planen följs."), Block::Bullets { items: (1..=findings).map(finding).collect() }];
    let control = |name: &str| {
        vec![
            Block::plain("110 av 319 var sena."),
            figures(HOSTILE),
            figure(name),
            Block::lead("Källa: uttag."),
        ]
    };
    Document {
        name: "report".into(),
        language: "sv",
        title: format!("Rapport {HOSTILE}"),
        organisation: Some(format!("Nämnden {HOSTILE}")),
        subtitle: "Läget".to_owned(),
        date: "2024-08-31".to_owned(),
        notice: "Intern".to_owned(),
        internal: true,
        sections: vec![
            section("summary", overview, &[]),
            section("a", control("a"), &["Andelen sjönk.", "Den sjönk lite."]),
            section("b", control("missing"), &[]),
        ],
        made_by: "frist".to_owned(),
    }
}

fn made(document: &Document) -> BTreeMap<String, Vec<u8>> {
    parts(&pptx(&document.on_paper(), &pictures, &look(), &WORDS))
}

fn slide(parts: &BTreeMap<String, Vec<u8>>, number: usize) -> String {
    text(parts, &format!("ppt/slides/slide{number}.xml"))
}

/// The part that another one refers to.
fn target(from: &str, to: &str) -> String {
    let mut folders: Vec<&str> = from.split('/').collect();
    folders.truncate(folders.len() - 2);
    for step in to.split('/') {
        if step == ".." { folders.truncate(folders.len() - 1) } else { folders.push(step) }
    }
    folders.join("/")
}

/// The numbers of an attribute of all elements of a name.
fn numbers(text: &str, name: &str, key: &str) -> Vec<i64> {
    values(text, name, key).iter().filter_map(|value| value.parse().ok()).collect()
}

#[test]
fn every_file_holds_together() {
    let parts = made(&document(3));
    let types = text(&parts, "[Content_Types].xml");
    for (name, bytes) in parts.iter().filter(|(name, _)| !name.ends_with(".png")) {
        let text = String::from_utf8(bytes.clone()).unwrap();
        assert!(!text.contains("External") && !text.contains('\u{202e}'), "{name}");
        if name.ends_with(".rels") {
            for to in values(&text, "Relationship", "Target") {
                assert!(parts.contains_key(&target(name, &to)), "{name}: {to}");
            }
            continue;
        }
        assert!(name.starts_with('[') || types.contains(&format!("\"/{name}\"")), "{name} has no type");
        let relations = parts
            .get(&Part::relations_name(name))
            .map_or(String::new(), |bytes| String::from_utf8(bytes.clone()).unwrap());
        for id in values(&text, "blip", "embed") {
            assert!(relations.contains(&format!("Id=\"{id}\"")), "{name}: {id}");
        }
        let mut ids = values(&text, "cNvPr", "id");
        ids.sort_unstable();
        let all = ids.len();
        ids.dedup();
        assert_eq!(ids.len(), all, "{name}");
    }
    assert_eq!(values(&text(&parts, "ppt/presentation.xml"), "sldId", "id").len(), 3);
    assert_eq!(numbers(&text(&parts, "ppt/presentation.xml"), "sldSz", "cx"), [SLIDE.0]);
}

#[test]
fn the_same_document_gives_the_same_bytes() {
    assert_eq!(made(&document(3)), made(&document(3)));
}

#[test]
fn every_slide_has_a_title_of_its_own() {
    let parts = made(&document(3));
    for number in 1..=3 {
        let slide = slide(&parts, number);
        assert_eq!(values(&slide, "ph", "type").iter().filter(|kind| *kind == "title").count(), 1);
        assert!(slide.find("type=\"title\"") < slide.find("type=\"body\""), "titles are read first");
    }
    assert!(slide(&parts, 1).contains(">Rapport ") && slide(&parts, 2).contains(">a "));
}

#[test]
fn all_text_has_a_language() {
    let parts = made(&document(3));
    let slides =
        parts.keys().filter(|name| name.starts_with("ppt/slides/slide") || name.contains("notesSlide"));
    for name in slides.filter(|name| name.ends_with(".xml")) {
        let text = text(&parts, name);
        let languages = values(&text, "rPr", "lang");
        assert!(!languages.is_empty() && languages.iter().all(|language| language == "sv-SE"), "{name}");
        assert_eq!(languages.len(), values(&text, "t", "none").len(), "{name}");
    }
}

#[test]
fn pictures_are_described_and_without_one_told_in_words() {
    let parts = made(&document(3));
    let described = values(&slide(&parts, 2), "cNvPr", "descr");
    assert!(described.iter().any(|text| text.starts_with("Vad den visar ") && text.ends_with("faller")));
    assert_eq!(parts["ppt/media/picture2.png"], png());
    let words = slide(&parts, 3);
    assert!(!words.contains("<p:pic>") && words.contains("En linje som faller</a:t>"));
    assert!(text(&parts, MASTER).contains("descr=\"Kommunens vapen\""));
}

#[test]
fn what_the_speaker_says_is_not_shown() {
    let parts = made(&document(3));
    let notes = text(&parts, "ppt/notesSlides/notesSlide2.xml");
    for said in ["Andelen sjönk.", "Den sjönk lite."] {
        assert!(notes.contains(&format!(">{said}<")) && !slide(&parts, 2).contains(said));
    }
    assert!(!parts.contains_key("ppt/notesSlides/notesSlide3.xml"));
}

/// The sizes of texts on a slide but for its foot.
fn sizes_above_the_foot(slide: &str) -> Vec<i64> {
    let foot = slide.split("<p:sp>").find(|shape| shape.contains("name=\"Foot\"")).expect("a foot");
    let foot = foot.split_inclusive("</p:sp>").next().expect("a shape");
    numbers(&slide.replace(&format!("<p:sp>{foot}"), ""), "rPr", "sz")
}

#[test]
fn a_long_overview_goes_on_on_other_slides() {
    let parts = made(&document(40));
    let presentation = text(&parts, "ppt/presentation.xml");
    let slides = values(&presentation, "sldId", "none").len();
    let overviews = slides - 2;
    assert!(overviews > 2, "{slides}");
    let shown: String = (1..=overviews).map(|number| slide(&parts, number)).collect::<String>();
    for number in 1..=40 {
        assert_eq!(shown.matches(&format!(">Kontroll {number}<")).count(), 1, "{number}");
    }
    // The first has the document's title, so the heading is new on the second.
    assert!(!slide(&parts, 2).contains("(1)") && slide(&parts, 3).contains("(2)"));
    let last = slide(&parts, overviews);
    assert!(last.contains(&format!("({})", overviews - 1)) && !last.contains(">Läget<"));
    let smallest = OVERVIEW_SIZES[1] as i64 * 100;
    assert!(sizes_above_the_foot(&last).iter().all(|size| *size >= smallest));
}

#[test]
fn texts_of_any_length_stay_on_the_slide() {
    for (finding, value) in
        [("Kort.", "5 %"), (&*"Ett långt fynd. ".repeat(20), "34,5 %"), (&*"x ".repeat(300), "y z")]
    {
        let blocks = vec![Block::plain(finding), figures(value), figure("a")];
        let sections = vec![section("summary", vec![Block::plain("Allt.")], &[]), section("a", blocks, &[])];
        let slide = slide(&made(&Document { sections, ..document(0) }), 2);
        let bottoms = numbers(&slide, "off", "y").into_iter().zip(numbers(&slide, "ext", "cy"));
        assert!(bottoms.map(|(y, height)| y + height).max() < Some(SLIDE.1), "{finding}");
        let sizes = sizes_above_the_foot(&slide);
        let smallest = FINDING_SIZES[if finding.len() > 400 { 5 } else { 3 }].1 as i64 * 100;
        assert!(sizes.iter().all(|size| *size >= smallest), "{finding}: {sizes:?}");
    }
}

#[test]
fn an_empty_document_is_a_document() {
    let empty = Document { organisation: None, sections: Vec::new(), ..document(0) };
    let parts = parts(&pptx(&empty.on_paper(), &pictures, &Look::default(), &WORDS));
    assert!(parts.contains_key("ppt/presentation.xml") && !parts.contains_key("ppt/media/logo.png"));
}

#[test]
fn every_slide_says_which_edition_it_is_of() {
    let parts = made(&Document { notice: "Intern utgåva. Sprid den inte.".to_owned(), ..document(60) });
    let slides: Vec<&String> = parts.keys().filter(|name| name.starts_with("ppt/slides/slide")).collect();
    assert!(slides.len() > 4, "{slides:?}");
    assert!(slides.iter().all(|name| text(&parts, name).contains(">Intern utgåva.")));
    // The first has all of it.
    assert!(slide(&parts, 1).contains("Sprid den inte.") && !slide(&parts, 2).contains("Sprid den inte."));
}
