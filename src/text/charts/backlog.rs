//! Cases open, and open past their due date, at the end of each month.

use super::{Caption, joined};
use crate::analysis::Backlog;
use crate::period::PeriodKind;
use crate::rulebook::Rule;
use crate::text::{Texts, fill};

/// What stands above the chart of some months, of which the last is the present.
pub fn caption(rule: &Rule, backlog: &[Backlog], last: Backlog, texts: &Texts) -> Caption {
    let key = match last {
        Backlog { open: 0, .. } => "chart.backlog-title-none",
        Backlog { open_overdue: 0, .. } => "chart.backlog-title-in-time",
        _ => "chart.backlog-title",
    };
    let (open, overdue, limit) = (texts.count(last.open), texts.count(last.open_overdue), texts.limit(rule));
    let points = joined(backlog.iter().map(|at| {
        let month = texts.period(PeriodKind::Month.holding_month(at.month));
        format!("{month}: {} ({})", texts.count(at.open), texts.count(at.open_overdue))
    }));
    Caption {
        title: fill!(texts, key, rule = texts.name(rule), open, overdue, limit),
        subtitle: fill!(texts, "chart.backlog-sub", limit),
        notes: Vec::new(),
        description: fill!(texts, "chart.backlog-desc", points, limit),
    }
}

/// The names of the two lines: open cases, and those past their due date.
pub fn names(rule: &Rule, last: Backlog, texts: &Texts) -> [String; 2] {
    [
        fill!(texts, "chart.backlog-open", n = texts.count(last.open)),
        fill!(texts, "chart.backlog-overdue", limit = texts.limit(rule), n = texts.count(last.open_overdue)),
    ]
}
