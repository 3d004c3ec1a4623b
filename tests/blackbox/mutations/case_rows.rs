//! Which rows are cases: case numbers, units, statuses, and exports that overlap.

use super::dates::{another, as_workbook};
use super::*;

const STATUS: &str = "Status";
const STATUSES: &str = "columns = { status = \"Status\" }\n\
    status = { open = [\"Pågående\"], closed = [\"Avslutad\"], void = [\"Makulerad\"] }";

/// Gives every case the status that its dates imply.
fn with_status(export: &mut Export) {
    export.add_column(STATUS, |line| match line.fate {
        Fate::Counted => "Avslutad".into(),
        _ => "pågående".into(),
    });
    export.settings = STATUSES.into();
}

/// Renumbers every case.
fn number(export: &mut Export, id: impl Fn(usize) -> String) {
    export.case_lines().into_iter().for_each(|line| export.set(line, ID, id(line)));
}

/// Copies a line to somewhere after it; the copy is left out as a repetition.
fn repeat(export: &mut Export, rng: &mut ChaCha8Rng, line: usize, heading: &str, value: &str) {
    let mut copy = export.lines[line].clone();
    copy.fate = Fate::Excluded;
    let at = rng.random_range(line + 1..=export.lines.len());
    export.insert(at, copy);
    export.set(at, heading, value);
    export.faults.push((at, "repeated-row", Some(ID)));
}

/// Leaves out the cases whose unit a test selects.
fn filter(export: &mut Export, left_out: impl Fn(&str) -> bool) {
    for line in export.case_lines() {
        if left_out(export.get(line, UNIT)) {
            export.lines[line].fate = Fate::Excluded;
        }
    }
}

/// The newest day of an export.
fn newest(export: &Export) -> Day {
    let days =
        export.case_lines().into_iter().flat_map(|line| [export.day(line, START), export.day(line, END)]);
    days.flatten().max().expect("a day")
}

/// Hides the case numbers under a heading that says nothing.
fn without_numbers(export: &mut Export) {
    let column = export.column(ID);
    export.lines[0].cells[column] = "Uppgift".into();
    export.lines.iter_mut().filter_map(|line| line.case.as_mut()).for_each(|case| case[0].clear());
}

/// The same export twice, with one more case in the second.
fn overlapping(export: &mut Export, rng: &mut ChaCha8Rng) {
    let mut other = export.clone();
    let case = other.case(rng, 999);
    other.lines.push(case);
    export.beside.push(other);
    without_numbers(export);
    without_numbers(&mut export.beside[0]);
}

const PROMISED: &str = "[[rule]]\nid = \"promised\"\nname = { sv = \"Utlovat\", en = \"Promised\" }\n\
    start = { sv = \"in\", en = \"in\" }\nend = { sv = \"ut\", en = \"out\" }\nbasis = \"local-target\"\n\
    method = \"due column\"\nroll = \"none\"\ncohort = \"closed\"\n\n\
    [[rule.law]]\ncitation = { sv = \"utlovad dag\", en = \"promised day\" }\nverified = true\n";

/// Judges by the due date in each row.
fn promised(export: &mut Export) {
    export.add_column("Utlovad", |line| {
        let start = Day::parse_iso(&line.case.as_ref().expect("a case")[2]).expect("a day");
        start.plus_days(30).to_string()
    });
    export.control = "promised";
    export.rulebook = PROMISED;
    export.settings = format!("columns = {{ start = \"{START}\", end = \"{END}\", due = \"Utlovad\" }}");
}

pub const DAMAGES: &[(&str, Damage)] = &[
    ("a case number with other blanks or capitals", |export, rng| {
        let line = any(export, rng);
        let prefix = one_of(rng, &["BU", "NU", "na", "Ö"]);
        export.set(line, ID, format!("{prefix} 2024-17"));
        let other = match rng.random_range(0..4) {
            0 => format!("{prefix}  2024-17"),
            1 => format!("{prefix}\u{a0}2024-17"),
            2 => format!(" {prefix} 2024-17 "),
            _ if prefix == "na" => "NA 2024-17".into(),
            _ => format!("{} 2024-17", prefix.to_lowercase()),
        };
        repeat(export, rng, line, ID, &other);
    }),
    ("case numbers as powers of ten", |export, rng| {
        let written = one_of(rng, &["2,024E+11", "2.024E+11", "2,02400E+11"]);
        number(export, |_| written.to_owned());
        export.error = Some("destroyed-case-numbers");
    }),
    ("some case numbers as powers of ten", |export, rng| {
        number(export, |line| format!("{}", 202_400_000_000_u64 + line as u64));
        let line = any(export, rng);
        export.set(line, ID, "2,024E+11");
        export.error = Some("destroyed-case-numbers");
    }),
    ("case numbers that lost their zeros", |export, _| {
        number(export, |line| if line % 2 == 0 { format!("{line:06}") } else { line.to_string() });
        export.error = Some("destroyed-case-numbers");
    }),
    ("case numbers that lost their zeros in one of two files", |export, rng| {
        let mut other = another(export, rng);
        number(&mut other, |line| format!("{line:06}"));
        number(export, |line| line.to_string());
        export.beside.push(other);
        export.error = Some("destroyed-case-numbers");
    }),
    ("case numbers with a decimal", |export, _| {
        number(export, |line| if line % 2 == 0 { format!("{line}.0") } else { line.to_string() });
        export.error = Some("destroyed-case-numbers");
    }),
    ("case numbers of different lengths", |export, _| number(export, |line| (line * 7).to_string())),
    ("overlapping files without case numbers", |export, rng| {
        overlapping(export, rng);
        export.error = Some("no-case-numbers");
    }),
    ("overlapping files without case numbers, and kept", |export, rng| {
        overlapping(export, rng);
        export.settings = "duplicates = \"keep\"".into();
    }),
    ("rows of a case that differ in the unit", |export, rng| {
        let line = any(export, rng);
        let other = if export.get(line, UNIT) == "Väst" { "Östra" } else { "Väst" };
        repeat(export, rng, line, UNIT, other);
        export.lines[line].case.as_mut().expect("a case")[1] = MIXED.into();
    }),
    ("rows of a case that differ in the unit, in two files", |export, rng| {
        let mut other = another(export, rng);
        let line = any(export, rng);
        let mut copy = export.lines[line].clone();
        copy.fate = Fate::Excluded;
        let at = other.lines.len();
        other.insert(at, copy);
        other.set(at, UNIT, if export.get(line, UNIT) == "Väst" { "Östra" } else { "Väst" });
        other.faults.push((at, "repeated-row", Some(ID)));
        export.lines[line].case.as_mut().expect("a case")[1] = MIXED.into();
        export.beside.push(other);
    }),
    ("a newer file with an older name", |export, rng| {
        // A day far beyond the others says nothing about how new a file is.
        for line in export.case_lines() {
            if export.day(line, END) > Day::parse_iso("2023-12-31") {
                export.set(line, END, "");
                export.lines[line].fate = Fate::Open;
            }
        }
        let mut older = export.clone();
        older.settings.clear();
        let changed = export.some_case(rng, |line| line.fate == Fate::Open);
        export.set(changed, END, newest(export).plus_days(2).to_string());
        export.lines[changed].fate = Fate::Counted;
        for line in older.case_lines() {
            older.lines[line].fate = Fate::Excluded;
            let code = if line == changed { "superseded-row" } else { "repeated-row" };
            older.faults.push((line, code, Some(ID)));
        }
        export.settings = "duplicates = \"newest\"".into();
        export.beside.push(older);
    }),
    ("files of which neither is newer", |export, rng| {
        let mut other = export.clone();
        let last = newest(export);
        let line = export.some_case(rng, |line| {
            let end = line.case.as_ref().and_then(|case| Day::parse_iso(&case[3]));
            end.is_some_and(|end| end < last)
        });
        let end = export.day(line, END).expect("a day").plus_days(1);
        other.set(line, END, end.to_string());
        export.settings = "duplicates = \"newest\"".into();
        export.beside.push(other);
        export.error = Some("equally-new");
    }),
    ("two sheets with the same headings", |export, rng| {
        let mut other = another(export, rng);
        as_workbook(export);
        as_workbook(&mut other);
        export.beside.push(other);
    }),
    ("units in merged cells", |export, rng| {
        let (first, last) = (rng.random_range(1..4), rng.random_range(4..8));
        for line in first..=last {
            export.set(line, UNIT, "Söder");
            if line > first {
                export.write(line, UNIT, "");
            }
        }
        as_workbook(export);
        let letter = char::from(b'A' + export.column(UNIT) as u8);
        export.workbook = Some(vec![format!("{letter}{}:{letter}{}", first + 1, last + 1)]);
    }),
    ("a status that agrees with the dates", |export, _| with_status(export)),
    ("a status of open beside an end", |export, rng| {
        with_status(export);
        let line = closed(export, rng);
        export.write(line, STATUS, one_of(rng, &["Pågående", "PÅGÅENDE", " pågående "]));
        export.lines[line].fate = Fate::Open;
        export.lines[line].case.as_mut().expect("a case")[3].clear();
        export.faults.push((line, "open-with-end", Some(END)));
    }),
    ("a status of closed without an end", |export, rng| {
        with_status(export);
        let line = export.some_case(rng, |line| line.fate == Fate::Open);
        export.write(line, STATUS, "Avslutad");
        export.lines[line].fate = Fate::Rejected;
        export.faults.push((line, "closed-without-end", Some(END)));
    }),
    ("a status of void", |export, rng| {
        with_status(export);
        let line = any(export, rng);
        export.write(line, STATUS, "Makulerad");
        export.lines[line].fate = Fate::Excluded;
    }),
    ("a status that nobody named", |export, rng| {
        with_status(export);
        let line = any(export, rng);
        export.write(line, STATUS, "Hos handläggaren");
        export.faults.push((line, "unknown-status", Some(STATUS)));
    }),
    ("only some units", |export, _| {
        export.settings = format!("only = {{ {UNIT} = [\"väst\", \"Östra\"] }}");
        filter(export, |unit| !["Väst", "Östra"].contains(&unit));
    }),
    ("without some units", |export, _| {
        export.settings = format!("exclude = {{ {UNIT} = [\"Väst\"] }}");
        filter(export, |unit| unit == "Väst");
    }),
    ("several ends", |export, rng| {
        let line = closed(export, rng);
        let end = export.get(line, END).to_owned();
        export.add_column("Avbruten", |_| String::new());
        export.write(line, END, "");
        export.write(line, "Avbruten", end);
        export.settings = format!("columns = {{ end = [\"{END}\", \"Avbruten\"] }}");
    }),
    ("due dates in a column", |export, _| promised(export)),
    ("a due date that is missing", |export, rng| {
        promised(export);
        let line = any(export, rng);
        export.write(line, "Utlovad", "");
        export.lines[line].fate = Fate::Rejected;
        export.faults.push((line, "missing-due", Some("Utlovad")));
    }),
];
