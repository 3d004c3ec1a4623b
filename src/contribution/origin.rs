//! Where a tally comes from: by which law it was counted, and whose it is.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::coarse::Coarse;
use crate::analysis::Edges;
use crate::date::Day;
use crate::ingest::{Ledger, hex};
use crate::judge::{Extensions, WithoutTimes};
use crate::pipeline::Control;
use crate::rulebook::{Clock, Cohort, Law, Roll, Rule};

/// The origin of a tally, as its manifest tells it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// SHA-256 of `law`, to compare at a glance.
    pub law_sha256: String,
    /// How each control was counted, in the order of the rulebook.
    pub law: Vec<Terms>,
    /// Whose cases were counted, in order of name.
    pub contributors: Vec<Contributor>,
}

impl Origin {
    /// The origin of tallies of these controls.
    pub fn new(controls: &[Control], contributors: Vec<Contributor>) -> Origin {
        let law: Vec<Terms> = controls.iter().map(Terms::of).collect();
        let text = serde_json::to_vec(&law).expect("terms are JSON");
        Origin { law_sha256: hex(&Sha256::digest(text)), law, contributors }
    }
}

/// Everything that decides how the cases of a control are counted. Two tallies add up if it is the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// The control.
    pub control: String,
    /// The lawful clocks, oldest first.
    pub law: Vec<ClockOfLaw>,
    /// The method that the lawful one is compared with.
    pub reference: Option<Clock>,
    /// Whether 2 § moves the last day.
    pub roll: Roll,
    /// Whether 2 § was asked about.
    pub may_roll: bool,
    /// The cohort that is reported.
    pub cohort: Cohort,
    /// Whether extensions count.
    pub extensions: Extensions,
    /// What became of cases without a time of day, where hours are counted.
    pub without_times: WithoutTimes,
}

/// A lawful clock, and the start days for which it applies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockOfLaw {
    from: Option<Day>,
    to: Option<Day>,
    clock: Clock,
}

impl Terms {
    /// The terms of a control.
    pub fn of(control: &Control) -> Terms {
        let Control { rule, extensions, without_times } = control;
        let of_law = |law: &Law| ClockOfLaw { from: law.first_day, to: law.last_day, clock: law.method };
        Terms {
            control: rule.id.clone(),
            law: rule.laws.iter().map(of_law).collect(),
            reference: rule.reference,
            roll: rule.roll,
            may_roll: rule.may_roll(),
            cohort: rule.cohort,
            extensions: *extensions,
            without_times: *without_times,
        }
    }

    /// The control that a rule becomes by these terms; `None` if it has another law.
    pub fn applied_to(&self, rule: &Rule) -> Option<Control> {
        let rule = Rule { reference: self.reference, roll: self.roll, cohort: self.cohort, ..rule.clone() };
        let control = Control { rule, extensions: self.extensions, without_times: self.without_times };
        (Terms::of(&control) == *self).then_some(control)
    }

    /// What differs from other terms of the control, by its name in the manifest; `None` if nothing does.
    pub fn difference(&self, other: &Terms) -> Option<&'static str> {
        let differs = [
            ("law", self.law != other.law || self.may_roll != other.may_roll),
            ("reference", self.reference != other.reference),
            ("roll", self.roll != other.roll),
            ("cohort", self.cohort != other.cohort),
            ("extensions", self.extensions != other.extensions),
            ("without_times", self.without_times != other.without_times),
        ];
        differs.into_iter().find(|(_, differs)| *differs).map(|(name, _)| name)
    }
}

/// An organisation whose cases are in a tally.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contributor {
    /// Its name; empty if its project file has none.
    pub organisation: String,
    /// The as-of date.
    pub as_of: Day,
    /// SHA-256 of the tallies that it gave, in order.
    pub tallies: Vec<String>,
    /// Its controls, in the order of the rulebook.
    pub controls: Vec<ControlOrigin>,
}

/// What a contributor says of its cases of a control.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ControlOrigin {
    /// The control.
    pub control: String,
    /// The first and the last month in which cases started.
    pub started: Option<[String; 2]>,
    /// What its exports have the whole of.
    pub edges: Edges,
    /// What became of their rows; a coarse tally does not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ledger: Option<Ledger>,
    /// How coarse the tally is, if it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coarse: Option<Coarse>,
}

impl Contributor {
    /// What it says of its cases of a control.
    pub fn of_control(&self, id: &str) -> Option<&ControlOrigin> {
        self.controls.iter().find(|own| own.control == id)
    }

    /// Whether a tally of its is coarse.
    pub fn is_coarse(&self) -> bool {
        self.controls.iter().any(|own| own.coarse.is_some())
    }

    /// An organisation whose database has not counted yet: what it will say of its rows is read beside its tally.
    pub fn of_database(organisation: Option<String>, as_of: Day, controls: &[Control]) -> Contributor {
        let controls = controls.iter().map(|control| ControlOrigin {
            control: control.rule.id.clone(),
            started: None,
            edges: Edges::NONE,
            ledger: Some(Ledger::default()),
            coarse: None,
        });
        let organisation = organisation.unwrap_or_default();
        Contributor { organisation, as_of, tallies: Vec::new(), controls: controls.collect() }
    }
}
