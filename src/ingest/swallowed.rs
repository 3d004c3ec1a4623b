//! Swallowed rows: a quoted text that is valid, and in which there are whole rows of the export.
//!
//! RFC 4180 lets a quoted cell contain anything, and it is read that way. But if a stray quote is closed by a later one
//! in the same column, the rows between look like one text: those who know the source must learn of it.

use super::dialect::Cells;

/// What a row of the export looks like.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    /// The separator between cells.
    pub separator: u8,
    /// Number of columns.
    pub columns: usize,
    /// The column of the start date.
    pub start: usize,
}

/// The first cell whose lines are rows, or the rest of one row and the beginning of another: each line has the right
/// number of cells, and `is_date` accepts the cell in the place of the start date.
pub fn cell_with_rows(cells: Cells<'_>, shape: Shape, is_date: &dyn Fn(&[u8]) -> bool) -> Option<usize> {
    (0..cells.len()).find(|column| {
        let text = cells.get(*column);
        memchr::memchr(b'\n', text).is_some() && shape.holds_row(text, *column, is_date)
    })
}

impl Shape {
    fn holds_row(self, text: &[u8], column: usize, is_date: &dyn Fn(&[u8]) -> bool) -> bool {
        let last = memchr::memchr_iter(b'\n', text).count();
        let mut lines = (0..).zip(text.split(|byte| *byte == b'\n'));
        lines.any(|(number, line)| {
            // The columns that the cells of the line would belong to.
            let first = if number == 0 { column } else { 0 };
            let end = if number == last { column + 1 } else { self.columns };
            let Some(start) = self.start.checked_sub(first).filter(|_| self.start < end) else {
                return false;
            };
            let width = memchr::memchr_iter(self.separator, line).count() + 1;
            let mut cells = line.split(|byte| *byte == self.separator);
            width > 1
                && first + width == end
                && cells.nth(start).is_some_and(|cell| is_date(cell.trim_ascii()))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::dialect::CellSplitter;

    fn found(record: &str) -> Option<usize> {
        let mut splitter = CellSplitter::new(b';');
        let shape = Shape { separator: b';', columns: 4, start: 1 };
        let is_date = |cell: &[u8]| cell.starts_with(b"2024-");
        cell_with_rows(splitter.split(record.as_bytes(), true), shape, &is_date)
    }

    #[test]
    fn rows_inside_a_text_are_seen() {
        // In the last column, in the middle, and before the start date.
        assert_eq!(found("1;2024-01-10;;\"Hej\n2;2024-01-11;;nej\""), Some(3));
        assert_eq!(found("1;2024-01-10;\"Hej;\r\n2;2024-01-11;x;\r\n3;2024-01-12;nej\";"), Some(2));
        assert_eq!(found("\"Hej;2024-01-10;;\n2\";2024-01-11;;"), Some(0));
    }

    #[test]
    fn other_texts_are_none_of_rows() {
        assert_eq!(found("1;2024-01-10;;\"a\nb;c;d;e\nf;g\""), None);
        assert_eq!(found("1;2024-01-10;;\"ring\n2024-01-11; 2024-01-12\""), None);
        assert_eq!(found("1;2024-01-10;;\"\n;;;;;;2024-01-11\""), None);
        assert_eq!(found("1;2024-01-10;;2;2024-01-11;;"), None);
    }
}
