//! Editions published before: what is published after them, and why nothing can be.

use std::path::PathBuf;

use crate::analysis::{ControlFindings, ControlPattern, Pattern, Question, told_by_both};
use crate::error::Error;
use crate::period::Period;

/// An edition published before.
#[derive(Debug, Clone)]
pub struct EarlierEdition {
    /// Its folder.
    pub path: PathBuf,
    /// What it shows and hides.
    pub pattern: Pattern,
}

/// What earlier editions show and hide of a control.
///
/// # Errors
/// [`Error::EditionsDiffer`] when one of them was made otherwise; [`Error::EditionTells`] when one of them and one before
/// it hide different numbers.
pub fn patterns<'a>(
    editions: &'a [EarlierEdition],
    findings: &ControlFindings,
    question: &Question<'_>,
) -> Result<Vec<&'a ControlPattern>, Error> {
    let id = &findings.rule.id;
    let mut patterns: Vec<&ControlPattern> = Vec::new();
    for edition in editions {
        let Some(control) = edition.pattern.controls.iter().find(|control| control.control == *id) else {
            continue;
        };
        comparable(edition, control, findings, question)?;
        let told = patterns.iter().map(|before| told_by_both(before, control)).find(|told| !told.is_empty());
        if let Some(periods) = told {
            let periods = periods.iter().map(Period::to_string).collect();
            return Err(Error::EditionTells { path: edition.path.clone(), control: id.clone(), periods });
        }
        patterns.push(control);
    }
    Ok(patterns)
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
