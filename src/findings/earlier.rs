//! Editions published before: what is published after them, and why nothing can be.

use std::path::PathBuf;

use crate::analysis::{
    ControlFindings, ControlPattern, Earlier, Facts, Groups, Pattern, Publication, Question, Split, publish,
};
use crate::error::Error;
use crate::ingest::Ledger;
use crate::period::Period;

/// An edition published before.
#[derive(Debug, Clone)]
pub struct EarlierEdition {
    /// Its folder.
    pub path: PathBuf,
    /// What it shows and hides.
    pub pattern: Pattern,
}

/// Publishes a control after earlier editions.
///
/// # Errors
/// [`Error::EditionsDiffer`] when one of them was made otherwise; [`Error::EditionTells`] when one of them, with those
/// before it, tells by itself what it hides.
pub fn publish_after(
    editions: &[EarlierEdition],
    findings: &ControlFindings,
    ledgers: &[Ledger],
    question: &Question<'_>,
    facts: &Facts,
) -> Result<Publication, Error> {
    let smallest = question.settings.report.smallest_published;
    let id = &findings.rule.id;
    let with_control = editions.iter().filter_map(|edition| {
        Some((edition, edition.pattern.controls.iter().find(|control| control.control == *id)?))
    });
    let with_control: Vec<(&EarlierEdition, &ControlPattern)> = with_control.collect();
    for (edition, control) in &with_control {
        comparable(edition, control, findings, question)?;
    }
    let groups = if with_control.is_empty() { Groups::new() } else { groups_of(findings, question, facts) };
    let patterns: Vec<&ControlPattern> = with_control.iter().map(|(_, control)| *control).collect();
    let after = |editions: usize| {
        let earlier = Earlier { editions: &patterns[..editions], groups: &groups };
        publish(findings, ledgers, question, smallest, earlier)
    };
    after(patterns.len()).map_err(|periods| {
        // The first that tells is to be withdrawn; the last one does when no shorter list is at fault.
        let earlier = (1..patterns.len()).find_map(|count| Some((count, after(count).err()?)));
        let (count, periods) = earlier.unwrap_or((patterns.len(), periods));
        let periods = periods.iter().map(Period::to_string).collect();
        Error::EditionTells { path: with_control[count - 1].0.path.clone(), control: id.clone(), periods }
    })
}

/// Refuses to follow an edition whose numbers are of other spans or other cases, or whose small ones were smaller.
fn comparable(
    edition: &EarlierEdition,
    control: &ControlPattern,
    findings: &ControlFindings,
    question: &Question<'_>,
) -> Result<(), Error> {
    let settings = question.settings;
    let smallest = settings.report.smallest_published;
    let trend = settings.trend.period;
    let differs = |what, earlier: String| {
        let (path, control) = (edition.path.clone(), control.control.clone());
        Err(Error::EditionsDiffer { path, control, what, earlier })
    };
    if control.period != settings.period {
        return differs("period", control.period.id().to_owned());
    }
    if let Some(points) = control.trend.filter(|points| *points != trend) {
        return differs("trend", points.id().to_owned());
    }
    if control.cohort != findings.cohort {
        return differs("cohort", control.cohort.id().to_owned());
    }
    if edition.pattern.smallest > smallest {
        return differs("smallest", edition.pattern.smallest.to_string());
    }
    Ok(())
}

/// Every group of the first column by itself.
fn groups_of(findings: &ControlFindings, question: &Question<'_>, facts: &Facts) -> Groups {
    let facts = facts.of_control(&findings.rule.id);
    let kind = question.settings.period;
    let mut groups = Groups::new();
    for (number, counted) in facts.by_period(Split::Group, findings.cohort, kind) {
        let counted = counted.into_iter();
        let counted = counted.map(|(index, it)| (Period { kind, index }, (it.deviations, it.cases)));
        groups.insert(facts.name(number).group.clone(), counted.collect());
    }
    groups
}
