//! What all charts have in common: title, subtitle, notes, the axes and the space between them.

use super::canvas::{Anchor, Canvas};
use super::letters::{width_of, wrapped};
use super::svg::{Picture, picture};
use super::theme::{COLUMN, GRID, INK, LINE, MIDDLE, SOFT_INK, Shape, WIDE};
use crate::text::Texts;
use crate::text::charts::Caption;
use plotters::style::RGBColor;

/// Heights of lines, in sizes.
const TITLE_LINE: f64 = 1.25;
const SUBTITLE_LINE: f64 = 1.35;
/// Of labels too many for an axis every so many are shown: years and parts of years, where they are months.
const EVERY: [usize; 12] = [1, 2, 3, 4, 6, 12, 24, 36, 60, 120, 240, 480];
/// Less height than this, wide and in a column, is too little for most data.
pub const LEAST: [f64; 2] = [300.0, 260.0];

/// Draws data below the headings, which end at the height given.
pub type Draw<'a> = Box<dyn Fn(&Canvas<'_>, f64) + 'a>;

/// A chart that is ready to be drawn in any shape.
pub struct Drawing<'a> {
    /// What stands above it; each note is cut to two lines where there is little room.
    pub caption: Caption,
    /// The least height that the data need, wide and in a column.
    pub least: [f64; 2],
    /// Draws the data.
    pub draw: Draw<'a>,
}

impl Drawing<'_> {
    /// The picture in both shapes; `id` is unique on the page.
    pub fn pictures(&self, id: &str) -> [Picture; 2] {
        [(WIDE, self.least[0]), (COLUMN, self.least[1])].map(|(shape, least)| {
            let headings = self.headings(shape);
            let height = shape.height.max(headings.last().map_or(0.0, |line| line.y) + least);
            picture(
                &format!("{id}{}", shape.suffix),
                (&self.caption.title, &self.caption.description),
                shape,
                height,
                |canvas| {
                    for line in &headings {
                        let at = (shape.side, line.y);
                        canvas.text(&line.text, at, line.size, line.bold, line.colour, Anchor::Start);
                    }
                    let below = headings.last().map_or(0.0, |line| line.y + line.size * SUBTITLE_LINE);
                    (self.draw)(canvas, below + shape.subtitle * 0.7);
                },
            )
        })
    }

    /// The lines above the data.
    fn headings(&self, shape: Shape) -> Vec<HeadingLine> {
        /// A note of more lines is cut.
        const NOTE_LINES: usize = 2;
        let width = shape.width - 2.0 * shape.side;
        let mut lines: Vec<HeadingLine> = Vec::new();
        let mut y = shape.side * 0.8;
        for text in wrapped(&self.caption.title, shape.title, true, width) {
            lines.push(HeadingLine { text, y, size: shape.title, bold: true, colour: INK });
            y += shape.title * TITLE_LINE;
        }
        y += 3.0;
        let subtitle = wrapped(&self.caption.subtitle, shape.subtitle, false, width);
        let notes = self.caption.notes.iter().flat_map(|note| {
            let mut lines = wrapped(note, shape.subtitle, false, width - 10.0);
            if lines.len() > NOTE_LINES {
                lines.truncate(NOTE_LINES);
                lines[NOTE_LINES - 1].push('…');
            }
            lines
        });
        for text in subtitle.into_iter().chain(notes) {
            lines.push(HeadingLine { text, y, size: shape.subtitle, bold: false, colour: SOFT_INK });
            y += shape.subtitle * SUBTITLE_LINE;
        }
        lines
    }
}

/// One line above the data.
struct HeadingLine {
    text: String,
    y: f64,
    size: f64,
    bold: bool,
    colour: RGBColor,
}

/// The rectangle that data is drawn in, and the scales of its two axes.
#[derive(Debug, Clone, Copy)]
pub struct Plot {
    /// Left edge in CSS pixels.
    pub left: f64,
    /// Right edge.
    pub right: f64,
    /// Upper edge.
    pub top: f64,
    /// Lower edge.
    pub bottom: f64,
    /// Values at the left and right edge; never equal.
    pub across: (f64, f64),
    /// Values at the lower and upper edge; never equal.
    pub up: (f64, f64),
}

impl Plot {
    /// Between the headings and the labels of the lower axis: `room` is kept free at the left for the labels
    /// of the left axis and at the right for those of lines, `lines` below for lines of labels.
    pub fn below(canvas: &Canvas<'_>, top: f64, room: (f64, f64), lines: f64) -> Plot {
        let shape = canvas.shape;
        Plot {
            left: shape.side + room.0,
            right: shape.width - shape.side - room.1,
            top,
            bottom: canvas.height - shape.label * (1.4 + LINE * lines),
            across: (0.0, 1.0),
            up: (0.0, 1.0),
        }
    }

    /// The same with other scales.
    pub fn scaled(self, across: (f64, f64), up: (f64, f64)) -> Plot {
        assert!(across.0 < across.1 && up.0 < up.1, "a scale needs two ends");
        Plot { across, up, ..self }
    }

    /// Where a value of the lower axis stands.
    pub fn x(&self, value: f64) -> f64 {
        let (first, last) = self.across;
        self.left + (value - first) / (last - first) * (self.right - self.left)
    }

    /// Where a value of the left axis stands; one beyond the edge stands on it.
    pub fn y(&self, value: f64) -> f64 {
        let (low, high) = self.up;
        self.bottom - (value.clamp(low, high) - low) / (high - low) * (self.bottom - self.top)
    }

    /// The radius of markers that stand one apart on the lower axis: many in little room are small.
    pub fn marker(&self, canvas: &Canvas<'_>) -> f64 {
        let apart = self.x(1.0) - self.x(0.0);
        canvas.shape.marker.min((apart * 0.45).max(1.8))
    }

    /// The middle of the plot.
    pub fn middle(&self) -> (f64, f64) {
        ((self.left + self.right) / 2.0, (self.top + self.bottom) / 2.0)
    }

    /// Lines and labels of the left axis at every step.
    pub fn left_axis(&self, canvas: &Canvas<'_>, step: f64, label: impl Fn(f64) -> String) {
        let size = canvas.shape.label;
        let (first, last) =
            ((self.up.0 / step - 1e-9).ceil() as i64, (self.up.1 / step + 1e-9).floor() as i64);
        for number in first..=last {
            let value = number as f64 * step;
            let y = self.y(value);
            let colour = if number == 0 { INK } else { GRID };
            canvas.line(&[(self.left, y), (self.right, y)], colour, 1);
            let at = (self.left - 7.0, y - size * MIDDLE);
            canvas.text(&label(value), at, size, false, SOFT_INK, Anchor::End);
        }
    }

    /// Labels below the lower axis, every one or every so many as there is room for, the last one always
    /// among them. Each may have several lines.
    pub fn lower_axis(&self, canvas: &Canvas<'_>, labels: &[(f64, Vec<String>)]) {
        let size = canvas.shape.label;
        let width = |(_, lines): &(f64, Vec<String>)| {
            lines.iter().map(|line| width_of(line, size, false)).fold(0.0, f64::max)
        };
        // Labels at the edges are moved inwards rather than left out.
        let inside = |label: &(f64, Vec<String>)| {
            let half = width(label) / 2.0;
            self.x(label.0).clamp(half + 3.0, (canvas.shape.width - 3.0 - half).max(half + 3.0))
        };
        let fits = |every: &usize| {
            let shown: Vec<_> = labels.iter().rev().step_by(*every).collect();
            let apart = |pair: &[&(f64, Vec<String>)]| inside(pair[0]) - inside(pair[1]);
            shown.windows(2).all(|pair| apart(pair) >= (width(pair[0]) + width(pair[1])) / 2.0 + 8.0)
        };
        let every = EVERY.into_iter().find(fits).unwrap_or(usize::MAX);
        for label in labels.iter().rev().step_by(every) {
            for (number, line) in label.1.iter().enumerate() {
                let y = self.bottom + size * (0.7 + LINE * 0.95 * number as f64);
                canvas.text(line, (inside(label), y), size, false, INK, Anchor::Middle);
            }
        }
    }

    /// A vertical dashed line at a value, with its name above the plot on the side where there is more room.
    pub fn mark(&self, canvas: &Canvas<'_>, value: f64, name: &str) {
        let (x, size) = (self.x(value), canvas.shape.label);
        canvas.dashes(&[(x, self.top - 4.0), (x, self.bottom)], INK, 1, 4.0, 3.0);
        let y = self.top - size * 0.9;
        let half = width_of(name, size, false) / 2.0;
        let inside = x.clamp(half + 3.0, canvas.shape.width - half - 3.0);
        canvas.label(name, &[(inside, y, Anchor::Middle)], false, INK);
    }

    /// Vertical dashed lines at values, each with its letter above the plot; letters are pushed apart where they would meet.
    pub fn letters(&self, canvas: &Canvas<'_>, mut lines: Vec<(f64, String)>) {
        let size = canvas.shape.label;
        lines.sort_by(|one, other| one.0.total_cmp(&other.0));
        let widest = lines.iter().map(|(_, letter)| width_of(letter, size, false)).fold(0.0, f64::max);
        let wanted: Vec<f64> = lines.iter().map(|(value, _)| self.x(*value)).collect();
        // Labels of the axis and names of lines stand beside the plot.
        let room = (self.left + widest / 2.0, self.right);
        for ((x, at), (_, letter)) in wanted.iter().zip(apart(&wanted, widest + 5.0, room)).zip(&lines) {
            canvas.dashes(&[(*x, self.top - 4.0), (*x, self.bottom)], INK, 1, 4.0, 3.0);
            canvas.label(letter, &[(at, self.top - size * 0.9, Anchor::Middle)], false, INK);
        }
    }

    /// Names of lines at the right, from `x` on, each beside its value and pushed apart where they would meet.
    pub fn names_at_right(&self, canvas: &Canvas<'_>, x: f64, names: &[LineName]) {
        let size = canvas.shape.label;
        let mut order: Vec<(f64, &LineName)> = names.iter().map(|name| (self.y(name.value), name)).collect();
        order.sort_by(|one, other| one.0.total_cmp(&other.0));
        let wanted: Vec<f64> = order.iter().map(|(y, _)| *y).collect();
        // The labels of the lower axis begin right below.
        let room = (self.top, self.bottom - size * 0.25);
        for ((_, name), y) in order.into_iter().zip(apart(&wanted, size * LINE, room)) {
            canvas.label(&name.text, &[(x, y, Anchor::Start)], name.bold, name.colour);
        }
    }

    /// A sentence in place of data.
    pub fn nothing(&self, canvas: &Canvas<'_>, text: &str) {
        let (x, y) = self.middle();
        canvas.label(text, &[(x, y, Anchor::Middle)], false, SOFT_INK);
    }
}

/// The name of a line beside its end.
pub struct LineName {
    /// The name.
    pub text: String,
    /// The value that it belongs to.
    pub value: f64,
    /// In bold.
    pub bold: bool,
    /// Its colour.
    pub colour: RGBColor,
}

/// The room that names of lines need at the right.
pub fn room_for(names: &[LineName], size: f64) -> f64 {
    names.iter().map(|name| width_of(&name.text, size, true)).fold(0.0, f64::max) + 14.0
}

/// Places, in order, pushed apart to at least `least`, inside `room` as long as they fit.
fn apart(wanted: &[f64], least: f64, room: (f64, f64)) -> Vec<f64> {
    let mut heights = wanted.to_vec();
    for index in 0..heights.len() {
        let above = if index == 0 { room.0 } else { heights[index - 1] + least };
        heights[index] = heights[index].max(above);
    }
    for index in (0..heights.len()).rev() {
        let below = if index + 1 == heights.len() { room.1 } else { heights[index + 1] - least };
        heights[index] = heights[index].min(below);
    }
    heights
}

/// A step of 1, 2 or 5 times a power of ten that divides a height into at most `most` parts.
pub fn step(height: f64, most: f64) -> f64 {
    let rough = height / most;
    let power = 10f64.powf(rough.log10().floor());
    let factor = [1.0, 2.0, 5.0, 10.0].into_iter().find(|factor| factor * power >= rough * (1.0 - 1e-9));
    factor.unwrap_or(10.0) * power
}

/// The end of an axis of shares: a whole number of steps at or above the highest value, at most 1, and at
/// least 1 % so that a series of zeros has an axis.
pub fn share_axis(highest: f64) -> (f64, f64) {
    let height = highest.clamp(0.01, 1.0);
    let step = step(height, 5.0);
    (((height / step - 1e-9).ceil() * step).min(1.0), step)
}

/// The end of an axis of counts: whole steps.
pub fn count_axis(highest: f64) -> (f64, f64) {
    let step = step(highest.max(1.0), 5.0).max(1.0);
    ((highest.max(1.0) / step).ceil() * step, step)
}

/// The room that the labels of an axis of counts need at the left.
pub fn room_for_counts(texts: &Texts, height: f64, size: f64) -> f64 {
    width_of(&texts.count(height as u64), size, false) + 9.0
}

/// The room that the labels of an axis of shares need at the left.
pub fn room_for_shares(texts: &Texts, height: f64, size: f64) -> f64 {
    let widest = [height, height / 2.0].map(|share| width_of(&texts.whole_percent(share), size, false));
    widest[0].max(widest[1]) + 9.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_sensible() {
        for (height, wanted) in [(0.47, 0.1), (1.0, 0.2), (0.05, 0.01), (37.0, 10.0), (5.0, 1.0)] {
            assert!((step(height, 5.0) - wanted).abs() < 1e-12, "{height}");
        }
    }

    #[test]
    fn an_axis_of_shares_ends_at_a_step_and_never_above_one() {
        for thousandths in 0..=1000 {
            let highest = f64::from(thousandths) / 1000.0;
            let (height, step) = share_axis(highest);
            assert!(height >= highest && (0.01..=1.0).contains(&height), "{highest}");
            assert!((height / step - (height / step).round()).abs() < 1e-9, "{highest}");
        }
    }

    #[test]
    fn heights_are_pushed_apart_inside_their_room() {
        for one in 0..=100 {
            for other in one..=100 {
                let found = apart(&[f64::from(one), f64::from(other), 100.0], 18.0, (0.0, 100.0));
                assert!(found.windows(2).all(|pair| pair[1] - pair[0] >= 18.0 - 1e-9), "{found:?}");
                assert!(found[0] >= 0.0 && found[2] <= 100.0, "{found:?}");
            }
        }
        assert_eq!(apart(&[10.0, 60.0], 18.0, (0.0, 100.0)), [10.0, 60.0]);
    }
}
