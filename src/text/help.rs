//! Help: what stands in English beside each command and option, in Swedish.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::language::{Language, Phrase};

#[derive(Deserialize)]
struct Help {
    text: Vec<Phrase>,
}

static PHRASES: LazyLock<Vec<Phrase>> = LazyLock::new(|| {
    let help: Help = toml::from_str(include_str!("help.toml")).expect("the texts of help are TOML");
    help.text
});

static SWEDISH: LazyLock<BTreeMap<&str, &str>> =
    LazyLock::new(|| PHRASES.iter().map(|phrase| (phrase.en.as_str(), phrase.sv.as_str())).collect());

/// A text of the help in a language. That none is missing is tested where the commands are.
pub fn help_text(english: &str, language: Language) -> &str {
    match language {
        Language::Sv => SWEDISH.get(english).copied().unwrap_or(english),
        Language::En => english,
    }
}

/// Every text of the help.
pub fn help_texts() -> &'static [Phrase] {
    &PHRASES
}
