//! Headings: which column of an export holds what.
//!
//! Columns are named in the project file, or recognised by the headings that case systems and their
//! users write. Only the columns that are needed are ever read: a personal-number column is not.

use std::collections::HashSet;
use std::path::Path;

use crate::error::{Error, nearest};
use crate::project::ColumnNames;
use crate::rulebook::{Rule, Rulebook};

/// What cases are grouped by in place of what the project says, by headings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupedBy {
    /// The first column.
    pub group: String,
    /// The second.
    pub subgroup: Option<String>,
}

/// Columns of an export, as numbers from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Columns {
    /// Case number.
    pub case_id: Option<usize>,
    /// Start of the clock.
    pub start: usize,
    /// End of the case.
    pub end: usize,
    /// New due date after an extension.
    pub extended_to: Option<usize>,
    /// Day on which the extension was decided.
    pub extension_decided: Option<usize>,
    /// Unit, or whatever the cases are grouped by.
    pub group: Option<usize>,
    /// A second column that the cases are grouped by.
    pub subgroup: Option<usize>,
    /// Person, in exports of a control that looks for chains of cases.
    pub person: Option<usize>,
}

impl Columns {
    /// The columns with dates, each with its role in the project file.
    pub fn dates(&self) -> impl Iterator<Item = (&'static str, usize)> {
        let optional = [("extended_to", self.extended_to), ("extension_decided", self.extension_decided)];
        let optional = optional.into_iter().filter_map(|(role, column)| Some((role, column?)));
        [("start", self.start), ("end", self.end)].into_iter().chain(optional)
    }

    /// A column that cases are grouped by and that has a role already: a group for every case, or a person.
    pub fn unsuitable_group(&self) -> Option<usize> {
        let others = [self.case_id, self.person].into_iter().flatten();
        let taken: Vec<usize> = self.dates().map(|(_, column)| column).chain(others).collect();
        let grouped = [self.group, self.subgroup].into_iter().flatten();
        let same = self.subgroup.filter(|subgroup| self.group == Some(*subgroup));
        grouped.into_iter().find(|column| taken.contains(column)).or(same)
    }

    /// Every column with a role, each with that role.
    pub fn roles(&self) -> impl Iterator<Item = (&'static str, usize)> {
        let others = [
            ("case_id", self.case_id),
            ("group", self.group),
            ("subgroup", self.subgroup),
            ("person", self.person),
        ];
        self.dates().chain(others.into_iter().filter_map(|(role, column)| Some((role, column?))))
    }
}

const CASE_ID: &[&str] = &[
    "Ärendenr",
    "Ärendenummer",
    "Ärende-ID",
    "ÄrendeId",
    "Dnr",
    "Diarienr",
    "Diarienummer",
    "Utredningsnr",
    "Utrednings-ID",
    "Aktualiserings-ID",
    "Beslutsnr",
    "Beslut-ID",
    "Aktnr",
    "Aktnummer",
    "Id",
];
const EXTENDED_TO: &[&str] =
    &["Förlängd till", "Förlängd t.o.m.", "Nytt slutdatum", "Förlängning tom", "Förlängning t.o.m."];
const EXTENSION_DECIDED: &[&str] = &[
    "Beslut om förlängning",
    "Förlängning beslutsdatum",
    "Förlängning beslutad",
    "Beslutsdatum förlängning",
];
const GROUP: &[&str] = &[
    "Enhet",
    "Utredande enhet",
    "Mottagande enhet",
    "Organisation",
    "Avdelning",
    "Sektion",
    "Team",
    "Distrikt",
    "Område",
];
const PERSON: &[&str] = &[
    "Personnummer",
    "Barnets personnummer",
    "Persnr",
    "Pnr",
    "Person-ID",
    "Klient-ID",
    "Klient",
    "Brukare",
    "Kundnr",
    "Huvudperson",
    "Pseudonym",
];
/// Headings of a column that tells which control a row belongs to.
const CASE_TYPE: &[&str] =
    &["Ärendetyp", "Utredningstyp", "Typ av aktualisering", "Insatstyp", "Typ", "Process", "Lagrum"];
/// Those of them that tell what kind of matter it is.
const MATTER_TYPE: &[&str] = &["Ärendetyp", "Utredningstyp"];
/// Headings that are not read, but tell that a line is one of headings.
const OTHERS: &[&str] = &[
    "Födelsedatum",
    "Födelseår",
    "Ålder",
    "Kön",
    "Handläggare",
    "Ansvarig handläggare",
    "Socialsekreterare",
    "Utredare",
    "Orsak",
    "Status",
    "Ärendestatus",
    "Anmärkning",
    "Kommentar",
    "Notering",
    "Beslut",
    "Utfall",
    "Verksamhet",
    "Namn",
    "Sökande",
];
/// Headings that say start and end but not of what: enough once the control is known.
const ANY_START: &[&str] =
    &["Startdatum", "Start", "Inledd", "Påbörjad", "Fr.o.m.", "From", "Aktualiseringsdatum"];
const ANY_END: &[&str] =
    &["Slutdatum", "Slut", "Avslutad", "Avslutsdatum", "Avslutad datum", "T.o.m.", "Tom"];

/// A heading as it is compared: without case, blanks, hyphens, underscores, dots and slashes, and
/// without the rings and dots of å, ä and ö.
pub fn folded(heading: &str) -> String {
    heading
        .chars()
        .flat_map(char::to_lowercase)
        .filter_map(|letter| match letter {
            '-' | '_' | '.' | '/' | '\u{feff}' => None,
            // Rings and dots that stand after their letter.
            '\u{300}'..='\u{36f}' => None,
            blank if blank.is_whitespace() => None,
            'å' | 'ä' => Some('a'),
            'ö' => Some('o'),
            'é' => Some('e'),
            other => Some(other),
        })
        .collect()
}

/// Headings as they may be shown. A file without headings has a person's row in their place, and one with a
/// title a name: when one cell looks like data, or stands alone, all are masked.
pub fn shown(headings: &[String]) -> Vec<String> {
    /// No heading is longer than this.
    const LONGEST: usize = 60;
    let is_data = |heading: &String| heading.chars().any(|letter| letter.is_ascii_digit());
    let mask = headings.len() < 2 || headings.iter().any(is_data);
    let show = |(index, heading): (usize, &String)| match mask && !heading.is_empty() {
        true => format!("({})", index + 1),
        false => heading.chars().filter(|letter| !letter.is_control()).take(LONGEST).collect(),
    };
    headings.iter().enumerate().map(show).collect()
}

/// Whether a heading is one that exports are known to have.
pub fn is_usual(heading: &str) -> bool {
    let known =
        [CASE_ID, EXTENDED_TO, EXTENSION_DECIDED, GROUP, PERSON, CASE_TYPE, OTHERS, ANY_START, ANY_END];
    known.into_iter().flatten().any(|known| folded(known) == folded(heading))
}

/// Says which headings are known: the rulebook's, the project's and those of any export.
pub fn known_headings(rulebook: &Rulebook, names: &ColumnNames) -> HashSet<String> {
    let of_rules =
        rulebook.rules.iter().flat_map(|rule| rule.headings.start.iter().chain(&rule.headings.end));
    let of_names = [
        &names.case_id,
        &names.start,
        &names.end,
        &names.extended_to,
        &names.extension_decided,
        &names.group,
        &names.subgroup,
        &names.case_type,
        &names.person,
    ];
    let of_any =
        [CASE_ID, EXTENDED_TO, EXTENSION_DECIDED, GROUP, PERSON, CASE_TYPE, OTHERS, ANY_START, ANY_END];
    let of_any = of_any.into_iter().flatten().copied();
    of_rules.chain(of_names.into_iter().flatten()).map(String::as_str).chain(of_any).map(folded).collect()
}

/// The headings of one file.
pub struct HeadingRow<'a> {
    path: &'a Path,
    headings: &'a [String],
    folded: Vec<String>,
}

impl<'a> HeadingRow<'a> {
    /// `path` is shown in errors.
    pub fn new(path: &'a Path, headings: &'a [String]) -> HeadingRow<'a> {
        HeadingRow { path, headings, folded: headings.iter().map(|heading| folded(heading)).collect() }
    }

    /// The column of the first alias that is a heading.
    fn find<'b>(
        &self,
        role: &'static str,
        aliases: impl IntoIterator<Item = &'b str>,
    ) -> Result<Option<usize>, Error> {
        for alias in aliases {
            let alias = folded(alias);
            let fitting: Vec<usize> =
                (0..self.folded.len()).filter(|index| self.folded[*index] == alias).collect();
            match fitting.as_slice() {
                [] => {}
                [one] => return Ok(Some(*one)),
                several => {
                    return Err(Error::AmbiguousColumn {
                        path: self.path.into(),
                        role,
                        headings: several
                            .iter()
                            .map(|index| format!("{} ({})", self.headings[*index], index + 1))
                            .collect(),
                    });
                }
            }
        }
        Ok(None)
    }

    /// The column that the project file names for a role, if it names one.
    fn named(&self, role: &'static str, name: Option<&String>) -> Result<Option<usize>, Error> {
        let Some(name) = name else { return Ok(None) };
        match self.find(role, [name.as_str()])? {
            Some(index) => Ok(Some(index)),
            None => Err(self.missing(role, Some(name))),
        }
    }

    /// Two columns that could both be the start, or the end, of one rule.
    fn refuse_several(
        &self,
        role: &'static str,
        rules: &[&Rule],
        pick: fn(&Rule) -> &Vec<String>,
    ) -> Result<(), Error> {
        for rule in rules {
            let aliases: Vec<String> = pick(rule).iter().map(|alias| folded(alias)).collect();
            let fitting = (0..self.folded.len()).filter(|index| aliases.contains(&self.folded[*index]));
            let fitting: Vec<String> = fitting.map(|index| self.headings[index].clone()).collect();
            if fitting.len() > 1 {
                return Err(Error::AmbiguousColumn { path: self.path.into(), role, headings: fitting });
            }
        }
        Ok(())
    }

    fn missing(&self, role: &'static str, named: Option<&String>) -> Error {
        let found = shown(self.headings);
        Error::MissingColumn {
            path: self.path.into(),
            role,
            named: named.cloned(),
            suggestion: named.and_then(|name| nearest(name, found.iter().map(String::as_str))),
            found,
        }
    }

    /// The columns of a control's export: those that the project file names, the others recognised.
    pub fn columns(&self, names: &ColumnNames, rules: &[&Rule]) -> Result<Columns, Error> {
        let or_known = |role, name: Option<&String>, aliases: Vec<&str>| match self.named(role, name)? {
            Some(index) => Ok(Some(index)),
            None => self.find(role, aliases),
        };
        let of_rules = |pick: fn(&Rule) -> &Vec<String>, any: &'static [&'static str]| {
            let known = rules.iter().flat_map(|rule| pick(rule)).map(String::as_str);
            known.chain(any.iter().copied()).collect::<Vec<&str>>()
        };
        for (role, named, pick) in [
            ("start", &names.start, (|rule| &rule.headings.start) as fn(&Rule) -> &Vec<String>),
            ("end", &names.end, |rule| &rule.headings.end),
        ] {
            if named.is_none() {
                self.refuse_several(role, rules, pick)?;
            }
        }
        let start =
            or_known("start", names.start.as_ref(), of_rules(|rule| &rule.headings.start, ANY_START))?;
        let end = or_known("end", names.end.as_ref(), of_rules(|rule| &rule.headings.end, ANY_END))?;
        if let (Some(both), true) = (start, start == end) {
            let headings = vec![self.headings[both].clone()];
            return Err(Error::AmbiguousColumn { path: self.path.into(), role: "start, end", headings });
        }
        Ok(Columns {
            case_id: or_known("case_id", names.case_id.as_ref(), CASE_ID.to_vec())?,
            start: start.ok_or_else(|| self.missing("start", None))?,
            end: end.ok_or_else(|| self.missing("end", None))?,
            extended_to: or_known("extended_to", names.extended_to.as_ref(), EXTENDED_TO.to_vec())?,
            extension_decided: or_known(
                "extension_decided",
                names.extension_decided.as_ref(),
                EXTENSION_DECIDED.to_vec(),
            )?,
            group: or_known("group", names.group.as_ref(), GROUP.to_vec())?,
            subgroup: self.named("subgroup", names.subgroup.as_ref())?,
            person: match self.named("person", names.person.as_ref())? {
                Some(column) => Some(column),
                // Two persons in a row, a child and a parent say, tell of no chain.
                None if rules.iter().any(|rule| rule.chain_days.is_some()) => {
                    self.find("person", PERSON.to_vec()).unwrap_or_default()
                }
                None => None,
            },
        })
    }

    /// The columns that cases are to be grouped by in place of the usual ones; none that the file lacks.
    pub fn grouped_by(&self, names: &GroupedBy) -> Result<[Option<usize>; 2], Error> {
        let subgroup = names.subgroup.as_deref().map(|name| self.find("subgroup", [name])).transpose()?;
        Ok([self.find("group", [names.group.as_str()])?, subgroup.flatten()])
    }

    /// The column that tells which control a row belongs to: the one named, or recognised.
    pub fn case_type(&self, name: Option<&String>) -> Result<usize, Error> {
        let known = match self.named("type", name)? {
            None => self.find("type", CASE_TYPE.to_vec())?,
            named => named,
        };
        known.ok_or_else(|| self.missing("type", None))
    }

    /// The column that says of what kind of investigation or matter a row is. Other types, those of services
    /// say, differ within one control too.
    pub fn matter_type(&self) -> Option<usize> {
        self.find("type", MATTER_TYPE.to_vec()).unwrap_or_default()
    }

    /// The controls that the file is an export of, told by its start and end headings. A file can hold
    /// several: one row a report gives both the preliminary and the safety assessment.
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

#[cfg(test)]
mod tests {
    use super::*;

    fn row(headings: &[&str]) -> Vec<String> {
        headings.iter().map(|heading| (*heading).to_owned()).collect()
    }

    #[test]
    fn headings_are_compared_without_what_varies() {
        for spelling in ["Ärendenr", "ÄRENDENR", "arendenr", "Ärende nr", "ärende-nr.", "Ärende_nr"] {
            assert_eq!(folded(spelling), "arendenr");
        }
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
        let names = ColumnNames { end: Some("Klar".into()), ..ColumnNames::default() };
        let columns = row.columns(&names, &rules).expect("columns");
        assert_eq!((columns.case_id, columns.start, columns.end, columns.group), (Some(0), 1, 3, None));
        let names = ColumnNames { end: Some("Utredning avslutat".into()), ..ColumnNames::default() };
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
        assert_eq!(shown(&["19121212-1212".into(), "Norr".into()]), ["(1)", "(2)"]);
        assert_eq!(shown(&["Utdrag för Kalle".into()]), ["(1)"]);
        assert_eq!(shown(&["Start\u{1b}[m".into(), "Slut".into()]), ["Start[m", "Slut"]);
    }
}
