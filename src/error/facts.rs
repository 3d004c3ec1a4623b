//! Facts that errors carry: what is wrong with a workbook, where something stands in a file, how dates can be read.

/// Why a workbook is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum WorkbookProblem {
    /// It wants a password.
    Encrypted,
    /// Cut off, or not what it says it is.
    Damaged,
    /// More rows, columns, parts or bytes than cases can have.
    TooLarge,
    /// A small part that inflates to a huge one.
    Bomb,
    /// A document type declaration, which can make a reader fetch files or run out of memory.
    Doctype,
    /// More texts declared than there can be.
    ForgedCount,
    /// Another kind of file.
    OtherFormat,
}

impl WorkbookProblem {
    /// Every problem, in order.
    pub const ALL: [WorkbookProblem; 7] = [
        WorkbookProblem::Encrypted,
        WorkbookProblem::Damaged,
        WorkbookProblem::TooLarge,
        WorkbookProblem::Bomb,
        WorkbookProblem::Doctype,
        WorkbookProblem::ForgedCount,
        WorkbookProblem::OtherFormat,
    ];

    /// Stable code: the key of its sentence in the text catalogues.
    pub fn id(self) -> &'static str {
        match self {
            WorkbookProblem::Encrypted => "workbook-encrypted",
            WorkbookProblem::Damaged => "workbook-damaged",
            WorkbookProblem::TooLarge => "workbook-too-large",
            WorkbookProblem::Bomb => "workbook-bomb",
            WorkbookProblem::Doctype => "workbook-doctype",
            WorkbookProblem::ForgedCount => "workbook-forged-count",
            WorkbookProblem::OtherFormat => "other-format",
        }
    }
}

/// Where something stands in a file that would be written; lines, columns and paragraphs from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Spot {
    /// Anywhere in its text.
    Text,
    /// In its name.
    Name,
    /// On a line, and in a column when the file is a table.
    Line {
        /// The line.
        line: u64,
        /// The column.
        column: Option<u64>,
    },
    /// Under a heading.
    Heading(String),
    /// In a cell.
    Cell {
        /// The sheet.
        sheet: String,
        /// The cell, such as B7.
        cell: String,
    },
    /// In a paragraph, those in tables counted too.
    Paragraph(u64),
    /// At a JSON pointer (RFC 6901).
    Pointer(String),
    /// In a part that readers seldom see, such as `docProps/core.xml`.
    Part(String),
}

impl Spot {
    /// The key of its phrase in the text catalogues under `spot`, and the values in it.
    pub fn told(&self) -> (&'static str, Vec<(&'static str, String)>) {
        match self {
            Spot::Text => ("text", Vec::new()),
            Spot::Name => ("name", Vec::new()),
            Spot::Line { line, column: None } => ("line", vec![("line", line.to_string())]),
            Spot::Line { line, column: Some(column) } => {
                ("line-and-column", vec![("line", line.to_string()), ("column", column.to_string())])
            }
            Spot::Heading(heading) => ("heading", vec![("heading", heading.clone())]),
            Spot::Cell { sheet, cell } => ("cell", vec![("sheet", sheet.clone()), ("cell", cell.clone())]),
            Spot::Paragraph(number) => ("paragraph", vec![("number", number.to_string())]),
            Spot::Pointer(pointer) => ("pointer", vec![("pointer", pointer.clone())]),
            Spot::Part(part) => ("part", vec![("part", part.clone())]),
        }
    }
}

/// A way to read the dates of an export, and what it would make of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DateReading {
    /// The format as project files name it.
    pub format: &'static str,
    /// The first day; empty when there is none.
    pub first: String,
    /// The last day.
    pub last: String,
    /// Rows with a start and an end.
    pub pairs: u64,
    /// Those of them that would end before they start.
    pub backwards: u64,
}
