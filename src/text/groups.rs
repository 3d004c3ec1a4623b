//! What is said of groups: their names, and which of them differ from the rest, as that was decided.

use super::{Texts, fill, sentence_case};
use crate::analysis::{Differs, FunnelWindow, Grouping};

/// Of more groups their number is given.
const MOST_NAMES: usize = 3;

/// The name of a group as a reader sees it.
pub fn group_name(grouping: &Grouping, index: usize, texts: &Texts) -> String {
    let group = &grouping.groups[index];
    match group.combined {
        0 if group.name.is_empty() => texts.get("report.no-group").to_owned(),
        0 => group.name.clone(),
        1 => fill!(texts, "report.small-group", group = group_word(grouping, texts)),
        combined => fill!(texts, "report.groups-together", count = texts.count(combined as u64)),
    }
}

/// What the groups of a column are called: units, where the column says so.
fn group_word<'t>(grouping: &Grouping, texts: &'t Texts) -> &'t str {
    let column = grouping.column.to_lowercase();
    let is_of_units = ["enhet", "unit"].iter().any(|word| column.contains(word));
    texts.get(if is_of_units { "funnel.unit" } else { "funnel.group" })
}

/// How the groups of a column are compared, or that there is nothing to compare.
pub fn groups_lead(grouping: &Grouping, texts: &Texts) -> String {
    let key = if grouping.groups.len() > 1 { "funnel.lead" } else { "funnel.lead-only" };
    fill!(texts, key, group = group_word(grouping, texts))
}

/// Which groups of a column differ from the rest and when: of the window that shows most, then of others that name a
/// group not named yet; that none does, where none does. Each begins with a small letter. Nothing when no group can be
/// compared.
pub fn differing_groups(grouping: &Grouping, texts: &Texts) -> Vec<String> {
    let Some(first) = grouping.telling_window() else { return Vec::new() };
    if grouping.differing(first).next().is_none() {
        let windows = &grouping.windows;
        let (shortest, longest) = (texts.window(&windows[0]), texts.window(&windows[windows.len() - 1]));
        let key = if windows.len() > 1 { "funnel.none-differ" } else { "funnel.none-differ-in" };
        return vec![fill!(
            texts,
            key,
            group = group_word(grouping, texts),
            short = shortest,
            long = longest
        )];
    }
    let mut told: Vec<(usize, Differs)> = Vec::new();
    let mut said = Vec::new();
    // The longer windows first: they rest on more cases.
    let others = (0..grouping.windows.len()).rev().filter(|window| *window != first);
    for window in std::iter::once(first).chain(others) {
        let differing: Vec<(usize, Differs)> =
            grouping.differing(window).filter(|differing| !told.contains(differing)).collect();
        said.extend(sentence(grouping, window, &differing, texts));
        told.extend(differing);
    }
    // Beside the shares of the shortest window a longer one would seem to contradict them.
    if first != 0 && grouping.differing(0).next().is_none() {
        said.push(fill!(texts, "funnel.not-now", period = texts.window(&grouping.windows[0])));
    }
    said
}

fn sentence(
    grouping: &Grouping,
    window: usize,
    differing: &[(usize, Differs)],
    texts: &Texts,
) -> Option<String> {
    let listed = |wanted: Differs| -> Option<String> {
        let named = differing.iter().filter(|(_, differs)| *differs == wanted);
        let names: Vec<String> = named.map(|(index, _)| group_name(grouping, *index, texts)).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        match names.len() {
            0 => None,
            many if many > MOST_NAMES => {
                let (n, group) = (texts.count(many as u64), group_word(grouping, texts));
                Some(fill!(texts, "funnel.many", n, group))
            }
            _ => Some(texts.list(&names)),
        }
    };
    let (high, low) = (listed(Differs::Higher), listed(Differs::Lower));
    let key = match (&high, &low) {
        (None, None) => return None,
        (Some(_), None) => "funnel.higher-for",
        (None, Some(_)) => "funnel.lower-for",
        (Some(_), Some(_)) => "funnel.both-for",
    };
    let (high, low) = (high.unwrap_or_default(), low.unwrap_or_default());
    Some(fill!(texts, key, high, low, period = texts.window(&grouping.windows[window])))
}

/// How one group compares with the rest: each window in which it differs, or that it does in none. Nothing when it
/// cannot be compared.
pub fn group_sentences(grouping: &Grouping, index: usize, texts: &Texts) -> Vec<String> {
    let group = &grouping.groups[index];
    let places: Vec<_> = grouping
        .windows
        .iter()
        .zip(&group.places)
        .filter_map(|(window, place)| Some((window, (*place)?)))
        .collect();
    let differing = places.iter().filter_map(|(window, place)| {
        let (differs, rest) = (place.differs?, place.rest(window));
        Some(fill!(
            texts,
            format!("funnel.sentence-{}", differs.id()),
            group = group_word(grouping, texts),
            period = texts.window(window),
            share = texts.ratio(place.deviations, place.cases),
            cases = texts.count(place.cases),
            rest = texts.ratio(rest.0, rest.1)
        ))
    });
    let said: Vec<String> = differing.collect();
    match (said.is_empty(), places.first(), places.last()) {
        (true, Some((shortest, _)), Some((longest, _))) => {
            let key = if places.len() > 1 { "funnel.sentence-none" } else { "funnel.sentence-none-in" };
            let (group, short, long) =
                (group_word(grouping, texts), texts.window(shortest), texts.window(longest));
            vec![fill!(texts, key, group, short, long)]
        }
        _ => said,
    }
}

/// The same in a cell of a table: `högre (september 2021–augusti 2024)`; nothing when it cannot be compared.
pub fn group_cell(grouping: &Grouping, index: usize, texts: &Texts) -> Option<String> {
    let places = &grouping.groups[index].places;
    let differing: Vec<(&FunnelWindow, Differs)> = grouping
        .windows
        .iter()
        .zip(places)
        .filter_map(|(window, place)| Some((window, place.as_ref()?.differs?)))
        .collect();
    let in_direction = |wanted: Differs| {
        let windows: Vec<String> = differing
            .iter()
            .filter(|(_, differs)| *differs == wanted)
            .map(|(window, _)| texts.window(window))
            .collect();
        let windows: Vec<&str> = windows.iter().map(String::as_str).collect();
        (!windows.is_empty())
            .then(|| fill!(texts, format!("funnel.{}", wanted.id()), periods = texts.list(&windows)))
    };
    let said: Vec<String> = [Differs::Higher, Differs::Lower].into_iter().filter_map(in_direction).collect();
    match said.as_slice() {
        [] if places.iter().all(Option::is_none) => None,
        [] => Some(texts.get("funnel.none").to_owned()),
        said => Some(said.join("; ")),
    }
}

/// The groups of a control's first column that differ, as a sentence of their own; `None` where none does.
pub fn differing_sentence(grouping: &Grouping, texts: &Texts) -> Option<String> {
    let first = grouping.telling_window()?;
    grouping.differing(first).next()?;
    let said = differing_groups(grouping, texts);
    Some(sentence_case(&fill!(texts, "funnel.summary", column = grouping.column, said = said.join("; "))))
}
