//! Logos, templates and Word files from others that are damaged, point outside, or never end: refused alike for every
//! form, before anything is written, and quickly.

use std::io::{Cursor, Write};
use std::time::{Duration, Instant};

use crate::workspace::{ALL_FORMS, HEADINGS, Workspace};

/// The time allowed for an unoptimised program on a busy machine.
const SOON: Duration = Duration::from_secs(60);

fn workspace() -> Workspace {
    let rows = "1;2024-01-10;2024-03-10\n2;2024-02-10;2024-08-10\n";
    Workspace::new().file("utredningar.csv", format!("{HEADINGS}{rows}"))
}

/// Runs once for every form and once for all of them; each run is refused with the same words, which name the file.
fn refused(workspace: &Workspace, arguments: &[&str], file: &str) {
    let mut told: Option<String> = None;
    for form in ["html", "pdf", "xlsx", "docx", "md", ALL_FORMS] {
        let run = [&["run", ".", "--forms", form], arguments].concat();
        let begun = Instant::now();
        let outcome = workspace.frist(&run).failure(78, &[file]);
        assert!(begun.elapsed() < SOON, "{file} as {form}: {:?}", begun.elapsed());
        let error =
            outcome.stderr.lines().find(|line| line.contains(file)).expect("it names the file").to_owned();
        assert_eq!(*told.get_or_insert_with(|| error.clone()), error, "{file} as {form}");
        assert!(!workspace.path("reports").exists(), "{file} as {form}");
    }
}

fn svg(inner: &str) -> String {
    format!("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"40\" height=\"20\">{inner}</svg>")
}

#[test]
fn logos_are_refused_in_every_form_alike() {
    let workspace = workspace().file("secret.svg", svg("<text>hemlig</text>"));
    let outside = workspace.path("secret.svg").to_string_lossy().into_owned();
    let mut bomb = "<g id=\"a0\"><path d=\"M0 0h1v1z\"/></g>".to_owned();
    for level in 1..20 {
        let uses = format!("<use href=\"#a{}\"/>", level - 1).repeat(10);
        bomb.push_str(&format!("<g id=\"a{level}\">{uses}</g>"));
    }
    let logos: [(&str, Vec<u8>); 10] = [
        ("link.svg", svg(&format!("<image href=\"{outside}\" width=\"9\" height=\"9\"/>")).into()),
        ("use.svg", svg(&format!("<use href=\"{outside}#a\"/>")).into()),
        ("script.svg", svg("<script>alert(1)</script>").into()),
        ("blur.svg", svg("<rect width=\"9\" height=\"9\" style=\"filter:blur(900px)\"/>").into()),
        ("giant.svg", svg("<text font-size=\"1000000\">A</text>").into()),
        ("bomb.svg", svg(&bomb).into()),
        ("cut.svg", svg("")[..30].into()),
        (
            "entity.svg",
            format!("<!DOCTYPE svg [<!ENTITY a SYSTEM \"{outside}\">]>{}", svg("<text>&a;</text>")).into(),
        ),
        ("cut.png", b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x40\0\0\0\x40\x08\x06\0\0\0".to_vec()),
        ("giant.png", b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\xff\xff\0\0\xff\xff\x08\x06\0\0\0".to_vec()),
    ];
    for (name, bytes) in logos {
        workspace.write(name, bytes);
        workspace.write("frist.toml", format!("[report]\nlogo = \"{name}\"\n"));
        refused(&workspace, &[], name);
    }
}

#[test]
fn endless_templates_are_refused_in_every_form_alike() {
    let templates = [
        (
            "page.html.jinja",
            "{% for a in range(99999) %}{% for b in range(99999) %}{{ b }}{% endfor %}{% endfor %}",
        ),
        ("macros.jinja", "{% macro text(a) %}{{ text(a) }}{% endmacro %}{% for %}"),
        ("document.typ", "#let grown = (1,)\n#for i in range(60) { grown = grown + grown }\n"),
        ("document.typ", "#let = (\n"),
    ];
    for (name, text) in templates {
        let workspace = workspace().file(&format!("mallar/{name}"), text);
        refused(&workspace, &["--template-dir", "mallar"], name);
    }
}

#[test]
fn templates_open_nothing_beside_them() {
    let workspace = workspace()
        .file("mallar/page.html.jinja", "{% include \"../hemlig.dat\" %}")
        .file("hemlig.dat", "hemlig");
    let run = ["run", ".", "--template-dir", "mallar"];
    let told = workspace.frist(&run).failure(78, &["page.html.jinja"]);
    assert!(!told.stderr.contains("hemlig\n"), "{}", told.stderr);
    let typst = workspace.path("mallar/document.typ");
    std::fs::remove_file(workspace.path("mallar/page.html.jinja")).expect("removed");
    for text in ["#read(\"../hemlig.dat\")", "#read(\"/etc/passwd\")", "#import \"@preview/a:0.1.0\": *"] {
        std::fs::write(&typst, text).expect("written");
        let run = ["run", ".", "--template-dir", "mallar", "--forms", "pdf"];
        workspace.frist(&run).failure(78, &["document.typ"]);
    }
}

const WORD: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// A Word file with these styles.
fn word(styles: &str) -> Vec<u8> {
    let package = "http://schemas.openxmlformats.org/package/2006";
    let kind = "application/vnd.openxmlformats-officedocument.wordprocessingml";
    let parts = [
        (
            "[Content_Types].xml",
            format!(
                "<Types xmlns=\"{package}/content-types\"><Default Extension=\"rels\" ContentType=\"a\"/>\
                 <Override PartName=\"/word/document.xml\" ContentType=\"{kind}.document.main+xml\"/>\
                 <Override PartName=\"/word/styles.xml\" ContentType=\"{kind}.styles+xml\"/></Types>"
            ),
        ),
        (
            "_rels/.rels",
            format!(
                "<Relationships xmlns=\"{package}/relationships\"><Relationship Id=\"a\" \
                 Type=\"{RELATIONS}/officeDocument\" Target=\"word/document.xml\"/></Relationships>"
            ),
        ),
        (
            "word/_rels/document.xml.rels",
            format!(
                "<Relationships xmlns=\"{package}/relationships\"><Relationship Id=\"a\" \
                 Type=\"{RELATIONS}/styles\" Target=\"styles.xml\"/></Relationships>"
            ),
        ),
        ("word/document.xml", format!("<w:document xmlns:w=\"{WORD}\"><w:body/></w:document>")),
        ("word/styles.xml", styles.to_owned()),
    ];
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        archive.start_file(name, zip::write::SimpleFileOptions::default()).expect("a part");
        archive.write_all(text.as_bytes()).expect("written");
    }
    archive.finish().expect("an archive").into_inner()
}

fn styles(inner: &str) -> String {
    format!("<w:styles xmlns:w=\"{WORD}\">{inner}</w:styles>")
}

#[test]
fn word_files_are_refused_in_every_form_alike() {
    let attributes: String = (0..100_000).map(|number| format!(" a{number}=\"\"")).collect();
    let files = [
        word(&styles(&"<w:a/>".repeat(2_000_000))),
        word(&styles(&format!("<w:a{attributes}/>"))),
        word(&styles(&("<w:a>".repeat(100_000) + &"</w:a>".repeat(100_000)))),
        word(&format!("<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]>{}", styles("&b;"))),
        word(&styles("<w:a/>"))[..200].to_vec(),
    ];
    for bytes in files {
        let workspace = workspace().file("mall.docx", bytes);
        refused(&workspace, &["--reference-docx", "mall.docx"], "mall.docx");
    }
    let workspace = workspace().file("mall.docx", word(&styles("<w:docDefaults/>")));
    workspace.frist(&["run", ".", "--forms", "docx", "--reference-docx", "mall.docx"]).success();
}
