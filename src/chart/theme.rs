//! The look of every chart: shapes, type scale, font, colours and line weights; and what turns drawing calls
//! into an accessible SVG and a PNG.
//!
//! plotters draws in whole pixels, so the canvas is [`SCALE`] times as large as the picture and the SVG's
//! viewBox brings it back. Only SVG text is made with plotters; the PNG comes from that same SVG.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, OnceLock};

use plotters::coord::Shift;
use plotters::element::{Drawable, PointCollection, Rectangle, Text};
use plotters::prelude::{DrawingArea, IntoDrawingArea, SVGBackend};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, FontStyle, IntoFont, RGBColor, TextStyle, register_font};

use super::png::png_of;
use crate::values::printable;

/// The shape of a picture: its size and its type scale, in CSS pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shape {
    /// What is added to names of files and elements.
    pub suffix: &'static str,
    /// Width.
    pub width: f64,
    /// Height, unless headings need more.
    pub height: f64,
    /// Size of the title.
    pub title: f64,
    /// Size of the subtitle.
    pub subtitle: f64,
    /// Size of labels.
    pub label: f64,
    /// Radius of a marker.
    pub marker: f64,
    /// Space at the left and right of titles.
    pub side: f64,
}

/// 16:9, for slides and wide pages.
pub const WIDE: Shape = Shape {
    suffix: "",
    width: 960.0,
    height: 540.0,
    title: 21.0,
    subtitle: 14.0,
    label: 13.0,
    marker: 5.0,
    side: 24.0,
};

/// For a column of print, and for telephones.
pub const COLUMN: Shape = Shape {
    suffix: "-column",
    width: 440.0,
    height: 400.0,
    title: 16.0,
    subtitle: 12.5,
    label: 12.0,
    marker: 4.0,
    side: 14.0,
};

/// Canvas units a CSS pixel.
const SCALE: i32 = 4;

/// Headings and axis labels.
pub const INK: RGBColor = RGBColor(0x1a, 0x1a, 0x1a);
/// Subtitles and notes.
pub const SOFT_INK: RGBColor = RGBColor(0x55, 0x55, 0x55);
/// Lines to read values by; not needed to understand the chart.
pub const GRID: RGBColor = RGBColor(0xdd, 0xdd, 0xdd);
/// The paper.
pub const PAPER: RGBColor = RGBColor(0xff, 0xff, 0xff);
/// The lawful method, and what is late by it.
pub const LAWFUL: RGBColor = RGBColor(0x0b, 0x4f, 0x8a);
/// The reference method, and what is late only by it.
pub const REFERENCE: RGBColor = RGBColor(0xa5, 0x4c, 0x00);
/// In time.
pub const IN_TIME: RGBColor = RGBColor(0x6f, 0x97, 0xbf);
/// Late.
pub const LATE: RGBColor = RGBColor(0x5e, 0x12, 0x24);
/// Late only by the lawful method.
pub const ONLY_LAW: RGBColor = RGBColor(0x7a, 0x4e, 0x9c);
/// A change for the better.
pub const BETTER: RGBColor = RGBColor(0x00, 0x6b, 0x5e);
/// A change for the worse.
pub const WORSE: RGBColor = LATE;
/// Where chance reaches; not needed to understand the chart.
pub const BAND: RGBColor = RGBColor(0xee, 0xf1, 0xf4);
/// An earlier time, beside the present.
pub const EARLIER: RGBColor = RGBColor(0x6b, 0x6b, 0x6b);

/// The embedded font under a family list: laid out with Liberation Sans, shown with Arial where there is
/// no Liberation Sans, which has the same widths.
const FAMILY: &str = "Liberation Sans, Arial, Helvetica, sans-serif";
pub(super) const REGULAR: &[u8] = include_bytes!("../../assets/fonts/LiberationSans-Regular.ttf");
pub(super) const BOLD: &[u8] = include_bytes!("../../assets/fonts/LiberationSans-Bold.ttf");
/// The fonts of every picture and page: regular and bold.
pub const FONTS: [&[u8]; 2] = [REGULAR, BOLD];
/// plotters' SVG backend writes a font size divided by this.
const SIZE_FACTOR: f64 = 1.24;

static REGISTERED: LazyLock<()> = LazyLock::new(|| {
    let registered = register_font(FAMILY, FontStyle::Normal, REGULAR).is_ok()
        && register_font(FAMILY, FontStyle::Bold, BOLD).is_ok();
    assert!(registered, "the embedded fonts are fonts");
});

/// A finished picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// SVG with title and description, without an XML declaration so that it can stand in a page.
    pub svg: Arc<str>,
    png: OnceLock<Vec<u8>>,
}

impl Picture {
    /// The same as PNG; drawn when it is first asked for.
    pub fn png(&self) -> &[u8] {
        self.png.get_or_init(|| png_of(&self.svg))
    }
}

/// A canvas in CSS pixels.
pub struct Canvas<'a> {
    area: DrawingArea<SVGBackend<'a>, Shift>,
    /// Its shape.
    pub shape: Shape,
    /// Its height, which headings may have made larger than the shape's.
    pub height: f64,
    /// Where texts stand, so that none is put on another.
    taken: RefCell<Vec<Area>>,
    /// The dashes of each line so far.
    dashes: RefCell<Vec<Option<Dashes>>>,
}

/// Lengths of the dashes of a line and of the gaps between them, in CSS pixels.
#[derive(Clone, Copy)]
struct Dashes {
    dash: f64,
    gap: f64,
}

/// A rectangle: left, top, right and bottom.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Area(f64, f64, f64, f64);

impl Area {
    fn overlaps(self, other: Area) -> bool {
        self.0 < other.2 && other.0 < self.2 && self.1 < other.3 && other.1 < self.3
    }
}

/// How a text stands to its point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    /// The text begins there.
    Start,
    /// The text's middle is there.
    Middle,
    /// The text ends there.
    End,
}

impl Canvas<'_> {
    /// Draws an element whose points are in canvas units, from [`at`].
    pub fn draw<E>(&self, element: &E)
    where
        for<'b> &'b E: PointCollection<'b, (i32, i32)>,
        for<'b> E: Drawable<SVGBackend<'b>>,
    {
        self.area.draw(element).expect("drawing into a string does not fail");
    }

    /// Writes a text whose top is at `y`.
    pub fn text(
        &self,
        text: &str,
        (x, y): (f64, f64),
        size: f64,
        bold: bool,
        colour: RGBColor,
        anchor: Anchor,
    ) {
        let horizontal = match anchor {
            Anchor::Start => HPos::Left,
            Anchor::Middle => HPos::Center,
            Anchor::End => HPos::Right,
        };
        let style = style_of(size, bold).color(&colour).pos(Pos::new(horizontal, VPos::Top));
        self.draw(&Text::new(printable(text).into_owned(), at(x, y), style));
        self.taken.borrow_mut().push(area_of(text, (x, y), size, bold, anchor));
    }

    /// Writes a label at the first of some places where it stands on no other text and inside the picture;
    /// says whether there was one. Places are middles of its left, middle or right end.
    pub fn label(&self, text: &str, places: &[(f64, f64, Anchor)], bold: bool, colour: RGBColor) -> bool {
        let size = self.shape.label;
        let free =
            places.iter().map(|(x, y, anchor)| ((*x, y - size * MIDDLE), *anchor)).find(|(at, anchor)| {
                let area = area_of(text, *at, size, bold, *anchor);
                let inside = area.0 >= 2.0
                    && area.1 >= 2.0
                    && area.2 <= self.shape.width - 2.0
                    && area.3 <= self.height - 2.0;
                inside && !self.taken.borrow().iter().any(|other| area.overlaps(*other))
            });
        if let Some((at, anchor)) = free {
            self.text(text, at, size, bold, colour, anchor);
        }
        free.is_some()
    }

    /// Keeps labels out of a rectangle.
    pub fn keep_clear(&self, from: (f64, f64), to: (f64, f64)) {
        self.taken.borrow_mut().push(Area(from.0, from.1, to.0, to.1));
    }

    /// A line.
    pub fn line(&self, points: &[(f64, f64)], colour: RGBColor, width: u32) {
        self.stroke(points, colour, width, None);
    }

    /// A dashed line; dashes and gaps have the given lengths.
    pub fn dashes(&self, points: &[(f64, f64)], colour: RGBColor, width: u32, dash: f64, gap: f64) {
        self.stroke(points, colour, width, Some(Dashes { dash, gap }));
    }

    fn stroke(&self, points: &[(f64, f64)], colour: RGBColor, width: u32, dashes: Option<Dashes>) {
        let points: Vec<(i32, i32)> = points.iter().map(|(x, y)| at(*x, *y)).collect();
        self.draw(&plotters::element::PathElement::new(points, colour.stroke_width(units(f64::from(width)))));
        self.dashes.borrow_mut().push(dashes);
    }

    /// A filled rectangle.
    pub fn bar(&self, from: (f64, f64), to: (f64, f64), colour: RGBColor) {
        self.draw(&Rectangle::new([at(from.0, from.1), at(to.0, to.1)], colour.filled()));
    }

    /// A filled area inside a closed line.
    pub fn area(&self, points: &[(f64, f64)], colour: RGBColor, opacity: f64) {
        let points: Vec<(i32, i32)> = points.iter().map(|(x, y)| at(*x, *y)).collect();
        self.draw(&plotters::element::Polygon::new(points, colour.mix(opacity).filled()));
    }

    /// A round marker; hollow for figures that were not counted here.
    pub fn dot(&self, (x, y): (f64, f64), radius: f64, colour: RGBColor, hollow: bool) {
        let radius = units(radius) as i32;
        self.draw(&plotters::element::Circle::new(at(x, y), radius, colour.filled()));
        if hollow {
            self.draw(&plotters::element::Circle::new(at(x, y), radius * 6 / 10, PAPER.filled()));
        }
    }

    /// A square marker.
    pub fn square(&self, (x, y): (f64, f64), radius: f64, colour: RGBColor) {
        self.bar((x - radius, y - radius), (x + radius, y + radius), colour);
    }

    /// A triangular marker that points up or down.
    pub fn triangle(&self, (x, y): (f64, f64), radius: f64, colour: RGBColor, up: bool) {
        let tip = if up { -radius } else { radius };
        let corners = [(x, y + tip), (x + radius, y - tip * 0.8), (x - radius, y - tip * 0.8)];
        self.area(&corners, colour, 1.0);
    }
}

/// From the top of a text to the middle of its letters, in sizes.
pub const MIDDLE: f64 = 0.55;
/// From the top of one line of labels to the next, in sizes.
pub const LINE: f64 = 1.4;

/// What a text takes, with a little air.
fn area_of(text: &str, (x, y): (f64, f64), size: f64, bold: bool, anchor: Anchor) -> Area {
    let width = width_of(text, size, bold);
    let left = match anchor {
        Anchor::Start => x,
        Anchor::Middle => x - width / 2.0,
        Anchor::End => x - width,
    };
    Area(left - 2.0, y - size * 0.15, left + width + 2.0, y + size * 1.2)
}

/// A point in canvas units.
fn at(x: f64, y: f64) -> (i32, i32) {
    ((x * f64::from(SCALE)).round() as i32, (y * f64::from(SCALE)).round() as i32)
}

fn units(length: f64) -> u32 {
    (length * f64::from(SCALE)).round() as u32
}

fn style_of(size: f64, bold: bool) -> TextStyle<'static> {
    LazyLock::force(&REGISTERED);
    let style = if bold { FontStyle::Bold } else { FontStyle::Normal };
    (FAMILY, size * f64::from(SCALE) * SIZE_FACTOR, style).into_font().into()
}

/// Texts whose width is remembered: most stand in the chart of every unit.
const MOST_WIDTHS: usize = 10_000;

thread_local! {
    /// Widths by text, for each size (its bits) and weight.
    static WIDTHS: RefCell<HashMap<(u64, bool), HashMap<String, f64>>> = RefCell::default();
}

/// Width of a text in CSS pixels; a little more than it takes, never less.
pub fn width_of(text: &str, size: f64, bold: bool) -> f64 {
    WIDTHS.with_borrow_mut(|widths| {
        let widths = widths.entry((size.to_bits(), bold)).or_default();
        widths.get(text).copied().unwrap_or_else(|| {
            let width = measured(text, size, bold);
            if widths.len() < MOST_WIDTHS {
                widths.insert(text.to_owned(), width);
            }
            width
        })
    })
}

fn measured(text: &str, size: f64, bold: bool) -> f64 {
    let (width, _) =
        style_of(size, bold).font.box_size(&printable(text)).expect("the embedded font measures every text");
    f64::from(width) / f64::from(SCALE)
}

/// The text cut into lines no wider than `width`: at blanks, and words that are too long between letters.
pub fn wrapped(text: &str, size: f64, bold: bool, width: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ').flat_map(|word| pieces(word, size, bold, width)) {
        match lines.last_mut() {
            Some(line) if width_of(&format!("{line} {word}"), size, bold) <= width => {
                line.push(' ');
                line.push_str(&word);
            }
            _ => lines.push(word),
        }
    }
    lines
}

/// A word in pieces no wider than `width`, with hyphens.
fn pieces(word: &str, size: f64, bold: bool, width: f64) -> Vec<String> {
    if width_of(word, size, bold) <= width {
        return vec![word.to_owned()];
    }
    let mut pieces = vec![String::new()];
    for letter in word.chars() {
        let piece = pieces.last_mut().expect("there is always one");
        if !piece.is_empty() && width_of(&format!("{piece}{letter}-"), size, bold) > width {
            piece.push('-');
            pieces.push(letter.to_string());
        } else {
            piece.push(letter);
        }
    }
    pieces
}

/// Gives lines their dashes: plotters writes each as a `polyline` and has no dashes of its own.
fn with_dashes(drawn: &str, dashes: &[Option<Dashes>]) -> String {
    const LINE: &str = "<polyline";
    let mut pieces = drawn.split(LINE);
    let mut written = String::with_capacity(drawn.len() + 32 * dashes.len());
    written.push_str(pieces.next().unwrap_or_default());
    assert_eq!(pieces.clone().count(), dashes.len(), "each line is one element");
    for (piece, dashes) in pieces.zip(dashes) {
        written.push_str(LINE);
        if let Some(Dashes { dash, gap }) = dashes {
            written.push_str(&format!(" stroke-dasharray=\"{},{}\"", units(*dash), units(*gap)));
        }
        written.push_str(piece);
    }
    written
}

/// Draws a picture. `id` is unique on the page; title and description are for those who do not see it.
pub fn picture(
    id: &str,
    (title, description): (&str, &str),
    shape: Shape,
    height: f64,
    draw: impl FnOnce(&Canvas<'_>),
) -> Picture {
    let mut drawn = String::new();
    let size = (units(shape.width), units(height.ceil()));
    let dashes = {
        let area = SVGBackend::with_string(&mut drawn, size).into_drawing_area();
        area.fill(&PAPER).expect("drawing into a string does not fail");
        let canvas = Canvas {
            area,
            shape,
            height: height.ceil(),
            taken: RefCell::default(),
            dashes: RefCell::default(),
        };
        draw(&canvas);
        canvas.area.present().expect("drawing into a string does not fail");
        canvas.dashes.into_inner()
    };
    let svg = accessible(&terse(&with_dashes(&drawn, &dashes)), id, size, title, description);
    Picture { svg: svg.into(), png: OnceLock::new() }
}

/// Leaves out what plotters says of every element and holds of all: half of the text. Quotation marks in texts are
/// escaped, so that nothing of a text is taken for an attribute.
fn terse(drawn: &str) -> String {
    /// What a size keeps of having been multiplied and divided.
    const REST: &str = ".00000000000001\"";
    let usual = format!(" font-family=\"{FAMILY}\"");
    let usual = [&*usual, " opacity=\"1\"", " fill=\"none\"", " stroke=\"none\"", " text-anchor=\"start\""];
    let width = format!(" stroke-width=\"{SCALE}\"");
    let shorter = [
        (" \"/>", "\"/>"),
        ("\">\n", "\">"),
        ("\n</text>", "</text>"),
        (&*width, ""),
        // Of markers, which have no stroke.
        (" stroke-width=\"1\"/>", "/>"),
        (REST, "\""),
    ];
    let usual = usual.into_iter().map(|usual| (usual, ""));
    usual.chain(shorter).fold(drawn.to_owned(), |drawn, (from, to)| drawn.replace(from, to))
}

/// Replaces plotters' outermost tag by one with a viewBox, role, title and description, and what [`terse`] left out.
fn accessible(drawn: &str, id: &str, (width, height): (u32, u32), title: &str, description: &str) -> String {
    let (_, inner) = drawn.split_once('>').expect("plotters writes an svg element");
    let escape = |text: &str| printable(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{}\" height=\"{}\" viewBox=\"0 0 {width} {height}\" \
         fill=\"none\" stroke-width=\"{SCALE}\" font-family=\"{FAMILY}\" role=\"img\" \
         aria-labelledby=\"{id}-title {id}-desc\">\n<title id=\"{id}-title\">{}</title>\n\
         <desc id=\"{id}-desc\">{}</desc>{}",
        width / SCALE as u32,
        height / SCALE as u32,
        escape(title),
        escape(description),
        inner
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance of WCAG 2.
    fn luminance(colour: RGBColor) -> f64 {
        let linear = |part: u8| {
            let part = f64::from(part) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(colour.0) + 0.7152 * linear(colour.1) + 0.0722 * linear(colour.2)
    }

    fn contrast(one: RGBColor, other: RGBColor) -> f64 {
        let (light, dark) = (luminance(one).max(luminance(other)), luminance(one).min(luminance(other)));
        (light + 0.05) / (dark + 0.05)
    }

    #[test]
    fn text_and_marks_stand_out_from_the_paper() {
        for text in [INK, SOFT_INK, LAWFUL, REFERENCE, LATE, BETTER, WORSE, EARLIER] {
            for ground in [PAPER, BAND] {
                assert!(contrast(text, ground) >= 4.5, "{text:?} on {ground:?}");
            }
        }
        // The signs of icons, and the median in its box.
        for (mark, ground) in [(PAPER, SOFT_INK), (PAPER, BETTER), (PAPER, WORSE), (INK, IN_TIME)] {
            assert!(contrast(mark, ground) >= 3.0, "{mark:?} on {ground:?}");
        }
        // Lines on the areas that they bound.
        for (line, area, opacity) in [
            (LAWFUL, REFERENCE, 0.16),
            (REFERENCE, REFERENCE, 0.16),
            (LAWFUL, IN_TIME, 0.35),
            (LATE, IN_TIME, 0.35),
        ] {
            let mixed =
                |of: u8, on: u8| (f64::from(of) * opacity + f64::from(on) * (1.0 - opacity)).round() as u8;
            let area = RGBColor(mixed(area.0, PAPER.0), mixed(area.1, PAPER.1), mixed(area.2, PAPER.2));
            assert!(contrast(line, area) >= 3.0, "{line:?} on {area:?}");
        }
        for mark in [LAWFUL, REFERENCE, IN_TIME, LATE, ONLY_LAW, BETTER, WORSE, EARLIER] {
            assert!(contrast(mark, PAPER) >= 3.0, "{mark:?} {}", contrast(mark, PAPER));
        }
    }

    #[test]
    fn what_lies_side_by_side_differs_in_grey_too() {
        for (one, other) in [(IN_TIME, REFERENCE), (REFERENCE, LATE), (IN_TIME, LATE)] {
            assert!(contrast(one, other) >= 1.5, "{one:?} {other:?} {}", contrast(one, other));
        }
    }

    #[test]
    fn text_leaves_ink_in_the_png() {
        let with = picture("a", ("t", "d"), WIDE, WIDE.height, |canvas| {
            canvas.text("Andel – 34,5 %", (100.0, 100.0), 20.0, true, INK, Anchor::Start);
        });
        let without = picture("a", ("t", "d"), WIDE, WIDE.height, |_| {});
        assert_ne!(with.png(), without.png());
        assert!(with.svg.contains("Andel – 34,5 %"));
    }

    #[test]
    fn dashes_are_of_the_line_that_was_drawn_with_them() {
        let drawn = picture("a", ("t", "d"), WIDE, WIDE.height, |canvas| {
            canvas.line(&[(1.0, 1.0), (2.0, 2.0)], INK, 1);
            canvas.text("<polyline", (10.0, 10.0), 12.0, false, INK, Anchor::Start);
            canvas.dashes(&[(3.0, 3.0), (9.0, 3.0)], INK, 1, 4.0, 2.5);
        });
        let lines: Vec<&str> = drawn.svg.lines().filter(|line| line.starts_with("<polyline")).collect();
        assert_eq!(lines.iter().map(|line| line.contains("dasharray")).collect::<Vec<_>>(), [false, true]);
        assert!(lines[1].contains("stroke-dasharray=\"16,10\"") && lines[1].contains("12,12 36,12"));
    }

    #[test]
    fn titles_are_escaped_and_control_characters_left_out() {
        let drawn = picture("a", ("<b> & \u{1b}[31m", "]]>\u{fffe}"), COLUMN, COLUMN.height, |canvas| {
            canvas.text("x\u{7}\u{ffff}<y>", (10.0, 10.0), 12.0, false, INK, Anchor::Start);
        });
        assert!(drawn.svg.contains("&lt;b&gt; &amp; [31m"));
        assert!(!drawn.png().is_empty(), "the XML is well-formed");
        assert!(!drawn.svg.chars().any(|letter| letter.is_control() && letter != '\n'));
    }

    #[test]
    fn long_texts_are_cut_at_blanks() {
        let lines = wrapped("en två tre fyra fem sex sju åtta nio tio", 14.0, false, 100.0);
        assert!(lines.len() > 2 && lines.iter().all(|line| width_of(line, 14.0, false) <= 100.0));
        assert_eq!(lines.join(" "), "en två tre fyra fem sex sju åtta nio tio");
        let pieces = wrapped("en Barnochungdomsutredningsenhet", 14.0, false, 100.0);
        assert!(
            pieces.len() > 2 && pieces.iter().all(|line| width_of(line, 14.0, false) <= 100.0),
            "{pieces:?}"
        );
    }
}
