//! What an export has the whole of: how its cases were chosen, and which periods are incomplete for it.

use super::{Texts, fill};
use crate::analysis::ControlFindings;
use crate::period::PeriodKind;
use crate::project::Selection;

/// How the cases of a control's exports were chosen and what follows; `None` where that cannot be seen, and of an
/// export of all cases. For everyone it names the month in place of the day, which can be that of a single case.
pub fn edges_sentence(control: &ControlFindings, for_everyone: bool, texts: &Texts) -> Option<String> {
    let edges = &control.edges;
    let since = edges.since.map(|day| match for_everyone {
        true => texts.period(PeriodKind::Month.holding(day)),
        false => texts.long_date(day),
    })?;
    let key = if edges.is_stated { "edges.stated" } else { "edges.recognised" };
    let chosen = fill!(texts, format!("edges.{}", edges.selection.id()), since);
    let mut said = vec![fill!(texts, key, chosen)];
    if edges.selection == Selection::DecidedSince && !for_everyone {
        said.push(texts.get("edges.no-open").to_owned());
    }
    said.extend(incomplete(control, texts));
    Some(said.join(" "))
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
