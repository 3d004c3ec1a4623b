//! Text: valid quotes, lost letters, and encodings that are easily confused.

use super::*;

/// Replaces the letters in the headings that are not ASCII.
fn lose(export: &mut Export, sign: &str) {
    for cell in &mut export.lines[0].cells {
        *cell = cell
            .chars()
            .map(|letter| if letter.is_ascii() { letter.to_string() } else { sign.to_owned() })
            .collect();
    }
    export.error = Some("broken-headings");
}

/// A fault in the last line, whose number shows whether lines are counted right.
fn fault_in_the_last_line(export: &mut Export) {
    let line = export.lines.len() - 1;
    export.reject(line, START, "x", "unreadable-date");
}

pub const DAMAGES: &[(&str, Damage)] = &[
    ("a valid text of many separators", |export, rng| {
        let line = any(export, rng);
        let many = export.separator.to_string().repeat(rng.random_range(8..40));
        let text = match rng.random_range(0..4) {
            0 => format!("\nett{many}två"),
            1 => format!("{many}\n{many}\n"),
            2 => format!("hon sa \"nej\"{}\n\n{many} och gick", export.separator),
            _ => format!("\n{many}\"{many}\n\""),
        };
        export.set(line, NOTE, text);
        fault_in_the_last_line(export);
    }),
    ("valid texts of many separators in every row", |export, _| {
        let text = format!("\n{}\n", export.separator.to_string().repeat(14));
        for line in export.case_lines() {
            export.set(line, NOTE, text.clone());
        }
        fault_in_the_last_line(export);
    }),
    ("Mac Roman", |export, rng| {
        export.encoding = "macintosh";
        let line = any(export, rng);
        export.set(line, UNIT, "Åsö");
    }),
    ("UTF-8 encoded twice", |export, rng| {
        export.encoding = "utf-8-twice";
        let line = any(export, rng);
        export.set(line, UNIT, "Åsö");
    }),
    ("headings with question marks", |export, _| lose(export, "?")),
    ("headings with signs for lost letters", |export, _| {
        export.encoding = "utf-8";
        lose(export, "\u{fffd}");
    }),
    ("a heading with a lost letter in a column that is not read", |export, _| {
        let column = export.column(NOTE);
        export.lines[0].cells[column] = "Anm?rkning".into();
        export.error = Some("broken-headings");
    }),
    ("a heading that asks", |export, _| {
        let column = export.column(NOTE);
        export.lines[0].cells[column] = "Klart?".into();
    }),
];
