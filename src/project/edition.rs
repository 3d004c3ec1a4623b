//! Who a report is for.

use schemars::JsonSchema;
use serde::Deserialize;

/// Who a report is for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Edition {
    /// Those who work with the cases: every figure.
    #[default]
    Internal,
    /// Everyone: small numbers are hidden.
    Published,
}

impl Edition {
    /// Both.
    pub const ALL: [Edition; 2] = [Edition::Internal, Edition::Published];

    /// The name in the project file and on the command line.
    pub fn id(self) -> &'static str {
        match self {
            Edition::Internal => "internal",
            Edition::Published => "published",
        }
    }
}
