//! Records: where one row of a delimited file ends and the next begins.
//!
//! RFC 4180 with a strict reading of quotes, so that a stray one costs its own line and not the rest of
//! the file: a quoted cell begins right after a separator or line break, ends before one, and is no
//! longer than [`LONGEST_QUOTED`]. Works on bytes of any encoding in which `"`, line breaks and the
//! separator are single ASCII bytes.

use memchr::{memchr, memchr2, memrchr};

/// A quoted cell longer than this is taken for one that was never closed.
pub const LONGEST_QUOTED: usize = 64 * 1024;

/// What begins at a position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scan {
    /// A record `bytes[from..end]`, the next one beginning at `next`.
    Record {
        /// End without the line break.
        end: usize,
        /// Begin of the next record.
        next: usize,
        /// Some cell is quoted.
        quoted: bool,
    },
    /// A line with a broken quote; reading goes on at the next line.
    BrokenQuote {
        /// Begin of the next record.
        next: usize,
        /// Number of the cell that the quote opens, from 0.
        cell: usize,
    },
    /// The bytes end before the record does.
    Incomplete,
}

/// How records are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cut {
    /// What stands between cells.
    pub separator: u8,
    /// Columns that a row has, 0 while that is not known.
    pub columns: usize,
}

/// A quoted cell may hold lines, but not a line that looks like a row of so many columns.
const FEWEST_COLUMNS: usize = 3;

impl Cut {
    /// Whether a quoted cell swallows a row: one of its lines but the first has a row's separators.
    fn swallows_a_row(self, cell: &[u8]) -> bool {
        let separators = |line: &[u8]| memchr::memchr_iter(self.separator, line).count();
        self.columns >= FEWEST_COLUMNS
            && cell.split(|byte| *byte == b'\n').skip(1).any(|line| separators(line) + 1 >= self.columns)
    }
}

/// Finds the end of the record that begins at `from`. `at_end` says that no more bytes follow `bytes`.
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

/// Walks the cells of a record that holds a quote somewhere in its first line.
fn end_of_quoted_record(rest: &[u8], cut: Cut, at_end: bool) -> QuotedEnd {
    let separator = cut.separator;
    let mut at = 0;
    for cell in 0.. {
        // A cell begins at `at`.
        if rest.get(at) == Some(&b'"') {
            match end_of_quoted_cell(&rest[at..]) {
                Some(length) if cut.swallows_a_row(&rest[at..at + length]) => {
                    return QuotedEnd::Broken { cell };
                }
                Some(length) => at += length,
                None if at_end || rest.len() - at > LONGEST_QUOTED => return QuotedEnd::Broken { cell },
                None => return QuotedEnd::Unknown,
            }
            if rest.get(at) == Some(&b'\r') && matches!(rest.get(at + 1), Some(b'\n') | None) {
                at += 1;
            }
            match rest.get(at) {
                Some(b'\n') => return QuotedEnd::At { length: at, with_break: at + 1 },
                Some(byte) if *byte == separator => at += 1,
                None if at_end => return QuotedEnd::At { length: at, with_break: at },
                None => return QuotedEnd::Unknown,
                Some(_) => return QuotedEnd::Broken { cell },
            }
        } else {
            // Quotes inside an unquoted cell are plain characters.
            match memchr2(separator, b'\n', &rest[at..]) {
                Some(length) if rest[at + length] == b'\n' => {
                    return QuotedEnd::At { length: at + length, with_break: at + length + 1 };
                }
                Some(length) => at += length + 1,
                None if at_end => return QuotedEnd::At { length: rest.len(), with_break: rest.len() },
                None => return QuotedEnd::Unknown,
            }
        }
    }
    unreachable!("a record has fewer cells than there are numbers")
}

/// Length of a quoted cell with both quotes, or `None` when it is not closed within
/// [`LONGEST_QUOTED`] bytes.
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

/// The longest prefix of `bytes` that ends where a record ends, judged without what follows.
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
    use super::*;

    const CUT: Cut = Cut { separator: b';', columns: 3 };

    /// The records of a text, `!` for a broken quote.
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
        // With every cell quoted, the open quote is closed by the next cell's first: noticed there.
        assert_eq!(records("\"1\";\"a;\"2\"\n\"3\";\"4\""), ["!", "\"3\";\"4\""]);
        let long = format!("1;\"{}\n2;3\n", "x\n".repeat(LONGEST_QUOTED));
        assert_eq!(records(&long).last().map(String::as_str), Some("2;3"));
    }

    #[test]
    fn a_quoted_cell_that_holds_a_row_is_broken() {
        let text = "1;2;\"a\n3;4;5\n6;7;b\"\n8;9;c";
        assert_eq!(records(text), ["!", "3;4;5", "6;7;b\"", "8;9;c"]);
        assert_eq!(records("1;2;\"a\n3;4 b\"\n8;9;c"), ["1;2;\"a\n3;4 b\"", "8;9;c"]);
    }

    #[test]
    fn chunks_end_where_records_end() {
        let text = "1;2\n3;\"a\nb\";4\n5;\"c\nd";
        assert_eq!(&text[..whole_records(text.as_bytes(), CUT)], "1;2\n3;\"a\nb\";4\n");
        assert_eq!(whole_records(b"1;2", CUT), 0);
        assert_eq!(whole_records(b"1;2\n3", CUT), 4);
    }

    /// Wherever a file is cut into chunks, the records are the same.
    #[test]
    fn cutting_changes_no_record() {
        let text = "1;2\r\n\"a\nb\";3\n4;\"c;5\n6;\"d\"\"e\";7\n8;9";
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
