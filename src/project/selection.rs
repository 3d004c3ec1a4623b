//! How the cases of an export were chosen, when the project file says so.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How the cases of an export were chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Selection {
    /// All cases there have been.
    All,
    /// Those that started on a day or later.
    StartedSince,
    /// Those that ended on a day or later, and those that are open.
    EndedSince,
    /// Those that ended on a day or later; no open ones.
    DecidedSince,
    /// Those that are open, and no others.
    Open,
}

impl Selection {
    /// The name in project files, results and text catalogues.
    pub fn id(self) -> &'static str {
        match self {
            Selection::All => "all",
            Selection::StartedSince => "started-since",
            Selection::EndedSince => "ended-since",
            Selection::DecidedSince => "decided-since",
            Selection::Open => "open",
        }
    }
}
