//! Chart: cases open, and open past their due date, at the end of each month.

use super::canvas::Canvas;
use super::frame::{Drawing, LEAST, LineName, Plot, count_axis, room_for, room_for_counts};
use super::theme::{IN_TIME, INK, LATE, LAWFUL};
use crate::analysis::{Backlog, ControlFindings, Detail};
use crate::period::PeriodKind;
use crate::text::charts::backlog::{caption, names};
use crate::text::{Texts, period_lines};
use plotters::style::RGBColor;

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
        .scaled((f64::from(backlog[0].month) - 0.5, f64::from(last.month)), (0.0, height));
    plot.left_axis(canvas, step, |cases| texts.count(cases as u64));
    let labels: Vec<(f64, Vec<String>)> = (backlog[0].month..=last.month)
        .map(|month| (f64::from(month), period_lines(PeriodKind::Month.holding_month(month), texts)))
        .collect();
    plot.lower_axis(canvas, &labels);
    let drawn = |pick: fn(&Backlog) -> u64, colour: RGBColor, edge: RGBColor| {
        for months in runs(backlog) {
            let at = |month: &Backlog| (plot.x(f64::from(month.month)), plot.y(pick(month) as f64));
            area(canvas, &plot, &months.iter().map(at).collect::<Vec<_>>(), colour, edge);
        }
    };
    drawn(|month| month.open, IN_TIME, LAWFUL);
    drawn(|month| month.open_overdue, LATE, LATE);
    canvas.line(&[(plot.left, plot.bottom), (plot.right, plot.bottom)], INK, 1);
    plot.names_at_right(canvas, plot.right + 8.0, &names);
}

/// Runs of neighbouring months: nothing is drawn across months that the export does not tell of.
fn runs(backlog: &[Backlog]) -> impl Iterator<Item = &[Backlog]> {
    backlog.chunk_by(|one, next| next.month == one.month + 1)
}

/// The cases of a run of months: a line, and the area under it.
fn area(canvas: &Canvas<'_>, plot: &Plot, line: &[(f64, f64)], colour: RGBColor, edge: RGBColor) {
    let (first, end) = (line[0].0, line[line.len() - 1].0);
    let around: Vec<(f64, f64)> =
        line.iter().copied().chain([(end, plot.bottom), (first, plot.bottom)]).collect();
    canvas.area(&around, colour, if colour == IN_TIME { 0.35 } else { 1.0 });
    match line {
        [only] => canvas.dot(*only, canvas.shape.marker, edge, false),
        _ => canvas.line(line, edge, 2),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_that_are_not_neighbours_are_not_joined() {
        let backlog = [5, 6, 29, 30, 31, 40].map(|month| Backlog { month, open: 9, open_overdue: 2 });
        let months: Vec<Vec<i32>> =
            runs(&backlog).map(|run| run.iter().map(|at| at.month).collect()).collect();
        assert_eq!(months, [vec![5, 6], vec![29, 30, 31], vec![40]]);
    }
}
