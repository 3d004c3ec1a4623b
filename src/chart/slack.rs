//! Chart: how much the reference method adds, by month of the start, and why: the slack between the methods.

use super::frame::{Drawing, LEAST, Plot, room_for_shares, share_axis};
use super::theme::{Anchor, COLUMN, Canvas, INK, REFERENCE, SOFT_INK};
use crate::analysis::{ControlFindings, Detail};
use crate::text::Texts;

/// The chart of one control, or nothing when its methods do not differ in days.
pub fn drawing<'a>(
    findings: &'a ControlFindings,
    detail: &'a Detail,
    texts: &'a Texts,
) -> Option<Drawing<'a>> {
    let reference = texts.clock(findings.rule.reference?);
    let method = texts.methods(&findings.rule, detail.judged_by);
    let slacks: Vec<(i32, i32)> = detail.slack_days.iter().copied().collect::<Option<_>>()?;
    let name = findings.rule.name.text(texts.language());
    let shortest = slacks.iter().map(|slack| slack.0).min().unwrap_or(0);
    let longest = slacks.iter().map(|slack| slack.1).max().unwrap_or(0);
    let range = days(shortest, longest, texts);
    let months: Vec<String> = (0..12)
        .map(|month| {
            let (slack, counts) = (slacks[month], detail.start_months[month]);
            let values = [
                ("month", texts.get(&format!("month.{}", month + 1)).to_owned()),
                ("days", days(slack.0, slack.1, texts)),
                ("share", texts.ratio(counts.changed(), counts.cases)),
            ];
            let values: Vec<(&str, &str)> =
                values.iter().map(|(key, value)| (*key, value.as_str())).collect();
            texts.fill("chart.slack-month", &values)
        })
        .collect();
    let (shorter, longer) = ((-shortest).to_string(), longest.to_string());
    let values = [
        ("rule", name),
        ("method", &*method),
        ("reference", &reference),
        ("range", &range),
        ("shorter", &shorter),
        ("longer", &longer),
    ];
    let key = if shortest < 0 && longest > 0 { "chart.slack-title-both" } else { "chart.slack-title" };
    Some(Drawing {
        title: texts.fill(key, &values),
        subtitle: texts.fill("chart.slack-sub", &values),
        notes: Vec::new(),
        description: texts.fill("chart.slack-desc", &[("months", &months.join("; "))]),
        least: LEAST,
        draw: Box::new(move |canvas, top| draw(canvas, detail, &slacks, texts, top)),
    })
}

/// `0`, or `0–3`.
fn days(shortest: i32, longest: i32, texts: &Texts) -> String {
    // A sign only where one is needed.
    let number = |days: i32| if days < 0 { texts.signed(days) } else { days.to_string() };
    let between = if shortest < 0 { " … " } else { "–" };
    if shortest == longest {
        number(shortest)
    } else {
        format!("{}{between}{}", number(shortest), number(longest))
    }
}

fn draw(canvas: &Canvas<'_>, detail: &Detail, slacks: &[(i32, i32)], texts: &Texts, top: f64) {
    let size = canvas.shape.label;
    let shares: Vec<Option<f64>> = detail.start_months.iter().map(|counts| counts.changed_share()).collect();
    let (height, step) = share_axis(shares.iter().copied().flatten().fold(0.0, f64::max));
    let left = room_for_shares(texts, height, size);
    let plot = Plot::below(canvas, top + size * 1.2, (left, 4.0), 3.0).scaled((0.4, 12.6), (0.0, height));
    plot.left_axis(canvas, step, |share| texts.whole_percent(share));
    let labels: Vec<(f64, Vec<String>)> = slacks
        .iter()
        .enumerate()
        .map(|(month, slack)| {
            let name = texts.get(&format!("month-short.{}", month + 1));
            // Twelve labels in a column have room for a letter each.
            let letters = if canvas.shape == COLUMN { 1 } else { name.len() };
            let name: String = name.to_uppercase().chars().take(letters).collect();
            let name = if canvas.shape == COLUMN { name } else { name.to_lowercase() };
            (month as f64 + 1.0, vec![name, days(slack.0, slack.1, texts)])
        })
        .collect();
    plot.lower_axis(canvas, &labels);
    let below = (plot.middle().0, plot.bottom + size * 4.2);
    canvas.label(texts.get("chart.slack-axis"), &[(below.0, below.1, Anchor::Middle)], false, SOFT_INK);
    for (month, share) in shares.iter().enumerate() {
        let Some(share) = share else { continue };
        let x = |value: f64| plot.x(month as f64 + 1.0 + value);
        if *share > 0.0 {
            canvas.bar((x(-0.36), plot.y(*share)), (x(0.36), plot.y(0.0)), REFERENCE);
        }
        let counts = detail.start_months[month];
        let at = (x(0.0), plot.y(*share) - size * 0.75, Anchor::Middle);
        canvas.label(&texts.ratio(counts.changed(), counts.cases), &[at], false, INK);
    }
    if shares.iter().all(Option::is_none) {
        plot.nothing(canvas, texts.get("chart.no-data"));
    }
}
