//! Everything that is wrong in a file that a person wrote, at once.

use serde::de::DeserializeOwned;

use super::Flaw;

/// The most flaws in one message: each shows its line of the text, and so holds all of it.
const MOST_FLAWS: usize = 20;

/// The value, or nothing and a flaw more.
pub fn sound<T>(result: Option<Result<T, Flaw>>, flaws: &mut Vec<Flaw>) -> Option<T> {
    result.and_then(|result| result.map_err(|flaw| flaws.push(flaw)).ok())
}

/// Everything that is wrong with a text, but not more than a person would read, as far as it can be told apart: `flaw_of`
/// says what keeps it from being read as what is typed, and `resolve` what is wrong with that.
pub fn all_flaws<T: DeserializeOwned>(
    text: &str,
    flaw_of: impl Fn(&toml::de::Error) -> Flaw,
    resolve: impl FnOnce(T) -> Vec<Flaw>,
) -> Vec<Flaw> {
    let (mut flaws, mut rest) = (Vec::new(), text.to_owned());
    loop {
        let flaw = match toml::from_str::<T>(&rest) {
            Ok(typed) => {
                flaws.extend(resolve(typed));
                break;
            }
            Err(error) => flaw_of(&error),
        };
        if let ("old-key", Some(span)) = (flaw.key, flaw.span.clone()) {
            rest.replace_range(span, "reported ");
            flaws.push(flaw);
            continue;
        }
        // A word that does not exist hides what comes after: look again without its line.
        let unknown = flaw.span.clone().filter(|_| matches!(flaw.key, "unknown-key" | "unknown-word"));
        // What is missing or wrong without those lines need not be with them.
        if flaws.iter().all(|flaw| flaw.key == "old-key") || unknown.is_some() {
            flaws.push(flaw);
        }
        let Some(span) = unknown.filter(|_| flaws.len() < MOST_FLAWS) else { break };
        let begin = rest[..span.start].rfind('\n').map_or(0, |at| at + 1);
        let end = rest[span.start..].find('\n').map_or(rest.len(), |at| span.start + at);
        rest.replace_range(begin..end, &"#".repeat(end - begin));
    }
    flaws.truncate(MOST_FLAWS);
    flaws.into_iter().map(|flaw| flaw.inside(text)).collect()
}
