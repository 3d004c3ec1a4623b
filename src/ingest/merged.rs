//! Merged cells: a cell that spans several rows belongs to each of them.

use std::collections::BTreeMap;

use calamine::Dimensions;

/// The merged cells of a sheet, applied while its rows are read in order.
#[derive(Default)]
pub struct Merged {
    /// Cells over several rows that are still to come, the last one first.
    to_come: Vec<Dimensions>,
    /// By column: the last row of a merged cell, and its text. Merged cells never overlap.
    open: BTreeMap<u32, (u32, String)>,
    /// Columns that have been filled so far: notes beside a table belong to no row.
    columns: Vec<bool>,
}

impl Merged {
    /// For a sheet with at most this many columns.
    pub fn new(mut regions: Vec<Dimensions>, columns: u32) -> Merged {
        regions.retain(|region| region.end.0 > region.start.0 && region.start.1 < columns);
        if regions.is_empty() {
            return Merged::default();
        }
        regions.sort_by_key(|region| std::cmp::Reverse(region.start.0));
        Merged { to_come: regions, open: BTreeMap::new(), columns: vec![false; columns as usize] }
    }

    /// Adds the texts of merged cells to a row that is not empty. `cells` are the row's, ordered by column.
    pub fn fill(&mut self, row: u32, cells: &mut Vec<(u32, String)>) {
        if self.columns.is_empty() {
            return;
        }
        self.open.retain(|_, (last, _)| *last >= row);
        let own = cells.len();
        if own > 0 {
            for (column, (_, text)) in &self.open {
                if cells[..own].binary_search_by_key(column, |(known, _)| *known).is_err() {
                    cells.push((*column, text.clone()));
                }
            }
            cells.sort_by_key(|(column, _)| *column);
        }
        while let Some(region) = self.to_come.pop_if(|region| region.start.0 <= row) {
            let column = region.start.1;
            let place = cells.binary_search_by_key(&column, |(known, _)| *known);
            // The very first row holds headings or a title.
            if let (Ok(place), true) = (place, row == 0 || self.columns[column as usize]) {
                self.open.insert(column, (region.end.0, cells[place].1.clone()));
            }
        }
        cells.iter().for_each(|(column, _)| self.columns[*column as usize] = true);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(regions: &[[u32; 4]], rows: &[&[(u32, &str)]]) -> Vec<String> {
        let regions = regions
            .iter()
            .map(|[top, left, bottom, right]| Dimensions { start: (*top, *left), end: (*bottom, *right) });
        let mut merged = Merged::new(regions.collect(), 100);
        let rows = (0..).zip(rows).map(|(number, row)| {
            let mut cells: Vec<(u32, String)> =
                row.iter().map(|(column, text)| (*column, (*text).to_owned())).collect();
            merged.fill(number, &mut cells);
            let cells: Vec<String> = cells.iter().map(|(column, text)| format!("{column}{text}")).collect();
            cells.join(" ")
        });
        rows.collect()
    }

    #[test]
    fn a_cell_merged_over_rows_belongs_to_all_that_hold_something() {
        let rows: &[&[(u32, &str)]] = &[
            &[(0, "E"), (1, "S")],
            &[(0, "N"), (1, "1")],
            &[(1, "2")],
            &[],
            &[(0, "V"), (1, "3")],
            &[(1, "4")],
        ];
        assert_eq!(
            filled(&[[4, 0, 9, 0], [1, 0, 3, 1]], rows),
            ["0E 1S", "0N 11", "0N 12", "", "0V 13", "0V 14"]
        );
    }

    #[test]
    fn what_stands_in_a_row_is_kept_and_remarks_beside_the_table_are_of_no_row() {
        let rows: &[&[(u32, &str)]] = &[&[(0, "E")], &[(0, "N"), (5, "!")], &[(0, "M")], &[(0, "O")]];
        assert_eq!(filled(&[[1, 0, 3, 0], [1, 5, 3, 5]], rows), ["0E", "0N 5!", "0M", "0O"]);
        // Headings in two rows; cells merged within one row do not matter.
        let rows: &[&[(u32, &str)]] = &[&[(0, "E"), (1, "S")], &[(1, "T"), (2, "U")], &[(0, "x")]];
        assert_eq!(filled(&[[0, 0, 1, 0], [0, 1, 0, 2]], rows), ["0E 1S", "0E 1T 2U", "0x"]);
    }
}
