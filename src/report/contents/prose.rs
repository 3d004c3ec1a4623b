//! Prose: what a person typed in a plan, as paragraphs and lists.

use super::super::document::{Block, Section, Span};
use crate::text::Texts;

/// Paragraphs with a blank line between; lines that begin with a hyphen are a list.
pub fn blocks(text: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut may_go_on = false;
    for line in text.lines().map(str::trim) {
        match (line, line.strip_prefix("- "), blocks.last_mut().filter(|_| may_go_on)) {
            ("", ..) => {}
            (_, Some(item), Some(Block::Bullets { items })) => items.push(vec![Span::plain(item)]),
            (_, Some(item), _) => blocks.push(Block::Bullets { items: vec![vec![Span::plain(item)]] }),
            (_, None, Some(Block::Paragraph { spans, .. })) => spans.push(Span::plain(format!(" {line}"))),
            (_, None, Some(Block::Bullets { items })) => {
                let item = items.last_mut().expect("a list has an item");
                item.push(Span::plain(format!(" {line}")));
            }
            (_, None, _) => blocks.push(Block::plain(line)),
        }
        may_go_on = !line.is_empty();
    }
    blocks
}

/// The same as the paragraphs of a definition; items of lists keep their hyphens.
pub fn paragraphs(text: &str) -> Vec<Vec<Span>> {
    let with_hyphen = |item: Vec<Span>| std::iter::once(Span::plain("– ")).chain(item).collect::<Vec<Span>>();
    blocks(text)
        .into_iter()
        .flat_map(|block| match block {
            Block::Paragraph { spans, .. } => vec![spans],
            Block::Bullets { items } => items.into_iter().map(with_hyphen).collect(),
            Block::Definitions { .. } | Block::Table(_) | Block::Figure(_) => Vec::new(),
        })
        .collect()
}

/// The section on what a report rests on, when somebody wrote one.
pub fn background(text: &str, texts: &Texts) -> Option<Section> {
    (!text.is_empty()).then(|| Section {
        id: "background".into(),
        heading: texts.get("plan.background").to_owned(),
        blocks: blocks(text),
        ..Section::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<String> {
        let join = |spans: &[Span]| spans.iter().map(|span| span.text.as_str()).collect::<String>();
        let told = blocks(text).into_iter().map(|block| match block {
            Block::Paragraph { spans, .. } => join(&spans),
            Block::Bullets { items } => {
                let items: Vec<String> = items.iter().map(|item| join(item)).collect();
                format!("[{}]", items.join("|"))
            }
            _ => unreachable!("prose has no other blocks"),
        });
        told.collect()
    }

    #[test]
    fn paragraphs_and_lists_are_told_apart() {
        assert_eq!(
            told("One\ngoes on.\n\nTwo:\n- a\n- b\n  goes on\n\n- c\nThree"),
            ["One goes on.", "Two:", "[a|b goes on]", "[c Three]"]
        );
        assert_eq!(told("  \n\n"), Vec::<String>::new());
        // A hyphen inside a line is none of a list.
        assert_eq!(told("a - b\n-c"), ["a - b -c"]);
    }
}
