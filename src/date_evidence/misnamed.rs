//! Misnamed formats: dates that contradict the format which the project file names.

use super::decision::{Column, Undecided};
use super::evidence::Evidence;
use crate::date_format::{Class, DateFormat, Notation, Order};

/// Refuses a named format in which half of a column's dates or more do not exist, if nearly all exist in another.
pub(super) fn refuse_misnamed(columns: &[Column<'_>]) -> Result<(), Undecided> {
    let better = |column: &Column<'_>| {
        let named = column.named.filter(|named| !named.swapped)?;
        let mut classes = column.evidence.classes.keys().copied().chain([Class::YearFirst]);
        classes.find_map(|class| better_format(column.evidence, class, &named))
    };
    let found = columns.iter().enumerate().filter_map(|(number, column)| Some((number, better(column)?)));
    let found: Vec<(usize, DateFormat)> = found.collect();
    if found.is_empty() { Ok(()) } else { Err(Undecided::Misnamed(found)) }
}

/// The format of nearly all cells of a column, if they are of one class and half of them or more are no days as named.
fn better_format(evidence: &Evidence, class: Class, named: &Notation) -> Option<DateFormat> {
    /// Fewer dates may all be mistyped.
    const FEWEST: u64 = 8;
    let cells = match class {
        Class::YearFirst => evidence.year_first(),
        _ => evidence.cells(class)?.clone(),
    };
    let as_named = cells.valid[named.order(class)? as usize];
    if cells.cells < FEWEST || as_named * 2 > cells.cells || !evidence.is_nearly_all(cells.cells) {
        return None;
    }
    match Order::ALL.into_iter().find(|order| cells.fit(*order))? {
        Order::YearMonthDay if class == Class::YearFirst => Some(DateFormat::YearFirst),
        order => Some(order.format()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::serial::SerialEpoch;

    #[test]
    fn a_named_format_that_most_dates_contradict_is_refused() {
        let misnamed = |cells: &[&str], format| {
            let mut evidence = Evidence::default();
            cells.iter().for_each(|cell| evidence.add(cell.as_bytes(), 1, SerialEpoch::From1900, &[]));
            let columns = [Column { evidence: &evidence, named: Some(Notation::named(&[format])) }];
            refuse_misnamed(&columns)
        };
        let refused = |format| Err(Undecided::Misnamed(vec![(0, format)]));
        let months = ["09/04/2023", "09/14/2023", "09/19/2023", "09/29/2023", "10/04/2023", "10/13/2023"];
        let months = [&months[..], &["10/20/2023", "11/28/2023"]].concat();
        assert_eq!(misnamed(&months, DateFormat::DayFirst), refused(DateFormat::MonthFirst));
        assert!(misnamed(&months, DateFormat::MonthFirst).is_ok());
        assert!(misnamed(&months[..7], DateFormat::DayFirst).is_ok(), "few");
        let two_signs = [&months[..], &["01.02.2023"; 2]].concat();
        assert!(misnamed(&two_signs, DateFormat::DayFirst).is_ok(), "those with the other sign are as named");
        assert_eq!(misnamed(&["2024-05-31"; 8], DateFormat::YearDayFirst), refused(DateFormat::YearFirst));
        assert!(misnamed(&["2024-05-31"; 8], DateFormat::DayFirst).is_ok(), "it says nothing of these");
        assert_eq!(misnamed(&["240531"; 8], DateFormat::MonthFirst), refused(DateFormat::ShortYearFirst));
    }
}
