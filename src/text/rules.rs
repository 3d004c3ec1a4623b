//! What rules are called: their names, clocks, methods and cohorts.

use super::{Texts, fill, sentence_case};
use crate::date::Day;
use crate::period::Period;
use crate::rulebook::{Basis, ByDay, Clock, Cohort, JudgedBy, Method, Rule};

impl Texts {
    /// The name of a rule.
    pub fn name<'r>(&self, rule: &'r Rule) -> &'r str {
        rule.name.text(self.language())
    }

    /// What ties a case to a period.
    pub fn cohort(&self, cohort: Cohort) -> &str {
        self.get(&format!("cohort.{}", cohort.id()))
    }

    /// The same at the beginning of a sentence.
    pub fn cohort_begins(&self, cohort: Cohort) -> String {
        sentence_case(self.cohort(cohort))
    }

    /// A method of an earlier report: a clock where it is one, else as it was typed.
    pub fn method(&self, method: &str) -> String {
        method.parse().map_or_else(|_| method.to_owned(), |clock| self.clock(clock))
    }

    /// The lawful methods that judged some cases: `4 månader`, or, when there are several, each with its days.
    /// The rule's newest when no case was judged.
    pub fn methods(&self, rule: &Rule, judged_by: JudgedBy) -> String {
        let methods = rule.methods_of(judged_by);
        match methods.as_slice() {
            [] => self.clock(rule.newest_method()),
            [only] => self.lawful(only),
            several => {
                let dated: Vec<String> = several.iter().map(|method| self.lawful_with_days(method)).collect();
                self.list(&dated)
            }
        }
    }

    /// The same for one period of several; a dash when none of its cases was judged.
    pub fn method_of(&self, rule: &Rule, judged_by: JudgedBy) -> String {
        if judged_by.is_empty() { self.get("table.none").to_owned() } else { self.methods(rule, judged_by) }
    }

    fn lawful(&self, method: &Method) -> String {
        let clock = self.clock(method.clock);
        match method.by_day {
            ByDay::No => clock,
            ByDay::Partly => fill!(self, "clock.partly-by-day", clock),
            ByDay::Wholly => fill!(self, "clock.by-day", clock),
        }
    }

    fn lawful_with_days(&self, method: &Method) -> String {
        let name = self.lawful(method);
        let day = |day: Option<Day>| day.map_or(String::new(), |day| day.to_string());
        let (from, to) = (day(method.first_day), day(method.last_day));
        let key = match (method.first_day, method.last_day) {
            (None, None) => return name,
            (Some(_), None) => "clock.started-from",
            (None, Some(_)) => "clock.started-to",
            (Some(_), Some(_)) => "clock.started-between",
        };
        fill!(self, key, clock = name, from, to)
    }

    /// Words for a rule's deviations: that cases `have` or `had` `gone` past their time, and are `late`; or, where the duty
    /// is to report them, that they are to be reported. No law is broken by missing a local target.
    pub fn duty(&self, rule: &Rule, word: &str) -> String {
        self.duty_of(rule, word, 0)
    }

    /// The same, of so many deviations.
    pub fn duty_of(&self, rule: &Rule, word: &str, n: u64) -> String {
        let to = rule.report_to.as_ref().map(|to| to.text(self.language()));
        let kind = match (to, rule.basis) {
            (Some(_), _) => "report",
            (None, Basis::Statute) => "act",
            (None, Basis::LocalTarget) => "target",
        };
        fill!(self, format!("duty.{kind}-{word}"), to = to.unwrap_or_default(), n)
    }

    /// What an open case goes past, in the definite form: `sista dagen`.
    pub fn limit(&self, rule: &Rule) -> &str {
        let kind = if rule.report_to.is_some() { "report" } else { rule.margin_unit() };
        self.get(&format!("duty.limit-{kind}"))
    }

    /// The cases of a period, as they are tied to it: `som avslutades under maj–augusti 2024`.
    pub fn those_in(&self, cohort: Cohort, period: Period) -> String {
        fill!(self, format!("cohort.{}-in", cohort.id()), period = self.months_of(period))
    }

    /// A clock, `4 månader`.
    pub fn clock(&self, clock: Clock) -> String {
        let (number, unit) = match clock {
            Clock::Months(number) => (number, "month"),
            Clock::Weeks(number) => (number, "week"),
            Clock::Days(number) => (number, "day"),
            Clock::Hours(number) => (number, "hour"),
            Clock::NextDay => return self.get("clock.next-day").to_owned(),
            Clock::DueColumn => return self.get("clock.due-column").to_owned(),
        };
        fill!(self, format!("clock.{unit}"), n = number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Language;
    use crate::rulebook::Rulebook;

    #[test]
    fn a_duty_to_report_is_worded_as_one() {
        let rulebook = Rulebook::builtin();
        let said = |language, id: &str| {
            let (texts, rule) = (Texts::of(language), rulebook.rule(id).expect("a rule"));
            ["had", "have", "gone", "late", "in-time"].map(|word| texts.duty(rule, word)).join(" | ")
        };
        assert_eq!(
            said(Language::Sv, "child-investigation"),
            "hade | har | överskridit fristen | för sena | i tid"
        );
        assert_eq!(
            said(Language::Sv, "cooperation-talks"),
            "hade | har | överskridit det lokala målets tid | för sena | i tid"
        );
        let ivo = "rapporteras till Inspektionen för vård och omsorg (IVO) och kommunens revisorer";
        assert_eq!(
            said(Language::Sv, "unenforced-decision"),
            format!("skulle | ska | {ivo} | att rapportera | inte att rapportera")
        );
        assert!(said(Language::En, "unenforced-decision").ends_with("auditors | to report | not to report"));
    }

    #[test]
    fn one_of_a_unit_is_in_the_singular() {
        let sv = Texts::of(Language::Sv);
        assert_eq!(sv.clock(Clock::Months(4)), "4 månader");
        assert_eq!(sv.clock(Clock::Days(1)), "1 dag");
    }
}
