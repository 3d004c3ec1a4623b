//! Chart: the lawful method and the reference method over time, with the gap between them.

use super::frame::{LABEL_SIZE, Plot, headings, share_axis};
use super::share::period_labels;
use super::theme::{Anchor, Canvas, LAWFUL, Picture, REFERENCE, SOFT_INK, picture, width_of};
use crate::analysis::ControlFindings;
use crate::text::Texts;

/// Draws the chart of one control, or nothing when it has no reference method.
pub fn methods_chart(findings: &ControlFindings, texts: &Texts) -> Option<Picture> {
    let reference = texts.clock(findings.rule.reference?);
    let method = texts.clock(findings.rule.method());
    let points = points(findings);
    let title = title(findings, &points, &reference, texts);
    let kind = findings.periods.last().map_or("", |period| period.period.kind.id());
    let kind = texts.get(&format!("period.kind-{kind}"));
    let subtitle = texts.fill("chart.methods-sub", &[("kind", kind)]);
    let told: Vec<String> = points
        .iter()
        .map(|point| {
            texts.fill(
                "chart.methods-point",
                &[
                    ("period", &texts.period(findings.periods[point.index].period)),
                    ("share", &texts.share(point.lawful)),
                    ("reference", &texts.share(point.reference)),
                ],
            )
        })
        .collect();
    let description = texts.fill(
        "chart.methods-desc",
        &[("kind", kind), ("method", &method), ("reference", &reference), ("points", &told.join("; "))],
    );
    Some(picture(&format!("{}-methods", findings.rule.id), &title, &description, |canvas| {
        let top = headings(canvas, &title, &subtitle);
        draw(canvas, findings, &points, [&method, &reference], texts, top);
    }))
}

/// Both shares of one period.
#[derive(Clone, Copy)]
struct Point {
    index: usize,
    lawful: f64,
    reference: f64,
}

fn points(findings: &ControlFindings) -> Vec<Point> {
    let point = |(index, period): (usize, &crate::analysis::PeriodFigures)| {
        let counts = period.figure.counts()?;
        Some(Point { index, lawful: counts.share()?, reference: counts.reference_share()? })
    };
    findings.periods.iter().enumerate().filter_map(point).collect()
}

fn title(findings: &ControlFindings, points: &[Point], reference: &str, texts: &Texts) -> String {
    let rule = findings.rule.name.text(texts.language());
    let Some(last) = points.last() else {
        let period = findings.current().map_or(String::new(), |period| texts.period(period.period));
        return texts.fill("chart.methods-title-none", &[("rule", rule), ("period", &period)]);
    };
    let gap = last.reference - last.lawful;
    let key = match gap {
        0.0 => "chart.methods-title-same",
        gap if gap > 0.0 => "chart.methods-title",
        _ => "chart.methods-title-less",
    };
    let (gap, period) = (texts.points_apart(gap), texts.period(findings.periods[last.index].period));
    let values =
        [("rule", rule), ("reference", reference), ("gap", gap.as_str()), ("period", period.as_str())];
    texts.fill(key, &values)
}

fn draw(
    canvas: &Canvas<'_>,
    findings: &ControlFindings,
    points: &[Point],
    [method, reference]: [&str; 2],
    texts: &Texts,
    top: f64,
) {
    let highest = points.iter().map(|point| point.lawful.max(point.reference)).fold(0.0, f64::max);
    let (height, step) = share_axis(highest);
    let label = |name: &str, share: f64| format!("{name} {}", texts.share(share));
    let room = points.last().map_or(30.0, |last| {
        [label(method, last.lawful), label(reference, last.reference)]
            .iter()
            .map(|label| width_of(label, LABEL_SIZE, true))
            .fold(0.0, f64::max)
    });
    let plot = Plot::below(top + 8.0, room, (-0.5, findings.periods.len() as f64 - 0.5), height);
    plot.left_axis(canvas, step, |share| texts.whole_percent(share));
    plot.lower_axis(canvas, &period_labels(&findings.periods, texts));
    for run in points.chunk_by(|one, next| next.index == one.index + 1) {
        let line = |share: fn(&Point) -> f64| -> Vec<(f64, f64)> {
            run.iter().map(|point| (plot.x(point.index as f64), plot.y(share(point)))).collect()
        };
        let (lawful, by_reference) = (line(|point| point.lawful), line(|point| point.reference));
        let between: Vec<(f64, f64)> = lawful.iter().chain(by_reference.iter().rev()).copied().collect();
        canvas.area(&between, REFERENCE, 0.16);
        canvas.dashes(&by_reference, REFERENCE, 2, 8.0, 4.0);
        canvas.line(&lawful, LAWFUL, 2);
        by_reference.iter().for_each(|point| canvas.square(*point, 4.5, REFERENCE));
        lawful.iter().for_each(|point| canvas.dot(*point, 5.0, LAWFUL, false));
    }
    match points.last() {
        Some(last) => {
            let (lawful, by_reference) =
                label_heights(plot.y(last.lawful), plot.y(last.reference), plot.bottom);
            let x = plot.x(last.index as f64) + 12.0;
            canvas.text(&label(method, last.lawful), (x, lawful), LABEL_SIZE, true, LAWFUL, Anchor::Start);
            canvas.text(
                &label(reference, last.reference),
                (x, by_reference),
                LABEL_SIZE,
                true,
                REFERENCE,
                Anchor::Start,
            );
        }
        None => {
            let middle = ((plot.left + plot.right) / 2.0, (plot.top + plot.bottom) / 2.0);
            canvas.text(texts.get("chart.no-data"), middle, 16.0, false, SOFT_INK, Anchor::Middle);
        }
    }
}

/// Tops of the two end labels: beside their points, pushed apart where they would overlap and up where they
/// would stand in the labels of the lower axis.
fn label_heights(lawful: f64, reference: f64, bottom: f64) -> (f64, f64) {
    let apart = LABEL_SIZE * 1.4;
    // A tie keeps the reference above, where it is for every clock that is the shorter one.
    let lawful_is_lower = lawful >= reference;
    let (upper, lower) = if lawful_is_lower { (reference, lawful) } else { (lawful, reference) };
    let push = ((apart - (lower - upper)) / 2.0).max(0.0);
    let lower = (lower + push - LABEL_SIZE * 0.55).min(bottom - apart);
    let upper = (upper - push - LABEL_SIZE * 0.55).min(lower - apart);
    if lawful_is_lower { (lower, upper) } else { (upper, lower) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn end_labels_never_overlap_each_other_or_the_axis() {
        for lawful in 0..=100 {
            for reference in 0..=100 {
                let (one, other) = label_heights(f64::from(lawful), f64::from(reference), 100.0);
                assert!((one - other).abs() >= LABEL_SIZE * 1.3, "{lawful} {reference}");
                assert!(one.max(other) + LABEL_SIZE <= 100.0, "{lawful} {reference}");
                assert!(lawful == reference || (one > other) == (lawful > reference));
            }
        }
    }
}
