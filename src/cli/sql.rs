//! `frist sql`: the law as tables and SQL, for those who count in a database.

use std::path::PathBuf;

use clap::Args;

use super::options::{Global, Law};
use super::terminal;
use crate::contribution::{Contributor, Origin};
use crate::error::Error;
use crate::findings::{controls, refused};
use crate::gate::Gate;
use crate::ingest::Input;
use crate::language::Language;
use crate::output::StagedFolder;
use crate::project::{Asked, Settings};
use crate::report::law_manifest;
use crate::sql::package;
use crate::text::{Texts, fill};

/// Arguments of `frist sql`.
#[derive(Args)]
pub struct SqlArguments {
    /// Project file with the organisation and its controls; every rule of the rulebook without one
    #[arg(value_name = "PROJECT")]
    project: Option<PathBuf>,
    /// Folder to write; replaces an earlier one
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    #[command(flatten)]
    law: Law,
}

/// Runs the command.
pub fn run(arguments: &SqlArguments, global: &Global, language: &mut Language) -> Result<(), Error> {
    let mut input = arguments.project.as_deref().map(Input::of_settings).transpose()?.unwrap_or_default();
    input.settings.put(arguments.law.asked(global, Asked::default()));
    *language = input.settings.language;
    let (texts, settings) = (Texts::of(*language), &input.settings);
    let Some(as_of) = settings.as_of else {
        return Err(Error::Usage { reason: texts.get("usage.sql-as-of").to_owned() });
    };
    let mut rulebook = input.rulebook()?;
    settings.apply_to(&mut rulebook);
    let controls = controls(|id| is_meant(settings, id), settings, &rulebook);
    let controls = controls.map_err(|flaw| refused(flaw, &input))?;
    let gate = Gate::new(&settings.accept);
    let mut folder = StagedFolder::begin(&arguments.out, texts.get("terminal.changed"), gate)?;
    for (name, bytes) in package(&controls, settings, as_of) {
        folder.write(&name, &bytes)?;
    }
    let contributor = Contributor::of_database(settings.organisation.clone(), as_of, &controls);
    let origin = Origin::new(&controls, vec![contributor]);
    let manifest = law_manifest(&rulebook, as_of, &origin, folder.listed());
    folder.publish(&manifest)?;
    terminal::tell(&fill!(texts, "terminal.sql-written", path = arguments.out.display()));
    Ok(())
}

/// Whether a control is one of the project's: of a source, or with settings of its own; every one where it names none.
fn is_meant(settings: &Settings, id: &str) -> bool {
    let named = settings.controls.iter().any(|control| control.id == id)
        || settings.sources.iter().any(|source| source.control.may_be(id));
    named || settings.controls.is_empty() && settings.sources.is_empty()
}
