//! Figures: the share of each period, its interval and its change.

use std::collections::BTreeMap;

use super::Question;
use super::counts::CaseCounts;
use super::facts::Series;
use super::interval::{Interval, newcombe, wilson};
use crate::period::Period;
use crate::project::{Reported, ReportedFigure};
use crate::rulebook::{Clock, JudgedBy};

/// The figures of one period.
#[derive(Debug, Clone, PartialEq)]
pub struct PeriodFigures {
    /// The period.
    pub period: Period,
    /// The period has ended by the as-of date.
    pub complete: bool,
    /// The export does not have the whole of it: [`super::Edges`].
    pub is_cut: bool,
    /// It is whole, and at most 5 % of its cases are undetermined.
    pub mostly_judged: bool,
    /// The figure.
    pub figure: Figure,
    /// How and where a figure of an earlier report was made.
    pub earlier_report: Option<EarlierReport>,
    /// Cases open and past their due date at the period's end, or on the as-of date when that is earlier;
    /// not known for a figure of an earlier report, nor where the export does not tell.
    pub open_overdue: Option<u64>,
    /// Change from the period before, when both were counted by the law or by one method.
    pub change: Option<Change>,
    /// The lawful methods that judged its cases.
    pub judged_by: JudgedBy,
}

impl PeriodFigures {
    /// The share by the lawful method, 0–1, when it was counted here.
    pub fn lawful_share(&self) -> Option<f64> {
        self.share().filter(|_| self.earlier_report.is_none())
    }

    /// The share by the reference method, 0–1: counted here, or published and counted so.
    pub fn reference_share(&self, reference: Clock) -> Option<f64> {
        match &self.earlier_report {
            None => {
                let (deviations, cases) = self.figure.reference_ratio()?;
                (cases > 0 && self.mostly_judged).then(|| deviations as f64 / cases as f64)
            }
            Some(earlier_report) => {
                let method: Option<Clock> = earlier_report.method.parse().ok();
                self.figure.share().filter(|_| method == Some(reference))
            }
        }
    }

    /// The share by the reference method less the share by the law, when both are known.
    pub fn reference_gap(&self, reference: Clock) -> Option<f64> {
        Some(self.reference_share(reference)? - self.lawful_share()?)
    }
}

/// How and where a figure of an earlier report was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EarlierReport {
    /// The method, a clock where it is one.
    pub method: String,
    /// The report.
    pub source: String,
}

/// Where a figure comes from, and what is shown of it. The counts in full are in [`Series`], which only the internal
/// edition has.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Figure {
    /// Counted from cases; there may be none.
    Counted(Shown),
    /// From an earlier report.
    Reported(ReportedFigure),
}

/// What is shown of counts; `None` where a number is hidden.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shown {
    /// Judged cases.
    pub cases: Option<u64>,
    /// Late by the lawful method.
    pub deviations: Option<u64>,
    /// Late by the reference method.
    pub reference_deviations: Option<u64>,
    /// How many of all cases they are.
    pub coverage: Coverage,
}

/// How many of all cases were judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coverage {
    /// None is missing, and at most one in twenty is undetermined.
    Most,
    /// More are undetermined.
    Some,
    /// They are of a time that the export does not have the whole of.
    Cut,
    /// The published edition does not tell.
    Untold,
}

impl Shown {
    /// Nothing.
    pub const NOTHING: Shown =
        Shown { cases: None, deviations: None, reference_deviations: None, coverage: Coverage::Untold };
}

impl From<CaseCounts> for Figure {
    /// Everything is shown.
    fn from(counts: CaseCounts) -> Figure {
        let coverage = match counts.is_mostly_judged() {
            true => Coverage::Most,
            false if counts.is_cut => Coverage::Cut,
            false => Coverage::Some,
        };
        Figure::Counted(Shown {
            cases: Some(counts.cases),
            deviations: Some(counts.deviations),
            reference_deviations: Some(counts.reference_deviations),
            coverage,
        })
    }
}

impl Figure {
    /// The share, 0–1, when there is one.
    pub fn share(self) -> Option<f64> {
        if let Figure::Reported(ReportedFigure::Share(share)) = self {
            return Some(share);
        }
        let (deviations, cases) = self.ratio()?;
        (cases > 0).then(|| deviations as f64 / cases as f64)
    }

    /// What is shown of counts, when they were counted here.
    pub fn shown(self) -> Option<Shown> {
        match self {
            Figure::Counted(shown) => Some(shown),
            Figure::Reported(_) => None,
        }
    }

    /// Deviations and cases, when they were counted here and neither is hidden.
    pub fn counted(self) -> Option<(u64, u64)> {
        let shown = self.shown()?;
        shown.deviations.zip(shown.cases)
    }

    /// Deviations and cases, when they are known.
    pub fn ratio(self) -> Option<(u64, u64)> {
        match self {
            Figure::Reported(ReportedFigure::Counts { cases, deviations }) => Some((deviations, cases)),
            figure => figure.counted(),
        }
    }

    /// Judged cases, when they are known.
    pub fn cases(self) -> Option<u64> {
        self.shown().map_or(self.ratio().map(|(_, cases)| cases), |shown| shown.cases)
    }

    /// Deviations among them, when they are known.
    pub fn deviations(self) -> Option<u64> {
        self.shown().map_or(self.ratio().map(|(deviations, _)| deviations), |shown| shown.deviations)
    }

    /// Deviations by the reference method and cases, when they were counted here.
    pub fn reference_ratio(self) -> Option<(u64, u64)> {
        let shown = self.shown()?;
        shown.reference_deviations.zip(shown.cases)
    }

    /// It shows deviations of judged cases.
    pub fn shows_cases(self) -> bool {
        self.ratio().is_some_and(|(_, cases)| cases > 0)
    }

    /// None of its cases is missing and at most one in twenty undetermined, as far as it shows.
    pub fn is_mostly_judged(self) -> bool {
        self.shown().is_none_or(|shown| matches!(shown.coverage, Coverage::Most | Coverage::Untold))
    }

    /// It is of a time that the export does not have the whole of.
    pub fn is_cut(self) -> bool {
        self.shown().is_some_and(|shown| shown.coverage == Coverage::Cut)
    }

    /// A number in it is hidden.
    pub fn is_hidden(self) -> bool {
        matches!(self, Figure::Counted(_)) && self.ratio().is_none()
    }

    /// The Wilson interval of the share, when its counts are known.
    pub fn interval(self) -> Option<Interval> {
        self.ratio().and_then(|(deviations, cases)| wilson(deviations, cases))
    }
}

/// Counts by the index of a period, as figures.
pub fn computed(counts: &BTreeMap<i32, CaseCounts>) -> BTreeMap<i32, Figure> {
    counts.iter().map(|(index, counts)| (*index, Figure::from(*counts))).collect()
}

impl Series {
    /// The counts of a period in full, unless it has a figure of an earlier report.
    pub fn of_period(&self, period: &PeriodFigures) -> Option<CaseCounts> {
        let counts = self.counts.get(&period.period.index).copied().unwrap_or_default();
        Some(counts).filter(|_| period.earlier_report.is_none())
    }
}

/// A change between two periods, as a difference of shares (0.01 is one percentage point).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Change {
    /// Share now minus share before.
    pub difference: f64,
    /// Newcombe's interval, when both shares' counts are known.
    pub interval: Option<Interval>,
}

/// The figures of a range of periods, in order; a figure of an earlier report stands where no case was judged.
pub fn period_figures(
    indices: std::ops::RangeInclusive<i32>,
    series: &Series,
    reported: &BTreeMap<i32, &Reported>,
    question: &Question<'_>,
) -> Vec<PeriodFigures> {
    let (rule, sums) = (&question.control.rule, &series.counts);
    let mut figures: Vec<PeriodFigures> = Vec::new();
    for index in indices {
        let period = Period { kind: question.settings.period, index };
        let earlier = reported.get(&index).filter(|_| !sums.contains_key(&index));
        let figure = match earlier {
            Some(reported) => Figure::Reported(reported.figure),
            None => sums.get(&index).copied().unwrap_or_default().into(),
        };
        let earlier_report = earlier.map(|reported| EarlierReport {
            method: reported.method.clone(),
            source: reported.source.clone(),
        });
        let judged_by = series.methods.get(&index).copied().unwrap_or_default();
        let method = |earlier_report: &Option<EarlierReport>, judged_by| match earlier_report {
            Some(earlier_report) => Some(earlier_report.method.clone()),
            None => rule.method_id(judged_by),
        };
        let comparable = |before: &&PeriodFigures| {
            earlier_report.is_none() && before.earlier_report.is_none()
                || method(&before.earlier_report, before.judged_by) == method(&earlier_report, judged_by)
        };
        let before = figures.last().filter(comparable);
        let change = before.and_then(|before| change(figure, before.figure));
        let is_cut = earlier.is_none() && !question.edges.is_whole(rule.cohort, period);
        let last_day = period.last_day().min(question.as_of);
        let open = Some(last_day).filter(|day| earlier.is_none() && question.edges.tells_open(*day));
        figures.push(PeriodFigures {
            period,
            complete: period.last_day() <= question.as_of,
            is_cut,
            mostly_judged: !is_cut && figure.is_mostly_judged(),
            figure,
            open_overdue: open.map(|day| series.flows.at_end_of(day.month()).open_overdue),
            earlier_report,
            change,
            judged_by,
        });
    }
    figures
}

/// The difference between two shares, each given as deviations and cases: the double nearest to the exact fraction, which
/// every form rounds alike.
fn difference(now: (u64, u64), before: (u64, u64)) -> Option<f64> {
    let product = |one: u64, other: u64| i128::from(one) * i128::from(other);
    let (part, whole) = (product(now.0, before.1) - product(before.0, now.1), product(now.1, before.1));
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// The change between two figures that tell of their whole periods.
pub fn change(now: Figure, before: Figure) -> Option<Change> {
    if !now.is_mostly_judged() || !before.is_mostly_judged() {
        return None;
    }
    let counts = now.ratio().zip(before.ratio());
    let shares = now.share()? - before.share()?;
    let difference = counts.and_then(|(now, before)| difference(now, before)).unwrap_or(shares);
    Some(Change { difference, interval: counts.and_then(|(now, before)| newcombe(now, before)) })
}
