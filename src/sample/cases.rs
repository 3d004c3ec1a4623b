//! Cases: drawn until each has the verdict that it is to get.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::days::{AS_OF, EXPORTED_LATER};
use super::forms::Form;
use super::quotas::Quota;
use crate::calendar::roll_reason;
use crate::date::Day;
use crate::judge::{Case, Decided, Extension, Extensions, Judge, Reading, WithoutTimes};
use crate::moment::{Moment, swedish_time};
use crate::period::Period;
use crate::rulebook::{Clock, Cohort, Roll, Rule};

/// One made-up case.
#[derive(Debug, Clone, Copy)]
pub struct Made {
    pub case: Case,
    /// The place of its unit in the form.
    pub unit: usize,
}

/// The verdict that a case is to get.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    InTime,
    OnlyReference,
    Late,
}

/// Makes one control's cases.
pub struct Maker<'a> {
    pub rng: ChaCha8Rng,
    rule: &'a Rule,
    pub form: &'a Form,
    judge: Judge,
    pub as_of: Day,
}

impl<'a> Maker<'a> {
    /// The maker of one control's cases; the same seed makes the same.
    pub fn new(seed: u64, rule: &'a Rule, form: &'a Form) -> Maker<'a> {
        let as_of = Day::parse_iso(AS_OF).expect("a date");
        // Each control has its own stream, so that changing one leaves the others as they are.
        let stream = form.prefix.bytes().fold(0, |sum, byte| sum * 256 + u64::from(byte));
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(stream);
        let judge = Judge::new(rule, as_of, Extensions::Honour, WithoutTimes::Exclude);
        Maker { rng, rule, form, judge, as_of }
    }

    fn chance(&mut self, percent: u32) -> bool {
        self.rng.random_range(0..100) < percent
    }

    /// The cases of a quota, judged and found right.
    pub fn cases_of(&mut self, quota: &Quota) -> Vec<Made> {
        let period = Period::parse(quota.period).expect("quotas name periods");
        let wanted = [
            (Wanted::Late, quota.deviations),
            (Wanted::OnlyReference, quota.only_reference),
            (Wanted::InTime, quota.cases - quota.deviations - quota.only_reference),
        ];
        let mut made = Vec::new();
        for (wanted, count) in wanted {
            for _ in 0..count {
                made.push(self.case_of(period, wanted));
            }
        }
        made
    }

    /// Draws cases until one has the verdict.
    fn case_of(&mut self, period: Period, wanted: Wanted) -> Made {
        loop {
            let anchor = self.working_day(period);
            let margin = self.margin(wanted);
            let (due, end) = match self.rule.cohort {
                Cohort::Due => (anchor, anchor.plus_days(margin)),
                Cohort::Closed | Cohort::Started => (anchor.plus_days(-margin), anchor),
            };
            let Some(case) = self.case_due(due, end, wanted) else { continue };
            if self.has_verdict(&case, period, wanted) {
                let unit = self.unit(wanted);
                return Made { case, unit };
            }
        }
    }

    /// The due date of a case that started on a day.
    fn due(&self, start: Day) -> Day {
        self.rule.newest_method().due_from(start, None).expect("built-in clocks are counted")
    }

    /// A case that is due and ends on these days, when there is a start that gives them.
    fn case_due(&mut self, due: Day, end: Day, wanted: Wanted) -> Option<Case> {
        if let Clock::Hours(hours) = self.rule.newest_method() {
            return Some(self.case_in_hours(due, hours, wanted));
        }
        let length = self.due(due).0 - due.0;
        let near: Vec<Day> = (due.0 - length - 4..=due.0 - length + 4)
            .map(Day)
            .filter(|start| self.due(*start) == due && *start <= end && is_working_day(*start))
            .collect();
        if near.is_empty() {
            return None;
        }
        let start = near[self.rng.random_range(0..near.len())];
        let extension = if self.form.extensions { self.extension(due, end, wanted) } else { None };
        Some(Case { start, end: Some(end), start_at: None, end_at: None, due: None, extension })
    }

    /// Reports come at any hour; most assessments are made the same day.
    fn case_in_hours(&mut self, day: Day, hours: u32, wanted: Wanted) -> Case {
        let minute = self.rng.random_range(7 * 60..22 * 60);
        let start_at = local_time(day, minute);
        let limit = i64::from(hours) * 60;
        let minutes = match wanted {
            Wanted::Late => limit + self.rng.random_range(15..2 * limit),
            _ if self.chance(80) => self.rng.random_range(10..300),
            _ => self.rng.random_range(300..=limit),
        };
        let end_at = Moment(start_at.0 + minutes * 60);
        Case {
            start: day,
            end: Some(end_at.day()),
            start_at: Some(start_at),
            end_at: Some(end_at),
            due: None,
            extension: None,
        }
    }

    /// Some cases are extended: most of them in time, and some end in time because of it.
    fn extension(&mut self, due: Day, end: Day, wanted: Wanted) -> Option<Extension> {
        let percent = if wanted == Wanted::OnlyReference { 0 } else { 5 };
        if !self.chance(percent) {
            return None;
        }
        let to = match wanted {
            Wanted::InTime => due.plus_days(self.rng.random_range(30..=61)).max(end),
            _ => due.plus_days(self.rng.random_range(14..=30)),
        };
        // A decision made after the due date extends nothing.
        let decided =
            due.plus_days(-self.rng.random_range(if wanted == Wanted::Late { -9..10 } else { 1..20 }));
        Some(Extension { to, decided: Decided::On(decided) })
    }

    /// Days from due date to end. Many cases are closed in the last days before it.
    fn margin(&mut self, wanted: Wanted) -> i32 {
        let length = self.due(Day(0)).0;
        let pile_up = f64::from(length) / if length < 30 { 5.0 } else { 12.0 };
        match wanted {
            Wanted::OnlyReference => -self.rng.random_range(0..3),
            Wanted::InTime if self.form.extensions && self.chance(2) => self.rng.random_range(1..30),
            Wanted::InTime if self.chance(40) => -self.tail(pile_up).min(length),
            Wanted::InTime => -self.rng.random_range(0..=length - length / 10),
            Wanted::Late => 1 + self.tail(f64::from(length) / 3.5),
        }
    }

    /// A whole number of days with an exponential tail.
    fn tail(&mut self, mean: f64) -> i32 {
        let uniform: f64 = self.rng.random_range(1e-9..1.0);
        (-uniform.ln() * mean) as i32
    }

    /// A working day of a period; July has half as many and the last weeks before it some more.
    fn working_day(&mut self, period: Period) -> Day {
        loop {
            let day = Day(self.rng.random_range(period.first_day().0..=period.last_day().0));
            let (_, month, _) = day.civil();
            let weight = match month {
                7 => 45,
                6 | 12 => 100,
                8 => 75,
                _ => 88,
            };
            if (self.form.times || is_working_day(day)) && self.chance(weight) {
                return day;
            }
        }
    }

    fn unit(&mut self, wanted: Wanted) -> usize {
        let units = self.form.units.len();
        // The first unit has more than its part of the late cases.
        if wanted == Wanted::Late && self.chance(20) { 0 } else { self.rng.random_range(0..units) }
    }

    fn has_verdict(&self, case: &Case, period: Period, wanted: Wanted) -> bool {
        let Ok(verdict) = self.judge.judge(case) else { return false };
        let late = verdict.cell.reading().is_deviation(Roll::None);
        let in_cohort = match self.rule.cohort {
            Cohort::Due => true,
            Cohort::Closed | Cohort::Started => {
                verdict.ended.is_some_and(|end| period.kind.holding(end) == period)
            }
        };
        // Where no quota tells them apart, the reference method's verdict may be either.
        let only_reference = self.form.extensions && verdict.cell.late_by_reference();
        in_cohort
            && match wanted {
                Wanted::Late => late,
                Wanted::OnlyReference => !late && verdict.cell.late_by_reference(),
                Wanted::InTime => !late && !only_reference,
            }
    }

    /// Cases that are open on the as-of date: some were closed before the export was made, a few began
    /// after it.
    pub fn cases_under_way(&mut self) -> Vec<Made> {
        let length = self.due(Day(0)).0.max(2);
        let (within, overdue) = match self.form.control {
            "child-investigation" => (214, 46),
            "preliminary-assessment" => (118, 7),
            "cooperation-talks" => (11, 1),
            "unenforced-decision" => (236, 0),
            _ => (6, 0),
        };
        let mut made = Vec::new();
        while made.len() < within + overdue {
            let late = made.len() >= within;
            let age = if late {
                length + 3 + self.tail(f64::from(length) / 4.0)
            } else {
                self.rng.random_range(0..length - 1)
            };
            let start = self.as_of.plus_days(-age);
            let start_at = self.form.times.then(|| local_time(start, 8 * 60 + age as u32 * 45 % 600));
            let closed_since = self.chance(12);
            let end = closed_since.then(|| self.as_of.plus_days(self.rng.random_range(1..=EXPORTED_LATER)));
            // Decisions that are not yet due may have been enforced already.
            let enforced = self.rule.cohort == Cohort::Due && self.chance(60);
            let end = if enforced { Some(start.plus_days(self.rng.random_range(0..=age))) } else { end };
            let end_at = end.filter(|_| self.form.times).map(|day| local_time(day, 17 * 60));
            let case = Case { start, end, start_at, end_at, due: None, extension: None };
            let open_as_wanted = self
                .judge
                .judge(&case)
                .is_ok_and(|verdict| (verdict.cell.reading() == Reading::Late) == late);
            if (self.form.times || is_working_day(start)) && open_as_wanted {
                let unit = self.rng.random_range(0..self.form.units.len());
                made.push(Made { case, unit });
            }
        }
        for _ in 0..3 {
            let start = self.as_of.plus_days(self.rng.random_range(2..=EXPORTED_LATER));
            let start_at = self.form.times.then(|| local_time(start, 9 * 60));
            let case = Case { start, end: None, start_at, end_at: None, due: None, extension: None };
            made.push(Made { case, unit: 0 });
        }
        made
    }

    /// A case of a large set.
    pub fn any_case(&mut self, start: Day) -> Made {
        let due = self.due(start);
        let late = self.chance(25);
        let margin = self.margin(if late { Wanted::Late } else { Wanted::InTime });
        let end = due.plus_days(margin).max(start);
        let times = self.form.times.then(|| {
            let start_at = local_time(start, self.rng.random_range(0..1440));
            (start_at, Moment(start_at.0 + i64::from(self.rng.random_range(10..2000)) * 60))
        });
        let end = times.map_or(end, |(_, end_at)| end_at.day());
        let case = Case {
            start,
            end: Some(end).filter(|end| *end <= self.as_of),
            start_at: times.map(|(start_at, _)| start_at),
            end_at: times.map(|(_, end_at)| end_at),
            due: None,
            extension: if self.form.extensions { self.extension(due, end, Wanted::InTime) } else { None },
        };
        Made { case, unit: self.rng.random_range(0..self.form.units.len()) }
    }
}

fn is_working_day(day: Day) -> bool {
    roll_reason(day).is_none()
}

/// A Swedish local time, in minutes after midnight.
fn local_time(day: Day, minute: u32) -> Moment {
    let stamp = crate::date::Stamp { day, second_of_day: Some(minute as i32 * 60), offset_seconds: None };
    swedish_time(stamp).moment.expect("the stamp has a time")
}
