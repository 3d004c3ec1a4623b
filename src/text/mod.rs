//! Words: every text of the program in Swedish and English, and how numbers and dates are written.
//!
//! The texts stand in `sv.toml` and `en.toml`, one place a language. A key that is missing is our mistake and panics:
//! tests show that none is missing or unused, and that both files have the same. What is said when is decided here too,
//! a subject a file, from what others found.

pub mod charts;
mod controls;
mod days;
pub mod decisions;
pub mod definitions;
pub mod due;
mod edges;
mod errors;
mod faults;
mod flaws;
mod groups;
mod help;
pub mod notes;
mod numbers;
mod outlook;
pub mod plan;
pub mod proposal;
pub mod quality;
mod readings;
pub mod risks;
mod rules;
mod shares;
mod snippet;
#[cfg(test)]
mod tests;
mod trends;

use std::collections::BTreeMap;
use std::fmt::{Display, Write};
use std::sync::LazyLock;

pub use controls::{
    change_sentence, control_sentences, main_sentence, overdue_sentence, short_change_sentence,
    short_sentence,
};
pub use days::period_lines;
pub use edges::{edges_sentence, incomplete_sentence, later_sentence};
pub use errors::error_sentence;
pub use faults::{fault_reason, fault_remedy};
pub use flaws::{did_you_mean, flaw_sentence};
pub use groups::{
    differing_groups, differing_sentence, group_cell, group_name, group_sentences, groups_lead,
};
pub use help::{help_text, help_texts};
pub use outlook::outlook_sentences;
pub use readings::{decisions, reading};
pub use shares::NO_VALUE;
#[cfg(test)]
pub use trends::tests::trend as trend_of;
pub use trends::{
    assurance_words, counted, sentence_case, trend_sentences, verdict_of, verdict_sentence, verdict_words,
};

use crate::language::Language;

/// A text with its values: `fill!(texts, "plan.of", of, count = texts.count(cases))`. A value may be anything that can be
/// shown; one that is called as the text calls it is written once.
macro_rules! fill {
    (@value $name:ident) => { $name };
    (@value $name:ident $value:expr) => { $value };
    ($texts:expr, $key:expr $(, $name:ident $(= $value:expr)?)* $(,)?) => {
        $texts.filled(
            $key.as_ref(),
            &[$((stringify!($name), &fill!(@value $name $($value)?) as &dyn std::fmt::Display)),*],
        )
    };
}
pub(crate) use fill;

/// The texts of one language.
pub struct Texts {
    language: Language,
    entries: BTreeMap<String, String>,
}

static SWEDISH: LazyLock<Texts> = LazyLock::new(|| Texts::parse(Language::Sv, include_str!("sv.toml")));
static ENGLISH: LazyLock<Texts> = LazyLock::new(|| Texts::parse(Language::En, include_str!("en.toml")));

impl Texts {
    /// The texts of a language.
    pub fn of(language: Language) -> &'static Texts {
        match language {
            Language::Sv => &SWEDISH,
            Language::En => &ENGLISH,
        }
    }

    fn parse(language: Language, file: &str) -> Texts {
        let table: toml::Table = file.parse().expect("the text files are TOML");
        let mut entries = BTreeMap::new();
        collect("", &table, &mut entries);
        Texts { language, entries }
    }

    /// The language.
    pub fn language(&self) -> Language {
        self.language
    }

    /// The text of a key such as `table.cases`. Panics when there is none.
    pub fn get(&self, key: &str) -> &str {
        self.entries.get(key).unwrap_or_else(|| panic!("no text for '{key}' in {}", self.language.tag()))
    }

    /// The text of a key with `{name}` replaced by its value, and `{name|case|cases}` by the word that goes with it: the
    /// first with one, the other with any other value. `{{` and `}}` give braces.
    pub fn filled(&self, key: &str, values: &[(&str, &dyn Display)]) -> String {
        let mut rest = self.get(key);
        let mut filled = String::new();
        while let Some(at) = rest.find(['{', '}']) {
            filled.push_str(&rest[..at]);
            let brace = &rest[at..=at];
            let tail = &rest[at + 1..];
            if let Some(tail) = tail.strip_prefix(brace) {
                filled.push_str(brace);
                rest = tail;
                continue;
            }
            let (name, tail) =
                tail.split_once('}').unwrap_or_else(|| panic!("text '{key}' has a stray brace"));
            let (name, forms) =
                name.split_once('|').map_or((name, None), |(name, forms)| (name, Some(forms)));
            let value = values.iter().find(|(known, _)| *known == name);
            let value = value.unwrap_or_else(|| panic!("text '{key}' needs a value for '{name}'")).1;
            match forms {
                None => write!(filled, "{value}").expect("writing into memory does not fail"),
                Some(forms) => filled.push_str(self.inflected(forms, &value.to_string())),
            }
            rest = tail;
        }
        filled.push_str(rest);
        filled
    }

    /// Of two forms the one that goes with a number, in figures or letters.
    fn inflected<'f>(&self, forms: &'f str, number: &str) -> &'f str {
        let (one, many) = forms.split_once('|').expect("a form for one and a form for others");
        if number == "1" || number == self.get("number.1") { one } else { many }
    }

    /// Every key with its text.
    pub fn entries(&self) -> impl Iterator<Item = (&str, &str)> {
        self.entries.iter().map(|(key, text)| (key.as_str(), text.as_str()))
    }
}

fn collect(prefix: &str, table: &toml::Table, entries: &mut BTreeMap<String, String>) {
    for (key, value) in table {
        let key = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
        match value {
            toml::Value::String(text) => drop(entries.insert(key, text.clone())),
            toml::Value::Table(table) => collect(&key, table, entries),
            _ => panic!("text '{key}' is not a string"),
        }
    }
}
