//! Chart: cases open, and open past their due date, at the end of each month.

use super::canvas::Canvas;
use super::frame::{Drawing, LEAST, LineName, Plot, count_axis, room_for, room_for_counts};
use super::theme::{IN_TIME, INK, LATE, LAWFUL};
use crate::analysis::{Backlog, ControlFindings, Detail};
use crate::period::PeriodKind;
use crate::text::charts::backlog::{caption, names};
use crate::text::{Texts, period_lines};

/// The chart of one control, or nothing when no case was ever open at the end of a month.
pub fn drawing<'a>(
    findings: &'a ControlFindings,
    detail: &'a Detail,
    texts: &'a Texts,
) -> Option<Drawing<'a>> {
    let backlog = &detail.backlog;
    let last = *backlog.last().filter(|_| backlog.iter().any(|month| month.open > 0))?;
    Some(Drawing {
        caption: caption(&findings.rule, backlog, last, texts),
        least: LEAST,
        draw: Box::new(move |canvas, top| draw(canvas, findings, backlog, texts, top)),
    })
}

fn draw(canvas: &Canvas<'_>, findings: &ControlFindings, backlog: &[Backlog], texts: &Texts, top: f64) {
    let last = backlog[backlog.len() - 1];
    let size = canvas.shape.label;
    let highest = backlog.iter().map(|month| month.open).max().unwrap_or(0) as f64;
    let (height, step) = count_axis(highest);
    let [open, overdue] = names(&findings.rule, last, texts);
    let names = [(open, last.open, LAWFUL), (overdue, last.open_overdue, LATE)]
        .map(|(text, cases, colour)| LineName { text, value: cases as f64, bold: true, colour });
    let room = room_for(&names, size);
    let left = room_for_counts(texts, height, size);
    let plot = Plot::below(canvas, top + size * 0.8, (left, room), 2.0)
        .scaled((-0.5, backlog.len() as f64 - 1.0), (0.0, height));
    let line = |pick: fn(&Backlog) -> u64| -> Vec<(f64, f64)> {
        let points = backlog.iter().enumerate();
        points.map(|(index, month)| (plot.x(index as f64), plot.y(pick(month) as f64))).collect()
    };
    plot.left_axis(canvas, step, |cases| texts.count(cases as u64));
    let labels: Vec<(f64, Vec<String>)> = backlog
        .iter()
        .enumerate()
        .map(|(index, at)| (index as f64, period_lines(PeriodKind::Month.holding_month(at.month), texts)))
        .collect();
    plot.lower_axis(canvas, &labels);
    for (pick, colour, edge) in [
        ((|month| month.open) as fn(&Backlog) -> u64, IN_TIME, LAWFUL),
        (|month| month.open_overdue, LATE, LATE),
    ] {
        let line = line(pick);
        let (first, end) = (line[0].0, line[line.len() - 1].0);
        let mut around = line.clone();
        around.extend([(end, plot.bottom), (first, plot.bottom)]);
        canvas.area(&around, colour, if colour == IN_TIME { 0.35 } else { 1.0 });
        match line.as_slice() {
            [only] => canvas.dot(*only, canvas.shape.marker, edge, false),
            _ => canvas.line(&line, edge, 2),
        }
    }
    canvas.line(&[(plot.left, plot.bottom), (plot.right, plot.bottom)], INK, 1);
    plot.names_at_right(canvas, plot.right + 8.0, &names);
}
