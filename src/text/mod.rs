//! Words: every text of the program in Swedish and English, and how numbers and dates are written.
//!
//! The texts stand in `sv.toml` and `en.toml`, one place a language. A key that is missing is our mistake
//! and panics; a test holds the two files alike.

mod errors;
mod faults;
mod flaws;
mod groups;
mod numbers;
mod shares;
mod snippet;
mod trends;

use std::collections::BTreeMap;
use std::fmt::{Display, Write};
use std::sync::LazyLock;

pub use errors::error_sentence;
pub use faults::{fault_reason, fault_remedy};
pub use flaws::flaw_sentence;
pub use groups::{differing_groups, differing_sentence, group_cell, group_name, group_sentences};
pub use numbers::period_lines;
#[cfg(test)]
pub use trends::tests::trend as trend_of;
pub use trends::{counted, is_constant, sentence_case, trend_sentences, verdict_sentence, verdict_words};

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

    /// The text of a key with `{name}` replaced by its value; `{{` and `}}` give braces. [`fill!`] writes it shorter.
    pub fn fill(&self, key: &str, values: &[(&str, &str)]) -> String {
        let values: Vec<(&str, &dyn Display)> =
            values.iter().map(|(name, value)| (*name, value as &dyn Display)).collect();
        self.filled(key, &values)
    }

    /// The same with values of any kind.
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
            let value = values.iter().find(|(known, _)| *known == name);
            let value = value.unwrap_or_else(|| panic!("text '{key}' needs a value for '{name}'")).1;
            write!(filled, "{value}").expect("writing into memory does not fail");
            rest = tail;
        }
        filled.push_str(rest);
        filled
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

#[cfg(test)]
mod tests {
    use super::*;

    /// The `{names}` of a text, sorted.
    fn names(text: &str) -> Vec<&str> {
        let plain = text.split("{{").flat_map(|part| part.split("}}"));
        let mut names: Vec<&str> = plain
            .flat_map(|part| part.split('{').skip(1))
            .filter_map(|part| part.split_once('}').map(|(name, _)| name))
            .collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    #[test]
    fn both_languages_have_the_same_keys_with_the_same_values_to_fill_in() {
        let facts = |language| -> Vec<(String, Vec<&str>)> {
            Texts::of(language).entries().map(|(key, text)| (key.to_owned(), names(text))).collect()
        };
        assert_eq!(facts(Language::Sv), facts(Language::En));
    }

    #[test]
    fn values_are_filled_in() {
        let texts = Texts {
            language: Language::Sv,
            entries: BTreeMap::from([("a".into(), "{x} = {{ {y} }}".into())]),
        };
        assert_eq!(fill!(texts, "a", x = "columns", y = 1), "columns = { 1 }");
    }
}
