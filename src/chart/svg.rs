//! What turns drawing calls into an accessible SVG, and that into a PNG.

use std::sync::{Arc, OnceLock};

use super::canvas::{Canvas, Dashes, Set, drawn, units};
use super::png::png_of;
use super::theme::{FAMILY, SCALE, Shape};
use crate::values::printable;

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

/// How wide the paper is round the letters of a label, in CSS pixels.
const HALO: f64 = 1.5;

/// Gives lines their dashes and labels their halos: plotters writes each as one element and has neither.
fn with_settings(drawn: &str, set: &Set) -> String {
    let dashes = set.dashes.iter().map(|dashes| match dashes {
        Some(Dashes { dash, gap }) => format!(" stroke-dasharray=\"{},{}\"", units(*dash), units(*gap)),
        None => String::new(),
    });
    let halo = format!(" stroke=\"#FFFFFF\" stroke-width=\"{}\"", units(2.0 * HALO));
    let halos = set.halos.iter().map(|is_set| if *is_set { halo.clone() } else { String::new() });
    with_attributes(&with_attributes(drawn, "<polyline", dashes), "<text", halos)
}

/// Adds attributes to each element that begins so.
fn with_attributes(drawn: &str, begins: &str, added: impl ExactSizeIterator<Item = String>) -> String {
    let mut pieces = drawn.split(begins);
    let mut written = String::with_capacity(drawn.len() + 32 * added.len());
    written.push_str(pieces.next().unwrap_or_default());
    assert_eq!(pieces.clone().count(), added.len(), "each is one element");
    for (piece, added) in pieces.zip(added) {
        written.push_str(begins);
        written.push_str(&added);
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
    let height = height.ceil();
    let (drawn, set) = drawn(shape, height, draw);
    let size = (units(shape.width), units(height));
    let svg = accessible(&terse(&with_settings(&drawn, &set)), id, size, title, description);
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
         fill=\"none\" stroke-width=\"{SCALE}\" stroke-linejoin=\"round\" paint-order=\"stroke\" \
         font-family=\"{FAMILY}\" role=\"img\" aria-labelledby=\"{id}-title {id}-desc\">\n<title id=\"{id}-title\">{}</title>\n\
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
    use super::super::canvas::Anchor;
    use super::super::theme::{COLUMN, INK, WIDE};
    use super::*;

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
    fn labels_are_set_on_paper() {
        let with_line = |label: bool| {
            picture("a", ("t", "d"), WIDE, WIDE.height, |canvas| {
                canvas.line(&[(0.0, 100.0), (400.0, 100.0)], INK, 1);
                let paper = super::super::theme::PAPER;
                if label {
                    canvas.label("MMM", &[(100.0, 100.0, Anchor::Start)], true, paper);
                } else {
                    canvas.text("MMM", (100.0, 100.0 - 7.0), 13.0, true, paper, Anchor::Start);
                }
            })
        };
        let [label, text] = [true, false].map(with_line);
        assert_eq!(label.svg.matches("stroke=\"#FFFFFF\"").count(), 1);
        assert!(!text.svg.contains("stroke=\"#FFFFFF\""));
        assert_ne!(label.png(), text.png(), "the line ends before the label");
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
}
