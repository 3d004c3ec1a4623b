//! Records: where one row of a delimited file ends and the next begins.
//!
//! Follows RFC 4180 first: a quoted cell begins right after a separator or line break, ends right before one, and may
//! contain anything. Only a record that this does not make whole is repaired, so that a stray quote costs its own line
//! and not the rest of the file. Works on bytes in any encoding in which `"`, line breaks and the separator are single
//! ASCII bytes.

use memchr::{memchr, memchr2, memrchr};

/// A longer quoted cell is treated as never closed. The longest texts of case systems have some hundred kilobytes.
pub const LONGEST_QUOTED: usize = 16 * 1024 * 1024;

/// What begins at a position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scan {
    /// A record `bytes[from..end]`; the next one begins at `next`.
    Record {
        /// End, without the line break.
        end: usize,
        /// Beginning of the next record.
        next: usize,
        /// Whether some cell is quoted.
        quoted: bool,
    },
    /// A line with a broken quote; reading continues at the next line.
    BrokenQuote {
        /// Beginning of the next record.
        next: usize,
        /// Index of the cell that the quote opens, from 0.
        cell: usize,
    },
    /// The bytes end before the record does.
    Incomplete,
}

/// How records are separated and cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cut {
    /// The separator between cells.
    pub separator: u8,
    /// Number of columns, 0 while that is not known.
    pub columns: usize,
    /// The fewest cells of a whole row.
    pub fewest: usize,
}

/// With fewer columns, a line of text too easily looks like a row.
const FEWEST_COLUMNS: usize = 3;

impl Cut {
    /// For files whose columns are not known yet.
    pub fn of_unknown(separator: u8) -> Cut {
        Cut { separator, columns: 0, fewest: 0 }
    }

    /// Whether a quoted cell contains a line that looks like a row: a line after the first with as many separators as a
    /// row.
    fn holds_a_row(self, cell: &[u8]) -> bool {
        let separators = |line: &[u8]| memchr::memchr_iter(self.separator, line).count();
        self.columns >= FEWEST_COLUMNS
            && cell.split(|byte| *byte == b'\n').skip(1).any(|line| separators(line) + 1 >= self.columns)
    }
}

/// Finds the end of the record that begins at `from`. `at_end` is true if no bytes follow `bytes`.
pub fn scan(bytes: &[u8], from: usize, cut: Cut, at_end: bool) -> Scan {
    let rest = &bytes[from..];
    let line_length = memchr(b'\n', rest);
    let line = &rest[..line_length.unwrap_or(rest.len())];
    if memchr(b'"', line).is_none() {
        return match line_length {
            Some(length) => {
                Scan::Record { end: from + without_cr(line), next: from + length + 1, quoted: false }
            }
            None if at_end => Scan::Record { end: from + without_cr(line), next: bytes.len(), quoted: false },
            None => Scan::Incomplete,
        };
    }
    match end_of_quoted_record(rest, cut, at_end) {
        QuotedEnd::At { length, with_break } => {
            Scan::Record { end: from + without_cr(&rest[..length]), next: from + with_break, quoted: true }
        }
        QuotedEnd::Broken { cell } => match line_length {
            Some(length) => Scan::BrokenQuote { next: from + length + 1, cell },
            None if at_end => Scan::BrokenQuote { next: bytes.len(), cell },
            None => Scan::Incomplete,
        },
        QuotedEnd::Unknown => Scan::Incomplete,
    }
}

enum QuotedEnd {
    At { length: usize, with_break: usize },
    Broken { cell: usize },
    Unknown,
}

/// What the cells of a record have shown so far.
#[derive(Default)]
struct Walk {
    /// The first cell that holds a line break.
    first_of_lines: Option<usize>,
    /// Whether some cell contains a line that looks like a row.
    holds_a_row: bool,
    /// Whether something follows the last column.
    is_too_wide: bool,
}

impl Walk {
    fn see(&mut self, cell: usize, content: &[u8], cut: Cut) {
        if memchr(b'\n', content).is_some() {
            self.first_of_lines.get_or_insert(cell);
            self.holds_a_row |= cut.holds_a_row(content);
        }
        let is_blank = || matches!(content, b"\"\"") || content.trim_ascii().is_empty();
        self.is_too_wide |= cut.columns > 0 && cell >= cut.columns && !is_blank();
    }

    /// The end of a record with a quote that is never closed. Names the first cell with a line break, if there is one,
    /// so that the same cell is named wherever the bytes were cut into chunks.
    fn broken_in(&self, cell: usize) -> QuotedEnd {
        QuotedEnd::Broken { cell: self.first_of_lines.unwrap_or(cell) }
    }

    /// The end of a record after the cell with this index. The record is broken if it has too few or too many cells and
    /// one of them contains what looks like a row.
    fn end(&self, cell: usize, cut: Cut, length: usize, with_break: usize) -> QuotedEnd {
        if self.holds_a_row && (self.is_too_wide || cell + 1 < cut.fewest) {
            return self.broken_in(cell);
        }
        QuotedEnd::At { length, with_break }
    }
}

/// Walks the cells of a record whose first line contains a quote.
fn end_of_quoted_record(rest: &[u8], cut: Cut, at_end: bool) -> QuotedEnd {
    let mut walk = Walk::default();
    let mut at = 0;
    for cell in 0.. {
        if walk.holds_a_row && walk.is_too_wide {
            return walk.broken_in(cell);
        }
        // A cell begins at `at`.
        if rest.get(at) == Some(&b'"') {
            let length = match end_of_quoted_cell(&rest[at..]) {
                Some(length) => length,
                None if at_end || rest.len() - at > LONGEST_QUOTED => return walk.broken_in(cell),
                None => return QuotedEnd::Unknown,
            };
            walk.see(cell, &rest[at..at + length], cut);
            at += length;
            if rest.get(at) == Some(&b'\r') && matches!(rest.get(at + 1), Some(b'\n') | None) {
                at += 1;
            }
            match rest.get(at) {
                Some(b'\n') => return walk.end(cell, cut, at, at + 1),
                Some(byte) if *byte == cut.separator => at += 1,
                None if at_end => return walk.end(cell, cut, at, at),
                None => return QuotedEnd::Unknown,
                Some(_) => return walk.broken_in(cell),
            }
        } else {
            // Quotes inside an unquoted cell are ordinary characters.
            let end = memchr2(cut.separator, b'\n', &rest[at..]);
            let length = match end {
                Some(length) => length,
                None if at_end => rest.len() - at,
                None => return QuotedEnd::Unknown,
            };
            walk.see(cell, &rest[at..at + length], cut);
            at += length;
            match rest.get(at) {
                Some(b'\n') => return walk.end(cell, cut, at, at + 1),
                Some(_) => at += 1,
                None => return walk.end(cell, cut, at, at),
            }
        }
    }
    unreachable!("a record has fewer cells than there are numbers")
}

/// Length of a quoted cell including both quotes, or `None` if it is not closed within [`LONGEST_QUOTED`] bytes.
fn end_of_quoted_cell(bytes: &[u8]) -> Option<usize> {
    let reach = &bytes[..bytes.len().min(LONGEST_QUOTED)];
    let mut at = 1;
    loop {
        at += memchr(b'"', reach.get(at..)?)? + 1;
        if bytes.get(at) != Some(&b'"') {
            return Some(at);
        }
        at += 1;
    }
}

fn without_cr(line: &[u8]) -> usize {
    line.strip_suffix(b"\r").map_or(line.len(), <[u8]>::len)
}

/// The length of the longest prefix of `bytes` that ends where a record ends, regardless of what follows.
pub fn whole_records(bytes: &[u8], cut: Cut) -> usize {
    if memchr(b'"', bytes).is_none() {
        return memrchr(b'\n', bytes).map_or(0, |at| at + 1);
    }
    let mut from = 0;
    while from < bytes.len() {
        match scan(bytes, from, cut, false) {
            Scan::Record { next, .. } | Scan::BrokenQuote { next, .. } => from = next,
            Scan::Incomplete => break,
        }
    }
    from
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const CUT: Cut = Cut { separator: b';', columns: 3, fewest: 3 };

    /// The records of a text, with `!` for a broken quote.
    fn records(text: &str) -> Vec<String> {
        let bytes = text.as_bytes();
        let (mut from, mut found) = (0, Vec::new());
        while from < bytes.len() {
            match scan(bytes, from, CUT, true) {
                Scan::Record { end, next, .. } => {
                    found.push(text[from..end].to_owned());
                    from = next;
                }
                Scan::BrokenQuote { next, .. } => {
                    found.push("!".to_owned());
                    from = next;
                }
                Scan::Incomplete => panic!("at the end everything is complete"),
            }
        }
        found
    }

    #[test]
    fn lines_end_at_line_breaks() {
        assert_eq!(records("a;b\r\nc;d\ne;f"), ["a;b", "c;d", "e;f"]);
        assert_eq!(records("a\n\nb\n"), ["a", "", "b"]);
    }

    #[test]
    fn quoted_line_breaks_do_not_end_a_record() {
        assert_eq!(records("1;\"a\r\nb\";2\r\n3;4"), ["1;\"a\r\nb\";2", "3;4"]);
        assert_eq!(records("\"a\"\"\n\";x\nb"), ["\"a\"\"\n\";x", "b"]);
        assert_eq!(records("1;\"a\""), ["1;\"a\""]);
    }

    #[test]
    fn a_quote_inside_a_cell_is_a_character() {
        assert_eq!(records("1;5\" pipe;2\n3;4"), ["1;5\" pipe;2", "3;4"]);
    }

    #[test]
    fn a_broken_quote_costs_its_own_line_only() {
        assert_eq!(records("1;\"a;2\n3;4\n5;6"), ["!", "3;4", "5;6"]);
        assert_eq!(records("1;\"a\"b;2\n3;4"), ["!", "3;4"]);
        // If every cell is quoted, the open quote is closed by the next cell's first quote, which is where it is
        // noticed.
        assert_eq!(records("\"1\";\"a;\"2\"\n\"3\";\"4\""), ["!", "\"3\";\"4\""]);
        let long = format!("1;\"{}\n2;3\n", "x\n".repeat(LONGEST_QUOTED / 2 + 1));
        assert_eq!(records(&long).last().map(String::as_str), Some("2;3"));
    }

    #[test]
    fn a_text_that_holds_lines_like_rows_is_one_cell_of_a_whole_record() {
        for whole in [
            "1;2;\"a\n3;4;5\n6;7;b\"",
            "\"a\n3;4;5\";2;3",
            "1;\"\nmany;;;;; here\";3",
            "1;\"a\r\n3;4;5\r\n\";3;",
            "1;\"a\n3;4;5\";3;\"\"; ",
            "\"1\";\"a \"\"b\"\"\n3;4;5\";\"3\"",
        ] {
            assert_eq!(records(&format!("{whole}\r\n8;9;c")), [whole, "8;9;c"]);
            assert_eq!(records(whole), [whole]);
        }
    }

    #[test]
    fn a_record_that_is_not_whole_and_holds_a_row_is_broken() {
        // Closed in another column than it was opened in.
        assert_eq!(records("1;\"a;2\n3;4;b\"\n8;9;c"), ["!", "3;4;b\"", "8;9;c"]);
        assert_eq!(records("1;2;\"a\n3;4;5\n6;b\";7\n8;9;c"), ["!", "3;4;5", "6;b\";7", "8;9;c"]);
        // Too few cells, but nothing that looks like a row.
        assert_eq!(records("1;\"a\n3;4 b\"\n8;9;c"), ["1;\"a\n3;4 b\"", "8;9;c"]);
    }

    #[test]
    fn where_rows_may_be_short_a_short_record_is_whole() {
        let cut = Cut { fewest: 0, ..CUT };
        let text = b"1;\"a\n3;4;5\"\n8;9;c";
        let short = Scan::Record { end: 11, next: 12, quoted: true };
        assert_eq!(scan(text, 0, cut, true), short);
        assert_eq!(scan(text, 0, CUT, true), Scan::BrokenQuote { next: 5, cell: 1 });
    }

    #[test]
    fn a_long_text_splits_no_record() {
        let long = format!("1;\"{}\";3\n4;5;6\n", "x;y;z\n".repeat(50_000));
        assert_eq!(records(&long).len(), 2);
        let cut = whole_records(&long.as_bytes()[..200_000], CUT);
        assert_eq!(cut, 0, "the record is not whole yet");
    }

    /// A cell by RFC 4180.
    fn written(cell: &str, always_quoted: bool) -> String {
        if always_quoted || cell.contains([';', '"', '\n', '\r']) {
            format!("\"{}\"", cell.replace('"', "\"\""))
        } else {
            cell.to_owned()
        }
    }

    fn any_table() -> impl Strategy<Value = (usize, Vec<Vec<String>>)> {
        let cell = prop_oneof![3 => "[a;\"\n\r ]{0,12}", 1 => Just("\n1;2;3;4;5;6\n\"".to_owned())];
        (2usize..6).prop_flat_map(move |columns| {
            let row = proptest::collection::vec(cell.clone(), columns);
            (Just(columns), proptest::collection::vec(row, 1..8))
        })
    }

    proptest! {
        /// Regardless of its cells, and of where it is cut into chunks.
        #[test]
        fn a_table_written_by_rfc_4180_is_read_back(
            (columns, table) in any_table(),
            always_quoted in any::<bool>(),
            line_end in prop_oneof![Just("\n"), Just("\r\n")],
            size in 1usize..40,
        ) {
            let cut = Cut { separator: b';', columns, fewest: columns };
            let lines: Vec<String> = table
                .iter()
                .map(|row| row.iter().map(|cell| written(cell, always_quoted)).collect::<Vec<_>>().join(";"))
                .collect();
            let text: String = lines.iter().map(|line| format!("{line}{line_end}")).collect();
            let (mut carried, mut found) = (Vec::new(), Vec::new());
            let mut take = |bytes: &[u8]| {
                let mut from = 0;
                while from < bytes.len() {
                    let Scan::Record { end, next, .. } = scan(bytes, from, cut, true) else {
                        return found.push("!".to_owned());
                    };
                    found.push(String::from_utf8_lossy(&bytes[from..end]).into_owned());
                    from = next;
                }
            };
            for piece in text.as_bytes().chunks(size) {
                carried.extend_from_slice(piece);
                let whole = whole_records(&carried, cut);
                take(&carried[..whole]);
                carried.drain(..whole);
            }
            take(&carried);
            prop_assert_eq!(found, lines);
        }
    }

    #[test]
    fn chunks_end_where_records_end() {
        let text = "1;2\n3;\"a\nb\";4\n5;\"c\nd";
        assert_eq!(&text[..whole_records(text.as_bytes(), CUT)], "1;2\n3;\"a\nb\";4\n");
        assert_eq!(whole_records(b"1;2", CUT), 0);
        assert_eq!(whole_records(b"1;2\n3", CUT), 4);
    }

    /// The records are the same wherever a file is cut into chunks.
    #[test]
    fn cutting_changes_no_record() {
        for text in [
            "1;2\r\n\"a\nb\";3\n4;\"c;5\n6;\"d\"\"e\";7\n8;9",
            "1;\"a\n2;3;4\n5;6;7\";8;9;10\n11;\"b\nc\";\"d\ne\"f\n12;13;14\n\"15",
        ] {
            cut_everywhere(text);
        }
    }

    fn cut_everywhere(text: &str) {
        let whole = records(text);
        for size in 1..text.len() {
            let (mut carried, mut found) = (String::new(), Vec::new());
            for piece in text.as_bytes().chunks(size) {
                carried.push_str(std::str::from_utf8(piece).expect("ASCII"));
                let cut = whole_records(carried.as_bytes(), CUT);
                found.extend(records(&carried[..cut]));
                carried.drain(..cut);
            }
            found.extend(records(&carried));
            assert_eq!(found, whole, "pieces of {size}");
        }
    }
}
