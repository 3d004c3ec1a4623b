//! Letters: the embedded font, how wide texts are in it, and where lines break.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::LazyLock;

use plotters::style::{FontStyle, IntoFont, TextStyle, register_font};

use super::theme::{BOLD, FAMILY, REGULAR, SCALE};
use crate::values::printable;

/// plotters' SVG backend writes a font size divided by this.
const SIZE_FACTOR: f64 = 1.24;

static REGISTERED: LazyLock<()> = LazyLock::new(|| {
    let registered = register_font(FAMILY, FontStyle::Normal, REGULAR).is_ok()
        && register_font(FAMILY, FontStyle::Bold, BOLD).is_ok();
    assert!(registered, "the embedded fonts are fonts");
});

/// The style of a text in canvas units.
pub fn style_of(size: f64, bold: bool) -> TextStyle<'static> {
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

#[cfg(test)]
mod tests {
    use super::*;

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
