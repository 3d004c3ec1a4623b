//! When cases were closed in each period.

use super::{Caption, joined};
use crate::analysis::Margins;
use crate::rulebook::Rule;
use crate::text::{Texts, fill};

/// What stands above the chart: of the last period, and of the one a year before it.
pub fn caption(
    rule: &Rule,
    all: &[Margins],
    last: &Margins,
    before: Option<&Margins>,
    texts: &Texts,
) -> Caption {
    let unit = rule.margin_unit();
    let median = |margins: &Margins| texts.to_due_date(margins.median(), unit);
    let key = match before {
        None => "chart.spread-title-now",
        Some(before) if before.median() == last.median() => "chart.spread-title-same",
        Some(_) => "chart.spread-title",
    };
    let (rule, now, period) = (texts.name(rule), median(last), texts.months_of(last.period));
    let then = before.map_or(String::new(), median);
    let points = all.iter();
    let points =
        joined(points.map(|at| format!("{}: {}", texts.period(at.period), texts.signed(at.median()))));
    Caption {
        title: fill!(texts, key, rule, now, period, then),
        subtitle: texts.get(&format!("chart.spread-sub-{unit}")).to_owned(),
        notes: Vec::new(),
        description: fill!(texts, "chart.spread-desc", points),
    }
}

/// The due date, beside its line.
pub fn due_name<'t>(unit: &str, texts: &'t Texts) -> &'t str {
    texts.get(&format!("chart.due-name-{unit}"))
}
