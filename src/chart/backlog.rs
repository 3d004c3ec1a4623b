//! Chart: cases open, and open past their due date, at the end of each month.

use super::frame::{Drawing, LEAST, LineName, Plot, count_axis, room_for};
use super::theme::{Canvas, IN_TIME, INK, LATE, LAWFUL, width_of};
use crate::analysis::{Backlog, ControlFindings, Detail};
use crate::period::PeriodKind;
use crate::text::{Texts, period_lines};

/// The chart of one control, or nothing when no case was ever open at the end of a month.
pub fn drawing<'a>(
    findings: &'a ControlFindings,
    detail: &'a Detail,
    texts: &'a Texts,
) -> Option<Drawing<'a>> {
    // Before the export begins only what was open for long is left.
    let known = detail.backlog.iter().position(|at| !detail.is_before_edge(at.month));
    let backlog = &detail.backlog[known.unwrap_or(detail.backlog.len())..];
    let last = backlog.last().filter(|_| backlog.iter().any(|month| month.open > 0))?;
    let name = findings.rule.name.text(texts.language());
    let (open, overdue) = (texts.count(last.open), texts.count(last.open_overdue));
    let key = match last {
        Backlog { open: 0, .. } => "chart.backlog-title-none",
        Backlog { open_overdue: 0, .. } => "chart.backlog-title-in-time",
        _ => "chart.backlog-title",
    };
    let month = |backlog: &Backlog| texts.period(PeriodKind::Month.holding_month(backlog.month));
    let told: Vec<String> = backlog
        .iter()
        .map(|at| format!("{}: {} ({})", month(at), texts.count(at.open), texts.count(at.open_overdue)))
        .collect();
    Some(Drawing {
        title: texts.fill(key, &[("rule", name), ("open", &open), ("overdue", &overdue)]),
        subtitle: texts.get("chart.backlog-sub").to_owned(),
        notes: Vec::new(),
        description: texts.fill("chart.backlog-desc", &[("points", &told.join("; "))]),
        least: LEAST,
        draw: Box::new(move |canvas, top| draw(canvas, backlog, texts, top)),
    })
}

fn draw(canvas: &Canvas<'_>, backlog: &[Backlog], texts: &Texts, top: f64) {
    let size = canvas.shape.label;
    let highest = backlog.iter().map(|month| month.open).max().unwrap_or(0) as f64;
    let (height, step) = count_axis(highest);
    let Some(last) = backlog.last() else { return };
    let names = [
        (texts.fill("chart.backlog-open", &[("n", &texts.count(last.open))]), last.open, LAWFUL),
        (
            texts.fill("chart.backlog-overdue", &[("n", &texts.count(last.open_overdue))]),
            last.open_overdue,
            LATE,
        ),
    ];
    let room = room_for(names.iter().map(|(name, ..)| name.as_str()), size);
    let left = width_of(&texts.count(height as u64), size, false) + 9.0;
    let plot = Plot::below(canvas, top + size * 0.8, (left, room), 2.0)
        .scaled((-0.5, backlog.len() as f64 - 0.5), (0.0, height));
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
    let x = plot.x(backlog.len() as f64 - 1.0) + 8.0;
    let names =
        names.map(|(text, cases, colour)| LineName { text, x, y: plot.y(cases as f64), bold: true, colour });
    plot.names_at_right(canvas, &names);
}
