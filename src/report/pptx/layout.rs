//! Layouts: where things stand on slides, how large their text is, and how much room it takes.

use crate::chart::wrapped;
use crate::report::office::drawing::EMU;

/// Width and height of a slide, 16:9, in English metric units as everything here.
pub const SLIDE: (i64, i64) = (12_192_000, 6_858_000);

/// A rectangle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    pub x: i64,
    pub y: i64,
    pub width: i64,
    pub height: i64,
}

/// In hundredths of an inch.
const fn place(x: i64, y: i64, width: i64, height: i64) -> Place {
    const UNIT: i64 = 9144;
    Place { x: x * UNIT, y: y * UNIT, width: width * UNIT, height: height * UNIT }
}

pub const TITLE: Place = place(60, 35, 1213, 95);
pub const RULE: Place = place(60, 135, 1213, 3);
/// What an overview has room for, below an introduction of any length.
pub const OVERVIEW: Place = place(60, 155, 1213, 515);
pub const PICTURE: Place = place(60, 155, 590, 510);
pub const FINDING: Place = place(680, 160, 593, 500);
pub const SOURCE: Place = place(60, 680, 1100, 50);
pub const NUMBER: Place = place(1193, 680, 80, 50);
/// The most room for a logo, in twentieths of a point: 5 cm by 1.5 cm.
pub const LOGO: (i32, i32) = (2835, 850);

/// Sizes of text, in points.
pub const TITLE_SIZES: [f64; 4] = [30.0, 26.0, 22.0, 18.0];
pub const SUBTITLE_SIZE: f64 = 18.0;
/// The text of an overview; the second when it does not fit on one slide in the first.
pub const OVERVIEW_SIZES: [f64; 2] = [20.0, 18.0];
/// The finding of a control and its figures: the first that fit. The last are for texts of unusual length.
pub const FINDING_SIZES: [(f64, f64); 6] =
    [(24.0, 18.0), (22.0, 18.0), (20.0, 18.0), (18.0, 18.0), (15.0, 15.0), (12.0, 12.0)];
pub const SOURCE_SIZE: f64 = 12.0;
/// Whom the report is for.
pub const NOTICE_SIZE: f64 = 14.0;

/// Room below a paragraph of an overview, and above and below the text of a cell, in points.
pub const BELOW: f64 = 6.0;
pub const CELL_MARGIN: f64 = 5.0;
/// Between the finding and its figures, in points.
pub const ABOVE_FIGURES: f64 = 14.0;
/// How far a bullet is from its text, in points.
pub const INDENT: f64 = 18.0;

/// Points in metric units.
pub fn points(points: f64) -> i64 {
    (points * 20.0).round() as i64 * EMU
}

/// Metric units in points.
fn in_points(units: i64) -> f64 {
    units as f64 / EMU as f64 / 20.0
}

impl Place {
    /// Its height in points.
    pub fn room(self) -> f64 {
        in_points(self.height)
    }

    /// What is below so many points of it.
    pub fn below(self, above: f64) -> Place {
        Place { y: self.y + points(above), height: self.height - points(above), ..self }
    }

    /// Its upper part, of so many points.
    pub fn above(self, height: f64) -> Place {
        Place { height: points(height), ..self }
    }

    /// Narrower by so much at its right.
    pub fn narrower(self, by: i64) -> Place {
        Place { width: self.width - by, ..self }
    }
}

/// The height of a text in points.
pub fn height_of(text: &str, size: f64, strong: bool, width: i64) -> f64 {
    /// From line to line, in sizes; programs take 1.15 to 1.2.
    const LINE: f64 = 1.2;
    wrapped(text, size, strong, in_points(width)).len() as f64 * size * LINE
}
