//! What is wrong with the arguments, in our words.

use std::error::Error as _;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::options::Unfit;
use super::{help, panics};
use crate::language::Language;
use crate::text::{Texts, did_you_mean, fill};

/// The words that the program was given.
fn given() -> impl Iterator<Item = String> {
    std::env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned())
}

/// The language asked for, looked up before the arguments are parsed, so that errors in them are reported in it.
pub fn asked_language() -> Language {
    language_in(given())
}

fn language_in(given: impl Iterator<Item = String>) -> Language {
    let given: Vec<String> = given.take_while(|word| word != "--").collect();
    let apart = given.iter().skip_while(|word| *word != "--lang").nth(1).map(String::as_str);
    let joined = given.iter().find_map(|word| word.strip_prefix("--lang="));
    apart.or(joined).and_then(|tag| tag.parse().ok()).unwrap_or_default()
}

/// What is wrong, and how the command is used.
pub fn sentence(said: &clap::Error, texts: &Texts) -> String {
    let program = help::program(texts.language());
    let command = panics::called(&given().collect::<Vec<_>>(), &program);
    let name = command.map_or("frist".to_owned(), |command| format!("frist {}", command.get_name()));
    let usage = command.unwrap_or(&program).clone().render_usage().to_string();
    let usage = usage.trim_start_matches("Usage: ").to_owned();
    let wrong = wrong(said, &name, texts);
    fill!(texts, "argument.sentence", wrong, usage, name)
}

fn wrong(said: &clap::Error, command: &str, texts: &Texts) -> String {
    let [argument, value, other, known] =
        [ContextKind::InvalidArg, ContextKind::InvalidValue, ContextKind::PriorArg, ContextKind::ValidValue]
            .map(|kind| words(said, kind));
    let suggested =
        [ContextKind::SuggestedSubcommand, ContextKind::SuggestedArg, ContextKind::SuggestedValue]
            .map(|kind| words(said, kind));
    let suggested = suggested.join(" ").trim().to_owned();
    let suggestion = did_you_mean(Some(&*suggested).filter(|word| !word.is_empty()), texts);
    match said.kind() {
        ErrorKind::InvalidValue if value.is_empty() => fill!(texts, "argument.without-value", argument),
        ErrorKind::InvalidValue => fill!(texts, "argument.unknown-value", argument, value, known, suggestion),
        ErrorKind::ValueValidation => {
            let unfit = said.source().and_then(|source| source.downcast_ref::<Unfit>());
            let wanted = unfit.map_or(String::new(), |unfit| format!(" {}", unfit.sentence(texts)));
            fill!(texts, "argument.unfit-value", argument, value, wanted)
        }
        ErrorKind::UnknownArgument if argument.starts_with('-') => {
            fill!(texts, "argument.unknown", argument, command, suggestion)
        }
        ErrorKind::UnknownArgument => fill!(texts, "argument.too-many", argument, suggestion),
        ErrorKind::InvalidSubcommand => {
            let name = words(said, ContextKind::InvalidSubcommand);
            fill!(texts, "argument.unknown-command", name, suggestion)
        }
        ErrorKind::ArgumentConflict if other == argument || other.is_empty() => {
            fill!(texts, "argument.repeated", argument)
        }
        ErrorKind::ArgumentConflict => fill!(texts, "argument.conflict", argument, other),
        ErrorKind::MissingRequiredArgument => fill!(texts, "argument.missing", argument),
        ErrorKind::InvalidUtf8 => texts.get("argument.no-text").to_owned(),
        _ => texts.get("argument.other").to_owned(),
    }
}

/// What clap knows of a kind, as a list where it is several.
fn words(said: &clap::Error, kind: ContextKind) -> String {
    match said.get(kind) {
        Some(ContextValue::String(word)) => word.clone(),
        Some(ContextValue::Strings(words)) => words.join(", "),
        _ => String::new(),
    }
}
