//! Edges of an export: from which day, and until which, it holds all cases of a cohort.
//!
//! Exports are cut: cases that started since a day, that ended since a day, or decided ones alone. What lies before the
//! cut is missing, and not by chance: of cases that started since a day none is late at first. How the export was cut
//! is seen from the days of its cases, or the project file says it.

use serde::{Deserialize, Serialize};

use super::extent::{EXPECTED, Strand, YEAR, begun_since, dense, gaps, known_until};
use super::missing::Missing;
use crate::date::{Day, first_day_of_month};
use crate::period::{Period, PeriodKind};
use crate::project::Selection;
use crate::rulebook::Cohort;
use crate::tally::{Course, Dense};

/// Fewer cases show nothing of how they were chosen.
const FEWEST_CASES: u64 = 30;
/// Nor do cases that ended on fewer days.
const FEWEST_DAYS: usize = 15;
/// So many cases of which none has ended are a list of open ones.
const FEWEST_OPEN: u64 = 15;
/// Days after the first start and the first end in which their pace is compared with the usual one.
const OPENING: i32 = 30;
/// What all but so many of the late cases stay under. So many cases may also lie far before the others: an old one that
/// was reopened, or a mistyped date, says nothing of how the rest were chosen.
const TAIL: f64 = 0.01;
/// A period may lack cases for at most one day in so many.
const PART: i32 = 20;

/// How an export's cases were chosen, and what is whole in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edges {
    /// How they were chosen.
    pub selection: Selection,
    /// The project file says so; else it was recognised.
    pub is_stated: bool,
    /// The day since which they started or ended; `None` when all are there.
    pub since: Option<Day>,
    /// The first whole day by [`Cohort`].
    first_whole: [Option<Day>; 3],
    /// The last whole day of cases by start and due date, where open ones are missing.
    last_whole: Option<Day>,
    /// The day from which on the open cases of each day are known.
    open_from: Option<Day>,
    /// The last day on which all is known, where exports end before the as-of date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known_until: Option<Day>,
    /// The last whole day of cases by start date, where exports end before the as-of date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    last_settled_start: Option<Day>,
    /// The times of which cases are missing, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<Missing>,
}

/// How many cases went each course, to be gone through several times.
pub trait Courses: Iterator<Item = (Course, u64)> + Clone {}

impl<I: Iterator<Item = (Course, u64)> + Clone> Courses for I {}

/// Starts and ends by day.
struct Days {
    starts: Dense<u64>,
    ends: Dense<u64>,
    cases: u64,
    open: u64,
}

impl Edges {
    /// All cases are there.
    pub const NONE: Edges = Edges {
        selection: Selection::All,
        is_stated: false,
        since: None,
        first_whole: [None; 3],
        last_whole: None,
        open_from: None,
        known_until: None,
        last_settled_start: None,
        missing: Vec::new(),
    };

    /// The edges of a control's exports, from its cases known on the as-of date and the strands that hold them; `stated`
    /// is what the project file says.
    pub fn of(courses: impl Courses, strands: &[Strand], as_of: Day, stated: Option<Selection>) -> Edges {
        let (days, courses) = Days::without_stragglers(courses);
        let selection = stated.or_else(|| days.recognised(courses.clone(), strands, as_of));
        if stated == Some(Selection::All) {
            return Edges { is_stated: true, ..Edges::NONE };
        }
        let deadline = usual_deadline(courses.clone());
        let known_until = known_until(strands, as_of);
        let last_settled_start = known_until.map(|day| day.plus_days(-deadline));
        let chosen = Edges {
            selection: selection.unwrap_or(Selection::All),
            is_stated: stated.is_some(),
            known_until,
            last_settled_start,
            ..Edges::NONE
        };
        let longest = |since: Option<Day>| longest_late(courses.clone(), as_of, since).max(deadline);
        let mut gaps = gaps(strands, as_of).peekable();
        // Without a gap no case is looked at again.
        let missing = match gaps.peek() {
            Some(_) => Missing::all(gaps, deadline, longest(None)),
            None => Vec::new(),
        };
        let chosen = Edges { missing, ..chosen };
        if selection == Some(Selection::Open) {
            let first_whole = [Some(as_of.plus_days(1)); 3];
            return Edges { first_whole, open_from: Some(as_of), ..chosen };
        }
        let by_start = days.begin_by_start(selection);
        let Some(since) = selection.and_then(|selection| days.since(selection, strands, by_start)) else {
            return chosen;
        };
        let longest = longest((!by_start).then_some(since));
        let closed = if by_start { since.plus_days(longest) } else { since };
        let mut first_whole = [None; 3];
        first_whole[Cohort::Closed as usize] = Some(closed);
        first_whole[Cohort::Due as usize] = Some(since.plus_days(deadline));
        first_whole[Cohort::Started as usize] = Some(since);
        let last_known = known_until.unwrap_or(as_of);
        let last_whole = (selection == Some(Selection::DecidedSince)).then(|| last_known.plus_days(-longest));
        Edges { since: Some(since), first_whole, last_whole, open_from: Some(closed), ..chosen }
    }

    /// The same edges in whole months: a day can be that of a single case.
    #[must_use]
    pub fn in_months(&self) -> Edges {
        let begins = |day: Day| first_day_of_month(day.plus_days(-1).month() + 1);
        let ends = |day: Day| first_day_of_month(day.plus_days(1).month()).plus_days(-1);
        Edges {
            since: self.since.map(|day| first_day_of_month(day.month())),
            first_whole: self.first_whole.map(|day| day.map(begins)),
            last_whole: self.last_whole.map(ends),
            open_from: self.open_from.map(begins),
            known_until: self.known_until.map(ends),
            last_settled_start: self.last_settled_start.map(ends),
            missing: self.missing.iter().map(Missing::in_months).collect(),
            ..*self
        }
    }

    /// The edges of a tally that counts the cases of one cohort alone, from a period on, and no open ones.
    #[must_use]
    pub fn from_period(&self, cohort: Cohort, first: Period, as_of: Day) -> Edges {
        let mut first_whole = [None; 3];
        first_whole[cohort as usize] = Some(first.first_day());
        Edges { since: None, first_whole, open_from: Some(as_of.plus_days(1)), ..self.in_months() }
    }

    /// The edges of two organisations' cases together: what both have the whole of.
    #[must_use]
    pub fn with(&self, other: &Edges) -> Edges {
        let strictness = |edges: &&Edges| (edges.selection, edges.since, edges.is_stated);
        let stricter = std::cmp::max_by_key(self, other, strictness);
        let first_whole = Cohort::ALL.map(|cohort| self.first_whole(cohort).max(other.first_whole(cohort)));
        let first = |one: Option<Day>, other: Option<Day>| [one, other].into_iter().flatten().min();
        Edges {
            first_whole,
            last_whole: first(self.last_whole, other.last_whole),
            open_from: self.open_from.max(other.open_from),
            known_until: first(self.known_until, other.known_until),
            last_settled_start: first(self.last_settled_start, other.last_settled_start),
            missing: self.missing_with(other),
            ..*stricter
        }
    }

    /// The edges of an organisation's cases together with later ones.
    #[must_use]
    pub fn until(&self, later: &Edges) -> Edges {
        if later.selection == Selection::Open {
            return self.with(later);
        }
        let is_decided = |edges: &Edges| edges.selection == Selection::DecidedSince;
        let selection = match (is_decided(self), is_decided(later)) {
            (_, true) => Selection::DecidedSince,
            (true, false) => Selection::EndedSince,
            (false, false) => self.selection,
        };
        Edges {
            selection,
            last_whole: later.last_whole,
            known_until: later.known_until,
            last_settled_start: later.last_settled_start,
            missing: self.missing_with(later),
            ..*self
        }
    }

    fn missing_with(&self, other: &Edges) -> Vec<Missing> {
        Missing::joined([&self.missing[..], &other.missing[..]].concat())
    }

    /// The first day after which no case of a cohort is missing up to the last edge; `None` where none is before it either.
    pub fn whole_since(&self, cohort: Cohort) -> Option<Day> {
        let missing = self.missing.iter().map(|missing| missing.of_cohort(cohort).1.plus_days(1));
        self.first_whole(cohort).into_iter().chain(missing).max()
    }

    /// The first day from which on no case of a cohort is missing but for a missing export; `None` where none is before
    /// it either.
    pub fn first_whole(&self, cohort: Cohort) -> Option<Day> {
        self.first_whole[cohort as usize]
    }

    /// The last day up to which no case of a cohort is missing; `None` where none is after it either.
    pub fn last_whole(&self, cohort: Cohort) -> Option<Day> {
        let decided = self.last_whole.filter(|_| cohort != Cohort::Closed);
        let known = if cohort == Cohort::Started { self.last_settled_start } else { self.known_until };
        decided.into_iter().chain(known).min()
    }

    /// Whether something is missing.
    pub fn is_cut(&self) -> bool {
        self.since.is_some()
            || self.selection == Selection::Open
            || self.known_until.is_some()
            || !self.missing.is_empty()
    }

    /// Whether the cases are those that started since a day and have ended.
    pub fn is_decided_of_started(&self) -> bool {
        self.selection == Selection::DecidedSince
            && self.first_whole(Cohort::Closed) > self.first_whole(Cohort::Started)
    }

    /// Whether a period counts as whole: at most a twentieth of its days may lie beyond an edge.
    pub fn is_whole(&self, cohort: Cohort, period: Period) -> bool {
        self.has_begun(cohort, period) && self.has_end(cohort, period) && !self.misses(cohort, period)
    }

    /// Whether cases of a period are missing because an export is.
    pub fn misses(&self, cohort: Cohort, period: Period) -> bool {
        self.missing.iter().map(|missing| missing.of_cohort(cohort)).any(|(from, to)| {
            let common = to.0.min(period.last_day().0) - from.0.max(period.first_day().0) + 1;
            common > room(period)
        })
    }

    /// Whether a period lies after the first edge.
    pub fn has_begun(&self, cohort: Cohort, period: Period) -> bool {
        self.first_whole(cohort).is_none_or(|day| day.0 <= period.first_day().0 + room(period))
    }

    /// Whether a period lies before the last edge.
    fn has_end(&self, cohort: Cohort, period: Period) -> bool {
        self.last_whole(cohort).is_none_or(|day| period.last_day().0 - room(period) <= day.0)
    }

    /// The index of the last period up to a day's that lies before the last edge.
    pub fn last_period(&self, cohort: Cohort, kind: PeriodKind, until: Day) -> i32 {
        let current = kind.holding(until).index;
        let Some(last_whole) = self.last_whole(cohort) else { return current };
        // The one of the edge, or the one before it.
        let edge = kind.holding(last_whole);
        let has_end = self.has_end(cohort, edge);
        current.min(edge.index - i32::from(!has_end))
    }

    /// Whether the export tells which cases were open at the end of a day: those that started before its first case
    /// have ended by then. One that ends before the as-of date cannot show those of now.
    pub fn tells_open(&self, day: Day) -> bool {
        self.selection != Selection::DecidedSince
            && self.open_from.is_none_or(|from| from <= day)
            && self.known_until.is_none()
            && !self.missing.iter().any(|missing| missing.hides_open(day))
    }
}

/// Days of a period that may lie beyond an edge.
fn room(period: Period) -> i32 {
    (period.last_day().0 - period.first_day().0 + 1) / PART
}

impl Days {
    /// The days of cases, and the cases, without the few that started far before the others.
    fn without_stragglers(courses: impl Courses) -> (Days, impl Courses) {
        let all = Days::of(courses.clone());
        let first = span(&all.starts).map(|(first, _)| first);
        let has_stragglers = all.starts.iter().any(|(day, cases)| *cases > 0 && Some(Day(day)) < first);
        let courses = courses.filter(move |(course, _)| Some(course.start) >= first);
        (if has_stragglers { Days::of(courses.clone()) } else { all }, courses)
    }

    fn of(courses: impl Courses) -> Days {
        let mut days = Days { starts: Dense::default(), ends: Dense::default(), cases: 0, open: 0 };
        for (course, cases) in courses {
            *days.starts.at(course.start.0) += cases;
            days.cases += cases;
            match course.ended {
                Some(ended) => *days.ends.at(ended.0) += cases,
                None => days.open += cases,
            }
        }
        days
    }

    /// How the cases seem to have been chosen; `None` when they are too few to show it.
    fn recognised(&self, courses: impl Courses, strands: &[Strand], as_of: Day) -> Option<Selection> {
        let days = self.ends.iter().filter(|(_, cases)| **cases > 0).count();
        let none_ended = days == 0 && strands.iter().all(|strand| strand.ends.total() == 0);
        if none_ended && self.cases >= FEWEST_OPEN {
            return Some(Selection::Open);
        }
        if self.cases < FEWEST_CASES || days < FEWEST_DAYS {
            return None;
        }
        // Cases that ended after the as-of date were open on it.
        let none_open = self.open == 0 || !strands.is_empty() && !strands.iter().any(Strand::has_open);
        if none_open && expected_open(courses, as_of) >= EXPECTED {
            return Some(Selection::DecidedSince);
        }
        match self.begin_slowly_by_end()? {
            true => Some(Selection::StartedSince),
            false => Some(Selection::EndedSince),
        }
    }

    /// Whether cases are cut by their start: starts begin at their usual pace then, and ends slowly; else it is the other
    /// way.
    fn begin_slowly_by_end(&self) -> Option<bool> {
        let (first, last) = span(&self.ends)?;
        let usual = (first.plus_days(OPENING), last.plus_days(1).min(first.plus_days(YEAR)));
        Some(pace(&self.ends, usual) <= pace(&self.starts, usual))
    }

    /// Whether cases that were chosen so begin with their starts.
    fn begin_by_start(&self, selection: Option<Selection>) -> bool {
        match selection {
            Some(Selection::StartedSince) => true,
            Some(Selection::DecidedSince) => self.begin_slowly_by_end() == Some(true),
            _ => false,
        }
    }

    /// The day since which all strands have cases.
    fn since(&self, selection: Selection, strands: &[Strand], by_start: bool) -> Option<Day> {
        if selection == Selection::All {
            return None;
        }
        let since = opening(if by_start { &self.starts } else { &self.ends })?;
        let begins = |strand: &Strand| {
            let days = if by_start { &strand.starts } else { &strand.ends };
            (strand.cases() >= FEWEST_CASES).then(|| opening(&dense(days))).flatten()
        };
        Some(begun_since(strands, since, begins))
    }
}

/// The first and the last day with a case, without the few that lie far before the others.
fn span(days: &Dense<u64>) -> Option<(Day, Day)> {
    let used: Vec<(Day, u64)> =
        days.iter().filter(|(_, cases)| **cases > 0).map(|(day, cases)| (Day(day), *cases)).collect();
    let (last, _) = *used.last()?;
    let all: u64 = used.iter().map(|(_, cases)| cases).sum();
    let most_before = ((TAIL * all as f64) as u64).max(2);
    let (mut before, mut begin) = (0, 0);
    for place in 1..used.len() {
        before += used[place - 1].1;
        if before > most_before {
            break;
        }
        if used[place].0.0 - used[place - 1].0.0 > longest_usual_gap(&used[place..]) {
            begin = place;
        }
    }
    Some((used[begin].0, last))
}

/// How long nothing may have come before these days for what came earlier to belong to them: three times the longest that
/// nothing comes among them, and half a year at least.
fn longest_usual_gap(days: &[(Day, u64)]) -> i32 {
    /// Later days say nothing of how the first came.
    const EARLIEST: usize = 50;
    let earliest = &days[..days.len().min(EARLIEST)];
    let longest = earliest.windows(2).map(|pair| pair[1].0.0 - pair[0].0.0).max().unwrap_or(i32::MAX / 3);
    (3 * longest).max(YEAR / 2)
}

/// Cases from one day to before another.
fn sum(days: &Dense<u64>, from: Day, to: Day) -> u64 {
    days.iter().filter(|(day, _)| (from.0..to.0).contains(day)).map(|(_, cases)| cases).sum()
}

/// Cases a day in the first month over those of the usual time: 1 when they come at their usual pace from the beginning.
fn pace(days: &Dense<u64>, usual: (Day, Day)) -> f64 {
    let Some((first, _)) = span(days) else { return 0.0 };
    let rest = sum(days, usual.0, usual.1).max(1) as f64 / f64::from((usual.1.0 - usual.0.0).max(1));
    sum(days, first, first.plus_days(OPENING)) as f64 / f64::from(OPENING) / rest
}

/// The day since which there are cases: the first of a month when the first case came hardly later than cases do, else
/// the day of the first case.
fn opening(days: &Dense<u64>) -> Option<Day> {
    /// Week ends and holidays.
    const CLOSED_DAYS: i32 = 4;
    /// Nothing comes for so many times as long as usual once in twenty.
    const GAP: f64 = 3.0;
    let (first, last) = span(days)?;
    let length = (last.0 - first.0).clamp(1, YEAR);
    let gap = (GAP * f64::from(length) / sum(days, first, first.plus_days(YEAR)) as f64).ceil() as i32;
    let month = first_day_of_month(first.month());
    Some(if first.0 - month.0 <= gap.max(CLOSED_DAYS) { month } else { first })
}

/// The days from start to due date that all but a hundredth of the cases have at most.
fn usual_deadline(courses: impl Courses) -> i32 {
    let mut by_length: Dense<u64> = Dense::default();
    for (course, cases) in courses {
        *by_length.at(course.last_due().0 - course.start.0) += cases;
    }
    let all: u64 = by_length.iter().map(|(_, cases)| cases).sum();
    let mut below = 0;
    let length = by_length.iter().find(|(_, cases)| {
        below += **cases;
        below as f64 >= (1.0 - TAIL) * all as f64
    });
    length.map_or(0, |(days, _)| days)
}

/// Open cases at any time by Little's law: those that ended in the last year times how long they lasted.
fn expected_open(courses: impl Courses, as_of: Day) -> f64 {
    let from = as_of.plus_days(-YEAR);
    let lasted = courses.filter_map(|(course, cases)| {
        let ended = course.ended.filter(|ended| *ended > from)?;
        Some(cases as f64 * f64::from(ended.0 - course.start.0))
    });
    lasted.sum::<f64>() / f64::from(YEAR)
}

/// The days from start to end that all but a hundredth of the late cases that end stay under (Kaplan & Meier, with
/// delayed entry from `seen`); 0 without any. Those that nobody ever closes are missing from no period.
fn longest_late(courses: impl Courses, as_of: Day, seen: Option<Day>) -> i32 {
    // Cases that come to be seen, end, and are last seen open, by days since the start.
    let mut changes: Dense<(u64, u64, u64)> = Dense::default();
    for (course, cases) in courses {
        let last = course.ended.unwrap_or(as_of).0 - course.start.0;
        let late = (course.last_due().0 - course.start.0).max(seen.map_or(0, |seen| seen.0 - course.start.0));
        if last <= late {
            continue;
        }
        changes.at(late).0 += cases;
        let of_last = changes.at(last);
        match course.ended {
            Some(_) => of_last.1 += cases,
            None => of_last.2 += cases,
        }
    }
    let (mut at_risk, mut open) = (0, 1.0);
    // The share open after each day on which one ended.
    let mut ends: Vec<(i32, f64)> = Vec::new();
    let last = changes.iter().rfind(|(_, changes)| **changes != (0, 0, 0)).map(|(days, _)| days);
    for (days, (seen, ended, censored)) in changes.iter() {
        // As long as hardly anyone is at risk the estimate would fall to nothing at once.
        if *ended > 0 && (*ended < at_risk || Some(days) == last) {
            open *= 1.0 - *ended as f64 / at_risk as f64;
        }
        if *ended > 0 {
            ends.push((days, open));
        }
        at_risk = at_risk + seen - ended - censored;
    }
    let longest = ends.into_iter().find(|(_, of_day)| of_day - open <= TAIL * (1.0 - open));
    longest.map_or(0, |(days, _)| days)
}

#[cfg(test)]
mod tests {
    use crate::analysis::extent::Gap;
    use std::collections::BTreeMap;

    use rand::rngs::StdRng;
    use rand::{RngExt, SeedableRng};

    use super::*;

    const AS_OF: &str = "2024-08-31";

    fn day(text: &str) -> Day {
        Day::parse_iso(text).expect("a date")
    }

    /// A stable process: so many cases a month for ten years, due after so many days, a share of them late.
    struct Process {
        a_month: f64,
        deadline: i32,
        late: f64,
    }

    impl Process {
        fn cases(&self, rng: &mut StdRng) -> Vec<Course> {
            let (first, last) = (day("2014-09-01"), day(AS_OF));
            let mut cases = Vec::new();
            let mut at = f64::from(first.0);
            loop {
                at += -(1.0 - rng.random::<f64>()).ln() * 30.4 / self.a_month;
                let start = Day(at as i32);
                if start > last {
                    return cases;
                }
                // Those in time come close to their due date, and those that are late may be very late.
                let lasts = match rng.random_bool(self.late) {
                    true => {
                        f64::from(self.deadline)
                            - (1.0 - rng.random::<f64>()).ln() * 0.3 * f64::from(self.deadline)
                            + 1.0
                    }
                    false => f64::from(self.deadline) * rng.random::<f64>().sqrt(),
                };
                let ended = Some(start.plus_days(lasts as i32)).filter(|ended| *ended <= last);
                cases.push(Course { start, ended, due: start.plus_days(self.deadline), extended: None });
            }
        }
    }

    fn export(cases: &[Course], selection: Selection, since: Day) -> Vec<Course> {
        let is_in = |course: &&Course| match selection {
            Selection::All => true,
            Selection::StartedSince => course.start >= since,
            Selection::EndedSince => course.ended.is_none_or(|ended| ended >= since),
            Selection::DecidedSince => course.ended.is_some_and(|ended| ended >= since),
            Selection::Open => course.ended.is_none(),
        };
        cases.iter().filter(is_in).copied().collect()
    }

    fn strand(exported: &[Course]) -> Strand {
        let mut strand = Strand::default();
        for course in exported {
            strand.starts.add(course.start);
            course.ended.iter().for_each(|ended| strand.ends.add(*ended));
        }
        strand
    }

    /// Late and all cases of a cohort by period, as far as they are judged.
    fn counted(cases: &[Course], cohort: Cohort, kind: PeriodKind) -> BTreeMap<i32, (f64, f64)> {
        let as_of = day(AS_OF);
        let mut counted: BTreeMap<i32, (f64, f64)> = BTreeMap::new();
        for course in cases {
            let is_judged = course.ended.is_some() || course.due < as_of;
            let belongs = match cohort {
                Cohort::Closed => course.ended,
                Cohort::Due => Some(course.due).filter(|_| is_judged),
                Cohort::Started => Some(course.start).filter(|_| is_judged),
            };
            let Some(day) = belongs else { continue };
            let (late, all) = counted.entry(kind.holding(day).index).or_default();
            *late += f64::from(u8::from(course.ended.unwrap_or(as_of) > course.due));
            *all += 1.0;
        }
        counted
    }

    const WAYS: [Selection; 4] =
        [Selection::All, Selection::StartedSince, Selection::EndedSince, Selection::DecidedSince];

    /// A thousand sets of each of the usual ways: what is missing beyond an edge changes no share that is shown by more
    /// than chance would.
    #[test]
    fn no_period_shows_a_share_that_the_export_made() {
        let mut rng = StdRng::seed_from_u64(16);
        let (mut shown, mut left_out, mut recognised) = (0, 0, 0);
        for set in 0..1_000 {
            let way = WAYS[set % WAYS.len()];
            let deadline = [14, 90, 120][rng.random_range(0..3)];
            let process =
                Process { a_month: rng.random_range(5.0..80.0), deadline, late: rng.random_range(0.02..0.5) };
            let cases = process.cases(&mut rng);
            let since = day("2021-11-01").plus_days(rng.random_range(0..120));
            let kind = [PeriodKind::Month, PeriodKind::Tertial][set / 4 % 2];
            let exported = export(&cases, way, since);
            let strand = strand(&exported);
            let strands = std::slice::from_ref(&strand);
            let edges = Edges::of(exported.iter().map(|course| (*course, 1)), strands, day(AS_OF), None);
            assert_eq!((edges.known_until, &edges.missing[..]), (None, &[][..]), "{way:?} since {since}");
            // A register of everything looks like one of what started since its first day, and loses its first year.
            recognised += u64::from(edges.selection == way || way == Selection::All);
            for cohort in Cohort::ALL {
                let truth = counted(&cases, cohort, kind);
                for (index, (late, all)) in counted(&exported, cohort, kind) {
                    if !edges.is_whole(cohort, Period { kind, index }) {
                        left_out += 1;
                        continue;
                    }
                    let (true_late, true_all) = truth[&index];
                    let share = (true_late / true_all).clamp(0.01, 0.99);
                    let sigma = (share * (1.0 - share) / all).sqrt();
                    let z = (late / all - true_late / true_all).abs() / sigma;
                    assert!(z <= 2.0, "{way:?} as {edges:?}: {cohort:?}, {kind:?} {index}: {late} of {all}");
                    shown += 1;
                }
            }
        }
        // It is no help to leave everything out.
        assert!(shown > 10 * left_out && recognised > 900, "{shown} {left_out} {recognised}");
    }

    #[test]
    fn few_cases_show_nothing_of_how_they_were_chosen() {
        let one = |number: i32| Course {
            start: day("2024-01-10").plus_days(number),
            ended: Some(day("2024-02-10").plus_days(number)),
            due: day("2024-05-10").plus_days(number),
            extended: None,
        };
        let few = (0..FEWEST_CASES as i32 - 1).map(|number| (one(number), 1));
        assert_eq!(Edges::of(few.clone(), &[], day(AS_OF), None), Edges::NONE);
        let stated = Edges::of(few, &[], day(AS_OF), Some(Selection::EndedSince));
        assert!(stated.is_stated && stated.since == Some(day("2024-02-10")), "{stated:?}");
    }

    /// One case every other day since 2022, every fifth of which is late by up to sixty days.
    fn since_2022() -> Vec<(Course, u64)> {
        let first = day("2022-01-01");
        let cases = (0..480).map(|number| {
            let start = first.plus_days(number * 2);
            let lasts = if number % 5 == 0 { 121 + number * 7 % 60 } else { 20 + number * 13 % 95 };
            let ended = Some(start.plus_days(lasts)).filter(|ended| *ended <= day(AS_OF));
            (Course { start, ended, due: start.plus_days(120), extended: None }, 1)
        });
        cases.collect()
    }

    #[test]
    fn a_period_may_lack_a_twentieth_of_its_days() {
        let edges = Edges::of(since_2022().into_iter(), &[], day(AS_OF), Some(Selection::StartedSince));
        assert_eq!(edges.first_whole(Cohort::Due), Some(day("2022-05-01")));
        // The longest of the late cases lasted 180 days: to 30 June.
        let closed = edges.first_whole(Cohort::Closed).expect("a day");
        assert!((day("2022-06-25")..=day("2022-06-30")).contains(&closed), "{closed}");
        let whole = |cohort, period| edges.is_whole(cohort, Period::parse(period).expect("a period"));
        assert!(!whole(Cohort::Closed, "2022-06") && whole(Cohort::Closed, "2022-07"));
        assert!(!whole(Cohort::Closed, "2022-T2") && whole(Cohort::Closed, "2022-H2"));
        assert!(!whole(Cohort::Due, "2022-04") && whole(Cohort::Due, "2022-T2"));
        assert!(whole(Cohort::Started, "2022-T1") && !whole(Cohort::Started, "2021-T3"));
        assert!(!edges.tells_open(day("2022-05-31")) && edges.tells_open(day("2022-06-30")));
    }

    #[test]
    fn the_last_period_lies_before_the_last_edge() {
        let edges = Edges { last_whole: Some(day("2024-03-30")), ..Edges::NONE };
        let last = |cohort, kind: PeriodKind| {
            let index = edges.last_period(cohort, kind, day(AS_OF));
            Period { kind, index }.to_string()
        };
        assert_eq!(last(Cohort::Due, PeriodKind::Month), "2024-03");
        assert_eq!(last(Cohort::Due, PeriodKind::Tertial), "2023-T3");
        assert_eq!(last(Cohort::Closed, PeriodKind::Month), "2024-08");
        let edges = Edges { last_whole: Some(day("2024-03-29")), ..edges };
        let of_due = edges.last_period(Cohort::Due, PeriodKind::Month, day(AS_OF));
        assert_eq!(of_due, PeriodKind::Month.holding(day("2024-02-01")).index);
    }

    /// An old case that is still open, one that was closed late or long ago, and dates that were mistyped.
    #[test]
    fn a_few_cases_far_before_the_others_move_no_edge() {
        let stray = |start: &str, ended: Option<&str>| {
            (
                Course {
                    start: day(start),
                    ended: ended.map(day),
                    due: day(start).plus_days(120),
                    extended: None,
                },
                1,
            )
        };
        let strays = [
            stray("2019-03-01", None),
            stray("2018-05-02", Some("2023-11-20")),
            stray("2014-05-01", Some("2014-08-11")),
            stray("2016-05-01", Some("2016-06-11")),
        ];
        let cut = |selection: Selection| -> Vec<(Course, u64)> {
            let since = day("2022-01-01");
            let long: Vec<Course> = (0..800)
                .map(|number| {
                    let start = day("2020-06-01").plus_days(number * 2);
                    let lasts = if number % 5 == 0 { 121 + number * 7 % 60 } else { 20 + number * 13 % 95 };
                    let ended = Some(start.plus_days(lasts)).filter(|ended| *ended <= day(AS_OF));
                    Course { start, ended, due: start.plus_days(120), extended: None }
                })
                .collect();
            export(&long, selection, since).into_iter().map(|course| (course, 1)).collect()
        };
        for way in [Selection::StartedSince, Selection::EndedSince, Selection::DecidedSince] {
            let cases = cut(way);
            let edges = Edges::of(cases.iter().copied(), &[], day(AS_OF), None);
            assert_eq!((edges.selection, edges.since), (way, Some(day("2022-01-01"))));
            for chosen in [&strays[..1], &strays[1..2], &strays[2..3], &strays[2..], &strays[1..3]] {
                // Decided cases alone have none that is open.
                let chosen = chosen
                    .iter()
                    .filter(|(course, _)| way != Selection::DecidedSince || course.ended.is_some());
                let with = cases.iter().chain(chosen).copied();
                let found = Edges::of(with, &[], day(AS_OF), None);
                assert_eq!((found.selection, found.since), (way, edges.since), "{way:?}");
                for cohort in Cohort::ALL {
                    let [own, found] = [&edges, &found].map(|edges| edges.first_whole(cohort));
                    let apart = own.zip(found).map(|(own, found)| own.0 - found.0);
                    assert!(
                        apart.is_some_and(|days| days.abs() <= 5),
                        "{way:?} {cohort:?}: {own:?} {found:?}"
                    );
                }
            }
        }
    }

    /// They are in no closed period, before the edge or after it.
    #[test]
    fn cases_that_nobody_closes_make_no_edge() {
        let mut cases = since_2022();
        let edges = Edges::of(cases.iter().copied(), &[], day(AS_OF), None);
        cases.extend((0..40).map(|number| {
            let start = day("2022-01-03").plus_days(number * 12);
            (Course { start, ended: None, due: start.plus_days(120), extended: None }, 1)
        }));
        assert_eq!(Edges::of(cases.iter().copied(), &[], day(AS_OF), None), edges);
        assert_eq!(edges.selection, Selection::StartedSince);
    }

    #[test]
    fn after_a_missing_export_all_is_whole_again() {
        let gap = Gap { days: (day("2022-03-01"), day("2022-05-31")), is_of_ends: false };
        let first_whole = [Some(day("2020-01-01")); 3];
        let edges = Edges {
            missing: Missing::all([gap].into_iter(), 120, 200),
            ..Edges { first_whole, ..Edges::NONE }
        };
        assert_eq!(edges.whole_since(Cohort::Started), Some(day("2022-06-01")));
        assert_eq!(edges.whole_since(Cohort::Due), Some(day("2022-05-31").plus_days(201)));
        let whole = |cohort, period| edges.is_whole(cohort, Period::parse(period).expect("a period"));
        assert!(whole(Cohort::Closed, "2022-T1") != whole(Cohort::Closed, "2021-T3"));
        assert!(whole(Cohort::Started, "2022-T3") && !whole(Cohort::Closed, "2022-T3"));
        let later = Edges { missing: Vec::new(), first_whole, ..edges.clone() };
        assert_eq!(later.whole_since(Cohort::Due), Some(day("2020-01-01")));
        assert_eq!(later.with(&edges).missing, edges.missing);
    }

    #[test]
    fn edges_of_several_organisations_are_the_strictest_in_any_order() {
        let since = |day: Day| Edges {
            selection: Selection::StartedSince,
            since: Some(day),
            first_whole: [Some(day); 3],
            ..Edges::NONE
        };
        let [early, late] = ["2020-01-01", "2021-03-01"].map(|text| since(day(text)));
        let decided = Edges {
            selection: Selection::DecidedSince,
            last_whole: Some(day("2024-01-31")),
            ..since(day("2020-06-01"))
        };
        assert_eq!(early.with(&late), late.with(&early));
        assert_eq!(early.with(&late).first_whole(Cohort::Closed), Some(day("2021-03-01")));
        assert_eq!(early.with(&late).with(&decided), decided.with(&early.with(&late)));
        assert!(late.with(&decided).selection == Selection::DecidedSince);
        assert_eq!(decided.with(&late).last_whole(Cohort::Due), decided.last_whole);
        assert_eq!(Edges::NONE.with(&early), early);
    }

    #[test]
    fn a_later_export_moves_the_last_edge_alone() {
        let earlier = Edges {
            selection: Selection::DecidedSince,
            since: Some(day("2019-01-01")),
            last_whole: Some(day("2021-05-31")),
            ..Edges::NONE
        };
        let later = Edges { selection: Selection::EndedSince, since: Some(day("2022-01-01")), ..Edges::NONE };
        let joined = earlier.until(&later);
        assert_eq!(joined.selection, Selection::EndedSince);
        assert_eq!((joined.since, joined.last_whole), (earlier.since, None));
        assert!(later.until(&earlier).selection == Selection::DecidedSince);
    }

    #[test]
    fn in_months_cases_are_chosen_by_what_they_were_before() {
        let of = |since: Day, closed: Day| Edges {
            selection: Selection::DecidedSince,
            since: Some(since),
            first_whole: [Some(closed), Some(closed), Some(since)],
            ..Edges::NONE
        };
        let by_end = of(day("2020-05-15"), day("2020-05-15"));
        assert!(!by_end.is_decided_of_started() && !by_end.in_months().is_decided_of_started());
        let by_start = of(day("2020-05-15"), day("2020-12-01"));
        assert!(by_start.is_decided_of_started() && by_start.in_months().is_decided_of_started());
    }

    #[test]
    fn in_months_edges_tell_no_day() {
        let edges = Edges {
            since: Some(day("2020-01-15")),
            first_whole: [Some(day("2020-02-01")), Some(day("2020-02-02")), None],
            last_whole: Some(day("2024-03-30")),
            open_from: Some(day("2020-12-31")),
            ..Edges::NONE
        };
        let months = edges.in_months();
        assert_eq!(months.since, Some(day("2020-01-01")));
        assert_eq!(months.first_whole, [Some(day("2020-02-01")), Some(day("2020-03-01")), None]);
        assert_eq!(months.last_whole, Some(day("2024-02-29")));
        assert_eq!(months.open_from, Some(day("2021-01-01")));
        assert_eq!(months.in_months(), months);
    }
}
