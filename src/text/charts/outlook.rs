//! Deviations to expect among open cases, beside earlier forecasts of the same kind.

use super::{Caption, joined};
use crate::analysis::{Ahead, Forecast};
use crate::rulebook::Rule;
use crate::text::{Texts, fill};

/// What stands above the chart.
pub fn caption(rule: &Rule, ahead: &Ahead, texts: &Texts) -> Caption {
    let forecast = &ahead.forecast;
    let days = texts.count(ahead.days as u64);
    let (open, expected) = (texts.count(forecast.open), texts.rounded(forecast.expected));
    let interval = texts.count_interval(forecast.interval);
    let trials = ahead.latest_trials().iter();
    let trials =
        trials.map(|trial| format!("{}: {}", point(&trial.forecast, texts), texts.count(trial.deviations)));
    let points = joined(trials.chain([point(forecast, texts)]));
    Caption {
        title: fill!(texts, "chart.outlook-title", rule = texts.name(rule), open, days, expected, interval),
        subtitle: fill!(texts, "chart.outlook-sub", days),
        notes: Vec::new(),
        description: fill!(texts, "chart.outlook-desc", points),
    }
}

fn point(forecast: &Forecast, texts: &Texts) -> String {
    let (made, interval) = (texts.long_date(forecast.made), texts.count_interval(forecast.interval));
    format!("{made} {} ({interval})", texts.rounded(forecast.expected))
}

/// What the marks are: a forecast, and what came of one.
pub fn marks(texts: &Texts) -> [&str; 2] {
    ["chart.outlook-forecast", "chart.outlook-truth"].map(|key| texts.get(key))
}
