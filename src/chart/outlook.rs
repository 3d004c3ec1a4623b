//! Chart: deviations to expect among open cases in the longest horizon, beside earlier forecasts of the same kind and
//! what came of them, by the month at whose end they were made.

use super::canvas::{Anchor, Canvas};
use super::frame::{Drawing, LEAST, Plot, count_axis, room_for_counts};
use super::legend::{Entry, Mark, legend};
use super::letters::width_of;
use super::theme::{EARLIER, INK, LAWFUL};
use crate::analysis::{Ahead, ControlFindings, Detail, Forecast};
use crate::period::PeriodKind;
use crate::text::charts::outlook::{caption, marks};
use crate::text::{Texts, period_lines};

/// The chart of one control, or nothing without an outlook.
pub fn drawing<'a>(
    findings: &'a ControlFindings,
    detail: &'a Detail,
    texts: &'a Texts,
) -> Option<Drawing<'a>> {
    let ahead = detail.outlook.as_ref()?.farthest();
    Some(Drawing {
        caption: caption(&findings.rule, ahead, texts),
        least: LEAST,
        draw: Box::new(move |canvas, top| draw(canvas, ahead, texts, top)),
    })
}

fn draw(canvas: &Canvas<'_>, ahead: &Ahead, texts: &Texts, top: f64) {
    let (size, shape) = (canvas.shape.label, canvas.shape);
    let trials = ahead.latest_trials();
    let forecasts = || trials.iter().map(|trial| &trial.forecast).chain([&ahead.forecast]);
    let month = |forecast: &Forecast| forecast.made.month();
    let highest = forecasts().map(|forecast| forecast.interval.1).max().unwrap_or(1);
    let highest = trials.iter().map(|trial| trial.deviations).max().unwrap_or(0).max(highest);
    let (height, step) = count_axis(highest as f64);
    let left = room_for_counts(texts, height, size);
    let months: Vec<i32> = forecasts().map(month).collect();
    let first = months.iter().min().copied().unwrap_or(0);
    let last = months.iter().max().copied().unwrap_or(0);
    let [forecast, truth] = marks(texts).map(str::to_owned);
    let entries = [
        Entry { mark: Mark::Dot(true), colour: LAWFUL, name: forecast },
        Entry { mark: Mark::Dot(false), colour: INK, name: truth },
    ];
    let top = legend(canvas, &entries, top);
    let expected = texts.rounded(ahead.forecast.expected);
    let right = width_of(&expected, size, true) + 8.0;
    let plot = Plot::below(canvas, top + size, (left, right), 2.0)
        .scaled((f64::from(first) - 0.6, f64::from(last) + 0.6), (0.0, height));
    plot.left_axis(canvas, step, |cases| texts.count(cases as u64));
    let labels: Vec<(f64, Vec<String>)> = (first..=last)
        .map(|month| (f64::from(month), period_lines(PeriodKind::Month.holding_month(month), texts)))
        .collect();
    plot.lower_axis(canvas, &labels);
    let half = ((plot.x(1.0) - plot.x(0.0)) * 0.3).clamp(1.5, 14.0);
    let bar = |forecast: &Forecast, colour| {
        let x = plot.x(f64::from(month(forecast)));
        let (low, high) = (plot.y(forecast.interval.0 as f64), plot.y(forecast.interval.1 as f64));
        canvas.line(&[(x, low), (x, high)], colour, 2);
        for end in [low, high] {
            canvas.line(&[(x - half, end), (x + half, end)], colour, 2);
        }
    };
    for trial in trials {
        bar(&trial.forecast, EARLIER);
        let at = (plot.x(f64::from(month(&trial.forecast))), plot.y(trial.deviations as f64));
        canvas.dot(at, shape.marker * 0.9, INK, false);
    }
    let forecast = &ahead.forecast;
    bar(forecast, LAWFUL);
    let (x, y) = (plot.x(f64::from(month(forecast))), plot.y(forecast.expected));
    canvas.dot((x, y), shape.marker, LAWFUL, true);
    let beside = x + half.max(shape.marker) + 4.0;
    canvas.label(&expected, &[(beside, y, Anchor::Start)], true, LAWFUL);
}
