//! `frist tally`: the counts alone, and what lets them be added to others.

use std::path::PathBuf;

use clap::Args;

use super::options::{Format, Global, Reading};
use super::session::Session;
use super::terminal;
use crate::contribution::{TALLY, tally_csv};
use crate::error::Error;
use crate::language::Language;
use crate::output::StagedFolder;
use crate::project::Asked;
use crate::report::law_manifest;
use crate::tally::Tally;
use crate::text::fill;

/// Arguments of `frist tally`.
#[derive(Args)]
pub struct TallyArguments {
    /// Project file, a folder that holds one, a folder of exports, or one export
    #[arg(default_value = ".")]
    path: PathBuf,
    /// Folder to write; replaces an earlier tally
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    #[command(flatten)]
    reading: Reading,
}

/// Does it.
pub fn run(arguments: &TallyArguments, global: &Global, language: &mut Language) -> Result<(), Error> {
    let asked = arguments.reading.asked(global, Asked::default());
    let session = Session::open(&arguments.path, asked, Format::Text, language)?;
    let (run, texts) = (&session.run, session.texts);
    if run.settings().organisation.is_none() {
        return Err(Error::Usage { reason: texts.get("usage.tally-nameless").to_owned() });
    }
    let mut folder = StagedFolder::begin(&arguments.out, texts.get("terminal.changed"), session.gate())?;
    let mut judged = session.judge(None)?;
    judged.tallies.values_mut().for_each(Tally::forget_groups);
    let tallies = run.controls.iter().map(|control| (&control.rule, &judged.tallies[&control.rule.id]));
    folder.write(TALLY, &tally_csv(tallies))?;
    let origin = run.own_origin(&judged);
    let manifest = law_manifest(&run.rulebook, run.as_of, &origin, folder.listed());
    folder.publish(&manifest)?;
    terminal::tell(&fill!(texts, "terminal.tally-written", path = arguments.out.display()));
    Ok(())
}
