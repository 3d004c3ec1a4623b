//! Headings: which column of an export holds what.
//!
//! Columns are named in the project file, or recognised by the headings that case systems and their users write. Only
//! columns with a role are read; a column of personal numbers is read only to look for chains, as a hash.

use std::collections::HashSet;
use std::path::Path;
use std::sync::LazyLock;

use crate::error::{Error, nearest};
use crate::personal_numbers;
use crate::project::{ColumnNames, GroupedBy, OneOrMany};
use crate::rulebook::{Rule, Rulebook};
use crate::values::printable;

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
    "Utr nr",
    "Aktualiseringsnr",
    "Anmälningsnr",
    "Ansökningsnr",
    "Ärende",
    "Case ID",
    "Case number",
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
/// Headings of a due date that the authority promised; read only if a rule's clock uses it.
const DUE: &[&str] = &[
    "Sista dag",
    "Sista datum",
    "Förfallodag",
    "Förfallodatum",
    "Utlovat datum",
    "Utlovad dag",
    "Tidsfrist",
    "Fristdatum",
    "Frist",
    "Deadline",
    "Due date",
    "Promised date",
];
const GROUP: &[&str] = &[
    "Enhet",
    "Utredande enhet",
    "Mottagande enhet",
    "Ansvarig enhet",
    "Handläggande enhet",
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
/// Headings of a column that shows which control a row belongs to.
const CASE_TYPE: &[&str] = &[
    "Ärendetyp",
    "Utredningstyp",
    "Utr typ",
    "Typ av utredning",
    "Typ av ärende",
    "Typ av aktualisering",
    "Insatstyp",
    "Typ",
    "Process",
    "Lagrum",
];
/// Those of them that name the kind of matter.
const MATTER_TYPE: &[&str] = &["Ärendetyp", "Utredningstyp", "Utr typ", "Typ av utredning", "Typ av ärende"];
/// Headings of a column that shows the state of a case.
const STATUS: &[&str] = &["Status", "Ärendestatus", "Utredningsstatus", "Ärendets status", "Tillstånd"];
/// Headings of columns that name a person: who handles a case, and whose it is. [`OF_PERSONS`] lists words in other
/// such headings.
const NAMES: &[&str] = &[
    "Handläggare",
    "Ansvarig",
    "Ansvarig handläggare",
    "Handl.",
    "Handläggarnamn",
    "Socialsekreterare",
    "Ansvarig socialsekreterare",
    "Utredare",
    "Beslutsfattare",
    "Enhetschef",
    "Chef",
    "Skapad av",
    "Registrerad av",
    "Beslutad av",
    "Handlagd av",
    "Utredd av",
    "Namn",
    "Förnamn",
    "Efternamn",
    "Tilltalsnamn",
    "Person",
    "Sökande",
    "Barnets namn",
    "Förälder",
    "Vårdnadshavare",
    "Anmälare",
    "Kund",
    "Kund-ID",
    "Kundnummer",
    "E-post",
    "Telefon",
    "Mobil",
    "Adress",
    "Användare",
    "Familj",
    "Signatur",
    "Sign",
    "Initialer",
    "Name",
    "First name",
    "Last name",
    "Surname",
    "Client",
    "Case worker",
    "Social worker",
    "SSN",
];
/// Words, folded, of headings that name a person.
const OF_PERSONS: [&str; 16] = [
    "persnr",
    "handlaggare",
    "sekreterare",
    "utredare",
    "bedomare",
    "medarbetare",
    "tjansteperson",
    "tjansteman",
    "kontaktperson",
    "epost",
    "email",
    "mejl",
    "gatuadress",
    "fornamn",
    "efternamn",
    "caseworker",
];
/// Folded words that name a person if a word of [`OF_ONE_PERSON`] follows: klientnamn, but not klientnöjdhet.
const WHOSE: [&str; 13] = [
    "person",
    "samordnings",
    "fodelse",
    "handlaggar",
    "klient",
    "klientens",
    "brukar",
    "brukarens",
    "barnets",
    "barnens",
    "sokandes",
    "havares",
    "telefon",
];
/// Words for what distinguishes one person from another.
const OF_ONE_PERSON: [&str; 5] = ["nummer", "num", "nr", "namn", "id"];
/// Folded words that turn a heading that names a person into one of units if they follow immediately, perhaps after a
/// genitive: handläggarens enhet. Enhetssekreterare is a person.
const OF_UNITS: [&str; 10] = [
    "enhet",
    "avdelning",
    "sektion",
    "team",
    "distrikt",
    "omrade",
    "organisation",
    "grupp",
    "kategori",
    "kommun",
];
/// What may follow one of those: enhetsnamn.
const BEHIND_UNITS: [&str; 5] = ["snamn", "namn", "skod", "kod", "en"];
/// Folded words for a kind of people that follow the person immediately, perhaps after a genitive. They also end other
/// words: kontroll, förälder.
const OF_KINDS: [&str; 4] = ["typ", "kon", "roll", "alder"];
/// What may stand between.
const BEFORE_KINDS: [&str; 4] = ["", "s", "ns", "ens"];
/// How folded headings begin that count people or name their kind.
const OF_COUNTS: [&str; 2] = ["antal", "typav"];
/// Headings that are not read, but show that a line consists of headings.
const OTHERS: &[&str] = &[
    "Födelsedatum",
    "Födelseår",
    "Ålder",
    "Kön",
    "Orsak",
    "Anmärkning",
    "Kommentar",
    "Notering",
    "Beslut",
    "Utfall",
    "Verksamhet",
];
/// Words at the end of a heading for a date, and for a time of day, folded.
const OF_DATES: [&str; 3] = ["datum", "date", "dag"];
const OF_TIMES: [&str; 6] = ["klockslag", "tidpunkt", "tid", "klockan", "time", "kl"];
/// Headings of a start and an end that do not say of what: enough once the control is known.
const ANY_START: &[&str] =
    &["Startdatum", "Start", "Inledd", "Påbörjad", "Fr.o.m.", "From", "Aktualiseringsdatum"];
const ANY_END: &[&str] =
    &["Slutdatum", "Slut", "Avslutad", "Avslutsdatum", "Avslutad datum", "T.o.m.", "Tom"];

/// A heading as it is compared: without case, blanks, hyphens, underscores, dots and slashes, and without the
/// diacritics of å, ä, ö and é.
pub fn folded(heading: &str) -> String {
    heading
        .chars()
        .flat_map(char::to_lowercase)
        .filter_map(|letter| match letter {
            '-' | '_' | '.' | '/' | '\u{feff}' => None,
            // Diacritics written after their letter.
            '\u{300}'..='\u{36f}' => None,
            blank if blank.is_whitespace() => None,
            'å' | 'ä' => Some('a'),
            'ö' => Some('o'),
            'é' => Some('e'),
            other => Some(other),
        })
        .collect()
}

/// How much a line looks like the headings of a table of cases: 3 with the start and end of one rule, 2 with any start,
/// any end and a case number, 1 with any start and any end, otherwise 0.
pub fn rank_of_headings(rulebook: &Rulebook, cells: &[Vec<u8>]) -> u8 {
    let cells: Vec<String> = cells.iter().map(|cell| folded(&String::from_utf8_lossy(cell))).collect();
    let has = |names: &[&str]| names.iter().any(|name| cells.contains(&folded(name)));
    let has_own = |names: &[String]| names.iter().any(|name| cells.contains(&folded(name)));
    let of_a_rule = |rule: &Rule| has_own(&rule.headings.start) && has_own(&rule.headings.end);
    let start = has(ANY_START) || rulebook.rules.iter().any(|rule| has_own(&rule.headings.start));
    let end = has(ANY_END) || rulebook.rules.iter().any(|rule| has_own(&rule.headings.end));
    match (start && end, has(CASE_ID)) {
        (true, _) if rulebook.rules.iter().any(of_a_rule) => 3,
        (true, true) => 2,
        (true, false) => 1,
        (false, _) => 0,
    }
}

/// Whether letters were lost in a heading: there is a question mark before a letter, a replacement character, or what
/// å, ä and ö become in the wrong encoding. `Klar?` is a question.
pub fn has_lost_letters(heading: &str) -> bool {
    const MISREAD: [&str; 5] = ["\u{fffd}", "Ã", "├", "√", "â€"];
    let mut after_mark = heading.split('?').skip(1);
    after_mark.any(|rest| rest.starts_with(char::is_alphabetic))
        || MISREAD.iter().any(|letters| heading.contains(letters))
}

/// Headings as they may be shown. A file without headings may have a person's row in their place, and a title may be a
/// name. If the row looks like a person's, or has a single cell, every cell is masked. Otherwise those are masked that
/// look like data and, if one of them is a personal number or an e-mail address, all that are not usual in exports.
pub fn shown(headings: &[String]) -> Vec<String> {
    /// The longest heading that is shown in full.
    const LONGEST: usize = 60;
    let show = |(index, (heading, is_masked)): (usize, (&String, bool))| match is_masked {
        true => format!("({})", index + 1),
        false => printable(heading).chars().take(LONGEST).collect(),
    };
    headings.iter().zip(masks(headings)).enumerate().map(show).collect()
}

/// Which headings [`shown`] masks.
pub fn masks(headings: &[String]) -> Vec<bool> {
    let mask_all = headings.len() < 2 || is_of_a_person(headings);
    // A name beside a personal number would look like a heading.
    let has_person = headings.iter().any(|heading| is_personal(heading));
    let is_masked = |heading: &String| {
        let is_unsafe = mask_all || is_data(heading) || has_person && !is_expected(heading);
        is_unsafe && !heading.is_empty()
    };
    headings.iter().map(is_masked).collect()
}

/// Whether a row in place of the headings looks like a person's data.
fn is_of_a_person(headings: &[String]) -> bool {
    let is_wordless = |cell: &&String| {
        cell.contains(|letter: char| letter.is_ascii_digit()) && !cell.contains(char::is_alphabetic)
    };
    let wordless: Vec<&String> = headings.iter().filter(is_wordless).collect();
    let usual: Vec<&String> = headings.iter().filter(|heading| is_expected(heading)).collect();
    let may_be_data = |word: &&String| {
        let lists = [OTHERS, ANY_START, ANY_END];
        lists.into_iter().flatten().any(|known| folded(known) == folded(word))
    };
    match usual.as_slice() {
        [] | [_] | [_, _] if headings.iter().any(|cell| is_personal(cell)) => true,
        [] => !wordless.is_empty() || headings.iter().any(|cell| is_data(cell)),
        // Words such as Beslut and Avslutad also occur in rows of data.
        [_] => wordless.iter().any(|cell| is_data(cell)),
        [_, _] if usual.iter().all(may_be_data) => wordless.iter().any(|cell| is_data(cell)),
        _ => false,
    }
}

/// A personal number or an e-mail address.
fn is_personal(cell: &str) -> bool {
    cell.contains('@') || personal_numbers::holds(cell)
}

/// A personal number, a date, a long number or an e-mail address.
fn is_data(cell: &str) -> bool {
    /// Digits in a row, as in a case number.
    const LONG: usize = 5;
    let numbers: Vec<usize> = cell
        .split(|letter: char| !letter.is_ascii_digit())
        .map(str::len)
        .filter(|length| *length > 0)
        .collect();
    let is_date = |numbers: &[usize]| matches!(numbers, [4, 1..=2, 1..=2] | [1..=2, 1..=2, 2 | 4]);
    is_personal(cell) || numbers.iter().any(|length| *length >= LONG) || numbers.windows(3).any(is_date)
}

/// Headings that can occur in exports of any control.
fn of_any() -> impl Iterator<Item = &'static str> {
    let lists = [
        CASE_ID,
        EXTENDED_TO,
        EXTENSION_DECIDED,
        DUE,
        GROUP,
        PERSON,
        CASE_TYPE,
        STATUS,
        NAMES,
        OTHERS,
        ANY_START,
        ANY_END,
    ];
    lists.into_iter().flatten().copied()
}

/// Whether exports of any control may have this heading.
pub fn is_usual(heading: &str) -> bool {
    of_any().any(|known| folded(known) == folded(heading))
}

/// Whether exports of any control, or of a built-in rule, may have this heading.
fn is_expected(heading: &str) -> bool {
    static OF_RULES: LazyLock<HashSet<String>> = LazyLock::new(|| {
        let rules = Rulebook::builtin().rules;
        let headings = rules.iter().flat_map(|rule| rule.headings.start.iter().chain(&rule.headings.end));
        headings.map(|heading| folded(heading)).collect()
    });
    is_usual(heading) || OF_RULES.contains(&folded(heading))
}

/// Whether a heading is one for units.
pub fn names_units(heading: &str) -> bool {
    GROUP.iter().any(|known| folded(known) == folded(heading))
}

/// Whether a column with this heading names persons, so that cases must not be grouped by it.
pub fn names_persons(heading: &str) -> bool {
    let heading = folded(heading);
    // A second column of the same name has a number: Handläggare 2.
    let bare = heading.trim_end_matches(|letter: char| letter.is_ascii_digit());
    let is_known = NAMES.iter().chain(PERSON).any(|known| folded(known) == bare);
    let is_count = || OF_COUNTS.iter().any(|count| bare.starts_with(count));
    let has_person =
        || names_one(bare) || behind_person(bare).is_some_and(|behind| !behind.into_iter().any(is_of_units));
    is_known || has_person() && !is_count()
}

/// Whether a folded heading contains something that distinguishes one person from another, such as a number.
fn names_one(heading: &str) -> bool {
    let whose = WHOSE.iter().flat_map(|whose| heading.match_indices(whose));
    whose
        .map(|(start, whose)| &heading[start + whose.len()..])
        .any(|behind| OF_ONE_PERSON.iter().any(|told| behind.starts_with(told)))
}

/// What follows the last word for a person in a folded heading, and the same with the word's final e: handläggarenhet
/// has lost one.
fn behind_person(heading: &str) -> Option<[&str; 2]> {
    let ends = OF_PERSONS.iter().filter_map(|word| Some(heading.rfind(word)? + word.len()));
    let end = ends.max()?;
    let without = if heading[..end].ends_with('e') { end - 1 } else { end };
    Some([end, without].map(|end| &heading[end..]))
}

/// Whether the text after a person makes the heading one of units or kinds: Handläggarens enhet, handläggare roll.
fn is_of_units(behind: &str) -> bool {
    let heads = BEHIND_UNITS.iter().filter_map(|ending| behind.strip_suffix(ending)).chain([behind]);
    let ends_with = |head: &str, words: &[&str]| {
        let mut before = words.iter().filter_map(|word| head.strip_suffix(word));
        before.any(|before| BEFORE_KINDS.contains(&before))
    };
    ends_with(behind, &OF_KINDS) || heads.into_iter().any(|head| ends_with(head, &OF_UNITS))
}

/// The known headings, folded: the rulebook's, the project's and those of any export.
pub fn known_headings(rulebook: &Rulebook, names: &ColumnNames) -> HashSet<String> {
    let of_rules =
        rulebook.rules.iter().flat_map(|rule| rule.headings.start.iter().chain(&rule.headings.end));
    let named = of_rules.chain(names.all()).map(|heading| folded(heading));
    named.chain(of_any().map(folded)).collect()
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
    ///
    /// # Errors
    /// If several columns have it.
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
                    let heading = &shown(self.headings)[several[0]];
                    let headings = (1..=several.len()).map(|place| format!("{heading}#{place}")).collect();
                    return Err(Error::AmbiguousColumn { path: self.path.into(), role, headings });
                }
            }
        }
        Ok(None)
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

    /// Refuses two columns that could both be the start, or the end, of one rule.
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
        let or_known = |role, name: Option<&String>, aliases: Vec<&str>| match self.named(role, name)? {
            Some(index) => Ok(Some(index)),
            None => self.find(role, aliases),
        };
        let of_rules = |pick: fn(&Rule) -> &Vec<String>, any: &'static [&'static str]| {
            let known = rules.iter().flat_map(|rule| pick(rule)).map(String::as_str);
            known.chain(any.iter().copied()).collect::<Vec<&str>>()
        };
        let date = |role, named: Option<&OneOrMany<String>>, pick: fn(&Rule) -> &Vec<String>, any| {
            if let Some(named) = self.named_dates(role, named)? {
                return Ok(named);
            }
            self.refuse_several(role, rules, pick)?;
            let known = self.find(role, of_rules(pick, any))?;
            let date = known.ok_or_else(|| self.missing(role, None))?;
            Ok::<_, Error>(vec![When { date, time: None }])
        };
        let start = date("start", names.start.as_ref(), |rule| &rule.headings.start, ANY_START)?;
        let end = date("end", names.end.as_ref(), |rule| &rule.headings.end, ANY_END)?;
        if let Some(both) = start.iter().find(|when| end.contains(when)) {
            let headings = vec![shown(self.headings)[both.date].clone()];
            return Err(Error::AmbiguousColumn { path: self.path.into(), role: "start, end", headings });
        }
        Ok(Columns {
            case_id: or_known("case_id", names.case_id.as_ref(), CASE_ID.to_vec())?,
            start,
            end,
            extended_to: or_known("extended_to", names.extended_to.as_ref(), EXTENDED_TO.to_vec())?,
            extension_decided: or_known(
                "extension_decided",
                names.extension_decided.as_ref(),
                EXTENSION_DECIDED.to_vec(),
            )?,
            due: self.due(names.due.as_ref(), rules)?,
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
        })
    }

    /// The column with the export's own due dates, which only rules with that clock need.
    fn due(&self, name: Option<&String>, rules: &[&Rule]) -> Result<Option<usize>, Error> {
        let named = self.named("due", name)?;
        if !rules.iter().any(|rule| rule.uses_due_column()) {
            return Ok(None);
        }
        let found = if named.is_some() { named } else { self.find("due", DUE.to_vec())? };
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
    fn headings_are_shown_and_a_persons_data_is_masked() {
        let headings = ["Ärendenr", "Barn 1", "Kvartal 2 2024", "Utredning inledd"];
        assert_eq!(shown(&row(&headings)), headings);
        assert_eq!(shown(&row(&["Fråga 1", "Svar 12"])), ["Fråga 1", "Svar 12"]);
        assert_eq!(
            shown(&row(&["Ärendenr", "Enhet", "240110-1", "2024-01-10"])),
            ["Ärendenr", "Enhet", "(3)", "(4)"]
        );
        for person in [
            &["17", "Anna Andersson", "Norr"][..],
            &["BU-17", "Anna Andersson", "2024-01-10"],
            &["Anna Andersson", "Beslut", "2024-01-10"],
            &["Anna Andersson", "Beslut", "Avslutad", "2024-01-10"],
            &["Namn", "Status", "121212-1212", "Anna Andersson"],
            &["Namn", "Status", "anna@example.se"],
        ] {
            let masked: Vec<String> = (1..=person.len()).map(|number| format!("({number})")).collect();
            assert_eq!(shown(&row(person)), masked);
        }
    }

    #[test]
    fn headings_that_name_persons_are_known_in_every_spelling() {
        for heading in [
            "Namn",
            "KLIENT",
            "Klientens namn",
            "Handläggare",
            "Ansv. handläggare",
            "Personnr",
            "Barnets personnummer",
            "E-post",
            "e_postadress",
            "Telefonnr",
            "Vårdnadshavare 1",
            "Ekonomihandläggare",
            "Handläggare kontroll",
            "Handläggare kommunikation",
            "Handläggare/enhetschef",
            "Handläggare, ålder",
            "Handläggar-ID",
            "Enhet/handläggare",
            "Enhetssekreterare",
            "Avdelningssekreterare",
            "Kontaktperson",
            "Kontaktperson e-post",
            "Kontaktperson (förälder)",
            "Handläggare på enhet",
            "Personnr kommun",
            "Samordningsnr enhet",
            "Ansvarig medarbetare",
            "Tjänsteperson",
            "Tjänsteman",
            "Biståndsbedömare",
            "Bedömare",
            "Ansvarig utredare",
            "Klientnr",
            "Klientnummer",
            "Klientnamn",
            "Brukarens namn",
            "Brukarnr",
            "Personnr barn",
            "Användare",
            "Familj",
            "Barnets nr",
        ] {
            assert!(names_persons(heading), "{heading}");
        }
        for heading in [
            "Enhet",
            "Handläggande enhet",
            "Handläggarens enhet",
            "Klientgrupp",
            "Klientens ålder",
            "Klientens boendeform",
            "Telefonkontakt",
            "Barn",
            "Orsak",
            "Enhetsnamn",
            "Kön",
            "Handläggarenhet",
            "Handläggare enhet",
            "Handläggare enhetsnamn",
            "Handläggarenheten",
            "Handläggares kön",
            "Handläggare roll",
            "Kontaktpersonstyp",
            "Kontaktpersonens ålder",
            "Sekreterarens team",
            "Medarbetaravdelning",
            "Medarbetare grupp 2",
            "Medarbetarens avdelning",
            "Bedömarens område",
            "Antal handläggare",
            "Typ av handläggare",
            "Klientnöjdhet",
            "Klientnivå",
            "Brukarnöjdhet",
            "Barnets nätverk",
            "Personnivå",
            "Kommun",
            "Kontroll",
            "Kontakt",
        ] {
            assert!(!names_persons(heading), "{heading}");
        }
    }

    #[test]
    fn lost_letters_are_told_from_questions() {
        for heading in
            ["?rendenr", "F?rl?ngd", "??rende", "\u{fffd}rendenr", "Ã„rendenr", "├ärendenr", "√Ñrende"]
        {
            assert!(has_lost_letters(heading), "{heading}");
        }
        for heading in ["Klar?", "Klar? (ja/nej)", "Ärendenr", "?", "", "Avslutad?; datum"] {
            assert!(!has_lost_letters(heading), "{heading}");
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
