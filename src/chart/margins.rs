//! Chart: the histogram of margins round the due date, coloured by the two verdicts, with the outline of the
//! period before.

use super::frame::{Drawing, LEAST, Plot, count_axis};
use super::theme::{
    Anchor, Canvas, IN_TIME, INK, LATE, LINE, MIDDLE, ONLY_LAW, REFERENCE, SOFT_INK, width_of,
};
use crate::analysis::{ControlFindings, Detail, MarginBar, Margins};
use crate::date::Day;
use crate::rulebook::Clock;
use crate::text::Texts;
use plotters::style::RGBColor;

/// Margins further from the due date than this are told, not drawn: they would dwarf what happens near it.
const FURTHEST: i32 = 60;
/// The fewest days or hours on either side of the due date.
const NEAREST: i32 = 5;

/// Days of a clock that differs from case to case.
const TYPICAL_DAYS: i32 = 30;

/// The chart of one control, or nothing when no case was closed.
pub fn drawing<'a>(
    findings: &'a ControlFindings,
    detail: &'a Detail,
    texts: &'a Texts,
) -> Option<Drawing<'a>> {
    let all = detail.margins_until(findings.headline().period);
    let margins = all.last()?;
    let before = all.iter().rev().nth(1);
    let sum = |pick: &dyn Fn(&MarginBar) -> u64| margins.bars.values().map(pick).sum::<u64>();
    let unit = findings.rule.margin_unit();
    let subtitle = texts.fill(
        &format!("chart.margins-sub-{unit}"),
        &[("period", &texts.period(margins.period)), ("cases", &texts.count(margins.cases()))],
    );
    let outline = before.map(|before| {
        let values = [("before", texts.period(before.period)), ("cases", texts.count(before.cases()))];
        texts.fill("chart.margins-before", &[(values[0].0, &values[0].1), (values[1].0, &values[1].1)])
    });
    Some(Drawing {
        title: title(findings, margins, texts),
        subtitle,
        notes: outline.into_iter().collect(),
        description: texts.fill(
            "chart.margins-desc",
            &[
                ("early", &texts.count(sum(&|bar| bar.in_time))),
                ("only", &texts.count(sum(&|bar| bar.late_only_by_reference))),
                ("late", &texts.count(sum(&|bar| bar.late + bar.late_only_by_law))),
            ],
        ),
        least: LEAST,
        draw: Box::new(move |canvas, top| {
            let top = key(canvas, findings, margins, texts, top);
            draw(canvas, margins, before, unit, texts, top);
        }),
    })
}

/// The finding: how much is closed in the last days, or for a clock in hours how much with half of them left.
fn title(findings: &ControlFindings, margins: &Margins, texts: &Texts) -> String {
    let rule = findings.rule.name.text(texts.language());
    let method = findings.clock();
    let cases = |range: std::ops::RangeInclusive<i32>| -> u64 {
        margins.bars.range(range).map(|(_, bar)| bar.cases()).sum()
    };
    // A promised due date may lie at any distance, most often some weeks away.
    let length = method.due_from(Day(0), None).map_or(TYPICAL_DAYS, |due| due.0);
    let (key, found, units) = match (method, length) {
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
    let share = texts.ratio(found, margins.cases());
    texts.fill(key, &[("rule", rule), ("share", share.as_str()), ("n", &units.to_string())])
}

/// What the colours mean, only those that occur, in as many lines as they need. Gives the y below them.
fn key(canvas: &Canvas<'_>, findings: &ControlFindings, margins: &Margins, texts: &Texts, top: f64) -> f64 {
    let (shape, size) = (canvas.shape, canvas.shape.label);
    let reference = findings.rule.reference.map(|clock| texts.clock(clock));
    let method = texts.methods(&findings.rule, findings.judged_by);
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
        margins.bars.values().flat_map(layers).any(|(layer, cases)| layer == colour && cases > 0)
    };
    let (mut x, mut y) = (shape.side, top);
    for (colour, label) in entries.into_iter().filter(|(colour, _)| occurs(*colour)) {
        let width = size + 5.0 + width_of(&label, size, false);
        if x > shape.side && x + width > shape.width - shape.side {
            (x, y) = (shape.side, y + size * LINE);
        }
        canvas.bar((x, y + 1.0), (x + size * 0.9, y + 1.0 + size * 0.9), colour);
        canvas.text(&label, (x + size + 5.0, y), size, false, INK, Anchor::Start);
        x += width + 20.0;
    }
    y + size * (LINE + 0.4)
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

fn draw(
    canvas: &Canvas<'_>,
    margins: &Margins,
    before: Option<&Margins>,
    unit: &str,
    texts: &Texts,
    top: f64,
) {
    let size = canvas.shape.label;
    let ends = [Some(margins), before].into_iter().flatten().flat_map(|margins| margins.bars.keys().copied());
    let (first, last) = ends.fold((0, 0), |(first, last), margin| (first.min(margin), last.max(margin)));
    let (low, high) = (first.clamp(-FURTHEST, -NEAREST), last.clamp(NEAREST, FURTHEST));
    let bars: Vec<MarginBar> =
        (low..=high).map(|margin| margins.bars.get(&margin).copied().unwrap_or_default()).collect();
    // The period before in the size of this one, so that shapes can be compared.
    let scale = before.map_or(0.0, |before| margins.cases() as f64 / before.cases() as f64);
    let outline: Vec<f64> = (low..=high)
        .map(|margin| {
            before.and_then(|before| before.bars.get(&margin)).map_or(0.0, |bar| bar.cases() as f64)
        })
        .map(|cases| cases * scale)
        .collect();
    let highest =
        bars.iter().map(|bar| bar.cases() as f64).chain(outline.iter().copied()).fold(0.0, f64::max);
    let (height, step) = count_axis(highest);
    let left = width_of(&texts.count(height as u64), size, false) + 9.0;
    let plot = Plot::below(canvas, top + size * 1.7, (left, 6.0), 2.2)
        .scaled((f64::from(low) - 0.7, f64::from(high) + 0.7), (0.0, height));
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
    if before.is_some() {
        let line: Vec<(f64, f64)> = (low..)
            .zip(&outline)
            .flat_map(|(margin, cases)| {
                [-0.5, 0.5].map(|side| (plot.x(f64::from(margin) + side), plot.y(*cases)))
            })
            .collect();
        canvas.line(&line, INK, 1);
    }
    plot.mark(canvas, 0.5, texts.get(&format!("chart.due-line-{unit}")));
    plot.lower_axis(canvas, &labels(low, high, texts));
    let beyond =
        |range: &mut dyn Iterator<Item = (&i32, &MarginBar)>| range.map(|(_, bar)| bar.cases()).sum::<u64>();
    let earlier = beyond(&mut margins.bars.range(..low));
    let later = beyond(&mut margins.bars.range(high + 1..));
    let y = plot.bottom + size * 2.75;
    for (key, cases, x, anchor) in [
        ("chart.earlier", earlier, canvas.shape.side, Anchor::Start),
        ("chart.later", later, plot.right, Anchor::End),
    ] {
        if cases > 0 {
            let note = texts.fill(key, &[("n", &texts.count(cases))]);
            canvas.label(&note, &[(x, y, anchor)], true, INK);
        }
    }
    let axis = texts.get(&format!("chart.{unit}-axis"));
    canvas.label(axis, &[(plot.middle().0, y, Anchor::Middle)], false, SOFT_INK);
    let corner = (canvas.shape.side, plot.top - size * (MIDDLE + 0.5));
    canvas.label(texts.get("chart.cases-axis"), &[(corner.0, corner.1, Anchor::Start)], false, SOFT_INK);
}

/// Labels at round numbers.
fn labels(low: i32, high: i32, texts: &Texts) -> Vec<(f64, Vec<String>)> {
    let every = match high - low {
        61.. => 20,
        41.. => 10,
        _ => 5,
    };
    let round = (low..=high).filter(|margin| margin % every == 0);
    round.map(|margin| (f64::from(margin), vec![texts.signed(margin)])).collect()
}
