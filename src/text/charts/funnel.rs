//! The groups of a column by their cases and shares.

use super::{Caption, joined};
use crate::analysis::{ControlFindings, FunnelPlace, FunnelWindow, Grouping};
use crate::text::{Texts, differing_groups, fill, group_name, sentence_case};

/// What stands above the chart of a window, and the names of its groups in their order; nothing when no group can be
/// compared.
pub fn caption(
    findings: &ControlFindings,
    grouping: &Grouping,
    window: &FunnelWindow,
    places: &[(usize, FunnelPlace)],
    texts: &Texts,
) -> Option<(Caption, Vec<String>)> {
    let said = differing_groups(grouping, texts);
    let (first, others) = said.split_first()?;
    let names: Vec<String> = places.iter().map(|(index, _)| group_name(grouping, *index, texts)).collect();
    let points = joined(names.iter().zip(places).map(|(name, (_, place))| {
        format!("{name}: {} ({})", texts.ratio(place.deviations, place.cases), texts.count(place.cases))
    }));
    let (column, cohort) = (grouping.column.to_lowercase(), texts.cohort_begins(findings.cohort));
    let caption = Caption {
        title: format!("{}: {first}", texts.name(&findings.rule)),
        subtitle: fill!(texts, "chart.funnel-sub", column, period = texts.window(window), cohort),
        notes: others.iter().map(|said| sentence_case(said)).collect(),
        description: fill!(texts, "chart.funnel-desc", points),
    };
    Some((caption, names))
}

/// The names of the lines: the share of all, and the limits of 95 and 99.8 %.
pub fn lines(window: &FunnelWindow, texts: &Texts) -> [String; 3] {
    let (deviations, cases) = window.target;
    [
        fill!(texts, "chart.funnel-all", share = texts.ratio(deviations, cases)),
        "95\u{a0}%".to_owned(),
        format!("99{}8\u{a0}%", texts.comma()),
    ]
}

/// The lower axis.
pub fn axis(texts: &Texts) -> &str {
    texts.get("chart.funnel-axis")
}
