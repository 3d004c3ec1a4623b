//! Editions published before: read from their folders, and suggested where they lie beside the new one.

use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::findings::EarlierEdition;
use crate::ingest::manifest::MANIFEST;
use crate::ingest::{Input, files};
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
        folders.extend(asked.iter().filter(|folder| !is_in(folder, &folders)).cloned().collect::<Vec<_>>());
        let given: Result<Vec<EarlierEdition>, Error> = folders.iter().map(|folder| read(folder)).collect();
        let beside = files::folders_beside(out).into_iter();
        let seen = beside.filter(|folder| {
            !is_in(folder, &folders) && !files::are_the_same(folder, out) && read(folder).is_ok()
        });
        Ok(Editions { given: given?, seen: seen.collect() })
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

fn is_in(folder: &Path, folders: &[PathBuf]) -> bool {
    folders.iter().any(|known| files::are_the_same(known, folder))
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
