//! Blocks: a unit that is written only in the first of the rows it applies to.

/// Evidence from the cells of a column, row by row, on whether each also applies to the rows below.
#[derive(Debug, Default)]
pub struct Blocks {
    rows: u64,
    blank: u64,
    /// Texts so far, in order; no longer added to once it is clear that there are no blocks.
    seen: Vec<Vec<u8>>,
    is_none: bool,
}

/// A column with more blocks is not examined further.
const MOST_BLOCKS: usize = 1_000;
/// With fewer rows, blanks mean little.
const FEWEST_ROWS: u64 = 3;

impl Blocks {
    /// Examines the next row's cell.
    pub fn see(&mut self, cell: &[u8]) {
        self.rows += 1;
        if cell.is_empty() {
            self.blank += 1;
            // A block begins with a text.
            self.is_none |= self.rows == 1;
        } else if self.seen.iter().any(|text| text == cell) || self.seen.len() == MOST_BLOCKS {
            // A unit that occurs again is written on each of its rows, so a blank is a blank.
            self.is_none = true;
        } else if !self.is_none {
            self.seen.push(cell.to_vec());
        }
    }

    /// Whether every text occurs once, on the first row of its block, and at least half of the rows are blank.
    pub fn are_there(&self) -> bool {
        !self.is_none && self.rows >= FEWEST_ROWS && self.blank * 2 >= self.rows
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn are_there(cells: &[&str]) -> bool {
        let mut blocks = Blocks::default();
        cells.iter().for_each(|cell| blocks.see(cell.as_bytes()));
        blocks.are_there()
    }

    #[test]
    fn blocks_are_told_from_units_that_are_often_missing() {
        assert!(are_there(&["Norr", "", "", "Söder", ""]));
        assert!(are_there(&["Norr", "", ""]));
        assert!(!are_there(&["", "Norr", "", ""]));
        assert!(!are_there(&["Norr", "", "Norr", "", ""]));
        assert!(!are_there(&["Norr", "Söder", "Öst", ""]));
        assert!(!are_there(&["Norr", ""]));
        assert!(!are_there(&[]));
    }
}
