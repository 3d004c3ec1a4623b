//! Chart: the risks of a list by likelihood and consequence, the critical ones on darker ground.

use super::canvas::{Anchor, Canvas};
use super::frame::Drawing;
use super::letters::wrapped;
use super::theme::{BAND, COLUMN, INK, LATE, MIDDLE, PAPER, SOFT_INK, Shape, WIDE};
use crate::assessment::{PlacedRisk, Register};
use crate::text::Texts;
use crate::text::charts::risk_matrix::{axes, caption};
use plotters::style::RGBColor;

/// The ground of critical cells.
const CRITICAL: RGBColor = RGBColor(0xf3, 0xd9, 0xd9);
/// Less height than this, wide and in a column, is too little for names in the cells.
const LEAST: [f64; 2] = [360.0, 300.0];
/// A cell of more lines than these would make the picture longer than a page.
const MOST_LINES: usize = 8;
/// Size of the names in a cell, from one of their lines to the next, and what is above them, in sizes of labels.
const NAME: f64 = 1.1;
const NAME_LINE: f64 = 1.5;
const ABOVE_NAMES: f64 = 2.2;
/// Room for the axes, in sizes of labels: at the left, above and below.
const AXES: (f64, f64, f64) = (2.4, 1.6, 3.6);

/// The chart, or nothing when no risk has both likelihood and consequence.
pub fn drawing<'a>(register: &'a Register<'a>, texts: &'a Texts) -> Option<Drawing<'a>> {
    let placed = register.placed();
    (!placed.is_empty()).then(|| Drawing {
        caption: caption(register, &placed, texts),
        least: least(register.settings.scale, &placed),
        draw: Box::new(move |canvas, top| draw(canvas, register, &placed, texts, top)),
    })
}

/// The height in which every cell has room for its names.
fn least(scale: u8, placed: &[PlacedRisk<'_>]) -> [f64; 2] {
    let of_shape = |shape: Shape| {
        let cells = (1..=scale).flat_map(|one| (1..=scale).map(move |other| (one, other)));
        let lines = cells.map(|(one, other)| lines_in(&names_in(one, other, placed), shape, scale).len());
        let lines = lines.max().unwrap_or(0).min(MOST_LINES) as f64;
        let cell = (ABOVE_NAMES + lines * NAME_LINE) * shape.label;
        f64::from(scale) * cell + (AXES.1 + AXES.2) * shape.label + shape.subtitle * 2.2
    };
    [LEAST[0].max(of_shape(WIDE)), LEAST[1].max(of_shape(COLUMN))]
}

/// Width of a cell.
fn width_in(shape: Shape, scale: u8) -> f64 {
    (shape.width - 2.0 * shape.side - shape.label * AXES.0) / f64::from(scale)
}

/// The names of a cell in its lines.
fn lines_in(names: &[String], shape: Shape, scale: u8) -> Vec<String> {
    wrapped(&names.join(", "), shape.label * NAME, true, width_in(shape, scale) - 12.0)
}

fn draw(canvas: &Canvas<'_>, register: &Register<'_>, placed: &[PlacedRisk<'_>], texts: &Texts, top: f64) {
    let (shape, size) = (canvas.shape, canvas.shape.label);
    let scale = register.settings.scale;
    let (left, bottom) = (shape.side + size * AXES.0, canvas.height - size * AXES.2);
    let (width, height) = (width_in(shape, scale), (bottom - top - size * AXES.1) / f64::from(scale));
    let corner = |likelihood: u8, consequence: u8| {
        (left + f64::from(consequence - 1) * width, bottom - f64::from(likelihood) * height)
    };
    let [of_likelihood, of_consequence] = axes(texts);
    canvas.text(of_likelihood, (shape.side, top), size, false, SOFT_INK, Anchor::Start);
    for likelihood in 1..=scale {
        for consequence in 1..=scale {
            let (x, y) = corner(likelihood, consequence);
            let is_critical = register.is_critical(likelihood * consequence);
            let (ground, ink) = if is_critical { (CRITICAL, LATE) } else { (BAND, INK) };
            canvas.bar((x + 1.5, y + 1.5), (x + width - 1.5, y + height - 1.5), ground);
            if is_critical {
                frame(canvas, (x + 3.0, y + 3.0), (x + width - 3.0, y + height - 3.0));
            }
            let names = names_in(likelihood, consequence, placed);
            let value = (likelihood * consequence).to_string();
            canvas.text(&value, (x + width - 7.0, y + 6.0), size * 0.9, false, SOFT_INK, Anchor::End);
            // The corner is the value's; what finds no room stands in the table.
            let fitting = ((height / size - ABOVE_NAMES) / NAME_LINE + 1e-9).floor().max(1.0) as usize;
            let mut lines = lines_in(&names, shape, scale);
            if lines.len() > fitting {
                lines.truncate(fitting);
                lines[fitting - 1].push('…');
            }
            let below_corner = y + size * 1.7;
            let first = (y + height / 2.0 - lines.len() as f64 * size * NAME_LINE / 2.0).max(below_corner);
            for (number, line) in lines.iter().enumerate().filter(|(_, line)| !line.is_empty()) {
                let at = (x + width / 2.0, first + number as f64 * size * NAME_LINE);
                canvas.text(line, at, size * NAME, true, ink, Anchor::Middle);
            }
        }
        let y = corner(likelihood, 1).1 + height / 2.0 - size * MIDDLE;
        canvas.text(&likelihood.to_string(), (left - 8.0, y), size, false, INK, Anchor::End);
    }
    for consequence in 1..=scale {
        let x = corner(1, consequence).0 + width / 2.0;
        canvas.text(&consequence.to_string(), (x, bottom + size * 0.5), size, false, INK, Anchor::Middle);
    }
    let below = ((left + shape.width - shape.side) / 2.0, bottom + size * 1.9);
    canvas.text(of_consequence, below, size, false, SOFT_INK, Anchor::Middle);
    canvas.line(&[(left, bottom), (shape.width - shape.side, bottom)], PAPER, 1);
}

/// Round a critical cell, for those who do not see its ground.
fn frame(canvas: &Canvas<'_>, (left, top): (f64, f64), (right, bottom): (f64, f64)) {
    let corners = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)];
    canvas.line(&corners, LATE, 1);
}

/// The names of the risks of a cell, and in arrows of those that are proposed to leave or to come.
fn names_in(likelihood: u8, consequence: u8, placed: &[PlacedRisk<'_>]) -> Vec<String> {
    let of_column = placed.iter().filter(|risk| risk.consequence == consequence);
    let names = of_column.filter_map(|risk| match risk.moves_to {
        Some(_) if risk.likelihood == likelihood => Some(format!("{}→", risk.id)),
        Some(to) if to == likelihood => Some(format!("→{}", risk.id)),
        None if risk.likelihood == likelihood => Some(risk.id.to_owned()),
        _ => None,
    });
    names.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_as_high_as_the_names_in_its_cells_need() {
        let ids: Vec<String> = (1..=12).map(|number| number.to_string()).collect();
        let risk = |id| PlacedRisk { id, likelihood: 2, consequence: 3, moves_to: None };
        let placed: Vec<PlacedRisk<'_>> = ids.iter().map(|id| risk(id.as_str())).collect();
        let lines = lines_in(&names_in(2, 3, &placed), COLUMN, 4);
        assert_eq!(lines.join(" "), ids.join(", "));
        assert!((3..=MOST_LINES).contains(&lines.len()), "{lines:?}");
        assert_eq!(least(4, &placed[..1]), LEAST);
        let names = 4.0 * lines.len() as f64 * NAME_LINE * COLUMN.label;
        assert!(least(4, &placed)[1] > names.max(LEAST[1]), "{:?}", least(4, &placed));
    }
}
