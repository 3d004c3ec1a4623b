//! Chart: the share of deviations per period, with its interval.

use super::frame::{LABEL_SIZE, Plot, headings, share_axis};
use super::theme::{Anchor, Canvas, INK, LAWFUL, Picture, SOFT_INK, picture, width_of};
use crate::analysis::{ControlFindings, Figure, PeriodFigures};
use crate::text::Texts;

/// Draws the chart of one control.
pub fn share_chart(findings: &ControlFindings, texts: &Texts) -> Picture {
    let name = findings.rule.name.text(texts.language());
    let title = match findings.periods.iter().rev().find(|period| period.figure.share().is_some()) {
        Some(last) => texts.fill(
            "chart.share-title",
            &[("rule", name), ("share", &texts.figure(last.figure)), ("period", &texts.period(last.period))],
        ),
        None => texts
            .fill("chart.share-title-none", &[("rule", name), ("period", &current_name(findings, texts))]),
    };
    let kind = findings.periods.last().map_or("", |period| period.period.kind.id());
    let cohort = texts.get(&format!("cohort.{}", findings.cohort.id()));
    let subtitle = texts.fill(
        "chart.share-sub",
        &[("kind", texts.get(&format!("period.kind-{kind}"))), ("cohort", &sentence_case(cohort))],
    );
    let points: Vec<String> = findings
        .periods
        .iter()
        .map(|period| {
            let (name, share) = (texts.period(period.period), texts.figure(period.figure));
            texts.fill("chart.point", &[("period", &name), ("share", &share)])
        })
        .collect();
    let description = texts.fill(
        "chart.share-desc",
        &[("kind", texts.get(&format!("period.kind-{kind}"))), ("points", &points.join("; "))],
    );
    picture(&format!("{}-share", findings.rule.id), &title, &description, |canvas| {
        let top = headings(canvas, &title, &subtitle);
        let top = key(canvas, findings, texts, top);
        draw(canvas, findings, texts, top);
    })
}

/// What a hollow dot is, when there is one. Gives the y below it.
fn key(canvas: &Canvas<'_>, findings: &ControlFindings, texts: &Texts, top: f64) -> f64 {
    let publications = findings.periods.iter().filter_map(|period| period.publication.as_ref());
    let mut methods: Vec<String> =
        publications.map(|publication| texts.method(&publication.method)).collect();
    methods.sort();
    methods.dedup();
    if methods.is_empty() {
        return top;
    }
    canvas.dot((30.0, top + 8.0), 5.0, LAWFUL, true);
    let label = format!("{} ({})", texts.get("chart.published"), methods.join(", "));
    canvas.text(&label, (42.0, top), LABEL_SIZE, false, SOFT_INK, Anchor::Start);
    top + 20.0
}

fn current_name(findings: &ControlFindings, texts: &Texts) -> String {
    findings.current().map_or(String::new(), |period| texts.period(period.period))
}

/// The text with its first letter in upper case.
pub fn sentence_case(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

/// The labels of the periods, each at its place 0, 1, 2, …
pub fn period_labels(periods: &[PeriodFigures], texts: &Texts) -> Vec<(f64, String)> {
    periods
        .iter()
        .enumerate()
        .map(|(index, period)| (index as f64, texts.short_period(period.period)))
        .collect()
}

fn draw(canvas: &Canvas<'_>, findings: &ControlFindings, texts: &Texts, top: f64) {
    let periods = &findings.periods;
    let highest = periods
        .iter()
        .filter_map(|period| period.figure.interval().map(|interval| interval.high).or(period.figure.share()))
        .chain(findings.target)
        .fold(0.0, f64::max);
    let (height, step) = share_axis(highest);
    let target_label =
        findings.target.map(|target| texts.fill("chart.target", &[("share", &texts.share(target))]));
    let room = target_label.as_ref().map_or(0.0, |label| width_of(label, LABEL_SIZE, false) + 8.0);
    let plot = Plot::below(top + 16.0, room.max(30.0), (-0.5, periods.len() as f64 - 0.5), height);
    plot.left_axis(canvas, step, |share| texts.whole_percent(share));
    plot.lower_axis(canvas, &period_labels(periods, texts));
    if let (Some(target), Some(label)) = (findings.target, &target_label) {
        let y = plot.y(target);
        canvas.dashes(&[(plot.left, y), (plot.right, y)], SOFT_INK, 1, 6.0, 4.0);
        let beside = (plot.right + 8.0, y - LABEL_SIZE * 0.55);
        canvas.text(label, beside, LABEL_SIZE, false, SOFT_INK, Anchor::Start);
    }
    for run in runs(periods) {
        let line: Vec<(f64, f64)> =
            run.iter().map(|(index, share)| (plot.x(*index as f64), plot.y(*share))).collect();
        canvas.line(&line, LAWFUL, 2);
    }
    let label_all = room_for_all_labels(&plot, periods, texts);
    let last = periods.iter().rposition(|period| period.figure.share().is_some());
    for (index, period) in periods.iter().enumerate() {
        let Some(share) = period.figure.share() else { continue };
        let x = plot.x(index as f64);
        let mut label_y = plot.y(share) - 8.0;
        if let Some(interval) = period.figure.interval() {
            let (low, high) = (plot.y(interval.low), plot.y(interval.high));
            canvas.line(&[(x, low), (x, high)], LAWFUL, 1);
            for end in [low, high] {
                canvas.line(&[(x - 4.0, end), (x + 4.0, end)], LAWFUL, 1);
            }
            label_y = high - 4.0;
        }
        canvas.dot((x, plot.y(share)), 5.0, LAWFUL, matches!(period.figure, Figure::Published(_)));
        if label_all || Some(index) == last {
            let bold = Some(index) == last;
            let label = texts.figure(period.figure);
            canvas.text(&label, (x, label_y - LABEL_SIZE * 1.2), LABEL_SIZE, bold, INK, Anchor::Middle);
        }
    }
    if last.is_none() {
        let middle = ((plot.left + plot.right) / 2.0, (plot.top + plot.bottom) / 2.0);
        canvas.text(texts.get("chart.no-data"), middle, 16.0, false, SOFT_INK, Anchor::Middle);
    }
}

/// Every point gets its label when the labels are narrower than the points are apart.
fn room_for_all_labels(plot: &Plot, periods: &[PeriodFigures], texts: &Texts) -> bool {
    let apart = plot.x(1.0) - plot.x(0.0);
    periods.iter().all(|period| width_of(&texts.figure(period.figure), LABEL_SIZE, true) + 8.0 < apart)
}

/// Runs of neighbouring periods whose shares were counted alike: a line crosses neither a gap nor the step
/// from an earlier report's figure to our own.
fn runs(periods: &[PeriodFigures]) -> Vec<Vec<(usize, f64)>> {
    let mut runs: Vec<Vec<(usize, f64)>> = vec![Vec::new()];
    for (index, period) in periods.iter().enumerate() {
        match (period.figure, period.figure.share()) {
            (Figure::Computed(_), Some(share)) => {
                runs.last_mut().expect("there is always one").push((index, share));
            }
            _ => runs.push(Vec::new()),
        }
    }
    runs.retain(|run| run.len() > 1);
    runs
}
