//! Checks a plan as it is typed and resolves it, or returns what is wrong with it.

use std::ops::Range;

use toml::Spanned;

use super::typed::{
    AreaText, ControlPointText, Deviates, Month, PlanText, ResultText, RiskPointText, RisksText, Scope,
};
use super::words::{MONTHS, SEVERITIES, STATUSES, word};
use super::{
    Area, ControlPoint, Counts, GradeLimits, Plan, PlannedResult, Ratio, ResultKind, RiskPoint, RiskSettings,
};
use crate::error::{Flaw, sound};
use crate::rulebook::Rulebook;
use crate::values::printable;

/// The resolved plan, or everything that is wrong with it, in the order of the text.
pub fn resolve(typed: PlanText, rulebook: &Rulebook) -> Result<Plan, Vec<Flaw>> {
    let mut flaws = Vec::new();
    let plan = Plan {
        title: sound(typed.title.map(name), &mut flaws),
        background: prose(&typed.background),
        areas: each(typed.area, |it, flaws| area(it, rulebook, flaws), &mut flaws),
        risks: sound(typed.risks.map(risks), &mut flaws).unwrap_or_default(),
    };
    flaws.sort_by_key(|flaw| flaw.span.as_ref().map(|span| span.start));
    if flaws.is_empty() { Ok(plan) } else { Err(flaws) }
}

/// Those that are sound; what is wrong with the others is added to the flaws.
fn each<T, R>(
    typed: Vec<T>,
    resolve: impl Fn(T, &mut Vec<Flaw>) -> Option<R>,
    flaws: &mut Vec<Flaw>,
) -> Vec<R> {
    typed.into_iter().filter_map(|it| resolve(it, flaws)).collect()
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

/// The value of a key that must be there, in the table at `place`.
fn wanted<T>(typed: Option<T>, key: &str, place: &Range<usize>) -> Result<T, Flaw> {
    typed.ok_or_else(|| Flaw::new("missing-key", &[("key", key)]).at(place.clone()))
}

fn area(typed: Spanned<AreaText>, rulebook: &Rulebook, flaws: &mut Vec<Flaw>) -> Option<Area> {
    let (place, typed) = (typed.span(), typed.into_inner());
    let name = sound(Some(wanted(typed.name, "name", &place).and_then(name)), flaws);
    let risk_points = each(typed.risk_point, |it, flaws| risk_point(it, rulebook, flaws), flaws);
    Some(Area { name: name?, aim: prose(&typed.aim), risk_points })
}

fn risk_point(
    typed: Spanned<RiskPointText>,
    rulebook: &Rulebook,
    flaws: &mut Vec<Flaw>,
) -> Option<RiskPoint> {
    let (place, typed) = (typed.span(), typed.into_inner());
    let name = sound(Some(wanted(typed.name, "name", &place).and_then(name)), flaws);
    let control_points = each(typed.control_point, |it, flaws| control_point(it, rulebook, flaws), flaws);
    Some(RiskPoint { name: name?, risk: typed.risk, control_points })
}

fn control_point(
    typed: Spanned<ControlPointText>,
    rulebook: &Rulebook,
    flaws: &mut Vec<Flaw>,
) -> Option<ControlPoint> {
    let (place, typed) = (typed.span(), typed.into_inner());
    let name = sound(Some(wanted(typed.name, "name", &place).and_then(name)), flaws);
    let department = sound(Some(wanted(typed.department, "department", &place)), flaws);
    let frequency = sound(Some(wanted(typed.frequency, "frequency", &place)), flaws);
    let frequency = frequency.map(|months| frequency_of(months, flaws));
    let method = sound(Some(wanted(typed.method, "method", &place)), flaws);
    let status = wanted(typed.status, "status", &place).and_then(|it| word(it, &STATUSES));
    let status = sound(Some(status), flaws);
    let unreasoned = unreasoned(&typed.severity, &typed.severity_reason);
    let severity = sound(typed.severity.map(|it| word(it, &SEVERITIES)), flaws);
    flaws.extend(unreasoned);
    let results = each(typed.result, |it, flaws| sound(Some(result(it, rulebook)), flaws), flaws);
    Some(ControlPoint {
        name: name?,
        department: department?,
        frequency: frequency?,
        method: prose(&method?),
        status: status?,
        results,
        comment: prose(&typed.comment),
        planned_action: prose(&typed.planned_action),
        severity,
        severity_reason: typed.severity_reason.map_or_else(String::new, |reason| prose(reason.get_ref())),
    })
}

/// The months in which a control point is reported: at least one.
fn frequency_of(typed: Spanned<Vec<Spanned<String>>>, flaws: &mut Vec<Flaw>) -> Vec<Month> {
    if typed.get_ref().is_empty() {
        flaws.push(Flaw::new("no-month", &[]).at(typed.span()));
    }
    each(typed.into_inner(), |it, flaws| sound(Some(word(it, &MONTHS)), flaws), flaws)
}

/// A grade without its reason, or a reason without its grade.
fn unreasoned(severity: &Option<Spanned<String>>, reason: &Option<Spanned<String>>) -> Option<Flaw> {
    match (severity, reason) {
        (None, Some(reason)) => Some(Flaw::new("reason-without-severity", &[]).at(reason.span())),
        (Some(severity), None) => Some(Flaw::new("reason-wanted", &[]).at(severity.span())),
        _ => None,
    }
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
    let Some(rule) = rulebook.rule(id.get_ref()) else {
        let known = rulebook.ids();
        let values = [("control", id.get_ref().as_str()), ("known", &*known.join(", "))];
        return Err(Flaw::new("unknown-control", &values)
            .suggest(id.get_ref(), known.iter().map(String::as_str))
            .at(id.span()));
    };
    Ok(ResultKind::Control { name: rule.name.clone(), id: id.into_inner(), limits })
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
