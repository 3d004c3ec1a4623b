//! `manifest.json`: what the report was made from, by what, and which files it consists of.

use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};

use super::results::{Input, inputs, to_bytes};
use super::{Findings, Rendered};
use crate::analysis::Pattern;
use crate::contribution::Origin;
use crate::date::Day;
use crate::findings::Edition;
use crate::ingest::manifest::InputFile;
use crate::output::Listed;
use crate::rulebook::Rulebook;

#[derive(Serialize)]
struct Manifest<'a> {
    schema: &'static str,
    program: String,
    rulebook: &'a str,
    as_of: Day,
    #[serde(skip_serializing_if = "Option::is_none")]
    command: Option<&'a [String]>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    read: &'a [InputFile],
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

/// The program and its version, as manifests record them.
pub fn program() -> String {
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

/// The as-of date and the pattern of the published edition that a manifest is of; `None` if it is of another report, or
/// if its numbers cannot be.
pub fn published_pattern(manifest: &[u8]) -> Option<(Day, Pattern)> {
    let of_edition: OfEdition = serde_json::from_slice(manifest).ok()?;
    let pattern = of_edition.published.filter(Pattern::is_possible)?;
    Some((Day::parse_iso(&of_edition.as_of)?, pattern))
}

/// A manifest as far as those ask who check what a report was made from.
#[derive(Deserialize)]
pub struct Making {
    /// The program that made it, and its version.
    pub program: String,
    /// The command, with the options that decide what the report holds, and paths from the folder of the exports.
    pub command: Vec<String>,
    /// What was read; nothing in the published edition.
    #[serde(default)]
    pub read: Vec<InputFile>,
    /// The report's files.
    pub outputs: Vec<Listed>,
    published: Option<IgnoredAny>,
}

impl Making {
    /// What the manifest of a report records; `None` if it should name files that were read and
    /// does not: it is of a tally, or of a version that recorded less.
    pub fn of(manifest: &[u8]) -> Option<Making> {
        let making: Making = serde_json::from_slice(manifest).ok()?;
        let may_be_empty = making.is_published() || making.is_anonymous();
        Some(making).filter(|making| may_be_empty || !making.read.is_empty())
    }

    /// Whether the report adds up tallies without naming them.
    pub fn is_anonymous(&self) -> bool {
        self.command.iter().any(|word| word == "--anonymous")
    }

    /// Whether the report is a published edition.
    pub fn is_published(&self) -> bool {
        self.published.is_some()
    }
}

/// Renders the manifest of the files listed, which `command` made from the files `read`. It holds no time and no
/// machine's name, so that the same inputs give the same bytes.
pub fn manifest_json(
    findings: &Findings<'_>,
    command: &[String],
    read: &[InputFile],
    outputs: Vec<Listed>,
) -> Rendered {
    // Whoever has the rest of a plan could try out which small number has its digest.
    let read = findings.internal().map_or(&[][..], |_| read);
    let bytes = Manifest {
        schema: SCHEMA,
        program: program(),
        rulebook: findings.rulebook_version,
        as_of: findings.as_of,
        command: Some(command),
        read,
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
        command: None,
        read: &[],
        published: None,
        tally: Some(origin),
        inputs: Vec::new(),
        outputs,
    }
    .bytes()
}
