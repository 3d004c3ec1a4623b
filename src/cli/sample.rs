//! `frist sample`: synthetic exports, reproducible from a seed.

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use clap::Args;

use super::options::{Global, whole};
use super::terminal;
use crate::error::Error;
use crate::output::{StagedFile, refuse_full_folder};
use crate::sample::nation::{self, Nation};
use crate::sample::{large_files, large_set, small_set};
use crate::text::fill;

/// Arguments of `frist sample`.
#[derive(Args)]
pub struct SampleArguments {
    /// Folder to write; must be new or empty
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Number of cases [default: the small set whose report shows the source report's figures]
    #[arg(long, value_name = "N", value_parser = whole::<u64>(0..=u64::MAX))]
    cases: Option<u64>,
    /// Only this control, with --cases
    #[arg(long, value_name = "ID", requires = "cases")]
    control: Option<String>,
    /// A nation's child investigations in this many units, in place of a municipality's cases
    #[arg(
        long,
        value_name = "U",
        requires = "cases",
        conflicts_with = "control",
        value_parser = whole::<u16>(1..=10_000),
    )]
    units: Option<u16>,
    /// Years up to 2024-08-31 over which its cases start
    #[arg(
        long,
        value_name = "Y",
        requires = "units",
        default_value_t = 10,
        value_parser = whole::<u16>(1..=u64::from(nation::MOST_YEARS)),
    )]
    years: u16,
    /// Shuffle its rows, so that they are in order of neither start nor case number
    #[arg(long, requires = "units")]
    shuffled: bool,
    /// The same seed gives the same bytes
    #[arg(long, value_name = "S", default_value_t = 2024, value_parser = whole::<u64>(0..=u64::MAX))]
    seed: u64,
}

/// Runs the command.
pub fn run(arguments: &SampleArguments, global: &Global) -> Result<(), Error> {
    let texts = global.texts();
    refuse_full_folder(&arguments.out)?;
    let (files, cases) = match (arguments.cases, arguments.units) {
        (Some(cases), Some(units)) => write_nation(arguments, cases, units)?,
        (Some(cases), None) => write_large_set(arguments, cases)?,
        (None, _) => write_small_set(arguments)?,
    };
    let (files, cases) = (texts.count(files), texts.count(cases));
    let path = arguments.out.to_string_lossy();
    terminal::tell(&fill!(texts, "terminal.sample-written", files, cases, path));
    Ok(())
}

fn write_small_set(arguments: &SampleArguments) -> Result<(u64, u64), Error> {
    let files = small_set(arguments.seed);
    let mut rows = 0;
    for file in &files {
        let mut staged = StagedFile::begin(&arguments.out.join(&file.name))?;
        staged.write(|out| out.write_all(&file.bytes))?;
        staged.publish()?;
        if file.name.ends_with(".csv") {
            rows += file.bytes.iter().filter(|byte| **byte == b'\n').count() as u64 - 1;
        }
    }
    Ok((files.len() as u64, rows))
}

fn write_large_set(arguments: &SampleArguments, cases: u64) -> Result<(u64, u64), Error> {
    let known: Vec<(&str, String)> = large_files().collect();
    let chosen: Vec<&(&str, String)> = known
        .iter()
        .filter(|(id, _)| arguments.control.as_ref().is_none_or(|control| control == id))
        .collect();
    if chosen.is_empty() {
        let id = arguments.control.clone().unwrap_or_default();
        let known = known.iter().map(|(id, _)| (*id).to_owned()).collect();
        return Err(Error::UnknownRule { id, known, suggestion: None });
    }
    let files = chosen.len() as u64;
    for (number, (control, name)) in (0..).zip(chosen) {
        // The parts differ by one at most and add up.
        let part = cases / files + u64::from(number < cases % files);
        write_rows(&arguments.out.join(name), |out| large_set(control, part, arguments.seed, out))?;
    }
    Ok((files, cases))
}

fn write_nation(arguments: &SampleArguments, cases: u64, units: u16) -> Result<(u64, u64), Error> {
    let SampleArguments { years, shuffled, seed, .. } = *arguments;
    let nation = Nation { cases, units, years, shuffled, seed };
    write_rows(&arguments.out.join(nation::FILE_NAME), |out| nation::write(&nation, out))?;
    Ok((1, cases))
}

/// Writes a file that is too large to be held.
fn write_rows(path: &Path, rows: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Error> {
    let mut staged = StagedFile::begin(path)?;
    staged.write(|out| {
        let mut out = BufWriter::with_capacity(1024 * 1024, out);
        rows(&mut out)?;
        out.flush()
    })?;
    staged.publish()
}
