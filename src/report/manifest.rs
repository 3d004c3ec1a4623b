//! `manifest.json`: what the report was made from, by what, and which files it consists of.

use serde::Serialize;

use super::results::{Input, inputs};
use super::{Findings, Rendered};
use crate::date::Day;
use crate::output::Listed;

/// Where the run's instructions came from.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Provenance {
    /// SHA-256 of the project file, if there was one.
    pub project_sha256: Option<String>,
    /// SHA-256 of the plan of internal control, if there was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plan_sha256: Option<String>,
    /// SHA-256 of the list of risks, if there was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub risks_sha256: Option<String>,
    /// SHA-256 of the rulebooks on top of the built-in one, in order.
    pub rulebooks_sha256: Vec<String>,
}

#[derive(Serialize)]
struct Manifest<'a> {
    schema: &'static str,
    program: String,
    rulebook: &'a str,
    as_of: Day,
    #[serde(flatten)]
    provenance: &'a Provenance,
    inputs: Vec<Input>,
    outputs: Vec<Listed>,
}

/// Renders the manifest of the files listed. It holds no time and no machine's name, so that the same
/// inputs give the same bytes.
pub fn manifest_json(findings: &Findings<'_>, provenance: &Provenance, outputs: Vec<Listed>) -> Rendered {
    // Whoever has the rest of a plan could try out which small number has its digest.
    let none = Provenance::default();
    let provenance = if findings.internal().is_some() { provenance } else { &none };
    let manifest = Manifest {
        schema: "frist/manifest/1",
        program: format!("frist {}", env!("CARGO_PKG_VERSION")),
        rulebook: findings.rulebook_version,
        as_of: findings.as_of,
        provenance,
        inputs: inputs(findings),
        outputs,
    };
    let mut bytes = serde_json::to_vec_pretty(&manifest).expect("a manifest is JSON");
    bytes.push(b'\n');
    Rendered { name: crate::output::MANIFEST.into(), bytes }
}
