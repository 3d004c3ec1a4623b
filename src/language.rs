//! The two languages of the program, and phrases that exist in both.
//!
//! Holds no texts of its own: those of the program are in `text`, those of the rules in the rulebook.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A language of reports and messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Swedish, the default.
    #[default]
    Sv,
    /// English.
    En,
}

impl Language {
    /// The BCP 47 tag, as in `<html lang>`.
    pub fn tag(self) -> &'static str {
        match self {
            Language::Sv => "sv",
            Language::En => "en",
        }
    }
}

impl FromStr for Language {
    type Err = String;

    fn from_str(text: &str) -> Result<Language, String> {
        match text {
            "sv" => Ok(Language::Sv),
            "en" => Ok(Language::En),
            _ => Err(format!("'{text}' is not one of sv, en")),
        }
    }
}

/// A name or sentence in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Phrase {
    /// Swedish.
    pub sv: String,
    /// English.
    pub en: String,
}

impl Phrase {
    /// The text in one language.
    pub fn text(&self, language: Language) -> &str {
        match language {
            Language::Sv => &self.sv,
            Language::En => &self.en,
        }
    }
}
