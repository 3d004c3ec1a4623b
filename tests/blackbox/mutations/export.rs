//! An export to be damaged, and its expected result.

use rand::seq::SliceRandom;

use super::*;
use crate::workbook::{Cell, Sheet, workbook_of};

/// What becomes of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// Not a row: blank, a title, the headings.
    None,
    Counted,
    Open,
    Excluded,
    Rejected,
}

#[derive(Debug, Clone)]
pub struct Line {
    pub fate: Fate,
    /// In the order of the file's columns.
    pub cells: Vec<String>,
    /// The case as it must be read: number, unit, start and end.
    pub case: Option<[String; 4]>,
    /// In place of the cells.
    pub raw: Option<String>,
}

impl Line {
    pub fn raw(text: impl Into<String>, fate: Fate) -> Line {
        Line { fate, cells: Vec::new(), case: None, raw: Some(text.into()) }
    }
}

/// An export, and its expected result.
#[derive(Clone)]
pub struct Export {
    pub columns: Vec<&'static str>,
    pub separator: char,
    pub line_end: &'static str,
    pub encoding: &'static str,
    pub lines: Vec<Line>,
    /// Line, code and column of every fault.
    pub faults: Vec<(usize, &'static str, Option<&'static str>)>,
    /// The code of the error that refuses the file.
    pub error: Option<&'static str>,
    /// Bytes to cut off at the end, before encoding.
    pub cut: usize,
    /// The merged regions, if it is a workbook; the exports beside it are further sheets.
    pub workbook: Option<Vec<String>>,
    /// Further exports of the run.
    pub beside: Vec<Export>,
    /// The control it is for.
    pub control: &'static str,
    /// The settings of the source; empty without a project file.
    pub settings: String,
    /// A rulebook of the project.
    pub rulebook: &'static str,
}

impl Export {
    pub fn good(rng: &mut ChaCha8Rng) -> Export {
        let mut columns = HEADINGS.to_vec();
        columns.shuffle(rng);
        let mut export = Export {
            columns,
            separator: *[';', ',', '\t', '|'].choose(rng).expect("one"),
            line_end: ["\n", "\r\n"].choose(rng).expect("one"),
            encoding: ["utf-8", "utf-8-mark", "windows-1252", "utf-16le"].choose(rng).expect("one"),
            lines: Vec::new(),
            faults: Vec::new(),
            error: None,
            cut: 0,
            workbook: None,
            beside: Vec::new(),
            control: "child-investigation",
            settings: String::new(),
            rulebook: "",
        };
        let headings = export.columns.iter().map(|heading| (*heading).to_owned()).collect();
        export.lines.push(Line { fate: Fate::None, cells: headings, case: None, raw: None });
        for number in 0..rng.random_range(12..40) {
            let line = export.case(rng, number);
            export.lines.push(line);
        }
        export
    }

    pub fn case(&self, rng: &mut ChaCha8Rng, number: usize) -> Line {
        let start = Day::parse_iso("2022-06-01").expect("a day").plus_days(rng.random_range(0..600));
        let end = (number % 4 != 3).then(|| start.plus_days(rng.random_range(1..180)));
        let day = |day: Option<Day>| day.map_or(String::new(), |day| day.to_string());
        let id = format!("2024-{number:04}");
        let unit = ["Östra", "Väst", "Norr; city", "\"Å\""][number % 4].to_owned();
        let cells = self.columns.iter().map(|heading| match *heading {
            ID => id.clone(),
            START => start.to_string(),
            END => day(end),
            UNIT => unit.clone(),
            NOTE => ["", "två ord", "ett, två; tre|fyra", "5\" rör"][rng.random_range(0..4)].to_owned(),
            PERSON => format!("P{number:06}"),
            _ => String::new(),
        });
        let fate = if end.is_some() { Fate::Counted } else { Fate::Open };
        let cells = cells.collect();
        let ended = end.filter(|end| *end <= Day::parse_iso(AS_OF).expect("a day"));
        Line { fate, cells, case: Some([id, unit, start.to_string(), day(ended)]), raw: None }
    }

    /// Adds a column, with a cell for each line of cases.
    pub fn add_column(&mut self, heading: &'static str, cell: impl Fn(&Line) -> String) {
        self.columns.push(heading);
        self.lines[0].cells.push(heading.to_owned());
        for line in &mut self.lines[1..] {
            let cell = cell(line);
            line.cells.push(cell);
        }
    }

    /// The lines of cases.
    pub fn case_lines(&self) -> Vec<usize> {
        (1..self.lines.len()).filter(|line| self.lines[*line].case.is_some()).collect()
    }

    /// A day of a line, if it has one.
    pub fn day(&self, line: usize, heading: &str) -> Option<Day> {
        Day::parse_iso(self.get(line, heading))
    }

    pub fn column(&self, heading: &str) -> usize {
        self.columns.iter().position(|known| *known == heading).expect("a column")
    }

    pub fn set(&mut self, line: usize, heading: &str, value: impl Into<String>) {
        let (column, value) = (self.column(heading), value.into());
        if let Some(case) = &mut self.lines[line].case {
            let as_of = Day::parse_iso(AS_OF).expect("a day");
            match heading {
                ID => case[0] = value.replace('\u{E000}', "\u{FFFD}"),
                UNIT => case[1] = value.clone(),
                START => case[2] = value.clone(),
                // A mark for an empty cell, or a day after the as-of date, is an open case.
                END => {
                    let day = Day::parse_iso(&value).filter(|day| *day <= as_of);
                    case[3] = day.map_or(String::new(), |day| day.to_string());
                }
                _ => {}
            }
        }
        self.lines[line].cells[column] = value;
    }

    /// Writes a cell in another way with the same meaning.
    pub fn write(&mut self, line: usize, heading: &str, value: impl Into<String>) {
        let column = self.column(heading);
        self.lines[line].cells[column] = value.into();
    }

    /// The cases that count, as they must be read.
    pub fn cases(&self) -> Vec<[String; 4]> {
        let judged = self.lines.iter().filter(|line| matches!(line.fate, Fate::Counted | Fate::Open));
        let mut cases: Vec<[String; 4]> = judged.filter_map(|line| line.case.clone()).collect();
        cases.sort();
        cases
    }

    pub fn get(&self, line: usize, heading: &str) -> &str {
        &self.lines[line].cells[self.column(heading)]
    }

    /// Sets a faulty cell, and rejects the row.
    pub fn reject(&mut self, line: usize, heading: &'static str, value: &str, code: &'static str) {
        self.set(line, heading, value);
        self.lines[line].fate = Fate::Rejected;
        self.faults.push((line, code, Some(heading)));
    }

    /// A cell as a file writes it.
    pub fn written(&self, cell: &str) -> String {
        if cell.contains([self.separator, '\n']) || cell.starts_with('"') {
            format!("\"{}\"", cell.replace('"', "\"\""))
        } else {
            cell.to_owned()
        }
    }

    pub fn text_of(&self, line: &Line) -> String {
        match &line.raw {
            Some(raw) => raw.clone(),
            None => {
                let cells: Vec<String> = line.cells.iter().map(|cell| self.written(cell)).collect();
                cells.join(&self.separator.to_string())
            }
        }
    }

    /// The file's text, and the number of each line's first line in an editor.
    pub fn text(&self) -> (String, Vec<u64>) {
        let (mut text, mut numbers, mut number) = (String::new(), Vec::new(), 1);
        for line in &self.lines {
            numbers.push(number);
            let content = self.text_of(line);
            number += 1 + content.matches('\n').count() as u64;
            text.push_str(&content);
            text.push_str(self.line_end);
        }
        text.truncate(text.len() - self.cut);
        (text, numbers)
    }

    /// The cells as a sheet.
    pub fn sheet(&self, name: &'static str) -> Sheet<'static> {
        let cell = |text: &String| match (text.strip_prefix(TYPED), text.is_empty()) {
            (Some(days), _) => Cell::Moment(days.parse().expect("days")),
            (None, true) => Cell::Blank,
            (None, false) => Cell::text(text),
        };
        let rows: Vec<Vec<Cell>> =
            self.lines.iter().map(|line| line.cells.iter().map(cell).collect()).collect();
        let regions = self.workbook.iter().flatten();
        regions.fold(Sheet::of_cells(name, &rows), |sheet, region| sheet.merge(region))
    }

    /// The files of the run, by name.
    pub fn files(&self) -> Vec<(&'static str, Vec<u8>)> {
        if self.workbook.is_some() {
            let sheets = std::iter::once(self).chain(&self.beside).zip(["Blad 1", "Blad 2"]);
            let sheets: Vec<Sheet<'_>> = sheets.map(|(export, name)| export.sheet(name)).collect();
            return vec![("a.xlsx", workbook_of(&sheets))];
        }
        let exports = std::iter::once(self).chain(&self.beside).zip(["a.csv", "b.csv"]);
        exports.map(|(export, name)| (name, export.bytes(&export.text().0))).collect()
    }

    /// The project file, if there is one.
    pub fn project(&self) -> Option<String> {
        let rulebook = if self.rulebook.is_empty() { "" } else { "rulebook = \"rulebook.toml\"\n" };
        let source =
            format!("[[source]]\ncontrol = \"{}\"\nfiles = [\"[ab].*\"]\n{}\n", self.control, self.settings);
        (!self.settings.is_empty()).then(|| format!("{rulebook}{source}"))
    }

    pub fn bytes(&self, text: &str) -> Vec<u8> {
        // U+E000 is a placeholder for a byte that is not UTF-8.
        match self.encoding {
            "utf-8-mark" => [b"\xEF\xBB\xBF", &self.broken(text)[..]].concat(),
            "windows-1252" => encoding_rs::WINDOWS_1252.encode(text).0.into_owned(),
            "macintosh" => encoding_rs::MACINTOSH.encode(text).0.into_owned(),
            "utf-8-twice" => {
                encoding_rs::WINDOWS_1252.decode_without_bom_handling(text.as_bytes()).0.as_bytes().to_vec()
            }
            "utf-16le" => {
                let units = text.encode_utf16().flat_map(u16::to_le_bytes);
                [0xFF, 0xFE].into_iter().chain(units).collect()
            }
            _ => self.broken(text),
        }
    }

    pub fn broken(&self, text: &str) -> Vec<u8> {
        let mut bytes = Vec::new();
        for letter in text.chars() {
            match letter {
                '\u{E000}' => bytes.push(0xFF),
                other => bytes.extend_from_slice(other.encode_utf8(&mut [0; 4]).as_bytes()),
            }
        }
        bytes
    }

    pub fn ledger(&self) -> [u64; 4] {
        let fates = [Fate::Counted, Fate::Open, Fate::Excluded, Fate::Rejected];
        fates.map(|fate| self.lines.iter().filter(|line| line.fate == fate).count() as u64)
    }

    /// A line with a case.
    pub fn some_case(&self, rng: &mut ChaCha8Rng, fits: impl Fn(&Line) -> bool) -> usize {
        let fitting: Vec<usize> = (1..self.lines.len()).filter(|line| fits(&self.lines[*line])).collect();
        *fitting.choose(rng).expect("a case that fits")
    }

    /// Inserts a line, and moves the known faults.
    pub fn insert(&mut self, at: usize, line: Line) {
        self.lines.insert(at, line);
        self.faults.iter_mut().filter(|fault| fault.0 >= at).for_each(|fault| fault.0 += 1);
    }

    /// Rewrites every date of a column.
    pub fn rewrite(&mut self, heading: &str, write: impl Fn(Day) -> String) {
        for line in 1..self.lines.len() {
            if let Some(day) = Day::parse_iso(self.get(line, heading)) {
                self.write(line, heading, write(day));
            }
        }
    }
}
