//! Judging: a case and a rule give a due date, an outcome and a margin.
//!
//! Pure: the as-of date is an argument, and nothing is read or written. One scalar function, `verdict`, holds the law's
//! logic. [`Judge`] has the due dates of every start day precomputed by [`DueDates::of`], so that a case costs a table
//! look-up and a few comparisons.

use crate::calendar::{FIRST_CALENDAR_DAY, next_weekday};
use crate::date::{Day, FIRST_INPUT_DAY, LAST_INPUT_DAY};
use crate::moment::Moment;
use crate::rulebook::{Clock, JudgedBy, Roll, Rule};

/// Whether an extension replaces the due date.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Default, serde::Deserialize, serde::Serialize, schemars::JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Extensions {
    /// A valid extension replaces it.
    #[default]
    Honour,
    /// The plain period counts.
    Ignore,
}

/// What to do with a case without a time of day if its rule counts hours.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Default, serde::Deserialize, serde::Serialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum WithoutTimes {
    /// Leave it out: whether it met a limit in hours is not known.
    #[default]
    Exclude,
    /// Judge it by day, and say so wherever its share is named.
    ByDay,
}

/// When an extension was decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decided {
    /// The export has no such column: the extension is accepted.
    NotInExport,
    /// The export has the column, but this case has no day in it: the extension is not honoured.
    Missing,
    /// On this day.
    On(Day),
}

/// An extension of one case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extension {
    /// The new due date.
    pub to: Day,
    /// When it was decided.
    pub decided: Decided,
}

/// What judging needs to know of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Case {
    /// The day the clock starts; it is not counted.
    pub start: Day,
    /// The day the case ended, if it did.
    pub end: Option<Day>,
    /// The moment of the start, when the export has times.
    pub start_at: Option<Moment>,
    /// The moment of the end, when the export has times.
    pub end_at: Option<Moment>,
    /// The due date that the export itself gives, if a clock of the rule uses it.
    pub due: Option<Day>,
    /// The extension, if there is one.
    pub extension: Option<Extension>,
}

impl Case {
    /// A case with nothing but its days.
    #[inline]
    pub fn of_days(start: Day, end: Option<Day>) -> Case {
        Case { start, end, start_at: None, end_at: None, due: None, extension: None }
    }
}

/// The due dates of a case, before any extension.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DueDates {
    /// By the lawful clock, lag (1930:173) 1 §.
    pub strict: Day,
    /// The same rolled by 2 §; unrolled if that cannot be asked about, or if it lies outside the calendar.
    pub rolled: Day,
    /// By the reference method, if the rule has one. Unknown if that method is the export's own due date and the case
    /// has none.
    pub reference: Option<Day>,
    /// The lawful clock's index in [`Rule::methods`].
    method: u8,
}

impl DueDates {
    /// The due dates of a case that started on `start` and has the due date `own` in its export.
    ///
    /// # Errors
    /// If no law was in force on `start`, if the lawful clock is a due date that the case does not have, or if the rule
    /// rolls and the due date lies before the calendar.
    pub fn of(start: Day, own: Option<Day>, rule: &Rule) -> Result<DueDates, NotJudged> {
        let law = rule.law_number(start).ok_or(NotJudged::NotInForce)?;
        let strict = rule.laws[law].method.due_from(start, own).ok_or(NotJudged::MissingDue)?;
        if rule.roll == Roll::NextWeekday && strict < FIRST_CALENDAR_DAY {
            return Err(NotJudged::NoCalendar);
        }
        Ok(DueDates {
            strict,
            rolled: if rule.may_roll() { rolled(strict) } else { strict },
            reference: rule.reference.and_then(|clock| clock.due_from(start, own)),
            method: rule.method_number(law) as u8,
        })
    }

    /// The last day in time by the rule's reading of 2 §, before any extension.
    pub fn lawful(&self, roll: Roll) -> Day {
        match roll {
            Roll::None => self.strict,
            Roll::NextWeekday => self.rolled,
        }
    }
}

/// A due date moved by 2 §, or the same day if it lies outside the calendar.
fn rolled(due: Day) -> Day {
    next_weekday(due).unwrap_or(due)
}

/// Where a case stands relative to the due dates, each later than the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Reading {
    /// No later than the due date of 1 §.
    InTime = 0,
    /// Later, but within a valid extension.
    WithinExtension = 1,
    /// Later, and only 2 § would save it.
    WithinRoll = 2,
    /// Later than all of them.
    Late = 3,
}

impl Reading {
    /// Every reading, in the order of the due dates.
    pub const ALL: [Reading; 4] =
        [Reading::InTime, Reading::WithinExtension, Reading::WithinRoll, Reading::Late];

    /// A deviation by the lawful method: late, or saved only by a roll that the rule does not allow.
    pub fn is_deviation(self, roll: Roll) -> bool {
        match self {
            Reading::InTime | Reading::WithinExtension => false,
            Reading::WithinRoll => roll == Roll::None,
            Reading::Late => true,
        }
    }

    /// The name in files.
    pub fn id(self) -> &'static str {
        match self {
            Reading::InTime => "in_time",
            Reading::WithinExtension => "within_extension",
            Reading::WithinRoll => "within_roll",
            Reading::Late => "late",
        }
    }
}

/// A judged case in four bits: its reading, whether it is late by the reference method, and whether it is open. This is
/// all that a tally keeps of an outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Cell(u8);

impl Cell {
    /// Number of cells.
    pub const COUNT: usize = 16;

    /// Packs a judged case.
    pub fn new(reading: Reading, late_by_reference: bool, open: bool) -> Cell {
        Cell(reading as u8 | u8::from(late_by_reference) << 2 | u8::from(open) << 3)
    }

    /// Every cell.
    pub fn all() -> impl Iterator<Item = Cell> {
        (0..Cell::COUNT as u8).map(Cell)
    }

    /// Index of the cell in an array of counts.
    pub fn index(self) -> usize {
        usize::from(self.0)
    }

    /// Where the case stands among the due dates.
    pub fn reading(self) -> Reading {
        Reading::ALL[usize::from(self.0 & 3)]
    }

    /// Late by the reference method; false when the rule has none.
    pub fn late_by_reference(self) -> bool {
        self.0 & 4 != 0
    }

    /// Not ended by the as-of date.
    pub fn open(self) -> bool {
        self.0 & 8 != 0
    }

    /// The outcome by the lawful method.
    pub fn outcome(self, roll: Roll) -> Outcome {
        Outcome::new(self.open(), self.reading().is_deviation(roll))
    }

    /// The outcome by the reference method.
    pub fn outcome_by_reference(self) -> Outcome {
        Outcome::new(self.open(), self.late_by_reference())
    }
}

/// How a case stands relative to a due date on the as-of date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Outcome {
    /// Ended in time.
    Met,
    /// Ended late.
    Breached,
    /// Open, and its due date has not passed.
    OpenWithin,
    /// Open, and its due date has passed.
    OpenOverdue,
}

impl Outcome {
    /// Every outcome.
    pub const ALL: [Outcome; 4] =
        [Outcome::Met, Outcome::Breached, Outcome::OpenWithin, Outcome::OpenOverdue];

    fn new(open: bool, late: bool) -> Outcome {
        match (open, late) {
            (false, false) => Outcome::Met,
            (false, true) => Outcome::Breached,
            (true, false) => Outcome::OpenWithin,
            (true, true) => Outcome::OpenOverdue,
        }
    }

    /// The name in files.
    pub fn id(self) -> &'static str {
        match self {
            Outcome::Met => "met",
            Outcome::Breached => "breached",
            Outcome::OpenWithin => "open_within",
            Outcome::OpenOverdue => "open_overdue",
        }
    }
}

/// Why a case got no verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NotJudged {
    /// It started after the as-of date: it does not exist yet.
    NotStarted,
    /// No law of the rule was in force when it started.
    NotInForce,
    /// It ended before it started.
    EndsBeforeStart,
    /// Its rule counts hours, and it has no time of day.
    WithoutTime,
    /// Its lawful clock is the export's own due date, and there is none.
    MissingDue,
    /// Its rule rolls, and its due date lies before the calendar.
    NoCalendar,
}

/// The result of judging a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict {
    /// Last day in time by the lawful method, extension included.
    pub due: Day,
    /// The same before any extension.
    pub due_unextended: Day,
    /// The same with the roll of 2 §.
    pub due_rolled: Day,
    /// Last day in time by the reference method, extension included.
    pub due_reference: Option<Day>,
    /// The last moment in time, if hours were counted.
    pub due_at: Option<Moment>,
    /// The last moment in time by the reference method, if that counts hours.
    pub due_reference_at: Option<Moment>,
    /// The day it ended, unless that is after the as-of date.
    pub ended: Option<Day>,
    /// Outcome and readings.
    pub cell: Cell,
    /// Days from due date to end: 0 or less is in time, 1 is one day late. `None` while the case is open. If hours were
    /// counted, part of a day late counts as a day.
    pub margin: Option<i32>,
    /// The margin in the unit of the lawful clock: hours if the rule counts hours, and then `None` for a case without
    /// times; otherwise days. For an open case, the margin on the as-of date.
    pub margin_in_clock_units: Option<i32>,
    /// The first day at whose end the case was past its due date, also if it ended on that very day.
    pub overdue_from: Option<Day>,
    /// Whether a valid extension replaced the due date.
    pub extended: bool,
    /// The day on which the duty was met or breached, whose law is cited: the earlier of due date and end, or of due date
    /// and as-of date while the case is open.
    pub cited_on: Day,
    /// The lawful method that judged the case.
    pub judged_by: JudgedBy,
}

/// A rule with every start day's due dates precomputed.
pub struct Judge {
    roll: Roll,
    as_of: Day,
    as_of_end: Moment,
    extensions: Extensions,
    without_times: WithoutTimes,
    hours: HourClocks,
    has_reference: bool,
    dues: Dues,
}

/// Where due dates come from.
enum Dues {
    /// For every start day, from [`FIRST_INPUT_DAY`] on.
    Table(Vec<Result<DueDates, NotJudged>>),
    /// Computed case by case, because a clock uses the export's own due date.
    Own(Box<Rule>),
}

/// Which of a rule's clocks count hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct HourClocks {
    /// The lawful method's hours; a rule cannot mix hours and days over time.
    lawful: Option<u32>,
    reference: Option<u32>,
}

impl HourClocks {
    const NONE: HourClocks = HourClocks { lawful: None, reference: None };

    fn of(rule: &Rule) -> HourClocks {
        let hours = |clock| if let Clock::Hours(hours) = clock { Some(hours) } else { None };
        HourClocks { lawful: hours(rule.newest_method()), reference: rule.reference.and_then(hours) }
    }

    fn any(self) -> bool {
        self.lawful.is_some() || self.reference.is_some()
    }
}

impl Judge {
    /// Prepares a rule: computes the due dates of every start day from 1930 to 2100, unless a clock uses the export's
    /// own due date.
    pub fn new(rule: &Rule, as_of: Day, extensions: Extensions, without_times: WithoutTimes) -> Judge {
        let dues = if rule.uses_due_column() {
            Dues::Own(Box::new(rule.clone()))
        } else {
            let days = FIRST_INPUT_DAY.0..=LAST_INPUT_DAY.0;
            Dues::Table(days.map(|number| DueDates::of(Day(number), None, rule)).collect())
        };
        Judge {
            roll: rule.roll,
            as_of,
            as_of_end: Moment::end_of(as_of),
            extensions,
            without_times,
            hours: HourClocks::of(rule),
            has_reference: rule.reference.is_some(),
            dues,
        }
    }

    /// Whether a clock of this rule counts hours.
    pub fn counts_hours(&self) -> bool {
        self.hours.any()
    }

    /// Whether a verdict depends on the days of start, end and extension alone: not on times of day or the export's due
    /// date.
    #[inline]
    pub fn goes_by_days_alone(&self) -> bool {
        matches!(self.dues, Dues::Table(_)) && !self.hours.any()
    }

    /// Judges one case.
    ///
    /// # Errors
    /// Why the case gets no verdict.
    ///
    /// # Panics
    /// If the start day is before 1930 or after 2100, which ingest rejects.
    #[inline(always)]
    pub fn judge(&self, case: &Case) -> Result<Verdict, NotJudged> {
        let dues = match &self.dues {
            Dues::Table(table) => table[(case.start.0 - FIRST_INPUT_DAY.0) as usize],
            Dues::Own(rule) => DueDates::of(case.start, case.due, rule),
        };
        // Most rules count days only: fixing that here lets the compiler drop all code for hours.
        match self.hours.any() {
            true => verdict(case, dues, self, self.hours),
            false => verdict(case, dues, self, HourClocks::NONE),
        }
    }
}

/// Judges a case whose due dates are known.
#[inline(always)]
fn verdict(
    case: &Case,
    dues: Result<DueDates, NotJudged>,
    judge: &Judge,
    hours: HourClocks,
) -> Result<Verdict, NotJudged> {
    if case.start > judge.as_of {
        return Err(NotJudged::NotStarted);
    }
    let dues = dues?;
    if ends_before_start(case, hours) {
        return Err(NotJudged::EndsBeforeStart);
    }
    let ended = case.end.filter(|end| *end <= judge.as_of);
    let by_moment = if hours.any() { Moments::of(case, ended, judge) } else { None };
    let hours_due_at = by_moment.and_then(|moments| moments.due_at(hours.lawful));
    let by_day = hours.lawful.is_some() && hours_due_at.is_none();
    if by_day && judge.without_times == WithoutTimes::Exclude {
        return Err(NotJudged::WithoutTime);
    }

    let dues = hours_due_at.map_or(dues, |at| DueDates { strict: at.day(), rolled: at.day(), ..dues });
    let (strict, roll_to, lawful) = (dues.strict, dues.rolled, dues.lawful(judge.roll));
    let extended_to = valid_extension(case, lawful, judge);

    // The day compared with the due dates: the end, or the as-of date of an open case.
    let until = ended.unwrap_or(judge.as_of);
    let after_strict = match (by_moment, hours_due_at) {
        (Some(moments), Some(due_at)) => moments.until > due_at,
        _ => until > strict,
    };
    // Hours end within a day; only a roll to a later day extends to the end of that day.
    let after_roll = if roll_to > strict { until > roll_to } else { after_strict };
    let within_extension = extended_to.is_some_and(|to| until <= to);

    let reading = match (after_strict, after_roll) {
        (false, _) => Reading::InTime,
        (true, false) if judge.roll == Roll::NextWeekday => Reading::WithinRoll,
        _ if within_extension => Reading::WithinExtension,
        (true, false) => Reading::WithinRoll,
        (true, true) => Reading::Late,
    };

    let reference_due_at = by_moment.and_then(|moments| moments.due_at(hours.reference));
    let reference = reference_due_at.map_or(dues.reference, |due_at| Some(due_at.day()));
    let due_reference = reference.map(|reference| extended_to.map_or(reference, |to| to.max(reference)));
    let late_by_reference = !within_extension
        && match (by_moment, reference_due_at, due_reference) {
            (Some(moments), Some(due_at), _) => moments.until > due_at,
            (_, _, Some(due)) => until > due,
            // The reference is the export's own due date and this case has none, so it follows the law.
            (_, _, None) => judge.has_reference && reading.is_deviation(judge.roll),
        };

    let due = extended_to.unwrap_or(lawful);
    let due_at = hours_due_at.filter(|_| extended_to.is_none());
    // A day ends at midnight; hours end within a day.
    let overdue_from = match (by_moment, due_at) {
        (Some(moments), Some(due_at)) => (moments.until > due_at).then(|| due_at.day()),
        _ => (until > due).then(|| due.plus_days(1)),
    };
    let late_by = |unit: i64| match (by_moment, due_at) {
        (Some(moments), Some(due_at)) => Some(units_late(moments.until, due_at, unit)),
        _ => None,
    };
    let margin = ended.map(|end| late_by(SECONDS_A_DAY).unwrap_or(end.0 - due.0));
    let margin_in_clock_units = match hours.lawful {
        Some(_) => late_by(SECONDS_AN_HOUR),
        None => Some(margin.unwrap_or(until.0 - due.0)),
    };
    Ok(Verdict {
        due,
        due_unextended: lawful,
        due_rolled: extended_to.map_or(roll_to, |to| to.max(roll_to)),
        due_reference,
        due_at,
        due_reference_at: reference_due_at.filter(|at| extended_to.is_none_or(|to| to < at.day())),
        ended,
        cell: Cell::new(reading, late_by_reference, ended.is_none()),
        margin,
        margin_in_clock_units,
        overdue_from,
        extended: extended_to.is_some(),
        cited_on: until.min(due),
        judged_by: JudgedBy::method(usize::from(dues.method), by_day),
    })
}

/// Whether the case ended before it started. Clocks in days compare days: an end an hour before the start on the same
/// day is no fault.
fn ends_before_start(case: &Case, hours: HourClocks) -> bool {
    match (case.end, case.start_at, case.end_at) {
        (Some(_), Some(start_at), Some(end_at)) if hours.lawful.is_some() => end_at < start_at,
        (Some(end), _, _) => end < case.start,
        (None, _, _) => false,
    }
}

/// The extension's due date, if it is later than the one it replaces and was decided in time.
fn valid_extension(case: &Case, lawful_due: Day, judge: &Judge) -> Option<Day> {
    let extension = case.extension.filter(|extension| extension.to > lawful_due)?;
    let in_time = match extension.decided {
        Decided::NotInExport => true,
        Decided::Missing => false,
        Decided::On(day) => day <= lawful_due && day <= judge.as_of,
    };
    (in_time && judge.extensions == Extensions::Honour).then_some(extension.to)
}

/// The start and the end, or the end of the as-of date, as moments: known only if they have times of day.
#[derive(Clone, Copy)]
struct Moments {
    start: Moment,
    until: Moment,
}

impl Moments {
    fn of(case: &Case, ended: Option<Day>, judge: &Judge) -> Option<Moments> {
        let until = match ended {
            Some(_) => case.end_at?,
            None => judge.as_of_end,
        };
        Some(Moments { start: case.start_at?, until })
    }

    fn due_at(self, hours: Option<u32>) -> Option<Moment> {
        hours.map(|hours| self.start.plus_hours(hours))
    }
}

const SECONDS_AN_HOUR: i64 = 3_600;
const SECONDS_A_DAY: i64 = 86_400;

/// Whole units late, part of a unit counting as one; 0 or less if in time.
fn units_late(until: Moment, due_at: Moment, unit: i64) -> i32 {
    -(due_at.0 - until.0).div_euclid(unit) as i32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::date::parse_stamp;
    use crate::moment::swedish_time;
    use crate::rulebook::Rulebook;

    fn day(text: &str) -> Day {
        Day::parse_iso(text).expect("a date")
    }

    fn rule(id: &str) -> Rule {
        Rulebook::builtin().rule(id).expect("a rule").clone()
    }

    fn case(start: &str, end: &str) -> Case {
        let time = |text: &str| swedish_time(parse_stamp(text.as_bytes()).expect("a stamp"));
        let end = (!end.is_empty()).then(|| time(end));
        Case {
            start: time(start).day,
            end: end.map(|time| time.day),
            start_at: time(start).moment,
            end_at: end.and_then(|time| time.moment),
            due: None,
            extension: None,
        }
    }

    fn extended(start: &str, end: &str, to: &str, decided: Decided) -> Case {
        Case { extension: Some(Extension { to: day(to), decided }), ..case(start, end) }
    }

    fn judged(rule: &Rule, case: &Case) -> Verdict {
        judge_of(rule, "2024-08-31").judge(case).expect("judged")
    }

    /// A judge that leaves out what it cannot judge by hours.
    fn judge_of(rule: &Rule, as_of: &str) -> Judge {
        Judge::new(rule, day(as_of), Extensions::Honour, WithoutTimes::Exclude)
    }

    fn outcome(rule: &Rule, case: &Case) -> Outcome {
        judged(rule, case).cell.outcome(rule.roll)
    }

    #[test]
    fn the_due_date_itself_is_in_time_and_the_day_after_is_late() {
        // The source report's own example: opened 1 January, to be closed by 1 May.
        let rule = rule("child-investigation");
        assert_eq!(outcome(&rule, &case("2024-01-01", "2024-05-01")), Outcome::Met);
        let late = judged(&rule, &case("2024-01-01", "2024-05-02"));
        assert_eq!(late.cell.outcome(rule.roll), Outcome::Breached);
        assert_eq!(late.margin, Some(1));
        // 1 May is a public holiday: the day after is what only 2 § would save.
        assert_eq!(late.cell.reading(), Reading::WithinRoll);
        assert_eq!(judged(&rule, &case("2024-01-01", "2024-05-03")).cell.reading(), Reading::Late);
    }

    #[test]
    fn the_reference_method_is_late_first() {
        let rule = rule("child-investigation");
        let verdict = judged(&rule, &case("2024-01-01", "2024-05-01"));
        assert_eq!(verdict.due_reference, Some(day("2024-04-30")));
        assert!(verdict.cell.late_by_reference());
        assert_eq!(verdict.cell.outcome(rule.roll), Outcome::Met);
    }

    #[test]
    fn a_rule_that_rolls_forgives_the_rolled_days() {
        let rule = Rule { roll: Roll::NextWeekday, ..rule("child-investigation") };
        let verdict = judged(&rule, &case("2024-01-01", "2024-05-02"));
        assert_eq!(verdict.cell.outcome(rule.roll), Outcome::Met);
        assert_eq!(verdict.due, day("2024-05-02"));
        assert_eq!(verdict.margin, Some(0));
        assert_eq!(outcome(&rule, &case("2024-01-01", "2024-05-03")), Outcome::Breached);
    }

    #[test]
    fn what_happens_after_the_as_of_date_has_not_happened() {
        let rule = rule("child-investigation");
        assert_eq!(outcome(&rule, &case("2024-05-01", "2024-09-15")), Outcome::OpenWithin);
        assert_eq!(outcome(&rule, &case("2024-04-30", "2024-09-15")), Outcome::OpenOverdue);
        assert_eq!(outcome(&rule, &case("2024-04-30", "")), Outcome::OpenOverdue);
        let judge = judge_of(&rule, "2024-08-31");
        assert_eq!(judge.judge(&case("2024-09-01", "")), Err(NotJudged::NotStarted));
        assert_eq!(judged(&rule, &case("2024-04-30", "")).margin, None);
    }

    #[test]
    fn the_as_of_date_may_be_the_due_date() {
        let rule = rule("child-investigation");
        assert_eq!(judged(&rule, &case("2024-04-30", "")).due, day("2024-08-30"));
        assert_eq!(judged(&rule, &case("2024-05-01", "")).due, day("2024-09-01"));
        let on_the_day = judge_of(&rule, "2024-08-30");
        let verdict = on_the_day.judge(&case("2024-04-30", "")).expect("judged");
        assert_eq!(verdict.cell.outcome(rule.roll), Outcome::OpenWithin);
    }

    #[test]
    fn the_law_is_that_of_the_day_when_the_duty_was_met_or_breached() {
        let rule = rule("child-investigation");
        let judge = judge_of(&rule, "2025-08-31");
        let cited = |case: &Case| judge.judge(case).expect("judged").cited_on;
        // Due on 1 August: met in June, breached on the due date, open on the as-of date.
        assert_eq!(cited(&case("2025-04-01", "2025-06-15")), day("2025-06-15"));
        assert_eq!(cited(&case("2025-04-01", "2025-08-20")), day("2025-08-01"));
        assert_eq!(cited(&case("2025-04-01", "")), day("2025-08-01"));
        assert_eq!(cited(&case("2025-06-01", "")), day("2025-08-31"));
        // What ends after the as-of date is open.
        assert_eq!(cited(&case("2025-06-01", "2025-09-15")), day("2025-08-31"));
        let later = extended("2025-04-01", "2025-08-20", "2025-09-01", Decided::NotInExport);
        assert_eq!(cited(&later), day("2025-08-20"));
    }

    #[test]
    fn a_local_target_is_not_moved_by_a_statute() {
        // 14 days from 2024-03-15 is Good Friday.
        let target = judged(&rule("cooperation-talks"), &case("2024-03-15", "2024-04-02"));
        assert_eq!((target.due, target.due_rolled), (day("2024-03-29"), day("2024-03-29")));
        assert_eq!(target.cell.reading(), Reading::Late);
        let statute = judged(&rule("preliminary-assessment"), &case("2024-03-15", "2024-04-02"));
        assert_eq!((statute.due_rolled, statute.cell.reading()), (day("2024-04-02"), Reading::WithinRoll));
        // 24 hours from a Saturday end on Easter Sunday.
        let hours = judged(&rule("safety-assessment"), &case("2024-03-30 12:00", "2024-03-31 14:00"));
        assert_eq!((hours.due_rolled, hours.cell.reading()), (day("2024-03-31"), Reading::Late));
    }

    #[test]
    fn impossible_cases_get_no_verdict() {
        let judge = judge_of(&rule("child-investigation"), "2024-08-31");
        assert_eq!(judge.judge(&case("2024-03-02", "2024-03-01")), Err(NotJudged::EndsBeforeStart));
        assert_eq!(judge.judge(&case("2001-12-31", "2002-03-01")), Err(NotJudged::NotInForce));
        assert!(judge.judge(&case("2024-03-02 13:00", "2024-03-02 12:00")).is_ok());
    }

    #[test]
    fn an_extension_counts_when_it_is_later_and_was_decided_in_time() {
        let rule = rule("child-investigation");
        let to = "2024-07-01";
        let with = |decided| judged(&rule, &extended("2024-01-15", "2024-06-20", to, decided));
        for decided in [Decided::NotInExport, Decided::On(day("2024-05-15"))] {
            let verdict = with(decided);
            assert_eq!(verdict.cell.reading(), Reading::WithinExtension);
            assert!(verdict.extended && !verdict.cell.late_by_reference());
            assert_eq!((verdict.due, verdict.margin), (day(to), Some(-11)));
        }
        for decided in [Decided::Missing, Decided::On(day("2024-05-16"))] {
            assert_eq!(with(decided).cell.outcome(rule.roll), Outcome::Breached);
        }
        for no_later in ["2024-04-01", "2024-05-15"] {
            let verdict =
                judged(&rule, &extended("2024-01-15", "2024-05-15", no_later, Decided::NotInExport));
            assert_eq!((verdict.due, verdict.extended), (day("2024-05-15"), false));
        }
        let beyond = extended("2024-01-15", "2024-07-02", to, Decided::NotInExport);
        assert_eq!(judged(&rule, &beyond).cell.reading(), Reading::Late);
        let ignoring = Judge::new(&rule, day("2024-08-31"), Extensions::Ignore, WithoutTimes::Exclude);
        let plain = ignoring.judge(&extended("2024-01-15", "2024-06-20", to, Decided::NotInExport));
        assert_eq!(plain.expect("judged").cell.outcome(rule.roll), Outcome::Breached);
    }

    #[test]
    fn an_extension_decided_after_the_as_of_date_has_not_been_decided() {
        let rule = rule("child-investigation");
        let case = extended("2024-01-15", "", "2024-07-01", Decided::On(day("2024-05-10")));
        let due = |as_of| judge_of(&rule, as_of).judge(&case).expect("judged").due;
        assert_eq!(due("2024-05-09"), day("2024-05-15"));
        assert_eq!(due("2024-05-10"), day("2024-07-01"));
    }

    #[test]
    fn hours_are_counted_where_there_are_times_and_days_where_the_project_says_so() {
        let rule = rule("safety-assessment");
        let by_day = Judge::new(&rule, day("2024-08-31"), Extensions::Honour, WithoutTimes::ByDay);
        let judged = |case: &Case| by_day.judge(case).expect("judged");
        let seen = |start, end| {
            let verdict = judged(&case(start, end));
            (verdict.cell.outcome(rule.roll), verdict.margin, verdict.due_at.is_some())
        };
        assert_eq!(seen("2024-05-06 10:00", "2024-05-07 10:00"), (Outcome::Met, Some(0), true));
        assert_eq!(seen("2024-05-06 10:00", "2024-05-07 10:01"), (Outcome::Breached, Some(1), true));
        assert_eq!(seen("2024-05-06 10:00", "2024-05-06 11:00"), (Outcome::Met, Some(0), true));
        assert_eq!(seen("2024-05-06 10:00", "2024-05-08 10:01"), (Outcome::Breached, Some(2), true));
        assert_eq!(seen("2024-05-06", "2024-05-07"), (Outcome::Met, Some(0), false));
        assert_eq!(seen("2024-05-06 10:00", "2024-05-08"), (Outcome::Breached, Some(1), false));
        let hours = |start, end| judged(&case(start, end)).margin_in_clock_units;
        assert_eq!(hours("2024-05-06 10:00", "2024-05-07 10:01"), Some(1));
        assert_eq!(hours("2024-05-06 10:00", "2024-05-06 11:59"), Some(-22));
        assert_eq!(hours("2024-05-06", "2024-05-07"), None);
        // A reference by the day forgives what the clock does not.
        assert!(!judged(&case("2024-05-06 10:00", "2024-05-07 10:01")).cell.late_by_reference());
        // An hour before the start on the same day is a fault when hours are counted.
        let backwards = case("2024-05-06 10:00", "2024-05-06 09:00");
        assert_eq!(by_day.judge(&backwards), Err(NotJudged::EndsBeforeStart));
        assert_eq!(seen("2024-05-06 10:00", "2024-05-06 10:00"), (Outcome::Met, Some(-1), true));
        assert_eq!(judged(&case("2024-05-06", "2024-05-07")).judged_by, JudgedBy::method(0, true));
        assert_eq!(judged(&case("2024-05-06 10:00", "")).judged_by, JudgedBy::method(0, false));
    }

    #[test]
    fn hours_run_out_at_a_moment_and_days_at_their_end() {
        let rule = rule("safety-assessment").with_clocks(None, Some(Clock::Hours(48)));
        let seen = |end| {
            let verdict = judged(&rule, &case("2024-05-06 10:00", end));
            (verdict.cell.reading(), verdict.cell.late_by_reference(), verdict.overdue_from)
        };
        let overdue = Some(day("2024-05-07"));
        assert_eq!(seen("2024-05-07 10:00"), (Reading::InTime, false, None));
        // No 2 §: a minute later is late on a weekday too.
        assert_eq!(seen("2024-05-07 10:01"), (Reading::Late, false, overdue));
        assert_eq!(seen("2024-05-08 10:00"), (Reading::Late, false, overdue));
        assert_eq!(seen("2024-05-08 10:01"), (Reading::Late, true, overdue));
        // An hour on a Friday is not due on Saturday, as a day would be.
        let an_hour = rule.with_clocks(Some(Clock::Hours(1)), None);
        let friday = judged(&an_hour, &case("2024-05-03 10:00", "2024-05-03 10:30"));
        assert_eq!((friday.due, friday.due_rolled), (day("2024-05-03"), day("2024-05-03")));
        let days = self::rule("child-investigation");
        let overdue = |end| judged(&days, &case("2024-01-10", end)).overdue_from;
        assert_eq!([overdue("2024-05-10"), overdue("2024-05-11")], [None, Some(day("2024-05-11"))]);
    }

    #[test]
    fn only_rules_with_hours_ask_for_times() {
        let asks = |rule: &Rule| judge_of(rule, "2024-08-31").counts_hours();
        assert!(asks(&rule("safety-assessment")) && !asks(&rule("child-investigation")));
        assert!(asks(&rule("child-investigation").with_clocks(None, Some(Clock::Hours(24)))));
    }

    #[test]
    fn an_extension_to_the_day_of_the_reference_or_beyond_leaves_no_hour_of_it() {
        let rule = rule("safety-assessment").with_clocks(None, Some(Clock::Hours(48)));
        let reference_at = |to| {
            let case = extended("2024-05-06 10:00", "2024-05-07 09:00", to, Decided::NotInExport);
            judged(&rule, &case).due_reference_at.is_some()
        };
        assert_eq!(["2024-05-07", "2024-05-08", "2024-05-09"].map(reference_at), [true, false, false]);
    }

    #[test]
    fn days_alone_decide_when_nothing_counts_hours_or_reads_a_due_date() {
        let by_days = |rule: &Rule| judge_of(rule, "2024-08-31").goes_by_days_alone();
        let days = rule("child-investigation");
        assert!(by_days(&days) && !by_days(&rule("safety-assessment")));
        assert!(!by_days(&days.with_clocks(None, Some(Clock::Hours(24)))));
        assert!(!by_days(&days.with_clocks(Some(Clock::DueColumn), None)));
    }

    #[test]
    fn an_extension_goes_before_a_roll_that_the_rule_does_not_allow() {
        // Due on 1 May, a public holiday.
        let case = extended("2024-01-01", "2024-05-02", "2024-06-01", Decided::NotInExport);
        let plain = rule("child-investigation");
        assert_eq!(judged(&plain, &case).cell.reading(), Reading::WithinExtension);
        let rolls = Rule { roll: Roll::NextWeekday, ..plain };
        assert_eq!(judged(&rolls, &case).cell.reading(), Reading::WithinRoll);
    }

    #[test]
    fn names_in_files_stay_as_they_are() {
        let readings = Reading::ALL.map(Reading::id);
        assert_eq!(readings, ["in_time", "within_extension", "within_roll", "late"]);
        assert_eq!(Outcome::ALL.map(Outcome::id), ["met", "breached", "open_within", "open_overdue"]);
    }

    #[test]
    fn a_case_without_a_time_of_day_is_not_judged_by_hours() {
        let rule = rule("safety-assessment");
        let judge = judge_of(&rule, "2024-08-31");
        for (start, end) in [
            ("2024-05-06", "2024-05-07"),
            ("2024-05-06 10:00", "2024-05-08"),
            ("2024-05-06", "2024-05-07 10:00"),
            ("2024-05-06", ""),
        ] {
            assert_eq!(judge.judge(&case(start, end)), Err(NotJudged::WithoutTime), "{start} to {end}");
        }
        // Of an open case only the start is asked for, and what has not happened yet is not asked about.
        assert!(judge.judge(&case("2024-05-06 10:00", "")).is_ok());
        assert!(judge.judge(&case("2024-05-06 10:00", "2024-09-01")).is_ok());
        // Other faults come first.
        assert_eq!(judge.judge(&case("2024-05-06", "2024-05-05")), Err(NotJudged::EndsBeforeStart));
        assert_eq!(judge.judge(&case("2024-09-06", "")), Err(NotJudged::NotStarted));
        // A reference in hours does not keep the law, which counts days, from judging.
        let days = rule.with_clocks(Some(Clock::Days(1)), Some(Clock::Hours(24)));
        assert!(judge_of(&days, "2024-08-31").judge(&case("2024-05-06", "2024-05-07")).is_ok());
    }

    #[test]
    fn an_open_case_in_hours_is_seen_at_the_end_of_the_as_of_day() {
        let rule = rule("safety-assessment");
        assert_eq!(outcome(&rule, &case("2024-08-31 08:00", "")), Outcome::OpenWithin);
        assert_eq!(outcome(&rule, &case("2024-08-30 08:00", "")), Outcome::OpenOverdue);
        let by_day = Judge::new(&rule, day("2024-08-31"), Extensions::Honour, WithoutTimes::ByDay);
        let open = by_day.judge(&case("2024-08-30", "")).expect("judged");
        assert_eq!(open.cell.outcome(rule.roll), Outcome::OpenWithin);
    }

    #[test]
    fn a_reference_in_hours_is_counted_in_hours() {
        let rule = rule("safety-assessment").with_clocks(Some(Clock::NextDay), Some(Clock::Hours(24)));
        let verdict = judged(&rule, &case("2024-05-06 10:00", "2024-05-07 10:01"));
        assert_eq!(verdict.cell.outcome(rule.roll), Outcome::Met);
        assert!(verdict.cell.late_by_reference());
        let due_at = verdict.due_reference_at.expect("a moment").to_rfc3339();
        assert_eq!(due_at, "2024-05-07T10:00:00+02:00");
        assert_eq!(verdict.due_reference, Some(day("2024-05-07")));
    }

    #[test]
    fn a_reference_in_hours_is_due_at_a_moment_of_its_own_day() {
        let rule = rule("safety-assessment").with_clocks(Some(Clock::Hours(1)), Some(Clock::Hours(3)));
        let verdict = judged(&rule, &case("2024-05-06 10:00", "2024-05-06 12:59"));
        assert_eq!(verdict.due_reference, Some(day("2024-05-06")));
        assert!(!verdict.cell.late_by_reference());
        // An extension beyond the moment takes its place, one before it does not.
        let rule = rule.with_clocks(None, Some(Clock::Hours(72)));
        let times = case("2024-05-06 23:00", "2024-05-12 12:00");
        let extended = |to| {
            let extension = Some(Extension { to: day(to), decided: Decided::NotInExport });
            judged(&rule, &Case { extension, ..times })
        };
        assert_eq!(extended("2024-05-10").due_reference_at, None);
        assert_eq!(extended("2024-05-10").due_reference, Some(day("2024-05-10")));
        let at = extended("2024-05-08").due_reference_at.expect("a moment").to_rfc3339();
        assert_eq!(at, "2024-05-09T23:00:00+02:00");
    }

    /// A case that the authority promised to decide by a day.
    fn promised(start: &str, end: &str, due: &str) -> Case {
        Case { due: Day::parse_iso(due), ..case(start, end) }
    }

    #[test]
    fn the_due_date_of_the_export_can_be_the_clock() {
        let rule = rule("child-investigation").with_clocks(Some(Clock::DueColumn), Some(Clock::Months(4)));
        let met = judged(&rule, &promised("2024-01-10", "2024-06-01", "2024-06-01"));
        assert_eq!((met.due, met.margin), (day("2024-06-01"), Some(0)));
        assert_eq!(met.cell.outcome(rule.roll), Outcome::Met);
        assert!(met.cell.late_by_reference());
        assert_eq!(outcome(&rule, &promised("2024-01-10", "2024-06-02", "2024-06-01")), Outcome::Breached);
        assert_eq!(outcome(&rule, &promised("2024-01-10", "", "2024-08-31")), Outcome::OpenWithin);
        let judge = judge_of(&rule, "2024-08-31");
        assert_eq!(judge.judge(&case("2024-01-10", "2024-02-01")), Err(NotJudged::MissingDue));
        // Rolled and extended as any other; 1 June 2024 is a Saturday.
        let rolls = Rule { roll: Roll::NextWeekday, ..rule.clone() };
        assert_eq!(judged(&rolls, &promised("2024-01-10", "", "2024-06-01")).due, day("2024-06-03"));
        let extension = Some(Extension { to: day("2024-07-01"), decided: Decided::On(day("2024-06-01")) });
        let extended = Case { extension, ..promised("2024-01-10", "2024-06-20", "2024-06-01") };
        assert_eq!(judged(&rule, &extended).cell.reading(), Reading::WithinExtension);
    }

    #[test]
    fn a_reference_that_the_case_lacks_follows_the_law() {
        let rule = rule("child-investigation").with_clocks(None, Some(Clock::DueColumn));
        let late = |case| {
            let verdict = judged(&rule, &case);
            (verdict.cell.outcome(rule.roll), verdict.cell.outcome_by_reference(), verdict.due_reference)
        };
        let (met, breached) = (Outcome::Met, Outcome::Breached);
        let own = Some(day("2024-03-01"));
        assert_eq!(late(promised("2024-01-10", "2024-05-10", "2024-03-01")), (met, breached, own));
        assert_eq!(late(case("2024-01-10", "2024-05-10")), (met, met, None));
        assert_eq!(late(case("2024-01-10", "2024-05-14")), (breached, breached, None));
    }

    #[test]
    fn the_law_of_the_start_is_the_method_that_judged() {
        let mut rule = rule("child-investigation");
        rule.laws[1].method = Clock::Months(3);
        let judge = judge_of(&rule, "2026-08-31");
        let method = |start| judge.judge(&case(start, "")).expect("judged").judged_by;
        assert_eq!(method("2025-06-30"), JudgedBy::method(0, false));
        assert_eq!(method("2025-07-01"), JudgedBy::method(1, false));
    }

    #[test]
    fn only_a_roll_needs_the_calendar() {
        let mut rule = rule("child-investigation");
        rule.laws.truncate(1);
        (rule.laws[0].first_day, rule.laws[0].last_day) = (None, None);
        let rolls = Rule { roll: Roll::NextWeekday, ..rule.clone() };
        let judge = judge_of(&rolls, "2024-08-31");
        let old = judged(&rule, &case("1952-10-31", "1953-03-01"));
        assert_eq!((old.due, old.due_rolled, old.margin), (day("1953-02-28"), day("1953-02-28"), Some(1)));
        assert_eq!(old.cell.reading(), Reading::Late);
        assert_eq!(judge.judge(&case("1952-10-31", "1953-03-01")), Err(NotJudged::NoCalendar));
        assert_eq!(judge.judge(&case("1969-08-31", "")), Err(NotJudged::NoCalendar));
        // Due on New Year's Day 1970, a Thursday, and rolled to the Friday.
        let first = judge.judge(&case("1969-09-01", "1970-01-02")).expect("judged");
        assert_eq!((first.due, first.margin), (day("1970-01-02"), Some(0)));
    }

    /// Every start day 1930–2100 and every clock: the rule is spelled out here once more without tables.
    #[test]
    fn every_start_day_and_clock_is_judged_as_it_is_spelled_out() {
        let clocks = [
            "1 month",
            "2 months",
            "3 months",
            "4 months",
            "6 months",
            "12 months",
            "1 week",
            "8 weeks",
            "14 days",
            "120 days",
            "next day",
            "24 hours",
        ];
        for text in clocks {
            let clock: Clock = text.parse().expect("a clock");
            let mut rule = rule("child-investigation").with_clocks(Some(clock), Some(Clock::Days(120)));
            rule.laws.truncate(1);
            (rule.laws[0].first_day, rule.laws[0].last_day) = (None, None);
            let judge = Judge::new(&rule, LAST_INPUT_DAY, Extensions::Honour, WithoutTimes::ByDay);
            for start in (FIRST_INPUT_DAY.0..=LAST_INPUT_DAY.0).map(Day) {
                let due = clock.due_from(start, None).expect("it is counted");
                for days_late in [-1, 0, 1] {
                    let end = due.plus_days(days_late);
                    let case = Case {
                        start,
                        end: Some(end),
                        start_at: None,
                        end_at: None,
                        due: None,
                        extension: None,
                    };
                    let verdict = judge.judge(&case).expect("judged");
                    let open = end > LAST_INPUT_DAY;
                    let until = end.min(LAST_INPUT_DAY);
                    assert_eq!(
                        verdict.cell.outcome(Roll::None),
                        Outcome::new(open, until > due),
                        "{text} from {start}"
                    );
                    assert_eq!((verdict.due, verdict.due_unextended), (due, due));
                    let hours = matches!(clock, Clock::Hours(_));
                    assert_eq!(verdict.margin_in_clock_units, (!hours).then_some(until.0 - due.0));
                    assert_eq!(verdict.cell.late_by_reference(), until.0 > start.0 + 120);
                }
            }
        }
    }
}
