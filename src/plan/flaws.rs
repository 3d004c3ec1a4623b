//! Checks a plan as it is typed and resolves it, or returns what is wrong with it.

use std::ops::Range;

use toml::Spanned;

use super::typed::{
    AreaText, ControlPointText, Deviates, PlanText, ResultText, RiskPointText, RisksText, Scope,
};
use super::{
    Area, ControlPoint, Counts, GradeLimits, Plan, PlannedResult, Ratio, ResultKind, RiskPoint, RiskSettings,
};
use crate::error::Flaw;
use crate::rulebook::Rulebook;
use crate::values::printable;

/// The resolved plan, or its first flaw.
pub fn resolve(typed: PlanText, rulebook: &Rulebook) -> Result<Plan, Flaw> {
    Ok(Plan {
        title: typed.title.map(name).transpose()?,
        background: prose(&typed.background),
        areas: each(typed.area, |it| area(it, rulebook))?,
        risks: typed.risks.map_or_else(|| Ok(RiskSettings::default()), risks)?,
    })
}

fn each<T, R>(typed: Vec<T>, resolve: impl Fn(T) -> Result<R, Flaw>) -> Result<Vec<R>, Flaw> {
    typed.into_iter().map(resolve).collect()
}

/// Running text as it is printed.
fn prose(typed: &str) -> String {
    typed.trim().to_owned()
}

/// A name or title, which is a heading and must contain something visible.
fn name(typed: Spanned<String>) -> Result<String, Flaw> {
    let shown = printable(typed.get_ref()).trim().to_owned();
    if shown.is_empty() {
        return Err(Flaw::new("no-name", &[]).at(typed.span()));
    }
    Ok(shown)
}

fn area(typed: AreaText, rulebook: &Rulebook) -> Result<Area, Flaw> {
    Ok(Area {
        name: name(typed.name)?,
        aim: prose(&typed.aim),
        risk_points: each(typed.risk_point, |it| risk_point(it, rulebook))?,
    })
}

fn risk_point(typed: RiskPointText, rulebook: &Rulebook) -> Result<RiskPoint, Flaw> {
    Ok(RiskPoint {
        name: name(typed.name)?,
        risk: typed.risk,
        control_points: each(typed.control_point, |it| control_point(it, rulebook))?,
    })
}

fn control_point(typed: ControlPointText, rulebook: &Rulebook) -> Result<ControlPoint, Flaw> {
    if typed.frequency.get_ref().is_empty() {
        return Err(Flaw::new("no-month", &[]).at(typed.frequency.span()));
    }
    if let (None, Some(reason)) = (&typed.severity, &typed.severity_reason) {
        return Err(Flaw::new("reason-without-severity", &[]).at(reason.span()));
    }
    if let (Some(severity), None) = (&typed.severity, &typed.severity_reason) {
        return Err(Flaw::new("reason-wanted", &[]).at(severity.span()));
    }
    Ok(ControlPoint {
        name: name(typed.name)?,
        department: typed.department,
        frequency: typed.frequency.into_inner(),
        method: prose(&typed.method),
        status: typed.status,
        results: each(typed.result, |it| result(it, rulebook))?,
        comment: prose(&typed.comment),
        planned_action: prose(&typed.planned_action),
        severity: typed.severity.map(Spanned::into_inner),
        severity_reason: typed.severity_reason.map_or_else(String::new, |reason| prose(reason.get_ref())),
    })
}

fn result(mut typed: ResultText, rulebook: &Rulebook) -> Result<PlannedResult, Flaw> {
    let limits = limits(&typed)?;
    if let Some(span) = unused_key(&typed) {
        return Err(Flaw::new("key-of-other-kind", &[]).at(span));
    }
    let group = typed.group.take();
    let result = match (typed.control.take(), typed.count.take(), typed.text.take()) {
        (Some(id), None, None) => control(id, limits, rulebook)?,
        (None, Some(count), None) => ResultKind::Counts(counts(count, typed, limits)?),
        (None, None, Some(text)) if limits != GradeLimits::default() => {
            return Err(Flaw::new("limits-of-text", &[]).at(text.span()));
        }
        (None, None, Some(text)) => ResultKind::Text(prose(text.get_ref())),
        (control, count, text) => {
            let spans = [control.map(|it| it.span()), count.map(|it| it.span()), text.map(|it| it.span())];
            let flaw = Flaw::new("one-kind-of-result", &[]);
            return Err(spans.into_iter().flatten().fold(flaw, Flaw::at));
        }
    };
    Ok(PlannedResult { group, result })
}

/// The place of a result with a key that belongs to another kind of result.
fn unused_key(typed: &ResultText) -> Option<Range<usize>> {
    let of_counts = typed.name.is_some()
        || typed.of.is_some()
        || typed.previous_count.is_some()
        || typed.deviates != Deviates::No
        || typed.deviation.is_some()
        || typed.requirement.is_some()
        || typed.scope != Scope::All
        || typed.population.is_some()
        || !typed.persons;
    let other = typed.control.as_ref().map(Spanned::span).or(typed.text.as_ref().map(Spanned::span));
    let without_count = typed.previous_of.is_some() && typed.previous_count.is_none();
    match (&typed.count, other) {
        (None, Some(span)) if of_counts || typed.previous_of.is_some() => Some(span),
        (Some(count), _) if without_count => Some(count.span()),
        _ => None,
    }
}

fn control(id: Spanned<String>, limits: GradeLimits, rulebook: &Rulebook) -> Result<ResultKind, Flaw> {
    let known = rulebook.ids();
    if !known.contains(id.get_ref()) {
        let values = [("control", id.get_ref().as_str()), ("known", &*known.join(", "))];
        return Err(Flaw::new("unknown-control", &values)
            .suggest(id.get_ref(), known.iter().map(String::as_str))
            .at(id.span()));
    }
    Ok(ResultKind::Control { id: id.into_inner(), limits })
}

fn limits(typed: &ResultText) -> Result<GradeLimits, Flaw> {
    for (key, share) in [("target", &typed.target), ("severe_at", &typed.severe_at)] {
        if let Some(share) = share.as_ref().filter(|share| !(0.0..=1.0).contains(share.get_ref())) {
            return Err(Flaw::new("no-share", &[("key", key)]).at(share.span()));
        }
    }
    if let (Some(target), Some(severe)) = (&typed.target, &typed.severe_at)
        && severe.get_ref() < target.get_ref()
    {
        return Err(Flaw::new("severe-below-target", &[]).at(severe.span()));
    }
    let share = |typed: &Option<Spanned<f64>>| typed.as_ref().map(|share| *share.get_ref());
    Ok(GradeLimits { target: share(&typed.target), severe_at: share(&typed.severe_at) })
}

fn counts(count: Spanned<u64>, typed: ResultText, limits: GradeLimits) -> Result<Counts, Flaw> {
    let flaw = |key| Err(Flaw::new(key, &[]).at(count.span()));
    let Some(counted) = typed.name else { return flaw("count-without-name") };
    let needs_whole =
        typed.deviates != Deviates::No || typed.scope != Scope::All || limits != GradeLimits::default();
    if typed.of.is_none() && needs_whole {
        return flaw("deviates-of-nothing");
    }
    let wording = [&typed.deviation, &typed.requirement].into_iter().flatten().next();
    if let (Deviates::No, Some(wording)) = (typed.deviates, wording) {
        return Err(Flaw::new("deviation-of-none", &[]).at(wording.span()));
    }
    match (typed.scope, &typed.population) {
        (Scope::Sample, None) => return flaw("sample-of-what"),
        (Scope::Sample, Some(population)) if typed.of > Some(*population.get_ref()) => {
            return Err(Flaw::new("more-than-all", &[]).at(population.span()));
        }
        (Scope::All | Scope::Process, Some(population)) => {
            return Err(Flaw::new("population-of-no-sample", &[]).at(population.span()));
        }
        _ => {}
    }
    let before = typed.previous_count.map(|count| ratio(count, typed.previous_of)).transpose()?;
    Ok(Counts {
        name: counted,
        now: Some(ratio(count, typed.of)?),
        before,
        deviates: typed.deviates,
        deviation: typed.deviation.map(name).transpose()?,
        requirement: typed.requirement.map(name).transpose()?,
        scope: typed.scope,
        population: typed.population.map(Spanned::into_inner),
        persons: typed.persons,
        limits,
    })
}

fn ratio(count: Spanned<u64>, of: Option<u64>) -> Result<Ratio, Flaw> {
    if of.is_some_and(|of| of < *count.get_ref()) {
        return Err(Flaw::new("more-than-all", &[]).at(count.span()));
    }
    Ok(Ratio { count: count.into_inner(), of })
}

fn risks(typed: RisksText) -> Result<RiskSettings, Flaw> {
    let scale = match &typed.scale {
        Some(scale) if !matches!(scale.get_ref(), 4 | 5) => {
            return Err(Flaw::new("no-scale", &[]).at(scale.span()));
        }
        scale => scale.as_ref().map_or(4, |scale| *scale.get_ref()),
    };
    let usual = RiskSettings::of_scale(scale);
    let highest = scale * scale;
    let critical_at = match typed.critical_at {
        Some(value) if !(1..=highest).contains(value.get_ref()) => {
            let highest = highest.to_string();
            return Err(Flaw::new("no-risk-value", &[("highest", &highest)]).at(value.span()));
        }
        value => value.map_or(usual.critical_at, Spanned::into_inner),
    };
    let likelihood_from = match typed.likelihood_from {
        Some(steps) if !are_steps(steps.get_ref(), scale) => {
            let wanted = (scale - 1).to_string();
            return Err(Flaw::new("likelihood-steps", &[("wanted", &wanted)]).at(steps.span()));
        }
        steps => steps.map_or(usual.likelihood_from, Spanned::into_inner),
    };
    let background = prose(&typed.background);
    Ok(RiskSettings {
        title: typed.title.map(name).transpose()?,
        background,
        year: typed.year,
        scale,
        critical_at,
        likelihood_from,
    })
}

/// Whether there is one share fewer than the scale has steps, in rising order.
fn are_steps(steps: &[f64], scale: u8) -> bool {
    steps.len() + 1 == usize::from(scale)
        && steps.iter().all(|share| (0.0..=1.0).contains(share))
        && steps.windows(2).all(|pair| pair[0] < pair[1])
}
