//! Tables: typed cells under columns that have a key for machines and a heading for people.
//!
//! Terminal, CSV, JSON, pages, Word, PDF, workbooks and the data of charts all come from here. A view decides what stands
//! in a table; this module knows no statistics, and no format but CSV and JSON.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::analysis::{Interval, Told, exact, rounded};
use crate::date::Day;
use crate::moment::Moment;
use crate::period::Period;
use crate::project::CsvStyle;
use crate::rulebook::Clock;
use crate::text::Texts;
use crate::text::definitions::validity;
use crate::values::printable;

/// A value with its type.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Any text.
    Text(String),
    /// One of several words: an id for machines, a name for people.
    Word(String, String),
    /// A number of cases, rows or the like.
    Count(u64),
    /// A whole number that can be below zero.
    Whole(i32),
    /// Days or hours from the due date, above zero after it; people see the sign.
    Margin(i32),
    /// A number that need not be whole.
    Number(f64),
    /// A share, 0–1.
    Share(f64),
    /// A share 0–1 that an earlier report printed: whole where that was.
    Printed(f64),
    /// A share of counts: a part and its whole.
    Ratio(u64, u64),
    /// Counts that people see in place of a share, because it would say too much.
    OutOf(u64, u64),
    /// A difference of shares: 0.01 is one percentage point.
    Points(f64),
    /// An interval of shares.
    Interval(Interval),
    /// An interval of counts, both ends included.
    Counts(u64, u64),
    /// A day.
    Day(Day),
    /// The first and the last of some days, both included; open where there is none.
    Days(Option<Day>, Option<Day>),
    /// A moment.
    Moment(Moment),
    /// A period, and whether it has ended.
    Period(Period, bool),
    /// A month of any year, from 1.
    Month(u32),
    /// A duration: months, weeks, days or hours.
    Clock(Clock),
    /// Yes or no.
    Flag(bool),
    /// A value with a remark for people.
    Noted(Box<Cell>, String),
    /// A value that the published edition hides.
    Hidden,
    /// Not known yet.
    TooEarly,
    /// Not to be known: cases are missing from the export.
    Incomplete,
    /// There is no value.
    Unknown,
}

impl Cell {
    /// Any text.
    pub fn text(text: impl Into<String>) -> Cell {
        Cell::Text(text.into())
    }

    /// A word by its id, with a name for people.
    pub fn word(id: impl Into<String>, name: impl Into<String>) -> Cell {
        Cell::Word(id.into(), name.into())
    }

    /// A value, or that there is none.
    pub fn or_unknown<T>(value: Option<T>, cell: impl Fn(T) -> Cell) -> Cell {
        value.map_or(Cell::Unknown, cell)
    }

    /// What stands where a share is asked for.
    pub fn told(told: Told, texts: &Texts) -> Cell {
        match told {
            Told::Ratio(part, whole) => Cell::Ratio(part, whole),
            Told::Printed(share) => Cell::Printed(share),
            Told::OutOf(part, whole, false) => Cell::OutOf(part, whole),
            Told::OutOf(part, whole, true) => Cell::OutOf(part, whole).noted(texts.get("table.incomplete")),
            Told::Hidden => Cell::Hidden,
            Told::TooEarly => Cell::TooEarly,
            Told::Incomplete => Cell::Incomplete,
            Told::Nothing => Cell::Unknown,
        }
    }

    /// With a remark for people.
    pub fn noted(self, note: impl Into<String>) -> Cell {
        Cell::Noted(Box::new(self), note.into())
    }

    /// As people read it.
    pub fn shown(&self, texts: &Texts) -> String {
        match self {
            Cell::Text(text) | Cell::Word(_, text) => text.clone(),
            Cell::Count(count) => texts.count(*count),
            Cell::Whole(number) => texts.whole(*number),
            Cell::Margin(margin) => texts.signed(*margin),
            Cell::Number(number) => texts.rounded(*number),
            Cell::Share(share) => texts.share(*share),
            Cell::Printed(share) => texts.printed(*share),
            Cell::Ratio(part, whole) => texts.ratio(*part, *whole),
            Cell::OutOf(part, whole) => texts.counts(*part, *whole),
            Cell::Points(difference) => texts.points_short(*difference),
            Cell::Interval(interval) => texts.interval(Some(*interval)),
            Cell::Counts(low, high) => texts.count_interval((*low, *high)),
            Cell::Day(day) => day.to_string(),
            Cell::Days(first, last) => validity(*first, *last, texts),
            Cell::Moment(moment) => moment.to_rfc3339(),
            Cell::Period(period, has_ended) => texts.period_so_far(*period, *has_ended),
            Cell::Month(month) => texts.get(&format!("month.{month}")).to_owned(),
            Cell::Clock(clock) => texts.clock(*clock),
            Cell::Flag(flag) => texts.get(if *flag { "table.yes" } else { "table.no" }).to_owned(),
            Cell::Noted(cell, note) => format!("{} ({note})", cell.shown(texts)),
            Cell::Hidden => texts.get("table.hidden").to_owned(),
            Cell::TooEarly => texts.get("table.too-early").to_owned(),
            Cell::Incomplete => texts.get("table.incomplete").to_owned(),
            Cell::Unknown => texts.get("table.none").to_owned(),
        }
    }

    /// As machines read it: ids, ISO dates and numbers; percentage points in place of differences of shares. Nothing
    /// where there is no value. What has two ends is split first.
    pub fn plain(&self) -> Value {
        match self {
            Cell::Text(text) | Cell::Word(text, _) => text.as_str().into(),
            Cell::Count(count) => (*count).into(),
            Cell::Whole(number) | Cell::Margin(number) => (*number).into(),
            Cell::Month(month) => (*month).into(),
            Cell::Number(number) | Cell::Share(number) | Cell::Printed(number) => exact(*number).into(),
            Cell::Ratio(..) => self.number().into(),
            Cell::Points(difference) => exact(difference * 100.0).into(),
            Cell::Day(day) => day.to_string().into(),
            Cell::Moment(moment) => moment.to_rfc3339().into(),
            Cell::Period(period, _) => period.to_string().into(),
            Cell::Clock(clock) => clock.to_string().into(),
            Cell::Flag(flag) => (*flag).into(),
            Cell::Noted(cell, _) => cell.plain(),
            Cell::OutOf(..) | Cell::Interval(_) | Cell::Counts(..) | Cell::Days(..) => Value::Null,
            Cell::Hidden | Cell::TooEarly | Cell::Incomplete | Cell::Unknown => Value::Null,
        }
    }

    /// Whether it is read as text and not compared as a number; `None` where there is no value.
    fn is_text(&self) -> Option<bool> {
        match self {
            Cell::Text(text) if text.is_empty() => None,
            Cell::Hidden | Cell::TooEarly | Cell::Incomplete | Cell::Unknown => None,
            Cell::Noted(cell, _) => cell.is_text(),
            Cell::Text(_) | Cell::Word(..) | Cell::Flag(_) | Cell::Period(..) | Cell::Days(..) => Some(true),
            _ => Some(false),
        }
    }

    /// What rows are sorted by where that is a number: of an interval its lower end, of a time its place in time.
    fn number(&self) -> Option<f64> {
        Some(match self {
            Cell::Count(count) | Cell::Counts(count, _) => *count as f64,
            Cell::Whole(number) | Cell::Margin(number) => f64::from(*number),
            Cell::Month(month) => f64::from(*month),
            Cell::Number(number) | Cell::Share(number) | Cell::Printed(number) | Cell::Points(number) => {
                exact(*number)
            }
            Cell::Interval(interval) => exact(interval.low),
            Cell::Ratio(_, 0) | Cell::OutOf(_, 0) => return None,
            Cell::Ratio(part, whole) | Cell::OutOf(part, whole) => exact(*part as f64 / *whole as f64),
            Cell::Period(period, _) => f64::from(period.first_day().0),
            Cell::Noted(cell, _) => return cell.number(),
            _ => return None,
        })
    }

    /// What rows are sorted by, as a number; empty where there is no value. `None` where that is the text shown.
    pub fn sort_value(&self) -> Option<String> {
        /// Decimals.
        const SORTED_TO: i32 = 6;
        match self {
            Cell::Noted(cell, _) => cell.sort_value(),
            Cell::Text(_) | Cell::Word(..) | Cell::Day(_) | Cell::Days(..) | Cell::Moment(_) => None,
            Cell::Clock(_) | Cell::Flag(_) => None,
            _ => Some(self.number().map_or(String::new(), |number| rounded(number, SORTED_TO).to_string())),
        }
    }

    /// A cell for each of some columns: both ends of what has two, else the same in each.
    fn split(&self, columns: usize) -> Vec<Cell> {
        let day = |day: &Option<Day>| Cell::or_unknown(*day, Cell::Day);
        match self {
            _ if columns < 2 => vec![self.clone()],
            Cell::Interval(interval) => vec![Cell::Share(interval.low), Cell::Share(interval.high)],
            Cell::Counts(low, high) | Cell::OutOf(low, high) => vec![Cell::Count(*low), Cell::Count(*high)],
            Cell::Days(first, last) => vec![day(first), day(last)],
            _ => vec![self.clone(); columns],
        }
    }
}

/// A column. Its key says what it holds and, where that is not a count, a share 0–1 or a time, in which unit:
/// `change-points`, `days-left`.
#[derive(Debug, Clone)]
pub struct Column {
    /// Its name in English, with hyphens; machines see underscores.
    pub key: Cow<'static, str>,
    /// Its heading for people, who do not see a column without one.
    pub heading: Option<String>,
}

/// The keys of the columns that machines see of a column.
fn parts(key: &str) -> &[&'static str] {
    match key {
        "interval" => &["ci-low", "ci-high"],
        "limits" => &["lower", "upper"],
        "interval90" => &["low", "high"],
        "held" => &["inside", "trials"],
        "valid" => &["valid-from", "valid-to"],
        _ => &[],
    }
}

/// The name of the report's files.
pub const REPORT: &str = "report";
/// The name of the files of the follow-up of risks.
pub const RISKS: &str = "risks";

/// What a link leads to: a document of the report folder, or a place in one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Target {
    /// The document's name.
    pub document: String,
    /// The id of a section, table, row, figure or term in it; empty for the document as a whole.
    pub id: String,
}

impl Target {
    /// A document as a whole.
    pub fn document(name: impl Into<String>) -> Target {
        Target { document: name.into(), id: String::new() }
    }

    /// A place in the report.
    pub fn in_report(id: impl Into<String>) -> Target {
        Target { document: REPORT.into(), id: id.into() }
    }

    /// A place in the follow-up of risks.
    pub fn in_risks(id: impl Into<String>) -> Target {
        Target { document: RISKS.into(), id: id.into() }
    }

    /// The section of a control in the report.
    pub fn control(id: &str) -> Target {
        Target::in_report(format!("rule_{id}"))
    }
}

/// A row; the first cell that people see names it.
#[derive(Debug, Clone, Default)]
pub struct Row {
    /// A cell a column.
    pub cells: Vec<Cell>,
    /// Where its first cell leads.
    pub to: Option<Target>,
    /// The id by which something leads to it.
    pub id: Option<String>,
}

/// Rows under columns.
#[derive(Debug, Clone, Default)]
pub struct Table {
    /// What kind of table it is, for machines: `comparison`.
    pub name: &'static str,
    /// Unique in a document.
    pub id: String,
    /// What it shows.
    pub caption: String,
    /// In order.
    pub columns: Vec<Column>,
    /// How many of the first columns that people see are text whatever their cells; see [`Table::texts`].
    pub text_columns: usize,
    /// In order.
    pub rows: Vec<Row>,
    /// The first cells of every row: what the whole table is of.
    pub first: Vec<Cell>,
}

impl Table {
    /// A table without columns, all of whose columns are text.
    pub fn new(name: &'static str, caption: impl Into<String>) -> Table {
        Table { name, id: name.into(), caption: caption.into(), text_columns: usize::MAX, ..Table::default() }
    }

    /// For machines alone, with keys separated by commas.
    pub fn of_keys(keys: &str) -> Table {
        let columns = keys.split(',').map(|key| Column { key: key.to_owned().into(), heading: None });
        Table { columns: columns.collect(), ..Table::default() }
    }

    /// With an id of its own.
    pub fn with_id(self, id: impl Into<String>) -> Table {
        Table { id: id.into(), ..self }
    }

    /// With so many columns of text before those of numbers.
    pub fn text_columns(self, text_columns: usize) -> Table {
        Table { text_columns, ..self }
    }

    /// With columns that are headed by the texts `table.{key}`.
    pub fn columns(self, keys: &[&'static str], texts: &Texts) -> Table {
        keys.iter().fold(self, |table, key| table.column(*key, texts.get(&format!("table.{key}"))))
    }

    /// With a column headed in its own way.
    pub fn column(mut self, key: impl Into<Cow<'static, str>>, heading: impl Into<String>) -> Table {
        self.columns.push(Column { key: key.into(), heading: Some(heading.into()) });
        self
    }

    /// With columns for machines and workbooks alone.
    pub fn machine(mut self, keys: &[&'static str]) -> Table {
        self.columns.extend(keys.iter().map(|key| Column { key: (*key).into(), heading: None }));
        self
    }

    /// With columns that people do not see, when that holds.
    pub fn hide_if(mut self, hides: bool, keys: &[&str]) -> Table {
        let hidden = self.columns.iter_mut().filter(|column| hides && keys.contains(&&*column.key));
        hidden.for_each(|column| column.heading = None);
        self
    }

    /// With a heading for a column that otherwise machines alone see.
    pub fn show(mut self, key: &str, texts: &Texts) -> Table {
        let column = self.columns.iter_mut().find(|column| column.key == key);
        column.expect("a column of the table").heading = Some(texts.get(&format!("table.{key}")).to_owned());
        self
    }

    /// Adds a row behind its first cells.
    pub fn push(&mut self, cells: Vec<Cell>) {
        let cells = [self.first.clone(), cells].concat();
        self.rows.push(Row { cells, ..Row::default() });
    }

    /// The table, unless it is empty.
    pub fn if_any(self) -> Option<Table> {
        (!self.rows.is_empty()).then_some(self)
    }

    /// The headings that people see.
    pub fn headings(&self) -> impl Iterator<Item = &String> {
        self.columns.iter().filter_map(|column| column.heading.as_ref())
    }

    /// The cells of a row that people see.
    pub fn cells<'t>(&'t self, row: &'t Row) -> impl Iterator<Item = &'t Cell> {
        let cells = self.columns.iter().zip(&row.cells);
        cells.filter_map(|(column, cell)| column.heading.is_some().then_some(cell))
    }

    /// Which columns that people see are text, set from the left as their headings are; numbers stand at the right. A
    /// column is text where it is one of the first, or where none of its cells is a number.
    pub fn texts(&self) -> Vec<bool> {
        let seen = self.columns.iter().enumerate().filter(|(_, column)| column.heading.is_some());
        let is_text = |place: usize| {
            let cells = self.rows.iter().filter_map(|row| row.cells.get(place)).filter_map(Cell::is_text);
            cells.reduce(|all, next| all && next).unwrap_or(false)
        };
        let texts = seen.enumerate().map(|(number, (place, _))| number < self.text_columns || is_text(place));
        texts.collect()
    }

    /// A cell by the key of its column, as people read it.
    pub fn shown(&self, row: &Row, key: &str, texts: &Texts) -> String {
        let place = self.columns.iter().position(|column| column.key == key);
        let cell = place.and_then(|place| row.cells.get(place));
        cell.map_or(String::new(), |cell| cell.shown(texts))
    }

    /// Of a row the cells of some columns, as workbooks and machines see them: a column for each end of an interval.
    pub fn split(&self) -> (Vec<Cow<'static, str>>, impl Iterator<Item = Vec<Cell>>) {
        let parts_of = |column: &Column| match parts(&column.key) {
            [] => vec![column.key.clone()],
            parts => parts.iter().map(|part| Cow::from(*part)).collect(),
        };
        let parts: Vec<Vec<Cow<'static, str>>> = self.columns.iter().map(parts_of).collect();
        let lengths: Vec<usize> = parts.iter().map(Vec::len).collect();
        let rows = self.rows.iter().map(move |row| {
            row.cells.iter().zip(&lengths).flat_map(|(cell, length)| cell.split(*length)).collect()
        });
        (parts.into_iter().flatten().collect(), rows)
    }

    /// Its kind, as machines see it.
    fn kind(&self) -> String {
        self.name.replace('-', "_")
    }

    /// The keys and rows for machines.
    fn plain(&self) -> (Vec<String>, impl Iterator<Item = Vec<Value>>) {
        let (keys, rows) = self.split();
        let keys = keys.iter().map(|key| key.replace('-', "_")).collect();
        (keys, rows.map(|cells| cells.iter().map(Cell::plain).collect()))
    }
}

/// Tables as one CSV, without the mark that a file in the style begins with. Of tables of several kinds each row begins with
/// its kind, and is empty in the columns that it has not.
pub fn csv(tables: &[Table], style: CsvStyle) -> Vec<u8> {
    let mut keys: Vec<String> = Vec::new();
    if tables.iter().any(|table| table.name != tables[0].name) {
        keys.push("table".into());
    }
    for key in tables.iter().flat_map(|table| table.plain().0) {
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    let mut writer = csv::WriterBuilder::new().delimiter(style.separator()).from_writer(Vec::new());
    let in_memory = "writing into memory does not fail";
    writer.write_record(&keys).expect(in_memory);
    for table in tables {
        let (own, rows) = table.plain();
        for values in rows {
            let mut row: BTreeMap<&str, Value> = own.iter().map(String::as_str).zip(values).collect();
            row.entry("table").or_insert_with(|| table.kind().into());
            let fields = keys
                .iter()
                .map(|key| row.get(key.as_str()).map_or(String::new(), |value| field(value, style)));
            writer.write_record(fields).expect(in_memory);
        }
    }
    writer.into_inner().expect(in_memory)
}

/// A value as a field of CSV.
fn field(value: &Value, style: CsvStyle) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => harmless(text).into_owned(),
        // 1 is written as such, not as 1.0.
        Value::Number(number) if number.is_f64() => {
            style.number(&number.as_f64().unwrap_or_default().to_string())
        }
        other => other.to_string(),
    }
}

/// Tables as JSON: by kind, the rows of all tables of it as objects.
pub fn json(tables: &[Table]) -> Vec<u8> {
    let mut kinds: Vec<(String, Vec<Object<Value>>)> = Vec::new();
    for table in tables {
        let (keys, rows) = table.plain();
        let rows = rows.map(|values| Object(keys.iter().cloned().zip(values).collect()));
        match kinds.iter_mut().find(|(kind, _)| *kind == table.kind()) {
            Some((_, known)) => known.extend(rows),
            None => kinds.push((table.kind(), rows.collect())),
        }
    }
    let mut bytes = serde_json::to_vec_pretty(&Object(kinds)).expect("tables are JSON");
    bytes.push(b'\n');
    bytes
}

/// An object whose members keep their order.
struct Object<T>(Vec<(String, T)>);

impl<T: Serialize> Serialize for Object<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, value)| (key, value)))
    }
}

/// A text from an export as a CSV cell: one that a spreadsheet would take for a formula is disarmed
/// (OWASP, CSV injection).
pub fn harmless(text: &str) -> Cow<'_, str> {
    let dangerous = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];
    // A spreadsheet set to semicolons takes what stands behind one for a cell of its own.
    let begins_formula = |cell: &str| {
        cell.trim_start_matches(|letter: char| {
            letter.is_whitespace() || matches!(letter, '"' | '\'' | '\u{feff}' | '\u{200b}')
        })
        .starts_with(dangerous)
    };
    let printed = printable(text);
    if printed.contains(';') && printed.split(';').any(begins_formula) {
        let disarmed: Vec<String> =
            printed
                .split(';')
                .map(|cell| {
                    if begins_formula(cell) { format!("'{}", cell.replace('"', "")) } else { cell.to_owned() }
                })
                .collect();
        return disarmed.join(";").into();
    }
    if begins_formula(&printed) { format!("'{printed}").into() } else { printed }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Language;

    fn shown(cell: &Cell) -> String {
        cell.shown(Texts::of(Language::Sv)).replace('\u{a0}', " ")
    }

    #[test]
    fn a_cell_is_one_value_for_people_and_for_machines() {
        let interval = Interval { low: 0.295, high: 0.399 };
        let period = Period::parse("2024-T2").expect("a period");
        for (cell, for_people, plain, sort) in [
            (Cell::Ratio(110, 319), "34,5 %", serde_json::json!(0.344827586207), Some("0.344828")),
            (Cell::Ratio(0, 0), "–", Value::Null, Some("")),
            (Cell::OutOf(3, 4), "3 av 4", Value::Null, Some("0.75")),
            (Cell::Points(-0.0302), "−3,0 pe", serde_json::json!(-3.02), Some("-0.0302")),
            (Cell::Interval(interval), "29,5–39,9 %", Value::Null, Some("0.295")),
            (Cell::Whole(-61), "−61", serde_json::json!(-61), Some("-61")),
            (Cell::Margin(12), "+12", serde_json::json!(12), Some("12")),
            (Cell::Period(period, true), "T2 2024", serde_json::json!("2024-T2"), Some("19844")),
            (Cell::Clock(Clock::Months(4)), "4 månader", serde_json::json!("4 months"), None),
            (Cell::word("eve", "afton").noted("2 §"), "afton (2 §)", serde_json::json!("eve"), None),
            (Cell::Flag(true), "ja", serde_json::json!(true), None),
            (Cell::Hidden, "döljs", Value::Null, Some("")),
        ] {
            let found = (shown(&cell), cell.plain(), cell.sort_value());
            assert_eq!(found, (for_people.to_owned(), plain, sort.map(str::to_owned)), "{cell:?}");
        }
    }

    #[test]
    fn tables_of_several_kinds_are_one_csv_and_one_object() {
        let texts = Texts::of(Language::Sv);
        let mut first = Table::new("first", "").columns(&["control", "interval"], texts);
        first.push(vec![Cell::text("=1+1"), Cell::Interval(Interval { low: 0.5, high: 1.0 })]);
        first.push(vec![Cell::text("b"), Cell::Unknown]);
        let mut second = Table::new("by-month", "").columns(&["control", "count"], texts);
        second.push(vec![Cell::text("c"), Cell::Count(1_218)]);
        let tables = [first, second];
        let written = |style| String::from_utf8(csv(&tables, style)).expect("UTF-8");
        assert_eq!(
            written(CsvStyle::Standard),
            "table,control,ci_low,ci_high,count\nfirst,'=1+1,0.5,1,\nfirst,b,,,\nby_month,c,,,1218\n"
        );
        assert!(written(CsvStyle::ExcelSv).contains("first;'=1+1;0,5;1;\n"));
        let object: Value = serde_json::from_slice(&json(&tables)).expect("JSON");
        let wanted = serde_json::json!({
            "first": [
                { "control": "=1+1", "ci_low": 0.5, "ci_high": 1.0 },
                { "control": "b", "ci_low": null, "ci_high": null },
            ],
            "by_month": [{ "control": "c", "count": 1218 }],
        });
        assert_eq!(object, wanted);
    }

    #[test]
    fn people_see_the_columns_that_have_headings() {
        let texts = Texts::of(Language::Sv);
        let mut table = Table::new("t", "").machine(&["control"]).columns(&["period", "cases"], texts);
        table.push(vec![Cell::text("a"), Cell::Month(5), Cell::Count(1)]);
        let table = table.hide_if(true, &["cases"]);
        assert_eq!(table.headings().collect::<Vec<_>>(), ["Period"]);
        assert_eq!(table.cells(&table.rows[0]).map(shown).collect::<Vec<_>>(), ["maj"]);
        assert_eq!(table.shown(&table.rows[0], "cases", texts), "1");
    }
}
