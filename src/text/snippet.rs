//! Places in files that we define: the line, and what is wrong in it underlined.

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use crate::error::Flaw;

/// The place of a flaw, or `None` when it has none.
pub fn of(flaw: &Flaw, path: &str) -> Option<String> {
    let span = flaw.span.clone().filter(|span| span.end <= flaw.text.len())?;
    let annotation = match &flaw.suggestion {
        Some(word) => AnnotationKind::Primary.span(span).label(word.as_str()),
        None => AnnotationKind::Primary.span(span),
    };
    let source = Snippet::source(flaw.text.as_str()).path(path).line_start(1).annotation(annotation);
    let group = Group::with_level(Level::ERROR).element(source);
    Some(Renderer::plain().render(&[group]))
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
        assert_eq!(of(&Flaw::new("no-files", &[]), "frist.toml"), None);
    }
}
