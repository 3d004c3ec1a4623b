//! A contribution on disk: a folder of `frist tally`, `frist add` or `frist run`, or the result of `frist sql`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::form;
use super::origin::{Contributor, Origin, Terms};
use crate::date::Day;
use crate::error::{Error, Flaw};
use crate::ingest::files::{self, MOST_MANIFEST};
use crate::ingest::manifest::{Listed, MANIFEST};
use crate::ingest::{Ledger, hex};
use crate::judge::Cell;
use crate::period::PeriodKind;
use crate::pipeline::Control;
use crate::rulebook::Rulebook;
use crate::table::harmless;
use crate::tally::{GroupName, Tally};

/// The file of counts.
pub const TALLY: &str = "tally.csv";
/// The same in the folder of a report.
const IN_REPORT: &str = "data/tally.csv";
/// What became of the rows, beside a tally that a database made.
pub const LEDGER: &str = "ledger.csv";
/// The files of a contribution: all that is read of its folder, where they are there.
pub const CONTRIBUTION_FILES: [&str; 4] = [MANIFEST, TALLY, "data/tally.csv", LEDGER];
/// A tally of 290 organisations, five controls and ten years has a tenth of it.
const MOST_TALLY: u64 = 1 << 30;

/// A tally and its origin.
#[derive(Debug, Clone)]
pub struct Contribution {
    /// Its folder.
    pub path: PathBuf,
    /// The controls as they were judged, in the order of the rulebook.
    pub controls: Vec<Control>,
    /// Whose cases are in it.
    pub contributors: Vec<Contributor>,
    /// By control; each contributor is a group.
    pub tallies: BTreeMap<String, Tally>,
}

/// What is read of a manifest.
#[derive(Deserialize)]
struct Manifest {
    as_of: Day,
    tally: Option<Origin>,
    outputs: Vec<Listed>,
}

impl Contribution {
    /// Reads a contribution that was counted by the rules of a rulebook.
    ///
    /// # Errors
    /// [`Error::UnusableTally`] if it is none, was altered, or was counted by another law; those of reading.
    pub fn read(path: &Path, rulebook: &Rulebook) -> Result<Contribution, Error> {
        let refused = |flaw: Flaw| Error::UnusableTally { path: path.into(), flaw: Box::new(flaw) };
        let manifest = files::read_bytes(&path.join(MANIFEST), MOST_MANIFEST)?;
        let Ok(Manifest { as_of, tally: Some(origin), outputs }) = serde_json::from_slice(&manifest) else {
            return Err(refused(Flaw::new("tally-no-origin", &[])));
        };
        // A database's tally is listed nowhere.
        let listed = outputs.iter().find(|listed| [TALLY, IN_REPORT].contains(&&*listed.path));
        let name = listed.map_or(TALLY, |listed| &listed.path);
        let bytes = files::read_bytes(&path.join(name), MOST_TALLY)?;
        let sha256 = hex(&Sha256::digest(&bytes));
        if listed.is_some_and(|listed| listed.sha256 != sha256) {
            return Err(refused(Flaw::new("tally-altered", &[])));
        }
        let controls = origin.law.iter().map(|terms| control_of(terms, rulebook)).collect::<Result<_, _>>();
        let controls: Vec<Control> = controls.map_err(refused)?;
        let mut contributors = origin.contributors;
        let group_of = group_names(&contributors);
        let rules =
            controls.iter().map(|control| (&control.rule, periods_of(&control.rule.id, &contributors)));
        let tallies = form::read(&bytes, rules, group_of)
            .map_err(|line| refused(Flaw::new("tally-line", &[("line", &line.to_string())])))?;
        if let Some(ledgers) = ledgers(&path.join(LEDGER))? {
            put_ledgers(&mut contributors, &ledgers).map_err(refused)?;
        }
        for contributor in &mut contributors {
            if contributor.tallies.is_empty() {
                contributor.tallies.push(sha256.clone());
            }
            check(contributor, as_of, &tallies).map_err(refused)?;
        }
        Ok(Contribution { path: path.to_owned(), controls, contributors, tallies })
    }
}

/// The control with these terms, if the rulebook counts it so.
fn control_of(terms: &Terms, rulebook: &Rulebook) -> Result<Control, Flaw> {
    let flaw = |key| Flaw::new(key, &[("control", &terms.control)]);
    let rule = rulebook.rule(&terms.control).ok_or_else(|| flaw("tally-control"))?;
    terms.applied_to(rule).ok_or_else(|| flaw("tally-law"))
}

/// The kind of the periods by which a tally counts the cases of a control. A coarse one is of a single organisation.
fn periods_of(control: &str, contributors: &[Contributor]) -> PeriodKind {
    let mut coarse = contributors.iter().filter_map(|own| own.of_control(control)?.coarse);
    coarse.next().map_or(PeriodKind::Month, |coarse| coarse.period)
}

/// The contributor whose cases a group's are. What one organisation gives has its units; they stay with it.
fn group_names(contributors: &[Contributor]) -> impl Fn(&str) -> Option<GroupName> + use<> {
    let names = contributors.iter().map(|contributor| {
        let name = &contributor.organisation;
        (harmless(name).into_owned(), GroupName::from(name.as_str()))
    });
    let names: BTreeMap<String, GroupName> = names.collect();
    move |group| match names.len() {
        1 => names.values().next().cloned(),
        _ => names.get(group).cloned(),
    }
}

/// The ledgers that a database wrote, by control; `None` if there are none.
fn ledgers(path: &Path) -> Result<Option<BTreeMap<String, Ledger>>, Error> {
    #[derive(Deserialize)]
    struct Row {
        control: String,
        #[serde(flatten)]
        ledger: Ledger,
    }
    if !files::is_there(path)? {
        return Ok(None);
    }
    let bytes = files::read_bytes(path, files::MOST_SETTINGS)?;
    let rows = csv::Reader::from_reader(&*bytes).into_deserialize::<Row>();
    let read = rows.map(|row| row.map(|row| (row.control, row.ledger))).collect::<Result<_, csv::Error>>();
    read.map(Some).map_err(|_| {
        let flaw = Box::new(Flaw::new("tally-ledger-form", &[]));
        Error::UnusableTally { path: path.into(), flaw }
    })
}

fn put_ledgers(contributors: &mut [Contributor], ledgers: &BTreeMap<String, Ledger>) -> Result<(), Flaw> {
    for own in contributors.iter_mut().flat_map(|contributor| &mut contributor.controls) {
        let flaw = || Flaw::new("tally-ledger", &[("control", &own.control)]);
        own.ledger = Some(*ledgers.get(&own.control).ok_or_else(flaw)?);
    }
    Ok(())
}

/// Refuses a contributor without a name, and one whose ledger does not tell of the cases in its tally.
fn check(contributor: &Contributor, as_of: Day, tallies: &BTreeMap<String, Tally>) -> Result<(), Flaw> {
    if contributor.organisation.is_empty() {
        return Err(Flaw::new("tally-nameless", &[]));
    }
    if contributor.as_of != as_of {
        return Err(Flaw::new("tally-altered", &[]));
    }
    let name = GroupName::from(contributor.organisation.as_str());
    for (control, tally) in tallies {
        let own = contributor.of_control(control);
        if own.is_some_and(|own| own.coarse.is_some()) {
            continue;
        }
        let ledger = own.and_then(|own| own.ledger);
        let counted = tally
            .groups
            .get(&name)
            .map_or((0, 0), |group| (group.cases_in(|cell| !cell.open()), group.cases_in(Cell::open)));
        if ledger.map_or((0, 0), |ledger| (ledger.counted, ledger.open)) != counted {
            return Err(Flaw::new("tally-ledger", &[("control", control)]));
        }
    }
    Ok(())
}
