//! Outlook: how many of the cases that are open now will go past their due date in the coming months.
//!
//! A case's chance is that of the cases that were in its place: open as many months before the month in which
//! they fell due, over the last twelve months. The number of deviations then has a Poisson-binomial
//! distribution. The forecast is made anew for every earlier month end from what was known then, and held
//! against what happened. Cases that have not begun yet are in no forecast.

use crate::date::{Day, last_day_of_month};
use crate::rulebook::{Clock, Rule};
use crate::tally::{Courses, Dense};

/// Months ahead that are told.
pub const MONTHS_AHEAD: i32 = 3;
/// Chances are those of so many months.
const HISTORY: i32 = 12;
/// The interval leaves out so much on either side.
const TAIL: f64 = 0.05;

/// Deviations to expect among cases that are open.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Forecast {
    /// The month in which they fall due, as in [`Day::month`].
    pub month: i32,
    /// Open cases.
    pub open: u64,
    /// The chance of each to go past its due date, 0–1.
    pub chance: f64,
    /// Expected deviations.
    pub expected: f64,
    /// The fewest and the most deviations, both included, of the 90 % interval.
    pub interval: (u64, u64),
}

/// A forecast of an earlier month end and what came of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Trial {
    /// The forecast for the month after.
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

/// What the open cases of a control will come to.
#[derive(Debug, Clone, PartialEq)]
pub struct Outlook {
    /// The coming months in which an open case falls due and the past tells a chance, in order.
    pub months: Vec<Forecast>,
    /// All of them together: open cases, expected deviations and the interval of their sum.
    pub total: (u64, f64, (u64, u64)),
    /// The forecasts of earlier month ends, in order.
    pub trials: Vec<Trial>,
}

/// Open cases and deviations among them, by the number of months, from 1, before the month in which they fall due.
type ByLead = [(u64, u64); MONTHS_AHEAD as usize];

/// Cases by the month in which they fall due and how many months before it they were open at a month's end.
#[derive(Default)]
struct Leads(Dense<ByLead>);

impl Leads {
    fn of(courses: &Courses, as_of: Day) -> Leads {
        let mut leads = Leads::default();
        for (course, cases) in courses.iter() {
            let (last_due, until) = (course.last_due(), course.ended.unwrap_or(as_of));
            let (started, due) = (course.start.month(), last_due.month());
            let ended = course.ended.map(Day::month);
            let is_open =
                |month_end: i32| started <= month_end && ended.is_none_or(|ended| ended > month_end);
            for lead in (1..=MONTHS_AHEAD).filter(|lead| is_open(due - lead)) {
                let counts = &mut leads.0.at(due)[lead as usize - 1];
                counts.0 += cases;
                counts.1 += if until > last_due { cases } else { 0 };
            }
        }
        leads
    }

    fn at(&self, due: i32, lead: i32) -> (u64, u64) {
        self.0.get(due).map_or((0, 0), |counts| counts[lead as usize - 1])
    }

    /// The first month in which a case that was open before falls due.
    fn first(&self) -> Option<i32> {
        self.0.iter().find(|(_, counts)| **counts != ByLead::default()).map(|(due, _)| due)
    }

    /// The forecast for the cases that fall due so many months after a month's end, from what was known
    /// then; `None` without a case, or without one in the past to tell the chance.
    fn forecast(&self, month_end: i32, lead: i32) -> Option<Forecast> {
        let past = (month_end - HISTORY + 1..=month_end).map(|due| self.at(due, lead));
        let (cases, deviations) = past.fold((0, 0), |sum, counts| (sum.0 + counts.0, sum.1 + counts.1));
        let (open, _) = self.at(month_end + lead, lead);
        if open == 0 || cases == 0 {
            return None;
        }
        let chance = deviations as f64 / cases as f64;
        let interval = interval(&[(open, chance)]);
        Some(Forecast { month: month_end + lead, open, chance, expected: open as f64 * chance, interval })
    }
}

/// The outlook of a control; `None` when the as-of date is no month's last day, for a rule in hours, whose
/// cases do not last until a month's end, and when no open case falls due in the coming months.
pub fn outlook(courses: &Courses, rule: &Rule, as_of: Day) -> Option<Outlook> {
    if last_day_of_month(as_of.month()) != as_of || matches!(rule.newest_method(), Clock::Hours(_)) {
        return None;
    }
    let leads = Leads::of(courses, as_of);
    let now = as_of.month();
    let months: Vec<Forecast> = (1..=MONTHS_AHEAD).filter_map(|lead| leads.forecast(now, lead)).collect();
    let groups: Vec<(u64, f64)> = months.iter().map(|month| (month.open, month.chance)).collect();
    let open = groups.iter().map(|(open, _)| open).sum();
    let expected = months.iter().map(|month| month.expected).sum();
    let first = leads.first().unwrap_or(now);
    let trials = (first..now).filter_map(|month_end| {
        let deviations = leads.at(month_end + 1, 1).1;
        Some(Trial { forecast: leads.forecast(month_end, 1)?, deviations })
    });
    let trials = trials.collect();
    (!months.is_empty()).then(|| Outlook { total: (open, expected, interval(&groups)), months, trials })
}

/// The 90 % interval of the number of events among groups of so many with equal chances.
fn interval(groups: &[(u64, f64)]) -> (u64, u64) {
    let (first, chances) = poisson_binomial(groups);
    let quantile = |level: f64| {
        let mut below = 0.0;
        let reached = chances.iter().position(|chance| {
            below += chance;
            // Sums of chances end a few bits below 1.
            below >= level - 1e-12
        });
        first + reached.unwrap_or(chances.len() - 1) as u64
    };
    (quantile(TAIL), quantile(1.0 - TAIL))
}

/// The Poisson-binomial distribution of groups of equal chances (Wang 1993, Statistica Sinica 3): the least
/// number of events that is not all but impossible, and the chances from it on.
fn poisson_binomial(groups: &[(u64, f64)]) -> (u64, Vec<f64>) {
    let mut sum = (0, vec![1.0]);
    for (cases, chance) in groups {
        let (first, chances) = binomial(*cases, *chance);
        let mut joined = vec![0.0; sum.1.len() + chances.len() - 1];
        for (one, p) in sum.1.iter().enumerate() {
            for (other, q) in chances.iter().enumerate() {
                joined[one + other] += p * q;
            }
        }
        sum = (sum.0 + first, joined);
    }
    sum
}

/// The binomial distribution: the least number of events that is not all but impossible, and the chances
/// from it on.
fn binomial(cases: u64, chance: f64) -> (u64, Vec<f64>) {
    /// What is so much rarer than the likeliest number adds nothing to sixteen digits.
    const NOTHING: f64 = 1e-22;
    if chance <= 0.0 || chance >= 1.0 {
        return (if chance >= 1.0 { cases } else { 0 }, vec![1.0]);
    }
    let odds = chance / (1.0 - chance);
    let likeliest = (((cases + 1) as f64 * chance) as u64).min(cases);
    // Each number from its neighbour, outwards from the likeliest, and then made to add up to 1.
    let mut up = vec![1.0];
    for events in likeliest..cases {
        let next = up[up.len() - 1] * (cases - events) as f64 / (events + 1) as f64 * odds;
        if next < NOTHING {
            break;
        }
        up.push(next);
    }
    let mut down = Vec::new();
    let mut last = 1.0;
    for events in (1..=likeliest).rev() {
        last *= events as f64 / ((cases - events + 1) as f64 * odds);
        if last < NOTHING {
            break;
        }
        down.push(last);
    }
    let first = likeliest - down.len() as u64;
    let mut chances: Vec<f64> = down.into_iter().rev().chain(up).collect();
    let all: f64 = chances.iter().sum();
    chances.iter_mut().for_each(|chance| *chance /= all);
    (first, chances)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_of_one_are_the_poisson_binomial_distribution() {
        // 0.1, 0.5 and 0.8: none 0.09, one 0.46 − …, worked out by hand.
        let (first, chances) = poisson_binomial(&[(1, 0.1), (1, 0.5), (1, 0.8)]);
        assert_eq!(first, 0);
        for (found, wanted) in chances.iter().zip([0.09, 0.46, 0.41, 0.04]) {
            assert!((found - wanted).abs() < 1e-12, "{chances:?}");
        }
    }

    #[test]
    fn chances_add_up_for_few_and_for_many() {
        for (cases, chance) in [(1, 0.5), (40, 0.003), (200, 0.97), (1_000_000, 0.345), (5, 0.0), (5, 1.0)] {
            let (first, chances) = binomial(cases, chance);
            let mean: f64 = (first..).zip(&chances).map(|(events, chance)| events as f64 * chance).sum();
            assert!((chances.iter().sum::<f64>() - 1.0).abs() < 1e-12);
            assert!((mean - cases as f64 * chance).abs() < 1e-7 * cases as f64, "{cases} {chance} {mean}");
        }
    }

    #[test]
    fn intervals_are_those_of_the_distribution() {
        // scipy.stats.binom.ppf([0.05, 0.95], n, p)
        assert_eq!(interval(&[(100, 0.3)]), (23, 38));
        assert_eq!(interval(&[(1_000_000, 0.345)]), (344_218, 345_782));
        assert_eq!(interval(&[(7, 1.0)]), (7, 7));
        assert_eq!(interval(&[(7, 0.0), (3, 1.0)]), (3, 3));
    }
}
