//! Logos: pictures of a municipality's own, checked before anything is made of them.
//!
//! Every form of a report gets the picture that is made here, not the file: a picture that fetches, runs, or costs
//! more than a logo may is refused, whichever form would have shown it.

use std::collections::HashMap;

use resvg::tiny_skia::{self, PathSegment};
use resvg::usvg;

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

// What the text says.

/// More tags and texts than a drawing has, drawn or not.
const MOST_NODES: u32 = 20_000;
/// Elements of a picture of lines and colours, and what people and programs write about it.
const ELEMENTS: [&str; 25] = [
    "svg",
    "g",
    "defs",
    "symbol",
    "use",
    "switch",
    "view",
    "path",
    "rect",
    "circle",
    "ellipse",
    "line",
    "polyline",
    "polygon",
    "text",
    "tspan",
    "linearGradient",
    "radialGradient",
    "stop",
    "clipPath",
    "mask",
    "style",
    "title",
    "desc",
    "metadata",
];
/// Others of SVG and HTML, which a message may name.
const REFUSED: [&str; 20] = [
    "script",
    "foreignObject",
    "image",
    "feImage",
    "filter",
    "pattern",
    "marker",
    "a",
    "animate",
    "animateMotion",
    "animateTransform",
    "set",
    "textPath",
    "font",
    "font-face",
    "iframe",
    "video",
    "audio",
    "link",
    "object",
];
const SVG: &str = "http://www.w3.org/2000/svg";
const XHTML: &str = "http://www.w3.org/1999/xhtml";
const XML: &str = "http://www.w3.org/XML/1998/namespace";

fn is_svg(node: Node<'_, '_>) -> bool {
    node.is_element() && node.tag_name().namespace() == Some(SVG)
}

/// Only what draws lines and colours, and refers to nothing outside the file. What editors add in namespaces of
/// their own is drawn by nobody.
fn check_node(node: Node<'_, '_>) -> Result<(), LogoFlaw> {
    if node.is_pi() {
        return Err(flaw(LINK, "<?…?>"));
    }
    let name = node.tag_name();
    match name.namespace() {
        Some(SVG) if ELEMENTS.contains(&name.name()) => {}
        Some(SVG | XHTML) => {
            let shown = REFUSED.iter().find(|known| **known == name.name()).unwrap_or(&"…");
            return Err(flaw(PART, format!("<{shown}>")));
        }
        _ => return Ok(()),
    }
    for attribute in node.attributes() {
        let (name, value) = (attribute.name(), attribute.value());
        if attribute.namespace() == Some(XML) && name == "base" {
            return Err(flaw(LINK, "xml:base"));
        }
        if name == "href" && !value.trim_start().starts_with('#') {
            return Err(flaw(LINK, "href"));
        }
        if attribute.namespace().is_none() {
            if name.to_lowercase().starts_with("on") {
                return Err(flaw(PART, "on…"));
            }
            if name == "filter" && value.trim() != "none" {
                return Err(flaw(PART, "filter"));
            }
            check_style(value)?;
        }
    }
    if name.name() == "style" {
        check_sheet(node)?;
    }
    Ok(())
}

/// More of a style sheet than a logo needs: every rule is matched against every element.
const MOST_STYLE: usize = 64 * 1024;

/// All of a style sheet: comments part it.
fn sheet_of(node: Node<'_, '_>) -> String {
    node.descendants().filter(Node::is_text).filter_map(|node| node.text()).collect()
}

fn check_sheet(node: Node<'_, '_>) -> Result<(), LogoFlaw> {
    let text = sheet_of(node);
    if text.len() > MOST_STYLE {
        return Err(flaw(INTRICATE, "<style>"));
    }
    // Rules that fetch begin so, and letters can be written as numbers behind a backslash.
    if text.contains(['@', '\\']) {
        return Err(flaw(LINK, "<style>"));
    }
    check_style(&text)
}

/// A value or a style sheet refers to nothing outside the file and has no effects.
fn check_style(text: &str) -> Result<(), LogoFlaw> {
    let text = text.to_lowercase();
    if fetches(&text) {
        return Err(flaw(LINK, "url()"));
    }
    let is_effect = |rest: &str| {
        let value = rest.trim_start().strip_prefix(':').map(str::trim_start);
        value.is_some_and(|value| !value.starts_with("none"))
    };
    match text.split("filter").skip(1).any(is_effect) {
        true => Err(flaw(PART, "filter")),
        false => Ok(()),
    }
}

/// Whether a value or style sheet, in small letters, refers to anything outside the file.
fn fetches(text: &str) -> bool {
    let blank = |letter: char| letter.is_whitespace() || letter == '"' || letter == '\'';
    let leads_out = |rest: &str| !rest.trim_start_matches(blank).starts_with('#');
    text.split("url(").skip(1).any(leads_out) || text.contains("image-set(") || text.contains("@import")
}

// What the text asks for.

/// Elements, each counted as often as it is drawn.
const MOST_PARTS: usize = 5_000;
/// Letters, counted likewise: each becomes a path.
const MOST_LETTERS: usize = 500;
/// Elements of clips and masks times elements that a style sheet may cut with them: it does not tell which.
const MOST_CUTS: usize = 100_000;
/// Elements within one another.
const DEEPEST: usize = 64;

/// What drawing would take if every reference were written out.
struct Spending<'a> {
    /// Elements by their id.
    by_id: HashMap<&'a str, Node<'a, 'a>>,
    parts: usize,
    letters: usize,
}

impl<'a> Spending<'a> {
    fn of(document: &'a Document<'a>) -> Spending<'a> {
        let nodes = document.descendants().filter(|node| is_svg(*node));
        let by_id = nodes.filter_map(|node| Some((node.attribute("id")?, node))).collect();
        Spending { by_id, parts: 0, letters: 0 }
    }

    /// Follows references like a reader does; the depth bounds circles.
    fn spend(&mut self, node: Node<'a, 'a>, depth: usize) -> Result<(), LogoFlaw> {
        self.parts += 1;
        if matches!(node.tag_name().name(), "text" | "tspan") {
            let texts = node.children().filter(Node::is_text).filter_map(|node| node.text());
            self.letters += texts.map(|text| text.chars().count()).sum::<usize>();
        }
        if self.parts > MOST_PARTS || self.letters > MOST_LETTERS || depth > DEEPEST {
            return Err(flaw(INTRICATE, ""));
        }
        for child in node.children().filter(|child| is_svg(*child)) {
            self.spend(child, depth + 1)?;
        }
        for target in self.targets(node) {
            self.spend(target, depth + 1)?;
        }
        Ok(())
    }

    /// What a style sheet cuts is not written at the elements, so all of them count.
    fn check_cuts(&self, document: &Document<'_>) -> Result<(), LogoFlaw> {
        let is_cut = |node: &Node<'_, '_>| matches!(node.tag_name().name(), "clipPath" | "mask");
        let cuts = |node: Node<'_, '_>| node.has_tag_name((SVG, "style")) && sheet_of(node).contains("url(");
        let by_sheet = document.descendants().any(cuts);
        let inside: usize =
            document.descendants().filter(is_cut).map(|node| node.descendants().count()).sum();
        match by_sheet && inside * self.parts > MOST_CUTS {
            true => Err(flaw(INTRICATE, "<style>")),
            false => Ok(()),
        }
    }

    /// What an element draws besides its own children.
    fn targets(&self, node: Node<'a, 'a>) -> Vec<Node<'a, 'a>> {
        let mut ids: Vec<&str> = Vec::new();
        for attribute in node.attributes() {
            if attribute.name() == "href" {
                ids.extend(attribute.value().trim().strip_prefix('#'));
            }
            let found = attribute.value().split("url(").skip(1).filter_map(|rest| rest.split(')').next());
            ids.extend(found.map(|id| id.trim_matches(['"', '\'', ' ', '#'])));
        }
        ids.iter().filter_map(|id| self.by_id.get(id).copied()).collect()
    }
}

// What the reader made of it.

/// Pieces of paths, over the whole picture.
const MOST_PIECES: usize = 50_000;
/// Pictures' worth of pixels that are painted over one another.
const MOST_COATS: f32 = 200.0;
/// Edges that a line across the picture meets: they are sorted in every line of it.
const MOST_EDGES: u32 = 3_000;
/// Strips of the picture in which they are counted.
const BANDS: usize = 256;
/// Text is no larger than so many pictures.
const LARGEST_TEXT: f32 = 10.0;

/// What drawing takes.
struct Work {
    /// The picture's own area.
    whole: tiny_skia::Rect,
    pieces: usize,
    coats: f32,
    edges: [u32; BANDS],
}

impl Work {
    fn of(tree: &usvg::Tree) -> Work {
        let size = tree.size();
        let whole = tiny_skia::Rect::from_xywh(0.0, 0.0, size.width(), size.height());
        let whole =
            whole.unwrap_or_else(|| tiny_skia::Rect::from_xywh(0.0, 0.0, 1.0, 1.0).expect("a square"));
        Work { whole, pieces: 0, coats: 0.0, edges: [0; BANDS] }
    }

    fn add_group(&mut self, group: &usvg::Group) -> Result<(), LogoFlaw> {
        if !group.filters().is_empty() {
            return Err(flaw(PART, "filter"));
        }
        if group.should_isolate() {
            self.add_coat(group.abs_stroke_bounding_box());
        }
        let mut clip = group.clip_path();
        while let Some(path) = clip {
            self.coats += 1.0;
            self.add_group(path.root())?;
            clip = path.clip_path();
        }
        let mut mask = group.mask();
        while let Some(path) = mask {
            self.coats += 1.0;
            self.add_group(path.root())?;
            mask = path.mask();
        }
        for node in group.children() {
            match node {
                usvg::Node::Group(group) => self.add_group(group)?,
                usvg::Node::Path(path) => self.add_path(path)?,
                usvg::Node::Text(text) => self.add_text(text)?,
                usvg::Node::Image(_) => return Err(flaw(PART, "<image>")),
            }
        }
        let is_crowded = self.edges.iter().any(|edges| *edges > MOST_EDGES);
        match self.pieces > MOST_PIECES || self.coats > MOST_COATS || is_crowded {
            true => Err(flaw(INTRICATE, "")),
            false => Ok(()),
        }
    }

    fn add_text(&mut self, text: &usvg::Text) -> Result<(), LogoFlaw> {
        let area = text.abs_stroke_bounding_box();
        let most = LARGEST_TEXT * self.whole.width().max(self.whole.height());
        match area.width() > most || area.height() > most {
            true => Err(flaw(PART, "<text>")),
            false => self.add_group(text.flattened()),
        }
    }

    fn add_path(&mut self, path: &usvg::Path) -> Result<(), LogoFlaw> {
        // A dash can be as short as one likes.
        if path.stroke().is_some_and(|stroke| stroke.dasharray().is_some()) {
            return Err(flaw(PART, "stroke-dasharray"));
        }
        self.pieces += path.data().len();
        self.add_edges(path);
        self.add_coat(path.abs_stroke_bounding_box());
        Ok(())
    }

    /// What a path adds to the edges that a line across the picture meets. A curve has those of its handles; a stroke
    /// has two sides, and a join or cap at every point.
    fn add_edges(&mut self, path: &usvg::Path) {
        let transform = path.abs_transform();
        let (across, along) = transform.get_scale();
        let stroke = path.stroke().map(|stroke| stroke.width().get() * across.max(along));
        let height_of = |mut point: tiny_skia::Point| {
            transform.map_point(&mut point);
            point.y
        };
        let (mut first, mut last) = (0.0, 0.0);
        for segment in path.data().segments() {
            let corners: &[tiny_skia::Point] = match &segment {
                PathSegment::MoveTo(to) => {
                    (first, last) = (height_of(*to), height_of(*to));
                    continue;
                }
                PathSegment::LineTo(to) => &[*to],
                PathSegment::QuadTo(handle, to) => &[*handle, *to],
                PathSegment::CubicTo(one, other, to) => &[*one, *other, *to],
                PathSegment::Close => &[],
            };
            for corner in corners {
                let next = height_of(*corner);
                self.add_edge(last, next, stroke);
                last = next;
            }
            if corners.is_empty() {
                self.add_edge(last, first, stroke);
                last = first;
            }
        }
    }

    /// An edge from one height to another, with what its stroke adds.
    fn add_edge(&mut self, from: f32, to: f32, stroke: Option<f32>) {
        let band = |height: f32| {
            (height / self.whole.height() * BANDS as f32).clamp(0.0, BANDS as f32 - 1.0) as usize
        };
        let half = stroke.unwrap_or(0.0) / 2.0;
        let (upper, lower) = (band(from.min(to) - half), band(from.max(to) + half));
        let edges = if stroke.is_some() { 6 } else { 1 };
        self.edges[upper..=lower].iter_mut().for_each(|count| *count += edges);
    }

    fn add_coat(&mut self, area: tiny_skia::Rect) {
        let area_of = |area: tiny_skia::Rect| area.width() * area.height();
        let inside = area.intersect(&self.whole).map_or(0.0, area_of);
        self.coats += inside / area_of(self.whole).max(f32::MIN_POSITIVE);
    }
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
