//! The sheets: which figures, under which headings.

use super::super::contents::{self, Assessed};
use super::super::{Findings, tables};
use super::{Cell, Sheet, SheetChart};
use crate::analysis::{ControlFindings, Figure, PeriodFigures};
use crate::assessment::Register;
use crate::ingest::{Faults, shown};
use crate::plan::register::Risk;
use crate::text::{Texts, fault_reason, group_name, verdict_words};

/// Every sheet, in order.
pub fn sheets(findings: &Findings<'_>, assessed: &Assessed<'_>, texts: &Texts) -> Vec<Sheet> {
    let maker = Maker { texts };
    let mut sheets = vec![maker.summary(findings)];
    sheets.extend(assessed.plan.as_ref().map(|_| maker.control_points(assessed)));
    sheets.push(maker.periods(findings));
    sheets.push(maker.trends(findings));
    sheets.push(maker.groups(findings));
    sheets.push(maker.methods(findings));
    sheets.extend(assessed.register.as_ref().map(|register| maker.risks(register)));
    sheets.push(maker.ledger(findings));
    sheets.extend(findings.internal().map(|internal| maker.faults(findings, &internal.judged.faults)));
    sheets.push(maker.definitions(findings));
    sheets.retain(|sheet| !sheet.rows.is_empty());
    sheets
}

struct Maker<'a> {
    texts: &'a Texts,
}

impl Maker<'_> {
    fn sheet(&self, key: &'static str, headings: &[&str], rows: Vec<Vec<Cell>>) -> Sheet {
        let heading = |key: &&str| self.texts.get(&format!("table.{key}")).to_owned();
        Sheet { key, headings: headings.iter().map(heading).collect(), rows, charts: Vec::new() }
    }

    fn name<'c>(&self, control: &'c ControlFindings) -> &'c str {
        control.rule.name.text(self.texts.language())
    }

    /// A number, or the word for one that is hidden.
    fn count(&self, count: Option<u64>, is_hidden: bool) -> Cell {
        match count {
            Some(count) => Cell::Count(count),
            None if is_hidden => Cell::text(self.texts.get("table.hidden")),
            None => Cell::Empty,
        }
    }

    /// Cases, deviations, share and interval.
    fn figure(&self, period: &PeriodFigures) -> [Cell; 5] {
        let (figure, hidden) = (period.figure, period.figure.is_hidden());
        // A word would be drawn as 0.
        let share = |share: Option<f64>| share.map_or(Cell::Empty, Cell::Share);
        let interval = period.interval();
        [
            self.count(figure.cases(), hidden),
            self.count(figure.deviations(), hidden),
            share(period.share()),
            share(interval.map(|interval| interval.low)),
            share(interval.map(|interval| interval.high)),
        ]
    }

    /// The same of a headline, with a share only where it can stand alone.
    fn headline(&self, period: &PeriodFigures) -> [Cell; 5] {
        let [cases, deviations, share, low, high] = self.figure(period);
        match period.counts_because() {
            None => [cases, deviations, share, low, high],
            Some(_) => [cases, deviations, Cell::Empty, Cell::Empty, Cell::Empty],
        }
    }

    fn period_name(&self, period: &PeriodFigures) -> Cell {
        Cell::Text(self.texts.period_so_far(period.period, period.complete))
    }

    fn summary(&self, findings: &Findings<'_>) -> Sheet {
        let keys = [
            "control",
            "period",
            "cases",
            "deviations",
            "share",
            "ci-low",
            "ci-high",
            "change-points",
            "change-low",
            "change-high",
            "verdict",
            "open_overdue",
            "target",
        ];
        let rows = findings.controls.iter().map(|control| {
            let (period, change) = (control.headline(), control.headline_change());
            let mut row = vec![Cell::text(self.name(control)), self.period_name(period)];
            row.extend(self.headline(period));
            let points = |difference: Option<f64>| {
                difference.map_or(Cell::Empty, |difference| Cell::Points(difference * 100.0))
            };
            let interval = change.and_then(|change| change.interval);
            let verdict = control.trend.as_ref().map(|trend| verdict_words(trend, self.texts));
            row.extend([
                points(change.map(|change| change.difference)),
                points(interval.map(|interval| interval.low)),
                points(interval.map(|interval| interval.high)),
                verdict.map_or(Cell::Empty, Cell::text),
                control.open_overdue().map_or(Cell::Empty, Cell::Count),
                control.target.map_or(Cell::Empty, Cell::Share),
            ]);
            row
        });
        self.sheet("summary", &keys, rows.collect())
    }

    fn control_points(&self, assessed: &Assessed<'_>) -> Sheet {
        let keys = [
            "area",
            "risk-point",
            "control-point",
            "department",
            "status",
            "severity",
            "result",
            "comment",
            "planned-action",
        ];
        let mut rows = Vec::new();
        for area in assessed.plan.iter().flat_map(|plan| &plan.areas) {
            for risk_point in &area.risk_points {
                for point in &risk_point.control_points {
                    let severity = point.severity().map_or("severity.not-graded".to_owned(), |severity| {
                        format!("severity.{}", severity.id())
                    });
                    rows.push(
                        [
                            area.area.name.clone(),
                            risk_point.risk_point.name.clone(),
                            point.point.name.clone(),
                            point.point.department.clone(),
                            self.texts.get(&format!("status.{}", point.point.status.id())).to_owned(),
                            self.texts.get(&severity).to_owned(),
                            contents::result_text(point, self.texts),
                            point.point.comment.clone(),
                            point.point.planned_action.clone(),
                        ]
                        .map(Cell::Text)
                        .into(),
                    );
                }
            }
        }
        self.sheet("control-points", &keys, rows)
    }

    fn periods(&self, findings: &Findings<'_>) -> Sheet {
        let keys = [
            "control",
            "period",
            "from",
            "to",
            "cases",
            "deviations",
            "share",
            "ci-low",
            "ci-high",
            "change-points",
            "open_overdue",
            "source",
        ];
        let (mut rows, mut charts): (Vec<Vec<Cell>>, Vec<SheetChart>) = (Vec::new(), Vec::new());
        for control in &findings.controls {
            let first = rows.len();
            rows.extend(control.periods.iter().map(|period| self.period_row(control, period)));
            charts.extend(self.chart("period", control, (first, rows.len()), 1, vec![6]));
        }
        Sheet { charts, ..self.sheet("periods", &keys, rows) }
    }

    fn period_row(&self, control: &ControlFindings, period: &PeriodFigures) -> Vec<Cell> {
        let mut row = vec![
            Cell::text(self.name(control)),
            self.period_name(period),
            Cell::Date(period.period.first_day()),
            Cell::Date(period.period.last_day()),
        ];
        row.extend(self.figure(period));
        row.extend([
            period.change.map_or(Cell::Empty, |change| Cell::Points(change.difference * 100.0)),
            period.open_overdue.map_or(Cell::Empty, Cell::Count),
            Cell::text(period.earlier_report.as_ref().map_or_else(
                || self.texts.get("table.computed").to_owned(),
                |earlier_report| earlier_report.source.clone(),
            )),
        ]);
        row
    }

    /// A chart of the rows from `rows.0` up to `rows.1`; nothing when these are none.
    fn chart(
        &self,
        key: &str,
        control: &ControlFindings,
        rows: (usize, usize),
        names: usize,
        lines: Vec<usize>,
    ) -> Option<SheetChart> {
        let last = rows.1.checked_sub(1).filter(|last| *last >= rows.0)?;
        let name = self.name(control);
        let share = |period: &PeriodFigures| {
            let name = self.texts.period_so_far(period.period, period.complete);
            format!("{name} {}", self.texts.period_share(period))
        };
        let told: Vec<String> = control.periods.iter().map(share).collect();
        Some(SheetChart {
            title: self.texts.fill(&format!("sheet.chart-{key}"), &[("control", name)]),
            description: format!("{name}: {}", told.join("; ")),
            rows: (rows.0, last),
            names,
            lines,
        })
    }

    fn trends(&self, findings: &Findings<'_>) -> Sheet {
        let keys = [
            "control",
            "period",
            "from",
            "cases",
            "deviations",
            "share",
            "mean",
            "lower",
            "upper",
            "signals",
        ];
        let (mut rows, mut charts): (Vec<Vec<Cell>>, Vec<SheetChart>) = (Vec::new(), Vec::new());
        for control in &findings.controls {
            let Some(trend) = &control.trend else { continue };
            let first = rows.len();
            for point in trend.points.iter().filter(|point| point.figure.cases() != Some(0)) {
                let share = |share: Option<f64>| share.map_or(Cell::Empty, Cell::Share);
                let signals = tables::signal_names(trend, point, self.texts).join(", ");
                rows.push(vec![
                    Cell::text(self.name(control)),
                    Cell::Text(self.texts.period_so_far(point.period, point.has_ended)),
                    Cell::Date(point.period.first_day()),
                    self.count(point.figure.cases(), true),
                    self.count(point.figure.deviations(), true),
                    share(point.share()),
                    share(point.center),
                    share(point.limits.map(|limits| limits.0.max(0.0))),
                    share(point.limits.map(|limits| limits.1.min(1.0))),
                    if signals.is_empty() { Cell::Empty } else { Cell::Text(signals) },
                ]);
            }
            charts.extend(self.chart("trend", control, (first, rows.len()), 1, vec![5, 6, 8]));
        }
        Sheet { charts, ..self.sheet("trends", &keys, rows) }
    }

    fn groups(&self, findings: &Findings<'_>) -> Sheet {
        let keys =
            ["control", "column", "group", "period", "cases", "deviations", "share", "ci-low", "ci-high"];
        let mut rows = Vec::new();
        for control in &findings.controls {
            for grouping in &control.groupings {
                for (index, group) in grouping.groups.iter().enumerate() {
                    for period in &group.periods {
                        let mut row = vec![
                            Cell::text(self.name(control)),
                            Cell::text(&grouping.column),
                            Cell::text(group_name(grouping, index, self.texts)),
                            self.period_name(period),
                        ];
                        row.extend(self.figure(period));
                        rows.push(row);
                    }
                }
            }
        }
        self.sheet("groups", &keys, rows)
    }

    fn methods(&self, findings: &Findings<'_>) -> Sheet {
        let keys = [
            "control",
            "period",
            "method",
            "deviations",
            "share",
            "reference-method",
            "reference-deviations",
            "reference-share",
            "difference",
        ];
        let (mut rows, mut charts): (Vec<Vec<Cell>>, Vec<SheetChart>) = (Vec::new(), Vec::new());
        for control in &findings.controls {
            let Some(reference) = control.rule.reference else { continue };
            let first = rows.len();
            for period in &control.periods {
                let hidden = matches!(period.figure, Figure::Protected(_));
                let lawful = Some(period.figure).filter(|_| period.earlier_report.is_none());
                let by_reference = period.figure.reference_ratio().map(|(deviations, _)| deviations);
                let share = |share: Option<f64>| share.map_or(Cell::Empty, Cell::Share);
                rows.push(vec![
                    Cell::text(self.name(control)),
                    self.period_name(period),
                    Cell::text(self.texts.method_of(&control.rule, period.judged_by)),
                    self.count(lawful.and_then(Figure::deviations), hidden),
                    share(period.lawful_share()),
                    Cell::text(self.texts.clock(reference)),
                    self.count(by_reference, hidden),
                    share(period.reference_share(reference)),
                    period.reference_gap(reference).map_or(Cell::Empty, |gap| Cell::Points(gap * 100.0)),
                ]);
            }
            charts.extend(self.chart("methods", control, (first, rows.len()), 1, vec![4, 7]));
        }
        Sheet { charts, ..self.sheet("methods", &keys, rows) }
    }

    fn risks(&self, register: &Register<'_>) -> Sheet {
        let keys = [
            "risk-no",
            "area",
            "process",
            "risk",
            "likelihood",
            "consequence",
            "risk-value",
            "critical",
            "existing",
            "handling",
            "follows-plan",
            "comment",
            "proposed-value",
        ];
        let rows = register.risks.iter().map(|risk| self.risk_row(register, risk));
        self.sheet("risks", &keys, rows.collect())
    }

    fn risk_row(&self, register: &Register<'_>, risk: &Risk) -> Vec<Cell> {
        let number = |number: Option<u8>| number.map_or(Cell::Empty, |number| Cell::Count(number.into()));
        let yes_or_no = |yes: bool| Cell::text(self.texts.get(if yes { "table.yes" } else { "table.no" }));
        vec![
            Cell::text(&risk.id),
            Cell::text(&risk.area),
            Cell::text(&risk.process),
            Cell::text(&risk.risk),
            number(risk.likelihood),
            number(risk.consequence),
            Cell::Count(risk.value.into()),
            yes_or_no(register.is_critical(risk.value)),
            Cell::text(&risk.existing),
            Cell::text(&risk.handling),
            risk.follows_plan.map_or(Cell::Empty, yes_or_no),
            Cell::text(&risk.comment),
            number(register.proposal(risk).map(|proposal| proposal.value)),
        ]
    }

    fn ledger(&self, findings: &Findings<'_>) -> Sheet {
        let keys = ["file", "control", "rows", "counted", "open", "excluded", "rejected"];
        let rows = findings.ledger.iter().map(|entry| {
            let line = entry.line;
            let control = entry.control.as_ref();
            let control = control.and_then(|id| findings.controls.iter().find(|known| known.rule.id == *id));
            let mut row = vec![
                Cell::text(&findings.exports[entry.export].name),
                control.map_or(Cell::Empty, |control| Cell::text(self.name(control))),
            ];
            let numbers = [line.rows, line.counted, line.open, line.excluded, line.rejected];
            row.extend(numbers.map(|number| self.count(number, true)));
            row
        });
        self.sheet("ledger", &keys, rows.collect())
    }

    /// The faults: where, what and why; never what the cell holds.
    fn faults(&self, findings: &Findings<'_>, faults: &Faults) -> Sheet {
        /// More are for faults.csv: a workbook of so many is slow to open.
        const MOST: usize = 100_000;
        let keys = ["file", "line", "column", "code", "effect", "reason"];
        let headings: Vec<Vec<String>> =
            findings.exports.iter().map(|export| shown(&export.headings)).collect();
        let mut rows: Vec<Vec<Cell>> = faults
            .iter()
            .take(MOST)
            .map(|fault| {
                let export = &findings.exports[fault.place.export];
                let column = fault.column.map(|column| headings[fault.place.export][column].clone());
                vec![
                    Cell::text(&export.name),
                    Cell::Count(fault.place.line),
                    column.map_or(Cell::Empty, Cell::Text),
                    Cell::text(fault.code.id()),
                    Cell::text(self.texts.get(&format!("effect.{}", fault.code.effect().id()))),
                    Cell::Text(fault_reason(&fault, findings.exports, self.texts)),
                ]
            })
            .collect();
        if faults.len() > MOST {
            let more = self
                .texts
                .fill("sheet.more-faults", &[("count", &self.texts.count((faults.len() - MOST) as u64))]);
            rows.push(vec![Cell::Text(more)]);
        }
        self.sheet("faults", &keys, rows)
    }

    fn definitions(&self, findings: &Findings<'_>) -> Sheet {
        let mut rows = Vec::new();
        for control in &findings.controls {
            for (term, meaning) in contents::definition_texts(findings, control, self.texts) {
                rows.push(vec![Cell::text(self.name(control)), Cell::Text(term), Cell::Text(meaning)]);
            }
        }
        self.sheet("definitions", &["control", "term", "meaning"], rows)
    }
}
