//! Mutations: good exports damaged in every way we know of, each of which must give exactly the expected
//! code, line and column, and a ledger that adds up.
//!
//! What is expected is worked out from the damage alone, not from what the program says. `FRIST_MUTATIONS`
//! sets how many exports are damaged.

use std::fs;

use frist::date::Day;
use frist::ingest::{Input, Ledger};
use frist::judge::Extensions;
use frist::pipeline::{CaseList, CaseOutput, CaseRow, Control, Options, judge_exports, unusable};
use frist::rulebook::Rulebook;
use rand::seq::{IndexedRandom, SliceRandom};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

const AS_OF: &str = "2024-08-31";
/// Damaged exports without `FRIST_MUTATIONS`.
const USUAL: u64 = 600;

const ID: &str = "Ärendenr";
const START: &str = "Utredning inledd";
const END: &str = "Utredning avslutad";
const UNIT: &str = "Enhet";
const NOTE: &str = "Notering";
const PERSON: &str = "Personnummer";
const EXTENDED: &str = "Förlängd till";
const DECIDED: &str = "Beslut om förlängning";
const HEADINGS: [&str; 8] = [ID, START, END, UNIT, NOTE, PERSON, EXTENDED, DECIDED];

/// What becomes of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// Not a row: blank, a title, the headings.
    None,
    Counted,
    Open,
    Excluded,
    Rejected,
}

#[derive(Debug, Clone)]
struct Line {
    fate: Fate,
    /// In the order of the file's columns.
    cells: Vec<String>,
    /// The case as it must be read: number, unit, start and end.
    case: Option<[String; 4]>,
    /// In place of the cells.
    raw: Option<String>,
}

impl Line {
    fn raw(text: impl Into<String>, fate: Fate) -> Line {
        Line { fate, cells: Vec::new(), case: None, raw: Some(text.into()) }
    }
}

/// An export, and what must be said of it.
struct Export {
    columns: Vec<&'static str>,
    separator: char,
    line_end: &'static str,
    encoding: &'static str,
    lines: Vec<Line>,
    /// Line, code and column of every fault.
    faults: Vec<(usize, &'static str, Option<&'static str>)>,
    /// The code of the error that refuses the file.
    error: Option<&'static str>,
    /// Bytes to cut off at the end, before encoding.
    cut: usize,
}

impl Export {
    fn good(rng: &mut ChaCha8Rng) -> Export {
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
        };
        let headings = export.columns.iter().map(|heading| (*heading).to_owned()).collect();
        export.lines.push(Line { fate: Fate::None, cells: headings, case: None, raw: None });
        for number in 0..rng.random_range(12..40) {
            let line = export.case(rng, number);
            export.lines.push(line);
        }
        export
    }

    fn case(&self, rng: &mut ChaCha8Rng, number: usize) -> Line {
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

    fn column(&self, heading: &str) -> usize {
        self.columns.iter().position(|known| *known == heading).expect("a column")
    }

    fn set(&mut self, line: usize, heading: &str, value: impl Into<String>) {
        let (column, value) = (self.column(heading), value.into());
        if let Some(case) = &mut self.lines[line].case {
            let as_of = Day::parse_iso(AS_OF).expect("a day");
            match heading {
                ID => case[0] = value.replace('\u{E000}', "\u{FFFD}"),
                UNIT => case[1] = value.clone(),
                START => case[2] = value.clone(),
                // What stands for nothing, or has not happened, is an open case.
                END => {
                    let day = Day::parse_iso(&value).filter(|day| *day <= as_of);
                    case[3] = day.map_or(String::new(), |day| day.to_string());
                }
                _ => {}
            }
        }
        self.lines[line].cells[column] = value;
    }

    /// Writes a cell in another way that means the same.
    fn write(&mut self, line: usize, heading: &str, value: impl Into<String>) {
        let column = self.column(heading);
        self.lines[line].cells[column] = value.into();
    }

    /// The cases that count, as they must be read.
    fn cases(&self) -> Vec<[String; 4]> {
        let judged = self.lines.iter().filter(|line| matches!(line.fate, Fate::Counted | Fate::Open));
        let mut cases: Vec<[String; 4]> = judged.filter_map(|line| line.case.clone()).collect();
        cases.sort();
        cases
    }

    fn get(&self, line: usize, heading: &str) -> &str {
        &self.lines[line].cells[self.column(heading)]
    }

    /// Sets a cell that is at fault, and rejects the row.
    fn reject(&mut self, line: usize, heading: &'static str, value: &str, code: &'static str) {
        self.set(line, heading, value);
        self.lines[line].fate = Fate::Rejected;
        self.faults.push((line, code, Some(heading)));
    }

    /// A cell as a file writes it.
    fn written(&self, cell: &str) -> String {
        if cell.contains([self.separator, '\n']) || cell.starts_with('"') {
            format!("\"{}\"", cell.replace('"', "\"\""))
        } else {
            cell.to_owned()
        }
    }

    fn text_of(&self, line: &Line) -> String {
        match &line.raw {
            Some(raw) => raw.clone(),
            None => {
                let cells: Vec<String> = line.cells.iter().map(|cell| self.written(cell)).collect();
                cells.join(&self.separator.to_string())
            }
        }
    }

    /// The file's text, and the number of each line's first line as an editor shows it.
    fn text(&self) -> (String, Vec<u64>) {
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

    fn bytes(&self, text: &str) -> Vec<u8> {
        // U+E000 stands for a byte that is no UTF-8.
        match self.encoding {
            "utf-8-mark" => [b"\xEF\xBB\xBF", &self.broken(text)[..]].concat(),
            "windows-1252" => encoding_rs::WINDOWS_1252.encode(text).0.into_owned(),
            "utf-16le" => {
                let units = text.encode_utf16().flat_map(u16::to_le_bytes);
                [0xFF, 0xFE].into_iter().chain(units).collect()
            }
            _ => self.broken(text),
        }
    }

    fn broken(&self, text: &str) -> Vec<u8> {
        let mut bytes = Vec::new();
        for letter in text.chars() {
            match letter {
                '\u{E000}' => bytes.push(0xFF),
                other => bytes.extend_from_slice(other.encode_utf8(&mut [0; 4]).as_bytes()),
            }
        }
        bytes
    }

    fn ledger(&self) -> [u64; 4] {
        let fates = [Fate::Counted, Fate::Open, Fate::Excluded, Fate::Rejected];
        fates.map(|fate| self.lines.iter().filter(|line| line.fate == fate).count() as u64)
    }

    /// A line with a case.
    fn some_case(&self, rng: &mut ChaCha8Rng, fits: impl Fn(&Line) -> bool) -> usize {
        let fitting: Vec<usize> = (1..self.lines.len()).filter(|line| fits(&self.lines[*line])).collect();
        *fitting.choose(rng).expect("a case that fits")
    }

    /// Puts a line in, and moves the faults that are known.
    fn insert(&mut self, at: usize, line: Line) {
        self.lines.insert(at, line);
        self.faults.iter_mut().filter(|fault| fault.0 >= at).for_each(|fault| fault.0 += 1);
    }

    /// Writes every date of a column anew.
    fn rewrite(&mut self, heading: &str, write: impl Fn(Day) -> String) {
        for line in 1..self.lines.len() {
            if let Some(day) = Day::parse_iso(self.get(line, heading)) {
                self.write(line, heading, write(day));
            }
        }
    }
}

/// A kind of damage.
type Damage = fn(&mut Export, &mut ChaCha8Rng);

const UNREADABLE: [&str; 8] =
    ["i maj", "2024-08", "2024-08-31x", "240102", "45535", "snart 2024-01-01", "2024-08-31 kl 8", "#REF!"];
const IMPOSSIBLE: [&str; 7] =
    ["2024-02-30", "2023-02-29", "2024-13-01", "2024-00-10", "2024-04-31", "20240231", "31.04.2024"];
const OUT_OF_RANGE: [&str; 5] = ["1969-12-31", "2101-01-01", "1823-05-05", "3024-01-01", "31.12.2199"];
const NOTHING: [&str; 9] =
    ["-", "NULL", "null", "9999-12-31", "9999-12-31 00:00:00", "1900-01-01", "\u{a0}", "–", "n/a"];

fn any(export: &Export, rng: &mut ChaCha8Rng) -> usize {
    export.some_case(rng, |_| true)
}

fn closed(export: &Export, rng: &mut ChaCha8Rng) -> usize {
    export.some_case(rng, |line| line.fate == Fate::Counted)
}

fn one_of(rng: &mut ChaCha8Rng, texts: &[&'static str]) -> &'static str {
    texts.choose(rng).expect("one")
}

/// The days between 1970-01-01 and the day.
fn serial(day: Day) -> i32 {
    day.0 + 25_569
}

const DAMAGES: &[(&str, Damage)] = &[
    ("no damage", |_, _| ()),
    ("blank start", |export, rng| {
        let line = any(export, rng);
        export.reject(line, START, "", "missing-start");
    }),
    ("start that stands for nothing", |export, rng| {
        let line = any(export, rng);
        export.reject(line, START, one_of(rng, &NOTHING), "missing-start");
    }),
    ("unreadable start", |export, rng| {
        let line = any(export, rng);
        export.reject(line, START, one_of(rng, &UNREADABLE), "unreadable-date");
    }),
    ("unreadable end", |export, rng| {
        let line = any(export, rng);
        export.reject(line, END, one_of(rng, &UNREADABLE), "unreadable-date");
    }),
    ("impossible start", |export, rng| {
        let line = any(export, rng);
        export.reject(line, START, one_of(rng, &IMPOSSIBLE), "impossible-date");
    }),
    ("impossible end", |export, rng| {
        let line = any(export, rng);
        export.reject(line, END, one_of(rng, &IMPOSSIBLE), "impossible-date");
    }),
    ("impossible time", |export, rng| {
        let line = any(export, rng);
        export.reject(line, END, one_of(rng, &["2024-05-01 25:00", "2024-05-01T12:61"]), "impossible-date");
    }),
    ("start outside the calendar", |export, rng| {
        let line = any(export, rng);
        export.reject(line, START, one_of(rng, &OUT_OF_RANGE), "date-out-of-range");
    }),
    ("end outside the calendar", |export, rng| {
        let line = any(export, rng);
        export.reject(line, END, one_of(rng, &OUT_OF_RANGE), "date-out-of-range");
    }),
    ("both dates unreadable", |export, rng| {
        let line = any(export, rng);
        export.reject(line, START, "x", "unreadable-date");
        export.reject(line, END, "y", "unreadable-date");
    }),
    ("date that can be read two ways", |export, rng| {
        let line = any(export, rng);
        export.reject(line, START, one_of(rng, &["03/04/2024", "3-4-2024", "01/02/23"]), "ambiguous-date");
    }),
    ("end before start", |export, rng| {
        let line = closed(export, rng);
        export.reject(line, END, "2022-05-31", "end-before-start");
    }),
    ("start before the law", |export, rng| {
        let line = closed(export, rng);
        export.set(line, END, "2001-06-01");
        export.reject(line, START, "2001-05-01", "not-in-force");
    }),
    ("row broken off", |export, rng| {
        let line = any(export, rng);
        let keep = rng.random_range(1..HEADINGS.len());
        export.lines[line].cells.truncate(keep);
        // A case number alone would otherwise be one of many totals.
        export.lines[line].fate = Fate::Rejected;
        if export.lines[line].cells.iter().all(String::is_empty) {
            export.lines[line].cells[0] = "x".into();
        }
        export.faults.push((line, "too-few-cells", None));
    }),
    ("row too long", |export, rng| {
        let line = any(export, rng);
        export.lines[line].cells.push("extra".into());
        export.lines[line].fate = Fate::Rejected;
        export.faults.push((line, "too-many-cells", None));
    }),
    ("empty cells too many", |export, rng| {
        let line = any(export, rng);
        export.lines[line].cells.extend(["".into(), " ".into()]);
    }),
    ("quote that is never closed", |export, rng| {
        let line = any(export, rng);
        let mut cells: Vec<String> =
            export.lines[line].cells.iter().map(|cell| export.written(cell)).collect();
        let column = export.column(NOTE);
        cells[column] = "\"öppen".into();
        // Behind it no cell of the file may begin with a quote, or that one would close it.
        for other in line + 1..export.lines.len() {
            export.set(other, NOTE, "");
            export.set(other, UNIT, "Väst");
        }
        if column < export.column(UNIT) {
            cells[export.column(UNIT)] = "Väst".into();
        }
        export.lines[line] = Line::raw(cells.join(&export.separator.to_string()), Fate::Rejected);
        export.faults.push((line, "broken-quote", Some(NOTE)));
    }),
    ("text behind a closing quote", |export, rng| {
        let line = any(export, rng);
        let mut cells: Vec<String> =
            export.lines[line].cells.iter().map(|cell| export.written(cell)).collect();
        cells[export.column(NOTE)] = "\"ett\" två".into();
        export.lines[line] = Line::raw(cells.join(&export.separator.to_string()), Fate::Rejected);
        export.faults.push((line, "broken-quote", Some(NOTE)));
    }),
    ("line breaks in a cell", |export, rng| {
        let line = any(export, rng);
        export.set(line, NOTE, "ett\ntvå\n\"tre\"");
        let line = export.lines.len() - 1;
        export.reject(line, START, "x", "unreadable-date");
    }),
    ("row that stands twice", |export, rng| {
        let line = any(export, rng);
        let mut copy = export.lines[line].clone();
        copy.fate = Fate::Excluded;
        let at = rng.random_range(line + 1..=export.lines.len());
        export.insert(at, copy);
        export.faults.push((at, "repeated-row", Some(ID)));
    }),
    ("rows that contradict each other", |export, rng| {
        let line = closed(export, rng);
        let mut copy = export.lines[line].clone();
        let end = Day::parse_iso(export.get(line, END)).expect("a day").plus_days(1).to_string();
        copy.cells[export.column(END)] = end;
        copy.fate = Fate::Rejected;
        export.lines[line].fate = Fate::Rejected;
        let at = rng.random_range(line + 1..=export.lines.len());
        export.insert(at, copy);
        export.faults.extend([(line, "duplicate-case", Some(ID)), (at, "duplicate-case", Some(ID))]);
    }),
    ("headings once more", |export, rng| {
        let mut copy = export.lines[0].clone();
        copy.fate = Fate::Excluded;
        let at = rng.random_range(1..=export.lines.len());
        export.insert(at, copy);
        export.faults.push((at, "repeated-headings", None));
    }),
    ("two files joined, mark and all", |export, rng| {
        if export.encoding == "windows-1252" {
            return;
        }
        let copy = format!("\u{feff}{}", export.text_of(&export.lines[0]));
        let at = rng.random_range(1..=export.lines.len());
        export.insert(at, Line::raw(copy, Fate::Excluded));
        export.faults.push((at, "repeated-headings", None));
    }),
    ("totals", |export, rng| {
        let word = one_of(rng, &["Summa", "Totalt", "SUMMA:", "Delsumma Norr", "Antal ärenden"]);
        let mut cells = vec![String::new(); HEADINGS.len()];
        cells[0] = word.into();
        let at = rng.random_range(2..=export.lines.len());
        export.insert(at, Line { fate: Fate::Excluded, cells, case: None, raw: None });
        export.faults.push((at, "totals-row", None));
    }),
    ("short totals", |export, rng| {
        let at = rng.random_range(2..=export.lines.len());
        export.insert(at, Line::raw(format!("Summa{}17", export.separator), Fate::Excluded));
        export.faults.push((at, "totals-row", None));
    }),
    ("blank lines", |export, rng| {
        let at = rng.random_range(1..=export.lines.len());
        let blank = one_of(rng, &["", "  ", "\t"]);
        export.insert(at, Line::raw(blank, Fate::None));
        let line = export.lines.len() - 1;
        if export.lines[line].raw.is_none() {
            export.reject(line, START, "x", "unreadable-date");
        }
    }),
    ("a line of separators", |export, rng| {
        let at = rng.random_range(1..=export.lines.len());
        export.insert(at, Line::raw(export.separator.to_string().repeat(HEADINGS.len() - 1), Fate::None));
    }),
    ("titles above the headings", |export, rng| {
        let line = any(export, rng);
        export.reject(line, START, "x", "unreadable-date");
        for title in ["Uttag ur systemet 2024-08-31", "", "Alla enheter"] {
            export.insert(0, Line::raw(title, Fate::None));
        }
    }),
    ("a line that names the separator", |export, rng| {
        let line = any(export, rng);
        export.reject(line, START, "x", "unreadable-date");
        export.insert(0, Line::raw(format!("sep={}", export.separator), Fate::None));
    }),
    ("end that stands for nothing", |export, rng| {
        let line = any(export, rng);
        export.set(line, END, one_of(rng, &NOTHING));
        export.lines[line].fate = Fate::Open;
    }),
    ("blanks that cannot be seen", |export, rng| {
        let line = closed(export, rng);
        let end = export.get(line, END).to_owned();
        export.write(line, END, format!("\u{a0}{end} "));
    }),
    ("another clear way to write a date", |export, rng| {
        let line = closed(export, rng);
        let day = Day::parse_iso(export.get(line, END)).expect("a day");
        let (year, month, number) = day.civil();
        let written = match rng.random_range(0..4) {
            0 => format!("{year}{month:02}{number:02}"),
            1 => format!("{number:02}.{month:02}.{year}"),
            2 => format!("{number}/{month} {year}"),
            _ => format!("{day} 13:45:00"),
        };
        export.write(line, END, written);
    }),
    ("zero byte in a unit", |export, rng| {
        let line = any(export, rng);
        export.set(line, UNIT, "No\0rr");
        export.faults.push((line, "broken-character", Some(UNIT)));
    }),
    ("character lost in a unit", |export, rng| {
        if export.encoding != "windows-1252" {
            let line = any(export, rng);
            export.set(line, UNIT, "V\u{fffd}st");
            export.faults.push((line, "broken-character", Some(UNIT)));
        }
    }),
    ("byte that is no UTF-8", |export, rng| {
        if export.encoding.starts_with("utf-8") {
            let line = any(export, rng);
            export.set(line, ID, "2024-\u{E000}");
            export.faults.push((line, "broken-character", Some(ID)));
        }
    }),
    ("file cut off in its last row", |export, _| {
        let last = export.lines.len() - 1;
        export.lines[last] = Line::raw("2024-9999", Fate::Rejected);
        export.cut = export.line_end.len();
        export.faults.push((last, "too-few-cells", None));
    }),
    ("extension that nobody decided", |export, rng| {
        let line = export.some_case(rng, |line| line.fate == Fate::Counted);
        let start = Day::parse_iso(export.get(line, START)).expect("a day");
        export.set(line, EXTENDED, start.plus_days(300).to_string());
        export.faults.push((line, "extension-undecided", Some(DECIDED)));
    }),
    ("extension decided too late", |export, rng| {
        let line = closed(export, rng);
        let start = Day::parse_iso(export.get(line, START)).expect("a day");
        export.set(line, EXTENDED, start.plus_days(300).to_string());
        export.set(line, DECIDED, start.plus_days(200).to_string());
        export.faults.push((line, "extension-decided-late", Some(DECIDED)));
    }),
    ("case that may go on with the last one", |export, rng| {
        let line = closed(export, rng);
        let end = Day::parse_iso(export.get(line, END)).expect("a day");
        let person = export.get(line, PERSON).to_owned();
        let mut next = export.case(rng, 4000);
        next.cells[export.column(PERSON)] = person;
        next.fate = Fate::Open;
        let at = export.lines.len();
        export.insert(at, next);
        export.set(at, START, end.plus_days(rng.random_range(0..=14)).to_string());
        export.set(at, END, "");
        export.faults.push((at, "possible-chain", Some(START)));
    }),
    ("case that begins after the as-of date", |export, rng| {
        let line = any(export, rng);
        export.set(line, START, "2024-09-01");
        export.set(line, END, "");
        export.lines[line].fate = Fate::Excluded;
    }),
    ("case that ends after the as-of date", |export, rng| {
        let line = any(export, rng);
        export.set(line, END, "2024-09-01");
        export.lines[line].fate = Fate::Open;
    }),
    ("a column of six digits", |export, _| {
        export.rewrite(START, |day| day.to_string().replace('-', "").split_off(2));
    }),
    ("a column of serial numbers", |export, _| {
        export.rewrite(END, |day| serial(day).to_string());
    }),
    ("a column with the day first", |export, rng| {
        let line = any(export, rng);
        export.set(line, START, "2022-12-31");
        export.set(line, END, "");
        export.lines[line].fate = Fate::Open;
        export.rewrite(START, |day| {
            let (year, month, number) = day.civil();
            format!("{number:02}/{month:02}/{year}")
        });
    }),
    ("a column that does not tell day from month", |export, _| {
        export.rewrite(START, |day| {
            let (year, month, number) = day.civil();
            format!("{:02}/{month:02}/{year}", number % 12 + 1)
        });
        export.error = Some("ambiguous-dates");
    }),
    ("no headings", |export, _| {
        export.lines.remove(0);
        export.error = Some("unknown-headings");
    }),
    ("a heading that nobody knows", |export, _| {
        let column = export.column(END);
        export.lines[0].cells[column] = "Klar någon gång".into();
        export.error = Some("unknown-headings");
    }),
    ("two columns with one heading", |export, _| {
        let column = export.column(NOTE);
        export.lines[0].cells[column] = END.into();
        export.error = Some("ambiguous-column");
    }),
    ("headings in other spellings", |export, _| {
        for cell in &mut export.lines[0].cells {
            *cell = cell.to_uppercase().replace(' ', "_");
        }
    }),
    ("headings alone", |export, _| {
        export.lines.truncate(1);
        export.error = Some("empty-file");
    }),
    ("nothing at all", |export, _| {
        export.lines.clear();
        export.error = Some("empty-file");
    }),
    ("no row that can be used", |export, _| {
        (1..export.lines.len()).for_each(|line| export.set(line, START, "x"));
        export.error = Some("nothing-usable");
    }),
];

/// Line, code and column of a fault.
type Finding = (u64, String, Option<String>);

/// The ledger, the faults and the cases, or the code of the error.
type Said = Result<([u64; 4], Vec<Finding>, Vec<[String; 4]>), String>;

/// What the program says.
fn said(bytes: &[u8], threads: usize) -> Said {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a.csv");
    fs::write(&path, bytes).expect("a file");
    let code = |error: frist::error::Error| error.code().to_owned();
    let input = Input::open(&path).map_err(code)?;
    let rulebook = Rulebook::builtin();
    let exports = input.exports(&rulebook).map_err(code)?;
    let control = |id: &str| Control {
        rule: rulebook.rule(id).expect("a rule").clone(),
        extensions: Extensions::Honour,
    };
    let controls = [control("child-investigation")];
    let as_of = Day::parse_iso(AS_OF).expect("a day");
    let options = Options { threads, progress: &|_| () };
    let render = |row: &CaseRow<'_>, line: &mut Vec<u8>| {
        let end = row.case.end.filter(|end| *end <= as_of).map_or(String::new(), |end| end.to_string());
        let start = row.case.start.to_string();
        line.extend([row.case_id, &row.group.to_string(), &start, &end].join("\u{1f}").bytes());
        line.push(b'\n');
    };
    let mut list = Vec::new();
    let cases = CaseList { render: &render, header: "", output: CaseOutput::Memory(&mut list) };
    let judged = judge_exports(&exports, &controls, as_of, &options, Some(cases)).map_err(code)?;
    if let Some(error) = unusable(&exports, &judged, as_of).into_iter().next() {
        return Err(code(error));
    }
    let mut ledger = Ledger::default();
    judged.inputs.iter().for_each(|entry| ledger.add(entry.ledger));
    let faults = judged.faults.iter().map(|fault| {
        let heading = fault.column.map(|column| exports[0].headings[column].clone());
        (fault.place.line, fault.code.id().to_owned(), heading)
    });
    let mut faults: Vec<Finding> = faults.collect();
    faults.sort();
    let list = String::from_utf8(list).expect("UTF-8");
    let split = |line: &str| {
        let cells: Vec<String> = line.split('\u{1f}').map(str::to_owned).collect();
        <[String; 4]>::try_from(cells).expect("four cells")
    };
    let mut cases: Vec<[String; 4]> = list.lines().map(split).collect();
    cases.sort();
    Ok(([ledger.counted, ledger.open, ledger.excluded(), ledger.rejected], faults, cases))
}

/// What is wrong with what the program says of one damaged export.
fn check(seed: u64) -> Option<String> {
    let (name, damage) = DAMAGES[seed as usize % DAMAGES.len()];
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut export = Export::good(&mut rng);
    damage(&mut export, &mut rng);
    let (text, numbers) = export.text();
    let said = said(&export.bytes(&text), 1 + seed as usize % 3);
    let mut wanted: Vec<Finding> = export
        .faults
        .iter()
        .map(|(line, code, heading)| (numbers[*line], (*code).to_owned(), heading.map(str::to_owned)))
        .collect();
    wanted.sort();
    let wanted = match export.error {
        Some(error) => Err(error.to_owned()),
        None => Ok((export.ledger(), wanted, export.cases())),
    };
    let context = || format!("seed {seed}, {name}, {}, {:?}", export.encoding, export.separator);
    (said != wanted).then(|| format!("{}\n  said   {said:?}\n  wanted {wanted:?}\n{text}", context()))
}

#[test]
fn every_damage_is_named_and_placed_and_no_row_is_lost() {
    let many = std::env::var("FRIST_MUTATIONS").ok().map(|text| text.parse().expect("a number"));
    let all = many.unwrap_or(USUAL);
    assert!(DAMAGES.len() >= 30 && all >= DAMAGES.len() as u64);
    let part = |part: u64| (part..all).step_by(2).filter_map(check).collect::<Vec<String>>();
    let wrong = std::thread::scope(|scope| {
        let other = scope.spawn(|| part(1));
        let mut wrong = part(0);
        wrong.extend(other.join().expect("checking does not panic"));
        wrong
    });
    assert!(
        wrong.is_empty(),
        "{} of {all} are wrong, the first:\n{}",
        wrong.len(),
        wrong[..wrong.len().min(4)].join("\n")
    );
}
