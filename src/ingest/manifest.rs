//! The manifest of a report, for the lists of the report's files and of those that it was made from.

use serde::{Deserialize, Serialize};

/// File name of the manifest.
pub const MANIFEST: &str = "manifest.json";
/// How the schema of every manifest begins.
const SCHEMA: &str = "frist/manifest/";

/// A file of a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    /// Path inside the folder, with `/`.
    pub path: String,
    /// Length in bytes.
    pub bytes: u64,
    /// SHA-256 in hexadecimal.
    pub sha256: String,
}

/// What a file that a report was made from is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum InputKind {
    /// The project file.
    Project,
    /// A rulebook on top of the built-in one.
    Rulebook,
    /// The plan of internal control.
    Plan,
    /// The list of risks.
    Risks,
    /// An export.
    Export,
    /// A file beside the exports that was not read, and that the report names.
    Unread,
    /// The logo.
    Logo,
    /// A template of a document.
    Template,
    /// The Word file whose styles were used.
    WordTemplate,
    /// A file of a tally that was added.
    Tally,
}

/// A file that a report was made from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InputFile {
    /// What it is.
    pub kind: InputKind,
    /// Its path, from the folder of the exports.
    pub path: String,
    /// SHA-256 in hexadecimal; `None` of a file that was not read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
}

impl InputFile {
    /// A file that was read.
    pub fn read(kind: InputKind, path: String, sha256: String) -> InputFile {
        InputFile { kind, path, sha256: Some(sha256) }
    }
}

#[derive(Deserialize)]
struct Manifest {
    schema: String,
    outputs: Vec<Listed>,
}

/// The files listed in a manifest; `None` if it is another program's. A damaged manifest of a report lists nothing.
pub fn listed(manifest: &[u8]) -> Option<Vec<Listed>> {
    /// The schema is within this many bytes of the beginning.
    const BEGINNING: usize = 64;
    match serde_json::from_slice::<Manifest>(manifest) {
        Ok(manifest) => manifest.schema.starts_with(SCHEMA).then_some(manifest.outputs),
        Err(_) => {
            let beginning = &manifest[..manifest.len().min(BEGINNING)];
            memchr::memmem::find(beginning, SCHEMA.as_bytes()).map(|_| Vec::new())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_is_known_by_its_schema_even_when_it_is_damaged() {
        let whole =
            r#"{"schema": "frist/manifest/1", "outputs": [{"path": "a", "bytes": 1, "sha256": "x"}]}"#;
        assert_eq!(listed(whole.as_bytes()).expect("a report's")[0].path, "a");
        assert_eq!(listed(&whole.as_bytes()[..whole.len() - 3]), Some(Vec::new()));
        assert_eq!(listed(whole.replace("frist", "other").as_bytes()), None);
        let mentioned = format!(r#"{{"name": "{}", "schema": "frist/manifest/1""#, "x".repeat(64));
        for others in ["", "{}", "frist", &mentioned] {
            assert_eq!(listed(others.as_bytes()), None, "{others}");
        }
    }
}
