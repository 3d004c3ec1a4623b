//! How much the reference method adds, by month of the start, and why.

use super::{Caption, joined};
use crate::analysis::{ControlFindings, Detail};
use crate::rulebook::Clock;
use crate::text::{Texts, fill};

/// What stands above the chart; `slacks` are the fewest and most days between the methods by month.
pub fn caption(
    findings: &ControlFindings,
    detail: &Detail,
    reference: Clock,
    slacks: &[(i32, i32)],
    texts: &Texts,
) -> Caption {
    let method = texts.methods(&findings.rule, detail.judged_by);
    let (rule, reference) = (texts.name(&findings.rule), texts.clock(reference));
    let shortest = slacks.iter().map(|slack| slack.0).min().unwrap_or(0);
    let longest = slacks.iter().map(|slack| slack.1).max().unwrap_or(0);
    let months =
        joined(slacks.iter().zip(&detail.start_months).enumerate().map(|(month, (slack, counts))| {
            let share = texts.ratio(counts.changed(), counts.cases);
            fill!(
                texts,
                "chart.slack-month",
                month = texts.month(month + 1),
                days = days(*slack, texts),
                share
            )
        }));
    let title = if shortest < 0 && longest > 0 {
        let days = |number: i32| texts.clock(Clock::Days(number.unsigned_abs()));
        let (shorter, longer) = (days(shortest), days(longest));
        fill!(texts, "chart.slack-title-both", rule, method, shorter, longer, reference)
    } else {
        let range = days((shortest, longest), texts);
        fill!(texts, "chart.slack-title", rule, method, range, reference)
    };
    Caption {
        title,
        subtitle: fill!(texts, "chart.slack-sub", method, reference),
        notes: Vec::new(),
        description: fill!(texts, "chart.slack-desc", months),
    }
}

/// `0`, or `0–3`.
fn days((shortest, longest): (i32, i32), texts: &Texts) -> String {
    // A sign only where one is needed.
    let number = |days: i32| if days < 0 { texts.signed(days) } else { days.to_string() };
    let between = if shortest < 0 { " … " } else { "–" };
    if shortest == longest {
        number(shortest)
    } else {
        format!("{}{between}{}", number(shortest), number(longest))
    }
}

/// The lines below a month, January 0: its name, where there is little room its first letter, and its days.
pub fn below_month(month: usize, slack: (i32, i32), is_narrow: bool, texts: &Texts) -> Vec<String> {
    let name = texts.short_month(month + 1);
    let name = match is_narrow {
        true => name.to_uppercase().chars().take(1).collect(),
        false => name.to_lowercase(),
    };
    vec![name, days(slack, texts)]
}

/// The lower axis.
pub fn axis(texts: &Texts) -> &str {
    texts.get("chart.slack-axis")
}
