//! How a delimited file is written: its separator and the cells of its records.

use csv_core::{ReadRecordResult, ReaderBuilder, Terminator};

/// Separators that are recognised, the commonest in Swedish exports first.
pub const SEPARATORS: [u8; 4] = [b';', b',', b'\t', b'|'];

/// The separator of a header: the one that occurs most often outside quotes.
pub fn separator_of(header: &[u8]) -> u8 {
    let occurrences = |separator: u8| {
        let mut quoted = false;
        let outside = header.iter().filter(|byte| {
            quoted ^= **byte == b'"';
            !quoted && **byte == separator
        });
        outside.count()
    };
    SEPARATORS.into_iter().rev().max_by_key(|separator| occurrences(*separator)).unwrap_or(b';')
}

/// Splits records into cells, and reuses its buffers.
pub struct CellSplitter {
    separator: u8,
    reader: csv_core::Reader,
    unquoted: Vec<u8>,
    ends: Vec<usize>,
}

impl CellSplitter {
    /// A splitter for files with this separator.
    pub fn new(separator: u8) -> CellSplitter {
        CellSplitter {
            separator,
            reader: ReaderBuilder::new().delimiter(separator).terminator(Terminator::Any(b'\n')).build(),
            unquoted: Vec::new(),
            ends: Vec::new(),
        }
    }

    /// The cells of one record, without surrounding blanks. `quoted` is true if some cell is quoted.
    pub fn split<'a>(&'a mut self, record: &'a [u8], quoted: bool) -> Cells<'a> {
        self.ends.clear();
        if quoted {
            self.unquote(record);
            return Cells { bytes: &self.unquoted, ends: &self.ends, gap: 0 };
        }
        self.ends.extend(memchr::memchr_iter(self.separator, record));
        self.ends.push(record.len());
        Cells::unquoted(record, &self.ends)
    }

    fn unquote(&mut self, record: &[u8]) {
        self.reader.reset();
        self.unquoted.resize(record.len(), 0);
        self.ends.resize(record.len() + 1, 0);
        let (mut read, mut written, mut cells) = (0, 0, 0);
        loop {
            // Empty input signals to the reader that the record ends where the bytes do.
            let (result, bytes_in, bytes_out, ends_out) = self.reader.read_record(
                &record[read..],
                &mut self.unquoted[written..],
                &mut self.ends[cells..],
            );
            read += bytes_in;
            written += bytes_out;
            cells += ends_out;
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::Record | ReadRecordResult::End => break,
                ReadRecordResult::OutputFull | ReadRecordResult::OutputEndsFull => {
                    unreachable!("unquoted cells are no longer than the record")
                }
            }
        }
        self.ends.truncate(cells);
    }
}

/// The cells of one record.
#[derive(Clone, Copy)]
pub struct Cells<'a> {
    bytes: &'a [u8],
    /// End of each cell.
    ends: &'a [usize],
    /// Bytes between a cell and the next.
    gap: usize,
}

impl<'a> Cells<'a> {
    /// The cells of a record in which none is quoted.
    pub fn unquoted(record: &'a [u8], ends: &'a [usize]) -> Cells<'a> {
        Cells { bytes: record, ends, gap: 1 }
    }

    /// Number of cells.
    #[inline]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// One cell without surrounding ASCII blanks; empty if there is no such cell.
    #[inline]
    pub fn get(&self, index: usize) -> &'a [u8] {
        let Some(end) = self.ends.get(index) else { return &[] };
        let start = if index == 0 { 0 } else { self.ends[index - 1] + self.gap };
        self.bytes[start..*end].trim_ascii()
    }

    /// Whether a cell begins with a blank, as the rest of a text does that was cut at a comma.
    pub fn begins_blank(&self, index: usize) -> bool {
        let start = if index == 0 { 0 } else { self.ends[index - 1] + self.gap };
        self.bytes.get(start) == Some(&b' ')
    }

    /// Every cell.
    pub fn iter(&self) -> impl Iterator<Item = &'a [u8]> + use<'a> {
        let cells = *self;
        (0..cells.len()).map(move |index| cells.get(index))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(record: &str) -> Vec<String> {
        let mut splitter = CellSplitter::new(b';');
        let quoted = record.contains('"');
        let cells = splitter.split(record.as_bytes(), quoted);
        cells.iter().map(|cell| String::from_utf8(cell.to_vec()).expect("UTF-8")).collect()
    }

    #[test]
    fn records_are_split_into_trimmed_cells() {
        assert_eq!(cells("a; b ;;c"), ["a", "b", "", "c"]);
        assert_eq!(cells(""), [""]);
        assert_eq!(cells("a;\"b;\"\"x\"\"\ny\";"), ["a", "b;\"x\"\ny", ""]);
        assert_eq!(cells("5\" pipe;b"), ["5\" pipe", "b"]);
    }

    #[test]
    fn the_separator_is_the_commonest_and_the_semicolon_wins_ties() {
        assert_eq!(separator_of(b"a;b;c,d"), b';');
        assert_eq!(separator_of(b"a,b"), b',');
        assert_eq!(separator_of(b"a\tb"), b'\t');
        assert_eq!(separator_of(b"a|b"), b'|');
        assert_eq!(separator_of(b"a"), b';');
        assert_eq!(separator_of(b"\"a, b, c\";d"), b';');
    }
}
