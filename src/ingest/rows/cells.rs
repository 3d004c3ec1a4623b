//! Rows whose cells do not stand under their headings: a separator or a quote is missing, or one too many.

use super::RowReader;
use crate::date_format::read_stamp;
use crate::ingest::dialect::Cells;
use crate::ingest::faults::FaultCode;
use crate::ingest::swallowed::{Shape, cell_with_rows};

impl RowReader<'_> {
    /// Notes a fault if a text of several lines contains what look like rows.
    pub(super) fn note_swallowed(&mut self, cells: Cells<'_>, line: u64) {
        let export = self.export;
        let start = export.columns.start[0].date;
        let shape = Shape { separator: export.separator, columns: export.headings.len(), start };
        let is_date = |cell: &[u8]| read_stamp(cell, &export.written[start].reads, &export.empty).is_ok();
        if let Some(column) = cell_with_rows(cells, shape, &is_date) {
            self.fault(line, Some(column), FaultCode::RowsInText);
        }
    }

    /// Whether a quoted cell holds the whole row of a case.
    #[inline]
    pub(super) fn is_in_quotes(&self, cells: Cells<'_>) -> bool {
        if cells.len() > 1 || self.needed == 1 {
            return false;
        }
        let parts: Vec<&[u8]> = cells.get(0).split(|byte| *byte == self.export.separator).collect();
        let start = parts.get(self.export.columns.start[0].date);
        parts.len() >= self.needed && start.is_some_and(|start| start.iter().any(u8::is_ascii_digit))
    }

    /// Whether a row has more cells than the headings, so that some may have moved: one of the further cells is filled, or
    /// they are more than other rows have. The text that cut a cell in two may have moved an empty one behind the last
    /// heading.
    pub(super) fn is_too_wide(&self, cells: Cells<'_>) -> bool {
        cells.len() > self.export.most_cells
            || (self.width..cells.len()).any(|index| !cells.get(index).is_empty())
    }
}
