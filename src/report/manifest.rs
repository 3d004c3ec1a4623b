//! `manifest.json`: what the report was made from, by what, and which files it consists of.

use serde::Serialize;

use super::results::{Input, inputs};
use super::{Findings, Rendered};
use crate::date::Day;
use crate::findings::Provenance;
use crate::output::Listed;

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
pub fn manifest_json(findings: &Findings<'_>, outputs: Vec<Listed>) -> Rendered {
    // Whoever has the rest of a plan could try out which small number has its digest.
    let none = Provenance::default();
    let provenance = findings.internal().map_or(&none, |internal| internal.provenance);
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
