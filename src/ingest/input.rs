//! Input: the project, its folder, and which files of it are exports of which controls. It is one file: which files are
//! exports is found once, from all of it together.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use super::dates::{self, Candidate, Found};
use super::export::{Export, Looked};
use super::files::{self, Kind, Parted, Text};
use super::first_look::like_cases;
use super::heading_words::begins_cases;
use super::original::Original;
use super::overlooked::overlooked_in;
use super::patterns::matching;
use super::source::Form;
use super::table::Table;
use super::{paths, sheets, source};
use crate::encoding::Encoding;
use crate::error::Error;
use crate::personal_numbers;
use crate::plan::register::{self};
use crate::project::{self, Settings, Sheets, Source};
use crate::rulebook::Rulebook;

/// What a run reads: the project and its folder.
#[derive(Debug, Clone, Default)]
pub struct Input {
    /// The settings, the usual ones where nothing else is said.
    pub settings: Settings,
    /// The path of the project file.
    pub project_file: Option<PathBuf>,
    /// SHA-256 of the project file, as it was read.
    pub project_sha256: Option<String>,
    /// The folder that paths are relative to.
    pub folder: PathBuf,
    /// The folder that a manifest records paths from, if it is another.
    pub recorded_from: Option<PathBuf>,
    /// The exports, if no source names them.
    unnamed: Vec<PathBuf>,
    /// Possible exports in the project's folder, if sources name the exports.
    beside: Vec<PathBuf>,
    /// Files written by this program among them.
    own: Vec<PathBuf>,
    /// Whether a folder or its project file was opened, and not a single export.
    is_folder: bool,
    /// The files that the patterns of the sources name, resolved once.
    named: OnceLock<Result<Vec<Named>, Error>>,
}

/// The files that one pattern of a source names.
#[derive(Debug, Clone)]
struct Named {
    /// Index of the source.
    source: usize,
    /// The exports, and the files written by this program among them.
    files: Parted,
}

/// The exports in a folder, without the list of risks.
///
/// # Errors
/// [`Error::NoExports`] if there are none.
pub fn exports_beside(folder: &Path, settings: &Settings) -> Result<Vec<PathBuf>, Error> {
    let found = without_lists(files::tables_in(folder)?.0, folder, settings);
    if found.is_empty() { Err(Error::NoExports { path: folder.into() }) } else { Ok(found) }
}

fn without_lists(mut found: Vec<PathBuf>, folder: &Path, settings: &Settings) -> Vec<PathBuf> {
    found.retain(|path| !is_list(path, folder, settings));
    found
}

/// Whether a file is the list of risks.
fn is_list(path: &Path, folder: &Path, settings: &Settings) -> bool {
    settings.report.risks.as_ref().is_some_and(|list| folder.join(list) == *path)
        || path.file_name().is_some_and(|name| register::FILE_NAMES.iter().any(|list| name == *list))
}

impl Input {
    /// Opens the path given to a command: a project file, a folder with one, a folder of exports, or one export.
    ///
    /// # Errors
    /// If nothing is there, the project file cannot be used, or there are no exports.
    pub fn open(path: &Path) -> Result<Input, Error> {
        let input = Input::open_any(path)?;
        if input.is_without_exports() { Err(input.no_exports()) } else { Ok(input) }
    }

    /// As [`Input::open`], but where there are no exports a plan of internal control or a list of risks is enough.
    ///
    /// # Errors
    /// As [`Input::open`]; [`Error::NoExports`] only if there is neither a plan nor a list.
    pub fn open_for_report(path: &Path) -> Result<Input, Error> {
        let input = Input::open_any(path)?;
        let has_lists = input.plan_file()?.is_some() || input.risks_file()?.is_some();
        if input.is_without_exports() && !has_lists { Err(input.no_exports()) } else { Ok(input) }
    }

    /// Whether no file is an export, and no source names any.
    pub fn is_without_exports(&self) -> bool {
        self.unnamed.is_empty() && self.settings.sources.is_empty()
    }

    /// The refusal of a folder in which there is nothing to report.
    pub fn no_exports(&self) -> Error {
        Error::NoExports { path: self.folder.clone() }
    }

    fn open_any(path: &Path) -> Result<Input, Error> {
        let is_project = path.extension().is_some_and(|ending| ending == "toml");
        match files::at(path)? {
            None => Err(Error::MissingInput { path: path.into() }),
            Some(Kind::Folder) => {
                let project_file = path.join(project::FILE_NAME);
                match files::is_there(&project_file)? {
                    true => Input::of_project(project_file),
                    false => Input::of_folder(path),
                }
            }
            Some(_) if is_project => Input::of_project(path.to_owned()),
            Some(_) => {
                files::is_there(path)?;
                let folder = path.parent().map(Path::to_owned).unwrap_or_default();
                Ok(Input { folder, unnamed: vec![path.to_owned()], ..Input::default() })
            }
        }
    }

    fn of_project(project_file: PathBuf) -> Result<Input, Error> {
        let input = Input::of_settings(&project_file)?;
        let (unnamed, beside, own) = if input.settings.sources.is_empty() {
            let (found, own) = files::tables_in(&input.folder)?;
            (without_lists(found, &input.folder, &input.settings), Vec::new(), own)
        } else {
            let (beside, own) = files::tables_beside(&input.folder)?;
            (Vec::new(), beside, own)
        };
        Ok(Input { unnamed, beside, own, is_folder: true, ..input })
    }

    /// A project file, or that of a folder, without the exports that it names or that lie beside it.
    ///
    /// # Errors
    /// If it cannot be read or used.
    pub fn of_settings(path: &Path) -> Result<Input, Error> {
        let project_file = if path.is_dir() { path.join(project::FILE_NAME) } else { path.to_owned() };
        let Text { text, sha256 } = files::read_text(&project_file, files::MOST_SETTINGS)?;
        let settings = Settings::parse(&text, &project_file)?;
        let folder = project_file.parent().map(Path::to_owned).unwrap_or_default();
        let (project_file, project_sha256) = (Some(project_file), Some(sha256));
        Ok(Input { settings, project_file, project_sha256, folder, ..Input::default() })
    }

    fn of_folder(folder: &Path) -> Result<Input, Error> {
        let (found, own) = files::tables_in(folder)?;
        let unnamed = without_lists(found, folder, &Settings::default());
        Ok(Input { folder: folder.to_owned(), unnamed, own, is_folder: true, ..Input::default() })
    }

    /// One source in a folder, without a project file.
    pub fn of_source(folder: &Path, source: Source, encoding: Option<Encoding>) -> Input {
        Input {
            settings: Settings::of_source(source, encoding),
            folder: folder.to_owned(),
            ..Input::default()
        }
    }

    /// The text of the project file given to a command, if there is one and it can be read.
    pub fn project_text(path: &Path) -> Option<String> {
        let file = if path.is_dir() { path.join(project::FILE_NAME) } else { path.to_owned() };
        files::read_text(&file, files::MOST_SETTINGS).ok().map(|file| file.text)
    }

    /// A path of the project as a manifest records it.
    ///
    /// # Errors
    /// If the file system does not say where it leads.
    pub fn recorded(&self, path: &Path) -> Result<String, Error> {
        match &self.recorded_from {
            None => Ok(self.shown(path)),
            Some(folder) => paths::path_from(folder, path),
        }
    }

    /// A path that the command names, as a manifest records it.
    ///
    /// # Errors
    /// As [`Input::recorded`].
    pub fn recorded_argument(&self, path: &Path) -> Result<String, Error> {
        paths::path_from(self.recorded_from.as_ref().unwrap_or(&self.folder), path)
    }

    /// The exports, with their headings read and their columns found.
    ///
    /// # Errors
    /// If a file is missing, empty or unreadable, or its headings do not identify what is needed.
    pub fn exports(&self, rulebook: &Rulebook) -> Result<Vec<Export>, Error> {
        let mut found = Vec::new();
        for (_, exports) in self.look_at_each(rulebook)? {
            found.extend(exports?);
        }
        Ok(found)
    }

    /// As [`Input::exports`], but file by file, so that a flaw in one does not hide the others.
    ///
    /// # Errors
    /// If a source names no file.
    pub fn look_at_each(&self, rulebook: &Rulebook) -> Result<Vec<Looked>, Error> {
        let by_headings = Source::default();
        let unnamed = self.unnamed.iter().map(|path| (path, &by_headings));
        let named = self.named()?.iter().flat_map(|named| {
            let source = &self.settings.sources[named.source];
            named.files.0.iter().map(move |path| (path, source))
        });
        let (mut looked, mut originals): (Vec<Found>, _) = (Vec::new(), BTreeMap::new());
        for (path, source) in unnamed.chain(named) {
            let original = original_of(path, &mut originals);
            let mut exports = original.and_then(|original| self.exports_of(&original, source, rulebook));
            if let Ok(exports) = &mut exports {
                // A file named by two patterns is read once.
                let before = looked.iter().filter_map(|(_, exports)| exports.as_ref().ok()).flatten();
                let before: Vec<&Export> =
                    before.map(|found| &found.export).filter(|export| export.path == *path).collect();
                exports.retain(|Candidate { export, .. }| {
                    !before.iter().any(|other| {
                        other.form.own_sheet() == export.form.own_sheet() && other.controls == export.controls
                    })
                });
            }
            looked.push((path.clone(), exports));
        }
        Ok(dates::settle(looked))
    }

    /// The files that the patterns of the sources name, in order.
    ///
    /// # Errors
    /// If a pattern names nothing, or a folder or file on its way cannot be read.
    fn named(&self) -> Result<&[Named], Error> {
        let named = self.named.get_or_init(|| {
            let project_file = self.project_file.clone().unwrap_or_default();
            let mut named = Vec::new();
            for (number, source) in self.settings.sources.iter().enumerate() {
                for pattern in &source.files {
                    let files = matching(&self.folder, pattern, &project_file)?;
                    named.push(Named { source: number, files });
                }
            }
            Ok(named)
        });
        named.as_deref().map_err(Error::clone)
    }

    /// The exports in one file: one, or several if its headings fit several controls or several of its sheets do.
    fn exports_of(
        &self,
        original: &Arc<Original>,
        source: &Source,
        rulebook: &Rulebook,
    ) -> Result<Vec<Candidate>, Error> {
        let path = original.path();
        let forms = source::forms(original, self.settings.encoding.or(source.encoding))?;
        let (chosen, others) = sheets::chosen(path, forms, &source.sheets)?;
        let (name, grouped_by) = (&*self.shown(path), self.settings.grouped_by.as_ref());
        let mut looked = Vec::new();
        for (form, head) in chosen.iter().zip(source::heads(original, &chosen)?) {
            let head = &head?;
            looked.push(Table { original, name, form, head, source, grouped_by, rulebook }.exports());
        }
        if looked.iter().all(Result::is_err) {
            // Beside the sheet that matters there are often empty ones.
            let mut errors = looked.into_iter().filter_map(Result::err);
            let first = errors.next().expect("a file has a form");
            let telling = errors.find(|_| matches!(first, Error::EmptyFile { .. }));
            return Err(telling.unwrap_or(first));
        }
        let is_named = matches!(source.sheets, Sheets::Named(_));
        let (mut exports, mut unread, mut refused) = (Vec::new(), Vec::new(), Vec::new());
        for (form, looked) in chosen.iter().zip(looked) {
            match looked {
                Ok(found) => exports.extend(found),
                Err(Error::EmptyFile { .. }) => {}
                // The sheet may have been meant as an export, so it is mentioned.
                Err(
                    error @ (Error::UnknownHeadings { .. }
                    | Error::MissingColumn { .. }
                    | Error::BrokenHeadings { .. }
                    | Error::OneCell { .. }
                    | Error::NoDates { .. }),
                ) if !is_named => {
                    unread.push(form.clone());
                    refused.push(error);
                }
                Err(error) => return Err(error),
            }
        }
        let found: Vec<&Export> = exports.iter().map(|found: &Candidate| &found.export).collect();
        sheets::refuse_different(path, &found, &source.sheets)?;
        refuse_beginnings(path, &found, &refused, &unread, source, rulebook)?;
        if let Some(first) = exports.first_mut() {
            first.export.unread_sheets = sheets::names_of(&unread);
            first.export.left_out_sheets = like_cases(original, &others, source, rulebook)?;
        }
        Ok(exports)
    }

    /// Exports in the project's folder that no source names: they are easily forgotten.
    ///
    /// # Errors
    /// As [`paths::real`].
    pub fn unread(&self, exports: &[Export], errors: &[Error]) -> Result<Vec<String>, Error> {
        let of_exports = exports.iter().map(|export| &export.path);
        let of_errors = errors.iter().filter_map(Error::path);
        let read: BTreeSet<Option<PathBuf>> =
            of_exports.chain(of_errors).map(|path| paths::real(path)).collect::<Result<_, _>>()?;
        let mut unread = Vec::new();
        for path in &self.beside {
            if !is_list(path, &self.folder, &self.settings) && !read.contains(&paths::real(path)?) {
                unread.push(self.shown(path));
            }
        }
        Ok(unread)
    }

    /// What lies in the folder and looks like exports, but is not read because of its name.
    pub fn overlooked(&self, exports: &[Export]) -> Vec<String> {
        if !self.is_folder {
            return Vec::new();
        }
        let mut found = overlooked_in(&self.folder);
        found.retain(|path| !exports.iter().any(|export| export.path.starts_with(path)));
        found.iter().map(|path| self.shown(path)).collect()
    }

    /// Files written by this program among the exports, which are skipped.
    ///
    /// # Errors
    /// As [`Input::look_at_each`].
    pub fn own_outputs(&self) -> Result<Vec<String>, Error> {
        let of_patterns = self.named()?.iter().flat_map(|named| &named.files.1);
        let mut own: Vec<PathBuf> = self.own.iter().chain(of_patterns).cloned().collect();
        own.sort();
        own.dedup();
        Ok(own.iter().map(|path| self.shown(path)).collect())
    }

    /// A path as reports show it: relative to the project, with `/`, and without anything that names a person.
    fn shown(&self, path: &Path) -> String {
        let relative = path.strip_prefix(&self.folder).unwrap_or(path);
        personal_numbers::shown_name(&relative.to_string_lossy().replace('\\', "/"))
    }
}

/// A file in the state in which a source first examined it.
fn original_of(
    path: &Path,
    originals: &mut BTreeMap<PathBuf, Arc<Original>>,
) -> Result<Arc<Original>, Error> {
    if let Some(original) = originals.get(path) {
        return Ok(Arc::clone(original));
    }
    let original = Arc::new(Original::of(path)?);
    originals.insert(path.to_owned(), Arc::clone(&original));
    Ok(original)
}

/// Refuses a sheet that has case numbers and the starts of a control's cases but no ends, beside one that has both: the
/// cases that are still open would be left out.
fn refuse_beginnings(
    path: &Path,
    exports: &[&Export],
    refused: &[Error],
    unread: &[Form],
    source: &Source,
    rulebook: &Rulebook,
) -> Result<(), Error> {
    let begins = |error: &Error| match error {
        Error::UnknownHeadings { found, .. } | Error::MissingColumn { role: "end", found, .. } => {
            let ids = exports.iter().flat_map(|export| export.controls.ids());
            ids.filter_map(|id| rulebook.rule(id)).any(|rule| begins_cases(rule, found))
        }
        _ => false,
    };
    let Some((error, form)) = refused.iter().zip(unread).find(|(error, _)| begins(error)) else {
        return Ok(());
    };
    match source.sheets {
        Sheets::Recognised => {
            let read = exports.iter().filter_map(|export| export.form.sheet());
            let sheets = read.chain(form.sheet()).map(str::to_owned).collect();
            Err(Error::AmbiguousSheet { path: path.into(), sheets, lacks_ends: true })
        }
        _ => Err(error.clone()),
    }
}
