//! Chart: the risks of a list by likelihood and consequence, the critical ones on darker ground.

use super::canvas::{Anchor, Canvas};
use super::frame::Drawing;
use super::letters::wrapped;
use super::theme::{BAND, INK, LATE, MIDDLE, PAPER, SOFT_INK};
use crate::assessment::{PlacedRisk, Register};
use crate::text::Texts;
use crate::text::charts::risk_matrix::{axes, caption};
use plotters::style::RGBColor;

/// The ground of critical cells.
const CRITICAL: RGBColor = RGBColor(0xf3, 0xd9, 0xd9);
/// Less height than this, wide and in a column, is too little for names in the cells.
const LEAST: [f64; 2] = [360.0, 300.0];

/// The chart, or nothing when no risk has both likelihood and consequence.
pub fn drawing<'a>(register: &'a Register<'a>, texts: &'a Texts) -> Option<Drawing<'a>> {
    let placed = register.placed();
    (!placed.is_empty()).then(|| Drawing {
        caption: caption(register, &placed, texts),
        least: LEAST,
        draw: Box::new(move |canvas, top| draw(canvas, register, &placed, texts, top)),
    })
}

fn draw(canvas: &Canvas<'_>, register: &Register<'_>, placed: &[PlacedRisk<'_>], texts: &Texts, top: f64) {
    let (shape, size) = (canvas.shape, canvas.shape.label);
    let scale = register.settings.scale;
    let (left, bottom) = (shape.side + size * 2.4, canvas.height - size * 3.6);
    let (width, height) = (
        (shape.width - shape.side - left) / f64::from(scale),
        (bottom - top - size * 1.6) / f64::from(scale),
    );
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
            let fitting = ((height - size * 2.2) / (size * 1.5)).floor().max(1.0) as usize;
            let mut lines = wrapped(&names.join(", "), size * 1.1, true, width - 16.0);
            if lines.len() > fitting {
                lines.truncate(fitting);
                lines[fitting - 1].push('…');
            }
            let below_corner = y + size * 1.7;
            let first = (y + height / 2.0 - lines.len() as f64 * size * 0.75).max(below_corner);
            for (number, line) in lines.iter().enumerate().filter(|(_, line)| !line.is_empty()) {
                let at = (x + width / 2.0, first + number as f64 * size * 1.5);
                canvas.text(line, at, size * 1.1, true, ink, Anchor::Middle);
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
