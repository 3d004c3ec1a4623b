//! Whole columns and files: date formats throughout, headings, encodings, extensions and chains.

use super::rows::NOTHING;
use super::*;

/// Words for an open case.
const GOES_ON: [&str; 9] = [
    "pågår",
    "Pågår",
    "ej avslutad",
    "Ej avslutad",
    "PÅGÅR",
    "pågående",
    "Ännu ej avslutad",
    "löpande",
    "[null]",
];

pub const DAMAGES: &[(&str, Damage)] = &[
    ("end that stands for nothing", |export, rng| {
        let line = any(export, rng);
        export.set(line, END, one_of(rng, &NOTHING));
        export.lines[line].fate = Fate::Open;
    }),
    ("a word for a case that goes on", |export, rng| {
        let line = any(export, rng);
        export.set(line, END, one_of(rng, &GOES_ON));
        export.lines[line].fate = Fate::Open;
    }),
    ("a word of the project's own for a case that goes on", |export, rng| {
        export.settings = "empty = [\"väntar på svar\"]".into();
        for line in export.case_lines() {
            if rng.random_range(0..3) == 0 {
                export.set(line, END, "väntar på svar");
                export.lines[line].fate = Fate::Open;
            }
        }
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
        export.lines[line].case.as_mut().expect("a case")[1] = "Norr".into();
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
        // If there were ends, the order in which cases run forwards would settle it.
        for line in export.case_lines() {
            export.set(line, END, "");
        }
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
        (1..export.lines.len()).for_each(|line| export.set(line, START, "2024-02-30"));
        export.error = Some("nothing-usable");
    }),
    ("words in place of dates", |export, _| {
        (1..export.lines.len()).for_each(|line| export.set(line, START, "x"));
        export.error = Some("no-dates");
    }),
];
