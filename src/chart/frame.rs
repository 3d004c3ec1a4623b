//! What all charts have in common: title, subtitle, the axes and the space between them.

use super::theme::{Anchor, Canvas, GRID, HEIGHT, INK, SOFT_INK, WIDTH, width_of, wrapped};

/// Space at the left and right of titles.
const SIDE: f64 = 24.0;
const TITLE_SIZE: f64 = 21.0;
const SUBTITLE_SIZE: f64 = 14.0;
/// Size of labels.
pub const LABEL_SIZE: f64 = 13.0;

/// Title and subtitle; gives the y below them.
pub fn headings(canvas: &Canvas<'_>, title: &str, subtitle: &str) -> f64 {
    let width = f64::from(WIDTH) - 2.0 * SIDE;
    let mut y = 20.0;
    for line in wrapped(title, TITLE_SIZE, true, width) {
        canvas.text(&line, (SIDE, y), TITLE_SIZE, true, INK, Anchor::Start);
        y += TITLE_SIZE * 1.25;
    }
    y += 3.0;
    for line in wrapped(subtitle, SUBTITLE_SIZE, false, width) {
        canvas.text(&line, (SIDE, y), SUBTITLE_SIZE, false, SOFT_INK, Anchor::Start);
        y += SUBTITLE_SIZE * 1.35;
    }
    y + 10.0
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
    /// Value at the upper edge; the lower edge is 0.
    pub height: f64,
}

impl Plot {
    /// Between the headings and the labels of the lower axis, with room at the right for end labels.
    pub fn below(top: f64, room_right: f64, across: (f64, f64), height: f64) -> Plot {
        assert!(across.0 < across.1 && height > 0.0, "a scale needs two ends");
        Plot {
            left: SIDE + 48.0,
            right: f64::from(WIDTH) - SIDE - room_right,
            top,
            bottom: f64::from(HEIGHT) - 58.0,
            across,
            height,
        }
    }

    /// Where a value of the lower axis stands.
    pub fn x(&self, value: f64) -> f64 {
        let (first, last) = self.across;
        self.left + (value - first) / (last - first) * (self.right - self.left)
    }

    /// Where a value of the left axis stands.
    pub fn y(&self, value: f64) -> f64 {
        self.bottom - value / self.height * (self.bottom - self.top)
    }

    /// Lines and labels of the left axis at every step.
    pub fn left_axis(&self, canvas: &Canvas<'_>, step: f64, label: impl Fn(f64) -> String) {
        let steps = (self.height / step + 1e-9).floor() as u32;
        for number in 0..=steps {
            let value = f64::from(number) * step;
            let y = self.y(value);
            let colour = if number == 0 { INK } else { GRID };
            canvas.line(&[(self.left, y), (self.right, y)], colour, 1);
            canvas.text(
                &label(value),
                (self.left - 8.0, y - LABEL_SIZE * 0.55),
                LABEL_SIZE,
                false,
                SOFT_INK,
                Anchor::End,
            );
        }
    }

    /// Labels below the lower axis, as many as there is room for, the last one always among them.
    pub fn lower_axis(&self, canvas: &Canvas<'_>, labels: &[(f64, String)]) {
        let widest = labels.iter().map(|(_, label)| width_of(label, LABEL_SIZE, false)).fold(0.0, f64::max);
        let apart =
            labels.windows(2).map(|pair| self.x(pair[1].0) - self.x(pair[0].0)).fold(f64::MAX, f64::min);
        let every = ((widest + 12.0) / apart).ceil().max(1.0) as usize;
        for (value, label) in labels.iter().rev().step_by(every) {
            canvas.text(label, (self.x(*value), self.bottom + 8.0), LABEL_SIZE, false, INK, Anchor::Middle);
        }
    }
}

/// A step of 1, 2 or 5 times a power of ten that divides a height into at most `most` parts.
pub fn step(height: f64, most: f64) -> f64 {
    let rough = height / most;
    let power = 10f64.powf(rough.log10().floor());
    let factor = [1.0, 2.0, 5.0, 10.0].into_iter().find(|factor| factor * power >= rough * (1.0 - 1e-9));
    factor.unwrap_or(10.0) * power
}

/// The end of an axis of shares: a whole number of steps at or above the highest value, at most 1, and at
/// least 5 % so that a series of zeros has an axis.
pub fn share_axis(highest: f64) -> (f64, f64) {
    let height = highest.clamp(0.05, 1.0);
    let step = step(height, 5.0).max(0.01);
    (((height / step - 1e-9).ceil() * step).min(1.0), step)
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
            assert!(height >= highest && (0.05..=1.0).contains(&height), "{highest}");
            assert!((height / step - (height / step).round()).abs() < 1e-9, "{highest}");
        }
    }
}
