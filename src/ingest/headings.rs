//! Headings: which column of an export holds what.
//!
//! Columns are named in the project file, or recognised by the headings that case systems and their users write. Only
//! columns with a role are read; a column of personal numbers is read only to look for chains, as a hash.

use std::path::Path;

use super::column_facts::ColumnFacts;
use super::heading_words::{
    ANY_END, ANY_START, CASE_ID, CASE_TYPE, DUE, EXTENDED_TO, EXTENSION_DECIDED, GROUP, MATTER_TYPE,
    OF_DATES, OF_TIMES, PERSON, STATUS, folded, is_case_id, shown,
};
use crate::error::{Error, nearest};
use crate::project::{ColumnNames, GroupedBy, OneOrMany};
use crate::rulebook::{Rule, Rulebook};

/// Where a date is: its column, and the column of its time of day if that is separate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct When {
    /// The date.
    pub date: usize,
    /// The time of day.
    pub time: Option<usize>,
}

/// Columns of an export, as indices from 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Columns {
    /// Case number.
    pub case_id: Option<usize>,
    /// Start of the clock: the first column that is filled counts; never empty.
    pub start: Vec<When>,
    /// End of the case: the first column that is filled counts; never empty.
    pub end: Vec<When>,
    /// New due date after an extension.
    pub extended_to: Option<usize>,
    /// Day on which the extension was decided.
    pub extension_decided: Option<usize>,
    /// Due date that the export itself gives, if a clock of its rules uses it.
    pub due: Option<usize>,
    /// The column that cases are grouped by, usually the unit.
    pub group: Option<usize>,
    /// A second column that the cases are grouped by.
    pub subgroup: Option<usize>,
    /// Person, in exports of a control that looks for chains.
    pub person: Option<usize>,
    /// The state of the case.
    pub status: Option<usize>,
}

impl Columns {
    /// The columns with dates, each with its role in the project file.
    pub fn dates(&self) -> impl Iterator<Item = (&'static str, usize)> {
        let start = self.start.iter().map(|when| ("start", when.date));
        let end = self.end.iter().map(|when| ("end", when.date));
        let optional = [
            ("extended_to", self.extended_to),
            ("extension_decided", self.extension_decided),
            ("due", self.due),
        ];
        let optional = optional.into_iter().filter_map(|(role, column)| Some((role, column?)));
        start.chain(end).chain(optional)
    }

    /// The columns with dates and times of day, each with its role in the project file.
    pub fn dates_and_times(&self) -> impl Iterator<Item = (&'static str, usize)> {
        let of = |role, whens: &[When]| {
            let columns = whens.iter().flat_map(|when| [Some(when.date), when.time]);
            columns.flatten().map(|column| (role, column)).collect::<Vec<_>>()
        };
        let optional = [
            ("extended_to", self.extended_to),
            ("extension_decided", self.extension_decided),
            ("due", self.due),
        ];
        let optional = optional.into_iter().filter_map(|(role, column)| Some((role, column?)));
        of("start", &self.start).into_iter().chain(of("end", &self.end)).chain(optional)
    }

    /// A column that cases are grouped by but that has another role already: it would give a group for every case, or
    /// name a person.
    pub fn unsuitable_group(&self) -> Option<usize> {
        let others = [self.case_id, self.person].into_iter().flatten();
        let taken: Vec<usize> = self.dates_and_times().map(|(_, column)| column).chain(others).collect();
        let grouped = [self.group, self.subgroup].into_iter().flatten();
        let same = self.subgroup.filter(|subgroup| self.group == Some(*subgroup));
        grouped.into_iter().find(|column| taken.contains(column)).or(same)
    }

    /// Every column with a role, each with its role.
    pub fn roles(&self) -> impl Iterator<Item = (&'static str, usize)> {
        let others = [
            ("case_id", self.case_id),
            ("group", self.group),
            ("subgroup", self.subgroup),
            ("person", self.person),
            ("status", self.status),
        ];
        self.dates_and_times().chain(others.into_iter().filter_map(|(role, column)| Some((role, column?))))
    }
}

/// The headings of one file.
pub struct HeadingRow<'a> {
    path: &'a Path,
    headings: &'a [String],
    folded: Vec<String>,
    /// What the columns hold, if that is known.
    facts: Vec<ColumnFacts>,
    /// By column: whether it belongs to something else beside the table.
    beside: Vec<bool>,
}

/// Roles of columns of dates.
const OF_DAYS: [&str; 5] = ["start", "end", "extended_to", "extension_decided", "due"];

impl<'a> HeadingRow<'a> {
    /// `path` is shown in errors.
    pub fn new(path: &'a Path, headings: &'a [String]) -> HeadingRow<'a> {
        let folded = headings.iter().map(|heading| folded(heading)).collect();
        HeadingRow { path, headings, folded, facts: Vec::new(), beside: vec![false; headings.len()] }
    }

    /// The same, with what the columns hold: one that is empty gives way to another that is not.
    pub fn knowing(self, facts: Vec<ColumnFacts>) -> HeadingRow<'a> {
        HeadingRow { beside: beside(self.headings, &facts), facts, ..self }
    }

    /// Whether a column holds something, as far as is known.
    pub fn is_filled(&self, column: usize) -> bool {
        self.facts.get(column).is_none_or(|facts| facts.filled > 0)
    }

    /// Whether a column has the heading of a role and cannot be what is meant: it holds words in place of dates, or
    /// stands beside the table.
    fn is_unlikely(&self, role: &'static str, column: usize) -> bool {
        let of_words = || self.facts.get(column).is_some_and(ColumnFacts::is_of_words);
        self.beside[column] || OF_DAYS.contains(&role) && of_words()
    }

    /// Of columns with a heading of a role those that are a question: the likely ones, and of equal ones the first.
    fn likely(&self, role: &'static str, columns: impl IntoIterator<Item = usize>) -> Vec<usize> {
        let is_same = |one: usize, other: usize| {
            let facts = self.facts.get(one).zip(self.facts.get(other));
            facts.is_some_and(|(one, other)| one.is_same(other))
        };
        let mut found: Vec<usize> = Vec::new();
        for column in columns.into_iter().filter(|column| !self.is_unlikely(role, *column)) {
            if !found.iter().any(|earlier| is_same(*earlier, column)) {
                found.push(column);
            }
        }
        found
    }

    /// The column of the first alias that is the heading of a filled one or, if all are empty, of any; an unlikely one
    /// only if there is no other.
    ///
    /// # Errors
    /// If several columns have it.
    fn find<'b>(
        &self,
        role: &'static str,
        aliases: impl IntoIterator<Item = &'b str>,
    ) -> Result<Option<usize>, Error> {
        let (mut empty, mut unlikely) = (None, None);
        for alias in aliases {
            let alias = folded(alias);
            let with_alias = (0..self.folded.len()).filter(|index| self.folded[*index] == alias);
            unlikely = unlikely.or(with_alias.clone().next());
            let fitting = self.likely(role, with_alias);
            let filled: Vec<usize> =
                fitting.iter().copied().filter(|column| self.is_filled(*column)).collect();
            match (filled.as_slice(), fitting.as_slice()) {
                ([one], [_]) => return Ok(Some(*one)),
                ([one], _) if role != "end" => return Ok(Some(*one)),
                ([], []) => {}
                ([], [one]) => empty = empty.or(Some(*one)),
                (_, several) => return Err(self.ambiguous(role, several)),
            }
        }
        Ok(empty.or(unlikely))
    }

    fn ambiguous(&self, role: &'static str, columns: &[usize]) -> Error {
        let shown = shown(self.headings);
        let named = |column: &usize| {
            let alike =
                |end: usize| (0..end).filter(|other| self.folded[*other] == self.folded[*column]).count();
            match alike(self.folded.len()) {
                1 => shown[*column].clone(),
                _ => format!("{}#{}", shown[*column], alike(column + 1)),
            }
        };
        Error::AmbiguousColumn { path: self.path.into(), role, headings: columns.iter().map(named).collect() }
    }

    /// The column that the project file names for a role, if any.
    fn named(&self, role: &'static str, name: Option<&String>) -> Result<Option<usize>, Error> {
        name.map(|name| self.column(role, name)).transpose()
    }

    /// The column with a heading; `Enhet#2` is the second column with that heading.
    pub fn column(&self, role: &'static str, name: &str) -> Result<usize, Error> {
        let by_place = || {
            let (heading, place) = name.rsplit_once('#')?;
            let (heading, place) = (folded(heading), place.parse::<usize>().ok()?.checked_sub(1)?);
            (0..self.folded.len()).filter(|index| self.folded[*index] == heading).nth(place)
        };
        match self.find(role, [name])? {
            Some(index) => Ok(index),
            None => by_place().ok_or_else(|| self.missing(role, Some(name))),
        }
    }

    /// The columns that the project file names for a date.
    fn named_dates(
        &self,
        role: &'static str,
        names: Option<&OneOrMany<String>>,
    ) -> Result<Option<Vec<When>>, Error> {
        let Some(names) = names else { return Ok(None) };
        let column = |name: &String| Ok(When { date: self.column(role, name)?, time: None });
        names.as_slice().iter().map(column).collect::<Result<_, _>>().map(Some)
    }

    /// The column with the time of day that belongs to a date, by their headings: Inkom datum, Inkom tid.
    pub fn time_beside(&self, date: usize) -> Option<usize> {
        let without = |heading: &str, words: &[&str]| {
            words
                .iter()
                .find_map(|word| heading.strip_suffix(word).or_else(|| heading.strip_prefix(word)))
                .map(str::to_owned)
        };
        let of_date = &self.folded[date];
        let event = without(of_date, &OF_DATES).unwrap_or_else(|| of_date.clone());
        let fits = |index: &usize| without(&self.folded[*index], &OF_TIMES).is_some_and(|time| time == event);
        (0..self.folded.len()).filter(|index| *index != date).find(fits)
    }

    /// Whether the heading alone shows that a column holds times of day.
    pub fn is_of_times(&self, column: usize) -> bool {
        OF_TIMES.iter().any(|word| self.folded[column].ends_with(word))
    }

    /// The column that shows the state of a case, by its heading.
    pub fn status(&self) -> Option<usize> {
        self.find("status", STATUS.to_vec()).unwrap_or_default()
    }

    /// The column of a start or an end: one that a rule knows, or else one with a general heading.
    fn date(
        &self,
        role: &'static str,
        rules: &[&Rule],
        pick: fn(&Rule) -> &Vec<String>,
        any: &[&'static str],
    ) -> Result<Option<usize>, Error> {
        for rule in rules {
            self.refuse_several(role, pick(rule).iter().map(String::as_str))?;
        }
        let own = self.find(role, rules.iter().flat_map(|rule| pick(rule)).map(String::as_str))?;
        if own.is_some_and(|column| self.is_filled(column)) {
            return Ok(own);
        }
        let general = self.find(role, any.iter().copied())?;
        let general = general.filter(|column| own.is_none() || !self.is_unlikely(role, *column));
        // Several general headings do not tell which of them is meant: Slutdatum is often the planned day.
        self.refuse_several(role, any.iter().copied())?;
        // Without an end all cases may be open, and what is filled beside it planned.
        if let (Some(own), Some(general), "end") = (own, general, role)
            && self.is_filled(general)
        {
            return Err(self.ambiguous(role, &[own, general]));
        }
        Ok(general.filter(|column| own.is_none() || self.is_filled(*column)).or(own))
    }

    /// Refuses several filled columns of which each could be the start, and several that could be the end: an empty one
    /// is that of open cases.
    fn refuse_several<'b>(
        &self,
        role: &'static str,
        aliases: impl Iterator<Item = &'b str>,
    ) -> Result<(), Error> {
        let aliases: Vec<String> = aliases.map(folded).collect();
        let fits = |column: &usize| {
            aliases.contains(&self.folded[*column]) && (role == "end" || self.is_filled(*column))
        };
        let fitting = self.likely(role, (0..self.folded.len()).filter(fits));
        if fitting.len() > 1 { Err(self.ambiguous(role, &fitting)) } else { Ok(()) }
    }

    /// The column of case numbers: the most general that holds numbers; none if it holds kinds of cases. If that repeats, the
    /// control's own number, such as that of an investigation, tells its cases apart.
    fn case_id(&self, rules: &[&Rule]) -> Result<Option<usize>, Error> {
        let first = self.find("case_id", CASE_ID.to_vec())?;
        let (Some(first), false) = (first, self.facts.is_empty()) else { return Ok(first) };
        let others = self.case_ids();
        let with_numbers = |column: &usize| self.facts[*column].holds_numbers();
        let first = if with_numbers(&first) {
            first
        } else {
            others.iter().copied().find(with_numbers).unwrap_or(first)
        };
        if self.facts[first].are_kinds() {
            return Ok(None);
        }
        let is_own = |column: &usize| rules.iter().all(|rule| self.is_of_the_start(*column, rule));
        Ok(Some(self.unique_beside(first).find(is_own).unwrap_or(first)))
    }

    /// The columns with a heading of case numbers, the most general first.
    fn case_ids(&self) -> Vec<usize> {
        let of_alias =
            |alias: &&str| (0..self.folded.len()).find(|column| self.folded[*column] == folded(alias));
        CASE_ID.iter().filter_map(of_alias).collect()
    }

    /// Where the numbers of a column repeat, the other columns of case numbers that are filled as often and do not.
    pub fn unique_beside(&self, number: usize) -> impl Iterator<Item = usize> {
        let facts = |column: usize| self.facts.get(column);
        let repeats = facts(number).is_some_and(|own| !own.is_unique());
        let tells_apart = move |column: &usize| {
            repeats
                && facts(*column)
                    .zip(facts(number))
                    .is_some_and(|(other, own)| other.is_unique() && other.filled >= own.filled)
        };
        self.case_ids().into_iter().filter(tells_apart)
    }

    /// Whether a column is called after what starts a rule's clock: Utredningsnr beside Utredning inledd.
    fn is_of_the_start(&self, column: usize, rule: &Rule) -> bool {
        /// Letters that Utredningsnr and Utredning, and Anmälningsnr and Anmälan, have in common.
        const STEM: usize = 5;
        /// Utr nr is short for Utredningsnr, and what is registered as an aktualisering is a report.
        const ALSO: [(&str, &str); 2] = [("utrnr", "utred"), ("aktua", "anmal")];
        let stem: String = self.folded[column].chars().take(STEM).collect();
        let other = ALSO.iter().find(|(known, _)| *known == stem).map(|(_, other)| *other);
        let mut stems = std::iter::once(stem.as_str()).chain(other);
        stems.any(|stem| rule.headings.start.iter().any(|heading| folded(heading).starts_with(stem)))
    }

    fn missing(&self, role: &'static str, named: Option<&str>) -> Error {
        let found = shown(self.headings);
        Error::MissingColumn {
            path: self.path.into(),
            role,
            named: named.map(str::to_owned),
            suggestion: named.and_then(|name| nearest(name, found.iter().map(String::as_str))),
            found,
        }
    }

    /// The columns of a control's export: those that the project file names, and those recognised.
    pub fn columns(&self, names: &ColumnNames, rules: &[&Rule]) -> Result<Columns, Error> {
        let date = |role, named: Option<&OneOrMany<String>>, pick: fn(&Rule) -> &Vec<String>, any| {
            if let Some(named) = self.named_dates(role, named)? {
                return Ok(named);
            }
            let date = self.date(role, rules, pick, any)?.ok_or_else(|| self.missing(role, None))?;
            Ok::<_, Error>(vec![When { date, time: None }])
        };
        let start = date("start", names.start.as_ref(), |rule| &rule.headings.start, ANY_START)?;
        let end = date("end", names.end.as_ref(), |rule| &rule.headings.end, ANY_END)?;
        // A column that is named as the start or the end is not recognised as another day too.
        let is_free = |column: &usize| start.iter().chain(&end).all(|when| when.date != *column);
        let or_known = |role, name: Option<&String>, aliases: Vec<&str>| match self.named(role, name)? {
            Some(index) => Ok(Some(index)),
            None => self.find(role, aliases),
        };
        let columns = Columns {
            case_id: match self.named("case_id", names.case_id.as_ref())? {
                None => self.case_id(rules)?,
                named => named,
            },
            start: start.clone(),
            end: end.clone(),
            extended_to: match names.extended_to.as_ref() {
                None => self.find("extended_to", EXTENDED_TO.to_vec())?.filter(is_free),
                named => self.named("extended_to", named)?,
            },
            extension_decided: match names.extension_decided.as_ref() {
                None => self.find("extension_decided", EXTENSION_DECIDED.to_vec())?.filter(is_free),
                named => self.named("extension_decided", named)?,
            },
            due: self.due(names.due.as_ref(), rules, is_free)?,
            group: or_known("group", names.group.as_ref(), GROUP.to_vec())?,
            subgroup: self.named("subgroup", names.subgroup.as_ref())?,
            person: match self.named("person", names.person.as_ref())? {
                Some(column) => Some(column),
                // Two persons in a row, such as a child and a parent, say nothing about chains.
                None if rules.iter().any(|rule| rule.chain_days.is_some()) => {
                    self.find("person", PERSON.to_vec()).unwrap_or_default()
                }
                None => None,
            },
            status: self.named("status", names.status.as_ref())?,
        };
        self.refuse_shared(&columns)?;
        Ok(columns)
    }

    /// Refuses a column with two roles that cannot be the same. An extension may stand where the export's own due date
    /// does, and a case number may be a person's; the unit is checked by [`Columns::unsuitable_group`].
    fn refuse_shared(&self, columns: &Columns) -> Result<(), Error> {
        let may_share = |roles: [&str; 2]| {
            roles[0] == roles[1] || [["extended_to", "due"], ["case_id", "person"]].contains(&roles)
        };
        let roles: Vec<(&str, usize)> =
            columns.roles().filter(|(role, _)| !matches!(*role, "group" | "subgroup")).collect();
        let pairs = roles
            .iter()
            .enumerate()
            .flat_map(|(place, one)| roles[place + 1..].iter().map(move |other| (one, other)));
        let mut shared = pairs.filter(|((_, one), (_, other))| one == other);
        match shared.find(|((one, _), (other, _))| !may_share([one, other])) {
            Some(((one, column), (other, _))) => Err(Error::SharedColumn {
                path: self.path.into(),
                heading: shown(self.headings)[*column].clone(),
                roles: [one, other],
            }),
            None => Ok(()),
        }
    }

    /// The column with the export's own due dates, which only rules with that clock need.
    fn due(
        &self,
        name: Option<&String>,
        rules: &[&Rule],
        is_free: impl Fn(&usize) -> bool,
    ) -> Result<Option<usize>, Error> {
        let named = self.named("due", name)?;
        if !rules.iter().any(|rule| rule.uses_due_column()) {
            return Ok(None);
        }
        let found = if named.is_some() { named } else { self.find("due", DUE.to_vec())?.filter(is_free) };
        found.map_or_else(|| Err(self.missing("due", None)), |column| Ok(Some(column)))
    }

    /// The columns that cases are grouped by in place of the usual ones; `None` for one that the file lacks.
    pub fn grouped_by(&self, names: &GroupedBy) -> Result<[Option<usize>; 2], Error> {
        let subgroup = names.subgroup.as_deref().map(|name| self.find("subgroup", [name])).transpose()?;
        Ok([self.find("group", [names.group.as_str()])?, subgroup.flatten()])
    }

    /// The column that shows which control a row belongs to: named or recognised.
    pub fn case_type(&self, name: Option<&String>) -> Result<usize, Error> {
        let known = match self.named("type", name)? {
            None => self.find("type", CASE_TYPE.to_vec())?,
            named => named,
        };
        known.ok_or_else(|| self.missing("type", None))
    }

    /// The column with the kind of investigation or matter. Other types, such as those of services, also differ within
    /// one control.
    pub fn matter_type(&self) -> Option<usize> {
        self.find("type", MATTER_TYPE.to_vec()).unwrap_or_default()
    }

    /// The controls whose start and end headings the file has. There can be several: one row per report may contain
    /// both the preliminary and the safety assessment.
    pub fn controls<'r>(&self, rulebook: &'r Rulebook) -> Result<Vec<&'r Rule>, Error> {
        let has = |aliases: &[String]| aliases.iter().any(|alias| self.folded.contains(&folded(alias)));
        let fitting: Vec<&Rule> = rulebook
            .rules
            .iter()
            .filter(|rule| has(&rule.headings.start) && has(&rule.headings.end))
            .collect();
        if fitting.is_empty() {
            let wanted = rulebook
                .rules
                .iter()
                .filter_map(|rule| {
                    let (start, end) = (rule.headings.start.first()?, rule.headings.end.first()?);
                    Some((rule.id.clone(), format!("{start} + {end}")))
                })
                .collect();
            return Err(Error::UnknownHeadings {
                path: self.path.into(),
                found: shown(self.headings),
                wanted,
            });
        }
        Ok(fitting)
    }
}

/// By column, whether it belongs to a block behind or before a blank column that has neither case numbers nor dates:
/// counts beside the table. Without facts, nothing is known of any.
fn beside(headings: &[String], facts: &[ColumnFacts]) -> Vec<bool> {
    let is_blank = |column: usize| headings[column].is_empty() && facts[column].filled == 0;
    let is_of_cases = |column: &usize| is_case_id(&headings[*column]) || facts[*column].has_dates();
    let mut beside = vec![false; headings.len()];
    if facts.is_empty() {
        return beside;
    }
    let columns: Vec<usize> = (0..headings.len()).collect();
    let blocks: Vec<&[usize]> = columns.split(|column| is_blank(*column)).collect();
    for block in blocks.iter().filter(|block| blocks.len() > 1 && !block.iter().any(is_of_cases)) {
        block.iter().for_each(|column| beside[*column] = true);
    }
    beside
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(headings: &[&str]) -> Vec<String> {
        headings.iter().map(|heading| (*heading).to_owned()).collect()
    }

    #[test]
    fn a_file_is_known_by_its_start_and_end() {
        let rulebook = Rulebook::builtin();
        let known = |headings: &[&str]| -> Vec<String> {
            let headings = row(headings);
            let path = Path::new("x.csv");
            let rules = HeadingRow::new(path, &headings).controls(&rulebook).unwrap_or_default();
            rules.iter().map(|rule| rule.id.clone()).collect()
        };
        assert_eq!(known(&["Ärendenr", "utredning inledd", "UTREDNING AVSLUTAD"]), ["child-investigation"]);
        assert_eq!(known(&["Beslutsdatum", "Verkställighetsdatum"]), ["unenforced-decision"]);
        assert_eq!(
            known(&["Anmälan inkom", "Skyddsbedömning gjord", "Förhandsbedömning klar"]),
            ["preliminary-assessment", "safety-assessment"]
        );
        assert_eq!(known(&["Startdatum", "Slutdatum"]), Vec::<String>::new());
    }

    #[test]
    fn named_columns_win_and_a_wrong_name_gets_a_suggestion() {
        let headings = row(&["Ärendenr", "Utredning inledd", "Utredning avslutad", "Klar"]);
        let rulebook = Rulebook::builtin();
        let rules = [&rulebook.rules[0]];
        let path = Path::new("x.csv");
        let row = HeadingRow::new(path, &headings);
        let one = |name: &str| Some(OneOrMany::One(name.to_owned()));
        let names = ColumnNames { end: one("Klar"), ..ColumnNames::default() };
        let columns = row.columns(&names, &rules).expect("columns");
        assert_eq!((columns.case_id, columns.start[0].date, columns.end[0].date), (Some(0), 1, 3));
        assert_eq!(columns.group, None);
        let names = ColumnNames { end: one("Utredning avslutat"), ..ColumnNames::default() };
        let Err(Error::MissingColumn { suggestion, .. }) = row.columns(&names, &rules) else {
            panic!("a wrong name was accepted");
        };
        assert_eq!(suggestion.as_deref(), Some("Utredning avslutad"));
    }

    #[test]
    fn two_columns_with_one_heading_are_refused_and_data_is_masked() {
        let headings = row(&["Enhet", "Utredning inledd", "Utredning avslutad", "enhet"]);
        let rulebook = Rulebook::builtin();
        let path = Path::new("x.csv");
        let row = HeadingRow::new(path, &headings);
        let result = row.columns(&ColumnNames::default(), &[&rulebook.rules[0]]);
        assert!(matches!(result, Err(Error::AmbiguousColumn { role: "group", .. })));
        let mixed = ["Ärendenr", "Utredning inledd", "Utredning avslutad", "121212–1212", "Anna Andersson"];
        assert_eq!(shown(&self::row(&mixed)), [&mixed[..3], &["(4)", "(5)"]].concat());
        assert_eq!(shown(&["19121212-1212".into(), "Norr".into()]), ["(1)", "(2)"]);
        assert_eq!(shown(&["Utdrag för Kalle".into()]), ["(1)"]);
        assert_eq!(shown(&["Start\u{1b}[m".into(), "Slut".into()]), ["Start[m", "Slut"]);
    }
}
