//! What a run reads besides exports: rulebooks, the plan of internal control and the list of risks.

use std::path::PathBuf;

use super::files::{self, Text};
use super::input::Input;
use super::list::list;
use super::manifest::{InputFile, InputKind};
use crate::error::{Error, Flaw};
use crate::personal_numbers;
use crate::plan::register::{self, Risk};
use crate::plan::{self, Area, ControlPoint, Plan, RiskSettings};
use crate::rulebook::Rulebook;

/// The most parts of a plan: nine thousand take two gigabytes of memory to typeset. The flaw's text states this number.
const MOST_PARTS: usize = 1_000;

/// The number of areas, risk points, control points and results in a plan.
fn parts_of(plan: &Plan) -> usize {
    let of_control_points =
        |points: &[ControlPoint]| points.iter().map(|point| 1 + point.results.len()).sum::<usize>();
    let of_area = |area: &Area| {
        let points = area.risk_points.iter().map(|point| 1 + of_control_points(&point.control_points));
        1 + points.sum::<usize>()
    };
    plan.areas.iter().map(of_area).sum()
}

impl Input {
    /// The rulebook of the run: the built-in one, with the project's and then the command's on top.
    ///
    /// # Errors
    /// If one of them cannot be read or used, or the project names a control that none of them has.
    pub fn rulebook(&self) -> Result<Rulebook, Error> {
        self.digested_rulebook().map(|(rulebook, _)| rulebook)
    }

    /// As [`Input::rulebook`], with the files of the rulebooks on top of the built-in one, in order.
    ///
    /// # Errors
    /// As [`Input::rulebook`].
    pub fn digested_rulebook(&self) -> Result<(Rulebook, Vec<InputFile>), Error> {
        let (rulebook, files) = self.joined_rulebook()?;
        match (&self.project_file, self.settings.unknown_controls(&rulebook).into_iter().next()) {
            (Some(path), Some(flaw)) => {
                Err(Error::UnusableProject { path: path.clone(), flaw: Box::new(flaw) })
            }
            _ => Ok((rulebook, files)),
        }
    }

    /// The plan of internal control that the project names or that lies beside it, and its file.
    ///
    /// # Errors
    /// If it cannot be read or used.
    pub fn plan(&self, rulebook: &Rulebook) -> Result<Option<(Plan, InputFile)>, Error> {
        let Some(path) = self.plan_file()? else { return Ok(None) };
        let Text { text, sha256 } = files::read_text(&path, files::MOST_PLAN)?;
        let plan = Plan::parse(&text, &path, rulebook, &self.settings.accept)?;
        if parts_of(&plan) > MOST_PARTS {
            return Err(Error::UnusablePlan { path, flaw: Box::new(Flaw::new("too-many-parts", &[])) });
        }
        Ok(Some((plan, InputFile::read(InputKind::Plan, self.recorded(&path)?, sha256))))
    }

    /// The list of risks, found in the same way, and its file.
    ///
    /// # Errors
    /// If it cannot be read or used.
    pub fn risks(&self, settings: &RiskSettings) -> Result<Option<(Vec<Risk>, InputFile)>, Error> {
        let Some(path) = self.risks_file()? else { return Ok(None) };
        let (list, sha256) = list(&path, self.settings.encoding, &register::is_known_heading)?;
        let risks = register::risks(&list, settings, &self.settings.accept);
        let risks = risks.map_err(|flaws| Error::UnusableRisks { path: path.clone(), flaws })?;
        Ok(Some((risks, InputFile::read(InputKind::Risks, self.recorded(&path)?, sha256))))
    }

    /// The path of the plan of internal control, if there is one.
    ///
    /// # Errors
    /// If the file system does not say.
    pub fn plan_file(&self) -> Result<Option<PathBuf>, Error> {
        self.beside(self.settings.report.plan.as_ref(), &[plan::FILE_NAME])
    }

    /// The path of the list of risks, if there is one.
    ///
    /// # Errors
    /// As [`Input::plan_file`].
    pub fn risks_file(&self) -> Result<Option<PathBuf>, Error> {
        self.beside(self.settings.report.risks.as_ref(), &register::FILE_NAMES)
    }

    /// A file that is named, or the first existing one with a usual name.
    fn beside(&self, named: Option<&PathBuf>, usual: &[&str]) -> Result<Option<PathBuf>, Error> {
        if let Some(path) = named {
            return Ok(Some(self.folder.join(path)));
        }
        for path in usual.iter().map(|name| self.folder.join(name)) {
            if files::is_there(&path)? {
                return Ok(Some(path));
            }
        }
        Ok(None)
    }

    /// The controls that the project names and no rulebook has.
    pub fn unknown_controls(&self) -> Vec<Flaw> {
        let joined = self.joined_rulebook();
        joined.map_or(Vec::new(), |(rulebook, _)| self.settings.unknown_controls(&rulebook))
    }

    fn joined_rulebook(&self) -> Result<(Rulebook, Vec<InputFile>), Error> {
        let of_project = self.settings.rulebook.as_ref().map(|path| self.folder.join(path));
        let of_project = of_project.map(|path| Ok((self.recorded(&path)?, path)));
        let on_top = self.settings.rulebook_on_top.as_ref();
        let on_top = on_top.map(|path| Ok((self.recorded_argument(path)?, path.clone())));
        let (mut rulebook, mut files) = (Rulebook::builtin(), Vec::new());
        for named in of_project.into_iter().chain(on_top) {
            let (recorded, path) = named?;
            let Text { text, sha256 } = files::read_text(&path, files::MOST_SETTINGS)?;
            // Names and citations are printed by commands whose output passes no gate.
            if let Some(line) = personal_numbers::line_with_unaccepted(&text, &self.settings.accept) {
                let flaw = Box::new(Flaw::new("person-in-text", &[("line", &line.to_string())]));
                return Err(Error::UnusableRulebook { path, flaw });
            }
            rulebook = rulebook.overridden_by(&text, &path.to_string_lossy())?;
            files.push(InputFile::read(InputKind::Rulebook, recorded, sha256));
        }
        Ok((rulebook, files))
    }

    /// The file of the project, if there is one.
    ///
    /// # Errors
    /// As [`Input::recorded`].
    pub fn project(&self) -> Result<Option<InputFile>, Error> {
        let Some((path, sha256)) = self.project_file.as_ref().zip(self.project_sha256.clone()) else {
            return Ok(None);
        };
        Ok(Some(InputFile::read(InputKind::Project, self.recorded(path)?, sha256)))
    }
}
