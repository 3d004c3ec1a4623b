//! Chart: the histogram of margins round the due date, coloured by the two verdicts.

use super::frame::{LABEL_SIZE, Plot, headings, step};
use super::theme::{
    Anchor, Canvas, IN_TIME, INK, LATE, ONLY_LAW, Picture, REFERENCE, SOFT_INK, picture, width_of,
};
use crate::analysis::{ControlFindings, MarginBar, Margins};
use crate::date::Day;
use crate::rulebook::Clock;
use crate::text::Texts;
use plotters::style::RGBColor;

/// Margins further from the due date than this are told, not drawn: they would dwarf what happens near it.
const FURTHEST: i32 = 60;
/// The fewest days or hours on either side of the due date.
const NEAREST: i32 = 5;

/// The finding: how much is closed in the last days, or for a clock in hours how much with half of them left.
fn title(findings: &ControlFindings, margins: &Margins, texts: &Texts) -> String {
    let rule = findings.rule.name.text(texts.language());
    let method = findings.rule.method();
    let cases = |range: std::ops::RangeInclusive<i32>| -> u64 {
        margins.bars.range(range).map(|(_, bar)| bar.cases()).sum()
    };
    let all = cases(i32::MIN..=i32::MAX);
    let (key, found, units) = match (method, method.due(Day(0)).0) {
        (Clock::Hours(hours), _) => {
            let half = (hours / 2) as i32;
            ("chart.margins-title-hours", cases(i32::MIN..=-half), half)
        }
        (_, ..7) => ("chart.margins-title-day", cases(0..=0), 1),
        (_, 7..60) => ("chart.margins-title", cases(-2..=0), 3),
        (_, 60..) => ("chart.margins-title", cases(-9..=0), 10),
    };
    if found == 0 {
        return texts.fill("chart.margins-title-none", &[("rule", rule)]);
    }
    let share = texts.ratio(found, all);
    texts.fill(key, &[("rule", rule), ("share", share.as_str()), ("n", &units.to_string())])
}

/// Draws the chart of one control, or nothing when no case was closed.
pub fn margins_chart(findings: &ControlFindings, texts: &Texts) -> Option<Picture> {
    let margins = findings.margins.as_ref()?;
    let sum = |pick: &dyn Fn(&MarginBar) -> u64| margins.bars.values().map(pick).sum::<u64>();
    let cases = sum(&|bar| bar.cases());
    let title = title(findings, margins, texts);
    let unit = unit_of(findings);
    let subtitle = texts.fill(
        &format!("chart.margins-sub-{unit}"),
        &[("period", &texts.period(margins.period)), ("cases", &texts.count(cases))],
    );
    let description = texts.fill(
        "chart.margins-desc",
        &[
            ("early", &texts.count(sum(&|bar| bar.in_time))),
            ("only", &texts.count(sum(&|bar| bar.late_only_by_reference))),
            ("late", &texts.count(sum(&|bar| bar.late + bar.late_only_by_law))),
        ],
    );
    Some(picture(&format!("{}-margins", findings.rule.id), &title, &description, |canvas| {
        let top = headings(canvas, &title, &subtitle);
        let top = key(canvas, findings, texts, top);
        draw(canvas, margins, unit, texts, top);
    }))
}

/// What the margins of a rule are counted in.
fn unit_of(findings: &ControlFindings) -> &'static str {
    if matches!(findings.rule.method(), Clock::Hours(_)) { "hours" } else { "days" }
}

/// What the colours mean, in one line; only those that occur. Gives the y below it.
fn key(canvas: &Canvas<'_>, findings: &ControlFindings, texts: &Texts, top: f64) -> f64 {
    let reference = findings.rule.reference.map(|clock| texts.clock(clock));
    let method = texts.clock(findings.rule.method());
    let entries: Vec<(RGBColor, String)> = match &reference {
        None => vec![(IN_TIME, texts.get("chart.in-time").into()), (LATE, texts.get("chart.late").into())],
        Some(reference) => vec![
            (IN_TIME, texts.get("chart.in-time-both").into()),
            (REFERENCE, texts.fill("chart.only-reference", &[("reference", reference)])),
            (ONLY_LAW, texts.fill("chart.only-law", &[("method", &method)])),
            (LATE, texts.get("chart.late-both").into()),
        ],
    };
    let occurs = |colour: RGBColor| {
        let bars = findings.margins.iter().flat_map(|margins| margins.bars.values());
        bars.flat_map(layers).any(|(layer, cases)| layer == colour && cases > 0)
    };
    let mut x = 24.0;
    for (colour, label) in entries.into_iter().filter(|(colour, _)| occurs(*colour)) {
        canvas.bar((x, top + 1.0), (x + 12.0, top + 13.0), colour);
        canvas.text(&label, (x + 18.0, top), LABEL_SIZE, false, INK, Anchor::Start);
        x += 18.0 + width_of(&label, LABEL_SIZE, false) + 22.0;
    }
    top + 26.0
}

/// A bar's layers from below.
fn layers(bar: &MarginBar) -> [(RGBColor, u64); 4] {
    [
        (IN_TIME, bar.in_time),
        (REFERENCE, bar.late_only_by_reference),
        (ONLY_LAW, bar.late_only_by_law),
        (LATE, bar.late),
    ]
}

fn draw(canvas: &Canvas<'_>, margins: &Margins, unit: &str, texts: &Texts, top: f64) {
    let first = margins.bars.keys().next().copied().unwrap_or(0);
    let last = margins.bars.keys().next_back().copied().unwrap_or(0);
    let (low, high) = (first.clamp(-FURTHEST, -NEAREST), last.clamp(NEAREST, FURTHEST));
    let bars: Vec<MarginBar> =
        (low..=high).map(|margin| margins.bars.get(&margin).copied().unwrap_or_default()).collect();
    let highest = bars.iter().map(|bar| bar.cases()).max().unwrap_or(1).max(1) as f64;
    let step = step(highest, 5.0).max(1.0);
    let height = (highest / step).ceil() * step;
    let plot = Plot::below(top + 22.0, 10.0, (f64::from(low) - 0.7, f64::from(high) + 0.7), height);
    plot.left_axis(canvas, step, |cases| texts.count(cases as u64));
    for (margin, bar) in (low..).zip(&bars) {
        let (left, right) = (plot.x(f64::from(margin) - 0.44), plot.x(f64::from(margin) + 0.44));
        let mut below = 0;
        for (colour, cases) in layers(bar).into_iter().filter(|(_, cases)| *cases > 0) {
            let (from, to) = (plot.y(below as f64), plot.y((below + cases) as f64));
            canvas.bar((left, to), (right, from), colour);
            below += cases;
        }
    }
    let border = plot.x(0.5);
    canvas.dashes(&[(border, plot.top - 6.0), (border, plot.bottom)], INK, 1, 4.0, 3.0);
    // On the side where the name of the left axis is not.
    let near_left = border < (plot.left + plot.right) / 2.0;
    let (x, anchor) = if near_left { (border + 6.0, Anchor::Start) } else { (border - 6.0, Anchor::End) };
    let due_line = texts.get(&format!("chart.due-line-{unit}"));
    canvas.text(due_line, (x, plot.top - 22.0), LABEL_SIZE, false, INK, anchor);
    plot.lower_axis(canvas, &labels(low, high));
    let beyond =
        |range: &mut dyn Iterator<Item = (&i32, &MarginBar)>| range.map(|(_, bar)| bar.cases()).sum::<u64>();
    let earlier = beyond(&mut margins.bars.range(..low));
    let later = beyond(&mut margins.bars.range(high + 1..));
    let y = plot.bottom + 28.0;
    for (key, cases, x, anchor) in [
        ("chart.earlier", earlier, plot.left, Anchor::Start),
        ("chart.later", later, plot.right, Anchor::End),
    ] {
        if cases > 0 {
            let note = texts.fill(key, &[("n", &texts.count(cases))]);
            canvas.text(&note, (x, y), LABEL_SIZE, true, INK, anchor);
        }
    }
    let middle = ((plot.left + plot.right) / 2.0, y);
    canvas.text(
        texts.get(&format!("chart.{unit}-axis")),
        middle,
        LABEL_SIZE,
        false,
        SOFT_INK,
        Anchor::Middle,
    );
    let corner = (plot.left - 40.0, plot.top - 24.0);
    canvas.text(texts.get("chart.cases-axis"), corner, LABEL_SIZE, false, SOFT_INK, Anchor::Start);
}

/// Labels at round numbers.
fn labels(low: i32, high: i32) -> Vec<(f64, String)> {
    let every = match high - low {
        61.. => 20,
        41.. => 10,
        _ => 5,
    };
    let signed = |margin: i32| match margin {
        0 => "0".to_owned(),
        ..0 => format!("\u{2212}{}", -margin),
        _ => format!("+{margin}"),
    };
    let round = (low..=high).filter(|margin| margin % every == 0);
    round.map(|margin| (f64::from(margin), signed(margin))).collect()
}
