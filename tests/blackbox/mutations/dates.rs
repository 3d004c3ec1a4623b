//! Dates in every order and form: what the whole export proves, what was swapped, which days are lone.

use super::*;

const MONTHS: [&str; 12] =
    ["jan", "feb", "mars", "apr", "maj", "juni", "juli", "aug", "sept", "okt", "nov", "dec"];
const SHORT_MONTHS: [&str; 12] =
    ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];

/// How a day is written by its year, month and number.
type Written = fn(i32, u32, u32) -> String;

/// Orders that the days above 12 of a file prove.
const PROVABLE: [Written; 6] = [
    |year, month, number| format!("{number:02}/{month:02}/{year}"),
    |year, month, number| format!("{number}-{month}-{year}"),
    |year, month, number| format!("{month:02}/{number:02}/{year}"),
    |year, month, number| format!("{month}-{number}-{year}"),
    |year, month, number| format!("{number:02}/{month:02}/{:02}", year % 100),
    |year, month, number| format!("{month:02}/{number:02}/{:02}", year % 100),
];
const DAY_FIRST: Written = PROVABLE[0];
const MONTH_FIRST: Written = PROVABLE[2];

/// The day, or the next whose number is at most 12.
fn low(day: Day) -> Day {
    let days = (0..31).map(|days| day.plus_days(days));
    let mut low = days.filter(|day| day.civil().2 <= 12);
    low.next().expect("a month has such days")
}

/// Changes the days of a column so that none shows whether it is a day or a month.
fn lower(export: &mut Export, heading: &str) {
    for line in export.case_lines() {
        if let Some(day) = export.day(line, heading) {
            export.set(line, heading, low(day).to_string());
        }
    }
}

/// Adds a case that proves an order: open, from the last day of a year.
fn prove(export: &mut Export, rng: &mut ChaCha8Rng) -> usize {
    let line = any(export, rng);
    export.set(line, START, "2022-12-31");
    export.set(line, END, "");
    export.lines[line].fate = Fate::Open;
    line
}

fn write_all(export: &mut Export, headings: &[&str], write: Written) {
    headings.iter().for_each(|heading| export.rewrite(heading, |day| by_parts(day, write)));
}

/// A file from the same system: the same headings and separators, with cases of its own.
pub fn another(export: &Export, rng: &mut ChaCha8Rng) -> Export {
    let mut other = Export { lines: vec![export.lines[0].clone()], faults: Vec::new(), ..export.clone() };
    for number in 500..rng.random_range(512..540) {
        let case = other.case(rng, number);
        other.lines.push(case);
    }
    other
}

/// A workbook cell that holds a day and a fraction of it.
fn typed(day: Day, part: f64) -> String {
    format!("{TYPED}{}", f64::from(serial(day)) + part)
}

/// Turns an export into a workbook with real dates.
pub fn as_workbook(export: &mut Export) {
    export.workbook = Some(Vec::new());
    for heading in [START, END] {
        export.rewrite(heading, |day| typed(day, 0.0));
    }
}

/// A day with day and month swapped, where that is a day.
fn swapped(day: Day) -> Option<Day> {
    Day::parse_iso(&by_parts(day, |year, month, number| format!("{year}-{number:02}-{month:02}")))
}

/// Writes the starts as a spreadsheet that expects the month first leaves them: text if the day is above 12, otherwise
/// swapped and written by `real`.
fn swap_starts(export: &mut Export, real: impl Fn(Day) -> String) {
    export.set(1, START, "2022-12-31");
    export.set(2, START, "2022-12-05");
    for line in [1, 2] {
        export.set(line, END, "");
        export.lines[line].fate = Fate::Open;
    }
    export.rewrite(START, |day| match swapped(day) {
        Some(swapped) => real(swapped),
        None => by_parts(day, DAY_FIRST),
    });
}

pub const DAMAGES: &[(&str, Damage)] = &[
    ("ends that prove nothing beside starts that do", |export, rng| {
        lower(export, END);
        prove(export, rng);
        let write = *PROVABLE.choose(rng).expect("one");
        write_all(export, &[START, END], write);
    }),
    ("starts that prove nothing beside ends that do", |export, rng| {
        lower(export, START);
        let line = closed(export, rng);
        export.set(line, START, "2022-12-05");
        export.set(line, END, "2022-12-31");
        for line in export.case_lines() {
            if export.day(line, END) < export.day(line, START) {
                export.set(line, END, "");
                export.lines[line].fate = Fate::Open;
            }
        }
        let write = *PROVABLE.choose(rng).expect("one");
        write_all(export, &[START, END], write);
    }),
    ("extensions that prove nothing", |export, rng| {
        prove(export, rng);
        let line = closed(export, rng);
        let start = export.day(line, START).expect("a day");
        export.set(line, EXTENDED, low(start.plus_days(200)).to_string());
        export.set(line, DECIDED, low(start.plus_days(80)).to_string());
        let write = *PROVABLE.choose(rng).expect("one");
        write_all(export, &[START, END, EXTENDED, DECIDED], write);
    }),
    ("a second file that proves nothing", |export, rng| {
        let mut other = another(export, rng);
        other.lines.truncate(6);
        prove(export, rng);
        lower(&mut other, START);
        lower(&mut other, END);
        let write = *PROVABLE.choose(rng).expect("one");
        for export in [&mut *export, &mut other] {
            write_all(export, &[START, END], write);
        }
        export.beside.push(other);
    }),
    ("a second system with another order", |export, rng| {
        let mut other = another(export, rng);
        other.separator = if export.separator == ';' { '\t' } else { ';' };
        prove(export, rng);
        prove(&mut other, rng);
        write_all(export, &[START, END], DAY_FIRST);
        write_all(&mut other, &[START, END], MONTH_FIRST);
        export.beside.push(other);
    }),
    ("columns that prove opposite orders", |export, rng| {
        let line = prove(export, rng);
        export.set(line, END, "2023-01-31");
        let orders = if rng.random() { [DAY_FIRST, MONTH_FIRST] } else { [MONTH_FIRST, DAY_FIRST] };
        write_all(export, &[START], orders[0]);
        write_all(export, &[END], orders[1]);
        export.error = Some("mixed-dates");
    }),
    ("cells of a column that prove opposite orders", |export, _| {
        for line in export.case_lines() {
            let write = if line % 2 == 0 { DAY_FIRST } else { MONTH_FIRST };
            let number = 13 + line % 12;
            export.set(line, END, "");
            export.set(line, START, format!("2023-02-{number}"));
            export.write(line, START, write(2023, 2, number as u32));
        }
        export.error = Some("mixed-dates");
    }),
    ("three rows that prove nothing", |export, _| {
        export.lines.truncate(4);
        for (line, start) in (1..4).zip(["03/04/2023", "05/06/2023", "07/08/2023"]) {
            export.set(line, START, start);
            export.set(line, END, "");
        }
        export.error = Some("ambiguous-dates");
    }),
    ("two-digit years that prove nothing", |export, _| {
        export.lines.truncate(4);
        for (line, start) in (1..4).zip(["03/04/05", "05/06/07", "07/08/09"]) {
            export.set(line, START, start);
            export.set(line, END, "");
        }
        export.error = Some("ambiguous-dates");
    }),
    ("days and months swapped in a workbook", |export, _| {
        export.workbook = Some(Vec::new());
        swap_starts(export, |day| typed(day, 0.0));
        export.rewrite(END, |day| typed(day, 0.0));
        export.error = Some("swapped-dates");
    }),
    ("days and months swapped in a workbook, and told", |export, _| {
        export.workbook = Some(Vec::new());
        swap_starts(export, |day| typed(day, 0.0));
        export.rewrite(END, |day| typed(day, 0.0));
        export.settings = "date_formats = { start = \"swapped\" }".into();
    }),
    ("days and months swapped in a text", |export, _| {
        swap_starts(export, |day| day.to_string());
        export.error = Some("swapped-dates");
    }),
    ("days and months swapped in a text, and told", |export, _| {
        swap_starts(export, |day| day.to_string());
        export.settings = "date_formats = { start = \"swapped\" }".into();
    }),
    ("a year first without zeros", |export, _| {
        write_all(export, &[START, END], |year, month, number| format!("{year}-{month}-{number}"));
    }),
    ("the day before the month behind the year, and told", |export, rng| {
        prove(export, rng);
        write_all(export, &[START], |year, month, number| format!("{year}-{number:02}-{month:02}"));
        export.settings = "date_formats = { start = \"yyyy-dd-mm\" }".into();
    }),
    ("months by name", |export, rng| {
        let write: Written = match rng.random_range(0..3) {
            0 => |year, month, number| format!("{number} {} {year}", MONTHS[month as usize - 1]),
            1 => |year, month, number| {
                format!("{number:02}-{}-{:02}", SHORT_MONTHS[month as usize - 1], year % 100)
            },
            _ => |year, month, number| format!("{number}-{}-{year}", MONTHS[month as usize - 1]),
        };
        write_all(export, &[START, END], write);
    }),
    ("times with a dot, and by halves of a day", |export, rng| {
        let line = closed(export, rng);
        let end = export.get(line, END).to_owned();
        let time = one_of(rng, &["13.45", "1:45 PM", "01:45 pm", "12:05 AM", "11:59:59 PM", "23.59"]);
        export.write(line, END, format!("{end} {time}"));
    }),
    ("the last moment of a day", |export, rng| {
        let line = closed(export, rng);
        let end = export.get(line, END).to_owned();
        let time = one_of(rng, &["23:59:59.997", "23:59:59.9999999", "23:59:59,997", "23:59:59.5"]);
        export.write(line, END, format!("{end} {time}"));
    }),
    ("the last moment of a day in a workbook", |export, rng| {
        let part = *[86_399.997, 86_399.5, 86_399.0].choose(rng).expect("one") / 86_400.0;
        export.workbook = Some(Vec::new());
        export.rewrite(START, |day| typed(day, 0.0));
        export.rewrite(END, |day| typed(day, part));
    }),
    ("a time of day in a column of its own", |export, rng| {
        let time = one_of(rng, &["08:10", "23.59", "1:45 PM", "00:00:00"]);
        export.add_column("Inledd tid", |_| time.to_owned());
        export.settings = format!("columns = {{ start = [\"{START}\", \"Inledd tid\"] }}");
    }),
    ("hours without a time of day", |export, rng| {
        export.control = "safety-assessment";
        export.settings = format!("columns = {{ start = \"{START}\", end = \"{END}\" }}");
        let line = closed(export, rng);
        for heading in [START, END] {
            export.rewrite(heading, |day| format!("{day} 08:00"));
        }
        let (start, end) =
            (export.lines[line].case.as_ref().expect("a case")[2].clone(), export.get(line, END).to_owned());
        let (start, end) =
            if rng.random() { (start, end) } else { (format!("{start} 08:00"), end[..10].to_owned()) };
        export.write(line, START, start);
        export.write(line, END, end);
        export.lines[line].fate = Fate::Excluded;
    }),
    ("a lone end far beyond the rest", |export, rng| {
        let line = closed(export, rng);
        export.reject(line, END, one_of(rng, &["2042-05-01", "2027-05-01", "2099-12-30"]), "lone-date");
    }),
    ("a lone start far beyond the rest", |export, rng| {
        let line = export.some_case(rng, |line| line.fate == Fate::Open);
        export.reject(line, START, one_of(rng, &["2042-05-01", "2027-05-01", "2099-12-30"]), "lone-date");
    }),
    ("a start before 1970", |export, rng| {
        let line = any(export, rng);
        export.reject(line, START, one_of(rng, &["1969-12-31", "1958-02-28"]), "not-in-force");
    }),
    ("an end before 1970", |export, rng| {
        let line = closed(export, rng);
        export.reject(line, END, one_of(rng, &["1969-12-31", "1958-02-28"]), "end-before-start");
    }),
];
