//! The settings that a message shows, and the project file made from them.

/// Keys of a project file that come before its sources.
const TOP: [&str; 5] = ["as_of", "period", "language", "rulebook", "without_times"];
/// Keys of a source that messages name.
pub const OF_SOURCE: [&str; 14] = [
    "control",
    "files",
    "columns",
    "sheet",
    "date_formats",
    "duplicates",
    "encoding",
    "empty",
    "header_line",
    "types",
    "status",
    "only",
    "exclude",
    "short_rows",
];

/// The value at the beginning of a text, up to its last closing bracket, brace or quote.
fn value(text: &str) -> Option<&str> {
    let (mut depth, mut in_quotes) = (0, false);
    for (at, letter) in text.char_indices() {
        match letter {
            '"' => in_quotes = !in_quotes,
            '{' | '[' if !in_quotes => depth += 1,
            '}' | ']' if !in_quotes => depth -= 1,
            _ if depth > 0 || in_quotes => continue,
            // A number or a day.
            _ if letter.is_ascii_digit() || letter == '-' && at > 0 => {}
            _ => return (at > 0).then(|| &text[..at]),
        }
        let is_closed = depth == 0 && !in_quotes && matches!(letter, '"' | '}' | ']');
        if is_closed {
            return Some(&text[..at + letter.len_utf8()]);
        }
    }
    (!text.is_empty()).then_some(text)
}

/// The settings in a message, the first for each key: `columns = { end = "…" }`.
pub fn settings_in(message: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    let mut rest = message;
    let keys = || TOP.iter().chain(&OF_SOURCE);
    while let Some((before, after)) = rest.split_once('=') {
        let word = before.trim_end().rsplit(|letter: char| !letter.is_alphabetic() && letter != '_').next();
        let after = after.trim_start();
        match (word.filter(|word| keys().any(|key| key == word)), value(after)) {
            (Some(key), Some(value)) => {
                if found.iter().all(|(known, _)| known != key) {
                    found.push((key.to_owned(), value.to_owned()));
                }
                rest = &after[value.len()..];
            }
            _ => rest = after,
        }
    }
    found
}

/// Fills the gaps, in order.
pub fn filled(settings: Vec<(String, String)>, gaps: &[&str]) -> Vec<(String, String)> {
    let mut gaps = gaps.iter();
    let fill = |(key, mut value): (String, String)| {
        while value.contains('…') {
            let gap = gaps.next().unwrap_or_else(|| panic!("a gap is left in {key} = {value}"));
            value = value.replacen('…', gap, 1);
        }
        (key, value)
    };
    settings.into_iter().map(fill).collect()
}

/// A project file with settings, and with `files` if they name none.
pub fn project(settings: &[(String, String)], files: &str) -> String {
    let line = |(key, value): &(String, String)| format!("{key} = {value}\n");
    let is_top = |setting: &&(String, String)| TOP.contains(&setting.0.as_str());
    let top: String = settings.iter().filter(is_top).map(line).collect();
    let source: String = settings.iter().filter(|setting| !is_top(setting)).map(line).collect();
    let named = settings.iter().any(|(key, _)| key == "files");
    let files = if named { String::new() } else { format!("files = {files}\n") };
    let as_of = if top.contains("as_of") { "" } else { "as_of = 2024-08-31\n" };
    format!("{as_of}{top}[[source]]\n{files}{source}")
}

/// The settings of a project file with one source, overridden by those of a message.
pub fn merged(before: &str, message: Vec<(String, String)>) -> Vec<(String, String)> {
    let mut settings = settings_in(before);
    settings.retain(|(key, _)| message.iter().all(|(other, _)| other != key));
    settings.extend(message);
    settings
}
