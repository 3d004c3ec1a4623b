//! What was read: the ledgers, as results and manifest list them.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::super::Findings;
use crate::analysis::LedgerLine;
use crate::encoding::Encoding;
use crate::ingest::{Export, Form, shown};

/// What became of the rows of a file that belong to a control: `rows = counted + open + excluded + rejected`. A number
/// that is hidden is null.
#[derive(Serialize, JsonSchema)]
pub struct Input {
    /// The file.
    path: String,
    /// Its SHA-256; in the internal edition alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    sha256: Option<String>,
    /// The control.
    control: Option<String>,
    /// Rows read.
    rows: Option<u64>,
    /// Rows that are a judged case.
    counted: Option<u64>,
    /// Rows that are an open case.
    open: Option<u64>,
    /// Rows that are no case of the control.
    excluded: Option<u64>,
    /// Rows that cannot be judged.
    rejected: Option<u64>,
    /// A number is hidden.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    hidden: bool,
    /// Excluded rows by reason.
    #[serde(skip_serializing_if = "Option::is_none")]
    excluded_by_reason: Option<BTreeMap<&'static str, u64>>,
    /// How the file was read; missing of tallies.
    #[serde(skip_serializing_if = "Option::is_none")]
    read_as: Option<ReadAs>,
}

records! {
    /// How a file was read.
    ReadAs of export: &Export {
        /// How its letters are encoded.
        #[serde(skip_serializing_if = "Option::is_none")]
        encoding: Option<Encoding> = match export.form {
            Form::Text { encoding, .. } => Some(encoding),
            Form::Sheet { .. } => None,
        },
        /// What stands between its cells.
        #[serde(skip_serializing_if = "Option::is_none")]
        separator: Option<char> = match export.form {
            Form::Text { .. } => Some(char::from(export.separator)),
            Form::Sheet { .. } => None,
        },
        #[serde(skip_serializing_if = "Option::is_none")]
        sheet: Option<String> = match &export.form {
            Form::Text { .. } => None,
            Form::Sheet { name, .. } => Some(name.clone()),
        },
        /// The line or row of its headings, from 1.
        header_line: u64 = export.header_line,
        /// The headings of the columns that were used, by role.
        columns: BTreeMap<&'static str, String> = {
            let headings = shown(&export.headings);
            by_role(export.roles().into_iter().map(|(role, column)| (role, headings[column].clone())))
        },
        /// How the dates of columns are written, by role.
        date_formats: BTreeMap<&'static str, String> =
            by_role(export.columns.dates().map(|(role, column)| (role, export.written[column].ids()))),
    }
}

/// What belongs to each role; where several columns have it, joined by a plus sign.
fn by_role(all: impl Iterator<Item = (&'static str, String)>) -> BTreeMap<&'static str, String> {
    let mut roles: BTreeMap<&'static str, String> = BTreeMap::new();
    for (role, text) in all {
        roles.entry(role).and_modify(|known| *known = format!("{known} + {text}")).or_insert(text);
    }
    roles
}

/// The ledgers, as results and manifest list them.
pub fn inputs(findings: &Findings<'_>) -> Vec<Input> {
    let reasons = |number: usize| findings.internal().map(|it| it.judged.inputs[number].ledger.reasons());
    let inputs = findings.ledger.iter().enumerate().map(|(number, shown)| {
        let LedgerLine { rows, counted, open, excluded, rejected } = shown.line;
        Input {
            path: shown.file.clone(),
            sha256: findings.internal().map(|_| findings.digests[shown.export].clone()),
            control: shown.control.clone(),
            rows,
            counted,
            open,
            excluded,
            rejected,
            hidden: [rows, counted, open, excluded, rejected].contains(&None),
            excluded_by_reason: reasons(number).map(|reasons| reasons.into_iter().collect()),
            read_as: findings.exports.get(shown.export).map(Into::into),
        }
    });
    inputs.collect()
}
