//! Exports: which files a run reads, for which controls, and by which columns.

use std::path::{Path, PathBuf};

use super::dialect::{CellSplitter, header_line, separator_of};
use super::files;
use super::headings::{Columns, HeadingRow};
use crate::encoding::Encoding;
use crate::error::Error;
use crate::project::{self, ColumnNames, Duplicates, Project, Source, SourceControl};
use crate::rulebook::{Rule, Rulebook};

/// What a run reads: the project and where it stands.
#[derive(Debug, Clone, Default)]
pub struct Input {
    /// The project, an empty one when there is no project file.
    pub project: Project,
    /// The project file.
    pub project_file: Option<PathBuf>,
    /// The folder that paths are relative to.
    pub folder: PathBuf,
    /// The exports when no source names them.
    unnamed: Vec<PathBuf>,
}

impl Input {
    /// Opens what a command was given: a project file, a folder that holds one, a folder of exports, or
    /// one export.
    ///
    /// # Errors
    /// When nothing is there, or the project file cannot be used.
    pub fn open(path: &Path) -> Result<Input, Error> {
        let is_project = path.extension().is_some_and(|ending| ending == "toml");
        let project_file = if is_project { path.to_owned() } else { path.join(project::FILE_NAME) };
        if project_file.is_file() {
            let text = files::read_text(&project_file)?;
            let project = Project::parse(&text, &project_file)?;
            let folder = project_file.parent().map(Path::to_owned).unwrap_or_default();
            let unnamed = if project.sources.is_empty() { files::exports_in(&folder)? } else { Vec::new() };
            return Ok(Input { project, project_file: Some(project_file), folder, unnamed });
        }
        if path.is_dir() {
            let unnamed = files::exports_in(path)?;
            return Ok(Input { folder: path.to_owned(), unnamed, ..Input::default() });
        }
        if path.is_file() && !is_project {
            let folder = path.parent().map(Path::to_owned).unwrap_or_default();
            return Ok(Input { folder, unnamed: vec![path.to_owned()], ..Input::default() });
        }
        Err(Error::MissingInput { path: path.into() })
    }

    /// The rulebook of the run: the built-in one, then the project's, then `other` on top.
    ///
    /// # Errors
    /// When one of them cannot be read or used, or the project names a control that is in none.
    pub fn rulebook(&self, other: Option<&Path>) -> Result<Rulebook, Error> {
        let of_project = self.project.rulebook.as_ref().map(|path| self.folder.join(path));
        let mut rulebook = Rulebook::builtin();
        for path in of_project.iter().map(PathBuf::as_path).chain(other) {
            rulebook = rulebook.overridden_by(&files::read_text(path)?, &path.to_string_lossy())?;
        }
        if let Some(path) = &self.project_file {
            self.project.check_controls(&rulebook, path)?;
        }
        Ok(rulebook)
    }

    /// The exports, their headings read and their columns found.
    ///
    /// # Errors
    /// When a file is missing, empty or unreadable, or its headings do not tell what is needed.
    pub fn exports(&self, rulebook: &Rulebook) -> Result<Vec<Export>, Error> {
        let by_headings = Source {
            control: SourceControl::ByHeadings,
            files: Vec::new(),
            columns: ColumnNames::default(),
            encoding: None,
            duplicates: Duplicates::default(),
        };
        let mut exports: Vec<Export> = Vec::new();
        for path in &self.unnamed {
            exports.extend(self.exports_of(path, &by_headings, rulebook)?);
        }
        let project_file = self.project_file.clone().unwrap_or_default();
        for source in &self.project.sources {
            for pattern in &source.files {
                for path in files::matching(&self.folder, pattern, &project_file)? {
                    for export in self.exports_of(&path, source, rulebook)? {
                        // A file that two patterns name is read once.
                        let known = |other: &Export| other.path == path && other.controls == export.controls;
                        if !exports.iter().any(known) {
                            exports.push(export);
                        }
                    }
                }
            }
        }
        Ok(exports)
    }

    /// One file gives one export, or several when its headings fit several controls.
    fn exports_of(&self, path: &Path, source: &Source, rulebook: &Rulebook) -> Result<Vec<Export>, Error> {
        let head = files::head(path)?;
        let encoding = source.encoding.unwrap_or(head.encoding);
        let line = header_line(&head.bytes).ok_or_else(|| Error::EmptyFile { path: path.into() })?;
        let record = &head.bytes[line.from..line.end];
        let separator = separator_of(record);
        let mut splitter = CellSplitter::new(separator);
        let cells = splitter.split(record, record.contains(&b'"'));
        let headings: Vec<String> = cells.iter().map(|cell| encoding.decode(cell).into_owned()).collect();
        let row = HeadingRow::new(path, &headings);
        let rule = |id: &str| rulebook.rule(id).expect("the project's controls were checked");
        let controls: Vec<Controls> = match &source.control {
            SourceControl::One(id) => vec![Controls::One(id.clone())],
            SourceControl::ByHeadings => {
                row.controls(rulebook)?.into_iter().map(|rule| Controls::One(rule.id.clone())).collect()
            }
            SourceControl::ByType(types) => vec![Controls::ByType {
                column: row
                    .named("type", source.columns.case_type.as_ref())?
                    .expect("the project file names the type column"),
                types: types.iter().map(|(name, id)| (encoding.encode(name), id.clone())).collect(),
            }],
        };
        let exports = controls.into_iter().map(|controls| {
            let rules: Vec<&Rule> = controls.ids().into_iter().map(rule).collect();
            Ok(Export {
                path: path.to_owned(),
                name: self.shown(path),
                columns: row.columns(&source.columns, &rules)?,
                controls,
                encoding,
                separator,
                headings: headings.clone(),
                header_line: line.number + record.iter().filter(|byte| **byte == b'\n').count() as u64,
                body_offset: head.mark_length + line.next,
                duplicates: source.duplicates,
            })
        });
        exports.collect()
    }

    /// A path as reports show it: relative to the project, with `/`.
    fn shown(&self, path: &Path) -> String {
        let relative = path.strip_prefix(&self.folder).unwrap_or(path);
        relative.to_string_lossy().replace('\\', "/")
    }
}

/// Which control a row belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Controls {
    /// All rows to one.
    One(String),
    /// As a column says.
    ByType {
        /// The column, from 0.
        column: usize,
        /// Types as the file writes them, and their controls.
        types: Vec<(Vec<u8>, String)>,
    },
}

impl Controls {
    /// The controls that rows can belong to, each once.
    pub fn ids(&self) -> Vec<&str> {
        match self {
            Controls::One(id) => vec![id],
            Controls::ByType { types, .. } => {
                let mut ids: Vec<&str> = types.iter().map(|(_, id)| id.as_str()).collect();
                ids.sort_unstable();
                ids.dedup();
                ids
            }
        }
    }
}

/// A file to read, ready to be.
#[derive(Debug, Clone)]
pub struct Export {
    /// Where it is.
    pub path: PathBuf,
    /// The path as reports show it.
    pub name: String,
    /// Which control its rows belong to.
    pub controls: Controls,
    /// Where things stand in a row.
    pub columns: Columns,
    /// How bytes become text.
    pub encoding: Encoding,
    /// What stands between cells.
    pub separator: u8,
    /// The headings, decoded.
    pub headings: Vec<String>,
    /// The last line of the headings, from 1.
    pub header_line: u64,
    /// Bytes before the first row.
    pub body_offset: usize,
    /// What to do with several rows of one case number.
    pub duplicates: Duplicates,
}
