//! Icons: what a trend says of the present, as a small sign that is recognised without colour.

use super::canvas::{Anchor, Canvas};
use super::letters::width_of;
use super::theme::{BETTER, MIDDLE, PAPER, SOFT_INK, WORSE};
use crate::analysis::{Answer, Assurance, Trend, Unknown};
use crate::text::{Texts, assurance_words, verdict_words};
use plotters::style::RGBColor;

/// Draws the icons of a trend in a row, each with its meaning; gives the y below them. Without icons nothing
/// is drawn.
pub fn row(canvas: &Canvas<'_>, trend: &Trend, (left, top): (f64, f64), room: f64, texts: &Texts) -> f64 {
    let size = canvas.shape.label;
    let radius = size * 0.72;
    let (mut x, mut y) = (left, top);
    let mut drawn = false;
    for (icon, name) in icons(trend, texts) {
        let width = radius * 2.0 + 6.0 + width_of(name, size, true);
        if drawn && x + width > left + room {
            (x, y) = (left, y + radius * 2.0 + 4.0);
        }
        sign(canvas, icon, (x + radius, y + radius), radius);
        let at = (x + radius * 2.0 + 6.0, y + radius - size * MIDDLE);
        canvas.text(name, at, size, true, icon.colour(), Anchor::Start);
        x += width + 22.0;
        drawn = true;
    }
    if drawn { y + radius * 2.0 + size } else { top }
}

/// A sign.
#[derive(Clone, Copy)]
enum Icon {
    /// The share has changed.
    Changed {
        /// For the worse.
        is_worse: bool,
    },
    /// It has not, as far as can be said.
    Unchanged,
    /// That cannot be said.
    Unknown,
    Assurance(Assurance),
}

impl Icon {
    fn colour(self) -> RGBColor {
        match self {
            Icon::Changed { is_worse: false } | Icon::Assurance(Assurance::Met) => BETTER,
            Icon::Changed { is_worse: true } | Icon::Assurance(Assurance::Missed) => WORSE,
            Icon::Unchanged | Icon::Unknown | Icon::Assurance(Assurance::HitOrMiss) => SOFT_INK,
        }
    }
}

/// The icons of a trend and their names.
fn icons<'t>(trend: &Trend, texts: &'t Texts) -> Vec<(Icon, &'t str)> {
    let verdict = match trend.verdict.answer {
        Answer::Changed(window) => Some(Icon::Changed { is_worse: window.is_higher() }),
        Answer::Unchanged => Some(Icon::Unchanged),
        Answer::Unknown(Unknown::TooFew { .. }) => Some(Icon::Unknown),
        // The notes say why.
        Answer::Unknown(Unknown::TooShort { .. } | Unknown::NoneNow { .. } | Unknown::Hidden) => None,
    };
    let verdict = verdict.map(|icon| (icon, verdict_words(trend, texts)));
    let assurance = trend.assurance().map(|it| (Icon::Assurance(it), assurance_words(it, texts)));
    verdict.into_iter().chain(assurance).collect()
}

fn sign(canvas: &Canvas<'_>, icon: Icon, (x, y): (f64, f64), radius: f64) {
    let colour = icon.colour();
    canvas.dot((x, y), radius, colour, false);
    let at = |across: f64, up: f64| (x + across * radius, y - up * radius);
    let line = |points: &[(f64, f64)]| canvas.line(points, PAPER, 2);
    match icon {
        // A wave, dots, an arrow down, an arrow up.
        Icon::Unchanged => {
            line(&[at(-0.6, -0.2), at(-0.3, 0.3), at(0.0, -0.2), at(0.3, 0.3), at(0.6, -0.2)]);
        }
        Icon::Unknown => {
            for across in [-0.4, 0.0, 0.4] {
                canvas.dot(at(across, 0.0), radius * 0.14, PAPER, false);
            }
        }
        Icon::Changed { is_worse: false } => {
            line(&[at(0.0, 0.55), at(0.0, -0.5)]);
            line(&[at(-0.4, -0.1), at(0.0, -0.55), at(0.4, -0.1)]);
        }
        Icon::Changed { is_worse: true } => {
            line(&[at(0.0, -0.55), at(0.0, 0.5)]);
            line(&[at(-0.4, 0.1), at(0.0, 0.55), at(0.4, 0.1)]);
        }
        // A tick, a cross, an either-or.
        Icon::Assurance(Assurance::Met) => line(&[at(-0.5, 0.0), at(-0.1, -0.4), at(0.5, 0.45)]),
        Icon::Assurance(Assurance::Missed) => {
            line(&[at(-0.4, 0.4), at(0.4, -0.4)]);
            line(&[at(-0.4, -0.4), at(0.4, 0.4)]);
        }
        Icon::Assurance(Assurance::HitOrMiss) => {
            line(&[at(-0.55, 0.22), at(0.55, 0.22)]);
            line(&[at(-0.55, -0.22), at(0.55, -0.22)]);
        }
    }
}
