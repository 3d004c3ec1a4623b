//! Places in files that we define: the line, and what is wrong in it underlined.

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use crate::error::Flaw;

/// The place of a flaw, or `None` when it has none.
pub fn of(flaw: &Flaw, path: &str) -> Option<String> {
    let span = flaw.span.clone().filter(|span| span.end <= flaw.text.len())?;
    let mut text = without_comments(&flaw.text);
    if flaw.key == "toml" {
        // The line is no TOML and may say anything, but for a key in front of what is wrong.
        let begin = text[..span.start].rfind('\n').map_or(0, |at| at + 1);
        let begin = text[begin..span.start].find('=').map_or(begin, |at| begin + at + 1);
        let end = text[begin..].find('\n').map_or(text.len(), |at| begin + at);
        text.replace_range(begin..end, &" ".repeat(end - begin));
    }
    let annotation = match &flaw.suggestion {
        Some(word) => AnnotationKind::Primary.span(span).label(word.as_str()),
        None => AnnotationKind::Primary.span(span),
    };
    let source = Snippet::source(text.as_str()).path(path).line_start(1).annotation(annotation);
    let group = Group::with_level(Level::ERROR).element(source);
    Some(Renderer::plain().render(&[group]))
}

/// The text of a TOML file with blanks in place of its comments, in which people write what they like, names too. Every
/// byte keeps its place.
fn without_comments(text: &str) -> String {
    let blanked = text.split_inclusive('\n').map(|line| {
        let comment = comment_of(line);
        let end = if line.ends_with('\n') { "\n" } else { "" };
        format!("{}{}{end}", &line[..comment], " ".repeat(line.len() - comment - end.len()))
    });
    blanked.collect()
}

/// Where the comment of a line begins, or its end.
fn comment_of(line: &str) -> usize {
    let (mut quote, mut escaped) = (None, false);
    for (at, letter) in line.char_indices() {
        match (quote, letter) {
            (None, '#') => return at,
            (None, '"' | '\'') => quote = Some(letter),
            (Some(open), _) if open == letter && !escaped => quote = None,
            _ => {}
        }
        escaped = quote == Some('"') && letter == '\\' && !escaped;
    }
    let end = line.trim_end_matches('\n').len();
    // A text that does not end would hide the comment behind it.
    quote.and_then(|_| line.find('#')).unwrap_or(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_is_shown_and_the_place_underlined() {
        let text = "period = \"tertial\"\nas_off = 2024-08-31\n";
        let flaw = Flaw::new("unknown-key", &[]).at(19..25).suggest("as_off", ["as_of"]).inside(text);
        let shown = of(&flaw, "frist.toml").expect("a place");
        assert!(shown.contains("frist.toml:2:1") && shown.contains("as_off = 2024-08-31"), "{shown}");
        assert!(shown.contains("^^^^^^ as_of"), "{shown}");
    }

    #[test]
    fn comments_are_not_shown() {
        let text = "a = \"b \\\" # c\" # Anna ring åter\nb = '#' # x\r\n# 1\nc = 1\nd = \"x # y";
        let shown = without_comments(text);
        let lines: Vec<&str> = shown.lines().map(str::trim_end).collect();
        assert_eq!(lines, ["a = \"b \\\" # c\"", "b = '#'", "", "c = 1", "d = \"x"]);
        assert_eq!(shown.len(), text.len());
    }

    #[test]
    fn what_is_no_toml_is_not_shown() {
        for (text, span) in [
            ("= Anna ring åter\nb = 1\n", 0..1),
            ("= Anna ring åter", 0..1),
            ("Anna ring åter", 5..9),
            ("key = x Anna", 6..12),
            ("key = 1\nx Anna\nb = 2", 10..14),
        ] {
            let flaw = Flaw::new("toml", &[]).at(span).inside(text);
            let shown = of(&flaw, "frist.toml").expect("a place");
            assert!(shown.contains('^') && !shown.contains("Anna") && !shown.contains("ring"), "{shown}");
            assert_eq!(shown.contains("key = "), text.starts_with("key = x"), "{shown}");
        }
    }

    #[test]
    fn a_flaw_without_a_place_has_none() {
        assert_eq!(of(&Flaw::new("no-files", &[]), "frist.toml"), None);
    }
}
