//! `report.xlsx`: the figures as numbers and dates, with native charts.
//!
//! Every text is written as text, never as a formula; a number that is hidden is a word, not a zero.

mod case_list;
mod cover;
mod list;
mod sheets;

use rust_xlsxwriter::{
    Chart, ChartMarker, ChartMarkerType, ChartSeries, ChartType, Color, ExcelDateTime, Format, FormatAlign,
    Table, TableColumn, TableStyle, Workbook, Worksheet, XlsxError,
};

pub use case_list::{MOST_CASES, write_case_list};
pub use list::write_list;

use super::Findings;
use super::contents::Assessed;
use super::document::Document;
use super::look::Look;
use crate::date::Day;
use crate::table::{self, Cell};
use crate::text::{NO_VALUE, Texts};
use crate::values::printable;

/// A sheet: its name, its table and charts of some of its rows.
struct Sheet {
    /// Key of its name in the text catalogues.
    key: &'static str,
    table: table::Table,
    charts: Vec<SheetChart>,
}

/// A native chart of lines.
struct SheetChart {
    title: String,
    description: String,
    /// The rows of the sheet, from 0, both ends included.
    rows: (usize, usize),
    /// The columns of the lines; each is called as it is headed.
    lines: Vec<usize>,
}

/// UTF-16 units that a cell can hold, and that a description of a chart can.
const LONGEST_TEXT: usize = 32_000;
const LONGEST_DESCRIPTION: usize = 255;
/// Rows that a chart is high, and columns that it is wide.
const CHART_ROWS: u32 = 21;
const CHART_COLUMNS: u32 = 12;
/// Pixels of the widest column.
const WIDEST: u32 = 420;
/// The same where there are more columns than these, or more with texts of more letters, so that they can be read on paper.
const NARROWER: u32 = 180;
const MOST_COLUMNS: usize = 10;
const MOST_LONG_TEXTS: usize = 4;
const LONG_TEXT: usize = 40;

/// Renders the workbook. `document` is the report, for what stands above the figures.
pub fn workbook(
    document: &Document,
    findings: &Findings<'_>,
    assessed: &Assessed<'_>,
    look: &Look,
    texts: &Texts,
) -> Vec<u8> {
    let made = make(document, findings, assessed, look, texts);
    made.expect("the workbook is inside the limits of the format")
}

fn make(
    document: &Document,
    findings: &Findings<'_>,
    assessed: &Assessed<'_>,
    look: &Look,
    texts: &Texts,
) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let formats = Formats::of(look, texts);
    let sheets = sheets::sheets(findings, assessed, texts);
    let has_charts = sheets.iter().any(|sheet| !sheet.charts.is_empty());
    let names = sheets.iter().map(|sheet| sheet.key).chain(has_charts.then_some("charts"));
    let is_published = findings.internal().is_none();
    cover::write(workbook.add_worksheet(), names, document, is_published, &formats, texts)?;
    for (number, sheet) in sheets.iter().enumerate() {
        let page = workbook.add_worksheet();
        page.set_name(texts.get(&format!("sheet.{}", sheet.key)))?;
        write_sheet(page, sheet, number, document, &formats, texts)?;
    }
    if has_charts {
        let page = workbook.add_worksheet();
        page.set_name(texts.get("sheet.charts"))?;
        write_charts(page, &sheets, document, &formats, texts)?;
    }
    Ok(cover::with_properties(&workbook.save_to_buffer()?, document))
}

fn date(day: Day) -> Result<ExcelDateTime, XlsxError> {
    let (year, month, day) = day.civil();
    ExcelDateTime::from_ymd(year as u16, month as u8, day as u8)
}

struct Formats {
    title: Format,
    wrapped: Format,
    count: Format,
    share: Format,
    share_whole: Format,
    /// Shares above zero that are too little for a decimal, and below all too much.
    share_few: Format,
    share_most: Format,
    points: Format,
    /// Differences too small for a decimal.
    points_above: Format,
    points_below: Format,
    date: Format,
    heading: Format,
    colour: Color,
}

impl Formats {
    fn of(look: &Look, texts: &Texts) -> Formats {
        let [red, green, blue] = look.colour.parts.map(u32::from);
        let colour = Color::RGB(red << 16 | green << 8 | blue);
        let top = Format::new().set_align(FormatAlign::Top);
        let number = |format: String| top.clone().set_num_format(format);
        // How these look is up to the reader's own settings: a comma and a blank in a Swedish Excel.
        Formats {
            title: Format::new().set_bold().set_font_size(14).set_font_color(colour),
            wrapped: top.clone().set_text_wrap(),
            count: top.clone().set_num_format("#,##0"),
            share: top.clone().set_num_format("0.0%"),
            share_whole: top.clone().set_num_format("0%"),
            share_few: number(format!("[<0.0005]\"{}\";0.0%", texts.share(0.0001))),
            share_most: number(format!("[>=0.9995]\"{}\";0.0%", texts.share(0.9999))),
            points: top.clone().set_num_format("+0.0;-0.0;0.0"),
            points_above: number(format!("[<0.05]\"{}\";+0.0", texts.points(0.0001))),
            points_below: number(format!("[>-0.05]\"{}\";-0.0", texts.points(-0.0001))),
            date: top.clone().set_num_format("yyyy-mm-dd").set_align(FormatAlign::Left),
            heading: Format::new()
                .set_bold()
                .set_text_wrap()
                .set_align(FormatAlign::Top)
                .set_font_color(Color::White)
                .set_background_color(colour),
            colour,
        }
    }

    /// How a share is written: some never as none, nor most as all.
    fn of_share(&self, share: f64) -> &Format {
        match share {
            share if share > 0.0 && share < 0.0005 => &self.share_few,
            share if (0.9995..1.0).contains(&share) => &self.share_most,
            _ => &self.share,
        }
    }

    /// How a difference in percentage points is written.
    fn of_points(&self, points: f64) -> &Format {
        match points {
            points if points > 0.0 && points < 0.05 => &self.points_above,
            points if points < 0.0 && points > -0.05 => &self.points_below,
            _ => &self.points,
        }
    }
}

/// The row of the headings: title and notice stand above.
const HEADING_ROW: u32 = 3;

fn write_sheet(
    page: &mut Worksheet,
    sheet: &Sheet,
    number: usize,
    document: &Document,
    formats: &Formats,
    texts: &Texts,
) -> Result<(), XlsxError> {
    page.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    page.set_repeat_rows(HEADING_ROW, HEADING_ROW)?;
    page.set_footer("&L&F&R&P (&N)");
    let sheet = &sheet.table;
    for (row, cells) in (HEADING_ROW + 1..).zip(&sheet.rows) {
        for ((at, column), cell) in (0..).zip(&sheet.columns).zip(&cells.cells) {
            if !is_empty(cell, &column.key) {
                write_cell(page, (row, at), cell, formats, texts)?;
            }
        }
    }
    if !sheet.rows.is_empty() {
        let columns: Vec<TableColumn> = sheet
            .headings()
            .map(|heading| TableColumn::new().set_header(heading).set_header_format(&formats.heading))
            .collect();
        let table = Table::new()
            .set_name(format!("frist_{}", number + 1))
            .set_columns(&columns)
            .set_style(TableStyle::Light1)
            .set_first_column(true)
            .set_alt_text(format!("{}: {}", page.name(), document.title));
        let last = (HEADING_ROW + sheet.rows.len() as u32, sheet.columns.len() as u16 - 1);
        page.add_table(HEADING_ROW, 0, last.0, last.1, &table)?;
    }
    page.set_autofit_max_width(if is_wide(sheet) { NARROWER } else { WIDEST }).autofit();
    page.set_freeze_panes(HEADING_ROW + 1, 1)?;
    // Above the table last, so that no column is made as wide as the title.
    let title = format!("{} – {}", page.name(), document.title);
    page.write_string_with_format(0, 0, fitting(&title), &formats.title)?;
    page.write_string(1, 0, fitting(&document.notice))?;
    Ok(())
}

/// Whether there are so many columns, or so many with long texts, that they would be too small on paper.
fn is_wide(table: &table::Table) -> bool {
    let is_long = |cell: &Cell| matches!(cell, Cell::Text(text) if text.len() > LONG_TEXT);
    let columns = 0..table.columns.len();
    let long = columns.filter(|at| table.rows.iter().any(|row| row.cells.get(*at).is_some_and(is_long)));
    table.columns.len() > MOST_COLUMNS || long.count() > MOST_LONG_TEXTS
}

/// Columns that charts can be drawn of: where a value is hidden they are empty.
const DRAWN: [&str; 4] = ["share", "ci-low", "ci-high", "reference-share"];

/// Whether a cell stays empty: it has no value, or a word where a number is drawn, which would be drawn as 0.
fn is_empty(cell: &Cell, key: &str) -> bool {
    match cell {
        Cell::Hidden => DRAWN.contains(&key),
        Cell::Ratio(_, 0) | Cell::OutOf(..) | Cell::TooEarly | Cell::Incomplete | Cell::Unknown => true,
        Cell::Text(text) | Cell::Word(_, text) => text.is_empty() || text == NO_VALUE,
        Cell::Noted(cell, _) => is_empty(cell, key),
        _ => false,
    }
}

/// A number as a number, a day as a date, all else as people read it; nothing where there is no value.
fn write_cell(
    page: &mut Worksheet,
    (row, column): (u32, u16),
    cell: &Cell,
    formats: &Formats,
    texts: &Texts,
) -> Result<(), XlsxError> {
    match cell {
        Cell::Count(count) => page.write_number_with_format(row, column, *count as f64, &formats.count)?,
        Cell::Whole(number) => page.write_number_with_format(row, column, *number, &formats.count)?,
        Cell::Share(share) => page.write_number_with_format(row, column, *share, formats.of_share(*share))?,
        Cell::Printed(share) => {
            let is_whole = texts.printed(*share) != texts.share(*share);
            let format = if is_whole { &formats.share_whole } else { formats.of_share(*share) };
            page.write_number_with_format(row, column, *share, format)?
        }
        Cell::Ratio(_, 0) | Cell::OutOf(..) | Cell::TooEarly | Cell::Incomplete | Cell::Unknown => page,
        Cell::Ratio(part, whole) => {
            let share = *part as f64 / *whole as f64;
            page.write_number_with_format(row, column, share, formats.of_share(share))?
        }
        Cell::Points(difference) => {
            let points = difference * 100.0;
            page.write_number_with_format(row, column, points, formats.of_points(points))?
        }
        Cell::Day(day) => page.write_datetime_with_format(row, column, date(*day)?, &formats.date)?,
        Cell::Noted(cell, _) => return write_cell(page, (row, column), cell, formats, texts),
        cell => page.write_string_with_format(row, column, fitting(&cell.shown(texts)), &formats.wrapped)?,
    };
    Ok(())
}

/// What a cell can hold of a text.
fn fitting(text: &str) -> String {
    cut(&printable(text), LONGEST_TEXT)
}

/// A text of at most so many UTF-16 units.
fn cut(text: &str, most: usize) -> String {
    if text.encode_utf16().count() <= most {
        return text.to_owned();
    }
    let mut left = most - 1;
    let fits = |letter: &char| {
        let length = letter.len_utf16();
        let fits = length <= left;
        left = left.saturating_sub(length);
        fits
    };
    let beginning: String = text.chars().take_while(fits).collect();
    format!("{beginning}…")
}

/// Every chart on a sheet of its own, two in a row, so that tables print as tables.
fn write_charts(
    page: &mut Worksheet,
    sheets: &[Sheet],
    document: &Document,
    formats: &Formats,
    texts: &Texts,
) -> Result<(), XlsxError> {
    page.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    let title = format!("{} – {}", page.name(), document.title);
    page.write_string_with_format(0, 0, fitting(&title), &formats.title)?;
    page.write_string(1, 0, fitting(&document.notice))?;
    let charts = sheets.iter().flat_map(|sheet| sheet.charts.iter().map(move |chart| (chart, sheet)));
    for (number, (chart, sheet)) in (0..).zip(charts) {
        let name = texts.get(&format!("sheet.{}", sheet.key));
        let (row, column) = (HEADING_ROW + number / 2 * CHART_ROWS, (number % 2 * CHART_COLUMNS) as u16);
        page.insert_chart(row, column, &native(chart, sheet, name, formats)?)?;
    }
    Ok(())
}

/// The column of the names below the axis of a chart.
const NAMES: u16 = 1;

fn native(chart: &SheetChart, sheet: &Sheet, name: &str, formats: &Formats) -> Result<Chart, XlsxError> {
    /// Dashes that tell lines apart without colour.
    const DASHES: [rust_xlsxwriter::ChartLineDashType; 3] = [
        rust_xlsxwriter::ChartLineDashType::Solid,
        rust_xlsxwriter::ChartLineDashType::Dash,
        rust_xlsxwriter::ChartLineDashType::RoundDot,
    ];
    let colours = [formats.colour, Color::RGB(0xa5_4c_00), Color::RGB(0x55_55_55)];
    let rows = (HEADING_ROW + 1 + chart.rows.0 as u32, HEADING_ROW + 1 + chart.rows.1 as u32);
    let mut native = Chart::new(ChartType::Line);
    native.title().set_name(&cut(&printable(&chart.title), LONGEST_DESCRIPTION));
    native.set_alt_text(cut(&printable(&chart.description), LONGEST_DESCRIPTION));
    native.set_width(720).set_height(400);
    let mut thin = rust_xlsxwriter::ChartLine::new();
    thin.set_color(Color::RGB(0xdd_dd_dd)).set_width(0.75);
    native.y_axis().set_num_format("0%").set_min(0).set_major_gridlines_line(&thin);
    native.legend().set_position(rust_xlsxwriter::ChartLegendPosition::Bottom);
    for (number, column) in chart.lines.iter().enumerate() {
        let mut line = rust_xlsxwriter::ChartLine::new();
        line.set_color(colours[number % 3]).set_width(2.0).set_dash_type(DASHES[number % 3]);
        let mut series = ChartSeries::new();
        series
            .set_name(sheet.table.columns[*column].heading.as_deref().unwrap_or_default())
            .set_categories((name, rows.0, NAMES, rows.1, NAMES))
            .set_values((name, rows.0, *column as u16, rows.1, *column as u16))
            .set_marker(ChartMarker::new().set_type(ChartMarkerType::Circle).set_size(5))
            .set_format(&mut line);
        native.push_series(&series);
    }
    // A period without a share is a gap, not a zero.
    native.show_empty_cells_as(rust_xlsxwriter::ChartEmptyCells::Gaps);
    Ok(native)
}
