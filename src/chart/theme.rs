//! The look of every chart: shapes, type scale, fonts and colours.

use plotters::style::RGBColor;

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
    subtitle: 16.5,
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
    subtitle: 13.0,
    label: 12.0,
    marker: 4.0,
    side: 14.0,
};

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

pub(super) const REGULAR: &[u8] = include_bytes!("../../assets/fonts/LiberationSans-Regular.ttf");
pub(super) const BOLD: &[u8] = include_bytes!("../../assets/fonts/LiberationSans-Bold.ttf");
/// The fonts of every picture and page: regular and bold.
pub const FONTS: [&[u8]; 2] = [REGULAR, BOLD];

/// The embedded font under a family list: laid out with Liberation Sans, shown with Arial where there is
/// no Liberation Sans, which has the same widths.
pub const FAMILY: &str = "Liberation Sans, Arial, Helvetica, sans-serif";

/// Canvas units a CSS pixel.
pub const SCALE: i32 = 4;

/// From the top of a text to the middle of its letters, in sizes.
pub const MIDDLE: f64 = 0.55;
/// From the top of one line of labels to the next, in sizes.
pub const LINE: f64 = 1.4;

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
}
