//! Numbers planted in every kind of file, and files that must pass.

use std::io::{Cursor, Write};

use rust_xlsxwriter::{DocProperties, Workbook};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::*;

/// A number reserved for tests, which belongs to nobody.
const NUMBER: &str = "19121212-1212";

/// Where the gate finds a number, and what it shows; `None` if the file passes.
fn stopped(name: &str, bytes: impl AsRef<[u8]>) -> Option<(Spot, String)> {
    match Gate::default().check(name, bytes.as_ref()) {
        Ok(()) => None,
        Err(Error::PersonalNumberInOutput { path, spot, excerpt }) => {
            assert!(!path.to_string_lossy().contains(NUMBER));
            assert!(!excerpt.contains(|letter: char| letter.is_numeric()), "{excerpt}");
            Some((spot, excerpt))
        }
        Err(other) => panic!("{other}"),
    }
}

fn spot(name: &str, bytes: impl AsRef<[u8]>) -> Option<Spot> {
    stopped(name, bytes).map(|(spot, _)| spot)
}

fn archive(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        archive.start_file(*name, SimpleFileOptions::default()).expect("a part");
        archive.write_all(text.as_bytes()).expect("written");
    }
    archive.finish().expect("an archive").into_inner()
}

fn word(body: &str) -> Vec<u8> {
    archive(&[("word/document.xml", &format!("<w:document><w:body>{body}</w:body></w:document>"))])
}

#[test]
fn text_is_read_by_lines_and_tables_by_cells() {
    let (spot_found, excerpt) =
        stopped("report.md", "# A\n\nEnhet **1912**1212\\-1212 tog emot").expect("stopped");
    assert_eq!(spot_found, Spot::Line { line: 3, column: None });
    assert_eq!(excerpt, "E•••• ••••••••-•••• t•• e•••");
    let table = format!("a,b\n1,2\n3,\"x; Kalle {NUMBER}\"\n");
    let (spot_found, excerpt) = stopped("faults.csv", &table).expect("stopped");
    assert_eq!(spot_found, Spot::Line { line: 3, column: Some(2) });
    assert_eq!(excerpt, "\"x; K•••• ••••••••-••••\"");
    assert_eq!(spot("tally.csv", "a;b\r\n19121212;1212\r\n191212,1212\n121212\n1212\n"), None);
    assert_eq!(spot(&format!("units/unit-{NUMBER}.html"), ""), Some(Spot::Name));
}

#[test]
fn the_case_numbers_of_a_case_list_are_exempt_and_nothing_else_of_it() {
    let list = |number: &str, group: &str| {
        let line = format!("child-investigation;{number};{group};2024-01-10\n");
        format!("\u{feff}control;case_id;group;start\n{}", line.repeat(60_000))
    };
    let gate = Gate::default();
    let check = |list: &str| gate.check_case_list("cases.csv", b';', list.as_bytes());
    assert!(check(&list(NUMBER, "Norr")).is_ok());
    assert!(check(&list("\"a;b 19121212-1212\"", "Norr")).is_ok());
    assert!(gate.check("cases.csv", list(NUMBER, "Norr").as_bytes()).is_err());
    let mut late = list(NUMBER, "Norr");
    late.push_str(&format!("a;{NUMBER};{NUMBER};b"));
    let Err(Error::PersonalNumberInOutput { spot, .. }) = check(&late) else { panic!("it passed") };
    assert_eq!(spot, Spot::Line { line: 60_002, column: Some(3) });
}

#[test]
fn pages_are_read_without_their_tags() {
    let page = |body: &str| {
        format!("<html><head><title>T</title></head><body><h2>Andel per enhet</h2>{body}</body></html>")
    };
    let heading = Some(Spot::Heading("Andel per enhet".into()));
    for body in [
        "<p>Enhet 121212-1212</p>",
        "<td>121212<b>-</b><span class=\"n\">1212</span></td>",
        "<p>121212&#45;1212</p>",
        "<p>1&#50;1212&#x2f;1212</p>",
        "<p title=\"121212-1212\">x</p>",
        "<a href='#id-19121212-1212'>x</a>",
        "<svg><text x=\"1\">\n121212-1212\n</text></svg>",
        "<!-- 121212-1212 -->",
        "<script>const a = '121212-1212';</script>",
        "<style>.a::after { content: \"121212-1212\" }</style>",
    ] {
        assert_eq!(spot("report.html", page(body)), heading, "{body}");
    }
    let named = page(&format!("<h3>Kalle {NUMBER}</h3>"));
    assert_eq!(spot("report.html", named), Some(Spot::Heading("K•••• ••••••••-••••".into())));
    assert!(spot("a.svg", "<svg><title>Enhet 121212-1212</title></svg>").is_some());
    for body in [
        "<td>121212</td><td>1212</td>",
        "<td>121212</td>-<td>1212</td>",
        "<path d=\"M 121212-1212 L 191212 1212\"/><polyline points=\"121212,1212 191212-1212\"/>",
        "<rect width=\"1212121212\" x=\"191212121212\"/>",
        "<img src=\"data:image/png;base64,AAAA/1212121212+191212121212/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\">",
    ] {
        assert_eq!(spot("report.html", page(body)), None, "{body}");
    }
}

#[test]
fn json_is_read_value_by_value() {
    let json = format!("{{\"inputs\": [{{\"path\": \"a.csv\", \"note\": \"akt {NUMBER}\"}}]}}");
    let (spot_found, excerpt) = stopped("results.json", json).expect("stopped");
    assert_eq!((spot_found, excerpt), (Spot::Pointer("/inputs/0/note".into()), "a•• ••••••••-••••".into()));
    assert_eq!(spot("results.json", "{\"121212-1212\": 1}"), Some(Spot::Pointer("/••••••-••••".into())));
    assert_eq!(spot("a.json", "{\"a\": \"121212\\u00a01212\"}"), Some(Spot::Pointer("/a".into())));
    assert_eq!(spot("a.json", "{\"a\": 191212121212}"), Some(Spot::Pointer("/a".into())));
    assert_eq!(
        spot("a.json", "{\"a\": [0.1212121212, 191212.121212, 121212, 1212], \"b\": \"x\\n\\\"\"}"),
        None
    );
    assert!(spot("manifest.json", format!("{{ broken {NUMBER}")).is_some());
}

#[test]
fn workbooks_are_read_cell_by_cell() {
    let book = |write: &dyn Fn(&mut Workbook)| {
        let mut book = Workbook::new();
        book.set_properties(&DocProperties::new().set_title("Rapport"));
        book.add_worksheet().set_name("Om").expect("a name");
        write(&mut book);
        book.save_to_buffer().expect("a workbook")
    };
    let second = |texts: &[&str]| {
        book(&|book| {
            let page = book.add_worksheet().set_name("Per enhet").expect("a name");
            page.write_string(0, 0, "Enhet").expect("written");
            for (column, text) in (1..).zip(texts) {
                page.write_string(3, column, *text).expect("written");
            }
        })
    };
    let (spot_found, excerpt) =
        stopped("report.xlsx", second(&["Norr", "Kalle 121212-1212"])).expect("stopped");
    assert_eq!(spot_found, Spot::Cell { sheet: "Per enhet".into(), cell: "C4".into() });
    assert_eq!(excerpt, "K•••• ••••••-••••");
    assert_eq!(spot("report.xlsx", second(&["19121212", "-1212", "1212", "2024-01-10"])), None);
    let numbers = book(&|book| {
        let page = book.add_worksheet();
        for (column, number) in (0..).zip([121_212.0, 1_212.0, 0.121_212_121_2, 45_000.121_212]) {
            page.write_number(0, column, number).expect("written");
        }
    });
    assert_eq!(spot("report.xlsx", numbers), None);
    let number = book(&|book| {
        book.add_worksheet().write_number(0, 0, 191_212_121_212_f64).expect("written");
    });
    assert_eq!(spot("report.xlsx", number), Some(Spot::Cell { sheet: "Sheet2".into(), cell: "A1".into() }));
    let by = |author: &str| DocProperties::new().set_author(author);
    let hidden = [
        book(&|book| {
            book.set_properties(&by("Kalle 121212-1212"));
        }),
        book(&|book| {
            book.add_worksheet().set_name("121212-1212").expect("a name");
        }),
        book(&|book| {
            book.add_worksheet().set_header("&C121212-1212");
        }),
    ];
    for bytes in hidden {
        let found = spot("report.xlsx", bytes);
        assert!(matches!(found, Some(Spot::Part(_))), "{found:?}");
    }
}

#[test]
fn slides_are_read_with_their_descriptions_and_notes() {
    let slide =
        |run: &str| format!("<p:sp><p:txBody><a:p><a:r><a:t>{run}</a:t></a:r></a:p></p:txBody></p:sp>");
    let split = slide("Kalle 121212</a:t></a:r><a:r><a:t>-1212");
    let described = "<p:pic><p:cNvPr id=\"4\" name=\"Bild\" descr=\"Enhet 121212-1212\"/></p:pic>".to_owned();
    for (part, text) in [
        ("ppt/slides/slide2.xml", split),
        ("ppt/slides/slide2.xml", described),
        ("ppt/notesSlides/notesSlide2.xml", slide("121212-1212")),
    ] {
        assert_eq!(spot("report.pptx", archive(&[(part, &text)])), Some(Spot::Part(part.into())), "{text}");
    }
    let numbers = "<p:sldMasterId id=\"2147483648\"/><a:off x=\"1212121212\" y=\"121212\"/>";
    assert_eq!(spot("report.pptx", archive(&[("ppt/presentation.xml", numbers)])), None);
}

#[test]
fn word_files_are_read_paragraph_by_paragraph() {
    let run =
        |text: &str| format!("<w:r><w:rPr><w:b/></w:rPr><w:t xml:space=\"preserve\">{text}</w:t></w:r>");
    let paragraph = |texts: &[&str]| {
        let runs: String = texts.iter().map(|text| run(text)).collect();
        format!("<w:p w14:paraId=\"12121212\"><w:pPr><w:pStyle w:val=\"Normal\"/></w:pPr>{runs}</w:p>")
    };
    let body =
        format!("{}{}", paragraph(&["Rapport"]), paragraph(&["Kalle 1912", "1212", "\u{2011}1212 ", "x"]));
    let (spot_found, excerpt) = stopped("report.docx", word(&body)).expect("stopped");
    assert_eq!((spot_found, excerpt), (Spot::Paragraph(2), "K•••• ••••••••\u{2011}•••• x".into()));
    let hyphen = "<w:p><w:r><w:t>121212</w:t><w:noBreakHyphen/><w:t>1212</w:t></w:r></w:p>";
    assert_eq!(spot("report.docx", word(hyphen)), Some(Spot::Paragraph(1)));
    let cells = format!("<w:tc>{}</w:tc><w:tc>{}</w:tc>", paragraph(&["121212"]), paragraph(&["1212"]));
    assert_eq!(spot("report.docx", word(&cells)), None);
    let drawing = "<w:p><wp:docPr id=\"1212121212\" name=\"Bild\"/><wp:posOffset>191212</wp:posOffset><wp:posOffset>1212</wp:posOffset></w:p>";
    assert_eq!(spot("report.docx", word(drawing)), None);
    let described = "<w:p><wp:docPr id=\"1\" descr=\"Enhet 121212-1212\"/></w:p>";
    assert_eq!(spot("report.docx", word(described)), Some(Spot::Part("word/document.xml".into())));
    let header = archive(&[("word/header1.xml", &paragraph(&["121212-1212"]))]);
    assert_eq!(spot("report.docx", header), Some(Spot::Part("word/header1.xml".into())));
    let core =
        "<cp:coreProperties><dc:title>121212</dc:title><dc:creator>1212</dc:creator></cp:coreProperties>";
    assert_eq!(spot("report.docx", archive(&[("docProps/core.xml", core)])), None);
    let core = core.replace("121212", "121212-1212");
    assert!(spot("report.docx", archive(&[("docProps/core.xml", &core)])).is_some());
    let error = Gate::default().check("report.docx", b"no archive").expect_err("refused");
    assert!(matches!(error, Error::UnwritableOutput { .. }));
}

#[test]
fn the_texts_of_a_picture_are_read_and_its_points_are_not() {
    let png = |kind: &[u8; 4], data: &[u8]| {
        let head =
            [&b"\x89PNG\r\n\x1a\n"[..], &(data.len() as u32).to_be_bytes(), kind, data, &[0; 4]].concat();
        [&head[..], &[0, 0, 0, 0], b"IEND", &[0; 4]].concat()
    };
    assert_eq!(spot("a.png", png(b"tEXt", b"Title\x00Kalle 121212-1212")), Some(Spot::Part("tEXt".into())));
    assert_eq!(spot("a.png", png(b"IDAT", b"121212-1212")), None);
    for cut in ["", "\u{89}PNG", "12345678\u{0}\u{0}\u{0}\u{ff}tEXt"] {
        assert_eq!(spot("a.png", cut), None);
    }
}

#[test]
fn accepted_texts_pass_and_others_do_not() {
    let passes = |accepted: &[&str], text: &str| {
        let accepted: Vec<String> = accepted.iter().map(|text| (*text).to_owned()).collect();
        Gate::new(&accepted).check("a.txt", text.as_bytes()).is_ok()
    };
    assert!(!passes(&[], "Dnr 20240812-1234"));
    assert!(passes(&["20240812-1234"], "Dnr 20240812-1234 och 20240812-1234"));
    assert!(passes(&["Dnr 20240812-1234"], "Dnr 20240812-1234"));
    assert!(!passes(&["Dnr 20240812-1234"], "Nr 20240812-1234"));
    assert!(!passes(&["20240812-1234"], "20240812-1235"));
    assert!(!passes(&["20240812"], "20240812-1234"));
    assert!(!passes(&["20240812-1234"], "20240812-1234, 121212-1212"));
    assert!(!passes(&["", "Ärendenr"], "20240812-1234"));
}

#[test]
fn the_text_of_a_pdf_is_checked_before_it_is_set() {
    let gate = Gate::default();
    let error = gate.check_text("report.pdf", "## A\n\n**1212**12-1212").expect_err("stopped");
    assert!(
        matches!(error, Error::PersonalNumberInOutput { path, spot: Spot::Text, .. } if path == Path::new("report.pdf"))
    );
    assert!(gate.check_text("report.pdf", "Under 2024-01-10 – 2024-04-30 (95 %: 0,31–0,42)").is_ok());
}

#[test]
fn nothing_that_is_no_number_is_stopped() {
    let corpus = [
        "16f6af9e668b4bc1039b6db9af2ad87a556476201908a55ea78e09ebc5c8a14a",
        "e682dcb2a0cf2f59267e4685191212121212ebb8 a0121212121212cd",
        "sha256-7CZHmUnH2QM1gldxwVILbCxwJJ7ZqK9GNYFRpJzEJ14=",
        "QUJDMTIxMjEyMTIxMg==",
        "59.3293235, 18.0685808; 6580822.1, 674032.5; N 6580822 E 674032",
        "0.344827586206897 0,344827586206897 12.1212121212 1e-12",
        "2024-08-31 2024-08-31T12:12:12+02:00 20240831 240831 31/8 2024",
        "2024-01-10 – 2024-03-31, 2024-01-10--2024-03-31, 2021–2024",
        "[0.31, 0.42] 0,31–0,42 12–121 T2 2024 2024-T2",
        "BU-2024-00017 2024-00017 SN 2024/1234 556016-0680 016-15 25 00 08-123 456 78",
        "12 121 212 kr 1 212 121 kr 121 212,12 §§ 2024:1212",
    ];
    for text in corpus {
        let page = format!("<p>{text}</p><svg><text>{text}</text></svg>");
        let table = format!("a,b\n{text}\n");
        let json = serde_json::json!({ "a": text }).to_string();
        let body = format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>");
        assert_eq!(spot("a.txt", text), None, "{text}");
        assert_eq!(spot("a.html", page), None, "{text}");
        assert_eq!(spot("a.csv", table), None, "{text}");
        assert_eq!(spot("a.json", json), None, "{text}");
        assert_eq!(spot("a.docx", word(&body)), None, "{text}");
    }
}

#[test]
fn the_committed_report_passes() {
    fn files_in(folder: &Path, found: &mut Vec<std::path::PathBuf>) {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() { files_in(&path, found) } else { found.push(path) }
        }
    }
    let mut files = Vec::new();
    files_in(&Path::new(env!("CARGO_MANIFEST_DIR")).join("reports"), &mut files);
    assert!(files.len() > 100);
    for path in files {
        let bytes = std::fs::read(&path).expect("a file");
        assert_eq!(
            spot(&path.file_name().expect("a name").to_string_lossy(), bytes),
            None,
            "{}",
            path.display()
        );
    }
}
