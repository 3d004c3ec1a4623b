//! Rows and cells that are broken, blank, repeated or not cases at all.

use super::*;

const UNREADABLE: [&str; 7] =
    ["i maj", "2024-08", "2024-08-31x", "240102", "45535", "snart 2024-01-01", "2024-08-31 kl 8"];
const FAILED: [&str; 5] = ["#REF!", "#SAKNAS!", "#VALUE!", "#NAMN?", "#DIV/0!"];
const IMPOSSIBLE: [&str; 7] =
    ["2024-02-30", "2023-02-29", "2024-13-01", "2024-00-10", "2024-04-31", "20240231", "31.04.2024"];
const OUT_OF_RANGE: [&str; 4] = ["2101-01-01", "1823-05-05", "3024-01-01", "31.12.2199"];

/// Marks for no day at all.
pub const NOTHING: [&str; 16] = [
    "-",
    "NULL",
    "null",
    "9999-12-31",
    "9999-12-31 00:00:00",
    "1900-01-01",
    "\u{a0}",
    "–",
    "n/a",
    "\\N",
    "NaN",
    "NaT",
    "NA",
    "1900-01-00",
    "0000-00-00",
    "1753-01-01",
];

pub const DAMAGES: &[(&str, Damage)] = &[
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
    ("an error of a formula", |export, rng| {
        let line = any(export, rng);
        let column = one_of(rng, &[START, END]);
        export.reject(line, column, one_of(rng, &FAILED), "formula-in-date");
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
        export.lines[line].fate = Fate::Rejected;
        export.faults.push((line, "too-many-cells", None));
    }),
    ("quote that is never closed", |export, rng| {
        let line = any(export, rng);
        let mut cells: Vec<String> =
            export.lines[line].cells.iter().map(|cell| export.written(cell)).collect();
        let column = export.column(NOTE);
        cells[column] = "\"öppen".into();
        // No later cell of the file may begin with a quote, or that quote would close it.
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
];
