//! Legends: what marks and lines are, in a row above the plot, or in several where one has no room.

use super::canvas::{Anchor, Canvas};
use super::letters::width_of;
use super::theme::{INK, LINE, MIDDLE};
use plotters::style::RGBColor;

/// What stands before a name.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Mark {
    /// A line, with the length of its dashes.
    Line(Option<f64>),
    /// A part of a bar; its name is written in ink.
    Bar,
    /// A round marker, hollow or not.
    Dot(bool),
}

/// One mark and its name.
pub struct Entry {
    /// The mark.
    pub mark: Mark,
    /// Its colour.
    pub colour: RGBColor,
    /// The name.
    pub name: String,
}

impl Entry {
    fn is_bold(&self) -> bool {
        self.mark != Mark::Bar
    }

    /// The room from the left edge of the mark to its name, from the end of the name to the next mark, and in sizes of
    /// labels from the line above.
    fn room(&self, canvas: &Canvas<'_>) -> (f64, f64, f64) {
        match self.mark {
            Mark::Line(_) => (30.0, 20.0, LINE),
            Mark::Bar => (canvas.shape.label + 5.0, 20.0, LINE),
            Mark::Dot(_) => (canvas.shape.marker * 2.0 + 6.0, 22.0, 1.5),
        }
    }

    fn draw_mark(&self, canvas: &Canvas<'_>, (x, y): (f64, f64)) {
        let (size, radius) = (canvas.shape.label, canvas.shape.marker);
        let line = [(x, y + size * MIDDLE), (x + 24.0, y + size * MIDDLE)];
        match self.mark {
            Mark::Line(Some(dash)) => canvas.dashes(&line, self.colour, 2, dash, 4.0),
            Mark::Line(None) => canvas.line(&line, self.colour, 2),
            Mark::Bar => canvas.bar((x, y + 1.0), (x + size * 0.9, y + 1.0 + size * 0.9), self.colour),
            Mark::Dot(hollow) => canvas.dot((x + radius, y + size * 0.6), radius, self.colour, hollow),
        }
    }
}

/// Draws a legend; gives the y below it.
pub fn legend(canvas: &Canvas<'_>, entries: &[Entry], top: f64) -> f64 {
    let (shape, size) = (canvas.shape, canvas.shape.label);
    let (mut x, mut y) = (shape.side, top);
    for entry in entries {
        let (before, after, above) = entry.room(canvas);
        let width = before + width_of(&entry.name, size, entry.is_bold());
        if x > shape.side && x + width > shape.width - shape.side {
            (x, y) = (shape.side, y + size * above);
        }
        entry.draw_mark(canvas, (x, y));
        let colour = if entry.is_bold() { entry.colour } else { INK };
        canvas.text(&entry.name, (x + before, y), size, entry.is_bold(), colour, Anchor::Start);
        x += width + after;
    }
    y + size * (LINE + 0.4)
}
