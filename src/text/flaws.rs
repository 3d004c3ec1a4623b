//! What is wrong in a file that we define: a project file, a rulebook, a plan, a list of risks.

use std::fmt::Display;

use super::{Texts, fill};
use crate::error::{Flaw, ListFlaw};

/// What is wrong in a project file or rulebook, in one sentence.
pub fn flaw_sentence(flaw: &Flaw, texts: &Texts) -> String {
    let values: Vec<(&str, &dyn Display)> =
        flaw.values.iter().map(|(name, value)| (*name, value as &dyn Display)).collect();
    let suggestion = did_you_mean(flaw.suggestion.as_deref(), texts);
    format!("{}{suggestion}", texts.filled(&format!("flaw.{}", flaw.key), &values))
}

/// What is wrong in a list, and where.
pub fn list_flaw_sentence(flaw: &ListFlaw, texts: &Texts) -> String {
    let line = flaw.line.map(|line| fill!(texts, "list-flaw.line", line));
    let suggestion = did_you_mean(flaw.suggestion.as_deref(), texts);
    let said = fill!(texts, format!("list-flaw.{}", flaw.key), column = flaw.column);
    format!("  {}{said}{suggestion}", line.unwrap_or_default())
}

/// A suggestion as it ends a sentence; empty without one.
pub fn did_you_mean(word: Option<&str>, texts: &Texts) -> String {
    word.map_or(String::new(), |word| fill!(texts, "error.did-you-mean", word))
}
