//! Selection: which rows of an export count, by the values of their columns.
//!
//! A column of status shows which cases are open, closed or void; filters keep rows, or leave them out, by the values
//! of any column. Comparisons ignore case.

use std::collections::BTreeMap;

use crate::project::{OneOrMany, StatusWords, ValuesByHeading};
use crate::values::name;

/// The state of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It is open, whatever its end date says.
    Open,
    /// It has ended.
    Closed,
    /// It does not count.
    Void,
}

/// Words for the states, as case systems write them.
const OPEN: &[&str] = &[
    "pågående",
    "pågår",
    "öppen",
    "öppet",
    "öppnad",
    "aktiv",
    "aktivt",
    "aktuell",
    "aktuellt",
    "under handläggning",
    "under utredning",
    "under arbete",
    "ej avslutad",
    "inte avslutad",
    "ej avslutat",
    "ny",
    "nytt",
    "vilande",
    "pausad",
    "väntar",
    "inledd",
    "open",
    "in progress",
    "ongoing",
    "active",
    "pending",
];
const CLOSED: &[&str] = &[
    "avslutad",
    "avslutat",
    "avslutade",
    "stängd",
    "stängt",
    "klar",
    "klart",
    "färdig",
    "slutförd",
    "slutfört",
    "beslutad",
    "beslutat",
    "verkställd",
    "verkställt",
    "closed",
    "completed",
    "done",
    "finished",
];
const VOID: &[&str] = &[
    "makulerad",
    "makulerat",
    "makulerade",
    "avbruten",
    "avbrutet",
    "återkallad",
    "återkallat",
    "återtagen",
    "återtaget",
    "felregistrerad",
    "felregistrerat",
    "raderad",
    "raderat",
    "borttagen",
    "borttaget",
    "annullerad",
    "annullerat",
    "ogiltig",
    "cancelled",
    "canceled",
    "void",
    "withdrawn",
    "deleted",
];

/// The usual meaning of a status word.
pub fn usual_state(word: &str) -> Option<State> {
    let word = word.to_lowercase();
    let lists = [(OPEN, State::Open), (CLOSED, State::Closed), (VOID, State::Void)];
    lists.iter().find(|(words, _)| words.contains(&word.as_str())).map(|(_, state)| *state)
}

/// Every word with a usual meaning, and the name of that.
pub fn usual_words() -> impl Iterator<Item = (&'static str, &'static str)> {
    let lists = [(OPEN, "open"), (CLOSED, "closed"), (VOID, "void")];
    lists.into_iter().flat_map(|(words, meaning)| words.iter().map(move |word| (*word, meaning)))
}

/// A column of status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// The column, from 0.
    pub column: usize,
    /// The project's own words in lower case, which count before the usual ones.
    words: BTreeMap<String, State>,
}

impl Status {
    /// A column, with the words that the project file adds to the usual ones.
    pub fn new(column: usize, words: Option<&StatusWords>) -> Status {
        let of = |words: &[String], state| {
            words.iter().map(move |word| (word.to_lowercase(), state)).collect::<Vec<_>>()
        };
        let lists = words.map(|words| {
            [of(&words.open, State::Open), of(&words.closed, State::Closed), of(&words.void, State::Void)]
        });
        Status { column, words: lists.into_iter().flatten().flatten().collect() }
    }

    /// The state in a cell: `None` if the cell is empty, `Some(None)` if its word is in none of the lists.
    pub fn state(&self, cell: &[u8], empty: &[String]) -> Option<Option<State>> {
        let word = name(cell, empty);
        let state = || self.words.get(&word.to_lowercase()).copied().or_else(|| usual_state(&word));
        (!word.is_empty()).then(state)
    }
}

/// Rows that are kept, or left out, by the values of one column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// The column, from 0.
    pub column: usize,
    /// Whether rows with one of the values are the only ones kept; otherwise they are left out.
    pub keeps: bool,
    /// The values as typed.
    pub values: Vec<String>,
    /// The values as they are compared.
    folded: Vec<String>,
}

impl Filter {
    /// A filter by values as they are typed.
    fn new(column: usize, keeps: bool, values: &[String]) -> Filter {
        let values: Vec<String> = values.iter().map(|value| name(value.as_bytes(), &[])).collect();
        let folded = values.iter().map(|value| value.to_lowercase()).collect();
        Filter { column, keeps, values, folded }
    }

    /// The filters of a source; `column` finds the column of a heading.
    pub fn all<E>(
        only: &ValuesByHeading,
        exclude: &ValuesByHeading,
        column: impl Fn(&'static str, &str) -> Result<usize, E>,
    ) -> Result<Vec<Filter>, E> {
        let of = |setting, (heading, values): (&String, &OneOrMany<String>)| {
            Ok(Filter::new(column(setting, heading)?, setting == "only", values.as_slice()))
        };
        let only = only.iter().map(|filter| of("only", filter));
        only.chain(exclude.iter().map(|filter| of("exclude", filter))).collect()
    }

    /// The index of the filter's value that a cell has.
    pub fn value(&self, cell: &[u8]) -> Option<usize> {
        let value = name(cell, &[]).to_lowercase();
        self.folded.iter().position(|wanted| *wanted == value)
    }
}

/// A column of status that the project file does not name, as seen at the beginning of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnnamedStatus {
    /// The column, from 0.
    pub column: usize,
    /// The words in it that have a usual meaning.
    pub words: BTreeMap<String, State>,
    /// Rows on which it contradicts the end dates.
    pub found: Contradictions,
}

impl UnnamedStatus {
    /// A column of which no row has been seen.
    pub fn new(column: usize) -> UnnamedStatus {
        UnnamedStatus { column, words: BTreeMap::new(), found: Contradictions::default() }
    }

    /// Examines a row.
    pub fn add(&mut self, cell: &[u8], has_end: bool, empty: &[String]) {
        let word = name(cell, empty);
        let state = usual_state(&word);
        self.found.add(state, has_end);
        self.words.extend(state.map(|state| (word, state)));
    }
}

/// Rows on which a column of status contradicts the end dates.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Contradictions {
    /// Open by the status, with an end date.
    pub open_with_end: u64,
    /// Closed by the status, without one.
    pub closed_without_end: u64,
    /// Void by the status.
    pub void: u64,
}

impl Contradictions {
    /// Examines a row.
    pub fn add(&mut self, state: Option<State>, has_end: bool) {
        *match (state, has_end) {
            (Some(State::Open), true) => &mut self.open_with_end,
            (Some(State::Closed), false) => &mut self.closed_without_end,
            (Some(State::Void), _) => &mut self.void,
            _ => return,
        } += 1;
    }

    /// Whether there are any.
    pub fn any(self) -> bool {
        self != Contradictions::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_a_status_are_the_usual_ones_and_the_projects() {
        let usual = Status::new(0, None);
        assert_eq!(usual.state("PÅGÅENDE".as_bytes(), &[]), Some(Some(State::Open)));
        assert_eq!(usual.state(b" Avslutad ", &[]), Some(Some(State::Closed)));
        assert_eq!(usual.state(b"Makulerad", &[]), Some(Some(State::Void)));
        assert_eq!(usual.state("Hos nämnden".as_bytes(), &[]), Some(None));
        assert_eq!(usual.state(b"-", &[]), None);
        let words =
            StatusWords { closed: vec!["Hos arkivet".into(), "Avbruten".into()], ..StatusWords::default() };
        let own = Status::new(0, Some(&words));
        assert_eq!(own.state(b"hos arkivet", &[]), Some(Some(State::Closed)));
        assert_eq!(
            own.state(b"Avbruten", &[]),
            Some(Some(State::Closed)),
            "own words count before the usual ones"
        );
        assert_eq!(own.state(b"Makulerad", &[]), Some(Some(State::Void)), "the usual words remain");
    }

    #[test]
    fn filters_compare_values_in_any_case() {
        let filter = Filter::new(0, true, &["Barn".into(), "Ungdom  1".into()]);
        assert_eq!(filter.value(b"BARN"), Some(0));
        assert_eq!(filter.value(b"ungdom 1"), Some(1));
        assert_eq!(filter.value("Vuxen".as_bytes()), None);
    }
}
