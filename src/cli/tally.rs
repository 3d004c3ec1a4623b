//! `frist tally`: the counts alone, and what lets them be added to others.

use std::path::PathBuf;

use clap::Args;

use super::options::{Format, Global, Reading, whole};
use super::session::Session;
use super::terminal;
use crate::contribution::{Origin, TALLY, tally_csv};
use crate::error::Error;
use crate::findings::Run;
use crate::language::Language;
use crate::output::StagedFolder;
use crate::period::PeriodKind;
use crate::pipeline::{Control, Judged};
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
    /// Coarse counts alone: by periods so long that each number is 0 or at least this, 3 to 100
    #[arg(long, value_name = "CASES", value_parser = whole::<u64>(3..=100))]
    smallest: Option<u64>,
    #[command(flatten)]
    reading: Reading,
}

/// Runs the command.
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
    let (tally, origin) = match arguments.smallest {
        None => (fine(run, &judged), run.own_origin(&judged)),
        Some(smallest) => coarse(&session, &judged, smallest)?,
    };
    folder.write(TALLY, &tally)?;
    let manifest = law_manifest(&run.rulebook, run.as_of, &origin, folder.listed());
    folder.publish(&manifest)?;
    let path = arguments.out.display();
    terminal::tell(&match arguments.smallest {
        None => fill!(texts, "terminal.tally-written", path),
        Some(smallest) => fill!(texts, "terminal.coarse-written", path, smallest = texts.count(smallest)),
    });
    Ok(())
}

fn fine(run: &Run, judged: &Judged) -> Vec<u8> {
    tally_csv(
        run.controls.iter().map(|Control { rule, .. }| (rule, PeriodKind::Month, &judged.tallies[&rule.id])),
    )
}

/// A tally whose numbers are 0 or at least `smallest`. Says by which periods, and which controls have none.
fn coarse(session: &Session, judged: &Judged, smallest: u64) -> Result<(Vec<u8>, Origin), Error> {
    let (run, texts) = (&session.run, session.texts);
    let (tallies, origin) = run.coarse(judged, smallest);
    let least = texts.count(smallest);
    if tallies.is_empty() {
        return Err(Error::Usage { reason: fill!(texts, "usage.tally-small", smallest = least) });
    }
    let mut tallies = tallies.iter();
    let mut rows = Vec::new();
    for Control { rule, .. } in &run.controls {
        let control = texts.name(rule);
        match origin.contributors[0].of_control(&rule.id).and_then(|own| own.coarse) {
            None => terminal::tell(&fill!(texts, "terminal.coarse-none", control, smallest = least)),
            Some(coarse) => {
                let period = texts.get(&format!("period.kind-{}", coarse.period.id()));
                terminal::tell(&fill!(texts, "terminal.coarse-control", control, period));
                rows.extend(tallies.next().map(|tally| (rule, coarse.period, tally)));
            }
        }
    }
    Ok((tally_csv(rows), origin))
}
