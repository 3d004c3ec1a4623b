//! Synthetic exports: believable cases of the five controls, reproducible from a seed.
//!
//! The small set hits the quotas of `quotas` exactly, so that its report shows the source report's
//! figures; a large set has any size and is written row by row, and so is a [`nation`]. Nobody's data is in it: the
//! personal numbers use birth numbers kept for tests and have wrong check digits.

mod cases;
mod days;
mod forms;
pub mod nation;
mod quotas;
mod rows;

use std::io::{self, Write};

pub use self::rows::SampleFile;

use self::cases::{Made, Maker};
use self::forms::FORMS;
use self::quotas::QUOTAS;
use crate::date::Day;
use crate::rulebook::Rulebook;

/// Makes the small set: exports, project file, plan and list of risks.
pub fn small_set(seed: u64) -> Vec<SampleFile> {
    let rulebook = Rulebook::builtin();
    let mut files = Vec::new();
    for (form, (control, quotas)) in FORMS.iter().zip(QUOTAS) {
        let rule = rulebook.rule(control).expect("a rule of the built-in rulebook");
        let mut maker = Maker::new(seed, rule, form);
        let mut cases: Vec<Made> = quotas.iter().flat_map(|quota| maker.cases_of(quota)).collect();
        cases.extend(maker.cases_under_way());
        cases.sort_by_key(|made| (made.case.start, made.case.start_at));
        files.extend(maker.files(&cases));
    }
    files.push(SampleFile { name: crate::project::FILE_NAME.into(), bytes: PROJECT.into() });
    files.push(SampleFile { name: crate::plan::FILE_NAME.into(), bytes: PLAN.into() });
    files.push(SampleFile { name: crate::plan::register::FILE_NAMES[0].into(), bytes: RISKS.into() });
    files.sort_by(|one, other| one.name.cmp(&other.name));
    files
}

/// The project file of the small set.
const PROJECT: &str = include_str!("../sample_data/frist.toml");
/// Its plan of internal control and its list of risks, with the figures of the two source reports.
const PLAN: &str = include_str!("../sample_data/internal-control.toml");
const RISKS: &str = include_str!("../sample_data/risks.csv");

/// The controls that [`large_set`] can make, with their file names.
pub fn large_files() -> impl Iterator<Item = (&'static str, String)> {
    FORMS.iter().map(|form| (form.control, format!("{}.csv", form.stem)))
}

/// Writes an export of any size, row by row: starts from 2015 to August 2024, the same shapes as in the
/// small set, but no quotas.
///
/// # Errors
/// When `out` cannot be written.
pub fn large_set(control: &str, cases: u64, seed: u64, out: &mut dyn Write) -> io::Result<()> {
    let rulebook = Rulebook::builtin();
    let form = FORMS.iter().find(|form| form.control == control).expect("a control with a form");
    let mut maker = Maker::new(seed, rulebook.rule(control).expect("a rule"), form);
    let mut line = Vec::new();
    maker.write_header(&mut line);
    out.write_all(&line)?;
    let first = Day::new(2015, 1, 1).expect("a date");
    let days = maker.as_of.0 - first.0;
    for number in 0..cases {
        line.clear();
        // Rows in order of start, as case systems write them.
        let start = first.plus_days((u128::from(number) * days as u128 / u128::from(cases.max(1))) as i32);
        let made = maker.any_case(start);
        maker.write_row(&made, number + 1, &mut line);
        out.write_all(&line)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_files() {
        let files =
            |seed| small_set(seed).into_iter().map(|file| (file.name, file.bytes)).collect::<Vec<_>>();
        assert_eq!(files(7), files(7));
        assert_ne!(files(7), files(8));
    }

    #[test]
    fn a_large_set_has_the_rows_that_were_asked_for() {
        for (control, _) in large_files() {
            let mut bytes = Vec::new();
            large_set(control, 500, 1, &mut bytes).expect("written");
            assert_eq!(bytes.iter().filter(|byte| **byte == b'\n').count(), 501);
        }
    }
}
