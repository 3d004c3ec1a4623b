//! `results.json`: every figure, for machines. Schema `frist/results/2`, described in docs/results.schema.json.
//!
//! A record lists its keys, each with its type and where in the findings its value is found.

/// Declares records of `results.json`: a key, its type and how it is read off a finding, once each.
macro_rules! records {
    ($(
        $(#[$about:meta])*
        $record:ident of $finding:tt: $found:ty {
            $($(#[$meaning:meta])* $key:ident: $value:ty = $read:expr,)*
        }
    )*) => {$(
        $(#[$about])*
        #[derive(serde::Serialize, schemars::JsonSchema)]
        pub struct $record {
            $($(#[$meaning])* $key: $value,)*
        }

        impl From<$found> for $record {
            fn from($finding: $found) -> $record {
                $record { $($key: $read,)* }
            }
        }
    )*};
}

mod control;
mod detail;
mod input;
mod layout;
mod plan;
mod trend;

use schemars::JsonSchema;
use serde::Serialize;

use super::contents::Assessed;
use super::{Findings, faults_by_code};
use crate::analysis::{Interval, exact, rounded};
use crate::date::Day;
use crate::findings::{Edition, Internal, Published};
use crate::ingest::FaultCode;
use crate::period::PeriodKind;
pub use input::{Input, inputs};
pub use layout::to_bytes;

/// The figures of a report.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "results.json of frist")]
struct Results {
    /// The form of this file.
    schema: &'static str,
    /// Whatever happened later has not happened yet.
    as_of: Day,
    /// The length of the periods.
    period: PeriodKind,
    /// Whose report it is.
    organisation: Option<String>,
    /// Internal, or published: without small numbers and those from which one could be worked out.
    edition: &'static str,
    /// Smaller numbers are hidden in the published edition.
    #[serde(skip_serializing_if = "Option::is_none")]
    smallest_published: Option<u64>,
    /// What became of the rows of every file, by control.
    inputs: Vec<Input>,
    /// Faults by file; they are about single rows, so that only the internal edition counts them.
    #[serde(skip_serializing_if = "Option::is_none")]
    faults: Option<Vec<FaultCount>>,
    /// The figures of each control.
    controls: Vec<control::Control>,
    /// The plan of internal control with what came out.
    #[serde(skip_serializing_if = "Option::is_none")]
    internal_control: Option<plan::Plan>,
    /// The list of risks with what follows for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    risks: Option<plan::Register>,
}

records! {
    /// How often a file has a fault.
    FaultCount of ((path, code), count): ((&str, FaultCode), u64) {
        path: String = path.to_owned(),
        /// What is wrong.
        code: &'static str = code.id(),
        /// What becomes of the row.
        effect: &'static str = code.effect().id(),
        /// How often.
        count: u64 = count,
    }
}

/// Renders the findings.
pub fn results_json(findings: &Findings<'_>, assessed: &Assessed<'_>) -> Vec<u8> {
    let (edition, smallest_published) = match &findings.edition {
        Edition::Internal(_) => ("internal", None),
        Edition::Published(Published { smallest, .. }) => ("published", Some(*smallest)),
    };
    let faults = |internal: &Internal<'_>| {
        all(faults_by_code(&internal.judged.faults, findings.exports, |count: &mut u64, _| *count += 1))
    };
    let results = Results {
        schema: "frist/results/2",
        as_of: findings.as_of,
        period: findings.settings.period,
        organisation: findings.settings.organisation.clone(),
        edition,
        smallest_published,
        inputs: inputs(findings),
        faults: findings.internal().map(faults),
        controls: findings.controls.iter().map(|control| (findings, control).into()).collect(),
        internal_control: assessed.plan.as_ref().map(Into::into),
        risks: assessed.register.as_ref().map(Into::into),
    };
    layout::to_bytes(&results)
}

/// The records of all findings.
fn all<F, R: From<F>>(findings: impl IntoIterator<Item = F>) -> Vec<R> {
    findings.into_iter().map(R::from).collect()
}

fn pair(interval: Interval, times: f64, decimals: i32) -> [f64; 2] {
    [rounded(interval.low * times, decimals), rounded(interval.high * times, decimals)]
}

/// A share of counts.
fn share((deviations, cases): (u64, u64)) -> f64 {
    exact(deviations as f64 / cases as f64)
}

#[cfg(test)]
mod tests {
    use schemars::generate::SchemaSettings;

    use super::*;

    /// The JSON schema of the results.
    fn schema_json() -> Vec<u8> {
        let generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
        let schema = generator.into_root_schema_for::<Results>();
        let mut bytes = serde_json::to_vec_pretty(&schema).expect("a schema is JSON");
        bytes.push(b'\n');
        bytes
    }

    #[test]
    #[allow(clippy::disallowed_methods, reason = "docs/ is written on request, by nobody but this")]
    fn the_schema_in_docs_is_that_of_the_records() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/results.schema.json");
        if std::env::var_os("FRIST_WRITE_SCHEMA").is_some() {
            std::fs::write(path, schema_json()).expect("written");
        }
        let written = std::fs::read(path).expect("docs/results.schema.json");
        assert!(
            written == schema_json(),
            "FRIST_WRITE_SCHEMA=1 cargo test --lib schema_in_docs writes it anew"
        );
    }
}
