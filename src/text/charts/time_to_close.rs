//! The share of cases still open, day by day round the due date.

use super::Caption;
use crate::analysis::Survival;
use crate::period::PeriodKind;
use crate::rulebook::Rule;
use crate::text::{Texts, fill};

/// What stands above the chart of some curves, of which the first is the latest.
pub fn caption(rule: &Rule, curves: &[Survival], latest: &Survival, texts: &Texts) -> Caption {
    let unit = rule.margin_unit();
    let rule = texts.name(rule);
    let points: Vec<String> = curves.iter().map(|curve| point(curve, unit, texts)).collect();
    Caption {
        title: match (latest.open_after(0), latest.reached(0.5)) {
            (Some(open), Some(half)) => {
                let (open, half) = (texts.share(open), texts.to_due_date(half, unit));
                fill!(texts, "chart.close-title", rule, half, open)
            }
            _ => fill!(texts, "chart.close-title-open", rule),
        },
        subtitle: texts.get(&format!("chart.close-sub-{unit}")).to_owned(),
        notes: Vec::new(),
        description: fill!(texts, "chart.close-desc", points = points.join(" ")),
    }
}

/// A curve in a sentence.
fn point(curve: &Survival, unit: &str, texts: &Texts) -> String {
    let none = || texts.get("table.none").to_owned();
    let reached = |share| curve.reached(share).map_or_else(none, |margin| texts.to_due_date(margin, unit));
    let (years, cases) = (years(curve, texts), texts.count(curve.cases));
    let open = curve.open_after(0).map_or_else(none, |share| texts.share(share));
    fill!(texts, "chart.close-told", years, cases, open, half = reached(0.5), most = reached(0.1))
}

/// `sep 2023–aug 2024`.
fn years(curve: &Survival, texts: &Texts) -> String {
    let month = |month: i32| texts.short_period(PeriodKind::Month.holding_month(month));
    format!("{}–{}", month(curve.started.0), month(curve.started.1))
}

/// Which line is which, and how many cases it leaves open.
pub fn line_name(rule: &Rule, curve: &Survival, texts: &Texts) -> String {
    let (years, cases) = (years(curve, texts), texts.count(curve.cases));
    match curve.open_after(0).map(|open| texts.share(open)) {
        Some(open) => fill!(texts, "chart.close-line", years, cases, open, limit = texts.limit(rule)),
        None => fill!(texts, "chart.close-line-open", years, cases),
    }
}
