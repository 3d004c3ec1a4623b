//! Rows: cases as their system exports them, with people who do not exist and the faults of real exports.

use rand::RngExt;

use super::cases::{Made, Maker};
use crate::date::Day;
use crate::judge::{Decided, Extension};
use crate::moment::Moment;

/// A file of the small set.
pub struct SampleFile {
    /// File name.
    pub name: String,
    /// Content, windows-1252 for exports.
    pub bytes: Vec<u8>,
}

impl Maker<'_> {
    /// The control's files with a few faulty rows in the last.
    pub fn files(&mut self, cases: &[Made]) -> Vec<SampleFile> {
        let split = self.form.split.and_then(Day::parse_iso);
        let at = split.map_or(0, |day| cases.partition_point(|made| made.case.start < day));
        let (early, late) = cases.split_at(at);
        let mut files = Vec::new();
        for (cases, first, years) in [(early, 1, "2021-2023"), (late, early.len() as u64 + 1, "2024")] {
            if cases.is_empty() {
                continue;
            }
            let mut bytes = Vec::new();
            self.write_header(&mut bytes);
            let first_row = bytes.len();
            for (made, number) in cases.iter().zip(first..) {
                self.write_row(made, number, &mut bytes);
            }
            if years == "2024" {
                let row =
                    bytes[first_row..].split_inclusive(|byte| *byte == b'\n').next().map(<[u8]>::to_vec);
                self.write_faulty_rows(&row.unwrap_or_default(), &mut bytes);
            }
            let name = if split.is_some() {
                format!("{}_{years}.csv", self.form.stem)
            } else {
                format!("{}.csv", self.form.stem)
            };
            files.push(SampleFile { name, bytes });
        }
        files
    }

    /// Writes the headings.
    pub fn write_header(&self, out: &mut Vec<u8>) {
        let extension = if self.form.extensions { ";Beslut om förlängning;Förlängd till" } else { "" };
        let form = self.form;
        write_line(
            out,
            &format!("Ärendenr;Personnummer;Enhet;{};{}{extension};Status", form.start, form.end),
        );
    }

    /// Writes a case as a row.
    pub fn write_row(&mut self, made: &Made, number: u64, out: &mut Vec<u8>) {
        let Made { case, unit } = made;
        let time = |day: Option<Day>, at: Option<Moment>| match (day, at.filter(|_| self.form.times)) {
            (None, _) => String::new(),
            (Some(_), Some(at)) => at.to_rfc3339()[..16].replace('T', " "),
            (Some(day), None) => day.to_string(),
        };
        let (start, end) = (time(Some(case.start), case.start_at), time(case.end, case.end_at));
        let extension = match (self.form.extensions, case.extension) {
            (false, _) => String::new(),
            (true, Some(Extension { to, decided: Decided::On(decided) })) => format!(";{decided};{to}"),
            (true, _) => ";;".to_owned(),
        };
        let status = if case.end.is_some() { "Avslutad" } else { "Pågående" };
        let person = self.nobodys_number(case.start);
        let (year, _, _) = case.start.civil();
        let id = format!("{}-{year}-{number:05}", self.form.prefix);
        write_line(
            out,
            &format!("{id};{person};{};{start};{end}{extension};{status}", self.form.units[*unit]),
        );
    }

    /// Rows as they come out of real systems now and then.
    fn write_faulty_rows(&mut self, first_row: &[u8], out: &mut Vec<u8>) {
        let rest = if self.form.extensions { ";;" } else { "" };
        let (prefix, unit, person) = (self.form.prefix, self.form.units[0], self.nobodys_number(self.as_of));
        let mut row = |id: &str, start: &str, end: &str| {
            write_line(out, &format!("{prefix}-2024-{id};{person};{unit};{start};{end}{rest};Avslutad"));
        };
        if self.form.control != "child-investigation" {
            return row("90001", "", "2024-06-03");
        }
        row("90001", "2024-02-30", "2024-06-03");
        row("90002", "", "2024-06-12");
        row("90003", "2024-06-14", "2024-02-14");
        row("90004", "2024-01-17", "v. 23");
        row("90005", "2024-01-22", "2024-05-20");
        row("90005", "2024-01-22", "2024-05-27");
        // The first case once more, word for word.
        out.extend_from_slice(first_row);
    }

    /// A personal number that belongs to nobody: a birth number kept for tests, and a wrong check digit.
    fn nobodys_number(&mut self, start: Day) -> String {
        let born = start.plus_days(-self.rng.random_range(30..17 * 365));
        let digits = born.to_string().replace('-', "");
        let birth_number = self.rng.random_range(980..1000);
        let check = (luhn(&format!("{}{birth_number}", &digits[2..])) + 5) % 10;
        format!("{digits}-{birth_number}{check}")
    }
}

/// The check digit of nine digits (Skatteverket, SKV 704).
fn luhn(digits: &str) -> u32 {
    let sum: u32 = digits
        .bytes()
        .zip([2, 1].into_iter().cycle())
        .map(|(digit, factor)| {
            let product = u32::from(digit - b'0') * factor;
            product / 10 + product % 10
        })
        .sum();
    (10 - sum % 10) % 10
}

fn write_line(out: &mut Vec<u8>, line: &str) {
    out.extend_from_slice(&encoding_rs::WINDOWS_1252.encode(line).0);
    out.extend_from_slice(b"\r\n");
}

#[cfg(test)]
mod tests {
    use super::super::forms::FORMS;
    use super::*;
    use crate::rulebook::Rulebook;

    #[test]
    fn nobody_has_the_personal_numbers() {
        let rulebook = Rulebook::builtin();
        let mut maker = Maker::new(1, &rulebook.rules[0], &FORMS[0]);
        for _ in 0..1000 {
            let number = maker.nobodys_number(Day(19_000));
            let digits = number.replace('-', "");
            assert_ne!(luhn(&digits[2..11]).to_string(), digits[11..]);
        }
        // Skatteverket's own example.
        assert_eq!(luhn("811218987"), 6);
    }
}
