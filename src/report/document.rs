//! Documents: what a report says, apart from how a format shows it.
//!
//! A document is made once and rendered as page, PDF, Word and Markdown. It holds finished text in one language, and
//! links that name what they lead to: each format makes addresses of them.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use serde::Serialize;

use crate::chart::Chart;
use crate::table::{self, Target};
use crate::text::Texts;
use crate::values::printable;

/// A report, or a follow-up, from its title to its last line.
#[derive(Debug, Clone, Serialize)]
pub struct Document {
    /// The name of its files without ending: `report`.
    pub name: String,
    /// Language tag, `sv` or `en`.
    pub language: &'static str,
    /// The title.
    pub title: String,
    /// Whose it is.
    pub organisation: Option<String>,
    /// What stands below the title.
    pub subtitle: String,
    /// The as-of date, `2024-08-31`.
    pub date: String,
    /// That it must not be published, or how small numbers are hidden.
    pub notice: String,
    /// The edition is internal.
    pub internal: bool,
    /// Its parts, in order.
    pub sections: Vec<Section>,
    /// The last line: what made it.
    pub made_by: String,
}

/// What is written of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Part {
    /// All of it.
    #[default]
    Whole,
    /// What comes before the appendix.
    Body,
    /// The appendix.
    Appendix,
}

/// A heading and what stands below it.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Section {
    /// Unique in the document: letters, digits, hyphens and underscores.
    pub id: String,
    /// The heading.
    pub heading: String,
    /// A closer look: on the page only, left out where paper is dear.
    pub detail: bool,
    /// A part of the appendix; top sections only.
    pub appendix: bool,
    /// What stands right below the heading.
    pub blocks: Vec<Block>,
    /// Sections one level down.
    pub sections: Vec<Section>,
}

/// A piece of a section.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Block {
    /// A paragraph.
    Paragraph {
        /// How it is set.
        role: Role,
        /// Its text.
        spans: Vec<Span>,
    },
    /// A list.
    Bullets {
        /// The text of each item.
        items: Vec<Vec<Span>>,
    },
    /// Terms and what they mean.
    Definitions {
        /// In order.
        entries: Vec<Entry>,
    },
    /// A table.
    Table(Table),
    /// A chart.
    Figure(Figure),
}

/// How a paragraph is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// As running text.
    Plain,
    /// What a section is about, in softer ink.
    Lead,
    /// Links from figures to what stands behind them; nothing else.
    Trail,
}

/// Text that is set alike.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Span {
    /// The text.
    pub text: String,
    /// Where it leads.
    pub link: Option<Target>,
    /// In bold.
    pub strong: bool,
}

/// A term and what it means.
#[derive(Debug, Clone, Serialize)]
pub struct Entry {
    /// Unique in the document, where something leads to it.
    pub id: Option<String>,
    /// The term.
    pub term: String,
    /// What it means: paragraphs.
    pub paragraphs: Vec<Vec<Span>>,
}

/// A chart in a document.
#[derive(Debug, Clone, Serialize)]
pub struct Figure {
    /// Unique in the document.
    pub id: String,
    /// The name of the chart, which its files begin with.
    pub name: String,
    /// What it shows, in a sentence.
    pub title: String,
    /// What it shows, for those who do not see it.
    pub description: String,
    /// The id of the table with the same figures, when there is one.
    pub table: Option<String>,
    /// The picture for wide pages, as SVG.
    pub wide: Arc<str>,
    /// The picture for columns, as SVG.
    pub column: Arc<str>,
}

/// A table in a document, as text; the first cell of a row names it.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Table {
    /// Unique in the document.
    pub id: String,
    /// What it shows.
    pub caption: String,
    /// Headings.
    pub headings: Vec<String>,
    /// Which columns are text, set from the left; the others hold numbers.
    pub texts: Vec<bool>,
    /// The rows.
    pub rows: Vec<Vec<String>>,
    /// What its rows are sorted by, cell by cell, where that is not the text; empty where there is no value.
    pub sort: Vec<Vec<Option<String>>>,
    /// Where the first cell of a row leads, by row; empty when none leads anywhere.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<Option<Target>>,
    /// The ids of rows that something leads to, in the same way.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub row_ids: Vec<String>,
    /// Links from its figures to what stands behind them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub trail: Vec<Span>,
    /// A long table, folded away on the page.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub folded: bool,
}

impl Table {
    /// Whether a column is text.
    pub fn is_text(&self, column: usize) -> bool {
        self.texts.get(column).copied().unwrap_or(false)
    }

    /// What people see of a table.
    pub fn of(table: &table::Table, texts: &Texts) -> Table {
        let headings: Vec<String> = table.headings().cloned().collect();
        let cells = |row| table.cells(row);
        let rows = || table.rows.iter();
        // A small number is its own text.
        let sort = |cell: &table::Cell| cell.sort_value().filter(|sort| *sort != cell.shown(texts));
        Table {
            id: table.id.clone(),
            caption: table.caption.clone(),
            texts: table.texts(),
            headings,
            rows: rows().map(|row| cells(row).map(|cell| cell.shown(texts)).collect()).collect(),
            sort: rows().map(|row| cells(row).map(sort).collect()).collect(),
            links: if rows().any(|row| row.to.is_some()) {
                rows().map(|row| row.to.clone()).collect()
            } else {
                Vec::new()
            },
            row_ids: if rows().any(|row| row.id.is_some()) {
                rows().map(|row| row.id.clone().unwrap_or_default()).collect()
            } else {
                Vec::new()
            },
            ..Table::default()
        }
    }
}

impl Figure {
    /// What is read to those who do not see it: what it shows, and how.
    pub fn alternative(&self) -> String {
        let is_ended = self.title.is_empty() || self.title.ends_with(['.', '!', '?', ':']);
        let stop = if is_ended { "" } else { "." };
        format!("{}{stop} {}", self.title, self.description).trim().to_owned()
    }

    /// The figure of a chart.
    pub fn of(chart: &Chart, table: Option<String>) -> Figure {
        Figure {
            id: format!("figure_{}", chart.name),
            name: chart.name.clone(),
            title: chart.title.clone(),
            description: chart.description.clone(),
            table,
            wide: chart.wide.svg.clone(),
            column: chart.column.svg.clone(),
        }
    }
}

impl Block {
    /// A paragraph of running text.
    pub fn plain(text: impl Into<String>) -> Block {
        Block::Paragraph { role: Role::Plain, spans: vec![Span::plain(text)] }
    }

    /// A table.
    pub fn table(table: &table::Table, texts: &Texts) -> Block {
        Block::Table(Table::of(table, texts))
    }

    /// What a section is about.
    pub fn lead(text: impl Into<String>) -> Block {
        Block::Paragraph { role: Role::Lead, spans: vec![Span::plain(text)] }
    }
}

impl Span {
    /// Plain text.
    pub fn plain(text: impl Into<String>) -> Span {
        Span { text: text.into(), ..Span::default() }
    }

    /// Text that leads somewhere.
    pub fn link(text: impl Into<String>, to: Target) -> Span {
        Span { text: text.into(), link: Some(to), strong: false }
    }

    /// Text in bold.
    pub fn strong(text: impl Into<String>) -> Span {
        Span { text: text.into(), link: None, strong: true }
    }
}

impl Document {
    /// Its language as office programs name it: `sv-SE`.
    pub fn locale(&self) -> &'static str {
        match self.language {
            "sv" => "sv-SE",
            "en" => "en-GB",
            other => other,
        }
    }

    /// The first sentence of its notice, which every slide has: which edition it is.
    pub fn edition(&self) -> &str {
        self.notice.split_inclusive(". ").next().unwrap_or_default().trim_end()
    }

    /// Calls `change` with every text that is shown.
    pub fn for_each_text(&mut self, change: &mut dyn FnMut(&mut String)) {
        let own = [&mut self.title, &mut self.subtitle, &mut self.notice, &mut self.made_by];
        own.into_iter().chain(&mut self.organisation).for_each(&mut *change);
        self.sections.iter_mut().for_each(|section| section.for_each_text(change));
    }

    /// Without what is no letter to a reader.
    pub fn printable(mut self) -> Document {
        self.for_each_text(&mut |text| {
            if let Cow::Owned(printable) = printable(text) {
                *text = printable;
            }
        });
        // A heading without a letter is none to those who hear it.
        for heading in
            std::iter::once(&mut self.title).chain(self.sections.iter_mut().flat_map(Section::headings))
        {
            if heading.trim().is_empty() {
                heading.replace_range(.., "–");
            }
        }
        self
    }

    /// Every section, outer before inner.
    pub fn all_sections(&self) -> Vec<&Section> {
        let mut found: Vec<&Section> = Vec::new();
        let mut waiting: Vec<&Section> = self.sections.iter().rev().collect();
        while let Some(section) = waiting.pop() {
            found.push(section);
            waiting.extend(section.sections.iter().rev());
        }
        found
    }

    /// Every figure, in order.
    pub fn figures(&self) -> impl Iterator<Item = &Figure> {
        self.all_sections().into_iter().flat_map(|section| &section.blocks).filter_map(|block| match block {
            Block::Figure(figure) => Some(figure),
            _ => None,
        })
    }

    /// Everything that something can lead to.
    pub fn ids(&self) -> Vec<&str> {
        let sections = self.all_sections().into_iter();
        sections
            .flat_map(|section| {
                std::iter::once(section.id.as_str()).chain(section.blocks.iter().flat_map(Block::ids))
            })
            .collect()
    }

    /// A part of it, with the links alone that lead to a place in it or to another document. A document without an
    /// appendix stays whole.
    pub fn only(mut self, part: Part) -> Document {
        if part != Part::Whole && self.sections.iter().any(|section| section.appendix) {
            self.sections.retain(|section| section.appendix == (part == Part::Appendix));
            self.keep_links(true);
        }
        self
    }

    fn keep_links(&mut self, others: bool) {
        let mut places = Places { document: self.name.clone(), others, times: HashMap::new() };
        for id in self.ids() {
            *places.times.entry(id.to_owned()).or_default() += 1;
        }
        self.sections.iter_mut().for_each(|section| section.keep_links(&places));
    }

    /// The document for paper: without closer looks, folded tables and sections that say nothing else, and with the
    /// links alone that lead to one place in it.
    pub fn on_paper(&self) -> Paper {
        let mut document = self.clone();
        document.sections.retain_mut(Section::keep_for_paper);
        document.keep_links(false);
        Paper(document)
    }
}

/// A document for paper: all of it is shown, and every link leads to a place in it.
pub struct Paper(Document);

impl Paper {
    /// The document.
    pub fn document(&self) -> &Document {
        &self.0
    }
}

/// How often each id stands in a document.
struct Places {
    document: String,
    /// Links to other documents lead somewhere.
    others: bool,
    times: HashMap<String, usize>,
}

impl Places {
    fn has(&self, id: &str) -> bool {
        self.times.get(id) == Some(&1)
    }

    fn leads(&self, to: &Target) -> bool {
        if to.document == self.document { self.has(&to.id) } else { self.others }
    }
}

impl Section {
    fn for_each_text(&mut self, change: &mut dyn FnMut(&mut String)) {
        change(&mut self.heading);
        self.blocks.iter_mut().for_each(|block| block.for_each_text(change));
        self.sections.iter_mut().for_each(|section| section.for_each_text(change));
    }

    /// Its own heading and those inside.
    fn headings(&mut self) -> Vec<&mut String> {
        let inner = self.sections.iter_mut().flat_map(Section::headings);
        std::iter::once(&mut self.heading).chain(inner).collect()
    }

    /// Drops what paper has no room for; reports whether anything is left below the heading.
    fn keep_for_paper(&mut self) -> bool {
        self.blocks.retain(|block| !matches!(block, Block::Table(Table { folded: true, .. })));
        self.sections.retain_mut(Section::keep_for_paper);
        !self.detail && (self.blocks.iter().any(Block::says_something) || !self.sections.is_empty())
    }

    /// Makes plain text of links that lead nowhere, and drops trails of them.
    fn keep_links(&mut self, places: &Places) {
        for block in &mut self.blocks {
            block.keep_links(places);
        }
        let is_empty = |block: &Block| matches!(block, Block::Paragraph { role: Role::Trail, spans } if spans.is_empty());
        self.blocks.retain(|block| !is_empty(block));
        self.sections.iter_mut().for_each(|section| section.keep_links(places));
    }
}

impl Block {
    fn for_each_text(&mut self, change: &mut dyn FnMut(&mut String)) {
        match self {
            Block::Paragraph { spans, .. } => each_text(spans, change),
            Block::Bullets { items } => items.iter_mut().for_each(|item| each_text(item, change)),
            Block::Definitions { entries } => {
                for entry in entries {
                    change(&mut entry.term);
                    entry.paragraphs.iter_mut().for_each(|paragraph| each_text(paragraph, change));
                }
            }
            Block::Table(table) => {
                change(&mut table.caption);
                table.headings.iter_mut().chain(table.rows.iter_mut().flatten()).for_each(&mut *change);
                each_text(&mut table.trail, change);
            }
            Block::Figure(figure) => {
                [&mut figure.title, &mut figure.description].into_iter().for_each(change)
            }
        }
    }

    /// Says more than where links lead.
    fn says_something(&self) -> bool {
        match self {
            Block::Paragraph { role, .. } => *role != Role::Trail,
            Block::Bullets { items } => !items.is_empty(),
            Block::Definitions { entries } => !entries.is_empty(),
            Block::Table(_) | Block::Figure(_) => true,
        }
    }

    fn ids(&self) -> Vec<&str> {
        match self {
            Block::Paragraph { .. } | Block::Bullets { .. } => Vec::new(),
            Block::Definitions { entries } => {
                entries.iter().filter_map(|entry| entry.id.as_deref()).collect()
            }
            Block::Figure(figure) => vec![&figure.id],
            Block::Table(table) => {
                let rows = table.row_ids.iter().filter(|id| !id.is_empty());
                std::iter::once(table.id.as_str()).chain(rows.map(String::as_str)).collect()
            }
        }
    }

    fn keep_links(&mut self, places: &Places) {
        let leads = |to: &Target| places.leads(to);
        let plain = |spans: &mut Vec<Span>| {
            spans.iter_mut().for_each(|span| span.link = span.link.take().filter(&leads));
        };
        let trail = |spans: &mut Vec<Span>| {
            spans.retain(|span| span.link.as_ref().is_none_or(&leads));
            // A name without a link behind it leads nowhere either.
            if spans.iter().all(|span| span.link.is_none()) {
                spans.clear();
            }
        };
        match self {
            Block::Paragraph { role: Role::Trail, spans } => trail(spans),
            Block::Paragraph { spans, .. } => plain(spans),
            Block::Bullets { items } => items.iter_mut().for_each(plain),
            Block::Definitions { entries } => {
                entries.iter_mut().flat_map(|entry| &mut entry.paragraphs).for_each(plain);
            }
            Block::Table(table) => {
                table.links.iter_mut().for_each(|link| *link = link.take().filter(&leads));
                trail(&mut table.trail);
            }
            Block::Figure(figure) => {
                figure.table = figure.table.take().filter(|id| places.has(id));
            }
        }
    }
}

fn each_text(spans: &mut [Span], change: &mut dyn FnMut(&mut String)) {
    spans.iter_mut().for_each(|span| change(&mut span.text));
}
