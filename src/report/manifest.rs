//! `manifest.json`: what the report was made from, by what, and which files it consists of.

use serde::Serialize;

use super::results::{Input, inputs};
use super::{Findings, Rendered};
use crate::contribution::Origin;
use crate::date::Day;
use crate::findings::Provenance;
use crate::output::Listed;
use crate::rulebook::Rulebook;

#[derive(Serialize)]
struct Manifest<'a> {
    schema: &'static str,
    program: String,
    rulebook: &'a str,
    as_of: Day,
    #[serde(flatten)]
    provenance: &'a Provenance,
    #[serde(skip_serializing_if = "Option::is_none")]
    tally: Option<&'a Origin>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    inputs: Vec<Input>,
    outputs: Vec<Listed>,
}

const SCHEMA: &str = "frist/manifest/1";

fn program() -> String {
    format!("frist {}", env!("CARGO_PKG_VERSION"))
}

impl Manifest<'_> {
    fn bytes(&self) -> Vec<u8> {
        let mut bytes = serde_json::to_vec_pretty(self).expect("a manifest is JSON");
        bytes.push(b'\n');
        bytes
    }
}

/// Renders the manifest of the files listed. It holds no time and no machine's name, so that the same
/// inputs give the same bytes.
pub fn manifest_json(findings: &Findings<'_>, outputs: Vec<Listed>) -> Rendered {
    // Whoever has the rest of a plan could try out which small number has its digest.
    let none = Provenance::default();
    let provenance = findings.internal().map_or(&none, |internal| internal.provenance);
    let bytes = Manifest {
        schema: SCHEMA,
        program: program(),
        rulebook: findings.rulebook_version,
        as_of: findings.as_of,
        provenance,
        tally: findings.internal().and_then(|internal| internal.origin.as_deref()),
        inputs: inputs(findings),
        outputs,
    }
    .bytes();
    Rendered { name: crate::output::MANIFEST.into(), bytes }
}

/// The manifest of a tally without its report, or of what a database makes one with: nothing of exports, plan or risks.
pub fn law_manifest(rulebook: &Rulebook, as_of: Day, origin: &Origin, outputs: Vec<Listed>) -> Vec<u8> {
    Manifest {
        schema: SCHEMA,
        program: program(),
        rulebook: &rulebook.version,
        as_of,
        provenance: &Provenance::default(),
        tally: Some(origin),
        inputs: Vec::new(),
        outputs,
    }
    .bytes()
}
