//! Controls: the section of each with its sentences, charts, tables and definition, and a closer look.

use super::super::document::{Block, Entry, Figure as Picture, Role, Section, Span};
use super::super::tables::{self, Table};
use super::super::units::Units;
use super::super::{Charts, Findings};
use crate::analysis::{ControlFindings, Detail, Figure, PeriodFigures};
use crate::chart::{Chart, ChartKind};
use crate::date::first_day_of_month;
use crate::judge::{Extensions, WithoutTimes};
use crate::text::{Texts, differing_groups, differing_sentence, sentence_case, trend_sentences};

/// The section of every control.
pub fn section(findings: &Findings<'_>, charts: &Charts, units: &Units, texts: &Texts) -> Section {
    let controls = findings.controls.iter().zip(&charts.controls);
    Section {
        id: "controls".into(),
        heading: texts.get("report.controls").to_owned(),
        blocks: vec![Block::lead(texts.get("report.controls-lead"))],
        sections: controls
            .map(|(control, charts)| of_control(findings, control, charts, units, texts))
            .collect(),
        ..Section::default()
    }
}

/// Links from a control's figures to what stands behind them: definition, law, ledger and chart.
pub fn trail(control: &ControlFindings, texts: &Texts) -> Vec<Span> {
    let id = &control.rule.id;
    let chart = if control.trend.is_some() { "trend" } else { "share" };
    [
        ("definition", format!("#{id}_definition")),
        ("law", format!("#{id}_law")),
        ("ledger", format!("#{id}_ledger")),
        ("chart", format!("#figure_{id}-{chart}")),
    ]
    .into_iter()
    .map(|(key, link)| Span::link(texts.get(&format!("report.trail-{key}")), link))
    .collect()
}

fn of_control(
    findings: &Findings<'_>,
    control: &ControlFindings,
    charts: &[Chart],
    units: &Units,
    texts: &Texts,
) -> Section {
    let mut blocks = vec![Block::Paragraph { role: Role::Trail, spans: trail(control, texts) }];
    blocks.extend(sentences(findings, control, texts).into_iter().map(Block::plain));
    blocks.extend(trend_blocks(control, charts, texts));
    let mut sections = parts(findings, control, charts, units, texts);
    sections.push(Section {
        id: format!("{}_definition", control.rule.id),
        heading: texts.get("report.definition").to_owned(),
        blocks: vec![Block::Definitions { entries: definition(findings, control, texts) }],
        ..Section::default()
    });
    Section {
        id: format!("rule_{}", control.rule.id),
        heading: control.rule.name.text(texts.language()).to_owned(),
        blocks,
        sections,
        ..Section::default()
    }
}

/// The trend, what it says, and its points folded away.
fn trend_blocks(control: &ControlFindings, charts: &[Chart], texts: &Texts) -> Vec<Block> {
    let Some(trend) = &control.trend else { return Vec::new() };
    let points = tables::trend(control, trend, texts);
    let charts = charts.iter().filter(|chart| chart.kind == ChartKind::Trend);
    let mut blocks: Vec<Block> =
        charts.map(|chart| Block::Figure(Picture::of(chart, Some(points.id.clone())))).collect();
    blocks.extend(trend_sentences(trend, texts).into_iter().map(Block::plain));
    blocks.push(Block::Table(Table { folded: true, trail: trail(control, texts), ..points }));
    blocks
}

/// How many of how many were late, with their share where it can stand alone.
pub fn main_sentence(period: &PeriodFigures, texts: &Texts) -> String {
    let name = texts.period(period.period);
    let key = match period.counts_because() {
        None => "report.sentence".to_owned(),
        Some(because) => format!("report.sentence-{}", because.id()),
    };
    match period.figure.ratio().filter(|(_, cases)| *cases > 0) {
        Some((deviations, cases)) => texts.fill(
            &key,
            &[
                ("period", &name),
                ("deviations", &texts.count(deviations)),
                ("cases", &texts.count(cases)),
                ("over", texts.get("report.over")),
                ("share", &texts.ratio(deviations, cases)),
                ("interval", &texts.interval(period.figure.interval())),
            ],
        ),
        None if period.figure.is_hidden() => texts.fill("report.sentence-hidden", &[("period", &name)]),
        None => texts.fill("report.sentence-no-cases", &[("period", &name)]),
    }
}

/// The questions that a control's charts and tables answer, those without an answer left out.
fn parts(
    findings: &Findings<'_>,
    control: &ControlFindings,
    charts: &[Chart],
    units: &Units,
    texts: &Texts,
) -> Vec<Section> {
    let maker = Parts { findings, control, charts, texts };
    let mut parts = vec![
        maker.part("periods", &[ChartKind::Share], vec![Some(tables::periods(findings, control, texts))]),
        maker.part(
            "methods",
            &[ChartKind::Methods],
            vec![tables::comparison(control, texts), tables::method_changes(control, texts)],
        ),
    ];
    parts.extend((0..control.groupings.len()).map(|number| maker.groups(number, units)));
    parts.extend(findings.detail(control).into_iter().flat_map(|detail| maker.details(detail)));
    parts.retain(|part| part.blocks.iter().any(|block| matches!(block, Block::Figure(_) | Block::Table(_))));
    parts
}

/// Makes the parts of a control's section.
struct Parts<'a> {
    findings: &'a Findings<'a>,
    control: &'a ControlFindings,
    charts: &'a [Chart],
    texts: &'a Texts,
}

impl Parts<'_> {
    /// Charts and tables of one question below what it is about.
    fn part(&self, key: &str, kinds: &[ChartKind], tables: Vec<Option<Table>>) -> Section {
        let tables: Vec<Table> = tables.into_iter().flatten().collect();
        let table = tables.first().map(|table| table.id.clone());
        let lead = self.texts.get(&format!("report.lead-{key}"));
        let charts = self.charts.iter().filter(|chart| kinds.contains(&chart.kind));
        let mut blocks: Vec<Block> =
            Some(lead).filter(|lead| !lead.is_empty()).map(Block::plain).into_iter().collect();
        blocks.extend(charts.map(|chart| Block::Figure(Picture::of(chart, table.clone()))));
        let trail = trail(self.control, self.texts);
        blocks.extend(tables.into_iter().map(|table| Block::Table(Table { trail: trail.clone(), ..table })));
        Section {
            id: format!("{}_{key}", self.control.rule.id),
            heading: self.texts.get(&format!("report.part-{key}")).to_owned(),
            blocks,
            ..Section::default()
        }
    }

    /// The groups of a column.
    fn groups(&self, number: usize, units: &Units) -> Section {
        let table =
            tables::groups(self.findings, self.control, number, self.texts).map(|table| match number {
                0 => Table { links: units.links(self.control), ..table },
                _ => table,
            });
        let part = self.part("groups", &[ChartKind::Funnel(number)], vec![table]);
        let grouping = &self.control.groupings[number];
        let said = differing_groups(grouping, self.texts);
        let said = said.iter().map(|said| format!("{}.", sentence_case(said)));
        let (id, heading) = (format!("{}-{number}", part.id), grouping.column.clone());
        with_lead(Section { id, heading, ..part }, said)
    }

    /// The closer look of the internal edition.
    fn details(&self, detail: &Detail) -> Vec<Section> {
        let (control, texts) = (self.control, self.texts);
        let folded = |table: Option<Table>| table.map(|table| Table { folded: true, ..table });
        let edge = edge(detail, texts);
        let untimed = (detail.without_margin > 0)
            .then(|| texts.fill("report.without-margin", &[("count", &texts.count(detail.without_margin))]));
        let parts = [
            (
                self.part("slack", &[ChartKind::Slack], vec![tables::start_months(control, detail, texts)]),
                vec![],
            ),
            (
                self.part(
                    "margins",
                    &[ChartKind::Margins, ChartKind::Spread],
                    vec![tables::margins(control, detail, texts)],
                ),
                vec![untimed.clone()],
            ),
            (
                self.part(
                    "close",
                    &[ChartKind::TimeToClose],
                    vec![tables::time_to_close(control, detail, texts)],
                ),
                vec![edge.clone(), untimed],
            ),
            (
                self.part(
                    "backlog",
                    &[ChartKind::Backlog],
                    vec![folded(tables::backlog(control, detail, texts))],
                ),
                vec![edge],
            ),
            (
                self.part("outlook", &[ChartKind::Outlook], vec![tables::outlook(control, detail, texts)]),
                outlook_sentences(detail, texts).into_iter().map(Some).collect(),
            ),
            (self.part("cross", &[], vec![tables::cross(control, detail, texts)]), vec![]),
            (
                self.part(
                    "conventions",
                    &[],
                    vec![
                        tables::conventions(control, detail, Some(control.headline().period), texts),
                        tables::case_list(control, detail, texts),
                    ],
                ),
                vec![],
            ),
        ];
        parts
            .into_iter()
            .map(|(part, more)| Section { detail: true, ..with_lead(part, more.into_iter().flatten()) })
            .collect()
    }
}

/// Says more before the figures, in the same paragraph as what is said already.
fn with_lead(mut part: Section, more: impl Iterator<Item = String>) -> Section {
    let more: Vec<String> = more.collect();
    match part.blocks.first_mut() {
        _ if more.is_empty() => {}
        Some(Block::Paragraph { spans, .. }) => spans.push(Span::plain(format!(" {}", more.join(" ")))),
        _ => part.blocks.insert(0, Block::plain(more.join(" "))),
    }
    part
}

/// Where the export begins, when there are cases from before.
fn edge(detail: &Detail, texts: &Texts) -> Option<String> {
    let first = texts.long_date(first_day_of_month(detail.edge()?));
    Some(texts.fill("report.edge", &[("first", &first)]))
}

/// Which open cases are in the outlook, and how often earlier forecasts of its title's kind held.
fn outlook_sentences(detail: &Detail, texts: &Texts) -> Vec<String> {
    let Some(outlook) = &detail.outlook else { return Vec::new() };
    let ahead = outlook.farthest();
    let all = ahead.forecast.open + outlook.late_already + outlook.due_later;
    let days = texts.count(ahead.days as u64);
    let values = [
        ("all", texts.count(all)),
        ("open", texts.count(ahead.forecast.open)),
        ("days", days.clone()),
        ("late", texts.count(outlook.late_already)),
        ("later", texts.count(outlook.due_later)),
    ];
    let values: Vec<(&str, &str)> = values.iter().map(|(key, value)| (*key, value.as_str())).collect();
    let mut said = vec![texts.fill("report.outlook-cases", &values)];
    let (inside, trials) = (ahead.inside() as u64, ahead.trials.len() as u64);
    said.push(match trials {
        0 => texts.get("report.outlook-untried").to_owned(),
        trials => {
            let share = texts.whole_percent((100.0 * inside as f64 / trials as f64).round() / 100.0);
            let inside = texts.count(inside);
            let values =
                [("days", &*days), ("inside", &inside), ("trials", &texts.count(trials)), ("share", &share)];
            texts.fill("report.outlook-trials", &values)
        }
    });
    if outlook.left_out > 0 {
        let months = texts.number_word(outlook.left_out as u64);
        said.push(texts.fill("report.outlook-shocks", &[("n", &months)]));
    }
    said
}

/// What is to be said of a control in its headline's period and after it, most important first.
fn sentences(findings: &Findings<'_>, control: &ControlFindings, texts: &Texts) -> Vec<String> {
    let period = control.headline();
    let mut said = vec![main_sentence(period, texts)];
    said.extend(change_sentence(control, texts).or_else(|| other_method_sentence(control, texts)));
    if period.counts_because().is_none() {
        said.extend(method_sentences(control, period, texts));
    }
    let later = control.after_headline().iter().filter(|period| period.figure.cases() != Some(0));
    said.extend(later.map(|period| main_sentence(period, texts)));
    if control.periods.last().is_some_and(|last| !last.complete) {
        said.push(texts.fill("report.incomplete", &[("as_of", &texts.long_date(findings.as_of))]));
    }
    said.extend(control.groupings.first().and_then(|grouping| differing_sentence(grouping, texts)));
    if let Figure::Computed(counts) = period.figure {
        let detail = findings.detail(control);
        let counted = [
            ("report.overdue", control.open_overdue().unwrap_or(0)),
            ("report.extended", counts.extended),
            ("report.rolled", counts.deviations - counts.rolled_deviations),
            ("report.by-day", detail.map_or(0, |detail| detail.judged_by_day)),
            ("report.without-time", detail.map_or(0, |detail| detail.without_time)),
            ("report.later", detail.map_or(0, |detail| detail.later)),
        ];
        for (key, count) in counted.into_iter().filter(|(_, count)| *count > 0) {
            said.push(texts.fill(key, &[("count", &texts.count(count))]));
        }
    }
    said
}

/// How far the headline's share lies from that of the period before: a difference and its interval.
pub fn change_sentence(control: &ControlFindings, texts: &Texts) -> Option<String> {
    let change = control.headline_change()?;
    let before = control.before_headline()?;
    let apart = texts.points(change.difference);
    let (name, share) = (texts.period(before.period), texts.figure(before.figure));
    let values = [("change", apart.as_str()), ("before", &*name), ("share", &*share)];
    Some(match change.interval {
        None => texts.fill("report.change-without-interval", &values),
        Some(interval) => {
            let interval = texts.points_interval(interval);
            texts.fill("report.change", &[&values[..], &[("interval", &interval)]].concat())
        }
    })
}

/// Why there is no change from an earlier report's figure.
fn other_method_sentence(control: &ControlFindings, texts: &Texts) -> Option<String> {
    control.headline().share()?;
    let before = control.before_headline()?;
    let earlier_report = before.earlier_report.as_ref()?;
    let (name, method) = (texts.period(before.period), texts.method(&earlier_report.method));
    Some(texts.fill("report.change-other-method", &[("before", &name), ("method", &method)]))
}

fn method_sentences(control: &ControlFindings, period: &PeriodFigures, texts: &Texts) -> Vec<String> {
    let (Some(reference), Some((late, cases)), Some((deviations, _))) =
        (control.rule.reference, period.figure.reference_ratio(), period.figure.ratio())
    else {
        return Vec::new();
    };
    let counts = period.figure.counts();
    let (reference, method) = (texts.clock(reference), texts.methods(&control.rule, period.judged_by));
    let mut said = Vec::new();
    if late != deviations {
        let values = [
            ("reference", reference.clone()),
            ("deviations", texts.count(late)),
            ("share", texts.ratio(late, cases)),
            // In the published edition the two groups are not told apart: their numbers are small.
            ("only", counts.map_or(String::new(), |counts| texts.count(counts.late_only_by_reference()))),
            ("method", method.clone()),
        ];
        let values: Vec<(&str, &str)> = values.iter().map(|(key, value)| (*key, value.as_str())).collect();
        let key = if counts.is_some() { "report.method-gap" } else { "report.method-gap-published" };
        said.push(texts.fill(key, &values));
    }
    let missed = counts.map_or(0, |counts| counts.late_only_by_law());
    if missed > 0 {
        let only = texts.count(missed);
        let values =
            [("only", only.as_str()), ("method", method.as_str()), ("reference", reference.as_str())];
        said.push(texts.fill("report.method-miss", &values));
    }
    said
}

/// The same as terms and texts.
pub fn definition_texts(
    findings: &Findings<'_>,
    control: &ControlFindings,
    texts: &Texts,
) -> Vec<(String, String)> {
    let entries = definition(findings, control, texts).into_iter().map(|entry| {
        let paragraphs = entry.paragraphs.into_iter();
        let texts: Vec<String> =
            paragraphs.map(|spans| spans.into_iter().map(|span| span.text).collect()).collect();
        (entry.term, texts.join(" "))
    });
    entries.collect()
}

fn definition(findings: &Findings<'_>, control: &ControlFindings, texts: &Texts) -> Vec<Entry> {
    let (rule, language) = (&control.rule, texts.language());
    let entry = |key: &str, value: String| Entry {
        id: None,
        term: texts.get(&format!("report.definition-{key}")).to_owned(),
        paragraphs: vec![vec![Span::plain(value)]],
    };
    let basis = match rule.basis {
        crate::rulebook::Basis::Statute => "basis.statute",
        crate::rulebook::Basis::LocalTarget => "basis.local-target",
    };
    let mut entries = vec![
        entry("start", rule.start.text(language).to_owned()),
        entry("end", rule.end.text(language).to_owned()),
        entry("method", format!("{} ({})", texts.methods(rule, control.judged_by), texts.get(basis))),
    ];
    let mut laws = Entry { id: Some(format!("{}_law", rule.id)), ..entry("law", String::new()) };
    laws.paragraphs.clear();
    for law in &rule.laws {
        let valid = validity(law.first_day, law.last_day, texts);
        let mark = if law.verified { String::new() } else { format!("; {}", texts.get("report.unverified")) };
        let cited = format!("{} ({valid}{mark})", law.citation.text(language));
        laws.paragraphs.push(vec![Span::plain(cited)]);
    }
    entries.push(laws);
    if let Some(reference) = rule.reference {
        entries.push(entry("reference", texts.clock(reference)));
    }
    let roll = match rule.roll {
        crate::rulebook::Roll::None => "roll.none",
        crate::rulebook::Roll::NextWeekday => "roll.next-weekday",
    };
    entries.push(entry("roll", texts.get(roll).to_owned()));
    entries.push(entry("cohort", texts.get(&format!("cohort.{}", control.cohort.id())).to_owned()));
    let judged_by = findings.judged_by.iter().find(|judged| judged.rule.id == rule.id);
    if rule.margin_unit() == "hours" {
        let key = match judged_by.map(|control| control.without_times) {
            Some(WithoutTimes::ByDay) => "report.times-by-day",
            _ => "report.times-exclude",
        };
        entries.push(entry("times", texts.get(key).to_owned()));
    }
    let extensions = match judged_by.map(|control| control.extensions) {
        Some(Extensions::Ignore) => "report.extensions-ignore",
        _ => "report.extensions-honour",
    };
    entries.push(entry("extensions", texts.get(extensions).to_owned()));
    for period in &control.periods {
        if let Some(earlier_report) = &period.earlier_report {
            let (name, share) = (texts.period(period.period), texts.figure(period.figure));
            let method = texts.method(&earlier_report.method);
            entries.push(entry("reported", format!("{name}: {share}, {method}. {}", earlier_report.source)));
        }
    }
    entries
}

/// The days on which a law is in force, in words.
pub fn validity(first: Option<crate::date::Day>, last: Option<crate::date::Day>, texts: &Texts) -> String {
    let day = |day: crate::date::Day| day.to_string();
    match (first.map(day), last.map(day)) {
        (None, None) => texts.get("rules.always").to_owned(),
        (Some(from), None) => texts.fill("rules.from", &[("from", &from)]),
        (None, Some(to)) => texts.fill("rules.to", &[("to", &to)]),
        (Some(from), Some(to)) => texts.fill("rules.until", &[("from", &from), ("to", &to)]),
    }
}
