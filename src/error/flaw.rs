//! Flaws: what is wrong in a file that a person wrote, and where.

use std::ops::Range;

/// What is wrong in a project file or rulebook: a key of the text catalogues under `flaw`, the values in
/// its sentence, and the place in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    /// Key of the sentence.
    pub key: &'static str,
    /// Values in the sentence.
    pub values: Vec<(&'static str, String)>,
    /// Bytes of the file that are to blame, when it is some of them.
    pub span: Option<Range<usize>>,
    /// A word that may have been meant.
    pub suggestion: Option<String>,
    /// The file's text, to show the place in; empty when the flaw has none.
    pub text: String,
}

impl Flaw {
    /// A flaw without a place.
    pub fn new(key: &'static str, values: &[(&'static str, &str)]) -> Flaw {
        let values = values.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        Flaw { key, values, span: None, suggestion: None, text: String::new() }
    }

    /// With the place, unless it has a nearer one.
    pub fn at(mut self, span: Range<usize>) -> Flaw {
        self.span = self.span.or(Some(span));
        self
    }

    /// With the file's text.
    pub fn inside(mut self, text: &str) -> Flaw {
        self.text = text.to_owned();
        self
    }

    /// With a word of `known` that is nearly the one typed.
    pub fn suggest<'a>(mut self, typed: &str, known: impl IntoIterator<Item = &'a str>) -> Flaw {
        self.suggestion = nearest(typed, known);
        self
    }

    /// What the TOML reader found wrong.
    pub fn of_toml(error: &toml::de::Error, text: &str) -> Flaw {
        let message = error.message().lines().next().unwrap_or_default();
        // serde says: unknown field `as_off`, expected one of `as_of`, `period`.
        let words: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
        let flaw = match words.as_slice() {
            [typed, known @ ..] if message.starts_with("unknown field") => {
                Flaw::new("unknown-key", &[("key", typed), ("known", &known.join(", "))])
                    .suggest(typed, known.iter().copied())
            }
            [typed, known @ ..] if message.starts_with("unknown variant") => {
                Flaw::new("unknown-word", &[("word", typed), ("known", &known.join(", "))])
                    .suggest(typed, known.iter().copied())
            }
            [missing] if message.starts_with("missing field") => {
                Flaw::new("missing-key", &[("key", missing)])
            }
            _ if message.contains("expected a TOML datetime") => Flaw::new("no-plain-day", &[]),
            _ if message.contains("expected a sequence") => Flaw::new("no-list", &[]),
            _ if message.starts_with("invalid type") || message.starts_with("invalid value") => {
                Flaw::new("wrong-kind", &[("message", message)])
            }
            _ => Flaw::new("toml", &[("message", message)]),
        };
        let flaw = flaw.inside(text);
        match error.span() {
            Some(span) => flaw.at(span),
            None => flaw,
        }
    }
}

/// What is wrong with a list: a key of the text catalogues under `list-flaw`, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListFlaw {
    /// Key of the sentence.
    pub key: &'static str,
    /// The line, when it is one.
    pub line: Option<u64>,
    /// The heading of the column, when it is one; never what a cell holds.
    pub column: String,
    /// A heading that may have been meant.
    pub suggestion: Option<String>,
}

/// The known word that is nearly `typed`, for a "did you mean".
pub fn nearest<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    /// Below this Jaro–Winkler similarity a suggestion confuses more than it helps.
    const ENOUGH: f64 = 0.8;
    known
        .into_iter()
        .map(|word| (strsim::jaro_winkler(&typed.to_lowercase(), &word.to_lowercase()), word))
        .filter(|(similarity, _)| *similarity >= ENOUGH)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, word)| word.to_owned())
}
