//! Editions published before: read from their folders, and suggested where they lie beside the new one.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::findings::EarlierEdition;
use crate::ingest::manifest::MANIFEST;
use crate::ingest::{Input, files, paths};
use crate::report::published_pattern;
use crate::text::{Texts, fill};

/// The editions published before.
pub struct Editions {
    /// Those that the command or the project names.
    pub given: Vec<EarlierEdition>,
    /// Others that lie beside the new one.
    seen: Vec<PathBuf>,
}

impl Editions {
    /// Reads them before the work begins, and before one of them is replaced.
    pub fn read(asked: &[PathBuf], out: &Path, input: &Input) -> Result<Editions, Error> {
        let of_project = &input.settings.report.published_before;
        let mut folders: Vec<PathBuf> = of_project.iter().map(|folder| input.folder.join(folder)).collect();
        folders.extend_from_slice(asked);
        let mut known: BTreeSet<PathBuf> = BTreeSet::new();
        let mut given = Vec::new();
        for folder in &folders {
            if known.insert(paths::settled(folder)?) {
                given.push(read(folder)?);
            }
        }
        known.insert(paths::settled(out)?);
        // What cannot be looked at is nothing to suggest.
        let is_other = |folder: &PathBuf| paths::settled(folder).is_ok_and(|folder| !known.contains(&folder));
        let beside = files::folders_beside(out).into_iter();
        let seen = beside.filter(|folder| is_other(folder) && read(folder).is_ok()).collect();
        Ok(Editions { given, seen })
    }

    /// What to say of those that lie beside the new one and were not given.
    pub fn suggestion(&self, texts: &Texts) -> Option<String> {
        let quoted = |folder: &PathBuf| {
            let folder = folder.display().to_string();
            if folder.contains(' ') { format!("\"{folder}\"") } else { folder }
        };
        let seen: Vec<String> = self.seen.iter().map(quoted).collect();
        (!seen.is_empty()).then(|| fill!(texts, "terminal.published-before", folders = seen.join(" ")))
    }
}

fn read(folder: &Path) -> Result<EarlierEdition, Error> {
    let unusable = |flaw| Error::UnusableEdition { path: folder.into(), flaw };
    let path = folder.join(MANIFEST);
    if files::at(&path)? != Some(files::Kind::File) {
        return Err(unusable("no-report"));
    }
    let bytes = files::read_bytes(&path, files::MOST_MANIFEST)?;
    let (_, pattern) = published_pattern(&bytes).ok_or_else(|| unusable("no-pattern"))?;
    Ok(EarlierEdition { path: folder.into(), pattern })
}
