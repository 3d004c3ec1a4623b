//! Outlook: how many of the cases that are open now will go past their due date in the coming 14, 30 and 90 days.
//!
//! A case's chance is that of the cases that were in its place, open as many days before they were due, over the last
//! twelve months; that is S(t)/S(a) of the curve of time to close. The interval of their sum is beta-binomial: in it are
//! the dispersion between months and the error of the share itself. The forecast is made anew for every earlier month
//! end that had twelve whole months behind it, from what was known then: an extension that was decided later was not.
//! Cases that have not begun yet, that are late already or that fall due later are in no forecast.

use std::collections::BTreeMap;

use super::beta_binomial::{TAIL, interval90};
use super::edges::Edges;
use crate::date::{Day, last_day_of_month};
use crate::period::PeriodKind;
use crate::rulebook::{Clock, Cohort, Rule};
use crate::tally::Course;

/// Days ahead that are forecast.
pub const HORIZONS: [i32; 3] = [14, 30, 90];
/// The longest of them.
const FARTHEST: usize = HORIZONS[2] as usize;
/// Chances are those of so many months.
const HISTORY: usize = 12;
/// Months of a quarter.
const QUARTER: usize = 3;
/// Of fewer months nothing is forecast.
const FEWEST_MONTHS: usize = 6;
/// Φ⁻¹(0.95): half of a 90 % interval in standard deviations.
const Z90: f64 = 1.644_853_626_951_472_2;
/// Of fewer trials nothing is learnt about the width of intervals: nine of ten are to fall inside.
const FEWEST_TRIALS: usize = 10;

/// Deviations to expect among cases that are open.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Forecast {
    /// The day at whose end it is made.
    pub made: Day,
    /// The first and the last due date of its cases.
    pub due: (Day, Day),
    /// Open cases.
    pub open: u64,
    /// Expected deviations.
    pub expected: f64,
    /// The fewest and the most deviations, both included, of the 90 % interval.
    pub interval: (u64, u64),
}

impl Forecast {
    /// The chance of its cases to go past their due date, on the average, 0–1.
    pub fn chance(&self) -> f64 {
        self.expected / self.open as f64
    }
}

/// An earlier forecast and what came of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Trial {
    /// The forecast.
    pub forecast: Forecast,
    /// The deviations that there were.
    pub deviations: u64,
}

impl Trial {
    /// The truth lay inside the interval.
    pub fn is_inside(&self) -> bool {
        (self.forecast.interval.0..=self.forecast.interval.1).contains(&self.deviations)
    }
}

/// What is expected within some days, and how the same forecast did before.
#[derive(Debug, Clone, PartialEq)]
pub struct Ahead {
    /// How many days.
    pub days: i32,
    /// The forecast.
    pub forecast: Forecast,
    /// The forecasts of earlier month ends whose days have passed, in order.
    pub trials: Vec<Trial>,
}

/// Earlier forecasts that are shown.
const TRIALS: usize = 24;

impl Ahead {
    /// The newest of the earlier forecasts, in order of time.
    pub fn latest_trials(&self) -> &[Trial] {
        &self.trials[self.trials.len().saturating_sub(TRIALS)..]
    }

    /// Trials whose truth lay in the interval.
    pub fn inside(&self) -> usize {
        self.trials.iter().filter(|trial| trial.is_inside()).count()
    }
}

/// What the open cases of a control will come to.
#[derive(Debug, Clone, PartialEq)]
pub struct Outlook {
    /// By horizon, shortest first, those left out in which no more cases fall due than in a shorter one.
    pub ahead: Vec<Ahead>,
    /// By month of the due date, as far as the longest horizon reaches; months without a case are left out.
    pub months: Vec<Forecast>,
    /// Open cases that are late already, or were due on the as-of date.
    pub late_already: u64,
    /// Open cases that fall due later than that.
    pub due_later: u64,
    /// Months of the last twelve that its chances are not made from, for they stand out too far.
    pub left_out: usize,
}

impl Outlook {
    /// The longest horizon: the one that titles name.
    pub fn farthest(&self) -> &Ahead {
        self.ahead.last().expect("an outlook has a horizon")
    }
}

/// A stay on a due date: from a start or an extension to an end or the next extension.
struct Stay {
    due: Day,
    from: Day,
    /// The first day on which it was over; `None` while it lasts.
    until: Option<Day>,
    /// It went past the due date.
    missed: bool,
}

/// The stays of a course, as they were known. Where the export does not tell when an extension was decided, nobody knew
/// before the last day on which it could be, the due date, or the as-of date.
fn stays(course: &Course, as_of: Day) -> [Option<Stay>; 2] {
    let stay = |due: Day, from: Day, until: Option<Day>| {
        let lasts = until.is_none_or(|until| until > due);
        Stay { due, from, until, missed: lasts && due < as_of }
    };
    let extension = course.extended.map(|extended| {
        let decided = extended.decided.unwrap_or(course.due.min(as_of));
        (extended.to, decided)
    });
    match extension.filter(|(_, decided)| *decided <= as_of) {
        None => [Some(stay(course.due, course.start, course.ended)), None],
        Some((to, decided)) => {
            let until = course.ended.map_or(decided, |ended| ended.min(decided));
            let goes_on = course.ended.is_none_or(|ended| ended > decided);
            [
                Some(stay(course.due, course.start, Some(until))),
                goes_on.then(|| stay(to, decided, course.ended)),
            ]
        }
    }
}

/// Cases that were due on a day: by the number of days before it at whose end they were open, and those of them that
/// went past it. At 0 are all, open before or not.
#[derive(Clone)]
struct OfDay {
    open: [i64; FARTHEST + 2],
    missed: [i64; FARTHEST + 2],
}

/// Cases by the day on which they were due.
struct ByDue {
    days: BTreeMap<Day, OfDay>,
    /// Cases that are open on the as-of date, by the due date that they have then.
    open_now: BTreeMap<Day, u64>,
    /// Some case has ended: of open ones alone nothing is learnt.
    has_ended: bool,
}

impl ByDue {
    fn of(courses: impl Iterator<Item = (Course, u64)>, as_of: Day) -> ByDue {
        let mut days: BTreeMap<Day, OfDay> = BTreeMap::new();
        let (mut open_now, mut has_ended) = (BTreeMap::new(), false);
        for (course, number) in courses {
            let cases = number as i64;
            has_ended |= course.ended.is_some();
            for stay in stays(&course, as_of).into_iter().flatten() {
                if stay.until.is_none() {
                    *open_now.entry(stay.due).or_default() += number;
                }
                let none = || OfDay { open: [0; FARTHEST + 2], missed: [0; FARTHEST + 2] };
                let day = days.entry(stay.due).or_insert_with(none);
                let lead =
                    |from: Day| stay.due.0.saturating_sub(from.0).clamp(0, FARTHEST as i32 + 1) as usize;
                let first = stay.until.map_or(1, |until| lead(until).saturating_add(1)).max(1);
                let after_last = (lead(stay.from) + 1).min(FARTHEST + 1);
                // Steps for now: one up where it was open first, one down after.
                let counts = [Some(&mut day.open), stay.missed.then_some(&mut day.missed)];
                for counts in counts.into_iter().flatten() {
                    counts[0] += cases;
                    if first < after_last {
                        counts[first] += cases;
                        counts[after_last] -= cases;
                    }
                }
            }
        }
        for day in days.values_mut() {
            for counts in [&mut day.open, &mut day.missed] {
                (2..counts.len()).for_each(|lead| counts[lead] += counts[lead - 1]);
            }
        }
        ByDue { days, open_now, has_ended }
    }

    /// Open cases at the end of a day by the day on which they fall due, and those of them that went past it.
    fn open(&self, made: Day, (first, last): (Day, Day)) -> impl Iterator<Item = (usize, u64, u64)> {
        let days = self.days.range(first..=last);
        days.map(move |(due, day)| ((due.0 - made.0) as usize, day))
            .map(|(lead, day)| (lead, day.open[lead] as u64, day.missed[lead] as u64))
            .filter(|(_, open, _)| *open > 0)
    }
}

/// What was known at the end of a day of the twelve months before.
struct History {
    /// Cases by the number of days before they were due at whose end they were open, and those that went past.
    leads: Vec<(u64, u64)>,
    /// The squared coefficient of variation of the share between months, beyond that of chance.
    between_months: f64,
    /// The same between quarters: seasons and slow waves are in it.
    between_quarters: f64,
    /// Months left out of it: shocks.
    left_out: usize,
}

/// The day so many months before, by the mean length of months.
fn months_before(day: Day, months: usize) -> Day {
    day.plus_days(-((months as i32 * 1_461 + 24) / 48))
}

impl History {
    fn at(by_due: &ByDue, made: Day, months: usize) -> History {
        // What fell due on the day itself is not known yet.
        let days = (0..months).map(|month| months_before(made, month + 1)..months_before(made, month));
        let counted: Vec<(std::ops::Range<Day>, (u64, u64))> = days
            .map(|days| {
                let of_month = by_due
                    .days
                    .range(days.clone())
                    .fold((0, 0), |sum, (_, day)| (sum.0 + day.open[0] as u64, sum.1 + day.missed[0] as u64));
                (days, of_month)
            })
            .collect();
        let is_shock = shocks(&counted.iter().map(|(_, of_month)| *of_month).collect::<Vec<_>>());
        let kept: Vec<_> = counted.iter().zip(&is_shock).filter(|(_, is_shock)| !**is_shock).collect();
        let mut leads = vec![(0, 0); FARTHEST + 1];
        for day in kept.iter().flat_map(|((days, _), _)| by_due.days.range(days.clone())).map(|(_, day)| day)
        {
            for (lead, sum) in leads.iter_mut().enumerate() {
                *sum = (sum.0 + day.open[lead] as u64, sum.1 + day.missed[lead] as u64);
            }
        }
        let calm = counted.iter().zip(&is_shock).map(|((_, of_month), is_shock)| match is_shock {
            true => (0, 0),
            false => *of_month,
        });
        let calm: Vec<(u64, u64)> = calm.collect();
        let quarters = calm.chunks(QUARTER);
        let quarters: Vec<(u64, u64)> = quarters
            .map(|months| months.iter().fold((0, 0), |sum, month| (sum.0 + month.0, sum.1 + month.1)))
            .collect();
        History {
            leads,
            between_months: dispersion(&calm),
            between_quarters: dispersion(&quarters),
            left_out: months - kept.len(),
        }
    }

    /// Cases that were open so many days before they were due, and those that went past; where none was, those of the
    /// next lead.
    fn place(&self, lead: usize) -> Option<(u64, u64)> {
        let nearer = (1..=lead).rev().chain(lead + 1..self.leads.len());
        nearer.map(|lead| self.leads[lead]).find(|(cases, _)| *cases > 0)
    }

    /// The longest lead at which a case was open.
    fn longest_lead(&self) -> usize {
        self.leads.iter().rposition(|(cases, _)| *cases > 0).unwrap_or(0)
    }

    /// The sum of the chances of some open cases and its variance; `None` without one, or when nothing is known of their
    /// place.
    fn spread(&self, cases: impl Iterator<Item = (usize, u64, u64)>) -> Option<Spread> {
        let (mut spread, mut error) = (Spread::default(), 0.0);
        let mut by_month = [0.0; FARTHEST / 30];
        for (lead, open, _) in cases {
            let (known, missed) = self.place(lead)?;
            let (number, known, missed) = (open as f64, known as f64, missed as f64);
            // The mean of the share given what was seen, so that none seen is not none possible (Jeffreys).
            let chance = (missed + 0.5) / (known + 1.0);
            spread.open += open;
            spread.expected += number * missed / known;
            spread.mean += number * chance;
            spread.squares += number * chance * chance;
            spread.by_chance += number * chance * (1.0 - chance);
            error += number * (chance * (1.0 - chance) / known).sqrt();
            by_month[(lead - 1) / 30] += number * chance;
        }
        let months: f64 = by_month.iter().map(|mean| mean * mean).sum();
        // Each month varies by itself, and so does the mean of the twelve.
        let level = spread.mean * spread.mean;
        let by_months = self.between_months * (months + level / HISTORY as f64);
        let by_quarters = self.between_quarters * (level + level * QUARTER as f64 / HISTORY as f64);
        let goes_beyond = by_month[1..].iter().any(|mean| *mean > 0.0);
        let varying = if goes_beyond { by_months.max(by_quarters) } else { by_months };
        // Shares at all leads are of the same late cases: their errors go together.
        spread.variance = spread.by_chance + error * error + varying;
        (spread.open > 0).then_some(spread)
    }
}

/// Which months, as cases and deviations, stand out so far from the others that they tell nothing of other months: more
/// than three times what months vary by, or than chance does where that is more. A shock that is over is no reason to
/// expect another, nor for an interval that has room for one.
fn shocks(months: &[(u64, u64)]) -> Vec<bool> {
    const FAR: f64 = 3.0;
    /// The median distance from the median is so many times less than the standard deviation of normal numbers.
    const OF_MEDIAN: f64 = 1.482_6;
    let (cases, missed) = months.iter().fold((0, 0), |sum, month| (sum.0 + month.0, sum.1 + month.1));
    if missed == 0 || missed == cases {
        return vec![false; months.len()];
    }
    let share = missed as f64 / cases as f64;
    // Freeman & Tukey's deviates (1950): nearly normal for few deviations too.
    let deviate = |(cases, missed): &(u64, u64)| {
        let (expected, found) = (*cases as f64 * share, *missed as f64);
        (found.sqrt() + (found + 1.0).sqrt() - (4.0 * expected + 1.0).sqrt()) / (1.0 - share).sqrt()
    };
    let deviates: Vec<f64> = months.iter().map(deviate).collect();
    let middle = median(&deviates);
    let distances: Vec<f64> = deviates.iter().map(|deviate| (deviate - middle).abs()).collect();
    let far = FAR * (OF_MEDIAN * median(&distances)).max(1.0);
    distances.iter().map(|distance| *distance > far).collect()
}

fn median(numbers: &[f64]) -> f64 {
    let mut sorted = numbers.to_vec();
    sorted.sort_by(f64::total_cmp);
    let half = sorted.len() / 2;
    if sorted.len() % 2 == 1 { sorted[half] } else { (sorted[half - 1] + sorted[half]) / 2.0 }
}

/// The squared coefficient of variation of the share between months, or quarters: Pearson's variance ratio, at least 1, less the 1
/// that chance makes.
fn dispersion(months: &[(u64, u64)]) -> f64 {
    let months: Vec<(f64, f64)> = months
        .iter()
        .filter(|(cases, _)| *cases > 0)
        .map(|(cases, missed)| (*cases as f64, *missed as f64))
        .collect();
    let (cases, missed) = months.iter().fold((0.0, 0.0), |sum, month| (sum.0 + month.0, sum.1 + month.1));
    let share = missed / cases;
    if months.len() < 2 || missed == 0.0 || missed == cases {
        return 0.0;
    }
    let squares = months.iter().map(|(n, d)| (d - n * share).powi(2) / (n * share * (1.0 - share)));
    let ratio = squares.sum::<f64>() / (months.len() as f64 - 1.0);
    let mean_cases = cases / months.len() as f64;
    (ratio - 1.0).max(0.0) * (1.0 - share) / (mean_cases * share)
}

/// The distribution of a sum of chances, by its first moments.
#[derive(Debug, Clone, Copy, Default)]
struct Spread {
    open: u64,
    expected: f64,
    mean: f64,
    /// The sum of the squares of the chances.
    squares: f64,
    /// The variance when chances are known and months alike: Poisson-binomial.
    by_chance: f64,
    variance: f64,
}

impl Spread {
    /// The 90 % interval, its variance times `narrowing`, but never less than chance alone gives. Where all may go one way
    /// together, what is expected can be a number that is hardly ever met; the interval reaches to it all the same.
    fn interval(&self, narrowing: f64) -> (u64, u64) {
        let variance = (self.variance * narrowing).max(self.by_chance);
        // As many cases of one chance as have the mean and the variance of those of many (Choi & Xia 2002).
        let cases = (self.mean * self.mean / self.squares - 1e-9).ceil().max(1.0);
        let (low, high) = interval90(cases as u64, self.mean / cases, variance);
        (low.min(self.expected.floor() as u64), high.max(self.expected.ceil() as u64))
    }

    /// How far a number lies from the mean, as a part of half of a 90 % interval.
    fn distance(&self, deviations: u64) -> f64 {
        (deviations as f64 - self.mean).abs() / (Z90 * self.variance.sqrt())
    }
}

/// What the variance of an interval is multiplied with, at most 1, so that nine of ten earlier truths would have been in
/// it: seasons leave no long tails, and months that vary with them would make intervals that are never left.
fn narrowing(distances: &[f64]) -> f64 {
    if distances.len() < FEWEST_TRIALS {
        return 1.0;
    }
    let mut sorted = distances.to_vec();
    sorted.sort_by(f64::total_cmp);
    let wanted = (distances.len() as f64 * (1.0 - 2.0 * TAIL)).ceil() as usize;
    sorted[wanted - 1].min(1.0).powi(2)
}

/// Forecasts of one control.
struct Forecaster {
    by_due: ByDue,
    as_of: Day,
    /// What was known at the month ends that have twelve whole months behind them.
    before: Vec<(Day, History)>,
    /// What is known now, of as many whole months as there are.
    now: History,
}

impl Forecaster {
    /// `None` when there are too few whole months.
    fn of(by_due: ByDue, as_of: Day, edges: &Edges) -> Option<Forecaster> {
        let first_due = *by_due.days.keys().next().filter(|_| by_due.has_ended)?;
        let first_whole = edges.whole_since(Cohort::Due).map_or(first_due, |day| day.max(first_due));
        let months = (1..=HISTORY).rev().find(|months| months_before(as_of, *months) >= first_whole)?;
        let now = History::at(&by_due, as_of, months);
        let ends = (first_whole.month()..as_of.month()).map(last_day_of_month);
        let before = ends
            .filter(|end| months_before(*end, HISTORY) >= first_whole)
            .map(|end| (end, History::at(&by_due, end, HISTORY)))
            .collect();
        (months >= FEWEST_MONTHS).then_some(Forecaster { by_due, as_of, before, now })
    }

    fn ahead(&self, days: i32) -> Option<Ahead> {
        let mut trials = Vec::new();
        // Distances with the last day of the forecast: before it nobody knew.
        let mut distances: Vec<(Day, f64)> = Vec::new();
        let known = |distances: &[(Day, f64)], made: Day| -> Vec<f64> {
            distances.iter().filter(|(last, _)| *last < made).map(|(_, distance)| *distance).collect()
        };
        for (made, history) in &self.before {
            let due = (made.plus_days(1), made.plus_days(days));
            let Some(spread) = history.spread(self.by_due.open(*made, due)).filter(|_| due.1 < self.as_of)
            else {
                continue;
            };
            let deviations = self.by_due.open(*made, due).map(|(_, _, missed)| missed).sum();
            let interval = spread.interval(narrowing(&known(&distances, *made)));
            let forecast =
                Forecast { made: *made, due, open: spread.open, expected: spread.expected, interval };
            trials.push(Trial { forecast, deviations });
            distances.push((due.1, spread.distance(deviations)));
        }
        let narrowing = narrowing(&known(&distances, self.as_of));
        let due = (self.as_of.plus_days(1), self.as_of.plus_days(days));
        Some(Ahead { days, forecast: self.forecast(due, narrowing)?, trials })
    }

    /// The forecast made now of cases that fall due between two days.
    fn forecast(&self, due: (Day, Day), narrowing: f64) -> Option<Forecast> {
        let spread = self.now.spread(self.by_due.open(self.as_of, due))?;
        let interval = spread.interval(narrowing);
        Some(Forecast { made: self.as_of, due, open: spread.open, expected: spread.expected, interval })
    }

    /// The forecasts by month of the due date up to a day.
    fn months(&self, last: Day) -> Vec<Forecast> {
        let (first, months) = (self.as_of.plus_days(1), self.as_of.plus_days(1).month()..=last.month());
        let ends = months.map(|month| {
            let period = PeriodKind::Month.holding_month(month);
            (period.first_day().max(first), period.last_day().min(last))
        });
        ends.filter_map(|due| self.forecast(due, 1.0)).collect()
    }
}

/// The outlook of a control; `None` for a rule in hours, whose cases do not last until a day's end, when no open case
/// falls due in the coming days, when fewer than six months are known, and of an export without open cases.
pub fn outlook(
    courses: impl Iterator<Item = (Course, u64)>,
    rule: &Rule,
    as_of: Day,
    edges: &Edges,
) -> Option<Outlook> {
    if matches!(rule.newest_method(), Clock::Hours(_)) || !edges.tells_open(as_of) {
        return None;
    }
    let forecaster = Forecaster::of(ByDue::of(courses, as_of), as_of, edges)?;
    let longest = forecaster.now.longest_lead();
    let shorter = |days: i32| HORIZONS.iter().rev().find(|shorter| **shorter < days).copied().unwrap_or(0);
    // In a horizon longer than the time of the rule no more cases fall due.
    let horizons = HORIZONS.into_iter().filter(|days| (shorter(*days) as usize) < longest);
    let ahead: Vec<Ahead> = horizons.filter_map(|days| forecaster.ahead(days)).collect();
    let last = ahead.last()?.forecast.due.1;
    let open = &forecaster.by_due.open_now;
    let (late_already, due_later) = (open.range(..=as_of), open.range(last.plus_days(1)..));
    let (late_already, due_later) =
        (late_already.map(|(_, cases)| cases).sum(), due_later.map(|(_, cases)| cases).sum());
    let left_out = forecaster.now.left_out;
    Some(Outlook { months: forecaster.months(last), ahead, late_already, due_later, left_out })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::extent::Gap;
    use crate::analysis::missing::Missing;
    use crate::tally::Extended;

    fn day(text: &str) -> Day {
        Day::parse_iso(text).expect("a date")
    }

    fn course(start: &str, due: &str, ended: &str, extended: Option<(&str, &str)>) -> Course {
        let extended =
            extended.map(|(to, decided)| Extended { to: day(to), decided: Day::parse_iso(decided) });
        Course { start: day(start), ended: Day::parse_iso(ended), due: day(due), extended }
    }

    /// Due date, first and last day at whose end it was open, and whether it went past.
    fn told(course: &Course) -> Vec<String> {
        let as_of = day("2024-08-31");
        let stays = stays(course, as_of).into_iter().flatten();
        stays
            .map(|stay| {
                let until = stay.until.map_or("on".to_owned(), |until| until.to_string());
                format!("{}: {} to {until}{}", stay.due, stay.from, if stay.missed { ", late" } else { "" })
            })
            .collect()
    }

    #[test]
    fn an_extension_is_known_from_the_day_of_its_decision() {
        let plain = course("2024-01-10", "2024-05-10", "2024-05-11", None);
        assert_eq!(told(&plain), ["2024-05-10: 2024-01-10 to 2024-05-11, late"]);
        let in_time = course("2024-01-10", "2024-05-10", "2024-05-10", None);
        assert_eq!(told(&in_time), ["2024-05-10: 2024-01-10 to 2024-05-10"]);
        let decided = course("2024-01-10", "2024-05-10", "", Some(("2024-07-10", "2024-04-02")));
        assert_eq!(
            told(&decided),
            ["2024-05-10: 2024-01-10 to 2024-04-02", "2024-07-10: 2024-04-02 to on, late"]
        );
        // Nobody knows when: on the last day, or by the as-of date.
        let unknown = course("2024-01-10", "2024-05-10", "2024-07-01", Some(("2024-07-10", "")));
        assert_eq!(
            told(&unknown),
            ["2024-05-10: 2024-01-10 to 2024-05-10", "2024-07-10: 2024-05-10 to 2024-07-01"]
        );
        let ahead = course("2024-06-10", "2024-10-10", "", Some(("2024-12-10", "")));
        assert_eq!(told(&ahead)[1], "2024-12-10: 2024-08-31 to on");
    }

    #[test]
    fn a_case_is_open_from_its_start_to_the_day_before_its_end() {
        // Due 40 days after the start; ended 10 days before that.
        let in_time = course("2024-03-01", "2024-04-10", "2024-03-31", None);
        let late = course("2024-03-01", "2024-04-10", "2024-04-11", None);
        let by_due = ByDue::of([(in_time, 3), (late, 2)].into_iter(), day("2024-08-31"));
        let of_day = &by_due.days[&day("2024-04-10")];
        let open: Vec<i64> = [0, 1, 10, 11, 40, 41, 90].map(|lead| of_day.open[lead]).into();
        assert_eq!(open, [5, 2, 2, 5, 5, 0, 0]);
        assert_eq!([0, 1, 40, 41].map(|lead| of_day.missed[lead]), [2, 2, 2, 0]);
    }

    /// Sixty cases that start on every tenth day of so many months up to the as-of date; one in so many is late.
    fn steady(months: i32, late_in: u32, as_of: Day) -> Vec<(Course, u64)> {
        let mut courses = Vec::new();
        for back in 0..months * 3 {
            let start = as_of.plus_days(-back * 10);
            for case in 0..20 {
                let lasts = if case % late_in == 0 { 130 } else { 60 + case as i32 };
                let ended = Some(start.plus_days(lasts)).filter(|end| *end <= as_of);
                courses.push((Course { start, ended, due: start.plus_days(120), extended: None }, 1));
            }
        }
        courses
    }

    fn rule() -> Rule {
        crate::rulebook::Rulebook::builtin().rule("child-investigation").expect("a rule").clone()
    }

    /// The outlook of courses with the edges that are recognised in them.
    fn outlook_of(courses: &[(Course, u64)], as_of: Day) -> Option<Outlook> {
        let courses = courses.iter().copied();
        outlook(courses.clone(), &rule(), as_of, &Edges::of(courses, &[], as_of, None))
    }

    #[test]
    fn every_open_case_is_in_the_outlook_or_told_to_be_out_of_it() {
        for as_of in ["2024-08-31", "2024-08-12", "2024-02-29"].map(day) {
            let courses = steady(40, 4, as_of);
            let outlook = outlook_of(&courses, as_of).expect("an outlook");
            let days: Vec<i32> = outlook.ahead.iter().map(|ahead| ahead.days).collect();
            assert_eq!(days, HORIZONS);
            let open = courses.iter().filter(|(course, _)| course.ended.is_none()).count() as u64;
            let farthest = &outlook.farthest().forecast;
            assert_eq!(farthest.open + outlook.late_already + outlook.due_later, open);
            assert_eq!(outlook.months.iter().map(|month| month.open).sum::<u64>(), farthest.open);
            // Where nothing varies every forecast holds, and the share that is late by then is what was late before.
            for ahead in &outlook.ahead {
                assert!(ahead.inside() == ahead.trials.len() && ahead.trials.len() > 10, "{ahead:?}");
                assert!(
                    ahead
                        .trials
                        .iter()
                        .all(|trial| trial.forecast.made == trial.forecast.due.0.plus_days(-1))
                );
            }
            let trial = outlook.farthest().trials[3];
            assert!((trial.forecast.expected - trial.deviations as f64).abs() <= 5.0, "{trial:?}");
        }
    }

    #[test]
    fn without_a_history_there_is_no_outlook_and_with_less_than_a_year_no_trial() {
        let as_of = day("2024-08-31");
        let of = |months: i32| outlook_of(&steady(months, 4, as_of), as_of);
        assert_eq!(of(9), None);
        let short = of(12).expect("an outlook");
        assert!(short.ahead.iter().all(|ahead| ahead.trials.is_empty()));
        assert!(!of(22).expect("an outlook").farthest().trials.is_empty());
    }

    #[test]
    fn nothing_is_learnt_from_months_of_which_cases_are_missing() {
        let as_of = day("2024-08-31");
        let courses = steady(60, 4, as_of);
        let with_gap = |from: &str, to: &str| {
            let gap = Gap { days: (day(from), day(to)), is_of_ends: true };
            let mut edges = Edges::NONE;
            edges.missing = Missing::all([gap].into_iter(), 0, 0);
            outlook(courses.iter().copied(), &rule(), as_of, &edges)
        };
        assert_eq!(with_gap("2023-12-01", "2024-03-31"), None);
        let trials = with_gap("2022-01-01", "2022-05-31").expect("an outlook").farthest().trials.clone();
        let first = trials.first().expect("a trial").forecast.made;
        assert!(first >= day("2023-05-31"), "a year after the gap, not on {first}");
    }

    #[test]
    fn where_none_was_late_some_still_can_be() {
        let as_of = day("2024-08-31");
        let mut courses = steady(40, 4, as_of);
        courses.retain(|(course, _)| course.ended.unwrap_or(as_of) <= course.due);
        let outlook = outlook_of(&courses, as_of).expect("an outlook");
        let forecast = outlook.farthest().forecast;
        assert_eq!((forecast.expected, forecast.interval.0), (0.0, 0));
        assert!(forecast.interval.1 >= 1, "{forecast:?}");
    }

    #[test]
    fn months_that_stand_out_are_shocks_and_rare_deviations_are_not() {
        let mut months = [(100, 10); 12];
        assert!(shocks(&months).iter().all(|shock| !shock));
        months[7] = (100, 30);
        assert_eq!(shocks(&months).iter().position(|shock| *shock), Some(7));
        assert_eq!(shocks(&months).iter().filter(|shock| **shock).count(), 1);
        let mut rare = [(20, 0); 12];
        rare[3] = (20, 2);
        assert!(shocks(&rare).iter().all(|shock| !shock));
        assert_eq!(shocks(&[(0, 0); 12]), [false; 12]);
        // Where months vary much anyway none stands out.
        let varying: Vec<(u64, u64)> = (0..12).map(|month| (100, 5 + 5 * (month % 5))).collect();
        assert!(shocks(&varying).iter().all(|shock| !shock));
    }

    #[test]
    fn dispersion_is_pearson_s_ratio_less_chance() {
        assert_eq!(dispersion(&[(100, 10); 12]), 0.0);
        // Shares of 5 and 15 %: Σ(d − 10)²/9 over 11 is 300/99.
        let months: Vec<(u64, u64)> = (0..12).map(|month| (100, 5 + 10 * (month % 2))).collect();
        let wanted = (300.0 / 99.0 - 1.0) * 0.9 / 10.0;
        assert!((dispersion(&months) - wanted).abs() < 1e-12);
        assert_eq!((dispersion(&[(0, 0); 12]), dispersion(&[(5, 5); 12])), (0.0, 0.0));
    }

    #[test]
    fn an_interval_reaches_to_what_is_expected() {
        let spread =
            Spread { open: 25, expected: 24.25, mean: 24.25, squares: 23.6, by_chance: 0.65, variance: 60.0 };
        assert_eq!(interval90(25, 24.25 / 25.0, 60.0), (25, 25), "nearly always all of them, and else none");
        assert_eq!(spread.interval(1.0), (24, 25));
    }

    #[test]
    fn intervals_narrow_when_nine_of_ten_truths_were_nearer() {
        assert_eq!(narrowing(&[0.1; 9]), 1.0);
        assert!((narrowing(&[0.5; 30]) - 0.25).abs() < 1e-12);
        // Three of thirty far away are the tenth, four are more.
        let far = |many: usize| [vec![3.0; many], vec![0.5; 30 - many]].concat();
        assert!((narrowing(&far(3)) - 0.25).abs() < 1e-12);
        assert_eq!(narrowing(&far(4)), 1.0);
    }
}
