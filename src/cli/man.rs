//! `frist man`: the manual, as man pages.

use std::io::Write;
use std::path::PathBuf;

use clap::{Args, Command};
use clap_mangen::Man;

use super::options::Global;
use super::{help, terminal};
use crate::error::Error;
use crate::output::StagedFile;
use crate::text::{Texts, fill};

/// Arguments of `frist man`.
#[derive(Args)]
pub struct ManArguments {
    /// Folder to write a page for each command to, in place of printing the first
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// Runs the command.
pub fn run(arguments: &ManArguments, global: &Global) -> Result<(), Error> {
    let (program, texts) = (help::described(global.lang.unwrap_or_default()), global.texts());
    // Every page is help.
    let program = program.mut_subcommand("help", |help| help.hide(true));
    let Some(folder) = &arguments.out else { return terminal::print(page(&program, texts).as_bytes()) };
    let below = program.get_subcommands().filter(|command| !command.is_hide_set());
    for command in std::iter::once(&program).chain(below) {
        let name = command.get_display_name().unwrap_or_else(|| command.get_name());
        let mut file = StagedFile::begin(&folder.join(format!("{name}.1")))?;
        file.write(|file| file.write_all(page(command, texts).as_bytes()))?;
        file.publish()?;
    }
    terminal::tell(&fill!(texts, "terminal.man-written", path = folder.display()));
    Ok(())
}

/// The page of a command, with headings in our words.
fn page(command: &Command, texts: &Texts) -> String {
    let command = command.clone().subcommand_help_heading(texts.get("man.commands").to_owned());
    let mut page = Vec::new();
    let source = format!("frist {}", env!("CARGO_PKG_VERSION"));
    Man::new(command).source(source).render(&mut page).expect("writing into memory does not fail");
    let page = String::from_utf8(page).expect("a page is text");
    [
        ("NAME", "man.name"),
        ("SYNOPSIS", "man.synopsis"),
        ("DESCRIPTION", "man.description"),
        ("OPTIONS", "man.options"),
        ("VERSION", "man.version"),
    ]
    .into_iter()
    .fold(page, |page, (heading, key)| {
        page.replace(&format!(".SH {heading}\n"), &format!(".SH {}\n", texts.get(key)))
    })
    // The lines of the exit codes stay apart.
    .replace(".SH EXTRA\n", &format!(".SH {}\n.nf\n", texts.get("man.more")))
}
