//! Methods: which of a rule's clocks judged some cases, and for which start days each applies.
//!
//! Consecutive laws with the same clock are one method. The methods that judged some cases fit into a few bits, so that
//! tallies can carry them by month and add up.

use std::fmt;

use super::{Clock, Rule};
use crate::date::Day;

/// The most methods of a rule, so that they fit into the bits of [`JudgedBy`].
pub const MOST_METHODS: usize = 16;

/// The methods that judged some cases: two bits for each method of [`Rule::methods`], one for its clock and one for
/// judging by day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct JudgedBy(u32);

impl JudgedBy {
    /// One case, judged by the method with this number; `by_day` when its clock counts hours and the case has
    /// no time of day.
    pub fn method(number: usize, by_day: bool) -> JudgedBy {
        JudgedBy(1 << (number * 2 + usize::from(by_day)))
    }

    /// The methods in either.
    #[must_use]
    pub fn with(self, other: JudgedBy) -> JudgedBy {
        JudgedBy(self.0 | other.0)
    }

    /// The methods as bits, for a table.
    pub fn bits(self) -> u32 {
        self.0
    }

    /// The inverse of [`JudgedBy::bits`].
    pub fn from_bits(bits: u32) -> JudgedBy {
        JudgedBy(bits)
    }

    /// Whether no case was judged.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    fn of_method(self, number: usize) -> Option<ByDay> {
        match self.0 >> (number * 2) & 3 {
            0 => None,
            1 => Some(ByDay::No),
            2 => Some(ByDay::Wholly),
            _ => Some(ByDay::Partly),
        }
    }
}

/// Whether a clock in hours was counted by day because times of day are missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ByDay {
    /// Every case was judged by the clock as it is.
    No,
    /// Some cases were judged by day.
    Partly,
    /// Every case was judged by day.
    Wholly,
}

/// A lawful clock of a rule, and the start days for which it applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Method {
    /// The clock.
    pub clock: Clock,
    /// Whether it was counted by day.
    pub by_day: ByDay,
    /// The first start day, included; `None` when it has no beginning.
    pub first_day: Option<Day>,
    /// The last start day, included; `None` when it has no end.
    pub last_day: Option<Day>,
}

impl fmt::Display for Method {
    /// The form for machines: `24 hours`, `24 hours, partly by day`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let how = match self.by_day {
            ByDay::No => "",
            ByDay::Partly => ", partly by day",
            ByDay::Wholly => ", by day",
        };
        write!(f, "{}{how}", self.clock)
    }
}

impl Rule {
    /// The lawful clocks, oldest first.
    pub fn methods(&self) -> Vec<Method> {
        let mut methods: Vec<Method> = Vec::new();
        for law in &self.laws {
            match methods.last_mut().filter(|method| method.clock == law.method) {
                Some(method) => method.last_day = law.last_day,
                None => methods.push(Method {
                    clock: law.method,
                    by_day: ByDay::No,
                    first_day: law.first_day,
                    last_day: law.last_day,
                }),
            }
        }
        methods
    }

    /// The index in [`Rule::methods`] of the method of a law, given the law's index in [`Rule::laws`].
    pub(crate) fn method_number(&self, law: usize) -> usize {
        self.laws[..=law].windows(2).filter(|pair| pair[0].method != pair[1].method).count()
    }

    /// The methods that judged some cases, oldest first.
    pub fn methods_of(&self, judged: JudgedBy) -> Vec<Method> {
        let numbered = self.methods().into_iter().enumerate();
        numbered
            .filter_map(|(number, method)| Some(Method { by_day: judged.of_method(number)?, ..method }))
            .collect()
    }

    /// The methods that judged some cases, in a form for machines: `150 days`, or, if there are several,
    /// `150 days to 2010-08-12; 90 days from 2010-08-13`. `None` if no case was judged.
    pub fn method_id(&self, judged: JudgedBy) -> Option<String> {
        let methods = self.methods_of(judged);
        if let [only] = methods.as_slice() {
            return Some(only.to_string());
        }
        let all: Vec<String> = methods.iter().map(Method::dated).collect();
        (!all.is_empty()).then(|| all.join("; "))
    }

    /// The inverse of [`Rule::method_id`]; `None` if no methods of the rule are called so.
    pub fn judged_by(&self, id: &str) -> Option<JudgedBy> {
        let each = || {
            let numbers = 0..self.methods().len();
            numbers.flat_map(|number| {
                let [plain, by_day] = [false, true].map(|by_day| JudgedBy::method(number, by_day));
                [plain, by_day, plain.with(by_day)]
            })
        };
        let called = |text: &str, name: fn(&Method) -> String| {
            each().find(|judged| self.methods_of(*judged).first().map(name).as_deref() == Some(text))
        };
        called(id, Method::to_string).or_else(|| {
            let all = id.split("; ").map(|text| called(text, Method::dated));
            all.reduce(|all, next| Some(all?.with(next?)))?
        })
    }
}

impl Method {
    /// With the start days for which it applies.
    fn dated(&self) -> String {
        let from = self.first_day.map_or(String::new(), |day| format!(" from {day}"));
        let to = self.last_day.map_or(String::new(), |day| format!(" to {day}"));
        format!("{self}{from}{to}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rulebook::{Law, Rulebook};

    /// Three laws, of which the first two have one clock.
    fn rule() -> Rule {
        let mut rule = Rulebook::builtin().rules[0].clone();
        let law = |method: &str, first: Option<&str>, last: Option<&str>| Law {
            method: method.parse().expect("a clock"),
            first_day: first.and_then(Day::parse_iso),
            last_day: last.and_then(Day::parse_iso),
            ..rule.laws[0].clone()
        };
        rule.laws = vec![
            law("150 days", None, Some("2009-12-31")),
            law("150 days", Some("2010-01-01"), Some("2010-08-12")),
            law("90 days", Some("2010-08-13"), None),
        ];
        rule
    }

    #[test]
    fn laws_with_one_clock_are_one_method() {
        let rule = rule();
        assert_eq!([0, 1, 2].map(|law| rule.method_number(law)), [0, 0, 1]);
        let days: Vec<_> = rule.methods().iter().map(|it| (it.clock, it.first_day, it.last_day)).collect();
        let day = |text| Day::parse_iso(text);
        assert_eq!(
            days,
            [(Clock::Days(150), None, day("2010-08-12")), (Clock::Days(90), day("2010-08-13"), None)]
        );
    }

    #[test]
    fn the_method_that_judged_is_named() {
        let rule = rule();
        let (old, new) = (JudgedBy::method(0, false), JudgedBy::method(1, false));
        assert_eq!(rule.method_id(JudgedBy::default()), None);
        assert_eq!(rule.method_id(old).as_deref(), Some("150 days"));
        assert_eq!(rule.method_id(new).as_deref(), Some("90 days"));
        let both = "150 days to 2010-08-12; 90 days from 2010-08-13";
        assert_eq!(rule.method_id(old.with(new)).as_deref(), Some(both));
        assert_eq!(old.with(new), new.with(old));
        assert_eq!((old.with(new).with(new), old.with(old)), (old.with(new), old));
        assert_eq!([old, new].map(JudgedBy::bits), [1, 4]);
        assert_eq!(JudgedBy::from_bits(5), old.with(new));
        assert!(JudgedBy::default().is_empty() && !old.is_empty());
        for judged in [old, new, old.with(new)] {
            assert_eq!(rule.judged_by(&rule.method_id(judged).expect("a name")), Some(judged));
        }
        for unknown in ["", "120 days", "150 days to 2010-08-13", "150 days; 90 days"] {
            assert_eq!(rule.judged_by(unknown), None, "{unknown}");
        }
    }

    #[test]
    fn hours_counted_by_day_are_named_so() {
        let rule = Rulebook::builtin().rule("safety-assessment").expect("a rule").clone();
        let (by_hour, by_day) = (JudgedBy::method(0, false), JudgedBy::method(0, true));
        let named = |judged| rule.method_id(judged).expect("judged");
        assert_eq!(named(by_hour), "24 hours");
        assert_eq!(named(by_day), "24 hours, by day");
        assert_eq!(named(by_hour.with(by_day)), "24 hours, partly by day");
        for judged in [by_hour, by_day, by_hour.with(by_day)] {
            assert_eq!(rule.judged_by(&named(judged)), Some(judged));
        }
    }
}
