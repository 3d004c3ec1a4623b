//! What an export has the whole of: how its cases were chosen, and which periods are incomplete for it.

use super::{Texts, fill};
use crate::analysis::{ControlFindings, Edges};
use crate::date::Day;
use crate::period::PeriodKind;
use crate::project::Selection;

/// How the cases of a control's exports were chosen and what follows; `None` where that cannot be seen, and of an
/// export of all cases. For everyone it names the month in place of the day, which can be that of a single case.
pub fn edges_sentence(control: &ControlFindings, for_everyone: bool, texts: &Texts) -> Option<String> {
    let edges = &control.edges;
    let named = |day: Day| match for_everyone {
        true => texts.period(PeriodKind::Month.holding(day)),
        false => texts.long_date(day),
    };
    let mut said: Vec<String> = chosen(edges, named, texts).into_iter().collect();
    said.extend(edges.known_until.map(|until| fill!(texts, "edges.known-until", until = named(until))));
    said.extend(edges.missing.map(|missing| {
        let (from, to) = missing.days;
        fill!(texts, "edges.missing", from = named(from), to = named(to))
    }));
    let tells_no_open = edges.selection == Selection::DecidedSince || edges.known_until.is_some();
    if said.is_empty() {
        return None;
    }
    if tells_no_open && !for_everyone {
        said.push(texts.get("edges.no-open").to_owned());
    }
    said.extend(incomplete(control, texts));
    Some(said.join(" "))
}

/// How the cases were chosen.
fn chosen(edges: &Edges, named: impl Fn(Day) -> String, texts: &Texts) -> Option<String> {
    let key = if edges.is_stated { "edges.stated" } else { "edges.recognised" };
    let chosen = match edges.selection {
        Selection::Open => texts.get("edges.open").to_owned(),
        _ if edges.is_decided_of_started() => {
            fill!(texts, "edges.decided-of-started", since = named(edges.since?))
        }
        selection => fill!(texts, format!("edges.{}", selection.id()), since = named(edges.since?)),
    };
    Some(fill!(texts, key, chosen))
}

/// Which periods are incomplete, and why; `None` where none is.
pub fn incomplete_sentence(control: &ControlFindings, for_everyone: bool, texts: &Texts) -> Option<String> {
    incomplete(control, texts).and_then(|_| edges_sentence(control, for_everyone, texts))
}

fn incomplete(control: &ControlFindings, texts: &Texts) -> Option<String> {
    let runs = control.periods.chunk_by(|one, next| one.is_cut == next.is_cut);
    let cut: Vec<_> = runs.filter(|run| run[0].is_cut).collect();
    let named = cut.iter().map(|run| texts.months_between(run[0].period, run[run.len() - 1].period));
    let periods: Vec<String> = named.collect();
    let key = match cut.iter().map(|run| run.len()).sum() {
        0 => return None,
        1 => "edges.incomplete-one",
        _ => "edges.incomplete",
    };
    Some(fill!(texts, key, periods = periods.join(", ")))
}
