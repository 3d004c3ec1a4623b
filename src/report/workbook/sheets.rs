//! The sheets: which columns of which views, and the charts of their rows.

use super::super::contents::{self, Assessed};
use super::super::{Findings, tables};
use super::{Sheet, SheetChart, is_empty};
use crate::analysis::ControlFindings;
use crate::ingest::{Export, Faults};
use crate::table::{Cell, Column, Row, Table};
use crate::text::{Texts, fill};

/// Every sheet, in order.
pub fn sheets(findings: &Findings<'_>, assessed: &Assessed<'_>, texts: &Texts) -> Vec<Sheet> {
    let maker = Maker { findings, texts };
    let mut sheets = vec![maker.sheet("summary", SUMMARY, &[tables::summary(findings, texts)])];
    sheets.extend(assessed.plan.as_ref().map(|plan| {
        let areas = plan.areas.iter().enumerate();
        let points: Vec<Table> =
            areas.map(|(number, area)| contents::control_points(number, area, texts)).collect();
        maker.sheet("control-points", CONTROL_POINTS, &points)
    }));
    sheets.push(maker.charted("periods", PERIODS, "period", &["share"], |control| {
        Some(tables::periods(findings, control, texts))
    }));
    sheets.push(maker.charted("trends", TRENDS, "trend", &["share", "mean", "upper"], |control| {
        Some(with_cases(tables::trend(control, control.trend.as_ref()?, texts)))
    }));
    sheets.push(maker.charted("groups", GROUPS, "", &[], |control| Some(tables::all_groups(control, texts))));
    sheets.push(maker.charted("methods", METHODS, "methods", &["share", "reference-share"], |control| {
        tables::methods(control, texts)
    }));
    let register = assessed.register.as_ref();
    sheets.extend(
        register.map(|register| maker.sheet("risks", RISKS, &[contents::risks_table(register, texts)])),
    );
    sheets.push(maker.sheet("ledger", LEDGER, &[tables::ledger(findings, texts)]));
    sheets.extend(findings.internal().map(|internal| {
        let faults = faults(&internal.judged.faults, findings.exports, texts);
        maker.sheet("faults", FAULTS, &[faults])
    }));
    sheets.push(maker.sheet("definitions", DEFINITIONS, &[definitions(findings, texts)]));
    sheets.retain(|sheet| !sheet.table.rows.is_empty());
    sheets
}

/// The columns of each sheet, by their keys.
const SUMMARY: &str = "control period cases deviations share ci-low ci-high change-points change-low change-high \
                       verdict open_overdue target";
const CONTROL_POINTS: &str =
    "area risk-point control-point department status severity result comment planned-action";
const PERIODS: &str =
    "control period from to cases deviations share ci-low ci-high change-points open_overdue source";
const TRENDS: &str = "control period from cases deviations share mean lower upper signals";
const GROUPS: &str = "control column group period cases deviations share ci-low ci-high";
const METHODS: &str = "control period method deviations share reference-method reference-deviations \
                       reference-share difference";
const RISKS: &str = "risk-no area process risk likelihood consequence risk-value critical existing handling \
                     follows-plan comment proposed-value";
const LEDGER: &str = "file control rows counted open excluded rejected";
const FAULTS: &str = "file line column code effect reason";
const DEFINITIONS: &str = "control term meaning";

struct Maker<'a> {
    findings: &'a Findings<'a>,
    texts: &'a Texts,
}

impl Maker<'_> {
    /// A sheet of some columns of tables, one below the other.
    fn sheet(&self, key: &'static str, columns: &'static str, tables: &[Table]) -> Sheet {
        let (findings, texts) = (self.findings, self.texts);
        let heading = |column: &str| match (key, column) {
            ("summary", "open_overdue") => tables::open_overdue(&findings.controls, findings.as_of, texts),
            _ => texts.get(&format!("table.{column}")).to_owned(),
        };
        let columns = columns.split(' ').map(|key| Column { key: key.into(), heading: Some(heading(key)) });
        let mut table = Table { columns: columns.collect(), ..Table::new(key, "") };
        for view in tables {
            let (keys, rows) = view.split();
            let places = table.columns.iter().map(|column| keys.iter().position(|key| *key == column.key));
            let places: Vec<usize> = places.map(|place| place.expect("the view has the column")).collect();
            let picked = |cells: Vec<Cell>| places.iter().filter_map(|at| cells.get(*at).cloned()).collect();
            table.rows.extend(rows.map(|cells| Row { cells: picked(cells), ..Row::default() }));
        }
        Sheet { key, table: without_empty_columns(table), charts: Vec::new() }
    }

    /// A sheet of a view of every control, with a chart of the rows of each when there are lines to draw.
    fn charted(
        &self,
        key: &'static str,
        columns: &'static str,
        chart: &str,
        lines: &[&str],
        view: impl Fn(&ControlFindings) -> Option<Table>,
    ) -> Sheet {
        let controls = &self.findings.controls;
        let (controls, views): (Vec<&ControlFindings>, Vec<Table>) =
            controls.iter().filter_map(|control| Some((control, view(control)?))).unzip();
        let sheet = self.sheet(key, columns, &views);
        let place = |line: &&str| sheet.table.columns.iter().position(|column| column.key == **line);
        let lines: Vec<usize> = lines.iter().filter_map(place).collect();
        let mut charts = Vec::new();
        let mut next = 0;
        for (control, view) in controls.into_iter().zip(&views) {
            let first = next;
            next += view.rows.len();
            if next > first && !lines.is_empty() {
                charts.push(self.chart(chart, control, (first, next - 1), lines.clone()));
            }
        }
        Sheet { charts, ..sheet }
    }

    /// A chart of rows, both ends included.
    fn chart(
        &self,
        key: &str,
        control: &ControlFindings,
        rows: (usize, usize),
        lines: Vec<usize>,
    ) -> SheetChart {
        let name = control.rule.name.text(self.texts.language());
        let share = |period| {
            let (name, share) = (tables::period_of(period), Cell::told(period.told(), self.texts));
            format!("{} {}", name.shown(self.texts), share.shown(self.texts))
        };
        let told: Vec<String> = control.periods.iter().map(share).collect();
        SheetChart {
            title: fill!(self.texts, format!("sheet.chart-{key}"), control = name),
            description: format!("{name}: {}", told.join("; ")),
            rows,
            lines,
        }
    }
}

/// A column without a value says nothing, and a reader cannot tell why.
fn without_empty_columns(table: Table) -> Table {
    let is_kept = |place: usize, key: &str| table.rows.iter().any(|row| !is_empty(&row.cells[place], key));
    let kept: Vec<bool> =
        table.columns.iter().enumerate().map(|(place, column)| is_kept(place, &column.key)).collect();
    let of = |place: usize| table.rows.is_empty() || kept[place];
    let columns = table.columns.iter().enumerate().filter(|(place, _)| of(*place));
    let columns = columns.map(|(_, column)| column.clone()).collect();
    let picked = |row: &Row| {
        let cells = row.cells.iter().enumerate().filter(|(place, _)| of(*place));
        Row { cells: cells.map(|(_, cell)| cell.clone()).collect(), ..row.clone() }
    };
    let rows = table.rows.iter().map(picked).collect();
    Table { columns, rows, ..table }
}

/// Only the points of a trend that have cases.
fn with_cases(mut trend: Table) -> Table {
    let cases = trend.columns.iter().position(|column| column.key == "cases");
    trend.rows.retain(|row| cases.is_none_or(|cases| row.cells[cases] != Cell::Count(0)));
    trend
}

/// The faults, with how many there are besides.
fn faults(all: &Faults, exports: &[Export], texts: &Texts) -> Table {
    /// More are for faults.csv: a workbook of so many is slow to open.
    const MOST: usize = 100_000;
    let mut faults = tables::single_faults(all, exports, MOST, texts);
    if let Some(more @ 1..) = all.len().checked_sub(MOST) {
        let more = fill!(texts, "sheet.more-faults", count = texts.count(more as u64));
        faults.push(vec![Cell::Text(more)]);
    }
    faults
}

fn definitions(findings: &Findings<'_>, texts: &Texts) -> Table {
    let mut table = Table::new("definitions", "").machine(&["control", "term", "meaning"]);
    for control in &findings.controls {
        for (term, meaning) in contents::definition_texts(findings, control, texts) {
            table.push(vec![tables::control_cell(control, texts), Cell::Text(term), Cell::Text(meaning)]);
        }
    }
    table
}
