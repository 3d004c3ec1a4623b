//! The rulebook: which deadlines there are, how long they are, under which law and from which day.
//!
//! Rules come from TOML: the text built into the program, and optionally one of the user's on top. This module parses
//! and checks them; it opens no file and judges no case.

mod clock;
mod methods;

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

pub use clock::Clock;
pub use methods::{ByDay, JudgedBy, MOST_METHODS, Method};

use crate::date::Day;
use crate::error::{Error, Flaw};
use crate::language::Phrase;

/// The rulebook that ships inside the program.
pub const BUILTIN: &str = include_str!("builtin.toml");

/// What happens when the last day falls on a Saturday, a Sunday, a public holiday or one of the three eves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, serde::Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Roll {
    /// It stays.
    None,
    /// It moves to the next weekday, lag (1930:173) 2 §.
    NextWeekday,
}

/// What ties a case to a period.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize, serde::Serialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Cohort {
    /// The day the case ended; open cases belong to no period.
    Closed,
    /// The due date; an open case past it is a deviation.
    Due,
    /// The day the case started; what is not due yet is undetermined.
    Started,
}

impl Cohort {
    /// Every cohort, in the order of the tally's columns.
    pub const ALL: [Cohort; 3] = [Cohort::Closed, Cohort::Due, Cohort::Started];

    /// The name in files.
    pub fn id(self) -> &'static str {
        match self {
            Cohort::Closed => "closed",
            Cohort::Due => "due",
            Cohort::Started => "started",
        }
    }
}

/// Whether a law or the municipality sets the time limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// A statute sets it.
    Statute,
    /// The municipality set it.
    LocalTarget,
}

/// Headings by which an export of a control is recognised.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Headings {
    /// Headings of the column with the start date.
    #[serde(default)]
    pub start: Vec<String>,
    /// Headings of the column with the end date.
    #[serde(default)]
    pub end: Vec<String>,
    /// What a column of types, or a file's name, calls the control.
    #[serde(default)]
    pub types: Vec<String>,
}

/// A law, or a local decision, and the start days for which it sets the clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Law {
    /// First day in force, included; `None` for as long as the calendar reaches back.
    pub first_day: Option<Day>,
    /// Last day in force, included; `None` while it is in force.
    pub last_day: Option<Day>,
    /// The citation, as it is printed.
    pub citation: Phrase,
    /// Whether the citation was read in the statute itself, not in a secondary source.
    pub verified: bool,
    /// What a reader should know about the citation.
    pub note: Option<Phrase>,
    /// The lawful clock under this law.
    pub method: Clock,
}

impl Law {
    fn in_force_on(&self, day: Day) -> bool {
        self.first_day.is_none_or(|first| first <= day) && self.last_day.is_none_or(|last| day <= last)
    }
}

/// One control's deadline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Stable name, such as `child-investigation`.
    pub id: String,
    /// Name in reports.
    pub name: Phrase,
    /// The event that starts the clock.
    pub start: Phrase,
    /// The event that must happen no later than the due date.
    pub end: Phrase,
    /// Law or local target.
    pub basis: Basis,
    /// The way to count that is shown beside the lawful one, if any.
    pub reference: Option<Clock>,
    /// Whether 2 § moves the due date.
    pub roll: Roll,
    /// Whether it is not settled that 2 § moves the due date, or that it does not.
    pub roll_unsettled: bool,
    /// Whom a case that has not ended by its due date is to be reported to; `None` if the duty is to end it.
    pub report_to: Option<Phrase>,
    /// The default cohort.
    pub cohort: Cohort,
    /// A person's new case, opened so many days or fewer after the last one closed, is listed as possibly the
    /// same case; `None` when that is not looked for.
    pub chain_days: Option<i32>,
    /// Headings that identify an export of this control.
    pub headings: Headings,
    /// The laws, oldest first, without overlap; never empty.
    pub laws: Vec<Law>,
}

impl Rule {
    /// The law that sets the clock of a case that started on `start`, or `None` when none was in force.
    pub fn law_for_start(&self, start: Day) -> Option<&Law> {
        self.law_number(start).map(|number| &self.laws[number])
    }

    /// The index in `laws` of the law that sets the clock of a case that started on `start`.
    pub(crate) fn law_number(&self, start: Day) -> Option<usize> {
        self.laws.iter().position(|law| law.in_force_on(start))
    }

    /// The law to cite for a case that started on `start` and whose duty was met or breached on `day`: the one in force
    /// then. If that counts otherwise, the case is still under the law that set its clock, as transitional provisions have
    /// it, and that is cited.
    pub fn law_to_cite(&self, start: Day, day: Day) -> Option<&Law> {
        let by_start = self.law_for_start(start)?;
        let then = self.laws.iter().find(|law| law.in_force_on(day.max(start)));
        Some(then.filter(|law| law.method == by_start.method).unwrap_or(by_start))
    }

    /// Whether lag (1930:173) 2 § can be asked about: a statute sets a last day for an action, in days or longer. A time
    /// after which something is to be reported is no such day.
    pub fn may_roll(&self) -> bool {
        self.basis == Basis::Statute && !self.is_in_hours() && self.report_to.is_none()
    }

    fn is_in_hours(&self) -> bool {
        self.laws.iter().any(|law| matches!(law.method, Clock::Hours(_)))
    }

    /// Refuses a rule that cannot be judged.
    ///
    /// # Errors
    /// The first flaw: a rule in hours or of a local target that rolls, hours that differ between its laws, or more than
    /// [`MOST_METHODS`] methods.
    pub fn check(&self) -> Result<(), Flaw> {
        let in_hours = self.is_in_hours();
        if self.methods().len() > MOST_METHODS {
            let most = MOST_METHODS.to_string();
            return Err(Flaw::new("many-methods", &[("rule", &self.id), ("most", &most)]));
        }
        if in_hours && self.roll != Roll::None {
            return Err(Flaw::new("hours-roll", &[("rule", &self.id)]));
        }
        if self.basis == Basis::LocalTarget && (self.roll != Roll::None || self.roll_unsettled) {
            return Err(Flaw::new("target-rolls", &[("rule", &self.id)]));
        }
        if in_hours && self.laws.iter().any(|law| law.method != self.newest_method()) {
            return Err(Flaw::new("hours-differ", &[("rule", &self.id)]));
        }
        Ok(())
    }

    /// The unit in which margins of its cases are counted: `days` or `hours`.
    pub fn margin_unit(&self) -> &'static str {
        if matches!(self.newest_method(), Clock::Hours(_)) { "hours" } else { "days" }
    }

    /// The lawful clock of the newest law. Older cases may be judged by others: see [`Rule::methods_of`].
    pub fn newest_method(&self) -> Clock {
        self.laws.last().expect("a rule has a law").method
    }

    /// Whether a lawful clock, or the reference, is the due date that the export gives.
    pub fn uses_due_column(&self) -> bool {
        self.reference == Some(Clock::DueColumn) || self.laws.iter().any(|law| law.method == Clock::DueColumn)
    }

    /// The same rule with another lawful clock under every law, another reference method, or both: what
    /// `frist compare --method … --reference …` judges by.
    pub fn with_clocks(&self, method: Option<Clock>, reference: Option<Clock>) -> Rule {
        let mut rule = self.clone();
        if let Some(method) = method {
            rule.laws.iter_mut().for_each(|law| law.method = method);
        }
        rule.reference = reference.or(rule.reference);
        rule
    }
}

/// All rules of a run, in the order of the rulebook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rulebook {
    /// Version of the built-in rulebook.
    pub version: String,
    /// The rules.
    pub rules: Vec<Rule>,
}

impl Rulebook {
    /// The rulebook inside the program.
    pub fn builtin() -> Rulebook {
        parse(BUILTIN, "builtin.toml").expect("a test reads the built-in rulebook")
    }

    /// This rulebook with the rules of a user's file on top: a rule with a known id replaces the old one, others are
    /// added at the end. `origin` names the file in errors.
    ///
    /// # Errors
    /// [`Error::UnusableRulebook`] if the text is not a rulebook.
    pub fn overridden_by(mut self, text: &str, origin: &str) -> Result<Rulebook, Error> {
        for rule in parse(text, origin)?.rules {
            match self.rules.iter_mut().find(|known| known.id == rule.id) {
                Some(known) => *known = rule,
                None => self.rules.push(rule),
            }
        }
        Ok(self)
    }

    /// The rule with an id.
    pub fn rule(&self, id: &str) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.id == id)
    }

    /// The ids, in order.
    pub fn ids(&self) -> Vec<String> {
        self.rules.iter().map(|rule| rule.id.clone()).collect()
    }
}

/// A rulebook as it is typed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RulebookText {
    #[serde(default)]
    version: String,
    #[serde(default)]
    rule: Vec<Spanned<RuleText>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleText {
    id: Spanned<String>,
    name: Phrase,
    start: Phrase,
    end: Phrase,
    basis: Basis,
    method: Clock,
    reference: Option<Clock>,
    roll: Roll,
    #[serde(default)]
    roll_unsettled: bool,
    report_to: Option<Phrase>,
    cohort: Cohort,
    chain_days: Option<u16>,
    #[serde(default)]
    headings: Headings,
    #[serde(default)]
    law: Vec<LawText>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LawText {
    from: Option<Spanned<toml::value::Datetime>>,
    to: Option<Spanned<toml::value::Datetime>>,
    citation: Phrase,
    verified: bool,
    note: Option<Phrase>,
    method: Option<Clock>,
}

fn parse(text: &str, origin: &str) -> Result<Rulebook, Error> {
    let unusable =
        |flaw: Flaw| Error::UnusableRulebook { path: origin.into(), flaw: Box::new(flaw.inside(text)) };
    let typed: RulebookText = toml::from_str(text).map_err(|error| unusable(Flaw::of_toml(&error, text)))?;
    let mut rules: Vec<Rule> = Vec::new();
    for rule in typed.rule {
        let place = rule.get_ref().id.span();
        let id = rule.get_ref().id.get_ref();
        if rules.iter().any(|known| known.id == *id) {
            return Err(unusable(Flaw::new("rule-twice", &[("rule", id)]).at(place)));
        }
        rules.push(resolve(rule.into_inner()).map_err(|flaw| unusable(flaw.at(place)))?);
    }
    Ok(Rulebook { version: typed.version, rules })
}

fn resolve(typed: RuleText) -> Result<Rule, Flaw> {
    let id = typed.id.into_inner();
    let flaw = |key| Flaw::new(key, &[("rule", &id)]);
    let id_is_plain = !id.is_empty()
        && id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    if !id_is_plain {
        return Err(flaw("rule-id"));
    }
    let laws = typed
        .law
        .into_iter()
        .map(|law| {
            Ok(Law {
                first_day: law.from.map(placed_day).transpose()?,
                last_day: law.to.map(placed_day).transpose()?,
                citation: law.citation,
                verified: law.verified,
                note: law.note,
                method: law.method.unwrap_or(typed.method),
            })
        })
        .collect::<Result<Vec<Law>, Flaw>>()?;
    if laws.is_empty() {
        return Err(flaw("no-law"));
    }
    for pair in laws.windows(2) {
        let in_order =
            matches!((pair[0].last_day, pair[1].first_day), (Some(last), Some(first)) if last < first);
        if !in_order {
            return Err(flaw("laws-overlap"));
        }
    }
    if laws
        .iter()
        .any(|law| matches!((law.first_day, law.last_day), (Some(first), Some(last)) if last < first))
    {
        return Err(flaw("law-ends-before"));
    }
    let rule = Rule {
        id,
        name: typed.name,
        start: typed.start,
        end: typed.end,
        basis: typed.basis,
        reference: typed.reference,
        roll: typed.roll,
        roll_unsettled: typed.roll_unsettled,
        report_to: typed.report_to,
        cohort: typed.cohort,
        chain_days: typed.chain_days.map(i32::from),
        headings: typed.headings,
        laws,
    };
    rule.check()?;
    Ok(rule)
}

/// The day of a TOML date; a time of day is not allowed in a rulebook or project file.
pub(crate) fn day_of(value: toml::value::Datetime) -> Result<Day, Flaw> {
    let day = match (value.date, value.time) {
        (Some(date), None) => Day::new(i32::from(date.year), u32::from(date.month), u32::from(date.day)),
        _ => None,
    };
    day.ok_or_else(|| Flaw::new("no-plain-day", &[]))
}

fn placed_day(value: Spanned<toml::value::Datetime>) -> Result<Day, Flaw> {
    day_of(*value.get_ref()).map_err(|flaw| flaw.at(value.span()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse_iso(text).expect("a date")
    }

    #[test]
    fn the_builtin_rulebook_holds_the_five_controls() {
        let rulebook = Rulebook::builtin();
        let summary: Vec<String> = rulebook
            .rules
            .iter()
            .map(|rule| {
                let reference = rule.reference.map_or("-".into(), |clock| clock.to_string());
                format!("{} {} {} {}", rule.id, rule.newest_method(), reference, rule.cohort.id())
            })
            .collect();
        assert_eq!(
            summary,
            [
                "child-investigation 4 months 120 days closed",
                "preliminary-assessment 14 days - closed",
                "cooperation-talks 14 days - closed",
                "safety-assessment 24 hours next day closed",
                "unenforced-decision 3 months 90 days due",
            ]
        );
        assert!(rulebook.rules.iter().all(|rule| rule.roll == Roll::None));
    }

    #[test]
    fn two_paragraphs_are_asked_about_for_statutory_days_alone() {
        let rulebook = Rulebook::builtin();
        let told = |id: &str| rulebook.rule(id).map(|rule| (rule.may_roll(), rule.roll_unsettled));
        assert_eq!(told("child-investigation"), Some((true, true)));
        assert_eq!(told("preliminary-assessment"), Some((true, true)));
        assert_eq!(told("unenforced-decision"), Some((false, false)));
        assert_eq!(told("cooperation-talks"), Some((false, false)));
        assert_eq!(told("safety-assessment"), Some((false, false)));
        let in_hours = rulebook.rules[0].with_clocks(Some(Clock::Hours(24)), None);
        assert!(!in_hours.may_roll());
        let target = Rule { roll: Roll::NextWeekday, ..rulebook.rules[2].clone() };
        assert_eq!(target.check().map_err(|flaw| flaw.key), Err("target-rolls"));
        let unsettled = Rule { roll_unsettled: true, ..rulebook.rules[2].clone() };
        assert_eq!(unsettled.check().map_err(|flaw| flaw.key), Err("target-rolls"));
    }

    #[test]
    fn a_law_is_cited_only_while_it_is_in_force_and_counts_as_the_case_was_counted() {
        let rule = Rulebook::builtin().rules[0].clone();
        let cited = |rule: &Rule, start: &str, on: &str| {
            rule.law_to_cite(day(start), day(on)).map(|law| law.citation.sv.contains("2025:400"))
        };
        // Met, breached or still open on the last day of the old law, and on the first of the new.
        assert_eq!(cited(&rule, "2025-03-01", "2025-06-30"), Some(false));
        assert_eq!(cited(&rule, "2025-03-01", "2025-07-01"), Some(true));
        assert_eq!(cited(&rule, "2025-07-01", "2025-07-01"), Some(true));
        // A promised day before the start cites no older law than the start's.
        assert_eq!(cited(&rule, "2025-07-01", "2025-06-30"), Some(true));
        // No law is in force between the two, so the one of the start still is.
        let mut gap = rule.clone();
        gap.laws[0].last_day = Some(day("2025-05-31"));
        assert_eq!(cited(&gap, "2025-05-01", "2025-06-15"), Some(false));
        // The new law counts three months: a case of four months stays under the old one.
        let mut shorter = rule.clone();
        shorter.laws[1].method = Clock::Months(3);
        assert_eq!(cited(&shorter, "2025-06-30", "2025-10-30"), Some(false));
        assert_eq!(cited(&shorter, "2025-07-01", "2025-10-01"), Some(true));
    }

    #[test]
    fn the_clock_is_set_by_the_start_and_the_citation_by_a_later_day() {
        let rulebook = Rulebook::builtin();
        let rule = rulebook.rule("child-investigation").expect("a rule");
        assert!(rule.law_for_start(day("2001-12-31")).is_none());
        let law = rule.law_for_start(day("2025-06-30")).expect("in force");
        assert!(law.citation.sv.contains("2001:453"));
        let cited = rule.law_to_cite(day("2025-06-30"), day("2025-10-30")).expect("in force");
        assert!(cited.citation.sv.contains("2025:400"));
        assert!(rule.law_to_cite(day("2001-12-31"), day("2002-04-30")).is_none());
    }

    #[test]
    fn a_law_may_change_the_period_and_the_start_decides() {
        let text =
            BUILTIN.replacen("from     = 2025-07-01\n", "from = 2025-07-01\nmethod = \"3 months\"\n", 1);
        let rulebook = parse(&text, "test").expect("a rulebook");
        let rule = rulebook.rule("child-investigation").expect("a rule");
        let method = |start| rule.law_for_start(day(start)).expect("in force").method;
        assert_eq!(method("2025-06-30"), Clock::Months(4));
        assert_eq!(method("2025-07-01"), Clock::Months(3));
    }

    #[test]
    fn a_user_s_rule_replaces_or_is_added() {
        let text = BUILTIN.replace("4 months", "5 months");
        let changed = Rulebook::builtin().overridden_by(&text, "mine.toml").expect("a rulebook");
        assert_eq!(changed.rules.len(), 5);
        assert_eq!(changed.rules[0].newest_method(), Clock::Months(5));
        let added = Rulebook::builtin()
            .overridden_by(&BUILTIN.replace("\"child-investigation\"", "\"permit\""), "mine.toml")
            .expect("a rulebook");
        assert_eq!(added.ids().last().map(String::as_str), Some("permit"));
    }

    #[test]
    fn a_broken_rulebook_says_what_is_wrong() {
        for (from, to, wanted) in [
            ("\"4 months\"", "\"4 moons\"", "toml"),
            ("roll      = \"none\"", "roll = \"sunday\"", "unknown-word"),
            ("\"child-investigation\"", "\"Child\"", "rule-id"),
            ("\"child-investigation\"", "\"preliminary-assessment\"", "rule-twice"),
            ("2025-06-30", "2025-07-30", "laws-overlap"),
            ("basis     =", "base =", "unknown-key"),
            ("from     = 2002-01-01", "from = 2002-01-01T00:00:00", "no-plain-day"),
        ] {
            let text = BUILTIN.replacen(from, to, 1);
            assert_ne!(text, BUILTIN);
            let Err(Error::UnusableRulebook { path, flaw }) = parse(&text, "mine.toml") else {
                panic!("{to} was accepted");
            };
            assert_eq!(path.to_string_lossy(), "mine.toml");
            assert_eq!(flaw.key, wanted, "{to}: {flaw:?}");
            assert!(flaw.span.is_some(), "{to} has no place");
        }
        let changed = BUILTIN.replace("from     = 2013-01-01", "method = \"48 hours\"\nfrom = 2013-01-01");
        assert!(
            matches!(parse(&changed, "x"), Err(Error::UnusableRulebook { flaw, .. }) if flaw.key == "hours-differ")
        );
        // The fourth rule counts hours, by a statute here.
        let hours = BUILTIN
            .replace("roll      = \"none\"", "roll      = \"next-weekday\"")
            .replace("local-target\"", "statute\"");
        assert!(
            matches!(parse(&hours, "x"), Err(Error::UnusableRulebook { flaw, .. }) if flaw.key == "hours-roll")
        );
    }
}
