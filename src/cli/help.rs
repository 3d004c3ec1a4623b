//! Help in the reader's language: what clap says of its own accord is replaced by our words.

use clap::builder::{PossibleValue, PossibleValuesParser, StyledStr};
use clap::{Arg, Command, CommandFactory};

use super::Arguments;
use crate::language::Language;
use crate::text::{Texts, fill, help_text};

/// The program, as its help describes it in a language.
pub fn program(language: Language) -> Command {
    let texts = Texts::of(language);
    told(whole().after_help(texts.get("help.exit-codes")), texts)
}

/// The program as the sources have it, with what clap adds of its own, and without what it says of values.
fn whole() -> Command {
    let quiet = |arg: Arg| match arg.get_action().takes_values() {
        true => arg.hide_default_value(true).hide_possible_values(true),
        false => arg,
    };
    let program = Arguments::command().mut_args(quiet);
    let mut program = program.mut_subcommands(|command| command.mut_args(quiet));
    program.build();
    program
}

/// The same for shells and manuals, which show values with their meanings. It reads no arguments.
pub fn described(language: Language) -> Command {
    let described = |arg: Arg| {
        let values = arg.get_possible_values();
        let is_flag = !arg.get_action().takes_values();
        if is_flag || values.is_empty() {
            return arg;
        }
        arg.value_parser(PossibleValuesParser::new(values.iter().map(|value| meaning(value, language))))
    };
    program(language).mut_subcommands(|command| command.mut_args(described)).mut_args(described)
}

fn meaning(value: &PossibleValue, language: Language) -> PossibleValue {
    let said = PossibleValue::new(value.get_name().to_owned());
    match value.get_help() {
        Some(help) => said.help(translated(help, language)),
        None => said,
    }
}

/// A command and those below it, in the words of a language.
fn told(command: Command, texts: &Texts) -> Command {
    let mut command =
        command.mut_args(|arg| argument(arg, texts)).mut_subcommands(|below| told(below, texts));
    if let Some(about) = command.get_about().map(|about| translated(about, texts.language())) {
        command = command.about(about);
    }
    let usage = command.render_usage().to_string();
    let usage = usage.trim_start_matches("Usage: ").replace("[OPTIONS]", texts.get("help.some-options"));
    let usage = ["<COMMAND>", "[COMMAND]"].iter().fold(usage, |usage, word| {
        let own = word.replace("COMMAND", texts.get("help.command"));
        usage.replace(word, &own)
    });
    let template = template(&command, texts);
    command.override_usage(usage).help_template(template)
}

/// What stands where in the help of a command.
fn template(command: &Command, texts: &Texts) -> String {
    let sections = [
        ("help.commands", "{subcommands}", command.has_subcommands()),
        ("help.arguments", "{positionals}", command.get_positionals().next().is_some()),
        ("help.options", "{options}", true),
    ];
    let sections = sections.into_iter().filter(|(.., is_there)| *is_there);
    let sections: String =
        sections.map(|(heading, part, _)| format!("\n\n{}\n{part}", texts.get(heading))).collect();
    format!("{{about-with-newline}}\n{} {{usage}}{sections}{{after-help}}", texts.get("help.usage"))
}

/// An argument with its default and its values in our words.
fn argument(arg: Arg, texts: &Texts) -> Arg {
    let language = texts.language();
    let mut said: Vec<String> = arg.get_help().map(|help| translated(help, language)).into_iter().collect();
    if arg.get_action().takes_values() {
        let defaults = arg.get_default_values().iter().map(|value| value.to_string_lossy());
        let default = defaults.collect::<Vec<_>>().join(",");
        let values = arg.get_possible_values();
        let values: Vec<&str> = values.iter().map(PossibleValue::get_name).collect();
        if !values.is_empty() {
            said.push(fill!(texts, "help.values", values = values.join(", ")));
        }
        if !default.is_empty() {
            said.push(fill!(texts, "help.default", default));
        }
    }
    let names: Vec<String> = names(&arg).map(|name| help_text(name, language).to_owned()).collect();
    let arg = arg.help(said.join(" "));
    if names.is_empty() { arg } else { arg.value_names(names) }
}

/// What stands for the values that an argument takes.
fn names(arg: &Arg) -> impl Iterator<Item = &str> {
    let names = arg.get_value_names().filter(|_| arg.get_action().takes_values());
    names.unwrap_or_default().iter().map(|name| name.as_str())
}

fn translated(english: &StyledStr, language: Language) -> String {
    help_text(&english.to_string(), language).to_owned()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::text::help_texts;

    /// Every text of a command, its arguments, their values and the commands below it, as they stand in the sources.
    fn texts_of(command: &Command, found: &mut BTreeSet<String>) {
        let name = command.get_name();
        let about = command.get_about().unwrap_or_else(|| panic!("{name} has no help"));
        found.insert(about.to_string());
        for arg in command.get_arguments() {
            let help = arg.get_help().unwrap_or_else(|| panic!("{} of {name} has no help", arg.get_id()));
            let values = arg.get_possible_values();
            let meanings = values.iter().filter(|_| arg.get_action().takes_values());
            found.insert(help.to_string());
            found.extend(meanings.filter_map(|value| value.get_help().map(ToString::to_string)));
            found.extend(names(arg).map(str::to_owned));
            assert!(arg.get_long_help().is_none(), "{} of {name}: one paragraph", arg.get_id());
        }
        command.get_subcommands().for_each(|below| texts_of(below, found));
    }

    #[test]
    fn all_help_is_in_both_languages_and_no_text_is_unused() {
        let mut wanted = BTreeSet::new();
        texts_of(&whole(), &mut wanted);
        let known: BTreeSet<String> = help_texts().iter().map(|phrase| phrase.en.clone()).collect();
        assert_eq!(known.len(), help_texts().len(), "a text stands twice in src/text/help.toml");
        let missing: Vec<&String> = wanted.difference(&known).collect();
        let unused: Vec<&String> = known.difference(&wanted).collect();
        assert!(missing.is_empty(), "write these in Swedish in src/text/help.toml: {missing:#?}");
        assert!(unused.is_empty(), "these stand in src/text/help.toml, but in no command: {unused:#?}");
    }

    #[test]
    fn nothing_of_clap_s_own_words_is_left_in_swedish() {
        let mut pages = vec![program(Language::Sv)];
        while let Some(mut command) = pages.pop() {
            let page = command.render_long_help().to_string();
            for word in
                ["Usage", "Options", "OPTIONS", "COMMAND", "Commands", "Arguments", "[default", "values"]
            {
                assert!(!page.contains(word), "{word} in {page}");
            }
            pages.extend(command.get_subcommands().cloned());
        }
    }
}
