//! What the text of a logo asks for, before a reader does the work.

use std::collections::HashMap;

use super::content::{SVG, is_svg, sheet_of};
use super::{INTRICATE, LogoFlaw, flaw};
use crate::xml::{Document, Node};

/// Elements, each counted as often as it is drawn.
const MOST_PARTS: usize = 5_000;
/// Letters, counted likewise: each becomes a path.
const MOST_LETTERS: usize = 500;
/// Elements of clips and masks times elements that a style sheet may cut with them: it does not say which.
const MOST_CUTS: usize = 100_000;
/// Elements within one another.
pub const DEEPEST: usize = 64;

/// What drawing would take if every reference were written out.
pub struct Spending<'a> {
    /// Elements by their id.
    by_id: HashMap<&'a str, Node<'a, 'a>>,
    parts: usize,
    letters: usize,
}

impl<'a> Spending<'a> {
    /// Nothing spent yet.
    pub fn of(document: &'a Document<'a>) -> Spending<'a> {
        let nodes = document.descendants().filter(|node| is_svg(*node));
        let by_id = nodes.filter_map(|node| Some((node.attribute("id")?, node))).collect();
        Spending { by_id, parts: 0, letters: 0 }
    }

    /// Follows references like a reader does; the depth bounds circles.
    pub fn spend(&mut self, node: Node<'a, 'a>, depth: usize) -> Result<(), LogoFlaw> {
        self.parts += 1;
        if matches!(node.tag_name().name(), "text" | "tspan") {
            let texts = node.children().filter(Node::is_text).filter_map(|node| node.text());
            self.letters += texts.map(|text| text.chars().count()).sum::<usize>();
        }
        if self.parts > MOST_PARTS || self.letters > MOST_LETTERS || depth > DEEPEST {
            return Err(flaw(INTRICATE, ""));
        }
        for child in node.children().filter(|child| is_svg(*child)) {
            self.spend(child, depth + 1)?;
        }
        for target in self.targets(node) {
            self.spend(target, depth + 1)?;
        }
        Ok(())
    }

    /// What a style sheet cuts is not written at the elements, so all of them count.
    pub fn check_cuts(&self, document: &Document<'_>) -> Result<(), LogoFlaw> {
        let is_cut = |node: &Node<'_, '_>| matches!(node.tag_name().name(), "clipPath" | "mask");
        let cuts = |node: Node<'_, '_>| node.has_tag_name((SVG, "style")) && sheet_of(node).contains("url(");
        let by_sheet = document.descendants().any(cuts);
        let inside: usize =
            document.descendants().filter(is_cut).map(|node| node.descendants().count()).sum();
        match by_sheet && inside * self.parts > MOST_CUTS {
            true => Err(flaw(INTRICATE, "<style>")),
            false => Ok(()),
        }
    }

    /// What an element draws besides its own children.
    fn targets(&self, node: Node<'a, 'a>) -> Vec<Node<'a, 'a>> {
        let mut ids: Vec<&str> = Vec::new();
        for attribute in node.attributes() {
            if attribute.name() == "href" {
                ids.extend(attribute.value().trim().strip_prefix('#'));
            }
            let found = attribute.value().split("url(").skip(1).filter_map(|rest| rest.split(')').next());
            ids.extend(found.map(|id| id.trim_matches(['"', '\'', ' ', '#'])));
        }
        ids.iter().filter_map(|id| self.by_id.get(id).copied()).collect()
    }
}
