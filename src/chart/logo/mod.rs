//! Logos: pictures of a municipality's own, checked before anything is made of them.
//!
//! Every form of a report gets the picture that is made here, not the file: a picture that fetches, runs, or costs
//! more than a logo may is refused, whichever form would have shown it.

mod content;
mod spending;
mod work;

use resvg::tiny_skia;
use resvg::usvg;

use content::{XML, check_node, fetches, is_svg, sheet_of};
use spending::{DEEPEST, Spending};
use work::Work;

use super::png::FONT_DATABASE;
use crate::xml::{self, Document, Node, XmlFlaw};

/// A logo that can be drawn, and needs nothing outside itself.
#[derive(Debug, Clone)]
pub struct CheckedLogo {
    /// Paths and colours alone, when it is drawn with lines.
    pub svg: Option<String>,
    /// The same in pixels.
    pub png: Vec<u8>,
}

/// Why a logo is not used: a key of the text catalogues under `template-flaw`, and what in the file shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogoFlaw {
    /// The key.
    pub key: &'static str,
    /// A name of SVG or a size; empty when there is no more to say.
    pub place: String,
}

/// More bytes than a logo needs.
const MOST_BYTES: usize = 10_000_000;
/// The same for one that is drawn with lines.
const MOST_SVG_BYTES: usize = 1_000_000;
/// Pixels of a side.
const LONGEST_SIDE: u32 = 4_000;

const UNREADABLE: &str = "no-logo";
const LARGE: &str = "logo-large";
const LINK: &str = "logo-link";
const PART: &str = "logo-part";
const INTRICATE: &str = "logo-intricate";

fn flaw(key: &'static str, place: impl Into<String>) -> LogoFlaw {
    LogoFlaw { key, place: place.into() }
}

/// More tags and texts than a drawing has, drawn or not.
const MOST_NODES: u32 = 20_000;

/// Makes a picture of the bytes of a file: what it is they say themselves, whatever its name.
///
/// # Errors
/// [`LogoFlaw`] when it is damaged, too large or intricate, or no picture of lines and colours alone.
pub fn checked_logo(bytes: &[u8]) -> Result<CheckedLogo, LogoFlaw> {
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        return checked_png(bytes);
    }
    let text = std::str::from_utf8(bytes).map_err(|_| flaw(UNREADABLE, ""))?;
    let (tree, svg) = checked_svg(text)?;
    let png = drawn(&tree).ok_or_else(|| flaw(UNREADABLE, ""))?;
    Ok(CheckedLogo { svg: Some(svg), png })
}

/// The picture alone, without what a file may carry beside it. Its size is read before it is unpacked.
fn checked_png(bytes: &[u8]) -> Result<CheckedLogo, LogoFlaw> {
    if bytes.len() > MOST_BYTES {
        return Err(flaw(LARGE, format!("{} MB", bytes.len() / 1_000_000)));
    }
    let number = |at: usize| Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
    let (Some(width), Some(height), Some(b"IHDR")) = (number(16), number(20), bytes.get(12..16)) else {
        return Err(flaw(UNREADABLE, ""));
    };
    if width.max(height) > LONGEST_SIDE {
        return Err(flaw(LARGE, format!("{width} × {height}")));
    }
    let pixels = tiny_skia::Pixmap::decode_png(bytes).map_err(|_| flaw(UNREADABLE, ""))?;
    let png = pixels.encode_png().map_err(|_| flaw(UNREADABLE, ""))?;
    Ok(CheckedLogo { svg: None, png })
}

/// Looks at the text first, since a reader of SVG already does the work that an intricate one asks for, and then at
/// what that reader made of it.
fn checked_svg(text: &str) -> Result<(usvg::Tree, String), LogoFlaw> {
    if text.len() > MOST_SVG_BYTES {
        return Err(flaw(LARGE, format!("{} kB", text.len() / 1_000)));
    }
    let document = parsed(text)?;
    if !is_svg(document.root_element()) || document.root_element().tag_name().name() != "svg" {
        return Err(flaw(UNREADABLE, ""));
    }
    for node in document.descendants() {
        check_node(node)?;
    }
    let mut spending = Spending::of(&document);
    spending.spend(document.root_element(), 0)?;
    spending.check_cuts(&document)?;
    let options = usvg::Options {
        fontdb: FONT_DATABASE.clone(),
        font_family: "Liberation Sans".into(),
        image_href_resolver: usvg::ImageHrefResolver {
            resolve_data: Box::new(|_, _, _| None),
            resolve_string: Box::new(|_, _| None),
        },
        ..usvg::Options::default()
    };
    let tree = usvg::Tree::from_xmltree(&document, &options).map_err(|_| flaw(UNREADABLE, ""))?;
    Work::of(&tree).add_group(tree.root())?;
    let svg = tree.to_string(&usvg::WriteOptions::default());
    Ok((tree, svg))
}

/// The tags of a text, if a reader may be given it.
fn parsed(text: &str) -> Result<Document<'_>, LogoFlaw> {
    xml::parsed(text.trim_start_matches('\u{feff}'), DEEPEST, MOST_NODES).map_err(|error| match error {
        XmlFlaw::DocumentType => flaw(LINK, "<!DOCTYPE>"),
        XmlFlaw::Intricate => flaw(INTRICATE, ""),
        XmlFlaw::Malformed => flaw(UNREADABLE, ""),
    })
}

/// Whether an SVG that comes with a document of others' refers to anything outside itself, or could run something;
/// nothing when it cannot be read. It is not drawn here, so it may be as intricate as it likes.
pub fn leads_out(text: &str) -> Option<bool> {
    let document = match parsed(text) {
        Ok(document) => document,
        Err(LogoFlaw { key, .. }) => return (key == LINK).then_some(true),
    };
    let inside =
        |value: &str| value.trim_start().starts_with('#') || value.trim_start().starts_with("data:image/");
    let leads = |node: Node<'_, '_>| {
        let sheet = if node.tag_name().name() == "style" { sheet_of(node) } else { String::new() };
        node.is_pi()
            || sheet.contains(['@', '\\'])
            || matches!(node.tag_name().name(), "script" | "foreignObject" | "iframe" | "object" | "embed")
            || fetches(&sheet.to_lowercase())
            || node.attributes().any(|attribute| match attribute.name() {
                "href" => !inside(attribute.value()),
                "base" => attribute.namespace() == Some(XML),
                name => name.to_lowercase().starts_with("on") || fetches(&attribute.value().to_lowercase()),
            })
    };
    Some(document.descendants().any(leads))
}

/// The picture in pixels, as wide as a page of text needs it.
fn drawn(tree: &usvg::Tree) -> Option<Vec<u8>> {
    /// Pixels of the longer side.
    const SIDE: f32 = 800.0;
    let (width, height) = (tree.size().width(), tree.size().height());
    let scale = SIDE / width.max(height);
    let pixels = |length: f32| (length * scale).round().clamp(1.0, SIDE) as u32;
    let mut drawn = tiny_skia::Pixmap::new(pixels(width), pixels(height))?;
    resvg::render(tree, tiny_skia::Transform::from_scale(scale, scale), &mut drawn.as_mut());
    drawn.encode_png().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn svg(inner: &str) -> String {
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" width=\"40\" \
             height=\"20\"><rect width=\"40\" height=\"20\" fill=\"#800\"/>{inner}</svg>"
        )
    }

    fn refused(text: &str) -> &'static str {
        match checked_logo(text.as_bytes()) {
            Err(flaw) => flaw.key,
            Ok(_) => panic!("{}", text.chars().take(300).collect::<String>()),
        }
    }

    #[test]
    fn what_drawing_programs_write_is_drawn() {
        let inkscape = "<x:namedview xmlns:x=\"urn:x\" x:name=\"C:\\a\"/><metadata/><title>Vapen</title>\
            <g style=\"color-interpolation-filters:linearRGB;filter:none\"><path d=\"M0 0h9v9z\"/></g>";
        let illustrator = "<style>.a{fill:url(#b);clip-path:url('#c')}</style><linearGradient id=\"b\">\
            <stop offset=\"0\" stop-color=\"red\"/></linearGradient><clipPath id=\"c\"><rect width=\"9\" height=\"9\"/>\
            </clipPath><rect class=\"a\" width=\"20\" height=\"20\"/><g id=\"d\"/><use xlink:href=\"#d\"/>";
        for inner in ["", "<text y=\"9\">Åre</text>", inkscape, illustrator] {
            let logo = checked_logo(svg(inner).as_bytes()).unwrap_or_else(|flaw| panic!("{inner}: {flaw:?}"));
            let made = logo.svg.expect("lines");
            assert!(logo.png.starts_with(b"\x89PNG") && !made.contains("<text") && !made.contains("C:"));
            // What was made is a logo itself.
            assert!(checked_logo(made.as_bytes()).is_ok(), "{made}");
        }
    }

    #[test]
    fn what_leads_out_is_refused() {
        let links = [
            "<use href=\"http://a.example/b.svg#c\"/>",
            "<use xlink:href=\"file:///etc/passwd\"/>",
            "<g xml:base=\"http://a.example/\"/>",
            "<rect fill=\"url(http://a.example/#b)\"/>",
            "<rect style=\"fill:URL( 'b.svg#c' )\"/>",
            "<style>@import \"a.css\";</style>",
            "<style>\\40 import \"a.css\";</style>",
            "<style>a{b:url(c)}</style>",
        ];
        for inner in links {
            assert_eq!(refused(&svg(inner)), LINK, "{inner}");
        }
        assert_eq!(refused(&format!("<?xml-stylesheet href=\"a.css\"?>{}", svg(""))), LINK);
        let entity = "<!DOCTYPE svg [<!ENTITY a SYSTEM \"file:///etc/passwd\">]>";
        assert_eq!(refused(&format!("{entity}{}", svg("<text>&a;</text>"))), LINK);
    }

    #[test]
    fn what_is_more_than_lines_and_colours_is_refused() {
        let parts = [
            "<script>alert(1)</script>",
            "<g onload=\"alert(1)\"/>",
            "<image href=\"#a\"/>",
            "<foreignObject><p xmlns=\"http://www.w3.org/1999/xhtml\">a</p></foreignObject>",
            "<p xmlns=\"http://www.w3.org/1999/xhtml\">a</p>",
            "<animate attributeName=\"x\"/>",
            "<filter id=\"a\"><feGaussianBlur stdDeviation=\"999\"/></filter>",
            "<rect width=\"9\" height=\"9\" filter=\"blur(9)\"/>",
            "<rect width=\"9\" height=\"9\" style=\"filter : blur(9px)\"/>",
            "<style>rect { filter: blur(9px) }</style>",
            "<pattern id=\"a\"/>",
            "<marker id=\"a\"/>",
            "<path d=\"M0 0H9\" stroke=\"red\" stroke-dasharray=\".001\"/>",
            "<text font-size=\"900000\">A</text>",
        ];
        for inner in parts {
            assert_eq!(refused(&svg(inner)), PART, "{inner}");
        }
    }

    #[test]
    fn what_takes_too_much_work_is_refused() {
        let mut bomb = "<g id=\"a0\"><path d=\"M0 0h1v1z\"/></g>".to_owned();
        for level in 1..20 {
            let uses = format!("<use href=\"#a{}\"/>", level - 1).repeat(10);
            bomb.push_str(&format!("<g id=\"a{level}\">{uses}</g>"));
        }
        let zigzag: String = (0..10_000).map(|at| format!("L{} {}", at % 40, at % 2 * 20)).collect();
        let masks = "<rect class=\"a\" width=\"1\" height=\"1\"/>".repeat(1_000);
        let mask = "<rect width=\"1\" height=\"1\"/>".repeat(1_000);
        let intricate = [
            bomb,
            "<g id=\"a\"><use href=\"#a\"/></g>".to_owned(),
            "<g>".repeat(100_000) + &"</g>".repeat(100_000),
            "<path d=\"M0 0h1v1z\"/>".repeat(6_000),
            "<rect width=\"40\" height=\"20\" opacity=\".5\"/>".repeat(300),
            format!("<path d=\"M0 0{zigzag}\"/>"),
            format!("<text>{}</text>", "A".repeat(600)),
            format!("<style>.a{{mask:url(#b)}}</style><mask id=\"b\">{mask}</mask>{masks}"),
            format!("<g {}/>", (0..500).map(|at| format!("a{at}=\"\" ")).collect::<String>()),
            format!("<style>{}</style>", "a{b:c}".repeat(20_000)),
        ];
        for inner in intricate {
            assert_eq!(refused(&svg(&inner)), INTRICATE);
        }
        assert_eq!(refused(&svg(&" ".repeat(MOST_SVG_BYTES))), LARGE);
    }

    #[test]
    fn what_is_no_picture_is_refused() {
        for text in ["", "<svg", "<svg/>", "<html/>", "GIF89a", "\u{feff}", &svg("<g>")] {
            assert_eq!(refused(text), UNREADABLE, "{text}");
        }
        let mut png = tiny_skia::Pixmap::new(40, 20).expect("a size").encode_png().expect("a PNG");
        let made = checked_logo(&png).expect("a logo");
        assert!(made.svg.is_none() && made.png.starts_with(b"\x89PNG"));
        let key = |png: &[u8]| checked_logo(png).err().map(|flaw| flaw.key);
        assert_eq!(key(&png[..png.len() / 2]), Some(UNREADABLE));
        assert_eq!(key(&png[..8]), Some(UNREADABLE));
        png[16..24].copy_from_slice(&[0, 1, 0, 0, 0, 1, 0, 0]);
        assert_eq!(key(&png), Some(LARGE), "65,536 × 65,536");
    }

    #[test]
    fn an_svg_of_others_leads_out_or_does_not() {
        assert_eq!(
            leads_out(&svg("<filter id=\"a\"/><image href=\"data:image/png;base64,\"/>")),
            Some(false)
        );
        for inner in [
            "<image href=\"http://a.example/b\"/>",
            "<script/>",
            "<style>a{b:url(c)}</style>",
            "<style><!-- a -->a{b:url(c)}</style>",
            "<style><!-- a -->@import 'b';</style>",
        ] {
            assert_eq!(leads_out(&svg(inner)), Some(true), "{inner}");
        }
        assert_eq!(leads_out("<!DOCTYPE svg><svg/>"), Some(true));
        assert_eq!(leads_out("<svg"), None);
    }
}
