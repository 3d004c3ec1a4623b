//! `manifest.json`: what the report was made from, by what, and which files it consists of.

use serde::{Deserialize, Serialize};

use super::results::{Input, inputs, to_bytes};
use super::{Findings, Rendered};
use crate::analysis::Pattern;
use crate::contribution::Origin;
use crate::date::Day;
use crate::findings::{Edition, Provenance};
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
    /// Who it is for: later editions ask for the pattern of those for everyone.
    #[serde(skip_serializing_if = "Option::is_none")]
    published: Option<&'a Pattern>,
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
        to_bytes(self)
    }
}

/// A manifest as far as later editions ask.
#[derive(Deserialize)]
struct OfEdition {
    as_of: String,
    published: Option<Pattern>,
}

/// The as-of date and the pattern of the published edition that a manifest is of; `None` if it is of another report.
pub fn published_pattern(manifest: &[u8]) -> Option<(Day, Pattern)> {
    let of_edition: OfEdition = serde_json::from_slice(manifest).ok()?;
    Some((Day::parse_iso(&of_edition.as_of)?, of_edition.published?))
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
        published: match &findings.edition {
            Edition::Internal(_) => None,
            Edition::Published(published) => Some(&published.pattern),
        },
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
        published: None,
        tally: Some(origin),
        inputs: Vec::new(),
        outputs,
    }
    .bytes()
}
