//! Analysis: from tallies to findings.
//!
//! Reads tallies only, most of them as one table of facts. Shares, intervals and changes; trends with their signals; the comparison of methods;
//! margins and time to close; groups; backlog; conventions. Formats nothing and knows no language.

mod backlog;
mod beta_binomial;
mod conventions;
mod counts;
mod edges;
mod exact;
mod extent;
mod facts;
mod figures;
mod funnel;
mod groups;
mod headline;
mod interval;
mod limits;
mod margins;
mod methods;
mod missing;
mod outlook;
mod point;
mod published;
mod rare;
mod rejected;
mod signals;
mod survival;
mod tails;
mod target;
mod trend;
mod verdict;
mod verdicts;

use std::collections::BTreeMap;

pub use backlog::Backlog;
pub use conventions::{Convention, bounds};
pub use counts::CaseCounts;
pub use edges::Edges;
pub use exact::{exact, rounded};
pub use extent::{Strand, first_early_end};
pub use facts::{Fact, Facts, Part, Series, Split};
pub use figures::{Change, Coverage, EarlierReport, Figure, PeriodFigures, Shown};
pub use funnel::{Differs, FunnelPlace, FunnelWindow, funnel_limits};
pub use groups::{Cross, GroupFindings, Grouping};
pub use headline::{CountsBecause, FEWEST_IN_HEADLINE, Told, is_due};
pub use interval::{Interval, Z95, Z998, newcombe, of_sample, wilson};
pub use limits::FULL_LIMITS;
pub use margins::{MarginBar, Margins, Near, QUANTILES};
pub use methods::{MethodChange, MethodPoint};
pub use missing::Missing;
pub use outlook::{Ahead, Forecast, Outlook, Trial};
pub use point::{Signal, TrendPoint};
pub use published::{
    ControlPattern, LedgerLine, Pattern, ShownBefore, publish, publish_ledger, told_by_both,
};
pub use rare::{Rare, RareMarks, RareMonth};
pub use rejected::many_rejected;
pub use signals::{Runs, Side};
pub use survival::{Step, Survival, TimeToClose};
pub use target::TargetRecord;
pub use trend::{Assurance, Segment, Stretch, Trend, TrendQuestion};
pub use verdict::{Answer, FEWEST_DEVIATIONS, Power, Unknown, Verdict, Window};
pub use verdicts::Verdicts;

use crate::date::Day;
use crate::pipeline::{Control, Possible};
use crate::project::{Rebase, Reported, Settings};
use crate::rulebook::{Clock, Cohort, JudgedBy, Rule};
use crate::tally::Tally;
use figures::{computed, period_figures};

/// What analysis depends on beside the tally.
pub struct Question<'a> {
    /// The control, its rule as it was judged by.
    pub control: &'a Control,
    /// What the run goes by.
    pub settings: &'a Settings,
    /// The columns that cases are grouped by, as the export calls them: none, one or two.
    pub columns: Vec<String>,
    /// Whether everyone is to read what is found: a small group then loses its name even when it is the only one.
    pub for_everyone: bool,
    /// The as-of date of the tally.
    pub as_of: Day,
    /// Rows of the control's exports that could not be judged.
    pub rejected: u64,
    /// Cases that were not judged, by the periods in which they could belong.
    pub unjudged: Possible,
    /// Cases that were left out because the rule counts hours and they have no time of day.
    pub without_time: u64,
    /// What its exports have the whole of.
    pub edges: Edges,
}

impl Question<'_> {
    /// Groups with fewer judged cases in the last year are taken together.
    fn smallest_group(&self) -> u64 {
        let settings = self.settings;
        let smallest_published = if self.for_everyone { settings.report.smallest_published } else { 0 };
        settings.smallest_group.max(smallest_published)
    }

    /// The dated steps of the control's trend, in order of time.
    fn rebases(&self) -> Vec<&Rebase> {
        let all = self.settings.rebases.iter();
        all.filter(|rebase| rebase.control == self.control.rule.id).collect()
    }

    /// What the trends of the control and its groups depend on.
    fn of_trend<'q>(&'q self, rebases: &'q [&'q Rebase]) -> TrendQuestion<'q> {
        let (rule, settings) = (&self.control.rule, self.settings.trend);
        let of_control = self.settings.of_control(&rule.id);
        TrendQuestion {
            settings,
            rebases,
            notes: self.settings.notes_of(&rule.id),
            freeze: of_control.freeze,
            target: of_control.target,
            as_of: self.as_of,
            edges: &self.edges,
            cohort: rule.cohort,
            last: self.edges.last_period(rule.cohort, settings.period, self.as_of),
        }
    }
}

/// Everything found about one control.
#[derive(Debug, Clone)]
pub struct ControlFindings {
    /// The rule as it was judged by.
    pub rule: Rule,
    /// What ties its cases to periods.
    pub cohort: Cohort,
    /// The share to stay at or below, 0–1.
    pub target: Option<f64>,
    /// Every period from the first case or reported figure to the as-of date, without gaps.
    pub periods: Vec<PeriodFigures>,
    /// The lawful methods that judged the cases of the periods.
    pub judged_by: JudgedBy,
    /// The place among them of the one that stands for the control; what summaries and titles tell is of it.
    pub headline_place: usize,
    /// The trend; `None` when no case was judged up to the as-of date.
    pub trend: Option<Trend>,
    /// The groups of each column that cases are grouped by; empty when the export has no groups.
    pub groupings: Vec<Grouping>,
    /// What a change of method does to the change between periods.
    pub method_changes: Vec<MethodChange>,
    /// How the cases of its exports were chosen, and what is whole in them.
    pub edges: Edges,
}

/// What only the internal edition has of a control: figures of so few cases each that they are never published.
#[derive(Debug, Clone)]
pub struct Detail {
    /// The counts in full.
    pub whole: Series,
    /// Those of groups, by the numbers of the column and of the group in it.
    pub groups: Vec<Vec<Series>>,
    /// The two columns crossed, when there are two.
    pub cross: Option<Cross>,
    /// The cases of whole months by calendar month of the start, January first.
    pub start_months: [CaseCounts; 12],
    /// Days from the reference due date to the lawful one by calendar month of the start, fewest and most.
    pub slack_days: [Option<(i32, i32)>; 12],
    /// Margins of closed cases by whole period, in order.
    pub margins: Vec<Margins>,
    /// How long cases are open.
    pub time_to_close: TimeToClose,
    /// What the open cases will come to; `None` where that cannot be told.
    pub outlook: Option<Outlook>,
    /// Open cases at the end of each month up to the as-of date, as far as the export tells them.
    pub backlog: Vec<Backlog>,
    /// The same cases by the three cohorts.
    pub conventions: Vec<Convention>,
    /// Cases of a rule in hours that have no margin, for want of times.
    pub without_margin: u64,
    /// Cases in all, ended or open.
    pub cases: u64,
    /// Cases that belong to periods after the as-of date.
    pub later: u64,
    /// Cases of a rule in hours that were judged by days for want of times.
    pub judged_by_day: u64,
    /// Rows of its exports that could not be judged.
    pub rejected: u64,
    /// Cases that were not judged, by the periods in which they could belong.
    pub unjudged: Possible,
    /// Cases that were left out because the rule counts hours and they have no time of day.
    pub without_time: u64,
    /// The lawful methods that judged all cases, ended or open.
    pub judged_by: JudgedBy,
}

impl Detail {
    /// What the cases that were not judged could do to the share of the headline's period: its deviations and cases
    /// if those that could belong to it did and had been in time, and if they had been late (Manski 1989, bounds
    /// without assumptions). `None` when none could, and where others are missing.
    pub fn bounds(&self, headline: &PeriodFigures) -> Option<Bounds> {
        let (deviations, cases) = headline.figure.counted().filter(|_| !headline.is_cut)?;
        let unknown = self.unjudged.in_period(headline.period.first_day(), headline.period.last_day());
        (unknown > 0).then(|| Bounds {
            unknown,
            lowest: (deviations, cases + unknown),
            highest: (deviations + unknown, cases + unknown),
        })
    }
}

impl ControlFindings {
    /// The trend where it can be drawn: with hidden points it would show those that have most deviations, or none.
    pub fn drawn_trend(&self) -> Option<&Trend> {
        self.trend.as_ref().filter(|trend| trend.segments.iter().all(|segment| !segment.hides_points))
    }

    /// The newest lawful clock that judged a case of its periods, or the newest there is when none was judged.
    pub fn clock(&self) -> Clock {
        let methods = self.rule.methods_of(self.judged_by);
        methods.last().map_or(self.rule.newest_method(), |method| method.clock)
    }
}

/// The lawful methods that judged the cases of some periods.
fn methods_of(periods: &[PeriodFigures]) -> JudgedBy {
    periods.iter().fold(JudgedBy::default(), |all, period| all.with(period.judged_by))
}

/// Between what a share lies, as deviations and cases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Cases that are not known.
    pub unknown: u64,
    /// If every unknown case had been in time.
    pub lowest: (u64, u64),
    /// If every unknown case had been late.
    pub highest: (u64, u64),
}

/// Finds everything about one control, which is one of those that the facts were made from.
pub fn analyse(facts: &Facts, tally: &Tally, question: &Question<'_>) -> (ControlFindings, Detail) {
    let (rule, kind, edges) = (&question.control.rule, question.settings.period, &question.edges);
    let facts = facts.of_control(&rule.id);
    let whole = facts.series(Split::None, rule.cohort, kind, question.settings.trend.period);
    let whole = whole.into_values().next().unwrap_or_default();
    let reported: BTreeMap<i32, &Reported> = question
        .settings
        .reported
        .iter()
        .filter(|figure| figure.control == rule.id && figure.period.kind == kind)
        .map(|figure| (figure.period.index, figure))
        .collect();
    let current = kind.holding(question.as_of).index;
    let first = whole.counts.keys().chain(reported.keys()).copied().min().unwrap_or(current).min(current);
    let periods = period_figures(first..=current, &whole, &reported, question);
    let headline_place = headline::headline_place(&periods);
    let rebases = question.rebases();
    let trend_question = question.of_trend(&rebases);
    let margins = &tally.whole.margins;
    let first_start = margins.by_start().next().map_or(question.as_of.month(), |(month, ..)| month);
    let start_years = first_start.div_euclid(12)..=question.as_of.month().div_euclid(12);
    let mut whole_margins = Margins::by_period(margins, kind, question.as_of, rule);
    whole_margins.retain(|margins| edges.is_whole(Cohort::Closed, margins.period));
    let of_started = facts.methods(Split::None, Cohort::Started, kind).into_values();
    let trend = Trend::of(&computed(&whole.points), &trend_question).map(Trend::marked);
    let groupings = groups::groupings(tally, facts, question, &periods, &trend_question);
    let (mut groupings, groups): (Vec<Grouping>, Vec<Vec<Series>>) = groupings.into_iter().unzip();
    for grouping in &mut groupings {
        let trends = grouping.groups.iter_mut().filter_map(|group| group.trend.as_mut());
        verdict::judge_together(trends.map(|trend| &mut trend.verdict));
    }
    let detail = Detail {
        cross: groups::cross(facts, question, periods[headline_place].period.index),
        start_months: facts.by_start_month(),
        slack_days: methods::slack_days(rule, start_years),
        margins: whole_margins,
        time_to_close: survival::time_to_close(margins, kind, question.as_of.month(), edges),
        outlook: outlook::outlook(tally.whole.courses.iter(), rule, question.as_of, edges),
        backlog: whole.flows.until(question.as_of, edges),
        conventions: conventions::conventions(facts, kind, current, tally.cases(), edges),
        without_margin: if tally.knows_days() { tally.cases() - margins.cases() } else { 0 },
        cases: tally.cases(),
        later: whole.counts.range(current + 1..).map(|(_, counts)| counts.all()).sum(),
        judged_by_day: tally.whole.judged_by_day,
        rejected: question.rejected,
        unjudged: question.unjudged.clone(),
        without_time: question.without_time,
        judged_by: of_started.flat_map(BTreeMap::into_values).fold(JudgedBy::default(), JudgedBy::with),
        whole,
        groups,
    };
    let findings = ControlFindings {
        cohort: rule.cohort,
        target: trend_question.target,
        judged_by: methods_of(&periods),
        trend,
        groupings,
        headline_place,
        method_changes: methods::method_changes(&periods, rule),
        rule: rule.clone(),
        periods,
        edges: edges.clone(),
    };
    (findings, detail)
}
