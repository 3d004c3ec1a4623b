//! A canvas in CSS pixels, with the marks that charts draw.
//!
//! plotters draws in whole pixels, so the canvas is [`SCALE`] times as large as the picture and the SVG's viewBox brings
//! it back.

use std::cell::RefCell;

use plotters::coord::Shift;
use plotters::element::{Circle, Drawable, PathElement, PointCollection, Polygon, Rectangle, Text};
use plotters::prelude::{DrawingArea, IntoDrawingArea, SVGBackend};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, RGBColor};

use super::letters::{style_of, width_of};
use super::theme::{GRID, INK, MIDDLE, PAPER, SCALE, Shape};
use crate::values::printable;

/// A canvas in CSS pixels.
pub struct Canvas<'a> {
    area: DrawingArea<SVGBackend<'a>, Shift>,
    /// Its shape.
    pub shape: Shape,
    /// Its height, which headings may have made larger than the shape's.
    pub height: f64,
    /// Where texts stand, so that none is put on another.
    taken: RefCell<Vec<Area>>,
    /// The lines and the edges of bars so far, from point to point, that would strike a text through.
    lines: RefCell<Vec<[(f64, f64); 2]>>,
    /// How the lines and texts so far are set.
    set: RefCell<Set>,
}

/// What plotters cannot say of its elements: an entry for each, in order.
#[derive(Default)]
pub struct Set {
    /// The dashes of lines.
    pub dashes: Vec<Option<Dashes>>,
    /// Which texts have paper round their letters, so that no line strikes them through.
    pub halos: Vec<bool>,
}

/// Lengths of the dashes of a line and of the gaps between them, in CSS pixels.
#[derive(Clone, Copy)]
pub struct Dashes {
    /// Of a dash.
    pub dash: f64,
    /// Of a gap.
    pub gap: f64,
}

/// A rectangle: left, top, right and bottom.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Area(f64, f64, f64, f64);

impl Area {
    fn overlaps(self, other: Area) -> bool {
        self.0 < other.2 && other.0 < self.2 && self.1 < other.3 && other.1 < self.3
    }

    /// Whether a line between two points goes through it: on its way it is between left and right, and between top and
    /// bottom, at once.
    fn is_crossed(self, [from, to]: [(f64, f64); 2]) -> bool {
        let sides = [(from.0, to.0, self.0, self.2), (from.1, to.1, self.1, self.3)];
        let (mut enters, mut leaves) = (0.0_f64, 1.0_f64);
        for (from, to, low, high) in sides {
            if from == to {
                if from < low || from > high {
                    return false;
                }
                continue;
            }
            let [one, other] = [low, high].map(|edge| (edge - from) / (to - from));
            enters = enters.max(one.min(other));
            leaves = leaves.min(one.max(other));
        }
        enters <= leaves
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
    pub fn text(&self, text: &str, at: (f64, f64), size: f64, bold: bool, colour: RGBColor, anchor: Anchor) {
        self.write(text, at, (size, bold, colour), anchor, false);
    }

    fn write(
        &self,
        text: &str,
        (x, y): (f64, f64),
        (size, bold, colour): (f64, bool, RGBColor),
        anchor: Anchor,
        halo: bool,
    ) {
        let horizontal = match anchor {
            Anchor::Start => HPos::Left,
            Anchor::Middle => HPos::Center,
            Anchor::End => HPos::Right,
        };
        let style = style_of(size, bold).color(&colour).pos(Pos::new(horizontal, VPos::Top));
        self.draw(&Text::new(printable(text).into_owned(), at(x, y), style));
        self.set.borrow_mut().halos.push(halo);
        self.taken.borrow_mut().push(area_of(text, (x, y), size, bold, anchor));
    }

    /// Writes a label at the first of some places where it stands on no other text and inside the picture, if there is
    /// one; lines that would cross it end before it. Places are middles of its left, middle or right end.
    pub fn label(&self, text: &str, places: &[(f64, f64, Anchor)], bold: bool, colour: RGBColor) {
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
            let Area(left, top, right, bottom) = area_of(text, at, size, bold, anchor);
            let letters = Area(left + 2.0, top + size * 0.3, right - 2.0, bottom - size * 0.2);
            let is_crossed = self.lines.borrow().iter().any(|line| letters.is_crossed(*line));
            self.write(text, at, (size, bold, colour), anchor, is_crossed);
        }
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

    /// A dashed line across the picture that no label stands on.
    pub fn reference(&self, (left, right): (f64, f64), y: f64, dash: f64) {
        self.dashes(&[(left, y), (right, y)], INK, 1, dash, 3.0);
        self.keep_clear((left, y - 1.0), (right, y + 1.0));
    }

    fn stroke(&self, points: &[(f64, f64)], colour: RGBColor, width: u32, dashes: Option<Dashes>) {
        // The grid is faint enough to be read across.
        if colour != GRID {
            self.lines.borrow_mut().extend(points.windows(2).map(|ends| [ends[0], ends[1]]));
        }
        let points: Vec<(i32, i32)> = points.iter().map(|(x, y)| at(*x, *y)).collect();
        self.draw(&PathElement::new(points, colour.stroke_width(units(f64::from(width)))));
        self.set.borrow_mut().dashes.push(dashes);
    }

    /// A filled rectangle.
    pub fn bar(&self, from: (f64, f64), to: (f64, f64), colour: RGBColor) {
        self.draw(&Rectangle::new([at(from.0, from.1), at(to.0, to.1)], colour.filled()));
        let corners = [from, (from.0, to.1), to, (to.0, from.1), from];
        self.lines.borrow_mut().extend(corners.windows(2).map(|ends| [ends[0], ends[1]]));
    }

    /// A filled area inside a closed line.
    pub fn area(&self, points: &[(f64, f64)], colour: RGBColor, opacity: f64) {
        let points: Vec<(i32, i32)> = points.iter().map(|(x, y)| at(*x, *y)).collect();
        self.draw(&Polygon::new(points, colour.mix(opacity).filled()));
    }

    /// A round marker; hollow for figures that were not counted here.
    pub fn dot(&self, (x, y): (f64, f64), radius: f64, colour: RGBColor, hollow: bool) {
        let radius = units(radius) as i32;
        self.draw(&Circle::new(at(x, y), radius, colour.filled()));
        if hollow {
            self.draw(&Circle::new(at(x, y), radius * 6 / 10, PAPER.filled()));
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

/// Draws on a canvas: what plotters wrote, and how its lines and texts are set.
pub fn drawn(shape: Shape, height: f64, draw: impl FnOnce(&Canvas<'_>)) -> (String, Set) {
    let mut text = String::new();
    let area = SVGBackend::with_string(&mut text, (units(shape.width), units(height))).into_drawing_area();
    area.fill(&PAPER).expect("drawing into a string does not fail");
    let canvas = Canvas {
        area,
        shape,
        height,
        taken: RefCell::default(),
        lines: RefCell::default(),
        set: RefCell::default(),
    };
    draw(&canvas);
    canvas.area.present().expect("drawing into a string does not fail");
    let set = canvas.set.take();
    drop(canvas);
    (text, set)
}

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

/// A length in canvas units.
pub fn units(length: f64) -> u32 {
    (length * f64::from(SCALE)).round() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_through_a_text_are_told_from_those_beside_it() {
        let area = Area(10.0, 10.0, 30.0, 20.0);
        let through = [[(0.0, 15.0), (50.0, 15.0)], [(20.0, 0.0), (20.0, 50.0)], [(0.0, 0.0), (40.0, 30.0)]];
        let ends_inside = [(20.0, 15.0), (90.0, 90.0)];
        for line in through.into_iter().chain([ends_inside, [(12.0, 12.0), (13.0, 13.0)]]) {
            assert!(area.is_crossed(line) && area.is_crossed([line[1], line[0]]), "{line:?}");
        }
        let beside = [[(0.0, 5.0), (50.0, 5.0)], [(40.0, 0.0), (40.0, 50.0)], [(0.0, 0.0), (9.0, 15.0)]];
        for line in beside.into_iter().chain([[(0.0, 25.0), (15.0, 0.0)].map(|(x, y)| (x - 5.0, y - 5.0))]) {
            assert!(!area.is_crossed(line) && !area.is_crossed([line[1], line[0]]), "{line:?}");
        }
    }
}
