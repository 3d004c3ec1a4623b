//! When what was found is too much: `--strict` and `--max-rejected`.

use std::str::FromStr;

use clap::Args;

use super::options::Unfit;
use crate::error::Error;
use crate::ingest::{Effect, Export};
use crate::pipeline::Judged;

/// How much may be wrong before a run fails with exit code 1.
#[derive(Args)]
pub struct Limits {
    /// Fail, and write no report, if more than this share of the rows is rejected, e.g. 1% or 0,5%
    #[arg(long, value_name = "PERCENT")]
    max_rejected: Option<Percent>,
    /// Fail, and write no report, if any row is rejected or doubtful
    #[arg(long)]
    strict: bool,
}

/// 0 to 100 per cent, in hundredths of a per cent.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Percent(u64);

impl FromStr for Percent {
    type Err = Unfit;

    fn from_str(text: &str) -> Result<Percent, Unfit> {
        let number = text.trim().trim_end_matches('%').trim();
        let (whole, decimals) = number.split_once([',', '.']).unwrap_or((number, "0"));
        let digits = format!("{whole}{decimals:0<2}");
        let is_number = !whole.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        let hundredths = digits.parse().ok().filter(|_| is_number && matches!(decimals.len(), 1 | 2));
        hundredths.filter(|hundredths| *hundredths <= 10_000).map(Percent).ok_or(Unfit::Percent)
    }
}

impl Limits {
    /// Checks what was found.
    ///
    /// # Errors
    /// [`Error::TooManyRejected`].
    pub fn check(&self, judged: &Judged, exports: &[Export]) -> Result<(), Error> {
        let allowed = match (self.strict, self.max_rejected) {
            (true, _) => 0,
            (false, Some(Percent(percent))) => percent,
            (false, None) => return Ok(()),
        };
        let counts = |effect| effect == Effect::Rejected || self.strict && effect == Effect::Doubtful;
        let faults = judged.faults.iter().filter(|fault| counts(fault.code.effect()));
        let (mut found_in, mut last) = (vec![0_u64; exports.len()], None);
        for place in faults.map(|fault| fault.place) {
            // A row with two faults is one row; faults are in order of place.
            if last.replace(place) != Some(place) {
                found_in[place.export] += 1;
            }
        }
        let found: u64 = found_in.iter().sum();
        let rows: u64 = judged.inputs.iter().map(|entry| entry.ledger.rows()).sum();
        if found * 10_000 <= allowed * rows {
            return Ok(());
        }
        let worst =
            (0..exports.len()).rev().max_by_key(|number| found_in[*number]).expect("the rows are in a file");
        Err(Error::TooManyRejected { found, rows, allowed, path: exports[worst].path.clone() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn per_cent_are_read_as_they_are_written() {
        for (text, hundredths) in
            [("1%", 100), ("0,5 %", 50), ("0", 0), ("0.57", 57), ("12,05%", 1_205), ("100.00", 10_000)]
        {
            assert_eq!(text.parse(), Ok(Percent(hundredths)), "{text}");
        }
        for text in
            ["101", "100,01", "x", "", "%", "1,", ",5", "0,001", "-1", "+1", "1e1", "99999999999999999999"]
        {
            assert_eq!(text.parse::<Percent>(), Err(Unfit::Percent), "{text}");
        }
    }
}
