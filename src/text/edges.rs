//! What an export has the whole of: how its cases were chosen, and which periods are incomplete for it.

use super::{Texts, fill, sentence_case};
use crate::analysis::{ControlFindings, Edges, Missing, PeriodFigures};
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
    said.extend(missing(edges, named, texts));
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

/// The times of which cases are missing; `None` where there is none.
fn missing(edges: &Edges, named: impl Fn(Day) -> String, texts: &Texts) -> Option<String> {
    let times = edges.missing.iter().map(|Missing { days: (from, to), .. }| {
        fill!(texts, "edges.missing-time", from = named(*from), to = named(*to))
    });
    let times: Vec<String> = times.collect();
    (!times.is_empty()).then(|| sentence_case(&fill!(texts, "edges.missing", times = texts.list(&times))))
}

/// Which periods are incomplete, and why; `None` where none is.
pub fn incomplete_sentence(control: &ControlFindings, for_everyone: bool, texts: &Texts) -> Option<String> {
    incomplete(control, texts).and_then(|_| edges_sentence(control, for_everyone, texts))
}

/// Which periods that have ended since the headline's are incomplete; `None` where none is.
pub fn later_sentence(control: &ControlFindings, texts: &Texts) -> Option<String> {
    let later = control.after_headline();
    let ended = later.iter().take_while(|period| period.complete).count();
    told(&later[..ended], ["edges.later-one", "edges.later"], texts)
}

fn incomplete(control: &ControlFindings, texts: &Texts) -> Option<String> {
    told(&control.periods, ["edges.incomplete-one", "edges.incomplete"], texts)
}

/// A sentence about the incomplete ones among periods, for one and for several.
fn told(periods: &[PeriodFigures], [one, several]: [&str; 2], texts: &Texts) -> Option<String> {
    let runs = periods.chunk_by(|one, next| one.is_cut == next.is_cut);
    let cut: Vec<_> = runs.filter(|run| run[0].is_cut).collect();
    let named = cut.iter().map(|run| texts.months_between(run[0].period, run[run.len() - 1].period));
    let periods: Vec<String> = named.collect();
    let key = match cut.iter().map(|run| run.len()).sum() {
        0 => return None,
        1 => one,
        _ => several,
    };
    Some(fill!(texts, key, periods = texts.list(&periods)))
}
