//! Project files and rulebooks: any text.

#![no_main]

use std::path::Path;

use frist::error::Error;
use frist::project::Settings;
use frist::rulebook::Rulebook;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let flaws = Settings::flaws(text);
    match Settings::parse(text, Path::new("frist.toml")) {
        Ok(project) => {
            assert_eq!(flaws, []);
            project.unknown_controls(&Rulebook::builtin());
        }
        Err(Error::UnusableProject { .. }) => assert!(!flaws.is_empty()),
        Err(other) => panic!("{other}"),
    }
    // A place that is named lies within the text, so that it can be shown.
    for flaw in flaws {
        assert!(flaw.span.is_none_or(|span| text.get(span).is_some()));
    }
    if let Ok(rulebook) = Rulebook::builtin().overridden_by(text, "mine.toml") {
        assert!(rulebook.rules.iter().all(|rule| rule.check().is_ok() && !rule.laws.is_empty()));
    }
});
