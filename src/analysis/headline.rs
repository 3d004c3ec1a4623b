//! Headline: the one period that stands for a control in summaries and titles, and when a period has a share.

use schemars::JsonSchema;
use serde::Serialize;

use super::figures::{Coverage, Figure, PeriodFigures};
use super::point::TrendPoint;
use super::{Change, ControlFindings, Interval};
use crate::date::Day;
use crate::judge::DueDates;
use crate::period::Period;
use crate::rulebook::{Cohort, Rule};

/// Of fewer judged cases a headline has counts and no share.
pub const FEWEST_IN_HEADLINE: u64 = 10;

/// Why a period has counts in a headline, and no share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CountsBecause {
    /// The number of its cases is hidden.
    Hidden,
    /// It has no judged case.
    NoCases,
    /// The export does not have the whole of it.
    Incomplete,
    /// More than 5 % of its cases cannot be judged yet.
    Undetermined,
    /// In the published edition: as a whole it cannot be judged yet. How many of its cases cannot is not told there.
    NotDue,
    /// It has not ended.
    Running,
    /// It has fewer than ten judged cases.
    FewCases,
}

impl CountsBecause {
    /// The name in files and text catalogues.
    pub fn id(self) -> &'static str {
        match self {
            CountsBecause::Hidden => "hidden",
            CountsBecause::NoCases => "no-cases",
            CountsBecause::Incomplete => "incomplete",
            CountsBecause::Undetermined => "undetermined",
            CountsBecause::NotDue => "not-due",
            CountsBecause::Running => "running",
            CountsBecause::FewCases => "few-cases",
        }
    }
}

/// What stands where a share is asked for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Told {
    /// The share of deviations and cases.
    Ratio(u64, u64),
    /// A share that an earlier report printed, 0–1.
    Printed(f64),
    /// Deviations and cases, whose share would say too much; and whether others are missing from the export.
    OutOf(u64, u64, bool),
    /// That it is hidden.
    Hidden,
    /// That many cases cannot be judged yet.
    TooEarly,
    /// That cases are missing from the export.
    Incomplete,
    /// Nothing.
    Nothing,
}

impl Figure {
    /// Its share.
    pub fn told(self) -> Told {
        match (self.ratio(), self.share()) {
            (Some((deviations, cases)), _) => Told::Ratio(deviations, cases),
            (None, Some(share)) => Told::Printed(share),
            (None, None) if self.is_hidden() => Told::Hidden,
            (None, None) => Told::Nothing,
        }
    }
}

impl TrendPoint {
    /// Its share, or why it has none.
    pub fn told(&self) -> Told {
        match self.share() {
            None if self.figure.is_cut() => Told::Incomplete,
            None if self.figure.shows_cases() => Told::TooEarly,
            _ => self.figure.told(),
        }
    }
}

impl PeriodFigures {
    /// Its share, or why it has none.
    pub fn told(&self) -> Told {
        match self.no_share_because() {
            Some(CountsBecause::Incomplete | CountsBecause::Undetermined | CountsBecause::NotDue) => {
                self.no_share()
            }
            _ => self.figure.told(),
        }
    }

    /// Why it has no share though its cases are shown.
    pub fn no_share(&self) -> Told {
        if self.is_cut { Told::Incomplete } else { Told::TooEarly }
    }

    /// Its share as a headline, or counts where no share can stand alone.
    pub fn told_in_headline(&self) -> Told {
        match (self.counts_because(), self.figure.ratio()) {
            (Some(_), Some((deviations, cases))) if cases > 0 => Told::OutOf(deviations, cases, self.is_cut),
            (Some(CountsBecause::Incomplete), Some(_)) => Told::Incomplete,
            _ => self.figure.told(),
        }
    }

    /// Its share, or why it has none; counts where its cases are too few for a share to stand alone.
    pub fn told_apart(&self) -> Told {
        match self.counts_because() {
            Some(CountsBecause::FewCases) => self.told_in_headline(),
            _ => self.told(),
        }
    }

    /// The share, 0–1. A period that has not ended has one so far; one that the export does not have the whole of, or
    /// with more than 5 % undetermined cases, has none, for those that are judged already are the quick ones.
    pub fn share(&self) -> Option<f64> {
        self.figure.share().filter(|_| self.mostly_judged)
    }

    /// The interval of the share.
    pub fn interval(&self) -> Option<Interval> {
        self.figure.interval().filter(|_| self.mostly_judged)
    }

    /// Why there is no share; `None` when there is one.
    pub fn no_share_because(&self) -> Option<CountsBecause> {
        match self.share() {
            Some(_) => None,
            None if self.figure.is_hidden() => Some(CountsBecause::Hidden),
            None if self.is_cut => Some(CountsBecause::Incomplete),
            None if self.figure.cases() == Some(0) => Some(CountsBecause::NoCases),
            None => Some(self.too_early()),
        }
    }

    /// Why a period whose judged cases are shown has no share.
    fn too_early(&self) -> CountsBecause {
        if self.is_protected() { CountsBecause::NotDue } else { CountsBecause::Undetermined }
    }

    fn is_protected(&self) -> bool {
        self.figure.shown().is_some_and(|shown| shown.coverage == Coverage::Untold)
    }

    /// Why a headline has its counts; `None` when it has its share.
    pub fn counts_because(&self) -> Option<CountsBecause> {
        match self.figure.cases() {
            None => Some(CountsBecause::Hidden),
            Some(_) if self.is_cut => Some(CountsBecause::Incomplete),
            Some(0) => Some(CountsBecause::NoCases),
            Some(_) if !self.complete && self.mostly_judged => Some(CountsBecause::Running),
            Some(_) if !self.mostly_judged => Some(self.too_early()),
            Some(..FEWEST_IN_HEADLINE) => Some(CountsBecause::FewCases),
            Some(_) => None,
        }
    }

    /// Deviations and cases that a grade can rest on: the period has ended and its cases are judged.
    pub fn settled(&self) -> Option<(u64, u64)> {
        self.figure.ratio().filter(|_| self.complete && self.mostly_judged)
    }
}

/// The place of the period that stands for all: the last that has ended, is judged and has ten cases; without one
/// the last that has ended with a case, or else the last with a case. Figures of earlier reports stand for nothing.
///
/// # Panics
/// Without a period.
pub fn headline_place(periods: &[PeriodFigures]) -> usize {
    let last = |fits: &dyn Fn(&PeriodFigures) -> bool| {
        periods.iter().rposition(|period| period.earlier_report.is_none() && fits(period))
    };
    let has_cases = |period: &PeriodFigures| period.figure.cases() != Some(0);
    last(&|period| period.counts_because().is_none())
        .or_else(|| last(&|period| period.complete && has_cases(period)))
        .or_else(|| last(&has_cases))
        .unwrap_or_else(|| periods.len().checked_sub(1).expect("there is the period of the as-of date"))
}

/// Whether all cases of a period fell due by the as-of date. It depends on no case, so that the published edition
/// can leave out a share for it without telling how many cases are open.
pub fn is_due(period: Period, cohort: Cohort, rule: &Rule, as_of: Day) -> bool {
    match cohort {
        Cohort::Closed => true,
        Cohort::Due => period.last_day() <= as_of,
        Cohort::Started => DueDates::of(period.last_day(), None, rule)
            .ok()
            .is_none_or(|dues| as_of >= dues.lawful(rule.roll)),
    }
}

impl ControlFindings {
    /// The period that stands for the control.
    pub fn headline(&self) -> &PeriodFigures {
        &self.periods[self.headline_place]
    }

    /// The period before it.
    pub fn before_headline(&self) -> Option<&PeriodFigures> {
        self.periods[..self.headline_place].last()
    }

    /// The periods after it: running, with too few cases, or with too many that are missing or cannot be judged.
    pub fn after_headline(&self) -> &[PeriodFigures] {
        &self.periods[self.headline_place + 1..]
    }

    /// The change to its share from the period before.
    pub fn headline_change(&self) -> Option<Change> {
        self.headline().change.filter(|_| self.headline().counts_because().is_none())
    }

    /// The last period that ended before the as-of date.
    pub fn before_as_of(&self) -> Option<&PeriodFigures> {
        self.periods.iter().rev().nth(1)
    }

    /// Cases open and past their due date on the as-of date.
    pub fn open_overdue(&self) -> Option<u64> {
        self.periods.last()?.open_overdue
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::{CaseCounts, EarlierReport, Shown};
    use crate::period::PeriodKind;
    use crate::project::ReportedFigure;
    use crate::rulebook::JudgedBy;

    fn period(index: i32, figure: Figure) -> PeriodFigures {
        PeriodFigures {
            period: Period { kind: PeriodKind::Tertial, index },
            complete: true,
            is_cut: false,
            mostly_judged: figure.is_mostly_judged(),
            figure,
            earlier_report: None,
            open_overdue: None,
            change: None,
            judged_by: JudgedBy::default(),
        }
    }

    fn counted(cases: u64, undetermined: u64) -> PeriodFigures {
        period(0, CaseCounts { cases, undetermined, ..CaseCounts::default() }.into())
    }

    fn running(cases: u64, undetermined: u64) -> PeriodFigures {
        PeriodFigures { complete: false, ..counted(cases, undetermined) }
    }

    fn reported(share: f64) -> PeriodFigures {
        let earlier_report = EarlierReport { method: "120 days".into(), source: "x".into() };
        let figure = Figure::Reported(ReportedFigure::Share(share));
        PeriodFigures { earlier_report: Some(earlier_report), ..period(0, figure) }
    }

    #[test]
    fn the_headline_is_the_last_period_that_ended_with_ten_judged_cases() {
        for (periods, place, because) in [
            (vec![counted(100, 0), counted(10, 0), running(99, 0)], 1, None),
            (vec![counted(100, 0), counted(9, 0), running(99, 0)], 0, None),
            // 5 % of 20 is one.
            (vec![counted(100, 0), counted(19, 1)], 1, None),
            (vec![counted(100, 0), counted(19, 2)], 0, None),
            (
                vec![counted(3, 0), counted(9, 0), counted(0, 0), running(7, 0)],
                1,
                Some(CountsBecause::FewCases),
            ),
            (vec![counted(0, 0), running(500, 0)], 1, Some(CountsBecause::Running)),
            (vec![counted(50, 50), running(0, 9)], 0, Some(CountsBecause::Undetermined)),
            (vec![running(0, 3)], 0, Some(CountsBecause::NoCases)),
            (vec![reported(0.2), running(0, 0)], 1, Some(CountsBecause::NoCases)),
            (vec![reported(0.2), counted(3, 0)], 1, Some(CountsBecause::FewCases)),
        ] {
            let found = headline_place(&periods);
            assert_eq!((found, periods[found].counts_because()), (place, because), "{periods:?}");
        }
    }

    #[test]
    fn a_period_of_quick_cases_has_no_share() {
        assert_eq!((counted(19, 1).share(), counted(19, 2).share()), (Some(0.0), None));
        assert_eq!(running(3, 0).share(), Some(0.0));
        assert_eq!(running(3, 1).no_share_because(), Some(CountsBecause::Undetermined));
        assert_eq!(counted(0, 0).no_share_because(), Some(CountsBecause::NoCases));
        assert_eq!(counted(19, 2).interval(), None);
        assert_eq!((counted(3, 0).settled(), running(30, 0).settled()), (Some((0, 3)), None));
    }

    #[test]
    fn an_incomplete_period_has_counts_and_no_share() {
        let cut = |period: PeriodFigures| PeriodFigures { is_cut: true, mostly_judged: false, ..period };
        let incomplete = Some(CountsBecause::Incomplete);
        for period in [cut(counted(50, 0)), cut(counted(3, 9)), cut(running(50, 0))] {
            assert_eq!((period.counts_because(), period.no_share_because()), (incomplete, incomplete));
            assert_eq!((period.share(), period.interval(), period.settled()), (None, None, None));
        }
        assert_eq!(headline_place(&[counted(10, 0), cut(counted(50, 0))]), 0);
    }

    #[test]
    fn the_published_edition_tells_no_share_of_open_cases() {
        let shown = Shown { cases: Some(40), deviations: Some(12), ..Shown::NOTHING };
        let ended = PeriodFigures { mostly_judged: false, ..period(0, Figure::Counted(shown)) };
        let not_due = Some(CountsBecause::NotDue);
        assert_eq!((ended.counts_because(), ended.no_share_because()), (not_due, not_due));
    }

    #[test]
    fn what_is_hidden_decides_nothing() {
        let hidden = |cases| period(0, Figure::Counted(Shown { cases, ..Shown::NOTHING }));
        assert_eq!(hidden(None).counts_because(), Some(CountsBecause::Hidden));
        assert_eq!(headline_place(&[hidden(Some(40)), hidden(None)]), 0);
        assert_eq!(headline_place(&[hidden(Some(9)), hidden(None)]), 1);
    }
}
