//! `report.md`: a document as Markdown, to be pasted where text is written.
//!
//! CommonMark with the tables of GitHub Flavored Markdown. Pictures are linked by their file in the folder; a picture
//! without a file is described in words.

use std::fmt::Write;

use super::document::{Block, Document, Entry, Figure, Paper, Section, Span, Table};
use super::places;
use crate::project::PictureFile;

/// Renders a document; `picture` is the file of each chart.
pub fn markdown(paper: &Paper, picture: Option<PictureFile>) -> Vec<u8> {
    let document = paper.document();
    let mut page = Page { text: String::new(), picture };
    page.line(&format!("# {}", escaped(&document.title)));
    page.head(document);
    for section in &document.sections {
        page.section(section, 2);
    }
    page.line("---");
    page.line(&escaped(&document.made_by));
    page.text.into_bytes()
}

struct Page {
    /// What has been written.
    text: String,
    picture: Option<PictureFile>,
}

impl Page {
    /// A block, with the blank line that ends it.
    fn line(&mut self, text: &str) {
        writeln!(self.text, "{text}\n").expect("writing into memory does not fail");
    }

    fn head(&mut self, document: &Document) {
        if let Some(organisation) = &document.organisation {
            self.line(&format!("**{}**", escaped(organisation)));
        }
        self.line(&escaped(&document.subtitle));
        self.line(&format!("> {}", escaped(&document.notice)));
    }

    fn section(&mut self, section: &Section, level: usize) {
        self.line(&format!("{} {}", "#".repeat(level), escaped(&section.heading)));
        for block in &section.blocks {
            self.block(block);
        }
        for inner in &section.sections {
            self.section(inner, level + 1);
        }
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Paragraph { role: super::document::Role::Trail, .. } => {}
            Block::Paragraph { spans, .. } => self.line(&text(spans)),
            Block::Bullets { items } => {
                let items: Vec<String> = items.iter().map(|item| format!("- {}", text(item))).collect();
                self.line(&items.join("\n"));
            }
            Block::Definitions { entries } => entries.iter().for_each(|entry| self.entry(entry)),
            Block::Table(table) => self.table(table),
            Block::Figure(figure) => self.figure(figure),
        }
    }

    fn figure(&mut self, figure: &Figure) {
        let title = escaped(&figure.title);
        match self.picture {
            Some(file) => self.line(&format!("![{title}]({})", places::picture(&figure.name, file))),
            None => self.line(&format!("**{title}.** {}", escaped(&figure.description))),
        }
    }

    fn entry(&mut self, entry: &Entry) {
        let mut paragraphs = entry.paragraphs.iter().map(|spans| text(spans));
        let first = paragraphs.next().unwrap_or_default();
        self.line(&format!("**{}:** {first}", escaped(&entry.term)));
        paragraphs.for_each(|paragraph| self.line(&paragraph));
    }

    fn table(&mut self, table: &Table) {
        self.line(&format!("**{}**", escaped(&table.caption)));
        let row = |cells: &[String]| {
            let cells: Vec<String> = cells.iter().map(|cell| escaped(cell)).collect();
            format!("| {} |", cells.join(" | "))
        };
        let rules =
            (0..table.headings.len()).map(|column| if table.is_text(column) { " --- |" } else { " ---: |" });
        let mut lines = vec![row(&table.headings), format!("|{}", rules.collect::<String>())];
        lines.extend(table.rows.iter().map(|cells| row(cells)));
        self.line(&lines.join("\n"));
    }
}

/// Spans in a line: bold where they are, without links, which lead nowhere once it is pasted.
fn text(spans: &[Span]) -> String {
    let told = spans.iter().map(|span| match span.strong {
        true => format!("**{}**", escaped(&span.text)),
        false => escaped(&span.text),
    });
    let told: String = told.collect();
    // A line that begins like a list, a heading or a number is none.
    let begins_like_a_block = told.starts_with(['-', '+', '#', '=', '~'])
        || told.split_once(['.', ')']).is_some_and(|(number, rest)| {
            let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
            is_number && (rest.is_empty() || rest.starts_with(' '))
        });
    if begins_like_a_block { format!("&#8203;{told}") } else { told }
}

/// Text that Markdown and HTML leave as it is.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '!' => escaped.extend(['\\', letter]),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '\n' | '\r' => escaped.push(' '),
            letter => escaped.push(letter),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_stays_text() {
        let spans = |text: &str| vec![Span::plain(text)];
        assert_eq!(
            text(&spans("a|b *c* <script> [x](y) `z`")),
            "a\\|b \\*c\\* &lt;script&gt; \\[x\\](y) \\`z\\`"
        );
        assert_eq!(text(&spans("- a")), "&#8203;- a");
        assert_eq!(text(&spans("3. Risk")), "&#8203;3. Risk");
        assert_eq!(text(&spans("2024)")), "&#8203;2024)");
        for number in ["34,5 % av 319.", "34.5% of 319", "16.45"] {
            assert_eq!(text(&spans(number)), number);
        }
        assert_eq!(text(&[Span::strong("a"), Span::plain(" b")]), "**a** b");
    }

    #[test]
    fn a_table_has_its_headings_and_its_rule() {
        let table = Table {
            caption: "T".into(),
            headings: vec!["A".into(), "B".into()],
            texts: vec![true, false],
            rows: vec![vec!["x|y".into(), "1".into()]],
            ..Table::default()
        };
        let mut page = Page { text: String::new(), picture: None };
        page.table(&table);
        assert_eq!(page.text, "**T**\n\n| A | B |\n| --- | ---: |\n| x\\|y | 1 |\n\n");
    }
}
