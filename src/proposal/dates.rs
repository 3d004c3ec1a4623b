//! Which columns of a file that is not recognised seem to be the start and the end of its cases. A wrong end makes
//! every figure wrong without a fault to see, so what is not clear is left to the analyst.

use crate::ingest::{ANY_END, ANY_START, ColumnGlance, DUE, EXTENDED_TO, EXTENSION_DECIDED, Glance, folded};
use crate::rulebook::Rule;

/// Words in the headings of dates that no case starts or ends with, folded: births, and changes of the record.
const OF_OTHERS: [&str; 11] = [
    "fodel", "fodd", "birth", "andrad", "andrat", "andring", "uppdater", "uttag", "changed", "modified",
    "updated",
];
/// Words in the headings of days that are planned or by which something is due, folded: nothing happened on them.
const OF_PLANS: [&str; 32] = [
    "planerad",
    "planerat",
    "planned",
    "planslut",
    "berakna",
    "forvanta",
    "expected",
    "estimat",
    "prognos",
    "forecast",
    "preliminart",
    "prelslut",
    "prelavslut",
    "preldat",
    "senast",
    "sista",
    "frist",
    "tidsgrans",
    "forfall",
    "uppfolj",
    "follow",
    "bevak",
    "paminn",
    "omprov",
    "maldat",
    "malslut",
    "deadline",
    "duedate",
    "target",
    "latest",
    "forlang",
    "extended",
];
/// The same, where they are words of their own.
const PLANS: [&str; 4] = ["due", "plan", "prel", "mal"];
/// Words in the headings of starts and of ends, whatever the control, folded.
const START_WORDS: [&str; 16] = [
    "start", "inled", "inkom", "inkommen", "paborj", "anmal", "fran", "from", "mottag", "ansok", "begar",
    "registr", "open", "received", "oppn", "aktuali",
];
const END_WORDS: [&str; 13] = [
    "slut",
    "avslut",
    "klar",
    "tom",
    "till",
    "verkst",
    "erbju",
    "bedomning",
    "fardig",
    "stang",
    "stallning",
    "close",
    "end",
];

/// The columns of a file that could be the start and the end of its cases.
pub struct Dates<'a> {
    columns: &'a [ColumnGlance],
    rule: &'a Rule,
    /// The column that fits best as the start.
    likeliest_start: Option<&'a ColumnGlance>,
    /// The columns of which each could be the start, if there are several.
    possible_starts: Vec<&'a ColumnGlance>,
    /// The column that fits best as the end, and the others that could be it just as well.
    ends: Vec<&'a ColumnGlance>,
}

impl<'a> Dates<'a> {
    /// Examines the columns of a file for a control.
    pub fn of(glance: &'a Glance, rule: &'a Rule) -> Dates<'a> {
        let (possible_starts, ends) = (Vec::new(), Vec::new());
        let mut dates =
            Dates { columns: &glance.columns, rule, likeliest_start: None, possible_starts, ends };
        let [start, end] = dates.best();
        dates.likeliest_start = start;
        dates.ends = end.into_iter().collect();
        if let Some(end) = end {
            let others = dates.columns.iter().filter(|other| {
                other.name != end.name && dates.can_be_end(other) && !dates.is_clearer(end, other)
            });
            let others: Vec<&ColumnGlance> = others.collect();
            dates.ends.extend(others);
        }
        dates
    }

    /// The start and the end that fit best, clearly or not.
    pub fn likeliest(&self) -> [Option<&'a ColumnGlance>; 2] {
        [self.likeliest_start, self.ends.first().copied()]
    }

    /// The end, if it is clear which column it is.
    pub fn end(&self) -> Option<&'a ColumnGlance> {
        if let [end] = self.ends.as_slice() { Some(end) } else { None }
    }

    /// The columns of which each could be the end, if there are several.
    pub fn possible_ends(&self) -> &[&'a ColumnGlance] {
        if self.ends.len() > 1 { &self.ends } else { &[] }
    }

    /// The same for a file whose control is not known: which of several columns is the start depends on the control.
    pub fn of_any_control(self) -> Dates<'a> {
        let has_heading = |column: &&ColumnGlance| {
            let known = is_known(column, &self.rule.headings.start) || is_known(column, &owned(ANY_START));
            self.can_be_start(column) && (known || has_one(column, &START_WORDS))
        };
        let starts: Vec<&ColumnGlance> = self.columns.iter().filter(has_heading).collect();
        Dates { possible_starts: if starts.len() > 1 { starts } else { Vec::new() }, ..self }
    }

    /// The start, if there is one and it is clear which column it is.
    pub fn start(&self) -> Option<&'a ColumnGlance> {
        self.likeliest_start.filter(|_| self.possible_starts.is_empty())
    }

    /// The columns of which each could be the start, if there are several.
    pub fn possible_starts(&self) -> &[&'a ColumnGlance] {
        &self.possible_starts
    }

    /// Whether a column could be the start of the cases.
    pub fn can_be_start(&self, column: &ColumnGlance) -> bool {
        let known = [&self.rule.headings.start[..], &owned(ANY_START)].concat();
        can_be(column, &known, &START_WORDS) && self.ends.first().is_none_or(|end| end.name != column.name)
    }

    /// Whether a column could be the end of the cases.
    pub fn can_be_end(&self, column: &ColumnGlance) -> bool {
        let starts_earlier = |start: &ColumnGlance| {
            start.name != column.name && !column.before.contains(&start.name) && !is_calculated(start, column)
        };
        can_be(column, &self.known_ends(), &END_WORDS) && self.likeliest_start.is_none_or(starts_earlier)
    }

    /// The columns of days that seem to be planned: by their heading, or calculated from the start.
    pub fn planned(&self) -> [Vec<&'a ColumnGlance>; 2] {
        let dates = || self.columns.iter().filter(|column| column.holds_dates);
        let known = self.known_ends();
        let of_others = |column: &&ColumnGlance| has_word(column, &OF_OTHERS);
        let by_heading =
            |column: &&ColumnGlance| is_planned(column) && !is_known(column, &known) && !of_others(column);
        let by_days =
            |column: &&ColumnGlance| self.likeliest_start.is_some_and(|start| is_calculated(start, column));
        [
            dates().filter(by_heading).collect(),
            dates().filter(|column| by_days(column) && !by_heading(column) && !of_others(column)).collect(),
        ]
    }

    fn known_ends(&self) -> Vec<String> {
        [&self.rule.headings.end[..], &owned(ANY_END)].concat()
    }

    /// The start and the end that fit best. Dates go before headings: nothing ends before it starts.
    fn best(&self) -> [Option<&'a ColumnGlance>; 2] {
        let [starts, ends] = [
            self.fits(&|column| self.can_be_start(column), &|column| self.fitness_as_start(column)),
            self.fits(&|column| self.can_be_end(column), &|column| self.fitness_as_end(column)),
        ];
        let pairs = starts.iter().flat_map(|start| ends.iter().map(move |end| (start, end)));
        let can_be = |((start, _), (end, _)): &(&Fitting<'_>, &Fitting<'_>)| {
            start.name != end.name && !end.before.contains(&start.name) && !is_calculated(start, end)
        };
        // Of equally good pairs the first.
        let best = pairs.rev().filter(can_be).max_by(|one, other| {
            let fit = |((_, start), (_, end)): &(&Fitting<'_>, &Fitting<'_>)| start + end;
            fit(one).total_cmp(&fit(other))
        });
        match best {
            Some(((start, _), (end, _))) => [Some(*start), Some(*end)],
            None => {
                let alone = starts.iter().rev().max_by(|(_, one), (_, other)| one.total_cmp(other));
                [alone.map(|(start, _)| *start), None]
            }
        }
    }

    fn fits(
        &self,
        can_be: &dyn Fn(&ColumnGlance) -> bool,
        fitness: &dyn Fn(&ColumnGlance) -> f64,
    ) -> Vec<Fitting<'a>> {
        let those = self.columns.iter().filter(|column| can_be(column));
        those.map(|column| (column, fitness(column))).collect()
    }

    fn fitness_as_start(&self, column: &ColumnGlance) -> f64 {
        let by_heading = likeness(&column.name, &self.rule.headings.start);
        worth(column.holds_dates, 4.0) + by_heading + worth(has_one(column, &START_WORDS), 0.5)
    }

    /// Cases that are open have no end, so an empty cell speaks for a column.
    fn fitness_as_end(&self, column: &ColumnGlance) -> f64 {
        let by_heading = worth(column.holds_dates, 4.0) + likeness(&column.name, &self.rule.headings.end);
        let is_known = worth(is_known(column, &owned(ANY_END)), 0.5);
        by_heading + is_known + worth(has_one(column, &END_WORDS), 0.5) + worth(has_blanks(column), 0.3)
    }

    /// Whether one column is clearly rather the end than another: by its heading, if cells do not speak against it, or
    /// by its empty cells.
    fn is_clearer(&self, one: &ColumnGlance, other: &ColumnGlance) -> bool {
        let [rank, other_rank] = [one, other].map(|column| self.rank_as_end(column));
        let [blanks, other_blanks] = [one, other].map(has_blanks);
        match rank.cmp(&other_rank) {
            _ if one.holds_dates != other.holds_dates => one.holds_dates,
            std::cmp::Ordering::Greater => rank == Rank::Known || blanks || !other_blanks,
            std::cmp::Ordering::Equal => blanks && !other_blanks,
            std::cmp::Ordering::Less => false,
        }
    }

    fn rank_as_end(&self, column: &ColumnGlance) -> Rank {
        /// Headings that are this much alike are the same but for an ending.
        const SAME: f64 = 0.9;
        match () {
            () if likeness(&column.name, &self.known_ends()) >= SAME => Rank::Known,
            () if has_one(column, &END_WORDS) => Rank::Word,
            () if has_one(column, &START_WORDS) => Rank::OfStarts,
            () => Rank::Nothing,
        }
    }
}

/// A column, and how well it fits.
type Fitting<'a> = (&'a ColumnGlance, f64);

/// How much a heading speaks for an end.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    OfStarts,
    Nothing,
    Word,
    Known,
}

/// Whether a column could be a start or an end: it holds dates that are not of something else, or is empty and has the
/// heading of one.
fn can_be(column: &ColumnGlance, known: &[String], words: &[&str]) -> bool {
    let is_empty = column.filled.0 == 0 && (is_known(column, known) || has_one(column, words));
    let is_other = || (has_word(column, &OF_OTHERS) || is_planned(column)) && !is_known(column, known);
    (column.holds_dates || is_empty) && !is_other()
}

/// Whether a heading is of a day that is planned or due.
fn is_planned(column: &ColumnGlance) -> bool {
    let mut own_words = column.name.split(|letter: char| !letter.is_alphabetic());
    let mut others = DUE.iter().chain(EXTENDED_TO).chain(EXTENSION_DECIDED);
    has_word(column, &OF_PLANS)
        || own_words.any(|word| PLANS.contains(&folded(word).as_str()))
        || others.any(|other| folded(other) == folded(&column.name))
}

fn is_calculated(start: &ColumnGlance, column: &ColumnGlance) -> bool {
    column.calculated_from.contains(&start.name)
}

fn is_known(column: &ColumnGlance, known: &[String]) -> bool {
    let heading = folded(&column.name);
    known.iter().any(|known| folded(known) == heading)
}

/// Whether one of a heading's words has one of these in it: beslut taget is no uttag.
fn has_word(column: &ColumnGlance, words: &[&str]) -> bool {
    let mut own_words = column.name.split(|letter: char| !letter.is_alphabetic()).map(folded);
    own_words.any(|own| words.iter().any(|word| own.contains(word)))
}

fn has_one(column: &ColumnGlance, words: &[&str]) -> bool {
    let heading = folded(&column.name);
    words.iter().any(|word| heading.contains(word))
}

/// Whether some of the column's cells are empty.
pub fn has_blanks(column: &ColumnGlance) -> bool {
    column.filled.0 < column.filled.1
}

fn owned(headings: &[&str]) -> Vec<String> {
    headings.iter().map(|heading| (*heading).to_owned()).collect()
}

fn worth(is: bool, worth: f64) -> f64 {
    if is { worth } else { 0.0 }
}

/// How alike a heading is to the nearest known one, 0 to 1.
pub fn likeness(heading: &str, known: &[String]) -> f64 {
    let heading = folded(heading);
    known.iter().map(|known| strsim::jaro_winkler(&heading, &folded(known))).fold(0.0, f64::max)
}
