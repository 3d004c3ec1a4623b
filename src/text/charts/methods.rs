//! The lawful method and the reference method over time.

use super::share::hollow_notes;
use super::{Caption, joined, so_far};
use crate::analysis::{ControlFindings, MethodPoint};
use crate::rulebook::Clock;
use crate::text::{Texts, fill};

/// What stands above the chart.
pub fn caption(
    findings: &ControlFindings,
    reference: Clock,
    points: &[MethodPoint],
    texts: &Texts,
) -> Caption {
    let (method, reference) = (texts.methods(&findings.rule, findings.judged_by), texts.clock(reference));
    let kind = texts.kind(findings.headline().period.kind);
    let title = title(findings, points, &reference, texts);
    let points = joined(points.iter().filter_map(|at| point(at, findings, texts)));
    Caption {
        title,
        subtitle: fill!(texts, "chart.methods-sub", kind),
        notes: hollow_notes(findings, texts),
        description: fill!(texts, "chart.methods-desc", kind, method, reference, points),
    }
}

fn point(point: &MethodPoint, findings: &ControlFindings, texts: &Texts) -> Option<String> {
    let period = texts.period_so_far(findings.periods[point.index].period, point.has_ended);
    let (share, reference) = (texts.share(point.lawful?), texts.share(point.reference));
    Some(fill!(texts, "chart.methods-point", period, share, reference))
}

/// What the reference adds in the headline's period.
fn title(findings: &ControlFindings, points: &[MethodPoint], reference: &str, texts: &Texts) -> String {
    let rule = texts.name(&findings.rule);
    let headline = findings.headline();
    let period = texts.months_so_far(headline.period, headline.complete);
    let of_headline = points.iter().find(|point| point.index == findings.headline_place);
    let gap = of_headline.and_then(MethodPoint::gap).filter(|_| headline.counts_because().is_none());
    let Some(gap) = gap else {
        return fill!(texts, "chart.methods-title-none", rule, period);
    };
    let key = match gap {
        0.0 => "chart.methods-title-same",
        gap if gap > 0.0 => "chart.methods-title",
        _ => "chart.methods-title-less",
    };
    fill!(texts, key, rule, reference, gap = texts.points_apart(gap), period)
}

/// The names of the lines at the last point: of the lawful method where its share is known, and of the reference.
pub fn names(
    findings: &ControlFindings,
    reference: Clock,
    last: MethodPoint,
    texts: &Texts,
) -> (Option<String>, String) {
    let label =
        |name: String, share: f64| so_far(format!("{name} {}", texts.share(share)), last.has_ended, texts);
    let method = texts.methods(&findings.rule, findings.judged_by);
    (last.lawful.map(|share| label(method, share)), label(texts.clock(reference), last.reference))
}

/// The name of the row of gaps.
pub fn gaps(texts: &Texts) -> &str {
    texts.get("chart.methods-gap")
}
